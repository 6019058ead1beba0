/* store/loose.h - a snapshot without a place in LMDB's table of readers.
 *
 * Layer: store, on peek.h; txn.c begins one where there can be no place: the lock file may only be read, another
 * process of the same number has the place (two containers), or the table is full. No writer waits for it, so what it
 * has not read yet can be gone. It then goes on in the newest commit, as far as nothing can be another there:
 * a value of SPACE_SEGMENT that is published never changes under its key, it only goes when its segment is merged
 * away; and as long as KEY_ROOT is the same, only values that nobody sees were written. Else it is stale,
 * FIH_E_STALE. Values are copies, verified, kept until the snapshot ends.
 *
 * One thread at a time.
 */
#ifndef FIHI_STORE_LOOSE_H
#define FIHI_STORE_LOOSE_H

#include <stdbool.h>

#include "store/store.h"

struct loose;

/* The newest commit. `path` is for messages; both must live as long. */
int fihi_loose_begin(struct loose **out, int fd, const char *path, fih_error *err);
void fihi_loose_end(struct loose *l);
/* Number of the transaction in which it reads now. */
uint64_t fihi_loose_number(const struct loose *l);
/* Pages of all spaces but the notes [bytes], as the guard counts them. */
uint64_t fihi_loose_live_bytes(const struct loose *l);
/* Values in a space. */
uint64_t fihi_loose_entries(const struct loose *l, enum space space);
/* Is everything but the segments already read another now? */
bool fihi_loose_is_stale(struct loose *l);

/* As fihi_snap_get(), fihi_snap_each() and fihi_snap_next_key(), and FIH_E_STALE. */
int fihi_loose_get(struct loose *l, enum space space, const void *key, size_t key_bytes, const uint8_t **payload,
                   size_t *bytes, fih_error *err);
int fihi_loose_each(struct loose *l, enum space space, const void *from, size_t from_bytes, store_each each, void *ctx,
                    fih_error *err);
int fihi_loose_next_key(struct loose *l, enum space space, const void *from, size_t from_bytes,
                        uint8_t key[STORE_MAX_KEY], size_t *key_bytes, fih_error *err);

#endif
