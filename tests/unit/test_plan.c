/* test_plan.c - what is handed over to other engines: a document's words and a query's plan, by which anybody can
 * compute what a search does. */
#include <math.h>
#include <stdbool.h>

#include "shelf.h"

enum { WORDS_MOST = 64, DOCS = 6 };

struct heard {
    struct { char stem[32], form[32], root[32]; uint32_t position; int in_title, is_reading; } words[WORDS_MOST];
    unsigned count, len, title_len;
};

static void keep(char out[32], fih_str s)
{
    snprintf(out, 32, "%.*s", (int)s.len, s.ptr);
}

static int hear(void *ctx, const fih_word *w)
{
    struct heard *const h = ctx;

    if (h->count == WORDS_MOST)
        return FIH_DONE;
    keep(h->words[h->count].stem, w->stem);
    keep(h->words[h->count].form, w->form);
    keep(h->words[h->count].root, w->root);
    h->words[h->count].position = w->position;
    h->words[h->count].in_title = w->in_title;
    h->words[h->count++].is_reading = w->is_reading;
    h->len = w->position + 1;
    h->title_len = w->in_title ? h->len : h->title_len;
    return FIH_OK;
}

static int stop_at_second(void *ctx, const fih_word *w)
{
    (void)w;
    return ++*(int *)ctx == 2 ? FIH_DONE : FIH_OK;
}

/* The words of the document of an id. */
static void hear_document(struct heard *h, const fih_reader *r, const char *id)
{
    fih_stored *s = NULL;
    fih_docno doc;

    memset(h, 0, sizeof *h);
    CHECK_INT_EQ(fih_reader_find(&doc, r, fih_str_of(id), &err), FIH_OK);
    CHECK_INT_EQ(fih_reader_doc(&s, r, doc, &err), FIH_OK);
    if (s)
        CHECK_INT_EQ(fih_reader_each_word(r, s, hear, h, &err), FIH_OK);
    fih_stored_free(s);
}

static fih_reader *make_library(void)
{
    fih_writer *w = begin();

    add(w, "0", "تاريخ المكتبات", "وبالمكتبات كتب كثيرة في المدينة");
    add(w, "1", "كتاب", "كتاب عن كاتب وعن مكتبة قديمة");
    add(w, "2", "", "اعتراضا على المدرسة <br> <script>var x = 1;</script> والمدرسين");
    add(w, "3", "المدرسة", "المدرسة والكتاب وكتاب المدرسة والمدرسة");
    add(w, "4", "أخبار", "لا شيء عن ذلك");
    add(w, "5", "أخبار أخرى", "كاتبة تكتب عن الكتابة");
    return finish(w);
}

/* ---- a document's words */

static void a_word_has_stem_form_root_and_place(void)
{
    struct heard h;
    fih_reader *r = make_library();
    fih_stored *s;
    fih_docno doc;
    int calls = 0;

    hear_document(&h, r, "0");
    CHECK_INT_EQ(h.len, 7);
    CHECK_INT_EQ(h.title_len, 2);
    CHECK_STR_EQ(h.words[1].stem, "مكتب");
    CHECK_STR_EQ(h.words[2].stem, "مكتب");
    CHECK_STR_EQ(h.words[1].form, "المكتبات");
    CHECK_STR_EQ(h.words[2].form, "وبالمكتبات");
    CHECK_STR_EQ(h.words[2].root, "كتب");
    CHECK_INT_EQ(h.words[1].in_title, 1);
    CHECK_INT_EQ(h.words[2].in_title, 0);
    CHECK_INT_EQ(h.words[2].position, 2);
    REQUIRE(h.count > 2);
    CHECK_INT_EQ(h.words[h.count - 2].position, 5);
    CHECK_STR_EQ(h.words[h.count - 2].form, "", "a stop word has none");
    hear_document(&h, r, "2");
    CHECK_INT_EQ(h.words[1].is_reading, 1, "a word with two stems");
    CHECK_INT_EQ(h.words[1].position, 0);
    CHECK_INT_EQ(h.len, 4, "what is no prose is left out");
    REQUIRE(fih_reader_find(&doc, r, FIH_STR("0"), NULL) == FIH_OK && fih_reader_doc(&s, r, doc, NULL) == FIH_OK);
    CHECK_INT_EQ(fih_reader_each_word(r, s, stop_at_second, &calls, NULL), FIH_DONE);
    CHECK_INT_EQ(calls, 2);
    fih_stored_free(s);
    fih_reader_close(r);
}

/* ---- a plan, computed by hand */

struct document {
    const struct heard         *words;
    const struct fih_plan_info *plan;
};

static double sat(const struct document *d, double tf, double len, double average)
{
    const double k1 = (double)d->plan->k1, b = (double)d->plan->b;

    return tf / (tf + k1 * (1 - b + b * len / average));
}

static bool is(fih_str s, const char *word)
{
    return s.len == strlen(word) && memcmp(s.ptr, word, s.len) == 0;
}

/* A word as the header says; -1 where it is not. A root that two readings of a word share is one. */
static double score_word(const struct document *d, const fih_plan_node *n)
{
    unsigned stem = 0, form = 0, root = 0, title = 0;
    double len = d->words->len, average = (double)d->plan->avg, score;

    for (unsigned i = 0; i < d->words->count; i++) {
        const bool has_stem = is(n->stem, d->words->words[i].stem);
        const bool is_again = d->words->words[i].is_reading &&
                              strcmp(d->words->words[i].root, d->words->words[i - 1].root) == 0;

        stem += has_stem;
        title += has_stem && d->words->words[i].in_title;
        form += has_stem && n->form.len && is(n->form, d->words->words[i].form);
        root += n->root.len ? is(n->root, d->words->words[i].root) && !is_again : has_stem;
    }
    if (stem == 0 || (n->is_form_only && form == 0))
        return -1;
    score = (double)n->weight * sat(d, stem, len, average) + (double)n->form_weight * sat(d, form, len, average) +
            (double)n->root_weight * sat(d, root, len, average);
    return title ? score + (double)n->title_weight * sat(d, title, d->words->title_len, (double)d->plan->avg_title)
                 : score;
}

/* Of words, groups and the best of them; -1 where it is not found. */
static double score_node(const struct document *d, const fih_plan_node *n)
{
    double sum = 0, best = -1;
    bool lacks = false;

    if (n->kind == FIH_PLAN_WORD)
        return score_word(d, n);
    for (size_t i = 0; i < n->count; i++) {
        const double score = score_node(d, n->children[i]);

        lacks |= n->children[i]->occur == FIH_NOT ? score >= 0 : n->children[i]->occur == FIH_MUST && score < 0;
        if (n->children[i]->occur == FIH_NOT || score < 0)
            continue;
        sum += score;
        best = score > best ? score : best;
    }
    return lacks || best < 0 ? -1 : n->kind == FIH_PLAN_BEST ? best : sum;
}

/* One word only: as in the queries here. */
static double score_titles(const struct document *d, const fih_plan_node *titles)
{
    double best = 0;

    for (size_t i = 0; titles && i < titles->count; i++) {
        const fih_plan_node *const t = titles->children[i];

        CHECK_INT_EQ(t->kind, FIH_PLAN_TITLE);
        for (size_t k = 0; t->count == 1 && d->words->title_len == 1 && k < t->children[0]->count; k++)
            if (is(t->children[0]->children[k]->stem, d->words->words[0].stem) &&
                is(t->children[0]->children[k]->form, d->words->words[0].form))
                best = (double)t->children[0]->weight;
    }
    return best;
}

static void a_plan_is_what_a_search_scores(void)
{
    static const char *const queries[] = {"كتاب", "المدرسة كاتب", "مكتبة المدينة كثيرة", "+كتاب مدرسة", "كتاب -قديمة",
                                          "(كتاب^3 كاتب) مدرسين", "اعتراض", "لا شيء هنا غيره"};
    fih_reader *r = make_library();
    struct heard heard[DOCS];

    for (unsigned i = 0; i < DOCS; i++)
        hear_document(&heard[i], r, (const char[]){(char)('0' + i), '\0'});
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        fih_search_opts o = FIH_SEARCH_OPTS_INIT;
        fih_query *q = NULL;
        fih_plan *p = NULL;
        unsigned found = 0;

        CHECK_INT_EQ(fih_query_parse(&q, fih_str_of(queries[i]), NULL), FIH_OK);
        REQUIRE(fih_plan_new(&p, r, q, &o, NULL) == FIH_OK);
        const fih_plan_info *const info = fih_plan_get(p);
        o.order = "score,score";
        fih_hits *const hits = search(r, queries[i], &o);
        for (size_t k = 0; k < fih_hits_count(hits); k++) {
            const fih_hit *const hit = fih_hits_at(hits, k);
            const struct document d = {&heard[hit->id.ptr[0] - '0'], info};
            const double score = score_node(&d, info->root) + score_titles(&d, info->titles);

            CHECK(fabs(score - (double)hit->score) < 1e-4, "'%s': document %c scores %g, by its plan %g", queries[i],
                  hit->id.ptr[0], (double)hit->score, score);
        }
        for (unsigned k = 0; k < DOCS; k++)
            found += score_node(&(struct document){&heard[k], info}, info->root) >= 0;
        CHECK_INT_EQ(found, fih_hits_count(hits), "'%s'", queries[i]);
        fih_hits_free(hits);
        fih_plan_free(p);
        fih_query_free(q);
    }
    fih_reader_close(r);
}

/* The node of a kind, the first that is met. */
static const fih_plan_node *find_kind(const fih_plan_node *n, int kind)
{
    const fih_plan_node *found = n->kind == kind ? n : NULL;

    for (size_t i = 0; !found && i < n->count; i++)
        found = find_kind(n->children[i], kind);
    return found;
}

static fih_plan *plan_of(const fih_reader *r, const char *text, const fih_search_opts *o)
{
    fih_query *q = NULL;
    fih_plan *p = NULL;

    CHECK_INT_EQ(fih_query_parse(&q, fih_str_of(text), NULL), FIH_OK);
    CHECK_INT_EQ(fih_plan_new(&p, r, q, o, NULL), FIH_OK, "'%s'", text);
    fih_query_free(q);
    return p;
}

static void a_plan_tells_phrases_patterns_and_filters(void)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    fih_reader *r = make_library();
    const fih_plan_node *n;
    fih_plan *p = plan_of(r, "\"كتب كثيرة\"~3 كاتب NEAR/4 مكتبة", NULL);

    REQUIRE(p != NULL && (n = find_kind(fih_plan_get(p)->root, FIH_PLAN_PHRASE)) != NULL);
    CHECK_INT_EQ(n->count, 2);
    CHECK_INT_EQ(n->slop, 3);
    CHECK_INT_EQ(n->children[1]->position, 1);
    n = fih_plan_get(p)->root->children[1];
    CHECK_INT_EQ(n->is_near, 1);
    CHECK_INT_EQ(n->children[1]->link, FIH_LINK_NEAR);
    CHECK_INT_EQ(n->children[1]->reach, 4);
    fih_plan_free(p);
    p = plan_of(r, "مكت* title:كتاب", NULL);
    REQUIRE(p != NULL && (n = find_kind(fih_plan_get(p)->root, FIH_PLAN_PATTERN)) != NULL);
    CHECK_STR_EQ(n->expression.ptr, "(ال|وال|بال|فال|كال|لل|ولل|وبال)?مكت.*");
    CHECK_INT_EQ(n->is_form_pattern, 1);
    REQUIRE((n = find_kind(fih_plan_get(p)->root, FIH_PLAN_WORD)) != NULL);
    CHECK_STR_EQ(n->field, "title");
    CHECK(fih_plan_get(p)->titles == NULL);
    fih_plan_free(p);
    o.since = FIH_STR("2020-01-02");
    p = plan_of(r, "كتاب section:\"أدب\"", &o);
    REQUIRE(p != NULL && (n = find_kind(fih_plan_get(p)->root, FIH_PLAN_VALUES)) != NULL);
    CHECK_STR_EQ(n->field, "date");
    CHECK_INT_EQ(n->low, 18263);
    CHECK(n->high == INT64_MAX);
    REQUIRE((n = find_kind(fih_plan_get(p)->root, FIH_PLAN_KEYWORD)) != NULL);
    CHECK_STR_EQ(n->field, "section");
    CHECK(is(n->text, "أدب"));
    fih_plan_free(p);
    fih_reader_close(r);
}

static void a_value_is_read_as_the_index_reads_it(void)
{
    double number;
    int64_t value;

    CHECK_INT_EQ(fih_value_read(&value, &number, FIH_FIELD_INTEGER, FIH_STR("١٢"), &err), FIH_OK);
    CHECK_INT_EQ(value, 12);
    CHECK_INT_EQ(fih_value_read(&value, &number, FIH_FIELD_NUMBER, FIH_STR("-2.5"), &err), FIH_OK);
    CHECK(fabs(number + 2.5) < 1e-12);
    CHECK_INT_EQ(fih_value_read(&value, &number, FIH_FIELD_DATE, FIH_STR("1970-01-03"), &err), FIH_OK);
    CHECK_INT_EQ(value, 2);
    CHECK_INT_EQ(fih_value_read(&value, &number, FIH_FIELD_INTEGER, FIH_STR("كثير"), &err), FIH_E_NOTFOUND);
    CHECK_INT_EQ(fih_value_read(&value, &number, FIH_FIELD_KEYWORD, FIH_STR("1"), &err), FIH_E_USAGE);
}

int main(void)
{
    RUN(a_word_has_stem_form_root_and_place);
    RUN(a_plan_is_what_a_search_scores);
    RUN(a_plan_tells_phrases_patterns_and_filters);
    RUN(a_value_is_read_as_the_index_reads_it);
    return DONE();
}
