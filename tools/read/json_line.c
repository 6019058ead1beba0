/* json_line.c - the fast scanner, and jansson behind it. See json_line.h. */
#include "read/json_line.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "read/encoding.h"

#define FAST_MEMBERS 64            /* an object of more goes to jansson, whose keys are hashed */
#define DUMP_FLAGS   (JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15))

struct json_line {
    struct json_member *members;
    size_t   count, cap;
    char   **made;                 /* texts that jansson made for members of this line */
    size_t   made_count, made_cap;
    char    *scratch;              /* unescaped texts: never longer than the line */
    size_t   scratch_at, scratch_cap;
    char    *fixed;                /* the line with its ill-formed bytes replaced */
    json_t  *root;                 /* jansson's object, whose texts the members borrow */
};

struct json_line *json_line_new(void)
{
    return calloc(1, sizeof(struct json_line));
}

static void reset(struct json_line *j)
{
    while (j->made_count > 0)
        free(j->made[--j->made_count]);
    free(j->fixed);
    j->fixed = NULL;
    json_decref(j->root);
    j->root = NULL;
    j->count = j->scratch_at = 0;
}

void json_line_free(struct json_line *j)
{
    if (!j)
        return;
    reset(j);
    free(j->members);
    free(j->made);
    free(j->scratch);
    free(j);
}

static struct json_member *add_member(struct json_line *j)
{
    if (j->count == j->cap) {
        struct json_member *more = realloc(j->members, (j->cap * 2 + FAST_MEMBERS) * sizeof *more);

        if (!more)
            return NULL;
        j->members = more;
        j->cap = j->cap * 2 + FAST_MEMBERS;
    }
    return &j->members[j->count++];
}

/* Keep a text until the next line. Takes it over, also on failure. */
static bool keep_made(struct json_line *j, char *text)
{
    if (text && j->made_count == j->made_cap) {
        char **more = realloc(j->made, (j->made_cap * 2 + 16) * sizeof *more);

        if (more) {
            j->made = more;
            j->made_cap = j->made_cap * 2 + 16;
        }
    }
    if (!text || j->made_count == j->made_cap) {
        free(text);
        return false;
    }
    j->made[j->made_count++] = text;
    return true;
}

/* ------------------------------------------------------------- By jansson */

static enum json_kind kind_of(const json_t *v)
{
    switch (json_typeof(v)) {
    case JSON_STRING:
        return JSON_MEMBER_TEXT;
    case JSON_INTEGER:
    case JSON_REAL:
        return JSON_MEMBER_NUMBER;
    case JSON_TRUE:
    case JSON_FALSE:
        return JSON_MEMBER_BOOL;
    case JSON_ARRAY:
        return JSON_MEMBER_ARRAY;
    case JSON_OBJECT:
        return JSON_MEMBER_OBJECT;
    default:
        return JSON_MEMBER_NULL;
    }
}

static bool set_value(struct json_line *j, struct json_member *m, const json_t *v)
{
    char *text;

    m->kind = kind_of(v);
    m->value = (fih_str){ NULL, 0 };
    if (m->kind == JSON_MEMBER_TEXT) {
        m->value = (fih_str){ json_string_value(v), json_string_length(v) };
    } else if (m->kind != JSON_MEMBER_NULL) {
        if (!keep_made(j, text = json_dumps(v, DUMP_FLAGS)))
            return false;
        m->value = (fih_str){ text, strlen(text) };
    }
    return true;
}

/* The error's text can quote the line after " near "; what was expected stands before that. */
static void explain(const json_error_t *e, size_t *column, struct why *why)
{
    const char *near = strstr(e->text, " near ");

    *column = e->column > 0 ? (size_t)e->column : 1;
    why_set(why, "broken JSON: %.*s", near ? (int)(near - e->text) : (int)strlen(e->text), e->text);
}

static int parse_slowly(struct json_line *j, const char *line, size_t n, size_t *column, struct why *why)
{
    json_error_t e;
    const char *key;
    json_t *v;

    j->count = 0;
    if (!(j->root = json_loadb(line, n, JSON_ALLOW_NUL, &e))) {
        explain(&e, column, why);
        return -1;
    }
    if (!json_is_object(j->root)) {
        *column = 1;
        why_set(why, "not a JSON object: each line needs one, such as {\"id\":\"a1\",\"title\":\"…\",\"body\":\"…\"}");
        return -1;
    }
    json_object_foreach(j->root, key, v) {
        struct json_member *m = add_member(j);

        if (!m || !set_value(j, m, v)) {
            *column = 0;
            why_set(why, "out of memory");
            return -1;
        }
        m->key = (fih_str){ key, strlen(key) };
    }
    return 0;
}

/* ------------------------------------------------------------ The scanner */

/* Each function returns where it stopped, or NULL for "not mine": a mistake, or something rare. */

static const char *skip_space(const char *s, const char *end)
{
    while (s < end && (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n'))
        s++;
    return s;
}

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Whether any of eight bytes is '"', '\\' or a control character (Mycroft's test for a byte below a bound). */
static bool has_special(uint64_t w)
{
    const uint64_t quote = w ^ ONES * '"', slash = w ^ ONES * '\\';

    return (((quote - ONES) & ~quote) | ((slash - ONES) & ~slash) | ((w - ONES * 0x20) & ~w)) & HIGHS;
}

/* The next '"', '\\' or control character. */
static const char *find_special(const char *s, const char *end)
{
    uint64_t w;

    while (end - s >= 8 && (memcpy(&w, s, 8), !has_special(w)))
        s += 8;
    while (s < end && *s != '"' && *s != '\\' && (unsigned char)*s >= 0x20)
        s++;
    return s;
}

static int hex4(const char *s, const char *end)
{
    int v = 0;

    if (end - s < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        const char c = s[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;

        if (digit < 0)
            return -1;
        v = v * 16 + digit;
    }
    return v;
}

static char *put_utf8(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    if (c < 0x800) {
        *to++ = (char)(0xc0 | c >> 6);
    } else {
        if (c < 0x10000) {
            *to++ = (char)(0xe0 | c >> 12);
        } else {
            *to++ = (char)(0xf0 | c >> 18);
            *to++ = (char)(0x80 | (c >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (c & 0x3f));
    return to;
}

/* The escape that follows a backslash. */
static const char *unescape(const char *s, const char *end, char **to)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    const char *at;
    int c, low;

    if (s == end)
        return NULL;
    if (*s != 'u') {
        if (!*s || !(at = strchr(from, *s)))
            return NULL;
        *(*to)++ = into[at - from];
        return s + 1;
    }
    if ((c = hex4(s + 1, end)) < 0)
        return NULL;
    s += 5;
    if (c >= 0xd800 && c <= 0xdfff) {
        if (c > 0xdbff || end - s < 6 || s[0] != '\\' || s[1] != 'u' || (low = hex4(s + 2, end)) < 0xdc00 ||
            low > 0xdfff)
            return NULL;                           /* half a pair */
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        s += 6;
    }
    *to = put_utf8(*to, (uint32_t)c);
    return s;
}

/* A text whose opening quote was passed: borrowed if nothing is escaped in it, else written to the scratch. */
static const char *scan_text(struct json_line *j, const char *s, const char *end, fih_str *out)
{
    const char *from = s;
    char *start = j->scratch + j->scratch_at, *to = start;

    s = find_special(s, end);
    if (s < end && *s == '"') {
        *out = (fih_str){ from, (size_t)(s - from) };
        return s + 1;
    }
    for (;;) {
        memcpy(to, from, (size_t)(s - from));
        to += s - from;
        if (s == end || (*s != '"' && *s != '\\'))
            return NULL;
        if (*s == '"')
            break;
        if (!(from = unescape(s + 1, end, &to)))
            return NULL;
        s = find_special(from, end);
    }
    *out = (fih_str){ start, (size_t)(to - start) };
    j->scratch_at += (size_t)(to - start);
    return s + 1;
}

/* Past a number, literal or nested value, whose inside jansson will judge. */
static const char *skip_value(const char *s, const char *end)
{
    size_t depth = 0;

    do {
        if (s == end)
            return NULL;
        if (*s == '"') {
            for (s = find_special(s + 1, end); s < end && *s == '\\'; s = find_special(s, end))
                s = s + 2 < end ? s + 2 : end;
            if (s == end || *s != '"')
                return NULL;
        }
        depth += *s == '{' || *s == '[';
        depth -= *s == '}' || *s == ']';           /* unsigned: one too many is a very deep one, ended by `end` */
        s++;
    } while (depth > 0 || (s < end && *s != ',' && *s != '}' && *s != ' ' && *s != '\t' && *s != '\r' && *s != '\n'));
    return s;
}

/* Whole numbers of up to 18 digits, the commonest value that is no text. */
static const char *scan_whole(const char *s, const char *end, fih_str *out)
{
    const char *from = s, *digits = s + (*s == '-');

    for (s = digits; s < end && *s >= '0' && *s <= '9'; s++)
        ;
    if (s == digits || s - digits > 18 || (*digits == '0' && (s - digits > 1 || digits > from)))
        return NULL;
    if (s < end && (*s == '.' || *s == 'e' || *s == 'E'))
        return NULL;
    *out = (fih_str){ from, (size_t)(s - from) };
    return s;
}

static const char *scan_other(struct json_line *j, const char *s, const char *end, struct json_member *m)
{
    const char *to = skip_value(s, end);
    json_error_t ignored;
    json_t *v;
    bool is_good;

    if (!to || !(v = json_loadb(s, (size_t)(to - s), JSON_ALLOW_NUL | JSON_DECODE_ANY, &ignored)))
        return NULL;
    is_good = json_typeof(v) != JSON_STRING && set_value(j, m, v);
    json_decref(v);
    return is_good ? to : NULL;
}

static const char *scan_value(struct json_line *j, const char *s, const char *end, struct json_member *m)
{
    const char *to;

    if (s == end)
        return NULL;
    if (*s == '"') {
        m->kind = JSON_MEMBER_TEXT;
        return scan_text(j, s + 1, end, &m->value);
    }
    m->kind = JSON_MEMBER_NUMBER;
    if ((to = scan_whole(s, end, &m->value)) != NULL)
        return to;
    return scan_other(j, s, end, m);
}

/* Of equal keys the last counts, in the place of the first, as with jansson. */
static void drop_repeated(struct json_line *j)
{
    const struct json_member *last = &j->members[j->count - 1];

    for (size_t i = 0; i + 1 < j->count; i++) {
        if (j->members[i].key.len == last->key.len &&
            memcmp(j->members[i].key.ptr, last->key.ptr, last->key.len) == 0) {
            j->members[i] = *last;
            j->count--;
            return;
        }
    }
}

static const char *scan_member(struct json_line *j, const char *s, const char *end)
{
    struct json_member *m;

    if (s == end || *s != '"' || j->count == FAST_MEMBERS || !(m = add_member(j)))
        return NULL;
    if (!(s = scan_text(j, s + 1, end, &m->key)) || memchr(m->key.ptr, '\0', m->key.len))
        return NULL;
    s = skip_space(s, end);
    if (s == end || *s != ':')
        return NULL;
    if ((s = scan_value(j, skip_space(s + 1, end), end, m)) != NULL)
        drop_repeated(j);
    return s;
}

static bool scan(struct json_line *j, const char *s, size_t n)
{
    const char *end = s + n;

    if (n > j->scratch_cap) {
        char *more = realloc(j->scratch, n);

        if (!more)
            return false;
        j->scratch = more;
        j->scratch_cap = n;
    }
    s = skip_space(s, end);
    if (s == end || *s++ != '{')
        return false;
    s = skip_space(s, end);
    if (s < end && *s == '}')
        return skip_space(s + 1, end) == end;
    for (;;) {
        if (!(s = scan_member(j, s, end)))
            return false;
        s = skip_space(s, end);
        if (s == end || (*s != ',' && *s != '}'))
            return false;
        if (*s++ == '}')
            return skip_space(s, end) == end;
        s = skip_space(s, end);
    }
}

/* -------------------------------------------------------------- The line */

/* One bad byte must not lose the whole document. */
static int repair(struct json_line *j, const char **line, size_t *n, struct why *why)
{
    if (encoding_is_utf8(*line, *n))
        return 0;
    if (!(j->fixed = encoding_repair(*line, *n, n))) {
        why_set(why, "out of memory");
        return -1;
    }
    *line = j->fixed;
    return 0;
}

int json_line_parse(struct json_line *j, const char *line, size_t n, const struct json_member **members, size_t *count,
                    size_t *column, struct why *why)
{
    int rc;

    reset(j);
    *members = NULL;
    *count = *column = 0;
    if ((rc = repair(j, &line, &n, why)) == 0 && !scan(j, line, n))
        rc = parse_slowly(j, line, n, column, why);
    if (rc != 0)
        return rc;
    *members = j->members;
    *count = j->count;
    return 0;
}

int json_line_parse_slowly(struct json_line *j, const char *line, size_t n, const struct json_member **members,
                           size_t *count, size_t *column, struct why *why)
{
    int rc;

    reset(j);
    *members = NULL;
    *count = *column = 0;
    if ((rc = repair(j, &line, &n, why)) == 0)
        rc = parse_slowly(j, line, n, column, why);
    if (rc != 0)
        return rc;
    *members = j->members;
    *count = j->count;
    return 0;
}
