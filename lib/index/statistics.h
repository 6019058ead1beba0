/* index/statistics.h - the numbers of a whole collection, in a file: what a search of one piece of it ranks with.
 *
 * Layer: index. How many documents there are, how long they are, how many have each stem, form and root, and which
 * words are written together and apart. Format: FORMAT.md, "Statistics". Immutable once open: any number of threads
 * may use it. What comes from the file is checked before it is used: FIH_E_CORRUPT.
 */
#ifndef FIHI_INDEX_STATISTICS_H
#define FIHI_INDEX_STATISTICS_H

#include <stdbool.h>

#include "index/format.h"
#include "store/flat.h"

enum {
    STATISTICS_VERSION = 1,
    STATISTICS_HEAD = 112,             /* bytes */
    STATISTICS_BLOCK = 64,             /* terms */
    WRITING_ROW = 16                   /* bytes */
};
#define STATISTICS_MAGIC "fihstats"

struct statistics {
    struct flat    file;
    uint64_t       docs, tokens[NORM_COUNT], with[NORM_COUNT];
    uint64_t       terms, blocks, writings;
    const uint8_t *offsets, *writing_rows;
    const char    *analyzer;           /* its description, with a NUL behind it: new */
    uint64_t       hash;               /* of all of it: which file it is */
};

int fihi_statistics_open(struct statistics **out, const char *path, fih_error *err);
void fihi_statistics_close(struct statistics *s);
/* Mean length (enum norm), as fihi_view_average(). */
float fihi_statistics_average(const struct statistics *s, unsigned norm);

/* What is known of a term; of a form, the most of its rows. */
struct statistics_entry {
    uint64_t       df, title_df;
    uint64_t       rows;
    const uint8_t *at, *end;           /* the rows: fihi_statistics_row() moves on */
    uint64_t       stem;               /* of the last row */
};
/* One stem of a form, and the documents in which an occurrence of it has the form. */
struct statistics_row {
    uint64_t stem, df;
};

/* FIH_OK, and zeros, if the term is not there. */
int fihi_statistics_find(const struct statistics *s, const uint8_t *key, size_t bytes, struct statistics_entry *e,
                         fih_error *err);
/* FIH_OK, FIH_DONE. */
int fihi_statistics_row(const struct statistics *s, struct statistics_entry *e, struct statistics_row *row,
                        fih_error *err);
/* The key of the term with a number; *ordinal is that of a key: UINT64_MAX if it is not there. */
int fihi_statistics_term(const struct statistics *s, uint64_t ordinal, uint8_t key[TERM_KEY_MAX], size_t *bytes,
                         fih_error *err);
int fihi_statistics_ordinal(const struct statistics *s, const uint8_t *key, size_t bytes, uint64_t *ordinal,
                            fih_error *err);

/* A walk through the terms in order. */
struct statistics_walk {
    const struct statistics *of;
    const uint8_t           *at, *end; /* of the block under way */
    uint64_t                 block, ordinal;   /* the next one's */
    unsigned                 left;
    uint8_t                  key[TERM_KEY_MAX];
    size_t                   key_bytes;
    struct statistics_entry  entry;
};
/* Begin near the first key that is not below this one: less than a block of keys below it come first. */
int fihi_statistics_walk_from(struct statistics_walk *w, const struct statistics *s, const uint8_t *key, size_t bytes,
                              fih_error *err);
/* FIH_OK, FIH_DONE. */
int fihi_statistics_walk_next(struct statistics_walk *w, fih_error *err);

/* Words that stand side by side where they belong together (search/apart.h): by a hash of their stems. */
struct writing_row {
    uint64_t hash;
    uint32_t docs;                     /* in which they do, about */
    uint16_t looked, found;            /* documents that were looked at, and had them so */
};
/* False: they do not. */
bool fihi_statistics_writing(const struct statistics *s, uint64_t hash, struct writing_row *row);

/* ---- writing */

struct view;

/* Write the statistics of a view, with rows that ascend by their hash. */
int fihi_statistics_write(const char *path, const struct view *v, const char *analyzer, const struct writing_row *rows,
                          size_t count, fih_error *err);

/* A walk through the terms of a level of all segments together. */
struct level_walk;
int fihi_level_walk_new(struct level_walk **out, const struct view *v, enum level level, fih_error *err);
void fihi_level_walk_free(struct level_walk *w);
/* FIH_OK with the next key, borrowed until the next call; FIH_DONE. */
int fihi_level_walk_next(struct level_walk *w, const uint8_t **key, size_t *bytes, fih_error *err);

#endif
