/* search/suggest.h - other words for those that find nothing, and the ends of words begun.
 *
 * Layer: search. Includes base/, text/, index/. Both walk the dictionaries; what they offer are words of the index, in
 * its normalised spelling.
 */
#ifndef FIHI_SEARCH_SUGGEST_H
#define FIHI_SEARCH_SUGGEST_H

#include "base/buf.h"
#include "index/view.h"
#include "search/deadline.h"
#include "text/analyzer.h"

/* The query with other words in place of those to be found that are in no document; FIH_DONE if there are none to
 * offer. *how (static) says of the last one where it comes from. */
int fihi_suggest(struct buf *out, const char **how, const struct view *v, struct analyzer *a, fih_str text,
                 struct deadline *deadline, fih_error *err);

struct completion {
    uint8_t  word[FIH_MAX_TERM];
    uint32_t bytes;
    uint64_t docs;
};
/* The `limit` commonest words that begin as the last word of the text does, best first; *count of them in `out`, which
 * has room. *keep: bytes of the text before that word. */
int fihi_complete(struct completion *out, size_t limit, size_t *count, size_t *keep, const struct view *v,
                  struct analyzer *a, fih_str text, struct deadline *deadline, fih_error *err);

#endif
