/* numbers.c - codec/pack: the numbers of real lists, packed and unpacked as bit by bit. */
#include "codec/pack.h"
#include "counted.h"

static unsigned bits_of(uint32_t v)
{
    unsigned bits = 0;

    for (; v; v >>= 1)
        bits++;
    return bits;
}

/* pack.h's layout: the width of the fewest bytes, of equal ones the widest; each bit to its place. */
static size_t pack_plainly(const uint32_t *in, uint8_t *out)
{
    unsigned best = 0, best_cost = UINT32_MAX, exceptions = 0;
    uint8_t *p;

    for (unsigned width = 33; width-- > 0;) {
        unsigned cost = 16 * width, above = 0;

        for (unsigned i = 0; i < PACK_BLOCK; i++)
            if (bits_of(in[i]) > width) {
                above++;
                cost += 1 + (bits_of(in[i]) - width + 6) / 7;
            }
        if (above <= PACK_MAX_EXCEPTIONS && cost < best_cost) {
            best = width;
            best_cost = cost;
            exceptions = above;
        }
    }
    memset(out, 0, PACK_HEAD + 16 * best);
    for (unsigned i = 0; i < PACK_BLOCK; i++)
        for (unsigned bit = 0; bit < best; bit++) {
            const unsigned at = i / 4 * best + bit;        /* in lane i % 4 */

            if (in[i] >> bit & 1)
                out[PACK_HEAD + 4 * (4 * (at / 32) + i % 4) + at % 32 / 8] |= (uint8_t)(1u << at % 8);
        }
    p = out + PACK_HEAD + 16 * best;
    for (unsigned i = 0; i < PACK_BLOCK; i++)
        if (bits_of(in[i]) > best)
            *p++ = (uint8_t)i;
    const uint8_t *const high = p;
    for (unsigned i = 0; i < PACK_BLOCK; i++)
        if (bits_of(in[i]) > best)
            for (uint32_t v = in[i] >> best; v; v >>= 7)
                *p++ = (uint8_t)((v & 127) | (v > 127 ? 128 : 0));
    out[0] = (uint8_t)best;
    out[1] = (uint8_t)exceptions;
    out[2] = (uint8_t)(p - high);
    return (size_t)(p - out);
}

static struct fence fence;
static uint64_t     packed_blocks;

static void check_pack(const uint32_t *in)
{
    uint8_t plain[PACK_MAX_BYTES], fast[PACK_MAX_BYTES];
    uint32_t out[PACK_BLOCK], slow[PACK_BLOCK];
    const size_t n = pack_plainly(in, plain);

    CHECK(fihi_pack(in, fast) == n && memcmp(plain, fast, n) == 0, "block %" PRIu64, packed_blocks);
    const uint8_t *const flush = fence_end(&fence, plain, n);
    CHECK(fihi_unpack(flush, n, out) == n && memcmp(out, in, sizeof out) == 0, "block %" PRIu64, packed_blocks);
    CHECK(fihi_unpack_reference(flush, n, slow) == n && memcmp(slow, in, sizeof slow) == 0, "block %" PRIu64,
          packed_blocks);
    CHECK_INT_EQ(fihi_pack_skip(flush, n), n);
    for (unsigned i = 0; i < PACK_BLOCK; i++) {
        uint32_t one = ~in[i];

        CHECK(fihi_pack_get(flush, n, i, &one) && one == in[i], "block %" PRIu64 ", value %u", packed_blocks, i);
    }
    packed_blocks++;
}

/* Numbers one behind the other, packed whenever a block is full. */
struct filling {
    uint32_t values[PACK_BLOCK];
    unsigned count;
};
static void fill(struct filling *f, uint32_t value)
{
    f->values[f->count++] = value;
    if (f->count == PACK_BLOCK) {
        check_pack(f->values);
        f->count = 0;
    }
}

/* Differences of documents, frequencies, differences of positions, in the order of the lists. */
static void numbers_of_lists_are_packed_as_bit_by_bit(void)
{
    static struct filling docs, freqs, positions;
    uint32_t freq = 0;

    docs.count = freqs.count = positions.count = 0;
    packed_blocks = 0;
    count_words();
    fence = fence_new(PACK_MAX_BYTES);
    for (size_t i = 0; i < counted.occurrence_count; i++) {
        const struct occurrence *const o = &counted.occurrences[i], *const last = i ? o - 1 : NULL;
        const bool is_list = last && last->stem == o->stem, is_doc = is_list && last->doc == o->doc;

        fill(&positions, is_doc ? o->position - last->position : o->position);
        freq++;
        if (is_doc)
            continue;
        fill(&docs, is_list ? o->doc - last->doc : o->doc);
        fill(&freqs, freq - 1);
        freq = 0;
    }
    CHECK(packed_blocks > 1000, "%" PRIu64, packed_blocks);
    fence_free(&fence);
}

void test_numbers(struct totals *t)
{
    static const struct test tests[] = {
        {numbers_of_lists_are_packed_as_bit_by_bit, "numbers of lists are packed as bit by bit"},
        {NULL, NULL},
    };

    run_all(tests, t);
}
