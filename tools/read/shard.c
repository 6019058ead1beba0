/* shard.c - which documents belong to a shard, and what an index remembers of it. See shard.h. */
#include "read/shard.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Digits and nothing else, without a sign or a leading zero: one shard is written in one way only. */
static bool read_number(const char **s, uint32_t *out)
{
    uint32_t n = 0;

    if (**s < '1' || **s > '9')
        return false;
    for (; **s >= '0' && **s <= '9'; ++*s)
        if ((n = n * 10 + (uint32_t)(**s - '0')) > SHARD_MOST)
            return false;
    *out = n;
    return true;
}

bool shard_parse(struct shard *out, const char *text)
{
    const char *s = text;

    *out = (struct shard){0, 0, ""};
    if (!read_number(&s, &out->number) || *s++ != '/' || !read_number(&s, &out->count) || *s ||
        out->number > out->count) {
        *out = (struct shard){0, 0, ""};
        return false;
    }
    snprintf(out->text, sizeof out->text, "%" PRIu32 "/%" PRIu32, out->number, out->count);
    return true;
}

bool shard_has(const struct shard *s, fih_str id)
{
    return s->count == 0 || XXH3_64bits(id.ptr, id.len) % s->count == s->number - 1;
}

static bool read_note(struct shard *out, fih_str note)
{
    char text[sizeof out->text];

    if (note.len >= sizeof text)
        return false;
    memcpy(text, note.ptr, note.len);
    text[note.len] = '\0';
    return shard_parse(out, text);
}

int shard_of(struct shard *out, const fih_reader *r, fih_error *err)
{
    fih_str note;
    const int rc = fih_reader_note(&note, r, fih_str_of(SHARD_NOTE), err);

    *out = (struct shard){0, 0, ""};
    if (rc == FIH_OK && !read_note(out, note))
        *out = (struct shard){0, UINT32_MAX, ""};
    return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
}

/* Has anything been committed to it? */
static int is_new(bool *out, const char *index, fih_error *err)
{
    fih_reader *r;
    const int rc = fih_reader_open(&r, index, err);

    fih_reader_close(r);
    *out = rc == FIH_E_NOTFOUND;
    return rc == FIH_OK || *out ? 0 : -1;
}

int shard_settle(struct shard *s, fih_writer *w, const char *index, struct why *why, fih_error *err)
{
    struct shard has;
    fih_str note;
    bool is_fresh;
    const int rc = fih_writer_note_get(&note, w, fih_str_of(SHARD_NOTE), err);

    if (rc == FIH_OK) {
        if (!read_note(&has, note)) {
            why_set(why,
                    "'%s' was merged of some shards of several, and cannot go on with the files: index each shard, and "
                    "merge all of them", index);
            return 1;
        }
        if (s->count > 0 && strcmp(s->text, has.text) != 0) {
            why_set(why, "--shard %s: '%s' is the index of shard %s", s->text, index, has.text);
            return 1;
        }
        *s = has;
        return 0;
    }
    if (rc != FIH_E_NOTFOUND)
        return -1;
    if (s->count == 0)
        return 0;
    if (is_new(&is_fresh, index, err) != 0)
        return -1;
    if (!is_fresh) {
        why_set(why, "--shard %s: '%s' is an index of all documents: a shard needs a new one", s->text, index);
        return 1;
    }
    return fih_writer_note_put(w, fih_str_of(SHARD_NOTE), fih_str_of(s->text), err) == FIH_OK ? 0 : -1;
}
