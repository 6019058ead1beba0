/* index/column_write.h - writing the columns of a segment, one after the other.
 *
 * Layer: index. Format: FORMAT.md, "Columns".
 */
#ifndef FIHI_INDEX_COLUMN_WRITE_H
#define FIHI_INDEX_COLUMN_WRITE_H

#include "index/segment.h"
#include "index/stage.h"

struct column_writer {
    struct stage     *stage;
    struct buf        index;           /* rows of the columns that are written */
    uint32_t          docs;            /* of the segment */
    struct column_row row;             /* of the one under way */
    uint32_t          next;            /* first document of its chunk under way */
    int64_t          *values;          /* of the chunk, in order */
    uint32_t         *ends;            /* of each of its documents, in `values`; from `told` on not known yet */
    size_t            value_count, value_cap;
    uint32_t          told;
    struct buf        out;
};

/* Zero-initialise with stage and docs. Columns by ascending field. */
int fihi_column_begin(struct column_writer *w, unsigned field, unsigned kind, fih_error *err);
/* The terms of a keyword that the column's values are the places of. */
void fihi_column_terms(struct column_writer *w, uint32_t first, uint32_t count);
/* Documents ascend; of one document, values ascend, each once. */
int fihi_column_add(struct column_writer *w, uint32_t doc, int64_t value, fih_error *err);
/* A column without values is none. */
int fihi_column_end(struct column_writer *w, fih_error *err);
/* The index of all. */
int fihi_columns_finish(struct column_writer *w, fih_error *err);
void fihi_column_writer_free(struct column_writer *w);

#endif
