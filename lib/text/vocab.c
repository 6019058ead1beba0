/* text/vocab.c - surface words, their terms, and what ties them.
 *
 * Two interners and an array between them: a surface word has a number, the number has a run of results[], each with
 * the number of a term. Runs lie one behind the other and surface_ends[] says where each ends, so a surface word costs
 * 4 bytes and 8 a term; its bytes are kept once, in the interner.
 *
 *    surfaces   0 والكتاب        1 كتاب
 *    results    كتاب والكتاب كتب | كتاب كتاب كتب          stem, form, root
 *    terms      0 كتاب  1 والكتاب  2 كتب
 *
 * What fails half-way leaves the table sound: result_count is raised last, so a run that was begun is written over.
 * Terms that were added for it stay, unused.
 */
#include "text/vocab.h"

#include <stdlib.h>

#include "base/buf.h"

/* The number of a term, a new one if need be. */
static int intern(struct vocab *v, const uint8_t *s, size_t n, uint32_t *number)
{
    const uint32_t hash = intern_hash(s, n);
    const uint8_t *const known = intern_find(&v->terms, s, n, hash);

    if (!known)
        return fihi_intern_add(&v->terms, s, n, hash, 0, number);
    *number = intern_number(known);
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
    const size_t surface = v->surfaces.count;
    int rc;

    /* Ends have 32 bits: the caller is to begin anew, which fihi_analyzer_reset() does. */
    if (v->result_count > UINT32_MAX - ITEMS_MAX)
        return FIH_E_LIMIT;
    if (fihi_grow(&v->results, &v->result_cap, v->result_count + c->item_count, sizeof *v->results) != FIH_OK ||
        fihi_grow(&v->surface_ends, &v->surface_cap, surface + 1, sizeof *v->surface_ends) != FIH_OK)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < c->item_count; i++) {
        struct result r = { 0, c->items[i].flags, c->items[i].letters };
        if ((rc = number_item(v, c, i, &r.term)) != FIH_OK)
            return rc;
        v->results[v->result_count + i] = r;
    }
    v->surface_ends[surface] = (uint32_t)(v->result_count + c->item_count);
    return FIH_OK;
}

/* A surface word seen for the first time: work it out and keep it. The surface is interned last, for its note is made
 * of the results, and it must not be found before it has any. */
static int add_surface(struct vocab *v, struct chain *c, const uint8_t *s, size_t n, uint32_t hash)
{
    uint32_t surface;
    int rc;

    if ((rc = fihi_chain_run(c, s, n, NULL, 0)) != FIH_OK || (rc = number_items(v, c)) != FIH_OK)
        return rc;
    /* The first word of all may come to nothing: then there is no array yet. */
    const uint8_t note = result_note(c->item_count ? v->results + v->result_count : NULL, c->item_count);
    if ((rc = fihi_intern_add(&v->surfaces, s, n, hash, note, &surface)) != FIH_OK)
        return rc;
    v->result_count += c->item_count;
    return FIH_OK;
}

/* The caller has the hash already, from when it had the slot fetched. A new word is the last one, whose place is known.
 */
int fihi_vocab_find(struct vocab *v, struct chain *c, const uint8_t *s, size_t n, uint32_t hash,
                    const uint8_t **record)
{
    int rc;

    if ((*record = intern_find(&v->surfaces, s, n, hash)))
        return FIH_OK;
    if ((rc = add_surface(v, c, s, n, hash)) == FIH_OK)
        *record = intern_record(&v->surfaces, v->surfaces.places[v->surfaces.count - 1]);
    return rc;
}

/* What the tables hold, for the writer's budget (--memory). */
size_t fihi_vocab_bytes(const struct vocab *v)
{
    return fihi_intern_bytes(&v->surfaces) + v->result_cap * sizeof *v->results +
           v->surface_cap * sizeof *v->surface_ends + fihi_intern_bytes(&v->terms);
}

/* A worker clears after each mebibyte of text: to allocate the tables anew each time would cost more than they hold. */
void fihi_vocab_clear(struct vocab *v, size_t keep)
{
    fihi_intern_clear(&v->surfaces, keep);
    fihi_intern_clear(&v->terms, keep);
    v->result_count = 0;
    if (v->result_cap * sizeof *v->results > keep) {
        free(v->results);
        v->results = NULL;
        v->result_cap = 0;
    }
    if (v->surface_cap * sizeof *v->surface_ends > keep) {
        free(v->surface_ends);
        v->surface_ends = NULL;
        v->surface_cap = 0;
    }
}

void fihi_vocab_free(struct vocab *v)
{
    fihi_intern_free(&v->surfaces);
    fihi_intern_free(&v->terms);
    free(v->results);
    free(v->surface_ends);
    *v = (struct vocab){.results = NULL};
}
