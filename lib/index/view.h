/* index/view.h - a snapshot with its segments open: what a reader reads.
 *
 * Layer: index. Immutable once open but for that flag, so any number of threads may use it.
 */
#ifndef FIHI_INDEX_VIEW_H
#define FIHI_INDEX_VIEW_H

#include <stdbool.h>

#include "index/manifest.h"
#include "index/segment.h"

struct view {
    struct store    *store;
    struct snap     *snap;
    struct manifest  manifest;
    struct segment **segments;
    uint32_t        *bases;            /* number of each segment's first document, and the end */
    uint32_t         count;
    uint64_t         docs, deleted;    /* docs counts the deleted too, as document frequencies do */
    uint64_t         tokens[NORM_COUNT], with[NORM_COUNT];
    _Atomic int      notes_verified;   /* fihi_notes_verify() */
};

int fihi_view_open(struct view **out, const char *path, fih_error *err);
void fihi_view_close(struct view *v);
/* Has the index moved on since? */
bool fihi_view_is_current(struct view *v);
/* The segment of a document number, and its number there; FIH_E_NOTFOUND if there is none or it is deleted. */
int fihi_view_locate(const struct view *v, fih_docno doc, struct segment **s, uint32_t *local, fih_error *err);
int fihi_view_find(const struct view *v, fih_str id, fih_docno *doc, fih_error *err);
/* Documents with a term, in all segments; deleted ones count until a merge. */
int fihi_view_count_docs(const struct view *v, const uint8_t *key, size_t bytes, uint64_t *df, fih_error *err);
/* Mean length (enum norm): of all documents for the text, of those that have one for the title. */
float fihi_view_average(const struct view *v, unsigned norm);

#endif
