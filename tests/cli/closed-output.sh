# A full disk behind standard output is trouble, and a reader that went away is silent.
index "$SAMPLE"
unless "no /dev/full" test -e /dev/full
try fihrist search -i "$INDEX" مصر >/dev/full 2>err || :
cat err
fihrist search -i "$INDEX" مصر >/dev/full 2>/dev/null
echo "exit $?"
fihrist search -i "$INDEX" --limit 60 --json من في على | head -n 1 | wc -l
