/* text/stop.h - words that say little: they are indexed, but plain queries drop them.
 *
 * Layer: text. Two Arabic lists (function words, question words) in the normalised form, a short
 * English and a short French one in lower case without accents.
 */
#ifndef FIHI_TEXT_STOP_H
#define FIHI_TEXT_STOP_H

#include <stddef.h>
#include <stdint.h>

#include "text/fold.h"
#include "text/list.h"

/* Is it a stop word, alone or behind و or ف? *clitic is set to 1 if there is one before it, else 0. */
int fihi_stop_arabic(const struct word *w, size_t *clitic);
int fihi_stop_latin(const uint8_t *s, size_t n);
/* Part of the fingerprint. */
uint64_t fihi_stop_hash(void);
/* The lists, for the tests: number `which`, from 0; NULL past the last. */
const list_row *fihi_stop_list(unsigned which, size_t *count);

#endif
