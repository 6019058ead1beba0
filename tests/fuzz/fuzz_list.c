/* fuzz_list.c - any bytes as a posting list: documents never descend, positions lie in memory, or the list is broken.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "index/list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The document's frequency, and what else is asked of it in an order of its own. Numbers that are given out hold. */
static uint32_t look(struct cursor *c, unsigned what)
{
    uint32_t count = 0, sum = 0;
    struct posting p;
    uint64_t forms = 0;

    if (c->doc == NO_DOC)
        return 0;
    if (what & 1)
        sum = fihi_cursor_title(c);
    if (what & 2 && c->doc != NO_DOC)
        sum ^= fihi_cursor_form(c, what) ^ fihi_cursor_root(c);
    if (c->doc != NO_DOC)
        sum ^= fihi_cursor_freq(c);
    if (c->doc == NO_DOC)                      /* broken */
        return 0;
    if (what & 4) {
        const uint32_t *positions = fihi_cursor_positions(c, &count);

        for (uint32_t i = 0; positions && i < count; i++)
            sum ^= positions[i];
    }
    if (!(what & 8) || !fihi_cursor_posting(c, &p))
        return sum;
    for (uint32_t i = 0; i < p.form_count; i++) {
        if (p.forms[i].form >= c->at.form_count || p.forms[i].freq == 0)
            abort();
        forms += p.forms[i].freq;
    }
    if (forms != p.freq || p.title > p.freq || p.root < p.freq || p.title != fihi_cursor_title(c) ||
        p.root != fihi_cursor_root(c) || p.forms[0].freq != fihi_cursor_form(c, p.forms[0].form))
        abort();
    return sum;
}

static uint32_t walk(struct cursor *c, const struct list_place *at, unsigned what)
{
    uint32_t last = NO_DOC, sum = 0, steps = 0;

    if (fihi_cursor_open(c, at) != 0)
        return 0;
    for (uint32_t i = 0; i <= c->block_count; i++)
        sum ^= fihi_cursor_bounds(c, i).stem ^ fihi_cursor_forms(c, i);
    sum ^= fihi_cursor_floor(c, 1);
    for (uint32_t doc = c->doc; doc != NO_DOC && steps < 200000; doc = fihi_cursor_next(c), steps++) {
        if ((last != NO_DOC && doc < last) || doc >= at->docs)
            abort();
        last = doc;
        sum ^= look(c, what);
        if (c->doc != NO_DOC && c->doc != doc)
            abort();
    }
    return sum;
}

static uint32_t seek(struct cursor *c, const struct list_place *at, uint32_t target)
{
    uint32_t sum = 0, last_doc;

    if (fihi_cursor_open(c, at) != 0)
        return 0;
    for (; c->doc != NO_DOC && target <= UINT32_MAX / 2; target += target / 2 + 3) {
        sum ^= fihi_cursor_bounds(c, fihi_cursor_peek(c, target, &last_doc)).best;
        if (fihi_cursor_seek(c, target) != NO_DOC && (c->doc < target || c->doc >= at->docs))
            abort();
        sum ^= look(c, target % 16);
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct list_place at = {0};
    static struct cursor c;
    volatile uint32_t sum = 0;

    if (size < 12)
        return 0;
    /* u24 df - 1, u8 forms - 1, u32 cf, u16 bytes of the list, u16 seek; the list; the positions */
    at.df = get_u32(data) % (1 << 24) % 100000 + 1;
    at.form_count = 1u + data[3];
    at.cf = get_u32(data + 4);
    at.docs = UINT32_MAX >> data[7] % 8;
    at.single = at.df == 1 ? (uint32_t)at.cf : 0;
    at.bytes = data + 12;
    at.byte_count = get_u16(data + 8) < size - 12 ? get_u16(data + 8) : size - 12;
    at.positions = at.bytes + at.byte_count;
    at.position_bytes = size - 12 - at.byte_count;
    for (unsigned what = 0; what < 16; what += 5)
        sum ^= walk(&c, &at, what);
    sum ^= seek(&c, &at, get_u16(data + 10));
    if (fihi_cursor_open(&c, &at) == 0)
        while (fihi_cursor_next_block(&c) != NO_DOC)
            sum ^= look(&c, 15);
    fihi_cursor_close(&c);
    memset(&c, 0, sizeof c);
    return 0;
}
