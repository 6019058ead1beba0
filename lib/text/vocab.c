/* text/vocab.c - two hash tables: surface words, and terms. */
#include "text/vocab.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/bytes.h"

enum { FIRST_SLOTS = 4096 };

uint64_t fihi_vocab_hash(const uint8_t *s, size_t n)
{
    return XXH3_64bits(s, n);
}

/* --------------------------------------------------------------------- terms */

/* The number of a term, a new one if need be. */
static int intern(struct vocab *v, const uint8_t *s, size_t n, uint32_t *number)
{
    const uint32_t hash = (uint32_t)fihi_vocab_hash(s, n);

    for (size_t at = hash; table_next(&v->term_table, hash, &at, number);)
        if (v->terms[*number].len == n && bytes_equal(v->term_bytes.ptr + v->terms[*number].at, s, n))
            return FIH_OK;
    if (v->term_bytes.len > UINT32_MAX - n || v->term_count >= UINT32_MAX - 1)
        return FIH_E_LIMIT;
    if (fihi_table_room(&v->term_table) != FIH_OK ||
        fihi_grow(&v->terms, &v->term_cap, v->term_count + 1, sizeof *v->terms) != FIH_OK ||
        fihi_buf_append(&v->term_bytes, s, n) != FIH_OK)
        return FIH_E_NOMEM;
    v->terms[v->term_count] = (struct term_ref){ (uint32_t)(v->term_bytes.len - n), (uint32_t)n };
    *number = (uint32_t)v->term_count++;
    fihi_table_put(&v->term_table, hash, *number);
    return FIH_OK;
}

/* ------------------------------------------------------------- surface words */

static int grow_slots(struct vocab *v)
{
    const size_t count = v->slot_count ? 2 * v->slot_count : FIRST_SLOTS;
    struct slot *const slots = calloc(count, sizeof *slots);

    if (!slots)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < v->slot_count; i++) {
        const struct slot *const old = &v->slots[i];
        if (!old->len)
            continue;
        size_t k = fihi_vocab_hash(v->keys.ptr + old->key, old->len) & (count - 1);
        while (slots[k].len)
            k = (k + 1) & (count - 1);
        slots[k] = *old;
    }
    free(v->slots);
    v->slots = slots;
    v->slot_count = count;
    return FIH_OK;
}

/* The number of the item's term: often another item of the word has the same bytes, at another level. */
static int number_item(struct vocab *v, const struct chain *c, size_t i, uint32_t *number)
{
    const struct item *const it = &c->items[i];

    for (size_t k = 0; k < i; k++)
        if (c->items[k].len == it->len && bytes_equal(c->items[k].term, it->term, it->len)) {
            *number = v->results[v->result_count + k].term;
            return FIH_OK;
        }
    return intern(v, it->term, it->len, number);
}

/* The items of the chain as the terms of the next surface word. */
static int number_items(struct vocab *v, const struct chain *c)
{
    int rc;

    if (v->result_count > UINT32_MAX - ITEMS_MAX || v->surface_count >= UINT32_MAX - 1)
        return FIH_E_LIMIT;
    if (fihi_grow(&v->results, &v->result_cap, v->result_count + c->item_count, sizeof *v->results) != FIH_OK ||
        fihi_grow(&v->surface_ends, &v->surface_cap, v->surface_count + 1, sizeof *v->surface_ends) != FIH_OK)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < c->item_count; i++) {
        struct result r = { 0, c->items[i].flags, c->items[i].letters };
        if ((rc = number_item(v, c, i, &r.term)) != FIH_OK)
            return rc;
        v->results[v->result_count + i] = r;
    }
    v->surface_ends[v->surface_count] = (uint32_t)(v->result_count + c->item_count);
    return FIH_OK;
}

/* A surface word seen for the first time: work it out and keep it. */
static int add_surface(struct vocab *v, struct chain *c, const uint8_t *s, size_t n, uint64_t hash, uint32_t *surface)
{
    int rc;

    if (2 * (v->slots_used + 1) > v->slot_count && grow_slots(v) != FIH_OK)
        return FIH_E_NOMEM;
    if (v->keys.len > UINT32_MAX - n)
        return FIH_E_LIMIT;
    if ((rc = fihi_chain_run(c, s, n, NULL, 0)) != FIH_OK || (rc = number_items(v, c)) != FIH_OK ||
        (rc = fihi_buf_append(&v->keys, s, n)) != FIH_OK)
        return rc;
    size_t k = hash & (v->slot_count - 1);
    while (v->slots[k].len)
        k = (k + 1) & (v->slot_count - 1);
    *surface = (uint32_t)v->surface_count;
    v->slots[k] = (struct slot){ (uint32_t)(hash >> 32), (uint32_t)(v->keys.len - n), *surface, (uint32_t)n };
    v->result_count += c->item_count;
    v->surface_count++;
    v->slots_used++;
    return FIH_OK;
}

int fihi_vocab_find(struct vocab *v, struct chain *c, const uint8_t *s, size_t n, uint64_t hash, uint32_t *surface)
{
    const uint32_t tag = (uint32_t)(hash >> 32);

    if (v->slot_count > 0)
        for (size_t k = hash & (v->slot_count - 1); v->slots[k].len; k = (k + 1) & (v->slot_count - 1))
            if (v->slots[k].tag == tag && v->slots[k].len == n && bytes_equal(v->keys.ptr + v->slots[k].key, s, n)) {
                *surface = v->slots[k].surface;
                return FIH_OK;
            }
    return add_surface(v, c, s, n, hash, surface);
}

size_t fihi_vocab_bytes(const struct vocab *v)
{
    return v->slot_count * sizeof *v->slots + v->keys.cap + v->result_cap * sizeof *v->results +
           v->surface_cap * sizeof *v->surface_ends +
           fihi_table_bytes(&v->term_table) + v->term_cap * sizeof *v->terms + v->term_bytes.cap;
}

void fihi_vocab_free(struct vocab *v)
{
    free(v->slots);
    free(v->results);
    free(v->surface_ends);
    fihi_table_free(&v->term_table);
    free(v->terms);
    fihi_buf_free(&v->keys);
    fihi_buf_free(&v->term_bytes);
    *v = (struct vocab){ 0 };
}
