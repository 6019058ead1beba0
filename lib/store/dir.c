/* store/dir.c - names, marker and lock.
 *
 * The marker FIHRIST is the only thing that makes a directory an index, and the last that a creation writes. A file
 * is made under another name, synced, and renamed over the old one, so that a kill or a power loss at any moment
 * leaves the old marker or the new one, whole: rename() alone is atomic for who looks, but lasts only when the
 * directory is synced, and may last before the bytes of the file do.
 *
 * Nothing is removed but by name: a directory that a user gave by mistake may hold his thesis.
 */
#include "store/dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fail.h"
#include "store/file.h"

#define MARKER_NEW  DIR_MARKER ".new"
#define MARKER_HEAD "fihrist index 1\n"

enum {
    /* Read as a whole and with room to see that more follows: a longer file is no marker. */
    MARKER_BYTES = 128,                /* more than any marker has */
    /* An environment with its empty spaces takes a few pages. */
    NEW_FILE_MOST = 64 << 10           /* bytes of a data file that nothing was committed to */
};

char *fihi_dir_data(const char *dir, uint32_t number)
{
    char name[64];

    snprintf(name, sizeof name, "data.%u.mdb", number);
    return fihi_file_path(dir, name);
}

/* N of "data.N.mdb", spelled as we do, and what follows; 0: another name. data.01.mdb and data.+1.mdb would scan as
 * well: only the spelling that we print is ours. Nine digits fit 32 bits. */
static uint32_t data_number(const char *name, const char **rest)
{
    char plain[32];
    unsigned n = 0;

    *rest = name;
    if (sscanf(name, "data.%9u.mdb", &n) != 1)
        return 0;
    const size_t bytes = (size_t)snprintf(plain, sizeof plain, "data.%u.mdb", n);
    if (strncmp(name, plain, bytes) != 0)
        return 0;
    *rest = name + bytes;
    return n;
}

/* ---- the marker */

static int marker_text(char text[MARKER_BYTES], uint32_t number)
{
    return snprintf(text, MARKER_BYTES, MARKER_HEAD "data.%u.mdb\n", number);
}

/* The beginning of a small file as a string. */
static int read_text(const char *path, char text[MARKER_BYTES], struct stat *st, fih_error *err)
{
    size_t n;
    /* At most 127 bytes, whatever has the marker's name: what is longer than a marker is none, and no more is looked
     * at. */
    int fd, rc = fihi_file_open(&fd, st, path, O_RDONLY, err);

    text[0] = '\0';
    if (rc != 0)
        return rc;
    /* On an error, too, n is what was read until then, and less than MARKER_BYTES. */
    if ((rc = fihi_file_read(fd, text, MARKER_BYTES - 1, 0, &n)) != 0)
        rc = fihi_fail_errno(err, rc, "cannot read", path);
    text[n] = '\0';
    close(fd);
    return rc;
}

int fihi_dir_read(const char *dir, uint32_t *number, struct stat *like, fih_error *err)
{
    char *path = fihi_file_path(dir, DIR_MARKER), text[MARKER_BYTES];
    const char *rest;
    struct stat st;
    int rc;

    *number = 0;
    if (!path)
        return fihi_fail_nomem(err);
    /* No marker is no error here: the caller knows what he wants to find. *number stays 0 then, which no data file
     * has. */
    if ((rc = read_text(path, text, &st, err)) != 0) {
        rc = rc == FIH_E_NOTFOUND ? FIH_OK : rc;
        goto out;
    }
    if (strncmp(text, MARKER_HEAD, sizeof MARKER_HEAD - 1) != 0) {
        /* Another number of the format is a newer version's, other text another program's. */
        rc = strncmp(text, "fihrist index ", 14) == 0
                 ? fihi_fail(err, FIH_E_VERSION, "'%s' was written by a newer version: use that, or rebuild it", dir)
                 : fihi_fail(err, FIH_E_NOTINDEX, "'%s' is not a fihrist index: its FIHRIST file is another's", dir);
        goto out;
    }
    *number = data_number(text + sizeof MARKER_HEAD - 1, &rest);
    if (*number == 0 || strcmp(rest, "\n") != 0) {
        *number = 0;
        rc = fihi_fail(err, FIH_E_CORRUPT, "'%s' is damaged: it should name a data file", path);
    } else if (like) {
        *like = st;
    }
out:
    free(path);
    return rc;
}

/* Written, synced and closed beside the present one, which stays as it is. A marker is 30 bytes, so a short write
 * means a full disk.
 *
 * First the bytes and then the name, for a rename can be on the disk before the bytes are: after a power loss the
 * marker would have its name and its length, and zeros in it, and there would be no index. */
int fihi_dir_write(const char *dir, uint32_t number, const struct stat *like, fih_error *err)
{
    char *path = fihi_file_path(dir, MARKER_NEW), text[MARKER_BYTES];
    const int n = marker_text(text, number);
    int fd = -1, rc;

    if (!path)
        return fihi_fail_nomem(err);
    unlink(path);                              /* left from a kill; or a link, which must not be written through */
    if ((rc = fihi_file_make(&fd, path, like, err)) == 0) {
        errno = 0;                             /* a short write sets none */
        if (write(fd, text, (size_t)n) != n || fsync(fd) != 0) {
            rc = fihi_fail_errno(err, errno ? errno : ENOSPC, "cannot write", path);
            unlink(path);
        }
        close(fd);
    }
    free(path);
    return rc;
}

/* The directory is synced twice: before, so that the names of the data file and of the new marker last when it
 * counts; after, so that the rename does. */
int fihi_dir_name(const char *dir, bool *is_named, fih_error *err)
{
    char *temp = fihi_file_path(dir, MARKER_NEW), *path = fihi_file_path(dir, DIR_MARKER);
    int rc = temp && path ? fihi_file_sync_dir(dir, err) : fihi_fail_nomem(err);

    if (rc == 0) {
        if (rename(temp, path) != 0) {
            rc = fihi_fail_errno(err, errno, "cannot write", path);
        } else {
            /* From here on whoever opens the index gets the new data file: what fails now must not be undone. */
            *is_named = true;
            rc = fihi_file_sync_dir(dir, err);
        }
    }
    free(temp);
    free(path);
    return rc;
}

/* Without memory of its own: that may be what ran out. Whatever fails, goes on: there is nobody left to tell. */
static void remove_name(const char *dir, const char *name)
{
    char path[PATH_MAX];

    if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, name) < sizeof path)
        unlink(path);
}

static void remove_data(const char *dir, uint32_t number)
{
    char name[64];

    for (unsigned i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "data.%u.mdb%s", number, i ? "" : "-lock");
        remove_name(dir, name);
    }
}

void fihi_dir_give_up(const char *dir, uint32_t number)
{
    remove_data(dir, number);
    remove_name(dir, MARKER_NEW);              /* the last: it says whose the others are */
}

/* The marker first: a directory without it is no index, whatever else is left by a kill. An index that was just made
 * has written its data file anew once at most. */
void fihi_dir_remove(const char *dir)
{
    remove_name(dir, DIR_MARKER);
    remove_data(dir, 2);
    fihi_dir_give_up(dir, 1);
    fihi_dir_remove_lock(dir);
}

void fihi_dir_remove_lock(const char *dir)
{
    char path[PATH_MAX];

    if ((size_t)snprintf(path, sizeof path, "%s/" DIR_MARKER, dir) < sizeof path && access(path, F_OK) != 0)
        remove_name(dir, "lock");
}

/* ---- what lies in the directory */

/* Ordered: what a directory is, is the worst of what lies in it. */
enum content {
    CONTENT_NONE,                      /* nothing, or what says nothing: the lock, part of a marker */
    CONTENT_CUT_SHORT,                 /* a first data file that nothing was committed to, with the marker for it */
    CONTENT_DATA,                      /* a data file of an index */
    CONTENT_OTHER
};

/* The first bytes of a marker; after a power loss, a file may have its length and zeros in place of the others. File
 * systems that write the length before the data show such zeros; a marker like that was never named, so nothing
 * depends on it. */
static bool is_part(const char *begun, size_t bytes, const char *whole, size_t n)
{
    size_t i = 0;

    if (bytes > n)
        return false;
    while (i < bytes && begun[i] == whole[i])
        i++;
    while (i < bytes && begun[i] == '\0')
        i++;
    return i == bytes;
}

/* Of a directory without marker. `begun`: the marker that was on its way. */
static enum content content_of(const char *name, const struct stat *st, const char *begun)
{
    char whole[MARKER_BYTES];
    const char *rest;
    const size_t n = (size_t)marker_text(whole, 1);
    const uint32_t number = data_number(name, &rest);

    if (!S_ISREG(st->st_mode))
        return CONTENT_OTHER;
    /* Ours is always empty. One with bytes in it is another program's. */
    if (strcmp(name, "lock") == 0)
        return st->st_size == 0 ? CONTENT_NONE : CONTENT_OTHER;
    if (strcmp(name, MARKER_NEW) == 0)         /* a compaction's has another number */
        return is_part(begun, (size_t)st->st_size, whole, n)              ? CONTENT_NONE
               : strncmp(begun, MARKER_HEAD, sizeof MARKER_HEAD - 1) == 0 ? CONTENT_DATA
                                                                          : CONTENT_OTHER;
    if (number == 0 || (*rest && strcmp(rest, "-lock") != 0))
        return CONTENT_OTHER;
    /* Only a whole marker for number 1 vouches for the data file beside it, and only while it is small: an index that
     * has lost its marker must never be taken for a creation that failed, and be overwritten. */
    return number == 1 && strcmp(begun, whole) == 0 && st->st_size <= NEW_FILE_MOST ? CONTENT_CUT_SHORT : CONTENT_DATA;
}

/* The marker on its way, "" if there is none. A link or a pipe in its place is left for content_of(), which says what
 * is wrong. */
static int read_begun(const char *dir, char begun[MARKER_BYTES], fih_error *err)
{
    char *path = fihi_file_path(dir, MARKER_NEW);
    int rc;

    memset(begun, 0, MARKER_BYTES);
    if (!path)
        return fihi_fail_nomem(err);
    rc = read_text(path, begun, NULL, err);
    free(path);
    return rc == FIH_E_NOTFOUND || rc == FIH_E_NOTINDEX ? FIH_OK : rc;
}

/* Every name counts, however many there are. Of what lies there nothing is read and nothing is changed. */
static int look_around(const char *dir, const char *begun, enum content *most, fih_error *err)
{
    struct dirent *e;
    DIR *d;

    *most = CONTENT_NONE;
    if (!(d = opendir(dir)))
        return fihi_fail_errno(err, errno, "cannot open", dir);
    /* readdir() tells the end from an error by errno alone. */
    for (errno = 0; (e = readdir(d)); errno = 0) {
        struct stat st;

        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
            fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        /* Not ended at the first that is another's, for the worst decides what is said, in whatever order names
         * come. */
        const enum content c = content_of(e->d_name, &st, begun);
        *most = c > *most ? c : *most;
    }
    /* Kept before closedir(), which may set another. */
    const int cause = errno;
    closedir(d);
    return cause ? fihi_fail_errno(err, cause, "cannot read", dir) : FIH_OK;
}

/* The marker, the one on its way and the names are looked at one after the other, while another process may be at the
 * creation of this index. So before it is called damaged or another's, the first two are looked at again, in this
 * order, for the one becomes the other: between them it cannot be missed. A creation changes the marker on its way
 * twice at most, so three looks would do; ten are for a few creations that fail. */
int fihi_dir_look_free(const char *dir, bool *is_cut_short, uint32_t *number, struct stat *like, fih_error *err)
{
    char begun[MARKER_BYTES], again[MARKER_BYTES];
    enum content most = CONTENT_NONE;
    int rc;

    *is_cut_short = false;
    *number = 0;
    for (unsigned tries = 0; tries < 10; tries++) {
        if ((rc = read_begun(dir, begun, err)) != 0 || (rc = look_around(dir, begun, &most, err)) != 0)
            return rc;
        *is_cut_short = most == CONTENT_CUT_SHORT;
        if (most < CONTENT_DATA)
            return FIH_OK;
        if ((rc = read_begun(dir, again, err)) != 0 || (rc = fihi_dir_read(dir, number, like, err)) != 0 ||
            *number != 0)
            return rc;
        if (memcmp(begun, again, sizeof begun) == 0)
            break;
    }
    if (most == CONTENT_OTHER)
        return fihi_fail(err, FIH_E_NOTINDEX, "'%s' is not a fihrist index: it holds other files", dir);
    return fihi_fail(err, FIH_E_CORRUPT,
                     "'%s' has no FIHRIST file, or is an incomplete backup: restore a backup, or remove and rebuild it",
                     dir);
}

/* Called with the writer's lock held, so no compaction is under way. A reader may still have an old file open: its
 * pages live on until he closes it. `keep` stays, with its table of readers.
 *
 * Only the sync can be an error. A file that cannot be removed takes room and does no harm; the next writer tries
 * again. */
int fihi_dir_clear(const char *dir, uint32_t keep, fih_error *err)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    int rc = FIH_OK;
    bool is_lasting = false;

    while (d && (e = readdir(d))) {
        const char *rest;
        const uint32_t number = data_number(e->d_name, &rest);
        struct stat st;

        /* Only what is spelled as we do, and is a plain file: a link by the name of a data file is somebody's work. */
        if (number == 0 || number == keep || (*rest && strcmp(rest, "-lock") != 0) ||
            fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
            continue;
        /* The marker that names another file may be in memory only, and the one on the disk name this. If a power
         * loss then brought the old marker back, its file must still be there: so the directory is synced before the
         * first one is removed, and not at all where there is nothing to remove. */
        if (!is_lasting && (rc = fihi_file_sync_dir(dir, err)) != 0)
            break;
        is_lasting = true;
        unlinkat(dirfd(d), e->d_name, 0);
    }
    if (d)
        closedir(d);
    return rc;
}

/* ---- the writer's lock */

/* flock() and not fcntl(): it belongs to the open file and not to the process, so two writers of one process exclude
 * each other, and closing another descriptor does not drop it. Asked every 20 ms, for a blocking call could neither
 * end at a time nor be cancelled. */
int fihi_dir_lock(int *fd, const char *dir, const struct stat *like, int32_t wait_ms, fih_error *err)
{
    const int64_t until = now_ms() + (wait_ms > 0 ? wait_ms : 0);
    char *path = fihi_file_path(dir, "lock");
    int rc;

    if (!path)
        return fihi_fail_nomem(err);
    /* Nobody removes this file while the index lives: who locked one without a name and who locked its successor would
     * both be the writer. */
    rc = fihi_file_open_or_make(fd, NULL, path, like, err);
    while (rc == 0 && flock(*fd, LOCK_EX | LOCK_NB) != 0) {
        const struct timespec pause = {0, 20 * 1000 * 1000};

        /* A signal is no refusal: the wait goes on, for only the program knows what its signals mean. */
        if (errno != EWOULDBLOCK && errno != EINTR)
            rc = fihi_fail_errno(err, errno, "cannot lock", path);
        else if (wait_ms >= 0 && now_ms() >= until)
            rc = fihi_fail(err, FIH_E_BUSY, "another writer holds '%s': wait for it, or try again later", dir);
        else
            nanosleep(&pause, NULL);
    }
    free(path);
    return rc;
}
