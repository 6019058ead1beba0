# The command speaks Arabic and French where it is asked to: counts, reasons, warnings, the page; what programs read stays.
unless "gettext is not installed" command -v msgfmt
index "$SAMPLE"
for lang in ar fr en; do
    echo "--- $lang"
    fihrist search --lang $lang -i "$INDEX" 'section:مطبخ مصر' 2>&1
    fihrist search --lang $lang -i "$INDEX" hglyvf 2>&1
    fihrist search --lang $lang -i "$INDEX" --offset 100 مصر 2>&1
    fihrist search --lang $lang -i "$INDEX" --limit many مصر 2>&1
    fihrist search --lang $lang -i "$INDEX" '(مصر' 2>&1
    fihrist search --lang $lang -i "$INDEX" -n 1 -v --facet date:year --cursor مصر | grep -e '2023-10-31' -e ':$' -e after | sed 's/after .*/after/'
    fihrist search --lang $lang -i "$INDEX" --format html -n 1 --facet date:month مصر | grep -v '<style' | grep -e '<html' -e count -e '<time' -e '<h2[^>]*>[^<]*</h2>' -e 'href="#'
done
echo '--- of nothing, one, two, few, many and others'
for count in 0 1 2 3 10 11 99 100 102 103 111; do
    rm -rf many.fih docs
    mkdir docs
    i=0
    while [ $i -lt $count ]; do
        i=$((i + 1))
        printf '{"id":"%s","body":"كلمة"}\n' $i
    done >docs/a.jsonl
    fihrist index -i many.fih docs
    fihrist status -v --lang ar -i many.fih | sed 's/،.*//'
done
echo '--- as the environment says'
speak() { env "$@" fihrist search -i "$INDEX" 🔥 2>&1; }
speak LANG=ar_MA.UTF-8 LC_ALL=
speak LANG=fr_CA.UTF-8 LC_MESSAGES=ar LC_ALL=
speak LC_ALL=fr LANG=ar
speak LC_ALL=de_DE.UTF-8 LANGUAGE=xx:ar:fr
speak LC_ALL=C LANGUAGE=ar
speak LC_ALL=de_DE.UTF-8
speak LC_ALL=arabian
fihrist search --lang de -i "$INDEX" مصر 2>&1
LC_ALL=ar fihrist search -i "$INDEX" --lang fr 🔥 2>&1
LC_ALL=ar fihrist search -i "$INDEX" --lang en 🔥 2>&1
echo '--- not for programs'
for format in json tsv trec ids; do
    fihrist search -i "$INDEX" --format $format -n 3 مصر >en
    fihrist search -i "$INDEX" --lang ar --format $format -n 3 مصر | cmp en - && echo $format
done
fihrist search -i "$INDEX" --lang ar --json hglyvf 2>/dev/null
rm -rf many.fih
