/* measure.h - what the programs here measure with. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

static inline int by_time(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Nearest rank, of times in ascending order. */
static inline uint64_t percentile(const uint64_t *sorted, size_t n, size_t percent)
{
    return sorted[(n * percent + 99) / 100 - 1];
}

/* A whole number up to `most`, and nothing behind it. */
static inline bool read_number(const char *text, unsigned long most, uint32_t *out)
{
    char *end;
    const unsigned long v = strtoul(text, &end, 10);

    *out = (uint32_t)v;
    return *text >= '0' && *text <= '9' && *end == '\0' && v <= most;
}

#endif
