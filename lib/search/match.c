/* search/match.c - leaves, phrases and groups, document at a time. */
#include "search/match.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "search/near.h"

uint32_t fihi_norms_get(struct norms *n, uint32_t doc, int *rc, fih_error *err)
{
    uint32_t len;

    if (n->chunk != doc / NORM_CHUNK) {
        if (doc >= n->segment->stats.docs)
            *rc = fihi_segment_broken(n->segment, "a document number out of range", err);
        else
            *rc = fihi_segment_norms(n->segment, n->channel, doc / NORM_CHUNK, &n->lens, err);
        if (*rc != 0)
            return 1;
        n->chunk = doc / NORM_CHUNK;
    }
    len = get_u16(n->lens + 2 * (size_t)(doc % NORM_CHUNK));
    return len == NORM_LONG ? fihi_segment_long_norm(n->segment, n->channel, doc) : len;
}

/* What all matchers of one tree share. */
struct shared {
    const struct plan *plan;
    struct segment    *segment;
    struct norms       norms[CHANNEL_COUNT];
    int                rc;
    fih_error          error;
};

enum { M_LEAF, M_PHRASE, M_GROUP, M_DATE };

struct leaf_cursor {
    const struct leaf *leaf;
    struct cursor      main, title, norm;
    int                has_main, has_title, has_norm;
};

struct matcher {
    int                 kind, is_root;
    struct shared      *shared;
    uint32_t            doc;           /* of the last seek; NO_DOC at the end */
    int                 has_sought;
    /* leaf and phrase */
    struct leaf_cursor *cursors;
    uint32_t            cursor_count, rarest;
    struct places      *places;        /* of each word of a phrase */
    struct near         near;          /* for words at a distance */
    uint32_t            slop;
    int                 is_near;
    int32_t             from, to;      /* days */
    /* group */
    struct matcher    **must, **should, **not;
    uint32_t            must_count, should_count, not_count, least;
    double              top;           /* bound of the whole list */
    double              title_top;     /* of what titles can add to it */
    uint32_t            cost;          /* postings that have to be looked at, at most */
};

static int open_list(struct shared *s, const uint8_t *key, size_t bytes, struct cursor *c, fih_error *err)
{
    struct dict_entry e;
    struct list_place at;
    int rc = fihi_segment_find(s->segment, key, bytes, &e, err);

    if (rc != 0)
        return rc;
    if ((rc = fihi_segment_list(s->segment, &e, &at, err)) != 0)
        return rc;
    return fihi_cursor_open(c, &at) == 0 ? FIH_OK : fihi_segment_broken(s->segment, "a posting list", err);
}

static int open_if_there(struct shared *s, const uint8_t *key, size_t bytes, struct cursor *c, int *is_there, fih_error *err)
{
    const int rc = open_list(s, key, bytes, c, err);

    *is_there = rc == FIH_OK;
    return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
}

/* FIH_E_NOTFOUND if the word is not in the segment. */
static int open_leaf(struct shared *s, const struct leaf *l, struct leaf_cursor *c, fih_error *err)
{
    uint8_t key[TERM_KEY_MAX];
    int rc;

    c->leaf = l;
    if ((rc = open_if_there(s, l->key, l->key_bytes, &c->main, &c->has_main, err)) != 0 ||
        (l->norm.key_bytes && (rc = open_if_there(s, l->norm.key, l->norm.key_bytes, &c->norm, &c->has_norm, err)) != 0))
        return rc;
    if (!c->has_main)
        return c->has_norm ? FIH_OK : FIH_E_NOTFOUND;
    /* In a title it scores more; and what stands in the body is what is not in the title. */
    if ((l->scope == SCOPE_ANY && l->title_weight > 0) || l->scope == SCOPE_BODY) {
        memcpy(key, l->key, l->key_bytes);
        key[0] = CHANNEL_TITLE;
        return open_if_there(s, key, l->key_bytes, &c->title, &c->has_title, err);
    }
    return FIH_OK;
}

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
    for (uint32_t i = 0; i < m->cursor_count; i++) {
        fihi_cursor_close(&m->cursors[i].main);
        fihi_cursor_close(&m->cursors[i].title);
        fihi_cursor_close(&m->cursors[i].norm);
    }
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

static double impact_bound(const struct plan *p, unsigned channel, uint8_t impact)
{
    const float sat = (float)impact / 255.0f * p->bound_ratio[channel];

    return sat < 1 ? sat : 1;                  /* saturation never reaches one */
}

static double title_top(const struct plan *p, const struct leaf_cursor *c)
{
    if (!c->has_title || c->leaf->scope != SCOPE_ANY)
        return 0;
    return c->leaf->title_weight * impact_bound(p, CHANNEL_TITLE, fihi_cursor_top(&c->title)) * 1.000001;
}

static double leaf_top(const struct plan *p, const struct leaf_cursor *c)
{
    const unsigned channel = c->leaf->key[0];
    double top = 0;

    if (c->has_norm)
        top = c->leaf->norm.weight * impact_bound(p, CHANNEL_TEXT, fihi_cursor_top(&c->norm));
    if (c->has_main && channel < CHANNEL_COUNT)
        top += c->leaf->weight * impact_bound(p, channel, c->leaf->scope == SCOPE_BODY ? 255 : fihi_cursor_top(&c->main));
    return top * 1.000001 + title_top(p, c);
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
        rc = open_leaf(s, &s->plan->leaves[n->leaf + m->cursor_count], &m->cursors[m->cursor_count], err);
        m->cursor_count++;
    }
    if (rc != 0) {
        free_tree(m);
        return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    for (uint32_t i = 0; i < m->cursor_count; i++) {
        if (m->cursors[i].main.at.df < m->cursors[m->rarest].main.at.df)
            m->rarest = i;
        m->top += leaf_top(s->plan, &m->cursors[i]);
        m->title_top += title_top(s->plan, &m->cursors[i]);
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
    int rc = FIH_OK, is_hopeless = 0;

    if (!m || !(m->must = calloc(n->count + 1, sizeof *m->must)) || !(m->should = calloc(n->count + 1, sizeof *m->should)) ||
        !(m->not = calloc(n->count + 1, sizeof *m->not))) {
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

static int build(struct matcher **out, struct shared *s, const struct plan_node *n, fih_error *err)
{
    *out = NULL;
    if (n->kind == PLAN_DATE)
        return build_date(out, s, n, err);
    return n->kind == PLAN_GROUP ? build_group(out, s, n, err) : build_run(out, s, n, err);
}

int fihi_matcher_new(struct matcher **out, const struct plan *plan, const struct plan_node *node, struct segment *s,
                     fih_error *err)
{
    struct shared *shared = calloc(1, sizeof *shared);
    int rc;

    *out = NULL;
    if (!shared)
        return fihi_fail_nomem(err);
    shared->plan = plan;
    shared->segment = s;
    for (unsigned c = 0; c < CHANNEL_COUNT; c++)
        shared->norms[c] = (struct norms){s, NULL, UINT32_MAX, c};
    rc = build(out, shared, node, err);
    if (*out)
        (*out)->is_root = 1;
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

static uint32_t give_up(struct matcher *m, const char *what)
{
    if (m->shared->rc == 0)
        m->shared->rc = fihi_segment_broken(m->shared->segment, what, &m->shared->error);
    return m->doc = NO_DOC;
}

static uint32_t advance(struct matcher *m, struct cursor *c, uint32_t target)
{
    const uint32_t doc = fihi_cursor_seek(c, target);

    if (c->is_broken)
        give_up(m, "a posting list");
    return doc;
}

static uint32_t length_of(struct matcher *m, unsigned channel, uint32_t doc)
{
    return fihi_norms_get(&m->shared->norms[channel], doc, &m->shared->rc, &m->shared->error);
}

/* Occurrences in the leaf's scope at a document where its main list stands. */
static uint32_t scoped_freq(struct matcher *m, struct leaf_cursor *c, uint32_t doc)
{
    uint32_t freq = fihi_cursor_freq(&c->main);

    if (c->leaf->scope == SCOPE_BODY && c->has_title && advance(m, &c->title, doc) == doc) {
        const uint32_t in_title = fihi_cursor_freq(&c->title);

        freq = freq > in_title ? freq - in_title : 0;
    }
    return freq;
}

static float score_text(struct matcher *m, struct leaf_cursor *c, uint32_t doc, struct leaf_score *s)
{
    const unsigned channel = c->leaf->key[0];

    if (!c->has_main || advance(m, &c->main, doc) != doc)
        return 0;
    s->freq = scoped_freq(m, c, doc);
    if (channel < CHANNEL_COUNT) {
        s->len = length_of(m, channel, doc);
        s->text = c->leaf->weight * plan_saturation(m->shared->plan, channel, s->freq, s->len);
    }
    return s->text;
}

static float score_norm(struct matcher *m, struct leaf_cursor *c, uint32_t doc, struct leaf_score *s)
{
    if (c->has_norm && advance(m, &c->norm, doc) == doc) {
        s->norm_freq = fihi_cursor_freq(&c->norm);
        s->len = length_of(m, CHANNEL_TEXT, doc);
        s->norm = c->leaf->norm.weight * plan_saturation(m->shared->plan, CHANNEL_TEXT, s->norm_freq, s->len);
    }
    return s->norm;
}

static float score_title(struct matcher *m, struct leaf_cursor *c, uint32_t doc, struct leaf_score *s)
{
    if (c->leaf->scope == SCOPE_ANY && c->has_title && advance(m, &c->title, doc) == doc) {
        s->title_freq = fihi_cursor_freq(&c->title);
        s->title_len = length_of(m, CHANNEL_TITLE, doc);
        s->title = c->leaf->title_weight * plan_saturation(m->shared->plan, CHANNEL_TITLE, s->title_freq, s->title_len);
    }
    return s->title;
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
            give_up(m, "positions");
            return 0;
        }
    }
    return 1;
}

/* The first position of the body. */
static uint32_t body_start(struct matcher *m, uint32_t doc)
{
    const uint32_t title = length_of(m, CHANNEL_TITLE, doc);

    return title ? title + TITLE_GAP : 0;
}

/* Do the words follow one another, each at its own distance from the first? */
static int is_phrase(struct matcher *m, uint32_t doc)
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

static int has_chain(struct matcher *m, uint32_t low, uint32_t high)
{
    int no_memory = 0;
    const int holds = fihi_near_holds(&m->near, m->cursors[0].leaf, m->places, m->cursor_count, m->slop, low, high, &no_memory);

    if (no_memory && m->shared->rc == 0)
        m->shared->rc = fihi_fail_nomem(&m->shared->error);
    return holds;
}

/* Words at a distance stand in the title, or in the body: none reaches from one into the other. */
static int is_near(struct matcher *m, uint32_t doc)
{
    const enum scope scope = m->cursors[0].leaf->scope;
    const uint32_t body = scope == SCOPE_TITLE ? UINT32_MAX : body_start(m, doc);

    return (scope != SCOPE_BODY && has_chain(m, 0, body)) || (scope != SCOPE_TITLE && has_chain(m, body, UINT32_MAX));
}

/* Do the words of a run stand as they should in the document that all its lists have? */
static int stand_right(struct matcher *m, uint32_t doc)
{
    if (m->kind != M_PHRASE)
        return m->cursors[0].leaf->scope != SCOPE_BODY || scoped_freq(m, &m->cursors[0], doc) > 0;
    return find_places(m) && (m->is_near || m->slop ? is_near(m, doc) : is_phrase(m, doc));
}

/* A word stands where its stem does, or its normalised form: إلهام and الهام differ in their stems. */
static uint32_t seek_either(struct matcher *m, uint32_t target)
{
    struct leaf_cursor *c = &m->cursors[0];
    const uint32_t main = c->has_main ? advance(m, &c->main, target) : NO_DOC;
    uint32_t norm;

    if (main == target || !c->has_norm)        /* mostly the stem's list has all that the other one has */
        return main;
    norm = advance(m, &c->norm, target);
    return main < norm ? main : norm;
}

static uint32_t seek_run(struct matcher *m, uint32_t target)
{
    if (m->kind == M_LEAF && m->cursors[0].has_norm)
        return seek_either(m, target);
    for (;;) {
        uint32_t doc = advance(m, &m->cursors[m->rarest].main, target), i;

        if (doc == NO_DOC)
            return NO_DOC;
        for (i = 0; i < m->cursor_count; i++) {
            const uint32_t other = i == m->rarest ? doc : advance(m, &m->cursors[i].main, doc);

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
        if (m->shared->rc != 0)
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
        if ((m->shared->rc = fihi_segment_date(s, target, &day, &m->shared->error)) != 0)
            return NO_DOC;
        if (day != DATE_NONE && day >= m->from && day <= m->to)
            return target;
    }
    return NO_DOC;
}

static uint32_t seek(struct matcher *m, uint32_t target);

/* Do enough of those that may match, match? */
static int has_least(struct matcher *m, uint32_t doc)
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
        int is_settled = 0;

        if (m->must_count) {
            while (!is_settled && doc != NO_DOC) {
                is_settled = 1;
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
        int is_excluded = 0;
        for (uint32_t i = 0; i < m->not_count && !is_excluded; i++)
            is_excluded = seek(m->not[i], doc) == doc;
        if (!is_excluded && has_least(m, doc))
            return doc;
        target = doc + 1;
    }
}

static uint32_t seek(struct matcher *m, uint32_t target)
{
    if (m->shared->rc != 0)
        return m->doc = NO_DOC;
    if (m->has_sought && m->doc >= target)
        return m->doc;
    m->has_sought = 1;
    m->doc = m->kind == M_GROUP ? seek_group(m, target) : m->kind == M_DATE ? seek_date(m, target) : seek_run(m, target);
    if (m->shared->rc != 0)
        m->doc = NO_DOC;
    return m->doc;
}

uint32_t fihi_matcher_seek(struct matcher *m, uint32_t target)
{
    return seek(m, target);
}

static double score_part(struct matcher *m, int titles)
{
    double sum = 0;

    for (uint32_t i = 0; i < m->cursor_count; i++) {
        struct leaf_score s = {0};

        if (titles)
            sum += (double)score_title(m, &m->cursors[i], m->doc, &s);
        else
            sum += (double)score_text(m, &m->cursors[i], m->doc, &s) + (double)score_norm(m, &m->cursors[i], m->doc, &s);
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
    for (uint32_t i = 0; i < m->cursor_count; i++) {
        struct leaf_cursor *c = &m->cursors[i];
        const unsigned channel = c->leaf->key[0];
        uint32_t last;
        uint8_t impact;

        if (channel >= CHANNEL_COUNT || c->leaf->scope == SCOPE_BODY) {
            sum += leaf_top(p, c);
            continue;
        }
        if (c->has_main) {
            fihi_cursor_peek(&c->main, target, &last, &impact);
            sum += c->leaf->weight * impact_bound(p, channel, impact) * 1.000001;
            if (last < *until)
                *until = last;
        }
        if (c->has_norm) {
            fihi_cursor_peek(&c->norm, target, &last, &impact);
            sum += c->leaf->norm.weight * impact_bound(p, CHANNEL_TEXT, impact) * 1.000001;
            if (last < *until)
                *until = last;
        }
        if (c->has_title && c->leaf->scope == SCOPE_ANY) {
            fihi_cursor_peek(&c->title, target, &last, &impact);
            sum += c->leaf->title_weight * impact_bound(p, CHANNEL_TITLE, impact) * 1.000001;
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
            ((c->has_main && advance(m, &c->main, doc) == doc && (c->leaf->scope != SCOPE_BODY || scoped_freq(m, c, doc) > 0)) ||
             (c->has_norm && advance(m, &c->norm, doc) == doc))) {
            memset(out, 0, sizeof *out);
            score_text(m, c, doc, out);
            score_norm(m, c, doc, out);
            score_title(m, c, doc, out);
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
