/* apart.c - what it costs a query that its words are also found written together and apart.
 *
 * Each query runs as it is and without other writings: the linker puts __wrap_fihi_compounds_expand() of this file in the
 * place of the library's function (--wrap), which finds none when it is told so. Of each way the best time over all rounds
 * counts. As it is a query runs twice: first asked, when the reader remembers nothing of it, and asked before. What is timed
 * is parsing the text, the search, and freeing both.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/handles.h"
#include "fihrist.h"
#include "measure.h"
#include "search/compound.h"

static const char USAGE[] =
    "usage: apart [-i INDEX]... [--rounds N] QUERIES...\n"
    "QUERIES are lines ID<TAB>TEXT, or TEXT alone; files named and.* must match in every word, phrase.* in a row.\n";

enum way { WITHOUT, FIRST_ASKED, ASKED_BEFORE, WAYS };
enum { INDEXES_MAX = 16, LINE = 4096 };

static enum way way;
static size_t written;                     /* queries that had other writings */

int __real_fihi_compounds_expand(struct fih_query **out, const struct fih_query *q, bool with_neighbours,
                                 const struct view *v, struct analyzer *a, fih_error *err);
int __wrap_fihi_compounds_expand(struct fih_query **out, const struct fih_query *q, bool with_neighbours,
                                 const struct view *v, struct analyzer *a, fih_error *err);

int __wrap_fihi_compounds_expand(struct fih_query **out, const struct fih_query *q, bool with_neighbours,
                                 const struct view *v, struct analyzer *a, fih_error *err)
{
    int rc;

    *out = NULL;
    if (way == WITHOUT)
        return FIH_OK;
    rc = __real_fihi_compounds_expand(out, q, with_neighbours, v, a, err);
    written += *out != NULL;
    return rc;
}

static _Noreturn void die(const char *what, const char *why)
{
    fprintf(stderr, "apart: %s: %s\n", what, why);
    exit(2);
}

static uint64_t run(fih_reader *r, const char *text, bool is_phrase, bool match_all)
{
    fih_search_opts opts = FIH_SEARCH_OPTS_INIT;
    fih_query *q = NULL;
    fih_hits *h = NULL;
    fih_error err;
    uint64_t begin;
    int rc;

    opts.match_all = match_all;
    if (way == FIRST_ASKED && r->view->memo)
        memset(r->view->memo, 0, sizeof *r->view->memo);
    begin = now_ns();
    rc = is_phrase ? fih_query_phrase(&q, NULL, fih_str_of(text), 0, &err)
                   : fih_query_plain(&q, fih_str_of(text), &err);
    if (rc != FIH_OK || fih_search(&h, r, q, &opts, &err) != FIH_OK)
        die(text, err.msg);
    fih_hits_free(h);
    fih_query_free(q);
    return now_ns() - begin;
}

static bool begins(const char *path, const char *with)
{
    const char *const slash = strrchr(path, '/'), *const name = slash ? slash + 1 : path;

    return strncmp(name, with, strlen(with)) == 0;
}

/* The lines of a file, up to 100,000. */
static size_t load(char ***texts, const char *path)
{
    FILE *const f = fopen(path, "r");
    char line[LINE];
    size_t n = 0;

    if (!f || !(*texts = malloc(100000 * sizeof **texts)))
        die(path, "cannot be read");
    while (n < 100000 && fgets(line, sizeof line, f)) {
        const char *const tab = strchr(line, '\t');

        line[strcspn(line, "\n")] = '\0';
        if (!((*texts)[n++] = strdup(tab ? tab + 1 : line)))
            die(path, "out of memory");
    }
    fclose(f);
    return n;
}

static void measure(const char *index, fih_reader *r, const char *path, uint32_t rounds)
{
    const char *const slash = strrchr(path, '/'), *const base = strrchr(index, '/');
    char **texts;
    const size_t n = load(&texts, path);
    uint64_t *const best[] = {calloc(n + 1, 8), calloc(n + 1, 8), calloc(n + 1, 8)};
    double mean[WAYS] = {0};
    size_t had = 0;

    if (n == 0 || !best[0] || !best[1] || !best[2])
        die(path, "has no queries");
    for (uint32_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < n; i++)
            for (unsigned k = 0; k <= WAYS; k++) {
                uint64_t took;

                /* Once more at first, so that no way finds what another had to bring from memory. */
                way = k == 0 ? WITHOUT : (enum way)(k - 1);
                written = 0;
                took = run(r, texts[i], begins(path, "phrase"), begins(path, "and"));
                if (k == 0)
                    continue;
                best[way][i] = round == 0 || took < best[way][i] ? took : best[way][i];
                had += round == 0 && way == FIRST_ASKED && written > 0;
            }
    for (way = WITHOUT; way < WAYS; way++)
        for (size_t i = 0; i < n; i++)
            mean[way] += (double)best[way][i] / 1e3 / (double)n;
    /* From here on best has differences: what is less than nothing is nothing. */
    for (way = FIRST_ASKED; way < WAYS; way++) {
        for (size_t i = 0; i < n; i++)
            best[way][i] = best[way][i] > best[WITHOUT][i] ? best[way][i] - best[WITHOUT][i] : 0;
        qsort(best[way], n, 8, by_time);
    }
    printf("| %s | %.*s | %zu | %zu | %.1f | %.1f | %.1f | %.1f | %.1f |\n", base ? base + 1 : index,
           (int)strcspn(slash ? slash + 1 : path, "."), slash ? slash + 1 : path, n, had, mean[WITHOUT],
           mean[FIRST_ASKED] - mean[WITHOUT], (double)percentile(best[FIRST_ASKED], n, 99) / 1e3,
           mean[ASKED_BEFORE] - mean[WITHOUT], (double)percentile(best[ASKED_BEFORE], n, 99) / 1e3);
    for (size_t i = 0; i < n; i++)
        free(texts[i]);
    free(texts);
    for (way = WITHOUT; way < WAYS; way++)
        free(best[way]);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"index", required_argument, NULL, 'i'},
                                            {"rounds", required_argument, NULL, 'r'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    const char *indexes[INDEXES_MAX];
    size_t index_count = 0;
    uint32_t rounds = 7;

    for (int c; (c = getopt_long(argc, argv, "i:h", options, NULL)) != -1;)
        if (c == 'i' && index_count < INDEXES_MAX)
            indexes[index_count++] = optarg;
        else if (c != 'r' || !read_number(optarg, 1000, &rounds) || rounds == 0) {
            fputs(USAGE, c == 'h' ? stdout : stderr);
            return c == 'h' ? 0 : 1;
        }
    if (index_count == 0 || optind == argc) {
        fputs(USAGE, stderr);
        return 1;
    }
    print_origin(argc, argv, fih_version());
    puts("| index | class | queries | with other writings | us without | + first asked | p99 | + asked before | p99 |\n"
         "|---|---|---:|---:|---:|---:|---:|---:|---:|");
    for (size_t k = 0; k < index_count; k++) {
        fih_reader *r = NULL;
        fih_error err;

        if (fih_reader_open(&r, indexes[k], &err) != FIH_OK)
            die(indexes[k], err.msg);
        for (int i = optind; i < argc; i++)
            measure(indexes[k], r, argv[i], rounds);
        fih_reader_close(r);
    }
    return fflush(stdout) == 0 ? 0 : 2;
}
