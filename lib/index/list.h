/* index/list.h - one posting list: the documents of a term, how often, and where.
 *
 * Layer: index. Includes base/ and codec/; bytes in and out, no storage. Format: FORMAT.md, "Posting list".
 *
 * Documents lie in blocks of 128 with a skip entry each (last document, ends of the block's bytes, greatest
 * impact); what is left over is a tail of varints. The positions of a block's documents are a run of their own.
 */
#ifndef FIHI_INDEX_LIST_H
#define FIHI_INDEX_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "index/format.h"

/* ---- writing */

struct list_writer {
    uint32_t   docs[POSTING_BLOCK], freqs[POSTING_BLOCK];
    uint8_t    impact;        /* greatest of the block under way */
    unsigned   pending;
    uint32_t   last_doc;      /* of the last full block */
    uint32_t  *deltas;        /* positions of the block under way */
    size_t     delta_count, delta_cap;
    struct buf lasts, doc_ends, position_ends, impacts, blocks, positions, out;
    uint32_t   df;
    uint64_t   cf;
};

void fihi_list_writer_free(struct list_writer *w);
void fihi_list_start(struct list_writer *w);
/* Documents ascend. `positions` ascend, `freq` of them, or are NULL in a channel without. */
int fihi_list_add(struct list_writer *w, uint32_t doc, uint32_t freq, const uint32_t *positions, uint8_t impact);
/* The bytes of the list are w->out (empty when df is 1: the dictionary holds the document) and w->positions. */
int fihi_list_finish(struct list_writer *w);

/* Impact: freq / (freq + k1 (1 - b + b len / avg)) with IMPACT_K1 and IMPACT_B, rounded up to 255ths. */
uint8_t fihi_impact(uint32_t freq, uint32_t len, float avg);

/* ---- reading */

#define NO_DOC UINT32_MAX

/* Where a list lies, as the dictionary says. All borrowed from the snapshot. */
struct list_place {
    const uint8_t *bytes, *positions;
    size_t         byte_count, position_bytes;
    uint32_t       df, single;     /* the one document when df is 1 */
    uint64_t       cf;
    uint32_t       docs;           /* of the segment: a list with any other document is broken */
};

struct cursor {
    struct list_place at;
    uint32_t       block_count;    /* full blocks */
    const uint8_t *lasts, *doc_ends, *position_ends, *impacts, *blocks;
    size_t         blocks_bytes;
    uint32_t       block;          /* decoded one; block_count is the tail */
    unsigned       size, index;    /* documents in it, and the one we stand on */
    uint32_t       doc;            /* docs[index], or NO_DOC at the end */
    uint32_t       docs[POSTING_BLOCK], freqs[POSTING_BLOCK];
    bool           freqs_ready, is_broken;
    bool           no_memory;      /* broken by that, not by damage */
    const uint8_t *freq_bytes;
    /* Positions of the block: decoded pack by pack, as far as the documents asked for reach. */
    uint32_t      *positions;
    size_t         position_cap;
    int            positions_ready;
    const uint8_t *position_at, *position_end; /* what is left of their bytes */
    size_t         position_next;  /* positions before position_at */
    unsigned       position_doc;   /* whose are absolute by now; POSTING_BLOCK: none */
    size_t         position_starts[POSTING_BLOCK + 1];
};

/* Stand on the first document. No cursor ever stands on one that the segment has not. FIH_E_CORRUPT if the list breaks
 * its format; the same may show later as is_broken with doc == NO_DOC. */
int fihi_cursor_open(struct cursor *c, const struct list_place *at);
void fihi_cursor_close(struct cursor *c);
/* The next document, or the first one not below `target`; NO_DOC at the end. */
uint32_t fihi_cursor_next(struct cursor *c);
uint32_t fihi_cursor_seek(struct cursor *c, uint32_t target);
/* Of the document we stand on. */
uint32_t fihi_cursor_freq(struct cursor *c);
/* Borrowed until the cursor moves; NULL and count 0 without positions (is_broken or not) or memory (no_memory). */
const uint32_t *fihi_cursor_positions(struct cursor *c, uint32_t *count);
/* Step over the rest of the decoded block: the first document of the next one. */
uint32_t fihi_cursor_next_block(struct cursor *c);
/* The block that could hold `target`, from the skip entries alone: its last document and greatest impact (255ths). */
uint32_t fihi_cursor_peek(const struct cursor *c, uint32_t target, uint32_t *last_doc, uint8_t *impact);
/* Greatest impact of the whole list. */
uint8_t fihi_cursor_top(const struct cursor *c);

#endif
