/* test_zero.c - a zero byte is stored and compared as it came, and is a blank where a text is read. */
#include <stdbool.h>

#include "shelf.h"

#define Z(literal) {literal, sizeof literal - 1}

static const char own[] = "tags:keyword* folded:keyword~ pages:integer price:number day:date seen:time author:text^2";

static const fih_field extra[] = {
    {Z("tags"), Z("a\0b")}, {Z("tags"), Z("\0")}, {Z("folded"), Z("A\0B")}, {Z("pages"), Z("1\0002")},
    {Z("price"), Z(" 1.5\0")}, {Z("day"), Z("2015-03-12\0")}, {Z("seen"), Z("2024-05-01\00010:30")},
    {Z("author"), Z("شوقي\0حافظ")}, {Z("k\0ey"), Z("v\0al\0")}, {Z("tags\0"), Z("other")}, {Z("\0"), Z("\0\0")},
};

static const fih_field known[] = {
    {Z("id"), Z("i\0d")}, {Z("title"), Z("عنوان\0كتاب")}, {Z("body"), Z("قارب\0بحر مرفأ\0 سفينة\0")},
    {Z("date"), Z("2014\0-03-12")}, {Z("section"), Z("se\0c")}, {Z("url"), Z("http://x\0y")},
    {Z("source"), Z("so\0urce")},
};

static bool is(fih_str a, fih_str b)
{
    return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

/* The document with zero bytes everywhere, and those that it would be if texts ended at the first one. */
static fih_reader *shelf(fih_writer **writer)
{
    static const char *const ids[] = {"i", "id"};
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    fih_reader *r = NULL;
    fih_doc d = FIH_DOC_INIT;

    o.fields = str(own);
    CHECK_INT_EQ(fih_writer_open_memory(&w, &o, &err), FIH_OK, "%s", err.msg);
    d.id = known[0].value;
    d.title = known[1].value;
    d.body = known[2].value;
    d.date = known[3].value;
    d.section = known[4].value;
    d.url = known[5].value;
    d.source = known[6].value;
    d.extra = extra;
    d.extra_count = sizeof extra / sizeof *extra;
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_progress(w)->values_refused, 1);
    d = (fih_doc)FIH_DOC_INIT;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        d.id = str(ids[i]);
        d.title = str("آخر");
        d.section = str("se");
        d.source = str("so");
        CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
    }
    CHECK_INT_EQ(fih_writer_note_put(w, FIH_STR("no\0te"), FIH_STR("\0value\0"), &err), FIH_OK);
    CHECK_INT_EQ(fih_writer_note_put(w, FIH_STR("no"), FIH_STR("other"), &err), FIH_OK);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_reader(&r, w, &err), FIH_OK, "%s", err.msg);
    *writer = w;
    return r;
}

static void all_is_stored_as_it_came(void)
{
    const size_t n = sizeof known / sizeof *known;
    fih_stored *s = NULL;
    fih_writer *w;
    fih_reader *r = shelf(&w);
    fih_docno doc, other;
    fih_str value;

    CHECK_INT_EQ(fih_reader_find(&doc, r, FIH_STR("i\0d"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_find(&other, r, FIH_STR("i"), &err), FIH_OK, "%s", err.msg);
    CHECK(doc != other);
    CHECK_INT_EQ(fih_reader_find(&other, r, FIH_STR("i\0"), &err), FIH_E_NOTFOUND);
    CHECK_INT_EQ(fih_reader_doc(&s, r, doc, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_stored_count(s), n + sizeof extra / sizeof *extra);
    for (size_t i = 0; i < fih_stored_count(s); i++) {
        const fih_field *const want = i < n ? &known[i] : &extra[i - n], *const got = fih_stored_at(s, i);

        CHECK(is(got->name, want->name) && is(got->value, want->value), "field %u", (unsigned)i);
    }
    CHECK(is(fih_stored_get(s, "tags"), FIH_STR("a\0b")));
    fih_stored_free(s);
    CHECK_INT_EQ(fih_reader_note(&value, r, FIH_STR("no\0te"), &err), FIH_OK, "%s", err.msg);
    CHECK(is(value, FIH_STR("\0value\0")));
    CHECK_INT_EQ(fih_reader_note(&value, r, FIH_STR("no"), &err), FIH_OK, "%s", err.msg);
    CHECK(is(value, FIH_STR("other")));
    fih_reader_close(r);
    fih_writer_close(w);
}

static int found(fih_reader *r, fih_str text, int plain)
{
    fih_query *q = NULL;
    fih_hits *h = NULL;
    int rc = plain ? fih_query_plain(&q, text, &err) : fih_query_parse(&q, text, &err);

    if (rc == 0 && (rc = fih_search(&h, r, q, NULL, &err)) == 0)
        rc = (int)fih_hits_count(h);
    fih_hits_free(h);
    fih_query_free(q);
    return rc;
}

/* Each query finds the document with zero bytes, or nothing. */
static void where_it_is_read_it_is_a_blank(void)
{
    static const struct { fih_str text; int hits; } asked[] = {
        {Z("قارب"), 1}, {Z("قارب\0بحر"), 1}, {Z("+قارب\0+سفينة"), 1}, {Z("قارب\0-بحر"), 0}, {Z("\0"), 0},
        {Z("\"قارب بحر\""), 1}, {Z("\"قارب\0بحر\""), 1}, {Z("قا\0رب"), 0}, {Z("قار*\0"), 1}, {Z("/قا.ب/\0"), 1},
        {Z("/قا\0.ب/"), 0}, {Z("(\0قارب AND\0بحر\0)"), 1}, {Z("title:كتاب"), 1}, {Z("author:حافظ"), 1},
        {Z("author:\"شوقي\0حافظ\""), 1}, {Z("tags:\"a\0b\""), 1}, {Z("tags:\"\0\""), 1}, {Z("tags:a"), 0},
        {Z("tags:a*"), 1}, {Z("tags:other"), 0}, {Z("folded:\"a\0b\""), 1}, {Z("section:\"se\0c\""), 1},
        {Z("section:\"se\""), 2}, {Z("pages:1"), 0}, {Z("pages:12"), 0}, {Z("pages:*"), 0}, {Z("price:1.5\0"), 1},
        {Z("price:\0001.5"), 0}, {Z("day:2015-03-12"), 1}, {Z("date:2014"), 1},
        {Z("seen:2024-05-01"), 1},
    };
    fih_writer *w;
    fih_reader *r = shelf(&w);

    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        CHECK_INT_EQ(found(r, asked[i].text, 0), asked[i].hits, "query %u: %.*s", (unsigned)i, (int)asked[i].text.len,
                     asked[i].text.ptr);
    CHECK_INT_EQ(found(r, FIH_STR("قارب\0آخر"), 1), 3);
    fih_reader_close(r);
    fih_writer_close(w);
}

/* What is built by a program, counted, and listed, is exact. */
static void values_are_whole(void)
{
    fih_facets *f = NULL;
    fih_query *q = NULL, *all = NULL;
    fih_hits *h = NULL;
    fih_writer *w;
    fih_reader *r = shelf(&w);
    uint64_t count;

    CHECK_INT_EQ(fih_query_field(&q, "tags", FIH_STR("a\0b"), 1, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_search(&h, r, q, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_hits_count(h), 1);
    CHECK(is(fih_hits_at(h, 0)->id, FIH_STR("i\0d")));
    fih_hits_free(h);
    fih_query_free(q);
    CHECK_INT_EQ(fih_query_section(&q, FIH_STR("se\0c"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_search(&h, r, q, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_hits_count(h), 1);
    fih_hits_free(h);
    fih_query_free(q);
    CHECK_INT_EQ(fih_query_parse(&all, FIH_STR("*"), &err), FIH_OK);
    CHECK_INT_EQ(fih_facets_new(&f, r, all, "tags", NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_facets_count(f), 2);
    CHECK(is(fih_facets_at(f, 0)->value, FIH_STR("\0")) && is(fih_facets_at(f, 1)->value, FIH_STR("a\0b")));
    fih_facets_free(f);
    fih_query_free(all);
    CHECK_INT_EQ(fih_query_dates(&q, FIH_STR("2015\0x"), &err), FIH_E_QUERY);
    CHECK_INT_EQ(fih_writer_delete_source(&count, w, FIH_STR("so"), &err), FIH_OK);
    CHECK_INT_EQ(count, 2);
    CHECK_INT_EQ(fih_writer_delete_source(&count, w, FIH_STR("so\0urce"), &err), FIH_OK);
    CHECK_INT_EQ(count, 1);
    fih_reader_close(r);
    fih_writer_close(w);
}

/* "1\0002" was 1: what follows was never looked at. */
static void a_number_does_not_end_at_it(void)
{
    int64_t value;
    double number;

    CHECK_INT_EQ(fih_value_read(&value, &number, FIH_FIELD_INTEGER, FIH_STR("1\0002"), &err), FIH_E_NOTFOUND);
    CHECK_INT_EQ(fih_value_read(&value, &number, FIH_FIELD_NUMBER, FIH_STR("1.5\0x"), &err), FIH_E_NOTFOUND);
    CHECK_INT_EQ(fih_value_read(&value, &number, FIH_FIELD_INTEGER, FIH_STR("\00012\0"), &err), FIH_OK);
    CHECK_INT_EQ(value, 12);
}

int main(void)
{
    RUN(all_is_stored_as_it_came);
    RUN(where_it_is_read_it_is_a_blank);
    RUN(values_are_whole);
    RUN(a_number_does_not_end_at_it);
    return DONE();
}
