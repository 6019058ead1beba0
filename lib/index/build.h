/* index/build.h - writing a new segment, from a flush or a merge.
 *
 * Layer: index. The caller gives documents in order, then terms in order with their lists; the builder lays
 * them into values through a stage. Nothing is visible before a manifest names the segment.
 */
#ifndef FIHI_INDEX_BUILD_H
#define FIHI_INDEX_BUILD_H

#include "index/column_write.h"
#include "index/dict.h"
#include "index/docs.h"
#include "index/list_write.h"
#include "index/segment.h"
#include "index/stage.h"

struct build {
    struct stage         stage;
    struct heap          docs, positions;
    struct dict_writer   dict;
    struct list_writer   list;         /* the caller fills it between fihi_list_start() and fihi_build_term() */
    struct stored_writer stored;
    struct ids_writer    ids;
    struct segment_stats stats;
    struct buf           norms, title_norms; /* the titles' follow all of the texts', so they wait */
    struct buf           long_norms[NORM_COUNT], dates, hashes, sources;
    struct column_writer columns;      /* the caller fills it, when all terms are there */
};

void fihi_build_begin(struct build *b, struct store *store, uint32_t segment);
int fihi_build_doc(struct build *b, fih_str id, const uint32_t lens[NORM_COUNT], int32_t date, fih_error *err);
/* When all documents are there, before the first list: the mean lengths that impacts are made with. */
void fihi_build_averages(struct build *b);
/* Append to the list in b->list. */
int fihi_build_posting(struct build *b, const struct posting *p, const uint32_t *positions,
                       const struct posting_lengths *len, fih_error *err);
/* The list in b->list becomes the list of `key`, its form numbers below form_count. An empty one is passed over.
 * Entries with rows go to b->dict directly, for nothing else is kept of them. */
int fihi_build_term(struct build *b, const uint8_t *key, size_t bytes, uint32_t form_count, fih_error *err);
/* The same of a list that another writer has finished: what the dictionary and the heaps want of it. */
struct build_list {
    uint32_t       df, title_df, form_count, single;   /* single: the first document */
    uint64_t       cf;
    const uint8_t *bytes, *positions;
    size_t         byte_count, position_count;
};
int fihi_build_list(struct build *b, const uint8_t *key, size_t bytes, const struct build_list *l, fih_error *err);
int fihi_build_id_hash(struct build *b, uint32_t hash, uint32_t doc, fih_error *err);
int fihi_build_source(struct build *b, const struct source_run *run, fih_error *err);
/* Writes what is left and the header, and commits the stage. */
int fihi_build_finish(struct build *b, fih_error *err);
void fihi_build_free(struct build *b);

#endif
