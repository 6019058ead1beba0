# A footer that many documents of one host have is left out of later ones; documents without an address keep theirs.
i=0
while [ $i -lt 30 ]; do
    printf '{"id":"d%d","body":"خبر رقم %d\\nاتصلوا بقسم التحرير صباحا","url":"https://example.org/%d"}\n' $i $i $i
    printf '{"id":"book%d","body":"باب رقم %d\\nقال المصنف رحمه الله","url":""}\n' $i $i
    i=$((i + 1))
done >a.jsonl
index a.jsonl
echo "with the footer: $(ids -n 99 '+التحرير' | wc -l | awk '$1 >= 8 && $1 <= 12 { print "the first ones"; next } { print }')"
echo "books: $(ids -n 99 '+المصنف' | wc -l)"
fihrist show -i "$INDEX" --field body d29
echo
INDEX=threads.fih
fihrist index -t 4 -i "$INDEX" a.jsonl
echo "with four threads: $(ids -n 99 '+التحرير' | wc -l | awk '$1 >= 8 && $1 <= 12 { print "the same"; next } { print }')"
fihrist index --no-clean -i whole.fih a.jsonl
INDEX=whole.fih
echo "with --no-clean: $(ids -n 99 '+التحرير' | wc -l)"
