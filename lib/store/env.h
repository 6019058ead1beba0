/* store/env.h - what store.c and txn.c share: LMDB's environment and the handle on it. */
#ifndef FIHI_STORE_ENV_H
#define FIHI_STORE_ENV_H

#include <lmdb.h>
#include <pthread.h>
#include <string.h>
#include <sys/types.h>

#include "store/store.h"

struct env {
    struct env     *next;
    MDB_env        *mdb;
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
    int             is_spent;     /* a commit failed: LMDB may refuse all further use, so it is opened anew */
    int             is_read_only;
    pthread_mutex_t mutex;        /* around gets: a read transaction is one thread's at a time */
};

struct store {
    char       *dir;
    struct env *env;
    uint32_t    number;           /* N of data.N.mdb */
    int         lock_fd;
};

/* Around every transaction. Opens a spent environment anew; FIH_E_IO while others still read from it. */
int fihi_env_use(struct env *e, fih_error *err);
void fihi_env_unuse(struct env *e, int is_spent);

/* LMDB's code becomes ours here only. */
int fihi_fail_mdb(fih_error *err, int rc, const char *what, const char *path);

#endif
