/* search/like.h - a query made of a document's own words: what else is about the same?
 *
 * Layer: search. Includes base/, text/, index/.
 */
#ifndef FIHI_SEARCH_LIKE_H
#define FIHI_SEARCH_LIKE_H

#include "index/view.h"
#include "search/query.h"
#include "text/analyzer.h"

enum { LIKE_WORDS = 25, LIKE_LOOK = 1 << 20 }; /* words of the query; bytes of the text that are looked at */

/* The words of the text that tell most: log(1 + f) * idf, f being how often they stand in it, without what was cut when
 * the body was indexed (`cuts`: index/docs.h; they fit the body). The document is left out of what the query finds. */
int fihi_query_like(struct fih_query **out, const struct view *v, struct analyzer *a, fih_docno doc, fih_str title,
                    fih_str body, fih_str cuts, fih_error *err);

#endif
