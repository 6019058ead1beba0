/* index/invert.c - the words of a batch become the lists and rows of a segment. How their entries are sorted is in
 * invert_scatter.c, how these become lists in invert_lists.c, and what fields have in invert_fields.c.
 *
 * The order of the work is that of the dictionary's levels, because the dictionary is written once, from its first
 * key to its last, and a row leads to ordinals that must be known by then:
 *
 *     stems (lists), sections (lists), forms (rows), roots (rows), keywords of other fields (lists), words of their
 *     texts (lists)
 *
 * Columns come last: those of keywords say by ordinals which terms are theirs.
 *
 * Roots need no lists. Each posting of a stem says how many words of its document have the root but not the stem,
 * and whether an earlier stem of the root has the document already. Say that كاتب and كتاب have the root كتب, and
 * document 3 has the first one once and the second one twice. The words with the root are 3, so the posting of كاتب
 * says 2 others, and that it is the first (its bytes are the lower ones); that of كتاب says 1 other, and that it is
 * not. The documents of the root are then the postings that are first, however the stems are spread over documents. */
#include <stdlib.h>

#include "base/fail.h"
#include "index/invert_part.h"

/* Forms or roots between two calls of `tick`: some milliseconds. */
enum { TICK_EVERY = 1024 };

/* ---- roots */

/* The stems by their roots: the same sort.
 * When it returns, root_ends are ends, as the name says. Stems are met in ascending order, so those of a root
 * ascend: the first of them that a document has is "the first" of FORMAT.md without any comparison. */
static int group_stems(struct inversion *v)
{
    const struct sorted_words *w = &v->words;
    uint32_t at = 0;

    if (!(v->root_ends = calloc(w->roots.count + 1, 4)) || !(v->root_stems = malloc((w->stems.count + 1) * 4)) ||
        !(v->root_dfs = calloc(w->roots.count + 1, 4)))
        return FIH_E_NOMEM;
    for (size_t s = 0; s < w->stems.count; s++)
        if (w->root_of[s] != NO_TERM)
            v->root_ends[w->root_of[s]]++;
    for (size_t r = 0; r < w->roots.count; r++) {
        const uint32_t count = v->root_ends[r];

        v->root_ends[r] = at;
        at += count;
    }
    for (size_t s = 0; s < w->stems.count; s++)
        if (w->root_of[s] != NO_TERM)
            v->root_stems[v->root_ends[w->root_of[s]]++] = (uint32_t)s;
    return FIH_OK;
}

/* The occurrences of a stem, to those of its root in each document; and where it is not the first. A word that has two
 * stems of the root, in two readings, is one.
 * `docs` is not cleared from root to root: a record of another root counts as none. So the cost is that of the
 * postings of the roots with several stems, not of all documents for each root. Memory from calloc() has root 0,
 * which is no root's number plus one. */
static void add_stem(struct inversion *v, uint32_t root, uint32_t stem, struct doc_root *docs)
{
    const uint64_t end = v->ends[stem];

    for (uint64_t at = list_start(v, stem), next; at < end; at = next) {
        struct doc_root *d = &docs[v->entries[at].doc];

        next = posting_end(v, at, end);
        v->others[at] = d->root == root + 1;
        if (d->root != root + 1)
            *d = (struct doc_root){root + 1, 0};
        for (uint64_t i = at; i < next; i++)
            d->sum += !(v->entries[i].form & ITEM_ROOT_AGAIN);
    }
}

/* When the sums of its root are known: what others than this stem have.
 * The difference cannot be negative: an occurrence that is marked as the root's second one at its position stands
 * beside one that was counted. The mark goes now, because from here on `form` is read as a number. */
static void tell_stem(struct inversion *v, uint32_t stem, const struct doc_root *docs)
{
    const uint64_t end = v->ends[stem];

    for (uint64_t at = list_start(v, stem), next; at < end; at = next) {
        uint32_t others;

        next = posting_end(v, at, end);
        others = docs[v->entries[at].doc].sum - (uint32_t)(next - at);
        v->others[at] |= others << 1;
        for (uint64_t i = at; i < next; i++)
            v->entries[i].form &= ~ITEM_ROOT_AGAIN;
    }
}

/* A piece is whole roots, and a stem has one root, so no entry is written by two threads. The table of documents is
 * the thread's own; it is made at a thread's first piece, for with few roots most threads have none. */
static int run_roots(void *ctx, unsigned thread, uint32_t piece)
{
    struct inversion *const v = ctx;
    struct doc_root *docs = v->layers[thread].docs;

    if (!docs && !(docs = v->layers[thread].docs = calloc(v->inverter->doc_count + 1, sizeof *docs)))
        return FIH_E_NOMEM;
    for (uint32_t r = piece ? v->piece_ends[piece - 1] : 0; r < v->piece_ends[piece]; r++) {
        const uint32_t from = root_start(v, r), end = v->root_ends[r];

        for (uint32_t i = from; end - from > 1 && i < end; i++)
            add_stem(v, r, v->root_stems[i], docs);
        for (uint32_t i = from; end - from > 1 && i < end; i++)
            tell_stem(v, v->root_stems[i], docs);
    }
    return FIH_OK;
}

/* Nothing is left to do in order. It is here so that a caller who wants to stop is asked between pieces. */
static int take_roots(void *ctx, uint32_t piece, fih_error *err)
{
    (void)piece;
    return invert_cancelled(ctx, err);
}

/* A root that has one stem occurs where the stem does, and most have one: of others, two walks over their lists.
 * Pieces are cut by entries, not by roots: a frequent root may have as many as ten thousand rare ones. */
static int sum_roots(struct inversion *v, fih_error *err)
{
    uint64_t entries = 0;
    int rc = FIH_OK;

    v->piece_count = 0;
    for (uint32_t r = 0; r < v->words.roots.count && rc == 0; r++) {
        for (uint32_t i = root_start(v, r); i < v->root_ends[r]; i++)
            entries += v->ends[v->root_stems[i]] - list_start(v, v->root_stems[i]);
        rc = fihi_invert_piece(v, r + 1, v->words.roots.count, &entries);
    }
    if (rc == 0)
        rc = fihi_pool_pieces(v->pool, &(struct pieces){v->piece_count, v, run_roots, take_roots}, err);
    return rc == FIH_E_NOMEM ? fihi_fail_nomem(err) : rc;
}

/* ---- rows */

/* Keys ascend because forms were numbered in that order. Rows count forms from 1, for there 0 is "none". */
static int write_forms(struct inversion *v, fih_error *err)
{
    const struct terms *forms = &v->words.forms;
    uint8_t key[TERM_KEY_MAX];
    int rc = fihi_rows_group(&v->rows, forms->count) == 0 ? FIH_OK : fihi_fail_nomem(err);

    for (uint32_t f = 0; f < forms->count && rc == 0; f++) {
        const size_t bytes = term_key(key, LEVEL_FORM, forms, f);

        rc = fihi_rows_write(&v->rows, f + 1, &v->out->dict, key, bytes, err);
        if (rc == 0 && f % TICK_EVERY == 0)
            rc = invert_cancelled(v, err);
    }
    return rc;
}

/* All of a root's rows are put together in one array, long enough for any: a row is only the number of a stem. The
 * counts of documents were added up while the lists were taken. */
static int write_roots(struct inversion *v, fih_error *err)
{
    const struct terms *roots = &v->words.roots;
    struct dict_row *rows = malloc((v->words.stems.count + 1) * sizeof *rows);
    uint8_t key[TERM_KEY_MAX];
    int rc = rows ? FIH_OK : fihi_fail_nomem(err);

    for (uint32_t r = 0; r < roots->count && rc == 0; r++) {
        const uint32_t from = root_start(v, r), count = v->root_ends[r] - from;

        for (uint32_t i = 0; i < count; i++)
            rows[i] = (struct dict_row){v->root_stems[from + i], 0, 0};
        if (count)
            rc = fihi_dict_add_rows(&v->out->dict, key, term_key(key, LEVEL_ROOT, roots, r), v->root_dfs[r], rows,
                                    count, err);
        if (rc == 0 && r % TICK_EVERY == 0)
            rc = invert_cancelled(v, err);
    }
    free(rows);
    return rc;
}

/* ---- all of it */

/* One more than needed everywhere, so that NULL means no memory and not an empty batch. */
static int begin(struct inversion *v)
{
    if (fihi_term_table_sort(&v->inverter->words, &v->words) != 0 || group_stems(v) != 0 ||
        fihi_invert_sort_keywords(v) != 0)
        return FIH_E_NOMEM;
    v->entries = fihi_alloc_large(v->inverter->entry_count + 1, sizeof *v->entries);
    v->others = fihi_alloc_large(v->inverter->entry_count + 1, sizeof *v->others);
    v->layers = calloc(fihi_pool_threads(v->pool), sizeof *v->layers);
    return v->entries && v->others && v->layers ? FIH_OK : FIH_E_NOMEM;
}

/* The entries are the most of what is held, and are done with.
 * Twelve bytes and four for each occurrence: gone before rows are grouped, which would otherwise be the highest
 * point of a batch's memory. Safe to call twice. */
static void drop_entries(struct inversion *v)
{
    free(v->entries);
    free(v->others);
    v->entries = NULL;
    v->others = NULL;
}

static void end(struct inversion *v)
{
    drop_entries(v);
    fihi_sorted_free(&v->words);
    free(v->ends);
    free(v->root_ends);
    free(v->root_stems);
    free(v->root_dfs);
    fihi_invert_free(v);
    free(v->piece_ends);
    free(v->slices);
    free(v->word_positions);
    fihi_rows_free(&v->rows);
}

/* Whatever fails, the batch is still the caller's to clear; but its stream is gone, so it cannot be tried again. */
int fihi_inverter_invert(struct inverter *b, struct build *out, struct pool *pool, int (*tick)(void *ctx), void *ctx,
                         fih_error *err)
{
    struct inversion v = {.inverter = b, .out = out, .pool = pool, .tick = tick, .ctx = ctx};
    int rc = begin(&v) == 0 ? FIH_OK : fihi_fail_nomem(err);

    if (rc == 0 && (rc = fihi_invert_scatter(&v, err)) == 0 && (rc = sum_roots(&v, err)) == 0 &&
        (rc = fihi_invert_lists(&v, err)) == 0 &&
        (rc = fihi_invert_keywords(&v, LEVEL_SECTION, err)) == 0) {
        drop_entries(&v);
        if ((rc = write_forms(&v, err)) == 0 && (rc = write_roots(&v, err)) == 0 &&
            (rc = fihi_invert_keywords(&v, LEVEL_KEYWORD, err)) == 0 && (rc = fihi_invert_words(&v, err)) == 0)
            rc = fihi_invert_columns(&v, err);
    }
    end(&v);
    return rc;
}

/* The arrays by entry, by stem, root and form, and a row for each item of a surface word: there may be fewer, for
 * words of one form and stem share a row, and for a vocabulary has more words than the batch. Of what the threads have
 * each to itself, the more of two: the tables of the ranges are gone before those of the roots are made.
 * It must not say too little: the writer flushes when this and what the batch holds reach its budget. Of a million
 * documents of ten words each, the entries take 160 MB and the tables of 16 threads 128. */
uint64_t fihi_inverter_invert_bytes(const struct inverter *b, unsigned threads)
{
    const struct term_table *w = &b->words;
    const unsigned ranges = fihi_invert_ranges(b, threads);
    const uint64_t moving = ranges > 1 ? ranges * fihi_invert_range_bytes(b) : 0;
    const uint64_t roots = threads * (uint64_t)b->doc_count * sizeof(struct doc_root);

    return b->entry_count * ENTRY_BYTES + w->terms.count * (sizeof(uint64_t) + 16) +
           (moving > roots ? moving : roots) + w->item_count * sizeof(struct form_row);
}
