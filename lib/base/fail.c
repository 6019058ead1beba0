/* base/fail.c - filling fih_error.
 *
 * A message is made once, where the reason is known, into the caller's own memory: nothing is allocated, so that "out
 * of memory" can always be said. What a caller prints from it is safe for a terminal and for a log: one line,
 * well-formed, without controls.
 */
#include "base/fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* A path or id in a message may hold anything: controls and ill-formed UTF-8 become '?'. A message that was cut ends
 * before the character that the cut went through. The loop ends, for fihi_utf8_next() goes on by a byte at least;
 * memset() writes as many bytes as were read, so the message never becomes longer. */
static void make_plain(char *msg, bool is_cut)
{
    const size_t n = strlen(msg);

    for (size_t i = 0, at = 0; i < n; at = i) {
        int ok;

        fihi_utf8_next((const uint8_t *)msg, n, &i, &ok);
        /* Only the last character can be half by the cut; a broken one before it was broken in the path. */
        if (!ok && is_cut && i == n)
            msg[at] = '\0';
        else if (!ok || (unsigned char)msg[at] < 0x20 || msg[at] == 0x7F)
            memset(msg + at, '?', i - at);
    }
}

/* `err` may be NULL, and often is: whoever asks only whether something works wants no text. */
static void set(fih_error *err, int code, int cause, size_t pos, const char *fmt, va_list ap)
{
    if (!err)
        return;
    err->code = code;
    err->cause = cause;
    err->pos = pos;
    /* 1,024 bytes: vsnprintf() cuts what is longer and always puts the NUL, and says how long it would have been. */
    const int n = vsnprintf(err->msg, sizeof err->msg, fmt, ap);
    if (n < 0)
        err->msg[0] = '\0';
    /* What could not be formatted is left empty rather than half written: the code alone says what happened. */
    make_plain(err->msg, n >= (int)sizeof err->msg);
}

int fihi_fail(fih_error *err, int code, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    set(err, code, 0, 0, fmt, ap);
    va_end(ap);
    return code;
}

/* For errors of a query: `pos` is in bytes from its beginning, as the program gave it, so that this can put a mark
 * there. Messages have the same number in words, for who prints no more than them. */
int fihi_fail_at(fih_error *err, int code, size_t pos, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    set(err, code, 0, pos, fmt, ap);
    va_end(ap);
    return code;
}

/* The program's user can do something about a full disk, a missing right or a missing file, so these have codes; what
 * else a disk says is FIH_E_IO, with errno in `cause` for who knows more. strerror_r() and not strerror(), which
 * shares a buffer between threads. */
int fihi_fail_errno(fih_error *err, int cause, const char *what, const char *path)
{
    int code = FIH_E_IO;
    char reason[128];

    if (cause == ENOSPC || cause == EDQUOT)
        code = FIH_E_FULL;
    else if (cause == EACCES || cause == EPERM || cause == EROFS)
        code = FIH_E_PERM;
    else if (cause == ENOMEM)
        code = FIH_E_NOMEM;
    else if (cause == ENOENT)
        code = FIH_E_NOTFOUND;
    /* These four lines are all that is told apart: a user's own share that is used up (EDQUOT) is a full disk to him,
     * and a disk that is mounted read-only a right that he has not. */
    if (strerror_r(cause, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", cause);
    fihi_fail(err, code, "%s '%s': %s", what, path, reason);
    if (err)
        err->cause = cause;
    return code;
}

/* The text is one for all who read without a lock (loose.h), so that the remedy is said in one place. */
int fihi_fail_busy(fih_error *err, const char *path)
{
    return fihi_fail(err, FIH_E_BUSY, "'%s' changes faster than it can be read: try again", path);
}

/* No path and no size: this is said where memory is short, and what was being done is not what was wrong. */
int fihi_fail_nomem(fih_error *err)
{
    return fihi_fail(err, FIH_E_NOMEM, "out of memory");
}
