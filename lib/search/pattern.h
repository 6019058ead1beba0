/* search/pattern.h - which words are meant by كتا* م?تب كتاب~ /كت.ب/ =كتاب.
 *
 * Layer: search. Includes base/ and text/. A pattern looks at normalised words; with an analyzer that has none, and for
 * other scripts and numbers, at terms. One thread at a time.
 */
#ifndef FIHI_SEARCH_PATTERN_H
#define FIHI_SEARCH_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "search/automaton.h"
#include "search/query.h"
#include "text/analyzer.h"
#include "text/written.h"

enum { PATTERN_MAX = FIH_MAX_PATTERN, PATTERN_NEXT = AUTOMATON_NEXT };

struct pattern;

/* Of a NODE_PATTERN. FIH_E_QUERY, with its place, if it is broken. */
int fihi_pattern_new(struct pattern **out, struct analyzer *a, const struct node *n, fih_error *err);
void fihi_pattern_free(struct pattern *p);

/* Does it look at normalised words (else at terms)? */
bool fihi_pattern_is_form(const struct pattern *p);
/* For ==كِتابٌ, how the word must be written; else NULL. What matches is only spelt so without its vowels. */
const struct written *fihi_pattern_written(const struct pattern *p);
/* What it asks for as a regular expression over the letters of words, without (?:: what may stand before a word is
 * in parentheses with a ? behind them. Of a fuzzy word its letters. Borrowed. */
fih_str fihi_pattern_expression(const struct pattern *p);
/* Letters that it says. */
unsigned fihi_pattern_letters(const struct pattern *p);
/* 0 if the word does not match, else what an occurrence counts, at most 1: 1 / (1 + edits) for a fuzzy one. */
float fihi_pattern_match(struct pattern *p, const uint8_t *word, size_t n);
/* For a walk through sorted words: none behind the last one that was looked at (after a restart, of all) and before
 * this one matches. FIH_DONE: no other does at all. */
void fihi_pattern_restart(struct pattern *p);
int fihi_pattern_next(const struct pattern *p, uint8_t out[PATTERN_NEXT], size_t *n);

#endif
