/* html_url.c - see html_url.h. */
#include "read/html_url.h"

#include <ctype.h>
#include <string.h>

/* Bytes of "https:"; 0 if there is no scheme. */
static size_t scheme_bytes(fih_str url)
{
    size_t n = 0;

    while (n < url.len && (isalnum((unsigned char)url.ptr[n]) || (n > 0 && strchr("+-.", url.ptr[n]))))
        n++;
    return n > 0 && n < url.len && url.ptr[n] == ':' && isalpha((unsigned char)url.ptr[0]) ? n + 1 : 0;
}

/* Bytes of "//example.org" from `at` on; 0 if it does not stand there. */
static size_t host_bytes(fih_str url, size_t at)
{
    size_t n = at + 2;

    if (url.len < at + 3 || url.ptr[at] != '/' || url.ptr[at + 1] != '/')
        return 0;
    while (n < url.len && !strchr("/?#", url.ptr[n]))
        n++;
    return n - at > 2 ? n - at : 0;
}

/* Whether it names a place by itself: https://… */
static bool is_absolute(fih_str url)
{
    const size_t n = scheme_bytes(url);

    return n > 0 && host_bytes(url, n) > 0;
}

/* Bytes up to the query or fragment. */
static size_t path_end(fih_str url)
{
    size_t n = 0;

    while (n < url.len && url.ptr[n] != '?' && url.ptr[n] != '#')
        n++;
    return n;
}

/* Append a path without its "." and ".." (5.2.4); `root` is where paths begin in `out`. */
static void add_path(struct html_text *out, size_t root, const char *s, size_t n)
{
    for (size_t i = 0, to; i < n; i = to) {
        for (to = i; to < n && s[to] != '/'; to++)
            ;
        if (to - i == 2 && s[i] == '.' && s[i + 1] == '.') {
            if (out->n > root + 1)
                out->n--;                          /* the slash, then all up to the one before it */
            while (out->n > root + 1 && out->s[out->n - 1] != '/')
                out->n--;
        } else if (!(to - i == 1 && s[i] == '.')) {
            html_text_add(out, s + i, to - i);
            if (to < n)
                html_text_add(out, "/", 1);
        }
        to += to < n;
    }
}

bool html_url_resolve(struct html_text *out, fih_str base, fih_str ref)
{
    const size_t scheme = scheme_bytes(base), root = scheme + host_bytes(base, scheme), end = path_end(ref);
    size_t folder, start;

    if (is_absolute(ref)) {
        html_text_add(out, ref.ptr, ref.len);
        return true;
    }
    if (!is_absolute(base) || ref.len == 0 || scheme_bytes(ref) > 0)
        return false;
    start = out->n;
    if (host_bytes(ref, 0) > 0) {
        html_text_add(out, base.ptr, scheme);
        html_text_add(out, ref.ptr, ref.len);
        return true;
    }
    html_text_add(out, base.ptr, root);
    if (end == 0) {                                /* a query or fragment of the base itself */
        folder = path_end(base);
        html_text_add(out, base.ptr + root, folder - root);
        html_text_add(out, ref.ptr, ref.len);
        return true;
    }
    html_text_add(out, "/", 1);
    if (ref.ptr[0] != '/') {
        for (folder = path_end(base); folder > root && base.ptr[folder - 1] != '/'; folder--)
            ;
        if (folder > root + 1)
            add_path(out, start + root, base.ptr + root + 1, folder - root - 1);
    }
    add_path(out, start + root, ref.ptr + (ref.ptr[0] == '/'), end - (ref.ptr[0] == '/'));
    html_text_add(out, ref.ptr + end, ref.len - end);
    return true;
}
