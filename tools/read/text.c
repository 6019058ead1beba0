/* text.c - conversion to UTF-8, of a whole text and of a stream. See text.h. */
#include "read/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>

#define HEAD_BYTES  ((size_t)256 << 10)    /* looked at to find the encoding of a stream */
#define PIVOT_UNITS 4096

struct text_stream {
    struct input *in;
    UConverter   *from, *to;       /* NULL: the bytes are UTF-8 already */
    char         *raw;             /* read, not yet converted or passed on */
    size_t        raw_at, raw_end;
    bool          at_end, is_flushed, is_first;
    bool          has_failed;      /* the input failed behind what is in `raw` */
    struct why    why;
    UChar         pivot[PIVOT_UNITS];
    UChar        *pivot_from, *pivot_to;
};

static int open_converters(struct text_stream *t, const char *name, struct why *why)
{
    UErrorCode rc = U_ZERO_ERROR;

    t->pivot_from = t->pivot_to = t->pivot;
    t->is_first = true;
    t->from = ucnv_open(name, &rc);
    t->to = ucnv_open(ENCODING_UTF8, &rc);
    if (U_SUCCESS(rc))
        return 0;
    why_set(why, "encoding '%s' is not known: %s", name, u_errorName(rc));
    return -1;
}

/* Convert as much as fits; afterwards either the buffer is full or the raw bytes are used up. */
static ssize_t convert(struct text_stream *t, char *buf, size_t n, struct why *why)
{
    UErrorCode rc = U_ZERO_ERROR;
    const char *src = t->raw + t->raw_at;
    char *dst = buf;

    ucnv_convertEx(t->to, t->from, &dst, buf + n, &src, t->raw + t->raw_end, t->pivot, &t->pivot_from,
                   &t->pivot_to, t->pivot + PIVOT_UNITS, t->is_first, t->at_end, &rc);
    t->is_first = false;
    t->raw_at = (size_t)(src - t->raw);
    if (U_FAILURE(rc) && rc != U_BUFFER_OVERFLOW_ERROR) {
        why_set(why, "cannot convert to UTF-8: %s", u_errorName(rc));
        return -1;
    }
    if (t->at_end && rc != U_BUFFER_OVERFLOW_ERROR)
        t->is_flushed = true;
    return dst - buf;
}

int text_decode(char **out, size_t *out_bytes, const char *text, size_t n, const struct encoding *e,
                size_t limit, struct why *why)
{
    struct text_stream t = { 0 };
    size_t cap = n + n / 2 + 64, have = 0;
    char *buf = NULL, *more;
    ssize_t got;
    int rc = -1;

    *out = NULL;
    if (open_converters(&t, e->name, why) != 0)
        goto out;
    t.raw = (char *)(uintptr_t)text;               /* only read from */
    t.raw_at = e->mark_bytes;
    t.raw_end = n;
    t.at_end = true;
    if (!(buf = malloc(cap)))
        goto nomem;
    while (!t.is_flushed) {
        if (cap - have < 64) {
            cap *= 2;
            if (!(more = realloc(buf, cap)))
                goto nomem;
            buf = more;
        }
        if ((got = convert(&t, buf + have, cap - have - 1, why)) < 0)
            goto out;
        have += (size_t)got;
        if (have > limit) {
            why_set(why, "more than %zu MiB of text in one document", limit >> 20);
            goto out;
        }
    }
    buf[have] = '\0';
    *out = buf;
    *out_bytes = have;
    buf = NULL;
    rc = 0;
    goto out;
nomem:
    why_set(why, "out of memory");
out:
    free(buf);
    ucnv_close(t.from);
    ucnv_close(t.to);
    return rc;
}

int text_open(struct text_stream **out, struct input *in, const char *forced, struct why *why)
{
    struct text_stream *t = calloc(1, sizeof *t);
    struct encoding e;
    ssize_t got;

    *out = NULL;
    if (!t || !(t->raw = malloc(HEAD_BYTES))) {
        why_set(why, "out of memory");
        goto fail;
    }
    t->in = in;
    while (t->raw_end < HEAD_BYTES && (got = input_read(in, t->raw + t->raw_end, HEAD_BYTES - t->raw_end, why)) != 0) {
        if (got < 0) {
            if (t->raw_end == 0)
                goto fail;
            t->has_failed = true;                  /* what came before it is still good */
            t->why = *why;
            break;
        }
        t->raw_end += (size_t)got;
    }
    t->at_end = t->raw_end < HEAD_BYTES && !t->has_failed;
    encoding_find(&e, t->raw, t->raw_end, forced, NULL);
    t->raw_at = e.mark_bytes;
    if (strcmp(e.name, ENCODING_UTF8) != 0 && open_converters(t, e.name, why) != 0)
        goto fail;
    *out = t;
    return 0;
fail:
    text_close(t);
    return -1;
}

static int refill(struct text_stream *t, struct why *why)
{
    ssize_t got;

    if (t->raw_at < t->raw_end || t->at_end)
        return 0;
    if (t->has_failed) {
        *why = t->why;
        return -1;
    }
    if ((got = input_read(t->in, t->raw, HEAD_BYTES, why)) < 0)
        return -1;
    t->raw_at = 0;
    t->raw_end = (size_t)got;
    t->at_end = got == 0;
    return 0;
}

ssize_t text_read(struct text_stream *t, char *buf, size_t n, struct why *why)
{
    ssize_t got = 0;

    if (!t->from) {
        const size_t have = t->raw_end - t->raw_at, take = have < n ? have : n;

        if (have == 0 && t->has_failed) {
            *why = t->why;
            return -1;
        }
        if (have == 0)
            return t->at_end ? 0 : input_read(t->in, buf, n, why);
        memcpy(buf, t->raw + t->raw_at, take);
        t->raw_at += take;
        return (ssize_t)take;
    }
    while (got == 0 && !t->is_flushed)
        if (refill(t, why) != 0 || (got = convert(t, buf, n, why)) < 0)
            return -1;
    return got;
}

void text_close(struct text_stream *t)
{
    if (!t)
        return;
    ucnv_close(t->from);
    ucnv_close(t->to);
    free(t->raw);
    free(t);
}
