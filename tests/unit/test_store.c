/* test_store.c - what a path may be, who may write, and what becomes of open handles. Through the API. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "fihrist.h"
#include "place.h"
#include "store/env.h"
#include "tap.h"

static fih_error err;

static fih_str str(const char *s) { return (fih_str){s, strlen(s)}; }

static int open_writer(fih_writer **w, const char *path, int32_t wait_ms, int no_create)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;

    o.wait_ms = wait_ms;
    o.no_create = no_create;
    return fih_writer_open(w, path, &o, &err);
}

static int add(fih_writer *w, const char *id, const char *body)
{
    fih_doc d = FIH_DOC_INIT;

    d.id = str(id);
    d.body = str(body);
    return fih_writer_add(w, &d, &err);
}

/* An index with documents 0 … n-1. */
static void make_index(const char *path, unsigned n)
{
    fih_writer *w = NULL;
    char id[32];

    place_remove(path);
    CHECK_INT_EQ(open_writer(&w, path, 0, 0), FIH_OK, "%s", err.msg);
    for (unsigned i = 0; w && i < n; i++) {
        snprintf(id, sizeof id, "%u", i);
        CHECK_INT_EQ(add(w, id, "نص قصير"), FIH_OK);
    }
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
}

static int is_there(const char *path) { return access(path, F_OK) == 0; }

static int count_entries(const char *path)
{
    DIR *d = opendir(path);
    int n = -2;

    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

/* ---- what is no index */

static void a_missing_index_is_not_found_and_not_made(void)
{
    const char *path = place_path("missing");
    fih_writer *w = (void *)&err;
    fih_reader *r = (void *)&err;

    CHECK_INT_EQ(fih_reader_open(&r, path, &err), FIH_E_NOTFOUND);
    CHECK(r == NULL && err.code == FIH_E_NOTFOUND && strstr(err.msg, "missing"));
    CHECK_INT_EQ(open_writer(&w, path, 0, 1), FIH_E_NOTFOUND);
    CHECK(w == NULL);
    CHECK_INT_EQ(fih_compact(path, NULL, &err), FIH_E_NOTFOUND);
    CHECK_INT_EQ(fih_backup(path, place_path("copy"), &err), FIH_E_NOTFOUND);
    CHECK_INT_EQ(fih_check(NULL, path, NULL, NULL, &err), FIH_E_NOTFOUND);
    CHECK(!is_there(path) && !is_there(place_path("copy")));
    CHECK_INT_EQ(fih_reader_open(&r, "", &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_reader_open(&r, NULL, NULL), FIH_E_USAGE);
}

static void an_empty_folder_is_no_index_until_a_writer_makes_it_one(void)
{
    const char *path = place_path("empty");
    fih_reader *r = NULL;
    fih_writer *w = NULL;

    CHECK_INT_EQ(mkdir(path, 0777), 0);
    CHECK_INT_EQ(fih_reader_open(&r, path, &err), FIH_E_NOTINDEX);
    CHECK_INT_EQ(open_writer(&w, path, 0, 1), FIH_E_NOTINDEX);
    CHECK_INT_EQ(count_entries(path), 0);
    CHECK_INT_EQ(open_writer(&w, path, 0, 0), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_open(&r, path, &err), FIH_E_NOTFOUND);      /* nothing committed yet */
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK_INT_EQ(place_count_docs(path, &err), 0);
    fih_writer_close(w);
}

static void a_file_is_no_index(void)
{
    const char *path = place_path("file");
    fih_reader *r = NULL;
    fih_writer *w = NULL;

    place_write(path, "text\n", strlen("text\n"));
    CHECK_INT_EQ(fih_reader_open(&r, path, &err), FIH_E_NOTINDEX);
    CHECK_INT_EQ(open_writer(&w, path, 0, 0), FIH_E_NOTINDEX);
    CHECK(open_writer(&w, place_path("file/below"), 0, 0) < 0 && w == NULL);
}

static void a_folder_with_other_files_is_no_index_and_stays_as_it_is(void)
{
    const char *path = place_path("foreign");
    fih_reader *r = NULL;
    fih_writer *w = NULL;

    CHECK_INT_EQ(mkdir(path, 0777), 0);
    place_write(place_path("foreign/photo.jpg"), "x", strlen("x"));
    CHECK_INT_EQ(fih_reader_open(&r, path, &err), FIH_E_NOTINDEX);
    CHECK_INT_EQ(open_writer(&w, path, 0, 0), FIH_E_NOTINDEX);
    CHECK_INT_EQ(count_entries(path), 1);
    place_write(place_path("foreign/FIHRIST"), "something else\n", strlen("something else\n"));
    CHECK_INT_EQ(fih_reader_open(&r, path, &err), FIH_E_NOTINDEX);
    CHECK_INT_EQ(open_writer(&w, path, 0, 0), FIH_E_NOTINDEX);
    CHECK_INT_EQ(count_entries(path), 2);
}

static void an_index_of_a_newer_format_is_refused_by_its_name(void)
{
    fih_reader *r = NULL;
    fih_writer *w = NULL;

    make_index(place_path("newer"), 1);
    place_write(place_path("newer/FIHRIST"), "fihrist index 2\ndata.1.mdb\n", strlen("fihrist index 2\ndata.1.mdb\n"));
    CHECK_INT_EQ(fih_reader_open(&r, place_path("newer"), &err), FIH_E_VERSION);
    CHECK_INT_EQ(open_writer(&w, place_path("newer"), 0, 0), FIH_E_VERSION);
}

static void an_index_that_lost_a_file_is_refused_and_loses_nothing_more(void)
{
    fih_reader *r = NULL;
    fih_writer *w = NULL;

    make_index(place_path("lost"), 3000);       /* more than a creation cut short can leave */
    CHECK_INT_EQ(rename(place_path("lost/FIHRIST"), place_path("FIHRIST")), 0);
    CHECK(fih_reader_open(&r, place_path("lost"), &err) < 0);
    CHECK(open_writer(&w, place_path("lost"), 0, 0) < 0);
    fih_writer_close(w);
    CHECK(is_there(place_path("lost/data.1.mdb")));
    CHECK_INT_EQ(rename(place_path("FIHRIST"), place_path("lost/FIHRIST")), 0);
    CHECK_INT_EQ(place_count_docs(place_path("lost"), &err), 3000);
    CHECK_INT_EQ(unlink(place_path("lost/data.1.mdb")), 0);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("lost"), &err), FIH_E_CORRUPT);
    CHECK_INT_EQ(open_writer(&w, place_path("lost"), 0, 0), FIH_E_CORRUPT);
}

static void what_a_killed_compaction_left_is_cleared_away(void)
{
    fih_writer *w = NULL;

    make_index(place_path("left"), 3);
    place_write(place_path("left/data.2.mdb"), "half a copy", strlen("half a copy"));
    place_write(place_path("left/FIHRIST.new"), "half a name", strlen("half a name"));
    CHECK_INT_EQ(place_count_docs(place_path("left"), &err), 3);
    CHECK_INT_EQ(open_writer(&w, place_path("left"), 0, 0), FIH_OK);
    CHECK(!is_there(place_path("left/data.2.mdb")));
    fih_writer_close(w);
    CHECK_INT_EQ(place_count_docs(place_path("left"), &err), 3);
}

static void another_analyzer_is_refused(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;

    make_index(place_path("index"), 1);
    o.analyzer = "arabic-exact";
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), &o, &err), FIH_E_ANALYZER);
    o.analyzer = "arabic";
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), &o, &err), FIH_OK);
    fih_writer_close(w);
    o.analyzer = "klingon";
    CHECK_INT_EQ(fih_writer_open(&w, place_path("unmade"), &o, &err), FIH_E_USAGE);
    CHECK(place_count_docs(place_path("unmade"), &err) < 0);
}

static void options_out_of_range_are_refused(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;

    o.memory_bytes = (16 << 20) - 1;
    CHECK_INT_EQ(fih_writer_open(&w, place_path("unmade"), &o, &err), FIH_E_USAGE);
    o.memory_bytes = 0;
    o.threads = 65;
    CHECK_INT_EQ(fih_writer_open(&w, place_path("unmade"), &o, &err), FIH_E_USAGE);
    o.threads = 0;
    o.title_weight = -1;
    CHECK_INT_EQ(fih_writer_open(&w, place_path("unmade"), &o, &err), FIH_E_USAGE);
    o.title_weight = INFINITY;
    CHECK_INT_EQ(fih_writer_open(&w, place_path("unmade"), &o, &err), FIH_E_USAGE);
    o.title_weight = FIH_DEFAULT;
    o.size = 0;
    CHECK_INT_EQ(fih_writer_open(&w, place_path("unmade"), &o, &err), FIH_E_USAGE);
}

/* ---- one writer at a time */

/* Run in a child process; its result, or -100 - signal. */
static int in_child(int (*run)(void *), void *ctx)
{
    int status = 0;
    pid_t pid;

    fflush(stdout);
    if ((pid = fork()) == 0)
        _exit(run(ctx) & 0xFF);
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -100 - WTERMSIG(status);
}

static int try_writer(void *path)
{
    fih_writer *w = NULL;
    const int rc = open_writer(&w, path, 0, 0);

    fih_writer_close(w);
    return -rc;
}

static void there_is_one_writer_whatever_name_it_uses_and_process_it_is(void)
{
    fih_writer *w = NULL, *other = NULL;

    make_index(place_path("index"), 1);
    CHECK_INT_EQ(symlink("index", place_path("link")), 0);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_OK);
    CHECK_INT_EQ(open_writer(&other, place_path("index"), 0, 0), FIH_E_BUSY);
    CHECK(other == NULL);
    CHECK_INT_EQ(open_writer(&other, place_path("link"), 0, 0), FIH_E_BUSY);
    CHECK_INT_EQ(open_writer(&other, place_path("foreign/../index/"), 0, 0), FIH_E_BUSY);
    CHECK_INT_EQ(fih_compact(place_path("link"), NULL, &err), FIH_E_BUSY);
    CHECK_INT_EQ(in_child(try_writer, (void *)(uintptr_t)place_path("link")), -FIH_E_BUSY);
    CHECK_INT_EQ(add(w, "x", "y"), FIH_OK);     /* the one that has it is not disturbed */
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    fih_writer_close(w);
    CHECK_INT_EQ(in_child(try_writer, (void *)(uintptr_t)place_path("link")), 0);
    CHECK_INT_EQ(open_writer(&w, place_path("link"), 0, 0), FIH_OK);
    fih_writer_close(w);
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A process that holds the writer for a while, and says when it has it. */
static pid_t hold(const char *path, unsigned ms)
{
    int ready[2];
    char byte = 0;
    pid_t pid;

    fflush(stdout);
    if (pipe(ready) != 0 || (pid = fork()) < 0)
        return -1;
    if (pid == 0) {
        fih_writer *w = NULL;
        const int rc = open_writer(&w, path, 0, 0);

        (void)!write(ready[1], "x", rc == FIH_OK);
        usleep(ms * 1000);
        _exit(0);                       /* without closing: the end of a process is enough */
    }
    close(ready[1]);
    CHECK_INT_EQ(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
}

static void a_writer_waits_as_long_as_it_is_told(void)
{
    fih_writer *w = NULL;
    pid_t pid;
    int64_t from;

    make_index(place_path("index"), 1);
    pid = hold(place_path("index"), 600);
    from = now_ms();
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_E_BUSY);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 100, 0), FIH_E_BUSY);
    CHECK(now_ms() - from >= 100 && now_ms() - from < 500, "%d ms", (int)(now_ms() - from));
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 20000, 0), FIH_OK, "%s", err.msg);
    CHECK(now_ms() - from < 10000);
    fih_writer_close(w);
    waitpid(pid, NULL, 0);
    pid = hold(place_path("index"), 200);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), -1, 0), FIH_OK);
    fih_writer_close(w);
    waitpid(pid, NULL, 0);
}

static void a_killed_writer_holds_nothing(void)
{
    fih_writer *w = NULL;
    pid_t pid;

    make_index(place_path("index"), 2);
    pid = hold(place_path("index"), 60000);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(place_count_docs(place_path("index"), &err), 2);
}

/* ---- fork */

struct parents {
    fih_writer *writer;
    fih_reader *reader;
};

static int note_of(fih_reader *r)
{
    fih_str v;

    return fih_reader_note(&v, r, FIH_STR("k"), NULL);
}

/* Every call on what the parent made is refused; a handle of one's own works. */
static int use_parents(void *ctx)
{
    const struct parents *p = ctx;
    fih_query *q = NULL;
    fih_hits *h = NULL;
    fih_stored *s = NULL;

    fih_query_plain(&q, FIH_STR("نص"), NULL);
    if (fih_search(&h, p->reader, q, NULL, NULL) != FIH_E_FORK || h)
        return 1;
    if (fih_reader_doc(&s, p->reader, 0, NULL) != FIH_E_FORK || s)
        return 2;
    if (note_of(p->reader) != FIH_E_FORK)
        return 3;
    if (fih_writer_commit(p->writer, NULL) != FIH_E_FORK)
        return 4;
    if (fih_writer_note_put(p->writer, FIH_STR("k"), FIH_STR("v"), NULL) != FIH_OK &&
        fih_writer_rollback(p->writer, NULL) != FIH_E_FORK)
        return 5;
    if (place_count_docs(place_path("index"), &err) != 3)
        return 6;
    fih_query_free(q);
    fih_reader_close(p->reader);        /* closing is harmless */
    fih_writer_close(p->writer);
    return 0;
}

static void a_child_may_not_use_what_its_parent_opened_and_does_it_no_harm(void)
{
    struct parents p = {NULL, NULL};

    make_index(place_path("index"), 3);
    CHECK_INT_EQ(open_writer(&p.writer, place_path("index"), 0, 0), FIH_OK);
    CHECK_INT_EQ(fih_reader_open(&p.reader, place_path("index"), &err), FIH_OK);
    CHECK_INT_EQ(add(p.writer, "parent", "نص"), FIH_OK);
    CHECK_INT_EQ(in_child(use_parents, &p), 0);
    CHECK_INT_EQ(note_of(p.reader), FIH_E_NOTFOUND);
    CHECK_INT_EQ(in_child(try_writer, (void *)(uintptr_t)place_path("index")), -FIH_E_BUSY);
    CHECK_INT_EQ(fih_writer_commit(p.writer, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(place_count_docs(place_path("index"), &err), 4);
    fih_reader_close(p.reader);
    fih_writer_close(p.writer);
}

/* ---- handles that share */

/* How often this process has the data file open. */
static int open_files(void)
{
    DIR *d = opendir("/proc/self/fd");
    struct dirent *e;
    int n = 0;

    while (d && (e = readdir(d))) {
        char to[PATH_MAX];
        const ssize_t len = readlinkat(dirfd(d), e->d_name, to, sizeof to - 1);

        to[len > 0 ? len : 0] = '\0';
        n += strstr(to, "data.1.mdb") != NULL;
    }
    if (d)
        closedir(d);
    return n;
}

static void handles_by_any_name_share_one_index_and_outlive_each_other(void)
{
    fih_reader *a = NULL, *b = NULL, *c = NULL;
    fih_writer *w = NULL;
    char here[PATH_MAX];
    int changed = 0, files;

    make_index(place_path("index"), 3);
    CHECK_INT_EQ(open_files(), 0);
    REQUIRE(getcwd(here, sizeof here) && chdir(place) == 0);
    CHECK_INT_EQ(fih_reader_open(&a, "index", &err), FIH_OK, "%s", err.msg);
    files = open_files();
    CHECK_INT_EQ(fih_reader_open(&b, "./link", &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(open_writer(&w, "foreign/../link/", 0, 0), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(open_files(), files);          /* opened twice, LMDB would lose its locks */
    CHECK_INT_EQ(add(w, "new", "نص"), FIH_OK);
    fih_reader_close(a);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_open(&c, place_path("index"), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_doc_count(b), 3);
    CHECK_INT_EQ(fih_reader_doc_count(c), 4);
    fih_writer_close(w);
    CHECK(fih_reader_renew(&changed, b, &err) == FIH_OK && changed);
    CHECK_INT_EQ(fih_reader_doc_count(b), 4);
    fih_reader_close(c);
    CHECK_INT_EQ(note_of(b), FIH_E_NOTFOUND);
    fih_reader_close(b);
    CHECK_INT_EQ(open_files(), 0);
    CHECK_INT_EQ(chdir(here), 0);
}

struct thread {
    pthread_t id;
    int       rc;
};

static void *open_and_close(void *arg)
{
    struct thread *t = arg;

    for (unsigned i = 0; i < 20 && t->rc == 0; i++)
        t->rc = place_count_docs(place_path("index"), &err) < 3;
    return NULL;
}

static void threads_open_and_close_the_same_index_at_once(void)
{
    struct thread t[4] = {{0}};
    fih_writer *w = NULL;

    make_index(place_path("index"), 3);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_OK);
    for (unsigned i = 0; i < 4; i++)
        REQUIRE(pthread_create(&t[i].id, NULL, open_and_close, &t[i]) == 0);
    for (unsigned i = 0; i < 10; i++) {
        fih_error mine;
        fih_doc d = FIH_DOC_INIT;

        d.id = str("more");
        CHECK_INT_EQ(fih_writer_add(w, &d, &mine), FIH_OK);
        CHECK_INT_EQ(fih_writer_commit(w, &mine), FIH_OK);
    }
    for (unsigned i = 0; i < 4; i++) {
        pthread_join(t[i].id, NULL);
        CHECK_INT_EQ(t[i].rc, 0);
    }
    fih_writer_close(w);
}

/* ---- backup and compaction */

static void a_backup_is_the_last_commit_whole(void)
{
    fih_writer *w = NULL;

    make_index(place_path("index"), 5);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_OK);
    CHECK_INT_EQ(add(w, "not committed", "نص"), FIH_OK);
    CHECK_INT_EQ(fih_backup(place_path("index"), place_path("copy"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_backup(place_path("index"), place_path("copy"), &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_backup(place_path("index"), place_path("no/such/place"), &err), FIH_E_NOTFOUND);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(place_count_docs(place_path("copy"), &err), 5);
    CHECK_INT_EQ(place_count_docs(place_path("index"), &err), 6);
    CHECK_INT_EQ(fih_check(NULL, place_path("copy"), NULL, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(open_writer(&w, place_path("copy"), 0, 0), FIH_OK, "%s", err.msg);     /* an index like any other */
    CHECK_INT_EQ(add(w, "in the copy", "نص"), FIH_OK);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(place_count_docs(place_path("copy"), &err), 6);
    place_remove(place_path("copy"));
}

static uint64_t file_bytes(const char *path)
{
    fih_reader *r = NULL;
    fih_stats s = FIH_STATS_INIT;

    if (fih_reader_open(&r, path, &err) == FIH_OK)
        fih_reader_stats(&s, r, &err);
    fih_reader_close(r);
    return s.bytes_file;
}

static int stored_is(fih_reader *r, fih_docno doc, const char *id)
{
    fih_stored *s = NULL;
    fih_str got = {NULL, 0};
    int good;

    if (fih_reader_doc(&s, r, doc, &err) == FIH_OK)
        got = fih_stored_get(s, "id");
    good = got.len == strlen(id) && memcmp(got.ptr, id, got.len) == 0;
    fih_stored_free(s);
    return good;
}

static void compaction_gives_pages_back_and_leaves_open_readers_their_snapshot(void)
{
    fih_reader *r = NULL, *same = NULL;
    fih_writer *w = NULL;
    char id[32];
    uint64_t before;
    int changed = 0;

    make_index(place_path("index"), 4000);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_OK);
    for (unsigned i = 1; i < 4000; i += 2) {
        snprintf(id, sizeof id, "%u", i);
        CHECK_INT_EQ(fih_writer_delete(w, fih_str_of(id), &err), FIH_OK);
    }
    for (unsigned i = 0; i < 3; i++)
        CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_OK);
    fih_writer_close(w);
    before = file_bytes(place_path("index"));
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_open(&same, place_path("link"), &err), FIH_OK);
    CHECK_INT_EQ(fih_compact(place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    CHECK(file_bytes(place_path("index")) < before, "%d before, %d now", (int)before,
          (int)file_bytes(place_path("index")));
    CHECK(!is_there(place_path("index/data.1.mdb")) && is_there(place_path("index/data.2.mdb")));
    CHECK_INT_EQ(fih_reader_doc_count(r), 2000);
    CHECK(stored_is(r, 1000, "2000"));          /* not read before: from the file that has no name any more */
    CHECK_INT_EQ(note_of(same), FIH_E_NOTFOUND);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_OK);
    CHECK_INT_EQ(add(w, "after", "نص"), FIH_OK);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_reader_doc_count(r), 2000);
    CHECK(stored_is(r, 0, "0"));
    CHECK(fih_reader_renew(&changed, r, &err) == FIH_OK && changed);
    CHECK_INT_EQ(fih_reader_doc_count(r), 2001);
    CHECK(stored_is(r, 2000, "after"));
    fih_reader_close(r);
    fih_reader_close(same);
    CHECK_INT_EQ(fih_check(NULL, place_path("index"), NULL, NULL, &err), FIH_OK, "%s", err.msg);
}

/* Every document anew, with words that do not compress. */
static void rewrite_all(const char *path, unsigned docs, uint64_t seed)
{
    fih_writer *w = NULL;
    char id[16], body[3100];

    REQUIRE(open_writer(&w, path, 0, 0) == FIH_OK, "%s", err.msg);
    for (unsigned i = 0; i < docs; i++) {
        size_t n = 0;

        while (n < 3000)
            n += (size_t)snprintf(body + n, sizeof body - n, "w%u ", (unsigned)(tap_random(&seed) % 20000));
        snprintf(id, sizeof id, "%u", i);
        CHECK_INT_EQ(add(w, id, body), FIH_OK);
    }
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
}

static uint64_t live_bytes(const char *path)
{
    fih_reader *r = NULL;
    fih_stats s = FIH_STATS_INIT;

    if (fih_reader_open(&r, path, &err) == FIH_OK)
        fih_reader_stats(&s, r, &err);
    fih_reader_close(r);
    return s.bytes_live;
}

static void a_file_keeps_within_three_times_its_live_data_though_a_reader_is_old(void)
{
    enum { DOCS = 700 };
    const char *path = place_path("grown");
    fih_reader *r = NULL;
    int changed = 0;

    rewrite_all(path, DOCS, 1);
    CHECK_INT_EQ(fih_reader_open(&r, path, &err), FIH_OK, "%s", err.msg);
    for (unsigned i = 0; i < 24; i++) {
        if (i == 12) {                          /* the old one was whole all the time */
            CHECK(stored_is(r, DOCS - 1, "699") && fih_reader_doc_count(r) == DOCS);
            CHECK(fih_reader_renew(&changed, r, &err) == FIH_OK && changed, "%s", err.msg);
        }
        rewrite_all(path, DOCS, i + 2);
        const uint64_t live = live_bytes(path), all = file_bytes(path);
        /* LMDB's list of free pages is not in `live`. */
        CHECK(live > (4 << 20) / 3 && all <= 3 * (live + (32 << 10)), "%d live, %d in the file", (int)live, (int)all);
    }
    CHECK(count_entries(path) <= 4, "%d files", count_entries(path));
    CHECK_INT_EQ(fih_reader_doc_count(r), DOCS);
    fih_reader_close(r);
    CHECK_INT_EQ(fih_check(NULL, path, NULL, NULL, &err), FIH_OK, "%s", err.msg);
    place_remove(path);
}

static void a_table_of_readers_that_is_none_is_named(void)
{
    fih_writer *w = NULL;
    int fd;

    make_index(place_path("index"), 3);
    fd = open(place_path("index/data.1.mdb-lock"), O_RDWR | O_TRUNC);
    REQUIRE(fd >= 0 && ftruncate(fd, (off_t)1 << 40) == 0);    /* as long as no disk: no room is made for it */
    close(fd);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_E_CORRUPT);
    CHECK(strstr(err.msg, "data.1.mdb-lock"), "%s", err.msg);
    CHECK_INT_EQ(unlink(place_path("index/data.1.mdb-lock")), 0);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
}

/* Its length is only said, as a disk with holes can: no page of it is touched. From 256 GiB on there are no addresses
 * for four times the file. */
static void a_file_of_any_length_opens(void)
{
    static const off_t lengths[] = {(off_t)255 << 30, (off_t)257 << 30, (off_t)1 << 40, (off_t)3 << 40};
    fih_writer *w = NULL;

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        make_index(place_path("index"), 3);
        if (truncate(place_path("index/data.1.mdb"), lengths[i]) != 0)
            SKIP("no file of this length here");
        CHECK_INT_EQ(place_count_docs(place_path("index"), &err), 3, "%lld: %s", (long long)lengths[i], err.msg);
        CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_OK, "%lld: %s", (long long)lengths[i], err.msg);
        if (w) {
            CHECK_INT_EQ(add(w, "more", "نص"), FIH_OK);
            CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%lld: %s", (long long)lengths[i], err.msg);
        }
        fih_writer_close(w);
        CHECK_INT_EQ(place_count_docs(place_path("index"), &err), 4, "%lld: %s", (long long)lengths[i], err.msg);
    }
}

static void one_writer_goes_on_in_the_new_file(void)
{
    fih_writer *w = NULL;
    char id[16], file[32];

    make_index(place_path("index"), 3);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_OK);
    for (unsigned i = 1; i < 6; i++) {
        snprintf(file, sizeof file, "index/data.%u.mdb", i);
        REQUIRE(truncate(place_path(file), 5 << 20) == 0);
        snprintf(id, sizeof id, "more %u", i);
        CHECK_INT_EQ(add(w, id, "نص آخر"), FIH_OK);
        CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
        CHECK(!is_there(place_path(file)), "%s", file);
        CHECK_INT_EQ(place_count_docs(place_path("index"), &err), 3 + i);
        CHECK_INT_EQ(in_child(try_writer, (void *)(uintptr_t)place_path("index")), -FIH_E_BUSY);
    }
    fih_writer_close(w);
    CHECK_INT_EQ(in_child(try_writer, (void *)(uintptr_t)place_path("index")), 0);
}

/* Root may do anything, so root becomes nobody for a while. */
static int become(int nobody)
{
    static int was_root;
    const gid_t group = nobody ? 65534 : 0;

    if (nobody)
        was_root = geteuid() == 0;
    if (!was_root)
        return 0;
    return nobody ? setegid(group) | seteuid(65534) : seteuid(0) | setegid(group);
}

static void a_folder_one_may_not_write_is_no_permission(void)
{
    static const char *const files[] = {"index/data.1.mdb", "index/data.1.mdb-lock", "index/lock", "index/FIHRIST"};
    fih_writer *w = NULL;
    fih_reader *r = NULL;

    make_index(place_path("index"), 1);
    chmod(place, 0755);
    chmod(place_path("index/data.1.mdb"), 0);
    REQUIRE(become(1) == 0);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_E_PERM);
    become(0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        chmod(place_path(files[i]), 0444);
    chmod(place_path("index"), 0555);
    become(1);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_E_PERM);
    CHECK(strstr(err.msg, "lock"), "%s", err.msg);
    CHECK_INT_EQ(place_count_docs(place_path("index"), &err), 1);
    CHECK_INT_EQ(fih_backup(place_path("index"), place_path("index/copy"), &err), FIH_E_PERM, "%s", err.msg);
    CHECK_INT_EQ(fih_check(NULL, place_path("index"), NULL, NULL, &err), FIH_OK, "%s", err.msg);
    become(0);
    chmod(place_path("index/lock"), 0666);     /* what the writer holds, but nothing of the data */
    become(1);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_E_PERM);
    CHECK(strstr(err.msg, "data.1.mdb"), "%s", err.msg);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_E_PERM);      /* beside a reader of this process */
    CHECK(w == NULL && strstr(err.msg, "data.1.mdb"), "%s", err.msg);
    fih_reader_close(r);
    become(0);
    chmod(place_path("index"), 0777);
}

static void a_marker_that_names_no_data_file_is_named(void)
{
    static const char *const names[] = {"data.1.mdb", "data.0.mdb\n", "data.01.mdb\n", "data.1.mdb-lock\n", "x\n", ""};
    char text[64];

    make_index(place_path("index"), 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fih_writer *w = NULL;

        snprintf(text, sizeof text, "fihrist index 1\n%s", names[i]);
        place_write(place_path("index/FIHRIST"), text, strlen(text));
        CHECK_INT_EQ(place_count_docs(place_path("index"), &err), FIH_E_CORRUPT, "%s", names[i]);
        CHECK(strstr(err.msg, "index/FIHRIST"), "%s", err.msg);
        CHECK_INT_EQ(open_writer(&w, place_path("index"), 0, 0), FIH_E_CORRUPT, "%s", names[i]);
    }
    place_write(place_path("index/FIHRIST"), "fihrist index 1\ndata.1.mdb\n", strlen("fihrist index 1\ndata.1.mdb\n"));
    CHECK_INT_EQ(place_count_docs(place_path("index"), &err), 1);
}

/* What LMDB says is an error of ours, with the file's name. */
static void errors_of_lmdb_get_their_own_codes(void)
{
    static const struct {
        int         lmdb, code;
        const char *words;
    } codes[] = {
        {MDB_CORRUPTED, FIH_E_CORRUPT, "restore a backup"}, {MDB_PAGE_NOTFOUND, FIH_E_CORRUPT, "restore a backup"},
        {MDB_INVALID, FIH_E_CORRUPT, "restore a backup"}, {MDB_VERSION_MISMATCH, FIH_E_VERSION, "LMDB"},
        {MDB_MAP_FULL, FIH_E_NOMEM, "ulimit"}, {MDB_MAP_RESIZED, FIH_E_NOMEM, "ulimit"},
        {MDB_READERS_FULL, FIH_E_BUSY, "readers"}, {EIO, FIH_E_IO, ""}, {ENOSPC, FIH_E_FULL, ""},
        {EACCES, FIH_E_PERM, ""}, {ENOMEM, FIH_E_NOMEM, ""}, {MDB_PANIC, FIH_E_IO, "MDB_PANIC"},
    };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        CHECK_INT_EQ(fihi_fail_mdb(&err, codes[i].lmdb, "cannot do it to", "/dev/shm"), codes[i].code, "%zu", i);
        CHECK_INT_EQ(err.code, codes[i].code, "%zu", i);
        CHECK(strstr(err.msg, "cannot do it to '/dev/shm'") && strstr(err.msg, codes[i].words), "%s", err.msg);
    }
}

int main(void)
{
    place_new("store");
    RUN(a_missing_index_is_not_found_and_not_made);
    RUN(an_empty_folder_is_no_index_until_a_writer_makes_it_one);
    RUN(a_file_is_no_index);
    RUN(a_folder_with_other_files_is_no_index_and_stays_as_it_is);
    RUN(an_index_of_a_newer_format_is_refused_by_its_name);
    RUN(an_index_that_lost_a_file_is_refused_and_loses_nothing_more);
    RUN(what_a_killed_compaction_left_is_cleared_away);
    RUN(another_analyzer_is_refused);
    RUN(options_out_of_range_are_refused);
    RUN(there_is_one_writer_whatever_name_it_uses_and_process_it_is);
    RUN(a_writer_waits_as_long_as_it_is_told);
    RUN(a_killed_writer_holds_nothing);
    RUN(a_child_may_not_use_what_its_parent_opened_and_does_it_no_harm);
    RUN(handles_by_any_name_share_one_index_and_outlive_each_other);
    RUN(threads_open_and_close_the_same_index_at_once);
    RUN(a_backup_is_the_last_commit_whole);
    RUN(compaction_gives_pages_back_and_leaves_open_readers_their_snapshot);
    RUN(a_file_keeps_within_three_times_its_live_data_though_a_reader_is_old);
    RUN(a_table_of_readers_that_is_none_is_named);
    RUN(a_file_of_any_length_opens);
    RUN(one_writer_goes_on_in_the_new_file);
    RUN(a_folder_one_may_not_write_is_no_permission);
    RUN(a_marker_that_names_no_data_file_is_named);
    RUN(errors_of_lmdb_get_their_own_codes);
    place_remove(place);
    return DONE();
}
