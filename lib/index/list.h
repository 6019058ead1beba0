/* index/list.h - one posting list: the documents of a term, how often, where, and what else ranks it there.
 *
 * Layer: index. Includes base/ and codec/; bytes in and out, no storage. Format: FORMAT.md, "Posting list".
 *
 * Documents lie in blocks of 128 with a skip entry each (last document, ends of the block's bytes, bounds); what is
 * left over is a tail of varints. Beside the frequency, a posting has three numbers that are mostly 0 and then cost
 * nothing: which normalised words its occurrences have, how many stand in the title, and how often the stem's root
 * occurs. The positions of a block's documents are a run of their own.
 */
#ifndef FIHI_INDEX_LIST_H
#define FIHI_INDEX_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "index/format.h"

/* Occurrences that have a normalised word: its number in this list, 0 for the one in most documents. */
struct posting_form {
    uint32_t form, freq;
};

/* A document in a list. A keyword's has frequency 1, no title, its own frequency as root, and form 0. */
struct posting {
    uint32_t doc, freq;
    uint32_t title;                    /* how many of them in the title: at most freq */
    uint32_t root;                     /* words of the document that have the stem's root: at least freq */
    bool     is_first;                 /* of the root's stems in the document, the first: it counts here for the root's
                                          document frequency. True for a stem without root */
    const struct posting_form *forms;  /* ascending by form; their frequencies add up to freq */
    uint32_t form_count;               /* at least 1 */
};

/* How it is coded (FORMAT.md, "Posting list"). */
enum {
    BLOCK_FORMS = 1, BLOCK_TITLES = 2, BLOCK_ROOTS = 4, BLOCK_MIXED = 8,      /* flags: what a block has at all */
    FORM_CODE_MIXED = 1,               /* 0: form 0; above: form code - 1 */
    MIXED_TWO = 128, MIXED_ANY = 192, MIXED_MORE = 63,      /* the first byte of mixed forms: FORMAT.md */
    ROOT_MORE_MAX = INT32_MAX          /* root - freq: twice as much fits 32 bits */
};

/* What no posting of a block exceeds (FORMAT.md, "Impacts"): impacts in 255ths. */
struct list_bounds {
    uint8_t stem, root, title;
    uint8_t best;                      /* of the weighted sum of the three, in 255ths of BEST_TOTAL */
};

enum {
    BOUND_STEM, BOUND_ROOT, BOUND_TITLE, BOUND_BEST, BOUNDS,                  /* as a list has them, an array each */
    OWN_FORMS = 15,                    /* forms of a list that have a share of their own in each block */
    SHARE_MAX = 15
};

/* The weights that `best` is made with: about those of a search with the default options, of a root in half as many
 * documents again as the stem. A form's, beside them, is the list's own: in FORM_WEIGHT_ONEs. */
#define BEST_STEM  0.5f
#define BEST_ROOT  0.75f
#define BEST_TITLE 0.6f
#define BEST_TOTAL (BEST_STEM + BEST_ROOT + BEST_TITLE)
#define FORM_WEIGHT_ONE (1.0f / 32)

/* How many best documents' sums are kept for lists of at least one block (FORMAT.md, "Floors"). */
enum { FLOORS = 3 };
extern const uint32_t fihi_floor_docs[FLOORS];

/* ---- reading */

#define NO_DOC UINT32_MAX

/* Where a list lies, as the dictionary says. All borrowed from the snapshot. */
struct list_place {
    const uint8_t *bytes, *positions;
    size_t         byte_count, position_bytes;
    uint32_t       df, single;         /* the one document when df is 1; `bytes` are then its numbers, or none */
    uint64_t       cf;
    uint32_t       title_df;           /* 0: no posting has a title number */
    uint32_t       form_count;         /* form numbers are below; at least 1 */
    uint32_t       docs;               /* of the segment: a list with any other document is broken */
};

struct cursor {
    struct list_place at;
    uint32_t       block_count;        /* full blocks */
    const uint8_t *lasts, *doc_ends, *position_ends, *bounds, *form_weights, *form_shares, *blocks;
    size_t         blocks_bytes;
    uint32_t       block;              /* decoded one; block_count is the tail */
    unsigned       size, index;        /* documents in it, and the one we stand on */
    uint32_t       doc;                /* docs[index], or NO_DOC at the end */
    bool           freqs_ready, numbers_ready, forms_ready, is_broken;
    bool           no_memory;          /* broken by that, not by damage */
    const uint8_t *freq_bytes;
    /* Of a full block, once a number was asked for: where each kind lies, or NULL; and the mixed forms. */
    bool           numbers_found;
    const uint8_t *form_bytes, *title_bytes, *root_bytes, *mixed_bytes;
    struct posting_form whole;         /* a posting's only form, lent out by fihi_cursor_posting() */
    /* After fihi_cursor_numbers(): what the block has at all. An array of numbers is filled only if its flag is set. */
    bool           has_forms, has_titles, has_roots;
    uint32_t       docs[POSTING_BLOCK], freqs[POSTING_BLOCK];
    uint32_t       form_codes[POSTING_BLOCK], titles[POSTING_BLOCK], root_codes[POSTING_BLOCK];  /* as they lie there */
    /* The forms of the block's mixed postings, one behind the other; decoded with the numbers. */
    struct posting_form *mixed;
    size_t         mixed_cap;
    unsigned       mixed_count;
    bool           codes_ready;        /* form_codes is filled, whatever else is not; then, of the mixed postings: */
    unsigned       passed;             /* so many have been passed over, */
    const uint8_t *passed_to;          /* up to here; NULL: none yet */
    uint8_t        mixed_at[POSTING_BLOCK];    /* which posting is the kth mixed one */
    uint32_t       mixed_ends[POSTING_BLOCK];  /* where its forms end */
    /* Positions of the block: decoded pack by pack, as far as the documents asked for reach. */
    uint32_t      *positions;
    size_t         position_cap;
    bool           positions_ready;
    const uint8_t *position_at, *position_end; /* what is left of their bytes */
    size_t         position_next;      /* positions before position_at */
    unsigned       position_doc;       /* whose are absolute by now; POSTING_BLOCK: none */
    size_t         position_starts[POSTING_BLOCK + 1];
};


/* Stand on the first document. No cursor ever stands on one that the segment has not. FIH_E_CORRUPT if the list breaks
 * its format; the same may show later as is_broken with doc == NO_DOC. Zero-initialise a cursor before its first use;
 * it may be opened again and keeps its memory. */
int fihi_cursor_open(struct cursor *c, const struct list_place *at);
void fihi_cursor_close(struct cursor *c);
/* The next document, or the first one not below `target`; NO_DOC at the end. */
uint32_t fihi_cursor_next(struct cursor *c);
uint32_t fihi_cursor_seek(struct cursor *c, uint32_t target);
/* Of the document we stand on. When broken, 0 and is_broken. */
uint32_t fihi_cursor_freq(struct cursor *c);
uint32_t fihi_cursor_title(struct cursor *c);
uint32_t fihi_cursor_root(struct cursor *c);
/* How many of its occurrences have this form (a number of the list). */
uint32_t fihi_cursor_form(struct cursor *c, uint32_t form);
/* The bit of fihi_cursor_forms() that says whether a form occurs. */
static inline uint16_t form_bit(uint32_t form) { return (uint16_t)(1u << (form < OWN_FORMS ? form : OWN_FORMS)); }
/* What a form is coded as, if all of a posting's occurrences have it. */
static inline uint32_t form_code(uint32_t form) { return form + (form > 0); }
/* Occurrences of the root that a code stands for; less than freq if they exceed 32 bits. */
static inline uint32_t root_of_code(uint32_t freq, uint32_t code) { return freq + code / 2; }
/* The form's occurrences in the kth mixed posting of the block, after fihi_cursor_numbers(). */
static inline uint32_t cursor_mixed(const struct cursor *c, unsigned k, uint32_t form)
{
    for (uint32_t i = k ? c->mixed_ends[k - 1] : 0; i < c->mixed_ends[k]; i++)
        if (c->mixed[i].form >= form)
            return c->mixed[i].form == form ? c->mixed[i].freq : 0;
    return 0;
}
/* All of it; `forms` are borrowed until the cursor moves. False when broken. */
bool fihi_cursor_posting(struct cursor *c, struct posting *out);
/* Unpack the frequencies and numbers of the decoded block into the arrays above. False when broken. */
bool fihi_cursor_numbers(struct cursor *c);
/* All but the forms, for blocks in which the one that is looked for does not occur. */
bool fihi_cursor_scores(struct cursor *c);
/* Borrowed until the cursor moves; NULL and count 0 without positions (is_broken or not) or memory (no_memory). */
const uint32_t *fihi_cursor_positions(struct cursor *c, uint32_t *count);
/* Step over the rest of the decoded block: the first document of the next one. */
uint32_t fihi_cursor_next_block(struct cursor *c);
/* Stand on the ith document of the block, or behind it. */
static inline void cursor_step(struct cursor *c, unsigned i)
{
    if (i < c->size)
        c->doc = c->docs[c->index = i];
    else
        fihi_cursor_next_block(c);
}
/* The block that could hold `target`, from the skip entries alone, and its last document. */
uint32_t fihi_cursor_peek(const struct cursor *c, uint32_t target, uint32_t *last_doc);
/* The block that could hold `target`, wherever we stand. */
uint32_t fihi_cursor_find(const struct cursor *c, uint32_t target);
/* Stand on the first document of a block: of any, also behind us. At least one full block, and at most block_count. */
uint32_t fihi_cursor_enter(struct cursor *c, uint32_t block);
/* Of a block; block_count is the tail. */
struct list_bounds fihi_cursor_bounds(const struct cursor *c, uint32_t block);
/* A byte for each block of a list with full blocks: the shares of two forms, of which this is one. */
static inline const uint8_t *cursor_shares(const struct cursor *c, uint32_t form)
{
    return c->form_shares + (size_t)(form < OWN_FORMS ? form / 2 : OWN_FORMS / 2) * (c->block_count + 1u);
}
static inline uint8_t share_of_two(uint8_t two, uint32_t form)
{
    return form < OWN_FORMS && form % 2 == 0 ? two & 15 : two >> 4;
}
/* How much more than `best` a posting of the block with the form can have: SHARE_MAXths of the form's weight, or of a
 * form's from OWN_FORMS on what it weighs in the search. 0: the form does not occur. A list without full blocks says
 * nothing: SHARE_MAX. */
static inline uint8_t cursor_form_share(const struct cursor *c, uint32_t block, uint32_t form)
{
    return c->block_count ? share_of_two(cursor_shares(c, form)[block], form) : SHARE_MAX;
}
/* Which forms occur in a block: those with a share. Bit k < OWN_FORMS: form k; the last bit: one above. */
uint16_t fihi_cursor_forms(const struct cursor *c, uint32_t block);
/* So many documents (fihi_floor_docs), and more, have a weighted sum of at least this [255ths of BEST_TOTAL], rounded
 * down and made with the segment's mean lengths; 0: not known. */
uint8_t fihi_cursor_floor(const struct cursor *c, unsigned which);

#endif
