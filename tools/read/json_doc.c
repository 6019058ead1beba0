/* json_doc.c - which field of a document each key of an object feeds. See json_doc.h. */
#include "read/json_doc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/exact.h"

struct json_doc {
    const struct read_opts *opts;
    const char       *name;
    fih_field        *extra;           /* reused from line to line */
    size_t            extra_cap;
    struct json_line *nested;          /* what is in arrays and objects */
    struct json_line *names;           /* what is in "fihrist:several" */
    const struct json_member *several; /* borrowed from there */
    size_t            several_count;
    char            **copies;          /* of values in there, until the document is done with */
    size_t            copy_count, copy_cap;
    char             *id;              /* room for NAME#LINE */
    size_t            id_cap;
};

static bool is_key(fih_str key, const char *name)
{
    return strlen(name) == key.len && memcmp(key.ptr, name, key.len) == 0;
}

/* The field that a key feeds, or TARGET_COUNT. A field that is mapped to another key still takes its own
 * name where the object has no such key, so *is_second says that the other goes first. */
static size_t target_of(const struct read_opts *o, fih_str key, bool *is_second)
{
    size_t own = TARGET_COUNT;

    *is_second = false;
    for (size_t i = 0; i < TARGET_COUNT; i++) {
        if (o->keys[i] && is_key(key, o->keys[i]))
            return i;
        if (is_key(key, read_target_names[i]))
            own = i;
    }
    *is_second = own < TARGET_COUNT && o->keys[own];
    return own;
}

static const char *name_of(enum json_kind kind)
{
    return kind == JSON_MEMBER_ARRAY ? "an array" : kind == JSON_MEMBER_OBJECT ? "an object" : "true or false";
}

static int make_room(struct json_doc *j, size_t count)
{
    fih_field *more;

    if (count <= j->extra_cap)
        return 0;
    if (!(more = realloc(j->extra, (count + 16) * sizeof *more)))
        return -1;
    j->extra = more;
    j->extra_cap = count + 16;
    return 0;
}

/* Any other key is kept as a stored field. The name "source" is taken by the file a document comes from. */
static void add_extra(struct json_doc *j, fih_doc *doc, const struct json_member *m)
{
    static const char renamed[] = "source_";

    j->extra[doc->extra_count].name = is_key(m->key, "source") ? (fih_str){ renamed, sizeof renamed - 1 } : m->key;
    j->extra[doc->extra_count++].value = m->value;
}

/* ---- fields of the index' own */

static void drop_copies(struct json_doc *j)
{
    while (j->copy_count > 0)
        free(j->copies[--j->copy_count]);
}

static int add_value(struct json_doc *j, fih_doc *doc, fih_str name, fih_str value)
{
    if (value.len == 0)
        return 0;
    if (make_room(j, doc->extra_count + 1) != 0)
        return -1;
    j->extra[doc->extra_count++] = (fih_field){ name, value };
    return 0;
}

/* A block is freed with the document; at once if there is no room to remember it. */
static int keep_copy(struct json_doc *j, char *copy)
{
    if (copy && j->copy_count == j->copy_cap) {
        char **more = realloc(j->copies, (j->copy_cap + 64) * sizeof *more);

        if (more) {
            j->copies = more;
            j->copy_cap += 64;
        }
    }
    if (!copy || j->copy_count == j->copy_cap) {
        free(copy);
        return -1;
    }
    j->copies[j->copy_count++] = copy;
    return 0;
}

/* A value that is borrowed from what the nested scanner read, and would go with its next text. */
static int add_copy(struct json_doc *j, fih_doc *doc, fih_str name, fih_str value)
{
    char *copy = malloc(value.len + 1);

    if (copy && value.len > 0)
        memcpy(copy, value.ptr, value.len);
    return keep_copy(j, copy) != 0 ? -1 : add_value(j, doc, name, (fih_str){ copy, value.len });
}

/* A field's value, or those of an array. What is nested deeper is a value as its JSON. */
static int add_field(struct json_doc *j, fih_doc *doc, fih_str name, const struct json_member *m, bool is_nested)
{
    const struct json_member *elements;
    fih_str array = m->value;
    size_t count;
    int rc = 0;

    if (m->kind != JSON_MEMBER_ARRAY)
        return m->kind == JSON_MEMBER_NULL ? 0
               : is_nested                 ? add_copy(j, doc, name, m->value)
                                           : add_value(j, doc, name, m->value);
    if (is_nested) {                               /* the scanner needs its room again */
        if (add_copy(j, doc, name, m->value) != 0)
            return -1;
        array = j->extra[--doc->extra_count].value;
    }
    if (json_line_elements(j->nested, array, &elements, &count) != 0)
        return -1;
    for (size_t i = 0; i < count && rc == 0; i++)
        if (elements[i].kind != JSON_MEMBER_NULL)
            rc = add_copy(j, doc, name, elements[i].value);
    return rc;
}

static fih_str source_field(const struct read_source *s)
{
    return (fih_str){ s->field, s->field_bytes };
}

/* What stands at a path, if anything does. */
static int add_path(struct json_doc *j, fih_doc *doc, const struct read_source *s, const struct json_member *members,
                    size_t count)
{
    const char *key = s->key;
    bool is_nested = false;

    for (;;) {
        const size_t n = strcspn(key, ".");
        const struct json_member *m = NULL;
        struct json_place place;
        struct why ignored;

        for (size_t i = 0; i < count && !m; i++)
            if (members[i].key.len == n && memcmp(members[i].key.ptr, key, n) == 0)
                m = &members[i];
        if (!m)
            return 0;
        if (!key[n])
            return add_field(j, doc, source_field(s), m, is_nested);
        if (m->kind != JSON_MEMBER_OBJECT)
            return 0;
        fih_str object = m->value;
        if (is_nested) {
            if (add_copy(j, doc, source_field(s), object) != 0)
                return -1;
            object = j->extra[--doc->extra_count].value;
        }
        if (json_line_begin(j->nested, object.ptr, object.len, &ignored) != 0 ||
            json_line_next(j->nested, &members, &count, &place, &ignored) != 1)
            return 0;
        is_nested = true;
        key += n + 1;
    }
}

static int add_paths(struct json_doc *j, fih_doc *doc, const struct json_member *members, size_t count)
{
    int rc = 0;

    for (size_t i = 0; i < j->opts->source_count && rc == 0; i++)
        if (j->opts->sources[i].is_path)
            rc = add_path(j, doc, &j->opts->sources[i], members, count);
    return rc;
}

/* To each field of the index' own that --map takes from this key, which may be one of ours, too (tags from section).
 * *any is whether there is one. */
static int add_mapped(struct json_doc *j, fih_doc *doc, const struct json_member *m, bool *any)
{
    const struct read_opts *const o = j->opts;
    int rc = 0;

    *any = false;
    for (size_t i = 0; i < o->source_count && rc == 0; i++)
        if (!o->sources[i].is_path && is_key(m->key, o->sources[i].key)) {
            rc = add_field(j, doc, source_field(&o->sources[i]), m, false);
            *any = true;
        }
    return rc;
}

/* Is a key the name of a field of the index' own? Or does the object say that it has several values? */
static bool is_field(const struct json_doc *j, fih_str key)
{
    const struct read_opts *const o = j->opts;

    for (size_t i = 0; o->fields && i < fih_fields_count(o->fields); i++)
        if (is_key(key, fih_fields_at(o->fields, i)->name))
            return true;
    for (size_t i = 0; i < j->several_count; i++)
        if (j->several[i].value.len == key.len && memcmp(j->several[i].value.ptr, key.ptr, key.len) == 0)
            return true;
    return false;
}

/* ---- what only export writes */

static int no_export(enum exact_key key, struct why *why)
{
    why_set(why, "\"%s\" is not as 'fihrist export' writes it", exact_name(key));
    return -1;
}

/* The document of "fihrist:fields". What stands under the name of a field a second time is an extra one, and the index
 * refuses it. */
static int fill_exact(struct json_doc *j, fih_doc *doc, const struct json_member *m, struct why *why)
{
    fih_str *const to[] = { &doc->id, &doc->title, &doc->body, &doc->date, &doc->section, &doc->url, &doc->source };
    const struct json_member *e;
    size_t count;

    if (json_line_elements(j->nested, m->value, &e, &count) != 0 || count % 2 != 0)
        return no_export(EXACT_FIELDS, why);
    doc->source = (fih_str){ "", 0 };
    for (size_t i = 0; i < count; i += 2) {
        fih_str pair[2], *known = NULL;

        for (size_t k = 0; k < 2; k++) {
            char *bytes;
            const int rc = exact_read(&pair[k], &bytes, &e[i + k]);

            if (rc == 0)
                return no_export(EXACT_FIELDS, why);
            if (rc < 0 || (bytes && keep_copy(j, bytes) != 0))
                goto nomem;
        }
        for (size_t k = 0; k < TARGET_COUNT && !known; k++)
            known = is_key(pair[0], read_target_names[k]) ? to[k] : NULL;
        if (is_key(pair[0], "source"))
            known = &doc->source;
        if (known && known->len == 0)
            *known = pair[1];
        else if (add_value(j, doc, pair[0], pair[1]) != 0)
            goto nomem;
    }
    doc->extra = j->extra;
    if (doc->id.len > 0)
        return 0;
    return no_export(EXACT_FIELDS, why);
nomem:
    why_set(why, "out of memory");
    return -1;
}

/* What they say of the others is known before those are looked at. 1: the document is filled; 0: go on; -1. */
static int find_exact(struct json_doc *j, fih_doc *doc, const struct json_member *members, size_t count,
                      struct why *why)
{
    j->several_count = 0;
    for (const struct json_member *m = members, *const end = count ? m + count : m; m < end; m++) {
        switch (exact_key(m->key)) {
        case EXACT_NONE:
            break;
        case EXACT_SOURCE:
            if (m->kind != JSON_MEMBER_TEXT)
                return no_export(EXACT_SOURCE, why);
            doc->source = m->value.len > 0 ? m->value : (fih_str){ "", 0 };
            break;
        case EXACT_SEVERAL:
            if (json_line_elements(j->names, m->value, &j->several, &j->several_count) != 0)
                return no_export(EXACT_SEVERAL, why);
            break;
        case EXACT_FIELDS:
            return count > 1 ? no_export(EXACT_FIELDS, why) : fill_exact(j, doc, m, why) != 0 ? -1 : 1;
        }
    }
    return 0;
}

/* NAME#LINE for a document without an id: the same line of the same file keeps its name. The second object of a line,
 * where files were joined, is NAME#LINE.2. */
static int make_id(struct json_doc *j, fih_str *id, uint64_t line, uint64_t nth)
{
    const size_t need = strlen(j->name) + 48;
    int n;

    if (need > j->id_cap) {
        char *p = realloc(j->id, need);

        if (!p)
            return -1;
        j->id = p;
        j->id_cap = need;
    }
    n = nth == 1 ? snprintf(j->id, j->id_cap, "%s#%" PRIu64, j->name, line)
                 : snprintf(j->id, j->id_cap, "%s#%" PRIu64 ".%" PRIu64, j->name, line, nth);
    *id = (fih_str){ j->id, (size_t)n };
    return 0;
}

int json_doc_fill(struct json_doc *j, fih_doc *doc, const struct json_member *members, size_t count, uint64_t line,
                  uint64_t nth, struct why *why)
{
    fih_str *const to[TARGET_COUNT] = { &doc->id, &doc->title, &doc->body, &doc->date, &doc->section, &doc->url };
    bool is_set[TARGET_COUNT] = { false };
    int rc;

    drop_copies(j);
    if ((rc = find_exact(j, doc, members, count, why)) != 0)
        return rc > 0 ? 0 : -1;
    if (make_room(j, count) != 0)
        goto nomem;
    for (const struct json_member *m = members, *const end = count ? m + count : m; m < end; m++) {
        bool is_second, is_mapped;
        const size_t t = target_of(j->opts, m->key, &is_second);

        if (exact_key(m->key) != EXACT_NONE)
            continue;
        if (add_mapped(j, doc, m, &is_mapped) != 0)
            goto nomem;
        if (t == TARGET_COUNT && !is_mapped && is_field(j, m->key)) {
            if (add_field(j, doc, m->key, m, false) != 0)
                goto nomem;
            continue;
        }
        if (t == TARGET_COUNT && is_mapped)
            continue;
        if (m->kind == JSON_MEMBER_NULL || (is_second && is_set[t]))
            continue;
        if (t == TARGET_COUNT) {
            if (make_room(j, doc->extra_count + 1) != 0)
                goto nomem;
            add_extra(j, doc, m);
        } else if (m->kind != JSON_MEMBER_TEXT && m->kind != JSON_MEMBER_NUMBER) {
            why_set(why, "\"%.*s\" is %s, but must be text or a number", m->key.len < 100 ? (int)m->key.len : 100,
                    m->key.ptr, name_of(m->kind));
            return -1;
        } else {
            *to[t] = m->value;
            is_set[t] = !is_second;
        }
    }
    if (add_paths(j, doc, members, count) != 0)
        goto nomem;
    doc->extra = j->extra;
    if (doc->id.len > 0 || make_id(j, &doc->id, line, nth) == 0)
        return 0;
nomem:
    why_set(why, "out of memory");
    return -1;
}

struct json_doc *json_doc_new(const struct read_opts *opts, const char *name)
{
    struct json_doc *const j = calloc(1, sizeof *j);

    if (!j)
        return NULL;
    j->opts = opts;
    j->name = name;
    if ((j->nested = json_line_new()) && (j->names = json_line_new()))
        return j;
    json_doc_free(j);
    return NULL;
}

void json_doc_free(struct json_doc *j)
{
    if (!j)
        return;
    json_line_free(j->nested);
    json_line_free(j->names);
    drop_copies(j);
    free(j->copies);
    free(j->extra);
    free(j->id);
    free(j);
}
