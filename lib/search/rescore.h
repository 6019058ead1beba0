/* search/rescore.h - the second pass: what is looked up for the best documents of the first only.
 *
 * Layer: search. Roots of words that a document lacks, and where its words stand; formula in fihrist.h,
 * fih_search().
 */
#ifndef FIHI_SEARCH_RESCORE_H
#define FIHI_SEARCH_RESCORE_H

#include "search/rank.h"
#include "search/scorer.h"

enum {
    ROOT_DEPTH = 50,                   /* documents for which the roots of missing words are looked up */
    PLACE_DEPTH = 20,                  /* of these the best, in which it counts where words stand */
    PLACE_DEPTH_ONE = 10,              /* likewise for one word or phrase, where it decides about neighbours only */
    RESCORE_STEMS = 16,                /* whose places are looked at: the first ones of a query */
    RESCORE_PASSED = 16,               /* stop words that are ignored, likewise */
    RESCORE_REACH = 16,                /* positions apart, at most */
    RESCORE_WINDOW = 50,               /* positions; 25 rank as well, 150 worse */
    RESCORE_EARLY = 25,                /* a word that stands so far from the beginning counts half */
    RESCORE_SHORT = 10                 /* likewise in a text of so few words, where all stand early */
};

/* Beside nearness, for the sums of weights: best by measurement (bench/quality.md). */
#define RESCORE_WINDOW_WEIGHT 1.6
#define RESCORE_EARLY_WEIGHT  2.4

/* In how many of the best documents it counts where words stand. */
static inline uint32_t place_depth(const struct plan *p)
{
    return p->asks_one_thing && !p->has_passed ? PLACE_DEPTH_ONE : PLACE_DEPTH;
}

/* How many get roots of words that they lack, and what places of words bring; 0 for none of it. */
static inline uint32_t root_depth(const struct plan *p)
{
    return p->has_lost_roots ? ROOT_DEPTH : 0;
}
static inline uint32_t places_depth(const struct plan *p)
{
    return p->has_places ? place_depth(p) : 0;
}

/* How many documents of the first pass get a second one. */
static inline uint32_t rescore_depth(const struct plan *p)
{
    return p->has_lost_roots ? ROOT_DEPTH : places_depth(p);
}

/* fihi_rank(), then the second pass over its best, unless `after` (or NULL) is one behind them: the best k. */
int fihi_rank_all(struct ranking *out, const struct plan *plan, uint32_t k, const struct scored *after,
                  const fih_search_opts *opts, fih_error *err);

/* The second pass over a ranking of at least rescore_depth() documents, or of all; then the best k, in order. */
int fihi_rescore(struct ranking *r, const struct plan *plan, uint32_t k, fih_error *err);

/* Where words stand, for best[0 … n), which ascend by document, whatever their scores. */
int fihi_rescore_places(struct scored *best, size_t n, const struct plan *plan, fih_error *err);

/* Of a piece of a collection: at least the best k by the first pass, and all that a second pass of the whole could look
 * at, with what each pass makes of them. */
int fihi_rank_piece(struct ranking *out, const struct plan *plan, uint32_t k, const fih_search_opts *opts,
                    fih_error *err);

/* Which parts of the second pass a document gets in a search with these options. */
struct rescored {
    bool has_roots, has_places;
};
int fihi_rescored(struct rescored *out, const struct plan *plan, uint32_t doc, const fih_search_opts *opts,
                  fih_error *err);

/* The scores of best[0 … n), which ascend by document, with the roots of words that they lack. With `teller`, its term
 * is called for each such word. */
int fihi_rescore_roots(struct scored *best, size_t n, const struct plan *plan, const struct match_teller *teller,
                       fih_error *err);

/* Where a document's words stand, in one segment, by its number in the view: documents must ascend. *out stays NULL
 * when none of the words is there. */
struct place_scorer;
int fihi_place_scorer_new(struct place_scorer **out, const struct plan *plan, uint32_t segment, fih_error *err);

/* What it adds to a document: pairs of words that are near each other, the words in the best window, how early each
 * stands. */
struct place_score {
    double near, window, early;
};
int fihi_place_scorer_add(struct place_scorer *r, uint32_t doc, struct place_score *out, fih_error *err);
void fihi_place_scorer_free(struct place_scorer *r);

static inline double place_sum(const struct place_score *s)
{
    return s->near + s->window + s->early;
}

#endif
