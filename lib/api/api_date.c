/* api/api_date.c - dates for programs.
 *
 * The same readers as for documents and queries, so that a program that prepares dates gets what the index would make
 * of them.
 */
#include <stdio.h>

#include "api/handles.h"
#include "base/fail.h"
#include "search/when.h"
#include "text/calendar.h"
#include "text/date.h"

int fih_date_parse(int32_t *first, int32_t *last, fih_str text, unsigned flags, fih_error *err)
{
    if (flags & ~(unsigned)(FIH_DATE_WHOLE | FIH_DATE_MONTH_FIRST))
        return fihi_fail(err, FIH_E_USAGE, "unknown date flags %u", flags);
    return fihi_date_parse(first, last, text, flags, err);
}

int fih_date_text(char out[FIH_DATE_BYTES], int32_t day, fih_error *err)
{
    int32_t y;
    unsigned m, d;

    /* Any number is a day of some year; four digits have room for these. */
    fihi_calendar_civil(day, &y, &m, &d);
    *out = '\0';
    if (y < 1 || y > 9999)
        return fihi_fail(err, FIH_E_USAGE, "day %d is outside the years 1 to 9999", (int)day);
    /* The remainders change nothing: they tell the compiler how many digits there can be. */
    snprintf(out, FIH_DATE_BYTES, "%04u-%02u-%02u", (unsigned)y % 10000, m % 100, d % 100);
    return FIH_OK;
}

int32_t fih_date_today(void)
{
    return fihi_when_today();
}
