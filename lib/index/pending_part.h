/* index/pending_part.h - what pending.c and pending_merge.c share.
 *
 * Layer: index. Private to these two.
 */
#ifndef FIHI_INDEX_PENDING_PART_H
#define FIHI_INDEX_PENDING_PART_H

#include <stddef.h>
#include <stdint.h>

#include "index/format.h"
#include "index/pending.h"

/* Whole chunks, as they are stored: each chunk can be written as it lies, and hashes are over all of them. */
static inline size_t bitmap_bytes(uint32_t docs)
{
    return ((size_t)docs + DELETE_CHUNK - 1) / DELETE_CHUNK * (DELETE_CHUNK / 8);
}

#endif
