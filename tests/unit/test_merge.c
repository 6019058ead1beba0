/* test_merge.c - merged segments are what one segment of the living documents would have been.
 *
 * The same documents are indexed in one commit, and in many with replacements and deletions between them and a full
 * merge at the end. Then everything that the dictionary and the lists say is compared: a merge has no leave to lose a
 * form's count, a root's document, or an occurrence in a title.
 */
#include "fihrist.h"
#include "index/merge.h"
#include "index/view.h"
#include "place.h"
#include "tap.h"

enum { DOCS = IS_ASAN ? 1500 : 4000, BODY = 4096, DIFFERENCES = 10 };

static fih_error err;
static uint64_t seed;
static uint32_t rnd(uint32_t n) { return (uint32_t)(tap_random(&seed) % n); }

/* ---- documents */

/* Forms of a stem, stems of a root, words of two stems (those with two readings), stop words, other scripts. */
static const char *word(char *out, size_t room)
{
    static const char *const before[] = {"", "", "", "ال", "ال", "و", "وال", "بال", "لل", "ف", "ك", "س", "ي", "ت"};
    static const char *const stems[] = {
        "كتاب", "كاتب", "مكتب", "مكتبة", "كتب", "مدرسة", "دارس", "دروس", "درس", "مدارس", "علم", "عالم", "علوم", "معلم",
        "تعليم", "حكومة", "حاكم", "محكمة", "حكم", "رئيس", "رئاسة", "شعر", "شاعر", "شعراء", "قول", "قال", "قائل", "مقال",
        "رحمن", "رحمٰن", "ذٰلك", "هٰذا", "صلوة", "مَدينة", "مُدُن", "زراعة", "مزرعة", "سوق", "أسواق", "ذهب", "مذهب"};
    static const char *const after[] = {"", "", "", "", "ه", "ها", "هم", "نا", "ات", "ون", "ين", "ان", "ية", "ي"};
    static const char *const others[] = {"من", "في", "على", "وفي", "كان", "كانت", "news", "Paris", "2019", "٢٠٢٠", "و50",
                                         "تلفزيون", "x", "لا", "إلى"};
    const uint32_t n = sizeof stems / sizeof *stems, most = rnd(4) ? n : 4;

    if (rnd(6) == 0)
        snprintf(out, room, "%s", others[rnd(sizeof others / sizeof *others)]);
    else if (rnd(40) == 0)                     /* a stem of few documents */
        snprintf(out, room, "%sغ%u", before[rnd(14)], rnd(3000));
    else if (rnd(40) == 0)
        snprintf(out, room, "%s%sخضم%s%s", before[rnd(14)], rnd(2) ? "أ" : "", stems[rnd(n)], after[rnd(14)]);
    else
        snprintf(out, room, "%s%s%s", before[rnd(14)], stems[rnd(most)], after[rnd(14)]);
    return out;
}

static size_t words(char *out, size_t room, uint32_t count)
{
    size_t n = 0;
    char one[128];

    for (uint32_t i = 0; i < count; i++)
        n += (size_t)snprintf(out + n, room - n, "%s ", word(one, sizeof one));
    return n;
}

/* Version v of document n: the same bytes every time. */
static void add(fih_writer *w, uint32_t n, uint32_t v)
{
    static const char *const sections[] = {"", "أخبار", "علوم", "رياضة"};
    /* The second and the third have the same hash. */
    static const char *const sources[] = {"", "35566", "149360", "35566", "x.txt"};
    const char *const source = sources[n / 8 % 5];
    char id[32], title[BODY], body[BODY * 8];
    fih_doc d = FIH_DOC_INIT;

    seed = n * UINT64_C(1000003) + v + 1;
    d.id = (fih_str){id, (size_t)snprintf(id, sizeof id, "%u", n)};
    d.title = (fih_str){title, words(title, sizeof title, rnd(3) ? rnd(9) : 0)};
    d.body = (fih_str){body, words(body, sizeof body, rnd(50) ? rnd(60) : rnd(600))};
    d.section = (fih_str){sections[n % 4], strlen(sections[n % 4])};
    d.source = (fih_str){source, strlen(source)};
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
}

static void drop(fih_writer *w, uint32_t n)
{
    char id[32];
    const int rc = fih_writer_delete(w, (fih_str){id, (size_t)snprintf(id, sizeof id, "%u", n)}, &err);

    CHECK(rc == FIH_OK || rc == FIH_E_NOTFOUND, "%s", err.msg);        /* it may be gone already */
}

/* The living documents, in the order in which they came last. */
static struct alive {
    uint32_t n, v;
} alive[DOCS];
static uint32_t alive_count;

static void forget(uint32_t n)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < alive_count; i++)
        if (alive[i].n != n)
            alive[kept++] = alive[i];
    alive_count = kept;
}

static fih_writer *open_writer(const char *path, uint32_t threads)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;

    o.memory_bytes = 64 << 20;
    o.threads = threads;
    CHECK_INT_EQ(fih_writer_open(&w, path, &o, &err), FIH_OK, "%s", err.msg);
    return w;
}

/* Commits of all sizes; each but the first replaces some documents and deletes some. */
static void build_in_parts(const char *path, uint32_t docs, uint32_t parts, uint32_t changes)
{
    fih_writer *w = open_writer(path, 2);
    uint64_t chosen = 11;

    alive_count = 0;
    for (uint32_t n = 0, part = 0; n < docs; part++) {
        const uint32_t left = docs - n, some = part + 1 == parts ? left : (uint32_t)(tap_random(&chosen) % (left + 1));

        for (uint32_t i = 0; i < some; i++, n++) {
            add(w, n, 0);
            alive[alive_count++] = (struct alive){n, 0};
        }
        for (uint32_t i = 0; n > 0 && i < changes; i++) {
            const uint32_t old = (uint32_t)(tap_random(&chosen) % n);

            drop(w, old);
            forget(old);
            if (tap_random(&chosen) % 2) {
                add(w, old, part + 1);
                alive[alive_count++] = (struct alive){old, part + 1};
            }
        }
        CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    }
    CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
}

static void build_at_once(const char *path)
{
    fih_writer *w = open_writer(path, 1);

    for (uint32_t i = 0; i < alive_count; i++)
        add(w, alive[i].n, alive[i].v);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
}

/* ---- comparing */

static unsigned differences;
static struct {
    uint64_t terms, rows, postings, mixed, titles, roots, others;    /* what was compared: none of it may be missing */
} seen;

static bool same(bool is_same, const char *what, const struct term_walk *w)
{
    if (!is_same && ++differences <= DIFFERENCES)
        CHECK(false, "%s of level %u '%.*s'", what, w->scan.key[0], (int)w->scan.key_bytes - 1,
              (const char *)w->scan.key + 1);
    return is_same;
}

static void compare_postings(const struct term_walk *w, struct cursor *a, struct cursor *b)
{
    for (; a->doc != NO_DOC && b->doc != NO_DOC; fihi_cursor_next(a), fihi_cursor_next(b)) {
        struct posting p, q;
        const uint32_t *at, *bt;
        uint32_t m, n;

        if (!CHECK(fihi_cursor_posting(a, &p) && fihi_cursor_posting(b, &q)))
            return;
        if (!same(p.doc == q.doc && p.freq == q.freq, "a frequency", w) || !same(p.title == q.title, "a title", w) ||
            !same(p.root == q.root && p.is_first == q.is_first, "a root", w) ||
            !same(p.form_count == q.form_count &&
                      memcmp(p.forms, q.forms, p.form_count * sizeof *p.forms) == 0, "forms", w))
            return;
        at = fihi_cursor_positions(a, &m);
        bt = fihi_cursor_positions(b, &n);
        if (!same(m == n && (m == 0 || memcmp(at, bt, m * sizeof *at) == 0), "positions", w))
            return;
        seen.postings++;
        seen.mixed += p.form_count > 1;
        seen.titles += p.title > 0;
        seen.roots += p.root > p.freq;
        seen.others += !p.is_first;
    }
    same(a->doc == b->doc && !a->is_broken && !b->is_broken, "an end", w);
}

static void compare_bounds(const struct term_walk *w, struct cursor *a, struct cursor *b)
{
    same(a->block_count == b->block_count, "blocks", w);
    for (uint32_t i = 0; i <= a->block_count && a->block_count == b->block_count; i++) {
        const struct list_bounds p = fihi_cursor_bounds(a, i), q = fihi_cursor_bounds(b, i);

        same(p.stem == q.stem && p.root == q.root && p.title == q.title && p.best == q.best, "bounds", w);
        same(fihi_cursor_forms(a, i) == fihi_cursor_forms(b, i), "forms of a block", w);
    }
    for (unsigned i = 0; i < FLOORS; i++)
        same(fihi_cursor_floor(a, i) == fihi_cursor_floor(b, i), "a floor", w);
}

static void compare_lists(const struct term_walk *x, const struct term_walk *y)
{
    const struct dict_entry *d = &x->scan.entry, *e = &y->scan.entry;
    static struct cursor a, b;
    struct list_place p, q;

    if (!same(d->cf == e->cf && d->title_df == e->title_df && d->form_count == e->form_count &&
                  d->doc_bytes == e->doc_bytes && d->position_bytes == e->position_bytes, "an entry", x) ||
        !CHECK(fihi_segment_list(x->segment, d, &p, &err) == 0 && fihi_segment_list(y->segment, e, &q, &err) == 0))
        return;
    fihi_cursor_open(&a, &p);
    fihi_cursor_open(&b, &q);
    compare_bounds(x, &a, &b);
    compare_postings(x, &a, &b);
    fihi_cursor_close(&a);
    fihi_cursor_close(&b);
    same(memcmp(p.bytes ? p.bytes : (const uint8_t *)"", q.bytes ? q.bytes : (const uint8_t *)"", p.byte_count) == 0,
         "bytes", x);
}

static void compare_rows(const struct term_walk *x, const struct term_walk *y)
{
    struct dict_rows a = fihi_dict_rows(&x->scan.entry), b = fihi_dict_rows(&y->scan.entry);
    struct dict_row p, q;

    same(x->scan.entry.row_count == y->scan.entry.row_count, "rows", x);
    while (fihi_dict_row_next(&a, &p) == FIH_OK && fihi_dict_row_next(&b, &q) == FIH_OK) {
        same(p.stem == q.stem && p.form == q.form && p.df == q.df, "a row", x);
        seen.rows++;
    }
}

static void compare_terms(struct segment *s, struct segment *t)
{
    struct term_walk x = {.segment = s}, y = {.segment = t};
    int a, b;

    while ((a = fihi_term_walk_next(&x, &err)) == FIH_OK && (b = fihi_term_walk_next(&y, &err)) == FIH_OK) {
        if (!same(key_compare(x.scan.key, x.scan.key_bytes, y.scan.key, y.scan.key_bytes) == 0, "a key", &x) ||
            !same(x.scan.entry.df == y.scan.entry.df && x.scan.entry.ordinal == y.scan.entry.ordinal, "df", &x))
            return;
        if (x.scan.key[0] == LEVEL_STEM || x.scan.key[0] == LEVEL_SECTION)
            compare_lists(&x, &y);
        else
            compare_rows(&x, &y);
        seen.terms++;
    }
    CHECK_INT_EQ(a, FIH_DONE, "%s", err.msg);
    CHECK_INT_EQ(fihi_term_walk_next(&y, &err), FIH_DONE, "%s", err.msg);
}

/* What is not in the dictionary: all of it as bytes, but for stored documents, which may be compressed together in
 * other blocks. */
static void compare_values(struct segment *s, struct segment *t)
{
    static const enum kind kinds[] = {KIND_DICT, KIND_DICT_INDEX, KIND_POSTINGS, KIND_POSITIONS, KIND_NORMS,
                                      KIND_NORMS_LONG, KIND_DATES, KIND_IDS, KIND_IDS_INDEX, KIND_ID_HASHES,
                                      KIND_SOURCES};

    for (unsigned k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        CHECK_INT_EQ(s->stats.counts[kinds[k]], t->stats.counts[kinds[k]], "values of kind %d", kinds[k]);
        for (uint32_t i = 0; i < s->stats.counts[kinds[k]] && i < t->stats.counts[kinds[k]]; i++) {
            const uint8_t *p, *q;
            size_t m = 0, n = 0;

            CHECK(fihi_segment_value(s, kinds[k], i, &p, &m, &err) == 0 &&
                      fihi_segment_value(t, kinds[k], i, &q, &n, &err) == 0 && m == n && memcmp(p, q, n) == 0,
                  "value %u of kind %d", i, kinds[k]);
        }
    }
}

static void compare(const char *merged, const char *whole)
{
    struct view *a = NULL, *b = NULL;

    memset(&seen, 0, sizeof seen);
    differences = 0;
    if (CHECK(fihi_view_open(&a, merged, &err) == 0 && fihi_view_open(&b, whole, &err) == 0, "%s", err.msg) &&
        CHECK_INT_EQ(a->count, 1) && CHECK_INT_EQ(b->count, 1)) {
        const struct segment_stats *s = &a->segments[0]->stats, *t = &b->segments[0]->stats;

        CHECK(s->docs == alive_count && s->docs == t->docs && s->terms == t->terms && s->postings == t->postings);
        for (unsigned i = 0; i < NORM_COUNT; i++)
            CHECK(s->with[i] == t->with[i] && s->tokens[i] == t->tokens[i] && s->avg[i] == t->avg[i]);
        compare_terms(a->segments[0], b->segments[0]);
        compare_values(a->segments[0], b->segments[0]);
        CHECK_INT_EQ(differences, 0);
    }
    fihi_view_close(a);
    fihi_view_close(b);
    CHECK_INT_EQ(fih_check(NULL, merged, NULL, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_check(NULL, whole, NULL, NULL, &err), FIH_OK, "%s", err.msg);
}

static void build_and_compare(uint32_t docs, uint32_t parts, uint32_t changes)
{
    const char *merged = place_path("merged"), *whole = place_path("whole");

    build_in_parts(merged, docs, parts, changes);
    build_at_once(whole);
    compare(merged, whole);
    place_remove(merged);
    place_remove(whole);
}

/* ---- */

static void a_merge_of_deletions_is_one_segment_of_what_is_left(void)
{
    build_and_compare(DOCS, 6, DOCS / 20);
    CHECK(seen.terms > 1000 && seen.rows > 1000 && seen.postings > DOCS, "%llu terms",
          (unsigned long long)seen.terms);
    CHECK(seen.mixed > 1000 && seen.titles > 1000 && seen.roots > 1000 && seen.others > 1000, "%llu, %llu, %llu, %llu",
          (unsigned long long)seen.mixed, (unsigned long long)seen.titles, (unsigned long long)seen.roots,
          (unsigned long long)seen.others);
}

static void a_merge_without_deletions_takes_counts_from_rows(void)
{
    build_and_compare(DOCS, 5, 0);
}

static void small_segments_are_merged_as_well(void)
{
    for (uint32_t docs = 1; docs < 40; docs += 1 + docs / 8)
        build_and_compare(docs, 3, docs / 4);
}

/* ---- how far it is */

static struct {
    uint64_t done, last, before;
    unsigned ticks, steps;
} told;

static int look(void *ctx)
{
    (void)ctx;
    CHECK(told.done >= told.last, "%" PRIu64 " behind %" PRIu64, told.done, told.last);
    told.steps += told.done > told.last && told.done > told.before;
    told.last = told.done;
    told.ticks++;
    return 0;
}

/* What is told grows step by step from what it was to the documents that live. */
static void a_merge_tells_how_far_it_is(void)
{
    struct build *b = malloc(sizeof *b);
    struct view *v = NULL;
    struct store *s = NULL;
    fih_writer *w = NULL;
    uint32_t live = 0;

    REQUIRE(fih_writer_open(&w, place_path("parts"), NULL, &err) == FIH_OK, "%s", err.msg);
    seed = 9;
    for (uint32_t n = 0; n < DOCS; n++)
        add(w, n, 0);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    for (uint32_t n = 0; n < DOCS / 8; n++)
        add(w, n * 5, 1);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    fih_writer_close(w);
    REQUIRE(b && fihi_view_open(&v, place_path("parts"), &err) == FIH_OK, "%s", err.msg);
    REQUIRE(fihi_store_open(&s, place_path("target"), STORE_WRITE | STORE_CREATE, 0, &err) == FIH_OK, "%s", err.msg);
    fihi_build_begin(b, s, 1);
    told.done = told.last = told.before = 100;
    CHECK_INT_EQ(fihi_merge(v->segments, v->count, b, &live, &told.done, look, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(live, v->docs - v->deleted);
    CHECK_INT_EQ(told.done, 100 + live);
    CHECK(told.steps > 3 && told.steps <= told.ticks, "%u steps of %u", told.steps, told.ticks);
    fihi_build_free(b);
    free(b);
    fihi_store_close(s);
    fihi_view_close(v);
    place_remove(place_path("parts"));
    place_remove(place_path("target"));
}

int main(void)
{
    place_new("merge");
    RUN(a_merge_of_deletions_is_one_segment_of_what_is_left);
    RUN(a_merge_without_deletions_takes_counts_from_rows);
    RUN(small_segments_are_merged_as_well);
    RUN(a_merge_tells_how_far_it_is);
    place_remove(place);
    return DONE();
}
