# --format trec gives run lines for a file of queries, whose texts are plain words whatever characters they hold.
cat >a.jsonl <<'END'
{"id":"d1","title":"القمر","body":"القمر جار الأرض"}
{"id":"d2","title":"الشمس","body":"الشمس نجم قريب"}
{"id":"d 3","title":"النجوم","body":"النجوم بعيدة والشمس أقرب نجم"}
END
index a.jsonl
printf 'q1\tالقمر\nq2\t"الشمس -نجم +(\nq3\tلاشيءهنا\n' >queries.tsv
fihrist search -i "$INDEX" --format trec --tag test --queries queries.tsv | sed 's/ [0-9]*\.[0-9]* test$/ S test/'
echo ---
fihrist search -i "$INDEX" --format trec --queries queries.tsv --threads 2 >two
fihrist search -i "$INDEX" --format trec --queries - --threads 1 <queries.tsv >one
cmp one two && echo "same with two threads and from standard input"
