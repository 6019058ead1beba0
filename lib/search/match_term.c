/* search/match_term.c - the documents of one word.
 *
 * No more than a term_scorer (scorer.h) as a matcher: scope, form and score are decided there, so that the reference
 * and the fast ways cannot differ in them.
 */
#include <stdlib.h>

#include "base/fail.h"
#include "search/match_part.h"

struct one_term {
    struct matcher     m;
    struct term_scorer scorer;         /* its list, and how it scores */
};

/* In scope, and where the term counts by its form only, with the form. */
static uint32_t seek(struct matcher *m, uint32_t target)
{
    return fihi_scorer_seek(m->scene, &((struct one_term *)m)->scorer, target);
}

static double score(struct matcher *m)
{
    struct term_score parts;

    return (double)fihi_scorer_score(m->scene, &((struct one_term *)m)->scorer, &parts);
}

/* Looked up in what the list says of its blocks, without unpacking one (index/impact.c). */
static double bound(struct matcher *m, uint32_t target, uint32_t *until)
{
    return fihi_scorer_peek(&((struct one_term *)m)->scorer, target, until);
}

/* The score is computed once more, to have its parts: an explanation is asked for one document. */
static void tell(struct matcher *m, const struct match_teller *t)
{
    struct term_scorer *const s = &((struct one_term *)m)->scorer;
    struct term_score parts;

    fihi_scorer_score(m->scene, s, &parts);
    t->term(t->ctx, s->term, &parts);
}

static void free_it(struct matcher *m)
{
    fihi_scorer_close(&((struct one_term *)m)->scorer);
    free(m);
}

static const struct match_kind term_kind = {seek, score, bound, tell, free_it};

/* A segment that does not have the term has no matcher for it, which a group takes as "no match here". */
int fihi_match_term(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err)
{
    struct one_term *t = (struct one_term *)fihi_match_make(&term_kind, s, sizeof *t);
    /* The term belongs to the plan, the list to the matcher. */
    const int rc = t ? fihi_scorer_open(&t->scorer, s, &s->plan->terms[n->term], err) : fihi_fail_nomem(err);

    if (rc != 0) {
        if (t)
            free_it(&t->m);
        /* Not there is no error: *out stays NULL. */
        return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    /* All bounds of the list are looked at once: the sum of tops tells a group what it can come to at all. */
    t->m.top = fihi_scorer_top(&t->scorer);
    t->m.cost = t->scorer.postings.at.df;
    *out = &t->m;
    return FIH_OK;
}
