#!/bin/sh
# coverage.sh [-v] - which lines and branches of lib/ the tests run: builds build-coverage/, runs every test in it but
# lint, and prints one line; -v adds a line for each file, the least covered first.
set -eu
cd "$(dirname "$0")/.."
sh tools/setup.sh g++ zstd gcovr >&2
build=build-coverage
[ -f $build/build.ninja ] ||
    meson setup $build -Db_coverage=true -Dbuildtype=debug -Dc_args=-fprofile-update=atomic >/dev/null
ninja -C $build >/dev/null
find $build -name '*.gcda' -delete
meson test -C $build --no-rebuild --no-suite lint --timeout-multiplier 4 >$build/coverage.log 2>&1 ||
    echo "coverage: some tests failed: see $build/coverage.log" >&2

# The programs that make tables while it is built are not the library. A branch that the compiler
# put in and that no line of ours has (cleanup, unreachable code) is not counted.
gcovr --root . --filter 'lib/' --exclude 'lib/text/make_.*' --exclude-unreachable-branches \
    --exclude-throw-branches $build --csv |
    awk -F, -v verbose="${1:-}" '
        NR > 1 {
            lines += $2; hit += $3; branches += $5; taken += $6
            if (verbose == "-v")
                printf "%5.1f %% of lines, %5.1f %% of branches: %s\n", 100 * $4, 100 * $7, $1 | "sort -n"
        }
        END {
            close("sort -n")
            printf "lib: %.1f %% of %d lines, %.1f %% of %d branches\n", 100 * hit / lines, lines, 100 * taken / branches, branches
        }'
