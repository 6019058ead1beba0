/* index/pending_merge.c - which segments of the next commit become others, and how they take their place.
 *
 * The policy says which neighbours are merged, or which segment is split; merge.c writes the new segment. Here its
 * sources leave the list and it takes their place, so documents keep their order. Nobody sees it before the publish,
 * and until then nothing of the sources is given up that the last commit names: their numbers go to `dropped`, and
 * their values stay on the disk.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fail.h"
#include "index/merge.h"
#include "index/pending_part.h"
#include "index/policy.h"

/* Segments live[at … at+count) become one, or none if all their documents are deleted. Room in `dropped` is made
 * first, so that nothing can fail between the merge and the exchange of the segments. The builder is large, hence
 * not on the stack. If it fails, values that were staged belong to a segment that nobody names. */
int fihi_pending_merge_run(struct pending *t, size_t at, unsigned count, fih_error *err)
{
    struct build *b = malloc(sizeof *b);
    struct segment **from = calloc(count, sizeof *from);
    const int64_t begun = now_ms();
    uint32_t live = 0;
    int rc;

    if (!b || !from || fihi_grow(&t->dropped, &t->dropped_cap, t->dropped_count + count, sizeof *t->dropped) != 0) {
        free(b);
        free(from);
        return fihi_fail_nomem(err);
    }
    /* The number is taken before anything is written under it. */
    fihi_build_begin(b, t->store, t->next_segment);
    t->progress.merge_docs_all = t->progress.merge_docs_done = 0;
    if ((rc = fihi_pending_number(t, err)) != 0 || (rc = fihi_pending_open_view(t, err)) != 0)
        goto out;
    /* What is to be copied, for whoever draws a bar: deleted documents are not. */
    for (unsigned i = 0; i < count; i++) {
        from[i] = t->live[at + i].segment;
        t->progress.merge_docs_all += from[i]->stats.docs - from[i]->deleted_count;
    }
    /* From here on nothing of the sources is needed; they stay on the disk as long as the last commit names them. */
    if ((rc = fihi_merge(from, count, b, &live, &t->progress.merge_docs_done, t->tick, t->ctx, err)) != 0)
        goto out;
    fihi_pending_close_view(t);                             /* the view must not keep the old values' pages */
    /* What was merged was made ours: bitmaps, and the places in `live`. */
    for (unsigned i = 0; i < count; i++) {
        t->dropped[t->dropped_count++] = t->live[at + i].row.id;
        free(t->live[at + i].deleted);
    }
    memmove(t->live + at, t->live + at + count, (t->live_count - at - count) * sizeof *t->live);
    t->live_count -= count;
    if (live)
        /* In the place of its sources: documents keep their order, and so do the numbers of all that stand before. */
        rc = fihi_pending_add(t, b, NULL, 0, 0, at, err);
    if (rc == 0)
        fihi_log(&t->log, FIH_LOG_INFO, "'%s': merged %u segment%s into one of %u documents, in %lld ms",
                 fihi_store_dir(t->store), count, count == 1 ? "" : "s", live, (long long)(now_ms() - begun));
out:
    t->progress.merge_docs_all = t->progress.merge_docs_done = 0;
    fihi_build_free(b);
    free(b);
    free(from);
    return rc;
}

/* One segment becomes so many, of equally many living documents. The segment is read once for each part, from the
 * beginning: a rare case, and merging knows all that is to be done with the bitmap. The parts stand behind it until
 * all are written, so a failure leaves it in its place; then it goes. Ten living documents in three parts are cut
 * behind the third, the sixth and the tenth. */
static int split(struct pending *t, size_t at, uint32_t parts, fih_error *err)
{
    const uint32_t docs = t->live[at].row.docs, all = docs - t->live[at].row.deleted;
    uint8_t *const deleted = t->live[at].deleted, *others = malloc(bitmap_bytes(docs));
    struct build *b = malloc(sizeof *b);
    uint32_t doc = 0, done = 0;
    int rc;

    if (!b || !others || fihi_grow(&t->dropped, &t->dropped_cap, t->dropped_count + 1, sizeof *t->dropped) != 0)
        rc = fihi_fail_nomem(err);
    else
        rc = fihi_pending_open_view(t, err);
    t->progress.merge_docs_all = all;
    /* Parts are numbered from 1, so that `until` is where each ends. */
    for (uint32_t part = 1; part <= parts && rc == 0; part++) {
        struct segment *from = t->live[at].segment;
        /* The last part ends with all of them, whatever the division leaves. */
        const uint32_t until = (uint32_t)((uint64_t)all * part / parts);
        uint32_t live = until - done;

        /* To the merge, all documents but this part's are deleted. Bits behind the last document as well: nobody asks
         * for those. */
        memset(others, 0xFF, bitmap_bytes(docs));
        for (; done < until; doc++)
            if (!deleted || !(deleted[doc / 8] >> (doc % 8) & 1)) {
                others[doc / 8] &= (uint8_t)~(1u << doc % 8);
                done++;
            }
        from->deleted = others;        /* until the part is written */
        from->deleted_count = docs - live;
        fihi_build_begin(b, t->store, t->next_segment);
        if ((rc = fihi_pending_number(t, err)) == 0 &&
            (rc = fihi_merge(&from, 1, b, &live, &t->progress.merge_docs_done, t->tick, t->ctx, err)) == 0)
            rc = fihi_pending_add(t, b, NULL, 0, 0, at + part, err);
        fihi_build_free(b);
        from->deleted = deleted;       /* its own again */
    }
    fihi_pending_close_view(t);
    if (rc == 0) {
        t->dropped[t->dropped_count++] = t->live[at].row.id;
        /* The bitmap went to no part: none of them has a deleted document. */
        free(deleted);
        t->live_count--;
        memmove(t->live + at, t->live + at + 1, (t->live_count - at) * sizeof *t->live);
    }
    t->progress.merge_docs_all = t->progress.merge_docs_done = 0;
    free(others);
    free(b);
    return rc;
}

/* What the policy wants next; FIH_DONE: nothing. "New" is what has a number that no commit has given away. */
static int next_step(struct pending *t, struct policy *p, struct policy_step *step, fih_error *err)
{
    /* One more, for calloc(0) may answer NULL. */
    struct policy_segment *s = calloc(t->live_count + 1, sizeof *s);
    bool is_due;

    if (!s)
        return fihi_fail_nomem(err);
    /* The policy knows no segment, only sizes: it is tested by itself (test_policy.c). */
    for (size_t i = 0; i < t->live_count; i++) {
        const struct manifest_segment *row = &t->live[i].row;

        s[i] = (struct policy_segment){row->docs, row->deleted, row->id >= t->manifest.next_segment};
    }
    is_due = fihi_policy_next(p, s, t->live_count, step);
    free(s);
    return is_due ? FIH_OK : FIH_DONE;
}

/* Each merge changes what the policy looks at, so it is asked again after each. It ends, because each step leaves
 * fewer segments or fewer deleted documents. */
int fihi_pending_merge(struct pending *t, enum merge_extent extent, fih_error *err)
{
    struct policy p = {.unit = t->unit, .is_commit = extent == MERGE_COMMIT};
    struct policy_step step;
    int rc;

    /* One segment without deletions is what it would become. */
    if (extent == MERGE_ALL)
        return t->live_count > 1 || (t->live_count == 1 && t->live[0].row.deleted)
                   ? fihi_pending_merge_run(t, 0, (unsigned)t->live_count, err)
                   : FIH_OK;
    while ((rc = next_step(t, &p, &step, err)) == FIH_OK) {
        rc = step.parts > 1 ? split(t, step.at, step.parts, err)
                            : fihi_pending_merge_run(t, step.at, (unsigned)step.count, err);
        if (rc != 0)
            return rc;
    }
    return rc == FIH_DONE ? FIH_OK : rc;
}
