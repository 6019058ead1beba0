/* test_query.c - the query language of fihrist-query(7), clause by clause. */
#include "search/query.h"
#include "tap.h"

/* A tree as text: one clause a piece, sign, scope, then words, "phrase" or =keyword. */
static const char *tree(const char *text, size_t n)
{
    static const char *const signs[] = {"", "+", "-"}, *const scopes[] = {"", "title:", "body:", "section:"};
    static char out[2000];
    struct fih_query *q = NULL;
    fih_error err = {0, 0, 0, ""};
    size_t at = 0;

    if (fihi_query_parse(&q, text, n, &err) != FIH_OK) {
        snprintf(out, sizeof out, "%s at %zu", err.code == FIH_E_QUERY ? "query" : "error", err.pos);
        return out;
    }
    out[0] = '\0';
    for (size_t i = 0; i < q->root->count; i++) {
        const struct node *c = q->root->children[i];
        const char *quote = c->kind == NODE_PHRASE ? "\"" : "";

        at += (size_t)snprintf(out + at, sizeof out - at, "%s%s%s%s%s%s%s", i ? " " : "", signs[c->occur], scopes[c->scope],
                               c->kind == NODE_KEYWORD ? "=" : quote, c->text, quote, "");
    }
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
}

static void signs_count_only_directly_before_a_word(void)
{
    check("+الميزانية -رياضة", "+الميزانية -رياضة");
    check("القاهرة - مصر", "القاهرة - مصر");
    check("2011-2012", "2011-2012");
    check("a+b c-", "a+b c-");
    check("c +", "c +");
}

static void known_fields_are_scopes_and_unknown_ones_words(void)
{
    check("title:ثورة body:x", "title:ثورة body:x");
    check("+title:\"كأس العالم\"", "+title:\"كأس العالم\"");
    check("section:\"أخبار وطنية\"", "section:=أخبار وطنية");
    check("-section:رياضة", "-section:=رياضة");
    check("author:x http://example.org/", "author:x http://example.org/");
    check("subtitle:x", "subtitle:x");
}

static void a_mark_with_nothing_to_work_on_is_an_error_with_its_place(void)
{
    check("مصر \"القديمة", "query at 7");
    check("x title:", "query at 2");
    check("title: x", "query at 0");
    check("ab +section:", "query at 3");
    check("\"", "query at 0");
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
    RUN(signs_count_only_directly_before_a_word);
    RUN(known_fields_are_scopes_and_unknown_ones_words);
    RUN(a_mark_with_nothing_to_work_on_is_an_error_with_its_place);
    RUN(limits_are_kept);
    RUN(plain_text_is_one_clause_whatever_it_holds);
    return DONE();
}
