#!/bin/sh
# run.sh FIHRIST [CASE]... - run the cases of this folder with the command FIHRIST and print TAP.
#
# A case is NAME.sh, run by sh in an empty folder, and what must come of it: NAME.out, NAME.err (absent:
# nothing) and NAME.exit (absent: 0). It may use
#   fihrist   the command under test        $SAMPLE   a fresh copy of tools/sample
#   $INDEX    where to make the index
#   $HERE     the empty folder              unless "..."   to skip: see prelude.sh
#   $AGE      age.c, where the caller has built it
# After a case that leaves an index at $INDEX, `fihrist check` must find it clean. Every file starts with a
# comment line: the sentence that the case proves.
#   UPDATE=1  write .out, .err and .exit from what happened: read the difference before you commit it
set -u
cli=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$cli/../.." && pwd)
fihrist=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
. "$root/tests/tap.sh"
"$fihrist" --version >/dev/null || { echo "Bail out! cannot run $fihrist"; exit 2; }

top=$(mktemp -d)
trap 'chmod -R u+rwX "$top" 2>/dev/null; rm -rf "$top"' EXIT
mkdir "$top/bin"
ln -s "$fihrist" "$top/bin/fihrist"

unset FIHRIST_INDEX NO_COLOR CDPATH 2>/dev/null || :
export FIHRIST="$fihrist" PATH="$top/bin:$PATH" LC_ALL=C.UTF-8 TZ=UTC TERM=dumb
export INDEX=index.fih SAMPLE=sample CLI="$cli"

# Compare FILE (absent: empty) with what came.
compare() {
    if [ -f "$cli/$name.$1" ]; then
        diff -u --label "$name.$1" --label "what came" "$cli/$name.$1" "$top/$1" >>"$top/why" || good=no
    elif [ -s "$top/$1" ]; then
        diff -u --label "$name.$1 (absent)" --label "what came" /dev/null "$top/$1" >>"$top/why"
        good=no
    fi
}

keep() {
    if [ "$2" = "$3" ]; then
        rm -f "$cli/$name.$1"
    else
        cp "$top/$1" "$cli/$name.$1"
    fi
}

run_case() {
    name=$1
    claim=$(sed -n '1s/^# *//p' "$cli/$name.sh")
    good=yes
    : >"$top/why"
    HERE=$top/case
    export HERE
    mkdir "$HERE"
    (
        cd "$HERE" || exit 99
        cp -R "$root/tools/sample" sample
        cat "$cli/prelude.sh" "$cli/$name.sh" >"$top/script"
        sh "$top/script" >"$top/out.raw" 2>"$top/err.raw" </dev/null
    )
    status=$?
    sed "s|$HERE|HERE|g; s|$root|ROOT|g" "$top/out.raw" >"$top/out"
    sed "s|$HERE|HERE|g; s|$root|ROOT|g; s|$top/script|script|g" "$top/err.raw" >"$top/err"
    if [ "$status" = 77 ]; then
        skip "$name: $claim" "$(tail -n 1 "$top/out")"
    else
        echo "$status" >"$top/exit"
        if [ -n "${UPDATE:-}" ]; then
            keep exit "$status" 0
            keep out "$(wc -c <"$top/out" | tr -d ' ')" 0
            keep err "$(wc -c <"$top/err" | tr -d ' ')" 0
        fi
        compare out
        compare err
        [ "$status" = "$(cat "$cli/$name.exit" 2>/dev/null || echo 0)" ] || {
            echo "exit status $status, want $(cat "$cli/$name.exit" 2>/dev/null || echo 0)" >>"$top/why"
            good=no
        }
        if [ -d "$HERE/$INDEX" ] && [ ! -e "$HERE/no-check" ] &&
            ! (cd "$HERE" && fihrist check -i "$INDEX") >"$top/check" 2>&1; then
            echo "the index that the case leaves is not clean:" >>"$top/why"
            cat "$top/check" >>"$top/why"
            good=no
        fi
        if [ $good = yes ]; then
            ok "$name: $claim"
        else
            not_ok "$name: $claim" "$top/why"
        fi
    fi
    chmod -R u+rwX "$HERE"
    rm -rf "$HERE"
}

[ $# -gt 0 ] || set -- $(cd "$cli" && ls *.sh | grep -v -e '^run\.sh$' -e '^prelude\.sh$')
for each; do
    run_case "$(basename "$each" .sh)"
done
done_testing
