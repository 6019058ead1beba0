/* store/txn.c - snapshots: framed values in key spaces, as one commit has left them. Changes are change.c's.
 *
 * A snapshot begins only when the pages that it can reach have been walked (guard.h) and its transaction is proved to
 * be the last one. After that LMDB may be asked anything: it meets no page that was not looked at. Values are checked
 * one by one, at each get, for the walk does not look at them.
 *
 * LMDB wants one thread at a time in a transaction, so gets go through the environment's mutex; what they return
 * points into the map and needs none.
 */
#include <string.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"
#include "store/frame.h"
#include "store/guard.h"
#include "store/loose.h"
#include "store/txn_part.h"

/* What it lends points into LMDB's map, into copies of `loose`, or into the values of `state`: in each case it stays as
 * long as the snapshot. */
struct snap {
    struct store *store;
    MDB_txn      *txn;                 /* NULL: `loose` or `state` stands in its place */
    struct loose *loose;
    struct memory_state *state;
    uint64_t      live_bytes;          /* of the pages that the guard has walked */
    uint64_t      claimed[SPACE_COUNT], claimed_bytes; /* by fihi_snap_claim() */
    struct guard_tree notes;           /* walked when first asked for */
    int           notes_walked;        /* true for a loose one, which checks as it goes */
};

/* After fork the child has the parent's map and mutexes but not its locks: LMDB would let the parent's pages be used
 * again while the child reads them. LMDB's own rule is that an environment is not used across fork(), and so every
 * function that begins something comes here first. */
int fihi_store_check_process(const struct store *s, fih_error *err)
{
    return (s->memory ? fihi_memory_pid(s->memory) : s->env->pid) == getpid()
               ? FIH_OK
               : fihi_fail(err, FIH_E_FORK, "this handle belongs to the parent process: open '%s' again after fork",
                           s->dir);
}

/* LMDB numbers a snapshot by the commit that it sees, and a change by the one that it will be. */
static uint64_t number_of(const struct snap *t)
{
    return t->txn ? mdb_txn_id(t->txn) : fihi_loose_number(t->loose);
}

/* The one place where a payload comes from: nobody above sees a byte that its checksum does not vouch for. The key is
 * in the checksum, so a value that a damaged page shows under another key does not pass.
 *
 * The checksum of a value of 64 KiB is verified at each get, in some microseconds; segments get each of their values
 * once in a snapshot and keep the pointer, so no search pays for it twice. */
static int unframe(const struct store *s, const MDB_val *key, const MDB_val *value, const uint8_t **payload,
                   size_t *bytes, fih_error *err)
{
    const uint8_t *frame = value->mv_data;

    /* Also where the value is shorter than a frame: the length is looked at first. */
    if (!frame_is_whole(frame, value->mv_size, key->mv_data, key->mv_size))
        return fihi_fail(err, FIH_E_CORRUPT, "'%s' is damaged: a checksum is wrong; restore a backup or rebuild it",
                         s->env->path);
    *payload = frame + VALUE_HEAD;
    *bytes = value->mv_size - VALUE_HEAD;
    return FIH_OK;
}

/* The cast drops a const that LMDB's struct does not have; mdb_get() does not write to the key. */
int fihi_txn_get(const struct store *s, MDB_txn *txn, enum space space, const void *key, size_t key_bytes,
                 const uint8_t **payload, size_t *bytes, fih_error *err)
{
    MDB_val k = {key_bytes, (void *)(uintptr_t)key}, v;
    const int rc = mdb_get(txn, s->env->dbi[space], &k, &v);

    *payload = NULL;
    *bytes = 0;
    /* No message: most who ask can go on without, and a message costs more than the look-up. */
    if (rc == MDB_NOTFOUND)
        return FIH_E_NOTFOUND;
    if (rc != 0)
        return fihi_fail_mdb(err, rc, "cannot read", s->env->path);
    return unframe(s, &k, &v, payload, bytes, err);
}

/* MDB_SET_RANGE with an empty key is an error of LMDB's: from the beginning is another operation. The cursor is closed
 * on every way out, for LMDB closes none of a transaction that only reads. */
static int each_of(const struct store *s, MDB_txn *txn, enum space space, const void *from, size_t from_bytes,
                   store_each each, void *ctx, fih_error *err)
{
    MDB_val k = {from_bytes, (void *)(uintptr_t)from}, v;
    MDB_cursor *cursor;
    int rc = mdb_cursor_open(txn, s->env->dbi[space], &cursor);

    if (rc != 0)
        return fihi_fail_mdb(err, rc, "cannot read", s->env->path);
    for (rc = mdb_cursor_get(cursor, &k, &v, from_bytes ? MDB_SET_RANGE : MDB_FIRST); rc == 0;
         rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT)) {
        const uint8_t *payload = NULL;
        size_t bytes = 0;

        /* Nonzero from `each` ends the walk and is returned as it is: it may be FIH_DONE or an error of the
         * caller's. */
        if ((rc = unframe(s, &k, &v, &payload, &bytes, err)) != 0 ||
            (rc = each(ctx, k.mv_data, k.mv_size, payload, bytes)) != 0) {
            mdb_cursor_close(cursor);
            return rc;
        }
    }
    mdb_cursor_close(cursor);
    return rc == MDB_NOTFOUND ? FIH_OK : fihi_fail_mdb(err, rc, "cannot read", s->env->path);
}

/* The transaction's own number must be what its writer recorded; a compacted copy restarts LMDB's at 1. LMDB takes
 * the meta page with the higher number. If a flipped bit lowers one, or the newest is torn, the older commit would be
 * opened as if nothing were lost; its number is then not the one that stands in it. */
static int check_number(struct snap *t, fih_error *err)
{
    uint8_t key[STORE_MAX_KEY];
    const uint8_t *p;
    size_t n, key_bytes;
    int rc = fihi_snap_get(t, SPACE_META, KEY_NUMBER, sizeof KEY_NUMBER - 1, &p, &n, err);
    /* Taken after the get, for a loose snapshot may have gone on to a newer commit in it, and has that one's number
     * then. */
    const uint64_t number = number_of(t);

    /* A new file has no number yet, and may have nothing else either. */
    if (rc == FIH_E_NOTFOUND && number <= 1) {
        rc = fihi_snap_next_key(t, SPACE_META, NULL, 0, key, &key_bytes, err);
        if (rc == FIH_E_NOTFOUND)
            return FIH_OK;                      /* made, and nothing written yet */
        /* There are values, but none says which transaction wrote them. */
        rc = rc ? rc : FIH_E_NOTFOUND;
    }
    if (rc != 0 && rc != FIH_E_NOTFOUND)
        return rc;
    /* A compacted copy is LMDB's transaction 1, and holds the number that its original had. */
    if (rc == FIH_E_NOTFOUND || n != 8 || (get_u64(p) != number && number != 1))
        return fihi_fail(err, FIH_E_CORRUPT,
                         "'%s' is damaged: this is not its last commit; restore a backup or rebuild it",
                         t->store->env->path);
    return FIH_OK;
}

/* A place in LMDB's table, or a loose snapshot where there can be none. A process of the same number in another
 * container may be through in a moment.
 *
 * A loose snapshot is never better than a place: it copies each value, and can become stale. So it is what is left, and
 * no setting. */
static int begin(struct snap *t, fih_error *err)
{
    static const struct timespec pause = {0, 20 * 1000 * 1000};
    struct env *e = t->store->env;

    /* Six tries in 100 ms: long enough for another process to open its file, short enough for a search. */
    for (unsigned tries = 0; e->mdb; tries++) {
        const int rc = mdb_txn_begin(e->mdb, NULL, MDB_RDONLY, &t->txn);

        if (rc == 0)
            return FIH_OK;
        t->txn = NULL;
        if (!fihi_env_has_no_place(rc))
            return fihi_fail_mdb(err, rc, "cannot read", e->path);
        /* Without a place the search still works, by reading with pread(). */
        if (tries == 5)
            break;
        nanosleep(&pause, NULL);
    }
    return fihi_loose_begin(&t->loose, e->fd, e->path, err);
}

/* The abort of a read transaction only gives its place back. fihi_loose_end() takes NULL. */
static void release(struct snap *t)
{
    if (t->txn)
        mdb_txn_abort(t->txn);
    fihi_loose_end(t->loose);
    t->txn = NULL;
    t->loose = NULL;
}

/* No guard, no checksums, no number: nothing of it has been on a disk. Cannot become stale, for its state is held. */
static int begin_in_memory(struct snap **out, struct store *s, fih_error *err)
{
    struct snap *const t = calloc(1, sizeof *t);

    if (!t)
        return fihi_fail_nomem(err);
    t->store = s;
    t->state = fihi_memory_state(s->memory);
    t->live_bytes = fihi_memory_bytes(t->state);
    *out = t;
    return FIH_OK;
}

int fihi_snap_begin(struct snap **out, struct store *s, unsigned flags, fih_error *err)
{
    struct snap *t = NULL;
    int rc, dead;

    *out = NULL;
    if ((rc = fihi_store_check_process(s, err)) != 0)
        return rc;
    if (s->memory)
        return begin_in_memory(out, s, err);
    /* Counted before anything of LMDB's is asked: nobody may close the environment meanwhile. */
    if ((rc = fihi_env_use(s->env, err)) != 0)
        return rc;
    if (!(t = calloc(1, sizeof *t))) {
        fihi_env_unuse(s->env, 0);
        return fihi_fail_nomem(err);
    }
    t->store = s;
    if (s->env->mdb)
        /* Else 510 killed readers would fill the table, and the oldest of them keep the file from using its pages
         * again. */
        mdb_reader_check(s->env->mdb, &dead);   /* slots of killed readers */
    /* A commit between the begin and the walk makes the walk worthless; each new try has a newer snapshot. A hundred
     * in a row want two commits in each walk: somebody commits in a loop. */
    for (unsigned tries = 0; tries < 100; tries++, release(t)) {
        struct guard_result guard = {0};

        if ((rc = begin(t, err)) != 0)
            goto out;
        /* A loose one checks each page that it uses when it uses it. */
        if ((t->txn || (flags & GUARD_ALL)) &&
            (rc = fihi_guard_walk(s->env->fd, s->env->path, number_of(t), flags, fihi_space_name(SPACE_NOTE), &guard,
                                  err)) != 0)
            /* Damage, a disk that cannot be read, or no memory: none of them is better for being tried again. */
            goto out;
        /* release() in the loop's head gives the transaction back. */
        if (guard.is_stale)
            continue;
        t->live_bytes = t->txn ? guard.live_bytes : fihi_loose_live_bytes(t->loose);
        t->notes = guard.passed;
        /* Walked already: with all else by GUARD_ALL. A loose snapshot checks pages as it uses them. */
        t->notes_walked = !t->txn || (flags & GUARD_ALL) != 0;
        if ((rc = check_number(t, err)) == FIH_E_STALE)
            continue;
        if (rc != 0)
            goto out;
        *out = t;
        return FIH_OK;
    }
    rc = fihi_fail_busy(err, s->dir);
out:
    fihi_snap_end(t);
    return rc;
}

/* In a child of the process only the memory is given back: the transaction and the place are the parent's. */
void fihi_snap_end(struct snap *t)
{
    if (!t)
        return;
    /* For the state in memory fihi_memory_state_put() asks by itself whose process this is. */
    if (t->state) {
        fihi_memory_state_put(t->store->memory, t->state);
    } else if (t->store->env->pid == getpid()) {
        release(t);
        fihi_env_unuse(t->store->env, 0);
    }
    free(t);
}

bool fihi_snap_is_loose(const struct snap *t)
{
    return t->loose != NULL;
}

/* For a place in the table never: LMDB keeps what it sees. */
bool fihi_snap_is_stale(struct snap *t)
{
    bool is_stale = false;

    /* In a child of the process the mutex may be held by a thread that is not there. */
    if (t->loose && fihi_store_check_process(t->store, NULL) == FIH_OK) {
        pthread_mutex_lock(&t->store->env->mutex);
        is_stale = fihi_loose_is_stale(t->loose);
        pthread_mutex_unlock(&t->store->env->mutex);
    }
    return is_stale;
}

struct oldest {
    unsigned long long number;
    long               pid;
};

/* A line of LMDB's table of readers: process, thread and transaction; "-" for one that is not reading. Lines that say
 * something else, such as the heading, do not scan and are passed over. Nonzero would end LMDB's walk. */
static int look_at_reader(const char *line, void *ctx)
{
    struct oldest *o = ctx;
    unsigned long long number;
    long pid;

    if (sscanf(line, "%ld %*s %llu", &pid, &number) == 2 && number < o->number)
        *o = (struct oldest){number, pid};
    return 0;
}

/* For people who wonder why the file grows: this process may be stopped. */
pid_t fihi_snap_oldest_reader(const struct snap *t)
{
    /* A snapshot's own number, so that only older ones count; 0 is below all, so without a table nobody is found. */
    struct oldest o = {t->txn ? number_of(t) : 0, 0};

    if (t->txn)                                /* else there is no table to look at */
        mdb_reader_list(t->store->env->mdb, look_at_reader, &o);
    return (pid_t)o.pid;
}

const char *fihi_snap_dir(const struct snap *t)
{
    return t->store->dir;
}

uint64_t fihi_snap_live_bytes(const struct snap *t)
{
    return t->live_bytes;
}

/* Differences and not sums, which could wrap: claimed values never exceed the entries, so the subtraction is safe. An
 * index of 1 MB that says it has four billion documents is refused here, before anybody allocates for them. */
int fihi_snap_claim(struct snap *t, enum space space, uint64_t values, uint64_t bytes)
{
    MDB_stat st = {0};
    int rc = 0;

    if (t->state)                              /* nobody but ourselves wrote it */
        return FIH_OK;
    pthread_mutex_lock(&t->store->env->mutex);
    if (t->loose)
        st.ms_entries = fihi_loose_entries(t->loose, space);
    else
        rc = mdb_stat(t->txn, t->store->env->dbi[space], &st);
    pthread_mutex_unlock(&t->store->env->mutex);
    /* live_bytes is fixed from the beginning, and claimed_bytes never above it: it was compared before it was added
     * to. */
    if (rc != 0 || t->claimed[space] > st.ms_entries || values > st.ms_entries - t->claimed[space] ||
        bytes > t->live_bytes - t->claimed_bytes)
        return FIH_E_CORRUPT;
    t->claimed[space] += values;
    t->claimed_bytes += bytes;
    return FIH_OK;
}

/* Walking the ledger of a large crawl would cost a search more than the search. Under the environment's mutex, so
 * only one thread walks them. A failed walk is tried again at the next get. */
static int walk_notes(struct snap *t, enum space space, fih_error *err)
{
    int rc = FIH_OK;

    if (space == SPACE_NOTE && !t->notes_walked &&
        (rc = fihi_guard_tree(t->store->env->fd, t->store->env->path, &t->notes, err)) == 0)
        t->notes_walked = 1;
    return rc;
}

int fihi_snap_get(struct snap *t, enum space space, const void *key, size_t key_bytes, const uint8_t **payload,
                  size_t *bytes, fih_error *err)
{
    struct store *s = t->store;
    int rc;

    *payload = NULL;
    *bytes = 0;
    /* Before the mutex, which in a child may be held by a thread that is not there. */
    if ((rc = fihi_store_check_process(s, err)) != 0)
        return rc;
    if (t->state)
        return fihi_memory_get(t->state, space, key, key_bytes, payload, bytes);
    /* One thread at a time in LMDB's transaction or in the loose snapshot's cursor. The payload needs the mutex no
     * more. */
    pthread_mutex_lock(&s->env->mutex);
    if (t->loose)
        rc = fihi_loose_get(t->loose, space, key, key_bytes, payload, bytes, err);
    else if ((rc = walk_notes(t, space, err)) == 0)
        rc = fihi_txn_get(s, t->txn, space, key, key_bytes, payload, bytes, err);
    pthread_mutex_unlock(&s->env->mutex);
    return rc;
}

int fihi_snap_each(struct snap *t, enum space space, const void *from, size_t from_bytes, store_each each, void *ctx,
                   fih_error *err)
{
    struct store *s = t->store;
    int rc;

    if ((rc = fihi_store_check_process(s, err)) != 0)
        return rc;
    if (t->state)
        return fihi_memory_each(t->state, space, from, from_bytes, each, ctx);
    /* Held during the whole walk: `each` must not ask this environment for anything, or it would wait for itself. */
    pthread_mutex_lock(&s->env->mutex);
    if (t->loose)
        rc = fihi_loose_each(t->loose, space, from, from_bytes, each, ctx, err);
    else if ((rc = walk_notes(t, space, err)) == 0)
        rc = each_of(s, t->txn, space, from, from_bytes, each, ctx, err);
    pthread_mutex_unlock(&s->env->mutex);
    return rc;
}

/* No value is looked at, so nothing is verified but what the walk of the pages was: the key's length is at most
 * MAX_KEY. */
int fihi_snap_next_key(struct snap *t, enum space space, const void *from, size_t from_bytes,
                       uint8_t key[STORE_MAX_KEY], size_t *key_bytes, fih_error *err)
{
    struct store *s = t->store;
    MDB_val k = {from_bytes, (void *)(uintptr_t)from}, v;
    MDB_cursor *cursor;
    int rc;

    if (t->state)
        return fihi_memory_next_key(t->state, space, from, from_bytes, key, key_bytes);
    pthread_mutex_lock(&s->env->mutex);
    /* In the same mutex, for the key is copied out of the cursor's page before that is read over. */
    if (t->loose) {
        rc = fihi_loose_next_key(t->loose, space, from, from_bytes, key, key_bytes, err);
        pthread_mutex_unlock(&s->env->mutex);
        return rc;
    }
    if ((rc = mdb_cursor_open(t->txn, s->env->dbi[space], &cursor)) == 0) {
        rc = mdb_cursor_get(cursor, &k, &v, from_bytes ? MDB_SET_RANGE : MDB_FIRST);
        /* The guard has seen no key above 511 bytes, which is the room that there is; what it has not seen is not
         * copied. */
        if (rc == 0 && k.mv_size <= STORE_MAX_KEY) {
            memcpy(key, k.mv_data, k.mv_size);
            *key_bytes = k.mv_size;
        }
        mdb_cursor_close(cursor);
    }
    pthread_mutex_unlock(&s->env->mutex);
    return rc == 0 ? FIH_OK : rc == MDB_NOTFOUND ? FIH_E_NOTFOUND : fihi_fail_mdb(err, rc, "cannot read", s->env->path);
}

/* Where LMDB mapped the file, which it does not tell: a page's head holds its number. A small value lies in a page of
 * a tree, whose head is at the page's first byte; the page's number times its size leads back to the map's beginning.
 * The value asked for must be one that never gets pages of its own: 8 bytes. */
static uint8_t *map_base(struct store *s)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uint8_t *p;
    MDB_txn *txn;
    size_t n;

    /* Asked once and kept with the environment, whose map stays where it is until that is closed. */
    if (!s->env->map_base && s->env->mdb && mdb_txn_begin(s->env->mdb, NULL, MDB_RDONLY, &txn) == 0) {
        if (fihi_txn_get(s, txn, SPACE_META, KEY_NUMBER, sizeof KEY_NUMBER - 1, &p, &n, NULL) == 0) {
            const uint8_t *first = (const uint8_t *)((uintptr_t)p & ~(page - 1));

            s->env->map_base = (uint8_t *)(uintptr_t)first - get_u64(first) * page;
        }
        mdb_txn_abort(txn);
    }
    return s->env->map_base;
}

/* MADV_DONTNEED on anonymous memory would lose it; on this map the pages come from the file again. */
void fihi_store_trim(struct store *s)
{
    uint8_t *base = s->memory ? NULL : map_base(s);
    MDB_envinfo map;

    /* Without a map, as where LMDB found no room for one, nothing is mapped in. */
    if (!base || mdb_env_info(s->env->mdb, &map) != 0)
        return;
    /* The map is a file's and read-only: this drops page table entries, not data. A file may be longer than its map, as
     * another process with more addresses can make it, and behind the map lies memory of others. */
    const uint64_t bytes = fihi_env_bytes(s->env);
    madvise(base, bytes < map.me_mapsize ? bytes : map.me_mapsize, MADV_DONTNEED);
}
