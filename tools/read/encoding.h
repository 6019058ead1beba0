/* encoding.h - text in any encoding that ICU knows, made UTF-8.
 *
 * An encoding is found in this order: what the user forces, a byte order mark, UTF-16 without a mark,
 * well-formed UTF-8 (or nearly: 99 of 100 sequences), what the text declares of itself (HTML), and
 * then the likeliest of the Arabic and Latin code pages. Text that is (nearly) UTF-8 is passed on as
 * it is: the library replaces and counts what is ill-formed.
 */
#ifndef FIHRIST_ENCODING_H
#define FIHRIST_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "read/input.h"

#define ENCODING_UTF8 "UTF-8"

struct encoding {
    char   name[64];       /* ENCODING_UTF8 or a name that ICU opens */
    size_t mark_bytes;     /* byte order mark to pass over */
};

/* Whether ICU knows an encoding of this name. */
bool encoding_is_known(const char *name);

/**
 * Find the encoding of a text.
 *
 * @param head      The beginning of the text, or all of it; a character cut at its end does no harm.
 * @param forced    NULL or "auto": find it. Another name is taken as it is, but for a mark's bytes.
 * @param declared  NULL, or what the text says of itself: believed unless the bytes contradict.
 */
void encoding_find(struct encoding *out, const char *head, size_t n, const char *forced, const char *declared);

/* Bytes of a whole text as UTF-8. *out is new (free()), with a NUL behind it. A text of more than
 * `limit` bytes of UTF-8 fails. */
int encoding_decode(char **out, size_t *out_bytes, const char *text, size_t n, const struct encoding *e,
                    size_t limit, struct why *why);

/* Whether this is a program or picture rather than text: control characters in plenty. */
bool encoding_is_binary(const char *utf8, size_t n);

/* A copy without ill-formed sequences (each becomes U+FFFD), new; NULL if memory is out. */
char *encoding_repair(const char *text, size_t n, size_t *out_bytes);
/* Whether all of it is well-formed UTF-8. */
bool encoding_is_utf8(const char *text, size_t n);

/* An input as a stream of UTF-8. */
struct text_stream;

/* Takes nothing over: `in` must stay open. */
int text_open(struct text_stream **out, struct input *in, const char *forced, struct why *why);
/* Up to n bytes (n at least 16) of UTF-8; 0 at the end, -1 with the reason. */
ssize_t text_read(struct text_stream *t, char *buf, size_t n, struct why *why);
void text_close(struct text_stream *t);

#endif
