/* text/split.c - a hand-written scanner over UTF-8.
 *
 * The classes of the two-byte characters (Arabic and Latin among them) are a table, one row for each
 * lead byte, so that running text costs two loads a character. A unit test compares every entry with
 * ICU's Word_Break property.
 *
 * A word is scanned by the kind of its first character: Arabic letters with their marks, other letters and digits with
 * the marks of numbers, or a run without spaces that ICU divides. Each scan goes forward and looks at most a number's
 * length ahead, so the time is linear; nothing is copied.
 *
 *    الـGPS في 1,234.5 كم: أ.ف.ب      الـ (glued)  GPS  في  1,234.5  كم  أ.ف.ب
 *
 * A text may be begun at a word with is_fresh, and has the same words from there: passages are found by this.
 *
 * Who asks: analyzer.c for texts and queries, query.c and compose.c for where a query's words end, written.c for words
 * with their vowels. All of them see the same words, as nobody else knows what a word is.
 *
 * What is looked at twice are initials and the digits of a number, which joins_digits() and behind_groups() look ahead
 * at; both stop at the first character that is no digit or mark.
 */
#include "text/split.h"

#include <stdbool.h>
#include <string.h>
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

/* The blocks of the Arabic script: Arabic, Supplement, Extended-B and -A, presentation forms A and B, mathematical
 * symbols. */
static bool is_arabic(uint32_t cp)
{
    return (cp >= 0x0600 && cp <= 0x06FF) || (cp >= 0x0750 && cp <= 0x077F) || (cp >= 0x0870 && cp <= 0x08FF) ||
           (cp >= 0xFB50 && cp <= 0xFDFF) || (cp >= 0xFE70 && cp <= 0xFEFC) || (cp >= 0x1EE00 && cp <= 0x1EEFF);
}

/* Word_Break=Other: most are separators, but some scripts write words without spaces. The property gives these no
 * class, for a dictionary is needed to find their words. Thai, Lao, Khmer and Burmese are "complex context" of UAX #14;
 * Han and Hiragana have no spaces either. A Korean text has spaces, and Hangul is ALetter. */
static int class_of_other(uint32_t cp)
{
    UErrorCode e = U_ZERO_ERROR;

    if (!u_isalpha((UChar32)cp))
        return CLASS_NONE;
    if (u_getIntPropertyValue((UChar32)cp, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT)
        return CLASS_COMPLEX;
    /* Katakana is a class of its own in Word_Break; these two are "Other" there. */
    const UScriptCode script = uscript_getScript((UChar32)cp, &e);
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA ? CLASS_COMPLEX : CLASS_NONE;
}

/* U+200C and U+200D join or part letters within a word, and are hidden here though the property calls them Extend.
 * Signs of formulas are symbols to Unicode; they are words to us. Word_Break is that of UAX #29, 4.1. What it knows of
 * sentences with quotation marks and full stops inside of words (MidLetter, MidNumLet) is not taken over: don't is the
 * two words don and t. */
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

/* Three and four bytes, and all that is ill-formed: rare in Arabic text, so not inlined. *len is at least 1, so that
 * whoever goes on by it comes to an end. */
static int class_wide(const uint8_t *s, size_t n, size_t i, size_t *len)
{
    size_t next = i;
    int ok;
    const uint32_t cp = fihi_utf8_next(s, n, &next, &ok);

    *len = next - i;
    return ok ? fihi_split_class(cp) : CLASS_NONE;
}

/* The class of the character that a reference means, which is of the word like any other: &#1608;&#1586;. An & or %
 * that begins none separates, as one byte. Only a reference of a single character (&#1608; or &eacute;) is a part of a
 * word; others separate, as what they stand for does. */
static int class_of_reference(const uint8_t *s, size_t n, size_t i, size_t *len)
{
    uint32_t cp;
    const size_t bytes = fihi_reference_at(s + i, n - i, &cp);
    const int c = bytes ? fihi_split_class(cp) : CLASS_NONE;

    *len = bytes ? bytes : 1;
    return c == CLASS_COMPLEX ? CLASS_NONE : c;
}

/* The class of the character at i < n and its length, a reference apart. */
static inline int class_of_byte(const uint8_t *s, size_t n, size_t i, size_t *len)
{
    const unsigned b = s[i];

    if (b < 0x80) {
        *len = 1;
        return classes[b];
    }
    /* C0 and C1 would be overlong: they go the slow way, and are ill-formed there. */
    if (b >= 0xC2 && b < 0xE0 && n - i > 1 && (s[i + 1] & 0xC0) == 0x80) {
        *len = 2;
        return classes[(b & 0x1F) << 6 | (s[i + 1] & 0x3F)];
    }
    return class_wide(s, n, i, len);
}

/* For the places where the sign of a reference is as likely as anything else. */
static inline int class_at(const uint8_t *s, size_t n, size_t i, size_t *len)
{
    return reference_may_begin(s[i]) ? class_of_reference(s, n, i, len) : class_of_byte(s, n, i, len);
}

/* ---- initials: أ.ف.ب, أ ف ب, U.S.A., J. K. */

/* The bytes of a space that may stand inside a number or initials: U+0020, U+00A0, U+2009, U+202F; else 0. The ordinary
 * space, the no-break space, the thin one and the narrow no-break one, which typesetters put into numbers. */
static size_t space_at(const struct splitter *s, size_t i)
{
    static const char spaces[][4] = { " ", "\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF" };

    for (size_t k = 0; k < sizeof spaces / sizeof *spaces; k++) {
        const size_t n = strlen(spaces[k]);

        if (s->n - i >= n && memcmp(s->text + i, spaces[k], n) == 0)
            return n;
    }
    return 0;
}

/* Letters that are none once they are normalised: a tatweel (U+0640), the Quran's small waw and yeh (U+06E5,
 * U+06E6). */
static bool is_no_letter(const uint8_t *s)
{
    return (s[0] == 0xD9 && s[1] == 0x80) || (s[0] == 0xDB && (s[1] == 0xA5 || s[1] == 0xA6));
}

/* The bytes of a hamza or madda that is written behind its letter (U+0653 to U+0655), as NFD has it; else 0. */
static size_t hamza_at(const uint8_t *s, size_t n, size_t i)
{
    return n - i >= 2 && s[i] == 0xD9 && s[i + 1] >= 0x93 && s[i + 1] <= 0x95 ? 2 : 0;
}

/* Where the letter at i ends, if it is of this class and stands alone; else 0. Others than those of two bytes in
 * Arabic, with their hamza, and of one in Latin are no initials. So that ب in "أ ف ب" is one, and the first letter of a
 * word is none. */
static size_t lone_letter(const struct splitter *s, size_t i, int class)
{
    size_t bytes = class == CLASS_ARABIC ? 2 : 1, len;
    int c;

    if (s->n - i < bytes || class_at(s->text, s->n, i, &len) != class || len != bytes ||
        (bytes == 2 && is_no_letter(s->text + i)))
        return 0;
    if (bytes == 2)
        bytes += hamza_at(s->text, s->n, i + bytes);
    /* What follows must be a separator, or the point of an initial. */
    c = i + bytes < s->n ? class_at(s->text, s->n, i + bytes, &len) : CLASS_NONE;
    return c == CLASS_NONE || c == CLASS_POINT ? i + bytes : 0;
}

/* Of a lone letter, so both bytes are there. */
static bool is_waw(const struct splitter *s, size_t i)
{
    return s->text[i] == 0xD9 && s->text[i + 1] == 0x88;
}

/* What stands between two initials: a point, a space, or both. */
struct joint {
    bool has_point, has_space;
};

/* Where the initial behind the one that ends at i begins and ends; false if there is none. Between Latin ones stands a
 * point, and a space behind it only if the next has its point too; between Arabic ones a point, a space or both. و is a
 * word among letters with spaces. `last` is where the initial before begins, i where it ends; *joint is what stands
 * between. The last look is at a و of one's own: "أ و ب" are three words. */
static bool next_initial(const struct splitter *s, size_t last, size_t i, int class, size_t *start, size_t *end,
                         struct joint *joint)
{
    const size_t point = i < s->n && s->text[i] == '.', space = space_at(s, i + point);

    *start = i + point + space;
    *joint = (struct joint){ point, space };
    if (point + space == 0 || *start >= s->n || (*end = lone_letter(s, *start, class)) == 0)
        return false;
    const bool has_point = *end < s->n && s->text[*end] == '.';
    if (class != CLASS_ARABIC)
        return point && (!space || has_point);
    return point || (!is_waw(s, last) && !is_waw(s, *start) && !(has_point && lone_letter(s, *end + 1, class)));
}

/* A letter alone: with the initials that follow it, all joined in one way, one word. As far as they are joined in one
 * way: أ. ف ب is أ. ف, and ب by itself. out is a word of one letter when this is called; s->at moves with its end. */
static void join_initials(struct splitter *s, struct span *out, int class)
{
    size_t last = out->start, start, end;
    struct joint joint, first = { false, false };

    /* A vowel on it, or a letter behind it, makes it a word of its own. */
    if (lone_letter(s, out->start, class) != out->end)
        return;
    for (; next_initial(s, last, out->end, class, &start, &end, &joint); last = start) {
        if (last == out->start)
            first = joint;
        if (joint.has_point != first.has_point || joint.has_space != first.has_space)
            break;
        out->end = s->at = end;
    }
}

/* Arabic letters with their marks; hidden characters inside are passed over, behind are left off. The loop has the one
 * test that text needs first; references are looked for only where a word would end anyway. `end` is behind the last
 * letter or mark, i behind hidden characters too, where the next word may begin. */
static void scan_arabic(struct splitter *s, struct span *out)
{
    const uint8_t *const t = s->text;
    const size_t n = s->n;
    size_t i = out->start, end = i, len;
    int c = CLASS_NONE;

    for (; i < n; i += len) {
        c = class_of_byte(t, n, i, &len);
        if (c == CLASS_NONE && reference_may_begin(t[i]))
            c = class_of_reference(t, n, i, &len);
        if (c == CLASS_ARABIC || c == CLASS_MARK)
            end = i + len;
        else if (c != CLASS_HIDDEN)
            break;
    }
    out->end = end;
    /* As in الـGPS and و50: the analyzer asks whether it is only a clitic. */
    out->is_glued = i < n && (c == CLASS_DIGIT || c == CLASS_LETTER);
    out->is_fresh = true;
    s->at = i;
    if (end - out->start == 2 || (end - out->start == 4 && hamza_at(t, n, out->start + 2)))
        join_initials(s, out, CLASS_ARABIC);
}

/* Digits from i on; returns how many and moves i behind them. Digits of any script, as ١٢٣ and 123 alike. */
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

/* As class_at(), also at the end of the text. */
static int class_or_none(const struct splitter *s, size_t i, size_t *len)
{
    return i < s->n ? class_at(s->text, s->n, i, len) : CLASS_NONE;
}

/* The marks of a number so far: none, only points before groups of three, others. */
enum marks { MARKS_NONE, MARKS_POINTS, MARKS_OTHER };

/* Does the mark at i, of `len` bytes, join the digits before and behind it into one number? A point always does. A
 * comma does before a group of three (1,000,000), and once as a decimal comma (7,5, 1.234,50); a list (1,2,3) is three
 * numbers. 7,5,3 is a list for what follows; its last number knows by the comma before it (in_list). *seen is what the
 * number has had until now, and is changed. in_list: a comma stands before the number, so it is one of several. */
static bool joins_digits(const struct splitter *s, int mark, size_t i, size_t len, enum marks *seen, bool in_list)
{
    size_t next = i + len, after = 0;
    const unsigned digits = digits_at(s, &next);
    const bool may_be_decimal = *seen != MARKS_OTHER && !in_list;

    if (digits == 0)
        return false;
    *seen = mark == CLASS_POINT && digits == 3 && *seen != MARKS_OTHER ? MARKS_POINTS : MARKS_OTHER;
    /* 1.5, 1.2.3 and 1,000 are one number in any case. */
    if (mark == CLASS_POINT || digits == 3)
        return true;
    if (!may_be_decimal || class_or_none(s, next, &after) != CLASS_GROUP)
        return may_be_decimal;
    next += after;
    return digits_at(s, &next) == 0;
}

/* Where the number at i ends whose groups of three have spaces between them (1 234 567); i if it is no such number. A
 * row of digits that goes on otherwise (90 392 123 45) is a telephone's. A first 0 is of a telephone's number, or of a
 * code. Two numbers side by side may look the same (12 345 in a row of a table), and are taken for one. */
static size_t behind_groups(const struct splitter *s, size_t i)
{
    size_t end = i, len;
    unsigned first, groups = 0;

    if (s->text[i] == '0' || (first = digits_at(s, &end)) == 0 || first > 3)
        return i;
    for (size_t space; end < s->n && (space = space_at(s, end)) != 0; groups++) {
        size_t next = end + space;
        const unsigned digits = digits_at(s, &next);

        /* A group of two, or of four: no number. */
        if (digits != 3 && digits > 0)
            return i;
        if (digits == 0)
            break;
        end = next;
    }
    /* 1 234x is a code: the groups are no number. */
    const int c = class_or_none(s, end, &len);
    return groups == 0 || c == CLASS_LETTER || c == CLASS_ARABIC ? i : end;
}

/* Are the digits before `end` so many zeros, of ASCII, of Arabic or of Persian? */
static bool ends_in_zeros(const struct splitter *s, size_t end, size_t zeros)
{
    static const char zero[][4] = { "0", "\xD9\xA0", "\xDB\xB0" };

    for (size_t k = 0; k < sizeof zero / sizeof *zero; k++) {
        const size_t n = strlen(zero[k]);
        size_t left = zeros;

        for (; left > 0 && end >= n && memcmp(s->text + end - n, zero[k], n) == 0; left--)
            end -= n;
        if (left == 0)
            return true;
    }
    return false;
}

/* The bytes of the Arabic comma, which is no mark of numbers, at i; else 0. */
static size_t comma_at(const struct splitter *s, size_t i)
{
    return s->n - i >= 2 && s->text[i] == 0xD8 && s->text[i + 1] == 0x8C ? 2 : 0;
}

/* The same of groups with Arabic commas between them (2،500), as Wikipedia has them by the thousand. Pages of an index
 * are written like that, too (103،104): so the first group has one digit or two, or the number
 * ends in 000. A list that goes on, or has begun before, is none, nor is what stands at a colon (البصرة:65،241). */
static size_t behind_commas(const struct splitter *s, size_t i)
{
    size_t end = i, len;
    unsigned groups = 0;
    const unsigned first = digits_at(s, &end);

    if (first == 0 || first > 3 || (i >= 2 && comma_at(s, i - 2)) || (i > 0 && s->text[i - 1] == ':') ||
        (end < s->n && comma_at(s, end) == 0) || ends_in_zeros(s, end, first))
        return i;
    for (size_t comma; end < s->n && (comma = comma_at(s, end)) != 0; groups++) {
        size_t next = end + comma;
        const unsigned digits = digits_at(s, &next);

        if (digits == 0) {
            next += space_at(s, next);
            if (class_or_none(s, next, &len) == CLASS_DIGIT)
                return i;
            break;
        }
        if (digits != 3)
            return i;
        end = next;
    }
    return groups == 0 || class_or_none(s, end, &len) == CLASS_LETTER || (first == 3 && !ends_in_zeros(s, end, 3))
               ? i : end;
}

/* The bytes of the hyphen at i that joins one letter or two to a number: F-16, Su-30; 0 if there is none. Only where
 * the letters begin the word: in COVID-19 the number counts by itself, for it is searched for so. U+2011 is the hyphen
 * that does not break. */
static size_t joining_hyphen(const struct splitter *s, size_t start, size_t i)
{
    const bool is_wide = s->n - i >= 3 && memcmp(s->text + i, "\xE2\x80\x91", 3) == 0;
    const size_t n = i - start, hyphen = s->text[i] == '-' ? 1 : is_wide ? 3 : 0;
    size_t len;

    if (hyphen == 0 || n > 2 || s->text[start] >= 0x80 || s->text[i - 1] >= 0x80 ||
        classes[s->text[start]] != CLASS_LETTER || classes[s->text[i - 1]] != CLASS_LETTER)
        return 0;
    return class_or_none(s, i + hyphen, &len) == CLASS_DIGIT ? hyphen : 0;
}

/* Letters of other scripts and digits, together as in covid19 or 3D, and the marks inside numbers. `end` is behind the
 * last that surely belongs to the word, `i` where to go on: a mark of a number must stand right behind a digit, with
 * nothing hidden between. `last` is the class of the character before, marks and hidden ones passed over. */
static void scan_other(struct splitter *s, struct span *out)
{
    const uint8_t *const t = s->text;
    const size_t n = s->n;
    const bool in_list = out->start > 0 && t[out->start - 1] == ',';
    const bool is_listed = out->start > 0 && (t[out->start - 1] == 0x8C || t[out->start - 1] == ':');
    const size_t groups = behind_groups(s, out->start);
    size_t i = groups > out->start ? groups : behind_commas(s, out->start), end = i, len;
    int last = i > out->start ? CLASS_DIGIT : CLASS_NONE;
    enum marks seen = i > out->start ? MARKS_POINTS : MARKS_NONE;

    for (; i < n; i += len) {
        const int c = class_at(t, n, i, &len);
        if (c == CLASS_LETTER || c == CLASS_DIGIT) {
            end = i + len;
            last = c;
        } else if (c == CLASS_MARK) {
            end = i + len;
        } else if (c == CLASS_POINT || c == CLASS_GROUP) {
            if (last != CLASS_DIGIT || end != i || !joins_digits(s, c, i, len, &seen, in_list))
                break;
        } else if (c != CLASS_HIDDEN && (end != i || !(len = joining_hyphen(s, out->start, i)))) {
            break;
        }
    }
    out->end = end;
    out->is_fresh = !in_list && !is_listed;       /* nothing else before a word is looked at */
    s->at = i;
    if (end - out->start == 1 && last == CLASS_LETTER)
        join_initials(s, out, CLASS_LETTER);
}

/* A long run is cut into pieces of RUN_MAX bytes, for ICU's time and memory grow with the text that it sees; a word
 * across the border is cut, too. Marks and hidden characters belong to the run. UAX #29 leaves scripts without spaces
 * to dictionaries, which ICU's breaker has. It reads the text where it lies, by UText: nothing is copied. */
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
    /* Once for a splitter, at the first text that needs one. */
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

/* Hidden characters at the end of a word are left off. start < end, and a word of hidden characters alone stays. */
static size_t without_hidden_end(const struct splitter *s, size_t start, size_t end)
{
    size_t last, len;

    for (;; end = last) {
        for (last = end - 1; last > start && (s->text[last] & 0xC0) == 0x80; last--) ;
        if (last == start || class_at(s->text, s->n, last, &len) != CLASS_HIDDEN)
            return end;
    }
}

/* The next word of the run the breaker works on. Status "none" is of punctuation and spaces. Offsets of a UText of
 * UTF-8 are bytes. */
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

/* The breaker stays from text to text, for to open one costs far more than to use it. */
void fihi_split_begin(struct splitter *s, const uint8_t *text, size_t n)
{
    s->text = text;
    s->n = n;
    s->at = s->run_start = s->run_end = 0;
}

/* As in scan_arabic() references are looked for only where a separator stands anyway. The loop ends: each turn takes a
 * character at least, or a run's words. */
int fihi_split_next(struct splitter *s, struct span *out)
{
    for (;;) {
        size_t len;
        int c = CLASS_NONE, rc;

        /* The words of a run come first, and then the text goes on behind it. */
        if (s->run_start < s->run_end && next_in_run(s, out) == FIH_OK)
            return FIH_OK;
        for (; s->at < s->n; s->at += len) {
            c = class_of_byte(s->text, s->n, s->at, &len);
            if (c == CLASS_NONE && reference_may_begin(s->text[s->at]))
                c = class_of_reference(s->text, s->n, s->at, &len);
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

/* And may be begun again: the breaker is opened anew when it is needed. */
void fihi_split_free(struct splitter *s)
{
    if (s->breaker)
        ubrk_close(s->breaker);
    *s = (struct splitter){ 0 };
}
