/* text/trace.h - the story of how a surface word became one of its terms.
 *
 * Layer: text. The functions of the chain take a trace, NULL when an index is written, and note each
 * step that changed the word; the very same code runs either way, so the story cannot differ from the index.
 */
#ifndef FIHI_TEXT_TRACE_H
#define FIHI_TEXT_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trace {
    char  *out;       /* NUL-terminated after every step */
    size_t size, len;
    size_t start, start_size; /* where the steps begin, behind the surface word */
    bool    is_on;     /* the steps now taken belong to the term that was asked for */
};

void fihi_trace_begin(struct trace *t, char *out, size_t size);
/* Append text as it is, cut at a character when full. */
void fihi_trace_put(struct trace *t, const char *text, size_t n);
/* The steps begin here; begin them anew (the term that they led to is one that there is already). */
void fihi_trace_start(struct trace *t);
void fihi_trace_restart(struct trace *t);
/* Append " → form (why detail)". No-op when t is NULL or off. */
void fihi_trace_step(struct trace *t, const uint8_t *form, size_t n, const char *why, const char *detail);

#endif
