# The index does not depend on --threads, nor its answers on --memory.
index --threads 1 "$SAMPLE"
fihrist search -i "$INDEX" -v --limit 20 المدينة العربية >one
rm -rf "$INDEX"
index --threads 4 --memory 16M "$SAMPLE"
fihrist search -i "$INDEX" -v --limit 20 المدينة العربية | cmp one - && echo same
