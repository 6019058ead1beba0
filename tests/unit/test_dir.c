/* test_dir.c - an index in a folder where others put, or take away, what they like. Through the API. */
#define _GNU_SOURCE                    /* RTLD_NEXT */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "fihrist.h"
#include "place.h"
#include "store/store.h"
#include "tap.h"

static fih_error err;

static int holds(const char *path, const char *text)
{
    char got[64] = "";
    FILE *f = fopen(path, "r");

    if (!f)
        return 0;
    got[fread(got, 1, sizeof got - 1, f)] = '\0';
    fclose(f);
    return strcmp(got, text) == 0;
}

static int is_there(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

static int write_one(const char *path, const char *id)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_doc d = FIH_DOC_INIT;
    fih_writer *w = NULL;
    int rc;

    o.wait_ms = 0;
    d.id = (fih_str){id, strlen(id)};
    d.body = (fih_str){"حقل قمح", strlen("حقل قمح")};
    if ((rc = fih_writer_open(&w, path, &o, &err)) == 0 && (rc = fih_writer_add(w, &d, &err)) == 0)
        rc = fih_writer_commit(w, &err);
    fih_writer_close(w);
    return rc;
}

static void new_index(const char *path)
{
    place_remove(path);
    CHECK_INT_EQ(write_one(path, "first"), FIH_OK, "%s", err.msg);
}

/* ---- files of others */

static void a_folder_with_a_file_of_anybody_is_no_index_to_be(void)
{
    static const char *const names[] = {"data.csv",         "data.",          "data.01.mdb",  "data.1.mdb.old",
                                        "data.1.mdb-lock2", "data.x.mdb",     "data.-1.mdb",  "data. 1.mdb",
                                        "data.1.mdb",       "data.1.mdb-lock", "data.77.mdb", "FIHRIST.old",
                                        "FIHRIST.new",      "lock",           ".hidden"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[64];

        place_remove(place_path("d"));
        CHECK_INT_EQ(mkdir(place_path("d"), 0777), 0);
        snprintf(path, sizeof path, "d/%s", names[i]);
        place_write(place_path(path), "mine", strlen("mine"));
        CHECK(write_one(place_path("d"), "x") < 0, "%s", names[i]);
        CHECK(err.code == FIH_E_NOTINDEX || err.code == FIH_E_CORRUPT, "%s: %s", names[i], err.msg);
        CHECK(place_count_docs(place_path("d"), &err) < 0, "%s", names[i]);
        CHECK(holds(place_path(path), "mine"), "%s is gone", names[i]);
    }
}

static void files_of_others_in_an_index_stay(void)
{
    static const char *const names[] = {"data.csv",  "data.",       "data.02.mdb", "data.2.mdb.old", "data.2.mdb-lock2",
                                        "data.json", "data.x.mdb",  "notes.txt",   "data.2.mdbx",    "data.+2.mdb"};
    char path[64];

    new_index(place_path("index"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "index/%s", names[i]);
        place_write(place_path(path), "mine", strlen("mine"));
    }
    CHECK_INT_EQ(mkdir(place_path("index/data.3.mdb"), 0777), 0);
    place_write(place_path("victim"), "mine", strlen("mine"));
    CHECK_INT_EQ(symlink("../victim", place_path("index/data.4.mdb")), 0);
    place_write(place_path("index/data.9.mdb"), "half a copy", strlen("half a copy"));
    place_write(place_path("index/data.9.mdb-lock"), "", strlen(""));
    CHECK_INT_EQ(write_one(place_path("index"), "second"), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_compact(place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "index/%s", names[i]);
        CHECK(holds(place_path(path), "mine"), "%s is gone", names[i]);
    }
    CHECK(is_there(place_path("index/data.3.mdb")) && is_there(place_path("index/data.4.mdb")));
    CHECK(holds(place_path("victim"), "mine"));
    CHECK(!is_there(place_path("index/data.9.mdb")) && !is_there(place_path("index/data.9.mdb-lock")));
    CHECK(!is_there(place_path("index/data.1.mdb")));
    CHECK_INT_EQ(place_count_docs(place_path("index"), &err), 2);
}

static void a_creation_that_was_cut_short_is_begun_again(void)
{
    static const char whole[] = "fihrist index 1\ndata.1.mdb\n";

    for (size_t n = 0; n < sizeof whole; n++) {
        char part[sizeof whole];

        snprintf(part, n + 1, "%s", whole);
        place_remove(place_path("d"));
        CHECK_INT_EQ(mkdir(place_path("d"), 0777), 0);
        place_write(place_path("d/lock"), "", strlen(""));
        place_write(place_path("d/FIHRIST.new"), part, strlen(part));
        if (n == sizeof whole - 1) {
            place_write(place_path("d/data.1.mdb"), "part", strlen("part"));
            place_write(place_path("d/data.1.mdb-lock"), "", strlen(""));
        }
        CHECK_INT_EQ(place_count_docs(place_path("d"), &err), FIH_E_NOTINDEX);
        CHECK_INT_EQ(write_one(place_path("d"), "x"), FIH_OK, "%zu bytes: %s", n, err.msg);
        CHECK_INT_EQ(place_count_docs(place_path("d"), &err), 1);
    }
    CHECK(!is_there(place_path("d/FIHRIST.new")));
}

/* The file had its length before it had its bytes. */
static void a_creation_that_lost_the_power_is_begun_again(void)
{
    static const char whole[] = "fihrist index 1\ndata.1.mdb\n";
    char part[sizeof whole - 1];

    for (size_t n = 0; n <= sizeof part; n++) {
        memset(part, 0, sizeof part);
        memcpy(part, whole, n);
        place_remove(place_path("d"));
        CHECK_INT_EQ(mkdir(place_path("d"), 0777), 0);
        place_write(place_path("d/FIHRIST.new"), part, sizeof part);
        CHECK_INT_EQ(write_one(place_path("d"), "x"), FIH_OK, "%zu bytes: %s", n, err.msg);
        CHECK_INT_EQ(place_count_docs(place_path("d"), &err), 1);
    }
    memcpy(part, "fihrist\0mine", 12);         /* not ours */
    place_remove(place_path("d"));
    CHECK_INT_EQ(mkdir(place_path("d"), 0777), 0);
    place_write(place_path("d/FIHRIST.new"), part, 12);
    CHECK_INT_EQ(write_one(place_path("d"), "x"), FIH_E_NOTINDEX);
}

/* ---- what another process does meanwhile */

static void (*meanwhile)(void);

/* In the place of the system's: the library looks for the marker, and then at the names. */
DIR *opendir(const char *path)
{
    DIR *(*const real)(const char *) = (DIR * (*)(const char *))(uintptr_t)dlsym(RTLD_NEXT, "opendir");
    void (*const run)(void) = meanwhile;

    meanwhile = NULL;
    if (run)
        run();
    return real(path);
}

static void make_whole(void)
{
    CHECK_INT_EQ(write_one(place_path("d"), "other"), FIH_OK, "%s", err.msg);
}

static void begin_only(void)
{
    place_write(place_path("d/FIHRIST.new"), "fihrist index 1\ndata.1.mdb\n", strlen("fihrist index 1\ndata.1.mdb\n"));
    place_write(place_path("d/data.1.mdb"), "part", strlen("part"));
}

static void new_folder(void (*run)(void))
{
    place_remove(place_path("d"));
    CHECK_INT_EQ(mkdir(place_path("d"), 0777), 0);
    meanwhile = run;
}

static void an_index_that_is_made_meanwhile_is_one(void)
{
    new_folder(make_whole);
    CHECK_INT_EQ(place_count_docs(place_path("d"), &err), 1, "%s", err.msg);
    new_folder(make_whole);
    CHECK_INT_EQ(write_one(place_path("d"), "mine"), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(place_count_docs(place_path("d"), &err), 2);
    new_folder(begin_only);
    CHECK_INT_EQ(place_count_docs(place_path("d"), &err), FIH_E_NOTINDEX, "%s", err.msg);
    CHECK(strstr(err.msg, "it is empty"), "%s", err.msg);
    new_folder(begin_only);
    CHECK_INT_EQ(write_one(place_path("d"), "mine"), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(place_count_docs(place_path("d"), &err), 1);
}

/* ---- links and pipes */

static const char *const inner[] = {"FIHRIST", "data.1.mdb", "lock", "data.1.mdb-lock"};

static int use_everything(const char *path)
{
    fih_reader *r = NULL;
    int rc = fih_reader_open(&r, path, &err);

    fih_reader_close(r);
    if (rc == FIH_OK)
        rc = fih_check(NULL, path, NULL, NULL, &err);
    if (rc == FIH_OK)
        rc = write_one(path, "second");
    return rc;
}

static void a_link_in_an_index_is_not_followed(void)
{
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
        char path[64];

        new_index(place_path("index"));
        place_write(place_path("victim"), "mine", strlen("mine"));
        snprintf(path, sizeof path, "index/%s", inner[i]);
        CHECK(unlink(place_path(path)) == 0 && symlink("../victim", place_path(path)) == 0);
        CHECK_INT_EQ(use_everything(place_path("index")), FIH_E_NOTINDEX, "%s: %s", inner[i], err.msg);
        CHECK(strstr(err.msg, inner[i]) != NULL, "%s", err.msg);
        CHECK(holds(place_path("victim"), "mine"), "%s", inner[i]);
        /* nor is anything made where a link points to */
        CHECK_INT_EQ(unlink(place_path("victim")), 0);
        CHECK_INT_EQ(use_everything(place_path("index")), FIH_E_NOTINDEX, "%s: %s", inner[i], err.msg);
        CHECK(!is_there(place_path("victim")), "%s", inner[i]);
    }
    new_index(place_path("index"));
    place_write(place_path("victim"), "mine", strlen("mine"));
    CHECK_INT_EQ(symlink("../victim", place_path("index/FIHRIST.new")), 0);
    CHECK_INT_EQ(symlink("../victim", place_path("index/data.2.mdb")), 0);
    CHECK(fih_compact(place_path("index"), NULL, &err) < 0 && strstr(err.msg, "data.2.mdb"), "%s", err.msg);
    CHECK_INT_EQ(unlink(place_path("index/data.2.mdb")), 0);
    CHECK_INT_EQ(fih_compact(place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    CHECK(holds(place_path("victim"), "mine") && !is_there(place_path("index/FIHRIST.new")));
    CHECK_INT_EQ(place_count_docs(place_path("index"), &err), 1);
}

static void a_pipe_in_an_index_holds_nobody_up(void)
{
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
        char path[64];
        int status = 0;
        pid_t pid;

        new_index(place_path("index"));
        snprintf(path, sizeof path, "index/%s", inner[i]);
        CHECK(unlink(place_path(path)) == 0 && mkfifo(place_path(path), 0666) == 0);
        fflush(stdout);
        REQUIRE((pid = fork()) >= 0);
        if (pid == 0) {
            alarm(20);
            _exit(use_everything(place_path("index")) == FIH_E_NOTINDEX ? 0 : 1);
        }
        waitpid(pid, &status, 0);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: status %x", inner[i], status);
    }
}

/* ---- hard links */

static int in_child(int (*run)(const char *), const char *path)
{
    int status = 0;
    pid_t pid;

    fflush(stdout);
    if ((pid = fork()) == 0)
        _exit(-run(path) & 0xFF);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return 1;
    return -WEXITSTATUS(status);
}

static int write_second(const char *path)
{
    return write_one(path, "second");
}

/* A folder that has the same files as "index"; the locks are the last two. */
static void link_index(const char *dir, int with_locks)
{
    CHECK_INT_EQ(mkdir(place_path(dir), 0777), 0);
    for (size_t i = 0; i < (with_locks ? 4 : 2); i++) {
        char from[64], to[64];

        snprintf(from, sizeof from, "index/%s", inner[i]);
        snprintf(to, sizeof to, "%s/%s", dir, inner[i]);
        CHECK_INT_EQ(link(place_path(from), place_path(to)), 0, "%s", to);
    }
}

static void two_folders_with_one_data_file_have_one_writer(void)
{
    fih_writer *w = NULL;
    fih_doc d = FIH_DOC_INIT;

    new_index(place_path("index"));
    place_remove(place_path("twin"));
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    link_index("twin", 0);
    CHECK_INT_EQ(in_child(write_second, place_path("twin")), FIH_E_BUSY);
    CHECK_INT_EQ(write_second(place_path("twin")), FIH_E_BUSY, "%s", err.msg);     /* in the same process */
    d.id = (fih_str){"acknowledged", 12};
    CHECK(fih_writer_add(w, &d, &err) == FIH_OK && fih_writer_commit(w, &err) == FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(place_count_docs(place_path("twin"), &err), 2);
    /* A reader of one has no place that a writer of the other sees: neither is written to. */
    CHECK_INT_EQ(write_second(place_path("twin")), FIH_E_NOTINDEX);
    CHECK_INT_EQ(write_second(place_path("index")), FIH_E_NOTINDEX);
    CHECK(strstr(err.msg, "hard link"), "%s", err.msg);
    place_remove(place_path("twin"));
    CHECK_INT_EQ(write_second(place_path("index")), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(place_count_docs(place_path("index"), &err), 3);
}

static void a_folder_of_hard_links_is_the_same_index(void)
{
    fih_writer *w = NULL;
    fih_reader *r = NULL;

    new_index(place_path("index"));
    place_remove(place_path("twin"));
    link_index("twin", 1);
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(in_child(write_second, place_path("twin")), FIH_E_BUSY);
    CHECK_INT_EQ(write_second(place_path("twin")), FIH_E_BUSY);
    fih_writer_close(w);
    CHECK_INT_EQ(in_child(write_second, place_path("twin")), FIH_OK);
    CHECK_INT_EQ(place_count_docs(place_path("index"), &err), 2);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("twin"), &err), FIH_OK);
    CHECK_INT_EQ(fih_compact(place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(in_child(write_second, place_path("twin")), FIH_OK);      /* two indexes from here on */
    fih_reader_close(r);
    CHECK_INT_EQ(write_one(place_path("index"), "third"), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(place_count_docs(place_path("index"), &err), 3);
    CHECK_INT_EQ(place_count_docs(place_path("twin"), &err), 2);
    CHECK_INT_EQ(fih_check(NULL, place_path("twin"), NULL, NULL, &err), FIH_OK, "%s", err.msg);
    place_remove(place_path("twin"));
}

static void a_writer_that_is_closed_holds_nothing_though_a_child_lives(void)
{
    fih_writer *w = NULL;
    pid_t pid;

    new_index(place_path("index"));
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    fflush(stdout);
    REQUIRE((pid = fork()) >= 0);
    if (pid == 0) {
        pause();
        _exit(0);
    }
    fih_writer_close(w);
    CHECK_INT_EQ(write_second(place_path("index")), FIH_OK, "%s", err.msg);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* ---- modes and owners */

static mode_t mode_of(const char *path)
{
    struct stat st = {.st_mode = 0};

    lstat(path, &st);
    return st.st_mode & 07777;
}

static void compaction_and_backup_keep_modes(void)
{
    new_index(place_path("index"));
    CHECK_INT_EQ(chmod(place_path("index"), 0700), 0);
    CHECK_INT_EQ(chmod(place_path("index/data.1.mdb"), 0600), 0);
    CHECK_INT_EQ(chmod(place_path("index/FIHRIST"), 0640), 0);
    CHECK_INT_EQ(fih_compact(place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(mode_of(place_path("index/data.2.mdb")), 0600);
    CHECK_INT_EQ(mode_of(place_path("index/FIHRIST")), 0640);
    place_remove(place_path("copy"));
    CHECK_INT_EQ(fih_backup(place_path("index"), place_path("copy"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(mode_of(place_path("copy")), 0700);
    CHECK_INT_EQ(mode_of(place_path("copy/data.1.mdb")), 0600);
    CHECK_INT_EQ(mode_of(place_path("copy/FIHRIST")), 0640);
    CHECK_INT_EQ(place_count_docs(place_path("copy"), &err), 1);
    CHECK_INT_EQ(mode_of(place_path("copy/data.1.mdb-lock")), 0600);   /* who reads the data has a place, nobody else */
}

static int is_of(const char *path, uid_t uid, gid_t gid)
{
    struct stat st;

    return lstat(path, &st) == 0 && st.st_uid == uid && st.st_gid == gid;
}

static void root_leaves_an_index_to_its_owner(void)
{
    static const char *const names[] = {"", "/FIHRIST", "/data.1.mdb", "/lock"};
    char path[64];

    if (geteuid() != 0)
        SKIP("only root may give files away");
    new_index(place_path("index"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "index%s", names[i]);
        if (chown(place_path(path), 4711, 4712) != 0)
            SKIP("no such owners here");
    }
    CHECK_INT_EQ(unlink(place_path("index/lock")), 0);
    CHECK_INT_EQ(unlink(place_path("index/data.1.mdb-lock")), 0);
    CHECK_INT_EQ(write_one(place_path("index"), "second"), FIH_OK, "%s", err.msg);
    CHECK(is_of(place_path("index/lock"), 4711, 4712) && is_of(place_path("index/data.1.mdb-lock"), 4711, 4712));
    CHECK_INT_EQ(fih_compact(place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    CHECK(is_of(place_path("index/data.2.mdb"), 4711, 4712) && is_of(place_path("index/FIHRIST"), 4711, 4712));
    place_remove(place_path("copy"));
    CHECK_INT_EQ(fih_backup(place_path("index"), place_path("copy"), &err), FIH_OK, "%s", err.msg);
    for (size_t i = 0; i < sizeof names / sizeof *names - 1; i++) {
        snprintf(path, sizeof path, "copy%s", names[i]);
        CHECK(is_of(place_path(path), 4711, 4712), "%s", path);
    }
}

/* What a call that failed leaves of an index that it has just made, also under the number of a file that was written
 * anew: nothing, but what is another's. */
static void a_new_index_goes_with_all_its_files(void)
{
    static const char *const ours[] = {"data.2.mdb", "data.2.mdb-lock", "FIHRIST.new"};
    static const char *const all[] = {"FIHRIST", "data.1.mdb", "data.1.mdb-lock", "lock",
                                      "data.2.mdb", "data.2.mdb-lock", "FIHRIST.new"};
    char path[64];

    new_index(place_path("d"));
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        snprintf(path, sizeof path, "d/%s", ours[i]);
        place_write(place_path(path), "ours", strlen("ours"));
    }
    place_write(place_path("d/thesis"), "mine", strlen("mine"));
    fihi_store_remove(place_path("d"), true);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        snprintf(path, sizeof path, "d/%s", all[i]);
        CHECK(!is_there(place_path(path)), "%s is there", all[i]);
    }
    CHECK(holds(place_path("d/thesis"), "mine"));
    CHECK_INT_EQ(unlink(place_path("d/thesis")), 0);
    fihi_store_remove(place_path("d"), true);
    CHECK(!is_there(place_path("d")));
}

/* Its lock is no file of theirs to find. */
static void who_could_not_make_an_index_leaves_what_was_there(void)
{
    struct store *s = NULL;

    place_remove(place_path("d"));
    CHECK_INT_EQ(fihi_store_open(&s, place_path("d"), STORE_WRITE | STORE_CREATE, 0, &err), FIH_OK, "%s", err.msg);
    fihi_store_abandon(s);
    CHECK(!is_there(place_path("d")));
    CHECK_INT_EQ(mkdir(place_path("d"), 0777), 0);
    CHECK_INT_EQ(fihi_store_open(&s, place_path("d"), STORE_WRITE | STORE_CREATE, 0, &err), FIH_OK, "%s", err.msg);
    fihi_store_abandon(s);
    CHECK(!is_there(place_path("d/FIHRIST")) && !is_there(place_path("d/lock")) && !is_there(place_path("d/data.1.mdb")));
    CHECK_INT_EQ(rmdir(place_path("d")), 0);
    new_index(place_path("d"));
    CHECK_INT_EQ(fihi_store_open(&s, place_path("d"), STORE_WRITE | STORE_CREATE, 0, &err), FIH_OK, "%s", err.msg);
    fihi_store_abandon(s);
    CHECK_INT_EQ(place_count_docs(place_path("d"), &err), 1);
}

int main(void)
{
    umask(022);
    place_new("dir");
    RUN(a_folder_with_a_file_of_anybody_is_no_index_to_be);
    RUN(files_of_others_in_an_index_stay);
    RUN(a_creation_that_was_cut_short_is_begun_again);
    RUN(a_creation_that_lost_the_power_is_begun_again);
    RUN(an_index_that_is_made_meanwhile_is_one);
    RUN(a_link_in_an_index_is_not_followed);
    RUN(a_pipe_in_an_index_holds_nobody_up);
    RUN(two_folders_with_one_data_file_have_one_writer);
    RUN(a_folder_of_hard_links_is_the_same_index);
    RUN(a_writer_that_is_closed_holds_nothing_though_a_child_lives);
    RUN(compaction_and_backup_keep_modes);
    RUN(a_new_index_goes_with_all_its_files);
    RUN(who_could_not_make_an_index_leaves_what_was_there);
    RUN(root_leaves_an_index_to_its_owner);
    place_remove(place);
    return DONE();
}
