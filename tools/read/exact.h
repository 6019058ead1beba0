/* exact.h - what documents may have that an object of JSON cannot say: how export writes it, and jsonl.c reads it.
 *
 * Three keys do, which only export writes:
 *   "fihrist:source"    where the document came from; an empty text: from nowhere
 *   "fihrist:several"   an array of keys: under each of them stands an array of several values, field of the index or
 *                       not. An array under any other key may be one value, as its text
 *   "fihrist:fields"    alone in its object: names and values of all fields in turn, each a text, or, of bytes that are
 *                       no UTF-8, {"base64":"…"}. For names that are keys above, or have a zero byte, and for values of
 *                       one name with another field between them
 */
#ifndef FIHRIST_EXACT_H
#define FIHRIST_EXACT_H

#include <stdbool.h>
#include <stdio.h>

#include "read/json_line.h"

enum exact_key { EXACT_NONE, EXACT_SOURCE, EXACT_SEVERAL, EXACT_FIELDS };

/* The key as it is written, for one of the enum but EXACT_NONE. */
const char *exact_name(enum exact_key key);
enum exact_key exact_key(fih_str key);
/* Does a key begin as they do? */
bool exact_is_ours(fih_str key);

/* A name or value in "fihrist:fields". */
void exact_write(FILE *f, fih_str value);
/* What exact_write() wrote. *bytes is new where it was no text, else NULL, and `out` borrowed from the member. 1; 0 if
 * it is neither; -1 if memory is out. */
int exact_read(fih_str *out, char **bytes, const struct json_member *m);

#endif
