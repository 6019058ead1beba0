/* index/merge.h - several neighbouring segments into one, without their deleted documents.
 *
 * Layer: index. Documents keep their order. The result is, value for value, what the living documents would have given
 * if they had been indexed together. Documents and lists are streamed; what is kept in memory is what leads from one
 * list to another: 8 bytes for each form of each list of the sources, 12 for each of their stems, and while rows are
 * sorted some 28 for each of the result's.
 */
#ifndef FIHI_INDEX_MERGE_H
#define FIHI_INDEX_MERGE_H

#include "index/build.h"

/* `tick` is called now and then; nonzero cancels. *live is set to the documents of the new segment: 0
 * means that nothing was written. *done grows until it is as many, or as many more where it does not begin with 0: how
 * far the merge is, by what was read. */
int fihi_merge(struct segment **from, unsigned count, struct build *out, uint32_t *live, uint64_t *done,
               int (*tick)(void *ctx), void *ctx, fih_error *err);

#endif
