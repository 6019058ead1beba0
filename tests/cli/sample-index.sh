# The sample collection is indexed whole, in silence, and every kind of file in it is found.
index "$SAMPLE"
echo "$(documents) documents"
echo "text files: $(ls $SAMPLE/txt/*.txt | wc -l), pages: $(ls $SAMPLE/html/*.html | wc -l), lines: $(cat $SAMPLE/*.jsonl | wc -l)"
ids قصر الفريد | head -n 1
ids البصرة الكتاب جليسا | head -n 1
ids الانتخابات البلدية في طرابلس | head -n 1
