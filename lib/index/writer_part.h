/* index/writer_part.h - what the files of the writer share: writer.c from opening to commit and rollback; writer_add.c
 * how documents become a batch, and a batch a segment.
 *
 * Layer: index. Private to writer*.c.
 */
#ifndef FIHI_INDEX_WRITER_PART_H
#define FIHI_INDEX_WRITER_PART_H

#include <stdbool.h>

#include "base/buf.h"
#include "index/inverter.h"
#include "index/pending.h"
#include "index/pool.h"
#include "index/repeat.h"
#include "index/view.h"
#include "index/writer.h"

struct writer {
    struct pending   pending;
    bool             adds_nothing;     /* then there is no pool, and the analyzer may be none that we know */
    bool             is_open;          /* all of it */
    bool             is_lost;          /* a rollback failed, so `pending` is not the last commit: see ready() */

    struct pool     *pool;
    struct chunk    *chunk, *spare;    /* under way, and one to use again */
    struct inverter *inverter;
    struct build    *build;            /* of the batch's segment; its stored documents are written as they come */
    uint64_t         batch_limit;
    size_t           chunk_text, chunk_docs;       /* bytes of a chunk, and documents */
    struct notes     notes;
    _Atomic int      notes_verified;   /* fihi_notes_verify() */

    struct buf       found;            /* what fihi_writer_source() lends */
    struct view      view;             /* and fihi_writer_view(), of one member: their arrays are ours */
    struct member    member;

    struct repeat   *repeat;           /* NULL: nothing is left out of a body */
    struct cuts      cuts;             /* of the document at hand */

    fih_progress     committed;        /* the state's progress at the last commit */
    int            (*on_progress)(void *, const fih_progress *);
    void            *ctx;
    int64_t          last_tick;
};

/* The caller's look at us. Nonzero: stop. */
int fihi_writer_tick(void *arg);
/* To be called before anything is changed: what an error before has left is taken back. */
int fihi_writer_ready(struct writer *w, fih_error *err);
/* After an error in the middle: what was not committed goes. Returns rc. */
int fihi_writer_fail_and_drop(struct writer *w, int rc);
void fihi_writer_drop_build(struct writer *w);
/* The one document of an id, wherever it is; FIH_E_NOTFOUND without a message. */
int fihi_writer_delete_id(struct writer *w, uint32_t hash, fih_str id, fih_error *err);
/* The chunk under way and the batch become a segment of `pending`, if there is anything in them. */
int fihi_writer_flush(struct writer *w, fih_error *err);

#endif
