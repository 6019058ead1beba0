/* search/near.c - from the occurrences of one word to those of the next that they lead to, so that the time grows with
 * the occurrences and not with their combinations.
 *
 * Example: NEAR of three words within two positions of each other. The first stands at 3 and 20, the second at 5 and
 * 40, the third at 6: from {3, 20} one gets to {5}, from {5} to {6}: they are near. Each step walks both lists once and
 * keeps, for each occurrence that is reached, where its chain began (`from`), which is what a slop is measured by.
 *
 * Positions ascend in every list. Those of two words may be equal, where the text has one word that is read in both
 * ways: a word is not near itself, so that leads nowhere. Only whether there is a chain is told here; which one,
 * together.h says.
 */
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

/* Nonzero if there is room: as many occurrences as the word has, for each is reached at most once. */
static int grow_chain(struct chain *c, size_t count)
{
    return fihi_grow(&c->at, &c->at_cap, count, sizeof *c->at) == 0 &&
           fihi_grow(&c->from, &c->from_cap, count, sizeof *c->from) == 0;
}

/* With a slop any earlier position leads on: the stretch as a whole is measured at the end. The sum is kept from
 * wrapping: positions come from the index, and a hostile one may be near 2^32. */
void fihi_near_reach(enum link link, uint32_t reach, uint32_t slop, uint32_t q, uint32_t *low, uint32_t *high)
{
    const uint32_t gap = slop ? UINT32_MAX : link == LINK_NEXT ? 1 : reach;

    *low = q > gap ? q - gap : 0;
    *high = link == LINK_NEAR ? (gap < UINT32_MAX - q ? q + gap : UINT32_MAX) : q;
}

/* The occurrence before that leads to one at q, none before *k; before->count if none does. Of several the last one
 * before q, if there is a slop: it began the latest, and what comes behind asks for the shortest stretch. *k only goes
 * forward, because `first` ascends with q. at[*k] == q is stepped over for this q only: for the next one it may be
 * right. */
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

/* The first word's occurrences in [low, high). The range is the title or the body: no chain reaches from one into the
 * other. */
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

/* The two chains take turns: the one before is read while the next is written. An empty one ends it. */
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
        /* In order, so each word is at least one behind the one before: the difference is no less than n - 1. */
        if (c->at[i] - c->from[i] - (n - 1) <= slop)
            return 1;
    return !slop;
}
