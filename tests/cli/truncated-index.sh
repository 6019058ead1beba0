# An index cut short is refused by every reader with one line; nothing crashes.
index "$SAMPLE"
touch no-check
data=$(find "$INDEX" -type f -size +8k | head -n 1)
size=$(wc -c <"$data")
for part in 2 10 100; do
    cp -R "$INDEX" cut.fih
    head -c $((size / part)) "$data" >"cut.fih/$(basename "$data")"
    try fihrist search -i cut.fih مصر >out
    cat out
    try fihrist check -i cut.fih >out 2>&1
    tail -n 1 out
    rm -rf cut.fih
done
