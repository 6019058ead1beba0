/* sample.h - a small index with something of everything in it, and its answers as numbers.
 *
 * For the tests that harm an index or its surroundings: they build the sample, record the answers, do the harm,
 * and ask again. An answer is either the recorded number or an error.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#pragma GCC system_header

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "search/reference.h"
#include "fihrist.h"
#include "tap.h"

/* ---- files */

/* A new folder, in memory where there is such a place: these tests are about order, not about disks. */
TAP_STATIC void sample_folder(char out[256], const char *what)
{
    const char *base = getenv("TMPDIR");

    if (!base)
        base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(out, 256, "%.200s/fihrist-%.20s-XXXXXX", base, what);
    if (!mkdtemp(out)) {
        printf("Bail out! no folder in %s: %s\n", base, strerror(errno));
        exit(2);
    }
}

TAP_STATIC void remove_folder(const char *path)
{
    DIR *d = opendir(path);
    struct dirent *e;

    while (d && (e = readdir(d))) {
        char inner[1024];

        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, e->d_name);
        if (unlink(inner) != 0)
            remove_folder(inner);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

/* The whole file; NULL if there is none. Freed with free(). */
TAP_STATIC uint8_t *read_whole(const char *path, size_t *n)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    uint8_t *p = NULL;

    *n = 0;
    if (fd >= 0 && fstat(fd, &st) == 0 && (p = malloc((size_t)st.st_size + 1))) {
        while (*n < (size_t)st.st_size) {
            const ssize_t got = read(fd, p + *n, (size_t)st.st_size - *n);

            if (got <= 0)
                break;
            *n += (size_t)got;
        }
    }
    if (fd >= 0)
        close(fd);
    return p;
}

TAP_STATIC int write_whole(const char *path, const void *bytes, size_t n)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    size_t done = 0;

    if (fd < 0)
        return -1;
    while (done < n) {
        const ssize_t put = write(fd, (const uint8_t *)bytes + done, n - done);

        if (put <= 0)
            break;
        done += (size_t)put;
    }
    close(fd);
    return done == n ? 0 : -1;
}

/* ---- documents */

struct sample_text {
    char id[600], title[400], body[12000], date[16], section[16], source[32], extra[32], pages[24], price[24], note[400];
    fih_field fields[6];
};

/* What the index has of them, and what is only stored. */
#define SAMPLE_FIELDS "tags:keyword* pages:integer price:number note:text"

TAP_STATIC const char *sample_word(uint64_t *seed)
{
    static const char *const before[] = {"", "", "", "ال", "ال", "و", "وال", "بال", "لل", "ف"};
    static const char *const stems[] = {
        "انتخابات", "حكومة", "مدرسة", "كتاب", "مدينة", "شارع", "رئيس", "وزير", "اقتصاد", "مباراة", "لاعب", "طبيب",
        "مستشفى", "بحر", "جبل", "قمر", "عالم", "تاريخ", "ثقافة", "رياضة", "ميزانية", "برلمان", "قانون", "محكمة",
        "سفينة", "طائرة", "قطار", "صحراء", "نهر", "مطر", "زراعة", "صناعة", "تجارة", "جامعة", "طالب", "أستاذ", "معلم",
        "كاتب", "شاعر", "قصيدة", "رواية", "مسرح", "فيلم", "موسيقى", "لوحة", "متحف", "آثار", "قلعة", "سوق", "ذهب",
        "news", "Paris", "football"};
    static const char *const after[] = {"", "", "", "", "ه", "ها", "هم", "نا"};
    static char word[8][80];
    static unsigned turn;
    const uint64_t r = tap_random(seed);
    /* a few words are in nearly every document, most in some */
    const unsigned n = sizeof stems / sizeof *stems, i = r % 4 == 0 ? (unsigned)(r >> 8) % 4 : (unsigned)(r >> 8) % n;
    char *out = word[turn++ % 8];

    if (i < n - 3)
        snprintf(out, sizeof word[0], "%s%s%s", before[(r >> 32) % 10], stems[i], after[(r >> 40) % 8]);
    else
        snprintf(out, sizeof word[0], "%s", stems[i]);
    return out;
}

/* Document n in its v-th version: the same bytes every time. */
TAP_STATIC void sample_doc(fih_doc *doc, struct sample_text *t, unsigned n, unsigned v)
{
    static const char *const sections[] = {"أخبار", "علوم", "ثقافة", "رياضة"};
    uint64_t seed = n * 1000003u + v;
    const unsigned words = 30 + (unsigned)(tap_random(&seed) % 50);
    size_t at = 0;

    snprintf(t->id, sizeof t->id, "doc-%05u%s", n, "");
    if (n % 97 == 5)                                   /* some ids are longer than any key of the store */
        memset(t->id + strlen(t->id), 'x', 520), t->id[9 + 520] = '\0';
    snprintf(t->title, sizeof t->title, "%s %s %s", sample_word(&seed), sample_word(&seed), sample_word(&seed));
    for (unsigned i = 0; i < words; i++)
        at += (size_t)snprintf(t->body + at, sizeof t->body - at, "%s%s", sample_word(&seed), i % 9 == 8 ? ". " : " ");
    snprintf(t->body + at, sizeof t->body - at, "رقم%u نسخة%u", n, v);
    snprintf(t->date, sizeof t->date, "20%02u-%02u-%02u", n % 25, 1 + n % 12, 1 + n % 28);
    snprintf(t->section, sizeof t->section, "%s", sections[n % 4]);
    snprintf(t->source, sizeof t->source, "folder/file-%u", n / 10);
    snprintf(t->extra, sizeof t->extra, "%u", v);
    snprintf(t->pages, sizeof t->pages, "%u", n % 700);
    snprintf(t->price, sizeof t->price, "%u.25", n % 90);
    t->fields[0] = (fih_field){{"version", 7}, {t->extra, strlen(t->extra)}};
    t->fields[1] = (fih_field){{"pages", 5}, {t->pages, n % 5 ? strlen(t->pages) : 0}};
    t->fields[2] = (fih_field){{"tags", 4}, n % 3 ? (fih_str){"odd", 3} : (fih_str){"even", 4}};
    t->fields[3] = (fih_field){{"tags", 4}, {t->pages, n % 4 ? strlen(t->pages) : 0}};
    t->fields[4] = (fih_field){{"price", 5}, {t->price, strlen(t->price)}};
    snprintf(t->note, sizeof t->note, "%s %s. %s", sample_word(&seed), sample_word(&seed), sample_word(&seed));
    t->fields[5] = (fih_field){{"note", 4}, {t->note, n % 6 ? strlen(t->note) : 0}};
    *doc = (fih_doc)FIH_DOC_INIT;
    doc->id = (fih_str){t->id, strlen(t->id)};
    doc->title = (fih_str){t->title, strlen(t->title)};
    doc->body = (fih_str){t->body, strlen(t->body)};
    if (n % 13)
        doc->date = (fih_str){t->date, strlen(t->date)};
    doc->section = (fih_str){t->section, strlen(t->section)};
    doc->source = (fih_str){t->source, strlen(t->source)};
    doc->extra = t->fields;
    doc->extra_count = 6;
}

TAP_STATIC int sample_add(fih_writer *w, unsigned n, unsigned v, fih_error *err)
{
    static __thread struct sample_text t;
    fih_doc doc;

    sample_doc(&doc, &t, n, v);
    return fih_writer_add(w, &doc, err);
}

TAP_STATIC int sample_note(fih_writer *w, unsigned n, unsigned v, fih_error *err)
{
    char key[700], value[64];
    int bytes = snprintf(key, sizeof key, "note/%04u", n);

    if (n % 10 == 3)
        memset(key + bytes, 'k', 600), bytes += 600;
    return fih_writer_note_put(w, (fih_str){key, (size_t)bytes}, (fih_str){value, (size_t)snprintf(value, sizeof value, "%u of %u", v, n)}, err);
}

/* Several segments, some documents replaced, some deleted, notes; `docs` of them in the first commit. `old` (may be
 * NULL) is called before the last commit. FIH_OK or the first error. */
TAP_STATIC int sample_fill(fih_writer *w, const char *dir, unsigned docs, void (*old)(const char *dir), fih_error *err)
{
    static const unsigned share[] = {100, 40, 20};     /* hundredths of `docs` in each commit */
    unsigned next = 0;
    int rc = FIH_OK;

    for (unsigned c = 0; c < 3 && rc == 0; c++) {
        const unsigned until = next + docs * share[c] / 100;

        for (; next < until && rc == 0; next++)
            rc = sample_add(w, next, 0, err);
        for (unsigned i = 0; i < 80 && rc == 0; i++)
            rc = sample_note(w, i, c, err);
        for (unsigned i = 3; i < docs / 2 && c > 0 && rc == 0; i += 17 + c)
            rc = sample_add(w, i, c, err);
        if (rc == 0)
            rc = fih_writer_commit(w, err);
    }
    for (unsigned i = 7; i < docs && rc == 0; i += 23) {
        char id[32];

        rc = fih_writer_delete(w, (fih_str){id, (size_t)snprintf(id, sizeof id, "doc-%05u", i)}, err);
        rc = rc == FIH_E_NOTFOUND ? FIH_OK : rc;       /* the long ones */
    }
    if (rc == 0)
        rc = fih_writer_delete_source(NULL, w, FIH_STR("folder/file-2"), err);
    if (rc == 0)
        rc = fih_writer_note_delete(w, FIH_STR("note/0007"), err);
    if (rc == 0)
        rc = fih_writer_commit(w, err);
    if (rc == 0 && old)
        old(dir);
    for (unsigned i = 11; i < 16 && rc == 0; i++)
        rc = sample_note(w, i, 9, err);
    for (unsigned i = 40; i < 44 && rc == 0; i++)
        rc = sample_add(w, i, 9, err);
    if (rc == 0)
        rc = fih_writer_commit(w, err);
    return rc;
}

TAP_STATIC int sample_build(const char *dir, unsigned docs, void (*old)(const char *dir), fih_error *err)
{
    fih_writer_opts opts = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    int rc;

    opts.memory_bytes = 64 << 20;
    opts.fields = FIH_STR(SAMPLE_FIELDS);
    if ((rc = fih_writer_open(&w, dir, &opts, err)) == 0)
        rc = sample_fill(w, dir, docs, old, err);
    fih_writer_close(w);
    return rc;
}

/* ---- answers */

enum { ANSWER_MAX = 32 };

struct answers {
    int         count;
    int         code[ANSWER_MAX];      /* FIH_OK or the error */
    int         cause[ANSWER_MAX];
    uint64_t    digest[ANSWER_MAX];
    const char *name[ANSWER_MAX];
};

TAP_STATIC void digest_bytes(uint64_t *h, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;

    for (size_t i = 0; i < n; i++)
        *h = (*h ^ p[i]) * UINT64_C(0x100000001B3);
    *h = (*h ^ n) * UINT64_C(0x100000001B3);
}

TAP_STATIC void digest_number(uint64_t *h, uint64_t n)
{
    digest_bytes(h, &n, sizeof n);
}

TAP_STATIC int digest_doc(uint64_t *h, fih_reader *r, fih_docno doc, const fih_query *q, fih_error *err)
{
    fih_stored *s;
    const fih_field *f;
    int rc = fih_reader_doc(&s, r, doc, err);

    if (rc != 0)
        return rc;
    for (size_t i = 0; (f = fih_stored_at(s, i)) != NULL; i++) {
        digest_bytes(h, f->name.ptr, f->name.len);
        digest_bytes(h, f->value.ptr, f->value.len);
    }
    for (int title = 0; q && title < 2 && rc == 0; title++) {
        fih_snippet_opts so = FIH_SNIPPET_OPTS_INIT;
        fih_snippet *snippet;
        const fih_part *part;

        so.field = title ? "title" : "body";
        if ((rc = fih_snippet_new(&snippet, r, q, s, &so, err)) != 0)
            break;
        for (size_t i = 0; (part = fih_snippet_at(snippet, i)) != NULL; i++) {
            digest_number(h, (uint64_t)part->kind);
            digest_bytes(h, part->text.ptr, part->text.len);
        }
        fih_snippet_free(snippet);
    }
    fih_stored_free(s);
    return rc;
}

TAP_STATIC int digest_search(uint64_t *h, fih_reader *r, const char *text, const fih_search_opts *opts, fih_error *err)
{
    fih_query *q = NULL;
    fih_hits *hits = NULL;
    const fih_hit *hit;
    int rc;

    if ((rc = fih_query_parse(&q, fih_str_of(text), err)) != 0 || (rc = fih_search(&hits, r, q, opts, err)) != 0)
        goto out;
    digest_number(h, fih_hits_count(hits));
    digest_number(h, fih_hits_total(hits));
    for (size_t i = 0; rc == 0 && (hit = fih_hits_at(hits, i)) != NULL; i++) {
        digest_number(h, hit->doc);
        digest_bytes(h, &hit->score, sizeof hit->score);
        digest_number(h, hit->others);
        digest_bytes(h, hit->id.ptr, hit->id.len);
        if (i < 2)
            rc = digest_doc(h, r, hit->doc, q, err);
        if (i == 0 && rc == 0) {
            fih_explanation *e;
            const fih_explain_line *line;

            if ((rc = fih_explain(&e, r, q, hit->doc, opts, err)) != 0)
                break;
            for (size_t k = 0; (line = fih_explanation_at(e, k)) != NULL; k++) {
                digest_number(h, line->depth);
                digest_bytes(h, line->text.ptr, line->text.len);
            }
            fih_explanation_free(e);
        }
    }
out:
    fih_hits_free(hits);
    fih_query_free(q);
    return rc;
}

TAP_STATIC int digest_note(void *ctx, fih_str key, fih_str value)
{
    digest_bytes(ctx, key.ptr, key.len);
    digest_bytes(ctx, value.ptr, value.len);
    return 0;
}

struct digest_ids {
    uint64_t    h;
    fih_reader *r;
    int         rc;
};

TAP_STATIC int digest_id(void *ctx, fih_docno doc, fih_str id)
{
    struct digest_ids *d = ctx;

    digest_number(&d->h, doc);
    digest_bytes(&d->h, id.ptr, id.len);
    return 0;
}

TAP_STATIC int digest_stored(void *ctx, fih_docno doc, const fih_stored *s)
{
    const fih_field *f;

    digest_number(ctx, doc);
    for (size_t i = 0; (f = fih_stored_at(s, i)) != NULL; i++) {
        digest_bytes(ctx, f->name.ptr, f->name.len);
        digest_bytes(ctx, f->value.ptr, f->value.len);
    }
    return 0;
}

TAP_STATIC void answer(struct answers *a, const char *name, int code, uint64_t digest, const fih_error *err)
{
    a->name[a->count] = name;
    a->code[a->count] = code;
    a->cause[a->count] = code && err ? err->cause : 0;
    a->digest[a->count++] = digest;
}

/* Everything a reader can be asked, on a reader that is open. */
TAP_STATIC int digest_facets(uint64_t *h, fih_reader *r, const char *text, const char *by, fih_error *err)
{
    fih_query *q = NULL;
    fih_facets *f = NULL;
    const fih_facet *one;
    int rc;

    if ((rc = fih_query_parse(&q, fih_str_of(text), err)) == 0 && (rc = fih_facets_new(&f, r, q, by, NULL, err)) == 0)
        for (size_t i = 0; (one = fih_facets_at(f, i)) != NULL; i++) {
            digest_bytes(h, one->value.ptr, one->value.len);
            digest_number(h, one->docs);
        }
    fih_facets_free(f);
    fih_query_free(q);
    return rc;
}

TAP_STATIC void sample_ask(struct answers *a, fih_reader *r)
{
    static const struct {
        const char *text;
        uint32_t    limit, offset;
        int         match_all, count_all, exhaustive;
        const char *field, *since, *until;
        int         match;
    } searches[] = {
        {"حكومة انتخابات", 0, 0, 0, 0, 0, NULL, NULL, NULL, 0},
        {"رقم123", 0, 0, 0, 0, 0, NULL, NULL, NULL, 0},
        {"\"رئيس الحكومة\" \"مدرسة الكتاب\"", 20, 0, 0, 0, 0, NULL, NULL, NULL, 0},
        {"+المدينة -البحر مستشفى", 0, 0, 0, 1, 0, NULL, NULL, NULL, 0},
        {"title:متحف title:سوق", 0, 0, 0, 0, 0, NULL, NULL, NULL, 0},
        {"section:\"علوم\" Paris", 15, 5, 0, 0, 0, NULL, NULL, NULL, 0},
        {"قصيدة football", 0, 0, 0, 0, 0, NULL, "2008", "2012-06", 0},
        {"كتاب مدينة شارع رئيس وزير", 100, 10, 0, 1, 0, NULL, NULL, NULL, 0},
        {"قطار طائرة سفينة", 30, 0, 0, 0, 1, NULL, NULL, NULL, 0},
        {"جامعة طالب", 0, 0, 1, 0, 0, "body", NULL, NULL, 0},
        {"حاكم كتابة", 0, 0, 0, 0, 0, NULL, NULL, NULL, FIH_MATCH_BROAD},
        {"note:حكومة", 0, 0, 0, 0, 0, NULL, NULL, NULL, 0},
        {"note:\"كتاب مدينة\" note:مد* كتاب", 0, 0, 0, 1, 0, NULL, NULL, NULL, 0},
        {"zzzz", 0, 0, 0, 0, 0, NULL, NULL, NULL, 0},
    };
    /* What reads columns, dictionaries from end to end, signatures and stored texts. */
    static const struct {
        const char *text, *order, *collapse;
    } more[] = {
        {"tags:odd pages:2..50 كتاب", NULL, NULL},
        {"كتاب مدينة -price:>3", "-pages,score", NULL},
        {"رئيس OR tags:even", "tags,-price", NULL},
        {"note:* شارع", "section,-date", NULL},
        {"وزير مدرسة", NULL, "tags"},
        {"كتاب OR سوق", NULL, "similar"},
        {"حكوم* متحفف~ /(مد|كت).*/", NULL, NULL},
        {"==كتاب", NULL, NULL},
    };
    static const char *const counts[] = {"tags", "pages:10"};
    const uint64_t seed = UINT64_C(0xCBF29CE484222325);
    static const char *const finds[] = {"doc-00001", "doc-00007", "doc-00040", "doc-00300", "doc-", "none"};
    static const char *const notes[] = {"note/0001", "note/0007", "note/0012", "none"};
    struct digest_ids ids = {seed, r, 0};
    fih_stats stats = FIH_STATS_INIT;
    fih_error err;
    uint64_t h;
    int rc;

    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;

        o.limit = searches[i].limit;
        o.offset = searches[i].offset;
        o.match_all = searches[i].match_all;
        o.count_all = searches[i].exhaustive ? COUNT_BY_REFERENCE : searches[i].count_all;
        o.field = searches[i].field;
        o.since = fih_str_of(searches[i].since);
        o.until = fih_str_of(searches[i].until);
        o.match = searches[i].match;
        h = seed;
        rc = digest_search(&h, r, searches[i].text, &o, &err);
        answer(a, searches[i].text, rc, h, &err);
    }
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;

        o.order = more[i].order;
        o.collapse = more[i].collapse;
        h = seed;
        rc = digest_search(&h, r, more[i].text, &o, &err);
        answer(a, more[i].text, rc, h, &err);
    }
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        h = seed;
        rc = digest_facets(&h, r, "كتاب OR مدينة", counts[i], &err);
        answer(a, counts[i], rc, h, &err);
    }
    h = seed;
    rc = FIH_OK;
    for (size_t i = 0; i < sizeof finds / sizeof *finds && rc == 0; i++) {
        fih_docno doc;

        rc = fih_reader_find(&doc, r, fih_str_of(finds[i]), &err);
        digest_number(&h, (uint64_t)rc);
        if (rc == FIH_OK)
            rc = digest_doc(&h, r, doc, NULL, &err);
        else if (rc == FIH_E_NOTFOUND)
            rc = FIH_OK;
    }
    answer(a, "find", rc, h, &err);
    rc = fih_reader_each_id(r, digest_id, &ids, &err);
    answer(a, "ids", rc, ids.h, &err);
    h = seed;
    rc = fih_reader_each_doc(r, digest_stored, &h, &err);
    answer(a, "documents", rc, h, &err);
    h = seed;
    rc = FIH_OK;
    for (size_t i = 0; i < sizeof notes / sizeof *notes && rc == 0; i++) {
        fih_str value;

        rc = fih_reader_note(&value, r, fih_str_of(notes[i]), &err);
        digest_number(&h, (uint64_t)rc);
        if (rc == FIH_OK)
            digest_bytes(&h, value.ptr, value.len);
        else if (rc == FIH_E_NOTFOUND)
            rc = FIH_OK;
    }
    answer(a, "note", rc, h, &err);
    h = seed;
    rc = fih_reader_note_each(r, FIH_STR("note/00"), digest_note, &h, &err);
    answer(a, "notes", rc, h, &err);
    h = seed;
    rc = fih_reader_stats(&stats, r, &err);
    stats.bytes_file = stats.bytes_live = 0;           /* pages in use count the slack of a merge too */
    stats.last_commit = 0;
    stats.oldest_reader = 0;                           /* who else has it open is no answer */
    digest_bytes(&h, &stats, sizeof stats);
    answer(a, "stats", rc, h, &err);
}

/* Open, ask, close. The first answer is the opening itself. */
TAP_STATIC void sample_answers(struct answers *a, const char *dir)
{
    fih_reader *r;
    fih_error err = {0, 0, 0, ""};
    const int rc = fih_reader_open(&r, dir, &err);

    a->count = 0;
    answer(a, "open", rc, 0, &err);
    if (rc == 0)
        sample_ask(a, r);
    fih_reader_close(r);
}

/* The first answer that is neither as recorded nor an error, or -1. */
TAP_STATIC int answers_differ(const struct answers *want, const struct answers *got)
{
    for (int i = 0; i < got->count; i++)
        if (got->code[i] == 0 && (want->code[i] != 0 || got->digest[i] != want->digest[i]))
            return i;
    return -1;
}

TAP_STATIC int answers_equal(const struct answers *want, const struct answers *got)
{
    if (want->count != got->count)
        return 0;
    for (int i = 0; i < got->count; i++)
        if (got->code[i] != want->code[i] || got->digest[i] != want->digest[i])
            return 0;
    return 1;
}

/* ---- what fih_check() says */

struct told {
    char     all[4000];
    unsigned lines;
};

TAP_STATIC int tell_line(void *ctx, const char *line)
{
    struct told *t = ctx;
    const size_t n = strlen(t->all);

    snprintf(t->all + n, sizeof t->all - n, "%s\n", line);
    t->lines++;
    return 0;
}

TAP_STATIC int print_problem(void *ctx, const char *line)
{
    (void)ctx;
    printf("# check: %s\n", line);
    return 0;
}

/* ---- the sample and a copy to harm */

struct sample_home {
    char           folder[256], dir[280], copy[280], backup[280];
    uint8_t       *image;      /* the data file of the sample */
    size_t         bytes;
    struct answers want;
};

/* A folder with the sample in it, its bytes and its answers. Leaves the program if that fails. */
TAP_STATIC void sample_move_in(struct sample_home *h, const char *name, unsigned docs)
{
    fih_error err = {0, 0, 0, ""};
    char path[300];

    sample_folder(h->folder, name);
    snprintf(h->dir, sizeof h->dir, "%s/index", h->folder);
    snprintf(h->copy, sizeof h->copy, "%s/copy", h->folder);
    snprintf(h->backup, sizeof h->backup, "%s/backup", h->folder);
    if (sample_build(h->dir, docs, NULL, &err) != 0) {
        printf("Bail out! %s\n", err.msg);
        exit(2);
    }
    sample_answers(&h->want, h->dir);
    snprintf(path, sizeof path, "%s/data.1.mdb", h->dir);
    h->image = read_whole(path, &h->bytes);
}

/* An index of one data file, of these bytes. */
TAP_STATIC void sample_write_index(const char *dir, const uint8_t *image, size_t bytes)
{
    static const char marker[] = "fihrist index 1\ndata.1.mdb\n";
    char path[320];

    remove_folder(dir);
    mkdir(dir, 0777);
    snprintf(path, sizeof path, "%s/FIHRIST", dir);
    write_whole(path, marker, sizeof marker - 1);
    snprintf(path, sizeof path, "%s/data.1.mdb", dir);
    write_whole(path, image, bytes);
}

/* The copy as the sample is, and no backup. */
TAP_STATIC void sample_fresh_copy(const struct sample_home *h)
{
    remove_folder(h->backup);
    sample_write_index(h->copy, h->image, h->bytes);
}

/* Give the data file in use free room at its end, so much that the next commit writes it anew. */
TAP_STATIC int sample_grow(const char *dir)
{
    char path[320], marker[64] = "";
    unsigned n = 0;
    FILE *f;

    snprintf(path, sizeof path, "%s/FIHRIST", dir);
    if (!(f = fopen(path, "r")))
        return -1;
    (void)!fread(marker, 1, sizeof marker - 1, f);
    fclose(f);
    if (sscanf(marker, "fihrist index 1\ndata.%u.mdb", &n) != 1)
        return -1;
    snprintf(path, sizeof path, "%s/data.%u.mdb", dir, n);
    const int fd = open(path, O_RDWR);
    n = fd < 0 || ftruncate(fd, 5 << 20) != 0;
    if (fd >= 0)
        close(fd);
    return -(int)n;
}

TAP_STATIC void sample_move_out(struct sample_home *h)
{
    free(h->image);
    remove_folder(h->folder);
}

#endif
