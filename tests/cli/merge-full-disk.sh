# When the disk (here: the file size limit) is full, a merge says so with 2 in one line, and nothing is left of the new index; a signal leaves nothing either.
for i in 1 2; do
    awk -v i=$i 'BEGIN { srand(i); for (n = 0; n < 1500; n++) { printf "{\"id\":\"n%d-%d\",\"body\":\"", i, n; for (j = 0; j < 100; j++) printf "w%d ", 1e9 * rand(); print "\"}" } }' >big$i.jsonl
    fihrist index -q -i $i.fih big$i.jsonl
done
now=$(($(wc -c <1.fih/data.1.mdb) / 512))
for room in 100 $now; do
    (
        ulimit -f $room
        trap '' XFSZ
        fihrist merge new.fih 1.fih 2.fih 2>err
        echo "exit $?" && wc -l <err && cat err
    )
    ls -d new.fih 2>&1
done
fihrist merge new.fih 1.fih 2.fih && fihrist check -i new.fih && fihrist export -i new.fih >all &&
    fihrist export -i 1.fih -i 2.fih | cmp - all && echo "with room it succeeds"
rm -r new.fih
fihrist merge new.fih 1.fih 2.fih 2>err &
sleep 0.05
kill -9 $! 2>/dev/null
wait 2>/dev/null
fihrist search -i new.fih w1 >/dev/null 2>&1 && rm -r new.fih     # it was faster than the kill
fihrist merge new.fih 1.fih 2.fih && fihrist check -i new.fih && echo "after a kill too"
