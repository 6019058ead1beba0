/* index/verify_part.h - what verify.c and verify_terms.c share.
 *
 * Layer: index.
 */
#ifndef FIHI_INDEX_VERIFY_PART_H
#define FIHI_INDEX_VERIFY_PART_H

#include <stdbool.h>
#include <stdint.h>

#include "index/segment.h"
#include "index/verify.h"

struct verify {
    int    (*on_problem)(void *, const char *);
    void    *ctx;
    uint64_t problems;
    bool     is_stopped;
};

void fihi_problem(struct verify *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The dictionary and the lists of a segment: what each says, and what they say of each other. */
int fihi_verify_terms(struct verify *v, struct segment *s, fih_error *err);
/* The columns: what their rows say, and that keywords have what their lists say. */
int fihi_verify_columns(struct verify *v, struct segment *s, fih_error *err);

#endif
