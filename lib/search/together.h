/* search/together.h - of the words of a phrase, or of words near each other: which ones in a text stand as asked?
 *
 * Layer: search. Includes base/, text/. near.h says whether a document has them; this says where, for what is shown.
 */
#ifndef FIHI_SEARCH_TOGETHER_H
#define FIHI_SEARCH_TOGETHER_H

#include <stdbool.h>

#include "search/asked.h"

/* An occurrence in the text that is reached from the words before it. */
struct reached {
    uint32_t position, from;           /* of the first word of its chain */
    size_t   mark;                     /* the caller's number for it */
    size_t   via;                      /* the one before it, in the list of the word before */
};

struct chained {
    uint32_t  term, other;             /* the analyzer's numbers; two for a word that is read in both ways */
    enum link link;                    /* to the word before */
    unsigned  reach;
    uint8_t   letters;
    struct reached *seen;
    size_t    count, cap;
};

static inline bool is_chained(const struct chained *w, uint32_t term)
{
    return w->term == term || w->other == term;
}

struct unit {
    size_t   first, count;             /* words of a phrase, or of a chain of distances */
    unsigned slop;
};

struct together {
    struct chained *words;
    struct unit    *units;
    size_t          count, cap, unit_count, unit_cap;
};

/* Take in a phrase, or words with distances between them; a node of what is asked. One word alone is no unit, and is
 * left out. */
int fihi_together_add(struct together *t, struct analyzer *a, const struct asked *x, const struct node *n,
                      fih_error *err);
/* A term of the text at a word's position; in the order of the text. *is_wanted if it may belong to a unit. */
int fihi_together_see(struct together *t, uint32_t term, uint32_t position, size_t mark, bool *is_wanted,
                      fih_error *err);
/* At the end: call `each` with the mark of every occurrence that stands as asked, and the number of its word. */
void fihi_together_settle(struct together *t, void (*each)(void *ctx, size_t mark, size_t word), void *ctx);
/* Begin again with another text. */
void fihi_together_forget(struct together *t);
void fihi_together_free(struct together *t);

#endif
