/* index/repeat.h - lines that stand in many documents of one source: what its pages have in common is no text.
 *
 * Layer: index. Documents are looked at in the order in which they are added, so what is left out does not depend
 * on threads. A source is the host of the url; documents without one have no such rule. The tables have a fixed
 * size: a line or source that is seen again and again stays, one that is not makes room.
 */
#ifndef FIHI_INDEX_REPEAT_H
#define FIHI_INDEX_REPEAT_H

#include "fihrist.h"
#include "text/clean.h"

enum {
    REPEAT_LINE_MOST = 300,            /* bytes of a line that can be one */
    REPEAT_LINES_MOST = 512,           /* lines of a document that are looked at */
    REPEAT_DOCS = 8,                   /* documents that must have had it before, */
    REPEAT_SHARE = 5,                  /* and one in so many of those of its source */
    REPEAT_LINES = 1 << 15,            /* lines remembered */
    REPEAT_SOURCES = 1 << 10,          /* sources remembered */
    REPEAT_BYTES = 1 << 20             /* memory that the tables take, at most */
};

struct repeat;

int fihi_repeat_new(struct repeat **out, fih_error *err);
void fihi_repeat_free(struct repeat *r);
/* Forget all that was seen. */
void fihi_repeat_reset(struct repeat *r);
/* Count the lines of a body, and add to `cuts` those that many documents of its source had before it. */
int fihi_repeat_look(struct repeat *r, fih_str url, const uint8_t *body, size_t n, struct cuts *cuts, fih_error *err);

#endif
