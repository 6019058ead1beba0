/* index/value.c - reading and writing values.
 *
 * A field's values are stored as 64-bit numbers in the order of what they mean, so that one comparison of integers
 * serves for all kinds: 12.5 < 13 as numbers, and 2024-05-01 before 2024-05-02 as days. For a double this holds of
 * its bits, read as an integer, as long as it is not negative; negative ones are turned round (value_of_double()).
 *
 * What people write is taken: ١٢٣ and ۱۲۳ for 123, U+066B for the point. What is no value of the kind is refused
 * whole: "300 pages" is no number, rather than 300.
 *
 * A text can also be asked for as a span: in a field of dates "2024" is from 2024-01-01 to 2024-12-31, as day
 * numbers 19,723 to 20,088. Stored is the first of them.
 *
 * In numbers: 12.5 is 4,623,226,492,472,524,800 and 13 is 4,623,507,967,449,235,456; with the sign turned round, -13 is
 * below -12.5 as it should be. Noon of 2024-05-01 in UTC is 1,714,564,800. */
#define _GNU_SOURCE                    /* strtod_l() */
#include "index/value.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "index/format.h"
#include "text/calendar.h"
#include "text/date.h"

/* The longest double without an exponent has 309 digits before the point: 400 is enough for any that is written out. */
enum { DIGITS_MOST = 400, DAY_SECONDS = 86400 };

/* ---- numbers */

/* The text in ASCII: digits of the three scripts that Arabic texts use, a point that may be U+066B, a minus that may be
 * U+2212, no space but around it. How many bytes, or 0 if there is anything else. A text that fills the buffer is
 * refused, for its end may be missing. A digit has two bytes of UTF-8 and gets one, so the result is never longer than
 * the text. */
static size_t to_ascii(char out[DIGITS_MOST + 1], fih_str text)
{
    const unsigned char *s = (const unsigned char *)text.ptr;
    size_t n = 0;

    while (text.len && s[0] <= ' ')
        s++, text.len--;
    while (text.len && s[text.len - 1] <= ' ')
        text.len--;
    for (size_t i = 0; i < text.len && n < DIGITS_MOST;) {
        if (s[i] == '\0') {                    /* would end it for those who read it */
            return 0;
        } else if (s[i] < 0x80) {
            out[n++] = (char)s[i++];
        } else if (text.len - i > 1 && s[i] == 0xD9 && s[i + 1] >= 0xA0 && s[i + 1] <= 0xA9) {
            out[n++] = (char)('0' + s[i + 1] - 0xA0);
            i += 2;
        } else if (text.len - i > 1 && s[i] == 0xDB && s[i + 1] >= 0xB0 && s[i + 1] <= 0xB9) {
            out[n++] = (char)('0' + s[i + 1] - 0xB0);
            i += 2;
        } else if (text.len - i > 1 && s[i] == 0xD9 && s[i + 1] == 0xAB) {
            out[n++] = '.';
            i += 2;
        } else if (text.len - i > 2 && s[i] == 0xE2 && s[i + 1] == 0x88 && s[i + 2] == 0x92) {
            out[n++] = '-';
            i += 3;
        } else {
            return 0;
        }
    }
    out[n] = '\0';
    /* DIGITS_MOST bytes or more may be cut off in the middle: no number that a person writes is that long. */
    return n < DIGITS_MOST ? n : 0;
}

/* By hand, for isdigit() may have other digits in some locales. */
static const char *digits(const char *s)
{
    while (*s >= '0' && *s <= '9')
        s++;
    return s;
}

/* [sign] digits [. digits] [e [sign] digits], whole; is there more than the first part? Checked by hand before
 * strtod(), which would also take "inf", "0x1p3" and a number in front of anything. */
static int is_number(const char *s, int *has_fraction)
{
    const char *from = s += *s == '-' || *s == '+';
    size_t count;

    *has_fraction = 0;
    count = (size_t)((s = digits(s)) - from);
    /* A point needs digits on one side at least: "12." and ".5" are numbers, "." is none. */
    if (*s == '.') {
        from = ++s;
        count += (size_t)((s = digits(s)) - from);
        *has_fraction = 1;
    }
    if (count && (*s == 'e' || *s == 'E')) {
        s += 1 + (s[1] == '-' || s[1] == '+');
        *has_fraction = 1;
        from = s;
        if ((s = digits(s)) == from)
            return 0;
    }
    return count && *s == '\0';
}

/* In the locale C: in another one the point may be a comma. Made for each call and given back: the library changes no
 * locale of the program's (lib/README.md), and has no place to keep one of its own. */
static int read_double(double *d, const char *ascii)
{
    const locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);

    if (c == (locale_t)0)
        return FIH_E_NOMEM;
    *d = strtod_l(ascii, NULL, c);
    freelocale(c);
    return FIH_OK;
}

/* 1e3 and 12.0 are integers, too; beyond 2^53 they would be rounded, and are none. Digits are added up in 64 bits
 * with a check, and not by a double, which has 53. The lowest number of int64_t is no value, so the ends are the
 * same on both sides. */
static int read_integer(int64_t *value, const char *ascii, int has_fraction)
{
    const int is_negative = *ascii == '-';
    uint64_t all = 0;
    double d;
    int rc;

    if (has_fraction) {
        if ((rc = read_double(&d, ascii)) != 0)
            return rc;
        /* !(a <= b), so that a NaN is refused, too. */
        if (!(fabs(d) <= 9007199254740992.0) || floor(d) < d)
            return FIH_E_NOTFOUND;
        *value = (int64_t)d;
        return FIH_OK;
    }
    for (ascii += is_negative || *ascii == '+'; *ascii; ascii++)
        if (__builtin_mul_overflow(all, 10, &all) || __builtin_add_overflow(all, (uint64_t)(*ascii - '0'), &all))
            return FIH_E_NOTFOUND;
    if (all > INT64_MAX)
        return FIH_E_NOTFOUND;
    *value = is_negative ? -(int64_t)all : (int64_t)all;
    return FIH_OK;
}

/* What is endless, or no number, has no place in an order. Nor has a text that is a number and something else. */
static int read_number(int64_t *value, unsigned kind, fih_str text)
{
    char ascii[DIGITS_MOST + 1];
    int has_fraction, rc;
    double d;

    if (to_ascii(ascii, text) == 0 || !is_number(ascii, &has_fraction))
        return FIH_E_NOTFOUND;
    if (kind == FIH_FIELD_INTEGER)
        return read_integer(value, ascii, has_fraction);
    if ((rc = read_double(&d, ascii)) != 0)
        return rc;
    if (!isfinite(d))
        return FIH_E_NOTFOUND;
    /* -0 and 0 are one value, or they would be two in an order. */
    *value = value_of_double(d);
    return FIH_OK;
}

/* ---- times */

/* n is what is left of the text, so nothing is read behind its end. `most` says what two digits may be: 23 for hours,
 * 60 for seconds. */
static int two_digits(const char *s, size_t n, unsigned most, int64_t *out)
{
    if (n < 2 || s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
        return 0;
    *out = (s[0] - '0') * 10 + (s[1] - '0');
    return *out <= (int64_t)most;
}

/* "Z", "+03:00", "-0500" at the end; seconds east. Nothing is UTC. Hours up to 14, as there are zones of 14 hours
 * east. What stands behind minutes is not looked at. */
static int read_zone(const char *s, size_t n, int64_t *east)
{
    int64_t h, m = 0;

    *east = 0;
    while (n && (unsigned char)*s <= ' ')
        s++, n--;
    if (n == 0 || (n == 1 && (*s == 'Z' || *s == 'z')))
        return 1;
    if ((*s != '+' && *s != '-') || !two_digits(s + 1, n - 1, 14, &h))
        return 0;
    if (n > 3 && !two_digits(s + 3 + (s[3] == ':'), n - 3 - (s[3] == ':'), 59, &m))
        return 0;
    *east = (h * 3600 + m * 60) * (*s == '-' ? -1 : 1);
    return 1;
}

/* HH:MM[:SS[.fraction]] [zone], behind the day and a T or a space: the second of the day, which a zone can put on the
 * day before or after. `is_minute`: no second was said. Looked for by its colon behind a T or a space, because what
 * the day before it looks like is the date's own matter. Second 60 is a leap second, and the next minute's first one
 * here.
 *
 * "2024-05-01T12:30:15+03:00" has its clock at byte 11: 45,015 seconds of the day, less three hours, are 34,215 of
 * UTC. */
static int read_clock(fih_str text, int64_t *second, int *is_minute)
{
    size_t at = 0, i;
    int64_t h, m, s = 0, east;

    for (i = 0; i + 3 < text.len && at == 0; i++)
        /* The digits before the colon, so that the colon of a zone is not taken for it: that stands behind + or -. */
        if (i > 0 && text.ptr[i + 2] == ':' &&
            (text.ptr[i - 1] == 'T' || text.ptr[i - 1] == 't' || text.ptr[i - 1] == ' '))
            at = i;
    if (!at || !two_digits(text.ptr + at, text.len - at, 23, &h) ||
        !two_digits(text.ptr + at + 3, text.len - at - 3, 59, &m))
        return 0;
    /* Behind HH:MM, where the seconds may be. */
    i = at + 5;
    *is_minute = 1;
    if (i < text.len && text.ptr[i] == ':') {
        if (!two_digits(text.ptr + i + 1, text.len - i - 1, 60, &s))
            return 0;
        *is_minute = 0;
        /* A fraction is read over: seconds are the least that is stored. */
        for (i += 3; i < text.len && (text.ptr[i] == '.' || (text.ptr[i] >= '0' && text.ptr[i] <= '9')); i++)
            ;
    }
    if (!read_zone(text.ptr + i, text.len - i, &east))
        return 0;
    /* East of Greenwich it is later: 03:00+03:00 is 00:00 of UTC. */
    *second = h * 3600 + m * 60 + s - east;
    return 1;
}

/* A zone or a leap second must not lead out of the calendar, whose days have no names there. A time of year 1 with a
 * zone of the east would else be of the year before. */
static int64_t in_calendar(int64_t second)
{
    const int64_t first = (int64_t)DATE_FIRST * DAY_SECONDS;
    const int64_t last = (int64_t)DATE_LAST * DAY_SECONDS + DAY_SECONDS - 1;

    return second < first ? first : second > last ? last : second;
}

/* A clock behind a date that is a whole month is not heard: the span is the month's. */
static int read_time(int64_t *first, int64_t *last, fih_str text, unsigned flags, fih_error *err)
{
    int32_t day, until;
    int64_t second = 0;
    int is_minute = 0, rc;
    const int has_clock = read_clock(text, &second, &is_minute);

    if ((rc = fihi_date_parse(&day, &until, text, has_clock ? flags & ~(unsigned)FIH_DATE_WHOLE : flags, err)) != 0)
        return rc;
    *first = (int64_t)day * DAY_SECONDS;
    *last = (int64_t)until * DAY_SECONDS + DAY_SECONDS - 1;
    /* Of 12:30 all of its minute, for a span; of 12:30:15 that second alone. */
    if (has_clock && day == until) {
        *last = in_calendar(*first + second + (is_minute ? 59 : 0));
        *first = in_calendar(*first + second);
    }
    return FIH_OK;
}

/* ---- any */

/* A value with a span is a date or a time that says less than a day or a second: "2024" is from its first to its
 * last day. */
int fihi_value_span(int64_t *first, int64_t *last, unsigned kind, fih_str text, unsigned flags, fih_error *err)
{
    int32_t day, until;
    int rc;

    /* An empty text is no value, not even 0. */
    if (text.len == 0)
        return FIH_E_NOTFOUND;
    if (kind == FIH_FIELD_TIME)
        return read_time(first, last, text, flags, err);
    if (kind != FIH_FIELD_DATE) {
        rc = read_number(first, kind, text);
        *last = *first;
        return rc;
    }
    rc = fihi_date_parse(&day, &until, text, flags, err);
    *first = day;
    *last = until;
    return rc;
}

/* Of a span its beginning, as a date without a day is that of the first one. The rest of the span is only for
 * searches. */
int fihi_value_read(int64_t *value, unsigned kind, fih_str text, fih_error *err)
{
    int64_t last;

    *value = VALUE_NONE;
    return fihi_value_span(value, &last, kind, text, 0, err);
}

/* A column may have any number: what no date can be is shown as 0000-00-00. The two numbers are those of format.h,
 * DATE_FIRST and DATE_LAST. */
static void day_text(char *out, size_t size, int64_t day)
{
    int32_t y = 0;
    unsigned m = 0, d = 0;

    if (day >= -719162 && day <= 2932896)
        fihi_calendar_civil((int32_t)day, &y, &m, &d);
    snprintf(out, size, "%04d-%02u-%02u", (int)y, m, d);
}

/* The locale of the program may have another sign than a point, of several bytes: U+066B in Pashto's. Whatever it is,
 * it becomes one point. 15 digits are enough for what a person wrote, 17 for any double: the first that reads back as
 * the same is the shortest. */
static void double_text(char *out, size_t size, double d)
{
    /* Most numbers come out at once: 12.5 is 12.5 with 15 digits, and 0.1 is 0.1 and not 0.1000000000000000055. */
    for (int precision = 15; precision <= 17; precision++) {
        char *to = out;

        snprintf(out, size, "%.*g", precision, d);
        for (const char *p = out; *p; p++)
            if ((*p >= '0' && *p <= '9') || *p == '-' || *p == '+' || *p == 'e')
                *to++ = *p;
            else if (to == out || to[-1] != '.')
                *to++ = '.';
        *to = '\0';
        double again;
        if (read_double(&again, out) == 0 && again <= d && again >= d)
            return;
    }
}

/* Division rounds towards 0, so before 1970 a second is negative, and the day is one more back. A field of keywords or
 * of words has no values to be shown: its numbers come out as numbers. */
void fihi_value_text(char out[VALUE_TEXT_BYTES], unsigned kind, int64_t value)
{
    /* 1969-12-31T23:59:59Z is -1: 0 days and -1 second by division, so one day back and 86,399 seconds. */
    int64_t day = value / DAY_SECONDS, second = value % DAY_SECONDS;

    switch (kind) {
    case FIH_FIELD_NUMBER:
        double_text(out, VALUE_TEXT_BYTES, double_of_value(value));
        return;
    case FIH_FIELD_DATE:
        day_text(out, VALUE_TEXT_BYTES, value);
        return;
    case FIH_FIELD_TIME:
        day -= second < 0;
        second += second < 0 ? DAY_SECONDS : 0;
        day_text(out, VALUE_TEXT_BYTES, day);
        snprintf(out + strlen(out), VALUE_TEXT_BYTES - strlen(out), "T%02d:%02d:%02dZ", (int)(second / 3600),
                 (int)(second / 60 % 60), (int)(second % 60));
        return;
    default:
        snprintf(out, VALUE_TEXT_BYTES, "%lld", (long long)value);
    }
}
