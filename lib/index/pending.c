/* index/pending.c - looking up, deleting, publishing. Merging is pending_merge.c's.
 *
 * The writer's picture of the next commit: which segments it will name, and which documents of them are deleted.
 * Until fihi_pending_publish() it exists in memory only. On the disk are the last commit and values of segments that
 * no manifest names; so whatever happens, a reader sees the last commit, and the next writer removes the others
 * (remove_orphans()).
 *
 * Segments whose values go are only noted in `dropped`, since the last commit still names them. Their values go in
 * the transaction that stops naming them: a crash before or after leaves one whole index or the other.
 *
 * The view is a snapshot of LMDB's with all live segments open. While it is open, pages that were freed since are
 * not used again, so the file would grow: it is closed after each merge and flush, and opened again when an id is
 * looked up.
 *
 * What is on the disk after each step, where segments 1 and 2 are published and 3 is new:
 *
 *     flush             values of 1, 2, 3        the manifest names 1, 2
 *     merge of 2 and 3  values of 1, 2, 3, 4     1, 2
 *     publish           values of 1, 4           1, 4: in one transaction
 *
 * A crash between any two of them loses nothing that was committed. */
#include "index/pending.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <xxhash.h>

#include "base/fail.h"
#include "index/column.h"
#include "index/pending_part.h"
#include "store/guard.h"
#include "store/keys.h"

/* The bitmaps are ours, and outlive the view. A segment that is closed must not free them. */
void fihi_pending_close_view(struct pending *t)
{
    for (size_t i = 0; i < t->live_count; i++)
        if (t->live[i].segment) {
            t->live[i].segment->deleted = NULL;  /* ours */
            fihi_segment_close(t->live[i].segment);
            t->live[i].segment = NULL;
        }
    /* Only where a snapshot was open: without one nothing was looked up. */
    if (t->snap)
        fihi_store_trim(t->store);             /* looking up every new id has touched pages all over */
    fihi_snap_end(t->snap);
    t->snap = NULL;
}

/* Before anything reads a column by a field's number. A kind that is not the schema's would be read with another
 * meaning. */
static int check_columns(const struct pending *t, const struct segment *s, fih_error *err)
{
    return fihi_columns_hold(s, &t->schema) ? FIH_OK
                                            : fihi_segment_broken(s, "a column of a field that is not there", err);
}

/* What is flushed but not published can be read too: nothing hides it but the manifest. A row without deletions is
 * passed, so that the bitmap is not read from the store: ours is newer.
 *
 * It costs a guard's walk over the pages and the opening of each segment, so it is done when the first id is looked up
 * and not before: a load into a new index needs none before its first flush. */
int fihi_pending_open_view(struct pending *t, fih_error *err)
{
    int rc;

    /* Open already: what was added since is not in it, so whoever adds a segment closes it first. */
    if (t->snap)
        return FIH_OK;
    if ((rc = fihi_snap_begin(&t->snap, t->store, 0, err)) != 0)
        return rc;
    for (size_t i = 0; i < t->live_count; i++) {
        struct live *l = &t->live[i];
        const struct manifest_segment row = {l->row.id, l->row.docs, 0, 0}; /* its deletions are here already */

        if ((rc = fihi_segment_open(&l->segment, t->snap, &row, err)) != 0 ||
            (rc = check_columns(t, l->segment, err)) != 0) {
            fihi_pending_close_view(t);
            return rc;
        }
        l->segment->deleted = l->deleted;
        l->segment->deleted_count = l->row.deleted;
    }
    return FIH_OK;
}

/* The view goes first, since its segments borrow the bitmaps. */
static void forget_live(struct pending *t)
{
    fihi_pending_close_view(t);
    for (size_t i = 0; i < t->live_count; i++)
        free(t->live[i].deleted);
    t->live_count = 0;
}

/* The state of the last commit. live_count counts a segment as soon as it is open, so whoever gives up here closes
 * it. The bitmaps that were read become ours. */
static int load_live(struct pending *t, fih_error *err)
{
    int rc;

    forget_live(t);
    if ((rc = fihi_snap_begin(&t->snap, t->store, 0, err)) != 0)
        return rc;
    /* One more than there are: an index may have no segment. */
    if (fihi_grow(&t->live, &t->live_cap, t->manifest.count + (size_t)1, sizeof *t->live) != 0)
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < t->manifest.count; i++) {
        const struct manifest_segment *row = &t->manifest.segments[i];
        struct live *l = &t->live[t->live_count];

        /* Zeroed first: what is given up half way has no bitmap to free. */
        *l = (struct live){.row = *row};
        if ((rc = fihi_segment_open(&l->segment, t->snap, row, err)) != 0)
            return rc;
        t->live_count++;
        l->deleted = l->segment->deleted;
        if ((rc = check_columns(t, l->segment, err)) != 0)
            return rc;
    }
    /* Behind the segments: numbers given away by a run that was rolled back are given away again, to other values. */
    t->next_segment = t->manifest.next_segment;
    t->dropped_count = 0;
    return FIH_OK;
}

/* Values of segments that no manifest names: a run that was killed, or rolled back. One look for each segment, not
 * for each value: behind a key, the next one looked for is that of the next segment. It reads in a snapshot and
 * deletes in a change, for keys must not go away under the walk. Without orphans no transaction is begun. */
static int remove_orphans(struct pending *t, fih_error *err)
{
    static const enum space spaces[] = {SPACE_SEGMENT, SPACE_DELETE};
    struct change *c = NULL;
    struct snap *snap;
    unsigned gone = 0;
    int rc = fihi_snap_begin(&snap, t->store, 0, err);

    if (rc != 0)
        return rc;
    /* Both spaces have the segment's number first in their keys, so one walk serves for both. */
    for (unsigned s = 0; s < 2; s++) {
        uint8_t from[4] = {0}, key[STORE_MAX_KEY];
        size_t n;

        /* Keys of fewer than 4 bytes are nobody's that we know; the walk ends there and leaves them. */
        while ((rc = fihi_snap_next_key(snap, spaces[s], from, 4, key, &n, err)) == FIH_OK && n >= 4) {
            const uint32_t id = key_from_be32(key);
            bool is_known = false;

            /* By looking at all: there are eight segments or so, and as many orphans as runs were killed. */
            for (uint32_t i = 0; i < t->manifest.count; i++)
                is_known |= t->manifest.segments[i].id == id;
            if (!is_known && ((!c && (rc = fihi_change_begin(&c, t->store, err)) != 0) ||
                              (rc = fihi_change_delete_prefix(c, spaces[s], key, 4, err)) != 0))
                goto out;
            /* Told once for each segment, and not for its deletions. */
            gone += !is_known && spaces[s] == SPACE_SEGMENT;
            if (id == UINT32_MAX)      /* no key can be behind it */
                break;
            key_be32(from, id + 1);
        }
        if (rc != 0 && rc != FIH_E_NOTFOUND)
            goto out;
    }
    rc = FIH_OK;
out:
    fihi_snap_end(snap);
    if (c && rc == 0)
        rc = fihi_change_commit(c, err);
    else
        fihi_change_abort(c);
    if (rc == 0 && gone > 0)
        fihi_log(&t->log, FIH_LOG_WARNING,
                 "'%s': removed %u unfinished segment%s that an interrupted or failed run had left",
                 fihi_store_dir(t->store), gone, gone == 1 ? "" : "s");
    return rc;
}

/* What a killed run has left is removed before the view is opened: a snapshot from before would keep its pages. */
int fihi_pending_reset(struct pending *t, fih_error *err)
{
    int rc;

    forget_live(t);
    rc = remove_orphans(t, err);
    return rc ? rc : load_live(t, err);
}

/* Safe to call twice: what was freed is NULL. The store is the caller's, and outlives this. */
void fihi_pending_close(struct pending *t)
{
    forget_live(t);
    free(t->live);
    free(t->dropped);
    fihi_manifest_free(&t->manifest);
    t->live = NULL;
    t->dropped = NULL;
}

/* Deleted ones count until a merge: their numbers are in use. */
uint64_t fihi_pending_doc_count(const struct pending *t)
{
    uint64_t all = 0;

    for (size_t i = 0; i < t->live_count; i++)
        all += t->live[i].row.docs;
    return all;
}

/* Their numbers stay taken, so the new segments do not write over them before the commit. Their values are removed by
 * the publish, so until then the last commit is whole. */
int fihi_pending_drop_all(struct pending *t, fih_error *err)
{
    if (fihi_grow(&t->dropped, &t->dropped_cap, t->dropped_count + t->live_count, sizeof *t->dropped) != 0)
        return fihi_fail_nomem(err);
    for (size_t i = 0; i < t->live_count; i++)
        t->dropped[t->dropped_count++] = t->live[i].row.id;
    forget_live(t);
    return FIH_OK;
}

/* The guard reads all pages, once for each writer. The weights of a new index are the defaults of fih_writer_opts.
 *
 * A new index has no manifest and gets its numbers here, in memory: the first commit writes them. */
int fihi_pending_read(struct pending *t, fih_error *err)
{
    struct snap *snap;
    int rc = fihi_snap_begin(&snap, t->store, GUARD_ALL, err); /* a damaged free list would let us overwrite data */

    if (rc != 0)
        return rc;
    fihi_manifest_free(&t->manifest);
    rc = fihi_manifest_read(&t->manifest, snap, err);
    if (rc == FIH_E_NOTFOUND) {
        t->manifest.next_segment = 1;
        t->manifest.title_weight = 0.6f;
        t->manifest.body_weight = 1.0f;
        rc = FIH_OK;
    }
    t->schema = t->manifest.schema;
    fihi_snap_end(snap);
    return rc;
}

/* The bitmap that comes may be shorter than ours (fihi_inverter_deleted()): the rest is 0.
 *
 * From this moment ids are looked up in it, too, though it is on no disk as a part of the index. */
int fihi_pending_add(struct pending *t, const struct build *b, const uint8_t *deleted, size_t deleted_bytes,
                     uint32_t deleted_count, size_t at, fih_error *err)
{
    struct live l = {.row = {b->stage.segment, b->stats.docs, deleted_count, 0}};

    /* Room first, then the bitmap, then the change: an error leaves the list as it was. */
    if (fihi_grow(&t->live, &t->live_cap, t->live_count + 1, sizeof *t->live) != 0)
        return fihi_fail_nomem(err);
    if (deleted_count) {
        if (!(l.deleted = calloc(1, bitmap_bytes(l.row.docs))))
            return fihi_fail_nomem(err);
        memcpy(l.deleted, deleted, deleted_bytes);
        l.is_dirty = true;
    }
    /* Merged segments stand where their documents stood, new ones at the end. */
    memmove(t->live + at + 1, t->live + at, (t->live_count - at) * sizeof *t->live);
    t->live[at] = l;
    t->live_count++;
    return FIH_OK;
}

/* A document is counted once. The open segment must know at once: the same id may be looked up next. */
static int mark_deleted(struct pending *t, struct live *l, uint32_t doc, fih_error *err)
{
    /* 8 KiB for each 65,536 documents, and only for a segment that loses one. */
    if (!l->deleted && !(l->deleted = calloc(1, bitmap_bytes(l->row.docs))))
        return fihi_fail_nomem(err);
    /* Deleted already: nothing is counted twice, and nothing need be written. */
    if (l->deleted[doc / 8] >> (doc % 8) & 1)
        return FIH_OK;
    l->deleted[doc / 8] |= (uint8_t)(1u << doc % 8);
    l->row.deleted++;
    l->is_dirty = true;
    if (l->segment) {
        l->segment->deleted = l->deleted;
        l->segment->deleted_count = l->row.deleted;
    }
    t->progress.docs_deleted++;
    return FIH_OK;
}

/* For deleting by a query: the numbers are those of the view that the query was asked in, which fihi_writer_view()
 * lends, so nothing may have been merged or flushed since. */
int fihi_pending_delete_doc(struct pending *t, size_t segment, uint32_t doc, fih_error *err)
{
    return mark_deleted(t, &t->live[segment], doc, err);
}

/* From the last segment on: what is replaced was mostly added lately. At most one document has the id and is not
 * deleted, so the first that is found is the one. An id that no segment has, as of a new document, costs the look at
 * the hashes of each; only where one has the hash is an id read. */
static int find_id(struct pending *t, uint32_t hash, fih_str id, struct live **l, uint32_t *doc, fih_error *err)
{
    int rc;

    /* An empty index has nothing to look in, and a view of nothing would cost a walk over the pages. */
    if (t->live_count && (rc = fihi_pending_open_view(t, err)) != 0)
        return rc;
    for (size_t i = t->live_count; i-- > 0;) {
        *l = &t->live[i];
        rc = fihi_segment_find_id((*l)->segment, hash, id, doc, err);
        if (rc != FIH_E_NOTFOUND)
            return rc;
    }
    return FIH_E_NOTFOUND;
}

/* Delete the one document of an id. That there is none is an answer, and no error: most documents that are added
 * replace nothing. */
int fihi_pending_delete_id(struct pending *t, uint32_t hash, fih_str id, fih_error *err)
{
    struct live *l;
    uint32_t doc;
    const int rc = find_id(t, hash, id, &l, &doc, err);

    return rc ? rc : mark_deleted(t, l, doc, err);
}

/* Hashes lead to the document, and the record says its source: a look at the disk, so it is asked for one document at a
 * time. */
int fihi_pending_source(struct pending *t, uint32_t hash, fih_str id, struct buf *raw, fih_str *source, fih_error *err)
{
    struct live *l;
    uint32_t doc;
    const int rc = find_id(t, hash, id, &l, &doc, err);

    return rc ? rc : fihi_segment_source_of(l->segment, doc, raw, source, err);
}

/* Is this the source of a document? Hashes can collide, so its record has the last word. An empty name is no source,
 * and no run has it. */
static int compare_source(struct live *l, uint32_t doc, fih_str source, struct buf *raw, int *yes, fih_error *err)
{
    fih_str other;
    const int rc = fihi_segment_source_of(l->segment, doc, raw, &other, err);

    *yes = rc == 0 && other.len == source.len && memcmp(other.ptr, source.ptr, source.len) == 0;
    return rc;
}

/* Halving leads to the first run with the hash; all runs with it follow. The first record of a run speaks for the
 * run, as FORMAT.md says. That record may be deleted already, but it is there until a merge. */
static int delete_source_in(struct pending *t, struct live *l, uint32_t hash, fih_str source, struct buf *raw,
                            fih_error *err)
{
    const uint32_t count = fihi_segment_source_count(l->segment);
    uint32_t low = 0, high = count;
    struct source_run run;
    int rc, yes;

    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;

        /* Each look is at one row of 12 bytes, in values of 8,192 rows. */
        if ((rc = fihi_segment_source(l->segment, mid, &run, err)) != 0)
            return rc;
        if (run.hash < hash)
            low = mid + 1;
        else
            high = mid;
    }
    /* Two sources with one hash have runs side by side; of each run one record is read. */
    for (; low < count; low++) {
        if ((rc = fihi_segment_source(l->segment, low, &run, err)) != 0)
            return rc;
        if (run.hash != hash)
            break;
        if ((rc = compare_source(l, run.first, source, raw, &yes, err)) != 0)
            return rc;
        for (uint32_t d = run.first; yes && d < run.first + run.count; d++)
            if ((rc = mark_deleted(t, l, d, err)) != 0)
                return rc;
    }
    return FIH_OK;
}

/* In each segment, since a source's documents may have come in several runs of a program. */
int fihi_pending_delete_source(struct pending *t, fih_str source, fih_error *err)
{
    struct buf raw = {0};
    int rc = t->live_count ? fihi_pending_open_view(t, err) : FIH_OK;

    for (size_t i = 0; i < t->live_count && rc == 0; i++)
        rc = delete_source_in(t, &t->live[i], fihi_hash_name(source.ptr, source.len), source, &raw, err);
    fihi_buf_free(&raw);
    return rc;
}

/* The last one is for the segment after it, which there will not be: ids stay below next_segment. Some four billion
 * segments would be one every second for 136 years. */
int fihi_pending_number(struct pending *t, fih_error *err)
{
    if (t->next_segment == UINT32_MAX)
        return fihi_fail(err, FIH_E_LIMIT, "the index has no segment numbers left: it must be rebuilt");
    t->next_segment++;
    return FIH_OK;
}

/* By the prefix of their keys, which is the segment's number: no list of them is needed. Deletions have the same number
 * in front. */
static int delete_values(struct change *c, uint32_t segment, fih_error *err)
{
    uint8_t prefix[4];
    int rc;

    /* Values of the segment, its header among them: what is left of a segment without a header nobody opens. */
    key_be32(prefix, segment);
    if ((rc = fihi_change_delete_prefix(c, SPACE_SEGMENT, prefix, 4, err)) != 0)
        return rc;
    return fihi_change_delete_prefix(c, SPACE_DELETE, prefix, 4, err);
}

/* What the last commit names stays in `dropped`. After an error the list is of no use any more, and the writer rolls
 * back. */
int fihi_pending_drop_unpublished(struct pending *t, fih_error *err)
{
    struct change *c = NULL;
    size_t kept = 0;
    int rc = FIH_OK;

    for (size_t i = 0; i < t->dropped_count; i++) {
        const uint32_t id = t->dropped[i];

        /* Named by the last commit, whose readers need it: only the publish may take it. */
        if (id < t->manifest.next_segment)
            t->dropped[kept++] = id;
        else if ((!c && (rc = fihi_change_begin(&c, t->store, err)) != 0) || (rc = delete_values(c, id, err)) != 0)
            break;
    }
    if (rc != 0) {
        fihi_change_abort(c);
        return rc;
    }
    t->dropped_count = kept;
    rc = c ? fihi_change_commit(c, err) : FIH_OK;
    /* LMDB looked at all that it freed. */
    fihi_store_trim(t->store);
    return rc;
}

/* A chunk that has not changed is not written: one deletion in a large segment is 8 KiB, not all of its bitmap. */
static int write_deletes(struct pending *t, struct change *c, fih_error *err)
{
    for (size_t i = 0; i < t->live_count; i++) {
        struct live *l = &t->live[i];
        /* From the number of documents: what is behind them in the last chunk is zeros. */
        const size_t bytes = bitmap_bytes(l->row.docs);

        if (!l->is_dirty)
            continue;
        for (uint32_t k = 0; k * (size_t)(DELETE_CHUNK / 8) < bytes; k++) {
            const uint8_t *chunk = l->deleted + k * (size_t)(DELETE_CHUNK / 8), *old;
            uint8_t key[KEY_DELETE_BYTES];
            size_t n;
            int rc;

            key_delete(key, l->row.id, k);
            rc = fihi_change_get(c, SPACE_DELETE, key, sizeof key, &old, &n, err);
            if (rc == FIH_OK && n == DELETE_CHUNK / 8 && memcmp(old, chunk, n) == 0)
                continue;
            if ((rc != FIH_OK && rc != FIH_E_NOTFOUND) ||
                (rc = fihi_change_put(c, SPACE_DELETE, key, sizeof key, chunk, DELETE_CHUNK / 8, err)) != 0)
                return rc;
        }
        /* Over all chunks, those that did not change as well: a reader cannot know which of them are of this commit. */
        l->row.delete_hash = XXH3_64bits(l->deleted, bytes);
    }
    return FIH_OK;
}

/* The order is that of need: bitmaps before the manifest, because their hashes stand in it, notes too. One
 * transaction: a full disk, a kill or a lost machine leaves the commit before. In memory, too, nothing of the last
 * commit is given up until LMDB has said that the new one is on the disk. */
int fihi_pending_publish(struct pending *t, struct notes *notes, fih_error *err)
{
    struct manifest next = t->manifest;
    struct change *c = NULL;
    int rc;

    /* `next` borrows what the old manifest has allocated, but for the segments. It is copied by value, so nothing of
     * the last commit changes before the commit has succeeded. */
    next.generation++;
    next.commit_time = (int64_t)time(NULL);
    next.next_segment = t->next_segment;
    next.title_weight = t->title_weight;
    next.body_weight = t->body_weight;
    memcpy(next.analyzer_name, t->analyzer_name, sizeof next.analyzer_name);
    memcpy(next.analyzer_text, t->analyzer_text, sizeof next.analyzer_text);
    next.schema = t->schema;
    next.count = (uint32_t)t->live_count;
    if (!(next.segments = calloc(t->live_count + 1, sizeof *next.segments)))
        return fihi_fail_nomem(err);
    /* Its snapshot would keep LMDB from using the pages again that this transaction frees. */
    fihi_pending_close_view(t);
    if ((rc = fihi_change_begin(&c, t->store, err)) != 0 || (rc = write_deletes(t, c, err)) != 0)
        goto out;
    /* In this transaction and in no other: before it the last commit needs them, after it nobody does. */
    for (size_t i = 0; i < t->dropped_count; i++)
        if ((rc = delete_values(c, t->dropped[i], err)) != 0)
            goto out;
    for (size_t i = 0; i < t->live_count; i++)
        /* Not before write_deletes(), which has put the hashes of the bitmaps into the rows. */
        next.segments[i] = t->live[i].row;
    if ((rc = fihi_notes_publish(notes, &next, c, err)) != 0 || (rc = fihi_manifest_write(&next, c, err)) != 0)
        goto out;
    rc = fihi_change_commit(c, err);
    c = NULL;
    fihi_store_trim(t->store);                 /* LMDB looked at each value that it freed */
out:
    fihi_change_abort(c);
    if (rc != 0) {
        free(next.segments);
        return rc;
    }
    free(t->manifest.segments);
    t->manifest = next;
    /* The lexicon was written with this commit, or there was none: the next one leaves it alone. */
    t->manifest.has_new_lexicon = false;
    for (size_t i = 0; i < t->live_count; i++)
        t->live[i].is_dirty = false;
    t->dropped_count = 0;
    fihi_notes_free(notes);
    return FIH_OK;
}
