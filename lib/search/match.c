/* search/match.c - leaves, phrases and groups, document at a time. */
#include "search/match.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/fail.h"
#include "search/leaf.h"
#include "search/near.h"

enum { M_LEAF, M_PHRASE, M_GROUP, M_DATE, M_SET };

struct matcher {
    int                 kind;
    bool                 is_root;
    struct shared      *shared;
    uint32_t            doc;           /* of the last seek; NO_DOC at the end */
    bool                 has_sought;
    /* leaf and phrase */
    struct leaf_cursor *cursors;
    uint32_t            cursor_count, rarest;
    struct places      *places;        /* of each word of a phrase */
    struct near         near;          /* for words at a distance */
    uint32_t            slop;
    bool                 is_near;
    int32_t             from, to;      /* days */
    const struct plan_set    *set;
    const struct set_segment *set_docs;
    /* group */
    struct matcher    **must, **should, **not;
    uint32_t            must_count, should_count, not_count, least;
    double              top;           /* bound of the whole list */
    double              title_top;     /* of what titles can add to it */
    uint32_t            cost;          /* postings that have to be looked at, at most */
};

static struct matcher *new_matcher(int kind, struct shared *s)
{
    struct matcher *m = calloc(1, sizeof *m);

    if (m) {
        m->kind = kind;
        m->shared = s;
    }
    return m;
}

static void free_tree(struct matcher *m)
{
    if (!m)
        return;
    for (uint32_t i = 0; i < m->cursor_count; i++)
        fihi_leaf_close(&m->cursors[i]);
    free(m->cursors);
    free(m->places);
    fihi_near_free(&m->near);
    for (uint32_t i = 0; i < m->must_count; i++)
        free_tree(m->must[i]);
    for (uint32_t i = 0; i < m->should_count; i++)
        free_tree(m->should[i]);
    for (uint32_t i = 0; i < m->not_count; i++)
        free_tree(m->not[i]);
    free(m->must);
    free(m->should);
    free(m->not);
    free(m);
}

static int build(struct matcher **out, struct shared *s, const struct plan_node *n, fih_error *err);

static int build_run(struct matcher **out, struct shared *s, const struct plan_node *n, fih_error *err)
{
    struct matcher *m = new_matcher(n->kind == PLAN_LEAF ? M_LEAF : M_PHRASE, s);
    int rc = FIH_OK;

    if (!m || !(m->cursors = calloc(n->leaf_count, sizeof *m->cursors)) ||
        !(m->places = calloc(n->leaf_count, sizeof *m->places))) {
        free_tree(m);
        return fihi_fail_nomem(err);
    }
    for (; rc == 0 && m->cursor_count < n->leaf_count;) {
        rc = fihi_leaf_open(s, &s->plan->leaves[n->leaf + m->cursor_count], &m->cursors[m->cursor_count], err);
        m->cursor_count++;
    }
    if (rc != 0) {
        free_tree(m);
        return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    for (uint32_t i = 0; i < m->cursor_count; i++) {
        if (m->cursors[i].main.at.df < m->cursors[m->rarest].main.at.df)
            m->rarest = i;
        m->top += fihi_leaf_top(s->plan, &m->cursors[i]);
        m->title_top += fihi_leaf_title_top(s->plan, &m->cursors[i]);
    }
    m->slop = n->slop;
    m->is_near = n->is_near;
    m->cost = m->cursors[m->rarest].main.at.df;
    if (m->cursors[m->rarest].has_norm)
        m->cost += m->cursors[m->rarest].norm.at.df;
    *out = m;
    return FIH_OK;
}

/* The rarest leads; the order of what is required changes nothing else. */
static void settle_costs(struct matcher *m)
{
    for (uint32_t i = 1; i < m->must_count; i++)
        for (uint32_t k = i; k > 0 && m->must[k]->cost < m->must[k - 1]->cost; k--) {
            struct matcher *const swap = m->must[k];

            m->must[k] = m->must[k - 1];
            m->must[k - 1] = swap;
        }
    if (m->must_count)
        m->cost = m->must[0]->cost;
    for (uint32_t i = 0; i < m->should_count && !m->must_count; i++)
        m->cost = m->should[i]->cost < UINT32_MAX - m->cost ? m->cost + m->should[i]->cost : UINT32_MAX;
}

static int build_group(struct matcher **out, struct shared *s, const struct plan_node *n, fih_error *err)
{
    struct matcher *m = new_matcher(M_GROUP, s);
    int rc = FIH_OK;
    bool is_hopeless = false;

    if (!m || !(m->must = calloc(n->count + 1, sizeof *m->must)) ||
        !(m->should = calloc(n->count + 1, sizeof *m->should)) || !(m->not = calloc(n->count + 1, sizeof *m->not ))) {
        free_tree(m);
        return fihi_fail_nomem(err);
    }
    for (size_t i = 0; i < n->count && rc == 0 && !is_hopeless; i++) {
        struct matcher *c = NULL;

        rc = build(&c, s, n->children[i], err);
        if (!c)
            is_hopeless = n->children[i]->occur == OCCUR_MUST;
        else if (n->children[i]->occur == OCCUR_MUST)
            m->must[m->must_count++] = c;
        else if (n->children[i]->occur == OCCUR_SHOULD)
            m->should[m->should_count++] = c;
        else
            m->not[m->not_count++] = c;
        if (c && n->children[i]->occur != OCCUR_NOT) {
            m->top += c->top;
            m->title_top += c->title_top;
        }
    }
    m->least = n->least;
    if (rc != 0 || is_hopeless || m->must_count + m->should_count == 0 || m->should_count < m->least) {
        free_tree(m);
        return rc;
    }
    settle_costs(m);
    *out = m;
    return FIH_OK;
}

static int build_date(struct matcher **out, struct shared *s, const struct plan_node *n, fih_error *err)
{
    const struct segment_stats *stats = &s->segment->stats;

    if (stats->date_min == DATE_NONE || stats->date_max < n->from || stats->date_min > n->to)
        return FIH_OK;
    if (!(*out = new_matcher(M_DATE, s)))
        return fihi_fail_nomem(err);
    (*out)->from = n->from;
    (*out)->to = n->to;
    (*out)->cost = stats->docs;
    return FIH_OK;
}

static int build_set(struct matcher **out, struct shared *s, const struct plan_node *n, fih_error *err)
{
    const struct plan_set *set = &s->plan->sets[n->set];
    const struct set_segment *docs = fihi_word_set_in(set->words, s->segment);

    if (!docs || docs->docs == 0)
        return FIH_OK;
    if (!(*out = new_matcher(M_SET, s)))
        return fihi_fail_nomem(err);
    (*out)->set = set;
    (*out)->set_docs = docs;
    (*out)->cost = docs->docs;
    (*out)->top =
        (double)(set->weight * plan_set_saturation(s->plan, length_channel(set->words->channel), docs->most, 0)) *
        1.000001;
    return FIH_OK;
}

static int build(struct matcher **out, struct shared *s, const struct plan_node *n, fih_error *err)
{
    *out = NULL;
    if (n->kind == PLAN_SET)
        return build_set(out, s, n, err);
    if (n->kind == PLAN_DATE)
        return build_date(out, s, n, err);
    return n->kind == PLAN_GROUP ? build_group(out, s, n, err) : build_run(out, s, n, err);
}

int fihi_matcher_new(struct matcher **out, const struct plan *plan, const struct plan_node *node, struct segment *s,
                     struct patience *patience, fih_error *err)
{
    struct shared *shared = calloc(1, sizeof *shared);
    int rc;

    *out = NULL;
    if (!shared)
        return fihi_fail_nomem(err);
    shared->plan = plan;
    shared->segment = s;
    shared->patience = patience;
    for (unsigned c = 0; c < CHANNEL_COUNT; c++)
        shared->norms[c] = (struct norms){s, NULL, UINT32_MAX, c};
    rc = build(out, shared, node, err);
    if (*out)
        (*out)->is_root = true;
    else
        free(shared);
    return rc;
}

void fihi_matcher_free(struct matcher *m)
{
    if (!m)
        return;
    free(m->shared);
    free_tree(m);
}

int fihi_matcher_status(struct matcher *m, fih_error *err)
{
    if (m->shared->rc != 0 && err)
        *err = m->shared->error;
    return m->shared->rc;
}

/* Where the words stand in the document; 0 on an error. */
static int find_places(struct matcher *m)
{
    for (uint32_t i = 0; i < m->cursor_count; i++) {
        struct places *const p = &m->places[i];

        p->at = 0;
        if (!(p->positions = fihi_cursor_positions(&m->cursors[i].main, &p->count))) {
            if (m->cursors[i].main.no_memory && m->shared->rc == 0)
                m->shared->rc = fihi_fail_nomem(&m->shared->error);
            fihi_leaf_give_up(m->shared, "positions");
            return 0;
        }
    }
    return 1;
}

/* The first position of the body. */
static uint32_t body_start(struct matcher *m, uint32_t doc)
{
    const uint32_t title = fihi_leaf_length(m->shared, CHANNEL_TITLE, doc);

    return title ? title + TITLE_GAP : 0;
}

/* Do the words follow one another, each at its own distance from the first? */
static bool is_phrase(struct matcher *m, uint32_t doc)
{
    const uint32_t n = m->cursor_count;
    struct places *const p = m->places;
    const uint32_t low = m->cursors[0].leaf->scope == SCOPE_BODY ? body_start(m, doc) : 0;

    for (uint32_t k = 0; k < p[0].count; k++) {
        const uint32_t start = p[0].positions[k];
        uint32_t i = 1;

        if (start < low)
            continue;
        for (; i < n; i++) {
            const uint32_t want = start + (m->cursors[i].leaf->position - m->cursors[0].leaf->position);

            while (p[i].at < p[i].count && p[i].positions[p[i].at] < want)
                p[i].at++;
            if (p[i].at == p[i].count)
                return 0;
            if (p[i].positions[p[i].at] != want)
                break;
        }
        if (i == n)
            return 1;
    }
    return 0;
}

static bool has_chain(struct matcher *m, uint32_t low, uint32_t high)
{
    int no_memory = 0;
    const int holds =
        fihi_near_holds(&m->near, m->cursors[0].leaf, m->places, m->cursor_count, m->slop, low, high, &no_memory);

    if (no_memory && m->shared->rc == 0)
        m->shared->rc = fihi_fail_nomem(&m->shared->error);
    return holds;
}

/* Words at a distance stand in the title, or in the body: none reaches from one into the other. */
static bool is_near(struct matcher *m, uint32_t doc)
{
    const enum scope scope = m->cursors[0].leaf->scope;
    const uint32_t body = scope == SCOPE_TITLE ? UINT32_MAX : body_start(m, doc);

    return (scope != SCOPE_BODY && has_chain(m, 0, body)) || (scope != SCOPE_TITLE && has_chain(m, body, UINT32_MAX));
}

/* Do the words of a run stand as they should in the document that all its lists have? */
static int stand_right(struct matcher *m, uint32_t doc)
{
    if (m->kind != M_PHRASE)
        return m->cursors[0].leaf->scope != SCOPE_BODY || fihi_leaf_freq(m->shared, &m->cursors[0], doc) > 0;
    return find_places(m) && (m->is_near || m->slop ? is_near(m, doc) : is_phrase(m, doc));
}

/* A word stands where its stem does, or its normalised form: إلهام and الهام differ in their stems. */
static uint32_t seek_either(struct matcher *m, uint32_t target)
{
    struct leaf_cursor *c = &m->cursors[0];
    const uint32_t main = c->has_main ? fihi_leaf_advance(m->shared, &c->main, target) : NO_DOC;
    uint32_t norm;

    if (main == target || !c->has_norm)        /* mostly the stem's list has all that the other one has */
        return main;
    norm = fihi_leaf_advance(m->shared, &c->norm, target);
    return main < norm ? main : norm;
}

/* Is it time to give up? Once in many steps the clock is looked at. */
static bool is_tired(struct matcher *m)
{
    struct shared *s = m->shared;

    if (s->patience && ++s->steps % 64 == 0 && s->rc == 0)
        s->rc = fihi_patience_check(s->patience, &s->error);
    return s->rc != 0;
}

static uint32_t seek_run(struct matcher *m, uint32_t target)
{
    if (m->kind == M_LEAF && m->cursors[0].has_norm)
        return seek_either(m, target);
    for (;;) {
        uint32_t doc = fihi_leaf_advance(m->shared, &m->cursors[m->rarest].main, target), i;

        if (doc == NO_DOC)
            return NO_DOC;
        for (i = 0; i < m->cursor_count; i++) {
            const uint32_t other = i == m->rarest ? doc : fihi_leaf_advance(m->shared, &m->cursors[i].main, doc);

            if (other != doc) {
                target = other;
                break;
            }
        }
        if (i < m->cursor_count) {
            if (target == NO_DOC)
                return NO_DOC;
            continue;
        }
        if (stand_right(m, doc))
            return doc;
        if (m->shared->rc != 0 || is_tired(m))
            return NO_DOC;
        target = doc + 1;
    }
}

/* From document to document: days are not sorted. */
static uint32_t seek_date(struct matcher *m, uint32_t target)
{
    struct segment *s = m->shared->segment;
    int32_t day;

    for (; target < s->stats.docs; target++) {
        if (is_tired(m) || (m->shared->rc = fihi_segment_date(s, target, &day, &m->shared->error)) != 0)
            return NO_DOC;
        if (day != DATE_NONE && day >= m->from && day <= m->to)
            return target;
    }
    return NO_DOC;
}

static uint32_t seek(struct matcher *m, uint32_t target);

/* Do enough of those that may match, match? */
static bool has_least(struct matcher *m, uint32_t doc)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < m->should_count && count < m->least; i++)
        count += seek(m->should[i], doc) == doc;
    return count >= m->least;
}

static uint32_t seek_group(struct matcher *m, uint32_t target)
{
    for (;;) {
        uint32_t doc = target;
        bool is_settled = false;

        if (m->must_count) {
            while (!is_settled && doc != NO_DOC) {
                is_settled = true;
                for (uint32_t i = 0; i < m->must_count; i++) {
                    const uint32_t other = seek(m->must[i], doc);

                    if (other != doc) {
                        is_settled = i == 0;       /* the first one leads */
                        doc = other;
                        if (!is_settled)
                            break;
                    }
                    if (doc == NO_DOC)
                        break;
                }
            }
        } else {
            doc = NO_DOC;
            for (uint32_t i = 0; i < m->should_count; i++) {
                const uint32_t other = seek(m->should[i], target);

                doc = other < doc ? other : doc;
            }
        }
        if (doc == NO_DOC)
            return NO_DOC;
        bool is_excluded = false;
        for (uint32_t i = 0; i < m->not_count && !is_excluded; i++)
            is_excluded = seek(m->not[i], doc) == doc;
        if (!is_excluded && has_least(m, doc))
            return doc;
        if (is_tired(m))
            return NO_DOC;
        target = doc + 1;
    }
}

static uint32_t seek(struct matcher *m, uint32_t target)
{
    if (m->shared->rc != 0)
        return m->doc = NO_DOC;
    if (m->has_sought && m->doc >= target)
        return m->doc;
    m->has_sought = true;
    m->doc = m->kind == M_GROUP  ? seek_group(m, target)
             : m->kind == M_DATE ? seek_date(m, target)
             : m->kind == M_SET  ? fihi_word_set_seek(m->set_docs, target)
                                 : seek_run(m, target);
    if (m->shared->rc != 0)
        m->doc = NO_DOC;
    return m->doc;
}

uint32_t fihi_matcher_seek(struct matcher *m, uint32_t target)
{
    return seek(m, target);
}

static float score_set(struct matcher *m)
{
    const unsigned channel = length_channel(m->set->words->channel);
    const uint32_t len = fihi_leaf_length(m->shared, channel, m->doc);

    return m->set->weight * plan_set_saturation(m->shared->plan, channel, m->set_docs->freqs[m->doc], len);
}

static double score_part(struct matcher *m, int titles)
{
    double sum = m->kind == M_SET && !titles ? (double)score_set(m) : 0;

    for (uint32_t i = 0; i < m->cursor_count; i++) {
        struct leaf_score s = {0};

        if (titles)
            sum += (double)fihi_leaf_title(m->shared, &m->cursors[i], m->doc, &s);
        else
            sum += (double)fihi_leaf_text(m->shared, &m->cursors[i], m->doc, &s) +
                   (double)fihi_leaf_norm(m->shared, &m->cursors[i], m->doc, &s);
    }
    for (uint32_t i = 0; i < m->must_count; i++)
        sum += score_part(m->must[i], titles);
    for (uint32_t i = 0; i < m->should_count; i++)
        if (seek(m->should[i], m->doc) == m->doc)
            sum += score_part(m->should[i], titles);
    return sum;
}

double fihi_matcher_score(struct matcher *m, double limit)
{
    const double text = score_part(m, 0);

    /* Where no title could lift it above the limit, their lists are left alone. */
    return text + m->title_top <= limit ? limit : text + score_part(m, 1);
}

double fihi_matcher_bound(struct matcher *m, uint32_t target, uint32_t *until)
{
    const struct plan *p = m->shared->plan;
    double sum = 0;

    if (m->kind == M_GROUP) {
        for (uint32_t i = 0; i < m->must_count; i++)
            sum += fihi_matcher_bound(m->must[i], target, until);
        for (uint32_t i = 0; i < m->should_count; i++)
            sum += m->should[i]->top;
        return sum;
    }
    if (m->kind == M_SET)
        return m->top;
    for (uint32_t i = 0; i < m->cursor_count; i++) {
        struct leaf_cursor *c = &m->cursors[i];
        const unsigned channel = c->leaf->key[0];
        uint32_t last;
        uint8_t impact;

        if (channel >= CHANNEL_COUNT || c->leaf->scope == SCOPE_BODY) {
            sum += fihi_leaf_top(p, c);
            continue;
        }
        if (c->has_main) {
            fihi_cursor_peek(&c->main, target, &last, &impact);
            sum += c->leaf->weight * fihi_impact_bound(p, channel, impact) * 1.000001;
            if (last < *until)
                *until = last;
        }
        if (c->has_norm) {
            fihi_cursor_peek(&c->norm, target, &last, &impact);
            sum += c->leaf->norm.weight * fihi_impact_bound(p, CHANNEL_TEXT, impact) * 1.000001;
            if (last < *until)
                *until = last;
        }
        if (c->has_title && c->leaf->scope == SCOPE_ANY) {
            fihi_cursor_peek(&c->title, target, &last, &impact);
            sum += c->leaf->title_weight * fihi_impact_bound(p, CHANNEL_TITLE, impact) * 1.000001;
            if (last < *until)
                *until = last;
        }
    }
    return sum;
}

int fihi_matcher_leaf(struct matcher *m, uint32_t leaf, uint32_t doc, struct leaf_score *out)
{
    for (uint32_t i = 0; i < m->cursor_count; i++) {
        struct leaf_cursor *c = &m->cursors[i];

        if (c->leaf == &m->shared->plan->leaves[leaf] &&
            ((c->has_main && fihi_leaf_advance(m->shared, &c->main, doc) == doc &&
              (c->leaf->scope != SCOPE_BODY || fihi_leaf_freq(m->shared, c, doc) > 0)) ||
             (c->has_norm && fihi_leaf_advance(m->shared, &c->norm, doc) == doc))) {
            memset(out, 0, sizeof *out);
            fihi_leaf_text(m->shared, c, doc, out);
            fihi_leaf_norm(m->shared, c, doc, out);
            fihi_leaf_title(m->shared, c, doc, out);
            return 1;
        }
    }
    for (uint32_t i = 0; i < m->must_count; i++)
        if (fihi_matcher_leaf(m->must[i], leaf, doc, out))
            return 1;
    for (uint32_t i = 0; i < m->should_count; i++)
        if (seek(m->should[i], doc) == doc && fihi_matcher_leaf(m->should[i], leaf, doc, out))
            return 1;
    return 0;
}

double fihi_matcher_set(struct matcher *m, uint32_t set)
{
    double sum = m->kind == M_SET && m->set == &m->shared->plan->sets[set] ? (double)score_set(m) : 0;

    for (uint32_t i = 0; i < m->must_count; i++)
        sum += fihi_matcher_set(m->must[i], set);
    for (uint32_t i = 0; i < m->should_count; i++)
        if (seek(m->should[i], m->doc) == m->doc)
            sum += fihi_matcher_set(m->should[i], set);
    return sum;
}
