# When nothing is found another query is offered, with the reason; complete goes on with the last word.
index "$SAMPLE"
for query in hglyvf almaghrib 'tounes' 'السفينةىة' 'البرلمن الجزايري' 3abd 'zzzzqq' 'السفرن'; do
    printf '%s: ' "$query"
    fihrist search -i "$INDEX" -- "$query" 2>&1 | sed '1s/.*nothing found.*//; s/^fihrist search: //' | head -2 | tr -d '\n'
    echo
done
fihrist search -i "$INDEX" --json -- hglyvf
echo "exit $?"
fihrist complete -i "$INDEX" -n 3 'قناة السو'
fihrist complete -i "$INDEX" -n 2 --json 'الانت'
fihrist complete -i "$INDEX" 'لالالالا'
echo "exit $?"
fihrist complete -i "$INDEX" 2>&1
