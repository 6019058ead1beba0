/* codec/letters.h - text as one byte a letter, so that a compressor sees letters and not halves of them.
 *
 * Layer: codec. Bytes below 0x80 are themselves; 0x80 to 0xFE are the letters, marks and signs that Arabic texts are
 * made of; 0xFF is followed by a number, 1 to 255, and as many bytes that are themselves (FORMAT.md, "Letters").
 * Any bytes come back as they were, well-formed UTF-8 or not.
 */
#ifndef FIHI_CODEC_LETTERS_H
#define FIHI_CODEC_LETTERS_H

#include "base/buf.h"

enum { LETTER_FIRST = 0x80, LETTER_ESCAPE = 0xFF };

/* The character that a byte from LETTER_FIRST to LETTER_ESCAPE - 1 stands for. */
uint32_t fihi_letter(unsigned code);

/* Append n bytes of text as letters. FIH_OK or FIH_E_NOMEM. */
int fihi_letters_append(struct buf *out, const uint8_t *text, size_t n);

/* Append the text of n bytes of letters, at most three times as many. FIH_OK, FIH_E_NOMEM, FIH_E_CORRUPT. */
int fihi_letters_undo(struct buf *out, const uint8_t *letters, size_t n);

#endif
