/* test_many.c - several indexes read as one: the answers are those of one index that has all documents. */
#include <stdlib.h>
#include <sys/resource.h>

#include "shelf.h"

enum { PARTS = 3, DOCS = 60 };

static const char *const names[PARTS] = {"a.fih", "b.fih", "c.fih"};
static const char *const words[] = {"البحر", "السفينة", "الميناء", "الصياد", "المدينة", "القمر", "والكتاب", "مكتبات",
                                    "عبد الله", "عبدالله", "الرحلة"};
enum { WORDS = sizeof words / sizeof *words };

static unsigned seed;

static unsigned pick(unsigned n)
{
    seed = seed * 1103515245u + 12345u;
    return seed / 65536 % n;
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
    const char *const paths[PARTS] = {place_path(names[0]), place_path(names[1]), place_path(names[2])};
    fih_reader *r = NULL;

    CHECK_INT_EQ(fih_reader_open_many(&r, paths, PARTS, &err), FIH_OK, "%s", err.msg);
    return r;
}

static void remove_parts(void)
{
    for (unsigned i = 0; i < PARTS; i++)
        place_remove(place_path(names[i]));
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
        CHECK_INT_EQ(b->index, b->doc / (DOCS / PARTS));
    }
}

static void hits_scores_and_order_are_those_of_one_index(void)
{
    static const char *const orders[] = {NULL, "-date", "pages,-score", "-tags,pages", "price", "section,-price"};
    static const char *const collapse[] = {NULL, "tags", "section"};
    fih_reader *one = NULL, *many = make(&one);

    CHECK_INT_EQ(fih_reader_doc_count(many), DOCS);
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
    fih_reader_close(one);
    fih_reader_close(many);
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
    const char *const paths[] = {place_path(names[0]), place_path(names[1])};
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
    CHECK(strcmp(fih_reader_index_path(r, 1), place_path(names[1])) == 0 && !fih_reader_index_path(r, 2));
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
    CHECK_INT_EQ(fih_reader_open(&other, place_path(names[0]), &err), FIH_OK);
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
    paths[0] = place_path(names[0]);
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
    paths[1] = place_path(names[2]);
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
    paths[0] = place_path(names[1]);
    refuses(paths, 2, FIH_E_USAGE, "'tags' is keyword* in");
    place_remove(paths[1]);
    w = writer_at(names[2], "");
    add(w, "c", "البحر", "");
    close_writer(w);
    snprintf(data, sizeof data, "%s/data.1.mdb", paths[1]);
    spoil(data);
    refuses(paths, 2, FIH_E_CORRUPT, names[2]);
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
    RUN(facets_are_those_of_one_index);
    RUN(terms_completions_and_suggestions_are_those_of_one_index);
    RUN(an_id_in_two_indexes_is_two_documents);
    RUN(renewing_moves_all_of_them);
    RUN(indexes_that_do_not_go_together_are_named);
    RUN(as_many_as_may_be_are_read);
    place_remove(place);
    return DONE();
}
