/* text/calendar.c - counting days; asking ICU. */
#include "text/calendar.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <unicode/ucal.h>

#include "base/fail.h"

enum { DAY_MS = 86400000, LAST_YEAR = 9999, LAST_OTHER_YEAR = 9666 };  /* some 9999 of our era, or earlier */

static int32_t days_from_civil(int32_t y, unsigned m, unsigned d)
{
    int32_t era;
    unsigned yoe, doy, doe;

    y -= m <= 2;
    era = (y >= 0 ? y : y - 399) / 400;
    yoe = (unsigned)(y - era * 400);
    doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + (int32_t)doe - 719468;
}

void fihi_calendar_civil(int32_t day, int32_t *y, unsigned *m, unsigned *d)
{
    const int64_t z = (int64_t)day + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    const unsigned doe = (unsigned)(z - era * 146097);
    const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

    *d = doy - (153 * mp + 2) / 5 + 1;
    *m = mp < 10 ? mp + 3 : mp - 9;
    *y = (int32_t)(yoe + era * 400) + (*m <= 2);
}

unsigned fihi_calendar_weekday(int32_t day)
{
    return (unsigned)((((int64_t)day + 4) % 7 + 7) % 7);   /* 1970-01-01 was a Thursday */
}

static int month_days(int y, int m)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return m == 2 && (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) ? 29 : days[m - 1];
}

/* Days since 1970 of the first of a month. */
static int32_t month_start(UCalendar *c, int year, int month, UErrorCode *e)
{
    ucal_clear(c);
    ucal_set(c, UCAL_EXTENDED_YEAR, month > 12 ? year + 1 : year);
    ucal_set(c, UCAL_MONTH, month > 12 ? 0 : month - 1);
    ucal_set(c, UCAL_DATE, 1);
    return (int32_t)floor(ucal_getMillis(c, e) / DAY_MS);
}

/* The length of a month from its neighbour: ucal_getLimit() works on a copy, and dies where that has no memory. */
static int ask_icu(int32_t *out, const char *locale, int year, int month, int day, int at_end, fih_error *err)
{
    static const UChar utc[] = {'U', 'T', 'C', 0};
    UErrorCode e = U_ZERO_ERROR;
    UCalendar *const c = ucal_open(utc, -1, locale, UCAL_TRADITIONAL, &e);
    /* Where memory runs out ICU may hand out another calendar and call it a success. */
    const char *const type = U_SUCCESS(e) ? ucal_getType(c, &e) : NULL;
    const bool is_asked = type && strcmp(type, strchr(locale, '=') + 1) == 0;
    const int32_t first = is_asked && U_SUCCESS(e) ? month_start(c, year, month, &e) : 0;
    const int32_t next = is_asked && U_SUCCESS(e) ? month_start(c, year, month + 1, &e) : 0;

    ucal_close(c);
    if (U_FAILURE(e) || !is_asked)
        return fihi_fail(err, FIH_E_NOMEM, "the calendar %s cannot be read: %s", locale, u_errorName(e));
    if (day > next - first)
        return FIH_E_NOTFOUND;
    *out = day ? first + day - 1 : at_end ? next - 1 : first;
    return FIH_OK;
}

int fihi_calendar_day(int32_t *out, enum calendar calendar, int year, int month, int day, int at_end, fih_error *err)
{
    const bool is_ours = calendar == CALENDAR_GREGORIAN || calendar == CALENDAR_ANY;

    if (year < 1 || year > (is_ours ? LAST_YEAR : LAST_OTHER_YEAR) || month < 0 || month > 12 || day < 0 || day > 31)
        return FIH_E_NOTFOUND;
    if (!month)
        month = at_end ? 12 : 1;
    if (!is_ours)
        return ask_icu(out, calendar == CALENDAR_ISLAMIC ? "en@calendar=islamic-umalqura" : "en@calendar=persian", year,
                       month, day, at_end, err);
    if (day > month_days(year, month))
        return FIH_E_NOTFOUND;
    *out = days_from_civil(year, (unsigned)month, (unsigned)(day ? day : at_end ? month_days(year, month) : 1));
    return FIH_OK;
}
