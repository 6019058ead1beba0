/* search/rescore.c - the second pass: which documents get it. rescore_places.c has where their words stand,
 * rescore_root.c the roots.
 *
 * Why a second pass: positions cost more than all that the first pass reads, and for documents far down they change
 * nothing. The 20 best rank as well as the 100 best; roots of missing words reach deeper, but behind the 50 best they
 * change next to nothing (bench/quality.md). A document's part of it depends on nothing but the document and the query,
 * so pages of one answer agree, and an explanation can compute it alone.
 */
#include "search/rescore.h"

#include <stdbool.h>
#include <stdlib.h>


/* Of `count` documents the best `depth` to the front, by document; how many they are. By document, because lists are
 * walked forward. At most 50 are sorted, which costs nothing beside what is looked up for each. */
static size_t take_best(struct scored *best, size_t count, size_t depth)
{
    const size_t n = count < depth ? count : depth;

    fihi_ranking_sort(best, count, n);
    if (n > 1)
        qsort(best, n, sizeof *best, scored_by_doc);
    return n;
}

static bool has_doc(const struct scored *best, size_t n, uint32_t doc)
{
    for (size_t i = 0; i < n; i++)
        if (best[i].doc == doc)
            return true;
    return false;
}

/* `of` (or NULL) is the document that is asked about. For it only which parts it gets is found out, in the very order
 * in which a search decides that: roots first, for they may lift a document among the 20 that have places. */
static int second_pass(struct ranking *out, const struct plan *plan, bool with_roots, uint32_t doc, struct rescored *of,
                       fih_error *err)
{
    size_t n = out->count;
    int rc = FIH_OK;

    if (with_roots) {
        n = take_best(out->best, n, ROOT_DEPTH);
        if (of)
            of->has_roots = has_doc(out->best, n, doc);
        rc = fihi_rescore_roots(out->best, n, plan, NULL, err);
    }
    if (rc == 0 && plan->has_places) {
        n = take_best(out->best, n, place_depth(plan));
        if (of)
            of->has_places = has_doc(out->best, n, doc);
        else
            rc = fihi_rescore_places(out->best, n, plan, err);
    }
    return rc;
}

/* An explanation must say what a search would: whether the document is among the best is only known by ranking. The
 * ranking is made anew, as far as the second pass reaches: an explanation costs as much as a search. */
int fihi_rescored(struct rescored *out, const struct plan *plan, uint32_t doc, const fih_search_opts *opts,
                  fih_error *err)
{
    const uint32_t depth = rescore_depth(plan);
    struct ranking best;
    int rc;

    *out = (struct rescored){false, false};
    if (depth == 0)
        return FIH_OK;
    if ((rc = fihi_rank(&best, plan, depth, NULL, opts, err)) != 0)
        return rc;
    rc = second_pass(&best, plan, plan->has_lost_roots, doc, out, err);
    fihi_ranking_free(&best);
    return rc;
}

/* What a document can score at most, with its roots, that lacks the one word that is asked for: it has another stem of
 * the spelling. Saturations are below 1, so weights bound them. Example: two other stems of the spelling with a
 * form_weight of 3 each, and the word with a root_weight of 1: 7, as if all of them were there at once. */
static double lost_most(const struct plan *p)
{
    double sum = 0;

    for (size_t i = 0; i < p->term_count; i++)
        sum += (double)(p->terms[i].is_form_only ? p->terms[i].form_weight : p->terms[i].root_weight);
    return sum * BOUND_MARGIN;
}

/* The k best by the first pass alone, if no document that lacks the word could be among them, whatever its roots:
 * out->best stays NULL if one could. Where one word is asked for, the fifty best need not be ranked: if even the last
 * of the k scores more than any document without the word could, roots cannot change which they are. Fewer than k, or a
 * title, and it is not sure. */
static int rank_settled(struct ranking *out, const struct plan *plan, uint32_t k, const fih_search_opts *opts,
                        fih_error *err)
{
    const double most = lost_most(plan);
    const int rc = fihi_rank(out, plan, k, NULL, opts, err);
    bool is_settled = rc != 0 || (out->count == k && !out->has_titles);

    for (size_t i = 0; rc == 0 && i < out->count && is_settled; i++)
        is_settled = (double)out->best[i].score > most;
    if (!is_settled)
        fihi_ranking_free(out);
    return rc;
}

/* Takes the ranking over when it fails: it is freed. */
static int rescore(struct ranking *r, const struct plan *plan, bool is_due, bool with_roots, uint32_t k,
                   fih_error *err)
{
    const int rc = is_due ? second_pass(r, plan, with_roots, 0, NULL, err) : FIH_OK;

    if (rc != 0) {
        fihi_ranking_free(r);
        return rc;
    }
    /* What the second pass adds is never negative: its documents stay before all others. */
    fihi_ranking_sort(r->best, r->count, k < r->count ? k : r->count);
    if (r->count > k)
        r->count = k;
    return FIH_OK;
}

int fihi_rescore(struct ranking *r, const struct plan *plan, uint32_t k, fih_error *err)
{
    return rescore(r, plan, rescore_depth(plan) > 0, plan->has_lost_roots, k, err);
}

/* Behind a cursor (`after`) there is no second pass: the documents that had one have all been shown before it. Example,
 * k = 10, a word that may be lacking: the first 10 or 20 are ranked, and if even the last of them is above what a
 * document without the word can have, the 50 are not needed; otherwise they are ranked from the beginning. */
int fihi_rank_all(struct ranking *out, const struct plan *plan, uint32_t k, const struct scored *after,
                  const fih_search_opts *opts, fih_error *err)
{
    const uint32_t depth = after ? 0 : rescore_depth(plan);
    const uint32_t few = k > place_depth(plan) ? k : place_depth(plan);
    bool with_roots = depth > 0 && plan->has_lost_roots;
    int rc = FIH_OK;

    memset(out, 0, sizeof *out);
    /* First by a short list: where that settles the matter, the fifty are never ranked. */
    if (with_roots && few < depth && plan->asks_one_thing && opts->count_all != COUNT_BY_REFERENCE) {
        rc = rank_settled(out, plan, few, opts, err);
        with_roots = !out->best;
    }
    if (rc == 0 && !out->best)
        rc = fihi_rank(out, plan, k > depth ? k : depth, after, opts, err);
    return rc ? rc : rescore(out, plan, depth > 0, with_roots, k, err);
}
