/* index/view.h - snapshots with their segments open: what a reader reads.
 *
 * Layer: index. Of one index, or of several as if they were one: their segments, and so the numbers of their documents,
 * follow one another. Immutable once open but for those flags and the memo, so any number of threads may use it.
 */
#ifndef FIHI_INDEX_VIEW_H
#define FIHI_INDEX_VIEW_H

#include <stdbool.h>

#include "base/memo.h"
#include "index/manifest.h"
#include "index/segment.h"
#include "index/statistics.h"

/* One index of a view. */
struct member {
    struct store    *store;
    struct snap     *snap;
    struct manifest  manifest;
    struct segment **segments;
    uint32_t         count;
    uint32_t         base;             /* number of its first document in the view */
    uint64_t         docs, deleted;
    uint8_t         *fields;           /* its numbers of the fields, by those of the view; NULL: the same ones */
    _Atomic int      notes_verified;   /* fihi_notes_verify() */
};

struct view {
    struct member   *members;          /* one at least; they have one analyzer, one lexicon and the same weights */
    uint32_t         member_count;
    struct schema    schema;           /* all fields that any of them has */
    uint64_t         generation;       /* the only member's, or a hash of all of theirs */
    struct segment **segments;         /* the members', one behind the other */
    uint32_t        *bases;            /* number of each segment's first document, and the end */
    uint32_t         count;
    uint64_t         docs, deleted;    /* docs counts the deleted too, as document frequencies do */
    uint64_t         tokens[NORM_COUNT], with[NORM_COUNT];
    const struct statistics *statistics;  /* of the collection that this is a piece of, borrowed; NULL: it is whole */
    struct memo     *memo;             /* of words without other writings (search/compound.c); NULL: none is kept */
};

int fihi_view_open(struct view **out, const char *path, fih_error *err);
/* As fih_reader_open_many(). */
int fihi_view_open_many(struct view **out, const char *const *paths, size_t count, fih_error *err);
/* A view of the last commit of the index that a handle has open. */
int fihi_view_open_same(struct view **out, const struct store *s, fih_error *err);
void fihi_view_close(struct view *v);
/* Has none of the indexes moved on since? */
bool fihi_view_is_current(struct view *v);
/* The segments, numbers and sums of a view, from its members': also of one that a writer makes. */
int fihi_view_join(struct view *v, fih_error *err);
/* The member that a document's number belongs to. */
uint32_t fihi_view_member(const struct view *v, fih_docno doc);
/* The segment of a document number, and its number there; FIH_E_NOTFOUND if there is none or it is deleted. */
int fihi_view_locate(const struct view *v, fih_docno doc, struct segment **s, uint32_t *local, fih_error *err);
/* The document of an id; in several members, that of the first of them. */
int fihi_view_find(const struct view *v, fih_str id, fih_docno *doc, fih_error *err);
/* Documents of the collection: its own, or those that the statistics count. */
static inline uint64_t view_collection(const struct view *v)
{
    return v->statistics ? v->statistics->docs : v->docs;
}
/* Documents with a term, in all segments; deleted ones count until a merge. With statistics those of the collection,
 * but of keywords. */
int fihi_view_count_docs(const struct view *v, const uint8_t *key, size_t bytes, uint64_t *df, fih_error *err);
/* Mean length (enum norm): of all documents for the text, of those that have one for the title. */
float fihi_view_average(const struct view *v, unsigned norm);
/* The documents that have a word in a schema's text, and its words in all of them. With statistics those of the
 * collection. */
int fihi_view_text_lengths(const struct view *v, unsigned field, uint64_t *docs, uint64_t *words, fih_error *err);

#endif
