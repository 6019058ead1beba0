/* search/plan_filter.c - what says only which documents may be found: sections, spans of days. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "search/plan_part.h"
#include "search/when.h"

void fihi_filters_free(struct filters *f)
{
    for (unsigned i = 0; i < FILTER_KINDS; i++)
        fihi_plan_node_free(f->of[i]);
}

bool fihi_filters_any(const struct filters *f)
{
    int has = 0;

    for (unsigned i = 0; i < FILTER_KINDS; i++)
        has |= f->of[i] != NULL;
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
    fihi_plan_node_free(*dates);
    *dates = NULL;
    return 1;
}

int fihi_filters_apply(struct planner *p, struct plan_node *group, struct filters *f)
{
    struct plan_node *words = NULL;
    int asks = 0;

    for (size_t i = 0; i < group->count; i++)
        asks |= group->children[i]->occur != OCCUR_NOT;
    if (asks && group == p->plan->root && f->of[FILTER_DATE] && narrow_dates(p->plan, &f->of[FILTER_DATE]) &&
        !fihi_filters_any(f))
        return FIH_OK;
    if (asks && (words = calloc(1, sizeof *words)) != NULL) {
        *words = *group;
        words->occur = OCCUR_MUST;
        group->children = NULL;
        group->count = group->cap = group->least = 0;
    }
    if ((asks && !words) ||
        fihi_grow(&group->children, &group->cap, group->count + FILTER_KINDS, sizeof *group->children) != 0) {
        fihi_plan_node_free(words);
        fihi_filters_free(f);
        return fihi_fail_nomem(p->err);
    }
    for (unsigned i = 0; i < FILTER_KINDS; i++)
        if (f->of[i]) {
            f->of[i]->occur = OCCUR_MUST;
            group->children[group->count++] = f->of[i];
        }
    if (words)
        group->children[group->count++] = words;
    return FIH_OK;
}

unsigned fihi_filter_kind(const struct plan *plan, const struct plan_node *n)
{
    unsigned what = 0;

    if (n->kind == PLAN_DATE)
        return FILTER_DATE;
    if (n->kind != PLAN_GROUP)
        return n->kind == PLAN_TERM && plan->terms[n->term].scope == SCOPE_SECTION ? FILTER_SECTION : 0;
    for (size_t i = 0; i < n->count; i++)
        if (n->children[i]->occur != OCCUR_NOT) {
            const unsigned child = fihi_filter_kind(plan, n->children[i]);

            if (!child)
                return 0;
            what |= child;
        }
    return what;
}

int fihi_filter_add(struct planner *p, struct plan_node **filter, struct plan_node *n)
{
    if (!*filter && (*filter = calloc(1, sizeof **filter)) != NULL)
        (*filter)->kind = PLAN_GROUP;
    if (!*filter ||
        fihi_grow(&(*filter)->children, &(*filter)->cap, (*filter)->count + 1, sizeof *(*filter)->children) != 0) {
        fihi_plan_node_free(n);
        return fihi_fail_nomem(p->err);
    }
    (*filter)->children[(*filter)->count++] = n;
    return FIH_OK;
}

static int read_day(const char *text, int32_t today, int32_t *first, int32_t *last, fih_error *err)
{
    const int rc = fihi_when_time((fih_str){text, strlen(text)}, today, first, last, err);

    return rc != FIH_E_QUERY ? rc
                             : fihi_fail(err, FIH_E_USAGE,
                                         "'%.60s' is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, a date with the "
                                         "name of its month, or yesterday", text);
}

int fihi_filter_dates(struct plan *p, const fih_search_opts *o, fih_error *err)
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
