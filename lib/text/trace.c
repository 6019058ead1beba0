/* text/trace.c - a line of text of limited length.
 *
 * The buffer is always a C string, whatever does not fit. A line that was cut says nothing more: later parts would make
 * a story with a hole in it.
 */
#include "text/trace.h"

#include <string.h>

/* start_size is `size` until fihi_trace_start() has seen the surface word. */
void fihi_trace_begin(struct trace *t, char *out, size_t size)
{
    *t = (struct trace){ .out = out, .size = size, .start_size = size };
    if (size > 0)
        out[0] = '\0';
}

/* A cut is made before a character's first byte, never inside it. `text` may be without a zero. */
void fihi_trace_put(struct trace *t, const char *text, size_t n)
{
    /* Less the zero behind it. */
    size_t room = t->size > t->len ? t->size - t->len - 1 : 0;

    if (n > room) {
        for (n = room; n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80; n--) ;
        t->size = t->len + n + 1;        /* nothing more fits after a cut */
    }
    if (n == 0)
        return;
    memcpy(t->out + t->len, text, n);
    t->len += n;
    t->out[t->len] = '\0';
}

/* The size as well: a surface word that was cut has closed the line, and a new beginning must not open it again. */
void fihi_trace_start(struct trace *t)
{
    t->start = t->len;
    t->start_size = t->size;
}

/* What was told of an item that was not kept is forgotten. */
void fihi_trace_restart(struct trace *t)
{
    t->len = t->start;
    t->size = t->start_size;
    if (t->size > 0)
        t->out[t->len] = '\0';
}

/* NULL is the usual case: an index is written without a trace, and each step costs one comparison then. */
void fihi_trace_step(struct trace *t, const uint8_t *form, size_t n, const char *why, const char *detail)
{
    if (!t || !t->is_on)
        return;
    fihi_trace_put(t, " → ", strlen(" → "));
    fihi_trace_put(t, (const char *)form, n);
    fihi_trace_put(t, " (", 2);
    fihi_trace_put(t, why, strlen(why));
    /* Of a suffix or prefix that went: which one. */
    if (detail && *detail) {
        fihi_trace_put(t, " ", 1);
        fihi_trace_put(t, detail, strlen(detail));
    }
    fihi_trace_put(t, ")", 1);
}
