# compact merges all segments into one, gives space back and changes no answer.
for i in 1 2 3 4 5; do
    printf '{"id":"%s","body":"تفاح %s"}\n{"id":"x%s","body":"موز"}\n' $i $i $i | fihrist index -i "$INDEX" -
done
index "$SAMPLE"
fihrist delete -i "$INDEX" x3
fihrist search -i "$INDEX" --json تفاح | sed 's/"score":[0-9.]*//' | sort >before
fihrist compact -i "$INDEX" >/dev/null
fihrist search -i "$INDEX" --json تفاح | sed 's/"score":[0-9.]*//' | sort >after
cut -d, -f 3- before >b && cut -d, -f 3- after | cmp b - && echo same
fihrist stats -i "$INDEX" --json | grep -o '"segments":[0-9]*\|"deleted":[0-9]*'
