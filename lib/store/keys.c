/* store/keys.c - keys that need more than a few shifts.
 *
 * A note's key is a URL or a path as a rule, and LMDB takes 511 bytes at most. 480 leave room for the hash and the
 * byte before; two long names that begin alike differ by 128 bits, and the value holds the whole name, so that even a
 * collision is seen by who reads it.
 */
#include "store/keys.h"

#include <string.h>
#include <xxhash.h>

#include "base/bytes.h"

const char *fihi_space_name(enum space space)
{
    static const char *const names[SPACE_COUNT] = {"meta", "segment", "delete", "note"};

    return names[space];
}

size_t fihi_key_note(uint8_t key[KEY_NOTE_MAX], const void *name, size_t bytes)
{
    XXH128_hash_t h;

    key[0] = bytes > KEY_NOTE_WHOLE;
    if (bytes <= KEY_NOTE_WHOLE) {
        memcpy(key + 1, name, bytes);
        return bytes + 1;
    }
    h = XXH3_128bits(name, bytes);
    memcpy(key + 1, name, KEY_NOTE_WHOLE);
    /* Order among names with the same 480 bytes means nothing, so the hash is as it comes. */
    put_u64(key + 1 + KEY_NOTE_WHOLE, h.high64);
    put_u64(key + 1 + KEY_NOTE_WHOLE + 8, h.low64);
    return KEY_NOTE_MAX;
}
