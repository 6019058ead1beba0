# check is silent with 0 on a good index; with any block of it inverted it names the part once, with 2, or search is unharmed.
index "$SAMPLE"
fihrist check -i "$INDEX"
echo "exit $?"
touch no-check
data=$INDEX/$(ls -S "$INDEX" | head -n 1)
size=$(wc -c <"$data")
cp "$data" good
ids مصر >answer
found=0 silent=0 unnamed=0 twice=0
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    cp good "$data"
    at=$((size * i / 21))
    byte=$(od -An -tu1 -j $at -N 1 "$data" | tr -d ' ')
    printf "\\$(printf %o $((byte ^ 255)))" | dd of="$data" bs=1 seek=$at conv=notrunc 2>/dev/null
    timeout 20 fihrist check -i "$INDEX" >out 2>&1
    status=$?
    case $status in
    0) ids مصر | cmp answer - || silent=1 ;;
    2)
        found=$((found + 1))
        grep -q -e '^segment 1: its [a-z ]*: ' -e '^the notes: ' -e ' page ' out || unnamed=$((unnamed + 1))
        [ "$(sed '$d' out | sed 's/, the first.*//' | sort | uniq -d | wc -l)" = 0 ] || twice=$((twice + 1))
        ;;
    *) echo "exit $status" ;;
    esac
done
[ $found -ge 5 ] && echo found
echo "silently wrong: $silent; no part named: $unnamed; told twice: $twice"
