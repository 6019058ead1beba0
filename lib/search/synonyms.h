/* search/synonyms.h - words that mean the same, and a query with them.
 *
 * Layer: search. Includes base/, text/. Keys are stems, so that any form of a word finds its set. Immutable once made.
 */
#ifndef FIHI_SEARCH_SYNONYMS_H
#define FIHI_SEARCH_SYNONYMS_H

#include "search/query.h"
#include "text/analyzer.h"

enum { SYNONYM_BYTES = 1 << 20, SYNONYM_LINES = 50000, SYNONYM_WORDS = 64 };   /* of a file, of a file, in a set */

/* One entry of a set: words as they were written, and their stems with a NUL between. */
struct synonym {
    uint32_t set;
    char    *text, *stems;
    size_t   text_bytes, stem_bytes;
};

struct fih_synonyms {
    struct synonym *entries;           /* by stems */
    size_t          count, cap;
    uint32_t       *by_set;            /* numbers of entries, those of a set side by side, */
    uint32_t       *set_ends;          /* which end here: set n begins where n - 1 ends */
};

int fihi_synonyms_new(struct fih_synonyms **out, struct analyzer *a, fih_str text, fih_error *err);
void fihi_synonyms_free(struct fih_synonyms *s);
/* A new query with the others of a set beside each word or phrase that is in one. */
int fihi_synonyms_expand(struct fih_query **out, const struct fih_query *q, const struct fih_synonyms *s,
                         struct analyzer *a, fih_error *err);

#endif
