/* test_io.c - the n-th call to the operating system fails, once or for ever: a named cause, and the last commit whole.
 *
 *   test_io [--every]       also the far calls one by one
 *
 * For each kind of call, each error it can give, and each n up to the number of calls that a run makes: a copy of the
 * sample index is written to, compacted, backed up and read while call n (or every one from n on) fails. The writer
 * that failed then goes on with the fault gone, and so does a new one; nothing of the last commit may be lost.
 */
#include <limits.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "sample.h"
#include "calls.h"

enum { DOCS = 60 };

static struct sample_home home;

static struct {
    int            every;
    unsigned       runs, failures, odd;
} g;

static void fresh_copy(void)
{
    sample_fresh_copy(&home);
}

/* ---- what is done while calls fail; each returns the first error */

static int do_write(fih_writer **w, fih_error *err)
{
    int rc = *w ? FIH_OK : fih_writer_open(w, home.copy, NULL, err);

    for (unsigned i = 0; i < 30 && rc == 0; i++)
        rc = sample_add(*w, 40000 + i, 5, err);
    if (rc == 0)
        rc = sample_note(*w, 12, 5, err);
    if (rc == 0)
        rc = fih_writer_commit(*w, err);
    return rc;
}

static int do_merge(fih_writer **w, fih_error *err)
{
    int rc = *w ? FIH_OK : fih_writer_open(w, home.copy, NULL, err);

    if (rc == 0)
        rc = fih_writer_delete_source(NULL, *w, FIH_STR("folder/file-3"), err);
    return rc == 0 ? fih_writer_merge(*w, err) : rc;
}

/* A commit that gives pages back. */
static int do_tidy(fih_writer **w, fih_error *err)
{
    const int rc = *w ? FIH_OK : fih_writer_open(w, home.copy, NULL, err);

    return rc != 0 || sample_grow(home.copy) != 0 ? rc : do_write(w, err);
}

static int do_compact(fih_writer **w, fih_error *err)
{
    (void)w;
    return fih_compact(home.copy, NULL, err);
}

static int do_backup(fih_writer **w, fih_error *err)
{
    (void)w;
    return fih_backup(home.copy, home.backup, err);
}

static int do_rebuild(fih_writer **w, fih_error *err)
{
    (void)w;
    return fih_rebuild(home.copy, NULL, NULL, NULL, NULL, err);
}

static int do_rebuild_beside(fih_writer **w, fih_error *err)
{
    (void)w;
    return fih_rebuild(home.copy, home.backup, NULL, NULL, NULL, err);
}

/* All documents of the first are replaced by the second's. */
static int do_join(fih_writer **w, fih_error *err)
{
    const char *const both[] = {home.dir, home.copy};

    (void)w;
    return fih_merge(both, 2, home.backup, NULL, err);
}

/* What it has made, once calls succeed again. */
static void look_beside(const char *where)
{
    fih_reader *old = NULL, *new = NULL;
    fih_error err = {0, 0, 0, ""};

    CHECK_INT_EQ(fih_check(NULL, home.backup, print_problem, NULL, &err), FIH_OK, "%s; %s", err.msg, where);
    if (fih_reader_open(&old, home.copy, NULL) == FIH_OK && fih_reader_open(&new, home.backup, NULL) == FIH_OK)
        CHECK_INT_EQ(fih_reader_doc_count(new), fih_reader_doc_count(old), "%s", where);
    else
        CHECK(0, "cannot be read; %s", where);
    fih_reader_close(old);
    fih_reader_close(new);
    remove_folder(home.backup);
}

static int do_read(fih_writer **w, fih_error *err)
{
    struct answers a;

    (void)w;
    sample_answers(&a, home.copy);
    for (int i = 0; i < a.count; i++)
        if (a.code[i] != 0) {
            err->code = a.code[i];
            err->cause = a.cause[i];
            snprintf(err->msg, sizeof err->msg, "%s", a.name[i]);
            return a.code[i];
        }
    CHECK(answers_equal(&home.want, &a), "other answers");
    return FIH_OK;
}

static int do_create(fih_writer **w, fih_error *err)
{
    int rc = *w ? FIH_OK : fih_writer_open(w, home.copy, NULL, err);
    if (rc == 0)
        rc = sample_add(*w, 1, 1, err);
    return rc == 0 ? fih_writer_commit(*w, err) : rc;
}

typedef int work(fih_writer **w, fih_error *err);

/* A damaged index would send the user to his backups: no failing call may be taken for one. */
static int names_cause(int code, const fih_error *err, int error)
{
    if (code != err->code || err->msg[0] == '\0' || code == FIH_E_CORRUPT || code == FIH_E_NOTFOUND ||
        code == FIH_E_NOTINDEX)
        return 0;
    if (error == ENOSPC || error == EDQUOT)
        return code == FIH_E_FULL;
    return err->cause == error || code == FIH_E_NOMEM;
}

/* Run with call n failing. 0: the run made fewer calls. */
static int one(const char *name, work *run, unsigned kinds, uint64_t n, enum call_how how, int error, int for_ever)
{
    const int is_read = run == do_read, is_new = run == do_create;
    fih_writer *w = NULL;
    fih_error err = {0, 0, 0, ""};
    struct answers after;
    uint64_t calls_made;
    char where[400];
    int rc, again, hit;

    fresh_copy();
    if (is_new)
        remove_folder(home.copy);
    calls_arm(kinds, n, how, error, for_ever);
    rc = run(&w, &err);
    hit = calls.hits > 0;
    calls_made = calls.calls;
    calls_disarm();
    g.runs++;
    g.failures += rc != 0;
    snprintf(where, sizeof where, "%s, call %u of kinds %x, error %d%s: %s (%.200s)", name, (unsigned)n, kinds, error,
             for_ever ? " for ever" : "", fih_error_name(rc), err.msg);
    if (rc == 0 && (run == do_rebuild_beside || run == do_join))
        look_beside(where);
    if (rc != 0 && how != CALL_SHORT && !CHECK(names_cause(rc, &err, error), "%s", where))
        g.odd++;
    if (rc != 0 && how == CALL_SHORT)
        CHECK(rc == FIH_E_IO || rc == FIH_E_FULL, "%s", where);
    if (rc != 0 && !is_new) {
        /* a commit whose last step failed may have happened; then all of it has */
        sample_answers(&after, home.copy);
        CHECK(answers_equal(&home.want, &after) || run == do_compact || (run == do_merge && after.code[0] == 0), "%s",
              where);
    }
    if (!is_new || rc == 0)
        CHECK_INT_EQ(fih_check(NULL, home.copy, print_problem, NULL, NULL), FIH_OK, "%s", where);
    /* the same writer goes on, and then a new one */
    if (rc != 0 && !is_read) {
        fih_error second = {0, 0, 0, ""};

        if (w) {
            again = run(&w, &second);
            CHECK_INT_EQ(again, FIH_OK, "the same writer again: %s; %s", second.msg, where);
        }
        fih_writer_close(w);
        w = NULL;
        /* what cannot be removed stays */
        CHECK((kinds == 1u << CALL_NAME && for_ever) || access(home.backup, F_OK) != 0, "half a backup is left; %s",
              where);
        again = run == do_create ? run(&w, &second) : do_write(&w, &second);
        CHECK_INT_EQ(again, FIH_OK, "a new writer: %s; %s", second.msg, where);
        CHECK_INT_EQ(fih_check(NULL, home.copy, print_problem, NULL, NULL), FIH_OK, "%s", where);
    }
    fih_writer_close(w);
    if (rc == 0 || !is_read) {                 /* the old documents are there, whatever came on top */
        fih_reader *r = NULL;
        fih_docno doc;

        if (CHECK_INT_EQ(fih_reader_open(&r, home.copy, &err), FIH_OK, "%s", where)) {
            CHECK_INT_EQ(fih_reader_find(&doc, r, FIH_STR("doc-00001"), NULL), FIH_OK, "%s", where);
            CHECK(is_new || fih_reader_doc_count(r) >= DOCS, "%s", where);
        }
        fih_reader_close(r);
    }
    return hit || calls_made >= n;
}

static const struct {
    const char   *name;
    enum call     kind;
    enum call_how how;
    int           error;
} faults[] = {
    {"full disk", CALL_WRITE, CALL_FAIL, ENOSPC}, {"quota", CALL_WRITE, CALL_FAIL, EDQUOT},
    {"write error", CALL_WRITE, CALL_FAIL, EIO},  {"short write", CALL_WRITE, CALL_SHORT, EIO},
    {"sync error", CALL_SYNC, CALL_FAIL, EIO},    {"sync on a full disk", CALL_SYNC, CALL_FAIL, ENOSPC},
    {"no descriptors", CALL_OPEN, CALL_FAIL, EMFILE}, {"open error", CALL_OPEN, CALL_FAIL, EIO},
    {"truncate", CALL_TRUNCATE, CALL_FAIL, ENOSPC},  {"names on a full disk", CALL_NAME, CALL_FAIL, ENOSPC},
    {"names", CALL_NAME, CALL_FAIL, EIO},         {"fstat", CALL_STAT, CALL_FAIL, EIO},
    {"no room for a map", CALL_MAP, CALL_FAIL, ENOMEM}, {"read error", CALL_READ, CALL_FAIL, EIO},
    {"no locks", CALL_LOCK, CALL_FAIL, ENOLCK},
};

static void all_faults(const char *name, work *run)
{
    const unsigned runs = g.runs, failures = g.failures;

    for (size_t f = 0; f < sizeof faults / sizeof *faults; f++)
        for (int for_ever = 0; for_ever < 2; for_ever++)
            for (uint64_t n = 1; n < 5000 && tap.notes < 20; n += g.every || n < 60 ? 1 : 1 + n / 8)
                if (!one(name, run, 1u << faults[f].kind, n, faults[f].how, faults[f].error, for_ever))
                    break;
    printf("# %s: %u runs, %u failed\n", name, g.runs - runs, g.failures - failures);
}

static void a_commit_that_fails_changes_nothing(void)
{
    all_faults("commit", do_write);
}

static void a_merge_that_fails_changes_nothing(void)
{
    all_faults("merge", do_merge);
}

static void a_commit_stands_though_pages_cannot_be_given_back(void)
{
    all_faults("tidy", do_tidy);
}

static void a_compaction_that_fails_changes_nothing(void)
{
    all_faults("compact", do_compact);
}

static void a_backup_that_fails_leaves_nothing(void)
{
    all_faults("backup", do_backup);
}

static void a_rebuild_that_fails_changes_nothing(void)
{
    all_faults("rebuild", do_rebuild);
}

static void a_rebuild_beside_that_fails_leaves_nothing(void)
{
    all_faults("rebuild beside", do_rebuild_beside);
}

static void a_new_index_that_fails_can_be_made_again(void)
{
    all_faults("create", do_create);
}

static void a_reader_that_fails_names_the_cause(void)
{
    all_faults("read", do_read);
}

/* Where in the run the call "verb name" was, from `from` on; UINT_MAX: nowhere. */
static unsigned call_at(unsigned from, const char *what)
{
    for (; from < calls_kept.count; from++)
        if (strcmp(calls_kept.what[from], what) == 0)
            return from;
    return UINT_MAX;
}

/* Each comes, and after the one before it. */
static void check_order(const char *name, const char *const *order, size_t count)
{
    unsigned at = 0;

    for (size_t i = 0; i < count; i++) {
        const unsigned found = call_at(at, order[i]);

        if (!CHECK(found != UINT_MAX, "%s: no '%s' behind '%s'", name, order[i], i ? order[i - 1] : "the start")) {
            for (unsigned k = 0; k < calls_kept.count; k++)
                printf("#   %s\n", calls_kept.what[k]);
            return;
        }
        at = found + 1;
    }
}

/* After a power failure a name may be missing, or be there before what it names, unless the directory was synced. */
static void a_marker_names_only_what_lasts(void)
{
    static const char *const create[] = {"make copy", "make FIHRIST.new", "sync FIHRIST.new", "sync copy",
                                         "make data.1.mdb", "sync data.1.mdb", "sync copy", "rename FIHRIST.new",
                                         "sync copy", "sync PLACE"};
    static const char *const compact[] = {"make data.2.mdb", "sync data.2.mdb", "make FIHRIST.new", "sync FIHRIST.new",
                                          "sync copy", "rename FIHRIST.new", "sync copy"};
    static const char *const backup[] = {"make backup", "make data.1.mdb", "sync data.1.mdb", "make FIHRIST.new",
                                         "sync FIHRIST.new", "sync backup", "rename FIHRIST.new", "sync backup",
                                         "sync PLACE"};
    static const struct {
        const char        *name;
        work              *run;
        const char *const *order;
        size_t             count;
    } runs[] = {{"create", do_create, create, sizeof create / sizeof *create},
                {"compact", do_compact, compact, sizeof compact / sizeof *compact},
                {"backup", do_backup, backup, sizeof backup / sizeof *backup}};

    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        const char *order[16], *slash;
        char parent[80], place[300];
        fih_error err = {0, 0, 0, ""};
        fih_writer *w = NULL;

        snprintf(place, sizeof place, "%.250s", home.copy);
        *strrchr(place, '/') = '\0';
        slash = strrchr(place, '/');
        snprintf(parent, sizeof parent, "sync %.60s", slash + 1);
        for (size_t k = 0; k < runs[i].count; k++)
            order[k] = strcmp(runs[i].order[k], "sync PLACE") == 0 ? parent : runs[i].order[k];
        fresh_copy();
        if (runs[i].run == do_create)
            remove_folder(home.copy);
        calls_kept.count = 0;
        calls_kept.is_kept = 1;
        CHECK_INT_EQ(runs[i].run(&w, &err), FIH_OK, "%s: %s", runs[i].name, err.msg);
        calls_kept.is_kept = 0;
        fih_writer_close(w);
        check_order(runs[i].name, order, runs[i].count);
    }
    remove_folder(home.backup);
}

/* A real limit, in a child: the file cannot grow past where it stands. */
static void a_file_that_cannot_grow_keeps_the_last_commit(void)
{
    for (size_t room = 0; room < 400 << 10; room += 12 << 10) {
        int status;
        pid_t pid;

        fresh_copy();
        fflush(stdout);
        REQUIRE((pid = fork()) >= 0);
        if (pid == 0) {
            const struct rlimit limit = {home.bytes + room, home.bytes + room};
            fih_writer *w = NULL;
            fih_error err = {0, 0, 0, ""};
            int rc;

            signal(SIGXFSZ, SIG_IGN);
            setrlimit(RLIMIT_FSIZE, &limit);
            if ((rc = fih_writer_open(&w, home.copy, NULL, &err)) == 0)
                for (unsigned i = 0; i < 400 && rc == 0; i++)
                    rc = sample_add(w, 50000 + i, 1, &err);
            if (rc == 0)
                rc = fih_writer_commit(w, &err);
            fih_writer_close(w);
            _exit(rc == 0 ? 0 : rc == FIH_E_IO || rc == FIH_E_FULL ? 1 : 100 - rc);
        }
        waitpid(pid, &status, 0);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) <= 1, "room %zu: status %x", room, status);
        CHECK_INT_EQ(fih_check(NULL, home.copy, print_problem, NULL, NULL), FIH_OK, "room %zu", room);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 1) {
            struct answers after;
            fih_writer *w = NULL;
            fih_error err = {0, 0, 0, ""};

            sample_answers(&after, home.copy);
            CHECK(answers_equal(&home.want, &after), "room %zu: other answers", room);
            CHECK_INT_EQ(do_write(&w, &err), FIH_OK, "room %zu: a rerun: %s", room, err.msg);
            fih_writer_close(w);
        }
    }
}

static void a_merge_beside_that_fails_leaves_nothing(void)
{
    all_faults("merge beside", do_join);
}

int main(int argc, char **argv)
{
    g.every = argc > 1 && strcmp(argv[1], "--every") == 0;
    sample_move_in(&home, "io", DOCS);
    RUN(a_commit_that_fails_changes_nothing);
    RUN(a_merge_that_fails_changes_nothing);
    RUN(a_commit_stands_though_pages_cannot_be_given_back);
    RUN(a_compaction_that_fails_changes_nothing);
    RUN(a_backup_that_fails_leaves_nothing);
    RUN(a_rebuild_that_fails_changes_nothing);
    RUN(a_rebuild_beside_that_fails_leaves_nothing);
    RUN(a_merge_beside_that_fails_leaves_nothing);
    RUN(a_new_index_that_fails_can_be_made_again);
    RUN(a_reader_that_fails_names_the_cause);
    RUN(a_marker_names_only_what_lasts);
    RUN(a_file_that_cannot_grow_keeps_the_last_commit);
    sample_move_out(&home);
    return DONE();
}
