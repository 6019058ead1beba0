/* index/words.c - learning words from chunks. How they are sorted is in words_sort.c. */
#include "index/words.h"

#include <stdlib.h>

#include "base/buf.h"

static void forget(struct words *w)
{
    fihi_intern_free(&w->surfaces);
    fihi_intern_free(&w->terms);
    free(w->list);
    free(w->items);
    free(w->root_of);
    free(w->to_surface);
    free(w->to_term);
    w->list = NULL;
    w->items = NULL;
    w->root_of = w->to_surface = w->to_term = NULL;
    w->list_cap = w->item_count = w->item_cap = w->root_cap = w->to_surface_cap = w->to_term_cap = 0;
}

static uint64_t vocabulary_bytes(const struct words *w)
{
    return fihi_intern_bytes(&w->surfaces) + fihi_intern_bytes(&w->terms) + w->list_cap * sizeof *w->list +
           w->item_cap * sizeof *w->items + w->root_cap * sizeof *w->root_of + (w->to_surface_cap + w->to_term_cap) * 4;
}

void fihi_words_clear(struct words *w, uint64_t keep)
{
    fihi_intern_free(&w->sections);
    if (vocabulary_bytes(w) > keep)
        forget(w);
    fihi_intern_settle(&w->surfaces);
    for (size_t i = 0; i < w->surfaces.count; i++)
        w->list[i].count = 0;
}

void fihi_words_free(struct words *w)
{
    forget(w);
    fihi_intern_free(&w->sections);
}

static int number_of(struct intern *t, const uint8_t *s, size_t n, uint32_t *number)
{
    const uint32_t hash = intern_hash(s, n);
    const uint8_t *const known = intern_find(t, s, n, hash);

    if (!known)
        return fihi_intern_add(t, s, n, hash, 0, number);
    *number = intern_number(known);
    return FIH_OK;
}

int fihi_words_section(struct words *w, const uint8_t *bytes, size_t n, uint32_t *number)
{
    return number_of(&w->sections, bytes, n, number);
}

/* Our number of a chunk's term. */
static int term_of(struct words *w, const struct growth *g, uint32_t term, uint32_t *number)
{
    const uint32_t from = term ? g->term_ends[term - 1] : 0;
    const size_t before = w->terms.count;
    int rc;

    if (w->to_term[term]) {
        *number = w->to_term[term] - 1;
        return FIH_OK;
    }
    if ((rc = fihi_grow(&w->root_of, &w->root_cap, before + 1, sizeof *w->root_of)) != 0 ||
        (rc = number_of(&w->terms, g->terms.ptr + from, g->term_ends[term] - from, number)) != 0)
        return rc;
    if (w->terms.count > before)
        w->root_of[*number] = NO_TERM;
    w->to_term[term] = *number + 1;
    return FIH_OK;
}

/* A level of the item made last. A stem has one root: the first that is told of it. */
static int add_level(struct words *w, const struct growth *g, const struct result *r)
{
    struct surface_item *const item = &w->items[w->item_count - 1];
    uint32_t number;
    const int rc = term_of(w, g, r->term, &number);

    if (rc != 0)
        return rc;
    if (r->flags & TOKEN_FORM)
        item->form = number + 1;
    else if (w->root_of[item->stem & ~ITEM_SAME] == NO_TERM)
        w->root_of[item->stem & ~ITEM_SAME] = number;
    return FIH_OK;
}

/* Does one of the items from `from` on, those of a position, have the stem already? It counts once there. */
static bool is_repeated(const struct words *w, size_t from, uint32_t stem)
{
    for (size_t i = from; i < w->item_count; i++)
        if ((w->items[i].stem & ~ITEM_SAME) == stem)
            return true;
    return false;
}

/* What a new surface word stands for, from its results. */
static int add_items(struct words *w, const struct growth *g, size_t from, size_t end, struct batch_surface *s)
{
    size_t position = w->item_count;           /* the first item of the one under way */
    bool is_kept = false;                      /* the stem before: its levels are with it */
    int rc;

    *s = (struct batch_surface){.first = (uint32_t)w->item_count};
    if (fihi_grow(&w->items, &w->item_cap, w->item_count + (end - from), sizeof *w->items) != 0)
        return FIH_E_NOMEM;
    for (size_t i = from; i < end; i++) {
        const struct result *const r = &g->results[i];
        const bool is_same = s->words > 0 && r->flags & TOKEN_SAME_POSITION;
        uint32_t stem;

        if (r->flags & TOKEN_LEVEL) {
            if (is_kept && (rc = add_level(w, g, r)) != 0)
                return rc;
            continue;
        }
        if ((rc = term_of(w, g, r->term, &stem)) != 0)
            return rc;
        if (!is_same) {
            position = w->item_count;
            s->words++;
        }
        if ((is_kept = !is_repeated(w, position, stem))) {
            w->items[w->item_count++] = (struct surface_item){stem | (is_same ? ITEM_SAME : 0), 0};
            s->items++;
        }
    }
    return FIH_OK;
}

/* The word is there for workers once its items are. */
static int add_surface(struct words *w, const struct growth *g, size_t i, const uint8_t *bytes, size_t n, uint32_t hash)
{
    const size_t have = w->surfaces.count;
    struct batch_surface s;
    int rc;

    if (fihi_grow(&w->list, &w->list_cap, have + 1, sizeof *w->list) != 0)
        return FIH_E_NOMEM;
    if ((rc = add_items(w, g, i ? g->surface[i - 1].result_end : 0, g->surface[i].result_end, &s)) != 0)
        return rc;
    w->list[have] = s;
    return fihi_intern_add(&w->surfaces, bytes, n, hash, s.words, &w->to_surface[i]);
}

int fihi_words_learn(struct words *w, const struct growth *g)
{
    int rc = FIH_OK;

    if (fihi_grow(&w->to_surface, &w->to_surface_cap, g->surface_count, 4) != 0 ||
        fihi_grow(&w->to_term, &w->to_term_cap, g->term_count, 4) != 0)
        return FIH_E_NOMEM;
    if (g->term_count)
        memset(w->to_term, 0, g->term_count * sizeof *w->to_term);
    for (size_t i = 0; i < g->surface_count && rc == 0; i++) {
        const uint32_t from = i ? g->surface[i - 1].end : 0;
        const uint8_t *const bytes = g->surfaces.ptr + from;
        const size_t n = g->surface[i].end - from;
        const uint32_t hash = intern_hash(bytes, n);
        const uint8_t *const known = intern_find(&w->surfaces, bytes, n, hash);   /* by a chunk analysed meanwhile */

        if (known)
            w->to_surface[i] = intern_number(known);
        else
            rc = add_surface(w, g, i, bytes, n, hash);
    }
    return rc;
}

/* With the lines of the sort, and what comes of it. */
uint64_t fihi_words_bytes(const struct words *w)
{
    enum { SORT_TERM = 1 + 2 * 16 + 12 + 12 };

    return vocabulary_bytes(w) + fihi_intern_bytes(&w->sections) + w->terms.count * (uint64_t)SORT_TERM +
           (w->item_count + w->surfaces.count) * sizeof *w->items;
}
