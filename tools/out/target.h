/* target.h - a file that gets its name when all of it is on the disk. */
#ifndef FIHRIST_TARGET_H
#define FIHRIST_TARGET_H

#include <stdio.h>

/* Until then what was there stays. What is no regular file (a pipe) is written to directly; of a link the file that it
 * leads to is replaced. */
struct target {
    char *path, *beside;               /* new; beside NULL: written to as it is */
    FILE *file;
};

/* Zero-initialise; target_drop() whatever happens. 0, or -1 with errno. */
int target_open(struct target *t, const char *path);
/* All is written: it gets its name. 0, or -1 with errno: with `beside` the old file is then as it was. */
int target_finish(struct target *t);
/* What is not finished is removed; errno stays. */
void target_drop(struct target *t);

#endif
