/* index/list_write.h - writing a posting list.
 *
 * Layer: index. The format, and what a posting says, are in list.h.
 */
#ifndef FIHI_INDEX_LIST_WRITE_H
#define FIHI_INDEX_LIST_WRITE_H

#include "index/list.h"

/* The lengths against which a posting's frequencies are seen. */
struct posting_lengths {
    uint32_t text, title;              /* of the document */
    bool     is_keyword;               /* no lengths: impacts are 255 */
};

struct list_writer {
    float      avg_text, avg_title;    /* mean lengths that impacts are made with; set once by whoever builds */
    uint32_t   docs[POSTING_BLOCK], freqs[POSTING_BLOCK];
    uint32_t   forms[POSTING_BLOCK], titles[POSTING_BLOCK], roots[POSTING_BLOCK];  /* as they are packed */
    struct buf mixed;                  /* forms of mixed postings of the block under way */
    uint32_t   mixed_ends[POSTING_BLOCK];
    struct list_bounds bounds;         /* of the block under way */
    uint32_t   floors[256];            /* how many documents have this impact, rounded down */
    unsigned   pending;
    uint32_t   last_doc;               /* of the last full block */
    uint32_t  *deltas;                 /* positions of the block under way */
    size_t     delta_count, delta_cap;
    struct buf lasts, doc_ends, position_ends, bound_bytes[BOUNDS], blocks, positions, out;
    /* what the dictionary has to know */
    uint32_t   df, title_df, first_df; /* documents; with the term in the title; with is_first */
    uint64_t   cf;
};

void fihi_list_writer_free(struct list_writer *w);
/* Begin a list. The mean lengths stay. */
void fihi_list_start(struct list_writer *w);
/* Documents ascend. `positions` ascend, p->freq of them, or are NULL in a list without. */
int fihi_list_add(struct list_writer *w, const struct posting *p, const uint32_t *positions,
                  const struct posting_lengths *len);
/* The bytes of the list are w->out and w->positions. When df is 1 the dictionary holds the document, and w->out has
 * only its numbers, or nothing. */
int fihi_list_finish(struct list_writer *w);

#endif
