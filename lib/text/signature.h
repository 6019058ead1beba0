/* text/signature.h - 63 bits of a text, by which near-duplicates are told.
 *
 * Layer: text. Runs of four neighbouring words make a text a set (shingles: Broder, "On the resemblance and containment
 * of documents", 1997). J is how many of them two texts share, of those that either has. Signatures of such texts
 * differ in (1 - J) / 2 of their bits on average:
 *   - the hashes of the runs are strewn over 63 bins, and of each bin the least counts (one permutation hashing: Li,
 *     Owen & Zhang, 2012); two texts have the same least hash with probability J;
 *   - an empty bin takes the hash of the next that has one, mixed with the distance (Shrivastava & Li, 2014);
 *   - one bit of each is kept (b-bit minwise hashing: Li & König, 2010): equal hashes have equal bits, others half of
 *     the time.
 *
 * At most NEAR_BITS bits apart are 98.6 % of the pairs with J = 0.9, 25 % with 0.7, 0.6 % with 0.5, and of unrelated
 * texts one in 10^10 (binomial). bench/similar measures it. Format: FORMAT.md, "Signature".
 */
#ifndef FIHI_TEXT_SIGNATURE_H
#define FIHI_TEXT_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SIGNATURE_BITS = 63,
    RUN_WORDS = 4,
    SIGNATURE_RUNS = 5,                /* a text with fewer has no signature: a caption is no story */
    NEAR_BITS = 7
};

/* Zero-initialise. */
struct signer {
    uint64_t least[SIGNATURE_BITS];    /* hash of each bin; 0: empty */
    uint64_t run;                      /* hash of the last words */
    uint64_t marks[RUN_WORDS];         /* of these words, the oldest at words % RUN_WORDS */
    uint64_t words;
};

/* The next word of the text, as it is written. */
void fihi_signer_add(struct signer *s, const uint8_t *word, size_t n);
/* 0 … 2^63 - 1; -1 for a text that is too short. */
int64_t fihi_signature(const struct signer *s);

static inline bool signatures_are_near(int64_t a, int64_t b)
{
    return __builtin_popcountll((uint64_t)(a ^ b)) <= NEAR_BITS;
}

#endif
