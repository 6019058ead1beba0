/* The nightly run over files that share ids: whatever changed, the index holds what a fresh one would. */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "cli.h"
#include "place.h"
#include "tap.h"

enum { FILES = 7, IDS = 12, LINES = 10, NIGHTS = 200, MAX_ARGS = 12 };

/* In the order of their bytes, which is the order of precedence. */
static const char *const names[FILES] = {"in/a.jsonl",     "in/b.jsonl",     "in/b/a.jsonl", "in/b/c.jsonl",
                                         "in/b/d/e.jsonl", "in/c.jsonl", "in/z.jsonl"};

/* What the folder holds: for each file its lines, an id each. */
static struct file {
    int is_there, count, ids[LINES], bodies[LINES];
} files[FILES];
static int body_number;
static uint64_t seed;

static unsigned below(unsigned n)
{
    return (unsigned)(tap_random(&seed) % n);
}

static void write_file(int f)
{
    const char *path = place_path(names[f]);
    struct timespec times[2] = {{0, 0}, {1000000000 + body_number, body_number}};
    FILE *out = fopen(path, "w");

    for (int i = 0; out && i < files[f].count; i++)
        fprintf(out, "{\"id\":\"i%d\",\"body\":\"b%d\"}\n", files[f].ids[i], files[f].bodies[i]);
    if (!out || fclose(out) != 0)
        printf("Bail out! cannot write %s\n", path);
    if (below(2))                          /* else it is too fresh to be trusted, and its bytes are looked at */
        utimensat(AT_FDCWD, path, times, 0);
}

static void add_line(struct file *f)
{
    if (f->count == LINES)
        return;
    f->ids[f->count] = (int)below(IDS);
    f->bodies[f->count++] = ++body_number;
}

static void change_something(void)
{
    const int at = (int)below(FILES), to = (int)below(FILES);
    struct file *f = &files[at];

    switch (below(6)) {
    case 0:                                /* gone */
        f->is_there = 0;
        unlink(place_path(names[at]));
        return;
    case 1:                                /* moved */
        if (!f->is_there || at == to)
            return;
        files[to] = *f;
        f->is_there = 0;
        rename(place_path(names[at]), place_path(names[to]));
        return;
    case 2:                                /* grown */
        if (!f->is_there)
            f->count = 0;
        break;
    case 3:                                /* other texts, and some ids fewer */
        for (int i = 0; i < f->count; i++)
            f->bodies[i] = ++body_number;
        f->count = f->count ? (int)below((unsigned)f->count + 1) : 0;
        break;
    default:                               /* new */
        f->count = 0;
    }
    f->is_there = 1;
    for (unsigned n = below(4); n > 0; n--)
        add_line(f);
    write_file(at);
}

/* The linker puts this in the place of the library's (-Wl,--wrap): a process that is killed right after a commit. */
static unsigned commits_left;
int __real_fih_writer_commit(fih_writer *w, fih_error *err);
int __wrap_fih_writer_commit(fih_writer *w, fih_error *err);
int __wrap_fih_writer_commit(fih_writer *w, fih_error *err)
{
    const int rc = __real_fih_writer_commit(w, err);

    if (commits_left && --commits_left == 0)
        raise(SIGKILL);
    return rc;
}

/* The time as a command is told it, likewise. */
static time_t clock_is_off_by;
time_t __real_time(time_t *out);
time_t __wrap_time(time_t *out);
time_t __wrap_time(time_t *out)
{
    const time_t now = __real_time(NULL) + clock_is_off_by;

    if (out)
        *out = now;
    return now;
}

/* fihrist index in a process of its own; killed after so many commits if that is not 0. */
static int run_index(const char *index, unsigned commit_every, const char *path, const char *other, unsigned kill_after)
{
    const pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        char number[16], *argv[MAX_ARGS] = {"index", "-q", "-i", (char *)(uintptr_t)index};
        int argc = 4, fd = open("/dev/null", O_WRONLY);

        commits_left = kill_after;
        dup2(fd, 1);
        dup2(fd, 2);
        if (commit_every) {
            snprintf(number, sizeof number, "%u", commit_every);
            argv[argc++] = "--commit-every";
            argv[argc++] = number;
        }
        argv[argc++] = (char *)(uintptr_t)path;
        if (other)
            argv[argc++] = (char *)(uintptr_t)other;
        _exit(cmd_index.run(argc, argv));
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int keep_number(void *ctx, fih_docno doc, fih_str id)
{
    (void)id;
    ((fih_docno *)ctx)[++((fih_docno *)ctx)[0]] = doc;
    return ((fih_docno *)ctx)[0] == IDS;
}

/* "i3=b17 of a.jsonl", one for each document, ordered by id; or what is wrong. */
static void describe(const char *index, char out[IDS][96])
{
    fih_docno docs[IDS + 1] = {0};
    fih_reader *r = NULL;
    fih_error err;

    for (int i = 0; i < IDS; i++)
        out[i][0] = '\0';
    if (fih_reader_open(&r, index, &err) != FIH_OK || fih_reader_each_id(r, keep_number, docs, &err) < 0 ||
        fih_reader_doc_count(r) != docs[0])
        snprintf(out[0], 96, "not readable, or too many documents");
    for (fih_docno i = 1; r && i <= docs[0]; i++) {
        fih_stored *s;

        if (fih_reader_doc(&s, r, docs[i], &err) == FIH_OK) {
            const fih_str body = fih_stored_get(s, "body"), source = fih_stored_get(s, "source");
            const size_t above = strlen(place) + 1;
            const int id = atoi(fih_stored_get(s, "id").ptr + 1);

            if (id >= 0 && id < IDS && source.len > above)
                snprintf(out[id], 96, "%.*s of %.*s", (int)body.len, body.ptr, (int)(source.len - above),
                         source.ptr + above);
        }
        fih_stored_free(s);
    }
    fih_reader_close(r);
}

/* The same, by the rule alone: the last file that has the id, and its last line. */
static void expect(char out[IDS][96])
{
    for (int id = 0; id < IDS; id++) {
        out[id][0] = '\0';
        for (int f = 0; f < FILES; f++)
            for (int i = 0; files[f].is_there && i < files[f].count; i++)
                if (files[f].ids[i] == id)
                    snprintf(out[id], 96, "b%d of %s", files[f].bodies[i], names[f]);
    }
}

static void compare(const char *index, const char *what, unsigned night)
{
    char got[IDS][96], want[IDS][96];

    describe(index, got);
    expect(want);
    for (int i = 0; i < IDS; i++)
        CHECK_STR_EQ(got[i], want[i], "%s, night %u: i%d", what, night, i);
}

static void begin(uint64_t with)
{
    seed = with;
    memset(files, 0, sizeof files);
    place_new("nights");
    mkdir(place_path("in"), 0777);
    mkdir(place_path("in/b"), 0777);
    mkdir(place_path("in/b/d"), 0777);
}

static void two_hundred_nights_end_as_fresh_indexes(void)
{
    begin(1);
    for (unsigned night = 1; night <= NIGHTS && tap.notes == 0; night++) {
        for (unsigned n = 1 + below(3); n > 0; n--)
            change_something();
        if (below(4) == 0)                 /* a part of it first, by hand */
            run_index(place_path("index"), 0, place_path(below(2) ? "in/b" : names[below(FILES)]), NULL, 0);
        CHECK_INT_EQ(run_index(place_path("index"), 0, place_path("in"), NULL, 0), EXIT_DONE);
        compare(place_path("index"), "index", night);
        place_remove(place_path("fresh"));
        CHECK_INT_EQ(run_index(place_path("fresh"), 0, place_path("in"), NULL, 0), EXIT_DONE);
        compare(place_path("fresh"), "fresh index", night);
    }
    place_remove(place);
}

static void the_order_of_the_paths_does_not_matter(void)
{
    begin(2);
    for (unsigned night = 1; night <= 40 && tap.notes == 0; night++) {
        for (unsigned n = 1 + below(3); n > 0; n--)
            change_something();
        CHECK_INT_EQ(run_index(place_path("index"), 0, place_path("in/b"), place_path("in"), 0), EXIT_DONE);
        compare(place_path("index"), "index", night);
    }
    place_remove(place);
}

static void nights_with_many_commits_and_kills_end_as_fresh_indexes(void)
{
    begin(3);
    for (unsigned night = 1; night <= 100 && tap.notes == 0; night++) {
        for (unsigned n = 1 + below(3); n > 0; n--)
            change_something();
        run_index(place_path("index"), 1, place_path("in"), NULL, 1 + below(8));
        if (below(2))                      /* what the killed run was about to read changes before the next */
            change_something();
        if (below(3) == 0)
            run_index(place_path("index"), 2, place_path("in/b"), NULL, 1 + below(3));
        CHECK_INT_EQ(run_index(place_path("index"), 1 + below(3), place_path("in"), NULL, 0), EXIT_DONE);
        compare(place_path("index"), "index", night);
    }
    place_remove(place);
}

/* fihrist status --max-age 26h by a clock that is off; what it says on standard error goes to a file. */
static int status_by(time_t off)
{
    const pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        char *argv[] = {"status", "-i", (char *)(uintptr_t)place_path("index"), "--max-age", "26h", NULL};

        clock_is_off_by = off;
        dup2(open(place_path("err"), O_WRONLY | O_CREAT | O_TRUNC, 0666), 2);
        _exit(cmd_status.run(5, argv));
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int said(const char *what)
{
    char line[1024] = "";
    FILE *in = fopen(place_path("err"), "r");
    const int has_line = in && fgets(line, sizeof line, in) != NULL;

    if (in)
        fclose(in);
    return what ? strstr(line, what) != NULL : !has_line;
}

static void status_knows_fresh_from_stale_and_from_the_future(void)
{
    begin(4);
    change_something();
    CHECK_INT_EQ(run_index(place_path("index"), 0, place_path("in"), NULL, 0), EXIT_DONE);
    CHECK_INT_EQ(status_by(0), EXIT_DONE);
    CHECK(said(NULL));
    CHECK_INT_EQ(status_by(25 * 3600), EXIT_DONE);
    CHECK(said(NULL));
    CHECK_INT_EQ(status_by(27 * 3600), EXIT_NONE);
    CHECK(said("is stale"));
    CHECK_INT_EQ(status_by(-60), EXIT_DONE);       /* a clock put right by a little */
    CHECK(said(NULL));
    CHECK_INT_EQ(status_by(-5 * 3600), EXIT_NONE);
    CHECK(said("in the future") && said("clock"));
    place_remove(place);
}

int main(void)
{
    RUN(status_knows_fresh_from_stale_and_from_the_future);
    RUN(two_hundred_nights_end_as_fresh_indexes);
    RUN(the_order_of_the_paths_does_not_matter);
    RUN(nights_with_many_commits_and_kills_end_as_fresh_indexes);
    return DONE();
}
