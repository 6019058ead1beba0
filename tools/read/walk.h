/* walk.h - the paths on a command line become a list of files.
 *
 * A file has two names: the one people read (from the path as given, without "./" and doubled slashes), and the
 * absolute one, which is the same from wherever the command is run: current folder (as the shell names it) and path,
 * "." and ".." taken out by name, symbolic links left as they are.
 */
#ifndef FIHRIST_WALK_H
#define FIHRIST_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One path of the command line. */
struct walk_root {
    char *name;                /* as people read it; "" for the current folder */
    char *absolute;            /* no slash at its end, but for "/" itself */
};

struct walk_file {
    char    *rest;             /* path beneath the root */
    uint64_t bytes;
    int      error;            /* nonzero: a folder (or a file) that cannot be looked at, for this errno */
};

struct walk {
    struct walk_root  root;
    struct walk_file *files;   /* sorted by the bytes of `rest` */
    size_t            count, cap;
    uint64_t          bytes;   /* all files together */
    struct walk_file *passed;  /* regular files that are not wanted, sorted */
    size_t            passed_count, passed_cap;
};

/* 0, or -1 with errno. */
int  walk_root_init(struct walk_root *r, const char *path);
void walk_root_free(struct walk_root *r);
/* What to hand to open(2) for the root itself. */
const char *walk_root_path(const struct walk_root *r);

/* BASE/REST in new memory; NULL if it is out. An empty base gives REST, an empty rest BASE. */
char *walk_join(const char *base, const char *rest);

/**
 * List the files beneath a folder, all levels, and the folders that cannot be read.
 *
 * Passed over: names that begin with a dot, symbolic links, whatever is neither a folder nor a regular
 * file, and files for which `is_wanted` says no.
 *
 * @param w     Takes over `root`, also on failure; freed with walk_free().
 * @param stop  Asked now and then; true ends the walk with ECANCELED.
 * @return 0, or -1 with errno (ENOMEM, ECANCELED). A root that cannot be read is an entry with an empty `rest`.
 */
int walk_folder(struct walk *w, struct walk_root root, bool (*is_wanted)(const char *name), bool (*stop)(void));
/* Whether a file of this path beneath the root was found. */
bool walk_has(const struct walk *w, const char *rest);
void walk_free(struct walk *w);

#endif
