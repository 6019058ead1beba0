/* indexer.c - from a file to documents and a ledger entry. See indexer.h.
 *
 * Where two files hold one id, the document is that of the file whose absolute path comes later in the order of bytes,
 * in whatever order they are read, so that the index depends on the files alone. The other one's record says that it
 * lost something; once any file gives an id up, all that lost something are read again. No list of ids is kept: a file
 * whose ids begin with those it had before, by their hash, gave none up. Documents from elsewhere (standard input,
 * other programs) cannot be read again: there the last one stays.
 */
#include "read/indexer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "cli.h"
#include "read/kind.h"
#include "read/place.h"
#include "out/out.h"

#define SHOWN_BAD_LINES 10
#define FRESH_NS        INT64_C(2000000000)  /* a file changed so shortly ago can change again within its mtime */

/* One input on its way into the index. */
struct source {
    struct indexer     *ix;
    struct input       *in;
    const char         *name;          /* as people read it */
    const char         *first_name;    /* and as it was when it was first read: what ids are made of */
    const char         *absolute;      /* "-" for standard input */
    struct ledger_entry old;
    bool                has_old;       /* the ledger knew it: documents of the last time may be there */
    bool                is_cleared;    /* those are removed */
    bool                is_same;       /* byte for byte what was read the last time */
    bool                is_named;      /* on the command line, and not found in a folder */
    bool                is_other;      /* found in a folder, and of a kind that is not read */
    bool                has_lost;
    bool                has_all;       /* the ids of the last time came again, in their order */
    uint64_t            held, ids;     /* documents, and a hash of their ids, so far */
    uint64_t            documents, bad_lines;
    char                error[sizeof ((struct ledger_entry *)NULL)->error];
};

/* ---------------------------------------------------------------- Messages */

static void complain(struct indexer *ix, const char *name, uint64_t line, uint64_t column, const char *reason)
{
    progress_clear(&ix->progress);
    if (column > 0)
        cli_error("index", "%s:%" PRIu64 ":%" PRIu64 ": %s", name, line, column, reason);
    else if (line > 0)
        cli_error("index", "%s:%" PRIu64 ": %s", name, line, reason);
    else
        cli_error("index", "%s: %s", name, reason);
}

static void tell(struct indexer *ix, const char *outcome, const char *name, uint64_t documents)
{
    if (!ix->is_verbose)
        return;
    progress_clear(&ix->progress);
    printf("%-9s ", outcome);
    out_text_bare(stdout, (fih_str){ name, strlen(name) });
    if (documents != UINT64_MAX)
        printf(" (%" PRIu64 " document%s)", documents, documents == 1 ? "" : "s");
    putchar('\n');
}

int indexer_cancel(struct indexer *ix)
{
    memset(&ix->err, 0, sizeof ix->err);
    ix->err.code = FIH_E_CANCEL;
    return -1;
}

int indexer_out_of_memory(struct indexer *ix)
{
    memset(&ix->err, 0, sizeof ix->err);
    ix->err.code = FIH_E_NOMEM;
    strcpy(ix->err.msg, "out of memory");
    return -1;
}

/* ------------------------------------------------------------------ Ledger */

int indexer_note_fields(struct indexer *ix, struct why *why)
{
    if (fih_writer_fields(&ix->fields, ix->w, &ix->err) != FIH_OK) {
        why_set(why, "%s", ix->err.msg);
        return -1;
    }
    ix->read.fields = ix->fields;
    return read_sources_check(&ix->read, why);
}

void indexer_note_options(struct indexer *ix)
{
    uint64_t hash = READERS_VERSION;

    for (size_t i = 0; i <= TARGET_COUNT; i++) {
        const char *s = i < TARGET_COUNT ? ix->read.keys[i] : ix->read.encoding;

        hash = s ? XXH64(s, strlen(s) + 1, hash) : XXH64("", 0, hash);
    }
    for (size_t i = 0; ix->fields && i < fih_fields_count(ix->fields); i++) {
        const fih_field_info *const f = fih_fields_at(ix->fields, i);
        char kind[32] = "";                    /* without a weight, which is of searches alone */

        hash = XXH64(f->name, strlen(f->name) + 1, hash);
        strncat(kind, f->kind_name, strcspn(f->kind_name, "^"));
        hash = XXH64(kind, strlen(kind) + 1, hash);
    }
    for (size_t i = 0; i < ix->read.source_count; i++) {
        const struct read_source *const s = &ix->read.sources[i];

        hash = XXH64(s->field, s->field_bytes, hash);
        hash = XXH64(s->key, strlen(s->key) + 1, hash + s->is_path);
    }
    if (ix->read.date_from != READ_DATE_OWN || ix->read.has_folder_section)
        hash = XXH64(&(uint8_t){ (uint8_t)(2 * ix->read.date_from + ix->read.has_folder_section) }, 1, hash);
    snprintf(ix->opts, sizeof ix->opts, "%d-%016" PRIx64, READERS_VERSION, hash);
}

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* However a file is named later, by a relative path or an absolute one, it keeps its ids. */
static void take_name(struct ledger_entry *e, const struct source *s)
{
    if (strlen(s->first_name) < sizeof e->name)
        strcpy(e->name, s->first_name);
}

/* Write down what is known now. A file that may change again without its mtime showing it gets none, so that the
 * next run compares its content. */
static int record(struct source *s, const struct file_id *id, const char *hash)
{
    struct ledger_entry e = { .id = *id };

    if (hash[0] && now_ns() - id->mtime_ns < FRESH_NS)
        e.id.mtime_ns = 0;
    strcpy(e.hash, hash);
    strcpy(e.opts, s->ix->opts);
    strcpy(e.error, s->error);
    take_name(&e, s);
    if (s->has_old && !s->is_cleared) {
        e.documents = s->old.documents;
        e.held = s->old.held;
        e.lost = s->old.lost;
        strcpy(e.ids, s->old.ids);
    } else {
        e.documents = s->documents;
        e.held = s->held;
        e.lost = s->has_lost;
        snprintf(e.ids, sizeof e.ids, "%016" PRIx64, s->ids);
    }
    return ledger_put(s->ix->w, LEDGER_FILE, s->absolute, &e, &s->ix->err) == FIH_OK ? 0 : -1;
}

/* ------------------------------------------------------ Two files, one id */

static void forget_rival(struct indexer *ix)
{
    free(ix->rival.path);
    ix->rival = (struct rival){ NULL, false, false };
}

void indexer_free(struct indexer *ix)
{
    fih_fields_free(ix->fields);
    forget_rival(ix);
}

static bool is_same_text(fih_str a, fih_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Who has the id? Often the same as the last time. */
static int meet_rival(struct indexer *ix, fih_str source)
{
    struct rival *r = &ix->rival;
    struct ledger_entry e;
    int rc;

    if (r->path && is_same_text(fih_str_of(r->path), source))
        return 0;
    forget_rival(ix);
    if (!(r->path = strndup(source.ptr, source.len)))
        return indexer_out_of_memory(ix);
    rc = ledger_get(&e, ix->w, LEDGER_FILE, r->path, &ix->err);
    r->is_file = rc == FIH_OK;
    r->has_lost = rc == FIH_OK && e.lost;
    return rc == FIH_OK || rc == FIH_E_NOTFOUND ? 0 : -1;
}

static int beat_rival(struct indexer *ix)
{
    struct rival *r = &ix->rival;
    struct ledger_entry e;

    if (!r->is_file || r->has_lost)
        return 0;
    r->has_lost = true;
    if (ledger_get(&e, ix->w, LEDGER_FILE, r->path, &ix->err) != FIH_OK)
        return -1;
    e.lost = true;
    return ledger_put(ix->w, LEDGER_FILE, r->path, &e, &ix->err) == FIH_OK ? 0 : -1;
}

/* Is the id another source's than `own`, and stays so? */
static int look_for_rival(struct source *s, fih_str id, fih_str own, bool *is_taken)
{
    struct indexer *ix = s->ix;
    fih_str source;
    const int rc = fih_writer_source(&source, ix->w, id, &ix->err);

    *is_taken = false;
    if (rc == FIH_E_NOTFOUND)
        return 0;
    if (rc != FIH_OK)
        return -1;
    if (is_same_text(source, own))
        return 0;
    if (meet_rival(ix, source) != 0)
        return -1;
    if (ix->rival.is_file)
        *is_taken = strcmp(s->absolute, "-") != 0 && strcmp(ix->rival.path, s->absolute) > 0;
    else
        *is_taken = s->is_same;                    /* read again for the ids of files only */
    s->has_lost |= *is_taken;
    return *is_taken ? 0 : beat_rival(ix);
}

static void note_id(struct source *s, fih_str id)
{
    char hash[sizeof s->old.ids];

    s->ids = XXH64(id.ptr, id.len, s->ids);
    if (++s->held != s->old.held)
        return;
    snprintf(hash, sizeof hash, "%016" PRIx64, s->ids);
    s->has_all = strcmp(hash, s->old.ids) == 0;
}

static bool gave_up(const struct source *s)
{
    return s->has_old && s->is_cleared && s->old.documents > 0 && !s->has_all;
}

int indexer_mark_losers(struct indexer *ix)
{
    char **paths;
    size_t count;
    int rc = 0;

    if (!ix->gave_up)
        return 0;
    if (ledger_find_lost(&paths, &count, ix->w, false, &ix->err) != FIH_OK)
        return -1;
    for (size_t i = 0; i < count; i++) {
        struct ledger_entry e;

        if (rc == 0 && ledger_get(&e, ix->w, LEDGER_FILE, paths[i], &ix->err) != FIH_OK)
            rc = -1;
        e.again = true;
        if (rc == 0 && ledger_put(ix->w, LEDGER_FILE, paths[i], &e, &ix->err) != FIH_OK)
            rc = -1;
        free(paths[i]);
    }
    free(paths);
    ix->gave_up = false;
    ix->rereads |= count > 0;
    return rc;
}

/* -------------------------------------------------------------------- Sink */

/* The last time's documents go when the first new one comes (or the file turns out to have none), so that a file
 * which cannot be read any more keeps them. */
static int clear_old(struct source *s)
{
    if (s->is_cleared)
        return 0;
    s->is_cleared = true;
    if (!s->has_old || s->old.documents == 0)
        return 0;
    return fih_writer_delete_source(NULL, s->ix->w, fih_str_of(s->absolute), &s->ix->err) == FIH_OK ? 0 : -1;
}

/* In the middle of a file: if the run ends before the file does, the next one must read it again and replace what is
 * there now, and it may have given up any id. */
static int commit_midway(struct source *s)
{
    struct ledger_entry e = { .documents = UINT64_MAX, .lost = true };

    take_name(&e, s);
    s->ix->since_commit = 0;
    if (strcmp(s->absolute, "-") != 0 && ledger_put(s->ix->w, LEDGER_FILE, s->absolute, &e, &s->ix->err) != FIH_OK)
        return -1;
    if (indexer_mark_losers(s->ix) != 0)
        return -1;
    return fih_writer_commit(s->ix->w, &s->ix->err) == FIH_OK ? 0 : -1;
}

static int on_bad(void *ctx, uint64_t line, uint64_t column, const char *reason)
{
    struct source *s = ctx;

    if (s->bad_lines++ == 0) {
        if (line > 0)
            snprintf(s->error, sizeof s->error, "line %" PRIu64 ": %s", line, reason);
        else
            snprintf(s->error, sizeof s->error, "%s", reason);
    }
    if (s->bad_lines <= SHOWN_BAD_LINES && !s->is_same)
        complain(s->ix, s->name, line, column, reason);
    return cli_interrupted() ? indexer_cancel(s->ix) : 0;
}

static void on_note(void *ctx, const char *text)
{
    struct source *s = ctx;

    complain(s->ix, s->name, 0, 0, text);
}

static int on_doc(void *ctx, const fih_doc *doc, uint64_t line)
{
    struct source *s = ctx;
    struct indexer *ix = s->ix;
    char date[FIH_DATE_BYTES];
    fih_doc d = *doc;
    bool is_taken;
    int rc;

    if (cli_interrupted())
        return indexer_cancel(ix);
    if (clear_old(s) != 0)
        return -1;
    if (!shard_has(&ix->shard, d.id)) {
        progress_tick(&ix->progress, input_consumed(s->in));
        return 0;
    }
    if (strcmp(s->absolute, "-") != 0 || !d.source.ptr)    /* what is remembered of a file needs its name here */
        d.source = fih_str_of(s->absolute);
    if (look_for_rival(s, d.id, d.source, &is_taken) != 0)
        return -1;
    if (is_taken) {
        note_id(s, d.id);
        progress_tick(&ix->progress, input_consumed(s->in));
        return 0;
    }
    if (line == 0)                             /* a text or page, not one of many in a file */
        place_fill(&d, date, &ix->read, s->absolute, input_id(s->in)->mtime_ns);
    rc = fih_writer_add(ix->w, &d, &ix->err);
    if (rc == FIH_E_LIMIT || rc == FIH_E_USAGE)
        return on_bad(s, line, 0, ix->err.msg);
    if (rc != FIH_OK)
        return -1;
    note_id(s, d.id);
    s->documents++;
    ix->documents++;
    ix->progress.documents++;
    progress_tick(&ix->progress, input_consumed(s->in));
    if (ix->commit_every > 0 && ++ix->since_commit >= ix->commit_every)
        return commit_midway(s);
    return 0;
}

/* ------------------------------------------------------------------- Files */

/* The input as a whole cannot be read, or not to its end. */
static void fail_input(struct source *s, const struct why *why)
{
    if (cli_interrupted())
        return;                                    /* that is why, and the run says so itself */
    if (!s->is_same)
        complain(s->ix, s->name, 0, 0, why->text);
    if (!s->error[0])
        snprintf(s->error, sizeof s->error, "%.*s", (int)sizeof s->error - 1, why->text);
}

/* Nothing that matters has changed: a file touched or copied gets a new entry, no more. */
static int keep(struct source *s, const struct file_id *id)
{
    struct indexer *ix = s->ix;
    struct ledger_entry e = s->old;

    ix->unchanged++;
    ix->failed_before += s->old.error[0] != 0;
    tell(ix, s->old.error[0] ? "failed before, unchanged" : "unchanged", s->name, UINT64_MAX);
    if (!id)
        return 0;
    e.id = *id;
    if (now_ns() - id->mtime_ns < FRESH_NS)
        e.id.mtime_ns = 0;
    if (memcmp(&e.id, &s->old.id, sizeof e.id) == 0)
        return 0;
    return ledger_put(ix->w, LEDGER_FILE, s->absolute, &e, &ix->err) == FIH_OK ? 0 : -1;
}

/* Read the whole input into the index, with the reader for its kind if none is given. Returns -1 when the run must
 * end. */
static int read_documents(struct source *s, reader *read, struct why *why)
{
    const struct read_sink sink = { s, on_doc, on_bad, on_note };
    enum read_result rc = read ? READ_OK : kind_reader(&read, s->in, s->name, why);

    if (rc == READ_OK)
        rc = read(s->in, s->first_name, &s->ix->read, &sink, why);
    if (rc == READ_STOPPED)
        return -1;
    s->is_other = rc == READ_OTHER && !s->is_named;
    if (cli_interrupted())
        return indexer_cancel(s->ix);
    if (s->bad_lines > SHOWN_BAD_LINES && !s->is_same) {
        struct why more;

        why_set(&more, "and %" PRIu64 " more records that cannot be used", s->bad_lines - SHOWN_BAD_LINES);
        complain(s->ix, s->name, 0, 0, more.text);
    }
    if (rc == READ_FAILED || (rc == READ_OTHER && s->is_named))
        fail_input(s, why);
    else if (clear_old(s) != 0)
        return -1;
    return 0;
}

static void count_outcome(struct source *s)
{
    struct indexer *ix = s->ix;
    const bool was_there = s->has_old && s->old.documents > 0;

    if (s->is_same) {
        ix->unchanged += !ix->is_second;
        ix->failed_before += !ix->is_second && s->error[0];
        tell(ix, "read again", s->name, s->documents);
        return;
    }
    if (s->is_other) {
        indexer_pass_over(ix, s->name);
        return;
    }
    if (s->error[0])
        ix->failed++;
    else if (was_there)
        ix->replaced++;
    else
        ix->added++;
    tell(ix, s->error[0] ? "failed" : was_there ? "replaced" : "added", s->name, s->documents);
}

/* Stat has told that the file may have changed (or failed before). */
static int look_inside(struct source *s, const struct file_id *seen, bool follow)
{
    struct indexer *ix = s->ix;
    const bool may_be_same = s->has_old && strcmp(s->old.opts, ix->opts) == 0 && s->old.id.size == seen->size &&
                             s->old.hash[0] && !(s->old.error[0] && ix->retries);
    struct file_id id = *seen;
    char hash[INPUT_HASH_CHARS + 1] = "";
    struct why why;
    int rc = 0;

    if (input_open(&s->in, s->name, follow, &why) != 0 ||
        (may_be_same && input_hash_and_rewind(s->in, hash, &why) != 0)) {
        fail_input(s, &why);
    } else {
        id = *input_id(s->in);
        s->is_same = may_be_same && strcmp(hash, s->old.hash) == 0;
        if (s->is_same && !s->old.again)
            return keep(s, &id);
        rc = read_documents(s, NULL, &why);
        input_hash(s->in, hash);
        ix->progress.bytes_read += input_consumed(s->in);
    }
    if (cli_interrupted())
        return indexer_cancel(ix);
    if (rc == 0) {
        count_outcome(s);
        ix->gave_up |= gave_up(s);
        rc = record(s, &id, hash);
    }
    return rc;
}

/* A text or page whose id says that it is another shard's is not read. It is known all the same: its id is made of the
 * name by which it was met first, here as in the shard that has it. */
static int leave_to_others(struct source *s, const struct file_id *id)
{
    struct ledger_entry e = { .id = *id, .opts = LEDGER_ELSEWHERE, .ids = "0" };

    tell(s->ix, "elsewhere", s->name, UINT64_MAX);
    if (s->has_old)
        return 0;
    take_name(&e, s);
    return ledger_put(s->ix->w, LEDGER_FILE, s->absolute, &e, &s->ix->err) == FIH_OK ? 0 : -1;
}

static bool is_of_others(const struct source *s)
{
    return s->ix->shard.count > 0 && kind_is_one(s->name) &&
           !shard_has(&s->ix->shard, fih_str_of(s->first_name));
}

int indexer_file(struct indexer *ix, const char *name, const char *absolute, bool follow)
{
    struct source s = { .ix = ix, .name = name, .first_name = name, .absolute = absolute, .is_named = follow };
    struct file_id id;
    int rc;

    if (cli_interrupted())
        return indexer_cancel(ix);
    forget_rival(ix);                              /* its own record may be another's rival, and changes */
    if (input_stat(&id, name, follow) != 0) {
        if (errno == ENOENT)
            return 0;                              /* gone since it was listed: the next run sees it */
        indexer_bad_path(ix, name, strerror(errno));
        return 0;
    }
    rc = ledger_get(&s.old, ix->w, LEDGER_FILE, absolute, &ix->err);
    if (rc != FIH_OK && rc != FIH_E_NOTFOUND)
        return -1;
    s.has_old = rc == FIH_OK;
    if (s.old.name[0])
        s.first_name = s.old.name;
    if (is_of_others(&s))
        rc = leave_to_others(&s, &id);
    else if (s.has_old && strcmp(s.old.opts, ix->opts) == 0 && ledger_is_same(&s.old, &id) &&
        !(s.old.error[0] && ix->retries))
        rc = keep(&s, NULL);
    else
        rc = look_inside(&s, &id, follow);
    input_close(s.in);
    if (!ix->is_second)
        ix->progress.bytes_passed += id.size;
    progress_tick(&ix->progress, 0);
    return rc;
}

void indexer_pass_over(struct indexer *ix, const char *name)
{
    ix->passed++;
    tell(ix, "passed over", name, UINT64_MAX);
}

int indexer_stdin(struct indexer *ix)
{
    struct source s = { .ix = ix, .name = "-", .first_name = "-", .absolute = "-" };
    struct why why;
    int rc = 0;

    forget_rival(ix);
    if (input_stdin(&s.in, &why) != 0)
        fail_input(&s, &why);
    else
        rc = read_documents(&s, read_jsonl, &why);
    if (cli_interrupted())
        rc = indexer_cancel(ix);
    if (rc == 0)
        count_outcome(&s);
    input_close(s.in);
    return rc;
}

int indexer_remove(struct indexer *ix, const char *name, const char *absolute)
{
    uint64_t count = 0;

    if (fih_writer_delete_source(&count, ix->w, fih_str_of(absolute), &ix->err) != FIH_OK ||
        ledger_delete(ix->w, LEDGER_FILE, absolute, &ix->err) != FIH_OK)
        return -1;
    if (count > 0 || ix->shard.count == 0) {   /* else its documents were other shards' */
        ix->gave_up = true;
        ix->removed++;
        tell(ix, "removed", name, count);
    }
    return cli_interrupted() ? indexer_cancel(ix) : 0;
}

void indexer_bad_path(struct indexer *ix, const char *name, const char *reason)
{
    complain(ix, name[0] ? name : ".", 0, 0, reason);
    ix->failed++;
}

int indexer_bad_folder(struct indexer *ix, const char *name, const char *absolute, int error)
{
    struct ledger_entry old, now = { .documents = 0 };
    struct why why;
    int rc;

    if (input_stat(&now.id, name, false) != 0)
        now.id.ctime_ns = -1;
    if ((rc = ledger_get(&old, ix->w, LEDGER_FOLDER, absolute, &ix->err)) != FIH_OK && rc != FIH_E_NOTFOUND)
        return -1;
    if (rc == FIH_OK && old.id.ctime_ns == now.id.ctime_ns && !ix->retries) {
        ix->failed_before++;
        return 0;
    }
    why_set(&why, "cannot look into it: %s", strerror(error));
    indexer_bad_path(ix, name, why.text);
    snprintf(now.error, sizeof now.error, "%.*s", (int)sizeof now.error - 1, why.text);
    return ledger_put(ix->w, LEDGER_FOLDER, absolute, &now, &ix->err) == FIH_OK ? 0 : -1;
}
