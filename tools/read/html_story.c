/* html_story.c - see html_story.h. Strings are looked at one by one: what sites write there is often no JSON. */
#include "read/html_story.h"

#include <stdint.h>
#include <string.h>

#include "read/html_entity.h"
#include "read/html_ld.h"

/* Append the character of an escape at s[*i], behind its backslash, and pass over it. */
static void unescape(struct html_text *out, fih_str s, size_t *i)
{
    const char c = s.ptr[(*i)++];
    char utf8[HTML_REF_BYTES];
    int32_t code, low;

    if (c != 'u' || (code = html_ld_hex4(s, *i)) < 0) {
        html_text_add(out, strchr("nrtbf", c) ? "\n" : &c, 1);
        return;
    }
    *i += 4;
    if (code >= 0xD800 && code < 0xDC00 && *i + 6 <= s.len && s.ptr[*i] == '\\' && s.ptr[*i + 1] == 'u' &&
        (low = html_ld_hex4(s, *i + 2)) >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        *i += 6;
    }
    html_text_add(out, utf8, html_character(utf8, (uint32_t)code));
}

static void decode(struct html_text *out, fih_str s)
{
    for (size_t i = 0; i < s.len; ) {
        const char *back = memchr(s.ptr + i, '\\', s.len - i);
        const size_t to = back ? (size_t)(back - s.ptr) : s.len;

        html_text_add(out, s.ptr + i, to - i);
        i = to + 1;
        if (i < s.len)
            unescape(out, s, &i);
    }
}

/* The next value of this key from *at on; false if there is none. */
static bool next_value(fih_str json, size_t *at, const char *key, fih_str *value)
{
    const size_t n = strlen(key);

    while (*at < json.len) {
        const char *quote = memchr(json.ptr + *at, '"', json.len - *at);
        fih_str name;

        if (!quote)
            break;
        *at = (size_t)(quote - json.ptr) + 1;
        name = html_ld_string(json, at);
        if (name.len != n || memcmp(name.ptr, key, n) != 0)
            continue;
        while (*at < json.len && (html_is_space(json.ptr[*at]) || json.ptr[*at] == ':'))
            ++*at;
        if (*at < json.len && json.ptr[*at] == '"') {
            ++*at;
            *value = html_ld_string(json, at);
            return true;
        }
    }
    return false;
}

void html_story_longest(struct html_text *out, fih_str json, const char *key)
{
    fih_str value;

    for (size_t at = 0; next_value(json, &at, key, &value); )
        if (value.len > out->n) {
            html_text_clear(out);
            decode(out, value);
        }
}

void html_story_all(struct html_text *out, fih_str json, const char *key)
{
    fih_str value;

    for (size_t at = 0; next_value(json, &at, key, &value); ) {
        html_text_add(out, "<br>", out->n > 0 ? 4 : 0);
        decode(out, value);
    }
}
