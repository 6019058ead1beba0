/* index/words.c - tables of terms; surface words by worker. */
#include "index/words.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "index/dict.h"

static void clear_lane(struct lane *l)
{
    fihi_buf_free(&l->terms);
    free(l->term_ends);
    free(l->to_term);
    free(l->results);
    free(l->surface_ends);
    free(l->to_surface);
    *l = (struct lane){0};
}

static void clear_terms(struct terms *t)
{
    fihi_buf_free(&t->bytes);
    free(t->list);
    fihi_table_free(&t->table);
}

void fihi_words_clear(struct words *w)
{
    struct lane *lanes = w->lanes;
    const size_t count = w->lane_count, cap = w->lane_cap;

    clear_terms(&w->stems);
    clear_terms(&w->sections);
    clear_terms(&w->forms);
    clear_terms(&w->roots);
    free(w->root_of);
    free(w->surfaces);
    free(w->items);
    *w = (struct words){.lanes = lanes, .lane_count = count, .lane_cap = cap};
    for (size_t i = 0; i < count; i++) {
        if (lanes[i].term_count)
            memset(lanes[i].to_term, 0, lanes[i].term_count * sizeof *lanes[i].to_term);
        if (lanes[i].surface_count)
            memset(lanes[i].to_surface, 0, lanes[i].surface_count * 4);
    }
}

void fihi_words_free(struct words *w)
{
    fihi_words_clear(w);
    for (size_t i = 0; i < w->lane_count; i++)
        clear_lane(&w->lanes[i]);
    free(w->lanes);
}

int fihi_words_intern(struct terms *t, const uint8_t *bytes, size_t n, uint32_t *number)
{
    const uint32_t hash = (uint32_t)XXH3_64bits(bytes, n);

    for (size_t at = hash; table_next(&t->table, hash, &at, number);) {
        const struct batch_term *known = &t->list[*number];

        if (known->bytes == n && bytes_equal(t->bytes.ptr + known->at, bytes, n))
            return FIH_OK;
    }
    /* Stems share their number with ITEM_SAME. */
    if (t->count >= ITEM_SAME - 1 || fihi_table_room(&t->table) != 0 ||
        fihi_grow(&t->list, &t->cap, t->count + 1, sizeof *t->list) != 0 ||
        fihi_buf_append(&t->bytes, bytes, n) != 0)
        return FIH_E_NOMEM;
    t->list[t->count] = (struct batch_term){.at = t->bytes.len - n, .bytes = (uint32_t)n};
    *number = (uint32_t)t->count++;
    fihi_table_put(&t->table, hash, *number);
    return FIH_OK;
}

/* ---- what workers tell of their vocabularies */

static int learn(struct lane *l, const struct growth *g)
{
    const size_t bytes = l->terms.len, surfaces = l->surface_count + g->surface_count;

    if (fihi_buf_append(&l->terms, g->terms.ptr, g->terms.len) != 0 ||
        fihi_grow(&l->term_ends, &l->term_cap, l->term_count + g->term_count, sizeof *l->term_ends) != 0 ||
        fihi_grow(&l->to_term, &l->to_term_cap, l->term_count + g->term_count, sizeof *l->to_term) != 0 ||
        fihi_grow(&l->results, &l->result_cap, l->result_count + g->result_count, sizeof *l->results) != 0 ||
        fihi_grow(&l->surface_ends, &l->surface_cap, surfaces, sizeof *l->surface_ends) != 0 ||
        fihi_grow(&l->to_surface, &l->to_surface_cap, surfaces, 4) != 0)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < g->term_count; i++) {
        l->term_ends[l->term_count] = bytes + g->term_ends[i];
        l->to_term[l->term_count++] = (struct lane_term){0, 0, 0};
    }
    for (size_t i = 0; i < g->surface_count; i++) {
        l->surface_ends[l->surface_count] = l->result_count + g->surface_ends[i];
        l->to_surface[l->surface_count++] = 0;
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
    if (g->first_term == 0 && g->first_surface == 0)
        clear_lane(*out);
    return learn(*out, g);
}

/* Our number of a worker's term at a level; `known` is where the lane keeps 1 + it. */
static int term_of(struct terms *t, const struct lane *l, uint32_t term, uint32_t *known, uint32_t *number)
{
    const size_t from = term ? l->term_ends[term - 1] : 0;

    if (!*known) {
        if (fihi_words_intern(t, l->terms.ptr + from, l->term_ends[term] - from, number) != 0)
            return FIH_E_NOMEM;
        *known = *number + 1;
    }
    *number = *known - 1;
    return FIH_OK;
}

static int stem_of(struct words *w, struct lane *l, uint32_t term, uint32_t *stem)
{
    const size_t before = w->stems.count;

    if (fihi_grow(&w->root_of, &w->root_cap, before + 1, sizeof *w->root_of) != 0 ||
        term_of(&w->stems, l, term, &l->to_term[term].stem, stem) != 0)
        return FIH_E_NOMEM;
    if (w->stems.count > before)
        w->root_of[*stem] = NO_TERM;
    return FIH_OK;
}

/* A level of the item made last. A stem has one root: the first that is told of it. */
static int add_level(struct words *w, struct lane *l, const struct result *r)
{
    struct surface_item *item = &w->items[w->item_count - 1];
    uint32_t *root = &w->root_of[item->stem & ~ITEM_SAME], number;

    if (r->flags & TOKEN_FORM) {
        if (term_of(&w->forms, l, r->term, &l->to_term[r->term].form, &number) != 0)
            return FIH_E_NOMEM;
        item->form = number + 1;
    } else if (*root == NO_TERM) {
        if (term_of(&w->roots, l, r->term, &l->to_term[r->term].root, &number) != 0)
            return FIH_E_NOMEM;
        *root = number;
    }
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

/* Two readings of a word with one root are one occurrence of it: of the items from `first` on, those whose root stands
 * at their position already. */
static void mark_roots(struct words *w, size_t first)
{
    for (size_t i = first; i < w->item_count; i++) {
        const uint32_t root = w->root_of[w->items[i].stem & ~ITEM_SAME];

        for (size_t k = i; root != NO_TERM && k > first && w->items[k].stem & ITEM_SAME; k--)
            if (w->root_of[w->items[k - 1].stem & ~ITEM_SAME] == root)
                w->items[i].form |= ITEM_ROOT_AGAIN;
    }
}

int fihi_words_add_surface(struct words *w, struct lane *l, uint32_t surface)
{
    const size_t from = surface ? l->surface_ends[surface - 1] : 0, count = l->surface_ends[surface] - from;
    struct batch_surface s = {.first = (uint32_t)w->item_count};
    size_t position = w->item_count;           /* the first item of the one under way */
    bool is_kept = false;                      /* the stem before: its levels are with it */

    if (fihi_grow(&w->items, &w->item_cap, w->item_count + count, sizeof *w->items) != 0 ||
        fihi_grow(&w->surfaces, &w->surface_cap, w->surface_count + 1, sizeof *w->surfaces) != 0)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        const struct result *r = &l->results[from + i];
        const bool is_same = s.words > 0 && r->flags & TOKEN_SAME_POSITION;
        uint32_t stem;

        if (r->flags & TOKEN_LEVEL) {
            if (is_kept && add_level(w, l, r) != 0)
                return FIH_E_NOMEM;
            continue;
        }
        if (stem_of(w, l, r->term, &stem) != 0)
            return FIH_E_NOMEM;
        if (!is_same) {
            position = w->item_count;
            s.words++;
        }
        if ((is_kept = !is_repeated(w, position, stem))) {
            w->items[w->item_count++] = (struct surface_item){stem | (is_same ? ITEM_SAME : 0), 0};
            s.items++;
        }
    }
    mark_roots(w, s.first);
    w->surfaces[w->surface_count++] = s;
    l->to_surface[surface] = (uint32_t)w->surface_count;
    return FIH_OK;
}

/* ---- the order of the dictionary */

struct ranked {
    uint64_t       head;               /* the term's first eight bytes, to compare as a number */
    const uint8_t *at;
    uint32_t       term, bytes;
};

static int by_key(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;

    if (a->head != b->head)
        return a->head < b->head ? -1 : 1;
    return key_compare(a->at, a->bytes, b->at, b->bytes);
}

/* numbers[old] is the new number. */
static int sort_terms(struct terms *t, uint32_t *numbers)
{
    struct ranked *r = malloc((t->count + 1) * sizeof *r);

    if (!r)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < t->count; i++) {
        const uint8_t *at = t->bytes.ptr + t->list[i].at;
        const uint32_t bytes = t->list[i].bytes;

        r[i] = (struct ranked){0, at, (uint32_t)i, bytes};
        for (unsigned k = 0; k < 8; k++)
            r[i].head = r[i].head << 8 | (k < bytes ? at[k] : 0);
    }
    qsort(r, t->count, sizeof *r, by_key);
    for (size_t i = 0; i < t->count; i++) {
        t->list[i] = (struct batch_term){(uint64_t)(r[i].at - t->bytes.ptr), r[i].bytes};
        numbers[r[i].term] = (uint32_t)i;
    }
    free(r);
    return FIH_OK;
}

/* The roots by the stems' new numbers, themselves by their new ones. */
static int sort_roots(struct words *w, const uint32_t *stems, const uint32_t *roots)
{
    uint32_t *sorted = malloc((w->stems.count + 1) * sizeof *sorted);

    if (!sorted)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < w->stems.count; i++)
        sorted[stems[i]] = w->root_of[i] == NO_TERM ? NO_TERM : roots[w->root_of[i]];
    free(w->root_of);
    w->root_of = sorted;
    w->root_cap = w->stems.count + 1;
    return FIH_OK;
}

int fihi_words_sort(struct words *w, uint32_t *section_numbers)
{
    uint32_t *stems = malloc((w->stems.count + 1) * sizeof *stems);
    uint32_t *forms = malloc((w->forms.count + 1) * sizeof *forms);
    uint32_t *roots = malloc((w->roots.count + 1) * sizeof *roots);
    int rc = stems && forms && roots ? FIH_OK : FIH_E_NOMEM;

    if (rc == 0 && (rc = sort_terms(&w->stems, stems)) == 0 && (rc = sort_terms(&w->forms, forms)) == 0 &&
        (rc = sort_terms(&w->roots, roots)) == 0 && (rc = sort_terms(&w->sections, section_numbers)) == 0 &&
        (rc = sort_roots(w, stems, roots)) == 0)
        for (size_t i = 0; i < w->item_count; i++) {
            struct surface_item *item = &w->items[i];

            item->stem = stems[item->stem & ~ITEM_SAME] | (item->stem & ITEM_SAME);
            const uint32_t form = item->form & ~ITEM_ROOT_AGAIN;

            item->form = (form ? forms[form - 1] + 1 : 0) | (item->form & ITEM_ROOT_AGAIN);
        }
    free(stems);
    free(forms);
    free(roots);
    return rc;
}

/* With a line of the sort and a new number for each. */
static uint64_t terms_bytes(const struct terms *t)
{
    return t->bytes.cap + t->cap * sizeof *t->list + fihi_table_bytes(&t->table) +
           t->count * (sizeof(struct ranked) + 4);
}

uint64_t fihi_words_bytes(const struct words *w)
{
    uint64_t bytes = terms_bytes(&w->stems) + terms_bytes(&w->sections) + terms_bytes(&w->forms) +
                     terms_bytes(&w->roots) + (w->root_cap + w->stems.count) * sizeof *w->root_of +
                     w->surface_cap * sizeof *w->surfaces + w->item_cap * sizeof *w->items;

    for (size_t i = 0; i < w->lane_count; i++) {
        const struct lane *l = &w->lanes[i];

        bytes += l->terms.cap + l->term_cap * sizeof *l->term_ends + l->to_term_cap * sizeof *l->to_term +
                 l->result_cap * sizeof *l->results + l->surface_cap * sizeof *l->surface_ends +
                 l->to_surface_cap * 4;
    }
    return bytes;
}
