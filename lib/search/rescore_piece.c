/* search/rescore_piece.c - the second pass of a search that has but a piece of the collection.
 *
 * Which documents get a second pass is decided by their places in the whole list, and a piece does not know it: the
 * whole's 60th may be the piece's 20th. But what a pass adds to a document depends on the document and the query alone.
 * So each document that could be among those of the whole gets all of it: those that are among the piece's own best by
 * the first pass, for the whole's are a part of these. Whoever gathers the lists decides as one index would, and takes
 * of each document the score that it has there.
 */
#include <stdlib.h>

#include "base/fail.h"
#include "search/rescore.h"

static int second_pass(struct ranking *r, const struct plan *plan, size_t n, fih_error *err)
{
    int rc = FIH_OK;

    if (!(r->passes = calloc(n + 1, sizeof *r->passes)))
        return fihi_fail_nomem(err);
    r->pass_count = n;
    fihi_ranking_sort(r->best, r->count, n);
    if (n > 1)
        qsort(r->best, n, sizeof *r->best, scored_by_doc);
    for (size_t i = 0; i < n; i++)
        r->passes[i] = (struct passes){r->best[i].doc, r->best[i].score, r->best[i].score};
    if (plan->has_lost_roots)
        rc = fihi_rescore_roots(r->best, n, plan, NULL, err);
    for (size_t i = 0; i < n; i++)
        r->passes[i].rooted = r->best[i].score;
    return rc == 0 && plan->has_places ? fihi_rescore_places(r->best, n, plan, err) : rc;
}

int fihi_rank_piece(struct ranking *out, const struct plan *plan, uint32_t k, const fih_search_opts *opts,
                    fih_error *err)
{
    const uint32_t depth = rescore_depth(plan);
    int rc = fihi_rank(out, plan, k > depth ? k : depth, NULL, opts, err);

    if (rc == 0 && depth > 0 && (rc = second_pass(out, plan, out->count < depth ? out->count : depth, err)) != 0)
        fihi_ranking_free(out);
    if (rc == 0)
        fihi_ranking_sort(out->best, out->count, out->count);
    return rc;
}
