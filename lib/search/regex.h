/* search/regex.h - a regular expression taken apart: from its text to a tree.
 *
 * Layer: search. Includes base/, text/fold.h. The language is that of fihrist-query(7), "Regular expressions": what a
 * machine without memory can decide, so that the time of a match grows with the word and with nothing else.
 */
#ifndef FIHI_SEARCH_REGEX_H
#define FIHI_SEARCH_REGEX_H

#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"

enum { REGEX_MOST_TIMES = 255, REGEX_DEPTH = 32 };     /* in {m,n}: no word is longer; groups in groups */

#define REGEX_NONE UINT32_MAX

enum regex_kind {
    REGEX_LETTER,             /* one letter of a class */
    REGEX_ALL,                /* its children, one behind the other; without any: nothing at all */
    REGEX_ANY,                /* one of its children */
    REGEX_TIMES               /* its child, least to most times */
};

struct regex_range {
    uint32_t from, to;
};

struct regex_node {
    enum regex_kind kind;
    uint32_t child, next;     /* the first one; the one behind this one: REGEX_NONE if there is none */
    uint32_t least, most;     /* REGEX_NONE: any number */
    uint32_t range, count;    /* REGEX_LETTER: its ranges, ascending, apart from each other */
};

struct regex {
    struct regex_node  *nodes;
    struct regex_range *ranges;
    size_t              count, cap, range_count, range_cap;
    uint32_t            root;
    unsigned            letters;       /* that it says outright */
};

/* How a character outside ASCII is spelt in the words that are compared: the bytes written to out, 0 for none. */
struct regex_spelling {
    size_t (*fold)(void *ctx, const uint8_t *s, size_t n, uint8_t *out);
    void    *ctx;
};

/* `spelling` may be NULL; `at` is where the text stands in the query, for the errors: FIH_E_QUERY with the place of
 * what is wrong or not supported, FIH_E_LIMIT, FIH_E_NOMEM. */
int fihi_regex_parse(struct regex *x, const char *text, size_t n, const struct regex_spelling *spelling, size_t at,
                     fih_error *err);
void fihi_regex_free(struct regex *x);

#endif
