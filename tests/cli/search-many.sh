# Several indexes are searched as one, with the statistics of all, and a hit says where it is.
cat >a.jsonl <<'EOF'
{"id":"a1","title":"البحر والسفينة","body":"سفينة في البحر","tags":["بحر"],"pages":10,"date":"2015-03-01"}
{"id":"a2","title":"الصياد","body":"الصياد في السوق","tags":["سوق"],"pages":30,"date":"2016-03-01"}
{"id":"both","title":"في الأول","body":"القمر والبحر","tags":["قمر"],"pages":5}
EOF
cat >b.jsonl <<'EOF'
{"id":"both","title":"في الثاني","body":"البحر","tags":["بحر"],"pages":7}
{"id":"b1","title":"سفينة أخرى","body":"البحر البحر بعيد","tags":["بحر","سفر"],"pages":31,"date":"2015-09-01"}
EOF
fihrist index -q -i a.fih --field tags:keyword* --field pages:integer a.jsonl
fihrist index -q -i b.fih --field pages:integer --field tags:keyword* b.jsonl
sed 's/"both","title":"في الثاني"/"both2","title":"في الثاني"/' b.jsonl >b2.jsonl
index --field tags:keyword* --field pages:integer a.jsonl
index b2.jsonl
both="-i a.fih -i b.fih"
fihrist search $both البحر
echo --- JSON, as of one index
fihrist search $both --json --facet tags,pages:10,date:year البحر >many
fihrist search -i "$INDEX" --json --facet tags,pages:10,date:year البحر >one
grep -o '"index":"[^"]*"' many
sed 's/"index":"[^"]*",//; s/both2/both/; s/"source":"[^"]*"//' many >many.same
sed 's/both2/both/; s/"source":"[^"]*"//' one | cmp - many.same && echo the same
for q in 'tags:بحر pages:>6' 'سفينة -tags:سفر' '"البحر البحر"' '*'; do
    for order in score -pages,score date; do
        fihrist search $both --format tsv --sort "$order" "$q" | cut -f 1,2,3 | sed s/both2/both/ >many
        fihrist search -i "$INDEX" --format tsv --sort "$order" "$q" | cut -f 1,2,3 | sed s/both2/both/ | cmp - many
    done
done
echo --- other formats
fihrist search $both --format tsv القمر
fihrist search $both --format html القمر | grep -o '<bdi>[ab].fih</bdi>'
fihrist search $both --format ids القمر
echo --- an id in both
fihrist show $both --field title both
echo
echo --- what else reads
fihrist stats $both | sed -n '1,3p;/^fields/,/pages/p'
fihrist stats $both --json | grep -o '^.*"documents":5,'
fihrist complete $both الب
fihrist export $both | grep -c '"id"'
fihrist export $both --schema
echo --- what does not
for c in "check" "compact" "status" "backup to" "delete a1" "analyze x" "index a.jsonl"; do
    try fihrist $c $both 2>&1
done
echo --- indexes that do not go together
try fihrist search -i a.fih -i ./a.fih البحر 2>&1
try fihrist search -i a.fih -i none.fih البحر 2>&1
fihrist index -q -i simple.fih --analyzer simple b.jsonl
try fihrist search -i a.fih -i simple.fih البحر 2>&1
fihrist index -q -i kind.fih --field tags:keyword b.jsonl 2>/dev/null
try fihrist search -i a.fih -i kind.fih البحر 2>&1
fihrist index -q -i weights.fih --field-weights title=0.1,body=1 b.jsonl
try fihrist search -i a.fih -i weights.fih البحر 2>&1
for i in $(seq 1 257); do printf ' -i a.fih'; done >options
try fihrist search $(cat options) البحر 2>&1
printf x | dd of=b.fih/data.1.mdb bs=1 seek=10 conv=notrunc 2>/dev/null
printf x | dd of=b.fih/data.1.mdb bs=1 seek=4106 conv=notrunc 2>/dev/null
try fihrist search $both البحر 2>&1
