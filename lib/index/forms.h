/* index/forms.h - the forms of the list under way: which they are, their numbers, and the rows that lead to them.
 *
 * Layer: index. Forms are known by the numbers that whoever writes a segment gives them, in the order of their bytes
 * and from 1 on; 0 stands for none, which is a form of a list like others but has no row.
 */
#ifndef FIHI_INDEX_FORMS_H
#define FIHI_INDEX_FORMS_H

#include "index/dict.h"
#include "index/list_write.h"

/* The forms of one list after the other. Once they are numbered, list[number] has the number. */
struct list_forms {
    struct list_form {
        uint32_t form, df;
        uint32_t last_doc;             /* the last one counted */
    }        *list;
    size_t    count, cap;
    uint32_t *at;                      /* by form: its place in `list`, if it is there */
    uint32_t  docs;                    /* of the list */
};

/* All forms that lists can have are at most `most`. FIH_OK or FIH_E_NOMEM, as for all here. */
int fihi_forms_begin(struct list_forms *f, size_t most);
void fihi_forms_free(struct list_forms *f);
/* A form that is not there yet; NULL without memory. */
struct list_form *fihi_forms_add(struct list_forms *f, uint32_t form);
/* Number them by documents: the one in most is 0. */
void fihi_forms_number(struct list_forms *f);
/* Begin a list that has these forms, numbered. */
void fihi_forms_start(const struct list_forms *f, struct list_writer *w);
/* Ascending by number, for a posting. */
void fihi_forms_sort(struct posting_form *forms, uint32_t count);

/* NULL if it is not there: `at` may still say where it was in another list. */
static inline struct list_form *forms_find(const struct list_forms *f, uint32_t form)
{
    const uint32_t at = f->at[form];

    return at < f->count && f->list[at].form == form ? &f->list[at] : NULL;
}

/* The rows of all lists, collected as they are written, then sorted by form. */
struct form_rows {
    struct form_row {
        uint32_t        form;
        struct dict_row row;
    }               *list;
    size_t           count, cap;
    struct dict_row *grouped;          /* by form; of each in the order in which they came */
    uint64_t        *ends;             /* of each form's, by form; none has no rows */
};

/* Those of a list: of each form but none that is in a document. */
int fihi_rows_add(struct form_rows *r, const struct list_forms *f, uint32_t stem);
/* Those that were collected elsewhere, behind the others. */
int fihi_rows_join(struct form_rows *r, const struct form_rows *more);
/* All of them, forms up to `most`. The collected ones are given back. */
int fihi_rows_group(struct form_rows *r, size_t most);
/* The dictionary's entry of a form, if it has rows. */
int fihi_rows_write(const struct form_rows *r, uint32_t form, struct dict_writer *w, const uint8_t *key, size_t bytes,
                    fih_error *err);
void fihi_rows_free(struct form_rows *r);

#endif
