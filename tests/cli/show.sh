# show prints a stored document by id, as text or JSON; an unknown id ends with 1 or 2 and one line.
printf '{"id":"7","title":"العنوان","body":"سطر أول\\nسطر ثان","date":"2020-01-02","section":"أدب","url":"https://example.org/7","tags":["أ","ب"]}\n' >a.jsonl
index a.jsonl
fihrist show -i "$INDEX" 7
echo ---
fihrist show -i "$INDEX" --json 7
try fihrist show -i "$INDEX" 8
