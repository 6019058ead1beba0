/* index/date.h - day numbers.
 *
 * Layer: index. Proleptic Gregorian days since 1970-01-01, after Howard Hinnant's "chrono-Compatible Low-Level
 * Date Algorithms" (days_from_civil, civil_from_days).
 */
#ifndef FIHI_INDEX_DATE_H
#define FIHI_INDEX_DATE_H

#include <stdint.h>

#include "fihrist.h"

/* The day of YYYY, YYYY-MM or YYYY-MM-DD (or / or . between; digits ASCII, Arabic or Persian), whatever follows it;
 * with `at_end` a bare year or month means its last day. DATE_NONE if it is no date; *exact (may be NULL) tells whether
 * nothing followed. */
int32_t fihi_date_parse(fih_str text, int at_end, int *exact);

/* The year, month (1 to 12) and day of a day number. */
void fihi_date_civil(int32_t day, int32_t *y, unsigned *m, unsigned *d);

#endif
