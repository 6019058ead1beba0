/* search/like.c - counting words and keeping the best.
 *
 * Each stem of the text is weighed by log(1 + f) * idf, idf as BM25 has it, and the best LIKE_WORDS become a query of
 * words with weights. The logarithm, for a document that says a word fifty times is not fifty times as much about it.
 * The words go into the query as they stood in the text, so the query is read as one that was typed.
 *
 * One qsort() joins equal stems, another orders them.
 *
 * The weights are of the family tf·idf (Salton and Buckley, "Term-weighting approaches in automatic text retrieval",
 * 1988). Memory: 40 bytes for each word that may count, of at most 1 MiB of title and of body: some four times the
 * text.
 */
#include "search/like.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/fail.h"

/* Shorter stems are remains or particles. */
enum { LETTERS_LEAST = 3 };

struct word {
    uint32_t    term;                  /* the analyzer's number */
    uint32_t    freq;
    const char *surface;               /* where it stands first */
    size_t      bytes, at;             /* its length, and its place among the words that were looked at */
    float       weight;
};

/* All that were looked at, and behind join_same() one for each stem. */
struct words {
    struct word *words;
    size_t       count, cap;
};

/* Each stem of a text with the surface word that it comes from. Surface words point into the text, which must live as
 * long as w does. What is behind the first LIKE_LOOK bytes is not looked at: what a book is about, its first megabyte
 * says. */
static int collect(struct words *w, struct analyzer *a, fih_str text, fih_error *err)
{
    struct token tokens[256];
    size_t count;
    int rc;

    fihi_analyzer_begin(a, (const uint8_t *)text.ptr, text.len < LIKE_LOOK ? text.len : LIKE_LOOK);
    while ((rc = fihi_analyzer_next(a, tokens, 256, &count, err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            const struct token *t = &tokens[i];

            /* One token for each word; stop words would fill the query with what every text has. */
            if ((t->flags & (TOKEN_LEVEL | TOKEN_STOP | TOKEN_SAME_POSITION)) || t->letters < LETTERS_LEAST)
                continue;
            if (fihi_grow(&w->words, &w->cap, w->count + 1, sizeof *w->words) != 0)
                return fihi_fail_nomem(err);
            w->words[w->count] =
                (struct word){t->term, 1, text.ptr + t->start, t->end - t->start, w->count, 0};
            w->count++;
        }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* The body between its cuts: menus and footers are not what a document is about. */
static int collect_body(struct words *w, struct analyzer *a, fih_str body, fih_str cuts, fih_error *err)
{
    struct cut_scan s;
    size_t at = 0, start, end;
    int rc = FIH_OK;

    fihi_cut_scan(&s, cuts, body);
    while (rc == 0 && at < LIKE_LOOK && fihi_cut_next(&s, &start, &end) == FIH_OK) {
        rc = collect(w, a, (fih_str){body.ptr + at, start - at}, err);
        at = end;
    }
    return rc != 0 || at >= LIKE_LOOK ? rc : collect(w, a, (fih_str){body.ptr + at, body.len - at}, err);
}

/* For qsort(): stems together, and of a stem the first surface word first, which is the one that join_same() keeps. */
static int by_term(const void *x, const void *y)
{
    const struct word *a = x, *b = y;

    return a->term != b->term ? (a->term < b->term ? -1 : 1) : (a->at > b->at) - (a->at < b->at);
}

/* Equal ones by their places: the numbers of terms depend on what the analyzer saw before. */
static int by_weight(const void *x, const void *y)
{
    const struct word *a = x, *b = y;

    return a->weight > b->weight ? -1 : a->weight < b->weight ? 1 : (a->at > b->at) - (a->at < b->at);
}

/* In place. The frequency of a stem is how many of its words the text has, in all its forms. */
static void join_same(struct words *w)
{
    size_t kept = 0;

    if (w->count)
        qsort(w->words, w->count, sizeof *w->words, by_term);
    for (size_t i = 0; i < w->count; i++)
        if (kept && w->words[kept - 1].term == w->words[i].term)
            w->words[kept - 1].freq++;
        else
            w->words[kept++] = w->words[i];
    w->count = kept;
}

/* A word of no other document says nothing of others. One look into each dictionary for every different stem: some ten
 * thousand for a long text. df is of the whole collection, where the view has statistics of one. */
static int weigh(struct words *w, const struct view *v, const struct analyzer *a, fih_error *err)
{
    /* Documents of the collection, as a double: the formula has halves in it. */
    const double all = (double)view_collection(v);

    for (size_t i = 0; i < w->count; i++) {
        const struct term_text t = fihi_analyzer_term(a, w->words[i].term);
        uint8_t key[TERM_KEY_MAX];
        uint64_t df;
        int rc;

        key[0] = LEVEL_STEM;
        memcpy(key + 1, t.ptr, t.len);
        if ((rc = fihi_view_count_docs(v, key, t.len + 1, &df, err)) != 0)
            return rc;
        w->words[i].weight = df < 2 ? 0
                                    /* A word that every document has gets a weight near 0 and not below. */
                                    : (float)(log(1 + w->words[i].freq) *
                                              log(1 + (all - (double)df + 0.5) / ((double)df + 0.5)));
    }
    return FIH_OK;
}

/* Weights in order, the best first; behind LIKE_WORDS of them, or at the first that has none, the rest is dropped. */
static int add_words(struct fih_query *q, struct words *w, fih_error *err)
{
    int rc = FIH_OK;

    if (w->count)
        qsort(w->words, w->count, sizeof *w->words, by_weight);
    for (size_t i = 0; i < w->count && i < LIKE_WORDS && w->words[i].weight > 0 && rc == 0; i++) {
        struct node *n = fihi_node_new(NODE_WORDS, w->words[i].surface, w->words[i].bytes, 0);

        if (!n)
            return fihi_fail_nomem(err);
        /* The best has 1, so no weight is above what a query may say. */
        n->boost = w->words[i].weight / w->words[0].weight;
        rc = fihi_node_add(q->root, n, err);
    }
    return rc;
}

int fihi_query_like(struct fih_query **out, const struct view *v, struct analyzer *a, fih_docno doc, fih_str title,
                    fih_str body, fih_str cuts, fih_error *err)
{
    struct words w = {NULL, 0, 0};
    /* Also without any word to ask for: then it finds nothing, which is no error. */
    int rc = fihi_query_plain(out, "", 0, err);

    if (rc != 0)
        return rc;
    /* A text is most like itself. */
    (*out)->except = doc;
    (*out)->has_except = true;
    if ((rc = collect(&w, a, title, err)) == 0 && (rc = collect_body(&w, a, body, cuts, err)) == 0) {
        join_same(&w);
        if ((rc = weigh(&w, v, a, err)) == 0)
            rc = add_words(*out, &w, err);
    }
    free(w.words);
    if (rc != 0) {
        fihi_query_free(*out);
        *out = NULL;
    }
    return rc;
}
