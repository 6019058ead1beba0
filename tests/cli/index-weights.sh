# --field-weights are kept in the index and change the score.
printf '{"id":"t","title":"قمر","body":"ليل"}\n{"id":"b","title":"ليل","body":"قمر قمر"}\n' >a.jsonl
index --field-weights title=5,body=1 a.jsonl
ids قمر | head -n 1
rm -rf "$INDEX"
index --field-weights title=0.01,body=1 a.jsonl
ids قمر | head -n 1
