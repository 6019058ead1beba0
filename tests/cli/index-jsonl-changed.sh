# When a JSON Lines file changes, its documents are replaced by id, and lines that left it are removed.
printf '{"id":"a","body":"تفاح"}\n{"id":"b","body":"موز"}\n' >a.jsonl
index a.jsonl
printf '{"id":"b","body":"رمان"}\n{"id":"c","body":"عنب"}\n' >a.jsonl
index a.jsonl
ids تفاح موز رمان عنب | sort
documents
