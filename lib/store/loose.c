/* store/loose.c - reading a commit that nobody keeps: read, look whether it was still there, go on or give up.
 *
 * Optimistic reading: there is no lock to take, so each answer is read first and believed only if the commit's meta
 * page is still there afterwards. Every function that reads has the same loop: read; fihi_peek_is_gone()? then
 * follow() to the newest commit and read again, or give up as stale; only then look at the code that reading
 * returned. An error of a commit that is gone means nothing, for its pages may have been written over while they were
 * read.
 *
 * What may be read from a newer commit is what cannot differ: a segment's value, which never changes under its key.
 * So `has_moved` forbids all but SPACE_SEGMENT, and in that a value that is missing is stale, not missing. A value
 * that was once read is kept, so a search that has what it needs never notices a commit.
 *
 * An example in commits. The snapshot begins in commit 7, whose meta page is number 1. Commit 8 writes meta page 0:
 * nothing of 7 has changed. Commit 9 writes meta page 1: from now on the pages of 7 may be anything. The next look-up
 * finds 9 there, throws away what it has just read, and begins anew in 9. If the manifest is still that of 7, because 8
 * and 9 only staged values of a segment that it does not name, all spaces may be read on. If it is another one, only
 * values of segments may: one that it needs is either there under its key, the same as ever, or merged away, and then
 * the snapshot is stale. */
#include "store/loose.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/table.h"
#include "store/frame.h"
#include "store/peek.h"

/* Each needs a commit to have come in between: a hundred in a row are a writer that does nothing else. */
enum { TRIES = 100 };

/* A value that was read: its bytes never change again. In blocks of its own, so that the pointers that were handed
 * out stay good when the table grows. */
struct kept {
    uint8_t   *frame;
    size_t     bytes, key_bytes;
    enum space space;
    uint8_t    key[];
};

struct loose {
    struct peek    peek;               /* the commit read in now */
    struct peek_at at;                 /* its pages' room is used again by each look-up */
    uint64_t       root;               /* checksum of KEY_ROOT's value when the snapshot began; 0: there was none */
    bool            has_moved;          /* the root is another by now */
    struct table   table;              /* of the keys in kept */
    struct kept  **kept;
    size_t         kept_count, kept_cap;
};

/* FIH_E_STALE and not CORRUPT: the remedy is to renew the reader. Nothing is lost but the answer under way. */
static int fail_stale(const struct loose *l, fih_error *err)
{
    return fihi_fail(err, FIH_E_STALE,
                     "'%s' has changed since it was opened, and the old snapshot is gone: renew the reader, ask again",
                     l->peek.path);
}

/* The value under the cursor, new and verified. New: the caller's, to be kept or freed. */
static int take(const struct peek_at *at, const void *key, size_t key_bytes, uint8_t **frame, size_t *bytes,
                fih_error *err)
{
    const int rc = fihi_peek_value(at, frame, bytes, err);

    if (rc != 0 || frame_is_whole(*frame, *bytes, key, key_bytes))
        return rc;
    free(*frame);
    *frame = NULL;
    return fihi_fail(err, FIH_E_CORRUPT, "'%s' is damaged: a checksum is wrong; restore a backup or rebuild it",
                     at->peek->path);
}

/* Means nothing before the commit has been found to be still there. What it says, a value, none, or damage, may come
 * from pages that were being written over. */
static int look_up(struct peek_at *at, const struct peek *p, enum space space, const void *key, size_t key_bytes,
                   uint8_t **frame, size_t *bytes, fih_error *err)
{
    const uint8_t *found;
    size_t n;
    int rc;

    *frame = NULL;
    /* The seek costs a page for each level; a value's own pages are read only if it is the one that was meant. */
    if ((rc = fihi_peek_seek(at, p, space, key, key_bytes, err)) != 0)
        return rc == FIH_DONE ? FIH_E_NOTFOUND : rc;
    found = fihi_peek_key(at, &n);
    if (n != key_bytes || memcmp(found, key, n) != 0)
        return FIH_E_NOTFOUND;
    return take(at, key, key_bytes, frame, bytes, err);
}

/* The newest commit and its root. Writes only to *p and *root, so that the snapshot stays as it was if there is
 * nothing new to be had. */
static int newest(struct loose *l, struct peek *p, uint64_t *root, fih_error *err)
{
    const int fd = l->peek.fd;
    const char *path = l->peek.path;

    for (unsigned tries = 0; tries < TRIES; tries++) {
        /* l->at is used for the new commit, too: its pages are only room, and each look-up reads them anew. */
        uint8_t *frame;
        size_t n;
        int rc = fihi_peek_begin(p, fd, path, err);

        if (rc != 0)
            return rc;
        rc = look_up(&l->at, p, SPACE_META, KEY_ROOT, sizeof KEY_ROOT - 1, &frame, &n, err);
        /* The checksum at the frame's beginning stands for the whole value: 64 bits, seeded by the key. */
        *root = rc == FIH_OK ? get_u64(frame) : 0;
        free(frame);
        if (!fihi_peek_is_gone(p))
            return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    return fihi_fail_busy(err, l->peek.path);
}

/* `peek` is set only when all went well, so a failure leaves the snapshot where it was. |=: who has seen another root
 * stays stale for ever, even if an equal root should come back. The manifest's checksum stands for the whole manifest:
 * two that differ have the same one in one of 2^64 cases. */
static int follow(struct loose *l, fih_error *err)
{
    struct peek p;
    uint64_t root;
    const int rc = newest(l, &p, &root, err);

    if (rc == 0) {
        l->peek = p;
        l->has_moved |= root != l->root;
    }
    return rc;
}

/* Some ten reads, most of them of a page: the meta pages, the tree of the spaces' names, the manifest, and the meta
 * page once more. */
int fihi_loose_begin(struct loose **out, int fd, const char *path, fih_error *err)
{
    struct loose *l = calloc(1, sizeof *l);
    struct peek p;
    int rc;

    *out = NULL;
    if (!l)
        return fihi_fail_nomem(err);
    /* A loose snapshot has the descriptor of the environment, not one of its own: so it ends before that does. */
    l->peek.fd = fd;
    l->peek.path = path;
    if ((rc = newest(l, &p, &l->root, err)) != 0) {
        fihi_loose_end(l);
        return rc;
    }
    l->peek = p;
    *out = l;
    return FIH_OK;
}

/* Also of one that was not begun to the end. All that was lent goes with it. */
void fihi_loose_end(struct loose *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->kept_count; i++) {
        free(l->kept[i]->frame);
        free(l->kept[i]);
    }
    free(l->kept);
    fihi_table_free(&l->table);
    fihi_peek_leave(&l->at);
    free(l);
}

uint64_t fihi_loose_number(const struct loose *l)
{
    return l->peek.txnid;
}

/* Only a limit for fihi_snap_claim(), and so never less than there is. */
uint64_t fihi_loose_live_bytes(const struct loose *l)
{
    /* The notes are left out, as the guard leaves them out where it does not walk them. */
    uint64_t pages = 1;                        /* the leaf that names the spaces */

    for (unsigned i = 0; i < SPACE_COUNT; i++)
        if (i != SPACE_NOTE)
            pages += l->peek.spaces[i].pages;
    return pages * l->peek.page_bytes;
}

uint64_t fihi_loose_entries(const struct loose *l, enum space space)
{
    return l->peek.spaces[space].entries;
}

/* A commit that only wrote what nobody sees yet leaves the root as it is, and the snapshot usable. An answer that
 * cannot be had counts as stale. */
bool fihi_loose_is_stale(struct loose *l)
{
    return l->has_moved || (fihi_peek_is_gone(&l->peek) && (follow(l, NULL) != 0 || l->has_moved));
}

/* The space is added, as a key may stand in two of them; equal hashes are told apart by the bytes. 32 bits of the sum
 * are enough: there are as many values as this snapshot has read, and each that is found is compared. */
static uint32_t hash_of(enum space space, const void *key, size_t key_bytes)
{
    return (uint32_t)(XXH3_64bits(key, key_bytes) + space);
}

/* Takes the frame over: on an error it is freed here. The pointer that the caller gets is into `frame`, which does not
 * move when the arrays grow. */
static int keep(struct loose *l, enum space space, const void *key, size_t key_bytes, uint8_t *frame, size_t bytes,
                fih_error *err)
{
    struct kept *k = malloc(sizeof *k + key_bytes);

    /* Numbers of the table go up to UINT32_MAX - 1 (table.h): more values than any index has. */
    if (!k || l->kept_count >= UINT32_MAX - 1 || fihi_table_room(&l->table) != 0 ||
        fihi_grow(&l->kept, &l->kept_cap, l->kept_count + 1, sizeof *l->kept) != 0) {
        free(k);
        free(frame);
        return fihi_fail_nomem(err);
    }
    *k = (struct kept){frame, bytes, key_bytes, space};
    memcpy(k->key, key, key_bytes);
    fihi_table_put(&l->table, hash_of(space, key, key_bytes), (uint32_t)l->kept_count);
    l->kept[l->kept_count++] = k;
    return FIH_OK;
}

int fihi_loose_get(struct loose *l, enum space space, const void *key, size_t key_bytes, const uint8_t **payload,
                   size_t *bytes, fih_error *err)
{
    const uint32_t hash = hash_of(space, key, key_bytes);
    uint8_t *frame;
    uint32_t number;
    size_t n;
    int rc;

    *payload = NULL;
    *bytes = 0;
    /* Kept values need no look at the file. A search that reads a list again and again pays for it once; the price is
     * memory, at most as much as the index has bytes. */
    for (size_t at = hash; table_next(&l->table, hash, &at, &number);) {
        const struct kept *k = l->kept[number];

        if (k->space == space && k->key_bytes == key_bytes && memcmp(k->key, key, key_bytes) == 0) {
            *payload = k->frame + VALUE_HEAD;
            *bytes = k->bytes - VALUE_HEAD;
            return FIH_OK;
        }
    }
    for (unsigned tries = 0; tries < TRIES; tries++) {
        /* Not before the kept values: what was read when the commit was there stays good. */
        if (l->has_moved && space != SPACE_SEGMENT)
            return fail_stale(l, err);
        /* `rc` is looked at only below, when the commit was still there. */
        rc = look_up(&l->at, &l->peek, space, key, key_bytes, &frame, &n, err);
        if (fihi_peek_is_gone(&l->peek)) {
            /* Read from pages that may have been others' already: not even "not found" is true of it. */
            free(frame);
            if ((rc = follow(l, err)) != 0)
                return rc;
            continue;
        }
        /* Without has_moved the commit's own tree has been read, and there is no such value. */
        if (rc == FIH_E_NOTFOUND && l->has_moved)
            return fail_stale(l, err);         /* its segment was merged away */
        if (rc != 0 || (rc = keep(l, space, key, key_bytes, frame, n, err)) != 0)
            return rc;
        *payload = frame + VALUE_HEAD;
        *bytes = n - VALUE_HEAD;
        return FIH_OK;
    }
    return fihi_fail_busy(err, l->peek.path);
}

/* Go to `from`, or behind it. FIH_DONE at the end; FIH_OK also if the commit is gone by now. Behind, and not at:
 * after a commit the walk goes on from the last key that was handed out, which may be gone or not. */
static int go_to(struct loose *l, enum space space, const uint8_t *from, size_t from_bytes, bool is_behind,
                 fih_error *err)
{
    const uint8_t *key;
    size_t n;
    int rc = fihi_peek_seek(&l->at, &l->peek, space, from, from_bytes, err);

    if (rc != 0 || !is_behind)
        return rc;
    key = fihi_peek_key(&l->at, &n);
    /* A seek leads to the first key that is not below `from`: only if it is `from` itself is there a step to be
     * made. */
    return n == from_bytes && memcmp(key, from, n) == 0 ? fihi_peek_next(&l->at, err) : FIH_OK;
}

/* Copies of values are freed after each call: a walk over all notes must not keep them all. `tries` begins anew after
 * each key that came through, so a long walk does not end because commits are frequent, only if it stands still. */
int fihi_loose_each(struct loose *l, enum space space, const void *from, size_t from_bytes, store_each each, void *ctx,
                    fih_error *err)
{
    uint8_t last[STORE_MAX_KEY];               /* the last key that was handed out; `from` at first */
    size_t last_bytes = from_bytes;
    int rc;
    bool is_behind = false, is_there = false;

    /* The key is copied below, so the room for it is checked first: keys of LMDB have 511 bytes at most. */
    if (from_bytes > sizeof last)
        return fihi_fail(err, FIH_E_LIMIT, "a key of %zu bytes is too long", from_bytes);
    if (from_bytes)
        memcpy(last, from, from_bytes);
    for (unsigned tries = 0; tries < TRIES;) {
        uint8_t *frame = NULL;
        const uint8_t *key = NULL;
        size_t key_bytes = 0, n = 0;

        /* Values of segments that went would simply be missing from the walk, so here even they are not read in a newer
         * commit whose root is another. */
        if (l->has_moved)
            return fail_stale(l, err);
        rc = is_there ? fihi_peek_next(&l->at, err) : go_to(l, space, last, last_bytes, is_behind, err);
        if (rc == 0) {
            key = fihi_peek_key(&l->at, &key_bytes);
            rc = take(&l->at, key, key_bytes, &frame, &n, err);
        }
        if (fihi_peek_is_gone(&l->peek)) {     /* go there again in the newest commit */
            free(frame);
            is_there = false;
            tries++;
            if ((rc = follow(l, err)) != 0)
                return rc;
            continue;
        }
        if (rc != 0)
            return rc == FIH_DONE ? FIH_OK : rc;
        /* A copy, for the cursor's page is read over; `each` gets it, too. */
        memcpy(last, key, key_bytes);
        last_bytes = key_bytes;
        is_there = is_behind = true;
        tries = 0;
        /* No lock of the file is held: however long the caller takes, the next step asks again whether the commit is
         * there. */
        rc = each(ctx, last, last_bytes, frame + VALUE_HEAD, n - VALUE_HEAD);
        free(frame);
        if (rc != 0)
            return rc;
    }
    return fihi_fail_busy(err, l->peek.path);
}

/* The key is copied out before it is known to be true: room for it is STORE_MAX_KEY, which load() has checked, and
 * the caller gets FIH_OK only for the truth. */
int fihi_loose_next_key(struct loose *l, enum space space, const void *from, size_t from_bytes,
                        uint8_t key[STORE_MAX_KEY], size_t *key_bytes, fih_error *err)
{
    for (unsigned tries = 0; tries < TRIES; tries++) {
        const uint8_t *found;
        int rc;

        /* As in fihi_loose_each(): a key of a newer root could be one that the snapshot never had. */
        if (l->has_moved)
            return fail_stale(l, err);
        if ((rc = go_to(l, space, from, from_bytes, 0, err)) == 0) {
            found = fihi_peek_key(&l->at, key_bytes);
            memcpy(key, found, *key_bytes);
        }
        if (!fihi_peek_is_gone(&l->peek))
            return rc == FIH_DONE ? FIH_E_NOTFOUND : rc;
        if ((rc = follow(l, err)) != 0)
            return rc;
    }
    return fihi_fail_busy(err, l->peek.path);
}
