# delete removes by id or by path and says what it could not find.
mkdir d
printf 'أول\nتفاح\n' >d/1.txt
printf '{"id":"a","body":"تفاح"}\n{"id":"b","body":"تفاح"}\n{"id":"c","body":"تفاح"}\n' >d/2.jsonl
index d
documents
fihrist delete -i "$INDEX" a
documents
fihrist delete -i "$INDEX" d/2.jsonl
documents
try fihrist delete -i "$INDEX" nothing
ids تفاح
