/* codec/pack.c - packing, and two unpackers that agree.
 *
 * An example with four values in place of 128: 3, 1, 200, 2. Their widths are 2, 1, 8 and 2 bits. All at width 8 are
 * 32 bits; at width 2 they are 8 bits, and what 200 (11001000) has above two bits, 110010, goes behind as an
 * exception with its index: the low two bits 00 stay in place. The unpacker reads all values at one width, without a
 * branch, and patches the few.
 *
 * Why 128: four lanes of 32 rows, so each lane is `width` whole words and each block a multiple of 16 bytes; and a
 * block of 128 documents is small enough to be read for one of them.
 *
 * The unpackers get bytes from the disk: each length is checked against n before anything is read, and exceptions as
 * fihi_pack() never writes them (out of order, a high part of 0, bytes left over) are refused.
 */
#include "codec/pack.h"

#include <string.h>

#include "base/bytes.h"

/* clz(0) is undefined. 0 has no bits, so a block of zeros gets width 0 and no words at all. */
static unsigned bits_of(uint32_t v)
{
    return v ? 32u - (unsigned)__builtin_clz(v) : 0;
}

/* The width that costs least: 16 bytes a bit against (1 + varint) bytes an exception. From the widest value
 * down, moving a width's values to the exceptions, so one histogram serves all widths. For each width the costs of
 * all wider values are summed again, which is 33 * 33 / 2 steps at the worst; most blocks end much earlier, at the
 * limit of exceptions or at width 0. */
static unsigned choose_width(const uint32_t *in, unsigned *exceptions)
{
    unsigned count[33] = {0}, other[33] = {0}, top, best, best_cost, above = 0;

    for (unsigned i = 0; i < PACK_BLOCK; i += 2) {         /* two, for most values have the same width */
        count[bits_of(in[i])]++;
        other[bits_of(in[i + 1])]++;
    }
    for (unsigned w = 0; w <= 32; w++)
        count[w] += other[w];
    for (top = 32; top > 0 && count[top] == 0; top--)
        ;
    /* Without exceptions to begin with: all values at the width of the widest, which is at most 512 bytes. */
    best = top;
    best_cost = 16 * top;
    *exceptions = 0;
    for (unsigned w = top; w-- > 0;) {
        /* 128 values of w bits are 16 * w bytes. */
        unsigned cost = 16 * w;

        above += count[w + 1];
        /* More of them at every narrower width, so no further one can do. 40 limits the time of a patch, and keeps
         * the high bytes' number in its one byte: 40 * 5 = 200. */
        if (above > PACK_MAX_EXCEPTIONS)
            break;
        for (unsigned b = w + 1; b <= top; b++)
            cost += count[b] * (1 + (b - w + 6) / 7);
        /* Of equal costs the wider one, which has fewer exceptions: it is read faster. */
        if (cost < best_cost) {
            best_cost = cost;
            best = w;
            *exceptions = above;
        }
    }
    return best;
}

/* Four lanes at once in the compiler's vector type: SSE2, NEON or plain words, without intrinsics. `width` is
 * a constant in each case of the switches below, so that every shift is one too. */
typedef uint32_t lanes __attribute__((vector_size(16)));

#define EACH_WIDTH \
    W(1) W(2) W(3) W(4) W(5) W(6) W(7) W(8) W(9) W(10) W(11) W(12) W(13) W(14) W(15) W(16) \
    W(17) W(18) W(19) W(20) W(21) W(22) W(23) W(24) W(25) W(26) W(27) W(28) W(29) W(30) W(31) W(32)

/* `width` rows of 16 bytes are written, and exactly `width`: 32 values of `width` bits are `width` words of 32 bits
 * in each lane. So 32 rows end with shift 0 and nothing is left in `word`. */
static inline __attribute__((always_inline)) void pack_width(const uint32_t *in, uint8_t *out, const unsigned width)
{
    const uint32_t m = width == 32 ? UINT32_MAX : (UINT32_C(1) << width) - 1;
    const lanes mask = {m, m, m, m};
    lanes word = {0, 0, 0, 0};
    unsigned shift = 0;

#pragma GCC unroll 32
    for (unsigned row = 0; row < 32; row++) {
        lanes v;

        /* Row r are the values 4 r to 4 r + 3, one for each lane: they lie side by side in `in`, so one load takes them
         * all. */
        memcpy(&v, in + 4 * row, 16);
        v &= mask;
        word |= v << shift;
        shift += width;
        if (shift >= 32) {
            memcpy(out, &word, 16);
            out += 16;
            shift -= 32;
            /* A shift by 32 would be undefined: with nothing left over there is nothing to carry. */
            word = shift > 0 ? v >> (width - shift) : (lanes){0, 0, 0, 0};
        }
    }
}

/* The values as they are: who has ascending numbers passes their differences. The place of the high parts is known
 * before any is written, for the number of exceptions is: one byte of index each, then the varints. A value above the
 * mask is an exception at any width that choose_width() gives, and only such a value, so the two counts are the
 * same. */
size_t fihi_pack(const uint32_t *in, uint8_t *out)
{
    unsigned exceptions;
    const unsigned width = choose_width(in, &exceptions);
    const uint32_t mask = width == 32 ? UINT32_MAX : (UINT32_C(1) << width) - 1;
    uint8_t *indexes = out + PACK_HEAD + 16 * width, *high = indexes + exceptions, *p = high;

#define W(w) case w: pack_width(in, out + PACK_HEAD, w); break;
    switch (width) {
    EACH_WIDTH
    default: break;
    }
#undef W
    for (unsigned i = 0; i < PACK_BLOCK && exceptions > 0; i++)
        if (in[i] > mask) {
            *indexes++ = (uint8_t)i;
            p = put_varint(p, in[i] >> width);
        }
    out[0] = (uint8_t)width;
    out[1] = (uint8_t)exceptions;
    out[2] = (uint8_t)(p - high);
    return (size_t)(p - out);
}

/* Every reader begins here: after it, all of the words, the indexes and the high bytes lie within in[0..n). in[2] is
 * a byte, and 40 varints of at most 5 bytes are 200, so it always fits. */
size_t fihi_pack_skip(const uint8_t *in, size_t n)
{
    size_t bytes;

    if (n < PACK_HEAD || in[0] > 32 || in[1] > PACK_MAX_EXCEPTIONS)
        return 0;
    bytes = PACK_HEAD + 16u * in[0] + in[1] + in[2];
    return bytes <= n ? bytes : 0;
}

/* Put back what stands above the width; -1 if the exceptions break the layout. Behind the words: the indexes ascend,
 * so no value is patched twice and none out of the block. */
static int patch(const uint8_t *in, uint32_t *out)
{
    const unsigned width = in[0], exceptions = in[1];
    const uint8_t *indexes = in + PACK_HEAD + 16 * width, *p = indexes + exceptions, *end = p + in[2];
    int last = -1;

    if (exceptions > 0 && width == 32)
        return -1;
    for (unsigned i = 0; i < exceptions; i++) {
        uint32_t high;

        if (indexes[i] >= PACK_BLOCK || indexes[i] <= last || !(p = get_varint32(p, end, &high)))
            return -1;
        /* A high part of 0 needed no exception; one too long would lose bits above 32. */
        if (high == 0 || bits_of(high) + width > 32)
            return -1;
        last = indexes[i];
        out[last] |= high << width;
    }
    return p == end ? 0 : -1;
}

/* Value i as the words have it, without what an exception adds. Value 5 at width 3 is in lane 1, row 1, which are the
 * bits 3 to 5 of that lane; they lie in its first word, 4 bytes behind the head, at byte 7 of the block. In
 * "packed-three-bits" of FORMAT.md these are the bytes 41 9a a6 69, and the bits are 000, of 1000. */
static inline uint32_t low_bits(const uint8_t *in, unsigned i)
{
    const unsigned width = in[0], at = i / 4 * width, shift = at % 32;
    const uint8_t *const word = in + PACK_HEAD + 4 * (4 * (at / 32) + i % 4);
    uint64_t two;

    if (width == 0)
        return 0;
    two = get_u32(word);
    if (shift + width > 32)                        /* the value crosses into the lane's next word */
        two |= (uint64_t)get_u32(word + 16) << 32;
    return (uint32_t)(two >> shift & ((UINT64_C(1) << width) - 1));
}

/* For who wants one document of a block and not 128. It does not look at the exceptions behind its own, so a block
 * that is damaged there passes: the value asked for is right all the same, and whoever unpacks the block finds the
 * damage. */
bool fihi_pack_get(const uint8_t *in, size_t n, unsigned i, uint32_t *value)
{
    if (fihi_pack_skip(in, n) == 0)
        return false;
    *value = low_bits(in, i);
    const unsigned width = in[0], exceptions = in[1];
    const uint8_t *const indexes = in + PACK_HEAD + 16 * width, *p = indexes + exceptions, *const end = p + in[2];
    unsigned k = 0;

    while (k < exceptions && indexes[k] < i)       /* they ascend */
        k++;
    if (k == exceptions || indexes[k] != i)
        return true;
    for (; k > 0 && p < end; p++)                  /* the last byte of a varint is below 0x80 */
        k -= *p < 0x80;
    uint32_t high;
    if (!get_varint32(p, end, &high) || high == 0 || bits_of(high) + width > 32 || width == 32)
        return false;
    *value |= high << width;
    return true;
}

/* Written to be read, not to be fast; tests compare the two on every width. The fuzzers do on any bytes. */
size_t fihi_unpack_reference(const uint8_t *in, size_t n, uint32_t *out)
{
    const size_t bytes = fihi_pack_skip(in, n);

    if (bytes == 0)
        return 0;
    const unsigned width = in[0];
    const uint32_t mask = width == 32 ? UINT32_MAX : (UINT32_C(1) << width) - 1;
    for (unsigned i = 0; i < PACK_BLOCK; i++) {
        const unsigned lane = i % 4, at = i / 4 * width, word = at / 32, shift = at % 32;
        uint32_t v = 0;

        if (width > 0)
            v = get_u32(in + PACK_HEAD + 4 * (4 * word + lane)) >> shift;
        if (shift + width > 32)                    /* the value crosses into the next word */
            v |= get_u32(in + PACK_HEAD + 4 * (4 * (word + 1) + lane)) << (32 - shift);
        out[i] = v & mask;
    }
    return patch(in, out) == 0 ? bytes : 0;
}

/* Reads `width` rows of 16 bytes and not one more: the next is fetched only when a bit of it is needed, so a block
 * may end at the end of a mapped file. With `row` a constant in each of the 32 copies, `shift` is one too, and every
 * `if` below is decided when this is compiled. */
static inline __attribute__((always_inline)) void unpack_width(const uint8_t *in, uint32_t *out, const unsigned width)
{
    const uint32_t m = width == 32 ? UINT32_MAX : (UINT32_C(1) << width) - 1;
    const lanes mask = {m, m, m, m};
    lanes word = {0, 0, 0, 0};
    unsigned shift = 32;

#pragma GCC unroll 32
    for (unsigned row = 0; row < 32; row++) {
        lanes v;

        if (shift == 32) {
            memcpy(&word, in, 16);
            in += 16;
            shift = 0;
        }
        v = word >> shift;
        shift += width;
        if (shift > 32) {
            memcpy(&word, in, 16);
            in += 16;
            shift -= 32;
            v |= word << (width - shift);
        }
        v &= mask;
        memcpy(out + 4 * row, &v, 16);
    }
}

/* Where it answers 0, the reference does too, and out[] may hold anything. One jump leads to code in which the width is
 * a constant: 32 copies of the loop are the price of shifts and masks that are known when it is compiled. */
size_t fihi_unpack(const uint8_t *in, size_t n, uint32_t *out)
{
    const size_t bytes = fihi_pack_skip(in, n);

    if (bytes == 0)
        return 0;
#define W(w) case w: unpack_width(in + PACK_HEAD, out, w); break;
    switch (in[0]) {
    case 0: memset(out, 0, PACK_BLOCK * sizeof *out); break;
    EACH_WIDTH
    default: return 0;
    }
#undef W
    /* What patch() would say of no exceptions, without the call: high bytes that belong to none are damage. */
    if (in[1] == 0)
        return in[2] == 0 ? bytes : 0;
    return patch(in, out) == 0 ? bytes : 0;
}
