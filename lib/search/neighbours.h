/* search/neighbours.h - which stems stand side by side in several documents of an index.
 *
 * Layer: search. Includes base/, index/.
 */
#ifndef FIHI_SEARCH_NEIGHBOURS_H
#define FIHI_SEARCH_NEIGHBOURS_H

#include "search/apart.h"

/* Call `each` for every two stems of words of Arabic letters, of which the second stands right behind the first in at
 * least so many documents; of the pieces the keys are set. Nonzero stops and is returned. */
int fihi_neighbours_each(const struct view *v, uint32_t least, int (*each)(void *ctx, struct piece *const *two),
                         void *ctx, fih_error *err);

#endif
