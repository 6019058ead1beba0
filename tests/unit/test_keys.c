/* test_keys.c - the bytes of keys: their order is the order of what they stand for. */
#include "store/keys.h"
#include "tap.h"

static void segment_keys_sort_by_segment_kind_and_number(void)
{
    uint64_t seed = 1;

    for (unsigned round = 0; round < 10000; round++) {
        uint32_t a[3], b[3];
        uint8_t ka[KEY_SEGMENT_BYTES], kb[KEY_SEGMENT_BYTES];
        int want = 0, got;

        for (unsigned i = 0; i < 3; i++) {
            a[i] = (uint32_t)(tap_random(&seed) >> (round % 2 ? 32 : 60));
            b[i] = (uint32_t)(tap_random(&seed) >> (round % 2 ? 32 : 60));
        }
        a[1] &= 255;
        b[1] &= 255;
        for (unsigned i = 0; i < 3 && want == 0; i++)
            want = a[i] < b[i] ? -1 : a[i] > b[i];
        key_segment(ka, a[0], a[1], a[2]);
        key_segment(kb, b[0], b[1], b[2]);
        got = memcmp(ka, kb, sizeof ka);
        CHECK((got > 0) - (got < 0) == want, "round %u", round);
        CHECK(key_from_be32(ka) == a[0] && ka[4] == a[1] && key_from_be32(ka + 5) == a[2], "round %u", round);
    }
}

static void short_note_keys_stand_for_themselves(void)
{
    uint8_t key[KEY_NOTE_MAX], name[KEY_NOTE_WHOLE];

    for (size_t n = 1; n <= sizeof name; n++) {
        memset(name, (int)n, n);
        CHECK_INT_EQ(fihi_key_note(key, name, n), n + 1);
        CHECK(key[0] == 0 && memcmp(key + 1, name, n) == 0, "%zu bytes", n);
    }
}

static void long_note_keys_differ_when_any_byte_does(void)
{
    enum { N = 65535 };
    static uint8_t name[N];
    uint8_t a[KEY_NOTE_MAX], b[KEY_NOTE_MAX];
    const size_t size = fihi_key_note(a, name, N);

    CHECK_INT_EQ(size, KEY_NOTE_MAX);
    CHECK_INT_EQ(a[0], 1);
    for (size_t at = 0; at < N; at += 997) {
        name[at] = 1;
        CHECK_INT_EQ(fihi_key_note(b, name, N), size);
        CHECK(memcmp(a, b, size) != 0, "byte %zu", at);
        name[at] = 0;
    }
    CHECK_INT_EQ(fihi_key_note(b, name, N - 1), size);
    CHECK(memcmp(a, b, size) != 0, "a shorter name");
}

int main(void)
{
    RUN(segment_keys_sort_by_segment_kind_and_number);
    RUN(short_note_keys_stand_for_themselves);
    RUN(long_note_keys_differ_when_any_byte_does);
    return DONE();
}
