#!/bin/sh
# scale.sh FIHRIST - indexes built in pieces are the index built whole: every block of commands of tools/scale/README.md is
# run, and what it builds has the same documents, and the same score for every hit of every query.
fihrist=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/corpus" "$work/pieces" "$work/xargs" "$work/slurm" "$work/spark"
ln -s "$fihrist" "$work/bin/fihrist"
export PATH="$work/bin:$PATH" LC_ALL=C.UTF-8 LANGUAGE=en
unset FIHRIST_INDEX
cd "$work" || exit 2

# sbatch as far as the page needs it: the tasks of an array one after the other, in an environment of their own.
cat >bin/sbatch <<'END'
#!/bin/sh
for script; do :; done
last=$(sed -n 's/^#SBATCH --array=1-//p' "$script")
for i in $(seq "$last"); do
    SLURM_ARRAY_TASK_ID=$i SLURM_ARRAY_TASK_COUNT=$last \
        SLURM_CPUS_PER_TASK=$(sed -n 's/^#SBATCH --cpus-per-task=//p' "$script") sh "$script" || exit
done
END
chmod +x bin/sbatch

# The corpus: the sample, and where there is one a collection, in files of JSON; ids that are there twice.
cp -R "$root/tools/sample/." corpus/
printf '{"id":"twice","body":"سفينة في البحر"}\n{"id":"twice","title":"القمر","body":"البحر والسفينة"}\n' >corpus/a.jsonl
printf '{"id":"twice","body":"سفينة أخرى"}\n{"body":"بلا اسم على البحر"}\n' >corpus/b.jsonl
collection=${FIHRIST_SHARED:-}/data/ir/knownitem-ant
if [ -f "$collection/corpus.jsonl.gz" ]; then
    zcat "$collection/corpus.jsonl.gz" | head -n 3000 | split -d -n r/4 --additional-suffix=.jsonl - corpus/part-
    head -n 60 "$collection/queries.tsv" >queries.tsv
fi
fihrist index -q -i whole.fih corpus
fihrist compact -i whole.fih                 # replaced documents count in scores until they are merged away
fihrist export -i whole.fih >all.jsonl

# The blocks of the page, one after the other, each in a file.
awk '/^```sh$/ { n++; inside = 1; next } /^```$/ { inside = 0 } inside { print > ("block-" n) }' "$root/tools/scale/README.md"
blocks=$(ls block-* | wc -l)
for n in $(seq "$blocks"); do
    if grep -q '^parallel' "block-$n" && ! command -v parallel >/dev/null 2>&1; then
        for i in 1 2 3 4 5 6 7 8; do fihrist index -q -i "pieces/$i.fih" --shard "$i/8" corpus; done
        skip "$(head -n 1 "block-$n")" "no parallel"
        continue
    fi
    sh -e "block-$n" >"came-$n" 2>&1 && ok "$(head -n 1 "block-$n")" || not_ok "$(head -n 1 "block-$n")" "came-$n"
done

many() { printf -- '-i %s ' "$1"/*.fih; }
fihrist search $(many pieces) --json -n 20 'صيادين البحر' 2>/dev/null | grep -a '"rank"' | sed 's/"index":"[^"]*",//' | grep -a -v by_root >one.list
grep -a '"rank"' came-8 >gathered.list
empty "what the pieces find where they are is what one index finds" "$(diff one.list gathered.list | cut -c 1-200)"

# Where documents are numbered otherwise, equal scores come in another order, and a sample of documents that tells what
# is written together and apart is another one: neither is asked here.
# What all words, signs and fields find, with the score of each, in an order that does not depend on how documents are numbered.
cat >operators <<'END'
البحر
صيادين البحر
"في البحر"
سفين*
البحر OR القمر
+البحر -القمر
title:البحر
سفينه~
section:أخبار
قمر NEAR/5 بحر
*
END
answers() { # OPTION...: those of an index
    while IFS= read -r q; do
        echo "= $q"
        fihrist search "$@" -n 100000 --match stems --format tsv "$q" 2>/dev/null | cut -f 2,3 | sort
        fihrist search "$@" -n 100000 --match broad --format tsv "$q" 2>/dev/null | cut -f 2,3 | sort
    done <operators
}
answers -i whole.fih >whole
[ "$(wc -l <whole)" -gt 200 ] && ok "the whole index answers" || not_ok "the whole index answers" "$(wc -l <whole) lines"
same() { # NAME OPTION...
    name=$1
    shift
    answers "$@" >came
    empty "$name" "$(diff whole came | head -n 20)"
}
for f in pieces/*.fih xargs/*.fih slurm/*.fih; do fihrist compact -i "$f"; done
same "8 pieces made by parallel, merged" -i all.fih
same "the same, read as one" $(many pieces)
same "8 pieces made by xargs" $(many xargs)
same "8 pieces made by an array of Slurm's" $(many slurm)
same "8 pieces made of what is piped" $(many spark)

# An index built whole of the same documents in the same order has all answers in common with the pieces: also the order of
# equal scores, and what is written together and apart.
fihrist export -i all.fih | fihrist index -q -i ordered.fih -
cat >>operators <<'END'
عبدالله
عبد الله
رأس مال
"عبدالله بن"
END
in_order() { # OPTION...
    while IFS= read -r q; do
        echo "= $q"
        fihrist search "$@" -n 1000 --match stems --format tsv "$q" 2>/dev/null | cut -f 1,2,3
    done <operators
    [ ! -f queries.tsv ] || fihrist search "$@" -n 1000 --queries queries.tsv --format tsv 2>/dev/null | cut -f 1,2,3,4
}
in_order -i ordered.fih >ordered
for what in '-i all.fih' "$(many pieces)"; do
    in_order $what >came
    empty "the answers of an index in the same order:$(printf ' %.15s' "$what")" "$(diff ordered came | head -n 20)"
done

# The hash is what the manual says, as another program computes it.
if ! command -v xxhsum >/dev/null 2>&1; then
    skip "ids are where xxHash says" "no xxhsum"
else
    for i in 1 2 3 4 5 6 7 8; do fihrist search -i "pieces/$i.fih" -n 100 --format ids '*' | sed "s/^/$i /"; done >ids
    empty "ids are where xxHash says" "$(
        while read -r shard id; do
            hash=$(printf %s "$id" | xxhsum -H3 | sed 's/.*= *//; s/ .*//')
            last=$(printf %s "$hash" | tail -c 4)
            [ $((1 + 0x$last % 8)) = "$shard" ] || echo "$id is in $shard and has $hash"
        done <ids
    )"
fi
for i in 1 2 3 4 5 6 7 8; do fihrist index --summary -i "pieces/$i.fih" corpus; done >again
[ "$(wc -l <again)" = 8 ] || not_ok "each piece is indexed again" again
empty "the next night has nothing to do" "$(grep -v '^0 files added, 0 replaced, [0-9,]* unchanged, 0 removed, 0 failed; 0 documents' again)"
done_testing
