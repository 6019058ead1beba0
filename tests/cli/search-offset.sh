# --limit and --offset cut windows out of one ranking.
index "$SAMPLE"
ids --limit 12 العربية المدينة >all
for at in 0 4 8; do
    ids --limit 4 --offset $at العربية المدينة
done >windows
wc -l <all
cmp all windows && echo same
