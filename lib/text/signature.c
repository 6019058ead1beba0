/* text/signature.c - the least hash of each bin, and a bit of it.
 *
 * The hash of a run is rolled on from word to word (Karp & Rabin, 1987): run = a K^3 + b K^2 + c K + d, modulo 2^64.
 * The next one is (run - a K^3) K + e. So a word costs its own hash, some products and one comparison. */
#include "text/signature.h"

#include <xxhash.h>

#define ROLL UINT64_C(0x9E3779B97F4A7C15)      /* odd: nothing is lost modulo 2^64 (2^64 over the golden ratio) */

/* The finalizer of SplitMix64 (Steele, Lea & Flood, 2014): each bit depends on all. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* The bin by the upper 32 bits, the value by all. */
void fihi_signer_add(struct signer *s, const uint8_t *word, size_t n)
{
    const uint64_t mark = XXH3_64bits(word, n);
    uint64_t *const oldest = &s->marks[s->words % RUN_WORDS];

    s->run = (s->run - *oldest * (ROLL * ROLL * ROLL)) * ROLL + mark;
    *oldest = mark;
    s->words++;
    if (s->words < RUN_WORDS)
        return;

    const uint64_t hash = mix(s->run) | 1;     /* never 0, which is an empty bin */
    uint64_t *const least = &s->least[(hash >> 32) * SIGNATURE_BITS >> 32];

    *least = *least == 0 || hash < *least ? hash : *least;
}

/* Ends: a text that is long enough has filled a bin. The mixing is by the distance, so that one hash does not give its
 * bit to all bins around. Once for a text, at its end. */
int64_t fihi_signature(const struct signer *s)
{
    uint64_t bits = 0;

    /* Fewer runs than SIGNATURE_RUNS. */
    if (s->words < RUN_WORDS + SIGNATURE_RUNS - 1)
        return -1;
    for (unsigned i = 0; i < SIGNATURE_BITS; i++) {
        unsigned away = 0;

        while (s->least[(i + away) % SIGNATURE_BITS] == 0)
            away++;
        bits |= (mix(s->least[(i + away) % SIGNATURE_BITS] + away) >> 63) << i;
    }
    return (int64_t)bits;
}
