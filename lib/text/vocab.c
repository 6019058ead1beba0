/* text/vocab.c - two hash tables: surface words, and terms. */
#include "text/vocab.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum {
    FIRST_SLOTS = 4096,
    CACHE_MAX = 32 << 20       /* bytes of surface words; when full the cache starts anew */
};

uint64_t fihi_vocab_hash(const uint8_t *s, size_t n)
{
    return XXH3_64bits(s, n);
}

/* --------------------------------------------------------------------- terms */

static int grow_terms(struct vocab *v)
{
    const size_t count = v->term_slot_count ? 2 * v->term_slot_count : FIRST_SLOTS;
    struct term_slot *const slots = calloc(count, sizeof *slots);

    if (!slots)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < v->term_count; i++) {
        const struct term_ref r = v->terms[i];
        const uint64_t h = fihi_vocab_hash(v->term_bytes.ptr + r.at, r.len);
        size_t k = h & (count - 1);
        while (slots[k].number)
            k = (k + 1) & (count - 1);
        slots[k] = (struct term_slot){ (uint32_t)(h >> 32), (uint32_t)i + 1 };
    }
    free(v->term_slots);
    v->term_slots = slots;
    v->term_slot_count = count;
    return FIH_OK;
}

/* The number of a term, a new one if need be. */
static int intern(struct vocab *v, const uint8_t *s, size_t n, uint32_t *number)
{
    const uint64_t h = fihi_vocab_hash(s, n);
    const uint32_t tag = (uint32_t)(h >> 32);

    if (2 * (v->term_count + 1) > v->term_slot_count && grow_terms(v) != FIH_OK)
        return FIH_E_NOMEM;
    size_t k = h & (v->term_slot_count - 1);
    for (; v->term_slots[k].number; k = (k + 1) & (v->term_slot_count - 1)) {
        const struct term_ref r = v->terms[v->term_slots[k].number - 1];
        if (v->term_slots[k].tag == tag && r.len == n && memcmp(v->term_bytes.ptr + r.at, s, n) == 0) {
            *number = v->term_slots[k].number - 1;
            return FIH_OK;
        }
    }
    if (v->term_bytes.len > UINT32_MAX - n || v->term_count >= UINT32_MAX - 1)
        return FIH_E_LIMIT;
    if (fihi_grow(&v->terms, &v->term_cap, v->term_count + 1, sizeof *v->terms) != FIH_OK ||
        fihi_buf_append(&v->term_bytes, s, n) != FIH_OK)
        return FIH_E_NOMEM;
    v->terms[v->term_count] = (struct term_ref){ (uint32_t)(v->term_bytes.len - n), (uint32_t)n };
    *number = (uint32_t)v->term_count++;
    v->term_slots[k] = (struct term_slot){ tag, *number + 1 };
    return FIH_OK;
}

/* ------------------------------------------------------------- surface words */

static void clear_cache(struct vocab *v)
{
    if (v->slots)
        memset(v->slots, 0, v->slot_count * sizeof *v->slots);
    v->slots_used = 0;
    v->keys.len = 0;
    v->result_count = 0;
}

static int grow_slots(struct vocab *v)
{
    const size_t count = v->slot_count ? 2 * v->slot_count : FIRST_SLOTS;
    struct slot *const slots = calloc(count, sizeof *slots);

    if (!slots)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < v->slot_count; i++) {
        const struct slot *const old = &v->slots[i];
        if (!old->meta)
            continue;
        size_t k = fihi_vocab_hash(v->keys.ptr + old->key, META_LEN(old->meta)) & (count - 1);
        while (slots[k].meta)
            k = (k + 1) & (count - 1);
        slots[k] = *old;
    }
    free(v->slots);
    v->slots = slots;
    v->slot_count = count;
    return FIH_OK;
}

/* Numbers for the items of the chain; `value` and `meta` as in a slot. */
static int number_items(struct vocab *v, const struct chain *c, size_t key_len, uint32_t *value, uint32_t *meta)
{
    const struct item *const first = &c->items[0];
    int rc;

    *value = 0;
    *meta = META(key_len, 0, 0, 0);
    if (c->item_count == 0)
        return FIH_OK;
    *meta = META(key_len, first->letters, c->item_count, first->flags);
    if (c->item_count == 1)
        return intern(v, first->term, first->len, value);
    if (fihi_grow(&v->results, &v->result_cap, v->result_count + c->item_count, sizeof *v->results) != FIH_OK)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < c->item_count; i++) {
        const struct item *const it = &c->items[i];
        struct result r = { 0, it->flags, it->letters };
        if ((rc = intern(v, it->term, it->len, &r.term)) != FIH_OK)
            return rc;
        v->results[v->result_count + i] = r;
    }
    *value = (uint32_t)v->result_count;
    v->result_count += c->item_count;
    return FIH_OK;
}

/* A surface form seen for the first time: work it out and keep it. */
static int add_surface(struct vocab *v, struct chain *c, const uint8_t *s, size_t n, uint64_t hash, struct slot *out)
{
    int rc;

    if (v->keys.len > CACHE_MAX)
        clear_cache(v);
    if (2 * (v->slots_used + 1) > v->slot_count && grow_slots(v) != FIH_OK)
        return FIH_E_NOMEM;
    *out = (struct slot){ .tag = (uint32_t)(hash >> 32), .key = (uint32_t)v->keys.len };
    if ((rc = fihi_chain_run(c, s, n, NULL, 0)) != FIH_OK || (rc = number_items(v, c, n, &out->value, &out->meta)) != FIH_OK ||
        (rc = fihi_buf_append(&v->keys, s, n)) != FIH_OK)
        return rc;
    size_t k = hash & (v->slot_count - 1);
    while (v->slots[k].meta)
        k = (k + 1) & (v->slot_count - 1);
    v->slots[k] = *out;
    v->slots_used++;
    return FIH_OK;
}

int fihi_vocab_find(struct vocab *v, struct chain *c, const uint8_t *s, size_t n, uint64_t hash, struct slot *out)
{
    const uint32_t tag = (uint32_t)(hash >> 32);

    if (v->slot_count > 0)
        for (size_t k = hash & (v->slot_count - 1); v->slots[k].meta; k = (k + 1) & (v->slot_count - 1))
            if (v->slots[k].tag == tag && META_LEN(v->slots[k].meta) == n &&
                memcmp(v->keys.ptr + v->slots[k].key, s, n) == 0) {
                *out = v->slots[k];
                return FIH_OK;
            }
    return add_surface(v, c, s, n, hash, out);
}

size_t fihi_vocab_bytes(const struct vocab *v)
{
    return v->slot_count * sizeof *v->slots + v->keys.cap + v->result_cap * sizeof *v->results +
           v->term_slot_count * sizeof *v->term_slots + v->term_cap * sizeof *v->terms + v->term_bytes.cap;
}

void fihi_vocab_free(struct vocab *v)
{
    free(v->slots);
    free(v->results);
    free(v->term_slots);
    free(v->terms);
    fihi_buf_free(&v->keys);
    fihi_buf_free(&v->term_bytes);
    *v = (struct vocab){ 0 };
}
