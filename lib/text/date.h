/* text/date.h - the days that a text means: the one reader of dates.
 *
 * Layer: text. Includes base/ only. What is read:
 *
 *   2015, 2015-03, 2015-03-12 (- / . between), 20150312, 12/3/2015, 3/12/2015 where only one order makes a date or fits
 *   the day of the week that stands beside it, else the day is first; 12 March 2015, March 12th, 2015, 2015 March 12,
 *   March 2015, months by the names of date_word.c, also two of one month (كانون الثاني/يناير) and كانون 2; RFC 822,
 *   ctime(); digits of three scripts; anything may follow, and words may stand before
 *
 * Which calendar: that of the month's name or of a mark behind the year (هـ, م, هـ.ش). Numbers alone from 1300 to 1500
 * are Islamic years, as they are in Arabic; those to 1410 may be Iran's years as well. They are Iran's with Persian
 * digits, Islamic with Arabic ones; with others the day of the week decides, or else they are refused, but where the
 * text is nothing but the date, because a person asks for it: Islamic. Other years are of our era. A date of our era
 * beside one of another calendar goes before it.
 */
#ifndef FIHI_TEXT_DATE_H
#define FIHI_TEXT_DATE_H

#include <stdint.h>

#include "fihrist.h"

/* The first and the last day of it, in days since 1970-01-01; flags: FIH_DATE_…. FIH_E_NOTFOUND without a message if
 * there is none. */
int fihi_date_parse(int32_t *first, int32_t *last, fih_str text, unsigned flags, fih_error *err);

#endif
