/* heard.h - what a reader makes of bytes in memory, as one text: shared by the tests of readers. */
#ifndef HEARD_H
#define HEARD_H

#pragma GCC system_header

#include <unicode/ucnv.h>

#include "read/readers.h"
#include "tap.h"

/* What a reader said, as one text: "id|title|body|date|section|url|key=value;…" a document, "!line:column reason". */
struct heard {
    char   text[8192];
    size_t n;
    unsigned documents, bad;
    char   date[128];              /* of the last document */
};

TAP_STATIC void hear(struct heard *h, const void *s, size_t n)
{
    if (n > sizeof h->text - 1 - h->n)
        n = sizeof h->text - 1 - h->n;
    if (n > 0)
        memcpy(h->text + h->n, s, n);
    h->n += n;
    h->text[h->n] = '\0';
}

TAP_STATIC void hear_field(struct heard *h, fih_str s)
{
    hear(h, s.ptr, s.len);
    hear(h, "|", 1);
}

TAP_STATIC int on_doc(void *ctx, const fih_doc *doc, uint64_t line)
{
    struct heard *h = ctx;
    const fih_str fields[] = { doc->id, doc->title, doc->body, doc->date, doc->section, doc->url };

    (void)line;
    h->documents++;
    snprintf(h->date, sizeof h->date, "%.*s", (int)doc->date.len, doc->date.len ? doc->date.ptr : "");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        hear_field(h, fields[i]);
    for (size_t i = 0; i < doc->extra_count; i++) {
        hear(h, doc->extra[i].name.ptr, doc->extra[i].name.len);
        hear(h, "=", 1);
        hear(h, doc->extra[i].value.ptr, doc->extra[i].value.len);
        hear(h, ";", 1);
    }
    hear(h, "\n", 1);
    return 0;
}

TAP_STATIC int on_bad(void *ctx, uint64_t line, uint64_t column, const char *reason)
{
    struct heard *h = ctx;
    char text[512];
    const int n = snprintf(text, sizeof text, "!%u:%u %s\n", (unsigned)line, (unsigned)column, reason);

    h->bad++;
    hear(h, text, (size_t)n);
    return 0;
}

/* Read bytes; a failure of the whole input ends the text with "FAILED reason". */
TAP_STATIC void read_bytes_with(struct heard *h, reader *read, const void *bytes, size_t n, const struct read_opts *opts)
{
    const struct read_sink sink = { h, on_doc, on_bad, NULL };
    struct input *in = NULL;
    struct why why;

    memset(h, 0, sizeof *h);
    if (input_memory(&in, bytes, n, &why) != 0 || read(in, "n", opts, &sink, &why) != READ_OK) {
        hear(h, "FAILED ", 7);
        hear(h, why.text, strlen(why.text));
    }
    input_close(in);
}

TAP_STATIC void read_bytes(struct heard *h, reader *read, const void *bytes, size_t n)
{
    const struct read_opts opts = { 0 };

    read_bytes_with(h, read, bytes, n, &opts);
}

#define READ(read, text) read_bytes(&h, read, text, sizeof text - 1)

/* Bytes of a text in another encoding; *n is 0 if there are none. */
TAP_STATIC void encoded(char *out, size_t size, size_t *n, const char *name, const char *utf8)
{
    UErrorCode rc = U_ZERO_ERROR;
    int32_t got = ucnv_convert(name, "UTF-8", out, (int32_t)size, utf8, -1, &rc);

    *n = U_SUCCESS(rc) ? (size_t)got : 0;
}

#endif
