/* search/sieve.c - a tree of spans of values.
 *
 * The plan's filter, made ready for one segment: a keyword has become its number in the column, a beginning a span of
 * numbers. So asking about a document is a few loads and comparisons, whatever the filter was. A node that the segment
 * cannot fulfil stays (SIEVE_NONE): below NOT it lets everything pass.
 *
 * Documents are asked in any order; a column keeps the chunk at hand that was asked last, and neighbours mostly are in
 * it.
 *
 * Example: tag:news tag:sport pages:100..250 is a group of two children that must pass: a group of two spans that may,
 * {17, 17} and {23, 23} in the column of tags, where these are the words' places among all tags, and a span {100, 250}
 * in that of pages.
 */
#include "search/sieve.h"

#include <stdlib.h>

#include "base/fail.h"
#include "index/column.h"
#include "search/plan_part.h"

/* SIEVE_NONE is 0, so that what was only zeroed lets nothing pass; SIEVE_ALL is `*`. */
enum sieve_kind { SIEVE_NONE, SIEVE_ALL, SIEVE_SPAN, SIEVE_GROUP };

struct sieve {
    enum sieve_kind kind;
    enum occur      occur;
    struct column   column;            /* SIEVE_SPAN: a document has a value in it */
    int64_t         low, high;
    struct sieve  **children;          /* SIEVE_GROUP */
    size_t          count;
    uint32_t        least;             /* so many of its SHOULDs */
};

/* Columns are borrowed from the segment's values, and need no end. */
void fihi_sieve_free(struct sieve *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->count; i++)
        fihi_sieve_free(s->children[i]);
    free(s->children);
    free(s);
}

/* A keyword's place among the terms of its field. A term of the field that has documents, and no column: one of the two
 * is damaged. The dictionary numbers all terms of a segment, a column those of its field from 0: first_term is the
 * difference. A term that lies before it would wrap round, and is damage. */
static int set_term(struct sieve *s, const struct plan *plan, const struct plan_node *n, uint32_t segment,
                    fih_error *err)
{
    const struct term_place *const place = &plan->terms[n->term].places[segment];
    struct segment *const seg = plan->view->segments[segment];

    if (place->entry.df == 0)
        return FIH_OK;
    if (!fihi_column_open(&s->column, seg, n->field) || place->entry.ordinal < s->column.row->first_term)
        return fihi_segment_broken(seg, "a keyword that is not in its column", err);
    s->kind = SIEVE_SPAN;
    s->low = s->high = place->entry.ordinal - s->column.row->first_term;
    return FIH_OK;
}

/* A column that the segment lacks has no value in any span. An empty span needs no look at the column: it stays
 * SIEVE_NONE. Of a keyword's beginning the span is another one in each segment. */
static int set_values(struct sieve *s, const struct plan *plan, const struct plan_node *n, uint32_t segment,
                      fih_error *err)
{
    int rc;

    if (!fihi_column_open(&s->column, plan->view->segments[segment], n->field))
        return FIH_OK;
    if ((rc = fihi_plan_values(n, &s->column, &s->low, &s->high, err)) == 0 && s->low <= s->high)
        s->kind = SIEVE_SPAN;
    return rc;
}

/* A child that could not be made is not counted, and the loop ends by rc. Without a MUST one SHOULD is enough, as in
 * match.c; with one none is needed unless the group says so. Example: least 2 of three that may match, as a group of
 * the query with min_match: 2 stays; a group of MUSTs alone has 0. */
static int set_group(struct sieve *s, const struct plan *plan, const struct plan_node *n, uint32_t segment,
                     fih_error *err)
{
    bool has_must = false;
    int rc = FIH_OK;

    s->kind = SIEVE_GROUP;
    if (!(s->children = calloc(n->count + 1, sizeof *s->children)))
        return fihi_fail_nomem(err);
    /* `least` becomes 1 by the first SHOULD. */
    for (; s->count < n->count && rc == 0; s->count += s->children[s->count] != NULL) {
        has_must |= n->children[s->count]->occur == OCCUR_MUST;
        s->least |= n->children[s->count]->occur == OCCUR_SHOULD;
        rc = fihi_sieve_new(&s->children[s->count], plan, n->children[s->count], segment, err);
    }
    s->least = n->least > 1 || has_must ? n->least : s->least;
    return rc;
}

/* By the kinds that a filter can have (plan_filter.c): what is neither a term nor a span nor a group is `*`. *out is
 * NULL on an error, and children that were made are freed with it. */
int fihi_sieve_new(struct sieve **out, const struct plan *plan, const struct plan_node *n, uint32_t segment,
                   fih_error *err)
{
    struct sieve *s = calloc(1, sizeof *s);
    int rc = FIH_OK;

    *out = NULL;
    if (!s)
        return fihi_fail_nomem(err);
    s->occur = n->occur;
    if (n->kind == PLAN_TERM)
        rc = set_term(s, plan, n, segment, err);
    else if (n->kind == PLAN_VALUES)
        rc = set_values(s, plan, n, segment, err);
    else if (n->kind == PLAN_GROUP)
        rc = set_group(s, plan, n, segment, err);
    else
        s->kind = SIEVE_ALL;
    if (rc == 0)
        *out = s;
    else
        fihi_sieve_free(s);
    return rc;
}

/* An error ends it: "does not pass" would let a document through below NOT. Not ended early by enough of what may pass:
 * what is excluded could still come. Filters have few children. */
static bool passes_group(struct sieve *s, uint32_t doc, int *rc, fih_error *err)
{
    uint32_t found = 0;

    for (size_t i = 0; i < s->count; i++) {
        const bool passes = fihi_sieve_passes(s->children[i], doc, rc, err);

        if (*rc != 0)
            return false;
        if (s->children[i]->occur == OCCUR_SHOULD)
            found += passes;
        /* One that must pass and does not, or is excluded and passes: either way it is the opposite of what is
         * wanted. */
        else if (passes == (s->children[i]->occur == OCCUR_NOT))
            return false;
    }
    return found >= s->least;
}

/* A keyword of several values passes by any of them (fihi_column_has()). The recursion is as deep as the filter, a
 * level or two. */
bool fihi_sieve_passes(struct sieve *s, uint32_t doc, int *rc, fih_error *err)
{
    switch (s->kind) {
    case SIEVE_SPAN:
        return fihi_column_has(&s->column, doc, s->low, s->high, rc, err);
    case SIEVE_GROUP:
        return passes_group(s, doc, rc, err);
    default:
        return s->kind == SIEVE_ALL;
    }
}

/* Each child over all of them, one behind the other: so every column is asked in a loop of its own. Mostly there is one
 * child, which must be. Bytes and counts of 128 documents fit the nearest cache, and stay there from child to child.
 * Example: of three documents the first child, which must, passes {1, 1, 0}, the second, excluded, {0, 1, 0}: what is
 * left is {1, 0, 0}. */
static unsigned sieve_group(struct sieve *s, const uint32_t *docs, unsigned n, bool *passes, int *rc, fih_error *err)
{
    uint32_t found[POSTING_BLOCK];
    bool by_child[POSTING_BLOCK];
    unsigned count = 0;

    if (s->count == 1 && s->children[0]->occur == OCCUR_MUST && s->least == 0)
        return fihi_sieve_block(s->children[0], docs, n, passes, rc, err);
    memset(found, 0, n * sizeof *found);
    memset(passes, true, n * sizeof *passes);
    for (size_t k = 0; k < s->count; k++) {
        const enum occur occur = s->children[k]->occur;

        fihi_sieve_block(s->children[k], docs, n, by_child, rc, err);
        if (*rc != 0)
            return 0;
        for (unsigned i = 0; i < n && occur == OCCUR_SHOULD; i++)
            found[i] += by_child[i];
        for (unsigned i = 0; i < n && occur != OCCUR_SHOULD; i++)
            passes[i] &= by_child[i] == (occur == OCCUR_MUST);
    }
    for (unsigned i = 0; i < n; i++)
        count += passes[i] &= found[i] >= s->least;
    return count;
}

/* The same answers as one by one; n is POSTING_BLOCK at most, for arrays of that size lie on the stack at each level of
 * groups. On an error what passes[] says means nothing. */
unsigned fihi_sieve_block(struct sieve *s, const uint32_t *docs, unsigned n, bool *passes, int *rc, fih_error *err)
{
    switch (s->kind) {
    case SIEVE_SPAN:
        return fihi_column_test(&s->column, docs, n, s->low, s->high, passes, rc, err);
    case SIEVE_GROUP:
        return sieve_group(s, docs, n, passes, rc, err);
    default:
        memset(passes, s->kind == SIEVE_ALL, n * sizeof *passes);
        return s->kind == SIEVE_ALL ? n : 0;
    }
}
