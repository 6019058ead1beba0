# A document whose whole title is the query comes first, and --explain says so.
cat >a.jsonl <<'EOF'
{"id":"page","title":"أبو ظبي","body":"مدينة على الخليج"}
{"id":"sheikh","title":"شيخ أبو ظبي","body":"أبو ظبي أبو ظبي أبو ظبي وحاكم أبو ظبي"}
{"id":"other","title":"دبي","body":"مدينة أخرى"}
EOF
index a.jsonl
ids -- 'ابو ظبى'
ids -- '"ابو ظبى"'
fihrist search -i "$INDEX" -n 1 -v --explain 'ابو ظبى' | grep title:
