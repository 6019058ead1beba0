/* index/stage.c - hidden transactions and heaps.
 *
 * Each commit of a stage is a complete commit of LMDB's, of values that no manifest names. So a segment of any size
 * is written with a limited number of dirty pages in memory, and a crash leaves values that the next writer removes.
 *
 * A heap of three lists of 40,000, 30,000 and 10 bytes: the second would end at 70,000, beyond HEAP_TARGET, so it
 * begins value 1, and the third follows it there. A reader that knows the sizes and where the first one begins finds
 * the same. */
#include "index/stage.h"

#include "base/fail.h"
#include "store/keys.h"

/* Bytes in one transaction. LMDB keeps them in memory and writes them at its end; less means more syncs of the disk. */
enum { DIRTY_MAX = 8 << 20 };

void fihi_stage_begin(struct stage *s, struct store *store, uint32_t segment)
{
    memset(s, 0, sizeof *s);
    s->store = store;
    s->segment = segment;
}

/* A page is added to each value for what it takes in the tree and does not fill. The bytes are copied, so the caller
 * may use its buffer again. */
int fihi_stage_put(struct stage *s, enum kind kind, uint32_t number, const void *bytes, size_t n, fih_error *err)
{
    uint8_t key[KEY_SEGMENT_BYTES];
    int rc;

    if (!s->change && (rc = fihi_change_begin(&s->change, s->store, err)) != 0)
        return rc;
    key_segment(key, s->segment, kind, number);
    if ((rc = fihi_change_put(s->change, SPACE_SEGMENT, key, sizeof key, bytes, n, err)) != 0)
        return rc;
    /* Frames are counted, for the header's sums are compared with LMDB's pages when the segment is opened. */
    s->counts[kind]++;
    s->bytes[kind] += n + VALUE_HEAD;
    s->dirty += n + 4096;
    return s->dirty > DIRTY_MAX ? fihi_stage_commit(s, err) : FIH_OK;
}

int fihi_stage_append(struct stage *s, enum kind kind, const void *bytes, size_t n, fih_error *err)
{
    return fihi_stage_put(s, kind, s->counts[kind], bytes, n, err);
}

/* A commit that failed is over, too: its change is gone, and nothing is left to abort. */
int fihi_stage_commit(struct stage *s, fih_error *err)
{
    struct change *c = s->change;

    s->change = NULL;
    s->dirty = 0;
    return c ? fihi_change_commit(c, err) : FIH_OK;
}

void fihi_stage_abort(struct stage *s)
{
    fihi_change_abort(s->change);
    s->change = NULL;
    s->dirty = 0;
}

int fihi_heap_finish(struct heap *h, fih_error *err)
{
    int rc;

    if (h->value.len == 0)
        return FIH_OK;
    rc = fihi_stage_put(h->stage, h->kind, h->number++, h->value.ptr, h->value.len, err);
    h->value.len = 0;
    return rc;
}

/* Nothing is recorded of where a list went but in the first one of a block of the dictionary: readers apply the same
 * rule, heap_place(), to the sizes of those before. So both must agree on it to the byte.
 *
 * A list that is longer than HEAP_TARGET has a value to itself at its beginning, and only there: whatever follows it in
 * the same value would end beyond the target, and so begins the next one. */
int fihi_heap_add(struct heap *h, const void *bytes, size_t n, struct place *where, fih_error *err)
{
    const struct place at = {h->number, (uint32_t)h->value.len};
    int rc;

    *where = heap_place(at, n);
    if (where->number != at.number && (rc = fihi_heap_finish(h, err)) != 0)
        return rc;
    /* Offsets of 32 bits must be able to name any place in the value. */
    if (n > UINT32_MAX / 2)
        return fihi_fail(err, FIH_E_LIMIT, "a posting list of %zu bytes is too long", n);
    return fihi_buf_append(&h->value, bytes, n) == 0 ? FIH_OK : fihi_fail_nomem(err);
}
