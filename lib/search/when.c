/* search/when.c - times, and what lies between.
 *
 * One reader for spans of anything (days, numbers of a field): it knows only .. and the signs, and asks `read` what a
 * bound is. A bound is itself a span: date:2015-03..2015-06 is from the first day of March to the last of June, and
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

int fihi_when_time(fih_str text, int32_t today, int32_t *first, int32_t *last, fih_error *err)
{
    int rc;

    if (fihi_ago_parse(text, today, first, last))
        return FIH_OK;
    /* A date with something beside it is not a time. */
    rc = fihi_date_parse(first, last, text, FIH_DATE_WHOLE, err);
    return rc == FIH_E_NOTFOUND ? FIH_E_QUERY : rc;
}

static bool is_blank(fih_str s)
{
    size_t i = 0;

    while (i < s.len && s.ptr[i] == ' ')
        i++;
    return i == s.len;
}

static int read_between(int64_t *low, int64_t *high, fih_str before, fih_str behind, bound_reader *read, void *ctx,
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

static int read_compared(int64_t *low, int64_t *high, fih_str text, bound_reader *read, void *ctx, fih_error *err)
{
    const size_t sign = text.len > 1 && text.ptr[1] == '=' ? 2 : 1;
    int64_t first, last;
    const int rc = read(ctx, (fih_str){text.ptr + sign, text.len - sign}, &first, &last, err);

    if (rc != 0)
        return rc;
    if (*text.ptr == '>')
        *low = sign == 2 ? first : last < INT64_MAX ? last + 1 : INT64_MAX;
    else
        *high = sign == 2 ? last : first - 1;
    /* last + 1 would wrap: an empty span, whose low end is above its high one, says it. */
    if (*text.ptr == '>' && sign == 1 && last == INT64_MAX)
        *high = INT64_MIN + 1;                 /* nothing */
    return FIH_OK;
}

int fihi_span_read(int64_t *low, int64_t *high, fih_str text, bound_reader *read, void *ctx, fih_error *err)
{
    /* The first "..": what is behind it is one bound, and a second one makes that unreadable. */
    for (size_t i = 0; i + 1 < text.len; i++)
        if (text.ptr[i] == '.' && text.ptr[i + 1] == '.')
            return read_between(low, high, (fih_str){text.ptr, i}, (fih_str){text.ptr + i + 2, text.len - i - 2}, read,
                                ctx, err);
    if (text.len && (*text.ptr == '<' || *text.ptr == '>'))
        return read_compared(low, high, text, read, ctx, err);
    return read(ctx, text, low, high, err);
}

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

int fihi_when_parse(fih_str text, int32_t today, int32_t *from, int32_t *to, fih_error *err)
{
    /* INT32_MIN stands for "no date" in the index. */
    int64_t low = INT32_MIN + 1, high = INT32_MAX;
    const int rc = fihi_span_read(&low, &high, text, read_days, &today, err);

    *from = (int32_t)low;
    *to = (int32_t)high;
    return rc == 0 && low > high ? FIH_E_QUERY : rc;
}
