/* search/expand.h - the documents that have any of the words that a pattern means.
 *
 * Layer: search. Includes base/ and index/. All of a dictionary's words may be meant: they count as one word, whose
 * occurrences are theirs together, so that what is kept is a bit and a number for each document, and no list.
 */
#ifndef FIHI_SEARCH_EXPAND_H
#define FIHI_SEARCH_EXPAND_H

#include "index/view.h"
#include "search/patience.h"
#include "search/pattern.h"

struct word_set {
    struct set_segment {
        const struct segment *segment;
        float                *freqs;   /* of each document */
        uint64_t             *bits;    /* which of them have any */
        uint32_t              docs;    /* how many have */
        float                 most;    /* greatest of the frequencies */
    }       *segments;
    uint32_t count;
    uint64_t df, terms;                /* documents, and different words, of all segments */
    unsigned channel;                  /* whose lengths count */
};

/* *out is new. `channel` is that of the terms looked at. */
int fihi_word_set_new(struct word_set **out, struct pattern *p, unsigned channel, const struct view *v,
                      struct patience *patience, fih_error *err);
void fihi_word_set_free(struct word_set *s);
const struct set_segment *fihi_word_set_in(const struct word_set *s, const struct segment *segment);
/* The first document of it not below target, or NO_DOC. */
uint32_t fihi_word_set_seek(const struct set_segment *s, uint32_t target);

#endif
