#!/bin/sh
# layout.sh - the tree keeps its shape: top-level names, sizes of files, lists of sources.
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh

if tracked=$(git ls-files 2>/dev/null) && [ -n "$tracked" ]; then
    empty "nothing stands at the top but the agreed names" "$(
        echo "$tracked" | sed 's|/.*||' | sort -u | grep -v -x -e include -e lib -e tools -e tests -e bench \
            -e meson.build -e README.md -e LICENSE -e CHANGES.md -e .ci -e .editorconfig -e .gitignore
    )"
    empty "no file is over 1 MiB" "$(echo "$tracked" | while read -r f; do
        [ -f "$f" ] && [ "$(wc -c <"$f")" -gt 1048576 ] && echo "$f"
    done)"
else
    skip "nothing stands at the top but the agreed names" "not a git checkout"
    skip "no file is over 1 MiB" "not a git checkout"
fi
empty "no source file of lib or tools is over 700 lines" "$(
    wc -l include/*.h lib/*/*.[ch] tools/*.[ch] tools/*/*.[ch] | awk '$2 != "total" && $1 > 700 && $2 !~ /_tables?\.[ch]$/ && $2 != "include/fihrist.h"'
)"
empty "no line is over 120 columns" "$(
    for f in include/*.h lib/*/*.[ch] tools/*.[ch] tools/*/*.[ch]; do
        case $f in *_table.[ch] | *_tables.[ch]) continue ;; esac
        LC_ALL=C.UTF-8 grep -n -E '^.{121,}' "$f" | sed "s|^\([0-9]*\):.*|$f:\1 is too long|"
    done
)"
empty "every source is in its meson.build" "$(
    for f in lib/*/*.c; do grep -q "'${f#lib/}'" lib/meson.build || echo "$f is not in lib/meson.build"; done
    for f in tools/*.c tools/cmd/*.c tools/eval/*.c tools/opensearch/*.c tools/out/*.c tools/read/*.c tools/sqlite/*.c tools/postgres/*.c tools/man/*; do
        [ ! -f "$f" ] || grep -q "'${f#tools/}'" tools/meson.build || echo "$f is not in tools/meson.build"
    done
)"
empty "every test is in tests/meson.build" "$(
    listed() { tr '\n' ' ' <tests/meson.build | grep -o " $1 = \[[^]]*\]" | grep -q "'$2'"; }
    for f in tests/unit/test_*.c; do
        name=$(basename "$f" .c)
        listed '\(unit\|tools\)_tests' "${name#test_}" || echo "$f is not in tests/meson.build"
    done
    for f in tests/fuzz/fuzz_*.c; do
        name=$(basename "$f" .c)
        listed '\(tools_\)*fuzz_tests' "${name#fuzz_}" || echo "$f is not in tests/meson.build"
    done
    for f in tests/model/test_*.c tests/crash/test_*.c tests/damage/test_*.c tests/fault/test_*.c tests/thread/test_*.c; do
        name=$(basename "$f" .c)
        [ ! -f "$f" ] || grep -q "\['$(basename "$(dirname "$f")")', '${name#test_}'" tests/meson.build ||
            echo "$f is not in tests/meson.build"
    done
    for name in $(tr '\n' ' ' <tests/meson.build | grep -o "fuzz_tests = \[[^]]*\]" | grep -o "'[a-z0-9_]*'" | tr -d "'"); do
        [ -f "tests/fuzz/fuzz_$name.c" ] || echo "there is no tests/fuzz/fuzz_$name.c"
    done
    for f in tests/lint/*.sh; do
        grep -q "'$(basename "$f" .sh)'" tests/meson.build || echo "$f is not in tests/meson.build"
    done
)"
empty "no tabs, trailing blanks or carriage returns in sources" "$(
    grep -n -E "$(printf '\t|[ \t]$|\r')" include/*.h lib/*/*.[ch] tools/*.[ch] tools/*/*.[ch] tests/unit/*.[ch] lib/meson.build tools/meson.build \
        tests/meson.build meson.build | cut -c 1-100
)"
empty "shell scripts are well-formed" "$(
    for f in .ci/run tools/*.sh tests/*.sh tests/*/*.sh; do sh -n "$f" 2>&1; done
)"
empty "every CLI case says in its first line what it proves" "$(
    for f in tests/cli/*.sh; do
        case $f in */run.sh | */prelude.sh) continue ;; esac
        sed -n 1p "$f" | grep -q '^# .' || echo "$f"
    done
    for f in tests/cli/*.out tests/cli/*.err tests/cli/*.exit; do
        [ ! -f "$f" ] || [ -f "${f%.*}.sh" ] || echo "$f belongs to no case"
    done
)"
done_testing
