/* test_letters.c - text as one byte a letter: what goes in comes out, and any bytes are text or damage. */
#include "codec/letters.h"
#include "tap.h"

/* There and back, read from bytes that end at an unreadable page; *coded is the length between. */
static void comes_back(const void *bytes, size_t n, size_t *coded)
{
    struct buf letters = {0}, text = {0};
    uint8_t *const in = guard_alloc(n), *flush;

    if (n)
        memcpy(in, bytes, n);
    REQUIRE(fihi_letters_append(&letters, in, n) == FIH_OK);
    CHECK(letters.len <= 2 * n + 2, "%zu of %zu", letters.len, n);
    flush = guard_alloc(letters.len);
    if (n)
        memcpy(flush, letters.ptr, letters.len);
    CHECK_INT_EQ(fihi_letters_undo(&text, flush, letters.len), FIH_OK);
    CHECK(text.len == n && (n == 0 || memcmp(text.ptr, bytes, n) == 0), "%zu bytes", n);
    if (coded)
        *coded = letters.len;
    guard_free(flush, letters.len);
    guard_free(in, n);
    fihi_buf_free(&letters);
    fihi_buf_free(&text);
}

static void letters_take_a_byte(void)
{
    static const char text[] = "قال: «٥ كتب» — پدر، د. é";
    size_t n;

    comes_back(text, sizeof text - 1, &n);
    CHECK_INT_EQ(n, 24);
    comes_back("中文 中", 10, &n);                       /* one run, over the space */
    CHECK_INT_EQ(n, 12);
    for (unsigned c = LETTER_FIRST; c < LETTER_ESCAPE; c++) {
        struct buf letters = {0}, text_of = {0};
        const uint8_t code = (uint8_t)c;

        CHECK_INT_EQ(fihi_letters_undo(&text_of, &code, 1), FIH_OK);
        CHECK_INT_EQ(fihi_letters_append(&letters, text_of.ptr, text_of.len), FIH_OK);
        CHECK(letters.len == 1 && *letters.ptr == code, "%x", c);
        fihi_buf_free(&letters);
        fihi_buf_free(&text_of);
    }
}

/* Every two bytes, alone and within others; every three that could be a character. */
static void short_texts_come_back(void)
{
    for (unsigned i = 0; i < 65536; i += 7) {
        const uint8_t text[] = {(uint8_t)(i >> 8), (uint8_t)i, 'a', (uint8_t)(i >> 8), 0xD8, (uint8_t)i};

        for (size_t n = 0; n <= sizeof text; n += i % 3 + 1)
            comes_back(text, n, NULL);
    }
    for (unsigned i = 0; i < 4096; i += 5)
        comes_back((const uint8_t[]){0xE2, (uint8_t)(0x80 | i >> 6), (uint8_t)(0x80 | (i & 63))}, 3, NULL);
}

/* Long ones of letters, of other characters and of any bytes, so that steps end everywhere. */
static void long_texts_come_back(void)
{
    uint64_t seed = 17;
    struct buf text = {0};

    for (unsigned round = 0; round < 300; round++) {
        const size_t n = tap_random(&seed) % 13000;

        text.len = 0;
        while (text.len < n) {
            static const char *const pieces[] = {"ا", "ل", " ", "中", "é", "ж", "—", "\xFF", "\xD8", "\xE2\x80", "\0"};
            const uint64_t r = tap_random(&seed) >> 32;
            const char *const s = pieces[(round & 1 ? r % 11 : r % 4 * (round % 7)) % 11];

            for (uint64_t k = round % 5 ? 1 : r % 600; k > 0; k--)
                fihi_buf_append(&text, s, *s ? strlen(s) : 1);
        }
        comes_back(text.ptr, text.len, NULL);
    }
    fihi_buf_free(&text);
}

static void damaged_letters_are_refused(void)
{
    static const struct { const char *bytes; size_t n; } bad[] = {
        {"\xFF", 1}, {"\xFF\x00", 2}, {"\xFF\x01", 2}, {"ab\xFF\x03" "ab", 6}, {"\xFF\x01" "a\xFF", 4},
    };
    uint64_t seed = 5;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buf text = {0};
        uint8_t *const in = guard_alloc(bad[i].n);

        memcpy(in, bad[i].bytes, bad[i].n);
        CHECK_INT_EQ(fihi_letters_undo(&text, in, bad[i].n), FIH_E_CORRUPT, "%zu", i);
        guard_free(in, bad[i].n);
        fihi_buf_free(&text);
    }
    for (unsigned round = 0; round < 2000; round++) {
        const size_t n = tap_random(&seed) % 9000;
        uint8_t *const in = guard_alloc(n);
        struct buf text = {0};

        for (size_t i = 0; i < n; i++)
            in[i] = (uint8_t)(tap_random(&seed) >> 40) | (round & 1 ? 0x80 : 0);
        if (fihi_letters_undo(&text, in, n) == FIH_OK)
            CHECK(text.len <= 3 * n);
        guard_free(in, n);
        fihi_buf_free(&text);
    }
}

int main(void)
{
    RUN(letters_take_a_byte);
    RUN(short_texts_come_back);
    RUN(long_texts_come_back);
    RUN(damaged_letters_are_refused);
    return DONE();
}
