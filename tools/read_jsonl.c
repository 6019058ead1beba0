/* read_jsonl.c - JSON Lines: one object a line is one document.
 *
 * Streams in memory bounded by the longest line. A line that cannot be used is reported and passed
 * over; whatever follows it is read.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "encoding.h"
#include "readers.h"

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
        char *from = l->buf + l->at, *nl = l->end > l->at + seen ? memchr(from + seen, '\n', l->end - l->at - seen) : NULL;

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
    const char *name;
    fih_field  *extra;                 /* reused from line to line */
    char      **made;                  /* texts made for extra fields, freed after each line */
    size_t      extra_cap, made_count;
    char       *id;                    /* room for NAME#LINE */
    size_t      id_cap;
    char        number[TARGET_COUNT][40];
};

static bool is_blank(const char *s, size_t n)
{
    while (n > 0 && (*s == ' ' || *s == '\t' || *s == '\r')) {
        s++;
        n--;
    }
    return n == 0;
}

/* The field that a key feeds, or TARGET_COUNT. A field that is mapped to another key still takes its own
 * name where the object has no such key, so *is_second says that the other goes first. */
static size_t target_of(const struct read_opts *o, const char *key, bool *is_second)
{
    size_t own = TARGET_COUNT;

    for (size_t i = 0; i < TARGET_COUNT; i++) {
        *is_second = false;
        if (o->keys[i] && strcmp(key, o->keys[i]) == 0)
            return i;
        if (strcmp(key, read_target_names[i]) == 0)
            own = i;
    }
    *is_second = own < TARGET_COUNT && o->keys[own];
    return own;
}

static const char *kind_of(const json_t *v)
{
    return json_is_array(v) ? "an array" : json_is_object(v) ? "an object" : "true or false";
}

/* A text or number as a field; 0 if it is neither. */
static int take_value(struct job *j, fih_str *to, size_t target, const json_t *v)
{
    if (json_is_string(v)) {
        *to = (fih_str){ json_string_value(v), json_string_length(v) };
    } else if (json_is_number(v)) {
        const size_t n = json_dumpb(v, j->number[target], sizeof j->number[target],
                                    JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));

        *to = (fih_str){ j->number[target], n < sizeof j->number[target] ? n : 0 };
    } else if (!json_is_null(v)) {
        return 0;
    }
    return 1;
}

/* Any other key is kept as a stored field: texts as they are, the rest as compact JSON. The name "source" is taken
 * by the file the document comes from. */
static int add_extra(struct job *j, size_t i, const char *key, const json_t *v)
{
    fih_field *f = &j->extra[i];
    char *text;

    if (strcmp(key, "source") == 0)
        key = "source_";
    f->name = (fih_str){ key, strlen(key) };
    if (json_is_string(v)) {
        f->value = (fih_str){ json_string_value(v), json_string_length(v) };
        return 0;
    }
    if (!(text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15))))
        return -1;
    f->value = (fih_str){ text, strlen(text) };
    j->made[j->made_count++] = text;
    return 0;
}

static int make_room(struct job *j, size_t count)
{
    void *p;

    if (count <= j->extra_cap)
        return 0;
    count += 16;
    if (!(p = realloc(j->extra, count * sizeof *j->extra)))
        return -1;
    j->extra = p;
    if (!(p = realloc(j->made, count * sizeof *j->made)))
        return -1;
    j->made = p;
    j->extra_cap = count;
    return 0;
}

/* NAME#LINE for a document without an id: the same line of the same file keeps its name. */
static int make_id(struct job *j, fih_str *id, uint64_t line)
{
    const size_t need = strlen(j->name) + 24;

    if (need > j->id_cap) {
        char *p = realloc(j->id, need);

        if (!p)
            return -1;
        j->id = p;
        j->id_cap = need;
    }
    *id = (fih_str){ j->id, (size_t)snprintf(j->id, j->id_cap, "%s#%" PRIu64, j->name, line) };
    return 0;
}

/* Fill the document from an object. *reason is set (and -1 returned) for one that cannot be used. */
static int fill_doc(struct job *j, fih_doc *doc, json_t *object, uint64_t line, struct why *reason)
{
    fih_str *const to[TARGET_COUNT] = { &doc->id, &doc->title, &doc->body, &doc->date, &doc->section, &doc->url };
    bool is_set[TARGET_COUNT] = { false };
    const char *key;
    json_t *v;

    if (make_room(j, json_object_size(object)) != 0)
        goto nomem;
    json_object_foreach(object, key, v) {
        bool is_second;
        const size_t t = target_of(j->opts, key, &is_second);

        if (json_is_null(v) || (is_second && is_set[t]))
            continue;
        if (t == TARGET_COUNT) {
            if (add_extra(j, doc->extra_count++, key, v) != 0)
                goto nomem;
        } else if (!take_value(j, to[t], t, v)) {
            why_set(reason, "\"%.100s\" is %s: a text or a number is needed", key, kind_of(v));
            return -1;
        } else {
            is_set[t] = !is_second;
        }
    }
    doc->extra = j->extra;
    if (doc->id.len == 0 && make_id(j, &doc->id, line) != 0)
        goto nomem;
    return 0;
nomem:
    why_set(reason, "out of memory");
    return -1;
}

static void drop_made(struct job *j)
{
    while (j->made_count > 0)
        free(j->made[--j->made_count]);
}

/* ---------------------------------------------------------------- One line */

/* Bytes that are not UTF-8 are replaced first: one bad byte must not lose the whole document. */
static json_t *parse(const char *line, size_t n, json_error_t *e)
{
    json_t *v = json_loadb(line, n, JSON_ALLOW_NUL, e);
    size_t bytes;
    char *fixed;

    if (v || json_error_code(e) != json_error_invalid_utf8 || !(fixed = encoding_repair(line, n, &bytes)))
        return v;
    v = json_loadb(fixed, bytes, JSON_ALLOW_NUL, e);
    free(fixed);
    return v;
}

static int bad(const struct job *j, uint64_t line, uint64_t column, const char *reason)
{
    return j->sink->bad(j->sink->ctx, line, column, reason) != 0 ? READ_STOPPED : READ_OK;
}

static int bad_json(const struct job *j, uint64_t line, const json_error_t *e)
{
    struct why reason;
    /* The error's own text can quote the line; what it expects stands before that. */
    const char *near = strstr(e->text, " near ");

    why_set(&reason, "broken JSON: %.*s", near ? (int)(near - e->text) : (int)strlen(e->text), e->text);
    return bad(j, line, e->column > 0 ? (uint64_t)e->column : 1, reason.text);
}

static int read_line(struct job *j, const char *line, size_t n, uint64_t number)
{
    fih_doc doc = FIH_DOC_INIT;
    struct why reason;
    json_error_t e;
    json_t *v;
    int rc = READ_OK;

    if (is_blank(line, n))
        return READ_OK;
    if (!(v = parse(line, n, &e)))
        return bad_json(j, number, &e);
    if (!json_is_object(v))
        rc = bad(j, number, 1, "not a JSON object: each line needs one, as {\"id\":…, \"title\":…, \"body\":…}");
    else if (fill_doc(j, &doc, v, number, &reason) != 0)
        rc = bad(j, number, 0, reason.text);
    else if (j->sink->doc(j->sink->ctx, &doc, number) != 0)
        rc = READ_STOPPED;
    drop_made(j);
    json_decref(v);
    return rc;
}

enum read_result read_jsonl(struct input *in, const char *name, const struct read_opts *opts,
                            const struct read_sink *sink, struct why *why)
{
    struct job j = { .opts = opts, .sink = sink, .name = name };
    struct lines l = { 0 };
    int rc = READ_FAILED;
    size_t n;
    char *line;

    if (text_open(&l.text, in, opts->encoding, why) != 0)
        goto out;
    for (;;) {
        const enum line_result got = next_line(&l, &line, &n, why);

        if (got == LINE_FAILED)
            rc = READ_FAILED;
        else if (got == LINE_TOO_LONG)
            rc = bad(&j, l.number, 0, "longer than 1 GiB");
        else
            rc = got == LINE_OK ? read_line(&j, line, n, l.number) : READ_OK;
        if (rc != READ_OK || got == LINE_END)
            break;
    }
out:
    text_close(l.text);
    free(l.buf);
    free(j.extra);
    free(j.made);
    free(j.id);
    return (enum read_result)rc;
}
