# A malformed file is one line that names file, line and what to do, and ends with 2; nothing is printed of it.
index "$SAMPLE"
printf 'q1\tالقمر\n' >queries.tsv
echo 'q1 0 d1 1' >qrels.txt
echo 'q1 Q0 d1 1 2.5 t' >good.run
printf 'q1 0 d1 1\nq1 d2 1\n' >short.qrels
printf 'q1 0 d1 yes\n' >word.qrels
printf 'q1 0 d1 1\nq1 0 d1 1\n' >twice.qrels
printf 'q1 0 d1 0\n' >none.qrels
printf 'q1 Q0 d1 1 2.5\n' >short.run
printf 'q1 Q0 d1 1 best t\n' >word.run
printf 'q1 Q0 d1 1 2.5 t\nq1 Q0 d1 2 1.5 t\n' >twice.run
printf 'Q1 Q0 d1 1 2.5 t\n' >other.run
printf 'q1 القمر\n' >space.tsv
printf 'q1\tالقمر\nq1\tالشمس\n' >twice.tsv
printf 'q7\tالقمر\n' >other.tsv
for f in short.qrels word.qrels twice.qrels none.qrels no-such.qrels; do
    try fihrist eval --run good.run --qrels $f
done
for f in short.run word.run twice.run other.run no-such.run; do
    try fihrist eval --run $f --qrels qrels.txt
    try fihrist eval --run good.run --against $f --qrels qrels.txt
done
for f in space.tsv twice.tsv other.tsv no-such.tsv; do
    try fihrist eval -i "$INDEX" --queries $f --qrels qrels.txt
done
try fihrist eval -i "$INDEX" --queries queries.tsv --qrels qrels.txt --save-run no-such/run
try fihrist eval -i no-such.fih --queries queries.tsv --qrels qrels.txt
