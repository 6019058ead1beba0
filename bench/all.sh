#!/bin/sh
# all.sh - every table of README.md anew: runs the other tools here, one after the other.
#
#   bench/all.sh [-s] [-l] [-n ROUNDS] [-w WORK_DIR] [-o OUT_DIR] [PART]...
#
# Parts are quality, compare, snippets, sizes, memory, nights, similar, fields, kernels and scale: by default all. -s tries
# them on little (minutes, antcorpus only; its figures say nothing); -l lets scale go to five million documents. ROUNDS (3) are those of
# compare. Each part's tables go to OUT_DIR/PART.md (build-bench/all) with their commands, the day and the machine, its
# JSON beside them, and at the end all tables to stdout. What is not installed is skipped with a word; a part that fails
# does not keep the others from running, but all.sh then ends with 1. Nothing else should run on the machine meanwhile.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname "$here")
shared=${FIHRIST_SHARED:-$root/../shared}
build=${FIHRIST_BUILD:-build}
rounds=3 work='' out=$root/build-bench/all is_small='' large=''

while getopts sln:w:o: opt; do
    case $opt in
    s) is_small=1 ;;
    l) large=--large ;;
    n) rounds=$OPTARG ;;
    w) work=$OPTARG ;;
    o) out=$OPTARG ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 1 ;;
    esac
done
shift $((OPTIND - 1))

# The whole path of a directory, made if need be.
whole() {
    mkdir -p "$1" && (CDPATH='' cd -- "$1" && pwd)
}

[ -z "$work" ] || work=$(whole "$work")
out=$(whole "$out")
[ ! -d "$shared" ] || shared=$(whole "$shared")
[ "$build" = build ] || FIHRIST_BUILD=$(whole "$build") build=$(whole "$build")
export FIHRIST_SHARED="$shared" FIHRIST_BUILD="${FIHRIST_BUILD-}"
cd "$root"                      # so that the commands in the tables are as one would type them
[ $# -gt 0 ] || set -- quality compare snippets sizes memory nights similar fields kernels scale
if [ ! -x "$build/tools/fihrist" ] || [ ! -x "$build/bench/query" ]; then
    echo "skipped: not built (meson setup build && ninja -C build)"
    exit 77
fi
c=$shared/data/corpora
if [ ! -f "$c/antcorpus.jsonl.gz" ]; then
    echo "skipped: no corpora (set FIHRIST_SHARED)"
    exit 77
fi
[ -n "$work" ] || work=$(mktemp -d "${TMPDIR:-/tmp}/fihrist-all-XXXXXX")
mkdir -p "$out" "$work/compare"
trap 'rm -rf "$work/news.fih" "$work/long.fih" "$work/long.jsonl" "$work/compare" "$work/queries"
    rmdir "$work" 2>/dev/null || :' EXIT
trap 'exit 130' INT TERM

news="$c/antcorpus.jsonl.gz $c/arwiki10k.jsonl.gz $c/arzwiki.jsonl.gz" books=$c/openiti0325.jsonl.gz queries=$shared/queries
if [ -n "$is_small" ]; then
    news=$c/antcorpus.jsonl.gz books=$c/antcorpus.jsonl.gz queries=$work/queries rounds=1
    mkdir -p "$queries"
    for f in "$shared"/queries/*.tsv; do
        sed -n '1~20p' "$f" >"$queries/$(basename "$f")"
    done
fi

# The index of news, made when it is first needed.
news_index() {
    # shellcheck disable=SC2086 # a list of paths without blanks
    [ -d "$work/news.fih" ] || "$build/tools/fihrist" index -q -i "$work/news.fih" $news
}

quality() {
    if [ -n "$is_small" ]; then
        bench/quality --analyzers arabic,arabic-light --json "$out/quality.json" "$shared/data/ir/knownitem-ant"
    else
        bench/quality --analyzers arabic,arabic-light --json "$out/quality.json"
    fi
}

compare() {
    if [ -n "$is_small" ]; then
        bench/compare.sh -n 1 -b 3 -q "$queries" -w "$work/compare" -o "$out/compare" "news=$news"
    else
        bench/compare.sh -n "$rounds" -w "$work/compare" -o "$out/compare" news books forms
    fi
}

snippets() {
    set -- --rounds 6 --queries 200 --command "$build/tools/fihrist" "$queries/or.tsv"
    news_index
    # shellcheck disable=SC2086
    bench/long $books >"$work/long.jsonl"
    "$build/tools/fihrist" index -q -i "$work/long.fih" "$work/long.jsonl"
    "$build/bench/snippets" -i "$work/news.fih" "$@"
    echo
    "$build/bench/snippets" -i "$work/long.fih" "$@"
}

sizes() {
    bench/index --engines fihrist --threads 1 --json "$out/sizes.json" "$books"
    echo
    bench/index --engines fihrist --threads 1 --index-args="--analyzer arabic-light" --json "$out/sizes-light.json" "$books"
}

memory() {
    # shellcheck disable=SC2086
    bench/memory --json "$out/memory.json" $news
}

nights() {
    if [ -n "$is_small" ]; then
        bench/nights --nights 5 --every 5 --documents 4000 --json "$out/nights.json" "$c/antcorpus.jsonl.gz"
    else
        bench/nights --every 5 --json "$out/nights.json"
    fi
}

similar() {
    if [ -n "$is_small" ]; then
        bench/similar --docs 200
    else
        bench/similar
    fi
}

fields() {
    if [ -n "$is_small" ]; then
        "$build/bench/fields" 20000
    else
        "$build/bench/fields"
    fi
}

kernels() {
    news_index
    "$build/bench/kernels" -i "$work/news.fih"
}

scale() {
    if [ -n "$is_small" ]; then
        bench/scale --documents 1000 --count 50 --queries "$queries" --work "$work" --json "$out/scale.json" "$c/antcorpus.jsonl.gz"
    else
        bench/scale $large --work "$work" --json "$out/scale.json"
    fi
}

failed=
for part in "$@"; do
    case $part in
    quality | compare | snippets | sizes | memory | nights | similar | fields | kernels | scale) ;;
    *) echo "$part: no such part" >&2; exit 1 ;;
    esac
    echo "$part" >&2
    # A process of its own that set -e ends; it would not behind "if" or "||".
    set +e
    (set -e; "$part") >"$out/$part.md"
    code=$?
    set -e
    [ "$code" -eq 0 ] || [ "$code" -eq 77 ] || failed="$failed $part"
done
for part in "$@"; do
    printf '\n## %s\n\n' "$part"
    cat "$out/$part.md"
done
if [ -n "$failed" ]; then
    echo "failed:$failed" >&2
    exit 1
fi
