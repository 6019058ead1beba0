/* progress.h - one line on a terminal that says how far the work is. Silent anywhere else. */
#ifndef FIHRIST_PROGRESS_H
#define FIHRIST_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct progress {
    bool     is_on, is_shown;
    struct timespec start, last;
    uint64_t bytes_all;        /* of the files named; 0 if not known */
    uint64_t bytes_passed;     /* of files that are finished, read or not */
    uint64_t bytes_read;       /* read in this run */
    uint64_t documents;
    uint64_t merged, merging;  /* documents of the running merge; 0: none */
};

/* On if it is wanted and stderr is a terminal. */
void progress_start(struct progress *p, bool is_wanted);
/* Show it again if the last time is 200 ms ago. Cheap enough for every document. `at` is the place in the running file.
 */
void progress_tick(struct progress *p, uint64_t at);
/* Take the line away, so that a message can stand there. */
void progress_clear(struct progress *p);
double progress_seconds(const struct progress *p);

#endif
