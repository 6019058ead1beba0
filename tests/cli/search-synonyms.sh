# Synonyms: any form of a word, and phrases, stand for their set; a wrong file is refused with its line.
index "$SAMPLE"
printf '# sets\nسفينة, مركب ، الباخرة\nمركبة\tسيارة\nمجرى قناة السويس, القناة المصرية\negypt,مصر\n' >sets
for query in 'باخرة' 'الباخرات' '"القناة المصرية"' 'باخرة -السويس' '+باخرة' 'Egypt' 'باخرة Egypt' 'title:باخرة'; do
    printf '%s: ' "$query"
    ids -n 3 -- "$query" | tr '\n' ' '
    printf '/ '
    ids -n 3 --synonyms sets -- "$query" | tr '\n' ' '
    echo
done
fihrist search -i "$INDEX" -n 1 --mark brackets --synonyms sets -- 'باخرة' | tail -n +3
printf 'q1\tباخرة\nq2\tEgypt\n' >queries
fihrist search -i "$INDEX" --format ids -n 3 --synonyms sets --queries queries
for set in 'وحيد' 'أ,!' "$(printf 'ا%.0sا, ' $(seq 70))"; do
    printf 'ا, ب\n%s\n' "$set" >wrong
    fihrist search -i "$INDEX" --synonyms wrong -- 'باخرة' 2>&1
done
printf '\377, x\n' >wrong
fihrist search -i "$INDEX" --synonyms wrong -- 'باخرة' 2>&1
fihrist search -i "$INDEX" --synonyms nowhere -- 'باخرة' 2>&1
