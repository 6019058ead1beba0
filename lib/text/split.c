/* text/split.c - a hand-written scanner over UTF-8.
 *
 * The classes of the two-byte characters (Arabic and Latin among them) are a table, one row for each
 * lead byte, so that running text costs two loads a character. A unit test compares every entry with
 * ICU's Word_Break property. */
#include "text/split.h"

#include <stdbool.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>

#include "base/utf8.h"
#include "fihrist.h"
#include "text/reference.h"
#include "text/sign.h"

enum { RUN_MAX = 4096 };   /* bytes of a run without spaces that ICU sees at once */

/* Row r, column c: the class of U+0000 + 64 r + c, as in enum CLASS_…. */
static const char classes[2048 + 1] =
    /* U+0000 */ "............................................g.p.dddddddddd......"
    /* U+0040 */ ".llllllllllllllllllllllllll......llllllllllllllllllllllllll....."
    /* U+0080 */ "..........................................l..i.......l....l....."
    /* U+00C0 */ "lllllllllllllllllllllll.lllllllllllllllllllllllllllllll.llllllll"
    /* U+0100 */ "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
    /* U+0140 */ "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
    /* U+0180 */ "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
    /* U+01C0 */ "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
    /* U+0200 */ "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
    /* U+0240 */ "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
    /* U+0280 */ "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
    /* U+02C0 */ "llllllllllllllllllllllll......llllllllllllllllllllllllllllllllll"
    /* U+0300 */ "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm"
    /* U+0340 */ "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmlllll.ll..llll.l"
    /* U+0380 */ "......l.lll.l.llllllllllllllllllll.lllllllllllllllllllllllllllll"
    /* U+03C0 */ "llllllllllllllllllllllllllllllllllllllllllllllllllllll.lllllllll"
    /* U+0400 */ "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
    /* U+0440 */ "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
    /* U+0480 */ "ll.mmmmmmmllllllllllllllllllllllllllllllllllllllllllllllllllllll"
    /* U+04C0 */ "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
    /* U+0500 */ "llllllllllllllllllllllllllllllllllllllllllllllll.lllllllllllllll"
    /* U+0540 */ "lllllllllllllllllllllll..llll.l.llllllllllllllllllllllllllllllll"
    /* U+0580 */ "lllllllll.l......mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm.m"
    /* U+05C0 */ ".mm.mm.m........lllllllllllllllllllllllllll....lllll............"
    /* U+0600 */ "iiiiii..........mmmmmmmmmmm.i...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    /* U+0640 */ "aaaaaaaaaaammmmmmmmmmmmmmmmmmmmmdddddddddd.pg.aamaaaaaaaaaaaaaaa"
    /* U+0680 */ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    /* U+06C0 */ "aaaaaaaaaaaaaaaaaaaa.ammmmmmmi.mmmmmmaamm.mmmmaaddddddddddaaa..a"
    /* U+0700 */ "...............ilmllllllllllllllllllllllllllllllmmmmmmmmmmmmmmmm"
    /* U+0740 */ "mmmmmmmmmmm..lllaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    /* U+0780 */ "llllllllllllllllllllllllllllllllllllllmmmmmmmmmmml.............."
    /* U+07C0 */ "ddddddddddlllllllllllllllllllllllllllllllllmmmmmmmmmll....l..m..";

static bool is_arabic(uint32_t cp)
{
    return (cp >= 0x0600 && cp <= 0x06FF) || (cp >= 0x0750 && cp <= 0x077F) || (cp >= 0x0870 && cp <= 0x08FF) ||
           (cp >= 0xFB50 && cp <= 0xFDFF) || (cp >= 0xFE70 && cp <= 0xFEFC) || (cp >= 0x1EE00 && cp <= 0x1EEFF);
}

/* Word_Break=Other: most are separators, but some scripts write words without spaces. */
static int class_of_other(uint32_t cp)
{
    UErrorCode e = U_ZERO_ERROR;

    if (!u_isalpha((UChar32)cp))
        return CLASS_NONE;
    if (u_getIntPropertyValue((UChar32)cp, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT)
        return CLASS_COMPLEX;
    const UScriptCode script = uscript_getScript((UChar32)cp, &e);
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA ? CLASS_COMPLEX : CLASS_NONE;
}

int fihi_split_class(uint32_t cp)
{
    if (cp < 0x800)
        return classes[cp];
    if (cp == 0x200C || cp == 0x200D)
        return CLASS_HIDDEN;
    if (cp >= 0xFD40 && cp <= 0xFDFF && fihi_sign_words(cp))
        return CLASS_ARABIC;
    switch (u_getIntPropertyValue((UChar32)cp, UCHAR_WORD_BREAK)) {
    case U_WB_ALETTER:
    case U_WB_HEBREW_LETTER: return is_arabic(cp) ? CLASS_ARABIC : CLASS_LETTER;
    case U_WB_NUMERIC:       return CLASS_DIGIT;
    case U_WB_EXTEND:        return CLASS_MARK;
    case U_WB_FORMAT:        return CLASS_HIDDEN;
    case U_WB_KATAKANA:      return CLASS_COMPLEX;
    case U_WB_OTHER:         return class_of_other(cp);
    default:                 return CLASS_NONE;
    }
}

static int class_wide(const uint8_t *s, size_t n, size_t i, size_t *len)
{
    size_t next = i;
    int ok;
    const uint32_t cp = fihi_utf8_next(s, n, &next, &ok);

    *len = next - i;
    return ok ? fihi_split_class(cp) : CLASS_NONE;
}

/* The class of the character that a reference means, which is of the word like any other: &#1608;&#1586; */
static int class_of_reference(const uint8_t *s, size_t n, size_t i, size_t *len)
{
    uint32_t cp;
    const size_t bytes = fihi_reference_at(s + i, n - i, &cp);
    const int c = bytes ? fihi_split_class(cp) : CLASS_NONE;

    *len = bytes ? bytes : 1;
    return c == CLASS_COMPLEX ? CLASS_NONE : c;
}

/* The class of the character at i < n and its length. */
static inline int class_at(const uint8_t *s, size_t n, size_t i, size_t *len)
{
    const unsigned b = s[i];

    if (b < 0x80) {
        *len = 1;
        return b != '&' ? classes[b] : class_of_reference(s, n, i, len);
    }
    if (b >= 0xC2 && b < 0xE0 && n - i > 1 && (s[i + 1] & 0xC0) == 0x80) {
        *len = 2;
        return classes[(b & 0x1F) << 6 | (s[i + 1] & 0x3F)];
    }
    return class_wide(s, n, i, len);
}

/* Arabic letters with their marks; hidden characters inside are passed over, behind are left off. */
static void scan_arabic(struct splitter *s, struct span *out)
{
    const uint8_t *const t = s->text;
    const size_t n = s->n;
    size_t i = out->start, end = i, len;
    int c = CLASS_NONE;

    for (; i < n; i += len) {
        c = class_at(t, n, i, &len);
        if (c == CLASS_ARABIC || c == CLASS_MARK)
            end = i + len;
        else if (c != CLASS_HIDDEN)
            break;
    }
    out->end = end;
    out->is_glued = i < n && (c == CLASS_DIGIT || c == CLASS_LETTER);
    out->is_fresh = true;
    s->at = i;
}

/* Digits from i on; returns how many and moves i behind them. */
static unsigned digits_at(const struct splitter *s, size_t *i)
{
    unsigned count = 0;
    size_t len;

    while (*i < s->n && class_at(s->text, s->n, *i, &len) == CLASS_DIGIT) {
        *i += len;
        count++;
    }
    return count;
}

static int class_or_none(const struct splitter *s, size_t i, size_t *len)
{
    return i < s->n ? class_at(s->text, s->n, i, len) : CLASS_NONE;
}

/* Does the mark at i, of `len` bytes, join the digits before and behind it into one number? A point
 * always does. A comma does before a group of three (1,000,000), and once as a decimal comma (7,5);
 * a list (1,2,3) is three numbers. */
static int joins_digits(const struct splitter *s, int mark, size_t i, size_t len, int seen, int in_list)
{
    size_t next = i + len, after = 0;
    const unsigned digits = digits_at(s, &next);

    if (digits == 0)
        return 0;
    if (mark == CLASS_POINT || digits == 3)
        return 1;
    if (seen || in_list || class_or_none(s, next, &after) != CLASS_GROUP)
        return !seen && !in_list;
    next += after;
    return digits_at(s, &next) == 0;
}

/* Letters of other scripts and digits, together as in covid19 or 3D, and the marks inside numbers. */
static void scan_other(struct splitter *s, struct span *out)
{
    const uint8_t *const t = s->text;
    const size_t n = s->n;
    size_t i = out->start, end = i, len;
    int last = CLASS_NONE, seen = 0;
    const int in_list = i > 0 && t[i - 1] == ',';

    for (; i < n; i += len) {
        const int c = class_at(t, n, i, &len);
        if (c == CLASS_LETTER || c == CLASS_DIGIT) {
            end = i + len;
            last = c;
        } else if (c == CLASS_MARK) {
            end = i + len;
        } else if (c == CLASS_POINT || c == CLASS_GROUP) {
            if (last != CLASS_DIGIT || end != i || !joins_digits(s, c, i, len, seen, in_list))
                break;
            seen = 1;
        } else if (c != CLASS_HIDDEN) {
            break;
        }
    }
    out->end = end;
    out->is_fresh = !in_list;       /* the only thing before a word that is looked at */
    s->at = i;
}

static int begin_run(struct splitter *s, size_t start)
{
    UText ut = UTEXT_INITIALIZER;
    UErrorCode e = U_ZERO_ERROR;
    size_t i = start, len = 0;

    while (i < s->n && i - start < RUN_MAX) {
        const int c = class_at(s->text, s->n, i, &len);
        if (c != CLASS_COMPLEX && c != CLASS_MARK && c != CLASS_HIDDEN)
            break;
        i += len;
    }
    s->run_start = start;
    s->run_end = s->at = i;
    if (!s->breaker)
        s->breaker = ubrk_open(UBRK_WORD, "", NULL, 0, &e);   /* "": the root locale, not the user's */
    utext_openUTF8(&ut, (const char *)s->text + start, (int64_t)(i - start), &e);
    if (U_SUCCESS(e))
        ubrk_setUText(s->breaker, &ut, &e);                   /* keeps a copy of ut */
    utext_close(&ut);
    if (U_FAILURE(e)) {
        s->run_end = s->run_start;
        return FIH_E_NOMEM;
    }
    ubrk_first(s->breaker);
    return FIH_OK;
}

/* Hidden characters at the end of a word are left off. */
static size_t without_hidden_end(const struct splitter *s, size_t start, size_t end)
{
    size_t last, len;

    for (;; end = last) {
        for (last = end - 1; last > start && (s->text[last] & 0xC0) == 0x80; last--) ;
        if (last == start || class_at(s->text, s->n, last, &len) != CLASS_HIDDEN)
            return end;
    }
}

/* The next word of the run the breaker works on. */
static int next_in_run(struct splitter *s, struct span *out)
{
    for (int32_t from = ubrk_current(s->breaker), to; (to = ubrk_next(s->breaker)) != UBRK_DONE; from = to)
        if (ubrk_getRuleStatus(s->breaker) >= UBRK_WORD_NONE_LIMIT) {
            const size_t start = s->run_start + (size_t)from;
            /* What ICU sees at once decides on its words: another beginning may be another division. */
            *out = (struct span){ start, without_hidden_end(s, start, s->run_start + (size_t)to), 0, from == 0 };
            return FIH_OK;
        }
    s->run_start = s->run_end;
    return FIH_DONE;
}

void fihi_split_begin(struct splitter *s, const uint8_t *text, size_t n)
{
    s->text = text;
    s->n = n;
    s->at = s->run_start = s->run_end = 0;
}

int fihi_split_next(struct splitter *s, struct span *out)
{
    for (;;) {
        size_t len;
        int c = CLASS_NONE, rc;

        if (s->run_start < s->run_end && next_in_run(s, out) == FIH_OK)
            return FIH_OK;
        for (; s->at < s->n; s->at += len) {
            c = class_at(s->text, s->n, s->at, &len);
            if (c == CLASS_ARABIC || c == CLASS_LETTER || c == CLASS_DIGIT || c == CLASS_COMPLEX)
                break;
        }
        if (s->at >= s->n)
            return FIH_DONE;
        *out = (struct span){ s->at, s->at, 0, 0 };
        if (c == CLASS_ARABIC) {
            scan_arabic(s, out);
            return FIH_OK;
        }
        if (c != CLASS_COMPLEX) {
            scan_other(s, out);
            return FIH_OK;
        }
        if ((rc = begin_run(s, s->at)) != FIH_OK)
            return rc;
    }
}

void fihi_split_free(struct splitter *s)
{
    if (s->breaker)
        ubrk_close(s->breaker);
    *s = (struct splitter){ 0 };
}
