/* base/bytes.h - little-endian numbers and varints at any alignment.
 *
 * Layer: base. Bytes from disk lie anywhere, so nothing is cast: memcpy, which compiles to one load.
 * The file format is little-endian, and so is every machine this is built for.
 */
#ifndef FIHI_BASE_BYTES_H
#define FIHI_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "fihrist's file format is little-endian: this machine is not supported"
#endif

static inline uint16_t get_u16(const uint8_t *p) { uint16_t v; memcpy(&v, p, 2); return v; }
static inline uint32_t get_u32(const uint8_t *p) { uint32_t v; memcpy(&v, p, 4); return v; }
static inline uint64_t get_u64(const uint8_t *p) { uint64_t v; memcpy(&v, p, 8); return v; }
static inline float get_f32(const uint8_t *p) { float v; memcpy(&v, p, 4); return v; }
static inline void put_u16(uint8_t *p, uint16_t v) { memcpy(p, &v, 2); }
static inline void put_u32(uint8_t *p, uint32_t v) { memcpy(p, &v, 4); }
static inline void put_u64(uint8_t *p, uint64_t v) { memcpy(p, &v, 8); }
static inline void put_f32(uint8_t *p, float v) { memcpy(p, &v, 4); }

/* memcmp() == 0, without a call: words are short, and text is compared word by word. */
static inline int bytes_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
    if (n >= 8) {
        uint64_t different = get_u64(a + n - 8) ^ get_u64(b + n - 8);

        for (size_t i = 0; i + 8 < n; i += 8)
            different |= get_u64(a + i) ^ get_u64(b + i);
        return different == 0;
    }
    if (n >= 4)
        return ((get_u32(a) ^ get_u32(b)) | (get_u32(a + n - 4) ^ get_u32(b + n - 4))) == 0;
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return 0;
    return 1;
}

enum { VARINT_MAX = 10 };

/* LEB128: seven bits a byte, low bits first, the high bit says that more follow. */
static inline uint8_t *put_varint(uint8_t *p, uint64_t v)
{
    while (v >= 0x80) {
        *p++ = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    *p++ = (uint8_t)v;
    return p;
}

/* NULL when the bytes end inside the number or it does not fit 64 bits. Most numbers have one byte. */
static inline const uint8_t *get_varint(const uint8_t *p, const uint8_t *end, uint64_t *v)
{
    uint64_t r = 0;

    if (p < end && *p < 0x80) {
        *v = *p;
        return p + 1;
    }
    for (unsigned shift = 0; p < end && shift < 64; shift += 7) {
        const uint8_t b = *p++;
        if (shift == 63 && b > 1)
            return NULL;
        r |= (uint64_t)(b & 0x7F) << shift;
        if (b < 0x80) {
            *v = r;
            return p;
        }
    }
    return NULL;
}

static inline const uint8_t *get_varint32(const uint8_t *p, const uint8_t *end, uint32_t *v)
{
    uint64_t wide = 0;

    if (p < end && *p < 0x80) {
        *v = *p;
        return p + 1;
    }
    p = get_varint(p, end, &wide);
    if (!p || wide > UINT32_MAX)
        return NULL;
    *v = (uint32_t)wide;
    return p;
}

#endif
