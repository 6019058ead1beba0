/* index/value.h - what texts mean as values of a field: numbers that are in the order of the values.
 *
 * Layer: index. Includes base/, text/date.h. An integer is itself, a number the bits of its double (negative ones
 * turned round), a date its day, a time its second, both since 1970.
 */
#ifndef FIHI_INDEX_VALUE_H
#define FIHI_INDEX_VALUE_H

#include <stdint.h>
#include <string.h>

#include "fihrist.h"

#define VALUE_NONE INT64_MIN           /* of a document that has none; no value is that low */

enum { VALUE_TEXT_BYTES = 64 };        /* room for any value as text */

/* The value of a number, and back. -0 is 0. */
static inline int64_t value_of_double(double d)
{
    int64_t bits;

    if (d <= 0 && d >= 0)
        return 0;
    memcpy(&bits, &d, sizeof bits);
    return bits >= 0 ? bits : -(bits & INT64_MAX);
}

static inline double double_of_value(int64_t v)
{
    const uint64_t bits = v >= 0 ? (uint64_t)v : (uint64_t)-v | UINT64_C(1) << 63;
    double d;

    memcpy(&d, &bits, sizeof d);
    return d;
}

/* The value of a whole text in a field whose kind is a number: digits of three scripts; a date is one that
 * fih_date_parse() reads, a time is such a date with hours and minutes behind it, of UTC or with its zone.
 * FIH_E_NOTFOUND without a message if it is none. */
int fihi_value_read(int64_t *value, unsigned kind, fih_str text, fih_error *err);
/* The first and the last value that a text can mean: those of a year, of a day. `flags` are for dates. */
int fihi_value_span(int64_t *first, int64_t *last, unsigned kind, fih_str text, unsigned flags, fih_error *err);
/* As text, NUL-terminated: a number as short as it can be read again. */
void fihi_value_text(char out[VALUE_TEXT_BYTES], unsigned kind, int64_t value);

#endif
