/* progress.c - the progress line. See progress.h. */
#include "out/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "out/lang.h"
#include "out/out.h"

#define REFRESH_SECONDS 0.2

static double seconds_between(const struct timespec *a, const struct timespec *b)
{
    return (double)(b->tv_sec - a->tv_sec) + (double)(b->tv_nsec - a->tv_nsec) / 1e9;
}

void progress_start(struct progress *p, bool is_wanted)
{
    const char *term = getenv("TERM");

    memset(p, 0, sizeof *p);
    p->is_on = is_wanted && isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0);
    clock_gettime(CLOCK_MONOTONIC, &p->start);
    p->last = p->start;
}

double progress_seconds(const struct progress *p)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return seconds_between(&p->start, &now);
}

static void print_left(FILE *f, double seconds)
{
    const uint64_t s = seconds < 0 ? 0 : (uint64_t)seconds;
    char time[64];

    if (s >= 3600)
        snprintf(time, sizeof time, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(time, sizeof time, "%" PRIu64 ":%02" PRIu64, s / 60, s % 60);
    fprintf(f, _(", %s left"), time);
}

static void print(FILE *f, const struct progress *p, double seconds, uint64_t at)
{
    const uint64_t passed = p->bytes_passed + at, got = p->bytes_read + at;
    const double rate = (double)got / seconds;
    char count[LANG_COUNT];

    fputs("\r", f);
    lang_documents(f, p->documents);
    fprintf(f, _(", %s/s, "), lang_count(count, (uint64_t)((double)p->documents / seconds)));
    out_bytes(f, (uint64_t)rate);
    fputs("/s", f);
    if (p->merging > 0) {
        fprintf(f, _(", merging %u %%"), (unsigned)(p->merged * 100 / p->merging));
    } else if (p->bytes_all > 0 && passed >= p->bytes_all) {
        fputs(_(", all read, writing"), f);
    } else if (p->bytes_all > 0) {
        fprintf(f, ", %u %%", (unsigned)((double)passed * 100 / (double)p->bytes_all));
        if (rate > 0 && seconds > 1)
            print_left(f, (double)(p->bytes_all - passed) / rate);
    }
    fputs("\033[K", f);
}

void progress_tick(struct progress *p, uint64_t at)
{
    struct timespec now;
    char *line = NULL;
    size_t n = 0;
    FILE *f;

    if (!p->is_on)
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (seconds_between(&p->last, &now) < REFRESH_SECONDS)
        return;
    p->last = now;
    if (!(f = open_memstream(&line, &n)))          /* one write, so that the line does not flicker */
        return;
    print(f, p, seconds_between(&p->start, &now), at);
    if (fclose(f) == 0) {
        fwrite(line, 1, n, stderr);
        p->is_shown = true;
    }
    free(line);
}

void progress_clear(struct progress *p)
{
    if (p->is_shown)
        fputs("\r\033[K", stderr);
    p->is_shown = false;
}
