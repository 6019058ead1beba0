/* search/near.h - do words stand at given distances from each other?
 *
 * Layer: search. Works on positions alone, whatever list they come from.
 */
#ifndef FIHI_SEARCH_NEAR_H
#define FIHI_SEARCH_NEAR_H

#include "search/plan.h"

/* Where a word of a phrase stands in a document. */
struct places {
    const uint32_t *positions;
    uint32_t        count, at;
};

/* Occurrences that a chain of distances has led to, and for a phrase with gaps where it may have begun. */
struct chain {
    uint32_t *at, *from;
    size_t    count, at_cap, from_cap;
};

/* Work space, kept from document to document: of one word, and of the next. */
struct near {
    struct chain chains[2];
};

/* Is there a way from each of the n words to the next within [low, high)? The terms' links say how, or with a slop: in
 * order, and at most so many other words between all of them. *no_memory is set if there was none. */
int fihi_near_holds(struct near *w, const struct query_term *terms, const struct places *places, uint32_t n,
                    uint32_t slop, uint32_t low, uint32_t high, int *no_memory);
void fihi_near_free(struct near *w);

/* The range of positions in which the word before one with this link must stand when that is at q; q itself is never
 * meant. */
void fihi_near_reach(enum link link, uint32_t reach, uint32_t slop, uint32_t q, uint32_t *low, uint32_t *high);

#endif
