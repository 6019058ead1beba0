/* test_query.c - the query language of fihrist-query(7), clause by clause. */
#include "search/query.h"
#include "tap.h"

static char out[4000];
static size_t at;

static void put(const char *s)
{
    at += (size_t)snprintf(out + at, sizeof out - at, "%.*s", (int)(sizeof out - 1 - at), s);
}

/* A tree as text: one clause a piece, sign, scope, then words, "phrase", =keyword or (group), | in an OR, ^ and a
 * boost. */
static void put_group(const struct node *group)
{
    static const char *const signs[] = {"", "+", "-"}, *const scopes[] = {"", "title:", "body:", "section:", "date:", ""};
    char boost[32], link[32];

    for (size_t i = 0; i < group->count && at < sizeof out - 100; i++) {
        const struct node *c = group->children[i];
        const char *quote = c->kind == NODE_PHRASE ? "\"" : "";

        snprintf(link, sizeof link, " %s%u ", c->link == LINK_THEN ? ">" : "<>", c->reach);
        put(i == 0 ? "" : group->kind == NODE_NEAR ? link : group->is_or ? " | " : " ");
        put(signs[c->occur]);
        put(c->kind == NODE_GROUP || group->kind == NODE_NEAR ? "" : scopes[c->scope]);
        if (c->field) {
            put(c->field);
            put(c->is_exact ? ":=" : ":");
        }
        put(c->name ? "?" : c->kind == NODE_ALL ? "all " : "");
        put(c->kind == NODE_GROUP ? "(" : c->kind == NODE_NEAR ? "{" : c->kind == NODE_KEYWORD ? "=" : quote);
        put(c->text);
        put_group(c);
        put(c->kind == NODE_GROUP ? ")" : c->kind == NODE_NEAR ? "}" : quote);
        snprintf(boost, sizeof boost, "~%u", c->reach);
        put(c->kind == NODE_PHRASE && group->kind != NODE_NEAR && c->reach ? boost : "");
        snprintf(boost, sizeof boost, "^%g", (double)c->boost);
        put(c->boost < 1 || c->boost > 1 ? boost : "");
    }
}

static const char *tree(const char *text, size_t n)
{
    struct fih_query *q = NULL;
    fih_error err = {0, 0, 0, ""};

    at = 0;
    if (fihi_query_parse(&q, text, n, &err) != FIH_OK) {
        snprintf(out, sizeof out, "%s at %zu", err.code == FIH_E_QUERY ? "query" : "error", err.pos);
        CHECK(q == NULL && err.msg[0]);
        return out;
    }
    out[0] = '\0';
    put_group(q->root);
    fihi_query_free(q);
    return out;
}

static void check(const char *text, const char *want)
{
    const size_t n = strlen(text);
    char *flush = guard_alloc(n);

    memcpy(flush, text, n);
    CHECK_STR_EQ(tree(flush, n), want, "query: %s", text);
    guard_free(flush, n);
}

static void words_are_clauses(void)
{
    check("", "");
    check("  \t ", "");
    check("انتخابات تونس", "انتخابات تونس");
    check(" انتخابات\xC2\xA0تونس\n", "انتخابات تونس");
}

static void quotation_marks_make_phrases(void)
{
    check("\"مجلس النواب\"", "\"مجلس النواب\"");
    check("\"a b\" c \"d\"", "\"a b\" c \"d\"");
    check("+\"a b\" -\"c d\"", "+\"a b\" -\"c d\"");
    check("«مجلس النواب» “a b” „c d“ „e f” ‹g h›", "\"مجلس النواب\" \"a b\" \"c d\" \"e f\" \"g h\"");
    check("»مجلس النواب« ”a b“ ”c d” “e f“ ›g h‹", "\"مجلس النواب\" \"a b\" \"c d\" \"e f\" \"g h\"");
    check("+title:«كأس العالم»~2^3 -“a b”", "+title:\"كأس العالم\"~2^3 -\"a b\"");
    check("section:«أخبار وطنية»", "section:=أخبار وطنية");
    check("«a \"b\" c» \"«d»\"", "\"a \"b\" c\" \"«d»\"");
    check("(«a b») OR “c”", "(\"a b\") | \"c\"");
}

static void typographic_marks_alone_are_punctuation(void)
{
    check("«مجلس النواب", "«مجلس النواب");
    check("مجلس النواب»", "مجلس النواب»");
    check("a»b c«d» 5“ x", "a»b c«d» 5“ x");
    check("“a b", "“a b");
    check("«", "«");
    check("\xC2", "\xC2");
}

static void a_word_may_have_spaces_of_its_own(void)
{
    struct fih_query *q = NULL;
    static const struct { const char *text, *first; size_t count; } cases[] = {
        {"أ ف ب تقول", "أ ف ب", 2}, {"J. K. Rowling", "J. K.", 2}, {"1 234,5 km", "1 234,5", 2},
        {"+أ.ف.ب x", "أ.ف.ب", 2},   {"12 34", "12", 2},           {"(أ ف ب) x", "", 2},
        {"أ ف ب^2", "أ ف ب", 1},    {"ب و ج", "ب", 3},            {"J K", "J", 2},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        REQUIRE(fihi_query_parse(&q, cases[i].text, strlen(cases[i].text), NULL) == FIH_OK);
        CHECK_INT_EQ(q->root->count, cases[i].count, "%s", cases[i].text);
        CHECK_STR_EQ(q->root->children[0]->text ? q->root->children[0]->text : "", cases[i].first, "%s", cases[i].text);
        fihi_query_free(q);
    }
}

static void tags_of_several_words_are_phrases(void)
{
    check("#يوم_الأرض تونس", "\"#يوم_الأرض\" تونس");
    check("+#يوم_الأرض -@some_name", "+\"#يوم_الأرض\" -\"@some_name\"");
    check("#تونس @name a_b # @ _x #1", "#تونس @name a_b # @ _x #1");
}

static void signs_count_only_directly_before_a_word(void)
{
    check("+الميزانية -رياضة", "+الميزانية -رياضة");
    check("القاهرة - مصر", "القاهرة - مصر");
    check("2011-2012", "2011-2012");
    check("a+b c-", "a+b c-");
    check("c +", "c +");
}

static void names_with_a_colon_are_fields(void)
{
    check("title:ثورة body:x", "title:ثورة body:x");
    check("+title:\"كأس العالم\"", "+title:\"كأس العالم\"");
    check("section:\"أخبار وطنية\"", "section:=أخبار وطنية");
    check("-section:رياضة", "-section:=رياضة");
    check("author:x http://example.org/", "author:x http://example.org/");
    check("subtitle:x", "subtitle:x");
    check("+tags:\"a b*\" -pages:>250", "+tags:=a b* -pages:>250");
    check("tags:(a \"b\" pages:3 title:x) y", "(tags:a tags:=b pages:3 title:x) y");
    check("title:(a tags:b c)", "title:a tags:b title:c");
    check("pages:100..250^2", "pages:100..250^2");
    check("NOT tags:a b", "-tags:a b");
    check("title:* -body:*", "title:title:* -body:body:*");
    check("title:(a *)", "title:a title:title:*");
    check("title:* NEAR/2 a", "query at 0");
    check("title:(a NEAR/2 *)", "query at 16");
    check("pages:(100 250 ٣٠٠ ٤٠٠)", "pages:100 pages:250 pages:٣٠٠ pages:٤٠٠");
    check("pages:100 250 300", "pages:100 250 300");
    check("section:1 200", "section:=1 200");
    check("title:1 200", "title:1 200");
    check("author:أ ف ب", "author:أ ف ب");
    check("x-1.y_z:q", "x-1.y_z:q");
    check("eco:nomy* eco*", "eco:nomy* eco*");
    check("tags:a OR b", "tags:a | b");
    check("author:a NEAR/2 b", "author:{author:a <>2 author:b}");
    check("+author:(a NEAR/2 \"b c\") d", "+(author:{author:a <>2 author:=b c}) d");
    check("author:a NEAR/2 author:b", "author:{author:a <>2 author:b}");
    check("author:(note:a NEAR/2 b)", "note:{note:a <>2 note:b}");
    check("author:a NEAR/2 note:b", "query at 16");
    check("author:(title:a NEAR/2 b)", "query at 23");
    check("author:a NEAR/2 title:b", "query at 16");
    check("author:\"a b\"~2 NEAR/2 c", "query at 0");
    check("author:a NEAR/2 -b", "query at 16");
    check("*", "all *");
    check("a * -b", "a all * -b");
    check("**", "**");
}

/* Whether it is one shows in the tree: a name of a field is no part of the text. */
static void what_only_looks_like_a_field_is_words(void)
{
    static const char *const words[] = {"http://example.org/", "https://x", "10:30", "3a:b", "std::sort", "c:\\x",
                                        "a:", ":a", "a: b", "a/b:c", "-:x", "a,b:c"};
    struct fih_query *q;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        REQUIRE(fihi_query_parse(&q, words[i], strlen(words[i]), NULL) == FIH_OK);
        for (size_t k = 0; k < q->root->count; k++)
            CHECK(q->root->children[k]->kind == NODE_WORDS && !q->root->children[k]->name, "%s", words[i]);
        fihi_query_free(q);
    }
    /* a name of another script may be one: the index says */
    check("قال:نعم", "?قال:نعم");
    check("وسم:\"نعم\" وسم:(x)", "وسم:=نعم (وسم:x)");
    check("قال: نعم", "قال: نعم");
}

static void a_mark_with_nothing_to_work_on_is_an_error_with_its_place(void)
{
    check("مصر \"القديمة", "query at 7");
    check("x title:", "query at 2");
    check("title: x", "query at 0");
    check("ab +section:", "query at 3");
    check("\"", "query at 0");
}

static void operators_join_what_stands_beside_them(void)
{
    check("a AND b", "+a +b");
    check("a && b _و_ c", "+a +b +c");
    check("a OR b", "a | b");
    check("a || b _أو_ c _او_ d", "a | b | c | d");
    check("a AND b OR c", "(+a +b) | c");
    check("a OR b AND c", "a | (+b +c)");
    check("a b OR c d", "a (b | c) d");
    check("a b AND c", "a (+b +c)");
    check("a AND \"b c\" AND title:d", "+a +\"b c\" +title:d");
    check("+a OR -b AND +c", "a | (-b +c)");
}

static void not_leaves_out(void)
{
    check("a NOT b", "a -b");
    check("a _ليس_ b", "a -b");
    check("a AND NOT b", "+a -b");
    check("a AND -b", "+a -b");
    check("NOT NOT a", "a");
    check("NOT -a", "a");
    check("a AND (NOT b -c)", "+a -b -c");
    check("a (NOT b)", "a -b");
    check("a NOT (b OR c)", "a -(b | c)");
    check("NOT(a b)", "-(a b)");
    check("a OR NOT b", "query at 9");
    check("-a OR b", "query at 0");
    check("a OR (NOT b)", "query at 5");
}

static void operators_count_only_alone(void)
{
    check("ANDROID ORANGE NOTE", "ANDROID ORANGE NOTE");
    check("and or not", "and or not");
    check("a&&b x||y", "a&&b x||y");
    check("و أو ليس", "و أو ليس");
    check("\"a AND b\" title:OR", "\"a AND b\" title:OR");
    check("(a)OR(b)", "(a) | (b)");
}

static void an_operator_with_a_side_missing_is_an_error_with_its_place(void)
{
    check("AND a", "query at 0");
    check("a OR", "query at 2");
    check("a AND OR b", "query at 6");
    check("a  &&  ", "query at 3");
    check("a NOT", "query at 2");
    check("x (a OR) b", "query at 5");
    check("a NOT AND b", "query at 6");
    check("كتاب _و_", "query at 9");
}

static void parentheses_group(void)
{
    check("(a b) c", "(a b) c");
    check("+(a b) -(c d)", "+(a b) -(c d)");
    check("( a OR b ) AND c", "+(a | b) +c");
    check("title:(a \"b c\" body:d) e", "(title:a title:\"b c\" body:d) e");
    check("x section:(رياضة \"أخبار وطنية\")", "x (section:=رياضة section:=أخبار وطنية)");
    check("(a b)", "a b");
    check("((a))", "a");
    check("((a)^2)^3 b", "((a)^2)^3 b");
    check("() a ()", "() a ()");
    check("(f(x) y)", "f(x) y");
    check("f(x) y)", "f(x) y)");
    check("1) a :) b", "1) a :) b");
    check("كتاب(جديد)", "كتاب(جديد)");
    check("(a", "query at 0");
    check("x title:(a (b)", "query at 8");
    check("a (b \"c)", "query at 5");
}

static void a_boost_is_a_number_at_the_end(void)
{
    check("a^2 b", "a^2 b");
    check("\"a b\"^0.5 (c d)^3 e", "\"a b\"^0.5 (c d)^3 e");
    check("كتاب^٢ x^۱٫", "كتاب^2 x^۱٫");
    check("title:a^10 +b^100 -c^0.01", "title:a^10 +b^100 -c^0.01");
    check("a^ b^x c^2x ^2 d^1.", "a^ b^x c^2x ^2 d^1.");
    check("(a^2)", "a^2");
    check("a ab^101", "query at 4");
    check("a^0", "query at 1");
    check("a^1234567", "a^1234567");
}

/* The first word: the kind of pattern, its text and its edits, or "word". */
static const char *first_word(const char *text)
{
    static const char *const kinds[] = {"wildcard", "fuzzy", "regex", "exact", "written"};
    static const enum pattern_kind in_order[] = {PATTERN_WILDCARD, PATTERN_FUZZY, PATTERN_REGEX, PATTERN_EXACT,
                                                 PATTERN_WRITTEN};
    static char what[200];
    struct fih_query *q = NULL;
    fih_error err = {0, 0, 0, ""};
    const struct node *n;

    if (fihi_query_parse(&q, text, strlen(text), &err) != FIH_OK) {
        snprintf(what, sizeof what, "error at %zu", err.pos);
        return what;
    }
    n = q->root->count ? q->root->children[0] : NULL;
    snprintf(what, sizeof what, "%s", n ? "word" : "nothing");
    for (unsigned i = 0; n && n->kind == NODE_PATTERN && i < 5; i++)
        if (n->pattern == in_order[i])
            snprintf(what, sizeof what, n->pattern == PATTERN_FUZZY ? "%s %s %u" : "%s %s", kinds[i], n->text, n->reach);
    fihi_query_free(q);
    return what;
}

static void a_sign_makes_a_word_a_pattern(void)
{
    static const struct { const char *text, *want; } words[] = {
        {"كتاب~", "fuzzy كتاب 1"}, {"كتاب~2", "fuzzy كتاب 2"}, {"كتاب~٢", "fuzzy كتاب 2"}, {"كتاب~3", "error at 0"},
        {"كتاب~0", "error at 0"}, {"كتاب~1.5", "error at 0"}, {"كتاب~x", "word"}, {"كتاب~2x", "word"}, {"كت~", "word"},
        {"a2~", "word"}, {"a2b~", "fuzzy a2b 1"}, {"A_B~", "word"}, {"Zz9~", "fuzzy Zz9 1"}, {"~", "word"},
        {"@[`{~", "word"}, {"==كتابٌ", "written كتابٌ"}, {"===", "word"}, {"=كتاب", "exact كتاب"}, {"=", "word"}, {"==", "word"}, {"كت*", "wildcard كت*"}, {"*", "word"},
        {"ماذا?", "word"}, {"ماذا??", "word"}, {"م?ذا?", "wildcard م?ذا?"}, {"???", "word"}, {"/كت.ب/", "regex كت.ب"},
        {"//", "word"}, {"/a/b/", "word"}, {"/a", "word"}, {"/a b/", "word"}, {"/(a|b)/^2", "regex (a|b)"},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        CHECK_STR_EQ(first_word(words[i].text), words[i].want, "%s", words[i].text);
}

static void digits_of_three_scripts_are_numbers_and_their_neighbours_are_not(void)
{
    check("a^\xD9\xA0.\xD9\xA9 b", "a^0.9 b");
    check("a^\xDB\xB0.\xDB\xB9 b", "a^0.9 b");
    check("a^\xD9\x9F b", "a^\xD9\x9F b");
    check("a^\xD9\xAA b", "a^\xD9\xAA b");
    check("a^\xDB\xAF b", "a^\xDB\xAF b");
    check("a^\xDB\xBA b", "a^\xDB\xBA b");
    check("a^/ b^:", "a^/ b^:");
    check("a^\xD9", "a^\xD9");
    check("a^1.x b", "a^1.x b");
    check("a^1.1234567 b", "a^1.1234567 b");
    check("a\xC2\xA0" "b\xC2\xA1" "c", "a b\xC2\xA1" "c");
    check("a\xC2", "a\xC2");
}

static void distances_join_words_and_phrases(void)
{
    check("\"a b\"~3 c", "\"a b\"~3 c");
    check("\"a b\"~3^2", "\"a b\"~3^2");
    check("\"a b\"~٣", "\"a b\"~3");
    check("\"a b\"~ \"c\"~x", "\"a b\" ~ \"c\" ~x");
    check("a NEAR/5 b", "{a <>5 b}");
    check("a THEN/2 \"b c\" NEAR/7 d", "{a >2 \"b c\" <>7 d}");
    check("a _قرب_/5 b _ثم_/٢ c", "{a <>5 b >2 c}");
    check("+title:a NEAR/5 b", "+title:{a <>5 b}");
    check("title:(a NEAR/5 b)", "title:{a <>5 b}");
    check("a AND b NEAR/5 c OR d", "(+a +{b <>5 c}) | d");
    check("NOT a NEAR/5 b", "-{a <>5 b}");
    check("NEAR THEN a NEAR b", "NEAR THEN a NEAR b");
    check("a NEAR/x b", "a NEAR/x b");
    check("a NEAR/0 b", "query at 2");
    check("a THEN/1001 b", "query at 2");
    check("\"a b\"~1001", "query at 5");
    check("a NEAR/5", "query at 2");
    check("NEAR/5 a", "query at 0");
    check("a NEAR/5 AND b", "query at 9");
    check("a NEAR/5 (b c)", "query at 9");
    check("(a b) NEAR/5 c", "query at 0");
    check("a NEAR/5 -b", "query at 9");
    check("a NEAR/5 title:b", "query at 9");
    check("a NEAR/5 \"b c\"~2", "query at 9");
}

/* n times a piece. */
static char *repeat(const char *piece, size_t n)
{
    const size_t len = strlen(piece);
    char *s = malloc(n * len + 1);

    if (!s)
        abort();
    for (size_t i = 0; i < n; i++)
        memcpy(s + i * len, piece, len);
    s[n * len] = '\0';
    return s;
}

static void a_million_parentheses_are_refused_at_once(void)
{
    static const char *const pieces[] = {"(",       "()",  ")",    "(a ",     "-(",
                                         "title:(", "(a)", "NOT ", "a AND (", "a OR (b AND (c "};
    char want[40], *s;

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        s = repeat(pieces[i], FIH_MAX_QUERY / strlen(pieces[i]));
        tree(s, strlen(s));
        CHECK(i == 2 ? strcmp(out, "error at 1") != 0 : strncmp(out, i == 7 ? "query at" : "error at", 8) == 0,
              "%s: %.30s", pieces[i], out);
        free(s);
    }
    for (size_t depth = FIH_MAX_DEPTH; depth <= FIH_MAX_DEPTH + 1; depth++) {
        char *open = repeat("(", depth), *close = repeat(")", depth);

        s = malloc(2 * depth + 10);
        sprintf(s, "%sa%s b", open, close);
        snprintf(want, sizeof want, "error at %u", FIH_MAX_DEPTH);
        CHECK(depth > FIH_MAX_DEPTH ? strcmp(tree(s, strlen(s)), want) == 0 : strcmp(tree(s, strlen(s)), "(a) b") == 0,
              "%s", out);
        free(s);
        free(open);
        free(close);
    }
}

static void limits_are_kept(void)
{
    char *many = malloc(3 * FIH_MAX_CLAUSES + 3), *p = many;
    char *large = malloc(FIH_MAX_QUERY + 1);
    struct fih_query *q = NULL;
    fih_error err;

    for (unsigned i = 0; i <= FIH_MAX_CLAUSES; i++, p += 2)
        memcpy(p, "x ", 2);
    CHECK_INT_EQ(fihi_query_parse(&q, many, 2 * FIH_MAX_CLAUSES, &err), FIH_OK);
    fihi_query_free(q);
    CHECK_INT_EQ(fihi_query_parse(&q, many, 2 * FIH_MAX_CLAUSES + 1, &err), FIH_E_LIMIT);
    CHECK(q == NULL);
    memset(large, 'x', FIH_MAX_QUERY + 1);
    CHECK_INT_EQ(fihi_query_parse(&q, large, FIH_MAX_QUERY, &err), FIH_OK);
    fihi_query_free(q);
    CHECK_INT_EQ(fihi_query_plain(&q, large, FIH_MAX_QUERY + 1, &err), FIH_E_LIMIT);
    CHECK(q == NULL);
    free(many);
    free(large);
}

static void plain_text_is_one_clause_whatever_it_holds(void)
{
    static const char text[] = "\"a +b -c title:";
    struct fih_query *q = NULL;

    REQUIRE(fihi_query_plain(&q, text, sizeof text - 1, NULL) == FIH_OK);
    CHECK_INT_EQ(q->root->count, 1);
    CHECK_INT_EQ(q->root->children[0]->kind, NODE_WORDS);
    CHECK_STR_EQ(q->root->children[0]->text, text);
    fihi_query_free(q);
}

int main(void)
{
    RUN(words_are_clauses);
    RUN(quotation_marks_make_phrases);
    RUN(typographic_marks_alone_are_punctuation);
    RUN(a_word_may_have_spaces_of_its_own);
    RUN(tags_of_several_words_are_phrases);
    RUN(signs_count_only_directly_before_a_word);
    RUN(names_with_a_colon_are_fields);
    RUN(what_only_looks_like_a_field_is_words);
    RUN(a_mark_with_nothing_to_work_on_is_an_error_with_its_place);
    RUN(operators_join_what_stands_beside_them);
    RUN(not_leaves_out);
    RUN(operators_count_only_alone);
    RUN(an_operator_with_a_side_missing_is_an_error_with_its_place);
    RUN(parentheses_group);
    RUN(a_boost_is_a_number_at_the_end);
    RUN(a_sign_makes_a_word_a_pattern);
    RUN(digits_of_three_scripts_are_numbers_and_their_neighbours_are_not);
    RUN(distances_join_words_and_phrases);
    RUN(a_million_parentheses_are_refused_at_once);
    RUN(limits_are_kept);
    RUN(plain_text_is_one_clause_whatever_it_holds);
    return DONE();
}
