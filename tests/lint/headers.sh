#!/bin/sh
# headers.sh - the public header compiles alone in three languages, every internal one alone in C11.
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo '#include "fihrist.h"
int use(void); int use(void) { return FIH_OK; }' >"$work/use.c"
cp "$work/use.c" "$work/use.cc"
public() {
    language=$1
    shift
    if ! command -v "$1" >/dev/null 2>&1; then
        skip "fihrist.h compiles alone as $language" "no $1"
    elif "$@" -Wall -Wextra -pedantic -Werror -Iinclude -c -o "$work/use.o" >"$work/log" 2>&1; then
        ok "fihrist.h compiles alone as $language"
    else
        not_ok "fihrist.h compiles alone as $language" "$work/log"
    fi
}
public C99 gcc -std=c99 "$work/use.c"
public C11 gcc -std=c11 -Wstrict-prototypes "$work/use.c"
public C++11 g++ -std=c++11 "$work/use.cc"
public C++20 g++ -std=c++20 "$work/use.cc"
[ ! -x "$(command -v clang)" ] || public "C11 (clang)" clang -std=c11 "$work/use.c"

alone() {
    for h in $2; do
        echo "#include \"$h\"" >"$work/h.c"
        echo "typedef int at_least_one_declaration;" >>"$work/h.c"
        gcc -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra -Wpedantic -Werror $3 -fsyntax-only "$work/h.c" 2>&1 | head -n 5
    done >"$work/log"
    empty "every header of $1 compiles alone" "$(cat "$work/log")"
}
alone lib "$(cd lib && ls */*.h)" "-Iinclude -Ilib"
server=$(pg_config --includedir-server 2>/dev/null)
[ -f "$server/postgres.h" ] || no_server=postgres/pg.h
alone tools "$(cd tools && ls *.h */*.h | grep -v -x "${no_server:-}")" "-Iinclude -Itools -isystem ${server:-.} $(pkg-config --cflags jansson)"

empty "the public header names no type of ICU, LMDB or libstemmer" "$(grep -n -E 'UChar|MDB_|sb_stemmer|unicode/|lmdb' include/fihrist.h)"
empty "every opts struct has an INIT macro" "$(
    for s in $(sed -n 's/^} \(fih_[a-z_]*_opts\);.*/\1/p' include/fihrist.h); do
        m=$(echo "$s" | tr a-z A-Z)_INIT
        grep -q "#define $m " include/fihrist.h || echo "$m"
    done
)"
done_testing
