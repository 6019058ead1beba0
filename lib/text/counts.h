/* text/counts.h - how often words occur that have no clitic before them, in texts of many kinds.
 *
 * Layer: text. Pure. counts.tsv, made from texts by bench/counts, has the words; make_counts.c makes of each
 * a tag of 16 bits in the bucket of its hash, so that some 84,000 words take 3 bytes each. A word that is not
 * there is taken for another one time in 6,000.
 */
#ifndef FIHI_TEXT_COUNTS_H
#define FIHI_TEXT_COUNTS_H

#include <stddef.h>
#include <stdint.h>

enum { COUNTS_BUCKETS = 8192 };

/* Twice the logarithm to base 2 of the occurrences of a normalised word without a clitic; 0 if it is not known. Less
 * than 0: so many letters of it are a clitic. */
int fihi_counts_find(const uint16_t *s, size_t n);
/* Part of the fingerprint. */
uint64_t fihi_counts_hash(void);

/* The highest bits choose the bucket, the next 16 are the tag: the same on every machine. */
static inline uint64_t counts_hash(const uint16_t *s, size_t n)
{
    uint64_t h = n;

    for (size_t i = 0; i < n; i++) {
        h = (h ^ s[i]) * UINT64_C(0x9E3779B97F4A7C15);
        h ^= h >> 32;
    }
    return h * UINT64_C(0x9E3779B97F4A7C15);
}

static inline unsigned counts_bucket(uint64_t hash)
{
    return (unsigned)(hash >> 51);
}

static inline uint16_t counts_tag(uint64_t hash)
{
    return (uint16_t)(hash >> 35);
}

#endif
