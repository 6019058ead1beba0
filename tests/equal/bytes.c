/* bytes.c - base/ and codec/ below words and texts: validating, comparing, finding, letters in a byte. */
#include "base/utf8.h"
#include "base/bytes.h"
#include "codec/letters.h"
#include "equal.h"

enum { TEXT_ROOM = 8 << 20 };

static struct fence one, two;

static void begin(void)
{
    one = fence_new(TEXT_ROOM);
    two = fence_new(TEXT_ROOM);
}

static void end(void)
{
    fence_free(&one);
    fence_free(&two);
}

/* ---- well-formed bytes, by blocks of 32 */

static size_t valid_plainly(const uint8_t *s, size_t n)
{
    size_t i = 0;
    int ok = 1;

    while (i < n) {
        const size_t at = i;

        fihi_utf8_next(s, n, &i, &ok);
        if (!ok)
            return at;
    }
    return n;
}

static void check_valid(const uint8_t *s, size_t n)
{
    const size_t want = valid_plainly(s, n);

    CHECK_INT_EQ(fihi_utf8_valid(fence_end(&one, s, n), n), want, "%.*s", WORD(s, n));
    CHECK_INT_EQ(fihi_utf8_valid(fence_begin(&one, s, n), n), want, "%.*s", WORD(s, n));
}

/* Whole, cut within its last character, and with a byte of it spoilt; texts from places that put each byte of a block
 * at its beginning. */
static void well_formed_bytes_are_those_found_one_by_one(void)
{
    uint64_t seed = 1;

    begin();
    for (uint32_t i = 0; i < word_count(); i++) {
        uint8_t spoilt[65536];
        size_t n;
        const uint8_t *const s = word_at(i, &n);

        check_valid(s, n);
        check_valid(s, n - 1);
        memcpy(spoilt, s, n);
        spoilt[tap_random(&seed) % n] = (uint8_t)(tap_random(&seed) >> 40);
        check_valid(spoilt, n);
    }
    for (size_t i = 0; i < vocabulary->text_count; i++) {
        size_t n;
        const uint8_t *s = text_at(i, &n);
        const size_t skip = n > 100 ? i % 67 : 0;

        n = n > TEXT_ROOM ? TEXT_ROOM : n;
        s += skip;
        n -= skip;
        CHECK_INT_EQ(fihi_utf8_valid(fence_end(&one, s, n), n), valid_plainly(s, n), "text %zu", i);
        if (n > 0) {
            const size_t at = tap_random(&seed) % n;

            one.first[one.room - n + at] = (uint8_t)(tap_random(&seed) >> 40);
            CHECK_INT_EQ(fihi_utf8_valid(one.first + one.room - n, n), valid_plainly(one.first + one.room - n, n),
                         "text %zu, byte %zu spoilt", i, at);
        }
    }
    end();
}

/* ---- comparing and finding */

static int by_bytes(const void *x, const void *y)
{
    size_t m, n;
    const uint8_t *const a = word_at(*(const uint32_t *)x, &m), *const b = word_at(*(const uint32_t *)y, &n);
    const int order = memcmp(a, b, m < n ? m : n);

    return order ? order : m < n ? -1 : m > n;
}

/* Each word and the next one in the order of their bytes, which is mostly much like it, cut to the same length; and
 * with one bit of it changed. */
static void bytes_are_equal_if_memcmp_says_so(const uint32_t *order)
{
    uint64_t seed = 4;

    for (uint32_t i = 0; i + 1 < word_count(); i++) {
        size_t m, n;
        const uint8_t *const a = word_at(order[i], &m), *const b = word_at(order[i + 1], &n);
        const size_t both = m < n ? m : n;

        CHECK(!bytes_equal(fence_end(&one, a, both), fence_end(&two, b, both), both) == (memcmp(a, b, both) != 0),
              "%.*s", WORD(a, m));
        CHECK(bytes_equal(fence_begin(&one, a, m), fence_begin(&two, a, m), m), "%.*s", WORD(a, m));
        one.first[tap_random(&seed) % m] ^= (uint8_t)(1u << tap_random(&seed) % 8);
        CHECK(!bytes_equal(one.first, two.first, m), "another than %.*s", WORD(a, m));
    }
}

static bool is_there(const uint32_t *order, const uint8_t *s, size_t n)
{
    size_t low = 0, high = word_count();

    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        size_t m;
        const uint8_t *const t = word_at(order[mid], &m);
        const int c = memcmp(t, s, m < n ? m : n), is = c ? c : m < n ? -1 : m > n;

        if (is == 0)
            return true;
        if (is < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

/* By hash: what was put, by its number, and nothing else. The sorted words say what is there. */
static void words_are_found_by_hash_as_by_their_order(void)
{
    uint32_t *const order = malloc((word_count() + 1) * sizeof *order);
    uint64_t seed = 2;

    REQUIRE(order);
    begin();
    for (uint32_t i = 0; i < word_count(); i++)
        order[i] = i;
    qsort(order, word_count(), sizeof *order, by_bytes);
    bytes_are_equal_if_memcmp_says_so(order);
    for (uint32_t i = 0; i < word_count(); i++) {
        size_t n;
        const uint8_t *const s = word_at(i, &n), *flush = fence_end(&one, s, n), *found;

        CHECK(i == 0 || by_bytes(&order[i - 1], &order[i]) < 0, "%.*s is there twice", WORD(s, n));
        found = intern_find(&vocabulary->words, flush, n, intern_hash(flush, n));
        CHECK(found && intern_number(found) == i, "%.*s", WORD(s, n));
        flush = fence_begin(&one, s, n);
        CHECK(intern_find(&vocabulary->words, flush, n, intern_hash(flush, n)) == found, "%.*s", WORD(s, n));
        one.first[tap_random(&seed) % n] ^= (uint8_t)(1u << tap_random(&seed) % 8);
        found = intern_find(&vocabulary->words, flush, n, intern_hash(flush, n));
        CHECK(!found == !is_there(order, flush, n), "another than %.*s", WORD(s, n));
        found = intern_find(&vocabulary->words, flush, n, intern_hash(s, n));        /* the hash alone is not enough */
        CHECK(!found, "another than %.*s by its hash", WORD(s, n));
    }
    end();
    free(order);
}

/* ---- text as one byte a letter */

static uint8_t code_of[0x2100];        /* of a character; 0: none */

/* The code of the character at s[i], and its bytes. */
static uint8_t code_plainly(const uint8_t *s, size_t n, size_t i, size_t *bytes)
{
    size_t next = i;
    int ok;
    const uint32_t c = fihi_utf8_next(s, n, &next, &ok);

    *bytes = next - i;
    return ok && c >= 0x80 && c < 0x2100 ? code_of[c] : 0;
}

/* FORMAT.md, "Letters", and how the writer chooses its runs: on, while the byte has no code, or has one below 0x80 and
 * is followed by what has none. */
static void letters_plainly(struct buf *out, const uint8_t *s, size_t n)
{
    size_t bytes = 1;

    for (size_t i = 0; i < n;) {
        uint8_t code = s[i];
        size_t run = 1;

        if (code < 0x80 || (code = code_plainly(s, n, i, &bytes)) != 0) {
            fihi_buf_append(out, &code, 1);
            i += s[i] < 0x80 ? 1 : bytes;
            continue;
        }
        while (i + run < n && run < 255 &&
               (s[i + run] >= 0x80 ? code_plainly(s, n, i + run, &bytes) == 0
                                   : i + run + 1 < n && s[i + run + 1] >= 0x80 &&
                                         code_plainly(s, n, i + run + 1, &bytes) == 0))
            run++;
        fihi_buf_append(out, (const uint8_t[]){LETTER_ESCAPE, (uint8_t)run}, 2);
        fihi_buf_append(out, s + i, run);
        i += run;
    }
}

static void undo_plainly(struct buf *out, const uint8_t *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] == LETTER_ESCAPE) {
            fihi_buf_append(out, s + i + 2, s[i + 1]);
            i += 1u + s[i + 1];
        } else {
            uint8_t c[4];

            fihi_buf_append(out, c, fihi_utf8_put(c, s[i] < LETTER_FIRST ? s[i] : fihi_letter(s[i])));
        }
}

static bool is_same(const struct buf *b, const void *bytes, size_t n)
{
    return b->len == n && (n == 0 || memcmp(b->ptr, bytes, n) == 0);
}

static void check_letters(const uint8_t *s, size_t n)
{
    static struct buf plain, fast, back, text;

    plain.len = fast.len = back.len = text.len = 0;
    letters_plainly(&plain, s, n);
    CHECK(fihi_letters_append(&fast, fence_end(&one, s, n), n) == FIH_OK && is_same(&fast, plain.ptr, plain.len),
          "%.*s", WORD(s, n));
    fast.len = 0;
    CHECK(fihi_letters_append(&fast, fence_begin(&one, s, n), n) == FIH_OK && is_same(&fast, plain.ptr, plain.len),
          "%.*s", WORD(s, n));
    undo_plainly(&text, plain.ptr, plain.len);
    CHECK(is_same(&text, s, n), "%.*s, undone plainly", WORD(s, n));
    CHECK(fihi_letters_undo(&back, fence_end(&two, plain.ptr, plain.len), plain.len) == FIH_OK && is_same(&back, s, n),
          "%.*s", WORD(s, n));
    back.len = 0;
    CHECK(fihi_letters_undo(&back, fence_begin(&two, plain.ptr, plain.len), plain.len) == FIH_OK &&
              is_same(&back, s, n), "%.*s", WORD(s, n));
}

static void letters_are_those_of_the_table_one_by_one(void)
{
    uint64_t seed = 3;

    begin();
    for (unsigned code = LETTER_FIRST; code < LETTER_ESCAPE; code++)
        code_of[fihi_letter(code)] = (uint8_t)code;
    for (size_t n = 0; n <= 3 * 600; n += n % 7 ? 1 : 3) {   /* characters without a code: runs of any length */
        uint8_t run[3 * 600];

        for (size_t i = 0; i < n; i++)
            run[i] = (uint8_t)"中"[i % 3];
        check_letters(run, n);
    }
    for (uint32_t i = 0; i < word_count(); i++) {
        uint8_t spoilt[65536];
        size_t n;
        const uint8_t *const s = word_at(i, &n);

        check_letters(s, n);
        memcpy(spoilt, s, n);
        spoilt[tap_random(&seed) % n] = (uint8_t)(tap_random(&seed) >> 40);
        if (i % 4 == 0)
            check_letters(spoilt, n);
    }
    for (size_t i = 0; i < vocabulary->text_count; i++) {
        size_t n;
        const uint8_t *const s = text_at(i, &n);

        check_letters(s, n > TEXT_ROOM / 3 ? TEXT_ROOM / 3 : n);
    }
    end();
}

void test_bytes(struct totals *t)
{
    static const struct test tests[] = {
        {well_formed_bytes_are_those_found_one_by_one, "well-formed bytes are those found one by one"},
        {words_are_found_by_hash_as_by_their_order, "words are found by hash as by their order"},
        {letters_are_those_of_the_table_one_by_one, "letters are those of the table one by one"},
        {NULL, NULL},
    };

    run_all(tests, t);
}
