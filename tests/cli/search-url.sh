# url is only stored, until the index is told to have it as a keyword; then it is a field like others.
cat >a.jsonl <<'END'
{"id":"1","body":"البحر هادئ","url":"https://a.example/x"}
{"id":"2","body":"البحر هائج","url":"https://a.example/y?q=1*"}
{"id":"3","body":"الجبل عال","url":"https://b.example/y"}
{"id":"4","body":"البحر بلا عنوان"}
{"id":"5","body":"البحر مرة أخرى","url":"https://a.example/x"}
END
index a.jsonl
ids()
{
    echo "$*: $(fihrist search -i "$INDEX" --format ids "$@" 2>&1 | tr '\n' ' ')"
}
for q in url:https://a.example/x 'البحر -url:*' 'url:(a b)'; do
    ids "$q"
done
for bad in --sort=-url --collapse=url; do
    ids "$bad" '*'
done
try fihrist search -i "$INDEX" --facet url '*'
try fihrist index -i other.fih --field url:text a.jsonl
try fihrist delete -i "$INDEX" --query 'url:https://a.example/*'

echo "--- with it"
fihrist index --rebuild --field url:keyword -i "$INDEX"
fihrist stats -i "$INDEX" | grep fields
for q in url:https://a.example/x 'url:"https://a.example/y?q=1*"' 'url:https://a.example/*' 'url:HTTPS://a.example/x' \
    'البحر url:https://a.example/*' 'البحر -url:https://a.example/x' '* NOT url:*' \
    'url:(https://a.example/x https://b.example/y)'; do
    ids "$q"
done
ids --sort url '*'
ids --sort -url '*'
ids --collapse url '*'
fihrist search -i "$INDEX" --json -n 1 --facet url '*' | grep facet
fihrist check -i "$INDEX" && echo checked

echo "--- kept by what makes indexes of indexes"
printf '{"id":"6","body":"البحر","url":"https://a.example/z"}\n' >b.jsonl
fihrist index -i other.fih --field url:keyword b.jsonl
fihrist search -i "$INDEX" -i other.fih --format ids 'url:https://a.example/*' | tr '\n' ' '
echo
fihrist export -i "$INDEX" --schema >schema
fihrist export -i "$INDEX" | fihrist index -q -i again.fih --schema schema -
fihrist merge both.fih again.fih "$INDEX" 2>&1 | head -n 1
fihrist search -i both.fih --format ids 'url:https://a.example/*' | tr '\n' ' '
echo
fihrist export -i "$INDEX" --format opensearch | grep -o '"url":[^,]*'
fihrist export -i "$INDEX" --format opensearch --settings | tr -d ' \n' | grep -o '"url":{[^}]*}'
fihrist query -i "$INDEX" --format opensearch url:https://a.example/x | grep -o '{"url":[^}]*}'
fihrist index --rebuild --field url:none -i "$INDEX"
ids url:https://a.example/x
