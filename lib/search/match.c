/* search/match.c - a tree of matchers, and its groups: what must, may and must not match.
 *
 * This is the plain definition that everything faster is held to: it walks documents one after the other, and a score
 * is asked for where it stands. A matcher is an iterator with four questions (match_part.h): the next document from a
 * target on, its score, a bound, and what makes it up. A node of the plan that the segment cannot match has no matcher
 * at all (NULL), so that rare words cut whole branches away before anything is read.
 *
 * Contract of all kinds: targets do not go down; doc is NO_DOC at the end, and after an error, which the scene
 * remembers (fihi_matcher_status()); score and tell are asked of the document that the last seek gave. All matchers of
 * a tree share one scene, which the root owns.
 *
 * Children of a group stand on documents of their own. Whether a `should` has the group's document is only known by
 * seeking it there, which score and tell do: so they move the children, never the group.
 */
#include "search/match.h"

#include <stdlib.h>

#include "base/fail.h"
#include "search/match_part.h"

/* The arrays have room for all children of the plan's node, so that no child can be one too many. */
struct group {
    struct matcher  m;
    struct matcher **must, **should, **not; /* owned; of `must` the rarest first */
    uint32_t         must_count, should_count, not_count;
    uint32_t         least;            /* so many of `should` have to match */
};

/* Every kind's struct begins with a struct matcher, so that one calloc makes both. Nothing below it needs more than
 * zeros. */
struct matcher *fihi_match_make(const struct match_kind *kind, struct scene *s, size_t bytes)
{
    struct matcher *m = calloc(1, bytes);

    if (m) {
        m->kind = kind;
        m->scene = s;
    }
    return m;
}

/* One that is far enough stands still. So the caller need not remember where each child stands. has_sought, because doc
 * is 0 at first, which is a document. */
uint32_t fihi_matcher_seek(struct matcher *m, uint32_t target)
{
    if (m->scene->rc != 0)
        return m->doc = NO_DOC;
    if (m->has_sought && m->doc >= target)
        return m->doc;
    m->has_sought = true;
    m->doc = m->kind->seek(m, target);
    if (m->scene->rc != 0)
        /* The kind's own answer does not count after an error. */
        m->doc = NO_DOC;
    return m->doc;
}

/* ---- groups */

/* The first document not below `doc` that all of `must` have. The rarest leads. Leapfrog: i matchers stand on doc. One
 * that stands further on makes that the new target, and the first is asked again. Only for the first, which gives the
 * target, is that no reason to begin anew. */
static uint32_t seek_all(struct group *g, uint32_t doc)
{
    for (uint32_t i = 0; i < g->must_count && doc != NO_DOC;) {
        const uint32_t other = fihi_matcher_seek(g->must[i], doc);

        /* The first gives the target, whatever it was before. */
        i = other == doc || i == 0 ? i + 1 : 0;
        doc = other;
    }
    return doc;
}

/* The least of where the children stand: each is sought, so the cost is that of all their lists together. No heap of
 * children: a group has few of them, and a comparison of each is less than to keep a heap in order. Plain words of
 * which any is enough are mostly ranked in another way (rank_any.c). */
static uint32_t seek_any(struct group *g, uint32_t target)
{
    uint32_t doc = NO_DOC;

    for (uint32_t i = 0; i < g->should_count; i++) {
        const uint32_t other = fihi_matcher_seek(g->should[i], target);

        doc = other < doc ? other : doc;
    }
    return doc;
}

/* What is excluded is only looked up for documents that would match otherwise. */
static bool is_excluded(struct group *g, uint32_t doc)
{
    for (uint32_t i = 0; i < g->not_count; i++)
        if (fihi_matcher_seek(g->not[i], doc) == doc)
            return true;
    return false;
}

/* Do enough of those that may match, match? Beside `must` least is mostly 0, and then nothing is sought here. Without
 * it least may be 0 too: seek_any() has found one. */
static bool has_least(struct group *g, uint32_t doc)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < g->should_count && count < g->least; i++)
        count += fihi_matcher_seek(g->should[i], doc) == doc;
    return count >= g->least;
}

/* A long way without a match looks at the clock: a word with one excluded that nearly all of its documents have, or two
 * frequent words that hardly meet. */
static uint32_t seek_group(struct matcher *m, uint32_t target)
{
    struct group *const g = (struct group *)m;

    for (;;) {
        /* Who leads: what must be there, or else whatever may be. */
        const uint32_t doc = g->must_count ? seek_all(g, target) : seek_any(g, target);

        if (doc == NO_DOC || (!is_excluded(g, doc) && has_least(g, doc)))
            return doc;
        if (fihi_scene_is_over(m->scene))
            return NO_DOC;
        target = doc + 1;
    }
}

/* The order of the addends is free: floats in a double (match.h). */
static double score_group(struct matcher *m)
{
    struct group *const g = (struct group *)m;
    double sum = 0;

    for (uint32_t i = 0; i < g->must_count; i++)
        /* These stand on the document, or the group would not. */
        sum += g->must[i]->kind->score(g->must[i]);
    for (uint32_t i = 0; i < g->should_count; i++)
        if (fihi_matcher_seek(g->should[i], m->doc) == m->doc)
            sum += g->should[i]->kind->score(g->should[i]);
    return sum;
}

/* The best writing of a document, and what it scores. Of equal ones the first: it is told in explanations, so it must
 * be the same each time. */
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

/* Not a sum, as fihrist.h defines it: a document with نيويورك and نيو يورك is not twice as good. */
static double score_best(struct matcher *m)
{
    double best;

    best_of((struct group *)m, &best);
    return best;
}

/* Not by blocks: the best of the children could be in another one each time. *until stays as it is, so the bound holds
 * for the whole segment. */
static double bound_best(struct matcher *m, uint32_t target, uint32_t *until)
{
    (void)target;
    (void)until;
    return m->top;
}

/* Only of what counts: an explanation adds up to the score. */
static void tell_best(struct matcher *m, const struct match_teller *t)
{
    struct group *const g = (struct group *)m;
    double best;
    struct matcher *const told = g->should[best_of(g, &best)];

    told->kind->tell(told, t);
}

/* What may match is bounded by its whole, for it may stand behind the target already. Its blocks from the target on
 * would then say too little. *until is made smaller by each `must`: the sum holds up to the nearest end of a block. The
 * caller passes over [target, *until] if this is below its threshold: rank.c does. */
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

/* Nothing of what is excluded: it is not there. */
static void tell_group(struct matcher *m, const struct match_teller *t)
{
    struct group *const g = (struct group *)m;

    for (uint32_t i = 0; i < g->must_count; i++)
        g->must[i]->kind->tell(g->must[i], t);
    for (uint32_t i = 0; i < g->should_count; i++)
        if (fihi_matcher_seek(g->should[i], m->doc) == m->doc)
            g->should[i]->kind->tell(g->should[i], t);
}

/* A matcher without its scene: fihi_matcher_free() is for the root. Children that were not made are NULL. */
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

/* Both kinds find the same documents; they differ in what these are worth. */
static const struct match_kind group_kind = {seek_group, score_group, bound_group, tell_group, free_group};
static const struct match_kind best_kind = {seek_group, score_best, bound_best, tell_best, free_group};

static int make(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err);

/* Of other writings and of readings one counts, not their sum: they are ways to say the same. Both kinds of group are
 * scored by best_of(). */
static bool best_counts(const struct plan_node *n)
{
    return n->is_best || n->is_readings;
}

/* The rarest leads; the order of what is required changes nothing else. An insertion sort: few children. A group
 * without `must` costs its children together; cut off at what fits. */
static void settle_costs(struct group *g)
{
    for (uint32_t i = 1; i < g->must_count; i++)
        for (uint32_t k = i; k > 0 && g->must[k]->cost < g->must[k - 1]->cost; k--) {
            /* Stable for equal costs: the query's order then stays. */
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

/* *is_hopeless: what must be there is not in the segment, so no document of it matches. What is excluded and not there
 * excludes nothing. `top` is the sum of what can add, or the greatest where one counts. What has been made before an
 * error is in the group and freed with it. */
static int make_children(struct group *g, const struct plan_node *n, bool *is_hopeless, fih_error *err)
{
    for (size_t i = 0; i < n->count && !*is_hopeless; i++) {
        const enum occur occur = n->children[i]->occur;
        struct matcher *c;
        const int rc = make(&c, g->m.scene, n->children[i], err);

        if (rc != 0)
            return rc;
        /* No matcher: nothing of this child is in the segment. */
        if (!c)
            *is_hopeless = occur == OCCUR_MUST;
        else if (occur == OCCUR_MUST)
            g->must[g->must_count++] = c;
        else if (occur == OCCUR_SHOULD)
            g->should[g->should_count++] = c;
        else
            g->not[g->not_count++] = c;
        /* What is excluded adds nothing. */
        if (c && occur != OCCUR_NOT)
            g->m.top = !best_counts(n) ? g->m.top + c->top : c->top > g->m.top ? c->top : g->m.top;
    }
    return FIH_OK;
}

/* A group of one matcher is that one. A seek through a level less for each document. Its score is the same: a sum of
 * one, or the best of one. `least` need not be looked at: of one child at most one must match, and without `must` one
 * has to. */
static struct matcher *only_child(struct group *g)
{
    struct matcher *child;

    if (g->must_count + g->should_count != 1 || g->not_count > 0)
        return &g->m;
    /* Taken out before the group is freed, which would free it. */
    child = g->must_count ? g->must[0] : g->should[0];
    g->must_count = g->should_count = 0;
    free_group(&g->m);
    /* The caller gets it instead of the group, with its own `top` and `cost`. */
    return child;
}

/* No matcher is made where a child that must be there is not, where none is left that leads to a document, or where
 * fewer are there than must match. */
static int match_group(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err)
{
    struct group *g = (struct group *)fihi_match_make(best_counts(n) ? &best_kind : &group_kind, s, sizeof *g);
    bool is_hopeless = false;
    int rc;

    /* One more than the children, for calloc() may answer NULL to 0. */
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

/* One case for each kind of plan.h. A new kind of node needs a file with the five functions of match_part.h, and a line
 * here. */
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

/* The scene is allocated, for the matchers keep pointers to it; if nothing can match, it goes at once. Memory is small,
 * but for cursors: 5 KB for each word of the query, as each has its block unpacked. */
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
    /* An error, or nothing that could match: no matcher owns the scene. */
    if (!*out)
        free(s);
    return rc;
}

/* The scene first: no kind looks at it while it is freed. */
void fihi_matcher_free(struct matcher *m)
{
    if (!m)
        return;
    free(m->scene);
    free_tree(m);
}

/* To be asked at NO_DOC: an end and an error look the same until then. */
int fihi_matcher_status(struct matcher *m, fih_error *err)
{
    if (m->scene->rc != 0 && err)
        *err = m->scene->error;
    return m->scene->rc;
}

double fihi_matcher_score(struct matcher *m)
{
    /* Not stored: mostly a score is not asked for twice, and often not at all. */
    return m->kind->score(m);
}

double fihi_matcher_top(const struct matcher *m)
{
    return m->top;
}

/* *until is the caller's limit and only made smaller. */
double fihi_matcher_bound(struct matcher *m, uint32_t target, uint32_t *until)
{
    return m->kind->bound(m, target, until);
}

void fihi_matcher_tell(struct matcher *m, const struct match_teller *t)
{
    m->kind->tell(m, t);
}
