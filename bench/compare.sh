#!/bin/sh
# compare.sh - us beside Lucene 8 on one table: building an index, then the latency of every class of query.
#
#   bench/compare.sh [-n ROUNDS] [-q QUERY_DIR] [-w WORK_DIR] [-o OUT_DIR] [NAME=CORPUS[,CORPUS]...]...
#
# Each NAME is one index made of its corpora; by default the four of $FIHRIST_SHARED/data/corpora as `news`
# (antcorpus, arwiki10k, arzwiki) and `books` (openiti0325), with the classes of $FIHRIST_SHARED/queries.
# Rounds alternate between the engines, each round a new process that warms up first, so that a noisy
# minute falls on both; a query's time is its best over all rounds. Before the queries both indexes are
# merged into one segment. The table goes to stdout, JSON and the raw times to OUT_DIR (build-bench/compare).
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname "$here")
shared=${FIHRIST_SHARED:-$root/../shared}
build=${FIHRIST_BUILD:-$root/build}
lucene=$here/peers/lucene/lucene
rounds=3 queries=$shared/queries work='' out=$root/build-bench/compare

skip() {
    echo "skipped: $1"
    exit 77
}

while getopts n:q:w:o: opt; do
    case $opt in
    n) rounds=$OPTARG ;;
    q) queries=$OPTARG ;;
    w) work=$OPTARG ;;
    o) out=$OPTARG ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 1 ;;
    esac
done
shift $((OPTIND - 1))

[ -x "$build/tools/fihrist" ] && [ -x "$build/bench/query" ] || skip "not built (meson setup build && ninja -C build)"
"$lucene" available || skip "no Lucene to compare with"
if [ $# -eq 0 ]; then
    c=$shared/data/corpora
    [ -f "$c/antcorpus.jsonl.gz" ] || skip "no corpora (set FIHRIST_SHARED, or give NAME=FILE)"
    set -- "news=$c/antcorpus.jsonl.gz,$c/arwiki10k.jsonl.gz,$c/arzwiki.jsonl.gz" "books=$c/openiti0325.jsonl.gz"
fi
[ -f "$queries/or.tsv" ] || skip "no query files in $queries"
[ -n "$work" ] || work=$(mktemp -d "${TMPDIR:-/tmp}/fihrist-compare-XXXXXX")
mkdir -p "$out" "$work"
trap 'rm -rf "$work/ours" "$work/lucene"; rmdir "$work" 2>/dev/null || :' EXIT
trap 'exit 130' INT TERM

# The classes that both sides run, in the order of the table.
files=
for class in term_rare term_mid term_freq or and phrase title prefix; do
    [ -f "$queries/$class.tsv" ] && files="$files $queries/$class.tsv"
done

for job in "$@"; do
    name=${job%%=*}
    corpora=$(echo "${job#*=}" | tr ',' ' ')
    rm -f "$out/$name".*
    # shellcheck disable=SC2086 # paths here hold no blanks: lists are separated by them
    "$here/index" --together --threads 1,2 --repeat "$rounds" --work "$work" --json "$out/$name.index.json" $corpora \
        >"$out/$name.index.md"
    rm -rf "$work/ours" "$work/lucene"
    "$build/tools/fihrist" index -i "$work/ours" $corpora
    "$build/tools/fihrist" compact -i "$work/ours"
    "$lucene" index --merge "$work/lucene" $corpora >&2
    round=1
    while [ "$round" -le "$rounds" ]; do
        echo "$name: queries, round $round of $rounds" >&2
        for limit in 10 1000; do
            use=$files
            [ "$limit" -eq 10 ] || use=$queries/or.tsv
            "$build/bench/query" -i "$work/ours" --limit "$limit" --warmup 1 --rounds 3 \
                --times "$out/$name.$limit.ours.$round.tsv" $use >/dev/null
            "$lucene" latency --limit "$limit" --warmup 2 --rounds 3 \
                --times "$out/$name.$limit.lucene.$round.tsv" "$work/lucene" $use >/dev/null
        done
        round=$((round + 1))
    done
done
"$here/compare.py" "$out" "$@"
