/* store/change.c - changes: values are put, deleted and committed, all of them or none.
 *
 * A value is built in place, in LMDB's dirty pages: room is reserved, filled by who knows the bytes, and sealed with
 * its checksum (frame.h) before the next one. Nobody sees any of it before the commit, which records the change's own
 * number as well, so that a snapshot can prove that it sees the last one.
 *
 * An index in memory has a state in place of a transaction (memory.h), and neither frames nor number.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"
#include "store/file.h"
#include "store/frame.h"
#include "store/txn_part.h"

/* One at a time, by the writer's lock. `frame` is room in a dirty page of LMDB, between fihi_change_reserve() and
 * fihi_change_seal(); only one value is under way. */
struct change {
    struct store *store;
    MDB_txn      *txn;            /* NULL: `next` stands in its place */
    struct memory_state *next;
    uint8_t      *frame;          /* reserved and not sealed yet */
    size_t        frame_bytes;
    uint8_t       key[STORE_MAX_KEY];
    size_t        key_bytes;
};

static int begin_change_in_memory(struct change **out, struct store *s, fih_error *err)
{
    struct change *const c = calloc(1, sizeof *c);
    int rc;

    if (!c)
        return fihi_fail_nomem(err);
    c->store = s;
    /* The state before stays that of all readers until the commit. */
    if ((rc = fihi_memory_begin(&c->next, s->memory, err)) == 0)
        *out = c;
    else
        free(c);
    return rc;
}

/* A name in the directory that may not last would send later commits into a file that a power loss unnames: it is
 * made to last first. */
int fihi_change_begin(struct change **out, struct store *s, fih_error *err)
{
    struct change *c = NULL;
    int rc, dead;

    *out = NULL;
    if ((rc = fihi_store_check_process(s, err)) != 0 || (s->is_unsure && (rc = fihi_file_sync_dir(s->dir, err)) != 0))
        return rc;
    if (s->memory)
        return begin_change_in_memory(out, s, err);
    /* The sync is done once; all later changes go to the same file. */
    s->is_unsure = false;
    if ((rc = fihi_env_use(s->env, err)) != 0)
        return rc;
    if (!(c = calloc(1, sizeof *c))) {
        fihi_env_unuse(s->env, 0);
        return fihi_fail_nomem(err);
    }
    c->store = s;
    mdb_reader_check(s->env->mdb, &dead);       /* a killed reader would keep old pages from being used again */
    /* Waits for whoever commits to this file by LMDB alone; our own writers are kept apart by `lock`, before this. */
    if ((rc = mdb_txn_begin(s->env->mdb, NULL, 0, &c->txn)) != 0) {
        free(c);
        fihi_env_unuse(s->env, 0);
        return fihi_fail_mdb(err, rc, "cannot write", s->env->path);
    }
    *out = c;
    return FIH_OK;
}

/* MDB_RESERVE gives room inside LMDB's dirty pages, so that a value of megabytes is built in place and not copied.
 * The room moves at the next put: seal before. LMDB's sizes have 32 bits; a page is left over for its head. */
int fihi_change_reserve(struct change *c, enum space space, const void *key, size_t key_bytes, size_t bytes,
                        uint8_t **payload, fih_error *err)
{
    MDB_val k = {key_bytes, (void *)(uintptr_t)key}, v = {bytes + VALUE_HEAD, NULL};
    int rc;

    if (bytes > UINT32_MAX - VALUE_HEAD - 4096)
        return fihi_fail(err, FIH_E_LIMIT, "a value of %zu bytes is too long", bytes);
    /* In memory the room is the value itself, without a frame, so there is nothing to seal. */
    if (c->next)
        return fihi_memory_reserve(c->store->memory, c->next, space, key, key_bytes, bytes, payload, err);
    /* The value of a key that is there already is replaced: LMDB frees its pages in this transaction, and nobody uses
     * them again while a snapshot may see them. */
    if ((rc = mdb_put(c->txn, c->store->env->dbi[space], &k, &v, MDB_RESERVE)) != 0)
        return fihi_fail_mdb(err, rc, "cannot write", c->store->env->path);
    /* The key is kept for the seal: the caller's may be gone by then. */
    c->frame = v.mv_data;
    c->frame_bytes = v.mv_size;
    memcpy(c->key, key, key_bytes);
    c->key_bytes = key_bytes;
    /* The head waits for the seal: its checksum is over bytes that are not there yet. */
    *payload = c->frame + VALUE_HEAD;
    return FIH_OK;
}

void fihi_change_seal(struct change *c)
{
    if (c->frame)                              /* in memory there is none */
        frame_seal(c->frame, c->frame_bytes, c->key, c->key_bytes);
    /* So a second seal, or one of nothing, does no harm. */
    c->frame = NULL;
}

int fihi_change_put(struct change *c, enum space space, const void *key, size_t key_bytes, const void *payload,
                    size_t bytes, fih_error *err)
{
    uint8_t *room = NULL;
    const int rc = fihi_change_reserve(c, space, key, key_bytes, bytes, &room, err);

    if (rc != 0)
        return rc;
    /* memcpy() may not get NULL, not even for no bytes. */
    if (bytes > 0)
        memcpy(room, payload, bytes);
    fihi_change_seal(c);
    return FIH_OK;
}

/* Sees what this change has put, too. */
int fihi_change_get(struct change *c, enum space space, const void *key, size_t key_bytes, const uint8_t **payload,
                    size_t *bytes, fih_error *err)
{
    *payload = NULL;
    *bytes = 0;
    return c->next ? fihi_memory_get(c->next, space, key, key_bytes, payload, bytes)
                   : fihi_txn_get(c->store, c->txn, space, key, key_bytes, payload, bytes, err);
}

/* Not found is an answer and not an error: the transaction goes on. */
int fihi_change_delete(struct change *c, enum space space, const void *key, size_t key_bytes, fih_error *err)
{
    MDB_val k = {key_bytes, (void *)(uintptr_t)key};
    int rc;

    if (c->next)
        return fihi_memory_delete(c->store->memory, c->next, space, key, key_bytes, true);
    rc = mdb_del(c->txn, c->store->env->dbi[space], &k, NULL);

    if (rc == MDB_NOTFOUND)
        return FIH_E_NOTFOUND;
    return rc == 0 ? FIH_OK : fihi_fail_mdb(err, rc, "cannot write", c->store->env->path);
}

/* One look-up and one delete at a time: LMDB 0.9.24 has had errors where a cursor deletes as it goes. */
int fihi_change_delete_prefix(struct change *c, enum space space, const void *prefix, size_t prefix_bytes,
                              fih_error *err)
{
    if (c->next) {
        fihi_memory_delete(c->store->memory, c->next, space, prefix, prefix_bytes, false);
        return FIH_OK;                         /* none is as good */
    }
    /* A cursor a key: 0.9.24's cursors may stand wrong behind a delete. */
    for (unsigned gone = 1;; gone++) {
        MDB_val k = {prefix_bytes, (void *)(uintptr_t)prefix}, v;
        uint8_t key[STORE_MAX_KEY];
        MDB_cursor *cursor;
        int rc = mdb_cursor_open(c->txn, c->store->env->dbi[space], &cursor);

        if (rc == 0) {
            rc = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE);
            /* The first key not below the prefix may be another's: then nothing is left. */
            if (rc == 0 && (k.mv_size < prefix_bytes || k.mv_size > sizeof key ||
                            memcmp(k.mv_data, prefix, prefix_bytes) != 0))
                rc = MDB_NOTFOUND;
            if (rc == 0) {
                /* Copied, for the page that it points into is changed by the delete. */
                memcpy(key, k.mv_data, k.mv_size);
                k.mv_data = key;
            }
            mdb_cursor_close(cursor);
        }
        if (rc == 0)
            rc = mdb_del(c->txn, c->store->env->dbi[space], &k, NULL);
        if (rc == MDB_NOTFOUND)
            return FIH_OK;
        /* LMDB looks at each value that it frees, and the kernel maps up to 2 MB around. */
        if (gone % 16 == 0)
            fihi_store_trim(c->store);
        if (rc != 0)
            return fihi_fail_mdb(err, rc, "cannot write", c->store->env->path);
    }
}

int fihi_change_commit(struct change *c, fih_error *err)
{
    struct store *s = c->store;
    uint8_t number[8];
    int rc;

    if ((rc = fihi_store_check_process(s, err)) != 0) {
        /* The change is the parent's in all but this memory. */
        free(c);
        return rc;
    }
    if (c->next) {
        /* The state that is published is the change's own, so nothing is copied, and nothing can fail. */
        fihi_memory_commit(s->memory, c->next);
        free(c);
        return FIH_OK;
    }
    /* In the same transaction as all else, so it can neither be missing nor be another's. */
    put_u64(number, mdb_txn_id(c->txn));
    if ((rc = fihi_change_put(c, SPACE_META, KEY_NUMBER, sizeof KEY_NUMBER - 1, number, 8, err)) != 0) {
        fihi_change_abort(c);
        return rc;
    }
    /* LMDB has all pages on the disk before it writes the meta page that leads to them: a crash leaves this commit or
     * the one before, whole. */
    rc = mdb_txn_commit(c->txn);
    free(c);
    /* A commit that failed may have left LMDB refusing everything: the environment is opened anew at its next use. */
    fihi_env_unuse(s->env, rc != 0);
    return rc == 0 ? FIH_OK : fihi_fail_mdb(err, rc, "cannot commit to", s->env->path);
}

void fihi_change_abort(struct change *c)
{
    if (!c)
        return;
    /* In a child the transaction is the parent's, and goes on there.
     *
     * `next` was nobody's but this change's, so letting go of it frees it with the values that only it has. */
    if (c->next) {
        fihi_memory_state_put(c->store->memory, c->next);
    } else if (c->store->env->pid == getpid()) {
        /* Nobody has seen what it wrote. */
        mdb_txn_abort(c->txn);
        fihi_env_unuse(c->store->env, 0);
    }
    free(c);
}
