# What export --format ciff writes is read by Google's protobuf, and each posting and length is that of a count.
python=python3
"$python" "$CLI/ciff.py" --can 2>/dev/null || python=/usr/bin/python3
unless "no protobuf for Python" "$python" "$CLI/ciff.py" --can
unless "built without nanopb" sh -c 'fihrist index -q -i probe.fih sample/txt && fihrist export -i probe.fih --format ciff'
ciff() { "$python" "$CLI/ciff.py" "$@"; }
# same INDEX...: the lists of the indexes are those of their documents.
same() {
    options=
    for i in "$@"; do options="$options -i $i"; done
    fihrist export $options >lines.jsonl
    fihrist export $options --format ciff -o out.ciff
    ciff out.ciff lines.jsonl
}
index "$SAMPLE"
same "$INDEX"
fihrist export -i "$INDEX" --format ciff | cmp - out.ciff && echo "also through a pipe"
ciff out.ciff | sed -n 1p | sed 's/;icu=.*//'
echo --- deleted and added, in several segments
cat >more.jsonl <<'END'
{"id":"1","title":"كتاب الكتب","body":"كتاب وكُتُب ومكتبة، قال النبي ﷺ: يٰقوم"}
{"id":"2","title":"في","body":""}
{"id":"3","title":"","body":""}
{"id":"4","body":"كلمةلاتوجدهناكغيرهذهالمرة Xylophone"}
END
index more.jsonl
fihrist delete -i "$INDEX" 4 news-001 news-009 culture-002
same "$INDEX"
ciff out.ciff | grep -c -e Xylophone -e xylophone
ciff out.ciff | grep -e '	[12]	[0-9]' | grep -e '^كتب\|^كتاب\|^ـ'
echo --- two indexes
fihrist index -q -i other.fih more.jsonl
same "$INDEX" other.fih
echo --- more postings in a list than are kept
awk 'BEGIN { for (i = 0; i < 12000; i++) printf "{\"id\":\"%d\",\"body\":\"بحر%s\"}\n", i, i % 3 ? "" : " بحر" }' >sea.jsonl
fihrist index -q -i sea.fih sea.jsonl
fihrist delete -i sea.fih 0 7 11999
fihrist export -i sea.fih --format ciff -o sea.ciff
ciff sea.ciff | awk -F '\t' 'NR == 1 { print $1, $2, $3 } $1 == "بحر" { n++; right += $3 == ($2 % 3 ? 1 : 2) } END { print n, right }'
echo --- nothing, and an id that is no text
: >empty.jsonl
fihrist index -q -i empty.fih empty.jsonl
fihrist export -i empty.fih --format ciff -o empty.ciff
ciff empty.ciff | sed 's/;icu=.*//'
mkdir odd
echo بحر >"odd/$(printf 'a\377').txt"
fihrist index -q -i odd.fih odd
try fihrist export -i odd.fih --format ciff -o odd.ciff
ciff odd.ciff | sed 1d
echo --- refused
try fihrist export -i odd.fih --format xml
try fihrist export -i odd.fih --format ciff --schema
[ ! -e /dev/full ] || try fihrist export -i odd.fih --format ciff -o /dev/full
