/* search/explain.h - a score, taken apart.
 *
 * Layer: search.
 */
#ifndef FIHI_SEARCH_EXPLAIN_H
#define FIHI_SEARCH_EXPLAIN_H

#include <stdbool.h>

#include "search/plan.h"

struct fih_explanation {
    struct explain_row {
        unsigned depth;
        double   value;
        char    *text;
    }     *rows;
    size_t count, cap;
};

/* Which parts of the second pass a document gets (search/rescore.h). */
struct explain_depth {
    bool is_best, is_near;
};

/* Of document `local` of a segment, by its number in the view. */
int fihi_explain(struct fih_explanation **out, const struct plan *plan, uint32_t segment, uint32_t local,
                 const struct explain_depth *depth, fih_error *err);
void fihi_explanation_free(struct fih_explanation *e);

#endif
