# When the disk (here: the file size limit) is full, a rebuild says so with 2; the old index stays as it was, and nothing is left of a new one.
unless "no program to make an index old" test -x "${AGE:-}"
awk 'BEGIN { srand(7); for (i = 0; i < 2000; i++) { printf "{\"id\":\"n%d\",\"body\":\"", i; for (j = 0; j < 100; j++) printf "w%d ", 1e9 * rand(); print "\"}" } }' >big.jsonl
index big.jsonl
"$AGE" "$INDEX"
fihrist export -i "$INDEX" >before
now=$(($(wc -c <"$INDEX"/data.1.mdb) / 512))
for room in 100 $((now / 2)); do
    (
        ulimit -f $room
        trap '' XFSZ
        fihrist rebuild "$INDEX" new.fih 2>err
        echo "exit $?" && wc -l <err
    )
    ls -d new.fih 2>&1
done
for room in 100 $((now / 2)); do
    (
        ulimit -f $((now + room))
        trap '' XFSZ
        fihrist index --rebuild -i "$INDEX" 2>err
        echo "exit $?" && wc -l <err
    )
done
fihrist export -i "$INDEX" | cmp - before && fihrist check -i "$INDEX" -v
fihrist rebuild "$INDEX" new.fih && fihrist index --rebuild -i "$INDEX" && fihrist export -i "$INDEX" | cmp - before &&
    fihrist export -i new.fih | cmp - before && echo "with room, both succeed"
umask 022
chmod 700 "$INDEX" && chmod 640 "$INDEX"/*
fihrist rebuild "$INDEX" private.fih
ls -ld private.fih private.fih/* | cut -c 1-10
