/* test_rebuild.c - all terms of an index made anew of what it has stored: in place, or in a new directory. */
#include "age.h"
#include "api/handles.h"
#include "index/writer.h"
#include "shelf.h"

enum { DOCS = 2500 };                  /* some chunks */

/* "pages:keyword 2498, " and so on: all fields of the index' own. */
static const char *fields_of(const fih_reader *r)
{
    static char text[1000];
    fih_fields *fields = NULL;

    *text = '\0';
    CHECK_INT_EQ(fih_reader_fields(&fields, r, &err), FIH_OK);
    for (size_t i = 0; i < fih_fields_count(fields); i++) {
        const fih_field_info *const f = fih_fields_at(fields, i);

        snprintf(text + strlen(text), sizeof text - strlen(text), "%s:%s %u, ", f->name, f->kind_name,
                 (unsigned)f->docs);
    }
    fih_fields_free(fields);
    return text;
}

/* An index of two fields with a note, some documents deleted, in several segments; the user's lexicon is its own. */
static void make(const char *analyzer, const char *lexicon)
{
    const fih_field extra[] = {{str("tags"), str("بحر")}, {str("tags"), str("سفر")}, {str("pages"), str("12")},
                               {str("other"), str("7")}};
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    char id[32], body[64];

    place_remove(place_path("index"));
    o.analyzer = analyzer;
    o.lexicon = str(lexicon);
    o.fields = str("tags:keyword* pages:integer");
    o.title_weight = 0.25f;
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), &o, &err), FIH_OK, "%s", err.msg);
    REQUIRE(w);
    for (unsigned i = 0; i < DOCS; i++) {
        fih_doc d = FIH_DOC_INIT;

        snprintf(id, sizeof id, "d%u", i);
        snprintf(body, sizeof body, "السفينة رقم%u والكتاب", i);
        d.id = str(id);
        d.title = str("التكاتك");
        d.body = str(body);
        d.date = str("2 مايو 1999");
        d.section = str("ميناء");
        d.url = str("https://example.org/");
        d.source = str(i % 2 ? "odd.txt" : "even.txt");
        d.extra = extra;
        d.extra_count = 4;
        CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
        if (i == DOCS / 2)
            CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    }
    CHECK_INT_EQ(fih_writer_delete(w, FIH_STR("d0"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_delete(w, FIH_STR("d2000"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_note_put(w, FIH_STR("file:/a"), FIH_STR("ledger"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
}

static void age(const char *name)
{
    CHECK_INT_EQ(age_index(place_path("index"), name, &err), FIH_OK, "%s", err.msg);
}

/* Documents that a query finds, or its error. */
static int64_t found(fih_reader *r, const char *text)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_query *q = NULL;
    fih_hits *h = NULL;
    int64_t n;
    int rc;

    o.count_all = 1;
    if ((rc = fih_query_parse(&q, fih_str_of(text), &err)) == 0)
        rc = fih_search(&h, r, q, &o, &err);
    n = rc ? rc : (int64_t)fih_hits_total(h);
    fih_hits_free(h);
    fih_query_free(q);
    return n;
}

static fih_reader *read_at(const char *name)
{
    fih_reader *r = NULL;

    CHECK_INT_EQ(fih_reader_open(&r, place_path(name), &err), FIH_OK, "%s", err.msg);
    return r;
}

struct order {
    unsigned next, count;
};

static int see(void *ctx, fih_docno no, const fih_stored *s)
{
    struct order *const o = ctx;
    const fih_str id = fih_stored_get(s, "id");
    char want[32];
    const fih_field *f;
    unsigned fields = 0;

    (void)no;
    o->next += o->next == 0 || o->next == 2000;
    snprintf(want, sizeof want, "d%u", o->next++);
    CHECK(id.len == strlen(want) && memcmp(id.ptr, want, id.len) == 0, "%.*s for %s", (int)id.len, id.ptr, want);
    CHECK(fih_stored_get(s, "source").len == (o->next % 2 ? strlen("even.txt") : strlen("odd.txt")));
    while ((f = fih_stored_at(s, fields)) != NULL)
        fields++;
    CHECK_INT_EQ(fields, 11);
    o->count++;
    return FIH_OK;
}

/* Is it all there: documents in their order, the note, the fields, the weights? */
static void is_whole(const char *name)
{
    fih_reader *r = read_at(name);
    fih_stats s = FIH_STATS_INIT;
    struct order o = {0, 0};
    fih_str note;

    REQUIRE(r);
    CHECK_INT_EQ(fih_reader_each_doc(r, see, &o, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(o.count, DOCS - 2);
    CHECK_INT_EQ(fih_reader_doc_count(r), DOCS - 2);
    CHECK_INT_EQ(fih_reader_note(&note, r, FIH_STR("file:/a"), &err), FIH_OK, "%s", err.msg);
    CHECK(note.len == 6 && memcmp(note.ptr, "ledger", 6) == 0);
    CHECK_INT_EQ(fih_reader_stats(&s, r, &err), FIH_OK, "%s", err.msg);
    CHECK(s.title_weight == 0.25f && s.body_weight == 1.0f);
    fih_reader_close(r);
    CHECK_INT_EQ(fih_check(NULL, place_path(name), NULL, NULL, &err), FIH_OK, "%s", err.msg);
}

static void answers(const char *name)
{
    fih_reader *r = read_at(name);

    REQUIRE(r);
    CHECK_INT_EQ(found(r, "السفينة"), DOCS - 2, "%s", err.msg);
    CHECK_INT_EQ(found(r, "\"رقم17\""), 1, "%s", err.msg);
    CHECK_INT_EQ(found(r, "\"رقم2000\""), 0, "%s", err.msg);
    CHECK_INT_EQ(found(r, "tags:سفر"), DOCS - 2, "%s", err.msg);
    CHECK_INT_EQ(found(r, "pages:10..12 date:1999-05-02 section:ميناء"), DOCS - 2, "%s", err.msg);
    fih_reader_close(r);
}

static void in_place_everything_stays_but_the_terms(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_stats before = FIH_STATS_INIT, after = before;
    fih_reader *old, *fresh;
    int changed = 0;

    for (o.threads = 1; o.threads <= 3; o.threads += 2) {
        make(NULL, "");
        age(NULL);
        old = read_at("index");
        CHECK_INT_EQ(found(old, "السفينة"), FIH_E_ANALYZER);
        CHECK_INT_EQ(fih_reader_stats(&before, old, &err), FIH_OK);
        o.memory_bytes = 16 << 20;
        CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, &o, NULL, NULL, &err), FIH_OK, "%s", err.msg);
        is_whole("index");
        answers("index");
        CHECK_INT_EQ(fih_reader_doc_count(old), DOCS - 2);     /* its snapshot is there still */
        CHECK_INT_EQ(fih_reader_renew(&changed, old, &err), FIH_OK, "%s", err.msg);
        CHECK(changed);
        CHECK_INT_EQ(found(old, "السفينة"), DOCS - 2, "%s", err.msg);
        CHECK_INT_EQ(fih_reader_stats(&after, old, &err), FIH_OK);
        CHECK_INT_EQ(after.generation, before.generation + 1);
        CHECK(!after.needs_rebuild && before.needs_rebuild);
        CHECK_INT_EQ(after.deleted, 0);
        fih_reader_close(old);
    }
    /* and it can be written to */
    fresh = NULL;
    {
        fih_writer *w = NULL;

        CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
        add(w, "d1", "", "زورق");
        CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
        fih_writer_close(w);
        fresh = read_at("index");
        CHECK_INT_EQ(found(fresh, "السفينة"), DOCS - 3, "%s", err.msg);
        fih_reader_close(fresh);
    }
}

static int give_up(void *ctx, fih_doc *doc)
{
    (void)doc;
    return ++*(unsigned *)ctx == 2000 ? 77 : 0;
}

static void one_that_stops_leaves_what_was_there(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    unsigned count = 0;

    make(NULL, "");
    age(NULL);
    o.memory_bytes = 16 << 20;
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, &o, give_up, &count, &err), 77);
    is_whole("index");
    count = 0;
    CHECK_INT_EQ(fih_rebuild(place_path("index"), place_path("new"), &o, give_up, &count, &err), 77);
    CHECK(access(place_path("new"), F_OK) != 0);
    CHECK_INT_EQ(mkdir(place_path("new"), 0755), 0);
    count = 0;
    CHECK_INT_EQ(fih_rebuild(place_path("index"), place_path("new"), &o, give_up, &count, &err), 77);
    CHECK_INT_EQ(rmdir(place_path("new")), 0);                 /* it was there, and is empty again */
}

static void beside_the_old_one_is_only_read(void)
{
    fih_writer *w = NULL;

    make(NULL, "");
    age(NULL);
    CHECK_INT_EQ(chmod(place_path("index"), 0750), 0);
    place_remove(place_path("new"));
    CHECK_INT_EQ(fih_writer_open(&w, place_path("new"), NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_rebuild(place_path("index"), place_path("new"), NULL, NULL, NULL, &err), FIH_E_BUSY);
    CHECK(access(place_path("new/FIHRIST"), F_OK) == 0);
    fih_writer_close(w);                                       /* nothing was committed: as after a kill */
    CHECK_INT_EQ(fih_rebuild(place_path("index"), place_path("new"), NULL, NULL, NULL, &err), FIH_OK, "%s", err.msg);
    is_whole("new");
    answers("new");
    is_whole("index");
    CHECK_INT_EQ(fih_rebuild(place_path("index"), place_path("new"), NULL, NULL, NULL, &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_rebuild(place_path("index"), place_path("index"), NULL, NULL, NULL, &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_rebuild(place_path("none"), place_path("made"), NULL, NULL, NULL, &err), FIH_E_NOTFOUND);
    CHECK(access(place_path("made"), F_OK) != 0);
    CHECK_INT_EQ(fih_rebuild(place_path("none"), NULL, NULL, NULL, NULL, &err), FIH_E_NOTFOUND);
    CHECK(access(place_path("none"), F_OK) != 0);
    is_whole("new");
    is_whole("index");
}

static void another_analyzer_and_lexicon(void)
{
    static const char lexicon[] = "توكتوك\tتكاتك\n";
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_reader *r;

    make(NULL, lexicon);
    r = read_at("index");
    CHECK_INT_EQ(found(r, "توكتوك"), DOCS - 2, "%s", err.msg);
    fih_reader_close(r);
    age(NULL);
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, NULL, NULL, NULL, &err), FIH_OK, "%s", err.msg);
    r = read_at("index");
    CHECK_INT_EQ(found(r, "توكتوك"), DOCS - 2, "the lexicon is kept: %s", err.msg);
    fih_reader_close(r);
    o.analyzer = "arabic-exact";                               /* it uses none */
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, &o, NULL, NULL, &err), FIH_OK, "%s", err.msg);
    is_whole("index");
    r = read_at("index");
    CHECK_INT_EQ(found(r, "سفينة"), 0, "%s", err.msg);
    CHECK_INT_EQ(found(r, "السفينة"), DOCS - 2, "%s", err.msg);
    fih_reader_close(r);
    o.analyzer = "arabic";
    o.lexicon = str(lexicon);
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, &o, NULL, NULL, &err), FIH_OK, "%s", err.msg);
    r = read_at("index");
    CHECK_INT_EQ(found(r, "توكتوك"), DOCS - 2, "%s", err.msg);
    fih_reader_close(r);
    is_whole("index");
    age("arabic-2090");
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, NULL, NULL, NULL, &err), FIH_E_ANALYZER);
    CHECK(strstr(err.msg, "arabic-2090") != NULL);
    CHECK_INT_EQ(fih_rebuild(place_path("index"), place_path("copy"), NULL, NULL, NULL, &err), FIH_E_ANALYZER);
    CHECK(access(place_path("copy"), F_OK) != 0);
    is_whole("index");
    o.analyzer = "arabic-light";
    o.lexicon = str("");
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, &o, NULL, NULL, &err), FIH_OK, "%s", err.msg);
    is_whole("index");
}

static int add_values(void *ctx, fih_doc *doc)
{
    static fih_field extra[8];

    (void)ctx;
    memcpy(extra, doc->extra, doc->extra_count * sizeof *extra);
    extra[doc->extra_count++] = (fih_field){str("late"), str("نعم")};
    doc->extra = extra;
    return FIH_OK;
}

static void fields_change_and_values_are_made_anew(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_reader *r;

    make(NULL, "");
    o.fields = str("pages:keyword other:integer tags:none late:keyword");
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, &o, add_values, NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_check(NULL, place_path("index"), NULL, NULL, &err), FIH_OK, "%s", err.msg);
    r = read_at("index");
    CHECK_STR_EQ(fields_of(r), "pages:keyword 2498, other:integer 2498, late:keyword 2498, ");
    CHECK_INT_EQ(found(r, "other:7 late:نعم pages:1*"), DOCS - 2, "%s", err.msg);
    CHECK_INT_EQ(found(r, "tags:سفر"), FIH_E_QUERY);
    fih_reader_close(r);
    o.fields = str("tags:keyword* late:none");                 /* the values were stored all the time */
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, &o, NULL, NULL, &err), FIH_OK, "%s", err.msg);
    r = read_at("index");
    CHECK_INT_EQ(found(r, "tags:سفر tags:بحر"), DOCS - 2, "%s", err.msg);
    fih_reader_close(r);
    o.fields = str("title:keyword");
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, &o, NULL, NULL, &err), FIH_E_USAGE);
}

static int add_title(void *ctx, fih_doc *doc)
{
    static const fih_field extra = {{"title", 5}, {"x", 1}};

    (void)ctx;
    doc->extra = &extra;
    doc->extra_count = 1;
    return FIH_OK;
}

static int keep(void *ctx, fih_doc *doc)
{
    ++*(unsigned *)ctx;
    CHECK_INT_EQ(doc->extra_count, 2);
    return FIH_OK;
}

/* Such names were not always refused: what is stored with them stays. */
static void extra_fields_with_names_of_others(void)
{
    const fih_field extra[] = {{str("title"), str("1")}, {str("id"), str("2")}};
    struct writer *w = NULL;
    fih_writer_opts o;
    fih_doc d = FIH_DOC_INIT;
    unsigned count = 0;
    fih_reader *r;

    make(NULL, "");
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, NULL, add_title, NULL, &err), FIH_E_USAGE);
    CHECK_STR_EQ(err.msg, "extra field 1 is named 'title', as one that every document has: it goes there");
    r = read_at("index");
    CHECK_INT_EQ(fih_reader_doc_count(r), DOCS - 2);
    fih_reader_close(r);
    place_remove(place_path("index"));
    CHECK_INT_EQ(fihi_writer_options(&o, NULL, false, &err), FIH_OK);
    CHECK_INT_EQ(fihi_writer_open(&w, place_path("index"), &o, &err), FIH_OK, "%s", err.msg);
    d.id = str("old");
    d.extra = extra;
    d.extra_count = 2;
    CHECK_INT_EQ(fihi_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fihi_writer_commit(w, 0, &err), FIH_OK, "%s", err.msg);
    fihi_writer_close(w);
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, NULL, keep, &count, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_rebuild(place_path("index"), NULL, NULL, keep, &count, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(count, 2);
}

int main(void)
{
    place_new("rebuild");
    RUN(in_place_everything_stays_but_the_terms);
    RUN(one_that_stops_leaves_what_was_there);
    RUN(beside_the_old_one_is_only_read);
    RUN(another_analyzer_and_lexicon);
    RUN(fields_change_and_values_are_made_anew);
    RUN(extra_fields_with_names_of_others);
    place_remove(place);
    return DONE();
}
