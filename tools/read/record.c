/* record.c - a stored document as the members of a JSON object. Knows the names of the fields and their order. */
#include "read/record.h"

#include <string.h>

#include "out/out.h"

static bool is_name(fih_str s, const char *name)
{
    return s.len == strlen(name) && memcmp(s.ptr, name, s.len) == 0;
}

/* Is it one of the fields that every document may have ("id" to "source"), and not an extra one? */
static bool is_named(const fih_field *field)
{
    static const char *const names[] = { "id", "title", "body", "date", "section", "url", "source" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_name(field->name, names[i]))
            return true;
    return false;
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

/* The next field of the name of the one at `i`; false if there is none. */
static bool next_same(const fih_stored *s, size_t *i, fih_field *field)
{
    const fih_str name = field->name;

    while (fih_stored_at(s, ++*i, field) == FIH_OK)
        if (field->name.len == name.len && memcmp(field->name.ptr, name.ptr, name.len) == 0)
            return true;
    return false;
}

static bool is_first(const fih_stored *s, size_t i, const fih_field *field)
{
    fih_field other;

    for (size_t k = 0; k < i && fih_stored_at(s, k, &other) == FIH_OK; k++)
        if (other.name.len == field->name.len && memcmp(other.name.ptr, field->name.ptr, other.name.len) == 0)
            return false;
    return true;
}

/* Several values of one name are an array, in the place of the first. */
static void json_extra(FILE *f, const fih_stored *s)
{
    const char *comma = "";
    fih_field field, more;

    fputs("\"extra\":{", f);
    for (size_t i = 0; fih_stored_at(s, i, &field) == FIH_OK; i++) {
        size_t at = i;
        bool is_many;

        if (is_named(&field) || !is_first(s, i, &field))
            continue;
        fputs(comma, f);
        out_json(f, field.name);
        putc(':', f);
        more = field;
        is_many = next_same(s, &at, &more);
        fputs(is_many ? "[" : "", f);
        out_json(f, field.value);
        for (bool has = is_many; has; has = next_same(s, &at, &more)) {
            putc(',', f);
            out_json(f, more.value);
        }
        fputs(is_many ? "]" : "", f);
        comma = ",";
    }
    putc('}', f);
}

void record_json(FILE *f, const fih_stored *s, bool with_body)
{
    static const char *const names[] = { "title", "date", "section", "url", "source" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        json_member(f, s, names[i]);
        putc(',', f);
    }
    if (with_body) {
        json_member(f, s, "body");
        putc(',', f);
    }
    json_extra(f, s);
}
