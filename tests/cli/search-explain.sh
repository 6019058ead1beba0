# --explain shows the score first, and what makes it up.
cat >a.jsonl <<'END'
{"id":"1","title":"قمر","body":"قمر قمر نجم"}
{"id":"2","body":"نجم بعيد"}
END
index a.jsonl
fihrist search -i "$INDEX" -v --explain قمر
