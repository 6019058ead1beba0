/* search/compound.h - words that are written together and apart: عبدالله and عبد الله, نيويورك and نيو يورك.
 *
 * Layer: search. Includes base/, text/, index/. Which writings there are, the index says with its own words: neighbours
 * of the query that are one word there, and a word of the query whose parts stand side by side there.
 */
#ifndef FIHI_SEARCH_COMPOUND_H
#define FIHI_SEARCH_COMPOUND_H

#include "index/view.h"
#include "search/query.h"
#include "text/analyzer.h"

/* A new query, as the index has it: words with the name of a field before a colon are fields, and a word, neighbours or
 * a phrase that the index writes in another way too stand in a group with that, as `is_best` says; *out stays NULL if
 * there are none of either. Without `with_neighbours`, neighbours stay two words. */
int fihi_compounds_expand(struct fih_query **out, const struct fih_query *q, bool with_neighbours, const struct view *v,
                          struct analyzer *a, fih_error *err);

#endif
