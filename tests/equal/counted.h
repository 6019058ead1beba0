/* counted.h - documents made of all words, and what plain counting says of them.
 *
 * The analyzer's words, document by document, sorted: an index of the documents must say the same, however it was made
 * and is read.
 */
#ifndef COUNTED_H
#define COUNTED_H

#include "equal.h"
#include "fihrist.h"
#include "text/analyzer.h"

#define NOTHING UINT32_MAX

/* Title and body lie in `all`, one behind the other. */
struct document {
    size_t   at, title, body;
    uint32_t title_len;                /* words */
};

/* A word as it stands in a document; terms by the analyzer's numbers. */
struct occurrence {
    uint32_t stem, doc, position, form, root;
    bool     is_again;                 /* its root is at this position already */
};

/* How often a document has a root, by whichever stems; the first of these. */
struct sum {
    uint32_t root, doc, count, first;
};

extern struct counted {
    struct buf         all;
    struct document   *documents;
    struct analyzer   *analyzer;
    struct occurrence *occurrences;    /* by the bytes of their stems, document, position */
    struct sum        *sums;           /* by root and document */
    uint32_t          *place_of;       /* of each term in the order of their bytes */
    uint32_t          *root_of;        /* of each term as a stem */
    size_t             document_count, occurrence_count, sum_count;
} counted;

/* Of the vocabulary at hand, unless it is done. */
void count_words(void);
void count_forget(void);

fih_str title_of(const struct document *d);
fih_str body_of(const struct document *d);
/* The order of sums. */
int by_root(const void *x, const void *y);
/* The analyzer's number of a term; NOTHING if it has none. */
uint32_t number_of(const uint8_t *s, size_t n);

#endif
