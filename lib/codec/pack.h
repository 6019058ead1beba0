/* codec/pack.h - blocks of 128 integers of up to 32 bits, bit-packed with patches.
 *
 * Layer: codec. Includes base/ only; knows nothing of documents, terms or LMDB.
 *
 * Layout (FORMAT.md, "Packed block"): u8 width, u8 exceptions, u8 high bytes; then 16 * width bytes in which
 * value i sits in lane i % 4, row i / 4, each lane its own little-endian bit stream of 32-bit words; then
 * the exceptions: their indexes, ascending, a byte each; then what stands above `width` bits of each, as
 * varints. Patched frame of reference after Zukowski et al., "Super-Scalar RAM-CPU Cache Compression"
 * (2006); the vertical layout after Lemire & Boytsov, "Decoding billions of integers per second through
 * vectorization" (2015).
 *
 * Reading never goes past the bytes given, whatever they hold.
 */
#ifndef FIHI_CODEC_PACK_H
#define FIHI_CODEC_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PACK_BLOCK = 128,
    PACK_HEAD  = 3,
    PACK_MAX_EXCEPTIONS = 40,
    /* the longest packed block in bytes */
    PACK_MAX_BYTES = PACK_HEAD + 16 * 32 + PACK_MAX_EXCEPTIONS * (1 + 5)
};

/* Write 128 values at the width that makes the block smallest; returns the bytes written, at most PACK_MAX_BYTES. */
size_t fihi_pack(const uint32_t *in, uint8_t *out);

/* Read a block: the number of bytes it took, or 0 if it does not lie wholly in in[0..n) or breaks the layout. */
size_t fihi_unpack(const uint8_t *in, size_t n, uint32_t *out);

/* The same in plain C: the definition that the fast one must equal. */
size_t fihi_unpack_reference(const uint8_t *in, size_t n, uint32_t *out);

/* Bytes of the block without reading its values; 0 as above. */
size_t fihi_pack_skip(const uint8_t *in, size_t n);

/* Value i < PACK_BLOCK of a block alone: a word or two, and a look among the exceptions. What fihi_unpack() reads
 * there; of a block that it refuses, any value or false. */
bool fihi_pack_get(const uint8_t *in, size_t n, unsigned i, uint32_t *value);

#endif
