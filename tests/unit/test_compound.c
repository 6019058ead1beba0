/* test_compound.c - words that are written together and apart: what is found, what is not, and what it scores. */
#include <stdbool.h>

#include "search/reference.h"
#include "shelf.h"

/* The score of a document, or -1 if it is not among the hits. */
static double score_with(fih_reader *r, const char *text, const char *id, bool is_exhaustive, bool match_all)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    double score = -1;
    fih_hits *h;
    const fih_hit *hit;

    o.limit = 1000;
    o.count_all = is_exhaustive ? COUNT_BY_REFERENCE : 0;
    o.match_all = match_all;
    h = search(r, text, &o);
    for (size_t i = 0; (hit = fih_hits_at(h, i)) != NULL; i++)
        if (hit->id.len == strlen(id) && memcmp(hit->id.ptr, id, hit->id.len) == 0)
            score = (double)hit->score;
    fih_hits_free(h);
    return score;
}

static double score_of(fih_reader *r, const char *text, const char *id, bool is_exhaustive)
{
    return score_with(r, text, id, is_exhaustive, false);
}

/* ---- pairs */

struct pair {
    char     query[100], text[100], id[16];
    unsigned line;
    bool     meets;
};

static size_t read_pairs(struct pair *pairs, size_t most, const char *path)
{
    FILE *const f = fopen(path, "r");
    char line[300];
    unsigned number = 0;
    size_t n = 0;
    int meets;

    while (f && n < most && fgets(line, sizeof line, f)) {
        number++;
        if (*line == '#' || sscanf(line, "%99[^\t]\t%99[^\t]\t%d", pairs[n].query, pairs[n].text, &meets) != 3)
            continue;
        pairs[n].line = number;
        pairs[n].meets = meets != 0;
        snprintf(pairs[n].id, sizeof pairs[n].id, "p%u", (unsigned)n);
        n++;
    }
    if (f)
        fclose(f);
    return n;
}

/* Words that are nouns of their own, which texts have with the article, and words that stand side by side by chance. */
static void add_others(fih_writer *w)
{
    static const char *const texts[] = {
        "المالك يبيع الدار", "اللاعب يجري في الملعب", "الشيء اللازم لنا", "الإنشاء والتعمير مستمر", "مستقبل البلاد",
        "قال ما عندي لك شيء", "لك الدار وما فيها", "مست يده الماء", "مست الكأس شفته", "مست الريح وجهه", "صار قبل العصر"};
    char id[16];

    for (unsigned i = 0; i < 90; i++) {
        snprintf(id, sizeof id, "o%u", i);
        add(w, id, "", i < 44 ? texts[i % 11] : i < 80 ? "مستقبل الناس هنا" : "كلام آخر عن الناس والأيام");
    }
}

static void test_pairs(void)
{
    static struct pair pairs[200];
    const size_t n = read_pairs(pairs, 200, CHECKOUT "/tests/unit/compounds.tsv");
    size_t apart = 0;
    fih_writer *w = begin();
    fih_reader *r;

    for (size_t i = 0; i < n; i++)
        add(w, pairs[i].id, "", pairs[i].text);
    add_others(w);
    r = finish(w);
    for (size_t i = 0; i < n; i++) {
        bool by_words = false;

        for (unsigned way = 0; way < 2; way++) {
            const double score = score_of(r, pairs[i].query, pairs[i].id, way);

            by_words |= score > 0;
            CHECK((score > 0) == pairs[i].meets, "line %u: '%s' and '%s'%s", pairs[i].line, pairs[i].query,
                  pairs[i].text, way ? ", exhaustive" : "");
        }
        apart += !by_words;
    }
    CHECK(n >= 90 && apart * 10 >= n * 3, "%zu pairs, %zu that do not meet", n, apart);
    fih_reader_close(r);
}

/* Each text in an index of its own, so that no counts tell what belongs together. All words must match. */
static void test_alone(void)
{
    static const char *const others[] = {"دخلت المدينة مساء وكان الجو باردا", "الاقتصاد ينمو بسرعة كبيرة",
                                         "أعلن الوزير خطة جديدة", "كتب الصحفي مقالا عن الرياضة",
                                         "المباراة انتهت بالتعادل", "درس الطلاب اللغة العربية"};
    static struct pair pairs[300];
    const size_t n = read_pairs(pairs, 300, CHECKOUT "/tests/unit/compounds-alone.tsv");
    size_t apart = 0;

    for (size_t i = 0; i < n; i++) {
        fih_writer *w = begin();
        fih_reader *r;
        char id[16];

        add(w, pairs[i].id, "", pairs[i].text);
        for (unsigned k = 0; k < sizeof others / sizeof *others; k++) {
            snprintf(id, sizeof id, "o%u", k);
            add(w, id, "", others[k]);
        }
        r = finish(w);
        for (unsigned way = 0; way < 2; way++)
            CHECK((score_with(r, pairs[i].query, pairs[i].id, way, true) > 0) == pairs[i].meets,
                  "line %u: '%s' and '%s'%s", pairs[i].line, pairs[i].query, pairs[i].text, way ? ", exhaustive" : "");
        apart += !pairs[i].meets;
        fih_reader_close(r);
    }
    CHECK(n >= 180 && apart * 10 >= n * 3, "%zu pairs, %zu that do not meet", n, apart);
}

/* ---- scores */

/* Texts that differ in the writing alone score the same, and one with both is no better than the better of them. */
static void test_equal_weight(void)
{
    static const char *const queries[] = {"عبدالله", "عبد الله", "خبر عبدالله", "خبر عبد الله", "عبدالله خبر +الدار"};
    fih_writer *w = begin();
    fih_reader *r;

    add(w, "together", "", "خبر عبدالله في الدار الآن");
    add(w, "apart", "", "خبر عبد الله في الدار");
    add(w, "both", "", "خبر عبدالله وعبد الله");
    add(w, "title", "عبد الله", "خبر عن الدار");
    add(w, "titled", "عبدالله", "خبر عن الدار");
    for (unsigned i = 0; i < 40; i++) {
        char id[16];

        snprintf(id, sizeof id, "%u", i);
        add(w, id, "كلام", i % 4 ? "كلام في غير ذلك" : "خبر آخر في الدار");
    }
    r = finish(w);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        const double together = score_of(r, queries[i], "together", false);

        CHECK(together > 0);
        for (unsigned way = 0; way < 2; way++) {
            CHECK_NEAR(score_of(r, queries[i], "together", way), together, 1e-9, "%s", queries[i]);
            CHECK_NEAR(score_of(r, queries[i], "apart", way), together, together * 0.02, "%s", queries[i]);
            CHECK(score_of(r, queries[i], "both", way) < together * 1.25, "%s", queries[i]);
        }
        CHECK_NEAR(score_of(r, queries[i], "titled", false), score_of(r, queries[i], "title", false), together * 0.1,
                   "%s", queries[i]);
    }
    fih_reader_close(r);
}

/* The words of the phrase count as often as it stands there, not as often as they do. */
static void test_phrase_frequency(void)
{
    fih_writer *w = begin();
    fih_reader *r;

    add(w, "once", "", "عبد الله مع عبد الرحمن ومع عبد الكريم ومع عبد السلام");
    add(w, "twice", "", "عبد الله مع سعيد الرحمن ومع عبد الله ومع عمر السلام");
    add(w, "none", "", "عبد السلام رسول الله");
    for (unsigned i = 0; i < 20; i++) {
        char id[16];

        snprintf(id, sizeof id, "%u", i);
        add(w, id, "", "كلام في غير ذلك من الأمور التي لا شأن لنا بها");
    }
    r = finish(w);
    CHECK(score_of(r, "عبدالله", "once", false) > 0);
    CHECK(score_of(r, "عبدالله", "twice", false) > score_of(r, "عبدالله", "once", false));
    CHECK(score_of(r, "عبدالله", "none", false) < 0);
    CHECK(score_of(r, "-عبدالله رسول سعيد", "none", false) > 0);
    CHECK(score_of(r, "-عبدالله رسول سعيد", "twice", false) < 0);
    fih_reader_close(r);
}

/* All words, and the number of hits, with segments and a deleted document. */
static void test_all_words(void)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_writer *w = begin();
    fih_reader *r;
    fih_hits *h;

    add(w, "1", "", "عبدالله في نيويورك");
    add(w, "2", "", "عبد الله في نيو يورك");
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    add(w, "3", "", "عبدالله في نيو يورك");
    add(w, "4", "", "عبد الله في لندن");
    add(w, "5", "", "نيويورك عبد الله");
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK_INT_EQ(fih_writer_delete(w, FIH_STR("5"), &err), FIH_OK);
    r = finish(w);
    o.match_all = 1;
    o.count_all = 1;
    h = search(r, "عبدالله نيويورك", &o);
    CHECK_INT_EQ(fih_hits_total(h), 3);
    CHECK(fih_hits_is_exact(h));
    fih_hits_free(h);
    h = search(r, "عبد الله نيو يورك", &o);
    CHECK_INT_EQ(fih_hits_total(h), 3);
    fih_hits_free(h);
    o.match_all = 0;
    h = search(r, "عبدالله", &o);
    CHECK_INT_EQ(fih_hits_total(h), 4);
    fih_hits_free(h);
    o.min_match = 2;
    h = search(r, "عبدالله نيويورك لندن", &o);
    CHECK_INT_EQ(fih_hits_total(h), 4);
    fih_hits_free(h);
    fih_reader_close(r);
}

static void test_snippet(void)
{
    fih_writer *w = begin();
    fih_query *q = NULL;
    fih_snippet *s = NULL;
    fih_stored *doc = NULL;
    char shown[400] = "";
    fih_reader *r;
    fih_docno number;
    const fih_part *part;

    add(w, "1", "", "قال عبد الله هذا من عبد آخر");
    add(w, "2", "", "عبدالله");
    r = finish(w);
    CHECK_INT_EQ(fih_query_parse(&q, FIH_STR("عبدالله"), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_find(&number, r, FIH_STR("1"), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_doc(&doc, r, number, &err), FIH_OK);
    CHECK_INT_EQ(fih_snippet_new(&s, r, q, doc, NULL, &err), FIH_OK);
    for (size_t i = 0; (part = fih_snippet_at(s, i)) != NULL; i++)
        snprintf(shown + strlen(shown), sizeof shown - strlen(shown), part->kind == FIH_PART_HIT ? "[%.*s]" : "%.*s",
                 (int)part->text.len, part->text.ptr);
    CHECK_STR_EQ(shown, "قال [عبد] [الله] هذا من عبد آخر");
    fih_snippet_free(s);
    fih_stored_free(doc);
    fih_query_free(q);
    fih_reader_close(r);
}

/* Of 70 words each one counts for a passage: the first and the 65th, too, are two. */
static void test_many_words(void)
{
    char text[1200] = "", body[1200] = "", shown[2000] = "";
    fih_query *q = NULL;
    fih_stored *doc = NULL;
    fih_snippet *s = NULL;
    fih_writer *w = begin();
    const fih_part *part;
    fih_docno number;
    fih_reader *r;

    for (unsigned i = 0; i < 70; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "w%uw ", i);
    strcpy(body, "w20w w21w w22w ");
    for (unsigned i = 0; i < 150; i++)
        strcat(body, "kalam ");
    strcat(body, "w0w w1w w64w w65w.");
    add(w, "1", "", body);
    r = finish(w);
    CHECK_INT_EQ(fih_query_parse(&q, fih_str_of(text), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_find(&number, r, FIH_STR("1"), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_doc(&doc, r, number, &err), FIH_OK);
    CHECK_INT_EQ(fih_snippet_new(&s, r, q, doc, NULL, &err), FIH_OK);
    for (size_t i = 0; (part = fih_snippet_at(s, i)) != NULL; i++)
        snprintf(shown + strlen(shown), sizeof shown - strlen(shown), "%.*s", (int)part->text.len, part->text.ptr);
    CHECK(strstr(shown, "w65w"), "%s", shown);
    fih_snippet_free(s);
    fih_stored_free(doc);
    fih_query_free(q);
    fih_reader_close(r);
}

/* What a reader remembers of words changes no answer: not where a word has another writing, nor where the words before it
 * have used up the places at which a query's words are cut. */
static void test_asked_before(void)
{
    static const char *const long_words[] = {"استقلاليتهم", "مستشفياتهن", "برتقالياتنا"};
    char full[200] = "", room[200] = "";
    fih_writer *w = begin();
    fih_reader *r;

    add(w, "apart", "", "نيو يورك مدينة");
    for (unsigned i = 0; i < 30; i++) {
        char id[16];

        snprintf(id, sizeof id, "%u", i);
        add(w, id, "", i % 2 ? "سافر إلى نيو يورك أمس" : "خبر عن الأيام وعن مستشفياتهن");
    }
    r = finish(w);
    for (unsigned i = 0; i < 3; i++)
        snprintf(full + strlen(full), sizeof full - strlen(full), "%s ", long_words[i]);
    snprintf(full + strlen(full), sizeof full - strlen(full), "نيويورك");
    snprintf(room, sizeof room, "%s نيويورك", long_words[1]);
    for (unsigned i = 0; i < 3; i++) {
        CHECK(score_of(r, full, "apart", false) < 0, "time %u: more words are cut than before", i);
        CHECK(score_of(r, room, "apart", false) > 0, "time %u", i);
        CHECK(score_of(r, "نيويورك", "apart", false) > 0, "time %u", i);
        CHECK(score_of(r, "مستشفياتهن خبر", "0", false) > 0, "time %u", i);
    }
    fih_reader_close(r);
}

/* The ways of ranking give the same list, whatever else the query has. */
static void test_ways(void)
{
    static const char *const names[] = {"عبدالله", "عبد الله", "نيويورك", "نيو يورك", "عبد", "الله", "نيو", "خبر",
                                        "لندن", "رأسمال", "رأس مال", "مال", "رأس", "يورك"};
    static const char *const queries[] = {"عبدالله", "نيو يورك", "عبدالله نيويورك", "خبر عبد الله لندن", "رأسمال خبر",
                                          "+عبدالله خبر", "\"عبدالله خبر\"", "(نيويورك OR لندن) خبر", "عبدالله عبد الله",
                                          "رأس مال عبدالله نيو يورك لندن خبر", "-نيويورك خبر", "عبدالله^3 نيو يورك"};
    uint64_t seed = 7;
    fih_writer *w = begin();
    fih_reader *r;

    for (unsigned i = 0; i < 3000; i++) {
        char text[600] = "", id[16];
        const unsigned words = 3 + (unsigned)(tap_random(&seed) % 20);

        for (unsigned k = 0; k < words; k++) {
            const uint64_t pick = tap_random(&seed) % 40;

            snprintf(text + strlen(text), sizeof text - strlen(text), "%s ", pick < 14 ? names[pick] : "كلام");
        }
        snprintf(id, sizeof id, "%u", i);
        add(w, id, i % 5 ? "" : names[i % 14], text);
        if (i == 1200)
            CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    }
    r = finish(w);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        for (unsigned way = 0; way < 12; way++) {
            fih_search_opts o = FIH_SEARCH_OPTS_INIT;
            const fih_hit *a, *b;
            fih_hits *h, *all;
            bool same;

            o.limit = way % 3 == 0 ? 3 : way % 3 == 1 ? 30 : 400;
            o.match_all = way / 3 % 2;
            o.root_weight = way / 6 ? 0 : FIH_DEFAULT;
            h = search(r, queries[i], &o);
            o.count_all = COUNT_BY_REFERENCE;
            all = search(r, queries[i], &o);
            same = fih_hits_count(h) == fih_hits_count(all);
            for (size_t k = 0; same && (a = fih_hits_at(h, k)) != NULL && (b = fih_hits_at(all, k)) != NULL; k++)
                same = a->doc == b->doc && memcmp(&a->score, &b->score, sizeof a->score) == 0;
            CHECK(same, "'%s' way %u", queries[i], way);
            fih_hits_free(h);
            fih_hits_free(all);
        }
    fih_reader_close(r);
}

/* ---- filters, counts and orders */

enum { FILTERED = 3000, PAGES = 100 };

static unsigned pages_of(unsigned number) { return number * 37 % PAGES; }

static char tag_of(unsigned number) { return "abc"[number % 7 % 3]; }

static fih_reader *make_filtered(void)
{
    static const char *const words[] = {"عبدالله", "عبد الله", "نيويورك", "نيو يورك", "عبد", "الله", "نيو", "خبر",
                                        "لندن", "رأسمال", "رأس مال", "مال", "مازال", "ما زال", "في", "يورك"};
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    uint64_t seed = 11;
    fih_writer *w = NULL;

    place_remove(place_path("index"));
    o.fields = str("tags:keyword* pages:integer");
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), &o, &err), FIH_OK, "%s", err.msg);
    for (unsigned i = 0; i < FILTERED; i++) {
        char text[600] = "", id[16], pages[16], date[16];
        const char tag[2] = {tag_of(i), 0};
        const unsigned count = 3 + (unsigned)(tap_random(&seed) % 20);
        const fih_field extra[] = {{str("pages"), {pages, 0}}, {str("tags"), str(tag)}};
        fih_field fields[2] = {extra[0], extra[1]};
        fih_doc d = FIH_DOC_INIT;

        for (unsigned k = 0; k < count; k++) {
            const uint64_t pick = tap_random(&seed) % 40;

            snprintf(text + strlen(text), sizeof text - strlen(text), "%s ", pick < 16 ? words[pick] : "كلام");
        }
        snprintf(id, sizeof id, "%u", i);
        snprintf(pages, sizeof pages, "%u", pages_of(i));
        snprintf(date, sizeof date, "20%02u-01-01", i % 50);
        fields[0].value = str(pages);
        d.id = str(id);
        d.title = str(i % 5 ? "" : words[i % 16]);
        d.body = str(text);
        d.date = str(date);
        d.extra = fields;
        d.extra_count = 2;
        CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
        if (i == 1200)
            CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    }
    for (unsigned i = 0; i < FILTERED; i += 11) {
        char id[16];

        CHECK_INT_EQ(fih_writer_delete(w, (fih_str){id, (size_t)snprintf(id, sizeof id, "%u", i)}, &err), FIH_OK);
    }
    return finish(w);
}

static unsigned number_of(const fih_hit *h)
{
    unsigned n = 0;

    for (size_t i = 0; i < h->id.len; i++)
        n = n * 10 + (unsigned)(h->id.ptr[i] - '0');
    return n;
}

struct bound {
    const char *text;                  /* put behind a query */
    const char *since;
    unsigned    least, most;           /* pages */
    const char *tags;                  /* any of them */
    unsigned    year;                  /* or later */
};

static bool is_within(const struct bound *b, unsigned n)
{
    return pages_of(n) >= b->least && pages_of(n) <= b->most && strchr(b->tags, tag_of(n)) && n % 50 >= b->year;
}

/* Filters leave of the hits those that pass, each with its score; all of them are counted, and sorted by any field. */
static void check_bound(fih_reader *r, const char *query, const struct bound *b, unsigned way)
{
    static float scores[FILTERED];
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    char text[200];
    fih_hits *h, *all;
    const fih_hit *hit, *other = NULL;
    uint64_t expected = 0, least = 0;
    bool same = true;

    o.count_all = COUNT_BY_REFERENCE;
    o.limit = FILTERED;
    o.match_all = way % 2;
    o.proximity = o.root_weight = 0;           /* first(d): the second pass looks at the best of another list */
    memset(scores, 0, sizeof scores);
    all = search(r, query, &o);
    for (size_t i = 0; (hit = fih_hits_at(all, i)) != NULL; i++)
        if (is_within(b, number_of(hit))) {
            scores[number_of(hit)] = hit->score;
            expected++;
        }
    fih_hits_free(all);

    o.since = fih_str_of(b->since);
    snprintf(text, sizeof text, "%s %s", query, b->text);
    all = search(r, text, &o);
    CHECK_INT_EQ(fih_hits_count(all), expected, "%s way %u", text, way);
    for (size_t i = 0; (hit = fih_hits_at(all, i)) != NULL; i++)
        same &= scores[number_of(hit)] > 0;
    CHECK(same, "%s way %u", text, way);

    o.count_all = 0;
    for (unsigned k = 0; k < 6; k++) {
        o.limit = k % 3 == 0 ? 5 : k % 3 == 1 ? 60 : FILTERED;
        o.count_all = k >= 3;
        h = search(r, text, &o);
        same = fih_hits_count(h) == (expected < o.limit ? expected : o.limit);
        for (size_t i = 0; (hit = fih_hits_at(h, i)) != NULL && (other = fih_hits_at(all, i)) != NULL; i++)
            same &= hit->doc == other->doc && memcmp(&hit->score, &other->score, sizeof hit->score) == 0;
        CHECK(same, "%s way %u, %u hits", text, way, (unsigned)o.limit);
        if (fih_hits_total(h) != expected)
            CHECK(!fih_hits_is_exact(h) && !o.count_all, "%s way %u, %u counted", text, way, (unsigned)fih_hits_total(h));
        fih_hits_free(h);
    }
    o.limit = FILTERED;
    o.count_all = 0;
    o.order = "pages,score";
    h = search(r, text, &o);
    same = fih_hits_count(h) == expected && fih_hits_total(h) == expected && fih_hits_is_exact(h);
    for (size_t i = 0; (hit = fih_hits_at(h, i)) != NULL; i++) {
        const unsigned n = number_of(hit);

        same &= scores[n] > 0 && pages_of(n) >= least;
        if (i > 0 && pages_of(n) == least)
            same &= hit->score <= other->score;
        least = pages_of(n);
        other = hit;
    }
    CHECK(same, "%s way %u, sorted", text, way);
    fih_hits_free(h);
    fih_hits_free(all);
}

static void test_filtered(void)
{
    static const char *const queries[] = {"عبدالله", "نيو يورك", "عبدالله نيويورك", "خبر عبد الله لندن", "رأسمال خبر",
                                          "+عبدالله خبر", "\"عبدالله خبر\"", "(نيويورك OR لندن) خبر", "ما زال",
                                          "ما زال في لندن", "رأس مال عبدالله نيو يورك لندن خبر", "-عبدالله خبر"};
    static const struct bound bounds[] = {
        {"tags:a", NULL, 0, PAGES, "a", 0},
        {"pages:>=30", NULL, 30, PAGES, "abc", 0},
        {"pages:3", NULL, 3, 3, "abc", 0},
        {"-tags:a pages:10..60", NULL, 10, 60, "bc", 0},
        {"tags:a tags:c", "2020", 0, PAGES, "ac", 20},
        {"", "2045", 0, PAGES, "abc", 45},
        {"", NULL, 0, PAGES, "abc", 0}};
    fih_reader *const r = make_filtered();

    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        for (size_t k = 0; k < sizeof bounds / sizeof *bounds; k++)
            for (unsigned way = 0; way < 2; way++)
                check_bound(r, queries[i], &bounds[k], way);
    fih_reader_close(r);
}

int main(void)
{
    RUN(test_pairs);
    RUN(test_alone);
    RUN(test_equal_weight);
    RUN(test_phrase_frequency);
    RUN(test_all_words);
    RUN(test_snippet);
    RUN(test_many_words);
    RUN(test_asked_before);
    RUN(test_ways);
    RUN(test_filtered);
    place_remove(place_path("index"));
    return DONE();
}
