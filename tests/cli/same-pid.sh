# Two containers whose processes have the same number do not disturb each other: one reads while the other searches, indexes and compacts.
unless "no namespaces here" unshare -p -f true
index sample >/dev/null
mkfifo questions
# Both commands are process 1. The first keeps its place among the readers until its questions end.
unshare -p -f fihrist search -i "$INDEX" --queries - --format ids <questions >answers &
exec 3>questions
printf 'first\tزليج\n' >&3
for i in $(seq 200); do
    ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q "$PWD/$INDEX/data.1.mdb-lock" && break
    sleep 0.05
done
sleep 0.3
unshare -p -f fihrist search -i "$INDEX" --format ids زيتون
echo '{"id":"late","body":"موسم الزيتون"}' >late.jsonl
unshare -p -f fihrist index -i "$INDEX" late.jsonl
unshare -p -f fihrist search -i "$INDEX" --format ids +موسم +زيتون
unshare -p -f fihrist compact -i "$INDEX"
unshare -p -f fihrist backup -i "$INDEX" backup
echo "--- the one that has read all the time"
printf 'second\tزيتون\n' >&3
exec 3>&-
wait
cat answers
fihrist check -i backup && echo clean
