/* store/page.h - LMDB's pages as bytes: where things stand in them.
 *
 * Layer: store, for guard.c (pages verified before LMDB walks them) and peek.c (pages walked without LMDB).
 * The layout is that of LMDB 0.9 on a 64-bit little-endian machine (MDB_DATA_VERSION 1), as its mdb.c defines it.
 */
#ifndef FIHI_STORE_PAGE_H
#define FIHI_STORE_PAGE_H

#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"

/* mdb.c: MDB_page, MDB_node, MDB_db, MDB_meta. */
enum {
    PAGE_HEAD = 16, PAGE_NO = 0, PAGE_FLAGS = 10, PAGE_LOWER = 12, PAGE_UPPER = 14, PAGE_COUNT = 12,
    P_BRANCH = 0x01, P_LEAF = 0x02, P_OVERFLOW = 0x04, P_META = 0x08,
    NODE_HEAD = 8, N_BIGDATA = 0x01, N_SUBDATA = 0x02,
    DB_BYTES = 48, DB_PAD = 0, DB_FLAGS = 4, DB_DEPTH = 6, DB_BRANCHES = 8, DB_LEAVES = 16, DB_OVERFLOWS = 24,
    DB_ENTRIES = 32, DB_ROOT = 40,
    META_MAGIC = PAGE_HEAD, META_VERSION = PAGE_HEAD + 4, META_ADDRESS = PAGE_HEAD + 8, META_FREE = PAGE_HEAD + 24,
    META_MAIN = META_FREE + DB_BYTES, META_LAST = META_MAIN + DB_BYTES, META_TXN = META_LAST + 8,
    META_BYTES = META_TXN + 8,
    DB_INTEGERKEY = 0x08, ENV_NOSUBDIR = 0x4000, MAX_DEPTH = 32, MAX_KEY = 511
};
#define LMDB_MAGIC 0xBEEFC0DEu
#define NO_PAGE    UINT64_MAX
/* A commit can have allocated pages at the end that it did not need to write: at most what one
 * transaction may dirty. */
#define UNWRITTEN_PAGES 131072u

struct meta {
    uint64_t last_page, txnid;
    uint8_t  free_db[DB_BYTES], main_db[DB_BYTES];
};

/* 0, -1 where the file ends too early, or errno: a disk that cannot be read is no damage that a backup mends. */
int fihi_page_read(int fd, void *out, size_t n, uint64_t at);
/* Meta page 0 or 1, checked by itself. */
int fihi_page_meta(int fd, const char *path, unsigned which, size_t page_bytes, struct meta *m, fih_error *err);

#endif
