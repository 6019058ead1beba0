# Values of a field of kind keyword~ are found in all of their spellings, alone, with signs, beginnings and words; counts show them as written.
cat >docs.jsonl <<'EOF'
{"id":"1","title":"الشوقيات","author":"أحمد شوقي","tags":["Poésie","شعر"]}
{"id":"2","title":"ديوان","author":"احمد  شوقى","tags":["poesie"]}
{"id":"3","title":"فجر الإسلام","author":"أحمد أمين","tags":["تاريخ"]}
{"id":"4","title":"مجنون ليلى","author":"أَحْمَد شَوْقِي","tags":["مسرح"]}
EOF
fihrist index -q -i "$INDEX" --field 'author:keyword~' --field 'tags:keyword*~' docs.jsonl
fihrist stats -i "$INDEX" | grep keyword
for q in 'author:"احمد شوقى"' 'author:أحمد*' '+author:"احمد شوقي" -tags:poesie' 'tags:POÉSIE' 'tags:poe*' 'author:*' 'author:"شوقي"' \
    'ليلي author:"احمد شوقي"' 'ليلى AND NOT author:"احمد شوقي"' 'author:"أحمد"'; do
    echo "$q: $(fihrist search -i "$INDEX" --match stems --format ids "$q" 2>&1 | tr '\n' ' ')"
done
echo --- counts
fihrist search -i "$INDEX" --facet author -n 1 --format json '*' | grep '"facet"'
echo --- explained
fihrist search -i "$INDEX" --explain -n 1 'author:"احمد شوقى"'
echo --- deleted by it
fihrist delete -i "$INDEX" --query 'author:"احمد شوقى"'
fihrist search -i "$INDEX" --format ids '*'
echo --- the kind stays
fihrist index -i "$INDEX" --field author:keyword docs.jsonl 2>&1
