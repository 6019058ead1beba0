/* test_threads.c - many threads ask one reader while another process, or a thread, writes, compacts and backs up.
 *
 *   test_threads [--seconds N]
 *
 * Each commit replaces every document of the index by its next version, so an answer that mixes two commits shows:
 * all hits, stored documents and the note must be of the one version that the reader was opened at. Two reader
 * threads in four renew readers of their own all the time.
 *
 * Readers of another user have no place among the readers (store/loose.h): what they ask for may be gone, and then they
 * must be told so; what they are told must be as good as for the others.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "sample.h"

enum { DOCS = 60, SHARED_THREADS = 4, OWN_THREADS = 4, ERA = 40 };

static struct {
    char         folder[256], dir[280], backup[280];
    double       seconds;
    _Atomic int  stop;
    _Atomic long searches, renewals, moves, stale, wrong;
    int          may_be_stale;
    char         why[400];
    pthread_mutex_t mutex;
} g = {.seconds = 4, .mutex = PTHREAD_MUTEX_INITIALIZER};

static void wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void wrong(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    pthread_mutex_lock(&g.mutex);
    if (g.wrong++ == 0)
        vsnprintf(g.why, sizeof g.why, fmt, ap);
    pthread_mutex_unlock(&g.mutex);
    va_end(ap);
}

/* Was an answer refused because the commit is gone, as it may be? Else it is wrong. */
static void refused(int rc, const char *what, const fih_error *err)
{
    if (rc == FIH_E_STALE && g.may_be_stale)
        g.stale++;
    else
        wrong("%s: %s (%s)", what, err->msg, fih_error_name(rc));
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- writing */

static int write_version(fih_writer *w, unsigned version, fih_error *err)
{
    char text[32];
    int rc = FIH_OK;

    for (unsigned i = 0; i < DOCS && rc == 0; i++)
        rc = sample_add(w, i, version, err);
    if (rc == 0)
        rc = fih_writer_note_put(w, FIH_STR("version"), (fih_str){text, (size_t)snprintf(text, sizeof text, "%u", version)}, err);
    if (rc == 0)
        rc = version % 7 == 3 ? fih_writer_merge(w, err) : fih_writer_commit(w, err);
    return rc;
}

/* FIH_OK, or the error that ended it. */
static int write_on(fih_error *err, int (*stop)(void))
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    int rc = FIH_OK;

    o.wait_ms = 2000;
    for (unsigned version = 2; !stop() && rc == 0; version++) {
        if (!w && (rc = fih_writer_open(&w, g.dir, &o, err)) != 0)
            break;
        o.threads = 1 + version % 3;
        rc = write_version(w, version, err);
        if (rc == 0 && version % 10 == 5) {
            fih_writer_close(w);
            w = NULL;
            rc = fih_compact(g.dir, &o, err);
        }
        if (rc == 0 && version % 12 == 7) {
            remove_folder(g.backup);
            if ((rc = fih_backup(g.dir, g.backup, err)) == 0)
                rc = fih_check(NULL, g.backup, NULL, NULL, err);
        }
    }
    fih_writer_close(w);
    return rc;
}

/* ---- reading */

/* 0: the commit is gone. */
static unsigned version_of(const fih_reader *r)
{
    fih_str value;
    unsigned version = 0;
    fih_error err;
    const int rc = fih_reader_note(&value, r, FIH_STR("version"), &err);

    if (rc == FIH_OK)
        for (size_t i = 0; i < value.len; i++)
            version = version * 10 + (unsigned)(value.ptr[i] - '0');
    else
        refused(rc, "note", &err);
    return version;
}

static int count_id(void *ctx, fih_docno doc, fih_str id)
{
    (void)doc, (void)id;
    ++*(unsigned *)ctx;
    return 0;
}

/* Everything that a reader says must be of `version`. */
static void ask(const fih_reader *r, unsigned version, uint64_t *seed)
{
    static const char *const texts[] = {"حكومة انتخابات مدرسة كتاب", "\"نسخة%u\"", "+كتاب -بحر", "title:متحف news",
                                        "section:\"علوم\" قصيدة"};
    const unsigned which = (unsigned)(tap_random(seed) % (sizeof texts / sizeof *texts));
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_query *q = NULL;
    fih_hits *h = NULL;
    const fih_hit *hit;
    fih_error err = {0, 0, 0, ""};
    char text[100];
    unsigned ids = 0;
    int rc, n = which == 1 ? snprintf(text, sizeof text, "\"نسخة%u\"", version)
                       : snprintf(text, sizeof text, "%s", texts[which]);

    o.limit = DOCS;
    o.count_all = 1;
    if ((rc = fih_query_parse(&q, (fih_str){text, (size_t)n}, &err)) != 0 || (rc = fih_search(&h, r, q, &o, &err)) != 0) {
        refused(rc, "search", &err);
        goto out;
    }
    g.searches++;
    if (which == 1 && fih_hits_total(h) != DOCS)
        wrong("%u documents of version %u, not %u", (unsigned)fih_hits_total(h), version, DOCS);
    for (size_t i = tap_random(seed) % 4; (hit = fih_hits_at(h, i)) != NULL; i += 9) {
        fih_snippet *snippet = NULL;
        fih_stored *s = NULL;

        if ((rc = fih_reader_doc(&s, r, hit->doc, &err)) != 0)
            refused(rc, "document", &err);
        else {
            const fih_str at = fih_stored_get(s, "version"), id = fih_stored_get(s, "id");

            n = snprintf(text, sizeof text, "%u", version);
            if (at.len != (size_t)n || memcmp(at.ptr, text, at.len) != 0 || id.len != hit->id.len ||
                memcmp(id.ptr, hit->id.ptr, id.len) != 0)
                wrong("a document of version %.*s in a snapshot of %u", (int)at.len, at.ptr, version);
            if ((rc = fih_snippet_new(&snippet, r, q, s, NULL, &err)) != 0)
                refused(rc, "snippet", &err);
        }
        fih_snippet_free(snippet);
        fih_stored_free(s);
    }
    if (which == 2 && (rc = fih_reader_each_id(r, count_id, &ids, &err)) != 0)
        refused(rc, "ids", &err);
    else if (which == 2 && ids != DOCS)
        wrong("%u documents in all", ids);
out:
    fih_hits_free(h);
    fih_query_free(q);
}

/* What does not change once it is made may be read by all: queries, synonyms, hits, stored documents, passages. */
static void use_shared(const fih_reader *r, const fih_query *q, const fih_synonyms *synonyms, const fih_hits *h,
                       const fih_stored *s)
{
    fih_error err = {0, 0, 0, ""};
    fih_query *more = NULL;
    fih_hits *again = NULL;
    fih_snippet *snippet = NULL;
    int rc;

    if ((rc = fih_query_expand(&more, q, synonyms, r, &err)) != 0 || (rc = fih_search(&again, r, more, NULL, &err)) != 0 ||
        (rc = fih_snippet_new(&snippet, r, q, s, NULL, &err)) != 0)
        refused(rc, "what is shared", &err);
    else if (fih_hits_count(h) == 0 || fih_hits_at(h, 0)->id.len == 0 || fih_stored_get(s, "id").len == 0)
        wrong("shared hits are empty");
    fih_snippet_free(snippet);
    fih_hits_free(again);
    fih_query_free(more);
}

struct shared {
    const fih_query    *q;
    const fih_synonyms *synonyms;
    const fih_hits     *h;
    const fih_stored   *s;
    const fih_reader   *r;
    unsigned            version;
    uint64_t            seed;
};

static void *ask_shared(void *arg)
{
    struct shared *s = arg;

    for (unsigned i = 0; i < ERA && !g.stop; i++)
        ask(s->r, s->version, &s->seed);
    if (s->s)
        use_shared(s->r, s->q, s->synonyms, s->h, s->s);
    return NULL;
}

static void *ask_own(void *arg)
{
    uint64_t seed = (uint64_t)(uintptr_t)arg;
    fih_reader *r = NULL;
    fih_error err = {0, 0, 0, ""};
    unsigned last = 0;

    while (!g.stop) {
        unsigned version;
        int changed = 0, rc;

        if (r && tap_random(&seed) % 5 == 0) {
            fih_reader_close(r);
            r = NULL;
        }
        rc = r ? fih_reader_renew(&changed, r, &err) : fih_reader_open(&r, g.dir, &err);
        if (rc != 0) {
            wrong("open or renew: %s (%s)", err.msg, fih_error_name(rc));
            break;
        }
        g.renewals++;
        g.moves += changed;
        if ((version = version_of(r)) == 0)
            continue;
        if (version < last)
            wrong("version %u after %u", version, last);
        last = version;
        for (unsigned i = 0; i < 4 && !g.stop; i++)
            ask(r, version, &seed);
    }
    fih_reader_close(r);
    return NULL;
}

/* Some threads share a reader; when all have asked enough it is renewed, as its manual says, with nobody using it. */
static void ask_for_a_while(void)
{
    pthread_t shared_threads[SHARED_THREADS], own[OWN_THREADS];
    struct shared shared[SHARED_THREADS];
    const double end = now() + g.seconds;
    fih_reader *r = NULL;
    fih_error err = {0, 0, 0, ""};

    g.stop = 0;
    g.searches = g.renewals = g.moves = g.stale = g.wrong = 0;
    for (uintptr_t i = 0; i < OWN_THREADS; i++)
        pthread_create(&own[i], NULL, ask_own, (void *)(i + 1));
    if (fih_reader_open(&r, g.dir, &err) != 0)
        wrong("open: %s", err.msg);
    for (uint64_t era = 1; now() < end && g.wrong == 0; era++) {
        const unsigned version = version_of(r);

        fih_query *q = NULL;
        fih_synonyms *synonyms = NULL;
        fih_hits *h = NULL;
        fih_stored *s = NULL;

        if (fih_query_parse(&q, FIH_STR("كتاب مدرسة"), NULL) != 0 ||
            fih_synonyms_new(&synonyms, r, FIH_STR("كتاب, مجلة"), NULL) != 0)
            wrong("a query or synonyms cannot be made");
        else if (version > 0 && fih_search(&h, r, q, NULL, NULL) == 0 && fih_hits_count(h) > 0)
            (void)fih_reader_doc(&s, r, fih_hits_at(h, 0)->doc, NULL);
        for (unsigned i = 0; i < SHARED_THREADS && version > 0; i++) {
            shared[i] = (struct shared){q, synonyms, h, s, r, version, era * 100 + i};
            pthread_create(&shared_threads[i], NULL, ask_shared, &shared[i]);
        }
        for (unsigned i = 0; i < SHARED_THREADS && version > 0; i++)
            pthread_join(shared_threads[i], NULL);
        fih_stored_free(s);
        fih_hits_free(h);
        fih_synonyms_free(synonyms);
        fih_query_free(q);
        if (fih_reader_renew(NULL, r, &err) != 0)
            wrong("renew: %s", err.msg);
    }
    g.stop = 1;
    for (unsigned i = 0; i < OWN_THREADS; i++)
        pthread_join(own[i], NULL);
    fih_reader_close(r);
}

static void report(void)
{
    printf("# %ld searches, %ld readers opened or renewed, %ld times to another commit\n", (long)g.searches,
           (long)g.renewals, (long)g.moves);
    CHECK(g.wrong == 0, "%ld wrong, first: %s", (long)g.wrong, g.why);
    CHECK(g.searches > 100 && g.moves > 3, "hardly anything happened");
    CHECK_INT_EQ(fih_check(NULL, g.dir, NULL, NULL, NULL), FIH_OK);
}

static void begin(void)
{
    fih_writer *w = NULL;
    fih_error err = {0, 0, 0, ""};

    remove_folder(g.dir);
    REQUIRE(fih_writer_open(&w, g.dir, NULL, &err) == FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(write_version(w, 1, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
}

static int never(void)
{
    return 0;
}

static pid_t start_writer(void)
{
    pid_t pid;

    fflush(stdout);
    if ((pid = fork()) == 0) {
        fih_error err = {0, 0, 0, ""};
        const int rc = write_on(&err, never);

        printf("# the writer: %s (%s)\n", err.msg, fih_error_name(rc));
        fflush(stdout);
        _exit(1);
    }
    return pid;
}

static void readers_of_another_user_see_one_commit_while_another_process_writes(void)
{
    int status = -1, writer_status = -1;
    pid_t pid, reader;

    if (geteuid() != 0)
        SKIP("only root can become another user");
    begin();
    REQUIRE(chmod(g.folder, 0755) == 0 && chmod(g.dir, 0755) == 0);
    REQUIRE((pid = start_writer()) >= 0);
    REQUIRE((reader = fork()) >= 0);
    if (reader == 0) {
        g.may_be_stale = 1;
        if (setgid(65534) != 0 || setuid(65534) != 0)
            _exit(3);
        ask_for_a_while();
        printf("# as another user: %ld searches, %ld readers opened or renewed, %ld times to another commit, %ld times "
               "it was gone\n%s%s%s",
               (long)g.searches, (long)g.renewals, (long)g.moves, (long)g.stale, g.wrong ? "# " : "", g.why,
               g.wrong ? "\n" : "");
        fflush(stdout);
        _exit(g.wrong ? 1 : g.searches > 100 && g.moves > 3 ? 0 : 2);
    }
    waitpid(reader, &status, 0);
    CHECK(WIFEXITED(status), "a reader was ended by signal %d", WTERMSIG(status));
    CHECK_INT_EQ(WEXITSTATUS(status), 0, "1: wrong answers, 2: hardly anything happened");
    kill(pid, SIGKILL);
    waitpid(pid, &writer_status, 0);
    CHECK(WIFSIGNALED(writer_status), "the writer ended by itself");
    CHECK_INT_EQ(fih_check(NULL, g.dir, NULL, NULL, NULL), FIH_OK);
}

static void readers_see_one_commit_while_another_process_writes(void)
{
    int status = -1;
    pid_t pid;

    begin();
    REQUIRE((pid = start_writer()) >= 0);
    ask_for_a_while();
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    CHECK(WIFSIGNALED(status), "the writer ended by itself");
    report();
}

static int stopped(void)
{
    return g.stop;
}

static void *write_here(void *arg)
{
    fih_error *err = arg;
    const int rc = write_on(err, stopped);

    err->code = rc;
    return NULL;
}

static void readers_see_one_commit_while_a_thread_writes(void)
{
    fih_error err = {0, 0, 0, ""};
    pthread_t writer;

    begin();
    g.stop = 0;
    pthread_create(&writer, NULL, write_here, &err);
    ask_for_a_while();
    pthread_join(writer, NULL);
    CHECK_INT_EQ(err.code, FIH_OK, "the writer: %s", err.msg);
    report();
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "--seconds") == 0)
        g.seconds = atof(argv[2]);
    sample_folder(g.folder, "threads");
    snprintf(g.dir, sizeof g.dir, "%s/index", g.folder);
    snprintf(g.backup, sizeof g.backup, "%s/backup", g.folder);
    RUN(readers_see_one_commit_while_another_process_writes);
    RUN(readers_see_one_commit_while_a_thread_writes);
    RUN(readers_of_another_user_see_one_commit_while_another_process_writes);
    remove_folder(g.folder);
    return DONE();
}
