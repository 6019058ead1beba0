/* index/dict.c - front-coded blocks of terms. */
#include "index/dict.h"

#include <stdbool.h>

#include "base/bytes.h"
#include "base/fail.h"

/* A value: u32 count of blocks, u32 offset of each from the first block on, the blocks. */
static int emit(struct dict_writer *w, fih_error *err)
{
    struct buf out = {0};
    uint8_t four[4];
    int rc;

    if (w->value.len == 0)
        return FIH_OK;
    put_u32(four, (uint32_t)(w->offsets.len / 4));
    if (fihi_buf_append(&out, four, 4) != 0 || fihi_buf_append(&out, w->offsets.ptr, w->offsets.len) != 0 ||
        fihi_buf_append(&out, w->value.ptr, w->value.len) != 0)
        rc = fihi_fail_nomem(err);
    else
        rc = fihi_stage_append(w->stage, KIND_DICT, out.ptr, out.len, err);
    fihi_buf_free(&out);
    w->value.len = w->offsets.len = 0;
    w->in_block = 0;
    return rc;
}

static uint8_t *put_entry(uint8_t *p, const struct dict_entry *e)
{
    p = put_varint(p, e->df);
    p = put_varint(p, e->cf - e->df);
    p = put_varint(p, e->df == 1 ? e->single : e->doc_bytes);
    return put_varint(p, e->position_bytes);
}

static int open_block(struct dict_writer *w, const uint8_t *key, size_t bytes, const struct dict_entry *e)
{
    uint8_t head[4 + 4 * VARINT_MAX], *p;

    if (w->value.len == 0) {                  /* the value's first key, for the index */
        p = put_varint(head, bytes);
        if (fihi_buf_append(&w->index, head, (size_t)(p - head)) != 0 || fihi_buf_append(&w->index, key, bytes) != 0)
            return FIH_E_NOMEM;
    }
    put_u32(head, (uint32_t)w->value.len);
    if (fihi_buf_append(&w->offsets, head, 4) != 0)
        return FIH_E_NOMEM;
    p = put_varint(head, e->docs.number);
    p = put_varint(p, e->docs.offset);
    p = put_varint(p, e->positions.number);
    p = put_varint(p, e->positions.offset);
    w->last_bytes = 0;
    return fihi_buf_append(&w->value, head, (size_t)(p - head));
}

int fihi_dict_add(struct dict_writer *w, const uint8_t *key, size_t bytes, const struct dict_entry *e, fih_error *err)
{
    uint8_t head[2 * VARINT_MAX], tail[4 * VARINT_MAX], *p;
    size_t common = 0;
    int rc;

    if (w->in_block == DICT_BLOCK) {
        w->in_block = 0;
        if (w->value.len + w->offsets.len >= DICT_TARGET && (rc = emit(w, err)) != 0)
            return rc;
    }
    if (w->in_block == 0 && open_block(w, key, bytes, e) != 0)
        return fihi_fail_nomem(err);
    while (common < bytes && common < w->last_bytes && key[common] == w->last[common])
        common++;
    p = put_varint(head, common);
    p = put_varint(p, bytes - common);
    if (fihi_buf_append(&w->value, head, (size_t)(p - head)) != 0 ||
        fihi_buf_append(&w->value, key + common, bytes - common) != 0)
        return fihi_fail_nomem(err);
    p = put_entry(tail, e);
    if (fihi_buf_append(&w->value, tail, (size_t)(p - tail)) != 0)
        return fihi_fail_nomem(err);
    memcpy(w->last, key, bytes);
    w->last_bytes = bytes;
    w->in_block++;
    w->terms++;
    return FIH_OK;
}

int fihi_dict_finish(struct dict_writer *w, fih_error *err)
{
    const int rc = emit(w, err);

    return rc ? rc : fihi_stage_append(w->stage, KIND_DICT_INDEX, w->index.ptr, w->index.len, err);
}

void fihi_dict_writer_free(struct dict_writer *w)
{
    fihi_buf_free(&w->value);
    fihi_buf_free(&w->offsets);
    fihi_buf_free(&w->index);
}

int fihi_dict_scan(struct dict_scan *s, const uint8_t *value, size_t bytes)
{
    memset(s, 0, offsetof(struct dict_scan, key));
    s->key_bytes = 0;
    if (bytes < 4)
        return FIH_E_CORRUPT;
    s->value = value;
    s->bytes = bytes;
    s->blocks = get_u32(value);
    s->end = value + bytes;
    if (s->blocks > (bytes - 4) / 4)
        return FIH_E_CORRUPT;
    return FIH_OK;
}

static const uint8_t *block_start(const struct dict_scan *s, uint32_t block)
{
    const size_t base = 4 + 4 * (size_t)s->blocks, at = get_u32(s->value + 4 + 4 * (size_t)block);

    return at < s->bytes - base ? s->value + base + at : NULL;
}

static int enter_block(struct dict_scan *s)
{
    const uint8_t *p = block_start(s, s->block);

    if (!p || !(p = get_varint32(p, s->end, &s->docs.number)) || !(p = get_varint32(p, s->end, &s->docs.offset)) ||
        !(p = get_varint32(p, s->end, &s->positions.number)) || !(p = get_varint32(p, s->end, &s->positions.offset)))
        return FIH_E_CORRUPT;
    s->p = p;
    s->block++;
    s->left = DICT_BLOCK;
    return FIH_OK;
}

int fihi_dict_next(struct dict_scan *s)
{
    struct dict_entry *e = &s->entry;
    const uint8_t *p, *const block_end = s->end;
    uint32_t common, suffix, df, where;
    uint64_t more;
    int ascends;
    bool is_first = false;

    /* The last block may be short: its bytes end, then. */
    if (s->left == 0 || s->p == s->end) {
        if (s->block == s->blocks)
            return FIH_DONE;
        if (enter_block(s) != 0)
            return FIH_E_CORRUPT;
        is_first = true;
    }
    if (!(p = get_varint32(s->p, block_end, &common)) || !(p = get_varint32(p, block_end, &suffix)) ||
        common > (is_first ? 0 : s->key_bytes) || suffix == 0 || suffix > TERM_KEY_MAX - common ||
        suffix > (size_t)(block_end - p))
        return FIH_E_CORRUPT;
    ascends = is_first ? key_compare(s->key, s->key_bytes, p, suffix) < 0
                       : common == s->key_bytes || p[0] > s->key[common];
    if (!ascends)
        return FIH_E_CORRUPT;
    memcpy(s->key + common, p, suffix);
    s->key_bytes = common + suffix;
    p += suffix;
    if (!(p = get_varint32(p, block_end, &df)) || df == 0 || !(p = get_varint(p, block_end, &more)) ||
        more > UINT64_MAX - df ||
        !(p = get_varint32(p, block_end, &where)) || !(p = get_varint32(p, block_end, &e->position_bytes)))
        return FIH_E_CORRUPT;
    s->p = p;
    s->left--;
    e->df = df;
    e->cf = df + more;
    e->single = df == 1 ? where : 0;
    e->doc_bytes = df == 1 ? 0 : where;
    e->docs = heap_place(s->docs, e->doc_bytes);
    e->positions = heap_place(s->positions, e->position_bytes);
    s->docs = e->docs;
    s->docs.offset += e->doc_bytes;
    s->positions = e->positions;
    s->positions.offset += e->position_bytes;
    return FIH_OK;
}

int fihi_dict_seek_block(struct dict_scan *s, const uint8_t *key, size_t bytes)
{
    uint32_t low = 0, high = s->blocks;

    while (high - low > 1) {                   /* the last block whose first key is not above */
        const uint32_t mid = low + (high - low) / 2;

        s->block = mid;
        s->left = 0;
        s->key_bytes = 0;
        if (fihi_dict_next(s) != 0)
            return FIH_E_CORRUPT;
        if (key_compare(s->key, s->key_bytes, key, bytes) <= 0)
            low = mid;
        else
            high = mid;
    }
    s->block = low;
    s->left = 0;
    s->key_bytes = 0;
    s->p = NULL;
    return FIH_OK;
}
