# An operator with nothing to work on is an error that names its place, and never an answer.
index "$SAMPLE"
try fihrist search -i "$INDEX" 'مصر "القديمة'
try fihrist search -i "$INDEX" 'مصر title:'
ids --limit 3 القاهرة - مصر | wc -l
