/* What fihrist.h promises of fork(): in a child every call on its parent's reader or writer is FIH_E_FORK, closing frees
 * memory only, nothing hangs, and the parent goes on. */
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "fihrist.h"
#include "place.h"
#include "tap.h"

static fih_error err;

/* What the parent has in hand when it forks. */
static struct {
    fih_writer   *w;
    fih_reader   *r;
    fih_query    *q;
    fih_hits     *h;
    fih_stored   *s;
    fih_synonyms *synonyms;
    fih_analyzer *a;
} p;

static int add(fih_writer *w, const char *id, const char *body)
{
    fih_doc d = FIH_DOC_INIT;

    d.id = (fih_str){id, strlen(id)};
    d.title = (fih_str){"قارب", 8};
    d.body = (fih_str){body, strlen(body)};
    d.source = (fih_str){"harbour", 7};
    return fih_writer_add(w, &d, &err);
}

/* More than one chunk of text, so that worker threads have something in hand. */
static void add_many(fih_writer *w, unsigned n)
{
    char id[16], body[4096];

    for (size_t i = 0; i + 12 < sizeof body; i += 11)
        memcpy(body + i, "مرفأ ", 10), body[i + 9] = ' ', body[i + 10] = (char)('a' + i % 26);
    body[sizeof body - 12] = '\0';
    for (unsigned i = 0; i < n; i++) {
        snprintf(id, sizeof id, "m%u", i);
        CHECK_INT_EQ(add(w, id, body), FIH_OK, "%s", err.msg);
    }
}

static void open_all(unsigned threads)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;

    memset(&p, 0, sizeof p);
    place_remove(place_path("index"));
    o.threads = threads;
    CHECK_INT_EQ(fih_writer_open(&p.w, place_path("index"), &o, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(add(p.w, "a", "قارب في المرفأ") | add(p.w, "b", "سفينة في المرفأ"), FIH_OK);
    CHECK_INT_EQ(fih_writer_note_put(p.w, FIH_STR("note"), FIH_STR("v"), &err) | fih_writer_commit(p.w, &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_open(&p.r, place_path("index"), &err), FIH_OK, "%s", err.msg);
    fih_query_plain(&p.q, FIH_STR("المرفأ"), &err);
    CHECK_INT_EQ(fih_search(&p.h, p.r, p.q, NULL, &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_doc(&p.s, p.r, 0, &err), FIH_OK);
    CHECK_INT_EQ(fih_synonyms_new(&p.synonyms, p.r, FIH_STR("قارب, سفينة"), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_analyzer(&p.a, p.r, &err), FIH_OK);
    add_many(p.w, 600);
}

static void close_all(void)
{
    fih_analyzer_free(p.a);
    fih_synonyms_free(p.synonyms);
    fih_stored_free(p.s);
    fih_hits_free(p.h);
    fih_query_free(p.q);
    fih_reader_close(p.r);
    fih_writer_close(p.w);
}

/* 0 if the child's function says so; its answer, or 1000 and the signal that ended it. */
static int in_child(int (*fn)(void))
{
    const pid_t pid = fork();
    int status;

    if (pid == 0) {
        alarm(30);                         /* a call that hangs */
        _exit(fn());
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int each_note(void *ctx, fih_str key, fih_str value) { (void)ctx, (void)key, (void)value; return 0; }
static int each_id(void *ctx, fih_docno doc, fih_str id) { (void)ctx, (void)doc, (void)id; return 0; }
static int each_doc(void *ctx, fih_docno doc, const fih_stored *s) { (void)ctx, (void)doc, (void)s; return 0; }
static int each_token(void *ctx, const fih_token *t) { (void)t; (*(int *)ctx)++; return 0; }

/* The calls made so far, to be compared with fihrist.h. */
static char called[4096];
#define REFUSED(name, call)                                                                               \
    do {                                                                                                  \
        fih_error e = {0};                                                                                \
        fih_error *const err_ = &e;                                                                       \
        const int rc_ = call;                                                                             \
        strcat(strcat(called, #name), " ");                                                               \
        if (rc_ != FIH_E_FORK || e.code != FIH_E_FORK || !strstr(e.msg, "parent")) {                      \
            printf("# " #name " gives %d (%s)\n", rc_, e.msg);                                            \
            fflush(stdout);                                                                               \
            bad++;                                                                                        \
        }                                                                                                 \
    } while (0)

static int each_term(void *ctx, const fih_term *term)
{
    (void)ctx, (void)term;
    return 0;
}

static int each_posting(void *ctx, const fih_posting *posting)
{
    (void)ctx, (void)posting;
    return 0;
}

static int each_word(void *ctx, const fih_word *word)
{
    (void)ctx, (void)word;
    return 0;
}

static int refuse_readers(void)
{
    fih_stats stats = FIH_STATS_INIT;
    fih_fields *fields;
    fih_suggestion *suggestion;
    fih_why *why;
    fih_hits *h;
    fih_stored *s;
    fih_query *q;
    fih_synonyms *synonyms;
    fih_analyzer *a;
    fih_facets *f;
    fih_snippet *snippet;
    fih_explanation *x;
    fih_completions *c;
    fih_plan *plan;
    fih_docno doc;
    uint32_t length;
    fih_str value;
    int changed, bad = 0;

    REFUSED(fih_search, fih_search(&h, p.r, p.q, NULL, err_));
    REFUSED(fih_reader_renew, fih_reader_renew(&changed, p.r, err_));
    REFUSED(fih_reader_note, fih_reader_note(&value, p.r, FIH_STR("note"), err_));
    REFUSED(fih_reader_note_each, fih_reader_note_each(p.r, FIH_STR(""), each_note, NULL, err_));
    REFUSED(fih_reader_find, fih_reader_find(&doc, p.r, FIH_STR("a"), err_));
    REFUSED(fih_reader_each_id, fih_reader_each_id(p.r, each_id, NULL, err_));
    REFUSED(fih_reader_each_doc, fih_reader_each_doc(p.r, each_doc, NULL, err_));
    REFUSED(fih_reader_doc, fih_reader_doc(&s, p.r, 0, err_));
    REFUSED(fih_query_like, fih_query_like(&q, p.r, 0, err_));
    REFUSED(fih_suggest, fih_suggest(&suggestion, p.r, FIH_STR("مرفا"), NULL, err_));
    REFUSED(fih_synonyms_new, fih_synonyms_new(&synonyms, p.r, FIH_STR("a,b"), err_));
    REFUSED(fih_query_expand, fih_query_expand(&q, p.q, p.synonyms, p.r, err_));
    REFUSED(fih_complete, fih_complete(&c, p.r, FIH_STR("مر"), 0, err_));
    REFUSED(fih_facets_new, fih_facets_new(&f, p.r, p.q, "section", NULL, err_));
    REFUSED(fih_why_nothing, fih_why_nothing(&why, p.r, p.q, NULL, err_));
    REFUSED(fih_snippet_new, fih_snippet_new(&snippet, p.r, p.q, p.s, NULL, err_));
    REFUSED(fih_snippet_of_text, fih_snippet_of_text(&snippet, p.r, p.q, FIH_STR("x"), NULL, err_));
    REFUSED(fih_explain, fih_explain(&x, p.r, p.q, 99, NULL, err_));
    REFUSED(fih_reader_analyzer, fih_reader_analyzer(&a, p.r, err_));
    REFUSED(fih_reader_each_term, fih_reader_each_term(p.r, NULL, FIH_STR(""), each_term, NULL, err_));
    REFUSED(fih_reader_each_posting,
            fih_reader_each_posting(p.r, NULL, FIH_STR("مرفا"), each_posting, NULL, err_));
    REFUSED(fih_reader_each_word, fih_reader_each_word(p.r, p.s, each_word, NULL, err_));
    REFUSED(fih_plan_new, fih_plan_new(&plan, p.r, p.q, NULL, err_));
    REFUSED(fih_global_write, fih_global_write(p.r, "global", err_));
    REFUSED(fih_reader_use_global, fih_reader_use_global(p.r, "global", err_));
    REFUSED(fih_reader_length, fih_reader_length(&length, NULL, p.r, 0, err_));
    REFUSED(fih_reader_set_tokenizer, fih_reader_set_tokenizer(p.r, NULL, err_));
    REFUSED(fih_reader_fields, fih_reader_fields(&fields, p.r, err_));
    REFUSED(fih_reader_stats, fih_reader_stats(&stats, p.r, err_));
    return bad;
}

static int refuse_writers(void)
{
    fih_doc d = FIH_DOC_INIT;
    fih_fields *fields;
    fih_reader *r;
    uint64_t count;
    fih_str value;
    int bad = 0;

    d.id = (fih_str){"child", 5};
    REFUSED(fih_writer_add, fih_writer_add(p.w, &d, err_));
    REFUSED(fih_writer_delete, fih_writer_delete(p.w, FIH_STR("a"), err_));
    REFUSED(fih_writer_source, fih_writer_source(&value, p.w, FIH_STR("a"), err_));
    REFUSED(fih_writer_delete_query, fih_writer_delete_query(&count, p.w, p.q, err_));
    REFUSED(fih_writer_fields, fih_writer_fields(&fields, p.w, err_));
    REFUSED(fih_writer_reader, fih_writer_reader(&r, p.w, err_));
    REFUSED(fih_writer_delete_source, fih_writer_delete_source(&count, p.w, FIH_STR("harbour"), err_));
    REFUSED(fih_writer_note_put, fih_writer_note_put(p.w, FIH_STR("note"), FIH_STR("x"), err_));
    REFUSED(fih_writer_note_get, fih_writer_note_get(&value, p.w, FIH_STR("note"), err_));
    REFUSED(fih_writer_note_delete, fih_writer_note_delete(p.w, FIH_STR("note"), err_));
    REFUSED(fih_writer_note_each, fih_writer_note_each(p.w, FIH_STR(""), each_note, NULL, err_));
    REFUSED(fih_writer_rollback, fih_writer_rollback(p.w, err_));
    REFUSED(fih_writer_merge, fih_writer_merge(p.w, err_));
    REFUSED(fih_writer_commit, fih_writer_commit(p.w, err_));
    return bad;
}

/* Every function of fihrist.h that takes a reader or writer: those that do not close it or return no code are above. */
static int nothing_is_left_out(void)
{
    char line[512], rest[512];
    FILE *in = fopen(CHECKOUT "/include/fihrist.h", "r");
    int missing = in == NULL, seen = 0;

    while (in && fgets(line, sizeof line, in)) {
        char name[64];

        if (sscanf(line, "FIH_API int %63[a-z_]", name) != 1)
            continue;
        while (!strchr(line, ';') && strlen(line) < 300 && fgets(rest, sizeof rest - 320, in))
            strcat(line, rest);
        if (!strstr(line, "fih_reader *r") && !strstr(line, "fih_writer *w"))
            continue;
        seen++;
        strcat(name, " ");
        if (!strstr(called, name)) {
            printf("# %sis not tried\n", name);
            fflush(stdout);
            missing++;
        }
    }
    if (in)
        fclose(in);
    return missing + (seen < 25);
}

/* What is only memory is the child's own. */
static int memory_is_good(void)
{
    fih_query *q;
    const fih_clause clause = FIH_CLAUSE(p.q, FIH_MUST);
    int tokens = 0, bad = 0;

    bad += fih_reader_doc_count(p.r) != 2 || fih_writer_progress(p.w)->docs_added < 2;
    bad += fih_hits_count(p.h) != 2 || fih_hits_at(p.h, 0) == NULL || fih_hits_cursor(p.h).len != 0;
    bad += fih_stored_at(p.s, 0) == NULL || fih_stored_get(p.s, "body").len == 0;
    bad += fih_analyze(p.a, FIH_STR("القوارب"), each_token, &tokens, NULL) != FIH_OK || tokens == 0;
    bad += fih_query_group(&q, &clause, 1, NULL) != FIH_OK;
    fih_query_free(q);
    return bad;
}

/* A reader of the child's own, and no writer while the parent has one. */
static int own_handles_work(void)
{
    fih_reader *r = NULL;
    fih_writer *w = NULL;
    fih_query *q = NULL;
    fih_hits *h = NULL;
    int bad = 0;

    bad += fih_reader_open(&r, place_path("index"), NULL) != FIH_OK;
    bad += fih_query_plain(&q, FIH_STR("المرفأ"), NULL) != FIH_OK;
    bad += r && (fih_search(&h, r, q, NULL, NULL) != FIH_OK || fih_hits_count(h) != 2);
    bad += fih_writer_open(&w, place_path("index"), NULL, NULL) != FIH_E_BUSY;
    fih_hits_free(h);
    fih_query_free(q);
    fih_reader_close(r);
    return bad;
}

static int try_everything(void)
{
    const int bad =
        refuse_readers() + refuse_writers() + nothing_is_left_out() + memory_is_good() + own_handles_work();

    close_all();
    return bad + own_handles_work();
}

static int only_close(void)
{
    close_all();
    return 0;
}

static void go_on(unsigned threads)
{
    CHECK_INT_EQ(add(p.w, "c", "شراع في المرفأ"), FIH_OK, "%u threads: %s", threads, err.msg);
    CHECK_INT_EQ(fih_writer_commit(p.w, &err), FIH_OK, "%u threads: %s", threads, err.msg);
    CHECK_INT_EQ(fih_reader_renew(NULL, p.r, &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_doc_count(p.r), 603);
    close_all();
    CHECK_INT_EQ(fih_check(NULL, place_path("index"), NULL, NULL, &err), FIH_OK, "%s", err.msg);
}

static void every_call_on_what_the_parent_opened_is_refused_and_the_parent_goes_on(void)
{
    static const unsigned threads[] = {1, 2, 4};

    for (int i = 0; i < 3; i++) {
        open_all(threads[i]);
        CHECK_INT_EQ(in_child(try_everything), 0, "%u threads", threads[i]);
        CHECK_INT_EQ(in_child(only_close), 0, "%u threads", threads[i]);
        go_on(threads[i]);
    }
}

/* The writer's lock belongs to the parent alone, though the child has its descriptor. */
static void a_child_that_lives_on_does_not_keep_the_writers_lock(void)
{
    fih_writer *w = NULL;
    pid_t pid;

    open_all(1);
    if ((pid = fork()) == 0) {
        pause();
        _exit(0);
    }
    close_all();
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void a_child_that_closes_does_not_give_the_writers_lock_away(void)
{
    fih_writer *w = NULL;

    open_all(2);
    CHECK_INT_EQ(in_child(only_close), 0);
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_E_BUSY);
    close_all();
}

static _Atomic int stop;

static void *open_and_close(void *arg)
{
    while (!stop) {
        fih_reader *r = NULL;

        fih_reader_open(&r, place_path("index"), NULL);
        fih_reader_close(r);
    }
    return arg;
}

/* Another thread may be in the middle of opening or closing, with the list of open files locked. */
static void a_fork_at_any_moment_leaves_the_child_able_to_open(void)
{
    pthread_t threads[2];

    if (IS_ASAN)
        SKIP("AddressSanitizer forks while another thread holds the lock of its malloc, and the child hangs there");
    open_all(1);
    stop = 0;
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, open_and_close, NULL);
    for (int i = 0; i < 60 && tap.notes == 0; i++)
        CHECK_INT_EQ(in_child(own_handles_work), 0, "fork %d", i);
    stop = 1;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    close_all();
}

int main(void)
{
    place_new("fork");
    RUN(every_call_on_what_the_parent_opened_is_refused_and_the_parent_goes_on);
    RUN(a_child_that_lives_on_does_not_keep_the_writers_lock);
    RUN(a_child_that_closes_does_not_give_the_writers_lock_away);
    RUN(a_fork_at_any_moment_leaves_the_child_able_to_open);
    place_remove(place);
    return DONE();
}
