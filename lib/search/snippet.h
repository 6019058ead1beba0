/* search/snippet.h - the passage of a text that shows a query's words best.
 *
 * Layer: search. Includes base/, text/ and index/. Works on the stored text with the index's analyzer, so a hit is what
 * the index calls one; the bytes shown are the text's own. Where the index tells the positions of the hits, only the
 * text around them is looked at.
 */
#ifndef FIHI_SEARCH_SNIPPET_H
#define FIHI_SEARCH_SNIPPET_H

#include "search/query.h"
#include "search/spots.h"
#include "text/analyzer.h"

enum { SNIPPET_LOOK = 4 << 20 };       /* bytes of a text that are looked at */

struct fih_snippet {
    char            *text;             /* our copy of the passage */
    struct fih_part *parts;
    size_t           count, cap;
    /* for tests */
    double           value;            /* of the hits that the passage was chosen for */
    bool             is_by_index;      /* chosen by positions from the index */
};

/* chars 0: the whole text (a title). `cuts` are ranges of the text that are neither looked at nor shown, as a record
 * has them (index/docs.h, FIELD_CUTS); empty for none. If the text is the body of a document of an index, `indexed` may
 * tell which: then not all of it is read, and a passage as good is found; what the index says of it is not trusted. */
int fihi_snippet_new(struct fih_snippet **out, struct analyzer *a, const struct fih_query *q, fih_str text,
                     fih_str cuts, const struct indexed *indexed, uint32_t chars, fih_error *err);
void fihi_snippet_free(struct fih_snippet *s);

#endif
