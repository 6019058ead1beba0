/* test_title.c - a query that is the whole title of a document puts it first, and what comes behind it stays. */
#include <stdbool.h>

#include "search/reference.h"
#include "shelf.h"

/* The id of the best document. */
static const char *first(fih_reader *r, const char *text, const fih_search_opts *o)
{
    static char id[64];
    fih_hits *h = search(r, text, o);
    const fih_hit *hit;

    *id = '\0';
    if ((hit = fih_hits_at(h, 0)) != NULL)
        snprintf(id, sizeof id, "%.*s", (int)hit->id.len, hit->id.ptr);
    fih_hits_free(h);
    return id;
}

/* Titles, each of a short document, and others that say their words again and again. */
static fih_reader *make_pages(void)
{
    static const struct {
        const char *id, *title, *body;
    } pages[] = {
        {"abudhabi", "أبو ظبي", "مدينة على الخليج"},
        {"sheikh1", "شيخ أبو ظبي", "أبو ظبي أبو ظبي أبو ظبي حاكم أبو ظبي في أبو ظبي"},
        {"sheikh2", "أمير من أبو ظبي", "أبو ظبي ثم أبو ظبي ثم أبو ظبي"},
        {"joined", "نيويورك", "مدينة أخرى على البحر"},
        {"apart", "تاريخ نيويورك القديم", "نيو يورك نيو يورك نيويورك نيويورك"},
        {"moon", "الرجل في القمر", "حكاية قديمة"},
        {"moon2", "رجل القمر", "القمر القمر والرجل الرجل في القمر الرجل"},
        {"moon3", "القمر في الرجل", "القمر القمر والرجل الرجل في القمر الرجل في القمر"},
        {"library", "المكتبة", "قديمة"},
        {"library2", "مكتبة المدينة الكبرى", "المكتبة المكتبة المكتبة والمكتبة"},
        {"year", "2011", "أحداث"},
        {"year2", "عام 2011", "2011 2011 2011 2011"},
        {"stop", "من أنت", "سؤال"},
        {"stop2", "من", "من من من أنت من أنت"},
        {"film", "سفينة (فيلم)", "حكاية عن البحر"},
        {"film2", "فيلم", "سفينة فيلم سفينة فيلم سفينة فيلم"},
    };
    fih_writer *w = begin();

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        add(w, pages[i].id, pages[i].title, pages[i].body);
    for (unsigned i = 0; i < 30; i++) {
        char id[16];

        snprintf(id, sizeof id, "f%u", i);
        add(w, id, "كلام", "كلام عن أمور كثيرة لا تعني أحدا");
    }
    return finish(w);
}

static void test_first(void)
{
    static const char *const cases[][2] = {
        {"أبو ظبي", "abudhabi"}, {"ابو ظبى", "abudhabi"},    {"ابوظبي", "abudhabi"},     {"نيويورك", "joined"},
        {"نيو يورك", "joined"},  {"الرجل في القمر", "moon"}, {"القمر في الرجل", "moon3"}, {"رجل القمر", "moon2"},
        {"المكتبة", "library"},  {"٢٠١١", "year"},           {"من أنت", "stop"},          {"من", "stop2"},
        {"شيخ ابو ظبي", "sheikh1"}, {"سفينة فيلم", "film"},  {"سفينة (فيلم)", "film"},     {"سفينه (فيلم)", "film"},
        {"(سفينة) (فيلم)", "film"}, {"شيخ (ابو ظبي)", "sheikh1"},
    };
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_reader *r = make_pages();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned way = 0; way < 6; way++) {
            o.count_all = way % 2 ? COUNT_BY_REFERENCE : 0;
            o.match_all = way / 2 == 1;
            o.min_match = way / 2 == 2 ? 2 : 0;
            if (o.min_match && strcmp(cases[i][0], "نيو يورك") == 0)
                continue;                      /* neighbours are two words then */
            CHECK_STR_EQ(first(r, cases[i][0], &o), cases[i][1], "'%s' way %u", cases[i][0], way);
        }
    o = (fih_search_opts)FIH_SEARCH_OPTS_INIT;
    o.title_weight = 0;
    CHECK_STR_EQ(first(r, "أبو ظبي", &o), "sheikh1", "without titles");
    o = (fih_search_opts)FIH_SEARCH_OPTS_INIT;
    CHECK_STR_EQ(first(r, "أبو OR ظبي", &o), "sheikh1", "an operator is no title");
    CHECK_STR_EQ(first(r, "سفينة (فيلم OR فيلم)", &o), "film2", "nor one in parentheses");
    CHECK_STR_EQ(first(r, "سفينة (فيلم)^1.01", &o), "film2", "nor what weighs otherwise");
    CHECK_STR_EQ(first(r, "\"أبو ظبي\"", &o), "sheikh1", "nor a phrase");
    CHECK_STR_EQ(first(r, "body:أبو body:ظبي", &o), "sheikh1", "nor a field");
    fih_reader_close(r);
}

static void test_explained(void)
{
    fih_explanation *e = NULL;
    const fih_explain_line *line;
    double sum = 0, score = 0;
    fih_reader *r = make_pages();
    fih_query *q = NULL;
    fih_docno doc;
    bool is_told = false;

    CHECK_INT_EQ(fih_query_parse(&q, FIH_STR("ابو ظبى"), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_find(&doc, r, FIH_STR("abudhabi"), &err), FIH_OK);
    CHECK_INT_EQ(fih_explain(&e, r, q, doc, NULL, &err), FIH_OK, "%s", err.msg);
    for (size_t i = 0; (line = fih_explanation_at(e, i)) != NULL; i++) {
        score = i == 0 ? line->value : score;
        sum += line->depth == 1 ? line->value : 0;
        is_told |= line->text.len >= 16 && memcmp(line->text.ptr, "title: the query", 16) == 0 && line->depth == 1;
    }
    CHECK(is_told);
    CHECK_NEAR(sum, score, 1e-5);
    fih_explanation_free(e);
    fih_query_free(q);
    fih_reader_close(r);
}

/* Page by page with a cursor: what all of it is at once, in every way. */
static void test_pages(void)
{
    static const char *const words[] = {"بحر", "نهر", "جبل", "قمر", "شمس", "أرض"};
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    char cursor[100] = "";
    fih_writer *w = begin();
    uint64_t seed = 3;
    fih_hits *all, *page;
    const fih_hit *a, *b;
    fih_reader *r;
    size_t at = 0;
    bool more = true;

    for (unsigned i = 0; i < 2500; i++) {
        char id[16], body[300] = "";
        const char *const one = words[tap_random(&seed) % 6], *const two = words[tap_random(&seed) % 6];

        for (unsigned k = 0; k < 4 + tap_random(&seed) % 12; k++)
            snprintf(body + strlen(body), sizeof body - strlen(body), "%s ",
                     tap_random(&seed) % 3 ? "كلام" : words[tap_random(&seed) % 6]);
        snprintf(id, sizeof id, "%u", i);
        add(w, id, i % 7 ? one : two, body);
        if (i == 900)
            CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    }
    r = finish(w);
    o.limit = 2500;
    o.count_all = COUNT_BY_REFERENCE;
    all = search(r, "بحر نهر", &o);
    fih_hits_free(all);
    all = search(r, "بحر", &o);
    o.count_all = 0;
    o.limit = 90;
    while (more) {
        o.after = fih_str_of(cursor);
        page = search(r, "بحر", &o);
        for (size_t i = 0; (b = fih_hits_at(page, i)) != NULL; i++, at++) {
            if ((a = fih_hits_at(all, at)) == NULL || a->doc != b->doc) {
                CHECK(false, "hit %zu: document %u", at, (unsigned)b->doc);
                break;
            }
        }
        snprintf(cursor, sizeof cursor, "%s", fih_hits_cursor(page).ptr);
        more = *cursor != '\0';
        fih_hits_free(page);
    }
    CHECK_INT_EQ(at, fih_hits_count(all));
    fih_hits_free(all);
    for (unsigned way = 0; way < 8; way++) {
        bool same;

        o = (fih_search_opts)FIH_SEARCH_OPTS_INIT;
        o.limit = way % 2 ? 5 : 500;
        o.root_weight = way & 2 ? 0 : FIH_DEFAULT;
        o.match_all = way / 4;
        page = search(r, way % 3 ? "بحر" : "نهر جبل", &o);
        o.count_all = COUNT_BY_REFERENCE;
        all = search(r, way % 3 ? "بحر" : "نهر جبل", &o);
        same = fih_hits_count(page) == fih_hits_count(all);
        for (size_t k = 0; same && (a = fih_hits_at(page, k)) != NULL && (b = fih_hits_at(all, k)) != NULL; k++)
            same = a->doc == b->doc && memcmp(&a->score, &b->score, sizeof a->score) == 0;
        CHECK(same, "way %u", way);
        fih_hits_free(page);
        fih_hits_free(all);
    }
    fih_reader_close(r);
}

int main(void)
{
    RUN(test_first);
    RUN(test_explained);
    RUN(test_pages);
    place_remove(place_path("index"));
    return DONE();
}
