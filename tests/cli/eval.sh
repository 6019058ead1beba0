# eval searches files of queries and prints the measures of each, with --each those of every query, as text and as JSON.
cat >a.jsonl <<'END'
{"id":"d1","title":"القمر","body":"القمر جار الأرض"}
{"id":"d2","title":"الشمس","body":"الشمس نجم قريب"}
{"id":"d3","title":"النجوم","body":"النجوم بعيدة والشمس أقرب نجم من غيرها من النجوم"}
END
index a.jsonl
printf 'q1\tالقمر\nq2\tالشمس\nq3\tزحل\nq4\tالأرض\n' >queries.tsv
printf 'q1\t"القمر -جار +(\n' >odd.tsv
# q1 is found at once, q2 at rank 2, q3 never; q4 has no relevant document and does not count.
printf 'q1 0 d1 1\nq2 0 d3 2\nq2 0 d2 0\nq3 0 d2 1\nq4 0 d1 0\n' >qrels.txt
fihrist eval -i "$INDEX" --qrels qrels.txt --queries queries.tsv --queries odd.tsv
echo ---
fihrist eval -i "$INDEX" --qrels qrels.txt --queries queries.tsv --each --threads 2
echo ---
fihrist eval -i "$INDEX" --qrels qrels.txt --queries queries.tsv --each --json
echo ---
fihrist eval -i "$INDEX" --qrels qrels.txt --queries queries.tsv -n 1 --json
fihrist eval -i "$INDEX" --qrels qrels.txt --queries queries.tsv --fields title --json
