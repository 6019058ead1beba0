/* search/find.c - matchers, one segment after the other.
 *
 * For deleting by query: no heap, no order, no second pass. Scores are never asked for, so most weights
 * are 0; those that decide what is found at all are the defaults.
 */
#include "search/find.h"

#include "search/match.h"
#include "search/when.h"

/* `each` may delete the document under way: the view is a snapshot, and the matcher does not look back. A matcher in
 * trouble says that there are no more, so it is asked at the end. */
static int find_in(const struct plan *plan, uint32_t segment,
                   int (*each)(void *ctx, uint32_t segment, uint32_t doc, fih_error *err), void *ctx, fih_error *err)
{
    struct matcher *m;
    int rc = fihi_matcher_new(&m, plan, plan->root, segment, NULL, err);

    for (uint32_t doc = 0; rc == 0 && m && (doc = fihi_matcher_seek(m, doc)) != NO_DOC; doc++)
        if (match_is_shown(plan, segment, doc, &rc, err))
            rc = each(ctx, segment, doc, err);
    if (rc == 0 && m)
        rc = fihi_matcher_status(m, err);
    fihi_matcher_free(m);
    return rc;
}

/* Days are seen from today, as a search sees them: what is deleted is what a search of this moment would find, with no
 * options. A document's number is that in its segment, as who deletes wants it. */
int fihi_find(const struct view *v, struct analyzer *a, const struct fih_query *q,
              int (*each)(void *ctx, uint32_t segment, uint32_t doc, fih_error *err), void *ctx, fih_error *err)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    struct plan *plan;
    int rc;

    o.k1 = 1.2f;                               /* weights only rank; but without one of forms, fewer are found */
    o.b = 0.5f;
    o.body_weight = 1;
    o.form_weight = 0.5f;
    o.today = fihi_when_today();
    if ((rc = fihi_plan_new(&plan, v, a, q, &o, err)) != 0)
        return rc;
    for (uint32_t i = 0; i < v->count && rc == 0 && plan->root->count; i++)
        rc = find_in(plan, i, each, ctx, err);
    fihi_plan_free(plan);
    return rc;
}
