/* base/intern.c - adding strings and growing; the look-up is inline.
 *
 * Two parts. The records lie one behind the other in blocks of 4 KiB, 8 KiB, 16 KiB …, so that no string ever moves
 * and the place of a record gives its block by one count of leading zeros: place 5000 is byte 9096 counted from 4096,
 * which lies in the block from 8192 to 16383, at 904. The slots are a hash table of places, and are copied when it
 * grows.
 *
 * One thread writes and others read without a lock. A record is written in full before its slot is, and the slot is
 * put by a release store that a reader's acquire load pairs with: who sees the slot sees the record. When the table
 * grows, readers may still be in the old slots, so these are kept, in a chain, until fihi_intern_settle() is told
 * that nobody reads. All old ones together are smaller than the newest.
 */
#include "base/intern.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/buf.h"

/* 2 KiB: a power of two, as the mask needs, and small enough for the many short-lived tables. */
enum { FIRST_SLOTS = 256 };

uint32_t fihi_intern_hash_long(const uint8_t *s, size_t n)
{
    return (uint32_t)XXH3_64bits(s, n);
}

/* ---- slots */

/* Ends, for a quarter of the slots is free at least. Relaxed for reading: only this thread writes. */
static void put_slot(struct intern_slots *s, uint64_t slot)
{
    size_t i = slot >> 32 & s->mask;

    while (atomic_load_explicit(&s->at[i], memory_order_relaxed))
        i = (i + 1) & s->mask;
    atomic_store_explicit(&s->at[i], slot, memory_order_release);
}

static size_t slot_bytes(const struct intern_slots *s)
{
    return s ? sizeof *s + (s->mask + 1) * sizeof *s->at : 0;
}

/* The newest ones stay. A reader at work would read freed memory: the caller knows that there is none. */
void fihi_intern_settle(struct intern *t)
{
    struct intern_slots *const s = t->slots;

    while (s && s->older) {
        struct intern_slots *const gone = s->older;

        s->older = gone->older;
        free(gone);
    }
}

/* Readers see the old slots or the new ones, each with all that was added before. At most three quarters full: with
 * linear probing a look-up that fails then takes 8.5 steps on the average, and a full table would never end one. */
static int have_slot(struct intern *t)
{
    struct intern_slots *const old = atomic_load_explicit(&t->slots, memory_order_relaxed), *s;
    const size_t count = old ? 2 * (old->mask + 1) : FIRST_SLOTS;

    if (old && 4 * (t->count + 1) <= 3 * (old->mask + 1))
        return FIH_OK;
    if (!(s = fihi_alloc_large(1, sizeof *s + count * sizeof *s->at)))
        return FIH_E_NOMEM;
    memset((void *)s, 0, sizeof *s + count * sizeof *s->at);
    s->mask = count - 1;
    for (size_t i = 0; old && i <= old->mask; i++) {
        const uint64_t slot = atomic_load_explicit(&old->at[i], memory_order_relaxed);

        if (slot)
            put_slot(s, slot);
    }
    s->older = old;
    atomic_store_explicit(&t->slots, s, memory_order_release);
    if (!t->has_readers)
        fihi_intern_settle(t);
    return FIH_OK;
}

/* ---- records */

/* Where a record of n bytes goes: behind the last one, or at the beginning of the next block. A record never lies
 * across two blocks; what is left of a block when a longer one comes stays unused. */
static int have_place(struct intern *t, size_t n, uint64_t *at)
{
    const uint64_t first = UINT64_C(1) << INTERN_FIRST_BITS;
    unsigned block = 63u - (unsigned)__builtin_clzll(t->end + first);

    *at = t->end;
    while (*at + first + n > UINT64_C(2) << block)       /* each block is twice as long, so one of the next will do */
        *at = (UINT64_C(1) << ++block) - first;
    /* A slot has 32 bits for 1 + the place: 4 GiB of strings are all that one table can have. */
    if (*at + n >= UINT32_MAX)
        return FIH_E_LIMIT;
    block -= INTERN_FIRST_BITS;
    if (!t->blocks[block] && !(t->blocks[block] = fihi_alloc_large(1, (size_t)first << block)))
        return FIH_E_NOMEM;
    return FIH_OK;
}

/* All that can fail comes first, so that on an error the table is as it was. A block that was made and not used stays
 * for the next string. */
int fihi_intern_add(struct intern *t, const uint8_t *s, size_t n, uint32_t hash, uint8_t note, uint32_t *number)
{
    uint64_t at;
    uint8_t *r;
    int rc;

    if (n > INTERN_MOST || t->count >= UINT32_MAX - 1)
        return FIH_E_LIMIT;
    if ((rc = have_place(t, INTERN_HEAD + n, &at)) != 0 || (rc = have_slot(t)) != 0 ||
        (rc = fihi_grow(&t->places, &t->cap, t->count + 1, sizeof *t->places)) != 0)
        return rc;
    r = (uint8_t *)intern_record(t, (uint32_t)at);
    *number = (uint32_t)t->count;
    put_u32(r, *number);
    put_u16(r + 4, (uint16_t)n);
    r[6] = note;
    if (n)
        memcpy(r + INTERN_HEAD, s, n);
    t->places[t->count++] = (uint32_t)at;
    t->end = at + INTERN_HEAD + n;
    /* Last: from here on readers find it. */
    put_slot(atomic_load_explicit(&t->slots, memory_order_relaxed), (uint64_t)hash << 32 | (at + 1));
    return FIH_OK;
}

/* ---- all of it */

/* What is in use, not what is allocated: it is compared with budgets, and untouched pages of a new block are no
 * memory. */
size_t fihi_intern_bytes(const struct intern *t)
{
    size_t bytes = (size_t)t->end + t->cap * sizeof *t->places;

    for (const struct intern_slots *s = t->slots; s; s = s->older)
        bytes += slot_bytes(s);
    return bytes;
}

void fihi_intern_free(struct intern *t)
{
    fihi_intern_settle(t);
    free(t->slots);
    for (unsigned i = 0; i < INTERN_BLOCKS; i++)
        free(t->blocks[i]);
    free(t->places);
    *t = (struct intern){.has_readers = t->has_readers};
}

/* Emptied and used again for the next batch: blocks and slots that are warm are worth more than the memory. One large
 * batch must not make all later ones pay for its memory, so above `keep` all is given back. */
void fihi_intern_clear(struct intern *t, size_t keep)
{
    struct intern_slots *const s = t->slots;

    if (fihi_intern_bytes(t) > keep) {
        fihi_intern_free(t);
        return;
    }
    fihi_intern_settle(t);
    if (s && t->count)
        memset((void *)s->at, 0, (s->mask + 1) * sizeof *s->at);
    t->count = 0;
    t->end = 0;
}
