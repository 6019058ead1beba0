/* json_line.c - the scanner. See json_line.h. */
#include "read/json_line.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/utf8.h>

#include "read/encoding.h"

#define FEW_MEMBERS  64            /* up to here equal keys are looked for one by one, beyond by sorting */
#define MAX_MEMBERS  1000000       /* a line of a gigabyte can hold 200 million */
#define MAX_DEPTH    2048          /* of arrays and objects in a value */

struct json_line {
    struct json_member *members;
    size_t   count, cap;
    char    *scratch;              /* unescaped texts and compact values: never longer than what they were read from */
    size_t   scratch_at, scratch_cap;
    char    *fixed;                /* the text with its ill-formed bytes replaced */
    const char *text, *at, *end;   /* what is read, and where the next object is looked for */
    const char *mistake;           /* what was expected, and where */
    const char *mistake_at;
};

struct json_line *json_line_new(void)
{
    return calloc(1, sizeof(struct json_line));
}

void json_line_free(struct json_line *j)
{
    if (!j)
        return;
    free(j->members);
    free(j->scratch);
    free(j->fixed);
    free(j);
}

/* ------------------------------------------------------------- Characters */

/* Each function that scans returns where it stopped, or NULL for a mistake, which it has noted. */

static const char *mistake(struct json_line *j, const char *at, const char *expected)
{
    j->mistake = expected;
    j->mistake_at = at;
    return NULL;
}

static const char *skip_space(const char *s, const char *end)
{
    while (s < end && (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n'))
        s++;
    return s;
}

/* Before an object a byte order mark counts as space: it stands where files were joined. */
static const char *skip_space_and_marks(const char *s, const char *end)
{
    for (;;) {
        s = skip_space(s, end);
        if (end - s < 3 || memcmp(s, "\xEF\xBB\xBF", 3) != 0)
            return s;
        s += 3;
    }
}

#define ONES  UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Whether any of eight bytes is '"' or '\\' (Mycroft's test for a byte that is zero). */
static bool has_special(uint64_t w)
{
    const uint64_t quote = w ^ ONES * '"', slash = w ^ ONES * '\\';

    return (((quote - ONES) & ~quote) | ((slash - ONES) & ~slash)) & HIGHS;
}

/* The next '"' or '\\'. Control characters, which the standard wants escaped, are let through: a tab in a text is no
 * reason to lose the document. */
static const char *find_special(const char *s, const char *end)
{
    uint64_t w;

    while (end - s >= 8 && (memcpy(&w, s, 8), !has_special(w)))
        s += 8;
    while (s < end && *s != '"' && *s != '\\')
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
    size_t n = 0;

    U8_APPEND_UNSAFE((uint8_t *)to, n, c);
    return to + n;
}

/* The escape that follows a backslash. Half a surrogate pair is U+FFFD, as ill-formed bytes are. */
static const char *unescape(struct json_line *j, const char *s, uint32_t *c)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    const char *at, *end = j->end;
    int unit, low;

    if (s < end && *s == 'u') {
        if ((unit = hex4(s + 1, end)) < 0)
            return mistake(j, s - 1, "four hexadecimal digits expected after \\u");
        *c = (uint32_t)unit;
        s += 5;
        if (unit < 0xd800 || unit > 0xdfff)
            return s;
        if (unit > 0xdbff || end - s < 6 || s[0] != '\\' || s[1] != 'u' || (low = hex4(s + 2, end)) < 0xdc00 ||
            low > 0xdfff) {
            *c = 0xfffd;
            return s;
        }
        *c = 0x10000 + (uint32_t)((unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00);
        return s + 6;
    }
    if (s == end || !*s || !(at = strchr(from, *s)))
        return mistake(j, s - 1, "invalid escape: write \\\\ for a backslash");
    *c = (unsigned char)into[at - from];
    return s + 1;
}

/* ----------------------------------------------------------------- Texts */

/* A text whose opening quote was passed: borrowed if nothing is escaped in it, else written to the scratch. A key
 * goes where names are C strings in the end: U+0000 becomes U+FFFD there. */
static const char *scan_text(struct json_line *j, const char *s, bool is_key, fih_str *out)
{
    const char *from = s, *open = s - 1;
    char *start = j->scratch + j->scratch_at, *to = start;
    uint32_t c;

    s = find_special(s, j->end);
    if (s < j->end && *s == '"') {
        *out = (fih_str){ from, (size_t)(s - from) };
        return s + 1;
    }
    for (;;) {
        memcpy(to, from, (size_t)(s - from));
        to += s - from;
        if (s == j->end)
            return mistake(j, open, "the string that starts here is not closed");
        if (*s == '"')
            break;
        if (!(from = unescape(j, s + 1, &c)))
            return NULL;
        to = put_utf8(to, c == 0 && is_key ? 0xfffd : c);
        s = find_special(from, j->end);
    }
    *out = (fih_str){ start, (size_t)(to - start) };
    j->scratch_at += (size_t)(to - start);
    return s + 1;
}

/* One character of a text in compact JSON: never longer than the shortest way to have written it. */
static char *put_escaped(char *to, uint32_t c)
{
    static const char from[] = "\"\\\b\f\n\r\t", into[] = "\"\\bfnrt";
    const char *at = c > 0 && c < 0x80 ? strchr(from, (int)c) : NULL;

    if (at) {
        *to++ = '\\';
        *to++ = into[at - from];
        return to;
    }
    if (c >= 0x20)
        return put_utf8(to, c);
    memcpy(to, c < 0x10 ? "\\u000" : "\\u001", 5);
    to[5] = "0123456789abcdef"[c & 15];
    return to + 6;
}

/* A text within a nested value, its opening quote included: only the escapes that JSON asks for stay. A control
 * character that was not escaped is a space. */
static const char *copy_text(struct json_line *j, const char *s, char **to)
{
    const char *open = s, *from = s + 1;
    uint32_t c;

    *(*to)++ = '"';
    for (;;) {
        s = find_special(from, j->end);
        for (; from < s; from++)
            *(*to)++ = (unsigned char)*from < 0x20 ? ' ' : *from;
        if (s == j->end)
            return mistake(j, open, "the string that starts here is not closed");
        if (*s == '"')
            break;
        if (!(from = unescape(j, s + 1, &c)))
            return NULL;
        *to = put_escaped(*to, c);
    }
    *(*to)++ = '"';
    return s + 1;
}

/* --------------------------------------------------------------- Numbers */

static const char *digits(const char *s, const char *end)
{
    while (s < end && *s >= '0' && *s <= '9')
        s++;
    return s;
}

static bool begins(const char *s, const char *end, const char *word)
{
    return (size_t)(end - s) >= strlen(word) && memcmp(s, word, strlen(word)) == 0;
}

/* A number by the grammar of RFC 8259, of any size: it is kept as it is written. NULL if it is none. */
static const char *number_end(const char *s, const char *end)
{
    const char *from = s += s < end && *s == '-';

    if ((s = digits(s, end)) == from || (*from == '0' && s - from > 1))
        return NULL;
    if (s < end && *s == '.') {
        from = ++s;
        if ((s = digits(s, end)) == from)
            return NULL;
    }
    if (s < end && (*s == 'e' || *s == 'E')) {
        s++;
        from = s += s < end && (*s == '+' || *s == '-');
        if ((s = digits(s, end)) == from)
            return NULL;
    }
    return s;
}

/* What Python and others write for what JSON has no number for; kept as text. */
static const char *no_number_end(const char *s, const char *end)
{
    static const char *const words[] = { "NaN", "Infinity", "-Infinity" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (begins(s, end, words[i]))
            return s + strlen(words[i]);
    return NULL;
}

/* A value that is neither a text nor nested. */
static const char *scan_plain(struct json_line *j, const char *s, enum json_kind *kind)
{
    static const struct { const char *word; enum json_kind kind;
    } words[] = { { "true", JSON_MEMBER_BOOL }, { "false", JSON_MEMBER_BOOL }, { "null", JSON_MEMBER_NULL } };
    const char *to;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (begins(s, j->end, words[i].word)) {
            *kind = words[i].kind;
            return s + strlen(words[i].word);
        }
    }
    *kind = JSON_MEMBER_NUMBER;
    if ((to = number_end(s, j->end)) != NULL)
        return to;
    *kind = JSON_MEMBER_TEXT;
    if ((to = no_number_end(s, j->end)) != NULL)
        return to;
    return mistake(j, s, "a value expected");
}

/* ---------------------------------------------------------- Nested values */

static const char *copy_plain(struct json_line *j, const char *s, char **to)
{
    enum json_kind kind;
    const char *end = scan_plain(j, s, &kind);

    if (!end)
        return NULL;
    if (kind == JSON_MEMBER_TEXT)                  /* NaN: in quotes, so that what is stored is JSON */
        *(*to)++ = '"';
    memcpy(*to, s, (size_t)(end - s));
    *to += end - s;
    if (kind == JSON_MEMBER_TEXT)
        *(*to)++ = '"';
    return end;
}

/* In an object, the key and colon before a value; in an array nothing. */
static const char *copy_key(struct json_line *j, const char *s, char bracket, char **to)
{
    s = skip_space(s, j->end);
    if (bracket == '[')
        return s;
    if (s == j->end || *s != '"')
        return mistake(j, s, "a key in quotes expected");
    if (!(s = copy_text(j, s, to)))
        return NULL;
    s = skip_space(s, j->end);
    if (s == j->end || *s != ':')
        return mistake(j, s, "':' expected");
    *(*to)++ = ':';
    return skip_space(s + 1, j->end);
}

static bool closes(const char *s, const char *end, char bracket)
{
    return s < end && *s == (bracket == '[' ? ']' : '}');
}

/* An array or object without the white space between its parts, written to the scratch. */
static const char *scan_nested(struct json_line *j, const char *s, fih_str *out)
{
    char open[MAX_DEPTH], *start = j->scratch + j->scratch_at, *to = start;
    size_t depth = 0;

    do {
        if (s < j->end && (*s == '[' || *s == '{')) {
            if (depth == MAX_DEPTH)
                return mistake(j, s, "arrays and objects are nested deeper than 2,048");
            open[depth++] = *to++ = *s;
            s = skip_space(s + 1, j->end);
            if (!closes(s, j->end, open[depth - 1])) {
                if (!(s = copy_key(j, s, open[depth - 1], &to)))
                    return NULL;
                continue;
            }
        } else if (!(s = s < j->end && *s == '"' ? copy_text(j, s, &to) : copy_plain(j, s, &to))) {
            return NULL;
        }
        for (s = skip_space(s, j->end); depth > 0 && closes(s, j->end, open[depth - 1]); s = skip_space(s, j->end)) {
            *to++ = *s++;
            if (--depth == 0)
                break;
        }
        if (depth > 0) {
            if (s == j->end || *s != ',')
                return mistake(j, s, open[depth - 1] == '[' ? "']' expected" : "'}' expected");
            *to++ = ',';
            if (!(s = copy_key(j, s + 1, open[depth - 1], &to)))
                return NULL;
        }
    } while (depth > 0);
    *out = (fih_str){ start, (size_t)(to - start) };
    j->scratch_at += (size_t)(to - start);
    return s;
}

/* --------------------------------------------------------------- Members */

static const char *scan_value(struct json_line *j, const char *s, struct json_member *m)
{
    const char *to;

    if (s < j->end && *s == '"') {
        m->kind = JSON_MEMBER_TEXT;
        return scan_text(j, s + 1, false, &m->value);
    }
    if (s < j->end && (*s == '[' || *s == '{')) {
        m->kind = *s == '[' ? JSON_MEMBER_ARRAY : JSON_MEMBER_OBJECT;
        return scan_nested(j, s, &m->value);
    }
    if ((to = scan_plain(j, s, &m->kind)) != NULL)
        m->value = m->kind == JSON_MEMBER_NULL ? (fih_str){ NULL, 0 } : (fih_str){ s, (size_t)(to - s) };
    return to;
}

static bool is_same_key(const struct json_member *a, const struct json_member *b)
{
    return a->key.len == b->key.len && memcmp(a->key.ptr, b->key.ptr, a->key.len) == 0;
}

/* Of equal keys the last counts, in the place of the first. */
static void drop_repeated(struct json_line *j)
{
    const struct json_member *last = &j->members[j->count - 1];

    for (size_t i = 0; i + 1 < j->count; i++) {
        if (is_same_key(&j->members[i], last)) {
            j->members[i] = *last;
            j->count--;
            return;
        }
    }
}

static int by_key_and_place(const void *a, const void *b)
{
    const struct json_member *x = *(struct json_member *const *)a, *y = *(struct json_member *const *)b;
    const size_t n = x->key.len < y->key.len ? x->key.len : y->key.len;
    const int order = memcmp(x->key.ptr, y->key.ptr, n);

    if (order != 0)
        return order;
    if (x->key.len != y->key.len)
        return x->key.len < y->key.len ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* The same for many members at once. */
static bool drop_all_repeated(struct json_line *j)
{
    struct json_member **sorted = malloc(j->count * sizeof *sorted);
    size_t kept = 0;

    if (!sorted)
        return false;
    for (size_t i = 0; i < j->count; i++)
        sorted[i] = &j->members[i];
    qsort(sorted, j->count, sizeof *sorted, by_key_and_place);
    for (size_t i = 0; i < j->count; ) {
        size_t next = i + 1;

        while (next < j->count && is_same_key(sorted[i], sorted[next]))
            next++;
        *sorted[i] = *sorted[next - 1];
        while (++i < next)
            sorted[i]->key.ptr = NULL;             /* a key always has a place, if only an empty one */
    }
    for (size_t i = 0; i < j->count; i++)
        if (j->members[i].key.ptr)
            j->members[kept++] = j->members[i];
    j->count = kept;
    free(sorted);
    return true;
}

static struct json_member *add_member(struct json_line *j)
{
    if (j->count == j->cap) {
        struct json_member *more = realloc(j->members, (j->cap * 2 + FEW_MEMBERS) * sizeof *more);

        if (!more)
            return NULL;
        j->members = more;
        j->cap = j->cap * 2 + FEW_MEMBERS;
    }
    return &j->members[j->count++];
}

static const char *scan_member(struct json_line *j, const char *s)
{
    struct json_member *m;
    const char *key = s;

    if (s == j->end || *s != '"')
        return mistake(j, s, "a key in quotes expected");
    if (j->count == MAX_MEMBERS)
        return mistake(j, s, "more than 1,000,000 keys in an object");
    if (!(m = add_member(j)))
        return mistake(j, NULL, "out of memory");
    if (!(s = scan_text(j, s + 1, true, &m->key)))
        return NULL;
    if (m->key.len > 0 && memchr(m->key.ptr, '\0', m->key.len))
        return mistake(j, key, "a key contains a zero byte");
    s = skip_space(s, j->end);
    if (s == j->end || *s != ':')
        return mistake(j, s, "':' expected");
    if ((s = scan_value(j, skip_space(s + 1, j->end), m)) != NULL && j->count <= FEW_MEMBERS)
        drop_repeated(j);
    return s;
}

static const char *scan_object(struct json_line *j, const char *s)
{
    if (s == j->end || *s != '{')
        return mistake(j, s, "not a JSON object, such as "
                             "{\"id\":\"a1\",\"title\":\"…\",\"body\":\"…\"}");
    s = skip_space(s + 1, j->end);
    if (s < j->end && *s == '}')
        return s + 1;
    for (;;) {
        if (!(s = scan_member(j, s)))
            return NULL;
        s = skip_space(s, j->end);
        if (s == j->end || (*s != ',' && *s != '}'))
            return mistake(j, s, "',' or '}' expected");
        if (*s++ == '}')
            break;
        s = skip_space(s, j->end);
    }
    if (j->count > FEW_MEMBERS && !drop_all_repeated(j))
        return mistake(j, NULL, "out of memory");
    return s;
}

/* -------------------------------------------------------------- The line */

/* Where the mistake is, and the reason as people read it. */
static int explain(const struct json_line *j, struct json_place *place, struct why *why)
{
    const bool is_named = j->mistake_at == NULL || strncmp(j->mistake, "not a JSON", 10) == 0;

    *place = (struct json_place){ 0, 0 };
    if (j->mistake_at) {
        place->column = 1;
        for (const char *s = j->text; s < j->mistake_at; s++) {
            if (*s == '\n') {
                place->line++;
                place->column = 1;
            } else {
                place->column += ((unsigned char)*s & 0xc0) != 0x80;
            }
        }
    }
    why_set(why, "%s%s", is_named ? "" : "broken JSON: ", j->mistake);
    return -1;
}

int json_line_begin(struct json_line *j, const char *text, size_t n, struct why *why)
{
    size_t room;

    free(j->fixed);
    j->fixed = NULL;
    j->text = j->at = j->end = text;
    if (!encoding_is_utf8(text, n)) {              /* one bad byte must not lose the whole document */
        if (!(j->fixed = encoding_repair(text, n, &n)))
            goto nomem;
        text = j->fixed;
    }
    room = n + n / 2 + 16;                         /* [NaN] becomes ["NaN"] */
    if (room > j->scratch_cap) {
        char *more = realloc(j->scratch, room);

        if (!more)
            goto nomem;
        j->scratch = more;
        j->scratch_cap = room;
    }
    j->text = j->at = text;
    j->end = text + n;
    return 0;
nomem:
    why_set(why, "out of memory");
    return -1;
}

int json_line_next(struct json_line *j, const struct json_member **members, size_t *count, struct json_place *place,
                   struct why *why)
{
    const char *s = skip_space_and_marks(j->at, j->end);

    j->count = j->scratch_at = *count = 0;
    *members = NULL;
    if (s == j->end)
        return 0;
    j->at = j->end;                                /* nothing follows a mistake */
    if (!(s = scan_object(j, s)))
        return explain(j, place, why);
    s = skip_space_and_marks(s, j->end);
    if (s < j->end && *s != '{') {
        mistake(j, s, "unexpected text after the object");
        return explain(j, place, why);
    }
    j->at = s;
    *members = j->members;
    *count = j->count;
    return 1;
}

int json_line_elements(struct json_line *j, fih_str array, const struct json_member **members, size_t *count)
{
    const char *s;
    struct why ignored;

    *count = 0;
    if (json_line_begin(j, array.ptr, array.len, &ignored) != 0)
        return -1;
    s = skip_space(j->text, j->end);
    j->count = j->scratch_at = 0;
    j->at = j->end;
    if (s == j->end || *s != '[')
        return -1;
    for (s = skip_space(s + 1, j->end); s < j->end && *s != ']'; s = skip_space(s, j->end)) {
        struct json_member *m;

        if (j->count > 0 && *s++ != ',')
            return -1;
        if (!(m = add_member(j)))
            return -1;
        *m = (struct json_member){{NULL, 0}, {NULL, 0}, JSON_MEMBER_NULL};
        if (!(s = scan_value(j, skip_space(s, j->end), m)))
            return -1;
    }
    *members = j->members;
    *count = j->count;
    return 0;
}
