/* letters.c - references of letters, as the library reads them in a text. See letters.h. */
#include "out/letters.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "read/html_entity.h"

#define AMPERSAND "&amp;"

/* Of a word: a letter, a mark, a digit. */
static bool is_of_word(const char *utf8, size_t n)
{
    UChar32 c;
    size_t i = 0;

    U8_NEXT((const uint8_t *)utf8, i, n, c);
    return c >= 0 && (u_isalnum(c) || (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK)));
}

/* The bytes of the reference at s, which may be escaped twice, if it ends in a semicolon and is of a word; else 0. */
static size_t reference(const char *s, size_t n, char utf8[HTML_REF_BYTES], size_t *bytes)
{
    const size_t once = sizeof AMPERSAND - 1;
    const size_t skip = n > once && memcmp(s, AMPERSAND, once) == 0 ? once - 1 : 0;
    char copy[16] = "&";
    size_t len = n - skip < sizeof copy ? n - skip : sizeof copy, taken;

    memcpy(copy + 1, s + skip + 1, len - 1);
    taken = html_reference(copy, len, false, utf8, bytes);
    return taken > 1 && copy[taken - 1] == ';' && is_of_word(utf8, *bytes) ? skip + taken : 0;
}

char *letters_resolved(fih_str *s)
{
    char *out = s->len && memchr(s->ptr, '&', s->len) ? malloc(s->len) : NULL, utf8[HTML_REF_BYTES];
    size_t to = 0, bytes = 0, taken;

    for (size_t i = 0; out && i < s->len; i += taken ? taken : 1) {
        taken = s->ptr[i] == '&' ? reference(s->ptr + i, s->len - i, utf8, &bytes) : 0;
        if (taken)
            memcpy(out + to, utf8, bytes);
        else
            out[to] = s->ptr[i];
        to += taken ? bytes : 1;
    }
    if (out)
        *s = (fih_str){ out, to };
    return out;
}
