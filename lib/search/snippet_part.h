/* search/snippet_part.h - what the files of the snippet share: snippet.c the text without its cuts, its hits, the
 * passage and its parts; snippet_index.c the hits and the passage by the index.
 *
 * Layer: search. Private to snippet*.c.
 */
#ifndef FIHI_SEARCH_SNIPPET_PART_H
#define FIHI_SEARCH_SNIPPET_PART_H

#include <stdbool.h>

#include "base/buf.h"
#include "search/snippet.h"
#include "search/spots.h"
#include "search/wanted.h"

struct hit {
    size_t   start, end, chars;        /* bytes; characters before it */
    uint32_t word;                     /* which of the wanted; WANTED_NONE: only if the rest of a phrase is beside it */
};

struct hits {
    struct hit *hits;
    size_t      count, cap;
    double      value;                 /* of the run that is shown */
};

/* What is left of a text when its cuts are taken out: the pieces, a space between them. The hits are found in what was
 * indexed, so a passage goes on behind a cut. */
struct kept {
    fih_str    text;
    struct buf bytes;                  /* the text's when there are cuts */
    size_t    *joints;                 /* where those spaces stand */
    size_t     count, cap;
    struct starts     starts;          /* of the body, in the kept text */
    struct start_scan scan;
    struct word_start next;            /* of the scan */
    bool              has_next;
};

static inline bool is_lead(uint8_t b)
{
    return (b & 0xC0) != 0x80;
}

/* What the run of hits within `chars` characters from i on shows, up to *to. */
double fihi_snippet_value_run(const struct hits *h, const struct wanted *w, uint32_t chars, size_t i, size_t *to);
/* Which part of the text to show. */
void fihi_snippet_choose(struct hits *h, const struct wanted *w, fih_str text, uint32_t chars, size_t *start,
                         size_t *end);
/* The passage and its hits by the index; *is_sure is false if the text itself must tell. FIH_OK or FIH_E_NOMEM. */
int fihi_snippet_by_index(struct hits *h, struct analyzer *a, struct wanted *w, const struct kept *k,
                          const struct indexed *d, uint32_t chars, size_t *start, size_t *end, bool *is_sure,
                          fih_error *err);

#endif
