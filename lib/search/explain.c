/* search/explain.c - asking the matcher leaf by leaf. */
#include "search/explain.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"
#include "search/match.h"

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

static int add_channel(struct fih_explanation *e, fih_error *err, const struct plan *p, unsigned channel, const char *where,
                       float score, float weight, uint32_t freq, uint32_t len)
{
    int rc;

    if (freq == 0)
        return FIH_OK;
    if ((rc = add(e, err, 2, score, "%s: weight times saturation", where)) != 0 ||
        (rc = add(e, err, 3, weight, "weight: word times idf times field, times asked")) != 0)
        return rc;
    return add(e, err, 3, plan_saturation(p, channel, freq, len),
               "saturation: f / (f + k1 (1 - b + b len / avg)), f = %u, len = %u, avg = %.1f, k1 = %.2f, b = %.2f", freq, len,
               (double)p->avg[channel], (double)p->k1, (double)p->b);
}

static int add_leaf(struct fih_explanation *e, const struct plan *p, const struct leaf *l, const struct leaf_score *s,
                    fih_error *err)
{
    static const char *const scopes[] = {"", " in the title", " in the body", " as section"};
    int rc;

    if ((rc = add(e, err, 1, (double)s->text + (double)s->title, "word '%.*s'%s", (int)(l->key_bytes - 1),
                  (const char *)l->key + 1, scopes[l->scope])) != 0)
        return rc;
    if (l->scope == SCOPE_SECTION)
        return FIH_OK;
    if ((rc = add(e, err, 2, l->idf, "idf: ln(1 + (N - n + 0.5) / (n + 0.5)), n = %llu documents", (unsigned long long)l->df)) != 0 ||
        (rc = add(e, err, 2, l->lw, "word weight by its letters%s", l->times > 1 ? ", asked more than once" : "")) != 0)
        return rc;
    rc = add_channel(e, err, p, l->scope == SCOPE_TITLE ? CHANNEL_TITLE : CHANNEL_TEXT,
                     l->scope == SCOPE_TITLE ? "title" : l->scope == SCOPE_BODY ? "body" : "text", s->text, l->weight, s->freq, s->len);
    return rc ? rc : add_channel(e, err, p, CHANNEL_TITLE, "title", s->title, l->title_weight, s->title_freq, s->title_len);
}

int fihi_explain(struct fih_explanation **out, const struct plan *plan, struct segment *s, uint32_t local, fih_error *err)
{
    struct fih_explanation *e = calloc(1, sizeof *e);
    struct matcher *m = NULL;
    int rc;

    *out = NULL;
    if (!e)
        return fihi_fail_nomem(err);
    if ((rc = fihi_matcher_new(&m, plan, plan->root, s, err)) != 0)
        goto out;
    if (!m || fihi_matcher_seek(m, local) != local) {
        rc = m ? fihi_matcher_status(m, err) : FIH_OK;
        rc = rc ? rc : add(e, err, 0, 0, "the document does not match");
        goto out;
    }
    if ((rc = add(e, err, 0, (double)(float)fihi_matcher_score(m, -1), "score: the sum of the words found")) != 0)
        goto out;
    for (uint32_t i = 0; i < plan->leaf_count && rc == 0; i++) {
        struct leaf_score leaf;

        if (fihi_matcher_leaf(m, i, local, &leaf))
            rc = add_leaf(e, plan, &plan->leaves[i], &leaf, err);
    }
    if (rc == 0)
        rc = fihi_matcher_status(m, err);
out:
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
