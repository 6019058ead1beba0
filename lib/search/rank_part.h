/* search/rank_part.h - what the ways of ranking share: rank.c the reference, rank_any.c any of some words, rank_one.c
 * when one list is left of them, rank_all.c all of some words, or a phrase, rank_best.c other writings of words.
 *
 * Layer: search. Private to rank*.c.
 */
#ifndef FIHI_SEARCH_RANK_PART_H
#define FIHI_SEARCH_RANK_PART_H

#include "search/match.h"
#include "search/phrase.h"
#include "search/rank.h"

struct run {
    const struct plan     *plan;
    const fih_search_opts *opts;
    struct top             top;
    uint64_t               total;
    bool                   counts_all, has_skipped, has_titles;
    const struct scored   *after;      /* what does not come behind it is counted, not kept; or NULL */
    uint64_t               looked;     /* documents of one word's blocks; */
    uint64_t               asked, passed;      /* those that could enter, and how many of them pass the filter */
    struct scored         *titled;     /* documents whose whole title is the query, ascending, with what that scores */
    size_t                 titled_count, titled_cap;
    struct deadline        deadline;
    fih_error             *err;
};

/* A match: counted, and kept if it is one of the best. One with the threshold itself may be: by its number. */
static inline void run_offer(struct run *r, float score, uint32_t doc)
{
    r->total++;
    if ((double)score >= r->top.threshold && (!r->after || scored_is_worse((struct scored){score, doc}, *r->after)))
        fihi_top_offer(&r->top, score, doc);
}

/* What is asked before the lists: the plan's filter, and, where there are any, its dates; and what is asked after. */
static inline bool run_passes(const struct run *r, uint32_t segment, uint32_t doc, int *rc)
{
    return match_passes(r->plan, segment, doc, rc, r->err) &&
           (r->plan->since == DATE_NONE || match_is_live(r->plan, segment, doc, rc, r->err));
}
static inline bool run_is_live(const struct run *r, uint32_t segment, uint32_t doc, int *rc)
{
    return r->plan->since != DATE_NONE || match_is_live(r->plan, segment, doc, rc, r->err);
}

/* The phrase that the whole query is, or NULL. */
const struct plan_node *fihi_rank_phrase(const struct plan *p);
struct scored_lists;
int fihi_scored_lists_new(struct scored_lists **out, size_t count, fih_error *err);
void fihi_scored_lists_free(struct scored_lists *ls);
/* Of open lists in order, those from `weak` on being one word's: their documents from `from` on. The weak ones cannot
 * bring any other into the list, and together add at most weak_sum. */
int fihi_rank_one(struct run *r, struct scored_lists *ls, uint32_t segment, uint32_t from, size_t weak,
                  double weak_sum);
/* A document with what the strong lists gave it: the weak ones, none of which stands behind it, are asked as long as
 * they could still bring it above the threshold. One that is_sieved has passed filter and dates already. */
int fihi_rank_finish(struct run *r, struct scored_lists *ls, uint32_t doc, double sum, size_t weak, double weak_sum,
                     bool is_sieved);
/* All segments of a plan with other writings of words, or of a query that may be a title, once r->top has the k best of
 * the plan without: then it has those with them. */
int fihi_rank_best(struct run *r, uint32_t k);
/* The documents whose whole title is the query, into r->titled. */
int fihi_rank_find_titled(struct run *r);
/* One segment, by its number in the view: any of the root's words is enough; or all must be there, or its phrase. */
int fihi_rank_any(struct run *r, struct scored_lists *ls, uint32_t segment);
int fihi_rank_all_words(struct run *r, struct scored_lists *ls, uint32_t segment);

/* ---- the lists of a query's words, for both */

enum { WINDOW = 4096 };                /* documents: their sums stay in the nearest cache, and lie in one chunk of
                                          lengths */

struct scored_list {
    struct term_scorer scorer;
    size_t             word;           /* whose reading it is: which of the root's children, or of a phrase's words */
    uint64_t           word_df;        /* documents of all lists of the word together */
    double             word_bound;     /* the most that the word can bring in this window */
    bool               is_alone;       /* it is the word's only list */
    bool               adds;           /* the word is a group of words: what its lists bring is added up */
    float             *bounds;         /* of each block, and of the tail */
    size_t             bound_cap;
    double             top, bound;     /* of the whole list, and in this window */
    uint32_t           asked_in;       /* a block, and for how many of its documents the list was asked one by one */
    unsigned           asked;
};

struct scored_lists {
    struct scene         scene;
    struct scored_list  *lists;
    struct scored_list **order;        /* by bound in the window, ascending; or by rarity */
    size_t               count, most;
    struct phrase        phrase;       /* whose words they are, if any */
    uint32_t            *blocks;       /* of a single list, in the order in which they are looked at */
    size_t               block_cap;
    uint32_t            *few;          /* documents of short lists, which were scored first */
    size_t               few_count, few_cap;
    uint64_t             postings;
    bool                 has_window;   /* sums and seen have been zeroed: a word by itself never needs them */
    double               sums[WINDOW];
    uint64_t             seen[WINDOW / 64];
    float                of_word[WINDOW];      /* the most that the lists of a word have brought */
};

/* Open the lists of the root's words in a segment, in all of their readings. *missing words are not there. */
int fihi_scored_lists_open(struct scored_lists *ls, struct run *r, uint32_t segment, size_t *missing);
/* Where the lists of the word end that begin at order[i], or begin that end before order[end]: they stand together. */
static inline size_t scored_word_end(const struct scored_lists *ls, size_t i)
{
    const size_t word = ls->order[i]->word;

    while (i < ls->count && ls->order[i]->word == word)
        i++;
    return i;
}

static inline size_t scored_word_begin(const struct scored_lists *ls, size_t end)
{
    const size_t word = ls->order[end - 1]->word;

    while (end > 0 && ls->order[end - 1]->word == word)
        end--;
    return end;
}

/* What a word's lists, order[i ... end), bring a document behind none of them: its best reading, or their sum.
 * Negative: it has not the word. */
double fihi_scored_word(struct scored_lists *ls, uint32_t doc, size_t i, size_t end);
/* The most that they can bring it, without a block unpacked. */
double fihi_scored_word_peek(const struct scored_lists *ls, uint32_t doc, size_t i, size_t end);
/* The block that could hold target, at the cursor or behind it: its bound, and *last is its last document. */
double fihi_scored_list_peek(const struct scored_list *l, uint32_t target, uint32_t *last);
/* What is wrong with one of the lists, or was noted in the scene. */
int fihi_scored_lists_broken(struct scored_lists *ls, struct run *r);

#endif
