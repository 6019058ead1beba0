/* base/clock.h - time that passes: for deadlines and progress. */
#ifndef FIHI_BASE_CLOCK_H
#define FIHI_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Milliseconds since some moment; no change of the date moves it. */
static inline int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif
