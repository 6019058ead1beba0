/* text/vocab.h - numbers for terms, and the surface words whose terms are known.
 *
 * Layer: text. A surface word goes through the chain once; then one hash, one probe and one compare of
 * bytes give its terms. What it remembers of surface words is dropped when it grows large; terms keep
 * their numbers until everything is dropped.
 */
#ifndef FIHI_TEXT_VOCAB_H
#define FIHI_TEXT_VOCAB_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "text/chain.h"

/* One term of a surface word. */
struct result {
    uint32_t term;
    uint8_t  flags, letters;
};

/* A surface word. Most have one term, which stands here. */
struct slot {
    uint32_t tag;              /* upper half of the hash */
    uint32_t key;              /* offset of the bytes in `keys` */
    uint32_t value;            /* one term: its number; several: index of the first in `results` */
    uint32_t meta;             /* length:11 letters:8 count:5 flags:8; 0 = free slot */
};
#define META(len, letters, count, flags) \
    ((uint32_t)(len) | (uint32_t)(letters) << 11 | (uint32_t)(count) << 19 | (uint32_t)(flags) << 24)
#define META_LEN(m)     ((m) & 0x7FF)
#define META_LETTERS(m) ((m) >> 11 & 0xFF)
#define META_COUNT(m)   ((m) >> 19 & 0x1F)
#define META_FLAGS(m)   ((m) >> 24)

struct term_slot {
    uint32_t tag;
    uint32_t number;           /* 1 + term number; 0 = free slot */
};

struct term_ref {
    uint32_t at, len;          /* in `term_bytes` */
};

/* Both tables are open-addressing, at most half full, a power of two long or empty. Zero-initialise. */
struct vocab {
    struct slot *slots;
    size_t slot_count, slots_used;
    struct buf keys;
    struct result *results;
    size_t result_count, result_cap;

    struct term_slot *term_slots;
    size_t term_slot_count;
    struct term_ref *terms;
    size_t term_count, term_cap;
    struct buf term_bytes;
};

uint64_t fihi_vocab_hash(const uint8_t *s, size_t n);
/* The slot of a surface word (cut by fihi_chain_cut()), made by the chain if it is new. *out is a copy;
 * its `value` holds until the next call. FIH_OK, FIH_E_NOMEM, FIH_E_LIMIT. */
int fihi_vocab_find(struct vocab *v, struct chain *c, const uint8_t *s, size_t n, uint64_t hash, struct slot *out);
size_t fihi_vocab_bytes(const struct vocab *v);
void fihi_vocab_free(struct vocab *v);

/* Have a hash's slot, then the key of what is in it, on the way from memory. */
static inline void vocab_prefetch_slot(const struct vocab *v, uint64_t hash)
{
    if (v->slot_count > 0)
        __builtin_prefetch(&v->slots[hash & (v->slot_count - 1)]);
}

static inline void vocab_prefetch_key(const struct vocab *v, uint64_t hash)
{
    if (v->slot_count > 0)
        __builtin_prefetch(v->keys.ptr + v->slots[hash & (v->slot_count - 1)].key);
}

#endif
