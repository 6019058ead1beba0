/* search/scorer.h - one query term in one segment: where it stands, what it scores, what it could at most.
 *
 * Layer: search. Includes base/ and index/. What a posting scores is computed here, one by one or a
 * block at once: to the same bits.
 */
#ifndef FIHI_SEARCH_SCORER_H
#define FIHI_SEARCH_SCORER_H

#include <stdbool.h>

#include "index/column.h"
#include "search/plan.h"

/* Bounds are sums of rounded products: a little more than their exact value covers what rounding may take off. */
#define BOUND_MARGIN 1.000001

/* Lengths of one field, a chunk at a time. */
struct norms {
    struct segment *segment;
    const uint8_t  *lens;
    uint32_t        chunk;             /* UINT32_MAX: none yet */
    unsigned        field;
};
/* On an error *rc is set and 1 returned. */
uint32_t fihi_norms_get(struct norms *n, uint32_t doc, int *rc, fih_error *err);

/* A segment that a plan is looked for in, and what went wrong there. */
struct scene {
    const struct plan *plan;
    struct segment    *segment;
    uint32_t           number;         /* of the segment in the view */
    struct norms       norms[NORM_COUNT];
    struct deadline   *deadline;       /* or NULL */
    unsigned           steps;
    int                rc;
    fih_error          error;
};

void fihi_scene_begin(struct scene *s, const struct plan *plan, uint32_t number, struct deadline *deadline);
/* Note that a list is broken, or its positions (`what`): NO_DOC. */
uint32_t fihi_scene_broken(struct scene *s, const struct cursor *c, const char *what);
/* Is it time to give up? The clock is looked at once in many calls. */
bool fihi_scene_is_over(struct scene *s);
uint32_t fihi_scene_length(struct scene *s, unsigned field, uint32_t doc);

/* What a posting of a block can score at most is a sum of the block's bounds, each times one of these. */
struct bound_weights {
    float best, stem, root, title;
};

struct term_scorer {
    const struct query_term *term;
    struct cursor            postings;
    uint32_t                 form;     /* the number of its normalised word in this list, or NO_FORM */
    struct bound_weights     without, with;    /* the form; with it, its share counts too */
    float                    share;
    struct column            lengths;  /* of a word of a text: how long the text is */
    uint32_t                 scored;   /* 1 + the block whose scores are below; 0: none */
    float                    scores[POSTING_BLOCK];
};

/* FIH_E_NOTFOUND, without a message, if the term is not in the segment. Zero-initialise; it may be opened again. */
int fihi_scorer_open(struct term_scorer *t, const struct scene *s, const struct query_term *term, fih_error *err);
void fihi_scorer_close(struct term_scorer *t);

/* The first document not below target that the term is found in, in its scope. */
uint32_t fihi_scorer_seek(struct scene *s, struct term_scorer *t, uint32_t target);

/* Is the term found in this document, not before the one it stands on? Unlike a seek this looks no further. */
bool fihi_scorer_has(struct scene *s, struct term_scorer *t, uint32_t doc);

/* The parts of a term's score in a document, and the frequencies and lengths that they are made of. */
struct term_score {
    uint32_t freq, form_freq, root_freq, title_freq, len, title_len;
    float    text, form, root, title;
};
/* Of the document that was found last. */
float fihi_scorer_score(struct scene *s, struct term_scorer *t, struct term_score *parts);

/* Of a document in which a term without a list is `freq` times, `title_freq` of them in its title. */
float fihi_scorer_word(struct scene *s, const struct query_term *term, uint32_t doc, uint32_t freq, uint32_t title_freq,
                       struct term_score *parts);

/* The scores of all documents of the block that the list stands in, into t->scores; false when something went wrong.
 * They are those of fihi_scorer_score(), to the bit; a document that has not the form of a term that is found by its
 * form only has 0. Not for terms in a title or a body. */
bool fihi_scorer_block(struct scene *s, struct term_scorer *t);

/* Who is told what makes up a document's score, for explanations. */
struct match_teller {
    void (*term)(void *ctx, const struct query_term *term, const struct term_score *score);
    void (*set)(void *ctx, const struct plan_set *set, float score);
    void  *ctx;
};

/* No posting of the block scores more. */
double fihi_scorer_bound(const struct term_scorer *t, uint32_t block);
/* No document of the block scores more by a term without a list that is there as often as this one, or less often. */
double fihi_scorer_word_bound(const struct term_scorer *t, const struct query_term *word, const struct plan *p,
                              uint32_t block);
/* No posting of the list. */
double fihi_scorer_top(const struct term_scorer *t);
/* The block that could hold target: the bound, and its last document if that is below *until. */
double fihi_scorer_peek(const struct term_scorer *t, uint32_t target, uint32_t *until);

/* The greatest multiple of the stored sums that is within weights of stem, root and title. */
static inline float best_multiple(float stem, float root, float title)
{
    const float a = stem / BEST_STEM, b = root / BEST_ROOT, c = title / BEST_TITLE;

    return a < b ? (a < c ? a : c) : (b < c ? b : c);
}

static inline float bound_sum(struct bound_weights w, float best, float stem, float root, float title)
{
    return w.best * best + w.stem * stem + w.root * root + w.title * title;
}

#endif
