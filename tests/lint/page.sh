#!/bin/sh
# page.sh - every colour of the page can be read on every ground: contrast of 4.5 to 1, WCAG 2.1's level AA.
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh

# The colours of one scheme, a line "name rrggbb" each.
colours() {
    tr -d '"\n' <tools/out/page_style.c | grep -o ':root{color-scheme[^}]*}\|prefers-color-scheme:dark){:root{[^}]*}' |
        sed -n "$1p" | grep -o -e '--[a-z]*:#[0-9a-f]*' | sed 's/--\([a-z]*\):#\(.*\)/\1 \2/'
}

# Relative luminance and contrast as WCAG 2.1 defines them.
contrast() {
    awk '
        function hex(s,  i, v) { v = 0; for (i = 1; i <= length(s); i++) v = v * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1; return v }
        function part(v) { v /= 255; return v <= 0.03928 ? v / 12.92 : exp(2.4 * log((v + 0.055) / 1.055)) }
        function light(c) { return 0.2126 * part(hex(substr(c, 1, 2))) + 0.7152 * part(hex(substr(c, 3, 2))) + 0.0722 * part(hex(substr(c, 5, 2))) }
        { l[$1] = light($2) }
        END {
            split("ink soft link", over); split("paper mark", under); seen = 0
            for (i in over) for (k in under) {
                a = l[over[i]]; b = l[under[k]]; seen += (over[i] in l) && (under[k] in l)
                if (a < b) { t = a; a = b; b = t }
                if ((a + 0.05) / (b + 0.05) < 4.5) printf "%s on %s: %.2f\n", over[i], under[k], (a + 0.05) / (b + 0.05)
            }
            if (seen != 6) print "a colour is missing"
        }'
}

empty "light: every colour has 4.5 to 1" "$(colours 1 | contrast)"
empty "dark: every colour has 4.5 to 1" "$(colours 2 | contrast)"
empty "the page loads nothing and runs nothing" "$(grep -n -e '<script' -e '@import' -e 'url(' tools/out/page_style.c tools/out/hits_html.c)"
done_testing
