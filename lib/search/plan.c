/* search/plan.c - the plan as a whole: in what order it is made, and how it ends.
 *
 * Example: علاج السكري -أطفال date:2019. Two words become terms, each with its readings, looked up in all segments and
 * weighed; the third an excluded term; the date a filter, which is taken out of the tree and asked of documents that
 * could enter (plan_filter.c). Order matters in fihi_plan_new(): other writings change the query's tree before its
 * words are read; weights need document frequencies; filters are taken out when all groups are made; `plain` is a copy
 * of what is left.
 */
#include "search/plan.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/fail.h"
#include "search/compound.h"
#include "search/plan_part.h"
#include "search/sieve.h"

/* Also of one that was made in part, for all began as zeros. Trees have nodes of their own, and are freed each; terms
 * and sets are shared by number, and freed once. */
void fihi_plan_free(struct plan *p)
{
    if (!p)
        return;
    for (uint32_t i = 0; p->sieves && i < p->view->count; i++)
        fihi_sieve_free(p->sieves[i]);
    free(p->sieves);
    fihi_plan_node_free(p->filter);
    if (p->plain != p->root)
        fihi_plan_node_free(p->plain);
    fihi_plan_node_free(p->root);
    for (size_t i = 0; i < p->set_count; i++) {
        fihi_word_set_free(p->sets[i].words);
        free(p->sets[i].text);
        free(p->sets[i].expression);
    }
    free(p->sets);
    free(p->title_words);
    for (size_t i = 0; i < p->term_count; i++)
        fihi_term_free(&p->terms[i]);
    free(p->terms);
    fihi_buf_free(&p->passed);
    free(p);
}

/* Stored impacts are saturations at other k1, b and mean lengths. Two saturations of one frequency are in a ratio
 * between the two ratios of the addends of their denominators (the mediant inequality): the larger bounds what a
 * search's can exceed the stored one by, the smaller what it falls short by. Example: stored with K = 0.45 + 0.45 len /
 * 100, searched with 0.6 + 0.3 len / 150: r1 = 0.75, r2 = 2.25. Whatever the length, a search's saturation is at most
 * 2.25 times the stored one and at least 0.75 times. With b 0 or 1 an addend of the search is 0, and its ratio
 * infinite, which would bound nothing: scorer.c then takes 255, for the least share that is stored is 1 / 255, and no
 * saturation is above 1. Segments were written with mean lengths of their own, so the worst of them counts. */
static void set_ratios(struct plan *p, const struct view *v)
{
    p->floor_ratio = 1;
    for (unsigned f = 0; f < NORM_COUNT; f++) {
        p->bound_ratio[f] = 1;
        for (uint32_t i = 0; i < v->count; i++) {
            const float avg = v->segments[i]->stats.avg[f] > 0 ? v->segments[i]->stats.avg[f] : 1;
            const float fixed = p->fixed, slope = p->slope[f];
            const float r1 = fixed > 0 ? IMPACT_K1 * (1 - IMPACT_B) / fixed : INFINITY;
            const float r2 = slope > 0 ? IMPACT_K1 * IMPACT_B / avg / slope : INFINITY;
            const float most = r1 > r2 ? r1 : r2, least = r1 < r2 ? r1 : r2;

            p->bound_ratio[f] = most > p->bound_ratio[f] ? most : p->bound_ratio[f];
            if (least < p->floor_ratio)
                p->floor_ratio = least;
        }
    }
}

/* The query is only read: the tree with other writings is a copy that ends here. On an error all of the plan is freed,
 * whatever part of it there is, and *out is NULL. */
int fihi_plan_new(struct plan **out, const struct view *v, struct analyzer *a, const struct fih_query *q,
                  const fih_search_opts *opts, fih_error *err)
{
    struct plan *plan = calloc(1, sizeof *plan);
    struct planner p = {.plan = plan,
                        .view = v,
                        .analyzer = a,
                        .opts = opts,
                        .err = err,
                        .boost = q->root->boost,
                        .deadline = fihi_deadline(opts)};
    struct fih_query *written = NULL;
    int rc;

    *out = NULL;
    if (!plan || !(plan->root = calloc(1, sizeof *plan->root))) {
        fihi_plan_free(plan);
        return fihi_fail_nomem(err);
    }
    plan->root->kind = PLAN_GROUP;
    plan->view = v;
    /* One more than there are segments, so that it is never of 0 bytes: that may be NULL. */
    if (!(plan->sieves = calloc(v->count + (size_t)1, sizeof *plan->sieves))) {
        fihi_plan_free(plan);
        return fihi_fail_nomem(err);
    }
    plan->proximity = opts->proximity * opts->body_weight;
    plan->k1 = opts->k1;
    plan->b = opts->b;
    plan->fixed = plan->k1 * (1 - plan->b);
    /* Once for a plan, so that a saturation costs one product and one quotient. Example: k1 = 1.2, b = 0.5 and a mean
     * of 300 words give fixed = 0.6 and slope = 0.002; a text of 300 words has K = 1.2, one of 600 words 1.8. Where no
     * document has the field there is no mean; 1 is what the writer takes, too (impact.c). */
    for (unsigned f = 0; f < NORM_COUNT; f++) {
        plan->avg[f] = fihi_view_average(v, f);
        if (!(plan->avg[f] > 0))
            plan->avg[f] = 1;
        plan->slope[f] = plan->k1 * plan->b / plan->avg[f];
    }
    if ((rc = fihi_filter_dates(plan, opts, err)) == 0)
        rc = fihi_compounds_expand(&written, q, opts->min_match <= 1, v, a, err);
    /* NULL where the index has nothing to add: then the query is planned as it was made. */
    const struct node *const root = written ? written->root : q->root;
    p.may_be_title = rc == 0 && fihi_plan_may_be_title(&p, root);
    if (rc == 0 && (rc = fihi_asked_add(&p.asked, a, root, err)) == 0)
        rc = fihi_plan_group(&p, plan->root, root);
    fihi_asked_free(&p.asked);
    fihi_query_free(written);
    if (rc == 0)
        /* Weights of words may have changed until now, by other writings. */
        rc = fihi_plan_make_titles(&p);
    if (rc == 0)
        plan->asks_one_thing = fihi_plan_asks_one_thing(plan, plan->root);
    /* From here on the root may be another node: filters leave it, and what they had wrapped takes its place. */
    if (rc == 0 && (rc = fihi_filter_root(&p)) == 0)
        rc = fihi_plan_make_plain(plan, err);
    /* By another writing a document may match without the word: these are two things to ask for. */
    plan->asks_one_thing &= plan->plain == plan->root;
    plan->has_passed = fihi_plan_has_passed(plan);
    if (rc == 0)
        plan->has_places = plan->proximity > 0 && fihi_plan_counts_places(plan, plan->plain);
    if (rc == 0)
        plan->has_lost_roots = opts->root_weight > 0 && fihi_plan_can_lack_root(plan, plan->plain, true);
    /* Also on an error, which costs nothing; the plan is freed below. */
    set_ratios(plan, v);
    /* A document's number in its segment, for that is what is compared. */
    if (rc == 0 && q->has_except) {
        struct segment *s;

        if ((rc = fihi_view_locate(v, q->except, &s, &plan->except, err)) == 0)
            plan->except_in = s;
    }
    if (rc == 0)
        *out = plan;
    else
        fihi_plan_free(plan);
    return rc;
}
