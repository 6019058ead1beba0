/* search/facet.h - how the documents of a plan are spread over the values of a field.
 *
 * Layer: search. Includes base/ and index/.
 */
#ifndef FIHI_SEARCH_FACET_H
#define FIHI_SEARCH_FACET_H

#include "search/plan.h"

struct facet_row {
    fih_facet facet;                   /* as a program sees it */
    char     *text;                    /* its value's bytes, the row's own */
    int64_t   key;                     /* of what is not a keyword: rows ascend by it */
};

struct fih_facets {
    struct facet_row *rows;
    size_t            count, cap;
    uint64_t          total, without;
};

/* `what` and its order are those of fih_facets_new(). */
int fihi_facets_new(struct fih_facets **out, const struct plan *plan, const char *what,
                    const fih_search_opts *opts, fih_error *err);
void fihi_facets_free(struct fih_facets *f);

#endif
