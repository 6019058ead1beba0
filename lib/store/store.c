/* store/store.c - an index opened, made, compacted and copied.
 *
 * Who may do what: any number of handles read; one writes, and has `lock` (one writer a directory), the claim on the
 * environment (one writer a data file, whatever its directory) and, while it commits, LMDB's own lock. A handle's
 * file can be replaced by a compaction in another process: its snapshots go on in the old file, and
 * fihi_store_is_current() says so.
 *
 * Each change of a name follows the same order: what the name will lead to is written and synced; the name is renamed
 * into place; the directory is synced; only then is the old file removed. A kill between any two leaves an index that
 * opens, and files that the next writer clears away.
 *
 * Compaction from data.1.mdb to data.2.mdb, cut short after each step: after the copy, the marker names 1, and 2 is
 * cleared away; after FIHRIST.new, the same, and that is written anew; after the rename, the marker names 2, and 1 is
 * cleared away, but not before the directory is synced, for the rename may not be on the disk yet. In none of them is
 * there a moment without a marker, or with one that names a file which is not there. */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fail.h"
#include "store/copy.h"
#include "store/dir.h"
#include "store/env.h"
#include "store/file.h"
#include "store/guard.h"
#include "store/memory.h"

/* LMDB keeps some pages for itself; below this a copy wins less than the time that it takes. */
enum { TIDY_LEAST = 4 << 20 };         /* bytes; a smaller file is not worth it */

/* In this order: a marker on its way, the data file, the marker's name. Whoever finds the first two without the last
 * knows that the data file is ours and holds nothing.
 *
 * Cut short behind the first step, the directory has FIHRIST.new alone; behind the second, a data file of some pages
 * that the marker beside it vouches for. fihi_dir_look_free() knows both, and the next creation removes them. After the
 * third it is an index, empty but whole. */
static int create_index(struct store *s, fih_error *err)
{
    char *path = fihi_dir_data(s->dir, 1), *parent = fihi_file_path(s->dir, "..");
    int rc;
    bool is_cut_short, is_named = false;

    /* `..` of the index is its parent: the index's own name must last, too. */
    if (!path || !parent) {
        rc = fihi_fail_nomem(err);
        goto out;
    }
    /* With a number it is an index after all, and the caller opens it. */
    if ((rc = fihi_dir_look_free(s->dir, &is_cut_short, &s->number, NULL, err)) != 0 || s->number != 0)
        goto out;
    /* With the lock held, so whoever began it is gone. */
    if (is_cut_short)
        fihi_dir_give_up(s->dir, 1);
    if ((rc = fihi_dir_write(s->dir, 1, NULL, err)) == 0 && (rc = fihi_file_sync_dir(s->dir, err)) == 0 &&
        (rc = fihi_env_get(&s->env, path, ENV_CREATE, err)) == 0 && (rc = fihi_dir_name(s->dir, &is_named, err)) == 0 &&
        (rc = fihi_file_sync_dir(parent, err)) == 0)
        /* FORMAT.md, "Directory": numbers begin at 1, so 0 can say that there is no marker. */
        s->number = 1;
    s->is_new = is_named;
    /* Named, it is an index: what failed then is only the sync. */
    if (rc != 0 && !is_named)
        fihi_dir_give_up(s->dir, 1);
out:
    free(parent);
    free(path);
    return rc;
}

/* FIH_E_NOTFOUND alone is tried again; damage is damage. */
static int open_data(struct store *s, enum env_mode mode, fih_error *err)
{
    int rc = FIH_OK;

    /* Between reading the name and opening the file a compaction may swap it: then read the name again. Ten: each try
     * that fails means one more whole compaction in the few microseconds between. */
    for (unsigned tries = 0; tries < 10; tries++) {
        char *path;

        if ((rc = fihi_dir_read(s->dir, &s->number, NULL, err)) != 0)
            return rc;
        if (s->number == 0)
            return fihi_fail(err, FIH_E_NOTINDEX, "'%s' is not a fihrist index: it has no FIHRIST file", s->dir);
        if (!(path = fihi_dir_data(s->dir, s->number)))
            return fihi_fail_nomem(err);
        rc = fihi_env_get(&s->env, path, mode, err);
        free(path);
        if (rc != FIH_E_NOTFOUND)
            return rc;
    }
    return fihi_fail(err, FIH_E_CORRUPT, "'%s' has no data file: restore a backup or rebuild it", s->dir);
}

int fihi_store_open(struct store **out, const char *dir, unsigned flags, int32_t wait_ms, fih_error *err)
{
    struct store *s = NULL;
    struct stat st, marker;
    int rc;
    bool is_cut_short;

    /* From here on there is one exit, where a handle in any state gives back what it has. */
    *out = NULL;
    if (!dir || !*dir)
        return fihi_fail(err, FIH_E_USAGE, "the path of the index is empty");
    if (!(s = calloc(1, sizeof *s)))
        return fihi_fail_nomem(err);
    s->lock_fd = -1;
    if (!(s->dir = strdup(dir))) {
        rc = fihi_fail_nomem(err);
        goto out;
    }
    /* A link to a directory is followed here: the user may keep an index where he likes. Nothing in it is. */
    if (stat(dir, &st) != 0) {
        if (errno != ENOENT) {
            rc = fihi_fail_errno(err, errno, "cannot open", dir);
            goto out;
        }
        /* A program tells "no index yet" from a bad path by the cause. */
        if (!(flags & STORE_CREATE)) {
            rc = fihi_fail(err, FIH_E_NOTFOUND, "there is no index '%s'", dir);
            if (err)
                err->cause = ENOENT;
            goto out;
        }
        /* EEXIST: somebody else was faster, which is as good. */
        errno = 0;
        if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
            rc = fihi_fail_errno(err, errno, "cannot create", dir);
            goto out;
        }
        s->is_dir_made = errno != EEXIST;
    } else if (!S_ISDIR(st.st_mode)) {
        rc = fihi_fail(err, FIH_E_NOTINDEX, "'%s' is not a fihrist index: it is a file", dir);
        goto out;
    }
    /* A reader does this twice, here and in open_data(): what a directory is must be known before its lock is made, and
     * what data file it has may change until it is opened. */
    if ((rc = fihi_dir_read(dir, &s->number, &marker, err)) != 0)
        goto out;
    if (s->number == 0) {
        /* Asked before the lock is taken, so that no lock file appears in a directory that is not ours. */
        rc = fihi_dir_look_free(dir, &is_cut_short, &s->number, &marker, err);
        if (rc == 0 && s->number == 0 && !(flags & STORE_CREATE))
            rc = fihi_fail(err, FIH_E_NOTINDEX, "'%s' is not a fihrist index: it is empty", dir);
        if (rc != 0)
            goto out;
    }
    if (flags & STORE_WRITE) {
        if ((rc = fihi_dir_lock(&s->lock_fd, dir, s->number ? &marker : NULL, wait_ms, err)) != 0 ||
            /* Once more: while we waited for the lock, its holder may have created the index or replaced its file. */
            (rc = fihi_dir_read(dir, &s->number, NULL, err)) != 0)
            goto out;
        /* The claim comes before any file is removed: another name of the same file may have a writer. */
        rc = s->number == 0 ? create_index(s, err) : FIH_OK;
        if (rc == FIH_OK && !s->env)
            rc = open_data(s, ENV_WRITE, err);
        if (rc == FIH_OK && s->env->is_read_only)
            /* The environment may be a reader's of this process who could only open it read-only: it cannot become a
             * writer's. */
            rc = fihi_env_refuse(s->env, EACCES, err);
        if (rc == FIH_OK && (rc = fihi_env_claim(s->env, err)) == FIH_OK)
            s->is_writer = true;
        if (rc == FIH_OK)
            rc = fihi_dir_clear(dir, s->number, err); /* only now: a damaged FIHRIST may name another file */
    } else {
        rc = open_data(s, ENV_READ, err);
    }
    if (rc != 0)
        goto out;
    /* From here on the handle is the caller's. */
    *out = s;
    s = NULL;
out:
    fihi_store_abandon(s);
    return rc;
}

/* Takes over the memory, on an error too. Else a caller would have to know how far it came. */
static int open_memory(struct store **out, struct memory *m, fih_error *err)
{
    struct store *s = calloc(1, sizeof *s);

    *out = NULL;
    if (!s || !(s->dir = strdup(STORE_MEMORY))) {
        free(s);
        fihi_memory_put(m);
        return fihi_fail_nomem(err);
    }
    s->lock_fd = -1;
    s->memory = m;
    *out = s;
    return FIH_OK;
}

int fihi_store_open_memory(struct store **out, fih_error *err)
{
    struct memory *m;
    const int rc = fihi_memory_new(&m, err);

    *out = NULL;
    return rc ? rc : open_memory(out, m, err);
}

/* A second handle in memory is another user of the same memory. On the disk it is opened by its path, so that it is
 * what any other process would find there now; env.c sees to it that the file is not opened twice. */
int fihi_store_open_same(struct store **out, const struct store *s, fih_error *err)
{
    if (!s->memory)
        return fihi_store_open(out, s->dir, STORE_READ, 0, err);
    fihi_memory_share(s->memory);
    return open_memory(out, s->memory, err);
}

bool fihi_store_is_memory(const struct store *s)
{
    return s->memory != NULL;
}

/* Also of a handle that was not opened to the end. */
void fihi_store_close(struct store *s)
{
    if (!s)
        return;
    fihi_memory_put(s->memory);
    /* Said, not only closed: a child process may have the files open too. Its own closing takes nothing from us. */
    if (s->is_writer && s->env->pid == getpid()) {
        fihi_env_release(s->env);
        flock(s->lock_fd, LOCK_UN);
    }
    fihi_env_put(s->env);                      /* takes NULL */
    /* The environment first: while it closes, no other writer may come in. */
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    free(s->dir);
    free(s);
}

/* With the writer's lock still held, so that nobody has found the index meanwhile and made it his own. The data file is
 * closed before: who closes a lock file loses the process' locks on it. */
void fihi_store_abandon(struct store *s)
{
    if (s && s->is_new && s->env && s->env->pid == getpid()) {
        if (s->is_writer)
            fihi_env_release(s->env);
        s->is_writer = false;
        fihi_env_put(s->env);
        s->env = NULL;
        fihi_dir_remove(s->dir);
        flock(s->lock_fd, LOCK_UN);
    } else if (s && s->lock_fd >= 0 && s->number == 0) {
        fihi_dir_remove_lock(s->dir);
    }
    if (s && s->is_dir_made)
        rmdir(s->dir);
    fihi_store_close(s);
}

const char *fihi_store_dir(const struct store *s)
{
    return s->dir;
}

/* One environment for each file: env.c sees to that. */
bool fihi_store_is_same(const struct store *s, const struct store *other)
{
    return s->env == other->env && s->memory == other->memory;
}

/* An index removed and made anew begins with the number that the old one may still have. So the number is not enough:
 * device and inode say whether it is the same file. */
bool fihi_store_is_current(const struct store *s)
{
    struct stat st;
    uint32_t number;
    char *path;
    bool is_current;

    if (s->memory)
        return true;
    /* An index that cannot be asked is not current: who renews then learns why. */
    if (fihi_dir_read(s->dir, &number, NULL, NULL) != 0 || number != s->number)
        return 0;
    path = fihi_dir_data(s->dir, number);
    is_current = path && stat(path, &st) == 0 && st.st_dev == s->env->dev && st.st_ino == s->env->ino;
    free(path);
    return is_current;
}

uint64_t fihi_store_file_bytes(const struct store *s)
{
    return s->memory ? 0 : fihi_env_bytes(s->env);
}

/* The live pages of the last commit, in a new file with the mode and owner of the old. LMDB's copy takes a snapshot
 * of its own, so commits may go on meanwhile. It writes but does not sync.
 *
 * MDB_CP_COMPACT leaves free pages out and numbers the others anew, so the copy ends where its last page does; it runs
 * a thread that writes while this one reads. */
static int copy_pages(struct store *s, const char *path, fih_error *err)
{
    struct stat st;
    int rc = fihi_env_use(s->env, err), fd = -1;

    if (rc != 0)
        return rc;
    /* LMDB makes no file of its own here: we do, so that no link is followed and the owner is right from the start. */
    if (fstat(s->env->fd, &st) != 0)
        rc = fihi_fail_errno(err, errno, "cannot access", s->env->path);
    else if ((rc = fihi_file_make(&fd, path, &st, err)) == 0) {
        if ((rc = mdb_env_copyfd2(s->env->mdb, fd, MDB_CP_COMPACT)) != 0)
            rc = fihi_fail_mdb(err, rc, "cannot write", path);
        else if (fsync(fd) != 0)
            rc = fihi_fail_errno(err, errno, "cannot write", path);
        close(fd);
        if (rc != 0)
            unlink(path);
    }
    /* No transaction of ours was open: nothing can be spent by a copy. */
    fihi_env_unuse(s->env, 0);
    return rc;
}

/* A copy of damaged pages would look whole, so all are looked at before. LMDB copies for a process that can have a
 * place in its table of readers. Stale: the commit that a loose snapshot saw was replaced before all was read; ten
 * times, then the writers are too busy to be copied. */
static int copy_to(struct store *s, const char *path, fih_error *err)
{
    int rc = FIH_E_STALE;

    for (unsigned tries = 0; tries < 10 && rc == FIH_E_STALE; tries++) {
        struct snap *t;
        bool is_loose;

        /* All pages are walked before a byte is written; a copy that turns out to be stale is removed, and begun
         * anew. */
        if ((rc = fihi_snap_begin(&t, s, GUARD_ALL, err)) != 0)
            return rc;
        /* Else the snapshot only was the proof that all pages are sound; LMDB takes its own. */
        if ((is_loose = fihi_snap_is_loose(t)))
            rc = fihi_copy_values(t, s->env, path, err);
        fihi_snap_end(t);
        if (!is_loose)
            return copy_pages(s, path, err);
    }
    return rc != FIH_E_STALE ? rc : fihi_fail_busy(err, s->dir);
}

/* The live pages in a new file, which the marker names from then on and the handle goes on with. *is_named: the new
 * one is in place, even if its name may not last; then nothing may be written to it before that is made sure. After
 * the rename there is no way back: whoever opens the index gets the new file, so the handle must go on with it, too,
 * even if the last sync failed. Before it, all is undone. */
static int rewrite(struct store *s, bool *is_named, fih_error *err)
{
    /* Nobody else makes files there: we have the lock. */
    const uint32_t next = s->number + 1;
    char *path = fihi_dir_data(s->dir, next);
    struct env *e = NULL;
    struct stat marker;
    uint32_t number;
    int rc;

    *is_named = false;
    if (!path)
        return fihi_fail_nomem(err);
    /* `number` is not used but to know whether there is a marker to take mode and owner from. */
    if ((rc = fihi_dir_read(s->dir, &number, &marker, err)) != 0 || (rc = copy_to(s, path, err)) != 0)
        goto out;
    /* All that can fail comes before the name. */
    if ((rc = fihi_env_get(&e, path, ENV_WRITE, err)) == 0 && (rc = fihi_env_claim(e, err)) == 0 &&
        (rc = fihi_dir_write(s->dir, next, number ? &marker : NULL, err)) == 0)
        rc = fihi_dir_name(s->dir, is_named, err);
    if (*is_named) {
        struct env *const old = s->env;

        s->env = e;
        s->number = next;
        /* fihi_change_begin() syncs the directory before it writes to a file whose name may not last. */
        s->is_unsure = rc != 0;
        /* A reader of this process that has the old file keeps its environment; the claim on it would only be in the
         * way. */
        fihi_env_release(old);
        fihi_env_put(old);
        if (rc == 0)
            rc = fihi_dir_clear(s->dir, next, err);
    } else {
        /* Nothing has changed for anybody: the copy and the marker for it are removed, and the handle goes on as it
         * was. */
        fihi_env_put(e);
        fihi_dir_give_up(s->dir, next);
    }
out:
    free(path);
    return rc;
}

/* Closed, error or not: which file the handle has afterwards is nothing that a caller should ask. */
int fihi_store_compact(struct store *s, fih_error *err)
{
    bool is_named;
    const int rc = rewrite(s, &is_named, err);

    fihi_store_close(s);
    return rc;
}

/* LMDB uses pages again as soon as no reader needs them, but its file never shrinks, and while one old reader is open
 * it grows by all that is written. What commits rewrite as a rule leaves a third of what is in use free, so a copy is
 * made after the one in many that rewrites more, and once for each reader that stays for long. 7 / 5 = 1.4. A smaller
 * factor would copy the whole file at every other commit, a larger one keep more free than is in use. */
static bool is_worth_copying(uint64_t bytes, uint64_t live)
{
    return live > 0 && bytes > TIDY_LEAST && bytes * 5 > live * 7;
}

/* Nobody asked for it, so nothing that fails here is an error: the index is sound as it is. Twice the disk is needed
 * for a moment: live bytes in the new file beside the old one. */
void fihi_store_tidy(struct store *s)
{
    const uint64_t bytes = fihi_store_file_bytes(s), live = s->memory ? 0 : fihi_env_live_bytes(s->env);
    struct statvfs fs;
    bool is_named;

    /* File bytes, not bytes of values: what counts is what the disk could get back. */
    if (!is_worth_copying(bytes, live) || bytes < s->tidy_from)
        return;
    /* What does not succeed now is not tried again at each commit. Then the file must have grown by half before it is
     * asked again. */
    s->tidy_from = bytes + bytes / 2;
    /* A copy that fills the disk would stop whatever else writes there. */
    if (statvfs(s->dir, &fs) == 0 && fs.f_bavail * (uint64_t)fs.f_frsize < live + TIDY_LEAST)
        return;
    if (rewrite(s, &is_named, NULL) == 0)
        s->tidy_from = 0;
}

/* O_NOFOLLOW: root, who gives files away, must not give away what a link leads to. NONBLOCK: a pipe by that name must
 * not be waited for. */
static int be_like(const char *path, const char *like, fih_error *err)
{
    struct stat st;
    const int fd = path && like ? open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
    int rc = FIH_OK;

    if (!path || !like)
        rc = fihi_fail_nomem(err);
    else if (fd < 0 || stat(like, &st) != 0)
        rc = fihi_fail_errno(err, errno, "cannot open", fd < 0 ? path : like);
    else if (fihi_file_be_like(fd, &st) != 0)
        rc = fihi_fail_errno(err, errno, "cannot change", path);
    if (fd >= 0)
        close(fd);
    return rc;
}

/* Modes of a data file go to all of ours, as they come from one when an index is made: whoever may read the one may
 * read the other, and whoever may write can take the lock. */
int fihi_store_be_like(const char *dir, const char *other, fih_error *err)
{
    char *data = NULL, *like = NULL;
    uint32_t number, others;
    int rc = fihi_dir_read(dir, &number, NULL, err);

    if (rc == 0 && (rc = fihi_dir_read(other, &others, NULL, err)) == 0) {
        data = fihi_dir_data(dir, number);
        like = fihi_dir_data(other, others);
    }
    char *const paths[] = {data, data ? fihi_file_lock_path(data) : NULL, fihi_file_path(dir, "lock"),
                           fihi_file_path(dir, DIR_MARKER)};
    for (size_t i = 0; i < sizeof paths / sizeof *paths && rc == 0; i++)
        rc = be_like(paths[i], like, err);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        free(paths[i]);
    free(like);
    return rc;
}

int fihi_store_dir_be_like(const char *dir, const char *other, fih_error *err)
{
    return be_like(dir, other, err);
}

void fihi_store_remove(const char *dir, bool may_remove_dir)
{
    fihi_dir_remove(dir);
    if (may_remove_dir)
        rmdir(dir);
}

/* A directory like the original's, synced up to its own name. The new directory is 0700 until all is in it: nobody
 * opens half a backup, or reads what the original would not let him. */
static int fill_backup(struct store *s, const char *dest, const char *path, fih_error *err)
{
    char *parent = fihi_file_path(dest, "..");
    const int fd = open(dest, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat dir, marker;
    uint32_t number;
    int rc;
    bool is_named;

    /* The order is that of a creation: data, then marker, then its name. The directory gets its mode last, when all is
     * in it and on the disk, and its own name in its parent is synced behind that. */
    if (!parent)
        rc = fihi_fail_nomem(err);
    else if (fd < 0 || stat(s->dir, &dir) != 0)
        rc = fihi_fail_errno(err, errno, "cannot open", fd < 0 ? dest : s->dir);
    else if ((rc = fihi_dir_read(s->dir, &number, &marker, err)) == 0 && (rc = copy_to(s, path, err)) == 0 &&
             (rc = fihi_dir_write(dest, 1, number ? &marker : NULL, err)) == 0 &&
             (rc = fihi_dir_name(dest, &is_named, err)) == 0) {
        if (fihi_file_be_like(fd, &dir) != 0)
            rc = fihi_fail_errno(err, errno, "cannot change", dest);
        else
            rc = fihi_file_sync_dir(parent, err);
    }
    if (fd >= 0)
        close(fd);
    free(parent);
    return rc;
}

int fihi_store_backup(struct store *s, const char *dest, fih_error *err)
{
    char *path = fihi_dir_data(dest, 1), *marker = fihi_file_path(dest, DIR_MARKER);
    int rc;

    if (!path || !marker) {
        rc = fihi_fail_nomem(err);
    } else if (mkdir(dest, 0700) != 0) {
        /* mkdir() is the test that the name is free: two backups into one name cannot both succeed. */
        rc = errno == EEXIST ? fihi_fail(err, FIH_E_USAGE, "'%s' already exists: name a new directory", dest)
                             : fihi_fail_errno(err, errno, "cannot create", dest);
    } else if ((rc = fill_backup(s, dest, path, err)) != 0) {
        /* In this order: a marker without its file is damage, a file without its marker is a backup that was cut
         * short. */
        unlink(marker);                        /* no half a backup */
        fihi_dir_give_up(dest, 1);
        rmdir(dest);
    }
    free(marker);
    free(path);
    return rc;
}
