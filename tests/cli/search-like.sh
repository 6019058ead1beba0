# What else is about the same as a document; not itself, and in place of a query.
index "$SAMPLE"
ids -n 3 --like news-003
fihrist search -i "$INDEX" --like nowhere 2>&1
fihrist search -i "$INDEX" --like news-003 كلمة 2>&1
