/* index/stage.h - writing the values of a segment that no manifest names yet.
 *
 * Layer: index. LMDB keeps what a transaction writes in memory until it commits, so a segment is written in
 * several transactions of limited size. Nobody sees them: a segment exists once the manifest names it, and one
 * that never was named is removed when the next writer opens.
 */
#ifndef FIHI_INDEX_STAGE_H
#define FIHI_INDEX_STAGE_H

#include "base/buf.h"
#include "index/format.h"
#include "store/store.h"

struct stage {
    struct store  *store;
    struct change *change;             /* open while something waits to be committed */
    size_t         dirty;
    uint32_t       segment;
    uint32_t       counts[KIND_COUNT]; /* values written */
    uint64_t       bytes[KIND_COUNT];
};

void fihi_stage_begin(struct stage *s, struct store *store, uint32_t segment);
int fihi_stage_put(struct stage *s, enum kind kind, uint32_t number, const void *bytes, size_t n, fih_error *err);
/* The next number of the kind. */
int fihi_stage_append(struct stage *s, enum kind kind, const void *bytes, size_t n, fih_error *err);
int fihi_stage_commit(struct stage *s, fih_error *err);
void fihi_stage_abort(struct stage *s);

/* Lists laid one behind the other into values of about HEAP_TARGET bytes; a list never crosses a value. */
struct heap {
    struct stage *stage;
    enum kind     kind;
    struct buf    value;
    uint32_t      number;              /* of the value under way */
};
struct place {
    uint32_t number, offset;
};
/* The rule that writer and reader share: where a run of n bytes goes if the one before ended at `at`. */
static inline struct place heap_place(struct place at, size_t n)
{
    if (at.offset > 0 && at.offset + n > HEAP_TARGET) {
        at.number++;
        at.offset = 0;
    }
    return at;
}
int fihi_heap_add(struct heap *h, const void *bytes, size_t n, struct place *where, fih_error *err);
int fihi_heap_finish(struct heap *h, fih_error *err);

#endif
