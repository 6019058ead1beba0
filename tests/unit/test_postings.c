/* test_postings.c - the documents of each term, and their lengths, are those that counting the analyzer's words gives:
 * over segments, deletions, replaced documents and two indexes. */
#include <stdbool.h>
#include <stdlib.h>

#include "pick.h"
#include "shelf.h"

enum { DOCS = 1200, WORDS_MOST = 30, TERM_ROOM = 64 };

/* None whose reading another word's final letter decides: title and body are counted apart. */
static const char *const words[] = {"البحر", "بَحْرٍ", "السفينة", "وبالمكتبات", "كتاب", "كُتُب", "الكتاب", "في", "من", "يقولون", "قال",
                                    "يستقبل", "استقبلهم", "عبد", "الله", "عبدالله", "ﷺ", "يٰقوم", "يا", "قوم",                                     "2022", "٢٠٢٢", "Café", "أ.ف.ب", "مدارس", "مدرسة", "بلدية", "وعدة", "مئة"};
enum { WORDS = sizeof words / sizeof *words };

static char id_of[16], title_of[600], body_of[2000];

static void some_words(char *out, unsigned n)
{
    for (*out = '\0'; n > 0; n--)
        strcat(strcat(out, words[pick(pick(2) ? 6 : WORDS)]), " ");
}

/* Of number i, in the given turn of its writing. Every fifth has no title, every ninth no body. */
static void make_document(unsigned i, unsigned turn)
{
    seed = 2 * i + turn + 1;
    snprintf(id_of, sizeof id_of, "d%u", i);
    some_words(title_of, i % 5 ? 1 + pick(4) : 0);
    some_words(body_of, i % 9 ? 1 + pick(WORDS_MOST) : 0);
}

/* Three segments; every seventh is deleted, every eleventh written again. */
static bool is_there(unsigned i) { return i % 7 != 3; }
static unsigned turn_of(unsigned i) { return i % 11 == 5; }

static void write_document(fih_writer *w, unsigned i, unsigned turn)
{
    make_document(i, turn);
    add(w, id_of, title_of, body_of);
}

static void write_index(const char *name, unsigned first, unsigned end)
{
    fih_writer *w = NULL;

    CHECK_INT_EQ(fih_writer_open(&w, place_path(name), NULL, &err), FIH_OK, "%s", err.msg);
    for (unsigned i = first; i < end; i++) {
        write_document(w, i, 0);
        if (i % 200 == 199)
            CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    }
    for (unsigned i = first; i < end; i++) {
        make_document(i, 0);
        if (!is_there(i))
            CHECK_INT_EQ(fih_writer_delete(w, str(id_of), &err), FIH_OK, "%s", err.msg);
        else if (turn_of(i))
            write_document(w, i, 1);
    }
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
}

/* ---- what counting gives */

struct count {
    char     term[TERM_ROOM];
    unsigned doc, freq, title;
    bool     is_seen;
};

static struct count counts[DOCS * (WORDS_MOST + 10) * 2];
static size_t       count_of_counts;
static unsigned     lengths[DOCS], title_lengths[DOCS], numbers[DOCS];

struct counting {
    unsigned doc, length;
    bool     is_title;
};

static int count_token(void *ctx, const fih_token *t)
{
    struct counting *const c = ctx;
    struct count *const out = &counts[count_of_counts];

    if (t->level != FIH_LEVEL_STEM)
        return 0;
    *out = (struct count){"", c->doc, 1, c->is_title, false};
    snprintf(out->term, sizeof out->term, "%.*s", (int)t->term.len, t->term.ptr);
    count_of_counts++;
    if (t->position + 1 > c->length)
        c->length = t->position + 1;
    return 0;
}

static int by_term(const void *a, const void *b)
{
    const struct count *x = a, *y = b;
    const int order = strcmp(x->term, y->term);

    return order ? order : x->doc < y->doc ? -1 : x->doc > y->doc;
}

static void count_all(void)
{
    fih_analyzer *a = NULL;
    size_t n = 0;

    CHECK_INT_EQ(fih_analyzer_new(&a, NULL, &err), FIH_OK, "%s", err.msg);
    count_of_counts = 0;
    for (unsigned i = 0; i < DOCS; i++) {
        struct counting title = {i, 0, true}, body = {i, 0, false};

        if (!is_there(i))
            continue;
        make_document(i, turn_of(i));
        fih_analyze_terms(a, str(title_of), count_token, &title, NULL);
        fih_analyze_terms(a, str(body_of), count_token, &body, NULL);
        lengths[i] = title.length + body.length;
        title_lengths[i] = title.length;
    }
    fih_analyzer_free(a);
    qsort(counts, count_of_counts, sizeof *counts, by_term);
    for (size_t i = 0; i < count_of_counts; i++)
        if (n > 0 && by_term(&counts[n - 1], &counts[i]) == 0) {
            counts[n - 1].freq += counts[i].freq;
            counts[n - 1].title += counts[i].title;
        } else {
            counts[n++] = counts[i];
        }
    count_of_counts = n;
}

/* ---- what the index says */

struct seeing {
    const fih_reader *reader;
    char              term[TERM_ROOM];
    fih_docno         next;
    uint64_t          postings, stop;
};

static int see_id(void *ctx, fih_docno doc, fih_str id)
{
    unsigned *const of = ctx, i = 0;

    for (size_t k = 1; k < id.len; k++)
        i = 10 * i + (unsigned)(id.ptr[k] - '0');
    CHECK(i < DOCS, "%.*s", (int)id.len, id.ptr);
    if (i < DOCS)
        of[i] = doc;
    return 0;
}

static struct count *find(const char *term, unsigned doc)
{
    struct count key;

    snprintf(key.term, sizeof key.term, "%s", term);
    key.doc = doc;
    return bsearch(&key, counts, count_of_counts, sizeof *counts, by_term);
}

static int see_posting(void *ctx, const fih_posting *p)
{
    struct seeing *const s = ctx;
    unsigned i = 0;
    struct count *c;

    while (i < DOCS && (!is_there(i) || numbers[i] != p->doc))
        i++;
    CHECK(i < DOCS && (s->next == 0 || p->doc >= s->next), "%s: document %u", s->term, (unsigned)p->doc);
    s->next = p->doc + 1;
    c = find(s->term, i);
    CHECK(c && !c->is_seen && c->freq == p->freq && c->title == p->title, "%s in %u: %u, %u", s->term, i,
          (unsigned)p->freq, (unsigned)p->title);
    if (c)
        c->is_seen = true;
    return ++s->postings == s->stop ? 9 : 0;
}

static int see_term(void *ctx, const fih_term *t)
{
    struct seeing *const s = ctx;

    snprintf(s->term, sizeof s->term, "%.*s", (int)t->text.len, t->text.ptr);
    s->next = 0;
    return fih_reader_each_posting(s->reader, NULL, t->text, see_posting, s, &err);
}

static void compare(const char *const *names, size_t n)
{
    const char *paths[2];
    struct seeing s = {.stop = 0};
    fih_reader *r = NULL;

    for (size_t i = 0; i < n; i++)
        paths[i] = place_path(names[i]);
    CHECK_INT_EQ(fih_reader_open_many(&r, paths, n, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_each_id(r, see_id, numbers, &err), FIH_OK, "%s", err.msg);
    count_all();
    s.reader = r;
    CHECK_INT_EQ(fih_reader_each_term(r, NULL, FIH_STR(""), see_term, &s, &err), FIH_OK, "%s", err.msg);
    CHECK(s.postings == count_of_counts && s.postings > 10000, "%u of %u", (unsigned)s.postings,
          (unsigned)count_of_counts);
    for (unsigned i = 0; i < DOCS; i++) {
        uint32_t words_of = 1, of_title = 1;

        if (!is_there(i))
            continue;
        CHECK_INT_EQ(fih_reader_length(&words_of, &of_title, r, numbers[i], &err), FIH_OK, "%s", err.msg);
        CHECK(words_of == lengths[i] && of_title == title_lengths[i], "%u: %u for %u", i, (unsigned)words_of, lengths[i]);
    }
    fih_reader_close(r);
}

static void postings_and_lengths_are_those_of_a_count(void)
{
    static const char *const one[] = {"one.fih"};

    write_index(one[0], 0, DOCS);
    compare(one, 1);
}

static void two_indexes_are_as_one(void)
{
    static const char *const both[] = {"a.fih", "b.fih"};

    write_index(both[0], 0, DOCS / 2);
    write_index(both[1], DOCS / 2, DOCS);
    compare(both, 2);
}

static int take(void *ctx, const fih_posting *p)
{
    *(fih_posting *)ctx = *p;
    return FIH_DONE;
}

static void words_of_fields_have_documents_too_and_the_rest_is_refused(void)
{
    const fih_field tags[] = {{str("tags"), str("بحر")}, {str("tags"), str("بر")}, {str("pages"), str("7")},
        {str("author"), str("أحمد شوقي أحمد")}};
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_doc d = FIH_DOC_INIT;
    fih_posting p = {9, 9, 9};
    fih_writer *w = NULL;
    fih_reader *r = NULL;
    uint32_t length = 9;

    place_remove(place_path("index"));
    o.fields = str("tags:keyword* pages:integer author:text");
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), &o, &err), FIH_OK, "%s", err.msg);
    add(w, "0", "", "بحر");
    d.id = str("1");
    d.section = str("أخبار");
    d.extra = tags;
    d.extra_count = 4;
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
    r = finish(w);
    CHECK_INT_EQ(fih_reader_each_posting(r, "tags", FIH_STR("بر"), take, &p, &err), FIH_DONE);
    CHECK(p.doc == 1 && p.freq == 1 && p.title == 0);
    CHECK_INT_EQ(fih_reader_each_posting(r, "section", FIH_STR("أخبار"), take, &p, &err), FIH_DONE);
    CHECK_INT_EQ(p.doc, 1);
    CHECK_INT_EQ(fih_reader_each_posting(r, NULL, FIH_STR("بحر"), take, &p, &err), FIH_DONE);
    CHECK_INT_EQ(p.doc, 0);
    CHECK_INT_EQ(fih_reader_each_posting(r, "author", FIH_STR("احمد"), take, &p, &err), FIH_DONE);
    CHECK(p.doc == 1 && p.freq == 2 && p.title == 0);
    CHECK_INT_EQ(fih_reader_each_posting(r, "author", FIH_STR(""), take, &p, &err), FIH_OK, "its lengths are no term");
    CHECK_INT_EQ(fih_reader_each_posting(r, "tags", FIH_STR("ب"), take, &p, &err), FIH_OK, "the beginning of a term");
    CHECK_INT_EQ(fih_reader_each_posting(r, NULL, FIH_STR("جبل"), take, &p, &err), FIH_OK, "no term");
    CHECK_INT_EQ(fih_reader_each_posting(r, "pages", FIH_STR("7"), take, &p, &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_reader_each_posting(r, "none", FIH_STR("7"), take, &p, &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_reader_length(&length, NULL, r, 1, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(length, 0);
    CHECK_INT_EQ(fih_reader_length(&length, NULL, r, 2, &err), FIH_E_NOTFOUND);
    fih_reader_close(r);
}

int main(void)
{
    place_new("postings");
    RUN(postings_and_lengths_are_those_of_a_count);
    RUN(two_indexes_are_as_one);
    RUN(words_of_fields_have_documents_too_and_the_rest_is_refused);
    place_remove(place);
    return DONE();
}
