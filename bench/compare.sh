#!/bin/sh
# compare.sh - us beside other engines: building an index, the latency of every class of query, the first query.
#
#   bench/compare.sh [-e ENGINE,...] [-n ROUNDS] [-b SECONDS] [-q QUERY_DIR] [-w WORK_DIR] [-o OUT_DIR] [NAME[=CORPUS,...]]...
#
# Engines are fihrist, lucene, sqlite and xapian: by default all that are installed, a word for the others. Each NAME is
# one index made of its corpora. Known names need none: `news` (antcorpus, arwiki10k, arzwiki of
# $FIHRIST_SHARED/data/corpora), `books` (openiti0325), `forms` (openiti0325 with each text also vowelled, by
# bench/forms); news and books are the default, with the classes of $FIHRIST_SHARED/queries, and phrases of the
# collection's own very frequent words (bench/phrases).
# Rounds alternate between the engines, each round a new process that warms up first, so that a noisy
# minute falls on all; a query's time is its best over all rounds. A slow engine answers only so many
# queries of a class as it can in SECONDS (60). Before the queries all indexes are merged into one piece.
# The tables go to stdout; these, JSON, a chart (compare.md, .json, .svg) and the raw times to OUT_DIR
# (build-bench/compare).
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname "$here")
shared=${FIHRIST_SHARED:-$root/../shared}
build=${FIHRIST_BUILD:-$root/build}
engines=fihrist,lucene,sqlite,xapian rounds=3 budget=60 queries=$shared/queries work='' out=$root/build-bench/compare

skip() {
    echo "skipped: $1"
    exit 77
}

given=$*
while getopts e:n:b:q:w:o: opt; do
    case $opt in
    e) engines=$OPTARG ;;
    n) rounds=$OPTARG ;;
    b) budget=$OPTARG ;;
    q) queries=$OPTARG ;;
    w) work=$OPTARG ;;
    o) out=$OPTARG ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 1 ;;
    esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- news books

# peer ENGINE ARG...: its program.
peer() {
    engine=$1
    shift
    "$here/peers/$engine/$engine" "$@"
}

installed=
for e in $(echo "$engines" | tr ',' ' '); do
    case $e in
    fihrist)
        if [ ! -x "$build/tools/fihrist" ] || [ ! -x "$build/bench/query" ]; then
            skip "not built (meson setup build && ninja -C build)"
        fi
        ;;
    lucene | sqlite | xapian) peer "$e" available || continue ;;
    *) echo "$e: no such engine" >&2; exit 1 ;;
    esac
    installed="$installed $e"
done
[ -n "$installed" ] || skip "no engine"
[ -f "$queries/or.tsv" ] || skip "no query files in $queries"

# corpora_of JOB: the files of NAME=FILE,FILE or of a known NAME.
corpora_of() {
    c=$shared/data/corpora
    case $1 in
    *=*) echo "${1#*=}" | tr ',' ' ' ;;
    news) echo "$c/antcorpus.jsonl.gz $c/arwiki10k.jsonl.gz $c/arzwiki.jsonl.gz" ;;
    books) echo "$c/openiti0325.jsonl.gz" ;;
    forms) echo "$work/forms.jsonl" ;;
    *) echo "$1: no such collection" >&2; exit 1 ;;
    esac
}

for job in "$@"; do
    case $job in
    news | books | forms)
        [ -f "$shared/data/corpora/openiti0325.jsonl.gz" ] || skip "no corpora (set FIHRIST_SHARED, or give NAME=FILE)" ;;
    *=?*) ;;
    *) echo "$job: no such collection" >&2; exit 1 ;;
    esac
done
[ -n "$work" ] || work=$(mktemp -d "${TMPDIR:-/tmp}/fihrist-compare-XXXXXX")
mkdir -p "$out" "$work"
trap 'rm -rf "$work/fihrist" "$work/lucene" "$work/sqlite" "$work/xapian" "$work/forms.jsonl" "$work/phrase_freq.tsv"
    rmdir "$work" 2>/dev/null || :' EXIT
trap 'exit 130' INT TERM

# The classes that all run, in the order of the table. Phrases of very frequent words are those of each collection.
files=
for class in term_rare term_mid term_freq or and phrase phrase_freq title prefix; do
    of=$queries
    [ "$class" != phrase_freq ] || of=$work
    if [ -f "$of/$class.tsv" ] || [ "$of" = "$work" ]; then files="$files $of/$class.tsv"; fi
done

# build_merged ENGINE CORPUS...: an index for the queries.
build_merged() {
    whose=$1 index=$work/$1
    shift
    rm -rf "$index"
    case $whose in
    fihrist)
        "$build/tools/fihrist" index -q -i "$index" "$@"
        "$build/tools/fihrist" compact -i "$index"
        ;;
    lucene) peer lucene index --merge "$index" "$@" >&2 ;;
    *)
        peer "$whose" index "$index" "$@" >&2
        peer "$whose" merge "$index"
        ;;
    esac
}

# ask ENGINE LIMIT TIMES FILE...: a round of queries.
ask() {
    whose=$1 limit=$2 times=$3
    shift 3
    case $whose in
    fihrist) "$build/bench/query" -i "$work/$whose" --limit "$limit" --warmup 1 --rounds 3 --times "$times" "$@" ;;
    lucene) peer lucene latency --limit "$limit" --warmup 2 --rounds 3 --times "$times" "$work/$whose" "$@" ;;
    *) peer "$whose" latency --limit "$limit" --budget "$budget" --times "$times" "$work/$whose" "$@" ;;
    esac
}

for job in "$@"; do
    name=${job%%=*}
    [ "$job" != forms ] || "$here/forms" >"$work/forms.jsonl"
    corpora=$(corpora_of "$job")
    rm -f "$out/$name".*
    # shellcheck disable=SC2086
    "$here/phrases" $corpora >"$work/phrase_freq.tsv"
    # shellcheck disable=SC2086 # paths here hold no blanks: lists are separated by them
    "$here/index" --together --threads 1,2 --engines "$(echo $installed | tr ' ' ',')" --repeat "$rounds" \
        --work "$work" --json "$out/$name.index.json" $corpora >"$out/$name.index.md"
    indexes=
    for e in $installed; do
        # shellcheck disable=SC2086
        build_merged "$e" $corpora
        indexes="$indexes $e=$work/$e"
    done
    # shellcheck disable=SC2086
    "$here/starts" --queries "$queries/or.tsv" --json "$out/$name.starts.json" $indexes >"$out/$name.starts.md"
    round=1
    while [ "$round" -le "$rounds" ]; do
        for limit in 10 1000; do
            use=$files
            [ "$limit" -eq 10 ] || use=$queries/or.tsv
            for e in $installed; do
                echo "$name: $e, queries, the best $limit, round $round of $rounds" >&2
                # shellcheck disable=SC2086
                ask "$e" "$limit" "$out/$name.$limit.$e.$round.tsv" $use >/dev/null
            done
        done
        round=$((round + 1))
    done
done
# shellcheck disable=SC2086
"$here/compare.py" "$out" "$@" -- $given >"$out/compare.md"
"$here/chart.py" "$out/compare.json" >"$out/compare.svg"
cat "$out/compare.md"
