/* search/top.h - the k best of all that are offered.
 *
 * Layer: search. Includes nothing of ours.
 */
#ifndef FIHI_SEARCH_TOP_H
#define FIHI_SEARCH_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scored {
    float    score;
    uint32_t doc;                      /* in the view */
};

/* Ties go to the smaller number. */
static inline bool scored_is_worse(struct scored a, struct scored b)
{
    return a.score < b.score || (a.score == b.score && a.doc > b.doc);
}

/* For qsort(), where each document is there once. */
static inline int scored_by_doc(const void *x, const void *y)
{
    const struct scored *a = x, *b = y;

    return (a->doc > b->doc) - (a->doc < b->doc);
}

/* A heap moves log k pairs for each document that enters; cutting a buffer of 2 k in half moves each pair some three
 * times, whatever k is. */
enum { TOP_HEAP = 128 };               /* up to so many are a heap */

struct top {
    struct scored *best;               /* few: a heap, the worst first; many: in no order, up to 2 k of them */
    size_t         count, k;
    double         threshold;          /* later documents with this score or less cannot enter; -1: any may */
};

/* FIH_E_NOMEM. k is at least 1. */
int fihi_top_begin(struct top *t, size_t k);
void fihi_top_offer(struct top *t, float score, uint32_t doc);
/* Only the k best are left, in no order; they are the caller's. */
void fihi_top_finish(struct top *t);
/* At least k documents that will be offered score this or more: documents below it need not be. */
void fihi_top_expect(struct top *t, double score);


/* Could a document that scores the threshold and no more enter? With a heap that is full its number decides. */
static inline bool top_takes_equal(const struct top *t, uint32_t doc)
{
    return t->count < t->k || t->k > TOP_HEAP || (double)t->best[0].score < t->threshold || doc < t->best[0].doc;
}

#endif
