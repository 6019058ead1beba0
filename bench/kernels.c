/* kernels.c - what the innermost steps cost, in ns an item, beside copying the same bytes and validating them as UTF-8.
 *
 * Everything is taken from an index: the bodies of its first documents are the text, and the lists of their
 * commonest words, in the largest segment, the postings. Each kernel runs --rounds times over all of its items, and the
 * best round counts. Reaches inside the library, as the unit tests do.
 */
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/handles.h"
#include "codec/pack.h"
#include "kernels.h"
#include "measure.h"
#include "search/scorer.h"

static const char USAGE[] = "usage: kernels -i INDEX [--rounds N] [--megabytes N]\n";

enum { LISTS = 64, LEAST_BLOCKS = 4, BLOCKS = 20000, TERMS = 50000, PICKS = 4, STRIDE = 37 };
enum { LINE = 64, LINES = 1 << 22, STEPS = 1 << 19 };      /* of memory: 256 MiB, which no cache holds */

/* A list, opened by a query of one word. */
struct opened {
    struct plan       *plan;
    struct scene       scene;
    struct term_scorer scorer;
};

struct data {
    fih_reader       *reader;
    struct sample     sample;
    struct segment   *segment;
    uint32_t          segment_number;
    struct opened     lists[LISTS];
    size_t            list_count;
    uint8_t          *packed;
    uint32_t         *block_at;
    size_t            block_count, packed_bytes;
    struct term_key  *terms;
    size_t            term_count, term_bytes;
    struct line {
        uint32_t next;                 /* where to go on */
        uint8_t  rest[LINE - 4];
    }                *lines;
    uint32_t         *any_lines;       /* some of them, in no order */
    uint64_t          sink;            /* so that nothing is computed for nobody */
};

/* ----------------------------------------------------- What is measured on */

static void take_text(struct data *d, size_t most)
{
    const uint64_t docs = d->reader->view->docs;
    fih_error err;

    for (fih_docno i = 0; i < docs && d->sample.text.len < most; i++) {
        fih_stored *s = NULL;
        const int rc = fih_reader_doc(&s, d->reader, i, &err);
        fih_str body;

        if (rc == FIH_E_NOTFOUND)
            continue;
        if (rc != FIH_OK)
            die("a document", err.msg);
        body = fih_stored_get(s, "body");
        if (body.len && (fihi_buf_append(&d->sample.text, body.ptr, body.len) != 0 ||
                         fihi_buf_append(&d->sample.text, "\n", 1) != 0))
            die("memory", "out of memory");
        fih_stored_free(s);
    }
    if (d->sample.text.len == 0)
        die("the index", "it has no text");
}

/* The list of a word, if it is long enough and new. */
static void open_list(struct data *d, const uint8_t *word, size_t n)
{
    fih_search_opts opts = FIH_SEARCH_OPTS_INIT;
    struct opened *const o = &d->lists[d->list_count];
    const struct manifest *const m = &d->reader->view->members->manifest;
    fih_query *q = NULL;
    fih_error err;
    bool is_good = false;

    opts.limit = 10;
    opts.k1 = 0.9f;
    opts.b = 0.5f;
    opts.title_weight = m->title_weight;
    opts.body_weight = m->body_weight;
    opts.form_weight = 0.5f;
    opts.root_weight = 1.25f;
    opts.proximity = 0.25f;
    memset(o, 0, sizeof *o);
    if (fih_query_plain(&q, (fih_str){(const char *)word, n}, &err) != FIH_OK ||
        fihi_plan_new(&o->plan, d->reader->view, d->sample.analyzer, q, &opts, &err) != FIH_OK)
        die("a query", err.msg);
    fih_query_free(q);
    if (o->plan->term_count > 0 && !o->plan->terms[0].is_stop) {
        const struct query_term *const t = &o->plan->terms[0];

        is_good = true;
        for (size_t i = 0; i < d->list_count; i++)
            is_good = is_good && !is_same_key(&t->key, &d->lists[i].plan->terms[0].key);
        fihi_scene_begin(&o->scene, o->plan, d->segment_number, NULL);
        is_good = is_good && fihi_scorer_open(&o->scorer, &o->scene, t, &err) == FIH_OK;
        is_good = is_good && o->scorer.postings.block_count >= LEAST_BLOCKS;
    }
    if (is_good) {
        d->list_count++;
    } else {
        fihi_scorer_close(&o->scorer);
        fihi_plan_free(o->plan);
    }
}

static const uint32_t *sort_counts;
static int by_count(const void *a, const void *b)
{
    const uint32_t x = sort_counts[*(const uint32_t *)a], y = sort_counts[*(const uint32_t *)b];

    return (x < y) - (x > y);
}

static void take_lists(struct data *d)
{
    uint32_t *const order = need(malloc(d->sample.surfaces.count * sizeof *order));

    for (uint32_t i = 0; i < d->sample.surfaces.count; i++)
        order[i] = i;
    sort_counts = d->sample.counts;
    qsort(order, d->sample.surfaces.count, sizeof *order, by_count);
    for (uint32_t i = 0; i < d->sample.surfaces.count && i < 4000 && d->list_count < LISTS; i++) {
        size_t n;
        const uint8_t *const s = intern_get(&d->sample.surfaces, order[i], &n);

        open_list(d, s, n);
    }
    free(order);
}

/* Differences of documents, packed as in the lists. */
static void take_blocks(struct data *d)
{
    d->packed = need(malloc((size_t)BLOCKS * PACK_MAX_BYTES));
    d->block_at = need(malloc((BLOCKS + 1) * sizeof *d->block_at));
    d->block_at[0] = 0;
    for (size_t i = 0; i < d->list_count; i++) {
        struct cursor *const c = &d->lists[i].scorer.postings;
        uint32_t before = 0, gaps[PACK_BLOCK];

        for (uint32_t b = 0; b < c->block_count && d->block_count < BLOCKS; b++) {
            fihi_cursor_enter(c, b);
            for (unsigned k = 0; k < PACK_BLOCK; k++) {
                gaps[k] = c->docs[k] - before;
                before = c->docs[k];
            }
            d->packed_bytes += fihi_pack(gaps, d->packed + d->packed_bytes);
            d->block_at[++d->block_count] = (uint32_t)d->packed_bytes;
        }
    }
}

/* Stems of the dictionary, here and there, in no order. */
static void take_terms(struct data *d)
{
    const uint64_t step = 1 + d->segment->stats.terms / TERMS;
    uint64_t seed = 1;
    fih_error err;

    d->terms = need(malloc(TERMS * sizeof *d->terms));
    for (uint64_t i = 0; i < d->segment->stats.terms && d->term_count < TERMS; i += step) {
        struct term_key *const t = &d->terms[d->term_count];
        struct dict_entry e;

        if (fihi_segment_term(d->segment, (uint32_t)i, t->bytes, &t->count, &e, &err) != FIH_OK)
            die("the dictionary", err.msg);
        d->term_bytes += t->count;
        d->term_count++;
    }
    for (size_t i = d->term_count; i > 1; i--) {
        const size_t k = (size_t)((seed = seed * 6364136223846793005u + 1442695040888963407u) >> 33) % i;
        const struct term_key t = d->terms[i - 1];

        d->terms[i - 1] = d->terms[k];
        d->terms[k] = t;
    }
}

static uint32_t random_below(uint64_t *seed, uint32_t n)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*seed >> 32) * n >> 32);
}

/* A circle through all lines in no order (Sattolo's shuffle), so that each is a miss of every cache. */
static void take_lines(struct data *d)
{
    uint32_t *const order = need(malloc(LINES * sizeof *order));
    uint64_t seed = 1;

    d->lines = need(malloc(LINES * sizeof *d->lines));
    for (uint32_t i = 0; i < LINES; i++)
        order[i] = i;
    for (uint32_t i = LINES - 1; i > 0; i--) {
        const uint32_t k = random_below(&seed, i), t = order[i];

        order[i] = order[k];
        order[k] = t;
    }
    for (uint32_t i = 0; i < LINES; i++) {
        memset(&d->lines[i], 0, sizeof d->lines[i]);
        d->lines[i].next = order[i];
    }
    free(order);
    d->any_lines = need(malloc(STEPS * sizeof *d->any_lines));
    for (uint32_t i = 0; i < STEPS; i++)
        d->any_lines[i] = random_below(&seed, LINES);
}

/* ---------------------------------- The kernels: how many items they took */

/* What a look-up waits for that cannot begin before the one before it has ended. */
static size_t run_lines(void *data)
{
    struct data *const d = data;
    uint32_t at = (uint32_t)d->sink % LINES;

    for (size_t i = 0; i < STEPS; i++)
        at = d->lines[at].next;
    d->sink += at;
    return STEPS;
}

/* Which ones is known beforehand: as many are on their way as the processor has room for. */
static size_t run_lines_together(void *data)
{
    struct data *const d = data;
    uint64_t sum = 0;

    for (size_t i = 0; i < STEPS; i++)
        sum += d->lines[d->any_lines[i]].next;
    d->sink += sum;
    return STEPS;
}

static size_t run_unpack(void *data)
{
    struct data *const d = data;
    uint32_t out[PACK_BLOCK];

    for (size_t i = 0; i < d->block_count; i++) {
        fihi_unpack(d->packed + d->block_at[i], d->block_at[i + 1] - d->block_at[i], out);
        d->sink += out[i % PACK_BLOCK];
    }
    return d->block_count * PACK_BLOCK;
}

static size_t run_pack(void *data)
{
    struct data *const d = data;
    uint32_t in[PACK_BLOCK];
    uint8_t out[PACK_MAX_BYTES];

    for (size_t i = 0; i < d->block_count; i++) {
        if (i % 16 == 0)
            fihi_unpack(d->packed + d->block_at[i], d->block_at[i + 1] - d->block_at[i], in);
        in[i % PACK_BLOCK] ^= 1;
        d->sink += fihi_pack(in, out) + out[3];
    }
    return d->block_count * PACK_BLOCK;
}

static size_t run_single(void *data)
{
    struct data *const d = data;
    for (size_t i = 0; i < d->block_count; i++)
        for (unsigned k = 0; k < PICKS; k++) {
            uint32_t value;

            if (fihi_pack_get(d->packed + d->block_at[i], d->block_at[i + 1] - d->block_at[i],
                              (unsigned)(i * 31 + k * STRIDE) % PACK_BLOCK, &value))
                d->sink += value;
        }
    return d->block_count * PICKS;
}

static size_t run_score(void *data)
{
    struct data *const d = data;
    size_t n = 0;

    for (size_t i = 0; i < d->list_count; i++) {
        struct term_scorer *const t = &d->lists[i].scorer;

        for (uint32_t b = 0; b < t->postings.block_count; b++) {
            fihi_cursor_enter(&t->postings, b);
            t->scored = 0;
            if (!fihi_scorer_block(&d->lists[i].scene, t))
                die("a list", d->lists[i].scene.error.msg);
            d->sink += t->scores[b % POSTING_BLOCK] > 1;
            n += POSTING_BLOCK;
        }
    }
    return n;
}

static size_t run_score_single(void *data)
{
    struct data *const d = data;
    size_t n = 0;

    for (size_t i = 0; i < d->list_count; i++) {
        struct term_scorer *const t = &d->lists[i].scorer;
        struct term_score parts;

        for (uint32_t doc = fihi_cursor_enter(&t->postings, 0); doc != NO_DOC;
             doc = fihi_scorer_seek(&d->lists[i].scene, t, doc + 1 + STRIDE * POSTING_BLOCK), n++)
            d->sink += fihi_scorer_score(&d->lists[i].scene, t, &parts) > 1;
    }
    return n;
}

/* Each list with the next one; items are the documents of the shorter one. */
static size_t run_intersect(void *data)
{
    struct data *const d = data;
    size_t n = 0;

    for (size_t i = 0; i + 1 < d->list_count; i++) {
        struct cursor *a = &d->lists[i].scorer.postings, *b = &d->lists[i + 1].scorer.postings;

        if (a->at.df > b->at.df) {
            struct cursor *const c = a;

            a = b;
            b = c;
        }
        fihi_cursor_enter(b, 0);
        for (uint32_t doc = fihi_cursor_enter(a, 0); doc != NO_DOC;) {
            const uint32_t other = fihi_cursor_seek(b, doc);

            d->sink += other == doc;
            doc = other == doc ? fihi_cursor_next(a) : fihi_cursor_seek(a, other);
        }
        n += a->at.df;
    }
    return n;
}

static size_t run_terms(void *data)
{
    struct data *const d = data;
    struct dict_entry e;
    fih_error err;

    for (size_t i = 0; i < d->term_count; i++) {
        if (fihi_segment_find(d->segment, d->terms[i].bytes, d->terms[i].count, &e, &err) != FIH_OK)
            die("the dictionary", "a term of it is not found");
        d->sink += e.df;
    }
    return d->term_count;
}

/* -------------------------------------------------------------- The table */

static double best_ns(void *on, size_t (*run)(void *), uint32_t rounds, size_t *items)
{
    double best = 1e300;

    for (uint32_t i = 0; i <= rounds; i++) {
        const uint64_t begin = now_ns();
        double ns;

        *items = run(on);
        ns = (double)(now_ns() - begin);
        if (i > 0 && ns < best)                /* the first one warms up */
            best = ns;
    }
    return *items ? best / (double)*items : 0;
}

static void print_table(struct data *d, uint32_t rounds)
{
    struct sample *const w = &d->sample;
    const double text = (double)d->sample.text.len, words = (double)d->sample.word_count;
    const double surface = (double)d->sample.surfaces.end / (double)d->sample.surfaces.count - INTERN_HEAD;
    const struct {
        const char *name, *item;
        size_t (*run)(void *);
        void       *on;
        double  bytes;                         /* an item's: of text, or of what is unpacked */
    } kernels[] = {
        {"memcpy", "byte of text", run_copy, w, 1},
        {"UTF-8 validation", "byte of text", run_validate, w, 1},
        {"a line of memory, one after the other", "line", run_lines, d, LINE},
        {"a line of memory, many together", "line", run_lines_together, d, LINE},
        {"split", "word", run_split, w, text / words},
        {"look-up: a known surface word", "word", run_find, w, (double)d->sample.word_bytes / words},
        {"split and look-up, as in indexing", "word", run_surfaces, w, text / words},
        {"fold", "Arabic surface word", run_fold, w, surface},
        {"stem: what stands before and behind", "Arabic surface word", run_stem, w, surface},
        {"all of the chain: a new surface word", "surface word", run_chain, w, surface},
        {"unpack", "number", run_unpack, d, 4},
        {"pack", "number", run_pack, d, 4},
        {"single value", "number", run_single, d, 4},
        {"score a block, and unpack it", "posting", run_score, d, 4},
        {"seek a document, and score it alone", "document", run_score_single, d, 4},
        {"intersect two lists", "document of the shorter one", run_intersect, d, 4},
        {"look-up: a term in the dictionary", "term", run_terms, d, (double)d->term_bytes / (double)d->term_count},
    };
    double copy = 0, validate = 0;

    printf("| kernel | item | items | ns an item | bytes an item | / memcpy | / UTF-8 validation |\n"
           "|---|---|---:|---:|---:|---:|---:|\n");
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        size_t items;
        const double ns = best_ns(kernels[i].on, kernels[i].run, rounds, &items), bytes = kernels[i].bytes;

        copy = i == 0 ? ns : copy;
        validate = i == 1 ? ns : validate;
        if (items == 0)
            printf("| %s | skipped: the index has no list of %d blocks | | | | | |\n", kernels[i].name, LEAST_BLOCKS);
        else if (i == 0)
            printf("| %s | %s | %zu | %.3f | %.1f | 1 | |\n", kernels[i].name, kernels[i].item, items, ns, bytes);
        else
            printf("| %s | %s | %zu | %.*f | %.1f | %.1f | %.1f |\n", kernels[i].name, kernels[i].item, items,
                   ns < 1 ? 3 : 1, ns, bytes, ns / bytes / copy, ns / bytes / validate);
    }
    printf("\nOf %zu bytes of text: %zu words, %zu surface words.\n", w->text.len, w->word_count, w->surfaces.count);
}

static void free_data(struct data *d)
{
    for (size_t i = 0; i < d->list_count; i++) {
        fihi_scorer_close(&d->lists[i].scorer);
        fihi_plan_free(d->lists[i].plan);
    }
    fihi_reader_give(d->reader, d->sample.analyzer);
    fih_reader_close(d->reader);
    sample_free(&d->sample);
    free(d->packed);
    free(d->block_at);
    free(d->terms);
    free(d->lines);
    free(d->any_lines);
}

static uint32_t number(const char *text)
{
    uint32_t v;

    if (!read_number(text, 1000, &v) || v == 0)
        die(text, "not a number in range");
    return v;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "rounds", required_argument, NULL, 'r' },
        { "megabytes", required_argument, NULL, 'm' },
        { NULL, 0, NULL, 0 },
    };
    static struct data d;
    const char *index = NULL;
    uint32_t rounds = 5, megabytes = 32;
    fih_error err;

    for (int c; (c = getopt_long(argc, argv, "i:", options, NULL)) != -1;) {
        switch (c) {
        case 'i': index = optarg; break;
        case 'r': rounds = number(optarg); break;
        case 'm': megabytes = number(optarg); break;
        default: fputs(USAGE, stderr); return 1;
        }
    }
    if (!index || optind != argc) {
        fputs(USAGE, stderr);
        return 1;
    }
    if (fih_reader_open(&d.reader, index, &err) != FIH_OK ||
        fihi_reader_take(&d.sample.analyzer, d.reader, &err) != FIH_OK)
        die(index, err.msg);
    for (uint32_t i = 0; i < d.reader->view->count; i++)
        if (!d.segment || d.reader->view->segments[i]->stats.docs > d.segment->stats.docs) {
            d.segment = d.reader->view->segments[i];
            d.segment_number = i;
        }
    if (!d.segment)
        die(index, "it has no documents");
    take_text(&d, (size_t)megabytes * 1000000);
    sample_words(&d.sample);
    take_lists(&d);
    take_blocks(&d);
    take_terms(&d);
    take_lines(&d);
    print_origin(argc, argv, fih_version());
    print_table(&d, rounds);
    free_data(&d);
    return fflush(stdout) == 0 && (d.sink | d.sample.sink) != 0 ? 0 : 2;
}
