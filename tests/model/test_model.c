/* test_model.c - matches and scores are those of a naive scan over random collections.
 *
 * Random documents (corpus.h) and queries (queries.h); the definition (oracle.h) and the library answer both.
 *
 *     test_model [comparisons] [seed]
 *
 * Deleted documents count in N, n and the mean lengths until a merge drops them: which are still there is read from the
 * segments, and the definition counts these.
 */
#include "search/reference.h"
#include "oracle.h"
#include "place.h"
#include "text/signature.h"

#if defined(__SANITIZE_ADDRESS__)
enum { COMPARISONS = 1500, BIG_DOCS = 9000, BIG_QUERIES = 60 };
#else
enum { COMPARISONS = 12000, BIG_DOCS = 20000, BIG_QUERIES = 300 };
#endif

enum { ROOT_DEPTH = 50 };     /* documents that get the roots of words that they lack */

static unsigned wanted = COMPARISONS;
static uint64_t first_seed = 20240601;

/* ------------------------------------------------------------- comparing */

struct answer {
    size_t   count;
    uint64_t total;
    int      is_exact;
    const fih_hit **hits;
    fih_hits *handle;
};

/* The query, as a program makes it. */
static int parse(fih_query **out, const fih_reader *r, const struct query *q, fih_error *err)
{
    fih_synonyms *synonyms = NULL;
    fih_query *plain = NULL;
    fih_docno doc;
    int rc;

    *out = NULL;
    if (q->liked != NO_DOC) {
        rc = fih_reader_find(&doc, r, fih_str_of(docs[q->liked].id), err);
        return rc == FIH_OK ? fih_query_like(out, r, doc, err) : rc;
    }
    rc = q->is_plain ? fih_query_plain(&plain, fih_str_of(q->text), err)
                     : fih_query_parse(&plain, fih_str_of(q->text), err);
    if (rc != FIH_OK || !*q->synonyms) {
        *out = plain;
        return rc;
    }
    if ((rc = fih_synonyms_new(&synonyms, r, fih_str_of(q->synonyms), err)) == FIH_OK)
        rc = fih_query_expand(out, plain, synonyms, r, err);
    fih_synonyms_free(synonyms);
    fih_query_free(plain);
    return rc;
}

static bool ask(struct answer *a, fih_reader *r, const struct query *q, int exhaustive, int count_all, uint32_t limit)
{
    fih_search_opts o = q->opts;
    fih_query *parsed = NULL;
    fih_error err = {0, 0, 0, ""};
    int rc = parse(&parsed, r, q, &err);

    memset(a, 0, sizeof *a);
    o.count_all = exhaustive ? COUNT_BY_REFERENCE : count_all;
    if (limit) {
        o.limit = limit;
        o.offset = 0;
    }
    if (rc == 0)
        rc = fih_search(&a->handle, r, parsed, &o, &err);
    fih_query_free(parsed);
    if (!CHECK(rc == 0, "%s: %s", q->text, err.msg))
        return false;
    a->count = fih_hits_count(a->handle);
    a->total = fih_hits_total(a->handle);
    a->is_exact = fih_hits_is_exact(a->handle);
    a->hits = malloc((a->count + 1) * sizeof *a->hits);
    for (size_t i = 0; i < a->count; i++)
        a->hits[i] = fih_hits_at(a->handle, i);
    return true;
}

static void forget(struct answer *a)
{
    fih_hits_free(a->handle);
    free(a->hits);
}

static const char *describe(const struct query *q)
{
    static char out[18500];
    const fih_search_opts *o = &q->opts;

    snprintf(out, sizeof out,
             "seed %" PRIu64 ", %s %s [%s] synonyms [%s] limit %u offset %u k1 %g b %g wt %g wb %g wf %g wr %g p %g field %s all %d "
                             "least %u match %d since %s until %s",
             first_seed, q->is_plain ? "plain" : "query", q->liked != NO_DOC ? docs[q->liked].id : "", q->text,
             q->synonyms, o->limit, o->offset, (double)o->k1, (double)o->b,
             (double)o->title_weight, (double)o->body_weight, (double)o->form_weight, (double)o->root_weight,
             (double)o->proximity, o->field ? o->field : "-", o->match_all, o->min_match, o->match,
             o->since.len ? o->since.ptr : "-",
             o->until.len ? o->until.ptr : "-");
    return out;
}

static bool same_lists(const struct answer *a, const struct answer *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->hits[i]->doc != b->hits[i]->doc ||
            memcmp(&a->hits[i]->score, &b->hits[i]->score, sizeof a->hits[i]->score) != 0 ||
            a->hits[i]->id.len != b->hits[i]->id.len ||
            memcmp(a->hits[i]->id.ptr, b->hits[i]->id.ptr, a->hits[i]->id.len) != 0)
            return false;
    return true;
}

static size_t model_of(const fih_hit *h)
{
    char id[32];

    snprintf(id, sizeof id, "%.*s", (int)h->id.len, h->id.ptr);
    return find_doc(id);
}

static double tolerance(double score) { return 1e-5 * fmax(1, score); }

static int descending(const void *x, const void *y)
{
    const double a = *(const double *)x, b = *(const double *)y;

    return a > b ? -1 : a < b;
}

/* What the nth best of the matching documents has of some score; -1 if there are no more than n. */
static double nth_best(const double *score, size_t nth)
{
    double *sorted = malloc((doc_count + 1) * sizeof *sorted), limit;
    size_t n = 0;

    for (size_t i = 0; i < doc_count; i++)
        if (scores[i] >= 0)
            sorted[n++] = score[i];
    qsort(sorted, n, sizeof *sorted, descending);
    limit = n > nth ? sorted[nth - 1] : -1;
    free(sorted);
    return limit;
}

/* What a document must have in the first pass for its roots, and with them for nearness. */
struct limits {
    double  roots, near;
    double *with_roots;
};

static struct limits find_limits(void)
{
    struct limits l = {nth_best(scores, ROOT_DEPTH), 0, malloc((doc_count + 1) * sizeof *l.with_roots)};

    for (size_t i = 0; i < doc_count; i++)
        l.with_roots[i] = scores[i] + (scores[i] >= l.roots ? roots[i] : 0);
    l.near = nth_best(l.with_roots, place_depth);
    return l;
}

/* At a limit, where rounding and ties decide, either way is right. */
static bool may_have(double score, double limit, bool has)
{
    return has ? score >= limit - tolerance(limit) : score <= limit + tolerance(limit);
}

static bool may_score(size_t d, const struct limits *l, double got)
{
    for (int way = 0; way < 4; way++) {
        const double with = scores[d] + (way & 1 ? roots[d] : 0), all = with + (way & 2 ? extras[d] : 0);

        if (may_have(scores[d], l->roots, way & 1) && may_have(with, l->near, way & 2) &&
            fabs(all - got) <= tolerance(all))
            return true;
    }
    return false;
}

/* The list is what the naive evaluation in scores[] and extras[] says: each score, the order, and that nothing better
 * is left out. */
static bool is_right(const struct answer *a, uint32_t limit, uint32_t offset)
{
    bool *seen = calloc(doc_count + 1, 1);
    const size_t want = match_count <= offset ? 0 : match_count - offset < limit ? match_count - offset : limit;
    struct limits limits = find_limits();
    bool good = a->count == want;
    size_t better = 0;

    if (!good)
        printf("# %zu hits, want %zu\n", a->count, want);
    for (size_t i = 0; good && i < a->count; i++) {
        const size_t d = model_of(a->hits[i]);

        good = d != SIZE_MAX && !seen[d] && scores[d] >= 0 && may_score(d, &limits, (double)a->hits[i]->score);
        if (!good)
            printf("# hit %zu, %.*s: %.9g, want %.9g + %.9g + %.9g, limits %.9g %.9g\n", i, (int)a->hits[i]->id.len,
                   a->hits[i]->id.ptr, (double)a->hits[i]->score, d == SIZE_MAX ? -1 : scores[d],
                   d == SIZE_MAX ? -1 : roots[d], d == SIZE_MAX ? -1 : extras[d], limits.roots, limits.near);
        if (good && i > 0)
            good = a->hits[i - 1]->score > a->hits[i]->score ||
                   (a->hits[i - 1]->score == a->hits[i]->score && a->hits[i - 1]->doc < a->hits[i]->doc);
        if (good)
            seen[d] = true;
    }
    for (size_t d = 0; good && a->count && d < doc_count; d++)
        if (!seen[d] && scores[d] >= 0) {
            const double with = scores[d] > limits.roots + tolerance(limits.roots) ? limits.with_roots[d] : scores[d];
            const double least = with > limits.near + tolerance(limits.near) ? with + extras[d] : with;

            better += least > (double)a->hits[a->count - 1]->score + 2 * tolerance(least);
        }
    free(seen);
    free(limits.with_roots);
    return good && better <= offset;
}

static bool compare_naive(const struct query *q, const struct answer *fast)
{
    evaluate(q);
    if (fast->is_exact ? fast->total != match_count : fast->total > match_count)
        return CHECK(0, "total %" PRIu64 " of %zu: %s", fast->total, match_count, describe(q));
    return CHECK(is_right(fast, q->opts.limit ? q->opts.limit : 10, q->opts.offset), "%s", describe(q));
}

/* The fast way gives what the reference gives, bit for bit, and counts rightly if asked. */
static bool compare_ways(fih_reader *r, const struct query *q, const struct answer *fast)
{
    struct answer slow, counted;
    bool good;

    if (!ask(&slow, r, q, 1, 0, 0))
        return false;
    good = CHECK(same_lists(fast, &slow), "fast and exhaustive: %s", describe(q)) &&
           CHECK(slow.is_exact, "%s", describe(q));
    if (good && ask(&counted, r, q, 0, 1, 0)) {
        good = CHECK(same_lists(fast, &counted), "fast and counted: %s", describe(q)) &&
               CHECK(counted.is_exact && counted.total == slow.total, "counted %" PRIu64 " of %" PRIu64 ": %s",
                     counted.total, slow.total, describe(q)) &&
               CHECK(fast->is_exact ? fast->total == slow.total : fast->total <= slow.total,
                     "total %" PRIu64 " of %" PRIu64 ": %s", fast->total, slow.total, describe(q));
        forget(&counted);
    }
    forget(&slow);
    return good;
}

static fih_query *parsed_of(const fih_reader *r, const struct query *q)
{
    fih_query *parsed;

    parse(&parsed, r, q, NULL);
    return parsed;
}

/* The explanation's first line is the score itself. */
static bool compare_explanation(fih_reader *r, const struct query *q, const fih_hit *h)
{
    fih_explanation *e = NULL;
    const fih_explain_line *line = NULL;
    fih_query *parsed = parsed_of(r, q);
    bool good;

    good = CHECK(fih_explain(&e, r, parsed, h->doc, &q->opts, NULL) == FIH_OK, "%s", describe(q)) &&
           CHECK((line = fih_explanation_at(e, 0)) != NULL, "%s", describe(q)) &&
           CHECK(line->value == (double)h->score, "explained %g, score %g: %s", line->value, (double)h->score,
                 describe(q));
    fih_explanation_free(e);
    fih_query_free(parsed);
    return good;
}

static const char *const orders[] = {NULL,   NULL,           NULL,    "pages",        "-pages,score",
                                     "tags", "-tags,-pages", "-date", "section,pages", "score"};

/* The first tag, or the last; the greatest number for none, in either direction. */
static int tag_rank(const struct doc *d, bool is_down)
{
    static const int by_bytes[TAGS] = {2, 3, 0, 1, 4};
    int best = 1000;

    for (unsigned i = 0; i < TAGS; i++) {
        const int rank = is_down ? 100 - by_bytes[i] : by_bytes[i];

        if (d->tags >> i & 1 && rank < best)
            best = rank;
    }
    return best;
}

static int pages_rank(const struct doc *d, bool is_down)
{
    return !d->has_pages ? 1000 : is_down ? -d->pages : d->pages;
}

/* Does a hit stand rightly behind another? The less comes first. */
static bool is_behind(unsigned order, const fih_hit *a, const fih_hit *b)
{
    const struct doc *const x = &docs[model_of(a)], *const y = &docs[model_of(b)];
    int by = 0;

    switch (order) {
    case 3:
        by = pages_rank(x, false) - pages_rank(y, false);
        break;
    case 4:
        by = pages_rank(x, true) - pages_rank(y, true);
        by = by ? by : (a->score < b->score) - (a->score > b->score);
        break;
    case 5:
        by = tag_rank(x, false) - tag_rank(y, false);
        break;
    case 6:
        by = tag_rank(x, true) - tag_rank(y, true);
        by = by ? by : pages_rank(x, true) - pages_rank(y, true);
        break;
    case 9:
        by = (a->score < b->score) - (a->score > b->score);
        break;
    case 7:
        by = (x->day ? -x->day : 1) - (y->day ? -y->day : 1);
        break;
    default:
        by = !*x->section - !*y->section;
        by = by ? by : strcmp(x->section, y->section);
        by = by ? by : pages_rank(x, false) - pages_rank(y, false);
    }
    return by < 0 || (by == 0 && a->doc < b->doc);
}

/* Page by page, by cursors, gives what one long list gives. */
static bool is_all_pages(const fih_reader *r, const fih_query *parsed, const fih_search_opts *of, const fih_hits *all,
                         const char *what)
{
    fih_search_opts o = *of;
    char cursor[100] = "";
    fih_hits *page = NULL;
    const fih_hit *want, *got;
    size_t at = 0;
    bool good = true, more = true;

    while (good && more) {
        fih_hits_free(page);
        page = NULL;
        o.limit = 1 + rnd(chance(50) ? 9 : 90);
        good = CHECK_INT_EQ(fih_search(&page, r, parsed, &o, NULL), FIH_OK, "%s", what);
        for (size_t i = 0; good && (got = fih_hits_at(page, i)) != NULL; i++, at++)
            good = CHECK((want = fih_hits_at(all, at)) != NULL && want->doc == got->doc && want->others == got->others &&
                             memcmp(&want->score, &got->score, sizeof got->score) == 0,
                         "hit %zu of pages: %s", at, what);
        if ((more = good && fih_hits_cursor(page).len > 0))
            snprintf(cursor, sizeof cursor, "%s", fih_hits_cursor(page).ptr);
        o.after = fih_str_of(cursor);
    }
    good = good && CHECK_INT_EQ(at, fih_hits_count(all), "%s", what);
    fih_hits_free(page);
    return good;
}

/* Page by page gives what one long list gives, whatever the order asked for; and the list by date is one. */
static bool compare_pages(fih_reader *r, const struct query *q)
{
    fih_query *parsed = parsed_of(r, q);
    fih_search_opts o = q->opts;
    fih_hits *all = NULL;
    const fih_hit *got, *before = NULL;
    unsigned order;
    bool good;

    o.offset = 0;
    o.limit = 1000;
    o.sort = (int)rnd(3);
    order = rnd(sizeof orders / sizeof *orders);
    o.order = orders[order];
    good = CHECK_INT_EQ(fih_search(&all, r, parsed, &o, NULL), FIH_OK, "%s", describe(q));
    for (size_t i = 0; good && o.order && (got = fih_hits_at(all, i)) != NULL; i++, before = got)
        good = CHECK(scores[model_of(got)] >= 0 && (i == 0 || is_behind(order, before, got)), "by %s, hit %zu: %s",
                     o.order, i, describe(q)) &&
               CHECK(fabs((double)got->score - (strstr(o.order, "score") ? scores[model_of(got)] : 0)) <=
                         tolerance(scores[model_of(got)]),
                     "by %s, score %g, %g, roots %g, extra %g: %s", o.order, (double)got->score, scores[model_of(got)],
                     roots[model_of(got)], extras[model_of(got)], describe(q));
    for (size_t i = 0; good && !o.order && o.sort != FIH_SORT_SCORE && (got = fih_hits_at(all, i)) != NULL;
         i++, before = got) {
        const size_t d = model_of(got), b = i ? model_of(before) : d;
        const int day = docs[d].day, earlier = docs[b].day;
        const bool in_order = day == earlier ? i == 0 || got->doc > before->doc
                              : !day         ? true
                                             : earlier && (o.sort == FIH_SORT_NEWEST) == (day < earlier);

        good = CHECK(scores[d] >= 0 && in_order && !(got->score > 0), "by date %d: %s", o.sort, describe(q));
    }
    if (good && (o.order || o.sort != FIH_SORT_SCORE))
        good = CHECK_INT_EQ(fih_hits_total(all), match_count, "%s", describe(q)) && CHECK(fih_hits_is_exact(all));
    good = good && is_all_pages(r, parsed, &o, all, describe(q));
    fih_hits_free(all);
    fih_query_free(parsed);
    return good;
}

/* ---- collapsed hits */

static const char *const collapses[] = {"tags", "pages", "section", "date", "similar"};

/* Have two documents the same value? The first one is an earlier hit. */
static bool is_same_value(unsigned collapse, const struct doc *a, const struct doc *b)
{
    switch (collapse) {
    case 0: return a->tags && b->tags && tag_rank(a, false) == tag_rank(b, false);
    case 1: return a->has_pages && b->has_pages && a->pages == b->pages;
    case 2: return *a->section && strcmp(a->section, b->section) == 0;
    case 3: return a->day && a->day == b->day;
    default: return a->signature >= 0 && b->signature >= 0 && signatures_are_near(a->signature, b->signature);
    }
}

/* Of each value the first hit that has it, by a list of all; how many others each stands for. */
struct firsts {
    const fih_hit **hits;
    size_t         *docs, *others, n;
};

static struct firsts find_firsts(const fih_hits *all, unsigned collapse)
{
    const size_t most = fih_hits_count(all) + 1;
    struct firsts f = {malloc(most * sizeof *f.hits), malloc(most * sizeof *f.docs), calloc(most, sizeof *f.others), 0};
    const fih_hit *hit;

    for (size_t i = 0; (hit = fih_hits_at(all, i)) != NULL; i++) {
        const size_t d = model_of(hit);
        size_t k = 0;

        while (k < f.n && !is_same_value(collapse, &docs[f.docs[k]], &docs[d]))
            k++;
        f.others[k] += k < f.n;
        if (k < f.n)
            continue;
        f.hits[k] = hit;
        f.docs[k] = d;
        f.n++;
    }
    return f;
}

static size_t first_of(const struct firsts *f, size_t doc)
{
    size_t k = 0;

    while (k < f->n && f->docs[k] != doc)
        k++;
    return k;
}

/* By score the second pass is over the first ones alone: as if nothing else had been found. scores[] is the query's, and
 * is so again. */
static bool are_firsts_right(const fih_hits *h, const struct firsts *f)
{
    struct answer a = {.count = fih_hits_count(h), .hits = malloc((fih_hits_count(h) + 1) * sizeof *a.hits)};
    double *const kept = malloc((doc_count + 1) * sizeof *kept);
    const size_t matches = match_count;
    bool good;

    memcpy(kept, scores, doc_count * sizeof *kept);
    for (size_t d = 0; d < doc_count; d++)
        if (first_of(f, d) == f->n)
            scores[d] = -1;
    match_count = f->n;
    for (size_t i = 0; i < a.count; i++)
        a.hits[i] = fih_hits_at(h, i);
    good = is_right(&a, 1000, 0);
    memcpy(scores, kept, doc_count * sizeof *kept);
    match_count = matches;
    free(kept);
    free(a.hits);
    return good;
}

/* Which document is the first of a value is told by the list of all, whose order and scores are right (compare_pages). */
static bool compare_collapsed(fih_reader *r, const struct query *q)
{
    fih_query *parsed = parsed_of(r, q);
    const unsigned order = chance(50) ? 0 : rnd(sizeof orders / sizeof *orders), collapse = rnd(5);
    fih_search_opts o = q->opts;
    fih_hits *all = NULL, *h = NULL;
    struct firsts f;
    bool good;

    o.offset = 0;
    o.limit = 1000;
    o.order = orders[order] ? orders[order] : "score";
    good = CHECK_INT_EQ(fih_search(&all, r, parsed, &o, NULL), FIH_OK, "%s", describe(q));
    o.order = orders[order];
    o.collapse = collapses[collapse];
    good = good && CHECK_INT_EQ(fih_search(&h, r, parsed, &o, NULL), FIH_OK, "%s", describe(q));
    f = find_firsts(all, collapse);
    good = good && CHECK_INT_EQ(fih_hits_count(h), f.n, "%s: %s", o.collapse, describe(q)) &&
           CHECK_INT_EQ(fih_hits_total(h), f.n, "%s: %s", o.collapse, describe(q));
    for (size_t i = 0; good && i < f.n; i++) {
        const fih_hit *const hit = fih_hits_at(h, i);
        const size_t k = o.order ? i : first_of(&f, model_of(hit));

        good = CHECK(k < f.n && hit->doc == f.hits[k]->doc && hit->others == f.others[k] &&
                         (!o.order || memcmp(&hit->score, &f.hits[k]->score, sizeof hit->score) == 0),
                     "%s by %s, hit %zu, %" PRIu64 " others: %s", o.collapse, o.order ? o.order : "score", i, hit->others,
                     describe(q));
    }
    good = good && (o.order || CHECK(are_firsts_right(h, &f), "%s: %s", o.collapse, describe(q))) &&
           is_all_pages(r, parsed, &o, h, describe(q));
    free(f.hits);
    free(f.docs);
    free(f.others);
    fih_hits_free(h);
    fih_hits_free(all);
    fih_query_free(parsed);
    return good;
}

/* Every value counts the documents that have it, and none is left out. scores[] must be those of the query. */
static bool compare_facets(fih_reader *r, const struct query *q)
{
    static const struct {
        const char *what;
        int divisor;
    } kinds[] = {{"section", 0}, {"date:year", 10000}, {"date:month", 100}, {"date:day", 1}};
    fih_query *parsed = parsed_of(r, q);
    const unsigned kind = rnd(4);
    fih_facets *f = NULL;
    const fih_facet *row;
    uint64_t sum = 0, want;
    bool good =
        CHECK_INT_EQ(fih_facets_new(&f, r, parsed, kinds[kind].what, &q->opts, NULL), FIH_OK, "%s", describe(q));

    for (size_t i = 0; good && (row = fih_facets_at(f, i)) != NULL; i++, sum += row->docs) {
        int y = 0, m = 0, d = 0, day;

        want = 0;
        sscanf(row->value.ptr, "%d-%d-%d", &y, &m, &d);
        day = kind ? (y * 10000 + m * 100 + d) / kinds[kind].divisor : 0;
        for (size_t k = 0; k < doc_count; k++)
            want += scores[k] >= 0 && (kind ? docs[k].day && docs[k].day / kinds[kind].divisor == day
                                            : strcmp(docs[k].section, row->value.ptr) == 0);
        good = CHECK_INT_EQ(row->docs, want, "%s %s: %s", kinds[kind].what, row->value.ptr, describe(q)) &&
               CHECK(row->docs > 0);
    }
    if (good)
        good = CHECK_INT_EQ(fih_facets_total(f), match_count, "%s", describe(q)) &&
               CHECK_INT_EQ(sum + fih_facets_without(f), match_count, "%s", describe(q));
    fih_facets_free(f);
    fih_query_free(parsed);
    return good;
}

static int step_of(int pages, int step) { return (pages - (pages < 0 ? step - 1 : 0)) / step * step; }

/* The same of tags, of which a document may have several, and of pages, in steps. */
static bool compare_own_facets(fih_reader *r, const struct query *q)
{
    static const struct {
        const char *what;
        int step;
    } kinds[] = {{"tags", 0}, {"pages", 1}, {"pages:10", 10}, {"pages:7", 7}};
    fih_query *parsed = parsed_of(r, q);
    const unsigned kind = rnd(4);
    fih_facets *f = NULL;
    const fih_facet *row, *before = NULL;
    uint64_t want = 0;
    size_t rows = 0, want_rows = 0;
    bool good =
        CHECK_INT_EQ(fih_facets_new(&f, r, parsed, kinds[kind].what, &q->opts, NULL), FIH_OK, "%s", describe(q));

    for (size_t k = 0; k < doc_count; k++)
        want += scores[k] >= 0 && (kind ? !docs[k].has_pages : !docs[k].tags);
    for (int v = -100; v < 200; v++) {
        bool has = false;

        for (size_t k = 0; k < doc_count; k++)
            has |= scores[k] >= 0 && (kind ? docs[k].has_pages && step_of(docs[k].pages, kinds[kind].step) == v
                                           : v >= 0 && v < TAGS && (docs[k].tags >> v & 1));
        want_rows += has;
    }
    if (good)
        good = CHECK_INT_EQ(fih_facets_total(f), match_count, "%s", describe(q)) &&
               CHECK_INT_EQ(fih_facets_without(f), want, "%s", describe(q));
    for (; good && (row = fih_facets_at(f, rows)) != NULL; rows++, before = row) {
        const int value = atoi(row->value.ptr);
        unsigned tag = 0;

        while (!kind && tag < TAGS && strcmp(tags[tag], row->value.ptr) != 0)
            tag++;
        want = 0;
        for (size_t k = 0; k < doc_count; k++)
            want += scores[k] >= 0 && (kind ? docs[k].has_pages && step_of(docs[k].pages, kinds[kind].step) == value
                                            : docs[k].tags >> tag & 1);
        good = CHECK_INT_EQ(row->docs, want, "%s %s: %s", kinds[kind].what, row->value.ptr, describe(q)) &&
               CHECK(!before || (kind ? atoi(before->value.ptr) < value : row->docs <= before->docs), "%s", describe(q));
    }
    good = good && CHECK_INT_EQ(rows, want_rows, "%s: %s", kinds[kind].what, describe(q));
    fih_facets_free(f);
    fih_query_free(parsed);
    return good;
}

static unsigned compared;

static bool run_queries(fih_reader *r, unsigned count)
{
    static struct query q;
    bool good = find_counted(r);

    for (unsigned i = 0; good && i < count; i++, compared++) {
        struct answer fast;

        make_query(&q);
        if (!ask(&fast, r, &q, 0, 0, 0))
            return false;
        good = compare_ways(r, &q, &fast) && compare_naive(&q, &fast);
        good = good && (!chance(20) || (compare_pages(r, &q) && compare_facets(r, &q) &&
                                       compare_own_facets(r, &q)));
        good = good && (!chance(15) || compare_collapsed(r, &q));
        if (good && fast.count && chance(20))
            good = compare_explanation(r, &q, fast.hits[rnd((uint32_t)fast.count)]);
        forget(&fast);
    }
    return good;
}

/* Hits, scores to the bit, and totals are those of one index that has all documents. */
static bool compare_parts(fih_reader *one, fih_reader *parts, unsigned count)
{
    static struct query q;
    bool good = true;

    for (unsigned i = 0; good && i < count; i++) {
        struct answer a, b;

        make_query(&q);
        if (!ask(&a, one, &q, 0, 1, 0) || !ask(&b, parts, &q, 0, 1, 0))
            return false;
        good = CHECK(same_lists(&a, &b) && a.total == b.total, "one %" PRIu64 ", parts %" PRIu64 ": %s", a.total,
                     b.total, describe(&q));
        for (size_t h = 0; good && h < b.count; h++)
            good = CHECK_INT_EQ(b.hits[h]->index, fih_reader_index_of(parts, b.hits[h]->doc));
        forget(&a);
        forget(&b);
    }
    return good;
}

/* ------------------------------------------------------------------ tests */

static bool check_index(const char *path)
{
    fih_error err = {0, 0, 0, ""};

    return CHECK(fih_check(NULL, path, NULL, NULL, &err) == FIH_OK, "%s", err.msg);
}

static bool merge_index(const char *path)
{
    fih_writer *w;
    fih_error err = {0, 0, 0, ""};
    int rc = fih_writer_open(&w, path, NULL, &err);

    if (rc == 0)
        rc = fih_writer_merge(w, &err);
    fih_writer_close(w);
    return CHECK(rc == 0, "%s", err.msg);
}

/* The same of a new index that they are merged into. */
static bool merged_indexes(fih_reader *one, const char *const *paths, unsigned count, unsigned queries)
{
    const char *const path = place_path("merged");
    fih_reader *r = NULL;
    fih_error err = {0, 0, 0, ""};
    bool good;

    good = CHECK(fih_merge(paths, count, path, NULL, &err) == FIH_OK, "%s", err.msg) && check_index(path) &&
           CHECK(fih_reader_open(&r, path, &err) == FIH_OK, "%s", err.msg) &&
           CHECK_INT_EQ(fih_reader_doc_count(r), live_count) && compare_parts(one, r, queries);
    fih_reader_close(r);
    place_remove(place_path("merged"));
    return good;
}

/* The same operations on several indexes, which are read as one: as a naive scan says, and as one index answers. */
static bool several_indexes(fih_reader *one, unsigned queries)
{
    static char names[MOST_PARTS][PATH_MAX];
    const unsigned most = doc_count < MOST_PARTS ? (unsigned)doc_count : MOST_PARTS, count = 1 + rnd(most);
    const char *paths[MOST_PARTS];
    const bool merge = has_deletions || chance(30);
    fih_reader *parts = NULL;
    fih_error err = {0, 0, 0, ""};
    bool good;

    for (unsigned i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "%s/part%u", place, i);
        paths[i] = names[i];
    }
    good = build_parts(paths, count, merge && chance(70)) &&
           CHECK(fih_reader_open_many(&parts, paths, count, &err) == FIH_OK, "%s", err.msg) &&
           CHECK_INT_EQ(fih_reader_doc_count(parts), live_count) && run_queries(parts, queries / 4);
    for (unsigned i = 0; good && merge && i < count; i++)
        good = merge_index(paths[i]);
    good = good && CHECK(fih_reader_renew(NULL, parts, &err) == FIH_OK, "%s", err.msg) &&
           run_queries(parts, queries / 4) && compare_parts(one, parts, queries / 2) &&
           merged_indexes(one, paths, count, queries / 4);
    fih_reader_close(parts);
    for (unsigned i = 0; i < count; i++)
        place_remove(paths[i]);
    return good;
}

static bool one_collection(unsigned queries)
{
    static const uint32_t sizes[] = {1, 3, 10, 40, 100, 250, 600};
    const char *path = place_path("index");
    fih_reader *r = NULL;
    fih_error err = {0, 0, 0, ""};
    int changed = 0;
    bool good;

    vocabulary = chance(50) ? 8 : STEMS;
    make_operations(sizes[rnd(7)], chance(30) ? 120 : 25, chance(60));
    if (doc_count == 0)
        return true;
    good = build_index(path, 1 + rnd(4),
                       chance(40)   ? 0
                       : chance(50) ? 1 + rnd(60)
                                    : UINT32_MAX,
                       false) &&
           CHECK(fih_reader_open(&r, path, &err) == FIH_OK, "%s", err.msg);
    if (good)
        good = CHECK_INT_EQ(fih_reader_doc_count(r), live_count) && run_queries(r, queries / 2) &&
               check_index(path) && merge_index(path) &&
               CHECK(fih_reader_renew(&changed, r, &err) == FIH_OK && changed, "%s", err.msg) &&
               run_queries(r, queries - queries / 2) && check_index(path) && several_indexes(r, queries);
    fih_reader_close(r);
    place_remove(path);
    return good;
}

static void answers_are_those_of_a_naive_scan(void)
{
    for (unsigned i = 0; compared < wanted; i++) {
        first_seed = seed;
        if (!one_collection(80))
            return;
    }
}

/* Once as the operations say with one thread, then with other threads, commits and so segments. */
static void results_do_not_depend_on_threads_or_batches(void)
{
    static const struct { uint32_t threads, every; } ways[] = {{1, 0}, {2, 1000}, {3, 7}, {4, 50}, {1, 13}};
    enum { WAYS = sizeof ways / sizeof *ways };
    static struct query q;
    fih_reader *r[WAYS] = {NULL};
    static const char *const names[] = {"way0", "way1", "way2", "way3", "way4"};
    const char *path[WAYS] = {NULL};
    bool good = true;

    first_seed = seed;
    vocabulary = 20;
    make_operations(600, 40, true);
    for (unsigned i = 0; good && i < WAYS; i++) {
        path[i] = place_path(names[i]);
        good = build_index(path[i], ways[i].threads, ways[i].every, true) &&
               CHECK(fih_reader_open(&r[i], path[i], NULL) == FIH_OK);
    }
    for (unsigned n = 0; good && n < 200; n++) {
        struct answer one, other;

        make_query(&q);
        good = ask(&one, r[0], &q, 0, 1, 0);
        for (unsigned i = 1; good && i < WAYS; i++)
            if ((good = ask(&other, r[i], &q, 0, 1, 0))) {
                good = CHECK(same_lists(&one, &other) && one.total == other.total, "way %u: %s", i, describe(&q));
                forget(&other);
            }
        forget(&one);
    }
    for (unsigned i = 0; i < WAYS; i++) {
        fih_reader_close(r[i]);
        place_remove(place_path(names[i]));
    }
}

/* ---- lists longer than blocks and windows */

/* Plain words only: what one means does not depend on its neighbours, so each is analysed once. */
static const char *const big_words[] = {"قلم", "بحر", "سوق", "حرب", "علم", "نفط",
                                        "شعر", "درس", "ذهب", "هدف", "شعب", "ماء"};
enum { BIG_WORDS = 400, MOST_TERMS = 8 };
static char big_word[BIG_WORDS][16];
static struct text big_toks[BIG_WORDS];

static void make_big_words(void)
{
    for (unsigned i = 0; i < BIG_WORDS; i++) {
        if (i < sizeof big_words / sizeof *big_words)
            snprintf(big_word[i], sizeof big_word[i], "%s", big_words[i]);
        else
            snprintf(big_word[i], sizeof big_word[i], "w%ux", i);
        free(big_toks[i].toks);
        big_toks[i] = analyze_with(light, big_word[i]);
        CHECK_INT_EQ(big_toks[i].words, 1);
    }
}

/* From nearly every document to a handful: the nth word is in about 1/n of them, and now and then many times. */
static uint32_t big_pick(void)
{
    const uint32_t top = 1 + rnd(BIG_WORDS);

    return chance(60) ? rnd(1 + rnd(12)) : rnd(top);
}

static char *make_big_text(struct text *t, uint32_t words)
{
    char *out = malloc(words * 16 + 1);
    size_t n = 0;
    uint32_t last = 0;

    t->toks = malloc((words + 1) * MOST_TERMS * sizeof *t->toks);
    t->n = 0;
    for (uint32_t i = 0; i < words; i++) {
        const uint32_t w = i && chance(20) ? last : big_pick();

        n += (size_t)sprintf(out + n, "%s%s", i ? " " : "", big_word[w]);
        for (size_t k = 0; k < big_toks[w].n && k < MOST_TERMS; k++, t->n++) {
            t->toks[t->n] = big_toks[w].toks[k];
            t->toks[t->n].at = i;
        }
        last = w;
    }
    out[n] = '\0';
    t->words = words;
    return out;
}

static void make_big_operations(void)
{
    forget_docs();
    op_count = 0;
    for (uint32_t i = 0; i < BIG_DOCS; i++) {
        struct doc *d;

        if (doc_count == doc_cap)
            docs = realloc(docs, (doc_cap = doc_cap ? 2 * doc_cap : 256) * sizeof *docs);
        d = &docs[doc_count];
        memset(d, 0, sizeof *d);
        snprintf(d->id, sizeof d->id, "doc/%u", i);
        d->title = make_big_text(&d->t, chance(50) ? rnd(4) : 0);
        d->note = make_big_text(&d->note_words, chance(50) ? rnd(6) : 0);
        d->body = make_big_text(&d->b, 1 + rnd(chance(5) ? 300 : 12));
        d->day = make_date(d->date, sizeof d->date);
        snprintf(d->section, sizeof d->section, "%s", PICK(sections));
        add_op(OP_ADD)->doc = doc_count++;
        live_count++;
        if (rnd(BIG_DOCS / 3) == 0)
            add_op(OP_COMMIT);
    }
    add_op(OP_COMMIT);
}

static void make_big_query(struct query *q)
{
    static const uint32_t limits[] = {1, 10, 10, 1000};

    make_options(q);
    q->opts.limit = limits[rnd(4)];
    q->is_plain = false;
    q->n = 1 + rnd(6);
    for (size_t i = 0; i < q->n; i++) {
        struct clause *c = &q->clauses[i];

        memset(c, 0, sizeof *c);
        c->kind = WORDS;
        c->occur = chance(85) ? SHOULD : chance(60) ? MUST : NOT;
        c->scope = chance(85) ? ANY : chance(70) ? TITLE : BODY;
        snprintf(c->text, sizeof c->text, "%s", big_word[big_pick()]);
        if (chance(10)) {
            c->kind = PHRASE;
            c->reach = chance(50) ? rnd(5) : 0;
            snprintf(c->text, sizeof c->text, "%s %s", big_word[rnd(6)], big_word[rnd(6)]);
        }
        if (chance(3)) {
            c->kind = NOTED;
            c->scope = ANY;
            c->reach = 0;
        }
    }
    render(q);
}

static uint64_t skipped;        /* answers whose total was not exact: something was passed over */

static bool run_big_queries(fih_reader *r, unsigned count, unsigned naive_of_ten)
{
    static struct query q;
    bool good = find_counted(r);

    for (unsigned i = 0; good && i < count; i++) {
        struct answer fast;

        make_big_query(&q);
        if (!ask(&fast, r, &q, 0, 0, 0))
            return false;
        skipped += !fast.is_exact;
        good = compare_ways(r, &q, &fast);
        if (good && rnd(10) < naive_of_ten) {
            evaluate(&q);
            /* find_doc() looks at every document: only short lists are compared one by one */
            good = fast.count > 10 ? CHECK(fast.count <= match_count)
                                   : CHECK(is_right(&fast, q.opts.limit, q.opts.offset), "%s", describe(&q));
        }
        forget(&fast);
    }
    return good;
}

static bool delete_some(const char *path)
{
    fih_writer *w;
    char id[32];
    int rc = fih_writer_open(&w, path, NULL, NULL);

    for (unsigned i = 0; rc == 0 && i < BIG_DOCS / 5; i++) {
        const uint32_t d = rnd(BIG_DOCS);

        live_count -= !docs[d].is_gone;
        docs[d].is_gone = true;
        snprintf(id, sizeof id, "doc/%u", d);
        rc = fih_writer_delete(w, fih_str_of(id), NULL);
        rc = rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    if (rc == 0)
        rc = fih_writer_commit(w, NULL);
    fih_writer_close(w);
    return CHECK_INT_EQ(rc, FIH_OK);
}

static void long_lists_give_the_same_answers_pruned_and_not(void)
{
    const char *path = place_path("big");
    fih_reader *r = NULL;
    bool good;

    first_seed = seed;
    make_big_words();
    make_big_operations();
    good = build_index(path, 2, 0, false) && CHECK(fih_reader_open(&r, path, NULL) == FIH_OK) &&
           run_big_queries(r, BIG_QUERIES / 3, 1) && merge_index(path) &&
           CHECK(fih_reader_renew(NULL, r, NULL) == FIH_OK) && run_big_queries(r, BIG_QUERIES / 3, 2) &&
           CHECK(skipped > BIG_QUERIES / 30, "only %" PRIu64 " searches passed anything over", skipped) &&
           delete_some(path) && CHECK(fih_reader_renew(NULL, r, NULL) == FIH_OK) &&
           run_big_queries(r, BIG_QUERIES / 3, 2) && check_index(path);
    (void)good;
    fih_reader_close(r);
    place_remove(path);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        wanted = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        first_seed = strtoull(argv[2], NULL, 10);
    seed = first_seed;
    place_new("model");
    if (fih_analyzer_new(&light, "arabic", NULL) != 0 || fih_analyzer_new(&exact, "arabic-exact", NULL) != 0) {
        printf("Bail out! no analyzer\n");
        return 2;
    }
    RUN(answers_are_those_of_a_naive_scan);
    RUN(results_do_not_depend_on_threads_or_batches);
    RUN(long_lists_give_the_same_answers_pruned_and_not);
    printf("# %u queries compared\n", compared);
    forget_docs();
    free(docs);
    free(ops);
    free(scores);
    for (unsigned i = 0; i < TERM_SLOTS; i++)
        free(terms[i].bytes);
    fih_analyzer_free(light);
    fih_analyzer_free(exact);
    place_remove(place);
    return DONE();
}
