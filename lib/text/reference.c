/* text/reference.c - numbers, and the names that occur in texts: letters of Latin-1 and French, signs, joiners.
 *
 * All names of HTML would be 2,231, most of them for mathematics. Those here can be part of a word, or separate words,
 * and were left in texts by programs that escaped them. Greek letters have names, too, but nobody writes text with
 * them.
 *
 * Of a number as many letters are read as any character needs, and two zeros before them: &#x0010FFFF;. HTML allows any
 * number of zeros, which nobody writes.
 *
 * What means no character (&#0;, a surrogate, a number past U+10FFFF) is no reference but an &, a word and a semicolon.
 *
 * In addresses letters are bytes of UTF-8, each behind a % (RFC 3986, 2.1). Of these the letters of two bytes are read,
 * Arabic, accented, Greek and Cyrillic ones: .../wiki/%D8%AA%D9%88%D9%86%D8%B3 is the page of تونس.
 */
#include "text/reference.h"

#include <string.h>

#include "base/utf8.h"

enum { NAME_MOST = 6, NUMBER_MOST = 9, CHARACTER_MOST = 0x10FFFF };

/* Sorted by strcmp(). */
static const struct {
    char     name[NAME_MOST + 1];
    uint16_t character;
} names[] = {
    {"AElig", 0xC6},     {"Aacute", 0xC1},    {"Acirc", 0xC2},     {"Agrave", 0xC0},    {"Aring", 0xC5},
    {"Atilde", 0xC3},    {"Auml", 0xC4},      {"Ccedil", 0xC7},    {"ETH", 0xD0},       {"Eacute", 0xC9},
    {"Ecirc", 0xCA},     {"Egrave", 0xC8},    {"Euml", 0xCB},      {"Iacute", 0xCD},    {"Icirc", 0xCE},
    {"Igrave", 0xCC},    {"Iuml", 0xCF},      {"Ntilde", 0xD1},    {"OElig", 0x152},    {"Oacute", 0xD3},
    {"Ocirc", 0xD4},     {"Ograve", 0xD2},    {"Oslash", 0xD8},    {"Otilde", 0xD5},    {"Ouml", 0xD6},
    {"Scaron", 0x160},   {"THORN", 0xDE},     {"Uacute", 0xDA},    {"Ucirc", 0xDB},     {"Ugrave", 0xD9},
    {"Uuml", 0xDC},      {"Yacute", 0xDD},    {"Yuml", 0x178},     {"aacute", 0xE1},    {"acirc", 0xE2},
    {"aelig", 0xE6},     {"agrave", 0xE0},    {"amp", '&'},        {"apos", '\''},      {"aring", 0xE5},
    {"atilde", 0xE3},    {"auml", 0xE4},      {"bull", 0x2022},    {"ccedil", 0xE7},    {"copy", 0xA9},
    {"deg", 0xB0},       {"eacute", 0xE9},    {"ecirc", 0xEA},     {"egrave", 0xE8},    {"emsp", 0x2003},
    {"ensp", 0x2002},    {"eth", 0xF0},       {"euml", 0xEB},      {"euro", 0x20AC},    {"gt", '>'},
    {"hellip", 0x2026},  {"iacute", 0xED},    {"icirc", 0xEE},     {"igrave", 0xEC},    {"iuml", 0xEF},
    {"laquo", 0xAB},     {"ldquo", 0x201C},   {"lrm", 0x200E},     {"lsaquo", 0x2039},  {"lsquo", 0x2018},
    {"lt", '<'},         {"mdash", 0x2014},   {"middot", 0xB7},    {"nbsp", 0xA0},      {"ndash", 0x2013},
    {"ntilde", 0xF1},    {"oacute", 0xF3},    {"ocirc", 0xF4},     {"oelig", 0x153},    {"ograve", 0xF2},
    {"oslash", 0xF8},    {"otilde", 0xF5},    {"ouml", 0xF6},      {"pound", 0xA3},     {"quot", '"'},
    {"raquo", 0xBB},     {"rdquo", 0x201D},   {"reg", 0xAE},       {"rlm", 0x200F},     {"rsaquo", 0x203A},
    {"rsquo", 0x2019},   {"sbquo", 0x201A},   {"scaron", 0x161},   {"shy", 0xAD},       {"szlig", 0xDF},
    {"thinsp", 0x2009},  {"thorn", 0xFE},     {"times", 0xD7},     {"trade", 0x2122},   {"uacute", 0xFA},
    {"ucirc", 0xFB},     {"ugrave", 0xF9},    {"uuml", 0xFC},      {"yacute", 0xFD},    {"yuml", 0xFF},
    {"zwj", 0x200D},     {"zwnj", 0x200C},
};

/* Capitals count: &Eacute; is É, &eacute; é. */
static uint32_t find_name(const uint8_t *s, size_t n)
{
    char name[NAME_MOST + 1] = "";
    size_t low = 0, high = sizeof names / sizeof *names;

    if (n == 0 || n > NAME_MOST)
        return 0;
    memcpy(name, s, n);
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        const int order = strcmp(name, names[mid].name);

        if (order == 0)
            return names[mid].character;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return 0;
}

/* | 0x20 makes small letters of capitals. */
static int digit(uint8_t c, unsigned base)
{
    const uint8_t low = c | 0x20;

    return c >= '0' && c <= '9' ? c - '0' : base == 16 && low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* What stands between & (and #) and the semicolon at s + n. c is tested before it grows, so it cannot overflow: 16
 * times 0x10FFFF fits 32 bits. */
static uint32_t find_number(const uint8_t *s, size_t n)
{
    const bool is_hex = n > 1 && (s[0] | 0x20) == 'x';
    uint32_t c = 0;

    for (size_t i = is_hex; i < n; i++) {
        const int d = digit(s[i], is_hex ? 16 : 10);

        /* Anything but a digit makes it no number. */
        if (d < 0 || c > CHARACTER_MOST)
            return 0;
        c = c * (is_hex ? 16 : 10) + (uint32_t)d;
    }
    return c > CHARACTER_MOST || (c >= 0xD800 && c < 0xE000) ? 0 : c;
}

/* The reference whose name or number begins at s[at], behind its &. Looks no further than the longest could be, so an &
 * in a long text costs a few bytes. */
static size_t read_reference(const uint8_t *s, size_t n, size_t at, uint32_t *character)
{
    const bool is_number = at < n && s[at] == '#';
    const size_t from = at + is_number;
    size_t to = from;

    while (to < n && to - from < NUMBER_MOST && s[to] != ';')
        to++;
    *character = to == n || s[to] != ';' ? 0 : is_number ? find_number(s + from, to - from)
                                                         : find_name(s + from, to - from);
    return *character ? to + 1 : 0;
}

/* The byte that stands at s as % and two digits; -1 if there is none. */
static int byte_at(const uint8_t *s, size_t n)
{
    const int high = n > 2 && s[0] == '%' ? digit(s[1], 16) : -1, low = high < 0 ? -1 : digit(s[2], 16);

    return low < 0 ? -1 : high << 4 | low;
}

/* C3 to DF: the bytes before are signs, or overlong. */
static size_t read_escape(const uint8_t *s, size_t n, uint32_t *character)
{
    enum { BYTE = 3 };
    const int first = byte_at(s, n), second = first < 0xC3 || first > 0xDF ? -1 : byte_at(s + BYTE, n - BYTE);

    *character = second < 0 || (second & 0xC0) != 0x80 ? 0 : (uint32_t)((first & 0x1F) << 6 | (second & 0x3F));
    return *character ? 2 * BYTE : 0;
}

/* &amp;#1608; first as what was escaped twice; else &amp; itself, which is an &. */
size_t fihi_reference_at(const uint8_t *s, size_t n, uint32_t *character)
{
    static const char ampersand[] = "&amp;";
    const size_t once = sizeof ampersand - 1;
    size_t bytes = 0;

    if (n > 0 && s[0] == '%')
        return read_escape(s, n, character);
    if (n > once && memcmp(s, ampersand, once) == 0)
        bytes = read_reference(s, n, once, character);
    return bytes ? bytes : read_reference(s, n, 1, character);
}

/* A character in UTF-8 is never longer than its reference, so n bytes suffice. A sign that begins none is what is left
 * of a reference where a word was cut: the splitter puts no other into a word. */
size_t fihi_reference_resolve(uint8_t *out, const uint8_t *s, size_t n)
{
    size_t to = 0;

    for (size_t i = 0; i < n;) {
        uint32_t character;
        const size_t bytes = reference_may_begin(s[i]) ? fihi_reference_at(s + i, n - i, &character) : 0;

        if (bytes)
            to += fihi_utf8_put(out + to, character);
        else if (reference_may_begin(s[i]))
            break;
        else
            out[to++] = s[i];
        i += bytes ? bytes : 1;
    }
    return to;
}
