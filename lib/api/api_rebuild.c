/* api/api_rebuild.c - all documents of an index through today's analyzer; of several in a new one as they are.
 *
 * Rebuilding goes through the same door as indexing: each stored document is added as if a program had given it, in
 * the old order. What is derived from the text (terms, cuts, starts, columns) is made anew. A kill at any moment
 * leaves the old index: the new segments are named by one commit at the end.
 *
 * Merging analyses nothing: the segments are joined as they are (index/join.h), so indexes of an analyzer that this
 * library does not know can be merged; rebuilt they can be only with another analyzer, which the options name.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "api/handles.h"
#include "base/fail.h"
#include "index/docs.h"
#include "index/join.h"
#include "index/notes.h"
#include "index/writer.h"
#include "store/store.h"

/* Everything is borrowed but `extra`, whose memory is used again for each document. */
struct rebuild {
    struct writer  *to;
    struct segment *segment;           /* of the record at hand */
    fih_field      *extra;             /* reused from document to document */
    size_t          extra_cap;
    int           (*change)(void *ctx, fih_doc *doc);
    void           *ctx;
};

/* The document of a record, borrowed from it. A damaged index may have any bytes here: each step of the walk checks
 * that it stays in the record, and an error is FIH_E_CORRUPT. The names and values are good until the next record takes
 * the buffer. */
static int read_doc(struct rebuild *b, fih_doc *d, const uint8_t *record, size_t bytes)
{
    fih_str *const known[FIELD_KNOWN] = {&d->id, &d->title, &d->body, &d->date, &d->section, &d->url, &d->source};
    struct record_scan scan;
    fih_str name, value;
    unsigned code;
    int rc;

    if (fihi_record_scan(&scan, record, bytes) != 0)
        return FIH_E_CORRUPT;
    while ((rc = fihi_record_next(&scan, &code, &name, &value)) == FIH_OK) {
        if (code < FIELD_KNOWN)
            *known[code] = value;
        if (code != FIELD_NAMED)               /* what was left out, and where words begin, is found again */
            continue;
        if (fihi_grow(&b->extra, &b->extra_cap, d->extra_count + 1, sizeof *b->extra) != 0)
            return FIH_E_NOMEM;
        b->extra[d->extra_count++] = (fih_field){name, value};
    }
    /* Only now, for the array may have moved while it grew. */
    d->extra = b->extra;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Called for each document that is not deleted, in the order of their numbers: so the new index has the old order, in
 * which hits of equal score are given. */
static int move_doc(void *ctx, uint32_t doc, const uint8_t *record, size_t bytes, fih_error *err)
{
    struct rebuild *const b = ctx;
    fih_doc d = FIH_DOC_INIT;
    int rc = read_doc(b, &d, record, bytes);
    const bool is_old = rc == 0 && fihi_check_extra(&d, NULL) != 0;    /* added before such names were refused */

    (void)doc;
    if (rc != 0)
        return rc == FIH_E_NOMEM ? fihi_fail_nomem(err) : fihi_segment_broken(b->segment, "its stored documents", err);
    /* The program may replace fields; their bytes stay its own until the next call. */
    if (b->change && ((rc = b->change(b->ctx, &d)) != 0 || (!is_old && (rc = fihi_check_extra(&d, err)) != 0)))
        return rc;
    /* It copies the fields: record and array are free for the next document when it returns. */
    return fihi_writer_add(b->to, &d, err);
}

/* One buffer for the records of all segments: each replaces the one before. Deleted documents end here: they are not
 * given, and the new index has none. */
static int move_docs(struct rebuild *b, const struct view *from, fih_error *err)
{
    struct buf raw = {0};
    int rc = FIH_OK;

    for (uint32_t i = 0; i < from->count && rc == 0; i++) {
        b->segment = from->segments[i];
        rc = fihi_segment_each_record(b->segment, &raw, move_doc, b, err);
    }
    fihi_buf_free(&raw);
    return rc;
}

/* A key and its value are borrowed from the old snapshot, which stays open until the new index is committed. */
struct note_move {
    struct writer *to;
    fih_error     *err;
};

static int move_note(void *ctx, fih_str key, fih_str value)
{
    struct note_move *const m = ctx;

    return fihi_writer_note(m->to, key, value, false, m->err);
}

/* Before the documents, in the same transaction: a ledger without its documents, or the other way round, is never seen.
 * They are verified first: the copy gets a sum of its own, which would vouch for what was damaged before. No notes are
 * pending (NULL), and all keys begin with the empty prefix. */
static int move_notes(struct writer *to, struct view *from, fih_error *err)
{
    struct note_move m = {to, err};
    const int rc = fihi_notes_verify(from->members->snap, &from->members->manifest,
                                      &from->members->notes_verified, err);

    return rc ? rc : fihi_notes_each(from->members->snap, NULL, (fih_str){"", 0}, move_note, &m, err);
}

/* In place. The writer holds the lock before the snapshot is taken, so nothing comes between the two. Notes need not be
 * moved here: a writer that is opened anew has none of the documents, but all the notes. */
static int renew(struct rebuild *b, const char *path, const fih_writer_opts *o, fih_error *err)
{
    struct view *from = NULL;
    int rc = fihi_writer_open_anew(&b->to, path, o, NULL, err);

    if (rc == 0 && (rc = fihi_view_open(&from, path, err)) == 0 && (rc = move_docs(b, from, err)) == 0)
        rc = fihi_writer_commit(b->to, 0, err);
    fihi_view_close(from);                     /* or the old pages could not be given back */
    if (rc == 0)
        /* What the old segments took is free now, unless a reader has it: it goes back to the disk where it is much. */
        fihi_writer_tidy(b->to);
    fihi_writer_close(b->to);
    return rc;
}

/* A new index that is whole gets the mode and owner of an old one; else nothing is left of it. Who made the directory
 * may remove it again: one that was there is left, with only our files taken out. All is closed by now, for who closes
 * a lock file loses the process' locks on it. */
static int finish(int rc, const char *dest, const char *like, bool is_made, bool is_ours, fih_error *err)
{
    if (rc == 0)
        rc = fihi_store_be_like(dest, like, err);
    if (rc == 0 && is_made)
        rc = fihi_store_dir_be_like(dest, like, err);
    if (rc != 0 && (is_ours || is_made))
        fihi_store_remove(dest, is_made);
    return rc;
}

/* Nobody but the owner sees a directory that is new before it is whole. One that is there may be empty, or left by a
 * call that was killed. If it is an index, the writer refuses it. */
static int make_dir(const char *dest, bool *is_made, fih_error *err)
{
    *is_made = mkdir(dest, 0700) == 0;
    return *is_made || errno == EEXIST ? FIH_OK : fihi_fail_errno(err, errno, "cannot create", dest);
}

static int copy(struct rebuild *b, const char *path, const char *dest, const fih_writer_opts *o, fih_error *err)
{
    struct view *from = NULL;
    bool is_ours = false, is_made;
    int rc = make_dir(dest, &is_made, err);

    if (rc != 0)
        return rc;
    if ((rc = fihi_view_open(&from, path, err)) == 0 &&
        (rc = fihi_writer_open_anew(&b->to, dest, o, &from->members->manifest, err)) == 0) {
        /* Only from here on may its files be removed after an error: before, the writer has told it from an index. */
        is_ours = true;
        if ((rc = move_notes(b->to, from, err)) == 0 && (rc = move_docs(b, from, err)) == 0)
            rc = fihi_writer_commit(b->to, 0, err);
    }
    /* Also on an error; both take NULL. */
    fihi_view_close(from);
    fihi_writer_close(b->to);
    return finish(rc, dest, path, is_made, is_ours, err);
}

/* Options are checked, and a tokenizer of the program's, before a directory is made. */
int fih_rebuild(const char *path, const char *dest, const fih_writer_opts *opts,
                int (*change)(void *ctx, fih_doc *doc), void *ctx, fih_error *err)
{
    struct rebuild b = {.change = change, .ctx = ctx};
    struct given_tokenizer tokenizer;
    fih_writer_opts o;
    int rc = fihi_writer_options(&o, opts, true, err);

    if (rc == 0 && (rc = fihi_tokenizer_give(&tokenizer, o.tokenizer, err)) == 0)
        o.tokenizer = fihi_tokenizer_of(&tokenizer);
    /* Its own options for the writer: adding is all it does. In place nothing may be created. */
    o.no_add = 0;
    o.no_create = !dest;
    if (rc == 0)
        rc = dest ? copy(&b, path, dest, &o, err) : renew(&b, path, &o, err);
    /* The values were never ours: only the array is. */
    free(b.extra);
    return rc;
}

int fih_merge(const char *const *paths, size_t count, const char *dest, const fih_merge_opts *opts, fih_error *err)
{
    struct view *from = NULL;
    bool is_ours = false, is_made;
    fih_merge_opts o = FIH_MERGE_OPTS_INIT;
    int rc;

    if ((rc = fihi_options(&o, sizeof o, opts, err)) != 0 || (rc = fihi_check_paths(paths, count, err)) != 0)
        return rc;
    if (!dest || !*dest)
        return fihi_fail(err, FIH_E_USAGE, "the path of the new index is empty");
    /* First, so that a path that is none leaves nothing behind. */
    if ((rc = fihi_view_open_many(&from, paths, count, err)) != 0)
        return rc;
    if ((rc = make_dir(dest, &is_made, err)) != 0) {
        fihi_view_close(from);
        return rc;
    }
    /* What it has made of `dest` it says by is_ours, also where it fails later on. */
    rc = fihi_join(dest, from, &o, &is_ours, err);
    fihi_view_close(from);
    /* The first index is the model of mode and owner. */
    return finish(rc, dest, paths[0], is_made, is_ours, err);
}
