/* search/rescore.c - roots and nearness for a hundred documents. */
#include "search/rescore.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/fail.h"
#include "search/match.h"

struct word {
    const struct leaf *leaf;
    struct cursor      main, root;
    bool                has_main, has_root;
    bool                is_repeat;      /* the same stem as a word before */
    double             root_score;     /* in the last document */
    const uint32_t    *positions;
    uint32_t           count;
};

struct rescorer {
    const struct plan *plan;
    struct segment    *segment;
    struct word       *words;
    size_t             count, cap;
    struct norms       norms;
};

static int open_list(struct cursor *c, struct segment *s, const uint8_t *key, size_t bytes, bool *is_there,
                     fih_error *err)
{
    struct dict_entry e;
    struct list_place at;
    int rc = fihi_segment_find(s, key, bytes, &e, err);

    if (rc == FIH_E_NOTFOUND)
        return FIH_OK;
    if (rc != 0 || (rc = fihi_segment_list(s, &e, &at, err)) != 0)
        return rc;
    if (fihi_cursor_open(c, &at) != 0)
        return fihi_segment_broken(s, "a posting list", err);
    *is_there = true;
    return FIH_OK;
}

static bool is_same_stem(const struct leaf *a, const struct leaf *b)
{
    return a->key_bytes == b->key_bytes && memcmp(a->key, b->key, a->key_bytes) == 0;
}

/* A word without a root of its own is its own root: numbers, Latin words. */
static int open_word(struct rescorer *r, const struct leaf *l, fih_error *err)
{
    struct word *w;
    int rc;

    if (fihi_grow(&r->words, &r->cap, r->count + 1, sizeof *r->words) != 0)
        return fihi_fail_nomem(err);
    w = &r->words[r->count];
    memset(w, 0, sizeof *w);
    w->leaf = l;
    for (size_t i = 0; i < r->count; i++)
        w->is_repeat |= is_same_stem(r->words[i].leaf, l);
    r->count++;
    rc = open_list(&w->main, r->segment, l->key, l->key_bytes, &w->has_main, err);
    if (rc == 0 && l->root.weight > 0)
        rc = open_list(&w->root, r->segment, l->root.key_bytes ? l->root.key : l->key,
                       l->root.key_bytes ? l->root.key_bytes : l->key_bytes, &w->has_root, err);
    return rc;
}

static int open_words(struct rescorer *r, const struct plan_node *n, fih_error *err)
{
    int rc = FIH_OK;

    for (size_t i = 0; i < n->count && rc == 0; i++) {
        const struct plan_node *c = n->children[i];

        if (c->occur == OCCUR_NOT)
            continue;
        if (c->kind == PLAN_GROUP)
            rc = open_words(r, c, err);
        else if (c->kind == PLAN_LEAF && r->plan->leaves[c->leaf].scope == SCOPE_ANY)
            rc = open_word(r, &r->plan->leaves[c->leaf], err);
    }
    return rc;
}

int fihi_rescorer_new(struct rescorer **out, const struct plan *plan, struct segment *s, fih_error *err)
{
    struct rescorer *r;
    int rc;

    *out = NULL;
    if (!plan->has_second_pass)
        return FIH_OK;
    if (!(r = calloc(1, sizeof *r)))
        return fihi_fail_nomem(err);
    r->plan = plan;
    r->segment = s;
    r->norms = (struct norms){s, NULL, UINT32_MAX, CHANNEL_TEXT};
    if ((rc = open_words(r, plan->root, err)) == 0 && r->count > 0) {
        *out = r;
        return FIH_OK;
    }
    fihi_rescorer_free(r);
    return rc;
}

void fihi_rescorer_free(struct rescorer *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->count; i++) {
        fihi_cursor_close(&r->words[i].main);
        fihi_cursor_close(&r->words[i].root);
    }
    free(r->words);
    free(r);
}

static int add_root(struct rescorer *r, struct word *w, uint32_t doc, fih_error *err)
{
    int rc = FIH_OK;

    w->root_score = 0;
    if (!w->has_root)
        return FIH_OK;
    if (fihi_cursor_seek(&w->root, doc) == doc) {
        const uint32_t freq = fihi_cursor_freq(&w->root), len = fihi_norms_get(&r->norms, doc, &rc, err);

        w->root_score = (double)(w->leaf->root.weight * plan_saturation(r->plan, CHANNEL_TEXT, freq, len));
    }
    return w->root.is_broken ? fihi_segment_broken(r->segment, "a posting list", err) : rc;
}

static int find_positions(struct rescorer *r, struct word *w, uint32_t doc, fih_error *err)
{
    w->count = 0;
    if (!w->has_main)
        return FIH_OK;
    if (fihi_cursor_seek(&w->main, doc) == doc && !(w->positions = fihi_cursor_positions(&w->main, &w->count)))
        return w->main.no_memory ? fihi_fail_nomem(err) : fihi_segment_broken(r->segment, "positions", err);
    return w->main.is_broken ? fihi_segment_broken(r->segment, "a posting list", err) : FIH_OK;
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
    const float x = a->leaf->lw * a->leaf->idf, y = b->leaf->lw * b->leaf->idf;
    const uint32_t apart = nearest(a, b);

    return apart > RESCORE_REACH ? 0 : (double)(p->proximity * (x < y ? x : y) / (float)apart);
}

static int add_proximity(struct rescorer *r, uint32_t doc, double *sum, fih_error *err)
{
    struct word *near[RESCORE_WORDS];
    size_t n = 0;

    for (size_t i = 0; i < r->count && n < RESCORE_WORDS; i++) {
        struct word *w = &r->words[i];
        const int rc = w->is_repeat ? FIH_OK : find_positions(r, w, doc, err);

        if (rc != 0)
            return rc;
        if (!w->is_repeat)
            near[n++] = w;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            *sum += pair_score(r->plan, near[k], near[i]);
    return FIH_OK;
}

int fihi_rescorer_add(struct rescorer *r, uint32_t doc, struct rescored *out, fih_error *err)
{
    int rc = FIH_OK;

    *out = (struct rescored){0, 0};
    for (size_t i = 0; i < r->count && rc == 0; i++) {
        rc = add_root(r, &r->words[i], doc, err);
        out->roots += r->words[i].root_score;
    }
    if (rc == 0 && r->plan->proximity > 0 && r->count > 1)
        rc = add_proximity(r, doc, &out->proximity, err);
    return rc;
}

double fihi_rescorer_root(const struct rescorer *r, const struct leaf *l)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->words[i].leaf == l)
            return r->words[i].root_score;
    return 0;
}

static int by_doc(const void *x, const void *y)
{
    const struct scored *a = x, *b = y;

    return (a->doc > b->doc) - (a->doc < b->doc);
}

/* best[0…n) ascend by document. */
static int rescore(struct scored *best, size_t n, const struct plan *plan, const struct view *v, fih_error *err)
{
    int rc = FIH_OK;

    for (uint32_t i = 0; i < v->count && n > 0 && rc == 0; i++) {
        struct rescorer *r = NULL;
        struct rescored more;

        if (best->doc < v->bases[i + 1])
            rc = fihi_rescorer_new(&r, plan, v->segments[i], err);
        for (; n > 0 && rc == 0 && best->doc < v->bases[i + 1]; best++, n--)
            if (r && (rc = fihi_rescorer_add(r, best->doc - v->bases[i], &more, err)) == 0)
                best->score = (float)((double)best->score + more.roots + more.proximity);
        fihi_rescorer_free(r);
    }
    return rc;
}

int fihi_rank_all(struct ranking *out, const struct plan *plan, const struct view *v, uint32_t k,
                  const struct scored *after, const fih_search_opts *opts, fih_error *err)
{
    const bool has_second_pass = plan->has_second_pass && opts->sort == FIH_SORT_SCORE && !after;
    const uint32_t depth = has_second_pass && k < RESCORE_DEPTH ? RESCORE_DEPTH : k;
    int rc = fihi_rank(out, plan, v, depth, after, opts, err);

    if (rc != 0)
        return rc;
    if (!has_second_pass || out->count > RESCORE_DEPTH)
        fihi_ranking_sort(out->best, out->count, out->count);
    if (!has_second_pass)
        return FIH_OK;
    const size_t n = out->count < RESCORE_DEPTH ? out->count : RESCORE_DEPTH;
    if (n > 0)
        qsort(out->best, n, sizeof *out->best, by_doc);
    if ((rc = rescore(out->best, n, plan, v, err)) != 0) {
        fihi_ranking_free(out);
        return rc;
    }
    fihi_ranking_sort(out->best, n, k < n ? k : n);
    if (out->count > k)
        out->count = k;
    return FIH_OK;
}
