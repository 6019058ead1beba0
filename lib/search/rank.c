/* search/rank.c - the k best documents: the reference, which scores every match in turn, and the choice of a faster way
 * where there is one. The stored bounds were made with other mean lengths, perhaps other k1 and b: plan.c's bound_ratio
 * keeps them bounds.
 *
 * Invariants that all ways keep, so that they give the reference's list to the bit: (1) threshold only rises, and at
 * least k documents that were or will be offered reach it, so what scores less is never missed; (2) a bound is never
 * less than a score, rounding included (BOUND_MARGIN); (3) a score is a sum of floats in a double, rounded to float
 * once, when it is offered; (4) equal scores are told apart by the document's number, the smaller is better. Because of
 * (4) a way that meets documents in ascending order may pass over what merely equals the threshold (<=): it would come
 * behind what has set it. A way that meets them in another order (rank_one.c, rank_best.c) may pass over only what is
 * below it (<).
 *
 * Segments share one list: what the first has found is the threshold that the second begins with.
 *
 * Which way: one or more words any of which is enough go to rank_any.c, words that all must be there and phrases to
 * rank_all.c, everything else stays here. Documents with other writings of words, or whose title is the query, are
 * looked at behind these by rank_best.c.
 */
#include "search/rank.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/fail.h"
#include "search/rank_part.h"
#include "search/title.h"

/* The first document from *target on whose bound, with what its title may add, lets it enter, in blocks of what bounds
 * the matcher: documents below *checked may enter, as far as bounds tell. In: *target is the next document to be looked
 * at. Out: *target is NO_DOC, or below *checked, and then nothing between has been missed. A bound may hold for a
 * single document, or to the end of the segment; *checked always grows, so the loop ends. */
static void pass_weak(struct run *r, struct matcher *m, double title, uint32_t *target, uint32_t *checked)
{
    while (*target != NO_DOC && *target >= *checked) {
        uint32_t until = NO_DOC - 1;
        const bool is_weak = fihi_matcher_bound(m, *target, &until) + title <= r->top.threshold;

        /* A bound that ends before the target says nothing of it: then one document further, or this would not end. */
        *checked = until + 1 > *target ? until + 1 : *target + 1;
        if (!is_weak)
            return;
        r->has_skipped = true;                 /* nothing up to there can enter */
        *target = *checked;
    }
}

/* The reference: every match in turn, with its score in full. With may_prune it seeks past blocks that bounds rule out,
 * and this is the only difference: what is looked at is scored in the same way. Deleted documents and those outside of
 * the filters are no matches, so they are not counted either. */
static int rank_matches(struct run *r, uint32_t number, bool may_prune)
{
    const uint32_t base = r->plan->view->bases[number];
    struct scene scene;
    struct titles *titles = NULL;
    struct matcher *m;
    uint32_t target = 0, seen = 0, checked = 0;
    int rc = fihi_matcher_new(&m, r->plan, r->plan->root, number, &r->deadline, r->err);

    if (rc != 0 || !m)
        return rc;
    fihi_scene_begin(&scene, r->plan, number, &r->deadline);
    rc = fihi_titles_new(&titles, &scene, r->err);
    while (rc == 0) {
        uint32_t doc;

        if (may_prune && r->top.threshold >= 0)
            pass_weak(r, m, titles ? (double)r->plan->title_most * BOUND_MARGIN : 0, &target, &checked);
        if (target == NO_DOC || (doc = fihi_matcher_seek(m, target)) == NO_DOC)
            break;
        /* The seek went past what bounds were asked for. Its score is not computed yet: the new block may be too weak
         * as a whole. doc > target holds once at most for a document, so this does not go round in circles. */
        if (doc >= checked && doc > target && may_prune && r->top.threshold >= 0) {
            target = doc;                      /* other blocks: look at their bounds first */
            continue;
        }
        target = doc + 1;
        if (match_is_shown(r->plan, number, doc, &rc, r->err)) {
            float title = 0;

            if (titles)
                rc = fihi_titles_score(titles, doc, &title, r->err);
            r->has_titles |= title > 0;
            run_offer(r, (float)(fihi_matcher_score(m) + (double)title), base + doc);
        }
        if (rc != 0 || (++seen % 16 == 0 && (rc = fihi_deadline_check(&r->deadline, r->err)) != 0))
            break;
    }
    if (rc == 0)
        rc = fihi_matcher_status(m, r->err);
    fihi_titles_free(titles);
    fihi_matcher_free(m);
    return rc;
}

/* A word whose scores can be computed by the block. Those of a title or a body cannot: fihi_scorer_block() scores whole
 * postings. */
static bool is_plain(const struct plan *p, const struct plan_node *n, enum occur occur)
{
    return n->kind == PLAN_TERM && n->occur == occur && p->terms[n->term].scope == SCOPE_ANY;
}

/* Are a group's children plain words, any of which is enough? `least` above 1 would ask for several of them, which no
 * window of sums can tell. */
static bool is_any_of(const struct plan *p, const struct plan_node *n)
{
    bool is = n->kind == PLAN_GROUP && n->least <= 1;

    for (size_t i = 0; i < n->count && is; i++)
        is = is_plain(p, n->children[i], OCCUR_SHOULD);
    return is;
}

/* Is any word of the query enough? A word in several readings may be one of them: the best of its lists counts, not
 * their sum. */
static bool is_any(const struct plan *p)
{
    bool is = p->plain->least <= 1;

    for (size_t i = 0; i < p->plain->count && is; i++) {
        const struct plan_node *const c = p->plain->children[i];

        is = is_plain(p, c, OCCUR_SHOULD) || (c->is_readings && c->occur == OCCUR_SHOULD && is_any_of(p, c));
    }
    return is;
}

/* Must all words be there, each in one of its readings, and has one of them but one, so that it can lead? rank_all.c
 * takes every posting of the lead for a document that has the word: in a list that counts by its form only, some are
 * not. */
static bool is_all(const struct plan *p)
{
    bool is = p->plain->least <= 1, has_lead = false;

    for (size_t i = 0; i < p->plain->count && is; i++) {
        const struct plan_node *const c = p->plain->children[i];
        const bool is_single = is_plain(p, c, OCCUR_MUST);

        has_lead |= is_single && !p->terms[c->term].is_form_only;
        is = is_single || (c->occur == OCCUR_MUST && c->count > 0 && is_any_of(p, c));
    }
    return is && has_lead;
}

const struct plan_node *fihi_rank_phrase(const struct plan *p)
{
    const struct plan_node *const c = p->plain->count == 1 ? p->plain->children[0] : NULL;

    return c && c->kind == PLAN_PHRASE && c->occur != OCCUR_NOT && p->terms[c->term].scope == SCOPE_ANY ? c : NULL;
}

static int compare(const void *x, const void *y)
{
    return scored_is_worse(*(const struct scored *)x, *(const struct scored *)y) ? 1 : -1;
}

/* k below count is the case of the second pass: the 50 best of a list, and of these the 20 best, each time in place.
 * Picking costs k * count comparisons, sorting count * log(count) through a function pointer. */
void fihi_ranking_sort(struct scored *best, size_t count, size_t k)
{
    enum { FEW = 20 };                         /* picked out one by one faster than all are sorted */

    if (k > FEW || k >= count) {
        if (count > 1)
            qsort(best, count, sizeof *best, compare);
        return;
    }
    for (size_t i = 0; i < k; i++) {
        size_t at = i;

        for (size_t j = i + 1; j < count; j++)
            at = scored_is_worse(best[at], best[j]) ? j : at;
        const struct scored swap = best[i];
        best[i] = best[at];
        best[at] = swap;
    }
}

void fihi_ranking_free(struct ranking *r)
{
    free(r->best);
    free(r->collapsed);
    free(r->passes);
    r->best = NULL;
    r->collapsed = NULL;
    r->passes = NULL;
    r->count = 0;
}

/* Can documents of the segment be within the dates? The segment's first and last day answer for all of its documents at
 * once: an index that grows day by day has most segments ruled out by a short span. */
static bool is_dated(const struct plan *p, const struct segment *s)
{
    return p->since == DATE_NONE ||
           (s->stats.date_min != DATE_NONE && s->stats.date_max >= p->since && s->stats.date_min <= p->until);
}

/* A single segment, by the fastest way that is sure to give the reference's answer. `ls` was made by fihi_rank(), if
 * the plan is one that the fast ways know. Counting all matches leaves nothing to prune, but adding up lists by blocks
 * is still faster than matching. */
static int rank_segment(struct run *r, struct scored_lists *ls, uint32_t i)
{
    const bool may_prune = r->opts->count_all != COUNT_BY_REFERENCE && !r->counts_all;

    if (!is_dated(r->plan, r->plan->view->segments[i]))
        return FIH_OK;
    if (!ls)
        return rank_matches(r, i, may_prune);
    return is_any(r->plan) ? fihi_rank_any(r, ls, i) : fihi_rank_all_words(r, ls, i);
}

/* Other writings stand in the root, if anywhere: without them the plan finds what it finds with them, and less. That
 * holds for depth 1 only: deeper inside, say below a NOT or in a group of which two must match, a document could
 * lose its match, or its score, when the other writings are taken away, and the plan without them would be no lower
 * bound. */
static bool has_best_within(const struct plan_node *n, unsigned depth)
{
    bool has = depth > 1 && n->is_best;

    for (size_t i = 0; i < n->count && !has; i++)
        has = has_best_within(n->children[i], depth + 1);
    return has;
}

/* Few documents are counted sooner than they are passed over, and people like to know how many there are. The sum of
 * the lists' lengths is known from the dictionary, before any list is read, and of words it is no less than the number
 * of matches. */
static bool are_few(const struct plan *p)
{
    enum { COUNTED = 1000 };
    uint64_t documents = 0;

    for (size_t i = 0; i < p->term_count; i++)
        documents += p->terms[i].df;
    for (size_t i = 0; i < p->set_count; i++)
        documents += p->sets[i].words->df;
    return documents <= COUNTED;
}

/* Owns everything until the end: on an error nothing is left in *out that must be freed, and out->best is NULL. With
 * `after` and other writings the reference answers: a document may stand before the cursor by its other writing and
 * behind it without. */
int fihi_rank(struct ranking *out, const struct plan *plan, uint32_t k, const struct scored *after,
              const fih_search_opts *opts, fih_error *err)
{
    const struct view *const v = plan->view;
    struct run r = {.plan = plan, .opts = opts, .after = after, .deadline = fihi_deadline(opts), .err = err};
    const bool has_best = plan->plain != plan->root;
    struct scored_lists *ls = NULL;
    size_t kept = k;
    int rc = FIH_OK;

    memset(out, 0, sizeof *out);
    r.counts_all = opts->count_all || are_few(plan);
    if (plan->root->count == 0 || k == 0) {
        out->is_exact = true;
        return FIH_OK;
    }
    if (opts->count_all != COUNT_BY_REFERENCE && (!has_best || (!after && !has_best_within(plan->root, 0)))) {
        const struct plan_node *const phrase = fihi_rank_phrase(plan);

        if (phrase || is_any(plan) || is_all(plan))
            rc = fihi_scored_lists_new(&ls, phrase ? phrase->term_count : plan->term_count, err);
    }
    if (rc == 0 && ls && (rc = fihi_rank_find_titled(&r)) == 0 && after)
        kept += r.titled_count;                /* by the words alone they would seem to come behind it */
    /* Never full of all there is: its total is exact. */
    if (rc == 0 && fihi_top_begin(&r.top, kept < v->docs ? kept : (size_t)v->docs + 1) != 0)
        rc = fihi_fail_nomem(err);
    if (rc != 0) {
        fihi_scored_lists_free(ls);
        free(r.titled);
        return rc;
    }
    for (uint32_t i = 0; i < v->count && rc == 0; i++)
        rc = rank_segment(&r, ls, i);
    fihi_top_finish(&r.top);
    if (rc == 0 && ls && (has_best || r.titled_count))
        rc = fihi_rank_best(&r, k);
    fihi_scored_lists_free(ls);
    free(r.titled);
    if (rc != 0) {
        free(r.top.best);
        return rc;
    }
    /* Handed over. The heap may hold fewer than k: then there are no more. */
    out->best = r.top.best;
    out->count = r.top.count;
    out->total = r.total;
    out->is_exact = !r.has_skipped;
    out->has_titles = r.has_titles;
    return FIH_OK;
}
