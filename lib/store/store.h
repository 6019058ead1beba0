/* store/store.h - the only code that opens LMDB.
 *
 * Layer: store. Includes base/ only; knows key spaces and framed values, not what they mean.
 *
 * An index is a directory: the file FIHRIST names the data file in use (compaction writes a new one and swaps
 * the name), `lock` is held by the one writer, data.N.mdb and its -lock belong to LMDB.
 *
 * Every value is framed (FORMAT.md, "Value frame"): a 16-byte header with a 64-bit checksum over key, header
 * and payload, verified on every get. Each transaction also records its own number, so that a damaged meta
 * page cannot pass an older state off as the current one.
 *
 * A process opens a data file once, however many handles it has (LMDB loses its locks otherwise): handles to
 * the same file share one environment through the one registry in env.c, the only state that is not a handle's.
 */
#ifndef FIHI_STORE_STORE_H
#define FIHI_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "fihrist.h"
#include "store/keys.h"

enum { STORE_READ = 0, STORE_WRITE = 1, STORE_CREATE = 2 };

enum { VALUE_HEAD = 16, STORE_MAX_KEY = 511 };

struct store;

/* What fihi_store_dir() calls an index in memory. */
#define STORE_MEMORY "(memory)"

/* STORE_WRITE takes the writer's lock, waiting up to wait_ms (-1: for ever): FIH_E_BUSY. */
int fihi_store_open(struct store **out, const char *dir, unsigned flags, int32_t wait_ms, fih_error *err);
/* A new index without a file, opened to be written. Nothing below that copies or replaces a file may be asked of it. */
int fihi_store_open_memory(struct store **out, fih_error *err);
/* Open the index of another handle to read it: in memory, or by its directory. */
int fihi_store_open_same(struct store **out, const struct store *s, fih_error *err);
bool fihi_store_is_memory(const struct store *s);
void fihi_store_close(struct store *s);
/* Close after an error: an index that this handle has made, and to which nothing was committed, goes, and so does its
 * directory if that was made with it. It takes no memory. */
void fihi_store_abandon(struct store *s);
const char *fihi_store_dir(const struct store *s);
/* Is the data file still the one that FIHRIST names? 0 after a compaction by somebody else, or where the index was
 * removed and made anew. */
bool fihi_store_is_current(const struct store *s);
/* Have two handles the same data file? */
bool fihi_store_is_same(const struct store *s, const struct store *other);
/* Size of the data file [bytes]. */
uint64_t fihi_store_file_bytes(const struct store *s);

/* Pages of the file that were read count as this process's memory until the kernel wants them back. A writer that
 * has read much and needs it no more gives them up at once; everything stays readable. */
void fihi_store_trim(struct store *s);

/* A snapshot. Gets may come from several threads at once. It has a place in LMDB's table of readers, so that no writer
 * takes away what it sees, or is a loose one (loose.h), whose functions can all return FIH_E_STALE. */
struct snap;
/* GUARD_ALL in `flags`: walk everything (before writing, and in check). */
int fihi_snap_begin(struct snap **out, struct store *s, unsigned flags, fih_error *err);
void fihi_snap_end(struct snap *t);
uint64_t fihi_snap_live_bytes(const struct snap *t);
/* The process that holds the oldest snapshot older than this one; 0 if there is none. */
pid_t fihi_snap_oldest_reader(const struct snap *t);
/* The index's directory, for messages. */
const char *fihi_snap_dir(const struct snap *t);
/* Somebody says that so many values of a space, so many bytes with their frames, are his. FIH_E_CORRUPT, without a
 * message, when all of this snapshot who did so want more than there is: what such a number would have us allocate is
 * limited by the file. One thread at a time. */
int fihi_snap_claim(struct snap *t, enum space space, uint64_t values, uint64_t bytes);
bool fihi_snap_is_loose(const struct snap *t);
/* Has a loose one lost its commit? What was read before is good; an error since may mean nothing. */
bool fihi_snap_is_stale(struct snap *t);
/* The payload, borrowed until fihi_snap_end(). FIH_E_NOTFOUND without a message when there is none. */
int fihi_snap_get(struct snap *t, enum space space, const void *key, size_t key_bytes,
                  const uint8_t **payload, size_t *bytes, fih_error *err);

/* Keys from `from` on, in order, while `each` returns 0; a value that is damaged is an error. */
typedef int (*store_each)(void *ctx, const uint8_t *key, size_t key_bytes, const uint8_t *payload, size_t bytes);
int fihi_snap_each(struct snap *t, enum space space, const void *from, size_t from_bytes, store_each each,
                   void *ctx, fih_error *err);
/* The first key not below `from`, without its value; FIH_E_NOTFOUND without a message. */
int fihi_snap_next_key(struct snap *t, enum space space, const void *from, size_t from_bytes,
                       uint8_t key[STORE_MAX_KEY], size_t *key_bytes, fih_error *err);
/* The notes' pages are walked only when first asked for: fihi_snap_get() and _each() do it by themselves. */

/* The one write transaction. The handle must have been opened with STORE_WRITE. After any error but
 * FIH_E_NOTFOUND it can only be aborted. */
struct change;
int fihi_change_begin(struct change **out, struct store *s, fih_error *err);
/* Room for the payload, to be filled before the next call; fihi_change_seal() then puts the checksum. */
int fihi_change_reserve(struct change *c, enum space space, const void *key, size_t key_bytes, size_t bytes,
                        uint8_t **payload, fih_error *err);
void fihi_change_seal(struct change *c);
int fihi_change_put(struct change *c, enum space space, const void *key, size_t key_bytes,
                    const void *payload, size_t bytes, fih_error *err);
int fihi_change_get(struct change *c, enum space space, const void *key, size_t key_bytes,
                    const uint8_t **payload, size_t *bytes, fih_error *err);
int fihi_change_delete(struct change *c, enum space space, const void *key, size_t key_bytes, fih_error *err);
/* Delete every key that begins with `prefix`. */
int fihi_change_delete_prefix(struct change *c, enum space space, const void *prefix, size_t prefix_bytes,
                              fih_error *err);
/* Ends the change, error or not. */
int fihi_change_commit(struct change *c, fih_error *err);
void fihi_change_abort(struct change *c);

/* Write the data file anew without its free pages and put it in the old one's place. The handle, which must
 * hold the writer's lock, is closed, error or not. */
int fihi_store_compact(struct store *s, fih_error *err);
/* After a commit, and with no snapshot of this handle open: the same, without closing, where the file is more than
 * 1.4 times what is live in it, and 4 MiB, and the disk has room. The handle goes on with the new file. */
void fihi_store_tidy(struct store *s);
/* Give the files of an index that was just made the mode and owner of those of another one. This process must not have
 * it open: closing one of its lock files would give up the locks that LMDB has on it. */
int fihi_store_be_like(const char *dir, const char *other, fih_error *err);
/* The same for its directory. */
int fihi_store_dir_be_like(const char *dir, const char *other, fih_error *err);
/* Remove the files of an index that was just made and that nobody has open, and, if may_remove_dir, the directory. It
 * takes no memory. */
void fihi_store_remove(const char *dir, bool may_remove_dir);
/* Copy the last commit into the new directory `dest`. */
int fihi_store_backup(struct store *s, const char *dest, fih_error *err);

#endif
