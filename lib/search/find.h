/* search/find.h - every document that a query finds, in no need of an order.
 *
 * Layer: search. Includes base/, text/, index/.
 */
#ifndef FIHI_SEARCH_FIND_H
#define FIHI_SEARCH_FIND_H

#include "search/plan.h"

/* Call `each` for the documents that match, by segment and number there, as a search with default options finds them;
 * nonzero stops and is returned. `each` may delete the document. */
int fihi_find(const struct view *v, struct analyzer *a, const struct fih_query *q,
              int (*each)(void *ctx, uint32_t segment, uint32_t doc, fih_error *err), void *ctx, fih_error *err);

#endif
