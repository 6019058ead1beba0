/* index_opts.c - options that say how an index is made. See index_opts.h. */
#include "cmd/index_opts.h"

#include <stdlib.h>
#include <string.h>

#include "read/input.h"

#define NO_CLEAN_NOTE "run:no-clean"    /* there: bodies are indexed whole */

enum { TEXT_MAX_BYTES = 1 << 20 };

bool opts_lexicon(const char *command, const char *file, char **text, size_t *bytes)
{
    struct why why = { "" };

    if (file && input_load(file, TEXT_MAX_BYTES, text, bytes, &why) != 0) {
        cli_error(command, "--lexicon: '%s': %s", file, why.text);
        return false;
    }
    return true;
}

bool opts_schema(const char *command, const char *file, const struct cli_list *fields, char **text, size_t *bytes)
{
    struct why why = { "" };

    if (file && input_load(file, TEXT_MAX_BYTES, text, bytes, &why) != 0) {
        cli_error(command, "--schema: '%s': %s", file, why.text);
        return false;
    }
    for (size_t i = 0; i < fields->count; i++) {
        const size_t n = strlen(fields->items[i]);
        char *const more = realloc(*text, *bytes + n + 2);

        if (!more) {
            cli_error(command, "out of memory");
            return false;
        }
        more[*bytes] = '\n';                   /* it may follow a comment */
        memcpy(more + *bytes + 1, fields->items[i], n);
        *text = more;
        *bytes += n + 1;
    }
    return true;
}

bool opts_weights(const char *command, const char *list, float *title, float *body)
{
    const char *at = list;

    while (at && *at) {
        float *to = strncmp(at, "title=", 6) == 0 ? title : strncmp(at, "body=", 5) == 0 ? body : NULL;
        const char *digits = to ? strchr(at, '=') + 1 : at;
        char *end = NULL;

        if (to && ((*digits >= '0' && *digits <= '9') || *digits == '.'))
            *to = strtof(digits, &end);
        if (!end || end == digits || (*end && *end != ',') || !(*to > 0 && *to <= 1000)) {
            cli_error(command, "--field-weights: '%s' is not a list such as title=0.3,body=1 (above 0, up to 1000)",
                      list);
            return false;
        }
        at = *end ? end + 1 : end;
    }
    return true;
}

static bool is_space(char c)
{
    return (unsigned char)c <= ' ';
}

bool opts_next_field(fih_str schema, size_t *at, fih_str *name, fih_str *kind)
{
    const char *const s = schema.ptr, *colon;
    size_t i = *at, end;

    while (i < schema.len && (is_space(s[i]) || s[i] == '#'))
        if (s[i] == '#')
            while (i < schema.len && s[i] != '\n')
                i++;
        else
            i++;
    for (end = i; end < schema.len && !is_space(s[end]);)
        end++;
    *at = end;
    if (i == end)
        return false;
    colon = memchr(s + i, ':', end - i);
    *name = (fih_str){ s + i, colon ? (size_t)(colon - s) - i : end - i };
    *kind = colon ? (fih_str){ colon + 1, (size_t)(s + end - colon) - 1 } : (fih_str){ "", 0 };
    return true;
}

/* Without an index, or one that cannot be read, nothing is remembered: whoever opens it next says what is wrong. */
bool opts_no_clean(const char *command, const char *index, bool no_clean, bool clean, int *out)
{
    fih_reader *r = NULL;
    unsigned tries = 0;
    fih_error err;
    fih_str note;
    int rc;

    *out = no_clean;
    if (no_clean && clean) {
        cli_error(command, "give --clean or --no-clean, not both");
        return false;
    }
    if (no_clean || clean)
        return true;
    do {
        if ((rc = fih_reader_open(&r, index, &err)) == FIH_OK)
            rc = fih_reader_note(&note, r, FIH_STR(NO_CLEAN_NOTE), &err);
        fih_reader_close(r);
    } while (cli_again(rc, &tries));
    *out = rc == FIH_OK;
    return true;
}

int opts_note_no_clean(fih_writer *w, int no_clean, fih_error *err)
{
    const int rc = no_clean ? fih_writer_note_put(w, FIH_STR(NO_CLEAN_NOTE), FIH_STR("1"), err)
                            : fih_writer_note_delete(w, FIH_STR(NO_CLEAN_NOTE), err);

    return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
}
