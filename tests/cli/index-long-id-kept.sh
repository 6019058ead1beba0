# An id of 60,000 bytes, far beyond a database key, is found, shown and deleted.
id=$(head -c 60000 /dev/zero | tr '\0' y)
printf '{"id":"%s","title":"طويل","body":"تفاح"}\n{"id":"%sz","body":"تفاح"}\n' "$id" "$id" >a.jsonl
index a.jsonl
fihrist show -i "$INDEX" "$id" | grep -c 'طويل'
fihrist delete -i "$INDEX" "$id"
ids تفاح | wc -c
