/* text/beside.h - what stands around a word in its text, where that decides how the word is read.
 *
 * Layer: text. Bytes only: nothing here knows what a word means.
 */
#ifndef FIHI_TEXT_BESIDE_H
#define FIHI_TEXT_BESIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"

/* A word of a text: bytes start … end; none where both are equal. */
struct beside {
    size_t start, end;
};

/* The word before byte `at` with nothing but spaces between, and that behind it. */
struct beside fihi_beside_before(fih_str text, size_t at);
struct beside fihi_beside_behind(fih_str text, size_t at);
/* Is the word at start … end one of short ones with points between and no space: إف.بي.آي? */
bool fihi_beside_is_spelt_out(fih_str text, size_t start, size_t end);

enum { FINAL_YEH = 1, FINAL_MAKSURA = 2, FINAL_BOTH = FINAL_YEH | FINAL_MAKSURA };
/* Which of ي and ى some word of the text ends with; no further than to both. */
unsigned fihi_beside_finals(fih_str text);

#endif
