/* readers.c - what readers share. See readers.h. */
#include "read/readers.h"

#include <stdlib.h>
#include <string.h>

#include "read/encoding.h"
#include "read/text.h"

const char *const read_target_names[TARGET_COUNT] = { "id", "title", "body", "date", "section", "url" };

int read_map_parse(struct read_opts *opts, const char *text, struct why *why)
{
    const char *eq = strchr(text, '=');

    for (size_t i = 0; eq && eq[1] && i < TARGET_COUNT; i++) {
        if (strlen(read_target_names[i]) == (size_t)(eq - text) &&
            memcmp(text, read_target_names[i], (size_t)(eq - text)) == 0) {
            opts->keys[i] = eq + 1;
            return 0;
        }
    }
    why_set(why, "--map: '%s' is not FIELD=KEY with one of the fields id, title, body, date, section, url", text);
    return -1;
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
