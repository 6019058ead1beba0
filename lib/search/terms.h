/* search/terms.h - the terms of a field, one after the other, over all segments.
 *
 * Layer: search. Includes base/, index/.
 */
#ifndef FIHI_SEARCH_TERMS_H
#define FIHI_SEARCH_TERMS_H

#include "index/view.h"

/* As fih_terms_new(); the view stays the caller's. */
int fihi_terms_new(struct fih_terms **out, const struct view *v, const char *field, fih_str prefix, fih_error *err);
int fihi_terms_next(fih_term *out, struct fih_terms *t, fih_error *err);
void fihi_terms_free(struct fih_terms *t);

#endif
