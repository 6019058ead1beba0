/* search/query_scan.h - what a query's text is made of: spaces, numbers, quotation marks.
 *
 * Layer: search. Private to query*.c.
 */
#ifndef FIHI_SEARCH_QUERY_SCAN_H
#define FIHI_SEARCH_QUERY_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "search/query.h"

struct scan {
    const char *s;
    size_t      n, i;
    unsigned    depth, clauses;
    enum scope  scope;                 /* of the parentheses that we are in */
    fih_str     field;                 /* theirs, in SCOPE_FIELD */
    unsigned    reach;                 /* of the distance that was read last */
    fih_error  *err;
};

/* The bytes of the space at i: space, tab, line ends, and U+00A0, which a person may have pasted between words. */
size_t fihi_scan_space(const struct scan *t, size_t i);
void fihi_scan_skip(struct scan *t);
bool fihi_scan_has_space(const struct scan *t, size_t from, size_t to);
/* Does a parenthesis end here what another one began? */
bool fihi_scan_closes(const struct scan *t, size_t i);
/* Does what began before end at i? */
bool fihi_scan_is_end(const struct scan *t, size_t i);
/* The number from *i on, and where it ends; false if there is none. */
bool fihi_scan_number(const struct scan *t, size_t *i, float *value);
/* How many letters and digits a text has, wildcards and ASCII signs left out. */
size_t fihi_scan_letters(const char *s, size_t n);
/* Where the text in the quotation marks that begin at i stands, and the bytes of either mark; false if no mark opens
 * there, or it is a typographic one that nothing closes. An ASCII one may reach the end: *to is t->n then. */
bool fihi_scan_quotes(const struct scan *t, size_t i, size_t *from, size_t *to, size_t *mark);

#endif
