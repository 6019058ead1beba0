/* fuzz_utf8.c - cleaning any bytes gives well-formed text, and leaves well-formed text alone. */
#include <stdlib.h>

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf once = {0}, twice = {0};
    uint64_t bad = 0, none = 0;

    if (fihi_utf8_clean(&once, data, size, &bad) != 0 || fihi_utf8_clean(&twice, once.ptr, once.len, &none) != 0)
        abort();
    if (none != 0 || once.len != twice.len || (once.len > 0 && memcmp(once.ptr, twice.ptr, once.len) != 0) ||
        (bad == 0) != (fihi_utf8_valid(data, size) == size))
        abort();
    fihi_buf_free(&once);
    fihi_buf_free(&twice);
    return 0;
}
