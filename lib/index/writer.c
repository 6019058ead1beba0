/* index/writer.c - adding, deleting, flushing, merging, publishing. */
#include "index/writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "index/batch.h"
#include "index/date.h"
#include "index/manifest.h"
#include "index/merge.h"
#include "index/notes.h"
#include "index/pool.h"
#include "store/guard.h"
#include "store/keys.h"
#include "store/store.h"

enum {
    MERGE_FAN = 8,                     /* neighbours of a level that become one segment */
    LEVEL_UNIT = 4096                  /* documents; smaller segments are all of the lowest level */
};

/* A segment of the state to come. */
struct live {
    struct manifest_segment row;
    uint8_t                *deleted;   /* bitmap in whole chunks, or NULL */
    int                     is_dirty;
    struct segment         *segment;   /* open in the present view, or NULL */
};

struct writer {
    struct store    *store;
    struct snap     *snap;             /* the view that ids are looked up in; NULL: to be renewed */
    struct manifest  manifest;         /* the last commit */
    struct live     *live;
    size_t           live_count, live_cap;
    uint32_t        *dropped;          /* segments whose values go with the next publish */
    size_t           dropped_count, dropped_cap;
    uint32_t         next_segment;
    int              is_lost;          /* a rollback failed, so `live` is not the last commit: see ready() */
    float            title_weight, body_weight;
    char             analyzer_name[64], analyzer_text[512];

    struct pool     *pool;
    struct chunk    *chunk, *spare;    /* under way, and one to use again */
    struct batch    *batch;
    struct build    *build;            /* of the batch's segment; its stored documents are written as they come */
    uint64_t         batch_limit;
    struct notes     notes;
    _Atomic int      notes_verified;   /* fihi_notes_verify() */

    fih_progress     progress, committed;
    int            (*on_progress)(void *, const fih_progress *);
    void            *ctx;
    int64_t          last_tick;
};

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The caller's look at us, at most ten times a second. Nonzero: stop. */
static int tick(void *arg)
{
    struct writer *w = arg;
    int64_t now;

    if (!w->on_progress || (now = now_ms()) - w->last_tick < 100)
        return 0;
    w->last_tick = now;
    return w->on_progress(w->ctx, &w->progress);
}

/* ---- the view */

static void close_view(struct writer *w)
{
    for (size_t i = 0; i < w->live_count; i++)
        if (w->live[i].segment) {
            w->live[i].segment->deleted = NULL;  /* ours */
            fihi_segment_close(w->live[i].segment);
            w->live[i].segment = NULL;
        }
    if (w->snap)
        fihi_store_trim(w->store);             /* looking up every new id has touched pages all over */
    fihi_snap_end(w->snap);
    w->snap = NULL;
}

/* What is flushed but not published can be read too: nothing hides it but the manifest. */
static int open_view(struct writer *w, fih_error *err)
{
    int rc;

    if (w->snap)
        return FIH_OK;
    if ((rc = fihi_snap_begin(&w->snap, w->store, 0, err)) != 0)
        return rc;
    for (size_t i = 0; i < w->live_count; i++) {
        struct live *l = &w->live[i];

        if ((rc = fihi_segment_open(&l->segment, w->snap, l->row.id, 0, 0, err)) != 0) {
            close_view(w);
            return rc;
        }
        l->segment->deleted = l->deleted;
        l->segment->deleted_count = l->row.deleted;
    }
    return FIH_OK;
}

static size_t bitmap_bytes(uint32_t docs)
{
    return ((size_t)docs + DELETE_CHUNK - 1) / DELETE_CHUNK * (DELETE_CHUNK / 8);
}

static void forget_live(struct writer *w)
{
    close_view(w);
    for (size_t i = 0; i < w->live_count; i++)
        free(w->live[i].deleted);
    w->live_count = 0;
}

/* The state of the last commit. */
static int load_live(struct writer *w, fih_error *err)
{
    int rc;

    forget_live(w);
    if ((rc = fihi_snap_begin(&w->snap, w->store, 0, err)) != 0)
        return rc;
    if (fihi_grow(&w->live, &w->live_cap, w->manifest.count + 1u, sizeof *w->live) != 0)
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < w->manifest.count; i++) {
        const struct manifest_segment *row = &w->manifest.segments[i];
        struct live *l = &w->live[w->live_count];

        *l = (struct live){.row = *row};
        if ((rc = fihi_segment_open(&l->segment, w->snap, row->id, row->deleted, row->delete_hash, err)) != 0)
            return rc;
        w->live_count++;
        l->deleted = l->segment->deleted;
    }
    w->next_segment = w->manifest.next_segment;
    w->dropped_count = 0;
    return FIH_OK;
}

/* Values of segments that no manifest names: a run that was killed, or rolled back. */
static int remove_orphans(struct writer *w, fih_error *err)
{
    static const enum space spaces[] = {SPACE_SEGMENT, SPACE_DELETE};
    struct change *c = NULL;
    struct snap *snap;
    int rc = fihi_snap_begin(&snap, w->store, 0, err);

    if (rc != 0)
        return rc;
    for (unsigned s = 0; s < 2; s++) {
        uint8_t from[4] = {0}, key[STORE_MAX_KEY];
        size_t n;

        while ((rc = fihi_snap_next_key(snap, spaces[s], from, 4, key, &n, err)) == FIH_OK && n >= 4) {
            const uint32_t id = key_from_be32(key);
            int is_known = 0;

            for (uint32_t i = 0; i < w->manifest.count; i++)
                is_known |= w->manifest.segments[i].id == id;
            if (!is_known && ((!c && (rc = fihi_change_begin(&c, w->store, err)) != 0) ||
                              (rc = fihi_change_delete_prefix(c, spaces[s], key, 4, err)) != 0))
                goto out;
            if (id == UINT32_MAX)
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
    return rc;
}

/* ---- opening */

static int check_analyzer(struct writer *w, const char *wanted, fih_error *err)
{
    const int is_new = w->manifest.generation == 0;
    struct analyzer *a;
    int rc;

    if (!is_new && wanted && strcmp(wanted, w->manifest.analyzer_name) != 0)
        return fihi_fail(err, FIH_E_ANALYZER,
                         "the index was made with the analyzer '%s', not '%s': leave the choice out, or index into a new place",
                         w->manifest.analyzer_name, wanted);
    if ((rc = fihi_analyzer_new(&a, !is_new ? w->manifest.analyzer_name : wanted ? wanted : "arabic", err)) != 0)
        return rc;
    if (is_new) {
        snprintf(w->analyzer_name, sizeof w->analyzer_name, "%s", fihi_analyzer_name(a));
        snprintf(w->analyzer_text, sizeof w->analyzer_text, "%s", fihi_analyzer_text(a));
    } else {
        memcpy(w->analyzer_name, w->manifest.analyzer_name, sizeof w->analyzer_name);
        memcpy(w->analyzer_text, w->manifest.analyzer_text, sizeof w->analyzer_text);
        if (strcmp(fihi_analyzer_text(a), w->analyzer_text) != 0)
            rc = fihi_fail(err, FIH_E_ANALYZER,
                           "the index was made with other versions of ICU, the stemmer or our tables (%s; here %s): "
                           "index again into a new place",
                           w->analyzer_text, fihi_analyzer_text(a));
    }
    fihi_analyzer_free(a);
    return rc;
}

static int read_manifest(struct writer *w, fih_error *err)
{
    struct snap *snap;
    int rc = fihi_snap_begin(&snap, w->store, GUARD_ALL, err); /* a damaged free list would let us overwrite data */

    if (rc != 0)
        return rc;
    fihi_manifest_free(&w->manifest);
    rc = fihi_manifest_read(&w->manifest, snap, err);
    if (rc == FIH_E_NOTFOUND) {
        w->manifest.next_segment = 1;
        w->manifest.title_weight = 0.3f;
        w->manifest.body_weight = 1.0f;
        rc = FIH_OK;
    }
    fihi_snap_end(snap);
    return rc;
}

/* What is left of the budget when the other parts have had theirs: the threads' caches and chunks, LMDB's dirty
 * pages, and the process itself. */
static uint64_t batch_limit(uint64_t memory, unsigned threads, size_t *cache_bytes)
{
    const uint64_t fixed = (44u << 20) + threads * (12u << 20), least = memory / 4;

    *cache_bytes = (size_t)(memory / 8 / threads < (24u << 20) ? memory / 8 / threads : (24u << 20));
    const uint64_t others = fixed + threads * (uint64_t)*cache_bytes;
    return memory > others + least ? memory - others : least;
}

int fihi_writer_open(struct writer **out, const char *path, const fih_writer_opts *o, fih_error *err)
{
    struct writer *w = calloc(1, sizeof *w);
    size_t cache_bytes;
    int rc;

    *out = NULL;
    if (!w)
        return fihi_fail_nomem(err);
    w->on_progress = o->on_progress;
    w->ctx = o->ctx;
    w->batch_limit = batch_limit(o->memory_bytes, o->threads, &cache_bytes);
    if ((rc = fihi_store_open(&w->store, path, STORE_WRITE | (o->no_create ? 0u : STORE_CREATE), o->wait_ms, err)) != 0 ||
        (rc = read_manifest(w, err)) != 0 || (rc = check_analyzer(w, o->analyzer, err)) != 0 ||
        (rc = remove_orphans(w, err)) != 0 || (rc = load_live(w, err)) != 0)
        goto fail;
    w->title_weight = o->title_weight > 0 ? o->title_weight : w->manifest.title_weight;
    w->body_weight = o->body_weight > 0 ? o->body_weight : w->manifest.body_weight;
    if ((rc = fihi_batch_new(&w->batch, err)) != 0 ||
        (rc = fihi_pool_new(&w->pool, o->threads, w->analyzer_name, cache_bytes, err)) != 0)
        goto fail;
    *out = w;
    return FIH_OK;
fail:
    fihi_writer_close(w);
    return rc;
}

static void drop_build(struct writer *w)
{
    if (w->build) {
        fihi_build_free(w->build);
        free(w->build);
        w->build = NULL;
    }
}

static void drop_pending(struct writer *w)
{
    struct chunk *c;

    while (w->pool && (c = fihi_pool_take(w->pool)))
        fihi_chunk_free(c);
    fihi_chunk_free(w->chunk);
    w->chunk = NULL;
    drop_build(w);
    if (w->batch)
        fihi_batch_clear(w->batch);
    fihi_notes_free(&w->notes);
}

void fihi_writer_close(struct writer *w)
{
    if (!w)
        return;
    drop_pending(w);
    fihi_chunk_free(w->spare);
    fihi_pool_free(w->pool);
    fihi_batch_free(w->batch);
    forget_live(w);
    free(w->live);
    free(w->dropped);
    fihi_manifest_free(&w->manifest);
    fihi_store_close(w->store);
    free(w);
}

int fihi_writer_rollback(struct writer *w, fih_error *err)
{
    const fih_progress done = w->progress;
    int rc;

    w->is_lost = 1;
    drop_pending(w);
    forget_live(w);
    w->progress = w->committed;
    w->progress.segments_written = done.segments_written;
    if ((rc = remove_orphans(w, err)) != 0 || (rc = load_live(w, err)) != 0)
        return rc;
    w->is_lost = 0;
    return FIH_OK;
}

/* What made a call fail can make its rollback fail too. Publishing then would publish an index without its
 * segments, so every call first ends the rollback. */
static int ready(struct writer *w, fih_error *err)
{
    return w->is_lost ? fihi_writer_rollback(w, err) : FIH_OK;
}

/* An error in the middle leaves nothing half done: what was not committed goes, and the error stays. */
static int fail_and_drop(struct writer *w, int rc)
{
    fih_error ignored;

    fihi_writer_rollback(w, &ignored);
    return rc;
}

static int flush_full(struct writer *w, fih_error *err);

/* ---- adding */

static struct chunk *new_chunk(struct writer *w)
{
    struct chunk *c = w->spare ? w->spare : calloc(1, sizeof *c);

    w->spare = NULL;
    return c;
}

static int begin_build(struct writer *w, fih_error *err)
{
    static const float unknown[CHANNEL_COUNT] = {0, 0};

    if (w->build)
        return FIH_OK;
    if (!(w->build = malloc(sizeof *w->build)))
        return fihi_fail_nomem(err);
    return fihi_build_begin(w->build, w->store, w->next_segment++, unknown);
}

/* The oldest chunk from the pool into the batch. */
static int take_chunk(struct writer *w, fih_error *err)
{
    struct chunk *c = fihi_pool_take(w->pool);
    size_t from = 0;
    int rc = c->rc;

    if (rc != 0 && err)
        *err = c->error;
    if (rc == 0 && (rc = begin_build(w, err)) == 0)
        rc = fihi_batch_take(w->batch, c, err);
    for (size_t i = 0; rc == 0 && i < c->block_count; from = c->block_ends[i++])
        rc = fihi_stored_add(&w->build->stored, &c->blocks[i], c->compressed.ptr + from, c->block_ends[i] - from, err);
    fihi_chunk_clear(c);
    if (w->spare)
        fihi_chunk_free(c);
    else
        w->spare = c;
    return rc;
}

static int give_chunk(struct writer *w, fih_error *err)
{
    int rc = FIH_OK;

    if (w->chunk && w->chunk->doc_count) {
        fihi_pool_give(w->pool, w->chunk);
        w->chunk = NULL;
    }
    while (rc == 0 && fihi_pool_pending(w->pool) >= fihi_pool_room(w->pool))
        rc = take_chunk(w, err);
    if (rc == 0 && tick(w))
        rc = fihi_fail(err, FIH_E_CANCEL, "cancelled");
    return rc;
}

static int take_all(struct writer *w, fih_error *err)
{
    int rc = give_chunk(w, err);

    while (rc == 0 && fihi_pool_pending(w->pool))
        rc = take_chunk(w, err);
    return rc;
}

static int add_live(struct writer *w, const struct build *b, const uint8_t *deleted, size_t deleted_bytes, uint32_t deleted_count,
                    size_t at,
                    fih_error *err)
{
    struct live l = {.row = {b->stage.segment, b->stats.docs, deleted_count, 0}};

    if (fihi_grow(&w->live, &w->live_cap, w->live_count + 1, sizeof *w->live) != 0)
        return fihi_fail_nomem(err);
    if (deleted_count) {
        if (!(l.deleted = calloc(1, bitmap_bytes(l.row.docs))))
            return fihi_fail_nomem(err);
        memcpy(l.deleted, deleted, deleted_bytes);
        l.is_dirty = 1;
    }
    memmove(w->live + at + 1, w->live + at, (w->live_count - at) * sizeof *w->live);
    w->live[at] = l;
    w->live_count++;
    return FIH_OK;
}

static int flush(struct writer *w, fih_error *err)
{
    const uint8_t *deleted;
    uint32_t deleted_count;
    size_t deleted_bytes;
    int rc = take_all(w, err);

    if (rc != 0 || fihi_batch_doc_count(w->batch) == 0)
        return rc;
    fihi_batch_averages(w->batch, w->build->stats.avg);
    if ((rc = fihi_batch_flush(w->batch, w->build, tick, w, err)) != 0 || (rc = fihi_build_finish(w->build, err)) != 0)
        return rc;
    deleted = fihi_batch_deleted(w->batch, &deleted_bytes, &deleted_count);
    close_view(w);
    rc = add_live(w, w->build, deleted, deleted_bytes, deleted_count, w->live_count, err);
    w->progress.segments_written++;
    drop_build(w);
    fihi_batch_clear(w->batch);
    return rc;
}

static int mark_deleted(struct writer *w, struct live *l, uint32_t doc, fih_error *err)
{
    if (!l->deleted && !(l->deleted = calloc(1, bitmap_bytes(l->row.docs))))
        return fihi_fail_nomem(err);
    if (l->deleted[doc / 8] >> (doc % 8) & 1)
        return FIH_OK;
    l->deleted[doc / 8] |= (uint8_t)(1u << doc % 8);
    l->row.deleted++;
    l->is_dirty = 1;
    if (l->segment) {
        l->segment->deleted = l->deleted;
        l->segment->deleted_count = l->row.deleted;
    }
    w->progress.docs_deleted++;
    return FIH_OK;
}

/* Delete the one document of an id, wherever it is; FIH_E_NOTFOUND without a message. */
static int delete_id(struct writer *w, uint32_t hash, fih_str id, fih_error *err)
{
    uint32_t doc;
    int rc;

    if (fihi_batch_find(w->batch, hash, id, &doc) == FIH_OK) {
        w->progress.docs_deleted++;
        fihi_batch_delete(w->batch, doc);
        return FIH_OK;
    }
    if (w->live_count && (rc = open_view(w, err)) != 0)
        return rc;
    for (size_t i = w->live_count; i-- > 0;) {
        rc = fihi_segment_find_id(w->live[i].segment, hash, id, &doc, err);
        if (rc == FIH_OK)
            return mark_deleted(w, &w->live[i], doc, err);
        if (rc != FIH_E_NOTFOUND)
            return rc;
    }
    return FIH_E_NOTFOUND;
}

static int check_doc(const fih_doc *doc, fih_error *err)
{
    uint64_t total = (uint64_t)doc->title.len + doc->body.len + doc->date.len + doc->section.len + doc->url.len +
                     doc->id.len + doc->source.len;

    for (size_t i = 0; i < doc->extra_count; i++)
        total += (uint64_t)doc->extra[i].name.len + doc->extra[i].value.len;
    if (doc->id.len == 0)
        return fihi_fail(err, FIH_E_USAGE, "a document has no id");
    if (doc->id.len > FIH_MAX_ID || doc->source.len > FIH_MAX_ID)
        return fihi_fail(err, FIH_E_LIMIT, "an id of %zu bytes is too long: at most %u",
                         doc->id.len > doc->source.len ? doc->id.len : doc->source.len, FIH_MAX_ID);
    if (total > FIH_MAX_TEXT)
        return fihi_fail(err, FIH_E_LIMIT, "a document of %llu bytes is too long: at most %u", (unsigned long long)total,
                         FIH_MAX_TEXT);
    return FIH_OK;
}

static int add_to_chunk(struct writer *w, const fih_doc *doc, fih_error *err)
{
    struct span spans[FIELD_KNOWN];
    struct chunk *c;
    struct chunk_doc *d;
    size_t at;

    if (!w->chunk && !(w->chunk = new_chunk(w)))
        return fihi_fail_nomem(err);
    c = w->chunk;
    at = c->raw.len;
    if (fihi_grow(&c->docs, &c->doc_cap, c->doc_count + 1, sizeof *c->docs) != 0)
        return fihi_fail_nomem(err);
    if (fihi_record_append(&c->raw, doc, spans, &w->progress.ill_formed, err) != 0)
        return FIH_E_NOMEM;
    d = &c->docs[c->doc_count++];
    *d = (struct chunk_doc){.record = at, .record_bytes = c->raw.len - at, .title = spans[FIELD_TITLE], .body = spans[FIELD_BODY]};
    return FIH_OK;
}

int fihi_writer_add(struct writer *w, const fih_doc *doc, fih_error *err)
{
    const uint32_t hash = fihi_hash_name(doc->id.ptr, doc->id.len);
    uint64_t all = fihi_batch_doc_count(w->batch);
    int rc = check_doc(doc, err);

    if (rc != 0 || (rc = ready(w, err)) != 0)
        return rc;
    for (size_t i = 0; i < w->live_count; i++)
        all += w->live[i].row.docs;
    if (all >= FIH_MAX_DOCS)
        return fihi_fail(err, FIH_E_LIMIT, "the index is full: it has %u documents", FIH_MAX_DOCS);
    /* A document that is huge does not wait in a chunk behind others. */
    if (w->chunk && w->chunk->doc_count && doc->body.len > CHUNK_TEXT && (rc = give_chunk(w, err)) != 0)
        return fail_and_drop(w, rc);
    rc = delete_id(w, hash, doc->id, err);
    if (rc == FIH_E_NOTFOUND)
        rc = FIH_OK;
    if (rc == 0)
        rc = fihi_batch_add_doc(w->batch, hash, doc->id, doc->section, doc->source, fihi_date_parse(doc->date, 0, NULL), err);
    if (rc == 0)
        rc = add_to_chunk(w, doc, err);
    if (rc != 0)
        return fail_and_drop(w, rc);
    w->progress.docs_added++;
    w->progress.text_bytes += doc->title.len + doc->body.len;
    if (w->chunk->raw.len >= CHUNK_TEXT || w->chunk->doc_count >= CHUNK_DOCS) {
        if ((rc = give_chunk(w, err)) != 0)
            return fail_and_drop(w, rc);
        if (fihi_batch_bytes(w->batch) > w->batch_limit && (rc = flush_full(w, err)) != 0)
            return fail_and_drop(w, rc);
    }
    return FIH_OK;
}

int fihi_writer_delete(struct writer *w, fih_str id, fih_error *err)
{
    int rc = ready(w, err);

    if (rc != 0)
        return rc;
    rc = delete_id(w, fihi_hash_name(id.ptr, id.len), id, err);
    if (rc == FIH_E_NOTFOUND)
        return fihi_fail(err, rc, "there is no document '%.*s'", (int)(id.len < 200 ? id.len : 200), id.ptr);
    return rc ? fail_and_drop(w, rc) : FIH_OK;
}

/* Is this the source of a document? Hashes can collide, so its record has the last word. */
static int is_source(struct live *l, uint32_t doc, fih_str source, struct buf *raw, int *yes, fih_error *err)
{
    struct record_scan scan;
    const uint8_t *record;
    fih_str name, value;
    unsigned code;
    size_t n;
    int rc;

    *yes = 0;
    if ((rc = fihi_segment_record(l->segment, doc, raw, &record, &n, err)) != 0)
        return rc;
    if (fihi_record_scan(&scan, record, n) != 0)
        return fihi_segment_broken(l->segment, "its stored documents", err);
    while ((rc = fihi_record_next(&scan, &code, &name, &value)) == FIH_OK)
        if (code == FIELD_SOURCE) {
            *yes = value.len == source.len && memcmp(value.ptr, source.ptr, value.len) == 0;
            return FIH_OK;
        }
    return rc == FIH_DONE ? FIH_OK : fihi_segment_broken(l->segment, "its stored documents", err);
}

static int delete_source_in(struct writer *w, struct live *l, uint32_t hash, fih_str source, struct buf *raw,
                            fih_error *err)
{
    const uint32_t count = fihi_segment_source_count(l->segment);
    uint32_t low = 0, high = count;
    struct source_run run;
    int rc, yes;

    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;

        if ((rc = fihi_segment_source(l->segment, mid, &run, err)) != 0)
            return rc;
        if (run.hash < hash)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < count; low++) {
        if ((rc = fihi_segment_source(l->segment, low, &run, err)) != 0)
            return rc;
        if (run.hash != hash)
            break;
        if ((rc = is_source(l, run.first, source, raw, &yes, err)) != 0)
            return rc;
        for (uint32_t d = run.first; yes && d < run.first + run.count; d++)
            if ((rc = mark_deleted(w, l, d, err)) != 0)
                return rc;
    }
    return FIH_OK;
}

int fihi_writer_delete_source(struct writer *w, fih_str source, uint64_t *count, fih_error *err)
{
    const uint64_t before = w->progress.docs_deleted;
    struct buf raw = {0};
    int rc = ready(w, err);

    if (rc != 0)
        return rc;
    rc = w->live_count ? open_view(w, err) : FIH_OK;
    if (rc == 0)
        w->progress.docs_deleted += fihi_batch_delete_source(w->batch, source);
    for (size_t i = 0; i < w->live_count && rc == 0; i++)
        rc = delete_source_in(w, &w->live[i], fihi_hash_name(source.ptr, source.len), source, &raw, err);
    fihi_buf_free(&raw);
    if (rc != 0)
        return fail_and_drop(w, rc);
    if (count)
        *count = w->progress.docs_deleted - before;
    return FIH_OK;
}

/* ---- notes */

int fihi_writer_note(struct writer *w, fih_str key, fih_str value, int is_deleted, fih_error *err)
{
    int rc;

    if (key.len == 0 || key.len > FIH_MAX_ID || value.len > NOTE_MAX_VALUE)
        return fihi_fail(err, FIH_E_LIMIT, "a note's key has 1 to %u bytes, its value at most %d", FIH_MAX_ID, NOTE_MAX_VALUE);
    if ((rc = ready(w, err)) != 0)
        return rc;
    if (fihi_notes_put(&w->notes, key, value, is_deleted) != 0)
        return fail_and_drop(w, fihi_fail_nomem(err));
    return FIH_OK;
}

int fihi_writer_note_get(struct writer *w, fih_str key, fih_str *value, fih_error *err)
{
    int rc = ready(w, err);

    if (rc != 0 || (rc = fihi_notes_get(&w->notes, key, value)) == FIH_OK)
        return rc;
    if (rc == FIH_E_NOTFOUND && (rc = open_view(w, err)) == 0 &&
        (rc = fihi_notes_verify(w->snap, &w->manifest, &w->notes_verified, err)) == 0)
        rc = fihi_notes_read(w->snap, key, value, err);
    return rc == FIH_DONE || rc == FIH_E_NOTFOUND ? fihi_fail(err, FIH_E_NOTFOUND, "there is no such note") : rc;
}

int fihi_writer_note_each(struct writer *w, fih_str prefix, int (*each)(void *, fih_str, fih_str), void *ctx,
                          fih_error *err)
{
    int rc = ready(w, err);

    if (rc == 0)
        rc = open_view(w, err);
    if (rc == 0)
        rc = fihi_notes_verify(w->snap, &w->manifest, &w->notes_verified, err);
    return rc ? rc : fihi_notes_each(w->snap, &w->notes, prefix, each, ctx, err);
}

/* ---- merging */

/* Segments live[at … at+count) become one, or none if all their documents are deleted. */
static int merge_run(struct writer *w, size_t at, unsigned count, fih_error *err)
{
    static const float unknown[CHANNEL_COUNT] = {0, 0};
    struct build *b = malloc(sizeof *b);
    struct segment **from = calloc(count, sizeof *from);
    uint32_t live = 0;
    int rc;

    if (!b || !from || fihi_grow(&w->dropped, &w->dropped_cap, w->dropped_count + count, sizeof *w->dropped) != 0) {
        free(b);
        free(from);
        return fihi_fail_nomem(err);
    }
    fihi_build_begin(b, w->store, w->next_segment++, unknown);
    w->progress.merge_docs_all = 0;
    if ((rc = open_view(w, err)) != 0)
        goto out;
    for (unsigned i = 0; i < count; i++) {
        from[i] = w->live[at + i].segment;
        w->progress.merge_docs_all += from[i]->stats.docs - from[i]->deleted_count;
    }
    if ((rc = fihi_merge(from, count, b, &live, tick, w, err)) != 0)
        goto out;
    close_view(w);                             /* the view must not keep the old values' pages */
    for (unsigned i = 0; i < count; i++) {
        w->dropped[w->dropped_count++] = w->live[at + i].row.id;
        free(w->live[at + i].deleted);
    }
    memmove(w->live + at, w->live + at + count, (w->live_count - at - count) * sizeof *w->live);
    w->live_count -= count;
    if (live)
        rc = add_live(w, b, NULL, 0, 0, at, err);
out:
    w->progress.merge_docs_all = w->progress.merge_docs_done = 0;
    fihi_build_free(b);
    free(b);
    free(from);
    return rc;
}

static unsigned level_of(const struct live *l)
{
    uint64_t docs = l->row.docs - l->row.deleted;
    unsigned level = 0;

    for (docs /= LEVEL_UNIT; docs > 0; docs /= MERGE_FAN)
        level++;
    return level;
}

/* Logarithmic merging that keeps the documents' order: as soon as MERGE_FAN segments of one level stand at the end,
 * with only smaller ones between and behind them, all these become one. So there are at most MERGE_FAN - 1 segments a
 * level, and a document is rewritten about once a level. */
static int merge_where_due(struct writer *w, fih_error *err)
{
    int rc;

    for (size_t i = 0; i < w->live_count; i++) /* mostly tombstones: not worth their place */
        if ((uint64_t)w->live[i].row.deleted * 2 > w->live[i].row.docs) {
            if ((rc = merge_run(w, i, 1, err)) != 0)
                return rc;
            i--;
        }
    for (unsigned level = 0; level < 16; level++) {
        size_t from = w->live_count, of_level = 0;

        while (from > 0 && level_of(&w->live[from - 1]) <= level)
            of_level += level_of(&w->live[--from]) == level;
        if (of_level >= MERGE_FAN && (rc = merge_run(w, from, (unsigned)(w->live_count - from), err)) != 0)
            return rc;
    }
    return FIH_OK;
}

static int delete_values(struct change *c, uint32_t segment, fih_error *err)
{
    uint8_t prefix[4];
    int rc;

    key_be32(prefix, segment);
    if ((rc = fihi_change_delete_prefix(c, SPACE_SEGMENT, prefix, 4, err)) != 0)
        return rc;
    return fihi_change_delete_prefix(c, SPACE_DELETE, prefix, 4, err);
}

/* What was merged before it was ever published need not wait for the commit to give its pages back. */
static int drop_unpublished(struct writer *w, fih_error *err)
{
    struct change *c = NULL;
    size_t kept = 0;
    int rc = FIH_OK;

    for (size_t i = 0; i < w->dropped_count; i++) {
        const uint32_t id = w->dropped[i];

        if (id < w->manifest.next_segment)
            w->dropped[kept++] = id;
        else if ((!c && (rc = fihi_change_begin(&c, w->store, err)) != 0) || (rc = delete_values(c, id, err)) != 0)
            break;
    }
    if (rc != 0) {
        fihi_change_abort(c);
        return rc;
    }
    w->dropped_count = kept;
    rc = c ? fihi_change_commit(c, err) : FIH_OK;
    fihi_store_trim(w->store);
    return rc;
}

/* A batch that filled its budget becomes a segment, and many segments become one while the build goes on. */
static int flush_full(struct writer *w, fih_error *err)
{
    int rc = flush(w, err);

    if (rc == 0)
        rc = merge_where_due(w, err);
    return rc ? rc : drop_unpublished(w, err);
}

/* ---- publishing */

static int write_deletes(struct writer *w, struct change *c, fih_error *err)
{
    for (size_t i = 0; i < w->live_count; i++) {
        struct live *l = &w->live[i];
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
        l->row.delete_hash = XXH3_64bits(l->deleted, bytes);
    }
    return FIH_OK;
}

static int publish(struct writer *w, fih_error *err)
{
    struct manifest next = w->manifest;
    struct change *c = NULL;
    int rc;

    next.generation++;
    next.commit_time = (int64_t)time(NULL);
    next.next_segment = w->next_segment;
    next.title_weight = w->title_weight;
    next.body_weight = w->body_weight;
    memcpy(next.analyzer_name, w->analyzer_name, sizeof next.analyzer_name);
    memcpy(next.analyzer_text, w->analyzer_text, sizeof next.analyzer_text);
    next.count = (uint32_t)w->live_count;
    if (!(next.segments = calloc(w->live_count + 1, sizeof *next.segments)))
        return fihi_fail_nomem(err);
    close_view(w);
    if ((rc = fihi_change_begin(&c, w->store, err)) != 0 || (rc = write_deletes(w, c, err)) != 0)
        goto out;
    for (size_t i = 0; i < w->dropped_count; i++)
        if ((rc = delete_values(c, w->dropped[i], err)) != 0)
            goto out;
    for (size_t i = 0; i < w->live_count; i++)
        next.segments[i] = w->live[i].row;
    if ((rc = fihi_notes_publish(&w->notes, &next, c, err)) != 0 || (rc = fihi_manifest_write(&next, c, err)) != 0)
        goto out;
    rc = fihi_change_commit(c, err);
    c = NULL;
    fihi_store_trim(w->store);                 /* LMDB looked at each value that it freed */
out:
    fihi_change_abort(c);
    if (rc != 0) {
        free(next.segments);
        return rc;
    }
    free(w->manifest.segments);
    w->manifest = next;
    for (size_t i = 0; i < w->live_count; i++)
        w->live[i].is_dirty = 0;
    w->dropped_count = 0;
    fihi_notes_free(&w->notes);
    w->committed = w->progress;
    return FIH_OK;
}

int fihi_writer_commit(struct writer *w, int merge_all, fih_error *err)
{
    int rc = ready(w, err);

    if (rc != 0)
        return rc;
    rc = flush(w, err);
    if (rc == 0 && merge_all &&
        (w->live_count > 1 || (w->live_count == 1 && w->live[0].row.deleted)))
        rc = merge_run(w, 0, (unsigned)w->live_count, err);
    else if (rc == 0)
        rc = merge_where_due(w, err);
    if (rc == 0)
        rc = publish(w, err);
    return rc ? fail_and_drop(w, rc) : FIH_OK;
}

void fihi_writer_progress(const struct writer *w, fih_progress *out)
{
    *out = w->progress;
}

int fihi_writer_compact(struct writer *w, fih_error *err)
{
    struct store *s = w->store;
    int rc;

    drop_pending(w);
    forget_live(w);
    w->store = NULL;
    rc = fihi_store_compact(s, err);
    fihi_writer_close(w);
    return rc;
}
