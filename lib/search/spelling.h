/* search/spelling.h - how a word of the index is spelt in the texts.
 *
 * Layer: search. Includes base/, text/, index/. The dictionary has normalised words; which letters people wrote for one
 * stands in the stored documents only. A handful of those that have it are opened at its place, and vote.
 */
#ifndef FIHI_SEARCH_SPELLING_H
#define FIHI_SEARCH_SPELLING_H

#include "index/view.h"
#include "search/beside.h"
#include "text/analyzer.h"

/* A word as written, without vowels and tatweel. */
struct spelling {
    uint8_t text[FIH_MAX_TERM];
    size_t  bytes;
};

/* The spelling that most of at most `voters` documents have for a word of the dictionary, by its key (level and word);
 * the word itself if none of them tells. */
int fihi_spelling(struct spelling *out, const struct view *v, struct analyzer *a, const uint8_t *key, size_t key_bytes,
                  unsigned voters, fih_error *err);
/* The same of the word that stands so many words before places; no bytes if there are none. */
int fihi_spelling_before(struct spelling *out, const struct places *p, uint32_t back, const struct view *v,
                         struct analyzer *a, unsigned voters, fih_error *err);
/* Two neighbours as they are spelt together: the word right before places, which must mean the key, and the one before
 * that. word->bytes is 0 if none of the texts that were opened has it there. before->bytes is 0 if one of them has
 * `typed` there, whose normalised letters these are; else it is what most of them have, two at least if it is more than
 * an article. */
int fihi_spelling_pair(struct spelling *word, struct spelling *before, fih_str typed, const struct places *p,
                       const uint8_t *key, size_t key_bytes, const struct view *v, struct analyzer *a, unsigned voters,
                       fih_error *err);
/* The words at `count` places (beside.h) of one document, so many words back; no bytes where there is none. */
int fihi_spelling_at(struct spelling *out, const uint64_t *places, size_t count, uint32_t back, struct segment *s,
                     struct analyzer *a, fih_error *err);

#endif
