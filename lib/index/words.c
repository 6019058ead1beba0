/* index/words.c - hash of terms; forms by worker. */
#include "index/words.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "index/format.h"

static void clear_lane(struct lane *l)
{
    fihi_buf_free(&l->terms);
    free(l->term_ends);
    free(l->to_term);
    free(l->results);
    free(l->form_ends);
    free(l->to_form);
    *l = (struct lane){0};
}

void fihi_words_clear(struct words *w)
{
    struct lane *lanes = w->lanes;
    const size_t count = w->lane_count, cap = w->lane_cap;

    fihi_buf_free(&w->keys);
    free(w->terms);
    fihi_table_free(&w->table);
    free(w->forms);
    free(w->items);
    *w = (struct words){.lanes = lanes, .lane_count = count, .lane_cap = cap};
    for (size_t i = 0; i < count; i++) {
        if (lanes[i].term_count)
            memset(lanes[i].to_term, 0, lanes[i].term_count * 4);
        if (lanes[i].form_count)
            memset(lanes[i].to_form, 0, lanes[i].form_count * 4);
    }
}

void fihi_words_free(struct words *w)
{
    fihi_words_clear(w);
    for (size_t i = 0; i < w->lane_count; i++)
        clear_lane(&w->lanes[i]);
    free(w->lanes);
}

int fihi_words_intern(struct words *w, unsigned channel, const uint8_t *bytes, size_t n, uint32_t *number)
{
    const uint32_t hash = (uint32_t)XXH3_64bits_withSeed(bytes, n, channel);
    const uint8_t byte = (uint8_t)channel;

    for (size_t at = hash; table_next(&w->table, hash, &at, number);) {
        const struct batch_term *t = &w->terms[*number];

        if (t->bytes == n + 1 && w->keys.ptr[t->at] == byte && bytes_equal(w->keys.ptr + t->at + 1, bytes, n))
            return FIH_OK;
    }
    if (w->term_count >= TERMS_MOST || fihi_table_room(&w->table) != 0 ||
        fihi_grow(&w->terms, &w->term_cap, w->term_count + 1, sizeof *w->terms) != 0)
        return FIH_E_NOMEM;
    w->terms[w->term_count] = (struct batch_term){.at = w->keys.len, .bytes = (uint16_t)(n + 1)};
    if (fihi_buf_append(&w->keys, &byte, 1) != 0 || fihi_buf_append(&w->keys, bytes, n) != 0)
        return FIH_E_NOMEM;
    *number = (uint32_t)w->term_count++;
    fihi_table_put(&w->table, hash, *number);
    return FIH_OK;
}

/* ---- what workers tell of their vocabularies */

static int learn(struct lane *l, const struct growth *g)
{
    const size_t bytes = l->terms.len;

    if (fihi_buf_append(&l->terms, g->terms.ptr, g->terms.len) != 0 ||
        fihi_grow(&l->term_ends, &l->term_cap, l->term_count + g->term_count, sizeof *l->term_ends) != 0 ||
        fihi_grow(&l->to_term, &l->to_term_cap, l->term_count + g->term_count, 4) != 0 ||
        fihi_grow(&l->results, &l->result_cap, l->result_count + g->result_count, sizeof *l->results) != 0 ||
        fihi_grow(&l->form_ends, &l->form_cap, l->form_count + g->form_count, sizeof *l->form_ends) != 0 ||
        fihi_grow(&l->to_form, &l->to_form_cap, l->form_count + g->form_count, 4) != 0)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < g->term_count; i++) {
        l->term_ends[l->term_count] = bytes + g->term_ends[i];
        l->to_term[l->term_count++] = 0;
    }
    for (size_t i = 0; i < g->form_count; i++) {
        l->form_ends[l->form_count] = l->result_count + g->form_ends[i];
        l->to_form[l->form_count++] = 0;
    }
    if (g->result_count)
        memcpy(l->results + l->result_count, g->results, g->result_count * sizeof *l->results);
    l->result_count += g->result_count;
    return FIH_OK;
}

int fihi_words_learn(struct words *w, const struct growth *g, struct lane **out)
{
    const size_t have = w->lane_cap;

    if (fihi_grow(&w->lanes, &w->lane_cap, g->worker + 1u, sizeof *w->lanes) != 0)
        return FIH_E_NOMEM;
    memset(w->lanes + have, 0, (w->lane_cap - have) * sizeof *w->lanes);
    if (w->lane_count <= g->worker)
        w->lane_count = g->worker + 1u;
    *out = &w->lanes[g->worker];
    if (g->first_term == 0 && g->first_form == 0)
        clear_lane(*out);
    return learn(*out, g);
}

/* Our number of a worker's term. */
static int term_of(struct words *w, struct lane *l, uint32_t term, uint32_t *number)
{
    const size_t from = term ? l->term_ends[term - 1] : 0;

    if (!l->to_term[term]) {
        if (fihi_words_intern(w, CHANNEL_TEXT, l->terms.ptr + from, l->term_ends[term] - from, number) != 0)
            return FIH_E_NOMEM;
        l->to_term[term] = *number + 1;
    }
    *number = l->to_term[term] - 1;
    return FIH_OK;
}

int fihi_words_add_form(struct words *w, struct lane *l, uint32_t form)
{
    const size_t from = form ? l->form_ends[form - 1] : 0, count = l->form_ends[form] - from;
    struct batch_form f = {.first = (uint32_t)w->item_count, .items = (uint8_t)count};

    if (fihi_grow(&w->items, &w->item_cap, w->item_count + count, 4) != 0 ||
        fihi_grow(&w->forms, &w->form_cap, w->form_count + 1, sizeof *w->forms) != 0)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        const struct result *r = &l->results[from + i];
        const unsigned level = r->flags & TOKEN_NORM ? NORM : r->flags & TOKEN_ROOT ? ROOT : STEM;
        uint32_t term;

        if (term_of(w, l, r->term, &term) != 0)
            return FIH_E_NOMEM;
        w->items[w->item_count++] = (term * LEVELS + level) | (r->flags & TOKEN_SAME_POSITION ? ITEM_SAME : 0);
        f.words += !(r->flags & TOKEN_SAME_POSITION);
    }
    w->forms[w->form_count++] = f;
    l->to_form[form] = (uint32_t)w->form_count;
    return FIH_OK;
}

uint64_t fihi_words_bytes(const struct words *w)
{
    uint64_t bytes =
        w->term_cap * sizeof *w->terms + fihi_table_bytes(&w->table) + w->keys.cap + w->form_cap * sizeof *w->forms +
           w->item_cap * 4;

    for (size_t i = 0; i < w->lane_count; i++) {
        const struct lane *l = &w->lanes[i];

        bytes += l->terms.cap + l->term_cap * sizeof *l->term_ends + l->to_term_cap * 4 +
                 l->result_cap * sizeof *l->results + l->form_cap * sizeof *l->form_ends + l->to_form_cap * 4;
    }
    return bytes;
}
