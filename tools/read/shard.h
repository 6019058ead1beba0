/* shard.h - one of N parts of all documents, told by their ids alone: fihrist index --shard I/N.
 *
 * The number of a document's part is 1 + XXH3_64bits(id) mod N. It is in the manual (fihrist-index(1)), other programs
 * compute it, and indexes are built by it: it never changes.
 */
#ifndef FIHRIST_SHARD_H
#define FIHRIST_SHARD_H

#include <stdbool.h>
#include <stdint.h>

#include "fihrist.h"
#include "read/input.h"

#define SHARD_MOST 1000000

/* The note in which an index remembers its shard. */
#define SHARD_NOTE "index:shard"

struct shard {
    uint32_t number, count;            /* number 1 to count; count 0: all documents */
    char     text[32];                 /* "3/8" as the note has it */
};

/* "I/N"; false if it is none. */
bool shard_parse(struct shard *out, const char *text);
bool shard_has(const struct shard *s, fih_str id);

/**
 * Which shard an index has: that which was asked for (*s, count 0: none), if the index is new or has the same; without
 * one that which it has. It is noted before anything is committed to a new index.
 *
 * @return 0; 1 with `why` if what was asked for does not fit; -1 with `err`.
 */
int shard_settle(struct shard *s, fih_writer *w, const char *index, struct why *why, fih_error *err);

/* Which shard an index has that is read: count 0 if it is none, or number 0 beside a count where some shards were
 * merged, but not all. */
int shard_of(struct shard *out, const fih_reader *r, fih_error *err);

#endif
