/* index/pool.h - chunks through threads, in order.
 *
 * Layer: index. With one thread the caller does the work itself; with more, a bounded queue of chunks is worked
 * off by workers and handed back in the order given.
 */
#ifndef FIHI_INDEX_POOL_H
#define FIHI_INDEX_POOL_H

#include <stdbool.h>

#include "index/chunk.h"

struct pool;

/* `known`: see fihi_worker_new(). */
int fihi_pool_new(struct pool **out, unsigned threads, const char *analyzer, fih_str lexicon,
                  const struct intern *known, fih_error *err);
void fihi_pool_free(struct pool *p);
/* In a child of the process that made it: the threads are not here, and what they had in hand may be half done. */
bool fihi_pool_is_parents(const struct pool *p);
/* Chunks given and not yet taken. */
unsigned fihi_pool_pending(const struct pool *p);
/* More than this many pending and the caller should take first. */
unsigned fihi_pool_room(const struct pool *p);
/* The pool owns the chunk until it is taken. */
void fihi_pool_give(struct pool *p, struct chunk *c);
/* The oldest chunk, waiting for it; NULL if none is pending. */
struct chunk *fihi_pool_take(struct pool *p);

#endif
