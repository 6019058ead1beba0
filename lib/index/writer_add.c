/* index/writer_add.c - documents become chunks, chunks the batch, and the batch a segment.
 *
 * A document is copied into the chunk under way and is the caller's again. A chunk that is full goes to the pool, and
 * the oldest one that is analysed comes back into the batch; so threads analyse while the caller reads on, and the
 * order of documents stays that in which they were added. When the batch has its budget it is flushed.
 *
 * An error anywhere takes back all that was not committed (fihi_writer_fail_and_drop()), for its document is in some of
 * these places already.
 */
#include <stdlib.h>

#include "base/fail.h"
#include "index/writer_part.h"
#include "text/date.h"

/* A chunk that was emptied keeps its memory, so documents are not copied into growing buffers again and again. */
static struct chunk *new_chunk(struct writer *w)
{
    struct chunk *c = w->spare ? w->spare : calloc(1, sizeof *c);

    w->spare = NULL;
    return c;
}

/* The number of the segment is taken when the first stored blocks are written, for they bear it. */
static int begin_build(struct writer *w, fih_error *err)
{
    /* The batch has a segment already, from its first chunk on. */
    if (w->build)
        return FIH_OK;
    /* It is large, and there is one at a time: it is made when it is needed. */
    if (!(w->build = malloc(sizeof *w->build)))
        return fihi_fail_nomem(err);
    fihi_build_begin(w->build, w->pending.store, w->pending.next_segment);
    return fihi_pending_number(&w->pending, err);
}

/* The oldest chunk from the pool into the batch. Words first, then blocks: both in the order of the documents, one
 * number for both. */
static int take_chunk(struct writer *w, fih_error *err)
{
    struct chunk *c = fihi_pool_take(w->pool);
    size_t from = 0;
    int rc = c->rc;

    /* The worker's error, and its words: it had no place of ours to put them. */
    if (rc != 0 && err)
        *err = c->error;
    if (rc == 0 && (rc = begin_build(w, err)) == 0)
        rc = fihi_inverter_take(w->inverter, c, err);
    for (size_t i = 0; rc == 0 && i < c->block_count; from = c->block_ends[i++])
        rc = fihi_stored_add(&w->build->stored, &c->blocks[i], c->compressed.ptr + from, c->block_ends[i] - from, err);
    /* Also after an error: the chunk is memory to use again, whatever is in it. */
    fihi_chunk_clear(c);
    /* One is enough: chunks are taken one by one, and filled one by one. */
    if (w->spare)
        fihi_chunk_free(c);
    else
        w->spare = c;
    return rc;
}

/* Gives the chunk under way, then takes until the pool has room: so the memory of chunks is limited, and the caller
 * waits where threads are slower than it. */
static int give_chunk(struct writer *w, fih_error *err)
{
    int rc = FIH_OK;

    if (w->chunk && w->chunk->doc_count) {
        fihi_pool_give(w->pool, w->chunk);
        w->chunk = NULL;
    }
    while (rc == 0 && fihi_pool_pending(w->pool) >= fihi_pool_room(w->pool))
        rc = take_chunk(w, err);
    if (w->pending.snap)                         /* looking up each new id touches pages all over */
        fihi_store_trim(w->pending.store);
    if (rc == 0 && fihi_writer_tick(w))
        rc = fihi_fail(err, FIH_E_CANCEL, "cancelled");
    return rc;
}

/* Afterwards every document that was added has its words in the batch, and no worker has anything of ours. */
static int take_all(struct writer *w, fih_error *err)
{
    int rc;

    /* A writer that adds nothing has none. */
    if (!w->pool)
        return FIH_OK;
    rc = give_chunk(w, err);
    while (rc == 0 && fihi_pool_pending(w->pool))
        rc = take_chunk(w, err);
    return rc;
}

/* Deletions in the batch become the new segment's, from its first moment. The view is closed, because it does not
 * have the new segment. */
int fihi_writer_flush(struct writer *w, fih_error *err)
{
    const uint8_t *deleted;
    uint32_t deleted_count;
    size_t deleted_bytes;
    int rc = take_all(w, err);

    /* An empty batch makes no segment: a commit may have deletions and notes alone. */
    if (rc != 0 || fihi_inverter_doc_count(w->inverter) == 0)
        return rc;
    if ((rc = fihi_inverter_flush(w->inverter, w->build, w->pool, fihi_writer_tick, w, err)) != 0 ||
        (rc = fihi_build_finish(w->build, err)) != 0)
        return rc;
    deleted = fihi_inverter_deleted(w->inverter, &deleted_bytes, &deleted_count);
    fihi_pending_close_view(&w->pending);
    rc = fihi_pending_add(&w->pending, w->build, deleted, deleted_bytes, deleted_count, w->pending.live_count, err);
    w->pending.progress.segments_written++;
    fihi_writer_drop_build(w);
    /* The vocabulary may stay for the next segment (fihi_inverter_new()). */
    fihi_inverter_clear(w->inverter);
    return rc;
}

/* A batch that filled its budget becomes a segment, and many segments become one while the build goes on. The order
 * matters: values of merged segments can be removed only when nothing more is read from them. */
static int flush_full(struct writer *w, fih_error *err)
{
    int rc = fihi_writer_flush(w, err);

    if (rc == 0)
        rc = fihi_pending_merge(&w->pending, MERGE_LOAD, err);
    return rc ? rc : fihi_pending_drop_unpublished(&w->pending, err);
}

/* Sums in 64 bits: what a program passes need not fit 32. Checked before anything is changed. */
static int check_doc(const fih_doc *doc, fih_error *err)
{
    uint64_t total = (uint64_t)doc->title.len + doc->body.len + doc->date.len + doc->section.len + doc->url.len +
                     doc->id.len + doc->source.len;

    for (size_t i = 0; i < doc->extra_count; i++)
        total += (uint64_t)doc->extra[i].name.len + doc->extra[i].value.len;
    /* By its id a document is replaced and deleted: without one it could only be added again and again. */
    if (doc->id.len == 0)
        return fihi_fail(err, FIH_E_USAGE, "a document has no id");
    if (doc->id.len > FIH_MAX_ID || doc->source.len > FIH_MAX_ID)
        return fihi_fail(err, FIH_E_LIMIT, "an id of %zu bytes is too long: at most %u",
                         doc->id.len > doc->source.len ? doc->id.len : doc->source.len, FIH_MAX_ID);
    /* All of it together, for it becomes one record. */
    if (total > FIH_MAX_TEXT)
        return fihi_fail(err, FIH_E_LIMIT, "a document of %llu bytes is too long: at most %u",
                         (unsigned long long)total, FIH_MAX_TEXT);
    return FIH_OK;
}

/* What is left out of the body of the record at `at`, kept with it. In the caller's thread, because lines that
 * repeat are counted in the order of the documents. */
static int clean_body(struct writer *w, struct chunk *c, size_t at, const fih_doc *doc, const struct span *spans,
                      struct span *cuts, fih_error *err)
{
    const struct span body = spans[FIELD_BODY];
    /* The record's own copy: spans and cuts are places in that one. */
    const uint8_t *text = c->raw.ptr + body.at;
    int rc;

    *cuts = (struct span){0, 0};
    if (!w->repeat || body.len == 0)
        return FIH_OK;
    if (fihi_clean(&w->cuts, text, body.len) != 0)
        return fihi_fail_nomem(err);
    /* Lines are compared within a host, which the address tells. */
    if ((rc = fihi_repeat_look(w->repeat, doc->url, text, body.len, &w->cuts, err)) != 0)
        return rc;
    /* A record of which nothing is left out has no field for it. */
    return w->cuts.count ? fihi_record_cut(&c->raw, at, body, &w->cuts, cuts, err) : FIH_OK;
}

/* An id and its numbers are with the inverter already; so nothing may fail here without a rollback. */
static int add_to_chunk(struct writer *w, const fih_doc *doc, fih_error *err)
{
    struct span spans[FIELD_KNOWN], cuts;
    struct chunk *c;
    struct chunk_doc *d;
    size_t at;

    if (!w->chunk && !(w->chunk = new_chunk(w)))
        return fihi_fail_nomem(err);
    c = w->chunk;
    /* The record's place, for the buffer may move while it grows. */
    at = c->raw.len;
    if (fihi_grow(&c->docs, &c->doc_cap, c->doc_count + 1, sizeof *c->docs) != 0)
        return fihi_fail_nomem(err);
    if (fihi_record_append(&c->raw, doc, spans, &w->pending.progress.ill_formed, err) != 0 ||
        clean_body(w, c, at, doc, spans, &cuts, err) != 0)
        return FIH_E_NOMEM;
    /* Only texts need it: other values were read when the document was added to the inverter. */
    if (fihi_schema_has_text(&w->pending.schema) && fihi_chunk_find_values(c, at, &w->pending.schema) != 0)
        return fihi_fail_nomem(err);
    /* Last, when nothing can fail any more. */
    d = &c->docs[c->doc_count++];
    *d = (struct chunk_doc){.record = at,
                            .record_bytes = c->raw.len - at,
                            .title = spans[FIELD_TITLE],
                            .body = spans[FIELD_BODY],
                            .cuts = cuts,
                            .value_end = (uint32_t)c->value_count};
    return FIH_OK;
}

/* A date that cannot be read is none. The text is kept with the document all the same. */
static int read_date(int32_t *day, fih_str text, fih_error *err)
{
    int32_t last;
    const int rc = text.len ? fihi_date_parse(day, &last, text, 0, err) : FIH_E_NOTFOUND;

    if (rc == FIH_E_NOTFOUND)
        *day = DATE_NONE;
    return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
}

/* Deleted documents count for the limit until a merge takes them out: their numbers are in use. The budget is looked
 * at only when a chunk was given, for what a document adds is not known before it is analysed. */
int fihi_writer_add(struct writer *w, const fih_doc *doc, fih_error *err)
{
    const uint32_t hash = fihi_hash_name(doc->id.ptr, doc->id.len);
    const uint64_t all = fihi_inverter_doc_count(w->inverter) + fihi_pending_doc_count(&w->pending);
    int rc = check_doc(doc, err);
    int32_t day;

    if (rc != 0 || (rc = fihi_writer_ready(w, err)) != 0)
        return rc;
    if (w->adds_nothing)
        return fihi_fail(err, FIH_E_USAGE, "the writer was opened to add nothing");
    if (all >= FIH_MAX_DOCS)
        return fihi_fail(err, FIH_E_LIMIT, "the index is full: it has %u documents", FIH_MAX_DOCS);
    /* A document that is huge does not wait in a chunk behind others. */
    if (w->chunk && w->chunk->doc_count && doc->body.len > w->chunk_text && (rc = give_chunk(w, err)) != 0)
        return fihi_writer_fail_and_drop(w, rc);
    rc = fihi_writer_delete_id(w, hash, doc->id, err);
    if (rc == FIH_E_NOTFOUND)
        rc = FIH_OK;
    if (rc == 0)
        rc = read_date(&day, doc->date, err);
    if (rc == 0)
        rc = fihi_inverter_add_doc(w->inverter, hash, doc, day, &w->pending.schema,
                                   &w->pending.progress.values_refused, err);
    if (rc == 0)
        rc = add_to_chunk(w, doc, err);
    if (rc != 0)
        return fihi_writer_fail_and_drop(w, rc);
    /* Counted when it is in a chunk, and can only be lost with all the others. */
    w->pending.progress.docs_added++;
    w->pending.progress.text_bytes += doc->title.len + doc->body.len;
    if (w->chunk->raw.len >= w->chunk_text || w->chunk->doc_count >= w->chunk_docs) {
        if ((rc = give_chunk(w, err)) != 0)
            return fihi_writer_fail_and_drop(w, rc);
        if (fihi_inverter_bytes(w->inverter, fihi_pool_threads(w->pool)) > w->batch_limit &&
            (rc = flush_full(w, err)) != 0)
            return fihi_writer_fail_and_drop(w, rc);
    }
    return FIH_OK;
}
