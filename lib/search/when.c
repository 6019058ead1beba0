/* search/when.c - times, and what lies between.
 *
 * One reader for spans of anything (days, numbers of a field): it knows only .. and the signs, and asks `read` what an
 * end is. An end is itself a span: date:2015-03..2015-06 is from the first day of March to the last of June, and
 * date:>2015 begins behind the last day of 2015, not on its first.
 */
#include "search/when.h"

#include <stdbool.h>
#include <time.h>

#include "search/ago.h"
#include "text/calendar.h"
#include "text/date.h"

int32_t fihi_when_today(void)
{
    /* The user's day: at one in the morning in Riyadh, yesterday is not what it is in London. */
    const time_t now = time(NULL);
    struct tm tm;
    int32_t day = 0;

    if (localtime_r(&now, &tm))
        (void)fihi_calendar_day(&day, CALENDAR_GREGORIAN, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, 0, NULL);
    return day;
}

/* Words that count from today come first. No text is both: ago.c has no names of months and days of the week, and takes
 * no number alone. */
int fihi_when_time(fih_str text, int32_t today, int32_t *first, int32_t *last, fih_error *err)
{
    int rc;

    if (fihi_ago_parse(text, today, first, last))
        return FIH_OK;
    /* A date with something beside it is not a time. FIH_DATE_WHOLE makes "2015 report" an error instead of 2015. */
    rc = fihi_date_parse(first, last, text, FIH_DATE_WHOLE, err);
    return rc == FIH_E_NOTFOUND ? FIH_E_QUERY : rc;
}

/* What stands beside ".." if nothing does: blanks, as in a quotation ".. 2015". */
static bool is_blank(fih_str s)
{
    size_t i = 0;

    while (i < s.len && s.ptr[i] == ' ')
        i++;
    return i == s.len;
}

/* "a .. b", of which one side may be empty. From the first end its first value, from the second its last: 2014..2015
 * has all days of both years. The other end of each is not wanted, and goes to `unused`. That a is before b is for the
 * caller to see, in whose numbers it is. */
static int read_between(int64_t *low, int64_t *high, fih_str before, fih_str behind, end_reader *read, void *ctx,
                        fih_error *err)
{
    int64_t unused;
    int rc = FIH_OK;

    /* ".." alone asks for everything, which nobody writes. */
    if (is_blank(before) && is_blank(behind))
        return FIH_E_QUERY;
    if (!is_blank(before))
        rc = read(ctx, before, low, &unused, err);
    if (rc == 0 && !is_blank(behind))
        rc = read(ctx, behind, &unused, high, err);
    return rc;
}

/* ">a", ">=a", "<a" and "<=a". *low or *high that is not set stays as the caller had it: open. */
static int read_compared(int64_t *low, int64_t *high, fih_str text, end_reader *read, void *ctx, fih_error *err)
{
    const size_t sign = text.len > 1 && text.ptr[1] == '=' ? 2 : 1;
    int64_t first, last;
    const int rc = read(ctx, (fih_str){text.ptr + sign, text.len - sign}, &first, &last, err);

    if (rc != 0)
        return rc;
    if (*text.ptr == '>')
        *low = sign == 2 ? first : last < INT64_MAX ? last + 1 : INT64_MAX;
    else
        /* first - 1 does not wrap: no reader has a value below -INT64_MAX, as INT64_MIN says that there is none. */
        *high = sign == 2 ? last : first - 1;
    /* last + 1 would wrap: an empty span, whose low end is above its high one, says it. */
    if (*text.ptr == '>' && sign == 1 && last == INT64_MAX)
        *high = INT64_MIN + 1;                 /* nothing */
    return FIH_OK;
}

int fihi_span_read(int64_t *low, int64_t *high, fih_str text, end_reader *read, void *ctx, fih_error *err)
{
    /* The first "..": what is behind it is one end, and a second one makes that unreadable. */
    for (size_t i = 0; i + 1 < text.len; i++)
        if (text.ptr[i] == '.' && text.ptr[i + 1] == '.')
            return read_between(low, high, (fih_str){text.ptr, i}, (fih_str){text.ptr + i + 2, text.len - i - 2}, read,
                                ctx, err);
    if (text.len && (*text.ptr == '<' || *text.ptr == '>'))
        return read_compared(low, high, text, read, ctx, err);
    return read(ctx, text, low, high, err);
}

/* The reader of days for fihi_span_read(): its context is today, so that "yesterday" and 2015 may stand in one span. */
static int read_days(void *today, fih_str text, int64_t *first, int64_t *last, fih_error *err)
{
    int32_t from, to;
    const int rc = fihi_when_time(text, *(int32_t *)today, &from, &to, err);

    if (rc == 0) {
        *first = from;
        *last = to;
    }
    return rc;
}

/* In 64 bits, as fihi_span_read() reads spans of anything; days fit 32. */
int fihi_when_parse(fih_str text, int32_t today, int32_t *from, int32_t *to, fih_error *err)
{
    /* INT32_MIN stands for "no date" in the index. */
    int64_t low = INT32_MIN + 1, high = INT32_MAX;
    const int rc = fihi_span_read(&low, &high, text, read_days, &today, err);

    *from = (int32_t)low;
    *to = (int32_t)high;
    return rc == 0 && low > high ? FIH_E_QUERY : rc;
}
