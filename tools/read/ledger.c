/* ledger.c - records of files as notes of the index. See ledger.h. */
#include "read/ledger.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/encoding.h"

#define LEDGER_VERSION 1

static int fail(fih_error *err, int code, const char *msg)
{
    memset(err, 0, sizeof *err);
    err->code = code;
    snprintf(err->msg, sizeof err->msg, "%s", msg);
    return code;
}

static char *make_key(const char *kind, const char *path, size_t *n, fih_error *err)
{
    char *key;

    *n = strlen(kind) + strlen(path);
    if (*n > FIH_MAX_ID) {
        fail(err, FIH_E_LIMIT, "the path is too long");
        return NULL;
    }
    if (!(key = malloc(*n + 1))) {
        fail(err, FIH_E_NOMEM, "out of memory");
        return NULL;
    }
    memcpy(key, kind, strlen(kind));
    strcpy(key + strlen(kind), path);
    return key;
}

static void take_text(char *out, size_t size, const json_t *record, const char *key)
{
    const char *s = json_string_value(json_object_get(record, key));

    snprintf(out, size, "%s", s ? s : "");
}

static int64_t take_number(const json_t *record, const char *key)
{
    return (int64_t)json_integer_value(json_object_get(record, key));
}

/* What is not understood stays zero, which no file equals, so that the file is read again. */
static void decode(struct ledger_entry *e, fih_str value)
{
    json_error_t ignored;
    json_t *record = json_loadb(value.ptr, value.len, 0, &ignored);

    memset(e, 0, sizeof *e);
    e->documents = UINT64_MAX;                     /* not known: there may be some */
    e->lost = true;                                /* nor this: records once had no such thing */
    if (take_number(record, "v") == LEDGER_VERSION) {
        e->id.size = (uint64_t)take_number(record, "size");
        e->id.mtime_ns = take_number(record, "mtime");
        e->id.ctime_ns = take_number(record, "ctime");
        e->id.ino = (uint64_t)take_number(record, "ino");
        e->id.dev = (uint64_t)take_number(record, "dev");
        e->documents = (uint64_t)take_number(record, "documents");
        take_text(e->hash, sizeof e->hash, record, "hash");
        take_text(e->opts, sizeof e->opts, record, "opts");
        take_text(e->error, sizeof e->error, record, "error");
        take_text(e->ids, sizeof e->ids, record, "ids");
        take_text(e->name, sizeof e->name, record, "name");
        e->held = (uint64_t)take_number(record, "held");
        e->lost = !e->ids[0] || json_is_true(json_object_get(record, "lost"));
        e->again = json_is_true(json_object_get(record, "again"));
    }
    json_decref(record);
}

int ledger_get(struct ledger_entry *out, fih_writer *w, const char *kind, const char *path, fih_error *err)
{
    fih_str value;
    size_t n;
    char *key = make_key(kind, path, &n, err);
    int rc;

    memset(out, 0, sizeof *out);
    if (!key)
        return err->code;
    if ((rc = fih_writer_note_get(&value, w, (fih_str){key, n}, err)) == FIH_OK)
        decode(out, value);
    free(key);
    return rc;
}

/* A reason can quote a file; only whole UTF-8 goes into JSON. */
static json_t *clean_text(const char *s)
{
    size_t n;
    char *fixed = encoding_repair(s, strlen(s), &n);
    json_t *v = fixed ? json_stringn(fixed, n) : NULL;

    free(fixed);
    return v;
}

static char *encode(const struct ledger_entry *e)
{
    json_t *record = json_pack("{s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:s, s:s}", "v", LEDGER_VERSION,
                               "size", (json_int_t)e->id.size, "mtime", (json_int_t)e->id.mtime_ns,
                               "ctime", (json_int_t)e->id.ctime_ns, "ino", (json_int_t)e->id.ino,
                               "dev", (json_int_t)e->id.dev, "documents", (json_int_t)e->documents,
                               "held", (json_int_t)e->held, "ids", e->ids, "hash", e->hash, "opts", e->opts);
    char *text = NULL;

    if (record && e->name[0] && encoding_is_utf8(e->name, strlen(e->name)) &&
        json_object_set_new(record, "name", json_string(e->name)) != 0) {
        json_decref(record);
        record = NULL;
    }
    if (record && (!e->error[0] || json_object_set_new(record, "error", clean_text(e->error)) == 0) &&
        (!e->lost || json_object_set_new(record, "lost", json_true()) == 0) &&
        (!e->again || json_object_set_new(record, "again", json_true()) == 0))
        text = json_dumps(record, JSON_COMPACT);
    json_decref(record);
    return text;
}

char *ledger_merged(uint64_t *left, fih_str value, uint64_t lost, bool again)
{
    struct ledger_entry e;

    decode(&e, value);
    *left = e.documents;
    if (e.documents == UINT64_MAX)
        return NULL;
    e.documents -= lost < e.documents ? lost : e.documents;
    *left = e.documents;
    e.lost |= lost > 0;
    e.again |= again;
    return encode(&e);
}

bool ledger_is_elsewhere(fih_str value)
{
    struct ledger_entry e;

    decode(&e, value);
    return strcmp(e.opts, LEDGER_ELSEWHERE) == 0;
}

int ledger_put(fih_writer *w, const char *kind, const char *path, const struct ledger_entry *e, fih_error *err)
{
    size_t n;
    char *key = make_key(kind, path, &n, err), *text = NULL;
    int rc;

    if (!key)
        return err->code;
    if ((text = encode(e)) != NULL)
        rc = fih_writer_note_put(w, (fih_str){key, n}, fih_str_of(text), err);
    else
        rc = fail(err, FIH_E_NOMEM, "out of memory");
    free(text);
    free(key);
    return rc;
}

int ledger_delete(fih_writer *w, const char *kind, const char *path, fih_error *err)
{
    size_t n;
    char *key = make_key(kind, path, &n, err);
    int rc;

    if (!key)
        return err->code;
    rc = fih_writer_note_delete(w, (fih_str){key, n}, err);
    free(key);
    return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
}

bool ledger_is_same(const struct ledger_entry *e, const struct file_id *now)
{
    return !e->again && e->id.size == now->size && e->id.mtime_ns == now->mtime_ns && e->id.mtime_ns != 0 &&
           e->id.ino == now->ino && e->id.dev == now->dev && (!e->error[0] || e->id.ctime_ns == now->ctime_ns);
}

/* ----------------------------------------------------------------- Finding */

struct search {
    char **paths;
    size_t count, cap, kind_bytes;
    bool (*is_gone)(void *ctx, const char *path);  /* NULL: files that lost an id */
    void *ctx;
    bool  again;
    bool  is_out_of_memory;
};

static bool is_wanted(const struct search *s, const char *path, fih_str value)
{
    struct ledger_entry e;

    if (s->is_gone)
        return s->is_gone(s->ctx, path);
    decode(&e, value);
    return e.lost && e.again == s->again;
}

static int look(void *ctx, fih_str key, fih_str value)
{
    struct search *s = ctx;
    char *path = strndup(key.ptr + s->kind_bytes, key.len - s->kind_bytes);

    if (path && !is_wanted(s, path, value)) {
        free(path);
        return 0;
    }
    if (path && s->count == s->cap) {
        char **more = realloc(s->paths, (s->cap * 2 + 16) * sizeof *more);

        if (more) {
            s->paths = more;
            s->cap = s->cap * 2 + 16;
        }
    }
    if (!path || s->count == s->cap) {
        free(path);
        s->is_out_of_memory = true;
        return 1;
    }
    s->paths[s->count++] = path;
    return 0;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int find(char ***paths, size_t *count, fih_writer *w, const char *key, size_t n, struct search *s,
                fih_error *err)
{
    int rc = fih_writer_note_each(w, (fih_str){key, n}, look, s, err);

    *paths = NULL;
    *count = 0;
    if (s->is_out_of_memory)
        rc = fail(err, FIH_E_NOMEM, "out of memory");
    if (rc != FIH_OK) {
        while (s->count > 0)
            free(s->paths[--s->count]);
        free(s->paths);
        return rc;
    }
    if (s->count > 0)
        qsort(s->paths, s->count, sizeof *s->paths, by_bytes);   /* notes come in no promised order */
    *paths = s->paths;
    *count = s->count;
    return FIH_OK;
}

/* The key of everything beneath a folder; as make_key(). */
static char *make_prefix(const char *kind, const char *folder, size_t *n, fih_error *err)
{
    char *key = make_key(kind, folder, n, err);

    if (!key)
        return NULL;
    key[*n - (folder[strlen(folder) - 1] == '/')] = '/';   /* in the NUL's place: "a" must not find "ab" */
    *n += key[*n] == '/';
    return key;
}

static int stop_there(void *ctx, fih_str key, fih_str value)
{
    (void)ctx;
    (void)key;
    (void)value;
    return 1;
}

int ledger_knows(fih_writer *w, const char *path, fih_error *err)
{
    size_t n;
    char *key = make_prefix(LEDGER_FILE, path, &n, err);
    fih_str ignored;
    int rc;

    if (!key)
        return err->code;
    rc = fih_writer_note_get(&ignored, w, (fih_str){key, n - 1}, err);
    if (rc == FIH_E_NOTFOUND)
        rc = fih_writer_note_each(w, (fih_str){key, n}, stop_there, NULL, err);
    else if (rc == FIH_OK)
        rc = 1;
    free(key);
    return rc;
}

int ledger_find(char ***paths, size_t *count, fih_writer *w, const char *kind, const char *folder,
                bool (*is_gone)(void *ctx, const char *path), void *ctx, fih_error *err)
{
    struct search s = { .kind_bytes = strlen(kind), .is_gone = is_gone, .ctx = ctx };
    char *key;
    size_t n;
    int rc;

    *paths = NULL;
    *count = 0;
    if (!(key = make_prefix(kind, folder, &n, err)))
        return err->code;
    rc = find(paths, count, w, key, n, &s, err);
    free(key);
    return rc;
}

int ledger_find_lost(char ***paths, size_t *count, fih_writer *w, bool again, fih_error *err)
{
    struct search s = { .kind_bytes = strlen(LEDGER_FILE), .again = again };

    return find(paths, count, w, LEDGER_FILE, strlen(LEDGER_FILE), &s, err);
}
