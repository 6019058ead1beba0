/* fuzz_respell.c - words of any bytes, on other keyboards and by their consonants, and times of any bytes: all within
 * bounds. */
#include <stdlib.h>

#include "base/utf8.h"
#include "search/when.h"
#include "text/respell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t out[RESPELL_MAX];
    const size_t half = size / 2;
    int32_t from, to;
    size_t n;

    for (unsigned k = 0; k < RESPELL_KEYBOARDS; k++)
        if ((n = fihi_respell_keys(out, data, size, k)) > RESPELL_MAX || fihi_utf8_valid(out, n) != n)
            abort();
    n = fihi_respell_bones(out, data, size);
    if (n > RESPELL_MAX || n > size)
        abort();
    for (size_t i = 0; i < n; i++)
        if (out[i] < '0' || out[i] > 'z')
            abort();
    const float nearness = fihi_respell_nearness(data, half, data + half, size - half);
    if (!(nearness >= 0 && nearness <= 1))
        abort();
    if (fihi_when_parse((fih_str){(const char *)data, size}, 20000, &from, &to, NULL) == FIH_OK &&
        (from > to && to != from - 1 && from != INT32_MAX))
        abort();
    return 0;
}
