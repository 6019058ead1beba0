/* eval.c - fihrist eval: searches a file of queries, or takes a run, and measures it against judgements.
 *
 * A search is first written as a TREC run and then read like any other, so that an index and its saved run always
 * measure the same. trec.c reads, eval.c measures.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "eval/batch.h"
#include "cli.h"
#include "eval/eval.h"
#include "out/out.h"
#include "cmd/search_opts.h"
#include "eval/trec.h"

static int cmd_eval_run(int argc, char **argv);

const struct command cmd_eval = {
    "eval",
    "eval [OPTION]... [-i INDEX]... --queries FILE --qrels FILE",
    "measure the quality of search results",
    cmd_eval_run,
};

struct eval_args {
    struct cli_list    indexes;
    const char        *qrels, *run, *against, *save;
    struct cli_list    queries;
    bool               each, json;
    uint32_t           threads;
    struct search_opts search;
};

/* The queries of one file, or all that were judged, and their figures. */
struct result {
    const char          *queries;  /* path; NULL: all */
    uint32_t            *topics;
    size_t               count;
    struct eval_figures *ours, *theirs; /* a topic each; theirs: NULL without --against */
};

struct session {
    const struct eval_args *a;
    struct trec_qrels       qrels;
    fih_reader             *reader; /* NULL with --run */
    size_t                  width;  /* of the first column */
    bool                    begun;  /* the table has its header */
    bool                    partly; /* some queries were refused */
};

static const char *const titles[EVAL_MEASURES] = { "nDCG@10", "MRR@10", "R@100", "MAP" };
static const char *const keys[EVAL_MEASURES] = { "ndcg10", "mrr10", "recall100", "map" };

/* --- printing --- */

static void print_figures(const struct eval_figures *f, const char *format)
{
    for (size_t m = 0; m < EVAL_MEASURES; m++)
        printf(format, f->of[m]);
}

static void print_header(const struct session *s)
{
    printf("%*s  queries", (int)s->width, "");
    for (size_t m = 0; m < EVAL_MEASURES; m++)
        printf("  %7s", titles[m]);
    putchar('\n');
}

static void print_mean(const struct session *s, const char *label, const struct eval_figures *each, size_t count)
{
    const struct eval_figures mean = eval_mean(each, count);

    out_column(stdout, out_str(label), s->width);
    printf("  %7zu", count);
    print_figures(&mean, "  %7.4f");
    putchar('\n');
}

/* A row about the difference: nothing in the column of queries. */
static void begin_row(const struct session *s, const char *label)
{
    printf("%-*s  %7s", (int)s->width, label, "");
}

static void print_p(double p)
{
    if (p < 0.0001)
        printf("  %7s", "<0.0001");
    else
        printf("  %7.4f", p);
}

static void print_counts(const struct session *s, const char *label, const size_t n[EVAL_MEASURES])
{
    begin_row(s, label);
    for (size_t m = 0; m < EVAL_MEASURES; m++)
        printf("  %7zu", n[m]);
    putchar('\n');
}

static void print_tests(const struct session *s, const struct eval_test t[EVAL_MEASURES])
{
    size_t wins[EVAL_MEASURES], ties[EVAL_MEASURES], losses[EVAL_MEASURES];

    begin_row(s, "difference");
    for (size_t m = 0; m < EVAL_MEASURES; m++) {
        printf("  %+7.4f", t[m].difference);
        wins[m] = t[m].wins;
        ties[m] = t[m].ties;
        losses[m] = t[m].losses;
    }
    putchar('\n');
    begin_row(s, "p, randomised");
    for (size_t m = 0; m < EVAL_MEASURES; m++)
        print_p(t[m].p_randomised);
    putchar('\n');
    begin_row(s, "p, Student's t");
    for (size_t m = 0; m < EVAL_MEASURES; m++)
        print_p(t[m].p_student);
    putchar('\n');
    print_counts(s, "wins", wins);
    print_counts(s, "ties", ties);
    print_counts(s, "losses", losses);
}

static void print_each(const struct session *s, const struct result *r)
{
    for (size_t i = 0; i < r->count; i++) {
        out_column(stdout, s->qrels.topics[r->topics[i]].id, s->width);
        printf("  %7s", "");
        print_figures(&r->ours[i], "  %7.4f");
        if (r->theirs) {
            fputs("  against", stdout);
            print_figures(&r->theirs[i], "  %7.4f");
        }
        putchar('\n');
    }
}

static void print_human(struct session *s, const struct result *r, const struct eval_test *tests)
{
    if (!s->begun)
        print_header(s);
    s->begun = true;
    if (s->a->each)
        print_each(s, r);
    print_mean(s, s->a->run ? s->a->run : r->queries, r->ours, r->count);
    if (!r->theirs)
        return;
    print_mean(s, s->a->against, r->theirs, r->count);
    print_tests(s, tests);
}

/* --- JSON --- */

static void json_name(const char *key, const char *value)
{
    printf("\"%s\":", key);
    if (value)
        out_json(stdout, out_str(value));
    else
        fputs("null", stdout);
    putchar(',');
}

static void json_figures(const struct eval_figures *f)
{
    for (size_t m = 0; m < EVAL_MEASURES; m++)
        printf("%s\"%s\":%.9g", m > 0 ? "," : "", keys[m], f->of[m]);
}

static void json_tests(const struct eval_test t[EVAL_MEASURES])
{
    fputs(",\"tests\":{", stdout);
    for (size_t m = 0; m < EVAL_MEASURES; m++)
        printf("%s\"%s\":{\"difference\":%.9g,\"p_randomised\":%.9g,\"p_student\":%.9g,\"wins\":%zu,\"ties\":%zu,"
               "\"losses\":%zu}",
               m > 0 ? "," : "", keys[m], t[m].difference, t[m].p_randomised, t[m].p_student, t[m].wins, t[m].ties,
               t[m].losses);
    putchar('}');
}

static void json_each(const struct session *s, const struct result *r)
{
    for (size_t i = 0; i < r->count; i++) {
        fputs("{\"schema\":1,", stdout);
        json_name("queries_file", r->queries);
        fputs("\"query\":", stdout);
        out_json(stdout, s->qrels.topics[r->topics[i]].id);
        putchar(',');
        json_figures(&r->ours[i]);
        if (r->theirs) {
            fputs(",\"against\":{", stdout);
            json_figures(&r->theirs[i]);
            putchar('}');
        }
        fputs("}\n", stdout);
    }
}

static void print_json(const struct session *s, const struct result *r, const struct eval_test *tests)
{
    const struct eval_figures ours = eval_mean(r->ours, r->count);

    if (s->a->each)
        json_each(s, r);
    fputs("{\"schema\":1,", stdout);
    json_name("queries_file", r->queries);
    json_name("run", s->a->run);
    printf("\"queries\":%zu,", r->count);
    json_figures(&ours);
    if (r->theirs) {
        const struct eval_figures theirs = eval_mean(r->theirs, r->count);

        fputs(",\"against\":{", stdout);
        json_name("run", s->a->against);
        json_figures(&theirs);
        putchar('}');
        json_tests(tests);
    }
    fputs("}\n", stdout);
}

/* --- files and searches --- */

/* All bytes of a file; compression is undone. New, freed with free(). */
static int load(char **text, fih_str *out, const char *path)
{
    struct why why = { "" };
    size_t n = 0;
    const int rc = input_load(path, TREC_MAX_BYTES, text, &n, &why);

    if (rc != 0)
        cli_error("eval", "'%s': %s", path, why.text);
    *out = (fih_str){ *text, n };
    return rc == 0 ? EXIT_DONE : EXIT_TROUBLE;
}

static int tell_fault(const char *path, const struct trec_fault *fault)
{
    if (fault->line > 0)
        cli_error("eval", "%s:%u: %s", path, (unsigned)fault->line, fault->why.text);
    else
        cli_error("eval", "%s", fault->why.text);
    return EXIT_TROUBLE;
}

static int memory_is_out(void)
{
    cli_error("eval", "out of memory");
    return EXIT_TROUBLE;
}

/* Answer the queries as `fihrist search --format trec` does, into memory. */
static int search(struct session *s, const char *path, fih_str queries, char **run, size_t *len)
{
    const struct hits_style style = { .format = HITS_TREC, .tag = "fihrist" };
    FILE *in = fmemopen((void *)(uintptr_t)queries.ptr, queries.len, "r"), *out = open_memstream(run, len);
    int status = EXIT_TROUBLE;
    bool failed;

    if (in && out) {
        const struct batch b = { "eval", path, in, out, s->a->threads, s->reader, &s->a->search.opts, &style, NULL,
                                 0 };

        status = batch_run(&b);
    }
    failed = !in || !out || ferror(out) != 0;
    if (in)
        fclose(in);
    if ((out && fclose(out) != 0) || failed)
        return memory_is_out();
    s->partly = s->partly || status == EXIT_PARTLY;
    return status == EXIT_TROUBLE ? EXIT_TROUBLE : EXIT_DONE; /* nothing found is a measurement too */
}

static int save(const char *path, const char *run, size_t len)
{
    FILE *f = fopen(path, "we");
    const bool good = f && fwrite(run, 1, len, f) == len;

    if (f && fclose(f) == 0 && good)
        return EXIT_DONE;
    cli_error("eval", "cannot write '%s': %s", path, strerror(errno));
    return EXIT_TROUBLE;
}

/* Measure a run. `path`: of a file, whose ids may be those of other judgements; NULL: our own search. An empty run is a
 * measurement: its engine has found nothing. */
static int measure(struct eval_figures **each, const struct session *s, const struct result *r, const char *path,
                   fih_str text)
{
    struct trec_run run = { NULL, NULL };
    struct trec_fault fault;
    size_t hits = 0;
    int status = EXIT_TROUBLE;

    if (trec_read_run(&run, &s->qrels, text, &fault) != 0) {
        tell_fault(path ? path : "the search's run", &fault);
        goto out;
    }
    for (size_t i = 0; i < r->count; i++)
        hits += run.starts[r->topics[i] + 1] - run.starts[r->topics[i]];
    if (path && text.len > 0 && hits == 0) {
        cli_error("eval", "'%s' has no hit for any judged query: are its query ids those of '%s'?", path,
                  s->a->qrels);
        goto out;
    }
    if (!(*each = calloc(r->count, sizeof **each)) || eval_run(*each, &s->qrels, r->topics, r->count, &run) != 0) {
        memory_is_out();
        goto out;
    }
    status = EXIT_DONE;
out:
    trec_run_free(&run);
    return status;
}

static int measure_file(struct eval_figures **each, const struct session *s, const struct result *r, const char *path)
{
    char *text = NULL;
    fih_str run;
    int status = load(&text, &run, path);

    if (status == EXIT_DONE)
        status = measure(each, s, r, path, run);
    free(text);
    return status;
}

static int measure_search(struct session *s, struct result *r, fih_str queries)
{
    char *run = NULL;
    size_t len = 0;
    int status = search(s, r->queries, queries, &run, &len);

    if (status == EXIT_DONE && s->a->save)
        status = save(s->a->save, run, len);
    if (status == EXIT_DONE)
        status = measure(&r->ours, s, r, NULL, (fih_str){ run, len });
    free(run);
    return status;
}

/* --- one file of queries --- */

/* Which topics are asked; without a file of queries all. */
static int ask(const struct session *s, struct result *r, fih_str queries)
{
    struct trec_fault fault;

    if (!(r->topics = calloc(s->qrels.topic_count + 1, sizeof *r->topics)))
        return memory_is_out();
    if (r->queries) {
        if (trec_read_queries(r->topics, &r->count, &s->qrels, queries, &fault) != 0)
            return tell_fault(r->queries, &fault);
    } else {
        for (; r->count < s->qrels.topic_count; r->count++)
            r->topics[r->count] = (uint32_t)r->count;
    }
    if (r->count > 0)
        return EXIT_DONE;
    if (r->queries)
        cli_error("eval", "no query of '%s' has a relevant document in '%s': are the query ids the same?", r->queries,
                  s->a->qrels);
    else
        cli_error("eval", "'%s' has no relevant document: a grade in column 4 must be above 0", s->a->qrels);
    return EXIT_TROUBLE;
}

static int print_result(struct session *s, const struct result *r)
{
    struct eval_test tests[EVAL_MEASURES] = { { 0 } };
    double *differences = calloc(r->count, sizeof *differences);

    if (!differences)
        return memory_is_out();
    for (size_t m = 0; r->theirs && m < EVAL_MEASURES; m++) {
        for (size_t i = 0; i < r->count; i++)
            differences[i] = r->ours[i].of[m] - r->theirs[i].of[m];
        tests[m] = eval_compare(differences, r->count);
    }
    free(differences);
    if (s->a->json)
        print_json(s, r, tests);
    else
        print_human(s, r, tests);
    return EXIT_DONE;
}

static int judge(struct session *s, const char *queries_path)
{
    struct result r = { queries_path, NULL, 0, NULL, NULL };
    char *text = NULL;
    fih_str queries = { NULL, 0 };
    int status = EXIT_DONE;

    if (queries_path)
        status = load(&text, &queries, queries_path);
    if (status == EXIT_DONE)
        status = ask(s, &r, queries);
    if (status == EXIT_DONE)
        status = s->a->run ? measure_file(&r.ours, s, &r, s->a->run) : measure_search(s, &r, queries);
    if (status == EXIT_DONE && s->a->against)
        status = measure_file(&r.theirs, s, &r, s->a->against);
    if (status == EXIT_DONE)
        status = print_result(s, &r);
    free(r.topics);
    free(r.ours);
    free(r.theirs);
    free(text);
    return status;
}

/* --- the command --- */

static void widen(struct session *s, fih_str label)
{
    const size_t n = out_width(label);

    s->width = n > s->width ? n : s->width;
}

/* The first column holds every label of the table. */
static void fit_labels(struct session *s)
{
    const struct eval_args *a = s->a;

    if (a->run)
        widen(s, out_str(a->run));
    for (size_t i = 0; !a->run && i < a->queries.count; i++)
        widen(s, out_str(a->queries.items[i]));
    if (a->against) {
        widen(s, out_str(a->against));
        widen(s, out_str("p, Student's t"));
    }
    for (size_t t = 0; a->each && t < s->qrels.topic_count; t++)
        widen(s, s->qrels.topics[t].id);
}

static int judge_all(struct session *s)
{
    const struct cli_list *queries = &s->a->queries;
    int status = EXIT_DONE;

    fit_labels(s);
    if (queries->count == 0)
        return judge(s, NULL);
    for (size_t i = 0; status == EXIT_DONE && i < queries->count; i++)
        status = judge(s, queries->items[i]);
    return status == EXIT_DONE && s->partly ? EXIT_PARTLY : status;
}

static int run(const struct eval_args *a)
{
    struct session s = { .a = a };
    struct trec_fault fault;
    char *text = NULL;
    fih_str qrels;
    fih_error err;
    int status;

    if ((status = load(&text, &qrels, a->qrels)) != EXIT_DONE)
        goto out;
    if (trec_read_qrels(&s.qrels, qrels, &fault) != 0) {
        status = tell_fault(a->qrels, &fault);
        goto out;
    }
    if (!a->run && fih_reader_open_many(&s.reader, a->indexes.items, a->indexes.count, &err) != FIH_OK) {
        status = cli_fail("eval", &err);
        goto out;
    }
    status = judge_all(&s);
out:
    fih_reader_close(s.reader);
    trec_qrels_free(&s.qrels);
    free(text);
    return status;
}

/* What the options mean together; an exit code. */
static int settle(struct eval_args *a)
{
    const char *wrong = NULL;

    if (!a->qrels)
        wrong = "no judgements given: use --qrels FILE";
    else if (!a->run && a->queries.count == 0)
        wrong = "no queries given: use --queries FILE, or --run FILE to measure a run";
    else if (a->run && a->indexes.count > 0)
        wrong = "--run needs no index: leave out -i or --run";
    else if (a->run && a->save)
        wrong = "--save-run saves the hits of a search, but --run does not search";
    else if (a->queries.count > 1 && (a->run || a->against || a->save))
        wrong = "--run, --against and --save-run work with one file of queries: give --queries once";
    if (wrong) {
        cli_error("eval", "%s (see 'fihrist eval --help')", wrong);
        return EXIT_NONE;
    }
    if (!cli_range("eval", "limit", a->search.opts.limit, 1, FIH_MAX_LIMIT) ||
        !cli_range("eval", "threads", a->threads, 1, 64))
        return EXIT_NONE;
    if (!a->run && !cli_indexes(&a->indexes, "eval"))
        return EXIT_NONE;
    return search_opts_settle(&a->search, "eval");
}

static int cmd_eval_run(int argc, char **argv)
{
    struct eval_args a = { .threads = 1, .search.opts = FIH_SEARCH_OPTS_INIT };
    const struct cli_opt opts[] = {
        { 'i', "index", CLI_LIST, &a.indexes, "INDEX", "the index, or several; default $FIHRIST_INDEX" },
        { 0, "queries", CLI_LIST, &a.queries, "FILE", "lines ID<TAB>PLAIN WORDS; repeat for another set" },
        { 0, "qrels", CLI_STRING, &a.qrels, "FILE", "judgements: lines QUERY 0 DOCUMENT GRADE" },
        { 0, "run", CLI_STRING, &a.run, "FILE", "measure this TREC run instead of searching" },
        { 0, "against", CLI_STRING, &a.against, "FILE", "compare with this TREC run, and test the difference" },
        { 0, "each", CLI_FLAG, &a.each, NULL, "print the figures of each query too" },
        { 0, "json", CLI_FLAG, &a.json, NULL, "one JSON object a line, schema 1" },
        { 'n', "limit", CLI_UINT, &a.search.opts.limit, "N", "search for at most N hits a query (default 1000)" },
        SEARCH_OPTIONS(a.search),
        { 0, "threads", CLI_UINT, &a.threads, "N", "search N queries at once" },
        { 0, "save-run", CLI_STRING, &a.save, "FILE", "write the hits as a TREC run" },
    };
    int status;

    a.search.opts.limit = 1000;
    if (cli_no_words(&cmd_eval, argc, cli_parse(&cmd_eval, argc, argv, opts, sizeof opts / sizeof *opts), argv) &&
        (status = settle(&a)) == EXIT_DONE)
        status = run(&a);
    else
        status = EXIT_NONE;
    free(a.queries.items);
    free(a.indexes.items);
    return cli_finish("eval", status);
}
