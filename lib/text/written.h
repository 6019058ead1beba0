/* text/written.h - a word as it is written, with its vowels: ==كِتابٌ.
 *
 * Layer: text. Pure. Letters must be the same: hamzas, ة and ه, capitals, accents. Marks that are asked for must be
 * there, whatever their order; others may be. Tatweel and what is hidden do not count, glyphs and ligatures are taken
 * apart, and references are what they mean.
 */
#ifndef FIHI_TEXT_WRITTEN_H
#define FIHI_TEXT_WRITTEN_H

#include <stddef.h>
#include <stdint.h>

enum { WRITTEN_MAX = 512 };

/* A word's characters in one order. */
struct written {
    uint32_t chars[WRITTEN_MAX];
    size_t   count;            /* 0: nothing that could be found */
};

void fihi_written_read(struct written *out, const uint8_t *s, size_t n);
/* Is the word so written? */
int fihi_written_is(const struct written *asked, const uint8_t *word, size_t n);
/* How many words of a text are: FIH_OK or FIH_E_NOMEM. */
int fihi_written_count(const struct written *asked, const uint8_t *text, size_t n, uint32_t *count);

#endif
