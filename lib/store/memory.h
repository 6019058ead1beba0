/* store/memory.h - values without a file: an index in memory.
 *
 * Layer: store; txn.c, change.c and store.c ask here where a handle has no environment of LMDB's. A state is a sorted
 * array of values for each space, and never changes once it is committed; a change makes the next one, which shares the
 * values that stay. So a snapshot is a reference, and what it lends stays until it ends.
 *
 * To begin a change costs a pointer a value, and to put a value out of order as many moved: right for some ten thousand
 * values. Nothing is framed or verified: who can change this memory can change the program.
 */
#ifndef FIHI_STORE_MEMORY_H
#define FIHI_STORE_MEMORY_H

#include <stdbool.h>
#include <sys/types.h>

#include "store/store.h"

struct memory;                         /* shared by the handles to one index */
struct memory_state;

/* With one user. FIH_E_NOMEM. */
int fihi_memory_new(struct memory **out, fih_error *err);
/* One user more, of another thread perhaps. */
void fihi_memory_share(struct memory *m);
/* The last one's frees it; in a child process nothing is freed, for a thread of the parent's may be half through. */
void fihi_memory_put(struct memory *m);
/* The process that made it. */
pid_t fihi_memory_pid(const struct memory *m);

/* The last commit, until it is put back. */
struct memory_state *fihi_memory_state(struct memory *m);
void fihi_memory_state_put(struct memory *m, struct memory_state *state);
/* Keys and values [bytes]. */
uint64_t fihi_memory_bytes(const struct memory_state *state);
/* As fihi_snap_get(), fihi_snap_each() and fihi_snap_next_key(). */
int fihi_memory_get(const struct memory_state *state, enum space space, const void *key, size_t key_bytes,
                    const uint8_t **payload, size_t *bytes);
int fihi_memory_each(const struct memory_state *state, enum space space, const void *from, size_t from_bytes,
                     store_each each, void *ctx);
int fihi_memory_next_key(const struct memory_state *state, enum space space, const void *from, size_t from_bytes,
                         uint8_t key[STORE_MAX_KEY], size_t *key_bytes);

/* One at a time. As the functions of store.h without `memory`; errors are FIH_E_NOMEM. */
int fihi_memory_begin(struct memory_state **out, struct memory *m, fih_error *err);
int fihi_memory_reserve(struct memory *m, struct memory_state *next, enum space space, const void *key,
                        size_t key_bytes, size_t bytes, uint8_t **payload, fih_error *err);
/* Every key that begins with `prefix`, or where is_whole the one that is it. FIH_E_NOTFOUND without a message. */
int fihi_memory_delete(struct memory *m, struct memory_state *next, enum space space, const void *prefix,
                       size_t prefix_bytes, bool is_whole);
/* `next` is the newest state from now on. Cannot fail. */
void fihi_memory_commit(struct memory *m, struct memory_state *next);

#endif
