/* query.c - fihrist query: a query as the body of a search of another engine. */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cmd/search_opts.h"
#include "eval/batch.h"
#include "opensearch/opensearch.h"

static int cmd_query_run(int argc, char **argv);

const struct command cmd_query = {
    "query", "query [OPTION]... [-i INDEX]... --format NAME QUERY...", "write a query for another engine",
    cmd_query_run,
};

/* What was said, so that it is said once. */
enum { SAID_MOST = 64 };
struct said {
    const char *what[SAID_MOST];
    fih_str     of[SAID_MOST];
    size_t      count;
};

static void say(void *ctx, const char *what, fih_str of)
{
    struct said *const s = ctx;

    for (size_t i = 0; i < s->count; i++)
        if (s->what[i] == what && s->of[i].len == of.len && memcmp(s->of[i].ptr, of.ptr, of.len) == 0)
            return;
    if (s->count == SAID_MOST)
        return;
    s->what[s->count] = what;
    s->of[s->count++] = of;
    cli_error("query", "'%.*s': %s", (int)(of.len < 200 ? of.len : 200), of.ptr, what);
}

struct query_args {
    struct cli_list    indexes;
    const char        *format, *queries;
    struct search_opts search;
    bool               no_rescore;
};

static int out_of_memory(void)
{
    cli_error("query", "out of memory");
    return EXIT_TROUBLE;
}

/* One line. Filters and weights are the plan's, what is asked for at a time the options'. */
static int write_body(const struct query_args *a, const fih_plan_info *plan)
{
    const fih_search_opts *const o = &a->search.opts;
    struct said said = { .count = 0 };
    struct body_notes notes = { say, &said, false };
    json_t *query = body_query(plan, &notes), *body;
    int rc;

    if (!query && notes.is_less) {
        cli_error("query", "nothing of the query can be expressed");
        return EXIT_NONE;
    }
    if (!query ||
        !(body = json_pack("{s:i,s:i,s:o}", "from", (int)o->offset, "size", (int)o->limit, "query", query)))
        return out_of_memory();
    if (!a->no_rescore) {
        json_t *const rescore = body_rescore(plan);

        if (json_array_size(rescore) > 0)
            json_object_set(body, "rescore", rescore);
        json_decref(rescore);
    }
    rc = json_dumpf(body, stdout, JSON_COMPACT | JSON_REAL_PRECISION(9));
    putchar('\n');
    json_decref(body);
    return rc != 0 && !ferror(stdout) ? out_of_memory() : notes.is_less ? EXIT_PARTLY : EXIT_DONE;
}

/* Of a query, which is freed; an exit code. With an id, that and a tab come before the body. */
static int write_query(const struct query_args *a, const fih_reader *r, fih_query *q, fih_str text, fih_str id)
{
    fih_plan *p = NULL;
    int status;
    fih_error err;

    if (fih_plan_new(&p, r, q, &a->search.opts, &err) == FIH_OK) {
        if (id.len > 0)
            printf("%.*s\t", (int)id.len, id.ptr);
        status = write_body(a, fih_plan_get(p));
    } else {
        status = search_opts_fail("query", text, &err);
    }
    fih_plan_free(p);
    fih_query_free(q);
    return status;
}

static int write_one(const struct query_args *a, const fih_reader *r, const char *text)
{
    fih_query *q;
    fih_error err;

    if (fih_query_parse(&q, fih_str_of(text), &err) == FIH_OK)
        return write_query(a, r, q, fih_str_of(text), (fih_str){ NULL, 0 });
    return search_opts_fail("query", fih_str_of(text), &err);
}

/* One of the lines of --queries. */
static int write_line(const struct query_args *a, const fih_reader *r, fih_str id, fih_str words)
{
    fih_query *q;
    fih_error err;

    return fih_query_plain(&q, words, &err) == FIH_OK ? write_query(a, r, q, words, id) : cli_fail("query", &err);
}

/* Lines of plain words, as search --queries reads them; the last exit code that is not 0. */
static int write_many(const struct query_args *a, const fih_reader *r)
{
    FILE *const in = strcmp(a->queries, "-") == 0 ? stdin : fopen(a->queries, "r");
    int status = EXIT_DONE;
    uint64_t number = 0;
    char *line = NULL;
    size_t room = 0;
    ssize_t n;

    if (!in) {
        cli_error("query", "cannot open '%s': %s", a->queries, strerror(errno));
        return EXIT_TROUBLE;
    }
    errno = 0;
    while (status != EXIT_TROUBLE && (n = getline(&line, &room, in)) >= 0) {
        fih_str id, words;

        number++;
        if (!batch_split(&id, &words, line, (size_t)n)) {
            cli_error("query", "%s:%" PRIu64 ": expected an id, a tab and the query", a->queries, number);
            status = EXIT_TROUBLE;
        } else if (id.len > 0) {
            const int one = write_line(a, r, id, words);

            status = one == EXIT_DONE ? status : one;
        }
    }
    if (status != EXIT_TROUBLE && !feof(in)) {
        cli_error("query", "cannot read '%s': %s", a->queries, strerror(errno ? errno : EIO));
        status = EXIT_TROUBLE;
    }
    free(line);
    if (in != stdin)
        fclose(in);
    return status;
}

/* An exit code after a message. */
static int settle(struct query_args *a, bool has_words)
{
    if (search_opts_settle(&a->search, "query") != EXIT_DONE)
        return EXIT_NONE;
    if (!a->format) {
        cli_error("query", "give --format opensearch or elasticsearch");
        return EXIT_NONE;
    }
    if (!opensearch_engine(a->format)) {
        cli_error("query", "--format: '%s' is not %s", a->format, "opensearch or elasticsearch");
        return EXIT_NONE;
    }
    if (has_words == (a->queries != NULL)) {
        cli_error("query", "%s (see 'fihrist query --help')",
                  a->queries ? "give a query or --queries, not both" : "no query given");
        return EXIT_NONE;
    }
    return cli_range("query", "limit", a->search.opts.limit, 1, FIH_MAX_LIMIT) &&
                   cli_range("query", "offset", a->search.opts.offset, 0, FIH_MAX_LIMIT - a->search.opts.limit) &&
                   cli_indexes(&a->indexes, "query")
               ? EXIT_DONE
               : EXIT_NONE;
}

static int cmd_query_run(int argc, char **argv)
{
    struct query_args a = { .search.opts = FIH_SEARCH_OPTS_INIT };
    const struct cli_opt opts[] = {
        { 'i', "index", CLI_LIST, &a.indexes, "INDEX", "the index, or several; default $FIHRIST_INDEX" },
        { 0, "format", CLI_STRING, &a.format, "NAME", "opensearch or elasticsearch: the body of a search" },
        { 'n', "limit", CLI_UINT, &a.search.opts.limit, "N", "ask for at most N hits (default 10)" },
        { 0, "offset", CLI_UINT, &a.search.opts.offset, "N", "pass over the first N hits" },
        { 0, "no-rescore", CLI_FLAG, &a.no_rescore, NULL, "the first pass alone, without rescoring the best" },
        { 0, "queries", CLI_STRING, &a.queries, "FILE", "lines ID<TAB>PLAIN WORDS; - is standard input" },
        SEARCH_OPTIONS(a.search),
    };
    fih_reader *r = NULL;
    char *text = NULL;
    int status = EXIT_NONE, at;
    fih_error err;

    a.search.opts.limit = 10;
    at = cli_parse_first(&cmd_query, argc, argv, opts, sizeof opts / sizeof *opts);
    if (at >= 0 && settle(&a, at < argc) == EXIT_DONE) {
        if (!(text = search_opts_join(argv + at, argc - at)))
            status = out_of_memory();
        else if (fih_reader_open_many(&r, a.indexes.items, a.indexes.count, &err) != FIH_OK)
            status = cli_fail("query", &err);
        else
            status = a.queries ? write_many(&a, r) : write_one(&a, r, text);
        status = cli_finish("query", status);
    }
    fih_reader_close(r);
    free(text);
    free(a.indexes.items);
    return status;
}
