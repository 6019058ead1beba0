/* search/similar.c - which of the documents before is near.
 *
 * NEAR_BITS is 7: of the 8 bands of 8 bits that a signature has, two that are near share one at least. So only firsts
 * with the same band are compared, one in 256 of each band: of 10,000 firsts some 300 comparisons, a bit more than a
 * nanosecond each. */
#include "search/similar.h"

#include <stdlib.h>

#include "base/buf.h"
#include "fihrist.h"
#include "text/signature.h"

_Static_assert((int)BANDS > (int)NEAR_BITS, "two signatures that are near share a band");

/* Signatures are stored as signed numbers, in a column; shifts are made without a sign. */
static uint8_t band(int64_t signature, unsigned i)
{
    return (uint8_t)((uint64_t)signature >> 8 * i);
}

/* This is the pigeonhole of Manku, Jain and Das Sarma ("Detecting near-duplicates for web crawling", 2007). The chains
 * of a band run from the newest first to the oldest, so all of a chain must be seen: the earliest near one wins,
 * whichever band it was met in. All arrays grow before any is written, so that an error leaves the groups as they
 * were. */
int fihi_similar_find(struct similar *s, int64_t signature, uint32_t *group)
{
    uint32_t found = UINT32_MAX;

    for (unsigned i = 0; i < BANDS; i++)
        for (uint32_t at = s->last[i][band(signature, i)]; at > 0; at = s->next[i][at - 1])
            if (signatures_are_near(s->firsts[at - 1], signature) && at - 1 < found)
                found = at - 1;
    *group = found;
    if (found < UINT32_MAX)
        return FIH_OK;
    if (fihi_grow(&s->firsts, &s->cap, s->count + 1, sizeof *s->firsts) != 0)
        return FIH_E_NOMEM;
    for (unsigned i = 0; i < BANDS; i++)
        if (fihi_grow(&s->next[i], &s->next_cap[i], s->count + 1, sizeof *s->next[i]) != 0)
            return FIH_E_NOMEM;
    for (unsigned i = 0; i < BANDS; i++) {
        s->next[i][s->count] = s->last[i][band(signature, i)];
        s->last[i][band(signature, i)] = (uint32_t)s->count + 1;
    }
    s->firsts[s->count] = signature;
    *group = (uint32_t)s->count++;
    return FIH_OK;
}

void fihi_similar_free(struct similar *s)
{
    free(s->firsts);
    for (unsigned i = 0; i < BANDS; i++)
        free(s->next[i]);
}
