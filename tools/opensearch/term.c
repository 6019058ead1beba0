/* term.c - terms in fields that are split at white space, and have signs of their own: | before a frequency, / between
 * a form and its stem or between readings, # before a count. */
#include "opensearch/opensearch.h"

size_t term_write(char *out, fih_str term)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t n = 0;

    for (size_t i = 0; i < term.len; i++) {
        const unsigned char c = (unsigned char)term.ptr[i];

        if (c > ' ' && c != '|' && c != '/' && c != '#' && c != '%') {
            out[n++] = (char)c;
            continue;
        }
        out[n++] = '%';
        out[n++] = digits[c >> 4];
        out[n++] = digits[c & 15];
    }
    return n;
}
