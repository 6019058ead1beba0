/* fuzz_respell.c - words of any bytes, on other keyboards, mistyped and in Latin letters, and times of any bytes: all
 * within bounds. */
#include <stdlib.h>
#include <string.h>

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
    struct letters a, b;
    struct latin l;
    if (fihi_respell_letters(&a, data, half) && fihi_respell_letters(&b, data + half, size - half)) {
        const unsigned cost = fihi_respell_slip(&a, &b, 200);

        if ((cost > 200 && cost != RESPELL_NEVER) || (cost == 0) != (a.count == b.count &&
                                                                     memcmp(a.at, b.at, a.count * sizeof *a.at) == 0))
            abort();
        if (fihi_respell_latin(&l, data, half) && (n = fihi_respell_latin_cost(&l, &b, 75)) > 75 && n != RESPELL_NEVER)
            abort();
    }
    if (fihi_when_parse((fih_str){(const char *)data, size}, 20000, &from, &to, NULL) == FIH_OK &&
        (from > to && to != from - 1 && from != INT32_MAX))
        abort();
    return 0;
}
