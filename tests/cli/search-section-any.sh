# Sections that begin so, any section and any date are filters like those of other fields; in quotation marks an asterisk is itself.
index "$SAMPLE"
count() {
    fihrist search -i "$INDEX" --json -n 100 "$@" | wc -l
}
echo "$(count 'section:أخبار') $(count 'section:أخ*') $(count 'section:*') $(count '* -section:*')"
echo "$(count 'البحر section:أ*') $(count '(البحر section:أ*) OR (البحر section:ت*)') $(count 'البحر +section:ت*')"
echo "$(count 'date:*') $(count '* -date:*') $(count 'البحر date:*') $(count 'البحر -date:*') $(count 'البحر')"
try fihrist search -i "$INDEX" 'section:"أخ*"'
try fihrist search -i "$INDEX" 'section:ظ*'
try fihrist search -i "$INDEX" 'date:"*"'
try fihrist search -i "$INDEX" 'date:2*'
printf '{"id":"s","section":"أخ*","body":"x"}\n' >s.jsonl
index s.jsonl
echo "$(count 'section:"أخ*"') $(count 'section:"*"')"
