/* index/forms.c - numbering forms; rows sorted by counting.
 *
 * `at` leads from a form to its place in the list under way. It is never cleared: lists are many, most have one
 * form, and the table is as large as the vocabulary. So a place counts only if the list has that form there
 * (forms_find()).
 *
 * Say a list had the forms 5 and 9, at the places 0 and 1, and the next one has 9 and 7. at[9] still says 1, but the
 * list has nothing there yet: 9 is new, and gets place 0. at[5] says 0 from then on as well, and is not believed, for
 * at place 0 stands 9. */
#include "index/forms.h"

#include <stdlib.h>

/* Zeros are good enough to begin with: place 0 of an empty list is no place (forms_find()). */
int fihi_forms_begin(struct list_forms *f, size_t most)
{
    return (f->at = calloc(most + 1, sizeof *f->at)) ? FIH_OK : FIH_E_NOMEM;
}

void fihi_forms_free(struct list_forms *f)
{
    free(f->list);
    free(f->at);
    *f = (struct list_forms){0};
}

/* The pointer is good until the next form is added. NO_DOC is above every document, so the first one counts as new. */
struct list_form *fihi_forms_add(struct list_forms *f, uint32_t form)
{
    if (fihi_grow(&f->list, &f->cap, f->count + 1, sizeof *f->list) != 0)
        return NULL;
    f->at[form] = (uint32_t)f->count;
    f->list[f->count] = (struct list_form){form, 0, NO_DOC};
    return &f->list[f->count++];
}

static int by_df(const void *x, const void *y)
{
    const struct list_form *a = x, *b = y;

    return a->df != b->df ? (a->df > b->df ? -1 : 1) : (a->form > b->form) - (a->form < b->form);
}

/* Most postings are then all of form 0, which costs nothing.
 * Of equal counts the lower number is first: 0 is "none", the others are in the order of the bytes. So the order is
 * that of FORMAT.md, and the same from a flush and from a merge. */
void fihi_forms_number(struct list_forms *f)
{
    if (f->count > 1)
        qsort(f->list, f->count, sizeof *f->list, by_df);
    for (size_t i = 0; i < f->count; i++)
        f->at[f->list[i].form] = (uint32_t)i;
}

/* Only the first OWN_FORMS have a weight of their own in the list.
 *
 * A list of 1,000 documents with the forms كتاب in 700, الكتاب in 400 and none in 20 has three, which occur together in
 * some: their counts may add up to more than the documents. Weights are made from 700, 400 and 20 of 1,000. */
void fihi_forms_start(const struct list_forms *f, struct list_writer *w)
{
    uint32_t dfs[OWN_FORMS];

    for (size_t i = 0; i < f->count && i < OWN_FORMS; i++)
        dfs[i] = f->count > 1 ? f->list[i].df : f->docs;   /* a single form may not have been counted */
    fihi_list_start(w);
    fihi_list_forms(w, (uint32_t)f->count, dfs, f->docs);
}

/* They are few, and mostly one: by insertion. */
void fihi_forms_sort(struct posting_form *forms, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        const struct posting_form f = forms[i];
        uint32_t k = i;

        for (; k > 0 && forms[k - 1].form > f.form; k--)
            forms[k] = forms[k - 1];
        forms[k] = f;
    }
}

/* A form without documents gives no row: the merge numbers only what is left, but a single form is not counted. Nor has
 * "none", which nobody can look for by a word; its number in the list is taken all the same. */
int fihi_rows_add(struct form_rows *r, const struct list_forms *f, uint32_t stem)
{
    if (fihi_grow(&r->list, &r->cap, r->count + f->count, sizeof *r->list) != 0)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < f->count; i++)
        if (f->list[i].form && f->list[i].df)
            r->list[r->count++] = (struct form_row){f->list[i].form, {stem, (uint32_t)i, f->list[i].df}};
    return FIH_OK;
}

/* Pieces are joined in the order of their stems; together with a sort that keeps the order, the stems of a form
 * ascend. So each worker collects rows of its own, without a lock, and the result is the same for any number of
 * them. */
int fihi_rows_join(struct form_rows *r, const struct form_rows *more)
{
    if (fihi_grow(&r->list, &r->cap, r->count + more->count, sizeof *r->list) != 0)
        return FIH_E_NOMEM;
    if (more->count)
        memcpy(r->list + r->count, more->list, more->count * sizeof *r->list);
    r->count += more->count;
    return FIH_OK;
}

/* Counted, laid out, and each to its place: invert_scatter.c explains that sort.
 * Form 0 has no rows, so the ends of form f - 1 are the start of form f for every f from 1 on.
 *
 * Of three rows with the forms 2, 1, 2 the counts are 0 1 2, the places 0 0 1, and after laying out ends[] is 0 1 3:
 * form 1 has grouped[0], form 2 has grouped[1] and [2], in the order in which they came. */
int fihi_rows_group(struct form_rows *r, size_t most)
{
    uint64_t at = 0;

    r->grouped = malloc((r->count + 1) * sizeof *r->grouped);
    r->ends = calloc(most + 1, sizeof *r->ends);
    if (!r->grouped || !r->ends)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < r->count; i++)
        r->ends[r->list[i].form]++;
    for (size_t f = 0; f <= most; f++) {
        const uint64_t count = r->ends[f];

        r->ends[f] = at;
        at += count;
    }
    for (size_t i = 0; i < r->count; i++)
        r->grouped[r->ends[r->list[i].form]++] = r->list[i].row;
    free(r->list);
    r->list = NULL;
    r->count = r->cap = 0;
    return FIH_OK;
}

/* The most documents of a row are said of the form, but not stored: a reader finds them in the rows. The rows of a form
 * ascend by their stems, as the dictionary wants them. */
int fihi_rows_write(const struct form_rows *r, uint32_t form, struct dict_writer *w, const uint8_t *key, size_t bytes,
                    fih_error *err)
{
    const uint64_t from = r->ends[form - 1], end = r->ends[form];
    uint32_t most = 0;

    for (uint64_t i = from; i < end; i++)
        most = r->grouped[i].df > most ? r->grouped[i].df : most;
    return from == end
               ? FIH_OK
               : fihi_dict_add_rows(w, key, bytes, most, r->grouped + from, (uint32_t)(end - from), err);
}

void fihi_rows_free(struct form_rows *r)
{
    free(r->list);
    free(r->grouped);
    free(r->ends);
    *r = (struct form_rows){0};
}
