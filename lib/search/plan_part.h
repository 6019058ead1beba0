/* search/plan_part.h - what the files of the planner share: plan.c the tree, plan_words.c its terms, plan_filter.c
 * what only bounds it.
 *
 * Layer: search. Private to plan*.c.
 */
#ifndef FIHI_SEARCH_PLAN_PART_H
#define FIHI_SEARCH_PLAN_PART_H

#include "search/plan.h"

struct planner {
    struct plan           *plan;
    const struct view     *view;
    struct analyzer       *analyzer;
    const fih_search_opts *opts;
    fih_error             *err;
    float                  boost;      /* of what is being planned */
    bool                   is_excluded; /* which is in parentheses that are left out */
    struct deadline        deadline;
};

/* ---- plan.c */

/* A new child of the group, or NULL without memory. */
struct plan_node *fihi_plan_add(struct plan_node *group, enum plan_kind kind, enum occur occur);
void fihi_plan_node_free(struct plan_node *n);

/* ---- plan_words.c */

/* The words of a text as terms of the plan, one behind the other, in all their readings; fihi_plan_weigh() looks them
 * up. */
int fihi_plan_words(struct planner *p, enum scope scope, const char *text, size_t n);
/* A section as a term. */
int fihi_plan_section(struct planner *p, const char *name, size_t n);
/* How many words the plan's terms from `first` on are. */
uint32_t fihi_plan_word_count(const struct plan *plan, uint32_t first);

enum readings {
    ALL_READINGS,                      /* of a word */
    FIRST_READING,                     /* the others are dropped */
    IN_PHRASE                          /* so they are, and the first is its stem only */
};
/* Look up and weigh the plan's terms from `first` on. Outside of phrases they count by form and root too, and are found
 * by other stems of the same spelling, which become terms behind them. */
int fihi_plan_weigh(struct planner *p, uint32_t first, enum readings readings);
float fihi_plan_idf(const struct planner *p, uint64_t df);
/* sqrt(letters / 5), in its bounds, times the boost. */
float fihi_plan_letters(const struct planner *p, unsigned letters);
void fihi_plan_boost(struct planner *p, float boost);

/* ---- plan_filter.c */

/* What says only which documents, and nothing of how good they are: by kind. Any of a kind will do, and each kind
 * must. */
enum { FILTER_SECTION = 1, FILTER_DATE = 2, FILTER_KINDS = 4 };

struct filters {
    struct plan_node *of[FILTER_KINDS];        /* by fihi_filter_kind() */
};

bool fihi_filters_any(const struct filters *f);
void fihi_filters_free(struct filters *f);
/* FILTER_…: sections, spans of days, or groups of both; 0 for what says more. */
unsigned fihi_filter_kind(const struct plan *plan, const struct plan_node *n);
/* Takes the node over. */
int fihi_filter_add(struct planner *p, struct plan_node **filter, struct plan_node *n);
/* Takes the filters over: what the group asks for besides must be found as well, if it asks for anything. */
int fihi_filters_apply(struct planner *p, struct plan_node *group, struct filters *f);
/* The span of days that the options say. */
int fihi_filter_dates(struct plan *p, const fih_search_opts *o, fih_error *err);

#endif
