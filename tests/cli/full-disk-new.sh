# Where a full disk has no room for a new index it says so with 2, and what is there stays; a copy there is searched all the same, without a table of readers.
unless "only root may mount" test "$(id -u)" -eq 0
unless "no file system can be mounted here" sh -c 'mkdir small && mount -t tmpfs -o size=1m tmpfs small'
trap 'umount small' EXIT
index sample >/dev/null
mkdir small/copy
cp "$INDEX/FIHRIST" "$INDEX/data.1.mdb" small/copy
dd if=/dev/zero of=small/fill bs=1k count=1024 2>/dev/null
INDEX=small/copy ids زيتون
try fihrist index -q -i small/new.fih sample
ls small
rm small/fill
try fihrist index -q -i small/new.fih sample
INDEX=small/copy ids زيتون
umount small
trap - EXIT
