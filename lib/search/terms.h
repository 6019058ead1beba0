/* search/terms.h - the terms of a field, one after the other, and the documents of one, over all segments.
 *
 * Layer: search. Includes base/, index/.
 */
#ifndef FIHI_SEARCH_TERMS_H
#define FIHI_SEARCH_TERMS_H

#include "index/view.h"

struct terms;

/* The terms of fih_reader_each_term(); the view stays the caller's. */
int fihi_terms_new(struct terms **out, const struct view *v, const char *field, fih_str prefix, fih_error *err);
/* out->text is borrowed until the next call. FIH_DONE past the last. */
int fihi_terms_next(fih_term *out, struct terms *t, fih_error *err);
void fihi_terms_free(struct terms *t);

/* As fih_reader_each_posting(). */
int fihi_terms_postings(const struct view *v, const char *field, fih_str term,
                        int (*each)(void *ctx, const fih_posting *p), void *ctx, fih_error *err);

#endif
