#!/bin/sh
# Is an index as large as bench/sizes.csv says? Sizes of lists, dictionary and positions are the same on every machine.
# usage: sizes.sh FIHRIST. With UPDATE_SIZES=1 it writes the file anew. Skipped without the collections of $FIHRIST_SHARED.
. "$(dirname "$0")/../tap.sh"
fihrist=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/../.." || exit 1
corpora=${FIHRIST_SHARED:-}/data/corpora
want=bench/sizes.csv
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# measure NAME FILE...: the index of these files in one segment.
measure() {
    name=$1
    shift
    "$fihrist" index -i "$work/$name" "$@" >"$work/log" 2>&1 && "$fihrist" compact -i "$work/$name" >>"$work/log" 2>&1 ||
        cat "$work/log" >&2
    "$fihrist" stats --json -i "$work/$name" | tr ',{' '\n\n' |
        sed -n 's/^"\(dictionary\|postings\|positions\)":\([0-9]*\)$/\1,\2/p' | awk -F, -v n="$name" '
            # the number of postings has the same name as their bytes, and comes first
            { if ($1 == "postings" && !seen++) next; print n "," $1 "," $2 }'
    rm -rf "${work:?}/$name"
}

if [ ! -f "$corpora/openiti0325.jsonl.gz" ]; then
    skip "sizes are those of $want" "FIHRIST_SHARED is not set, or has no data/corpora"
    done_testing
fi
{
    echo "index,part,bytes"
    measure news "$corpora/antcorpus.jsonl.gz" "$corpora/arwiki10k.jsonl.gz" "$corpora/arzwiki.jsonl.gz"
    measure books "$corpora/openiti0325.jsonl.gz"
} >"$work/sizes.csv"
[ "${UPDATE_SIZES:-}" != 1 ] || [ "$(wc -l <"$work/sizes.csv")" != 7 ] || cp "$work/sizes.csv" "$want"
empty "sizes are those of $want" "$(diff "$want" "$work/sizes.csv")"
done_testing
