/* text.h - text in any encoding that ICU knows, made UTF-8. Text that is (nearly) UTF-8 is passed on as it is. */
#ifndef FIHRIST_TEXT_H
#define FIHRIST_TEXT_H

#include <stddef.h>
#include <sys/types.h>

#include "read/encoding.h"
#include "read/input.h"

/* Bytes of a whole text as UTF-8. *out is new (free()), with a NUL behind it. A text of more than
 * `limit` bytes of UTF-8 fails. */
int text_decode(char **out, size_t *out_bytes, const char *text, size_t n, const struct encoding *e,
                size_t limit, struct why *why);

/* An input as a stream of UTF-8. */
struct text_stream;

/* Takes nothing over: `in` must stay open. */
int text_open(struct text_stream **out, struct input *in, const char *forced, struct why *why);
/* Up to n bytes (n at least 16) of UTF-8; 0 at the end, -1 with the reason. */
ssize_t text_read(struct text_stream *t, char *buf, size_t n, struct why *why);
void text_close(struct text_stream *t);

#endif
