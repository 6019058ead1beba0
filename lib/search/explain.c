/* search/explain.c - asking the matcher leaf by leaf. */
#include "search/explain.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"
#include "search/match.h"
#include "search/rescore.h"

static int add(struct fih_explanation *e, fih_error *err, unsigned depth, double value, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
static int add(struct fih_explanation *e, fih_error *err, unsigned depth, double value, const char *fmt, ...)
{
    char text[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (fihi_grow(&e->rows, &e->cap, e->count + 1, sizeof *e->rows) != 0 || !(e->rows[e->count].text = strdup(text)))
        return fihi_fail_nomem(err);
    e->rows[e->count].depth = depth;
    e->rows[e->count++].value = value;
    return FIH_OK;
}

static int add_channel(struct fih_explanation *e, fih_error *err, const struct plan *p, unsigned channel,
                       const char *where, float score, float weight, uint32_t freq, uint32_t len)
{
    int rc;

    if (freq == 0)
        return FIH_OK;
    if ((rc = add(e, err, 2, score, "%s: weight times saturation", where)) != 0 ||
        (rc = add(e, err, 3, weight, "weight: word times idf times field, times asked")) != 0)
        return rc;
    return add(e, err, 3, plan_saturation(p, channel, freq, len),
               "saturation: f / (f + k1 (1 - b + b len / avg)), f = %u, len = %u, avg = %.1f, k1 = %.2f, b = %.2f",
               freq, len, (double)p->avg[channel], (double)p->k1, (double)p->b);
}

static int add_idf(struct fih_explanation *e, fih_error *err, double idf, uint64_t df)
{
    return add(e, err, 2, idf, "idf: ln(1 + (N - n + 0.5) / (n + 0.5)), n = %llu documents", (unsigned long long)df);
}

static int add_norm(struct fih_explanation *e, const struct plan *p, const struct leaf *l, const struct leaf_score *s,
                    fih_error *err)
{
    int rc;

    if (s->norm_freq == 0)
        return FIH_OK;
    if ((rc = add_channel(e, err, p, CHANNEL_TEXT, "normalised word", s->norm, l->norm.weight, s->norm_freq, s->len)) !=
        0)
        return rc;
    return add(e, err, 3, l->norm.idf, "its idf, n = %llu documents with '%.*s'", (unsigned long long)l->norm.df,
               (int)(l->norm.key_bytes - 1), (const char *)l->norm.key + 1);
}

static int add_leaf(struct fih_explanation *e, const struct plan *p, const struct leaf *l, const struct leaf_score *s,
                    double root, fih_error *err)
{
    static const char *const scopes[] = {"", " in the title", " in the body", " as section"};
    int rc;

    if ((rc = add(e, err, 1, (double)s->text + (double)s->norm + (double)s->title + root, "word '%.*s'%s",
                  (int)(l->key_bytes - 1), (const char *)l->key + 1, scopes[l->scope])) != 0)
        return rc;
    if (l->scope == SCOPE_SECTION)
        return FIH_OK;
    if ((rc = add_idf(e, err, l->idf, l->df)) != 0 ||
        (rc = add(e, err, 2, l->lw / l->boost, "word weight by its letters%s",
                  l->times > 1 ? ", asked more than once" : "")) != 0)
        return rc;
    if ((l->boost < 1 || l->boost > 1) &&
        (rc = add(e, err, 2, l->boost, "boost: ^ of the word and of the parentheses around it")) != 0)
        return rc;
    rc = add_channel(e, err, p, l->scope == SCOPE_TITLE ? CHANNEL_TITLE : CHANNEL_TEXT,
                     l->scope == SCOPE_TITLE  ? "title"
                     : l->scope == SCOPE_BODY ? "body"
                     : l->is_shared           ? "stem"
                                              : "text",
                     s->text, l->weight, s->freq, s->len);
    if (rc != 0 || (rc = add_norm(e, p, l, s, err)) != 0 ||
        (rc = add_channel(e, err, p, CHANNEL_TITLE, "title", s->title, l->title_weight, s->title_freq, s->title_len)) !=
            0 ||
        !(root > 0))
        return rc;
    return l->root.key_bytes ? add(e, err, 2, root, "root '%.*s', n = %llu documents", (int)(l->root.key_bytes - 1),
                                   (const char *)l->root.key + 1, (unsigned long long)l->root.df)
                             : add(e, err, 2, root, "root: the word itself");
}

static int add_set(struct fih_explanation *e, const struct plan_set *s, double score, fih_error *err)
{
    int rc;

    if (!(score > 0))
        return FIH_OK;
    if ((rc = add(e, err, 1, score, "words like '%s': %llu of them, as one, n = %llu documents", s->text,
                  (unsigned long long)s->words->terms, (unsigned long long)s->words->df)) != 0)
        return rc;
    return add(e, err, 2, s->weight, "weight: letters times idf times field; the rest is saturation");
}

/* The score and the words that make it up. The second pass is for the best documents only: `r` is NULL for others. */
static int add_words(struct fih_explanation *e, const struct plan *plan, struct matcher *m, struct rescorer *r,
                     uint32_t local, fih_error *err)
{
    struct rescored more = {0, 0};
    const float first = (float)fihi_matcher_score(m, -1);
    int rc = r ? fihi_rescorer_add(r, local, &more, err) : FIH_OK;

    if (rc != 0 ||
        (rc = add(e, err, 0, (double)(float)((double)first + more.roots + more.proximity),
                  "score: the sum of the words found%s", more.proximity > 0 ? ", and of their nearness" : "")) != 0)
        return rc;
    for (uint32_t i = 0; i < plan->leaf_count && rc == 0; i++) {
        const double root = r ? fihi_rescorer_root(r, &plan->leaves[i]) : 0;
        struct leaf_score leaf = {0};

        if (fihi_matcher_leaf(m, i, local, &leaf) || root > 0)
            rc = add_leaf(e, plan, &plan->leaves[i], &leaf, root, err);
    }
    for (uint32_t i = 0; i < plan->set_count && rc == 0; i++)
        rc = add_set(e, &plan->sets[i], fihi_matcher_set(m, i), err);
    if (rc == 0 && more.proximity > 0)
        rc = add(e, err, 1, more.proximity, "nearness: the lesser weight of each pair of words over their distance");
    return rc;
}

int fihi_explain(struct fih_explanation **out, const struct plan *plan, struct segment *s, uint32_t local, bool is_best,
                 fih_error *err)
{
    struct fih_explanation *e = calloc(1, sizeof *e);
    struct rescorer *r = NULL;
    struct matcher *m = NULL;
    int rc;

    *out = NULL;
    if (!e)
        return fihi_fail_nomem(err);
    if ((rc = fihi_matcher_new(&m, plan, plan->root, s, NULL, err)) != 0 ||
        (is_best && (rc = fihi_rescorer_new(&r, plan, s, err)) != 0))
        goto out;
    if (!m || fihi_matcher_seek(m, local) != local) {
        rc = m ? fihi_matcher_status(m, err) : FIH_OK;
        rc = rc ? rc : add(e, err, 0, 0, "the document does not match");
        goto out;
    }
    rc = add_words(e, plan, m, r, local, err);
    if (rc == 0)
        rc = fihi_matcher_status(m, err);
out:
    fihi_rescorer_free(r);
    fihi_matcher_free(m);
    if (rc == 0)
        *out = e;
    else
        fihi_explanation_free(e);
    return rc;
}

void fihi_explanation_free(struct fih_explanation *e)
{
    if (!e)
        return;
    for (size_t i = 0; i < e->count; i++)
        free(e->rows[i].text);
    free(e->rows);
    free(e);
}
