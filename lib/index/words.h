/* index/words.h - the forms and terms of a batch.
 *
 * Layer: index. Each worker tells of a form once (chunk.h, struct growth); what it has told stays when a batch is
 * written. Our own numbers are the batch's: of terms, whose bytes are kept once for all channels, and of forms,
 * each worker's for themselves.
 */
#ifndef FIHI_INDEX_WORDS_H
#define FIHI_INDEX_WORDS_H

#include "base/buf.h"
#include "base/table.h"
#include "index/chunk.h"

/* What a form has a term for. A term's bytes are kept once for all of them. */
enum { STEM, NORM, ROOT, LEVELS };

/* A form's term: level, number, and whether it shares the position of the one before it. */
#define ITEM_SAME  0x80000000u
#define ITEM_LIST  0x7fffffffu         /* term * LEVELS + level */
enum { TERMS_MOST = ITEM_LIST / LEVELS };

/* What a worker has told us of its vocabulary, and our numbers for it. It outlives the batch, for a worker tells
 * of each form once. */
struct lane {
    struct buf     terms;
    size_t        *term_ends;
    uint32_t      *to_term;            /* 1 + our term; 0: not met in this batch */
    size_t         term_count, term_cap, to_term_cap;
    struct result *results;
    size_t        *form_ends;
    uint32_t      *to_form;            /* the same for forms */
    size_t         result_count, result_cap, form_count, form_cap, to_form_cap;
};

struct words {
    /* terms: key is channel byte and bytes */
    struct buf        keys;
    struct batch_term {
        uint64_t at;
        uint16_t bytes;
        uint8_t  in_title;             /* its stems; known when the batch is written */
    }                *terms;
    size_t            term_count, term_cap;
    struct table      table;           /* of their keys */

    /* forms, each worker's for themselves */
    struct batch_form {
        uint32_t first;                /* in items */
        uint32_t count;                /* entries of the stream */
        uint8_t  items, words, in_title;
    }                *forms;
    size_t            form_count, form_cap;
    uint32_t         *items;           /* ITEM_LIST | ITEM_SAME */
    size_t            item_count, item_cap;
    struct lane      *lanes;           /* by number of worker */
    size_t            lane_count, lane_cap;
};

/* Empty it for the next batch. */
void fihi_words_clear(struct words *w);
void fihi_words_free(struct words *w);
/* Take in what a chunk's worker tells; *out is its lane, until the next call. FIH_OK or FIH_E_NOMEM, as for all here.
 */
int fihi_words_learn(struct words *w, const struct growth *g, struct lane **out);
/* Number of a term, new or known. */
int fihi_words_intern(struct words *w, unsigned channel, const uint8_t *bytes, size_t n, uint32_t *number);
/* A worker's form that this batch meets for the first time. */
int fihi_words_add_form(struct words *w, struct lane *l, uint32_t form);
uint64_t fihi_words_bytes(const struct words *w);

/* Our number of a worker's form. */
static inline int words_form(struct words *w, struct lane *l, uint32_t form, uint32_t *number)
{
    const int rc = l->to_form[form] ? FIH_OK : fihi_words_add_form(w, l, form);

    *number = l->to_form[form] - 1;
    return rc;
}

#endif
