# The same story in several papers is one hit with --collapse similar, and the others are counted; another story is another hit.
story='أعلنت وزارة الثقافة اليوم افتتاح المكتبة الوطنية الجديدة في قلب العاصمة بعد سنوات من العمل وقال الوزير إن المكتبة تضم مليون كتاب ومخطوط من القرن الرابع إلى اليوم وستفتح أبوابها للباحثين والطلاب كل يوم'
cat >docs.jsonl <<EOF
{"id":"wire","title":"افتتاح المكتبة","date":"2024-01-03","body":"$story"}
{"id":"paper1","title":"مكتبة جديدة","date":"2024-01-01","body":"$story"}
{"id":"paper2","title":"الخبر","date":"2024-01-02","body":"العاصمة $story"}
{"id":"other","title":"المكتبة القديمة","date":"2024-01-04","body":"أغلقت المكتبة القديمة أبوابها أمس بعد خمسين سنة في الحي نفسه"}
{"id":"short1","body":"المكتبة مغلقة"}
{"id":"short2","body":"المكتبة مغلقة"}
EOF
fihrist index -q -i "$INDEX" docs.jsonl
fihrist search -i "$INDEX" --collapse similar المكتبة
echo --- oldest
fihrist search -i "$INDEX" --collapse similar --sort oldest --format ids المكتبة
echo --- a page of it
fihrist search -i "$INDEX" --collapse similar --sort oldest --offset 1 -n 2 --json المكتبة | cut -c1-70
echo --- a field of this name cannot be made
fihrist index -i "$INDEX" --field similar:keyword docs.jsonl 2>&1
