# export --format opensearch writes documents as _bulk lines, all or what has changed, and settings with the fields.
printf '%s\n' '{"id":"1","title":"كتاب","body":"كتاب\nالمدرسة","date":"2 مايو 1999","tags":["أدب","تراث"],"pages":"١٢","price":"1.5","seen":"2024-05-01T10:30:00+03:00","more":["x","y"]}' \
    '{"id":"2","body":"","date":"غدا","pages":"كثير","price":2}' >a.jsonl
index --field tags:keyword* --field pages:integer --field price:number --field seen:time a.jsonl
fihrist export -i "$INDEX" --format opensearch | sed 's/"source":"[^"]*"/"source":0/'
fihrist export -i "$INDEX" --format elasticsearch | sed -n 's/.*\("stems":"[^"]*"\).*/\1/p'
echo "--- settings"
fihrist export -i "$INDEX" --format opensearch --settings -o o.json
fihrist export -i "$INDEX" --format elasticsearch --settings -o e.json
diff o.json e.json | grep -e source -e norms | sort | uniq -c
tr -d ' \n' <o.json | grep -o '"\(tags\|pages\|price\|seen\|title\|date\)":{"type":"[a-z]*"' | sort
echo "--- since"
fihrist export -i "$INDEX" --format opensearch --since sent | wc -l
fihrist export -i "$INDEX" --format opensearch --since sent | wc -l
sed -i 's/غدا/أمس/' a.jsonl
index a.jsonl
fihrist export -i "$INDEX" --format opensearch --since sent -o out && cut -c 1-60 out
fihrist delete -i "$INDEX" 1
fihrist export -i "$INDEX" --format opensearch --since sent
wc -l <sent
echo "--- left out"
printf '{"id":"%0600d","body":"x"}\n' 1 >long.jsonl
index long.jsonl
fihrist export -i "$INDEX" --format opensearch --since sent 2>err
echo "exit $?"
cut -c 1-40 err
sed 's/.*: //' err
echo "--- refused"
echo nothing >bad
try fihrist export -i "$INDEX" --format opensearch --since bad
cat bad
try fihrist export -i "$INDEX" --format elasticsearch --since sent
try fihrist export -i "$INDEX" --format opensearch --since no/such/file
try fihrist export -i "$INDEX" --format solr
try fihrist export -i "$INDEX" --settings
try fihrist export -i "$INDEX" --format opensearch --schema
try fihrist export -i "$INDEX" --format opensearch --settings --since sent
try sh -c 'fihrist export -i "$INDEX" --format opensearch --since full >/dev/full' 2>err
tail -1 err
try fihrist export -i "$INDEX" --format opensearch --since same -o same
try fihrist export -i "$INDEX" --format opensearch --since sent -o ./sent
head -n 2 sent >cut
try fihrist export -i "$INDEX" --format opensearch --since cut
sed 's/"documents":[0-9]*/"documents":9/' sent >more
try fihrist export -i "$INDEX" --format opensearch --since more
fihrist index -q -i other.fih a.jsonl
try sh -c 'fihrist export -i "$INDEX" -i other.fih --format opensearch --since both >lines 2>/dev/null || exit 2'
fihrist export -i "$INDEX" -i other.fih --format opensearch --since both 2>&1 >/dev/null | sed -n '$p' >&2
for name in extra _id fihrist.stems; do
    fihrist index -q -i "$name.fih" --field "$name:keyword" a.jsonl
    try fihrist export -i "$name.fih" --format opensearch --settings
    try fihrist export -i "$name.fih" --format opensearch
done
ls
