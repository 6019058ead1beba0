/* index/join.c - ids settled, segments merged, notes joined, one commit.
 *
 * 1. Which documents are left out, because a later index has their id: all tables of ids are walked through together,
 *    in order of the hashes. To the merge these documents are deleted.
 * 2. Runs of segments become one each, in document order; then these become one. A run is short, because a merge looks
 *    at all of its sources for each term, and there may be thousands.
 * 3. Notes, those of later indexes over those of earlier ones.
 *
 * Three indexes, of which the second has an id of the first, and the third one of the second:
 *
 *     a b c   c d e   e f   ->   a b c d e f, where c is the second one's and e the third one's
 *
 * Why not index the documents anew: lists are merged as they are, in a fraction of the time that their texts would take
 * to be analysed, and the result is the same, because all indexes have one analyzer. The price is that it must be the
 * same one.
 *
 * Nothing is visible in `dest` before the only commit at its end: a crash leaves a new directory with an empty index,
 * and values that its next writer removes. */
#include "index/join.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/fail.h"
#include "index/merge.h"
#include "index/policy.h"
#include "index/rules.h"

/* A merge looks at the next term of every source for each term that it writes: with thousands of sources that would be
 * all that it does. */
enum { RUN = 32 };                     /* segments that are merged at once */

/* `members` and `gone` are by the number of a segment in the view. `pending` is the new index's. */
struct join {
    struct pending        pending;
    struct notes          notes;
    const struct view    *from;
    uint32_t             *members;     /* of each segment */
    uint8_t             **gone;        /* of each segment: documents that are left out, as its bitmap; or NULL */
    uint64_t              replaced;    /* documents that are left out */
    const fih_merge_opts *opts;
    int64_t               last_tick;
    fih_error            *err;
};

/* Ten times a second: a program that draws a bar is not called for each list. */
static int tick(void *arg)
{
    struct join *const j = arg;
    int64_t now;

    if (!j->opts->on_progress || (now = now_ms()) - j->last_tick < 100)
        return 0;
    j->last_tick = now;
    return j->opts->on_progress(j->opts->ctx, &j->pending.progress);
}

/* Asked where nothing else would: in the walk through the ids, for a merge asks by itself. */
static int check_tick(struct join *j)
{
    return tick(j) ? fihi_fail(j->err, FIH_E_CANCEL, "cancelled") : FIH_OK;
}

/* ---- ids */

/* One row of a segment's table of ids. For ids of one hash, so as many as have it. */
struct row {
    uint32_t segment, doc;
    struct buf room;                   /* the id lies there */
    fih_str  id;
};

/* Not in the segment's own bitmap yet: the walks through the tables of ids go by that, and are not over. 8,192 bytes
 * for each 65,536 documents, made when a segment loses its first one. */
static int leave_out(struct join *j, uint32_t segment, uint32_t doc)
{
    const size_t bytes = ((size_t)j->from->segments[segment]->stats.docs + DELETE_CHUNK - 1) / DELETE_CHUNK *
                         (DELETE_CHUNK / 8);

    if (!j->gone[segment] && !(j->gone[segment] = calloc(1, bytes)))
        return fihi_fail_nomem(j->err);
    j->gone[segment][doc / 8] |= (uint8_t)(1u << doc % 8);
    return FIH_OK;
}

/* Rows with one hash, in the order of the segments: mostly it is one id.
 *
 * Quadratic in the rows of one hash, of which there are two or three: 32 bits of a hash are equal by chance as well, so
 * an id is compared before its document goes. Of a document the last one with the same id in a later index counts. */
static int settle_rows(struct join *j, struct row *rows, size_t count)
{
    int rc = FIH_OK;

    if (count < 2 || j->members[rows[0].segment] == j->members[rows[count - 1].segment])
        return FIH_OK;
    /* Read only here, where two indexes have the hash: of indexes without common ids a table of hashes is all that is
     * read. */
    for (size_t i = 0; i < count && rc == 0; i++) {
        struct segment *const s = j->from->segments[rows[i].segment];

        rc = fihi_segment_id(s, rows[i].doc, &rows[i].room, &rows[i].id, j->err);
    }
    for (size_t i = 0; i < count && rc == 0; i++)
        /* From the end: the first that is found is that of the last index, but any later one will do. */
        for (size_t k = count; --k > i;)
            if (j->members[rows[i].segment] != j->members[rows[k].segment] && rows[i].id.len == rows[k].id.len &&
                memcmp(rows[i].id.ptr, rows[k].id.ptr, rows[i].id.len) == 0) {
                rc = leave_out(j, rows[i].segment, rows[i].doc);
                break;
            }
    return rc;
}

/* A table of ids, walked through. 12 bytes a row would do, but a walk also knows where it goes on. */
struct id_walk {
    uint32_t segment, next, hash, doc;
};

/* To the next living document; false behind the last, or with *rc set. */
static bool step(struct join *j, struct id_walk *w, int *rc)
{
    struct segment *const s = j->from->segments[w->segment];

    /* Hashes ascend within a segment: fihi_segment_id_hash() has the table in order (FORMAT.md, "Ids"). */
    while (w->next < s->stats.docs && (*rc = fihi_segment_id_hash(s, w->next, &w->hash, &w->doc, j->err)) == 0) {
        w->next++;
        /* One that is deleted in its own index has no say: it was replaced or removed there. */
        if (!segment_is_deleted(s, w->doc))
            return true;
    }
    return false;
}

/* Of equal hashes the earlier segment's first, so that rows come in the order of the indexes. */
static bool is_before(const struct id_walk *a, const struct id_walk *b)
{
    return a->hash != b->hash ? a->hash < b->hash : a->segment < b->segment;
}

/* The walk at the top goes down to its place. A heap: of thousands of segments the least row costs a dozen comparisons
 * and not thousands. */
static void sink(struct id_walk *heap, size_t count, size_t at)
{
    for (;;) {
        size_t least = 2 * at + 1;
        struct id_walk w;

        if (least >= count)
            return;
        if (least + 1 < count && is_before(&heap[least + 1], &heap[least]))
            least++;
        if (!is_before(&heap[least], &heap[at]))
            return;
        w = heap[at];
        heap[at] = heap[least];
        heap[least] = w;
        at = least;
    }
}

/* `rows` grow to as many as have one hash: a segment may have several of it.
 *
 * Steps like a merge of sorted files: the least of all rows is taken, its walk goes on by one and sinks to its place.
 * Rows are gathered while they have one hash and settled when the next one comes.
 *
 * Of two tables with the hashes 2, 5, 9 and 5, 7 the rows come as 2, 5, 5, 7, 9: the two with 5 are gathered, and
 * settled when 7 comes. Their ids are read and compared; if they are equal, the first table's document goes. */
static int settle_ids(struct join *j)
{
    struct id_walk *const heap = calloc(j->from->count + (size_t)1, sizeof *heap);
    struct row *rows = NULL;
    size_t count = 0, row_count = 0, row_cap = 0, made = 0;
    uint32_t hash = 0;
    uint64_t seen = 0;
    int rc = heap ? FIH_OK : fihi_fail_nomem(j->err);

    for (uint32_t i = 0; i < j->from->count && rc == 0; i++) {
        heap[count] = (struct id_walk){.segment = i};
        count += step(j, &heap[count], &rc);
    }
    /* From the last parent upwards each sinks: that makes a heap of an array. */
    for (size_t i = count; i-- > 0;)
        sink(heap, count, i);
    while (rc == 0 && count) {
        if (row_count && heap[0].hash != hash) {
            rc = settle_rows(j, rows, row_count);
            row_count = 0;
        }
        if (rc == 0 && fihi_grow(&rows, &row_cap, row_count + 1, sizeof *rows) != 0)
            rc = fihi_fail_nomem(j->err);
        if (rc != 0)
            break;
        /* A buffer for an id is made once for each place, and used again for each hash. */
        if (row_count == made)
            rows[made++].room = (struct buf){NULL, 0, 0};
        hash = heap[0].hash;
        rows[row_count].segment = heap[0].segment;
        rows[row_count++].doc = heap[0].doc;
        /* A walk at its end is replaced by the last of the heap, which then sinks. */
        if (!step(j, &heap[0], &rc))
            heap[0] = heap[--count];
        sink(heap, count, 0);
        if (rc == 0 && ++seen % 4096 == 0)
            rc = check_tick(j);
    }
    if (rc == 0 && row_count)
        rc = settle_rows(j, rows, row_count);
    for (size_t i = 0; i < made; i++)
        fihi_buf_free(&rows[i].room);
    free(rows);
    free(heap);
    return rc;
}

/* The program may keep track of what was replaced: it gets the id and source of the document that is left out. */
static int tell_replaced(struct join *j, uint32_t segment, uint32_t doc, struct buf *room, struct buf *raw)
{
    struct segment *const s = j->from->segments[segment];
    fih_str id, source;
    int rc;

    if (!j->opts->on_replaced)
        return FIH_OK;
    if ((rc = fihi_segment_id(s, doc, room, &id, j->err)) != 0 ||
        (rc = fihi_segment_source_of(s, doc, raw, &source, j->err)) != 0)
        return rc;
    return j->opts->on_replaced(j->opts->ctx, j->members[segment], id, source);
}

/* The view's segments are this call's alone, and so are their bitmaps.
 *
 * After settle_ids(), for its walks pass over what is deleted. A bitmap goes over to the segment that had none, and is
 * set to NULL here, so that it is freed once. */
static int mark_gone(struct join *j)
{
    struct buf room = {0}, raw = {0};
    int rc = FIH_OK;

    for (uint32_t i = 0; i < j->from->count && rc == 0; i++) {
        struct segment *const s = j->from->segments[i];

        for (uint32_t d = 0; j->gone[i] && d < s->stats.docs && rc == 0; d++)
            if (j->gone[i][d / 8] >> (d % 8) & 1) {
                s->deleted_count++;
                j->replaced++;
                rc = tell_replaced(j, i, d, &room, &raw);
            }
        if (s->deleted)
            for (size_t b = 0; j->gone[i] && b <= (s->stats.docs - 1) / 8; b++)
                s->deleted[b] |= j->gone[i][b];
        else if (j->gone[i]) {
            s->deleted = j->gone[i];
            j->gone[i] = NULL;
        }
    }
    fihi_buf_free(&room);
    fihi_buf_free(&raw);
    return rc;
}

/* ---- segments */

/* A run of the view's segments into one new segment, which `t` has from then on. Nothing of the sources changes. */
static int merge_run(struct join *j, uint32_t at, unsigned count)
{
    struct pending *const t = &j->pending;
    struct segment **const from = j->from->segments + at;
    struct build *const b = malloc(sizeof *b);
    uint32_t live = 0;
    int rc;

    if (!b)
        return fihi_fail_nomem(j->err);
    /* After another index' merge the view would lack the new segment, so it is opened anew when it is asked for. */
    fihi_pending_close_view(t);                /* it does not have the new segment */
    /* A run whose documents are all deleted gives no segment: what was staged is removed by the next writer. */
    fihi_build_begin(b, t->store, t->next_segment);
    t->progress.merge_docs_all = t->progress.merge_docs_done = 0;
    for (unsigned i = 0; i < count; i++)
        t->progress.merge_docs_all += from[i]->stats.docs - from[i]->deleted_count;
    if ((rc = fihi_pending_number(t, j->err)) == 0 &&
        (rc = fihi_merge(from, count, b, &live, &t->progress.merge_docs_done, tick, j, j->err)) == 0 && live)
        rc = fihi_pending_add(t, b, NULL, 0, 0, t->live_count, j->err);
    t->progress.merge_docs_all = t->progress.merge_docs_done = 0;
    fihi_build_free(b);
    free(b);
    return rc;
}

/* First 32 at a time from the view, then 32 at a time of what came of it: 2,000 segments become 63, these become 2, and
 * these become one. Each document is written three times then; twice where there are up to 1,024, once up to 32. */
static int merge_all(struct join *j)
{
    struct pending *const t = &j->pending;
    const uint32_t all = j->from->count;
    int rc = FIH_OK;

    for (uint32_t at = 0; at < all && rc == 0; at += RUN)
        rc = merge_run(j, at, all - at < RUN ? all - at : RUN);
    while (rc == 0 && t->live_count > RUN)
        for (size_t at = 0; at + 1 < t->live_count && rc == 0; at++) {
            const size_t left = t->live_count - at;

            /* Values of sources that nobody will publish go at once, so that their pages hold what is written next. */
            if ((rc = fihi_pending_merge_run(t, at, left < RUN ? (unsigned)left : RUN, j->err)) == 0)
                rc = fihi_pending_drop_unpublished(t, j->err);
        }
    return rc ? rc : fihi_pending_merge(t, MERGE_ALL, j->err);
}

/* ---- notes */

/* Which of the indexes a note is from, for the program's callback. */
struct note_join {
    struct join *join;
    uint32_t     member;
};

/* A later index' note of the same key takes the place of an earlier one's: fihi_notes_put() sees to that. */
static int join_note(void *ctx, fih_str key, fih_str value)
{
    const struct note_join *const n = ctx;
    struct join *const j = n->join;
    int rc = FIH_OK;

    if (j->opts->on_note && (rc = j->opts->on_note(j->opts->ctx, n->member, key, &value)) != 0)
        return rc;
    /* The callback has taken the value away: the note is left out. */
    if (!value.ptr && value.len == 0 && j->opts->on_note)
        return FIH_OK;
    if (value.len > NOTE_MAX_VALUE)
        return fihi_fail(j->err, FIH_E_LIMIT, "a note of %zu bytes is too long", value.len);
    return fihi_notes_put(&j->notes, key, value, false) != 0 ? fihi_fail_nomem(j->err) : FIH_OK;
}

/* Each member's notes are compared with its manifest first, or a lost one would be lost for good. */
static int join_notes(struct join *j)
{
    int rc = FIH_OK;

    for (uint32_t i = 0; i < j->from->member_count && rc == 0; i++) {
        struct member *const m = &j->from->members[i];
        struct note_join n = {j, i};

        if ((rc = fihi_notes_verify(m->snap, &m->manifest, &m->notes_verified, j->err)) == 0)
            rc = fihi_notes_each(m->snap, NULL, (fih_str){"", 0}, join_note, &n, j->err);
    }
    return rc;
}

/* ---- all of it */

static int begin(struct join *j, const char *dest, bool *is_ours)
{
    struct pending *const t = &j->pending;
    uint32_t segment = 0;
    int rc;

    /* Segments of the view stand in the order of its members. */
    if (!(j->members = calloc(j->from->count + (size_t)1, sizeof *j->members)) ||
        !(j->gone = calloc(j->from->count + (size_t)1, sizeof *j->gone)))
        return fihi_fail_nomem(j->err);
    for (uint32_t i = 0; i < j->from->member_count; i++)
        for (uint32_t k = 0; k < j->from->members[i].count; k++)
            j->members[segment++] = i;
    if ((rc = fihi_store_open(&t->store, dest, STORE_WRITE | STORE_CREATE, 0, j->err)) != 0 ||
        (rc = fihi_pending_read(t, j->err)) != 0)
        return rc;
    /* Somebody was here before: nothing of it may be touched, and nothing is removed on an error. */
    if (t->manifest.generation > 0)
        return fihi_fail(j->err, FIH_E_USAGE, "'%s' already is an index: name a new directory", dest);
    *is_ours = true;
    rc = fihi_pending_reset(t, j->err);
    return rc ? rc : fihi_rules_join(t, &j->from->members[0].manifest, &j->from->schema, j->err);
}

/* What is published, and then written anew where much of the file is free. */
static void tell(struct join *j, int64_t begun)
{
    const struct log *const log = &j->pending.log;
    const char *const dest = fihi_store_dir(j->pending.store);
    const uint64_t before = fihi_store_file_bytes(j->pending.store);

    if (j->replaced)
        fihi_log(log, FIH_LOG_INFO, "'%s': left out %llu document%s whose id a later index has", dest,
                 (unsigned long long)j->replaced, j->replaced == 1 ? "" : "s");
    fihi_log(log, FIH_LOG_INFO, "'%s': merged %u index%s of %u segment%s, in %lld ms", dest, j->from->member_count,
             j->from->member_count == 1 ? "" : "es", j->from->count, j->from->count == 1 ? "" : "s",
             (long long)(now_ms() - begun));
    fihi_store_tidy(j->pending.store);
    fihi_log_size(log, j->pending.store, before);
}

int fihi_join(const char *dest, struct view *from, const fih_merge_opts *o, bool *is_ours, fih_error *err)
{
    struct join j = {.from = from, .opts = o, .err = err};
    const int64_t begun = now_ms();
    int rc;

    *is_ours = false;
    j.pending.tick = tick;
    j.pending.ctx = &j;
    j.pending.unit = POLICY_UNIT;
    j.pending.log = (struct log){o->on_log, o->log_ctx};
    /* Ids before notes before segments: what a program refuses by its callbacks is refused before the long work. */
    if ((rc = begin(&j, dest, is_ours)) == 0 && (rc = settle_ids(&j)) == 0 && (rc = mark_gone(&j)) == 0 &&
        (rc = join_notes(&j)) == 0 && (rc = merge_all(&j)) == 0 &&
        (rc = fihi_pending_publish(&j.pending, &j.notes, err)) == 0)
        tell(&j, begun);
    for (uint32_t i = 0; j.gone && i < from->count; i++)
        free(j.gone[i]);
    free(j.gone);
    free(j.members);
    fihi_notes_free(&j.notes);
    fihi_pending_close(&j.pending);
    if (rc != 0)
        fihi_store_abandon(j.pending.store);
    else
        fihi_store_close(j.pending.store);
    return rc;
}
