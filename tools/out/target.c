/* target.c - a file written beside the one that it replaces. */
#include "out/target.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_beside(struct target *t)
{
    const mode_t mask = umask(0);
    const size_t room = strlen(t->path) + sizeof ".XXXXXX";
    int fd;

    umask(mask);
    if (!(t->beside = malloc(room)))
        return -1;
    snprintf(t->beside, room, "%s.XXXXXX", t->path);
    if ((fd = mkstemp(t->beside)) < 0) {
        free(t->beside);
        t->beside = NULL;
        return -1;
    }
    if (fchmod(fd, 0666 & ~mask) != 0 || !(t->file = fdopen(fd, "w"))) {
        close(fd);
        return -1;
    }
    return 0;
}

int target_open(struct target *t, const char *path)
{
    struct stat st;
    const bool is_there = stat(path, &st) == 0;

    t->path = is_there ? realpath(path, NULL) : strdup(path); /* a link stays one */
    if (t->path && is_there && !S_ISREG(st.st_mode))
        t->file = fopen(t->path, "w");
    else if (t->path && open_beside(t) != 0)
        return -1;
    return t->file ? 0 : -1;
}

void target_drop(struct target *t)
{
    const int keep = errno;

    if (t->file)
        fclose(t->file);
    if (t->beside)
        unlink(t->beside);
    free(t->beside);
    free(t->path);
    *t = (struct target){ NULL, NULL, NULL };
    errno = keep;
}

int target_finish(struct target *t)
{
    FILE *const f = t->file;
    const bool is_written = fflush(f) == 0 && !ferror(f) && (!t->beside || fsync(fileno(f)) == 0);

    t->file = NULL;
    if (fclose(f) != 0 || !is_written)
        return -1;
    if (t->beside && rename(t->beside, t->path) != 0)
        return -1;
    free(t->beside);
    t->beside = NULL;
    return 0;
}
