/* base/utf8.c - decoding, encoding, validating and repairing UTF-8.
 *
 * No input is an error here: whatever the bytes, each call goes forward by one byte at least and never past the end,
 * so a loop over a text ends. Overlong forms (C0 80), surrogates (ED A0 80) and what lies above U+10FFFF (F4 90 …)
 * are ill-formed; a second spelling of a character would let a word pass a comparison that it should not.
 */
#include "base/utf8.h"

#include <stdbool.h>

/* The second byte's range depends on the first (table 3-7 of the Unicode Standard). How many bytes follow, 0 where
 * none may begin a character. E0 and F0 need a higher second byte, else the character would fit a shorter form; ED
 * excludes the surrogates, F4 what is above U+10FFFF. */
static unsigned lead(uint8_t b, uint8_t *lo, uint8_t *hi)
{
    *lo = 0x80;
    *hi = 0xBF;
    /* C0 and C1 are missing, for what they begin fits a single byte; F5 to FF begin nothing that Unicode has. */
    if (b >= 0xC2 && b <= 0xDF)
        return 1;
    if (b >= 0xE0 && b <= 0xEF) {
        if (b == 0xE0)
            *lo = 0xA0;
        if (b == 0xED)
            *hi = 0x9F;
        return 2;
    }
    if (b >= 0xF0 && b <= 0xF4) {
        if (b == 0xF0)
            *lo = 0x90;
        if (b == 0xF4)
            *hi = 0x8F;
        return 3;
    }
    return 0;
}

/* Where a byte does not go on as it should, it is left for the next call, for it may begin a character: E0 A4 41 is
 * one U+FFFD and the letter A, not U+FFFD alone. */
uint32_t fihi_utf8_next(const uint8_t *s, size_t n, size_t *i, int *ok)
{
    const uint8_t b = s[(*i)++];
    uint8_t lo, hi;
    unsigned more;
    uint32_t cp;

    *ok = 1;
    if (b < 0x80)
        return b;
    more = lead(b, &lo, &hi);
    if (more == 0) {
        *ok = 0;
        return 0xFFFD;
    }
    /* The first byte has 5, 4 or 3 bits of the character when 1, 2 or 3 bytes follow. */
    cp = b & (0x3F >> more);
    /* A sequence that breaks off gives one U+FFFD for all of its bytes that were right so far, however many: F0 9F 98
     * 41 is U+FFFD and the letter A. `lo` and `hi` are narrowed for the second byte only. */
    while (more-- > 0) {
        if (*i >= n || s[*i] < lo || s[*i] > hi) {
            *ok = 0;
            return 0xFFFD;
        }
        cp = cp << 6 | (s[(*i)++] & 0x3F);
        lo = 0x80;
        hi = 0xBF;
    }
    return cp;
}

/* Does not check: cp is a scalar value, by fihi_utf8_next() or from a table of ours. U+0628, the letter ب, is
 * 11000101000 in binary: cut before its last six bits that is 11000 and 101000, so D8 A8. */
size_t fihi_utf8_put(uint8_t *out, uint32_t cp)
{
    if (cp < 0x80) {
        out[0] = (uint8_t)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (uint8_t)(0xC0 | cp >> 6);
        out[1] = (uint8_t)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (uint8_t)(0xE0 | cp >> 12);
        out[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (uint8_t)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (uint8_t)(0xF0 | cp >> 18);
    out[1] = (uint8_t)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (uint8_t)(0x80 | (cp & 0x3F));
    return 4;
}

/* Two vectors of 16 bytes. One character of three bytes spoils a block, so it is not longer. */
enum { BLOCK = 32 };

/* Are s[1] to s[BLOCK] well-formed with what comes before them, and nothing but ASCII and characters of two bytes, as
 * Arabic is? Then a byte is a second one exactly if the byte before it is a first one. (The compiler makes vectors of
 * it.) Ranges are tested by one subtraction each, for vectors of bytes compare without branches: x - 0xC2 < 0x1E as
 * unsigned bytes is C2 to DF. C0 and C1 would begin overlong forms. */
static bool is_plain_block(const uint8_t *s)
{
    uint8_t bad = 0;

    for (size_t i = 0; i < BLOCK; i++) {
        const uint8_t is_second = (uint8_t)(s[i + 1] ^ 0x80) < 0x40, after_first = (uint8_t)(s[i] - 0xC2) < 0x1E;

        bad |= (uint8_t)((is_second ^ after_first) | (s[i + 1] >= 0xE0) | ((s[i + 1] & 0xFE) == 0xC0));
    }
    return !bad;
}

/* Nearly all that is indexed comes through here, and nearly all of it is Arabic and spaces, so blocks of it are the
 * way that counts. One at a time it goes only at the beginning, around other characters and at the end. */
size_t fihi_utf8_valid(const uint8_t *s, size_t n)
{
    size_t i = 0;

    while (i < n) {
        /* In the whole of it i stands between two characters that are well-formed up to there, so i is the answer
         * whenever the next one is not. */
        size_t at = i;
        int ok;

        /* s[i - 1] ends a character: the first block needs a byte before it, and the last byte may begin one. */
        while (i > 0 && n - i >= BLOCK && is_plain_block(s + i - 1))
            i += BLOCK - (s[i + BLOCK - 1] >= 0xC2);
        if (i >= n)
            break;
        /* One and two bytes are decided here, for a call for each letter at the edges of a block would cost more than
         * the block. */
        if (s[i] < 0x80) {
            i++;
            continue;
        }
        if (s[i] >= 0xC2 && s[i] <= 0xDF && i + 1 < n && (s[i + 1] & 0xC0) == 0x80) {
            i += 2;
            continue;
        }
        at = i;
        fihi_utf8_next(s, n, &i, &ok);
        if (!ok)
            return at;
    }
    return n;
}

/* Copies runs and not characters: a text with one bad byte in a million costs what a good one does. It can become
 * three times as long, so a limit on lengths belongs behind it. */
int fihi_utf8_clean(struct buf *out, const uint8_t *s, size_t n, uint64_t *bad)
{
    while (n > 0) {
        /* fihi_utf8_valid() never reads past n, so a character that is cut off at the end counts as ill-formed,
         * once. */
        size_t good = fihi_utf8_valid(s, n), i = 0;
        int ok;

        if (fihi_buf_append(out, s, good) != 0)
            return FIH_E_NOMEM;
        s += good;
        n -= good;
        if (n == 0)
            break;
        fihi_utf8_next(s, n, &i, &ok);
        if (fihi_buf_append(out, "\xEF\xBF\xBD", 3) != 0)
            return FIH_E_NOMEM;
        (*bad)++;
        s += i;
        n -= i;
    }
    return FIH_OK;
}
