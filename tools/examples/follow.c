/* follow.c - a program that runs for long: it keeps one reader, moves it to the newest commit now and then, searches
 * from several threads at once, and explains the best score.
 *
 *     cc -pthread follow.c $(pkg-config --cflags --libs fihrist) -o follow
 *     ./follow example.fih 3 كتاب 'سوق topic:اقتصاد'     three rounds, a second apart, two queries by two threads
 *
 * The rule that makes it safe: many threads may search one reader, but fih_reader_renew() needs it alone. Here the
 * threads of a round have ended before the next renewal; a server would hold a read-write lock instead.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fihrist.h>

enum { MAX_QUERIES = 16 };

/* What one thread works on. Each thread has its own hits and errors; reader and query are shared. */
struct job {
    const fih_reader *reader;
    fih_query        *query;
    const char       *words;
    fih_hits         *hits; /* out: new */
    int               rc;   /* out */
    fih_error         err;  /* out, when rc is negative */
};

static void *search(void *arg)
{
    struct job *j = arg;

    j->rc = fih_search(&j->hits, j->reader, j->query, NULL, &j->err);
    return NULL;
}

/* How the score of the best hit is computed: each line's value comes from the deeper lines below it. */
static int print_explanation(const struct job *j, const fih_hit *hit, fih_error *err)
{
    fih_explanation *e = NULL;
    const fih_explain_line *line;
    size_t i;
    int rc;

    if ((rc = fih_explain(&e, j->reader, j->query, hit->doc, NULL, err)) != FIH_OK)
        return rc;
    for (i = 0; (line = fih_explanation_at(e, i)) != NULL; i++)
        printf("    %*s%.4f  %.*s\n", (int)(2 * line->depth), "", line->value, (int)line->text.len, line->text.ptr);
    fih_explanation_free(e);
    return FIH_OK;
}

static int print_answer(struct job *j, fih_error *err)
{
    const fih_hit *best;

    if (j->rc != FIH_OK) {
        *err = j->err;
        return j->rc;
    }
    printf("  %s: %zu found\n", j->words, fih_hits_count(j->hits));
    if ((best = fih_hits_at(j->hits, 0)) == NULL)
        return FIH_OK;
    printf("    best: %.*s\n", (int)best->id.len, best->id.ptr);
    return print_explanation(j, best, err);
}

/* All queries at once, a thread each; the answers in the order of the queries. */
static int one_round(struct job *jobs, size_t n, fih_error *err)
{
    pthread_t threads[MAX_QUERIES];
    int has_thread[MAX_QUERIES], rc = FIH_OK;
    size_t i;

    for (i = 0; i < n; i++) {
        has_thread[i] = pthread_create(&threads[i], NULL, search, &jobs[i]) == 0;
        if (!has_thread[i])
            search(&jobs[i]); /* no thread could be started: do it here */
    }
    for (i = 0; i < n; i++) {
        if (has_thread[i])
            pthread_join(threads[i], NULL);
        if (rc == FIH_OK)
            rc = print_answer(&jobs[i], err);
        fih_hits_free(jobs[i].hits); /* hits belong to a snapshot: free them before the reader moves on */
        jobs[i].hits = NULL;
    }
    return rc;
}

static int follow(fih_reader *r, struct job *jobs, size_t n, int rounds, fih_error *err)
{
    int i, changed, rc = FIH_OK;

    for (i = 0; i < rounds && rc == FIH_OK; i++) {
        if (i > 0)
            sleep(1);
        /* Cheap when nothing was committed. Without it the program would go on answering from its first snapshot,
         * and the writer could never use again the pages that this snapshot still sees. */
        if ((rc = fih_reader_renew(&changed, r, err)) != FIH_OK)
            break;
        if (i > 0 && !changed)
            continue;
        printf("%llu documents\n", (unsigned long long)fih_reader_doc_count(r));
        rc = one_round(jobs, n, err);
        if (rc == FIH_E_STALE) /* without write permission: the commit is gone, the next round renews */
            rc = FIH_OK;
        fflush(stdout);
    }
    return rc;
}

int main(int argc, char **argv)
{
    struct job jobs[MAX_QUERIES];
    fih_reader *r = NULL;
    fih_error err;
    size_t i, n = 0;
    int rc;

    if (argc < 4 || argc - 3 > MAX_QUERIES) {
        fprintf(stderr, "usage: follow INDEX ROUNDS QUERY...\n");
        return EXIT_FAILURE;
    }
    memset(jobs, 0, sizeof jobs);
    rc = fih_reader_open(&r, argv[1], &err);
    for (; rc == FIH_OK && n < (size_t)argc - 3; n++) { /* a query is parsed once and used in every round */
        jobs[n].reader = r;
        jobs[n].words = argv[n + 3];
        rc = fih_query_parse(&jobs[n].query, fih_str_of(jobs[n].words), &err);
    }
    if (rc == FIH_OK)
        rc = follow(r, jobs, n, atoi(argv[2]), &err);
    if (rc != FIH_OK)
        fprintf(stderr, "follow: %s (%s)\n", err.msg, fih_error_name(err.code));
    for (i = 0; i < n; i++)
        fih_query_free(jobs[i].query);
    fih_reader_close(r);
    return rc == FIH_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
