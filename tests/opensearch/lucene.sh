#!/bin/sh
# lucene.sh FIHRIST - what fihrist writes for OpenSearch, in an engine made of Debian's Lucene 8 (engine, Engine.java): it
# finds what fihrist finds, in the order and with the scores of its first pass; and every command of
# tools/opensearch/README.md, with a curl that leads to that engine.
fihrist=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
root=$PWD
export LC_ALL=C.UTF-8 TZ=UTC
unset FIHRIST_INDEX
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export ENGINE_CLASSES="$work/classes"
engine() { "$root/tests/opensearch/engine" "$@"; }
if ! why=$(engine available 2>&1); then
    skip "what is written for OpenSearch is found by Lucene" "$(echo "$why" | tail -1)"
    done_testing
fi
mkdir "$work/bin"
ln -s "$fihrist" "$work/bin/fihrist"
export PATH="$work/bin:$PATH"
cd "$work" || exit 2
MOST=100

# hand_over NAME INDEX [FORMAT]: NAME.settings and NAME.bulk
hand_over() {
    fihrist export -i "$2" --format "${3-opensearch}" --settings -o "$1.settings" &&
        fihrist export -i "$2" --format "${3-opensearch}" -o "$1.bulk"
}

# first_pass INDEX QUERIES: a run by first(d)
first_pass() { fihrist search -i "$1" --sort score,score --format trec -n $MOST --queries "$2"; }

# same NAME OURS THEIRS [VARIABLE]
same() {
    [ -s "$2" ] || { not_ok "$1" "no hits of ours"; return; }
    empty "$1" "$(awk -v most=$MOST ${4+-v "$4"} -f "$root/tests/opensearch/compare.awk" "$2" "$3")"
}

# ---- bundled texts

fihrist index -q -i sample.fih --field tags:keyword* --field pages:integer "$root/tools/sample"
cat >more.jsonl <<'END'
{"id":"a","title":"تقرير","body":"اعتراضا على القرار قال عبد الله إن القرار خاطئ، كِتاب","tags":["قرار","رأي"],"pages":12,"date":"2024-01-05"}
{"id":"b","title":"عبدالله","body":"عبدالله في البحر، وعبد الله في المدينة، وعبد الله على الطريق","tags":["ناس"],"pages":"٣٠٠","date":"2024-02-05"}
{"id":"c","title":"من أنت","body":"سؤال قديم: من أنت؟ a/b 50% c|d #tag","pages":"كثير"}
{"id":"d","title":"صيد البحر","body":"الصياد يصيد في البحر القديم، ويبيع الصيد في سوق المدينة القديمة","tags":["ناس","رأي"],"pages":25}
END
for i in 1 2 3 4 5 6 7 8 9; do
    printf '{"id":"n%s","title":"عبدالله %s","body":"كان عبدالله هنا، وعبد الله هناك"}\n' $i $i
done >>more.jsonl
fihrist index -q -i sample.fih --field tags:keyword* --field pages:integer more.jsonl
hand_over sample sample.fih

# A query a line, and what its scores are: exact, or where fihrist says so loose, or more documents are found.
cat >asked <<'END'
exact صيادين البحر
exact كتاب مدينة قديمة
exact +البحر صيد
exact البحر -صيد
exact البحر AND (صيد OR سوق)
exact عبدالله
exact عبد الله البحر
exact اعتراضا
exact اعتراض على القرارات
exact من أنت
exact "سوق المدينة القديمة"
exact "الصياد البحر"~3
exact صيد NEAR/4 سوق
exact سوق THEN/2 القديمة
exact سوق THEN/1 القديمة
exact title:البحر
exact title:"صيد البحر"
loose body:"سوق المدينة"
exact البحر tags:ناس
exact tags:ناس tags:قرار
exact tags:نا*
exact pages:>20
exact pages:12..25
exact pages:* البحر
exact date:2024-01
exact القرار date:2024
exact NOT tags:ناس القرار
exact =البحر
exact صيد^3 البحر^0.5
exact *
exact فليس هناك كلمةكهذه
exact صيد البحر
exact المغرب 2022 GPS
exact school Celestial
loose صيا*
loose *ادين
loose ال?حر
loose البحار~
loose /صيا.*/
wider ==كِتاب
loose body:البحر
END
for kind in exact loose wider; do
    : >ours.$kind
    : >q.$kind
done
n=0
while read -r kind query; do
    n=$((n + 1))
    fihrist search -i sample.fih --sort score,score --format trec -n $MOST -- "$query" 2>/dev/null |
        awk -v n=$n '{ $1 = n; print }' >>ours.$kind
    body=$(fihrist query -i sample.fih --format opensearch --no-rescore -n $MOST -- "$query" 2>said) || echo "$query: exit $?" >>failed
    printf '%s\t%s\n' $n "$body" >>q.$kind
    [ $kind = exact ] || [ -s said ] || echo "$query: nothing was said" >>failed
    [ $kind != exact ] || [ ! -s said ] || sed "s|^|$query: |" said >>failed
done <asked
touch failed
empty "every query can be expressed, and only what scores otherwise is told of" "$(cat failed)"
for kind in exact loose wider; do
    engine sample.settings sample.bulk q.$kind >theirs.$kind 2>err || cat err
done
same "Lucene finds what a query finds, with the scores of the first pass" ours.exact theirs.exact
same "and where these cannot be the same, the same documents" ours.loose theirs.loose loose=1
awk '{ print $1, $3 }' ours.wider | sort >wider.a
awk '{ print $1, $3 }' theirs.wider | sort >wider.b
[ -s wider.a ] && [ -z "$(comm -23 wider.a wider.b)" ] && ok "and where vowels are not asked for, these and others" ||
    not_ok "and where vowels are not asked for, these and others" "$(comm -23 wider.a wider.b)"

# ---- what changed since

cp sample.bulk before.bulk
rm -f ledger
fihrist export -i sample.fih --format opensearch --since ledger -o first.bulk
[ -s ledger ] && cmp -s first.bulk sample.bulk && ok "the first export since a file that is not there is all" ||
    not_ok "the first export since a file that is not there is all"
empty "nothing has changed since" "$(fihrist export -i sample.fih --format opensearch --since ledger)"
sed '/"id":"b"/d; s/سؤال قديم/سؤال جديد/' more.jsonl >changed && mv changed more.jsonl
printf '{"id":"e","title":"جديد","body":"خبر جديد عن البحر"}\n' >>more.jsonl
fihrist index -q -i sample.fih more.jsonl
fihrist export -i sample.fih --format opensearch --since ledger -o delta.bulk
came=$(sed -n 's/^{"\(index\|delete\)":{"_id":"\([a-z]*\)"}}$/\1 \2/p' delta.bulk)
[ "$(echo $came)" = 'index c index e delete b' ] &&
    ok "what was changed, added and removed is told, and nothing else" ||
    not_ok "what was changed, added and removed is told, and nothing else" "$came"
cat before.bulk delta.bulk >both.bulk
printf 'q1\tالبحر قديم جديد\nq2\tسؤال عبدالله\n' >two
fihrist query -i sample.fih --format opensearch --no-rescore -n $MOST --queries two >two.body
first_pass sample.fih two >two.ours
engine sample.settings both.bulk two.body >two.theirs 2>err || cat err
awk '{ print $1, $3 }' two.ours | sort >two.a
awk '{ print $1, $3 }' two.theirs | sort >two.b
[ -s two.a ] && cmp -s two.a two.b && ok "with it the engine has the documents of now" ||
    not_ok "with it the engine has the documents of now" "$(diff two.a two.b)"

# ---- Elasticsearch: lengths are rounded there

hand_over es sample.fih elasticsearch
engine es.settings es.bulk two.body >es.theirs 2>err || cat err
same "in Elasticsearch the same documents are found" two.ours es.theirs loose=1

# ---- the page: every command of it, in order, in one folder; curl puts, adds and asks

page=$root/tools/opensearch/README.md
mkdir page
cat >"$work/bin/curl" <<'END'
#!/bin/sh
# curl -… ADDRESS: keeps the body, and answers a search.
for word; do
    case $word in
    localhost:9200/*) address=${word#localhost:9200/} ;;
    @*) body=${word#@} ;;
    esac
done
[ "$body" != - ] || { body=stdin; cat >stdin; }
case $address in
news) cp "$body" ../there.settings; : >../there.bulk ;;
news/_bulk*) cat "$body" >>../there.bulk ;;
news/_search*) printf 'q\t%s\n' "$(cat "$body")" >../there.query
    "$ENGINE" ../there.settings ../there.bulk ../there.query 2>/dev/null | awk '{ print $3 }' ;;
*) echo "curl: what is $address?" >&2; exit 2 ;;
esac
END
chmod +x "$work/bin/curl"
awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$page" >commands
[ "$(grep -c fihrist commands)" -ge 5 ] && ok "the page has its commands" || not_ok "the page has its commands"
ln -s "$root/tools" page/tools
came=$(cd page && ENGINE="$root/tests/opensearch/engine" sh -e ../commands 2>&1) || came="$came
exit $?"
wanted=$(awk '/^```text$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$page")
[ "$came" = "$wanted" ] && ok "every command of the page does what it says" ||
    not_ok "every command of the page does what it says" "wanted: $wanted
came: $came"

# ---- larger collections

ir=${FIHRIST_SHARED:-$root/../shared}/data/ir
for set in xquad-r-ar bukhari-bab-a; do
    name="300 queries of $set have the first pass' scores"
    if [ ! -f "$ir/$set/corpus.jsonl.gz" ]; then
        skip "$name" "no $ir/$set"
        continue
    fi
    fihrist index -q -i $set.fih "$ir/$set/corpus.jsonl.gz"
    head -300 "$ir/$set/queries.tsv" >q300
    hand_over $set $set.fih
    fihrist query -i $set.fih --format opensearch --no-rescore -n $MOST --queries q300 >body300
    first_pass $set.fih q300 >ours300
    engine $set.settings $set.bulk body300 >theirs300 2>err || cat err
    same "$name" ours300 theirs300
done
done_testing
