/* start.c - what one process costs, from its start to its end.
 *
 * Prints wall microseconds, CPU microseconds (user and system), peak resident KiB and the exit. A program of its own, because a
 * child's peak is at least what its parent has at the time, and the scripts here have more than a search.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static double us(struct timeval t)
{
    return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

int main(int argc, char **argv)
{
    posix_spawn_file_actions_t files;
    struct rusage used;
    double begin;
    int status, error;
    pid_t pid;

    if (argc < 2) {
        fprintf(stderr, "usage: start COMMAND ARG...    (what it prints goes to /dev/null)\n");
        return 1;
    }
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    begin = now_us();
    if ((error = posix_spawnp(&pid, argv[1], &files, NULL, argv + 1, environ)) != 0) {
        fprintf(stderr, "start: %s: %s\n", argv[1], strerror(error));
        return 2;
    }
    if (wait4(pid, &status, 0, &used) != pid || !WIFEXITED(status)) {
        fprintf(stderr, "start: %s: ended by a signal\n", argv[1]);
        return 2;
    }
    printf("%.0f %.0f %ld %d\n", now_us() - begin, us(used.ru_utime) + us(used.ru_stime), used.ru_maxrss,
           WEXITSTATUS(status));
    posix_spawn_file_actions_destroy(&files);
    return fflush(stdout) == 0 ? 0 : 2;
}
