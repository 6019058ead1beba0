/* search/values.c - names of fields, and spans of their values.
 *
 * A span is always closed, in whole numbers of the column: >5 of an integer is 6 and more, 2015..2017 of dates is from
 * the first day of 2015 to the last of 2017. So whoever compares needs two comparisons and no cases.
 *
 * What is not a span at all is an error without words, FIH_E_QUERY: only the caller knows the field's name and where
 * the query has it, and writes the message with both.
 */
#include "search/values.h"

#include <math.h>
#include <string.h>

#include "index/value.h"
#include "search/when.h"

/* Bytes from 0x80 on may be letters of any script: a name in Arabic is one. A no-break space would be taken for part of
 * a name, but people type it for a space. Longer than a name may be is none, so the look ends after 64 bytes of any
 * text. */
size_t fihi_name_at(const char *s, size_t n, bool *is_ascii)
{
    size_t i = 0;

    *is_ascii = true;
    for (; i < n && s[i] != ':'; i++) {
        const unsigned char c = (unsigned char)s[i], low = c | 32;
        const bool begins = c >= 0x80 || (low >= 'a' && low <= 'z') || c == '_';

        if ((!begins && (i == 0 || !((c >= '0' && c <= '9') || c == '-' || c == '.'))) || i >= FIH_FIELD_NAME_BYTES)
            return 0;
        if (c == 0xC2 && i + 1 < n && (unsigned char)s[i + 1] == 0xA0)     /* a space */
            return 0;
        *is_ascii &= c < 0x80;
    }
    if (i == 0 || i + 1 >= n || (unsigned char)s[i + 1] <= ' ' || s[i + 1] == ':' || s[i + 1] == '\\' ||
        (i + 2 < n && s[i + 1] == '/' && s[i + 2] == '/'))
        return 0;
    return i;
}

/* ---- spans */

/* POSIX time has no leap seconds, so every day has as many. */
enum { DAY_SECONDS = 86400 };

/* An end of a span of integers may have a fraction: *first is the least integer that is not below it, *last the
 * greatest that is not above. Example: pages:>=2.5 begins at 3, <=2.5 ends at 2; 2.5 alone has *first 3 and *last 2: an
 * empty span, for no integer is it. The comparison with 2^63 comes before the conversion, which is undefined beyond. */
static int integer_end(int64_t *first, int64_t *last, fih_str text, fih_error *err)
{
    int64_t bits;
    double d;
    int rc = fihi_value_read(first, FIH_FIELD_INTEGER, text, err);

    *last = *first;
    if (rc != FIH_E_NOTFOUND || (rc = fihi_value_read(&bits, FIH_FIELD_NUMBER, text, err)) != 0)
        return rc;
    d = double_of_value(bits);
    if (d >= 9223372036854775807.0 || d <= -9223372036854775807.0) {
        *first = d > 0 ? INT64_MAX : -INT64_MAX;           /* nothing lies beyond */
        *last = *first;
        return FIH_OK;
    }
    *first = (int64_t)ceil(d);
    *last = (int64_t)floor(d);
    return FIH_OK;
}

/* What read_end() gets through the reader of spans. */
struct kind_of_end {
    unsigned kind;
    int32_t  today;
};

/* The first and the last value that one means. A date of a time field means its seconds, the first day's first to the
 * last day's last. What is no date may be a time with hours. */
static int read_end(void *ctx, fih_str text, int64_t *first, int64_t *last, fih_error *err)
{
    const struct kind_of_end *const k = ctx;
    int32_t day, until;
    int rc;

    while (text.len && *text.ptr == ' ')
        text.ptr++, text.len--;
    if (k->kind == FIH_FIELD_INTEGER)
        rc = integer_end(first, last, text, err);
    else if (k->kind == FIH_FIELD_NUMBER)
        rc = fihi_value_span(first, last, k->kind, text, 0, err);
    else if ((rc = fihi_when_time(text, k->today, &day, &until, err)) == 0) {
        const int64_t unit = k->kind == FIH_FIELD_TIME ? DAY_SECONDS : 1;

        *first = day * unit;
        *last = until * unit + unit - 1;
    } else if (rc == FIH_E_QUERY && k->kind == FIH_FIELD_TIME)
        rc = fihi_value_span(first, last, k->kind, text, FIH_DATE_WHOLE, err);
    return rc == FIH_E_NOTFOUND ? FIH_E_QUERY : rc;
}

/* Open sides are the least and the greatest value that there can be, without VALUE_NONE. */
int fihi_values_read(int64_t *low, int64_t *high, unsigned kind, fih_str text, int32_t today, fih_error *err)
{
    struct kind_of_end k = {kind, today};

    *low = VALUE_NONE + 1;
    *high = INT64_MAX;
    if (text.len == 1 && *text.ptr == '*')     /* any */
        return FIH_OK;
    return fihi_span_read(low, high, text, read_end, &k, err);
}
