/* index/words.h - the surface words and terms of a batch.
 *
 * Layer: index. Each worker tells of a surface word once (chunk.h, struct growth); what it has told stays when a batch
 * is written. Our own numbers are the batch's: of the terms of each level, and of surface words, each worker's for
 * themselves.
 */
#ifndef FIHI_INDEX_WORDS_H
#define FIHI_INDEX_WORDS_H

#include "base/buf.h"
#include "base/table.h"
#include "index/chunk.h"

#define NO_TERM UINT32_MAX

/* The terms of one level: their bytes are one behind the other, and found by a table. */
struct terms {
    struct buf   bytes;
    struct batch_term {
        uint64_t at;
        uint32_t bytes;                /* 1 to FIH_MAX_TERM */
    }           *list;
    size_t       count, cap;
    struct table table;
};

/* An occurrence that a surface word makes: a stem, and the form it stands for. */
#define ITEM_SAME       0x80000000u    /* of the stem: shares the position of the one before it */
#define ITEM_ROOT_AGAIN 0x80000000u    /* of the form: the stem's root is at this position already, by another stem */
struct surface_item {
    uint32_t stem;
    uint32_t form;                     /* 1 + number; 0: none */
};

/* What a worker has told us of its vocabulary, and our numbers for it. It outlives the batch, for a worker tells
 * of each word once. */
struct lane {
    struct buf     terms;
    size_t        *term_ends;
    struct lane_term {
        uint32_t stem, form, root;     /* 1 + our number at that level; 0: not met there in this batch */
    }             *to_term;
    size_t         term_count, term_cap, to_term_cap;
    struct result *results;
    size_t        *surface_ends;       /* in results */
    uint32_t      *to_surface;         /* 1 + our number of the surface word; 0: not met in this batch */
    size_t         result_count, result_cap, surface_count, surface_cap, to_surface_cap;
};

struct words {
    struct terms      stems, sections, forms, roots;
    uint32_t         *root_of;         /* of each stem; or NO_TERM */
    size_t            root_cap;

    /* surface words, each worker's for themselves */
    struct batch_surface {
        uint32_t first;                /* in items */
        uint32_t count;                /* entries of the stream */
        uint8_t  items, words;         /* occurrences, and positions */
    }                *surfaces;
    size_t            surface_count, surface_cap;
    struct surface_item *items;
    size_t            item_count, item_cap;
    struct lane      *lanes;           /* by number of worker */
    size_t            lane_count, lane_cap;
};

/* Empty it for the next batch. */
void fihi_words_clear(struct words *w);
void fihi_words_free(struct words *w);
/* Take in what a chunk's worker tells; *out is its lane, until the next call. FIH_OK or FIH_E_NOMEM, as for all here.
 */
int fihi_words_learn(struct words *w, const struct growth *g, struct lane **out);
/* Number of a term, new or known. */
int fihi_words_intern(struct terms *t, const uint8_t *bytes, size_t n, uint32_t *number);
/* A worker's surface word that this batch meets for the first time. */
int fihi_words_add_surface(struct words *w, struct lane *l, uint32_t surface);
/* Number the terms anew, in the order of their bytes, when all words of the batch are known: items and roots follow.
 * section_numbers[old] is a section's new number; it has room for all of them. Only fihi_words_clear() may come
 * after. */
int fihi_words_sort(struct words *w, uint32_t *section_numbers);
/* Memory held, and what fihi_words_sort() needs besides. */
uint64_t fihi_words_bytes(const struct words *w);

/* Our number of a worker's surface word. */
static inline int words_surface(struct words *w, struct lane *l, uint32_t surface, uint32_t *number)
{
    const int rc = l->to_surface[surface] ? FIH_OK : fihi_words_add_surface(w, l, surface);

    *number = l->to_surface[surface] - 1;
    return rc;
}

/* The dictionary's key of a term; how many bytes. */
static inline size_t term_key(uint8_t key[TERM_KEY_MAX], enum level level, const struct terms *t, uint32_t number)
{
    key[0] = (uint8_t)level;
    memcpy(key + 1, t->bytes.ptr + t->list[number].at, t->list[number].bytes);
    return 1 + (size_t)t->list[number].bytes;
}

#endif
