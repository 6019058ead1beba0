/* search/near.c - from the occurrences of one word to those of the next that they lead to, so that the time grows with
 * the occurrences and not with their combinations. */
#include "search/near.h"

#include <stdlib.h>

#include "base/buf.h"

void fihi_near_free(struct near *w)
{
    for (unsigned i = 0; i < 2; i++) {
        free(w->chains[i].at);
        free(w->chains[i].from);
    }
}

static int grow_chain(struct chain *c, size_t count)
{
    return fihi_grow(&c->at, &c->at_cap, count, sizeof *c->at) == 0 &&
           fihi_grow(&c->from, &c->from_cap, count, sizeof *c->from) == 0;
}

void fihi_near_reach(enum link link, uint32_t reach, uint32_t slop, uint32_t q, uint32_t *low, uint32_t *high)
{
    const uint32_t gap = slop ? UINT32_MAX : link == LINK_NEXT ? 1 : reach;

    *low = q > gap ? q - gap : 0;
    *high = link == LINK_NEAR ? (gap < UINT32_MAX - q ? q + gap : UINT32_MAX) : q;
}

/* The occurrence before that leads to one at q, none before *k; before->count if none does. Of several the last one
 * before q, if there is a slop: it began the latest, and what comes behind asks for the shortest stretch. */
static size_t leading(const struct chain *before, const struct query_term *l, uint32_t slop, uint32_t q, size_t *k)
{
    uint32_t first, last;
    size_t i;

    fihi_near_reach(l->link, l->reach, slop, q, &first, &last);
    while (*k < before->count && before->at[*k] < first)
        ++*k;
    while (slop && *k + 1 < before->count && before->at[*k + 1] < q)
        ++*k;
    i = *k < before->count && before->at[*k] == q ? *k + 1 : *k;
    return i < before->count && before->at[i] <= last ? i : before->count;
}

/* The first word's occurrences in [low, high). */
static void begin(struct chain *c, const struct places *p, uint32_t low, uint32_t high)
{
    c->count = 0;
    for (uint32_t j = 0; j < p->count; j++)
        if (p->positions[j] >= low && p->positions[j] < high) {
            c->at[c->count] = p->positions[j];
            c->from[c->count++] = p->positions[j];
        }
}

/* Those of a further word that `before` leads to. */
static void lead_on(struct chain *c, const struct chain *before, const struct query_term *l, const struct places *p,
                    uint32_t slop, uint32_t low, uint32_t high)
{
    size_t k = 0;

    c->count = 0;
    for (uint32_t j = 0; j < p->count; j++) {
        const uint32_t q = p->positions[j];
        const size_t i = q >= low && q < high ? leading(before, l, slop, q, &k) : before->count;

        if (i < before->count) {
            c->at[c->count] = q;
            c->from[c->count++] = before->from[i];
        }
    }
}

int fihi_near_holds(struct near *w, const struct query_term *terms, const struct places *places, uint32_t n,
                    uint32_t slop, uint32_t low, uint32_t high, int *no_memory)
{
    struct chain *c = NULL;

    for (uint32_t i = 0; i < n; i++) {
        const struct chain *before = c;

        c = &w->chains[i % 2];
        if (!grow_chain(c, places[i].count)) {
            *no_memory = 1;
            return 0;
        }
        if (i == 0)
            begin(c, &places[i], low, high);
        else
            lead_on(c, before, &terms[i], &places[i], slop, low, high);
        if (c->count == 0)
            return 0;
    }
    for (size_t i = 0; slop && i < c->count; i++)
        if (c->at[i] - c->from[i] - (n - 1) <= slop)
            return 1;
    return !slop;
}
