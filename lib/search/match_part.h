/* search/match_part.h - what the files of the matcher share: match.c the tree and its groups, match_term.c one word,
 * match_phrase.c words that stand together, match_filter.c values and patterns.
 *
 * Layer: search. Private to match*.c.
 */
#ifndef FIHI_SEARCH_MATCH_PART_H
#define FIHI_SEARCH_MATCH_PART_H

#include "search/match.h"

/* What each kind of matcher does in its own way. */
struct match_kind {
    uint32_t (*seek)(struct matcher *m, uint32_t target);
    double   (*score)(struct matcher *m);
    double   (*bound)(struct matcher *m, uint32_t target, uint32_t *until);
    void     (*tell)(struct matcher *m, const struct match_teller *t);
    void     (*free)(struct matcher *m);
};

/* The first member of each kind's struct. */
struct matcher {
    const struct match_kind *kind;
    struct scene            *scene;
    uint32_t                 doc;      /* of the last seek; NO_DOC at the end */
    bool                     has_sought;
    double                   top;      /* bound of everything */
    uint32_t                 cost;     /* postings that have to be looked at, at most */
};

/* A matcher of `bytes`, zeros but for kind and scene; NULL without memory. */
struct matcher *fihi_match_make(const struct match_kind *kind, struct scene *s, size_t bytes);

/* Each makes the matcher of a node; *out stays NULL when nothing can match. */
int fihi_match_term(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err);
int fihi_match_phrase(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err);
int fihi_match_values(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err);
int fihi_match_all(struct matcher **out, struct scene *s, fih_error *err);
int fihi_match_set(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err);

#endif
