/* index/inverter.h - documents of the next segment, inverted in memory.
 *
 * Layer: index. Keeps the running stream of surface words (four bytes a word) and sorts what they stand for by counting
 * when the batch is written: that is half the cost of growing a list for each stem, in time and in memory.
 */
#ifndef FIHI_INDEX_INVERTER_H
#define FIHI_INDEX_INVERTER_H

#include "index/build.h"
#include "index/pool.h"
#include "index/schema.h"

struct inverter;

/* The vocabulary stays from segment to segment while it takes no more than so many bytes. */
int fihi_inverter_new(struct inverter **out, uint64_t vocabulary_bytes, fih_error *err);
void fihi_inverter_free(struct inverter *b);
/* The surface words that chunks need not tell of; borrowed. */
const struct intern *fihi_inverter_surfaces(const struct inverter *b);
/* Empty it for the next segment. No chunk may be with a worker. */
void fihi_inverter_clear(struct inverter *b);

/* Documents, in the order in which their chunks will be taken up. */
/* Values of the schema's fields that are none of their kind, or more than one where one may be, are counted. */
int fihi_inverter_add_doc(struct inverter *b, uint32_t hash, const fih_doc *d, int32_t date,
                          const struct schema *schema, uint64_t *refused, fih_error *err);
uint32_t fihi_inverter_doc_count(const struct inverter *b);
/* A document of the batch that is not deleted; FIH_E_NOTFOUND without a message. */
int fihi_inverter_find(const struct inverter *b, uint32_t hash, fih_str id, uint32_t *doc);
/* The source of a document of the batch; empty if it has none. Borrowed until the batch changes. */
fih_str fihi_inverter_source(const struct inverter *b, uint32_t doc);
/* Tombstones, like those of a segment. */
void fihi_inverter_delete(struct inverter *b, uint32_t doc);
uint64_t fihi_inverter_delete_source(struct inverter *b, fih_str source);
/* The bitmap ends with the last byte that has a bit: *bytes of it, *count bits. */
const uint8_t *fihi_inverter_deleted(const struct inverter *b, size_t *bytes, uint32_t *count);

/* Take up the words that a chunk brought; its stored blocks are the caller's to write. */
int fihi_inverter_take(struct inverter *b, const struct chunk *c, fih_error *err);

/* Memory held, and what a flush by so many threads will need besides [bytes]. */
uint64_t fihi_inverter_bytes(const struct inverter *b, unsigned threads);

/* Everything but the stored documents, by the pool's threads, which must have no chunk. `tick` is called now and then;
 * nonzero ends with FIH_E_CANCEL. */
int fihi_inverter_flush(struct inverter *b, struct build *out, struct pool *pool, int (*tick)(void *ctx), void *ctx,
                        fih_error *err);

#endif
