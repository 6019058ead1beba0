# An index cut short is refused by readers and writers with one line; nothing crashes, no answer is wrong.
index "$SAMPLE"
fihrist search -i "$INDEX" مصر >right
touch no-check
data=$(ls -S "$INDEX" | head -n 1)
size=$(wc -c <"$INDEX/$data")
cp -R "$INDEX" whole.fih
for cut in 1 2 10 100 $size; do
    head -c $((cut == 1 ? size - 1 : size / cut)) "whole.fih/$data" >"$INDEX/$data"
    fihrist search -i "$INDEX" مصر >out 2>err
    case $? in
    0) cmp out right && [ ! -s err ] ;;          # the page that is gone holds nothing of this answer
    2) [ ! -s out ] && [ "$(wc -l <err)" = 1 ] ;;
    *) false ;;
    esac
    echo "search: $?"
    fihrist check -i "$INDEX" >out 2>&1
    echo "check: exit $?"
    printf '{"id":"a","body":"x"}\n' | fihrist index -i "$INDEX" - >out 2>err
    echo "index: exit $?, $(wc -l <err) message"
done
try fihrist search -i "$INDEX" مصر
