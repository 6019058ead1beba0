/* text/calendar.h - day numbers, and days of three calendars.
 *
 * Layer: text. Includes base/ only. A day number counts days since 1970-01-01. The Gregorian calendar is the proleptic
 * one, after Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms" (days_from_civil, civil_from_days). The
 * others are ICU's: "islamic-umalqura", the tables of Umm al-Qura that Saudi Arabia publishes for 1300 to 1600 and the
 * tabular (civil) calendar outside; "persian", the solar Hijri calendar of Iran.
 */
#ifndef FIHI_TEXT_CALENDAR_H
#define FIHI_TEXT_CALENDAR_H

#include <stdint.h>

#include "fihrist.h"

enum calendar { CALENDAR_ANY, CALENDAR_GREGORIAN, CALENDAR_ISLAMIC, CALENDAR_PERSIAN };

/* The day number of a day in 1 to 31 of a month in 1 to 12; of the first or last day of what is left out (0).
 * CALENDAR_ANY is Gregorian. FIH_E_NOTFOUND without a message if there is no such day. */
int fihi_calendar_day(int32_t *out, enum calendar calendar, int year, int month, int day, int at_end, fih_error *err);

/* The year, month (1 to 12) and day of our era. */
void fihi_calendar_civil(int32_t day, int32_t *y, unsigned *m, unsigned *d);

/* 0 is Sunday. */
unsigned fihi_calendar_weekday(int32_t day);

#endif
