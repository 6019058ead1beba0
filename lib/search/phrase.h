/* search/phrase.h - do the words of a phrase stand together in a document that has them all?
 *
 * Layer: search. Works on the cursors of whoever found the document.
 */
#ifndef FIHI_SEARCH_PHRASE_H
#define FIHI_SEARCH_PHRASE_H

#include "search/near.h"
#include "search/scorer.h"

struct phrase {
    struct scene            *scene;
    const struct query_term *terms;    /* of its words, in their order */
    uint32_t                 count;
    struct cursor          **cursors;  /* borrowed, as many; all stand on the document */
    uint32_t                *by_rarity;  /* numbers of the words, the rarest first */
    struct places           *places;   /* of each word */
    struct near              near;     /* for words at a distance */
    uint32_t                *starts;   /* where it may begin in the document */
    size_t                   start_cap;
    uint32_t                 start_count;
    uint32_t                 slop;
    bool                     is_near;
};

/* Of a PLAN_PHRASE node; the caller sets `cursors` of the struct, whose lists are open. To be freed also when it fails.
 */
int fihi_phrase_begin(struct phrase *p, struct scene *s, const struct plan_node *n, fih_error *err);
/* On an error false, and the scene knows. */
bool fihi_phrase_holds(struct phrase *p, uint32_t doc);
/* How often the words of a document that the phrase holds in stand so, and *in_title of these in the title. Of a phrase
 * without distances. */
uint32_t fihi_phrase_count(struct phrase *p, uint32_t doc, uint32_t *in_title);
/* With the array of cursors. */
void fihi_phrase_free(struct phrase *p);

#endif
