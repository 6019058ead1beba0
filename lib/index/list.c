/* index/list.c - encoding and decoding posting lists. */
#include "index/list.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "codec/pack.h"

/* ---- writing */

void fihi_list_writer_free(struct list_writer *w)
{
    free(w->deltas);
    fihi_buf_free(&w->lasts);
    fihi_buf_free(&w->doc_ends);
    fihi_buf_free(&w->position_ends);
    fihi_buf_free(&w->impacts);
    fihi_buf_free(&w->blocks);
    fihi_buf_free(&w->positions);
    fihi_buf_free(&w->out);
}

void fihi_list_start(struct list_writer *w)
{
    w->pending = 0;
    w->impact = 0;
    w->last_doc = 0;
    w->delta_count = 0;
    w->lasts.len = w->doc_ends.len = w->position_ends.len = w->impacts.len = 0;
    w->blocks.len = w->positions.len = w->out.len = 0;
    w->df = 0;
    w->cf = 0;
}

uint8_t fihi_impact(uint32_t freq, uint32_t len, float avg)
{
    const float k = IMPACT_K1 * (1 - IMPACT_B + IMPACT_B * (float)len / (avg > 0 ? avg : 1));
    const float exact = 255.0f * ((float)freq / ((float)freq + k)) + 0.001f;
    const unsigned whole = (unsigned)exact, up = whole + ((float)whole < exact);         /* ceilf(), without a call */

    return up >= 255 ? 255 : (uint8_t)up;
}

static int append_packed(struct buf *b, const uint32_t *values)
{
    if (fihi_buf_reserve(b, PACK_MAX_BYTES) != 0)
        return FIH_E_NOMEM;
    b->len += fihi_pack(values, b->ptr + b->len);
    return FIH_OK;
}

static int append_varint(struct buf *b, uint64_t v)
{
    if (b->cap - b->len < VARINT_MAX && fihi_buf_reserve(b, VARINT_MAX) != 0)
        return FIH_E_NOMEM;
    b->len = (size_t)(put_varint(b->ptr + b->len, v) - b->ptr);
    return FIH_OK;
}

static int append_u32(struct buf *b, size_t v)
{
    uint8_t four[4];

    if (v > UINT32_MAX)
        return FIH_E_LIMIT;
    put_u32(four, (uint32_t)v);
    return fihi_buf_append(b, four, 4);
}

static int flush_positions(struct list_writer *w)
{
    size_t i = 0;

    for (; w->delta_count - i >= PACK_BLOCK; i += PACK_BLOCK)
        if (append_packed(&w->positions, w->deltas + i) != 0)
            return FIH_E_NOMEM;
    for (; i < w->delta_count; i++)
        if (append_varint(&w->positions, w->deltas[i]) != 0)
            return FIH_E_NOMEM;
    w->delta_count = 0;
    return FIH_OK;
}

static int flush_block(struct list_writer *w)
{
    uint32_t gaps[POSTING_BLOCK], freqs[POSTING_BLOCK], last = w->last_doc;
    int rc;

    for (unsigned i = 0; i < POSTING_BLOCK; i++) {
        gaps[i] = w->docs[i] - last;
        last = w->docs[i];
        freqs[i] = w->freqs[i] - 1;
    }
    w->last_doc = last;
    if (append_packed(&w->blocks, gaps) != 0 || append_packed(&w->blocks, freqs) != 0 || flush_positions(w) != 0)
        return FIH_E_NOMEM;
    if ((rc = append_u32(&w->lasts, last)) != 0 || (rc = append_u32(&w->doc_ends, w->blocks.len)) != 0 ||
        (rc = append_u32(&w->position_ends, w->positions.len)) != 0 ||
        (rc = fihi_buf_append(&w->impacts, &w->impact, 1)) != 0)
        return rc;
    w->pending = 0;
    w->impact = 0;
    return FIH_OK;
}

int fihi_list_add(struct list_writer *w, uint32_t doc, uint32_t freq, const uint32_t *positions, uint8_t impact)
{
    int rc;

    if (w->pending == POSTING_BLOCK && (rc = flush_block(w)) != 0)
        return rc;
    w->docs[w->pending] = doc;
    w->freqs[w->pending++] = freq;
    if (impact > w->impact)
        w->impact = impact;
    if (positions) {
        if (w->delta_cap - w->delta_count < freq &&
            fihi_grow(&w->deltas, &w->delta_cap, w->delta_count + freq, sizeof *w->deltas) != 0)
            return FIH_E_NOMEM;
        for (uint32_t i = 0, last = 0; i < freq; i++) {
            w->deltas[w->delta_count++] = positions[i] - last;
            last = positions[i];
        }
    }
    w->df++;
    w->cf += freq;
    return FIH_OK;
}

/* The tail: gap << 1 | (freq > 1), and freq - 2 where it is. */
static int flush_tail(struct list_writer *w)
{
    uint32_t last = w->last_doc;

    for (unsigned i = 0; i < w->pending; i++) {
        const uint32_t freq = w->freqs[i];

        if (append_varint(&w->blocks, (uint64_t)(w->docs[i] - last) << 1 | (freq > 1)) != 0 ||
            (freq > 1 && append_varint(&w->blocks, freq - 2) != 0))
            return FIH_E_NOMEM;
        last = w->docs[i];
    }
    return flush_positions(w);
}

int fihi_list_finish(struct list_writer *w)
{
    int rc;

    if (w->df == 1)
        return flush_positions(w);
    if (w->pending == POSTING_BLOCK && (rc = flush_block(w)) != 0)
        return rc;
    if (w->pending > 0 && ((rc = flush_tail(w)) != 0))
        return rc;
    if (fihi_buf_append(&w->out, w->lasts.ptr, w->lasts.len) != 0 ||
        fihi_buf_append(&w->out, w->doc_ends.ptr, w->doc_ends.len) != 0 ||
        fihi_buf_append(&w->out, w->position_ends.ptr, w->position_ends.len) != 0 ||
        fihi_buf_append(&w->out, w->impacts.ptr, w->impacts.len) != 0 ||
        fihi_buf_append(&w->out, &w->impact, 1) != 0 ||          /* the tail's */
        fihi_buf_append(&w->out, w->blocks.ptr, w->blocks.len) != 0)
        return FIH_E_NOMEM;
    return FIH_OK;
}

/* ---- reading */

static uint32_t broken(struct cursor *c)
{
    c->is_broken = true;
    c->size = c->index = 0;
    return c->doc = NO_DOC;
}

static size_t doc_end(const struct cursor *c, uint32_t block)
{
    return get_u32(c->doc_ends + 4 * (size_t)block);
}

/* Decode the documents of a full block; the frequencies wait until asked for. */
static uint32_t load_block(struct cursor *c, uint32_t block)
{
    const size_t from = block ? doc_end(c, block - 1) : 0, to = doc_end(c, block);
    uint32_t last = block ? get_u32(c->lasts + 4 * (size_t)(block - 1)) : 0;
    uint64_t sum = last;                       /* of the gaps: equal to the last document only if nothing wrapped */
    size_t took;

    if (from > to || to > c->blocks_bytes || !(took = fihi_unpack(c->blocks + from, to - from, c->docs)))
        return broken(c);
    for (unsigned i = 0; i < POSTING_BLOCK; i++) {
        sum += c->docs[i];
        c->docs[i] = last += c->docs[i];
    }
    if (sum != get_u32(c->lasts + 4 * (size_t)block) || sum >= c->at.docs)
        return broken(c);
    c->freq_bytes = c->blocks + from + took;
    c->freqs_ready = false;
    c->positions_ready = 0;
    c->block = block;
    c->size = POSTING_BLOCK;
    c->index = 0;
    return c->doc = c->docs[0];
}

static uint32_t load_tail(struct cursor *c)
{
    const unsigned count = c->at.df % POSTING_BLOCK;
    const size_t from = c->block_count ? doc_end(c, c->block_count - 1) : 0;
    uint32_t last = c->block_count ? get_u32(c->lasts + 4 * (size_t)(c->block_count - 1)) : 0;
    const uint8_t *p = c->blocks + from, *end = c->blocks + c->blocks_bytes;

    if (from > c->blocks_bytes)
        return broken(c);
    for (unsigned i = 0; i < count; i++) {
        uint64_t v;
        uint32_t more = 0;

        if (!(p = get_varint(p, end, &v)) || last >= c->at.docs || v >> 1 >= c->at.docs - last ||
            (v & 1 && (!(p = get_varint32(p, end, &more)) || more > UINT32_MAX - 2)))
            return broken(c);
        c->docs[i] = last += (uint32_t)(v >> 1);
        c->freqs[i] = v & 1 ? more + 2 : 1;
    }
    c->freqs_ready = 1;
    c->positions_ready = 0;
    c->block = c->block_count;
    c->size = count;
    c->index = 0;
    return c->doc = count ? c->docs[0] : NO_DOC;
}

int fihi_cursor_open(struct cursor *c, const struct list_place *at)
{
    uint32_t *const keep = c->positions;
    const size_t keep_cap = c->position_cap;

    memset(c, 0, offsetof(struct cursor, docs));
    c->freqs_ready = false;
    c->positions_ready = 0;
    c->is_broken = false;
    c->no_memory = false;
    c->positions = keep;
    c->position_cap = keep_cap;
    c->at = *at;
    if (at->df == 1 && at->single >= at->docs) {
        broken(c);
        return FIH_E_CORRUPT;
    }
    if (at->df == 1) {
        c->docs[0] = c->doc = at->single;
        c->freqs[0] = at->cf > UINT32_MAX ? UINT32_MAX : (uint32_t)at->cf;
        c->freqs_ready = 1;
        c->size = 1;
        return FIH_OK;
    }
    c->block_count = at->df / POSTING_BLOCK;
    const size_t skip = (size_t)c->block_count * 13 + 1;
    if (skip > at->byte_count) {
        broken(c);
        return FIH_E_CORRUPT;
    }
    c->lasts = at->bytes;
    c->doc_ends = c->lasts + 4 * (size_t)c->block_count;
    c->position_ends = c->doc_ends + 4 * (size_t)c->block_count;
    c->impacts = c->position_ends + 4 * (size_t)c->block_count;
    c->blocks = c->impacts + c->block_count + 1;
    c->blocks_bytes = at->byte_count - skip;
    if (c->block_count)
        load_block(c, 0);
    else
        load_tail(c);
    return c->is_broken ? FIH_E_CORRUPT : FIH_OK;
}

void fihi_cursor_close(struct cursor *c)
{
    free(c->positions);
    c->positions = NULL;
    c->position_cap = 0;
}

uint32_t fihi_cursor_next_block(struct cursor *c)
{
    if (c->doc == NO_DOC)
        return NO_DOC;
    if (c->at.df == 1 || c->block >= c->block_count) {
        c->index = c->size;
        return c->doc = NO_DOC;
    }
    if (c->block + 1 < c->block_count)
        return load_block(c, c->block + 1);
    if (c->at.df % POSTING_BLOCK)
        return load_tail(c);
    c->index = c->size;
    c->block = c->block_count;
    return c->doc = NO_DOC;
}

uint32_t fihi_cursor_next(struct cursor *c)
{
    if (c->index + 1 < c->size)
        return c->doc = c->docs[++c->index];
    return fihi_cursor_next_block(c);
}

/* First full block from `from` on whose last document is not below target, by doubling steps and halving. */
static uint32_t find_block(const struct cursor *c, uint32_t from, uint32_t target)
{
    uint32_t step = 1, low = from, high = from;

    while (high < c->block_count && get_u32(c->lasts + 4 * (size_t)high) < target) {
        low = high + 1;
        high += step;
        step *= 2;
    }
    if (high > c->block_count)
        high = c->block_count;
    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;

        if (get_u32(c->lasts + 4 * (size_t)mid) < target)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

uint32_t fihi_cursor_seek(struct cursor *c, uint32_t target)
{
    if (c->doc >= target)
        return c->doc;
    if (c->size == 0 || c->docs[c->size - 1] < target) {
        uint32_t block;

        if (c->at.df == 1 || c->block >= c->block_count) {
            c->index = c->size;
            return c->doc = NO_DOC;
        }
        block = find_block(c, c->block + 1, target);
        if (block < c->block_count)
            load_block(c, block);
        else if (c->at.df % POSTING_BLOCK)
            load_tail(c);
        else {
            c->block = c->block_count;
            c->index = c->size;
            return c->doc = NO_DOC;
        }
        if (c->doc >= target)
            return c->doc;
    }
    /* Within the block: the array is short and in cache; halve without branches. */
    unsigned low = c->index, n = c->size - low;
    while (n > 1) {
        const unsigned half = n / 2;

        low += c->docs[low + half - 1] < target ? half : 0;
        n -= half;
    }
    if (low < c->size && c->docs[low] < target)
        low++;
    c->index = low;
    return c->doc = low < c->size ? c->docs[low] : fihi_cursor_next_block(c);
}

static int load_freqs(struct cursor *c)
{
    const size_t left = (size_t)(c->blocks + doc_end(c, c->block) - c->freq_bytes);

    if (fihi_unpack(c->freq_bytes, left, c->freqs) != left) {
        broken(c);
        return -1;
    }
    for (unsigned i = 0; i < POSTING_BLOCK; i++)
        c->freqs[i]++;
    c->freqs_ready = 1;
    return 0;
}

uint32_t fihi_cursor_freq(struct cursor *c)
{
    if (!c->freqs_ready && load_freqs(c) != 0)
        return 0;
    return c->freqs[c->index];
}

/* Where the positions of the block's documents begin, and room for them. */
static int open_positions(struct cursor *c)
{
    const bool is_tail = c->at.df == 1 || c->block >= c->block_count;
    size_t from = 0, to = c->at.position_bytes, total = 0;

    if (!c->freqs_ready && load_freqs(c) != 0)
        return -1;
    if (c->block_count && c->at.df != 1) {
        from = c->block ? get_u32(c->position_ends + 4 * (size_t)(c->block - 1)) : 0;
        if (!is_tail)
            to = get_u32(c->position_ends + 4 * (size_t)c->block);
    }
    if (from > to || to > c->at.position_bytes)
        return -1;
    for (unsigned d = 0; d < c->size; d++) {
        c->position_starts[d] = total;
        total += c->freqs[d];
    }
    c->position_starts[c->size] = total;
    /* Of a document's differences only the first can be 0, so all blocks of 128 but one need a bit for each: more
     * positions than these are a lie. */
    if (total / PACK_BLOCK > (to - from) / (PACK_HEAD + 16) + 1)
        return -1;
    if (fihi_grow(&c->positions, &c->position_cap, total, 4) != 0) {
        c->no_memory = 1;
        return -1;
    }
    c->position_at = c->at.positions + from;
    c->position_end = c->at.positions + to;
    c->position_next = 0;
    c->position_doc = POSTING_BLOCK;
    c->positions_ready = 1;
    return 0;
}

/* Decode up to position `to`; packs that end before `from` are passed over. Documents are visited in order, so
 * nobody asks for those later. */
static int decode_positions(struct cursor *c, size_t from, size_t to)
{
    const size_t total = c->position_starts[c->size];

    while (c->position_next < to) {
        const size_t left = (size_t)(c->position_end - c->position_at);

        if (total - c->position_next >= PACK_BLOCK) {
            const size_t took = c->position_next + PACK_BLOCK <= from
                                    ? fihi_pack_skip(c->position_at, left)
                                    : fihi_unpack(c->position_at, left, c->positions + c->position_next);

            if (!took)
                return -1;
            c->position_at += took;
            c->position_next += PACK_BLOCK;
        } else if (!(c->position_at =
                         get_varint32(c->position_at, c->position_end, &c->positions[c->position_next++]))) {
            c->position_at = c->position_end;
            return -1;
        }
    }
    return 0;
}

const uint32_t *fihi_cursor_positions(struct cursor *c, uint32_t *count)
{
    size_t from, to;

    *count = 0;
    if (c->doc == NO_DOC || c->at.position_bytes == 0)
        return NULL;
    if (!c->positions_ready && open_positions(c) != 0) {
        broken(c);
        return NULL;
    }
    from = c->position_starts[c->index];
    to = c->position_starts[c->index + 1];
    if (c->position_doc != c->index) {
        uint32_t at = 0;

        if (decode_positions(c, from, to) != 0) {
            broken(c);
            return NULL;
        }
        for (size_t k = from; k < to; k++)
            c->positions[k] = at += c->positions[k];
        c->position_doc = c->index;
    }
    *count = (uint32_t)(to - from);
    return c->positions + from;
}

uint32_t fihi_cursor_peek(const struct cursor *c, uint32_t target, uint32_t *last_doc, uint8_t *impact)
{
    uint32_t block;

    if (c->at.df == 1) {
        *last_doc = NO_DOC - 1;
        *impact = 255;
        return 0;
    }
    block = c->block < c->block_count ? find_block(c, c->block, target) : c->block_count;
    *last_doc = block < c->block_count ? get_u32(c->lasts + 4 * (size_t)block) : NO_DOC - 1;
    if (block < c->block_count && *last_doc >= c->at.docs)     /* whoever steps behind it shall get on */
        *last_doc = NO_DOC - 1;
    *impact = c->impacts[block];
    return block;
}

uint8_t fihi_cursor_top(const struct cursor *c)
{
    uint8_t top = 0;

    if (c->at.df == 1)
        return 255;
    for (uint32_t i = 0; i <= c->block_count; i++)
        if (c->impacts[i] > top)
            top = c->impacts[i];
    return top;
}
