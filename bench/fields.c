/* fields.c - what filters, orders and counts by fields cost, beside the query alone.
 *
 * Makes an index of so many documents, each of some random words and a value of each kind of field, and asks it. One
 * word is in every document, so that all of them are sorted; other words are in one document of 10, 100 and 1,000.
 * Times are the best of some rounds, in one process and one thread.
 */
#define _XOPEN_SOURCE 700
#include <ftw.h>

#include <fihrist.h>

#include "measure.h"

enum { ROUNDS = 15, QUERIES = 50 };

static fih_error err;
static fih_writer *w;
static uint64_t seed = 11;

static uint32_t rnd(uint32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)((seed >> 33) % n);
}

static void fail(const char *what)
{
    fprintf(stderr, "fields: %s: %s\n", what, err.msg);
    exit(2);
}

/* A word of five letters that stands for a number: no two numbers have one, no letter stands twice in a row (drawn-out
 * words are read in several ways), and none that could be a clitic stands at an end. */
static size_t word(char *out, uint32_t n)
{
    static const char *const letters[2][10] = {{"ق", "ط", "ص", "ش", "ر", "د", "خ", "ح", "ج", "غ"},
                                               {"ب", "ث", "ز", "س", "ض", "ع", "ف", "ك", "م", "ل"}};
    size_t bytes = 0;

    for (int i = 0; i < 5; i++, n /= 10) {
        memcpy(out + bytes, letters[i % 2][n % 10], 2);
        bytes += 2;
    }
    out[bytes++] = ' ';
    return bytes;
}

/* Words 0 to 9 are in a tenth of the documents each, 10 to 109 in a hundredth, 110 to 1109 in a thousandth. */
static int add(uint32_t n)
{
    char id[16], body[400] = "كلمة ", pages[16], tag[16], price[24], author[64];
    fih_field extra[] = {{FIH_STR("pages"), {pages, 0}}, {FIH_STR("tag"), {tag, 0}}, {FIH_STR("price"), {price, 0}},
                         {FIH_STR("author"), {author, 0}}};
    size_t at = strlen(body);
    fih_doc d = FIH_DOC_INIT;

    at += word(body + at, rnd(10));
    at += word(body + at, 10 + rnd(100));
    at += word(body + at, 110 + rnd(1000));
    for (uint32_t i = rnd(8); i > 0; i--)
        at += word(body + at, 2000 + rnd(50000));
    extra[0].value.len = (size_t)snprintf(pages, sizeof pages, "%u", rnd(1000));
    extra[1].value.len = (size_t)snprintf(tag, sizeof tag, "tag%u", rnd(10));
    extra[2].value.len = (size_t)snprintf(price, sizeof price, "%u.%02u", rnd(500), rnd(100));
    extra[3].value.len = word(author, 60000 + rnd(2000));
    d.id = (fih_str){id, (size_t)snprintf(id, sizeof id, "%u", n)};
    d.body = (fih_str){body, at};
    d.date = FIH_STR("2024-05-01");
    d.extra = extra;
    d.extra_count = 4;
    return fih_writer_add(w, &d, &err);
}

static void build(const char *path, uint32_t docs)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;

    o.fields = FIH_STR("pages:integer tag:keyword price:number author:text");
    o.no_clean = 1;
    if (fih_writer_open(&w, path, &o, &err) != 0)
        fail(path);
    for (uint32_t i = 0; i < docs; i++)
        if (add(i) != 0)
            fail("adding");
    if (fih_writer_merge(w, &err) != 0)
        fail("merging");
    fih_writer_close(w);
}

static uint64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* One question: microseconds, the best of some. */
static double ask(const fih_reader *r, const char *text, const char *order, const char *facet)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    uint64_t best = UINT64_MAX;
    fih_query *q;

    o.order = order;
    if (fih_query_parse(&q, fih_str_of(text), &err) != 0)
        fail(text);
    for (int i = 0; i < ROUNDS; i++) {
        const uint64_t begin = now();
        fih_hits *hits = NULL;
        fih_facets *facets = NULL;

        if (facet ? fih_facets_new(&facets, r, q, facet, &o, &err) : fih_search(&hits, r, q, &o, &err))
            fail(text);
        best = now() - begin < best ? now() - begin : best;
        fih_hits_free(hits);
        fih_facets_free(facets);
    }
    fih_query_free(q);
    return (double)best / 1000;
}

/* The mean over words that are as frequent, from `first` on. */
static double ask_many(const fih_reader *r, const char *filter, uint32_t first, uint32_t count)
{
    double sum = 0;

    for (uint32_t i = 0; i < QUERIES; i++) {
        char text[200];
        const size_t n = word(text, first + i % count);

        snprintf(text + n, sizeof text - n, "%s", filter);
        sum += ask(r, text, NULL, NULL);
    }
    return sum / QUERIES;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *f)
{
    (void)st, (void)flag, (void)f;
    return remove(path);
}

int main(int argc, char **argv)
{
    static const char *const filters[] = {"tag:tag3", "tag:tag*", "pages:>=500", "pages:100..199", "price:<5",
                                          "date:2024", "author:*"};
    static const char *const orders[] = {"pages", "-price", "tag,pages", "-date,score"};
    static const char *const facets[] = {"tag", "pages:100"};
    char path[] = "/tmp/fihrist-fields-XXXXXX";
    uint32_t docs = 1000000;
    fih_reader *r;

    if (argc > 2 || (argc == 2 && (!read_number(argv[1], 100000000, &docs) || docs == 0))) {
        fprintf(stderr, "usage: fields [DOCUMENTS]    (default 1000000)\n");
        return 1;
    }
    if (!mkdtemp(path) || rmdir(path) != 0)
        return 2;
    build(path, docs);
    if (fih_reader_open(&r, path, &err) != 0)
        fail(path);
    print_origin(argc, argv, fih_version());
    const double alone[] = {ask_many(r, "", 0, 10), ask_many(r, "", 10, 100), ask_many(r, "", 110, 1000)};
    printf("| µs, and as a multiple of the word alone | 1 in 10 | 1 in 100 | 1 in 1,000 |\n|---|---|---|---|\n");
    printf("| the word alone | %.0f | %.0f | %.0f |\n", alone[0], alone[1], alone[2]);
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        const double times[] = {ask_many(r, filters[i], 0, 10), ask_many(r, filters[i], 10, 100),
                                ask_many(r, filters[i], 110, 1000)};

        printf("| and `%s`", filters[i]);
        for (size_t k = 0; k < 3; k++)
            printf(" | %.0f (%.2f)", times[k], times[k] / alone[k]);
        printf(" |\n");
    }
    printf("\n| all %u documents | ms |\n|---|---|\n| the best ten | %.2f |\n", docs, ask(r, "كلمة", NULL, NULL) / 1000);
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        printf("| sorted by `%s` | %.2f |\n", orders[i], ask(r, "كلمة", orders[i], NULL) / 1000);
    for (size_t i = 0; i < sizeof facets / sizeof *facets; i++)
        printf("| counted by `%s` | %.2f |\n", facets[i], ask(r, "كلمة", NULL, facets[i]) / 1000);
    fih_reader_close(r);
    return nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : 2;
}
