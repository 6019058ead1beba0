/* search/scored_lists.c - the lists of a query's words, with a bound for each of their blocks. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/rank_part.h"

int fihi_scored_lists_new(struct scored_lists **out, size_t count, fih_error *err)
{
    struct scored_lists *ls = malloc(sizeof *ls);

    *out = ls;
    if (ls) {
        memset(ls, 0, offsetof(struct scored_lists, sums));
        ls->most = count;
        ls->lists = calloc(count + 1, sizeof *ls->lists);
        ls->order = calloc(count + 1, sizeof *ls->order);
    }
    if (ls && ls->lists && ls->order)
        return FIH_OK;
    fihi_scored_lists_free(ls);
    *out = NULL;
    return fihi_fail_nomem(err);
}

void fihi_scored_lists_free(struct scored_lists *ls)
{
    if (!ls)
        return;
    for (size_t i = 0; ls->lists && i < ls->most; i++) {
        fihi_scorer_close(&ls->lists[i].scorer);
        free(ls->lists[i].bounds);
    }
    free(ls->lists);
    free(ls->order);
    free(ls->blocks);
    free(ls->few);
    fihi_phrase_free(&ls->phrase);
    free(ls);
}

/* The bounds of all blocks at once: fihi_scorer_bound(), in loops without branches. */
static void bound_blocks(struct scored_list *l)
{
    const struct term_scorer *const t = &l->scorer;
    const struct cursor *const c = &t->postings;
    const size_t n = (size_t)c->block_count + 1;
    const uint8_t *const stems = c->bounds + BOUND_STEM * n, *const roots = c->bounds + BOUND_ROOT * n;
    const uint8_t *const titles = c->bounds + BOUND_TITLE * n, *const bests = c->bounds + BOUND_BEST * n;
    const uint8_t *const shares = cursor_shares(c, t->form);

    for (size_t i = 0; i < n; i++)
        l->bounds[i] = bound_sum(t->without, bests[i], stems[i], roots[i], titles[i]);
    for (size_t i = 0; i < n && t->form != NO_FORM; i++) {
        const float share = (float)share_of_two(shares[i], t->form);
        const float with = bound_sum(t->with, bests[i], stems[i], roots[i], titles[i]) + t->share * share;

        l->bounds[i] = share > 0 && with > l->bounds[i] ? with : l->bounds[i];
    }
    for (size_t i = 0; i < n; i++)
        l->bounds[i] *= (float)BOUND_MARGIN * (float)BOUND_MARGIN;
}

static int open_lane(struct scored_lists *ls, struct run *r, const struct query_term *term, size_t word)
{
    struct scored_list *const l = &ls->lists[ls->count];
    const struct cursor *const c = &l->scorer.postings;
    int rc = fihi_scorer_open(&l->scorer, &ls->scene, term, r->err);

    if (rc != 0)
        return rc;
    if (fihi_grow(&l->bounds, &l->bound_cap, c->block_count + 1u, sizeof *l->bounds) != 0)
        return fihi_fail_nomem(r->err);
    if (c->block_count)
        bound_blocks(l);
    else
        l->bounds[0] = (float)(fihi_scorer_bound(&l->scorer, 0) * BOUND_MARGIN);
    l->word = word;
    l->adds = false;
    l->asked = 0;
    l->top = 0;
    for (uint32_t i = 0; i <= c->block_count; i++)
        l->top = (double)l->bounds[i] > l->top ? (double)l->bounds[i] : l->top;
    ls->order[ls->count++] = l;
    ls->postings += c->at.df;
    return FIH_OK;
}

/* A word in its readings: FIH_E_NOTFOUND if none is there. */
static int open_word(struct scored_lists *ls, struct run *r, const struct plan_node *n, size_t word)
{
    const size_t count = n->kind == PLAN_GROUP ? n->count : 1, had = ls->count;

    for (size_t i = 0; i < count; i++) {
        const struct plan_node *const c = n->kind == PLAN_GROUP ? n->children[i] : n;
        const int rc = open_lane(ls, r, &r->plan->terms[c->term], word);

        if (rc != 0 && rc != FIH_E_NOTFOUND)
            return rc;
    }
    for (size_t i = had; i < ls->count; i++)
        ls->lists[i].adds = n->kind == PLAN_GROUP && !n->is_readings;
    return ls->count > had ? FIH_OK : FIH_E_NOTFOUND;
}

/* Lists from number `first` on are one word's: tell each what they are together. */
static void join_word(struct scored_lists *ls, size_t first)
{
    uint64_t df = 0;

    for (size_t i = first; i < ls->count; i++)
        df += ls->lists[i].scorer.postings.at.df;
    for (size_t i = first; i < ls->count; i++) {
        ls->lists[i].word_df = df;
        ls->lists[i].is_alone = ls->count == first + 1;
    }
}

int fihi_scored_lists_open(struct scored_lists *ls, struct run *r, uint32_t segment, size_t *missing)
{
    const struct plan_node *const root = r->plan->plain, *const phrase = fihi_rank_phrase(r->plan);
    const size_t count = phrase ? phrase->term_count : root->count;
    int rc = FIH_OK;

    fihi_scene_begin(&ls->scene, r->plan, segment, &r->deadline);
    ls->count = 0;
    ls->postings = 0;
    *missing = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        const size_t had = ls->count;

        rc = phrase ? open_lane(ls, r, &r->plan->terms[phrase->term + i], i) : open_word(ls, r, root->children[i], i);
        join_word(ls, had);
        *missing += rc == FIH_E_NOTFOUND;
        rc = rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    return rc;
}

/* What the document that a list stands on scores by it. A block of which many documents are asked for is scored as
 * a whole: that costs as much as some ten of them, with their forms and roots. */
static double score_of(struct scored_lists *ls, struct scored_list *l)
{
    enum { SINGLY = 8 };
    struct cursor *const c = &l->scorer.postings;
    struct term_score parts;

    l->asked = l->asked_in == c->block ? l->asked + 1 : 1;
    l->asked_in = c->block;
    if (l->asked > SINGLY && l->scorer.term->root_weight > 0 && fihi_scorer_block(&ls->scene, &l->scorer))
        return (double)l->scorer.scores[c->index];
    return (double)fihi_scorer_score(&ls->scene, &l->scorer, &parts);
}

double fihi_scored_word(struct scored_lists *ls, uint32_t doc, size_t i, size_t end)
{
    double sum = -1;

    for (; i < end; i++) {
        struct scored_list *const l = ls->order[i];

        if (l->scorer.postings.doc > doc || !fihi_scorer_has(&ls->scene, &l->scorer, doc))
            continue;
        const double score = score_of(ls, l);

        if (l->adds && sum > 0)
            sum += score;
        else
            sum = score > sum ? score : sum;
    }
    return sum;
}

double fihi_scored_word_peek(const struct scored_lists *ls, uint32_t doc, size_t i, size_t end)
{
    double most = 0;
    uint32_t last;

    for (; i < end; i++) {
        const struct scored_list *const l = ls->order[i];
        const double bound = l->scorer.postings.doc > doc ? 0 : fihi_scored_list_peek(l, doc, &last);

        most = l->adds ? most + bound : bound > most ? bound : most;
    }
    return most;
}

double fihi_scored_list_peek(const struct scored_list *l, uint32_t target, uint32_t *last)
{
    return (double)l->bounds[fihi_cursor_peek(&l->scorer.postings, target, last)];
}

int fihi_scored_lists_broken(struct scored_lists *ls, struct run *r)
{
    const struct cursor *c = &ls->lists[0].scorer.postings;

    for (size_t i = 0; i < ls->count; i++)
        if (ls->lists[i].scorer.postings.is_broken)
            c = &ls->lists[i].scorer.postings;
    fihi_scene_broken(&ls->scene, c, "a posting list");
    if (r->err)
        *r->err = ls->scene.error;
    return ls->scene.rc;
}
