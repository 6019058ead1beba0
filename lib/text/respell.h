/* text/respell.h - what a person may have meant who typed something else: other keyboards, Latin letters for Arabic,
 * loans.
 *
 * Layer: text. Includes base/ only; pure. Where an answer depends on what words there are, it is the caller's to look.
 */
#ifndef FIHI_TEXT_RESPELL_H
#define FIHI_TEXT_RESPELL_H

#include <stddef.h>
#include <stdint.h>

enum { RESPELL_MAX = 256, RESPELL_KEYBOARDS = 2 };

/* The word as the same keys give it on another keyboard: Latin letters as Arabic 101 (from QWERTY, keyboard 0) or 102
 * (from AZERTY, 1), or Arabic letters as those. Returns its bytes, or 0 if some letter is on no key or the word is too
 * long. */
size_t fihi_respell_keys(uint8_t out[RESPELL_MAX], const uint8_t *s, size_t n, unsigned keyboard);

/* The consonants of a word, one byte for those that Latin spellings do not tell apart, doubled ones once, without the
 * article and without vowels, long ones too: equal for المغرب, almaghrib and lmaghreb, for غوغل, جوجل and Google.
 * Returns the bytes; 0 for a word of another script, with other digits than Arabizi's, or too long. */
size_t fihi_respell_bones(uint8_t out[RESPELL_MAX], const uint8_t *s, size_t n);

/* How near an Arabic word with the same consonants is to a Latin spelling, 0 to 1: vowels, and which of the consonants
 * that sound alike. Also of two Arabic words. */
float fihi_respell_nearness(const uint8_t *latin, size_t latin_bytes, const uint8_t *arabic, size_t arabic_bytes);

#endif
