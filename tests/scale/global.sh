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

# The last line of a list: what was asked, and that nothing is missing.
asked() {
    fihrist search -i 1.fih --global all.stats --json "$@" 2>/dev/null |
        sed -n '$s/^{"schema":1,"global":{"end":true,.*"asked":"\([0-9a-f]\{16\}\)".*}}$/\1/p'
}
printf 'q1\tسفينة بحر\nq2\tغغغغغ\nq3\tمدينة\n' >few.tsv
head -n 2 few.tsv >two.tsv
sed 's/q2/q4/' few.tsv >ids.tsv
printf 'سفينة,مركب\n' >one.syn
printf 'سفينة,قارب\n' >two.syn
empty "what was asked is one number, however much of it is shown and wherever" "$(
    one=$(asked سفينة بحر)
    [ -n "$one" ] || echo none
    [ "$(asked -n 3 "سفينة بحر")" = "$one" ] || echo limit
    [ "$(fihrist search -i 2.fih --global all.stats --json سفينة بحر | grep -c "\"asked\":\"$one\"")" -gt 1 ] || echo hits
    [ "$(asked --match stems --fields title,body سفينة بحر)" = "$one" ] || echo defaults
    many=$(asked --queries few.tsv)
    [ -n "$many" ] && [ "$(asked --threads 3 -n 1 --queries few.tsv)" = "$many" ] || echo threads
)"
cat >asks <<'END'
|سفينة
|سفينة بحر
|بحر سفينة
|سفينة  بحر
--all|سفينة بحر
--match broad|سفينة بحر
--min-match 2|سفينة بحر
--fields title|سفينة بحر
--fields body|سفينة بحر
--since 2015|سفينة بحر
--until 2015|سفينة بحر
--since 2015 --until 2016|سفينة بحر
--since 2015 --today 2020-01-01|سفينة بحر
--today 2020-01-01|سفينة بحر
--weights title=2|سفينة بحر
--weights body=2|سفينة بحر
--weights form=0.2|سفينة بحر
--weights root=0.2|سفينة بحر
--weights proximity=0.2|سفينة بحر
--weights k1=0.2|سفينة بحر
--weights b=0.2|سفينة بحر
--synonyms one.syn|سفينة بحر
--synonyms two.syn|سفينة بحر
--queries few.tsv
--queries two.tsv
--queries ids.tsv
--all --queries few.tsv
END
while IFS='|' read -r options query; do
    asked $options ${query:+"$query"}
done <asks >numbers
[ "$(sort -u numbers | wc -l)" = "$(wc -l <asks)" ] && ok "each query and each option is another number" ||
    not_ok "each query and each option is another number" "$(paste numbers asks)"
empty "days are counted from today where the query may" "$(
    [ "$(asked date:أمس)" != "$(asked --today 2020-01-01 date:أمس)" ] || echo "the day is not asked"
    [ "$(asked date:أمس)" = "$(asked --today "$(date +%F)" date:أمس)" ] || echo "today is not $(date +%F)"
    [ "$(asked --since أمس بحر)" = "$(asked --since أمس --today "$(date +%F)" بحر)" ] || echo "today is not $(date +%F)"
)"
fihrist search -i 1.fih --global all.stats --json -n 1 --queries few.tsv >came
tail -n 1 came | grep -q '"queries":3,"hits":'$(($(wc -l <came) - 1))'}}$' &&
    ok "the end of a list says how many queries and hits there are" ||
    not_ok "the end of a list says how many queries and hits there are" "$(tail -n 1 came)"
fihrist search -i 1.fih --json بحر | grep -a '"end"' >came
empty "without the statistics of all there is no such line" "$(cat came)"
empty "a search that failed does not end its list" "$(
    awk 'BEGIN { printf "q1\tبحر\nq2\t"; for (i = 0; i < 20000; i++) printf "w%d ", i; print "" }' >long.tsv
    fihrist search -i 1.fih --global all.stats --json --queries long.tsv >came 2>err
    [ $? = 3 ] && grep -q '"rank"' came || { echo "a query that is too long"; cat err; }
    printf 'q1\tبحر\nno query\n' >none.tsv
    fihrist search -i 1.fih --global all.stats --json --queries none.tsv >>came 2>err && echo "no line of a query"
    fihrist search -i 1.fih --global all.stats --json '(بحر' >>came 2>err && echo "no query"
    fihrist search -i 1.fih --global all.stats --json --since never بحر >>came 2>err && echo "no date"
    grep '"end"' came
)"

# What gather refuses.
pieces -n 10 بحر
end=$(tail -n 1 1.list)
hits() { grep -a '"rank"' "$@"; }
# whole HITS: lines, with the end of a list of so many hits
whole() {
    cat
    echo "$end" | sed "s/\"hits\":[0-9]*/\"hits\":$1/"
}
hits 1.list | sed 's/"most":[0-9]*/"most":1/; q' | whole 1 >cut.list
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
refused "lists ranked with two files" 2 '2.list: ranked with other statistics' fihrist gather 1.list 2.list
fihrist search -i 2.fih --json بحر >2.list
refused "a list without the statistics" 2 '2.list is not whole' fihrist gather 1.list 2.list
whole 10 <2.list >whole.list
refused "hits without the statistics" 2 'whole.list:1: no hit' fihrist gather 1.list whole.list
refused "no list" 2 "cannot open 'none.list'" fihrist gather none.list
refused "no statistics" 2 'none.stats' fihrist search -i 1.fih --global none.stats --json بحر
refused "another file" 2 'no file of statistics' fihrist search -i 1.fih --global 1.list --json بحر
refused "pages, which are the whole list's" 1 'does not work with --offset' fihrist search -i 1.fih --global all.stats --json --offset 3 بحر
head -c 1000 all.stats >cut.stats
refused "a file that was cut" 2 'damaged' fihrist search -i 1.fih --global cut.stats --json بحر
fihrist index -q -i simple.fih --analyzer simple corpus/b.jsonl
refused "statistics of another analyzer" 2 'another analyzer' fihrist search -i simple.fih --global all.stats --json بحر
pieces غغغغغ
refused "nothing found" 1 '' fihrist gather 1.list 2.list 3.list 4.list

# Lists that are not as they were printed.
pieces -n 10 بحر
fihrist gather 1.list 2.list >want
lines=$(hits 1.list | wc -l)
bad() { # NAME WORDS
    refused "$1" 2 "$2" fihrist gather 2.list bad.list
    [ ! -s out ] || not_ok "$1: nothing is printed" out
}
: >bad.list
bad "an empty list" 'bad.list is not whole, it has no last line'
hits 1.list >bad.list
bad "a list without its end" 'bad.list is not whole, it has no last line'
refused "the same as standard input" 2 'gather: - is not whole' sh -c 'fihrist gather 2.list - <bad.list'
refused "the same from a pipe" 2 'gather: - is not whole' sh -c 'cat bad.list | fihrist gather 2.list -'
head -c 1000 1.list >bad.list
bad "a list that was cut" 'bad.list is not whole, it has no last line'
head -c -5 1.list >bad.list
bad "a list whose end was cut" 'bad.list is not whole, it has no last line'
sed 2d 1.list >bad.list
bad "a list that lost a line" "bad.list is not whole, it has $((lines - 1)) of $lines hits"
cat 1.list 3.list >bad.list
bad "two lists in one file" "bad.list:$((lines + 2)): a list ends before this line"
hits 1.list | sed '2s/"title"/\x00"title"/' | whole "$lines" >bad.list
bad "a zero byte" 'bad.list:2: a zero byte'
for score in 1e99 -1e99 NaN Infinity 1e; do
    for member in score first rooted; do
        hits 1.list | sed "2s/\"$member\":[^,}]*/\"$member\":$score/" | whole "$lines" >bad.list
        bad "$member of $score" 'bad.list:2: no hit'
    done
done
hits 1.list | sed '2s/"number":/"number":99999999999999999999/' | whole "$lines" >bad.list
bad "a number that is too large" 'bad.list:2: no hit'
for more in '{}' '{"rank":1}' x , '[]' 1 "$(printf '\357\273\277')"; do
    hits 1.list | sed "2s/\$/ $more/" | whole "$lines" >bad.list
    bad "$more behind a hit" 'bad.list:2: no hit'
done
hits 1.list | paste -s -d ' \n' | whole "$(((lines + 1) / 2))" >bad.list
bad "two hits on a line" 'bad.list:1: no hit'
{ hits 1.list; echo "$end $end"; } >bad.list
bad "two ends on a line" 'bad.list is not whole'
ln -s 1.list linked.list
ln 1.list hard.list
for i in 1.list ./1.list linked.list hard.list; do
    refused "a list twice: $i" 1 "'1.list' and '$i' are the same list" fihrist gather 1.list 2.list "$i"
done
refused "standard input twice" 1 "'-' and '-' are the same list" fihrist gather - 2.list - <1.list
fihrist search -i 3.fih --global all.stats --json -n 10 البحر >bad.list
bad "a list of another query" 'bad.list: of another query or of other options'
fihrist search -i 3.fih --global all.stats --json -n 10 --weights k1=1 بحر >bad.list
bad "a list of other options" 'bad.list: of another query or of other options'
refused "the same from a pipe" 2 'of another query or of other options' sh -c 'cat bad.list | fihrist gather 2.list -'
hits bad.list >hits.list
whole "$(wc -l <hits.list)" <hits.list >bad.list
bad "hits of other options" 'bad.list:1: of another query or of other options'

# What may be otherwise.
rest() { # NAME
    cmp -s want came && ok "$1" || not_ok "$1" "$(diff want came | cut -c 1-200)"
}
cat 2.list | fihrist gather 1.list - >came
rest "a list from a pipe"
printf %s "$(cat 1.list)" >bare.list
sed 's/$/ \r/' 2.list >blank.list
fihrist gather bare.list blank.list >came
rest "a last line that does not end, and blanks behind hits"
done_testing
