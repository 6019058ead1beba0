# stats --json has at least the promised keys, on one line.
index "$SAMPLE"
fihrist stats -i "$INDEX" --json >out
wc -l <out
for key in documents terms bytes segments analyzer format last_commit; do
    grep -q "\"$key\":" out && echo "$key"
done
fihrist stats -i "$INDEX" >out && head -n 1 out | grep -c .
