/* A signal ends a command within a second, wherever it waits: for another indexer, or inside LMDB, whose locks do not
 * know of signals. */
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>

#include "cli.h"
#include "place.h"
#include "tap.h"

enum { SLOW_MS = 5000 };               /* a second, and a machine that is busy */

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The command in a process of its own, what it says on standard error in a file. */
static pid_t start(const struct command *c, char **argv)
{
    const pid_t pid = fork();
    int argc = 0;

    if (pid != 0)
        return pid;
    while (argv[argc])
        argc++;
    dup2(open("/dev/null", O_WRONLY), 1);
    dup2(open(place_path("err"), O_WRONLY | O_CREAT | O_TRUNC, 0666), 2);
    _exit(c->run(argc, argv));
}

/* Does it catch SIGTERM by now? Search never does. */
static int is_ready(pid_t pid)
{
    char path[64], line[256];
    unsigned long long caught = 0;
    FILE *in;

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    in = fopen(path, "r");
    while (in && fgets(line, sizeof line, in))
        if (sscanf(line, "SigCgt: %llx", &caught) == 1)
            break;
    if (in)
        fclose(in);
    return caught >> (SIGTERM - 1) & 1;
}

/* How it ended: its status, or 1000 and the signal; 2000 if it did not. `sent` after it has had time to get stuck. */
static int end_by(pid_t pid, int number, int is_search)
{
    const struct timespec while_it_starts = {0, 400 * 1000 * 1000}, pause = {0, 10 * 1000 * 1000};
    int64_t until = now_ms() + SLOW_MS;
    int status;

    while (!is_search && !is_ready(pid) && now_ms() < until)
        nanosleep(&pause, NULL);
    nanosleep(&while_it_starts, NULL);
    if (waitpid(pid, &status, WNOHANG) != 0)
        return 3000;                   /* it did not wait */
    kill(pid, number);
    until = now_ms() + SLOW_MS;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (now_ms() > until) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            return 2000;
        }
        nanosleep(&pause, NULL);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int said(const char *what)
{
    char text[1024] = "";
    FILE *in = fopen(place_path("err"), "r");
    const size_t n = in ? fread(text, 1, sizeof text - 1, in) : 0;

    text[n] = '\0';
    if (in)
        fclose(in);
    return strstr(text, what) != NULL;
}

static void make_index(void)
{
    fih_doc d = FIH_DOC_INIT;
    fih_writer *w = NULL;
    FILE *out = fopen(place_path("more.jsonl"), "w");
    fih_error err;

    fputs("{\"id\":\"b\",\"body\":\"قارب\"}\n", out);
    fclose(out);
    place_remove(place_path("index"));
    d.id = (fih_str){"a", 1};
    d.body = (fih_str){"قارب", 8};
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_OK);
    CHECK_INT_EQ(fih_writer_add(w, &d, &err) | fih_writer_commit(w, &err), FIH_OK);
    fih_writer_close(w);
}

/* As before: one document, nothing damaged, and no lock left. */
static void is_as_before(void)
{
    fih_reader *r = NULL;
    fih_writer *w = NULL;
    fih_error err;

    CHECK_INT_EQ(fih_check(NULL, place_path("index"), NULL, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK);
    CHECK_INT_EQ(r ? fih_reader_doc_count(r) : 0, 1);
    fih_reader_close(r);
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
}

static char *text(const char *s) { return (char *)(uintptr_t)s; }

static void every_command_ends(const char *where, int also_readers)
{
    char *index[] = {"index", "--wait", "60", "-i", text(place_path("index")), text(place_path("more.jsonl")), NULL};
    char *delete[] = {"delete", "--wait", "60", "-i", text(place_path("index")), "a", NULL};
    char *compact[] = {"compact", "--wait", "60", "-i", text(place_path("index")), NULL};
    char *search[] = {"search", "-i", text(place_path("index")), "قارب", NULL};
    const struct {
        const struct command *c;
        char                **argv;
    } writers[] = {{&cmd_index, index}, {&cmd_delete, delete}, {&cmd_compact, compact}};

    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 2; k++) {
            CHECK_INT_EQ(end_by(start(writers[i].c, writers[i].argv), k ? SIGINT : SIGTERM, 0), EXIT_TROUBLE,
                         "%s: %s", where, writers[i].argv[0]);
            CHECK(said("interrupted"), "%s: %s", where, writers[i].argv[0]);
        }
    if (also_readers)
        CHECK_INT_EQ(end_by(start(&cmd_search, search), SIGTERM, 1), 1000 + SIGTERM, "%s: search", where);
}

static void commands_that_wait_for_another_indexer_end(void)
{
    int fd;

    make_index();
    fd = open(place_path("index/lock"), O_RDWR);
    CHECK_INT_EQ(flock(fd, LOCK_EX), 0);
    every_command_ends("another indexer", 0);
    close(fd);
    is_as_before();
}

/* LMDB opens an environment under an exclusive lock of a byte, and waits for it in a loop that no signal ends. */
static void commands_that_wait_for_lmdb_to_open_end(void)
{
    struct flock byte = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    int fd;

    make_index();
    fd = open(place_path("index/data.1.mdb-lock"), O_RDWR);
    CHECK_INT_EQ(fcntl(fd, F_SETLK, &byte), 0);
    every_command_ends("opening", 1);
    close(fd);
    is_as_before();
}

/* Another process that writes with LMDB itself holds its mutex. */
static void commands_that_wait_for_lmdb_to_write_end(void)
{
    int ready[2];
    pid_t pid;
    char c;

    make_index();
    CHECK_INT_EQ(pipe(ready), 0);
    if ((pid = fork()) == 0) {
        MDB_env *env;
        MDB_txn *txn;

        if (mdb_env_create(&env) == 0 && mdb_env_open(env, place_path("index/data.1.mdb"), MDB_NOSUBDIR, 0666) == 0 &&
            mdb_txn_begin(env, NULL, 0, &txn) == 0 && write(ready[1], "", 1) == 1)
            pause();
        _exit(1);
    }
    close(ready[1]);
    CHECK_INT_EQ(read(ready[0], &c, 1), 1);
    close(ready[0]);
    every_command_ends("writing", 0);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    is_as_before();
}

int main(void)
{
    place_new("signals");
    RUN(commands_that_wait_for_another_indexer_end);
    RUN(commands_that_wait_for_lmdb_to_open_end);
    RUN(commands_that_wait_for_lmdb_to_write_end);
    place_remove(place);
    return DONE();
}
