/* search/match_filter.c - the documents of a span of days, and those with words of a pattern. */
#include <stdlib.h>

#include "base/fail.h"
#include "search/match_part.h"

/* ---- days */

struct days {
    struct matcher m;
    int32_t        from, to;
};

/* From document to document: days are not sorted. */
static uint32_t seek_days(struct matcher *m, uint32_t target)
{
    const struct days *const d = (const struct days *)m;
    struct scene *const s = m->scene;
    int32_t day;

    for (; target < s->segment->stats.docs; target++) {
        if (fihi_scene_is_over(s) || (s->rc = fihi_segment_date(s->segment, target, &day, &s->error)) != 0)
            return NO_DOC;
        if (day != DATE_NONE && day >= d->from && day <= d->to)
            return target;
    }
    return NO_DOC;
}

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

static void tell_nothing(struct matcher *m, const struct match_teller *t)
{
    (void)m, (void)t;
}

static void free_it(struct matcher *m)
{
    free(m);
}

static const struct match_kind days_kind = {seek_days, no_score, no_bound, tell_nothing, free_it};

int fihi_match_date(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err)
{
    const struct segment_stats *const stats = &s->segment->stats;
    struct days *d;

    if (stats->date_min == DATE_NONE || stats->date_max < n->from || stats->date_min > n->to)
        return FIH_OK;
    if (!(d = (struct days *)fihi_match_make(&days_kind, s, sizeof *d)))
        return fihi_fail_nomem(err);
    d->from = n->from;
    d->to = n->to;
    d->m.cost = stats->docs;
    *out = &d->m;
    return FIH_OK;
}

/* ---- patterns */

struct alike {
    struct matcher            m;
    const struct plan_set    *set;
    const struct set_segment *docs;
};

static uint32_t seek_alike(struct matcher *m, uint32_t target)
{
    return fihi_word_set_seek(((struct alike *)m)->docs, target);
}

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

static double bound_alike(struct matcher *m, uint32_t target, uint32_t *until)
{
    (void)target, (void)until;
    return m->top;
}

static void tell_alike(struct matcher *m, const struct match_teller *t)
{
    t->set(t->ctx, ((struct alike *)m)->set, score_set(m));
}

static const struct match_kind alike_kind = {seek_alike, score_alike, bound_alike, tell_alike, free_it};

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
    a->m.cost = docs->docs;
    a->m.top = (double)(set->weight * plan_saturation(s->plan, set->words->is_title ? NORM_TITLE : NORM_TEXT,
                                                      docs->most, 0)) * BOUND_MARGIN;
    *out = &a->m;
    return FIH_OK;
}
