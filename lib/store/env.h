/* store/env.h - LMDB's environment of one data file, shared by all handles of the process to that file.
 *
 * Layer: store, below txn.c and store.c. LMDB loses its locks when a process opens a file twice: the registry in
 * env.c finds an open environment again by device and inode. */
#ifndef FIHI_STORE_ENV_H
#define FIHI_STORE_ENV_H

#include <lmdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "fihrist.h"
#include "store/keys.h"

enum env_mode { ENV_READ, ENV_WRITE, ENV_CREATE };

struct env {
    struct env     *next;
    MDB_env        *mdb;          /* NULL: a reader that can have no place in LMDB's table of readers, see loose.h */
    enum env_mode   mode;
    MDB_dbi         dbi[SPACE_COUNT];
    char           *path;
    int             fd;           /* for the guard, and so that the inode cannot be another file's */
    dev_t           dev;
    ino_t           ino;
    pid_t           pid;
    uint64_t        file_bytes;   /* when opened */
    uint8_t        *map_base;     /* NULL until somebody asks */
    unsigned        users;
    unsigned        uses;         /* transactions open, and copies under way */
    bool             is_claimed;   /* by the writer of this process */
    bool             is_spent;     /* a commit failed: LMDB may refuse all further use, so it is opened anew */
    bool             is_read_only;
    pthread_mutex_t mutex;        /* around gets: a read transaction is one thread's at a time */
};

/* The environment of the data file `path`, made with its empty spaces by ENV_CREATE. FIH_E_NOTFOUND: no such file. */
int fihi_env_get(struct env **out, const char *path, enum env_mode mode, fih_error *err);
void fihi_env_put(struct env *e);
/* FIH_E_PERM with the name of the file that may not be written. */
int fihi_env_refuse(const struct env *e, int cause, fih_error *err);
/* Does what mdb_txn_begin() answered mean that this process can have no place in the table of readers? */
bool fihi_env_has_no_place(int rc);
/* Size of the file [bytes]. */
uint64_t fihi_env_bytes(const struct env *e);
/* Size of its pages in use [bytes]; 0 where that cannot be told. */
uint64_t fihi_env_live_bytes(struct env *e);

/* The one writer of the data file itself, by whatever name and directory it was found: `lock` is one directory's, and
 * a hard link can put the file into two. FIH_E_BUSY: it has one. FIH_E_NOTINDEX: it has a name whose readers LMDB
 * would not see. Released by fihi_env_release(), and by the end of the process. */
int fihi_env_claim(struct env *e, fih_error *err);
void fihi_env_release(struct env *e);

/* Around every transaction. Opens a spent environment anew; FIH_E_IO while others still read from it. */
int fihi_env_use(struct env *e, fih_error *err);
void fihi_env_unuse(struct env *e, bool is_spent);

/* The handle that store.h speaks of: store.c makes it, txn.c and change.c begin transactions on it. */
struct store {
    char       *dir;
    struct env *env;              /* NULL: an index in memory */
    struct memory *memory;
    uint32_t    number;           /* N of data.N.mdb */
    int         lock_fd;
    bool         is_writer;        /* has claimed the environment */
    bool         is_new;           /* this handle has made the index */
    bool         is_dir_made;      /* and its directory */
    bool         is_unsure;        /* the marker's name for it may not be on the disk: not to be written to before */
    uint64_t    tidy_from;        /* bytes of the file at which fihi_store_tidy() looks again */
};

/* LMDB's code becomes ours here only. */
int fihi_fail_mdb(fih_error *err, int rc, const char *what, const char *path);

#endif
