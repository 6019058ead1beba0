/* text/fold.h - spellings that count as the same: letter forms, marks, hamza seats, digits, case.
 *
 * Layer: text. One surface word in, the letters that are compared out. README.md gives every code
 * point. Needs ICU for what is not plain Arabic.
 */
#ifndef FIHI_TEXT_FOLD_H
#define FIHI_TEXT_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WORD_MAX = 1024,      /* letters of a word; what is more is cut */
    FOLD_MAX = 4096       /* bytes of a folded word of another script */
};

/* What a folded letter was written as, where a later step must know. */
enum {
    WAS_SEAT = 1,         /* ؤ ئ ء: a hamza that the fold turned into و or ي */
    WAS_HAMZA_ALEF = 2,   /* أ إ آ: never the alef of the article */
    WAS_LONG = 4          /* the alef of اء, whose hamza the fold dropped: never an ending */
};

/* An Arabic word in its normalised form N. */
struct word {
    uint16_t letter[WORD_MAX];
    uint8_t  was[WORD_MAX];
    uint16_t written[WORD_MAX]; /* the letter that it was folded from; ء for the alef of اء. Only until the first is
                                   taken off */
    size_t   n;
};

/* The letters of a surface form, marks gone and presentation forms taken apart, but not yet folded.
 * A ligature such as ﷺ stands for several words: then there are spaces between them. */
struct raw {
    uint16_t letter[WORD_MAX];
    size_t   n;
    bool      has_dagger;  /* there was a small alef or yeh that may be read as a letter */
};

/* Is the surface an Arabic word (its first letter is Arabic)? */
bool fihi_fold_is_arabic(const uint8_t *s, size_t n);

/* `with_dagger`: U+0670 and U+06E7 become letters; else they are marks like the others. */
void fihi_fold_raw(struct raw *out, const uint8_t *s, size_t n, int with_dagger);
/* The next word of raw from *at on, folded; 0 when there is none. */
int fihi_fold_next(struct word *out, const struct raw *r, size_t *at);

/* Nothing but letters that are glued before a word: و ف ب ك ل ال and their runs. */
bool fihi_fold_is_clitic(const struct word *w);

/* UTF-8 of a word, cut at a letter so that it takes at most `max` bytes. Returns the bytes written. */
size_t fihi_fold_utf8(uint8_t *out, size_t max, const struct word *w);

/* Words of other scripts, and numbers. `simple`: case only, then NFC. Else NFKC case folding, digits to
 * ASCII, number marks. Returns bytes written (at most FOLD_MAX, cut at a character), or 0. */
size_t fihi_fold_other(uint8_t out[FOLD_MAX], const uint8_t *s, size_t n, int simple);
/* Drop the accents of Latin letters and the stress of Cyrillic ones; in place, returns the new length. */
size_t fihi_fold_accents(uint8_t *s, size_t n);

/* Changes whenever the fold does: part of the analyzer's fingerprint. */
uint64_t fihi_fold_hash(void);

#endif
