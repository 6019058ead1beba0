# When the disk (here: the file size limit) is full, index says so with 2 and the last commit stays whole.
index "$SAMPLE"
before=$(documents)
awk 'BEGIN { srand(7); for (i = 0; i < 3000; i++) { printf "{\"id\":\"n%d\",\"body\":\"", i; for (j = 0; j < 200; j++) printf "w%d ", 1e9 * rand(); print "\"}" } }' >big.jsonl
(
    ulimit -f 4000
    trap '' XFSZ
    fihrist index -i "$INDEX" big.jsonl 2>err
    echo "exit $?"
)
wc -l <err
[ "$(documents)" = "$before" ] && echo "the documents are those of before"
fihrist index -i "$INDEX" big.jsonl
echo "exit $?"
[ "$(documents)" = $((before + 3000)) ] && echo "the next run succeeds"
