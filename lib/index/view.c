/* index/view.c - opening and looking up in a snapshot.
 *
 * A reader sees one commit until it opens another view, whatever writers do. Documents of all segments have one
 * range of numbers: a segment's begin where those of the one before end, deleted ones counted. The bases say where,
 * so a number is found by halving, and is never another document's as long as the view is open.
 *
 * Three segments of 100, 50 and 70 documents have the bases 0, 100, 150, and 220 is the end: document 120 is number
 * 20 of the second one. */
#include "index/view.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/fail.h"
#include "index/column.h"

/* v->count counts a segment once it is in the view, so fihi_view_close() closes exactly those. */
static int open_segments(struct view *v, fih_error *err)
{
    const struct manifest *m = &v->manifest;
    int rc;

    if (!(v->segments = calloc(m->count + (size_t)1, sizeof *v->segments)) ||
        !(v->bases = calloc(m->count + (size_t)1, sizeof *v->bases)))
        return fihi_fail_nomem(err);
    for (; v->count < m->count; v->count++) {
        const struct manifest_segment *row = &m->segments[v->count];
        struct segment *s;

        if ((rc = fihi_segment_open(&s, v->snap, row, err)) != 0)
            return rc;
        if (!fihi_columns_hold(s, &m->schema)) {
            rc = fihi_segment_broken(s, "a column of a field that is not there", err);
            fihi_segment_close(s);
            return rc;
        }
        v->segments[v->count] = s;
        v->bases[v->count] = (uint32_t)v->docs;
        v->docs += s->stats.docs;
        v->deleted += row->deleted;
        for (unsigned c = 0; c < NORM_COUNT; c++) {
            v->tokens[c] += s->stats.tokens[c];
            v->with[c] += s->stats.with[c];
        }
    }
    v->bases[v->count] = (uint32_t)v->docs;
    return FIH_OK;
}

/* Errors that come from reading without a place in a snapshot that is gone are no errors of the index (FORMAT.md,
 * "Reading without a place"): it is opened again. */
static int open_once(struct view **out, const char *path, fih_error *err)
{
    struct view *v = calloc(1, sizeof *v);
    int rc;

    *out = NULL;
    if (!v)
        return fihi_fail_nomem(err);
    if ((rc = fihi_store_open(&v->store, path, STORE_READ, 0, err)) != 0 ||
        (rc = fihi_snap_begin(&v->snap, v->store, 0, err)) != 0)
        goto out;
    rc = fihi_manifest_read(&v->manifest, v->snap, err);
    if (rc == FIH_E_NOTFOUND)
        rc = fihi_fail(err, FIH_E_NOTFOUND, "the index '%s' is empty: nothing was committed to it yet", path);
    if (rc == 0)
        rc = open_segments(v, err);
    if (rc != 0 && fihi_snap_is_stale(v->snap))
        rc = FIH_E_STALE;                      /* whatever was wrong, it is so no more */
    if (rc == 0) {
        *out = v;
        v = NULL;
    }
out:
    fihi_view_close(v);
    return rc;
}

/* A hundred commits in the time of as many tries would be needed to fail; then it says that the index is busy. */
int fihi_view_open(struct view **out, const char *path, fih_error *err)
{
    int rc;

    for (unsigned tries = 0; tries < 100; tries++)
        if ((rc = open_once(out, path, err)) != FIH_E_STALE)
            return rc;
    return fihi_fail_busy(err, path);
}

/* Segments before the snapshot, whose values they borrow, and that before the store. */
void fihi_view_close(struct view *v)
{
    if (!v)
        return;
    for (uint32_t i = 0; i < v->count; i++)
        fihi_segment_close(v->segments[i]);
    free(v->segments);
    free(v->bases);
    fihi_manifest_free(&v->manifest);
    fihi_snap_end(v->snap);
    fihi_store_close(v->store);
    free(v);
}

/* Errors count as "no": opening again will tell what they are. Numbers of commits are compared, not of transactions,
 * for staged values change nothing that can be seen. */
bool fihi_view_is_current(struct view *v)
{
    struct manifest m;
    struct snap *snap;
    bool is_current = false;

    if (!fihi_store_is_current(v->store) || fihi_snap_begin(&snap, v->store, 0, NULL) != 0)
        return 0;
    if (fihi_manifest_read(&m, snap, NULL) == 0) {
        is_current = m.generation == v->manifest.generation;
        fihi_manifest_free(&m);
    }
    fihi_snap_end(snap);
    return is_current;
}

/* The last base that is not above. A segment has a document at least, so no two bases are equal. */
int fihi_view_locate(const struct view *v, fih_docno doc, struct segment **s, uint32_t *local, fih_error *err)
{
    uint32_t low = 0, high = v->count;

    if (doc >= v->docs)
        return fihi_fail(err, FIH_E_NOTFOUND, "there is no document number %u", doc);
    while (high - low > 1) {
        const uint32_t mid = low + (high - low) / 2;

        if (v->bases[mid] <= doc)
            low = mid;
        else
            high = mid;
    }
    *s = v->segments[low];
    *local = doc - v->bases[low];
    if (segment_is_deleted(*s, *local))
        return fihi_fail(err, FIH_E_NOTFOUND, "document number %u is deleted", doc);
    return FIH_OK;
}

/* From the last segment on, where documents of late are. There is at most one that is not deleted. */
int fihi_view_find(const struct view *v, fih_str id, fih_docno *doc, fih_error *err)
{
    const uint32_t hash = fihi_hash_name(id.ptr, id.len);

    for (uint32_t i = v->count; i-- > 0;) {
        const int rc = fihi_segment_find_id(v->segments[i], hash, id, doc, err);

        if (rc == FIH_OK) {
            *doc += v->bases[i];
            return FIH_OK;
        }
        if (rc != FIH_E_NOTFOUND)
            return rc;
    }
    return fihi_fail(err, FIH_E_NOTFOUND, "there is no document '%.*s'", (int)(id.len < 200 ? id.len : 200), id.ptr);
}

/* A term that no segment has is in 0 documents, and no error. */
int fihi_view_count_docs(const struct view *v, const uint8_t *key, size_t bytes, uint64_t *df, fih_error *err)
{
    *df = 0;
    for (uint32_t i = 0; i < v->count; i++) {
        struct dict_entry e;
        const int rc = fihi_segment_find(v->segments[i], key, bytes, &e, err);

        if (rc == FIH_OK)
            *df += e.df;
        else if (rc != FIH_E_NOTFOUND)
            return rc;
    }
    return FIH_OK;
}

/* In double until the end: a sum of lengths has more digits than a float. */
float fihi_view_average(const struct view *v, unsigned norm)
{
    const uint64_t n = norm == NORM_TEXT ? v->docs : v->with[norm];

    return n ? (float)((double)v->tokens[norm] / (double)n) : 1.0f;
}
