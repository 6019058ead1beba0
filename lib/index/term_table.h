/* index/term_table.h - the surface words and terms of a batch.
 *
 * Layer: index. Words are numbered in the order in which chunks bring them, once for all workers, and stay when a batch
 * is written, as long as they do not take too much: workers need not tell of them again. Which of them the batch has,
 * the counts say.
 */
#ifndef FIHI_INDEX_TERM_TABLE_H
#define FIHI_INDEX_TERM_TABLE_H

#include "base/intern.h"
#include "index/chunk.h"

#define NO_TERM UINT32_MAX

/* An occurrence that a surface word makes: a stem, and the form it stands for. */
#define ITEM_SAME       0x80000000u    /* of the stem: shares the position of the one before it */
#define ITEM_ROOT_AGAIN 0x80000000u    /* of the form: the stem's root is at this position already, by another stem */
struct surface_item {
    uint32_t stem;
    uint32_t form;                     /* 1 + number; 0: none */
};

struct term_table {
    struct intern     surfaces;        /* workers look up in it */
    struct intern     terms;           /* of all levels */
    struct intern     keywords;        /* of the batch: whole keys */
    struct inverter_surface {
        uint32_t first;                /* in items */
        uint32_t count;                /* entries of the batch's stream */
        uint8_t  items, words;         /* occurrences, and positions */
    }                *list;            /* by surface word */
    size_t            list_cap;
    struct surface_item *items;        /* by number of the term */
    size_t            item_count, item_cap;
    uint32_t         *root_of;         /* of each term as a stem; or NO_TERM */
    size_t            root_cap;
    uint32_t         *to_surface, *to_term;  /* of the chunk's new words and their terms: our numbers */
    size_t            to_surface_cap, to_term_cap;
};

/* Empty it for the next batch, of all words if they take more than `keep` bytes. No worker may be at work. */
void fihi_term_table_clear(struct term_table *w, uint64_t keep);
void fihi_term_table_free(struct term_table *w);
/* Take in what a chunk tells: w->to_surface has the numbers of its own words. FIH_OK, FIH_E_NOMEM or FIH_E_LIMIT. */
int fihi_term_table_learn(struct term_table *w, const struct growth *g);
/* Number of a keyword by its key, new or known; FIH_OK, FIH_E_NOMEM or FIH_E_LIMIT. */
int fihi_term_table_keyword(struct term_table *w, const uint8_t *bytes, size_t n, uint32_t *number);
/* Memory held, and what fihi_term_table_sort() needs besides. */
uint64_t fihi_term_table_bytes(const struct term_table *w);

/* ---- the order of the dictionary */

/* The terms of a level, sorted. */
struct terms {
    const struct intern *strings;
    uint32_t            *list;         /* their numbers in `strings` */
    size_t               count;
};

/* The batch's terms numbered by level, in the order of their bytes; and what the surface words stand for, by these. */
struct sorted_words {
    struct terms         stems, forms, roots, keywords;
    uint32_t            *root_of;      /* of each stem; or NO_TERM */
    struct surface_item *items;        /* as those of struct term_table */
    struct surface_item *only;         /* of each surface word that makes one occurrence; else NO_TERM as the stem */
    uint32_t            *keyword_numbers;    /* by number in w->keywords */
};

/* When all words of the batch are known. FIH_OK or FIH_E_NOMEM; freed in any case. */
int fihi_term_table_sort(const struct term_table *w, struct sorted_words *out);
void fihi_sorted_free(struct sorted_words *s);

/* The dictionary's key of a term; how many bytes. */
static inline size_t term_key(uint8_t key[TERM_KEY_MAX], enum level level, const struct terms *t, uint32_t number)
{
    size_t n;
    const uint8_t *const s = intern_get(t->strings, t->list[number], &n);

    key[0] = (uint8_t)level;
    memcpy(key + 1, s, n);
    return 1 + n;
}

#endif
