/* index/dict.h - the terms of a segment, sorted, and where their lists lie.
 *
 * Layer: index. A term's key is its level (enum level) and its bytes. Format: FORMAT.md, "Dictionary".
 */
#ifndef FIHI_INDEX_DICT_H
#define FIHI_INDEX_DICT_H

#include <stdbool.h>

#include "index/stage.h"

/* What the dictionary says of a term. Stems and sections have a list, normalised words and roots have rows. Places are
 * as heap_place() lays them. */
struct dict_entry {
    uint32_t     ordinal;              /* place in the segment's dictionary, from 0; stems come first */
    uint32_t     df;                   /* documents; of a normalised word the most of a row */
    /* a list */
    uint32_t     single;               /* the document, when df is 1 */
    uint64_t     cf;
    struct place docs, positions;
    uint32_t     doc_bytes, position_bytes;
    const uint8_t *numbers;            /* df 1: what its posting says, doc_bytes of them, within the dictionary's value;
                                          doc_bytes has no place in the heap then */
    uint32_t     title_df;             /* documents with the stem in the title */
    uint32_t     form_count;           /* normalised words of the list, "none" counted as one; at least 1 */
    /* rows, borrowed from the value */
    uint32_t     row_count;
    const uint8_t *rows, *rows_end;
    uint32_t     rows_base;            /* the first row's stem */
    bool         has_forms;            /* normalised word: rows have form and df */
};

/* One stem of a normalised word, or of a root. */
struct dict_row {
    uint32_t stem;                     /* its ordinal */
    uint32_t form;                     /* the word's number in the stem's list */
    uint32_t df;                       /* documents in which an occurrence of the stem has the word */
};

/* Walk the rows of an entry: FIH_OK, FIH_DONE, FIH_E_CORRUPT. Stems ascend. */
struct dict_rows {
    const uint8_t *p, *end;
    uint32_t       left, base;         /* rows; the stem before, or the first one's own */
    bool           is_first, has_forms;
};
struct dict_rows fihi_dict_rows(const struct dict_entry *e);
int fihi_dict_row_next(struct dict_rows *r, struct dict_row *row);

/* ---- writing */

struct dict_writer {
    struct stage *stage;
    struct buf    value, offsets, index;     /* blocks under way; their offsets; first terms of the values */
    unsigned      in_block;
    bool          is_in_rows;          /* the last term has some: a block in which they stand does not know of lists */
    uint8_t       last[TERM_KEY_MAX];
    size_t        last_bytes;
    uint32_t      last_stem;           /* first stem of the normalised word before, within the block */
    uint64_t      terms;               /* so the next term's ordinal */
};

/* Keys ascend. A normalised word or a root (`df` documents) with its rows: at least one, stems ascending. */
int fihi_dict_add_rows(struct dict_writer *w, const uint8_t *key, size_t bytes, uint32_t df,
                       const struct dict_row *rows, uint32_t count, fih_error *err);
/* A stem or a section with its list; places also when df is 1. */
int fihi_dict_add(struct dict_writer *w, const uint8_t *key, size_t bytes, const struct dict_entry *e, fih_error *err);
int fihi_dict_finish(struct dict_writer *w, fih_error *err);
void fihi_dict_writer_free(struct dict_writer *w);

/* ---- reading one value */

struct dict_scan {
    const uint8_t    *value, *p, *end;
    uint32_t          blocks, block;   /* the next one to open */
    unsigned          left;            /* terms of the open one */
    size_t            bytes;
    uint8_t           key[TERM_KEY_MAX];
    size_t            key_bytes;
    struct dict_entry entry;
    struct place      docs, positions; /* where the next list would go */
    uint32_t          last_stem;
    uint32_t          ordinal;         /* of the next term; the caller sets it for the value's first one */
};

/* FIH_E_CORRUPT if the value is no dictionary value. Before the first of the others, set `ordinal`. */
int fihi_dict_scan(struct dict_scan *s, const uint8_t *value, size_t bytes);
/* FIH_OK with key and entry, FIH_DONE, FIH_E_CORRUPT, also when a key is not above the one before. */
int fihi_dict_next(struct dict_scan *s);
/* Stand before the block that holds the term with the ordinal. Here and below, of a scan that has not moved yet. */
int fihi_dict_seek_ordinal(struct dict_scan *s, uint32_t ordinal);
/* Stand before the block that would hold the key. */
int fihi_dict_seek_block(struct dict_scan *s, const uint8_t *key, size_t bytes);

static inline int key_compare(const uint8_t *a, size_t a_bytes, const uint8_t *b, size_t b_bytes)
{
    const int c = memcmp(a, b, a_bytes < b_bytes ? a_bytes : b_bytes);

    return c ? c : a_bytes < b_bytes ? -1 : a_bytes > b_bytes;
}

#endif
