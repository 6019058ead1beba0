# Words in Latin script are found whatever their case.
cat >a.jsonl <<'END'
{"id":"1","body":"أعلنت شركة Renault عن سيارة électrique جديدة"}
END
index a.jsonl
ids RENAULT
ids Électrique
