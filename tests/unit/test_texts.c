/* test_texts.c - fields of kind text: what they find, what they score, through segments, merges and several indexes. */
#include <math.h>
#include <stdbool.h>

#include "place.h"
#include "tap.h"

static fih_error err;

static const struct book {
    const char *id, *title, *body, *author, *second, *note;
} books[] = {
    {"1", "ديوان الأول", "قصائد في الوطن والحب", "أحمد شوقي", NULL, "طبعة قديمة للكتاب"},
    {"2", "في الشعر الجاهلي", "نقد الشعر القديم عند شوقي", "طه حسين", NULL, NULL},
    {"3", "الأيام", "سيرة ذاتية", "طه حسين", "أحمد شوقي", "كتاب"},
    {"4", "بلا", "لا شيء هنا", NULL, NULL, "كتب وكتاب وكتاب"},
    {"5", "مختارات", "أحمد وشوقي", "شوقي", "أحمد", NULL},
    {"6", "أخرى", "نص", "،،", NULL, NULL},
};

enum { BOOKS = sizeof books / sizeof *books };

static int add(fih_writer *w, const struct book *b)
{
    fih_doc d = FIH_DOC_INIT;
    fih_field extra[3];

    d.id = fih_str_of(b->id);
    d.title = fih_str_of(b->title);
    d.body = fih_str_of(b->body);
    d.extra = extra;
    if (b->author)
        extra[d.extra_count++] = (fih_field){FIH_STR("author"), fih_str_of(b->author)};
    if (b->note)                               /* between two of another field */
        extra[d.extra_count++] = (fih_field){FIH_STR("note"), fih_str_of(b->note)};
    if (b->second)
        extra[d.extra_count++] = (fih_field){FIH_STR("author"), fih_str_of(b->second)};
    return fih_writer_add(w, &d, &err);
}

/* The books from..end, a commit after each `every`. */
static bool make(const char *name, const char *fields, size_t from, size_t end, size_t every)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w = NULL;
    int rc;

    o.fields = fih_str_of(fields);
    o.no_clean = 1;
    rc = fih_writer_open(&w, place_path(name), &o, &err);
    for (size_t i = from; i < end && rc == 0; i++) {
        rc = add(w, &books[i]);
        if (rc == 0 && (i + 1 - from) % every == 0)
            rc = fih_writer_commit(w, &err);
    }
    rc = rc ? rc : fih_writer_commit(w, &err);
    fih_writer_close(w);
    return CHECK_INT_EQ(rc, FIH_OK, "%s: %s", name, err.msg);
}

/* The ids of the hits, best first; "error query" and the like. Scores into `scores`, by number of the book. */
static const char *find(const fih_reader *r, const char *text, float *scores)
{
    static char out[4][200];
    static unsigned turn;
    char *const s = out[turn++ % 4];
    fih_query *q = NULL;
    fih_hits *hits = NULL;
    const fih_hit *hit;
    int rc = fih_query_parse(&q, fih_str_of(text), &err);

    s[0] = '\0';
    if (rc == 0)
        rc = fih_search(&hits, r, q, NULL, &err);
    for (size_t i = 0; rc == 0 && (hit = fih_hits_at(hits, i)) != NULL; i++) {
        snprintf(s + strlen(s), 200 - strlen(s), "%s%.*s", i ? " " : "", (int)hit->id.len, hit->id.ptr);
        if (scores)
            scores[hit->id.ptr[0] - '1'] = hit->score;
    }
    if (rc != 0)
        snprintf(s, 200, "error %s", fih_error_name(rc));
    fih_hits_free(hits);
    fih_query_free(q);
    return s;
}

/* The same as a set: ids ascending. */
static const char *found(const fih_reader *r, const char *text)
{
    static char out[4][32];
    static unsigned turn;
    char *const s = out[turn++ % 4];
    const char *const ids = find(r, text, NULL);
    size_t n = 0;

    if (*ids == 'e')
        return ids;
    for (char c = '1'; c <= '9'; c++)
        if (strchr(ids, c))
            s[n++] = c;
    s[n] = '\0';
    return s;
}

static const char fields[] = "author:text* note:text";

static void words_of_a_text_are_found_there_alone(void)
{
    static const struct {
        const char *query, *ids;
    } cases[] = {
        {"author:شوقي", "135"},
        {"author:شوقى", "135"},                /* as people type */
        {"author:بشوقي", "135"},
        {"author:\"أحمد شوقي\"", "13"},
        {"author:\"شوقي أحمد\"", ""},          /* no phrase goes from one value to the next */
        {"author:\"حسين أحمد\"", ""},
        {"author:حسين -author:شوقي", "2"},
        {"+author:شوقي +author:حسين", "3"},
        {"author:شوقي AND note:كتاب", "13"},
        {"note:كتاب", "134"},
        {"note:شوقي", ""},
        {"شوقي", "25"},                        /* plain words are not looked for there */
        {"شوقي author:حسين", "235"},
        {"author:*", "1235"},                  /* any value that has a word */
        {"title:*", "123456"},
        {"body:*", "123456"},
        {"* -author:*", "46"},
        {"author:شو*", "135"},
        {"author:ح*", "23"},
        {"author:غغ*", ""},
        {"author:،", "error query"},
        {"author:ش?قي", "error query"},        /* of patterns beginnings only, and none does as if it were a word */
        {"author:*قي", "error query"},
        {"author:ش*ي*", "error query"},
        {"author:ش?ق*", "error query"},
        {"author:/شو.*/", "error query"},
        {"author:شوقي~", "error query"},
        {"author:شوقي~3", "error query"},
        {"author:=شوقي", "error query"},
        {"author:==شوقي", "error query"},
        {"author:=شو*", "error query"},
        {"* -author:(طه ش?قي)", "error query"},
        {"author:\"=شوقي\"", "135"},           /* in quotation marks the signs are no pattern */
        {"author:شوقي?", "135"},               /* nor is a question */
        {"author:**", "error query"},
        {"author:أحمد NEAR/3 شوقي", "13"},
        {"author:شوقي NEAR/3 أحمد", "13"},
        {"author:شوقي THEN/3 أحمد", ""},       /* in the fifth they are in two values */
        {"author:أحمد THEN/1 شوقي", "13"},
        {"author:(أحمد NEAR/3 شوقي)", "13"},
        {"author:أحمد NEAR/3 author:شوقي", "13"},
        {"-author:(أحمد NEAR/3 شوقي) author:شوقي", "5"},
        {"author:(طه NEAR/1000 أحمد)", ""},    /* no distance goes from one value to the next */
        {"author:\"حسين أحمد\"~1000", ""},
        {"note:(قديمة NEAR/2 كتاب)", "1"},
        {"note:(طبعة NEAR/1 كتاب)", ""},
        {"note:(\"قديمة للكتاب\" THEN/9 طبعة)", ""},
        {"note:(طبعة THEN/1 \"قديمة للكتاب\")", "1"},
        {"note:(كتب THEN/1 وكتاب THEN/1 وكتاب)", "4"},
        {"note:(، NEAR/2 كتاب)", "134"},       /* what is no word is not there, as in the body */
        {"note:(، NEAR/2 ؛)", ""},
        {"شوقي THEN/3 author:أحمد", "error query"},
        {"author:أحمد THEN/3 note:شوقي", "error query"},
        {"author:أحمد THEN/3 title:شوقي", "error query"},
        {"author:أحمد NEAR/3 شو*", "error query"},
        {"author:شو* NEAR/3 أحمد", "error query"},
        {"author:* NEAR/3 أحمد", "error query"},
        {"author:(أحمد NEAR/3 =شوقي)", "error query"},
        {"author:(أحمد NEAR/3 \"شوقي\"~2)", "error query"},
        {"section:أحمد NEAR/3 شوقي", "error query"},
        {"autor:أحمد NEAR/3 شوقي", "error query"},
        {"author:\"أحمد شوقي\"~2", "13"},
        {"autor:شوقي", "error query"},
    };
    fih_reader *r;

    REQUIRE(make("texts", fields, 0, BOOKS, BOOKS));
    REQUIRE(fih_reader_open(&r, place_path("texts"), &err) == 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR_EQ(found(r, cases[i].query), cases[i].ids, "%s", cases[i].query);
    fih_reader_close(r);
}

/* The formula, by hand: "author:شوقي" is in three of six documents; of the four that have an author the texts are 2, 2,
 * 4 and 2 words long. */
static void a_word_of_a_text_scores_by_bm25_over_the_field(void)
{
    const double idf = log(1 + (6 - 3 + 0.5) / (3 + 0.5)), letters = sqrt(4 / 5.0), mean = (2 + 2 + 4 + 2) / 4.0;
    float scores[BOOKS] = {0};
    fih_reader *r;

    REQUIRE(fih_reader_open(&r, place_path("texts"), &err) == 0);
    find(r, "author:شوقي", scores);
    CHECK(fabs(scores[0] - letters * idf * 1 / (1 + 0.9 * (0.5 + 0.5 * 2 / mean))) < 1e-5, "%.7g", scores[0]);
    CHECK(fabs(scores[2] - letters * idf * 1 / (1 + 0.9 * (0.5 + 0.5 * 4 / mean))) < 1e-5, "%.7g", scores[2]);
    fih_reader_close(r);
}

/* With a weight, a plain word scores what it does without, and the weight times what it does in the text by name. */
static void a_weight_adds_the_text_to_plain_words(void)
{
    float plain[BOOKS] = {0}, named[BOOKS] = {0}, both[BOOKS] = {0}, twice[BOOKS] = {0};
    fih_reader *a, *b;

    REQUIRE(make("weighed", "author:text*^2.5 note:text", 0, BOOKS, BOOKS));
    REQUIRE(fih_reader_open(&a, place_path("texts"), &err) == 0);
    REQUIRE(fih_reader_open(&b, place_path("weighed"), &err) == 0);
    find(a, "شوقي", plain);
    find(a, "author:شوقي", named);
    CHECK_STR_EQ(found(b, "شوقي"), "1235");
    find(b, "شوقي", both);
    for (size_t i = 0; i < BOOKS; i++)
        CHECK(fabs(both[i] - (plain[i] + 2.5 * named[i])) < 1e-5, "%s: %g, %g, %g", books[i].id, both[i], plain[i],
              named[i]);
    /* A word that is asked for again weighs twice, there too; the second pass is of title and body alone. */
    find(b, "شوقي شوقي", twice);
    CHECK(fabs(twice[0] - 2 * both[0]) < 1e-5 && fabs(twice[2] - 2 * both[2]) < 1e-5, "%g, %g", twice[0], both[0]);
    CHECK_STR_EQ(found(b, "\"أحمد شوقي\""), "135");
    CHECK_STR_EQ(found(b, "title:شوقي"), "");
    CHECK_STR_EQ(found(b, "+شوقي +حسين"), "23");
    CHECK_STR_EQ(found(b, "الشعر -شوقي"), "");
    CHECK_STR_EQ(found(b, "قصائد -شوقي"), "1");        /* what is left out is what title and body have */
    fih_reader_close(a);
    fih_reader_close(b);
}

/* What is written in another way in title and body is no more frequent in a text for that, and has the text's weight. */
static void other_writings_leave_the_weight_of_a_text(void)
{
    static const struct book pages[] = {
        {"1", "أ", "ذهب عبد الله إلى البيت", NULL, NULL, NULL},   {"2", "ب", "جاء عبدالله إلى السوق", NULL, NULL, NULL},
        {"3", "ج", "رأى عبد الله البحر", NULL, NULL, NULL},       {"4", "د", "كتاب قديم", "عبدالله", NULL, NULL},
        {"5", "ه", "قال عبدالله وعبد الله", NULL, NULL, NULL},
    };
    float named[BOOKS] = {0}, both[BOOKS] = {0};
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w;
    fih_reader *r;

    o.fields = FIH_STR("author:text*^2.5");
    o.no_clean = 1;
    REQUIRE(fih_writer_open(&w, place_path("written"), &o, &err) == 0);
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        REQUIRE(add(w, &pages[i]) == 0);
    REQUIRE(fih_writer_commit(w, &err) == 0);
    fih_writer_close(w);
    REQUIRE(fih_reader_open(&r, place_path("written"), &err) == 0);
    CHECK_STR_EQ(found(r, "عبدالله"), "12345");         /* 1 and 3 by its other writing */
    find(r, "عبدالله", both);
    find(r, "author:عبدالله", named);
    CHECK(named[3] > 0 && fabs(both[3] - 2.5 * named[3]) < 1e-5, "%g, %g", both[3], named[3]);
    fih_reader_close(r);
}

/* A weight is of searches alone, so it may be said anew. */
static void a_weight_changes_without_a_new_index(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_fields *list;
    fih_writer *w;
    fih_reader *r;

    o.fields = FIH_STR("author:text*^0.5");
    REQUIRE(fih_writer_open(&w, place_path("texts"), &o, &err) == 0);
    CHECK_INT_EQ(fih_writer_commit(w, &err), 0);
    fih_writer_close(w);
    REQUIRE(fih_reader_open(&r, place_path("texts"), &err) == 0);
    CHECK_STR_EQ(found(r, "شوقي"), "1235");
    REQUIRE(fih_reader_fields(&list, r, &err) == 0);
    CHECK_STR_EQ(fih_fields_at(list, 0)->kind_name, "text*^0.5");
    CHECK(fih_fields_at(list, 0)->weight == 0.5f && fih_fields_at(list, 0)->is_many);
    CHECK_INT_EQ(fih_fields_at(list, 0)->docs, 4);
    CHECK_INT_EQ(fih_fields_at(list, 1)->docs, 3);
    CHECK(!(fih_fields_at(list, 1)->weight > 0));
    fih_fields_free(list);
    fih_reader_close(r);
}

static const char *const questions[] = {"author:شوقي",   "author:\"أحمد شوقي\"", "author:شو*",  "author:*", "شوقي",
                                        "note:كتاب شوقي", "شوقي author:حسين",     "\"أحمد شوقي\""};

/* The same documents, scores and order. */
static void check_same(const fih_reader *a, const fih_reader *b, const char *what)
{
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        float x[BOOKS] = {0}, y[BOOKS] = {0};
        const char *const ids = find(a, questions[i], x);

        CHECK_STR_EQ(find(b, questions[i], y), ids, "%s, %s", what, questions[i]);
        CHECK(memcmp(x, y, sizeof x) == 0, "%s, %s", what, questions[i]);
    }
}

static void segments_merges_and_parts_give_the_answers_of_one(void)
{
    static const char weighed[] = "author:text*^2.5 note:text";
    fih_merge_opts m = FIH_MERGE_OPTS_INIT;
    const char *parts[2];
    fih_writer *w;
    fih_reader *one, *r;

    REQUIRE(fih_reader_open(&one, place_path("weighed"), &err) == 0);
    REQUIRE(make("many", weighed, 0, BOOKS, 1));
    REQUIRE(fih_reader_open(&r, place_path("many"), &err) == 0);
    check_same(one, r, "a segment each");
    fih_reader_close(r);
    REQUIRE(fih_writer_open(&w, place_path("many"), NULL, &err) == 0);
    CHECK_INT_EQ(fih_writer_merge(w, &err), 0);
    fih_writer_close(w);
    REQUIRE(fih_reader_open(&r, place_path("many"), &err) == 0);
    check_same(one, r, "merged");
    fih_reader_close(r);
    REQUIRE(make("left", weighed, 0, 3, 2));
    REQUIRE(make("right", "other:keyword note:text author:text*^2.5", 3, BOOKS, 2));
    parts[0] = place_path("left");
    parts[1] = place_path("right");
    REQUIRE(fih_reader_open_many(&r, parts, 2, &err) == 0);
    check_same(one, r, "two indexes");
    fih_reader_close(r);
    parts[0] = place_path("left");
    parts[1] = place_path("right");
    REQUIRE(fih_merge(parts, 2, place_path("joined"), &m, &err) == 0);
    REQUIRE(fih_reader_open(&r, place_path("joined"), &err) == 0);
    check_same(one, r, "joined");
    fih_reader_close(r);
    fih_reader_close(one);
}

/* Of a text that may have one value the first counts, and the others are told. */
static void a_second_value_of_one_is_refused(void)
{
    fih_writer_opts o = FIH_WRITER_OPTS_INIT;
    fih_writer *w;
    fih_reader *r;

    o.fields = FIH_STR("author:text");
    REQUIRE(fih_writer_open(&w, place_path("single"), &o, &err) == 0);
    REQUIRE(add(w, &books[2]) == 0);
    REQUIRE(fih_writer_commit(w, &err) == 0);
    CHECK_INT_EQ(fih_writer_progress(w)->values_refused, 1);
    fih_writer_close(w);
    REQUIRE(fih_reader_open(&r, place_path("single"), &err) == 0);
    CHECK_STR_EQ(found(r, "author:حسين"), "3");
    CHECK_STR_EQ(found(r, "author:شوقي"), "");
    fih_reader_close(r);
}

/* The ids of the hits, ascending, and their scores, as find() has them; the query is freed. */
static const char *found_by(const fih_reader *r, fih_query *q, const fih_search_opts *o, float *scores)
{
    static char out[4][200];
    static unsigned turn;
    char *const s = out[turn++ % 4];
    fih_hits *hits = NULL;
    const fih_hit *hit;
    size_t n = 0;
    const int rc = fih_search(&hits, r, q, o, &err);

    for (char c = '1'; c <= '9' && rc == 0; c++)
        for (size_t i = 0; (hit = fih_hits_at(hits, i)) != NULL; i++)
            if (*hit->id.ptr == c) {
                s[n++] = c;
                scores[c - '1'] = hit->score;
            }
    s[n] = '\0';
    if (rc != 0)
        snprintf(s, 200, "error %s", fih_error_name(rc));
    fih_hits_free(hits);
    fih_query_free(q);
    return s;
}

/* As it is typed, with the same scores; and each word is one of several, also where one of them must match. */
static void a_program_asks_for_words_of_a_text(void)
{
    static const struct {
        const char *text, *same;
        int is_phrase;
        uint32_t slop;
    } cases[] = {
        {"شوقي", "author:شوقي", 0, 0},
        {"طه وشوقي", "author:(طه وشوقي)", 0, 0},
        {"+طه -\"حسين* NOT", "author:(طه حسين \"NOT\")", 0, 0},
        {"أحمد شوقي", "author:\"أحمد شوقي\"", 1, 0},
        {"طه أحمد", "author:\"طه أحمد\"~3", 1, 3},
        {"", "()", 0, 0},
        {"«،»", "()", 1, 0},                   /* nothing that a person types is an error */
    };
    static const char *const others[] = {"tags", "pages", "autor"};
    static char words[4 * (FIH_MAX_CLAUSES + 2)];
    fih_search_opts all = FIH_SEARCH_OPTS_INIT;
    fih_query *q = NULL, *other;
    fih_reader *r;

    REQUIRE(make("asked", "author:text* note:text tags:keyword pages:integer", 0, BOOKS, 2));
    REQUIRE(fih_reader_open(&r, place_path("asked"), &err) == 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const fih_str text = fih_str_of(cases[i].text);
        float x[BOOKS] = {0}, y[BOOKS] = {0};

        CHECK_INT_EQ(cases[i].is_phrase ? fih_query_phrase(&q, "author", text, cases[i].slop, &err)
                                        : fih_query_words(&q, "author", text, &err), FIH_OK, "%s", err.msg);
        CHECK_STR_EQ(found_by(r, q, NULL, x), found(r, cases[i].same), "%s", cases[i].same);
        find(r, cases[i].same, y);
        CHECK(memcmp(x, y, sizeof x) == 0, "%s", cases[i].same);
    }
    for (int occur = FIH_MUST; occur <= FIH_NOT; occur++) {
        fih_clause both[2] = {FIH_CLAUSE(NULL, FIH_MAY), FIH_CLAUSE(NULL, FIH_MAY)};
        float x[BOOKS] = {0};

        REQUIRE(fih_query_words(&q, "author", FIH_STR("طه أحمد"), &err) == 0);
        REQUIRE(fih_query_words(&other, "note", FIH_STR("كتاب"), &err) == 0);
        both[0] = (fih_clause)FIH_CLAUSE(q, occur);
        both[1].query = other;
        fih_query *sum = NULL;
        REQUIRE(fih_query_group(&sum, both, 2, &err) == 0);
        fih_query_free(q);
        fih_query_free(other);
        CHECK_STR_EQ(found_by(r, sum, NULL, x), occur == FIH_MUST ? "1235" : "4");
    }
    all.match_all = 1;
    REQUIRE(fih_query_words(&q, "author", FIH_STR("طه شوقي"), &err) == 0);
    CHECK_STR_EQ(found_by(r, q, &all, (float[BOOKS]){0}), "3");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        REQUIRE(fih_query_words(&q, others[i], FIH_STR("شوقي"), &err) == 0);
        CHECK_STR_EQ(found_by(r, q, NULL, (float[BOOKS]){0}), "error query", "%s", others[i]);
        CHECK(strstr(err.msg, others[i]) && strstr(err.msg, i < 2 ? "fih_query_field()" : "author"), "%s", err.msg);
    }
    CHECK_INT_EQ(fih_query_phrase(&q, "date", FIH_STR("شوقي"), 0, &err), FIH_E_USAGE);
    CHECK(strstr(err.msg, "fih_query_field()"), "%s", err.msg);
    for (unsigned i = 0; i <= FIH_MAX_CLAUSES; i++)
        strcat(words, "ab ");
    CHECK_INT_EQ(fih_query_words(&q, "author", fih_str_of(words), &err), FIH_E_LIMIT);
    CHECK(q == NULL);
    fih_reader_close(r);
    /* Nor has a keyword in any spelling words, though it has this value. */
    REQUIRE(make("spelt", "author:keyword*~", 0, BOOKS, 2));
    REQUIRE(fih_reader_open(&r, place_path("spelt"), &err) == 0);
    CHECK_STR_EQ(found(r, "author:شوقى"), "5");
    REQUIRE(fih_query_words(&q, "author", FIH_STR("شوقى"), &err) == 0);
    CHECK_STR_EQ(found_by(r, q, NULL, (float[BOOKS]){0}), "error query");
    fih_reader_close(r);
}

static int hear(void *ctx, const fih_term *t)
{
    char *const all = ctx;

    snprintf(all + strlen(all), 200 - strlen(all), "%.*s:%d/%d ", (int)t->text.len, t->text.ptr, (int)t->docs,
             (int)t->occurrences);
    return 0;
}

/* As it is typed, in a text, the body and anywhere; no sign of a text is an operator. */
static void a_program_asks_for_words_near_each_other(void)
{
    const fih_str names[] = {FIH_STR("أحمد"), FIH_STR("شوقي")}, notes[] = {FIH_STR("طبعة"), FIH_STR("قديمة كتاب")},
                  signs[] = {FIH_STR("-قصائد"), FIH_STR("\"الوطن* OR")};
    const struct {
        const char *field, *same;
        const fih_str *texts;
        size_t count;
        uint32_t reach;
        int is_ordered;
    } cases[] = {
        {"author", "author:(أحمد NEAR/3 شوقي)", names, 2, 3, 0},
        {"author", "author:(أحمد THEN/1 شوقي)", names, 2, 1, 1},
        {"author", "author:أحمد", names, 1, 3, 0},
        {"note", "note:(طبعة THEN/1 \"قديمة كتاب\")", notes, 2, 1, 1},
        {"body", "body:(أحمد NEAR/1000 شوقي)", names, 2, 1000, 0},
        {NULL, "أحمد NEAR/1 شوقي", names, 2, 1, 0},
        {NULL, "قصائد NEAR/2 \"الوطن OR\"", signs, 2, 2, 0},
        {NULL, "()", names, 0, 2, 0},
    };
    fih_query *q = NULL;
    fih_reader *r;

    REQUIRE(fih_reader_open(&r, place_path("asked"), &err) == 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float x[BOOKS] = {0}, y[BOOKS] = {0};

        CHECK_INT_EQ(fih_query_near(&q, cases[i].field, cases[i].texts, cases[i].count, cases[i].reach,
                                    cases[i].is_ordered, &err), FIH_OK, "%s", err.msg);
        CHECK_STR_EQ(found_by(r, q, NULL, x), found(r, cases[i].same), "%s", cases[i].same);
        find(r, cases[i].same, y);
        CHECK(memcmp(x, y, sizeof x) == 0, "%s", cases[i].same);
    }
    CHECK_INT_EQ(fih_query_near(&q, "tags", names, 2, 3, 0, &err), FIH_OK);
    CHECK_STR_EQ(found_by(r, q, NULL, (float[BOOKS]){0}), "error query");
    CHECK(strstr(err.msg, "NEAR and THEN join words, which the field tags has not"), "%s", err.msg);
    CHECK_INT_EQ(fih_query_near(&q, "url", names, 2, 3, 0, &err), FIH_E_USAGE);
    CHECK_INT_EQ(fih_query_near(&q, NULL, names, 2, 0, 0, &err), FIH_E_LIMIT);
    CHECK_INT_EQ(fih_query_near(&q, NULL, names, 2, 1001, 0, &err), FIH_E_LIMIT);
    CHECK_INT_EQ(fih_query_near(&q, NULL, &(fih_str){"x", FIH_MAX_QUERY + (size_t)1}, 1, 2, 0, &err), FIH_E_LIMIT);
    CHECK(q == NULL);
    fih_reader_close(r);
}

static void terms_of_a_text_are_its_stems(void)
{
    char all[200] = "";
    fih_reader *r;

    REQUIRE(fih_reader_open(&r, place_path("many"), &err) == 0);
    CHECK_INT_EQ(fih_reader_each_term(r, "author", FIH_STR("ح"), hear, all, &err), 0);
    CHECK_STR_EQ(all, "حسين:2/2 ");
    fih_reader_close(r);
}

static int tell(void *ctx, const char *problem)
{
    (void)ctx;
    printf("# %s\n", problem);
    return 0;
}

static void the_check_finds_nothing_wrong(void)
{
    static const char *const names[] = {"texts", "weighed", "many", "joined"};
    uint64_t problems = 0;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK(fih_check(&problems, place_path(names[i]), tell, NULL, &err) == 0 && problems == 0, "%s: %s", names[i],
              err.msg);
}

int main(void)
{
    place_new("texts");
    RUN(words_of_a_text_are_found_there_alone);
    RUN(a_word_of_a_text_scores_by_bm25_over_the_field);
    RUN(a_weight_adds_the_text_to_plain_words);
    RUN(other_writings_leave_the_weight_of_a_text);
    RUN(a_weight_changes_without_a_new_index);
    RUN(segments_merges_and_parts_give_the_answers_of_one);
    RUN(a_second_value_of_one_is_refused);
    RUN(a_program_asks_for_words_of_a_text);
    RUN(a_program_asks_for_words_near_each_other);
    RUN(terms_of_a_text_are_its_stems);
    RUN(the_check_finds_nothing_wrong);
    place_remove(place);
    return DONE();
}
