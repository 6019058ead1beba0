/* search/automaton.h - a regular expression as a machine that reads words, and knows which word it could read next.
 *
 * Layer: search. Includes base/ and search/. A word costs time by its letters and the size of the expression, whatever
 * both say. Words that begin alike share what was found out about their beginning, and behind a word that does not
 * match the next one that could is known: who walks a sorted dictionary passes over what lies between.
 */
#ifndef FIHI_SEARCH_AUTOMATON_H
#define FIHI_SEARCH_AUTOMATON_H

#include "search/regex.h"

enum {
    AUTOMATON_LETTERS = 1023,          /* of an expression written out, each {m,n} as often as it says */
    AUTOMATON_NEXT = FIH_MAX_TERM + 4  /* bytes of a word that could be next */
};

struct automaton;

/* FIH_E_LIMIT if the expression is too large; `at` is where it stands in the query. One thread at a time. */
int fihi_automaton_new(struct automaton **out, const struct regex *x, size_t at, fih_error *err);
void fihi_automaton_free(struct automaton *a);
/* Forget the last word. */
void fihi_automaton_restart(struct automaton *a);
/* Is it the whole of the word? */
int fihi_automaton_match(struct automaton *a, const uint8_t *word, size_t n);
/* No word behind the last one (of all words, after a restart) and before this one matches. FIH_DONE: none does. */
int fihi_automaton_next(const struct automaton *a, uint8_t out[AUTOMATON_NEXT], size_t *n);

#endif
