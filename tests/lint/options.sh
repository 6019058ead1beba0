#!/bin/sh
# options.sh FIHRIST - the manual pages and --help name the same options, and every command has its page.
fihrist=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
export LC_ALL=C.UTF-8

commands=$("$fihrist" --help | sed -n 's/^  \([a-z][a-z]*\)  *[A-Za-z].*/\1/p')
case " $(echo $commands) " in
*" index search "*) ok "fihrist --help lists the commands" ;;
*) not_ok "fihrist --help lists the commands" "$commands" ;;
esac
# The options of a page in mdoc or man macros, one a line: "Fl Fl limit" and "\-\-limit" are --limit.
options_of() {
    sed -e 's/\\-/-/g' -e 's/Fl Fl \([a-z]\)/ --\1/g' -e 's/\\f[BIRP]//g' "$1" | grep -v '^\.\\"' |
        grep -o -E -e '(^|[^a-z-])--[a-z][a-z0-9-]+' | grep -o -E -e '--[a-z0-9-]+' | sort -u
}
for c in $commands; do
    page=tools/man/fihrist-$c.1
    [ -f "$page" ] || { not_ok "fihrist $c has a manual page"; continue; }
    help=$("$fihrist" "$c" --help | grep -o -E -e '--[a-z][a-z0-9-]+' | sort -u)
    man=$(options_of "$page")
    empty "fihrist-$c(1) describes every option of --help" "$(
        for o in $help; do
            case " $(echo $man) " in *" $o "*) ;; *) [ "$o" = --help ] || echo "$o is missing in $page" ;; esac
        done
    )"
    empty "fihrist-$c(1) describes no option that does not exist" "$(
        for o in $man; do
            case " $(echo $help) " in *" $o "*) continue ;; esac
            # A page may speak of another command's option.
            for other in $commands; do "$fihrist" "$other" --help; done | grep -q -e "$o\\b" || echo "$o in $page"
        done
    )"
done
format=$(sed -n 's/^Format \([0-9]*\.[0-9]*\)\. .*/\1/p' lib/FORMAT.md)
case $("$fihrist" --version | sed -n 's/^format //p') in
"$format") ok "--version names the format that is described" ;;
*) not_ok "--version names the format that is described" "FORMAT.md: $format" ;;
esac
for page in fihrist.1 fihrist-query.7 fihrist-output.5; do
    [ -f "tools/man/$page" ] && ok "tools/$page is there" || not_ok "tools/$page is there"
done
if command -v mandoc >/dev/null 2>&1; then
    empty "manual pages format without a warning" "$(mandoc -T lint -W warning tools/man/*.[157] 2>&1)"
elif command -v groff >/dev/null 2>&1; then
    empty "manual pages format without a warning" "$(groff -mandoc -K utf8 -T utf8 -ww -z tools/man/*.[157] 2>&1)"
else
    skip "manual pages format without a warning" "no mandoc or groff"
fi
done_testing
