/* jsonl.c - JSON records: an object a line, or objects one after the other, in an array or not.
 *
 * Streams in memory bounded by the longest line or object. What cannot be used is reported and passed over; whatever
 * follows it is read.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/json_doc.h"
#include "read/json_line.h"
#include "read/readers.h"
#include "read/text.h"

#define BLOCK_BYTES ((size_t)1 << 20)
#define LINE_BYTES  ((size_t)FIH_MAX_TEXT + ((size_t)16 << 20))   /* a longer line is passed over */

/* ------------------------------------------------------------------- Lines */

struct lines {
    struct text_stream *text;
    char    *buf;
    size_t   cap, at, end;             /* unread bytes are buf[at, end) */
    bool     at_end;
    uint64_t number;                   /* of the line last given */
};

enum line_result { LINE_OK, LINE_END, LINE_TOO_LONG, LINE_FAILED };

/* Read more behind what is there; makes room first. */
static int more(struct lines *l, struct why *why)
{
    ssize_t got;

    if (l->at > 0) {
        memmove(l->buf, l->buf + l->at, l->end - l->at);
        l->end -= l->at;
        l->at = 0;
    }
    if (l->end == l->cap) {
        char *buf = realloc(l->buf, l->cap ? l->cap * 2 : BLOCK_BYTES);

        if (!buf) {
            why_set(why, "out of memory for a line of more than %zu bytes", l->cap);
            return -1;
        }
        l->cap = l->cap ? l->cap * 2 : BLOCK_BYTES;
        l->buf = buf;
    }
    if ((got = text_read(l->text, l->buf + l->end, l->cap - l->end, why)) < 0)
        return -1;
    l->end += (size_t)got;
    l->at_end = got == 0;
    return 0;
}

/* Drop the bytes of a line that is too long, keeping nothing of it. */
static enum line_result drop_line(struct lines *l, struct why *why)
{
    for (;;) {
        const char *nl = memchr(l->buf + l->at, '\n', l->end - l->at);

        if (nl || l->at_end) {
            l->at = nl ? (size_t)(nl - l->buf) + 1 : l->end;
            return LINE_TOO_LONG;
        }
        l->at = l->end;
        if (more(l, why) != 0)
            return LINE_FAILED;
    }
}

/* The next line without its line feed, borrowed until the next call. */
static enum line_result next_line(struct lines *l, char **line, size_t *n, struct why *why)
{
    size_t seen = 0;

    l->number++;
    for (;;) {
        char *from = l->buf + l->at,
             *nl = l->end > l->at + seen ? memchr(from + seen, '\n', l->end - l->at - seen) : NULL;

        if (nl || (l->at_end && l->end > l->at)) {
            *line = from;
            *n = nl ? (size_t)(nl - from) : l->end - l->at;
            l->at += *n + (nl != NULL);
            return LINE_OK;
        }
        if (l->at_end)
            return LINE_END;
        seen = l->end - l->at;
        if (seen > LINE_BYTES)
            return drop_line(l, why);
        if (more(l, why) != 0)
            return LINE_FAILED;
    }
}

/* ----------------------------------------------------------------- Objects */

struct job {
    const struct read_opts *opts;
    const struct read_sink *sink;
    struct json_line *json;
    struct json_doc  *docs;
    bool              needs_text;      /* what has none is no document (read_json) */
    uint64_t          with_text, without, first_without; /* objects so far; the line of the first without */
};

static enum read_result bad(const struct job *j, uint64_t line, uint64_t column, const char *reason)
{
    return j->sink->bad(j->sink->ctx, line, column, reason) != 0 ? READ_STOPPED : READ_OK;
}

static const char no_text[] = "neither a title nor a body (--map names other keys)";

/* One object more. In a .json file one without any text is no document, and a file of none but these is no mistake: it
 * is a program's settings or the like. So they are told from the first document on. */
static enum read_result take_doc(struct job *j, const fih_doc *doc, uint64_t line)
{
    if (j->needs_text && doc->title.len + doc->body.len == 0) {
        if (j->with_text > 0)
            return bad(j, line, 0, no_text);
        if (j->without++ == 0)
            j->first_without = line;
        return READ_OK;
    }
    if (j->with_text++ == 0 && j->without > 0) {
        struct why reason;

        why_set(&reason, "%s; this is true of %" PRIu64 " objects before the first document", no_text, j->without);
        if (bad(j, j->first_without, 0, reason.text) != READ_OK)
            return READ_STOPPED;
    }
    return j->sink->doc(j->sink->ctx, doc, line) != 0 ? READ_STOPPED : READ_OK;
}

/* The objects of a line; `number` makes the id of one that has none, `line` and `column` are where the text begins. */
static enum read_result read_text(struct job *j, const char *text, size_t n, uint64_t number, uint64_t line,
                                  uint64_t column)
{
    const struct json_member *members;
    struct json_place place;
    struct why reason;
    size_t count;
    int rc;

    if (json_line_begin(j->json, text, n, &reason) != 0)
        return bad(j, line, 0, reason.text);
    for (uint64_t nth = 1; (rc = json_line_next(j->json, &members, &count, &place, &reason)) == 1; nth++) {
        fih_doc doc = FIH_DOC_INIT;

        if ((json_doc_fill(j->docs, &doc, members, count, number, nth, &reason) != 0 ? bad(j, line, 0, reason.text)
                                                                                      : take_doc(j, &doc, line)) !=
            READ_OK)
            return READ_STOPPED;
    }
    if (rc == 0)
        return READ_OK;
    return bad(j, line + place.line, place.column + (place.line == 0 && place.column > 0 ? column - 1 : 0),
               reason.text);
}

static enum read_result read_lines(struct job *j, struct lines *l, struct why *why)
{
    for (;;) {
        enum read_result rc = READ_OK;
        size_t n = 0;
        char *line = NULL;

        switch (next_line(l, &line, &n, why)) {
        case LINE_OK:
            rc = read_text(j, line, n, l->number, l->number, 1);
            break;
        case LINE_TOO_LONG:
            rc = bad(j, l->number, 0, "longer than 1 GiB and 16 MiB");
            break;
        case LINE_FAILED:
            return READ_FAILED;
        case LINE_END:
            return READ_OK;
        }
        if (rc != READ_OK)
            return rc;
    }
}

/* --------------------------------------- Objects, in an array or one by one */

/* Where the next object is looked for: lines and columns are counted as bytes are passed. */
struct place { uint64_t line, column; };

static void pass(struct lines *l, struct place *p, size_t n)
{
    for (const char *s = l->buf + l->at, *end = s + n; s < end; s++) {
        if (*s == '\n') {
            p->line++;
            p->column = 1;
        } else {
            p->column += ((unsigned char)*s & 0xc0) != 0x80;
        }
    }
    l->at += n;
}

/* Make sure of a byte at l->at + seen: 1, 0 at the end, -1. */
static int reach(struct lines *l, size_t seen, struct why *why)
{
    while (l->end - l->at <= seen) {
        if (l->at_end)
            return 0;
        if (more(l, why) != 0)
            return -1;
    }
    return 1;
}

/* Bytes of the value that begins at l->at + from: to its closing bracket, or for what has none up to a comma, bracket
 * or line's end. 1; 0 if it is not closed, or longer than 1 GiB and 16 MiB; -1. */
static int measure(struct lines *l, size_t from, size_t *n, struct why *why)
{
    size_t depth = 0;
    bool in_text = false;
    int rc = 1;

    for (*n = 0; *n <= LINE_BYTES && (rc = reach(l, from + *n, why)) == 1; ++*n) {
        const char c = l->buf[l->at + from + *n];

        if (in_text) {
            if (c == '\\')
                ++*n;                              /* past the end it is not closed either */
            in_text = c != '"';
            continue;
        }
        if (depth == 0 && *n > 0 && (c == ',' || c == ']' || c == '}' || c == '\n'))
            return 1;
        in_text = c == '"';
        depth += c == '{' || c == '[';
        if ((c == '}' || c == ']') && (depth == 0 || --depth == 0)) {
            ++*n;
            return 1;
        }
    }
    if (rc < 0 || *n > LINE_BYTES)
        return rc < 0 ? -1 : 0;
    *n = l->end - l->at - from;
    return depth == 0 && !in_text;
}

/* Past blanks, byte order marks, commas and the brackets of the array. 1; 0 at the end; -1. */
static int find_value(struct lines *l, struct place *p, bool *in_array, struct why *why)
{
    int rc;

    while ((rc = reach(l, 0, why)) == 1) {
        const char *s = l->buf + l->at;
        size_t n = 1;

        if (*s == '[' && !*in_array)
            *in_array = true;
        else if (*s == ']' && *in_array)
            *in_array = false;
        else if (*s == '\xEF' && reach(l, 2, why) == 1 && memcmp(l->buf + l->at, "\xEF\xBB\xBF", 3) == 0)
            n = 3;
        else if (!(*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n' || (*s == ',' && *in_array)))
            return 1;
        pass(l, p, n);
    }
    return rc;
}

static enum read_result read_values(struct job *j, struct lines *l, struct why *why)
{
    struct place p = { 1, 1 };
    bool in_array = false;
    size_t n;
    int rc;

    for (uint64_t number = 1; (rc = find_value(l, &p, &in_array, why)) == 1; number++) {
        if ((rc = measure(l, 0, &n, why)) < 0)
            break;
        if (rc == 0)                               /* what follows cannot be told from what is in it */
            return bad(j, p.line, p.column,
                       n > LINE_BYTES ? "the value that starts here is over 1 GiB and 16 MiB long; the rest is not read"
                                      : "broken JSON: the value that starts here is not closed");
        if (read_text(j, l->buf + l->at, n, number, p.line, p.column) != READ_OK)
            return READ_STOPPED;
        pass(l, &p, n);
    }
    if (rc == 0 && in_array)
        return bad(j, p.line, p.column, "broken JSON: ']' expected: the file ends within the array");
    return rc < 0 ? READ_FAILED : READ_OK;
}

enum shape { LINES, VALUES, NO_OBJECTS, UNREADABLE };

static int skip_to(struct lines *l, size_t *at, const char *blanks, struct why *why)
{
    int rc;

    while ((rc = reach(l, *at, why)) == 1 && l->buf[l->at + *at] && strchr(blanks, l->buf[l->at + *at]))
        ++*at;
    return rc;
}

/* Values rather than lines are an array of objects and, in a .json file, an object that goes over its line. */
static enum shape find_shape(struct lines *l, bool is_json, struct why *why)
{
    const enum shape other = is_json ? NO_OBJECTS : LINES;
    size_t at = 0, n = 0;
    int rc = skip_to(l, &at, " \t\r\n\xEF\xBB\xBF", why);

    if (rc != 1)
        return rc < 0 ? UNREADABLE : LINES;
    if (l->buf[l->at + at] == '[') {
        at++;
        rc = skip_to(l, &at, " \t\r\n", why);
        return rc < 0                                                                 ? UNREADABLE
               : rc == 1 && (l->buf[l->at + at] == '{' || l->buf[l->at + at] == ']') ? VALUES
                                                                                      : other;
    }
    if (l->buf[l->at + at] != '{')
        return other;
    if (!is_json)
        return LINES;
    rc = measure(l, at, &n, why);
    if (rc == 1 && memchr(l->buf + l->at + at, '\n', n))
        return VALUES;
    return rc < 0 ? UNREADABLE : LINES;
}

static enum read_result read_records(struct input *in, const char *name, const struct read_opts *opts,
                                     const struct read_sink *sink, bool is_json, struct why *why)
{
    struct job j = { .opts = opts, .sink = sink, .needs_text = is_json };
    enum shape shape = UNREADABLE;
    enum read_result rc = READ_FAILED;
    struct lines l = { 0 };

    if (!(j.json = json_line_new()) || !(j.docs = json_doc_new(opts, name)))
        why_set(why, "out of memory");
    else if (text_open(&l.text, in, opts->encoding, why) == 0)
        shape = find_shape(&l, is_json, why);
    if (shape == LINES || shape == VALUES)
        rc = shape == VALUES ? read_values(&j, &l, why) : read_lines(&j, &l, why);
    if (shape == NO_OBJECTS || (rc == READ_OK && j.without > 0 && j.with_text == 0)) {
        why_set(why, "%s%s", shape == NO_OBJECTS ? "contains no JSON objects" : "its objects have ",
                shape == NO_OBJECTS ? "" : no_text);
        rc = READ_OTHER;
    }
    text_close(l.text);
    json_line_free(j.json);
    json_doc_free(j.docs);
    free(l.buf);
    return rc;
}

enum read_result read_jsonl(struct input *in, const char *name, const struct read_opts *opts,
                            const struct read_sink *sink, struct why *why)
{
    return read_records(in, name, opts, sink, false, why);
}

enum read_result read_json(struct input *in, const char *name, const struct read_opts *opts,
                           const struct read_sink *sink, struct why *why)
{
    return read_records(in, name, opts, sink, true, why);
}
