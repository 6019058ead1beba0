/* html_tok.c - the tokenizer. See html_tok.h. */
#include "read/html_tok.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *const raw_names[RAW_COUNT] = {
    "script",   "style", "title",  "textarea", "noscript", "iframe", "noembed", "xmp", "object",
    "template", "svg",   "canvas", "select",   "datalist", "audio",  "video",
};

void html_tok_init(struct html_tok *k, const char *s, size_t n)
{
    memset(k, 0, sizeof *k);
    k->s = s;
    k->n = n;
}

/* ------------------------------------------------------------ Looking ahead */

static bool starts_with(const struct html_tok *k, size_t at, const char *what)
{
    const size_t n = strlen(what);

    return k->n - at >= n && strncasecmp(k->s + at, what, n) == 0;
}

/* The place of `what`, some few bytes, in [at, end); `end` if it is not there. */
static size_t find(const struct html_tok *k, size_t at, size_t end, const char *what)
{
    const size_t n = strlen(what);
    const char *p;

    for (; at + n <= end && (p = memchr(k->s + at, what[0], end - at)) != NULL; at++) {
        at = (size_t)(p - k->s);
        if (at + n <= end && memcmp(p, what, n) == 0)
            return at;
    }
    return end;
}

/* Whether a tag's name ends here, as </script> and <script> do and <scripture> does not. */
static bool ends_name(const struct html_tok *k, size_t at)
{
    return at < k->n && (html_is_space(k->s[at]) || k->s[at] == '/' || k->s[at] == '>');
}

/* The next end tag of the element. Asked for places that only grow, all calls together pass over the page once. */
static size_t find_end(struct html_tok *k, enum html_raw element, size_t at)
{
    size_t *next = &k->next_end[element];
    const char *p;

    if (*next >= at && *next > 0)
        return *next;
    for (; at < k->n && (p = memchr(k->s + at, '<', k->n - at)) != NULL; at++) {
        at = (size_t)(p - k->s);
        if (at + 1 < k->n && k->s[at + 1] == '/' && starts_with(k, at + 2, raw_names[element]) &&
            ends_name(k, at + 2 + strlen(raw_names[element])))
            return *next = at;
    }
    return *next = k->n;
}

/* The end tag of a script that holds "<!--": in such a comment, another <script> must be closed first (13.2.5.17). */
static size_t find_script_end(struct html_tok *k)
{
    enum { PLAIN, COMMENT, NESTED } state = PLAIN;
    const size_t first = find_end(k, RAW_SCRIPT, k->at);

    if (k->no_double || find(k, k->at, first, "<!--") == first)
        return first;
    for (size_t i = k->at; i < k->n; i++) {
        if (k->s[i] == '-' && state != PLAIN && starts_with(k, i, "-->")) {
            state = PLAIN;
        } else if (k->s[i] == '<') {
            if (state == PLAIN && starts_with(k, i, "<!--"))
                state = COMMENT, i++;              /* its dashes may already be those of its end */
            else if (state == COMMENT && starts_with(k, i, "<script") && ends_name(k, i + 7))
                state = NESTED;
            else if (starts_with(k, i, "</script") && ends_name(k, i + 8)) {
                if (state != NESTED)
                    return i;
                state = COMMENT;
            }
        }
    }
    k->no_double = true;                           /* a rule that would swallow the page: not again */
    return first;
}

bool html_tok_has_end(struct html_tok *k, enum html_raw element)
{
    return find_end(k, element, k->at) < k->n;
}

bool html_tok_raw(struct html_tok *k, enum html_raw element, bool has_references)
{
    const size_t end = find_end(k, element, k->at);

    if (end == k->n)
        return false;
    if (end > k->at)
        k->text_end = end;
    k->has_references = has_references;
    return true;
}

fih_str html_tok_skip(struct html_tok *k, enum html_raw element)
{
    const size_t from = k->at;

    k->at = element == RAW_SCRIPT ? find_script_end(k) : find_end(k, element, k->at);
    return (fih_str){ k->s + from, k->at - from };
}

void html_tok_plaintext(struct html_tok *k)
{
    k->text_end = k->n;
    k->has_references = false;
}

/* --------------------------------------------------------------- Attributes */

/* The next attribute of s[*at..n); false at the '>', where *at then stands, or at the end. */
static bool next_attribute(const char *s, size_t n, size_t *at, fih_str *name, fih_str *value)
{
    size_t i = *at, from;

    while (i < n && (html_is_space(s[i]) || s[i] == '/'))
        i++;
    *at = from = i;
    if (i == n || s[i] == '>')
        return false;
    for (i++; i < n && !html_is_space(s[i]) && s[i] != '/' && s[i] != '>' && s[i] != '='; i++)
        ;
    *name = (fih_str){ s + from, i - from };
    *value = (fih_str){ "", 0 };
    *at = i;
    while (i < n && html_is_space(s[i]))
        i++;
    if (i == n || s[i] != '=')
        return true;
    for (i++; i < n && html_is_space(s[i]); i++)
        ;
    if (i < n && (s[i] == '"' || s[i] == '\'')) {
        const char *end = memchr(s + i + 1, s[i], n - i - 1);

        from = i + 1;
        i = end ? (size_t)(end - s) : n;
        *value = (fih_str){ s + from, i - from };
        *at = end ? i + 1 : n;
        return true;
    }
    for (from = i; i < n && !html_is_space(s[i]) && s[i] != '>'; i++)
        ;
    *value = (fih_str){ s + from, i - from };
    *at = i;
    return true;
}

bool html_attribute_next(const struct html_token *t, size_t *at, fih_str *name, fih_str *value)
{
    return next_attribute(t->attributes.ptr, t->attributes.len, at, name, value);
}

fih_str html_attribute(const struct html_token *t, const char *wanted)
{
    const size_t n = strlen(wanted);
    fih_str name, value;

    for (size_t at = 0; html_attribute_next(t, &at, &name, &value); )
        if (name.len == n && strncasecmp(name.ptr, wanted, n) == 0)
            return value;
    return (fih_str){ NULL, 0 };
}

void html_attribute_decode(struct html_text *out, fih_str value)
{
    for (size_t i = 0; i < value.len; ) {
        const char *amp = memchr(value.ptr + i, '&', value.len - i);
        const size_t to = amp ? (size_t)(amp - value.ptr) : value.len;
        char utf8[HTML_REF_BYTES];
        size_t n, taken;

        html_text_add(out, value.ptr + i, to - i);
        if ((i = to) == value.len)
            break;
        if ((taken = html_reference(value.ptr + i, value.len - i, true, utf8, &n)) > 0)
            html_text_add(out, utf8, n);
        else
            html_text_add(out, "&", 1);
        i += taken > 0 ? taken : 1;
    }
}

/* ------------------------------------------------------------------- Tokens */

/* At the '<' of a tag: false if the page ends within it, and the rest is nothing (13.2.5.6, eof-in-tag). */
static bool read_tag(struct html_tok *k, struct html_token *out)
{
    size_t i = k->at + (out->kind == HTML_END_TAG ? 2 : 1), from = i;
    fih_str name, value = { "", 0 };

    while (i < k->n && !html_is_space(k->s[i]) && k->s[i] != '/' && k->s[i] != '>')
        i++;
    out->name = (fih_str){ k->s + from, i - from };
    from = i;
    while (next_attribute(k->s, k->n, &i, &name, &value))
        ;
    out->attributes = (fih_str){ k->s + from, i - from };
    /* The slash of <br/> is no part of an attribute; that of <a href=x/> was taken with its value. */
    out->is_self_closing = i > from && k->s[i - 1] == '/' && !(value.len > 0 && value.ptr + value.len == k->s + i);
    k->at = i < k->n ? i + 1 : k->n;
    return i < k->n;
}

/* At "<!", "<?" or "</" before what is no name: past the comment that the standard makes of it. */
static void skip_comment(struct html_tok *k)
{
    size_t end, bang;

    if (k->in_foreign && !k->no_cdata_end && starts_with(k, k->at, "<![CDATA[")) {
        if ((end = find(k, k->at, k->n, "]]>")) < k->n) {
            k->at = end + 3;
            return;
        }
        k->no_cdata_end = true;
    }
    if (!starts_with(k, k->at, "<!--")) {
        end = find(k, k->at, k->n, ">");
        k->at = end < k->n ? end + 1 : k->n;
        return;
    }
    k->at += 4;
    if (starts_with(k, k->at, ">") || starts_with(k, k->at, "->")) {
        k->at += k->s[k->at] == '>' ? 1 : 2;
        return;
    }
    for (end = k->at; (end = find(k, end, k->n, "--")) < k->n; end++) {
        bang = end + 2 < k->n && k->s[end + 2] == '!';
        if (end + 2 + bang < k->n && k->s[end + 2 + bang] == '>') {
            k->at = end + 3 + bang;
            return;
        }
    }
    k->at = k->n;
}

static void read_text(struct html_tok *k, struct html_token *out, bool has_references)
{
    const size_t end = k->text_end ? k->text_end : k->n, from = k->at;
    size_t n, taken;

    out->kind = HTML_TEXT;
    if (has_references && k->s[from] == '&' &&
        (taken = html_reference(k->s + from, end - from, false, k->reference, &n)) > 0) {
        out->text = (fih_str){ k->reference, n };
        k->at += taken;
        return;
    }
    for (k->at++; k->at < end; k->at++)            /* a '<' or '&' that is only that begins a text */
        if ((k->s[k->at] == '<' && !k->text_end) || (k->s[k->at] == '&' && has_references))
            break;
    out->text = (fih_str){ k->s + from, k->at - from };
}

void html_tok_next(struct html_tok *k, struct html_token *out)
{
    memset(out, 0, sizeof *out);
    if (k->text_end && k->at >= k->text_end)
        k->text_end = 0;
    while (k->at < k->n) {
        const char *p = k->s + k->at, next = k->at + 1 < k->n ? p[1] : '\0', after = k->at + 2 < k->n ? p[2] : '\0';

        if (k->text_end || *p != '<') {
            read_text(k, out, k->text_end ? k->has_references : true);
            return;
        }
        if (isalpha((unsigned char)next) || (next == '/' && isalpha((unsigned char)after))) {
            out->kind = next == '/' ? HTML_END_TAG : HTML_START_TAG;
            if (read_tag(k, out))
                return;
            break;
        }
        if (next != '!' && next != '?' && (next != '/' || after == '\0')) {
            read_text(k, out, true);
            return;
        }
        skip_comment(k);
    }
    out->kind = HTML_END_OF_PAGE;
}
