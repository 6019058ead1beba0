/* search/ago.h - days counted from today: أمس, آخر 7 أيام, last month, il y a 3 jours.
 *
 * Layer: search. Includes base/, text/.
 *
 *   today, yesterday, the day before yesterday, tomorrow
 *   the last 7 days, weeks, months, years (اخر 7 أيام, past month): so many, of which today is the last day
 *   last week: the seven days up to yesterday; last month, year: the one of the calendar before this one
 *   this week: the seven days up to today; this month, year: that of the calendar
 *   3 days, weeks, months, years ago: that day
 *
 * Weeks begin on other days in other countries: so they are seven days.
 */
#ifndef FIHI_SEARCH_AGO_H
#define FIHI_SEARCH_AGO_H

#include <stdint.h>

#include "fihrist.h"

/* Nonzero if the whole text is such a time: its first and its last day. */
int fihi_ago_parse(fih_str text, int32_t today, int32_t *first, int32_t *last);

#endif
