/* search/asked.h - the words of a query in one text, so that each is read with those beside it.
 *
 * Layer: search. Includes base/, text/. The tree of a query has its words one by one; whether a stop word counts
 * depends on what stands beside it, and what ى and ي mean, on all that its writer has written.
 */
#ifndef FIHI_SEARCH_ASKED_H
#define FIHI_SEARCH_ASKED_H

#include <stdbool.h>

#include "base/buf.h"
#include "search/query.h"
#include "text/analyzer.h"

struct asked_leaf {
    const struct node *node;
    size_t             at;             /* its text in the whole */
    bool               is_stop;        /* =word of a stop word: no form of a word, but the word */
    bool               is_bare;        /* =word of a word that may also be one, for it lacks its hamza: =امام */
    bool               is_beside;      /* other words of the query stand beside it */
};

/* Zero-initialise. */
struct asked {
    struct buf         text;
    struct asked_leaf *leaves;         /* in the order of the tree */
    size_t             count, cap;
};

/* Take in a query's tree. Nodes are borrowed. */
int fihi_asked_add(struct asked *x, struct analyzer *a, const struct node *root, fih_error *err);
void fihi_asked_free(struct asked *x);
/* Have the analyzer begin with the text of a node in its place; *at is where that is in the whole. */
void fihi_asked_begin(const struct asked *x, struct analyzer *a, const struct node *n, size_t *at);
/* Is the node =word, and that a stop word? It is found as the word that it is, for stop words have no forms. */
bool fihi_asked_is_stop(const struct asked *x, const struct node *n);
/* Is the node =word, and a word that without its hamza may be a stop word, too? */
bool fihi_asked_is_bare(const struct asked *x, const struct node *n);

#endif
