/* fuzz_dict.c - any bytes as a dictionary value: entries within their limits whose keys ascend, or damage; the same from every block. */
#include <stdlib.h>
#include <string.h>

#include "index/dict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct dict_scan s;
    static uint8_t last[TERM_KEY_MAX];
    size_t last_bytes = 0;
    uint32_t steps = 0;
    int rc = FIH_OK;

    if (fihi_dict_scan(&s, data, size) != 0)
        return 0;
    while (steps++ < 100000 && (rc = fihi_dict_next(&s)) == FIH_OK) {
        if (s.key_bytes < 1 || s.key_bytes > TERM_KEY_MAX || key_compare(last, last_bytes, s.key, s.key_bytes) >= 0)
            abort();
        memcpy(last, s.key, last_bytes = s.key_bytes);
    }
    if (rc != FIH_DONE && rc != FIH_E_CORRUPT && steps <= 100000)
        abort();
    /* look-ups begin at a block */
    for (size_t i = 0; i + 3 < size && i < 64; i += 7) {
        if (fihi_dict_scan(&s, data, size) != 0 || fihi_dict_seek_block(&s, data + i, 1 + data[i] % 3) != 0)
            continue;
        for (steps = 0; steps < 100 && fihi_dict_next(&s) == FIH_OK; steps++)
            if (s.key_bytes < 1 || s.key_bytes > TERM_KEY_MAX)
                abort();
    }
    return 0;
}
