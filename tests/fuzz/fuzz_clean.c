/* fuzz_clean.c - of any bytes, ranges in the text, in order, on borders of characters; and a record holds them whole.
 *
 * Not checked: that cleaning what is left finds nothing more. It can: a source is a footer only near the end of a text,
 * and what stood on both sides of a tag can be one when the tag is gone.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "index/docs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_ranges(const struct cuts *c, const uint8_t *data, size_t size, int is_valid)
{
    size_t at = 0;

    for (size_t i = 0; i < c->count; i++) {
        const struct cut k = c->cuts[i];

        if (k.start < at || k.end <= k.start || k.end > size || k.reason >= CLEAN_REASONS)
            abort();
        if (is_valid && ((data[k.start] & 0xC0) == 0x80 || (k.end < size && (data[k.end] & 0xC0) == 0x80)))
            abort();
        at = k.end;
    }
}

/* Written and read again: the same bytes are kept, apart from blanks between two cuts. */
static void check_record(const struct cuts *c, const uint8_t *data, size_t size)
{
    const fih_str body = {(const char *)data, size};
    struct span spans[FIELD_KNOWN], span;
    fih_doc d = FIH_DOC_INIT;
    struct buf raw = {0};
    uint64_t ill = 0;

    d.id = (fih_str){"i", 1};
    d.body = body;
    if (fihi_record_append(&raw, &d, spans, &ill, NULL) != 0 ||
        fihi_record_cut(&raw, 0, spans[FIELD_BODY], c, &span, NULL) != 0)
        abort();
    if (fihi_cut_check((fih_str){(const char *)raw.ptr + span.at, span.len}, body) != 0)
        abort();
    fihi_buf_free(&raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cuts c;
    const int is_valid = fihi_utf8_valid(data, size) == size;

    if (fihi_clean(&c, data, size) != FIH_OK)
        abort();
    check_ranges(&c, data, size, is_valid);
    if (is_valid && c.count)
        check_record(&c, data, size);
    fihi_cut_check((fih_str){(const char *)data, size}, (fih_str){(const char *)data, size});
    return 0;
}
