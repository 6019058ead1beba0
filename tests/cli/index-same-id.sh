# Of two documents with one id the later one stays, within a run and across runs.
printf '{"id":"a","body":"تفاح"}\n{"id":"a","body":"موز"}\n' >a.jsonl
index a.jsonl
documents
fihrist show -i "$INDEX" --field body a; echo
printf '{"id":"a","body":"رمان"}\n' | fihrist index -i "$INDEX" -
documents
fihrist show -i "$INDEX" --field body a; echo
ids تفاح موز | wc -l
