/* search/evidence.h - the statistics of a collection, with what is written together and apart in it.
 *
 * Layer: search. Includes base/, text/, index/.
 */
#ifndef FIHI_SEARCH_EVIDENCE_H
#define FIHI_SEARCH_EVIDENCE_H

#include "index/view.h"
#include "search/apart.h"
#include "text/analyzer.h"

/* Write the file of statistics of a view's collection. */
int fihi_evidence_write(const char *path, const struct view *v, struct analyzer *a, fih_error *err);
/* By what the file knows words that stand side by side: a hash of their stems. */
uint64_t fihi_evidence_hash(struct piece *const *pieces, unsigned count);

#endif
