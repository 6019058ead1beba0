#!/bin/sh
# search.sh MODULE - CREATE EXTENSION fihrist in a server of Debian's PostgreSQL 15 of the test's own: what finds what,
# what is marked, what is refused, and every command of tools/postgres/README.md.
extension=${1:+$(cd "$(dirname "$1")" && pwd)/$(basename "$1")}
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
. tests/postgres/server.sh
root=$PWD
export LC_ALL=C.UTF-8

without() {
    skip "CREATE EXTENSION fihrist" "$1"
    done_testing
}
[ -n "$extension" ] || without "built without the headers of PostgreSQL"
[ -x "$pg_home/bin/postgres" ] && [ -x "$pg_home/bin/initdb" ] && command -v psql >/dev/null 2>&1 || without "no PostgreSQL 15"
[ "$(id -u)" -ne 0 ] || command -v setpriv >/dev/null 2>&1 || without "root may not run PostgreSQL, and there is no setpriv"
work=$(mktemp -d)
trap 'stop_server; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
start_server >"$work/why" || { not_ok "a server starts" "$work/why"; done_testing; }

# gives NAME EXPECTED QUERY
gives() {
    came=$(echo "$3" | sql test)
    [ "$came" = "$2" ] && ok "$1" || not_ok "$1" "wanted: $2
came: $came
query: $3"
}
# says NAME PATTERN QUERY: a message that has it
says() {
    came=$(echo "$3" | sql test)
    case $came in
    *"$2"*) ok "$1" ;;
    *) not_ok "$1" "wanted: $2
came: $came
query: $3" ;;
    esac
}
# marks NAME EXPECTED QUERY [FUNCTION]: the texts of t that are found, in order, with [marks]
marks() {
    gives "$1" "$2" "SELECT ts_headline('arabic_fihrist', x, q, 'StartSel=[, StopSel=], HighlightAll=true')
        FROM t, ${4:-plainto_tsquery}('arabic_fihrist', '$3') q WHERE to_tsvector('arabic_fihrist', x) @@ q ORDER BY id;"
}

echo 'CREATE DATABASE test;' | sql postgres
gives "the extension is made, its objects with it" 'arabic_fihrist
arabic_fihrist_form' "CREATE EXTENSION fihrist; SELECT cfgname FROM pg_ts_config WHERE cfgname LIKE '%fihrist%' ORDER BY 1;"
sql test <<'END'
CREATE TABLE t (id int, x text);
INSERT INTO t VALUES (1, 'وبالمكتبات كتبٌ كثيرة'), (2, 'قرأ الطالبُ الكِتَابَ في المدرسة عام ٢٠٢٢'), (3, 'قَالَ يَٰقَوۡمِ ٱعۡبُدُواْ ٱللَّهَ'),
    (4, 'کتابی در خانه'), (5, 'قال النبيﷺ لنا'), (6, 'يستقبل Café هنا'), (7, ''), (8, NULL);
END
marks "a stem finds a word with clitics" '[وبالمكتبات] كتبٌ كثيرة' 'مكتبة'
marks "a word with clitics and vowels finds the stem" '[وبالمكتبات] كتبٌ كثيرة' 'فَلِلْمَكْتَبَةِ'
marks "a singular finds plural, article and vowels, and Persian letters" 'وبالمكتبات [كتبٌ] كثيرة
قرأ الطالبُ [الكِتَابَ] في المدرسة عام ٢٠٢٢
[کتابی] در خانه' 'كتاب'
marks "Persian letters find Arabic ones" 'قرأ الطالبُ [الكِتَابَ] في [المدرسة] عام ٢٠٢٢' 'الکتاب & المدرسه' to_tsquery
marks "digits of one script find those of another" 'قرأ الطالبُ الكِتَابَ في المدرسة عام [٢٠٢٢]' '2022'
marks "a verb finds its forms, and Latin letters are folded" '[يستقبل] [Café] هنا' 'استقبلهم cafe'
marks "a stop word is passed over" 'قرأ الطالبُ الكِتَابَ في [المدرسة] عام ٢٠٢٢' 'في المدارس'
marks "in a phrase it keeps its place" 'قرأ الطالبُ [الكِتَابَ] في [المدرسة] عام ٢٠٢٢' 'كتاب من مدرسه' phraseto_tsquery
marks "a phrase wants its words side by side" '' 'كتاب مدرسة' phraseto_tsquery
marks "as people search: phrases, OR and -" 'وبالمكتبات [كتبٌ] [كثيرة]
[يستقبل] Café هنا' '"كتاب كثير" OR يستقبل -خانه' websearch_to_tsquery
marks "a word between signs, and one of several words" 'قَالَ [يَٰقَوۡمِ] ٱعۡبُدُواْ ٱللَّهَ
قال [النبيﷺ] لنا' 'قوم | نبي' to_tsquery
gives "a query without a word finds nothing" '0' "SET client_min_messages = warning;
SELECT count(*) FROM t WHERE to_tsvector('arabic_fihrist', x) @@ plainto_tsquery('arabic_fihrist', '،');"
gives "a form alone, and its beginning" '2
1
2' "SELECT id FROM t WHERE to_tsvector('arabic_fihrist', x) @@ to_tsquery('arabic_fihrist_form', 'الكتاب');
SELECT id FROM t WHERE to_tsvector('arabic_fihrist', x) @@ to_tsquery('arabic_fihrist_form', 'وبال:* | الكتا:*') ORDER BY id;"
gives "stems and forms stand at one place" '3,3,5,5' "SELECT string_agg(u.positions[1]::text, ',' ORDER BY u.positions[1])
    FROM t, unnest(to_tsvector('arabic_fihrist', x)) u WHERE id = 2 AND lexeme IN ('كتاب', '=الكتاب', 'مدرس', '=المدرسه');"
gives "a sign of several words has a place for each" 'نبي 1, صلي 2, الله 3, بحر 5' "SELECT string_agg(lexeme || ' ' || positions[1], ', '
    ORDER BY positions[1]) FROM unnest(to_tsvector('arabic_fihrist', 'النبيﷺ والبحر')) WHERE lexeme IN ('نبي', 'صلي', 'الله', 'بحر');"
gives "the kinds of words" 'arabic latin number word' \
    "SELECT string_agg(DISTINCT alias, ' ' ORDER BY alias) FROM ts_debug('arabic_fihrist', 'قال x 12 привет!') WHERE alias <> 'blank';"
gives "the parser gives every byte, in order" 't' "SELECT bool_and(x = (SELECT string_agg(token, '' ORDER BY n)
    FROM ts_parse('fihrist', x) WITH ORDINALITY p(kind, token, n))) FROM t WHERE x <> '';"
gives "headlines pass through vowels, and are chosen by PostgreSQL" '<b>الكِتَابَ</b> في المدرسة' \
    "SELECT ts_headline('arabic_fihrist', x || repeat(' كلام', 50), plainto_tsquery('arabic_fihrist', 'كتاب'), 'MaxWords=4, MinWords=3')
     FROM t WHERE id = 2;"
gives "more of a word, and its very form, come first" '2
3
1' "CREATE TABLE r (id int, x text);
INSERT INTO r VALUES (1, 'باع في أسواقنا سمكا'), (2, 'السوق وأسواق وسوق'), (3, 'باع في السوق سمكا'), (4, 'غيره');
SELECT id FROM r, plainto_tsquery('arabic_fihrist', 'السوق') q WHERE to_tsvector('arabic_fihrist', x) @@ q
ORDER BY ts_rank(to_tsvector('arabic_fihrist', x), q) DESC;"

# Texts that are none, and long ones.
gives "empty and odd texts" '|0|0|0|1' "SELECT to_tsvector('arabic_fihrist', ''), length(to_tsvector('arabic_fihrist', E' \u200f\u202e\t\n')),
    length(to_tsvector('arabic_fihrist', repeat('،', 100000))), length(to_tsvector('arabic_fihrist', repeat(E'\u064b', 5000))),
    length(to_tsvector('arabic_fihrist', repeat(E'\U0010ffff', 9) || 'x'));"
gives "a very long word is one, cut, and the rest of the text is whole" 't|t|100000' \
    "SELECT v @@ plainto_tsquery('arabic_fihrist', 'بحر'), v @@ plainto_tsquery('arabic_fihrist', repeat('ب', 100000)), (SELECT sum(length(token))
        FROM ts_parse('fihrist', repeat('ب', 100000))) FROM to_tsvector('arabic_fihrist', repeat('ب', 100000) || ' البحر') v;"
gives "a headline of long blanks and words is whole" 't' "SELECT replace(replace(ts_headline('arabic_fihrist', x, plainto_tsquery('arabic_fihrist', 'بحر'),
    'HighlightAll=true'), '<b>', ''), '</b>', '') = x FROM (SELECT repeat('، ', 60000) || 'البحر' || repeat('ت', 60000) AS x) s;"
gives "100,000 lexemes of one call" 't' "SELECT array_length(ts_lexize('arabic_fihrist', repeat('كتاب بحر ', 50000)), 1) >= 100000;"
gives "a text of 9 MB" 't' "SELECT to_tsvector('arabic_fihrist', repeat('وبالكتاب وَالبَحْر ﷺ ', 200000)) @@ plainto_tsquery('arabic_fihrist', 'كتاب بحر');"

# More of them than fit in one page of anything, each with its number, and every tenth with a word of its own.
sql test <<'END'
CREATE TABLE source (id int PRIMARY KEY, body text);
INSERT INTO source SELECT id, (SELECT string_agg((ARRAY['البحر', 'وَالنُّجُومِ', 'سفينة', 'في', 'المدينة', 'طريقهم', 'لِلْقَمَرِ', 'كبيرة', 'بعد',
        'الحكومة', 'يقولون', 'وزارته', 'أسواق', 'هيئة', 'مسؤول', 'ماء'])[1 + (id::bigint * 7919 + j * j * 104729 + j * id) % 16], ' ' ORDER BY j)
    FROM generate_series(0, 39) j) || CASE id % 10 WHEN 0 THEN ' وبالمكتبات' ELSE '' END || ' x' || id FROM generate_series(1, 10000) id;
CREATE INDEX big ON source USING gin (to_tsvector('arabic_fihrist', body));
ANALYZE source;
END
export PGOPTIONS='-c enable_seqscan=off'
says "the index is used" 'Bitmap Index Scan on big' \
    "EXPLAIN SELECT id FROM source WHERE to_tsvector('arabic_fihrist', body) @@ plainto_tsquery('arabic_fihrist', 'مكتبة');"
gives "each of 10,000 is found by its number" '10000' "SELECT count(*) FROM source s WHERE ARRAY[s.id] = (SELECT array_agg(id) FROM source
    WHERE to_tsvector('arabic_fihrist', body) @@ plainto_tsquery('arabic_fihrist', 'x' || s.id));"
gives "the word of every tenth, by its stem and its beginning" '1000|1000|1000' "SELECT count(*), count(*) FILTER (WHERE id % 10 = 0),
    (SELECT count(*) FROM source WHERE to_tsvector('arabic_fihrist', body) @@ to_tsquery('arabic_fihrist_form', 'وبالمك:*'))
    FROM source WHERE to_tsvector('arabic_fihrist', body) @@ plainto_tsquery('arabic_fihrist', 'مكتبة');"
gives "as many as the texts have" 't|t|t|t' "CREATE FUNCTION found(q tsquery) RETURNS bigint STABLE LANGUAGE sql AS
    'SELECT count(*) FROM source WHERE to_tsvector(''arabic_fihrist'', body) @@ q';
SELECT found(plainto_tsquery('arabic_fihrist', 'نجم')) = (SELECT count(*) FROM source WHERE body LIKE '%وَالنُّجُومِ%'),
    found(phraseto_tsquery('arabic_fihrist', 'حكومة قال')) = (SELECT count(*) FROM source WHERE body LIKE '%الحكومة يقولون%'),
    found(websearch_to_tsquery('arabic_fihrist', '\"قمر هيئة\" -سوق')) =
        (SELECT count(*) FROM source WHERE body LIKE '%لِلْقَمَرِ هيئة%' AND body NOT LIKE '%أسواق%'),
    found(plainto_tsquery('arabic_fihrist', 'مسئول وماء')) = (SELECT count(*) FROM source WHERE body LIKE '%مسؤول%' AND body LIKE '%ماء%');"
gives "what is deleted is gone, what is changed is found anew" '999|1' "DELETE FROM source WHERE id = 4710;
UPDATE source SET body = 'سيارات' WHERE id = 4711; VACUUM source;
SELECT found(plainto_tsquery('arabic_fihrist', 'مكتبة')), found(plainto_tsquery('arabic_fihrist', 'السيارة'));"

# Other analyzers, and what is none.
gives "other analyzers and options" '{national}|{كتاب}|{=الكتاب}|{ـفي}|{}|{كتاب}' "CREATE TEXT SEARCH DICTIONARY f (TEMPLATE = fihrist, ANALYZER = 'arabic-light+french');
CREATE TEXT SEARCH DICTIONARY s (TEMPLATE = fihrist, TERMS = stems); CREATE TEXT SEARCH DICTIONARY o (TEMPLATE = fihrist, TERMS = forms);
CREATE TEXT SEARCH DICTIONARY k (TEMPLATE = fihrist, TERMS = stems, STOPWORDS = false);
SELECT ts_lexize('f', 'nationales'), ts_lexize('s', 'الكتاب'), ts_lexize('o', 'الكتاب'), ts_lexize('k', 'في'), ts_lexize('s', 'في'), ts_lexize('f', 'الكتاب');"
gives "no word is nobody's" '' "SELECT ts_lexize('arabic_fihrist', '،');"
says "an unknown analyzer is refused" "unknown analyzer 'arabik'" "CREATE TEXT SEARCH DICTIONARY e (TEMPLATE = fihrist, ANALYZER = arabik);"
says "unknown terms are refused" 'terms are all, stems or forms, not "roots"' "CREATE TEXT SEARCH DICTIONARY e (TEMPLATE = fihrist, TERMS = roots);"
says "an unknown option is refused" 'no option "lexicon"' "CREATE TEXT SEARCH DICTIONARY e (TEMPLATE = fihrist, LEXICON = x);"
says "forms of an analyzer without any are refused" 'this analyzer has no forms' \
    "CREATE TEXT SEARCH DICTIONARY e (TEMPLATE = fihrist, ANALYZER = 'arabic-light', TERMS = forms);"
gives "fihrist_analyzer() describes the analyzer" 't|t|t' "SELECT fihrist_analyzer() LIKE 'arabic;icu=%;tables=%',
    fihrist_analyzer('arabic-light+french') LIKE 'arabic-light+french;%', fihrist_analyzer() = fihrist_analyzer('arabic');"
says "it says what is no analyzer" "unknown analyzer 'x'" "SELECT fihrist_analyzer('x');"
echo "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0;" | sql postgres
came=$(echo "SET client_encoding = utf8; CREATE EXTENSION fihrist;" | sql latin)
case $came in
*"the database must be in UTF8, and is in LATIN1"*) ok "a database in another encoding is refused" ;;
*) not_ok "a database in another encoding is refused" "$came" ;;
esac

# One session: cancelled in the parser and in the dictionary, and then it goes on as before.
began=$(date +%s)
came=$(sql test <<'END'
CREATE TEMP TABLE long AS SELECT repeat('وبالكتاب وَالبَحْر ', 3000000) AS x;
SET statement_timeout = '300ms';
SELECT to_tsvector('arabic_fihrist', x) IS NULL FROM long;
SELECT array_length(ts_lexize('arabic_fihrist', x), 1) FROM long;
SELECT count(*) FROM long, ts_parse('fihrist', x);
SET statement_timeout = 0;
SELECT ts_lexize('arabic_fihrist', 'الكتاب');
END
)
[ "$(echo "$came" | grep -c 'canceling statement due to statement timeout')" = 3 ] && [ "$(echo "$came" | tail -n 1)" = '{كتاب,=الكتاب}' ] &&
    [ $(($(date +%s) - began)) -lt 20 ] && ok "cancelled queries end, and the session goes on" || not_ok "cancelled queries end, and the session goes on" "$came"

# Each change makes the dictionary anew, in the same session: what the process holds does not grow with it.
grown=$({
    echo "CREATE TEXT SEARCH DICTIONARY m (TEMPLATE = fihrist);"
    for i in $(seq 120); do
        echo "ALTER TEXT SEARCH DICTIONARY m (STOPWORDS = $([ $((i % 2)) = 0 ] && echo true || echo false));"
        echo "SELECT count(ts_lexize('m', 'كلمة' || n)) FROM generate_series(1, 100) n;"
        case $i in 20 | 120) echo "SELECT 'rss', split_part(pg_read_file('/proc/self/statm'), ' ', 2);" ;; esac
    done
} | sql test | sed -n 's/^rss|//p' | awk 'NR == 1 { first = $1 } END { print ($1 - first) * 4 }')
[ "$grown" -lt 3000 ] && ok "an analyzer goes with its dictionary" ||
    not_ok "an analyzer goes with its dictionary" "$grown kB more after 100 changes"
gives "the extension goes, and what uses it, and is made again" '0|t' "SET client_min_messages = error; DROP EXTENSION fihrist CASCADE;
CREATE TEMP TABLE left_over AS SELECT count(*) AS n FROM pg_ts_dict WHERE dictname LIKE '%fihrist%'; CREATE EXTENSION fihrist;
SELECT n, to_tsvector('arabic_fihrist', 'كتب') @@ plainto_tsquery('arabic_fihrist', 'كتاب') FROM left_over;"

readme=$root/tools/postgres/README.md
sed -n '/^```console$/,/^```$/p' "$readme" | grep -v '^```' >"$work/wants"
sed -n 's/^=> //p' "$readme" >"$work/commands"
echo "CREATE DATABASE readme;" | sql postgres
while IFS= read -r line; do
    echo "=> $line"
    echo "$line" | sql readme
done <"$work/commands" >"$work/came"
[ "$(wc -l <"$work/commands")" = 12 ] && ok "the README has twelve commands" || not_ok "the README has twelve commands" "$work/commands"
empty "they print what it shows" "$(diff -u "$work/wants" "$work/came")"
empty "no process of the server crashed" "$(grep -e 'terminated by signal' -e PANIC "$work/server.log")"
done_testing
