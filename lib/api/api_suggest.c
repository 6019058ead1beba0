/* api/api_suggest.c - Suggestions, why nothing was found, completions, synonyms, documents like one.
 *
 * Suggestions and reasons ask the same question as a search does: how many documents does this query find with the
 * caller's options? So count_hits() goes through fih_search() itself, with one hit and an exact count; nothing that
 * is suggested can turn out to find nothing.
 *
 * All of them are asked when a search has found little, or for a person who types: so they may cost some searches, and
 * no more. Each borrows an analyzer of the reader for itself; a search in between borrows another one.
 *
 * What is given to a program is one allocation or a struct whose first member it sees, so that freeing needs no more
 * than the pointer.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "api/handles.h"
#include "base/buf.h"
#include "base/fail.h"
#include "search/like.h"
#include "search/suggest.h"
#include "search/terms.h"
#include "search/synonyms.h"
#include "search/when.h"
#include "search/why.h"

/* More than a thousand are a list of terms: fih_reader_each_term(). */
enum { COMPLETIONS = 10, MOST_COMPLETIONS = 1000 };

/* Three arrays that belong to it; shown[i] points into `bytes`. */
struct fih_completions {
    struct completion *words;          /* as search/ has them */
    fih_completion    *shown;          /* as a program sees them; their texts are in bytes */
    struct buf         bytes;
    size_t             count;
};

/* how is a string of ours that lives as long as the program. */
struct suggestion {
    fih_suggestion shown;              /* first: what a program frees */
    struct buf     bytes;              /* of its text */
};

/* The names that `why` points to lie in the struct itself. */
struct reasons {
    fih_why why;                       /* first: what a program frees */
    fih_str names[FIHI_WHY_SECTIONS];
    char    name[FIH_MAX_TERM + 1], sections[FIHI_WHY_SECTIONS][FIH_MAX_TERM + 1];
};

/* How many documents another query finds, by the same words' fields and numbers as `o` has. An exact count: without
 * count_all a search may stop when its best hits are known. */
static int count_hits(uint64_t *docs, const fih_reader *r, const fih_query *q, fih_search_opts o, fih_error *err)
{
    fih_hits *h;
    int rc;

    /* By value: the caller's options stay. A limit of 0 would mean ten hits. */
    o.limit = 1;
    o.count_all = 1;
    o.sort = FIH_SORT_SCORE;
    if ((rc = fih_search(&h, r, q, &o, err)) == 0)
        *docs = fih_hits_total(h);
    /* NULL after an error. */
    fih_hits_free(h);
    return rc;
}

/* The context of count_text(). */
struct searching {
    const fih_reader *reader;
    fih_search_opts   opts;
};

/* Called back by search/, which does not know fih_search(). A suggestion is a text, since it is one that a person
 * reads; so it is parsed like what was typed. */
static int count_text(void *ctx, fih_str text, uint64_t *docs, fih_error *err)
{
    const struct searching *const s = ctx;
    fih_query *q;
    int rc = fih_query_parse(&q, text, err);

    *docs = 0;
    /* As programs do with what people type: no query of the language is plain words. The suggestion has the signs of
     * what was typed, and so may be wrong in the same way. */
    if (rc == FIH_E_QUERY || rc == FIH_E_LIMIT)
        rc = fih_query_plain(&q, text, err);
    if (rc != 0)
        return rc;
    /* With the caller's filters: a word that only documents outside of them have is no suggestion. */
    rc = count_hits(docs, s->reader, q, s->opts, err);
    fih_query_free(q);
    return rc;
}

int fih_suggest(fih_suggestion **out, const fih_reader *r, fih_str text, const fih_search_opts *opts, fih_error *err)
{
    struct searching searching = {r, FIH_SEARCH_OPTS_INIT};
    const struct suggest_count count = {count_text, &searching};
    struct deadline deadline;
    struct analyzer *a;
    struct suggestion *made;
    int rc;

    *out = NULL;
    if (text.len > FIH_MAX_QUERY)
        return fihi_fail(err, FIH_E_LIMIT, "a query of %zu bytes is too long: at most %u", text.len, FIH_MAX_QUERY);
    if ((rc = fihi_options(&searching.opts, sizeof searching.opts, opts, err)) != 0)
        return rc;
    /* fih_search() takes them as given by a program of today. */
    searching.opts.size = sizeof searching.opts;
    /* The caller's page does not matter to what is suggested. */
    searching.opts.offset = 0;
    searching.opts.after = (fih_str){NULL, 0};
    /* The program's time limit is for all of it; each search inside counts for itself as well. */
    deadline = fihi_deadline(&searching.opts);
    if ((rc = fihi_reader_take(&a, r, err)) != 0)
        return rc;
    made = calloc(1, sizeof *made);
    rc = made ? fihi_suggest(&made->bytes, &made->shown.how, r->view, a, text, &count, &deadline,
                             err)
              : fihi_fail_nomem(err);
    fihi_reader_give(r, a);
    /* A zero behind it, for programs that print it; its length does not count that. */
    if (rc == 0 && fihi_buf_append(&made->bytes, "", 1) != 0)
        rc = fihi_fail_nomem(err);
    /* What was written of a suggestion before an error, or before none was found, is freed. */
    if (rc != 0) {
        if (made)
            fih_suggestion_free(&made->shown);
        return rc == FIH_DONE ? FIH_OK : rc;
    }
    /* Behind the last change of the buffer, which may have moved. */
    made->shown.text = (fih_str){(const char *)made->bytes.ptr, made->bytes.len - 1};
    *out = &made->shown;
    return FIH_OK;
}

/* What a program sees is the first member of what is freed. */
void fih_suggestion_free(fih_suggestion *s)
{
    struct suggestion *const made = (struct suggestion *)s;

    if (!made)
        return;
    fihi_buf_free(&made->bytes);
    free(made);
}

/* Looser and looser, until something is found. The order is that of likelihood: filters (a date, a section, a field)
 * exclude most by mistake, then that all words are required, then fields, then phrases and signs. *out says what had
 * to be given up last, and how many there are then. What was loosened stays so in the next step. At most five searches.
 * The kind is set before each, so that what is returned says which step has found something. */
static int loosen(fih_why *out, const fih_reader *r, const struct why *w, fih_search_opts o, fih_error *err)
{
    int rc = FIH_OK;

    /* A bound is what is no word: a section, a day, a field of values. */
    out->kind = FIH_WHY_BOUNDS;
    /* Days of the options are bounds as well as those of the query. */
    o.since = o.until = (fih_str){NULL, 0};
    if ((out->has_section || out->has_date || out->has_field) &&
        /* A query of nothing but filters: without them it is all documents. */
        (w->unfiltered->root->count ? (rc = count_hits(&out->docs, r, w->unfiltered, o, err)) != 0 || out->docs
                                 : (out->docs = fih_reader_doc_count(r)) > 0))
        return rc;
    out->kind = FIH_WHY_ONLY_NOT;
    if (!w->has_words && w->has_not)
        return FIH_OK;
    out->kind = FIH_WHY_ALL;
    /* Only what was set can be the reason; a step that changes nothing costs no search. */
    if (o.match_all || o.min_match) {
        o.match_all = 0;
        o.min_match = 0;
        if ((rc = count_hits(&out->docs, r, w->unfiltered, o, err)) != 0 || out->docs)
            return rc;
    }
    out->kind = FIH_WHY_FIELDS;
    /* The option `field` is a bound of the words, as title: is in a query. */
    if (o.field) {
        o.field = NULL;
        if ((rc = count_hits(&out->docs, r, w->unfiltered, o, err)) != 0 || out->docs)
            return rc;
    }
    /* At last the words alone, any of them, anywhere: where even these find nothing, the words are what the index
     * lacks. */
    out->kind = FIH_WHY_STRICT;
    if ((rc = count_hits(&out->docs, r, w->loose, o, err)) == 0 && !out->docs)
        out->kind = FIH_WHY_WORDS;
    return rc;
}

/* From the first day of one to the last of the other: 2015 to 2015 is a year. Two times that cannot be read are no span
 * that ends before it begins: the search itself has refused them. */
static bool is_backwards(const fih_search_opts *o)
{
    /* The search's today, so that a test or a report of last week gets its own answer. */
    const int32_t today = o->today != FIH_TODAY ? o->today : fihi_when_today();
    int32_t since, until, unused;

    return o->since.len && o->until.len &&
           fihi_when_time(o->since, today, &since, &unused, NULL) == 0 &&
           fihi_when_time(o->until, today, &unused, &until, NULL) == 0 && since > until;
}

/* From the plainest reason to the least plain: an index without documents, a query without words, a span that ends
 * before it begins, a page behind the last, a section that there is not; then loosen(). The questions that cost nothing
 * come first; a search is made only where the query could find something. */
static int tell(struct reasons *made, const fih_reader *r, const fih_query *q, const struct why *w, fih_search_opts *o,
                fih_error *err)
{
    fih_why *const out = &made->why;
    int rc;

    /* Each reason hides those behind it: of an empty index nothing else need be said. */
    if (fih_reader_doc_count(r) == 0) {
        out->kind = FIH_WHY_EMPTY;
    } else if (!w->has_words && !w->has_not && !w->has_section && !w->has_date && !w->has_field) {
        out->kind = FIH_WHY_NO_WORD;
    } else if (is_backwards(o)) {
        out->kind = FIH_WHY_BACKWARDS;
    } else {
        /* Behind the last page nothing is found either: that is looked at before the query is blamed. */
        const bool is_page = o->offset || o->after.len;

        o->offset = 0;
        o->after = (fih_str){NULL, 0};
        out->kind = FIH_WHY_PAGE;
        if (is_page && ((rc = count_hits(&out->docs, r, q, *o, err)) != 0 || out->docs))
            return rc;
        /* A section that there is, is no reason by itself. */
        if (!w->has_section || w->has_known)
            return loosen(out, r, w, *o, err);
        out->kind = FIH_WHY_SECTION;
        /* The rest is zero, so a name that is cut ends all the same. The section that was asked for, so that the answer
         * can say it. */
        out->name = (fih_str){made->name, w->section.len < FIH_MAX_TERM ? w->section.len : FIH_MAX_TERM};
        memcpy(made->name, w->section.ptr, out->name.len);
        if ((rc = fihi_why_sections(made->sections, FIHI_WHY_SECTIONS, &out->section_count, r->view, err)) != 0)
            return rc;
        for (size_t i = 0; i < out->section_count; i++)
            /* Cut to FIH_MAX_TERM bytes, as sections are in the index. */
            made->names[i] = (fih_str){made->sections[i], strlen(made->sections[i])};
        out->sections = made->names;
    }
    return FIH_OK;
}

/* `made` is freed as a whole, as nothing in it is allocated by itself. */
int fih_why_nothing(fih_why **out, const fih_reader *r, const fih_query *q, const fih_search_opts *opts,
                    fih_error *err)
{
    fih_search_opts o = FIH_SEARCH_OPTS_INIT;
    struct reasons *made;
    struct why w = {.section = {NULL, 0}};
    struct analyzer *a;
    int rc;

    *out = NULL;
    if ((rc = fihi_options(&o, sizeof o, opts, err)) != 0 || (rc = fihi_reader_take(&a, r, err)) != 0)
        return rc;
    /* They are handed on to fih_search(), which reads it. */
    o.size = sizeof o;
    rc = (made = calloc(1, sizeof *made)) ? fihi_why_new(&w, r->view, a, q, err) : fihi_fail_nomem(err);
    /* Before tell(), whose searches borrow one each. */
    fihi_reader_give(r, a);
    if (rc == 0) {
        /* What the query asks for is told in any case, for the words of the answer. */
        made->why.has_section = w.has_section;
        made->why.has_field = w.has_field;
        /* Days may stand in the query or in the options. */
        made->why.has_date = w.has_date || o.since.len || o.until.len;
        rc = tell(made, r, q, &w, &o, err);
    }
    /* Also after an error: fihi_why_new() leaves what it made. */
    fihi_why_free(&w);
    if (rc == 0)
        *out = &made->why;
    else
        free(made);
    return rc;
}

/* One allocation, names and sections in it; NULL is allowed. */
void fih_why_free(fih_why *w)
{
    free(w);
}

/* The text before the last word, then each word. Pointers only when all is appended: the buffer moves while it grows. A
 * program shows what would be in the search box: all that was typed, with its last word completed, and the word before
 * it as the texts have it there. */
static int write_texts(fih_completions *c, fih_str text, const struct kept *kept, fih_error *err)
{
    size_t at = 0;

    for (size_t i = 0; i < c->count; i++) {
        const struct completion *const w = &c->words[i];
        const size_t start = w->before_bytes ? kept->start : kept->bytes, end = w->before_bytes ? kept->end : start;

        if (fihi_buf_append(&c->bytes, text.ptr, start) != 0 ||
            fihi_buf_append(&c->bytes, w->before, w->before_bytes) != 0 ||
            fihi_buf_append(&c->bytes, text.ptr + end, kept->bytes - end) != 0 ||
            fihi_buf_append(&c->bytes, w->word, w->bytes) != 0)
            return fihi_fail_nomem(err);
        c->shown[i].text.len = start + w->before_bytes + (kept->bytes - end) + w->bytes;
        c->shown[i].docs = w->docs;
    }
    for (size_t i = 0; i < c->count; i++) {
        c->shown[i].text.ptr = (const char *)c->bytes.ptr + at;
        /* Texts lie one behind the other without a zero: their lengths say where they end. */
        at += c->shown[i].text.len;
    }
    return FIH_OK;
}

/* `limit` words of 272 bytes each are asked for at once: at most 272 KB. */
int fih_complete(fih_completions **out, const fih_reader *r, fih_str text, uint32_t limit, fih_error *err)
{
    /* No time limit: completions limit their own work. */
    const fih_search_opts opts = FIH_SEARCH_OPTS_INIT;
    /* Without an end: looking at it costs one comparison. */
    struct deadline deadline = fihi_deadline(&opts);
    fih_completions *c;
    struct analyzer *a;
    struct kept kept = {0, 0, 0};
    int rc;

    *out = NULL;
    /* The first checks come before anything is borrowed or allocated. */
    limit = limit ? limit : COMPLETIONS;
    if (limit > MOST_COMPLETIONS || text.len > FIH_MAX_QUERY)
        return fihi_fail(err, FIH_E_LIMIT, "at most %d completions of at most %u bytes", MOST_COMPLETIONS,
                         FIH_MAX_QUERY);
    if ((rc = fihi_reader_take(&a, r, err)) != 0)
        return rc;
    /* Freed below with all that it has, whichever of the three failed. */
    c = calloc(1, sizeof *c);
    if (!c || !(c->words = malloc(limit * sizeof *c->words)) || !(c->shown = calloc(limit, sizeof *c->shown)))
        rc = fihi_fail_nomem(err);
    if (rc == 0)
        rc = fihi_complete(c->words, limit, &c->count, &kept, r->view, a, text, &deadline, err);
    fihi_reader_give(r, a);
    if (rc == 0)
        rc = write_texts(c, text, &kept, err);
    if (rc == 0)
        *out = c;
    else
        fih_completions_free(c);
    return rc;
}

size_t fih_completions_count(const fih_completions *c)
{
    return c->count;
}

/* NULL behind the last, so that a program may go on until there is none. */
const fih_completion *fih_completions_at(const fih_completions *c, size_t i)
{
    return i < c->count ? &c->shown[i] : NULL;
}

void fih_completions_free(fih_completions *c)
{
    if (!c)
        return;
    free(c->words);
    free(c->shown);
    fihi_buf_free(&c->bytes);
    free(c);
}

/* The document is read again, so a program needs no more than its number. Title and body go there as they are stored;
 * how much of them is looked at, search/like.h says. */
int fih_query_like(fih_query **out, const fih_reader *r, fih_docno doc, fih_error *err)
{
    /* The query has copies of the words, so the document can go. */
    fih_stored *stored = NULL;
    struct analyzer *a;
    int rc = fih_reader_doc(&stored, r, doc, err);

    *out = NULL;
    if (rc != 0)
        return rc;
    /* Behind fih_reader_doc(), which has looked whose process this is. */
    if ((rc = fihi_reader_take(&a, r, err)) == 0) {
        rc = fihi_query_like(out, r->view, a, doc, fih_stored_get(stored, "title"), fih_stored_get(stored, "body"),
                             fihi_stored_cuts(stored), err);
        fihi_reader_give(r, a);
    }
    fih_stored_free(stored);
    return rc;
}

/* With the reader's analyzer, for sets are found by stems: those of another analyzer would find nothing. */
int fih_synonyms_new(fih_synonyms **out, const fih_reader *r, fih_str text, fih_error *err)
{
    struct analyzer *a;
    int rc = fihi_reader_take(&a, r, err);

    *out = NULL;
    if (rc != 0)
        return rc;
    rc = fihi_synonyms_new(out, a, text, err);
    fihi_reader_give(r, a);
    return rc;
}

void fih_synonyms_free(fih_synonyms *s)
{
    fihi_synonyms_free(s);
}

/* A new query; the program's stays, and both must be freed. */
int fih_query_expand(fih_query **out, const fih_query *q, const fih_synonyms *s, const fih_reader *r, fih_error *err)
{
    struct analyzer *a;
    int rc = fihi_reader_take(&a, r, err);

    *out = NULL;
    if (rc != 0)
        return rc;
    rc = fihi_synonyms_expand(out, q, s, a, err);
    fihi_reader_give(r, a);
    return rc;
}

/* In the order of their bytes, all segments side by side. The program may end it by any number but 0. */
int fih_reader_each_term(const fih_reader *r, const char *field, fih_str prefix, int (*each)(void *ctx,
                                                                                             const fih_term *term),
                                                                                             void *ctx, fih_error *err)
{
    struct terms *t = NULL;
    fih_term term;
    int rc = fihi_own(r->pid, err);

    if (rc == 0)
        rc = fihi_terms_new(&t, r->view, field, prefix, err);
    while (rc == 0 && (rc = fihi_terms_next(&term, t, err)) == FIH_OK)
        /* A term is borrowed until the next one. */
        if ((rc = each(ctx, &term)) != 0) {
            fihi_terms_free(t);
            return rc;                         /* the program's, which may be FIH_DONE */
        }
    fihi_terms_free(t);
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Documents in ascending order; deleted ones are left out (search/terms.c). */
int fih_reader_each_posting(const fih_reader *r, const char *field, fih_str term,
                            int (*each)(void *ctx, const fih_posting *p), void *ctx, fih_error *err)
{
    const int rc = fihi_own(r->pid, err);

    return rc ? rc : fihi_terms_postings(r->view, field, term, each, ctx, err);
}
