/* delete.c - fihrist delete: documents by id or by source, in one commit. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "out/out.h"
#include "read/walk.h"

static int cmd_delete_run(int argc, char **argv);

const struct command cmd_delete = {
    "delete", "delete [OPTION]... [-i INDEX] [ID]...", "remove documents by id, source or query", cmd_delete_run,
};

struct delete_args {
    const char     *index;
    struct cli_list sources, queries;
    bool            from_stdin, verbose;
    uint32_t        wait;
};

struct deleted {
    uint64_t documents, missing;
};

static void say_missing(struct deleted *d, const char *what, const char *name)
{
    d->missing++;
    cli_error("delete", "no %s '%s'", what, name);
}

static int delete_id(fih_writer *w, const char *id, size_t len, struct deleted *d, fih_error *err)
{
    const int rc = fih_writer_delete(w, (fih_str){id, len}, err);

    if (rc == FIH_E_NOTFOUND) {
        say_missing(d, "document", id);
        return FIH_OK;
    }
    d->documents += rc == FIH_OK;
    return rc;
}

/* A file's source is its absolute path: what was typed is tried as it is, then made absolute. */
static int delete_source(fih_writer *w, const char *source, struct deleted *d, fih_error *err)
{
    struct walk_root root;
    uint64_t count = 0;
    int rc;

    rc = fih_writer_delete_source(&count, w, fih_str_of(source), err);
    if ((rc == FIH_OK || rc == FIH_E_NOTFOUND) && count == 0 && walk_root_init(&root, source) == 0) {
        rc = fih_writer_delete_source(&count, w, fih_str_of(root.absolute), err);
        walk_root_free(&root);
    }
    if (rc != FIH_OK && rc != FIH_E_NOTFOUND)
        return rc;
    if (count == 0)
        say_missing(d, "document from", source);
    d->documents += count;
    return FIH_OK;
}

static int delete_query(fih_writer *w, const char *text, struct deleted *d, fih_error *err)
{
    fih_query *q;
    uint64_t count = 0;
    int rc = fih_query_parse(&q, fih_str_of(text), err);

    if (rc == FIH_OK)
        rc = fih_writer_delete_query(&count, w, q, err);
    if (rc == FIH_OK && count == 0)
        say_missing(d, "document that matches", text);
    d->documents += count;
    fih_query_free(q);
    return rc;
}

static int delete_lines(fih_writer *w, FILE *in, struct deleted *d, fih_error *err)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    int rc = FIH_OK;

    while (rc == FIH_OK && !cli_interrupted() && (len = getline(&line, &room, in)) > 0) {
        if (line[len - 1] == '\n')
            line[--len] = '\0';
        if (len > 0)
            rc = delete_id(w, line, (size_t)len, d, err);
    }
    if (rc == FIH_OK && ferror(in) && !cli_interrupted()) {
        snprintf(err->msg, sizeof err->msg, "cannot read standard input: %s", strerror(errno));
        rc = err->code = FIH_E_IO;
    }
    free(line);
    return rc;
}

static int delete_all(fih_writer *w, const struct delete_args *a, char **ids, int n, struct deleted *d, fih_error *err)
{
    int rc = FIH_OK;

    for (size_t i = 0; rc == FIH_OK && i < a->sources.count; i++)
        rc = delete_source(w, a->sources.items[i], d, err);
    for (size_t i = 0; rc == FIH_OK && i < a->queries.count; i++)
        rc = delete_query(w, a->queries.items[i], d, err);
    for (int i = 0; rc == FIH_OK && i < n; i++)
        rc = delete_id(w, ids[i], strlen(ids[i]), d, err);
    if (rc == FIH_OK && a->from_stdin)
        rc = delete_lines(w, stdin, d, err);
    return rc;
}

static int delete_status(const struct delete_args *a, const struct deleted *d)
{
    if (a->verbose || isatty(STDOUT_FILENO)) {
        out_count(stdout, d->documents);
        fputs(d->documents == 1 ? " document deleted\n" : " documents deleted\n", stdout);
    }
    if (d->documents == 0)
        return EXIT_NONE;
    return d->missing > 0 ? EXIT_PARTLY : EXIT_DONE;
}

static int run(const struct delete_args *a, char **ids, int n)
{
    fih_writer_opts wo = FIH_WRITER_OPTS_INIT;
    struct deleted d = { 0, 0 };
    fih_writer *w = NULL;
    int status;
    fih_error err;

    wo.wait_ms = cli_wait_ms(a->wait);
    wo.no_create = wo.no_add = 1;
    wo.on_progress = cli_stop_on_signal;
    cli_catch_signals();
    if (fih_writer_open(&w, a->index, &wo, &err) != FIH_OK || delete_all(w, a, ids, n, &d, &err) != FIH_OK) {
        status = cli_fail("delete", &err);
        goto out;
    }
    if (cli_interrupted()) {
        cli_error("delete", "interrupted: nothing was deleted");
        status = EXIT_TROUBLE;
        goto out;
    }
    if (d.documents > 0 && fih_writer_commit(w, &err) != FIH_OK) {
        status = cli_fail("delete", &err);
        goto out;
    }
    status = delete_status(a, &d);
out:
    fih_writer_close(w);
    return status;
}

static int cmd_delete_run(int argc, char **argv)
{
    struct delete_args a = { .index = NULL };
    const struct cli_opt opts[] = {
        { 'i', "index", CLI_STRING, &a.index, "INDEX", "the index; default $FIHRIST_INDEX" },
        { 0, "source", CLI_LIST, &a.sources, "PATH", "delete all documents of this source; repeatable" },
        { 0, "query", CLI_LIST, &a.queries, "QUERY", "delete all documents that match; repeatable" },
        { 0, "stdin", CLI_FLAG, &a.from_stdin, NULL, "read ids from standard input, one a line" },
        { 0, "wait", CLI_SECONDS, &a.wait, "TIME", "wait up to TIME for another writer (90, 15m)" },
        { 'v', "verbose", CLI_FLAG, &a.verbose, NULL, "print how many were deleted" },
    };
    int status = EXIT_NONE;
    const int at = cli_parse(&cmd_delete, argc, argv, opts, sizeof opts / sizeof *opts);

    if (at < 0)
        goto out;
    if (at == argc && a.sources.count == 0 && a.queries.count == 0 && !a.from_stdin) {
        cli_error("delete", "no id, --source, --query or --stdin given (see 'fihrist delete --help')");
        goto out;
    }
    if ((a.index = cli_index(a.index, "delete")) != NULL)
        status = cli_finish("delete", run(&a, argv + at, argc - at));
out:
    free(a.sources.items);
    free(a.queries.items);
    return status;
}
