# Wildcards, fuzzy words, expressions and exact forms; a question mark at the end and a lone star are no patterns.
index "$SAMPLE"
for query in 'انتخاب*' 'الـمُدَرِّس*' 'م?رس' '*خاب*' 'title:ليب*' 'نفظ~' 'الانتخبات~' 'تنتخبت~2' '=سفينة' '=السفينة' '/سفين(ة|ه)/' '/cov.d/' 'COV*' \
    'سفينة AND قنا*' 'سفينة NOT قنا*' 'من هو؟' 'السفينة?' '* السفينة' 'a~3' '(سفين* OR نهر~) date:2021'; do
    printf '%s: ' "$query"
    ids --limit 3 -- "$query" | tr '\n' ' '
    echo
done
fihrist search -i "$INDEX" -n 1 --mark brackets --explain -- 'قنا*' | sed 's/^   [0-9.]* */   /'
# A regular expression is bounded: what would take a backtracking matcher for ever is found at once, or refused.
for query in '/(.*)*مدر(.*)*س(.*)*/' '/(ا|ا|ب)*(سفين|قنا)[ةه]?/' '/^\w{1,4}رس[هي]$/' '/سَفِينَة/' '/[^ف-ي]فين[ة]/' 'title:/ليب.?/' '(/[)]x/ OR سفينة)' \
    '/(a*)*b/'; do
    printf '%s: ' "$query"
    ids --timeout 2000 --limit 3 -- "$query" | tr '\n' ' '
    echo
done
for query in 'نهر /a{1000}{1000}/' 'title:/(a{200}){200}/' '/(ب)\1/' '/سفينة(?=s)/' '/ب*?/' '/[ي-ا]/' '+/ب\p{L}/'; do
    fihrist search -i "$INDEX" -- "$query" 2>&1 | head -3
done
for query in 'البحر /(/' 'السفينة~3' "$(printf 'ا%.0s' $(seq 300))*"; do
    fihrist search -i "$INDEX" -- "$query" 2>&1 | cut -c1-120 | head -2
done
