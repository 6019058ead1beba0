/* search/sieve.h - does a document pass the filters of a plan? Of any document, in any order, by columns.
 *
 * Layer: search. Includes base/, index/. Filters that stand beside words are no part of the tree that is matched: what
 * finds the best documents for the words asks here of those that could enter, and stays as fast as without.
 */
#ifndef FIHI_SEARCH_SIEVE_H
#define FIHI_SEARCH_SIEVE_H

#include <stdbool.h>

#include "search/plan.h"

struct sieve;

/* Of a segment of the plan's view, by its number there; `filter` is of keywords, values and groups of these. */
int fihi_sieve_new(struct sieve **out, const struct plan *plan, const struct plan_node *filter, uint32_t segment,
                   fih_error *err);
void fihi_sieve_free(struct sieve *s);
/* On an error *rc is set, and the answer is no. */
bool fihi_sieve_passes(struct sieve *s, uint32_t doc, int *rc, fih_error *err);
/* Which of the n documents, ascending, at most POSTING_BLOCK, pass; how many. */
unsigned fihi_sieve_block(struct sieve *s, const uint32_t *docs, unsigned n, bool *passes, int *rc, fih_error *err);

#endif
