# All documents that a query finds are deleted, in one commit; a query that is none deletes nothing.
cat >a.jsonl <<'END'
{"id":"1","title":"بحر","tags":"إعلان","pages":1}
{"id":"2","title":"بحر","tags":"خبر","pages":20}
{"id":"3","title":"نهر","tags":"إعلان","pages":300}
END
fihrist index -i "$INDEX" --field tags:keyword* --field pages:integer a.jsonl
fihrist delete -i "$INDEX" --query 'tags:إعلان' --query 'titel:x' 2>&1
echo "exit $?"
fihrist delete -v -i "$INDEX" --query 'بحر pages:<10' --query 'tags:إعلان NOT بحر' --query 'قطار' 2>&1
echo "exit $?"
fihrist search -i "$INDEX" --format ids '*'
