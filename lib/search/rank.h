/* search/rank.h - the k best documents of a plan.
 *
 * Layer: search. Two ways that give the same list, bit for bit: every match scored in turn (the reference), and
 * faster ones, which pass over what cannot enter the list.
 */
#ifndef FIHI_SEARCH_RANK_H
#define FIHI_SEARCH_RANK_H

#include <stdbool.h>

#include "search/plan.h"
#include "search/reference.h"
#include "search/top.h"

struct ranking {
    struct scored *best;               /* from fihi_rank() in no order */
    size_t         count;
    uint64_t       total;              /* matches seen */
    bool            is_exact;           /* total is all of them */
    bool            has_titles;         /* some documents' whole titles are the query */
    struct collapsed {
        uint32_t doc, others;          /* how many more have its value */
    }              *collapsed;         /* of the best, by document; NULL where nothing is collapsed */
    size_t          collapsed_count;
    struct passes {
        uint32_t doc;
        float    first, rooted;        /* score by the first pass, and with roots of words that it lacks */
    }              *passes;            /* of a piece, by document: those that had a second pass; else NULL */
    size_t          pass_count;
};

/* opts: count_all, timeout_ms, on_wait are looked at. With `after`, the k best behind it; total counts the
 * others too. */
int fihi_rank(struct ranking *out, const struct plan *plan, uint32_t k, const struct scored *after,
              const fih_search_opts *opts, fih_error *err);
void fihi_ranking_free(struct ranking *r);
/* The best k of them first, the better before the worse, the smaller document before a tie; then the others in no
 * order. */
void fihi_ranking_sort(struct scored *best, size_t count, size_t k);

#endif
