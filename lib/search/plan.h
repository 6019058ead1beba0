/* search/plan.h - a query meets an index: words become terms with weights.
 *
 * Layer: search. Includes base/, text/, index/. The plan is a tree of matchers-to-be over leaves; a leaf is one
 * word with what it scores. Formula and defaults: fihrist.h, fih_search().
 */
#ifndef FIHI_SEARCH_PLAN_H
#define FIHI_SEARCH_PLAN_H

#include <stdbool.h>

#include "index/view.h"
#include "search/expand.h"
#include "search/query.h"
#include "text/analyzer.h"

/* A word at a level that only ranks. */
struct level {
    uint8_t  key[TERM_KEY_MAX];        /* channel byte and term */
    size_t   key_bytes;                /* 0: the word has no such level */
    uint64_t df;
    float    idf, weight;              /* of the saturated frequency: lw * idf * level's * times asked */
};

struct leaf {
    uint8_t    key[TERM_KEY_MAX];      /* channel byte and term */
    size_t     key_bytes;
    enum scope scope;
    uint32_t   position;               /* in its phrase */
    uint32_t   reach;                  /* of the link to the word before it in a phrase */
    enum link  link;
    uint64_t   df;                     /* documents with the word, in all segments, deleted ones counted */
    float      idf, lw;                /* lw has the boost in it */
    float      boost;                  /* what ^ says, parentheses included */
    float weight; /* of the saturated frequency in its main channel: lw * idf * field's * times asked */
    float      title_weight;           /* the same for the title channel; 0 in scopes other than any */
    struct level norm;                 /* the normalised word: its documents are among the leaf's */
    struct level root;                 /* for the second pass; without one, the leaf's own list and root.weight */
    unsigned   times;
    uint8_t    is_stop;
    uint8_t    is_shared;              /* weight is the stem's part only */
};

enum plan_kind { PLAN_LEAF, PLAN_PHRASE, PLAN_GROUP, PLAN_DATE, PLAN_SET };

struct plan_node {
    enum plan_kind     kind;
    enum occur         occur;
    enum scope         scope;
    uint32_t           leaf, leaf_count; /* PLAN_LEAF: one; PLAN_PHRASE: a run of the plan's leaves */
    uint32_t           set;            /* PLAN_SET: which of the plan's */
    int32_t            from, to;       /* PLAN_DATE: days, both in it */
    uint32_t           slop;           /* PLAN_PHRASE: words that may stand between its own, all in all */
    bool is_near; /* PLAN_PHRASE: its leaves' links say how the words stand, not their positions alone */
    uint32_t           least;          /* PLAN_GROUP: so many of its SHOULDs must match; 0 is 1, or none beside MUSTs */
    struct plan_node **children;
    size_t             count, cap;
};

/* Words meant by a pattern, as one. */
struct plan_set {
    struct word_set *words;
    char            *text;             /* as asked */
    float            idf, weight;      /* of the saturated frequency: lw * idf * body's */
};

struct plan {
    struct plan_set  *sets;
    size_t            set_count, set_cap;
    struct leaf      *leaves;
    size_t            leaf_count, leaf_cap;
    struct plan_node *root;            /* a group; NULL children mean that nothing can match */
    float             k1, b, avg[CHANNEL_COUNT];
    float fixed, slope[CHANNEL_COUNT]; /* k1 (1 - b) and k1 b / avg: the norm of a length is fixed + slope * len */
    float             bound_ratio[CHANNEL_COUNT]; /* stored impacts times this bound the saturation, see rank.c */
    float             proximity;       /* weight of the nearness of words */
    bool               has_second_pass; /* roots or nearness weigh something */
    int32_t           since, until;    /* days, both DATE_NONE without a filter */
    const struct segment *except_in;   /* a document that is never found, or NULL */
    uint32_t          except;          /* its number there */
};

/* Boosts multiply; together they stay within these. */
#define BOOST_LEAST 1e-4f
#define BOOST_MOST  1e4f

/* The weights and parameters in `opts` are filled in by the caller: no defaults here. */
int fihi_plan_new(struct plan **out, const struct view *v, struct analyzer *a, const struct fih_query *q,
                  const fih_search_opts *opts, fih_error *err);
void fihi_plan_free(struct plan *p);

/* sat(freq, len) of words that count as one: their frequency may be a fraction. */
static inline float plan_set_saturation(const struct plan *p, unsigned channel, float freq, uint32_t len)
{
    return freq / (freq + (p->fixed + p->slope[channel] * (float)len));
}

/* sat(freq, len) of a channel. */
static inline float plan_saturation(const struct plan *p, unsigned channel, uint32_t freq, uint32_t len)
{
    const float f = (float)freq;

    return f / (f + (p->fixed + p->slope[channel] * (float)len));
}

#endif
