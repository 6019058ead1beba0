/* fuzz_split.c - words of any bytes lie in the text, in order, and fold within their bounds; from a fresh one on they
 * are those of a text that begins there. */
#include <stdlib.h>

#include "fihrist.h"
#include "text/fold.h"
#include "text/split.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fold(const uint8_t *s, size_t n)
{
    static struct raw raw;
    static struct word word;
    uint8_t out[FOLD_MAX];

    if (!fihi_fold_is_arabic(s, n)) {
        if (fihi_fold_other(out, s, n, 0) > FOLD_MAX || fihi_fold_other(out, s, n, 1) > FOLD_MAX)
            abort();
        return;
    }
    for (int with_dagger = 0; with_dagger < 2; with_dagger++) {
        size_t at = 0;

        fihi_fold_raw(&raw, s, n, with_dagger);
        while (fihi_fold_next(&word, &raw, &at))
            if (word.n > WORD_MAX || fihi_fold_utf8(out, FIH_MAX_TERM, &word) > FIH_MAX_TERM)
                abort();
    }
}

/* The words from this one on are those that a text from there has by itself, as far as a few words tell. */
static void begin_anew(const struct span *first, const uint8_t *data, size_t size)
{
    struct splitter s = {0}, again = {0};
    struct span w = *first, v;
    int rc = FIH_OK;

    fihi_split_begin(&again, data + first->start, size - first->start);
    fihi_split_begin(&s, data, size);
    do                                         /* a breaker is not to be copied: walk there again */
        rc = fihi_split_next(&s, &w);
    while (rc == FIH_OK && w.start < first->start);
    for (unsigned i = 0; i < 8; i++) {
        const int other = fihi_split_next(&again, &v);

        if (rc != other || (rc == FIH_OK && (w.start != v.start + first->start || w.end != v.end + first->start)))
            abort();
        if (rc != FIH_OK)
            break;
        rc = fihi_split_next(&s, &w);
    }
    fihi_split_free(&s);
    fihi_split_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct splitter s = {0};
    struct span w;
    size_t last = 0;

    fihi_split_begin(&s, data, size);
    while (fihi_split_next(&s, &w) == FIH_OK) {
        if (w.start < last || w.end <= w.start || w.end > size)
            abort();
        last = w.end;
        fold(data + w.start, w.end - w.start);
        if (w.is_fresh && size < 4096)
            begin_anew(&w, data, size);
    }
    fihi_split_free(&s);
    return 0;
}
