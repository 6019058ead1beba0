# Whoever can read the files of an index can search it: another user, beside a lock file that he may not write, and of a copy without one; what may not be written is named.
unless "only root can become another user" test "$(id -u)" -eq 0
unless "no setpriv here" command -v setpriv >/dev/null
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$FIHRIST" "$@"; }
# The temporary folder may be root's alone: a place where others may look.
open=$(mktemp -d "${TMPDIR:-/tmp}/fihrist-open-XXXXXX")
trap 'rm -rf "$open"' EXIT
chmod 755 "$open"
umask 022
fihrist index -q -i "$open/news.fih" sample
unless "others cannot reach the program" nobody --version
unless "others cannot reach $open" setpriv --reuid=65534 --regid=65534 --clear-groups test -r "$open/news.fih/FIHRIST"
nobody search -i "$open/news.fih" --format ids زيتون
nobody show -i "$open/news.fih" --field title sample/txt/olive-harvest.txt
echo
nobody check -i "$open/news.fih" && echo clean
fihrist stats -i "$open/news.fih" | grep documents
nobody stats -i "$open/news.fih" | grep documents
echo "--- after compaction, and of a backup"
fihrist compact -i "$open/news.fih"
fihrist backup -i "$open/news.fih" "$open/backup"
chmod 555 "$open/backup"
nobody search -i "$open/news.fih" --format ids زيتون
nobody search -i "$open/backup" --format ids زيتون
ls "$open/backup"
echo "--- a copy by another user"
mkdir "$open/his"
chown 65534:65534 "$open/his"
nobody backup -i "$open/news.fih" "$open/his/copy"
fihrist check -i "$open/his/copy" && echo clean
fihrist search -i "$open/his/copy" --format ids زيتون
echo "--- what may not be written"
refused() { try nobody "$@" 2>&1 | sed "s|$open|OPEN|"; }
refused index -q -i "$open/news.fih" sample
chmod 666 "$open/news.fih/lock"
refused index -q -i "$open/news.fih" sample
chmod 666 "$open/news.fih/data.2.mdb"
refused index -q -i "$open/news.fih" sample
chmod 600 "$open/news.fih/data.2.mdb"
refused search -i "$open/news.fih" زيتون
