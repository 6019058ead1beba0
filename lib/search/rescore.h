/* search/rescore.h - the second pass: what is looked up for the best documents of the first only.
 *
 * Layer: search. Roots of words that a document lacks, and how near its words stand to each other; formula in
 * fihrist.h, fih_search().
 */
#ifndef FIHI_SEARCH_RESCORE_H
#define FIHI_SEARCH_RESCORE_H

#include "search/rank.h"
#include "search/scorer.h"

enum {
    ROOT_DEPTH = 100,                  /* documents for which the roots of missing words are looked up */
    NEAR_DEPTH = 20,                   /* of these the best, whose words' nearness counts; more rank no better */
    RESCORE_WORDS = 16,                /* words whose nearness is looked at: the first ones of a query */
    RESCORE_REACH = 16                 /* positions apart, at most */
};

/* How many documents of the first pass get a second one. */
static inline uint32_t rescore_depth(const struct plan *p)
{
    return p->has_lost_roots ? ROOT_DEPTH : p->has_nearness ? NEAR_DEPTH : 0;
}

/* fihi_rank(), then the second pass over its best, unless sorted otherwise or `after` is one behind them (or NULL); the
 * best k. */
int fihi_rank_all(struct ranking *out, const struct plan *plan, uint32_t k, const struct scored *after,
                  const fih_search_opts *opts, fih_error *err);

/* Which parts of the second pass a document gets in a search with these options. */
struct rescored {
    bool has_roots, has_nearness;
};
int fihi_rescored(struct rescored *out, const struct plan *plan, uint32_t doc, const fih_search_opts *opts,
                  fih_error *err);

/* The scores of best[0 … n), which ascend by document, with the roots of words that they lack. With `teller`, its term
 * is called for each such word. */
int fihi_rescore_roots(struct scored *best, size_t n, const struct plan *plan, const struct match_teller *teller,
                       fih_error *err);

/* Nearness in one segment, by its number in the view: documents must ascend. *out stays NULL when there is none. */
struct near_scorer;
int fihi_near_scorer_new(struct near_scorer **out, const struct plan *plan, uint32_t segment, fih_error *err);
/* What it adds to a document. Whatever else is to look at the positions of a document's words belongs here: how early
 * they stand, how many are within one window. */
int fihi_near_scorer_add(struct near_scorer *r, uint32_t doc, double *nearness, fih_error *err);
void fihi_near_scorer_free(struct near_scorer *r);

#endif
