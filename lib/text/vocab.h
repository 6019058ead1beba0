/* text/vocab.h - numbers for surface words and for terms, and which terms a surface word has.
 *
 * Layer: text. A surface word goes through the chain once; then one hash, one probe and one compare of
 * bytes give its number. Numbers run from 0 in the order in which words and terms were first seen, until
 * everything is dropped.
 */
#ifndef FIHI_TEXT_VOCAB_H
#define FIHI_TEXT_VOCAB_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/table.h"
#include "text/analyzer.h"
#include "text/chain.h"

/* A surface word. */
struct slot {
    uint32_t tag;              /* upper half of the hash */
    uint32_t key;              /* offset of the bytes in `keys` */
    uint32_t surface;
    uint32_t len;              /* of the bytes; 0 = free slot */
};

struct term_ref {
    uint32_t at, len;          /* in `term_bytes` */
};

/* Surface words have a table of their own, which is looked up for each word of a text: what is compared stands in the
 * slot, so that it can be fetched ahead. As struct table, open addressing, at most half full. Zero-initialise. */
struct vocab {
    struct slot *slots;
    size_t slot_count, slots_used;
    struct buf keys;
    struct result *results;    /* of all surface words, one behind the other */
    size_t result_count, result_cap;
    uint32_t *surface_ends;    /* in `results` */
    size_t surface_count, surface_cap;

    struct table term_table;
    struct term_ref *terms;
    size_t term_count, term_cap;
    struct buf term_bytes;
};

uint64_t fihi_vocab_hash(const uint8_t *s, size_t n);
/* The number of a surface word (cut by fihi_chain_cut(), not empty); the chain tells the terms of a new one.
 * FIH_OK, FIH_E_NOMEM, FIH_E_LIMIT. */
int fihi_vocab_find(struct vocab *v, struct chain *c, const uint8_t *s, size_t n, uint64_t hash, uint32_t *surface);
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
