/* text/list.h - sorted lists of short words inside the program.
 *
 * Layer: text. Rows of fixed width: no pointers to relocate when the library is loaded, one compare a
 * step. Lists are sorted by code unit; a unit test checks that. Nearly all words that are looked up are in none of
 * them, so each has a filter, which answers for most after one look.
 */
#ifndef FIHI_TEXT_LIST_H
#define FIHI_TEXT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

enum { LIST_ROW = 12 };         /* units of a row: a word of at most 11, then zeros */

typedef char16_t list_row[LIST_ROW];

/* NAME and NAME_filter, as make_list.c writes both. */
struct list {
    const list_row *rows;
    size_t          count;
    const uint8_t  *filter;      /* a bit for the hash of each row */
    size_t          filter_bytes;  /* a power of two */
};
#define LIST(name) { name, sizeof name / sizeof *name, name##_filter, sizeof name##_filter }

/* Four letters as a number, alike on every machine; compilers make one load of it. */
static inline uint64_t list_four(const uint16_t *s)
{
    return s[0] | (uint64_t)s[1] << 16 | (uint64_t)s[2] << 32 | (uint64_t)s[3] << 48;
}

/* The factor is the golden ratio's bits: Knuth, The Art of Computer Programming 3, 6.4. */
static inline uint64_t list_mix(uint64_t h, uint64_t more)
{
    h = (h ^ more) * UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 32;
}

/* Of a word's letters, alike on every machine: tables that the build makes are ordered by it. Four letters at once, the
 * last four once more, for most words are asked about more often than they are read. */
static inline uint64_t list_hash(const uint16_t *s, size_t n)
{
    uint64_t h = n;

    for (; n > 8; n -= 4, s += 4)
        h = list_mix(h, list_four(s));
    if (n >= 4)
        h = list_mix(list_mix(h, list_four(s)), list_four(s + n - 4));
    else if (n > 0)
        h = list_mix(list_mix(h, s[0] | (uint64_t)s[n / 2] << 16 | (uint64_t)s[n - 1] << 32), 0);
    return h * UINT64_C(0x9E3779B97F4A7C15);
}

/* Its place in a filter of so many bits, a power of two: the highest bits, which depend on all letters, choose other
 * things (counts.h). */
static inline size_t list_bit(uint64_t hash, size_t bits)
{
    return (size_t)(hash >> 16) & (bits - 1);
}

/* May the row be there? True of each that is, and of a few strangers: Bloom's filter with one hash (Communications of
 * the ACM 13, 1970). */
static inline bool list_may_have(const uint8_t *filter, size_t bytes, uint64_t hash)
{
    const size_t bit = list_bit(hash, 8 * bytes);

    return filter[bit / 8] >> bit % 8 & 1;
}

/* <0, 0, >0 as the row sorts before, is, or sorts after key[0…n-1]. */
static inline int list_compare(const char16_t *row, const uint16_t *key, size_t n)
{
    size_t i = 0;

    while (i < LIST_ROW && row[i] && i < n && row[i] == key[i])
        i++;
    if (i == LIST_ROW || !row[i])
        return i == n ? 0 : -1;
    return i == n ? 1 : row[i] < key[i] ? -1 : 1;
}

/* The first four units as a number, in the order of list_compare(). */
static inline uint64_t list_head(const uint16_t *s, size_t n)
{
    uint64_t head = 0;

    for (size_t i = 0; i < 4; i++)
        head = head << 16 | (i < n ? s[i] : 0);
    return head;
}

/* Is it one of the rows? `hash` is list_hash() of the key, which may be asked of several lists. */
static inline bool list_has(const struct list *l, const uint16_t *key, size_t n, uint64_t hash)
{
    size_t low = 0, high = l->count;

    if (!list_may_have(l->filter, l->filter_bytes, hash))
        return false;
    const uint64_t wanted = list_head(key, n);
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        const uint64_t head = list_head((const uint16_t *)l->rows[mid], 4);
        const int order = head != wanted ? (head < wanted ? -1 : 1) : list_compare(l->rows[mid], key, n);

        if (order == 0)
            return true;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

#endif
