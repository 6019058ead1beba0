/* search/plan.h - a query meets an index: words become terms with weights.
 *
 * Layer: search. Includes base/, text/, index/. The plan is a tree of matchers-to-be over query terms (term.h).
 * Formula and defaults: fihrist.h, fih_search().
 */
#ifndef FIHI_SEARCH_PLAN_H
#define FIHI_SEARCH_PLAN_H

#include <stdbool.h>

#include "index/view.h"
#include "search/expand.h"
#include "search/query.h"
#include "search/term.h"
#include "text/analyzer.h"

enum plan_kind { PLAN_TERM, PLAN_PHRASE, PLAN_GROUP, PLAN_VALUES, PLAN_SET, PLAN_ALL };

struct plan_node {
    enum plan_kind     kind;
    enum occur         occur;
    uint32_t           term, term_count; /* PLAN_TERM: one; PLAN_PHRASE: a run of the plan's terms */
    uint32_t           set;            /* PLAN_SET: which of the plan's */
    unsigned           field;          /* PLAN_VALUES, and PLAN_TERM of a keyword: whose */
    int64_t            low, high;      /* PLAN_VALUES: both in it */
    char              *text;           /* PLAN_VALUES of a keyword, or NULL: what its terms begin with */
    size_t             text_bytes;
    uint32_t           one_in;         /* PLAN_VALUES: about one document in so many passes; 0: not known */
    uint32_t           slop;           /* PLAN_PHRASE: words that may stand between its own, all in all */
    bool is_near; /* PLAN_PHRASE: its terms' links say how the words stand, not their positions alone */
    bool is_one;                       /* PLAN_PHRASE: it scores as a word that is there as often as the phrase: */
    uint32_t           word;           /* this term, which has no list */
    bool is_best; /* PLAN_GROUP: what was asked, and behind it other writings, words or phrases; the best counts */
    bool is_readings; /* PLAN_GROUP: one word; the reading that brings more counts, or what has its root, a PLAN_SET */
    bool has_texts;                    /* PLAN_GROUP: a word, and behind it the same in texts of the schema */
    uint32_t           least;          /* PLAN_GROUP: so many of its SHOULDs must match; 0 is 1, or none beside MUSTs */
    struct plan_node **children;
    size_t             count, cap;
};

/* Words meant by a pattern, as one; or other words of a word's root. */
struct plan_set {
    struct word_set *words;
    char            *text;             /* as asked; or the root */
    bool             is_root;
    enum scope       scope;            /* this and the next four: of a pattern */
    enum pattern_kind pattern;
    unsigned         edits;            /* of PATTERN_FUZZY */
    bool             is_form;          /* normalised words are meant, else terms */
    char            *expression;       /* fihi_pattern_expression() */
    float            weight;           /* of the saturated frequency: lw * idf * body's */
};

/* A word of a title that would be the query: any of these terms at its place. */
struct title_word {
    uint32_t first, end;               /* of the plan's terms */
    float    weight;                   /* that counts where the document has the form that was asked */
    bool     is_sure;                  /* or anyway */
};

/* Such a title: a run of the plan's title words. */
struct title {
    uint32_t first, count;
};

enum {
    TITLE_OTHERS = 3,                  /* other writings that titles are looked for with */
    TITLES_MOST = TITLE_OTHERS + 2,    /* none of them, each of them, all of them */
    TITLE_WORDS = 32                   /* of a query that may be a title */
};

struct plan {
    const struct view *view;
    struct plan_set  *sets;
    size_t            set_count, set_cap;
    struct query_term *terms;
    size_t            term_count, term_cap;
    uint32_t          word_count;
    struct plan_node *root;            /* a group; NULL children mean that nothing can match */
    struct plan_node *plain;           /* the same without other writings; the root itself, if there are none */
    float             k1, b, avg[NORM_COUNT];
    float             fixed, slope[NORM_COUNT];  /* k1 (1 - b) and k1 b / avg: a frequency is seen against
                                                     fixed + slope * length */
    float             bound_ratio[NORM_COUNT];   /* stored impacts times this bound the saturation */
    float             floor_ratio;               /* and times this they are no more than it, see plan.c */
    struct title_word *title_words;
    size_t            title_word_count, title_word_cap;
    struct title      titles[TITLES_MOST];
    unsigned          title_count;
    float             title_most;      /* that a document with such a title can have for it */
    float             proximity;       /* weight of where words stand */
    bool              has_places;      /* where words stand weighs something */
    bool              asks_one_thing;  /* one word, in all of its readings, or one phrase */
    bool              has_passed;      /* some of its stop words are passed over */
    bool              has_lost_roots;  /* a document may lack a word in all of its readings and have its root, and that
                                          weighs something */
    int32_t           since, until;    /* days, both DATE_NONE without a filter */
    struct plan_node *filter;          /* what documents must pass besides, or NULL */
    struct sieve    **sieves;          /* of it, by segment, each made when it is asked for */
    const struct segment *except_in;   /* a document that is never found, or NULL */
    uint32_t          except;          /* its number there */
    struct buf        passed;          /* words that were passed over, each once, with a zero behind it */
};

/* Boosts multiply; together they stay within these. */
#define BOOST_LEAST 1e-4f
#define BOOST_MOST  1e4f

/* Does a document of a segment pass plan->filter? On an error *rc is set, and it does not. */
bool fihi_plan_passes(const struct plan *plan, uint32_t segment, uint32_t doc, int *rc, fih_error *err);
/* Which of a block's documents do; how many. */
unsigned fihi_plan_passing(const struct plan *plan, uint32_t segment, const uint32_t *docs, unsigned n, bool *passes,
                           int *rc, fih_error *err);
struct column;
/* The values that a PLAN_VALUES means in a segment's column of its field. */
int fihi_plan_values(const struct plan_node *n, const struct column *c, int64_t *low, int64_t *high, fih_error *err);
/* Of the phrase that is made of plain stop words alone, so that no number of them says more than it. */
#define QUOTATION_BOOST 100.0f

/* The weights and parameters in `opts` are filled in by the caller: no defaults here. */
int fihi_plan_new(struct plan **out, const struct view *v, struct analyzer *a, const struct fih_query *q,
                  const fih_search_opts *opts, fih_error *err);
void fihi_plan_free(struct plan *p);
/* A word that counts by itself, and not only as part of a phrase, or by its spelling. */
bool fihi_plan_is_word(const struct plan *plan, const struct plan_node *n);
/* Does it count where its words stand? A word, and words of a phrase. */
bool fihi_plan_has_places(const struct plan *plan, const struct plan_node *n);

/* freq / (freq + k1 (1 - b + b len / avg)). A frequency may be a fraction: that of words that count as one. */
static inline float plan_saturation(const struct plan *p, unsigned field, float freq, uint32_t len)
{
    return freq / (freq + (p->fixed + p->slope[field] * (float)len));
}
/* The same of a word of a text, against the mean length of that text. */
static inline float term_saturation(const struct plan *p, const struct query_term *t, float freq, uint32_t len)
{
    return freq / (freq + (p->fixed + t->slope * (float)len));
}

#endif
