/* fuzz_fold.c - folding any bytes stays within its limits, gives well-formed text, and changes nothing the second time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fihrist.h"
#include "text/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int good)
{
    if (!good)
        abort();
}

/* The folded words of a surface, a space between them. */
static size_t fold_arabic(uint8_t *out, size_t max, const uint8_t *s, size_t n, int with_dagger)
{
    static struct raw raw;
    static struct word w;
    size_t at = 0, len = 0;

    fihi_fold_raw(&raw, s, n, with_dagger);
    require(raw.n <= WORD_MAX);
    while (fihi_fold_next(&w, &raw, &at)) {
        require(w.n > 0 && w.n <= WORD_MAX);
        if (len > 0 && len < max)
            out[len++] = ' ';
        const size_t got = fihi_fold_utf8(out + len, max - len, &w);
        require(got <= max - len && fihi_utf8_valid(out + len, got) == got);
        len += got;
    }
    return len;
}

static void check_arabic(const uint8_t *s, size_t n)
{
    static uint8_t a[8 * WORD_MAX], cut[FIH_MAX_TERM];

    for (int with_dagger = 0; with_dagger < 2; with_dagger++) {
        require(fold_arabic(a, sizeof a, s, n, with_dagger) <= sizeof a);
        require(fold_arabic(cut, sizeof cut, s, n, with_dagger) <= sizeof cut);
    }
}

static void check_other(const uint8_t *s, size_t n, int simple)
{
    static uint8_t once[FOLD_MAX], twice[FOLD_MAX];
    const size_t len = fihi_fold_other(once, s, n, simple);

    require(len <= FOLD_MAX && fihi_utf8_valid(once, len) == len);
    if (len < FOLD_MAX / 4) {                    /* nothing was cut */
        const size_t again = len > 0 ? fihi_fold_other(twice, once, len, simple) : 0;
        require(again == len && memcmp(once, twice, len) == 0);
    }
    memcpy(twice, once, len);
    const size_t plain = fihi_fold_accents(twice, len);
    require(plain <= len && fihi_utf8_valid(twice, plain) == plain);
    memcpy(once, twice, plain);
    require(fihi_fold_accents(twice, plain) == plain && memcmp(once, twice, plain) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_arabic(data, size);
    check_other(data, size, 0);
    check_other(data, size, 1);
    (void)fihi_fold_is_arabic(data, size);
    return 0;
}
