/* search/when.c - times, and what lies between. */
#include "search/when.h"

#include <stdbool.h>
#include <time.h>

#include "search/ago.h"
#include "text/calendar.h"
#include "text/date.h"

int32_t fihi_when_today(void)
{
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

static int read_between(fih_str before, fih_str behind, int32_t today, int32_t *from, int32_t *to, fih_error *err)
{
    int32_t unused;
    int rc = FIH_OK;

    *from = INT32_MIN + 1;
    *to = INT32_MAX;
    if (is_blank(before) && is_blank(behind))
        return FIH_E_QUERY;
    if (!is_blank(before))
        rc = fihi_when_time(before, today, from, &unused, err);
    if (rc == 0 && !is_blank(behind))
        rc = fihi_when_time(behind, today, &unused, to, err);
    return rc == 0 && *from > *to ? FIH_E_QUERY : rc;
}

static int read_compared(fih_str text, int32_t today, int32_t *from, int32_t *to, fih_error *err)
{
    const int with = text.len > 1 && text.ptr[1] == '=';
    const bool is_more = text.ptr[0] == '>';
    const fih_str time = {text.ptr + 1 + with, text.len - 1 - (size_t)with};
    int32_t first, last;
    const int rc = fihi_when_time(time, today, &first, &last, err);

    if (rc != 0)
        return rc;
    *from = !is_more ? INT32_MIN + 1 : with ? first : last + 1;
    *to = is_more ? INT32_MAX : with ? last : first - 1;
    return FIH_OK;
}

int fihi_when_parse(fih_str text, int32_t today, int32_t *from, int32_t *to, fih_error *err)
{
    for (size_t i = 0; i + 1 < text.len; i++)
        if (text.ptr[i] == '.' && text.ptr[i + 1] == '.')
            return read_between((fih_str){text.ptr, i}, (fih_str){text.ptr + i + 2, text.len - i - 2}, today, from, to,
                                err);
    if (text.len && (text.ptr[0] == '<' || text.ptr[0] == '>'))
        return read_compared(text, today, from, to, err);
    return fihi_when_time(text, today, from, to, err);
}
