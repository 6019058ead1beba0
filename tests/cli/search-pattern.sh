# Wildcards, fuzzy words, expressions and exact forms; a question mark at the end and a lone star are no patterns.
index "$SAMPLE"
for query in 'انتخاب*' 'الـمُدَرِّس*' 'م?رس' '*خاب*' 'title:ليب*' 'نفظ~' 'الانتخبات~' 'تنتخبت~2' '=سفينة' '=السفينة' '/سفين(ة|ه)/' '/cov.d/' 'COV*' \
    'سفينة AND قنا*' 'سفينة NOT قنا*' 'من هو؟' 'السفينة?' '* السفينة' 'a~3' '(سفين* OR نهر~) date:2021'; do
    printf '%s: ' "$query"
    ids --limit 3 -- "$query" | tr '\n' ' '
    echo
done
fihrist search -i "$INDEX" -n 1 --mark brackets --explain -- 'قنا*' | sed 's/^   [0-9.]* */   /'
for query in 'البحر /(/' 'السفينة~3' "$(printf 'ا%.0s' $(seq 300))*"; do
    fihrist search -i "$INDEX" -- "$query" 2>&1 | cut -c1-120 | head -2
done
