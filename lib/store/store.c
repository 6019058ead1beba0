/* store/store.c - directories, locks and the shared environment. Transactions are in txn.c. */
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"
#include "store/guard.h"
#include "store/env.h"

#define MARKER      "FIHRIST"
#define MARKER_HEAD "fihrist index 1\n"

enum { NEW_FILE_MOST = 64 << 10 };    /* bytes of a data file that nothing was committed to */

/* LMDB needs one environment a file and process: found again by device and inode. */
static struct {
    pthread_mutex_t mutex;
    struct env     *first;
} registry = {PTHREAD_MUTEX_INITIALIZER, NULL};

int fihi_fail_mdb(fih_error *err, int rc, const char *what, const char *path)
{
    if (rc == MDB_CORRUPTED || rc == MDB_PAGE_NOTFOUND || rc == MDB_INVALID)
        rc =
            fihi_fail(err, FIH_E_CORRUPT, "%s '%s': %s; restore a backup or index again", what, path, mdb_strerror(rc));
    else if (rc == MDB_VERSION_MISMATCH)
        rc = fihi_fail(err, FIH_E_VERSION, "%s '%s': written by another version of LMDB", what, path);
    else if (rc == MDB_MAP_FULL || rc == MDB_MAP_RESIZED)
        rc = fihi_fail(err, FIH_E_NOMEM, "%s '%s': no address space left; raise the limit (ulimit -v)", what, path);
    else if (rc == MDB_READERS_FULL)
        rc = fihi_fail(err, FIH_E_BUSY, "%s '%s': too many readers at once", what, path);
    else if (rc == EIO || rc == ENOSPC) {
        /* LMDB says EIO for a short write: ask the file system whether it is full. */
        struct statvfs fs;
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

/* A 64-bit machine gives a terabyte of addresses for nothing; where a limit forbids it, less will do. */
static int open_mapped(struct env *e, unsigned flags)
{
    const uint64_t least = e->file_bytes * 4 + (64u << 20);
    int rc = ENOMEM;

    for (uint64_t bytes = UINT64_C(1) << 40; bytes >= least; bytes /= 2) {
        if ((rc = mdb_env_create(&e->mdb)) != 0)
            return rc;
        if ((rc = mdb_env_set_mapsize(e->mdb, bytes)) == 0 && (rc = mdb_env_set_maxdbs(e->mdb, SPACE_COUNT)) == 0 &&
            (rc = mdb_env_set_maxreaders(e->mdb, 510)) == 0 &&
            (rc = mdb_env_open(e->mdb, e->path, flags, 0666)) == 0)
            return 0;
        mdb_env_close(e->mdb);
        e->mdb = NULL;
        if (rc != ENOMEM)
            return rc;
    }
    return rc;
}

static const char *const space_names[SPACE_COUNT] = {"meta", "segment", "delete", "note"};

static int open_spaces(struct env *e, int create)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(e->mdb, NULL, create ? 0 : MDB_RDONLY, &txn);

    if (rc != 0)
        return rc;
    for (unsigned i = 0; i < SPACE_COUNT && rc == 0; i++)
        rc = mdb_dbi_open(txn, space_names[i], create ? MDB_CREATE : 0, &e->dbi[i]);
    if (rc != 0)
        mdb_txn_abort(txn);
    return rc != 0 ? rc : mdb_txn_commit(txn);
}

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

static void env_free(struct env *e)
{
    env_empty(e);
    pthread_mutex_destroy(&e->mutex);
    free(e->path);
    free(e);
}

static int env_fill(struct env *e, int create, fih_error *err)
{
    const unsigned flags = MDB_NOSUBDIR | MDB_NOTLS;
    const char *path = e->path;
    struct guard_result guard;
    struct stat st;
    int rc;

    if (!create) {
        if ((e->fd = open(path, O_RDONLY | O_CLOEXEC)) < 0 || fstat(e->fd, &st) != 0) {
            rc = fihi_fail_errno(err, errno, "cannot open", path);
            goto out;
        }
        e->file_bytes = (uint64_t)st.st_size;
        if ((rc = fihi_guard_meta(e->fd, path, err)) != 0)
            goto out;
    }
    rc = open_mapped(e, flags);
    if ((rc == EACCES || rc == EROFS) && !create) {
        e->is_read_only = 1;
        rc = open_mapped(e, flags | MDB_RDONLY);
        if (rc == EROFS)                       /* nobody can write there, so no lock is needed */
            rc = open_mapped(e, flags | MDB_RDONLY | MDB_NOLOCK);
    }
    if (rc != 0) {
        rc = fihi_fail_mdb(err, rc, "cannot open", path);
        goto out;
    }
    if (e->fd < 0 && (e->fd = open(path, O_RDONLY | O_CLOEXEC)) < 0) {
        rc = fihi_fail_errno(err, errno, "cannot open", path);
        goto out;
    }
    if (fstat(e->fd, &st) != 0) {
        rc = fihi_fail_errno(err, errno, "cannot look at", path);
        goto out;
    }
    e->dev = st.st_dev;
    e->ino = st.st_ino;
    if (!create) {                             /* even opening a named database walks pages */
        MDB_txn *txn;

        for (unsigned tries = 0; tries < 100; tries++) {
            if ((rc = mdb_txn_begin(e->mdb, NULL, MDB_RDONLY, &txn)) != 0) {
                rc = fihi_fail_mdb(err, rc, "cannot read", path);
                goto out;
            }
            rc = fihi_guard_walk(e->fd, path, mdb_txn_id(txn), 0, space_names[SPACE_NOTE], &guard, err);
            mdb_txn_abort(txn);
            if (rc != 0)
                goto out;
            if (!guard.is_stale)
                break;
        }
    }
    if ((rc = open_spaces(e, create)) != 0) {
        rc = rc == MDB_NOTFOUND
                 ? fihi_fail(err, FIH_E_CORRUPT, "'%s' lacks a part; restore a backup or index again", path)
                 : fihi_fail_mdb(err, rc, "cannot open", path);
        goto out;
    }
out:
    if (rc != 0)
        env_empty(e);
    return rc;
}

static int env_new(struct env **out, const char *path, int create, fih_error *err)
{
    struct env *e = calloc(1, sizeof *e);
    int rc;

    *out = NULL;
    if (!e)
        return fihi_fail_nomem(err);
    pthread_mutex_init(&e->mutex, NULL);
    e->pid = getpid();
    e->fd = -1;
    if (!(e->path = strdup(path)))
        rc = fihi_fail_nomem(err);
    else
        rc = env_fill(e, create, err);
    if (rc == 0)
        *out = e;
    else
        env_free(e);
    return rc;
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
        env_empty(e);
        if ((rc = env_fill(e, 0, err)) == 0)
            e->is_spent = 0;
    }
    e->uses += rc == FIH_OK;
    pthread_mutex_unlock(&registry.mutex);
    return rc;
}

void fihi_env_unuse(struct env *e, int is_spent)
{
    pthread_mutex_lock(&registry.mutex);
    e->uses--;
    e->is_spent |= is_spent;
    pthread_mutex_unlock(&registry.mutex);
}

static int env_get(struct env **out, const char *path, int create, fih_error *err)
{
    struct stat st;
    struct env *e = NULL;
    int rc = FIH_OK;

    pthread_mutex_lock(&registry.mutex);
    if (!create && stat(path, &st) == 0)
        for (e = registry.first; e; e = e->next)
            if (e->dev == st.st_dev && e->ino == st.st_ino && e->pid == getpid())
                break;
    if (!e && (rc = env_new(&e, path, create, err)) == 0) {
        e->next = registry.first;
        registry.first = e;
    }
    if (e)
        e->users++;
    pthread_mutex_unlock(&registry.mutex);
    *out = e;
    return rc;
}

static void env_put(struct env *e)
{
    if (!e)
        return;
    pthread_mutex_lock(&registry.mutex);
    if (--e->users == 0) {
        for (struct env **p = &registry.first; *p; p = &(*p)->next)
            if (*p == e) {
                *p = e->next;
                break;
            }
        env_free(e);
    }
    pthread_mutex_unlock(&registry.mutex);
}

static char *path_join(const char *dir, const char *name)
{
    const size_t n = strlen(dir) + strlen(name) + 2;
    char *p = malloc(n);

    if (p)
        snprintf(p, n, "%s/%s", dir, name);
    return p;
}

/* The number of the data file in use; 0 where there is no marker. */
static int read_marker(const char *dir, uint32_t *number, fih_error *err)
{
    char *path = path_join(dir, MARKER), text[128];
    int rc = FIH_OK, fd;
    ssize_t n;

    *number = 0;
    if (!path)
        return fihi_fail_nomem(err);
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            rc = fihi_fail_errno(err, errno, "cannot open", path);
        goto out;
    }
    n = read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    if (strncmp(text, MARKER_HEAD, sizeof MARKER_HEAD - 1) != 0) {
        rc = strncmp(text, "fihrist index ", 14) == 0
                 ? fihi_fail(err, FIH_E_VERSION, "'%s' was written by a newer fihrist: use that, or index again", dir)
                 : fihi_fail(err, FIH_E_NOTINDEX, "'%s' is not a fihrist index: its FIHRIST file is not ours", dir);
        goto out;
    }
    const char *const name = text + sizeof MARKER_HEAD - 1;
    char want[32];
    unsigned value = 0;
    if (sscanf(name, "data.%9u.mdb\n", &value) == 1)
        snprintf(want, sizeof want, "data.%u.mdb\n", value);
    if (value == 0 || strcmp(name, want) != 0)
        rc = fihi_fail(err, FIH_E_CORRUPT, "'%s' is damaged: it should name a data file", path);
    *number = value;
out:
    free(path);
    return rc;
}

static int sync_dir(const char *dir)
{
    const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc;

    if (fd < 0)
        return -1;
    rc = fsync(fd);
    close(fd);
    return rc;
}

/* Written beside and renamed, so that the name is the old one or the new one. *is_named (may be NULL): the new name
 * is in place, even if it could not be made to last. */
static int write_marker(const char *dir, uint32_t number, int *is_named, fih_error *err)
{
    char *temp = path_join(dir, MARKER ".new"), *path = path_join(dir, MARKER), text[128];
    int fd = -1, rc = FIH_OK;

    if (!temp || !path) {
        rc = fihi_fail_nomem(err);
        goto out;
    }
    const int n = snprintf(text, sizeof text, MARKER_HEAD "data.%u.mdb\n", number);
    errno = 0;                                 /* a short write sets none */
    if ((fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) < 0 ||
        (errno = 0, write(fd, text, (size_t)n) != n) || fsync(fd) != 0 || rename(temp, path) != 0) {
        rc = fihi_fail_errno(err, errno ? errno : ENOSPC, "cannot write", path);
        unlink(temp);
        goto out;
    }
    if (is_named)
        *is_named = 1;
    if (sync_dir(dir) != 0)
        rc = fihi_fail_errno(err, errno, "cannot write", path);
out:
    if (fd >= 0)
        close(fd);
    free(temp);
    free(path);
    return rc;
}

static char *data_path(const char *dir, uint32_t number, const char *ending)
{
    char name[64];

    snprintf(name, sizeof name, "data.%u.mdb%s", number, ending);
    return path_join(dir, name);
}

static int is_ours(const char *name)
{
    return strncmp(name, "data.", 5) == 0 || strcmp(name, "lock") == 0 || strcmp(name, MARKER ".new") == 0 ||
           strcmp(name, MARKER) == 0;
}

/* Does the directory hold anything that is not of an index (or of one whose making was cut short)? */
static int holds_others(const char *dir)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    int others = 0;

    if (!d)
        return 0;
    while ((e = readdir(d)))
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && !is_ours(e->d_name))
            others = 1;
    closedir(d);
    return others;
}

/* Data files that the marker does not name are left from a compaction or a creation that was cut short. */
static void remove_leftovers(const char *dir, uint32_t keep)
{
    DIR *d = opendir(dir);
    char name[64], lock[64];
    struct dirent *e;

    if (!d)
        return;
    snprintf(name, sizeof name, "data.%u.mdb", keep);
    snprintf(lock, sizeof lock, "data.%u.mdb-lock", keep);
    while ((e = readdir(d)))
        if (strncmp(e->d_name, "data.", 5) == 0 && strcmp(e->d_name, name) != 0 && strcmp(e->d_name, lock) != 0)
            unlinkat(dirfd(d), e->d_name, 0);
    closedir(d);
}

/* Without a marker a data file can be left from a creation that was cut short, of a few pages; a longer one is
 * somebody's data. */
static int holds_data(const char *dir)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    struct stat st;
    int found = 0;

    if (!d)
        return 0;
    while ((e = readdir(d)))
        if (strncmp(e->d_name, "data.", 5) == 0 && fstatat(dirfd(d), e->d_name, &st, 0) == 0 &&
            st.st_size > NEW_FILE_MOST && !strstr(e->d_name, "-lock"))
            found = 1;
    closedir(d);
    return found;
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int take_lock(struct store *s, int32_t wait_ms, fih_error *err)
{
    const int64_t until = now_ms() + (wait_ms > 0 ? wait_ms : 0);
    char *path = path_join(s->dir, "lock");
    int rc = FIH_OK;

    if (!path)
        return fihi_fail_nomem(err);
    if ((s->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666)) < 0) {
        rc = fihi_fail_errno(err, errno, "cannot open", path);
        goto out;
    }
    while (flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        const struct timespec pause = {0, 20 * 1000 * 1000};

        if (errno != EWOULDBLOCK && errno != EINTR) {
            rc = fihi_fail_errno(err, errno, "cannot lock", path);
            goto out;
        }
        if (wait_ms >= 0 && now_ms() >= until) {
            rc = fihi_fail(err, FIH_E_BUSY, "another writer holds '%s': wait for it, or try again later", s->dir);
            goto out;
        }
        nanosleep(&pause, NULL);
    }
out:
    free(path);
    return rc;
}

static int create_index(struct store *s, fih_error *err)
{
    char *path = data_path(s->dir, 1, "");
    int rc;

    if (!path)
        return fihi_fail_nomem(err);
    if (holds_data(s->dir)) {
        rc = fihi_fail(
            err, FIH_E_CORRUPT,
            "'%s' has lost its FIHRIST file, or is half a backup: restore a backup, or remove it and index again",
            s->dir);
        goto out;
    }
    remove_leftovers(s->dir, 0);
    if ((rc = env_get(&s->env, path, 1, err)) == 0 && (rc = write_marker(s->dir, 1, NULL, err)) == 0)
        s->number = 1;
out:
    free(path);
    return rc;
}

static int open_data(struct store *s, fih_error *err)
{
    int rc = FIH_OK;

    /* Between reading the name and opening the file a compaction may swap it: then read the name again. */
    for (unsigned tries = 0; tries < 10; tries++) {
        char *path;

        if ((rc = read_marker(s->dir, &s->number, err)) != 0)
            return rc;
        if (s->number == 0)
            return fihi_fail(err, FIH_E_NOTINDEX, "'%s' is not a fihrist index: it has no FIHRIST file", s->dir);
        if (!(path = data_path(s->dir, s->number, "")))
            return fihi_fail_nomem(err);
        rc = env_get(&s->env, path, 0, err);
        free(path);
        if (rc != FIH_E_NOTFOUND)
            return rc;
    }
    return fihi_fail(err, FIH_E_CORRUPT, "'%s' has lost its data file: restore a backup or index again", s->dir);
}

int fihi_store_open(struct store **out, const char *dir, unsigned flags, int32_t wait_ms, fih_error *err)
{
    struct store *s = NULL;
    struct stat st;
    int rc;

    *out = NULL;
    if (!dir || !*dir)
        return fihi_fail(err, FIH_E_USAGE, "an index needs a name");
    if (!(s = calloc(1, sizeof *s)) || !(s->dir = strdup(dir))) {
        rc = fihi_fail_nomem(err);
        goto out;
    }
    s->lock_fd = -1;
    if (stat(dir, &st) != 0) {
        if (errno != ENOENT) {
            rc = fihi_fail_errno(err, errno, "cannot open", dir);
            goto out;
        }
        if (!(flags & STORE_CREATE)) {
            rc = fihi_fail(err, FIH_E_NOTFOUND, "there is no index '%s': make one with fihrist index", dir);
            goto out;
        }
        if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
            rc = fihi_fail_errno(err, errno, "cannot create", dir);
            goto out;
        }
    } else if (!S_ISDIR(st.st_mode)) {
        rc = fihi_fail(err, FIH_E_NOTINDEX, "'%s' is not a fihrist index: it is a file", dir);
        goto out;
    }
    if ((rc = read_marker(dir, &s->number, err)) != 0)
        goto out;
    if (s->number == 0 && (holds_others(dir) || !(flags & STORE_CREATE))) {
        rc = holds_others(dir)
                 ? fihi_fail(err, FIH_E_NOTINDEX, "'%s' is not a fihrist index: it holds other files", dir)
                 : fihi_fail(err, FIH_E_NOTINDEX, "'%s' is not a fihrist index: it is empty", dir);
        goto out;
    }
    if (flags & STORE_WRITE) {
        if ((rc = take_lock(s, wait_ms, err)) != 0 || (rc = read_marker(dir, &s->number, err)) != 0)
            goto out;
        if (s->number == 0) {
            rc = create_index(s, err);
        } else if ((rc = open_data(s, err)) == FIH_OK) {
            remove_leftovers(dir, s->number);  /* only now: a damaged FIHRIST may name another file than the index's */
        }
        if (rc == FIH_OK && s->env->is_read_only)
            rc = fihi_fail_errno(err, EACCES, "cannot write", s->env->path);
    } else {
        rc = open_data(s, err);
    }
    if (rc != 0)
        goto out;
    *out = s;
    s = NULL;
out:
    fihi_store_close(s);
    return rc;
}

void fihi_store_close(struct store *s)
{
    if (!s)
        return;
    env_put(s->env);
    if (s->lock_fd >= 0)
        close(s->lock_fd);                     /* releases the writer's lock, as any end of the process does */
    free(s->dir);
    free(s);
}

const char *fihi_store_dir(const struct store *s)
{
    return s->dir;
}

int fihi_store_is_current(const struct store *s)
{
    uint32_t number;

    return read_marker(s->dir, &number, NULL) == 0 && number == s->number;
}

uint64_t fihi_store_file_bytes(const struct store *s)
{
    struct stat st;

    return fstat(s->env->fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static int copy_to(struct store *s, const char *path, fih_error *err)
{
    int rc = fihi_env_use(s->env, err), fd;

    if (rc != 0)
        return rc;
    rc = mdb_env_copy2(s->env->mdb, path, MDB_CP_COMPACT);
    fihi_env_unuse(s->env, 0);
    if (rc != 0)
        return fihi_fail_mdb(err, rc, "cannot write", path);
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0 || fsync(fd) != 0)
        rc = fihi_fail_errno(err, errno, "cannot write", path);
    if (fd >= 0)
        close(fd);
    return rc;
}

int fihi_store_compact(struct store *s, fih_error *err)
{
    char *path = data_path(s->dir, s->number + 1, "");
    struct snap *t = NULL;
    int rc, is_named = 0;

    if (!path) {
        rc = fihi_fail_nomem(err);
        goto out;
    }
    /* A copy of damaged pages would look whole. */
    if ((rc = fihi_snap_begin(&t, s, GUARD_ALL, err)) != 0)
        goto out;
    fihi_snap_end(t);
    if ((rc = copy_to(s, path, err)) == 0 && (rc = write_marker(s->dir, s->number + 1, &is_named, err)) == 0)
        remove_leftovers(s->dir, s->number + 1);
    if (rc != 0 && !is_named)                  /* named but perhaps not for long: both files stay */
        unlink(path);
out:
    free(path);
    fihi_store_close(s);
    return rc;
}

int fihi_store_backup(struct store *s, const char *dest, fih_error *err)
{
    char *path = data_path(dest, 1, ""), *marker = path_join(dest, MARKER);
    struct snap *t = NULL;
    int rc, is_made = 0;

    if (!path || !marker) {
        rc = fihi_fail_nomem(err);
        goto out;
    }
    if (mkdir(dest, 0777) != 0) {
        rc = errno == EEXIST ? fihi_fail(err, FIH_E_USAGE, "'%s' is there already: name a new place", dest)
                             : fihi_fail_errno(err, errno, "cannot create", dest);
        goto out;
    }
    is_made = 1;
    if ((rc = fihi_snap_begin(&t, s, GUARD_ALL, err)) != 0)
        goto out;
    fihi_snap_end(t);
    if ((rc = copy_to(s, path, err)) == 0)
        rc = write_marker(dest, 1, NULL, err);
out:
    if (rc != 0 && is_made) {                  /* no half a backup */
        unlink(marker);
        unlink(path);
        rmdir(dest);
    }
    free(marker);
    free(path);
    return rc;
}
