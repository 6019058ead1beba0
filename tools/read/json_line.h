/* json_line.h - one line of JSON Lines becomes the members of its object.
 *
 * Most lines are flat and well-formed: a scanner of our own takes them in one pass, borrowing texts from
 * the line. Whatever it does not take (and every number that is not whole, and nested values) goes to
 * jansson, which also says what is wrong with a broken line. A test holds the two to the same results.
 */
#ifndef FIHRIST_JSON_LINE_H
#define FIHRIST_JSON_LINE_H

#include <stddef.h>

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

struct json_line;

/* NULL if memory is out. */
struct json_line *json_line_new(void);
void json_line_free(struct json_line *j);

/**
 * Parse one line. Ill-formed UTF-8 is replaced by U+FFFD; of equal keys the last counts.
 *
 * @param members  Borrowed until the next call, as is `line`, which they may point into.
 * @param column   Of a mistake, in characters from 1.
 * @return 0, or -1 with the reason.
 */
int json_line_parse(struct json_line *j, const char *line, size_t n, const struct json_member **members, size_t *count,
                    size_t *column, struct why *why);
/* The same by jansson alone, for the test. */
int json_line_parse_slowly(struct json_line *j, const char *line, size_t n, const struct json_member **members,
                           size_t *count, size_t *column, struct why *why);

#endif
