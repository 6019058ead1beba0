/* record.c - a stored document as the members of a JSON object. Knows the names of the fields and their order. */
#include "read/record.h"

#include <stdlib.h>
#include <string.h>

#include "out/out.h"
#include "read/encoding.h"
#include "read/exact.h"

enum { MOST_KEYS = 100000 };           /* of extra fields in a line: the reader takes some more */

static bool is_name(fih_str s, const char *name)
{
    return s.len == strlen(name) && memcmp(s.ptr, name, s.len) == 0;
}

bool record_is_named(const fih_field *field)
{
    static const char *const names[] = { "id", "title", "body", "date", "section", "url", "source" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_name(field->name, names[i]))
            return true;
    return false;
}

static bool is_name_of(const fih_field *field, fih_str name)
{
    return field->name.len == name.len && (name.len == 0 || memcmp(field->name.ptr, name.ptr, name.len) == 0);
}

static void json_member(FILE *f, const fih_stored *s, const char *name)
{
    const fih_str value = fih_stored_get(s, name);

    fprintf(f, "\"%s\":", name);
    if (value.len > 0)
        out_json(f, value);
    else
        fputs("null", f);
}

/* ---- the fields that are not named above: several of one name are its values, and stand in the place of the first */

struct extra {
    fih_field field;
    size_t    at, count;               /* its place; of the first of its name, how many there are, else 0 */
};

static int by_name(const void *a, const void *b)
{
    const struct extra *x = a, *y = b;
    const size_t n = x->field.name.len < y->field.name.len ? x->field.name.len : y->field.name.len;
    const int order = n > 0 ? memcmp(x->field.name.ptr, y->field.name.ptr, n) : 0;

    if (order != 0)
        return order;
    if (x->field.name.len != y->field.name.len)
        return x->field.name.len < y->field.name.len ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static int by_place(const void *a, const void *b)
{
    const struct extra *x = *(struct extra *const *)a, *y = *(struct extra *const *)b;

    return x->at < y->at ? -1 : x->at > y->at;
}

/* Those of a document, new: by name, the values of a name in their order. */
static int find_extras(struct extra **out, size_t *count, const fih_stored *s)
{
    const fih_field *field;
    size_t n = 0, first = 0;

    *count = 0;
    for (size_t i = 0; (field = fih_stored_at(s, i)) != NULL; i++)
        n += !record_is_named(field);
    if (!(*out = calloc(n + 1, sizeof **out)))
        return -1;
    for (size_t i = 0; (field = fih_stored_at(s, i)) != NULL; i++)
        if (!record_is_named(field))
            (*out)[(*count)++] = (struct extra){ *field, i, 0 };
    qsort(*out, n, sizeof **out, by_name);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && !is_name_of(&(*out)[first].field, (*out)[i].field.name))
            first = i;
        (*out)[first].count++;
    }
    return 0;
}

static void print_extra(FILE *f, const struct extra *e)
{
    out_json(f, e->field.name);
    fputs(e->count > 1 ? ":[" : ":", f);
    for (size_t i = 0; i < e->count; i++) {
        fputs(i > 0 ? "," : "", f);
        out_json(f, e[i].field.value);
    }
    fputs(e->count > 1 ? "]" : "", f);
}

/* With a comma before each, or before all but the first. */
static int print_extras(FILE *f, struct extra *extras, size_t count, bool has_before)
{
    struct extra **const firsts = calloc(count + 1, sizeof *firsts);
    size_t n = 0;

    if (!firsts)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (extras[i].count > 0)
            firsts[n++] = &extras[i];
    if (n > 1)
        qsort(firsts, n, sizeof *firsts, by_place);
    for (size_t i = 0; i < n; i++) {
        fputs(i > 0 || has_before ? "," : "", f);
        print_extra(f, firsts[i]);
    }
    free(firsts);
    return 0;
}

void record_json(FILE *f, const fih_stored *s, bool with_body)
{
    static const char *const names[] = { "title", "date", "section", "url", "source" };
    struct extra *extras;
    size_t count;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        json_member(f, s, names[i]);
        putc(',', f);
    }
    if (with_body) {
        json_member(f, s, "body");
        putc(',', f);
    }
    fputs("\"extra\":{", f);
    if (find_extras(&extras, &count, s) == 0)
        print_extras(f, extras, count, false);
    free(extras);
    putc('}', f);
}

/* Has an extra field the name of one that every document may have? Only documents that were added before such names
 * were refused. */
static bool is_second(const fih_stored *s, size_t i)
{
    const fih_field *const field = fih_stored_at(s, i);

    for (size_t k = 0; k < i && record_is_named(field); k++)
        if (is_name_of(fih_stored_at(s, k), field->name))
            return true;
    return false;
}

/* Does the reader of JSON Lines make the same fields of the plain members of an object? Not of names that are ours, or
 * that it cannot have as keys, not of bytes that are no UTF-8, nor of values of one name apart from each other. */
static bool is_plain(const struct extra *extras, size_t count, const fih_stored *s)
{
    const fih_field *field;

    if (count > MOST_KEYS)
        return false;
    for (size_t i = 0; (field = fih_stored_at(s, i)) != NULL; i++)
        if (!encoding_is_utf8(field->value.ptr, field->value.len) ||
            !encoding_is_utf8(field->name.ptr, field->name.len) || exact_is_ours(field->name) || is_second(s, i) ||
            (field->name.len > 0 && memchr(field->name.ptr, '\0', field->name.len)))
            return false;
    for (size_t i = 1; i < count; i++)
        if (extras[i].count == 0 && extras[i].at != extras[i - 1].at + 1)
            return false;
    return true;
}

static void print_several(FILE *f, const struct extra *extras, size_t count)
{
    const char *before = ":[";

    for (size_t i = 0; i < count; i++) {
        if (extras[i].count < 2)
            continue;
        if (*before == ':')
            fprintf(f, ",\"%s\"", exact_name(EXACT_SEVERAL));
        fputs(before, f);
        out_json(f, extras[i].field.name);
        before = ",";
    }
    fputs(*before == ',' ? "]" : "", f);
}

/* Of what is read from standard input the source is "-", unless it is said. */
static void print_source(FILE *f, const fih_stored *s)
{
    const fih_str source = fih_stored_get(s, "source");

    if (is_name(source, "-"))
        return;
    fprintf(f, ",\"%s\":", exact_name(EXACT_SOURCE));
    out_json(f, source);
}

static void print_fields(FILE *f, const fih_stored *s)
{
    const fih_field *field;

    fprintf(f, "{\"%s\":[", exact_name(EXACT_FIELDS));
    for (size_t i = 0; (field = fih_stored_at(s, i)) != NULL; i++) {
        fputs(i > 0 ? "," : "", f);
        if (is_second(s, i))
            fprintf(f, "\"%.*s_\"", (int)field->name.len, field->name.ptr);
        else
            exact_write(f, field->name);
        putc(',', f);
        exact_write(f, field->value);
    }
    fputs("]}\n", f);
}

int record_line(FILE *f, const fih_stored *s)
{
    const char *comma = "{";
    struct extra *extras;
    const fih_field *field;
    size_t count;
    int rc = find_extras(&extras, &count, s);

    if (rc != 0)
        return rc;
    if (!is_plain(extras, count, s)) {
        print_fields(f, s);
    } else {
        for (size_t i = 0; (field = fih_stored_at(s, i)) != NULL; i++) {
            if (!record_is_named(field) || is_name(field->name, "source"))
                continue;
            fputs(comma, f);
            out_json(f, field->name);
            putc(':', f);
            out_json(f, field->value);
            comma = ",";
        }
        rc = print_extras(f, extras, count, true);
        print_several(f, extras, count);
        print_source(f, s);
        fputs("}\n", f);
    }
    free(extras);
    return rc;
}
