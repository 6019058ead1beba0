/* test_heap.c - a program's own allocator: all goes back to it, and what it refuses is FIH_E_NOMEM. And its log. */
#undef malloc                          /* the C library's own: lib/meson.build */
#undef realloc
#undef free

#include <limits.h>
#include <pthread.h>
#include <stdbool.h>

#include "age.h"
#include "shelf.h"

struct heap {
    _Atomic long calls, live, at;      /* the `at`-th call fails, and all after it; 0: none */
};

static bool fails(struct heap *h)
{
    const long n = ++h->calls;

    return h->at && n >= h->at;
}

static void *allocate(void *ctx, size_t bytes)
{
    struct heap *const h = ctx;
    void *const block = fails(h) ? NULL : malloc(bytes);

    h->live += block != NULL;
    return block;
}

static void *resize(void *ctx, void *block, size_t bytes)
{
    return fails(ctx) ? NULL : realloc(block, bytes);
}

static void release(void *ctx, void *block)
{
    ((struct heap *)ctx)->live--;
    free(block);
}

static fih_allocator allocator(struct heap *h)
{
    fih_allocator a = FIH_ALLOCATOR_INIT;

    a.allocate = allocate;
    a.resize = resize;
    a.release = release;
    a.ctx = h;
    return a;
}

/* Written by two threads, read, searched and shown: FIH_OK or the first error. */
static int whole_life(fih_error *error)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_doc d = FIH_DOC_INIT;
    fih_writer *w = NULL;
    fih_reader *r = NULL;
    fih_query *q = NULL;
    fih_hits *h = NULL;
    fih_stored *s = NULL;
    fih_snippet *p = NULL;
    int rc;

    o.threads = 2;
    d.id = FIH_STR("a");
    d.title = FIH_STR("رحلة");
    d.body = FIH_STR("رحلة السفينة إلى المرفأ");
    if ((rc = fih_writer_open_memory(&w, &o, error)) == 0 && (rc = fih_writer_add(w, &d, error)) == 0 &&
        (rc = fih_writer_commit(w, error)) == 0 && (rc = fih_writer_reader(&r, w, error)) == 0 &&
        (rc = fih_query_parse(&q, FIH_STR("\"السفينة إلى\" مرفأ*"), error)) == 0 &&
        (rc = fih_search(&h, r, q, NULL, error)) == 0 && (rc = fih_reader_doc(&s, r, 0, error)) == 0)
        rc = fih_snippet_new(&p, r, q, s, NULL, error);
    if (rc == 0 && (fih_hits_count(h) != 1 || fih_snippet_count(p) < 2))
        rc = -1000;
    fih_snippet_free(p);
    fih_stored_free(s);
    fih_hits_free(h);
    fih_query_free(q);
    fih_reader_close(r);
    fih_writer_close(w);
    return rc;
}

static void all_memory_comes_from_it_and_goes_back(void)
{
    struct heap heap = {0};
    const fih_allocator a = allocator(&heap);
    fih_query *mine = NULL, *other = NULL;
    long before;

    CHECK(fih_allocator_use(&a) == NULL);
    CHECK_INT_EQ(whole_life(&err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(heap.live, 0);
    CHECK(heap.calls > 100, "%ld", (long)heap.calls);
    CHECK_INT_EQ(fih_query_plain(&mine, FIH_STR("قارب"), &err), FIH_OK);
    CHECK(heap.live > 0);
    CHECK(fih_allocator_use(NULL) == &a);
    before = heap.calls;
    CHECK_INT_EQ(fih_query_plain(&other, FIH_STR("قارب"), &err), FIH_OK);
    CHECK_INT_EQ(whole_life(&err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(heap.calls, before);
    /* Each goes back to where it came from. */
    fih_query_free(mine);
    CHECK_INT_EQ(heap.live, 0);
    fih_allocator_use(&a);
    fih_query_free(other);
    CHECK_INT_EQ(heap.live, 0);
    fih_allocator_use(NULL);
}

static void what_it_refuses_is_no_memory(void)
{
    struct heap heap = {0};
    const fih_allocator a = allocator(&heap);
    long n = 1;
    int rc = FIH_E_NOMEM;

    fih_allocator_use(&a);
    for (; rc != FIH_OK && n < 100000; n += n < 300 ? 1 : n / 40) {
        heap.calls = 0;
        heap.at = n;
        rc = whole_life(&err);
        CHECK(rc == FIH_OK || (rc == FIH_E_NOMEM && err.code == FIH_E_NOMEM && err.msg[0]), "%ld: %d", n, rc);
        CHECK_INT_EQ(heap.live, 0, "%ld", n);
    }
    CHECK_INT_EQ(rc, FIH_OK);
    fih_allocator_use(NULL);
}

/* A reader on the disk is opened by one, and its file is shared with a reader of another: the first may be gone. */
static void handles_of_one_file_may_have_different_ones(void)
{
    struct heap heap = {0};
    const fih_allocator a = allocator(&heap);
    fih_writer *w = begin();
    fih_reader *first = NULL, *second = NULL;
    fih_hits *h;

    add(w, "a", "", "قارب");
    fih_reader_close(finish(w));
    fih_allocator_use(&a);
    CHECK_INT_EQ(fih_reader_open(&first, place_path("index"), &err), FIH_OK, "%s", err.msg);
    fih_allocator_use(NULL);
    CHECK_INT_EQ(fih_reader_open(&second, place_path("index"), &err), FIH_OK, "%s", err.msg);
    fih_reader_close(first);
    CHECK_INT_EQ(heap.live, 0);
    h = search(second, "قارب", NULL);
    CHECK_INT_EQ(fih_hits_count(h), 1);
    fih_hits_free(h);
    fih_reader_close(second);
}

/* Each call with its handle's own, in one thread: each gets back what was its own, and nothing else. */
static void two_handles_have_two_allocators(void)
{
    struct heap small = {0}, large = {0};
    const fih_allocator of_small = allocator(&small), of_large = allocator(&large);
    fih_writer *w = begin();
    fih_reader *r = NULL;
    fih_hits *h = NULL;
    long calls;

    add(w, "a", "", "قارب");
    fih_reader_close(finish(w));
    fih_allocator_use(&of_small);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK, "%s", err.msg);
    CHECK(fih_allocator_use(&of_large) == &of_small);
    calls = small.calls;
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    add(w, "b", "", "قارب في البحر");
    CHECK_INT_EQ(small.calls, calls);
    fih_allocator_use(&of_small);
    calls = large.calls;
    h = search(r, "قارب", NULL);
    CHECK_INT_EQ(fih_hits_count(h), 1);
    CHECK_INT_EQ(large.calls, calls);
    fih_allocator_use(&of_large);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_allocator_use(&of_small);
    CHECK_INT_EQ(fih_reader_renew(NULL, r, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_doc_count(r), 2);
    fih_allocator_use(NULL);
    CHECK(small.live > 0 && large.live > 0);
    fih_hits_free(h);
    fih_reader_close(r);
    CHECK_INT_EQ(small.live, 0);
    CHECK(large.live > 0);
    fih_writer_close(w);
    CHECK_INT_EQ(large.live, 0);
}

enum { THREADS = 4 };

struct searcher {
    struct heap heap;
    fih_allocator own;                 /* outlives the thread, since the reader does */
    fih_reader *reader;
    long        live;                  /* left when its hits were freed: what stays in the reader */
    int         rc;
};

static void *search_with_own(void *arg)
{
    struct searcher *const s = arg;

    s->own = allocator(&s->heap);
    fih_allocator_use(&s->own);
    for (int i = 0; i < 20 && s->rc == 0; i++) {
        fih_query *q = NULL;
        fih_hits *h = NULL;

        if ((s->rc = fih_query_parse(&q, FIH_STR("قارب بحر*"), NULL)) == 0 &&
            (s->rc = fih_search(&h, s->reader, q, NULL, NULL)) == 0 && fih_hits_count(h) != 1)
            s->rc = -1000;
        fih_hits_free(h);
        fih_query_free(q);
    }
    s->live = s->heap.live;
    return NULL;
}

/* The allocators of threads that have ended are still asked when the reader is closed. */
static void threads_with_their_own_share_a_reader(void)
{
    static struct searcher all[THREADS];
    pthread_t threads[THREADS];
    fih_writer *w = begin();
    fih_reader *r;
    long live = 0;

    add(w, "a", "", "قارب في البحر");
    r = finish(w);
    for (int i = 0; i < THREADS; i++) {
        all[i].reader = r;
        CHECK_INT_EQ(pthread_create(&threads[i], NULL, search_with_own, &all[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT_EQ(all[i].rc, FIH_OK);
        live += all[i].live;
    }
    CHECK(live > 0);
    fih_reader_close(r);
    for (int i = 0; i < THREADS; i++)
        CHECK_INT_EQ(all[i].heap.live, 0, "thread %d", i);
}

/* ---- the log */

static struct {
    char lines[4000];
    int  most;                         /* the worst level */
} told;

static void tell(void *ctx, int level, const char *message)
{
    CHECK(ctx == &told && strchr(message, '\n') == NULL);
    told.most = level > told.most ? level : told.most;
    snprintf(told.lines + strlen(told.lines), sizeof told.lines - strlen(told.lines), "%s\n", message);
}

static fih_writer *listened(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;

    memset(&told, 0, sizeof told);
    o.on_log = tell;
    o.log_ctx = &told;
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), &o, &err), FIH_OK, "%s", err.msg);
    return w;
}

static int stop(void *ctx, const fih_progress *p)
{
    (void)p;
    return *(int *)ctx;
}

static void a_writer_tells_what_it_notes(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_reader *old = NULL;
    fih_doc d = FIH_DOC_INIT;
    fih_query *q = NULL;
    fih_writer *w;
    int stops = 0;

    place_remove(place_path("index"));
    w = listened();
    add(w, "a", "", "قارب");
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK_STR_EQ(told.lines, "");
    CHECK_INT_EQ(fih_reader_open(&old, place_path("index"), &err), FIH_OK);
    add(w, "b", "", "قارب");
    CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_OK);
    CHECK(strstr(told.lines, "merged 2 segments into one of 2 documents") != NULL, "%s", told.lines);
    CHECK(strstr(told.lines, "reads an older commit") != NULL, "%s", told.lines);
    CHECK_INT_EQ(told.most, FIH_LOG_WARNING);
    fih_reader_close(old);
    fih_writer_close(w);
    /* Cancelled in the middle: what was added is gone. */
    memset(&told, 0, sizeof told);
    o.on_log = tell;
    o.log_ctx = &told;
    o.on_progress = stop;
    o.ctx = &stops;
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), &o, &err), FIH_OK);
    d.id = FIH_STR("c");
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK);
    stops = 1;
    usleep(120 * 1000);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_E_CANCEL);
    CHECK(strstr(told.lines, "dropped 1 uncommitted document, for an error (cancelled)") != NULL, "%s", told.lines);
    fih_writer_close(w);
    /* Written to the disk, and never committed. */
    w = listened();
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK);
    CHECK_INT_EQ(fih_query_plain(&q, FIH_STR("سفينة"), &err) | fih_writer_delete_query(NULL, w, q, &err), FIH_OK);
    fih_query_free(q);
    fih_writer_close(w);
    CHECK_STR_EQ(told.lines, "");
    w = listened();
    CHECK(strstr(told.lines, "removed 1 unfinished segment that an interrupted") != NULL, "%s", told.lines);
    fih_writer_close(w);
}

static fih_reader *listening(const char *const *paths, size_t count)
{
    fih_reader_opts o = FIH_READER_OPTS_INIT;
    fih_reader *r = NULL;

    memset(&told, 0, sizeof told);
    o.on_log = tell;
    o.log_ctx = &told;
    CHECK_INT_EQ(fih_reader_open_with(&r, paths, count, &o, &err), FIH_OK, "%s", err.msg);
    return r;
}

static void a_reader_tells_what_it_notes(void)
{
    enum { PLACES = 510 };
    static fih_reader *many[PLACES];
    const char *const path = place_path("index"), *const paths[] = {path};
    fih_reader_opts bad = FIH_READER_OPTS_INIT;
    fih_writer *w = begin();
    fih_reader *r, *none;
    int changed;

    bad.size = 0;
    CHECK_INT_EQ(fih_reader_open_with(&none, paths, 1, &bad, &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_reader_open_with(&none, paths, 0, NULL, &err), FIH_E_USAGE);
    add(w, "a", "", "قارب");
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_open_with(&none, paths, 1, NULL, &err), FIH_OK, "%s", err.msg);
    fih_reader_close(none);
    r = listening(paths, 1);
    fih_hits_free(search(r, "قارب", NULL));
    CHECK_STR_EQ(told.lines, "");
    add(w, "b", "", "قارب");
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_reader_renew(&changed, r, &err), FIH_OK, "%s", err.msg);
    CHECK(strstr(told.lines, "moved from commit 1 to 2, of 2 documents\n") != NULL, "%s", told.lines);
    CHECK_INT_EQ(told.most, FIH_LOG_INFO);
    memset(&told, 0, sizeof told);
    CHECK_INT_EQ(fih_reader_renew(&changed, r, &err), FIH_OK, "%s", err.msg);
    CHECK_STR_EQ(told.lines, "");
    fih_reader_close(r);
    /* LMDB's table of readers is full. */
    for (unsigned i = 0; i < PLACES; i++)
        CHECK_INT_EQ(fih_reader_open(&many[i], path, &err), FIH_OK, "%s", err.msg);
    r = listening(paths, 1);
    CHECK(strstr(told.lines, "without a place among its readers") != NULL, "%s", told.lines);
    CHECK_INT_EQ(told.most, FIH_LOG_WARNING);
    fih_reader_close(r);
    for (unsigned i = 0; i < PLACES; i++)
        fih_reader_close(many[i]);
    CHECK_INT_EQ(age_index(path, NULL, &err), FIH_OK, "%s", err.msg);
    r = listening(paths, 1);
    CHECK(strstr(told.lines, "it must be rebuilt") != NULL, "%s", told.lines);
    CHECK_INT_EQ(told.most, FIH_LOG_WARNING);
    fih_reader_close(r);
}

static void a_merge_tells_what_it_notes(void)
{
    static char first[PATH_MAX], second[PATH_MAX], dest[PATH_MAX];
    const char *const both[] = {first, second};
    fih_merge_opts o = FIH_MERGE_OPTS_INIT;
    fih_writer *w = begin();

    snprintf(first, sizeof first, "%s", place_path("index"));
    snprintf(second, sizeof second, "%s", place_path("second"));
    snprintf(dest, sizeof dest, "%s", place_path("dest"));
    add(w, "a", "", "قارب");
    fih_reader_close(finish(w));
    CHECK_INT_EQ(fih_writer_open(&w, second, NULL, &err), FIH_OK, "%s", err.msg);
    add(w, "a", "", "قارب آخر");
    add(w, "b", "", "قارب");
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    fih_writer_close(w);
    memset(&told, 0, sizeof told);
    o.on_log = tell;
    o.log_ctx = &told;
    CHECK_INT_EQ(fih_merge(both, 2, dest, &o, &err), FIH_OK, "%s", err.msg);
    CHECK(strstr(told.lines, "left out 1 document whose id a later index has\n") != NULL, "%s", told.lines);
    CHECK(strstr(told.lines, "merged 2 indexes of 2 segments, in ") != NULL, "%s", told.lines);
    CHECK(strstr(told.lines, dest) != NULL, "%s", told.lines);
    CHECK_INT_EQ(told.most, FIH_LOG_INFO);
    memset(&told, 0, sizeof told);
    CHECK_INT_EQ(fih_merge(both, 2, dest, &o, &err), FIH_E_USAGE);
    CHECK_STR_EQ(told.lines, "");
}

int main(void)
{
    place_new("heap");
    RUN(all_memory_comes_from_it_and_goes_back);
    RUN(what_it_refuses_is_no_memory);
    RUN(handles_of_one_file_may_have_different_ones);
    RUN(two_handles_have_two_allocators);
    RUN(threads_with_their_own_share_a_reader);
    RUN(a_writer_tells_what_it_notes);
    RUN(a_reader_tells_what_it_notes);
    RUN(a_merge_tells_what_it_notes);
    place_remove(place);
    return DONE();
}
