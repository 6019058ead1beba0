/* test_rank.c - what is passed over in long lists changes no answer: the best of lists of thousands of documents are
 * those of the reference algorithm, to the bit, in segments of several sizes. And explanations add up to scores. */
#include "search/reference.h"
#include "shelf.h"

enum { DOCS = 24000, STEMS = 40, QUERIES = 240, SIGNS = 22 };

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

static unsigned pages_of(unsigned n) { return n * 37 % 200; }

static int add_document(fih_writer *w, unsigned n)
{
    static const char *const sections[] = {"حقل", "سوق", "مطبخ"};
    uint64_t seed = n * 77003u + 5;
    const unsigned words = 3 + (unsigned)(tap_random(&seed) % (n % 50 == 0 ? 90 : 12));
    char id[16], title[160] = "", body[4000] = "", date[16], pages[16], note[100];
    fih_field fields[4];
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
    if (n % 5)
        fields[d.extra_count++] = (fih_field){FIH_STR("tags"), n % 11 ? FIH_STR("a") : FIH_STR("b")};
    if (n % 9 == 0)
        fields[d.extra_count++] = (fih_field){FIH_STR("tags"), FIH_STR("b")};
    if (n % 4)
        fields[d.extra_count++] =
            (fih_field){FIH_STR("pages"), {pages, (size_t)snprintf(pages, sizeof pages, "%u", pages_of(n))}};
    if (n % 6 == 0)
        fields[d.extra_count++] =
            (fih_field){FIH_STR("note"), {note, (size_t)snprintf(note, sizeof note, "%s %s", word(&seed, rare(&seed)),
                                                                 word(&seed, rare(&seed)))}};
    d.extra = fields;
    return fih_writer_add(w, &d, &err);
}

/* Segments of three quarters, a fifth and the rest of the documents; a few of each are deleted again, and all of some
 * blocks. */
static fih_reader *store_room(void)
{
    static const unsigned ends[] = {DOCS * 3 / 4, DOCS * 19 / 20, DOCS};
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    fih_reader *r = NULL;
    char id[16];
    unsigned n = 0;

    o.fields = FIH_STR("tags:keyword* pages:integer note:text");
    if (!CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), &o, &err), FIH_OK, "%s", err.msg))
        return NULL;
    for (unsigned s = 0; s < 3; s++) {
        for (; n < ends[s]; n++)
            if (!CHECK_INT_EQ(add_document(w, n), FIH_OK, "%s", err.msg))
                break;
        CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    }
    for (n = 11; n < DOCS; n += n >= 5000 && n < 5700 ? 1 : 97)
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

static fih_hits *find(fih_reader *r, const fih_query *q, const fih_search_opts *o, const char *text)
{
    fih_hits *h = NULL;

    CHECK_INT_EQ(fih_search(&h, r, q, o, &err), FIH_OK, "%s: %s", text, err.msg);
    return h;
}

/* One query: the first page, the second by cursor and by offset, the exact total. */
static void compare_query(fih_reader *r, const fih_query *q, const char *text, fih_search_opts o, uint32_t limit,
                          unsigned *skipped)
{
    fih_hits *want, *h, *more;

    o.count_all = COUNT_BY_REFERENCE;
    o.limit = 2 * limit;
    want = find(r, q, &o, text);
    o.count_all = 0;
    o.limit = limit;
    h = find(r, q, &o, text);
    CHECK(is_same(want, 0, h, limit), "%s, the best %u", text, limit);
    CHECK(fih_hits_total(h) <= fih_hits_total(want));
    *skipped += !fih_hits_is_exact(h);
    if (fih_hits_cursor(h).len > 0) {
        o.after = fih_hits_cursor(h);
        more = find(r, q, &o, text);
        CHECK(fih_hits_before(more) == limit, "%s: a cursor behind %u", text, limit);
        CHECK(is_same(want, limit, more, limit), "%s, behind the best %u", text, limit);
        fih_hits_free(more);
        o.count_all = COUNT_BY_REFERENCE;
        more = find(r, q, &o, text);
        CHECK(is_same(want, limit, more, limit), "%s, by the reference behind the best %u", text, limit);
        fih_hits_free(more);
        o.after = FIH_STR("");
    }
    o.count_all = 1;
    o.offset = limit;
    more = find(r, q, &o, text);
    CHECK(is_same(want, limit, more, limit), "%s, %u from %u on", text, limit, limit);
    CHECK(fih_hits_total(more) == fih_hits_total(want) && fih_hits_is_exact(more), "%s: total", text);
    fih_hits_free(more);
    fih_hits_free(h);
    fih_hits_free(want);
}

static void compare(fih_reader *r, const char *text, fih_search_opts o, uint32_t limit, unsigned *skipped)
{
    fih_query *q = NULL;

    if (CHECK_INT_EQ(fih_query_parse(&q, fih_str_of(text), &err), FIH_OK, "%s: %s", text, err.msg))
        compare_query(r, q, text, o, limit, skipped);
    fih_query_free(q);
}

/* One to five words or phrases with the first `kinds` signs before them, some of them weighted. */
static void random_query(char *text, size_t size, uint64_t *seed, unsigned kinds)
{
    static const char *const signs[] = {"", "", "", "", "", "+", "-", "title:", "body:", "section:سوق ", "\"",
                                        "section:حقل +", "(زعتر OR ", "=", "title:=", "+body:", "tags:a ", "-tags:b ",
                                        "pages:20..150 ", "date:1995..2012 ", "note:", "+note:"};
    _Static_assert(sizeof signs / sizeof *signs == SIGNS, "all of them are counted");
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

/* What every operator and filter of the language finds, with every option that chooses or weighs. */
static void no_operator_filter_or_option_changes_what_is_best(void)
{
    static const char *const more[] = {
        " زعت*", " ليمو~", " /(توت|خوخ|موز)/", " (خبز^2 OR (ملح AND كمون))", " خبز NEAR/5 ملح", " date:2001..2010",
        " +توت*", "", " \"خبز ملح\"~3", " خبز THEN/3 ملح", " -زعت*", " -(خبز ملح)", " +(توت خوخ جوز)", " NOT خبز",
        " title:خب*", " ==الخبز", " (خبز تمر) AND (ملح OR توت)", " section:*", " tags:*", " -date:*", " خبز خبز", " *"};
    enum { MORE = sizeof more / sizeof *more };
    fih_reader *r = NULL;
    uint64_t seed = 30;
    unsigned skipped = 0;

    REQUIRE(fih_reader_open(&r, place_path("index"), &err) == FIH_OK);
    for (unsigned i = 0; i < QUERIES && tap.notes == 0; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;
        char text[700];

        random_query(text, 600, &seed, i % 3 ? SIGNS : 5);
        strcat(text, more[tap_random(&seed) % MORE]);
        o.match_all = i % 5 == 3;
        o.field = i % 7 == 5 ? "title" : i % 7 == 6 ? "body" : NULL;
        o.min_match = i % 6 == 5 ? 2 + i % 2 : 0;
        o.match = i % 8 == 6 ? FIH_MATCH_BROAD : FIH_MATCH_STEMS;
        o.form_weight = i % 9 == 7 ? 0 : FIH_DEFAULT;
        o.k1 = i % 10 == 8 ? 2 : FIH_DEFAULT;
        o.b = i % 11 == 9 ? 1 : FIH_DEFAULT;
        o.root_weight = i % 12 == 10 ? 0 : FIH_DEFAULT;
        o.proximity = i % 13 == 11 ? 0 : FIH_DEFAULT;
        if (i % 14 == 4)
            o.since = FIH_STR("1998");
        compare(r, text, o, i % 4 ? 1 + (uint32_t)(tap_random(&seed) % 40) : 1, &skipped);
    }
    CHECK(skipped > QUERIES / 20, "%u of %u answers passed over something", skipped, (unsigned)QUERIES);
    fih_reader_close(r);
}

/* Trees that no text says: those of synonyms, with groups of a word and phrases, and of documents, with 25 words. */
static void synonyms_and_likes_give_the_best_too(void)
{
    static const char sets[] = "خبز, حليب, جبن\nقمح, شعير, زيتون\nملح, كمون, فلفل حار\nنخيل, تمر\nعسل, خبز الحليب, لوز";
    fih_synonyms *synonyms = NULL;
    fih_reader *r = NULL;
    uint64_t seed = 40;
    unsigned skipped = 0;

    REQUIRE(fih_reader_open(&r, place_path("index"), &err) == FIH_OK);
    CHECK_INT_EQ(fih_synonyms_new(&synonyms, r, fih_str_of(sets), &err), FIH_OK, "%s", err.msg);
    for (unsigned i = 0; i < 80 && tap.notes == 0; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;
        fih_query *typed = NULL, *q = NULL;
        char text[600];
        fih_docno doc = 0;

        if (i % 2) {
            do          /* some are deleted */
                snprintf(text, sizeof text, "%u", (unsigned)(tap_random(&seed) % DOCS));
            while (fih_reader_find(&doc, r, fih_str_of(text), &err) == FIH_E_NOTFOUND);
            CHECK_INT_EQ(fih_query_like(&q, r, doc, &err), FIH_OK, "%s", err.msg);
        } else {
            random_query(text, sizeof text, &seed, i % 3 ? SIGNS : 5);
            CHECK_INT_EQ(fih_query_parse(&typed, fih_str_of(text), &err), FIH_OK, "%s", err.msg);
            CHECK_INT_EQ(fih_query_expand(&q, typed, synonyms, r, &err), FIH_OK, "%s", err.msg);
        }
        o.match_all = i % 7 == 3;
        o.match = i % 5 == 4 ? FIH_MATCH_BROAD : FIH_MATCH_STEMS;
        compare_query(r, q, text, o, 1 + (uint32_t)(tap_random(&seed) % 40), &skipped);
        fih_query_free(q);
        fih_query_free(typed);
    }
    CHECK(skipped > 10, "%u answers passed over something", skipped);
    fih_synonyms_free(synonyms);
    fih_reader_close(r);
}

/* ---- orders, of all that the reference finds */

enum { ORDERS = 6 };
static const char *const orders[ORDERS] = {"score", "-date,score", "date", "pages,-score", "section,-pages", "-tags,score"};

static const char *id_of(const fih_hit *h)
{
    static char out[2][16];
    static unsigned turn;

    turn ^= 1;
    snprintf(out[turn], sizeof out[0], "%.*s", (int)h->id.len, h->id.ptr);
    return out[turn];
}

/* The key of a document by its number; what has none comes last in either direction. */
static double order_key(unsigned order, unsigned n, unsigned key, float score)
{
    static const int sections[] = {0, 1, 2};              /* حقل, سوق, مطبخ, in the order of their bytes */
    const int day = (int)((1990 + n % 31) * 10000 + (1 + n % 12) * 100 + 1 + n % 28);
    const int has_b = (n % 5 && n % 11 == 0) || n % 9 == 0, has_a = n % 5 && n % 11;

    switch (10 * order + key) {
    case 0:
    case 11:
    case 51: return -(double)score;
    case 31: return (double)score;
    case 10: return n % 7 ? -day : 1e9;
    case 20: return n % 7 ? day : 1e9;
    case 30: return n % 4 ? pages_of(n) : 1e9;
    case 40: return sections[n % 3];
    case 41: return n % 4 ? -(double)pages_of(n) : 1e9;
    case 50: return has_b ? -2 : has_a ? -1 : 1e9;
    default: return 0;
    }
}

static unsigned order_now;

static int in_order(const void *x, const void *y)
{
    const fih_hit *const a = *(const fih_hit *const *)x, *const b = *(const fih_hit *const *)y;

    for (unsigned key = 0; key < 2; key++) {
        const double i = order_key(order_now, (unsigned)atoi(id_of(a)), key, a->score),
                     k = order_key(order_now, (unsigned)atoi(id_of(b)), key, b->score);

        if (i < k || i > k)
            return i < k ? -1 : 1;
    }
    return (a->doc > b->doc) - (a->doc < b->doc);
}

/* The reference's hits without its second pass, put in order here, are what an order gives, page by page. */
static void orders_are_those_of_all_that_the_reference_finds(void)
{
    fih_reader *r = NULL;
    uint64_t seed = 50;
    unsigned pages = 0;

    REQUIRE(fih_reader_open(&r, place_path("index"), &err) == FIH_OK);
    for (unsigned i = 0; i < 60 && tap.notes == 0; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;
        const fih_hit **all;
        fih_hits *want, *h = NULL;
        char text[600], cursor[100];
        size_t at = 0, count;

        random_query(text, sizeof text, &seed, i % 3 ? SIGNS : 5);
        order_now = i % ORDERS;
        if (i % 4 == 1)
            o.until = FIH_STR("2011-06");
        o.match = i % 5 == 4 ? FIH_MATCH_BROAD : FIH_MATCH_STEMS;
        o.proximity = o.root_weight = 0;                /* nothing is added in the second pass */
        o.count_all = COUNT_BY_REFERENCE;
        o.limit = DOCS;
        want = search(r, text, &o);
        count = fih_hits_count(want);
        all = malloc((count + 1) * sizeof *all);
        for (size_t k = 0; k < count; k++)
            all[k] = fih_hits_at(want, k);
        if (count)
            qsort(all, count, sizeof *all, in_order);
        o.count_all = 0;
        o.order = orders[order_now];
        o.limit = 1 + (uint32_t)(tap_random(&seed) % 90);
        for (unsigned page = 0; page < 4 && (page == 0 || o.after.len > 0); page++, pages++) {
            fih_hits_free(h);
            h = search(r, text, &o);
            CHECK(fih_hits_total(h) == count && fih_hits_is_exact(h), "%s by %s: total", text, o.order);
            for (size_t k = 0; k < fih_hits_count(h); k++, at++) {
                const fih_hit *const hit = fih_hits_at(h, k);

                CHECK(at < count && hit->doc == all[at]->doc, "%s by %s, hit %zu", text, o.order, at);
                if (strstr(o.order, "score"))
                    CHECK(at < count && memcmp(&hit->score, &all[at]->score, sizeof hit->score) == 0, "%s by %s, hit %zu",
                          text, o.order, at);
            }
            CHECK(at == (count < (page + 1) * o.limit ? count : (page + 1) * o.limit), "%s by %s", text, o.order);
            snprintf(cursor, sizeof cursor, "%s", fih_hits_cursor(h).ptr);
            o.after = fih_str_of(cursor);
        }
        fih_hits_free(h);
        fih_hits_free(want);
        free(all);
    }
    CHECK(pages > 100, "%u", pages);
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
    RUN(no_operator_filter_or_option_changes_what_is_best);
    RUN(synonyms_and_likes_give_the_best_too);
    RUN(orders_are_those_of_all_that_the_reference_finds);
    RUN(equal_scores_are_told_apart_whatever_block_comes_first);
    RUN(explanations_add_up_to_the_score);
    RUN(what_does_not_match_is_explained_so);
    RUN(by_date_the_ends_of_the_list_meet);
    place_remove(place);
    return DONE();
}
