/* test_statistics.c - the numbers of a collection in pieces are those of one index of all, and no byte of their file is
 * trusted. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "index/dict.h"
#include "index/view.h"
#include "search/evidence.h"
#include "pick.h"
#include "shelf.h"
#include "store/flat.h"

enum { PIECES = 3, DOCS = 240 };

static const char *const words[] = {"البحر", "والسفينة", "ميناء", "بالميناء", "إلهام", "الهام", "كتاب", "والكتب", "مكتبات", "عبد الله",
                                    "عبدالله", "نيو يورك", "نيويورك", "في", "GPS", "2022", "الى", "علي بن"};
enum { WORDS = sizeof words / sizeof *words };

static void add_one(fih_writer *w, unsigned i)
{
    char id[16], title[80], body[1200] = "";

    seed = i + 1;
    snprintf(id, sizeof id, "d%u", i);
    snprintf(title, sizeof title, "%s %s", words[pick(WORDS)], words[pick(WORDS)]);
    for (unsigned n = 3 + pick(24); n > 0; n--) {
        strcat(body, words[pick(WORDS)]);
        strcat(body, " ");
    }
    add(w, id, i % 3 ? title : "", body);
}

static const char *path_of(unsigned piece)
{
    static char paths[PIECES + 1][PATH_MAX];

    snprintf(paths[piece], sizeof paths[piece], "%s/%u.fih", place, piece);
    return paths[piece];
}

/* Each piece has a run of the documents, in several segments; number PIECES has all. */
static void make_pieces(void)
{
    for (unsigned p = 0; p <= PIECES; p++) {
        const unsigned from = p < PIECES ? p * DOCS / PIECES : 0, to = p < PIECES ? (p + 1) * DOCS / PIECES : DOCS;
        fih_writer *w = NULL;

        CHECK_INT_EQ(fih_writer_open(&w, path_of(p), NULL, &err), FIH_OK, "%s", err.msg);
        for (unsigned i = from; i < to; i++) {
            add_one(w, i);
            if (i % 37 == 36)
                CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
        }
        if (p == PIECES)
            CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_OK, "%s", err.msg);
        CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
        fih_writer_close(w);
    }
}

static fih_reader *open_all(void)
{
    const char *paths[PIECES];
    fih_reader *r = NULL;

    for (unsigned p = 0; p < PIECES; p++)
        paths[p] = path_of(p);
    CHECK_INT_EQ(fih_reader_open_many(&r, paths, PIECES, &err), FIH_OK, "%s", err.msg);
    return r;
}

static fih_reader *open_one(unsigned piece)
{
    fih_reader *r = NULL;

    CHECK_INT_EQ(fih_reader_open(&r, path_of(piece), &err), FIH_OK, "%s", err.msg);
    return r;
}

static const char *file(void)
{
    static char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/all.stats", place);
    return path;
}

/* ---- what it says */

/* Every term of the merged index: its documents, those of its forms' rows, and its number. */
static void compare_level(const struct statistics *s, const struct view *whole, enum level level)
{
    struct term_walk w = {.segment = whole->segments[0]};
    const uint8_t head = (uint8_t)level;
    unsigned seen = 0;

    REQUIRE(fihi_term_walk_from(&w, &head, 1, &err) == FIH_OK);
    while (fihi_term_walk_next(&w, &err) == FIH_OK) {
        const struct dict_scan *const d = &w.scan;
        struct dict_rows rows = fihi_dict_rows(&d->entry);
        uint8_t key[TERM_KEY_MAX], stem[TERM_KEY_MAX];
        size_t bytes, stem_bytes;
        struct statistics_entry e;
        struct statistics_row row;
        struct dict_entry entry;
        struct dict_row want;
        uint64_t number;

        if (d->key[0] != level)
            continue;
        seen++;
        CHECK_INT_EQ(fihi_statistics_find(s, d->key, d->key_bytes, &e, &err), FIH_OK, "%s", err.msg);
        CHECK_INT_EQ(e.df, d->entry.df, "%.*s", (int)d->key_bytes, d->key);
        CHECK_INT_EQ(e.title_df, level == LEVEL_STEM ? d->entry.title_df : 0, "%.*s", (int)d->key_bytes, d->key);
        CHECK_INT_EQ(fihi_statistics_ordinal(s, d->key, d->key_bytes, &number, &err), FIH_OK);
        CHECK_INT_EQ(fihi_statistics_term(s, number, key, &bytes, &err), FIH_OK);
        CHECK_INT_EQ(key_compare(key, bytes, d->key, d->key_bytes), 0);
        while (level == LEVEL_FORM && fihi_dict_row_next(&rows, &want) == FIH_OK) {
            REQUIRE(fihi_statistics_row(s, &e, &row, &err) == FIH_OK, "%s", err.msg);
            CHECK_INT_EQ(row.df, want.df);
            REQUIRE(fihi_segment_term(w.segment, want.stem, stem, &stem_bytes, &entry, &err) == FIH_OK);
            REQUIRE(fihi_statistics_term(s, row.stem, key, &bytes, &err) == FIH_OK);
            CHECK_INT_EQ(key_compare(key, bytes, stem, stem_bytes), 0);
        }
        CHECK_INT_EQ(fihi_statistics_row(s, &e, &row, &err), FIH_DONE);
    }
    CHECK(seen > 5, "%u terms", seen);
}

static void its_numbers_are_those_of_one_index(void)
{
    fih_reader *const all = open_all();
    struct statistics *s = NULL;
    struct view *whole = NULL;
    struct statistics_entry e;
    uint64_t number;

    CHECK_INT_EQ(fih_global_write(all, file(), &err), FIH_OK, "%s", err.msg);
    fih_reader_close(all);
    REQUIRE(fihi_statistics_open(&s, file(), &err) == FIH_OK, "%s", err.msg);
    REQUIRE(fihi_view_open(&whole, path_of(PIECES), &err) == FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(whole->count, 1);
    CHECK_INT_EQ(s->docs, DOCS);
    for (unsigned f = 0; f < NORM_COUNT; f++) {
        const float mean = fihi_view_average(whole, f), same = fihi_statistics_average(s, f);

        CHECK_MEM_EQ(&same, &mean, sizeof mean);
    }
    CHECK_STR_EQ(s->analyzer, whole->members->manifest.analyzer_text);
    compare_level(s, whole, LEVEL_STEM);
    compare_level(s, whole, LEVEL_FORM);
    compare_level(s, whole, LEVEL_ROOT);
    CHECK_INT_EQ(fihi_statistics_find(s, (const uint8_t *)"\0zzz", 4, &e, &err), FIH_OK);
    CHECK_INT_EQ(e.df, 0);
    CHECK_INT_EQ(fihi_statistics_ordinal(s, (const uint8_t *)"\7", 1, &number, &err), FIH_OK);
    CHECK(number == UINT64_MAX);
    CHECK(s->writings > 0);
    fihi_view_close(whole);
    fihi_statistics_close(s);
}

/* A piece scores each of its hits as one index does; where it is among the best, more may be added to it. */
static void a_piece_scores_as_the_whole_does(void)
{
    static const char *const queries[] = {"البحر", "ميناء كتاب", "إلهام", "عبدالله", "نيو يورك", "\"في البحر\"", "مينا* GPS",
                                          "title:كتاب", "كتاب~ علي", "+سفينة -كتاب"};
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_reader *const whole = open_one(PIECES);
    unsigned hits = 0;

    o.limit = DOCS;
    o.proximity = o.root_weight = 0;           /* no second pass: a hit has one score */
    for (unsigned p = 0; p < PIECES; p++) {
        fih_reader *const r = open_one(p);

        CHECK_INT_EQ(fih_reader_global(r), 0);
        CHECK_INT_EQ(fih_reader_use_global(r, file(), &err), FIH_OK, "%s", err.msg);
        CHECK(fih_reader_global(r) != 0);
        for (unsigned q = 0; q < sizeof queries / sizeof *queries; q++) {
            fih_hits *const mine = search(r, queries[q], &o), *const all = search(whole, queries[q], &o);
            size_t at = 0;

            CHECK_INT_EQ(fih_hits_roots_depth(mine), 0);
            CHECK_INT_EQ(fih_hits_places_depth(mine), 0);
            for (size_t i = 0; i < fih_hits_count(mine); i++, hits++) {
                const fih_hit *const h = fih_hits_at(mine, i), *same = NULL;

                for (at = 0; (same = fih_hits_at(all, at)) != NULL; at++)
                    if (same->id.len == h->id.len && memcmp(same->id.ptr, h->id.ptr, h->id.len) == 0)
                        break;
                REQUIRE(same != NULL, "%s: %.*s", queries[q], (int)h->id.len, h->id.ptr);
                CHECK_MEM_EQ(&h->score, &same->score, sizeof h->score, "%s: %.*s", queries[q], (int)h->id.len,
                             h->id.ptr);
                CHECK_MEM_EQ(&h->first, &h->score, sizeof h->score);
            }
            fih_hits_free(mine);
            fih_hits_free(all);
        }
        fih_reader_close(r);
    }
    CHECK(hits > 300, "%u hits", hits);
    fih_reader_close(whole);
}

static void what_a_piece_cannot_be_asked_is_refused(void)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_reader *const r = open_one(0);
    fih_query *q = NULL;
    fih_hits *h = NULL;
    uint64_t before;
    fih_writer *w = NULL;

    CHECK_INT_EQ(fih_query_parse(&q, str("البحر كتاب"), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_use_global(r, place_path("none"), &err), FIH_E_NOTFOUND);
    CHECK_INT_EQ(fih_reader_use_global(r, path_of(0), &err), FIH_E_NOTINDEX);
    CHECK_INT_EQ(fih_reader_use_global(r, file(), &err), FIH_OK, "%s", err.msg);
    before = fih_reader_global(r);
    CHECK_INT_EQ(fih_reader_use_global(r, place_path("none"), &err), FIH_E_NOTFOUND);
    CHECK(fih_reader_global(r) == before, "an error changes nothing");
    CHECK_INT_EQ(fih_global_write(r, place_path("other"), &err), FIH_E_USAGE);
    o.offset = 1;
    CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), FIH_E_USAGE);
    o.offset = 0;
    o.sort = FIH_SORT_NEWEST;
    CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), FIH_E_USAGE);
    o.sort = FIH_SORT_SCORE;
    o.after = str("1.1.0.1.0.0");
    CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), FIH_E_USAGE);
    o.after = str("");
    o.limit = 3;
    CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_hits_roots_depth(h), 50);
    CHECK_INT_EQ(fih_hits_places_depth(h), 20);
    CHECK(fih_hits_count(h) > 3, "all that the whole may look at: %zu", fih_hits_count(h));
    CHECK_INT_EQ(fih_hits_cursor(h).len, 0);
    fih_hits_free(h);
    CHECK_INT_EQ(fih_writer_open(&w, path_of(0), NULL, &err), FIH_OK);
    add(w, "new", "جديد", "كلمة غريبة في البحر");
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_renew(NULL, r, &err), FIH_OK, "%s", err.msg);
    CHECK(fih_reader_global(r) == before, "they stay when it is renewed");
    h = search(r, "غريبة", NULL);
    CHECK_INT_EQ(fih_hits_count(h), 1, "what is new is found");
    fih_hits_free(h);
    CHECK_INT_EQ(fih_writer_delete(w, str("new"), &err), FIH_OK);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_reader_use_global(r, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_global(r), 0);
    fih_query_free(q);
    fih_reader_close(r);
}

/* Two names of 32 equal bits, found by trying: neither text may get the words of the other. */
static void texts_that_it_cannot_tell_apart_are_refused(void)
{
    static const char *const names[] = {"t3205", "t118677"};
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_doc d = FIH_DOC_INIT;
    fih_reader *r = NULL;
    fih_writer *w = NULL;
    fih_field extra[2];

    CHECK_INT_EQ(XXH3_64bits(names[0], strlen(names[0])) >> 32, XXH3_64bits(names[1], strlen(names[1])) >> 32);
    for (unsigned i = 0; i < 2; i++)
        extra[i] = (fih_field){str(names[i]), str(words[i])};
    o.fields = str("first:text t3205:text more:text t118677:text");
    CHECK_INT_EQ(fih_writer_open(&w, place_path("two"), &o, &err), FIH_OK, "%s", err.msg);
    d.id = str("1");
    d.extra = extra;
    d.extra_count = 2;
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("two"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_global_write(r, place_path("two.stats"), &err), FIH_E_LIMIT);
    CHECK(strstr(err.msg, names[0]) && strstr(err.msg, names[1]), "%s", err.msg);
    CHECK(access(place_path("two.stats"), F_OK) != 0 && access(place_path("two.stats.new"), F_OK) != 0);
    fih_reader_close(r);
}

static void a_file_is_written_by_one_at_a_time(void)
{
    struct flat_writer one = {.path = NULL}, two = {.path = NULL};
    const char *const path = place_path("flat"), *const left = place_path("flat.new");
    struct flat f;

    place_write(left, "what a call that was killed has left", 36);
    CHECK_INT_EQ(fihi_flat_begin(&one, path, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fihi_flat_put(&one, "____ of one", 11, &err), FIH_OK);
    CHECK_INT_EQ(fihi_flat_begin(&two, path, &err), FIH_E_BUSY);
    CHECK(strstr(err.msg, path), "%s", err.msg);
    fihi_flat_free(&two);
    CHECK(access(left, F_OK) == 0, "it is still the first one's");
    CHECK_INT_EQ(fihi_flat_finish(&one, "file", 4, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fihi_flat_begin(&two, path, &err), FIH_OK, "%s", err.msg);
    fihi_flat_free(&one);
    CHECK(access(left, F_OK) == 0, "it is the second one's now");
    fihi_flat_free(&two);
    CHECK(access(left, F_OK) != 0);
    place_write(place_path("victim"), "mine", 4);
    CHECK_INT_EQ(symlink("victim", left), 0);
    CHECK_INT_EQ(fihi_flat_begin(&two, path, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fihi_flat_put(&two, "____ of two", 11, &err), FIH_OK);
    CHECK_INT_EQ(fihi_flat_open(&f, path, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fihi_flat_finish(&two, "file", 4, &err), FIH_OK, "%s", err.msg);
    CHECK(f.count == 11 && memcmp(f.bytes, "file of one", 11) == 0, "who reads it keeps what he began with");
    fihi_flat_close(&f);
    fihi_flat_free(&two);
    CHECK_INT_EQ(fihi_flat_open(&f, path, &err), FIH_OK, "%s", err.msg);
    CHECK(f.count == 11 && memcmp(f.bytes, "file of two", 11) == 0);
    fihi_flat_close(&f);
    CHECK_INT_EQ(fihi_flat_open(&f, place_path("victim"), &err), FIH_OK);
    CHECK(f.count == 4 && memcmp(f.bytes, "mine", 4) == 0);
    fihi_flat_close(&f);
}

/* The limit of a file's length stands for the end of the disk: a call that writes less than it was given sets no errno,
 * so what is there is of another call. */
static void a_short_write_is_a_full_disk(void)
{
    struct flat_writer w = {.path = NULL};
    static uint8_t many[1 << 17];
    struct rlimit before, little;

    CHECK_INT_EQ(fihi_flat_begin(&w, place_path("flat"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fihi_flat_put(&w, many, sizeof many, &err), FIH_OK, "%s", err.msg);
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
    little = (struct rlimit){2, before.rlim_max};
    REQUIRE(signal(SIGXFSZ, SIG_IGN) != SIG_ERR && setrlimit(RLIMIT_FSIZE, &little) == 0);
    errno = EACCES;
    CHECK_INT_EQ(fihi_flat_finish(&w, "file", 4, &err), FIH_E_FULL, "%s", err.msg);
    CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0 && signal(SIGXFSZ, SIG_DFL) != SIG_ERR);
    fihi_flat_free(&w);
    CHECK(access(place_path("flat.new"), F_OK) != 0);
}

/* ---- damage */

static uint8_t *load(size_t *n)
{
    FILE *const f = fopen(file(), "rb");
    uint8_t *bytes = NULL;

    *n = 0;
    if (f && fseek(f, 0, SEEK_END) == 0) {
        *n = (size_t)ftell(f);
        rewind(f);
        bytes = malloc(*n);
        if (bytes && fread(bytes, 1, *n, f) != *n)
            *n = 0;
    }
    if (f)
        fclose(f);
    return bytes;
}

static const char *save(const uint8_t *bytes, size_t n)
{
    const char *const path = place_path("damaged");
    FILE *const f = fopen(path, "wb");

    if (f) {
        CHECK(fwrite(bytes, 1, n, f) == n);
        fclose(f);
    }
    return path;
}

/* Everything that a search asks of it. FIH_OK, or what was wrong. */
static int read_all(const char *path)
{
    static const char *const keys[] = {"\0كتاب", "\0بحر", "\3البحر", "\3الهام", "\4كتب", "\0", "\4"};
    struct statistics *s = NULL;
    struct statistics_walk w;
    struct writing_row writing;
    int rc = fihi_statistics_open(&s, path, &err), worst;

    if (rc != 0)
        return rc;
    worst = rc = fihi_statistics_walk_from(&w, s, (const uint8_t *)"", 0, &err);
    while (rc == 0 && (rc = fihi_statistics_walk_next(&w, &err)) == FIH_OK) {
        struct statistics_entry e = w.entry;
        struct statistics_row row;
        uint8_t key[TERM_KEY_MAX];
        size_t bytes;

        while (rc == 0 && (rc = fihi_statistics_row(s, &e, &row, &err)) == FIH_OK)
            if (fihi_statistics_term(s, row.stem, key, &bytes, &err) < 0)
                worst = FIH_E_CORRUPT;
        rc = rc == FIH_DONE ? FIH_OK : rc;
    }
    worst = rc < 0 ? rc : worst;
    for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct statistics_entry e;

        rc = fihi_statistics_find(s, (const uint8_t *)keys[i], 1 + strlen(keys[i] + 1), &e, &err);
        worst = rc < 0 ? rc : worst;
    }
    (void)fihi_statistics_writing(s, 12345, &writing);
    fihi_statistics_close(s);
    return worst;
}

static void put_sums(uint8_t *bytes, size_t n, bool with_blocks)
{
    const uint64_t blocks_bytes = get_u64(bytes + 72), blocks = get_u64(bytes + 64);

    if (blocks_bytes <= n - STATISTICS_HEAD && blocks <= (n - STATISTICS_HEAD - blocks_bytes) / 8) {
        for (uint64_t i = 0; i < blocks && with_blocks; i++) {
            const uint8_t *const offsets = bytes + STATISTICS_HEAD + blocks_bytes;
            const uint64_t from = get_u64(offsets + 8 * i), to = get_u64(offsets + 8 * (i + 1));

            if (from < to && to <= blocks_bytes && to - from >= 4)
                put_u32(bytes + STATISTICS_HEAD + from,
                        (uint32_t)XXH3_64bits(bytes + STATISTICS_HEAD + from + 4, to - from - 4));
        }
        put_u64(bytes + 96, XXH3_64bits(bytes + STATISTICS_HEAD + blocks_bytes, n - STATISTICS_HEAD - blocks_bytes));
    }
    put_u64(bytes + 104, XXH3_64bits(bytes, 104));
}

static void every_flipped_byte_is_noticed(void)
{
    uint8_t *bytes;
    size_t n;

    bytes = load(&n);
    REQUIRE(bytes != NULL && n > 500);
    CHECK_INT_EQ(read_all(file()), FIH_OK, "%s", err.msg);
    for (size_t i = 0; i < n; i += i < 200 || n - i < 200 ? 1 : 7) {
        bytes[i] ^= 0x41;
        CHECK(read_all(save(bytes, n)) < 0, "byte %zu of %zu", i, n);
        bytes[i] ^= 0x41;
    }
    for (size_t cut = 0; cut < n; cut += cut < 200 ? 1 : 97)
        CHECK(read_all(save(bytes, cut)) < 0, "%zu of %zu bytes", cut, n);
    free(bytes);
}

/* Under right sums, and with all places true. */
static void a_byte_behind_a_block_is_noticed(void)
{
    uint8_t *bytes, *more;
    uint64_t blocks;
    size_t n;

    bytes = load(&n);
    REQUIRE(bytes != NULL && n > 500 && (more = malloc(n + 1)) != NULL);
    blocks = get_u64(bytes + 64);
    for (uint64_t i = 0; i < blocks; i++) {
        uint8_t *const offsets = more + STATISTICS_HEAD + get_u64(bytes + 72) + 1;
        const size_t end = STATISTICS_HEAD + get_u64(bytes + STATISTICS_HEAD + get_u64(bytes + 72) + 8 * (i + 1));

        memcpy(more, bytes, end);
        more[end] = 0;
        memcpy(more + end + 1, bytes + end, n - end);
        put_u64(more + 72, get_u64(bytes + 72) + 1);
        for (uint64_t k = i + 1; k <= blocks; k++)
            put_u64(offsets + 8 * k, get_u64(offsets + 8 * k) + 1);
        put_sums(more, n + 1, true);
        CHECK_INT_EQ(read_all(save(more, n + 1)), FIH_E_CORRUPT, "block %llu", (unsigned long long)i);
    }
    CHECK(blocks > 0);
    free(more);
    free(bytes);
}

/* With right checksums: no crash, and no number above what there is; the sanitizers see the rest. */
static void false_bytes_under_right_sums_do_no_harm(void)
{
    static const uint8_t values[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
    unsigned refused = 0;
    uint8_t *bytes, *spoilt;
    size_t n;

    bytes = load(&n);
    REQUIRE(bytes != NULL && n > 500);
    REQUIRE((spoilt = malloc(n)) != NULL);
    seed = 7;
    for (unsigned trial = 0; trial < 3000; trial++) {
        memcpy(spoilt, bytes, n);
        for (unsigned k = 1 + pick(3); k > 0; k--) {
            const size_t at = trial % 3 == 0   ? 8 + pick(96)
                              : trial % 3 == 1 ? STATISTICS_HEAD + (pick(32768) * 32768u + pick(32768)) % (n - STATISTICS_HEAD)
                                               : n - 1 - pick(2000) % (n - STATISTICS_HEAD);

            spoilt[at] = values[pick(sizeof values)];
        }
        put_sums(spoilt, n, true);
        refused += read_all(save(spoilt, n)) < 0;
    }
    CHECK(refused > 300, "%u", refused);
    free(spoilt);
    free(bytes);
}

int main(void)
{
    place_new("statistics");
    make_pieces();
    RUN(its_numbers_are_those_of_one_index);
    RUN(a_piece_scores_as_the_whole_does);
    RUN(what_a_piece_cannot_be_asked_is_refused);
    RUN(texts_that_it_cannot_tell_apart_are_refused);
    RUN(a_file_is_written_by_one_at_a_time);
    RUN(a_short_write_is_a_full_disk);
    RUN(a_byte_behind_a_block_is_noticed);
    RUN(every_flipped_byte_is_noticed);
    RUN(false_bytes_under_right_sums_do_no_harm);
    place_remove(place);
    return DONE();
}
