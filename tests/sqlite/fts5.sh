#!/bin/sh
# fts5.sh EXTENSION [PRELOAD] - tokenize = 'fihrist' in Debian's sqlite3: what finds what, what is marked, what is refused,
# and every command of tools/sqlite/README.md. PRELOAD is the sanitizers' library, which sqlite3 itself does not have.
extension=${1:+$(cd "$(dirname "$1")" && pwd)/$(basename "$1")}
preload=${2:-}
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
root=$PWD
export LC_ALL=C.UTF-8

without() {
    skip "tokenize = 'fihrist'" "$1"
    done_testing
}
[ -n "$extension" ] || without "built without the headers of SQLite"
command -v sqlite3 >/dev/null 2>&1 || without "no sqlite3"
[ -z "$preload" ] || [ -f "$preload" ] || without "no library of the sanitizers to load before it"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2

# sql DATABASE [OPTION]...: runs what it reads. SQLite's own leaks are not ours.
sql() { LD_PRELOAD=$preload ASAN_OPTIONS=detect_leaks=0 sqlite3 -batch -cmd ".load $extension" "$@" 2>&1; }

# gives NAME DATABASE EXPECTED QUERY
gives() {
    came=$(echo "$4" | sql "$2")
    [ "$came" = "$3" ] && ok "$1" || not_ok "$1" "wanted: $3
came: $came
query: $4"
}

# marks NAME EXPECTED QUERY: the bodies found in t, in order, with [marks].
marks() { gives "$1" t.db "$2" "SELECT highlight(t, 1, '[', ']') FROM t('$3') ORDER BY rowid;"; }

sql t.db <<'END'
CREATE VIRTUAL TABLE t USING fts5(title, body, tokenize = 'fihrist');
INSERT INTO t VALUES
    ('أ', 'وبالمكتبات كتبٌ كثيرة'), ('ب', 'قرأ الطالبُ الكِتَابَ في المدرسة عام ٢٠٢٢'), ('ت', 'قَالَ يَٰقَوۡمِ ٱعۡبُدُواْ ٱللَّهَ'),
    ('ث', 'کتابی در خانه'), ('ج', 'قال النبيﷺ لنا'), ('ح', 'يستقبل Café هنا'), ('خ', '');
END
marks "a stem finds a word with clitics" '[وبالمكتبات] كتبٌ كثيرة' 'مكتبة'
marks "a word with clitics and vowels finds the stem" '[وبالمكتبات] كتبٌ كثيرة' 'فَلِلْمَكْتَبَةِ'
marks "a singular finds plural, article and vowels, and Persian letters" 'وبالمكتبات [كتبٌ] كثيرة
قرأ الطالبُ [الكِتَابَ] في المدرسة عام ٢٠٢٢
[کتابی] در خانه' 'كتاب'
marks "Persian letters find Arabic ones" 'قرأ الطالبُ [الكِتَابَ] في [المدرسة] عام ٢٠٢٢' 'الکتاب AND المدرسه'
marks "digits of one script find those of another" 'قرأ الطالبُ الكِتَابَ في المدرسة عام [٢٠٢٢]' '2022'
marks "a verb finds its forms, and Latin letters are folded" '[يستقبل] [Café] هنا' 'استقبلهم cafe'
marks "a stop word counts" 'قرأ الطالبُ الكِتَابَ [في] المدرسة عام ٢٠٢٢' 'في'
marks "a phrase is marked from its first word to its last" 'قرأ [الطالبُ الكِتَابَ في المدرسة] عام ٢٠٢٢' '"طالب كتاب في مدرسه"'
marks "a phrase wants its words side by side" '' '"طالب في كتاب"'
marks "a phrase lacks no stop word" '' '"كتاب مدرسة"'
marks "NEAR counts words" 'قرأ [الطالبُ] الكِتَابَ في [المدرسة] عام ٢٠٢٢' 'NEAR(طالب مدرسة, 2)'
marks "NEAR has a limit" '' 'NEAR(طالب مدرسة, 1)'
marks "a beginning finds stems that it begins, as it is written" 'وبالمكتبات [كتبٌ] كثيرة
قرأ الطالبُ [الكِتَابَ] في المدرسة عام ٢٠٢٢
[کتابی] در خانه' 'كِتا*'
marks "a beginning finds forms" 'قرأ الطالبُ [الكِتَابَ] في المدرسة عام ٢٠٢٢' 'الكتا*'
marks "a beginning finds stop words" 'قرأ الطالبُ الكِتَابَ [في] المدرسة عام ٢٠٢٢' 'ف*'
marks "only the last word of a phrase is a beginning" 'قرأ الطالبُ [الكِتَابَ في المدرسة] عام ٢٠٢٢' '"للكتاب في المد"*'
marks "a form alone" 'قرأ الطالبُ [الكِتَابَ] في المدرسة عام ٢٠٢٢' '"=الكتاب"'
marks "the beginning of a form alone" '[وبالمكتبات] كتبٌ كثيرة' '"=وبال"*'
marks "a stop word, that has no form, by itself" 'قرأ الطالبُ الكِتَابَ [في] المدرسة عام ٢٠٢٢' '"=في"'
marks "of two words written as one the longer is marked" 'قَالَ [يَٰقَوۡمِ] ٱعۡبُدُواْ ٱللَّهَ' 'قوم'
marks "a phrase of both is the whole" 'قَالَ [يَٰقَوۡمِ ٱعۡبُدُواْ] ٱللَّهَ' '"يا قوم اعبدوا"'
marks "both, apart, do not write the text twice" 'قَالَ [][يَٰقَوۡمِ] ٱعۡبُدُواْ ٱللَّهَ' 'يا قوم'
marks "a word with a sign behind it" 'قال [النبيﷺ] لنا' 'نبي'
marks "a query without a word finds nothing" '' '"،"'
gives "snippets pass through vowels" t.db '…[الكِتَابَ] في [المدرسة] عام…' \
    "SELECT snippet(t, 1, '[', ']', '…', 4) FROM t('كتاب مدرسة');"
gives "the vocabulary has stems, and forms with their mark" t.db '=الكتاب
كتاب' "CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, t, instance); SELECT term FROM v WHERE doc = 2 AND offset = 2 ORDER BY term;"
gives "the index agrees with its texts" t.db '' "INSERT INTO t(t) VALUES ('integrity-check');"

gives "the document with more of a word, and the shorter one, come first" :memory: '2
3
1' "CREATE VIRTUAL TABLE r USING fts5(x, tokenize = 'fihrist');
INSERT INTO r VALUES ('ذهب الولد الصغير مع أبيه الى السوق الكبيرة صباحا'), ('أسواق وسوق'), ('باع في سوقنا سمكا'), ('غيره');
INSERT INTO r VALUES ('غيره'), ('غيره'), ('غيره'), ('غيره');
SELECT rowid FROM r('السوق') ORDER BY rank;"

# Texts that are none: the index must hold, and what is around must be found and marked.
gives "ill-formed, empty and long texts" bad.db '2
[كتاب]
ok' "CREATE VIRTUAL TABLE b USING fts5(x, tokenize = 'fihrist');
INSERT INTO b VALUES (NULL), (''), (CAST(x'd9d9ff80' AS TEXT)), (CAST(x'd983d8aad8a7d8a8ff' AS TEXT)), (x'00'), (17.5);
INSERT INTO b SELECT replace(hex(zeroblob(4000)), '00', 'كتاب') || ' ' || replace(hex(zeroblob(500)), '00', 'ﷺ');
INSERT INTO b VALUES ('أول كتاب');
INSERT INTO b(b) VALUES ('integrity-check');
SELECT count(*) FROM b('كتاب');
SELECT substr(highlight(b, 0, '[', ']'), 1, 6) FROM b('كتاب') WHERE rowid = 4;
SELECT CASE length(highlight(b, 0, '[', ']')) - length(x) WHEN 2 THEN 'ok' END FROM b('\"صلى الله عليه وسلم صلى\"');"

# More of them than fit in one page of anything, each with its number, and every tenth with a word of its own.
cat >make.sql <<'END'
CREATE TABLE source(id INTEGER PRIMARY KEY, body TEXT);
CREATE TEMP TABLE words(n INTEGER PRIMARY KEY, w TEXT);
INSERT INTO words(w) VALUES ('البحر'), ('وَالنُّجُومِ'), ('سفينة'), ('في'), ('المدينة'), ('طريقهم'), ('لِلْقَمَرِ'), ('كبيرة'), ('بعد'),
    ('الحكومة'), ('يقولون'), ('وزارته'), ('أسواق'), ('هيئة'), ('مسؤول'), ('ماء');
WITH RECURSIVE d(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM d WHERE id < 10000),
    k(j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM k WHERE j < 39)
INSERT INTO source SELECT id, (SELECT group_concat((SELECT w FROM words WHERE n = 1 + (id * 7919 + j * j * 104729 + j * id) % 16), ' ') FROM k)
    || CASE id % 10 WHEN 0 THEN ' وبالمكتبات' ELSE '' END || ' x' || id FROM d;
CREATE VIRTUAL TABLE big USING fts5(body, content = 'source', content_rowid = 'id', tokenize = 'fihrist', prefix = '3 4');
INSERT INTO big(big) VALUES ('rebuild');
END
gives "10,000 documents, their texts in another table" big.db '' ".read make.sql"
gives "each is found by its number" big.db '10000' \
    "SELECT count(*) FROM source WHERE (SELECT group_concat(rowid) FROM big WHERE big MATCH 'x' || source.id) = source.id;"
gives "the word of every tenth, by its stem and its beginnings" big.db '1000|1000|1000|1000' \
    "SELECT (SELECT count(*) FROM big('مكتبة')), (SELECT sum(rowid % 10 = 0) FROM big('مكتبة')), (SELECT count(*) FROM big('مكت*')), (SELECT count(*) FROM big('وبالمك*'));"
gives "as many as the texts have" big.db '1|1|1' \
    "SELECT (SELECT count(*) FROM big('نجم')) = (SELECT count(*) FROM source WHERE body LIKE '%وَالنُّجُومِ%'),
        (SELECT count(*) FROM big('\"حكومة قال\"')) = (SELECT count(*) FROM source WHERE body LIKE '%الحكومة يقولون%'),
        (SELECT count(*) FROM big('\"قمر بعد\" NOT سوق')) =
            (SELECT count(*) FROM source WHERE body LIKE '%لِلْقَمَرِ بعد%' AND body NOT LIKE '%أسواق%');"
gives "marks in texts of another table" big.db '[وبالمكتبات] [x4710]' \
    "SELECT substr(highlight(big, 0, '[', ']'), -20) FROM big('مكاتب OR مكتبة AND x4710') WHERE rowid = 4710;"
gives "what is deleted is gone, and the rest agrees" big.db '999' \
    "INSERT INTO big(big, rowid, body) SELECT 'delete', id, body FROM source WHERE id = 4710; DELETE FROM source WHERE id = 4710;
    INSERT INTO big(big) VALUES ('optimize'); INSERT INTO big(big) VALUES ('integrity-check'); SELECT count(*) FROM big('مكتبة');"

gives "other analyzers, as words and in quotation marks" :memory: '[Les nationales] الكتاب
[Les nationales] الكتاب|0|1' "CREATE VIRTUAL TABLE f USING fts5(x, tokenize = 'fihrist arabic_light french');
INSERT INTO f VALUES ('Les nationales الكتاب'); SELECT highlight(f, 0, '[', ']') FROM f('\"les national\"');
CREATE VIRTUAL TABLE g USING fts5(x, tokenize = \"fihrist 'arabic-exact+french'\");
INSERT INTO g VALUES ('Les nationales الكتاب');
SELECT highlight(g, 0, '[', ']'), (SELECT count(*) FROM g('كتاب')), (SELECT count(*) FROM g('الكت*')) FROM g('\"les national\"');"
refused() { # NAME ARGUMENTS
    came=$(echo ".log stdout
CREATE VIRTUAL TABLE e USING fts5(x, tokenize = \"fihrist $2\");" | sql :memory:)
    case $came in
    *"fihrist: $3"*"error in tokenizer constructor"*) ok "$1" ;;
    *) not_ok "$1" "$came" ;;
    esac
}
refused "an unknown analyzer is refused" arabik "unknown analyzer 'arabik'"
refused "an unknown option is refused" 'arabic lite' "unknown analyzer 'arabic+lite'"
refused "an empty argument is refused" "''" 'an argument is empty or too long'
refused "a long argument is refused" "$(printf '%200s' '' | tr ' ' a)" 'an argument is empty or too long'
came=$(echo "SELECT fihrist_analyzer('arabic', 'lite');" | sql :memory:)
case $came in
*"unknown analyzer 'arabic+lite': arabic, "*) ok "fihrist_analyzer() says what is wrong" ;;
*) not_ok "fihrist_analyzer() says what is wrong" "$came" ;;
esac
gives "fihrist_analyzer() describes the analyzer" :memory: '1|1|1' \
    "SELECT fihrist_analyzer() LIKE 'arabic;icu=%;tables=%', fihrist_analyzer('arabic_light', 'french') LIKE 'arabic-light+french;%',
        fihrist_analyzer() = fihrist_analyzer('arabic');"

readme=$root/tools/sqlite/README.md
sed -n '/^```console$/,/^```$/p' "$readme" | grep -v '^```' | sed 's/^sqlite> //' >wants
sed -n 's/^sqlite> //p' "$readme" >commands
sql :memory: -cmd ".echo on" <commands >came
[ "$(wc -l <commands)" = 10 ] && ok "the README has ten commands" || not_ok "the README has ten commands" commands
empty "they print what it shows" "$(diff -u wants came)"
done_testing
