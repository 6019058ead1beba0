# An index is a folder that can be copied and moved; the copy answers the same.
index "$SAMPLE"
ids مصر >one
mv "$INDEX" elsewhere.fih
fihrist search -i elsewhere.fih --json مصر | sed -n 's/.*"id":"\([^"]*\)".*/\1/p' | cmp one - && echo same
