/* store/peek.c - a small reader of LMDB's B-trees that trusts nothing.
 *
 * Each page is checked when it is read (load()), and only as far as it is used: that its nodes and keys lie in it,
 * that it is the page and the kind that the tree says. Order is checked where it is relied on: a seek must end at a
 * key not below what was sought, and each next key must be above the one before. That limits every walk, since a file
 * has finitely many keys, whatever its pointers say.
 *
 * LMDB's trees: a branch node has a key and a page, a leaf node a key and a value; a value that is too long for a
 * page lies in pages of its own, whose first number is in the node. A node's bytes 0 to 3 are the value's size, or
 * with 4 and 5 the child's page; 4 and 5 of a leaf are flags; 6 and 7 the key's size.
 */
#include "store/peek.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/fail.h"

/* As in loose.c: a writer that commits faster than five pages are read a hundred times in a row. */
enum { TRIES = 100 };

/* The same words as the guard has for the same damage: which of the two has found it is nothing that a user must
 * know. */
static int broken(const struct peek *p, const char *what, uint64_t page, fih_error *err)
{
    return fihi_fail(err, FIH_E_CORRUPT,
                     "'%s' is damaged: %s at page %llu; restore a backup or rebuild it", p->path,
                     what, (unsigned long long)page);
}

/* `file_pages` is the file's size when the commit was found; a file that was cut since ends in a short read. */
static int read_bytes(const struct peek *p, void *out, size_t n, uint64_t at, fih_error *err)
{
    const int cause = at / p->page_bytes >= p->file_pages ? -1 : fihi_page_read(p->fd, out, n, at);

    if (cause > 0)
        return fihi_fail_errno(err, cause, "cannot read", p->path);
    return cause == 0 ? FIH_OK : broken(p, "the file is truncated", at / p->page_bytes, err);
}

/* memcmp() may not get NULL even for no bytes, and an empty key comes as NULL. */
static int compare(const uint8_t *a, size_t a_bytes, const uint8_t *b, size_t b_bytes)
{
    const size_t least = a_bytes < b_bytes ? a_bytes : b_bytes;
    const int c = least ? memcmp(a, b, least) : 0;

    return c ? c : a_bytes < b_bytes ? -1 : a_bytes > b_bytes;
}

/* A node of a page that load() has passed. */
static const uint8_t *node_of(const uint8_t *page, unsigned i)
{
    return page + get_u16(page + PAGE_HEAD + 2 * i);
}

/* One page of the tree, and that its nodes and their keys lie within it.
 *
 * A look-up reads one page for each level. The leaves of the segments' space have nodes of 28 bytes with their numbers,
 * so 145 in a page of 4 KiB, and its branches of 20, so 204: full, three levels have room for 6,034,320 values. */
static int load(struct peek_at *at, unsigned depth, uint64_t number, fih_error *err)
{
    const struct peek *p = at->peek;
    const bool is_leaf = depth + 1 == at->height;
    uint8_t *page;
    int rc;

    /* Room for a page is kept from one look-up to the next; fihi_peek_leave() frees it. */
    if (!at->level[depth].page && !(at->level[depth].page = malloc(p->page_bytes)))
        return fihi_fail_nomem(err);
    page = at->level[depth].page;
    /* Before it is multiplied: no number can wrap the offset. */
    if (number < 2 || number > p->last_page)
        return broken(p, "a page number out of range", number, err);
    if ((rc = read_bytes(p, page, p->page_bytes, number * p->page_bytes, err)) != 0)
        return rc;
    const unsigned lower = get_u16(page + PAGE_LOWER), upper = get_u16(page + PAGE_UPPER);
    /* LMDB fills a page from both ends: numbers of nodes upwards to `lower`, nodes downwards to `upper`. */
    const unsigned count = lower < PAGE_HEAD ? 0 : (lower - PAGE_HEAD) / 2;
    if (get_u64(page + PAGE_NO) != number || get_u16(page + PAGE_FLAGS) != (is_leaf ? P_LEAF : P_BRANCH) ||
        lower % 2 || lower > upper || upper > p->page_bytes || count < (is_leaf ? 1u : 2u))
        return broken(p, "a broken tree page", number, err);
    /* All nodes and not only those that a search would touch: afterwards node_of() and first_from() need no tests. */
    for (unsigned i = 0; i < count; i++) {
        const unsigned place = get_u16(page + PAGE_HEAD + 2 * i);
        size_t key_bytes;

        if (place < upper || place + NODE_HEAD > p->page_bytes)
            return broken(p, "a node out of its page", number, err);
        key_bytes = get_u16(page + place + 6);
        if (key_bytes > MAX_KEY || place + NODE_HEAD + key_bytes > p->page_bytes ||
            (key_bytes == 0 && (is_leaf || i > 0)))
            return broken(p, "a key out of its page", number, err);
    }
    at->level[depth].count = count;
    at->level[depth].at = 0;
    return FIH_OK;
}

/* 48 bits: LMDB puts a page's number where a leaf's node has its value's size and flags. */
static uint64_t child_of(const uint8_t *page, unsigned i)
{
    const uint8_t *node = node_of(page, i);

    return get_u16(node) | (uint64_t)get_u16(node + 2) << 16 | (uint64_t)get_u16(node + 4) << 32;
}

/* The first node whose key is not below this one, or `count`. */
static unsigned first_from(const uint8_t *page, unsigned from, unsigned count, const uint8_t *key, size_t key_bytes)
{
    /* Ends whatever the keys are, for each step halves what is left. Order within a page is not checked here: where it
     * is broken, a key found too low is refused by check_order(), and one passed over looks like one that is missing,
     * which is an error of its own wherever a value must be there. */
    while (from < count) {
        const unsigned mid = from + (count - from) / 2;
        const uint8_t *node = node_of(page, mid);

        if (compare(node + NODE_HEAD, get_u16(node + 6), key, key_bytes) < 0)
            from = mid + 1;
        else
            count = mid;
    }
    return from;
}

/* Only where a seek or a step has ended well: there is a leaf then, and a node in it. */
const uint8_t *fihi_peek_key(const struct peek_at *at, size_t *key_bytes)
{
    const unsigned leaf = at->height - 1;
    const uint8_t *node = node_of(at->level[leaf].page, at->level[leaf].at);

    *key_bytes = get_u16(node + 6);
    return node + NODE_HEAD;
}

/* From behind the end of a leaf to the first key of the next one. Also right where nothing is to do: a place that is
 * within its leaf stays. The levels below the one that moved are read anew, each at its first node, as load() leaves
 * it. */
static int climb(struct peek_at *at, fih_error *err)
{
    unsigned depth = at->height - 1;
    int rc;

    while (at->level[depth].at >= at->level[depth].count) {
        if (depth == 0)
            return FIH_DONE;
        at->level[--depth].at++;
    }
    /* No further than the height, whatever the pages say: each level's page must be of the kind that its depth wants.
     */
    for (; depth + 1 < at->height; depth++)
        if ((rc = load(at, depth + 1, child_of(at->level[depth].page, at->level[depth].at), err)) != 0)
            return rc;
    return FIH_OK;
}

/* Keys that do not rise could lead in circles. `least` is 0 to allow the key itself, 1 to want one above it. */
static int check_order(const struct peek_at *at, const uint8_t *key, size_t key_bytes, int least, fih_error *err)
{
    size_t n;
    const uint8_t *found = fihi_peek_key(at, &n);

    return compare(found, n, key, key_bytes) >= least
               ? FIH_OK
               : broken(at->peek, "keys out of order", get_u64(at->level[at->height - 1].page + PAGE_NO), err);
}

/* Down from the root to the leaf where the key would stand, and from there to the first key that is not below it. In a
 * branch with the keys "", f and p, all below f hangs under the first, so g and f go under the second, z under the
 * third. */
static int seek(struct peek_at *at, const struct peek *p, const struct peek_tree *tree, const void *key,
                size_t key_bytes, fih_error *err)
{
    uint64_t number = tree->root;
    int rc;

    at->peek = p;
    at->height = tree->height;
    if (number == NO_PAGE)
        return FIH_DONE;
    if (tree->height == 0 || tree->height > MAX_DEPTH)
        return broken(p, "a tree deeper than it can be", number, err);
    /* Ends: depth + 1 reaches the height, which is at most MAX_DEPTH. */
    for (unsigned depth = 0;; depth++) {
        const uint8_t *page, *node;
        unsigned i;

        if ((rc = load(at, depth, number, err)) != 0)
            return rc;
        page = at->level[depth].page;
        /* A branch's first key stands for "anything below the second". In a branch the search begins at 1, in a leaf
         * at 0. */
        i = first_from(page, depth + 1 < at->height, at->level[depth].count, key, key_bytes);
        if (depth + 1 == at->height) {
            at->level[depth].at = i;
            break;
        }
        node = i < at->level[depth].count ? node_of(page, i) : NULL;
        /* The last node whose key is not above the one sought; as the search began at 1, i is at least 1 here, so i--
         * stays in the page. */
        if (!node || compare(node + NODE_HEAD, get_u16(node + 6), key, key_bytes) != 0)
            i--;
        at->level[depth].at = i;
        number = child_of(page, i);
    }
    /* The sought key can lie behind the last of its leaf; then the answer is the first of the next. */
    return (rc = climb(at, err)) != 0 ? rc : check_order(at, key, key_bytes, 0, err);
}

int fihi_peek_seek(struct peek_at *at, const struct peek *p, enum space space, const void *key, size_t key_bytes,
                   fih_error *err)
{
    return seek(at, p, &p->spaces[space], key, key_bytes, err);
}

/* The key is copied, for its page may be the one that is read over. */
int fihi_peek_next(struct peek_at *at, fih_error *err)
{
    /* n is at most MAX_KEY, which load() has checked. */
    uint8_t last[MAX_KEY];
    size_t n;
    const uint8_t *key = fihi_peek_key(at, &n);
    int rc;

    memcpy(last, key, n);
    at->level[at->height - 1].at++;
    return (rc = climb(at, err)) != 0 ? rc : check_order(at, last, n, 1, err);
}

/* A copy of the value at the place, for the page is read over by the next step, and the file by the next writer. */
static int value_of(const struct peek_at *at, unsigned kind, uint8_t **value, size_t *bytes, fih_error *err)
{
    const struct peek *p = at->peek;
    const uint8_t *page = at->level[at->height - 1].page, *node = node_of(page, at->level[at->height - 1].at);
    /* `kind` is the flag that the value must have, N_SUBDATA for a tree's record and 0 for all else. */
    const uint64_t here = get_u64(page + PAGE_NO), n = get_u16(node) | (uint64_t)get_u16(node + 2) << 16;
    const unsigned flags = get_u16(node + 4);
    const uint8_t *data = node + NODE_HEAD + get_u16(node + 6);
    const size_t room = p->page_bytes - (size_t)(data - page);
    uint64_t first = 0, count = 0;
    int rc;

    *value = NULL;
    *bytes = 0;
    if ((flags & ~(unsigned)N_BIGDATA) != kind || (kind && (flags & N_BIGDATA)))
        return broken(p, "a node of an unknown kind", here, err);
    /* Nothing is allocated before its size is known to fit the file: n is at most the file's pages, or what is left
     * of this page. */
    if (flags & N_BIGDATA ? room < 8 : n > room)
        return broken(p, "a value past its page", here, err);
    if (flags & N_BIGDATA) {
        first = get_u64(data);
        /* At least one page even for no bytes. n has 32 bits, so the sum does not wrap. */
        count = (PAGE_HEAD - 1 + n) / p->page_bytes + 1;
        if (first < 2 || first > p->last_page || count > p->last_page - first + 1)
            return broken(p, "a page number out of range", first, err);
        if (first + count > p->file_pages)
            return broken(p, "the file is truncated", first, err);
    }
    /* One byte where there is none, so that NULL means that memory is out. */
    if (!(*value = malloc(n ? n : 1)))
        return fihi_fail_nomem(err);
    *bytes = n;
    /* The head of the first page says the same as the node: else the bytes are somebody else's. */
    if (flags & N_BIGDATA) {
        uint8_t head[PAGE_HEAD];

        rc = read_bytes(p, head, sizeof head, first * p->page_bytes, err);
        if (rc == 0 && (get_u16(head + PAGE_FLAGS) != P_OVERFLOW || get_u64(head + PAGE_NO) != first ||
                        get_u32(head + PAGE_COUNT) != count))
            rc = broken(p, "a broken overflow page", first, err);
        if (rc == 0)
            rc = read_bytes(p, *value, n, first * p->page_bytes + PAGE_HEAD, err);
        if (rc != 0) {
            free(*value);
            *value = NULL;
        }
        return rc;
    }
    memcpy(*value, data, n);
    return FIH_OK;
}

int fihi_peek_value(const struct peek_at *at, uint8_t **value, size_t *bytes, fih_error *err)
{
    return value_of(at, 0, value, bytes, err);
}

/* Leaves it zeroed, to be used again. */
void fihi_peek_leave(struct peek_at *at)
{
    /* Every level's page, however high the trees were that it has been in. */
    for (unsigned i = 0; i < MAX_DEPTH; i++)
        free(at->level[i].page);
    memset(at, 0, sizeof *at);
}

/* Of a record that may be damaged: root and height are checked when they are used, `pages` and `entries` limit what
 * is claimed. */
static void tree_of(struct peek_tree *t, const uint8_t *record)
{
    t->root = get_u64(record + DB_ROOT);
    t->height = get_u16(record + DB_DEPTH);
    t->pages = get_u64(record + DB_BRANCHES) + get_u64(record + DB_LEAVES) + get_u64(record + DB_OVERFLOWS);
    /* Used in comparisons only, never to allocate by. */
    t->entries = get_u64(record + DB_ENTRIES);
}

/* The main tree's values are the records of the spaces. By name, in the main tree, as LMDB's mdb_dbi_open() does it.
 *
 * The same page is read four times, for one cursor goes to four names: it is in the kernel's memory after the first,
 * and a snapshot does this once. */
static int find_spaces(struct peek *p, const struct meta *m, fih_error *err)
{
    struct peek_at at = {0};
    struct peek_tree main_tree;
    int rc = FIH_OK;

    tree_of(&main_tree, m->main_db);
    for (unsigned i = 0; i < SPACE_COUNT && rc == FIH_OK; i++) {
        const char *name = fihi_space_name((enum space)i);
        const uint8_t *key;
        uint8_t *record = NULL;
        size_t n = 0;

        if ((rc = seek(&at, p, &main_tree, name, strlen(name), err)) == FIH_OK) {
            key = fihi_peek_key(&at, &n);
            if (compare(key, n, (const uint8_t *)name, strlen(name)) != 0)
                rc = FIH_DONE;
        }
        if (rc == FIH_DONE)
            rc = fihi_fail(err, FIH_E_CORRUPT, "'%s' is incomplete; restore a backup or rebuild it", p->path);
        if (rc == FIH_OK && (rc = value_of(&at, N_SUBDATA, &record, &n, err)) == FIH_OK) {
            if (n == DB_BYTES && get_u16(record + DB_FLAGS) == 0 && get_u32(record + DB_PAD) == 0)
                tree_of(&p->spaces[i], record);
            else
                rc = broken(p, "a broken database record", 0, err);
        }
        free(record);
    }
    fihi_peek_leave(&at);
    return rc;
}

/* The newer meta page. A writer may be filling one as it is read, its transaction's number last: so it is read until
 * it has come out the same twice. Of equal numbers, which only a file without any commit has, the first. */
static int newest_meta(const struct peek *p, struct meta *m, fih_error *err)
{
    struct meta both[2];
    /* Each try that fails needs a commit in the few microseconds between its reads. */
    int rc;

    for (unsigned tries = 0; tries < TRIES; tries++) {
        for (unsigned i = 0; i < 2; i++)
            if ((rc = fihi_page_meta(p->fd, p->path, i, p->page_bytes, &both[i], err)) != 0)
                return rc;
        /* Not metas_agree(), as the guard asks: here a commit may come between any two reads, and only the page that is
         * used must be whole. Its numbers are compared with the pages that they lead to. */
        const unsigned newer = both[1].txnid > both[0].txnid;
        if ((rc = fihi_page_meta(p->fd, p->path, newer, p->page_bytes, m, err)) != 0)
            return rc;
        if (memcmp(m, &both[newer], sizeof *m) == 0)
            return FIH_OK;
    }
    return fihi_fail_busy(err, p->path);
}

/* The size of the file is asked for after the meta page: it grows before a meta page that needs it is written. */
int fihi_peek_begin(struct peek *p, int fd, const char *path, fih_error *err)
{
    struct stat st;
    struct meta m;
    int rc;

    memset(p, 0, sizeof *p);
    p->fd = fd;
    p->path = path;
    p->page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    for (unsigned tries = 0; tries < TRIES; tries++) {
        if ((rc = newest_meta(p, &m, err)) != 0)
            return rc;
        if (fstat(fd, &st) != 0)
            return fihi_fail_errno(err, errno, "cannot access", path);
        p->file_pages = (uint64_t)st.st_size / p->page_bytes;
        /* From the meta page alone, and any 64 bits: load() and value_of() compare with it and with file_pages, never
         * one alone. */
        p->last_page = m.last_page;
        p->txnid = m.txnid;
        rc = find_spaces(p, &m, err);
        if (!fihi_peek_is_gone(p))
            return rc;
    }
    return fihi_fail_busy(err, path);
}

/* Eight bytes by one read, which is what this costs each look-up. A failed read counts as gone: nothing read can be
 * vouched for. */
bool fihi_peek_is_gone(const struct peek *p)
{
    uint8_t txnid[8];

    return fihi_page_read(p->fd, txnid, 8, (p->txnid & 1) * p->page_bytes + META_TXN) != 0 ||
           get_u64(txnid) != p->txnid;
}
