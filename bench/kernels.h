/* kernels.h - the text that kernels.c measures on, and the kernels of words (kernels_text.c). */
#ifndef KERNELS_H
#define KERNELS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/intern.h"
#include "text/analyzer.h"

enum { SURFACES = 200000 };            /* of those, for the kernels of single words */

struct sample {
    struct analyzer *analyzer;
    struct buf       text, copy;
    struct place_of {
        uint32_t start, bytes;
    }               *words;            /* of the text */
    size_t           word_count, word_bytes;
    struct intern    surfaces;
    uint32_t        *counts;           /* by surface word */
    struct folded   *folded;           /* of Arabic surface words */
    size_t           folded_count;
    uint64_t         sink;             /* so that nothing is computed for nobody */
};

/* When `text` is there. */
void sample_words(struct sample *d);
void sample_free(struct sample *d);

/* The kernels: how many items they took. */
size_t run_copy(void *sample);
size_t run_validate(void *sample);
size_t run_split(void *sample);
size_t run_find(void *sample);
size_t run_surfaces(void *sample);
size_t run_fold(void *sample);
size_t run_stem(void *sample);
size_t run_chain(void *sample);

static inline _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "kernels: %s: %s\n", what, why);
    exit(2);
}

static inline void *need(void *p)
{
    if (!p)
        die("memory", "out of memory");
    return p;
}

#endif
