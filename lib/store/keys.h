/* store/keys.h - key spaces, and the bytes of keys.
 *
 * Layer: store. Segment values: BE32 segment | u8 kind | BE32 number, so that a segment's values lie together
 * and are written in order. Delete bitmaps: BE32 segment | BE32 chunk. Notes: their own key, or when it is
 * long its beginning and a hash (fihi_key_note). What the kinds hold is the index floor's.
 */
#ifndef FIHI_STORE_KEYS_H
#define FIHI_STORE_KEYS_H

#include <stddef.h>
#include <stdint.h>

enum space { SPACE_META, SPACE_SEGMENT, SPACE_DELETE, SPACE_NOTE, SPACE_COUNT };
/* The name of its database; static. */
const char *fihi_space_name(enum space space);

/* Of SPACE_META: each transaction's own number, and the root of the index, which each commit of an index replaces
 * and nothing else does. */
#define KEY_NUMBER "transaction"
#define KEY_ROOT   "manifest"

enum { KEY_SEGMENT_BYTES = 9, KEY_DELETE_BYTES = 8, KEY_NOTE_WHOLE = 480, KEY_NOTE_MAX = KEY_NOTE_WHOLE + 17 };

static inline void key_be32(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
}

static inline uint32_t key_from_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void key_segment(uint8_t key[KEY_SEGMENT_BYTES], uint32_t segment, unsigned kind, uint32_t number)
{
    key_be32(key, segment);
    key[4] = (uint8_t)kind;
    key_be32(key + 5, number);
}

static inline void key_delete(uint8_t key[KEY_DELETE_BYTES], uint32_t segment, uint32_t chunk)
{
    key_be32(key, segment);
    key_be32(key + 4, chunk);
}

/* Keys of up to 480 bytes stand for themselves behind a zero byte; longer ones are their first 480 bytes
 * behind a one and a 128-bit hash of the whole: they sort behind all short ones, and the value holds the whole. */
size_t fihi_key_note(uint8_t key[KEY_NOTE_MAX], const void *name, size_t bytes);

#endif
