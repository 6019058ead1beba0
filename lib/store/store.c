/* store/store.c - directories, markers and the writer's lock. LMDB's environment is in env.c, transactions in txn.c. */
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fail.h"
#include "store/env.h"
#include "store/guard.h"

#define MARKER      "FIHRIST"
#define MARKER_HEAD "fihrist index 1\n"

enum { NEW_FILE_MOST = 64 << 10 };    /* bytes of a data file that nothing was committed to */

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
    if ((rc = fihi_env_get(&s->env, path, 1, err)) == 0 && (rc = write_marker(s->dir, 1, NULL, err)) == 0)
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
        rc = fihi_env_get(&s->env, path, 0, err);
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
    fihi_env_put(s->env);
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
    return fihi_env_bytes(s->env);
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
