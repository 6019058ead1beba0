#!/bin/sh
# catalogs.sh - what the command says is said in every language: nothing is missing, fuzzy, left over or ill-formed.
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh

if ! command -v xgettext >/dev/null || ! command -v msgcmp >/dev/null; then
    skip "catalogs are complete" "gettext is not installed"
    done_testing
fi
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
keywords=$(grep -o -e "--keyword=[a-zA-Z_:0-9,]*" tools/po/meson.build)
xgettext -C $keywords --from-code=UTF-8 --no-location -o "$top/now.pot" -f tools/po/POTFILES || echo "Bail out! xgettext"

for lang in ar fr; do
    po=tools/po/$lang.po
    empty "$lang: every text has its translation, without doubt (else add it to $po)" "$(
        msgcmp "$po" "$top/now.pot" 2>&1 | grep -v '^msgcmp: found'
    )"
    empty "$lang: every translation has its text (else take it out of $po)" "$(
        msgattrib --no-obsolete --no-wrap --set-obsolete --ignore-file="$top/now.pot" "$po" | grep '^#~ msgid'
    )"
    empty "$lang: formats, plurals and header fit" "$(
        msgfmt --check -o /dev/null "$po" 2>&1 | grep -v -e "header field 'PO-Revision-Date'" \
            -e "header field 'Last-Translator'" -e "header field 'Language-Team'"
    )"
    empty "$lang: nothing is translated by itself" "$(
        msgattrib --no-obsolete --no-wrap "$po" | awk -F'"' '
            /^msgid "/ { id = $2 } /^msgstr "/ { if ($2 == id && id ~ /[a-z][a-z][a-z][a-z]/ && id !~ /^(--|score)/) print id }'
    )"
done
empty "every file that speaks is in tools/po/POTFILES" "$(
    grep -l -e '[^a-zA-Z_]_("' -e 'ngettext(' -e '[^a-zA-Z_]N_("' tools/*.c tools/*/*.c | while read -r f; do
        grep -q -x "$f" tools/po/POTFILES || echo "$f"
    done
)"
done_testing
