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

/* is_best: the document is among those that get the second pass (search/rescore.h). */
int fihi_explain(struct fih_explanation **out, const struct plan *plan, struct segment *s, uint32_t local, bool is_best,
                 fih_error *err);
void fihi_explanation_free(struct fih_explanation *e);

#endif
