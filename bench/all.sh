#!/bin/sh
# all.sh - every table of README.md anew: runs the other tools here, one after the other.
#
#   bench/all.sh [-s] [-l] [-n ROUNDS] [-w WORK_DIR] [-o OUT_DIR] [PART]...
#   bench/all.sh --help           which parts there are
#
# A part is a table, or a few that one tool prints: by default all. -s tries
# them on little (minutes, antcorpus only; its figures say nothing); -l lets scale go to five million documents. ROUNDS (3) are those of
# compare and lucene. Each part's tables go to OUT_DIR/PART.md (build-bench/all) with their commands, the day and the machine, its
# JSON beside them, and at the end all tables to stdout. What is not installed is skipped with a word; a part that fails
# does not keep the others from running, but all.sh then ends with 1. Nothing else should run on the machine meanwhile.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname "$here")
shared=${FIHRIST_SHARED:-$root/../shared}
build=${FIHRIST_BUILD:-build}
rounds=3 work='' out=$root/build-bench/all is_small='' large=''

# Each part, and what it is a table of. A part is a function below.
parts='quality     rankings, of all sets
compare     us and the other engines: indexing, starts, latencies of news, books and forms
lucene      the same of news and books with Lucene alone
forms       indexing a collection of which each text is also fully vowelled
snippets    ten hits with passages, of news and of long documents
sizes       bytes by part, of books and news, also without forms and roots
memory      the indexer beside its budget
nights      an index kept up to date: how it grows, what a night costs, 1 % new and 1 % changed
nights-gone the same, and 1 % gone, so that it keeps its size
nights-more the same of 5 % changed and none new
fields      filters, orders and counts beside a word alone, of a million documents
filters     filters of news beside the queries alone
apart       words written together and apart, beside the queries without, in an index of each of the corpora
similar     near-duplicates that are found
kernels     the innermost steps, in ns an item
profile     indexing step by step, in ns a word, beside its limit (perf): the table of profile.md
statistics  statistics of a collection in pieces: the figures of tools/scale/README.md
opensearch  what is lost in OpenSearch and Elasticsearch: the table of tools/opensearch/README.md
scale       growth with the documents'

if [ "${1-}" = --help ]; then
    sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0"
    echo
    echo "$parts"
    exit
fi
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
# shellcheck disable=SC2046 # names without blanks
[ $# -gt 0 ] || set -- $(echo "$parts" | cut -d ' ' -f 1)
for part in "$@"; do
    echo "$parts" | grep -q "^$part " || { echo "$part: no such part (bench/all.sh --help)" >&2; exit 1; }
done

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
mkdir -p "$out" "$work/compare" "$work/apart"
trap 'rm -rf "$work/apart" "$work/news.fih" "$work/long.fih" "$work/long.jsonl" "$work/forms.jsonl" "$work/compare" "$work/queries"
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

lucene() {
    if [ -n "$is_small" ]; then
        bench/compare.sh -n 1 -b 3 -e fihrist,lucene -q "$queries" -w "$work/compare" -o "$out/lucene" "news=$news"
    else
        bench/compare.sh -n "$rounds" -e fihrist,lucene -w "$work/compare" -o "$out/lucene" news books
    fi
}

forms() {
    if [ -n "$is_small" ]; then
        bench/forms "$books" >"$work/forms.jsonl"
    else
        bench/forms >"$work/forms.jsonl"
    fi
    echo "\`bench/forms > forms.jsonl\`, then:"
    echo
    bench/index --engines fihrist,lucene --work "$work" --json "$out/forms.json" "$work/forms.jsonl"
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
    # shellcheck disable=SC2086
    bench/index --engines fihrist --threads 1 --together --json "$out/sizes-news.json" $news
    echo
    bench/index --engines fihrist --threads 1 --index-args="--analyzer arabic-light" --json "$out/sizes-light.json" "$books"
}

memory() {
    # shellcheck disable=SC2086
    bench/memory --json "$out/memory.json" $news
}

# some_nights NAME OPTION...
some_nights() {
    name=$1
    shift
    if [ -n "$is_small" ]; then
        bench/nights --nights 5 --every 5 --documents 4000 --json "$out/$name.json" "$@" "$c/antcorpus.jsonl.gz"
    else
        bench/nights --every 5 --json "$out/$name.json" "$@"
    fi
}

nights() { some_nights nights; }
nights_gone() { some_nights nights-gone --gone 1; }
nights_more() { some_nights nights-more --new 0 --changed 5; }

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

filters() {
    news_index
    bench/filters -i "$work/news.fih" --queries "$queries" --json "$out/filters.json"
}

apart() {
    indexes=
    for f in "$c"/*.jsonl.gz; do
        [ -z "$is_small" ] || [ "$f" = "$c/antcorpus.jsonl.gz" ] || continue
        "$build/tools/fihrist" index -q -i "$work/apart/$(basename "$f" .jsonl.gz)" "$f"
        indexes="$indexes -i $work/apart/$(basename "$f" .jsonl.gz)"
    done
    # shellcheck disable=SC2086 # paths without blanks
    "$build/bench/apart" --rounds "$rounds" $indexes "$queries"/or.tsv "$queries"/and.tsv "$queries"/phrase.tsv \
        "$queries"/term_freq.tsv "$queries"/term_mid.tsv "$queries"/term_rare.tsv "$queries"/title.tsv
}

kernels() {
    news_index
    "$build/bench/kernels" -i "$work/news.fih"
}

profile() {
    if [ -n "$is_small" ]; then
        bench/profile --repeat 1 --work "$work" --json "$out/profile.json" "news=$news"
    else
        bench/profile --work "$work" --json "$out/profile.json"
    fi
}

statistics() {
    if [ -n "$is_small" ]; then
        bench/statistics "$c/antcorpus.jsonl.gz"
    else
        bench/statistics
    fi
}

opensearch() {
    if [ -n "$is_small" ]; then
        bench/opensearch.sh "$shared/data/ir/knownitem-ant"
    else
        bench/opensearch.sh
    fi
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
    echo "$part" >&2
    # A process of its own that set -e ends; it would not behind "if" or "||".
    set +e
    (set -e; "$(echo "$part" | tr - _)") >"$out/$part.md"
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
