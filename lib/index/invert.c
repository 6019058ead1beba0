/* index/invert.c - the words of a batch, document by document, become lists, stem by stem.
 *
 * A counting sort, for the number of entries of each stem is known before they are placed. Say the documents
 *
 *     0: كتاب قلم كتاب      1: قلم      2: كتاب
 *
 * where قلم is stem 0 and كتاب stem 1, in the order of the dictionary. Stem 0 has 2 entries and stem 1 has 3, so
 * in one array the first list begins at 0 and the second at 2: starts = {0, 2}. Each word of the stream in turn goes
 * to where its stem's list goes on, which moves up by one:
 *
 *     document 0, position 0, كتاب -> place 2, starts = {0, 3}
 *     document 0, position 1, قلم  -> place 0, starts = {1, 3}
 *     document 0, position 2, كتاب -> place 3, starts = {1, 4}
 *     document 1, position 0, قلم  -> place 1, starts = {2, 4}
 *     document 2, position 0, كتاب -> place 4, starts = {2, 5}
 *
 * At the end starts has become the lists' ends, and each list is in order of documents and positions, because they came
 * in that order. That is one write an entry, where growing a list for each stem would copy them again and again.
 */
#include <stdlib.h>

#include "base/fail.h"
#include "index/batch_part.h"
#include "index/forms.h"

/* Entries on their way together: enough to hide the wait for memory, few enough to be in the nearest cache until the
 * second look at them. One word more may come upon a full row. */
enum { MOVING = 64, MOVING_MOST = MOVING + UINT8_MAX };

/* Stems or documents between two calls of `tick`: some milliseconds. */
enum { TICK_EVERY = 1024 };

/* An occurrence of a stem. The form is 1 + its number, or 0 for none; with ITEM_ROOT_AGAIN, until roots are counted. */
struct entry {
    uint32_t doc, position, form;
};

struct moving {
    uint32_t     stem;
    struct entry entry;
};

/* What was counted of one document for the root under way. */
struct doc_root {
    uint32_t root;                     /* 1 + its number: a sum of another root counts as none */
    uint32_t sum;
};

struct inversion {
    struct batch *batch;
    struct build *out;
    int         (*tick)(void *);
    void         *ctx;
    struct entry *entries;
    struct sorted_words words;
    uint64_t     *ends;                /* of the stems' lists, in entries; before: where each goes on */
    uint32_t     *others;              /* of a root with several stems; by a posting's first entry: words that have its root but not the stem << 1 |
                                          the stem is not the first. A document has at most 2^29 words */
    uint32_t     *root_ends, *root_stems;  /* stems of each root, ascending, one root behind the other */
    uint32_t     *root_dfs;
    /* the list under way */
    bool          is_shared;           /* its root has other stems, too */
    struct list_forms forms;
    struct posting_form *posting_forms;
    size_t        posting_form_cap;
    uint32_t     *place_of;            /* by number of the form: its place in posting_forms, if it is there */
    size_t        place_cap;
    uint32_t     *positions;
    size_t        position_cap;
    struct form_rows rows;
};

static int cancelled(const struct inversion *v, fih_error *err)
{
    return v->tick && v->tick(v->ctx) ? fihi_fail(err, FIH_E_CANCEL, "cancelled") : FIH_OK;
}

/* ---- entries to their lists */

/* Where each list starts. They lie in the order of the dictionary, so that they are read in a row. */
static void lay_out(struct inversion *v)
{
    const struct words *w = &v->batch->words;
    uint64_t at = 0;

    for (size_t k = 0; k < w->surfaces.count; k++) {
        const struct batch_surface *s = &w->list[k];

        for (uint32_t i = 0; s->count > 0 && i < s->items; i++)
            v->ends[v->words.items[s->first + i].stem & ~ITEM_SAME] += s->count;
    }
    for (size_t stem = 0; stem < v->words.stems.count; stem++) {
        const uint64_t count = v->ends[stem];

        v->ends[stem] = at;
        at += count;
    }
}

/* A handful of entries each to its place, without waiting for memory one by one. */
static void move(struct inversion *v, const struct moving *m, size_t n)
{
    uint64_t to[MOVING_MOST];

    for (size_t i = 0; i < n; i++) {
        to[i] = v->ends[m[i].stem]++;
        __builtin_prefetch(&v->entries[to[i]], 1);
    }
    for (size_t i = 0; i < n; i++)
        v->entries[to[i]] = m[i].entry;
}

static uint32_t stream_at(const struct batch *b, uint64_t at)
{
    return b->stream[at / STREAM_BLOCK][at % STREAM_BLOCK];
}

/* The occurrences that a surface word makes at m; how many. *words counts the positions of the document so far. */
static size_t read_surface(const struct inversion *v, uint32_t surface, uint32_t doc, uint32_t *words,
                           struct moving *m)
{
    const struct surface_item only = v->words.only[surface];
    const uint32_t title = v->batch->docs[doc].title_len, gap = TITLE_GAP * (title > 0);
    const struct batch_surface *s;
    uint32_t position = 0;

    if (only.stem != NO_TERM) {
        *m = (struct moving){only.stem, {doc, *words < title ? *words : *words + gap, only.form}};
        ++*words;
        __builtin_prefetch(&v->ends[only.stem], 1);
        return 1;
    }
    s = &v->batch->words.list[surface];
    for (uint32_t i = 0; i < s->items; i++) {
        const struct surface_item item = v->words.items[s->first + i];
        const uint32_t stem = item.stem & ~ITEM_SAME;

        if (!(item.stem & ITEM_SAME)) {
            position = *words < title ? *words : *words + gap;
            ++*words;
        }
        m[i] = (struct moving){stem, {doc, position, item.form}};
        __builtin_prefetch(&v->ends[stem], 1);
    }
    return s->items;
}

/* Every word to its lists. */
static int scatter(struct inversion *v, fih_error *err)
{
    struct batch *b = v->batch;
    struct moving moving[MOVING_MOST];
    uint64_t at = 0;
    size_t n = 0;

    for (size_t doc = 0; doc < b->doc_count; doc++) {
        uint32_t words = 0;

        for (uint32_t k = 0; k < b->docs[doc].surfaces; k++, at++) {
            if (at + AHEAD < b->stream_count)
                __builtin_prefetch(&v->words.only[stream_at(b, at + AHEAD)]);
            n += read_surface(v, stream_at(b, at), (uint32_t)doc, &words, moving + n);
            if (n >= MOVING) {
                move(v, moving, n);
                n = 0;
            }
            if (at % STREAM_BLOCK == STREAM_BLOCK - 1) {
                free(b->stream[at / STREAM_BLOCK]);    /* not needed again, and the sorted copy is large */
                b->stream[at / STREAM_BLOCK] = NULL;
            }
        }
        if (doc % TICK_EVERY == 0 && cancelled(v, err))
            return FIH_E_CANCEL;
    }
    move(v, moving, n);
    return FIH_OK;
}

static uint64_t list_start(const struct inversion *v, uint32_t stem)
{
    return stem ? v->ends[stem - 1] : 0;
}

/* A posting is the entries of one document: the first one behind it. */
static uint64_t posting_end(const struct inversion *v, uint64_t at, uint64_t list_end)
{
    const uint32_t doc = v->entries[at].doc;

    do
        at++;
    while (at < list_end && v->entries[at].doc == doc);
    return at;
}

/* ---- roots */

/* The stems by their roots: the same sort. */
static int group_stems(struct inversion *v)
{
    const struct sorted_words *w = &v->words;
    uint32_t at = 0;

    if (!(v->root_ends = calloc(w->roots.count + 1, 4)) || !(v->root_stems = malloc((w->stems.count + 1) * 4)) ||
        !(v->root_dfs = calloc(w->roots.count + 1, 4)))
        return FIH_E_NOMEM;
    for (size_t s = 0; s < w->stems.count; s++)
        if (w->root_of[s] != NO_TERM)
            v->root_ends[w->root_of[s]]++;
    for (size_t r = 0; r < w->roots.count; r++) {
        const uint32_t count = v->root_ends[r];

        v->root_ends[r] = at;
        at += count;
    }
    for (size_t s = 0; s < w->stems.count; s++)
        if (w->root_of[s] != NO_TERM)
            v->root_stems[v->root_ends[w->root_of[s]]++] = (uint32_t)s;
    return FIH_OK;
}

static uint32_t root_start(const struct inversion *v, uint32_t root)
{
    return root ? v->root_ends[root - 1] : 0;
}

/* The occurrences of a stem, to those of its root in each document; and where it is not the first. A word that has two
 * stems of the root, in two readings, is one. */
static void add_stem(struct inversion *v, uint32_t root, uint32_t stem, struct doc_root *docs)
{
    const uint64_t end = v->ends[stem];

    for (uint64_t at = list_start(v, stem), next; at < end; at = next) {
        struct doc_root *d = &docs[v->entries[at].doc];

        next = posting_end(v, at, end);
        v->others[at] = d->root == root + 1;
        if (d->root != root + 1)
            *d = (struct doc_root){root + 1, 0};
        for (uint64_t i = at; i < next; i++)
            d->sum += !(v->entries[i].form & ITEM_ROOT_AGAIN);
    }
}

/* When the sums of its root are known: what others than this stem have. */
static void tell_stem(struct inversion *v, uint32_t stem, const struct doc_root *docs)
{
    const uint64_t end = v->ends[stem];

    for (uint64_t at = list_start(v, stem), next; at < end; at = next) {
        uint32_t others;

        next = posting_end(v, at, end);
        others = docs[v->entries[at].doc].sum - (uint32_t)(next - at);
        v->others[at] |= others << 1;
        for (uint64_t i = at; i < next; i++)
            v->entries[i].form &= ~ITEM_ROOT_AGAIN;
    }
}

/* A root that has one stem occurs where the stem does, and most have one: of others, two walks over their lists. */
static int sum_roots(struct inversion *v, fih_error *err)
{
    struct doc_root *docs = calloc(v->batch->doc_count + 1, sizeof *docs);
    int rc = docs ? FIH_OK : fihi_fail_nomem(err);

    for (uint32_t r = 0; r < v->words.roots.count && rc == 0; r++) {
        const uint32_t from = root_start(v, r), end = v->root_ends[r];

        if (end - from > 1) {
            for (uint32_t i = from; i < end; i++)
                add_stem(v, r, v->root_stems[i], docs);
            for (uint32_t i = from; i < end; i++)
                tell_stem(v, v->root_stems[i], docs);
        }
        if (r % TICK_EVERY == 0)
            rc = cancelled(v, err);
    }
    free(docs);
    return rc;
}

/* ---- lists */

/* Count the documents of each form of a list, and number the forms. */
static int number_forms(struct inversion *v, uint64_t from, uint64_t end)
{
    struct list_forms *forms = &v->forms;
    const size_t have = v->place_cap;

    forms->count = forms->docs = 0;
    for (uint64_t i = from; i < end; i++) {
        const struct entry *e = &v->entries[i];
        struct list_form *f = forms_find(forms, e->form);

        forms->docs += i == from || e->doc != e[-1].doc;
        if (!f && !(f = fihi_forms_add(forms, e->form)))
            return FIH_E_NOMEM;
        if (f->last_doc != e->doc)
            f->df++;
        f->last_doc = e->doc;
    }
    fihi_forms_number(forms);
    if (fihi_grow(&v->posting_forms, &v->posting_form_cap, forms->count, sizeof *v->posting_forms) != 0 ||
        fihi_grow(&v->place_of, &v->place_cap, forms->count, 4) != 0)
        return FIH_E_NOMEM;
    memset(v->place_of + have, 0, (v->place_cap - have) * 4);
    return FIH_OK;
}

/* The forms of a posting of n entries, ascending by their numbers; how many. */
static uint32_t gather_forms(struct inversion *v, const struct entry *e, uint32_t n)
{
    struct posting_form *forms = v->posting_forms;
    uint32_t count = 0;

    if (v->forms.count == 1) {
        forms[0] = (struct posting_form){0, n};
        return 1;
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t number = v->forms.at[e[i].form], at = v->place_of[number];

        if (at < count && forms[at].form == number) {
            forms[at].freq++;
            continue;
        }
        v->place_of[number] = count;
        forms[count++] = (struct posting_form){number, 1};
    }
    fihi_forms_sort(forms, count);
    return count;
}

static int add_posting(struct inversion *v, uint64_t from, uint64_t end, fih_error *err)
{
    const struct entry *e = v->entries + from;
    const struct batch_doc *d = &v->batch->docs[e->doc];
    const struct posting_lengths len = {d->text_len, d->title_len, false};
    const uint32_t freq = (uint32_t)(end - from), others = v->is_shared ? v->others[from] : 0;
    struct posting p = {.doc = e->doc,
                        .freq = freq,
                        .root = freq + (others >> 1),
                        .is_first = !(others & 1),
                        .forms = v->posting_forms,
                        .form_count = gather_forms(v, e, freq)};

    if (fihi_grow(&v->positions, &v->position_cap, freq, 4) != 0)
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < freq; i++) {
        v->positions[i] = e[i].position;
        p.title += e[i].position < d->title_len;
    }
    return fihi_build_posting(v->out, &p, v->positions, &len, err);
}

/* Each stem has an entry at least, so its number is its ordinal in the dictionary. */
static int write_stem(struct inversion *v, uint32_t stem, fih_error *err)
{
    const struct sorted_words *w = &v->words;
    const uint64_t from = list_start(v, stem), end = v->ends[stem];
    uint8_t key[TERM_KEY_MAX];
    int rc;

    v->is_shared = w->root_of[stem] != NO_TERM && v->root_ends[w->root_of[stem]] - root_start(v, w->root_of[stem]) > 1;
    if (number_forms(v, from, end) != 0 || fihi_rows_add(&v->rows, &v->forms, stem) != 0)
        return fihi_fail_nomem(err);
    fihi_forms_start(&v->forms, &v->out->list);
    for (uint64_t at = from, next; at < end; at = next) {
        next = posting_end(v, at, end);
        if ((rc = add_posting(v, at, next, err)) != 0)
            return rc;
    }
    if (w->root_of[stem] != NO_TERM)
        v->root_dfs[w->root_of[stem]] += v->out->list.first_df;
    return fihi_build_term(v->out, key, term_key(key, LEVEL_STEM, &w->stems, stem), (uint32_t)v->forms.count, err);
}

static int write_stems(struct inversion *v, fih_error *err)
{
    int rc = FIH_OK;

    for (uint32_t s = 0; s < v->words.stems.count && rc == 0; s++)
        if ((rc = write_stem(v, s, err)) == 0 && s % TICK_EVERY == 0)
            rc = cancelled(v, err);
    return rc;
}

static int by_term(const void *x, const void *y)
{
    const struct keyword *a = x, *b = y;

    return a->term != b->term ? (a->term < b->term ? -1 : 1) : (a->doc > b->doc) - (a->doc < b->doc);
}

static int write_sections(struct inversion *v, fih_error *err)
{
    static const struct posting_form all = {0, 1};
    static const struct posting_lengths none = {0, 0, true};
    struct batch *b = v->batch;
    uint8_t key[TERM_KEY_MAX];
    int rc = FIH_OK;

    for (size_t i = 0; i < b->section_count; i++)
        b->sections[i].term = v->words.section_numbers[b->sections[i].term];
    if (b->section_count)
        qsort(b->sections, b->section_count, sizeof *b->sections, by_term);
    for (size_t i = 0; i < b->section_count && rc == 0;) {
        const uint32_t term = b->sections[i].term;

        fihi_list_start(&v->out->list);
        for (; i < b->section_count && b->sections[i].term == term && rc == 0; i++) {
            const struct posting p = {b->sections[i].doc, 1, 0, 1, true, &all, 1};

            rc = fihi_build_posting(v->out, &p, NULL, &none, err);
        }
        if (rc == 0)
            rc = fihi_build_term(v->out, key, term_key(key, LEVEL_SECTION, &v->words.sections, term), 1, err);
    }
    return rc;
}

/* ---- rows */

static int write_forms(struct inversion *v, fih_error *err)
{
    const struct terms *forms = &v->words.forms;
    uint8_t key[TERM_KEY_MAX];
    int rc = fihi_rows_group(&v->rows, forms->count) == 0 ? FIH_OK : fihi_fail_nomem(err);

    for (uint32_t f = 0; f < forms->count && rc == 0; f++) {
        const size_t bytes = term_key(key, LEVEL_FORM, forms, f);

        rc = fihi_rows_write(&v->rows, f + 1, &v->out->dict, key, bytes, err);
        if (rc == 0 && f % TICK_EVERY == 0)
            rc = cancelled(v, err);
    }
    return rc;
}

static int write_roots(struct inversion *v, fih_error *err)
{
    const struct terms *roots = &v->words.roots;
    struct dict_row *rows = malloc((v->words.stems.count + 1) * sizeof *rows);
    uint8_t key[TERM_KEY_MAX];
    int rc = rows ? FIH_OK : fihi_fail_nomem(err);

    for (uint32_t r = 0; r < roots->count && rc == 0; r++) {
        const uint32_t from = root_start(v, r), count = v->root_ends[r] - from;

        for (uint32_t i = 0; i < count; i++)
            rows[i] = (struct dict_row){v->root_stems[from + i], 0, 0};
        if (count)
            rc = fihi_dict_add_rows(&v->out->dict, key, term_key(key, LEVEL_ROOT, roots, r), v->root_dfs[r], rows,
                                    count, err);
        if (rc == 0 && r % TICK_EVERY == 0)
            rc = cancelled(v, err);
    }
    free(rows);
    return rc;
}

/* ---- all of it */

static int begin(struct inversion *v)
{
    const struct sorted_words *const w = &v->words;

    if (fihi_words_sort(&v->batch->words, &v->words) != 0 || group_stems(v) != 0)
        return FIH_E_NOMEM;
    v->entries = fihi_alloc_large(v->batch->entry_count + 1, sizeof *v->entries);
    v->others = fihi_alloc_large(v->batch->entry_count + 1, sizeof *v->others);
    v->ends = calloc(w->stems.count + 1, sizeof *v->ends);
    return v->entries && v->others && v->ends ? fihi_forms_begin(&v->forms, w->forms.count) : FIH_E_NOMEM;
}

/* The entries are the most of what is held, and are done with. */
static void drop_entries(struct inversion *v)
{
    free(v->entries);
    free(v->others);
    v->entries = NULL;
    v->others = NULL;
}

static void end(struct inversion *v)
{
    drop_entries(v);
    fihi_sorted_free(&v->words);
    free(v->ends);
    free(v->root_ends);
    free(v->root_stems);
    free(v->root_dfs);
    fihi_forms_free(&v->forms);
    free(v->posting_forms);
    free(v->place_of);
    free(v->positions);
    fihi_rows_free(&v->rows);
}

int fihi_batch_invert(struct batch *b, struct build *out, int (*tick)(void *ctx), void *ctx, fih_error *err)
{
    struct inversion v = {.batch = b, .out = out, .tick = tick, .ctx = ctx};
    int rc = begin(&v) == 0 ? FIH_OK : fihi_fail_nomem(err);

    if (rc == 0) {
        lay_out(&v);
        if ((rc = scatter(&v, err)) == 0 && (rc = sum_roots(&v, err)) == 0 && (rc = write_stems(&v, err)) == 0 &&
            (rc = write_sections(&v, err)) == 0) {
            drop_entries(&v);
            if ((rc = write_forms(&v, err)) == 0)
                rc = write_roots(&v, err);
        }
    }
    end(&v);
    return rc;
}

/* The arrays by entry, by stem, root and form, and a row for each item of a surface word: there may be fewer, for
 * words of one form and stem share a row, and for a vocabulary has more words than the batch. */
uint64_t fihi_batch_invert_bytes(const struct batch *b)
{
    const struct words *w = &b->words;

    return b->entry_count * (sizeof(struct entry) + 4) + w->terms.count * (sizeof(uint64_t) + 16) +
           b->doc_count * sizeof(struct doc_root) + w->item_count * sizeof(struct form_row);
}
