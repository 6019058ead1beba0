/* test_pages.c - one lie at a time in LMDB's own pages, which have no checksums, and what must come of it: the check
 * names it, no reader follows it, no writer writes over it.
 */
#include "sample.h"

#include "base/bytes.h"
#include "store/guard.h"
#include "store/page.h"

enum { DOCS = 400, PAGE = 4096 };

static struct {
    char     folder[256], dir[280], data[300];
    uint8_t *image, *bytes;            /* as it was made, and of the trial */
    size_t   size;
} g;

static fih_error err;

/* ---- finding pages */

static uint8_t *page_at(uint64_t n) { return g.bytes + n * PAGE; }

/* The meta page of the last commit. */
static uint8_t *meta(void)
{
    return get_u64(page_at(1) + META_TXN) > get_u64(page_at(0) + META_TXN) ? page_at(1) : page_at(0);
}

static unsigned count_of(const uint8_t *page) { return (get_u16(page + PAGE_LOWER) - PAGE_HEAD) / 2u; }
static uint8_t *node_of(uint8_t *page, unsigned i) { return page + get_u16(page + PAGE_HEAD + 2 * i); }
static uint8_t *data_of(uint8_t *node) { return node + NODE_HEAD + get_u16(node + 6); }
static uint8_t *main_leaf(void) { return page_at(get_u64(meta() + META_MAIN + DB_ROOT)); }

/* The record of a space, in the main tree's one leaf. */
static uint8_t *record_of(const char *name)
{
    for (unsigned i = 0; i < count_of(main_leaf()); i++) {
        uint8_t *node = node_of(main_leaf(), i);

        if (get_u16(node + 6) == strlen(name) && memcmp(node + NODE_HEAD, name, strlen(name)) == 0)
            return data_of(node);
    }
    printf("Bail out! no space '%s'\n", name);
    exit(2);
}

static uint64_t child_of(const uint8_t *node)
{
    return get_u16(node) | (uint64_t)get_u16(node + 2) << 16 | (uint64_t)get_u16(node + 4) << 32;
}

static uint8_t *root_of(const char *space) { return page_at(get_u64(record_of(space) + DB_ROOT)); }

static uint8_t *leaf_of(const char *space)
{
    uint8_t *page = root_of(space);

    while (get_u16(page + PAGE_FLAGS) == P_BRANCH)
        page = page_at(child_of(node_of(page, 1)));
    return page;
}

/* A value of the segments that has pages of its own: its node. */
static uint8_t *big_node(void)
{
    for (uint64_t p = 2; p < g.size / PAGE; p++) {
        uint8_t *page = page_at(p);

        if (get_u16(page + PAGE_FLAGS) == P_BRANCH && page == root_of("segment"))
            for (unsigned i = 0; i < count_of(page); i++) {
                uint8_t *leaf = page_at(child_of(node_of(page, i)));

                for (unsigned k = 0; k < count_of(leaf); k++)
                    if (get_u16(node_of(leaf, k) + 4) & N_BIGDATA)
                        return node_of(leaf, k);
            }
    }
    printf("Bail out! no value with pages of its own\n");
    exit(2);
}

static uint8_t *big_page(void) { return page_at(get_u64(data_of(big_node()))); }

/* The first list of free pages. */
static uint8_t *free_node(void)
{
    return node_of(page_at(get_u64(meta() + META_FREE + DB_ROOT)), 0);
}

/* ---- the lies */

static void meta_magic(void)       { put_u32(page_at(0) + META_MAGIC, 1); }
static void meta_magic_second(void) { put_u32(page_at(1) + META_MAGIC, 1); }
static void meta_version(void)     { put_u32(meta() + META_VERSION, 9); }
static void meta_address(void)     { put_u64(meta() + META_ADDRESS, 4096); }
static void meta_number(void)      { put_u64(meta() + PAGE_NO, 5); }
static void meta_flags(void)       { put_u16(meta() + META_FREE + DB_FLAGS, 0); }
static void meta_main_flags(void)  { put_u16(meta() + META_MAIN + DB_FLAGS, 4); }
static void meta_main_pad(void)    { put_u32(meta() + META_MAIN + DB_PAD, 4); }
static void meta_page_bytes(void)  { put_u32(meta() + META_FREE + DB_PAD, 512); }
static void meta_both_even(void)   { put_u64(page_at(1) + META_TXN, get_u64(page_at(0) + META_TXN)); }
static void meta_far(void)         { put_u64(page_at(0) + META_TXN, get_u64(page_at(0) + META_TXN) + 4); }
static void meta_last(void)        { put_u64(meta() + META_LAST, UINT64_C(1) << 40); }
static void file_is_cut(void)      { g.size = PAGE + 10; }

static void root_far(void)         { put_u64(record_of("segment") + DB_ROOT, UINT64_C(1) << 40); }
static void root_is_meta(void)     { put_u64(record_of("segment") + DB_ROOT, 1); }
static void too_high(void)         { put_u16(record_of("segment") + DB_DEPTH, 9); }
static void too_low(void)          { put_u16(record_of("segment") + DB_DEPTH, 0); }
static void no_root(void)          { put_u64(record_of("segment") + DB_ROOT, NO_PAGE); }
static void record_flags(void)     { put_u16(record_of("segment") + DB_FLAGS, 4); }
static void record_pad(void)       { put_u32(record_of("segment") + DB_PAD, 4); }
static void entries(void)          { record_of("segment")[DB_ENTRIES]++; }
static void branches(void)         { record_of("segment")[DB_BRANCHES]++; }
static void leaves(void)           { record_of("segment")[DB_LEAVES]++; }
static void overflows(void)        { record_of("segment")[DB_OVERFLOWS]++; }
static void record_is_plain(void)  { put_u16(node_of(main_leaf(), 0) + 4, 0); }
static void record_is_short(void)  { put_u16(node_of(main_leaf(), 0), DB_BYTES - 2); }

static void leaf_number(void)      { put_u64(leaf_of("segment") + PAGE_NO, 3); }
static void leaf_kind(void)        { put_u16(leaf_of("segment") + PAGE_FLAGS, P_OVERFLOW); }
static void branch_kind(void)      { put_u16(root_of("segment") + PAGE_FLAGS, P_LEAF); }
static void lower_small(void)      { put_u16(leaf_of("segment") + PAGE_LOWER, 4); }
static void lower_odd(void)        { leaf_of("segment")[PAGE_LOWER] |= 1; }
static void lower_high(void)       { put_u16(leaf_of("segment") + PAGE_LOWER, PAGE); }
static void upper_high(void)       { put_u16(leaf_of("segment") + PAGE_UPPER, PAGE + 2); }
static void no_nodes(void)         { put_u16(leaf_of("segment") + PAGE_LOWER, PAGE_HEAD); }
static void one_child(void)        { put_u16(root_of("segment") + PAGE_LOWER, PAGE_HEAD + 2); }
static void node_early(void)       { put_u16(leaf_of("segment") + PAGE_HEAD, 20); }
static void node_late(void)        { put_u16(leaf_of("segment") + PAGE_HEAD, PAGE - 4); }
static void next_early(void)       { put_u16(root_of("segment") + PAGE_HEAD + 2, 20); }
static void next_late(void)        { put_u16(root_of("segment") + PAGE_HEAD + 2, PAGE - 4); }
static void key_long(void)         { put_u16(node_of(leaf_of("segment"), 0) + 6, MAX_KEY + 1); }
static void key_none(void)         { put_u16(node_of(leaf_of("segment"), 0) + 6, 0); }
static void next_key_long(void)    { put_u16(node_of(root_of("segment"), 1) + 6, MAX_KEY + 1); }
static void next_key_none(void)    { put_u16(node_of(root_of("segment"), 1) + 6, 0); }
static void key_falls(void)        { node_of(leaf_of("segment"), 0)[NODE_HEAD] = 0xFF; }
static void key_twice(void)
{
    uint8_t *leaf = leaf_of("segment");

    put_u16(leaf + PAGE_HEAD + 2, get_u16(leaf + PAGE_HEAD));
}

static void key_too_high(void)
{
    uint8_t *leaf = leaf_of("segment");

    memset(node_of(leaf, count_of(leaf) - 1) + NODE_HEAD, 0xFF, 4);
}

static void child_twice(void)      { memcpy(node_of(root_of("segment"), 1), node_of(root_of("segment"), 0), 6); }
static void child_far(void)        { memset(node_of(root_of("segment"), 1), 0xFF, 6); }
static void value_kind(void)       { put_u16(node_of(leaf_of("segment"), 0) + 4, 4); }
static void value_inside(void)     { put_u16(node_of(leaf_of("note"), 0) + 4, N_SUBDATA); }
static void value_long(void)       { put_u16(node_of(leaf_of("note"), 0), PAGE); }
static void value_shorter(void)    { put_u16(node_of(leaf_of("note"), 0), 4); }
static void big_and_inside(void)   { put_u16(big_node() + 4, N_BIGDATA | N_SUBDATA); }
static void big_far(void)          { put_u64(data_of(big_node()), UINT64_C(1) << 40); }
static void big_longer(void)       { put_u16(big_node() + 2, 100); }
static void big_kind(void)         { put_u16(big_page() + PAGE_FLAGS, P_LEAF); }
static void big_number(void)       { put_u64(big_page() + PAGE_NO, 3); }
static void big_count(void)        { put_u32(big_page() + PAGE_COUNT, 77); }

static void free_commit_0(void)    { put_u64(free_node() + NODE_HEAD, 0); }
static void free_of_later(void)    { put_u64(free_node() + NODE_HEAD, UINT64_C(1) << 40); }
static void free_longer(void)      { put_u64(data_of(free_node()), 100000); }
static void free_fewer(void)       { put_u64(data_of(free_node()), get_u64(data_of(free_node())) - 1); }
static void free_in_use(void)      { put_u64(data_of(free_node()) + 8, get_u64(meta() + META_MAIN + DB_ROOT)); }
static void free_far(void)         { put_u64(data_of(free_node()) + 8, UINT64_C(1) << 40); }
static void free_twice(void)       { put_u64(data_of(free_node()) + 16, get_u64(data_of(free_node()) + 8)); }
static void free_key_short(void)   { put_u16(free_node() + 6, 4); }
static void free_odd(void)         { put_u16(free_node(), get_u16(free_node()) - 3); }
static void free_inside(void)      { put_u16(free_node() + 4, N_SUBDATA); }
static void page_lost(void)        { put_u64(meta() + META_LAST, get_u64(meta() + META_LAST) + 1); }

/* ---- what comes of them */

static void new_trial(size_t size)
{
    g.size = size;
    memcpy(g.bytes, g.image, size);
}

static struct answers want;        /* of the index as it is */

/* With the lie in the file: no other answer than that of the index as it is, or an error that says damage; and the file
 * stays as it is. */
static void is_refused(const char *what, int code)
{
    fih_writer_opts opts = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    struct answers got;
    uint8_t *after;
    size_t n;
    int rc;

    opts.memory_bytes = 64 << 20;
    opts.threads = 1;
    rc = fih_writer_open(&w, g.dir, &opts, &err);
    CHECK_INT_EQ(rc, code, "%s: a writer: %s", what, err.msg);
    fih_writer_close(w);
    sample_answers(&got, g.dir);
    for (int i = 0; i < got.count; i++)
        CHECK(got.code[i] == FIH_OK ? got.digest[i] == want.digest[i] : got.code[i] == code, "%s: '%s' ends with %s", what,
              got.name[i], fih_error_name(got.code[i]));
    after = read_whole(g.data, &n);
    CHECK(n == g.size && memcmp(after, g.bytes, n) == 0, "%s: the file was changed", what);
    free(after);
}

static void each_is_named(void)
{
    static const struct {
        void      (*lie)(void);
        const char *name, *words;
        int         code;
    } lies[] = {
#define L(lie, words) {lie, #lie, words, FIH_E_CORRUPT}
        {meta_magic, "meta_magic", "not an index file", FIH_E_NOTINDEX},
        L(meta_magic_second, "not an index file"),
        {meta_version, "meta_version", "LMDB", FIH_E_VERSION},
        L(meta_address, "meta page"), L(meta_number, "meta page"), L(meta_flags, "meta page"),
        L(meta_main_flags, "meta page"), L(meta_main_pad, "meta page"), L(meta_page_bytes, "meta page"),
        L(meta_both_even, "meta pages disagree"), L(meta_far, "meta pages disagree"), L(meta_last, "truncated"),
        L(file_is_cut, "truncated"),
        L(root_far, "a page number out of range"), L(root_is_meta, "a page number out of range"),
        L(too_high, "a broken tree page"), L(too_low, "a tree deeper than it says"),
        L(no_root, "a tree without a root"),
        L(record_flags, "a broken database record"), L(record_pad, "a broken database record"),
        L(record_is_plain, "a broken database record"), L(record_is_short, "a broken database record"),
        L(entries, "counts are wrong"), L(branches, "counts are wrong"), L(leaves, "counts are wrong"),
        L(overflows, "counts are wrong"),
        L(leaf_number, "a broken tree page"), L(leaf_kind, "a broken tree page"), L(branch_kind, "a broken tree page"),
        L(lower_small, "a broken tree page"), L(lower_odd, "a broken tree page"), L(lower_high, "a broken tree page"),
        L(upper_high, "a broken tree page"), L(no_nodes, "a broken tree page"), L(one_child, "a broken tree page"),
        L(node_early, "a node out of its page"), L(node_late, "a node out of its page"),
        L(next_early, "a node out of its page"), L(next_late, "a node out of its page"),
        L(key_long, "a key out of its page"), L(key_none, "a key out of its page"),
        L(next_key_long, "a key out of its page"), L(next_key_none, "keys out of order"),
        L(key_falls, "keys out of order"), L(key_twice, "keys out of order"), L(key_too_high, "keys out of order"),
        L(child_twice, "keys out of order"), L(child_far, "a page number out of range"),
        L(value_kind, "a node of an unknown kind"), L(value_inside, "a database inside a database"),
        L(value_long, "a value past its page"), L(value_shorter, "nodes that do not fill their page"),
        L(big_and_inside, "a value past its page"), L(big_far, "a page number out of range"),
        L(big_longer, "a page number out of range"), L(big_kind, "a broken overflow page"),
        L(big_number, "a broken overflow page"), L(big_count, "a broken overflow page"),
        L(free_commit_0, "a free list of an unknown commit"), L(free_of_later, "a free list of an unknown commit"),
        L(free_longer, "a free list longer than its value"), L(free_fewer, "pages neither used nor free"),
        L(free_in_use, "a page used twice"), L(free_far, "a page number out of range"),
        L(free_twice, "a free list out of order"), L(free_key_short, "a key out of its page"),
        L(free_odd, "a broken free list"), L(free_inside, "a broken free list"),
        L(page_lost, "pages neither used nor free"),
#undef L
    };
    const size_t size = g.size;

    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct told h = {.all = ""};
        int rc;

        new_trial(size);
        lies[i].lie();
        CHECK(g.size != size || memcmp(g.bytes, g.image, size) != 0, "%s is none", lies[i].name);
        write_whole(g.data, g.bytes, g.size);
        rc = fih_check(NULL, g.dir, tell_line, &h, &err);
        CHECK_INT_EQ(rc, lies[i].code, "%s: %s", lies[i].name, err.msg);
        CHECK(strstr(rc == FIH_E_CORRUPT ? h.all : err.msg, lies[i].words), "%s: no '%s' in: %s%s", lies[i].name,
              lies[i].words, h.all, err.msg);
        is_refused(lies[i].name, lies[i].code);
    }
    g.size = size;
}

/* As a commit could write it while the file is open: what was looked at then is no proof. */
static void a_last_page_of_later_is_named(void)
{
    struct guard_result res;
    int fd;

    new_trial(g.size);
    put_u64(meta() + META_LAST, UINT64_C(1) << 60);
    write_whole(g.data, g.bytes, g.size);
    fd = open(g.data, O_RDONLY | O_CLOEXEC);
    CHECK_INT_EQ(fihi_guard_walk(fd, g.data, get_u64(meta() + META_TXN), GUARD_ALL, "note", &res, &err), FIH_E_CORRUPT);
    CHECK(strstr(err.msg, "truncated"), "%s", err.msg);
    close(fd);
}

int main(void)
{
    size_t n;

    sample_folder(g.folder, "pages");
    snprintf(g.dir, sizeof g.dir, "%s/index", g.folder);
    snprintf(g.data, sizeof g.data, "%s/data.1.mdb", g.dir);
    if (sysconf(_SC_PAGESIZE) != PAGE || sample_build(g.dir, DOCS, NULL, &err) != 0 ||
        fih_check(NULL, g.dir, NULL, NULL, &err) != 0 || !(g.image = read_whole(g.data, &n)) ||
        !(g.bytes = malloc(n))) {
        printf("Bail out! %s\n", err.msg);
        return 2;
    }
    sample_answers(&want, g.dir);
    new_trial(n);
    RUN(each_is_named);
    RUN(a_last_page_of_later_is_named);
    remove_folder(g.folder);
    free(g.image);
    free(g.bytes);
    return DONE();
}
