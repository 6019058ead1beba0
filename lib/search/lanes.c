/* search/lanes.c - the lists of a query's words, with a bound for each of their blocks. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/rank_part.h"

int fihi_lanes_new(struct lanes **out, size_t count, fih_error *err)
{
    struct lanes *ls = calloc(1, sizeof *ls);

    *out = ls;
    if (ls) {
        ls->most = count;
        ls->lanes = calloc(count + 1, sizeof *ls->lanes);
        ls->order = calloc(count + 1, sizeof *ls->order);
    }
    if (ls && ls->lanes && ls->order)
        return FIH_OK;
    fihi_lanes_free(ls);
    *out = NULL;
    return fihi_fail_nomem(err);
}

void fihi_lanes_free(struct lanes *ls)
{
    if (!ls)
        return;
    for (size_t i = 0; ls->lanes && i < ls->most; i++) {
        fihi_scorer_close(&ls->lanes[i].scorer);
        free(ls->lanes[i].bounds);
    }
    free(ls->lanes);
    free(ls->order);
    fihi_phrase_free(&ls->phrase);
    free(ls);
}

/* The bounds of all blocks at once, by the same sum as fihi_scorer_bound(): there a form counts in a block where it
 * occurs. Rounding up by BOUND_MARGIN covers that floats are rounded where that one adds doubles. */
static void bound_blocks(const struct plan *p, struct lane *l)
{
    const struct query_term *const t = l->scorer.term;
    const struct cursor *const c = &l->scorer.postings;
    const uint8_t *const stems = c->bounds, *const roots = stems + c->block_count + 1;
    const uint8_t *const titles = roots + c->block_count + 1, *const forms = titles + c->block_count + 1;
    const float text = p->bound_ratio[NORM_TEXT] / 255, title = p->bound_ratio[NORM_TITLE] / 255;
    const float form_weight = l->scorer.form == NO_FORM ? 0 : t->form_weight;
    const uint8_t bit = form_bit(l->scorer.form);

    for (uint32_t i = 0; i <= c->block_count; i++) {
        const float stem = text * (float)stems[i], root = text * (float)roots[i], in_title = title * (float)titles[i];
        const float own = t->weight + (forms[i] & bit ? form_weight : 0);

        l->bounds[i] = (own * (stem < 1 ? stem : 1) + t->root_weight * (root < 1 ? root : 1) +
                        t->title_weight * (in_title < 1 ? in_title : 1)) * (float)BOUND_MARGIN * (float)BOUND_MARGIN;
    }
}

static int open_lane(struct lanes *ls, struct run *r, const struct query_term *term)
{
    struct lane *const l = &ls->lanes[ls->count];
    const struct cursor *const c = &l->scorer.postings;
    int rc = fihi_scorer_open(&l->scorer, &ls->scene, term, r->err);

    if (rc != 0)
        return rc;
    if (fihi_grow(&l->bounds, &l->bound_cap, c->block_count + 1u, sizeof *l->bounds) != 0)
        return fihi_fail_nomem(r->err);
    if (c->block_count && c->at.df > 1)
        bound_blocks(r->plan, l);
    else
        l->bounds[0] = (float)(fihi_scorer_bound(r->plan, &l->scorer, fihi_cursor_top(c)) * BOUND_MARGIN);
    l->top = 0;
    for (uint32_t i = 0; i <= c->block_count; i++)
        l->top = (double)l->bounds[i] > l->top ? (double)l->bounds[i] : l->top;
    ls->order[ls->count++] = l;
    ls->postings += c->at.df;
    return FIH_OK;
}

int fihi_lanes_open(struct lanes *ls, struct run *r, uint32_t segment, size_t *missing)
{
    const struct plan_node *const root = r->plan->root, *const phrase = fihi_rank_phrase(r->plan);
    const size_t count = phrase ? phrase->term_count : root->count;
    int rc = FIH_OK;

    fihi_scene_begin(&ls->scene, r->plan, segment, &r->deadline);
    ls->count = 0;
    ls->postings = 0;
    *missing = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        rc = open_lane(ls, r, &r->plan->terms[phrase ? phrase->term + i : root->children[i]->term]);
        *missing += rc == FIH_E_NOTFOUND;
        rc = rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    return rc;
}

double fihi_lane_peek(const struct lane *l, uint32_t target, uint32_t *last)
{
    struct list_bounds unused;
    const uint32_t block = fihi_cursor_peek(&l->scorer.postings, target, last, &unused);

    return (double)l->bounds[block];
}

int fihi_lanes_broken(struct lanes *ls, struct run *r)
{
    const struct cursor *c = &ls->lanes[0].scorer.postings;

    for (size_t i = 0; i < ls->count; i++)
        if (ls->lanes[i].scorer.postings.is_broken)
            c = &ls->lanes[i].scorer.postings;
    fihi_scene_broken(&ls->scene, c, "a posting list");
    if (r->err)
        *r->err = ls->scene.error;
    return ls->scene.rc;
}
