/* text/drawn.h - letters that a writer draws out: جميييييل, ههههه, coooool.
 *
 * Layer: text. Of three letters alike and more, one or two are meant: which, the words that are known tell, and where
 * they do not, both spellings are the word's.
 */
#ifndef FIHI_TEXT_DRAWN_H
#define FIHI_TEXT_DRAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/fold.h"
#include "text/lexicon.h"

enum { DRAWN_RUNS = 4, DRAWN_SPELLINGS = 2 };

/* How many letters each run of three and more leaves, 1 or 2; runs behind the fourth have one. */
struct spelling {
    uint8_t left[DRAWN_RUNS];
};

/* The spellings that are meant, the likeliest first: how many; 0 for a word without such runs, or with those of its
 * own (تتتبع). The work space is overwritten. */
size_t fihi_drawn_spellings(struct spelling out[DRAWN_SPELLINGS], const struct word *w, const struct lexicon *l,
                            struct word *work);
void fihi_drawn_spell(struct word *w, const struct spelling *s);

/* A word of another script, folded, with one letter (`which` is 0) or two (1) in place of three and more. Returns its
 * bytes; 0 if there is nothing to shorten. Words with digits are no writing, and some have three
 * of their own: www, IEEE, xviii. */
size_t fihi_drawn_other(uint8_t out[FOLD_MAX], const uint8_t *s, size_t n, unsigned which);

#endif
