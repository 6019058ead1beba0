#!/bin/sh
# floors.sh - every #include "..." in lib/ and tools/ obeys the table of lib/README.md ("Floors").
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh

# floor FOLDER ALLOWED-PATTERN: what a file of lib/FOLDER may include beside its own folder and fihrist.h.
floor() {
    [ -d "lib/$1" ] || { skip "lib/$1 includes only the floors below it" "no such folder"; return; }
    empty "lib/$1 includes only the floors below it" "$(
        grep -n '^ *# *include *"' "lib/$1"/*.[ch] /dev/null | grep -v -E "\"(fihrist\\.h|$1/[a-z0-9_]+\\.h${2:+|$2})\""
    )"
}

floor base ''
floor text   '(base/[a-z0-9_]+|[a-z_]+_rows)\.h'
floor codec  'base/[a-z0-9_]+\.h'
floor store  'base/[a-z0-9_]+\.h'
floor index  '(base|store|codec)/[a-z0-9_]+\.h|text/(analyzer|calendar|clean|date|signature|tokenizer)\.h'
floor search '(base|codec|text|index)/[a-z0-9_]+\.h'
floor api    '(base|codec|text|index|store|search)/[a-z0-9_]+\.h'

# A quoted name with a folder in it, in tools, would be a way into lib.
empty "tools includes fihrist.h and headers of tools, nothing of lib" "$(
    grep -n '^ *# *include *"' tools/*.[ch] tools/*/*.[ch] | grep -v -E '"(fihrist|cli|(cmd|eval|opensearch|out|postgres|read)/[a-z0-9_]+)\.h"'
    for f in $(sed -n 's/^ *# *include *"\([a-z0-9_\/]*\.h\)".*/\1/p' tools/*.[ch] tools/*/*.[ch] | sort -u); do
        [ "$f" = fihrist.h ] || [ -f "tools/$f" ] || echo "$f is no header of tools"
    done
)"
empty "only lib/store includes lmdb.h" "$(grep -ln '# *include *<lmdb\.h>' lib/*/*.[ch] tools/*.[ch] tools/*/*.[ch] | grep -v '^lib/store/')"
empty "each .c of lib includes its own header first, when it has one" "$(
    for f in lib/*/*.c; do
        own=${f#lib/}
        own=${own%.c}.h
        [ -f "lib/$own" ] || continue
        first=$(sed -n 's/^ *# *include *["<]\([^">]*\)[">].*/\1/p' "$f" | head -n 1)
        [ "$first" = "$own" ] || echo "$f includes $first first"
    done
)"
done_testing
