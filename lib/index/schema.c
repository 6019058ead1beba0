/* index/schema.c - reading and writing schemas.
 *
 * A field's number is its place, and columns and terms know it by that alone. So fields are only ever added behind,
 * and names and kinds stay; in a rebuild, where all columns and terms are made anew, they may change and go.
 *
 * "tags:keyword* pages:integer" gives tags the number 8 and pages the number 9, for good. Whoever adds
 * "price:number" later gets 10, and segments from before have no column of it.
 *
 * A segment keeps the numbers that it was written with. In a view of several indexes, whose schemas differ, the numbers
 * of one are mapped to those of another by name (fihi_schema_map()); within one index that is never needed.
 *
 * The text of a schema is a program's, or somebody's on a command line, so what is wrong with it is FIH_E_USAGE and
 * says what to write; its bytes come from the disk, so what is wrong with them is damage. */
#include "index/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "base/utf8.h"

/* By enum fih_field_kind. The words stand in messages and in files of options, so none may change; the numbers are
 * FORMAT.md's. */
static const char *const kinds[] = {"", "keyword", "integer", "number", "date", "time", "text"};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* Fields that are always there, and names that a query or an answer uses for something else. No index that is read can
 * have one of them: `similar`, the last to come, did so with format 3.4, the oldest that is. A name that comes later
 * belongs among the orders below. FORMAT.md, "Schema", lists them. */
static const char *const taken[] = {"title", "body", "section", "date", "id", "source", "score", "similar"};

/* Names of orders (search --sort). A field that is there stays: only a new one may not have such a name. */
static const char *const orders[] = {"newest", "oldest"};

/* Every document may have an address, but hardly two have the same: to index them takes room that only some want to
 * give. A schema that has this field, which is a keyword, asks for it. */
static bool is_address(fih_str name)
{
    return name.len == 3 && memcmp(name.ptr, "url", 3) == 0;
}

/* What a query's parser reads as a name in front of a colon. Everything from U+0080 on is allowed, so that fields
 * may have Arabic names; the whole must be well-formed UTF-8, for it is shown. */
static bool is_name(fih_str s)
{
    if (s.len == 0 || s.len >= FIH_FIELD_NAME_BYTES || fihi_utf8_valid((const uint8_t *)s.ptr, s.len) != s.len)
        return false;
    /* ASCII by hand, for isalpha() depends on the locale. 0x20 folds case of letters, and makes no letter of anything
     * else that is asked for here. */
    for (size_t i = 0; i < s.len; i++) {
        const unsigned char c = (unsigned char)s.ptr[i], low = c | 32;
        const bool begins = c >= 0x80 || (low >= 'a' && low <= 'z') || c == '_';

        if (!begins && (i == 0 || !((c >= '0' && c <= '9') || c == '-' || c == '.')))
            return false;
    }
    return true;
}

/* By bytes, as own_field() does it: letters of either case differ, and so do two spellings of one letter. */
static bool is_one_of(fih_str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(names[i]) == name.len && memcmp(names[i], name.ptr, name.len) == 0)
            return true;
    return false;
}

static bool is_taken(fih_str name)
{
    return is_one_of(name, taken, sizeof taken / sizeof *taken);
}

/* At most 56, so by looking at each. */
static struct schema_field *own_field(const struct schema *s, fih_str name)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (strlen(s->fields[i].name) == name.len && memcmp(s->fields[i].name, name.ptr, name.len) == 0)
            return (struct schema_field *)&s->fields[i];
    return NULL;
}

/* Number 0 is no field; title and body have none either, for they have no values. */
unsigned fihi_schema_find(const struct schema *s, fih_str name)
{
    const struct schema_field *const f = own_field(s, name);

    if (f)
        return FIELD_NO_OWN + (unsigned)(f - s->fields);
    if (name.len == 7 && memcmp(name.ptr, "section", 7) == 0)
        return FIELD_NO_SECTION;
    return name.len == 4 && memcmp(name.ptr, "date", 4) == 0 ? FIELD_NO_DATE : 0;
}

unsigned fihi_schema_address(const struct schema *s)
{
    return fihi_schema_find(s, FIH_STR("url"));
}

int fihi_schema_refuse_address(fih_str name, int code, size_t at, fih_error *err)
{
    return is_address(name) ? fihi_fail_at(err, code, at, "the field url is stored in this index and not indexed: "
                                                          "rebuild it with the field url:keyword")
                            : FIH_OK;
}

unsigned fihi_schema_find_values(const struct schema *s, fih_str name)
{
    const unsigned field = fihi_schema_find(s, name);

    /* What sorts, counts or collapses asks this way: of a text there is nothing to sort by but its words. */
    return fihi_schema_kind(s, field) == FIH_FIELD_TEXT ? 0 : field;
}

/* A number from a column's row or a query's plan, so any: what no field has is kind 0, and equal to no kind. */
unsigned fihi_schema_kind(const struct schema *s, unsigned field)
{
    if (field == FIELD_NO_SECTION)
        return FIH_FIELD_KEYWORD;
    if (field == FIELD_NO_DATE)
        return FIH_FIELD_DATE;
    if (field == FIELD_NO_SIGNATURE)
        return FIH_FIELD_INTEGER;
    return field >= FIELD_NO_OWN && field - FIELD_NO_OWN < s->count ? s->fields[field - FIELD_NO_OWN].kind : 0;
}

/* "" and not NULL: it goes into messages. */
const char *fihi_schema_name(const struct schema *s, unsigned field)
{
    if (field == FIELD_NO_SECTION)
        return "section";
    if (field == FIELD_NO_DATE)
        return "date";
    if (field == FIELD_NO_TITLE || field == FIELD_NO_BODY)
        return field == FIELD_NO_TITLE ? "title" : "body";
    return field >= FIELD_NO_OWN && field - FIELD_NO_OWN < s->count ? s->fields[field - FIELD_NO_OWN].name : "";
}

/* Fields that every index has are compared as they are. */
bool fihi_schema_is_folded(const struct schema *s, unsigned field)
{
    return field >= FIELD_NO_OWN && field - FIELD_NO_OWN < s->count &&
           s->fields[field - FIELD_NO_OWN].flags & SCHEMA_FOLDED;
}

/* A weight is stored in sixteenths, which floats have exactly: 8 sixteenths are 0.5 on every machine. */
float fihi_schema_weight(const struct schema *s, unsigned field)
{
    return field >= FIELD_NO_OWN && field - FIELD_NO_OWN < s->count
               ? (float)s->fields[field - FIELD_NO_OWN].weight * SCHEMA_WEIGHT_ONE : 0;
}

bool fihi_schema_has_text(const struct schema *s)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (s->fields[i].kind == FIH_FIELD_TEXT)
            return true;
    return false;
}

/* Those that every index has, and its own of these kinds, a bit each. Never cut inside a name: what does not fit is
 * left out, and an ellipsis says so. */
static void list(const struct schema *s, const char *always, unsigned wanted, char *out, size_t size)
{
    /* What is always there must fit: callers have room for it. */
    int at = snprintf(out, size, "%s", always);

    for (uint32_t i = 0; i < s->count && at > 0 && (size_t)at < size; i++) {
        if (!(wanted & 1U << s->fields[i].kind))
            continue;
        const size_t need = strlen(s->fields[i].name) + 2;

        /* The name, ", " before it, and the ellipsis behind it if it is the last that fits. */
        if ((size_t)at + need + sizeof ", …" > size) {
            snprintf(out + at, size - (size_t)at, ", …");
            break;
        }
        at += snprintf(out + at, size - (size_t)at, ", %s", s->fields[i].name);
    }
}

void fihi_schema_list(const struct schema *s, char *out, size_t size)
{
    list(s, "title, body, section, date", ~0U, out, size);
}

void fihi_schema_list_values(const struct schema *s, char *out, size_t size)
{
    list(s, "section, date", ~(1U << FIH_FIELD_TEXT), out, size);
}

void fihi_schema_list_terms(const struct schema *s, char *out, size_t size)
{
    list(s, "section", 1U << FIH_FIELD_KEYWORD | 1U << FIH_FIELD_TEXT, out, size);
}

/* What fihi_schema_parse() would read back behind a name and a colon. */
void fihi_schema_kind_name(char *out, size_t size, const struct schema_field *f)
{
    /* A sixteenth is 625 ten thousandths: 8 of them are 5,000, which gives "^0.5" when the zeros are gone. */
    unsigned rest = f->weight % 16u * 625;     /* ten thousandths */
    char weight[32] = "";                      /* "^15.9375" */
    int digits = 4;

    /* Zeros at the end say nothing. */
    for (; digits > 0 && rest % 10 == 0; digits--)
        rest /= 10;
    if (f->weight)
        /* Without locale: printf("%g") would write a comma in some. */
        snprintf(weight, sizeof weight, digits ? "^%u.%0*u" : "^%u", f->weight / 16u, digits, rest);
    snprintf(out, size, "%s%s%s%s", kinds[f->kind], f->flags & SCHEMA_MANY ? "*" : "",
             f->flags & SCHEMA_FOLDED ? "~" : "", weight);
}

/* ---- text */

/* The whole word as it was given, at most 100 bytes of it, so that somebody finds it in a long text. */
static int refuse(fih_str line, const char *why, fih_error *err)
{
    return fihi_fail(err, FIH_E_USAGE, "the field '%.*s' %s", (int)(line.len < 100 ? line.len : 100), line.ptr, why);
}

/* The fields behind it move up and get other numbers, which only a rebuild can stand. */
static void drop_field(struct schema *s, fih_str name)
{
    struct schema_field *const f = own_field(s, name);

    if (!f)
        return;
    s->count--;
    /* `count` is one less already: so many stand behind it. */
    memmove(f, f + 1, (size_t)(s->fields + s->count - f) * sizeof *f);
}

/* The weight behind ^, to the nearest sixteenth: digits with a point among them, whatever the locale is. False for what
 * is none, or out of range. */
static bool read_weight(fih_str s, uint8_t *weight)
{
    double value = 0, unit = 0;                /* unit: 0 before the point, then that of the last digit */

    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];

        /* One point, not at the beginning and not at the end: "1.", ".5" and "1.2.3" are none. */
        if (c == '.' && unit == 0 && i > 0 && i + 1 < s.len) {
            unit = 1;
        } else if (c >= '0' && c <= '9') {
            /* unit: tenths, hundredths and so on behind the point; before it 0, which stays 0. */
            unit /= 10;
            value = unit > 0 ? value + unit * (c - '0') : value * 10 + (c - '0');
        } else {
            return false;
        }
    }
    /* Rounded to the nearest sixteenth: 0.3 is 4.8 of them, so 5, which is 0.3125. */
    value = value / (double)SCHEMA_WEIGHT_ONE + 0.5;
    if (!(value >= 1 && value < 256))          /* also of no digits */
        return false;
    *weight = (uint8_t)value;
    return true;
}

/* A weight may differ: it is no part of what is stored in segments. */
static bool has_same_kind(const struct schema_field *a, const struct schema_field *b)
{
    return a->kind == b->kind && a->flags == b->flags;
}

/* NAME:KIND or NAME:KIND*; in a rebuild also NAME:none. `none` is a kind only in a rebuild; with a star it is
 * refused like any other word. In a rebuild a field keeps its place and gets the new kind. */
static int add_field(struct schema *s, fih_str line, bool is_rebuild, fih_error *err)
{
    /* The first colon: a kind has none. */
    const char *const colon = memchr(line.ptr, ':', line.len);
    struct schema_field f = {.kind = 0}, *same;
    const char *hat;
    fih_str name, kind;

    if (!colon)
        return refuse(line, "has no kind: write NAME:KIND, such as tags:keyword*", err);
    name = (fih_str){line.ptr, (size_t)(colon - line.ptr)};
    kind = (fih_str){colon + 1, line.len - name.len - 1};
    /* ^ cannot stand in the name's part, which ends before the colon. */
    if ((hat = memchr(kind.ptr, '^', kind.len)) != NULL) {
        if (!read_weight((fih_str){hat + 1, kind.len - 1 - (size_t)(hat - kind.ptr)}, &f.weight))
            return refuse(line, "has a weight that is none: write one from 0.0625 to 15.9375, such as text^2", err);
        kind.len = (size_t)(hat - kind.ptr);
    }
    for (; kind.len; kind.len--) {             /* in either order, each once */
        const char last = kind.ptr[kind.len - 1];
        const uint8_t flag = last == '*' ? SCHEMA_MANY : last == '~' ? SCHEMA_FOLDED : 0;

        if (!flag || f.flags & flag)
            break;
        f.flags |= flag;
    }
    /* "none" is no kind here, and leaves 0. */
    for (unsigned i = 1; i < KINDS; i++)
        if (strlen(kinds[i]) == kind.len && memcmp(kinds[i], kind.ptr, kind.len) == 0)
            f.kind = (uint8_t)i;
    /* In the order in which somebody would want to know: is it a name, may it be this one, is there such a kind. */
    if (!is_name(name))
        return refuse(line, "has a name that is none: up to 63 bytes, letters first, then also digits, - and .", err);
    if (is_taken(name))
        return refuse(line, "has a name that every index uses already", err);
    /* Only in a rebuild, where all columns are made anew, may a number be given to another field. */
    if (is_rebuild && kind.len == 4 && !f.flags && !f.weight && memcmp(kind.ptr, "none", 4) == 0) {
        drop_field(s, name);
        return FIH_OK;
    }
    if (!f.kind)
        return refuse(line, "is of no kind that there is: text, keyword, integer, number, date or time", err);
    if (f.flags && f.kind != FIH_FIELD_KEYWORD && !(f.kind == FIH_FIELD_TEXT && f.flags == SCHEMA_MANY))
        return refuse(line, "has * or ~: a keyword may have both, a text *, no other kind any", err);
    if (is_address(name) && (f.kind != FIH_FIELD_KEYWORD || f.flags))
        return refuse(line, "is the address that each document may have, and this is a keyword: write url:keyword",
                      err);
    if (f.weight && f.kind != FIH_FIELD_TEXT)
        return refuse(line, "has a weight, which only a text may", err);
    /* f.name was zeroed with the rest, so a NUL stands behind it. */
    memcpy(f.name, name.ptr, name.len);
    same = own_field(s, name);
    if (same && (is_rebuild || has_same_kind(same, &f)))       /* a weight is of searches alone */
        *same = f;
    /* Whoever repeats a field that is there already is not told that its name is no good. */
    if (!same && is_one_of(name, orders, sizeof orders / sizeof *orders))
        return refuse(line, "has a name that hits are sorted by: choose another", err);
    if (same)
        return has_same_kind(same, &f)
                   ? FIH_OK
                   : refuse(line, "is of another kind in this index, and this cannot be changed", err);
    /* 56, so that numbers end below 64 and a set of fields fits one word. */
    if (s->count == FIH_MAX_FIELDS)
        return fihi_fail(err, FIH_E_LIMIT, "an index has at most %u fields of its own", FIH_MAX_FIELDS);
    s->fields[s->count++] = f;
    return FIH_OK;
}

/* All that is below a space as well: tabs, line ends of any kind. */
static bool is_space(char c)
{
    return (unsigned char)c <= ' ';
}

/* In a copy, which replaces the schema only if all of the text was good.
 *
 * A word is NAME:KIND; spaces and lines stand between, and # begins a comment. So the text may be a file or an
 * option. */
static int parse(struct schema *s, fih_str text, bool is_rebuild, fih_error *err)
{
    struct schema next = *s;
    int rc = FIH_OK;

    for (size_t i = 0; i < text.len && rc == 0;) {
        size_t end = i;

        if (text.ptr[i] == '#') {              /* a comment ends with its line */
            while (i < text.len && text.ptr[i] != '\n')
                i++;
        } else if (is_space(text.ptr[i])) {
            i++;
        } else {
            while (end < text.len && !is_space(text.ptr[end]))
                end++;
            rc = add_field(&next, (fih_str){text.ptr + i, end - i}, is_rebuild, err);
            i = end;
        }
    }
    /* Whole or not at all: the caller's schema is as it was after an error. */
    if (rc == 0)
        *s = next;
    return rc;
}

/* The same text may be given whenever a writer opens: fields that are there are found, and nothing changes. */
int fihi_schema_parse(struct schema *s, fih_str text, fih_error *err)
{
    return parse(s, text, false, err);
}

/* Only where all documents are written anew (fihi_rules_anew()): numbers may go to other fields then. */
int fihi_schema_change(struct schema *s, fih_str text, fih_error *err)
{
    return parse(s, text, true, err);
}

/* ---- several indexes */

/* Fields of the first index keep their numbers, those of others that it lacks go behind them. Weights are those of the
 * first index that has the field. */
int fihi_schema_join(struct schema *s, const struct schema *other, const char *dir, fih_error *err)
{
    for (uint32_t i = 0; i < other->count; i++) {
        const struct schema_field *const f = &other->fields[i];
        const struct schema_field *const same = own_field(s, (fih_str){f->name, strlen(f->name)});

        if (!same && s->count == FIH_MAX_FIELDS)
            /* Together, for each has at most as many by itself. */
            return fihi_fail(err, FIH_E_LIMIT, "the indexes have more than %u fields of their own together",
                             FIH_MAX_FIELDS);
        if (!same)
            s->fields[s->count++] = *f;
        else if (!has_same_kind(same, f)) {
            char one[SCHEMA_KIND_BYTES], two[SCHEMA_KIND_BYTES];

            fihi_schema_kind_name(one, sizeof one, f);
            fihi_schema_kind_name(two, sizeof two, same);
            return fihi_fail(err, FIH_E_USAGE,
                             "the field '%s' is %s in '%s' and %s in an index before it: one of the two must be "
                             "rebuilt with the kind of the other",
                             f->name, one, dir, two);
        }
    }
    return FIH_OK;
}

/* Where `other` has fewer fields and the same numbers, its own would do: no column has the others. */
bool fihi_schema_map(uint8_t numbers[FIELD_NO_END], const struct schema *s, const struct schema *other)
{
    bool is_needed = false;

    memset(numbers, 0, FIELD_NO_END);
    /* Those that every index has have the same numbers everywhere. */
    for (unsigned i = 0; i < FIELD_NO_OWN; i++)
        numbers[i] = (uint8_t)i;
    for (unsigned i = 0; i < s->count; i++) {
        const struct schema_field *const same =
            own_field(other, (fih_str){s->fields[i].name, strlen(s->fields[i].name)});

        numbers[FIELD_NO_OWN + i] = same ? (uint8_t)(FIELD_NO_OWN + (same - other->fields)) : 0;
        /* Also needed where this one lacks a field that stands there under the same number: its column must not be
         * taken for ours. */
        is_needed |= same ? numbers[FIELD_NO_OWN + i] != FIELD_NO_OWN + i : i < other->count;
    }
    return is_needed;
}

/* ---- bytes: u32 fields; for each u8 kind, u8 flags, u8 bytes of the name, u8 weight, the name */

/* FORMAT.md, "Schema". Names have at most 63 bytes, so their length fits its byte. */
int fihi_schema_append(const struct schema *s, struct buf *out)
{
    uint8_t four[4];
    int rc;

    put_u32(four, s->count);
    rc = fihi_buf_append(out, four, 4);
    for (uint32_t i = 0; i < s->count && rc == 0; i++) {
        const struct schema_field *const f = &s->fields[i];
        const uint8_t head[4] = {f->kind, f->flags, (uint8_t)strlen(f->name), f->weight};

        if ((rc = fihi_buf_append(out, head, 4)) == 0)
            /* Without the NUL: its length stands before it. */
            rc = fihi_buf_append(out, f->name, head[2]);
    }
    return rc;
}

/* A name is looked up among those that were read so far: s->count is theirs.
 *
 * Everything that a reader will take for granted is checked here: kinds that there are, names that a query can have, no
 * name twice. A weight or a flag that we do not know is damage, for a newer format would have another number.
 *
 * The first field of the small index in FORMAT.md is 01 01 04 00 6c 61 6e 67: a keyword, several values, four bytes of
 * name, no weight, "lang". It is field 8, for that is what the first one of a schema always is. */
const uint8_t *fihi_schema_get(struct schema *s, const uint8_t *p, const uint8_t *end)
{
    uint32_t count;

    s->count = 0;
    if (end - p < 4 || (count = get_u32(p)) > FIH_MAX_FIELDS)
        return NULL;
    for (p += 4; s->count < count; s->count++) {
        struct schema_field *const f = &s->fields[s->count];
        fih_str name;

        /* By subtraction: the name lies within the bytes. */
        if (end - p < 4 || end - p - 4 < p[2])
            return NULL;
        name = (fih_str){(const char *)p + 4, p[2]};
        if (p[0] == 0 || p[0] >= KINDS || p[1] > SCHEMA_FLAGS || (p[3] && p[0] != FIH_FIELD_TEXT) || !is_name(name) ||
            is_taken(name) || own_field(s, name) || (is_address(name) && (p[0] != FIH_FIELD_KEYWORD || p[1])))
            return NULL;
        /* All of it, so that the name ends with a NUL whatever was there before. */
        memset(f, 0, sizeof *f);
        f->kind = p[0];
        f->flags = p[1];
        f->weight = p[3];
        memcpy(f->name, name.ptr, name.len);
        p += 4 + name.len;
    }
    return p;
}
