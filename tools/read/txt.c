/* txt.c - a plain text is one document: the first line that is not blank is its title. */
#include <stdlib.h>
#include <string.h>

#include "read/readers.h"

/* A first line longer than this is a text without line breaks, not a title. */
#define TITLE_BYTES 1024u

/* Bytes of the white space or invisible mark at s, 0 if there is none: what leaves a line blank. */
static size_t blank_at(const char *s, const char *end)
{
    const unsigned char *p = (const unsigned char *)s;
    const size_t n = (size_t)(end - s);

    if (n >= 1 && (p[0] == ' ' || (p[0] >= '\t' && p[0] <= '\r') || p[0] == 0))
        return 1;
    if (n >= 2 && p[0] == 0xc2 && p[1] == 0xa0)
        return 2;                                  /* no-break space */
    if (n >= 3 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] <= 0x8f || (p[2] >= 0xa8 && p[2] <= 0xaf)))
        return 3;                                  /* spaces, zero-width and direction marks, separators */
    if (n >= 3 && p[0] == 0xe2 && p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)
        return 3;                                  /* isolates */
    if (n >= 3 && ((p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf) || (p[0] == 0xe3 && p[1] == 0x80 && p[2] == 0x80)))
        return 3;                                  /* U+FEFF, ideographic space */
    return 0;
}

static const char *skip_blanks(const char *s, const char *end)
{
    size_t n;

    while (s < end && (n = blank_at(s, end)) > 0)
        s += n;
    return s;
}

static const char *line_end(const char *s, const char *end)
{
    while (s < end && *s != '\n' && *s != '\r')
        s++;
    return s;
}

/* Split at the first line that is not blank. */
static void split(fih_str *title, fih_str *body, const char *text, size_t n)
{
    const char *end = text + n, *from = skip_blanks(text, end), *to = line_end(from, end), *rest = skip_blanks(to, end);

    while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
        to--;
    if ((size_t)(to - from) > TITLE_BYTES) {
        *title = (fih_str){ NULL, 0 };
        *body = (fih_str){ from, (size_t)(end - from) };
    } else {
        *title = (fih_str){ from, (size_t)(to - from) };
        *body = (fih_str){ rest, (size_t)(end - rest) };
    }
}

enum read_result read_txt(struct input *in, const char *name, const struct read_opts *opts,
                          const struct read_sink *sink, struct why *why)
{
    fih_doc doc = FIH_DOC_INIT;
    enum read_result rc;
    char *text;
    size_t n;

    if ((rc = read_whole(in, opts, FIH_MAX_TEXT, NULL, &text, &n, why)) != READ_OK)
        return rc;
    split(&doc.title, &doc.body, text, n);
    doc.id = (fih_str){ name, strlen(name) };
    if (doc.title.len + doc.body.len > 0 && sink->doc(sink->ctx, &doc, 0) != 0)
        rc = READ_STOPPED;
    free(text);
    return rc;
}
