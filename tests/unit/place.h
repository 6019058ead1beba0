/* place.h - folders for the tests that write indexes: made under TMPDIR, or in memory where that is not set
 * (a commit waits for the disk, and the tests make thousands), removed whole. */
#ifndef PLACE_H
#define PLACE_H

#pragma GCC system_header

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fihrist.h"

static char place[PATH_MAX / 2];       /* the program's folder */

__attribute__((unused)) static void place_new(const char *name)
{
    const char *tmp = getenv("TMPDIR");

    if (!tmp || !*tmp)
        tmp = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(place, sizeof place, "%s/fihrist-%s-XXXXXX", tmp, name);
    if (!mkdtemp(place)) {
        printf("Bail out! cannot make %s\n", place);
        exit(2);
    }
}

/* A path in it; up to eight results are good at once. */
__attribute__((unused)) static const char *place_path(const char *name)
{
    static char out[8][PATH_MAX];
    static unsigned turn;
    char *p = out[turn++ % 8];

    snprintf(p, PATH_MAX, "%s/%s", place, name);
    return p;
}

/* Remove a file or a folder with all that is in it. */
__attribute__((unused)) static void place_remove(const char *path)
{
    DIR *d = opendir(path);
    struct dirent *e;

    while (d && (e = readdir(d))) {
        char below[PATH_MAX];
        struct stat st;

        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        if (lstat(below, &st) == 0 && S_ISDIR(st.st_mode))
            place_remove(below);
        else
            unlink(below);
    }
    if (d)
        closedir(d);
    remove(path);
}

/* Documents that a reader of its own counts, or its error. */
__attribute__((unused)) static int64_t place_count_docs(const char *path, fih_error *err)
{
    fih_reader *r = NULL;
    const int rc = fih_reader_open(&r, path, err);
    const int64_t n = rc == FIH_OK ? (int64_t)fih_reader_doc_count(r) : rc;

    fih_reader_close(r);
    return n;
}

/* Write a file, or leave the program. */
__attribute__((unused)) static void place_write(const char *path, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");

    if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0) {
        printf("Bail out! cannot write %s\n", path);
        exit(2);
    }
}

#endif
