/* index/writer.c - the state between two commits: opened, changed, committed or rolled back.
 *
 * A document passes three places: the chunk under way (records, not analysed), the pool (being analysed), the batch
 * (its words in `inverter`, its stored blocks on the disk, not visible). A flush makes the batch a segment of
 * `pending`, which a commit names. Its id is known in `inverter` from the moment it is added, so that a second
 * document with the same id replaces it wherever the first one is.
 *
 * No error leaves half a document. Whatever fails in the middle takes back all that was not committed
 * (fihi_writer_fail_and_drop()), so a caller can go on as after a rollback; only refusals that have changed nothing (a
 * document that is too long, an id that is not there) leave what was added before.
 *
 * A budget of 256 MiB with two threads: 45 for the process, LMDB's pages and the tables of lines, 20 for each
 * thread, so about 171 for the batch, of which the vocabulary may keep half from one segment to the next. The batch
 * counts what its flush will need, too, so it is written when it has well under that. */
#include "index/writer.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fail.h"
#include "index/policy.h"
#include "index/rules.h"
#include "index/writer_part.h"

/* The caller's look at us, at most ten times a second. Nonzero: stop. Called often: most times it only reads a
 * clock. */
int fihi_writer_tick(void *arg)
{
    struct writer *w = arg;
    int64_t now;

    /* Without a callback not even the clock is read. */
    if (!w->on_progress || (now = now_ms()) - w->last_tick < 100)
        return 0;
    w->last_tick = now;
    return w->on_progress(w->ctx, &w->pending.progress);
}

/* ---- opening */

/* What is left of the budget, for the batch and its vocabulary, when the other parts have had theirs: the threads'
 * chunks, LMDB's dirty pages, and the process itself. 20 MiB for each thread, 44 MiB for the others. At least a
 * quarter stays for the batch, or a small budget with many threads would flush after each chunk. Threads are at most
 * 64, so the product fits 32 bits. */
static uint64_t batch_limit(uint64_t memory, unsigned threads)
{
    const uint64_t others = (44u << 20) + REPEAT_BYTES + threads * (20u << 20), least = memory / 4;

    return memory > others + least ? memory - others : least;
}

/* Workers borrow the inverter's table of words, so the pool goes before the inverter does. */
static int new_pool(struct writer *w, const fih_writer_opts *o, fih_error *err)
{
    const struct analyzer_choice choice = {w->pending.analyzer_name, fihi_rules_lexicon(&w->pending), o->tokenizer};

    return fihi_pool_new(&w->pool, o->threads, &choice, fihi_inverter_surfaces(w->inverter), err);
}

/* Without a path the index is in memory. `old` is another index whose documents will be written here, so this one must
 * be new. The store is opened first, with the writer's lock: all that is read afterwards stays as it is. Chunks are
 * smaller with a small budget, since each thread has some of them at once. Half of the batch's memory may stay with the
 * vocabulary from one batch to the next. */
static int open_writer(struct writer **out, const char *path, const fih_writer_opts *o, bool is_anew,
                       const struct manifest *old, fih_error *err)
{
    struct writer *w = calloc(1, sizeof *w);
    int rc;

    *out = NULL;
    if (!w)
        return fihi_fail_nomem(err);
    w->on_progress = o->on_progress;
    w->ctx = o->ctx;
    w->adds_nothing = o->no_add != 0;
    w->pending.log = (struct log){o->on_log, o->log_ctx};
    w->pending.tick = fihi_writer_tick;
    w->pending.ctx = w;
    /* Tests set another one (fihi_writer_set_sizes()). */
    w->pending.unit = POLICY_UNIT;
    w->batch_limit = batch_limit(o->memory_bytes, o->threads);
    w->chunk_text = o->memory_bytes / 256 < CHUNK_TEXT ? (size_t)(o->memory_bytes / 256) : CHUNK_TEXT;
    w->chunk_docs = CHUNK_DOCS;
    if ((rc = path ? fihi_store_open(&w->pending.store, path, STORE_WRITE | (o->no_create ? 0u : STORE_CREATE),
                                     o->wait_ms, err)
                   : fihi_store_open_memory(&w->pending.store, err)) != 0 ||
        (rc = fihi_pending_read(&w->pending, err)) != 0 ||
        (rc = is_anew ? FIH_OK : fihi_rules_keep(&w->pending, o, err)) != 0 ||
        (rc = fihi_pending_reset(&w->pending, err)) != 0)
        goto fail;
    /* Asked under the writer's lock, so no other process can commit first. */
    if (old && w->pending.manifest.generation > 0)
        rc = fihi_fail(err, FIH_E_USAGE, "'%s' already is an index: name a new directory", path);
    else if (is_anew)
        rc = fihi_rules_anew(&w->pending, o, old, err);
    if (rc != 0 || (rc = fihi_inverter_new(&w->inverter, w->batch_limit / 2, err)) != 0 ||
        (rc = o->no_clean ? FIH_OK : fihi_repeat_new(&w->repeat, err)) != 0 ||
        (rc = w->adds_nothing ? FIH_OK : new_pool(w, o, err)) != 0)
        goto fail;
    /* From here on closing keeps what is on the disk; before, an index that was made just now goes again. */
    w->is_open = true;
    *out = w;
    return FIH_OK;
fail:
    fihi_writer_close(w);
    return rc;
}

int fihi_writer_open(struct writer **out, const char *path, const fih_writer_opts *o, fih_error *err)
{
    return open_writer(out, path ? path : "", o, false, NULL, err);
}

int fihi_writer_open_memory(struct writer **out, const fih_writer_opts *o, fih_error *err)
{
    return open_writer(out, NULL, o, false, NULL, err);
}

int fihi_writer_open_anew(struct writer **out, const char *path, const fih_writer_opts *o, const struct manifest *old,
                          fih_error *err)
{
    return open_writer(out, path ? path : "", o, true, old, err);
}

void fihi_writer_drop_build(struct writer *w)
{
    if (w->build) {
        fihi_build_free(w->build);
        free(w->build);
        w->build = NULL;
    }
}

/* Chunks are taken back before the batch is cleared, because workers look up words in it. */
static void drop_pending(struct writer *w)
{
    struct chunk *c;

    /* Also those that are being analysed: it waits for them. */
    while (w->pool && (c = fihi_pool_take(w->pool)))
        fihi_chunk_free(c);
    fihi_chunk_free(w->chunk);
    w->chunk = NULL;
    fihi_writer_drop_build(w);
    /* A writer that failed to open has no inverter yet, and comes here as well. */
    if (w->inverter)
        fihi_inverter_clear(w->inverter);
    fihi_notes_free(&w->notes);
    if (w->repeat)
        fihi_repeat_reset(w->repeat);
}

static void drop_view(struct writer *w)
{
    /* The segments themselves are the state's: only the arrays are ours. */
    free(w->view.segments);
    free(w->view.bases);
    free(w->member.segments);
    w->view = (struct view){.members = NULL};
    w->member = (struct member){.store = NULL};
}

/* Nothing is committed here: what was not is lost, as after a kill. */
void fihi_writer_close(struct writer *w)
{
    if (!w)
        return;
    if (w->pool && fihi_pool_is_parents(w->pool))
        w->pool = NULL;                        /* nothing of it can be freed safely, so it stays */
    drop_pending(w);
    fihi_chunk_free(w->spare);
    fihi_cuts_free(&w->cuts);
    fihi_buf_free(&w->found);
    drop_view(w);
    fihi_repeat_free(w->repeat);
    fihi_pool_free(w->pool);
    fihi_inverter_free(w->inverter);
    fihi_pending_close(&w->pending);
    (w->is_open ? fihi_store_close : fihi_store_abandon)(w->pending.store);    /* no new index stays that failed */
    free(w);
}

/* For tests: segments of a few documents, so that small texts give many of them. */
void fihi_writer_set_sizes(struct writer *w, uint32_t unit, uint32_t batch_docs)
{
    w->pending.unit = unit;
    /* Documents alone end a chunk, and with it a batch. */
    w->chunk_text = SIZE_MAX;
    w->chunk_docs = batch_docs;
    w->batch_limit = 0;                        /* flushed after each chunk */
}

/* is_lost stands until all of it has succeeded. Documents are counted as they were at the commit; segments were
 * written. */
int fihi_writer_rollback(struct writer *w, fih_error *err)
{
    const fih_progress done = w->pending.progress;
    int rc;

    w->is_lost = true;
    drop_pending(w);
    w->pending.progress = w->committed;
    w->pending.progress.segments_written = done.segments_written;
    if ((rc = fihi_pending_reset(&w->pending, err)) != 0)
        return rc;
    w->is_lost = false;
    return FIH_OK;
}

/* What made a call fail can make its rollback fail too. Publishing then would publish an index without its
 * segments, so every call first ends the rollback. */
int fihi_writer_ready(struct writer *w, fih_error *err)
{
    return w->is_lost ? fihi_writer_rollback(w, err) : FIH_OK;
}

/* An error in the middle leaves nothing half done: what was not committed goes, and the error stays. The caller is
 * told the first error, not what the rollback may have. */
int fihi_writer_fail_and_drop(struct writer *w, int rc)
{
    const uint64_t docs = w->pending.progress.docs_added - w->committed.docs_added;
    fih_error ignored;

    /* Who has added nothing loses nothing, and need not be told. */
    if (docs > 0)
        fihi_log(&w->pending.log, FIH_LOG_WARNING, "'%s': dropped %llu uncommitted document%s, for an error (%s)",
                 fihi_store_dir(w->pending.store), (unsigned long long)docs, docs == 1 ? "" : "s", fih_error_name(rc));
    fihi_writer_rollback(w, &ignored);
    return rc;
}

/* ---- documents */

/* Delete the one document of an id, wherever it is; FIH_E_NOTFOUND without a message. The batch first: if it has the
 * id, no segment has a living document of that id. */
int fihi_writer_delete_id(struct writer *w, uint32_t hash, fih_str id, fih_error *err)
{
    uint32_t doc;

    if (fihi_inverter_find(w->inverter, hash, id, &doc) == FIH_OK) {
        w->pending.progress.docs_deleted++;
        fihi_inverter_delete(w->inverter, doc);
        return FIH_OK;
    }
    return fihi_pending_delete_id(&w->pending, hash, id, err);
}

/* The message is shown to people, and an id may have 65,535 bytes. */
static int no_document(fih_str id, fih_error *err)
{
    return fihi_fail(err, FIH_E_NOTFOUND, "there is no document '%.*s'", (int)(id.len < 200 ? id.len : 200), id.ptr);
}

/* That there is no such document changes nothing, so nothing is rolled back. */
int fihi_writer_delete(struct writer *w, fih_str id, fih_error *err)
{
    int rc = fihi_writer_ready(w, err);

    if (rc != 0)
        return rc;
    rc = fihi_writer_delete_id(w, fihi_hash_name(id.ptr, id.len), id, err);
    if (rc == FIH_E_NOTFOUND)
        return no_document(id, err);
    return rc ? fihi_writer_fail_and_drop(w, rc) : FIH_OK;
}

/* A document may be counted by the batch or by a segment, never by both. Counted by difference, since some may be
 * deleted already. */
int fihi_writer_delete_source(struct writer *w, fih_str source, uint64_t *count, fih_error *err)
{
    const uint64_t before = w->pending.progress.docs_deleted;
    int rc = fihi_writer_ready(w, err);

    if (rc != 0)
        return rc;
    /* The state counts its own deletions, the batch says how many it had. */
    w->pending.progress.docs_deleted += fihi_inverter_delete_source(w->inverter, source);
    rc = fihi_pending_delete_source(&w->pending, source, err);
    if (rc != 0)
        return fihi_writer_fail_and_drop(w, rc);
    if (count)
        *count = w->pending.progress.docs_deleted - before;
    return FIH_OK;
}

/* Of the live segments as they are now. Borrowed from the state, and good until the next call that changes it. */
static int fill_view(struct writer *w, fih_error *err)
{
    struct member *const m = &w->member;
    const size_t n = w->pending.live_count;

    drop_view(w);
    *m = (struct member){.store = w->pending.store,
                         .snap = w->pending.snap,
                         .manifest = w->pending.manifest, /* what is allocated in it stays the state's */
                         .segments = calloc(n + 1, sizeof *m->segments)};
    /* The manifest of a new index has no analyzer yet. */
    memcpy(m->manifest.analyzer_name, w->pending.analyzer_name, sizeof w->pending.analyzer_name);
    memcpy(m->manifest.analyzer_text, w->pending.analyzer_text, sizeof w->pending.analyzer_text);
    if (!m->segments)
        return fihi_fail_nomem(err);
    for (; m->count < n; m->count++)
        m->segments[m->count] = w->pending.live[m->count].segment;
    w->view = (struct view){.members = m, .member_count = 1, .schema = w->pending.schema};
    return fihi_view_join(&w->view, err);
}

/* The batch is flushed first: a query can find only what is in segments. */
int fihi_writer_view(struct writer *w, const struct view **out, fih_error *err)
{
    int rc = fihi_writer_ready(w, err);

    /* Always the same place: what it holds is renewed by each call. */
    *out = &w->view;
    if (rc != 0)
        return rc;
    if ((rc = fihi_writer_flush(w, err)) != 0 || (rc = fihi_pending_open_view(&w->pending, err)) != 0 ||
        (rc = fill_view(w, err)) != 0)
        return fihi_writer_fail_and_drop(w, rc);
    return FIH_OK;
}

/* The numbers are those of fihi_writer_view(), which is good until segments change; deleting changes none. */
int fihi_writer_delete_doc(struct writer *w, uint32_t segment, uint32_t doc, fih_error *err)
{
    /* The batch is empty: what was added was flushed for that view. */
    const int rc = fihi_pending_delete_doc(&w->pending, segment, doc, err);

    return rc ? fihi_writer_fail_and_drop(w, rc) : FIH_OK;
}

/* Lent until the next call: of the batch from there, else from `found`. */
int fihi_writer_source(struct writer *w, fih_str id, fih_str *source, fih_error *err)
{
    const uint32_t hash = fihi_hash_name(id.ptr, id.len);
    uint32_t doc;
    int rc = fihi_writer_ready(w, err);

    if (rc != 0)
        return rc;
    if (fihi_inverter_find(w->inverter, hash, id, &doc) == FIH_OK) {
        /* Its record may still be in a chunk, so the batch has the source beside it. */
        *source = fihi_inverter_source(w->inverter, doc);
        return FIH_OK;
    }
    /* Read from a record, so it needs bytes that last until the next call. */
    rc = fihi_pending_source(&w->pending, hash, id, &w->found, source, err);
    return rc == FIH_E_NOTFOUND ? no_document(id, err) : rc;
}

/* ---- notes */

/* Refused before anything is changed. Notes wait in memory: there are as many as files that were read. */
int fihi_writer_note(struct writer *w, fih_str key, fih_str value, bool is_deleted, fih_error *err)
{
    int rc;

    if (key.len == 0 || key.len > FIH_MAX_ID || value.len > NOTE_MAX_VALUE)
        return fihi_fail(err, FIH_E_LIMIT, "a note's key has 1 to %u bytes, its value at most %d", FIH_MAX_ID,
                         NOTE_MAX_VALUE);
    if ((rc = fihi_writer_ready(w, err)) != 0)
        return rc;
    /* Out of memory in the middle of a change is an error as any other: all that waits is gone. */
    if (fihi_notes_put(&w->notes, key, value, is_deleted) != 0)
        return fihi_writer_fail_and_drop(w, fihi_fail_nomem(err));
    return FIH_OK;
}

/* What waits for the commit covers what is committed. FIH_DONE is a note that waits to be deleted. */
int fihi_writer_note_get(struct writer *w, fih_str key, fih_str *value, fih_error *err)
{
    int rc = fihi_writer_ready(w, err);

    if (rc != 0 || (rc = fihi_notes_get(&w->notes, key, value)) == FIH_OK)
        return rc;
    /* Verified before the first look: a note under a damaged key would only seem not to be there. */
    if (rc == FIH_E_NOTFOUND && (rc = fihi_pending_open_view(&w->pending, err)) == 0 &&
        (rc = fihi_notes_verify(w->pending.snap, &w->pending.manifest, &w->notes_verified, err)) == 0)
        rc = fihi_notes_read(w->pending.snap, key, value, err);
    return rc == FIH_DONE || rc == FIH_E_NOTFOUND ? fihi_fail(err, FIH_E_NOTFOUND, "there is no such note") : rc;
}

/* Notes that wait are included, so a program sees what it wrote. */
int fihi_writer_note_each(struct writer *w, fih_str prefix, int (*each)(void *, fih_str, fih_str), void *ctx,
                          fih_error *err)
{
    int rc = fihi_writer_ready(w, err);

    if (rc == 0)
        rc = fihi_pending_open_view(&w->pending, err);
    if (rc == 0)
        rc = fihi_notes_verify(w->pending.snap, &w->pending.manifest, &w->notes_verified, err);
    return rc ? rc : fihi_notes_each(w->pending.snap, &w->notes, prefix, each, ctx, err);
}

/* A cancel during the merge is an error like others: all that was added is gone then, not committed without the
 * merge. */
int fihi_writer_commit(struct writer *w, int merge_all, fih_error *err)
{
    int rc = fihi_writer_ready(w, err);

    if (rc != 0)
        return rc;
    rc = fihi_writer_flush(w, err);
    if (rc == 0)
        /* Before the publish, so that a commit has its segments merged and no state in between is seen. */
        rc = fihi_pending_merge(&w->pending, merge_all ? MERGE_ALL : MERGE_COMMIT, err);
    if (rc == 0)
        rc = fihi_pending_publish(&w->pending, &w->notes, err);
    if (rc != 0)
        return fihi_writer_fail_and_drop(w, rc);
    /* What a later rollback goes back to. */
    w->committed = w->pending.progress;
    return FIH_OK;
}

/* After a commit. The view must be closed: its snapshot would keep the old file's pages in use. */
void fihi_writer_tidy(struct writer *w)
{
    const uint64_t before = fihi_store_file_bytes(w->pending.store);

    fihi_pending_close_view(&w->pending);
    /* Who reads an old commit keeps its pages: said before the tidying that they hinder. */
    fihi_log_readers(&w->pending.log, w->pending.store);
    fihi_store_tidy(w->pending.store);
    fihi_log_size(&w->pending.log, w->pending.store, before);
}

const struct store *fihi_writer_store(const struct writer *w)
{
    return w->pending.store;
}

const struct schema *fihi_writer_schema(const struct writer *w)
{
    return &w->pending.schema;
}

const fih_progress *fihi_writer_progress(const struct writer *w)
{
    return &w->pending.progress;
}

/* The store is taken out of the state, so that closing the writer, which ends in any case, does not close it twice. */
int fihi_writer_compact(struct writer *w, fih_error *err)
{
    struct store *s = w->pending.store;
    int rc;

    drop_pending(w);
    fihi_pending_close(&w->pending);
    w->pending.store = NULL;
    rc = fihi_store_compact(s, err);
    fihi_writer_close(w);
    return rc;
}
