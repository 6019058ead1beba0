/* text/fold_other.c - one spelling for many, of words of other scripts and of numbers, through ICU.
 *
 * ICU does the work: NFKC case folding makes ﬁ fi, Ａ a and ß ss, and puts marks in order. Numbers are ours, because
 * Unicode does not say which marks are inside one: 1,234 is 1234, 7,5 is 7.5, 1.234,50 is 1234.50, 17.500 stays
 * (chain.c adds the other reading).
 *
 * Words that are all ASCII, which most are, never reach ICU. Buffers are on the stack and of fixed size: a surface word
 * has at most SURFACE_MAX bytes, and folding makes of one unit at most 18 (U+FDFA), so what does not fit is a freak,
 * and is indexed as it is.
 *
 * Unicode: NFKC_Casefold and the forms are those of UAX #15 and of the Standard's chapter 3.13, in the version of the
 * ICU that is linked; that version is a part of the fingerprint, for new characters get new foldings.
 */
#include "text/fold.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "base/utf8.h"

/* 4 KB; the buffers of one call are some 50 KB together, on the stack. */
enum { UNITS = 2 * WORD_MAX };   /* UTF-16 units of a word under work */

/* What no decomposition gives. Lower case alone: words are folded before. Unicode has them as letters of their own,
 * people type them as these. NULL for a letter that has a decomposition, or stays. */
static const char *latin_letter(uint32_t c)
{
    switch (c) {
    case 0x00E6: return "ae";
    case 0x0153: return "oe";
    case 0x00F8: return "o";
    case 0x0142: return "l";
    case 0x0111: case 0x00F0: return "d";
    case 0x0131: return "i";
    case 0x00FE: return "th";
    default:     return NULL;
    }
}

/* Are the points of a number before groups of three, as in 1.234.567 and 1.234,50? One alone is a decimal point. A
 * first 0 says that it is a fraction, and 1.234.5678 has a group of four: an address, a version. Digits above U+FFFF
 * are two units and no digit here; such numbers keep their points. s is folded but for its digits. A comma behind them
 * says where the decimals begin. */
static bool has_grouping_points(const UChar *s, int32_t n)
{
    int32_t points = 0, digits = 0, i = 0;

    for (; i < n && (u_charType(s[i]) == U_DECIMAL_DIGIT_NUMBER || s[i] == '.'); i++) {
        if (s[i] != '.') {
            digits++;
            continue;
        }
        /* The first group may be shorter, all others have three digits. */
        if (points ? digits != 3 : digits < 1 || digits > 3)
            return false;
        points++;
        digits = 0;
    }
    return points > 0 && digits == 3 && s[0] != '0' && (i == n ? points > 1 : s[i] == ',');
}

/* What is written inside a number, or between a letter and one, and does not count: 1 234, 2،500, F-16. */
static bool is_joint(UChar32 c)
{
    return c == ' ' || c == 0xA0 || c == 0x2009 || c == 0x202F || c == 0x060C || c == '-' || c == 0x2010 ||
           c == 0x2011;
}

/* Digits of every script to ASCII, marks inside numbers. Returns units. In place: nothing grows, so `to` never passes
 * `i`. The splitter has put into a word only marks that join digits, so a comma needs no look at what stands before it.
 * Called for every word that goes the general way; what is neither a digit nor such a mark stays. */
static int32_t fold_numbers(UChar *s, int32_t n)
{
    const bool is_grouped = has_grouping_points(s, n);
    int32_t to = 0;

    for (int32_t i = 0; i < n;) {
        int32_t next = i, group = 0;
        UChar32 c;

        U16_NEXT(s, next, n, c);
        if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER) {
            s[to++] = (UChar)('0' + u_charDigitValue(c));
        } else if (c == 0x066B) {
            /* The Arabic decimal separator. */
            s[to++] = '.';
        } else if (is_joint(c) || (is_grouped && c == '.')) {
            ;
        } else if (c == ',' || c == 0x066C) {             /* three digits follow: thousands; else a decimal comma */
            int32_t k = next;
            while (k < n) {
                U16_NEXT(s, k, n, c);
                if (u_charType(c) != U_DECIMAL_DIGIT_NUMBER)
                    break;
                group++;
            }
            /* 1,234 loses its comma, 7,5 gets a point. */
            if (group != 3)
                s[to++] = '.';
        } else {
            while (i < next)
                s[to++] = s[i++];
        }
        i = next;
    }
    return to;
}

/* Cut at a character. A lone surrogate, which no valid text gives, is left out. Units that do not fit are left off as
 * whole characters. */
static size_t to_utf8(uint8_t *out, size_t max, const UChar *s, int32_t n)
{
    size_t len = 0;

    for (int32_t i = 0; i < n;) {
        UChar32 c;
        uint8_t b[4];

        U16_NEXT(s, i, n, c);
        const size_t k = U_IS_SURROGATE(c) ? 0 : fihi_utf8_put(b, (uint32_t)c);
        /* Not half of a character: the cut is before it. */
        if (len + k > max)
            break;
        memcpy(out + len, b, k);
        len += k;
    }
    return len;
}

/* Returns units, at most UNITS; what does not fit or decode is left out, and what is hidden: the marks around it are
 * put in order only when it has gone. UNITS - 1, as a character may take two units. */
static int32_t from_utf8(UChar *out, const uint8_t *s, size_t n)
{
    int32_t len = 0;

    for (size_t i = 0; i < n && len < UNITS - 1;) {
        int ok;
        const uint32_t cp = fihi_utf8_next(s, n, &i, &ok);
        if (ok && u_charType((UChar32)cp) != U_FORMAT_CHAR)
            U16_APPEND_UNSAFE(out, len, (UChar32)cp);
    }
    return len;
}

/* The same as the general way gives for ASCII, without it. 0 where it cannot tell: a comma, more than one point. s[i] +
 * 32 is the small letter of ASCII. */
static size_t fold_ascii(uint8_t *out, const uint8_t *s, size_t n)
{
    size_t to = 0, points = 0;

    for (size_t i = 0; i < n && to < FOLD_MAX; i++) {
        points += s[i] == '.';
        if (s[i] >= 'A' && s[i] <= 'Z')
            out[to++] = (uint8_t)(s[i] + 32);
        else if (s[i] == ',' || points > 1)
            return 0;                                     /* rare: the general way */
        else if (s[i] != ' ' && s[i] != '-')
            out[to++] = s[i];
    }
    return to;
}

/* A zero byte, which C functions of ours and others would stop at, and ill-formed bytes take the general way, too.
 * simple: case folding, and then NFC; else both in one step of ICU's. */
size_t fihi_fold_other(uint8_t out[FOLD_MAX], const uint8_t *s, size_t n, int simple)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar a[UNITS], b[4 * UNITS], c[4 * UNITS];
    const size_t plain = memchr(s, 0, n) || fihi_utf8_valid(s, n) != n ? 0 : 1;
    size_t k = 0;

    while (plain && k < n && s[k] < 0x80)
        k++;
    /* All ASCII, and simple enough. */
    if (k == n && (k = fold_ascii(out, s, n)) > 0)
        return k;

    int32_t len = from_utf8(a, s, n);
    const UNormalizer2 *const norm = simple ? unorm2_getNFCInstance(&e) : unorm2_getNFKCCasefoldInstance(&e);
    if (simple) {
        UChar folded[3 * UNITS];
        const int32_t m = u_strFoldCase(folded, 3 * UNITS, a, len, U_FOLD_CASE_DEFAULT, &e);
        len = U_SUCCESS(e) ? unorm2_normalize(norm, folded, m, b, 4 * UNITS, &e) : 0;
    } else if (U_SUCCESS(e)) {
        len = unorm2_normalize(norm, a, len, b, 4 * UNITS, &e);
    }
    if (U_FAILURE(e))                                     /* does not fit: as it is, its beginning counts */
        /* Counted anew, for `len` may be that of what failed. */
        return to_utf8(out, FOLD_MAX, a, from_utf8(a, s, n));
    const int32_t left = fold_numbers(b, len);
    /* Nothing was a joint: no mark has come beside another letter. */
    if (left == len)
        return to_utf8(out, FOLD_MAX, b, left);
    /* Normalised once more, as Unicode's forms are not closed under taking characters out. */
    len = unorm2_normalize(norm, b, left, c, 4 * UNITS, &e);      /* marks on both sides of a joint have met */
    return U_SUCCESS(e) ? to_utf8(out, FOLD_MAX, c, len) : to_utf8(out, FOLD_MAX, b, left);
}

/* A mark that people leave out: any on a Latin letter, a stress on a Cyrillic one. But ѓ and ќ are letters.
 * uscript_getScript() of a mark would be "inherited": so the letter is asked. */
static bool is_accent(UChar32 letter, UChar32 mark)
{
    UErrorCode e = U_ZERO_ERROR;

    if (u_charType(mark) != U_NON_SPACING_MARK || !u_isalpha(letter))
        return false;
    const UScriptCode script = uscript_getScript(letter, &e);
    return script == USCRIPT_LATIN || (script == USCRIPT_CYRILLIC && mark == 0x301 && letter != u'г' && letter != u'к');
}

/* What it gives is never longer than what it gets (æ and ae have two bytes each), so it works in place. On an error the
 * word stays as it was. café becomes cafe, été ete. It is called behind the stemmer, which needs them (chain.c). */
size_t fihi_fold_accents(uint8_t *s, size_t n)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar a[UNITS], b[4 * UNITS], c[4 * UNITS];
    UChar32 letter = 0;
    int32_t len, to = 0;
    size_t k = 0;

    while (k < n && s[k] < 0x80)
        k++;
    if (k == n)
        return n;
    const UNormalizer2 *const nfd = unorm2_getNFDInstance(&e);
    len = U_SUCCESS(e) ? unorm2_normalize(nfd, a, from_utf8(a, s, n), b, 4 * UNITS, &e) : 0;
    if (U_FAILURE(e))
        return n;
    for (int32_t i = 0; i < len && to < 4 * UNITS - 4;) {
        const int32_t at = i;
        UChar32 ch;

        U16_NEXT(b, i, len, ch);
        if (is_accent(letter, ch))
            continue;
        /* A second mark on a letter is judged by the letter, not by the mark before it. */
        letter = u_charType(ch) == U_NON_SPACING_MARK ? letter : ch;
        const char *plain = latin_letter((uint32_t)ch);
        for (; plain && *plain; plain++)
            c[to++] = (UChar)*plain;
        if (!plain)
            for (int32_t j = at; j < i; j++)
                c[to++] = b[j];
    }
    len = unorm2_normalize(unorm2_getNFCInstance(&e), c, to, b, 4 * UNITS, &e);
    return U_SUCCESS(e) ? to_utf8(s, n, b, len) : n;
}
