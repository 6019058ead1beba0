# Words written together and apart find each other, and --explain says which writing counts.
cat >a.jsonl <<'EOF'
{"id":"together","body":"وصل عبدالله إلى نيويورك"}
{"id":"apart","body":"وصل عبد الله إلى نيو يورك"}
{"id":"neither","body":"وصل عبد الرحمن إلى لندن من يورك"}
EOF
index a.jsonl
for query in عبدالله 'عبد الله' نيويورك 'نيو يورك' '"عبد الله"' '+عبدالله' '=عبدالله'; do
    printf '%s: ' "$query"
    ids -- "$query" | sort | tr '\n' ' '
    echo
done
fihrist search -i "$INDEX" -n 2 -v --explain --mark brackets عبدالله
