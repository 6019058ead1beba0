/* base/table.h - a hash table of numbers: which of the things that I keep elsewhere is this one?
 *
 * Layer: base. The things themselves (names, terms, notes) lie in an array of their owner's, and their number there is
 * what the table holds, with 32 bits of the hash: those give the place to look at and tell nearly all strangers apart
 * without a look at the thing. Open addressing with linear probing, at most half full, a power of two slots
 * (Knuth, TAOCP 3, 6.4, algorithm L). Nothing is ever taken out of it.
 *
 *     size_t at = hash;
 *     while (table_next(&t, hash, &at, &number))
 *         if (is_the_same(number))
 *             return number;
 */
#ifndef FIHI_BASE_TABLE_H
#define FIHI_BASE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"

/* Zero-initialise. */
struct table {
    struct table_slot {
        uint32_t hash;
        uint32_t number;               /* 1 + the number; 0: free */
    }     *slots;
    size_t slot_count, used;
};

/* The next number with this hash, from `at` on, which is the hash itself at first. 0: there are no more. */
static inline int table_next(const struct table *t, uint32_t hash, size_t *at, uint32_t *number)
{
    const size_t mask = t->slot_count - 1;

    for (size_t i = *at; t->slot_count > 0 && t->slots[i & mask].number; i++)
        if (t->slots[i & mask].hash == hash) {
            *number = t->slots[i & mask].number - 1;
            *at = i + 1;
            return 1;
        }
    return 0;
}

/* Have room for one more, so that fihi_table_put() can't fail. FIH_OK or FIH_E_NOMEM. */
int fihi_table_room(struct table *t);
/* After fihi_table_room(); a number up to UINT32_MAX - 1 that is not there yet. */
void fihi_table_put(struct table *t, uint32_t hash, uint32_t number);
size_t fihi_table_bytes(const struct table *t);
void fihi_table_free(struct table *t);

#endif
