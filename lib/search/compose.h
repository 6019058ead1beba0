/* search/compose.h - queries that a program puts together: the same trees as the parser makes, without text in between.
 *
 * Layer: search. Includes base/ only.
 */
#ifndef FIHI_SEARCH_COMPOSE_H
#define FIHI_SEARCH_COMPOSE_H

#include "search/query.h"

/* A query of one node. `field` is NULL, "title", "body", or for a keyword "section". Of words or a phrase it may also
 * be a text of the index, where each word has a node. */
int fihi_compose_leaf(struct fih_query **out, enum node_kind kind, const char *field, fih_str text, unsigned reach,
                      fih_error *err);
/* Of the values of any field but title and body; is_exact: the text is one, whatever signs it has. */
int fihi_compose_field(struct fih_query **out, const char *field, fih_str text, bool is_exact, fih_error *err);
/* Each text's words side by side, and at most `reach` words from one text to the next. */
int fihi_compose_near(struct fih_query **out, const char *field, const fih_str *texts, size_t count, unsigned reach,
                      bool is_ordered, fih_error *err);
int fihi_compose_dates(struct fih_query **out, fih_str span, fih_error *err);
int fihi_query_copy(struct fih_query **out, const struct fih_query *q, fih_error *err);
/* Copies of queries, side by side. */
int fihi_compose_group(struct fih_query **out, const fih_clause *clauses, size_t n, fih_error *err);

#endif
