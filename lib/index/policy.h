/* index/policy.h - which segments are merged: numbers of documents in, the next merge out.
 *
 * Layer: index. Pure, so that tests can count what loads of millions and years of nights rewrite. FORMAT.md, "Merging",
 * says what the rules are and what follows from them.
 */
#ifndef FIHI_INDEX_POLICY_H
#define FIHI_INDEX_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Documents. Smaller segments are all of the lowest level; twice as many may always be rewritten. */
enum { POLICY_UNIT = 4096 };

struct policy_segment {
    uint32_t docs, deleted;
    bool     is_new;                   /* no commit names it */
};

/* A load, or the commit that ends it. */
struct policy {
    uint32_t unit;                     /* POLICY_UNIT; less only in tests */
    bool     is_commit;
    uint64_t rewritten;                /* documents so far, by the rules that have a limit for a commit */
};

struct policy_step {
    size_t   at, count;                /* these neighbours */
    uint32_t parts;                    /* become so many, 1 unless `count` is; none if no document lives */
};

/* What is to be done next with these segments, which are in document order; false: nothing. */
bool fihi_policy_next(struct policy *p, const struct policy_segment *s, size_t count, struct policy_step *step);

#endif
