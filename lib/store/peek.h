/* store/peek.h - one commit of a data file, read without LMDB and without a place in its table of readers.
 *
 * Layer: store, on page.h. Pages and values are read with pread() into own memory, and each is checked before use,
 * whatever the file holds: damaged, cut or written over meanwhile, the worst is an error.
 *
 * Nobody keeps the pages of a commit for who has no place in the table. LMDB's transaction t uses pages again that
 * transaction t - 2, or one before that, gave up, and a page of commit s is given up by s + 1 at the earliest: so the
 * pages of s stay as they are until s + 2 is committed. That commit overwrites the meta page of s, which is number
 * s % 2. So what was read is of commit s, all of it, if that meta page is still its own afterwards:
 * fihi_peek_is_gone(), to be asked behind everything that was read and before anything is believed, an error too.
 */
#ifndef FIHI_STORE_PEEK_H
#define FIHI_STORE_PEEK_H

#include <stdbool.h>

#include "store/keys.h"
#include "store/page.h"

struct peek_tree {
    uint64_t root, pages, entries;
    unsigned height;
};

struct peek {
    int              fd;
    const char      *path;             /* for messages; both are the caller's */
    size_t           page_bytes;
    uint64_t         txnid, last_page, file_pages;
    struct peek_tree spaces[SPACE_COUNT];
};

/* The newest commit. FIH_E_BUSY if it is always gone before its trees are found. */
int fihi_peek_begin(struct peek *p, int fd, const char *path, fih_error *err);
bool fihi_peek_is_gone(const struct peek *p);

/* A place in a tree. Zero-initialise. */
struct peek_at {
    const struct peek *peek;
    unsigned           height;
    struct {
        uint8_t *page;
        unsigned at, count;
    } level[MAX_DEPTH];
};

/* Go to the first key that is not below this one; to the next one. FIH_DONE behind the last. */
int fihi_peek_seek(struct peek_at *at, const struct peek *p, enum space space, const void *key, size_t key_bytes,
                   fih_error *err);
int fihi_peek_next(struct peek_at *at, fih_error *err);
/* Where it stands. The key is borrowed until it moves, the value new: freed with free(). */
const uint8_t *fihi_peek_key(const struct peek_at *at, size_t *key_bytes);
int fihi_peek_value(const struct peek_at *at, uint8_t **value, size_t *bytes, fih_error *err);
void fihi_peek_leave(struct peek_at *at);

#endif
