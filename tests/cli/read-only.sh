# Through a read-only mount an index is searched while it is written elsewhere, and a writer is refused there by name.
unless "only root may mount" test "$(id -u)" -eq 0
index sample >/dev/null
mkdir window
unless "nothing can be mounted here" sh -c 'mount --bind "$1" window && mount -o remount,ro,bind window' - "$INDEX"
trap 'umount window' EXIT
fihrist search -i window --format ids زيتون
echo '{"id":"late","body":"موسم الزيتون"}' >late.jsonl
fihrist index -i "$INDEX" late.jsonl
fihrist search -i window --format ids +موسم +زيتون
fihrist compact -i "$INDEX"
fihrist search -i window --format ids +موسم +زيتون
fihrist check -i window && echo clean
fihrist backup -i window copy && fihrist check -i copy && echo clean
try fihrist index -i window late.jsonl
# LMDB would map the file, with no table of readers to keep its pages: such a reader does without LMDB.
mkfifo questions
fihrist search -i window --queries - --format ids <questions >answers &
exec 3>questions
printf 'first\tزيتون\n' >&3
for i in $(seq 200); do ls -l "/proc/$!/fd" 2>/dev/null | grep -q 'data\.[0-9]*\.mdb' && break; sleep 0.05; done
ls -l "/proc/$!/fd" 2>/dev/null | grep -q 'data\.[0-9]*\.mdb' || echo "the data file is not open"
grep -l 'data\.[0-9]*\.mdb' "/proc/$!/maps" && echo "the data file is mapped"
exec 3>&-
wait
[ -s answers ] || echo "no answer"
