/* search/apart_part.h - what the files of apart.h share: apart.c which writings are looked at, and what they must be;
 * apart_evidence.c how often words stand side by side.
 *
 * Layer: search. Private to apart*.c.
 */
#ifndef FIHI_SEARCH_APART_PART_H
#define FIHI_SEARCH_APART_PART_H

#include "search/apart.h"

enum { APART_LIFT = 8 };               /* side by side so many times more than by chance */

struct evidence {
    uint64_t docs;                     /* in which they stand side by side: an estimate, if not all were looked at */
    uint64_t looked, with, found;      /* documents of the rarest that were looked at; with all words; side by side */
    uint64_t together;                 /* occurrences there */
    double   chance;                   /* occurrences, were the words strewn over the documents that have them */
};

/* Documents with a word's stem, into p->docs. */
int fihi_apart_count_word(struct apart *x, struct piece *p, fih_error *err);
/* How words stand side by side that are all there, and counted. */
int fihi_apart_find(struct apart *x, struct piece *const *pieces, unsigned words, struct evidence *e, fih_error *err);

/* Do they stand side by side because they belong together? found > 0, because nothing found is not less than APART_LIFT
 * times no chance at all. */
static inline bool evidence_is_lifted(const struct evidence *e)
{
    return e->found > 0 && (double)e->together >= APART_LIFT * e->chance;
}

/* In one of so many documents that have the rarest, at least. A question of how the parts are used at all, where lift
 * only says that they attract each other. */
static inline bool evidence_is_mostly(const struct evidence *e, uint64_t of)
{
    return e->found * of >= e->looked;
}

#endif
