/* search/plan_part.h - what the files of the planner share: plan.c the whole, plan_tree.c groups, plan_words.c words as
 * terms, plan_readings.c the nodes of these, plan_phrase.c words that belong together, plan_stop.c stop words,
 * plan_pattern.c patterns, plan_field.c fields and their values, plan_text.c words of a schema's texts, plan_filter.c
 * what only filters, plan_best.c other writings of words, plan_title.c the titles that would be the query, plan_facts.c
 * what is true of the whole.
 *
 * Layer: search. Private to plan*.c.
 */
#ifndef FIHI_SEARCH_PLAN_PART_H
#define FIHI_SEARCH_PLAN_PART_H

#include "search/asked.h"
#include "search/plan.h"

/* Words [first, end) of the query, in another writing: terms of the plan. */
struct title_other {
    uint32_t first, end, term, term_count;
};

struct planner {
    struct plan           *plan;
    const struct view     *view;
    struct analyzer       *analyzer;
    const fih_search_opts *opts;
    fih_error             *err;
    float                  boost;      /* of what is being planned */
    bool                   is_excluded; /* which is in parentheses that are left out */
    bool                   is_rewritten;        /* or has other writings */
    struct asked           asked;
    bool                   has_either; /* a word that was read last may be read in two ways (TOKEN_EITHER) */
    struct deadline        deadline;
    bool                   may_be_title;       /* the query is nothing but words, which plan->title_words will have */
    struct title_other     title_others[TITLE_OTHERS];
    unsigned               title_other_count;
};

/* ---- plan_tree.c */

/* A new child of the group, or NULL without memory. */
struct plan_node *fihi_plan_add(struct plan_node *group, enum plan_kind kind, enum occur occur);
void fihi_plan_node_free(struct plan_node *n);
/* The children of a node, and what they mean together. */
int fihi_plan_group(struct planner *p, struct plan_node *group, const struct node *n);
/* The field that a node is looked for in. */
enum scope fihi_plan_scope(const struct planner *p, const struct node *n);

/* ---- plan_words.c */

/* The words of a node as terms of the plan, one behind the other, in all their readings; fihi_plan_weigh() looks them
 * up. With `as_stop`, a word that may be read in two ways is the stop word. */
int fihi_plan_words(struct planner *p, enum scope scope, const struct node *n, bool as_stop);
/* Another term behind them, without a position. */
int fihi_plan_term(struct planner *p, enum scope scope, struct term_key key, unsigned letters, struct query_term **out);
/* The terms from `first` on, up to `end`, are found in so many documents more, in which they are written otherwise. */
void fihi_plan_found_too(struct planner *p, uint32_t first, uint32_t end, uint64_t docs);
/* A keyword as a term, looked up. */
int fihi_plan_keyword_term(struct planner *p, unsigned field, fih_str value);
/* How many words the plan's terms from `first` on are. */
uint32_t fihi_plan_word_count(const struct plan *plan, uint32_t first);
/* Of each of them only the first reading is left; with_bare: also the stop word that it may be without its hamza. */
void fihi_plan_drop_variants(struct plan *plan, uint32_t first, bool with_bare);

enum readings {
    ALL_READINGS,                      /* of a word */
    FIRST_READING,                     /* the others are dropped, but for the stop word that a bare word may be */
    IN_PHRASE                          /* so they are, and the first is its stem only */
};
/* Look up and weigh the plan's terms from `first` on. Outside of phrases they count by form and root too, and are found
 * by other stems of the same spelling, which become terms behind them. */
int fihi_plan_weigh(struct planner *p, uint32_t first, enum readings readings);
float fihi_plan_idf(const struct planner *p, uint64_t df);
/* sqrt(letters / 5), within its limits, times the boost. */
float fihi_plan_letters(const struct planner *p, unsigned letters);
void fihi_plan_boost(struct planner *p, float boost);

/* ---- plan_readings.c */

/* The terms from `first` on, one word after the other, each a child of the group: a term, or its readings. A plain word
 * is also found by its root, where that is asked for (FIH_MATCH_BROAD). */
int fihi_plan_word_nodes(struct planner *p, struct plan_node *group, uint32_t first, enum occur occur, bool is_plain);

/* ---- plan_phrase.c */

/* Words that belong together as a child of the group; a word alone is itself. */
int fihi_plan_phrase(struct planner *p, struct plan_node *group, const struct node *n);
/* =word of a word that without its hamza may be a stop word: what has its form, or the stop word. */
int fihi_plan_bare(struct planner *p, struct plan_node *group, const struct node *n);
/* All words that were asked for, as a phrase that weighs QUOTATION_BOOST times what it would. */
int fihi_plan_quotation(struct planner *p, struct plan_node *group);

/* ---- plan_stop.c */

/* Plain stop words leave the group, and those in it, where they stand beside other words. */
int fihi_plan_drop_stop_words(struct planner *p, struct plan_node *group);
/* Does the node `n`, of which the group was made, ask for plain stop words, two or more, and nothing else? */
bool fihi_plan_asks_stop_words(const struct plan *plan, const struct plan_node *group, const struct node *n);

/* ---- plan_pattern.c */

/* A pattern's words as one child of the group, with the documents that have any. */
int fihi_plan_pattern(struct planner *p, struct plan_node *group, const struct node *n);

/* ---- plan_field.c */

/* NAME:VALUES as a child of the group. FIH_E_QUERY if there is no such field, or no such value. */
int fihi_plan_field(struct planner *p, struct plan_node *group, const struct node *n);
/* A keyword of a field, exactly. */
int fihi_plan_keyword(struct planner *p, struct plan_node *group, enum occur occur, unsigned field, fih_str value);
/* The text of a node: a keyword, or with an asterisk behind it all that begin so. */
int fihi_plan_keywords(struct planner *p, struct plan_node *group, const struct node *n, unsigned field);
/* A span of the day that a document has, as it was written. */
int fihi_plan_date(struct planner *p, struct plan_node *group, const struct node *n);

/* ---- plan_text.c */

/* NAME:VALUES of a text as a child of the group: a word, or several as a phrase. */
int fihi_plan_text(struct planner *p, struct plan_node *group, const struct node *n, unsigned field);
/* Are plain words looked for in texts, too? */
bool fihi_plan_has_texts(const struct planner *p);
/* What the group's first child asks for, a word in its readings or a phrase, at terms [first, end) of the plan: the
 * same in each of these texts, as further children. */
int fihi_plan_in_texts(struct planner *p, struct plan_node *sum, uint32_t first, uint32_t end);
/* The word was asked for again, with this weight by its letters and boosts: it weighs more in these texts, too. */
void fihi_plan_repeat_in_texts(const struct planner *p, const struct plan_node *sum, float letters_weight);

/* ---- plan_best.c */

/* What was asked, and its other writings. */
int fihi_plan_best(struct planner *p, struct plan_node *group, const struct node *n);
/* Set plan->plain. */
int fihi_plan_make_plain(struct plan *plan, fih_error *err);

/* ---- plan_title.c */

bool fihi_plan_may_be_title(const struct planner *p, const struct node *root);
/* The words of the plan's terms from `first` on are the next of the query. */
int fihi_plan_title_words(struct planner *p, uint32_t first);
/* From the words and their other writings, when all are weighed. */
int fihi_plan_make_titles(struct planner *p);

/* ---- plan_facts.c; more of them in plan.h */

/* Does it count anywhere in the tree where words stand? */
bool fihi_plan_counts_places(const struct plan *plan, const struct plan_node *n);
/* Does a group ask for one word in its readings, or one phrase, and nothing else that scores? */
bool fihi_plan_asks_one_thing(const struct plan *plan, const struct plan_node *group);
/* Can a document match the group without one of its words that have a root? */
bool fihi_plan_can_lack_root(const struct plan *plan, const struct plan_node *group, bool is_required);
/* Is any stop word passed over? */
bool fihi_plan_has_passed(const struct plan *plan);

/* ---- plan_filter.c */

/* What says only which documents, and nothing of how good they are: by its fields. Of filters of the same fields any
 * will do, and those of each fields must. */
struct filters {
    struct filter {
        uint64_t          fields;      /* fihi_filter_fields() */
        struct plan_node *any;         /* a group */
    }     *list;
    size_t count, cap;
};

void fihi_filters_free(struct filters *f);
/* A bit for each field that a filter is of, by number; 0 for what is more than a filter. */
uint64_t fihi_filter_fields(const struct plan *plan, const struct plan_node *n);
/* Takes the node over. */
int fihi_filter_add(struct planner *p, struct filters *f, uint64_t fields, struct plan_node *n);
/* Takes the filters over: what the group asks for besides must be found as well, if it asks for anything. */
int fihi_filters_apply(struct planner *p, struct plan_node *group, struct filters *f);
/* Of the root: what only filters goes to plan->filter, if something else leads to the documents and the filter lets
 * enough of them pass that this is faster. */
int fihi_filter_root(struct planner *p);
/* The span of days that the options say. */
int fihi_filter_dates(struct plan *p, const fih_search_opts *o, fih_error *err);

#endif
