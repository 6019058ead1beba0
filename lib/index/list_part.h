/* index/list_part.h - what list.c and list_mixed.c share: mixed forms of a posting.
 *
 * Layer: index. All of them put what they read into c->mixed; false or NULL means that the bytes break the format, or
 * that memory is short (c->no_memory).
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

#endif
