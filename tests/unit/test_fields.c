/* test_fields.c - schemas, values, and columns through commits, deletions and merges. */
#include <float.h>
#include <locale.h>
#include <stdlib.h>

#include "index/column.h"
#include "index/view.h"
#include "place.h"
#include "tap.h"

static fih_error err;

static fih_str str(const char *s)
{
    return (fih_str){s, strlen(s)};
}

/* ---- schemas */

static void a_schema_says_what_is_wrong_with_it(void)
{
    static const struct {
        const char *text;
        int         rc;
        unsigned    count;
    } cases[] = {
        {"", 0, 0},
        {"  \n# nothing: here\n", 0, 0},
        {"tags:keyword* pages:integer\nprice:number # EUR\n\tpublished:date seen:time", 0, 5},
        {"a:keyword a:keyword", 0, 1},
        {"وسم:keyword", 0, 1},
        {"a.b-c_1:integer", 0, 1},
        {"a:keyword~ b:keyword*~ b:keyword~*", 0, 2},
        {"a:text b:text* c:text^2 d:text*^0.5 a:text^15.9375", 0, 4},
        {"a:text^0", FIH_E_USAGE, 0},
        {"a:text^16", FIH_E_USAGE, 0},
        {"a:text~", FIH_E_USAGE, 0},
        {"a:integer^2", FIH_E_USAGE, 0},
        {"a:keyword a:keyword*", FIH_E_USAGE, 0},
        {"a:keyword a:keyword~", FIH_E_USAGE, 0},
        {"a:keyword~~", FIH_E_USAGE, 0},
        {"a:integer~", FIH_E_USAGE, 0},
        {"similar:keyword", FIH_E_USAGE, 0},
        {"a", FIH_E_USAGE, 0},
        {"a:", FIH_E_USAGE, 0},
        {":keyword", FIH_E_USAGE, 0},
        {"a:word", FIH_E_USAGE, 0},
        {"a:keyword**", FIH_E_USAGE, 0},
        {"a:integer*", FIH_E_USAGE, 0},
        {"1a:keyword", FIH_E_USAGE, 0},
        {"a/b:keyword", FIH_E_USAGE, 0},
        {"\xFF:keyword", FIH_E_USAGE, 0},
        {"title:keyword", FIH_E_USAGE, 0},
        {"date:date", FIH_E_USAGE, 0},
        {"score:number", FIH_E_USAGE, 0},
        {"good:keyword title:keyword", FIH_E_USAGE, 0},
        {"newest:integer", FIH_E_USAGE, 0},    /* --sort newest is an order */
        {"oldest:text", FIH_E_USAGE, 0},
        {"Newest:integer newest-:date", 0, 2},
        {"url:keyword url:keyword", 0, 1},
        {"url:keyword*", FIH_E_USAGE, 0},      /* a document has one address */
        {"url:keyword~", FIH_E_USAGE, 0},
        {"url:text", FIH_E_USAGE, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct schema s = {.count = 0};

        CHECK_INT_EQ(fihi_schema_parse(&s, str(cases[i].text), &err), cases[i].rc, "%s", cases[i].text);
        CHECK_INT_EQ(s.count, cases[i].count, "%s", cases[i].text);
    }
}

static void kinds_have_names_with_their_weights(void)
{
    static const char *const kinds[] = {"keyword*~", "integer", "text", "text*", "text^0.0625", "text^0.5",
                                        "text*^2", "text^10", "text^10.5", "text*^15.9375"};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct schema s = {.count = 0};
        char text[64], name[SCHEMA_KIND_BYTES];

        snprintf(text, sizeof text, "a:%s", kinds[i]);
        CHECK_INT_EQ(fihi_schema_parse(&s, str(text), &err), 0, "%s", text);
        fihi_schema_kind_name(name, sizeof name, &s.fields[0]);
        CHECK_STR_EQ(name, kinds[i]);
    }
}

static void a_schema_comes_back_from_its_bytes_and_damage_does_not(void)
{
    struct schema s = {.count = 0}, back;
    struct buf b = {0};

    CHECK_INT_EQ(fihi_schema_parse(&s, str("tags:keyword* pages:integer وسم:keyword"), &err), 0);
    CHECK_INT_EQ(fihi_schema_append(&s, &b), 0);
    CHECK(fihi_schema_get(&back, b.ptr, b.ptr + b.len) == b.ptr + b.len);
    CHECK_INT_EQ(back.count, 3);
    CHECK_INT_EQ(fihi_schema_find(&back, str("pages")), FIELD_NO_OWN + 1);
    CHECK_INT_EQ(fihi_schema_find(&back, str("section")), FIELD_NO_SECTION);
    CHECK_INT_EQ(fihi_schema_find(&back, str("page")), 0);
    CHECK_INT_EQ(fihi_schema_kind(&back, FIELD_NO_OWN + 1), FIH_FIELD_INTEGER);
    CHECK_INT_EQ(fihi_schema_kind(&back, FIELD_NO_OWN + 3), 0);
    for (size_t n = 0; n < b.len; n++) {
        uint8_t *flush = malloc(n ? n : 1);

        memcpy(flush, b.ptr, n);
        CHECK(fihi_schema_get(&back, flush, flush + n) == NULL, "%zu bytes", n);
        free(flush);
    }
    for (size_t i = 0; i < b.len * 8; i++) {
        const uint8_t *end;

        b.ptr[i / 8] ^= (uint8_t)(1u << i % 8);
        end = fihi_schema_get(&back, b.ptr, b.ptr + b.len);
        CHECK(!end || end <= b.ptr + b.len, "bit %zu", i);
        b.ptr[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    fihi_buf_free(&b);
}

/* A name that was free once may be in an index: it can be read, written to, and rebuilt without the field. */
static void a_field_with_the_name_of_an_order_stays(void)
{
    struct schema s = {.count = 0}, back;
    struct buf b = {0};

    CHECK_INT_EQ(fihi_schema_parse(&s, str("oldes_:integer"), &err), 0);
    memcpy(s.fields[0].name, "oldest", 6);
    CHECK_INT_EQ(fihi_schema_append(&s, &b), 0);
    CHECK(fihi_schema_get(&back, b.ptr, b.ptr + b.len) == b.ptr + b.len);
    CHECK_INT_EQ(fihi_schema_parse(&back, str("oldest:integer more:date"), &err), 0);
    CHECK_INT_EQ(back.count, 2);
    CHECK_INT_EQ(fihi_schema_change(&back, str("oldest:number"), &err), 0);
    CHECK_INT_EQ(fihi_schema_change(&back, str("oldest:none"), &err), 0);
    CHECK_INT_EQ(fihi_schema_change(&back, str("oldest:number"), &err), FIH_E_USAGE);
    CHECK_INT_EQ(back.count, 1);
    fihi_buf_free(&b);
}

static void an_address_is_a_keyword_also_on_the_disk(void)
{
    struct schema s = {.count = 0}, back;
    struct buf b = {0};

    CHECK_INT_EQ(fihi_schema_address(&s), 0);
    CHECK_INT_EQ(fihi_schema_parse(&s, str("pages:integer url:keyword"), &err), 0);
    CHECK_INT_EQ(fihi_schema_address(&s), FIELD_NO_OWN + 1);
    CHECK_INT_EQ(fihi_schema_append(&s, &b), 0);
    CHECK(fihi_schema_get(&back, b.ptr, b.ptr + b.len) == b.ptr + b.len);
    CHECK_INT_EQ(fihi_schema_address(&back), FIELD_NO_OWN + 1);
    fihi_buf_free(&b);
    s.fields[1].flags = SCHEMA_MANY;
    CHECK_INT_EQ(fihi_schema_append(&s, &b), 0);
    CHECK(fihi_schema_get(&back, b.ptr, b.ptr + b.len) == NULL);
    fihi_buf_free(&b);
}

/* ---- values */

static void texts_are_values_of_their_kind(void)
{
    static const struct {
        unsigned    kind;
        const char *text, *shown;              /* NULL: none */
        int64_t     value;
    } cases[] = {
        {FIH_FIELD_INTEGER, "0", "0", 0},
        {FIH_FIELD_INTEGER, " -17 ", "-17", -17},
        {FIH_FIELD_INTEGER, "+5", "5", 5},
        {FIH_FIELD_INTEGER, "٢٥٠", "250", 250},
        {FIH_FIELD_INTEGER, "۱۲", "12", 12},
        {FIH_FIELD_INTEGER, "12.0", "12", 12},
        {FIH_FIELD_INTEGER, "1e3", "1000", 1000},
        {FIH_FIELD_INTEGER, "9223372036854775807", "9223372036854775807", INT64_MAX},
        {FIH_FIELD_INTEGER, "-9223372036854775807", "-9223372036854775807", -INT64_MAX},
        {FIH_FIELD_INTEGER, "-9223372036854775808", NULL, 0},
        {FIH_FIELD_INTEGER, "9223372036854775808", NULL, 0},
        {FIH_FIELD_INTEGER, "99999999999999999999", NULL, 0},
        {FIH_FIELD_INTEGER, "2.5", NULL, 0},
        {FIH_FIELD_INTEGER, "1e30", NULL, 0},
        {FIH_FIELD_INTEGER, "", NULL, 0},
        {FIH_FIELD_INTEGER, "-", NULL, 0},
        {FIH_FIELD_INTEGER, "12 pages", NULL, 0},
        {FIH_FIELD_INTEGER, "0x10", NULL, 0},
        {FIH_FIELD_NUMBER, "0", "0", 0},
        {FIH_FIELD_NUMBER, "-0.0", "0", 0},
        {FIH_FIELD_NUMBER, "0.1", "0.1", 0x3FB999999999999A},
        {FIH_FIELD_NUMBER, "٢٫٥", "2.5", 0x4004000000000000},
        {FIH_FIELD_NUMBER, "-1", "-1", -0x3FF0000000000000},
        {FIH_FIELD_NUMBER, "1e400", NULL, 0},
        {FIH_FIELD_NUMBER, "nan", NULL, 0},
        {FIH_FIELD_NUMBER, "inf", NULL, 0},
        {FIH_FIELD_NUMBER, "1,5", NULL, 0},
        {FIH_FIELD_NUMBER, ".", NULL, 0},
        {FIH_FIELD_NUMBER, "1e", NULL, 0},
        {FIH_FIELD_DATE, "2024-05-01", "2024-05-01", 19844},
        {FIH_FIELD_DATE, "1 رمضان 1446", "2025-03-01", 20148},
        {FIH_FIELD_DATE, "soon", NULL, 0},
        {FIH_FIELD_TIME, "2024-05-01", "2024-05-01T00:00:00Z", 1714521600},
        {FIH_FIELD_TIME, "2024-05-01T10:30:00Z", "2024-05-01T10:30:00Z", 1714559400},
        {FIH_FIELD_TIME, "2024-05-01T10:30:00.125+03:00", "2024-05-01T07:30:00Z", 1714548600},
        {FIH_FIELD_TIME, "2024-05-01 00:30 -0130", "2024-05-01T02:00:00Z", 1714528800},
        {FIH_FIELD_TIME, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z", -1},
        {FIH_FIELD_TIME, "9999-12-31T23:59:60Z", "9999-12-31T23:59:59Z", INT64_C(253402300799)},
        {FIH_FIELD_TIME, "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z", INT64_C(253402300799)},
        {FIH_FIELD_TIME, "0001-01-01T00:30:00+03:00", "0001-01-01T00:00:00Z", INT64_C(-62135596800)},
        {FIH_FIELD_TIME, "10:30", NULL, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[VALUE_TEXT_BYTES];
        int64_t v;
        const int rc = fihi_value_read(&v, cases[i].kind, str(cases[i].text), &err);

        CHECK_INT_EQ(rc, cases[i].shown ? FIH_OK : FIH_E_NOTFOUND, "%s", cases[i].text);
        if (rc != 0)
            continue;
        CHECK_INT_EQ(v, cases[i].value, "%s", cases[i].text);
        fihi_value_text(text, cases[i].kind, v);
        CHECK_STR_EQ(text, cases[i].shown);
    }
}

static void doubles_are_in_the_order_of_their_values(void)
{
    static const double sorted[] = {-DBL_MAX, -1e9, -1.5, -DBL_MIN, 0, DBL_MIN, 0.1, 1, 1e300, DBL_MAX};

    for (size_t i = 0; i < sizeof sorted / sizeof *sorted; i++) {
        const double back = double_of_value(value_of_double(sorted[i]));

        CHECK(back <= sorted[i] && back >= sorted[i], "%g", sorted[i]);
        CHECK(value_of_double(sorted[i]) != VALUE_NONE);
        CHECK(i == 0 || value_of_double(sorted[i - 1]) < value_of_double(sorted[i]), "%g", sorted[i]);
    }
}

/* Pashto's point is U+066B, of two bytes. The locale is made here, for hardly any machine has it. */
static void the_point_is_that_of_no_locale(void)
{
    char command[PATH_MAX + 128], text[VALUE_TEXT_BYTES];
    int64_t v;

    snprintf(command, sizeof command, "localedef --no-archive -i ps_AF -f UTF-8 '%s/ps_AF.UTF-8' >/dev/null 2>&1",
             place);
    if (system(command) < 0 || setenv("LOCPATH", place, 1) != 0 || !setlocale(LC_NUMERIC, "ps_AF.UTF-8"))
        SKIP("no localedef, or no source of ps_AF");
    snprintf(text, sizeof text, "%.1f", 2.5);
    CHECK_STR_EQ(text, "2\u066B5");
    CHECK_INT_EQ(fihi_value_read(&v, FIH_FIELD_NUMBER, str("2.5"), &err), FIH_OK);
    CHECK_INT_EQ(v, 0x4004000000000000);
    fihi_value_text(text, FIH_FIELD_NUMBER, v);
    CHECK_STR_EQ(text, "2.5");
    fihi_value_text(text, FIH_FIELD_NUMBER, value_of_double(-1.5e300));
    CHECK_STR_EQ(text, "-1.5e+300");
    CHECK(setlocale(LC_NUMERIC, "C") != NULL && unsetenv("LOCPATH") == 0);
}

/* ---- columns against what was given */

enum { DOCS = 3000, TAGS = 5, MOST_TAGS = 4 };

static struct given {
    bool     is_there;
    unsigned tags, pages_none;                 /* a bit each */
    int64_t  pages, price;
    bool     has_price;
    unsigned section;                          /* 0: none */
} given[DOCS];

static const char *const tags[TAGS] = {"اقتصاد", "رياضة", "a", "ab", "b"};

static uint64_t seed = 7;

static int add(fih_writer *w, unsigned n)
{
    char id[16], pages[32], price[32], section[16], three[16];
    fih_field f[MOST_TAGS * 2 + 5];
    fih_doc d = FIH_DOC_INIT;
    struct given *g = &given[n];
    unsigned count = 0;

    *g = (struct given){.is_there = true, .section = (unsigned)tap_random(&seed) % 3};
    snprintf(id, sizeof id, "%u", n);
    section[0] = '\0';
    if (g->section)
        snprintf(section, sizeof section, "s%u", g->section);
    for (unsigned i = (unsigned)tap_random(&seed) % MOST_TAGS; i > 0; i--) {
        const unsigned tag = (unsigned)tap_random(&seed) % TAGS;

        g->tags |= 1u << tag;
        f[count++] = (fih_field){str("tags"), str(tags[tag])};
    }
    g->pages = (int64_t)(tap_random(&seed) >> (tap_random(&seed) % 60 + 1));
    g->pages = tap_random(&seed) % 2 ? g->pages : -g->pages;
    g->pages_none = tap_random(&seed) % 5 == 0;
    snprintf(pages, sizeof pages, "%lld", (long long)g->pages);
    f[count++] = (fih_field){str("pages"), str(g->pages_none ? "unknown" : pages)};
    snprintf(three, sizeof three, "%u", n / 3);        /* many short lists */
    f[count++] = (fih_field){str("three"), str(three)};
    f[count++] = (fih_field){str("other"), str("not a field")};
    g->has_price = tap_random(&seed) % 3 > 0;
    snprintf(price, sizeof price, "%d.5", (int)(tap_random(&seed) % 100) - 50);
    g->price = value_of_double(strtod(price, NULL));
    if (g->has_price) {
        f[count++] = (fih_field){str("price"), str(price)};
        f[count++] = (fih_field){str("price"), str("1")};      /* one may be there: the first */
    }
    d.id = str(id);
    d.body = str("كلمة");
    d.section = str(section);
    d.extra = f;
    d.extra_count = count;
    return fih_writer_add(w, &d, &err);
}

static void same_tags(struct column *c, bool is_there, uint32_t doc, const struct given *g)
{
    uint32_t at = 0, count = 0;
    unsigned found = 0;

    if (is_there) {
        CHECK_INT_EQ(fihi_column_load(c, doc, &err), 0);
        CHECK_INT_EQ(fihi_column_values(c, doc, &at, &count, &err), 0);
    }
    for (uint32_t i = at; i < at + count; i++) {
        uint8_t key[TERM_KEY_MAX];
        size_t from, bytes;
        uint32_t df;

        CHECK_INT_EQ(fihi_column_term(c, column_value(c, i), key, &from, &bytes, &df, &err), 0);
        for (unsigned t = 0; t < TAGS; t++)
            if (strlen(tags[t]) == bytes - from && memcmp(tags[t], key + from, bytes - from) == 0)
                found |= 1u << t;
    }
    CHECK_INT_EQ(found, g->tags);
    CHECK_INT_EQ(count, __builtin_popcount(g->tags));
}

static int64_t number_of(struct column *c, bool is_there, uint32_t doc)
{
    int64_t v = VALUE_NONE;

    if (is_there)
        CHECK_INT_EQ(fihi_column_get(c, doc, &v, &err), 0);
    return v;
}

static void same_columns(unsigned want_segments)
{
    struct buf room = {0};
    struct view *v;
    uint64_t n = 0;

    REQUIRE(fihi_view_open(&v, place_path("index"), &err) == 0);
    CHECK(want_segments == 0 || v->count == want_segments, "%u segments", v->count);
    for (uint32_t s = 0; s < v->count; s++) {
        struct segment *const seg = v->segments[s];
        struct column tag, pages, price;
        const bool has_tag = fihi_column_open(&tag, seg, fihi_schema_find(&v->schema, str("tags")));
        const bool has_pages = fihi_column_open(&pages, seg, fihi_schema_find(&v->schema, str("pages")));
        const bool has_price = fihi_column_open(&price, seg, fihi_schema_find(&v->schema, str("price")));

        for (uint32_t d = 0; d < seg->stats.docs; d++) {
            const struct given *g;
            fih_str id = {NULL, 0};
            char text[16];

            if (segment_is_deleted(seg, d))
                continue;
            REQUIRE(fihi_segment_id(seg, d, &room, &id, &err) == 0);
            snprintf(text, sizeof text, "%.*s", (int)id.len, id.ptr);
            g = &given[atoi(text)];
            n += g->is_there;
            same_tags(&tag, has_tag, d, g);
            CHECK_INT_EQ(number_of(&pages, has_pages, d), g->pages_none ? VALUE_NONE : g->pages);
            CHECK_INT_EQ(number_of(&price, has_price, d), g->has_price ? g->price : VALUE_NONE);
        }
    }
    for (unsigned i = 0; i < DOCS; i++)
        n -= given[i].is_there;
    CHECK_INT_EQ(n, 0);
    fihi_buf_free(&room);
    fihi_view_close(v);
    CHECK_INT_EQ(fih_check(&n, place_path("index"), NULL, NULL, &err), FIH_OK, "%s", err.msg);
}

static void columns_have_what_was_given_through_deletions_and_merges(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w;

    o.fields = str("tags:keyword* pages:integer price:number empty:date three:keyword");
    REQUIRE(fih_writer_open(&w, place_path("index"), &o, &err) == 0);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = round * 1000; i < round * 1000 + 1000; i++)
            REQUIRE(add(w, i) == 0);
        for (unsigned i = 0; round > 0 && i < round * 1000; i += 3) {
            char id[16];

            snprintf(id, sizeof id, "%u", i);
            if (i % 2 == 0 && given[i].is_there) {
                given[i].is_there = false;
                CHECK_INT_EQ(fih_writer_delete(w, fih_str_of(id), &err), 0);
            } else if (given[i].is_there) {
                REQUIRE(add(w, i) == 0);
            }
        }
        REQUIRE(fih_writer_commit(w, &err) == 0);
        same_columns(0);
    }
    CHECK(fih_writer_progress(w)->values_refused > 500, "%llu",
          (unsigned long long)fih_writer_progress(w)->values_refused);
    REQUIRE(fih_writer_merge(w, &err) == 0);
    same_columns(1);
    fih_writer_close(w);
}

static void a_schema_grows_and_its_kinds_stay(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_fields *fields;
    fih_writer *w;
    fih_reader *r;

    o.fields = str("pages:keyword");
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), &o, &err), FIH_E_USAGE);
    CHECK(strstr(err.msg, "pages:keyword"), "%s", err.msg);
    o.fields = str("pages:integer year:integer");
    REQUIRE(fih_writer_open(&w, place_path("index"), &o, &err) == 0);
    REQUIRE(fih_writer_fields(&fields, w, &err) == 0);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_fields_count(fields), 6);
    CHECK_STR_EQ(fih_fields_at(fields, 5)->name, "year");
    fih_fields_free(fields);
    REQUIRE(fih_reader_open(&r, place_path("index"), &err) == 0);
    REQUIRE(fih_reader_fields(&fields, r, &err) == 0);
    CHECK_INT_EQ(fih_fields_count(fields), 5);                     /* it was not committed */
    CHECK(fih_fields_at(fields, 5) == NULL);
    fih_fields_free(fields);
    fih_reader_close(r);
    REQUIRE(fih_writer_open(&w, place_path("index"), &o, &err) == 0);
    REQUIRE(fih_writer_commit(w, &err) == 0);
    fih_writer_close(w);
    REQUIRE(fih_reader_open(&r, place_path("index"), &err) == 0);
    REQUIRE(fih_reader_fields(&fields, r, &err) == 0);
    fih_reader_close(r);
    CHECK_STR_EQ(fih_fields_at(fields, 0)->kind_name, "keyword*");
    CHECK(fih_fields_at(fields, 0)->is_many && fih_fields_at(fields, 0)->docs > 1000);
    CHECK_STR_EQ(fih_fields_at(fields, 5)->name, "year");
    CHECK_STR_EQ(fih_fields_at(fields, 5)->kind_name, "integer");
    CHECK_INT_EQ(fih_fields_at(fields, 5)->docs, 0);
    fih_fields_free(fields);
    same_columns(1);
}

/* Of each value the first in the order is there, and stands for the others. */
static void collapsed_hits_stand_for_the_others(void)
{
    static const char *const orders[] = {"pages", "-pages,price", "tags,pages", "section,-pages"};
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_query *q;
    fih_reader *r;
    fih_hits *all, *h;
    const fih_hit *a, *b;

    REQUIRE(fih_reader_open(&r, place_path("index"), &err) == 0);
    REQUIRE(fih_query_parse(&q, FIH_STR("*"), &err) == 0);
    for (unsigned k = 0; k < 5; k++) {
        uint64_t others = 0, hits = 0;
        unsigned met[DOCS] = {0}, last = DOCS;

        o.order = k < 4 ? orders[k] : NULL;
        o.limit = DOCS;
        o.collapse = NULL;
        REQUIRE(fih_search(&all, r, q, &o, &err) == 0);
        o.collapse = "three";
        REQUIRE(fih_search(&h, r, q, &o, &err) == 0);
        for (size_t i = 0; (a = fih_hits_at(all, i)) != NULL; i++) {
            char id[16];
            unsigned n;

            snprintf(id, sizeof id, "%.*s", (int)a->id.len, a->id.ptr);
            n = (unsigned)atoi(id) / 3;
            if (met[n]++)
                continue;
            CHECK((b = fih_hits_at(h, hits)) != NULL);
            CHECK_INT_EQ(a->doc, b->doc, "order %u, hit %u", k, (unsigned)hits);
            last = n;
            hits++;
        }
        for (size_t i = 0; (b = fih_hits_at(h, i)) != NULL; i++)
            others += b->others;
        CHECK(last < DOCS);
        CHECK_INT_EQ(hits, fih_hits_count(h));
        CHECK_INT_EQ(hits, fih_hits_total(h));
        CHECK_INT_EQ(hits + others, fih_hits_count(all));
        fih_hits_free(h);
        o.limit = 7;                           /* pages */
        o.offset = 20;
        REQUIRE(fih_search(&h, r, q, &o, &err) == 0);
        CHECK_INT_EQ(fih_hits_count(h), 7);
        CHECK(fih_hits_at(h, 0)->others <= 2);
        o.offset = 0;
        fih_hits_free(h);
        fih_hits_free(all);
    }
    o.collapse = "nothing";
    CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), FIH_E_USAGE);
    fih_query_free(q);
    fih_reader_close(r);
}

static int count_folded(fih_reader *r, const char *text)
{
    fih_query *q = NULL;
    fih_hits *h = NULL;
    int n = fih_query_parse(&q, fih_str_of(text), &err);

    if (n == FIH_OK)
        n = fih_search(&h, r, q, NULL, &err);
    n = n == FIH_OK ? (int)fih_hits_total(h) : n;
    fih_hits_free(h);
    fih_query_free(q);
    return n;
}

/* In two segments, which have the spellings in turn; a beginning of too many values is told, not cut. */
static void folded_values_are_found_in_all_spellings(void)
{
    enum { VALUES = FIH_MAX_CLAUSES + 1 };
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w;
    fih_reader *r;

    o.fields = FIH_STR("city:keyword~ exact:keyword");
    REQUIRE(fih_writer_open(&w, place_path("folded"), &o, &err) == 0);
    for (unsigned i = 0; i < 2 * VALUES; i++) {
        char id[16], value[64];
        fih_doc d = FIH_DOC_INIT;
        fih_field extra[2] = {{FIH_STR("city"), {value, 0}}, {FIH_STR("exact"), {value, 0}}};

        snprintf(id, sizeof id, "%u", i);
        snprintf(value, sizeof value, i % 2 ? "القاهره %u" : "القَاهِرَة   %u", i / 2);
        extra[0].value.len = extra[1].value.len = strlen(value);
        d.id = fih_str_of(id);
        d.extra = extra;
        d.extra_count = 2;
        REQUIRE(fih_writer_add(w, &d, &err) == 0);
        if (i == VALUES)
            REQUIRE(fih_writer_commit(w, &err) == 0);
    }
    REQUIRE(fih_writer_commit(w, &err) == 0);
    fih_writer_close(w);
    REQUIRE(fih_reader_open(&r, place_path("folded"), &err) == 0);
    CHECK_INT_EQ(count_folded(r, "city:\"القاهرة 77\""), 2);
    CHECK_INT_EQ(count_folded(r, "exact:\"القاهره 77\""), 1);
    CHECK_INT_EQ(count_folded(r, "city:القاهرة"), 0);
    CHECK_INT_EQ(count_folded(r, "city:\"القاهره ٧٧\""), 2);
    CHECK_INT_EQ(count_folded(r, "city:*"), 2 * VALUES);
    CHECK_INT_EQ(count_folded(r, "city:القاهرة*"), FIH_E_LIMIT);
    CHECK(strstr(err.msg, "city"));
    CHECK_INT_EQ(count_folded(r, "exact:القاهره*"), VALUES);
    fih_reader_close(r);
}

/* What is found by a search is what is deleted, whether it was committed, flushed, or is still in memory. */
static void a_query_deletes_what_it_finds(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    uint64_t count, want = 0;
    char pattern[FIH_MAX_PATTERN + 10] = {[sizeof pattern - 1] = '*'};
    fih_query *q, *bad, *much;         /* what asks for too much, or for nothing, drops nothing */
    fih_writer *w;
    fih_reader *r;
    fih_hits *h;

    REQUIRE(fih_writer_open(&w, place_path("index"), &o, &err) == 0);
    for (unsigned i = 0; i < 50; i++)
        REQUIRE(add(w, i) == 0);
    for (unsigned i = 0; i < DOCS; i++)
        want += given[i].is_there && (given[i].tags & 1) && !given[i].pages_none && given[i].pages > 0;
    REQUIRE(fih_query_parse(&q, FIH_STR("tags:اقتصاد pages:>0"), &err) == 0);
    REQUIRE(fih_query_parse(&bad, FIH_STR("nothing:x"), &err) == 0);
    memset(pattern, 'x', sizeof pattern - 1);
    REQUIRE(fih_query_parse(&much, (fih_str){pattern, sizeof pattern}, &err) == 0);
    CHECK_INT_EQ(fih_writer_delete_query(&count, w, bad, &err), FIH_E_QUERY);
    CHECK_INT_EQ(fih_writer_delete_query(&count, w, much, &err), FIH_E_LIMIT);
    CHECK_INT_EQ(fih_writer_delete_query(&count, w, q, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(count, want);
    CHECK(want > 20);
    CHECK_INT_EQ(fih_writer_delete_query(&count, w, q, &err), FIH_OK);
    CHECK_INT_EQ(count, 0);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    for (unsigned i = 0; i < DOCS; i++)
        given[i].is_there &= !((given[i].tags & 1) && !given[i].pages_none && given[i].pages > 0);
    REQUIRE(fih_reader_open(&r, place_path("index"), &err) == 0);
    REQUIRE(fih_search(&h, r, q, NULL, &err) == 0);
    CHECK_INT_EQ(fih_hits_total(h), 0);
    fih_hits_free(h);
    fih_reader_close(r);
    fih_query_free(q);
    fih_query_free(bad);
    fih_query_free(much);
    same_columns(0);
}

struct heard {
    char     before[300];
    unsigned count, stop;                  /* stop: end the walk behind so many */
    uint64_t docs, occurrences;
};

static int hear_term(void *ctx, const fih_term *term)
{
    struct heard *const h = ctx;
    char text[300];

    snprintf(text, sizeof text, "%.*s", (int)term->text.len, term->text.ptr);
    CHECK(h->count == 0 || strcmp(h->before, text) < 0, "%s, %s", h->before, text);
    strcpy(h->before, text);
    h->docs += term->docs;
    h->occurrences += term->occurrences;
    return ++h->count == h->stop ? FIH_DONE : 0;
}

static void terms_are_those_of_all_segments_in_order(void)
{
    struct heard h = {.stop = 1};
    fih_fields *fields;
    fih_reader *r;

    REQUIRE(fih_reader_open(&r, place_path("index"), &err) == 0);
    CHECK_INT_EQ(fih_reader_each_term(r, "tags", FIH_STR("a"), hear_term, &h, &err), FIH_DONE);  /* as the callback said */
    CHECK_STR_EQ(h.before, "a");
    CHECK(h.count == 1 && h.docs == h.occurrences && h.docs > 100);
    h = (struct heard){.stop = 0};
    CHECK_INT_EQ(fih_reader_each_term(r, "tags", FIH_STR("a"), hear_term, &h, &err), FIH_OK);
    CHECK_STR_EQ(h.before, "ab");
    CHECK_INT_EQ(h.count, 2);
    h = (struct heard){.stop = 0};
    CHECK_INT_EQ(fih_reader_each_term(r, "three", FIH_STR(""), hear_term, &h, &err), FIH_OK);
    REQUIRE(fih_reader_fields(&fields, r, &err) == 0);
    for (size_t i = 0; i < fih_fields_count(fields); i++)
        if (strcmp(fih_fields_at(fields, i)->name, "three") == 0)
            CHECK_INT_EQ(h.docs, fih_fields_at(fields, i)->docs);
    fih_fields_free(fields);
    CHECK_INT_EQ(h.count, DOCS / 3);
    h = (struct heard){.stop = 0};
    CHECK_INT_EQ(fih_reader_each_term(r, NULL, FIH_STR(""), hear_term, &h, &err), FIH_OK);
    CHECK_INT_EQ(h.count, 1);                  /* all documents have one word */
    CHECK_INT_EQ(fih_reader_each_term(r, "pages", FIH_STR(""), hear_term, &h, &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_reader_each_term(r, "nothing", FIH_STR(""), hear_term, &h, &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_reader_each_term(r, "title", FIH_STR(""), hear_term, &h, &err), FIH_E_USAGE);
    CHECK_STR_EQ(err.msg, "'title' is no field with terms: these are section, tags, three, and NULL for title and body");
    fih_reader_close(r);
}

/* More documents than a chunk has, and numbers of every width. */
static void chunks_are_as_wide_as_their_values(void)
{
    enum { MANY = COLUMN_CHUNK * 2 + 100 };
    static const int64_t spans[] = {0, 200, 60000, 4000000000, INT64_MAX};
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    struct column c;
    struct view *v;
    fih_writer *w;

    o.fields = str("w0:integer w1:integer w2:integer w3:integer w4:integer");
    REQUIRE(fih_writer_open(&w, place_path("wide"), &o, &err) == 0);
    for (unsigned i = 0; i < MANY; i++) {
        char id[16], values[5][24], names[5][3];
        fih_field f[5];
        fih_doc d = FIH_DOC_INIT;

        snprintf(id, sizeof id, "%u", i);
        d.id = str(id);
        for (unsigned k = 0; k < 5; k++) {
            snprintf(names[k], 3, "w%u", k);
            snprintf(values[k], 24, "%lld", (long long)(i % 2 ? spans[k] : -spans[k] / 2));
            f[k] = (fih_field){str(names[k]), str(values[k])};
        }
        d.extra = f;
        d.extra_count = i < COLUMN_CHUNK ? 5 : 4;      /* the last one has none in the chunks behind */
        REQUIRE(fih_writer_add(w, &d, &err) == 0);
    }
    REQUIRE(fih_writer_merge(w, &err) == 0);
    fih_writer_close(w);
    REQUIRE(fihi_view_open(&v, place_path("wide"), &err) == 0);
    for (unsigned k = 0; k < 5; k++) {
        REQUIRE(fihi_column_open(&c, v->segments[0], FIELD_NO_OWN + k));
        for (unsigned i = 0; i < MANY; i++) {
            const int64_t value = number_of(&c, true, i);

            CHECK_INT_EQ(value, k == 4 && i >= COLUMN_CHUNK ? VALUE_NONE : i % 2 ? spans[k] : -spans[k] / 2);
        }
        CHECK_INT_EQ(c.width, k == 4 ? 0 : 1u << k);
    }
    fihi_view_close(v);
}

/* What is shown of a query: scores and the passage of the first hit, and why nothing was found. */
static void show(char out[600], fih_reader *r, const char *text)
{
    fih_why *why = NULL;
    fih_snippet *snippet = NULL;
    fih_stored *doc = NULL;
    fih_query *q = NULL;
    fih_hits *h = NULL;
    const fih_part *part;
    const fih_hit *hit;

    *out = '\0';
    if (CHECK_INT_EQ(fih_query_parse(&q, fih_str_of(text), &err), FIH_OK) &&
        CHECK_INT_EQ(fih_search(&h, r, q, NULL, &err), FIH_OK, "%s", err.msg))
        for (size_t i = 0; (hit = fih_hits_at(h, i)) != NULL; i++)
            snprintf(out + strlen(out), 600 - strlen(out), "%.6f ", (double)hit->score);
    if (h && (hit = fih_hits_at(h, 0)) != NULL && CHECK_INT_EQ(fih_reader_doc(&doc, r, hit->doc, &err), FIH_OK) &&
        CHECK_INT_EQ(fih_snippet_new(&snippet, r, q, doc, NULL, &err), FIH_OK))
        for (size_t i = 0; (part = fih_snippet_at(snippet, i)) != NULL; i++)
            snprintf(out + strlen(out), 600 - strlen(out), part->kind == FIH_PART_HIT ? "[%.*s]" : "%.*s",
                     (int)part->text.len, part->text.ptr);
    if (CHECK_INT_EQ(fih_why_nothing(&why, r, q, NULL, &err), FIH_OK))
        snprintf(out + strlen(out), 600 - strlen(out), " %d %d %d", (int)why->kind, why->has_field, (int)why->docs);
    fih_why_free(why);
    fih_snippet_free(snippet);
    fih_stored_free(doc);
    fih_hits_free(h);
    fih_query_free(q);
}

/* An Arabic name may have its value without quotation marks, and is a field everywhere all the same. */
static void a_field_is_one_whatever_script_its_name_has(void)
{
    static const char *const queries[][2] = {
        {"ديوان وسم:x", "ديوان وسم:\"x\""},        {"شعر وسم:x", "شعر وسم:\"x\""},
        {"+شعر وسم:غائب", "+شعر وسم:\"غائب\""},    {"وسم:غائب", "وسم:\"غائب\""},
        {"عدم وسم:x", "عدم وسم:\"x\""},            {"من وسم:x في", "من وسم:\"x\" في"},
        {"(شعر وسم:x)^2", "(شعر وسم:\"x\")^2"}};
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_field f = {str("وسم"), str("x")};
    fih_doc d = FIH_DOC_INIT;
    fih_suggestion *other;
    fih_writer *w;
    fih_reader *r;

    o.fields = str("وسم:keyword");
    REQUIRE(fih_writer_open(&w, place_path("arabic"), &o, &err) == 0);
    for (unsigned i = 0; i < 9; i++) {
        char id[2] = {(char)('a' + i), '\0'};

        d.id = str(id);
        d.title = str(i % 2 ? "ديوان" : "وسم x");
        d.body = str("شعر فيه وسم x من غائب في الديوان وفي المكتبة");
        d.extra = &f;
        d.extra_count = i < 8;
        REQUIRE(fih_writer_add(w, &d, &err) == 0);
    }
    REQUIRE(fih_writer_commit(w, &err) == 0);
    fih_writer_close(w);
    REQUIRE(fih_reader_open(&r, place_path("arabic"), &err) == 0);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        char shown[600], want[600];

        show(shown, r, queries[i][0]);
        show(want, r, queries[i][1]);
        CHECK_STR_EQ(shown, want, "%s", queries[i][0]);
    }
    CHECK_INT_EQ(fih_suggest(&other, r, FIH_STR("وسم:المكتتبة"), NULL, &err), FIH_OK);
    CHECK(other == NULL);
    CHECK_INT_EQ(fih_suggest(&other, r, FIH_STR("المكتتبة وسم:x"), NULL, &err), FIH_OK);
    CHECK(other && strcmp(other->text.ptr, "المكتبة وسم:x") == 0);
    fih_suggestion_free(other);
    fih_reader_close(r);
}

int main(void)
{
    place_new("fields");
    RUN(a_schema_says_what_is_wrong_with_it);
    RUN(kinds_have_names_with_their_weights);
    RUN(a_schema_comes_back_from_its_bytes_and_damage_does_not);
    RUN(a_field_with_the_name_of_an_order_stays);
    RUN(an_address_is_a_keyword_also_on_the_disk);
    RUN(texts_are_values_of_their_kind);
    RUN(the_point_is_that_of_no_locale);
    RUN(doubles_are_in_the_order_of_their_values);
    RUN(columns_have_what_was_given_through_deletions_and_merges);
    RUN(a_schema_grows_and_its_kinds_stay);
    RUN(terms_are_those_of_all_segments_in_order);
    RUN(collapsed_hits_stand_for_the_others);
    RUN(folded_values_are_found_in_all_spellings);
    RUN(a_query_deletes_what_it_finds);
    RUN(chunks_are_as_wide_as_their_values);
    RUN(a_field_is_one_whatever_script_its_name_has);
    place_remove(place);
    return DONE();
}
