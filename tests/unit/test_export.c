/* test_export.c - a document as a line of JSON, and all documents of an index one after the other. */
#include "read/record.h"
#include "shelf.h"

enum { DOCS = 3000 };

static char id_of[32];

static fih_doc document(unsigned i)
{
    fih_doc d = FIH_DOC_INIT;

    snprintf(id_of, sizeof id_of, "d%04u", i);
    d.id = str(id_of);
    d.title = str("عنوان");
    d.body = str("متن طويل يتكرر في كل وثيقة");
    return d;
}

/* Three segments, and every seventh document deleted. */
static fih_reader *many(void)
{
    fih_writer *w = begin();

    for (unsigned i = 0; i < DOCS; i++) {
        const fih_doc d = document(i);

        CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
        if (i % 1000 == 999)
            CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    }
    for (unsigned i = 0; i < DOCS; i += 7) {
        document(i);
        CHECK_INT_EQ(fih_writer_delete(w, fih_str_of(id_of), &err), FIH_OK, "%s", err.msg);
    }
    return finish(w);
}

struct seen {
    fih_reader *reader;
    unsigned    next, count, stop;
};

static int see(void *ctx, fih_docno doc, const fih_stored *s)
{
    struct seen *const seen = ctx;
    fih_stored *alone;
    const fih_str id = fih_stored_get(s, "id");
    const fih_field *field;
    fih_docno found;

    while (seen->next % 7 == 0)
        seen->next++;
    document(seen->next++);
    CHECK(id.len == strlen(id_of) && memcmp(id.ptr, id_of, id.len) == 0, "%.*s for %s", (int)id.len, id.ptr, id_of);
    if (++seen->count % 100 == 0) {
        CHECK_INT_EQ(fih_reader_find(&found, seen->reader, fih_str_of(id_of), &err), FIH_OK, "%s", err.msg);
        CHECK_INT_EQ(doc, found);
        CHECK_INT_EQ(fih_reader_doc(&alone, seen->reader, doc, &err), FIH_OK, "%s", err.msg);
        for (size_t i = 0; (field = fih_stored_at(s, i)) != NULL; i++) {
            const fih_field *const other = fih_stored_at(alone, i);

            CHECK(other && other->value.len == field->value.len && memcmp(other->value.ptr, field->value.ptr, field->value.len) == 0);
        }
        fih_stored_free(alone);
    }
    return seen->count == seen->stop ? 9 : 0;
}

static void every_document_is_given_once_and_in_order(void)
{
    struct seen all = {many(), 0, 0, 0}, some = {all.reader, 0, 0, 5};

    CHECK_INT_EQ(fih_reader_each_doc(all.reader, see, &all, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(all.count, fih_reader_doc_count(all.reader));
    CHECK_INT_EQ(all.count, DOCS - (DOCS + 6) / 7);
    CHECK_INT_EQ(fih_reader_each_doc(all.reader, see, &some, &err), 9);
    CHECK_INT_EQ(some.count, 5);
    fih_reader_close(all.reader);
}

/* The line of the one document of an index. */
static char   line[4096];
static fih_str spoilt;

static int print(void *ctx, fih_docno doc, const fih_stored *s)
{
    (void)doc;
    return record_line(ctx, s, &spoilt);
}

static void line_of(const fih_doc *d)
{
    fih_writer *w = begin();
    fih_reader *r;
    FILE *f = fmemopen(line, sizeof line, "w");

    CHECK_INT_EQ(fih_writer_add(w, d, &err), FIH_OK, "%s", err.msg);
    r = finish(w);
    spoilt = (fih_str){"?", 1};
    CHECK_INT_EQ(fih_reader_each_doc(r, print, f, &err), FIH_OK, "%s", err.msg);
    fclose(f);
    if (spoilt.ptr)
        spoilt.ptr = spoilt.len == 2 ? "id" : "other";   /* it was borrowed */
    fih_reader_close(r);
}

static void a_line_has_the_fields_in_order_and_several_values_as_an_array(void)
{
    const fih_field extra[] = {{str("b"), str("1")}, {str("a"), str("[2]")}, {str("b"), str("3")}, {str("c"), str("")}};
    fih_doc d = FIH_DOC_INIT;

    d.id = str("x");
    d.date = str("1999");
    d.source = str("file");
    d.extra = extra;
    d.extra_count = 4;
    line_of(&d);
    CHECK_STR_EQ(line, "{\"id\":\"x\",\"date\":\"1999\",\"b\":[\"1\",\"3\"],\"a\":\"[2]\"}\n");
    CHECK(spoilt.ptr == NULL);
}

static void what_json_cannot_have_is_told_of(void)
{
    fih_field extra = {str("k"), str("v")};
    fih_doc d = FIH_DOC_INIT;

    d.id = str("\xFF id");
    line_of(&d);
    CHECK_STR_EQ(line, "{\"id\":\"\xEF\xBF\xBD id\"}\n");
    CHECK_STR_EQ(spoilt.ptr, "id");
    d.id = str("x");
    d.extra = &extra;
    d.extra_count = 1;
    line_of(&d);
    CHECK(spoilt.ptr == NULL);
    extra.value = str("\xC3");
    line_of(&d);
    CHECK_STR_EQ(spoilt.ptr, "other");
    extra = (fih_field){{"k\0y", 3}, str("v")};
    line_of(&d);
    CHECK_STR_EQ(spoilt.ptr, "other");
}

int main(void)
{
    place_new("export");
    RUN(every_document_is_given_once_and_in_order);
    RUN(a_line_has_the_fields_in_order_and_several_values_as_an_array);
    RUN(what_json_cannot_have_is_told_of);
    place_remove(place);
    return DONE();
}
