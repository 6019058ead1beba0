/* export.c - fihrist export: every document of an index as JSON Lines, which fihrist index takes back, or for another
 * engine: documents for OpenSearch, lists as CIFF. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "cmd/export.h"
#include "opensearch/opensearch.h"
#include "out/target.h"
#include "read/record.h"

static int cmd_export_run(int argc, char **argv);

const struct command cmd_export = {
    "export", "export [OPTION]... [-i INDEX]...", "write all documents: as JSON Lines, or for another engine",
    cmd_export_run,
};

enum { SHOWN = 10, ID_SHOWN = 200 };

struct export_args {
    struct cli_list indexes;
    const char     *output, *format;
    bool            only_fields;
    struct opensearch_export opensearch;   /* its engine 0: another format */
};

/* --- what is written --- */

static int shown(fih_str s)
{
    return (int)(s.len < ID_SHOWN ? s.len : ID_SHOWN);
}

void export_refused(struct export *e, fih_str id, const char *why)
{
    if (++e->refused <= SHOWN)
        cli_error("export", "the document '%.*s' is left out: %s", shown(id), id.ptr, why);
}

void export_spoilt(struct export *e, fih_str id, fih_str field)
{
    if (++e->spoilt <= SHOWN)
        cli_error("export", "the document '%.*s' is not whole: what is no UTF-8 in its field '%.*s' became U+FFFD",
                  shown(id), id.ptr, shown(field), field.ptr);
}

int export_is_over(struct export *e)
{
    return e->is_out_of_memory || ferror(e->out) || cli_interrupted() ? FIH_E_CANCEL : FIH_OK;
}

/* Nonzero stops: why, the caller finds out. */
static int write_document(void *ctx, fih_docno n, const fih_stored *doc)
{
    struct export *const e = ctx;

    (void)n;
    if (record_line(e->out, doc) != 0)
        e->is_out_of_memory = true;
    if (ferror(e->out))
        e->error = errno;
    return export_is_over(e);
}

static int write_lines(struct export *e, const fih_reader *r, fih_error *err)
{
    return fih_reader_each_doc(r, write_document, e, err);
}

static int write_fields(struct export *e, const fih_reader *r, fih_error *err)
{
    fih_fields *fields;
    const int rc = fih_reader_fields(&fields, r, err);

    for (size_t i = 0; rc == FIH_OK && i < fih_fields_count(fields); i++)
        fprintf(e->out, "%s:%s\n", fih_fields_at(fields, i)->name, fih_fields_at(fields, i)->kind_name);
    fih_fields_free(fields);
    return rc;
}

typedef int write_fn(struct export *e, const fih_reader *r, fih_error *err);

/* NULL: no such format, or OpenSearch's. */
static write_fn *writer_of(const struct export_args *a)
{
    if (a->only_fields)
        return a->format ? NULL : write_fields;
    if (!a->format || strcmp(a->format, "jsonl") == 0)
        return write_lines;
#ifdef HAS_CIFF
    if (strcmp(a->format, "ciff") == 0)
        return export_ciff;
#endif
    return NULL;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat x, y;

    if (stat(a, &x) == 0 && stat(b, &y) == 0)
        return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
    return strcmp(a, b) == 0;          /* of which none is there yet */
}

/* An exit code, after a message where it is not 0. */
static int check_format(struct export_args *a)
{
    struct opensearch_export *const o = &a->opensearch;

    o->engine = opensearch_engine(a->format);
    if (!o->engine && (o->only_settings || o->since)) {
        cli_error("export", "--settings and --since need --format opensearch or elasticsearch");
        return EXIT_NONE;
    }
    if (o->since && a->output && is_same_file(o->since, a->output)) {
        cli_error("export", "--since and --output name one file: what was exported is remembered in a file of its own");
        return EXIT_NONE;
    }
    if (o->only_settings && o->since) {
        cli_error("export", "--settings does not work with --since");
        return EXIT_NONE;
    }
    if (a->only_fields && a->format) {
        cli_error("export", "--format and --schema exclude each other");
        return EXIT_NONE;
    }
    if (o->engine || writer_of(a))
        return EXIT_DONE;
    if (strcmp(a->format, "ciff") == 0) {
        cli_error("export", "this fihrist was built without nanopb, by which CIFF is written: build it where "
                            "pb_encode.h is (Debian: libnanopb-dev)");
        return EXIT_TROUBLE;
    }
    cli_error("export", "--format %s: it is jsonl, ciff, opensearch or elasticsearch", a->format);
    return EXIT_NONE;
}

/* All of it to `out`; an exit code after the message, but for an error of `out`, which is the caller's to tell. */
static int write_all(struct export *e, const struct export_args *a)
{
    fih_reader *r = NULL;
    int status = EXIT_DONE;
    fih_error err;
    int rc = fih_reader_open_many(&r, a->indexes.items, a->indexes.count, &err);

    if (rc == FIH_OK)
        rc = a->opensearch.engine ? opensearch_export(e, r, &a->opensearch, &err) : writer_of(a)(e, r, &err);
    fih_reader_close(r);
    if (e->refused > SHOWN)
        cli_error("export", "and %" PRIu64 " more documents are left out", e->refused - SHOWN);
    if (e->spoilt > SHOWN)
        cli_error("export", "and %" PRIu64 " more documents that are not whole", e->spoilt - SHOWN);
    if (cli_interrupted()) {
        cli_error("export", "interrupted: not all documents were written");
        status = EXIT_TROUBLE;
    } else if (e->is_out_of_memory) {
        cli_error("export", "out of memory");
        status = EXIT_TROUBLE;
    } else if (e->is_told) {
        status = EXIT_TROUBLE;
    } else if (rc != FIH_OK && rc != FIH_E_CANCEL) {
        status = cli_fail("export", &err);
    } else if (e->spoilt + e->refused > 0) {
        status = EXIT_PARTLY;
    }
    return status;
}

/* What was written is remembered, once all of it is. */
static int finish_since(struct export *e, int status)
{
    const bool is_good = status == EXIT_DONE || status == EXIT_PARTLY;

    if (is_good && e->since && since_finish(e->since) != 0)
        status = EXIT_TROUBLE;
    since_free(e->since);
    return status;
}

static int to_file(const struct export_args *a)
{
    struct target t = { NULL, NULL, NULL };
    struct export e = { .out = NULL };
    int status = EXIT_TROUBLE;

    if (target_open(&t, a->output) != 0) {
        cli_error("export", "cannot write '%s': %s", a->output, strerror(errno));
        target_drop(&t);
        return EXIT_TROUBLE;
    }
    e.out = t.file;
    status = write_all(&e, a);
    if (status != EXIT_DONE && status != EXIT_PARTLY) {
        target_drop(&t);
        return finish_since(&e, status);
    }
    errno = 0;
    if (target_finish(&t) != 0) {
        const int why = e.error ? e.error : errno ? errno : EIO;

        cli_error("export", "cannot write '%s': %s; %s", a->output, strerror(why),
                  t.beside ? "it is as it was before" : "not all documents were written");
        status = EXIT_TROUBLE;
    }
    target_drop(&t);
    return finish_since(&e, status);
}

/* Unlike an answer, half an export is of no use, so that a reader that went away is told of. */
static int to_output(const struct export_args *a)
{
    struct export e = { .out = stdout };
    const int status = write_all(&e, a);

    if (status != EXIT_DONE && status != EXIT_PARTLY)
        return finish_since(&e, status);
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return finish_since(&e, status);
    cli_error("export", "cannot write standard output: %s; not all documents were written",
              strerror(e.error ? e.error : errno ? errno : EIO));
    return finish_since(&e, EXIT_TROUBLE);
}

static int cmd_export_run(int argc, char **argv)
{
    struct export_args a = { .output = NULL };
    const struct cli_opt opts[] = {
        { 'i', "index", CLI_LIST, &a.indexes, "INDEX", "the index, or several; default $FIHRIST_INDEX" },
        { 'o', "output", CLI_STRING, &a.output, "FILE", "write FILE, replaced when all is written (default: stdout)" },
        { 0, "format", CLI_STRING, &a.format, "NAME", "jsonl (default), opensearch, elasticsearch or ciff" },
        { 0, "schema", CLI_FLAG, &a.only_fields, NULL, "the fields of the index instead, for index --schema" },
        { 0, "settings", CLI_FLAG, &a.opensearch.only_settings, NULL, "settings and mapping for the engine instead" },
        { 0, "since", CLI_STRING, &a.opensearch.since, "FILE", "only what differs from FILE, which is written anew" },
    };
    int status = EXIT_NONE;

    if (cli_no_words(&cmd_export, argc, cli_parse(&cmd_export, argc, argv, opts, sizeof opts / sizeof *opts), argv) &&
        (status = check_format(&a)) == EXIT_DONE) {
        status = EXIT_NONE;
        if (cli_indexes(&a.indexes, "export")) {
            cli_catch_signals();
            status = a.output ? to_file(&a) : to_output(&a);
        }
    }
    free(a.indexes.items);
    return status;
}
