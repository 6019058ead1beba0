/* text/lexicon.h - words whose forms no rule of affixes gives: broken plurals, names, loan words.
 *
 * Layer: text. Includes base/ only. A lexicon is text (lexicon.tsv tells how), read into rows sorted by their
 * normal form. make_lexicon.c has ours read when the library is built, by the same code.
 */
#ifndef FIHI_TEXT_LEXICON_H
#define FIHI_TEXT_LEXICON_H

#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"
#include "text/fold.h"
#include "text/list.h"

enum {
    LEXICON_BYTES = 1 << 20,  /* of a text */
    LEXICON_LINES = 50000,
    LEXICON_FILTER = 32768    /* bytes: one in some forty strangers passes */
};

enum lexeme_kind {
    LEXEME_SINGULAR = 1,      /* endings go, but it is not taken for a plural */
    LEXEME_PLURAL,            /* stands for its singular */
    LEXEME_NAME               /* no ending goes */
};

/* A word in its normal form. No pointers: ours lie in read-only memory. No padding, for rows are hashed. */
struct lexeme {
    list_row letter;
    uint8_t  was[LIST_ROW];   /* as in struct word */
    uint16_t kind, n;         /* enum lexeme_kind; letters */
    uint32_t singular;        /* row of a plural's singular */
};
_Static_assert(sizeof(struct lexeme) == sizeof(list_row) + LIST_ROW + 2 * sizeof(uint16_t) + sizeof(uint32_t),
               "no padding");

struct lexicon {
    const struct lexeme *rows;
    size_t count;
    const uint8_t *filter;    /* a bit for the hash of each word: most of what is looked up is not there */
};

extern const struct lexicon fihi_lexicon_ours;

/* Read a text, and add the rows of `base` (NULL: none) for the words that it says nothing of. The rows are *out's own,
 * freed with fihi_lexicon_free(). FIH_E_USAGE names the line. */
int fihi_lexicon_read(struct lexicon *out, const struct lexicon *base, const uint8_t *text, size_t n, fih_error *err);
void fihi_lexicon_free(struct lexicon *l);
/* The row of a word, or NULL. */
const struct lexeme *fihi_lexicon_find(const struct lexicon *l, const uint16_t *s, size_t n);

/* The same, as it is written: a hamza on an alef, but for the first letter's, must be one of the row's, too. رأيته is
 * not of راية, and والأم is not و and آلام. `was` is of the n letters, as struct word has it. */
static inline const struct lexeme *lexicon_find_written(const struct lexicon *l, const uint16_t *s, const uint8_t *was,
                                                        size_t n)
{
    const struct lexeme *const e = fihi_lexicon_find(l, s, n);

    for (size_t i = 1; e && i < n; i++)
        if ((was[i] & WAS_HAMZA_ALEF) && !(e->was[i] & WAS_HAMZA_ALEF))
            return NULL;
    return e;
}

/* Part of the fingerprint. */
uint64_t fihi_lexicon_hash(const struct lexicon *l);

#endif
