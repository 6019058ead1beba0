/* rebuild.c - fihrist rebuild: all stored documents through today's analyzer, into a new index or in place. */
#include "cmd/rebuild.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cmd/index_opts.h"
#include "out/out.h"
#include "out/progress.h"
#include "read/json_line.h"

static int cmd_rebuild_run(int argc, char **argv);

const struct command cmd_rebuild = {
    "rebuild", "rebuild [OPTION]... OLD NEW", "make a new index of the documents stored in an old one", cmd_rebuild_run,
};

struct rebuild {
    struct progress   progress;
    uint64_t          documents;
    fih_str           fresh[FIH_MAX_FIELDS]; /* fields that the index did not have: arrays are stored as their JSON */
    size_t            fresh_count;
    struct json_line *json;
    fih_field        *extra;           /* reused from document to document, as are the values in `blocks` */
    size_t            extra_count, extra_cap;
    char            **blocks;
    size_t            block_count, block_cap;
};

/* --- fields --- */

static bool is_same(fih_str a, fih_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* The kind of the index' field of a name; empty if it has none. */
static fih_str kind_of(const fih_fields *fields, fih_str name)
{
    for (size_t i = 0; i < fih_fields_count(fields); i++)
        if (is_same(out_str(fih_fields_at(fields, i)->name), name))
            return out_str(fih_fields_at(fields, i)->kind_name);
    return (fih_str){ "", 0 };
}

static bool is_none(fih_str kind)
{
    return is_same(kind, out_str("none"));
}

static bool differ(const fih_fields *fields, fih_str schema)
{
    fih_str name, kind;

    for (size_t at = 0; opts_next_field(schema, &at, &name, &kind);) {
        const fih_str has = kind_of(fields, name);

        if (is_none(kind) ? has.len > 0 : !is_same(has, kind))
            return true;
    }
    return false;
}

int rebuild_is_needed(bool *out, const char *index, const fih_writer_opts *opts, fih_error *err)
{
    fih_fields *fields = NULL;
    fih_stats s = FIH_STATS_INIT;
    fih_analyzer *a = NULL;
    fih_reader *r = NULL;
    int rc = cli_stats(index, &s, err);

    *out = true;
    if (rc != FIH_OK || s.needs_rebuild || (opts->analyzer && strcmp(opts->analyzer, s.analyzer) != 0))
        return rc;
    if (opts->lexicon.len > 0) {
        if ((rc = fih_analyzer_new_with(&a, s.analyzer, opts->lexicon, err)) != FIH_OK)
            return rc;
        *out = strcmp(fih_analyzer_text(a), s.analyzer_text) != 0;
        fih_analyzer_free(a);
        if (*out)
            return FIH_OK;
    }
    if ((rc = fih_reader_open(&r, index, err)) == FIH_OK && (rc = fih_reader_fields(&fields, r, err)) == FIH_OK)
        *out = differ(fields, opts->fields);
    fih_fields_free(fields);
    fih_reader_close(r);
    return rc;
}

/* Fields that are asked for, and that the index does not have. */
static int find_fresh(struct rebuild *b, const char *index, fih_str schema, fih_error *err)
{
    fih_fields *fields = NULL;
    fih_reader *r = NULL;
    fih_str name, kind;
    int rc = fih_reader_open(&r, index, err);

    if (rc == FIH_OK)
        rc = fih_reader_fields(&fields, r, err);
    for (size_t at = 0; rc == FIH_OK && b->fresh_count < FIH_MAX_FIELDS && opts_next_field(schema, &at, &name, &kind);)
        if (!is_none(kind) && kind_of(fields, name).len == 0)
            b->fresh[b->fresh_count++] = name;
    fih_fields_free(fields);
    fih_reader_close(r);
    return rc;
}

/* --- documents --- */

static bool is_fresh(const struct rebuild *b, fih_str name)
{
    for (size_t i = 0; i < b->fresh_count; i++)
        if (is_same(b->fresh[i], name))
            return true;
    return false;
}

static int add_extra(struct rebuild *b, fih_str name, fih_str value)
{
    if (b->extra_count == b->extra_cap) {
        fih_field *const more = realloc(b->extra, (b->extra_cap * 2 + 16) * sizeof *more);

        if (!more)
            return -1;
        b->extra = more;
        b->extra_cap = b->extra_cap * 2 + 16;
    }
    b->extra[b->extra_count++] = (fih_field){ name, value };
    return 0;
}

/* Room that is the document's. */
static char *new_block(struct rebuild *b, size_t bytes)
{
    char *const block = malloc(bytes + 1);

    if (block && b->block_count == b->block_cap) {
        char **const more = realloc(b->blocks, (b->block_cap + 16) * sizeof *more);

        if (!more) {
            free(block);
            return NULL;
        }
        b->blocks = more;
        b->block_cap += 16;
    }
    if (block)
        b->blocks[b->block_count++] = block;
    return block;
}

/* The values of an array, as index would have stored them for such a field; any other value is one. */
static int add_values(struct rebuild *b, const fih_field *f)
{
    const struct json_member *e;
    size_t count, bytes = 0;
    char *to;

    if (f->value.len == 0 || f->value.ptr[0] != '[' || json_line_elements(b->json, f->value, &e, &count) != 0)
        return add_extra(b, f->name, f->value);
    for (size_t i = 0; i < count; i++)
        bytes += e[i].value.len;
    if (!(to = new_block(b, bytes)))
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (e[i].kind == JSON_MEMBER_NULL || e[i].value.len == 0)
            continue;
        memcpy(to, e[i].value.ptr, e[i].value.len);
        if (add_extra(b, f->name, (fih_str){ to, e[i].value.len }) != 0)
            return -1;
        to += e[i].value.len;
    }
    return 0;
}

static void drop_values(struct rebuild *b)
{
    while (b->block_count > 0)
        free(b->blocks[--b->block_count]);
    b->extra_count = 0;
}

static int change(void *ctx, fih_doc *doc)
{
    struct rebuild *const b = ctx;

    if (cli_interrupted())
        return FIH_E_CANCEL;
    b->progress.documents = ++b->documents;
    progress_tick(&b->progress, 0);
    if (b->fresh_count == 0)
        return FIH_OK;
    drop_values(b);
    for (size_t i = 0; i < doc->extra_count; i++) {
        const fih_field *const f = &doc->extra[i];

        if ((is_fresh(b, f->name) ? add_values(b, f) : add_extra(b, f->name, f->value)) != 0)
            return FIH_E_NOMEM;
    }
    doc->extra = b->extra;
    doc->extra_count = b->extra_count;
    return FIH_OK;
}

static int on_progress(void *ctx, const fih_progress *p)
{
    struct rebuild *const b = ctx;

    b->progress.merged = p->merge_docs_done;
    b->progress.merging = p->merge_docs_all;
    progress_tick(&b->progress, 0);
    return cli_interrupted();
}

/* --- all of it --- */

static int finish(const struct rebuild_args *a, struct rebuild *b, int rc, const fih_error *err)
{
    FILE *const to = a->wants_summary ? stdout : stderr;

    progress_clear(&b->progress);
    if (cli_interrupted() && rc == FIH_E_CANCEL) {
        cli_error(a->command, "interrupted: '%s' is as it was before", a->index);
        return EXIT_TROUBLE;
    }
    if (rc != FIH_OK && err->code == FIH_OK) {
        cli_error(a->command, "out of memory");
        return EXIT_TROUBLE;
    }
    if (rc == FIH_E_ANALYZER) {                /* to rebuild it is no remedy here */
        cli_error(a->command, "%s with --analyzer", err->msg);
        return EXIT_TROUBLE;
    }
    if (rc != FIH_OK)
        return cli_fail(a->command, err);
    if (a->wants_summary || b->progress.is_on) {
        out_count(to, b->documents);
        fprintf(to, " %s rebuilt in %.1f s\n", b->documents == 1 ? "document" : "documents",
                progress_seconds(&b->progress));
    }
    return EXIT_DONE;
}

/* The new index has the notes of the old one; what this run was told is another. */
static int note_options(const struct rebuild_args *a, fih_error *err)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    int rc;

    if (!a->says_no_clean)
        return FIH_OK;
    o.no_add = 1;
    if ((rc = fih_writer_open(&w, a->dest ? a->dest : a->index, &o, err)) == FIH_OK &&
        (rc = opts_note_no_clean(w, a->opts.no_clean, err)) == FIH_OK)
        rc = fih_writer_commit(w, err);
    fih_writer_close(w);
    return rc;
}

int rebuild_run(const struct rebuild_args *a)
{
    struct rebuild b = { .documents = 0 };
    fih_writer_opts opts = a->opts;
    fih_error err = { 0, 0, 0, "" };
    int rc, status;

    cli_catch_signals();
    progress_start(&b.progress, !a->is_quiet);
    opts.on_progress = on_progress;
    opts.ctx = &b;
    if (!(b.json = json_line_new()))
        rc = FIH_E_NOMEM;
    else if ((rc = find_fresh(&b, a->index, opts.fields, &err)) == FIH_OK)
        rc = fih_rebuild(a->index, a->dest, &opts, change, &b, &err);
    if (rc == FIH_OK)
        rc = note_options(a, &err);
    status = finish(a, &b, rc, &err);
    drop_values(&b);
    json_line_free(b.json);
    free(b.extra);
    free(b.blocks);
    return status;
}

static int cmd_rebuild_run(int argc, char **argv)
{
    struct rebuild_args a = { .command = "rebuild", .opts = FIH_WRITER_OPTS_INIT };
    const char *lexicon = NULL, *schema = NULL, *weights = NULL;
    struct cli_list fields = { NULL, 0 };
    char *lexicon_text = NULL, *schema_text = NULL;
    bool keeps_all = false, cleans = false;
    size_t lexicon_bytes = 0, schema_bytes = 0;
    int status = EXIT_NONE;
    const struct cli_opt opts[] = {
        { 0, "analyzer", CLI_STRING, &a.opts.analyzer, "NAME", "another analyzer (default: as OLD)" },
        { 0, "lexicon", CLI_STRING, &lexicon, "FILE", "another lexicon (default: as OLD)" },
        { 0, "field", CLI_LIST, &fields, "NAME:KIND", "a field more, of another kind, or none (NAME:none)" },
        { 0, "schema", CLI_STRING, &schema, "FILE", "such fields, separated by white space" },
        { 0, "field-weights", CLI_STRING, &weights, "LIST", "other weights in the score: title=0.3,body=1" },
        { 0, "no-clean", CLI_FLAG, &keeps_all, NULL, "index bodies whole, with style rules, scripts, share bars" },
        { 0, "clean", CLI_FLAG, &cleans, NULL, "the opposite again (default: as OLD)" },
        { 't', "threads", CLI_UINT, &a.opts.threads, "N", "analyze with N threads, 1 to 64 (default 1)" },
        { 'm', "memory", CLI_SIZE, &a.opts.memory_bytes, "SIZE", "memory budget, at least 16M (default 256M)" },
        { 'q', "quiet", CLI_FLAG, &a.is_quiet, NULL, "no progress line and no summary" },
        { 0, "summary", CLI_FLAG, &a.wants_summary, NULL, "print one line of counts at the end, for a log" },
    };
    const int at = cli_parse(&cmd_rebuild, argc, argv, opts, sizeof opts / sizeof *opts);

    if (at < 0)
        goto out;
    if (argc - at != 2) {
        cli_error("rebuild", "name the old index and a new directory; 'fihrist index --rebuild' rebuilds in place (see "
                             "'fihrist rebuild --help')");
        goto out;
    }
    a.index = argv[at];
    a.dest = argv[at + 1];
    a.says_no_clean = keeps_all || cleans;
    cli_catch_signals();
    if (opts_no_clean("rebuild", a.index, keeps_all, cleans, &a.opts.no_clean) &&
        (a.opts.threads == 0 || cli_range("rebuild", "threads", a.opts.threads, 1, 64)) &&
        opts_weights("rebuild", weights, &a.opts.title_weight, &a.opts.body_weight) &&
        opts_lexicon("rebuild", lexicon, &lexicon_text, &lexicon_bytes) &&
        opts_schema("rebuild", schema, &fields, &schema_text, &schema_bytes)) {
        a.opts.lexicon = (fih_str){ lexicon_text, lexicon_bytes };
        a.opts.fields = (fih_str){ schema_text, schema_bytes };
        status = rebuild_run(&a);
    }
out:
    free(fields.items);
    free(lexicon_text);
    free(schema_text);
    return cli_finish("rebuild", status);
}
