/* test_crash.c - kill -9 at any moment leaves the last commit, whole, and the next run goes on.
 *
 *   test_crash [--points N] [--seed S]
 *
 * A child writes generations and reports each commit through a pipe once it is acknowledged. It is killed: at odd points
 * by the parent after a random time, at even points by itself at a chosen write, sync or rename - before it, in the
 * middle of it, or after it. Then the index must hold exactly the last acknowledged generation, or the one under way,
 * and the next child goes on from there.
 */
#include <sys/wait.h>
#include <time.h>

#include "generations.h"

enum { POINTS = 300, FRESH_EVERY = 24 };

static void say(int out, unsigned said, unsigned generation)
{
    const struct word w = {said, generation};

    if (syscall(SYS_write, out, &w, sizeof w) != sizeof w)
        _exit(4);
}

static void child(int out, uint64_t kill_at, enum call_how how)
{
    if (kill_at)
        calls_arm(CALLS_WRITING, kill_at, how, 0, 0);
    write_generations(out, 0);
}

static void pause_us(unsigned us)
{
    const struct timespec t = {us / 1000000, us % 1000000 * 1000};

    nanosleep(&t, NULL);
}

static void kill_9_at_any_moment_leaves_the_last_commit_whole(void)
{
    unsigned acknowledged = 0, begun = 0, backed_up = 0, commits = 0, backups = 0, died = 0;
    int backup_may_be = 0;

    for (unsigned point = 0; point < g.points; point++) {
        uint64_t seed = g.seed * 1000003 + point;
        const uint64_t r = tap_random(&seed);
        /* the first calls make the index or open it; later ones can be anywhere in a generation */
        const uint64_t at = 1 + (r & 3 ? (r >> 8) % 400 : (r >> 8) % 30);
        const enum call_how how = (enum call_how)(CALL_KILL_BEFORE + (r >> 40) % 3);
        int ends[2], status;
        struct word w;
        pid_t pid = -1;

        if (point % FRESH_EVERY == 0) {
            remove_folder(g.dir);
            remove_folder(g.backup);
            remove_folder(g.beside);
            acknowledged = begun = backed_up = 0;
            backup_may_be = 0;
        }
        fflush(stdout);
        REQUIRE(pipe(ends) == 0 && (pid = fork()) >= 0);
        if (pid == 0) {
            close(ends[0]);
            child(ends[1], point % 2 ? 0 : at, how);
        }
        close(ends[1]);
        if (point % 2) {
            pause_us((unsigned)((r >> 8) % (r & 1 ? 150000 : 15000)));
            kill(pid, SIGKILL);
        }
        while (read(ends[0], &w, sizeof w) == sizeof w)
            switch (w.said) {
            case SAID_BEGIN:
                begun = w.generation;
                break;
            case SAID_COMMIT:
                commits++;
                acknowledged = w.generation;
                break;
            case SAID_BACKUP_BEGIN:
                backup_may_be = 1;
                backed_up = 0;
                break;
            default:
                backups++;
                backed_up = w.generation;
            }
        close(ends[0]);
        waitpid(pid, &status, 0);
        CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "point %u: the writer ended with %d by itself", point,
              status);
        died++;
        whole(g.dir, acknowledged, begun, point);
        if (backed_up)
            whole(g.backup, backed_up, backed_up, point);
        else if (backup_may_be)
            whole(g.backup, 0, begun, point);          /* none yet, or all of it */
        if (access(g.beside, F_OK) == 0)
            whole(g.beside, 0, begun, point);          /* none yet, or all of it */
        if (tap.notes)
            break;                                     /* leave it to be looked at */
    }
    printf("# %u points, %u acknowledged commits, %u backups\n", died, commits, backups);
    CHECK(commits > g.points / 2, "hardly anything was committed");
}

int main(int argc, char **argv)
{
    begin(argc, argv, "crash", "--points", POINTS);
    g.say = say;
    snprintf(g.beside, sizeof g.beside, "%s/beside", g.folder);
    RUN(kill_9_at_any_moment_leaves_the_last_commit_whole);
    if (!tap.failed)
        remove_folder(g.folder);
    else
        printf("# what is left: %s\n", g.folder);
    return DONE();
}
