# An index whose analyzer is old is read, checked, copied and exported, and loses documents; only what would search or add is refused.
unless "no program to make an index old" test -x "${AGE:-}"
printf '{"id":"1","title":"نجم","body":"نجم بعيد"}\n{"id":"2","body":"قمر"}\n{"id":"3","body":"شمس"}\n' >a.jsonl
index a.jsonl
fihrist delete -i "$INDEX" 3
fihrist export -i "$INDEX" >before
"$AGE" "$INDEX" || exit
for command in 'search نجم' 'index a.jsonl' 'complete نجم' 'analyze نجم' 'delete --query نجم' 'status --max-age 1h'; do
    echo "--- $command"
    try fihrist ${command%% *} -i "$INDEX" $(echo "$command" | sed -n 's/^[a-z]* //p') 2>&1 |
        sed 's/tables=[^)]*/.../; s/icu=[1-9][0-9.]*;unicode=1[^)]*/.../g'
done
echo --- show, stats, check, backup, export
fihrist show -i "$INDEX" 1
fihrist stats -i "$INDEX" | grep -A2 -e documents -e ^analyzer
fihrist stats -i "$INDEX" --json | grep -o '"needs_rebuild":[a-z]*'
fihrist check -i "$INDEX" -v
fihrist backup -i "$INDEX" copy.fih && fihrist check -i copy.fih -v
fihrist export -i "$INDEX" | cmp - before && echo "the export is that of before"
echo --- delete, compact
fihrist delete -i "$INDEX" -v 2
fihrist compact -i "$INDEX" && fihrist stats -i "$INDEX" | grep -e deleted -e documents
# And of an analyzer that is not known at all.
"$AGE" "$INDEX" arabic-2090
fihrist show -i "$INDEX" --field title 1
fihrist search -i "$INDEX" نجم
