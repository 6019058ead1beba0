/* search/rescore.c - the second pass: which documents get it, and nearness. rescore_root.c has the roots. */
#include "search/rescore.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/fail.h"
#include "search/scorer.h"

struct word {
    struct term_scorer scorer;
    const uint32_t    *positions;
    uint32_t           count;
};

struct near_scorer {
    struct scene scene;
    struct word  words[RESCORE_WORDS];
    size_t       count;
};

/* A word asked for again is the same word. */
static bool is_repeat(const struct near_scorer *r, const struct query_term *t)
{
    for (size_t i = 0; i < r->count; i++)
        if (is_same_key(&r->words[i].scorer.term->key, &t->key))
            return true;
    return false;
}

/* The words that the query has for certain, or may have. One that is not in the segment is near nothing. */
static int open_words(struct near_scorer *r, size_t *seen, const struct plan_node *n, fih_error *err)
{
    const struct plan *const plan = r->scene.plan;
    int rc = FIH_OK;

    for (size_t i = 0; i < n->count && rc == 0 && *seen < RESCORE_WORDS; i++) {
        const struct plan_node *c = n->children[i];
        const struct query_term *const t = &plan->terms[c->term];

        if (c->occur == OCCUR_NOT)
            continue;
        if (c->kind == PLAN_GROUP)
            rc = open_words(r, seen, c, err);
        if (!fihi_plan_is_word(plan, c) || is_repeat(r, t))
            continue;
        ++*seen;
        rc = fihi_scorer_open(&r->words[r->count].scorer, &r->scene, t, err);
        r->count += rc == FIH_OK;
        rc = rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    return rc;
}

int fihi_near_scorer_new(struct near_scorer **out, const struct plan *plan, uint32_t segment, fih_error *err)
{
    struct near_scorer *r;
    size_t seen = 0;
    int rc;

    *out = NULL;
    if (!plan->has_nearness)
        return FIH_OK;
    if (!(r = calloc(1, sizeof *r)))
        return fihi_fail_nomem(err);
    fihi_scene_begin(&r->scene, plan, segment, NULL);
    rc = open_words(r, &seen, plan->root, err);
    if (rc == 0 && r->count > 1)
        *out = r;
    else
        fihi_near_scorer_free(r);
    return rc;
}

void fihi_near_scorer_free(struct near_scorer *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < RESCORE_WORDS; i++)
        fihi_scorer_close(&r->words[i].scorer);
    free(r);
}

static int find_positions(struct near_scorer *r, struct word *w, uint32_t doc, fih_error *err)
{
    struct cursor *const c = &w->scorer.postings;

    w->count = 0;
    if (fihi_cursor_seek(c, doc) == doc && !(w->positions = fihi_cursor_positions(c, &w->count)))
        return c->no_memory ? fihi_fail_nomem(err) : fihi_segment_broken(r->scene.segment, "positions", err);
    return c->is_broken ? fihi_segment_list_broken(r->scene.segment, c, err) : FIH_OK;
}

static uint32_t lesser(uint32_t best, uint32_t from, uint32_t to)
{
    return to - from < best ? to - from : best;
}

/* The smallest distance of two words, or RESCORE_REACH + 1. At one position they are readings of one word: that is
 * none. */
static uint32_t nearest(const struct word *a, const struct word *b)
{
    uint32_t best = RESCORE_REACH + 1;

    for (uint32_t i = 0, k = 0; i < a->count && k < b->count && best > 1;) {
        const uint32_t x = a->positions[i], y = b->positions[k];

        if (x < y) {
            best = lesser(best, x, y);
            i++;
        } else if (y < x) {
            best = lesser(best, y, x);
            k++;
        } else {
            if (++i < a->count)
                best = lesser(best, y, a->positions[i]);
            if (++k < b->count)
                best = lesser(best, x, b->positions[k]);
        }
    }
    return best;
}

static double pair_score(const struct plan *p, const struct word *a, const struct word *b)
{
    const struct query_term *const t = a->scorer.term, *const u = b->scorer.term;
    const float x = t->letters_weight * t->idf, y = u->letters_weight * u->idf;
    const uint32_t apart = nearest(a, b);

    return apart > RESCORE_REACH ? 0 : (double)(p->proximity * (x < y ? x : y) / (float)apart);
}

int fihi_near_scorer_add(struct near_scorer *r, uint32_t doc, double *nearness, fih_error *err)
{
    *nearness = 0;
    for (size_t i = 0; i < r->count; i++) {
        const int rc = find_positions(r, &r->words[i], doc, err);

        if (rc != 0)
            return rc;
        for (size_t k = 0; k < i && r->words[i].count; k++)
            if (r->words[k].count)
                *nearness += pair_score(r->scene.plan, &r->words[k], &r->words[i]);
    }
    return FIH_OK;
}

static int by_doc(const void *x, const void *y)
{
    const struct scored *a = x, *b = y;

    return (a->doc > b->doc) - (a->doc < b->doc);
}

/* best[0…n) ascend by document. */
static int add_nearness(struct scored *best, size_t n, const struct plan *plan, fih_error *err)
{
    const struct view *const v = plan->view;
    int rc = FIH_OK;

    for (uint32_t i = 0; i < v->count && n > 0 && rc == 0; i++) {
        struct near_scorer *r = NULL;
        double nearness;

        if (best->doc < v->bases[i + 1])
            rc = fihi_near_scorer_new(&r, plan, i, err);
        for (; n > 0 && rc == 0 && best->doc < v->bases[i + 1]; best++, n--)
            if (r && (rc = fihi_near_scorer_add(r, best->doc - v->bases[i], &nearness, err)) == 0)
                best->score = (float)((double)best->score + nearness);
        fihi_near_scorer_free(r);
    }
    return rc;
}

/* Of `count` documents the best `depth` to the front, by document; how many they are. */
static size_t take_best(struct scored *best, size_t count, size_t depth)
{
    const size_t n = count < depth ? count : depth;

    fihi_ranking_sort(best, count, n);
    if (n > 1)
        qsort(best, n, sizeof *best, by_doc);
    return n;
}

static bool has_doc(const struct scored *best, size_t n, uint32_t doc)
{
    for (size_t i = 0; i < n; i++)
        if (best[i].doc == doc)
            return true;
    return false;
}

/* `of` (or NULL) is the document that is asked about. */
static int second_pass(struct ranking *out, const struct plan *plan, uint32_t doc, struct rescored *of, fih_error *err)
{
    size_t n = out->count;
    int rc = FIH_OK;

    if (plan->has_lost_roots) {
        n = take_best(out->best, n, ROOT_DEPTH);
        if (of)
            of->has_roots = has_doc(out->best, n, doc);
        rc = fihi_rescore_roots(out->best, n, plan, NULL, err);
    }
    if (rc == 0 && plan->has_nearness) {
        n = take_best(out->best, n, NEAR_DEPTH);
        if (of)
            of->has_nearness = has_doc(out->best, n, doc);
        else
            rc = add_nearness(out->best, n, plan, err);
    }
    return rc;
}

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
    rc = second_pass(&best, plan, doc, out, err);
    fihi_ranking_free(&best);
    return rc;
}

/* What a document can score at most, with its roots, that lacks one of the words: of words whose readings, or other
 * stems of their spelling, are all that there is to find. */
static double lost_most(const struct plan *p)
{
    double sum = 0, most = 0;

    for (size_t i = 0; i < p->root->count; i++) {
        const struct plan_node *const c = p->root->children[i];
        const struct query_term *const t = &p->terms[c->term];

        if (c->kind != PLAN_TERM || c->occur != OCCUR_SHOULD || t->scope != SCOPE_ANY)
            return INFINITY;
        sum += (double)t->weight + (double)t->form_weight + (double)t->root_weight + (double)t->title_weight;
    }
    for (size_t i = 0; i < p->root->count; i++) {
        const struct query_term *const t = &p->terms[p->root->children[i]->term];
        const double all = (double)t->weight + (double)t->form_weight + (double)t->title_weight;

        most = t->root.count && !t->is_form_only && sum - all > most ? sum - all : most;
    }
    return most;
}

/* The k best alone, if no document that lacks a word could be among them, whatever its roots: out->best stays NULL if
 * one could. */
static int rank_settled(struct ranking *out, const struct plan *plan, uint32_t k, const fih_search_opts *opts,
                        fih_error *err)
{
    const double most = lost_most(plan) * BOUND_MARGIN;
    bool is_settled;
    int rc;

    if (!(most < INFINITY))
        return FIH_OK;
    if ((rc = fihi_rank(out, plan, k, NULL, opts, err)) != 0)
        return rc;
    is_settled = out->count == k;
    for (size_t i = 0; i < out->count && is_settled; i++)
        is_settled = (double)out->best[i].score > most;
    if (!is_settled)
        fihi_ranking_free(out);
    return FIH_OK;
}

int fihi_rank_all(struct ranking *out, const struct plan *plan, uint32_t k, const struct scored *after,
                  const fih_search_opts *opts, fih_error *err)
{
    const uint32_t depth = opts->sort == FIH_SORT_SCORE && !after ? rescore_depth(plan) : 0;
    int rc;

    memset(out, 0, sizeof *out);
    if (k > 0 && k < depth && !plan->has_nearness && !opts->exhaustive) {
        if ((rc = rank_settled(out, plan, k, opts, err)) != 0)
            return rc;
        if (out->best) {
            fihi_ranking_sort(out->best, out->count, out->count);
            return FIH_OK;
        }
    }
    rc = fihi_rank(out, plan, k > depth ? k : depth, after, opts, err);
    if (rc == 0 && depth > 0 && (rc = second_pass(out, plan, 0, NULL, err)) != 0)
        fihi_ranking_free(out);
    if (rc != 0)
        return rc;
    /* What the second pass adds is never negative: its documents stay before all others. */
    fihi_ranking_sort(out->best, out->count, k < out->count ? k : out->count);
    if (out->count > k)
        out->count = k;
    return FIH_OK;
}
