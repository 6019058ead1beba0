# When nothing or little is found another query is offered, with the reason, as the texts spell it, or none.
index "$SAMPLE"
for query in hglyvf almaghrib tounes 'السفينةىة' 'السفيمة' 3abd 'zzzzqq' 'السفرن' 'UGTT' 'ISIS' 'البحرين' \
    'قناة السوييس' 'title:البحرر' '=السفينةىة' 'مصر' 'NOT رياضة' '-رياضة'; do
    printf '%s: ' "$query"
    fihrist search -i "$INDEX" --format ids -- "$query" >hits 2>said
    echo "exit $?"
    sed -n 's/^.*did you mean//p' said
    fihrist search -i "$INDEX" -n 1 -- "$query" 2>&1 >/dev/null | sed -n 's/^.*did you mean//p'
done
echo '--- in JSON: alone, or behind the hits of the first page'
fihrist search -i "$INDEX" --json -- hglyvf
echo "exit $?"
fihrist search -i "$INDEX" -n 1 --json -- 'قناة السوييس' | sed 's/^{"schema":1,"rank".*/a hit/'
fihrist search -i "$INDEX" -n 1 --offset 1 --json -- 'قناة السوييس' | sed 's/^{"schema":1,"rank".*/a hit/'
fihrist search -i "$INDEX" -n 1 --cursor --json -- 'قناة السوييس' | sed -n "s/^{\"schema\":1,\"\([a-z]*\).*/\1/p"
echo '--- on a page, by the same options'
fihrist search -i "$INDEX" --format html --link-base x -- 'قناة السوييس' | grep -o '<br>did you mean.*</a>?'
fihrist search -i "$INDEX" --until 1990 -- hglyvf 2>&1
fihrist search -i "$INDEX" --lang fr -- almaghrib 2>&1
echo '--- words that stay, typed in bare letters, are spelt as in the texts; a letter that was chosen is left'
rm -rf "$INDEX"
{
    for i in 1 2 3 4; do echo "{\"id\":\"a$i\",\"body\":\"أزمة كوفيد في تونس\"}"; done
    for i in 1 2 3 4 5; do echo "{\"id\":\"b$i\",\"body\":\"قال كوفي عنان. فار من السجن\"}"; done
} >a.jsonl
index a.jsonl
for query in 'ازمه كوفيدد' 'أزمه كوفيدد' '=ازمه كوفيدد' '"ازمه كوفيدد"' 'السجن فأر كوفيدد'; do
    fihrist search -i "$INDEX" -n 1 -- "$query" 2>&1 >/dev/null | sed -n 's/^.*did you mean//p'
done
true
