/* search/rewritten.h - where another writing of words stands in a document.
 *
 * Layer: search. Includes base/ and index/. One word, or words side by side (plan.h, is_best).
 */
#ifndef FIHI_SEARCH_REWRITTEN_H
#define FIHI_SEARCH_REWRITTEN_H

#include "search/phrase.h"
#include "search/scorer.h"

struct rewritten {
    struct scene           *scene;
    const struct plan_node *asked, *writing;
    const struct query_term *word;     /* what it scores as */
    struct term_scorer     *scorers;   /* of its words */
    uint32_t                count;
    struct phrase           phrase;
    uint32_t               *positions; /* of its words in the document that was looked at last */
    size_t                  cap;
    uint32_t                position_count;
};

/* Of a group that is_best: the writing that is its child `which`. FIH_E_NOTFOUND, without a message, if one of its
 * words is not in the scene's segment. To be closed also when it fails. */
int fihi_rewritten_open(struct rewritten *w, struct scene *s, const struct plan_node *best, size_t which,
                        fih_error *err);
void fihi_rewritten_close(struct rewritten *w);
/* Find the positions in a document: they ascend, none if it has it not. Documents must not go down. */
int fihi_rewritten_look(struct rewritten *w, uint32_t doc, fih_error *err);
/* Is it a writing of the word? Of each word that was asked its first reading only. */
bool fihi_rewritten_is_of(const struct rewritten *w, const struct query_term *t);

#endif
