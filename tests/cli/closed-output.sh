# A full disk behind standard output is trouble with one message, and a reader that went away is silent.
unless "no /dev/full" test -e /dev/full
index "$SAMPLE"
fihrist search -i "$INDEX" مصر >/dev/full
echo "exit $?"
fihrist search -i "$INDEX" --limit 60 --json من في على | head -n 1 | wc -l
