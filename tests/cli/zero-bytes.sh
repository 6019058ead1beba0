# A zero byte is kept as it came in ids, values and texts, counts as a blank where they are read, and is shown escaped.
cat >a.jsonl <<'EOF'
{"id":"i\u0000d","title":"عنوان\u0000كتاب","body":"قارب\u0000بحر","date":"2015\u0000-03-12","section":"se\u0000c","url":"http://x\u0000y","tags":["a\u0000b","c"],"n":"1\u00002","k\u0000ey":"v","note":"v\u0000"}
{"id":"i","title":"كتاب","section":"se","tags":["a"],"n":1}
EOF
index --field 'tags:keyword*' --field n:integer --summary a.jsonl | sed 's/ in .*s;/;/; s/ in [0-9.]* s//'
fihrist export -i "$INDEX" | sed 's/,"fihrist:source":"[^"]*"//' | tee lines
fihrist export -i "$INDEX" | fihrist index -q -i copy.fih --field 'tags:keyword*' --field n:integer -
fihrist export -i copy.fih | sed 's/,"fihrist:source":"[^"]*"//' | cmp - lines && echo "export and index keep it"
fihrist search -i "$INDEX" --json --facet tags '"قارب بحر"' | sed 's/"score":[^,]*/"score":0/; s/"source":"[^"]*"/"source":0/'
for q in n:1 n:12 tags:a 'section:se' '"عنوان كتاب"'; do
    echo "$q: $(ids "$q" | tr '\n' ' ')"
done
printf 'q\tقارب\0بحر\n' | fihrist search -i "$INDEX" --format trec --queries - | sed 's/ [0-9.]* fihrist$//'
fihrist search -i "$INDEX" --format ids قارب | od -An -c
fihrist search -i "$INDEX" --format tsv قارب | cut -f 3,6 | sed 's/\t/ | /g'
fihrist search -i "$INDEX" --format ids قارب | fihrist delete -v -i "$INDEX" --stdin
fihrist show -i "$INDEX" --json i | sed 's/"source":"[^"]*"/"source":0/'
