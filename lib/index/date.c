/* index/date.c - parsing dates. */
#include "index/date.h"

#include "base/utf8.h"
#include "index/format.h"

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

void fihi_date_civil(int32_t day, int32_t *y, unsigned *m, unsigned *d)
{
    const int32_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    const unsigned doe = (unsigned)(z - era * 146097);
    const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

    *d = doy - (153 * mp + 2) / 5 + 1;
    *m = mp < 10 ? mp + 3 : mp - 9;
    *y = (int32_t)yoe + era * 400 + (*m <= 2);
}

static unsigned month_days(int32_t y, unsigned m)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return m == 2 && (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) ? 29 : days[m - 1];
}

struct scan {
    const uint8_t *s;
    size_t         n, i;
};

/* A digit of the three sets that Arabic texts use, or -1. */
static int digit(struct scan *t)
{
    const size_t at = t->i;
    uint32_t c;
    int ok;

    if (t->i >= t->n)
        return -1;
    c = fihi_utf8_next(t->s, t->n, &t->i, &ok);
    if (c >= '0' && c <= '9')
        return (int)(c - '0');
    if (c >= 0x660 && c <= 0x669)
        return (int)(c - 0x660);
    if (c >= 0x6F0 && c <= 0x6F9)
        return (int)(c - 0x6F0);
    t->i = at;
    return -1;
}

/* Exactly 4, or 1 to 2 digits. */
static int number(struct scan *t, unsigned least, unsigned most, int32_t *out)
{
    unsigned count = 0;
    int d;

    *out = 0;
    while (count < most && (d = digit(t)) >= 0) {
        *out = *out * 10 + d;
        count++;
    }
    return count >= least;
}

static int separator(struct scan *t)
{
    if (t->i < t->n && (t->s[t->i] == '-' || t->s[t->i] == '/' || t->s[t->i] == '.')) {
        t->i++;
        return 1;
    }
    return 0;
}

int32_t fihi_date_parse(fih_str text, int at_end, int *exact)
{
    struct scan t = {(const uint8_t *)text.ptr, text.len, 0}, back;
    int32_t y, m = 0, d = 0;

    if (exact)
        *exact = 0;
    if (!number(&t, 4, 4, &y) || y < 1)
        return DATE_NONE;
    back = t;
    if (separator(&t) && number(&t, 1, 2, &m)) {
        if (m < 1 || m > 12)
            return DATE_NONE;
        back = t;
        if (separator(&t) && number(&t, 1, 2, &d)) {
            if (d < 1 || (unsigned)d > month_days(y, (unsigned)m))
                return DATE_NONE;
            back = t;
        } else {
            d = 0;
        }
    } else {
        m = 0;
    }
    t = back;
    if (digit(&t) >= 0)                        /* 20150312, 2015-123: not what we read */
        return DATE_NONE;
    if (exact)
        *exact = back.i == back.n;
    if (!m)
        m = at_end ? 12 : 1;
    if (!d)
        d = at_end ? (int32_t)month_days(y, (unsigned)m) : 1;
    return days_from_civil(y, (unsigned)m, (unsigned)d);
}
