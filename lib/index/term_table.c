/* index/term_table.c - learning words from chunks. How they are sorted is in term_table_sort.c.
 *
 * A worker numbers the new words of its chunk by itself, from 0, because it does not wait for others; so two workers
 * may bring the same word. Here, chunk after chunk, each gets the number that it has for all: to_surface and to_term
 * lead from the chunk's numbers to these. A word that is known by then is not added again, and all that was told of
 * it is passed over. As chunks come in the order of their documents, numbers do not depend on the number of threads.
 *
 * What a word stands for comes as a run of results: a stem, then its form, then its root (TOKEN_LEVEL), then perhaps
 * another stem at the same position (TOKEN_SAME_POSITION), or the next part of the word, at the next position. From
 * these come the items of the word, an occurrence each.
 *
 * Say two chunks were analysed at once, when the table knew no word. The first tells كتاب as its word 0, the second
 * tells قلم and كتاب as its 0 and 1. After both, كتاب is 0 and قلم 1 for all, and to_surface of the second chunk is
 * {1, 0}. */
#include "index/term_table.h"

#include <stdlib.h>

#include "base/buf.h"

/* Keywords are not the vocabulary's: they are the batch's, and go with each. */
static void forget(struct term_table *w)
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

/* By capacity, not by use: capacity is what the process holds. */
static uint64_t vocabulary_bytes(const struct term_table *w)
{
    return fihi_intern_bytes(&w->surfaces) + fihi_intern_bytes(&w->terms) + w->list_cap * sizeof *w->list +
           w->item_cap * sizeof *w->items + w->root_cap * sizeof *w->root_of + (w->to_surface_cap + w->to_term_cap) * 4;
}

/* All or nothing: which of the words are still wanted is not known, and the frequent ones are back after a chunk or
 * two. */
void fihi_term_table_clear(struct term_table *w, uint64_t keep)
{
    fihi_intern_free(&w->keywords);
    if (vocabulary_bytes(w) > keep)
        forget(w);
    fihi_intern_settle(&w->surfaces);
    for (size_t i = 0; i < w->surfaces.count; i++)
        w->list[i].count = 0;
}

void fihi_term_table_free(struct term_table *w)
{
    forget(w);
    fihi_intern_free(&w->keywords);
}

/* The same for all three tables: look, and add what is not there. Of words and terms only this thread adds, so nothing
 * can come between the two. */
static int number_of(struct intern *t, const uint8_t *s, size_t n, uint32_t hash, uint32_t *number)
{
    const uint8_t *const known = intern_find(t, s, n, hash);

    if (!known)
        return fihi_intern_add(t, s, n, hash, 0, number);
    *number = intern_number(known);
    return FIH_OK;
}

/* A key with its level and field, so the same bytes in two fields are two keywords. */
int fihi_term_table_keyword(struct term_table *w, const uint8_t *bytes, size_t n, uint32_t *number)
{
    return number_of(&w->keywords, bytes, n, intern_hash(bytes, n), number);
}

/* Strings that are on their way from memory together: a vocabulary is larger than the processor's caches.
 * The same number as that of the stream's words in inverter_part.h, and for the same reason. */
enum { AHEAD = 16 };

/* Of a chunk's terms, which lie one behind the other: the first begins at 0, each other where the one before ended. */
static const uint8_t *term_at(const struct growth *g, size_t i, size_t *n)
{
    const uint32_t from = i ? g->term_ends[i - 1] : 0;

    *n = g->term_ends[i] - from;
    return g->terms.ptr + from;
}

static const uint8_t *surface_at(const struct growth *g, size_t i, size_t *n)
{
    const uint32_t from = i ? g->surface[i - 1].end : 0;

    *n = g->surface[i].end - from;
    return g->surfaces.ptr + from;
}

/* The hashes of the next strings of a chunk, and what will be looked at for them.
 * Two walks, for the second fetch needs what the first one has brought: the slot says where the record is. */
static void fetch(const struct intern *t, const struct growth *g,
                  const uint8_t *(*string_at)(const struct growth *, size_t, size_t *), size_t from, size_t n,
                  uint32_t *hashes)
{
    for (size_t i = 0; i < n; i++) {
        size_t bytes;
        const uint8_t *const s = string_at(g, from + i, &bytes);

        hashes[i] = intern_hash(s, bytes);
        intern_fetch_slot(t, hashes[i]);
    }
    for (size_t i = 0; i < n; i++)
        intern_fetch_record(t, hashes[i]);
}

/* A term that is new here has no root yet: as a stem it gets one when a surface word says so. */
static int learn_terms(struct term_table *w, const struct growth *g)
{
    uint32_t hashes[AHEAD];
    int rc;

    /* Room for all that may be new, before any is added. */
    if (fihi_grow(&w->root_of, &w->root_cap, w->terms.count + g->term_count, sizeof *w->root_of) != 0 ||
        fihi_grow(&w->to_term, &w->to_term_cap, g->term_count, sizeof *w->to_term) != 0)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < g->term_count; i++) {
        const size_t before = w->terms.count;
        size_t n;

        if (i % AHEAD == 0)
            fetch(&w->terms, g, term_at, i, g->term_count - i < AHEAD ? g->term_count - i : AHEAD, hashes);
        const uint8_t *const s = term_at(g, i, &n);
        if ((rc = number_of(&w->terms, s, n, hashes[i % AHEAD], &w->to_term[i])) != 0)
            return rc;
        if (w->terms.count > before)
            w->root_of[before] = NO_TERM;
    }
    return FIH_OK;
}

/* A level of the item made last. A stem has one root: the first that is told of it.
 * Levels follow their stem, so they belong to the item made last. A later word that says another root for the stem
 * is not heard: FORMAT.md wants one root a stem, or rows could not be counted. */
static void add_level(struct term_table *w, const struct result *r)
{
    struct surface_item *const item = &w->items[w->item_count - 1];
    const uint32_t number = w->to_term[r->term];

    if (r->flags & TOKEN_FORM)
        item->form = number + 1;
    else if (w->root_of[item->stem & ~ITEM_SAME] == NO_TERM)
        w->root_of[item->stem & ~ITEM_SAME] = number;
}

/* Does one of the items from `from` on, those of a position, have the stem already? It counts once there.
 * Items of one position are two or three, so a loop is enough. */
static bool is_repeated(const struct term_table *w, size_t from, uint32_t stem)
{
    for (size_t i = from; i < w->item_count; i++)
        if ((w->items[i].stem & ~ITEM_SAME) == stem)
            return true;
    return false;
}

/* What a new surface word stands for, from its results.
 * `items` and `words` of a surface word are bytes: a word makes no more than ITEMS_MAX (text/chain.h).
 *
 * A word with two readings may come as stem a, its form f, its root r, then at the same position stem b and its root r.
 * That makes two items, {a, f + 1} and {b | ITEM_SAME, 0}, and one word; r is the root of both stems from then on. */
static int add_items(struct term_table *w, const struct growth *g, size_t from, size_t end, struct inverter_surface *s)
{
    size_t position = w->item_count;           /* the first item of the one under way */
    bool is_kept = false;                      /* the stem before: its levels are with it */

    *s = (struct inverter_surface){.first = (uint32_t)w->item_count};
    /* At most an item for each result: some results are levels, and some stems are repeated. */
    if (fihi_grow(&w->items, &w->item_cap, w->item_count + (end - from), sizeof *w->items) != 0)
        return FIH_E_NOMEM;
    for (size_t i = from; i < end; i++) {
        const struct result *const r = &g->results[i];
        const bool is_same = s->words > 0 && r->flags & TOKEN_SAME_POSITION;
        const uint32_t stem = w->to_term[r->term];

        if (r->flags & TOKEN_LEVEL) {
            if (is_kept)
                add_level(w, r);
            continue;
        }
        /* Another reading shares the position; anything else is the next word of text. */
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

/* The word is there for workers once its items are.
 * The order matters: workers look up in `surfaces` without a lock, and what they find there they do not tell again. */
static int add_surface(struct term_table *w, const struct growth *g, size_t i, const uint8_t *bytes, size_t n,
                       uint32_t hash)
{
    const size_t have = w->surfaces.count;
    struct inverter_surface s;
    int rc;

    if (fihi_grow(&w->list, &w->list_cap, have + 1, sizeof *w->list) != 0)
        return FIH_E_NOMEM;
    if ((rc = add_items(w, g, i ? g->surface[i - 1].result_end : 0, g->surface[i].result_end, &s)) != 0)
        return rc;
    w->list[have] = s;
    /* The note has the word's positions, and what else decides how the words beside it are read (text/analyzer.h). */
    const uint32_t first = i ? g->surface[i - 1].result_end : 0;
    const uint8_t note = result_note(g->results + first, g->surface[i].result_end - first);
    return fihi_intern_add(&w->surfaces, bytes, n, hash, note, &w->to_surface[i]);
}

/* Terms first, for words name them by the chunk's numbers. On an error the batch is dropped, whatever was learned by
 * then. */
int fihi_term_table_learn(struct term_table *w, const struct growth *g)
{
    uint32_t hashes[AHEAD];
    int rc = learn_terms(w, g);

    if (rc == 0 && fihi_grow(&w->to_surface, &w->to_surface_cap, g->surface_count, sizeof *w->to_surface) != 0)
        rc = FIH_E_NOMEM;
    for (size_t i = 0; i < g->surface_count && rc == 0; i++) {
        size_t n;

        if (i % AHEAD == 0)
            fetch(&w->surfaces, g, surface_at, i, g->surface_count - i < AHEAD ? g->surface_count - i : AHEAD, hashes);
        const uint8_t *const s = surface_at(g, i, &n);
        const uint8_t *const known = intern_find(&w->surfaces, s, n, hashes[i % AHEAD]);

        if (known)                             /* by a chunk that was analysed meanwhile */
            w->to_surface[i] = intern_number(known);
        else
            rc = add_surface(w, g, i, s, n, hashes[i % AHEAD]);
    }
    return rc;
}

/* With the lines of the sort, and what comes of it.
 * SORT_TERM is what fihi_term_table_sort() needs for each term: its levels; two lines of the sort; its three
 * numbers; and its places in the lists of three levels. */
uint64_t fihi_term_table_bytes(const struct term_table *w)
{
    enum { SORT_TERM = 1 + 2 * 16 + 12 + 12 };

    return vocabulary_bytes(w) + fihi_intern_bytes(&w->keywords) + w->terms.count * (uint64_t)SORT_TERM +
           (w->item_count + w->surfaces.count) * sizeof *w->items;
}
