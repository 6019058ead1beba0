/* search/beside.h - which words stand behind one another in the texts, by the positions of the index.
 *
 * Layer: search. Includes base/, index/.
 */
#ifndef FIHI_SEARCH_BESIDE_H
#define FIHI_SEARCH_BESIDE_H

#include "index/view.h"

/* Places in the texts: positions behind a word, or behind words one after the other. Of a word that stands everywhere
 * there are some of each segment. Zero-initialise. */
struct places {
    struct place_run {
        uint64_t *at;                  /* document << 32 | position; ascending */
        size_t    count, cap;
    }       *segments;                 /* as in the view */
    uint64_t count;                    /* all of them */
};

/* Those behind a word, by its key: a stem, or a normalised word, which is where one of its stems stands in a document
 * that has it. FIH_OK also if there are none. */
int fihi_places_new(struct places *p, const struct view *v, const uint8_t *key, size_t key_bytes, fih_error *err);
/* Those behind a word that stands at one of `before`. */
int fihi_places_behind(struct places *p, const struct places *before, const struct view *v, const uint8_t *key,
                       size_t key_bytes, fih_error *err);
/* In how many documents, about, the word stands at one of the places. */
int fihi_places_count(uint64_t *docs, const struct places *p, const struct view *v, const uint8_t *key,
                      size_t key_bytes, fih_error *err);
void fihi_places_free(struct places *p, const struct view *v);

#endif
