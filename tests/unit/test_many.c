/* test_many.c - several indexes read as one, or merged: the answers are those of one index that has all documents. */
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "pick.h"
#include "shelf.h"

enum { PARTS = 3, DOCS = 60 };

static const char *const names[PARTS] = {"a.fih", "b.fih", "c.fih"};
static const char *const words[] = {"البحر", "السفينة", "الميناء", "الصياد", "المدينة", "القمر", "والكتاب", "مكتبات",
                                    "عبد الله", "عبدالله", "الرحلة"};
enum { WORDS = sizeof words / sizeof *words };

/* Of the i-th of these, good for the whole run. */
static const char *part(unsigned i)
{
    static char path[PARTS][PATH_MAX];

    snprintf(path[i], sizeof path[i], "%s/%s", place, names[i]);
    return path[i];
}

static fih_writer *writer_at(const char *name, const char *fields)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;

    o.fields = str(fields);
    CHECK_INT_EQ(fih_writer_open(&w, place_path(name), &o, &err), FIH_OK, "%s", err.msg);
    return w;
}

static void close_writer(fih_writer *w)
{
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
}

/* Document i; fields that an index does not have are only stored. */
static void add_doc(fih_writer *w, unsigned i)
{
    static const char *const tags[] = {"بحر", "سفر", "أدب"};
    fih_field extra[4];
    fih_doc d = FIH_DOC_INIT;
    char id[16], title[64], body[800] = "", date[16], pages[8], price[8];

    seed = i + 7;
    snprintf(id, sizeof id, "d%u", i);
    snprintf(title, sizeof title, "%s %s", words[pick(WORDS)], words[pick(WORDS)]);
    for (unsigned n = 4 + pick(20); n > 0; n--) {
        strcat(body, words[pick(WORDS)]);
        strcat(body, " ");
    }
    snprintf(date, sizeof date, "20%02u-03-%02u", 10 + pick(5), 1 + pick(28));
    snprintf(pages, sizeof pages, "%u", pick(40));
    snprintf(price, sizeof price, "%u.5", pick(9));
    extra[0] = (fih_field){str("tags"), str(tags[pick(3)])};
    extra[1] = (fih_field){str("tags"), str(tags[pick(3)])};
    extra[2] = (fih_field){str("pages"), str(pages)};
    extra[3] = (fih_field){str("price"), str(price)};
    d.id = str(id);
    d.title = str(title);
    d.body = str(body);
    d.date = str(date);
    d.section = str(i % 4 ? "أخبار" : "ثقافة");
    d.extra = extra;
    d.extra_count = i < DOCS / PARTS ? 3 : 4;  /* the first index has no field of the fourth one */
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
}

static fih_reader *open_parts(void)
{
    const char *const paths[PARTS] = {part(0), part(1), part(2)};
    fih_reader *r = NULL;

    CHECK_INT_EQ(fih_reader_open_many(&r, paths, PARTS, &err), FIH_OK, "%s", err.msg);
    return r;
}

static void remove_parts(void)
{
    for (unsigned i = 0; i < PARTS; i++)
        place_remove(part(i));
}

/* All documents in one index, and a third of them in each of three, whose fields have other numbers. */
static fih_reader *make(fih_reader **one)
{
    static const char *const fields[PARTS] = {"tags:keyword* pages:integer", "price:number pages:integer tags:keyword*",
                                              "pages:integer odd:keyword price:number tags:keyword*"};
    fih_writer *w;

    remove_parts();
    place_remove(place_path("index"));
    w = writer_at("index", "tags:keyword* pages:integer price:number odd:keyword");
    for (unsigned i = 0; i < DOCS; i++)
        add_doc(w, i);
    close_writer(w);
    CHECK_INT_EQ(fih_reader_open(one, place_path("index"), &err), FIH_OK, "%s", err.msg);
    for (unsigned p = 0; p < PARTS; p++) {
        w = writer_at(names[p], fields[p]);
        for (unsigned i = p * DOCS / PARTS; i < (p + 1) * DOCS / PARTS; i++)
            add_doc(w, i);
        close_writer(w);
    }
    return open_parts();
}

/* ---- answers */

static const char *const queries[] = {
    "البحر", "السفينة والميناء", "\"البحر السفينة\"", "+القمر -البحر", "title:البحر", "مكت*", "السفيمة~", "=والكتاب",
    "البحر NEAR/3 القمر", "عبدالله", "\"عبد الله\"", "section:ثقافة", "البحر tags:سفر", "tags:ب*", "pages:10..20",
    "الصياد pages:>30", "date:2012", "price:>4", "price:1.5..3", "tags:بحر price:<9", "*", "odd:x", "NOT tags:بحر",
    "/ال[قص].*/", "-price:0..100 القمر",
};
enum { QUERIES = sizeof queries / sizeof *queries };

static unsigned indexes = PARTS;       /* how many the second list is of */

static bool is_same(fih_str a, fih_str b)
{
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static void is_same_list(const fih_hits *x, const fih_hits *y, const char *what)
{
    const fih_hit *a, *b;

    CHECK_INT_EQ(fih_hits_count(x), fih_hits_count(y), "%s", what);
    CHECK_INT_EQ(fih_hits_total(x), fih_hits_total(y), "%s", what);
    for (size_t i = 0; (a = fih_hits_at(x, i)) != NULL && (b = fih_hits_at(y, i)) != NULL; i++) {
        CHECK(a->doc == b->doc && memcmp(&a->score, &b->score, sizeof a->score) == 0 && a->id.len == b->id.len &&
                  memcmp(a->id.ptr, b->id.ptr, a->id.len) == 0,
              "%s, hit %zu: %.*s %.9g and %.*s %.9g", what, i, (int)a->id.len, a->id.ptr, (double)a->score, (int)b->id.len,
              b->id.ptr, (double)b->score);
        CHECK_INT_EQ(a->index, 0);
        CHECK_INT_EQ(b->index, indexes > 1 ? b->doc / (DOCS / PARTS) : 0);
    }
}

static void compare_hits(fih_reader *one, fih_reader *many)
{
    static const char *const orders[] = {NULL, "-date", "pages,-score", "-tags,pages", "price", "section,-price"};
    static const char *const collapse[] = {NULL, "tags", "section"};

    CHECK_INT_EQ(fih_reader_doc_count(one), fih_reader_doc_count(many));
    for (unsigned q = 0; q < QUERIES; q++)
        for (unsigned o = 0; o < 6; o++)
            for (unsigned c = 0; c < 3; c++) {
                fih_search_opts opts = FIH_SEARCH_OPTS_INIT;
                fih_hits *x, *y;

                opts.limit = 7 + o;
                opts.count_all = 1;
                opts.order = orders[o];
                opts.collapse = collapse[c];
                x = search(one, queries[q], &opts);
                y = search(many, queries[q], &opts);
                is_same_list(x, y, queries[q]);
                fih_hits_free(x);
                fih_hits_free(y);
            }
}

static void hits_scores_and_order_are_those_of_one_index(void)
{
    fih_reader *one = NULL, *many = make(&one);

    CHECK_INT_EQ(fih_reader_doc_count(many), DOCS);
    compare_hits(one, many);
    fih_reader_close(one);
    fih_reader_close(many);
}

/* ---- words written together and apart: of long lists a sample is looked at */

enum { PAIRS = 30, NEAR = 8, LONG = 900, LONG_PARTS = 12 };

static const char *const letters[] = {"ب", "ت", "ج", "ح", "د", "ر", "ز", "س", "ش", "ص", "ط", "ع", "ف", "ق", "ك", "ل"};

static void make_word(char *out, unsigned k)
{
    seed = 1000 + k;
    *out = '\0';
    for (unsigned i = 0; i < 4; i++)
        strcat(out, letters[pick(16)]);
}

/* Side by side more often in some parts of the collection than in others. */
static void add_pairs(fih_writer *w, unsigned i)
{
    static char body[PAIRS * 80];
    char id[16], a[16], b[16];
    fih_doc d = FIH_DOC_INIT;
    unsigned state = i * 7919 + 1;

    *body = '\0';
    for (unsigned k = 0; k < PAIRS; k++) {
        make_word(a, 2 * k);
        make_word(b, 2 * k + 1);
        seed = state;
        if (pick(100) < 40) {
            if (pick(100) < (i / 150 + k) % 6 * 9)
                sprintf(body + strlen(body), "%s %s ", a, b);
            else
                sprintf(body + strlen(body), "%s كلمة اخرى %s ", a, b);
            if (pick(100) < 8)
                sprintf(body + strlen(body), "%s%s ", a, b);
        }
        state = seed;
    }
    /* Words that differ in one letter: many that are common in some places, and one that is everywhere. */
    for (unsigned k = 0; k < NEAR; k++) {
        make_word(a, 2 * PAIRS + k);
        sprintf(body + strlen(body), "%s%s ", a, letters[i / 60]);
        if ((i + k) % 4 == 0)
            sprintf(body + strlen(body), "%s%s ", a, letters[15]);
    }
    snprintf(id, sizeof id, "p%u", i);
    d.id = str(id);
    d.body = str(body);
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
}

/* A letter of each word mistaken: what is suggested, of words that are in all segments. */
static void compare_slips(fih_reader *one, fih_reader *many)
{
    static const char other[] = "ن";
    unsigned offered = 0;

    for (unsigned k = 0; k < 2 * PAIRS + NEAR; k++) {
        fih_suggestion *x = NULL, *y = NULL;
        char word[16];
        int rc;

        make_word(word, k);
        if (k < 2 * PAIRS)
            memcpy(word + 2, other, 2);
        else
            strcat(word, other);
        rc = fih_suggest(&x, one, fih_str_of(word), NULL, &err);
        CHECK_INT_EQ(fih_suggest(&y, many, fih_str_of(word), NULL, &err), rc, "%s", word);
        CHECK(!x == !y && (!x || is_same(x->text, y->text)), "%s: %.*s and %.*s", word, x ? (int)x->text.len : 1,
              x ? x->text.ptr : "-", y ? (int)y->text.len : 1, y ? y->text.ptr : "-");
        offered += x != NULL;
        fih_suggestion_free(x);
        fih_suggestion_free(y);
    }
    CHECK(offered > 5, "%u", offered);
}

static void other_writings_and_suggestions_are_those_of_one_index(void)
{
    static char path[LONG_PARTS][PATH_MAX];
    const char *paths[LONG_PARTS];
    fih_writer *w = NULL;
    fih_reader *one = NULL, *many = NULL;
    unsigned others = 0;

    place_remove(place_path("index"));
    w = writer_at("index", "");
    for (unsigned i = 0; i < LONG; i++)
        add_pairs(w, i);
    close_writer(w);
    CHECK_INT_EQ(fih_reader_open(&one, place_path("index"), &err), FIH_OK, "%s", err.msg);
    for (unsigned p = 0, i = 0; p < LONG_PARTS; p++) {
        char name[16];

        snprintf(name, sizeof name, "long%u.fih", p);
        snprintf(path[p], sizeof path[p], "%s/%s", place, name);
        paths[p] = path[p];
        w = writer_at(name, "");
        for (; i < (p + 1) * (p + 1) * LONG / (LONG_PARTS * LONG_PARTS); i++)
            add_pairs(w, i);
        close_writer(w);
    }
    CHECK_INT_EQ(fih_reader_open_many(&many, paths, LONG_PARTS, &err), FIH_OK, "%s", err.msg);
    for (unsigned k = 0; k < 2 * PAIRS; k++) {
        char a[16], b[16], text[64];
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;
        fih_hits *x, *y, *plain;
        const fih_hit *h, *g;

        make_word(a, k & ~1u);
        make_word(b, k | 1);
        snprintf(text, sizeof text, k & 1 ? "%s%s" : "\"%s %s\"", a, b);
        o.limit = LONG;
        o.count_all = 1;
        x = search(one, text, &o);
        y = search(many, text, &o);
        CHECK_INT_EQ(fih_hits_count(x), fih_hits_count(y), "%s", text);
        for (size_t i = 0; (h = fih_hits_at(x, i)) != NULL && (g = fih_hits_at(y, i)) != NULL; i++)
            CHECK(h->doc == g->doc && memcmp(&h->score, &g->score, sizeof h->score) == 0, "%s, hit %zu", text, i);
        snprintf(text, sizeof text, k & 1 ? "=%s%s" : "\"=%s =%s\"", a, b);
        plain = search(one, text, &o);
        others += fih_hits_count(plain) < fih_hits_count(x);
        fih_hits_free(plain);
        fih_hits_free(x);
        fih_hits_free(y);
    }
    CHECK(others > 5 && others < 2 * PAIRS, "%u of %u have another writing", others, 2 * PAIRS);
    compare_slips(one, many);
    fih_reader_close(one);
    fih_reader_close(many);
    for (unsigned p = 0; p < LONG_PARTS; p++)
        place_remove(paths[p]);
}

static void facets_are_those_of_one_index(void)
{
    static const char *const kinds[] = {"tags", "section", "pages", "pages:10", "price", "date:year", "date:month",
                                        "odd"};
    fih_reader *one = NULL, *many = make(&one);

    for (unsigned q = 0; q < QUERIES; q++)
        for (unsigned k = 0; k < 8; k++) {
            fih_facets *f[2] = {NULL, NULL};
            const fih_facet *a, *b;
            fih_query *parsed = NULL;
            size_t n = 0;

            CHECK_INT_EQ(fih_query_parse(&parsed, fih_str_of(queries[q]), &err), FIH_OK);
            CHECK_INT_EQ(fih_facets_new(&f[0], one, parsed, kinds[k], NULL, &err), FIH_OK, "%s", err.msg);
            CHECK_INT_EQ(fih_facets_new(&f[1], many, parsed, kinds[k], NULL, &err), FIH_OK, "%s", err.msg);
            CHECK_INT_EQ(fih_facets_total(f[0]), fih_facets_total(f[1]));
            CHECK_INT_EQ(fih_facets_without(f[0]), fih_facets_without(f[1]), "%s by %s", queries[q], kinds[k]);
            for (; (a = fih_facets_at(f[0], n)) != NULL; n++)
                CHECK((b = fih_facets_at(f[1], n)) != NULL && a->docs == b->docs && a->value.len == b->value.len &&
                          memcmp(a->value.ptr, b->value.ptr, a->value.len) == 0,
                      "%s by %s: %.*s", queries[q], kinds[k], (int)a->value.len, a->value.ptr);
            CHECK((b = fih_facets_at(f[1], n)) == NULL);
            fih_facets_free(f[0]);
            fih_facets_free(f[1]);
            fih_query_free(parsed);
        }
    fih_reader_close(one);
    fih_reader_close(many);
}

struct said {
    char     text[20000];
    size_t   len;
    unsigned n;
};

static int say_term(void *ctx, const fih_term *term)
{
    struct said *const s = ctx;

    if (s->len < sizeof s->text - 400)
        s->len += (size_t)snprintf(s->text + s->len, 400, "%.*s %u %u, ", (int)term->text.len, term->text.ptr,
                                   (unsigned)term->docs, (unsigned)term->occurrences);
    s->n++;
    return 0;
}

static void terms_completions_and_suggestions_are_those_of_one_index(void)
{
    static const char *const fields[] = {NULL, "tags", "section", "odd"};
    static const char *const begun[] = {"الس", "عبد ا", "م", "البحر الق"};
    static const char *const wrong[] = {"السفيمة", "hgfpv", "almadina", "القمز والصياد"};
    fih_reader *one = NULL, *many = make(&one);

    for (unsigned k = 0; k < 4; k++) {
        struct said x = {.n = 0}, y = {.n = 0};

        CHECK_INT_EQ(fih_reader_each_term(one, fields[k], FIH_STR(""), say_term, &x, &err), FIH_OK, "%s", err.msg);
        CHECK_INT_EQ(fih_reader_each_term(many, fields[k], FIH_STR(""), say_term, &y, &err), FIH_OK, "%s", err.msg);
        CHECK_STR_EQ(x.text, y.text);
        CHECK(x.n == y.n && (k == 3 ? x.n == 0 : x.n > 1), "%u", x.n);
    }
    for (unsigned k = 0; k < 4; k++) {
        fih_completions *x = NULL, *y = NULL;
        const fih_completion *a, *b;
        size_t n = 0;

        CHECK_INT_EQ(fih_complete(&x, one, fih_str_of(begun[k]), 0, &err), FIH_OK, "%s", err.msg);
        CHECK_INT_EQ(fih_complete(&y, many, fih_str_of(begun[k]), 0, &err), FIH_OK, "%s", err.msg);
        for (; (a = fih_completions_at(x, n)) != NULL; n++)
            CHECK((b = fih_completions_at(y, n)) != NULL && a->docs == b->docs && a->text.len == b->text.len &&
                      memcmp(a->text.ptr, b->text.ptr, a->text.len) == 0,
                  "%.*s", (int)a->text.len, a->text.ptr);
        CHECK((b = fih_completions_at(y, n)) == NULL);
        CHECK(n > 0, "%s", begun[k]);
        fih_completions_free(x);
        fih_completions_free(y);
    }
    for (unsigned k = 0; k < 4; k++) {
        fih_suggestion *x = NULL, *y = NULL;

        CHECK_INT_EQ(fih_suggest(&x, one, fih_str_of(wrong[k]), NULL, &err), FIH_OK);
        CHECK_INT_EQ(fih_suggest(&y, many, fih_str_of(wrong[k]), NULL, &err), FIH_OK);
        CHECK(k == 3 || x, "%s", wrong[k]);
        CHECK(!x == !y && (!x || strcmp(x->text.ptr, y->text.ptr) == 0), "%s: %s and %s", wrong[k],
              x ? x->text.ptr : "-", y ? y->text.ptr : "-");
        fih_suggestion_free(x);
        fih_suggestion_free(y);
    }
    fih_reader_close(one);
    fih_reader_close(many);
}

/* ---- the reader */

static int count_note(void *ctx, fih_str key, fih_str value)
{
    (void)key, (void)value;
    ++*(unsigned *)ctx;
    return FIH_OK;
}

/* Two indexes have "same", each with another text; only the second has "b". */
static void make_two(void)
{
    fih_writer *w;

    remove_parts();
    w = writer_at(names[0], "");
    add(w, "same", "البحر", "الأول");
    CHECK_INT_EQ(fih_writer_note_put(w, FIH_STR("k"), FIH_STR("1"), &err), FIH_OK);
    close_writer(w);
    w = writer_at(names[1], "tags:keyword");
    add(w, "b", "البحر", "الثاني");
    add(w, "same", "البحر", "الثاني");
    CHECK_INT_EQ(fih_writer_note_put(w, FIH_STR("k"), FIH_STR("2"), &err), FIH_OK);
    CHECK_INT_EQ(fih_writer_note_put(w, FIH_STR("only"), FIH_STR("2"), &err), FIH_OK);
    close_writer(w);
}

static fih_reader *open_two(void)
{
    const char *const paths[] = {part(0), part(1)};
    fih_reader *r = NULL;

    CHECK_INT_EQ(fih_reader_open_many(&r, paths, 2, &err), FIH_OK, "%s", err.msg);
    return r;
}

static void an_id_in_two_indexes_is_two_documents(void)
{
    fih_fields *fields;
    fih_stats s = FIH_STATS_INIT;
    fih_docno doc = 9;
    fih_hits *h;
    const fih_hit *hit;
    fih_reader *r;
    fih_str value;
    unsigned notes = 0;

    make_two();
    r = open_two();
    CHECK_INT_EQ(fih_reader_index_count(r), 2);
    CHECK(strcmp(fih_reader_index_path(r, 1), part(1)) == 0 && !fih_reader_index_path(r, 2));
    h = search(r, "البحر", NULL);
    CHECK_INT_EQ(fih_hits_count(h), 3);
    for (size_t i = 0; (hit = fih_hits_at(h, i)) != NULL; i++) {
        CHECK_INT_EQ(hit->index, hit->doc > 0);
        CHECK_INT_EQ(fih_reader_index_of(r, hit->doc), hit->index);
    }
    fih_hits_free(h);
    CHECK_INT_EQ(fih_reader_find(&doc, r, FIH_STR("same"), &err), FIH_OK);
    CHECK_INT_EQ(doc, 0);
    CHECK_INT_EQ(fih_reader_find(&doc, r, FIH_STR("b"), &err), FIH_OK);
    CHECK_INT_EQ(doc, 1);
    CHECK_INT_EQ(fih_reader_find(&doc, r, FIH_STR("c"), &err), FIH_E_NOTFOUND);
    CHECK_INT_EQ(fih_reader_note(&value, r, FIH_STR("k"), &err), FIH_OK);
    CHECK(value.len == 1 && *value.ptr == '1');
    CHECK_INT_EQ(fih_reader_note(&value, r, FIH_STR("only"), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_note(&value, r, FIH_STR("none"), &err), FIH_E_NOTFOUND);
    CHECK_INT_EQ(fih_reader_note_each(r, FIH_STR(""), count_note, &notes, &err), FIH_OK);
    CHECK_INT_EQ(notes, 3);
    REQUIRE(fih_reader_fields(&fields, r, &err) == FIH_OK);
    CHECK_INT_EQ(fih_fields_count(fields), 1);
    fih_fields_free(fields);
    CHECK_INT_EQ(fih_reader_stats(&s, r, &err), FIH_OK);
    CHECK_INT_EQ(s.documents, 3);
    CHECK_INT_EQ(s.generation, 2);
    fih_reader_close(r);
}

/* A commit to any of them is seen, and makes cursors void; a cursor of the same indexes goes on. */
static void renewing_moves_all_of_them(void)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    char cursor[100];
    fih_query *q = NULL;
    fih_hits *h = NULL;
    fih_writer *w;
    fih_reader *r, *other = NULL;
    int changed = -1;

    make_two();
    r = open_two();
    o.limit = 1;
    o.sort = FIH_SORT_NEWEST;
    h = search(r, "البحر", &o);
    snprintf(cursor, sizeof cursor, "%s", fih_hits_cursor(h).ptr);
    fih_hits_free(h);
    o.after = fih_str_of(cursor);
    fih_reader_close(r);
    r = open_two();
    h = search(r, "البحر", &o);
    CHECK_INT_EQ(fih_hits_before(h), 1);
    fih_hits_free(h);
    CHECK_INT_EQ(fih_query_parse(&q, FIH_STR("البحر"), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_open(&other, part(0), &err), FIH_OK);
    CHECK_INT_EQ(fih_search(&h, other, q, &o, &err), FIH_E_USAGE);
    fih_reader_close(other);
    CHECK_INT_EQ(fih_reader_renew(&changed, r, &err), FIH_OK);
    CHECK_INT_EQ(changed, 0);
    w = writer_at(names[1], "");
    add(w, "new", "البحر", "");
    close_writer(w);
    CHECK_INT_EQ(fih_reader_doc_count(r), 3);
    CHECK_INT_EQ(fih_reader_renew(&changed, r, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(changed, 1);
    CHECK_INT_EQ(fih_reader_doc_count(r), 4);
    CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), FIH_E_USAGE);
    fih_query_free(q);
    fih_reader_close(r);
}

/* ---- what does not go together */

static void refuses(const char *const *paths, size_t count, int rc, const char *said)
{
    fih_reader *r = NULL;

    CHECK_INT_EQ(fih_reader_open_many(&r, paths, count, &err), rc, "%s", err.msg);
    CHECK(!r && strstr(err.msg, said), "'%s' for '%s'", err.msg, said);
    fih_reader_close(r);
}

static void spoil(const char *path)
{
    FILE *f = fopen(path, "r+b");

    REQUIRE(f);
    fseek(f, 0, SEEK_END);
    for (long n = ftell(f), at = 2 * 4096; at < n; at += 64) {
        fseek(f, at, SEEK_SET);
        fputc(0x5A, f);
    }
    fclose(f);
}

static void indexes_that_do_not_go_together_are_named(void)
{
    const char *const dir = strrchr(place, '/') + 1;
    const char *paths[2], *many[FIH_MAX_INDEXES + 1];
    char again[PATH_MAX], data[PATH_MAX];
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;

    make_two();
    paths[0] = part(0);
    paths[1] = paths[0];
    refuses(paths, 2, FIH_E_USAGE, "same index");
    snprintf(again, sizeof again, "%s/../%s/%s", place, dir, names[0]);
    paths[1] = again;
    refuses(paths, 2, FIH_E_USAGE, "same index");
    paths[1] = place_path("none.fih");
    refuses(paths, 2, FIH_E_NOTFOUND, "none.fih");
    refuses(paths, 0, FIH_E_USAGE, "no index");
    for (unsigned i = 0; i <= FIH_MAX_INDEXES; i++)
        many[i] = paths[0];
    refuses(many, FIH_MAX_INDEXES + 1, FIH_E_LIMIT, "256");
    paths[1] = part(2);
    o.analyzer = "simple";
    CHECK_INT_EQ(fih_writer_open(&w, paths[1], &o, &err), FIH_OK, "%s", err.msg);
    close_writer(w);
    refuses(paths, 2, FIH_E_ANALYZER, "'simple'");
    place_remove(paths[1]);
    o = (fih_writer_opts)FIH_WRITER_OPTS_INIT;
    o.lexicon = str("كتاب\tكتب\n");
    CHECK_INT_EQ(fih_writer_open(&w, paths[1], &o, &err), FIH_OK, "%s", err.msg);
    close_writer(w);
    refuses(paths, 2, FIH_E_ANALYZER, names[2]);
    place_remove(paths[1]);
    o = (fih_writer_opts)FIH_WRITER_OPTS_INIT;
    o.title_weight = 0.5f;
    CHECK_INT_EQ(fih_writer_open(&w, paths[1], &o, &err), FIH_OK, "%s", err.msg);
    close_writer(w);
    refuses(paths, 2, FIH_E_USAGE, "title 0.5");
    place_remove(paths[1]);
    close_writer(writer_at(names[2], "tags:keyword*"));
    paths[0] = part(1);
    refuses(paths, 2, FIH_E_USAGE, "'tags' is keyword* in");
    place_remove(paths[1]);
    w = writer_at(names[2], "");
    add(w, "c", "البحر", "");
    close_writer(w);
    snprintf(data, sizeof data, "%s/data.1.mdb", paths[1]);
    spoil(data);
    refuses(paths, 2, FIH_E_CORRUPT, names[2]);
}

/* ---- merging */

struct told {
    unsigned replaced, notes;
    size_t   index;            /* of the last one */
    char     id[16], source[16];
    bool     drops;
    int      rc;               /* what the calls return */
};

static int see_replaced(void *ctx, size_t index, fih_str id, fih_str source)
{
    struct told *const t = ctx;

    t->replaced++;
    t->index = index;
    snprintf(t->id, sizeof t->id, "%.*s", (int)id.len, id.ptr);
    snprintf(t->source, sizeof t->source, "%.*s", (int)source.len, source.ptr);
    return t->rc;
}

static int see_note(void *ctx, size_t index, fih_str key, fih_str *value)
{
    struct told *const t = ctx;

    t->notes++;
    if (index == 1 && key.len == 4)
        *value = t->drops ? (fih_str){NULL, 0} : str("changed");
    return FIH_OK;
}

static int merge_to(const char *name, const char *const *paths, size_t count, struct told *t)
{
    fih_merge_opts o = FIH_MERGE_OPTS_INIT;

    o.on_replaced = see_replaced;
    o.on_note = see_note;
    o.ctx = t;
    err.msg[0] = '\0';
    return fih_merge(paths, count, place_path(name), &o, &err);
}

static void is_sound(const char *name)
{
    uint64_t problems = 1;

    CHECK_INT_EQ(fih_check(&problems, place_path(name), NULL, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(problems, 0);
}

static fih_reader *read_at(const char *name)
{
    fih_reader *r = NULL;

    CHECK_INT_EQ(fih_reader_open(&r, place_path(name), &err), FIH_OK, "%s", err.msg);
    return r;
}

static void merge_whole(const char *name)
{
    fih_writer *w = writer_at(name, "");

    CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
}

/* Documents of each part are deleted, too: what is merged has the same as one index of which they were deleted. */
static void a_merged_index_answers_as_one_that_was_built_whole(void)
{
    const char *const paths[PARTS] = {part(0), part(1), part(2)};
    static const char *const gone[] = {"d3", "d19", "d25", "d59"};
    fih_fields *fields = NULL;
    fih_stats s = FIH_STATS_INIT;
    struct told t = {0};
    fih_reader *one = NULL, *many = make(&one);
    fih_writer *w;

    fih_reader_close(one);
    fih_reader_close(many);
    for (unsigned i = 0; i < 4; i++) {
        w = writer_at(names[atoi(gone[i] + 1) / (DOCS / PARTS)], "");
        CHECK_INT_EQ(fih_writer_delete(w, fih_str_of(gone[i]), &err), FIH_OK, "%s", err.msg);
        close_writer(w);
        w = writer_at("index", "");
        CHECK_INT_EQ(fih_writer_delete(w, fih_str_of(gone[i]), &err), FIH_OK, "%s", err.msg);
        close_writer(w);
    }
    merge_whole("index");
    place_remove(place_path("merged"));
    CHECK_INT_EQ(merge_to("merged", paths, PARTS, &t), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(t.replaced, 0);
    is_sound("merged");
    one = read_at("index");
    many = read_at("merged");
    indexes = 1;
    compare_hits(one, many);
    indexes = PARTS;
    CHECK_INT_EQ(fih_reader_stats(&s, many, &err), FIH_OK);
    CHECK_INT_EQ(s.segments, 1);
    CHECK_INT_EQ(s.generation, 1);
    REQUIRE(fih_reader_fields(&fields, many, &err) == FIH_OK && fih_fields_count(fields) == 4);
    CHECK(strcmp(fih_fields_at(fields, 3)->name, "odd") == 0);
    fih_fields_free(fields);
    fih_reader_close(one);
    fih_reader_close(many);
    /* It is an index like any other. */
    w = writer_at("merged", "");
    add_doc(w, 3);
    close_writer(w);
    is_sound("merged");
}

static void an_id_is_settled_by_the_later_index(void)
{
    const char *const paths[] = {part(0), part(1)};
    const char *const back[] = {paths[1], paths[0]};
    struct told t = {0};
    fih_stored *doc = NULL;
    fih_docno n;
    fih_hits *h;
    fih_reader *r;
    fih_str value;

    make_two();
    place_remove(place_path("merged"));
    CHECK_INT_EQ(merge_to("merged", paths, 2, &t), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(t.replaced, 1);
    CHECK(t.index == 0 && strcmp(t.id, "same") == 0 && !*t.source);
    CHECK_INT_EQ(t.notes, 3);
    is_sound("merged");
    r = read_at("merged");
    CHECK_INT_EQ(fih_reader_doc_count(r), 2);
    CHECK_INT_EQ(fih_reader_find(&n, r, FIH_STR("same"), &err), FIH_OK);
    CHECK_INT_EQ(n, 1);
    CHECK_INT_EQ(fih_reader_doc(&doc, r, n, &err), FIH_OK);
    CHECK(fih_stored_get(doc, "body").len == strlen("الثاني"));
    fih_stored_free(doc);
    h = search(r, "الأول", NULL);
    CHECK(!fih_hits_at(h, 0));
    fih_hits_free(h);
    CHECK(fih_reader_note(&value, r, FIH_STR("k"), &err) == FIH_OK && is_same(value, FIH_STR("2")));
    CHECK(fih_reader_note(&value, r, FIH_STR("only"), &err) == FIH_OK && is_same(value, FIH_STR("changed")));
    fih_reader_close(r);
    place_remove(place_path("merged"));
    t = (struct told){.drops = true};
    CHECK_INT_EQ(fih_merge(back, 2, place_path("merged"), NULL, &err), FIH_OK, "%s", err.msg);   /* by the defaults */
    is_sound("merged");
    place_remove(place_path("merged"));
    CHECK_INT_EQ(merge_to("merged", back, 2, &t), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(t.replaced, 1);
    r = read_at("merged");
    CHECK_INT_EQ(fih_reader_find(&n, r, FIH_STR("same"), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_doc(&doc, r, n, &err), FIH_OK);
    CHECK(fih_stored_get(doc, "body").len == strlen("الأول"));
    fih_stored_free(doc);
    fih_reader_close(r);
}

static void what_cannot_be_merged_leaves_nothing(void)
{
    const char *const paths[] = {part(0), part(1)};
    const char *const one[] = {paths[0], paths[0]};
    struct told t = {0};

    make_two();
    place_remove(place_path("merged"));
    CHECK_INT_EQ(merge_to(names[1], paths, 2, &t), FIH_E_USAGE, "%s", err.msg);
    CHECK(strstr(err.msg, "already is an index"), "%s", err.msg);
    CHECK_INT_EQ(place_count_docs(paths[1], &err), 2);
    CHECK_INT_EQ(merge_to("merged", one, 2, &t), FIH_E_USAGE, "%s", err.msg);
    CHECK(access(place_path("merged"), F_OK) != 0);
    t.rc = FIH_E_CANCEL;
    CHECK_INT_EQ(merge_to("merged", paths, 2, &t), FIH_E_CANCEL);
    CHECK(access(place_path("merged"), F_OK) != 0);
    CHECK_INT_EQ(mkdir(place_path("merged"), 0700), 0);
    CHECK_INT_EQ(merge_to("merged", paths, 2, &t), FIH_E_CANCEL);
    CHECK(access(place_path("merged"), F_OK) == 0 && access(place_path("merged/FIHRIST"), F_OK) != 0);
    t.rc = FIH_OK;
    CHECK_INT_EQ(merge_to("merged", paths, 2, &t), FIH_OK, "%s", err.msg);
    is_sound("merged");
    CHECK_INT_EQ(merge_to("merged", NULL, 0, &t), FIH_E_USAGE);
}

/* More segments than are merged at once; each has an id of the one before. */
static void many_indexes_are_merged_in_runs(void)
{
    enum { MANY = 70 };
    static char path[MANY][PATH_MAX];
    const char *paths[MANY];
    struct told t = {0};
    fih_reader *r, *many = NULL;

    for (unsigned i = 0; i < MANY; i++) {
        char name[16];
        fih_writer *w;

        snprintf(name, sizeof name, "run%u.fih", i);
        snprintf(path[i], sizeof path[i], "%s/%s", place, name);
        paths[i] = path[i];
        w = writer_at(name, i % 2 ? "tags:keyword* pages:integer" : "pages:integer price:number tags:keyword*");
        add_doc(w, i);
        add_doc(w, i + 1);
        close_writer(w);
    }
    place_remove(place_path("merged"));
    CHECK_INT_EQ(merge_to("merged", paths, MANY, &t), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(t.replaced, MANY - 1);
    is_sound("merged");
    r = read_at("merged");
    CHECK_INT_EQ(fih_reader_doc_count(r), MANY + 1);
    CHECK_INT_EQ(fih_reader_open_many(&many, paths, MANY, &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_doc_count(many), 2 * MANY);
    fih_reader_close(many);
    fih_reader_close(r);
    for (unsigned i = 0; i < MANY; i++)
        place_remove(paths[i]);
}

/* As many as may be: each has a map of its own, and four files. */
static void as_many_as_may_be_are_read(void)
{
    static char path[FIH_MAX_INDEXES][PATH_MAX];
    const char *paths[FIH_MAX_INDEXES];
    fih_reader *r = NULL;
    struct rlimit files;
    fih_hits *h;
    const fih_hit *hit;

    REQUIRE(getrlimit(RLIMIT_NOFILE, &files) == 0);
    files.rlim_cur = files.rlim_max < 2048 ? files.rlim_max : 2048;
    setrlimit(RLIMIT_NOFILE, &files);
    for (unsigned i = 0; i < FIH_MAX_INDEXES; i++) {
        fih_writer *w = NULL;
        char id[16];

        snprintf(path[i], sizeof path[i], "%s/many%u.fih", place, i);
        snprintf(id, sizeof id, "m%u", i);
        paths[i] = path[i];
        CHECK_INT_EQ(fih_writer_open(&w, paths[i], NULL, &err), FIH_OK, "%s", err.msg);
        add(w, id, "البحر", i == 200 ? "القمر" : "");
        close_writer(w);
    }
    CHECK_INT_EQ(fih_reader_open_many(&r, paths, FIH_MAX_INDEXES, &err), FIH_OK, "%s", err.msg);
    REQUIRE(r);
    CHECK_INT_EQ(fih_reader_doc_count(r), FIH_MAX_INDEXES);
    h = search(r, "القمر", NULL);
    CHECK((hit = fih_hits_at(h, 0)) != NULL && hit->index == 200 && hit->doc == 200);
    fih_hits_free(h);
    fih_reader_close(r);
    for (unsigned i = 0; i < FIH_MAX_INDEXES; i++)
        place_remove(paths[i]);
}

int main(void)
{
    place_new("many");
    RUN(hits_scores_and_order_are_those_of_one_index);
    RUN(other_writings_and_suggestions_are_those_of_one_index);
    RUN(facets_are_those_of_one_index);
    RUN(terms_completions_and_suggestions_are_those_of_one_index);
    RUN(an_id_in_two_indexes_is_two_documents);
    RUN(renewing_moves_all_of_them);
    RUN(indexes_that_do_not_go_together_are_named);
    RUN(a_merged_index_answers_as_one_that_was_built_whole);
    RUN(an_id_is_settled_by_the_later_index);
    RUN(what_cannot_be_merged_leaves_nothing);
    RUN(many_indexes_are_merged_in_runs);
    RUN(as_many_as_may_be_are_read);
    place_remove(place);
    return DONE();
}
