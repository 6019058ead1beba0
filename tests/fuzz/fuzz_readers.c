/* fuzz_readers.c - any bytes as a text, JSON Lines or HTML file: documents that are well-formed, or reasons. */
#include <stdlib.h>
#include <string.h>

#include "reach.h"
#include "read/kind.h"
#include "read/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reach reach[] = {{"documents", 60, 0}, {NULL, 0, 0}};

static int on_doc(void *ctx, const fih_doc *doc, uint64_t line)
{
    const fih_str *parts[] = {&doc->id, &doc->title, &doc->body, &doc->date, &doc->section, &doc->url, &doc->source};
    volatile char sum = 0;                         /* touch every byte: ASan sees a range that lies */

    (void)ctx;
    (void)line;
    reach[0].count++;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (size_t k = 0; k < parts[i]->len; k++)
            sum ^= parts[i]->ptr[k];
    for (size_t i = 0; i < doc->extra_count; i++)
        for (size_t k = 0; k < doc->extra[i].value.len; k++)
            sum ^= doc->extra[i].value.ptr[k];
    return 0;
}

static int on_bad(void *ctx, uint64_t line, uint64_t column, const char *reason)
{
    (void)ctx;
    (void)line;
    (void)column;
    if (reason[0] == '\0' || strchr(reason, '\n'))
        abort();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static reader *const readers[] = {read_txt, read_jsonl, read_json, read_html, NULL};
    const struct read_sink sink = {NULL, on_doc, on_bad, NULL};
    const struct read_opts opts = {0};

    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        struct input *in = NULL;
        struct why why = {""};

        reader *read = readers[i];

        if (input_memory(&in, data, size, &why) != 0)
            continue;                              /* a compressed stream that is broken from its start */
        if (!read && kind_reader(&read, in, size % 2 ? "name" : "page.php?id=3", &why) != READ_OK) {
            if (why.text[0] == '\0')
                abort();
            input_close(in);
            continue;
        }
        if (read(in, "name", &opts, &sink, &why) == READ_FAILED && why.text[0] == '\0')
            abort();
        input_close(in);
    }
    return 0;
}
