/* search/match.h - the documents of one segment that a plan matches, one after the other.
 *
 * Layer: search. Includes base/ and index/. This is the plain definition of matching and scoring: rank.c's faster
 * loop must find the same documents with the same scores.
 */
#ifndef FIHI_SEARCH_MATCH_H
#define FIHI_SEARCH_MATCH_H

#include "search/patience.h"
#include "search/plan.h"

/* Lengths of one channel, a chunk at a time. */
struct norms {
    struct segment *segment;
    const uint8_t  *lens;
    uint32_t        chunk;             /* UINT32_MAX: none yet */
    unsigned        channel;
};
/* On an error *rc is set and 1 returned. */
uint32_t fihi_norms_get(struct norms *n, uint32_t doc, int *rc, fih_error *err);

struct matcher;

/* *out stays NULL when nothing in the segment can match. */
/* `patience` (or NULL) is looked at during long ways from one match to the next. */
int fihi_matcher_new(struct matcher **out, const struct plan *plan, const struct plan_node *node, struct segment *s,
                     struct patience *patience, fih_error *err);
void fihi_matcher_free(struct matcher *m);
/* The first match not below target, or NO_DOC. Targets must not go down. */
uint32_t fihi_matcher_seek(struct matcher *m, uint32_t target);
/* Of the document that the last seek gave. Sums are doubles of float addends: exact, so their order is free.
 * A score that cannot pass `limit` may be given as limit; -1 for the score in any case. */
double fihi_matcher_score(struct matcher *m, double limit);
/* No match in [target, *until] scores more than this. */
double fihi_matcher_bound(struct matcher *m, uint32_t target, uint32_t *until);
/* FIH_OK, or what went wrong since the matcher was made (seek then gave NO_DOC). */
int fihi_matcher_status(struct matcher *m, fih_error *err);

/* Is a match that is not deleted, and within the plan's dates? *rc is set on an error. */
static inline int match_is_shown(const struct plan *plan, struct segment *s, uint32_t doc, int *rc, fih_error *err)
{
    int32_t day;

    if (segment_is_deleted(s, doc) || (s == plan->except_in && doc == plan->except))
        return 0;
    if (plan->since == DATE_NONE)
        return 1;
    if (s->stats.date_min == DATE_NONE || (*rc = fihi_segment_date(s, doc, &day, err)) != 0)
        return 0;
    return day != DATE_NONE && day >= plan->since && day <= plan->until;
}

/* What one leaf adds to a document's score, for explanations. The matcher's last seek must have given `doc`. */
struct leaf_score {
    uint32_t freq, len, norm_freq, title_freq, title_len;
    float    text, norm, title;
};
/* 0 if the leaf is not in the document (or the plan does not use it). */
int fihi_matcher_leaf(struct matcher *m, uint32_t leaf, uint32_t doc, struct leaf_score *out);

/* What a set of words adds to the score of the document that the last seek gave. */
double fihi_matcher_set(struct matcher *m, uint32_t set);

#endif
