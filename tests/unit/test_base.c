/* test_base.c - errors, buffers, varints and UTF-8; UTF-8 also against ICU's decoder. */
#include <errno.h>
#include <pthread.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/fail.h"
#include "base/intern.h"
#include "base/table.h"
#include "base/utf8.h"
#include "tap.h"

/* -------------------------------------------------------------------- fail */

static void an_error_is_filled_and_its_code_returned(void)
{
    fih_error err;

    memset(&err, 0xA5, sizeof err);
    CHECK_INT_EQ(fihi_fail(&err, FIH_E_LIMIT, "id of %d bytes", 70000), FIH_E_LIMIT);
    CHECK_INT_EQ(err.code, FIH_E_LIMIT);
    CHECK_INT_EQ(err.cause, 0);
    CHECK_INT_EQ(err.pos, 0);
    CHECK_STR_EQ(err.msg, "id of 70000 bytes");
    CHECK_INT_EQ(fihi_fail_at(&err, FIH_E_QUERY, 17, "no closing quote"), FIH_E_QUERY);
    CHECK_INT_EQ(err.pos, 17);
    CHECK_INT_EQ(fihi_fail_nomem(&err), FIH_E_NOMEM);
    CHECK_STR_EQ(err.msg, "out of memory");
}

static void the_error_may_be_null(void)
{
    CHECK_INT_EQ(fihi_fail(NULL, FIH_E_USAGE, "x"), FIH_E_USAGE);
    CHECK_INT_EQ(fihi_fail_at(NULL, FIH_E_QUERY, 3, "x"), FIH_E_QUERY);
    CHECK_INT_EQ(fihi_fail_errno(NULL, ENOSPC, "cannot write", "x"), FIH_E_FULL);
    CHECK_INT_EQ(fihi_fail_nomem(NULL), FIH_E_NOMEM);
}

static void system_errors_get_their_own_codes(void)
{
    static const struct { int cause, code; } cases[] = {
        {ENOSPC, FIH_E_FULL}, {EDQUOT, FIH_E_FULL},  {EACCES, FIH_E_PERM},     {EPERM, FIH_E_PERM},
        {EROFS, FIH_E_PERM},  {ENOMEM, FIH_E_NOMEM}, {ENOENT, FIH_E_NOTFOUND}, {EIO, FIH_E_IO},
        {EMFILE, FIH_E_IO},   {99999, FIH_E_IO},
    };
    fih_error err;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_INT_EQ(fihi_fail_errno(&err, cases[i].cause, "cannot open", "/x"), cases[i].code, "errno %d",
                     cases[i].cause);
        CHECK_INT_EQ(err.code, cases[i].code);
        CHECK_INT_EQ(err.cause, cases[i].cause);
        CHECK(strncmp(err.msg, "cannot open '/x': ", 18) == 0 && strlen(err.msg) > 18, "%s", err.msg);
    }
    fihi_fail_errno(&err, ENOENT, "cannot open", "/x");
    CHECK_STR_EQ(err.msg, "cannot open '/x': No such file or directory");
}

/* A message holds at most 1023 bytes; a two-byte letter that would cross the end goes whole. */
static void long_messages_are_cut_at_a_character(void)
{
    char arabic[4001];
    fih_error err;

    for (size_t i = 0; i < 4000; i += 2)
        memcpy(arabic + i, "\xD8\xA7", 2);
    arabic[4000] = '\0';
    for (unsigned lead = 0; lead < 4; lead++) {
        fihi_fail(&err, FIH_E_USAGE, "%.*s%s", (int)lead, "aaaa", arabic);
        const size_t n = strlen(err.msg);

        CHECK(n == 1022 || n == 1023, "lead %u: %zu bytes", lead, n);
        CHECK_INT_EQ(fihi_utf8_valid((const uint8_t *)err.msg, n), n, "lead %u", lead);
    }
}

static void a_message_is_one_line_without_controls(void)
{
    fih_error err;

    fihi_fail(&err, FIH_E_IO, "a\nb\tc\x1B[31md\x7F");
    CHECK_STR_EQ(err.msg, "a?b?c?[31md?");
}

/* A path may be in any encoding; the message is UTF-8 all the same. */
static void a_message_is_well_formed_utf8(void)
{
    fih_error err;

    fihi_fail_errno(&err, ENOENT, "cannot open", "/\xC7\xE1/\xD8\xA7");
    CHECK_STR_EQ(err.msg, "cannot open '/?" "?/\xD8\xA7': No such file or directory");
}

/* --------------------------------------------------------------------- buf */

static void a_buffer_keeps_what_is_appended(void)
{
    struct buf b = {0};
    uint64_t seed = 1;
    uint8_t want[20000];
    size_t n = 0;

    while (n < sizeof want) {
        const size_t step = 1 + tap_random(&seed) % 300, take = step < sizeof want - n ? step : sizeof want - n;

        for (size_t i = 0; i < take; i++)
            want[n + i] = (uint8_t)tap_random(&seed);
        CHECK_INT_EQ(fihi_buf_append(&b, want + n, take), FIH_OK);
        n += take;
        REQUIRE(b.len == n && b.cap >= n);
    }
    CHECK_MEM_EQ(b.ptr, want, n);
    fihi_buf_free(&b);
    CHECK(b.ptr == NULL && b.len == 0 && b.cap == 0);
    fihi_buf_free(&b);
}

static void appending_nothing_allocates_nothing(void)
{
    struct buf b = {0};

    CHECK_INT_EQ(fihi_buf_append(&b, NULL, 0), FIH_OK);
    CHECK(b.ptr == NULL && b.len == 0);
}

static void room_is_there_after_reserve(void)
{
    struct buf b = {0};
    uint8_t *at;

    CHECK_INT_EQ(fihi_buf_append(&b, "abc", 3), FIH_OK);
    CHECK_INT_EQ(fihi_buf_reserve(&b, 1000), FIH_OK);
    CHECK(b.cap - b.len >= 1000 && b.len == 3);
    at = b.ptr;
    memset(b.ptr + b.len, 'x', 1000);
    b.len += 1000;
    CHECK(b.ptr == at && memcmp(b.ptr, "abcx", 4) == 0);
    fihi_buf_free(&b);
}

static void sizes_that_overflow_are_refused_and_harm_nothing(void)
{
    struct buf b = {0};
    uint64_t *wide = NULL;
    size_t cap = 0;

    CHECK_INT_EQ(fihi_buf_append(&b, "abc", 3), FIH_OK);
    CHECK_INT_EQ(fihi_buf_reserve(&b, SIZE_MAX), FIH_E_NOMEM);
    CHECK_INT_EQ(fihi_buf_reserve(&b, SIZE_MAX - 3), FIH_E_NOMEM);
    CHECK_INT_EQ(fihi_buf_reserve(&b, SIZE_MAX / 2 + 2), FIH_E_NOMEM);
    CHECK(b.len == 3 && memcmp(b.ptr, "abc", 3) == 0);
    fihi_buf_free(&b);
    CHECK_INT_EQ(fihi_grow(&wide, &cap, SIZE_MAX / 4, sizeof *wide), FIH_E_NOMEM);
    CHECK(wide == NULL && cap == 0);
}

static void growth_at_least_doubles(void)
{
    uint32_t *a = NULL;
    size_t cap = 0, grown = 0;

    for (size_t i = 0; i < 100000; i++) {
        const size_t before = cap;

        REQUIRE(fihi_grow(&a, &cap, i + 1, sizeof *a) == FIH_OK);
        if (cap != before) {
            grown++;
            CHECK(cap >= 2 * before, "from %zu to %zu", before, cap);
        }
        a[i] = (uint32_t)i;
    }
    CHECK(grown <= 16, "grown %zu times", grown);
    for (size_t i = 0; i < 100000; i++)
        REQUIRE(a[i] == i, "element %zu", i);
    free(a);
}

/* ------------------------------------------------------------------- bytes */

static void varints_round_trip_at_every_length(void)
{
    uint64_t seed = 9;

    for (unsigned bits = 0; bits <= 64; bits++)
        for (unsigned round = 0; round < 50; round++) {
            const uint64_t r = tap_random(&seed), v = bits == 0 ? 0 : r >> (64 - bits) | UINT64_C(1) << (bits - 1);
            uint8_t bytes[VARINT_MAX], *flush;
            const size_t n = (size_t)(put_varint(bytes, v) - bytes);
            uint64_t got = ~v;

            CHECK_INT_EQ(n, bits == 0 ? 1 : (bits + 6) / 7, "%u bits", bits);
            flush = guard_alloc(n);
            memcpy(flush, bytes, n);
            CHECK(get_varint(flush, flush + n, &got) == flush + n && got == v, "%u bits", bits);
            CHECK(get_varint(flush, flush + n - 1, &got) == NULL, "%u bits, cut short", bits);
            guard_free(flush, n);
        }
}

static void varints_too_large_are_refused(void)
{
    static const uint8_t max64[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01};
    static const uint8_t over64[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02};
    static const uint8_t endless[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00};
    static const uint8_t max32[] = {0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, over32[] = {0x80, 0x80, 0x80, 0x80, 0x10};
    uint64_t wide = 0;
    uint32_t narrow = 0;

    CHECK(get_varint(max64, max64 + sizeof max64, &wide) && wide == UINT64_MAX);
    CHECK(!get_varint(over64, over64 + sizeof over64, &wide));
    CHECK(!get_varint(endless, endless + sizeof endless, &wide));
    CHECK(get_varint32(max32, max32 + sizeof max32, &narrow) && narrow == UINT32_MAX);
    CHECK(!get_varint32(over32, over32 + sizeof over32, &narrow));
}

/* -------------------------------------------------------------------- utf8 */

static void every_scalar_value_survives_a_round_trip(void)
{
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        uint8_t bytes[4];
        size_t i = 0, n;
        int ok = 0;

        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        n = fihi_utf8_put(bytes, cp);
        REQUIRE(fihi_utf8_next(bytes, n, &i, &ok) == cp && ok && i == n, "U+%04X", (unsigned)cp);
        REQUIRE(fihi_utf8_valid(bytes, n) == n, "U+%04X", (unsigned)cp);
    }
}

/* The rows of table 3-8 and its neighbours in the Unicode Standard, and the classic attacks. */
static void ill_formed_sequences_become_one_mark_for_each_maximal_subpart(void)
{
    static const struct { const char *in; unsigned bad; const char *out; } cases[] = {
        {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", 8, "\1\1\1\1\1\1\1\1A"},     /* table 3-8: not shortest forms */
        {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", 8, "\1\1\1\1\1\1\1\1A"},     /* 3-9: surrogates */
        {"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", 7, "\1\1\1\1\1A\1\1B"},      /* 3-10: too large, lone trails */
        {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", 4, "\1\1\1\1A"},             /* 3-11: cut short */
        {"\xD8", 1, "\1"},                                                     /* cut at the end of the text */
        {"\xE2\x80", 1, "\1"},
        {"\xF0\x9F\x98", 1, "\1"},
        {"a\xD8" "b", 1, "a\1b"},
        {"\xFE\xFF", 2, "\1\1"},
        {"\xF5\x80", 2, "\1\1"},
        {"", 0, ""},
    };

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const size_t n = strlen(cases[k].in);
        uint8_t *in = guard_alloc(n);
        struct buf out = {0}, want = {0};
        uint64_t bad = 0;

        memcpy(in, cases[k].in, n);
        for (const char *p = cases[k].out; *p; p++)
            fihi_buf_append(&want, *p == '\1' ? "\xEF\xBF\xBD" : p, *p == '\1' ? 3 : 1);
        CHECK_INT_EQ(fihi_utf8_clean(&out, in, n, &bad), FIH_OK);
        CHECK_INT_EQ(bad, cases[k].bad, "case %zu", k);
        CHECK_INT_EQ(out.len, want.len, "case %zu", k);
        if (out.len == want.len)
            CHECK_MEM_EQ(out.ptr, want.ptr, want.len, "case %zu", k);
        fihi_buf_free(&out);
        fihi_buf_free(&want);
        guard_free(in, n);
    }
}

/* Bytes that are mostly text but break often: random bytes alone rarely get past a lead byte. */
static size_t random_text(uint8_t *out, size_t max, uint64_t *seed)
{
    static const uint32_t lows[] = {0x20, 0x627, 0x4E00, 0x1F600, 0xD7F0, 0xFFF0, 0x7F0};
    const size_t want = tap_random(seed) % max;
    size_t n = 0;

    while (n + 4 <= want) {
        const uint64_t r = tap_random(seed);

        if (r % 8 == 0)
            out[n++] = (uint8_t)(r >> 32);
        else if (r % 8 == 1)
            out[n++] = (uint8_t)(0xC0 | r >> 40 % 64);
        else
            n += fihi_utf8_put(out + n, lows[r / 8 % 7] + (uint32_t)(r >> 50 & 15));
        if (r >> 20 % 32 == 0 && n > 0)
            n--;                                   /* cut a character short */
    }
    return n;
}

static void cleaning_agrees_with_icu_on_random_bytes(void)
{
    enum { MAX = 64 };
    UErrorCode status = U_ZERO_ERROR;
    UConverter *cv = ucnv_open("UTF-8", &status);
    uint64_t seed = 2024;
    unsigned broken = 0;

    REQUIRE(U_SUCCESS(status), "%s", u_errorName(status));
    for (unsigned round = 0; round < 100000; round++) {
        uint8_t text[MAX], *in;
        UChar utf16[2 * MAX];
        char want[4 * 2 * MAX];
        struct buf got = {0};
        uint64_t bad = 0;
        int32_t n16, n8 = 0;
        size_t n;

        if (round % 4 == 0) {
            n = tap_random(&seed) % MAX;
            for (size_t i = 0; i < n; i++)
                text[i] = (uint8_t)tap_random(&seed);
        } else {
            n = random_text(text, MAX, &seed);
        }
        in = guard_alloc(n);
        memcpy(in, text, n);
        status = U_ZERO_ERROR;
        n16 = ucnv_toUChars(cv, utf16, 2 * MAX, (const char *)text, (int32_t)n, &status);
        u_strToUTF8(want, sizeof want, &n8, utf16, n16, &status);
        REQUIRE(U_SUCCESS(status) || status == U_STRING_NOT_TERMINATED_WARNING, "%s", u_errorName(status));

        REQUIRE(fihi_utf8_clean(&got, in, n, &bad) == FIH_OK);
        if (got.len != (size_t)n8 || (n8 > 0 && memcmp(got.ptr, want, (size_t)n8) != 0)) {
            char shown[400];

            tap_quote(shown, sizeof shown, in, n);
            CHECK(0, "round %u differs on \"%s\"", round, shown);
        }
        broken += bad > 0;
        CHECK((fihi_utf8_valid(in, n) == n) == (bad == 0), "round %u: valid and clean disagree", round);
        if (got.len > 0)
            CHECK_INT_EQ(fihi_utf8_valid(got.ptr, got.len), got.len, "round %u: cleaned text is well-formed", round);
        fihi_buf_free(&got);
        guard_free(in, n);
    }
    CHECK(broken > 10000 && broken < 90000, "%u rounds with broken text prove both sides", broken);
    ucnv_close(cv);
}

/* The fast path takes blocks: every length and place of the first bad byte, in ASCII and in Arabic. */
static void the_well_formed_prefix_ends_at_the_first_bad_byte(void)
{
    static const uint8_t bytes[] = {0xFF, 0xC0, 0xC1, 0xE0, 0xF0, 0x80, 0xD8};
    const size_t most = 110;

    for (size_t n = 1; n <= most; n++)
        for (size_t bad = 0; bad < n; bad += 2)
            for (size_t k = 0; k < sizeof bytes; k++) {
                uint8_t *in = guard_alloc(n);

                for (size_t i = 0; i < n; i++)
                    in[i] = i % 2 ? 0xA7 : i + 1 < n ? 0xD8 : 'a';
                in[bad] = bytes[k];
                if (bad + 1 < n)
                    in[bad + 1] = 'a';         /* so that 0xD8 is a lead with no trail */
                CHECK_INT_EQ(fihi_utf8_valid(in, n), bad, "%zu of %zu: %02x", bad, n, bytes[k]);
                guard_free(in, n);
            }
    for (size_t n = 1; n <= most; n++)
        for (size_t bad = 0; bad < n; bad++) {
            uint8_t *in = guard_alloc(n);

            memset(in, 'a', n);
            CHECK_INT_EQ(fihi_utf8_valid(in, n), n, "%zu", n);
            in[bad] = 0xFF;
            CHECK_INT_EQ(fihi_utf8_valid(in, n), bad, "%zu of %zu", bad, n);
            in[bad] = 0xD8;                        /* a lead with no trail */
            CHECK_INT_EQ(fihi_utf8_valid(in, n), bad, "%zu of %zu", bad, n);
            guard_free(in, n);
        }
    CHECK_INT_EQ(fihi_utf8_valid(NULL, 0), 0);
}

/* Every number is found under its hash, beside others of the same hash, and nothing else is. */
static void a_table_finds_what_was_put_and_nothing_else(void)
{
    struct table t = {0};
    uint32_t number = 0, found = 0;
    size_t at = 7;

    CHECK(!table_next(&t, 7, &at, &number), "an empty one has nothing");
    for (uint32_t i = 0; i < 5000; i++) {
        REQUIRE(fihi_table_room(&t) == FIH_OK);
        fihi_table_put(&t, i % 1000 * 0x9E3779B9u, i);
    }
    CHECK(2 * t.used <= t.slot_count, "at most half full");
    for (uint32_t h = 0; h < 1000; h++) {
        uint32_t bits = 0;

        at = h * 0x9E3779B9u;
        while (table_next(&t, h * 0x9E3779B9u, &at, &number)) {
            CHECK_INT_EQ(number % 1000, h);
            bits |= 1u << number / 1000;
            found++;
        }
        CHECK_INT_EQ(bits, 31);
    }
    CHECK_INT_EQ(found, 5000);
    at = 12345;
    CHECK(!table_next(&t, 12345, &at, &number), "a hash that was not put");
    fihi_table_free(&t);
}

/* String i: its number in front, so that no two are alike, and of every length up to 300 and some of the longest. */
static size_t make_string(uint8_t *out, uint32_t i)
{
    const size_t n = i % 1000 == 999 ? INTERN_MOST : 4 + i % 300;

    memset(out, (int)(i * 7), n);
    memcpy(out, &i, 4);
    return n;
}

static bool is_known(const struct intern *t, uint8_t *room, uint32_t i)
{
    const size_t n = make_string(room, i);
    const uint8_t *const r = intern_find(t, room, n, intern_hash(room, n));

    return r && intern_number(r) == i && intern_note(r) == (uint8_t)(i * 3);
}

static int add_string(struct intern *t, uint8_t *room, uint32_t i)
{
    const size_t n = make_string(room, i);
    uint32_t number;
    const int rc = fihi_intern_add(t, room, n, intern_hash(room, n), (uint8_t)(i * 3), &number);

    return rc == FIH_OK && number == i ? FIH_OK : FIH_E_NOMEM;
}

enum { STRINGS = 20000 };

static void strings_are_found_by_bytes_and_by_number(void)
{
    static uint8_t room[INTERN_MOST];
    static const uint8_t few[] = "abc";
    struct intern t = {.count = 0};
    uint32_t number;

    CHECK(!intern_find(&t, few, 3, intern_hash(few, 3)), "an empty one has nothing");
    for (unsigned turn = 0; turn < 3; turn++) {          /* new, cleared, and freed */
        for (uint32_t i = 0; i < STRINGS; i++)
            REQUIRE(add_string(&t, room, i) == FIH_OK);
        for (uint32_t i = 0; i < STRINGS; i++) {
            const size_t n = make_string(room, i);
            size_t m;
            const uint8_t *const s = intern_get(&t, i, &m);

            CHECK(is_known(&t, room, i), "string %u", i);
            CHECK(m == n && memcmp(s, room, n) == 0, "number %u", i);
        }
        CHECK(!is_known(&t, room, STRINGS), "a string that was not added");
        for (size_t n = 0; n <= 3; n++)                  /* the shortest, which share their beginning */
            REQUIRE(fihi_intern_add(&t, few, n, intern_hash(few, n), 0, &number) == FIH_OK);
        for (size_t n = 0; n <= 3; n++)
            CHECK_INT_EQ(intern_number(intern_find(&t, few, n, intern_hash(few, n))), STRINGS + n);
        if (turn == 1)
            fihi_intern_free(&t);
        else
            fihi_intern_clear(&t, SIZE_MAX);
        CHECK(!intern_find(&t, few, 3, intern_hash(few, 3)), "all were forgotten");
    }
    CHECK_INT_EQ(fihi_intern_add(&t, room, INTERN_MOST + 1, 1, 0, &number), FIH_E_LIMIT);
    fihi_intern_free(&t);
    CHECK_INT_EQ(fihi_intern_bytes(&t), 0);
}

struct reading {
    struct intern  *strings;
    _Atomic uint32_t added;
    uint32_t        missed;
};

/* What was added before is found, however the table grows meanwhile. */
static void *read_strings(void *arg)
{
    static uint8_t room[INTERN_MOST];
    struct reading *r = arg;
    uint32_t i = 1;

    for (uint32_t added = 0; added < STRINGS; i = i * 1664525 + 1013904223)
        if ((added = r->added) > 0)
            r->missed += !is_known(r->strings, room, i % added);
    return NULL;
}

static void strings_are_found_while_others_are_added(void)
{
    static uint8_t room[INTERN_MOST];
    struct intern t = {.has_readers = true};
    struct reading r = {.strings = &t};
    pthread_t thread;

    REQUIRE(pthread_create(&thread, NULL, read_strings, &r) == 0);
    for (uint32_t i = 0; i < STRINGS; i++) {
        CHECK_INT_EQ(add_string(&t, room, i), FIH_OK);
        r.added = i + 1;
    }
    pthread_join(thread, NULL);
    CHECK_INT_EQ(r.missed, 0);
    fihi_intern_settle(&t);
    CHECK(is_known(&t, room, 1) && is_known(&t, room, STRINGS - 1));
    fihi_intern_free(&t);
}

int main(void)
{
    RUN(an_error_is_filled_and_its_code_returned);
    RUN(the_error_may_be_null);
    RUN(system_errors_get_their_own_codes);
    RUN(long_messages_are_cut_at_a_character);
    RUN(a_message_is_one_line_without_controls);
    RUN(a_message_is_well_formed_utf8);
    RUN(a_buffer_keeps_what_is_appended);
    RUN(appending_nothing_allocates_nothing);
    RUN(room_is_there_after_reserve);
    RUN(sizes_that_overflow_are_refused_and_harm_nothing);
    RUN(growth_at_least_doubles);
    RUN(varints_round_trip_at_every_length);
    RUN(varints_too_large_are_refused);
    RUN(every_scalar_value_survives_a_round_trip);
    RUN(ill_formed_sequences_become_one_mark_for_each_maximal_subpart);
    RUN(cleaning_agrees_with_icu_on_random_bytes);
    RUN(the_well_formed_prefix_ends_at_the_first_bad_byte);
    RUN(a_table_finds_what_was_put_and_nothing_else);
    RUN(strings_are_found_by_bytes_and_by_number);
    RUN(strings_are_found_while_others_are_added);
    return DONE();
}
