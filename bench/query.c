/* query.c - how long a query takes: files of queries against one open index, in one thread.
 *
 * What is timed: parsing and analysing the text, the search, and freeing both; not the opening of the index,
 * and no stored document is read. Every query runs --warmup times unmeasured and --rounds times measured, a
 * whole file after another, and its best time counts: what the code costs when nothing else disturbs it.
 * It knows nothing of the library but fihrist.h.
 */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fihrist.h"
#include "measure.h"

static const char USAGE[] =
    "usage: query -i INDEX [--class or|and|phrase|prefix] [--limit N] [--warmup N] [--rounds N]\n"
    "             [--filter QUERY] [--times FILE] [--json FILE] QUERIES...\n"
    "       query -i INDEX --first TEXT    microseconds to open the index, and for a query of these plain words\n"
    "QUERIES are lines ID<TAB>TEXT, or TEXT alone. The class is by default told by the file's name: and.*\n"
    "(every word must match), phrase.* (the words in a row), prefix.* (words that begin so), anything else or.\n"
    "What follows a _ does not count: phrase_freq.* are phrases.\n";

enum kind { KIND_OR, KIND_AND, KIND_PHRASE, KIND_PREFIX, KIND_COUNT };
static const char *const KIND_NAMES[] = { "or", "and", "phrase", "prefix" };

struct query {
    char    *id, *text;
    uint64_t best_ns, hits;
};

struct query_file {
    char          name[64]; /* the file's name up to its first dot */
    enum kind     kind;
    char         *bytes;
    struct query *queries;
    size_t        count;
    size_t        refused;  /* queries the parser would not take; they count with no hits */
};

struct settings {
    const char *index, *kind, *times, *json;
    uint32_t    limit, warmup, rounds;
    const char *filter, *first;
};

static _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "query: %s: %s\n", what, why);
    exit(2);
}

static void *need(void *p)
{
    if (!p)
        die("memory", "out of memory");
    return p;
}

/* ------------------------------------------------------------ Query files */

static char *read_all(const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t len = 0, room = 1 << 16, got;
    char *bytes = need(malloc(room));

    if (!f)
        die(path, strerror(errno));
    while ((got = fread(bytes + len, 1, room - len - 1, f)) > 0) {
        len += got;
        if (room - len - 1 == 0)
            bytes = need(realloc(bytes, room *= 2));
    }
    if (ferror(f))
        die(path, strerror(errno));
    fclose(f);
    bytes[len] = '\0';
    return bytes;
}

/* A quotation mark inside would end the phrase early. */
static char *quoted(const char *text)
{
    char *s = need(malloc(strlen(text) + 3));

    sprintf(s, "\"%s\"", text);
    for (char *c = s + 1; c[1] != '\0'; c++)
        if (*c == '"')
            *c = ' ';
    return s;
}

static char *starred(const char *text)
{
    char *s = need(malloc(strlen(text) + 2));

    sprintf(s, "%s*", text);
    return s;
}

static enum kind kind_of(const char *name, const char *given)
{
    for (int k = KIND_OR; given && k < KIND_COUNT; k++)
        if (strcmp(given, KIND_NAMES[k]) == 0)
            return (enum kind)k;
    if (given)
        die(given, "no such class");
    for (int k = KIND_AND; k < KIND_COUNT; k++) {
        const size_t n = strlen(KIND_NAMES[k]);

        if (strncmp(name, KIND_NAMES[k], n) == 0 && (name[n] == '\0' || name[n] == '_'))
            return (enum kind)k;                       /* phrase_freq are phrases, too */
    }
    return KIND_OR;
}

static void load(struct query_file *f, const char *path, const char *kind)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t room = 0;

    memset(f, 0, sizeof *f);
    snprintf(f->name, sizeof f->name, "%.*s", (int)strcspn(base, "."), base);
    f->kind = kind_of(f->name, kind);
    f->bytes = read_all(path);
    for (char *line = f->bytes, *next; *line != '\0'; line = next) {
        struct query *q;
        char *end = strchr(line, '\n'), *tab;

        next = end ? end + 1 : line + strlen(line);
        if (end)
            *end = '\0';
        if (f->count == room)
            f->queries = need(realloc(f->queries, (room = room ? 2 * room : 1024) * sizeof *f->queries));
        q = &f->queries[f->count++];
        tab = strchr(line, '\t');
        q->id = line;
        q->text = tab ? tab + 1 : line;
        if (tab)
            *tab = '\0';
        if (f->kind == KIND_PHRASE || f->kind == KIND_PREFIX)
            q->text = f->kind == KIND_PHRASE ? quoted(q->text) : starred(q->text);
        q->best_ns = UINT64_MAX;
        q->hits = 0;
    }
}

static void unload(struct query_file *f)
{
    for (size_t i = 0; (f->kind == KIND_PHRASE || f->kind == KIND_PREFIX) && i < f->count; i++)
        free(f->queries[i].text);
    free(f->queries);
    free(f->bytes);
}

/* -------------------------------------------------------------- Measuring */

/* Put a filter beside the query. */
static int add_filter(fih_query **q, const fih_query *filter, fih_error *err)
{
    const fih_clause clauses[] = { FIH_CLAUSE(*q, FIH_MAY), FIH_CLAUSE(filter, FIH_MAY) };
    fih_query *both = NULL;
    const int rc = fih_query_group(&both, clauses, 2, err);

    fih_query_free(*q);
    *q = both;
    return rc;
}

/* Run one query; false if the parser refused it. Any other error ends the program. */
static bool search(fih_reader *r, enum kind kind, const char *text, const fih_query *filter,
                   const fih_search_opts *opts, uint64_t *hits)
{
    fih_query *q = NULL;
    fih_hits *h = NULL;
    fih_error err;
    int rc;

    rc = kind == KIND_PHRASE || kind == KIND_PREFIX ? fih_query_parse(&q, fih_str_of(text), &err)
                             : fih_query_plain(&q, fih_str_of(text), &err);
    if (rc == FIH_E_QUERY)
        return false;
    if (rc == FIH_OK && filter)
        rc = add_filter(&q, filter, &err);
    if (rc != FIH_OK || fih_search(&h, r, q, opts, &err) != FIH_OK)
        die(text, err.msg);
    if (hits)
        *hits = fih_hits_total(h);
    fih_hits_free(h);
    fih_query_free(q);
    return true;
}

static void measure(fih_reader *r, struct query_file *f, const struct settings *s)
{
    fih_search_opts opts = FIH_SEARCH_OPTS_INIT;
    fih_query *filter = NULL;
    fih_error err;

    if (s->filter && fih_query_parse(&filter, fih_str_of(s->filter), &err) != FIH_OK)
        die(s->filter, err.msg);
    opts.limit = s->limit;
    opts.match_all = f->kind == KIND_AND;
    for (uint32_t round = 0; round < s->warmup + s->rounds; round++) {
        for (size_t i = 0; i < f->count; i++) {
            struct query *q = &f->queries[i];
            uint64_t begin = now_ns(), took;

            search(r, f->kind, q->text, filter, &opts, NULL);
            took = now_ns() - begin;
            if (round >= s->warmup && took < q->best_ns)
                q->best_ns = took;
        }
    }
    opts.count_all = 1;
    for (size_t i = 0; i < f->count; i++)
        f->refused += !search(r, f->kind, f->queries[i].text, filter, &opts, &f->queries[i].hits);
    fih_query_free(filter);
}

/* -------------------------------------------------------------- Reporting */

struct summary {
    double mean_us, p50_us, p95_us, p99_us, mean_hits;
};

static struct summary summarize(const struct query_file *f)
{
    struct summary s = { 0, 0, 0, 0, 0 };
    uint64_t *ns;

    if (f->count == 0)
        return s;
    ns = need(malloc(f->count * sizeof *ns));
    for (size_t i = 0; i < f->count; i++) {
        ns[i] = f->queries[i].best_ns;
        s.mean_us += (double)ns[i] / 1e3 / (double)f->count;
        s.mean_hits += (double)f->queries[i].hits / (double)f->count;
    }
    qsort(ns, f->count, sizeof *ns, by_time);
    s.p50_us = (double)percentile(ns, f->count, 50) / 1e3;
    s.p95_us = (double)percentile(ns, f->count, 95) / 1e3;
    s.p99_us = (double)percentile(ns, f->count, 99) / 1e3;
    free(ns);
    return s;
}

static FILE *open_out(const char *path)
{
    FILE *f = fopen(path, "w");

    if (!f)
        die(path, strerror(errno));
    return f;
}

static void close_out(FILE *f, const char *path)
{
    if (fclose(f) != 0)
        die(path, strerror(errno));
}

static void write_times(const char *path, const struct query_file *files, size_t n)
{
    FILE *out = open_out(path);

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < files[i].count; j++)
            fprintf(out, "%s\t%s\t%llu\t%llu\n", files[i].name, files[i].queries[j].id,
                    (unsigned long long)files[i].queries[j].best_ns, (unsigned long long)files[i].queries[j].hits);
    close_out(out, path);
}

static void write_json(const char *path, const struct query_file *files, size_t n, const struct settings *s,
                       uint64_t docs)
{
    FILE *out = open_out(path);
    const char *sep = "";

    fprintf(out, "{\"engine\": \"fihrist %s\", \"docs\": %llu, \"classes\": [", fih_version(),
            (unsigned long long)docs);
    for (size_t i = 0; i < n; i++) {
        const struct query_file *f = &files[i];
        const struct summary m = summarize(f);

        fprintf(out,
                "%s\n  {\"name\": \"%s\", \"class\": \"%s\", \"limit\": %u, \"queries\": %zu, \"rounds\": %u, "
                "\"refused\": %zu, \"mean_us\": %.1f, \"p50_us\": %.1f, \"p95_us\": %.1f, \"p99_us\": %.1f, "
                "\"mean_hits\": %.1f}",
                sep, f->name, KIND_NAMES[f->kind], s->limit, f->count, s->rounds, f->refused, m.mean_us, m.p50_us,
                m.p95_us, m.p99_us, m.mean_hits);
        sep = ",";
    }
    fprintf(out, "\n]}\n");
    close_out(out, path);
}

static void print_table(const struct query_file *files, size_t n, const struct settings *s)
{
    printf("| class | queries | mean us | p50 us | p95 us | p99 us | queries/s | mean hits |\n"
           "|---|---:|---:|---:|---:|---:|---:|---:|\n");
    for (size_t i = 0; i < n; i++) {
        const struct summary m = summarize(&files[i]);

        if (files[i].count == 0)
            printf("| %s | skipped | | | | | | |\n", files[i].name);
        else
            printf("| %s top %u | %zu | %.1f | %.1f | %.1f | %.1f | %.0f | %.1f |\n", files[i].name, s->limit,
                   files[i].count, m.mean_us, m.p50_us, m.p95_us, m.p99_us, 1e6 / m.mean_us, m.mean_hits);
        if (files[i].refused > 0)
            fprintf(stderr, "query: %s: %zu queries refused by the parser\n", files[i].name, files[i].refused);
    }
}

/* ------------------------------------------------------------------- Main */

static uint32_t number(const char *text)
{
    uint32_t v;

    if (!read_number(text, FIH_MAX_LIMIT, &v))
        die(text, "not a number in range");
    return v;
}

static void parse_options(int argc, char **argv, struct settings *s)
{
    static const struct option options[] = {
        { "index", required_argument, NULL, 'i' },  { "class", required_argument, NULL, 'c' },
        { "limit", required_argument, NULL, 'n' },  { "warmup", required_argument, NULL, 'w' },
        { "rounds", required_argument, NULL, 'r' },
        { "filter", required_argument, NULL, 'f' }, { "times", required_argument, NULL, 't' },
        { "json", required_argument, NULL, 'j' },   { "first", required_argument, NULL, 'o' },
        { "help", no_argument, NULL, 'h' },         { NULL, 0, NULL, 0 },
    };

    for (int c; (c = getopt_long(argc, argv, "i:n:h", options, NULL)) != -1;) {
        switch (c) {
        case 'i': s->index = optarg; break;
        case 'c': s->kind = optarg; break;
        case 'n': s->limit = number(optarg); break;
        case 'w': s->warmup = number(optarg); break;
        case 'r': s->rounds = number(optarg); break;
        case 'f': s->filter = optarg; break;
        case 't': s->times = optarg; break;
        case 'j': s->json = optarg; break;
        case 'o': s->first = optarg; break;
        case 'h': fputs(USAGE, stdout); exit(0);
        default: fputs(USAGE, stderr); exit(1);
        }
    }
    if (!s->index || (optind == argc) != (s->first != NULL) || s->limit == 0 || s->rounds == 0) {
        fputs(USAGE, stderr);
        exit(1);
    }
}

/* What the first query of a process costs. */
static void ask_first(const struct settings *s)
{
    fih_search_opts opts = FIH_SEARCH_OPTS_INIT;
    const uint64_t begin = now_ns();
    uint64_t opened;
    fih_reader *r = NULL;
    fih_error err;

    opts.limit = s->limit;
    if (fih_reader_open(&r, s->index, &err) != FIH_OK)
        die(s->index, err.msg);
    opened = now_ns();
    search(r, KIND_OR, s->first, NULL, &opts, NULL);
    printf("%.1f %.1f\n", (double)(opened - begin) / 1e3, (double)(now_ns() - opened) / 1e3);
    fih_reader_close(r);
}

int main(int argc, char **argv)
{
    struct settings s = { NULL, NULL, NULL, NULL, 10, 2, 5, NULL, NULL };
    struct query_file *files;
    fih_reader *r = NULL;
    fih_error err;
    size_t n;

    parse_options(argc, argv, &s);
    if (s.first) {
        ask_first(&s);
        return fflush(stdout) == 0 ? 0 : 2;
    }
    n = (size_t)(argc - optind);
    files = need(calloc(n, sizeof *files));
    if (fih_reader_open(&r, s.index, &err) != FIH_OK)
        die(s.index, err.msg);
    for (size_t i = 0; i < n; i++) {
        load(&files[i], argv[optind + (int)i], s.kind);
        measure(r, &files[i], &s);
    }
    print_origin(argc, argv, fih_version());
    print_table(files, n, &s);
    if (s.times)
        write_times(s.times, files, n);
    if (s.json)
        write_json(s.json, files, n, &s, fih_reader_doc_count(r));
    fih_reader_close(r);
    for (size_t i = 0; i < n; i++)
        unload(&files[i]);
    free(files);
    return fflush(stdout) == 0 ? 0 : 2;
}
