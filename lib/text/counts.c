/* text/counts.c - a word's bucket, and in it its tag. */
#include "text/counts.h"

#include <xxhash.h>

#include "counts_rows.h"

int fihi_counts_find(const uint16_t *s, size_t n)
{
    const uint64_t hash = counts_hash(s, n);
    const uint16_t tag = counts_tag(hash);

    for (uint32_t i = starts[counts_bucket(hash)], end = starts[counts_bucket(hash) + 1]; i < end; i++)
        if (tags[i] == tag)
            return counts[i];
    return 0;
}

uint64_t fihi_counts_hash(void)
{
    return XXH3_64bits_withSeed(counts, sizeof counts, XXH3_64bits(tags, sizeof tags));
}
