/* search/query_part.h - what the files of the parser share: query.c the grammar, query_atom.c words, quotations and
 * what stands behind them.
 *
 * Layer: search. Private to query*.c. Each returns FIH_OK, or the error of the query, with its byte, in t->err.
 */
#ifndef FIHI_SEARCH_QUERY_PART_H
#define FIHI_SEARCH_QUERY_PART_H

#include "search/query_scan.h"

/* The weight behind an atom, if there is one. */
int fihi_query_boost(struct scan *t, struct node *n);
/* FIH_E_QUERY if a distance is not from `least` to REACH_MOST. */
int fihi_query_check_reach(const struct scan *t, float reach, size_t at, unsigned least);
/* Does the text of a NODE_DATE mean days? */
int fihi_query_check_days(struct scan *t, const struct node *n);
/* The quotation whose text is at from … to; its marks have `mark` bytes. *out is the caller's to free. */
int fihi_query_quotation(struct scan *t, struct node **out, enum scope scope, size_t from, size_t to, size_t mark);
/* The word at t->i, or the pattern; `soft` bytes of it may be a field's name. *out is the caller's to free. */
int fihi_query_word(struct scan *t, struct node **out, enum scope scope, size_t soft);

#endif
