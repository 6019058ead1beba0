#!/bin/sh
# Run every test, in two builds: build/ as users have it, build-asan/ with ASan and UBSan; and the tests of threads in a
# third, build-tsan/ with ThreadSanitizer. With CI=true also tests/builds.sh: every compiler and kind of build.
# The last line is "N passed, N failed, N skipped"; the exit status is 0 when nothing failed.
#   FIHRIST_SHARED   a folder of test collections (default: ../shared beside the checkout); without it
#                    the tests that need them say that they are skipped
#   JOBS             programs at a time (default: as many as there are processors)
set -eu
cd "$(dirname "$0")/.."
root=$PWD
jobs=${JOBS:-$(nproc 2>/dev/null || echo 2)}
start=$(date +%s)

if [ -z "${FIHRIST_SHARED:-}" ] && [ -d "$root/../shared/data" ]; then
    FIHRIST_SHARED=$(cd "$root/../shared" && pwd)
fi
export FIHRIST_SHARED="${FIHRIST_SHARED:-}"

stop() {
    echo "$1"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
}

# build DIR [OPTION]...
build() {
    dir=$1
    shift
    if [ -f "$dir/build.ninja" ]; then
        set -- meson setup --reconfigure "$dir" "$@"
    else
        set -- meson setup "$dir" "$@"
    fi
    "$@" >"$work/log" 2>&1 || { cat "$work/log"; stop "cannot configure $dir"; }
    ninja -C "$dir" $targets -j "$jobs" >"$work/log" 2>&1 || { grep -v '^\[' "$work/log"; stop "cannot build $dir"; }
}

# run DIR [OPTION]...: the tests of one build; what they print is kept in $work/DIR for the count.
run() {
    dir=$1
    shift
    mkdir "$work/$dir"
    TAP_DIR=$work/$dir meson test -C "$dir" "$@" --no-rebuild --num-processes "$jobs" \
        --wrapper "sh $root/tests/collect.sh" >"$work/log" 2>&1 || :
    if [ -z "$(ls "$work/$dir")" ]; then
        cat "$work/log"
        stop "no test ran in $dir"
    fi
    echo "$dir: $(ls "$work/$dir" | grep -c '\.tap$') test programs, $(($(date +%s) - start)) s"
}

ci=
[ "${CI:-}" != true ] || ci="clang dpkg-dev"
sh tools/setup.sh g++ mandoc zstd sqlite3 libsqlite3-dev libnanopb-dev python3-protobuf postgresql-15 \
    postgresql-server-dev-15 parallel xxhash $ci >&2 || stop "cannot install what the tests need"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

targets=
build build
build build-asan -Db_sanitize=address,undefined -Dbuildtype=debugoptimized
targets=tests/test_threads
build build-tsan -Db_sanitize=thread -Dbuildtype=debugoptimized
echo "built, $(($(date +%s) - start)) s"

export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0
run build
run build-asan
run build-tsan --suite thread
if [ -n "$ci" ]; then
    mkdir "$work/builds"
    TAP_DIR=$work/builds sh tests/collect.sh sh tests/builds.sh >/dev/null 2>&1 || :
    echo "builds: $(($(date +%s) - start)) s"
fi
cd "$work"
status=0
awk -f "$root/tests/count.awk" */*.tap || status=1
exit "$status"
