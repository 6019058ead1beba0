/* readers.c - what readers share. See readers.h. */
#include "read/readers.h"

#include <stdlib.h>
#include <string.h>

#include "read/encoding.h"
#include "read/text.h"

const char *const read_target_names[TARGET_COUNT] = { "id", "title", "body", "date", "section", "url" };

static int add_source(struct read_opts *opts, const char *text, const char *eq, bool is_path, struct why *why)
{
    struct read_source *const more = realloc(opts->sources, (opts->source_count + 1) * sizeof *more);

    if (!more) {
        why_set(why, "out of memory");
        return -1;
    }
    opts->sources = more;
    more[opts->source_count++] = (struct read_source){text, eq + 1, (size_t)(eq - text), is_path};
    return 0;
}

int read_map_parse(struct read_opts *opts, const char *text, struct why *why)
{
    const char *const eq = strchr(text, '=');

    for (size_t i = 0; eq && eq[1] && i < TARGET_COUNT; i++) {
        if (strlen(read_target_names[i]) == (size_t)(eq - text) &&
            memcmp(text, read_target_names[i], (size_t)(eq - text)) == 0) {
            opts->keys[i] = eq + 1;
            return 0;
        }
    }
    if (eq && eq[1] && eq > text)
        return add_source(opts, text, eq, false, why);
    why_set(why, "--map: '%s' is not FIELD=KEY, with id, title, body, date, section, url or a field of the index",
            text);
    return -1;
}

int read_path_parse(struct read_opts *opts, const char *text, struct why *why)
{
    const char *const eq = strchr(text, '=');

    if (eq && eq[1] && eq > text)
        return add_source(opts, text, eq, true, why);
    why_set(why, "--field-from: '%s' is not FIELD=KEY.KEY", text);
    return -1;
}

int read_sources_check(const struct read_opts *opts, struct why *why)
{
    for (size_t i = 0; i < opts->source_count; i++) {
        const struct read_source *const s = &opts->sources[i];
        bool is_there = false;

        for (size_t k = 0; opts->fields && k < fih_fields_count(opts->fields); k++) {
            const char *const name = fih_fields_at(opts->fields, k)->name;

            is_there |= strlen(name) == s->field_bytes && memcmp(name, s->field, s->field_bytes) == 0;
        }
        if (!is_there) {
            why_set(why, "%s: the index has no field '%.*s': make one with --field, or map id, title, body, date, "
                         "section, url", s->is_path ? "--field-from" : "--map", (int)s->field_bytes, s->field);
            return -1;
        }
    }
    return 0;
}

enum read_result read_whole(struct input *in, const struct read_opts *opts, size_t limit,
                            void (*declared)(char *name, size_t name_bytes, const char *head, size_t n),
                            char **out, size_t *bytes, struct why *why)
{
    char name[64] = "", *raw = NULL, *text = NULL;
    struct encoding e;
    size_t n = 0;

    *out = NULL;
    *bytes = 0;
    if (input_read_all(in, limit, &raw, &n, why) != 0)
        return READ_FAILED;
    if (declared)
        declared(name, sizeof name, raw, n);
    encoding_find(&e, raw, n, opts->encoding, name[0] ? name : NULL);
    if (strcmp(e.name, ENCODING_UTF8) == 0) {
        memmove(raw, raw + e.mark_bytes, n + 1 - e.mark_bytes);
        text = raw;
        raw = NULL;
        n -= e.mark_bytes;
    } else if (text_decode(&text, &n, raw, n, &e, limit, why) != 0) {
        goto fail;
    }
    if (encoding_is_binary(text, n)) {
        why_set(why, "binary data, not text");
        goto fail;
    }
    free(raw);
    *out = text;
    *bytes = n;
    return READ_OK;
fail:
    free(raw);
    free(text);
    return READ_FAILED;
}
