/* text/counts.c - a word's bucket, and in it its tag.
 *
 * A tag of 24 bits in a bucket of some ten words, in place of the words themselves: 4 bytes each with the count, where
 * the letters alone would take some 12. What is not there is found all the same one time in 1.6 million (ten chances in
 * 2^24): with 16 bits there were such words in a newspaper's archive, الاشرطة among them. Built into the library,
 * read-only, shared by processes.
 */
#include "text/counts.h"

#include <xxhash.h>

#include "counts_rows.h"
#include "text/list.h"

/* One or two lines of cache: a bucket's rows lie side by side, in the order of their tags. A row has its count in the
 * lowest eight bits. The first of equal tags is the commoner word (make_counts.c). */
int fihi_counts_find(const uint16_t *s, size_t n)
{
    const uint64_t key = counts_key(list_hash(s, n));
    const uint32_t tag = counts_tag(key), end = starts[counts_bucket(key) + 1];
    uint32_t i = starts[counts_bucket(key)];

    while (i < end && rows[i] < tag << 8)
        i++;
    return i < end && rows[i] >> 8 == tag ? (int8_t)(rows[i] & 0xFF) : 0;
}

/* starts[] follows from the rows' number and order, and the buckets' hash is code. */
uint64_t fihi_counts_hash(void)
{
    return XXH3_64bits(rows, sizeof rows);
}
