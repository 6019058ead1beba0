/* search/why.h - what a query asks for, and the looser queries that tell why it finds nothing.
 *
 * Layer: search. Includes base/, text/, index/.
 */
#ifndef FIHI_SEARCH_WHY_H
#define FIHI_SEARCH_WHY_H

#include <stdbool.h>

#include "index/view.h"
#include "search/query.h"
#include "text/analyzer.h"

enum { FIHI_WHY_SECTIONS = 6 };        /* names that are told in place of one that there is not */

struct why {
    bool has_words, has_not;            /* something to find; something to leave out */
    bool has_section, has_date, has_field;     /* filters: of other fields */
    bool has_known;                     /* one of the sections is some document's */
    fih_str section;                   /* the first of them; lies in `whole` */
    struct fih_query *whole;           /* the query, with the index's fields in it */
    struct fih_query *unfiltered;      /* the query without filters; has no child if it was nothing else */
    struct fih_query *loose;           /* its words and patterns, any of them, anywhere */
};

int fihi_why_new(struct why *w, const struct view *v, struct analyzer *a, const struct fih_query *q, fih_error *err);
void fihi_why_free(struct why *w);
/* The names of up to `most` sections, the commonest first, each cut to FIH_MAX_TERM bytes; *count of them. */
int fihi_why_sections(char (*names)[FIH_MAX_TERM + 1], size_t most, size_t *count, const struct view *v,
                      fih_error *err);

#endif
