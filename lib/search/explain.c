/* search/explain.c - the parts of a score, as the matcher tells them.
 *
 * Nothing is computed here: the matcher that the reference ranks with is asked for the document, and tells each part as
 * it has added it (match_teller); then the title and the second pass, by the functions that a search calls. So what is
 * shown is what was added, to the bit, and cannot drift away from it.
 *
 * Rows are indented by depth: the score, its words, a word's parts, and what these are made of. The first row's value
 * is only known at the end.
 */
#include "search/explain.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"
#include "index/column.h"
#include "search/match.h"
#include "search/rescore.h"
#include "search/title.h"

/* Rows in the making, and what went wrong with them. rc is kept here and not returned by each function, as rows are
 * added inside of callbacks that return nothing. */
struct maker {
    struct fih_explanation *e;
    const struct plan      *plan;
    int                     rc;
    fih_error              *err;
};

/* A row behind the others; its text is formatted and copied. The value is shown as it is computed, a double of a float
 * mostly. */
static void add(struct maker *m, unsigned depth, double value, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
static void add(struct maker *m, unsigned depth, double value, const char *fmt, ...)
{
    struct fih_explanation *const e = m->e;
    char text[1024];
    va_list ap;

    /* After an error nothing is added: callers need not look at each row. */
    if (m->rc != 0)
        return;
    va_start(ap, fmt);
    /* Words are at most 255 bytes, so 1,024 hold a row; a longer one, of a pattern, would be cut, not overflow. */
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (fihi_grow(&e->rows, &e->cap, e->count + 1, sizeof *e->rows) != 0 || !(e->rows[e->count].text = strdup(text))) {
        m->rc = fihi_fail_nomem(m->err);
        return;
    }
    e->rows[e->count].line = (fih_explain_line){depth, value, {e->rows[e->count].text, strlen(text)}};
    e->count++;
}

/* One part of a word's score: a weight, and how much of it the frequency brings. A part that weighs nothing, or whose
 * frequency is 0, is left out: it has added nothing. The formula is written out with its numbers, so that a reader can
 * check it with a calculator. BM25's saturation (Robertson and Zaragoza, 2009) is f / (f + K), K growing with the
 * length of the text. */
static void add_part(struct maker *m, const char *what, const char *of, float score, float weight, unsigned field,
                     uint32_t freq, uint32_t len)
{
    const struct plan *const p = m->plan;

    if (freq == 0 || !(weight > 0))
        return;
    add(m, 2, (double)score, "%s: weight times saturation", what);
    add(m, 3, (double)weight, "weight: word times idf times field, times asked%s", of);
    add(m, 3, (double)plan_saturation(p, field, (float)freq, len),
        "saturation: f / (f + k1 (1 - b + b len / avg)), f = %u, len = %u, avg = %.1f, k1 = %.2f, b = %.2f", freq, len,
        (double)p->avg[field], (double)p->k1, (double)p->b);
}

/* Keys have their level as first byte, which is not shown. The idf of Robertson and Spärck Jones, with 1 inside of the
 * logarithm so that it is never below 0. N, which is not in the row, is the number of documents. */
static void add_idf(struct maker *m, unsigned depth, float idf, uint64_t df, const struct term_key *key)
{
    add(m, depth, (double)idf, "idf of '%.*s': ln(1 + (N - n + 0.5) / (n + 0.5)), n = %llu documents",
        (int)(key->count - 1), (const char *)key->bytes + 1, (unsigned long long)df);
}

/* Another writing of the query's words counts as they do: what they weigh together, as often as it is there. Its row
 * names the writing and how it is written; what it weighs was fixed by the plan (plan_best.c) from the words that were
 * asked. */
static void add_writing(struct maker *m, const struct query_term *t, const struct term_score *s)
{
    /* Its weight is no product of an idf of its own, so the row says what it is. */
    static const char of[] = ": the sum of what was asked";
    const bool is_title = t->scope == SCOPE_TITLE;

    add(m, 1, (double)s->text + (double)s->title, "'%.*s', written %s: it counts as what was asked",
        (int)(t->key.count - 1), (const char *)t->key.bytes + 1,
        t->writing == WRITTEN_TOGETHER ? "together" : "apart");
    if (t->df)
        add(m, 2, (double)t->df, "documents that have it: the idf of what was asked counts them%s",
            t->writing == WRITTEN_APART ? ", many of them by a sample" : "");
    add_part(m, is_title ? "title" : t->scope == SCOPE_BODY ? "body" : "text", of, s->text, t->weight,
             is_title ? NORM_TITLE : NORM_TEXT, s->freq, s->len);
    add_part(m, "title", of, s->title, t->title_weight, NORM_TITLE, s->title_freq, s->title_len);
}

/* A word of a text: the field's own idf and lengths. Such a field has one list and no forms or roots, so a row for the
 * weight and one for the saturation say all. */
static void add_word(struct maker *m, const struct query_term *t, const struct term_score *s)
{
    const struct plan *const p = m->plan;

    add(m, 1, (double)s->text, "word '%.*s' in %s", (int)(t->key.count - WORD_HEAD),
        (const char *)t->key.bytes + WORD_HEAD, fihi_schema_name(&p->view->schema, t->key.bytes[1]));
    add(m, 2, (double)t->weight, "weight: word weight by its letters, %.2f, times idf times the field's",
        (double)t->letters_weight);
    add(m, 3, (double)t->idf, "idf in the field: ln(1 + (N - n + 0.5) / (n + 0.5)), n = %llu documents",
        (unsigned long long)t->df);
    add(m, 2, (double)term_saturation(p, t, (float)s->freq, s->len),
        "saturation: f / (f + k1 (1 - b + b len / avg)), f = %u, len = %u, avg = %.1f, k1 = %.2f, b = %.2f", s->freq,
        s->len, (double)t->mean, (double)p->k1, (double)p->b);
}

/* Called for each word found; by the second pass for roots of missing words too, with no frequency of the stem. Boosts
 * are in letters_weight, and are divided out to be shown as their own row. A keyword has one row and no parts. */
static void add_term(void *ctx, const struct query_term *t, const struct term_score *s)
{
    /* By enum scope; others have returned above. */
    static const char *const scopes[] = {"", " in the title", " in the body"};
    struct maker *const m = ctx;
    const bool is_title = t->scope == SCOPE_TITLE;

    if (t->writing != WRITTEN_AS_ASKED) {
        add_writing(m, t, s);
        return;
    }
    if (t->scope == SCOPE_SECTION) {
        size_t head;
        const unsigned field = keyword_field(t->key.bytes, t->key.count, &head);

        add(m, 1, 0, "the field %s is '%.*s': it only matches", fihi_schema_name(&m->plan->view->schema, field),
            (int)(t->key.count - head), (const char *)t->key.bytes + head);
        return;
    }
    if (t->scope == SCOPE_FIELD) {
        add_word(m, t, s);
        return;
    }
    /* A term without an occurrence was told by the second pass: only its root is there. */
    add(m, 1, (double)s->text + (double)s->form + (double)s->root + (double)s->title, "word '%.*s'%s",
        (int)(t->key.count - 1), (const char *)t->key.bytes + 1,
        t->is_form_only ? ", which is spelt like it" : s->freq == 0 ? ", its root only" : scopes[t->scope]);
    /* Where the stem brings nothing its idf explains nothing. */
    if (!t->is_form_only && s->freq)
        add_idf(m, 2, t->idf, t->df, &t->key);
    add(m, 2, (double)(t->letters_weight / t->boost), "word weight by its letters%s",
        t->times > 1 ? ", asked more than once" : "");
    if (t->boost < 1 || t->boost > 1)
        add(m, 2, (double)t->boost, "boost: ^ of the word and of the parentheses around it");
    add_part(m, is_title ? "title" : t->scope == SCOPE_BODY ? "body" : t->is_shared ? "stem" : "text", "", s->text,
             t->weight, is_title ? NORM_TITLE : NORM_TEXT, s->freq, s->len);
    /* A document may have the stem in another form than was asked: then nothing was added for the form. */
    if (s->form_freq) {
        add_part(m, "form", "", s->form, t->form_weight, NORM_TEXT, s->form_freq, s->len);
        add_idf(m, 3, t->form_idf, t->form_df, &t->form);
    }
    add_part(m, t->root.count ? "root" : "root: the word itself", "", s->root, t->root_weight, NORM_TEXT, s->root_freq,
             s->len);
    /* A word without a root counts as its own: then the idf of the stem is above already. */
    if (t->root.count && t->root_weight > 0)
        add_idf(m, 3, t->root_idf, t->root_df, &t->root);
    add_part(m, "title", "", s->title, t->title_weight, NORM_TITLE, s->title_freq, s->title_len);
}

/* A pattern's words as one: they are not told apart, for they may be thousands. It can have no idf of one word; plan.c
 * gives it one made of all its documents. */
static void add_set(void *ctx, const struct plan_set *s, float score)
{
    add(ctx, 1, (double)score, "words %s '%s': %llu of them, as one, in %llu documents",
        s->is_root ? "of the root" : "like", s->text, (unsigned long long)s->words->terms,
        (unsigned long long)s->words->df);
    /* plan_readings.c weighs what has only the root in common with a fifth; the row says so. */
    add(ctx, 2, (double)s->weight, "weight: %sletters times idf%s times field; the rest is saturation",
        s->is_root ? "a fifth of " : "", s->is_root ? " of the root" : "");
}

/* The score and the words that make it up. In the order of a search: words, title, roots, places, with a float at the
 * same points, or the last digit could differ. The rows come from the same calls as in rank.c and rescore.c: a term for
 * each word (add_term()), then the title, then the roots, then the places. A new part of a score needs a row here, or
 * the rows do not add up any more. */
static int add_words(struct maker *m, struct matcher *matcher, uint32_t segment, uint32_t local,
                     const struct rescored *rescored)
{
    const struct match_teller teller = {add_term, add_set, m};
    /* What the passes of a search would have in their list of hits: this document alone. */
    struct scored best = {(float)fihi_matcher_score(matcher), m->plan->view->bases[segment] + local};
    struct place_scorer *r = NULL;
    struct place_score places = {0, 0, 0};
    struct titles *titles = NULL;
    struct scene scene;
    float title = 0;
    int rc = FIH_OK;

    /* 0 for now: what it comes to is known when all parts are. */
    add(m, 0, 0, "score: the sum of the words found%s", rescored->has_places ? ", and of where they stand" : "");
    /* Asks add_term() and add_set() for each part, on the document that the matcher stands on. */
    fihi_matcher_tell(matcher, &teller);
    fihi_scene_begin(&scene, m->plan, segment, NULL);
    if ((rc = fihi_titles_new(&titles, &scene, m->err)) == 0 && titles)
        rc = fihi_titles_score(titles, local, &title, m->err);
    fihi_titles_free(titles);
    if (rc != 0)
        return rc;
    /* From the matcher's double once more: adding to a score that is a float already would round twice. */
    if (title > 0) {
        add(m, 1, (double)title, "title: the query is all of it; five times the weight of each word in titles");
        best.score = (float)(fihi_matcher_score(matcher) + (double)title);
    }
    if (rescored->has_roots && m->rc == 0)
        rc = fihi_rescore_roots(&best, 1, m->plan, &teller, m->err);
    if (rc == 0 && rescored->has_places && (rc = fihi_place_scorer_new(&r, m->plan, segment, m->err)) == 0 && r)
        rc = fihi_place_scorer_add(r, local, &places, m->err);
    fihi_place_scorer_free(r);
    if (rc != 0)
        return rc;
    if (places.near > 0)
        add(m, 1, places.near, "nearness: the lesser weight of each pair of words over their distance");
    if (places.window > 0)
        add(m, 1, places.window, "window: the weights of the words that stand within 50, where these are most");
    if (places.early > 0)
        add(m, 1, places.early, "early: the weight of each word, less the later it stands first");
    if (m->rc == 0)
        /* A float, as a hit's score is. */
        m->e->rows[0].line.value = (double)(float)((double)best.score + place_sum(&places));
    return m->rc;
}

/* A document that does not match gets one row that says so: no error. `rescored` tells which parts of the second pass
 * it has in a search (fihi_rescored()). `local` is the document's number in the segment. It costs a seek in each list
 * of the query, not a search. Without a deadline: one document is looked at. */
int fihi_explain(struct fih_explanation **out, const struct plan *plan, uint32_t segment, uint32_t local,
                 const struct rescored *rescored, fih_error *err)
{
    /* Rows belong to it from the first on, so that one call frees what was made before an error. */
    struct maker maker = {calloc(1, sizeof *maker.e), plan, FIH_OK, err};
    struct matcher *m = NULL;
    int rc;

    *out = NULL;
    if (!maker.e)
        return fihi_fail_nomem(err);
    rc = fihi_matcher_new(&m, plan, plan->root, segment, NULL, err);
    if (rc == 0 && m && fihi_matcher_seek(m, local) == local && match_is_shown(plan, segment, local, &rc, err)) {
        rc = add_words(&maker, m, segment, local, rescored);
    } else if (rc == 0) {
        add(&maker, 0, 0, "the document does not match");
        rc = maker.rc;
    }
    /* A list that turned out to be broken on the way gives NO_DOC, which must not pass for "does not match". */
    if (rc == 0 && m)
        rc = fihi_matcher_status(m, err);
    fihi_matcher_free(m);
    if (rc == 0)
        *out = maker.e;
    else
        fihi_explanation_free(maker.e);
    return rc;
}

/* Also of one that was made in part. */
void fihi_explanation_free(struct fih_explanation *e)
{
    if (!e)
        return;
    for (size_t i = 0; i < e->count; i++)
        free(e->rows[i].text);
    free(e->rows);
    free(e);
}
