/* store/flat.c - mapping a file, and replacing one.
 *
 * Statistics are read by many processes and written by one program now and then. So a reader has neither a lock nor a
 * place to take: a file is whole from the moment that it has its name, and never changes afterwards. Who has it mapped
 * keeps the bytes that he began with, for rename() takes away a name and not a file: the old one goes when its last
 * reader has.
 *
 * Why not LMDB: nothing in such a file is ever changed, so pages, transactions and readers' places would only cost; and
 * what is read a term at a time by halving wants to lie in one run. Its checksums are those of what is in it: here
 * bytes are bytes, as FORMAT.md, "Statistics", has them.
 *
 * Who writes holds flock() on NAME.new until that has its name. A crash leaves one that nobody holds and nobody reads,
 * and the next writing removes it. */
#include "store/flat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "store/file.h"

/* What is put may be four bytes or some kilobytes: the system is called for 64 KiB and not for each. */
enum { WAITING = 1 << 16 };            /* bytes that are written at once */

/* NONBLOCK: opening a pipe would wait for its other end. A link is followed: a program names the file.
 *
 * The file may be of any length, and is checked by who knows what it should hold. It must not become shorter: to touch
 * a page behind the end of the file is a SIGBUS, and no error that could be returned. */
int fihi_flat_open(struct flat *out, const char *path, fih_error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    int rc = FIH_OK;
    void *at;

    *out = (struct flat){NULL, 0};
    /* Each of the failures goes through one exit, which closes what is open. What is mapped comes from the disk when it
     * is touched, and goes when memory is short: a file of gigabytes is opened at once. */
    if (fd < 0 || fstat(fd, &st) != 0) {
        rc = fihi_fail_errno(err, errno, "cannot open", path);
    } else if (!S_ISREG(st.st_mode)) {
        rc = fihi_fail(err, FIH_E_NOTINDEX, "'%s' is not a regular file", path);
    } else if (st.st_size <= 0) {
        rc = fihi_fail(err, FIH_E_CORRUPT, "'%s' is empty: write it anew", path);
    } else if ((at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)) == MAP_FAILED) {
        rc = fihi_fail_errno(err, errno, "cannot read", path);
    } else {
        *out = (struct flat){at, (size_t)st.st_size};
    }
    /* The map keeps the file; the descriptor is not needed any more. */
    if (fd >= 0)
        close(fd);
    return rc;
}

/* Also of one that was never opened, or is closed already. Whoever borrowed bytes of it must be through with them. */
void fihi_flat_close(struct flat *f)
{
    if (f->bytes)
        munmap((void *)(uintptr_t)f->bytes, f->count);
    *f = (struct flat){NULL, 0};
}

/* Held by another? A file system that has no such locks cannot tell, and nobody is kept from writing there. */
static bool is_held(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

static bool has_name(int fd, const char *path)
{
    struct stat st, named;

    return fstat(fd, &st) == 0 && lstat(path, &named) == 0 && st.st_dev == named.st_dev && st.st_ino == named.st_ino;
}

/* What a call that was killed has left. What is still written to is held; with the lock, and the name looked at after
 * that, no other file can be removed than the one that was found to be nobody's. */
static int remove_left(const struct flat_writer *w, fih_error *err)
{
    struct stat st;
    int fd, rc = FIH_OK;

    /* Somebody's link or pipe by this name was never written by us, and so is not held. */
    if (lstat(w->temporary, &st) != 0 || !S_ISREG(st.st_mode)) {
        unlink(w->temporary);
        return FIH_OK;
    }
    if ((fd = open(w->temporary, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)) < 0)
        return errno == ENOENT ? FIH_OK : fihi_fail_errno(err, errno, "cannot replace", w->temporary);
    if (is_held(fd))
        rc = fihi_fail(err, FIH_E_BUSY, "'%s' is being written by another program: try again later", w->path);
    else if (has_name(fd, w->temporary))
        unlink(w->temporary);
    close(fd);
    return rc;
}

/* The lock comes after the file: who looks at it in between takes it for left over, and removes it, or has the lock
 * while he does. Then it is made once more. */
static int make_held(struct flat_writer *w, const struct stat *like, fih_error *err)
{
    for (unsigned tries = 0; tries < 10; tries++) {
        int rc = remove_left(w, err);
        struct stat st;

        if (rc != 0)
            return rc;
        rc = fihi_file_make(&w->fd, w->temporary, like, err);
        if (rc == 0 && !is_held(w->fd) && has_name(w->fd, w->temporary))
            return FIH_OK;
        if (rc == 0)
            close(w->fd);
        else if (lstat(w->temporary, &st) != 0)
            /* Nobody else was faster, so it is as making it says. */
            return rc;
    }
    return fihi_fail(err, FIH_E_BUSY, "'%s' is being written by another program: try again later", w->path);
}

/* In the same directory, for rename() works only within a file system. The name is fixed and not a random one, so that
 * a program that is killed each night does not fill the disk: so two that write the same file at once must be kept
 * apart, or the name would be given to what the other has just begun. */
int fihi_flat_begin(struct flat_writer *w, const char *path, fih_error *err)
{
    const size_t n = strlen(path) + sizeof ".new";
    struct stat old;
    int rc;

    *w = (struct flat_writer){.path = strdup(path), .temporary = malloc(n)};
    if (!w->path || !w->temporary)
        return fihi_fail_nomem(err);
    memcpy(w->temporary, path, n - sizeof ".new");
    memcpy(w->temporary + n - sizeof ".new", ".new", sizeof ".new");
    /* As the old one is, so that who could read it still can. Without an old one it gets what the program's umask
     * leaves. */
    rc = make_held(w, stat(path, &old) == 0 ? &old : NULL, err);
    w->is_open = rc == 0;
    return rc;
}

/* A signal may come before anything is written, and a full disk after some of it: what is written is counted, not
 * assumed. */
static int write_out(struct flat_writer *w, fih_error *err)
{
    for (size_t at = 0; at < w->waiting.len;) {
        const ssize_t n = write(w->fd, w->waiting.ptr + at, w->waiting.len - at);

        if (n < 0 && errno != EINTR)
            return fihi_fail_errno(err, errno, "cannot write", w->path);
        at += n > 0 ? (size_t)n : 0;
    }
    w->waiting.len = 0;
    return FIH_OK;
}

/* `count` are all bytes so far, written or waiting, and so the place in the file of the next one. */
int fihi_flat_put(struct flat_writer *w, const void *bytes, size_t n, fih_error *err)
{
    if (fihi_buf_append(&w->waiting, bytes, n) != 0)
        return fihi_fail_nomem(err);
    w->count += n;
    return w->waiting.len < WAITING ? FIH_OK : write_out(w, err);
}

/* The head is written last, over the room that the first put made for it: it has counts and checksums of what follows,
 * which are known only now. fsync() comes before rename(): the name must never lead to bytes that are not on the
 * disk. */
int fihi_flat_finish(struct flat_writer *w, const void *head, size_t n, fih_error *err)
{
    int rc = write_out(w, err);

    if (rc != 0)
        return rc;
    errno = 0;                                 /* a short write sets none */
    if (pwrite(w->fd, head, n, 0) != (ssize_t)n || fsync(w->fd) != 0 || rename(w->temporary, w->path) != 0)
        return fihi_fail_errno(err, errno ? errno : ENOSPC, "cannot write", w->path);
    /* Only now, for until the rename succeeded fihi_flat_free() has to remove the file. Unlocked and not only closed: a
     * child of the program may have it open, too. */
    flock(w->fd, LOCK_UN);
    close(w->fd);
    w->is_open = 0;
    return FIH_OK;
}

void fihi_flat_free(struct flat_writer *w)
{
    if (w->is_open) {
        /* While it is held: afterwards the name may be another's. */
        unlink(w->temporary);
        flock(w->fd, LOCK_UN);
        close(w->fd);
    }
    fihi_buf_free(&w->waiting);
    free(w->path);
    free(w->temporary);
    *w = (struct flat_writer){.path = NULL};
}
