/* index/list_part.h - what list.c shares with list_mixed.c, mixed forms of a posting, and with list_positions.c.
 *
 * Layer: index. Those of mixed forms put what they read into c->mixed; false or NULL means that the bytes break the
 * format, or that memory is short (c->no_memory).
 */
#ifndef FIHI_INDEX_LIST_PART_H
#define FIHI_INDEX_LIST_PART_H

#include "index/list.h"

/* Of posting i, whose frequency is known, behind those of the postings before; the bytes behind them. */
const uint8_t *fihi_mixed_append(struct cursor *c, const uint8_t *p, const uint8_t *end, unsigned i);
/* Of all postings of a full block, whose codes and frequencies are unpacked. The block ends at `end`. */
bool fihi_mixed_load(struct cursor *c, const uint8_t *end);
/* How often the posting that we stand on, a mixed one, has the form; of a full block whose codes alone are unpacked. */
bool fihi_mixed_one(struct cursor *c, const uint8_t *end, uint32_t freq, uint32_t form, uint32_t *of_form);

/* Once broken, a cursor is at its end for good: whoever walks it stops, whoever asks gets 0, and somebody looks at
 * is_broken before he believes the result. So no loop over a list needs to test each step. */
static inline uint32_t broken(struct cursor *c)
{
    c->is_broken = true;
    c->freqs_ready = c->numbers_ready = c->forms_ready = c->numbers_found = false;
    c->size = c->index = 0;
    return c->doc = NO_DOC;
}

/* The frequencies of the decoded block. False when broken, or at the end. */
bool fihi_cursor_load_freqs(struct cursor *c);

#endif
