# delete removes by id or by source, all of a call in one commit, and says what it could not find.
mkdir d
printf 'أول\nتفاح\n' >d/1.txt
printf '{"id":"a","body":"تفاح"}\n{"id":"b","body":"تفاح"}\n{"id":"c","body":"تفاح"}\n' >d/2.jsonl
index d
documents
fihrist delete -i "$INDEX" a
documents
try fihrist delete -i "$INDEX" nothing b
documents
source=$(fihrist show -i "$INDEX" --field source c)
fihrist delete -i "$INDEX" --source "$source"
documents
try fihrist delete -i "$INDEX" nothing
ids تفاح | fihrist delete -i "$INDEX" --stdin
documents
