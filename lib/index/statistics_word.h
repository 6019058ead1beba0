/* index/statistics_word.h - words of a schema's texts in a file of statistics.
 *
 * Layer: index. Numbers of fields are an index' own; the file knows a text by a hash of its name.
 */
#ifndef FIHI_INDEX_STATISTICS_WORD_H
#define FIHI_INDEX_STATISTICS_WORD_H

#include <string.h>
#include <xxhash.h>

#include "index/column.h"

enum { STATISTICS_WORD_HEAD = 5 };     /* bytes: the level, and the hash, high byte first */

/* The file's key of a word of the text `name`: of its key in an index, the bytes behind the number. How long it is, 0
 * for a word that is too long to be there. */
static inline size_t statistics_word_key(uint8_t out[TERM_KEY_MAX], const char *name, const uint8_t *stem, size_t n)
{
    const uint32_t hash = (uint32_t)(XXH3_64bits(name, strlen(name)) >> 32);

    if (n > TERM_KEY_MAX - STATISTICS_WORD_HEAD)
        return 0;
    out[0] = LEVEL_WORD;
    for (unsigned i = 0; i < 4; i++)
        out[1 + i] = (uint8_t)(hash >> (24 - 8 * i));
    if (n)
        memcpy(out + STATISTICS_WORD_HEAD, stem, n);
    return STATISTICS_WORD_HEAD + n;
}

#endif
