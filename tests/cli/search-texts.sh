# Fields of kind text: words and phrases by the field's name, plain words by its weight, which may change without reading files again.
cat >a.jsonl <<'END'
{"id":"1","title":"ديوان","body":"قصائد في الوطن","author":"أحمد شوقي"}
{"id":"2","title":"في الشعر الجاهلي","body":"نقد الشعر عند شوقي","author":"طه حسين"}
{"id":"3","title":"الأيام","body":"سيرة ذاتية","author":["طه حسين","أحمد شوقي"]}
END
fihrist index -i "$INDEX" --field 'author:text*' a.jsonl
for query in 'author:شوقي' 'author:"أحمد شوقي"' 'author:"حسين أحمد"' 'author:شو*' '* -author:شوقي' شوقي; do
    echo "--- $query: $(fihrist search -i "$INDEX" --format ids "$query" 2>/dev/null | tr '\n' ' ')"
done
fihrist index -i "$INDEX" --summary --field 'author:text*^2' a.jsonl | sed 's/ in .*//'
echo "--- with a weight: $(fihrist search -i "$INDEX" --format ids شوقي | tr '\n' ' ')"
fihrist search -i "$INDEX" --explain شوقي | sed -n '/author/,/^$/p' | head -5
fihrist stats -i "$INDEX" | grep ^fields
for bad in --sort=author --facet=author --collapse=author; do
    try fihrist search -i "$INDEX" "$bad" شوقي 2>&1
done
try fihrist search -i "$INDEX" 'author:،' 2>&1
for bad in author:text^0 author:text^16 author:text^x author:text^ author:keyword^2 author:text~ author:text; do
    try fihrist index -i "$INDEX" --field "$bad" a.jsonl 2>&1
done
for bad in 'author:ش?قي' 'شعر author:/شو.*/' 'author:شوقي~' 'author:=أحمد' 'author:أحمد NEAR/3 شوقي' \
    'شعر THEN/2 author:شوقي'; do
    try fihrist search -i "$INDEX" "$bad" 2>&1
done
# A name in other letters than ASCII is one where the index has it.
fihrist index -i "$INDEX" --field 'مؤلف:text' a.jsonl
try fihrist search -i "$INDEX" 'شعر مؤلف:أحمد NEAR/3 شوقي' 2>&1
try fihrist search -i "$INDEX" 'مؤلف:ش?قي' 2>&1
