/* test_api.c - what a program may get wrong, and the answer that it gets: sizes, limits, names, numbers out of range. */
#include <math.h>

#include "age.h"
#include "fihrist.h"
#include "place.h"
#include "tap.h"

static fih_error err;
static fih_str str(const char *s) { return (fih_str){s, strlen(s)}; }

/* A code, the same code in the error, and words in its message. */
#define REFUSED(code_, call, words)                                                                        \
    do {                                                                                                   \
        memset(&err, 0, sizeof err);                                                                       \
        CHECK_INT_EQ(call, code_, "%s", err.msg);                                                          \
        CHECK(err.code == (code_) && strstr(err.msg, words), "'%s' does not say '%s'", err.msg, words);    \
    } while (0)

static void add(fih_writer *w, const char *id, const char *title, const char *body, const char *section)
{
    fih_doc d = FIH_DOC_INIT;

    d.id = str(id);
    d.title = str(title);
    d.body = str(body);
    d.section = str(section);
    CHECK_INT_EQ(fih_writer_add(w, &d, &err), FIH_OK, "%s", err.msg);
}

/* Four documents about a market. */
static fih_reader *market(const char *analyzer)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    fih_reader *r = NULL;

    place_remove(place_path("index"));
    o.analyzer = analyzer;
    if (!CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), &o, &err), FIH_OK, "%s", err.msg))
        return NULL;
    add(w, "a", "سوق العطارين", "يبيع العطار الزعفران والهيل في دكان صغير قرب باب السوق القديم", "تجارة");
    add(w, "b", "دكان الحلوى", "الكنافة والبقلاوة والزعفران", "طعام");
    add(w, "c", "الميزان", "سوق سوق سوق سوق سوق سوق", "تجارة");
    add(w, "d", "Saffron", "the market of saffron, and the old scales of the market", "trade");
    CHECK_INT_EQ(fih_writer_note_put(w, FIH_STR("owner"), FIH_STR("سليم"), &err), FIH_OK);
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_reader_open(&r, place_path("index"), &err), FIH_OK, "%s", err.msg);
    return r;
}

static fih_query *ask(const char *text)
{
    fih_query *q = NULL;

    CHECK_INT_EQ(fih_query_parse(&q, fih_str_of(text), &err), FIH_OK, "%s", err.msg);
    return q;
}

static void codes_have_names(void)
{
    CHECK_STR_EQ(fih_error_name(FIH_OK), "ok");
    CHECK_STR_EQ(fih_error_name(FIH_DONE), "done");
    CHECK_STR_EQ(fih_error_name(FIH_E_STALE), "stale");
    CHECK_STR_EQ(fih_error_name(FIH_DONE + 1), "unknown");
    CHECK_STR_EQ(fih_error_name(FIH_E_STALE - 1), "unknown");
}

static void days_are_written_in_four_digits_of_a_year(void)
{
    char out[FIH_DATE_BYTES];
    int32_t first, last;

    CHECK_INT_EQ(fih_date_parse(&first, &last, FIH_STR("0001-01-01"), FIH_DATE_WHOLE, &err), FIH_OK);
    CHECK_INT_EQ(fih_date_text(out, first, &err), FIH_OK);
    CHECK_STR_EQ(out, "0001-01-01");
    REFUSED(FIH_E_USAGE, fih_date_text(out, first - 1, &err), "years 1 to 9999");
    CHECK_INT_EQ(fih_date_parse(&first, &last, FIH_STR("9999-12"), FIH_DATE_WHOLE, &err), FIH_OK);
    CHECK_INT_EQ(fih_date_text(out, last, &err), FIH_OK);
    CHECK_STR_EQ(out, "9999-12-31");
    REFUSED(FIH_E_USAGE, fih_date_text(out, last + 1, &err), "years 1 to 9999");
    REFUSED(FIH_E_USAGE, fih_date_text(out, INT32_MIN, &err), "years 1 to 9999");
    REFUSED(FIH_E_USAGE, fih_date_text(out, INT32_MAX, &err), "years 1 to 9999");
    REFUSED(FIH_E_USAGE, fih_date_parse(&first, &last, FIH_STR("2015"), 4, &err), "unknown date flags 4");
}

static void sizes_must_be_set(void)
{
    fih_reader *r = market(NULL);
    fih_query *q = ask("عنقاء");
    fih_stats stats = {.size = 0};
    fih_why *why = NULL;

    REQUIRE(r);
    REFUSED(FIH_E_USAGE, fih_reader_stats(&stats, r, &err), "size");
    stats.size = sizeof stats;
    CHECK_INT_EQ(fih_reader_stats(&stats, r, &err), FIH_OK);
    CHECK_INT_EQ(stats.documents, 4);
    CHECK_INT_EQ(fih_why_nothing(&why, r, q, NULL, &err), FIH_OK);
    CHECK_INT_EQ(why->kind, FIH_WHY_WORDS);
    fih_why_free(why);
    fih_query_free(q);
    fih_reader_close(r);
}

static int count_note(void *ctx, fih_str key, fih_str value)
{
    (void)value;
    return ++*(int *)ctx == 1 && key.len == 5 ? 7 : 0;
}

static void notes_have_keys_of_1_to_65535_bytes(void)
{
    fih_reader *r = market(NULL);
    char *key = calloc(1, FIH_MAX_ID + 2);
    fih_str value = FIH_STR("x");
    int notes = 0;

    REQUIRE(r && key);
    REFUSED(FIH_E_USAGE, fih_reader_note(&value, r, FIH_STR(""), &err), "1 to 65535");
    CHECK(value.ptr == NULL && value.len == 0);
    REFUSED(FIH_E_USAGE, fih_reader_note(&value, r, (fih_str){key, FIH_MAX_ID + 1}, &err), "1 to 65535");
    REFUSED(FIH_E_NOTFOUND, fih_reader_note(&value, r, (fih_str){key, FIH_MAX_ID}, &err), "no such note");
    CHECK_INT_EQ(fih_reader_note(&value, r, FIH_STR("owner"), &err), FIH_OK);
    CHECK(value.len == 8 && memcmp(value.ptr, "سليم", 8) == 0);
    CHECK_INT_EQ(fih_reader_note_each(r, FIH_STR("own"), count_note, &notes, &err), 7);
    CHECK_INT_EQ(notes, 1);
    free(key);
    fih_reader_close(r);
}

static void queries_put_together_have_the_limits_of_those_written(void)
{
    static char long_text[FIH_MAX_QUERY + 2];
    fih_query *q = NULL, *word = ask("سوق");
    fih_clause c = FIH_CLAUSE(word, FIH_MAY);

    memset(long_text, 'a', sizeof long_text - 1);
    REFUSED(FIH_E_LIMIT, fih_query_words(&q, NULL, (fih_str){long_text, FIH_MAX_QUERY + 1}, &err), "too long");
    REFUSED(FIH_E_LIMIT, fih_query_dates(&q, (fih_str){long_text, FIH_MAX_QUERY + 1}, &err), "too long");
    REFUSED(FIH_E_QUERY, fih_query_dates(&q, FIH_STR("بعد غد ربما"), &err), "span of days");
    REFUSED(FIH_E_QUERY, fih_query_dates(&q, (fih_str){long_text, 1000}, &err), "span of days");
    CHECK(strlen(err.msg) < 120);
    REFUSED(FIH_E_USAGE, fih_query_words(&q, "url", FIH_STR("x"), &err), "'url'");
    REFUSED(FIH_E_USAGE, fih_query_phrase(&q, "section", FIH_STR("x"), 0, &err), "'section'");
    CHECK(q == NULL);
    for (int i = 0; i < 5; i++) {
        static const struct { int occur; float boost; } wrong[] = {{-1, 0}, {3, 0}, {0, -1}, {0, 0.001f}, {0, 101}};

        c.occur = wrong[i].occur;
        c.boost = wrong[i].boost;
        REFUSED(FIH_E_USAGE, fih_query_group(&q, &c, 1, &err), "clause");
        CHECK(q == NULL, "%d", i);
    }
    c = (fih_clause)FIH_CLAUSE(word, FIH_MUST);
    c.boost = NAN;
    REFUSED(FIH_E_USAGE, fih_query_group(&q, &c, 1, &err), "clause");
    c.boost = 0;
    c.size = 0;
    REFUSED(FIH_E_USAGE, fih_query_group(&q, &c, 1, &err), "size");
    fih_query_free(word);
}

static uint64_t found(fih_reader *r, const char *text, const fih_search_opts *o, float *best)
{
    fih_query *q = ask(text);
    fih_hits *h = NULL;
    float score = 0;
    uint64_t n = 0;

    if (CHECK_INT_EQ(fih_search(&h, r, q, o, &err), FIH_OK, "%s: %s", text, err.msg)) {
        n = fih_hits_total(h);
        score = n ? fih_hits_at(h, 0)->score : 0;
    }
    if (best)
        *best = score;
    fih_hits_free(h);
    fih_query_free(q);
    return n;
}

/* Each weight of the options has a default, and where 0 makes sense, a score without it. */
static void weights_of_a_search_count_and_can_be_switched_off(void)
{
    static const struct { size_t at; float usual, high, wrong; bool may_be_0; } weights[] = {
        {offsetof(fih_search_opts, k1), 0.9f, 3, INFINITY, false},
        {offsetof(fih_search_opts, b), 0.5f, 1, 1.5f, true},
        {offsetof(fih_search_opts, title_weight), 0.6f, 5, -1, true},
        {offsetof(fih_search_opts, body_weight), 1, 9, 2e6f, false},
        {offsetof(fih_search_opts, form_weight), 0.5f, 1, 1.5f, true},
        {offsetof(fih_search_opts, root_weight), 1.25f, 9, 2e6f, true},
        {offsetof(fih_search_opts, proximity), 0.25f, 9, -INFINITY, true},
    };
    fih_reader *r = market(NULL);
    fih_query *q = ask("السوق العطارين");
    fih_hits *h;
    float usual, off, high;

    REQUIRE(r);
    CHECK_INT_EQ(found(r, "السوق العطارين", NULL, &usual), 2);
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;
        float *const w = (float *)(void *)((char *)&o + weights[i].at);

        CHECK(isnan(*w), "weight %zu", i);
        *w = weights[i].usual;
        CHECK_INT_EQ(found(r, "السوق العطارين", &o, &off), 2, "weight %zu", i);
        CHECK(off == usual, "weight %zu, its default: %g, %g", i, (double)off, (double)usual);
        *w = 0;
        CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), weights[i].may_be_0 ? FIH_OK : FIH_E_USAGE, "weight %zu", i);
        CHECK(!h || fih_hits_at(h, 0)->score != usual, "weight %zu off: %g", i, (double)usual);
        fih_hits_free(h);
        *w = weights[i].high;
        CHECK_INT_EQ(found(r, "السوق العطارين", &o, &high), 2, "weight %zu", i);
        CHECK(high != usual && high > 0, "weight %zu: %g, %g", i, (double)high, (double)usual);
        *w = weights[i].wrong;
        CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), FIH_E_USAGE, "weight %zu", i);
        CHECK(h == NULL && err.msg[0]);
    }
    for (int sort = -1; sort < 5; sort++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;

        o.sort = sort;
        CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), sort >= FIH_SORT_SCORE && sort <= FIH_SORT_OLDEST ? FIH_OK : FIH_E_USAGE);
        fih_hits_free(h);
    }
    for (unsigned fields = 1; fields < 7; fields++) {
        static const char text[] = "score,score,score,score,-score,score";
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;
        char order[sizeof text];

        snprintf(order, sizeof order, "%.*s", (int)(fields * 6 - (fields < 5) - (fields == 6)), text);
        o.order = order;
        CHECK_INT_EQ(fih_search(&h, r, q, &o, &err), fields <= 4 ? FIH_OK : FIH_E_USAGE, "%s", order);
        fih_hits_free(h);
    }
    fih_query_free(q);
    fih_reader_close(r);
}

static void a_snippet_is_of_the_title_or_the_body(void)
{
    fih_reader *r = market(NULL);
    fih_query *q = ask("سوق");
    fih_snippet_opts o = FIH_SNIPPET_OPTS_INIT;
    fih_snippet *s = NULL;
    fih_stored *doc = NULL;
    const fih_part *part;

    REQUIRE(r);
    CHECK_INT_EQ(fih_reader_doc(&doc, r, 0, &err), FIH_OK);
    o.field = "source";
    REFUSED(FIH_E_USAGE, fih_snippet_new(&s, r, q, doc, &o, &err), "'source'");
    CHECK(s == NULL);
    o.size = 2;
    CHECK_INT_EQ(fih_snippet_new(&s, r, q, doc, &o, &err), FIH_E_USAGE);
    o.size = sizeof o;
    o.field = "title";
    CHECK_INT_EQ(fih_snippet_new(&s, r, q, doc, &o, &err), FIH_OK);
    CHECK((part = fih_snippet_at(s, 0)) != NULL && part->kind == FIH_PART_HIT && part->text.len == strlen("سوق"));
    CHECK((part = fih_snippet_at(s, 1)) != NULL && part->kind == FIH_PART_TEXT);
    CHECK((part = fih_snippet_at(s, 2)) == NULL);
    fih_snippet_free(s);
    fih_stored_free(doc);
    fih_query_free(q);
    fih_reader_close(r);
}

/* The passage that a stored body gives, and one of a text that the index has not; bytes that are no text are one, too. */
static void a_snippet_may_be_of_any_text(void)
{
    static const char text[] = "عاد الناس إلى الأسواق، وفيها ذهب";
    fih_reader *r = market(NULL);
    fih_query *q = ask("سوق");
    fih_snippet_opts o = FIH_SNIPPET_OPTS_INIT;
    fih_snippet *s = NULL;
    fih_str hit = {NULL, 0};
    size_t hits = 0;

    REQUIRE(r);
    CHECK_INT_EQ(fih_snippet_of_text(&s, r, q, str(text), NULL, &err), FIH_OK, "%s", err.msg);
    for (size_t i = 0; i < fih_snippet_count(s); i++)
        if (fih_snippet_at(s, i)->kind == FIH_PART_HIT && ++hits)
            hit = fih_snippet_at(s, i)->text;
    CHECK(hits == 1 && hit.len == strlen("الأسواق") && memcmp(hit.ptr, "الأسواق", hit.len) == 0, "%zu hits", hits);
    fih_snippet_free(s);
    CHECK_INT_EQ(fih_snippet_of_text(&s, r, q, FIH_STR("\xFF\0\xD8"), NULL, &err), FIH_OK, "%s", err.msg);
    fih_snippet_free(s);
    CHECK_INT_EQ(fih_snippet_of_text(&s, r, q, FIH_STR(""), NULL, &err), FIH_OK, "%s", err.msg);
    fih_snippet_free(s);
    o.size = 0;
    REFUSED(FIH_E_USAGE, fih_snippet_of_text(&s, r, q, str(text), &o, &err), "size");
    CHECK(s == NULL);
    fih_query_free(q);
    fih_reader_close(r);
}

static void the_version_is_one(void)
{
    char text[64];

    snprintf(text, sizeof text, "%d.%d.%d", FIH_VERSION_MAJOR, FIH_VERSION_MINOR, FIH_VERSION_PATCH);
    CHECK_STR_EQ(FIH_VERSION, text);
    CHECK_STR_EQ(fih_version(), text);
    CHECK_INT_EQ(fih_version_number(), FIH_VERSION_NUMBER);
}

static void other_words_are_sought_within_limits(void)
{
    static char long_text[FIH_MAX_QUERY + 2];
    fih_reader *r = market(NULL);
    fih_completions *c = NULL;
    const fih_completion *one;
    fih_suggestion *other = NULL;

    REQUIRE(r);
    memset(long_text, 'a', sizeof long_text - 1);
    REFUSED(FIH_E_LIMIT, fih_suggest(&other, r, (fih_str){long_text, FIH_MAX_QUERY + 1}, NULL, &err), "too long");
    CHECK(other == NULL);
    REFUSED(FIH_E_LIMIT, fih_complete(&c, r, (fih_str){long_text, FIH_MAX_QUERY + 1}, 0, &err), "at most");
    REFUSED(FIH_E_LIMIT, fih_complete(&c, r, FIH_STR("س"), 1000000, &err), "at most");
    CHECK(c == NULL);
    CHECK_INT_EQ(fih_complete(&c, r, (fih_str){long_text, FIH_MAX_TERM + 1}, 0, &err), FIH_OK);
    CHECK((one = fih_completions_at(c, 0)) == NULL);
    fih_completions_free(c);
    CHECK_INT_EQ(fih_complete(&c, r, FIH_STR("الز"), 1, &err), FIH_OK);
    CHECK((one = fih_completions_at(c, 0)) != NULL && one->docs == 1 && one->text.len == strlen("الزعفران"));
    CHECK((one = fih_completions_at(c, 1)) == NULL);
    fih_completions_free(c);
    fih_completions_free(NULL);
    fih_reader_close(r);
}

static void synonyms_have_limits(void)
{
    static const char lines[] = "سوق, بازار\n", phrases[] = "# لا شيء\n\n سوق , بازار قديم ,\r\n";
    const size_t many = 50001, huge = (1u << 20) + 1;  /* lines, bytes */
    fih_reader *r = market(NULL);
    char *text = malloc(huge);
    fih_synonyms *s = NULL;
    fih_query *q = ask("بازار"), *more = NULL;
    fih_hits *h = NULL;

    REQUIRE(r && text);
    REFUSED(FIH_E_USAGE, fih_synonyms_new(&s, r, FIH_STR("سوق, ...\n"), &err), "line 1");
    memset(text, '\n', huge);
    REFUSED(FIH_E_LIMIT, fih_synonyms_new(&s, r, (fih_str){text, huge}, &err), "bytes");
    CHECK(s == NULL);
    REFUSED(FIH_E_LIMIT, fih_synonyms_new(&s, r, (fih_str){text, many}, &err), "lines");
    CHECK_INT_EQ(fih_synonyms_new(&s, r, (fih_str){text, many - 1}, &err), FIH_OK, "%s", err.msg);
    fih_synonyms_free(s);
    CHECK_INT_EQ(fih_synonyms_new(&s, r, (fih_str){phrases, sizeof phrases - 1}, &err), FIH_OK, "%s", err.msg);
    fih_synonyms_free(s);
    CHECK_INT_EQ(fih_synonyms_new(&s, r, (fih_str){lines, sizeof lines - 1}, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_query_expand(&more, q, s, r, &err), FIH_OK);
    CHECK_INT_EQ(fih_search(&h, r, more, NULL, &err), FIH_OK);
    CHECK_INT_EQ(fih_hits_count(h), 2);
    fih_hits_free(h);
    fih_query_free(more);
    fih_query_free(q);
    fih_synonyms_free(s);
    free(text);
    fih_reader_close(r);
}

static void more_segments_add_up(void)
{
    fih_reader *r = market(NULL);
    fih_completions *c = NULL;
    const fih_completion *one;
    fih_writer *w = NULL;
    int changed;

    REQUIRE(r);
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_OK);
    add(w, "e", "", "الزنجبيل والزعفران الزعفران ثم الزبيب", "طعام");
    add(w, "f", "", "الزعفران الزنجبيل", "طعام");
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_reader_renew(&changed, r, &err), FIH_OK);
    CHECK_INT_EQ(changed, 1);
    CHECK_INT_EQ(fih_complete(&c, r, FIH_STR("ثمن الز"), 2, &err), FIH_OK);
    CHECK((one = fih_completions_at(c, 0)) != NULL && one->docs == 3 && one->text.len == strlen("ثمن الزعفران"));
    CHECK((one = fih_completions_at(c, 1)) != NULL && one->docs == 2 && one->text.len == strlen("ثمن الزنجبيل"));
    CHECK((one = fih_completions_at(c, 2)) == NULL);
    fih_completions_free(c);
    fih_reader_close(r);
}

/* What is written around the words of a query stays; behind the sixteenth word nothing is looked up. */
static void a_suggestion_keeps_what_stands_between_the_words(void)
{
    static const struct { const char *text, *other; } cases[] = {
        {"  +body:الزعفرن   -الميزان ", "  +body:الزعفران   -الميزان "},
        {"(الزعفرن) AND \"الكنافة والبقلاوه\"", "(الزعفران) AND \"الكنافة والبقلاوة\""},
        {"الزعفرن ) (", "الزعفران ) ("},
        {"title:titles", "title:titels"},  /* the word stands in the name of its field too */
        {"title:الزعفرن", NULL}, {"الزعفرن AND \"البقلاوه الكنافة\"", NULL},
        {"سوق سوق سوق سوق سوق سوق سوق سوق سوق سوق سوق سوق سوق سوق سوق الزعفرن الزعفرن",
         "سوق سوق سوق سوق سوق سوق سوق سوق سوق سوق سوق سوق سوق سوق سوق الزعفران الزعفرن"},
        {"سوق", NULL}, {"", NULL}, {"   ", NULL}, {"-الزعفرن", NULL},
    };
    fih_reader *r = market(NULL);
    fih_writer *w = NULL;

    REQUIRE(r);
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), NULL, &err), FIH_OK);
    add(w, "e", "titels", "titels", "trade");
    CHECK_INT_EQ(fih_writer_commit(w, &err), FIH_OK);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_reader_renew(NULL, r, &err), FIH_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fih_suggestion *other = NULL;

        CHECK_INT_EQ(fih_suggest(&other, r, fih_str_of(cases[i].text), NULL, &err), FIH_OK, "%s",
                     cases[i].text);
        CHECK(cases[i].other ? other && strcmp(other->text.ptr, cases[i].other) == 0 && other->how : other == NULL,
              "%s: %s", cases[i].text, other ? other->text.ptr : "nothing");
        fih_suggestion_free(other);
    }
    fih_reader_close(r);
}

static size_t found_with(fih_reader *r, const fih_query *q, const fih_synonyms *s)
{
    fih_query *more = NULL;
    fih_hits *h = NULL;
    size_t n = 1000;

    if (CHECK_INT_EQ(fih_query_expand(&more, q, s, r, &err), FIH_OK, "%s", err.msg) &&
        CHECK_INT_EQ(fih_search(&h, r, more, NULL, &err), FIH_OK, "%s", err.msg))
        n = fih_hits_count(h);
    fih_hits_free(h);
    fih_query_free(more);
    return n;
}

static void synonyms_stand_for_words_and_phrases_wherever_they_are_asked(void)
{
    static const char sets[] = "بازار, سوق, بازار ، سوق كبير\nحلويات شرقية, الكنافة\nتابل\tزعفران\r\n";
    static const struct { const char *text; size_t hits; } cases[] = {
        {"بازار", 2}, {"+بازار +الميزان", 1}, {"بازار مجهول", 2}, {"  بازار ", 2}, {"(مجهول (بازار))", 2},
        {"\"حلويات شرقية\"", 1}, {"\"حلويات شرقية\"~3", 0}, {"title:بازار", 1}, {"section:بازار", 0},
        {"تابل -بازار", 2}, {"+تابل -سوق", 1}, {"بازار*", 0}, {"...", 0}, {"", 0}, {"تابل بازار^3", 3},
    };
    fih_reader *r = market(NULL);
    fih_synonyms *s = NULL;
    fih_query *q;

    REQUIRE(r);
    CHECK_INT_EQ(fih_synonyms_new(&s, r, (fih_str){sets, sizeof sets - 1}, &err), FIH_OK, "%s", err.msg);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        q = ask(cases[i].text);
        CHECK_INT_EQ(found_with(r, q, s), cases[i].hits, "%s", cases[i].text);
        fih_query_free(q);
    }
    fih_synonyms_free(s);
    fih_synonyms_free(NULL);
    fih_reader_close(r);
}

static void a_query_that_synonyms_make_too_long_is_refused(void)
{
    fih_reader *r = market(NULL);
    fih_synonyms *s = NULL;
    fih_query *q, *more = NULL;
    char set[64 * 12] = "", text[20 * 8] = "";

    REQUIRE(r);
    for (int i = 0; i < 60; i++)
        snprintf(set + strlen(set), sizeof set - strlen(set), "%sword%d", i ? "," : "", i);
    for (int i = 0; i < 20; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "word%d ", i);
    CHECK_INT_EQ(fih_synonyms_new(&s, r, fih_str_of(set), &err), FIH_OK, "%s", err.msg);
    q = ask(text);
    REFUSED(FIH_E_LIMIT, fih_query_expand(&more, q, s, r, &err), "1024");
    CHECK(more == NULL);
    fih_query_free(q);
    fih_synonyms_free(s);
    fih_reader_close(r);
}

static void a_reader_moves_to_an_index_made_anew_with_another_analyzer(void)
{
    fih_reader *r = market("arabic"), *other;
    int changed = 0;

    REQUIRE(r);
    CHECK_INT_EQ(found(r, "والسوق", NULL, NULL), 2);
    CHECK_INT_EQ(fih_reader_renew(&changed, r, &err), FIH_OK);
    CHECK_INT_EQ(changed, 0);
    other = market("simple");
    CHECK_INT_EQ(fih_reader_renew(&changed, r, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(changed, 1);
    CHECK_INT_EQ(found(r, "والسوق", NULL, NULL), 0);       /* no prefix is cut off any more */
    CHECK_INT_EQ(found(r, "السوق", NULL, NULL), 1);
    CHECK_INT_EQ(fih_reader_renew(&changed, r, &err), FIH_OK);
    CHECK_INT_EQ(changed, 0);
    fih_reader_close(other);
    fih_reader_close(r);
}

static int count_doc(void *ctx, fih_docno doc, const fih_stored *s)
{
    (void)doc;
    (*(unsigned *)ctx) += fih_stored_get(s, "body").len > 0;
    return FIH_OK;
}

/* Nothing that analyses a text or a query goes on with such an index; everything else does. */
static void words_of_other_rules_are_refused(fih_reader *r, const char *why)
{
    const size_t n = strlen("والسوق");
    fih_analyzer *a = NULL;
    fih_completions *completions = NULL;
    fih_facets *facets = NULL;
    fih_explanation *explanation = NULL;
    fih_snippet *snippet = NULL;
    fih_stored *doc = NULL;
    fih_hits *h = NULL;
    fih_query *q = NULL;
    fih_suggestion *suggestion = NULL;
    fih_why *nothing = NULL;
    fih_stats stats = FIH_STATS_INIT;
    fih_docno no;
    unsigned count = 0;

    CHECK_INT_EQ(fih_query_parse(&q, (fih_str){"والسوق", n}, &err), FIH_OK, "%s", err.msg);
    REFUSED(FIH_E_ANALYZER, fih_reader_analyzer(&a, r, &err), why);
    CHECK(a == NULL);
    REFUSED(FIH_E_ANALYZER, fih_search(&h, r, q, NULL, &err), why);
    CHECK(h == NULL);
    REFUSED(FIH_E_ANALYZER, fih_facets_new(&facets, r, q, "section", NULL, &err), why);
    REFUSED(FIH_E_ANALYZER, fih_complete(&completions, r, (fih_str){"والسوق", n}, 0, &err), why);
    REFUSED(FIH_E_ANALYZER, fih_suggest(&suggestion, r, (fih_str){"والسوق", n}, NULL, &err), why);
    REFUSED(FIH_E_ANALYZER, fih_why_nothing(&nothing, r, q, NULL, &err), why);
    CHECK_INT_EQ(fih_reader_each_doc(r, count_doc, &count, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(count, fih_reader_doc_count(r));
    CHECK_INT_EQ(fih_reader_stats(&stats, r, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(stats.documents, count);
    CHECK(stats.needs_rebuild);
    CHECK_INT_EQ(fih_reader_find(&no, r, FIH_STR("a"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_reader_doc(&doc, r, no, &err), FIH_OK, "%s", err.msg);
    REFUSED(FIH_E_ANALYZER, fih_snippet_new(&snippet, r, q, doc, NULL, &err), why);
    REFUSED(FIH_E_ANALYZER, fih_explain(&explanation, r, q, no, NULL, &err), why);
    fih_stored_free(doc);
    fih_query_free(q);
}

static void an_index_of_other_rules_is_read_and_not_searched(void)
{
    for (int i = 0; i < 2; i++) {
        const char *const why = i ? "arabic-2090" : "icu=1.0";
        fih_stats stats = FIH_STATS_INIT;
        fih_reader *r = market(NULL), *other = NULL;
        fih_writer *w = NULL;
        int changed = 0;

        REQUIRE(r);
        CHECK_INT_EQ(fih_reader_stats(&stats, r, &err), FIH_OK, "%s", err.msg);
        CHECK(!stats.needs_rebuild);
        CHECK_INT_EQ(age_index(place_path("index"), i ? "arabic-2090" : NULL, &err), FIH_OK, "%s", err.msg);
        CHECK_INT_EQ(found(r, "والسوق", NULL, NULL), 2);       /* of its own snapshot */
        CHECK_INT_EQ(fih_reader_open(&other, place_path("index"), &err), FIH_OK, "%s", err.msg);
        words_of_other_rules_are_refused(other, why);
        fih_reader_close(other);
        REFUSED(FIH_E_ANALYZER, fih_writer_open(&w, place_path("index"), NULL, &err), why);
        CHECK(w == NULL);
        CHECK_INT_EQ(fih_reader_renew(&changed, r, &err), FIH_OK, "%s", err.msg);
        CHECK_INT_EQ(changed, 1);
        words_of_other_rules_are_refused(r, why);
        fih_reader_close(r);
        CHECK_INT_EQ(fih_check(NULL, place_path("index"), NULL, NULL, &err), FIH_OK, "%s", err.msg);
        place_remove(place_path("copy"));
        CHECK_INT_EQ(fih_backup(place_path("index"), place_path("copy"), &err), FIH_OK, "%s", err.msg);
    }
}

/* A writer that adds nothing needs no analyzer: documents go, and segments are merged. */
static void an_index_of_other_rules_can_lose_documents(void)
{
    fih_reader *r = market(NULL);
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    fih_query *q = NULL;
    fih_doc d = FIH_DOC_INIT;
    uint64_t count = 9, before;

    REQUIRE(r);
    before = fih_reader_doc_count(r);
    fih_reader_close(r);
    CHECK_INT_EQ(age_index(place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    o.no_add = 1;
    CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), &o, &err), FIH_OK, "%s", err.msg);
    REQUIRE(w);
    d.id = str("new");
    REFUSED(FIH_E_USAGE, fih_writer_add(w, &d, &err), "add nothing");
    CHECK_INT_EQ(fih_writer_delete(w, FIH_STR("a"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_query_parse(&q, FIH_STR("السوق"), &err), FIH_OK);
    REFUSED(FIH_E_ANALYZER, fih_writer_delete_query(&count, w, q, &err), "icu=1.0");
    CHECK_INT_EQ(count, 0);
    fih_query_free(q);
    CHECK_INT_EQ(fih_writer_note_put(w, FIH_STR("k"), FIH_STR("v"), &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(fih_writer_merge(w, &err), FIH_OK, "%s", err.msg);
    fih_writer_close(w);
    CHECK_INT_EQ(fih_compact(place_path("index"), NULL, &err), FIH_OK, "%s", err.msg);
    CHECK_INT_EQ(place_count_docs(place_path("index"), &err), before - 1);
    CHECK_INT_EQ(fih_check(NULL, place_path("index"), NULL, NULL, &err), FIH_OK, "%s", err.msg);
}

static int stop_at_second(void *ctx, const fih_token *t) { (void)t; return ++*(int *)ctx == 2 ? 9 : 0; }
static int stop_at_cut(void *ctx, const fih_cut *c) { (void)c; return ++*(int *)ctx == 1 ? 11 : 0; }

/* One line a token, without and with reasons. */
struct told {
    char     lines[4096];
    size_t   used;
    unsigned reasons;
};

static int tell(void *ctx, const fih_token *t)
{
    struct told *told = ctx;

    told->used += (size_t)snprintf(told->lines + told->used, sizeof told->lines - told->used, "%zu-%zu %u %d %d %.*s\n",
                                   t->start, t->end, t->position, t->is_stop, t->level, (int)t->term.len, t->term.ptr);
    told->reasons += t->reason.len > 0;
    return 0;
}

static void terms_are_the_same_without_reasons(void)
{
    static const char text[] = "وبالمكتبات كتبٌ، يَٰقَوۡمِ قال النبيﷺ في 17.500 Café";
    struct told with = {.used = 0}, without = {.used = 0};
    fih_analyzer *a = NULL;
    int n = 0;

    CHECK_INT_EQ(fih_analyzer_new(&a, NULL, &err), FIH_OK);
    CHECK_INT_EQ(fih_analyze(a, fih_str_of(text), tell, &with, &err), FIH_OK);
    CHECK_INT_EQ(fih_analyze_terms(a, fih_str_of(text), tell, &without, &err), FIH_OK);
    CHECK_STR_EQ(without.lines, with.lines);
    CHECK(with.reasons > 20);
    CHECK_INT_EQ(without.reasons, 0);
    CHECK_INT_EQ(fih_analyze_terms(a, fih_str_of(text), stop_at_second, &n, &err), 9);
    fih_analyzer_free(a);
}

static void who_is_called_for_each_may_stop(void)
{
    static const char junk[] = "<style>p { margin: 0; color: red }</style>\nيفتح السوق عند الفجر كل يوم.\n"
                               "<script>var a = 1; f(a);</script>\n";
    fih_analyzer *a = NULL;
    int n = 0;

    CHECK_INT_EQ(fih_analyzer_new(&a, NULL, &err), FIH_OK);
    CHECK_INT_EQ(fih_analyze(a, FIH_STR("يفتح السوق عند الفجر"), stop_at_second, &n, &err), 9);
    CHECK_INT_EQ(n, 2);
    n = 0;
    CHECK_INT_EQ(fih_clean((fih_str){junk, sizeof junk - 1}, stop_at_cut, &n, &err), 11);
    CHECK_INT_EQ(n, 1);
    n = 1;                                             /* never stops now */
    CHECK_INT_EQ(fih_clean((fih_str){junk, sizeof junk - 1}, stop_at_cut, &n, &err), FIH_OK);
    CHECK_INT_EQ(n, 3);
    fih_analyzer_free(a);
    fih_analyzer_free(NULL);
}

static void weights_of_a_writer_are_numbers(void)
{
    static const float wrong[] = {-INFINITY, INFINITY, -1, 2e6f};

    place_remove(place_path("index"));
    for (int i = 0; i < 8; i++) {
        fih_writer_opts o = FIH_WRITER_OPTS_INIT;
        fih_writer *w = NULL;

        *(i % 2 ? &o.title_weight : &o.body_weight) = wrong[i / 2];
        CHECK_INT_EQ(fih_writer_open(&w, place_path("index"), &o, &err), FIH_E_USAGE, "%d", i);
        CHECK(w == NULL && access(place_path("index"), F_OK) != 0, "%d", i);
        CHECK_INT_EQ(fih_compact(place_path("index"), &o, &err), FIH_E_USAGE, "%d", i);
    }
}

int main(void)
{
    place_new("api");
    RUN(codes_have_names);
    RUN(days_are_written_in_four_digits_of_a_year);
    RUN(sizes_must_be_set);
    RUN(notes_have_keys_of_1_to_65535_bytes);
    RUN(queries_put_together_have_the_limits_of_those_written);
    RUN(weights_of_a_search_count_and_can_be_switched_off);
    RUN(a_snippet_is_of_the_title_or_the_body);
    RUN(a_snippet_may_be_of_any_text);
    RUN(the_version_is_one);
    RUN(other_words_are_sought_within_limits);
    RUN(synonyms_have_limits);
    RUN(more_segments_add_up);
    RUN(a_suggestion_keeps_what_stands_between_the_words);
    RUN(synonyms_stand_for_words_and_phrases_wherever_they_are_asked);
    RUN(a_query_that_synonyms_make_too_long_is_refused);
    RUN(a_reader_moves_to_an_index_made_anew_with_another_analyzer);
    RUN(an_index_of_other_rules_is_read_and_not_searched);
    RUN(an_index_of_other_rules_can_lose_documents);
    RUN(terms_are_the_same_without_reasons);
    RUN(who_is_called_for_each_may_stop);
    RUN(weights_of_a_writer_are_numbers);
    place_remove(place);
    return DONE();
}
