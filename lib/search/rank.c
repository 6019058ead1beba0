/* search/rank.c - exhaustive and pruned top k.
 *
 * Any-word queries: windows of 4,096 documents; in each, the lists that alone could bring a document above the
 * threshold are added up over the window, and the others are asked only for documents that still may enter
 * (MaxScore: Turtle & Flood, "Query evaluation: strategies and optimizations", 1995; by windows as in Lucene's
 * MaxScoreBulkScorer). Bounds per block of postings: Ding & Suel, "Faster top-k document retrieval using
 * block-max indexes" (2011). The stored impacts were made with other mean lengths, perhaps other k1 and b: they
 * are multiplied by bound_ratio, which keeps them bounds.
 */
#include "search/rank.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "search/match.h"
#include "search/patience.h"

enum { WINDOW = 4096, SMALL = 8192 };

struct top {
    struct scored *heap;               /* the worst first */
    size_t         count, k;
};

struct run {
    const struct plan     *plan;
    const struct view     *view;
    const fih_search_opts *opts;
    struct top             top;
    uint64_t               total;
    bool                    has_skipped;
    const struct scored   *after;      /* what does not come behind it is counted, not kept; or NULL */
    struct patience        patience;
    fih_error             *err;
};

static bool is_worse(struct scored a, struct scored b)
{
    return a.score < b.score || (a.score == b.score && a.doc > b.doc);
}

static void sift_down(struct top *t, size_t i)
{
    for (;;) {
        size_t least = i;

        for (size_t c = 2 * i + 1; c <= 2 * i + 2 && c < t->count; c++)
            if (is_worse(t->heap[c], t->heap[least]))
                least = c;
        if (least == i)
            return;
        const struct scored swap = t->heap[i];
        t->heap[i] = t->heap[least];
        t->heap[least] = swap;
        i = least;
    }
}

static void push(struct top *t, float score, uint32_t doc)
{
    const struct scored s = {score, doc};

    if (t->count < t->k) {
        size_t i = t->count++;

        t->heap[i] = s;
        while (i > 0 && is_worse(t->heap[i], t->heap[(i - 1) / 2])) {
            const struct scored swap = t->heap[i];

            t->heap[i] = t->heap[(i - 1) / 2];
            t->heap[(i - 1) / 2] = swap;
            i = (i - 1) / 2;
        }
    } else if (is_worse(t->heap[0], s)) {
        t->heap[0] = s;
        sift_down(t, 0);
    }
}

/* Later documents with this score or less cannot enter: ties go to the smaller number. -1 while there is room. */
static double threshold(const struct run *r)
{
    return r->top.count < r->top.k ? -1 : r->top.heap[0].score;
}

/* A match: counted, and kept if it is one of the best. */
static void offer(struct run *r, float score, uint32_t doc)
{
    r->total++;
    if (!r->after || is_worse((struct scored){score, doc}, *r->after))
        push(&r->top, score, doc);
}

/* The day as what is sorted by: a float holds every one (fewer than 2^24). Documents without come last. */
static float date_rank(struct run *r, struct segment *s, uint32_t doc, int *rc)
{
    int32_t day = DATE_NONE;

    if (s->stats.date_min != DATE_NONE)
        *rc = fihi_segment_date(s, doc, &day, r->err);
    return day == DATE_NONE ? -INFINITY : r->opts->sort == FIH_SORT_OLDEST ? -(float)day : (float)day;
}

/* ---- the reference, and whatever is not a plain any-word query */

static int rank_matches(struct run *r, struct segment *s, uint32_t base, bool may_prune)
{
    struct matcher *m;
    uint32_t target = 0, seen = 0, checked = 0;    /* documents below `checked` may enter, as far as bounds tell */
    int rc = fihi_matcher_new(&m, r->plan, r->plan->root, s, &r->patience, r->err);

    if (rc != 0 || !m)
        return rc;
    while (target != NO_DOC) {
        uint32_t doc;

        if (may_prune && target >= checked && r->top.count == r->top.k) {
            uint32_t until = NO_DOC - 1;
            const bool is_weak = fihi_matcher_bound(m, target, &until) <= threshold(r);

            checked = until + 1 > target ? until + 1 : target + 1;
            if (is_weak) {                         /* nothing up to there can enter */
                r->has_skipped = true;
                target = checked;
                continue;
            }
        }
        doc = fihi_matcher_seek(m, target);
        if (doc == NO_DOC)
            break;
        if (doc >= checked && doc > target && may_prune && r->top.count == r->top.k) {
            target = doc;                          /* other blocks: look at their bounds first */
            continue;
        }
        target = doc + 1;
        if (match_is_shown(r->plan, s, doc, &rc, r->err)) {
            const float score = r->opts->sort == FIH_SORT_SCORE
                                    ? (float)fihi_matcher_score(m, may_prune ? threshold(r) : -1)
                                    : date_rank(r, s, doc, &rc);

            offer(r, score, base + doc);
        }
        if (rc != 0 || (++seen % 16 == 0 && (rc = fihi_patience_check(&r->patience, r->err)) != 0))
            break;
    }
    if (rc == 0)
        rc = fihi_matcher_status(m, r->err);
    fihi_matcher_free(m);
    return rc;
}

/* ---- any-word queries */

struct lane {                          /* one posting list that scores */
    struct cursor cursor;
    struct norms  norms;
    float         weight;
    unsigned      channel;
    double        top, bound;          /* of the whole list, and in this window */
};

struct lanes {
    struct lane  *lanes;
    struct lane **order;               /* by bound in the window, ascending */
    size_t        count, cap;
    uint64_t      postings;
    double        sums[WINDOW];
    uint64_t      seen[WINDOW / 64];
};

static double lane_bound(const struct run *r, const struct lane *l, uint8_t impact)
{
    const float sat = (float)impact / 255.0f * r->plan->bound_ratio[l->channel];

    return (double)l->weight * (sat < 1 ? sat : 1) * 1.000001;
}

static int add_lane(struct run *r, struct lanes *ls, struct segment *s, const uint8_t *key, size_t key_bytes,
                    float weight)
{
    const unsigned channel = length_channel(key[0]);
    struct dict_entry e;
    struct list_place at;
    struct lane *l;
    int rc;

    rc = fihi_segment_find(s, key, key_bytes, &e, r->err);
    if (rc == FIH_E_NOTFOUND)
        return FIH_OK;
    if (rc != 0 || (rc = fihi_segment_list(s, &e, &at, r->err)) != 0)
        return rc;
    l = &ls->lanes[ls->count];
    l->cursor.positions = NULL;
    l->cursor.position_cap = 0;
    if (fihi_cursor_open(&l->cursor, &at) != 0)
        return fihi_segment_broken(s, "a posting list", r->err);
    l->norms = (struct norms){s, NULL, UINT32_MAX, channel};
    l->weight = weight;
    l->channel = channel;
    l->top = lane_bound(r, l, fihi_cursor_top(&l->cursor));
    ls->order[ls->count] = l;
    ls->count++;
    ls->postings += e.df;
    return FIH_OK;
}

static int open_lanes(struct run *r, struct lanes *ls, struct segment *s)
{
    const struct plan_node *root = r->plan->root;
    int rc = FIH_OK;

    ls->count = 0;
    ls->postings = 0;
    for (size_t i = 0; i < root->count && rc == 0; i++) {
        const struct leaf *l = &r->plan->leaves[root->children[i]->leaf];

        rc = add_lane(r, ls, s, l->key, l->key_bytes, l->weight);
        if (rc == 0 && l->norm.key_bytes)
            rc = add_lane(r, ls, s, l->norm.key, l->norm.key_bytes, l->norm.weight);
        if (rc == 0 && l->scope == SCOPE_ANY && l->title_weight > 0) {
            uint8_t key[TERM_KEY_MAX];

            memcpy(key, l->key, l->key_bytes);
            key[0] = CHANNEL_TITLE;
            rc = add_lane(r, ls, s, key, l->key_bytes, l->title_weight);
        }
    }
    return rc;
}

/* The greatest impact of a list's blocks that reach into [from, to). */
static uint8_t impact_within(const struct cursor *c, uint32_t from, uint32_t to)
{
    uint8_t most = 0, impact;
    uint32_t last;

    if (c->doc == NO_DOC || c->doc >= to)
        return 0;
    for (uint32_t at = c->doc > from ? c->doc : from;; at = last + 1) {
        fihi_cursor_peek(c, at, &last, &impact);
        most = impact > most ? impact : most;
        if (last >= to - 1 || last >= NO_DOC - 1)
            return most;
    }
}

/* The scores of the decoded block's documents from the present one on, below `end`: how many. In two plain loops,
 * so that the division is done for several at once; a window lies within one chunk of lengths. */
static unsigned score_block(struct run *r, struct lane *l, uint32_t end, float scores[POSTING_BLOCK], int *rc)
{
    const float fixed = r->plan->fixed, slope = r->plan->slope[l->channel], weight = l->weight;
    struct cursor *c = &l->cursor;
    const unsigned from = c->index;
    unsigned count = 0;
    float lens[POSTING_BLOCK], freqs[POSTING_BLOCK];

    fihi_cursor_freq(c);                       /* unpacks the block's frequencies */
    if (c->is_broken) {
        *rc = fihi_segment_broken(l->norms.segment, "a posting list", r->err);
        return 0;
    }
    fihi_norms_get(&l->norms, c->doc, rc, r->err);
    if (*rc != 0)
        return 0;
    for (; from + count < c->size && c->docs[from + count] < end; count++) {
        const uint32_t doc = c->docs[from + count];
        uint32_t len = get_u16(l->norms.lens + 2 * (size_t)(doc % NORM_CHUNK));

        if (__builtin_expect(len == NORM_LONG, 0))
            len = fihi_segment_long_norm(l->norms.segment, l->channel, doc);
        lens[count] = (float)len;
        freqs[count] = (float)c->freqs[from + count];
    }
    for (unsigned i = 0; i < count; i++)       /* plan_saturation(), to the bit */
        scores[i] = weight * (freqs[i] / (freqs[i] + (fixed + slope * lens[i])));
    return count;
}

/* Stand on the document behind the `count` that were scored. */
static void pass_scored(struct cursor *c, unsigned count)
{
    if (c->index + count < c->size) {
        c->index += count;
        c->doc = c->docs[c->index];
    } else {
        fihi_cursor_next_block(c);
    }
}

/* Add a list's scores over the window. */
static int add_window(struct run *r, struct lanes *ls, struct lane *l, uint32_t start, uint32_t end)
{
    struct cursor *c = &l->cursor;
    float scores[POSTING_BLOCK];
    int rc = FIH_OK;

    fihi_cursor_seek(c, start);
    while (c->doc < end) {
        const unsigned count = score_block(r, l, end, scores, &rc);

        if (rc != 0)
            return rc;
        for (unsigned i = 0; i < count; i++) {
            const uint32_t at = c->docs[c->index + i] - start;

            ls->sums[at] += (double)scores[i];
            ls->seen[at / 64] |= UINT64_C(1) << at % 64;
        }
        pass_scored(c, count);
    }
    return c->is_broken ? fihi_segment_broken(l->norms.segment, "a posting list", r->err) : FIH_OK;
}

static int by_bound(const void *x, const void *y)
{
    const struct lane *a = *(struct lane *const *)x, *b = *(struct lane *const *)y;

    return a->bound < b->bound ? -1 : a->bound > b->bound ? 1 : a < b ? -1 : 1;
}

/* Sort by bound; the first `*weak` lists together cannot bring a document above the threshold. */
static size_t split_lanes(struct lanes *ls, double limit, double *weak_sum)
{
    size_t weak = 0;

    *weak_sum = 0;
    qsort(ls->order, ls->count, sizeof *ls->order, by_bound);
    while (weak < ls->count && *weak_sum + ls->order[weak]->bound <= limit)
        *weak_sum += ls->order[weak++]->bound;
    return weak;
}

/* A weak list that is not much longer than the strong ones would be asked for most of their documents: adding it up
 * with them is cheaper. */
static size_t add_dense(struct lanes *ls, size_t weak, double *weak_sum)
{
    uint64_t strong = 0;

    for (size_t i = weak; i < ls->count; i++)
        strong += ls->order[i]->cursor.at.df;
    while (weak > 0 && weak < ls->count && ls->order[weak - 1]->cursor.at.df <= 2 * strong) {
        strong += ls->order[--weak]->cursor.at.df;
        *weak_sum -= ls->order[weak]->bound;
    }
    *weak_sum = weak > 0 && *weak_sum > 0 ? *weak_sum : 0;
    return weak;
}

static int finish_doc(struct run *r, struct lanes *ls, struct segment *s, uint32_t doc, double sum, size_t weak,
                      double weak_sum, uint32_t base)
{
    int rc = FIH_OK;

    for (size_t i = weak; i-- > 0;) {
        struct lane *l = ls->order[i];

        if (sum + weak_sum <= threshold(r)) {
            r->has_skipped = true;
            return FIH_OK;
        }
        weak_sum -= l->bound;
        weak_sum = weak_sum > 0 ? weak_sum : 0;
        if (l->bound > 0 && fihi_cursor_seek(&l->cursor, doc) == doc) {
            const uint32_t freq = fihi_cursor_freq(&l->cursor);
            const uint32_t len = fihi_norms_get(&l->norms, doc, &rc, r->err);

            sum += (double)(l->weight * plan_saturation(r->plan, l->channel, freq, len));
        }
        if (l->cursor.is_broken)
            rc = fihi_segment_broken(s, "a posting list", r->err);
        if (rc != 0)
            return rc;
    }
    if (match_is_shown(r->plan, s, doc, &rc, r->err)) {
        offer(r, (float)sum, base + doc);
    }
    return rc;
}

/* One list alone can bring a document above the threshold: its blocks are looked at one by one, without adding up,
 * and those whose greatest impact does not reach are not even decoded. */
static int rank_single(struct run *r, struct lanes *ls, struct segment *s, uint32_t base, uint32_t start, uint32_t end,
                       size_t weak, double weak_sum)
{
    struct lane *l = ls->order[weak];
    struct cursor *c = &l->cursor;
    uint32_t target = c->doc > start ? c->doc : start;
    float scores[POSTING_BLOCK];
    int rc = FIH_OK;

    while (target < end && rc == 0) {
        uint32_t last;
        uint8_t impact;

        fihi_cursor_peek(c, target, &last, &impact);
        if (lane_bound(r, l, impact) + weak_sum <= threshold(r)) {
            r->has_skipped = true;
            target = last + 1;
            continue;
        }
        if (fihi_cursor_seek(c, target) < end && c->doc <= last) {
            const unsigned count = score_block(r, l, end, scores, &rc);

            for (unsigned i = 0; i < count && rc == 0; i++) {
                if ((double)scores[i] + weak_sum <= threshold(r))
                    r->has_skipped = true;
                else
                    rc = finish_doc(r, ls, s, c->docs[c->index + i], (double)scores[i], weak, weak_sum, base);
            }
            if (rc == 0)
                pass_scored(c, count);
        }
        if (c->is_broken)
            return fihi_segment_broken(s, "a posting list", r->err);
        target = last >= NO_DOC - 1 ? end : last + 1;
    }
    return rc;
}

static int rank_window(struct run *r, struct lanes *ls, struct segment *s, uint32_t base, uint32_t start, uint32_t end,
                       size_t weak, double weak_sum)
{
    int rc = FIH_OK;

    for (size_t i = weak; i < ls->count && rc == 0; i++)
        rc = add_window(r, ls, ls->order[i], start, end);
    for (unsigned w = 0; w < WINDOW / 64 && rc == 0; w++)
        for (uint64_t bits = ls->seen[w]; bits && rc == 0; bits &= bits - 1) {
            const uint32_t at = w * 64 + (uint32_t)__builtin_ctzll(bits);
            const double sum = ls->sums[at];

            ls->sums[at] = 0;
            if (sum + weak_sum <= threshold(r) && !r->opts->count_all)
                r->has_skipped = true;
            else
                rc = finish_doc(r, ls, s, start + at, sum, weak, weak_sum, base);
        }
    memset(ls->seen, 0, sizeof ls->seen);
    return rc;
}

static int rank_any(struct run *r, struct lanes *ls, struct segment *s, uint32_t base)
{
    int rc = open_lanes(r, ls, s);
    uint32_t from = 0;

    while (rc == 0 && ls->count) {
        const double limit = r->opts->count_all ? -1 : threshold(r);
        uint32_t first = NO_DOC, start, end;
        size_t weak = 0;
        double weak_sum = 0;

        /* Lists that are weak over their whole length do not even say where the next window is. */
        for (size_t i = 0; i < ls->count; i++)
            ls->order[i]->bound = ls->order[i]->top;
        if (limit > 0)
            weak = split_lanes(ls, limit, &weak_sum);
        for (size_t i = weak; i < ls->count; i++) {
            const uint32_t doc = fihi_cursor_seek(&ls->order[i]->cursor, from);

            first = doc < first ? doc : first;
            if (ls->order[i]->cursor.is_broken)
                rc = fihi_segment_broken(s, "a posting list", r->err);
        }
        if (weak)
            r->has_skipped = true;             /* what only weak lists hold is never seen */
        if (rc != 0 || first == NO_DOC)
            break;
        start = first & ~(uint32_t)(WINDOW - 1);
        end = s->stats.docs - start < WINDOW ? s->stats.docs : start + WINDOW;
        if (limit > 0 && ls->postings > SMALL) {
            for (size_t i = 0; i < ls->count; i++) {
                struct lane *l = ls->order[i];

                l->bound = lane_bound(r, l, impact_within(&l->cursor, start, end));
            }
            weak = add_dense(ls, split_lanes(ls, limit, &weak_sum), &weak_sum);
        }
        if (weak + 1 == ls->count && !r->opts->count_all)
            rc = rank_single(r, ls, s, base, start, end, weak, weak_sum);
        else if (weak < ls->count)
            rc = rank_window(r, ls, s, base, start, end, weak, weak_sum);
        from = end;
        if (rc == 0)
            rc = fihi_patience_check(&r->patience, r->err);
    }
    for (size_t i = 0; i < ls->count; i++)
        fihi_cursor_close(&ls->lanes[i].cursor);
    return rc;
}

static bool is_any_word(const struct plan *p)
{
    if (p->root->least > 1)
        return 0;
    for (size_t i = 0; i < p->root->count; i++) {
        const struct plan_node *c = p->root->children[i];

        if (c->kind != PLAN_LEAF || c->occur != OCCUR_SHOULD || c->scope == SCOPE_BODY || c->scope == SCOPE_SECTION)
            return 0;
    }
    return 1;
}

static int compare(const void *x, const void *y)
{
    return is_worse(*(const struct scored *)x, *(const struct scored *)y) ? 1 : -1;
}

void fihi_ranking_sort(struct scored *best, size_t count, size_t k)
{
    enum { FEW = 20 };                         /* picked out one by one faster than all are sorted */

    if (k > FEW || k >= count) {
        if (count > 1)
            qsort(best, count, sizeof *best, compare);
        return;
    }
    for (size_t i = 0; i < k; i++) {
        size_t at = i;

        for (size_t j = i + 1; j < count; j++)
            at = is_worse(best[at], best[j]) ? j : at;
        const struct scored swap = best[i];
        best[i] = best[at];
        best[at] = swap;
    }
}

void fihi_ranking_free(struct ranking *r)
{
    free(r->best);
    r->best = NULL;
    r->count = 0;
}

/* Can documents of the segment be within the dates? */
static bool is_dated(const struct plan *p, const struct segment *s)
{
    return p->since == DATE_NONE ||
           (s->stats.date_min != DATE_NONE && s->stats.date_max >= p->since && s->stats.date_min <= p->until);
}

int fihi_rank(struct ranking *out, const struct plan *plan, const struct view *v, uint32_t k,
              const struct scored *after, const fih_search_opts *opts, fih_error *err)
{
    struct run r = {.plan = plan, .view = v, .opts = opts, .after = after, .patience = fihi_patience(opts), .err = err};
    const int by_score = opts->sort == FIH_SORT_SCORE;
    const bool is_fast = !opts->exhaustive && by_score && is_any_word(plan);
    struct lanes *ls = NULL;
    int rc = FIH_OK;

    memset(out, 0, sizeof *out);
    r.top.k = k < v->docs ? k : (size_t)v->docs + 1; /* never full of all there is: its total is exact */
    if (plan->root->count == 0 || r.top.k == 0) {
        out->is_exact = true;
        return FIH_OK;
    }
    if (!(r.top.heap = malloc(r.top.k * sizeof *r.top.heap)))
        return fihi_fail_nomem(err);
    if (is_fast) {
        if ((ls = calloc(1, sizeof *ls)) != NULL) {
            ls->lanes = malloc(3 * plan->root->count * sizeof *ls->lanes);
            ls->order = malloc(3 * plan->root->count * sizeof *ls->order);
        }
        if (!ls || !ls->lanes || !ls->order)
            rc = fihi_fail_nomem(err);
    }
    for (uint32_t i = 0; i < v->count && rc == 0; i++)
        rc = !is_dated(plan, v->segments[i]) ? FIH_OK
             : is_fast ? rank_any(&r, ls, v->segments[i], v->bases[i])
                     : rank_matches(&r, v->segments[i], v->bases[i], !opts->exhaustive && !opts->count_all && by_score);
    if (ls) {
        free(ls->lanes);
        free(ls->order);
        free(ls);
    }
    if (rc != 0) {
        free(r.top.heap);
        return rc;
    }
    out->best = r.top.heap;
    out->count = r.top.count;
    out->total = r.total;
    out->is_exact = !r.has_skipped;
    return FIH_OK;
}
