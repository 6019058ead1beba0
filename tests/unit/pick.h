/* pick.h - numbers by a seed that a test sets anew for each document, so that any can be made again. */
#ifndef PICK_H
#define PICK_H

#pragma GCC system_header

static unsigned seed;

/* From 0 to n - 1. */
static inline unsigned pick(unsigned n)
{
    seed = seed * 1103515245u + 12345u;
    return seed / 65536 % n;
}

#endif
