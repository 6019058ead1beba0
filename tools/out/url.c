/* url.c - percent-encoding (RFC 3986) read for the eye, and written.
 *
 * Only what is surely harmless is decoded: letters, digits and marks outside ASCII. A sign in ASCII may mean something
 * else decoded than encoded, and spaces, controls and marks of direction could make an address look like another one.
 */
#include "out/url.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "out/out.h"

static bool begins(fih_str s, const char *with)
{
    const size_t n = strlen(with);

    return s.len > n && strncasecmp(s.ptr, with, n) == 0;
}

bool url_is_web(fih_str url)
{
    return begins(url, "http://") || begins(url, "https://");
}

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* The byte that is written as %XX at i, or -1. */
static int encoded_at(fih_str s, size_t i)
{
    const bool may = i < s.len && s.len - i > 2 && s.ptr[i] == '%';
    const int high = may ? hex(s.ptr[i + 1]) : -1, low = may ? hex(s.ptr[i + 2]) : -1;

    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* The character that is written so at i, into `out`: its bytes in UTF-8; 0 if it is to stay as it is. */
static size_t decoded_at(fih_str s, size_t i, char out[4])
{
    UChar32 c;
    size_t n = 0, at = 0;
    int byte;

    while (n < 4 && (byte = encoded_at(s, i + 3 * n)) >= 0x80)
        out[n++] = (char)byte;
    if (n < 2)
        return 0;
    U8_NEXT((const uint8_t *)out, at, n, c);
    return c > 0x7F && U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK) ? at : 0;
}

/* Where a path begins: behind the host, whose letters are no business of ours. */
static size_t path_of(fih_str url)
{
    size_t i = begins(url, "https://") ? strlen("https://") : begins(url, "http://") ? strlen("http://") : url.len;

    while (i < url.len && url.ptr[i] != '/')
        i++;
    return i;
}

/* In place of the middle; the beginning keeps two thirds of the room. */
static void shorten(char *s, size_t most)
{
    const size_t n = strlen(s), head_columns = (most - 1) * 2 / 3, tail_columns = most - 1 - head_columns;
    size_t head = 0, tail = n, columns = 0;
    UChar32 c;

    for (size_t i = 0; i < n; head = i) {
        U8_NEXT((const uint8_t *)s, i, n, c);
        columns += (size_t)out_char_width(c < 0 ? 0xFFFD : c);
        if (columns > head_columns)
            break;
    }
    columns = 0;
    for (int32_t i = (int32_t)n; i > (int32_t)head;) {
        U8_PREV((const uint8_t *)s, 0, i, c);
        const size_t width = (size_t)out_char_width(c < 0 ? 0xFFFD : c);
        columns += width;
        if (columns > tail_columns)
            break;
        if (width > 0)                 /* a mark stays with its letter */
            tail = (size_t)i;
    }
    if (tail < head + strlen("…"))
        return;
    memcpy(s + head, "…", strlen("…"));
    memmove(s + head + strlen("…"), s + tail, n - tail + 1);
}

char *url_shown(fih_str url, size_t most)
{
    const size_t path = path_of(url);
    char *s = malloc(url.len + 1);
    size_t to = path;

    if (!s)
        return NULL;
    if (path)
        memcpy(s, url.ptr, path);
    for (size_t i = path; i < url.len;) {
        const size_t n = decoded_at(url, i, s + to);

        if (n == 0)
            s[to++] = url.ptr[i++];
        to += n;
        i += 3 * n;
    }
    s[to] = '\0';
    if (most > 20 && url_is_web(url) && out_width((fih_str){ s, to }) > most)
        shorten(s, most);
    return s;
}

void url_encode(FILE *f, fih_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];

        if ((c | 32) >= 'a' && (c | 32) <= 'z')
            putc(c, f);
        else if ((c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~')
            putc(c, f);
        else
            fprintf(f, "%%%02X", c);
    }
}
