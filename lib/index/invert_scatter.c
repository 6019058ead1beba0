/* index/invert_scatter.c - the words of a batch, document by document, become entries of lists, stem by stem.
 *
 * A counting sort, for the number of entries of each stem is known before they are placed. Say the documents
 *
 *     0: كتاب قلم كتاب      1: قلم      2: كتاب
 *
 * where قلم is stem 0 and كتاب stem 1, in the order of the dictionary. Stem 0 has 2 entries and stem 1 has 3, so
 * in one array the first list begins at 0 and the second at 2: starts = {0, 2}. Each word of the stream in turn goes
 * to where its stem's list goes on, which moves up by one:
 *
 *     document 0, position 0, كتاب -> place 2, starts = {0, 3}
 *     document 0, position 1, قلم  -> place 0, starts = {1, 3}
 *     document 0, position 2, كتاب -> place 3, starts = {1, 4}
 *     document 1, position 0, قلم  -> place 1, starts = {2, 4}
 *     document 2, position 0, كتاب -> place 4, starts = {2, 5}
 *
 * At the end starts has become the lists' ends, and each list is in order of documents and positions, because they came
 * in that order. That is one write an entry, where growing a list for each stem would copy them again and again.
 */
#include "index/invert_part.h"

#include <stdlib.h>

/* Entries on their way together: enough to hide the wait for memory, few enough to be in the nearest cache until the
 * second look at them. One word more may come upon a full row. */
enum { MOVING = 64, MOVING_MOST = MOVING + UINT8_MAX };

/* Documents between two calls of `tick`: some milliseconds. */
enum { TICK_EVERY = 1024 };

struct moving {
    uint32_t     stem;                 /* whose list it goes to */
    struct entry entry;
};

/* Documents that a thread moves. In each list its entries stand behind those of the range before.
 * Each thread counts its own range first; with all counts, the place of each range's part of each list is known, so
 * threads write to one array without a lock and never to the same place. */
struct range {
    size_t    first, end;
    uint64_t  at;                      /* of the first one's words, in the stream */
    uint64_t *ends;                    /* of each stem: how many entries, then where the next goes */
};

struct scatter {
    struct inversion *v;
    struct range     *ranges;
    uint32_t          count;           /* of ranges */
};

static uint32_t stream_at(const struct inverter *b, uint64_t at)
{
    return b->stream[at / STREAM_BLOCK][at % STREAM_BLOCK];
}

static uint64_t range_end(const struct scatter *s, uint32_t r)
{
    return r + 1 < s->count ? s->ranges[r + 1].at : s->v->inverter->stream_count;
}

/* With several ranges, a count of each surface word, and a place of each stem. Which terms are stems is known only when
 * they are sorted: here all might be. */
uint64_t fihi_invert_range_bytes(const struct inverter *b)
{
    return (b->words.terms.count + 1) * sizeof(uint64_t) + (b->words.surfaces.count + 1) * sizeof(uint32_t);
}

/* A thread each, while their tables take no more than the entries do. With few words and a large vocabulary, which
 * stays from batch to batch, so many tables would be more work than moving the words is; and the batch after that
 * vocabulary would be written as soon as it is begun, for the memory that its flush would need. */
unsigned fihi_invert_ranges(const struct inverter *b, unsigned threads)
{
    const uint64_t most = b->entry_count * ENTRY_BYTES / fihi_invert_range_bytes(b);

    return most >= threads ? threads : most > 1 ? (unsigned)most : 1;
}

/* As many as fihi_invert_ranges() says, of about as many words each.
 * Cut between documents, because a document's positions are counted from its first word; so there may be fewer of
 * them, if one document has most of the words. */
static int make_ranges(struct scatter *s, unsigned count)
{
    const struct inverter *const b = s->v->inverter;
    uint64_t at = 0;

    if (!(s->ranges = calloc(count, sizeof *s->ranges)))
        return FIH_E_NOMEM;
    s->count = 1;
    for (size_t doc = 0; doc < b->doc_count; at += b->docs[doc++].surfaces)
        if (s->count < count && at >= b->stream_count / count * s->count) {
            s->ranges[s->count - 1].end = doc;
            s->ranges[s->count++] = (struct range){.first = doc, .at = at};
        }
    s->ranges[s->count - 1].end = b->doc_count;
    return FIH_OK;
}

/* ---- counting */

/* How often a range has each surface word.
 * Surface words are counted, not stems: one addition a word of text. What the words stand for is added up
 * afterwards, once for each different word. */
static uint32_t *count_surfaces(const struct scatter *s, uint32_t r)
{
    const struct inverter *const b = s->v->inverter;
    const uint64_t end = range_end(s, r);
    uint32_t *const counts = calloc(b->words.surfaces.count + 1, sizeof *counts);

    for (uint64_t at = s->ranges[r].at; counts && at < end; at++)
        counts[stream_at(b, at)]++;
    return counts;
}

/* Smaller ranges, more of them than threads, would share the work more evenly, but each has eight bytes a stem. */
static int count_range(void *ctx, unsigned thread, uint32_t r)
{
    const struct scatter *const s = ctx;
    const struct term_table *const w = &s->v->inverter->words;
    uint64_t *const ends = calloc(s->v->words.stems.count + 1, sizeof *ends);
    uint32_t *const counts = s->count > 1 ? count_surfaces(s, r) : NULL;   /* the batch has counted them all */

    (void)thread;
    s->ranges[r].ends = ends;
    if (!ends || (s->count > 1 && !counts)) {
        free(counts);
        return FIH_E_NOMEM;
    }
    for (size_t k = 0; k < w->surfaces.count; k++) {
        const uint32_t count = counts ? counts[k] : w->list[k].count;

        for (uint32_t i = 0; count > 0 && i < w->list[k].items; i++)
            ends[s->v->words.items[w->list[k].first + i].stem & ~ITEM_SAME] += count;
    }
    free(counts);
    return FIH_OK;
}

/* Where each range's part of each list starts. Lists lie in the order of the dictionary, so that they are read in a
 * row.
 * Afterwards `ends` of a range are starts, and moving makes them ends: those of the last range are the lists' own. */
static void lay_out(const struct scatter *s)
{
    uint64_t at = 0;

    for (size_t stem = 0; stem < s->v->words.stems.count; stem++)
        for (uint32_t r = 0; r < s->count; r++) {
            const uint64_t count = s->ranges[r].ends[stem];

            s->ranges[r].ends[stem] = at;
            at += count;
        }
}

/* ---- moving */

/* A handful of entries each to its place, without waiting for memory one by one.
 * The places are written in the order of the stream, so in no order at all: each one is a miss of the cache. Asked
 * for together, they are waited for together. */
static void move(struct entry *entries, uint64_t *ends, const struct moving *m, size_t n)
{
    uint64_t to[MOVING_MOST];

    for (size_t i = 0; i < n; i++) {
        to[i] = ends[m[i].stem]++;
        __builtin_prefetch(&entries[to[i]], 1);
    }
    for (size_t i = 0; i < n; i++)
        entries[to[i]] = m[i].entry;
}

/* The occurrences that a surface word makes at m; how many. *words counts the positions of the document so far.
 * Most words make one occurrence, so those have a table of their own, `only`, of eight bytes a word: one look
 * instead of two. The body's positions are `gap` behind the title's, or the same if there is no title
 * (body_position() of format.h). */
static size_t read_surface(const struct inversion *v, uint32_t surface, uint32_t doc, uint32_t *words,
                           const uint64_t *ends, struct moving *m)
{
    const struct surface_item only = v->words.only[surface];
    const uint32_t title = v->inverter->docs[doc].title_len, gap = TITLE_GAP * (title > 0);
    const struct inverter_surface *s;
    uint32_t position = 0;

    if (only.stem != NO_TERM) {
        *m = (struct moving){only.stem, {doc, *words < title ? *words : *words + gap, only.form}};
        ++*words;
        __builtin_prefetch(&ends[only.stem], 1);
        return 1;
    }
    s = &v->inverter->words.list[surface];
    for (uint32_t i = 0; i < s->items; i++) {
        const struct surface_item item = v->words.items[s->first + i];
        const uint32_t stem = item.stem & ~ITEM_SAME;

        if (!(item.stem & ITEM_SAME)) {
            position = *words < title ? *words : *words + gap;
            ++*words;
        }
        m[i] = (struct moving){stem, {doc, position, item.form}};
        __builtin_prefetch(&ends[stem], 1);
    }
    return s->items;
}

/* Every word of a range to its lists.
 * The caller may be asked only in its own thread: with several, that is take_range() instead, after a whole range. */
static int move_range(void *ctx, unsigned thread, uint32_t r)
{
    const struct scatter *const s = ctx;
    const struct inversion *const v = s->v;
    const struct inverter *const b = v->inverter;
    const struct range *const range = &s->ranges[r];
    struct moving moving[MOVING_MOST];
    uint64_t at = range->at;
    size_t n = 0;

    (void)thread;
    for (size_t doc = range->first; doc < range->end; doc++) {
        uint32_t words = 0;

        for (uint32_t k = 0; k < b->docs[doc].surfaces; k++, at++) {
            if (at + AHEAD < b->stream_count)
                __builtin_prefetch(&v->words.only[stream_at(b, at + AHEAD)]);
            n += read_surface(v, stream_at(b, at), (uint32_t)doc, &words, range->ends, moving + n);
            if (n >= MOVING) {
                move(v->entries, range->ends, moving, n);
                n = 0;
            }
        }
        if (s->count == 1 && doc % TICK_EVERY == 0 && invert_cancelled(v, NULL))   /* we are the caller's thread */
            return FIH_E_CANCEL;
    }
    move(v->entries, range->ends, moving, n);
    return FIH_OK;
}

static int take_range(void *ctx, uint32_t r, fih_error *err)
{
    (void)r;
    return invert_cancelled(((struct scatter *)ctx)->v, err);
}

/* ---- all of it */

/* Only if all went well is v->ends set, and the stream given back block by block. */
int fihi_invert_scatter(struct inversion *v, fih_error *err)
{
    struct scatter s = {.v = v};
    int rc = make_ranges(&s, fihi_invert_ranges(v->inverter, fihi_pool_threads(v->pool)));

    if (rc == 0)
        rc = fihi_pool_pieces(v->pool, &(struct pieces){s.count, &s, count_range, take_range}, err);
    if (rc == 0) {
        lay_out(&s);
        rc = fihi_pool_pieces(v->pool, &(struct pieces){s.count, &s, move_range, take_range}, err);
    }
    for (uint32_t r = 0; r < s.count; r++)
        if (rc == 0 && r + 1 == s.count)
            v->ends = s.ranges[r].ends;        /* by now the lists' ends */
        else
            free(s.ranges[r].ends);
    free(s.ranges);
    for (size_t i = 0; rc == 0 && i < v->inverter->stream_blocks; i++) {
        free(v->inverter->stream[i]);             /* not needed again, and the sorted copy is large */
        v->inverter->stream[i] = NULL;
    }
    if (rc == FIH_E_NOMEM)
        return fihi_fail_nomem(err);
    return rc == FIH_E_CANCEL ? fihi_fail(err, rc, "cancelled") : rc;
}
