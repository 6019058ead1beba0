/* search/expand.h - the documents that have any of the words that a pattern means, or that have a word's root.
 *
 * Layer: search. Includes base/ and index/. All of a dictionary's words may be meant: they count as one word, whose
 * occurrences are theirs together, so that what is kept is a bit and a number for each document, and no list.
 */
#ifndef FIHI_SEARCH_EXPAND_H
#define FIHI_SEARCH_EXPAND_H

#include <stdbool.h>

#include "index/view.h"
#include "search/deadline.h"
#include "search/pattern.h"
#include "search/term.h"

struct word_set {
    struct set_segment {               /* as in the view */
        const struct segment *segment;
        uint64_t             *bits;    /* which documents have any */
        uint32_t              docs;    /* how many have */
        float                *freqs;   /* of each of these, in order; or of all documents, where there are no ranks */
        uint32_t             *ranks;   /* how many of these are before each run of 64 documents */
        float                 most;    /* greatest of the frequencies */
    }       *segments;
    uint32_t count;
    uint64_t df, terms;                /* documents, and different words, of all segments */
    uint64_t listed;                   /* of a pattern: documents of each word and stem, added up */
    bool     is_title;                 /* occurrences in titles, against their lengths */
};

/* *out is new. In titles, stems are looked at, for lists do not say which normalised words stand there. */
int fihi_word_set_new(struct word_set **out, struct pattern *p, bool is_title, const struct view *v,
                      struct deadline *deadline, fih_error *err);
/* The same of the stems that have a root in common with a word: readings[0 … n) are its terms, looked up; their own
 * stems are not among them. */
int fihi_word_set_roots(struct word_set **out, const struct query_term *readings, size_t n, const struct view *v,
                        struct deadline *deadline, fih_error *err);
/* As word_set.listed, of the collection that statistics are of. */
int fihi_pattern_listed(uint64_t *out, struct pattern *p, bool is_title, const struct statistics *s,
                        struct deadline *deadline, fih_error *err);
void fihi_word_set_free(struct word_set *s);
/* Where the frequency of a document is that has any. */
static inline float *word_set_freq(const struct set_segment *s, uint32_t doc)
{
    const uint64_t before = s->bits[doc / 64] & ((UINT64_C(1) << doc % 64) - 1);

    return &s->freqs[s->ranks ? s->ranks[doc / 64] + (unsigned)__builtin_popcountll(before) : doc];
}
/* The first document of it not below target, or NO_DOC. */
uint32_t fihi_word_set_seek(const struct set_segment *s, uint32_t target);

#endif
