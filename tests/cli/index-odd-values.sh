# Half a surrogate, numbers past 64 bits, NaN, U+0000, a key twice, byte order marks of joined files: no document is lost.
cat >a.jsonl <<'EOF'
{"id":"1","title":"رمّان","body":"عصير \ud83d طازج","tags":["\udc00",18446744073709551615, NaN]}
{"id":"2","title":"رمان","hash":-9999999999999999999,"score":1e999,"mean":NaN,"price":1.50,"date":18446744073709551616}
{"id":"3","title":"رمان\u0000حامض","body":"أوّل","body":"الأخير"}
{"id":18446744073709551617,"title":"رمان"}
EOF
printf '\357\273\277{"id":"5","title":"رمان"}' >b.jsonl
printf '\357\273\277{"id":"6","title":"رمان"}\n' >c.jsonl
cat a.jsonl b.jsonl c.jsonl >d.jsonl
index d.jsonl
ids رمان | sort
ids حامض
ids اول
fihrist show -i "$INDEX" --json 1 2 3 18446744073709551617
