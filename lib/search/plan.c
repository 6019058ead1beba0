/* search/plan.c - from nodes and words to leaves. */
#include "search/plan.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "search/when.h"

struct planner {
    struct plan           *plan;
    const struct view     *view;
    struct analyzer       *analyzer;
    const fih_search_opts *opts;
    fih_error             *err;
    float                  boost;      /* of what is being planned */
    struct patience        patience;
};

static void node_free(struct plan_node *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->count; i++)
        node_free(n->children[i]);
    free(n->children);
    free(n);
}

void fihi_plan_free(struct plan *p)
{
    if (!p)
        return;
    node_free(p->root);
    for (size_t i = 0; i < p->set_count; i++) {
        fihi_word_set_free(p->sets[i].words);
        free(p->sets[i].text);
    }
    free(p->sets);
    free(p->leaves);
    free(p);
}

static struct plan_node *add_node(struct plan_node *group, enum plan_kind kind, enum occur occur, enum scope scope)
{
    struct plan_node *n = calloc(1, sizeof *n);

    if (!n || fihi_grow(&group->children, &group->cap, group->count + 1, sizeof *group->children) != 0) {
        free(n);
        return NULL;
    }
    n->kind = kind;
    n->occur = occur;
    n->scope = scope;
    group->children[group->count++] = n;
    return n;
}

static void multiply_boost(struct planner *p, float boost)
{
    p->boost *= boost;
    p->boost = p->boost < BOOST_LEAST ? BOOST_LEAST : p->boost > BOOST_MOST ? BOOST_MOST : p->boost;
}

static unsigned channel_of(enum scope scope)
{
    return scope == SCOPE_TITLE ? CHANNEL_TITLE : scope == SCOPE_SECTION ? CHANNEL_SECTION : CHANNEL_TEXT;
}

static float idf(const struct planner *p, uint64_t df)
{
    const float n_docs = (float)p->view->docs;

    return logf(1 + (n_docs - (float)df + 0.5f) / ((float)df + 0.5f));
}

/* sqrt(letters / 5), in its bounds, times the boost. */
static float letter_weight(const struct planner *p, unsigned letters)
{
    const float lw = sqrtf((float)letters / 5);

    return (lw < 0.6f ? 0.6f : lw > 1.5f ? 1.5f : lw) * p->boost;
}

/* The leaf's weights. A keyword says yes or no. A word in a certain field, or in a phrase, has its stem only. */
static int weigh(struct planner *p, struct leaf *l, unsigned letters)
{
    const int rc = fihi_view_count_docs(p->view, l->key, l->key_bytes, &l->df, p->err);

    l->idf = idf(p, l->df);
    l->lw = letter_weight(p, letters);
    l->boost = p->boost;
    l->times = 1;
    l->weight = l->scope == SCOPE_SECTION ? 0 : l->lw * l->idf * p->opts->body_weight;
    if (l->scope == SCOPE_ANY) {
        l->title_weight = l->lw * l->idf * p->opts->title_weight;
        l->root.weight = fihi_analyzer_has_levels(p->analyzer) ? l->weight * p->opts->root_weight : 0;
    }
    return rc;
}

static int add_leaf(struct planner *p, enum scope scope, const void *term, size_t n, unsigned letters,
                    uint32_t position, bool is_stop)
{
    struct plan *plan = p->plan;
    struct leaf *l;

    if (plan->leaf_count >= FIH_MAX_CLAUSES * 4)
        return fihi_fail(p->err, FIH_E_LIMIT, "a query has at most %u words", FIH_MAX_CLAUSES * 4);
    if (fihi_grow(&plan->leaves, &plan->leaf_cap, plan->leaf_count + 1, sizeof *plan->leaves) != 0)
        return fihi_fail_nomem(p->err);
    l = &plan->leaves[plan->leaf_count++];
    memset(l, 0, sizeof *l);
    if (n > FIH_MAX_TERM)
        n = FIH_MAX_TERM;
    l->scope = scope;
    l->key[0] = (uint8_t)channel_of(scope);
    memcpy(l->key + 1, term, n);
    l->key_bytes = n + 1;
    l->position = position;
    l->is_stop = (uint8_t)is_stop;
    return weigh(p, l, letters);
}

static int set_level(struct planner *p, const struct leaf *l, struct level *v, unsigned channel, struct term_text t,
                     float weight)
{
    v->key[0] = (uint8_t)channel;
    memcpy(v->key + 1, t.ptr, t.len);
    v->key_bytes = t.len + 1;
    const int rc = fihi_view_count_docs(p->view, v->key, v->key_bytes, &v->df, p->err);
    v->idf = idf(p, v->df);
    v->weight = l->lw * v->idf * p->opts->body_weight * weight;
    return rc;
}

/* The normalised word takes its part of the stem's weight. */
static void share_weight(const struct planner *p, struct leaf *l)
{
    if (!l->is_shared)
        l->weight *= 1 - p->opts->norm_weight;
    l->is_shared = true;
}

/* A term that ranks joins the leaf of its reading, the last one made. */
static int add_level(struct planner *p, const struct token *token)
{
    struct leaf *l = &p->plan->leaves[p->plan->leaf_count - 1];
    const struct term_text t = fihi_analyzer_term(p->analyzer, token->term);

    if (l->scope != SCOPE_ANY)
        return FIH_OK;
    if (token->flags & TOKEN_ROOT)
        return set_level(p, l, &l->root, CHANNEL_ROOT, t, p->opts->root_weight);
    share_weight(p, l);
    return p->opts->norm_weight > 0 ? set_level(p, l, &l->norm, CHANNEL_NORM, t, p->opts->norm_weight) : FIH_OK;
}

/* Another reading of the word before shares what that one shares; it has levels only if its own terms follow. */
static void be_variant(const struct planner *p)
{
    struct leaf *l = &p->plan->leaves[p->plan->leaf_count - 1];

    if (l[-1].is_shared)
        share_weight(p, l);
    l->root.weight = 0;
}

/* The words of a text as leaves, one behind the other; variants of one word only if asked for. */
static int add_words(struct planner *p, enum scope scope, const char *text, size_t n, int with_variants)
{
    struct token tokens[64];
    uint32_t position = UINT32_MAX;
    size_t count;
    int rc;
    bool is_stop = false, is_left_out = false;

    fihi_analyzer_begin(p->analyzer, (const uint8_t *)text, n);
    while ((rc = fihi_analyzer_next(p->analyzer, tokens, 64, &count, p->err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            const struct term_text t = fihi_analyzer_term(p->analyzer, tokens[i].term);
            const int same = (tokens[i].flags & TOKEN_SAME_POSITION) != 0;

            if (tokens[i].flags & TOKEN_LEVEL) {
                if (!is_left_out && (rc = add_level(p, &tokens[i])) != 0)
                    return rc;
                continue;
            }
            position += !same;
            if ((is_left_out = same && !with_variants))
                continue;
            /* A word is a stop word whichever of its variants is looked at. */
            is_stop = (tokens[i].flags & TOKEN_STOP) || (same && is_stop);
            if ((rc = add_leaf(p, scope, t.ptr, t.len, tokens[i].letters, position, is_stop)) != 0)
                return rc;
            if (same)
                be_variant(p);
        }
    return rc == FIH_DONE ? FIH_OK : rc;
}

static enum scope scope_of(const struct planner *p, const struct node *n)
{
    if (n->scope != SCOPE_ANY)
        return n->scope;
    return p->opts->fields == FIH_IN_TITLE ? SCOPE_TITLE : p->opts->fields == FIH_IN_BODY ? SCOPE_BODY : SCOPE_ANY;
}

static bool is_same_level(const struct level *a, const struct level *b)
{
    return a->key_bytes == b->key_bytes && memcmp(a->key, b->key, a->key_bytes) == 0;
}

/* A word asked for twice weighs twice; it is looked up once. */
static bool is_repeated(struct planner *p, const struct plan_node *group, uint32_t leaf)
{
    struct leaf *l = &p->plan->leaves[leaf];

    for (size_t i = 0; i < group->count; i++) {
        const struct plan_node *c = group->children[i];
        struct leaf *o = &p->plan->leaves[c->leaf];

        if (c->kind == PLAN_LEAF && c->occur == OCCUR_SHOULD && o->scope == l->scope && o->key_bytes == l->key_bytes &&
            memcmp(o->key, l->key, l->key_bytes) == 0 && is_same_level(&o->norm, &l->norm)) {
            o->weight += l->weight;
            o->title_weight += l->title_weight;
            o->norm.weight += l->norm.weight;
            o->root.weight += l->root.weight;
            o->times++;
            return 1;
        }
    }
    return 0;
}

/* Plain words: each a leaf of the group. Where more than one must match, the variants of a word are a group of their
 * own: one of them is enough, and they count once. */
static int plan_words(struct planner *p, struct plan_node *group, const struct node *n)
{
    const uint32_t first = (uint32_t)p->plan->leaf_count;
    const enum scope scope = scope_of(p, n);
    struct plan_node *into = group;
    int rc = add_words(p, scope, n->text, n->len, 1);

    for (uint32_t i = first; rc == 0 && i < p->plan->leaf_count; i++) {
        const struct leaf *l = &p->plan->leaves[i];
        struct plan_node *c;

        if (i == first || l->position != l[-1].position) {
            into = group;
            if ((p->opts->match_all || p->opts->min_match > 1) && i + 1 < p->plan->leaf_count &&
                l[1].position == l->position && !(into = add_node(group, PLAN_GROUP, OCCUR_SHOULD, scope)))
                return fihi_fail_nomem(p->err);
        }
        if (is_repeated(p, into, i))
            continue;
        if (!(c = add_node(into, PLAN_LEAF, OCCUR_SHOULD, scope)))
            return fihi_fail_nomem(p->err);
        c->leaf = i;
        c->leaf_count = 1;
    }
    return rc;
}

/* A stop word, or nothing but such. */
static bool is_stop(const struct plan *plan, const struct plan_node *n)
{
    size_t stops = 0;

    while (n->kind == PLAN_GROUP && stops < n->count && is_stop(plan, n->children[stops]))
        stops++;
    return n->kind == PLAN_GROUP ? stops == n->count : n->kind == PLAN_LEAF && plan->leaves[n->leaf].is_stop;
}

/* In a phrase a word weighs as its stem: what follows what says more than which form it has. */
static void be_in_phrase(const struct planner *p, struct leaf *l)
{
    l->weight = l->lw * l->idf * p->opts->body_weight;
    l->is_shared = false;
    l->norm.key_bytes = l->root.key_bytes = 0;
    l->root.weight = 0;
}

/* The words of a chain of distances: those of one operand stand side by side. */
static int add_chain(struct planner *p, enum scope scope, const struct node *n)
{
    const float boost = p->boost;
    int rc = FIH_OK;

    for (size_t i = 0; i < n->count && rc == 0; i++) {
        const struct node *c = n->children[i];
        const size_t first = p->plan->leaf_count;

        multiply_boost(p, c->boost);
        rc = add_words(p, scope, c->text, c->len, 0);
        p->boost = boost;
        if (p->plan->leaf_count > first) {
            p->plan->leaves[first].link = c->link;
            p->plan->leaves[first].reach = c->reach;
        }
    }
    return rc;
}

/* Words that belong together: a phrase, what a required or excluded word splits into, words near each other. */
static int plan_phrase(struct planner *p, struct plan_node *group, const struct node *n)
{
    const uint32_t first = (uint32_t)p->plan->leaf_count;
    const enum scope scope = scope_of(p, n);
    struct plan_node *c;
    uint32_t count;
    int rc = n->kind == NODE_KEYWORD ? add_leaf(p, SCOPE_SECTION, n->text, n->len, 5, 0, 0)
             : n->kind == NODE_NEAR  ? add_chain(p, scope, n)
                                     : add_words(p, scope, n->text, n->len, 0);

    if (rc != 0 || (count = (uint32_t)p->plan->leaf_count - first) == 0)
        return rc;
    if (count == 1 && n->occur == OCCUR_SHOULD && is_repeated(p, group, first))
        return FIH_OK;
    if (!(c = add_node(group, count == 1 ? PLAN_LEAF : PLAN_PHRASE, n->occur, scope)))
        return fihi_fail_nomem(p->err);
    for (uint32_t i = first; count > 1 && i < first + count; i++)
        be_in_phrase(p, &p->plan->leaves[i]);
    c->leaf = first;
    c->leaf_count = count;
    c->slop = n->kind == NODE_PHRASE ? n->reach : 0;
    c->is_near = n->kind == NODE_NEAR;
    return FIH_OK;
}

/* Stop words among plain words say nothing, unless nothing else was said. */
static void drop_stop_words(struct plan *plan, struct plan_node *group)
{
    size_t kept = 0, others = 0;

    for (size_t i = 0; i < group->count; i++)
        others += group->children[i]->occur != OCCUR_NOT && !is_stop(plan, group->children[i]);
    for (size_t i = 0; i < group->count; i++) {
        struct plan_node *c = group->children[i];

        if (c->kind == PLAN_GROUP)
            drop_stop_words(plan, c);
        if (others && c->occur == OCCUR_SHOULD && is_stop(plan, c))
            node_free(c);
        else
            group->children[kept++] = c;
    }
    group->count = kept;
}

/* Any word becomes every word; where there is but one, it is both, and any-word queries are faster. */
static void require_all(struct plan_node *group)
{
    if (group->count < 2)
        return;
    for (size_t i = 0; i < group->count; i++)
        if (group->children[i]->occur == OCCUR_SHOULD)
            group->children[i]->occur = OCCUR_MUST;
}

/* What bounds a group, by what it is. Any of a kind will do, and each kind must. */
enum { BOUND_SECTION = 1, BOUND_DATE = 2, BOUND_KINDS = 4 };

struct bounds {
    struct plan_node *of[BOUND_KINDS];         /* by what_bounds() */
};

static void bounds_free(struct bounds *b)
{
    for (unsigned i = 0; i < BOUND_KINDS; i++)
        node_free(b->of[i]);
}

static bool has_bounds(const struct bounds *b)
{
    int has = 0;

    for (unsigned i = 0; i < BOUND_KINDS; i++)
        has |= b->of[i] != NULL;
    return has;
}

/* One span of days bounds a whole query as the options do: its ranking stays as fast as without. */
static int narrow_dates(struct plan *plan, struct plan_node **dates)
{
    const struct plan_node *only = (*dates)->count == 1 ? (*dates)->children[0] : NULL;

    if (!only || only->kind != PLAN_DATE)
        return 0;
    if (plan->since == DATE_NONE || only->from > plan->since)
        plan->since = only->from;
    if (plan->until == DATE_NONE || only->to < plan->until)
        plan->until = only->to;
    node_free(*dates);
    *dates = NULL;
    return 1;
}

/* Takes the bounds over: what the group asks for besides must be found as well, if it asks for anything. */
static int bound(struct planner *p, struct plan_node *group, struct bounds *b)
{
    struct plan_node *words = NULL;
    int asks = 0;

    for (size_t i = 0; i < group->count; i++)
        asks |= group->children[i]->occur != OCCUR_NOT;
    if (asks && group == p->plan->root && b->of[BOUND_DATE] && narrow_dates(p->plan, &b->of[BOUND_DATE]) &&
        !has_bounds(b))
        return FIH_OK;
    if (asks && (words = calloc(1, sizeof *words)) != NULL) {
        *words = *group;
        words->occur = OCCUR_MUST;
        group->children = NULL;
        group->count = group->cap = group->least = 0;
    }
    if ((asks && !words) ||
        fihi_grow(&group->children, &group->cap, group->count + BOUND_KINDS, sizeof *group->children) != 0) {
        node_free(words);
        bounds_free(b);
        return fihi_fail_nomem(p->err);
    }
    for (unsigned i = 0; i < BOUND_KINDS; i++)
        if (b->of[i]) {
            b->of[i]->occur = OCCUR_MUST;
            group->children[group->count++] = b->of[i];
        }
    if (words)
        group->children[group->count++] = words;
    return FIH_OK;
}

/* What says only which documents, and nothing of how good they are: sections, spans of days, or groups of both. 0 for
 * what says more. */
static unsigned what_bounds(const struct plan *plan, const struct plan_node *n)
{
    unsigned what = 0;

    if (n->kind == PLAN_DATE)
        return BOUND_DATE;
    if (n->kind != PLAN_GROUP)
        return n->kind == PLAN_LEAF && plan->leaves[n->leaf].scope == SCOPE_SECTION ? BOUND_SECTION : 0;
    for (size_t i = 0; i < n->count; i++)
        if (n->children[i]->occur != OCCUR_NOT) {
            const unsigned child = what_bounds(plan, n->children[i]);

            if (!child)
                return 0;
            what |= child;
        }
    return what;
}

/* Takes the node over. */
static int add_bound(struct planner *p, struct plan_node **bounds, struct plan_node *n)
{
    if (!*bounds && (*bounds = calloc(1, sizeof **bounds)) != NULL)
        (*bounds)->kind = PLAN_GROUP;
    if (!*bounds ||
        fihi_grow(&(*bounds)->children, &(*bounds)->cap, (*bounds)->count + 1, sizeof *(*bounds)->children) != 0) {
        node_free(n);
        return fihi_fail_nomem(p->err);
    }
    (*bounds)->children[(*bounds)->count++] = n;
    return FIH_OK;
}

static int plan_group(struct planner *p, struct plan_node *group, const struct node *n);

/* A group in a group; nothing, if it has no words. */
static int plan_inner(struct planner *p, struct plan_node *group, const struct node *n)
{
    struct plan_node *g = add_node(group, PLAN_GROUP, n->occur, SCOPE_ANY);
    const int rc = g ? plan_group(p, g, n) : fihi_fail_nomem(p->err);

    if (rc == 0 && g->count == 0)
        node_free(group->children[--group->count]);
    return rc;
}

/* A pattern's words as one. */
static int plan_pattern(struct planner *p, struct plan_node *group, const struct node *n)
{
    const enum scope scope = scope_of(p, n);
    struct plan *plan = p->plan;
    struct plan_node *c;
    struct plan_set *s;
    struct pattern *pattern;
    unsigned channel;
    int rc = fihi_pattern_new(&pattern, p->analyzer, n, p->err);

    if (rc != 0)
        return rc;
    if (fihi_grow(&plan->sets, &plan->set_cap, plan->set_count + 1, sizeof *plan->sets) != 0 ||
        !(c = add_node(group, PLAN_SET, n->occur, scope))) {
        fihi_pattern_free(pattern);
        return fihi_fail_nomem(p->err);
    }
    s = &plan->sets[plan->set_count];
    c->set = (uint32_t)plan->set_count++;
    *s = (struct plan_set){.text = strdup(n->text)};
    channel = scope == SCOPE_TITLE ? CHANNEL_TITLE : fihi_pattern_is_norm(pattern) ? CHANNEL_NORM : CHANNEL_TEXT;
    rc = s->text ? fihi_word_set_new(&s->words, pattern, channel, p->view, &p->patience, p->err)
                 : fihi_fail_nomem(p->err);
    if (rc == 0) {
        s->idf = idf(p, s->words->df);
        s->weight = letter_weight(p, fihi_pattern_letters(pattern)) * s->idf * p->opts->body_weight;
    }
    fihi_pattern_free(pattern);
    return rc;
}

static int plan_date(struct planner *p, struct plan_node *group, const struct node *n)
{
    struct plan_node *c = add_node(group, PLAN_DATE, n->occur, SCOPE_DATE);

    if (!c)
        return fihi_fail_nomem(p->err);
    const int rc = fihi_when_parse((fih_str){n->text, n->len}, p->opts->today, &c->from, &c->to, p->err);
    if (rc == FIH_E_QUERY) {                   /* it was a span when the query was made: it is empty today */
        c->from = INT32_MAX;
        c->to = INT32_MIN + 1;
    }
    return rc == FIH_E_QUERY ? FIH_OK : rc;
}

/* What bounds the group it stands in, for it has no sign and is not one of several, goes to `bounds`. */
static int plan_child(struct planner *p, struct plan_node *group, struct bounds *bounds, const struct node *parent,
                      const struct node *n)
{
    const float boost = p->boost;
    const size_t before = group->count;
    unsigned what;
    int rc;

    multiply_boost(p, n->boost);
    if (n->kind == NODE_GROUP)
        rc = plan_inner(p, group, n);
    else if (n->kind == NODE_DATE)
        rc = plan_date(p, group, n);
    else if (n->kind == NODE_PATTERN)
        rc = plan_pattern(p, group, n);
    else if (n->kind == NODE_WORDS && n->occur == OCCUR_SHOULD)
        rc = plan_words(p, group, n);
    else
        rc = plan_phrase(p, group, n);
    p->boost = boost;
    if (rc == 0 && group->count == before + 1 && n->occur == OCCUR_SHOULD && !parent->is_or &&
        (what = what_bounds(p->plan, group->children[before])) != 0) {
        group->count = before;
        rc = add_bound(p, &bounds->of[what], group->children[before]);
    }
    return rc;
}

/* The least number of clauses without a sign: of the whole query only. */
static void require_some(struct planner *p, struct plan_node *group)
{
    uint32_t count = 0;

    for (size_t i = 0; i < group->count; i++)
        count += group->children[i]->occur == OCCUR_SHOULD;
    group->least = p->opts->min_match < count ? p->opts->min_match : count;
}

/* The children, and then what they mean together. */
static int plan_group(struct planner *p, struct plan_node *group, const struct node *n)
{
    struct bounds bounds = {{NULL}};
    int rc = FIH_OK;

    for (size_t i = 0; i < n->count && rc == 0; i++)
        rc = plan_child(p, group, &bounds, n, n->children[i]);
    if (rc == 0) {
        drop_stop_words(p->plan, group);
        if (p->opts->match_all && !n->is_or)
            require_all(group);
        else if (group == p->plan->root && !n->is_or)
            require_some(p, group);
    }
    if (rc == 0 && has_bounds(&bounds))
        return bound(p, group, &bounds);
    bounds_free(&bounds);
    return rc;
}

/* How much the saturation can exceed what the impacts were made with, when k1, b or the mean length differ: the
 * ratio is at most the larger of those of its two addends (mediant inequality). */
static void set_bounds(struct plan *p, const struct view *v)
{
    for (unsigned c = 0; c < CHANNEL_COUNT; c++) {
        float worst = 1;

        for (uint32_t i = 0; i < v->count; i++) {
            const float avg = v->segments[i]->stats.avg[c] > 0 ? v->segments[i]->stats.avg[c] : 1;
            const float fixed = p->fixed, slope = p->slope[c];
            const float r1 = fixed > 0 ? IMPACT_K1 * (1 - IMPACT_B) / fixed : INFINITY;
            const float r2 = slope > 0 ? IMPACT_K1 * IMPACT_B / avg / slope : INFINITY;
            const float r = r1 > r2 ? r1 : r2;

            worst = r > worst ? r : worst;
        }
        p->bound_ratio[c] = worst;
    }
}

static int read_day(const char *text, int32_t today, int32_t *first, int32_t *last, fih_error *err)
{
    const int rc = fihi_when_time((fih_str){text, strlen(text)}, today, first, last, err);

    return rc != FIH_E_QUERY ? rc
                             : fihi_fail(err, FIH_E_USAGE,
                                         "'%.60s' is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, a date with the "
                                         "name of its month, or yesterday", text);
}

static int set_dates(struct plan *p, const fih_search_opts *o, fih_error *err)
{
    int32_t unused;
    int rc = FIH_OK;

    p->since = p->until = DATE_NONE;
    if (o->since)
        rc = read_day(o->since, o->today, &p->since, &unused, err);
    if (rc == 0 && o->until)
        rc = read_day(o->until, o->today, &unused, &p->until, err);
    if (o->since && !o->until)
        p->until = INT32_MAX;
    if (o->until && !o->since)
        p->since = INT32_MIN + 1;
    return rc;
}

int fihi_plan_new(struct plan **out, const struct view *v, struct analyzer *a, const struct fih_query *q,
                  const fih_search_opts *opts, fih_error *err)
{
    struct plan *plan = calloc(1, sizeof *plan);
    struct planner p = {plan, v, a, opts, err, q->root->boost, fihi_patience(opts)};
    int rc;

    *out = NULL;
    if (!plan || !(plan->root = calloc(1, sizeof *plan->root))) {
        fihi_plan_free(plan);
        return fihi_fail_nomem(err);
    }
    plan->root->kind = PLAN_GROUP;
    plan->proximity = opts->proximity * opts->body_weight;
    plan->has_second_pass = opts->proximity > 0 || (opts->root_weight > 0 && fihi_analyzer_has_levels(a));
    plan->k1 = opts->k1;
    plan->b = opts->b;
    plan->fixed = plan->k1 * (1 - plan->b);
    for (unsigned c = 0; c < CHANNEL_COUNT; c++) {
        plan->avg[c] = fihi_view_average(v, c);
        if (!(plan->avg[c] > 0))
            plan->avg[c] = 1;
        plan->slope[c] = plan->k1 * plan->b / plan->avg[c];
    }
    if ((rc = set_dates(plan, opts, err)) == 0)
        rc = plan_group(&p, plan->root, q->root);
    set_bounds(plan, v);
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
