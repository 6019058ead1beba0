/* search/apart.h - is a word of an index written there in two or three words too, or are words of it one word?
 *
 * Layer: search. Includes base/, text/, index/. Knows nothing of queries. What counts is how often the parts stand side
 * by side, seen against how often they would by chance in the same documents.
 */
#ifndef FIHI_SEARCH_APART_H
#define FIHI_SEARCH_APART_H

#include <stdbool.h>

#include "index/view.h"
#include "search/term.h"
#include "text/analyzer.h"

enum {
    APART_PIECES = 3,                  /* words that one may be, or that may be one */
    APART_WRITINGS = 3,                /* of what is said so often: three words have four spacings */
    APART_BYTES = 160,                 /* of a writing */
    APART_SEGMENTS = 6,                /* in which a word is looked up once */
    APART_CUTS = 16                    /* places at which the words of a query are cut, where they do not begin so */
};

/* A piece of text as one word. */
struct piece {
    const char     *text;              /* borrowed */
    size_t          len;               /* of the word in it */
    unsigned        letters;
    bool            is_word, is_stop;  /* one word of Arabic letters; else nothing below is set */
    struct term_key key, form;         /* its first stem, and its normalised word if it has one */
    uint64_t        docs;              /* that have the stem, once they were counted */
    bool            is_counted;
    struct dict_entry entries[APART_SEGMENTS]; /* then, in the first segments; df 0: it is not there */
};

/* Another writing, if `len` is not 0. */
struct writing {
    char     text[APART_BYTES];
    size_t   len;
    uint64_t docs;                     /* that have it; of words side by side an estimate, if they are many */
};

struct apart {
    const struct view *view;
    struct analyzer   *analyzer;
    unsigned           cuts;           /* that were tried: at most APART_CUTS */
    struct cursor      cursors[APART_PIECES];
};

void fihi_apart_begin(struct apart *x, const struct view *v, struct analyzer *a);
void fihi_apart_end(struct apart *x);
/* What a text is as one word; what stands around the word is left out. */
int fihi_apart_look(struct apart *x, const char *text, size_t n, struct piece *out, fih_error *err);
/* Two words or three, side by side, as one that the index has. */
int fihi_apart_join(struct apart *x, struct piece *const *pieces, unsigned count, struct writing *out, fih_error *err);
/* The same, and a word as several, of what is said so often that texts have it in any spacing (text/said.h): each
 * spacing that the index has, and is not the one asked, into out. *is_said: it is such words, and nothing else need be
 * tried. */
int fihi_apart_said(struct apart *x, struct piece *const *pieces, unsigned count, struct writing out[APART_WRITINGS],
                    unsigned *writings, bool *is_said, fih_error *err);
/* The same of initials, of which two may be written together: of these as they are in the index, of others where two of
 * them are so there. */
int fihi_apart_initials(struct apart *x, struct piece *const *pieces, unsigned count,
                        struct writing out[APART_WRITINGS], unsigned *writings, bool *is_initials, fih_error *err);
/* What is known of words that stand side by side (index/statistics.h): found is 0 where they do not belong together. */
int fihi_apart_evidence(struct apart *x, struct piece *const *pieces, unsigned count, struct writing_row *out,
                        fih_error *err);
/* May three words be one, with this as their first or as their last? */
bool fihi_apart_is_first(const struct piece *p);
bool fihi_apart_is_last(const struct piece *p);
/* A word as two or three that stand side by side in the index. */
int fihi_apart_split(struct apart *x, struct piece *word, struct writing *out, fih_error *err);

#endif
