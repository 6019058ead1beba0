# Dates in a query: spans, names of months, Hijri years; and what is none, with its place.
index "$SAMPLE"
for query in 'date:2023-09' 'ليبيا date:2023' 'date:2023-09..2023-10 ليبيا' 'البحر NOT date:>2000' 'date:"سبتمبر 2023"' 'date:١٤٤٥-٠٢' \
    '(date:2020 OR section:سياسة) الانتخابات' 'date:2020 date:2023' 'date:(2020 2023) section:أخبار'; do
    printf '%s: ' "$query"
    ids --limit 4 -- "$query" | tr '\n' ' '
    echo
done
for query in 'ليبيا date:غداة' 'date:2015-13' 'date:"2016..2015"'; do
    fihrist search -i "$INDEX" -- "$query" 2>&1
done
