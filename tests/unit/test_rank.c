/* test_rank.c - what is passed over in long lists changes no answer: the best of lists of thousands of documents are
 * those of the reference algorithm, to the bit, in segments of several sizes. And explanations add up to scores. */
#include "search/reference.h"
#include "shelf.h"

enum { DOCS = 24000, STEMS = 40, QUERIES = 240 };

/* Word number n, the commoner the smaller, in one of its forms. */
static const char *word(uint64_t *seed, unsigned n)
{
    static const char *const stems[STEMS] = {
        "قمح", "زيتون", "نخيل", "عسل", "لوز", "رمان", "تمر", "بصل", "عدس", "فستق", "خبز", "ملح", "كمون", "نعناع", "ليمون",
        "جوز", "سمسم", "حليب", "جبن", "مشمش", "توت", "خوخ", "بطيخ", "شعير", "فلفل", "زبيب", "خيار", "جزر", "فول", "حمص",
        "ثوم", "كرز", "أرز", "موز", "مخبز", "سماق", "زعتر", "يانسون", "كركم", "قرنفل"};
    static const char *const before[] = {"", "", "ال", "وال", "ب"};
    static char out[8][64];
    static unsigned turn;
    char *s = out[turn++ % 8];

    snprintf(s, sizeof out[0], "%s%s", before[tap_random(seed) % 5], stems[n % STEMS]);
    return s;
}

/* Small numbers are many: word n is in about every (n + 1)th document. */
static unsigned rare(uint64_t *seed)
{
    const unsigned limit = 1 + (unsigned)(tap_random(seed) % STEMS);

    return (unsigned)(tap_random(seed) % limit);
}

static int add_document(fih_writer *w, unsigned n)
{
    static const char *const sections[] = {"حقل", "سوق", "مطبخ"};
    uint64_t seed = n * 77003u + 5;
    const unsigned words = 3 + (unsigned)(tap_random(&seed) % (n % 50 == 0 ? 90 : 12));
    char id[16], title[160] = "", body[4000] = "", date[16];
    fih_doc d = FIH_DOC_INIT;
    size_t at = 0;

    if (n % 3 == 0)
        snprintf(title, sizeof title, "%s %s", word(&seed, rare(&seed)), word(&seed, rare(&seed)));
    for (unsigned i = 0; i < words; i++)
        at += (size_t)snprintf(body + at, sizeof body - at, "%s ", word(&seed, rare(&seed)));
    d.id = (fih_str){id, (size_t)snprintf(id, sizeof id, "%u", n)};
    d.title = (fih_str){title, strlen(title)};
    d.body = (fih_str){body, at};
    d.section = (fih_str){sections[n % 3], strlen(sections[n % 3])};
    if (n % 7)
        d.date = (fih_str){date, (size_t)snprintf(date, sizeof date, "%04u-%02u-%02u", 1990 + n % 31, 1 + n % 12, 1 + n % 28)};
    return fih_writer_add(w, &d, &err);
}

/* Segments of three quarters, a fifth and the rest of the documents; a few of each are deleted again. */
static fih_reader *store_room(void)
{
    static const unsigned ends[] = {DOCS * 3 / 4, DOCS * 19 / 20, DOCS};
    fih_writer *w = NULL;
    fih_reader *r = NULL;
    char id[16];
    unsigned n = 0;

    if (!CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_OK, "%s", err.msg))
        return NULL;
    for (unsigned s = 0; s < 3; s++) {
        for (; n < ends[s]; n++)
            if (!CHECK_INT_EQ(add_document(w, n), FIH_OK, "%s", err.msg))
                break;
        CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    }
    for (n = 11; n < DOCS; n += 97)
        CHECK_INT_EQ(fih_writer_delete(w, (fih_str){id, (size_t)snprintf(id, sizeof id, "%u", n)}, &err), FIH_OK);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK, "%s", err.msg);
    return r;
}

/* The answer's hits are `want`'s from its `from`-th on. */
static int is_same(const fih_hits *want, size_t from, const fih_hits *h, size_t limit)
{
    const size_t n = fih_hits_count(want) > from ? fih_hits_count(want) - from : 0;
    int same = fih_hits_count(h) == (n < limit ? n : limit);

    for (size_t i = 0; same && i < fih_hits_count(h); i++) {
        const fih_hit *const a = fih_hits_at(want, from + i), *const b = fih_hits_at(h, i);

        same = a->doc == b->doc && memcmp(&a->score, &b->score, sizeof a->score) == 0 && a->id.len == b->id.len;
    }
    return same;
}

/* One query: the first page, the second by cursor and by offset, the exact total. */
static void compare(fih_reader *r, const char *text, fih_search_opts o, uint32_t limit, unsigned *skipped)
{
    fih_hits *want, *h, *more;

    o.count_all = COUNT_BY_REFERENCE;
    o.limit = 2 * limit;
    want = search(r, text, &o);
    o.count_all = 0;
    o.limit = limit;
    h = search(r, text, &o);
    CHECK(is_same(want, 0, h, limit), "%s, the best %u", text, limit);
    CHECK(fih_hits_total(h) <= fih_hits_total(want));
    *skipped += !fih_hits_is_exact(h);
    if (fih_hits_cursor(h).len > 0) {
        o.after = fih_hits_cursor(h);
        more = search(r, text, &o);
        CHECK(fih_hits_before(more) == limit, "%s: a cursor behind %u", text, limit);
        if (o.proximity == 0 && o.root_weight == 0)      /* the second pass orders the best of a first page only */
            CHECK(is_same(want, limit, more, limit), "%s, behind the best %u", text, limit);
        fih_hits_free(more);
        o.after = FIH_STR("");
    }
    o.count_all = 1;
    o.offset = limit;
    more = search(r, text, &o);
    CHECK(is_same(want, limit, more, limit), "%s, %u from %u on", text, limit, limit);
    CHECK(fih_hits_total(more) == fih_hits_total(want) && fih_hits_is_exact(more), "%s: total", text);
    fih_hits_free(more);
    fih_hits_free(h);
    fih_hits_free(want);
}

/* One to five words or phrases with the first `kinds` signs before them, some of them weighted. */
static void random_query(char *text, size_t size, uint64_t *seed, unsigned kinds)
{
    static const char *const signs[] = {"", "", "", "", "", "+", "-", "title:", "body:", "section:سوق ", "\"",
                                        "section:حقل +", "(زعتر OR ", "=", "title:=", "+body:"};
    const unsigned words = 1 + (unsigned)(tap_random(seed) % 5);
    size_t at = 0;

    for (unsigned k = 0; k < words; k++) {
        const char *sign = signs[tap_random(seed) % kinds];
        const char *one = word(seed, rare(seed)), *two = word(seed, rare(seed));
        const int is_phrase = *sign == '"';

        at += (size_t)snprintf(text + at, size - at, "%s%s%s%s%s%s%s", sign, one, is_phrase ? " " : "",
                               is_phrase ? two : "", is_phrase ? "\"" : "", *sign == '(' ? ")" : "",
                               k % 4 == 3 ? "^3 " : " ");
    }
}

static void what_is_passed_over_changes_no_answer(void)
{
    fih_reader *r = store_room();
    uint64_t seed = 20;
    unsigned skipped = 0;

    REQUIRE(r);
    for (unsigned i = 0; i < QUERIES && tap.notes == 0; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;
        char text[600];

        random_query(text, sizeof text, &seed, i % 2 ? 11 : 5);
        if (i % 3 == 0)
            o.proximity = o.root_weight = 0;
        if (i % 11 == 5)
            o.since = FIH_STR("1998"), o.until = FIH_STR("2011-06");
        if (i % 13 == 6)
            o.title_weight = 0;
        if (i % 17 == 7)
            o.min_match = 2;
        if (i % 7 == 3)
            o.match = FIH_MATCH_BROAD;
        if (i % 28 == 3)                               /* found by their roots alone */
            strcpy(text, i % 3 ? "مخابز مملح" : "خباز");
        compare(r, text, o, i % 5 ? 1 + (uint32_t)(tap_random(&seed) % 40) : 1, &skipped);
    }
    CHECK(skipped > QUERIES / 10, "%u of %u answers passed over something", skipped, (unsigned)QUERIES);
    fih_reader_close(r);
}

/* The first line is the score, and what stands one step below it makes it up. */
static void explain(fih_reader *r, const fih_query *q, const fih_search_opts *o, const fih_hit *hit, const char *text)
{
    fih_explanation *e = NULL;
    const fih_explain_line *line;
    double sum = 0, first = -1;

    if (!CHECK_INT_EQ(fih_explain(&e, r, q, hit->doc, o, &err), FIH_OK, "%s: %s", text, err.msg))
        return;
    for (size_t i = 0; (line = fih_explanation_at(e, i)) != NULL; i++) {
        if (i == 0)
            first = line->value;
        CHECK((line->depth == 0) == (i == 0) && line->depth <= 3 && line->text.len > 0, "%s, line %zu", text, i);
        sum += line->depth == 1 ? line->value : 0;
    }
    CHECK(first >= (double)hit->score && first <= (double)hit->score, "%s: %.9g explains %.9g", text, first,
          (double)hit->score);
    CHECK(fabs(sum - first) <= 1e-4 * (1 + first), "%s: lines of %.9g for %.9g", text, sum, first);
    fih_explanation_free(e);
}

static void explanations_add_up_to_the_score(void)
{
    static const char *const more[] = {" زعت*", " ليمو~", " /(توت|خوخ|موز)/", " (خبز^2 OR (ملح AND كمون))", " خبز NEAR/5 ملح",
                                       " date:2001..2010", " +توت*", ""};
    fih_reader *r = NULL;
    uint64_t seed = 21;
    unsigned hits = 0;

    REQUIRE(fih_reader_open(&r, place_path("index"), &err) == FIH_OK);
    for (unsigned i = 0; i < 140 && tap.notes == 0; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;
        fih_query *q = NULL;
        fih_hits *h = NULL;
        const fih_hit *hit;
        char text[700];

        random_query(text, 600, &seed, 16);
        strcat(text, more[i % 8]);
        o.title_weight = i % 5 == 4 ? 0 : FIH_DEFAULT;
        o.form_weight = i % 7 == 6 ? 0 : FIH_DEFAULT;
        o.match = i % 9 == 4 ? FIH_MATCH_BROAD : FIH_MATCH_STEMS;
        o.limit = 120;
        CHECK_INT_EQ(fih_query_parse(&q, fih_str_of(text), &err), FIH_OK, "%s: %s", text, err.msg);
        if (CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), FIH_OK, "%s", text))
            for (size_t k = 0; (hit = fih_hits_at(h, k)) != NULL; k += k < 3 ? 1 : 57, hits++)
                explain(r, q, &o, hit, text);
        fih_hits_free(h);
        fih_query_free(q);
    }
    CHECK(hits > 200, "%u", hits);
    fih_reader_close(r);
}

static void what_does_not_match_is_explained_so(void)
{
    fih_query *q = NULL;
    fih_explanation *e = NULL;
    const fih_explain_line *line;
    fih_reader *r = NULL;

    REQUIRE(fih_reader_open(&r, place_path("index"), &err) == FIH_OK);
    for (int i = 0; i < 2; i++) {
        const char *const text = i ? "عنقاء" : "+section:حقل +section:سوق";

        CHECK_INT_EQ(fih_query_parse(&q, fih_str_of(text), &err), FIH_OK);
        CHECK_INT_EQ(fih_explain(&e, r, q, 5, NULL, &err), FIH_OK);
        CHECK((line = fih_explanation_at(e, 0)) != NULL);
        CHECK(line->depth == 0 && !(line->value > 0) && strstr(line->text.ptr, "does not match"));
        CHECK((line = fih_explanation_at(e, 1)) == NULL);
        fih_explanation_free(e);
        CHECK_INT_EQ(fih_explain(&e, r, q, DOCS * 2, NULL, &err), FIH_E_NOTFOUND);
        CHECK(e == NULL);
        fih_query_free(q);
    }
    fih_explanation_free(NULL);
    fih_reader_close(r);
}

/* By date nothing is passed over: every match is counted. */
static void by_date_the_ends_of_the_list_meet(void)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_reader *r = NULL;
    fih_hits *newest, *oldest;
    const fih_hit *hit;
    int64_t seen = 0;

    REQUIRE(fih_reader_open(&r, place_path("index"), &err) == FIH_OK);
    o.sort = FIH_SORT_NEWEST;
    o.limit = DOCS;
    newest = search(r, "date:1900.. كركم", &o);
    o.sort = FIH_SORT_OLDEST;
    oldest = search(r, "date:1900.. كركم", &o);
    CHECK_INT_EQ(fih_hits_count(newest), fih_hits_count(oldest));
    for (size_t i = 0; (hit = fih_hits_at(newest, i)) != NULL; i++)
        seen += hit->doc + 1;
    for (size_t i = 0; (hit = fih_hits_at(oldest, i)) != NULL; i++)
        seen -= hit->doc + 1;
    CHECK_INT_EQ(seen, 0, "both have the same documents");
    CHECK(fih_hits_count(newest) > 20 && fih_hits_total(newest) == fih_hits_count(newest) && fih_hits_is_exact(newest));
    for (int end = 0; end < 2; end++) {
        const fih_hits *h = end ? oldest : newest;
        int32_t before = end ? INT32_MIN : INT32_MAX;

        for (size_t i = 0; (hit = fih_hits_at(h, i)) != NULL; i++) {
            fih_stored *s = NULL;
            fih_str date;
            int32_t day, last;

            CHECK_INT_EQ(fih_reader_doc(&s, r, hit->doc, &err), FIH_OK);
            date = fih_stored_get(s, "date");
            CHECK_INT_EQ(fih_date_parse(&day, &last, date, FIH_DATE_WHOLE, &err), FIH_OK);
            CHECK(end ? day >= before : day <= before, "hit %zu", i);
            before = day;
            fih_stored_free(s);
        }
    }
    fih_hits_free(newest);
    fih_hits_free(oldest);
    fih_reader_close(r);
}

/* Documents of one word, all but one of them with the same score: the block with that one is looked at first, and then
 * those before it, whose documents have smaller numbers. Each in a section and on a day, so that filters let all pass,
 * every third, or one of thirty. */
static void equal_scores_are_told_apart_whatever_block_comes_first(void)
{
    static const char *const queries[] = {"قمح", "قمح section:سوق", "قمح section:خزانة", "قمح -section:سوق",
                                          "قمح section:خ*", "قمح date:*",
                                          "قمح (section:خزانة OR section:سوق)", "قمح date:2001", "قمح date:1999..",
                                          "قمح section:سوق date:2001", "قمح date:2001 -section:سوق"};
    enum { ALIKE = 5000, BETTER = 3700 };
    fih_writer *w = NULL;
    fih_reader *r = NULL;
    unsigned skipped = 0;

    REQUIRE(fih_writer_open_memory(&w, NULL, &err) == FIH_OK, "%s", err.msg);
    for (unsigned n = 0; n < ALIKE; n++) {
        fih_doc d = FIH_DOC_INIT;
        char id[16];

        d.id = (fih_str){id, (size_t)snprintf(id, sizeof id, "%u", n)};
        d.body = fih_str_of(n == BETTER ? "قمح قمح قمح" : "قمح");
        d.section = fih_str_of(n % 30 == 11 ? "خزانة" : n % 3 ? "حقل" : "سوق");
        d.date = n % 40 == 20 ? FIH_STR("2001-02-03") : n % 5 ? FIH_STR("2002-01-01") : FIH_STR("");
        CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
    }
    REQUIRE(fih_writer_commit(w, &err) == FIH_OK && fih_writer_reader(&r, w, &err) == FIH_OK, "%s", err.msg);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        for (uint32_t limit = 1; limit <= 150; limit += limit < 12 ? 1 : 46) {
            fih_search_opts o = FIH_SEARCH_OPTS_INIT;

            compare(r, queries[i], o, limit, &skipped);
        }
    CHECK(skipped > 0);
    fih_reader_close(r);
    fih_writer_close(w);
}

int main(void)
{
    place_new("rank");
    RUN(what_is_passed_over_changes_no_answer);
    RUN(equal_scores_are_told_apart_whatever_block_comes_first);
    RUN(explanations_add_up_to_the_score);
    RUN(what_does_not_match_is_explained_so);
    RUN(by_date_the_ends_of_the_list_meet);
    place_remove(place);
    return DONE();
}
