# One page: everything from the texts is escaped, only http addresses are links, nothing found is a page too; tables and names.
mkdir texts
printf '%s\n' '{"id":"<1>","title":"<script>alert(1)</script> نص \u202e قلب","body":"<img src=x onerror=y> كلمة & أخرى","url":"javascript:alert(1)//كلمة","section":"\"><i>"}' \
    '{"id":"2","title":"كلمة بلا شيء","body":"كلمة","date":"2024-05-01","url":"https://e.org/?a=1&b=\"2\"'"'"'>"}' >texts/a.jsonl
fihrist index -i "$INDEX" texts
fihrist search -i "$INDEX" --format html --facet section,date:year -- 'كلمة <b>'
fihrist search -i "$INDEX" --format html -v --explain -n 1 -- 'كلمة' | grep -c -e '<pre dir="ltr"' -e 'score [0-9]'
fihrist search -i "$INDEX" --format html -- nowhere | grep 'class="count"'
fihrist search -i "$INDEX" --format html -- English | grep '<html'
fihrist search -i "$INDEX" --format tsv -- 'كلمة'
fihrist search -i "$INDEX" --format ids -- 'كلمة'
fihrist search -i "$INDEX" --format html --queries texts/a.jsonl 2>&1
fihrist search -i "$INDEX" --format tsv --explain -- 'كلمة' 2>&1
