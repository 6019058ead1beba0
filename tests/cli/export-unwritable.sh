# An export that cannot be written to its end is one message and status 2: a full disk, a closed pipe, no folder; an older file stays.
unless "no /dev/full" test -e /dev/full
index "$SAMPLE"
echo --- full
fihrist export -i "$INDEX" >/dev/full
echo "exit $?"
try fihrist export -i "$INDEX" -o /dev/full
test -c /dev/full && echo "/dev/full is one still"
echo --- closed
awk 'BEGIN { for (i = 0; i < 3000; i++) printf "{\"id\":\"n%d\",\"body\":\"%0500d\"}\n", i, i }' >big.jsonl
fihrist index -q -i big.fih big.jsonl
{
    fihrist export -i big.fih
    echo "exit $?" >&2
} | head -n 1 | wc -l
echo --- file too large
echo old >out.jsonl
(
    ulimit -f 500
    trap '' XFSZ
    try fihrist export -i big.fih -o out.jsonl
)
cat out.jsonl
ls out*
echo --- no such folder
try fihrist export -i big.fih -o nowhere/out.jsonl
try fihrist export -i nothing.fih -o out.jsonl
try fihrist export -i big.fih -o
try fihrist export -i big.fih out.jsonl
cat out.jsonl
echo --- another name for it, and its permissions
ln -s out.jsonl link
umask 027
fihrist export -i "$INDEX" -o link
test -L link && wc -l <out.jsonl && ls -l out.jsonl | cut -c 1-10
