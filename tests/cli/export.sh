# What export writes, index makes the same documents of: fields, several values, odd texts; what was deleted is absent.
cat >a.jsonl <<'END'
{"id":"1","title":"كتاب البخلاء","body":"سطر أول\n\tسطر \"ثان\" \\ ثالث","tags":["أدب","تراث"],"pages":250,"price":12.50,"date":"2 مايو 1999","section":"كتب","url":"https://example.org/1?a=b&c=%D9%85"}
{"id":"2","title":"الحيوان","body":"نص\u0000 \u202e معكوس \u0085\u2028 \ud83d\udc2b","tags":"تراث","pages":"١٢٠٠","price":"كثير","source":"وراق"}
{"id":"3","title":"ديوان","tags":["[\"ليس\",\"مصفوفة\"]"],"other":["x",{"y":[1,2]}],"nothing":null,"is":true,"n":1e400,"":"بلا اسم"}
{"id":"4","title":"يحذف","body":"يحذف"}
{"id":"a\"\\\n/ب","body":"معرف غريب","date":"غدا","extra":{"id":"5"},"schema":1}
END
index --field tags:keyword* --field pages:integer --field price:number a.jsonl
index "$SAMPLE"
fihrist delete -i "$INDEX" 4
fihrist export -i "$INDEX" | grep -v -e example.org/news -e '"id":"sample/' | sed -n 1,4p
echo --- fields
fihrist export -i "$INDEX" --schema | tee fields
fihrist export -i "$INDEX" -o all.jsonl
wc -l <all.jsonl
fihrist index -q -i new.fih --schema fields - <all.jsonl
fihrist export -i new.fih | cmp - all.jsonl && echo "the export of the new index is the same"
fihrist index -q -i file.fih --schema fields all.jsonl
fihrist export -i file.fih | grep -c '"fihrist:source":"'"$HERE"'/all.jsonl"}$'
fihrist export -i "$INDEX" | fihrist index -q -i piped.fih --schema fields -
fihrist export -i piped.fih | cmp - all.jsonl && echo "also through a pipe"
# The whole documents, but for the file that they come from.
all() {
    fihrist search -i "$1" --json -n 1000 '*' | sed -n 's/.*"id":"\([^"]*\)".*/\1/p' | grep -v '\\' | sort >list
    xargs -d '\n' fihrist show -i "$1" --json <list | sed 's/"source":"[^"]*"/"source":0/'
}
all "$INDEX" >old.all
all new.fih >new.all
cmp old.all new.all && echo "the documents are the same" && wc -l <new.all
fihrist compact -i "$INDEX"              # scores count deleted documents until they are merged away
for q in البحر 'tags:تراث' 'pages:>300' 'section:كتب' 'date:1999' 'price:12..13' '"سطر أول"' 'مصر OR القاهرة'; do
    for i in "$INDEX" new.fih; do
        fihrist search -i $i --json -n 50 "$q" | sed 's/"source":"[^"]*"//; s/"took[^,]*,//; s/"doc":[0-9]*//' >"hits.${i%.fih}"
    done
    cmp hits.index hits.new && wc -l <hits.new
done
echo --- what an object cannot say
fihrist delete -v -i new.fih --source "$HERE/a.jsonl"
cat >odd.jsonl <<'END'
{"fihrist:fields":["id",{"base64":"/w=="},"title","بايتات","a\u0000b","1","c","2","a\u0000b","3","source","/وراق"]}
{"fihrist:fields":["id","ours","fihrist:fields","[]","c",{"base64":"AP8="}]}
{"id":"several","note":["[\"a\"]","b"],"list":["a","b"],"fihrist:several":["note"],"fihrist:source":""}
END
fihrist index -q -i odd.fih - <odd.jsonl
fihrist export -i odd.fih | tee again.jsonl
fihrist export -i odd.fih | fihrist index -q -i even.fih - && fihrist export -i even.fih | cmp - again.jsonl && echo "the same"
fihrist show -i even.fih --field note several && echo
fihrist show -i even.fih --json several
fihrist delete -v -i even.fih --source /وراق
cat >bad.jsonl <<'END'
{"fihrist:fields":["id","odd","title"]}
{"fihrist:fields":["id","number","title",1]}
{"fihrist:fields":["id","digits","title",{"base64":"!w=="}]}
{"fihrist:fields":["id","cut","title",{"base64":"/w="}]}
{"fihrist:fields":["id","twice","title","أول","title","ثان"]}
{"fihrist:fields":["title","بلا معرف"]}
{"fihrist:fields":["id","not alone"],"title":"عنوان"}
{"id":"source","fihrist:source":1}
{"id":"several","fihrist:several":"note"}
{"id":"other","fihrist:other":1}
END
try fihrist index -i bad.fih - <bad.jsonl
fihrist export -i bad.fih
