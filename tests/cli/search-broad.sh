# With --match broad a word finds by its root, too, but not with a sign or field, in a phrase, or where it is left out.
printf '{"id":"word","title":"معالجة المياه","body":"معالجة المياه"}\n{"id":"root","body":"علاج جديد في بيت"}\n' >a.jsonl
printf '{"id":"other","body":"بيت قديم كان هنا"}\n' >>a.jsonl
index a.jsonl
for query in معالجة 'معالجة معالجة' 'معالجة OR قديم' +معالجة =معالجة 'معالجة AND مياه' title:معالجة '"معالجة المياه"' \
             'بيت -(معالجة OR قديم)'; do
    printf '%s: ' "$query"; ids "$query" | tr '\n' ' '
    printf '| '; ids --match broad "$query" | tr '\n' ' '; echo
done
ids --match broad --all معالجة جديد
fihrist search -i "$INDEX" --match broad --explain معالجة | grep -A1 'of the root'
try fihrist search -i "$INDEX" --match all معالجة
