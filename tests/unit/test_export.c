/* test_export.c - a document as a line of JSON, and all documents of an index one after the other. */
#include "read/readers.h"
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

static int print(void *ctx, fih_docno doc, const fih_stored *s)
{
    (void)doc;
    return record_line(ctx, s);
}

static void line_of(const fih_doc *d)
{
    fih_writer *w = begin();
    fih_reader *r;
    FILE *f = fmemopen(line, sizeof line, "w");

    CHECK_INT_EQ(fih_writer_add(w, d, &err), FIH_OK, "%s", err.msg);
    r = finish(w);
    CHECK_INT_EQ(fih_reader_each_doc(r, print, f, &err), FIH_OK, "%s", err.msg);
    fclose(f);
    fih_reader_close(r);
}

static void a_line_has_the_fields_in_order_and_several_values_as_an_array(void)
{
    const fih_field extra[] = {{str("b"), str("1")}, {str("b"), str("3")}, {str("a"), str("[2]")}, {str("c"), str("")}};
    fih_doc d = FIH_DOC_INIT;

    d.id = str("x");
    d.date = str("1999");
    d.source = str("file");
    d.extra = extra;
    d.extra_count = 4;
    line_of(&d);
    CHECK_STR_EQ(line, "{\"id\":\"x\",\"date\":\"1999\",\"b\":[\"1\",\"3\"],\"a\":\"[2]\",\"fihrist:several\":[\"b\"],"
                       "\"fihrist:source\":\"file\"}\n");
    d.extra_count = 0;
    d.source = str("-");
    line_of(&d);
    CHECK_STR_EQ(line, "{\"id\":\"x\",\"date\":\"1999\"}\n");
}

static void what_an_object_cannot_say_is_in_pairs(void)
{
    const fih_field apart[] = {{str("b"), str("1")}, {str("a"), str("2")}, {str("b"), str("3")}};
    fih_field extra = {str("fihrist:source"), str("v")};
    fih_doc d = FIH_DOC_INIT;

    d.id = str("\xFF id");
    line_of(&d);
    CHECK_STR_EQ(line, "{\"fihrist:fields\":[\"id\",{\"base64\":\"/yBpZA==\"}]}\n");
    d.id = str("x");
    d.extra = &extra;
    d.extra_count = 1;
    line_of(&d);
    CHECK_STR_EQ(line, "{\"fihrist:fields\":[\"id\",\"x\",\"fihrist:source\",\"v\"]}\n");
    extra = (fih_field){{"k\0y", 3}, str("\xC3")};
    line_of(&d);
    CHECK_STR_EQ(line, "{\"fihrist:fields\":[\"id\",\"x\",\"k\\u0000y\",{\"base64\":\"ww==\"}]}\n");
    d.extra = apart;
    d.extra_count = 3;
    line_of(&d);
    CHECK_STR_EQ(line, "{\"fihrist:fields\":[\"id\",\"x\",\"b\",\"1\",\"a\",\"2\",\"b\",\"3\"]}\n");
}

/* ---- there and back: whatever a program can store */

enum { HOSTILE = 4000, MOST_EXTRAS = 6 };

#define T(literal) {literal, sizeof literal - 1}
static const fih_str names[] = {
    T(""), T("tags"), T("tags"), T("pages"), T("note"), T("source_"), T("Title"), T("title "), T("id\0"), T("a\"b\\"),
    T("a\0b"), T("\0"), T("\xFF"), T("\xD9"), T("fihrist:source"), T("fihrist:several"), T("fihrist:fields"),
    T("fihrist:"), T("fihrist:other"), T("base64"), T("extra"), T("\n"), T("مفتاح"), T("\xEF\xBF\xBD"), T("a.b"),
};
static const fih_str values[] = {
    T(""), T("x"), T("12"), T("012"), T("1e400"), T("null"), T("true"), T("[]"), T("[\"a\",\"b\"]"), T("[\"a\"]"),
    T("{\"base64\":\"eA==\"}"), T("{\"a\":1}"), T("\""), T("\\"), T("\\u0041"), T("a\0b"), T("\0"), T("\xFF"), T("\xC3"),
    T("\xC3\xA9\xC3"), T("\xED\xA0\x80"), T("\xEF\xBF\xBD"), T("\xEF\xBF\xBE"), T("\xF4\x8F\xBF\xBF"), T("\xEF\xBB\xBF"),
    T("\n"), T("\r\n\t\b\f\x1b\x7f"), T(" x "), T("\xC2\x85\xE2\x80\xA8"), T("قيمة"), T("/a/b"), T("-"), T("2015-03-12"),
};

static unsigned turn;

static unsigned any(unsigned below)
{
    turn = turn * 1103515245u + 12345u;
    return (turn >> 16) % below;
}

static fih_str any_of(const fih_str *of, size_t count)
{
    return of[any((unsigned)count)];
}

/* A document of hostile fields; its texts last until the next one. */
static fih_doc hostile(unsigned i)
{
    static fih_field extra[MOST_EXTRAS];
    static char id[64];
    const fih_str tail = any_of(values, sizeof values / sizeof *values);
    const int n = snprintf(id, sizeof id, "%u:", i);
    fih_doc d = FIH_DOC_INIT;

    memcpy(id + n, tail.ptr, tail.len);
    d.id = (fih_str){id, (size_t)n + tail.len};
    fih_str *const to[] = {&d.title, &d.body, &d.date, &d.section, &d.url, &d.source};
    for (size_t k = 0; k < sizeof to / sizeof *to; k++)
        if (any(2))
            *to[k] = any_of(values, sizeof values / sizeof *values);
    d.extra = extra;
    for (d.extra_count = any(MOST_EXTRAS); d.extra_count > 0 && d.extra_count < MOST_EXTRAS; d.extra_count++)
        if (!any(2))
            break;
    for (size_t k = 0; k < d.extra_count; k++)
        extra[k] = k > 0 && any(3) == 0
                       ? (fih_field){extra[k - 1].name, any_of(values, sizeof values / sizeof *values)}
                       : (fih_field){any_of(names, sizeof names / sizeof *names),
                                     any_of(values, sizeof values / sizeof *values)};
    return d;
}

static fih_writer *begin_at(const char *name, const char *fields)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;

    place_remove(place_path(name));
    o.fields = str(fields);
    CHECK_INT_EQ(fih_writer_open(&w, place_path(name), &o, &err), FIH_OK, "%s", err.msg);
    return w;
}

static fih_reader *end_at(fih_writer *w, const char *name)
{
    fih_reader *r = NULL;

    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_reader_open(&r, place_path(name), &err), FIH_OK, "%s", err.msg);
    return r;
}

/* As the command does with standard input. */
static int take(void *ctx, const fih_doc *doc, uint64_t number)
{
    fih_doc d = *doc;

    (void)number;
    if (!d.source.ptr)
        d.source = str("-");
    CHECK_INT_EQ(fih_writer_add(ctx, &d, &err), FIH_OK, "%s", err.msg);
    return 0;
}

static int refuse(void *ctx, uint64_t at, uint64_t column, const char *reason)
{
    (void)ctx, (void)column;
    CHECK(false, "line %u: %s", (unsigned)at, reason);
    return 0;
}

struct twin {
    const fih_reader *other;
    unsigned          count;
};

static int is_same(void *ctx, fih_docno doc, const fih_stored *s)
{
    struct twin *const t = ctx;
    fih_stored *other = NULL;
    const fih_field *a, *b;

    CHECK_INT_EQ(fih_reader_doc(&other, t->other, doc, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_stored_count(other), fih_stored_count(s), "document %u", (unsigned)doc);
    for (size_t i = 0; (a = fih_stored_at(s, i)) && (b = fih_stored_at(other, i)); i++)
        CHECK(a->name.len == b->name.len && memcmp(a->name.ptr, b->name.ptr, a->name.len) == 0 &&
                  a->value.len == b->value.len && memcmp(a->value.ptr, b->value.ptr, a->value.len) == 0,
              "document %u, field %u: %.*s", (unsigned)doc, (unsigned)i, (int)a->name.len, a->name.ptr);
    fih_stored_free(other);
    t->count++;
    return 0;
}

/* Through lines into an index of these fields, and all documents are what they were. */
static void round_trip(const fih_reader *r, const char *fields)
{
    char *lines = NULL;
    size_t bytes = 0;
    FILE *f = open_memstream(&lines, &bytes);
    fih_writer *w = begin_at("back", fields);
    const struct read_sink sink = {w, take, refuse, NULL};
    struct twin twin = {NULL, 0};
    fih_fields *own = NULL;
    struct input *in = NULL;
    fih_reader *back;
    struct why why;

    CHECK_INT_EQ(fih_reader_each_doc(r, print, f, &err), FIH_OK, "%s", err.msg);
    fclose(f);
    CHECK_INT_EQ(fih_writer_fields(&own, w, &err), FIH_OK, "%s", err.msg);
    const struct read_opts opts = {.fields = own};
    CHECK_INT_EQ(input_memory(&in, lines, bytes, &why), 0);
    CHECK_INT_EQ(read_jsonl(in, "-", &opts, &sink, &why), READ_OK, "%s", why.text);
    input_close(in);
    back = end_at(w, "back");
    twin.other = back;
    CHECK_INT_EQ(fih_reader_each_doc(r, is_same, &twin, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(twin.count, fih_reader_doc_count(back));
    fih_reader_close(back);
    fih_fields_free(own);
    free(lines);
}

static void whatever_can_be_stored_comes_back(void)
{
    static const char own[] = "tags:keyword* pages:integer";
    fih_writer *w = begin_at("there", own);
    fih_reader *r;

    turn = 1;
    for (unsigned i = 0; i < HOSTILE; i++) {
        const fih_doc d = hostile(i);

        CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
    }
    r = end_at(w, "there");
    round_trip(r, own);
    round_trip(r, "");
    round_trip(r, "tags:integer note:text* a.b:keyword*");
    fih_reader_close(r);
}

/* A hundred and one thousand keys, and as many values of one. */
static void many_fields_come_back(void)
{
    enum { MANY = 101000 };
    fih_field *const f = calloc(MANY, sizeof *f);
    char (*const text)[8] = calloc(MANY, sizeof *text);
    fih_doc d = FIH_DOC_INIT;
    fih_writer *w = begin_at("there", "");
    fih_reader *r;

    d.extra = f;
    d.extra_count = MANY;
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(text[i], sizeof text[i], "%u", i);
        f[i] = (fih_field){str(text[i]), str(text[i])};
    }
    d.id = str("keys");
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
    for (unsigned i = 0; i < MANY; i++)
        f[i].name = str("one");
    d.id = str("values");
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
    d.extra_count = 1000;
    d.id = str("some values");
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
    r = end_at(w, "there");
    round_trip(r, "");
    fih_reader_close(r);
    free(text);
    free(f);
}

/* The first of a name that every document has is the field itself, and it could not be told from an extra one. */
static void an_extra_field_has_no_name_of_another(void)
{
    static const char *const known[] = {"id", "title", "body", "date", "section", "url", "source"};
    fih_writer *w = begin();
    fih_field extra[2] = {{str("x"), str("1")}, {str(""), str("v")}};
    fih_doc d = FIH_DOC_INIT;
    fih_reader *r;

    d.id = str("1");
    d.extra = extra;
    d.extra_count = 2;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        extra[1].name = str(known[i]);
        CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_E_USAGE);
        CHECK(strstr(err.msg, known[i]) != NULL, "%s", err.msg);
    }
    CHECK_STR_EQ(err.msg, "extra field 2 is named 'source', as one that every document has: it goes there");
    extra[1].name = str("titles");
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
    r = finish(w);
    CHECK_INT_EQ(fih_reader_doc_count(r), 1);
    fih_reader_close(r);
}

int main(void)
{
    place_new("export");
    RUN(every_document_is_given_once_and_in_order);
    RUN(a_line_has_the_fields_in_order_and_several_values_as_an_array);
    RUN(what_an_object_cannot_say_is_in_pairs);
    RUN(whatever_can_be_stored_comes_back);
    RUN(many_fields_come_back);
    RUN(an_extra_field_has_no_name_of_another);
    place_remove(place);
    return DONE();
}
