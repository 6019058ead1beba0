/* test_peek.c - a data file read without LMDB: the same keys and values, and nothing worse than an error from damage;
 * and snapshots that nobody keeps (store/loose.c). */
#include <fcntl.h>
#include <sys/wait.h>

#include "base/bytes.h"
#include "place.h"
#include "store/frame.h"
#include "store/loose.h"
#include "store/peek.h"
#include "tap.h"

static fih_error err;

/* Values of all sorts of lengths: within a page, at the edge, with pages of their own. */
static size_t value_bytes(unsigned i)
{
    return i % 97 == 0 ? 3000 + i % 5000 : i % 501 == 3 ? 60000 : i % 11 == 0 ? 1900 + i % 200 : 20 + i % 7;
}

static void fill(uint8_t *out, size_t n, unsigned seed)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(seed * 31 + i * 7);
}

static size_t key_of(uint8_t *key, unsigned i)
{
    if (i % 13 == 5) {                         /* long ones and short ones */
        memset(key, 'k', 400);
        put_u32(key + 400, i);
        return 404;
    }
    key_segment(key, i / 50 + 1, 1 + i % 9, i);
    return KEY_SEGMENT_BYTES;
}

static void commit(struct store *s, enum space space, unsigned from, unsigned to, const char *root)
{
    static uint8_t bytes[70000];
    uint8_t key[STORE_MAX_KEY];
    struct change *c;

    REQUIRE(fihi_change_begin(&c, s, &err) == 0, "%s", err.msg);
    for (unsigned i = from; i < to; i++) {
        const size_t n = value_bytes(i);

        fill(bytes, n, i);
        CHECK_INT_EQ(fihi_change_put(c, space, key, key_of(key, i), bytes, n, &err), FIH_OK, "%s", err.msg);
    }
    if (root)
        fihi_change_put(c, SPACE_META, KEY_ROOT, sizeof KEY_ROOT - 1, root, strlen(root), &err);
    CHECK_INT_EQ(fihi_change_commit(c, &err), FIH_OK, "%s", err.msg);
}

static void remove_values(struct store *s, enum space space, unsigned from, unsigned to)
{
    uint8_t key[STORE_MAX_KEY];
    struct change *c;

    REQUIRE(fihi_change_begin(&c, s, &err) == 0, "%s", err.msg);
    for (unsigned i = from; i < to; i++)
        CHECK_INT_EQ(fihi_change_delete(c, space, key, key_of(key, i), &err), FIH_OK);
    CHECK_INT_EQ(fihi_change_commit(c, &err), FIH_OK);
}

static struct store *new_store(const char *name)
{
    struct store *s = NULL;

    place_remove(place_path(name));
    CHECK_INT_EQ(fihi_store_open(&s, place_path(name), STORE_WRITE | STORE_CREATE, 0, &err), FIH_OK, "%s", err.msg);
    return s;
}

static int open_data(const char *name)
{
    char path[300];

    snprintf(path, sizeof path, "%s/data.1.mdb", name);
    return open(place_path(path), O_RDONLY | O_CLOEXEC);
}

/* ---- the walker */

struct both {
    const struct peek *peek;
    struct peek_at     at;
    int                rc;
    unsigned           count;
};

/* LMDB's next key and value must be the walker's. */
static int compare(void *ctx, const uint8_t *key, size_t key_bytes, const uint8_t *payload, size_t bytes)
{
    struct both *b = ctx;
    const uint8_t *mine;
    uint8_t *frame = NULL;
    size_t n;

    if (!CHECK_INT_EQ(b->rc, FIH_OK, "after %u keys: %s", b->count, err.msg))
        return 1;
    mine = fihi_peek_key(&b->at, &n);
    CHECK(n == key_bytes && memcmp(mine, key, n) == 0);
    CHECK_INT_EQ(fihi_peek_value(&b->at, &frame, &n, &err), FIH_OK, "%s", err.msg);
    CHECK(frame_is_whole(frame, n, key, key_bytes));
    CHECK(n == bytes + VALUE_HEAD && memcmp(frame + VALUE_HEAD, payload, bytes) == 0);
    free(frame);
    b->count++;
    b->rc = fihi_peek_next(&b->at, &err);
    return 0;
}

static unsigned compare_space(struct store *s, const struct peek *p, enum space space, const void *from, size_t bytes)
{
    struct both b = {.peek = p};
    struct snap *t;

    b.rc = fihi_peek_seek(&b.at, p, space, from, bytes, &err);
    CHECK_INT_EQ(fihi_snap_begin(&t, s, 0, &err), FIH_OK);
    CHECK_INT_EQ(fihi_snap_each(t, space, from, bytes, compare, &b, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(b.rc, FIH_DONE);
    fihi_snap_end(t);
    fihi_peek_leave(&b.at);
    return b.count;
}

static void it_finds_the_keys_and_values_that_lmdb_finds(void)
{
    struct store *s = new_store("walk");
    const int fd = open_data("walk");
    uint64_t seed = 7;
    struct peek p;

    CHECK_INT_EQ(fihi_peek_begin(&p, fd, "walk", &err), FIH_OK, "%s", err.msg);
    for (unsigned i = 0; i < SPACE_COUNT; i++)
        CHECK_INT_EQ(compare_space(s, &p, (enum space)i, NULL, 0), 0);
    commit(s, SPACE_NOTE, 0, 1, NULL);
    commit(s, SPACE_SEGMENT, 0, 20000, NULL);
    remove_values(s, SPACE_SEGMENT, 5000, 6000);
    commit(s, SPACE_DELETE, 40, 300, "root");
    CHECK(fihi_peek_is_gone(&p));
    CHECK_INT_EQ(fihi_peek_begin(&p, fd, "walk", &err), FIH_OK, "%s", err.msg);
    CHECK(!fihi_peek_is_gone(&p));
    CHECK(p.spaces[SPACE_SEGMENT].height >= 3, "%u", p.spaces[SPACE_SEGMENT].height);
    CHECK_INT_EQ(compare_space(s, &p, SPACE_SEGMENT, NULL, 0), 19000);
    CHECK_INT_EQ(compare_space(s, &p, SPACE_DELETE, NULL, 0), 260);
    CHECK_INT_EQ(compare_space(s, &p, SPACE_META, NULL, 0), 2);
    CHECK_INT_EQ(compare_space(s, &p, SPACE_NOTE, NULL, 0), 1);
    for (unsigned i = 0; i < 60 && !tap.notes; i++) {   /* from keys that are there, that are gone, and between */
        uint8_t key[STORE_MAX_KEY];
        size_t n = key_of(key, 19000 + (unsigned)(tap_random(&seed) % 1200));

        if (i % 3 == 1)
            n--;
        if (i % 3 == 2)
            key[n++] = (uint8_t)tap_random(&seed);
        compare_space(s, &p, SPACE_SEGMENT, key, n);
    }
    close(fd);
    fihi_store_close(s);
}

/* Walk everything; what comes out whole counts. */
static unsigned walk_all(int fd)
{
    struct peek_at at = {0};
    unsigned count = 0;
    struct peek p;

    if (fihi_peek_begin(&p, fd, "damaged", &err) != 0)
        return 0;
    for (unsigned i = 0; i < SPACE_COUNT; i++)
        for (int rc = fihi_peek_seek(&at, &p, (enum space)i, NULL, 0, &err); rc == 0; rc = fihi_peek_next(&at, &err)) {
            uint8_t *frame;
            size_t n, key_bytes;
            const uint8_t *key = fihi_peek_key(&at, &key_bytes);

            if (fihi_peek_value(&at, &frame, &n, &err) == 0)
                count += (unsigned)frame_is_whole(frame, n, key, key_bytes);
            free(frame);
        }
    fihi_peek_leave(&at);
    return count;
}

static void damage_is_an_error_and_never_a_crash_or_a_circle(void)
{
    struct store *s = new_store("damage");
    uint64_t seed = 11;
    uint8_t *whole, *bytes;
    struct stat st;
    unsigned all, noticed = 0;
    const int fd = open_data("damage");
    const int out = open(place_path("damaged"), O_RDWR | O_CREAT | O_CLOEXEC, 0666);

    commit(s, SPACE_SEGMENT, 0, 1200, "root");
    commit(s, SPACE_NOTE, 0, 50, NULL);
    all = walk_all(fd);
    CHECK_INT_EQ(all, 1252);
    REQUIRE(fstat(fd, &st) == 0 && out >= 0);
    const size_t size = (size_t)st.st_size, pages = size / 4096;
    whole = malloc(size);
    bytes = malloc(size);
    REQUIRE(pread(fd, whole, size, 0) == (ssize_t)size);
    for (unsigned i = 0; i < 1500; i++) {
        const size_t flips = 1 + tap_random(&seed) % 20, cut = i % 5 == 4 ? tap_random(&seed) % size : size;
        unsigned found;

        memcpy(bytes, whole, size);
        for (size_t k = 0; k < flips; k++) {
            /* Heads and node tables of pages more often than their values. */
            const size_t page = tap_random(&seed) % pages, at = tap_random(&seed) % (k % 2 ? 4096 : 40);

            if (i % 7 == 6)                    /* a page in another's place: as when it is used again */
                memcpy(bytes + page * 4096, whole + tap_random(&seed) % pages * 4096, 4096);
            else
                bytes[page * 4096 + at] = (uint8_t)tap_random(&seed);
        }
        REQUIRE(ftruncate(out, 0) == 0 && pwrite(out, bytes, cut, 0) == (ssize_t)cut);
        found = walk_all(out);
        CHECK(found <= all, "%u of %u", found, all);
        noticed += found < all;
    }
    CHECK(noticed > 700, "%u", noticed);
    free(whole);
    free(bytes);
    close(fd);
    close(out);
    fihi_store_close(s);
}

/* ---- snapshots that nobody keeps */

static int get(struct loose *l, enum space space, unsigned i, const uint8_t **p, size_t *n)
{
    uint8_t key[STORE_MAX_KEY];

    return fihi_loose_get(l, space, key, key_of(key, i), p, n, &err);
}

static int is_value(const uint8_t *p, size_t n, unsigned i)
{
    static uint8_t want[70000];

    fill(want, value_bytes(i), i);
    return n == value_bytes(i) && memcmp(p, want, n) == 0;
}

/* Write on until every page that was free is used again. */
static void churn(struct store *s, const char *root)
{
    for (unsigned i = 0; i < 12; i++) {
        commit(s, SPACE_NOTE, 1000, 1100, root);
        remove_values(s, SPACE_NOTE, 1000, 1100);
    }
}

static int count_key(void *ctx, const uint8_t *key, size_t key_bytes, const uint8_t *payload, size_t bytes)
{
    (void)key, (void)key_bytes, (void)payload, (void)bytes;
    ++*(unsigned *)ctx;
    return 0;
}

static void while_the_root_is_the_same_it_reads_on(void)
{
    struct store *s = new_store("same");
    const int fd = open_data("same");
    unsigned notes = 0;
    struct loose *l;
    const uint8_t *p;
    size_t n;

    commit(s, SPACE_SEGMENT, 0, 2000, "root");
    commit(s, SPACE_NOTE, 0, 40, NULL);
    CHECK_INT_EQ(fihi_loose_begin(&l, fd, "same", &err), FIH_OK, "%s", err.msg);
    churn(s, NULL);
    commit(s, SPACE_SEGMENT, 2000, 2500, NULL);          /* staged: of no segment that is named */
    for (unsigned i = 0; i < 2000; i++)
        CHECK(get(l, SPACE_SEGMENT, i, &p, &n) == 0 && is_value(p, n, i), "%u: %s", i, err.msg);
    CHECK_INT_EQ(get(l, SPACE_NOTE, 7, &p, &n), FIH_OK, "%s", err.msg);
    CHECK(is_value(p, n, 7));
    CHECK_INT_EQ(get(l, SPACE_NOTE, 41, &p, &n), FIH_E_NOTFOUND);
    CHECK_INT_EQ(fihi_loose_each(l, SPACE_NOTE, NULL, 0, count_key, &notes, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(notes, 40);
    CHECK(!fihi_loose_is_stale(l));
    fihi_loose_end(l);
    close(fd);
    fihi_store_close(s);
}

static void under_another_root_it_has_the_values_of_segments_or_says_that_they_are_gone(void)
{
    struct store *s = new_store("other");
    const int fd = open_data("other");
    const uint8_t *p, *early;
    unsigned count = 0;
    struct loose *l;
    size_t n, early_bytes;

    commit(s, SPACE_SEGMENT, 0, 2000, "first");
    commit(s, SPACE_NOTE, 0, 40, NULL);
    CHECK_INT_EQ(fihi_loose_begin(&l, fd, "other", &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(get(l, SPACE_SEGMENT, 97, &early, &early_bytes), FIH_OK);
    CHECK_INT_EQ(get(l, SPACE_NOTE, 3, &p, &n), FIH_OK);
    remove_values(s, SPACE_SEGMENT, 0, 1000);
    churn(s, "second");
    CHECK(is_value(early, early_bytes, 97), "a value that was lent has changed");
    CHECK_INT_EQ(get(l, SPACE_SEGMENT, 97, &p, &n), FIH_OK);
    CHECK(p == early);
    CHECK_INT_EQ(get(l, SPACE_NOTE, 3, &p, &n), FIH_OK); /* read before */
    CHECK_INT_EQ(get(l, SPACE_SEGMENT, 1500, &p, &n), FIH_OK, "%s", err.msg);
    CHECK(is_value(p, n, 1500));
    CHECK_INT_EQ(get(l, SPACE_SEGMENT, 98, &p, &n), FIH_E_STALE);
    CHECK_INT_EQ(get(l, SPACE_NOTE, 4, &p, &n), FIH_E_STALE);
    CHECK_INT_EQ(fihi_loose_each(l, SPACE_NOTE, NULL, 0, count_key, &count, &err), FIH_E_STALE);
    CHECK(count == 0 && fihi_loose_is_stale(l));
    fihi_loose_end(l);
    close(fd);
    fihi_store_close(s);
}

static void keys_are_found_in_order_while_others_write(void)
{
    struct store *s = new_store("keys");
    const int fd = open_data("keys");
    uint8_t key[STORE_MAX_KEY], long_key[STORE_MAX_KEY + 1] = {0};
    unsigned count = 0, seen = 0;
    struct loose *l;
    size_t n = 0;
    int rc;

    commit(s, SPACE_SEGMENT, 0, 300, "root");
    CHECK_INT_EQ(fihi_loose_begin(&l, fd, "keys", &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fihi_loose_entries(l, SPACE_SEGMENT), 300);
    CHECK(fihi_loose_live_bytes(l) > 4096 && fihi_loose_live_bytes(l) % 4096 == 0);
    CHECK_INT_EQ(fihi_loose_next_key(l, SPACE_NOTE, NULL, 0, key, &n, &err), FIH_E_NOTFOUND);
    for (rc = FIH_OK; rc == 0; seen++) {       /* each key, and a byte behind it */
        const size_t from = seen ? n + 1 : 0;

        if (from)
            key[n] = 0;
        if (seen == 150)
            churn(s, NULL);
        memcpy(long_key, key, from);
        rc = fihi_loose_next_key(l, SPACE_SEGMENT, long_key, from, key, &n, &err);
    }
    CHECK_INT_EQ(rc, FIH_E_NOTFOUND, "%s", err.msg);
    CHECK_INT_EQ(seen, 301);
    CHECK_INT_EQ(fihi_loose_each(l, SPACE_SEGMENT, long_key, STORE_MAX_KEY + 1, count_key, &count, &err), FIH_E_LIMIT);
    churn(s, "another root");
    CHECK(fihi_loose_is_stale(l));
    CHECK_INT_EQ(fihi_loose_next_key(l, SPACE_SEGMENT, NULL, 0, key, &n, &err), FIH_E_STALE);
    fihi_loose_end(l);
    close(fd);
    fihi_store_close(s);
}

/* A callback that writes between two values, and ends the walk where it is told. */
struct walker {
    struct store *s;
    const char   *root;
    unsigned      count, stop;
};

static int write_on(void *ctx, const uint8_t *key, size_t key_bytes, const uint8_t *payload, size_t bytes)
{
    struct walker *w = ctx;

    (void)key, (void)key_bytes, (void)payload, (void)bytes;
    if (++w->count % 20 == 7)
        churn(w->s, w->root);
    return w->count == w->stop ? 33 : 0;
}

static void a_walk_goes_on_in_the_newest_commit(void)
{
    struct walker w = {.s = new_store("on")};
    const int fd = open_data("on");
    uint8_t from[STORE_MAX_KEY];
    struct loose *l;

    commit(w.s, SPACE_DELETE, 0, 60, "root");
    CHECK_INT_EQ(fihi_loose_begin(&l, fd, "on", &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fihi_loose_each(l, SPACE_DELETE, NULL, 0, write_on, &w, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(w.count, 60);
    w.count = 0;
    w.stop = 5;
    CHECK_INT_EQ(fihi_loose_each(l, SPACE_DELETE, NULL, 0, write_on, &w, &err), 33);
    w.count = 0;
    CHECK_INT_EQ(fihi_loose_each(l, SPACE_DELETE, from, key_of(from, 0), write_on, &w, &err), 33);
    w.count = w.stop = 0;
    w.root = "another root";
    CHECK_INT_EQ(fihi_loose_each(l, SPACE_DELETE, NULL, 0, write_on, &w, &err), FIH_E_STALE);
    CHECK_INT_EQ(w.count, 7);
    fihi_loose_end(l);
    close(fd);
    fihi_store_close(w.s);
}

/* With one byte of a value changed in the file. */
static void a_value_with_a_wrong_checksum_is_damage(void)
{
    struct store *s = new_store("sum");
    const int fd = open_data("sum");
    const int out = open(place_path("spoilt"), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    uint8_t *bytes, want[64];
    unsigned count = 0;
    struct loose *l;
    struct stat st;
    const uint8_t *p;
    size_t n;

    commit(s, SPACE_NOTE, 1, 3, "root");
    REQUIRE(fstat(fd, &st) == 0 && (bytes = malloc((size_t)st.st_size)));
    REQUIRE(pread(fd, bytes, (size_t)st.st_size, 0) == st.st_size);
    fill(want, value_bytes(2), 2);
    for (size_t i = 0; i + value_bytes(2) <= (size_t)st.st_size; i++)
        if (memcmp(bytes + i, want, value_bytes(2)) == 0)
            bytes[i] ^= 1;
    REQUIRE(pwrite(out, bytes, (size_t)st.st_size, 0) == st.st_size);
    CHECK_INT_EQ(fihi_loose_begin(&l, out, "spoilt", &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(get(l, SPACE_NOTE, 1, &p, &n), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(get(l, SPACE_NOTE, 2, &p, &n), FIH_E_CORRUPT);
    CHECK(p == NULL && strstr(err.msg, "checksum"), "%s", err.msg);
    CHECK_INT_EQ(fihi_loose_each(l, SPACE_NOTE, NULL, 0, count_key, &count, &err), FIH_E_CORRUPT);
    CHECK(count < 2);
    fihi_loose_end(l);
    free(bytes);
    close(fd);
    close(out);
    fihi_store_close(s);
}

/* ---- what the store refuses */

static void a_child_may_not_use_what_its_parent_began(void)
{
    struct store *s = new_store("fork");
    uint8_t key[STORE_MAX_KEY];
    struct change *c = NULL;
    struct snap *t = NULL;
    const uint8_t *p;
    unsigned count = 0;
    int status = 0;
    size_t n;
    pid_t pid;

    commit(s, SPACE_NOTE, 0, 3, "root");
    CHECK_INT_EQ(fihi_snap_begin(&t, s, 0, &err), FIH_OK);
    CHECK_INT_EQ(fihi_change_begin(&c, s, &err), FIH_OK);
    fflush(stdout);
    REQUIRE((pid = fork()) >= 0);
    if (pid == 0) {
        struct change *c2 = NULL;
        struct snap *t2 = NULL;
        int is_good = fihi_snap_begin(&t2, s, 0, &err) == FIH_E_FORK && !t2;

        is_good &= fihi_snap_get(t, SPACE_NOTE, key, key_of(key, 1), &p, &n, &err) == FIH_E_FORK && !p;
        is_good &= fihi_snap_each(t, SPACE_NOTE, NULL, 0, count_key, &count, &err) == FIH_E_FORK && count == 0;
        is_good &= fihi_change_begin(&c2, s, &err) == FIH_E_FORK && !c2 && strstr(err.msg, "fork");
        is_good &= !fihi_snap_is_stale(t) && fihi_change_commit(c, &err) == FIH_E_FORK;
        fihi_snap_end(t);
        fihi_store_close(s);
        _exit(is_good ? 0 : 1);
    }
    waitpid(pid, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x", status);
    CHECK_INT_EQ(fihi_change_put(c, SPACE_NOTE, "k", 1, "v", 1, &err), FIH_OK);
    CHECK_INT_EQ(fihi_change_commit(c, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fihi_snap_get(t, SPACE_NOTE, key, key_of(key, 1), &p, &n, &err), FIH_OK);
    CHECK(is_value(p, n, 1));
    fihi_snap_end(t);
    fihi_store_close(s);
}

static void a_change_refuses_what_cannot_be(void)
{
    struct store *s = new_store("refuse");
    struct change *c = NULL;
    uint8_t *room = NULL;

    CHECK_INT_EQ(fihi_change_begin(&c, s, &err), FIH_OK);
    CHECK_INT_EQ(fihi_change_delete(c, SPACE_NOTE, "none", 4, &err), FIH_E_NOTFOUND);
    CHECK_INT_EQ(fihi_change_reserve(c, SPACE_NOTE, "k", 1, UINT32_MAX, &room, &err), FIH_E_LIMIT);
    CHECK_INT_EQ(fihi_change_put(c, SPACE_NOTE, "", 0, "v", 1, &err), FIH_E_IO);   /* LMDB knows no empty key */
    CHECK(room == NULL && err.msg[0], "%s", err.msg);
    fihi_change_abort(c);
    fihi_store_close(s);
}

int main(void)
{
    place_new("peek");
    RUN(it_finds_the_keys_and_values_that_lmdb_finds);
    RUN(damage_is_an_error_and_never_a_crash_or_a_circle);
    RUN(while_the_root_is_the_same_it_reads_on);
    RUN(under_another_root_it_has_the_values_of_segments_or_says_that_they_are_gone);
    RUN(keys_are_found_in_order_while_others_write);
    RUN(a_walk_goes_on_in_the_newest_commit);
    RUN(a_value_with_a_wrong_checksum_is_damage);
    RUN(a_child_may_not_use_what_its_parent_began);
    RUN(a_change_refuses_what_cannot_be);
    place_remove(place);
    return DONE();
}
