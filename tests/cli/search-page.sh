# Counts of a page are links: to hits on it, or with --link-base to queries; so are what was meant and the next page.
cat >a.jsonl <<'END'
{"id":"1","body":"كلمة في البحر","section":"أخبار","date":"2024-05-01"}
{"id":"2","body":"كلمة","section":"رأي","date":"2024-04-30T10:00:00Z"}
{"id":"3","body":"كلمة","section":"قسم \"غريب\" <b>","date":"2023-01-02"}
{"id":"4","body":"كلمة","section":"بعيد","date":"2022-01-02"}
END
index a.jsonl
page() { fihrist search -i "$INDEX" --format html "$@"; }
links() { grep -o -e '<li>.*</li>' -e '<p class="more">.*' -e '<a href="[^"]*">[^/]*</bdi></a>' -e 'id="h[0-9]*"'; }
decoded() {
    LC_ALL=C awk '{
        n = split($0, part, "%")
        for (i = 2; i <= n; i++) {
            a = index("0123456789ABCDEF", substr(part[i], 1, 1)) - 1
            b = index("0123456789ABCDEF", substr(part[i], 2, 1)) - 1
            part[1] = part[1] sprintf("%c", a * 16 + b) substr(part[i], 3)
        }
        print part[1] }'
}
echo '--- alone'
page -n 3 --facet section,date:year,date:month,date:day --cursor 'كلمة' | links | sed 's/after [^<]*/after CURSOR/'
page -n 1 --offset 2 --facet date:year 'كلمة' | links
echo '--- with a program'
page -n 3 --facet section,date:month --cursor --link-base 'search.cgi?lang=ar&x=<y>' 'كلمة OR "البحر"' | links | sed 's/after=[^"]*/after=CURSOR/'
page --link-base https://example.org/s hglm 2>&1 | links
page --link-base https://example.org/s 'كلنة' 2>&1 | links
echo '--- a link finds what it counts'
for query in $(page -n 1 --facet section,date:month --link-base x 'كلمة' | grep -o 'q=[^"]*"' | tr -d '"' | sed 's/^q=//'); do
    fihrist search -i "$INDEX" --format ids -- "$(echo "$query" | decoded)" | tr '\n' ' '
done
echo
echo '--- the next page'
cursor=$(page -n 3 --cursor --link-base x 'كلمة' | grep -o 'after=[^"]*' | cut -d= -f2)
fihrist search -i "$INDEX" -n 3 --after "$cursor" --format ids 'كلمة'
page -n 3 --after "$cursor" --cursor 'كلمة' | grep -c 'class="more"'
echo '--- not from these'
for base in 'javascript:alert(1)' 'data:x' '' 'a#b' 'a b' 'mailto:x'; do
    page --link-base "$base" 'كلمة' 2>&1
done
fihrist search -i "$INDEX" --link-base x 'كلمة' 2>&1
page --like 2 --facet section --link-base x | grep -c 'q='
true
