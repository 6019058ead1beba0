/* search/pattern.h - which words are meant by كتا* م?تب كتاب~ /كت.ب/ =كتاب.
 *
 * Layer: search. Includes base/ and text/. A pattern looks at normalised words; with an analyzer that has none, and for
 * other scripts and numbers, at terms. One thread at a time.
 */
#ifndef FIHI_SEARCH_PATTERN_H
#define FIHI_SEARCH_PATTERN_H

#include <stddef.h>
#include <stdint.h>

#include "search/query.h"
#include "text/analyzer.h"

enum { PATTERN_MAX = FIH_MAX_PATTERN };

struct pattern;

/* Of a NODE_PATTERN. FIH_E_QUERY, with its place, if it is broken. */
int fihi_pattern_new(struct pattern **out, struct analyzer *a, const struct node *n, fih_error *err);
void fihi_pattern_free(struct pattern *p);

/* Does it look at normalised words (else at terms)? */
int fihi_pattern_is_norm(const struct pattern *p);
/* Letters that it says. */
unsigned fihi_pattern_letters(const struct pattern *p);
/* The i-th way in which words that it may match begin: FIH_DONE past the last. Arabic words may have an article, with
 * or without what is written to it, before what was asked for. Not all ways are of different words. */
int fihi_pattern_prefix(const struct pattern *p, unsigned i, uint8_t out[FIH_MAX_TERM], size_t *bytes);
/* 0 if the word does not match, else what an occurrence counts, at most 1: 1 / (1 + edits) for a fuzzy one. *way (may
 * be NULL) is the first prefix with which it does. */
float fihi_pattern_match(struct pattern *p, const uint8_t *word, size_t n, unsigned *way);

#endif
