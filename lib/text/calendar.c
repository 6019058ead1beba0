/* text/calendar.c - counting days; asking ICU.
 *
 * Gregorian days are counted in a few integer operations, after Hinnant: years begin in March, so that the day that a
 * leap year has more is the last, and 400 years are always 146,097 days. 719,468 days lie between the first of March of
 * the year 0 and 1970-01-01. (153 m + 2) / 5 are the days before month m, from March: 0, 31, 61, 92, 122 …
 *
 *    2000-02-29   y 1999, era 4, yoe 399, doy 365, doe 146,096       4 · 146,097 + 146,096 - 719,468 = 11,016
 *
 * Days of the other calendars are ICU's, from tables that change with decrees and astronomy; they are not ours to keep.
 *
 * Everything here works on numbers that a text has said, so nothing may be believed of them: fihi_calendar_day() is the
 * one place where they are checked, and all above it may rely on that. The day number of 9999-12-31 is 2,932,896, so
 * that 32 bits have room for any sum of days and counts of them.
 */
#include "text/calendar.h"

#include <dlfcn.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <unicode/ucal.h>

#include "base/fail.h"

enum { DAY_MS = 86400000, LAST_YEAR = 9999, LAST_OTHER_YEAR = 9666 };  /* some 9999 of our era, or earlier */

/* Division of numbers below 0 rounds towards 0 in C, hence - 399. March is month 0 of a year that ends in February; yoe
 * is the year of the era, doe the day of the era, from 0 to 146,096. */
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

/* The inverse, for every day that 32 bits can say: with 64 bits inside, for 719,468 more would not fit. */
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

/* The rule of the Gregorian calendar (ISO 8601 counts by it also before 1582, as we do): 1900 has no 29 February, 2000
 * has one. */
static int month_days(int y, int m)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return m == 2 && (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) ? 29 : days[m - 1];
}

/* ICU's calendars are in a library of their own, as large as its others, and few dates need them: a program that only
 * searches would take as long to load it as to search. So it is loaded by the first date that does. It stays, and is
 * found again at once; what is kept of it is the loader's, so that threads and forks need no care of ours. A program
 * that is linked with it, as with -static, has the functions already: hence weak. */
extern __typeof__(ucal_open) ucal_open __attribute__((weak));
extern __typeof__(ucal_close) ucal_close __attribute__((weak));
extern __typeof__(ucal_getType) ucal_getType __attribute__((weak));
extern __typeof__(ucal_clear) ucal_clear __attribute__((weak));
extern __typeof__(ucal_set) ucal_set __attribute__((weak));
extern __typeof__(ucal_getMillis) ucal_getMillis __attribute__((weak));

struct icu {
    void      *library;
    UCalendar *(*open)(const UChar *, int32_t, const char *, UCalendarType, UErrorCode *);
    void       (*close)(UCalendar *);
    const char *(*type)(const UCalendar *, UErrorCode *);
    void       (*clear)(UCalendar *);
    void       (*set)(UCalendar *, UCalendarDateFields, int32_t);
    UDate      (*millis)(const UCalendar *, UErrorCode *);
};

/* The name of a function as ICU's headers rename it, with its version. */
#define SYMBOL(function) AS_TEXT(function)
#define AS_TEXT(name)    #name

/* False if the library has no such function. */
static bool find_symbol(const struct icu *icu, const char *name, void *function)
{
    void *const found = dlsym(icu->library, name);

    memcpy(function, &found, sizeof found);    /* ISO C has no cast from one to the other */
    return found;
}

/* The library of the very version that the program was built with: another one's functions have other names. Not
 * finding it is no fault of the date, so the error says what to install. */
static int icu_open(struct icu *icu, fih_error *err)
{
    *icu = (struct icu){NULL, ucal_open, ucal_close, ucal_getType, ucal_clear, ucal_set, ucal_getMillis};
    if (icu->open && icu->close && icu->type && icu->clear && icu->set && icu->millis)
        return FIH_OK;
    icu->library = dlopen("libicui18n.so." U_ICU_VERSION_SHORT, RTLD_LAZY | RTLD_NODELETE);
    if (!icu->library || !find_symbol(icu, SYMBOL(ucal_open), &icu->open) ||
        !find_symbol(icu, SYMBOL(ucal_close), &icu->close) || !find_symbol(icu, SYMBOL(ucal_getType), &icu->type) ||
        !find_symbol(icu, SYMBOL(ucal_clear), &icu->clear) || !find_symbol(icu, SYMBOL(ucal_set), &icu->set) ||
        !find_symbol(icu, SYMBOL(ucal_getMillis), &icu->millis)) {
        const char *const why = dlerror();

        fihi_fail(err, FIH_E_NOMEM,
                  "ICU's calendars (libicui18n.so." U_ICU_VERSION_SHORT
                  ") cannot be loaded: %s; install that version of ICU",
                  why ? why : "out of memory");
        if (icu->library)
            dlclose(icu->library);
        return FIH_E_NOMEM;
    }
    return FIH_OK;
}

/* Days since 1970 of the first of a month. floor(), for milliseconds before 1970 are below 0. month 13 is the first of
 * the next year, for the caller's second question. Fields are set one by one behind a clear, so that nothing of an
 * earlier date is left in the calendar. */
static int32_t month_start(const struct icu *icu, UCalendar *c, int year, int month, UErrorCode *e)
{
    icu->clear(c);
    icu->set(c, UCAL_EXTENDED_YEAR, month > 12 ? year + 1 : year);
    icu->set(c, UCAL_MONTH, month > 12 ? 0 : month - 1);
    icu->set(c, UCAL_DATE, 1);
    return (int32_t)floor(icu->millis(c, e) / DAY_MS);
}

/* The length of a month from its neighbour: ucal_getLimit() works on a copy, and dies where that has no memory.
 * FIH_E_NOTFOUND for a day 30 of a month of 29, which an Islamic month may have: which ones have 30 only the table
 * says. A calendar of ICU's is opened for each date, which costs far more than a Gregorian date; but so few texts have
 * one that no calendar is kept open. */
static int ask_icu(int32_t *out, const char *locale, int year, int month, int day, int at_end, fih_error *err)
{
    static const UChar utc[] = {'U', 'T', 'C', 0};
    UErrorCode e = U_ZERO_ERROR;
    struct icu icu;
    const int rc = icu_open(&icu, err);

    if (rc != 0)
        return rc;
    UCalendar *const c = icu.open(utc, -1, locale, UCAL_TRADITIONAL, &e);
    /* Where memory runs out ICU may hand out another calendar and call it a success. */
    const char *const type = U_SUCCESS(e) ? icu.type(c, &e) : NULL;
    const bool is_asked = type && strcmp(type, strchr(locale, '=') + 1) == 0;
    const int32_t first = is_asked && U_SUCCESS(e) ? month_start(&icu, c, year, month, &e) : 0;
    const int32_t next = is_asked && U_SUCCESS(e) ? month_start(&icu, c, year, month + 1, &e) : 0;

    icu.close(c);
    if (icu.library)
        dlclose(icu.library);
    if (U_FAILURE(e) || !is_asked)
        return fihi_fail(err, FIH_E_NOMEM, "the calendar %s cannot be read: %s", locale, u_errorName(e));
    if (day > next - first)
        return FIH_E_NOTFOUND;
    *out = day ? first + day - 1 : at_end ? next - 1 : first;
    return FIH_OK;
}

/* Limits are checked before anything is computed: numbers come from texts. */
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
