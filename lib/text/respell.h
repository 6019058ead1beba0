/* text/respell.h - what a person may have meant who typed something else: other keys, slips, Latin letters for Arabic.
 *
 * Layer: text. Includes base/ only; pure. Where an answer depends on what words there are, it is the caller's to look.
 */
#ifndef FIHI_TEXT_RESPELL_H
#define FIHI_TEXT_RESPELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RESPELL_MAX = 256, RESPELL_KEYBOARDS = 2, RESPELL_LETTERS = 40 };

/* The word as the same keys give it on another keyboard: Latin letters as Arabic 101 (from QWERTY, keyboard 0) or 102
 * (from AZERTY, 1), or Arabic letters as those. Returns its bytes, or 0 if some letter is on no key or the word is too
 * long. */
size_t fihi_respell_keys(uint8_t out[RESPELL_MAX], const uint8_t *s, size_t n, unsigned keyboard);

/* A normalised word, letter by letter, and which letters it has: a bit for each (U+0621 to U+0660 have one each). */
struct letters {
    uint32_t at[RESPELL_LETTERS];
    unsigned count;
    uint64_t set;
};

static inline uint64_t letter_bit(uint32_t c)
{
    return UINT64_C(1) << ((c - 0x621) & 63);
}

/* False if it is empty, too long, or no UTF-8. */
bool fihi_respell_letters(struct letters *out, const uint8_t *s, size_t n);

/* Costs are hundredths: 100 is one clear mistake. */
enum { RESPELL_NEVER = 100000, RESPELL_CHEAPEST = 35 };

/* What was mistaken if one word was typed where the other was meant: letters left out, put in, changed for neighbours
 * in sound, shape or on the keyboard, or in the wrong order. More than `most` as RESPELL_NEVER. */
unsigned fihi_respell_slip(const struct letters *typed, const struct letters *meant, unsigned most);
/* May a word of these letters be meant, all being cheap? */
static inline bool slip_may_be(const struct letters *typed, uint64_t set, unsigned most)
{
    uint64_t lacking = typed->set & ~set;

    for (unsigned left = most / RESPELL_CHEAPEST; lacking && left > 0; left--)
        lacking &= lacking - 1;
    return lacking == 0;
}
/* The most that may be mistaken in a word of so many letters, if it shall still be known. */
unsigned fihi_respell_slip_most(unsigned letters);

/* A word in Latin letters (lower case, without accents, Arabizi's digits) that may stand for Arabic ones. */
struct latin {
    struct letters word;
    unsigned       from;               /* behind what may be an article; 0: there is none */
    unsigned       consonants;
    uint64_t       may;                /* letters that an Arabic word for it may have */
    uint64_t       must[RESPELL_LETTERS];      /* one of each of these it has */
    unsigned       must_count;
};
/* False if it cannot stand for Arabic: another script, digits that are no letters, too long. */
bool fihi_respell_latin(struct latin *out, const uint8_t *s, size_t n);
/* May an Arabic word of these letters be meant, as far as they tell? */
static inline bool latin_may_be(const struct latin *l, uint64_t set)
{
    if (set & ~l->may)
        return false;
    for (unsigned i = 0; i < l->must_count; i++)
        if (!(set & l->must[i]))
            return false;
    return true;
}
/* What is unusual in writing this normalised Arabic word so: in French or English manner, with or without the article.
 * More than `most` as RESPELL_NEVER. */
unsigned fihi_respell_latin_cost(const struct latin *l, const struct letters *arabic, unsigned most);
unsigned fihi_respell_latin_most(const struct latin *l);

#endif
