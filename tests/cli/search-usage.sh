# Wrong use is one line on standard error and ends with 1.
index "$SAMPLE"
try fihrist search -i "$INDEX"
try fihrist search -i "$INDEX" --limit 0 مصر
try fihrist search -i "$INDEX" --limit many مصر
try fihrist search -i "$INDEX" --format xml مصر
try fihrist search -i "$INDEX" --fields author مصر
try fihrist search -i "$INDEX" --weights form=half مصر
try fihrist search -i "$INDEX" --weights stem=1 مصر
try fihrist search -i "$INDEX" مصر --json
try fihrist search -i "$INDEX" --queries no-such-file
