/* text/hijri.h - days of the Islamic calendar.
 *
 * Layer: text. Includes base/ only. The calendar is ICU's "islamic-umalqura": the tables of Umm al-Qura that Saudi
 * Arabia publishes for 1300 to 1600, the tabular (civil) calendar outside.
 */
#ifndef FIHI_TEXT_HIJRI_H
#define FIHI_TEXT_HIJRI_H

#include <stdint.h>

#include "fihrist.h"

/* The day, in days since 1970-01-01, of a day in 1 to 30 of a month in 1 to 12; of the first or last day of what is
 * left out (0). FIH_E_QUERY without a message if there is no such day. */
int fihi_hijri_day(int year, int month, int day, int at_end, int32_t *out, fih_error *err);

#endif
