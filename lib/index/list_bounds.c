/* index/list_bounds.c - what the head of a posting list says of its blocks.
 *
 * Arrays stand there, one byte a block, bound behind bound: whoever looks for blocks worth reading walks over one of
 * them without touching the blocks. The tail has a place behind the full blocks in each array, so every array is one
 * longer than there are blocks (FORMAT.md, "Posting list"). */
#include "index/list.h"

#include "index/impact.h"

/* A search begins with the floor of the first of these that is not below the number of hits it keeps: a page of
 * hits, what the second pass looks at, a long answer. */
const uint32_t fihi_floor_docs[FLOORS] = {20, 100, 1000};

/* Row r has the forms 2 r and 2 r + 1, in the low and in the high four bits. The last row of a list of 16 forms or
 * more has 15 and all others in its high bits, which is bit 15 here. Without full blocks nothing is said, so all may
 * occur. */
uint16_t fihi_cursor_forms(const struct cursor *c, uint32_t block)
{
    const size_t rows = share_rows(c->at.form_count), n = (size_t)c->block_count + 1;
    unsigned forms = 0;

    if (c->block_count == 0)
        return UINT16_MAX;
    for (size_t r = 0; r < rows; r++) {
        const unsigned two = c->form_shares[r * n + block];

        forms |= ((two & 15u) > 0) << 2 * r | (unsigned)(two > 15) << (2 * r + 1);
    }
    return (uint16_t)forms;
}

/* A list of a tail alone has two bounds; of one document nothing is known but whether the title has it. The sum of the
 * greatest is a bound of the sum. */
static struct list_bounds tail_bounds(const struct cursor *c)
{
    struct list_bounds b = {255, 255, c->at.title_df ? 255 : 0, 0};

    if (c->at.df != 1 && c->bounds) {
        b.stem = c->bounds[0];
        b.root = c->bounds[1];
    }
    b.best = fihi_impact_up((BEST_STEM * (float)b.stem + BEST_ROOT * (float)b.root + BEST_TITLE * (float)b.title) /
                            (255 * BEST_TOTAL));
    return b;
}

struct list_bounds fihi_cursor_bounds(const struct cursor *c, uint32_t block)
{
    const size_t n = (size_t)c->block_count + 1;
    const uint8_t *b;

    if (c->block_count == 0)                   /* of a list that is broken, without bounds at all */
        return tail_bounds(c);
    b = c->bounds + block;
    return (struct list_bounds){b[BOUND_STEM * n], b[BOUND_ROOT * n], b[BOUND_TITLE * n], b[BOUND_BEST * n]};
}

/* They stand behind the bounds' arrays. 0 is always true. */
uint8_t fihi_cursor_floor(const struct cursor *c, unsigned which)
{
    return c->block_count && which < FLOORS ? c->bounds[BOUNDS * ((size_t)c->block_count + 1) + which] : 0;
}
