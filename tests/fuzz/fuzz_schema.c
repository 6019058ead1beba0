/* fuzz_schema.c - any bytes as the text of a schema, as one for a rebuild, and as values (a NUL between them): fields
 * that can be said again and come back from their bytes, values that come back from their text, or a reason. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "index/schema.h"
#include "index/value.h"
#include "reach.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ADDED, CHANGED, READ, VALUES, SPANS };
struct reach reach[] = {
    {"fields of schemas", 30, 0},
    {"fields of schemas that are changed", 15, 0},
    {"fields of schemas' bytes", 5, 0},
    {"values", 60, 0},
    {"spans of more than one value", 15, 0},
    {NULL, 0, 0},
};

enum { TEXT_MOST = FIH_MAX_FIELDS * (FIH_FIELD_NAME_BYTES + SCHEMA_KIND_BYTES + 2) };

static void require(bool holds)
{
    if (!holds)
        abort();
}

static fih_str next_part(const uint8_t **data, size_t *size, char end)
{
    const uint8_t *const stop = *size > 0 ? memchr(*data, end, *size) : NULL;
    const fih_str part = {(const char *)*data, stop ? (size_t)(stop - *data) : *size};

    *size -= part.len + (stop != NULL);
    *data += part.len + (stop != NULL);
    return part;
}

static bool is_same(const struct schema *a, const struct schema *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        const struct schema_field *const f = &a->fields[i], *const g = &b->fields[i];

        if (strcmp(f->name, g->name) != 0 || f->kind != g->kind || f->flags != g->flags || f->weight != g->weight)
            return false;
    }
    return true;
}

/* Names are listed in any room that has the first of them, and never cut. */
static void lists(const struct schema *s)
{
    for (size_t room = sizeof "title, body, section, date, …"; room < 600; room += 1 + room / 8) {
        char *const out = malloc(room);

        require(out != NULL);
        fihi_schema_list(s, out, room);
        require(memchr(out, 0, room) && fihi_utf8_valid((const uint8_t *)out, strlen(out)) == strlen(out));
        fihi_schema_list_values(s, out, room);
        require(memchr(out, 0, room) && fihi_utf8_valid((const uint8_t *)out, strlen(out)) == strlen(out));
        free(out);
    }
}

/* Each field is found by its name, alone, and all come back from their bytes, which nothing is cut off. */
static void look(const struct schema *s)
{
    struct schema again;
    struct buf bytes = {0};

    require(s->count <= FIH_MAX_FIELDS);
    for (uint32_t i = 0; i < s->count; i++) {
        const struct schema_field *const f = &s->fields[i];
        const fih_str name = {f->name, strlen(f->name)};

        require(name.len > 0 && name.len < FIH_FIELD_NAME_BYTES);
        require(fihi_schema_find(s, name) == FIELD_NO_OWN + i && fihi_schema_kind(s, FIELD_NO_OWN + i) == f->kind);
        require(fihi_schema_find_values(s, name) == (f->kind == FIH_FIELD_TEXT ? 0 : FIELD_NO_OWN + i));
        require(f->kind >= FIH_FIELD_KEYWORD && f->kind <= FIH_FIELD_TEXT && f->flags <= SCHEMA_FLAGS);
        require(f->weight == 0 || f->kind == FIH_FIELD_TEXT);
    }
    lists(s);
    require(fihi_schema_append(s, &bytes) == FIH_OK);
    require(fihi_schema_get(&again, bytes.ptr, bytes.ptr + bytes.len) == bytes.ptr + bytes.len && is_same(s, &again));
    for (size_t n = 0; n < bytes.len; n += 1 + n / 8) {
        uint8_t *const cut = malloc(n + 1);

        require(cut != NULL);
        memcpy(cut + 1, bytes.ptr, n);
        require(fihi_schema_get(&again, cut + 1, cut + 1 + n) == NULL);
        free(cut);
    }
    fihi_buf_free(&bytes);
}

/* What fields a text may have, as a text: the same fields. */
static void say_again(const struct schema *s)
{
    static char text[TEXT_MOST];
    struct schema again = {.count = 0};
    size_t n = 0;

    for (uint32_t i = 0; i < s->count; i++) {
        const size_t name = strlen(s->fields[i].name);

        memcpy(text + n, s->fields[i].name, name);
        text[n += name] = ':';
        fihi_schema_kind_name(text + n + 1, SCHEMA_KIND_BYTES, &s->fields[i]);
        n += 1 + strlen(text + n + 1);
        text[n++] = '\n';
    }
    require(fihi_schema_parse(&again, (fih_str){text, n}, NULL) == FIH_OK && is_same(s, &again));
}

/* Of a second index: fields that have their numbers there, or none. */
static void join(const struct schema *s, const struct schema *other)
{
    struct schema both = *s;
    uint8_t numbers[FIELD_NO_END];
    fih_error err = {0, 0, 0, ""};
    const int rc = fihi_schema_join(&both, other, "other.fih", &err);

    require(rc == FIH_OK || (err.code == rc && err.msg[0]));
    (void)fihi_schema_map(numbers, &both, other);
    for (uint32_t i = 0; i < both.count; i++) {
        const fih_str name = {both.fields[i].name, strlen(both.fields[i].name)};

        require(numbers[FIELD_NO_OWN + i] == fihi_schema_find(other, name));
    }
    for (uint32_t i = 0; rc == FIH_OK && i < other->count; i++)
        require(fihi_schema_find(&both, (fih_str){other->fields[i].name, strlen(other->fields[i].name)}) != 0);
}

static void schemas(fih_str added, fih_str changed)
{
    struct schema s = {.count = 0}, before;
    fih_error err = {0, 0, 0, ""};
    int rc = fihi_schema_parse(&s, added, &err);

    require(rc == FIH_OK || (s.count == 0 && err.code == rc && err.msg[0]));
    if (rc == FIH_OK) {
        before = s;
        require(fihi_schema_parse(&s, added, NULL) == FIH_OK && is_same(&s, &before));
        look(&s);
        say_again(&s);
        reach[ADDED].count += s.count;
    }
    before = s;
    err.msg[0] = '\0';
    rc = fihi_schema_change(&s, changed, &err);
    require(rc == FIH_OK || (is_same(&s, &before) && err.code == rc && err.msg[0]));
    if (rc == FIH_OK) {
        look(&s);
        say_again(&s);
        join(&before, &s);
        join(&s, &before);
        reach[CHANGED].count += s.count;
    }
}

/* Is it of the days that are read as they are written? Years before are also those of other calendars; and a zone can
 * put a time behind the last day that has a name. */
static bool is_read_again(unsigned kind, int64_t value)
{
    const int64_t first = -135140, end = 2932897, unit = kind == FIH_FIELD_TIME ? 86400 : 1;   /* 1600, 10000 */

    return kind < FIH_FIELD_DATE || (value >= first * unit && value < end * unit);
}

/* The same value comes back from its text, and the span of a text begins with its value. */
static void values(fih_str text)
{
    for (unsigned kind = FIH_FIELD_INTEGER; kind <= FIH_FIELD_TIME; kind++) {
        char out[VALUE_TEXT_BYTES];
        int64_t value, again, first = 0, last = 0;

        if (fihi_value_read(&value, kind, text, NULL) == FIH_OK) {
            require(value != VALUE_NONE);
            fihi_value_text(out, kind, value);
            require(!is_read_again(kind, value) ||
                    (fihi_value_read(&again, kind, fih_str_of(out), NULL) == FIH_OK && again == value));
            require(fihi_value_span(&first, &last, kind, text, 0, NULL) == FIH_OK && first == value);
            reach[VALUES].count++;
        }
        for (unsigned flags = 0; flags < 4; flags++)
            if (fihi_value_span(&first, &last, kind, text, flags, NULL) == FIH_OK) {
                require(first <= last);
                reach[SPANS].count += first < last;
            }
    }
}

/* Any 64 bits as a value: its text fits. */
static void any_value(int64_t value)
{
    char out[VALUE_TEXT_BYTES];

    for (unsigned kind = FIH_FIELD_INTEGER; kind <= FIH_FIELD_TIME; kind++) {
        fihi_value_text(out, kind, value);
        require(memchr(out, 0, sizeof out) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct schema s;
    const uint8_t *const behind = size ? fihi_schema_get(&s, data, data + size) : NULL;
    fih_str added, changed;

    if (behind) {
        require(behind > data && behind <= data + size);
        look(&s);
        reach[READ].count += s.count;
    }
    for (size_t i = 0; i + 8 <= size && i < 64; i += 8)
        any_value((int64_t)get_u64(data + i));
    added = next_part(&data, &size, '\0');
    changed = next_part(&data, &size, '\0');
    schemas(added, changed);
    while (size > 0)
        values(next_part(&data, &size, '\n'));
    return 0;
}
