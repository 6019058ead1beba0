/* search/values.h - what stands behind a field's name in a query: NAME:VALUES.
 *
 * Layer: search. Includes base/, index/value.h.
 *
 *   values = value | [ value ] ".." [ value ] | ( ">" | ">=" | "<" | "<=" ) value | "*"      numbers, dates, times
 *          | value | beginning "*"                                                            keywords
 */
#ifndef FIHI_SEARCH_VALUES_H
#define FIHI_SEARCH_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"

/* The bytes of a field's name at the beginning of a text, with a colon and something behind it; 0 if there is none. An
 * address (http://) and what has two colons (std::sort) have none, and no name begins with a digit (10:30). */
size_t fihi_name_at(const char *s, size_t n, bool *is_ascii);

/* The span of values that a text means in a field whose kind is a number, both in it: *low > *high is an empty one.
 * FIH_E_QUERY without a message if it is none. */
int fihi_values_read(int64_t *low, int64_t *high, unsigned kind, fih_str text, int32_t today, fih_error *err);

#endif
