# check is silent or says clean with 0 on a good index, and finds a flipped byte with 2.
index "$SAMPLE"
fihrist check -i "$INDEX" >/dev/null
echo "exit $?"
touch no-check
data=$(find "$INDEX" -type f -size +8k | head -n 1)
size=$(wc -c <"$data")
cp "$data" good
found=0
for i in 1 2 3 4 5 6 7 8; do
    cp good "$data"
    at=$((size * i / 9))
    byte=$(od -An -tu1 -j $at -N 1 "$data" | tr -d ' ')
    printf "\\$(printf %o $((byte ^ 255)))" | dd of="$data" bs=1 seek=$at conv=notrunc 2>/dev/null
    timeout 20 fihrist check -i "$INDEX" >out 2>&1
    status=$?
    case $status in 0) ;; 2) found=$((found + 1)) ;; *) echo "exit $status" ;; esac
done
[ $found -ge 1 ] && echo found
