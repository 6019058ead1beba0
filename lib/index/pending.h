/* index/pending.h - the segments that the next commit will name.
 *
 * Layer: index. Begins as the last commit's; deletions, flushed segments and merges change it in memory, and
 * fihi_pending_publish() makes it the last commit. Nobody else sees it before.
 */
#ifndef FIHI_INDEX_PENDING_H
#define FIHI_INDEX_PENDING_H

#include <stdbool.h>

#include "index/build.h"
#include "index/log.h"
#include "index/manifest.h"
#include "index/notes.h"

struct live {
    struct manifest_segment row;
    uint8_t                *deleted;   /* bitmap in whole chunks, or NULL */
    bool                     is_dirty;
    struct segment         *segment;   /* open in the present view, or NULL */
};

struct pending {
    struct store    *store;
    struct snap     *snap;             /* the view that ids are looked up in; NULL: to be renewed */
    struct manifest  manifest;         /* the last commit */
    struct live     *live;             /* in document order */
    size_t           live_count, live_cap;
    uint32_t        *dropped;          /* segments whose values go with the next publish */
    size_t           dropped_count, dropped_cap;
    uint32_t         next_segment;
    uint32_t         unit;             /* of the merge policy */
    float            title_weight, body_weight;
    struct schema    schema;           /* it grows before the first document, and stays */
    char             analyzer_name[64], analyzer_text[512];
    fih_progress     progress;
    struct log       log;
    int            (*tick)(void *ctx); /* nonzero: stop */
    void            *ctx;
};

/* The manifest of the store's last commit, all pages verified; an empty one where there was no commit. */
int fihi_pending_read(struct pending *t, fih_error *err);
/* Back to the last commit. FIHRIST's leftovers of runs that were killed or rolled back are removed. */
int fihi_pending_reset(struct pending *t, fih_error *err);
/* Close what is open; the store stays the caller's. */
void fihi_pending_close(struct pending *t);
void fihi_pending_close_view(struct pending *t);
/* All live segments open, those too that are flushed and not published. */
int fihi_pending_open_view(struct pending *t, fih_error *err);
uint64_t fihi_pending_doc_count(const struct pending *t);
/* All segments of the last commit go with the next publish. */
int fihi_pending_drop_all(struct pending *t, fih_error *err);

/* Give away the number t->next_segment. FIH_E_LIMIT when there is none left. */
int fihi_pending_number(struct pending *t, fih_error *err);
/* A segment that was written, put at place `at`. */
int fihi_pending_add(struct pending *t, const struct build *b, const uint8_t *deleted, size_t deleted_bytes,
                     uint32_t deleted_count, size_t at, fih_error *err);
/* FIH_E_NOTFOUND without a message. */
int fihi_pending_delete_id(struct pending *t, uint32_t hash, fih_str id, fih_error *err);
/* A document of a live segment, by their numbers. */
int fihi_pending_delete_doc(struct pending *t, size_t segment, uint32_t doc, fih_error *err);
/* The source of the document of an id, empty if it has none, borrowed from `raw`. FIH_E_NOTFOUND without a message. */
int fihi_pending_source(struct pending *t, uint32_t hash, fih_str id, struct buf *raw, fih_str *source, fih_error *err);
int fihi_pending_delete_source(struct pending *t, fih_str source, fih_error *err);

enum merge_extent {
    MERGE_LOAD,                        /* what was flushed, where it is many segments */
    MERGE_COMMIT,                      /* that, and where there are too many segments or deleted documents (policy.h) */
    MERGE_ALL                          /* into one */
};
int fihi_pending_merge(struct pending *t, enum merge_extent extent, fih_error *err);
/* So many neighbours, from `at` on, into one. */
int fihi_pending_merge_run(struct pending *t, size_t at, unsigned count, fih_error *err);
/* What was merged before it was ever published need not wait for the commit to give its pages back. */
int fihi_pending_drop_unpublished(struct pending *t, fih_error *err);
/* The commit: all at once, in one transaction. */
int fihi_pending_publish(struct pending *t, struct notes *notes, fih_error *err);

#endif
