# A hit is shown with title, date, address and a snippet whose hits are bracketed, all isolated for right-to-left.
cat >a.jsonl <<'END'
{"id":"1","title":"مكتبة الإسكندرية","body":"افتُتِحَتِ المكتبةُ الجديدة قرب البحر، وفيها كتبٌ نادرة.","date":"2002-10-16","section":"ثقافة","url":"https://example.org/alex"}
{"id":"2","title":"سوق السمك","body":"في السوق سمك كثير."}
END
index a.jsonl
fihrist search -i "$INDEX" مكتبة
echo ---
fihrist search -i "$INDEX" --mark none البحر
