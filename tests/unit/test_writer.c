/* test_writer.c - adding, replacing, deleting, committing and not, through the API. */
#include <sys/syscall.h>
#include <time.h>

#include "fihrist.h"
#include "index/invert_part.h"
#include "place.h"
#include "store/store.h"
#include "tap.h"

enum { MANY_WORDS = IS_ASAN ? 1400000 : 2000000 };

static fih_error err;
static uint64_t seed = 17;
static uint32_t rnd(uint32_t n) { return (uint32_t)(tap_random(&seed) % n); }
static fih_str str(const char *s) { return (fih_str){s, strlen(s)}; }

static fih_writer *open_writer(const fih_writer_opts *o)
{
    fih_writer *w = NULL;

    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), o, &err), FIH_OK, "%s", err.msg);
    return w;
}

static fih_writer *new_index(void)
{
    place_remove(place_path("index"));
    return open_writer(NULL);
}

static int add(fih_writer *w, const char *id, const char *body, const char *source)
{
    fih_doc d = FIH_DOC_INIT;

    d.id = str(id);
    d.body = str(body);
    d.source = str(source);
    return fih_writer_add(w, &d, &err);
}

static int drop(fih_writer *w, const char *id) { return fih_writer_delete(w, fih_str_of(id), &err); }

static void commit(fih_writer *w) { CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg); }

static fih_reader *open_reader(void)
{
    fih_reader *r = NULL;

    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK, "%s", err.msg);
    return r;
}

static fih_stats stats(void)
{
    fih_stats s = FIH_STATS_INIT;
    fih_reader *r = open_reader();

    CHECK_INT_EQ(fih_reader_stats(&s, r, &err), FIH_OK);
    fih_reader_close(r);
    return s;
}

static uint64_t doc_count(void) { return stats().documents; }

/* The body of a committed document is this; NULL: there is no such document. */
static int body_is(const char *id, const char *want)
{
    fih_reader *r = open_reader();
    fih_stored *s = NULL;
    fih_docno doc;
    fih_str got = {NULL, 0};
    int rc = fih_reader_find(&doc, r, fih_str_of(id), &err), good;

    if (rc == FIH_OK && (rc = fih_reader_doc(&s, r, doc, &err)) == FIH_OK)
        got = fih_stored_get(s, "body");
    good = want ? rc == FIH_OK && got.len == strlen(want) && memcmp(got.ptr, want, got.len) == 0 : rc == FIH_E_NOTFOUND;
    fih_stored_free(s);
    fih_reader_close(r);
    return good;
}

/* Documents that a word is found in. */
static uint64_t hits(const char *word)
{
    fih_reader *r = open_reader();
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_query *q = NULL;
    fih_hits *h = NULL;
    uint64_t n = UINT64_MAX;

    o.count_all = 1;
    CHECK_INT_EQ(fih_query_plain(&q, fih_str_of(word), &err), FIH_OK);
    if (CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), FIH_OK, "%s", err.msg))
        n = fih_hits_total(h);
    fih_hits_free(h);
    fih_query_free(q);
    fih_reader_close(r);
    return n;
}

static void is_sound(void)
{
    CHECK_INT_EQ(fih_check(NULL, place_path("index"), NULL, NULL, &err), FIH_OK, "%s", err.msg);
}

/* ---- documents */

static void the_last_document_of_an_id_is_the_one_that_counts(void)
{
    fih_writer *w = new_index();

    REQUIRE(w);
    CHECK_INT_EQ(add(w, "a", "اول", "") | add(w, "b", "بحر", "") | add(w, "a", "ثان", ""), FIH_OK); /* within a batch */
    commit(w);
    CHECK(body_is("a", "ثان") && body_is("b", "بحر"));
    CHECK_INT_EQ(doc_count(), 2);
    CHECK_INT_EQ(hits("اول"), 0);
    CHECK_INT_EQ(add(w, "a", "ثالث", ""), FIH_OK); /* over a commit */
    CHECK(body_is("a", "ثان"));
    commit(w);
    CHECK(body_is("a", "ثالث"));
    CHECK_INT_EQ(doc_count(), 2);
    CHECK_INT_EQ(hits("ثان"), 0);
    CHECK_INT_EQ(hits("ثالث"), 1);
    fih_writer_close(w);
    is_sound();
}

static void a_deleted_document_is_gone_and_can_come_back(void)
{
    fih_writer *w = new_index();

    REQUIRE(w);
    CHECK_INT_EQ(add(w, "a", "واحد", "") | add(w, "b", "بحر", ""), FIH_OK);
    CHECK_INT_EQ(drop(w, "a"), FIH_OK);
    CHECK_INT_EQ(drop(w, "a"), FIH_E_NOTFOUND);
    CHECK(strstr(err.msg, "'a'") != NULL, "%s", err.msg);
    CHECK_INT_EQ(drop(w, "c"), FIH_E_NOTFOUND);
    commit(w);
    CHECK(body_is("a", NULL) && body_is("b", "بحر"));
    CHECK_INT_EQ(drop(w, "b"), FIH_OK);
    CHECK_INT_EQ(drop(w, "b"), FIH_E_NOTFOUND);
    CHECK(body_is("b", "بحر"));
    CHECK_INT_EQ(add(w, "b", "جبل", ""), FIH_OK);
    CHECK_INT_EQ(drop(w, "b"), FIH_OK);
    CHECK_INT_EQ(add(w, "b", "نهر", ""), FIH_OK);
    commit(w);
    CHECK(body_is("b", "نهر"));
    CHECK_INT_EQ(doc_count(), 1);
    CHECK_INT_EQ(hits("بحر جبل واحد"), 0);
    fih_writer_close(w);
    is_sound();
}

static void all_documents_of_a_source_go_wherever_they_are(void)
{
    fih_writer *w = new_index();
    uint64_t count = 99;

    REQUIRE(w);
    CHECK_INT_EQ(add(w, "1", "x", "one") | add(w, "2", "x", "two") | add(w, "3", "x", "one") | add(w, "4", "x", "one"),
                 FIH_OK);
    commit(w);
    CHECK_INT_EQ(add(w, "5", "x", "one") | add(w, "6", "x", "two") | add(w, "7", "x", "") | add(w, "3", "y", "two"),
                 FIH_OK);
    CHECK_INT_EQ(fih_writer_delete_source(&count, w, FIH_STR("one"), &err), FIH_OK);
    CHECK_INT_EQ(count, 3);                     /* 1, 4 and 5: 3 has another source now */
    CHECK_INT_EQ(fih_writer_delete_source(&count, w, FIH_STR("one"), &err), FIH_OK);
    CHECK_INT_EQ(count, 0);
    CHECK_INT_EQ(fih_writer_delete_source(NULL, w, FIH_STR("on"), &err), FIH_OK);
    CHECK_INT_EQ(fih_writer_delete_source(&count, w, FIH_STR(""), &err), FIH_OK);
    CHECK_INT_EQ(count, 0);
    commit(w);
    CHECK(body_is("1", NULL) && body_is("2", "x") && body_is("3", "y") && body_is("4", NULL) && body_is("5", NULL) &&
          body_is("7", "x"));
    CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_OK);
    CHECK_INT_EQ(fih_writer_delete_source(&count, w, FIH_STR("two"), &err), FIH_OK);
    CHECK_INT_EQ(count, 3);
    commit(w);
    CHECK_INT_EQ(doc_count(), 1);
    fih_writer_close(w);
    is_sound();
}

/* The source of an id as the writer tells it; NULL: there is no such document. */
static int source_is(fih_writer *w, const char *id, const char *want)
{
    fih_str got;
    const int rc = fih_writer_source(&got, w, fih_str_of(id), &err);

    return want ? rc == FIH_OK && got.len == strlen(want) && memcmp(got.ptr, want, got.len) == 0 : rc == FIH_E_NOTFOUND;
}

static void the_source_of_an_id_is_told_as_the_next_commit_would_have_it(void)
{
    fih_writer *w = new_index();

    REQUIRE(w);
    CHECK(source_is(w, "1", NULL) && source_is(w, "", NULL));
    CHECK_INT_EQ(add(w, "1", "x", "one") | add(w, "2", "x", "two") | add(w, "3", "x", "two") | add(w, "4", "x", "") |
                     add(w, "5", "x", "one"),
                 FIH_OK);
    for (int i = 0; i < 3; i++) {               /* waiting, committed, merged */
        CHECK(source_is(w, "1", "one") && source_is(w, "2", "two") && source_is(w, "3", "two") &&
                  source_is(w, "4", "") && source_is(w, "5", "one") && source_is(w, "6", NULL),
              "%d", i);
        CHECK_INT_EQ(i == 0 ? fih_writer_commit(w, &err) : fih_writer_merge(w, &err), FIH_OK);
    }
    CHECK_INT_EQ(add(w, "2", "y", "three") | drop(w, "3"), FIH_OK);
    CHECK_INT_EQ(fih_writer_delete_source(NULL, w, FIH_STR("one"), &err), FIH_OK);
    CHECK(source_is(w, "1", NULL) && source_is(w, "2", "three") && source_is(w, "3", NULL) && source_is(w, "5", NULL));
    CHECK_INT_EQ(fih_writer_rollback(w, &err), FIH_OK);
    CHECK(source_is(w, "1", "one") && source_is(w, "2", "two") && source_is(w, "3", "two"));
    fih_writer_close(w);
}

static void every_field_is_stored_and_what_is_empty_is_absent(void)
{
    const fih_field extra[] = {{{"author", 6}, {"Ibn Khaldun", 11}}, {{"note", 4}, {"\0\xFF", 2}}};
    static const char *const want[] = {"id", "title", "body", "section", "url", "source", "author", "note"};
    fih_writer *w = new_index();
    fih_doc d = FIH_DOC_INIT;
    fih_reader *r;
    fih_stored *s = NULL;
    const fih_field *f;

    REQUIRE(w);
    d.id = str("all");
    d.title = str("عنوان");
    d.body = str("نص");
    d.section = str("ثقافة");
    d.url = str("http://example.org/");
    d.source = str("/a/b.jsonl");
    d.extra = extra;
    d.extra_count = 2;
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK);
    d = (fih_doc)FIH_DOC_INIT;
    d.id = str("bare");
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK);
    commit(w);
    fih_writer_close(w);
    r = open_reader();
    REQUIRE(fih_reader_doc(&s, r, 0, &err) == FIH_OK, "%s", err.msg);
    for (unsigned i = 0; i < 8; i++)
        CHECK((f = fih_stored_at(s, i)) != NULL && f->name.len == strlen(want[i]) &&
                  memcmp(f->name.ptr, want[i], f->name.len) == 0,
              "%u", i);
    CHECK(f->value.len == 2 && memcmp(f->value.ptr, "\0\xFF", 2) == 0);
    CHECK((f = fih_stored_at(s, 8)) == NULL);
    CHECK_INT_EQ(fih_stored_get(s, "date").len, 0);
    fih_stored_free(s);
    REQUIRE(fih_reader_doc(&s, r, 1, &err) == FIH_OK);
    CHECK((f = fih_stored_at(s, 0)) != NULL && (f = fih_stored_at(s, 1)) == NULL);
    fih_stored_free(s);
    CHECK_INT_EQ(fih_reader_doc(&s, r, 2, &err), FIH_E_NOTFOUND);
    fih_reader_close(r);
}

static void ids_are_any_bytes_up_to_the_limit(void)
{
    static char id[FIH_MAX_ID + 1];
    fih_writer *w = new_index();
    fih_doc d = FIH_DOC_INIT;
    fih_reader *r;
    fih_docno doc;

    REQUIRE(w);
    memset(id, 'x', sizeof id);
    d.body = str("نص");
    for (unsigned i = 0; i < 3; i++) {
        id[FIH_MAX_ID - 1] = (char)('a' + i);
        d.id = (fih_str){id, FIH_MAX_ID};
        CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
    }
    d.id = (fih_str){"\0", 1};
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK);
    d.id = (fih_str){"\0\0\xFF\n", 4};
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK);
    d.id = (fih_str){id, FIH_MAX_ID + 1};
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_E_LIMIT);
    d.id = (fih_str){"id", 2};
    d.source = (fih_str){id, FIH_MAX_ID + 1};
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_E_LIMIT);
    d.source = (fih_str){id, FIH_MAX_ID};
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK);
    d.id = (fih_str){NULL, 0};
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_E_USAGE);
    d.id = (fih_str){"id", 2};
    d.body.len = FIH_MAX_TEXT + 1u;
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_E_LIMIT);
    d.size = 0;
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_E_USAGE);
    commit(w);                                  /* what was refused drops nothing */
    CHECK_INT_EQ(doc_count(), 6);
    id[FIH_MAX_ID - 1] = 'b';
    CHECK_INT_EQ(fih_writer_delete(w, (fih_str){id, FIH_MAX_ID}, &err), FIH_OK);
    commit(w);
    r = open_reader();
    CHECK_INT_EQ(fih_reader_find(&doc, r, (fih_str){id, FIH_MAX_ID}, &err), FIH_E_NOTFOUND);
    id[FIH_MAX_ID - 1] = 'c';
    CHECK(fih_reader_find(&doc, r, (fih_str){id, FIH_MAX_ID}, &err) == FIH_OK && doc == 2);
    CHECK(fih_reader_find(&doc, r, (fih_str){"\0", 1}, &err) == FIH_OK && doc == 3);
    CHECK(fih_reader_find(&doc, r, (fih_str){"\0\0\xFF\n", 4}, &err) == FIH_OK && doc == 4);
    CHECK_INT_EQ(fih_reader_find(&doc, r, (fih_str){"\0\0", 2}, &err), FIH_E_NOTFOUND);
    fih_reader_close(r);
    fih_writer_close(w);
    is_sound();
}

static void ill_formed_text_is_counted_and_the_words_around_are_found(void)
{
    fih_writer *w = new_index();
    const fih_progress *p;

    REQUIRE(w);
    CHECK_INT_EQ(add(w, "a", "قلم\xFF\xD9 بحر \xE2\x82 جبل", ""), FIH_OK);
    p = fih_writer_progress(w);
    CHECK_INT_EQ(p->ill_formed, 3);
    commit(w);
    p = fih_writer_progress(w);
    CHECK_INT_EQ(p->ill_formed, 3);
    fih_writer_close(w);
    CHECK(body_is("a", "قلم\xEF\xBF\xBD\xEF\xBF\xBD بحر \xEF\xBF\xBD جبل"));
    CHECK_INT_EQ(hits("قلم"), 1);
    CHECK_INT_EQ(hits("بحر"), 1);
    CHECK_INT_EQ(hits("جبل"), 1);
}

static void words_longer_than_a_term_are_cut_and_still_found(void)
{
    char word[801];
    fih_writer *w = new_index();

    REQUIRE(w);
    for (unsigned i = 0; i < 400; i++)
        memcpy(word + 2 * i, i % 2 ? "ب" : "ق", 2);
    word[800] = '\0';
    CHECK_INT_EQ(add(w, "arabic", word, ""), FIH_OK);
    commit(w);
    CHECK_INT_EQ(hits(word), 1);
    memset(word, 'q', 800);
    CHECK_INT_EQ(add(w, "latin", word, ""), FIH_OK);
    commit(w);
    CHECK_INT_EQ(hits(word), 1);
    fih_writer_close(w);
    is_sound();
}

/* ---- commits */

static void rollback_leaves_the_last_commit(void)
{
    fih_writer *w = new_index();
    const fih_progress *p;
    char id[32];

    REQUIRE(w);
    CHECK_INT_EQ(add(w, "a", "قديم", "s") | add(w, "b", "قديم", "s"), FIH_OK);
    commit(w);
    for (unsigned round = 0; round < 3; round++) {
        uint64_t n;

        CHECK_INT_EQ(add(w, "a", "جديد", "s") | add(w, "c", "جديد", "s") | drop(w, "b"), FIH_OK);
        for (unsigned i = 0; i < 5000; i++) {   /* more than a chunk */
            snprintf(id, sizeof id, "%u", i);
            CHECK_INT_EQ(add(w, id, "كثير", "s"), FIH_OK);
        }
        CHECK_INT_EQ(fih_writer_delete_source(&n, w, FIH_STR("s"), &err), FIH_OK);
        CHECK_INT_EQ(n, 5002);
        CHECK_INT_EQ(fih_writer_rollback(w, &err), FIH_OK, "%s", err.msg);
        p = fih_writer_progress(w);
        CHECK_INT_EQ(p->docs_added, 2);
        CHECK_INT_EQ(p->docs_deleted, 0);
    }
    commit(w);
    CHECK(body_is("a", "قديم") && body_is("b", "قديم") && body_is("c", NULL));
    CHECK_INT_EQ(doc_count(), 2);
    CHECK_INT_EQ(add(w, "c", "جديد", ""), FIH_OK);
    fih_writer_close(w);                        /* and so does closing */
    CHECK_INT_EQ(doc_count(), 2);
    CHECK_INT_EQ(stats().deleted, 0);
    is_sound();
}

static void progress_counts_what_was_done(void)
{
    fih_writer *w = new_index();
    const fih_progress *p;

    REQUIRE(w);
    CHECK_INT_EQ(add(w, "a", "12345", "") | add(w, "b", "123", "") | add(w, "a", "1", "") | drop(w, "b"), FIH_OK);
    commit(w);
    p = fih_writer_progress(w);
    CHECK_INT_EQ(p->docs_added, 3);
    CHECK_INT_EQ(p->docs_deleted, 2);
    CHECK_INT_EQ(p->text_bytes, 9);
    CHECK_INT_EQ(p->segments_written, 1);
    CHECK_INT_EQ(p->merge_docs_all, 0);
    fih_writer_close(w);
}

static void an_empty_commit_is_a_commit(void)
{
    fih_writer *w = new_index();
    fih_stats before, after;

    REQUIRE(w);
    CHECK_INT_EQ(add(w, "a", "x", ""), FIH_OK);
    commit(w);
    before = stats();
    usleep(1100 * 1000);
    commit(w);
    after = stats();
    CHECK_INT_EQ(after.generation, before.generation + 1);
    CHECK(after.last_commit > before.last_commit && llabs(after.last_commit - (long long)time(NULL)) < 10);
    CHECK_INT_EQ(after.segments, before.segments);
    CHECK_INT_EQ(after.documents, 1);
    CHECK_INT_EQ(after.format_major, 3);
    CHECK_STR_EQ(after.analyzer, "arabic");
    fih_writer_close(w);
}

static void weights_are_kept_until_others_are_given(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = new_index();

    REQUIRE(w);
    commit(w);
    fih_writer_close(w);
    CHECK_NEAR(stats().title_weight, 0.6, 1e-6);
    CHECK_NEAR(stats().body_weight, 1, 1e-6);
    o.title_weight = 2.5f;
    w = open_writer(&o);
    commit(w);
    fih_writer_close(w);
    w = open_writer(NULL);
    commit(w);
    fih_writer_close(w);
    CHECK_NEAR(stats().title_weight, 2.5, 1e-6);
    CHECK_NEAR(stats().body_weight, 1, 1e-6);
}

static void deleting_everything_leaves_an_index_that_works(void)
{
    fih_writer *w = new_index();
    char id[32];

    REQUIRE(w);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 300; i++) {
            snprintf(id, sizeof id, "%u", i);
            CHECK_INT_EQ(add(w, id, "بحر", ""), FIH_OK);
            if (i % 100 == 50)
                commit(w);
        }
        commit(w);
        for (unsigned i = 0; i < 300; i++) {
            snprintf(id, sizeof id, "%u", i);
            CHECK_INT_EQ(drop(w, id), FIH_OK);
        }
        commit(w);
        CHECK_INT_EQ(doc_count(), 0);
        CHECK_INT_EQ(hits("بحر"), 0);
        CHECK_INT_EQ(stats().segments, 0);
        CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_OK);
        CHECK_INT_EQ(hits("بحر"), 0);
        is_sound();
    }
    CHECK_INT_EQ(add(w, "after", "بحر", ""), FIH_OK);
    commit(w);
    CHECK_INT_EQ(hits("بحر"), 1);
    fih_writer_close(w);
}

static void many_small_commits_leave_few_segments(void)
{
    fih_writer *w = new_index();
    char id[32];
    unsigned most = 0;

    REQUIRE(w);
    for (unsigned i = 0; i < 100; i++) {
        for (unsigned k = 0; k < 3; k++) {
            snprintf(id, sizeof id, "%u", i * 3 + k);
            CHECK_INT_EQ(add(w, id, "بحر", ""), FIH_OK);
        }
        if (i > 20) {
            snprintf(id, sizeof id, "%u", i);
            CHECK_INT_EQ(drop(w, id), FIH_OK);
        }
        commit(w);
        most = stats().segments > most ? stats().segments : most;
    }
    CHECK(most <= 14, "%u segments", most);
    CHECK_INT_EQ(doc_count(), 300 - 79);
    CHECK_INT_EQ(hits("بحر"), 300 - 79);
    CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_OK);
    CHECK_INT_EQ(stats().segments, 1);
    CHECK_INT_EQ(stats().deleted, 0);
    CHECK_INT_EQ(hits("بحر"), 300 - 79);
    fih_writer_close(w);
    is_sound();
}

/* ---- cancelling */

struct stopper {
    int      stop;
    unsigned calls;
};

static int on_progress(void *ctx, const fih_progress *p)
{
    struct stopper *s = ctx;

    (void)p;
    s->calls++;
    return s->stop;
}

static int add_many(fih_writer *w, const char *prefix, unsigned count)
{
    char id[32];
    int rc = FIH_OK;

    for (unsigned i = 0; i < count && rc == FIH_OK; i++) {
        snprintf(id, sizeof id, "%s%u", prefix, i);
        rc = add(w, id, "نص من كلمات قليلة", "");
    }
    return rc;
}

static void cancelling_drops_what_was_not_committed_and_the_writer_goes_on(void)
{
    struct stopper s = {0, 0};
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w;

    o.on_progress = on_progress;
    o.ctx = &s;
    place_remove(place_path("index"));
    w = open_writer(&o);
    REQUIRE(w);
    CHECK_INT_EQ(add_many(w, "kept", 100), FIH_OK);
    commit(w);
    CHECK(s.calls > 0);
    s.stop = 1;
    usleep(120 * 1000);                         /* it is asked ten times a second */
    CHECK_INT_EQ(add_many(w, "add", 10000), FIH_E_CANCEL);
    CHECK_INT_EQ(err.code, FIH_E_CANCEL);
    s.stop = 0;
    CHECK_INT_EQ(add_many(w, "commit", 100), FIH_OK);
    s.stop = 1;
    usleep(120 * 1000);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_E_CANCEL);
    s.stop = 0;
    commit(w);
    CHECK_INT_EQ(doc_count(), 100);
    CHECK_INT_EQ(add_many(w, "more", 5000), FIH_OK);
    commit(w);
    s.stop = 1;
    usleep(120 * 1000);
    CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_E_CANCEL);
    CHECK_INT_EQ(doc_count(), 5100);
    s.stop = 0;
    CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(doc_count(), 5100);
    CHECK_INT_EQ(stats().segments, 1);
    fih_writer_close(w);
    is_sound();
}

/* A writer asks at most ten times a second. On this clock a second passes between two looks, so it always asks. */
static struct {
    int    is_fast;
    time_t ahead;
} watch;

int clock_gettime(clockid_t clock, struct timespec *t)
{
    const int rc = (int)syscall(SYS_clock_gettime, clock, t);

    t->tv_sec += watch.ahead += watch.is_fast;
    return rc;
}

static int stop_at(void *ctx, const fih_progress *p)
{
    struct stopper *s = ctx;

    (void)p;
    return ++s->calls >= (unsigned)s->stop;
}

static void cancelling_at_any_moment_leaves_the_last_commit(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    struct stopper s = {0, 0};
    unsigned cancelled = 0;
    fih_writer *w = new_index();

    o.on_progress = stop_at;
    o.ctx = &s;
    CHECK_INT_EQ(add_many(w, "kept", 1500), FIH_OK);
    commit(w);
    fih_writer_close(w);
    for (s.stop = 1; s.stop < 100; s.stop++) {
        int rc;

        s.calls = 0;
        w = open_writer(&o);
        REQUIRE(w);
        watch.is_fast = 1;
        rc = add_many(w, "new", 1500);
        if (rc == 0)
            rc = fih_writer_commit(w, &err);
        if (rc == 0)
            rc = fih_writer_merge(w, &err);
        watch.is_fast = 0;
        fih_writer_close(w);
        if (rc == 0)
            break;
        CHECK_INT_EQ(rc, FIH_E_CANCEL, "call %d: %s", s.stop, err.msg);
        CHECK(doc_count() == 1500 || doc_count() == 3000, "call %d: %u", s.stop, (unsigned)doc_count());
        cancelled++;
    }
    CHECK(cancelled > 5 && doc_count() == 3000, "%u", cancelled);
    is_sound();
}

/* ---- size */

static char *make_text(unsigned words, size_t *n)
{
    char *out = malloc((size_t)words * 12 + 1);
    size_t at = 0;

    for (unsigned i = 0; i < words; i++) {
        const unsigned w = rnd(1 + rnd(20000));

        at += (size_t)snprintf(out + at, 12, "%c%c%u ", 'a' + w % 26, 'a' + w / 26 % 26, w);
    }
    *n = at;
    return out;
}

static int add_texts(fih_writer *w, unsigned words, unsigned words_a_doc)
{
    fih_doc d = FIH_DOC_INIT;
    int rc = FIH_OK;
    char id[32];

    for (unsigned i = 0; i < words / words_a_doc && rc == FIH_OK; i++) {
        char *text = make_text(words_a_doc, &d.body.len);

        snprintf(id, sizeof id, "doc/%u", i);
        d.id = str(id);
        d.body.ptr = text;
        d.title = (fih_str){text, d.body.len < 40 ? d.body.len : 40};
        rc = fih_writer_add(w, &d, &err);
        free(text);
    }
    return rc;
}

static int mix(void *ctx, const uint8_t *key, size_t key_bytes, const uint8_t *payload, size_t bytes)
{
    uint64_t *h = ctx;

    for (size_t i = 0; i < key_bytes; i++)
        *h = (*h ^ key[i]) * UINT64_C(1099511628211);
    for (size_t i = 0; i < bytes; i++)
        *h = (*h ^ payload[i]) * UINT64_C(1099511628211);
    return FIH_OK;
}

/* A hash over every byte of every segment. */
static uint64_t hash_segments(void)
{
    uint64_t h = UINT64_C(14695981039346656037);
    struct store *s = NULL;
    struct snap *t = NULL;

    CHECK_INT_EQ(fihi_store_open(&s, place_path("index"), STORE_READ, 0, &err), FIH_OK);
    CHECK_INT_EQ(fihi_snap_begin(&t, s, 0, &err), FIH_OK);
    CHECK_INT_EQ(fihi_snap_each(t, SPACE_SEGMENT, NULL, 0, mix, &h, &err), FIH_OK);
    fihi_snap_end(t);
    fihi_store_close(s);
    return h;
}

static void the_bytes_are_the_same_with_any_number_of_threads(void)
{
    uint64_t first = 0;

    for (unsigned threads = 1; threads <= 4; threads++) {
        fih_writer_opts o = FIH_WRITER_OPTS_INIT;
        fih_writer *w;

        place_remove(place_path("index"));
        o.threads = threads;
        w = open_writer(&o);
        REQUIRE(w);
        seed = 5;
        CHECK_INT_EQ(add_texts(w, 500000, 300), FIH_OK);   /* some chunks of a mebibyte */
        commit(w);
        CHECK_INT_EQ(add_texts(w, 20000, 10), FIH_OK);
        commit(w);
        fih_writer_close(w);
        if (threads == 1)
            first = hash_segments();
        CHECK(hash_segments() == first, "%u threads", threads);
    }
    is_sound();
}

/* What a flush will take is told beforehand, or the budget does not hold: a table of documents is each thread's own, and
 * so are the counts of a range, which are made only where there are words enough for them. */
static void what_each_thread_of_a_flush_takes_is_counted(void)
{
    struct inverter b = {.doc_count = 1000000, .entry_count = 10000000};
    const uint64_t alone = fihi_inverter_invert_bytes(&b, 1);

    CHECK(alone >= 10000000 * 16 + 1000000 * 8, "%llu", (unsigned long long)alone);
    CHECK(fihi_inverter_invert_bytes(&b, 64) >= alone + 63 * UINT64_C(8000000));
    b.doc_count = 1000;
    b.words.terms.count = b.words.surfaces.count = 100000;
    CHECK(fihi_inverter_invert_bytes(&b, 64) >= 10000000 * 16 + 64 * (100000 * UINT64_C(8) + 100000 * UINT64_C(4)));
    b.words.terms.count = b.words.surfaces.count = 10000000;
    CHECK(fihi_inverter_invert_bytes(&b, 64) <= 2 * 10000000 * UINT64_C(16) + 10000000 * UINT64_C(24));
    CHECK_INT_EQ(fihi_invert_ranges(&b, 64), 1);
    b.entry_count = 0;
    CHECK_INT_EQ(fihi_invert_ranges(&b, 64), 1);
    CHECK_INT_EQ(fihi_invert_ranges(&b, 1), 1);
}

static void a_small_budget_makes_several_segments_of_the_same_documents(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    const fih_progress *p;
    fih_writer *w;

    place_remove(place_path("index"));
    o.memory_bytes = 16 << 20;
    o.threads = 2;
    w = open_writer(&o);
    REQUIRE(w);
    CHECK_INT_EQ(add_texts(w, MANY_WORDS, 200), FIH_OK);
    CHECK_INT_EQ(add(w, "last", "كلمة", ""), FIH_OK);
    CHECK_INT_EQ(drop(w, "doc/0"), FIH_OK);     /* in a segment that is written and not committed */
    CHECK_INT_EQ(drop(w, "doc/0"), FIH_E_NOTFOUND);
    CHECK_INT_EQ(add(w, "doc/1", "كلمة", ""), FIH_OK);
    commit(w);
    p = fih_writer_progress(w);
    CHECK(p->segments_written > 1, "%d", (int)p->segments_written);
    CHECK_INT_EQ(doc_count(), MANY_WORDS / 200);
    CHECK_INT_EQ(hits("كلمة"), 2);
    CHECK(body_is("doc/0", NULL) && body_is("doc/1", "كلمة"));
    is_sound();
    CHECK_INT_EQ(add_texts(w, MANY_WORDS, 200), FIH_OK);
    CHECK_INT_EQ(fih_writer_rollback(w, &err), FIH_OK);     /* of segments written */
    CHECK_INT_EQ(add(w, "more", "كلمة", ""), FIH_OK);
    commit(w);
    fih_writer_close(w);
    CHECK_INT_EQ(hits("كلمة"), 3);
    is_sound();
}

static void a_document_of_a_hundred_megabytes_is_one_document(void)
{
    static const size_t bytes = 100u << 20;
    fih_doc d = FIH_DOC_INIT;
    char *text;
    fih_writer *w;
    fih_reader *r;
    fih_stored *s = NULL;

    if (IS_ASAN)
        SKIP("it takes long with sanitizers");
    w = new_index();
    REQUIRE(w && (text = malloc(bytes)));
    for (size_t i = 0; i + 16 <= bytes; i += 16)            /* few words, many times */
        memcpy(text + i,
               i == bytes / 16 / 2 * 16 ? "needleinhaystack"
               : i % 160                ? "بحر و جب \n"
                                        : "kitab qalam dars",
               16);
    CHECK_INT_EQ(add(w, "small", "قبل", ""), FIH_OK);
    d.id = str("huge");
    d.title = str("كبير");
    d.body = (fih_str){text, bytes};
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(add(w, "small too", "بعد", ""), FIH_OK);
    commit(w);
    fih_writer_close(w);
    CHECK_INT_EQ(hits("needleinhaystack"), 1);
    r = open_reader();
    REQUIRE(fih_reader_doc(&s, r, 1, &err) == FIH_OK, "%s", err.msg);
    CHECK(fih_stored_get(s, "body").len == bytes && memcmp(fih_stored_get(s, "body").ptr, text, bytes) == 0);
    fih_stored_free(s);
    fih_reader_close(r);
    free(text);
    is_sound();
    place_remove(place_path("index"));
}

int main(void)
{
    place_new("writer");
    RUN(the_last_document_of_an_id_is_the_one_that_counts);
    RUN(a_deleted_document_is_gone_and_can_come_back);
    RUN(all_documents_of_a_source_go_wherever_they_are);
    RUN(the_source_of_an_id_is_told_as_the_next_commit_would_have_it);
    RUN(every_field_is_stored_and_what_is_empty_is_absent);
    RUN(ids_are_any_bytes_up_to_the_limit);
    RUN(ill_formed_text_is_counted_and_the_words_around_are_found);
    RUN(words_longer_than_a_term_are_cut_and_still_found);
    RUN(rollback_leaves_the_last_commit);
    RUN(progress_counts_what_was_done);
    RUN(an_empty_commit_is_a_commit);
    RUN(weights_are_kept_until_others_are_given);
    RUN(deleting_everything_leaves_an_index_that_works);
    RUN(many_small_commits_leave_few_segments);
    RUN(cancelling_drops_what_was_not_committed_and_the_writer_goes_on);
    RUN(cancelling_at_any_moment_leaves_the_last_commit);
    RUN(the_bytes_are_the_same_with_any_number_of_threads);
    RUN(what_each_thread_of_a_flush_takes_is_counted);
    RUN(a_small_budget_makes_several_segments_of_the_same_documents);
    RUN(a_document_of_a_hundred_megabytes_is_one_document);
    place_remove(place);
    return DONE();
}
