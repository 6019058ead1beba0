/* test_pack.c - packed blocks: what goes in comes out, both unpackers agree, nothing reads too far. */
#include "codec/pack.h"
#include "tap.h"

static uint32_t below(unsigned bits, uint64_t *seed)
{
    return bits == 0 ? 0 : (uint32_t)(tap_random(seed) >> 32) >> (32 - bits);
}

/* Pack, then unpack both ways, and value by value, from bytes that end at an unreadable page. */
static void check_round_trip(const uint32_t *in, const char *what, unsigned n)
{
    uint8_t packed[PACK_MAX_BYTES], *flush;
    uint32_t fast[PACK_BLOCK], plain[PACK_BLOCK];
    const size_t bytes = fihi_pack(in, packed);

    REQUIRE(bytes >= PACK_HEAD && bytes <= PACK_MAX_BYTES, "%s %u: %zu bytes", what, n, bytes);
    flush = guard_alloc(bytes);
    memcpy(flush, packed, bytes);
    memset(fast, 0xA5, sizeof fast);
    memset(plain, 0x5A, sizeof plain);
    CHECK_INT_EQ(fihi_pack_skip(flush, bytes), bytes, "%s %u", what, n);
    CHECK_INT_EQ(fihi_unpack(flush, bytes, fast), bytes, "%s %u", what, n);
    CHECK_INT_EQ(fihi_unpack_reference(flush, bytes, plain), bytes, "%s %u", what, n);
    CHECK_MEM_EQ(fast, in, sizeof fast, "%s %u, fast", what, n);
    CHECK_MEM_EQ(plain, in, sizeof plain, "%s %u, plain", what, n);
    for (unsigned i = 0; i < PACK_BLOCK; i++) {
        uint32_t one = ~in[i];

        if (!CHECK(fihi_pack_get(flush, bytes, i, &one) && one == in[i], "%s %u, value %u alone", what, n, i))
            break;
    }
    guard_free(flush, bytes);
}

static void every_width_round_trips(void)
{
    uint64_t seed = 1;

    for (unsigned bits = 0; bits <= 32; bits++)
        for (unsigned round = 0; round < 20; round++) {
            uint32_t in[PACK_BLOCK];

            for (unsigned i = 0; i < PACK_BLOCK; i++)
                in[i] = below(bits, &seed);
            check_round_trip(in, "bits", bits);
            for (unsigned i = round; i < PACK_BLOCK; i += 7 + round)
                in[i] = below(32, &seed);
            check_round_trip(in, "bits and wider ones", bits);
        }
}

static void every_number_of_exceptions_round_trips(void)
{
    uint64_t seed = 2;

    for (unsigned large = 0; large <= PACK_BLOCK; large++)
        for (unsigned bits = 1; bits <= 32; bits += 1 + bits / 3) {
            uint32_t in[PACK_BLOCK];

            for (unsigned i = 0; i < PACK_BLOCK; i++)
                in[i] = i < large ? below(32, &seed) : below(bits, &seed);
            for (unsigned i = PACK_BLOCK - 1; i > 0; i--) {          /* shuffle */
                const unsigned j = (unsigned)(tap_random(&seed) % (i + 1));
                const uint32_t t = in[i];

                in[i] = in[j];
                in[j] = t;
            }
            check_round_trip(in, "exceptions", large);
        }
}

static void extremes_round_trip(void)
{
    static const uint32_t values[] = {0, 1, UINT32_MAX, UINT32_C(1) << 31, UINT32_MAX >> 1};
    uint32_t in[PACK_BLOCK];

    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        for (unsigned i = 0; i < PACK_BLOCK; i++)
            in[i] = values[k];
        check_round_trip(in, "all", (unsigned)k);
        for (unsigned at = 0; at < PACK_BLOCK; at++) {
            memset(in, 0, sizeof in);
            in[at] = values[k];
            check_round_trip(in, "one at", at);
        }
    }
}

static void small_values_take_few_bytes(void)
{
    uint32_t in[PACK_BLOCK] = {0};
    uint8_t out[PACK_MAX_BYTES];

    CHECK_INT_EQ(fihi_pack(in, out), PACK_HEAD, "zeros take the head alone");
    for (unsigned i = 0; i < PACK_BLOCK; i++)
        in[i] = 1 + i % 3;
    CHECK_INT_EQ(fihi_pack(in, out), PACK_HEAD + 32, "two bits each");
    in[77] = 1000000;
    CHECK(fihi_pack(in, out) <= PACK_HEAD + 32 + 1 + 3, "one exception adds its index and three bytes");
}

static void a_block_cut_short_is_refused(void)
{
    uint64_t seed = 3;
    uint32_t in[PACK_BLOCK], out[PACK_BLOCK];
    uint8_t packed[PACK_MAX_BYTES];
    size_t bytes;

    for (unsigned i = 0; i < PACK_BLOCK; i++)
        in[i] = i % 9 ? below(7, &seed) : below(29, &seed);
    bytes = fihi_pack(in, packed);
    for (size_t n = 0; n < bytes; n++) {
        uint8_t *flush = guard_alloc(n);

        memcpy(flush, packed, n);
        CHECK_INT_EQ(fihi_unpack(flush, n, out), 0, "%zu of %zu bytes", n, bytes);
        CHECK_INT_EQ(fihi_unpack_reference(flush, n, out), 0, "%zu of %zu bytes", n, bytes);
        CHECK_INT_EQ(fihi_pack_skip(flush, n), 0, "%zu of %zu bytes", n, bytes);
        CHECK(!fihi_pack_get(flush, n, (unsigned)n % PACK_BLOCK, out), "%zu of %zu bytes", n, bytes);
        guard_free(flush, n);
    }
}

static void all_ways_to_unpack_agree_on_damaged_blocks(void)
{
    uint64_t seed = 4;
    unsigned taken = 0;

    for (unsigned round = 0; round < 50000; round++) {
        uint32_t in[PACK_BLOCK], fast[PACK_BLOCK], plain[PACK_BLOCK];
        const unsigned bits = (unsigned)(tap_random(&seed) % 33);
        uint8_t packed[PACK_MAX_BYTES], *flush;
        size_t bytes, a, b;

        for (unsigned i = 0; i < PACK_BLOCK; i++)
            in[i] = tap_random(&seed) % 12 ? below(bits, &seed) : below(32, &seed);
        bytes = fihi_pack(in, packed);
        for (unsigned n = 1 + round % 3; n > 0; n--)
            packed[tap_random(&seed) % (round % 2 ? bytes : PACK_HEAD + 1)] ^= (uint8_t)(1u << tap_random(&seed) % 8);
        flush = guard_alloc(bytes);
        memcpy(flush, packed, bytes);
        a = fihi_unpack(flush, bytes, fast);
        b = fihi_unpack_reference(flush, bytes, plain);
        CHECK_INT_EQ(a, b, "round %u", round);
        for (unsigned i = 0; i < PACK_BLOCK; i++) {
            uint32_t one = 0;
            const bool is_read = fihi_pack_get(flush, bytes, i, &one);     /* of a refused block, anything */

            CHECK(a == 0 || (is_read && one == fast[i]), "round %u, value %u", round, i);
        }
        CHECK(a <= bytes, "round %u", round);
        if (a > 0 && a == b) {
            taken++;
            CHECK_MEM_EQ(fast, plain, sizeof fast, "round %u", round);
            CHECK_INT_EQ(fihi_pack_skip(flush, bytes), a, "round %u", round);
        }
        guard_free(flush, bytes);
    }
    CHECK(taken > 1000 && taken < 49000, "%u rounds taken prove both sides", taken);
}

int main(void)
{
    RUN(every_width_round_trips);
    RUN(every_number_of_exceptions_round_trips);
    RUN(extremes_round_trip);
    RUN(small_values_take_few_bytes);
    RUN(a_block_cut_short_is_refused);
    RUN(all_ways_to_unpack_agree_on_damaged_blocks);
    return DONE();
}
