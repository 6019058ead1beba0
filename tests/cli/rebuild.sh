# rebuild makes the same index of what an old one has stored, beside it or in place: documents, order, ledger, weights; another analyzer, fields.
unless "no program to make an index old" test -x "${AGE:-}"
cat >a.jsonl <<'END'
{"id":"1","title":"كتاب البخلاء","body":"نجم بعيد","tags":["أدب","تراث"],"by":["الجاحظ","غيره"],"pages":250}
{"id":"2","title":"الحيوان","body":"قمر","tags":"تراث","by":"الجاحظ","pages":"كثير"}
{"id":"3","title":"ديوان","body":"شمس","by":"[وحده","pages":[10,20]}
{"id":"4","title":"يحذف","body":"نجم","by":"أحد"}
END
index --field tags:keyword* --field-weights title=0.9 a.jsonl "$SAMPLE"
fihrist delete -i "$INDEX" 4 && fihrist compact -i "$INDEX" # scores count deleted documents until they are merged away
hits() {
    for q in البحر tags:تراث section:أخبار 'مصر OR القاهرة' '"نجم بعيد"' '*'; do
        fihrist search -i "$1" --json -n 90 "$q" | sed 's/"took[^,]*,//'
    done
}
hits "$INDEX" >before
fihrist export -i "$INDEX" >documents
"$AGE" "$INDEX"
echo --- beside
fihrist rebuild "$INDEX" new.fih
fihrist check -i new.fih -v
hits new.fih | cmp - before && fihrist export -i new.fih | cmp - documents && echo "the same documents and hits"
fihrist stats -i new.fih | grep -e ^weights -e tags:
fihrist stats -i "$INDEX" --json | grep -o '"needs_rebuild":[a-z]*'
fihrist index -i new.fih --summary a.jsonl "$SAMPLE" | sed 's/ in [0-9].*//'
mv a.jsonl moved.jsonl && fihrist index -i new.fih --summary a.jsonl "$SAMPLE" | sed 's/ in [0-9].*//'
mv moved.jsonl a.jsonl
echo --- in place
fihrist index --rebuild --summary -i "$INDEX" | sed 's/ in [0-9].*//'
hits "$INDEX" | cmp - before && fihrist export -i "$INDEX" | cmp - documents && echo "the same documents and hits"
echo --- in place, where it is needed, then the paths
"$AGE" "$INDEX"
for round in 1 2; do
    fihrist index --rebuild --summary -i "$INDEX" a.jsonl "$SAMPLE" | sed 's/ in [0-9].*//'
done
fihrist index --rebuild -q -i fresh.fih a.jsonl && fihrist stats -i fresh.fih | grep ^documents
echo --- fields and analyzer
fihrist rebuild --field by:keyword* --field pages:integer --field tags:none --analyzer simple "$INDEX" other.fih
fihrist stats -i other.fih | grep -e by: -e pages: -e tags: -e ^analyzer
fihrist show -i other.fih --json 1 2 3 | sed 's/.*"extra"/"extra"/'
INDEX=other.fih
ids by:غيره
ids 'by:"[وحده"'
ids 'pages:<20'
try fihrist search -i other.fih tags:تراث
fihrist index --rebuild --field tags:keyword* --field pages:none --field by:keyword -q -i other.fih a.jsonl
fihrist stats -i other.fih | grep -e by: -e pages: -e tags:
echo --- refused
INDEX=index.fih
try fihrist rebuild "$INDEX" new.fih
try fihrist rebuild "$INDEX" "$INDEX"
try fihrist rebuild "$INDEX"
try fihrist rebuild nothing.fih x.fih
try fihrist index --rebuild -i nothing.fih
try fihrist rebuild --field a:b "$INDEX" x.fih
try fihrist rebuild --analyzer klingon "$INDEX" x.fih
mkdir full && echo x >full/mine
try fihrist rebuild "$INDEX" full
"$AGE" "$INDEX" arabic-2090
try fihrist rebuild "$INDEX" x.fih
ls -d x.fih full/*
fihrist rebuild --analyzer arabic "$INDEX" x.fih && hits x.fih | cmp - before && echo "an analyzer that is not known is replaced"
