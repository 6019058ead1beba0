# Nothing found always has one line that says why, also in a pipe, and what is offered instead keeps the query's operators.
index "$SAMPLE"
say() {
    printf '%s\n' "$*"
    fihrist search -i "$INDEX" "$@" 2>&1
    echo "exit $?"
}
say 🔥
say ؟
say '""'
say '()'
say 'NOT *'
say -- '-مصر NOT * -date:2020'
say 'NOT ؟'
say --since 2050 -- -مصر
say --offset 100 -- -مصر
say 'section:أدب -section:أدب'
say 'section:مطبخ مصر'
say 'date:1901 مصر'
say 'date:1901'
say 'section:أخبار date:2019 مصر'
say --since 2050 مصر
say --since 2020 --until 2019 مصر
say --offset 100 مصر
say --all مصر تونس المغرب البحرين
say --min-match 3 مصر تونس البحرين
say --fields title المروحيات
say 'مصر AND "تونس المروحيات"'
say زقزقنجبيل
echo '--- nothing of an operator is another word'
for query in 'NOT hglyvf' '+hglyvf -مصر' '"hglyvf العربي" title:hglyvf' 'hglyvf AND (NOT zzyyvf)' 'section:أخبار hglyvf^2' '(hglyvf'; do
    printf '%s: ' "$query"
    fihrist search -i "$INDEX" -- "$query" 2>&1 | sed -n 's/.*did you mean//p'
    echo
done
echo '--- all but what is left out, and its opposite'
for query in 'NOT مصر' -مصر '* -مصر' مصر '-(-مصر)' 'NOT (مصر OR تونس) -title:البحر' '* NOT (مصر OR تونس) -title:البحر' \
    'NOT section:أخبار' '* -section:أخبار'; do
    echo "$query: $(fihrist search -i "$INDEX" --format ids -n 100 -- "$query" | sort | cksum)"
done
echo '--- the same in JSON and on a page'
fihrist search -i "$INDEX" --json 'NOT *' 2>&1
fihrist search -i "$INDEX" --format html 'section:<b> مصر' | grep 'class="count"'
echo '--- an index without documents'
mkdir empty
fihrist index -i none.fih empty
fihrist search -i none.fih مصر 2>&1
echo '--- one index'
try fihrist compact -i "$INDEX" -i none.fih 2>&1
