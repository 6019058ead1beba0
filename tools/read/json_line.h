/* json_line.h - a JSON text becomes the members of its objects.
 *
 * A scanner of our own takes a text in one pass, borrowing from it what it can. It takes what jansson takes (a test
 * holds the two together) and some more, so that one odd value does not cost a document: half a surrogate pair and
 * ill-formed UTF-8 become U+FFFD; numbers are of any size and kept as they are written; NaN, Infinity and -Infinity are
 * texts; control characters need no escape; byte order marks between objects are passed over.
 */
#ifndef FIHRIST_JSON_LINE_H
#define FIHRIST_JSON_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"
#include "read/input.h"

enum json_kind {
    JSON_MEMBER_NULL,
    JSON_MEMBER_TEXT,
    JSON_MEMBER_NUMBER,
    JSON_MEMBER_BOOL,
    JSON_MEMBER_ARRAY,
    JSON_MEMBER_OBJECT
};

struct json_member {
    fih_str        key, value;     /* texts unescaped; anything else as compact JSON */
    enum json_kind kind;
};

/* Of a mistake. */
struct json_place {
    uint64_t line;             /* within the text, from 0 */
    uint64_t column;           /* in characters, from 1; 0 if there is no place to show */
};

struct json_line;

/* NULL if memory is out. */
struct json_line *json_line_new(void);
void json_line_free(struct json_line *j);

/* Begin with a text, borrowed until the last of its objects is done with. Returns -1 only if memory is out. */
int json_line_begin(struct json_line *j, const char *text, size_t n, struct why *why);

/**
 * The next object of the text; mostly there is one. Of equal keys the last counts, in the place of the first.
 *
 * @param members  Borrowed until the next call.
 * @return 1; 0 at the end; -1 with place and reason, and then nothing more of the text is read.
 */
int json_line_next(struct json_line *j, const struct json_member **members, size_t *count, struct json_place *place,
                   struct why *why);

/* The elements of an array, as json_line_next() gives one, as members without keys. `array` is borrowed until the last
 * of them is done with. Returns -1 if memory is out, or it is no array. */
int json_line_elements(struct json_line *j, fih_str array, const struct json_member **members, size_t *count);

#endif
