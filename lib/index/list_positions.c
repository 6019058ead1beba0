/* index/list_positions.c - at which positions of a document its occurrences stand.
 *
 * The positions of a block's documents are one run of numbers in a place of their own, behind one another, differences
 * in each document; how many each has is its frequency (FORMAT.md, "Posting list"). So the frequencies are unpacked
 * first, and then of the run no more than is needed for the document that is asked for.
 *
 * As in list.c, the bytes may be anybody's: no memory is asked for that they could not fill, and a run that ends early
 * breaks the cursor.
 */
#include "base/bytes.h"
#include "codec/pack.h"
#include "index/list_part.h"

/* Where the positions of the block's documents begin, and room for them. */
static int open_positions(struct cursor *c)
{
    const bool is_tail = c->at.df == 1 || c->block >= c->block_count;
    size_t from = 0, to = c->at.position_bytes, total = 0;

    if (!fihi_cursor_load_freqs(c))
        return -1;
    if (c->block_count && c->at.df != 1) {
        from = c->block ? get_u32(c->position_ends + 4 * (size_t)(c->block - 1)) : 0;
        if (!is_tail)
            to = get_u32(c->position_ends + 4 * (size_t)c->block);
    }
    if (from > to || to > c->at.position_bytes)
        return -1;
    /* How many each document has is its frequency, so the run needs no counts of its own. */
    for (unsigned d = 0; d < c->size; d++) {
        c->position_starts[d] = total;
        total += c->freqs[d];
    }
    c->position_starts[c->size] = total;
    /* Of a document's differences only the first can be 0, so all blocks of 128 but one need a bit for each: more
     * positions than these are a lie. Five packs fill 95 bytes, so 100 bytes can have 895 positions at most: a list
     * that claims a billion gets no memory for them. */
    if (total / PACK_BLOCK > (to - from) / (PACK_HEAD + 16) + 1)
        return -1;
    if (fihi_grow(&c->positions, &c->position_cap, total, 4) != 0) {
        c->no_memory = true;
        return -1;
    }
    c->position_at = c->at.positions + from;
    c->position_end = c->at.positions + to;
    c->position_next = 0;
    c->position_doc = POSTING_BLOCK;   /* nobody's are added up yet */
    c->positions_ready = true;
    return 0;
}

/* Decode up to position `to`; packs that end before `from` are passed over. Documents are visited in order, so
 * nobody asks for those later.
 *
 * In a run of 300 the first 256 are two packed blocks and the last 44 varints. For a document that has the numbers 140
 * to 150 of the run, the first block is passed over, the second unpacked, and nothing behind it is read. */
static int decode_positions(struct cursor *c, size_t from, size_t to)
{
    const size_t total = c->position_starts[c->size];

    while (c->position_next < to) {
        const size_t left = (size_t)(c->position_end - c->position_at);

        if (total - c->position_next >= PACK_BLOCK) {
            const size_t took = c->position_next + PACK_BLOCK <= from
                                    ? fihi_pack_skip(c->position_at, left)
                                    : fihi_unpack(c->position_at, left, c->positions + c->position_next);

            if (!took)
                return -1;
            c->position_at += took;
            c->position_next += PACK_BLOCK;
        } else if (!(c->position_at =
                         get_varint32(c->position_at, c->position_end, &c->positions[c->position_next++]))) {
            c->position_at = c->position_end;
            return -1;
        }
    }
    return 0;
}

const uint32_t *fihi_cursor_positions(struct cursor *c, uint32_t *count)
{
    size_t from, to;

    *count = 0;
    if (c->doc == NO_DOC || c->at.position_bytes == 0)
        return NULL;
    if (!c->positions_ready && open_positions(c) != 0) {
        broken(c);
        return NULL;
    }
    from = c->position_starts[c->index];
    to = c->position_starts[c->index + 1];
    if (c->position_doc != c->index) { /* differences until asked for, and once */
        uint32_t at = 0;

        if (decode_positions(c, from, to) != 0) {
            broken(c);
            return NULL;
        }
        /* Differences become positions in place, so a document's are added up once, however often it is asked for
         * them. */
        for (size_t k = from; k < to; k++)
            c->positions[k] = at += c->positions[k];
        c->position_doc = c->index;
    }
    *count = (uint32_t)(to - from);
    return c->positions + from;
}
