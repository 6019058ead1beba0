/* index/term_table_sort.c - the terms of a batch in the order of the dictionary.
 *
 * All levels are sorted together, by a number that the first letters of a term make: letters of the Arabic script's
 * first rows take two bytes in UTF-8 but one in it, so that eight of them decide, and radix sort does the rest.
 *
 * For كتب (d9 83, d8 aa, d8 a8) that number begins with 45 2c 2a, for كتاب with 45 2c 29 2a: the second is the lower
 * one, as its bytes are. Behind the last letter stands 0, and no code is 0, so what ends first is lower. A Latin
 * letter or a digit takes two of the eight bytes, so of such words only the first four letters decide; the few that
 * are equal are compared as strings.
 *
 * A comparing sort would look at two strings n log n times, each of them somewhere in memory. Here each string is
 * looked at once, and the rest is four walks over an array.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "index/dict.h"
#include "index/term_table.h"

enum { STEM = 1, FORM = 2, ROOT = 4 };  /* the levels of a term */

/* 16 bytes, so that the four walks are over an array and not over strings. */
struct ranked {
    uint64_t head;                     /* see head_of() */
    uint32_t term;
};

/* ---- the sort */

/* Heads are in the order of the strings, as far as they go: a letter of U+0600 to U+067F is one of 128 codes, and every
 * other byte stands behind a code that says whether it is below the first bytes of those or above. Equal heads say
 * nothing. Terms are well-formed UTF-8.
 * A lone first byte at the end of a cut key would count as `above` and so stand wrong: which is why keywords, cut
 * anywhere, are not sorted by heads. ABOVE and the letters together are below 256. */
static uint64_t head_of(const uint8_t *s, size_t n)
{
    enum { BELOW = 1, LETTERS = 2, ABOVE = LETTERS + 128 };
    uint64_t head = 0;

    /* Eight bytes of the number, the highest first: shift is the place of the next one. */
    for (int shift = 56; shift >= 0 && n > 0; shift -= 8) {
        if ((*s & 0xFE) == 0xD8 && n > 1) {
            head |= (uint64_t)(LETTERS + ((s[0] & 1) << 6 | (s[1] & 0x3F))) << shift;
            s += 2;
            n -= 2;
            continue;
        }
        head |= (uint64_t)(*s < 0xD8 ? BELOW : ABOVE) << shift;
        if ((shift -= 8) >= 0)
            head |= (uint64_t)*s << shift;
        s++;
        n--;
    }
    return head;
}

/* Terms whose heads are equal, or a few: by insertion, or halves of halves. The bytes decide as in the dictionary,
 * where a key that is the beginning of another comes first. */
static int compare(const struct intern *strings, const struct ranked *a, const struct ranked *b)
{
    size_t m, n;
    const uint8_t *s, *t;

    if (a->head != b->head)
        return a->head < b->head ? -1 : 1;
    s = intern_get(strings, a->term, &m);
    t = intern_get(strings, b->term, &n);
    return key_compare(s, m, t, n);
}

/* `room` needs place for half of them. Recursion is as deep as the logarithm of n, whatever the terms are. */
static void merge_sort(const struct intern *strings, struct ranked *r, struct ranked *room, size_t n)
{
    const size_t half = n / 2;

    if (n < 2)
        return;
    merge_sort(strings, r, room, half);
    merge_sort(strings, r + half, room, n - half);
    /* The left half is copied, so that merging never writes over what it has not read; the right one is in its
     * place. */
    memcpy(room, r, half * sizeof *r);
    for (size_t i = 0, k = half, to = 0; i < half; to++)
        r[to] = k < n && compare(strings, &r[k], &room[i]) < 0 ? r[k++] : room[i++];
}

/* By 16 bits at a time, the lowest first.
 * Least significant digit first (Knuth, TAOCP 3, 5.2.5, algorithm R): each pass keeps the order of the one before
 * among equal digits. 16 bits are four passes, whose tables of 256 KiB still lie in the second cache; 8 bits would
 * be eight. */
static int radix_sort(struct ranked *r, struct ranked *room, size_t n)
{
    uint32_t *const starts = malloc(65536 * sizeof *starts);

    if (!starts)
        return FIH_E_NOMEM;
    /* The last of the four passes is that by the first two letters, so it decides first. */
    for (unsigned shift = 0; shift < 64; shift += 16) {
        uint32_t at = 0;

        memset(starts, 0, 65536 * sizeof *starts);
        for (size_t i = 0; i < n; i++)
            starts[r[i].head >> shift & 0xFFFF]++;
        for (size_t k = 0; k < 65536; k++) {
            const uint32_t count = starts[k];

            starts[k] = at;
            at += count;
        }
        for (size_t i = 0; i < n; i++)
            room[starts[r[i].head >> shift & 0xFFFF]++] = r[i];
        struct ranked *const sorted = room;

        room = r;
        r = sorted;
    }
    free(starts);
    return FIH_OK;
}

/* An even number of passes: what is sorted is in r.
 * Runs of equal heads come out in no order that matters and are sorted as strings; in a vocabulary of Arabic they
 * are short. */
static int sort(const struct intern *strings, struct ranked *r, struct ranked *room, size_t n)
{
    enum { FEW = 2048 };               /* not worth the tables */

    if (n < FEW) {
        merge_sort(strings, r, room, n);
        return FIH_OK;
    }
    if (radix_sort(r, room, n) != 0)
        return FIH_E_NOMEM;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && r[end].head == r[i].head; end++)
            ;
        merge_sort(strings, r + i, room, end - i);
    }
    return FIH_OK;
}

/* ---- numbers */

/* The levels that each term has in this batch.
 * The vocabulary may have words of earlier batches; those with a count of 0 are not this one's, and neither are
 * their terms. A term may be of several levels at once: كتب is a form, and a root. */
static uint8_t *find_levels(const struct term_table *w)
{
    uint8_t *const levels = calloc(w->terms.count + 1, 1);

    for (size_t k = 0; levels && k < w->surfaces.count; k++)
        for (uint32_t i = 0; w->list[k].count > 0 && i < w->list[k].items; i++) {
            const struct surface_item item = w->items[w->list[k].first + i];
            const uint32_t stem = item.stem & ~ITEM_SAME;

            levels[stem] |= STEM;
            if (w->root_of[stem] != NO_TERM)
                levels[w->root_of[stem]] |= ROOT;
            if (item.form)
                levels[item.form - 1] |= FORM;
        }
    return levels;
}

/* Terms that have a level; the next one's number. Terms come in their order, so the numbers are those of the
 * dictionary. */
static uint32_t add_term(struct terms *t, uint32_t term)
{
    t->list[t->count] = term;
    return (uint32_t)t->count++;
}

/* By number in the table of terms: what the same bytes are as a stem, as a form and as a root. */
struct numbers {
    uint32_t stem, form, root;
};

/* Two readings of a word with one root are one occurrence of it: is the root of item i, of those from `first` on, at
 * their position already?
 * Only the items of the same position are looked at: ITEM_SAME is not set on the first of them. */
static bool is_root_again(const struct term_table *w, size_t first, size_t i)
{
    const uint32_t root = w->root_of[w->items[i].stem & ~ITEM_SAME];

    for (size_t k = i; root != NO_TERM && k > first && w->items[k].stem & ITEM_SAME; k--)
        if (w->root_of[w->items[k - 1].stem & ~ITEM_SAME] == root)
            return true;
    return false;
}

/* Items of words that the batch does not have are left unset: nobody reads them. */
static void number_items(const struct term_table *w, const struct numbers *numbers, struct sorted_words *sorted)
{
    struct surface_item *const out = sorted->items;

    for (size_t k = 0; k < w->surfaces.count; k++) {
        const size_t first = w->list[k].first, end = first + w->list[k].items;

        /* Numbers of the vocabulary become numbers of the batch: the flags stay, in the highest bit of each. */
        for (size_t i = first; w->list[k].count > 0 && i < end; i++) {
            const struct surface_item item = w->items[i];

            out[i].stem = numbers[item.stem & ~ITEM_SAME].stem | (item.stem & ITEM_SAME);
            out[i].form = (item.form ? numbers[item.form - 1].form + 1 : 0) |
                          (item.stem & ITEM_SAME && is_root_again(w, first, i) ? ITEM_ROOT_AGAIN : 0);
        }
        /* The most frequent kind of word makes one occurrence: invert_scatter.c then has it in one look-up. */
        sorted->only[k] = (struct surface_item){NO_TERM, 0};
        if (w->list[k].count > 0 && w->list[k].items == 1)
            sorted->only[k] = out[first];
    }
}

/* One sort for all levels, then three numberings in its order. Only the chosen elements of `numbers` are set. */
static int sort_terms(const struct term_table *w, const uint8_t *levels, struct ranked *r, struct ranked *room,
                      struct numbers *numbers, struct sorted_words *out)
{
    size_t count = 0;
    int rc;

    /* Only terms that this batch has: the vocabulary may be much larger. */
    for (uint32_t i = 0; i < w->terms.count; i++)
        if (levels[i]) {
            size_t n;
            const uint8_t *const s = intern_get(&w->terms, i, &n);

            r[count++] = (struct ranked){head_of(s, n), i};
        }
    if ((rc = sort(&w->terms, r, room, count)) != 0)
        return rc;
    for (size_t i = 0; i < count; i++) {
        const uint32_t term = r[i].term;

        if (levels[term] & STEM)
            numbers[term].stem = add_term(&out->stems, term);
        if (levels[term] & FORM)
            numbers[term].form = add_term(&out->forms, term);
        if (levels[term] & ROOT)
            numbers[term].root = add_term(&out->roots, term);
    }
    /* A root's number among the roots, which are numbered by now. */
    for (size_t i = 0; i < out->stems.count; i++) {
        const uint32_t root = w->root_of[out->stems.list[i]];

        out->root_of[i] = root == NO_TERM ? NO_TERM : numbers[root].root;
    }
    return FIH_OK;
}

/* Keywords may be cut anywhere. Their keys begin with the level, so all of a level stand together.
 * All heads are 0, so the comparison is of the strings alone. There are few keywords beside the words. */
static int sort_keywords(const struct term_table *w, struct sorted_words *out)
{
    const size_t n = w->keywords.count;
    struct ranked *r = calloc(n + 1, sizeof *r), *room = malloc((n + 1) * sizeof *room);

    for (uint32_t i = 0; r && room && i < n; i++)
        r[i].term = i;
    if (r && room)
        merge_sort(&w->keywords, r, room, n);
    for (size_t i = 0; r && room && i < n; i++)
        out->keyword_numbers[r[i].term] = add_term(&out->keywords, r[i].term);
    const bool is_done = r && room;

    free(r);
    free(room);
    return is_done ? FIH_OK : FIH_E_NOMEM;
}

/* One place more, so that NULL means no memory. */
static int make_terms(struct terms *t, const struct intern *strings, size_t most)
{
    *t = (struct terms){.strings = strings, .list = malloc((most + 1) * sizeof *t->list)};
    return t->list ? FIH_OK : FIH_E_NOMEM;
}

/* About 60 bytes for each term of the vocabulary while it runs (fihi_term_table_bytes()), of which the caller keeps the
 * lists of terms and the items. */
int fihi_term_table_sort(const struct term_table *w, struct sorted_words *out)
{
    const size_t n = w->terms.count;
    uint8_t *const levels = find_levels(w);
    struct ranked *const r = malloc((n + 1) * sizeof *r), *const room = malloc((n + 1) * sizeof *room);
    struct numbers *const numbers = malloc((n + 1) * sizeof *numbers);
    int rc = levels && r && room && numbers ? FIH_OK : FIH_E_NOMEM;

    *out = (struct sorted_words){.root_of = malloc((n + 1) * sizeof *out->root_of),
                                 .items = malloc((w->item_count + 1) * sizeof *out->items),
                                 .only = fihi_alloc_large(w->surfaces.count + 1, sizeof *out->only),
                                 .keyword_numbers = malloc((w->keywords.count + 1) * sizeof *out->keyword_numbers)};
    if (rc == 0 && (!out->root_of || !out->items || !out->only || !out->keyword_numbers))
        rc = FIH_E_NOMEM;
    if (rc == 0 && (rc = make_terms(&out->stems, &w->terms, n)) == 0 &&
        (rc = make_terms(&out->forms, &w->terms, n)) == 0 && (rc = make_terms(&out->roots, &w->terms, n)) == 0 &&
        (rc = make_terms(&out->keywords, &w->keywords, w->keywords.count)) == 0 &&
        (rc = sort_keywords(w, out)) == 0 && (rc = sort_terms(w, levels, r, room, numbers, out)) == 0)
        number_items(w, numbers, out);
    free(levels);
    free(r);
    free(room);
    free(numbers);
    return rc;
}

void fihi_sorted_free(struct sorted_words *s)
{
    free(s->stems.list);
    free(s->forms.list);
    free(s->roots.list);
    free(s->keywords.list);
    free(s->root_of);
    free(s->items);
    free(s->only);
    free(s->keyword_numbers);
    *s = (struct sorted_words){0};
}
