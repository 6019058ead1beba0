/* test_growth.c - an index over many nights: what lives and what the file takes against a fresh one, what a night
 * rewrites.
 *
 * The documents are few, and so is the policy's unit: the segments stand to each other as in a large index. A load is
 * some batches, as a large one is.
 */
#include "index/manifest.h"
#include "index/writer.h"
#include "sample.h"
#include "store/store.h"

enum {
    UNIT = 100, BATCH = 390, DOCS = 2000, NIGHTS = 100,
    FRESH_EVERY = 10,                          /* nights */
    SEGMENTS_MOST = 8, DOCS_MOST = 20000
};

static fih_error err;
static uint64_t seed;
static char folder[256], ours[280], fresh[280];

/* The documents that should be found, in the index's order: who changes goes to the end. */
static struct {
    unsigned n, version;
} living[DOCS_MOST];
static unsigned count, next_number;

static unsigned below(unsigned n)
{
    return (unsigned)(tap_random(&seed) % n);
}

static struct writer *open_index(const char *dir)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    struct writer *w = NULL;

    o.threads = 1;
    if (fihi_writer_open(&w, dir, &o, &err) != 0) {
        printf("Bail out! %s\n", err.msg);
        exit(2);
    }
    fihi_writer_set_sizes(w, UNIT, BATCH);
    return w;
}

/* Most of a document is bytes that do not compress: so the values are large beside the pages that they are in. */
static void add(struct writer *w, unsigned n, unsigned version)
{
    static struct sample_text t;
    uint64_t from = n * 1000003u + version, noise[200];
    fih_field fields[2];
    fih_doc doc;

    sample_doc(&doc, &t, n, version);
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++)
        noise[i] = tap_random(&from);
    fields[0] = doc.extra[0];
    fields[1] = (fih_field){{"noise", 5}, {(const char *)noise, sizeof noise}};
    doc.extra = fields;
    doc.extra_count = 2;
    CHECK_INT_EQ(fihi_writer_add(w, &doc, &err), FIH_OK, "%s", err.msg);
}

static void commit(struct writer *w, bool merge_all)
{
    CHECK_INT_EQ(fihi_writer_commit(w, merge_all, &err), FIH_OK, "%s", err.msg);
    fihi_writer_tidy(w);
}

static void add_new(struct writer *w)
{
    living[count].n = next_number++;
    living[count].version = 0;
    add(w, living[count].n, 0);
    count++;
}

/* Take one out of the list; its number. */
static unsigned take_any(unsigned *version)
{
    const unsigned i = below(count), n = living[i].n;

    *version = living[i].version;
    memmove(living + i, living + i + 1, (--count - i) * sizeof *living);
    return n;
}

static void change_one(struct writer *w)
{
    unsigned version;
    const unsigned n = take_any(&version);

    living[count].n = n;
    living[count].version = version + 1;
    add(w, n, version + 1);
    count++;
}

static void delete_one(struct writer *w)
{
    static struct sample_text t;
    unsigned version;
    fih_doc doc;

    sample_doc(&doc, &t, take_any(&version), 0);
    CHECK_INT_EQ(fihi_writer_delete(w, doc.id, &err), FIH_OK, "%s", err.msg);
}

/* The batches that it was. */
static uint32_t load(unsigned docs)
{
    struct writer *w = open_index(ours);
    uint64_t segments;

    count = next_number = 0;
    while (count < docs)
        add_new(w);
    commit(w, false);
    segments = fihi_writer_progress(w)->segments_written;
    fihi_writer_close(w);
    return (uint32_t)segments;
}

static struct manifest manifest_of(const char *dir)
{
    struct manifest m = {0};
    struct store *s = NULL;
    struct snap *t = NULL;

    CHECK_INT_EQ(fihi_store_open(&s, dir, STORE_READ, 0, &err), FIH_OK, "%s", err.msg);
    if (s && fihi_snap_begin(&t, s, 0, &err) == 0)
        CHECK_INT_EQ(fihi_manifest_read(&m, t, &err), FIH_OK, "%s", err.msg);
    fihi_snap_end(t);
    fihi_store_close(s);
    return m;
}

static uint32_t largest_segment(void)
{
    struct manifest m = manifest_of(ours);
    uint32_t docs = 0;

    for (uint32_t i = 0; i < m.count; i++)
        docs = m.segments[i].docs > docs ? m.segments[i].docs : docs;
    fihi_manifest_free(&m);
    return docs;
}

/* Documents in segments that were made since the manifest said that the next one is `from`. */
static unsigned written_since(uint32_t from)
{
    struct manifest m = manifest_of(ours);
    unsigned docs = 0;

    for (uint32_t i = 0; i < m.count; i++)
        docs += m.segments[i].id >= from ? m.segments[i].docs : 0;
    fihi_manifest_free(&m);
    return docs;
}

static uint32_t next_segment(void)
{
    struct manifest m = manifest_of(ours);
    const uint32_t next = m.next_segment;

    fihi_manifest_free(&m);
    return next;
}

static fih_stats stats_of(const char *dir)
{
    fih_stats s = FIH_STATS_INIT;
    fih_reader *r = NULL;

    CHECK_INT_EQ(fih_reader_open(&r, dir, &err), FIH_OK, "%s", err.msg);
    if (r)
        CHECK_INT_EQ(fih_reader_stats(&s, r, &err), FIH_OK, "%s", err.msg);
    fih_reader_close(r);
    return s;
}

static double value_bytes(const fih_stats *s)
{
    return (double)(s->bytes_dictionary + s->bytes_postings + s->bytes_positions + s->bytes_norms + s->bytes_stored +
                    s->bytes_ids + s->bytes_columns + s->bytes_deletes);
}

/* The same documents in the same order, indexed at once. */
static fih_stats build_fresh(bool merge_all)
{
    struct writer *w;

    remove_folder(fresh);
    w = open_index(fresh);
    for (unsigned i = 0; i < count; i++)
        add(w, living[i].n, living[i].version);
    commit(w, merge_all);
    fihi_writer_close(w);
    return stats_of(fresh);
}

/* Which documents match, whatever their order, with what is stored of them. */
static uint64_t matches(const char *dir, const char *query, uint64_t *total)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_reader *r = NULL;
    fih_query *q = NULL;
    fih_hits *hits = NULL;
    uint64_t sum = 0;
    const fih_hit *hit;

    o.limit = DOCS_MOST;
    o.count_all = 1;
    CHECK_INT_EQ(fih_reader_open(&r, dir, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_query_parse(&q, fih_str_of(query), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_search(&hits, r, q, &o, &err), FIH_OK, "%s", err.msg);
    *total = fih_hits_total(hits);
    CHECK_INT_EQ(fih_hits_count(hits), *total);
    for (size_t i = 0; (hit = fih_hits_at(hits, i)) != NULL; i++) {
        uint64_t h = UINT64_C(0xCBF29CE484222325);

        CHECK_INT_EQ(digest_doc(&h, r, hit->doc, NULL, &err), FIH_OK, "%s", err.msg);
        sum += h;
    }
    fih_hits_free(hits);
    fih_query_free(q);
    fih_reader_close(r);
    return sum;
}

/* The index gives the documents that a fresh one gives; with one segment each, also their order and their scores. */
static void answers_as_a_fresh_one(void)
{
    static const char *const queries[] = {"حكومة", "+المدينة -البحر", "\"رئيس الحكومة\"", "title:متحف", "كتا*",
                                          "section:\"علوم\" Paris", "نسخة1"};
    struct answers a, b;
    struct writer *w;

    build_fresh(false);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        uint64_t got, want;
        const uint64_t have = matches(ours, queries[i], &got), expected = matches(fresh, queries[i], &want);

        CHECK(want > 0, "%s", queries[i]);
        CHECK_INT_EQ(got, want, "%s", queries[i]);
        CHECK(have == expected, "%s", queries[i]);
    }
    CHECK_INT_EQ(fih_check(NULL, ours, print_problem, NULL, &err), FIH_OK, "%s", err.msg);
    build_fresh(true);
    w = open_index(ours);
    commit(w, true);
    fihi_writer_close(w);
    sample_answers(&a, ours);
    sample_answers(&b, fresh);
    CHECK_INT_EQ(a.count, b.count);
    for (int i = 0; i < a.count; i++)                  /* a fresh index has other numbers of bytes and commits */
        CHECK(strcmp(a.name[i], "stats") == 0 || (a.code[i] == b.code[i] && a.digest[i] == b.digest[i]), "%s",
              a.name[i]);
}

/* What was seen in the nights. */
struct seen {
    double   live, file;               /* against a fresh index */
    double   rewritten, deleted;       /* shares of the living, and of all documents */
    unsigned segments;
};

static void note_most(double *most, double value)
{
    *most = value > *most ? value : *most;
}

/* Nights in which so many hundredths of the documents are new, changed and deleted. */
static struct seen live_through(unsigned nights, unsigned new, unsigned changed, unsigned gone)
{
    struct seen seen = {0};
    double fresh_values = 0, fresh_pages = 0;

    for (unsigned night = 0; night < nights; night++) {
        const unsigned docs = count;
        const uint32_t next = next_segment();
        struct writer *w = open_index(ours);
        unsigned written;
        fih_stats s;

        for (unsigned i = 0; i < docs * changed / 100; i++)
            change_one(w);
        for (unsigned i = 0; i < docs * gone / 100; i++)
            delete_one(w);
        for (unsigned i = 0; i < docs * new / 100; i++)
            add_new(w);
        commit(w, false);
        fihi_writer_close(w);
        s = stats_of(ours);
        CHECK_INT_EQ(s.documents, count);
        written = written_since(next);
        written -= written > docs * (new + changed) / 100 ? docs * (new + changed) / 100 : written;
        if (night % FRESH_EVERY == 0) {        /* in between, as many bytes for a document */
            const fih_stats f = build_fresh(false);

            fresh_values = value_bytes(&f) / count;
            fresh_pages = (double)f.bytes_live / count;
        }
        note_most(&seen.live, value_bytes(&s) / fresh_values / count);
        note_most(&seen.file, (double)s.bytes_file / fresh_pages / count);
        note_most(&seen.rewritten, (double)written / count);
        note_most(&seen.deleted, (double)s.deleted / (double)(s.documents + s.deleted));
        seen.segments = s.segments > seen.segments ? s.segments : seen.segments;
    }
    return seen;
}

static void check_bounds(const struct seen *seen)
{
    printf("# %u documents: live %.3f, file %.3f, rewritten %.3f, deleted %.3f, %u segments\n", count, seen->live,
           seen->file, seen->rewritten, seen->deleted, seen->segments);
    CHECK(seen->live <= 1.2, "%.3f", seen->live);
    CHECK(seen->file <= 1.6, "%.3f", seen->file);
    CHECK(seen->rewritten <= 0.4, "%.3f", seen->rewritten);
    CHECK(seen->segments <= SEGMENTS_MOST, "%u", seen->segments);
}

static void begin(void)
{
    remove_folder(ours);
    seed = 7;
    load(DOCS);
}

/* Eight batches become one segment; nothing else is rewritten. */
static void a_load_merges_by_eights(void)
{
    uint32_t batches, merges;
    struct manifest m;

    remove_folder(ours);
    batches = load(7000);
    merges = batches / 8;
    m = manifest_of(ours);
    CHECK(merges >= 2, "%u", batches);
    CHECK_INT_EQ(m.count, batches - 7 * merges, "%u", batches);
    CHECK_INT_EQ(m.next_segment - 1, batches + merges, "%u", batches);
    for (uint32_t i = 0; i < m.count; i++)
        CHECK(m.segments[i].docs / (7000 / batches) / 7 == (i < merges), "%u: %u", i, m.segments[i].docs);
    fihi_manifest_free(&m);
}

static void a_growing_index_stays_within_its_bounds(void)
{
    struct seen seen;

    begin();
    seen = live_through(IS_ASAN ? NIGHTS / 4 : NIGHTS, 1, 1, 0);
    check_bounds(&seen);
    answers_as_a_fresh_one();
}

static void an_index_that_keeps_its_size_stays_within_its_bounds(void)
{
    struct seen seen;

    begin();
    seen = live_through(IS_ASAN ? NIGHTS / 4 : NIGHTS, 1, 1, 1);
    check_bounds(&seen);
    answers_as_a_fresh_one();
}

static void so_does_one_of_which_a_twentieth_changes(void)
{
    struct seen seen;

    begin();
    seen = live_through(NIGHTS / 4, 0, 5, 0);
    check_bounds(&seen);
    answers_as_a_fresh_one();
}

/* fih_writer_merge() leaves one segment. It is rewritten once, when it is worth it, and never as a whole again. */
static void an_index_of_one_segment_is_split_once(void)
{
    struct writer *w;
    unsigned night = 0;
    struct seen seen;

    begin();
    w = open_index(ours);
    commit(w, true);
    fihi_writer_close(w);
    CHECK_INT_EQ(largest_segment(), DOCS);
    for (; night < 20 && largest_segment() > count / 2; night++)
        live_through(1, 1, 1, 0);
    CHECK(night > 5 && night < 20, "%u", night);
    CHECK_INT_EQ(fih_check(NULL, ours, print_problem, NULL, &err), FIH_OK, "%s", err.msg);
    seen = live_through(20, 1, 1, 0);
    check_bounds(&seen);
    answers_as_a_fresh_one();
}

int main(void)
{
    sample_folder(folder, "growth");
    snprintf(ours, sizeof ours, "%s/ours", folder);
    snprintf(fresh, sizeof fresh, "%s/fresh", folder);
    RUN(a_load_merges_by_eights);
    RUN(a_growing_index_stays_within_its_bounds);
    RUN(an_index_that_keeps_its_size_stays_within_its_bounds);
    RUN(so_does_one_of_which_a_twentieth_changes);
    RUN(an_index_of_one_segment_is_split_once);
    remove_folder(folder);
    return DONE();
}
