/* text/list.h - sorted lists of short words inside the program.
 *
 * Layer: text. Rows of fixed width: no pointers to relocate when the library is loaded, one compare a
 * step. Lists are sorted by code unit; a unit test checks that.
 */
#ifndef FIHI_TEXT_LIST_H
#define FIHI_TEXT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

enum { LIST_ROW = 12 };         /* units of a row: a word of at most 11, then zeros */

typedef char16_t list_row[LIST_ROW];

/* The lists of a file, for its tests. */
struct list {
    const list_row *rows;
    size_t          count;
};
#define LIST(rows) { rows, sizeof rows / sizeof *rows }

/* Rows of list number `which` of n, from 0; NULL past the last. */
static inline const list_row *list_at(const struct list *lists, size_t n, unsigned which, size_t *count)
{
    if (which >= n)
        return NULL;
    *count = lists[which].count;
    return lists[which].rows;
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

/* Is it one of the rows? */
static inline bool list_has(const list_row *rows, size_t count, const uint16_t *key, size_t n)
{
    const uint64_t wanted = list_head(key, n);
    size_t low = 0, high = count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        const uint64_t head = list_head((const uint16_t *)rows[mid], 4);
        const int order = head != wanted ? (head < wanted ? -1 : 1) : list_compare(rows[mid], key, n);

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
