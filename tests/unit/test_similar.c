/* test_similar.c - signatures of texts, who is near whom, and hits that are one. */
#include <stdlib.h>

#include "fihrist.h"
#include "place.h"
#include "search/similar.h"
#include "tap.h"
#include "text/signature.h"

enum { MOST = 520 };

static fih_error err;
static uint64_t state = 1;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* Words are numbers here; their bytes are those of the number. */
struct text {
    uint32_t words[MOST];
    size_t   count;
};

static int64_t sign(const struct text *t)
{
    struct signer s = {.words = 0};

    for (size_t i = 0; i < t->count; i++)
        fihi_signer_add(&s, (const uint8_t *)&t->words[i], sizeof t->words[i]);
    return fihi_signature(&s);
}

/* A text of the thousand commonest words and rarer ones. */
static void make_text(struct text *t, size_t count)
{
    t->count = count;
    for (size_t i = 0; i < count; i++)
        t->words[i] = (uint32_t)(next_random() % (next_random() % 2 ? 1000 : 100000));
}

/* As another paper prints it: some words are others, with a line before it and one behind it. */
static void edit(struct text *to, const struct text *from, unsigned changed, unsigned line)
{
    to->count = 0;
    for (unsigned i = 0; i < line; i++)
        to->words[to->count++] = 200000 + (uint32_t)(next_random() % 1000);
    for (size_t i = 0; i < from->count; i++)
        to->words[to->count++] = from->words[i];
    for (unsigned i = 0; i < changed; i++)
        to->words[line + next_random() % from->count] = 300000 + (uint32_t)(next_random() % 1000);
    for (unsigned i = 0; i < line; i++)
        to->words[to->count++] = 200000 + (uint32_t)(next_random() % 1000);
}

static int by_words(const void *x, const void *y)
{
    return memcmp(x, y, RUN_WORDS * sizeof(uint32_t));
}

/* The different runs of a text, sorted: the plain definition. */
static size_t runs_of(const struct text *t, uint32_t runs[MOST][RUN_WORDS])
{
    const size_t all = t->count - RUN_WORDS + 1;
    size_t n = 0;

    for (size_t i = 0; i < all; i++)
        memcpy(runs[i], t->words + i, sizeof runs[i]);
    qsort(runs, all, sizeof *runs, by_words);
    for (size_t i = 0; i < all; i++)
        if (i == 0 || by_words(runs[i], runs[n - 1]) != 0)
            memmove(runs[n++], runs[i], sizeof *runs);
    return n;
}

static double shared(const struct text *a, const struct text *b)
{
    static uint32_t x[MOST][RUN_WORDS], y[MOST][RUN_WORDS];
    const size_t n = runs_of(a, x), m = runs_of(b, y);
    size_t both = 0;

    for (size_t i = 0, k = 0; i < n && k < m;) {
        const int order = by_words(x[i], y[k]);

        both += order == 0;
        i += order <= 0;
        k += order >= 0;
    }
    return (double)both / (double)(n + m - both);
}

/* Pairs by how much they share. The signature is a sample of 63, so shares of pairs are asked for and not each pair. */
static void near_duplicates_are_found_and_other_texts_are_not(void)
{
    unsigned pairs[11] = {0}, found[11] = {0};
    struct text a, b;

    for (unsigned i = 0; i < 12000; i++) {
        make_text(&a, 60 + next_random() % 400);
        edit(&b, &a, (unsigned)(next_random() % 40), (unsigned)(next_random() % 8));
        const unsigned tenth = (unsigned)(shared(&a, &b) * 10);

        pairs[tenth]++;
        found[tenth] += signatures_are_near(sign(&a), sign(&b));
    }
    for (unsigned i = 0; i < 11; i++)
        printf("# %.1f: %u of %u\n", i / 10.0, found[i], pairs[i]);
    CHECK(pairs[9] > 500 && pairs[5] > 500 && pairs[2] > 100);
    CHECK(found[9] >= pairs[9] * 99 / 100);
    CHECK(found[5] * 20 <= pairs[5]);
    CHECK_INT_EQ(found[0] + found[1] + found[2], 0);
}

static void unrelated_texts_are_never_near(void)
{
    enum { TEXTS = 1500 };
    static int64_t all[TEXTS];
    struct text a;

    for (unsigned i = 0; i < TEXTS; i++) {
        make_text(&a, 8 + next_random() % 60);
        all[i] = sign(&a);
        CHECK(all[i] >= 0);
    }
    for (unsigned i = 0; i < TEXTS; i++)
        for (unsigned k = 0; k < i; k++)
            CHECK(!signatures_are_near(all[i], all[k]), "%u and %u", i, k);
}

/* FORMAT.md, "Signature". */
static void a_signature_is_that_of_the_format(void)
{
    static const char *const words[] = {"في", "البدء", "كان", "الكتاب", "ثم", "جاء", "الفهرست", "بعده"};
    struct signer s = {.words = 0};

    for (unsigned i = 0; i < 8; i++) {
        CHECK_INT_EQ(fihi_signature(&s), -1);
        fihi_signer_add(&s, (const uint8_t *)words[i], strlen(words[i]));
    }
    CHECK_INT_EQ(fihi_signature(&s), INT64_C(5227487962708827124));
}

/* Each signature with those before it, one by one. */
static void groups_are_those_of_the_plain_definition(void)
{
    enum { ALL = 4000 };
    static int64_t firsts[ALL];
    struct similar *s = calloc(1, sizeof *s);
    size_t count = 0;
    int64_t last = 0;

    REQUIRE(s);
    for (unsigned i = 0; i < ALL; i++) {
        int64_t v = (int64_t)(next_random() >> 1);
        uint32_t group;
        size_t at = 0;

        if (next_random() % 3) {               /* near the one before, or just not */
            v = last;
            for (uint64_t k = next_random() % 10; k > 0; k--)
                v ^= INT64_C(1) << next_random() % SIGNATURE_BITS;
        }
        last = v;
        while (at < count && !signatures_are_near(firsts[at], v))
            at++;
        if (at == count)
            firsts[count++] = v;
        REQUIRE(fihi_similar_find(s, v, &group) == 0);
        CHECK_INT_EQ(group, at);
    }
    CHECK(count > ALL / 4 && count < ALL / 2 + ALL / 4);
    fihi_similar_free(s);
    free(s);
}

/* ---- an index */

static void add(fih_writer *w, const char *id, const char *title, const char *body)
{
    fih_doc d = FIH_DOC_INIT;

    d.id = (fih_str){id, strlen(id)};
    d.title = (fih_str){title, strlen(title)};
    d.body = (fih_str){body, strlen(body)};
    REQUIRE(fih_writer_add(w, &d, &err) == 0);
}

#define STORY \
    "أعلنت وزارة الثقافة اليوم افتتاح المكتبة الوطنية الجديدة في قلب العاصمة بعد سنوات من العمل وقال الوزير إن " \
    "المكتبة تضم مليون كتاب ومخطوط من القرن الرابع إلى اليوم وستفتح أبوابها للباحثين والطلاب كل يوم من الصباح إلى " \
    "المساء وأضاف أن فهرس المخطوطات سيكون متاحا للجميع دون مقابل"

static void search(fih_hits **h, fih_reader *r, const char *text, const char *collapse)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_query *q;

    o.collapse = collapse;
    REQUIRE(fih_query_parse(&q, fih_str_of(text), &err) == 0);
    REQUIRE(fih_search(h, r, q, &o, &err) == 0);
    fih_query_free(q);
}

/* In three segments, and after they are one. The title has no part in it, the date has not either. */
static void a_story_in_five_papers_is_one_hit(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w;
    fih_reader *r;
    fih_hits *h;

    REQUIRE(fih_writer_open(&w, place_path("similar"), &o, &err) == 0);
    add(w, "a", "افتتاح المكتبة", STORY);
    add(w, "b", "مكتبة جديدة", STORY);
    REQUIRE(fih_writer_commit(w, &err) == 0);
    add(w, "c", "المكتبة الوطنية", STORY " وكالات");
    add(w, "other", "المكتبة", "قرأت في المكتبة كتابا عن تاريخ الفهارس العربية ومنها الفهرست لابن النديم الوراق");
    REQUIRE(fih_writer_commit(w, &err) == 0);
    add(w, "d", "", STORY);
    add(w, "e", "خبر", "العاصمة " STORY);
    add(w, "short1", "", "المكتبة مغلقة");
    add(w, "short2", "", "المكتبة مغلقة");
    REQUIRE(fih_writer_commit(w, &err) == 0);
    for (unsigned k = 0; k < 2; k++) {
        uint64_t others = 0;

        REQUIRE(fih_reader_open(&r, place_path("similar"), &err) == 0);
        search(&h, r, "المكتبة", "similar");
        CHECK_INT_EQ(fih_hits_count(h), 4);
        CHECK_INT_EQ(fih_hits_total(h), 4);
        for (size_t i = 0; i < fih_hits_count(h); i++)
            others += fih_hits_at(h, i)->others;
        CHECK_INT_EQ(others, 4);
        fih_hits_free(h);
        search(&h, r, "المكتبة", NULL);
        CHECK_INT_EQ(fih_hits_count(h), 8);
        fih_hits_free(h);
        fih_reader_close(r);
        if (k == 0)
            REQUIRE(fih_writer_merge(w, &err) == 0 && fih_writer_commit(w, &err) == 0);
    }
    fih_writer_close(w);
}

/* What is deleted stands for nobody, and nobody for it. */
static void a_deleted_paper_does_not_count(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w;
    fih_reader *r;
    fih_hits *h;
    uint64_t others = 0;

    REQUIRE(fih_writer_open(&w, place_path("similar"), &o, &err) == 0);
    REQUIRE(fih_writer_delete(w, FIH_STR("b"), &err) == 0);
    REQUIRE(fih_writer_commit(w, &err) == 0);
    fih_writer_close(w);
    REQUIRE(fih_reader_open(&r, place_path("similar"), &err) == 0);
    search(&h, r, "*", "similar");
    CHECK_INT_EQ(fih_hits_count(h), 4);
    for (size_t i = 0; i < fih_hits_count(h); i++)
        others += fih_hits_at(h, i)->others;
    CHECK_INT_EQ(others, 3);
    fih_hits_free(h);
    fih_reader_close(r);
}

int main(void)
{
    place_new("similar");
    RUN(a_signature_is_that_of_the_format);
    RUN(near_duplicates_are_found_and_other_texts_are_not);
    RUN(unrelated_texts_are_never_near);
    RUN(groups_are_those_of_the_plain_definition);
    RUN(a_story_in_five_papers_is_one_hit);
    RUN(a_deleted_paper_does_not_count);
    place_remove(place);
    return DONE();
}
