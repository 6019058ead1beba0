# An operator with nothing to work on is an error that names its place, in characters.
index "$SAMPLE"
try fihrist search -i "$INDEX" 'مصر "القديمة'
try fihrist search -i "$INDEX" 'مصر +'
