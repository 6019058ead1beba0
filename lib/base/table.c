/* base/table.c - growing and filling; the look-up is inline.
 *
 * At most half full, where a look-up that fails takes 2.5 steps on the average; the hash is kept in the slot, so that
 * growing needs no look at the things themselves. Not for several threads.
 */
#include "base/table.h"

#include <stdlib.h>

/* A power of two, as the mask needs. */
enum { FIRST_SLOTS = 256 };

/* 1 + the number is what a slot holds: so zeroed memory is an empty table, and UINT32_MAX - 1 is the last number that
 * fits. */
void fihi_table_put(struct table *t, uint32_t hash, uint32_t number)
{
    const size_t mask = t->slot_count - 1;
    size_t i = hash & mask;

    while (t->slots[i].number)
        i = (i + 1) & mask;
    t->slots[i] = (struct table_slot){hash, number + 1};
    t->used++;
}

/* Apart from putting, so that a caller can have all that may fail behind him before he changes anything of his own. */
int fihi_table_room(struct table *t)
{
    struct table bigger = {.slot_count = t->slot_count ? 2 * t->slot_count : FIRST_SLOTS};

    if (2 * (t->used + 1) <= t->slot_count)
        return FIH_OK;
    if (!(bigger.slots = calloc(bigger.slot_count, sizeof *bigger.slots)))
        return FIH_E_NOMEM;
    for (size_t i = 0; i < t->slot_count; i++)
        if (t->slots[i].number)
            fihi_table_put(&bigger, t->slots[i].hash, t->slots[i].number - 1);
    free(t->slots);
    *t = bigger;
    return FIH_OK;
}

size_t fihi_table_bytes(const struct table *t)
{
    return t->slot_count * sizeof *t->slots;
}

void fihi_table_free(struct table *t)
{
    free(t->slots);
    *t = (struct table){0};
}
