/* index/list_write.h - writing a posting list.
 *
 * Layer: index. The format, and what a posting says, are in list.h.
 */
#ifndef FIHI_INDEX_LIST_WRITE_H
#define FIHI_INDEX_LIST_WRITE_H

#include "index/impact.h"

struct list_writer {
    /* What impacts are made with, set once by whoever builds: mean lengths, and documents of the segment. */
    float      avg_text, avg_title;
    uint32_t   segment_docs;
    uint32_t   docs[POSTING_BLOCK], freqs[POSTING_BLOCK];
    uint32_t   forms[POSTING_BLOCK], titles[POSTING_BLOCK], roots[POSTING_BLOCK];  /* as they are packed */
    struct buf mixed;                  /* forms of mixed postings of the block under way */
    uint32_t   mixed_ends[POSTING_BLOCK];
    /* Of the block under way: greatest impacts, and of each form's postings the greatest sum, negative without any. */
    struct list_bounds bounds;
    float      form_sums[OWN_FORMS + 1];
    uint32_t   form_count;             /* of the list; the last sum is that of all forms from OWN_FORMS on */
    uint8_t    form_weights[OWN_FORMS];
    uint32_t   floors[256];            /* how many documents have this weighted sum, rounded down */
    unsigned   pending;
    uint32_t   last_doc;               /* of the last full block */
    uint32_t  *deltas;                 /* positions of the block under way */
    size_t     delta_count, delta_cap;
    struct buf lasts, doc_ends, position_ends, bound_bytes[BOUNDS], share_bytes[(OWN_FORMS + 1) / 2], blocks, positions,
        out;
    /* what the dictionary has to know */
    uint32_t   df, title_df, first_df; /* documents; with the term in the title; with is_first */
    uint64_t   cf;
};

void fihi_list_writer_free(struct list_writer *w);
/* Begin a list of one form. The mean lengths and the number of documents stay. */
void fihi_list_start(struct list_writer *w);
/* It has more forms: how many, and in how many of the `df` documents that the list will have each of the first is, of
 * OWN_FORMS at most. Before the first document. */
void fihi_list_forms(struct list_writer *w, uint32_t form_count, const uint32_t *form_dfs, uint32_t df);
/* Documents ascend. `positions` ascend, p->freq of them, or are NULL in a list without. */
int fihi_list_add(struct list_writer *w, const struct posting *p, const uint32_t *positions,
                  const struct posting_lengths *len);
/* The bytes of the list are w->out and w->positions. When df is 1 the dictionary holds the document, and w->out has
 * only its numbers, or nothing. */
int fihi_list_finish(struct list_writer *w);

#endif
