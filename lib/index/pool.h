/* index/pool.h - chunks through threads, in order.
 *
 * Layer: index. With one thread the caller does the work itself; with more, a short queue of chunks is worked
 * off by workers and handed back in the order given.
 */
#ifndef FIHI_INDEX_POOL_H
#define FIHI_INDEX_POOL_H

#include <stdbool.h>

#include "index/chunk.h"

struct pool;

/* `known`: see fihi_worker_new(). */
int fihi_pool_new(struct pool **out, unsigned threads, const struct analyzer_choice *choice,
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

/* Other work, in pieces 0 … count-1: `run` works one out, in any thread; `take` gets each when it is done, in order, in
 * the caller's. At most POOL_SLOTS of them are between the two, and piece % POOL_SLOTS is a place for what one is. */
enum { POOL_SLOTS = 16 };
struct pieces {
    uint32_t count;
    void    *ctx;
    int    (*run)(void *ctx, unsigned thread, uint32_t piece);
    int    (*take)(void *ctx, uint32_t piece, fih_error *err);
};
/* How many threads run pieces: they are numbered from 0. */
unsigned fihi_pool_threads(const struct pool *p);
/* No chunk may be pending. The first error that `run` or `take` has ends it; it describes what `take` fails of. */
int fihi_pool_pieces(struct pool *p, const struct pieces *work, fih_error *err);

#endif
