/* base/fail.h - describe an error once, where its reason is known.
 *
 * Layer: base. fihi_fail() fills the caller's fih_error (which may be NULL) and returns the code,
 * so that `return fihi_fail(err, FIH_E_LIMIT, "…")` is the whole error path. Functions above only
 * pass the code up.
 */
#ifndef FIHI_BASE_FAIL_H
#define FIHI_BASE_FAIL_H

#include "fihrist.h"

/* Messages are one line of at most 1 KiB: longer ones are cut at a character, controls become '?'. */
int fihi_fail(fih_error *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The same with a byte offset into the query. */
int fihi_fail_at(fih_error *err, int code, size_t pos, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* For a failed system call: `cause` is errno; ENOSPC, EDQUOT, EACCES, EPERM, ENOMEM, EROFS get their
 * own codes, the rest FIH_E_IO. Writes "what 'path': reason". */
int fihi_fail_errno(fih_error *err, int cause, const char *what, const char *path);

/* A reader without a slot cannot keep up with the commits. */
int fihi_fail_busy(fih_error *err, const char *path);
/* "out of memory". */
int fihi_fail_nomem(fih_error *err);

#endif
