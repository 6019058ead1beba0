/* text/counts.h - how often words occur that have no clitic before them, in texts of many kinds.
 *
 * Layer: text. Pure. counts.tsv, made from texts by bench/counts, has the words; make_counts.c makes of each
 * a tag of 24 bits in the bucket of its hash, so that some 84,000 words take 4 bytes each. A word that is not there is
 * taken for another one time in 1.6 million.
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

/* The highest bits of a word's list_hash(), which depend on all letters: 13 choose the bucket, 24 are the tag. */
static inline uint64_t counts_key(uint64_t hash)
{
    return hash >> 27;
}

static inline uint32_t counts_bucket(uint64_t key)
{
    return (uint32_t)(key >> 24);
}

static inline uint32_t counts_tag(uint64_t key)
{
    return key & 0xFFFFFF;
}

#endif
