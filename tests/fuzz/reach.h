/* reach.h - how far the inputs of a corpus get, so that one whose format has gone by is noticed.
 *
 * A parser that refuses every input is tested for nothing but that. So a target that could go on unnoticed like this
 * counts what it reached, and says how much its corpus must reach at least:
 *
 *     struct reach reach[] = {{"documents read", 100, 0}, {NULL, 0, 0}};
 *     ...
 *     reach[0].count++;
 *
 * replay.c compares what the files of the corpus reach, their mutations apart. */
#ifndef REACH_H
#define REACH_H

#include <stdint.h>

struct reach {
    const char *what;
    uint64_t    least, count;
};

/* Up to the one without a name. Weak, so that targets may do without. */
extern struct reach reach[] __attribute__((weak));

#endif
