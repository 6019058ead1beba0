/* search/match.c - a tree of matchers, and its groups: what must, may and must not match. */
#include "search/match.h"

#include <stdlib.h>

#include "base/fail.h"
#include "search/match_part.h"

struct group {
    struct matcher  m;
    struct matcher **must, **should, **not;
    uint32_t         must_count, should_count, not_count;
    uint32_t         least;            /* so many of `should` have to match */
};

struct matcher *fihi_match_make(const struct match_kind *kind, struct scene *s, size_t bytes)
{
    struct matcher *m = calloc(1, bytes);

    if (m) {
        m->kind = kind;
        m->scene = s;
    }
    return m;
}

/* One that is far enough stands still. */
uint32_t fihi_matcher_seek(struct matcher *m, uint32_t target)
{
    if (m->scene->rc != 0)
        return m->doc = NO_DOC;
    if (m->has_sought && m->doc >= target)
        return m->doc;
    m->has_sought = true;
    m->doc = m->kind->seek(m, target);
    if (m->scene->rc != 0)
        m->doc = NO_DOC;
    return m->doc;
}

/* ---- groups */

/* The first document not below `doc` that all of `must` have. The rarest leads. */
static uint32_t seek_all(struct group *g, uint32_t doc)
{
    for (uint32_t i = 0; i < g->must_count && doc != NO_DOC;) {
        const uint32_t other = fihi_matcher_seek(g->must[i], doc);

        i = other == doc || i == 0 ? i + 1 : 0;
        doc = other;
    }
    return doc;
}

static uint32_t seek_any(struct group *g, uint32_t target)
{
    uint32_t doc = NO_DOC;

    for (uint32_t i = 0; i < g->should_count; i++) {
        const uint32_t other = fihi_matcher_seek(g->should[i], target);

        doc = other < doc ? other : doc;
    }
    return doc;
}

static bool is_excluded(struct group *g, uint32_t doc)
{
    for (uint32_t i = 0; i < g->not_count; i++)
        if (fihi_matcher_seek(g->not[i], doc) == doc)
            return true;
    return false;
}

/* Do enough of those that may match, match? */
static bool has_least(struct group *g, uint32_t doc)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < g->should_count && count < g->least; i++)
        count += fihi_matcher_seek(g->should[i], doc) == doc;
    return count >= g->least;
}

static uint32_t seek_group(struct matcher *m, uint32_t target)
{
    struct group *const g = (struct group *)m;

    for (;;) {
        const uint32_t doc = g->must_count ? seek_all(g, target) : seek_any(g, target);

        if (doc == NO_DOC || (!is_excluded(g, doc) && has_least(g, doc)))
            return doc;
        if (fihi_scene_is_over(m->scene))
            return NO_DOC;
        target = doc + 1;
    }
}

static double score_group(struct matcher *m)
{
    struct group *const g = (struct group *)m;
    double sum = 0;

    for (uint32_t i = 0; i < g->must_count; i++)
        sum += g->must[i]->kind->score(g->must[i]);
    for (uint32_t i = 0; i < g->should_count; i++)
        if (fihi_matcher_seek(g->should[i], m->doc) == m->doc)
            sum += g->should[i]->kind->score(g->should[i]);
    return sum;
}

/* The best writing of a document, and what it scores. */
static uint32_t best_of(struct group *g, double *best)
{
    uint32_t at = 0;

    *best = -1;
    for (uint32_t i = 0; i < g->should_count; i++)
        if (fihi_matcher_seek(g->should[i], g->m.doc) == g->m.doc) {
            const double score = g->should[i]->kind->score(g->should[i]);

            if (score > *best) {
                *best = score;
                at = i;
            }
        }
    return at;
}

static double score_best(struct matcher *m)
{
    double best;

    best_of((struct group *)m, &best);
    return best;
}

static double bound_best(struct matcher *m, uint32_t target, uint32_t *until)
{
    (void)target;
    (void)until;
    return m->top;
}

static void tell_best(struct matcher *m, const struct match_teller *t)
{
    struct group *const g = (struct group *)m;
    double best;
    struct matcher *const told = g->should[best_of(g, &best)];

    told->kind->tell(told, t);
}

/* What may match is bounded by its whole, for it may stand behind the target already. */
static double bound_group(struct matcher *m, uint32_t target, uint32_t *until)
{
    struct group *const g = (struct group *)m;
    double sum = 0;

    for (uint32_t i = 0; i < g->must_count; i++)
        sum += g->must[i]->kind->bound(g->must[i], target, until);
    for (uint32_t i = 0; i < g->should_count; i++)
        sum += g->should[i]->top;
    return sum;
}

static void tell_group(struct matcher *m, const struct match_teller *t)
{
    struct group *const g = (struct group *)m;

    for (uint32_t i = 0; i < g->must_count; i++)
        g->must[i]->kind->tell(g->must[i], t);
    for (uint32_t i = 0; i < g->should_count; i++)
        if (fihi_matcher_seek(g->should[i], m->doc) == m->doc)
            g->should[i]->kind->tell(g->should[i], t);
}

static void free_tree(struct matcher *m)
{
    if (m)
        m->kind->free(m);
}

static void free_group(struct matcher *m)
{
    struct group *const g = (struct group *)m;

    for (uint32_t i = 0; i < g->must_count; i++)
        free_tree(g->must[i]);
    for (uint32_t i = 0; i < g->should_count; i++)
        free_tree(g->should[i]);
    for (uint32_t i = 0; i < g->not_count; i++)
        free_tree(g->not[i]);
    free(g->must);
    free(g->should);
    free(g->not);
    free(g);
}

static const struct match_kind group_kind = {seek_group, score_group, bound_group, tell_group, free_group};
static const struct match_kind best_kind = {seek_group, score_best, bound_best, tell_best, free_group};

static int make(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err);

static bool best_counts(const struct plan_node *n)
{
    return n->is_best || n->is_readings;
}

/* The rarest leads; the order of what is required changes nothing else. */
static void settle_costs(struct group *g)
{
    for (uint32_t i = 1; i < g->must_count; i++)
        for (uint32_t k = i; k > 0 && g->must[k]->cost < g->must[k - 1]->cost; k--) {
            struct matcher *const swap = g->must[k];

            g->must[k] = g->must[k - 1];
            g->must[k - 1] = swap;
        }
    if (g->must_count)
        g->m.cost = g->must[0]->cost;
    for (uint32_t i = 0; i < g->should_count && !g->must_count; i++)
        g->m.cost =
            g->should[i]->cost < UINT32_MAX - g->m.cost ? g->m.cost + g->should[i]->cost : UINT32_MAX;
}

static int make_children(struct group *g, const struct plan_node *n, bool *is_hopeless, fih_error *err)
{
    for (size_t i = 0; i < n->count && !*is_hopeless; i++) {
        const enum occur occur = n->children[i]->occur;
        struct matcher *c;
        const int rc = make(&c, g->m.scene, n->children[i], err);

        if (rc != 0)
            return rc;
        if (!c)
            *is_hopeless = occur == OCCUR_MUST;
        else if (occur == OCCUR_MUST)
            g->must[g->must_count++] = c;
        else if (occur == OCCUR_SHOULD)
            g->should[g->should_count++] = c;
        else
            g->not[g->not_count++] = c;
        if (c && occur != OCCUR_NOT)
            g->m.top = !best_counts(n) ? g->m.top + c->top : c->top > g->m.top ? c->top : g->m.top;
    }
    return FIH_OK;
}

/* A group of one matcher is that one. */
static struct matcher *only_child(struct group *g)
{
    struct matcher *child;

    if (g->must_count + g->should_count != 1 || g->not_count > 0)
        return &g->m;
    child = g->must_count ? g->must[0] : g->should[0];
    g->must_count = g->should_count = 0;
    free_group(&g->m);
    return child;
}

static int match_group(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err)
{
    struct group *g = (struct group *)fihi_match_make(best_counts(n) ? &best_kind : &group_kind, s, sizeof *g);
    bool is_hopeless = false;
    int rc;

    if (!g || !(g->must = calloc(n->count + 1, sizeof *g->must)) ||
        !(g->should = calloc(n->count + 1, sizeof *g->should)) || !(g->not = calloc(n->count + 1, sizeof *g->not)))
        rc = fihi_fail_nomem(err);
    else
        rc = make_children(g, n, &is_hopeless, err);
    if (rc == 0 && !is_hopeless && g->must_count + g->should_count > 0 && g->should_count >= n->least) {
        g->least = n->least;
        settle_costs(g);
        *out = only_child(g);
    } else if (g) {
        free_group(&g->m);
    }
    return rc;
}

/* ---- the tree */

static int make(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err)
{
    *out = NULL;
    switch (n->kind) {
    case PLAN_TERM:
        return fihi_match_term(out, s, n, err);
    case PLAN_PHRASE:
        return fihi_match_phrase(out, s, n, err);
    case PLAN_VALUES:
        return fihi_match_values(out, s, n, err);
    case PLAN_ALL:
        return fihi_match_all(out, s, err);
    case PLAN_SET:
        return fihi_match_set(out, s, n, err);
    default:
        return match_group(out, s, n, err);
    }
}

int fihi_matcher_new(struct matcher **out, const struct plan *plan, const struct plan_node *node, uint32_t segment,
                     struct deadline *deadline, fih_error *err)
{
    struct scene *s = malloc(sizeof *s);
    int rc;

    *out = NULL;
    if (!s)
        return fihi_fail_nomem(err);
    fihi_scene_begin(s, plan, segment, deadline);
    rc = make(out, s, node, err);
    if (!*out)
        free(s);
    return rc;
}

void fihi_matcher_free(struct matcher *m)
{
    if (!m)
        return;
    free(m->scene);
    free_tree(m);
}

int fihi_matcher_status(struct matcher *m, fih_error *err)
{
    if (m->scene->rc != 0 && err)
        *err = m->scene->error;
    return m->scene->rc;
}

double fihi_matcher_score(struct matcher *m)
{
    return m->kind->score(m);
}

double fihi_matcher_top(const struct matcher *m)
{
    return m->top;
}

double fihi_matcher_bound(struct matcher *m, uint32_t target, uint32_t *until)
{
    return m->kind->bound(m, target, until);
}

void fihi_matcher_tell(struct matcher *m, const struct match_teller *t)
{
    m->kind->tell(m, t);
}
