/* calls.h - the program's own pwrite(), fsync(), open() and so on, which fail or kill it where a plan says so.
 *
 * A function of this name in the program comes before the C library's, for LMDB's calls too. One plan at a time;
 * only calls of the kinds it names are counted. Whoever sets `after` is told what was done. Not with the sanitizers, which want these functions themselves.
 */
#ifndef CALLS_H
#define CALLS_H

#pragma GCC system_header

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum call {
    CALL_WRITE, CALL_SYNC, CALL_OPEN, CALL_TRUNCATE, CALL_NAME, CALL_STAT, CALL_MAP, CALL_READ, CALL_LOCK, CALL_KINDS
};
enum {
    CALLS_ALL = (1 << CALL_KINDS) - 1,
    CALLS_WRITING = 1 << CALL_WRITE | 1 << CALL_SYNC | 1 << CALL_TRUNCATE | 1 << CALL_NAME
};

enum call_how { CALL_FAIL, CALL_SHORT, CALL_KILL_BEFORE, CALL_KILL_HALF, CALL_KILL_AFTER };

static struct {
    int           is_armed, error, is_for_ever;
    unsigned      kinds;
    uint64_t      calls, at;           /* seen; the one that is hit */
    enum call_how how;
    uint64_t      hits;
    /* Told of each call that writes, syncs or names something, after it; NULL: nobody asks. */
    void        (*after)(long number, long rc, long a, long b, long c);
} calls;

/* What was made, synced and renamed, in order, one "verb name" each: while is_kept. */
static struct {
    int      is_kept;
    unsigned count;
    char     what[128][80];
} calls_kept;

static void keep_call(const char *verb, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (calls_kept.is_kept && calls_kept.count < 128)
        snprintf(calls_kept.what[calls_kept.count++], 80, "%s %.60s", verb, slash ? slash + 1 : path);
}

static void keep_sync(int fd)
{
    char link[64], path[512];
    ssize_t n;

    if (!calls_kept.is_kept)
        return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    keep_call("sync", path);
}

/* 1: this call is the one. */
static int call_is_hit(enum call kind)
{
    uint64_t n;

    if (!calls.is_armed || !(calls.kinds >> kind & 1))
        return 0;
    n = __atomic_add_fetch(&calls.calls, 1, __ATOMIC_RELAXED);
    if (n != calls.at && !(calls.is_for_ever && n > calls.at))
        return 0;
    calls.hits++;
    if (calls.how == CALL_KILL_BEFORE)
        syscall(SYS_kill, getpid(), SIGKILL);
    return 1;
}

/* A call that writes nothing. */
static long plain_call(enum call kind, long number, long a, long b, long c, long d, long e, long f)
{
    const int hit = call_is_hit(kind);
    long rc;

    if (hit && calls.how <= CALL_SHORT) {
        errno = calls.error;
        return -1;
    }
    rc = syscall(number, a, b, c, d, e, f);
    if (calls.after && (CALLS_WRITING | 1u << CALL_OPEN) >> kind & 1) {
        const int e_no = errno;

        calls.after(number, rc, a, b, c);
        errno = e_no;
    }
    if (hit)
        syscall(SYS_kill, getpid(), SIGKILL);
    return rc;
}

static ssize_t write_call(int fd, const void *p, size_t n, off_t at, int has_at)
{
    const int hit = call_is_hit(CALL_WRITE);
    ssize_t rc;

    if (hit && calls.how == CALL_FAIL) {
        errno = calls.error;
        return -1;
    }
    if (hit && calls.how != CALL_KILL_AFTER)
        n /= 2;
    rc = has_at ? syscall(SYS_pwrite64, fd, p, n, at) : syscall(SYS_write, fd, p, n);
    if (calls.after)
        calls.after(has_at ? SYS_pwrite64 : SYS_write, rc, fd, (long)p, (long)at);
    if (hit && calls.how >= CALL_KILL_BEFORE)
        syscall(SYS_kill, getpid(), SIGKILL);
    return rc;
}

/* The headers give some of these names other symbols, so each is named by its symbol. */
#define CALL(type, name, ...)                                  \
    type call_##name(__VA_ARGS__) __asm__(#name);             \
    type call_##name(__VA_ARGS__)

CALL(ssize_t, pwrite, int fd, const void *p, size_t n, off_t at) { return write_call(fd, p, n, at, 1); }
CALL(ssize_t, pwrite64, int fd, const void *p, size_t n, off_t at) { return write_call(fd, p, n, at, 1); }
CALL(ssize_t, write, int fd, const void *p, size_t n) { return write_call(fd, p, n, 0, 0); }
CALL(ssize_t, writev, int fd, const struct iovec *v, int n)
{
    return plain_call(CALL_WRITE, SYS_writev, fd, (long)v, n, 0, 0, 0);
}
CALL(ssize_t, pwritev, int fd, const struct iovec *v, int n, off_t at)
{
    return plain_call(CALL_WRITE, SYS_pwritev, fd, (long)v, n, at, 0, 0);
}
CALL(ssize_t, pread, int fd, void *p, size_t n, off_t at)
{
    return (ssize_t)plain_call(CALL_READ, SYS_pread64, fd, (long)p, (long)n, at, 0, 0);
}
CALL(ssize_t, pread64, int fd, void *p, size_t n, off_t at)
{
    return (ssize_t)plain_call(CALL_READ, SYS_pread64, fd, (long)p, (long)n, at, 0, 0);
}
CALL(int, posix_fallocate64, int fd, off_t at, off_t n)
{
    return plain_call(CALL_TRUNCATE, SYS_fallocate, fd, 0, at, n, 0, 0) == 0 ? 0 : errno;
}
#define CALL_FCNTL_BODY                                                                                            \
    va_list ap;                                                                                                     \
    long arg;                                                                                                       \
                                                                                                                    \
    va_start(ap, command);                                                                                          \
    arg = va_arg(ap, long);                                                                                         \
    va_end(ap);                                                                                                     \
    return (int)plain_call(command == F_SETLK || command == F_SETLKW || command == F_GETLK ? CALL_LOCK : CALL_KINDS, \
                           SYS_fcntl, fd, command, arg, 0, 0, 0);
CALL(int, fcntl, int fd, int command, ...) { CALL_FCNTL_BODY }
CALL(int, fcntl64, int fd, int command, ...) { CALL_FCNTL_BODY }
CALL(int, flock, int fd, int how) { return (int)plain_call(CALL_LOCK, SYS_flock, fd, how, 0, 0, 0, 0); }
CALL(int, fsync, int fd)
{
    keep_sync(fd);
    return (int)plain_call(CALL_SYNC, SYS_fsync, fd, 0, 0, 0, 0, 0);
}
CALL(int, fdatasync, int fd)
{
    keep_sync(fd);
    return (int)plain_call(CALL_SYNC, SYS_fdatasync, fd, 0, 0, 0, 0, 0);
}
CALL(int, msync, void *p, size_t n, int flags)
{
    return (int)plain_call(CALL_SYNC, SYS_msync, (long)p, (long)n, flags, 0, 0, 0);
}
CALL(int, ftruncate, int fd, off_t n) { return (int)plain_call(CALL_TRUNCATE, SYS_ftruncate, fd, n, 0, 0, 0, 0); }
CALL(int, ftruncate64, int fd, off_t n) { return (int)plain_call(CALL_TRUNCATE, SYS_ftruncate, fd, n, 0, 0, 0, 0); }
CALL(int, mkdir, const char *p, mode_t mode)
{
    keep_call("make", p);
    return (int)plain_call(CALL_NAME, SYS_mkdir, (long)p, mode, 0, 0, 0, 0);
}
CALL(int, rename, const char *a, const char *b)
{
    keep_call("rename", a);
    return (int)plain_call(CALL_NAME, SYS_rename, (long)a, (long)b, 0, 0, 0, 0);
}
CALL(int, unlink, const char *p) { return (int)plain_call(CALL_NAME, SYS_unlink, (long)p, 0, 0, 0, 0, 0); }
CALL(int, unlinkat, int d, const char *p, int flags)
{
    return (int)plain_call(CALL_NAME, SYS_unlinkat, d, (long)p, flags, 0, 0, 0);
}
CALL(int, fstat, int fd, struct stat *st) { return (int)plain_call(CALL_STAT, SYS_fstat, fd, (long)st, 0, 0, 0, 0); }
CALL(int, fstat64, int fd, struct stat *st) { return (int)plain_call(CALL_STAT, SYS_fstat, fd, (long)st, 0, 0, 0, 0); }
CALL(int, __fxstat, int version, int fd, struct stat *st)
{
    (void)version;
    return (int)plain_call(CALL_STAT, SYS_fstat, fd, (long)st, 0, 0, 0, 0);
}
CALL(void *, mmap, void *p, size_t n, int prot, int flags, int fd, off_t at)
{
    return (void *)plain_call(fd < 0 ? CALL_KINDS : CALL_MAP, SYS_mmap, (long)p, (long)n, prot, flags, fd, at);
}
CALL(void *, mmap64, void *p, size_t n, int prot, int flags, int fd, off_t at)
{
    return (void *)plain_call(fd < 0 ? CALL_KINDS : CALL_MAP, SYS_mmap, (long)p, (long)n, prot, flags, fd, at);
}

#define CALL_OPEN_BODY                                                                     \
    mode_t mode = 0;                                                                       \
    va_list ap;                                                                            \
                                                                                           \
    va_start(ap, flags);                                                                   \
    if (flags & (O_CREAT | 020000000))                                                     \
        mode = va_arg(ap, mode_t);                                                         \
    va_end(ap);                                                                            \
    if (flags & O_EXCL)                                                                    \
        keep_call("make", p);                                                              \
    return (int)plain_call(CALL_OPEN, SYS_open, (long)p, flags, (long)mode, 0, 0, 0);

CALL(int, open, const char *p, int flags, ...) { CALL_OPEN_BODY }
CALL(int, open64, const char *p, int flags, ...) { CALL_OPEN_BODY }

/* From now on the `at`-th call of `kinds` is hit. */
TAP_STATIC void calls_arm(unsigned kinds, uint64_t at, enum call_how how, int error, int is_for_ever)
{
    calls.kinds = kinds;
    calls.calls = calls.hits = 0;
    calls.at = at;
    calls.how = how;
    calls.error = error;
    calls.is_for_ever = is_for_ever;
    calls.is_armed = 1;
}

TAP_STATIC void calls_disarm(void)
{
    calls.is_armed = 0;
}

#endif
