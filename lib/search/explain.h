/* search/explain.h - a score, taken apart.
 *
 * Layer: search.
 */
#ifndef FIHI_SEARCH_EXPLAIN_H
#define FIHI_SEARCH_EXPLAIN_H

#include "search/rescore.h"

struct fih_explanation {
    struct explain_row {
        fih_explain_line line;         /* as a program sees it */
        char            *text;         /* its bytes, the row's own */
    }     *rows;
    size_t count, cap;
};

/* Of document `local` of a segment, by its number in the view, with what the second pass adds to it. */
int fihi_explain(struct fih_explanation **out, const struct plan *plan, uint32_t segment, uint32_t local,
                 const struct rescored *rescored, fih_error *err);
void fihi_explanation_free(struct fih_explanation *e);

#endif
