/* out.c - texts, numbers and times on their way out.
 *
 * Nothing that an article, a file name or an error message holds may steer a terminal or turn round the line
 * that it stands in; nothing may break a JSON line or a column of a TREC file. This file knows no command.
 */
#include "out/out.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#define FSI "\xE2\x81\xA8" /* U+2068 first strong isolate */
#define PDI "\xE2\x81\xA9" /* U+2069 pop directional isolate */
#define BAD "\xEF\xBF\xBD" /* U+FFFD replacement character */

struct range { uint32_t first, last; };

static bool in_ranges(uint32_t c, const struct range *r, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (c >= r[i].first && c <= r[i].last)
            return true;
    return false;
}

#define IN(c, table) in_ranges((c), (table), sizeof(table) / sizeof *(table))

/* Unicode's White_Space. NEL (U+0085) is here and not among the controls: it is a line break. */
static bool is_space(uint32_t c)
{
    static const struct range spaces[] = {
        { 0x09, 0x0D }, { 0x20, 0x20 }, { 0x85, 0x85 }, { 0xA0, 0xA0 }, { 0x1680, 0x1680 }, { 0x2000, 0x200A },
        { 0x2028, 0x2029 }, { 0x202F, 0x202F }, { 0x205F, 0x205F }, { 0x3000, 0x3000 },
    };

    return IN(c, spaces);
}

/* What a terminal could obey (C0, DEL, C1) and what turns the text after it round: the embeddings, overrides and
 * isolates. The marks U+200E, U+200F and U+061C only lean on their neighbours and stand in honest Arabic text. */
static bool is_unsafe(uint32_t c)
{
    static const struct range unsafe[] = {
        { 0x00, 0x1F }, { 0x7F, 0x9F }, { 0x202A, 0x202E }, { 0x2066, 0x2069 },
    };

    return IN(c, unsafe);
}

/* One character at s[*i]. Ill-formed: one U+FFFD for each maximal subpart (Unicode 15, table 3-7), as the library does.
 */
static uint32_t next_char(fih_str s, size_t *i, bool *ok)
{
    UChar32 c;

    U8_NEXT((const uint8_t *)s.ptr, *i, s.len, c);
    *ok = c >= 0;
    return *ok ? (uint32_t)c : 0xFFFD;
}

enum { TRIM = 1, KEEP_RUNS = 2 };

/* The text with controls made harmless. White space runs become one space, unless KEEP_RUNS; with TRIM none stands at
 * the ends. */
static void print_clean(FILE *f, fih_str s, int flags)
{
    bool ok, begun = !(flags & TRIM), space = false;

    for (size_t i = 0; i < s.len;) {
        const size_t at = i;
        const uint32_t c = next_char(s, &i, &ok);

        if (ok && is_space(c)) {
            if (flags & KEEP_RUNS)
                putc(' ', f);
            else
                space = true;
            continue;
        }
        if (space && begun)
            putc(' ', f);
        space = false;
        begun = true;
        if (!ok || is_unsafe(c))
            fputs(BAD, f);
        else
            fwrite(s.ptr + at, 1, i - at, f);
    }
    if (space && !(flags & TRIM))
        putc(' ', f);
}

void out_text(FILE *f, fih_str s)
{
    fputs(FSI, f);
    print_clean(f, s, TRIM);
    fputs(PDI, f);
}

void out_text_bare(FILE *f, fih_str s)
{
    print_clean(f, s, 0);
}

void out_block(FILE *f, fih_str s)
{
    for (size_t i = 0; i < s.len;) {
        const size_t at = i;

        while (i < s.len && s.ptr[i] != '\n' && s.ptr[i] != '\r')
            i++;
        if (i > at) {
            fputs(FSI, f);
            print_clean(f, (fih_str){ s.ptr + at, i - at }, KEEP_RUNS);
            fputs(PDI, f);
        }
        putc('\n', f);
        if (i + 1 < s.len && s.ptr[i] == '\r' && s.ptr[i + 1] == '\n')
            i++;
        if (i < s.len)
            i++;
    }
}

/* By Unicode's properties, as terminals do (compare Markus Kuhn's wcwidth.c). Most of them show a soft hyphen. */
int out_char_width(int32_t c)
{
    const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);

    if (c == 0xAD)
        return 1;
    if (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK) || (c >= 0x1160 && c <= 0x11FF))
        return 0;
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

size_t out_width(fih_str s)
{
    size_t columns = 0, pending = 0;
    bool ok;

    for (size_t i = 0; i < s.len;) {
        const uint32_t c = next_char(s, &i, &ok);

        if (ok && is_space(c)) {
            pending = columns > 0;
            continue;
        }
        columns += pending + (size_t)out_char_width((int32_t)c);
        pending = 0;
    }
    return columns;
}

void out_column(FILE *f, fih_str s, size_t columns)
{
    out_text(f, s);
    for (size_t n = out_width(s); n < columns; n++)
        putc(' ', f);
}

/* One character of a JSON string. What print_clean() would replace is escaped here: the value stays exact, and a
 * JSON line shown on a terminal is as harmless as any other. */
static void json_escape(FILE *f, uint32_t c)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *at = c > 0 && c < 0x80 ? strchr(from, (int)c) : NULL;

    if (at)
        fprintf(f, "\\%c", to[at - from]);
    else
        fprintf(f, "\\u%04" PRIx32, c);
}

static bool json_is_plain(uint32_t c)
{
    if (c < 0x80)
        return c >= 0x20 && c != '"' && c != '\\' && c != 0x7F;
    return c > 0x2069 || !(is_unsafe(c) || c == 0x2028 || c == 0x2029);
}

void out_json(FILE *f, fih_str s)
{
    size_t plain = 0;                          /* from here on nothing is written yet */
    bool ok;

    putc('"', f);
    for (size_t i = 0; i < s.len;) {
        const size_t at = i;
        const uint32_t c = next_char(s, &i, &ok);

        if (ok && json_is_plain(c))
            continue;
        fwrite(s.ptr + plain, 1, at - plain, f);
        plain = i;
        if (ok)
            json_escape(f, c);
        else
            fputs(BAD, f);
    }
    if (s.len > plain)
        fwrite(s.ptr + plain, 1, s.len - plain, f);
    putc('"', f);
}

void out_trec(FILE *f, fih_str s)
{
    bool ok;

    for (size_t i = 0; i < s.len;) {
        const size_t at = i;
        const uint32_t c = next_char(s, &i, &ok);

        if (ok && !is_space(c) && !is_unsafe(c)) {
            fwrite(s.ptr + at, 1, i - at, f);
            continue;
        }
        for (size_t k = at; k < i; k++)
            fprintf(f, "%%%02X", (unsigned)(unsigned char)s.ptr[k]);
    }
}

fih_str out_str(const char *s)
{
    return (fih_str){ s, s ? strlen(s) : 0 };
}

void out_count(FILE *f, uint64_t n)
{
    char digits[32];
    const int len = snprintf(digits, sizeof digits, "%" PRIu64, n);

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            putc(',', f);
        putc(digits[i], f);
    }
}

void out_bytes(FILE *f, uint64_t n)
{
    static const char units[][3] = { "kB", "MB", "GB", "TB", "PB", "EB" };
    double v = (double)n / 1000;
    size_t u = 0;

    if (n < 1000) {
        fprintf(f, "%" PRIu64 " B", n);
        return;
    }
    while (v >= 999.95 && u + 1 < sizeof units / sizeof *units) { /* 999.95 would be printed as 1000.0 */
        v /= 1000;
        u++;
    }
    fprintf(f, "%.1f %s", v, units[u]);
}

void out_time(FILE *f, int64_t seconds)
{
    const time_t t = (time_t)seconds;
    char text[64];
    struct tm tm;

    if (gmtime_r(&t, &tm) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
        fputs(text, f);
    else
        fprintf(f, "%" PRId64, seconds);
}

bool out_colour(FILE *f)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

    return isatty(fileno(f)) && !(no && *no) && term && *term && strcmp(term, "dumb") != 0;
}
