/* test_damage.c - any byte of an index can be wrong: an error or the same answers, never a crash, a hang or a lie.
 *
 *   test_damage [--trials N] [--every-byte] [--seed S]
 *
 * Each trial damages a copy of the sample index and then, in a child process, opens it, asks everything, checks it,
 * and in some trials writes to it. A child does many trials; one that dies or hangs is counted and replaced.
 *
 * The test knows which bytes are in use (map_file walks the pages on its own): fih_check must report every change of
 * one of those. The rest is free pages, the gap of a tree page, the end of an overflow page, padding, and the meta
 * page of the commit before the last.
 */
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "index/format.h"
#include "sample.h"
#include "store/keys.h"

#if defined(__SANITIZE_ADDRESS__)
enum { TRIALS = 500, STRIDE = 8, TIMEOUT_S = 60 };
#else
enum { TRIALS = 5000, STRIDE = 1, TIMEOUT_S = 20 };
#endif
enum { DOCS = 400, PAGE = 4096, WRITE_EVERY = 6 };

static struct {
    char           folder[256], dir[280], data[300], marker[300];
    uint8_t       *image, *old;        /* the data file, and as it was one commit earlier */
    size_t         bytes, old_bytes;
    uint8_t       *map;                /* class of each byte */
    uint8_t       *kind;               /* kind of each page */
    uint8_t       *part;               /* enum part of each byte of a value */
    uint32_t       part_bytes[256];    /* how many there are */
    struct answers want, want_old;     /* now, and of the commit before */
    struct answers written[2];         /* of a sound copy after write_to(): committed, merged */
    unsigned       trials;
    int            every_byte;
    uint64_t       seed;
} g;

static const char marker_text[] = "fihrist index 1\ndata.1.mdb\n";

enum byte_class { BYTE_FREE, BYTE_LIVE, BYTE_SOFT };
enum page_kind { PAGE_FREE, PAGE_META, PAGE_BRANCH, PAGE_LEAF, PAGE_OVERFLOW, PAGE_KINDS };

/* What a value is: of a segment its enum kind, else what it is called. The manifest has the schema in it. */
enum part { PART_NONE, PART_MANIFEST = KIND_COUNT, PART_NUMBER, PART_DELETE, PART_NOTE, PARTS };

/* Of the trees, the free list, the one with the names of the others, and these. */
enum tree { TREE_FREE = -2, TREE_MAIN = -1 };   /* and enum space */

/* ---- which bytes are in use: LMDB's layout, read once more and not with the library's own code */

static uint64_t get(const uint8_t *p, unsigned n)
{
    uint64_t v = 0;

    while (n-- > 0)
        v = v << 8 | p[n];
    return v;
}

/* Where the free list's keys are. */
static uint64_t free_keys[64];
static size_t free_count;

static void live(uint64_t at, uint64_t n, enum byte_class c)
{
    memset(g.map + at, c, n);
}

static void map_tree(uint64_t page, int depth, int tree);

static void map_db(const uint8_t *db, int tree)
{
    const uint64_t root = get(db + 40, 8);

    if (root != UINT64_MAX)
        map_tree(root, (int)get(db + 6, 2), tree);
}

static int space_of(const uint8_t *name, unsigned bytes)
{
    int space = 0;

    while (space < SPACE_COUNT && (strlen(fihi_space_name((enum space)space)) != bytes ||
                                   memcmp(fihi_space_name((enum space)space), name, bytes) != 0))
        space++;
    return space;
}

static int is_key(const uint8_t *key, unsigned bytes, const char *name)
{
    return bytes == strlen(name) && memcmp(key, name, bytes) == 0;
}

static enum part part_of(int tree, const uint8_t *key, unsigned bytes)
{
    switch (tree) {
    case SPACE_SEGMENT:
        return (enum part)key[4];
    case SPACE_DELETE:
        return PART_DELETE;
    case SPACE_NOTE:
        return PART_NOTE;
    case SPACE_META:
        return is_key(key, bytes, KEY_ROOT) ? PART_MANIFEST : is_key(key, bytes, KEY_NUMBER) ? PART_NUMBER : PART_NONE;
    default:
        return PART_NONE;
    }
}

static void map_tree(uint64_t page, int depth, int tree)
{
    const int is_free = tree == TREE_FREE;
    const uint64_t at = page * PAGE;
    const uint8_t *p = g.image + at;
    const unsigned count = (unsigned)(get(p + 12, 2) - 16) / 2;

    g.kind[page] = depth > 1 ? PAGE_BRANCH : PAGE_LEAF;
    live(at, 8, BYTE_LIVE);
    live(at + 10, 6 + 2 * count, BYTE_LIVE);
    for (unsigned i = 0; i < count; i++) {
        const uint64_t node = at + get(p + 16 + 2 * i, 2);
        const uint8_t *q = g.image + node;
        const unsigned key = (unsigned)get(q + 6, 2), flags = (unsigned)get(q + 4, 2);
        const uint64_t size = get(q, 4), data = node + 8 + key;

        live(node, 8, BYTE_LIVE);
        if (depth > 1) {
            if (i > 0)                         /* another key that parts the same leaves is as good */
                live(node + 8, key, BYTE_SOFT);
            map_tree(get(q, 6), depth - 1, tree);
            continue;
        }
        /* The number of the commit that freed pages: any smaller one is as good to every later reader, none larger than
         * the last. The first three bytes could be either. */
        live(node + 8, key, BYTE_LIVE);
        if (is_free) {
            live(node + 8, 3, BYTE_SOFT);
            if (free_count < sizeof free_keys / sizeof *free_keys)
                free_keys[free_count++] = node + 8;
        }
        if (flags & 1) {
            const uint64_t first = get(g.image + data, 8), big = first * PAGE;

            live(data, 8, BYTE_LIVE);
            live(big, 8, BYTE_LIVE);
            live(big + 10, 6, BYTE_LIVE);
            live(big + 16, is_free ? 8 * (1 + get(g.image + big + 16, 8)) : size, BYTE_LIVE);
            memset(g.kind + first, PAGE_OVERFLOW, (15 + size) / PAGE + 1);
            memset(g.part + big + 16, part_of(tree, q + 8, key), size);
        } else {
            live(data, is_free ? 8 * (1 + get(g.image + data, 8)) : size, BYTE_LIVE);
            memset(g.part + data, part_of(tree, q + 8, key), size);
            if (tree == TREE_MAIN)
                map_db(g.image + data, space_of(q + 8, key));
        }
    }
}

static void map_file(void)
{
    const unsigned current = get(g.image + PAGE + 144, 8) > get(g.image + 144, 8);
    const uint64_t at = current * (uint64_t)PAGE;

    g.kind[0] = g.kind[1] = PAGE_META;
    live(at, 8, BYTE_LIVE);
    live(at + 10, 2, BYTE_LIVE);
    live(at + 16, 16, BYTE_LIVE);
    live(at + 32, 8, BYTE_SOFT);               /* size of the map that the last writer had: not used */
    live(at + 40, 48 + 48 + 16, BYTE_LIVE);
    map_db(g.image + at + 40, TREE_FREE);
    map_db(g.image + at + 88, TREE_MAIN);
    for (size_t i = 0; i < g.bytes; i++)
        g.part_bytes[g.part[i]]++;
}

/* ---- one trial */

/* What is done to a copy: `bytes` of it from a buffer of the parent's size and more. */
struct harm {
    char   what[80];
    size_t at;             /* first changed byte, for the map; SIZE_MAX: not one byte */
    int    on_marker;      /* the FIHRIST file, not the data */
    int    is_older;       /* a lost write of the meta page is the commit before, whole: no harm of its own */
};
typedef int make_harm(uint32_t trial, uint8_t *image, size_t *bytes, struct harm *h); /* 0: no such trial */

struct verdict {
    uint32_t trial;
    int      silent, bad_code, errors;       /* answers: wrong (index), with an odd error (index), errors */
    int      check, bad_check;               /* result of fih_check */
    int      wrote, write_code, bad_write;   /* 1 tried; result */
    int      older;                          /* it is the commit before, whole */
    int      class;                          /* of the changed byte, or -1 */
    char     what[80], why[160];
};

static int is_damage(int code, int is_open)
{
    return code == FIH_E_CORRUPT || (is_open && (code == FIH_E_NOTINDEX || code == FIH_E_VERSION));
}

static int keep_problem(void *ctx, const char *line)
{
    snprintf(ctx, 160, "%.159s", line);
    return 0;
}

static int write_some(const char *dir, int merge, fih_error *err)
{
    fih_writer *w = NULL;
    int rc;

    if ((rc = fih_writer_open(&w, dir, NULL, err)) == 0 && (rc = sample_add(w, 90000, 1, err)) == 0 &&
        (rc = sample_add(w, 41, 77, err)) == 0 && (rc = sample_note(w, 12, 77, err)) == 0)
        rc = merge ? fih_writer_merge(w, err) : fih_writer_commit(w, err);
    fih_writer_close(w);
    return rc;
}

/* Writing does not read all that is stored, so it may succeed beside the damage. But then the damage must still be
 * reported, and what is reported clean must answer as if there had been none. */
static void write_to(struct verdict *v, const char *dir)
{
    const int merge = v->trial % (2 * WRITE_EVERY) == 0;
    struct answers after;
    fih_error err = {0, 0, 0, ""};
    char why[160] = "";

    v->wrote = 1;
    v->write_code = write_some(dir, merge, &err);
    if (v->write_code != 0) {
        v->bad_write = !is_damage(v->write_code, 1);
        if (v->bad_write)
            snprintf(v->why, sizeof v->why, "writing: %s: %.120s", fih_error_name(v->write_code), err.msg);
        return;
    }
    if (fih_check(NULL, dir, keep_problem, why, &err) != 0) {
        v->bad_write = v->check == 0;
        if (v->bad_write)
            snprintf(v->why, sizeof v->why, "damaged by writing: %.130s", why);
        return;
    }
    sample_answers(&after, dir);
    v->bad_write = !answers_equal(&g.written[merge], &after) && v->older == 0;
    if (v->bad_write)
        snprintf(v->why, sizeof v->why, "after writing, clean but other answers");
}

static void one_trial(struct verdict *v, make_harm *make, uint8_t *buffer, const char *dir)
{
    struct harm h = {.at = SIZE_MAX};
    size_t n = g.bytes;
    char data[300], marker[300];
    struct answers got;
    fih_error err = {0, 0, 0, ""};
    char problem[160] = "";

    snprintf(data, sizeof data, "%.280s/data.1.mdb", dir);
    snprintf(marker, sizeof marker, "%.280s/FIHRIST", dir);
    memcpy(buffer, g.image, g.bytes);
    make(v->trial, buffer, &n, &h);
    if (h.on_marker) {
        if (n == SIZE_MAX)
            unlink(marker);
        else
            write_whole(marker, buffer, n);
        write_whole(data, g.image, g.bytes);
    } else {
        write_whole(data, buffer, n);
    }
    snprintf(v->what, sizeof v->what, "%s", h.what);
    v->class = h.at < g.bytes ? g.map[h.at] : -1;
    v->silent = v->bad_code = -1;
    sample_answers(&got, dir);
    v->older = h.is_older && answers_equal(&g.want_old, &got);
    v->silent = v->older ? -1 : answers_differ(&g.want, &got);
    if (v->silent >= 0)
        snprintf(v->why, sizeof v->why, "'%s' is answered wrongly", got.name[v->silent]);
    for (int i = 0; i < got.count; i++)
        if (got.code[i] != 0) {
            v->errors++;
            if (!is_damage(got.code[i], i == 0)) {
                v->bad_code = i;
                snprintf(v->why, sizeof v->why, "'%s' ends with %s", got.name[i], fih_error_name(got.code[i]));
            }
        }
    v->check = fih_check(NULL, dir, keep_problem, problem, &err);
    v->bad_check = v->check != 0 && !is_damage(v->check, 1);
    if (v->bad_check || (v->check == 0 && v->errors))
        snprintf(v->why, sizeof v->why, "check: %s: %.100s", fih_error_name(v->check), err.msg);
    if (v->trial % WRITE_EVERY == 0 || h.on_marker) {
        write_to(v, dir);
        if (h.on_marker) {                     /* it cannot know that the data is sound, and must not touch it */
            struct answers after;

            write_whole(marker, marker_text, sizeof marker_text - 1);
            sample_answers(&after, dir);
            if (v->write_code == 0 || !answers_equal(&g.want, &after))
                v->bad_write = 1, snprintf(v->why, sizeof v->why, "a writer harmed the data");
        }
    }
    if (h.on_marker || v->wrote) {             /* as new for the next */
        remove_folder(dir);
        mkdir(dir, 0777);
        write_whole(marker, marker_text, sizeof marker_text - 1);
    }
}

/* ---- many trials, in children */

struct tally {
    unsigned trials, crashes, hangs, silent, bad_codes, bad_checks, missed, free_noticed;
    unsigned class[3], class_unreported[3], errors, harmless, writes, writes_done, bad_writes, said;
};

static void say(struct tally *t, const struct verdict *v, const char *what)
{
    if (t->said++ < 12)
        printf("# trial %u, %s: %s%s%s\n", v->trial, v->what, what, v->why[0] ? ": " : "", v->why);
}

static void count(struct tally *t, const struct verdict *v)
{
    t->trials++;
    t->errors += v->errors > 0;
    t->harmless += v->errors == 0 && v->check == 0;
    if (v->silent >= 0)
        t->silent++, say(t, v, "a wrong answer");
    if (v->bad_code >= 0)
        t->bad_codes++, say(t, v, "a wrong code");
    if (v->bad_check || (v->check == 0 && v->errors))
        t->bad_checks++, say(t, v, "check misjudges");
    if (v->class >= 0) {
        t->class[v->class]++;
        t->class_unreported[v->class] += v->check == 0;
        if (v->class == BYTE_LIVE && v->check == 0)
            t->missed++, say(t, v, "check does not see it");
    }
    if (v->wrote) {
        t->writes++;
        t->writes_done += v->write_code == 0;
        if (v->bad_write)
            t->bad_writes++, say(t, v, "writing to it");
    }
}

static void child(int out, make_harm *make, uint32_t from, uint32_t to)
{
    const struct rlimit no_core = {0, 0};
    uint8_t *buffer = malloc(g.bytes + g.old_bytes + (1 << 20));
    char dir[300];

    setrlimit(RLIMIT_CORE, &no_core);
    snprintf(dir, sizeof dir, "%s/copy", g.folder);
    remove_folder(dir);
    mkdir(dir, 0777);
    snprintf(dir, sizeof dir, "%s/copy/FIHRIST", g.folder);
    write_whole(dir, marker_text, sizeof marker_text - 1);
    snprintf(dir, sizeof dir, "%s/copy", g.folder);
    for (uint32_t i = from; i < to; i++) {
        struct verdict v = {.trial = i};

        alarm(TIMEOUT_S);
        one_trial(&v, make, buffer, dir);
        if (write(out, &v, sizeof v) != sizeof v)
            _exit(3);
    }
    free(buffer);
    _exit(0);
}

static struct tally run_trials(make_harm *make, uint32_t from, uint32_t to, const char *name)
{
    struct tally t = {0};

    while (from < to) {
        struct verdict v;
        int ends[2], status;
        pid_t pid;

        fflush(stdout);
        if (pipe(ends) != 0 || (pid = fork()) < 0) {
            printf("Bail out! no process: %s\n", strerror(errno));
            exit(2);
        }
        if (pid == 0) {
            close(ends[0]);
            child(ends[1], make, from, to);
        }
        close(ends[1]);
        while (read(ends[0], &v, sizeof v) == sizeof v) {
            count(&t, &v);
            from = v.trial + 1;
        }
        close(ends[0]);
        waitpid(pid, &status, 0);
        if (from < to) {                       /* it ended early, in trial `from` */
            uint8_t *scratch = malloc(g.bytes + g.old_bytes + (1 << 20));
            struct harm h = {.at = SIZE_MAX};
            size_t n = g.bytes;
            const int is_hang = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;

            memcpy(scratch, g.image, g.bytes);
            make(from, scratch, &n, &h);
            free(scratch);
            v = (struct verdict){.trial = from};
            snprintf(v.what, sizeof v.what, "%s", h.what);
            snprintf(v.why, sizeof v.why, "%s %d", WIFSIGNALED(status) ? "signal" : "status",
                     WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
            say(&t, &v, is_hang ? "a hang" : "a crash");
            t.hangs += (unsigned)is_hang;
            t.crashes += !is_hang;
            t.trials++;
            from++;
        }
    }
    printf("# %s: %u trials, %u with errors, %u harmless; %u writes tried, %u done\n", name, t.trials, t.errors,
           t.harmless, t.writes, t.writes_done);
    if (t.class[0] + t.class[1] + t.class[2])
        printf("#   of bytes in use %u, of others %u (%u of them not reported), of tolerated ones %u (%u)\n",
               t.class[BYTE_LIVE], t.class[BYTE_FREE], t.class_unreported[BYTE_FREE], t.class[BYTE_SOFT],
               t.class_unreported[BYTE_SOFT]);
    CHECK_INT_EQ(t.crashes, 0);
    CHECK_INT_EQ(t.hangs, 0);
    CHECK_INT_EQ(t.silent, 0, "silently wrong answers");
    CHECK_INT_EQ(t.bad_codes, 0, "errors that do not say damage");
    CHECK_INT_EQ(t.bad_checks, 0, "fih_check says clean where answers fail, or ends with another error");
    CHECK_INT_EQ(t.missed, 0, "changed bytes in use that fih_check does not report");
    CHECK_INT_EQ(t.bad_writes, 0, "writing to a damaged index");
    return t;
}

/* ---- kinds of harm */

static int flip(uint32_t trial, uint8_t *image, size_t *bytes, struct harm *h)
{
    uint64_t seed = g.seed * 1000003 + trial;
    const uint64_t bit = tap_random(&seed) % (*bytes * 8);

    h->at = bit / 8;
    image[h->at] ^= (uint8_t)(1u << bit % 8);
    snprintf(h->what, sizeof h->what, "bit %u of byte %zu (page %zu, kind %d)", (unsigned)(bit % 8), h->at,
             h->at / PAGE, g.kind[h->at / PAGE]);
    return 1;
}

/* The parts that the sample has, which are all but the lengths of texts of more words than two bytes can count: no small
 * index has any (test_hostile and test_lies have). */
static unsigned char parts[PARTS];
static unsigned part_count;

static void choose_parts(void)
{
    for (unsigned char part = 1; part < PARTS; part++)
        if (part != KIND_NORMS_LONG)
            parts[part_count++] = part;
}

/* One part after the other, whether it is a megabyte or a hundred bytes: a bit of any byte of its values. */
static int flip_part(uint32_t trial, uint8_t *image, size_t *bytes, struct harm *h)
{
    const unsigned part = parts[trial % part_count];
    uint64_t seed = g.seed * 1000033 + trial;
    uint32_t nth = g.part_bytes[part] ? (uint32_t)(tap_random(&seed) % g.part_bytes[part]) : 0;
    const unsigned bit = (unsigned)(tap_random(&seed) % 8);

    if (g.part_bytes[part] == 0)
        return 0;
    for (h->at = 0; h->at < *bytes; h->at++)
        if (g.part[h->at] == part && nth-- == 0)
            break;
    image[h->at] ^= (uint8_t)(1u << bit);
    snprintf(h->what, sizeof h->what, "bit %u of byte %zu, of part %u", bit, h->at, part);
    return 1;
}

/* Pages of which every byte is looked at: both meta pages, the first and last of each other kind. */
static uint32_t chosen[2 * PAGE_KINDS], chosen_count;

static void choose_pages(void)
{
    for (int k = PAGE_META; k < PAGE_KINDS; k++) {
        uint32_t first = UINT32_MAX, last = 0;

        for (uint32_t p = 0; p < g.bytes / PAGE; p++)
            if (g.kind[p] == k) {
                first = first == UINT32_MAX ? p : first;
                last = p;
            }
        if (first == UINT32_MAX)
            continue;
        chosen[chosen_count++] = first;
        if (last != first)
            chosen[chosen_count++] = last;
    }
}

static uint32_t invert_at(uint32_t trial)
{
    const uint32_t each = g.every_byte ? PAGE : 160 + (PAGE - 160) / 40, page = chosen[trial / each], i = trial % each;

    return page * PAGE + (g.every_byte || i < 160 ? i : 160 + (i - 160) * 40 + (i * 7) % 40);
}

static int invert(uint32_t trial, uint8_t *image, size_t *bytes, struct harm *h)
{
    (void)bytes;
    h->at = invert_at(trial);
    image[h->at] ^= 0xFF;
    snprintf(h->what, sizeof h->what, "byte %zu of page %zu inverted (kind %d)", h->at % PAGE, h->at / PAGE,
             g.kind[h->at / PAGE]);
    return 1;
}

static int cut(uint32_t trial, uint8_t *image, size_t *bytes, struct harm *h)
{
    const size_t pages = g.bytes / PAGE;
    uint64_t seed = g.seed + trial;

    (void)image;
    if (trial < pages)
        *bytes = trial * (size_t)PAGE;
    else if (trial < pages + 20)
        *bytes = trial - pages < 10 ? (trial - pages) * 17 : (size_t)PAGE * 2 - 5 + (trial - pages - 10);
    else
        *bytes = tap_random(&seed) % g.bytes;
    snprintf(h->what, sizeof h->what, "cut to %zu bytes", *bytes);
    return 1;
}

/* A commit of the future, and commit 0. */
static int free_key(uint32_t trial, uint8_t *image, size_t *bytes, struct harm *h)
{
    const uint64_t at = free_keys[trial / 6];

    (void)bytes;
    if (trial % 6 < 5) {
        h->at = at + 3 + trial % 6;
        image[h->at] ^= 1;
    } else {
        h->at = at + 3;                        /* of its class */
        memset(image + at, 0, 8);
    }
    snprintf(h->what, sizeof h->what, "free list key %u, harm %u", trial / 6, trial % 6);
    return 1;
}

/* Every page zeroed, then random pairs swapped, then every page that differs taken from the older file. */
static int replace(uint32_t trial, uint8_t *image, size_t *bytes, struct harm *h)
{
    const uint32_t pages = (uint32_t)(g.bytes / PAGE);
    uint64_t seed = g.seed + trial;
    uint32_t a = trial % pages, b;

    (void)bytes;
    if (trial < pages) {
        memset(image + (size_t)a * PAGE, 0, PAGE);
        snprintf(h->what, sizeof h->what, "page %u zeroed (kind %d)", a, g.kind[a]);
    } else if (trial < 2 * pages) {
        do
            b = (uint32_t)(tap_random(&seed) % pages);
        while (b == a);
        memcpy(image + (size_t)a * PAGE, g.image + (size_t)b * PAGE, PAGE);
        memcpy(image + (size_t)b * PAGE, g.image + (size_t)a * PAGE, PAGE);
        snprintf(h->what, sizeof h->what, "pages %u and %u swapped (kinds %d, %d)", a, b, g.kind[a], g.kind[b]);
    } else {
        if ((size_t)(a + 1) * PAGE <= g.old_bytes)
            memcpy(image + (size_t)a * PAGE, g.old + (size_t)a * PAGE, PAGE);
        h->is_older = 1;
        snprintf(h->what, sizeof h->what, "page %u of an older version (kind %d)", a, g.kind[a]);
    }
    return 1;
}

static int harm_marker(uint32_t trial, uint8_t *image, size_t *bytes, struct harm *h)
{
    const uint32_t n = sizeof marker_text - 1;

    h->on_marker = 1;
    memcpy(image, marker_text, n);
    *bytes = n;
    if (trial < n * 8) {
        image[trial / 8] ^= (uint8_t)(1u << trial % 8);
        snprintf(h->what, sizeof h->what, "bit %u of byte %u of FIHRIST", trial % 8, trial / 8);
    } else if (trial < n * 8 + n) {
        *bytes = trial - n * 8;
        snprintf(h->what, sizeof h->what, "FIHRIST cut to %zu bytes", *bytes);
    } else {
        *bytes = SIZE_MAX;
        snprintf(h->what, sizeof h->what, "no FIHRIST");
    }
    return 1;
}

/* ---- the tests */

static void a_flipped_bit_is_an_error_or_harmless(void)
{
    const struct tally t = run_trials(flip, 0, g.trials, "flips");

    CHECK(t.class[BYTE_LIVE] > g.trials / 4, "the sample is mostly free pages");
}

/* Each kind of value that the format has is in the sample, and hit as often as any other. */
static void a_flipped_bit_of_each_part_is_an_error_or_harmless(void)
{
    struct tally t;

    choose_parts();
    for (unsigned i = 0; i < part_count; i++)
        CHECK(g.part_bytes[parts[i]] > 0, "the sample has no part %u", parts[i]);
    t = run_trials(flip_part, 0, g.trials / 5 / part_count * part_count, "flips by part");
    CHECK_INT_EQ(t.class[BYTE_LIVE], t.trials);
}

static void an_inverted_byte_is_an_error_or_harmless(void)
{
    const uint32_t each = g.every_byte ? PAGE : 160 + (PAGE - 160) / 40;

    run_trials(invert, 0, chosen_count * each / STRIDE, "inverted bytes");
}

static void a_file_cut_anywhere_is_an_error(void)
{
    const uint32_t n = (uint32_t)(g.bytes / PAGE) + 20 + 60;

    run_trials(cut, 0, n / STRIDE, "truncations");
}

static void a_free_list_of_no_commit_is_damage(void)
{
    struct tally t;

    REQUIRE(free_count > 0);
    t = run_trials(free_key, 0, 6 * (uint32_t)free_count, "keys of the free list");
    CHECK_INT_EQ(t.class[BYTE_LIVE], t.trials);
}

static void a_page_from_elsewhere_is_an_error_or_harmless(void)
{
    run_trials(replace, 0, 3 * (uint32_t)(g.bytes / PAGE) / STRIDE, "pages");
}

static void a_damaged_name_file_is_an_error_and_costs_no_data(void)
{
    run_trials(harm_marker, 0, (uint32_t)(sizeof marker_text - 1) * 9 + 1, "FIHRIST");
}

/* ---- */

static void keep_old(const char *dir)
{
    char path[300];

    snprintf(path, sizeof path, "%.280s/data.1.mdb", dir);
    g.old = read_whole(path, &g.old_bytes);
    sample_answers(&g.want_old, dir);
}

int main(int argc, char **argv)
{
    fih_error err = {0, 0, 0, ""};
    unsigned in_use = 0;

    g.trials = (unsigned)tap_option(argc, argv, "--trials", TRIALS);
    g.seed = (uint64_t)tap_option(argc, argv, "--seed", 1);
    for (int i = 1; i < argc; i++)
        g.every_byte |= strcmp(argv[i], "--every-byte") == 0;
    sample_folder(g.folder, "damage");
    snprintf(g.dir, sizeof g.dir, "%s/index", g.folder);
    snprintf(g.data, sizeof g.data, "%s/data.1.mdb", g.dir);
    if (sample_build(g.dir, DOCS, keep_old, &err) != 0 || fih_check(NULL, g.dir, NULL, NULL, &err) != 0) {
        printf("Bail out! %s\n", err.msg);
        return 2;
    }
    sample_answers(&g.want, g.dir);
    for (int i = 0; i < g.want.count; i++)
        if (g.want.code[i] != 0) {
            printf("Bail out! '%s' ends with %s\n", g.want.name[i], fih_error_name(g.want.code[i]));
            return 2;
        }
    g.image = read_whole(g.data, &g.bytes);
    g.map = calloc(1, g.bytes);
    g.kind = calloc(1, g.bytes / PAGE);
    g.part = calloc(1, g.bytes);
    map_file();
    choose_pages();
    for (size_t i = 0; i < g.bytes; i++)
        in_use += g.map[i] == BYTE_LIVE;
    printf("# an index of %zu KiB, %u KiB of it in use; %d answers\n", g.bytes >> 10, in_use >> 10, g.want.count);

    for (int merge = 0; merge < 2; merge++) {
        if (write_whole(g.data, g.image, g.bytes) != 0 || write_some(g.dir, merge, &err) != 0) {
            printf("Bail out! %s\n", err.msg);
            return 2;
        }
        sample_answers(&g.written[merge], g.dir);
    }
    RUN(a_flipped_bit_is_an_error_or_harmless);
    RUN(a_flipped_bit_of_each_part_is_an_error_or_harmless);
    RUN(an_inverted_byte_is_an_error_or_harmless);
    RUN(a_file_cut_anywhere_is_an_error);
    RUN(a_free_list_of_no_commit_is_damage);
    RUN(a_page_from_elsewhere_is_an_error_or_harmless);
    RUN(a_damaged_name_file_is_an_error_and_costs_no_data);
    remove_folder(g.folder);
    free(g.image);
    free(g.old);
    free(g.map);
    free(g.kind);
    free(g.part);
    return DONE();
}
