/* test_hostile.c - an index whose values are lies under checksums that are right: an answer or a clean error, in bounded
 * time and memory; never a crash or a leak.
 *
 *   test_hostile [--trials N] [--seed S] [--only TRIAL]
 *
 * test_damage flips bytes, and nearly all of that ends at a checksum. Here each trial takes the values out of a small
 * index, spoils some of them by their structure, seals them again (frames always; the sums that the manifest has of
 * notes and deletions, and the counts of a segment's header, mostly), has LMDB write them, so that its pages are sound,
 * and then asks everything, checks, writes, merges. Trials run in children; what a child may allocate is limited.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "search/reference.h"
#include "sample.h"
#include "spoil.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
enum { TRIALS = 150, TIMEOUT_S = 60 };
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1:max_allocation_size_mb=96";
}
const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
    return "halt_on_error=1:print_stacktrace=1";
}
#else
enum { TRIALS = 600, TIMEOUT_S = 20 };
#endif
enum { DOCS = 230, MEMORY_MAX = 320 << 20, WRITE_EVERY = 3, LEAK_EVERY = 25 };

static struct {
    char     folder[256], dir[280], data[300];
    uint8_t *image;
    size_t   bytes;
    unsigned trials;
    long     only;
    uint64_t seed;
    struct shared {                    /* with the children */
        char     what[400];
        unsigned opened, answered, errors, reports, wrote;
        unsigned bad_codes;
        char     why[400];
    } *shared;
} g;

/* ---- asking */

static int is_clean(int code)
{
    return code == FIH_OK || code == FIH_DONE || code == FIH_E_CORRUPT || code == FIH_E_NOTFOUND ||
           code == FIH_E_VERSION || code == FIH_E_ANALYZER || code == FIH_E_LIMIT;
}

static void note_code(const char *what, int code, const fih_error *err)
{
    g.shared->answered += code == FIH_OK;
    g.shared->errors += code < 0 && code != FIH_E_NOTFOUND;
    if (is_clean(code))
        return;
    g.shared->bad_codes++;
    snprintf(g.shared->why, sizeof g.shared->why, "%.100s: %s: %.200s", what, fih_error_name(code), err->msg);
}

/* A schema that lies has other fields, or of other kinds: to ask for one of the sample's is then a mistake. */
static void note_column(const char *what, int code, const fih_error *err)
{
    if (code != FIH_E_QUERY && code != FIH_E_USAGE)
        note_code(what, code, err);
}

static void ask_facets(fih_reader *r, const char *text)
{
    static const char *const by[] = {"section", "date:year", "date:month", "date:day", "tags", "pages:10", "price:1"};
    fih_error err = {0, 0, 0, ""};
    fih_query *q;

    if (fih_query_parse(&q, fih_str_of(text), &err) != 0)
        return;
    for (unsigned i = 0; i < sizeof by / sizeof *by; i++) {
        fih_facets *f;
        const fih_facet *one;
        uint64_t h = 0;
        const int rc = fih_facets_new(&f, r, q, by[i], NULL, &err);

        note_column(by[i], rc, &err);
        for (size_t k = 0; rc == 0 && (one = fih_facets_at(f, k)) != NULL; k++)
            digest_bytes(&h, one->value.ptr, one->value.len);
        fih_facets_free(f);
    }
    fih_query_free(q);
}

static void ask_words(fih_reader *r)
{
    static const char *const texts[] = {"حكومه انتخابت", "lhk hgqw", "Pariss fotball", "مد"};
    fih_error err = {0, 0, 0, ""};

    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        fih_completions *c;
        const fih_completion *one;
        uint64_t h = 0;
        fih_suggestion *out;
        int rc = fih_suggest(&out, r, fih_str_of(texts[i]), NULL, &err);

        note_code("suggestions", rc, &err);
        fih_suggestion_free(out);
        note_code("completions", rc = fih_complete(&c, r, fih_str_of(texts[i]), 20, &err), &err);
        for (size_t k = 0; rc == 0 && (one = fih_completions_at(c, k)) != NULL; k++)
            digest_bytes(&h, one->text.ptr, one->text.len);
        fih_completions_free(c);
    }
}

static void ask_like(fih_reader *r)
{
    fih_error err = {0, 0, 0, ""};

    for (fih_docno d = 0; d < 400; d += 53) {
        fih_query *q;
        fih_hits *hits = NULL;
        int rc = fih_query_like(&q, r, d, &err);

        if (rc == 0)
            rc = fih_search(&hits, r, q, NULL, &err);
        note_code("like", rc, &err);
        fih_hits_free(hits);
        fih_query_free(q);
    }
}

static void ask_operators(fih_reader *r)
{
    static const struct {
        const char *text;
        int         sort;
    } asked[] = {
        {"مدين*", 0}, {"*خاب?ت", 0}, {"حكومه~", 0}, {"/(مد|كت).*/", 0}, {"=الكتاب", 0}, {"طويل", 0},
        {"\"رئيس وزير\"~4", 0}, {"بحر NEAR/6 جبل", 0}, {"قمر THEN/9 عالم", 0}, {"body:(تاريخ OR ثقافة) -رياضة", 0},
        {"title:سوق body:ذهب", 0}, {"date:2003..2011 كتاب", 0}, {"كتاب مدينة", FIH_SORT_NEWEST},
        {"شارع رئيس", FIH_SORT_OLDEST}, {"section:رياضة", 0}, {"date:2008", 0}, {"+مطر +نهر^3 زراعة", 0}, {"مشترك", 0},
    };
    fih_error err = {0, 0, 0, ""};

    for (unsigned i = 0; i < sizeof asked / sizeof *asked; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;
        uint64_t h = 0;

        o.sort = asked[i].sort;
        o.limit = i % 3 ? 10 : 200;
        o.count_all = i % 5 == 4 ? COUNT_BY_REFERENCE : 0;
        o.match = i % 4 == 1 ? FIH_MATCH_BROAD : FIH_MATCH_STEMS;
        note_code(asked[i].text, digest_search(&h, r, asked[i].text, &o, &err), &err);
    }
}

/* What reads columns: filters, orders, one hit for each value. */
static void ask_columns(fih_reader *r)
{
    static const struct {
        const char *text, *order, *collapse;
    } asked[] = {
        {"tags:odd OR tags:e*", "-tags,score", NULL}, {"pages:2..60 -price:>3 كتاب", "pages,-price", NULL},
        {"note:حكومة tags:*", "section,-date", "tags"}, {"كتاب OR طويل", NULL, "similar"}, {"مدينة شارع", NULL, "pages"},
        {"==كتاب price:*", "price", "section"},
    };
    fih_error err = {0, 0, 0, ""};

    for (unsigned i = 0; i < sizeof asked / sizeof *asked; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;
        uint64_t h = 0;

        o.order = asked[i].order;
        o.collapse = asked[i].collapse;
        note_column(asked[i].text, digest_search(&h, r, asked[i].text, &o, &err), &err);
    }
}

static int count_problem(void *ctx, const char *line)
{
    (void)ctx;
    g.shared->reports += line[0] != '\0';
    return 0;
}

static void ask_all(const char *dir)
{
    fih_error err = {0, 0, 0, ""};
    fih_reader *r;
    int rc = fih_reader_open(&r, dir, &err);

    note_code("opening", rc, &err);
    if (rc == 0) {
        struct answers a = {0};

        g.shared->opened++;
        sample_ask(&a, r);
        for (int i = 0; i < a.count; i++)
            note_column(a.name[i], a.code[i], &err);
        ask_operators(r);
        ask_columns(r);
        ask_facets(r, "كتاب OR مدينة");
        ask_words(r);
        ask_like(r);
    }
    fih_reader_close(r);
    note_code("check", fih_check(NULL, dir, count_problem, NULL, &err), &err);
}

static int drop_note(void *ctx, fih_str key, fih_str value)
{
    (void)ctx;
    return key.len + value.len == SIZE_MAX;
}

static void write_all(const char *dir, int how)
{
    fih_writer_opts opts = FIH_WRITER_OPTS_INIT;
    fih_error err = {0, 0, 0, ""};
    fih_writer *w;
    int rc;

    opts.memory_bytes = 64 << 20;
    opts.threads = 1;
    if ((rc = fih_writer_open(&w, dir, &opts, &err)) == 0) {
        for (unsigned i = 0; i < 30 && rc == 0; i++)
            rc = sample_add(w, i * 7, 5, &err);
        if (rc == 0)
            rc = fih_writer_delete_source(NULL, w, FIH_STR("folder/file-3"), &err);
        if (rc == 0 || rc == FIH_E_NOTFOUND)
            rc = sample_note(w, 3, 5, &err);
        if (rc == 0)
            rc = fih_writer_note_each(w, FIH_STR("note/"), drop_note, NULL, &err);
        if (rc == 0)
            rc = fih_writer_commit(w, &err);
        note_code("writing", rc, &err);
        if (rc == 0 && how == 1)
            note_code("merging", rc = fih_writer_merge(w, &err), &err);
        g.shared->wrote += rc == 0;
    } else {
        note_code("opening to write", rc, &err);
    }
    fih_writer_close(w);
    if (rc == 0 && how == 2)
        note_code("compaction", rc = fih_compact(dir, &opts, &err), &err);
    if (rc == 0)
        ask_all(dir);
}

/* ---- trials */

static void one_trial(unsigned trial)
{
    static struct index x;

    snprintf(g.shared->what, sizeof g.shared->what, "trial %u", trial);
    sample_write_index(g.dir, g.image, g.bytes);
    values_load(&x, g.data);
    if (trial > 0)                             /* the first one is of the index as it is */
        spoil(&x, g.seed * 1000003 + trial, g.shared->what, sizeof g.shared->what);
    values_store(&x, g.data);
    values_free(&x);
    ask_all(g.dir);
    if (trial % WRITE_EVERY == 0)
        write_all(g.dir, (int)(trial / WRITE_EVERY) % 3);
}

static void look_for_leaks(void)
{
#if defined(__SANITIZE_ADDRESS__)
    if (__lsan_do_recoverable_leak_check())
        _exit(9);
#endif
}

static void child(int out, unsigned from, unsigned to)
{
    const struct rlimit no_core = {0, 0}, memory = {MEMORY_MAX, MEMORY_MAX};

    setrlimit(RLIMIT_CORE, &no_core);
    if (!IS_ASAN)
        setrlimit(RLIMIT_DATA, &memory);
    for (unsigned i = from; i < to; i++) {
        const unsigned bad = g.shared->bad_codes;

        alarm(TIMEOUT_S);
        one_trial(i);
        if (i % LEAK_EVERY == 0 || i + 1 == to)
            look_for_leaks();
        if (g.shared->bad_codes > bad && bad < 12) {
            printf("# %s\n#   %s\n", g.shared->what, g.shared->why);
            fflush(stdout);
        }
        if (write(out, &i, sizeof i) != sizeof i)
            _exit(3);
    }
    _exit(0);
}

static void a_sealed_lie_is_an_answer_or_a_clean_error(void)
{
    unsigned from = g.only >= 0 ? (unsigned)g.only : 0, crashes = 0, hangs = 0, leaks = 0;
    const unsigned to = g.only >= 0 ? from + 1 : g.trials;
    const unsigned all = to - from;

    while (from < to) {
        unsigned done;
        int ends[2], status;
        pid_t pid;

        fflush(stdout);
        if (pipe(ends) != 0 || (pid = fork()) < 0) {
            printf("Bail out! no process: %s\n", strerror(errno));
            exit(2);
        }
        if (pid == 0) {
            close(ends[0]);
            child(ends[1], from, to);
        }
        close(ends[1]);
        while (read(ends[0], &done, sizeof done) == sizeof done)
            from = done + 1;
        close(ends[0]);
        waitpid(pid, &status, 0);
        if (from < to) {                       /* it ended early, in trial `from` */
            const int is_hang = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
            const int is_leak = WIFEXITED(status) && WEXITSTATUS(status) == 9;

            if (crashes + hangs + leaks < 12)
                printf("# %s: %s\n", is_hang ? "a hang" : is_leak ? "a leak, here or shortly before" : "a crash",
                       g.shared->what);
            hangs += (unsigned)is_hang;
            leaks += (unsigned)is_leak;
            crashes += !is_hang && !is_leak;
            from++;
        }
    }
    printf("# %u trials: %u opened, %u answers, %u errors, %u lines of check, %u written\n", all, g.shared->opened,
           g.shared->answered, g.shared->errors, g.shared->reports, g.shared->wrote);
    CHECK_INT_EQ(crashes, 0);
    CHECK_INT_EQ(hangs, 0);
    CHECK_INT_EQ(leaks, 0);
    CHECK_INT_EQ(g.shared->bad_codes, 0, "errors that do not say damage");
    if (g.only < 0 && all >= 100) {            /* lies that all fail at the door would prove little */
        CHECK(g.shared->opened > all / 3 && g.shared->answered > 20 * all, "most are asked");
        CHECK(g.shared->errors > all && g.shared->reports > all / 4, "and most are noticed");
        CHECK(g.shared->wrote > all / 40, "some are written to");
    }
}

/* ---- the index */

/* Long texts, whose lengths have tables of their own, and lines that a host's pages share. */
static int add_more(const char *dir, fih_error *err)
{
    fih_writer_opts opts = FIH_WRITER_OPTS_INIT;
    const size_t room = 900000;
    char *body = malloc(room), id[32], url[64];
    fih_writer *w;
    int rc;

    opts.memory_bytes = 64 << 20;
    if ((rc = fih_writer_open(&w, dir, &opts, err)) != 0 || !body)
        goto out;
    for (unsigned i = 0; i < 40 && rc == 0; i++) {
        fih_doc doc = FIH_DOC_INIT;
        uint64_t seed = i;
        size_t n = 0;

        if (i == 7)
            while (n < room - 100)
                n += (size_t)snprintf(body + n, room - n, "%s ", n % 3 ? "طويل" : sample_word(&seed));
        else
            n = (size_t)snprintf(body, room, "سطر مشترك بين صفحات الموقع كلها\n%s نص %u %s\nحقوق النشر محفوظة لنا\n",
                                 sample_word(&seed), i, sample_word(&seed));
        doc.id = (fih_str){id, (size_t)snprintf(id, sizeof id, "page-%u", i)};
        doc.url = (fih_str){url, (size_t)snprintf(url, sizeof url, "https://example.org/page/%u", i)};
        doc.title = (fih_str){"عنوان", 10};
        doc.body = (fih_str){body, n};
        rc = fih_writer_add(w, &doc, err);
    }
    if (rc == 0)
        rc = fih_writer_commit(w, err);
out:
    fih_writer_close(w);
    free(body);
    return rc;
}

int main(int argc, char **argv)
{
    fih_error err = {0, 0, 0, ""};

    g.trials = (unsigned)tap_option(argc, argv, "--trials", TRIALS);
    g.seed = (uint64_t)tap_option(argc, argv, "--seed", 1);
    g.only = (long)tap_option(argc, argv, "--only", -1);
    g.shared = mmap(NULL, sizeof *g.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    sample_folder(g.folder, "hostile");
    snprintf(g.dir, sizeof g.dir, "%s/index", g.folder);
    snprintf(g.data, sizeof g.data, "%s/data.1.mdb", g.dir);
    if (g.shared == MAP_FAILED || sample_build(g.dir, DOCS, NULL, &err) != 0 || add_more(g.dir, &err) != 0 ||
        fih_check(NULL, g.dir, NULL, NULL, &err) != 0) {
        printf("Bail out! %s\n", err.msg);
        return 2;
    }
    g.image = read_whole(g.data, &g.bytes);
    printf("# an index of %zu KiB\n", g.bytes >> 10);
    RUN(a_sealed_lie_is_an_answer_or_a_clean_error);
    remove_folder(g.folder);
    free(g.image);
    return DONE();
}
