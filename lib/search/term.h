/* search/term.h - one word of a query: the terms that it has in an index, and what they weigh.
 *
 * Layer: search. Includes base/, index/. A word makes hits by its stem's list alone; its normalised word and its root
 * are numbers in that list. Formula and defaults: fihrist.h, fih_search().
 */
#ifndef FIHI_SEARCH_TERM_H
#define FIHI_SEARCH_TERM_H

#include <stdbool.h>

#include "index/view.h"
#include "search/query.h"
#include "text/analyzer.h"

/* A key of the dictionary: its level's byte and the term. */
struct term_key {
    uint8_t bytes[TERM_KEY_MAX];
    size_t  count;                     /* 0: none */
};

/* Where a query term lies in a segment. */
struct term_place {
    struct dict_entry entry;           /* of the stem or section; df 0: it is not there */
    struct dict_entry word;            /* of the normalised word: its rows are all stems that have it; df 0: none */
    uint32_t          form;            /* the number of the normalised word in the stem's list, or NO_FORM */
    struct dict_entry root;            /* its rows are the root's stems there; df 0: none */
};

#define NO_FORM (UINT32_MAX - 1)       /* no posting has it, and it is not FORM_MIXED */

/* Is it what was asked, or that in one word or in several? */
enum writing_kind { WRITTEN_AS_ASKED, WRITTEN_TOGETHER, WRITTEN_APART };

struct query_term {
    struct term_key key;               /* stem, section, keyword, or a text's word */
    struct term_key form, root;        /* normalised word and root, if they count */
    enum scope scope;
    bool       is_form_only;           /* found only where it has the form: another stem of the same spelling */
    bool       is_stop;
    bool       is_either;              /* written as a stop word, but part of a name, perhaps */
    bool       is_shared;              /* weight is the stem's part only */
    bool       in_phrase;              /* of a phrase: neither form nor root counts */
    bool       is_variant;             /* another reading of the word before it */
    bool       is_passed;              /* a stop word that finds nothing: it only counts beside the query's next word */
    uint32_t   word_at, word_bytes;    /* as it was asked, in the query's text (search/asked.h) */
    bool       has_writing;            /* another one (plan_best.c): then a root does not stand for it */
    enum writing_kind writing;
    unsigned   times;                  /* it was asked for so often */
    uint32_t   repeats;                /* 1 + the plan's term that is the same word, and counts for both; 0: none */
    uint32_t   word;                   /* readings of one word have one number, another than all others */
    uint32_t   position;               /* in its phrase */
    uint32_t   reach;                  /* of the link to the word before it in a phrase */
    enum link  link;
    /* documents in all segments, deleted ones counted: with the stem (in its scope), its form, its root */
    uint64_t   df, form_df, root_df;
    float      idf, form_idf, root_idf;
    float      letters_weight, boost;  /* the first has the second in it */
    /* of the saturated frequencies: letters_weight * idf * field's * level's * times asked */
    float      weight, form_weight, root_weight, title_weight;
    float      mean, slope;            /* of a word of a text (SCOPE_FIELD): its mean length, and the slope by it */
    struct term_place *places;         /* by segment of the view */
};

/* Look the term's key up in every segment, and its form and root if it has them; df are set. */
int fihi_term_find(struct query_term *t, const struct view *v, fih_error *err);
void fihi_term_free(struct query_term *t);

/* Other stems that have the normalised word of `t` in some segment, at most `most` of them, into `out`; after
 * fihi_term_find(). */
int fihi_term_other_stems(const struct query_term *t, const struct view *v, struct term_key *out, size_t most,
                          size_t *count, fih_error *err);

/* Can its root stand for it? Not for one that has another writing: that does. */
static inline bool term_can_lack_root(const struct query_term *t)
{
    return t->root.count && !t->has_writing;
}

static inline struct term_key term_key(enum level level, struct term_text t)
{
    struct term_key k = {.count = 0};

    if (t.len > FIH_MAX_TERM)
        t.len = FIH_MAX_TERM;
    k.bytes[0] = (uint8_t)level;
    if (t.len)
        memcpy(k.bytes + 1, t.ptr, t.len);
    k.count = t.len + 1;
    return k;
}

static inline bool is_same_key(const struct term_key *a, const struct term_key *b)
{
    return a->count == b->count && memcmp(a->bytes, b->bytes, a->count) == 0;
}

#endif
