/* index/verify.c - reading all of an index with suspicion.
 *
 * A reader checks of each value what could make it crash or run on without end. This checks the rest, too: what
 * would only make answers wrong. FORMAT.md, "What check verifies", has the list. So most of it computes anew what
 * the index says (sums, bounds, orders, hashes) and compares.
 *
 * Damage is told and the check goes on with the next part, as far as that can be read; only errors of the machine
 * (no memory, no disk) end it. Where one damage would be told a hundred times, only the first is, so that a report
 * stays readable.
 *
 * What is not compared, for it would mean to index all texts again, is whether a text has the words that its postings
 * say: FORMAT.md, "What check verifies", says so, too.
 *
 * All of the index is read and decoded once, and the lists of stems that have a root twice more. Memory is 28 bytes for
 * each document of one segment, and some for each stem and each form of it. */
#include "index/verify.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/fail.h"
#include "index/docs.h"
#include "index/notes.h"
#include "index/verify_part.h"
#include "index/view.h"
#include "store/guard.h"
#include "store/store.h"

/* 1200 bytes hold a term of 255 and all that is said of it; more is cut. It is counted also where nobody listens, for
 * the sum decides what is answered. */
void fihi_problem(struct verify *v, const char *fmt, ...)
{
    char line[1200];
    va_list ap;

    if (v->is_stopped)                         /* by what was told before: no more is wanted */
        return;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    v->problems++;
    if (v->on_problem && v->on_problem(v->ctx, line))
        v->is_stopped = true;
}

/* Errors of the machine end the check; damage is a problem like others. `part` says of what, where the message does
 * not. The message of damage has its end in itself, "restore a backup ...", as a reader would have told it. */
static int damage_or_error(struct verify *v, int rc, const char *part, const fih_error *err)
{
    if (rc != FIH_E_CORRUPT)
        return rc;
    fihi_problem(v, "%s%s", part, err->msg);
    return FIH_OK;
}

/* Each row's hash is that of its document's id, so a row that leads to another document is found. Rows ascend by hash
 * and document. A document has one hash, so one that stood twice would stand beside itself; as there are as many rows
 * as documents, each has one. */
static int check_ids(struct verify *v, struct segment *s, fih_error *err)
{
    uint32_t last = 0, last_doc = 0, hash, doc;
    struct buf room = {0};
    int rc = FIH_OK;

    /* is_stopped: the program has heard enough. */
    for (uint32_t i = 0; i < s->stats.docs && rc == 0 && !v->is_stopped; i++) {
        fih_str id;

        if ((rc = fihi_segment_id_hash(s, i, &hash, &doc, err)) != 0 ||
            (rc = fihi_segment_id(s, doc, &room, &id, err)) != 0)
            break;
        if (hash < last || (i > 0 && hash == last && doc <= last_doc) || fihi_hash_name(id.ptr, id.len) != hash)
            fihi_problem(v, "segment %u: the table of ids is wrong at %u", s->id, i);
        last = hash;
        last_doc = doc;
    }
    fihi_buf_free(&room);
    return rc;
}

/* Every date can be, and the first and the last are those of the header: a search in a span of days trusts them.
 * Deleted documents count, as they do in the header. */
static int check_dates(struct verify *v, struct segment *s, fih_error *err)
{
    int32_t first = DATE_NONE, last = DATE_NONE;

    for (uint32_t d = 0; d < s->stats.docs; d++) {
        int32_t day;
        const int rc = fihi_segment_date(s, d, &day, err);

        if (rc != 0)
            return rc;
        if (day == DATE_NONE)
            continue;
        first = first == DATE_NONE || day < first ? day : first;
        last = last == DATE_NONE || day > last ? day : last;
    }
    if (first != s->stats.date_min || last != s->stats.date_max)
        fihi_problem(v, "segment %u: its dates are not those of its header", s->id);
    return FIH_OK;
}

/* Deleting by source looks for its hash by halves. What its runs cover is not checked: the names are in the records,
 * which would have to be expanded again. */
static int check_sources(struct verify *v, struct segment *s, fih_error *err)
{
    const uint32_t count = fihi_segment_source_count(s);
    uint32_t last = 0;

    for (uint32_t i = 0; i < count; i++) {
        struct source_run run;
        const int rc = fihi_segment_source(s, i, &run, err);

        if (rc != 0)
            return rc;
        /* Equal hashes are runs of one source, or names that collide: both may be. */
        if (run.hash < last) {
            fihi_problem(v, "segment %u: its sources are out of order at %u", s->id, i);
            break;
        }
        last = run.hash;
    }
    return FIH_OK;
}

/* The records of an expanded block: each begins with the id that the table of ids has for its document. Goes on
 * after a record that is another's, but not after one that cannot be read: where the next begins is not known then. */
static int check_records(struct verify *v, struct segment *s, const struct buf *block, uint32_t first, uint32_t docs,
                         struct buf *record, struct buf *room, fih_error *err)
{
    const uint8_t *p = block->ptr, *end = p + block->len;

    for (uint32_t d = first; d < first + docs; d++) {
        struct record_scan scan;
        fih_str id, name, value, body;
        unsigned code;
        int rc;

        if ((rc = fihi_record_decode(record, &p, end)) == FIH_E_NOMEM)
            return fihi_fail_nomem(err);
        /* All three mean that the rest of the block cannot be told apart into documents. */
        if (rc != 0 || fihi_record_scan(&scan, record->ptr, record->len) != 0 || d >= s->stats.docs) {
            fihi_problem(v, "segment %u: stored document %u is not a record, or is past the last document", s->id, d);
            return FIH_OK;
        }
        if ((rc = fihi_segment_id(s, d, room, &id, err)) != 0)
            return rc;
        /* The id is the first field of every record (FORMAT.md, "Record"). */
        if (fihi_record_next(&scan, &code, &name, &value) != FIH_OK || code != FIELD_ID || value.len != id.len ||
            memcmp(value.ptr, id.ptr, id.len) != 0)
            fihi_problem(v, "segment %u: stored document %u is not the one of its id", s->id, d);
        /* Cuts are walked here and not by the record's scan, which only sees to it that they lie within the record. */
        body = (fih_str){"", 0};
        while ((rc = fihi_record_next(&scan, &code, &name, &value)) == FIH_OK) {
            if (code == FIELD_BODY)
                body = value;
            else if (code == FIELD_CUTS && fihi_cut_check(value, body) != 0)
                fihi_problem(v, "segment %u: the cuts of document %u do not fit its body", s->id, d);
        }
        if (rc != FIH_DONE)
            fihi_problem(v, "segment %u: stored document %u is cut short", s->id, d);
    }
    return FIH_OK;
}

/* Every value is there and has its checksum; each part that is damaged is named once, with its first such value. The
 * values' contents do not matter yet. It also brings all of them into memory once, in order. */
static int check_values(struct verify *v, struct segment *s, fih_error *err)
{
    /* In the order of enum kind; the assertion below counts them. */
    static const char *const names[] = {
        "", "header", "dictionary", "dictionary's index", "postings", "positions", "lengths", "long lengths", "dates",
        "stored documents", "index of stored documents", "ids", "index of ids", "table of ids", "sources", "columns",
        "index of columns"};
    const uint8_t *p;
    size_t n;

    _Static_assert(sizeof names / sizeof *names == KIND_COUNT, "a name for each kind");
    for (unsigned k = KIND_HEADER + 1; k < KIND_COUNT; k++)
        /* The header was read when the segment was opened, and nothing would be here without it. */
        for (uint32_t i = 0, bad = 0, first = 0; i < s->stats.counts[k] && !v->is_stopped; i++) {
            const int rc = fihi_segment_value(s, (enum kind)k, i, &p, &n, err);

            if (rc != 0 && rc != FIH_E_CORRUPT)
                return rc;
            if (rc != 0 && bad++ == 0)
                first = i;
            /* Told at the end of a kind, when it is known how many of its values are damaged. */
            if (bad && i + 1 == s->stats.counts[k])
                fihi_problem(v, "segment %u: its %s: %u of %u values %s damaged, the first is number %u", s->id,
                             names[k], bad, s->stats.counts[k], bad == 1 ? "is" : "are", first);
        }
    return FIH_OK;
}

/* Stored blocks expand and cover all documents once. `docs` is what should come next; where it is not, nothing that
 * follows can be compared. */
static int check_stored(struct verify *v, struct segment *s, fih_error *err)
{
    const uint8_t *compressed;
    struct buf raw = {0}, record = {0}, room = {0};
    uint64_t docs = 0;                 /* so many were passed: the next one's number */
    size_t n;
    int rc = FIH_OK;

    for (uint32_t i = 0; i < s->stats.counts[KIND_STORED] && rc == 0; i++) {
        struct stored_value sv;
        struct stored_block block;
        uint32_t first;

        /* The value's table and its documents, as a reader would find them; blocks are expanded below. */
        if ((rc = fihi_segment_stored(s, i, &sv, err)) != 0)
            break;
        /* The index of stored values says the same; fihi_segment_stored() has compared the two. */
        if (sv.first_doc != docs) {
            fihi_problem(v, "segment %u: stored value %u begins with document %u, not %llu", s->id, i, sv.first_doc,
                         (unsigned long long)docs);
            break;
        }
        /* Blocks by their table, which fihi_stored_parse() has found to be whole. */
        while (fihi_stored_next(&sv, &first, &block, &compressed, &n) == FIH_OK) {
            docs += block.docs;
            /* The frame's own size, which zstd writes, is compared with the table's before anything is expanded
             * (fihi_stored_expand()). */
            rc = fihi_stored_expand(&raw, &block, compressed, n);
            if (rc == FIH_E_NOMEM) {
                fihi_fail_nomem(err);
                break;
            }
            if (rc != 0) {
                rc = FIH_OK;
                fihi_problem(v, "segment %u: stored value %u does not expand", s->id, i);
                /* So that the values behind it are compared with what they should begin with. */
                docs = (uint64_t)sv.first_doc + sv.docs;     /* the rest of it is told with it */
                break;
            }
            if ((rc = check_records(v, s, &raw, first, block.docs, &record, &room, err)) != 0)
                break;
        }
    }
    /* Values that are missing at the end are found by the sum alone. */
    if (rc == 0 && docs != s->stats.docs)
        fihi_problem(v, "segment %u: %llu stored documents, not %u", s->id, (unsigned long long)docs, s->stats.docs);
    fihi_buf_free(&raw);
    fihi_buf_free(&record);
    fihi_buf_free(&room);
    return rc;
}

/* Terms before columns, which are compared with their lists. A part that cannot be read is told, and the next one
 * looked at: each opens its own values. */
static int check_segments(struct verify *v, struct view *view, fih_error *err)
{
    for (uint32_t i = 0; i < view->count && !v->is_stopped; i++) {
        struct segment *s = view->segments[i];
        /* Compared afterwards: a problem of this segment, not of one before. */
        const uint64_t before = v->problems;
        int rc = check_values(v, s, err);

        if (rc != 0)
            return rc;
        if (v->problems > before)          /* what the values say together would only tell of the same damage */
            continue;
        if ((rc = damage_or_error(v, check_stored(v, s, err), "", err)) != 0 ||
            (rc = damage_or_error(v, fihi_verify_terms(v, s, err), "", err)) != 0 ||
            (rc = damage_or_error(v, fihi_verify_columns(v, s, err), "", err)) != 0 ||
            (rc = damage_or_error(v, check_ids(v, s, err), "", err)) != 0 ||
            (rc = damage_or_error(v, check_dates(v, s, err), "", err)) != 0 ||
            (rc = damage_or_error(v, check_sources(v, s, err), "", err)) != 0)
            return rc;
    }
    return FIH_OK;
}

/* The guard reads every page of the snapshot, also those of the free list, which only a writer uses. A second snapshot,
 * of the same commit or of a newer one: its pages are the file's all the same. */
static int check_pages(struct view *view, fih_error *err)
{
    struct snap *snap;
    const int rc = fihi_snap_begin(&snap, view->members->store, GUARD_ALL, err);

    if (rc == 0)
        fihi_snap_end(snap);
    return rc;
}

/* Without a view nothing else can be read, so that is a problem by itself. */
static int verify_once(struct verify *v, const char *path, fih_error *err)
{
    struct view *view = NULL;
    int rc = fihi_view_open(&view, path, err);

    /* What a reader would be told is the first problem, and the only one that can be found. */
    if (rc != 0) {
        rc = damage_or_error(v, rc, "", err);
    } else if ((rc = damage_or_error(v, check_pages(view, err), "", err)) == 0 &&
               (rc = damage_or_error(v, fihi_notes_verify(view->members->snap, &view->members->manifest,
                                                         &view->members->notes_verified, err),
                                     "the notes: ", err)) == 0)
        /* In a view of one index: check is asked of a directory. */
        rc = check_segments(v, view, err);
    fihi_view_close(view);
    return rc;
}

/* Begun anew only if nothing was told: otherwise the same would be told twice. Messages go through `err`, so it must
 * be there. Ten times: each is a whole check, and a reader without a place that loses its commit so often had better
 * have one. */
int fihi_verify(const char *path, int (*on_problem)(void *ctx, const char *line), void *ctx, uint64_t *problems,
                fih_error *err)
{
    struct verify v = {.on_problem = on_problem, .ctx = ctx};
    unsigned tries = 0;
    fih_error local;
    int rc;

    /* A caller may want no message: the parts do, for damage is told by theirs. */
    err = err ? err : &local;
    do                                         /* a commit that was gone before all was read: the next one */
        rc = verify_once(&v, path, err);
    while (rc == FIH_E_STALE && v.problems == 0 && ++tries < 10);
    /* A problem that was told may be one of pages that were being written over: no more is said of them. */
    if (rc == FIH_E_STALE)
        rc = fihi_fail_busy(err, path);
    if (problems)
        *problems = v.problems;
    /* Told one by one already; this is the sum of it, and the code by which a program knows. */
    if (rc == 0 && v.problems)
        rc = fihi_fail(err, FIH_E_CORRUPT, "'%s' is damaged: %llu problems; restore a backup or rebuild it", path,
                       (unsigned long long)v.problems);
    return rc;
}
