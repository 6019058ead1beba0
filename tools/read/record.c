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

static void json_extra(FILE *f, const fih_stored *s)
{
    const char *comma = "";
    fih_field field;

    fputs("\"extra\":{", f);
    for (size_t i = 0; fih_stored_at(s, i, &field) == FIH_OK; i++) {
        if (is_named(&field))
            continue;
        fputs(comma, f);
        out_json(f, field.name);
        putc(':', f);
        out_json(f, field.value);
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
