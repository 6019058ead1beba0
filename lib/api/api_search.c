/* api/api_search.c - Query, Search, Hits.
 *
 * Where a page ends and the next one begins: hits are ordered by score, and of equal ones by their number, so "behind
 * this hit" is a pair of numbers, and a page of any depth costs what the first one does. Where a second pass reorders
 * the first hits, or hits are sorted by what such a pair cannot say, pages are counted instead, up to FIH_MAX_LIMIT.
 * A cursor is of one commit: another one may have other numbers.
 *
 * Options: a float that is not a number has its default, so that 0 can mean none.
 * No algorithm is here: options are checked and completed, a plan is made, one of the rankings is asked, and what it
 * gives is copied into a handle of its own.
 */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/handles.h"
#include "base/fail.h"
#include "search/compose.h"
#include "search/order.h"
#include "search/query.h"
#include "search/rescore.h"
#include "search/when.h"

/* `roots_depth` and `places_depth` are only set by search_piece(). */
struct fih_hits {
    struct ranking ranking;
    fih_hit       *hits;               /* as a program sees them; ids are in id_bytes */
    struct buf     id_bytes;
    uint64_t       given;              /* hits of this answer and before */
    unsigned       sort;               /* FIH_SORT_SCORE, or the hash of the order */
    char           cursor[80];         /* where the next page begins; empty if nothing comes after */
    struct buf     passed;             /* as the plan has them */
    uint32_t       roots_depth, places_depth;   /* of a piece: how many get each part of the second pass */
};

int fih_query_parse(fih_query **out, fih_str text, fih_error *err)
{
    /* The text is copied into the tree: it is the caller's again. */
    return fihi_query_parse(out, text.ptr, text.len, err);
}

/* Signs of the query language mean nothing there: what a person pasted is all words. */
int fih_query_plain(fih_query **out, fih_str text, fih_error *err)
{
    return fihi_query_plain(out, text.ptr, text.len, err);
}

/* The parser is passed by: `field` and text are taken as they are (search/compose.c). */
int fih_query_words(fih_query **out, const char *field, fih_str text, fih_error *err)
{
    return fihi_compose_leaf(out, NODE_WORDS, field, text, 0, err);
}

int fih_query_phrase(fih_query **out, const char *field, fih_str text, uint32_t slop, fih_error *err)
{
    return fihi_compose_leaf(out, NODE_PHRASE, field, text, slop, err);
}

int fih_query_near(fih_query **out, const char *field, const fih_str *texts, size_t count, uint32_t reach,
                   int is_ordered, fih_error *err)
{
    return fihi_compose_near(out, field, texts, count, reach, is_ordered != 0, err);
}

/* A section is a keyword: the whole name, and nothing is analysed. */
int fih_query_section(fih_query **out, fih_str name, fih_error *err)
{
    return fihi_compose_leaf(out, NODE_KEYWORD, "section", name, 0, err);
}

int fih_query_field(fih_query **out, const char *field, fih_str text, int is_exact, fih_error *err)
{
    return fihi_compose_field(out, field, text, is_exact, err);
}

/* Read here only to refuse what is none, where the program can still say so; the days are found when it is searched. */
int fih_query_dates(fih_query **out, fih_str span, fih_error *err)
{
    int32_t from, to;
    int rc;

    *out = NULL;
    /* Before it is read: what a program passes may have any length. */
    if (span.len > FIH_MAX_QUERY)
        return fihi_fail(err, FIH_E_LIMIT, "a span of %zu bytes is too long: at most %u", span.len, FIH_MAX_QUERY);
    rc = fihi_when_parse(span, fihi_when_today(), &from, &to, err);
    if (rc == FIH_E_QUERY)
        return fihi_fail(err, rc, "'%.*s' is not a span of days", (int)(span.len < 60 ? span.len : 60), span.ptr);
    /* The text is kept, not the days: yesterday is another day tomorrow. */
    return rc ? rc : fihi_compose_dates(out, span, err);
}

int fih_query_group(fih_query **out, const fih_clause *clauses, size_t count, fih_error *err)
{
    return fihi_compose_group(out, clauses, count, err);
}

/* NULL is freed as well. A search keeps nothing of the query: it may go as soon as the hits are there. */
void fih_query_free(fih_query *q)
{
    fihi_query_free(q);
}

/* Not finite, it would make all scores equal or none comparable; a million leaves a float room for sums. Some may not
 * be 0: then `least` is the least that a float can be. NaN is in no range, so comparisons are made such that it
 * fails. */
static bool is_weight(float w, float least, float most)
{
    /* Both comparisons are false for NaN. */
    return w >= least && w <= most;
}

/* FIH_SEARCH_OPTS_INIT has NaN in each weight. */
static float weight_or(float w, float by_default)
{
    return isnan(w) ? by_default : w;
}

/* The caller's options with every default filled in. In this order: the process, the struct's size, weights, enums,
 * pages. So each message is about the first thing that is wrong, and nothing is read from the index before all is
 * right. */
int fihi_search_options(fih_search_opts *o, const fih_reader *r, const fih_search_opts *given, fih_error *err)
{
    const struct manifest *const m = &r->view->members->manifest;   /* all have the same weights */
    int rc = fihi_own(r->pid, err);

    /* First, for fihi_options() copies over it what an older caller knows. */
    *o = (fih_search_opts)FIH_SEARCH_OPTS_INIT;
    if (rc == 0)
        rc = fihi_options(o, sizeof *o, given, err);
    if (rc != 0)
        return rc;
    /* The defaults of k1, b and the other weights were measured: bench/quality.md. k1 and b are those of BM25
     * (Robertson and Zaragoza, 2009). */
    o->k1 = weight_or(o->k1, 0.9f);
    o->b = weight_or(o->b, 0.5f);
    o->title_weight = weight_or(o->title_weight, m->title_weight);
    o->body_weight = weight_or(o->body_weight, m->body_weight);
    o->form_weight = weight_or(o->form_weight, 0.5f);
    o->root_weight = weight_or(o->root_weight, 1.25f);
    o->proximity = weight_or(o->proximity, 0.25f);
    if (!is_weight(o->title_weight, 0, 1e6f) || !is_weight(o->body_weight, FLT_MIN, 1e6f) ||
        !is_weight(o->k1, FLT_MIN, 1e6f) || !is_weight(o->b, 0, 1) || !is_weight(o->form_weight, 0, 1) ||
        !is_weight(o->root_weight, 0, 1e6f) || !is_weight(o->proximity, 0, 1e6f) ||
        (o->field && strcmp(o->field, "title") != 0 && strcmp(o->field, "body") != 0))
        return fihi_fail(err, FIH_E_USAGE, "a search option is out of its range");
    /* An enum in a struct of a program's may hold any number. */
    if (o->match < FIH_MATCH_STEMS || o->match > FIH_MATCH_BROAD)
        return fihi_fail(err, FIH_E_USAGE, "unknown way to match %d", o->match);
    if (o->sort < FIH_SORT_SCORE || o->sort > FIH_SORT_OLDEST)
        return fihi_fail(err, FIH_E_USAGE, "unknown sort order %d", o->sort);
    /* In 64 bits: their sum may wrap in 32. */
    if ((uint64_t)o->limit + o->offset > FIH_MAX_LIMIT)
        return fihi_fail(err, FIH_E_LIMIT, "limit and offset together are at most %u", FIH_MAX_LIMIT);
    /* 0 is what a zeroed struct has, and nobody wants no hits. */
    if (o->limit == 0)
        o->limit = 10;
    /* Taken once, so that all of a search has the same day, also over midnight. */
    if (o->today == FIH_TODAY)
        o->today = fihi_when_today();
    return FIH_OK;
}

/* The plan keeps no analyzer: it is given back before the search, so that searches share few of them. */
int fihi_make_plan(struct plan **out, const fih_reader *r, const fih_query *q, const fih_search_opts *o,
                   fih_error *err)
{
    struct analyzer *a;
    int rc = fihi_reader_take(&a, r, err);

    *out = NULL;
    if (rc != 0)
        return rc;
    rc = fihi_plan_new(out, r->view, a, q, o, err);
    fihi_reader_give(r, a);
    return rc;
}

/* How many more documents a hit stands for. `collapsed` is sorted by number; who stands for no others is not in it.
 * Bisection, as a page may have a million hits. */
static uint64_t others_of(const struct ranking *k, fih_docno doc)
{
    size_t low = 0, high = k->collapsed ? k->collapsed_count : 0;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (k->collapsed[mid].doc == doc)
            return k->collapsed[mid].others;
        if (k->collapsed[mid].doc < doc)
            low = mid + 1;
        else
            high = mid;
    }
    return 0;
}

/* What the passes made of a hit of a piece: without a second one its score is the first's. */
static void set_passes(fih_hit *hit, const struct ranking *k)
{
    size_t low = 0, high = k->passes ? k->pass_count : 0;

    /* Also for a hit that the second pass did not look at. */
    hit->first = hit->rooted = hit->score;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (k->passes[mid].doc == hit->doc) {
            hit->first = k->passes[mid].first;
            hit->rooted = k->passes[mid].rooted;
            return;
        }
        if (k->passes[mid].doc < hit->doc)
            low = mid + 1;
        else
            high = mid;
    }
}

/* Drop the first `offset`, and copy the ids of the rest: borrowed ones would tie the hits to the snapshot's pages. Ids
 * are short, and a page has ten of them as a rule. */
static int finish_hits(fih_hits *h, const fih_reader *r, uint32_t offset, fih_error *err)
{
    struct ranking *k = &h->ranking;
    struct buf room = {0};
    size_t at = 0;
    int rc = FIH_OK;

    /* A page behind the last has no hits, and is no error. */
    if (offset > k->count)
        offset = (uint32_t)k->count;
    /* What was passed over had been ranked: the heap cannot know the tenth without the nine before. */
    if (offset) {
        memmove(k->best, k->best + offset, (k->count - offset) * sizeof *k->best);
        k->count -= offset;
    }
    /* One more, for calloc(0) may answer NULL. */
    if (!(h->hits = calloc(k->count + 1, sizeof *h->hits)))
        return fihi_fail_nomem(err);
    for (size_t i = 0; i < k->count && rc == 0; i++) {
        /* Borrowed ids lie in `room`, which the next one overwrites. */
        struct segment *s;
        uint32_t local;

        if ((rc = fihi_view_locate(r->view, k->best[i].doc, &s, &local, err)) == 0 &&
            (rc = fihi_segment_id(s, local, &room, &h->hits[i].id, err)) == 0 &&
            fihi_buf_append(&h->id_bytes, h->hits[i].id.ptr, h->hits[i].id.len) != 0)
            rc = fihi_fail_nomem(err);
        /* Which of several indexes it is in: its id is unique in that one alone. */
        h->hits[i].index = fihi_view_member(r->view, k->best[i].doc);
    }
    fihi_buf_free(&room);
    if (rc != 0)
        return rc;
    /* Only now: the buffer moved while it grew. */
    for (size_t i = 0; i < k->count; at += h->hits[i++].id.len) {
        h->hits[i].id.ptr = (const char *)h->id_bytes.ptr + at;
        h->hits[i].doc = k->best[i].doc;
        h->hits[i].score = k->best[i].score;
        h->hits[i].others = others_of(k, k->best[i].doc);
        set_passes(&h->hits[i], k);
    }
    return FIH_OK;
}

/* A cursor, taken apart: how many hits were given, and the last. Those of the second pass are few: they are passed over
 * by number; behind them goes on what is behind the last one. given is 0 and `last` nothing on the first page. */
struct page {
    uint64_t      given;
    struct scored last;
};

/* A point, and a number as fih_hits_cursor() writes it: hexadecimal, no sign or prefix, in at most so many digits. No
 * strtoull(), which takes signs, spaces and 0x. */
static bool take_number(const char **s, unsigned most, uint64_t *number)
{
    unsigned digits = 0;

    *number = 0;
    /* Each number has the point before it, the last one none behind it. */
    if (**s != '.')
        return false;
    for (++*s; digits < most; digits++, ++*s) {
        /* The text ends with a NUL, which is no digit: the loop needs no length. */
        const char c = **s;

        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            break;
        /* At most 16 digits, so no bit is shifted out. */
        *number = *number << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return digits > 0;
}

/* `sort_now` is what this search sorts by: a cursor of another order would skip hits. */
static int read_cursor(struct page *p, const fih_reader *r, const fih_search_opts *o, unsigned sort_now, fih_error *err)
{
    uint64_t generation, sort, given, score, doc;
    char text[80];                             /* the cursor with a NUL behind it; none is longer */
    const char *s = text;
    uint32_t bits;

    /* The text is the user's: it may be anything. A score that is no number would compare with nothing; any other
     * numbers find another page at worst. */
    snprintf(text, sizeof text, "%.*s", (int)(o->after.len < sizeof text ? o->after.len : sizeof text), o->after.ptr);
    if (*s++ != '1' || !take_number(&s, 16, &generation) || !take_number(&s, 8, &sort) ||
        !take_number(&s, 16, &given) || !take_number(&s, 8, &score) || !take_number(&s, 8, &doc) ||
        (size_t)(s - text) != o->after.len || sort != sort_now)
        return fihi_fail(err, FIH_E_USAGE, "'%s' is not a cursor of this search", text);
    /* Numbers of documents change with merges: hits would be left out or shown twice without a word. */
    if (generation != r->view->generation)
        return fihi_fail(err, FIH_E_USAGE, "the cursor is of another commit of the index: start from the first page");
    if (o->offset)
        return fihi_fail(err, FIH_E_USAGE, "a cursor and an offset cannot be combined");
    p->given = given;
    bits = (uint32_t)score;
    /* The very float that the hit had, for a comparison must find it equal. */
    memcpy(&p->last.score, &bits, sizeof bits);
    p->last.doc = (uint32_t)doc;
    return isnan(p->last.score) ? fihi_fail(err, FIH_E_USAGE, "'%s' is not a cursor of this search", text)
                                : FIH_OK;
}

fih_str fih_hits_cursor(const fih_hits *h)
{
    /* Empty on the last page: nothing can be asked behind it. */
    return (fih_str){h->cursor, strlen(h->cursor)};
}

/* What the answer keeps for its cursor, and no more. "1" is the version of the form. */
static void note_end(fih_hits *h, const fih_reader *r, const fih_search_opts *o, uint64_t before)
{
    const struct ranking *const k = &h->ranking;
    unsigned bits;

    h->given = before + k->count;
    /* A full page may be the last one too; then the next is empty. */
    if (k->count < o->limit)
        return;
    /* The bits and not the digits of a float: nothing may be lost on the way. */
    memcpy(&bits, &k->best[k->count - 1].score, sizeof bits);
    /* Hexadecimal without prefix, as take_number() reads it; 5 numbers of 16 digits at most fit well. */
    snprintf(h->cursor, sizeof h->cursor, "1.%llx.%x.%llx.%x.%x", (unsigned long long)r->view->generation,
             h->sort, (unsigned long long)h->given, bits, (unsigned)k->best[k->count - 1].doc);
}

/* The page behind a cursor: by number where what comes behind a hit cannot be told from it. by_number: so many hits are
 * counted instead of compared. */
static int find_page(struct page *p, const fih_reader *r, fih_search_opts *o, unsigned sort, uint32_t by_number,
                     fih_error *err)
{
    const int rc = o->after.len ? read_cursor(p, r, o, sort, err) : FIH_OK;

    /* Behind the reordered ones the pair tells where to go on. */
    if (rc != 0 || p->given > by_number)
        return rc;
    /* `given` is at most by_number here, so the sum does not wrap. */
    if (p->given + o->limit > FIH_MAX_LIMIT)
        return fihi_fail(err, FIH_E_LIMIT, "pages in this order have at most %u hits together", FIH_MAX_LIMIT);
    /* So a cursor is an offset there, and a page costs what its depth does. */
    o->offset += (uint32_t)p->given;
    return FIH_OK;
}

/* What the hits are sorted by, if it is not their score alone. An order of the options goes before `sort`. */
static int find_order(struct order *order, const fih_reader *r, const fih_search_opts *o, fih_error *err)
{
    /* sort is the older way to say it, and still means what it did. */
    const char *const text = o->order                       ? o->order
                             : o->sort == FIH_SORT_NEWEST ? "-date"
                             : o->sort == FIH_SORT_OLDEST ? "date"
                                                          : NULL;
    int rc = FIH_OK;

    if (text)
        rc = fihi_order_parse(order, text, &r->view->schema, err);
    else
        fihi_order_by_score(order);
    /* Beside any order: of each group the first in that order stays. */
    return rc == 0 && o->collapse ? fihi_order_collapse(order, o->collapse, &r->view->schema, err) : rc;
}

/* Every match is visited (search/order.c), whichever page is wanted. */
static int search_ordered(fih_hits *h, const fih_reader *r, const struct plan *plan, fih_search_opts *o, fih_error *err)
{
    struct page p = {0, {0, 0}};
    struct order order;
    uint32_t by_number, depth, k;
    int rc = find_order(&order, r, o, err);

    if (rc != 0)
        return rc;
    /* It stands in the cursor, so that no other order goes on with it. */
    h->sort = order.hash;
    /* Only an order by score has a second pass. */
    depth = h->sort == FIH_SORT_SCORE ? rescore_depth(plan) : 0;
    /* What has the same keyword, or was collapsed, cannot be told from one hit. */
    by_number = order.has_keyword || order.collapse ? UINT32_MAX : 0;
    if ((rc = find_page(&p, r, o, h->sort, by_number, err)) != 0)
        return rc;
    /* As many as the second pass reorders are ranked at least, so that the first page is the same whatever its
     * length. */
    k = o->limit + o->offset;
    rc = fihi_rank_ordered(&h->ranking, plan, &order, k > depth ? k : depth, p.given > by_number ? &p.last : NULL, o,
                           err);
    /* Before the offset is dropped: the second pass moves hits across pages. */
    if (rc == 0 && depth > 0)
        rc = fihi_rescore(&h->ranking, plan, k, err);
    if (rc == 0 && (rc = finish_hits(h, r, o->offset, err)) == 0)
        note_end(h, r, o, p.given > by_number ? p.given : o->offset);
    return rc;
}

/* Pages and other orders are the whole list's, of which this is a part. The offsets of a list of all pieces are for who
 * gathers it (fihrist.h, fih_reader_use_global()). */
static int search_piece(fih_hits *h, const fih_reader *r, const struct plan *plan, const fih_search_opts *o,
                        fih_error *err)
{
    int rc;

    if (o->offset || o->after.len || o->order || o->collapse || o->sort != FIH_SORT_SCORE)
        return fihi_fail(err, FIH_E_USAGE,
                         "a piece of a collection is searched without offset, cursor, order and collapse");
    /* The piece cannot know which of its hits are the first of the whole list: who gathers the pieces decides by
     * these. */
    h->roots_depth = root_depth(plan);
    h->places_depth = places_depth(plan);
    if ((rc = fihi_rank_piece(&h->ranking, plan, o->limit, o, err)) == 0)
        rc = finish_hits(h, r, 0, err);
    h->given = h->ranking.count;
    return rc;
}

/* Which of the rankings: a piece's, one with an order or collapsing, or the plain one. */
static int search(fih_hits *h, const fih_reader *r, const struct plan *plan, fih_search_opts *o, fih_error *err)
{
    /* Hits of the second pass are not in the order of their first scores, so pages of these are counted. */
    const uint32_t by_number = rescore_depth(plan);
    struct page p = {0, {0, 0}};
    int rc;

    /* A reader with statistics has one piece of a collection. */
    if (r->statistics)
        return search_piece(h, r, plan, o, err);
    if (o->order || o->collapse || o->sort != FIH_SORT_SCORE)
        return search_ordered(h, r, plan, o, err);
    if ((rc = find_page(&p, r, o, FIH_SORT_SCORE, by_number, err)) != 0)
        return rc;
    /* The offset's hits are ranked with the page's: a heap of both. */
    rc = fihi_rank_all(&h->ranking, plan, o->limit + o->offset, p.given > by_number ? &p.last : NULL, o, err);
    if (rc == 0 && (rc = finish_hits(h, r, o->offset, err)) == 0)
        note_end(h, r, o, p.given > by_number ? p.given : o->offset);
    return rc;
}

/* Nothing of the caller's is kept: neither query nor options are needed after it. */
int fih_search(fih_hits **out, const fih_reader *r, const fih_query *q, const fih_search_opts *opts, fih_error *err)
{
    fih_hits *h = NULL;
    struct plan *plan = NULL;
    fih_search_opts o;
    int rc;

    *out = NULL;
    if ((rc = fihi_search_options(&o, r, opts, err)) != 0 || (rc = fihi_make_plan(&plan, r, q, &o, err)) != 0)
        return rc;
    /* The plan is needed no longer than the search: hits are copies. */
    rc = (h = calloc(1, sizeof *h)) ? search(h, r, plan, &o, err) : fihi_fail_nomem(err);
    if (rc == 0) {
        /* Taken over, so that they are not freed with the plan. */
        h->passed = plan->passed;
        plan->passed = (struct buf){NULL, 0, 0};
    }
    fihi_plan_free(plan);
    if (rc == 0)
        *out = h;
    else
        fih_hits_free(h);
    return rc;
}

/* Of this page: what all pages have is fih_hits_total(). */
size_t fih_hits_count(const fih_hits *h)
{
    return h->ranking.count;
}

/* `given` counts to the end of this answer. */
uint64_t fih_hits_before(const fih_hits *h)
{
    return h->given - h->ranking.count;
}

uint64_t fih_hits_total(const fih_hits *h)
{
    return h->ranking.total;
}

/* Else the total is a number that is reached for certain. */
int fih_hits_is_exact(const fih_hits *h)
{
    return h->ranking.is_exact;
}

uint32_t fih_hits_roots_depth(const fih_hits *h)
{
    return h->roots_depth;
}

uint32_t fih_hits_places_depth(const fih_hits *h)
{
    return h->places_depth;
}

/* NULL behind the last. */
const fih_hit *fih_hits_at(const fih_hits *h, size_t i)
{
    return i < h->ranking.count ? &h->hits[i] : NULL;
}

/* Words with a NUL behind each; they are few. Stop words of the query that were passed over, so that a program can say
 * so. */
size_t fih_hits_passed_count(const fih_hits *h)
{
    size_t count = 0;

    for (size_t at = 0; at < h->passed.len; at++)
        count += h->passed.ptr[at] == '\0';
    return count;
}

fih_str fih_hits_passed_at(const fih_hits *h, size_t i)
{
    const char *const words = (const char *)h->passed.ptr;

    for (size_t at = 0; at < h->passed.len; i--) {
        const size_t n = strlen(words + at);

        /* The i-th from here on. */
        if (i == 0)
            return (fih_str){words + at, n};
        at += n + 1;
    }
    return (fih_str){NULL, 0};
}

/* The ids lie in one buffer, so no hit has anything to free. */
void fih_hits_free(fih_hits *h)
{
    if (!h)
        return;
    fihi_ranking_free(&h->ranking);
    free(h->hits);
    fihi_buf_free(&h->id_bytes);
    fihi_buf_free(&h->passed);
    free(h);
}
