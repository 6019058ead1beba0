/* patterns.h - which words a pattern means, as slowly as it is defined. */
#ifndef MODEL_PATTERNS_H
#define MODEL_PATTERNS_H

#include <stddef.h>

/* Kinds of patterns beside 0, a wildcard, and 1 or 2, the edits of a fuzzy word. */
enum { EXACT = -1, REGEX = -2, WRITTEN = -3 };

/* What an occurrence of the word counts: 1, less for one that is only nearly so spelt, or 0. */
double likeness(const char *pattern, int kind, const char *word, size_t n);
/* How many letters are written in the pattern. */
unsigned letters_said(const char *pattern, int kind);
/* How many words of a text of corpus.h are so written, with these vowels at least. */
unsigned count_written(const char *asked, const char *text);

#endif
