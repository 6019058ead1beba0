# A query past a limit has its message and counts as without hits; the others are measured, and the status is 3.
index "$SAMPLE"
id=$(fihrist search -i "$INDEX" --format trec -n 1 المكتبة | cut -d ' ' -f 3)
{
    printf 'q1\tالمكتبة\nq2\t'
    i=0
    while [ $i -lt 5000 ]; do
        i=$((i + 1))
        printf 'w%d ' $i
    done
    echo
} >queries.tsv
printf 'q1 0 %s 1\nq2 0 %s 1\n' "$id" "$id" >qrels.txt
try fihrist eval -i "$INDEX" --queries queries.tsv --qrels qrels.txt
