/* index/merge_part.h - what merge.c and merge_terms.c share.
 *
 * Layer: index.
 */
#ifndef FIHI_INDEX_MERGE_PART_H
#define FIHI_INDEX_MERGE_PART_H

#include "index/column.h"
#include "index/forms.h"
#include "index/merge.h"

/* What a form of a source's list is. */
struct source_form {
    uint32_t form;                     /* 1 + its number among the forms of all sources; 0: none */
    uint32_t df;                       /* as its row says: deleted documents too */
};

struct source {
    struct segment  *segment;
    uint32_t         base;             /* number of its first living document in the new segment */
    uint32_t        *ranks;            /* deleted documents before each run of 64, or NULL */
    struct cursor    cursor;
    uint32_t         next;             /* in the tables merged by hash */
    /* of the level under way, or of the field */
    struct term_walk walk;
    uint8_t          head[2];          /* with which its keys begin, in this source */
    size_t           head_bytes;       /* the same in all sources */
    bool             has_term, is_at;  /* the walk stands on a term; on the least of all sources */
    /* by ordinal of the stem */
    uint32_t         stem_count;
    uint64_t        *form_ends;        /* of its forms, in `forms` */
    uint32_t        *new_stems;        /* its ordinal in the new segment, or NO_STEM */
    size_t           form_end_cap;
    struct source_form *forms;
    uint32_t        *places;           /* of the terms of its keywords, column behind column: where they are in the new
                                          segment, among the field's */
    struct column    column;           /* under way */
};

#define NO_STEM UINT32_MAX

struct merge {
    struct source *sources;
    unsigned       count;
    struct build  *out;
    uint64_t       read;               /* bytes since the last trim */
    uint64_t       steps, all_steps;   /* documents and terms of the sources: passed, and in all */
    uint64_t      *done, before;       /* documents so far, and how many there were before */
    uint32_t       live;
    int          (*tick)(void *);
    void          *ctx;
    fih_error     *err;
    /* terms */
    uint8_t        key[TERM_KEY_MAX];  /* the least of all sources */
    size_t         key_bytes;
    uint32_t       form_count;         /* forms of all sources, each once */
    uint32_t       form;               /* the one under way, from 1 */
    struct list_forms list_forms;      /* of the list under way */
    struct form_rows rows;
    struct posting_form *posting_forms;
    size_t         posting_form_cap;
    uint32_t      *first_dfs;          /* by new ordinal: what a stem adds to its root's documents */
    size_t         first_cap;
    struct dict_row *root_rows;
    size_t         root_row_cap;
    struct merged_field {
        uint32_t first_term, terms;    /* of a keyword, in the new segment */
    }              fields[FIELD_NO_END];
};

/* A merge reads all of its sources once: pages that were read need not stay in memory. */
void fihi_merge_have_read(struct merge *m, uint64_t bytes);
/* The number in the new segment of a living document. */
uint32_t fihi_merge_renumber(const struct source *s, uint32_t doc);
int fihi_merge_tick(struct merge *m);
/* All of the dictionary, lists with it. */
int fihi_merge_terms(struct merge *m);
void fihi_merge_terms_free(struct merge *m);
/* Tell the sources, which stand on the term m->key, where the keyword goes; before it is written. */
int fihi_merge_place(struct merge *m);
/* All columns, when the terms are there. */
int fihi_merge_columns(struct merge *m);

#endif
