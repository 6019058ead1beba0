/* search/leaf.h - one word in one segment: its lists, what it scores, and what it could at most.
 *
 * Layer: search. Includes base/ and index/.
 */
#ifndef FIHI_SEARCH_LEAF_H
#define FIHI_SEARCH_LEAF_H

#include <stdbool.h>

#include "search/match.h"

/* What all matchers of one tree share. */
struct shared {
    const struct plan *plan;
    struct segment    *segment;
    struct norms       norms[CHANNEL_COUNT];
    struct patience   *patience;       /* or NULL */
    unsigned           steps;
    int                rc;
    fih_error          error;
};

struct leaf_cursor {
    const struct leaf *leaf;
    struct cursor      main, title, norm;
    bool                has_main, has_title, has_norm;
};

/* FIH_E_NOTFOUND if the word is not in the segment. */
int fihi_leaf_open(struct shared *s, const struct leaf *l, struct leaf_cursor *c, fih_error *err);
void fihi_leaf_close(struct leaf_cursor *c);
/* Note that something is broken: NO_DOC. */
uint32_t fihi_leaf_give_up(struct shared *s, const char *what);

/* The first document of a list not below target; what is wrong with it is noted in `s`. */
static inline uint32_t fihi_leaf_advance(struct shared *s, struct cursor *c, uint32_t target)
{
    const uint32_t doc = fihi_cursor_seek(c, target);

    return c->is_broken ? fihi_leaf_give_up(s, "a posting list") : doc;
}

uint32_t fihi_leaf_length(struct shared *s, unsigned channel, uint32_t doc);
/* Occurrences in the leaf's scope at a document where its main list stands. */
uint32_t fihi_leaf_freq(struct shared *s, struct leaf_cursor *c, uint32_t doc);
/* Parts of its score at a document; the list may have to move there. */
float fihi_leaf_text(struct shared *s, struct leaf_cursor *c, uint32_t doc, struct leaf_score *out);
float fihi_leaf_norm(struct shared *s, struct leaf_cursor *c, uint32_t doc, struct leaf_score *out);
float fihi_leaf_title(struct shared *s, struct leaf_cursor *c, uint32_t doc, struct leaf_score *out);
/* What an impact can bring at most: a share of the weight. */
double fihi_impact_bound(const struct plan *p, unsigned channel, uint8_t impact);
/* Bounds of the whole list: of all, and of what the title adds. */
double fihi_leaf_top(const struct plan *p, const struct leaf_cursor *c);
double fihi_leaf_title_top(const struct plan *p, const struct leaf_cursor *c);

#endif
