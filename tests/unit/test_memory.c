/* test_memory.c - an index in memory: the answers of one on the disk, snapshots, threads, and nothing left behind. */
#include <pthread.h>
#include <sys/wait.h>

#include "place.h"
#include "sample.h"

static fih_error err;

static fih_writer *begin(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;

    o.memory_bytes = 64 << 20;
    o.fields = FIH_STR(SAMPLE_FIELDS);
    CHECK_INT_EQ(fih_writer_open_memory(&w, &o, &err), FIH_OK, "%s", err.msg);
    return w;
}

static fih_reader *reader_of(const fih_writer *w)
{
    fih_reader *r = NULL;

    CHECK_INT_EQ(fih_writer_reader(&r, w, &err), FIH_OK, "%s", err.msg);
    return r;
}

static unsigned files_open(void)
{
    DIR *d = opendir("/proc/self/fd");
    unsigned n = 0;

    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

static void compare_answers(fih_reader *r, fih_reader *other)
{
    struct answers a = {0}, b = {0};

    sample_ask(&a, r);
    sample_ask(&b, other);
    CHECK_INT_EQ(a.count, b.count);
    for (int i = 0; i < a.count; i++) {
        CHECK_INT_EQ(a.code[i], b.code[i], "%s", a.name[i]);
        CHECK(a.digest[i] == b.digest[i], "%s", a.name[i]);
    }
}

/* Several segments, deletions, notes of all lengths, and a merge. */
static void its_answers_are_those_of_an_index_on_the_disk(void)
{
    const char *const path = place_path("disk");
    fih_writer *w = begin(), *disk = NULL;
    fih_reader *r, *other = NULL;

    CHECK_INT_EQ(sample_fill(w, NULL, 300, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(sample_build(path, 300, NULL, &err), FIH_OK, "%s", err.msg);
    r = reader_of(w);
    CHECK_INT_EQ(fih_reader_open(&other, path, &err), FIH_OK, "%s", err.msg);
    compare_answers(r, other);
    CHECK_INT_EQ(fih_writer_open(&disk, path, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_merge(w, &err) | fih_writer_merge(disk, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_renew(NULL, r, &err) | fih_reader_renew(NULL, other, &err), FIH_OK, "%s", err.msg);
    compare_answers(r, other);
    fih_reader_close(r);
    fih_reader_close(other);
    /* A reader from a writer is one like others, on the disk too. */
    other = reader_of(disk);
    CHECK_STR_EQ(fih_reader_index_path(other, 0), path);
    fih_reader_close(other);
    fih_writer_close(disk);
    fih_writer_close(w);
}

static void a_reader_sees_its_commit_until_it_moves_and_after_the_writer(void)
{
    fih_writer *w = begin();
    fih_reader *r = NULL, *later;
    int changed = 1;

    CHECK_INT_EQ(fih_writer_reader(&r, w, &err), FIH_E_NOTFOUND);
    CHECK(r == NULL);
    CHECK_INT_EQ(sample_add(w, 1, 0, &err) | fih_writer_commit(w, &err), FIH_OK);
    r = reader_of(w);
    CHECK_INT_EQ(fih_reader_renew(&changed, r, &err), FIH_OK);
    CHECK_INT_EQ(changed, 0);
    CHECK_INT_EQ(sample_add(w, 2, 0, &err), FIH_OK);
    CHECK_INT_EQ(fih_writer_rollback(w, &err), FIH_OK);
    CHECK_INT_EQ(sample_add(w, 3, 0, &err) | fih_writer_commit(w, &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_doc_count(r), 1);
    later = reader_of(w);
    CHECK_INT_EQ(fih_reader_doc_count(later), 2);
    CHECK_INT_EQ(sample_add(w, 4, 0, &err), FIH_OK);
    fih_writer_close(w);                       /* not committed: gone */
    CHECK_INT_EQ(fih_reader_renew(&changed, r, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(changed, 1);
    CHECK_INT_EQ(fih_reader_doc_count(r), 2);
    compare_answers(r, later);
    CHECK_STR_EQ(fih_reader_index_path(r, 0), "(memory)");
    fih_reader_close(later);
    fih_reader_close(r);
}

static void it_has_no_name_no_files_and_no_neighbours(void)
{
    const unsigned before = files_open();
    fih_writer *w = begin(), *other = begin(), *none = NULL;
    fih_stats stats = FIH_STATS_INIT;
    fih_reader *r = NULL;

    CHECK_INT_EQ(sample_add(w, 1, 0, &err) | fih_writer_commit(w, &err) | fih_writer_commit(other, &err), FIH_OK);
    CHECK_INT_EQ(files_open(), before);
    CHECK_INT_EQ(fih_reader_open(&r, "(memory)", &err), FIH_E_NOTFOUND);
    CHECK_INT_EQ(fih_writer_open(&none, NULL, NULL, NULL), FIH_E_USAGE);
    CHECK_INT_EQ(fih_rebuild(NULL, NULL, NULL, NULL, NULL, NULL), FIH_E_USAGE);
    CHECK_INT_EQ(fih_compact(NULL, NULL, NULL), FIH_E_USAGE);
    r = reader_of(w);
    CHECK_INT_EQ(fih_reader_doc_count(r), 1);
    CHECK_INT_EQ(fih_reader_stats(&stats, r, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(stats.bytes_file, 0);
    CHECK(stats.bytes_live > 0 && stats.oldest_reader == 0);
    fih_reader_close(r);
    fih_writer_close(w);
    fih_writer_close(other);
}

static void a_child_process_may_not_use_it(void)
{
    fih_writer *w = begin();
    fih_reader *r;
    int status = -1;
    pid_t child;

    CHECK_INT_EQ(sample_add(w, 1, 0, &err) | fih_writer_commit(w, &err), FIH_OK);
    r = reader_of(w);
    if ((child = fork()) == 0) {
        fih_stored *s;
        const int rc = fih_reader_doc(&s, r, 0, &err), other = fih_writer_commit(w, &err);

        fih_reader_close(r);
        fih_writer_close(w);
        _exit(rc == FIH_E_FORK && other == FIH_E_FORK ? 0 : 1);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_reader_close(r);
    fih_writer_close(w);
}

/* ---- threads */

enum { DOCS = 20, VERSIONS = 60, READERS = 3 };

static struct {
    fih_reader  *readers[READERS];
    _Atomic int  is_over, wrong, moves;
} g;

/* Every document of a snapshot is of one version. */
static void *read_on(void *arg)
{
    fih_reader *const r = g.readers[*(unsigned *)arg];

    while (!g.is_over) {
        fih_str first = {NULL, 0};
        fih_stored *kept = NULL;
        int changed;

        g.wrong += fih_reader_renew(&changed, r, NULL) != FIH_OK || fih_reader_doc_count(r) != DOCS;
        g.moves += changed;
        for (unsigned i = 0; i < DOCS; i++) {
            fih_stored *s = NULL;
            fih_docno doc = 0;
            char id[32];

            snprintf(id, sizeof id, "doc-%05u", i + 10);
            if (fih_reader_find(&doc, r, fih_str_of(id), NULL) != FIH_OK || fih_reader_doc(&s, r, doc, NULL) != FIH_OK)
                g.wrong++;
            const fih_str version = s ? fih_stored_get(s, "version") : first;
            if (!kept) {
                first = version;
                kept = s;
                continue;
            }
            g.wrong += version.len != first.len || memcmp(version.ptr, first.ptr, first.len) != 0;
            fih_stored_free(s);
        }
        fih_stored_free(kept);
    }
    return NULL;
}

static void threads_read_while_another_writes(void)
{
    fih_writer *w = begin();
    pthread_t threads[READERS];
    unsigned numbers[READERS];
    int rc = FIH_OK;

    for (unsigned version = 0; version < VERSIONS && rc == FIH_OK; version++) {
        for (unsigned i = 0; i < DOCS && rc == FIH_OK; i++)
            rc = sample_add(w, i + 10, version, &err);
        if (rc == FIH_OK)
            rc = version % 9 == 4 ? fih_writer_merge(w, &err) : fih_writer_commit(w, &err);
        for (unsigned i = 0; version == 0 && i < READERS; i++) {
            g.readers[i] = reader_of(w);
            numbers[i] = i;
            CHECK_INT_EQ(pthread_create(&threads[i], NULL, read_on, &numbers[i]), 0);
        }
    }
    CHECK_INT_EQ(rc, FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    g.is_over = 1;
    for (unsigned i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        fih_reader_close(g.readers[i]);
    }
    CHECK_INT_EQ(g.wrong, 0);
    CHECK(g.moves > 0);
}

int main(void)
{
    place_new("memory");
    RUN(its_answers_are_those_of_an_index_on_the_disk);
    RUN(a_reader_sees_its_commit_until_it_moves_and_after_the_writer);
    RUN(it_has_no_name_no_files_and_no_neighbours);
    RUN(a_child_process_may_not_use_it);
    RUN(threads_read_while_another_writes);
    place_remove(place);
    return DONE();
}
