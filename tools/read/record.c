/* record.c - a stored document as the members of a JSON object. Knows the names of the fields and their order. */
#include "read/record.h"

#include <stdlib.h>
#include <string.h>

#include "out/out.h"
#include "read/encoding.h"

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
static int print_extras(FILE *f, const fih_stored *s, bool has_before)
{
    struct extra *extras, **firsts = NULL;
    size_t count, n = 0;
    int rc = find_extras(&extras, &count, s);

    if (rc == 0 && !(firsts = calloc(count + 1, sizeof *firsts)))
        rc = -1;
    for (size_t i = 0; rc == 0 && i < count; i++)
        if (extras[i].count > 0)
            firsts[n++] = &extras[i];
    if (n > 1)
        qsort(firsts, n, sizeof *firsts, by_place);
    for (size_t i = 0; i < n; i++) {
        fputs(i > 0 || has_before ? "," : "", f);
        print_extra(f, firsts[i]);
    }
    free(firsts);
    free(extras);
    return rc;
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
    fputs("\"extra\":{", f);
    print_extras(f, s, false);
    putc('}', f);
}

/* JSON has no other bytes than UTF-8, and no key with a zero byte goes through the reader. */
static bool is_whole(const fih_field *field)
{
    return encoding_is_utf8(field->value.ptr, field->value.len) &&
           encoding_is_utf8(field->name.ptr, field->name.len) &&
           (field->name.len == 0 || !memchr(field->name.ptr, '\0', field->name.len));
}

int record_line(FILE *f, const fih_stored *s, fih_str *spoilt)
{
    const char *comma = "{";
    const fih_field *field;
    int rc;

    *spoilt = (fih_str){ NULL, 0 };
    for (size_t i = 0; (field = fih_stored_at(s, i)) != NULL; i++) {
        if (is_name(field->name, "source"))
            continue;
        if (!spoilt->ptr && !is_whole(field))
            *spoilt = field->name;
        if (!record_is_named(field))
            continue;
        fputs(comma, f);
        out_json(f, field->name);
        putc(':', f);
        out_json(f, field->value);
        comma = ",";
    }
    rc = print_extras(f, s, true);
    fputs("}\n", f);
    return rc;
}
