/* base/memo.h - questions that were answered with no.
 *
 * Layer: base. For questions that are asked again and again, are dear to answer, and are mostly answered with no, by
 * what never changes. A slot is one number of 64 bits, so any number of threads may look and write at once: whoever
 * loses only asks again. A hash that takes the place of another is forgotten for it. Two questions are taken for one if
 * 64 bits of their hashes agree, so the hash is a good one (XXH3), and a wrong no must do no harm.
 */
#ifndef FIHI_BASE_MEMO_H
#define FIHI_BASE_MEMO_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { MEMO_SLOTS = 1 << 13, MEMO_NUMBER_MAX = 254 };

/* 64 KiB; zeroed: nothing is known. */
struct memo {
    _Atomic uint64_t slots[MEMO_SLOTS];
};

/* Was it answered with no? *number is what was kept with it. The hash's lowest byte makes room for that number, and
 * counts all the same: it is part of the slot's place. */
static inline bool memo_has(const struct memo *m, uint64_t hash, unsigned *number)
{
    const uint64_t v = atomic_load_explicit(&m->slots[hash % MEMO_SLOTS], memory_order_relaxed);

    *number = (unsigned)(v & 255) - 1;
    return (v & 255) != 0 && (v ^ hash) >> 8 == 0;
}

/* number: at most MEMO_NUMBER_MAX. */
static inline void memo_keep(struct memo *m, uint64_t hash, unsigned number)
{
    atomic_store_explicit(&m->slots[hash % MEMO_SLOTS], (hash & ~(uint64_t)255) | (number + 1), memory_order_relaxed);
}

#endif
