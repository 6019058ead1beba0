/* text/make_filter.h - for the programs of the build: the filter of a list (text/list.h) as an array of C. */
#ifndef FIHI_TEXT_MAKE_FILTER_H
#define FIHI_TEXT_MAKE_FILTER_H

#include <stdio.h>

#include "text/list.h"

/* Sixteen bits a row or more, so one stranger in sixteen passes at the most; and 128 bytes, so that lines are cheap. */
enum { FILTER_LEAST = 128, FILTER_MOST = 8192 };

struct filter {
    uint8_t bits[FILTER_MOST];
    size_t  bytes;
};

static inline void filter_begin(struct filter *f, size_t rows)
{
    *f = (struct filter){.bytes = FILTER_LEAST};
    while (f->bytes < FILTER_MOST && f->bytes < 2 * rows)
        f->bytes *= 2;
}

/* A row, with zeros behind its letters. */
static inline void filter_add(struct filter *f, const uint16_t *letters)
{
    size_t n = 0;

    while (n < LIST_ROW && letters[n])
        n++;
    const size_t bit = list_bit(list_hash(letters, n), 8 * f->bytes);
    f->bits[bit / 8] |= (uint8_t)(1u << bit % 8);
}

static inline void filter_print(const struct filter *f, const char *name)
{
    printf("static const uint8_t %s_filter[] = {", name);
    for (size_t i = 0; i < f->bytes; i++)
        printf(i % 16 ? "%u," : "\n    %u,", f->bits[i]);
    printf("\n};\n");
}

#endif
