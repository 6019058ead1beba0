# Values that are not of their field's kind, or one too many, are told of in the line of counts.
printf '%s\n' '{"id":"1","author":["حافظ","شوقي"],"pages":"x","body":"y"}' '{"id":"2","pages":7,"body":"y"}' >v.jsonl
counts() {
    fihrist index -i "$INDEX" --summary "$@" | sed 's/ in [0-9.]* s/ in T s/; s/ en [0-9.]* s/ en T s/'
}
counts --field author:text --field pages:integer v.jsonl
counts v.jsonl
rm -r "$INDEX"
counts --lang fr --field author:text* --field pages:integer v.jsonl
fihrist search -i "$INDEX" --json 'author:شوقي' | grep -o '"id":"1"'
try fihrist search -i "$INDEX" 'pages:x'
