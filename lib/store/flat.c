/* store/flat.c - mapping a file, and replacing one. */
#include "store/flat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "store/file.h"

enum { WAITING = 1 << 16 };            /* bytes that are written at once */

/* NONBLOCK: opening a pipe would wait for its other end. A link is followed: a program names the file. */
int fihi_flat_open(struct flat *out, const char *path, fih_error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat st;
    int rc = FIH_OK;
    void *at;

    *out = (struct flat){NULL, 0};
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
    if (fd >= 0)
        close(fd);
    return rc;
}

void fihi_flat_close(struct flat *f)
{
    if (f->bytes)
        munmap((void *)(uintptr_t)f->bytes, f->count);
    *f = (struct flat){NULL, 0};
}

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
    unlink(w->temporary);                      /* what a call that was killed has left */
    rc = fihi_file_make(&w->fd, w->temporary, stat(path, &old) == 0 ? &old : NULL, err);
    w->is_open = rc == 0;
    return rc;
}

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

int fihi_flat_put(struct flat_writer *w, const void *bytes, size_t n, fih_error *err)
{
    if (fihi_buf_append(&w->waiting, bytes, n) != 0)
        return fihi_fail_nomem(err);
    w->count += n;
    return w->waiting.len < WAITING ? FIH_OK : write_out(w, err);
}

int fihi_flat_finish(struct flat_writer *w, const void *head, size_t n, fih_error *err)
{
    int rc = write_out(w, err);

    if (rc != 0)
        return rc;
    if (pwrite(w->fd, head, n, 0) != (ssize_t)n || fsync(w->fd) != 0 || rename(w->temporary, w->path) != 0)
        return fihi_fail_errno(err, errno, "cannot write", w->path);
    close(w->fd);
    w->is_open = 0;
    return FIH_OK;
}

void fihi_flat_free(struct flat_writer *w)
{
    if (w->is_open) {
        close(w->fd);
        unlink(w->temporary);
    }
    fihi_buf_free(&w->waiting);
    free(w->path);
    free(w->temporary);
    *w = (struct flat_writer){.path = NULL};
}
