/* text/said.c - the list of what is said so often, and what only looks like it.
 *
 * That ما and زال belong together is known of the language; an index that has مازال alone cannot tell it by its own
 * counts, nor that مالك is an owner, if it is small.
 */
#include "text/said.h"

#include <xxhash.h>

#include "said_rows.h"
#include "text/counts.h"

static const struct list list = LIST(said);

/* Half bits: some 22 occurrences in the corpora of counts.tsv. */
enum { OWN_WORD = 9 };

bool fihi_said_has(const uint16_t *letters, size_t n)
{
    return n < LIST_ROW && list_has(&list, letters, n, list_hash(letters, n));
}

bool fihi_said_is_other(const uint16_t *letters, size_t n)
{
    const bool is_behind_l = n > 3 && letters[0] == u'ل' && letters[1] == u'ا';

    return (fihi_counts_find(letters, n) >= OWN_WORD ||
            (is_behind_l && fihi_counts_find(letters + 1, n - 1) >= OWN_WORD)) &&
           !fihi_said_has(letters, n);
}

uint64_t fihi_said_hash(void)
{
    return XXH3_64bits(said, sizeof said);
}

const struct list *fihi_said_list(void)
{
    return &list;
}
