/* fuzz_list.c - any bytes as a posting list: documents never descend, positions lie in memory, or the list is broken.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "index/list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t look(struct cursor *c, int with_positions)
{
    uint32_t count = 0, sum = fihi_cursor_freq(c);

    if (c->is_broken || c->doc == NO_DOC)
        return 0;
    if (with_positions) {
        const uint32_t *p = fihi_cursor_positions(c, &count);

        for (uint32_t i = 0; p && i < count; i++)
            sum ^= p[i];
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct list_place at = {0};
    static struct cursor c;
    volatile uint32_t sum = 0;
    uint32_t last, last_doc, steps = 0;
    uint8_t impact;

    if (size < 12)
        return 0;
    /* u32 df, u32 cf, u16 bytes of the list, u16 seek; the list; the positions */
    at.df = get_u32(data) % 100000 + 1;
    at.cf = get_u32(data + 4);
    at.docs = UINT32_MAX >> data[7] % 8;
    at.single = at.df == 1 ? (uint32_t)at.cf : 0;
    at.bytes = data + 12;
    at.byte_count = get_u16(data + 8) < size - 12 ? get_u16(data + 8) : size - 12;
    at.positions = at.bytes + at.byte_count;
    at.position_bytes = size - 12 - at.byte_count;
    for (int with_positions = 0; with_positions < 2; with_positions++) {
        if (fihi_cursor_open(&c, &at) != 0)
            continue;
        sum ^= fihi_cursor_top(&c);
        last = NO_DOC;
        for (uint32_t doc = c.doc; doc != NO_DOC && steps < 200000; doc = fihi_cursor_next(&c), steps++) {
            if ((last != NO_DOC && doc < last) || doc >= at.docs)
                abort();
            last = doc;
            sum ^= look(&c, with_positions);
            if (c.doc != NO_DOC && c.doc != doc)
                abort();
        }
    }
    if (fihi_cursor_open(&c, &at) == 0)
        for (uint32_t target = get_u16(data + 10); c.doc != NO_DOC; target += target / 2 + 3) {
            fihi_cursor_peek(&c, target, &last_doc, &impact);
            if (fihi_cursor_seek(&c, target) != NO_DOC && (c.doc < target || c.doc >= at.docs))
                abort();
            sum ^= look(&c, target & 1);
            if (target > UINT32_MAX / 2)
                break;
        }
    if (fihi_cursor_open(&c, &at) == 0)
        while (fihi_cursor_next_block(&c) != NO_DOC)
            sum ^= look(&c, 1);
    fihi_cursor_close(&c);
    memset(&c, 0, sizeof c);
    return 0;
}
