/* search/apart_part.h - what the files of apart.h share: apart.c which writings are looked at, and what they must be;
 * apart_evidence.c how often words stand side by side; apart_said.c what is said so often;
 * apart_initials.c initials.
 *
 * Layer: search. Private to apart*.c.
 */
#ifndef FIHI_SEARCH_APART_PART_H
#define FIHI_SEARCH_APART_PART_H

#include "search/apart.h"

enum {
    APART_LIFT = 8,                    /* side by side so many times more than by chance */
    APART_LETTERS = 63                 /* of a word */
};

struct evidence {
    uint64_t docs;                     /* in which they stand side by side: an estimate, if not all were looked at */
    uint64_t looked, with, found;      /* documents of the rarest that were looked at; with all words; side by side */
    uint64_t together;                 /* occurrences there */
    double   chance;                   /* occurrences, were the words strewn over the documents that have them */
};

/* Where each letter of a word begins, and behind the last one its end; how many, 0 if there is anything but letters. */
unsigned fihi_apart_letters(const char *s, size_t n, uint16_t starts[APART_LETTERS + 1]);
/* A normalised word as text; that of a word without one is its stem, without the tatweel of a stop word. Borrowed. */
const uint8_t *fihi_apart_word(const struct piece *p, size_t *bytes);
/* Does the stem of a word reach two letters into its first so many letters, and into its last? */
bool fihi_apart_reaches(const struct piece *whole, unsigned first_letters, unsigned last_letters);
/* Is it a word of its own, also behind و or ف, that only looks like a particle and another word? */
bool fihi_apart_is_other(const struct piece *p);
/* Is the word, or its stem, so common in texts that it is hardly two words of which one is short? */
bool fihi_apart_is_common(const struct piece *p);
/* Is it, as far as its letters and the counts of texts tell, a present tense? */
bool fihi_apart_is_present(const struct piece *p);
/* Documents with a word's stem, into p->docs. */
int fihi_apart_count_word(struct apart *x, struct piece *p, fih_error *err);
/* How words stand side by side that are all there, and counted. */
int fihi_apart_find(struct apart *x, struct piece *const *pieces, unsigned words, struct evidence *e, fih_error *err);

/* Do they stand side by side because they belong together? found > 0, because nothing found is not less than APART_LIFT
 * times no chance at all. */
static inline bool evidence_is_lifted(const struct evidence *e)
{
    return e->found > 0 && (double)e->together >= APART_LIFT * e->chance;
}

/* In one of so many documents that have the rarest, at least. A question of how the parts are used at all, where lift
 * only says that they attract each other. */
static inline bool evidence_is_mostly(const struct evidence *e, uint64_t of)
{
    return e->found * of >= e->looked;
}

#endif
