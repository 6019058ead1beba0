# ==word finds the form with its vowels and letters, read from the stored texts; hits and counts are those of such texts.
{
    printf '{"id":"one","title":"\331\203\331\220\330\252\331\216\330\247\330\250\331\214 جديد","body":"هذا كِتَابٌ كبير"}\n'
    printf '{"id":"bare","title":"كتاب","body":"قرأت كتاب الأدب"}\n'
    printf '{"id":"writers","title":"الكاتب","body":"الكِتَابُ والكتاب وكُتَّاب كثيرون, كُتَّابٌ"}\n'
    printf '{"id":"tanwin","title":"كتابٌ","body":"نص آخر"}\n'
    printf '{"id":"letters","title":"Café","body":"cafe \\u0643\\u0640\\u062a\\u0640\\u0627\\u0628\\u064c مدرسة مدرسه &#1571;&#1614;&#1605;&#1585;"}\n'
    for i in $(seq 1 700); do
        printf '{"id":"n%s","title":"رقم","body":"%s"}\n' "$i" "قَلَم قلم $([ $((i % 7)) = 0 ] && echo قِلَم)"
    done
} >docs.jsonl
index docs.jsonl
for query in '==كتابٌ' '==كِتابٌ' '==كُتّاب' '==كُتَّابٌ' '==كتاب' '=كتاب' 'title:==كتابٌ' '+==كتابٌ -جديد' '==مدرسة' '==مدرسه' '==Café' '==cafe' \
    '==CAFE' '==أَمر' '==امر' '==كتابْ' '"كتاب الأدب" ==كُتّاب'; do
    printf '%s: ' "$query"
    ids -- "$query" 2>/dev/null | sort | tr '\n' ' '
    echo
done
for query in '==قَلَم' '==قِلَم' '==قلم' '==قُلم'; do
    echo "$query: $(fihrist search -i "$INDEX" --limit 1000 --format ids -- "$query" 2>/dev/null | wc -l)"
done
fihrist delete -i "$INDEX" n7 n14
echo "deleted: $(fihrist search -i "$INDEX" --limit 1000 --format ids -- '==قِلَم' | wc -l)"
fihrist search -i "$INDEX" --mark brackets -- '==كُتّاب'
