/* search/rescore.h - the second pass: what only ranks, for the best documents of the first.
 *
 * Layer: search. The root of each word, and how near the words stand to each other; formula in fihrist.h, fih_search().
 */
#ifndef FIHI_SEARCH_RESCORE_H
#define FIHI_SEARCH_RESCORE_H

#include "search/rank.h"

enum {
    RESCORE_DEPTH = 100,               /* documents that get a second pass */
    RESCORE_WORDS = 16,                /* words whose nearness is looked at: the first ones of a query */
    RESCORE_REACH = 16                 /* positions apart, at most */
};

/* What the second pass adds to one document. */
struct rescored {
    double roots, proximity;
};

/* fihi_rank(), then the second pass over its first RESCORE_DEPTH, unless sorted otherwise or `after` is one behind them
 * (or NULL); the best k. */
int fihi_rank_all(struct ranking *out, const struct plan *plan, const struct view *v, uint32_t k,
                  const struct scored *after, const fih_search_opts *opts, fih_error *err);

/* The second pass of one segment: documents must ascend. *out stays NULL when it would add nothing. */
struct rescorer;
int fihi_rescorer_new(struct rescorer **out, const struct plan *plan, struct segment *s, fih_error *err);
int fihi_rescorer_add(struct rescorer *r, uint32_t doc, struct rescored *out, fih_error *err);
/* What a leaf's root adds to the document that was just given. */
double fihi_rescorer_root(const struct rescorer *r, const struct leaf *l);
void fihi_rescorer_free(struct rescorer *r);

#endif
