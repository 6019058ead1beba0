/* store/guard.c - walking LMDB's pages by hand.
 *
 * A walk visits each page of a tree once, in the order of the keys, with the limits that the pages above set: a page
 * whose keys do not lie between them would hide keys from LMDB's search or lead it round in circles. What is asserted
 * at the end of a tree are LMDB's own counts of pages and entries, which it uses as sizes. The cost is one pread()
 * for each page of the trees, and no look at values that have pages of their own; notes, which are many and small,
 * are put off until asked for.
 *
 * Depth limits the recursion, never the file: at most MAX_DEPTH calls, each with its own page in `level`, so no page
 * is overwritten while a limit points into it.
 */
#include "store/guard.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "store/file.h"
#include "store/page.h"

/* One walk's own: made for a call, used by one thread, and forgotten with it. `level` has a page for each depth, got
 * when it is first reached: 4 KiB for each level of the highest tree. */
struct walk {
    int                  fd;
    const char          *path;
    size_t               page_bytes;   /* LMDB's page is the system's */
    uint64_t             file_pages, last_page, txnid;
    uint8_t             *used;         /* a bit a page, only with GUARD_ALL */
    uint8_t             *level[MAX_DEPTH];
    bool                 integer_keys;
    uint64_t             branches, leaves, overflows, entries, all_pages; /* of the tree; of all so far */
    fih_error           *err;
    /* what a leaf's value is: a named database of the main tree, a list of free pages, or a plain value */
    int                (*value)(struct walk *w, const uint8_t *key, size_t key_bytes, unsigned flags,
                                const uint8_t *data, uint64_t bytes);
    /* for the main tree */
    const char          *passed_over;
    struct guard_tree   *passed;
    unsigned             flags;
};

/* The remedy is in the message, for there is no other: what a damaged page held is unknown. */
static int broken(struct walk *w, const char *what, uint64_t page)
{
    return fihi_fail(w->err, FIH_E_CORRUPT,
                     "'%s' is damaged: %s at page %llu; restore a backup or rebuild it",
                     w->path, what, (unsigned long long)page);
}

/* -1 and not an errno for a file that is too short, as it is not the system's fault. For peek.c, too. `at` is in bytes
 * and comes from a page's number times its size: both callers have compared the number with the last page before they
 * multiply. */
int fihi_page_read(int fd, void *out, size_t n, uint64_t at)
{
    size_t got;
    const int cause = fihi_file_read(fd, out, n, at, &got);

    return cause ? cause : got == n ? 0 : -1;
}

/* A short read is damage, a failed one is not: a disk with a loose cable must not make anybody throw the index away. */
static int unread(struct walk *w, int cause, uint64_t page)
{
    return cause > 0 ? fihi_fail_errno(w->err, cause, "cannot read", w->path)
                     : broken(w, "the file is truncated", page);
}

int fihi_page_meta(int fd, const char *path, unsigned which, size_t page_bytes, struct meta *m, fih_error *err)
{
    uint8_t b[META_BYTES];
    const int cause = fihi_page_read(fd, b, sizeof b, which * page_bytes);

    if (cause > 0)
        return fihi_fail_errno(err, cause, "cannot read", path);
    if (cause != 0)
        return fihi_fail(err, FIH_E_CORRUPT, "'%s' is truncated: restore a backup or rebuild it", path);
    /* Page 0 without the magic is some other file; with a good page 0, a bad page 1 is damage. */
    if (get_u16(b + PAGE_FLAGS) != P_META || get_u32(b + META_MAGIC) != LMDB_MAGIC)
        return fihi_fail(err, which == 0 ? FIH_E_NOTINDEX : FIH_E_CORRUPT, "'%s' is not an index file", path);
    if (get_u32(b + META_VERSION) != 1)
        return fihi_fail(err, FIH_E_VERSION, "'%s' was written by another major version of LMDB", path);
    memcpy(m->free_db, b + META_FREE, DB_BYTES);
    memcpy(m->main_db, b + META_MAIN, DB_BYTES);
    m->last_page = get_u64(b + META_LAST);
    m->txnid = get_u64(b + META_TXN);
    /* The free list's record doubles as the page size and the environment's flags. */
    if (get_u64(b + META_ADDRESS) != 0 || get_u64(b + PAGE_NO) != which ||
        /* An address would mean a map at a fixed place, which we never ask for; other flags, a mode of LMDB that we
         * do not use. */
        (get_u16(m->free_db + DB_FLAGS) & ~(unsigned)ENV_NOSUBDIR) != DB_INTEGERKEY ||
        get_u16(m->main_db + DB_FLAGS) != 0 || get_u32(m->main_db + DB_PAD) != 0 ||
        get_u32(m->free_db + DB_PAD) != page_bytes)
        return fihi_fail(err, FIH_E_CORRUPT, "'%s' is damaged: meta page %u; restore a backup or rebuild it", path,
                         which);
    return FIH_OK;
}

/* Writers fill the two meta pages by turns: transaction n goes to page n % 2, so their numbers are neighbours. */
static int metas_agree(const struct meta m[2])
{
    if (m[0].txnid == 0 && m[1].txnid == 0)
        return 1;
    return (m[0].txnid & 1) == 0 && (m[1].txnid & 1) == 1 &&
           (m[0].txnid + 1 == m[1].txnid || m[1].txnid + 1 == m[0].txnid);
}

/* The file may end before the last page that the commit allocated, if it never wrote that one. Asked of each meta page
 * that is used, also of one that a commit has written since the file was opened. */
static int last_page_fits(const struct meta *m, uint64_t file_pages, const char *path, fih_error *err)
{
    return m->last_page <= file_pages + UNWRITTEN_PAGES
               ? FIH_OK
               : fihi_fail(err, FIH_E_CORRUPT, "'%s' is truncated: restore a backup or rebuild it", path);
}

/* Before LMDB maps the file: a page number beyond its end would be a SIGBUS, and another size of page another layout.
 * To disagree without damage, the two must have been read with two commits or more between them, and that three
 * times. */
int fihi_guard_meta(int fd, const char *path, fih_error *err)
{
    const size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    /* Both, for LMDB looks at both to choose. */
    struct meta m[2];
    struct stat st;
    int rc;

    if (fstat(fd, &st) != 0)
        return fihi_fail_errno(err, errno, "cannot access", path);
    if (!S_ISREG(st.st_mode))
        return fihi_fail(err, FIH_E_NOTINDEX, "'%s' is not a regular file", path);
    for (unsigned tries = 0; tries < 3; tries++) {
        for (unsigned i = 0; i < 2; i++) {
            if ((rc = fihi_page_meta(fd, path, i, page_bytes, &m[i], err)) != 0 ||
                (rc = last_page_fits(&m[i], (uint64_t)st.st_size / page_bytes, path, err)) != 0)
                return rc;
        }
        if (metas_agree(m))
            return FIH_OK;               /* else perhaps read while a commit replaced one: look again */
    }
    return fihi_fail(err, FIH_E_CORRUPT, "'%s' is damaged: its meta pages disagree; restore a backup or rebuild it",
                     path);
}

/* Pages 0 and 1 are the meta pages, and no tree's. count > last - page + 1 and not page + count > last: the sum could
 * wrap. Every page number that a file gives passes through here before it is used. */
static int mark(struct walk *w, uint64_t page, uint64_t count)
{
    if (page < 2 || count == 0 || page > w->last_page || count > w->last_page - page + 1)
        return broken(w, "a page number out of range", page);
    if (!w->used)
        return FIH_OK;
    for (; count > 0; count--, page++) {
        /* Two owners of one page: the next commit that frees it for one takes it from the other. Only with GUARD_ALL,
         * for it needs a bit for every page of the file, and matters to who writes or checks. */
        if (w->used[page / 8] >> (page % 8) & 1)
            return broken(w, "a page used twice", page);
        w->used[page / 8] |= (uint8_t)(1u << page % 8);
    }
    return FIH_OK;
}

/* As LMDB compares: the free list by native integers, all else bytewise, the shorter first. */
static int compare(const struct walk *w, const uint8_t *a, size_t a_bytes, const uint8_t *b, size_t b_bytes)
{
    if (w->integer_keys) {
        const uint64_t x = get_u64(a), y = get_u64(b);
        return x < y ? -1 : x > y;
    }
    const int c = memcmp(a, b, a_bytes < b_bytes ? a_bytes : b_bytes);
    return c ? c : a_bytes < b_bytes ? -1 : a_bytes > b_bytes;
}

struct limit {
    const uint8_t *key;       /* NULL: none */
    size_t         bytes;
};

/* `room`: bytes from the value's beginning to the end of the page. A small value lies there, of a large one the
 * number of its first page. The value's size is divided by the page with PAGE_HEAD - 1 on top: its first page begins
 * with a head.
 *
 * Sizes have 32 bits, so `count` is at most 1,048,577 pages of 4 KiB and no sum here wraps. A full value of postings
 * has 65,504 bytes and its frame 16, so 65,520: (15 + 65,520) / 4,096 + 1 is 16 pages, and with the head of the first
 * one they are filled to the last byte. */
static int leaf_value(struct walk *w, uint64_t page, const uint8_t *node, size_t room)
{
    const uint64_t bytes = get_u16(node) | (uint64_t)get_u16(node + 2) << 16;
    const unsigned flags = get_u16(node + 4);
    const size_t key_bytes = get_u16(node + 6);
    const uint8_t *data = node + NODE_HEAD + key_bytes;
    uint64_t first, count;
    int rc;

    if (flags & ~(unsigned)(N_BIGDATA | N_SUBDATA))
        return broken(w, "a node of an unknown kind", page);
    if (!(flags & N_BIGDATA)) {
        if (bytes > room)
            return broken(w, "a value past its page", page);
        return w->value ? w->value(w, node + NODE_HEAD, key_bytes, flags, data, bytes) : FIH_OK;
    }
    if (room < 8 || (flags & N_SUBDATA))
        return broken(w, "a value past its page", page);
    /* From the disk, and any 64 bits: mark() compares it before it is multiplied or added to. */
    first = get_u64(data);
    count = (PAGE_HEAD - 1 + bytes) / w->page_bytes + 1;
    if ((rc = mark(w, first, count)) != 0)
        return rc;
    if (first + count > w->file_pages)
        return broken(w, "the file is truncated", first);
    w->overflows += count;
    /* The heads of overflow pages are read only by who checks all: one more read for each large value would double
     * the cost of opening, and what they say LMDB uses only when it frees them. */
    if (w->used) {
        uint8_t head[PAGE_HEAD];

        if ((rc = fihi_page_read(w->fd, head, sizeof head, first * w->page_bytes)) != 0)
            return unread(w, rc, first);
        if (get_u16(head + PAGE_FLAGS) != P_OVERFLOW || get_u64(head + PAGE_NO) != first ||
            get_u32(head + PAGE_COUNT) != count)
            return broken(w, "a broken overflow page", first);
    }
    return w->value ? w->value(w, node + NODE_HEAD, key_bytes, flags, data, bytes) : FIH_OK;
}

/* LMDB starts every node at an even byte. */
static size_t even(size_t n)
{
    return (n + 1) & ~(size_t)1;
}

/* `low` and `high` are what the pages above say: low <= keys < high. `height` is what the tree's record claims, so a
 * leaf is known by its depth and must say so itself, too. */
static int walk_page(struct walk *w, uint64_t page, unsigned depth, unsigned height, struct limit low,
                     struct limit high)
{
    uint8_t *p;
    int rc;

    if (depth >= MAX_DEPTH || depth >= height)
        return broken(w, "a tree deeper than it says", page);
    /* Before the page is read: a page that is reached twice, in a tree or by a circle, is found here where all are
     * marked, and by the order of its keys where they are not. */
    if ((rc = mark(w, page, 1)) != 0)
        return rc;
    if (!w->level[depth] && !(w->level[depth] = malloc(w->page_bytes)))
        return fihi_fail_nomem(w->err);
    p = w->level[depth];
    if ((rc = page < w->file_pages ? fihi_page_read(w->fd, p, w->page_bytes, page * w->page_bytes) : -1) != 0)
        return unread(w, rc, page);

    /* LMDB fills a page from both ends: the numbers of its nodes upwards from the head to `lower`, the nodes themselves
     * downwards from the end to `upper`. Each number has two bytes. */
    const unsigned flags = get_u16(p + PAGE_FLAGS), lower = get_u16(p + PAGE_LOWER), upper = get_u16(p + PAGE_UPPER);
    const bool is_leaf = depth + 1 == height;
    /* Wraps if `lower` is too small; the test below refuses the page before it is used. A branch with one child would
     * be no error to read, but LMDB never leaves one. */
    const unsigned count = (lower - PAGE_HEAD) / 2;
    size_t nodes = 0;         /* bytes of the nodes: they fill the page from `upper` to its end */
    if (get_u64(p + PAGE_NO) != page || flags != (is_leaf ? P_LEAF : P_BRANCH) || lower < PAGE_HEAD || lower > upper ||
        upper > w->page_bytes || lower % 2 || count < (is_leaf ? 1u : 2u))
        return broken(w, "a broken tree page", page);
    if (is_leaf)
        w->leaves++;
    else
        w->branches++;
    /* Each node lies in the page before its key is looked at, and its key before it is compared: 16-bit numbers from
     * the page may say anything. */
    for (unsigned i = 0; i < count; i++) {
        const unsigned at = get_u16(p + PAGE_HEAD + 2 * i);
        const uint8_t *node = p + at;
        struct limit key;

        if (at < upper || at + NODE_HEAD > w->page_bytes)
            return broken(w, "a node out of its page", page);
        key.key = node + NODE_HEAD;
        key.bytes = get_u16(node + 6);
        /* A branch's first key may be empty, and is not looked at: all that is below the second key hangs there. */
        if (key.bytes > MAX_KEY || at + NODE_HEAD + key.bytes > w->page_bytes ||
            ((is_leaf || i > 0) && (w->integer_keys ? key.bytes != 8 : key.bytes == 0)))
            return broken(w, "a key out of its page", page);
        if (is_leaf || i > 0) {              /* a branch's first key stands for "anything below the second" */
            const int order = low.key ? compare(w, key.key, key.bytes, low.key, low.bytes) : 1;

            /* A parent's key may equal its child's first one; keys of a page differ. */
            if (order < 0 || (order == 0 && !(is_leaf && i == 0)) ||
                (high.key && compare(w, key.key, key.bytes, high.key, high.bytes) >= 0))
                return broken(w, "keys out of order", page);
            low = key;
        }
        if (is_leaf) {
            w->entries++;
            if ((rc = leaf_value(w, page, node, w->page_bytes - at - NODE_HEAD - key.bytes)) != 0)
                return rc;
            nodes += even(NODE_HEAD + key.bytes +
                          (get_u16(node + 4) & N_BIGDATA ? 8u : get_u16(node) | (size_t)get_u16(node + 2) << 16));
        } else {
            /* 48 bits: of a branch's node the value's size and flags are the number of the child. */
            const uint64_t child =
                get_u16(node) | (uint64_t)get_u16(node + 2) << 16 | (uint64_t)get_u16(node + 4) << 32;
            struct limit below = high;

            if (i + 1 < count) {
                const unsigned next = get_u16(p + PAGE_HEAD + 2 * (i + 1));
                /* The next node's key limits the child of this one, so it is checked here, before its own turn comes.
                 */
                if (next < upper || next + NODE_HEAD > w->page_bytes)
                    return broken(w, "a node out of its page", page);
                below.key = p + next + NODE_HEAD;
                below.bytes = get_u16(p + next + 6);
                if (below.bytes > MAX_KEY || next + NODE_HEAD + below.bytes > w->page_bytes ||
                    (w->integer_keys && below.bytes != 8))
                    return broken(w, "a key out of its page", page);
            }
            if ((rc = walk_page(w, child, depth + 1, height, low, below)) != 0)
                return rc;
            nodes += even(NODE_HEAD + key.bytes);
        }
    }
    /* Nodes that overlapped or left holes would pass each test above: their bytes together must be what lies behind
     * `upper`. LMDB moves nodes by these sizes when it deletes one. */
    return nodes == w->page_bytes - upper ? FIH_OK : broken(w, "nodes that do not fill their page", page);
}

/* The record of a tree that nobody has looked at yet: root, depth and counts may be anything. */
static int walk_db(struct walk *w, const uint8_t *db)
{
    const struct limit none = {NULL, 0};
    const uint64_t root = get_u64(db + DB_ROOT);
    int rc;

    /* A record's counts are of its tree alone, so each tree is counted anew. */
    w->branches = w->leaves = w->overflows = w->entries = 0;
    if (root == NO_PAGE) {
        if (get_u64(db + DB_ENTRIES) != 0 || get_u16(db + DB_DEPTH) != 0)
            return broken(w, "a tree without a root", 0);
        return FIH_OK;
    }
    /* The depth has 16 bits and may be any: walk_page() goes no deeper than MAX_DEPTH, and takes a leaf at that depth
     * alone. */
    if ((rc = walk_page(w, root, 0, get_u16(db + DB_DEPTH), none, none)) != 0)
        return rc;
    /* Only of trees that were walked to the end: a walk that fails is never asked for bytes. */
    w->all_pages += w->branches + w->leaves + w->overflows;
    if (w->branches != get_u64(db + DB_BRANCHES) || w->leaves != get_u64(db + DB_LEAVES) ||
        w->overflows != get_u64(db + DB_OVERFLOWS) || w->entries != get_u64(db + DB_ENTRIES))
        return broken(w, "a tree whose counts are wrong", root);
    return FIH_OK;
}

/* The main tree's values are the records of the named databases. They are few: kept aside and walked afterwards.
 * There are SPACE_COUNT (4) of ours; some more leave room for a later format, and the array on the stack small. They
 * are kept by value, 48 bytes each, for the page that they stand in is read over by the walk of the first of them. */
enum { MAX_NAMED = 16 };
struct main_walk {
    struct walk w;            /* first, so that the callback can find the rest */
    uint8_t     db[MAX_NAMED][DB_BYTES];
    unsigned    count;
};

static int main_value(struct walk *w, const uint8_t *key, size_t key_bytes, unsigned flags, const uint8_t *data,
                      uint64_t bytes)
{
    struct main_walk *m = (struct main_walk *)w;

    /* Named databases of any kind but plain (sorted duplicates, integer keys) are not ours, and would be walked by
     * other rules. */
    if (!(flags & N_SUBDATA) || (flags & N_BIGDATA) || bytes != DB_BYTES || m->count >= MAX_NAMED ||
        get_u16(data + DB_FLAGS) != 0 || get_u32(data + DB_PAD) != 0)
        return broken(w, "a broken database record", 0);
    if (!(w->flags & GUARD_ALL) && key_bytes == strlen(w->passed_over) && memcmp(key, w->passed_over, key_bytes) == 0) {
        memcpy(w->passed->record, data, DB_BYTES);
        w->passed->last_page = w->last_page;
        w->passed->is_there = true;
        return FIH_OK;
    }
    /* The array has room: m->count was compared with it above. A second record of one name would be keys out of
     * order. */
    memcpy(m->db[m->count++], data, DB_BYTES);
    return FIH_OK;
}

/* A subdatabase in our spaces would be walked by LMDB as one, on bytes that nobody looked at. */
static int plain_value(struct walk *w, const uint8_t *key, size_t key_bytes, unsigned flags, const uint8_t *data,
                       uint64_t bytes)
{
    (void)key, (void)key_bytes, (void)data, (void)bytes;
    return flags & N_SUBDATA ? broken(w, "a database inside a database", 0) : FIH_OK;
}

/* A list of free pages: its length, then page numbers, largest first. Checked because LMDB hands these pages out for
 * new data without a look: a live page in the list is overwritten by the next commit. */
static int free_value(struct walk *w, const uint8_t *key, size_t key_bytes, unsigned flags, const uint8_t *data,
                      uint64_t bytes)
{
    uint8_t *list = NULL;
    uint64_t count, last = NO_PAGE;
    int rc = FIH_OK;

    if ((flags & N_SUBDATA) || bytes < 8 || bytes % 8 || key_bytes != 8)
        return broken(w, "a broken free list", 0);
    /* The key is the commit that freed them. One of the future would never be used again, or by the wrong commit. */
    if (get_u64(key) == 0 || get_u64(key) > w->txnid)
        return broken(w, "a free list of an unknown commit", 0);
    /* `bytes` is not more than the file has: leaf_value() has found all of its pages within it. */
    if (flags & N_BIGDATA) {
        if (!(list = malloc(bytes)))
            return fihi_fail_nomem(w->err);
        if ((rc = fihi_page_read(w->fd, list, bytes, get_u64(data) * w->page_bytes + PAGE_HEAD)) != 0)
            rc = unread(w, rc, get_u64(data));
        data = list;
    }
    count = rc == FIH_OK ? get_u64(data) : 0;
    /* LMDB may leave the value longer than its list, never shorter. */
    if (count > bytes / 8 - 1)
        rc = broken(w, "a free list longer than its value", 0);
    /* Each below the one before, so a page stands in a list once; mark() finds one that stands in two, or that a tree
     * has. */
    for (uint64_t i = 1; rc == FIH_OK && i <= count; i++) {
        const uint64_t page = get_u64(data + 8 * i);

        rc = page >= last ? broken(w, "a free list out of order", page) : mark(w, page, 1);
        /* So the last one that was looked at is the least so far. */
        last = page;
        w->all_pages++;
    }
    free(list);
    return rc;
}

/* A stale snapshot is no damage: the meta page of commit n is used again by n + 2, and then pages of n may be
 * overwritten while they are read here. So an error counts only if the meta page is still the same afterwards. */
int fihi_guard_walk(int fd, const char *path, uint64_t txnid, unsigned flags, const char *passed_over,
                    struct guard_result *res, fih_error *err)
{
    const size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    struct main_walk mw = {0};
    struct walk *w = &mw.w;
    /* txnid & 1: where this transaction's number is kept. */
    struct meta m, again;
    struct stat st;
    int rc;

    /* An index of 1 GB in values of 64 KiB has some 16,000 values, whose records fill about a hundred leaves: opening
     * it reads these and not the gigabyte. */
    memset(res, 0, sizeof *res);
    if ((rc = fihi_page_meta(fd, path, txnid & 1, page_bytes, &m, err)) != 0)
        return rc;
    if (m.txnid != txnid) {
        res->is_stale = true;
        return FIH_OK;
    }
    if (fstat(fd, &st) != 0)
        return fihi_fail_errno(err, errno, "cannot access", path);
    w->fd = fd;
    w->path = path;
    w->page_bytes = page_bytes;
    w->file_pages = (uint64_t)st.st_size / page_bytes;
    w->last_page = m.last_page;
    w->txnid = txnid;
    w->passed_over = passed_over;
    w->passed = &res->passed;
    w->flags = flags;
    w->err = err;
    if ((rc = last_page_fits(&m, w->file_pages, path, err)) != 0)
        goto out;
    /* A bit for a page of 4 KiB is a 32,768th of the file: 32 KiB for one of a gigabyte. */
    if ((flags & GUARD_ALL) && !(w->used = calloc(m.last_page / 8 + 1, 1))) {
        rc = fihi_fail_nomem(err);
        goto out;
    }
    w->value = main_value;
    if ((rc = walk_db(w, m.main_db)) != 0)
        goto out;
    w->value = plain_value;
    /* One by one, with the pages of `level` used again; the tree that was passed over is not among them. */
    for (unsigned i = 0; i < mw.count; i++)
        if ((rc = walk_db(w, mw.db[i])) != 0)
            goto out;
    /* Without the free list, which is not live. */
    res->live_bytes = w->all_pages * page_bytes;
    if (flags & GUARD_ALL) {
        w->value = free_value;
        w->integer_keys = true;
        if ((rc = walk_db(w, m.free_db)) != 0)
            goto out;
        /* Pages 2 to last_page are last_page - 1 many, each used by a tree or free. One that is neither is lost for
         * ever: not harm, but a sign that something else was overwritten. */
        if (w->all_pages + 1 != m.last_page) {
            rc = broken(w, "pages neither used nor free", m.last_page);
            goto out;
        }
    }
    /* Had a writer reused the meta page meanwhile, the walk proves nothing. */
    if ((rc = fihi_page_meta(fd, path, txnid & 1, page_bytes, &again, err)) == 0 && again.txnid != txnid)
        res->is_stale = true;
out:
    if (rc != 0 && fihi_page_meta(fd, path, txnid & 1, page_bytes, &again, NULL) == 0 && again.txnid != txnid) {
        res->is_stale = true;
        rc = FIH_OK;
    }
    free(w->used);
    for (unsigned i = 0; i < MAX_DEPTH; i++)
        free(w->level[i]);
    return rc;
}

/* Without the meta page: an open transaction keeps the tree's pages, so nothing can be stale. */
int fihi_guard_tree(int fd, const char *path, const struct guard_tree *tree, fih_error *err)
{
    struct walk w = {.fd = fd, .path = path, .last_page = tree->last_page, .value = plain_value, .err = err};
    struct stat st;
    int rc;

    /* Whether a page is used twice is not asked here: that needs all trees at once, and with GUARD_ALL this one is
     * walked among them. */
    if (!tree->is_there)
        return FIH_OK;
    if (fstat(fd, &st) != 0)
        return fihi_fail_errno(err, errno, "cannot access", path);
    w.page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    w.file_pages = (uint64_t)st.st_size / w.page_bytes;
    rc = walk_db(&w, tree->record);
    for (unsigned i = 0; i < MAX_DEPTH; i++)
        free(w.level[i]);
    return rc;
}
