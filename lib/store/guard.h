/* store/guard.h - is this an LMDB file whose pages can be walked without harm?
 *
 * Layer: store. LMDB trusts its pages: a flipped bit in one is a crash or a wrong answer, a truncated file a
 * SIGBUS. So before LMDB touches a file, its two meta pages are read and checked, and before a snapshot is
 * used, each page of its B-trees is: kind, number, ends of every node, order of the keys, ranges of overflow
 * pages within the file, counts. What the pages' values hold is not looked at: values carry their own checksum.
 * Pages are read with pread(), so a short file is an answer, not a signal.
 *
 * The layout is that of LMDB 0.9 on a 64-bit little-endian machine (MDB_DATA_VERSION 1), as its mdb.c defines it.
 */
#ifndef FIHI_STORE_GUARD_H
#define FIHI_STORE_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"

/* The two meta pages of the file, before LMDB opens it. `path` is for messages. FIH_E_NOTINDEX if it is
 * no LMDB file at all, FIH_E_CORRUPT if it is a broken one. */
int fihi_guard_meta(int fd, const char *path, fih_error *err);

enum {
    GUARD_ALL = 1   /* also the notes, the free list, and that no page is used twice: before writing, and in check */
};

/* A tree that was passed over, to be walked later: its snapshot keeps the pages, though not the meta page. */
struct guard_tree {
    uint8_t  record[48];               /* LMDB's, of the named database */
    uint64_t last_page;
    bool      is_there;
};

struct guard_result {
    uint64_t live_bytes;      /* pages in use by the trees walked */
    struct guard_tree passed;
    bool      is_stale;        /* the snapshot's meta page is gone: begin a new transaction and try again */
};

/* Every page that the snapshot `txnid` can reach. `passed_over` names the one tree that is left out unless GUARD_ALL.
 */
int fihi_guard_walk(int fd, const char *path, uint64_t txnid, unsigned flags, const char *passed_over,
                    struct guard_result *res, fih_error *err);
/* The tree that was passed over, while the snapshot it was found in is open. */
int fihi_guard_tree(int fd, const char *path, const struct guard_tree *tree, fih_error *err);

#endif
