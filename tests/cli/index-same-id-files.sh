# Of files with one id the last by name has the document, and another's comes back when that one goes or is corrected.
mkdir d
article() { printf '{"id":"%s","body":"%s"}\n' "$1" "$2"; }
has() { for id in "$@"; do echo "$id: $(fihrist show -i "$INDEX" --field body "$id" 2>&1)"; done; }
{ article a 'رمان الأحد'; article b 'تين الأحد'; } >d/1.jsonl
{ article a 'رمان الاثنين'; article c 'لوز الاثنين'; } >d/2.jsonl
article a 'رمان الثلاثاء' >d/3.jsonl
index d
has a b c
echo "-- the older file changes, and the newer one still wins, also when named first"
{ article a 'رمان مصحح'; article b 'تين مصحح'; } >d/1.jsonl
index d/3.jsonl d
has a b
echo "-- the newest goes"
rm d/3.jsonl
index -v d
has a
echo "-- the next is corrected and has other ids"
article c 'لوز مصحح' >d/2.jsonl
index -v d
has a c
echo "-- a run that does not name the other file leaves it to the next that does"
article a 'رمان الأربعاء' >d/4.jsonl
index d
rm d/4.jsonl
index d/4.jsonl
has a
index d
has a
echo "-- standard input replaces, and is not undone by reading again"
article b 'تين من الخارج' | fihrist index -i "$INDEX" -
article a 'رمان الخميس' >d/5.jsonl
index d
rm d/5.jsonl
index d
has a b
echo "-- moved to an earlier name, it is read once"
mv d/1.jsonl d/0.jsonl
index -v d
has a
