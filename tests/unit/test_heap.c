/* test_heap.c - a program's own allocator: all goes back to it, and what it refuses is FIH_E_NOMEM. And its log. */
#undef malloc                          /* the C library's own: lib/meson.build */
#undef realloc
#undef free

#include <stdbool.h>

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

int main(void)
{
    place_new("heap");
    RUN(all_memory_comes_from_it_and_goes_back);
    RUN(what_it_refuses_is_no_memory);
    RUN(handles_of_one_file_may_have_different_ones);
    RUN(a_writer_tells_what_it_notes);
    place_remove(place);
    return DONE();
}
