/* index/merge.c - the k-way merge.
 *
 * 1. Count the living documents.
 * 2. Documents in order: ids, lengths and so their new means, dates; stored blocks, copied whole where nothing in them
 *    is deleted.
 * 3. Tables of ids and sources, merged by hash.
 * 4. Terms, merged by key: each list decoded, renumbered and encoded again with new impacts (merge_terms.c).
 * 5. Columns, document by document, keywords by their terms' new places (merge_columns.c).
 *
 * A new segment is as if its documents had been indexed together, so merging changes no answer. What is read is read
 * once and in order, which is what a disk is good at, and what is written goes through the same builder as a flush.
 *
 * Numbers of documents change: a document's new one is its source's base plus the living documents before it there.
 * Say two sources of 5 and 4 documents, of which 1 and 3 of the first and 0 of the second are deleted:
 *
 *     source 0:  0 -> 0   1 gone   2 -> 1   3 gone   4 -> 2
 *     source 1:  0 gone   1 -> 3   2 -> 4   3 -> 5
 *
 * The order stays, so lists of several sources are simply written behind one another.
 *
 * Memory does not grow with the texts: a source has one value of each kind at hand, the new segment what a build has
 * (build.c); beside it there are the numbers by which rows and columns are led from old terms to new ones (merge.h).
 * Values of a source are read once, but for the dictionary, which is walked several times, and lists whose forms must
 * be counted first. */
#include "index/merge.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "index/merge_part.h"

/* Bytes between two trims: a trim costs a look at every page of the map, and so many stay in memory at most. */
enum { TRIM_AFTER = 16 << 20 };

/* Without it, the pages of a large index would push everything else out of memory, though nobody asks for them
 * again. */
void fihi_merge_have_read(struct merge *m, uint64_t bytes)
{
    if ((m->read += bytes) < TRIM_AFTER)
        return;
    m->read = 0;
    fihi_store_trim(m->out->stage.store);
}

/* A document is not merged in one go: its record first, then its words with those of all others. So documents are
 * counted by the share of the work, of which terms are most. Asked often: the
 * writer's own tick() mostly does no more than read a clock. */
int fihi_merge_tick(struct merge *m)
{
    const uint64_t steps = m->steps < m->all_steps ? m->steps : m->all_steps;

    *m->done = m->before + (m->all_steps ? m->live * steps / m->all_steps : 0);
    return m->tick && m->tick(m->ctx) ? fihi_fail(m->err, FIH_E_CANCEL, "cancelled") : FIH_OK;
}

/* Called for each posting: a number for each 64 documents and at most eight bytes to count. A number for each
 * document would be many times the memory, and no faster when it does not fit the cache. Of a deleted one it is
 * the number of the next one that lives.
 *
 * In the example above source 0 has the deleted documents 1 and 3, so ranks[0] is 0, and of document 4 the bits below
 * it in byte 0, 0000 1010, are counted: two are gone, and it gets 0 + 4 - 2 = 2. */
uint32_t fihi_merge_renumber(const struct source *s, uint32_t doc)
{
    uint32_t gone;

    if (!s->ranks)
        return s->base + doc;
    gone = s->ranks[doc / 64];
    for (uint32_t byte = doc / 64 * 8; byte < doc / 8; byte++)
        gone += (uint32_t)__builtin_popcount(s->segment->deleted[byte]);
    /* The byte in which the document's own bit stands: only the bits below it. */
    gone += (uint32_t)__builtin_popcount(s->segment->deleted[doc / 8] & ((1u << doc % 8) - 1));
    return s->base + doc - gone;
}

/* Bits behind the last document may be anything: they would count only for documents behind them. A segment of a
 * million documents has 15,626 ranks, 61 KiB. */
static int rank_deleted(struct source *s)
{
    const uint32_t docs = s->segment->stats.docs;
    uint32_t gone = 0;

    if (!s->segment->deleted)
        return FIH_OK;
    if (!(s->ranks = malloc((docs / 64 + 1) * sizeof *s->ranks)))
        return FIH_E_NOMEM;
    for (uint32_t i = 0; i <= docs / 64; i++) {
        s->ranks[i] = gone;
        for (unsigned k = 0; k < 8 && i * 64 + k * 8 < docs; k++)
            gone += (uint32_t)__builtin_popcount(s->segment->deleted[i * 8 + k]);
    }
    return FIH_OK;
}

/* A document without its words, which come with the lists: lengths, day and id, as a flush gives them to the
 * builder. */
static int merge_doc(struct merge *m, struct segment *s, uint32_t d, struct buf *room)
{
    uint32_t lens[NORM_COUNT];
    int32_t date;
    fih_str id;
    int rc;

    for (unsigned c = 0; c < NORM_COUNT; c++)
        if ((rc = fihi_segment_length(s, c, d, &lens[c], m->err)) != 0)
            return rc;
    if ((rc = fihi_segment_date(s, d, &date, m->err)) != 0 || (rc = fihi_segment_id(s, d, room, &id, m->err)) != 0)
        return rc;
    return fihi_build_doc(m->out, id, lens, date, m->err);
}

/* Means are those of the living documents, and must be known before the first list: impacts are made with them. The ids
 * are read in order, so each value of them is expanded once from its first id to its last. */
static int merge_docs(struct merge *m)
{
    struct buf room = {0};
    uint64_t done = 0;
    int rc = FIH_OK;

    for (unsigned i = 0; i < m->count && rc == 0; i++) {
        struct segment *s = m->sources[i].segment;

        for (uint32_t d = 0; d < s->stats.docs && rc == 0; d++)
            if (!segment_is_deleted(s, d) && (rc = merge_doc(m, s, d, &room)) == 0 && ++done % 4096 == 0)
                rc = fihi_merge_tick(m);
        fihi_merge_have_read(m, s->stats.bytes[KIND_IDS]);
    }
    fihi_buf_free(&room);
    if (rc == 0)
        fihi_build_averages(m->out);
    return rc;
}

/* The living records of a block, as they are there, compressed anew. Records are copied as they stand, in letters:
 * only their limits are needed. Starts and cuts stay true with them. */
static int thin_block(struct merge *m, struct segment *s, uint32_t first, const struct stored_block *b,
                      const struct buf *raw, ZSTD_CCtx *z)
{
    struct buf keep = {0}, packed = {0};
    struct stored_block thin = {0, 0};
    const uint8_t *p = raw->ptr, *end = p + raw->len;
    int rc = FIH_OK;

    for (uint32_t d = first; d < first + b->docs && rc == 0; d++) {
        const uint8_t *const record = p;

        if (fihi_record_skip(&p, end) != 0) {
            rc = fihi_segment_broken(s, "its stored documents", m->err);
            break;
        }
        if (!segment_is_deleted(s, d)) {
            thin.docs++;
            if (fihi_buf_append(&keep, record, (size_t)(p - record)) != 0)
                rc = fihi_fail_nomem(m->err);
        }
    }
    /* At most what the block had, so below 2^32. */
    thin.raw_bytes = (uint32_t)keep.len;
    /* A block of which nothing is left is not written: it would have no document, and a reader refuses such. */
    if (rc == 0 && thin.docs && (rc = fihi_stored_compress(z, &packed, keep.ptr, keep.len, m->err)) == 0)
        rc = fihi_stored_add(&m->out->stored, &thin, packed.ptr, packed.len, m->err);
    fihi_buf_free(&keep);
    fihi_buf_free(&packed);
    return rc;
}

/* *next is the document that it should begin with, and then the one behind its last. A block of living documents
 * goes as it is, compressed; one without any is not even read. Documents must follow one another from value to
 * value, or a record would go to another document. */
static int merge_stored_value(struct merge *m, struct segment *s, uint32_t number, uint32_t *next, struct buf *raw,
                              ZSTD_CCtx *z)
{
    const uint8_t *compressed;
    struct stored_value v;
    struct stored_block b;
    uint32_t first;
    size_t n;
    int rc;

    if ((rc = fihi_segment_stored(s, number, &v, m->err)) != 0)
        return rc;
    if (v.first_doc != *next)
        return fihi_segment_broken(s, "its stored documents", m->err);
    *next += v.docs;
    m->steps += v.docs;
    while (fihi_stored_next(&v, &first, &b, &compressed, &n) == FIH_OK) {
        uint32_t gone = 0;

        /* Counted by the bitmap alone: whether a block has to be expanded is known before it is. */
        for (uint32_t d = first; s->deleted && d < first + b.docs; d++)
            gone += (uint32_t)segment_is_deleted(s, d);
        if (gone == 0) {
            rc = fihi_stored_add(&m->out->stored, &b, compressed, n, m->err);
        } else if (gone < b.docs) {
            rc = fihi_stored_expand(raw, &b, compressed, n);
            rc = rc == FIH_E_NOMEM ? fihi_fail_nomem(m->err)
                 : rc              ? fihi_segment_broken(s, "its stored documents", m->err)
                                   : thin_block(m, s, first, &b, raw, z);
        }
        if (rc != 0)
            return rc;
    }
    fihi_merge_have_read(m, v.data_bytes);
    return FIH_OK;
}

/* One compressor and one buffer for all, for blocks are many and small. */
static int merge_stored(struct merge *m)
{
    ZSTD_CCtx *z = ZSTD_createCCtx();
    struct buf raw = {0};
    int rc = z ? FIH_OK : fihi_fail_nomem(m->err);

    for (unsigned i = 0; i < m->count && rc == 0; i++) {
        struct segment *s = m->sources[i].segment;
        uint32_t next = 0;

        for (uint32_t v = 0; v < s->stats.counts[KIND_STORED] && rc == 0; v++) {
            rc = merge_stored_value(m, s, v, &next, &raw, z);
            if (rc == 0)
                rc = fihi_merge_tick(m);
        }
        if (rc == 0 && next != s->stats.docs)
            rc = fihi_segment_broken(s, "its stored documents", m->err);
    }
    ZSTD_freeCCtx(z);
    fihi_buf_free(&raw);
    return rc;
}

/* Equal hashes come from the first source first, so by ascending document, as FORMAT.md wants. Each step looks at
 * one row of each source: they are few.
 *
 * A heap would find the least of many sources in fewer steps: of the eight that a merge has as a rule, a look at each
 * takes no longer than to keep one in order. */
static int merge_ids(struct merge *m)
{
    for (unsigned i = 0; i < m->count; i++)
        m->sources[i].next = 0;
    for (;;) {
        struct source *least = NULL;
        uint32_t least_hash = 0, least_doc = 0, hash, doc;
        int rc;

        for (unsigned i = 0; i < m->count; i++) {
            struct source *s = &m->sources[i];

            if (s->next >= s->segment->stats.docs)
                continue;
            if ((rc = fihi_segment_id_hash(s->segment, s->next, &hash, &doc, m->err)) != 0)
                return rc;
            /* <, not <=: of equal hashes the source that comes first keeps its turn. */
            if (!least || hash < least_hash) {
                least = s;
                least_hash = hash;
                least_doc = doc;
            }
        }
        if (!least)
            return FIH_OK;
        least->next++;
        if (!segment_is_deleted(least->segment, least_doc) &&
            (rc = fihi_build_id_hash(m->out, least_hash, fihi_merge_renumber(least, least_doc), m->err)) != 0)
            return rc;
    }
}

/* A run that waits for the next one: what follows it at once is one run with it, if the source is the same. */
struct waiting {
    struct source_run run;             /* of the new segment; count 0: none */
    struct segment   *from;            /* the record of this document has its name */
    uint32_t          doc;
    struct buf        raw, other;
};

/* The run with the least hash of all sources, or *least is NULL. Of equal hashes the earlier segment's comes first, so
 * runs of one name come in the order of their documents. */
static int next_run(struct merge *m, struct source **least, struct source_run *best)
{
    struct source_run run;

    *least = NULL;
    for (unsigned i = 0; i < m->count; i++) {
        struct source *s = &m->sources[i];
        int rc;

        if (s->next >= fihi_segment_source_count(s->segment))
            continue;
        if ((rc = fihi_segment_source(s->segment, s->next, &run, m->err)) != 0)
            return rc;
        if (!*least || run.hash < best->hash) {
            *least = s;
            *best = run;
        }
    }
    if (*least)
        (*least)->next++;
    return FIH_OK;
}

/* Names with one hash are two sources, so the records are read: seldom, where nobody lives between two runs.
 *
 * A run of source 0 that ends with its last living document and one of source 1 that begins with its first are one run
 * now, if their names are the same. */
static int is_joined(bool *is, struct waiting *w, const struct source_run *run, struct segment *from, uint32_t doc,
                     fih_error *err)
{
    fih_str name, other;
    int rc;

    *is = w->run.count && w->run.hash == run->hash && w->run.first + w->run.count == run->first;
    if (!*is)
        return FIH_OK;
    if ((rc = fihi_segment_source_of(w->from, w->doc, &w->raw, &name, err)) == 0)
        rc = fihi_segment_source_of(from, doc, &w->other, &other, err);
    *is = rc == 0 && name.len == other.len && memcmp(name.ptr, other.ptr, name.len) == 0;
    return rc;
}

/* A run's documents stay neighbours, so it stays a run, only shorter. Its first living document's number is that of
 * fihi_merge_renumber() for the first one, dead or alive: it counts who lives before it.
 *
 * Of a run of the documents 0 to 2 of source 0 in the example, 0 and 2 live: its first is 0, and it has two, 0 and
 * 1. */
static int merge_sources(struct merge *m)
{
    struct waiting w = {.from = NULL};
    struct source_run old = {0, 0, 0};
    struct source *s;
    int rc;

    for (unsigned i = 0; i < m->count; i++)
        m->sources[i].next = 0;
    while ((rc = next_run(m, &s, &old)) == 0 && s) {
        struct source_run run = {old.hash, fihi_merge_renumber(s, old.first), 0};
        bool is;

        for (uint32_t d = old.first; d < old.first + old.count; d++)
            run.count += !segment_is_deleted(s->segment, d);
        /* A run all of whose documents are deleted is passed over: the next one may then join the one that waits. */
        if (run.count == 0)
            continue;
        if ((rc = is_joined(&is, &w, &run, s->segment, old.first, m->err)) != 0)
            break;
        if (is) {
            w.run.count += run.count;
            continue;
        }
        if (w.run.count && (rc = fihi_build_source(m->out, &w.run, m->err)) != 0)
            break;
        w.run = run;
        w.from = s->segment;
        w.doc = old.first;
    }
    if (rc == 0 && w.run.count)
        rc = fihi_build_source(m->out, &w.run, m->err);
    fihi_buf_free(&w.raw);
    fihi_buf_free(&w.other);
    return rc;
}

/* Where each source's documents go; how many live. A segment has fewer than 2^31 documents, and so has the sum: an
 * index has no more.
 *
 * Sources must be neighbours, in the order of their documents: the base of each is the number of the living before
 * it. */
static int number_docs(struct merge *m, uint32_t *live)
{
    *live = 0;
    for (unsigned i = 0; i < m->count; i++) {
        struct source *s = &m->sources[i];

        s->base = *live;
        if (rank_deleted(s) != 0)
            return fihi_fail_nomem(m->err);
        *live += s->segment->stats.docs - s->segment->deleted_count;
    }
    return FIH_OK;
}

/* Sources stay the caller's, open. If nobody lives, nothing is written, and there is no segment to add. */
int fihi_merge(struct segment **from, unsigned count, struct build *out, uint32_t *live, uint64_t *done,
               int (*tick)(void *ctx), void *ctx, fih_error *err)
{
    struct merge m = {.sources = calloc(count, sizeof *m.sources),
                      .count = count,
                      .out = out,
                      .done = done,
                      .before = *done,
                      .tick = tick,
                      .ctx = ctx,
                      .err = err};
    int rc;

    *live = 0;
    if (!m.sources)
        return fihi_fail_nomem(err);
    for (unsigned i = 0; i < count; i++) {
        m.sources[i].segment = from[i];
        m.all_steps += from[i]->stats.docs + from[i]->stats.terms;
    }
    rc = number_docs(&m, live);
    m.live = *live;
    /* In this order because each step needs the one before: lists need mean lengths, rows need stems, columns the
     * terms' places. */
    if (rc == 0 && *live > 0) {
        if ((rc = merge_docs(&m)) == 0 && (rc = merge_stored(&m)) == 0 && (rc = merge_ids(&m)) == 0 &&
            (rc = merge_sources(&m)) == 0 && (rc = fihi_merge_terms(&m)) == 0 &&
            (rc = fihi_merge_columns(&m)) == 0)
            rc = fihi_build_finish(out, err);
    }
    *done = m.before + m.live;
    /* Also after an error: what was staged belongs to a segment that nobody names. */
    fihi_merge_terms_free(&m);
    for (unsigned i = 0; i < count; i++) {
        free(m.sources[i].ranks);
        free(m.sources[i].places);
        fihi_cursor_close(&m.sources[i].cursor);
    }
    free(m.sources);
    return rc;
}
