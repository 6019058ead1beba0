/* snippets.c - what ten hits with passages cost: the search, the stored documents, the passages, each by itself, and
 * the whole as a process of the command.
 *
 * CPU time of this process, or of the child; every query runs --rounds times and, in this process, once more, for an
 * index just opened has to verify what it reads; its best time counts. Knows nothing of the library but fihrist.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "fihrist.h"
#include "measure.h"

extern char **environ;

static const char USAGE[] =
    "usage: snippets -i INDEX [-n HITS] [--rounds N] [--queries N] [--command FIHRIST] FILE...\n"
    "FILE has lines ID<TAB>TEXT, or TEXT alone; every text is a query of plain words.\n";

enum { SEARCH, DOCS, PASSAGES, COMMAND, PARTS };
static const char *const names[PARTS] = { "search", "documents", "passages", "fihrist search" };

struct settings {
    const char *index, *command;
    uint32_t    hits, rounds, queries;
};

struct query {
    char    *text;
    uint64_t best[PARTS];
};

static struct query *queries;
static size_t count, room;

static _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "snippets: %s: %s\n", what, why);
    exit(2);
}

static uint64_t cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void load(const char *path, uint32_t most)
{
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;

    if (!f)
        die(path, strerror(errno));
    for (uint32_t i = 0; i < most && getline(&line, &cap, f) > 0; i++) {
        char *tab = strchr(line, '\t'), *text = tab ? tab + 1 : line;

        text[strcspn(text, "\n")] = '\0';
        if (count == room && !(queries = realloc(queries, (room = 2 * room + 64) * sizeof *queries)))
            die("memory", "out of memory");
        if (!(text = strdup(text)))
            die("memory", "out of memory");
        queries[count] = (struct query){ .text = text };
        memset(queries[count++].best, 0xFF, sizeof queries->best);
    }
    free(line);
    fclose(f);
}

static void note(struct query *q, int part, uint64_t ns)
{
    if (ns < q->best[part])
        q->best[part] = ns;
}

/* One query and what is shown of its hits, as the command shows them. */
static void run(struct query *query, fih_reader *r, const struct settings *s)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_query *q;
    fih_hits *hits;
    const fih_hit *hit;
    fih_error err;
    uint64_t docs = 0, passages = 0, at = cpu_ns(), now;

    o.limit = s->hits;
    if (fih_query_plain(&q, fih_str_of(query->text), &err) != FIH_OK ||
        fih_search(&hits, r, q, &o, &err) != FIH_OK)
        die(query->text, err.msg);
    now = cpu_ns();
    note(query, SEARCH, now - at);
    for (size_t i = 0; (hit = fih_hits_at(hits, i)) != NULL; i++) {
        fih_stored *doc;
        fih_snippet *snippet;

        at = cpu_ns();
        if (fih_reader_doc(&doc, r, hit->doc, &err) != FIH_OK)
            die(query->text, err.msg);
        now = cpu_ns();
        docs += now - at;
        if (fih_snippet_new(&snippet, r, q, doc, NULL, &err) != FIH_OK)
            die(query->text, err.msg);
        fih_snippet_free(snippet);
        at = cpu_ns();
        passages += at - now;
        fih_stored_free(doc);
        docs += cpu_ns() - at;
    }
    note(query, DOCS, docs);
    note(query, PASSAGES, passages);
    fih_hits_free(hits);
    fih_query_free(q);
}

/* The command, its output thrown away: user and system time from its start to its end. */
static void run_command(struct query *query, const struct settings *s)
{
    char limit[16];
    char *argv[] = { (char *)s->command, "search", "-i", (char *)s->index, "-n", limit, "--", query->text, NULL };
    posix_spawn_file_actions_t files;
    struct rusage used;
    int status, error;
    pid_t pid;

    snprintf(limit, sizeof limit, "%u", s->hits);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    if ((error = posix_spawnp(&pid, s->command, &files, NULL, argv, environ)) != 0)
        die(s->command, strerror(error));
    posix_spawn_file_actions_destroy(&files);
    if (wait4(pid, &status, 0, &used) != pid || !WIFEXITED(status) || WEXITSTATUS(status) > 1)
        die(s->command, "failed");
    note(query, COMMAND, (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000000u +
                             (uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000u);
}

static void print_row(int part)
{
    uint64_t *ns = malloc(count * sizeof *ns);
    double mean = 0;

    if (!ns)
        die("memory", "out of memory");
    for (size_t i = 0; i < count; i++) {
        ns[i] = queries[i].best[part];
        mean += (double)ns[i] / 1e6 / (double)count;
    }
    qsort(ns, count, sizeof *ns, by_time);
    printf("| %s | %.2f | %.2f | %.2f | %.2f |\n", names[part], mean, (double)percentile(ns, count, 50) / 1e6,
           (double)percentile(ns, count, 95) / 1e6, (double)ns[count - 1] / 1e6);
    free(ns);
}

static uint32_t number(const char *text)
{
    uint32_t v;

    if (!read_number(text, 1000000, &v) || v == 0)
        die(text, "not a number in range");
    return v;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "rounds", required_argument, NULL, 'r' },  { "queries", required_argument, NULL, 'q' },
        { "command", required_argument, NULL, 'c' }, { NULL, 0, NULL, 0 },
    };
    struct settings s = { NULL, NULL, 10, 5, 1000 };
    fih_reader *r;
    fih_error err;

    for (int c; (c = getopt_long(argc, argv, "i:n:", options, NULL)) != -1;) {
        switch (c) {
        case 'i': s.index = optarg; break;
        case 'n': s.hits = number(optarg); break;
        case 'r': s.rounds = number(optarg); break;
        case 'q': s.queries = number(optarg); break;
        case 'c': s.command = optarg; break;
        default: fputs(USAGE, stderr); return 1;
        }
    }
    for (; optind < argc; optind++)
        load(argv[optind], s.queries);
    if (!s.index || count == 0) {
        fputs(USAGE, stderr);
        return 1;
    }
    print_origin(argc, argv, fih_version());
    printf("| CPU ms, %u hits | mean | p50 | p95 | most |\n|---|---:|---:|---:|---:|\n", s.hits);
    if (fih_reader_open(&r, s.index, &err) != FIH_OK)
        die(s.index, err.msg);
    for (uint32_t k = 0; k <= s.rounds; k++)
        for (size_t i = 0; i < count; i++)
            run(&queries[i], r, &s);
    fih_reader_close(r);
    for (int part = SEARCH; part <= PASSAGES; part++)
        print_row(part);
    for (uint32_t k = 0; s.command && k < s.rounds; k++)
        for (size_t i = 0; i < count; i++)
            run_command(&queries[i], &s);
    if (s.command)
        print_row(COMMAND);
    for (size_t i = 0; i < count; i++)
        free(queries[i].text);
    free(queries);
    return fflush(stdout) == 0 ? 0 : 2;
}
