# --shard I/N takes what the ids' hash says, and no more; the shard is remembered; all shards merged are one index that goes on.
mkdir in
for i in 1 2 3 4 5 6 7 8 9; do
    printf '{"id":"doc-%s","body":"نص رقم %s"}\n' $i $i
done >in/a.jsonl
printf '{"body":"بلا اسم"}\n{"id":"doc-4","body":"نص آخر"}\n' >in/b.jsonl
for i in 1 2 3 4; do echo "نص عن البحر $i" >in/t$i.txt; done
summary() { sed 's/ in [0-9.]* s/ in N s/'; }
found() { fihrist search -i "$1" --format ids -n 100 '*' | sort | tr '\n' ' '; echo; }
for n in 1 2 3; do
    fihrist index --summary -i s$n.fih --shard $n/3 in | summary
    found s$n.fih
done
echo --- the next night
echo 'نص جديد' >>in/t1.txt
printf '{"id":"doc-10","body":"نص رقم 10"}\n' >>in/a.jsonl
rm in/t2.txt
for n in 1 2 3; do
    fihrist index -v --summary -i s$n.fih in | summary
    found s$n.fih
done
fihrist index --summary -i s1.fih --shard 1/3 in | summary
fihrist stats -i s1.fih | grep ^shard
fihrist stats -i s1.fih --json | grep -o '"shard":"[^"]*"'
echo --- by another name: a file keeps its id, and so its shard
for n in 1 2 3; do
    fihrist index --summary -i s$n.fih "$PWD/in" | summary
done
echo --- standard input
printf '{"id":"doc-11"}\n{"id":"doc-12"}\n{"id":"doc-13"}\n' >more
for n in 1 2 3; do
    fihrist index -i s$n.fih - <more
    fihrist search -i s$n.fih --format ids '*' | grep -e doc-11 -e doc-12 -e doc-13
done
echo --- merged
index in
index - <more
fihrist merge all.fih s1.fih s2.fih s3.fih
found "$INDEX" >one
found all.fih | cmp - one
cat one
fihrist index --summary -i all.fih in | summary
fihrist index --summary -i all.fih in | summary
found all.fih | cmp - one
rm in/t3.txt
fihrist index --summary -i all.fih in | summary
echo --- rebuilt, it stays a shard
fihrist rebuild s2.fih again.fih
fihrist stats -i again.fih | grep ^shard
echo --- what is refused
try fihrist index -i s1.fih --shard 2/3 in
try fihrist index -i s1.fih --shard 1/4 in
try fihrist index -i "$INDEX" --shard 1/3 in
fihrist merge some.fih s1.fih s2.fih
try fihrist index -i some.fih in
for s in 0/3 4/3 3 1/ /3 01/3 1/3x -1/3 1/1000001 ''; do
    try fihrist index -i new.fih --shard "$s" in
done
ls -d new.fih 2>/dev/null || echo no index was made
