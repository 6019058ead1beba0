/* search/match_filter.c - the documents with a value in a span, all documents, and those with words of a pattern.
 *
 * All three score 0 or as one word. Spans and "all documents" have no list: they answer for any document, so their cost
 * is the number of documents, and a group lets any word lead before them. Filters that stand beside words mostly do not
 * come here (sieve.h): these are for queries that are nothing else, for filters that let few documents pass, and below
 * OR.
 */
#include <stdlib.h>

#include "base/fail.h"
#include "index/column.h"
#include "search/match_part.h"

/* ---- values */

struct value_span {
    struct matcher m;
    struct column  column;             /* with the chunk at hand that was looked at last */
    int64_t        low, high;          /* both in it; of a keyword places among its terms */
};

/* From document to document: values are not sorted. A chunk of a column at a time; between chunks the clock is looked
 * at. */
static uint32_t seek_span(struct matcher *m, uint32_t target)
{
    struct value_span *const v = (struct value_span *)m;
    struct scene *const s = m->scene;

    while (target < s->segment->stats.docs) {
        uint32_t end;
        const uint32_t doc = fihi_column_seek(&v->column, target, v->low, v->high, &end, &s->rc, &s->error);

        if (doc != NO_DOC || s->rc != 0 || fihi_scene_is_over(s))
            return s->rc ? NO_DOC : doc;
        target = end;
    }
    return NO_DOC;
}

/* A filter says which documents, and nothing about how good they are. */
static double no_score(struct matcher *m)
{
    (void)m;
    return 0;
}

static double no_bound(struct matcher *m, uint32_t target, uint32_t *until)
{
    (void)m, (void)target, (void)until;
    return 0;
}

/* What scores nothing has no row in an explanation. */
static void tell_nothing(struct matcher *m, const struct match_teller *t)
{
    (void)m, (void)t;
}

/* The column is a part of the segment, and nothing of a matcher's own has to be given back. */
static void free_it(struct matcher *m)
{
    free(m);
}

static const struct match_kind span_kind = {seek_span, no_score, no_bound, tell_nothing, free_it};

/* A segment without the column has no document with a value. The column's least and greatest value tell without a look
 * at it that nothing can be in the span: so of an index that grows day by day few segments are read for a date. `cost`
 * is about how many documents pass, where the plan knows it (one_in), as the cost of a list is how many it has: a group
 * lets the child lead that costs least. */
int fihi_match_values(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err)
{
    struct column c;
    struct value_span *v;
    int64_t low, high;
    int rc;

    if (!fihi_column_open(&c, s->segment, n->field))
        return FIH_OK;
    if ((rc = fihi_plan_values(n, &c, &low, &high, err)) != 0)
        return rc;
    /* No matcher at all: a group that needs it has no match here, without a look at a document. */
    if (low > high || low > fihi_column_greatest(&c) || high < fihi_column_least(&c))
        return FIH_OK;
    if (!(v = (struct value_span *)fihi_match_make(&span_kind, s, sizeof *v)))
        return fihi_fail_nomem(err);
    v->column = c;
    v->low = low;
    v->high = high;
    v->m.cost = s->segment->stats.docs / (n->one_in ? n->one_in : 1);
    *out = &v->m;
    return FIH_OK;
}

/* ---- all documents */

/* Every document is one: the target itself, up to the last of the segment. */
static uint32_t seek_next(struct matcher *m, uint32_t target)
{
    return target < m->scene->segment->stats.docs ? target : NO_DOC;
}

static const struct match_kind all_kind = {seek_next, no_score, no_bound, tell_nothing, free_it};

/* Deleted documents, too: who asks leaves them out (match_is_live()). */
int fihi_match_all(struct matcher **out, struct scene *s, fih_error *err)
{
    if (!(*out = fihi_match_make(&all_kind, s, sizeof **out)))
        return fihi_fail_nomem(err);
    (*out)->cost = s->segment->stats.docs;
    return FIH_OK;
}

/* ---- patterns */

/* Both pointers are borrowed from the plan. */
struct alike {
    struct matcher            m;
    const struct plan_set    *set;
    const struct set_segment *docs;    /* the set's in this segment */
};

/* A pattern's documents were collected when the plan was made: bits, and a number for each (expand.h). */
static uint32_t seek_alike(struct matcher *m, uint32_t target)
{
    return fihi_word_set_seek(((struct alike *)m)->docs, target);
}

/* All words that the pattern means are one word here, with their occurrences together as its frequency, which may be a
 * fraction. */
static float score_set(struct matcher *m)
{
    const struct alike *const a = (const struct alike *)m;
    const unsigned field = a->set->words->is_title ? NORM_TITLE : NORM_TEXT;
    const uint32_t len = fihi_scene_length(m->scene, field, m->doc);

    return a->set->weight * plan_saturation(m->scene->plan, field, *word_set_freq(a->docs, m->doc), len);
}

static double score_alike(struct matcher *m)
{
    return (double)score_set(m);
}

/* The set has no blocks with bounds of their own, so the bound of all of it stands for each part. */
static double bound_alike(struct matcher *m, uint32_t target, uint32_t *until)
{
    (void)target, (void)until;
    return m->top;
}

/* The set's row in an explanation; its words are not told one by one. */
static void tell_alike(struct matcher *m, const struct match_teller *t)
{
    t->set(t->ctx, ((struct alike *)m)->set, score_set(m));
}

static const struct match_kind alike_kind = {seek_alike, score_alike, bound_alike, tell_alike, free_it};

/* The set belongs to the plan, which lives longer than any matcher of it. */
int fihi_match_set(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err)
{
    const struct plan_set *const set = &s->plan->sets[n->set];
    const struct set_segment *const docs = &set->words->segments[s->number];
    struct alike *a;

    if (docs->docs == 0)
        return FIH_OK;
    if (!(a = (struct alike *)fihi_match_make(&alike_kind, s, sizeof *a)))
        return fihi_fail_nomem(err);
    a->set = set;
    a->docs = docs;
    /* A bit set is read 64 documents at a time, which is cheaper than a list of as many; the number serves to
     * compare. */
    a->m.cost = docs->docs;
    /* As if the most frequent document were empty: no length makes a score greater than length 0. */
    a->m.top = (double)(set->weight * plan_saturation(s->plan, set->words->is_title ? NORM_TITLE : NORM_TEXT,
                                                      docs->most, 0)) * BOUND_MARGIN;
    *out = &a->m;
    return FIH_OK;
}
