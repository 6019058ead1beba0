/* text/counts.c - a word's bucket, and in it its tag.
 *
 * A tag of 16 bits in a bucket of some ten words, in place of the words themselves: 3 bytes each with the count, where
 * the letters alone would take some 12. What is not there is found all the same one time in 6,000 (84,000 tags in 8,192
 * buckets, ten chances in 65,536); a wrong count then may take a letter off a rare word, alike in text and query. Built
 * into the library, read-only, shared by processes.
 */
#include "text/counts.h"

#include <xxhash.h>

#include "counts_rows.h"

/* One or two lines of cache: a bucket's tags lie side by side. The first that fits is the commoner word
 * (make_counts.c). */
int fihi_counts_find(const uint16_t *s, size_t n)
{
    const uint64_t hash = counts_hash(s, n);
    const uint16_t tag = counts_tag(hash);

    for (uint32_t i = starts[counts_bucket(hash)], end = starts[counts_bucket(hash) + 1]; i < end; i++)
        if (tags[i] == tag)
            return counts[i];
    return 0;
}

/* starts[] follows from the tags' number and order, and the buckets' hash is code. */
uint64_t fihi_counts_hash(void)
{
    return XXH3_64bits_withSeed(counts, sizeof counts, XXH3_64bits(tags, sizeof tags));
}
