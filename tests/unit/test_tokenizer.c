/* test_tokenizer.c - a program's own tokenizer: written, searched, shown, remembered, and not believed. */
#include <ctype.h>

#include "shelf.h"

/* Words between blanks; ASCII letters as small ones. A word with - in it has three terms: whole, and both of its parts.
 * Numbers are no words. */
static int split(void *ctx, fih_str text,
                 int (*emit)(void *sink, uint32_t position, size_t start, size_t end, fih_str term), void *sink)
{
    uint32_t position = 0;
    int rc = 0;

    ++*(_Atomic unsigned *)ctx;
    for (size_t i = 0; i < text.len && rc == 0;) {
        const size_t start = i;
        char term[FIH_MAX_TERM];
        size_t n = 0;

        while (i < text.len && text.ptr[i] != ' ' && n < sizeof term)
            term[n++] = (char)(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? text.ptr[i] | 0x20 : text.ptr[i]), i++;
        if (n > 0 && !isdigit((unsigned char)term[0])) {
            const char *const hyphen = memchr(term, '-', n);
            const size_t first = hyphen ? (size_t)(hyphen - term) : 0;

            rc = emit(sink, position, start, i, (fih_str){term, n});
            if (rc == 0 && first > 0 && first + 1 < n) {
                rc = emit(sink, position, start, i, (fih_str){term, first});
                rc = rc ? rc : emit(sink, position, start, i, (fih_str){hyphen + 1, n - first - 1});
            }
            position++;
        }
        i += n == 0;
    }
    return rc;
}

static _Atomic unsigned calls;

static fih_tokenizer tokenizer(uint32_t version)
{
    fih_tokenizer t = FIH_TOKENIZER_INIT;

    t.name = "words";
    t.version = version;
    t.tokenize = split;
    t.ctx = &calls;
    return t;
}

static int open_with(fih_writer **w, const fih_tokenizer *t, const char *analyzer)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;

    o.tokenizer = t;
    o.analyzer = analyzer;
    o.threads = 2;
    *w = NULL;
    return fih_writer_open(w, place_path("index"), &o, &err);
}

static fih_writer *begin_with(uint32_t version)
{
    fih_tokenizer t = tokenizer(version);
    fih_writer *w;

    place_remove(place_path("index"));
    CHECK_INT_EQ(open_with(&w, &t, NULL), FIH_OK, "%s", err.msg);
    t.name = "gone";                           /* copied */
    return w;
}

/* Ids of the hits, best first. */
static const char *found(fih_reader *r, const char *text)
{
    static char out[200];
    fih_hits *h = search(r, text, NULL);
    const fih_hit *hit;

    out[0] = '\0';
    for (size_t i = 0; (hit = fih_hits_at(h, i)) != NULL; i++)
        snprintf(out + strlen(out), sizeof out - strlen(out), "%.*s ", (int)hit->id.len, hit->id.ptr);
    fih_hits_free(h);
    return out;
}

/* With hits in brackets. */
static const char *passage(fih_reader *r, const char *text, fih_docno doc)
{
    static char out[4000];
    fih_query *q = NULL;
    fih_stored *stored = NULL;
    fih_snippet *s = NULL;
    const fih_part *p;

    out[0] = '\0';
    CHECK_INT_EQ(fih_query_parse(&q, str(text), &err) | fih_reader_doc(&stored, r, doc, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_snippet_new(&s, r, q, stored, NULL, &err), FIH_OK, "%s", err.msg);
    for (size_t i = 0; (p = fih_snippet_at(s, i)) != NULL; i++)
        snprintf(out + strlen(out), sizeof out - strlen(out), p->kind == FIH_PART_HIT ? "[%.*s]" : "%.*s",
                 (int)p->text.len, p->text.ptr);
    fih_snippet_free(s);
    fih_stored_free(stored);
    fih_query_free(q);
    return out;
}

static void what_it_gives_is_found_and_shown(void)
{
    const fih_tokenizer t = tokenizer(1);
    fih_writer *w = begin_with(1);
    fih_snippet *s = NULL;
    fih_query *q = NULL;
    fih_reader *r;
    uint64_t gone;
    char longer[3000] = "";

    for (unsigned i = 0; i < 400; i++)
        strcat(longer, i == 300 ? "Far-Away " : "filler ");
    add(w, "a", "The Title", "full-text search 42 of الكُتُبِ");
    add(w, "b", "other", "text full of search");
    add(w, "c", "", longer);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_reader(&r, w, &err), FIH_OK, "%s", err.msg);
    CHECK_STR_EQ(found(r, "SEARCH"), "a b ");
    CHECK_STR_EQ(found(r, "full-text"), "a b ");           /* by any of its readings */
    CHECK_STR_EQ(found(r, "text"), "a b ");
    CHECK_STR_EQ(found(r, "\"text search\""), "a ");       /* a reading stands where the word does */
    CHECK_STR_EQ(found(r, "\"search of\""), "a ");         /* 42 is no word, and has no place */
    CHECK_STR_EQ(found(r, "the"), "a ");                   /* there are no stop words */
    CHECK_STR_EQ(found(r, "الكُتُبِ"), "a ");
    CHECK_STR_EQ(found(r, "كتاب"), "");
    CHECK_STR_EQ(found(r, "42"), "");
    CHECK_STR_EQ(found(r, "titl*"), "a ");
    CHECK_STR_EQ(found(r, "sea?ch -full-text"), "b ");
    CHECK_STR_EQ(found(r, "=search"), "b a ");
    CHECK_STR_EQ(passage(r, "text", 0), "[full-text] search 42 of الكُتُبِ");
    CHECK_STR_EQ(passage(r, "\"search of\" الكُتُبِ", 0), "full-text [search] 42 [of] [الكُتُبِ]");
    CHECK(strstr(passage(r, "away", 2), "[Far-Away]") != NULL, "%s", passage(r, "away", 2));
    CHECK_INT_EQ(fih_query_plain(&q, FIH_STR("two"), &err), FIH_OK);
    CHECK_INT_EQ(fih_snippet_of_text(&s, r, q, FIH_STR("one two"), NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_snippet_count(s), 2);
    fih_snippet_free(s);
    fih_query_free(q);
    CHECK_INT_EQ(fih_query_parse(&q, FIH_STR("\"text search\""), &err), FIH_OK);
    CHECK_INT_EQ(fih_writer_delete_query(&gone, w, q, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(gone, 1);
    fih_query_free(q);
    fih_reader_close(r);
    CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_set_tokenizer(r, &t, &err), FIH_OK, "%s", err.msg);
    CHECK_STR_EQ(found(r, "text search"), "b ");
    fih_reader_close(r);
    CHECK_INT_EQ(fih_check(NULL, place_path("index"), NULL, NULL, &err), FIH_OK, "%s", err.msg);
}

/* What looks for other words, spellings and values works with it, or finds nothing. */
static void the_rest_of_a_search_goes_without_what_it_does_not_say(void)
{
    fih_writer *w = begin_with(1);
    fih_synonyms *synonyms = NULL;
    fih_suggestion *suggestion = NULL;
    fih_completions *c = NULL;
    fih_explanation *x = NULL;
    fih_why *why = NULL;
    fih_analyzer *a = NULL;
    fih_query *q = NULL, *more = NULL;
    fih_reader *r = NULL;

    for (char id[2] = "a"; id[0] < 'k'; id[0]++)
        add(w, id, "harbour", "boats in the harbour عبد الله مرفأ");
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_reader(&r, w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_query_plain(&q, FIH_STR("harbuor عبدالله boats"), &err), FIH_OK);
    CHECK_INT_EQ(fih_suggest(&suggestion, r, FIH_STR("harbuor"), NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_complete(&c, r, FIH_STR("har"), 5, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_completions_count(c), 1);
    CHECK_INT_EQ(fih_synonyms_new(&synonyms, r, FIH_STR("boats, ships"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_query_expand(&more, q, synonyms, r, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_explain(&x, r, more, 0, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_why_nothing(&why, r, q, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_analyzer(&a, r, &err), FIH_OK, "%s", err.msg);
    CHECK_STR_EQ(fih_analyzer_text(a), "program:words;version=1");
    CHECK_STR_EQ(found(r, "==harbour boats NEAR/3 the"), "a b c d e f g h i j ");
    fih_analyzer_free(a);
    fih_why_free(why);
    fih_explanation_free(x);
    fih_synonyms_free(synonyms);
    fih_completions_free(c);
    fih_suggestion_free(suggestion);
    fih_query_free(more);
    CHECK_INT_EQ(fih_query_like(&more, r, 0, &err), FIH_OK, "%s", err.msg);
    fih_query_free(more);
    fih_query_free(q);
    fih_reader_close(r);
}

static void an_index_remembers_it_and_refuses_another(void)
{
    fih_tokenizer t = tokenizer(1), other = tokenizer(2), wrong = tokenizer(1);
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = begin_with(1);
    fih_stats stats = FIH_STATS_INIT;
    fih_stored *s = NULL;
    fih_hits *h = NULL;
    fih_query *q = NULL;
    fih_reader *r;

    add(w, "a", "", "one two");
    r = finish(w);
    CHECK_INT_EQ(fih_reader_stats(&stats, r, &err), FIH_OK);
    CHECK_STR_EQ(stats.analyzer, "program:words");
    CHECK_STR_EQ(stats.analyzer_text, "program:words;version=1");
    CHECK_INT_EQ(stats.needs_rebuild, 1);
    CHECK_INT_EQ(fih_query_plain(&q, FIH_STR("one"), &err), FIH_OK);
    CHECK_INT_EQ(fih_search(&h, r, q, NULL, &err), FIH_E_ANALYZER);
    CHECK(strstr(err.msg, "program:words;version=1") != NULL, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_doc(&s, r, 0, &err), FIH_OK);   /* what is stored is there for everybody */
    fih_stored_free(s);
    CHECK_INT_EQ(fih_reader_set_tokenizer(r, &other, &err), FIH_E_ANALYZER);
    CHECK(strstr(err.msg, "version=2") != NULL, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_set_tokenizer(r, NULL, &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_reader_set_tokenizer(r, &t, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_search(&h, r, q, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_hits_count(h), 1);
    CHECK_INT_EQ(fih_reader_stats(&stats, r, &err), FIH_OK);
    CHECK_INT_EQ(stats.needs_rebuild, 0);
    fih_hits_free(h);
    fih_reader_close(r);
    CHECK_INT_EQ(open_with(&w, NULL, NULL), FIH_E_ANALYZER);
    CHECK_INT_EQ(open_with(&w, NULL, "arabic"), FIH_E_ANALYZER);
    CHECK_INT_EQ(open_with(&w, &other, NULL), FIH_E_ANALYZER);
    CHECK_INT_EQ(open_with(&w, &t, "arabic"), FIH_E_USAGE);
    CHECK_INT_EQ(open_with(&w, NULL, "program:words"), FIH_E_USAGE);
    wrong.name = "with blank";
    CHECK_INT_EQ(open_with(&w, &wrong, NULL), FIH_E_USAGE);
    wrong.name = NULL;
    CHECK_INT_EQ(open_with(&w, &wrong, NULL), FIH_E_USAGE);
    wrong.name = "words";
    wrong.tokenize = NULL;
    CHECK_INT_EQ(open_with(&w, &wrong, NULL), FIH_E_USAGE);
    CHECK_INT_EQ(open_with(&w, &t, NULL), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_compact(place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    /* Another version is another rebuild; and so is one of the library's own. */
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, NULL, NULL, NULL, &err), FIH_E_ANALYZER);
    o.tokenizer = &other;
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, &o, NULL, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(open_with(&w, &other, NULL), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    o.tokenizer = NULL;
    o.analyzer = "arabic";
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, &o, NULL, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(open_with(&w, &t, NULL), FIH_E_ANALYZER);
    fih_query_free(q);
}

/* ---- hostile ones */

struct bad {
    uint32_t position[3];
    size_t   start[3], end[3];
    fih_str  term[3];
    unsigned count;
    int      returns, ignores;
    const char *says;                  /* in the message */
};

/* Gives what it is told, of texts that are as long as the one of the test. */
static int be_bad(void *ctx, fih_str text,
                  int (*emit)(void *sink, uint32_t position, size_t start, size_t end, fih_str term), void *sink)
{
    const struct bad *const b = ctx;
    int rc = 0;

    if (text.len == 0)
        return 0;
    for (unsigned i = 0; i < b->count && rc == 0; i++)
        rc = emit(sink, b->position[i], b->start[i], b->end[i], b->term[i]), rc = b->ignores ? 0 : rc;
    return rc ? rc : b->returns;
}

#define T FIH_STR("term")

static void what_it_may_not_give_is_one_clear_error(void)
{
    static const char long_term[FIH_MAX_TERM + 1] = "";
    const struct bad cases[] = {
        {{1}, {0}, {2}, {T}, 1, 0, 0, "position 1"},
        {{0, 2}, {0, 3}, {2, 5}, {T, T}, 2, 0, 0, "position 2"},
        {{0, 1, 0}, {0, 3, 0}, {2, 5, 2}, {T, T, T}, 3, 0, 0, "position 0"},
        {{UINT32_MAX}, {0}, {2}, {T}, 1, 0, 1, "position 4294967295"},
        {{0}, {0}, {99}, {T}, 1, 0, 0, "0 to 99"},
        {{0}, {2}, {2}, {T}, 1, 0, 0, "2 to 2"},
        {{0}, {SIZE_MAX}, {2}, {T}, 1, 0, 0, "word 0"},
        {{0, 1}, {0, 1}, {2, 5}, {T, T}, 2, 0, 0, "behind byte 2"},
        {{0, 0}, {0, 0}, {2, 4}, {T, FIH_STR("x")}, 2, 0, 0, "different bytes"},
        {{0}, {6}, {8}, {T}, 1, 0, 0, "inside a character"},
        {{0}, {0}, {6}, {T}, 1, 0, 1, "inside a character"},
        {{0}, {0}, {2}, {{"", 0}}, 1, 0, 0, "0 bytes"},
        {{0}, {0}, {2}, {{NULL, 3}}, 1, 0, 0, "not UTF-8"},
        {{0}, {0}, {2}, {{long_term, sizeof long_term}}, 1, 0, 0, "256 bytes"},
        {{0}, {0}, {2}, {{"a\0b", 3}}, 1, 0, 0, "NUL"},
        {{0}, {0}, {2}, {{"\xD9", 1}}, 1, 0, 0, "not UTF-8"},
        {{0}, {0}, {2}, {T}, 1, 7, 0, "failed with 7"},
        {{0}, {0}, {2}, {T}, 1, -12345, 0, "failed with -12345"},
    };

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        fih_tokenizer t = tokenizer(1);
        fih_writer *w;
        fih_reader *r = NULL;
        fih_query *q = NULL;
        fih_hits *h = NULL;
        fih_doc d = FIH_DOC_INIT;
        int rc;

        place_remove(place_path("index"));
        CHECK_INT_EQ(open_with(&w, &t, NULL), FIH_OK, "%s", err.msg);
        add(w, "good", "", "one two");
        r = finish(w);
        t.tokenize = be_bad;
        t.ctx = (void *)(uintptr_t)&cases[i];
        CHECK_INT_EQ(open_with(&w, &t, NULL), FIH_OK, "%s", err.msg);
        d.id = FIH_STR("bad");
        d.body = FIH_STR("abcd م xyz");
        rc = fih_writer_add(w, &d, &err);
        rc = rc ? rc : fih_writer_commit(w, &err);
        CHECK_INT_EQ(rc, FIH_E_ANALYZER, "%u", i);
        CHECK(strstr(err.msg, cases[i].says) && strstr(err.msg, "'words'"), "%u: %s", i, err.msg);
        CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);   /* the writer goes on without it */
        fih_writer_close(w);
        CHECK_INT_EQ(fih_reader_renew(NULL, r, &err), FIH_OK);
        CHECK_INT_EQ(fih_reader_doc_count(r), 1, "%u", i);
        CHECK_INT_EQ(fih_reader_set_tokenizer(r, &t, &err), FIH_OK);
        CHECK_INT_EQ(fih_query_phrase(&q, NULL, d.body, 0, &err), FIH_OK);
        CHECK_INT_EQ(fih_search(&h, r, q, NULL, &err), FIH_E_ANALYZER, "%u", i);
        CHECK(strstr(err.msg, "the program's tokenizer 'words'") != NULL, "%u: %s", i, err.msg);
        fih_query_free(q);
        fih_reader_close(r);
    }
}

/* 24 terms of a word, and the same one again; one more is too many. */
static int many_terms(void *ctx, fih_str text,
                      int (*emit)(void *sink, uint32_t position, size_t start, size_t end, fih_str term), void *sink)
{
    int rc = 0;

    for (unsigned i = 0; text.len && i < *(unsigned *)ctx && rc == 0; i++) {
        char term[16];

        snprintf(term, sizeof term, "t%u", i);
        rc = emit(sink, 0, 0, text.len, str(term));
        rc = rc ? rc : emit(sink, 0, 0, text.len, str("t0"));
    }
    return rc;
}

static void a_word_has_so_many_terms_and_each_once(void)
{
    fih_tokenizer t = tokenizer(1);
    fih_stats stats = FIH_STATS_INIT;
    unsigned count = 24;
    fih_writer *w;
    fih_reader *r;
    fih_doc d = FIH_DOC_INIT;
    int rc;

    t.tokenize = many_terms;
    t.ctx = &count;
    place_remove(place_path("index"));
    CHECK_INT_EQ(open_with(&w, &t, NULL), FIH_OK, "%s", err.msg);
    add(w, "a", "", "x");
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_reader(&r, w, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_stats(&stats, r, &err), FIH_OK);
    CHECK_INT_EQ(stats.terms, 24);
    CHECK_INT_EQ(stats.tokens, 1);
    count = 25;
    d.id = FIH_STR("b");
    d.body = FIH_STR("y");
    rc = fih_writer_add(w, &d, &err);
    CHECK_INT_EQ(rc ? rc : fih_writer_commit(w, &err), FIH_E_ANALYZER);
    CHECK(strstr(err.msg, "more than 24 terms") != NULL, "%s", err.msg);
    fih_reader_close(r);
    fih_writer_close(w);
}

int main(void)
{
    place_new("tokenizer");
    RUN(what_it_gives_is_found_and_shown);
    RUN(the_rest_of_a_search_goes_without_what_it_does_not_say);
    RUN(an_index_remembers_it_and_refuses_another);
    RUN(what_it_may_not_give_is_one_clear_error);
    RUN(a_word_has_so_many_terms_and_each_once);
    CHECK(calls > 0);
    place_remove(place);
    return DONE();
}
