/* test_search.c - what the model does not ask: long phrases, limits, options out of range, several threads. */
#include <pthread.h>

#include "search/reference.h"
#include "shelf.h"

/* Ids of the hits, best first, with a space between; or the name of the error. */
static const char *ids(fih_reader *r, const char *text, const fih_search_opts *o)
{
    static char out[4][4000];
    static unsigned turn;
    char *s = out[turn++ % 4];
    fih_query *q = NULL;
    fih_hits *h = NULL;
    const fih_hit *hit;
    size_t at = 0;
    int rc = fih_query_parse(&q, fih_str_of(text), &err);

    *s = '\0';
    if (rc == FIH_OK)
        rc = fih_search(&h, r, q, o, &err);
    for (size_t i = 0; rc == FIH_OK && (hit = fih_hits_at(h, i)) != NULL; i++)
        at += (size_t)snprintf(s + at, 4000 - at, "%s%.*s", i ? " " : "", (int)hit->id.len, hit->id.ptr);
    if (rc != FIH_OK) {
        snprintf(s, 4000, "%s", fih_error_name(rc));
        CHECK(h == NULL && err.code == rc && err.msg[0]);
    }
    fih_hits_free(h);
    fih_query_free(q);
    return s;
}

/* Different words, n of them from `first` on. */
static char *run_of_words(unsigned first, unsigned n, int is_phrase)
{
    char *s = malloc(n * 8 + 4);
    size_t at;

    if (!s)
        abort();
    at = (size_t)sprintf(s, "%s", is_phrase ? "\"" : "");
    for (unsigned i = 0; i < n; i++)
        at += (size_t)sprintf(s + at, "%su%03u", i ? " " : "", first + i);
    sprintf(s + at, "%s", is_phrase ? "\"" : "");
    return s;
}

static void a_phrase_of_any_length_must_stand_whole(void)
{
    char *all = run_of_words(0, 200, 0), *tail = run_of_words(100, 100, 0), *head = run_of_words(0, 100, 0), *phrase;
    char *broken = malloc(strlen(all) + 20);
    fih_writer *w = begin();
    fih_reader *r;

    REQUIRE(w);
    sprintf(broken, "%s between %s", head, tail);
    add(w, "whole", "", all);
    add(w, "broken", "", broken);
    r = finish(w);
    for (unsigned n = 2; n <= 200; n += n < 60 ? 29 : 7) {
        phrase = run_of_words(100 - n / 2, n, 1);
        CHECK_STR_EQ(ids(r, phrase, NULL), "whole", "%u words", n);
        free(phrase);
    }
    phrase = run_of_words(0, 100, 1);
    CHECK_INT_EQ(strlen(ids(r, phrase, NULL)), strlen("whole broken"));
    free(phrase);
    free(all);
    free(head);
    free(tail);
    free(broken);
    fih_reader_close(r);
}

static void a_phrase_does_not_reach_from_the_title_into_the_body(void)
{
    fih_writer *w = begin();
    fih_reader *r;

    REQUIRE(w);
    add(w, "across", "north south", "east west");
    add(w, "within", "x", "north south east west");
    r = finish(w);
    CHECK_STR_EQ(ids(r, "\"south east\"", NULL), "within");
    CHECK_STR_EQ(ids(r, "title:\"north south\"", NULL), "across");
    CHECK_STR_EQ(ids(r, "body:\"north south\"", NULL), "within");
    CHECK_STR_EQ(ids(r, "body:\"east west\" -\"south east\"", NULL), "across");
    fih_reader_close(r);
}

static void a_word_with_a_small_alef_asks_for_either_spelling(void)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_writer *w = begin();
    fih_reader *r;

    REQUIRE(w);
    add(w, "short", "", "كلمة الرحمن هنا");
    add(w, "long", "", "كلمة الرحمان هنا");
    add(w, "vowels", "", "كلمة الرَّحْمٰن هنا");
    add(w, "none", "", "كلمة أخرى هنا");
    r = finish(w);
    o.match_all = 1;
    CHECK_INT_EQ(strlen(ids(r, "كلمة الرحمٰن", &o)), strlen("short long vowels"));
    CHECK_INT_EQ(strlen(ids(r, "كلمة الرحمن", &o)), strlen("short vowels"));
    CHECK_INT_EQ(strlen(ids(r, "كلمة الرحمان", &o)), strlen("long vowels"));
    CHECK_INT_EQ(strlen(ids(r, "كلمة هٰذا", &o)), strlen("short long vowels none")); /* a stop word asks for nothing */
    fih_reader_close(r);
}

static fih_reader *numbers(unsigned n)
{
    fih_writer *w = begin();
    char id[16];

    for (unsigned i = 0; w && i < n; i++) {
        snprintf(id, sizeof id, "%u", i);
        add(w, id, "", i % 2 ? "odd word" : "even word");
    }
    return w ? finish(w) : NULL;
}

static void limit_and_offset_cut_one_list(void)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_reader *r = numbers(30);

    REQUIRE(r);
    CHECK_STR_EQ(ids(r, "word", NULL), "0 1 2 3 4 5 6 7 8 9");
    o.limit = 3;
    o.offset = 4;
    CHECK_STR_EQ(ids(r, "word", &o), "4 5 6");
    o.offset = 28;
    CHECK_STR_EQ(ids(r, "word", &o), "28 29");
    o.offset = 30;
    CHECK_STR_EQ(ids(r, "word", &o), "");
    o.offset = FIH_MAX_LIMIT - 3;
    CHECK_STR_EQ(ids(r, "word", &o), "");
    o.offset = FIH_MAX_LIMIT - 2;
    CHECK_STR_EQ(ids(r, "word", &o), "limit");
    o.offset = UINT32_MAX;
    o.limit = UINT32_MAX;
    CHECK_STR_EQ(ids(r, "word", &o), "limit");
    fih_reader_close(r);
}

/* The best document comes first; what could only be worse lies windows further on, and is never looked at. */
static void a_total_says_whether_it_is_exact(void)
{
    fih_writer *w = begin();
    fih_reader *r;
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_query *q = NULL;
    char id[16];

    REQUIRE(w);
    for (unsigned i = 0; i < 9000; i++) {
        snprintf(id, sizeof id, "%u", i);
        add(w, id, "", i == 0 ? "rare common" : i < 8500 ? "filler" : "common and more words");
    }
    r = finish(w);
    CHECK_INT_EQ(fih_query_plain(&q, FIH_STR("rare common"), &err), FIH_OK);
    for (unsigned i = 0; i < 6; i++) {
        fih_hits *h = NULL;

        o.limit = i % 3 == 0 ? 1 : i % 3 == 1 ? 10 : 1000;
        o.count_all = i >= 3;
        REQUIRE(fih_search(&h, r, q, &o, &err) == FIH_OK);
        CHECK(fih_hits_total(h) == 501 || (!fih_hits_is_exact(h) && fih_hits_total(h) < 501 && i < 2), "%u",
              i);
        CHECK(fih_hits_is_exact(h) || i < 2, "%u", i);
        fih_hits_free(h);
    }
    fih_query_free(q);
    fih_reader_close(r);
}

static void options_out_of_range_are_refused(void)
{
    fih_reader *r = numbers(3);
    const fih_search_opts good = FIH_SEARCH_OPTS_INIT;
    fih_search_opts o[10];

    REQUIRE(r);
    for (unsigned i = 0; i < 10; i++)
        o[i] = good;
    o[0].k1 = -1;
    o[1].k1 = 0;
    o[2].b = 1.5f;
    o[3].b = INFINITY;
    o[4].body_weight = -1;
    o[5].title_weight = 2e6f;
    o[6].field = "url";
    o[7].size = 3;
    o[8].since = FIH_STR("some day");
    o[9].until = FIH_STR("2015-03-12x");
    for (unsigned i = 0; i < 10; i++)
        CHECK_STR_EQ(ids(r, "word", &o[i]), "usage", "%u", i);
    fih_reader_close(r);
}

static void options_of_an_older_caller_are_understood(void)
{
    fih_search_opts o;
    fih_reader *r = numbers(30);

    REQUIRE(r);
    memset(&o, 0xFF, sizeof o);
    o.size = offsetof(fih_search_opts, offset);
    o.limit = 2;
    CHECK_STR_EQ(ids(r, "word", &o), "0 1");
    fih_reader_close(r);
}

static void what_asks_for_nothing_finds_nothing(void)
{
    fih_reader *r = numbers(3);

    REQUIRE(r);
    CHECK_STR_EQ(ids(r, "", NULL), "");
    CHECK_STR_EQ(ids(r, "-word", NULL), "");
    CHECK_STR_EQ(ids(r, "-odd", NULL), "0 2");
    CHECK_STR_EQ(ids(r, "-...", NULL), "");
    CHECK_STR_EQ(ids(r, "\"\"", NULL), "");
    CHECK_STR_EQ(ids(r, "... !!!", NULL), "");
    CHECK_STR_EQ(ids(r, "absent", NULL), "");
    CHECK_STR_EQ(ids(r, "+absent word", NULL), "");
    CHECK_STR_EQ(ids(r, "+\"\" odd", NULL), "1");
    CHECK_STR_EQ(ids(r, "section:\"\" odd", NULL), "");     /* no document is of a section without a name */
    fih_reader_close(r);
}

struct thread {
    pthread_t   id;
    fih_reader *reader;
    int         failed;
};

static void *search_often(void *arg)
{
    struct thread *t = arg;

    for (unsigned i = 0; i < 200; i++) {
        fih_query *q = NULL;
        fih_hits *h = NULL;
        const fih_hit *hit = {0};

        t->failed |= fih_query_parse(&q, (fih_str){i % 2 ? "odd word" : "+even \"even word\"", i % 2 ? 8 : 17}, NULL) != FIH_OK ||
                     fih_search(&h, t->reader, q, NULL, NULL) != FIH_OK || (hit = fih_hits_at(h, 0)) == NULL ||
                     hit->doc != i % 2;
        fih_hits_free(h);
        fih_query_free(q);
    }
    return NULL;
}

static void threads_search_one_reader_at_once(void)
{
    fih_reader *r = numbers(2000);
    struct thread t[4] = {{0}};

    REQUIRE(r);
    for (unsigned i = 0; i < 4; i++) {
        t[i].reader = r;
        REQUIRE(pthread_create(&t[i].id, NULL, search_often, &t[i]) == 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        pthread_join(t[i].id, NULL);
        CHECK(!t[i].failed);
    }
    fih_reader_close(r);
}

/* Ids of what a program's query finds; it is freed. */
static const char *found(fih_reader *r, fih_query *q)
{
    static char out[4000];
    fih_hits *h = NULL;
    const fih_hit *hit;
    size_t at = 0;

    out[0] = '\0';
    CHECK_INT_EQ(fih_search(&h, r, q, NULL, &err), FIH_OK, "%s", err.msg);
    for (size_t i = 0; (hit = fih_hits_at(h, i)) != NULL; i++)
        at += (size_t)snprintf(out + at, sizeof out - at, "%s%.*s", i ? " " : "", (int)hit->id.len, hit->id.ptr);
    fih_hits_free(h);
    fih_query_free(q);
    return out;
}

static fih_query *words(const char *field, const char *text)
{
    fih_query *q = NULL;

    CHECK_INT_EQ(fih_query_words(&q, field, fih_str_of(text), &err), FIH_OK, "%s", err.msg);
    return q;
}

static fih_query *group(fih_query *a, int occur_a, fih_query *b, int occur_b)
{
    const fih_clause both[] = {{sizeof *both, a, occur_a, 0}, {sizeof *both, b, occur_b, 2}};
    fih_query *q = NULL;

    CHECK_INT_EQ(fih_query_group(&q, both, 2, &err), FIH_OK, "%s", err.msg);
    fih_query_free(a);
    fih_query_free(b);
    return q;
}

static void a_program_puts_queries_together(void)
{
    static const char *const dates[] = {"2015-01-02", "2016-05-05", ""}, *const names[] = {"a", "b", "c"};
    static const char *const bodies[] = {"one two three", "one +two \"three", "three two one OR two"};
    fih_query *q = NULL, *all[2] = {NULL, NULL};
    fih_writer *w = begin();
    fih_reader *r;

    REQUIRE(w);
    for (int i = 0; i < 3; i++) {
        fih_doc d = FIH_DOC_INIT;

        d.id = str(names[i]);
        d.title = str(i == 1 ? "top" : "");
        d.body = str(bodies[i]);
        d.date = str(dates[i]);
        d.section = str(i ? "x" : "y z");
        CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK);
    }
    r = finish(w);
    CHECK_STR_EQ(found(r, words("title", "top -one")), "b");
    CHECK_STR_EQ(found(r, group(words(NULL, "one"), FIH_MUST, words("title", "top"), FIH_NOT)),
                 ids(r, "+one -title:top", NULL));
    /* Of plain words any is enough, where they must match as well. */
    CHECK_STR_EQ(found(r, group(words(NULL, "top two"), FIH_MUST, words("title", "top"), FIH_NOT)),
                 ids(r, "+(top two) -title:top", NULL));
    CHECK_STR_EQ(found(r, group(words(NULL, "one"), FIH_MUST, words(NULL, "top none"), FIH_NOT)), "a c");
    CHECK_INT_EQ(fih_query_plain(&q, FIH_STR("top two"), &err), FIH_OK);
    CHECK_STR_EQ(found(r, group(q, FIH_MUST, words("title", "top"), FIH_NOT)), ids(r, "+(top two) -title:top", NULL));
    CHECK_INT_EQ(fih_query_parse(&q, FIH_STR("three-one"), &err), FIH_OK);
    CHECK_STR_EQ(found(r, group(q, FIH_MUST, words(NULL, "none"), FIH_NOT)), ids(r, "+three-one", NULL));
    /* What only leaves out is all others, also as a clause; nothing that is no word is left out. */
    fih_query *const top = words("title", "top"), *const three = words(NULL, "three");
    const fih_clause out[] = {FIH_CLAUSE(top, FIH_NOT), FIH_CLAUSE(three, FIH_NOT)};
    CHECK_INT_EQ(fih_query_group(&q, out, 2, &err), FIH_OK);
    CHECK_STR_EQ(found(r, q), ids(r, "* -title:top -three", NULL));
    CHECK_STR_EQ(ids(r, "-title:top -three", NULL), ids(r, "* -title:top -three", NULL));
    CHECK(*ids(r, "-title:top", NULL) && strcmp(ids(r, "-title:top", NULL), ids(r, "*", NULL)) != 0);
    CHECK_INT_EQ(fih_query_group(&q, out, 1, &err), FIH_OK);
    CHECK_STR_EQ(found(r, group(q, FIH_MUST, words(NULL, "one"), FIH_MUST)), ids(r, "+one -title:top", NULL));
    CHECK_INT_EQ(fih_query_group(&q, out, 1, &err), FIH_OK);
    CHECK_STR_EQ(found(r, group(words(NULL, "one"), FIH_MAY, q, FIH_NOT)), ids(r, "+one +title:top", NULL));
    CHECK_STR_EQ(ids(r, "-،", NULL), "");
    CHECK_STR_EQ(ids(r, "، -title:top", NULL), "");
    fih_query_free(top);
    fih_query_free(three);
    CHECK_INT_EQ(fih_query_phrase(&q, NULL, FIH_STR("one two three"), 0, &err), FIH_OK);
    CHECK_STR_EQ(found(r, q), ids(r, "\"one two three\"", NULL));
    CHECK_INT_EQ(fih_query_phrase(&q, "body", FIH_STR("three one"), 1, &err), FIH_OK);
    CHECK_STR_EQ(found(r, q), "c");
    CHECK_INT_EQ(fih_query_section(&all[0], FIH_STR("y z"), &err), FIH_OK);
    CHECK_STR_EQ(found(r, group(all[0], FIH_MAY, words(NULL, "one"), FIH_MAY)), "a");
    CHECK_INT_EQ(fih_query_dates(&all[0], FIH_STR("2016.."), &err), FIH_OK);
    CHECK_STR_EQ(found(r, group(all[0], FIH_MAY, words(NULL, "one"), FIH_MAY)), "b");
    CHECK_INT_EQ(fih_query_field(&all[0], "section", FIH_STR("y z"), 1, &err), FIH_OK);
    CHECK_STR_EQ(found(r, group(all[0], FIH_MAY, words(NULL, "one"), FIH_MAY)), "a");
    CHECK_INT_EQ(fih_query_field(&all[0], "section", FIH_STR("x*"), 1, &err), FIH_OK);
    CHECK_STR_EQ(found(r, group(all[0], FIH_MAY, words(NULL, "one"), FIH_MAY)), "");
    CHECK_INT_EQ(fih_query_field(&all[0], "section", FIH_STR("y*"), 0, &err), FIH_OK);
    CHECK_STR_EQ(found(r, group(all[0], FIH_MAY, words(NULL, "one"), FIH_MAY)), "a");
    CHECK_INT_EQ(fih_query_field(&all[0], "date", FIH_STR(">2015"), 0, &err), FIH_OK);
    CHECK_STR_EQ(found(r, group(all[0], FIH_MAY, words(NULL, "one"), FIH_MAY)), "b");
    CHECK_INT_EQ(fih_query_field(&q, NULL, FIH_STR("x"), 0, &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_query_field(&q, "title", FIH_STR("x"), 0, &err), FIH_E_USAGE);
    CHECK(q == NULL && strstr(err.msg, "'title'") && strstr(err.msg, "fih_query_words()"), "%s", err.msg);
    CHECK_INT_EQ(fih_query_field(&q, "body", FIH_STR("x"), 1, &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_query_field(&q, "body", FIH_STR("*"), 1, &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_query_field(&all[0], "title", FIH_STR("*"), 0, &err), FIH_OK);
    CHECK_STR_EQ(found(r, group(all[0], FIH_MAY, words(NULL, "one"), FIH_MAY)), ids(r, "one title:*", NULL));
    CHECK_STR_EQ(ids(r, "title:*", NULL), "b");
    CHECK_STR_EQ(ids(r, "* -title:*", NULL), "a c");
    CHECK_STR_EQ(ids(r, "* -body:*", NULL), "");
    CHECK_INT_EQ(fih_query_field(&q, "nothing", FIH_STR("x"), 0, &err), FIH_OK);
    {
        fih_hits *h;

        CHECK_INT_EQ(fih_search(&h, r, q, NULL, &err), FIH_E_QUERY);
        CHECK(strstr(err.msg, "'nothing'") && strstr(err.msg, "section"), "%s", err.msg);
        fih_query_free(q);
    }
    CHECK_INT_EQ(fih_query_group(&q, NULL, 0, &err), FIH_OK);
    CHECK_STR_EQ(found(r, q), "");
    CHECK_INT_EQ(fih_query_dates(&q, FIH_STR("soon"), &err), FIH_E_QUERY);
    CHECK_INT_EQ(fih_query_words(&q, "section", FIH_STR("x"), &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_query_phrase(&q, NULL, FIH_STR("x"), 1001, &err), FIH_E_LIMIT);
    fih_reader_close(r);
}

/* However often a query is put into another one, it stays within the limits. */
static void nested_queries_have_an_end(void)
{
    fih_query *q = words(NULL, "x"), *next = NULL;
    int rc = FIH_OK;

    for (int i = 0; rc == FIH_OK && i < 1000; i++) {
        const fih_clause twice[] = {FIH_CLAUSE(q, FIH_MAY), FIH_CLAUSE(q, FIH_MUST)}, odd = FIH_CLAUSE(q, 3);
        fih_clause heavy = FIH_CLAUSE(q, FIH_MAY);

        heavy.boost = 1000;
        CHECK_INT_EQ(fih_query_group(&next, &odd, 1, &err), FIH_E_USAGE);
        CHECK_INT_EQ(fih_query_group(&next, &heavy, 1, &err), FIH_E_USAGE);
        if ((rc = fih_query_group(&next, twice, i % 2 ? 2 : 1, &err)) == FIH_OK) {
            fih_query_free(q);
            q = next;
        }
    }
    CHECK_INT_EQ(rc, FIH_E_LIMIT);
    CHECK(next == NULL);
    fih_query_free(q);
}

/* What may be asked is searched: the most words, words in pairs, and words in the deepest parentheses. */
static void queries_at_their_limits_are_searched(void)
{
    static char many[16 * FIH_MAX_CLAUSES], pairs[16 * FIH_MAX_CLAUSES], deep[32 * FIH_MAX_DEPTH];
    fih_writer *w = begin();
    fih_reader *r;

    REQUIRE(w);
    add(w, "a", "", "word1 word2 word3");
    r = finish(w);
    for (unsigned i = 0; i < FIH_MAX_CLAUSES; i++)
        sprintf(many + strlen(many), "word%u ", i);
    for (unsigned i = 0; i < FIH_MAX_CLAUSES / 2 - 1; i++)
        sprintf(pairs + strlen(pairs), "%sword%u AND word%u", i ? " OR " : "", 2 * i, 2 * i + 1);
    for (unsigned i = 1; i < FIH_MAX_DEPTH; i++)
        strcat(deep, "(word3 OR word1 AND ");
    strcat(deep, "word2");
    for (unsigned i = 1; i < FIH_MAX_DEPTH; i++)
        strcat(deep, ")");
    CHECK_STR_EQ(ids(r, many, NULL), "a");
    CHECK_STR_EQ(ids(r, pairs, NULL), "a");
    CHECK_STR_EQ(ids(r, deep, NULL), "a");
    fih_reader_close(r);
}

static void synonyms_join_the_query(void)
{
    static const char sets[] = "lorry, truck, motor vehicle\nship,boat\n";
    const char *const queries[] = {"lorries", "boats -motor", "the lorry", "\"motor vehicle\"", "+boat",
                                   "truck ship -(lorry words)"};
    const char *const without[] = {"a", "", "a", "c", "", "b d"};
    const char *const with[] = {"a c b", "d", "a c b", "c a b", "d", "b d"};
    const char *const twice[] = {"lorry, truck", "lorry, lorries, truck", "lorry, lorries\nlorry, truck\nlorries, lorry"};
    fih_query *q = NULL, *more = NULL;
    float score[2] = {0, 0};
    fih_synonyms *s = NULL;
    fih_writer *w = begin();
    fih_hits *h = NULL;
    fih_reader *r;
    char big[70 * 3 + 8] = "";

    REQUIRE(w);
    fih_writer_close(w);
    place_remove(place_path("index"));
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    o.analyzer = "arabic+english";
    REQUIRE(fih_writer_open(&w, place_path("index"), &o, &err) == FIH_OK);
    add(w, "a", "", "lorry");
    add(w, "b", "", "truck red");
    add(w, "c", "", "motor vehicle and more words");
    add(w, "d", "", "ship");
    r = finish(w);
    REQUIRE(fih_synonyms_new(&s, r, fih_str_of(sets), &err) == FIH_OK);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        CHECK_INT_EQ(fih_query_parse(&q, fih_str_of(queries[i]), &err), FIH_OK);
        CHECK_INT_EQ(fih_query_expand(&more, q, s, r, &err), FIH_OK, "%s", err.msg);
        CHECK_STR_EQ(found(r, q), without[i], "%s", queries[i]);
        CHECK_STR_EQ(found(r, more), with[i], "%s with synonyms", queries[i]);
    }
    CHECK_INT_EQ(fih_query_plain(&q, FIH_STR("a lorry boat"), &err), FIH_OK);
    CHECK_INT_EQ(fih_query_expand(&more, q, s, r, &err), FIH_OK);
    fih_query_free(q);
    CHECK_INT_EQ(strlen(found(r, more)), strlen("a b c d"));
    fih_synonyms_free(s);
    /* A word that a set has twice, or that many sets have, counts once. */
    for (unsigned i = 0; i < sizeof twice / sizeof *twice; i++) {
        REQUIRE(fih_synonyms_new(&s, r, fih_str_of(twice[i]), &err) == FIH_OK);
        CHECK_INT_EQ(fih_query_parse(&q, FIH_STR("lorry"), &err), FIH_OK);
        CHECK_INT_EQ(fih_query_expand(&more, q, s, r, &err), FIH_OK, "%s", err.msg);
        fih_query_free(q);
        CHECK_INT_EQ(fih_search(&h, r, more, NULL, &err), FIH_OK);
        CHECK_INT_EQ(fih_hits_count(h), 2);
        for (size_t k = 0; k < 2 && k < fih_hits_count(h); k++) {
            score[k] = i ? score[k] : fih_hits_at(h, k)->score;
            CHECK(fih_hits_at(h, k)->score == score[k], "hit %zu of '%s': %g", k, twice[i],
                  (double)fih_hits_at(h, k)->score);
        }
        fih_hits_free(h);
        fih_query_free(more);
        fih_synonyms_free(s);
    }
    for (int i = 0; i < 66; i++)
        strcat(big, "x, ");
    CHECK_INT_EQ(fih_synonyms_new(&s, r, fih_str_of(big), &err), FIH_E_LIMIT);
    CHECK_INT_EQ(fih_synonyms_new(&s, r, FIH_STR("one"), &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_synonyms_new(&s, r, (fih_str){"a, \xff", 4}, &err), FIH_E_USAGE);
    CHECK(s == NULL);
    fih_reader_close(r);
}

static void what_is_like_a_document_is_not_itself(void)
{
    fih_docno doc = 0;
    fih_query *q = NULL;
    fih_writer *w = begin();
    fih_reader *r;

    REQUIRE(w);
    add(w, "whale", "The whale", "A whale swims in the ocean, and the whale sings");
    add(w, "dolphin", "The dolphin", "A dolphin swims in the ocean beside a whale");
    add(w, "ocean", "Ocean", "The ocean is deep");
    add(w, "train", "The train", "A train runs over rails");
    add(w, "alone", "Hapax", "legomenon");
    add(w, "page", "Zebra", "The zebra of the plains is striped.\n.menu { color: quagga; background: okapi }\nIt grazes.");
    add(w, "style", "Quagga", "The quagga and the okapi");
    add(w, "other", "Okapi", "The okapi and the quagga");
    r = finish(w);
    REQUIRE(fih_reader_find(&doc, r, FIH_STR("page"), &err) == FIH_OK);
    CHECK_INT_EQ(fih_query_like(&q, r, doc, &err), FIH_OK, "%s", err.msg);
    CHECK_STR_EQ(found(r, q), "", "what was cut out of a page is not what it is about");
    REQUIRE(fih_reader_find(&doc, r, FIH_STR("whale"), &err) == FIH_OK);
    CHECK_INT_EQ(fih_query_like(&q, r, doc, &err), FIH_OK, "%s", err.msg);
    CHECK_STR_EQ(found(r, q), "dolphin ocean");
    REQUIRE(fih_reader_find(&doc, r, FIH_STR("alone"), &err) == FIH_OK);
    CHECK_INT_EQ(fih_query_like(&q, r, doc, &err), FIH_OK, "%s", err.msg);
    CHECK_STR_EQ(found(r, q), "");
    CHECK_INT_EQ(fih_query_like(&q, r, 99, &err), FIH_E_NOTFOUND);
    CHECK(q == NULL);
    fih_reader_close(r);
}

static int stop_at_once(void *ctx)
{
    ++*(int *)ctx;
    return 1;
}

static void a_search_can_be_cancelled(void)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_writer *w = begin();
    char name[16], *text = run_of_words(0, 60, 0);
    fih_facets *f = NULL;
    fih_query *q = NULL;
    fih_hits *h = NULL;
    fih_reader *r;
    int asked = 0;

    REQUIRE(w);
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "d%d", i);
        add(w, name, "", text);
    }
    r = finish(w);
    o.on_wait = stop_at_once;
    o.ctx = &asked;
    CHECK_INT_EQ(fih_query_parse(&q, fih_str_of(text), &err), FIH_OK);
    o.count_all = COUNT_BY_REFERENCE;
    CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), FIH_E_CANCEL);
    CHECK(h == NULL && asked == 1);
    CHECK_INT_EQ(fih_facets_new(&f, r, q, "section", &o, &err), FIH_E_CANCEL);
    CHECK(f == NULL && asked == 2);
    fih_query_free(q);
    fih_reader_close(r);
    free(text);
}

static void a_cursor_of_another_answer_is_refused(void)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    static const char *const strange[] = {
        "1", "x", "1.1.0.1.0", "1.1.0.1.0.0z", "2.1.0.1.0.0", "1.1.0.1.7fc00000.0", "1.ffff.0.1.0.0",
        "1.1.1.1.0.0", "1.1.0.1.0.100000000", "1. 1.0.1.0.0", "1.1.0.1.0.0x1", "1.+1.0.1.0.0"};
    char cursor[100];
    fih_writer *w = begin();
    fih_query *q = NULL;
    fih_hits *h = NULL;
    fih_reader *r;

    REQUIRE(w);
    add(w, "a", "", "one two");
    add(w, "b", "", "one");
    r = finish(w);
    CHECK_INT_EQ(fih_query_parse(&q, FIH_STR("one"), &err), FIH_OK);
    o.limit = 1;
    CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), FIH_OK);
    CHECK(fih_hits_cursor(h).len > 0);
    snprintf(cursor, sizeof cursor, "%s", fih_hits_cursor(h).ptr);
    fih_hits_free(h);
    o.after = fih_str_of(cursor);
    CHECK_STR_EQ(ids(r, "one", &o), "a");
    o.offset = 1;
    CHECK_STR_EQ(ids(r, "one", &o), fih_error_name(FIH_E_USAGE));
    o.offset = 0;
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
        o.after = fih_str_of(strange[i]);
        CHECK_STR_EQ(ids(r, "one", &o), fih_error_name(FIH_E_USAGE), "%s", strange[i]);
    }
    fih_query_free(q);
    fih_reader_close(r);
}

int main(void)
{
    place_new("search");
    RUN(a_phrase_of_any_length_must_stand_whole);
    RUN(a_phrase_does_not_reach_from_the_title_into_the_body);
    RUN(a_word_with_a_small_alef_asks_for_either_spelling);
    RUN(limit_and_offset_cut_one_list);
    RUN(a_total_says_whether_it_is_exact);
    RUN(options_out_of_range_are_refused);
    RUN(options_of_an_older_caller_are_understood);
    RUN(what_asks_for_nothing_finds_nothing);
    RUN(threads_search_one_reader_at_once);
    RUN(a_program_puts_queries_together);
    RUN(nested_queries_have_an_end);
    RUN(queries_at_their_limits_are_searched);
    RUN(synonyms_join_the_query);
    RUN(what_is_like_a_document_is_not_itself);
    RUN(a_search_can_be_cancelled);
    RUN(a_cursor_of_another_answer_is_refused);
    place_remove(place);
    return DONE();
}
