/* fuzz_pack.c - both unpackers take or refuse any bytes alike, and a value read alone is the same. */
#include <stdlib.h>
#include <string.h>

#include "codec/pack.h"
#include "reach.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reach reach[] = {{"packed blocks", 4, 0}, {NULL, 0, 0}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t fast[PACK_BLOCK], plain[PACK_BLOCK];
    const size_t a = fihi_unpack(data, size, fast), b = fihi_unpack_reference(data, size, plain);

    if (a != b || a > size || (a > 0 && (fihi_pack_skip(data, size) != a || memcmp(fast, plain, sizeof fast) != 0)))
        abort();
    reach[0].count += a > 0;
    for (unsigned i = 0; i < PACK_BLOCK; i++) {
        uint32_t one;

        if (fihi_pack_get(data, size, i, &one) ? a > 0 && one != fast[i] : a > 0)
            abort();
    }
    return 0;
}
