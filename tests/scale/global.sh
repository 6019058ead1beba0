#!/bin/sh
# global.sh FIHRIST - four processes that have a piece each, and the statistics of all, give lists that are gathered to the
# list of one index: the same hits, the same scores to the last digit, the same order; for every kind of query.
fihrist=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/corpus"
ln -s "$fihrist" "$work/bin/fihrist"
export PATH="$work/bin:$PATH" LC_ALL=C.UTF-8 LANGUAGE=en
unset FIHRIST_INDEX
cd "$work" || exit 2

# The sample, and where there is one a collection; documents that differ in their ids alone have equal scores.
cp -R "$root/tools/sample/." corpus/
for i in 1 2 3 4 5 6 7 8 9; do echo "{\"id\":\"same-$i\",\"title\":\"سفينة\",\"body\":\"نص عن بحر وسفينة وعبد الله\",\"tags\":[\"بحر\"]}"; done >corpus/a.jsonl
# A word that is written together in one piece and apart in others.
for i in 1 2 3 4 5 6 7; do
    echo "{\"id\":\"apart-$i\",\"body\":\"زرنا نيو يورك في الصيف $i ثم رجعنا الى البيت\",\"pages\":$i,\"author\":\"علي البحري $i\",\"head\":\"في الصيف\"}"
    echo "{\"id\":\"whole-$i\",\"body\":\"زرنا نيويورك في الشتاء $i ثم رجعنا\",\"pages\":1$i}"
done >corpus/b.jsonl
collection=${FIHRIST_SHARED:-}/data/ir/knownitem-ant
has_collection=
if [ -f "$collection/corpus.jsonl.gz" ]; then
    has_collection=yes
    zcat "$collection/corpus.jsonl.gz" | head -n 1500 >corpus/c.jsonl
    head -n 40 "$collection/queries.tsv" >queries.tsv
    [ ! -f "$collection/queries-short3.tsv" ] || head -n 40 "$collection/queries-short3.tsv" >>queries.tsv
fi
for i in 1 2 3 4; do
    fihrist index -q -i "$i.fih" --shard "$i/4" --field tags:keyword* --field pages:integer --field author:text^2 --field head:text corpus || exit 2
done
fihrist merge one.fih 1.fih 2.fih 3.fih 4.fih || exit 2
for i in 1 2 3 4; do fihrist compact -i "$i.fih"; done
fihrist stats --global all.stats 1.fih 2.fih 3.fih 4.fih && ok "stats --global" || not_ok "stats --global"

# pieces OPTION...: what four processes find at the same time, into 1.list to 4.list.
pieces() {
    for i in 1 2 3 4; do
        fihrist search -i "$i.fih" --global all.stats --json "$@" >"$i.list" 2>"$i.err" &
    done
    wait
}
# equal LIMIT OFFSET OPTION...
equal() {
    limit=$1 offset=$2
    shift 2
    fihrist search -i one.fih --json -n "$limit" --offset "$offset" "$@" 2>/dev/null | grep -a '"rank"' | grep -a -v by_root >want
    pieces -n $((limit + offset)) "$@"
    fihrist gather -n "$limit" --offset "$offset" 1.list 2.list 3.list 4.list >came 2>err
    cat [1234].err err | while IFS= read -r line; do echo "$*: $line"; done
    cmp -s want came || { echo "$limit $offset $*"; diff want came | cut -c 1-160 | head -n 6; }
}

cat >kinds <<'END'
words	البحر
words	صيادين البحر في الصيف
words	سفينة بحر
verbs and stop words	يقولون في المدينة
stop words alone	من الى
names	علي بن
titles	سفينة
phrases	"في البحر"
phrases	"نص عن بحر"~2
signs	+البحر -القمر
signs	+سفينة +بحر
or	البحر OR القمر OR سوق
parentheses	(بحر OR قمر) AND (سفينة OR سوق)
near	بحر NEAR/8 سفينة
fields	title:سفينة
fields	body:(بحر سفينة)
texts	author:علي
texts	author:"علي البحري" نيويورك
texts	author:بحر* head:صيف
texts	علي الصيف
filters	سفينة tags:بحر
filters	نيويورك pages:>3
filters	section:أخبار المدينة
dates	المدينة date:2015..2022
all	* tags:بحر
beginnings	سفين*
beginnings	سفين* البحر مدين*
beginnings in titles	title:سفين*
likeness	سفينه~
likeness	المدينه~2 بحر
expressions	/سفين.*/ بحر
forms	=السفينة
vowels	==سفينة بحر
boosts	بحر^3 سفينة^0.5
written together and apart	نيويورك
written together and apart	نيو يورك
written together and apart	عبدالله
written together and apart	عبد الله
written together and apart	"زرنا نيويورك"
Latin and numbers	GPS 2022
not there	غغغغغ
END
cut -f 1 kinds | sort -u >names
while read -r kind; do
    empty "$kind" "$(
        grep "^$kind	" kinds | cut -f 2 | while IFS= read -r q; do
            equal 10 0 "$q"
            equal 7 5 "$q"
            equal 200 0 --match broad "$q"
            equal 30 0 --all "$q"
        done 2>&1
    )"
done <names
empty "words that are written together and apart are found so" "$(
    fihrist search -i 1.fih --global all.stats --json -n 100 نيويورك | grep -q '"id":"apart' || echo "not found in piece 1"
)"
empty "options: fields, least number, weights" "$(
    equal 10 0 --fields title سفينة بحر
    equal 10 0 --min-match 2 سفينة بحر صيف
    equal 10 0 --weights form=0.2,root=2,proximity=1,k1=1.2,b=0.3 سفينة بحر مدينة
    equal 10 0 --weights root=0 سفينة بحر مدينة
    equal 10 0 --weights proximity=0 سفينة بحر مدينة
    equal 10 0 --weights root=0,proximity=0 سفينة بحر مدينة
)"
if [ -n "$has_collection" ]; then
    empty "a file of queries" "$(equal 10 0 --queries queries.tsv; equal 100 20 --queries queries.tsv; equal 60 0 --match broad --queries queries.tsv)"
else
    skip "a file of queries" "no collection"
fi

# What gather refuses.
pieces -n 10 بحر
sed 's/"most":[0-9]*/"most":1/; q' 1.list >cut.list
refused() { # NAME STATUS WORDS COMMAND...
    name=$1 status=$2 words=$3
    shift 3
    "$@" >out 2>err
    came=$?
    [ "$came" = "$status" ] && { [ -z "$words" ] || grep -q -e "$words" err; } && ok "$name" || not_ok "$name" "exit $came: $(cat err)"
}
refused "more than the pieces were asked for" 1 'search each with -n 1000' fihrist gather -n 1000 cut.list 2.list
fihrist stats --global other.stats 1.fih 2.fih
fihrist search -i 2.fih --global other.stats --json بحر >2.list
refused "lists ranked with two files" 2 '2.list:1: ranked with other statistics' fihrist gather 1.list 2.list
fihrist search -i 2.fih --json بحر >2.list
refused "a list without the statistics" 2 '2.list:1: no hit' fihrist gather 1.list 2.list
refused "no list" 2 "cannot open 'none.list'" fihrist gather none.list
refused "no statistics" 2 'none.stats' fihrist search -i 1.fih --global none.stats --json بحر
refused "another file" 2 'no file of statistics' fihrist search -i 1.fih --global 1.list --json بحر
refused "pages, which are the whole list's" 1 'does not work with --offset' fihrist search -i 1.fih --global all.stats --json --offset 3 بحر
head -c 1000 all.stats >cut.stats
refused "a file that was cut" 2 'damaged' fihrist search -i 1.fih --global cut.stats --json بحر
fihrist index -q -i simple.fih --analyzer simple corpus/b.jsonl
refused "statistics of another analyzer" 2 'another analyzer' fihrist search -i simple.fih --global all.stats --json بحر
: >empty.list
refused "nothing found" 1 '' fihrist gather empty.list
done_testing
