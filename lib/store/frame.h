/* store/frame.h - what stands around every value (FORMAT.md, "Value frame").
 *
 * Layer: store. u64 checksum, u32 payload bytes, u32 zero, payload. The key is the seed, so that a value found under
 * another key, or one of another length, is not taken for this one's.
 */
#ifndef FIHI_STORE_FRAME_H
#define FIHI_STORE_FRAME_H

#include <xxhash.h>

#include "base/bytes.h"
#include "store/store.h"

static inline uint64_t frame_checksum(const uint8_t *frame, size_t bytes, const void *key, size_t key_bytes)
{
    return XXH3_64bits_withSeed(frame + 8, bytes - 8, XXH3_64bits(key, key_bytes));
}

/* The payload is in its place already. */
static inline void frame_seal(uint8_t *frame, size_t bytes, const void *key, size_t key_bytes)
{
    put_u32(frame + 8, (uint32_t)(bytes - VALUE_HEAD));
    put_u32(frame + 12, 0);
    put_u64(frame, frame_checksum(frame, bytes, key, key_bytes));
}

static inline int frame_is_whole(const uint8_t *frame, size_t bytes, const void *key, size_t key_bytes)
{
    return bytes >= VALUE_HEAD && get_u32(frame + 8) == bytes - VALUE_HEAD &&
           frame_checksum(frame, bytes, key, key_bytes) == get_u64(frame);
}

#endif
