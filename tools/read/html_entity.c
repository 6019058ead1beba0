/* html_entity.c - references as the HTML standard reads them (13.2.5.72 to 13.2.5.80). See html_entity.h. */
#include "read/html_entity.h"

#include <ctype.h>
#include <string.h>
#include <unicode/utf8.h>

#define NAME_MAX 32                /* the longest name has 31 letters */
#define BARE_MAX 6                 /* and of those without a semicolon, 6 */
#define REPLACEMENT 0xFFFDu

static size_t encode(char *to, uint32_t c)
{
    size_t n = 0;

    U8_APPEND_UNSAFE((uint8_t *)to, n, c);
    return n;
}

/* Numbers that are no characters, or that page makers meant as bytes of windows-1252. */
static uint32_t repaired(uint32_t c)
{
    static const uint16_t windows_1252[32] = {
        0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
        0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0x8D,   0x17D,  0x8F,
        0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178,
    };

    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        return REPLACEMENT;
    if (c >= 0x80 && c < 0xA0)
        return windows_1252[c - 0x80];
    return c < ' ' ? ' ' : c;      /* the others are white space, or nothing one sees */
}

size_t html_character(char utf8[HTML_REF_BYTES], uint32_t code)
{
    return encode(utf8, repaired(code));
}

static int digit(char c, bool is_hex)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (is_hex && isxdigit((unsigned char)c))
        return tolower((unsigned char)c) - 'a' + 10;
    return -1;
}

static size_t numeric(const char *s, size_t n, char *utf8, size_t *utf8_bytes)
{
    const bool is_hex = n > 2 && (s[2] == 'x' || s[2] == 'X');
    size_t i = is_hex ? 3 : 2;
    const size_t from = i;
    uint32_t c = 0;

    for (; i < n && digit(s[i], is_hex) >= 0; i++)
        if (c <= 0x10FFFF)
            c = c * (is_hex ? 16 : 10) + (uint32_t)digit(s[i], is_hex);
    if (i == from)
        return 0;
    *utf8_bytes = html_character(utf8, c);
    return i + (i < n && s[i] == ';');
}

static const struct html_entity *find(const char *name, size_t n)
{
    size_t low = 0, high = HTML_ENTITIES;

    while (low < high) {
        const size_t mid = (low + high) / 2;
        const char *at = html_entities[mid].name;
        int order = strncmp(at, name, n);

        if (order == 0 && at[n] == '\0')
            return &html_entities[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

static size_t named(const char *s, size_t n, bool in_attribute, char *utf8, size_t *utf8_bytes)
{
    const struct html_entity *e = NULL;
    size_t len = 0;

    while (1 + len < n && len < NAME_MAX && isalnum((unsigned char)s[1 + len]))
        len++;
    if (1 + len < n && s[1 + len] == ';' && (e = find(s + 1, len)) != NULL) {
        len += 1;
    } else {                       /* the longest beginning that counts alone */
        for (len = len < BARE_MAX ? len : BARE_MAX; len > 1; len--)
            if ((e = find(s + 1, len)) != NULL && e->is_bare)
                break;
        if (len <= 1)
            return 0;
        if (in_attribute && 1 + len < n && (s[1 + len] == '=' || isalnum((unsigned char)s[1 + len])))
            return 0;
    }
    *utf8_bytes = encode(utf8, e->first);
    if (e->second)
        *utf8_bytes += encode(utf8 + *utf8_bytes, e->second);
    return 1 + len;
}

size_t html_reference(const char *s, size_t n, bool in_attribute, char utf8[HTML_REF_BYTES], size_t *utf8_bytes)
{
    if (n > 1 && s[1] == '#')
        return numeric(s, n, utf8, utf8_bytes);
    return named(s, n, in_attribute, utf8, utf8_bytes);
}
