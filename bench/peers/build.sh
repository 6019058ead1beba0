#!/bin/sh
# build.sh - compile another engine's program with driver.c when needed, into $PEERS_BUILD (default build-bench/peers of
# this project), and run it.
#
#   build.sh NAME SOURCE COMPILER HEADER PACKAGE LIBRARY -- ARG...
#
# The one argument "available" only compiles, "command" also prints the program. Ends with 77 and a line "skipped: ..." where something is missing.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
out=${PEERS_BUILD:-$here/../../build-bench/peers}
name=$1 source=$2 compiler=$3 header=$4 package=$5 library=$6
shift 7

skip() {
    echo "skipped: $1" >&2
    exit 77
}

if [ ! -x "$out/$name" ] || [ -n "$(find "$source" "$here/driver.c" "$here/driver.h" -newer "$out/$name")" ]; then
    for program in "${compiler%% *}" cc; do
        command -v "$program" >/dev/null || skip "no compiler ($program)"
    done
    mkdir -p "$out"
    # shellcheck disable=SC2086 # a compiler may be two words, as with ccache
    echo "#include <$header>" | $compiler -E -x "$([ "${source##*.}" = cc ] && echo c++ || echo c)" - >/dev/null 2>&1 ||
        skip "no $header (Debian: $package)"
    echo '#include <zlib.h>' | cc -E - >/dev/null 2>&1 || skip "no zlib.h (Debian: zlib1g-dev)"
    cc -std=c11 -D_DEFAULT_SOURCE -O2 -Wall -Wextra -c -o "$out/$name.driver.o" "$here/driver.c" >&2
    # shellcheck disable=SC2086
    $compiler -O2 -Wall -Wextra -o "$out/$name" "$source" "$out/$name.driver.o" "$library" -lz >&2
fi
case ${1-} in
available) exit 0 ;;
command) echo "$out/$name"; exit 0 ;;
esac
exec "$out/$name" "$@"
