/* store/copy.c - values read from one file and put into another.
 *
 * What LMDB's own copy does page by page goes here through get and put, so it costs several times as much; a snapshot
 * that no table of readers knows can do no better. Each value was verified when it was read and gets a new frame,
 * under the same key, so the copy's values equal the original's.
 */
#include "store/copy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "store/env.h"
#include "store/file.h"

/* 8 MiB: a commit's two fsyncs are little beside it, and LMDB's limit of 131,071 dirty pages (512 MiB) is far. A batch
 * ends with the value that passes it. An index of 1 GB takes some 120 commits, of which nobody sees one before a marker
 * names the file: a crash between them leaves a data file that no marker names. */
enum { BATCH_BYTES = 8 << 20 };        /* a transaction: LMDB keeps in memory what it writes until the commit */

struct copy {
    struct store   to;
    struct change *change;
    enum space     space;
    size_t         bytes;              /* in this transaction */
    fih_error     *err;                /* the caller's: put() has no place for it */
};

/* An error ends the walk; what was begun is ended by fihi_copy_values(). */
static int put(void *ctx, const uint8_t *key, size_t key_bytes, const uint8_t *payload, size_t bytes)
{
    struct copy *c = ctx;
    int rc;

    /* Each transaction records its own number when it commits. */
    if (c->space == SPACE_META && key_bytes == sizeof KEY_NUMBER - 1 && memcmp(key, KEY_NUMBER, key_bytes) == 0)
        return FIH_OK;
    if (c->bytes > BATCH_BYTES) {
        /* A commit ends the change, error or not, so it must not be ended once more. */
        struct change *full = c->change;

        c->change = NULL;
        c->bytes = 0;
        if ((rc = fihi_change_commit(full, c->err)) != 0)
            return rc;
    }
    if (!c->change && (rc = fihi_change_begin(&c->change, &c->to, c->err)) != 0)
        return rc;
    c->bytes += bytes;
    return fihi_change_put(c->change, c->space, key, key_bytes, payload, bytes, c->err);
}

int fihi_copy_values(struct snap *t, const struct env *like, const char *path, fih_error *err)
{
    struct copy c = {.err = err};
    char *lock = fihi_file_lock_path(path);
    struct stat st;
    int rc;

    if (!lock)
        return fihi_fail_nomem(err);
    /* ENV_CREATE, as for a new index: LMDB makes the meta pages and the four spaces, in the file's transaction 1. */
    if ((rc = fihi_env_get(&c.to.env, path, ENV_CREATE, err)) == 0 &&
        (fstat(like->fd, &st) != 0 || fihi_file_be_like(c.to.env->fd, &st) != 0))
        rc = fihi_fail_errno(err, errno, "cannot change", path);
    for (unsigned i = 0; i < SPACE_COUNT && rc == 0; i++) {
        c.space = (enum space)i;
        /* Each space in the order of its keys, so LMDB fills its pages from left to right and splits hardly one. */
        rc = fihi_snap_each(t, c.space, NULL, 0, put, &c, err);
    }
    /* Whose commit failed is ended, and put() has forgotten it: an abort of NULL is nothing. */
    if (rc == 0 && c.change)
        rc = fihi_change_commit(c.change, err);
    else
        fihi_change_abort(c.change);
    fihi_env_put(c.to.env);
    /* Of LMDB's two files only the data goes on: the other is made for this process and path. */
    unlink(lock);                              /* LMDB makes it anew when it is missing */
    if (rc != 0)
        unlink(path);
    free(lock);
    return rc;
}
