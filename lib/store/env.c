/* store/env.c - LMDB's environment of a data file, one a file and process.
 *
 * What must hold: as long as an environment is in the registry, its file is opened by LMDB once in this process.
 * fcntl() locks, which LMDB uses, belong to the process and go when any descriptor of the file is closed; a second
 * opening would drop the first one's place in the table of readers, and a writer would take its pages away.
 *
 * LMDB ends a process by a signal, or waits for ever, on files that it does not expect. So before it gets one, the
 * data file is verified (guard.h) and the file of its readers has its whole length on the disk.
 */
#include "store/env.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fail.h"
#include "store/file.h"
#include "store/guard.h"

enum {
    /* With LMDB's head the file is 32 KiB, eight pages. More readers at once are rare, and those beyond get loose
     * snapshots. */
    READERS = 510,
    LOCK_FILE_BYTES = 64 + 64 + READERS * 64,  /* LMDB's MDB_txninfo, and a cache line for each reader */
    LOCK_FILE_MOST = 1 << 20,                  /* none of ours is longer; room is made for all of it */
    /* A process that reads hundreds of indexes gives the later ones less room to grow in while they are open. */
    FULL_MAPS = 16
};
#define MAP_OF_MANY (UINT64_C(128) << 30)
#define MAP_MOST    (UINT64_C(1) << 40)
/* LMDB locks bytes of the file that stand for process ids; none is as large as this. */
#define LOCK_PROBE ((off_t)1 << 40)

/* LMDB needs one environment a file and process: found again by device and inode. Not by path: a compaction gives the
 * path another file, and hard links give a file other paths. */
static struct {
    pthread_mutex_t mutex;
    struct env     *first;
    pthread_once_t  watch;             /* over forks */
} registry = {PTHREAD_MUTEX_INITIALIZER, NULL, PTHREAD_ONCE_INIT};

/* A child begins without its parent's files, and without a mutex that a thread may hold that is not there. */
static void begin_child(void)
{
    const pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;

    registry.mutex = fresh;
    registry.first = NULL;
}

/* Only the child's side: the parent changes nothing. */
static void watch_forks(void)
{
    pthread_atfork(NULL, NULL, begin_child);
}

int fihi_fail_mdb(fih_error *err, int rc, const char *what, const char *path)
{
    /* LMDB's codes are negative, errno positive; each gets the code that tells a program what it can do. LMDB's own
     * findings are damage, though the guard should have found it first. */
    if (rc == MDB_CORRUPTED || rc == MDB_PAGE_NOTFOUND || rc == MDB_INVALID)
        rc =
            fihi_fail(err, FIH_E_CORRUPT, "%s '%s': %s; restore a backup or rebuild it", what, path,
                      mdb_strerror(rc));
    else if (rc == MDB_VERSION_MISMATCH)
        rc = fihi_fail(err, FIH_E_VERSION, "%s '%s': written by another version of LMDB", what, path);
    else if (rc == MDB_MAP_FULL || rc == MDB_MAP_RESIZED)
        rc = fihi_fail(err, FIH_E_NOMEM, "%s '%s': no address space left; raise the limit (ulimit -v)", what, path);
    else if (rc == MDB_READERS_FULL)
        rc = fihi_fail(err, FIH_E_BUSY, "%s '%s': too many readers at once", what, path);
    else if (rc == EIO || rc == ENOSPC) {
        /* LMDB says EIO for a short write: ask the file system whether it is full. */
        struct statvfs fs;
        /* Less than 1 MiB free: a commit that failed gave its pages back, so the disk may have a little room again. */
        if (rc == ENOSPC || (statvfs(path, &fs) == 0 && fs.f_bavail * (uint64_t)fs.f_frsize < 1 << 20))
            rc = fihi_fail_errno(err, ENOSPC, what, path);
        else
            rc = fihi_fail_errno(err, EIO, what, path);
    } else if (rc > 0)
        rc = fihi_fail_errno(err, rc, what, path);
    else
        rc = fihi_fail(err, FIH_E_IO, "%s '%s': %s", what, path, mdb_strerror(rc));
    return rc;
}

/* EAGAIN and EACCES: a lock of this process's number is another's, as two containers can have it. ENOLCK: a file
 * system without locks. */
bool fihi_env_has_no_place(int rc)
{
    return rc == EAGAIN || rc == EACCES || rc == ENOLCK || rc == MDB_READERS_FULL;
}

/* A 64-bit machine gives a terabyte of addresses for nothing, but no more than 128 of them; where a limit forbids it,
 * less will do. The registry's mutex is held. 128 TiB of addresses are what a process has: 16 maps of a terabyte leave
 * room for some 900 of 128 GiB. */
static uint64_t map_bytes(uint64_t least)
{
    uint64_t bytes = MAP_MOST;
    unsigned open = 0;

    for (const struct env *e = registry.first; e; e = e->next)
        open++;
    if (open >= FULL_MAPS)
        for (bytes = MAP_OF_MANY; bytes < least && bytes < MAP_MOST;)
            bytes *= 2;
    return bytes;
}

/* Four times the file and 64 MiB: a writer that has no room to grow in would fail later, in the middle of a commit. Of
 * a file of 256 GiB and more that would be above the largest map, which has to do then: from there on a writer's room
 * ends at 1 TiB (FORMAT.md, "Limits"). A file that is longer still, LMDB maps as far as its last page. */
static uint64_t least_map_bytes(uint64_t file_bytes)
{
    const uint64_t spare = UINT64_C(64) << 20;

    /* By division: a sparse file may have any length, and four times that may wrap. */
    return file_bytes > (MAP_MOST - spare) / 4 ? MAP_MOST : file_bytes * 4 + spare;
}

/* e->mdb is set only if this answers 0. Nothing is retried with what LMDB has half opened: it asks for a new
 * environment after any failure. */
static int open_mapped(struct env *e, unsigned flags)
{
    const uint64_t least = least_map_bytes(e->file_bytes);
    int rc = ENOMEM;

    /* Halved until it fits. `least` is never above the first one, so there is a try at least. */
    for (uint64_t bytes = map_bytes(least); bytes >= least; bytes /= 2) {
        if ((rc = mdb_env_create(&e->mdb)) != 0)
            return rc;
        if ((rc = mdb_env_set_mapsize(e->mdb, bytes)) == 0 && (rc = mdb_env_set_maxdbs(e->mdb, SPACE_COUNT)) == 0 &&
            (rc = mdb_env_set_maxreaders(e->mdb, READERS)) == 0 &&
            (rc = mdb_env_open(e->mdb, e->path, flags, 0666)) == 0)
            return 0;
        mdb_env_close(e->mdb);
        e->mdb = NULL;
        /* Only an address space that is too small gets better by asking for less. */
        if (rc != ENOMEM)
            return rc;
    }
    return rc;
}

/* The handles are the environment's for ever: LMDB wants them opened once, in a transaction that is committed, even
 * one for reading. They are numbers, and so no memory: 0 and 1 are LMDB's own two trees, and ours follow in the order
 * in which they are opened here. */
static int open_spaces(struct env *e, unsigned flags)
{
    const unsigned create = e->mode == ENV_CREATE ? MDB_CREATE : 0;
    MDB_txn *txn;
    int rc = mdb_txn_begin(e->mdb, NULL, flags, &txn);

    if (rc != 0)
        return rc;
    for (unsigned i = 0; i < SPACE_COUNT && rc == 0; i++)
        rc = mdb_dbi_open(txn, fihi_space_name((enum space)i), create, &e->dbi[i]);
    if (rc != 0)
        mdb_txn_abort(txn);
    return rc != 0 ? rc : mdb_txn_commit(txn);
}

/* A child of the process that opened it must not close LMDB's part: that would write into the parent's table of
 * readers. */
static void env_empty(struct env *e)
{
    if (e->mdb && e->pid == getpid())
        mdb_env_close(e->mdb);
    if (e->fd >= 0)
        close(e->fd);
    e->mdb = NULL;
    e->map_base = NULL;
    e->fd = -1;
}

/* A mutex of the parent's may be held: in a child it is not destroyed. */
static void env_free(struct env *e)
{
    env_empty(e);
    if (e->pid == getpid())
        pthread_mutex_destroy(&e->mutex);
    free(e->path);
    free(e);
}

static int fail_table(fih_error *err, const char *path)
{
    return fihi_fail(err, FIH_E_CORRUPT, "'%s' is not a table of readers: remove it while nobody uses the index", path);
}

/* LMDB would make its table of readers through a link too, and would end by a signal where its disk is full: it maps
 * the file before there is room for it. The data file's mode and owner are its own: who may read the one may be seen
 * as a reader in the other. Costs a look at a file that is there as a rule, and 32 KiB of disk where it is not. */
static int make_lock_file(const struct env *e, fih_error *err)
{
    char *path = fihi_file_lock_path(e->path);
    struct stat data, st;
    int fd = -1, rc, cause;

    if (!path)
        return fihi_fail_nomem(err);
    if (fstat(e->fd, &data) != 0) {
        rc = fihi_fail_errno(err, errno, "cannot access", e->path);
        goto out;
    }
    if ((rc = fihi_file_open_or_make(&fd, &st, path, &data, err)) != 0)
        goto out;
    /* Never made shorter: others may have it mapped. */
    const off_t bytes = st.st_size > LOCK_FILE_BYTES ? st.st_size : LOCK_FILE_BYTES;
    /* A table of another program's making may be longer, but not by so much that room for it would be a matter. */
    if (bytes > LOCK_FILE_MOST) {
        rc = fail_table(err, path);
        goto out;
    }
    /* LMDB takes a lock that cannot be had for another process's, and its own new table for damage. This one is far
     * behind all of its locks; no process of ours has the file open, so closing it costs none. */
    struct flock probe = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = LOCK_PROBE, .l_len = 1};
    if (fcntl(fd, F_SETLK, &probe) != 0 && errno != EAGAIN && errno != EACCES) {
        rc = fihi_fail_errno(err, errno, "cannot lock", path);
        goto out;
    }
    /* Blocks and not length: a file with a hole has its length but no room on the disk, and a write into its map ends
     * by SIGBUS. */
    if ((uint64_t)st.st_blocks * 512 < (uint64_t)bytes && (cause = posix_fallocate(fd, 0, bytes)) != 0)
        rc = fihi_fail_errno(err, cause, "cannot write", path);
out:
    if (fd >= 0)
        close(fd);
    free(path);
    return rc;
}

/* LMDB does not say which of its two files it could not open. */
int fihi_env_refuse(const struct env *e, int cause, fih_error *err)
{
    char *lock = fihi_file_lock_path(e->path);
    int rc;

    if (!lock)
        return fihi_fail_nomem(err);
    /* AT_EACCESS: by the effective rights, which are what open() went by; a program with the set-id bit has others,
     * too. */
    rc = fihi_fail_errno(err, cause, "cannot write",
                         faccessat(AT_FDCWD, e->path, R_OK | W_OK, AT_EACCESS) == 0 ? lock : e->path);
    free(lock);
    return rc;
}

/* Even opening a named database walks pages, so they are verified before. *lmdb: what LMDB said. *lmdb other than 0:
 * LMDB could not even begin, which is for the caller to judge. A commit in each of a hundred tries is taken as good
 * here: the snapshot verifies again, and answers FIH_E_BUSY itself. `flags` are LMDB's: MDB_RDONLY or, for a
 * transaction that may write and never does, 0. */
static int verify_newest(struct env *e, unsigned flags, int *lmdb, fih_error *err)
{
    struct guard_result guard;
    MDB_txn *txn;
    int rc;

    for (unsigned tries = 0; tries < 100; tries++) {
        if ((*lmdb = mdb_txn_begin(e->mdb, NULL, flags, &txn)) != 0)
            return FIH_OK;
        /* One for writing has the next commit's number. */
        rc = fihi_guard_walk(e->fd, e->path, mdb_txn_id(txn) - (flags == 0), 0, fihi_space_name(SPACE_NOTE), &guard,
                             err);
        mdb_txn_abort(txn);
        /* A new commit has come between: look at that one. */
        if (rc != 0 || !guard.is_stale)
            return rc;
    }
    return FIH_OK;
}

/* A reader does without LMDB where it may not write the lock file, or has no place in it: see loose.h. A writer without
 * a place for reading holds `lock`, so nobody else commits, and a transaction for writing does as well. On an error,
 * or without a place, e->mdb may be set or not: env_empty() closes what there is. */
static int open_lmdb(struct env *e, fih_error *err)
{
    /* NOTLS: a place belongs to a transaction and not to a thread, so a snapshot may be used and ended by other
     * threads than began it. */
    unsigned flags = MDB_NOSUBDIR | MDB_NOTLS;
    int lmdb = open_mapped(e, flags), rc;

    /* The data file is verified, so it is the table of readers: once more, in case its lock failed for a moment. */
    if (lmdb == MDB_INVALID && (lmdb = open_mapped(e, flags)) == MDB_INVALID) {
        char *path = fihi_file_lock_path(e->path);

        rc = path ? fail_table(err, path) : fihi_fail_nomem(err);
        free(path);
        return rc;
    }
    /* An index on a read-only disk or of another user's is searched all the same. */
    if ((lmdb == EACCES || lmdb == EPERM || lmdb == EROFS) && e->mode == ENV_READ) {
        e->is_read_only = true;
        lmdb = open_mapped(e, flags | MDB_RDONLY);
    }
    if (lmdb == EACCES || lmdb == EPERM || lmdb == EROFS)
        return e->mode == ENV_READ ? FIH_OK : fihi_env_refuse(e, lmdb, err);
    if (lmdb != 0)
        return fihi_fail_mdb(err, lmdb, "cannot open", e->path);
    /* A file that was just made by us has nothing to verify. */
    flags = e->mode == ENV_CREATE ? 0 : MDB_RDONLY;
    if (e->mode != ENV_CREATE) {
        rc = verify_newest(e, flags, &lmdb, err);
        if (rc == 0 && e->mode == ENV_WRITE && fihi_env_has_no_place(lmdb))
            rc = verify_newest(e, flags = 0, &lmdb, err);
        if (rc != 0)
            return rc;
    }
    if (lmdb == 0)
        lmdb = open_spaces(e, flags);
    if (e->mode == ENV_READ && fihi_env_has_no_place(lmdb)) {
        mdb_env_close(e->mdb);
        e->mdb = NULL;
        lmdb = 0;
    }
    if (lmdb == MDB_NOTFOUND)
        return fihi_fail(err, FIH_E_CORRUPT, "'%s' is incomplete; restore a backup or rebuild it", e->path);
    return lmdb == 0 ? FIH_OK : fihi_fail_mdb(err, lmdb, "cannot open", e->path);
}

/* On an error nothing stays open, and e->path is kept: fihi_env_use() may try again. The order matters: the file is
 * looked at before LMDB opens it, and the table of readers is there before LMDB maps it. */
static int env_fill(struct env *e, fih_error *err)
{
    struct stat st;
    int rc;

    if (e->mode == ENV_CREATE) {
        if ((rc = fihi_file_make(&e->fd, e->path, NULL, err)) != 0)
            goto out;
    } else {
        /* Read-only even for a writer: ours reads pages and holds flock(), and what is written goes through LMDB's own
         * descriptor. */
        if ((rc = fihi_file_open(&e->fd, &st, e->path, O_RDONLY, err)) != 0)
            goto out;
        e->file_bytes = (uint64_t)st.st_size;
        /* Also before make_lock_file(): what is no data file of ours gets no table of readers put beside it. */
        if ((rc = fihi_guard_meta(e->fd, e->path, err)) != 0)
            goto out;
    }
    rc = make_lock_file(e, err);
    /* No table of readers that it may write, no room for one, or no locks in it: a reader does without, and without
     * LMDB, which on a read-only file system would go on with no table at all. A writer gets LMDB's own answer. */
    if (e->mode == ENV_READ && (rc == FIH_E_PERM || rc == FIH_E_FULL || rc == FIH_E_IO))
        rc = FIH_OK;
    else if ((rc != 0 && rc != FIH_E_PERM) || (rc = open_lmdb(e, err)) != 0)
        goto out;
    if (fstat(e->fd, &st) != 0) {
        rc = fihi_fail_errno(err, errno, "cannot access", e->path);
        goto out;
    }
    /* From the open file and not the path, which may name another one by now. */
    e->dev = st.st_dev;
    e->ino = st.st_ino;
    e->mode = e->mode == ENV_CREATE ? ENV_WRITE : e->mode;
out:
    if (rc != 0)
        env_empty(e);
    return rc;
}

/* The registry's mutex is held. *out is either whole or NULL. */
static int env_new(struct env **out, const char *path, enum env_mode mode, fih_error *err)
{
    /* Handles share it that may have other allocators, which may be gone first: so it comes from none of them. */
    const fih_allocator *const chosen = fih_allocator_use(NULL);
    struct env *e = calloc(1, sizeof *e);
    char *const copy = strdup(path);
    int rc;

    fih_allocator_use(chosen);
    *out = NULL;
    if (!e || !copy) {
        free(e);
        free(copy);
        return fihi_fail_nomem(err);
    }
    pthread_mutex_init(&e->mutex, NULL);
    e->pid = getpid();
    e->fd = -1;
    e->mode = mode;
    e->path = copy;
    if ((rc = env_fill(e, err)) == 0)
        *out = e;
    else
        env_free(e);
    return rc;
}

/* flock() on the data file: LMDB's locks are fcntl()'s on the other one, and the two kinds do not see each other. Not
 * waited for, though `lock` is: it is held only where the file has a second name, and then for as long as that one's
 * writer lives. */
static int lock_data(struct env *e, fih_error *err)
{
    if (flock(e->fd, LOCK_EX | LOCK_NB) == 0)
        return FIH_OK;
    return errno == EWOULDBLOCK
               ? fihi_fail(err, FIH_E_BUSY, "another writer holds '%s' under another name: try again later", e->path)
               : fihi_fail_errno(err, errno, "cannot lock", e->path);
}

/* Under the registry's mutex, for flock() does not keep two handles of this process apart that share `fd`: is_claimed
 * does. */
int fihi_env_claim(struct env *e, fih_error *err)
{
    char *path = fihi_file_lock_path(e->path);
    struct stat data, lock;
    int rc = FIH_OK;

    if (!path)
        return fihi_fail_nomem(err);
    pthread_mutex_lock(&registry.mutex);
    if (e->is_claimed)
        rc = fihi_fail(err, FIH_E_BUSY, "another writer holds '%s' under another name: try again later", e->path);
    else if ((rc = lock_data(e, err)) == 0) {
        e->is_claimed = true;
        /* lstat(), for a link in the table's place is another table. */
        if (fstat(e->fd, &data) != 0 || lstat(path, &lock) != 0)
            rc = fihi_fail_errno(err, errno, "cannot access", e->path);
        /* Two names of the data file are harmless if the table of readers has them too, as a hard-linked copy of the
         * directory gives. One without it has a table of its own: our writer would not see those readers, and use
         * their pages again. */
        else if (data.st_nlink > 1 && data.st_nlink != lock.st_nlink)
            rc = fihi_fail(err, FIH_E_NOTINDEX,
                           "'%s' has another name (a hard link) without '%s', so its readers cannot be seen: remove "
                           "that name (a backup is the way to copy an index)",
                           e->path, path);
    }
    pthread_mutex_unlock(&registry.mutex);
    /* BUSY: the claim is another's, and must not be released. */
    if (rc != 0 && rc != FIH_E_BUSY)
        fihi_env_release(e);
    free(path);
    return rc;
}

/* Before the environment is put back: without a claim the next writer may begin while we still read. */
void fihi_env_release(struct env *e)
{
    pthread_mutex_lock(&registry.mutex);
    if (e->is_claimed)
        /* Not by closing, for others of this process use the file. */
        flock(e->fd, LOCK_UN);
    e->is_claimed = false;
    pthread_mutex_unlock(&registry.mutex);
}

/* After a meta page could not be written LMDB answers MDB_PANIC to everything. The file is sound: the old meta page
 * is still the newest. Closing under somebody's transaction would take his pages away, so that waits. */
int fihi_env_use(struct env *e, fih_error *err)
{
    int rc = FIH_OK;

    pthread_mutex_lock(&registry.mutex);
    if (e->is_spent && e->uses > 0) {
        rc = fihi_fail_errno(err, EIO, "a commit failed, and readers of this process are still open on", e->path);
    } else if (e->is_spent) {
        /* Nobody has a transaction on it, so it can be closed and opened under everybody's hands: who begins one comes
         * here first. */
        env_empty(e);
        /* The claim was lost with the old descriptor. */
        if ((rc = env_fill(e, err)) == 0 && (!e->is_claimed || (rc = lock_data(e, err)) == 0))
            e->is_spent = false;
    }
    /* Counted, so that a spent environment is not closed under a transaction. */
    e->uses += rc == FIH_OK;
    pthread_mutex_unlock(&registry.mutex);
    return rc;
}

/* A commit that failed marks it here; the next use opens it anew. */
void fihi_env_unuse(struct env *e, bool is_spent)
{
    pthread_mutex_lock(&registry.mutex);
    e->uses--;
    e->is_spent |= is_spent;
    pthread_mutex_unlock(&registry.mutex);
}

/* One mutex around all of it: two threads that open the same index at once must not both find nothing. A loose
 * reader's entry, without LMDB, is no use to a writer, who opens the file himself then. */
int fihi_env_get(struct env **out, const char *path, enum env_mode mode, fih_error *err)
{
    struct stat st;
    struct env *e = NULL;
    int rc = FIH_OK;

    pthread_once(&registry.watch, watch_forks);
    pthread_mutex_lock(&registry.mutex);
    /* stat() and not lstat(): found is what LMDB would open, and opening it ourselves refuses a link. */
    if (mode != ENV_CREATE && stat(path, &st) == 0)
        for (e = registry.first; e; e = e->next)
            if (e->dev == st.st_dev && e->ino == st.st_ino && e->pid == getpid() && (e->mdb || mode == ENV_READ))
                break;
    /* Only what was filled gets into the registry: nobody ever finds one that is half open. */
    if (!e && (rc = env_new(&e, path, mode, err)) == 0) {
        e->next = registry.first;
        registry.first = e;
    }
    if (e) {
        e->users++;
        /* A reader's environment can become a writer's: LMDB opened it for both, unless is_read_only says that it
         * could not. */
        e->mode = mode == ENV_READ ? e->mode : ENV_WRITE;
    }
    pthread_mutex_unlock(&registry.mutex);
    *out = e;
    return rc;
}

/* By whom it was got, once. A child of the process has a copy of the count, and lets go of its own memory only. */
void fihi_env_put(struct env *e)
{
    if (!e)
        return;
    if (e->pid != getpid()) {                  /* LMDB's part of it cannot be closed here, and stays */
        if (--e->users == 0)
            env_free(e);
        return;
    }
    pthread_mutex_lock(&registry.mutex);
    if (--e->users == 0) {
        for (struct env **p = &registry.first; *p; p = &(*p)->next)
            if (*p == e) {
                *p = e->next;
                break;
            }
        /* Under the registry's mutex: nobody may open the file again before LMDB has let go of it. */
        env_free(e);
    }
    pthread_mutex_unlock(&registry.mutex);
}

/* Of the open file, whose name may be another's after a compaction. */
uint64_t fihi_env_bytes(const struct env *e)
{
    struct stat st;

    return fstat(e->fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* Trees' pages as LMDB counts them: the two meta pages, the list of free pages, the main tree and ours. */
uint64_t fihi_env_live_bytes(struct env *e)
{
    uint64_t pages = 0;
    MDB_stat st = {0};
    MDB_txn *txn;
    /* Counted as a use, so that a spent environment is not closed under the transaction. */
    int rc = fihi_env_use(e, NULL);

    if (rc != 0)
        return 0;
    if (e->mdb && mdb_txn_begin(e->mdb, NULL, MDB_RDONLY, &txn) == 0) {
        MDB_dbi all[SPACE_COUNT + 2] = {0, 1}; /* LMDB's own two */

        memcpy(all + 2, e->dbi, sizeof e->dbi);
        for (unsigned i = 0; i < SPACE_COUNT + 2 && rc == 0; i++)
            if ((rc = mdb_stat(txn, all[i], &st)) == 0)
                pages += st.ms_branch_pages + st.ms_leaf_pages + st.ms_overflow_pages;
        mdb_txn_abort(txn);
    }
    fihi_env_unuse(e, 0);
    /* st is the last one's; all have the same size of page. */
    return rc == 0 && pages > 0 ? (pages + 2) * st.ms_psize : 0;
}
