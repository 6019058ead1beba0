/* fuzz_dict.c - any bytes as a dictionary value: entries within their limits whose keys ascend, or damage; the same
 * from every block.
 */
#include <stdlib.h>
#include <string.h>

#include "index/dict.h"
#include "reach.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reach reach[] = {
    {"terms", 40, 0},
    {"rows of roots", 300, 0},
    {NULL, 0, 0},
};

enum { FIRST = 1000 };                         /* the value's first ordinal: rows may lead to what is below */

/* What is said of a term: its numbers lie within the value, its rows come to an end. */
static void look(const struct dict_scan *s, const uint8_t *data, size_t size)
{
    const struct dict_entry *const e = &s->entry;
    struct dict_rows rows = fihi_dict_rows(e);
    struct dict_row row;
    uint32_t count = 0;

    if (s->key_bytes < 1 || s->key_bytes > TERM_KEY_MAX || e->df == 0 || e->form_count == 0)
        abort();
    if (e->numbers && (e->numbers < data || e->doc_bytes > (size_t)(data + size - e->numbers)))
        abort();
    while (fihi_dict_row_next(&rows, &row) == FIH_OK)
        if (count++, row.stem >= e->ordinal || row.df > e->df)
            abort();
    reach[1].count += count;
    if (count != e->row_count)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct dict_scan s;
    static uint8_t last[TERM_KEY_MAX];
    size_t last_bytes = 0;
    uint32_t steps = 0;
    int rc = FIH_OK;

    if (fihi_dict_scan(&s, data, size) != 0)
        return 0;
    s.ordinal = FIRST;
    while (steps++ < 100000 && (rc = fihi_dict_next(&s)) == FIH_OK) {
        if (key_compare(last, last_bytes, s.key, s.key_bytes) >= 0 || s.entry.ordinal != FIRST + steps - 1)
            abort();
        look(&s, data, size);
        reach[0].count++;
        memcpy(last, s.key, last_bytes = s.key_bytes);
    }
    if (rc != FIH_DONE && rc != FIH_E_CORRUPT && steps <= 100000)
        abort();
    /* look-ups begin at a block */
    for (size_t i = 0; i + 3 < size && i < 64; i += 7) {
        if (fihi_dict_scan(&s, data, size) != 0)
            continue;
        s.ordinal = FIRST;
        if (i % 2 ? fihi_dict_seek_block(&s, data + i, 1 + data[i] % 3) != 0
                  : fihi_dict_seek_ordinal(&s, FIRST + data[i]) != 0)
            continue;
        for (steps = 0; steps < 100 && fihi_dict_next(&s) == FIH_OK; steps++)
            look(&s, data, size);
    }
    return 0;
}
