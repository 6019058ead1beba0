/* search/match.h - the documents of one segment that a plan matches, one after the other.
 *
 * Layer: search. Includes base/ and index/. This is the plain definition of matching and scoring: rank.c's faster
 * loops must find the same documents with the same scores.
 */
#ifndef FIHI_SEARCH_MATCH_H
#define FIHI_SEARCH_MATCH_H

#include "search/deadline.h"
#include "search/plan.h"
#include "search/scorer.h"

struct matcher;

/* Of a segment of the plan's view, by its number there. *out stays NULL when nothing in it can match. `deadline` (or
 * NULL) is looked at during long ways from one match to the next. */
int fihi_matcher_new(struct matcher **out, const struct plan *plan, const struct plan_node *node, uint32_t segment,
                     struct deadline *deadline, fih_error *err);
void fihi_matcher_free(struct matcher *m);
/* The first match not below target, or NO_DOC. Targets must not go down. */
uint32_t fihi_matcher_seek(struct matcher *m, uint32_t target);
/* Of the document that the last seek gave. Sums are doubles of float addends: exact, so their order is free. */
double fihi_matcher_score(struct matcher *m);
/* No match scores more than this. */
double fihi_matcher_top(const struct matcher *m);
/* No match in [target, *until] scores more than this. */
double fihi_matcher_bound(struct matcher *m, uint32_t target, uint32_t *until);
/* FIH_OK, or what went wrong since the matcher was made (seek then gave NO_DOC). */
int fihi_matcher_status(struct matcher *m, fih_error *err);

/* What makes up the score of the document that the last seek gave. */
void fihi_matcher_tell(struct matcher *m, const struct match_teller *t);

/* Does a document of a segment, by its number, pass the plan's filter? *rc is set on an error, here and below. */
static inline bool match_passes(const struct plan *plan, uint32_t segment, uint32_t doc, int *rc, fih_error *err)
{
    return !plan->filter || fihi_plan_passes(plan, segment, doc, rc, err);
}

/* Is it not deleted, and within the plan's dates? */
static inline bool match_is_live(const struct plan *plan, uint32_t segment, uint32_t doc, int *rc, fih_error *err)
{
    struct segment *const s = plan->view->segments[segment];
    int32_t day;

    if (segment_is_deleted(s, doc) || (s == plan->except_in && doc == plan->except))
        return false;
    if (plan->since == DATE_NONE)
        return true;
    if (s->stats.date_min == DATE_NONE || (*rc = fihi_segment_date(s, doc, &day, err)) != 0)
        return false;
    return day != DATE_NONE && day >= plan->since && day <= plan->until;
}

/* Both. */
static inline bool match_is_shown(const struct plan *plan, uint32_t segment, uint32_t doc, int *rc, fih_error *err)
{
    return match_is_live(plan, segment, doc, rc, err) && match_passes(plan, segment, doc, rc, err);
}

#endif
