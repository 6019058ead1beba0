/* search/wanted.h - what a query wants to see in a text: words, words by their spelling, words that stand together.
 *
 * Layer: search. Includes base/, text/.
 */
#ifndef FIHI_SEARCH_WANTED_H
#define FIHI_SEARCH_WANTED_H

#include "search/pattern.h"
#include "search/together.h"

struct wanted_word {
    uint32_t term;                     /* the analyzer's number */
    uint32_t first;                    /* the first of the entries of its query word: its number */
    uint8_t  letters, flags;           /* TOKEN_FORM, and TOKEN_STOP, TOKEN_FORMULA outside phrases */
};

/* Numbers: of words, by their first entry; behind them patterns, then words that stand together. Zero-initialise. */
struct wanted {
    struct wanted_word *words;
    size_t              count, cap;
    struct pattern    **patterns;      /* words meant by their spelling */
    size_t              pattern_count, pattern_cap;
    struct together     together;      /* phrases and words near each other */
    uint32_t            asked;         /* words of the query so far */
};

#define WANTED_NONE UINT32_MAX

/* Take in a query's tree, once. */
int fihi_wanted_add(struct wanted *w, struct analyzer *a, const struct node *root, fih_error *err);
void fihi_wanted_free(struct wanted *w);
/* The number of the word or pattern that a term is, or WANTED_NONE. */
uint32_t fihi_wanted_which(const struct wanted *w, const struct analyzer *a, uint32_t term, unsigned flags);
/* The same of the term of a word of the text, which may have to be written with its vowels. */
uint32_t fihi_wanted_which_word(const struct wanted *w, const struct analyzer *a, uint32_t term, unsigned flags,
                                const uint8_t *word, size_t n);
/* The number of the first word that stands together. */
static inline uint32_t wanted_together(const struct wanted *w)
{
    return (uint32_t)(w->count + w->pattern_count);
}
/* What it is worth to show it: more letters say more, and what stands together as asked goes before all else. */
double fihi_wanted_worth(const struct wanted *w, uint32_t number);

#endif
