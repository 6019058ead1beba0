/* search/when.h - spans of days as people write them in a query.
 *
 * Layer: search. Includes base/, text/.
 *
 *   span = time | [ time ] ".." [ time ] | ( ">" | ">=" | "<" | "<=" ) time
 *   time = a year, month or day as text/date.h reads them, and nothing besides; or one counted from today
 *          (search/ago.h)
 */
#ifndef FIHI_SEARCH_WHEN_H
#define FIHI_SEARCH_WHEN_H

#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"

/* Days since 1970-01-01, both in the span; from INT32_MIN + 1, to INT32_MAX where it is open. FIH_E_QUERY without a
 * message if the text is no span, or an empty one. */
int fihi_when_parse(fih_str text, int32_t today, int32_t *from, int32_t *to, fih_error *err);

/* The first and the last day of a time. */
int fihi_when_time(fih_str text, int32_t today, int32_t *first, int32_t *last, fih_error *err);

/* A span of anything, as above: `read` says the first and the last value of a time, or of what stands for one. Where
 * the span is open *low and *high stay. FIH_E_QUERY without a message if the text is none. */
typedef int end_reader(void *ctx, fih_str text, int64_t *first, int64_t *last, fih_error *err);
int fihi_span_read(int64_t *low, int64_t *high, fih_str text, end_reader *read, void *ctx, fih_error *err);

/* The day that it is now in the local time zone. */
int32_t fihi_when_today(void);

#endif
