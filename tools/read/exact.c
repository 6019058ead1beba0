/* exact.c - the keys that only export writes. See exact.h. */
#include "read/exact.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "out/out.h"
#include "read/encoding.h"

static const char ours[] = "fihrist:", digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char before[] = "{\"base64\":\"", behind[] = "\"}";

const char *exact_name(enum exact_key key)
{
    static const char *const names[] = { "", "fihrist:source", "fihrist:several", "fihrist:fields" };

    return names[key];
}

bool exact_is_ours(fih_str key)
{
    return key.len >= sizeof ours - 1 && memcmp(key.ptr, ours, sizeof ours - 1) == 0;
}

enum exact_key exact_key(fih_str key)
{
    if (!exact_is_ours(key))
        return EXACT_NONE;
    for (enum exact_key k = EXACT_FIELDS; k > EXACT_NONE; k--)
        if (key.len == strlen(exact_name(k)) && memcmp(key.ptr, exact_name(k), key.len) == 0)
            return k;
    return EXACT_NONE;
}

/* ---- base64 (RFC 4648, section 4): each three bytes as four digits, = for those that the last ones lack */

static void write_base64(FILE *f, fih_str s)
{
    const unsigned char *const p = (const unsigned char *)s.ptr;

    for (size_t i = 0; i < s.len; i += 3) {
        const size_t n = s.len - i < 3 ? s.len - i : 3;
        const uint32_t v = (uint32_t)p[i] << 16 | (n > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (n > 2 ? p[i + 2] : 0);

        putc(digits[v >> 18], f);
        putc(digits[v >> 12 & 63], f);
        putc(n > 1 ? digits[v >> 6 & 63] : '=', f);
        putc(n > 2 ? digits[v & 63] : '=', f);
    }
}

/* How many bytes, or -1 if it is no base64. */
static long long read_base64(char *to, const char *s, size_t n)
{
    const char *const start = to;
    size_t pad = 0;

    if (n % 4 != 0)
        return -1;
    while (pad < 2 && pad < n && s[n - 1 - pad] == '=')
        pad++;
    for (size_t i = 0; i < n; i += 4) {
        const size_t last = i + 4 == n ? pad : 0;
        uint32_t v = 0;

        for (size_t k = 0; k < 4 - last; k++) {
            const char *const d = s[i + k] ? strchr(digits, s[i + k]) : NULL;

            if (!d)
                return -1;
            v |= (uint32_t)(d - digits) << (18 - 6 * k);
        }
        *to++ = (char)(v >> 16);
        if (last < 2)
            *to++ = (char)(v >> 8 & 255);
        if (last < 1)
            *to++ = (char)(v & 255);
    }
    return to - start;
}

void exact_write(FILE *f, fih_str value)
{
    if (encoding_is_utf8(value.ptr, value.len)) {
        out_json(f, value);
        return;
    }
    fputs(before, f);
    write_base64(f, value);
    fputs(behind, f);
}

int exact_read(fih_str *out, char **bytes, const struct json_member *m)
{
    const size_t head = sizeof before - 1, tail = sizeof behind - 1;
    const fih_str v = m->value;
    long long n;

    *bytes = NULL;
    *out = v;
    if (m->kind == JSON_MEMBER_TEXT)
        return 1;
    if (m->kind != JSON_MEMBER_OBJECT || v.len < head + tail || memcmp(v.ptr, before, head) != 0 ||
        memcmp(v.ptr + v.len - tail, behind, tail) != 0)
        return 0;
    if (!(*bytes = malloc(v.len)))
        return -1;
    if ((n = read_base64(*bytes, v.ptr + head, v.len - head - tail)) < 0) {
        free(*bytes);
        *bytes = NULL;
        return 0;
    }
    *out = (fih_str){ *bytes, (size_t)n };
    return 1;
}
