#!/bin/sh
# opensearch.sh - what is lost when an index goes to OpenSearch or Elasticsearch: nDCG@10 of each collection by fihrist
# itself, by its first pass, and by Lucene 8 with what `fihrist export` and `fihrist query` write.
#
#   bench/opensearch.sh [-w WORK_DIR] [SET]...
#
# A SET is a directory with corpus.jsonl.gz, queries.tsv and qrels.txt; by default every one below
# $FIHRIST_SHARED/data/ir. A Markdown table goes to stdout, with the greatest difference of a score from the first
# pass' over the best 100 of each query that both have, the bytes a document of the terms in Lucene, and of _bulk lines.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname "$here")
shared=${FIHRIST_SHARED:-$root/../shared}
fihrist=${FIHRIST_BUILD:-$root/build}/tools/fihrist
work=

while getopts w: opt; do
    case $opt in
    w) work=$OPTARG ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 1 ;;
    esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- "$shared"/data/ir/*
engine=$root/tests/opensearch/engine
[ -x "$fihrist" ] || { echo "skipped: not built (meson setup build && ninja -C build)"; exit 77; }
[ -f "$1/corpus.jsonl.gz" ] || { echo "skipped: no collections (set FIHRIST_SHARED)"; exit 77; }
"$engine" available || exit
if [ -z "$work" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi

# ndcg RUN SET
ndcg() { "$fihrist" eval --json --run "$1" --qrels "$2/qrels.txt" | sed -n 's/.*"ndcg10":\([0-9.]*\).*/\1/p' | head -1; }

echo '| set | queries | fihrist | OpenSearch | Elasticsearch | first pass | OpenSearch without rescoring | most a score differs | terms, bytes a document | `_bulk`, bytes a document |'
echo '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|'
for set; do
    i=$work/index.fih
    q=$set/queries.tsv
    rm -rf "$i"
    echo "$(basename "$set") …" >&2
    "$fihrist" index -q -i "$i" "$set/corpus.jsonl.gz"
    "$fihrist" search -i "$i" --format trec -n 100 --queries "$q" >"$work/full.run"
    "$fihrist" search -i "$i" --sort score,score --format trec -n 100 --queries "$q" >"$work/first.run"
    "$fihrist" query -i "$i" --format opensearch --no-rescore -n 100 --queries "$q" >"$work/first"
    "$fihrist" query -i "$i" --format opensearch -n 100 --queries "$q" >"$work/both"
    for e in elasticsearch opensearch; do
        "$fihrist" export -i "$i" --format $e --settings -o "$work/settings"
        "$fihrist" export -i "$i" --format $e -o "$work/bulk"
        "$engine" "$work/settings" "$work/bulk" "$work/both" >"$work/$e.run" 2>"$work/size"
    done
    "$engine" "$work/settings" "$work/bulk" "$work/first" >"$work/opensearch.first.run" 2>"$work/size"
    differs=$(awk 'FNR == NR { ours[$1, $3] = $5; next }
        ($1, $3) in ours { d = ours[$1, $3] - $5; d = d < 0 ? -d : d; if (d > most) most = d }
        END { printf "%.5f", most }' "$work/first.run" "$work/opensearch.first.run")
    sizes=$(awk -v bulk="$(wc -c <"$work/bulk")" '{ printf "%.0f | %.0f", $3 / $1, bulk / $1 }' "$work/size")
    awk -v name="$(basename "$set")" -v n="$(wc -l <"$q")" -v a="$(ndcg "$work/full.run" "$set")" -v b="$(ndcg "$work/first.run" "$set")" \
        -v f="$(ndcg "$work/opensearch.first.run" "$set")" -v c="$(ndcg "$work/opensearch.run" "$set")" -v d="$(ndcg "$work/elasticsearch.run" "$set")" -v e="$differs | $sizes" \
        'BEGIN { printf "| %s | %d | %.2f | %.2f | %.2f | %.2f | %.2f | %s |\n", name, n, 100 * a, 100 * c, 100 * d, 100 * b, 100 * f, e }'
done
