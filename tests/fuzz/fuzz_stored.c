/* fuzz_stored.c - any bytes as a record, as ids, and as a value of stored documents: spans in the bytes, or damage. */
#include <stdlib.h>
#include <string.h>

#include "codec/letters.h"
#include "index/docs.h"
#include "reach.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reach reach[] = {
    {"fields of records", 30, 0},
    {"ids", 5, 0},
    {"documents of stored values", 8, 0},
    {NULL, 0, 0},
};

static void inside(const void *p, size_t n, const uint8_t *data, size_t size)
{
    const uint8_t *q = p;

    if (n > 0 && (q < data || n > size || (size_t)(q - data) > size - n))
        abort();
}

static void records(const uint8_t *data, size_t size)
{
    struct record_scan scan;
    fih_str name, value;
    unsigned code;
    int rc;

    if (fihi_record_scan(&scan, data, size) != 0)
        return;
    while ((rc = fihi_record_next(&scan, &code, &name, &value)) == FIH_OK) {
        inside(value.ptr, value.len, data, size);
        reach[0].count++;
        if (code == FIELD_NAMED)
            inside(name.ptr, name.len, data, size);
    }
    if (rc != FIH_DONE && rc != FIH_E_CORRUPT)
        abort();
}

static void ids(const uint8_t *data, size_t size)
{
    uint32_t first, count;
    static struct buf id;

    if (fihi_ids_parse(data, size, &first, &count) != 0)
        return;
    for (uint32_t i = 0; i < count && i < 1000; i++)
        if (fihi_ids_at(data, size, i, &id) == 0) {
            reach[1].count++;
            if (id.len > FIH_MAX_ID)
                abort();
        }
    if (count && fihi_ids_at(data, size, count - 1, &id) == 0 && id.len > size * size)
        abort();
}

static void values(const uint8_t *data, size_t size)
{
    static struct buf raw, record;
    struct stored_value v;
    struct stored_block b;
    const uint8_t *compressed;
    uint32_t first;
    size_t n;

    if (fihi_stored_parse(&v, data, size) != 0)
        return;
    for (unsigned i = 0; i < 100 && fihi_stored_next(&v, &first, &b, &compressed, &n) == FIH_OK; i++) {
        inside(compressed, n, data, size);
        if (b.raw_bytes <= 1 << 20 && fihi_stored_expand(&raw, &b, compressed, n) == 0) {
            const uint8_t *p = raw.ptr;

            if (raw.len != b.raw_bytes)
                abort();
            for (; p < raw.ptr + raw.len && fihi_record_decode(&record, &p, raw.ptr + raw.len) == 0; reach[2].count++)
                records(record.ptr, record.len);
        }
    }
    if (raw.cap > 1 << 20)
        fihi_buf_free(&raw);
}

/* Any bytes come back from letters as they were; any bytes as letters are text or damage. */
static void letters(const uint8_t *data, size_t size)
{
    static struct buf coded, text;

    coded.len = text.len = 0;
    if (fihi_letters_append(&coded, data, size) != 0 || coded.len > 2 * size + 2 ||
        fihi_letters_undo(&text, coded.ptr, coded.len) != 0 || text.len != size ||
        (size && memcmp(text.ptr, data, size) != 0))
        abort();
    text.len = 0;
    if (fihi_letters_undo(&text, data, size) == 0 && text.len > 3 * size)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    letters(data, size);
    records(data, size);
    ids(data, size);
    values(data, size);
    return 0;
}
