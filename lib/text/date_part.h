/* text/date_part.h - what a date is made of: its words and numbers, for the files that read dates.
 *
 * Layer: text. Includes base/ only.
 */
#ifndef FIHI_TEXT_DATE_PART_H
#define FIHI_TEXT_DATE_PART_H

#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"

enum { DATE_WORD_BYTES = 28, DATE_TOKENS = 64 };

enum date_word_kind {
    DATE_WORD_MONTH,          /* value: 1 to 12 */
    DATE_WORD_ISLAMIC,
    DATE_WORD_PERSIAN,
    DATE_WORD_FIRST_OF_TWO,   /* كانون, تشرين, ربيع, جمادى: a number behind says which; value: the month of the first, 3
                               * and 5 of the Islamic calendar */
    DATE_WORD_WEEKDAY,        /* value: 0 is Sunday */
    DATE_WORD_ERA,            /* value: enum calendar */
    DATE_WORD_FILLER          /* may stand between the parts of a date: of, من, عام, th */
};

struct date_word {
    const char *name;         /* as fihi_date_tokens() folds it; of two words, without the space */
    uint8_t     kind, value;
};

/* NULL if the word has no meaning in a date. */
const struct date_word *fihi_date_word(const char *name);
/* Row i of the table, for its test; NULL past the last. */
const struct date_word *fihi_date_word_at(size_t i);

enum date_token_kind { DATE_TOKEN_NUMBER, DATE_TOKEN_WORD, DATE_TOKEN_TIME, DATE_TOKEN_SIGN };
enum date_digits { DATE_DIGITS_ASCII, DATE_DIGITS_ARABIC, DATE_DIGITS_PERSIAN };

struct date_token {
    uint8_t  kind;
    uint8_t  has_blank;       /* before it */
    uint8_t  digits, script;  /* a number: how many (255: more than 14), and enum date_digits of the last */
    uint32_t sign;            /* a sign: its code point, all dashes as '-' */
    int64_t  value;           /* a number's */
    char     word[DATE_WORD_BYTES];   /* folded; empty if it is longer than any that is known */
};

/* The first DATE_TOKENS words, numbers, times (12:09:30.5) and signs of a text; how many. Invisible characters are
 * passed over, numbers may have digits of three scripts. *ended (may be NULL): were these all, and the text UTF-8? */
size_t fihi_date_tokens(struct date_token out[DATE_TOKENS], fih_str text, int *ended);

#endif
