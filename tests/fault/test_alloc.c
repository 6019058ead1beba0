/* test_alloc.c - the n-th allocation fails, once, for a while or for ever: FIH_E_NOMEM or success, never a crash or a
 * leak.
 *
 *   test_alloc [--every] [WORK]        the names of the works are printed; a part of one is enough
 *
 * The program's own malloc(), calloc() and realloc() come before the C library's, so ICU's, zstd's, LMDB's and
 * libstemmer's allocations fail too. With AddressSanitizer they go on to its own, so it still sees everything and
 * looks for leaks at the end; without it, what was allocated and not freed is counted here.
 */
#undef malloc                          /* lib/meson.build renames them; these are the C library's own */
#undef calloc
#undef realloc
#undef free
#undef strdup
#undef strndup
#undef aligned_alloc

#include <dirent.h>
#include <limits.h>

#include "sample.h"
#include "store/loose.h"

extern void *__interceptor_malloc(size_t) __attribute__((weak));
extern void *__interceptor_calloc(size_t, size_t) __attribute__((weak));
extern void *__interceptor_realloc(void *, size_t) __attribute__((weak));
extern void  __interceptor_free(void *) __attribute__((weak));
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void  __libc_free(void *);

enum { FIRST = IS_ASAN ? 60 : 250, GROWTH = IS_ASAN ? 5 : 14 };   /* every n up to FIRST, then steps of n / GROWTH */
enum { DOCS = 40, FOR_A_WHILE = 25 };

static struct {
    int           is_armed;
    long          calls, at, until;    /* those from `at` to before `until` fail */
    long          hits, live;          /* failed; allocated and not freed */
} mem;

/* These run before AddressSanitizer has its shadow. */
#define EARLY __attribute__((no_sanitize("address", "undefined")))

EARLY static int fails(void)
{
    long n;

    if (!__atomic_load_n(&mem.is_armed, __ATOMIC_RELAXED))
        return 0;
    n = __atomic_add_fetch(&mem.calls, 1, __ATOMIC_RELAXED);
    if (n < mem.at || n >= mem.until)
        return 0;
    __atomic_add_fetch(&mem.hits, 1, __ATOMIC_RELAXED);
    errno = ENOMEM;
    return 1;
}

EARLY static void *counted(void *p)
{
    if (p)
        __atomic_add_fetch(&mem.live, 1, __ATOMIC_RELAXED);
    return p;
}

/* The names are reserved to the C library, which lets a program bring its own. */
EARLY void *malloc(size_t n)
{
    return fails() ? NULL : counted(__interceptor_malloc ? __interceptor_malloc(n) : __libc_malloc(n));
}

EARLY void *calloc(size_t k, size_t n)
{
    return fails() ? NULL : counted(__interceptor_calloc ? __interceptor_calloc(k, n) : __libc_calloc(k, n));
}

EARLY void *realloc(void *p, size_t n)
{
    void *q;

    if (fails())
        return NULL;
    q = __interceptor_realloc ? __interceptor_realloc(p, n) : __libc_realloc(p, n);
    return p ? q : counted(q);
}

EARLY void free(void *p)
{
    if (p)
        __atomic_sub_fetch(&mem.live, 1, __ATOMIC_RELAXED);
    if (__interceptor_free)
        __interceptor_free(p);
    else
        __libc_free(p);
}

static void arm(long at, long count)
{
    mem.calls = mem.hits = 0;
    mem.at = at;
    mem.until = count > LONG_MAX - at ? LONG_MAX : at + count;
    __atomic_store_n(&mem.is_armed, 1, __ATOMIC_SEQ_CST);
}

static void disarm(void)
{
    __atomic_store_n(&mem.is_armed, 0, __ATOMIC_SEQ_CST);
}

/* ---- */

static struct sample_home home;

static struct {
    int            every;
    const char    *only;       /* NULL: all */
    fih_writer    *w;          /* of the run */
    fih_reader    *r;
    fih_query     *q;
    void         (*after)(const char *where);  /* what is looked at after a failure; NULL: nothing */
    int64_t        old_docs;   /* of the copy */
    int            once;       /* each allocation fails alone only */
} g;

static void fresh_copy(void)
{
    sample_fresh_copy(&home);
}

static int add_some(fih_error *err)
{
    int rc = FIH_OK;

    for (unsigned i = 0; i < 6 && rc == 0; i++)
        rc = sample_add(g.w, 70000 + i, 1, err);
    for (unsigned i = 1; i < 4 && rc == 0; i++)
        rc = sample_add(g.w, i, 3, err);
    if (rc == 0)
        rc = sample_note(g.w, 12, 3, err);
    if (rc == 0)
        rc = fih_writer_delete_source(NULL, g.w, FIH_STR("folder/file-3"), err);
    return rc;
}

/* ICU 72 itself dies without memory where it cuts Chinese, Japanese or Thai: no such text here. */

/* Each: what comes before the allocations fail, and what they fail in. */
static int no_prepare(void)
{
    fresh_copy();
    return FIH_OK;
}

static int writer_open(void)
{
    fresh_copy();
    return fih_writer_open(&g.w, home.copy, NULL, NULL);
}

static int writer_added(void)
{
    const int rc = writer_open();

    return rc ? rc : add_some(NULL);
}

static int reader_open(void)
{
    const char text[] =
        "+حكومة \"مدرسة الكتاب\" قصيدة title:متحف section:\"علوم\" (قصيدة OR حكومة^2) كتاب NEAR/9 مدرسة";
    const int rc = fih_reader_open(&g.r, home.dir, NULL);

    return rc ? rc : fih_query_parse(&g.q, (fih_str){text, sizeof text - 1}, NULL);
}

static int in_writer_open(fih_error *err)
{
    return g.w ? FIH_OK : fih_writer_open(&g.w, home.copy, NULL, err);
}

static int in_create(fih_error *err)
{
    return g.w ? FIH_OK : fih_writer_open(&g.w, home.backup, NULL, err);
}

static int in_add(fih_error *err)
{
    return add_some(err);
}

static int in_commit(fih_error *err)
{
    const int rc = fih_writer_commit(g.w, err);

    return rc;
}

static int in_merge(fih_error *err)
{
    return fih_writer_merge(g.w, err);
}

static int in_threads(fih_error *err)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    int rc;

    o.threads = 3;
    if (!g.w && (rc = fih_writer_open(&g.w, home.copy, &o, err)) != 0)
        return rc;
    rc = add_some(err);
    return rc ? rc : fih_writer_commit(g.w, err);
}

static int in_reader_open(fih_error *err)
{
    return g.r ? FIH_OK : fih_reader_open(&g.r, home.dir, err);
}

static int in_ask(fih_error *err)
{
    struct answers a = {0};

    sample_ask(&a, g.r);
    for (int i = 0; i < a.count; i++)
        if (a.code[i] != 0) {
            err->code = a.code[i];
            snprintf(err->msg, sizeof err->msg, "%s", a.name[i]);
            return a.code[i];
        }
    for (int i = 0; i < a.count; i++)
        if (a.digest[i] != home.want.digest[i + 1])
            return -1000 - i;
    return FIH_OK;
}

/* What is asked without sample_ask(): an answer that came is the one of the first time. */
static int same(uint64_t *first, uint64_t digest, int rc, fih_error *err)
{
    if (rc != 0)
        return rc;
    if (*first == 0)
        *first = digest;
    if (*first == digest)
        return FIH_OK;
    snprintf(err->msg, sizeof err->msg, "another answer");
    return -1000;
}

static int in_operators(fih_error *err)
{
    static const struct {
        const char *text;
        int         sort;
    } asked[] = {
        {"مدي* *خاب?ت حكومه~ =الكتاب", 0}, {"/(مد|كت).*/ /[ا-ي]{3,4}\\d*/ /\\w+س/", 0}, {"\"رئيس وزير\"~4 بحر NEAR/6 جبل", 0},
        {"قمر THEN/9 عالم body:(تاريخ OR ثقافة) -رياضة", 0}, {"title:(سوق) date:2003..2020 كتاب", FIH_SORT_NEWEST},
        {"+مطر^3 (حكومي OR section:علوم)", FIH_SORT_OLDEST}, {"-كتاب* مدينة شارع", 0},
    };
    static uint64_t first;
    uint64_t h = 1;
    int rc = FIH_OK;

    for (unsigned i = 0; i < sizeof asked / sizeof *asked && rc == 0; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;

        o.sort = asked[i].sort;
        o.limit = 20;
        o.match_all = i == 4;
        o.match = i == 5 ? FIH_MATCH_BROAD : FIH_MATCH_STEMS;
        rc = digest_search(&h, g.r, asked[i].text, &o, err);
    }
    return same(&first, h, rc, err);
}

static int in_words(fih_error *err)
{
    static const char *const texts[] = {"حكومه انتخابت", "lhk hgqw", "Pariss fotball", "مد"};
    static uint64_t first;
    uint64_t h = 1;
    int rc = FIH_OK;

    for (unsigned i = 0; i < sizeof texts / sizeof *texts && rc == 0; i++) {
        fih_completions *c;
        const fih_completion *one;
        fih_suggestion *out;

        rc = fih_suggest(&out, g.r, fih_str_of(texts[i]), NULL, err);
        digest_bytes(&h, out ? out->text.ptr : "", out ? out->text.len : 0);
        fih_suggestion_free(out);
        if (rc != FIH_OK)
            break;
        rc = fih_complete(&c, g.r, fih_str_of(texts[i]), 20, err);
        for (size_t k = 0; rc == 0 && (one = fih_completions_at(c, k)) != NULL; k++)
            digest_bytes(&h, one->text.ptr, one->text.len);
        fih_completions_free(c);
    }
    return same(&first, h, rc, err);
}

static int in_facets(fih_error *err)
{
    static const char *const by[] = {"section", "date:year", "date:month", "date:day"};
    static uint64_t first;
    uint64_t h = 1;
    int rc = FIH_OK;

    for (unsigned i = 0; i < 4 && rc == 0; i++) {
        fih_facets *f;
        const fih_facet *one;

        rc = fih_facets_new(&f, g.r, g.q, by[i], NULL, err);
        for (size_t k = 0; rc == 0 && (one = fih_facets_at(f, k)) != NULL; k++) {
            digest_bytes(&h, one->value.ptr, one->value.len);
            digest_number(&h, one->docs);
        }
        fih_facets_free(f);
    }
    return same(&first, h, rc, err);
}

static int add_hits(uint64_t *h, const fih_query *q, fih_error *err)
{
    fih_hits *hits;
    const fih_hit *hit;
    const int rc = fih_search(&hits, g.r, q, NULL, err);

    for (size_t i = 0; rc == 0 && (hit = fih_hits_at(hits, i)) != NULL; i++)
        digest_number(h, hit->doc);
    fih_hits_free(hits);
    return rc;
}

static int in_synonyms_and_like(fih_error *err)
{
    const char sets[] = "كتاب, مجلد, سفر\nمدينة, حاضرة كبيرة\n";
    static uint64_t first;
    fih_synonyms *s;
    fih_query *q = NULL;
    uint64_t h = 1;
    int rc;

    if ((rc = fih_synonyms_new(&s, g.r, (fih_str){sets, sizeof sets - 1}, err)) == 0 &&
        (rc = fih_query_expand(&q, g.q, s, g.r, err)) == 0)
        rc = add_hits(&h, q, err);
    fih_synonyms_free(s);
    fih_query_free(q);
    if (rc == 0 && (rc = fih_query_like(&q, g.r, 1, err)) == 0) {
        rc = add_hits(&h, q, err);
        fih_query_free(q);
    }
    return same(&first, h, rc, err);
}

static int in_parse(fih_error *err)
{
    const char text[] = "+a -b \"c d e\"~2 title:(f OR (g AND NOT h)) section:\"g h\" i NEAR/2 \"j k\" THEN/3 l j k l "
                        "m n o p q r s t u v w x y z";
    fih_query *q;
    int rc = fih_query_parse(&q, (fih_str){text, sizeof text - 1}, err);

    fih_query_free(q);
    if (rc == 0 && (rc = fih_query_plain(&q, (fih_str){text, sizeof text - 1}, err)) == 0)
        fih_query_free(q);
    return rc;
}

static int count_token(void *ctx, const fih_token *t)
{
    *(size_t *)ctx += t->term.len;
    return 0;
}

static int in_analyze(fih_error *err)
{
    static const char *const names[] = {"arabic", "arabic-snowball", "arabic-exact", "simple", "arabic+french"};
    const char text[] = "كتب الطالبُ قصيدة عن البحر the football مدرسة والمدارس";
    int rc = FIH_OK;

    for (size_t i = 0; i < sizeof names / sizeof *names && rc == 0; i++) {
        fih_analyzer *a;
        size_t sum = 0;

        if ((rc = fih_analyzer_new(&a, names[i], err)) == 0)
            rc = fih_analyze(a, (fih_str){text, sizeof text - 1}, count_token, &sum, err);
        fih_analyzer_free(a);
    }
    return rc;
}

/* Queries put together by a program, and why they find nothing. */
static int in_composed(fih_error *err)
{
    static const struct { const char *field, *text; int is_phrase; } parts[] = {
        {NULL, "عنقاء الجبل", 0}, {"title", "سفينة الصحراء", 1}, {"body", "متحف", 0}};
    static uint64_t first;
    fih_why *why = NULL;
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_query *q[6] = {NULL}, *in_text = NULL;
    fih_clause clauses[5];
    uint64_t h = 1;
    int rc = FIH_OK;

    for (unsigned i = 0; i < 3 && rc == 0; i++)
        rc = parts[i].is_phrase
                 ? fih_query_phrase(&q[i], parts[i].field, fih_str_of(parts[i].text), 2, err)
                 : fih_query_words(&q[i], parts[i].field, fih_str_of(parts[i].text), err);
    if (rc == 0 && (rc = fih_query_section(&q[3], FIH_STR("علوم"), err)) == 0 &&
        (rc = fih_query_dates(&q[4], FIH_STR("2001..2020"), err)) == 0) {
        for (int i = 0; i < 5; i++)
            clauses[i] = (fih_clause){sizeof *clauses, q[i], i == 0 ? FIH_MUST : FIH_MAY, 2};
        rc = fih_query_group(&q[5], clauses, 5, err);
    }
    if (rc == 0)
        rc = fih_query_words(&in_text, "author", FIH_STR("عنقاء الجبل"), err);
    fih_query_free(in_text);
    o.field = "title";
    o.match_all = 1;
    o.since = FIH_STR("1999");
    o.until = FIH_STR("2030-12-31");
    if (rc == 0 && (rc = add_hits(&h, q[5], err)) == 0 && (rc = fih_why_nothing(&why, g.r, q[5], &o, err)) == 0) {
        digest_number(&h, (uint64_t)why->kind);
        digest_number(&h, why->docs);
    }
    fih_why_free(why);
    for (int i = 0; i < 6; i++)
        fih_query_free(q[i]);
    return same(&first, h, rc, err);
}

/* Why a query finds nothing, for each of the reasons that takes a search or a walk through the sections. */
static int in_why(fih_error *err)
{
    static const char *const texts[] = {
        "section:فلك عنقاء", "\"قمر البحر الأستاذ\" NEAR/3 عالم", "طائره /عن.*ء/", "+مطر +عنقاء"};
    static uint64_t first;
    uint64_t h = 1;
    int rc = FIH_OK;

    for (unsigned i = 0; i < sizeof texts / sizeof *texts && rc == 0; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;
        fih_why *why = NULL;
        fih_query *q = NULL;

        o.offset = i == 2 ? 5000 : 0;
        if ((rc = fih_query_parse(&q, fih_str_of(texts[i]), err)) == 0 &&
            (rc = fih_why_nothing(&why, g.r, q, &o, err)) == 0) {
            digest_number(&h, (uint64_t)why->kind);
            digest_number(&h, why->docs);
            for (size_t k = 0; k < why->section_count; k++)
                digest_bytes(&h, why->sections[k].ptr, why->sections[k].len);
        }
        fih_why_free(why);
        fih_query_free(q);
    }
    return same(&first, h, rc, err);
}

static int add_cut(void *ctx, const fih_cut *c)
{
    digest_number(ctx, c->start);
    digest_number(ctx, c->end);
    return 0;
}

/* What is pure: dates of three calendars, what a crawler left in a text, words by a lexicon of one's own. */
static int in_texts(fih_error *err)
{
    static const char *const dates[] = {"12 رمضان 1446", "السبت 3 فروردين 1390", "نشر في 7 أكتوبر 2020"};
    static const char junk[] = "<style>b { color: red; margin: 0 }</style>\nيفتح المتحف أبوابه كل صباح.\n"
                               "<script>var a = 1; f(a);</script>\n<b>شارك</b> Facebook | Twitter | WhatsApp\n"
                               "المصدر: وكالات\n";
    static const char lexicon[] = "قصيدة\tقصائد\nسفينة\tسفن\tسفائن\n";
    static uint64_t first;
    fih_analyzer *a = NULL;
    size_t sum = 0;
    uint64_t h = 1;
    int32_t day, last;
    int rc = FIH_OK;

    for (unsigned i = 0; i < 3 && rc == 0; i++)
        if ((rc = fih_date_parse(&day, &last, fih_str_of(dates[i]), 0, err)) == 0)
            digest_number(&h, (uint64_t)(uint32_t)day);
    if (rc == 0)
        rc = fih_clean((fih_str){junk, sizeof junk - 1}, add_cut, &h, err);
    if (rc == 0 && (rc = fih_analyzer_new_with(&a, "arabic", (fih_str){lexicon, sizeof lexicon - 1}, err)) == 0)
        rc = fih_analyze(a, FIH_STR("القصائد والسفائن"), count_token, &sum, err);
    digest_number(&h, sum);
    fih_analyzer_free(a);
    return same(&first, h, rc, err);
}

/* A reader beside writers: moves on, tells and lists what there is. */
static int in_reading(fih_error *err)
{
    static uint64_t first;
    fih_stats stats = FIH_STATS_INIT;
    fih_analyzer *a = NULL;
    uint64_t h = 1;
    int rc = fih_reader_renew(NULL, g.r, err);

    if (rc == 0)
        rc = fih_reader_note_each(g.r, FIH_STR("note/"), digest_note, &h, err);
    if (rc == 0 && (rc = fih_reader_stats(&stats, g.r, err)) == 0) {
        digest_number(&h, stats.postings);
        rc = fih_reader_analyzer(&a, g.r, err);
    }
    fih_analyzer_free(a);
    return same(&first, h, rc, err);
}

static int in_notes(fih_error *err)
{
    static uint64_t first;
    fih_str value;
    uint64_t h = 1;
    int rc;

    if ((rc = sample_note(g.w, 23, 5, err)) == 0 && (rc = fih_writer_note_get(&value, g.w, FIH_STR("note/0012"), err)) == 0) {
        digest_bytes(&h, value.ptr, value.len);
        if ((rc = fih_writer_source(&value, g.w, FIH_STR("doc-00001"), err)) == 0)
            digest_bytes(&h, value.ptr, value.len);
    }
    if (rc == 0)
        rc = fih_writer_note_each(g.w, FIH_STR("note/002"), digest_note, &h, err);
    if (rc == 0)
        rc = fih_writer_rollback(g.w, err);
    return same(&first, h, rc, err);
}

static int in_check(fih_error *err)
{
    return fih_check(NULL, home.dir, NULL, NULL, err);
}

struct seen {
    uint64_t h;
    unsigned values;
};

static int see(void *ctx, const uint8_t *key, size_t key_bytes, const uint8_t *payload, size_t bytes)
{
    struct seen *s = ctx;

    digest_bytes(&s->h, key, key_bytes);
    digest_bytes(&s->h, payload, bytes);
    s->values++;
    return FIH_OK;
}

/* The reading of who has no place among the readers: store/loose.h. */
static int in_loose(fih_error *err)
{
    static uint64_t first;
    struct seen s = {1, 0};
    uint8_t key[STORE_MAX_KEY];
    const uint8_t *payload;
    struct loose *l;
    char path[300];
    size_t n;
    int rc;

    snprintf(path, sizeof path, "%s/data.1.mdb", home.dir);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    rc = fihi_loose_begin(&l, fd, path, err);
    for (unsigned i = 0; i < SPACE_COUNT && rc == 0; i++)
        if ((rc = fihi_loose_each(l, (enum space)i, NULL, 0, see, &s, err)) == 0 &&
            (rc = fihi_loose_next_key(l, (enum space)i, NULL, 0, key, &n, err)) == 0 &&
            (rc = fihi_loose_get(l, (enum space)i, key, n, &payload, &n, err)) == 0)
            digest_bytes(&s.h, payload, n);
    fihi_loose_end(l);
    close(fd);
    return same(&first, s.h, rc, err);
}

/* Two commits, the second replacing documents of the first, and all of it merged and read. */
static int in_memory(fih_error *err)
{
    fih_writer *w;
    fih_reader *r = NULL;
    int rc = fih_writer_open_memory(&w, NULL, err);

    for (unsigned version = 0; version < 2 && rc == 0; version++) {
        for (unsigned i = 0; i < 5 && rc == 0; i++)
            rc = sample_add(w, i, version, err);
        if (rc == 0 && (rc = sample_note(w, 13, version, err)) == 0)
            rc = fih_writer_commit(w, err);
        if (rc == 0 && !r)
            rc = fih_writer_reader(&r, w, err);
    }
    if (rc == 0 && (rc = fih_writer_merge(w, err)) == 0 && (rc = fih_reader_renew(NULL, r, err)) == 0 &&
        fih_reader_doc_count(r) != 5)
        rc = -1000;
    fih_reader_close(r);
    fih_writer_close(w);
    return rc;
}

/* Each byte a word, with two terms. */
static int bytes_as_words(void *ctx, fih_str text,
                          int (*emit)(void *sink, uint32_t position, size_t start, size_t end, fih_str term), void *sink)
{
    int rc = 0;

    (void)ctx;
    for (size_t i = 0; i < text.len && rc == 0; i++)
        if ((rc = emit(sink, (uint32_t)i, i, i + 1, (fih_str){text.ptr + i, 1})) == 0)
            rc = emit(sink, (uint32_t)i, i, i + 1, FIH_STR("any"));
    return rc;
}

static int in_tokenizer(fih_error *err)
{
    fih_tokenizer t = FIH_TOKENIZER_INIT;
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_doc d = FIH_DOC_INIT;
    fih_writer *w;
    fih_reader *r = NULL;
    fih_query *q = NULL;
    fih_hits *h = NULL;
    int rc;

    t.name = "bytes";
    t.tokenize = bytes_as_words;
    o.tokenizer = &t;
    d.id = FIH_STR("a");
    d.body = FIH_STR("what a program says");
    if ((rc = fih_writer_open_memory(&w, &o, err)) == 0 && (rc = fih_writer_add(w, &d, err)) == 0 &&
        (rc = fih_writer_commit(w, err)) == 0 && (rc = fih_writer_reader(&r, w, err)) == 0 &&
        (rc = fih_reader_set_tokenizer(r, &t, err)) == 0 && (rc = fih_query_plain(&q, FIH_STR("says"), err)) == 0 &&
        (rc = fih_search(&h, r, q, NULL, err)) == 0 && fih_hits_count(h) != 1)
        rc = -1000;
    fih_hits_free(h);
    fih_query_free(q);
    fih_reader_close(r);
    fih_writer_close(w);
    return rc;
}

static int in_compact(fih_error *err)
{
    return fih_compact(home.copy, NULL, err);
}

static int in_backup(fih_error *err)
{
    return fih_backup(home.copy, home.backup, err);
}

/* ---- a new index of others, and what a failure leaves: the old ones whole, and of the new one nothing */

static int64_t docs_of(const char *dir)
{
    fih_reader *r = NULL;
    int64_t n = -1;

    if (fih_check(NULL, dir, print_problem, NULL, NULL) == FIH_OK && fih_reader_open(&r, dir, NULL) == FIH_OK)
        n = (int64_t)fih_reader_doc_count(r);
    fih_reader_close(r);
    return n;
}

static unsigned entries_of(const char *dir)
{
    DIR *const d = opendir(dir);
    struct dirent *e;
    unsigned n = 0;

    while (d && (e = readdir(d)) != NULL)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

static int into_new(void)
{
    fresh_copy();
    if (g.old_docs == 0)
        g.old_docs = docs_of(home.copy);
    return FIH_OK;
}

static int into_empty(void)
{
    into_new();
    return mkdir(home.backup, 0777);
}

static void nothing_is_left(const char *where)
{
    CHECK(access(home.backup, F_OK) != 0, "%s", where);
    CHECK_INT_EQ(docs_of(home.copy), g.old_docs, "%s", where);
}

static void the_folder_is_empty(const char *where)
{
    CHECK_INT_EQ(access(home.backup, F_OK), 0, "%s", where);
    CHECK_INT_EQ(entries_of(home.backup), 0, "%s", where);
    CHECK_INT_EQ(docs_of(home.copy), g.old_docs, "%s", where);
}

static void the_old_is_whole(const char *where)
{
    CHECK_INT_EQ(docs_of(home.copy), g.old_docs, "%s", where);
}

static int has_all(int rc, const char *dir, int64_t docs)
{
    disarm();                              /* to look at what came of it is no part of it */
    return rc != 0 || docs_of(dir) == docs ? rc : -1000;
}

static int add_value(void *ctx, fih_doc *doc)
{
    static fih_field f[9];

    (void)ctx;
    for (size_t i = 0; i < doc->extra_count && i < 8; i++)
        f[i] = doc->extra[i];
    f[doc->extra_count++] = (fih_field){FIH_STR("late"), FIH_STR("نعم")};
    doc->extra = f;
    return FIH_OK;
}

static int rebuild(const char *dest, fih_error *err)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;

    o.fields = FIH_STR("version:integer late:keyword*~ note:text^2");
    return has_all(fih_rebuild(home.copy, dest, &o, add_value, NULL, err), dest ? dest : home.copy, g.old_docs);
}

static int in_rebuild(fih_error *err)
{
    return rebuild(NULL, err);
}

static int in_rebuild_beside(fih_error *err)
{
    return rebuild(home.backup, err);
}

static int drop_some(void *ctx, size_t index, fih_str key, fih_str *value)
{
    (void)ctx, (void)index;
    if (key.ptr[key.len - 1] == '7')
        *value = (fih_str){NULL, 0};
    return 0;
}

static int count_replaced(void *ctx, size_t index, fih_str id, fih_str source)
{
    (void)index, (void)source;
    *(size_t *)ctx += id.len;
    return 0;
}

static int in_join(fih_error *err)
{
    const char *const both[] = {home.dir, home.copy};
    fih_merge_opts o = FIH_MERGE_OPTS_INIT;
    size_t replaced = 0;

    o.on_note = drop_some;
    o.on_replaced = count_replaced;
    o.ctx = &replaced;
    return has_all(fih_merge(both, 2, home.backup, &o, err), home.backup, g.old_docs);
}

/* ---- fields of the index' own: written, read, deleted by */

static const char own_fields[] = "author:text^2 names:text* tags:keyword* place:keyword*~ pages:integer price:number "
                                 "day:date seen:time";

static int add_own(fih_writer *w, unsigned i, fih_error *err)
{
    static const char *const authors[] = {"أحمد شوقي", "طه حسين", "نجيب محفوظ"};
    static const char *const tags[] = {"شعر", "نقد", "رواية", "تاريخ"};
    static const char *const bodies[] = {
        "السفينة في البحر والكتاب على الطاولة وهذا نص طويل يعاد في وثائق كثيرة كما هو كلمة بعد كلمة حتى آخره",
        "قصيدة عن المدينة القديمة والناس في الشوارع وكل ما يقال عنها بعد ذلك مما لا يعاد في غيرها أبدا هنا"};
    char pages[16], price[16], day[16], seen[32], id[16];
    fih_doc d = FIH_DOC_INIT;

    snprintf(id, sizeof id, "own-%u", i);
    snprintf(pages, sizeof pages, "%u", 100 + i * 7 % 50);
    snprintf(price, sizeof price, "%u.5", i * 3 % 11);
    snprintf(day, sizeof day, "20%02u-03-12", i % 20);
    snprintf(seen, sizeof seen, "2024-05-01T10:%02u:00Z", i % 60);
    const fih_field extra[] = {
        {FIH_STR("author"), fih_str_of(authors[i % 3])}, {FIH_STR("names"), FIH_STR("المنفلوطي")},
        {FIH_STR("names"), fih_str_of(authors[(i + 1) % 3])}, {FIH_STR("tags"), fih_str_of(tags[i % 4])},
        {FIH_STR("tags"), fih_str_of(tags[(i / 2) % 4])}, {FIH_STR("place"), FIH_STR("القَاهِرَة")},
        {FIH_STR("place"), FIH_STR("القاهره")}, {FIH_STR("pages"), fih_str_of(pages)},
        {FIH_STR("price"), fih_str_of(price)}, {FIH_STR("day"), fih_str_of(day)}, {FIH_STR("seen"), fih_str_of(seen)}};

    d.id = fih_str_of(id);
    d.title = FIH_STR("عنوان الكتاب");
    d.body = fih_str_of(bodies[i % 2]);
    d.source = FIH_STR("own");
    d.extra = extra;
    d.extra_count = sizeof extra / sizeof *extra;
    return fih_writer_add(w, &d, err);
}

/* Two segments, in memory. */
static int write_own(fih_writer **w, unsigned docs, fih_error *err)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    int rc;

    o.fields = (fih_str){own_fields, sizeof own_fields - 1};
    rc = fih_writer_open_memory(w, &o, err);
    for (unsigned i = 0; i < docs && rc == 0; i++)
        if ((rc = add_own(*w, i, err)) == 0 && i == docs / 2)
            rc = fih_writer_commit(*w, err);
    return rc ? rc : fih_writer_commit(*w, err);
}

static int in_own_write(fih_error *err)
{
    fih_fields *fields = NULL;
    fih_query *q = NULL;
    fih_writer *w = NULL;
    uint64_t count = 0;
    int rc = write_own(&w, 8, err);

    if (rc == 0 && (rc = fih_writer_fields(&fields, w, err)) == 0 && fih_fields_count(fields) != 8)
        rc = -1000;
    if (rc == 0 && (rc = fih_query_parse(&q, FIH_STR("author:شوقي pages:<120"), err)) == 0 &&
        (rc = fih_writer_delete_query(&count, w, q, err)) == 0)
        rc = count > 0 ? fih_writer_merge(w, err) : -1001;
    fih_query_free(q);
    fih_fields_free(fields);
    fih_writer_close(w);
    return rc;
}

static int own_open(void)
{
    fih_writer *w = NULL;
    int rc = write_own(&w, 24, NULL);

    if (rc == 0 && (rc = fih_writer_reader(&g.r, w, NULL)) == 0)
        rc = fih_query_parse(&g.q, FIH_STR("البحر OR قصيدة"), NULL);
    fih_writer_close(w);
    return rc;
}

static int in_own_queries(fih_error *err)
{
    static const char *const texts[] = {
        "author:شوقي", "author:\"أحمد شوقي\" البحر", "names:(حسين OR محفوظ)", "tags:شعر tags:نقد", "tags:ر* قصيدة",
        "place:\"القاهره\" البحر", "pages:100..120", "pages:>120 price:<4.5", "day:2001..2005 NOT tags:نقد",
        "seen:2024-05-01 price:*", "شوقي", "+names:منفلوط* -author:حسين", "*"};
    static uint64_t first;
    uint64_t h = 1;
    int rc = FIH_OK;

    for (unsigned i = 0; i < sizeof texts / sizeof *texts && rc == 0; i++)
        rc = digest_search(&h, g.r, texts[i], NULL, err);
    return same(&first, h, rc, err);
}

static int in_own_orders(fih_error *err)
{
    static const struct { const char *order, *collapse; } asked[] = {
        {"pages", NULL}, {"-price,score", NULL}, {"day,-seen,pages", NULL}, {"tags,-score", NULL}, {NULL, "day"},
        {NULL, "similar"}, {"-pages", "tags"}, {"place", "pages"}, {"score", "day"}};
    static uint64_t first;
    uint64_t h = 1;
    int rc = FIH_OK;

    for (unsigned i = 0; i < sizeof asked / sizeof *asked && rc == 0; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;

        o.order = asked[i].order;
        o.collapse = asked[i].collapse;
        o.limit = 12;
        o.offset = i % 3;
        rc = digest_search(&h, g.r, "البحر OR قصيدة", &o, err);
    }
    return same(&first, h, rc, err);
}

static int add_term(void *ctx, const fih_term *t)
{
    digest_bytes(ctx, t->text.ptr, t->text.len);
    digest_number(ctx, t->docs);
    return 0;
}

static int in_own_facets(fih_error *err)
{
    static const char *const by[] = {"tags", "place", "pages:10", "price:2.5", "day:year", "seen:month", "pages"};
    static uint64_t first;
    fih_fields *fields = NULL;
    uint64_t h = 1;
    int rc = FIH_OK;

    for (unsigned i = 0; i < sizeof by / sizeof *by && rc == 0; i++) {
        fih_facets *f = NULL;
        const fih_facet *one;

        rc = fih_facets_new(&f, g.r, g.q, by[i], NULL, err);
        for (size_t k = 0; rc == 0 && (one = fih_facets_at(f, k)) != NULL; k++) {
            digest_bytes(&h, one->value.ptr, one->value.len);
            digest_number(&h, one->docs);
        }
        fih_facets_free(f);
    }
    if (rc == 0)
        rc = fih_reader_each_term(g.r, "tags", FIH_STR(""), add_term, &h, err);
    if (rc == 0)
        rc = fih_reader_fields(&fields, g.r, err);
    for (size_t i = 0; rc == 0 && i < fih_fields_count(fields); i++)
        digest_number(&h, fih_fields_at(fields, i)->docs);
    fih_fields_free(fields);
    return same(&first, h, rc, err);
}

static int in_close(fih_error *err)
{
    (void)err;
    fih_writer_close(g.w);
    g.w = NULL;
    return FIH_OK;
}

static void let_go(void)
{
    fih_writer_close(g.w);
    fih_query_free(g.q);
    fih_reader_close(g.r);
    g.w = NULL;
    g.q = NULL;
    g.r = NULL;
}

typedef int prepare(void);
typedef int work(fih_error *err);

/* 0: the run made fewer allocations. `live` is what is allocated once all is closed again. */
static int one(const char *name, prepare *before, work *run, long n, long count, long *live)
{
    fih_error err = {0, 0, 0, ""};
    int rc, hits;
    char where[300];

    if (!CHECK_INT_EQ(before(), FIH_OK, "%s: the preparation", name))
        return 0;
    arm(n, count);
    rc = run(&err);
    disarm();
    hits = mem.hits > 0;
    snprintf(where, sizeof where, "%s, allocation %ld, %ld of them: %s (%.150s)", name, n, count, fih_error_name(rc),
             err.msg);
    CHECK(rc == FIH_OK || rc == FIH_E_NOMEM, "%s", where);
    CHECK(rc != FIH_E_NOMEM || (hits && err.code == FIH_E_NOMEM && err.msg[0]), "%s", where);
    if (rc != 0 && g.after)
        g.after(where);
    if (rc != 0) {                             /* what failed goes on */
        fih_error second = {0, 0, 0, ""};
        const int again = run(&second);

        CHECK_INT_EQ(again, FIH_OK, "again: %s; %s", second.msg, where);
    }
    if (g.w) {                                 /* and its index is whole, with all the documents of before */
        fih_error second = {0, 0, 0, ""};
        const char *dir = run == in_create ? home.backup : home.copy;
        fih_reader *r;
        fih_docno doc;

        CHECK_INT_EQ(sample_add(g.w, 80000, 1, &second), FIH_OK, "%s; %s", second.msg, where);
        CHECK_INT_EQ(fih_writer_commit(g.w, &second), FIH_OK, "%s; %s", second.msg, where);
        CHECK_INT_EQ(fih_check(NULL, dir, print_problem, NULL, &second), FIH_OK, "%s; %s", second.msg, where);
        if (CHECK_INT_EQ(fih_reader_open(&r, dir, &second), FIH_OK, "%s; %s", second.msg, where)) {
            CHECK_INT_EQ(fih_reader_find(&doc, r, FIH_STR("doc-80000"), NULL), FIH_OK, "%s", where);
            CHECK(run == in_create || fih_reader_doc_count(r) >= DOCS / 2, "documents are lost; %s", where);
        }
        fih_reader_close(r);
    }
    let_go();
    if (*live < 0)
        *live = mem.live;
    /* ICU's services keep what they made on the way to a failure; the sanitized build knows what nobody can reach. */
    if (!IS_ASAN && run != in_texts && !CHECK(mem.live <= *live, "%ld allocations are not freed; %s", mem.live - *live, where))
        *live = mem.live;
    return hits;
}

static void each_fails(const char *name, prepare *before, work *run)
{
    static const long counts[] = {1, FOR_A_WHILE, LONG_MAX};
    long runs = 0, most = 0, live = -1;

    if (g.only && !strstr(name, g.only))
        return;
    /* what ICU and the C library keep for themselves is there from now on */
    for (int i = 0; i < 3; i++)
        one(name, before, run, LONG_MAX, 1, &live);
    live = -1;
    one(name, before, run, LONG_MAX, 1, &live);
    for (size_t c = 0; c < (g.once ? 1 : sizeof counts / sizeof *counts); c++)
        for (long n = 1; tap.notes < TAP_MAX_NOTES; n += g.every || n < FIRST ? 1 : n / GROWTH) {
            runs++;
            if (!one(name, before, run, n, counts[c], &live))
                break;
            most = n;
        }
    printf("# %s: %ld runs, up to allocation %ld\n", name, runs, most);
}

static void opening_a_writer(void)    { each_fails("open a writer", no_prepare, in_writer_open); }
static void adding_and_deleting(void) { each_fails("add", writer_open, in_add); }
static void committing(void)          { each_fails("commit", writer_added, in_commit); }
static void merging(void)             { each_fails("merge", writer_added, in_merge); }
static void opening_a_reader(void)    { each_fails("open a reader", no_prepare, in_reader_open); }
static void asking_everything(void)   { each_fails("ask", reader_open, in_ask); }
static void operators(void)           { each_fails("operators", reader_open, in_operators); }
static void other_words(void)         { each_fails("suggestions and completions", reader_open, in_words); }
static void counting(void)            { each_fails("facets", reader_open, in_facets); }
static void other_queries(void)       { each_fails("synonyms and like", reader_open, in_synonyms_and_like); }
static void composing(void)           { each_fails("queries put together", reader_open, in_composed); }
static void nothing_found(void)       { each_fails("why nothing is found", reader_open, in_why); }
static void texts(void)               { each_fails("dates, clean, lexicon", no_prepare, in_texts); }
static void reading(void)             { each_fails("renew, notes, stats", reader_open, in_reading); }
static void noting(void)              { each_fails("a writer's notes", writer_open, in_notes); }
static void parsing(void)             { each_fails("parse", no_prepare, in_parse); }
static void analysing(void)           { each_fails("analyze", no_prepare, in_analyze); }
static void reading_loosely(void)     { each_fails("loose", no_prepare, in_loose); }
static void checking(void)            { each_fails("check", no_prepare, in_check); }
static void in_no_file(void)          { each_fails("memory", no_prepare, in_memory); }
static void own_tokens(void)          { each_fails("tokenizer", no_prepare, in_tokenizer); }
static void closing(void)             { each_fails("close", writer_added, in_close); }

/* LMDB copies with a thread of its own. */
static void each_fails_with_threads(const char *name, work *run)
{
    if (IS_ASAN)
        SKIP("AddressSanitizer dies when it has no memory for a new thread");
    each_fails(name, no_prepare, run);
}

static void writing_in_threads(void)
{
    each_fails_with_threads("write in threads", in_threads);
}

static void compacting(void)
{
    each_fails_with_threads("compact", in_compact);
}

static void backing_up(void)
{
    each_fails_with_threads("backup", in_backup);
}

static void each_leaves(const char *name, prepare *before, work *run, void (*after)(const char *where))
{
    g.after = after;
    each_fails(name, before, run);
    g.after = NULL;
}

static void making_an_index(void)    { each_leaves("make an index", into_new, in_create, nothing_is_left); }
static void joining(void)            { each_leaves("merge indexes", into_new, in_join, nothing_is_left); }
static void rebuilding(void)         { each_leaves("rebuild", into_new, in_rebuild, the_old_is_whole); }
static void rebuilding_beside(void)  { each_leaves("rebuild beside", into_new, in_rebuild_beside, nothing_is_left); }

static void into_a_folder(void)
{
    g.once = 1;
    each_leaves("merge into a folder", into_empty, in_join, the_folder_is_empty);
    each_leaves("rebuild into a folder", into_empty, in_rebuild_beside, the_folder_is_empty);
    g.once = 0;
}

static void own_written(void)        { each_fails("own fields, written", no_prepare, in_own_write); }
static void own_asked(void)          { each_fails("own fields, asked for", own_open, in_own_queries); }
static void own_ordered(void)        { each_fails("own fields, sorted and collapsed by", own_open, in_own_orders); }
static void own_counted(void)        { each_fails("own fields, counted", own_open, in_own_facets); }

int main(int argc, char **argv)
{
    g.every = argc > 1 && strcmp(argv[1], "--every") == 0;
    g.only = argc > 1 + g.every ? argv[1 + g.every] : NULL;
    sample_move_in(&home, "alloc", DOCS);
    RUN(parsing);
    RUN(analysing);
    RUN(opening_a_reader);
    RUN(asking_everything);
    RUN(operators);
    RUN(other_words);
    RUN(counting);
    RUN(other_queries);
    RUN(composing);
    RUN(nothing_found);
    RUN(texts);
    RUN(reading);
    RUN(noting);
    RUN(reading_loosely);
    RUN(checking);
    RUN(opening_a_writer);
    RUN(making_an_index);
    RUN(adding_and_deleting);
    RUN(committing);
    RUN(merging);
    RUN(writing_in_threads);
    RUN(compacting);
    RUN(backing_up);
    RUN(joining);
    RUN(rebuilding);
    RUN(rebuilding_beside);
    RUN(into_a_folder);
    RUN(own_written);
    RUN(own_asked);
    RUN(own_ordered);
    RUN(own_counted);
    RUN(in_no_file);
    RUN(own_tokens);
    RUN(closing);
    sample_move_out(&home);
    return DONE();
}
