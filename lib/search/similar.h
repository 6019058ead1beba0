/* search/similar.h - groups of documents that are nearly the same text, by their signatures.
 *
 * Layer: search. Pure.
 */
#ifndef FIHI_SEARCH_SIMILAR_H
#define FIHI_SEARCH_SIMILAR_H

#include <stddef.h>
#include <stdint.h>

enum { BANDS = 8, BAND_VALUES = 256 };

struct similar {
    int64_t  *firsts;                  /* signatures of the groups' first documents */
    uint32_t *next[BANDS];             /* of the firsts with the same band: 1 + the one met before it, or 0 */
    size_t    count, cap, next_cap[BANDS];
    uint32_t  last[BANDS][BAND_VALUES];        /* 1 + the last of these, or 0 */
};

/* Zero-initialise. The group of a document, from 0: the earliest whose first document is near it; or a new one, whose
 * first it is. FIH_E_NOMEM. */
int fihi_similar_find(struct similar *s, int64_t signature, uint32_t *group);
void fihi_similar_free(struct similar *s);

#endif
