# backup makes a second, clean index with the same answers, and never overwrites.
index "$SAMPLE"
fihrist backup -i "$INDEX" copy.fih >/dev/null
fihrist check -i copy.fih >/dev/null
echo "exit $?"
ids مصر >one
fihrist search -i copy.fih --json مصر | sed -n 's/.*"id":"\([^"]*\)".*/\1/p' | cmp one - && echo same
try fihrist backup -i "$INDEX" copy.fih
