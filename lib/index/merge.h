/* index/merge.h - several neighbouring segments into one, without their deleted documents.
 *
 * Layer: index. Documents keep their order. Everything is streamed: memory is a few buffers a source.
 */
#ifndef FIHI_INDEX_MERGE_H
#define FIHI_INDEX_MERGE_H

#include "index/build.h"

/* `tick` is called now and then; nonzero cancels. *live is set to the documents of the new segment: 0
 * means that nothing was written. */
int fihi_merge(struct segment **from, unsigned count, struct build *out, uint32_t *live,
               int (*tick)(void *ctx), void *ctx, fih_error *err);

#endif
