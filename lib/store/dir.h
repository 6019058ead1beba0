/* store/dir.h - the directory of an index: its names, the marker, the writer's lock. Nothing of LMDB.
 *
 * Layer: store. FORMAT.md, "Directory". Whatever else lies in the directory is somebody's: only names that stand
 * there, and only where a marker of ours stands too, are ever removed.
 */
#ifndef FIHI_STORE_DIR_H
#define FIHI_STORE_DIR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "fihrist.h"

#define DIR_MARKER "FIHRIST"

/* The path of data.NUMBER.mdb; NULL when memory is out. */
char *fihi_dir_data(const char *dir, uint32_t number);

/* The number of the data file in use; 0 where there is no marker. `like` (may be NULL): mode and owner of the marker,
 * untouched where there is none. */
int fihi_dir_read(const char *dir, uint32_t *number, struct stat *like, fih_error *err);

/* A new marker: written and synced beside the present one … */
int fihi_dir_write(const char *dir, uint32_t number, const struct stat *like, fih_error *err);
/* … and put in its place, when the names of the directory have been made to last. *is_named: it is in place, even
 * if that could not be made to last. */
int fihi_dir_name(const char *dir, bool *is_named, fih_error *err);
/* The marker beside the present one and, with its number, the data file that it was for. */
void fihi_dir_give_up(const char *dir, uint32_t number);
/* All files of an index that was just made, its lock too. As the one above, it takes no memory. */
void fihi_dir_remove(const char *dir);
/* The lock alone, unless there is an index. */
void fihi_dir_remove_lock(const char *dir);

/* May a directory without marker become an index? FIH_OK if it is empty, or holds what a creation that was cut short
 * leaves; FIH_E_NOTINDEX if it holds anything else; FIH_E_CORRUPT if it is an index that has lost its marker. FIH_OK
 * and what fihi_dir_read() says if another process has made it an index meanwhile: *number is 0 else. */
int fihi_dir_look_free(const char *dir, bool *is_cut_short, uint32_t *number, struct stat *like, fih_error *err);
/* Remove the data files that the marker does not name: left from a compaction that was cut short. An error if there are
 * any and the marker may not be on the disk yet: what is written to the file that it names could be lost. */
int fihi_dir_clear(const char *dir, uint32_t keep, fih_error *err);

/* Waits up to wait_ms (-1: for ever): FIH_E_BUSY. Closing *fd, as any end of the process does, releases it. */
int fihi_dir_lock(int *fd, const char *dir, const struct stat *like, int32_t wait_ms, fih_error *err);

#endif
