/* store/file.c - system calls with care.
 *
 * An index may lie where others can write: in /tmp, or in a user's directory that root searches. So no file is opened
 * before it is known to be a plain one, nothing is followed, and what is made is made with O_EXCL.
 */
#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fail.h"

/* NONBLOCK: opening a pipe would wait for its other end; on a plain file it means nothing. NOCTTY: a terminal must
 * not become ours. CLOEXEC: no program that a user's process starts gets our locks. */
enum { CAREFUL = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY };

/* Paths are as long as they need to be: there is no PATH_MAX here, for a program may have gone into the directory and
 * named it by a short path where the whole would be longer. */
char *fihi_file_path(const char *dir, const char *name)
{
    const size_t n = strlen(dir) + strlen(name) + 2;
    char *p = malloc(n);

    if (p)
        snprintf(p, n, "%s/%s", dir, name);
    return p;
}

char *fihi_file_lock_path(const char *data)
{
    const size_t n = strlen(data) + sizeof "-lock";
    char *p = malloc(n);

    if (p)
        snprintf(p, n, "%s-lock", data);
    return p;
}

static int odd(const char *path, fih_error *err)
{
    return fihi_fail(err, FIH_E_NOTINDEX, "'%s' is not a regular file: an index has no links, pipes or devices", path);
}

/* The descriptor is the proof, and not the name: all that is asked afterwards (size, owner, device and inode) is asked
 * of what is open, so that it does not matter who changes names meanwhile. */
int fihi_file_open(int *fd, struct stat *st, const char *path, int flags, fih_error *err)
{
    struct stat own;
    int rc;

    *fd = -1;
    /* Between lstat() and open() the name can get another file: the second look is at the open one, and is the one
     * that counts. */
    st = st ? st : &own;
    /* Looked at first: to open a device can do something already. */
    if (lstat(path, st) != 0)
        return fihi_fail_errno(err, errno, "cannot open", path);
    if (!S_ISREG(st->st_mode))
        return odd(path, err);
    if ((*fd = open(path, flags | CAREFUL)) < 0)
        return errno == ELOOP ? odd(path, err) : fihi_fail_errno(err, errno, "cannot open", path);
    if (fstat(*fd, st) != 0)
        rc = fihi_fail_errno(err, errno, "cannot access", path);
    else
        rc = S_ISREG(st->st_mode) ? FIH_OK : odd(path, err);
    if (rc != FIH_OK) {
        close(*fd);
        *fd = -1;
    }
    return rc;
}

/* Mode last, for fchown() takes set-id bits away. An index of a group stays the group's when root compacts it, and
 * never becomes readable to more people than before. */
int fihi_file_be_like(int fd, const struct stat *like)
{
    const mode_t all = S_ISDIR(like->st_mode) ? 02777 : 0777;
    mode_t mode = like->st_mode & all;
    struct stat st;

    if (fstat(fd, &st) != 0)
        return -1;
    if (st.st_uid != like->st_uid || st.st_gid != like->st_gid) {
        /* Only root may give a file away. Some file systems know no owners: then it stays ours. */
        const int is_theirs =
            fchown(fd, like->st_uid, like->st_gid) == 0 || fchown(fd, (uid_t)-1, like->st_gid) == 0;

        if (!is_theirs && st.st_gid != like->st_gid)
            /* The group could not be kept, so its bits would be given to another group: that one gets what everybody
             * may do, where the old group could do as much. 0660 becomes 0600, and 0664 becomes 0644. */
            mode &= ~070u | (mode & 07) << 3;  /* what another group may do, ours need not */
    }
    return mode == (st.st_mode & all) ? 0 : fchmod(fd, mode);
}

/* O_EXCL: where the name is there already, even as a link that leads nowhere, nothing is opened and nothing is made. */
int fihi_file_make(int *fd, const char *path, const struct stat *like, fih_error *err)
{
    int rc = FIH_OK;

    /* 0600 until it has its owner: else who may not read it could open it in between. */
    if ((*fd = open(path, O_RDWR | O_CREAT | O_EXCL | CAREFUL, like ? 0600 : 0666)) < 0)
        return fihi_fail_errno(err, errno, "cannot create", path);
    if (like && fihi_file_be_like(*fd, like) != 0) {
        rc = fihi_fail_errno(err, errno, "cannot create", path);
        close(*fd);
        *fd = -1;
        unlink(path);
    }
    return rc;
}

/* Between the two another process may make it: then it is there after all. */
int fihi_file_open_or_make(int *fd, struct stat *st, const char *path, const struct stat *like, fih_error *err)
{
    int rc = fihi_file_open(fd, st, path, O_RDWR, err);

    if (rc != FIH_E_NOTFOUND)
        return rc;
    rc = fihi_file_make(fd, path, like, err);
    if (rc != 0)
        /* rc is what making it said, which is the reason; the second look is only for who was faster. */
        return fihi_file_open(fd, st, path, O_RDWR, NULL) == 0 ? FIH_OK : rc;
    if (st && fstat(*fd, st) != 0) {
        rc = fihi_fail_errno(err, errno, "cannot access", path);
        close(*fd);
        *fd = -1;
    }
    return rc;
}

/* Not read(): several threads and the guard share one descriptor, which has one position. A signal (EINTR) is no end. A
 * call moves at most 2,147,479,552 bytes on Linux, and a disk with an error may give what comes before it: so it is
 * asked until all is there, or the file ends. */
int fihi_file_read(int fd, void *out, size_t n, uint64_t at, size_t *got)
{
    *got = 0;
    while (*got < n) {
        const ssize_t some = pread(fd, (uint8_t *)out + *got, n - *got, (off_t)(at + *got));

        if (some < 0 && errno != EINTR)
            return errno;
        if (some == 0)
            break;
        *got += some > 0 ? (size_t)some : 0;
    }
    return 0;
}

/* What fsync() does for the bytes of a file, it does for the names when it is asked of their directory: ext4 and others
 * may otherwise have the file's blocks on the disk, and nobody who knows them, after a power loss. */
int fihi_file_sync_dir(const char *dir, fih_error *err)
{
    const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = FIH_OK;

    if (fd < 0)
        /* Without the right to read a directory it cannot be synced, though files in it can be made; refusing to work
         * there helps nobody. */
        return errno == EACCES ? FIH_OK : fihi_fail_errno(err, errno, "cannot open", dir);
    if (fsync(fd) != 0 && errno != EINVAL)     /* EINVAL: a file system that has nothing to sync there */
        rc = fihi_fail_errno(err, errno, "cannot write", dir);
    close(fd);
    return rc;
}
