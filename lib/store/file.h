/* store/file.h - opening, making and syncing files in a directory that somebody else may write to.
 *
 * Layer: store, below all of it. Links are not followed, pipes and devices not opened: a search by root in another
 * user's index must not write through a link, nor wait for a pipe. (LMDB opens its two files by name once more:
 * between our look and its opening a name can be swapped, which is why fihrist(1) calls such an index not safe.)
 */
#ifndef FIHI_STORE_FILE_H
#define FIHI_STORE_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "fihrist.h"

/* "dir/name"; NULL when memory is out. */
char *fihi_file_path(const char *dir, const char *name);

/* Of LMDB's table of readers beside a data file; NULL when memory is out. */
char *fihi_file_lock_path(const char *data);

/* Open a regular file that is there; `flags` is O_RDONLY or O_RDWR. FIH_E_NOTFOUND if it is not there, FIH_E_NOTINDEX
 * if it is a link, a pipe or the like. `st` may be NULL. */
int fihi_file_open(int *fd, struct stat *st, const char *path, int flags, fih_error *err);
/* Make a file that is not there yet, with mode and owner of `like` where that is given. */
int fihi_file_make(int *fd, const char *path, const struct stat *like, fih_error *err);
/* Open it for reading and writing, or make it where it is not there. */
int fihi_file_open_or_make(int *fd, struct stat *st, const char *path, const struct stat *like, fih_error *err);
/* Mode of `like`, and where we may, its owner and group. 0, or -1 with errno. */
int fihi_file_be_like(int fd, const struct stat *like);

/* Bytes at an offset: *got is fewer than n only at the end of the file. 0 or errno. */
int fihi_file_read(int fd, void *out, size_t n, uint64_t at, size_t *got);
/* Make the names in a directory last. FIH_OK where it may be written but not read. */
int fihi_file_sync_dir(const char *dir, fih_error *err);

#endif
