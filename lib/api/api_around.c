/* api/api_around.c - what a program asks about hits and matches beside their list: snippets, explanations, facets.
 *
 * Each stands by itself: it needs a reader and a query, not the hits of a search. So that explanations and facets speak
 * of the same matches and scores as a search with the same options, these are filled in, and the plan is made, by the
 * search's own functions (fihi_search_options(), fihi_make_plan()). Snippets have no plan: they look at the query.
 */
#include <stdbool.h>
#include <string.h>

#include "api/handles.h"
#include "base/fail.h"
#include "search/compound.h"
#include "search/explain.h"
#include "search/facet.h"
#include "search/query.h"
#include "search/rescore.h"
#include "search/snippet.h"

/* What both kinds of snippet begin with: an analyzer, and the query with other writings of its words, as the search has
 * it, so that what it found by them is highlighted too. *written is to be freed, NULL where there are none. Example: a
 * query for عبدالله may find عبد الله (search/compound.h), and both words are shown as hits then. */
static int begin_snippet(struct analyzer **a, struct fih_query **written, const fih_reader *r, const fih_query *q,
                         fih_error *err)
{
    /* Borrowed, for an analyzer is one thread's at a time, and a reader may have many threads. */
    int rc = fihi_reader_take(a, r, err);

    *written = NULL;
    /* An error gives the analyzer back here: the caller has nothing to undo. */
    if (rc == 0 && (rc = fihi_compounds_expand(written, q, true, r->view, *a, err)) != 0)
        fihi_reader_give(r, *a);
    return rc;
}

/* The place in the index saves reading all of a long body; a document of another snapshot has none, and is read
 * whole. */
int fih_snippet_new(fih_snippet **out, const fih_reader *r, const fih_query *q, const fih_stored *doc,
                    const fih_snippet_opts *opts, fih_error *err)
{
    struct fih_query *written;
    fih_snippet_opts o = FIH_SNIPPET_OPTS_INIT;
    struct indexed place;
    struct analyzer *a;
    int rc;
    bool is_title;

    *out = NULL;
    /* Before an analyzer is borrowed: a wrong call costs nothing. */
    if ((rc = fihi_options(&o, sizeof o, opts, err)) != 0)
        return rc;
    /* Titles are shown whole, bodies by a passage. */
    is_title = o.field && strcmp(o.field, "title") == 0;
    if (o.field && !is_title && strcmp(o.field, "body") != 0)
        return fihi_fail(err, FIH_E_USAGE, "a snippet shows the title or the body, not '%.40s'", o.field);
    if ((rc = begin_snippet(&a, &written, r, q, err)) != 0)
        return rc;
    if (written)
        /* With the other writings the query is only larger: what was asked is in it. */
        q = written;
    /* A title has no positions of its own list to be found by: it is short, and read whole. */
    if (is_title)
        rc = fihi_snippet_new(out, a, q, fih_stored_get(doc, "title"), (fih_str){NULL, 0}, NULL, 0, err);
    else
        rc = fihi_snippet_new(out, a, q, fih_stored_get(doc, "body"), fihi_stored_cuts(doc),
                              fihi_stored_place(doc, r, &place) ? &place : NULL, o.chars ? o.chars : 240, err);
    fihi_query_free(written);
    fihi_reader_give(r, a);
    return rc;
}

/* A text of the program's own: no index says where hits are in it, and nothing is cut out of it. */
int fih_snippet_of_text(fih_snippet **out, const fih_reader *r, const fih_query *q, fih_str text,
                        const fih_snippet_opts *opts, fih_error *err)
{
    fih_snippet_opts o = FIH_SNIPPET_OPTS_INIT;
    struct fih_query *written;
    struct analyzer *a;
    int rc;

    *out = NULL;
    /* The field of the options has no meaning here: the text is of none. */
    if ((rc = fihi_options(&o, sizeof o, opts, err)) != 0 || (rc = begin_snippet(&a, &written, r, q, err)) != 0)
        return rc;
    /* No cuts, no place in an index, and the same length as of a body. */
    rc = fihi_snippet_new(out, a, written ? written : q, text, (fih_str){NULL, 0}, NULL, o.chars ? o.chars : 240, err);
    fihi_query_free(written);
    fihi_reader_give(r, a);
    return rc;
}

size_t fih_snippet_count(const fih_snippet *s)
{
    return s->count;
}

const fih_part *fih_snippet_at(const fih_snippet *s, size_t i)
{
    /* NULL ends a loop of a program that does not ask for the count. */
    return i < s->count ? &s->parts[i] : NULL;
}

/* NULL is what an error leaves, and is freed as well. */
void fih_snippet_free(fih_snippet *s)
{
    fihi_snippet_free(s);
}

/* The document is located before a plan is made, so that a number that there is not is told at once. */
int fih_explain(fih_explanation **out, const fih_reader *r, const fih_query *q, fih_docno doc,
                const fih_search_opts *opts, fih_error *err)
{
    struct plan *plan = NULL;
    struct segment *s;
    fih_search_opts o;
    uint32_t local, number = 0;
    struct rescored rescored;
    int rc;

    *out = NULL;
    if ((rc = fihi_search_options(&o, r, opts, err)) != 0 ||
        (rc = fihi_view_locate(r->view, doc, &s, &local, err)) != 0 ||
        (rc = fihi_make_plan(&plan, r, q, &o, err)) != 0)
        return rc;
    /* fihi_view_locate() found it among them. */
    /* The plan numbers segments as the view does. */
    while (r->view->segments[number] != s)
        number++;
    /* What is explained is a score, whatever the hits were sorted by. */
    o.sort = FIH_SORT_SCORE;
    /* With the second pass, so that the sum is the score that the hit had. */
    if ((rc = fihi_rescored(&rescored, plan, doc, &o, err)) == 0)
        rc = fihi_explain(out, plan, number, local, &rescored, err);
    fihi_plan_free(plan);
    return rc;
}

size_t fih_explanation_count(const fih_explanation *e)
{
    return e->count;
}

const fih_explain_line *fih_explanation_at(const fih_explanation *e, size_t i)
{
    /* The rows are larger than what a program sees of them: lines and facets are lent one by one. */
    return i < e->count ? &e->rows[i].line : NULL;
}

/* As snippets and facets: NULL too. */
void fih_explanation_free(fih_explanation *e)
{
    fihi_explanation_free(e);
}

/* The plan of the search whose matches are counted; limit and order of the options mean nothing here. What cannot be
 * counted is refused below, where the fields are known. */
int fih_facets_new(fih_facets **out, const fih_reader *r, const fih_query *q, const char *what,
                   const fih_search_opts *opts, fih_error *err)
{
    struct plan *plan = NULL;
    fih_search_opts o;
    int rc;

    *out = NULL;
    /* The options of the search, because how words match decides which documents are counted. */
    if ((rc = fihi_search_options(&o, r, opts, err)) != 0 || (rc = fihi_make_plan(&plan, r, q, &o, err)) != 0)
        return rc;
    rc = fihi_facets_new(out, plan, what, &o, err);
    fihi_plan_free(plan);
    return rc;
}

/* Of the rows, each a value: how many documents have it stands in the row. */
size_t fih_facets_count(const fih_facets *f)
{
    return f->count;
}

/* Borrowed until the facets are freed; NULL behind the last. */
const fih_facet *fih_facets_at(const fih_facets *f, size_t i)
{
    return i < f->count ? &f->rows[i].facet : NULL;
}

uint64_t fih_facets_total(const fih_facets *f)
{
    /* Of all documents that match, also those without a value. */
    return f->total;
}

/* They match, but have no value that any row could count. */
uint64_t fih_facets_without(const fih_facets *f)
{
    return f->without;
}

void fih_facets_free(fih_facets *f)
{
    fihi_facets_free(f);
}
