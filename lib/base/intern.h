/* base/intern.h - numbers for strings: which is this one, and which string has a number?
 *
 * Layer: base. Strings are kept as they are added, numbered from 0, and stay where they are: a pointer to one is good
 * until all of them go. One thread adds; if `has_readers` is set, any number of others may look up meanwhile, without a
 * lock: they find what was there when they began, and may miss what is being added.
 *
 * A slot has 32 bits of the hash, which give the place to look at and tell strangers apart, and where the string is.
 * Open addressing with linear probing, at most three quarters full (Knuth, TAOCP 3, 6.4, algorithm L).
 */
#ifndef FIHI_BASE_INTERN_H
#define FIHI_BASE_INTERN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "fihrist.h"

enum {
    INTERN_MOST = 65535,               /* bytes of a string */
    INTERN_HEAD = 7,                   /* of a record: u32 number, u16 bytes, u8 note; then the string */
    INTERN_FIRST_BITS = 12,            /* of the first block's size: each is twice as long as the one before */
    INTERN_BLOCKS = 33 - INTERN_FIRST_BITS
};

struct intern_slots {
    size_t               mask;
    struct intern_slots *older;        /* others may still read them */
    _Atomic uint64_t     at[];         /* hash << 32 | 1 + where the record is; 0: free */
};

/* Zero-initialise. */
struct intern {
    struct intern_slots *_Atomic slots;
    uint8_t  *blocks[INTERN_BLOCKS];   /* of records */
    uint32_t *places;                  /* by number: where the record is */
    size_t    count, cap;
    uint64_t  end;                     /* of the last record */
    bool      has_readers;
};

uint32_t fihi_intern_hash_long(const uint8_t *s, size_t n);
/* Add a string of at most INTERN_MOST bytes that is not there yet; *number is the count before. The note is a byte that
 * comes with it. FIH_OK, FIH_E_NOMEM, or FIH_E_LIMIT when there is no number or place left. */
int fihi_intern_add(struct intern *t, const uint8_t *s, size_t n, uint32_t hash, uint8_t note, uint32_t *number);
/* Memory that it has in use. */
size_t fihi_intern_bytes(const struct intern *t);
/* Forget all strings; memory for more of them stays, up to `keep` bytes. No reader may be at work, here and below. */
void fihi_intern_clear(struct intern *t, size_t keep);
/* Give back what only readers need that began before the table grew. */
void fihi_intern_settle(struct intern *t);
void fihi_intern_free(struct intern *t);

/* Short strings, as words are, by two multiplications. The constants are the golden ratio's bits and the finalizer's of
 * Steele, Lea & Flood, "Fast splittable pseudorandom number generators" (2014). */
static inline uint32_t intern_hash(const uint8_t *s, size_t n)
{
    uint64_t a, b;

    if (n > 16)
        return fihi_intern_hash_long(s, n);
    if (n >= 8) {
        a = get_u64(s);
        b = get_u64(s + n - 8);
    } else if (n >= 4) {
        a = get_u32(s);
        b = get_u32(s + n - 4);
    } else {
        a = n ? s[0] | (uint64_t)s[n / 2] << 8 | (uint64_t)s[n - 1] << 16 : 0;
        b = 0;
    }
    a = (a ^ n) * UINT64_C(0x9E3779B97F4A7C15);
    b = (b ^ a ^ a >> 32) * UINT64_C(0xBF58476D1CE4E5B9);
    return (uint32_t)(b >> 32 ^ b >> 5);
}

static inline const uint8_t *intern_record(const struct intern *t, uint32_t at)
{
    const uint64_t from = (uint64_t)at + (1u << INTERN_FIRST_BITS);
    const unsigned block = 63u - (unsigned)__builtin_clzll(from);

    return t->blocks[block - INTERN_FIRST_BITS] + (from - (UINT64_C(1) << block));
}

static inline uint32_t intern_number(const uint8_t *record) { return get_u32(record); }
static inline uint8_t intern_note(const uint8_t *record) { return record[6]; }

/* Have a hash's slot on the way from memory; then, when that has come, the record it leads to. */
static inline void intern_fetch_slot(const struct intern *t, uint32_t hash)
{
    const struct intern_slots *const s = atomic_load_explicit(&t->slots, memory_order_acquire);

    if (s)
        __builtin_prefetch((const void *)&s->at[hash & s->mask]);
}

static inline void intern_fetch_record(const struct intern *t, uint32_t hash)
{
    const struct intern_slots *const s = atomic_load_explicit(&t->slots, memory_order_acquire);
    const uint64_t slot = s ? atomic_load_explicit(&s->at[hash & s->mask], memory_order_acquire) : 0;

    if (slot)
        __builtin_prefetch(intern_record(t, (uint32_t)slot - 1));
}

/* The record of a string, or NULL. */
static inline const uint8_t *intern_find(const struct intern *t, const uint8_t *s, size_t n, uint32_t hash)
{
    const struct intern_slots *const slots = atomic_load_explicit(&t->slots, memory_order_acquire);
    uint64_t slot;

    if (!slots)
        return NULL;
    for (size_t i = hash & slots->mask; (slot = atomic_load_explicit(&slots->at[i], memory_order_acquire)) != 0;
         i = (i + 1) & slots->mask)
        if (slot >> 32 == hash) {
            const uint8_t *const r = intern_record(t, (uint32_t)slot - 1);

            if (get_u16(r + 4) == n && bytes_equal(r + INTERN_HEAD, s, n))
                return r;
        }
    return NULL;
}

/* The string of a number. */
static inline const uint8_t *intern_get(const struct intern *t, uint32_t number, size_t *n)
{
    const uint8_t *const r = intern_record(t, t->places[number]);

    *n = get_u16(r + 4);
    return r + INTERN_HEAD;
}

#endif
