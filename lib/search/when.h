/* search/when.h - spans of days as people write them in a query.
 *
 * Layer: search. Includes base/, text/, index/date.h.
 *
 *   span = time | [ time ] ".." [ time ] | ( ">" | ">=" | "<" | "<=" ) time
 *   time = year, month and year, or day, month and year, with spaces or - / . , _ between; whatever has three digits or
 * more is the year, and the other number stands for the day where the month has a name
 *
 * Months may have their names of the Levant, of Egypt, of the Maghreb, of the Islamic calendar, French and English
 * ones. A year from 1300 to 1500 without a name and without م is one of the Islamic calendar, and so is any with هـ.
 */
#ifndef FIHI_SEARCH_WHEN_H
#define FIHI_SEARCH_WHEN_H

#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"

/* Days since 1970-01-01, both in the span; from INT32_MIN + 1, to INT32_MAX where it is open. FIH_E_QUERY without a
 * message if the text is no span, or an empty one. */
int fihi_when_parse(fih_str text, int32_t *from, int32_t *to, fih_error *err);

#endif
