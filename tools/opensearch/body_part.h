/* body_part.h - what the files that write queries share: body.c the tree, body_phrase.c words that stand together, and
 * words by their spelling. */
#ifndef FIHRIST_OPENSEARCH_BODY_PART_H
#define FIHRIST_OPENSEARCH_BODY_PART_H

#include "opensearch/opensearch.h"

/* What is new is the caller's; what is given is taken over. */
json_t *body_term_text(fih_str term);
json_t *body_term(const char *field, fih_str term, float boost);
json_t *body_constant(json_t *filter, float boost);
json_t *body_filtered(json_t *filter, json_t *scored);
/* One of the queries of an array at least. */
json_t *body_any(json_t *queries);
json_t *body_word(const fih_plan_node *n, struct body_notes *notes);

static inline void body_say(struct body_notes *notes, const char *what, fih_str of)
{
    notes->say(notes->ctx, what, of);
}

/* ---- body_phrase.c */

/* Where a word stands, as a rule of an intervals query. */
json_t *body_match(const fih_plan_node *word);
/* The words of a phrase, likewise. */
json_t *body_side_by_side(const fih_plan_node *phrase);
/* Documents that have it in their body. */
json_t *body_in_body(const fih_plan_node *word);
json_t *body_phrase(const fih_plan_node *n, struct body_notes *notes);
json_t *body_pattern(const fih_plan_node *n, struct body_notes *notes);

#endif
