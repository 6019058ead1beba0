# A run that eval saves is the one search prints, and measures like the index itself; plain, compressed or from a pipe.
index "$SAMPLE"
printf 'q1\tصيادين وجهاز GPS\nq2\tالمكتبة\n' >queries.tsv
first() { fihrist search -i "$INDEX" --format trec -n 1 "$1" | cut -d ' ' -f 3; }
printf 'q1 0 %s 1\nq2 0 %s 1\nq2 0 other 1\n' "$(first 'صيادين وجهاز GPS')" "$(first 'المكتبة')" >qrels.txt
fihrist eval -i "$INDEX" --qrels qrels.txt --queries queries.tsv --save-run saved.run --each --json | sed 's/,"run":null//' >index.json
fihrist search -i "$INDEX" --format trec -n 1000 --queries queries.tsv >search.run
cmp saved.run search.run && echo "the same run"
fihrist eval --run saved.run --qrels qrels.txt --queries queries.tsv --each --json | sed 's/,"run":"saved.run"//' >run.json
cmp index.json run.json && echo "the same figures"
fihrist eval --run saved.run --qrels qrels.txt
gzip -c saved.run >saved.run.gz
fihrist eval --run - --qrels qrels.txt <saved.run.gz | tail -n 1
# An engine that finds nothing is measured too.
: >empty.run
fihrist eval --run empty.run --qrels qrels.txt
