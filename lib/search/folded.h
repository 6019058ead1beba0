/* search/folded.h - fields whose values are compared by their letters: keyword~ of a schema.
 *
 * Layer: search.
 */
#ifndef FIHI_SEARCH_FOLDED_H
#define FIHI_SEARCH_FOLDED_H

#include "index/view.h"
#include "search/query.h"
#include "text/analyzer.h"

/* What asks for a value of such a field becomes all spellings of it that the index has, any of which is enough, in a
 * tree of the caller's own whose fields have been found. *any is set if something changed. FIH_E_LIMIT if a beginning
 * has too many. */
int fihi_folded_expand(struct node *group, const struct view *v, struct analyzer *a, bool *any, fih_error *err);

#endif
