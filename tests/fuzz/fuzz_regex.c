/* fuzz_regex.c - any text as a regular expression, up to a line end; the lines behind it as words. What is refused has a
 * place in the text; the next word that could match is above one that does not. */
#include <stdlib.h>
#include <string.h>

#include "reach.h"
#include "search/automaton.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reach reach[] = {
    {"words that match", 4, 0},
    {"words that do not", 4, 0},
    {NULL, 0, 0},
};

static int is_above(const uint8_t *a, size_t a_bytes, const uint8_t *b, size_t b_bytes)
{
    const int c = memcmp(a, b, a_bytes < b_bytes ? a_bytes : b_bytes);

    return c ? c > 0 : a_bytes > b_bytes;
}

static int is_ascii(const uint8_t *s, size_t n)
{
    while (n > 0 && s[n - 1] < 0x80)
        n--;
    return n == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    const size_t n = end ? (size_t)(end - data) : size;
    uint8_t next[AUTOMATON_NEXT];
    struct automaton *a = NULL;
    fih_error err = {0, 0, 0, ""};
    struct regex x;
    size_t bytes;
    int rc;

    if (n > FIH_MAX_PATTERN)
        return 0;
    if ((rc = fihi_regex_parse(&x, (const char *)data, n, NULL, 0, &err)) == 0) {
        rc = fihi_automaton_new(&a, &x, 0, &err);
        fihi_regex_free(&x);
    }
    if (rc != 0 && (err.pos > n || (rc != FIH_E_QUERY && rc != FIH_E_LIMIT)))
        abort();
    for (size_t at = n + 1; a && at < size;) {
        const uint8_t *stop = memchr(data + at, '\n', size - at);
        const size_t word = (stop ? (size_t)(stop - data) : size) - at;
        const int found = fihi_automaton_match(a, data + at, word);

        if (found && word > FIH_MAX_TERM)
            abort();
        if (word <= FIH_MAX_TERM && fihi_automaton_next(a, next, &bytes) == FIH_OK &&
            (bytes > sizeof next || (is_ascii(data + at, word) && !is_above(next, bytes, data + at, word))))
            abort();
        reach[found ? 0 : 1].count++;
        fihi_automaton_restart(a);
        if (fihi_automaton_match(a, data + at, word) != found)
            abort();
        at += word + 1;
    }
    fihi_automaton_free(a);
    return 0;
}
