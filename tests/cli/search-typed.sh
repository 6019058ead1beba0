# What people type: a tag is a phrase, quotation marks of every kind make one, and a quotation of stop words finds its text.
cat >docs.jsonl <<'EOF'
{"id":"tag","body":"شارك في #يوم_الأرض اليوم"}
{"id":"words","body":"احتفلنا في يوم الأرض"}
{"id":"apart","body":"الأرض لنا في كل يوم"}
{"id":"quote","body":"إن هذا من عندنا وليس من الله في شيء"}
{"id":"other","body":"الله في كل شيء عندنا"}
{"id":"entity","title":"&#1582;&#1576;&#1585; عاجل &quot;جدا&quot;","body":"&#1571;&#1593;&#1604;&#1606;&#1578; &#1608;&#1586;&#1575;&#1585;&#1577; &#1575;&#1604;&#1586;&#1585;&#1575;&#1593;&#1577;"}
EOF
index docs.jsonl
for query in '#يوم_الأرض' 'يوم الأرض' '«يوم الأرض»' '“يوم الأرض”' '„يوم الأرض“' '‹يوم الأرض›' '+«الأرض لنا»' 'ليس من الله في شيء' 'وزارة' 'خبر' 'quot'; do
    printf '%s: ' "$query"
    ids -- "$query" 2>/dev/null | tr '\n' ' '
    echo
done
fihrist search -i "$INDEX" --mark brackets -- 'وزارة خبر'
fihrist search -i "$INDEX" --format html -- 'وزارة' | grep -c '<mark>وزارة</mark>'
