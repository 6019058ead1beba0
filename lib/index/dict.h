/* index/dict.h - the terms of a segment, sorted, and where their lists lie.
 *
 * Layer: index. A term's key is its channel byte and its bytes. Format: FORMAT.md, "Dictionary".
 */
#ifndef FIHI_INDEX_DICT_H
#define FIHI_INDEX_DICT_H

#include "index/stage.h"

/* What the dictionary says of a term; places as heap_place() lays them. */
struct dict_entry {
    uint32_t     df, single;           /* the document, when df is 1 */
    uint64_t     cf;
    struct place docs, positions;
    uint32_t     doc_bytes, position_bytes;
};

/* ---- writing */

struct dict_writer {
    struct stage *stage;
    struct buf    value, offsets, index;     /* blocks under way; their offsets; first keys of the values */
    unsigned      in_block;
    uint8_t       last[TERM_KEY_MAX];
    size_t        last_bytes;
    uint64_t      terms;
};

/* Keys ascend. */
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
};

/* FIH_E_CORRUPT if the value is no dictionary value. */
int fihi_dict_scan(struct dict_scan *s, const uint8_t *value, size_t bytes);
/* FIH_OK with key and entry, FIH_DONE, FIH_E_CORRUPT, also when a key is not above the one before. */
int fihi_dict_next(struct dict_scan *s);
/* Stand before the block that would hold the key. */
int fihi_dict_seek_block(struct dict_scan *s, const uint8_t *key, size_t bytes);

static inline int key_compare(const uint8_t *a, size_t a_bytes, const uint8_t *b, size_t b_bytes)
{
    const int c = memcmp(a, b, a_bytes < b_bytes ? a_bytes : b_bytes);

    return c ? c : a_bytes < b_bytes ? -1 : a_bytes > b_bytes;
}

#endif
