/* text/stem.h - forms of one word under one term.
 *
 * Layer: text. A light stemmer for normalised Arabic with guards, and libstemmer for the rest.
 */
#ifndef FIHI_TEXT_STEM_H
#define FIHI_TEXT_STEM_H

#include <stddef.h>
#include <stdint.h>

#include "text/fold.h"
#include "text/lexicon.h"
#include "text/trace.h"

struct sb_stemmer;

/* The light stem is what these two leave, in this order. Both work in place, by the words of a lexicon, and never leave
 * fewer than 2 letters.
 *
 * The article, conjunctions, prepositions and the future's س go, one run of them. */
void fihi_stem_clitics(struct word *w, const struct lexicon *l, struct trace *t);
/* How many letters that is, but for الله behind clitics. */
size_t fihi_stem_clitic_letters(const struct word *w, const struct lexicon *l);
/* Then pronouns, plural, dual and feminine endings. Returns 1 if the word has a second reading: شعرا is شعر
 * with an ending, or شعراء without its hamza. Start again with `second` = 1 to have that one. */
int fihi_stem_endings(struct word *w, const struct lexicon *l, int second, struct trace *t);
/* How common the word is in its likeliest reading, in half bits as of fihi_counts_find(); 0 if it is not known. */
int fihi_stem_strength(const struct word *w, const struct lexicon *l);
/* What forms of one root share, from a light stem, in place: for ranking only, for it joins too much (علم, عالم).
 * Unchanged where fewer than 2 letters would be left. */
void fihi_stem_root(struct word *w, struct trace *t);
/* Take the first `n` letters off; noted as a prefix. */
void fihi_stem_drop_first(struct word *w, size_t n, struct trace *t);

/* Stem s[0…*n-1] in place with libstemmer; a stem that is empty or longer than `max` is not taken.
 * FIH_OK or FIH_E_NOMEM. */
int fihi_stem_snowball(struct sb_stemmer *sb, uint8_t *s, size_t *n, size_t max);
/* 2.2.0 cannot tell its version: what it makes of a few words stands for it. 0 when memory is out. */
uint64_t fihi_stem_snowball_hash(struct sb_stemmer *sb);

/* Part of the fingerprint. */
uint64_t fihi_stem_hash(void);

#endif
