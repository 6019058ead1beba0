/* since.c - which documents have changed since the last export: a file of ids and hashes.
 *
 * An index does not keep what it was: a deleted document is gone with the next merge, and documents move. So the
 * exporter remembers what it has handed over. The file is lines of text: in the first one, an object, how it was
 * made; then for each document a hash of all that is stored of it and the id, as JSON has strings; in the last one, an
 * object, how many they are, so that a file that was cut is known.
 */
#include "opensearch/opensearch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "cli.h"
#include "out/out.h"
#include "out/target.h"

enum { VERSION = 2 };                  /* of the file */

struct entry {
    uint64_t id, stored;               /* hashes */
    size_t   at, len;                  /* of the id, in `ids` */
    bool     is_there;                 /* it has been seen in the index */
};

struct since {
    const char   *path;
    struct target next;                /* the file that will be */
    struct entry *entries;             /* by the hash of the id */
    size_t        count, cap;
    char         *ids;
    size_t        ids_len, ids_cap;
    uint64_t     *written;             /* hashes of the ids that were handed over */
    size_t        written_count, written_cap;
    bool          is_other;            /* another analyzer: no document is as it was */
    bool          is_out_of_memory;
};

static int by_id(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    return x->id < y->id ? -1 : x->id > y->id;
}

static int by_hash(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* ---- the old file */

static bool grow(void **list, size_t *cap, size_t count, size_t size)
{
    if (count <= *cap)
        return true;
    const size_t more = count + count / 2 + 1024;
    void *const p = realloc(*list, more * size);

    if (!p)
        return false;
    *list = p;
    *cap = more;
    return true;
}

static bool add_entry(struct since *s, const char *line)
{
    char *end;
    const uint64_t stored = strtoull(line, &end, 16);
    json_t *id;
    size_t n;

    if (end != line + 16 || *end != ' ' || !(id = json_loads(end + 1, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL)))
        return false;
    n = json_string_length(id);
    const bool good = json_is_string(id) && grow((void **)&s->entries, &s->cap, s->count + 1, sizeof *s->entries) &&
                      grow((void **)&s->ids, &s->ids_cap, s->ids_len + n, 1);
    if (good) {
        memcpy(s->ids + s->ids_len, json_string_value(id), n);
        s->entries[s->count++] = (struct entry){ XXH3_64bits(s->ids + s->ids_len, n), stored, s->ids_len, n, false };
        s->ids_len += n;
    }
    json_decref(id);
    return good;
}

/* Means of the whole index are in every document that was exported. */
static void say_moved(const char *what, double now, double then)
{
    if (then / now > 1.1 || then / now < 1 / 1.1)
        cli_error("export",
                  "%s have %.*f words in the mean, and had %.*f when the first were exported: export all of them anew "
                  "for exact scores", what, now < 10, now, then < 10, then);
}

static bool read_head(struct since *s, const char *line, struct impact *i, const char *analyzer)
{
    const char *engine, *made_by;
    int version, scale;
    double average, title;
    json_t *const head = json_loads(line, 0, NULL);
    const bool good = head &&
                      json_unpack(head, "{s:i,s:s,s:s,s:F,s:F,s:i}", "since", &version, "engine", &engine, "analyzer",
                                  &made_by, "average_words", &average, "average_title_words", &title, "scale",
                                  &scale) == 0 &&
                      version == VERSION && strcmp(engine, opensearch_name(i->engine)) == 0 && average >= 1e-3 &&
                      average <= 1e9 && title >= 1e-3 && title <= 1e9 && scale > 0 && scale <= 1 << 16;

    if (good) {
        say_moved("documents", i->average, average);
        say_moved("titles", i->average_title, title);
        s->is_other = strcmp(made_by, analyzer) != 0;
        i->average = average;
        i->average_title = title;
        i->scale = (uint32_t)scale;
    }
    json_decref(head);
    return good;
}

/* The last line, behind as many documents as it says. */
static bool read_end(const struct since *s, const char *line)
{
    json_int_t count = -1;
    json_t *const end = json_loads(line, 0, NULL);
    const bool good = end && json_unpack(end, "{s:I}", "documents", &count) == 0 && count >= 0 &&
                      (uint64_t)count == s->count;

    json_decref(end);
    return good;
}

/* No file is one without documents. -1 after a message. */
static int load(struct since *s, struct impact *i, const char *analyzer)
{
    FILE *const f = fopen(s->path, "r");
    bool good, is_whole = false;
    char *line = NULL;
    size_t room = 0;

    if (!f && errno == ENOENT)
        return 0;
    if (!f) {
        cli_error("export", "cannot read '%s': %s", s->path, strerror(errno));
        return -1;
    }
    good = getline(&line, &room, f) > 0 && read_head(s, line, i, analyzer);
    while (good && getline(&line, &room, f) > 0) {
        good = !is_whole && (*line == '{' ? read_end(s, line) : add_entry(s, line));
        is_whole = good && *line == '{';
    }
    good = good && is_whole && !ferror(f);
    free(line);
    fclose(f);
    if (!good) {
        cli_error("export", "'%s' is not what an export to %s has left, or not all of it: move it away, and export all "
                            "documents anew", s->path, opensearch_name(i->engine));
        return -1;
    }
    if (s->count > 1)
        qsort(s->entries, s->count, sizeof *s->entries, by_id);
    return 0;
}

/* ---- both */

static int open_next(struct since *s, const struct impact *i, const char *analyzer)
{
    if (target_open(&s->next, s->path) != 0) {
        cli_error("export", "cannot write '%s': %s", s->path, strerror(errno));
        return -1;
    }
    fprintf(s->next.file,
            "{\"since\":2,\"engine\":\"%s\",\"average_words\":%.9g,\"average_title_words\":%.9g,\"scale\":%" PRIu32
            ",\"analyzer\":", opensearch_name(i->engine), i->average, i->average_title, i->scale);
    out_json(s->next.file, fih_str_of(analyzer));
    fputs("}\n", s->next.file);
    return 0;
}

struct since *since_open(const char *path, struct impact *impact, const char *analyzer)
{
    struct since *const s = calloc(1, sizeof *s);

    if (!s) {
        cli_error("export", "out of memory");
        return NULL;
    }
    s->path = path;
    if (load(s, impact, analyzer) == 0 && open_next(s, impact, analyzer) == 0)
        return s;
    since_free(s);
    return NULL;
}

/* Lengths between the fields, so that no two documents are the same bytes. */
static uint64_t hash_stored(const fih_stored *doc)
{
    XXH3_state_t state;
    const fih_field *f;

    XXH3_INITSTATE(&state);
    XXH3_64bits_reset(&state);
    for (size_t i = 0; (f = fih_stored_at(doc, i)) != NULL; i++) {
        const uint64_t lengths[] = { f->name.len, f->value.len };

        XXH3_64bits_update(&state, lengths, sizeof lengths);
        XXH3_64bits_update(&state, f->name.ptr, f->name.len);
        XXH3_64bits_update(&state, f->value.ptr, f->value.len);
    }
    return XXH3_64bits_digest(&state);
}

bool since_has(struct since *s, const fih_stored *doc)
{
    const fih_str id = fih_stored_get(doc, "id");
    const struct entry key = { .id = XXH3_64bits(id.ptr, id.len) };
    const uint64_t stored = hash_stored(doc);
    struct entry *e = s->count ? bsearch(&key, s->entries, s->count, sizeof *s->entries, by_id) : NULL;
    bool is_same = false;

    fprintf(s->next.file, "%016" PRIx64 " ", stored);
    out_json(s->next.file, id);
    putc('\n', s->next.file);
    if (grow((void **)&s->written, &s->written_cap, s->written_count + 1, sizeof *s->written))
        s->written[s->written_count++] = key.id;
    else
        s->is_out_of_memory = true;
    if (!e)
        return false;
    while (e > s->entries && e[-1].id == key.id)
        e--;
    for (; e < s->entries + s->count && e->id == key.id; e++)
        if (e->len == id.len && memcmp(s->ids + e->at, id.ptr, id.len) == 0) {
            e->is_there = true;
            is_same |= e->stored == stored;
        }
    return is_same && !s->is_other;
}

void since_each_gone(const struct since *s, void (*each)(void *ctx, fih_str id), void *ctx)
{
    for (size_t i = 0; i < s->count; i++)
        if (!s->entries[i].is_there)
            each(ctx, (fih_str){ s->ids + s->entries[i].at, s->entries[i].len });
}

/* An id in two indexes is one document there: the one that was written last, and the next export would not know which
 * that is. */
static bool has_twice(struct since *s)
{
    if (s->written_count > 1)
        qsort(s->written, s->written_count, sizeof *s->written, by_hash);
    for (size_t i = 1; i < s->written_count; i++)
        if (s->written[i] == s->written[i - 1])
            return true;
    return false;
}

int since_finish(struct since *s)
{
    if (s->is_out_of_memory) {
        cli_error("export", "out of memory; '%s' is as it was before", s->path);
        return -1;
    }
    if (has_twice(s)) {
        cli_error("export", "two of the indexes have a document of one id, which is one document there: '%s' is as it "
                            "was before; export the indexes to an index each, or merge them", s->path);
        return -1;
    }
    fprintf(s->next.file, "{\"documents\":%zu}\n", s->written_count);
    errno = 0;
    if (target_finish(&s->next) == 0)
        return 0;
    cli_error("export", "cannot write '%s': %s; it is as it was before", s->path, strerror(errno ? errno : EIO));
    return -1;
}

void since_free(struct since *s)
{
    if (!s)
        return;
    target_drop(&s->next);
    free(s->entries);
    free(s->ids);
    free(s->written);
    free(s);
}
