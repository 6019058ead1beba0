/* index.c - fihrist index: files and folders into an index, one commit a run.
 *
 * First every path is looked at and every folder listed, so that the progress line knows how much there is; then what
 * vanished goes out; then the files go in, in the order of the paths and of the bytes of their names, and some once
 * more (two files with one id: see read/indexer.c); then all of it is committed at once.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cli.h"
#include "cmd/index_opts.h"
#include "cmd/rebuild.h"
#include "read/encoding.h"
#include "read/indexer.h"
#include "out/lang.h"
#include "out/out.h"
#include "read/kind.h"
#include "read/place.h"
#include "read/walk.h"

enum { MOST_ROUNDS = 8 };

#define RUN_NOTE "run:index"           /* when this command last ended well, and what it did */

struct settings {
    const char     *index, *analyzer, *lexicon, *encoding, *weights, *date_from, *section_from;
    char           *lexicon_text;      /* new */
    size_t          lexicon_bytes;
    uint64_t        memory_bytes;
    uint32_t        threads, wait_seconds, commit_every;
    struct cli_list map, field_from, fields;
    const char     *shard_text;
    struct shard    shard;
    const char     *schema;            /* a file */
    char           *schema_text;       /* new: all fields */
    size_t          schema_bytes;
    int             no_clean;          /* by the options, or as the index remembers */
    bool            keeps_missing, rebuilds, retries, keeps_all, cleans, is_quiet, is_verbose, wants_summary;
    float           title_weight, body_weight;
};

/* One path of the command line. */
enum target_kind { TARGET_STDIN, TARGET_FILE, TARGET_FOLDER, TARGET_GONE, TARGET_BAD };
struct target {
    enum target_kind kind;
    int              error;            /* TARGET_BAD: errno, 0 for "not a file" */
    const char      *path;
    struct walk      walk;             /* the root, and for a folder what is beneath it */
};

/* --------------------------------------------------------------- Settings */

static bool check_settings(struct settings *s, struct read_opts *read)
{
    struct why why;

    for (size_t i = 0; i < s->map.count; i++) {
        if (read_map_parse(read, s->map.items[i], &why) != 0) {
            cli_error("index", "%s", why.text);
            return false;
        }
    }
    for (size_t i = 0; i < s->field_from.count; i++) {
        if (read_path_parse(read, s->field_from.items[i], &why) != 0) {
            cli_error("index", "%s", why.text);
            return false;
        }
    }
    if (place_parse(read, s->date_from, s->section_from, &why) != 0) {
        cli_error("index", "%s", why.text);
        return false;
    }
    read->encoding = s->encoding;
    if (s->encoding && strcmp(s->encoding, "auto") != 0 && !encoding_is_known(s->encoding)) {
        cli_error("index",
                  "--encoding: '%s' is not known: give auto or a name such as UTF-8, windows-1256 or ISO-8859-6",
                  s->encoding);
        return false;
    }
    if (s->shard_text && !shard_parse(&s->shard, s->shard_text)) {
        cli_error("index", "--shard: '%s' is not I/N, such as 3/8: I from 1 to N, N up to %d", s->shard_text,
                  SHARD_MOST);
        return false;
    }
    return (s->threads == 0 || cli_range("index", "threads", s->threads, 1, 64)) &&
           opts_weights("index", s->weights, &s->title_weight, &s->body_weight);
}

static int on_progress(void *ctx, const fih_progress *p)
{
    struct indexer *ix = ctx;

    ix->progress.merged = p->merge_docs_done;
    ix->progress.merging = p->merge_docs_all;
    progress_tick(&ix->progress, 0);
    return cli_interrupted();
}

static fih_writer_opts writer_opts(const struct settings *s)
{
    fih_writer_opts wo = FIH_WRITER_OPTS_INIT;

    wo.memory_bytes = s->memory_bytes;
    wo.threads = s->threads;
    wo.wait_ms = cli_wait_ms(s->wait_seconds);
    wo.analyzer = s->analyzer;
    wo.title_weight = s->title_weight;
    wo.body_weight = s->body_weight;
    wo.no_clean = s->no_clean;
    wo.lexicon = (fih_str){ s->lexicon_text, s->lexicon_bytes };
    wo.fields = (fih_str){ s->schema_text, s->schema_bytes };
    return wo;
}

static int open_writer(struct indexer *ix, const struct settings *s, const char *index)
{
    fih_writer_opts wo = writer_opts(s);

    wo.on_progress = on_progress;
    wo.ctx = ix;
    return fih_writer_open(&ix->w, index, &wo, &ix->err) == FIH_OK ? 0 : -1;
}

/* ---------------------------------------------------------------- Looking */

static int list_folder(struct indexer *ix, struct target *t)
{
    struct walk_root root = t->walk.root;

    t->kind = TARGET_FOLDER;
    if (walk_folder(&t->walk, root, kind_is_wanted, cli_interrupted) == 0)
        return 0;
    return errno == ECANCELED ? indexer_cancel(ix) : indexer_out_of_memory(ix);
}

/* A path that the index does not know, and that symbolic links lead to a place that it does: then that is its name, or
 * each file would be there twice. A file that is a link itself is a file of its own. */
static int take_known_name(struct indexer *ix, struct walk_root *root, bool is_folder)
{
    char *slash = strrchr(root->absolute, '/'), *real, *whole = NULL;
    int rc = ledger_knows(ix->w, root->absolute, &ix->err);

    if (rc != 0 || !slash || !slash[1])
        return rc < 0 ? -1 : 0;
    if (is_folder) {
        real = realpath(root->absolute, NULL);
    } else {
        *slash = '\0';
        real = realpath(slash == root->absolute ? "/" : root->absolute, NULL);
        *slash = '/';
    }
    if (real && (whole = is_folder ? strdup(real) : walk_join(real, slash + 1)) != NULL &&
        strcmp(whole, root->absolute) != 0 && (rc = ledger_knows(ix->w, whole, &ix->err)) == 1) {
        free(root->absolute);
        root->absolute = whole;
        whole = NULL;
    }
    free(real);
    free(whole);
    return rc < 0 ? -1 : 0;
}

/* What a path is; a folder is listed. Returns -1 only when the run cannot go on. */
static int look_at(struct indexer *ix, struct target *t, const char *path)
{
    struct stat st;

    t->path = path;
    if (strcmp(path, "-") == 0) {
        t->kind = TARGET_STDIN;
        return 0;
    }
    t->kind = TARGET_BAD;
    if (walk_root_init(&t->walk.root, path) != 0) {
        t->error = errno;
        return t->error == ENOMEM ? indexer_out_of_memory(ix) : 0;
    }
    if (stat(walk_root_path(&t->walk.root), &st) != 0) {
        t->error = errno;
        if (errno == ENOENT || errno == ENOTDIR)
            t->kind = TARGET_GONE;
    } else if (S_ISDIR(st.st_mode)) {
        return take_known_name(ix, &t->walk.root, true) != 0 ? -1 : list_folder(ix, t);
    } else if (S_ISREG(st.st_mode)) {
        t->kind = TARGET_FILE;
        t->walk.bytes = (uint64_t)st.st_size;
        return take_known_name(ix, &t->walk.root, false);
    }
    return 0;
}

/* --------------------------------------------------------------- Vanished */

struct missing { const struct walk *w; };

static const char *beneath(const struct walk *w, const char *path)
{
    const size_t n = strlen(w->root.absolute);

    return path + n + (w->root.absolute[n - 1] != '/');
}

/* Not found by the walk, and really not there: a file that the walk passed over (named by itself once, or in a folder
 * that cannot be read) stays. */
static bool is_file_gone(void *ctx, const char *path)
{
    const struct walk *w = ((const struct missing *)ctx)->w;
    const char *rest = beneath(w, path);
    struct stat st;
    char *name;
    bool is_gone;

    if (walk_has(w, rest) || !(name = walk_join(w->root.name, rest)))
        return false;
    is_gone = stat(name, &st) != 0 ? errno == ENOENT || errno == ENOTDIR : !S_ISREG(st.st_mode);
    free(name);
    return is_gone;
}

static bool is_folder_mended(void *ctx, const char *path)
{
    const struct walk *w = ((const struct missing *)ctx)->w;

    return !walk_has(w, beneath(w, path));
}

static void free_paths(char **paths, size_t count)
{
    while (count > 0)
        free(paths[--count]);
    free(paths);
}

static int remove_vanished(struct indexer *ix, const struct walk *w)
{
    struct missing m = { w };
    char **paths;
    size_t count;
    int rc = 0;

    if (ledger_find(&paths, &count, ix->w, LEDGER_FILE, w->root.absolute, is_file_gone, &m, &ix->err) != FIH_OK)
        return -1;
    for (size_t i = 0; i < count && rc == 0; i++) {
        char *name = walk_join(w->root.name, beneath(w, paths[i]));

        rc = indexer_remove(ix, name ? name : paths[i], paths[i]);
        free(name);
    }
    free_paths(paths, count);
    return rc;
}

static int forget_mended_folders(struct indexer *ix, const struct walk *w)
{
    struct missing m = { w };
    char **paths;
    size_t count;
    int rc = 0;

    if (ledger_find(&paths, &count, ix->w, LEDGER_FOLDER, w->root.absolute, is_folder_mended, &m, &ix->err) != FIH_OK)
        return -1;
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = ledger_delete(ix->w, LEDGER_FOLDER, paths[i], &ix->err) == FIH_OK ? 0 : -1;
    free_paths(paths, count);
    return rc;
}

/* --------------------------------------------------------------- Indexing */

static int index_listed(struct indexer *ix, const struct walk *w, const struct walk_file *f)
{
    char *name = walk_join(w->root.name, f->rest), *absolute = walk_join(w->root.absolute, f->rest);
    struct why why;
    int rc = 0;

    if (!name || !absolute) {
        rc = indexer_out_of_memory(ix);
    } else if (f->error && !f->rest[0]) {
        why_set(&why, "cannot look into it: %s", strerror(f->error));
        indexer_bad_path(ix, name, why.text);      /* named on the command line: told every time */
    } else if (f->error) {
        rc = indexer_bad_folder(ix, name, absolute, f->error);
    } else {
        rc = indexer_file(ix, name, absolute, false);
    }
    free(name);
    free(absolute);
    return rc;
}

static int index_folder(struct indexer *ix, const struct walk *w)
{
    for (size_t i = 0; i < w->passed_count; i++) {
        char *name = walk_join(w->root.name, w->passed[i].rest);

        if (!name)
            return indexer_out_of_memory(ix);
        indexer_pass_over(ix, name);
        free(name);
    }
    for (size_t i = 0; i < w->count; i++)
        if (index_listed(ix, w, &w->files[i]) != 0)
            return -1;
    return forget_mended_folders(ix, w);
}

/* A path that is not there: a file that was indexed is removed, anything else is a mistake. */
static int remove_gone(struct indexer *ix, const struct target *t, bool keeps_missing)
{
    const struct walk_root *root = &t->walk.root;
    struct ledger_entry old;
    const int rc = ledger_get(&old, ix->w, LEDGER_FILE, root->absolute, &ix->err);

    if (rc == FIH_OK)
        return keeps_missing ? 0 : indexer_remove(ix, root->name, root->absolute);
    if (rc != FIH_E_NOTFOUND)
        return -1;
    indexer_bad_path(ix, root->name, "no such file or folder; the documents indexed from it are kept");
    return 0;
}

static int index_target(struct indexer *ix, const struct target *t)
{
    switch (t->kind) {
    case TARGET_STDIN:
        return indexer_stdin(ix);
    case TARGET_FILE:
        return indexer_file(ix, t->walk.root.name, t->walk.root.absolute, true);
    case TARGET_FOLDER:
        return index_folder(ix, &t->walk);
    case TARGET_GONE:                              /* remove_all() */
        return 0;
    case TARGET_BAD:
        if (!t->path[0])
            indexer_bad_path(ix, "''", "the path is empty");
        else
            indexer_bad_path(ix, t->path, t->error ? strerror(t->error) : "neither a file nor a folder");
        return 0;
    }
    return 0;
}

/* ------------------------------------------------------------ Three rounds */

/* What vanished goes first: a file that was moved is then read once, whatever its new name. */
static int remove_all(struct indexer *ix, const struct settings *s, const struct target *targets, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct target *t = &targets[i];

        if (t->kind == TARGET_GONE && remove_gone(ix, t, s->keeps_missing) != 0)
            return -1;
        if (t->kind == TARGET_FOLDER && !s->keeps_missing && remove_vanished(ix, &t->walk) != 0)
            return -1;
    }
    return indexer_mark_losers(ix);
}

/* Read a file by the name that it has in this run; one that the run does not name waits for one that does. */
static int reread(struct indexer *ix, const struct target *targets, size_t n, const char *absolute)
{
    for (size_t i = 0; i < n; i++) {
        const struct walk *w = &targets[i].walk;
        const size_t root = w->root.absolute ? strlen(w->root.absolute) : 0;
        char *name;
        int rc;

        if (targets[i].kind == TARGET_FILE && strcmp(absolute, w->root.absolute) == 0)
            return indexer_file(ix, w->root.name, absolute, true);
        if (targets[i].kind != TARGET_FOLDER || strncmp(absolute, w->root.absolute, root) != 0 ||
            (absolute[root] != '/' && root > 1) || !walk_has(w, beneath(w, absolute)))
            continue;
        if (!(name = walk_join(w->root.name, beneath(w, absolute))))
            return indexer_out_of_memory(ix);
        rc = indexer_file(ix, name, absolute, false);
        free(name);
        return rc;
    }
    return 0;
}

/* Files that lost an id which another one gave up meanwhile. One that changes under our hands may give up more. */
static int reread_losers(struct indexer *ix, const struct target *targets, size_t n)
{
    ix->is_second = true;
    for (unsigned round = 0; round < MOST_ROUNDS; round++) {
        char **paths;
        size_t count;
        int rc = 0;

        if (indexer_mark_losers(ix) != 0)
            return -1;
        if (!ix->rereads)
            return 0;
        ix->rereads = false;
        if (ledger_find_lost(&paths, &count, ix->w, true, &ix->err) != FIH_OK)
            return -1;
        for (size_t i = 0; i < count && rc == 0; i++)
            rc = reread(ix, targets, n, paths[i]);
        free_paths(paths, count);
        if (rc != 0)
            return -1;
    }
    return indexer_mark_losers(ix);
}

/* ------------------------------------------------------------- The ending */

/* What the run did, for whoever asks later; it also makes sure that there is something to commit, so that an index
 * with nothing new still counts as fresh. */
static int note_run(struct indexer *ix)
{
    json_t *o = json_pack("{s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "v", 1, "time", (json_int_t)time(NULL),
                          "added", (json_int_t)ix->added, "replaced", (json_int_t)ix->replaced,
                          "unchanged", (json_int_t)ix->unchanged, "removed", (json_int_t)ix->removed,
                          "failed", (json_int_t)ix->failed, "documents", (json_int_t)ix->documents);
    char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;
    int rc;

    if (text)
        rc = fih_writer_note_put(ix->w, fih_str_of(RUN_NOTE), fih_str_of(text), &ix->err) == FIH_OK ? 0 : -1;
    else
        rc = indexer_out_of_memory(ix);
    free(text);
    json_decref(o);
    return rc;
}

/* One line, for a person at a terminal or for a log. */
static void print_summary(FILE *to, const struct indexer *ix)
{
    char n[6][LANG_COUNT];

    fprintf(to, _("%s files added, %s replaced, %s unchanged, %s removed, %s failed; %s documents in %.1f s"),
            lang_count(n[0], ix->added), lang_count(n[1], ix->replaced), lang_count(n[2], ix->unchanged),
            lang_count(n[3], ix->removed), lang_count(n[4], ix->failed), lang_count(n[5], ix->documents),
            progress_seconds(&ix->progress));
    if (ix->passed > 0) {
        fputs("; ", to);
        fprintf(to, _("%s in folders passed over: not of a kind that is read (-v names them)"),
                lang_count(n[0], ix->passed));
    }
    if (ix->failed_before > 0) {
        fputs("; ", to);
        fprintf(to, _("%s failed before and are unchanged (--retry reads them again)"),
                lang_count(n[0], ix->failed_before));
    }
    if (ix->w && fih_writer_progress(ix->w)->values_refused > 0) {
        fputs("; ", to);
        fprintf(to, _("%s values are stored and not indexed: not of their field's kind, or one too many"),
                lang_count(n[0], fih_writer_progress(ix->w)->values_refused));
    }
    putc('\n', to);
}

/* Why the run ended early, and the exit code for it. */
static int give_up(struct indexer *ix)
{
    fih_error ignored;

    progress_clear(&ix->progress);
    if (ix->err.code != FIH_E_CANCEL)
        return cli_fail("index", &ix->err);
    if (ix->w)
        fih_writer_rollback(ix->w, &ignored);
    cli_error("index", ix->commit_every > 0
                           ? N_("interrupted: the index is as it was at the last commit; run the same command again")
                           : N_("interrupted: the index is as it was before; run the same command again"));
    return EXIT_TROUBLE;
}

static int run_targets(struct indexer *ix, const struct settings *s, struct target *targets, char **paths, size_t n)
{
    indexer_note_options(ix);
    for (size_t i = 0; i < n; i++) {
        if (look_at(ix, &targets[i], paths[i]) != 0)
            return -1;
        ix->progress.bytes_all += targets[i].walk.bytes;
    }
    if (remove_all(ix, s, targets, n) != 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (index_target(ix, &targets[i]) != 0)
            return -1;
    if (reread_losers(ix, targets, n) != 0 || note_run(ix) != 0)
        return -1;
    if ((s->keeps_all || s->cleans) && opts_note_no_clean(ix->w, s->no_clean, &ix->err) != FIH_OK)
        return -1;
    return fih_writer_commit(ix->w, &ix->err) == FIH_OK ? 0 : -1;
}

/* Are the fields there that values are taken for? Of an index that is to be made it must be known before that, or the
 * mistake would leave an empty one: so one is made in memory. What is wrong beside is told when the index is opened. */
static bool check_sources_of_new(const struct settings *s, const struct read_opts *read, const char *index)
{
    struct indexer ix = {.read = *read};
    fih_writer_opts wo = writer_opts(s);
    struct why why = {""};
    fih_reader *r = NULL;
    int rc;

    if (read->source_count == 0)
        return true;
    rc = fih_reader_open(&r, index, &ix.err);
    fih_reader_close(r);
    if ((rc != FIH_E_NOTFOUND && rc != FIH_E_NOTINDEX) || fih_writer_open_memory(&ix.w, &wo, &ix.err) != FIH_OK)
        return true;
    rc = indexer_note_fields(&ix, &why);
    fih_writer_close(ix.w);
    indexer_free(&ix);
    if (rc != 0)
        cli_error("index", "%s", why.text);
    return rc == 0;
}

static int run_all(const struct settings *s, const struct read_opts *read, const char *index, char **paths, size_t n)
{
    struct indexer ix = {
        .read = *read, .retries = s->retries, .is_verbose = s->is_verbose, .commit_every = s->commit_every};
    struct target *targets = calloc(n, sizeof *targets);
    struct why why = { "" };
    int status, rc = -1;

    ix.shard = s->shard;
    progress_start(&ix.progress, !s->is_quiet);
    cli_catch_signals();
    if (!targets) {
        indexer_out_of_memory(&ix);
        status = give_up(&ix);
    } else if (open_writer(&ix, s, index) == 0 &&
               (indexer_note_fields(&ix, &why) != 0 ||
                (rc = shard_settle(&ix.shard, ix.w, index, &why, &ix.err)) > 0)) {
        progress_clear(&ix.progress);
        cli_error("index", "%s", why.text);
        status = EXIT_NONE;
    } else if (rc != 0 || run_targets(&ix, s, targets, paths, n) != 0) {
        status = give_up(&ix);
    } else {
        progress_clear(&ix.progress);
        if (s->wants_summary || ix.progress.is_on)
            print_summary(s->wants_summary ? stdout : stderr, &ix);
        status = ix.failed > 0 ? EXIT_PARTLY : EXIT_DONE;
    }
    fih_writer_close(ix.w);
    indexer_free(&ix);
    for (size_t i = 0; targets && i < n; i++)
        walk_free(&targets[i].walk);
    free(targets);
    return status;
}

/* Fields that a rebuild took away are no field of the index that it left. */
static void blank_none(char *text, size_t bytes)
{
    fih_str name, kind;

    for (size_t at = 0; opts_next_field((fih_str){ text, bytes }, &at, &name, &kind);)
        if (kind.len == 4 && memcmp(kind.ptr, "none", 4) == 0)
            memset(text + (name.ptr - text), ' ', name.len + 1 + kind.len);
}

/* --rebuild, before the paths are indexed: with paths only where it is needed, so that it can stand in a crontab. */
static int rebuild_first(struct settings *s, const char *index, bool has_paths)
{
    const struct rebuild_args a = { "index", index, NULL, writer_opts(s), s->keeps_all || s->cleans, s->is_quiet,
                                    s->wants_summary };
    bool is_needed = true;
    fih_error err;
    int status = EXIT_DONE;
    const int rc = has_paths ? rebuild_is_needed(&is_needed, index, &a.opts, &err) : FIH_OK;

    if (rc == FIH_E_NOTFOUND || rc == FIH_E_NOTINDEX)
        is_needed = false;                     /* there is none yet, or indexing says what is wrong */
    else if (rc != FIH_OK)
        return cli_fail("index", &err);
    if (is_needed)
        status = rebuild_run(&a);
    blank_none(s->schema_text, s->schema_bytes);
    return status;
}

/* It may wait for the index, so a signal must end it as it ends the rest. */
static bool read_no_clean(struct settings *s, const char *index)
{
    cli_catch_signals();
    return opts_no_clean("index", index, s->keeps_all, s->cleans, &s->no_clean);
}

static int run(int argc, char **argv)
{
    struct settings s = { .title_weight = FIH_DEFAULT, .body_weight = FIH_DEFAULT };
    struct read_opts read = { 0 };
    const struct cli_opt opts[] = {
        {'i', "index", CLI_STRING, &s.index, "INDEX", "the index, created if missing (default $FIHRIST_INDEX)"},
        {0, "map", CLI_LIST, &s.map, "FIELD=KEY",
         "JSON Lines: take FIELD (id, title, body, date, section, url, own) from KEY"},
        {0, "field", CLI_LIST, &s.fields, "NAME:KIND",
         "a field more: text, keyword, integer, number, date, time"},
        {0, "schema", CLI_STRING, &s.schema, "FILE", "such fields, separated by white space"},
        {0, "field-from", CLI_LIST, &s.field_from, "FIELD=PATH", "JSON Lines: take an own field from KEY.KEY"},
        {0, "shard", CLI_STRING, &s.shard_text, "I/N", "only documents whose ids fall to shard I of N"},
        {0, "encoding", CLI_STRING, &s.encoding, "NAME", "encoding of the inputs (default auto)"},
        {0, "date-from", CLI_STRING, &s.date_from, "WHAT", "date of texts and pages without one: mtime or name"},
        {0, "section-from", CLI_STRING, &s.section_from, "folder", "section of texts and pages without one"},
        {0, "keep-missing", CLI_FLAG, &s.keeps_missing, NULL, "keep documents of files that are gone"},
        {0, "no-clean", CLI_FLAG, &s.keeps_all, NULL, "index bodies whole, with style rules, scripts, share bars"},
        {0, "clean", CLI_FLAG, &s.cleans, NULL, "the opposite again: either is remembered by the index"},
        {0, "rebuild", CLI_FLAG, &s.rebuilds, NULL, "first make all terms anew (with PATHs: if that is needed)"},
        {0, "retry", CLI_FLAG, &s.retries, NULL, "read again what failed before, changed or not"},
        {'t', "threads", CLI_UINT, &s.threads, "N", "analyze with N threads, 1 to 64 (default 1)"},
        {'m', "memory", CLI_SIZE, &s.memory_bytes, "SIZE", "memory budget, at least 16M (default 256M)"},
        {0, "analyzer", CLI_STRING, &s.analyzer, "NAME", "analyzer of a new index (default arabic)"},
        {0, "lexicon", CLI_STRING, &s.lexicon, "FILE", "more plurals and names, kept in a new index"},
        {0, "field-weights", CLI_STRING, &s.weights, "LIST",
         "weights in the score, kept in the index: title=0.3,body=1"},
        {0, "commit-every", CLI_UINT, &s.commit_every, "N",
         "commit after each N documents too (default: once, at the end)"},
        {0, "wait", CLI_SECONDS, &s.wait_seconds, "TIME", "wait up to TIME for another indexer (default 0)"},
        {'q', "quiet", CLI_FLAG, &s.is_quiet, NULL, "no progress line and no summary"},
        {0, "no-progress", CLI_FLAG, &s.is_quiet, NULL, "the same as --quiet"},
        {0, "summary", CLI_FLAG, &s.wants_summary, NULL, "print one line of counts at the end, for a log"},
        {'v', "verbose", CLI_FLAG, &s.is_verbose, NULL, "print the outcome of each file"},
    };
    const int at = cli_parse(&cmd_index, argc, argv, opts, sizeof opts / sizeof *opts);
    const char *index;
    int status = EXIT_NONE;

    if (at < 0)
        goto out;
    if (at == argc && !s.rebuilds) {
        cli_error("index", "no path given: name files or folders, or - for JSON Lines on standard input");
        goto out;
    }
    if ((index = cli_index(s.index, "index")) != NULL && check_settings(&s, &read) &&
        read_no_clean(&s, index) &&
        opts_lexicon("index", s.lexicon, &s.lexicon_text, &s.lexicon_bytes) &&
        opts_schema("index", s.schema, &s.fields, &s.schema_text, &s.schema_bytes) &&
        check_sources_of_new(&s, &read, index)) {
        status = s.rebuilds ? rebuild_first(&s, index, at < argc) : EXIT_DONE;
        if (status == EXIT_DONE && at < argc)
            status = run_all(&s, &read, index, argv + at, (size_t)(argc - at));
    }
out:
    free(s.map.items);
    free(s.field_from.items);
    free(s.fields.items);
    free(s.lexicon_text);
    free(s.schema_text);
    free(read.sources);
    return cli_finish("index", status);
}

const struct command cmd_index = {
    "index", "index [OPTION]... [-i INDEX] PATH...", "add, update and remove documents of files and folders", run
};
