/* search/title.h - documents whose whole title is the query.
 *
 * Layer: search. Includes base/ and index/. The words stand in the title from its first position to its last, each in
 * one of its readings, or in another writing (plan.h).
 */
#ifndef FIHI_SEARCH_TITLE_H
#define FIHI_SEARCH_TITLE_H

#include "search/scorer.h"

struct titles;

/* In the scene's segment. *out stays NULL if no title there can be the query. */
int fihi_titles_new(struct titles **out, struct scene *s, fih_error *err);
void fihi_titles_free(struct titles *t);
/* What a document scores if its whole title is the query, else 0. Documents must ascend. */
int fihi_titles_score(struct titles *t, uint32_t doc, float *score, fih_error *err);
/* The documents with such a title: `each` is called for them in no order, perhaps again for one; not 0 ends it. */
int fihi_titles_find(struct titles *t, int (*each)(void *ctx, uint32_t doc), void *ctx, struct deadline *deadline,
                     fih_error *err);

#endif
