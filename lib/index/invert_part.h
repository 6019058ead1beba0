/* index/invert_part.h - what invert.c, invert_scatter.c and invert_lists.c share.
 *
 * Layer: index. First the entries are sorted, then the roots and then the lists are worked out, all of it in pieces by
 * the threads of the pool: what threads share, they only read, or write where no other does.
 */
#ifndef FIHI_INDEX_INVERT_PART_H
#define FIHI_INDEX_INVERT_PART_H

#include "base/fail.h"
#include "index/inverter_part.h"
#include "index/forms.h"

/* An occurrence of a stem. The form is 1 + its number, or 0 for none; with ITEM_ROOT_AGAIN, until roots are counted. */
struct entry {
    uint32_t doc, position, form;
};

/* With its place among the others of its root. */
enum { ENTRY_BYTES = sizeof(struct entry) + 4 };

/* What was counted of one document for the root under way. */
struct doc_root {
    uint32_t root;                     /* 1 + its number: a sum of another root counts as none */
    uint32_t sum;
};

/* What a thread needs to lay out lists. */
struct layer {
    struct doc_root     *docs;
    struct list_writer   list;
    struct list_forms    forms;
    struct posting_form *posting_forms;
    uint32_t            *place_of;     /* by number of the form: its place in posting_forms, if it is there */
    uint32_t            *positions;
    size_t               posting_form_cap, place_cap, position_cap;
};

/* The lists of a piece. */
struct laid {
    struct buf       bytes, positions;
    struct laid_list {
        uint32_t df, title_df, first_df, form_count, single;
        uint64_t cf;
        size_t   end, position_end;    /* in bytes, in positions */
    }               *lists;            /* of its stems */
    size_t           count, cap;
    struct form_rows rows;
};

/* The entries of a field among the batch's keywords, and its terms. */
struct slice {
    size_t   from, end;
    uint32_t first_term, terms;        /* the first one's ordinal; how many */
};

struct inversion {
    struct inverter *inverter;
    struct build *out;
    struct pool  *pool;
    int         (*tick)(void *);
    void         *ctx;
    struct entry *entries;
    struct sorted_words words;
    uint64_t     *ends;                /* of the stems' lists, in entries */
    uint32_t     *others;              /* of a root with several stems; by a posting's first entry: words that have its
                                          root but not the stem << 1 | the stem is not the first. A document has at most
                                          2^29 words */
    uint32_t     *root_ends, *root_stems;  /* stems of each root, ascending, one root behind the other */
    uint32_t     *root_dfs;
    uint32_t     *piece_ends;          /* of roots, then of stems */
    uint32_t      piece_count;
    size_t        piece_cap;
    struct layer *layers;              /* by thread */
    struct laid   laid[POOL_SLOTS];
    struct form_rows rows;
    struct slice *slices;              /* by field */
    size_t        keyword_at;          /* the next of the batch's, in the order of their keys */
    uint32_t     *word_positions;      /* of a text's word in a document */
    size_t        word_position_cap;
};

static inline int invert_cancelled(const struct inversion *v, fih_error *err)
{
    return v->tick && v->tick(v->ctx) ? fihi_fail(err, FIH_E_CANCEL, "cancelled") : FIH_OK;
}

static inline uint64_t list_start(const struct inversion *v, uint32_t stem)
{
    return stem ? v->ends[stem - 1] : 0;
}

static inline uint32_t root_start(const struct inversion *v, uint32_t root)
{
    return root ? v->root_ends[root - 1] : 0;
}

/* A posting is the entries of one document: the first one behind it. */
static inline uint64_t posting_end(const struct inversion *v, uint64_t at, uint64_t list_end)
{
    const uint32_t doc = v->entries[at].doc;

    do
        at++;
    while (at < list_end && v->entries[at].doc == doc);
    return at;
}

/* How many ranges of documents are moved at a time, by as many threads; and the tables of each [bytes]. */
unsigned fihi_invert_ranges(const struct inverter *b, unsigned threads);
uint64_t fihi_invert_range_bytes(const struct inverter *b);
/* The words of the stream, which is used up, to entries and ends. */
int fihi_invert_scatter(struct inversion *v, fih_error *err);
/* Up to `end` of `count`, so many entries have gathered: a piece ends there if they are enough, or it is the last. */
int fihi_invert_piece(struct inversion *v, uint32_t end, uint32_t count, uint64_t *entries);
/* The lists of all stems, to the builder and, what leads to them, to v->rows. */
int fihi_invert_lists(struct inversion *v, fih_error *err);
/* The batch's keywords in the order of the dictionary. FIH_OK or FIH_E_NOMEM. */
int fihi_invert_sort_keywords(struct inversion *v);
/* The lists of those of a level, which begin where the level before ended; of the words of texts; then the columns of
 * all fields. */
int fihi_invert_keywords(struct inversion *v, enum level level, fih_error *err);
int fihi_invert_words(struct inversion *v, fih_error *err);
int fihi_invert_columns(struct inversion *v, fih_error *err);
/* What threads and pieces had. */
void fihi_invert_free(struct inversion *v);

#endif
