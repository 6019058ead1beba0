# One index of several without analysing again: the same answers, an id settled by the later one, the ledger of files joined.
mkdir a b
cat >a/a.jsonl <<'EOF'
{"id":"a1","title":"البحر والسفينة","body":"سفينة في البحر","tags":["بحر"],"pages":10,"date":"2015-03-01"}
{"id":"both","title":"في الأول","body":"القمر والبحر","tags":["قمر"],"pages":5}
EOF
cat >b/b.jsonl <<'EOF'
{"id":"both","title":"في الثاني","body":"البحر","tags":["بحر"],"pages":7}
{"id":"b1","title":"سفينة أخرى","body":"البحر البحر بعيد","tags":["بحر","سفر"],"pages":31,"date":"2015-09-01"}
EOF
echo 'نص عن الصياد' >a/t.txt
echo 'نص عن الميناء' >b/u.txt
fihrist index -q -i a.fih --field tags:keyword* --field pages:integer a
fihrist index -q -i b.fih --field tags:keyword* --field pages:integer b a/t.txt
fihrist merge --summary "$INDEX" a.fih b.fih | sed 's/[0-9.]* s$/N s/'
fihrist check -v -i "$INDEX" | sed 's/[0-9.]* s$/N s/'
fihrist export -i "$INDEX" --schema
fihrist show -i "$INDEX" --field title both
echo
mkdir c                                  # the same documents, indexed together
head -n 1 a/a.jsonl >c/a.jsonl
cp -p a/t.txt b/b.jsonl b/u.txt c
fihrist index -q -i one.fih --field tags:keyword* --field pages:integer c/a.jsonl b a/t.txt
fihrist compact -i one.fih
for q in البحر 'tags:بحر pages:>6' 'سفينة -tags:سفر' '"البحر البحر"' '*' الصياد; do
    fihrist search -i one.fih --format tsv --sort score "$q" | cut -f 2,3,6 | sort >one
    fihrist search -i "$INDEX" --format tsv --sort score "$q" | cut -f 2,3,6 | sort | cmp - one
done
echo --- the ledger
fihrist index --summary -i "$INDEX" a b | sed 's/ in [0-9.]* s/ in N s/'
fihrist index --summary -i "$INDEX" a b | sed 's/ in [0-9.]* s/ in N s/'
fihrist show -i "$INDEX" --field title both
echo
rm b/b.jsonl
fihrist index --summary -i "$INDEX" a b | sed 's/ in [0-9.]* s/ in N s/'
fihrist show -i "$INDEX" --field title both
echo
echo --- a file of which both have read another state
printf '{"id":"o1"}\n{"id":"o2"}\n' >o.jsonl
fihrist index -q -i old.fih o.jsonl
printf '{"id":"o1"}\n{"id":"o3"}\n' >o.jsonl
fihrist index -q -i new.fih o.jsonl
fihrist merge both.fih old.fih new.fih
fihrist search -i both.fih --format ids --sort date '*'
fihrist index --summary -i both.fih o.jsonl | sed 's/ in [0-9.]* s/ in N s/'
fihrist search -i both.fih --format ids --sort date '*'
rm -r new.fih
echo --- what is refused
try fihrist merge "$INDEX" a.fih b.fih 2>&1
try fihrist merge new.fih a.fih a.fih 2>&1
try fihrist merge new.fih none.fih 2>&1
try fihrist merge new.fih 2>&1
fihrist index -q -i simple.fih --analyzer simple b
try fihrist merge new.fih a.fih simple.fih 2>&1
ls -d new.fih 2>&1 || :
