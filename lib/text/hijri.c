/* text/hijri.c - asking ICU. */
#include "text/hijri.h"

#include <unicode/ucal.h>

#include "base/fail.h"

enum { DAY_MS = 86400000, LAST_YEAR = 9666 };  /* 9999 of our era */

int fihi_hijri_day(int year, int month, int day, int at_end, int32_t *out, fih_error *err)
{
    static const UChar utc[] = {'U', 'T', 'C', 0};
    UErrorCode e = U_ZERO_ERROR;
    UCalendar *c;
    int days, rc = FIH_OK;

    if (year < 1 || year > LAST_YEAR || month < 0 || month > 12 || day < 0 || day > 30)
        return FIH_E_QUERY;
    if (!(c = ucal_open(utc, -1, "en@calendar=islamic-umalqura", UCAL_TRADITIONAL, &e)) || U_FAILURE(e)) {
        ucal_close(c);
        return fihi_fail(err, FIH_E_NOMEM, "the Islamic calendar cannot be opened: %s", u_errorName(e));
    }
    ucal_clear(c);
    ucal_set(c, UCAL_EXTENDED_YEAR, year);
    ucal_set(c, UCAL_MONTH, (month ? month : at_end ? 12 : 1) - 1);
    ucal_set(c, UCAL_DATE, 1);
    days = ucal_getLimit(c, UCAL_DATE, UCAL_ACTUAL_MAXIMUM, &e);
    if (day > days)
        rc = FIH_E_QUERY;
    /* The limit is asked for on a calendar that is set to another day: set it anew. */
    ucal_set(c, UCAL_DATE, day ? day : at_end ? days : 1);
    const double ms = ucal_getMillis(c, &e);
    if (U_FAILURE(e))
        rc = fihi_fail(err, FIH_E_NOMEM, "the Islamic calendar cannot be read: %s", u_errorName(e));
    else
        *out = (int32_t)(ms >= 0 ? ms / DAY_MS : -((-ms + DAY_MS - 1) / DAY_MS));
    ucal_close(c);
    return rc;
}
