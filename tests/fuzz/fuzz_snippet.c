/* fuzz_snippet.c - a query, a line feed, a text: the parts of a snippet are bytes of the text, in order. */
#include <stdlib.h>
#include <string.h>

#include "search/snippet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct fih_snippet *s, const char *text, size_t size, int is_whole)
{
    size_t at = 0;

    for (size_t i = 0; i < s->count; i++) {
        const fih_part *p = &s->parts[i];
        size_t k = at;

        if (p->kind == FIH_PART_GAP) {
            if (p->text.len || is_whole)
                abort();
            continue;
        }
        if (p->text.len == 0 || p->text.len > size)
            abort();
        while (k + p->text.len <= size && memcmp(text + k, p->text.ptr, p->text.len) != 0)
            k++;
        if (k + p->text.len > size)
            abort();
        at = k + p->text.len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct analyzer *a;
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    const size_t query = end ? (size_t)(end - data) : 0;
    const uint32_t chars[] = {0, 20, 240};
    struct fih_query *q;

    if (!end || query > 1000 || (!a && fihi_analyzer_new(&a, "arabic", NULL) != FIH_OK))
        return 0;
    if (fihi_query_parse(&q, (const char *)data, query, NULL) != FIH_OK)
        return 0;
    for (size_t i = 0; i < sizeof chars / sizeof *chars; i++) {
        const fih_str text = {(const char *)end + 1, size - query - 1};
        struct fih_snippet *s;

        const int rc = fihi_snippet_new(&s, a, q, text, (fih_str){NULL, 0}, NULL, chars[i], NULL);

        if (rc == FIH_E_QUERY || rc == FIH_E_LIMIT)        /* a regular expression that is none, a pattern too long */
            break;
        if (rc != FIH_OK)
            abort();
        look(s, text.ptr, text.len, chars[i] == 0);
        fihi_snippet_free(s);
    }
    fihi_query_free(q);
    return 0;
}
