/* search/order.h - hits in the order of fields: which, and the first of them.
 *
 * Layer: search. Includes base/, index/.
 *
 *   order = key { "," key }      key = [ "-" ] ( field | "score" )      at most ORDER_KEYS
 */
#ifndef FIHI_SEARCH_ORDER_H
#define FIHI_SEARCH_ORDER_H

#include <stdbool.h>

#include "search/rank.h"

enum { ORDER_KEYS = 4 };

struct order {
    struct order_key {
        unsigned field, kind;          /* 0 is the score */
        bool     is_down;              /* the greatest first; of scores the least */
    }        keys[ORDER_KEYS];
    unsigned count;
    bool     has_score, has_keyword;
    unsigned collapse;                 /* a field: of documents with one value of it only the first is there; 0: all */
    uint32_t hash;                     /* of the text: a cursor belongs to it */
};

/* FIH_E_USAGE if it is none, or a field is not there. */
int fihi_order_parse(struct order *o, const char *text, const struct schema *schema, fih_error *err);
/* The best first, and nothing else. */
void fihi_order_by_score(struct order *o);
/* Hits of one value of this field are one. FIH_E_USAGE if it is not there. */
int fihi_order_collapse(struct order *o, const char *field, const struct schema *schema, fih_error *err);
/* The k first documents that match, in their order; scores only where the order has them, and without a second pass.
 * Every match is visited. With `after`, which is a hit of the same order, those behind it: not of an order with
 * keywords, nor of one that collapses. */
int fihi_rank_ordered(struct ranking *out, const struct plan *plan, const struct order *o, uint32_t k,
                      const struct scored *after, const fih_search_opts *opts, fih_error *err);

#endif
