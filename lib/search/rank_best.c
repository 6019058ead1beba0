/* search/rank_best.c - documents that have a word of the query in another writing, or whose title is the query.
 *
 * The other ways have found the k best as if there were neither: no document scores less by them, so that their
 * threshold holds here. A word's documents are looked at in the order of its list, those of words side by side in the
 * order of the rarest one's; what the rest of the query gives a document is known before it is looked whether its words
 * stand side by side.
 *
 * Why behind the others and not within them: hardly a document of a result has another writing, or the very title, and
 * with these in the tree no query with two words would be plain any more. So the fast ways rank without them, and what
 * they find is a lower bound: the threshold that the list ends with is one that only few of the documents looked at
 * here can reach.
 *
 * Total: such a document was counted already if the plan without other writings matches it, so each that is offered
 * here and matches that is taken off again.
 *
 * Invariants: a document is offered once in a segment, whatever writings it has (`offered`); it is scored by the whole
 * tree, so the score is the reference's; targets of every matcher and list ascend within one writing, and all of them
 * are opened anew for the next one.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/rank_part.h"
#include "search/rewritten.h"
#include "search/title.h"

/* A child of the root that stands beside the word. `top` is the most that it can add to any document of the segment. */
struct beside {
    struct matcher *m;
    double          top;
    bool            must;              /* without it the document does not match at all */
};

/* Documents of a segment that were offered. Those of earlier writings are sorted, to be searched; a writing's own come
 * in ascending order and only once, so they need not be until it is done. */
struct offered {
    uint32_t *docs;
    size_t    sorted, count, cap;      /* of the writings before: ascending; and of this one */
};

/* A writing of one of the root's children. Everything in it is of one segment, and closed with it. */
struct other {
    struct run             *r;
    struct offered         *offered;   /* shared by all writings of the segment */
    struct scene            scene;
    const struct plan_node *best;      /* the group: what was asked, and its writings */
    struct rewritten          written; /* the writing at hand, with its lists */
    struct matcher         *whole, *plain;     /* of `best`, and of the plan without other writings */
    struct beside          *rest;      /* the strongest first */
    size_t                  rest_count;
    double                  rest_top;  /* that these can add together */
    bool                    is_hopeless;       /* one that must be there is not in the segment */
};

/* Also of one that was opened in part. */
static void close_other(struct other *o)
{
    fihi_matcher_free(o->whole);
    fihi_matcher_free(o->plain);
    for (size_t i = 0; i < o->rest_count; i++)
        fihi_matcher_free(o->rest[i].m);
    free(o->rest);
    fihi_rewritten_close(&o->written);
}

/* Falling: what can add most is asked first, so that a document is given up soonest. */
static int by_top(const void *x, const void *y)
{
    const struct beside *a = x, *b = y;

    return (a->top < b->top) - (a->top > b->top);
}

/* The root's other children. A child that the segment has not adds nothing and is left out; if it must be there, no
 * document of the segment matches. Tops are those of this segment: its documents are all that is looked at with
 * them. */
static int open_rest(struct other *o)
{
    const struct plan_node *const root = o->r->plan->root;
    int rc = FIH_OK;

    if (!(o->rest = calloc(root->count, sizeof *o->rest)))
        return fihi_fail_nomem(o->r->err);
    for (size_t i = 0; i < root->count && rc == 0; i++) {
        const struct plan_node *const c = root->children[i];
        struct beside *const b = &o->rest[o->rest_count];

        /* What was asked and its writings: that is `whole`. */
        if (c == o->best)
            continue;
        rc = fihi_matcher_new(&b->m, o->r->plan, c, o->scene.number, &o->r->deadline, o->r->err);
        /* An excluded child cannot be met: with one the plan is none for the fast ways (rank.c). */
        b->must = c->occur == OCCUR_MUST;
        o->is_hopeless |= rc == 0 && !b->m && b->must;
        if (rc == 0 && b->m) {
            b->top = fihi_matcher_top(b->m);
            o->rest_top += b->top;
            o->rest_count++;
        }
    }
    if (o->rest_count > 1)
        qsort(o->rest, o->rest_count, sizeof *o->rest, by_top);
    return rc;
}

/* Two matchers more: `whole` scores what was asked and all of its writings, `plain` says whether the document was
 * counted already. Each has cursors of its own, since their targets do not go together. */
static int open_other(struct other *o, size_t which)
{
    int rc = fihi_rewritten_open(&o->written, &o->scene, o->best, which, o->r->err);

    if (rc == 0)
        rc = open_rest(o);
    if (rc == 0)
        rc = fihi_matcher_new(&o->whole, o->r->plan, o->best, o->scene.number, &o->r->deadline, o->r->err);
    if (rc == 0)
        rc = fihi_matcher_new(&o->plain, o->r->plan, o->r->plan->plain, o->scene.number, &o->r->deadline, o->r->err);
    return rc;
}

/* ---- documents */

/* Is what a document can score at most too little? Its threshold may be a score of this list. So < and not <=: its
 * score may be equal, and its number smaller. Where all are counted nothing is too little. Whatever is passed over here
 * was a match, perhaps, so the total is no longer exact. */
static bool is_weak(struct run *r, double most)
{
    const bool is = !r->counts_all && most < r->top.threshold;

    r->has_skipped |= is;
    return is;
}

/* Of the rarest word's block that could hold target. */
static double lead_bound(const struct other *o, const struct term_scorer *lead, uint32_t target, uint32_t *last)
{
    return fihi_scorer_word_bound(lead, o->written.word, o->r->plan, fihi_cursor_peek(&lead->postings, target, last));
}

/* The first document not below target that has one of the words beside without which none enters, if the writing adds
 * `most` at most (as in rank_any.c): target itself, if none is needed. Example: threshold 7, the writing can bring 3,
 * the words beside it 4, 2 and 0.5. Without the first one a document has 3 + 2.5 at most: so it is needed, alone, and
 * documents of the writing without it are stepped over by its list. The strongest are needed first, for `rest` is
 * sorted. Matchers that stand further on already stay there; none goes back. That is the idea of MaxScore (Turtle &
 * Flood, rank_any.c), once more, with matchers in place of lists. */
static uint32_t seek_needed(const struct other *o, uint32_t target, double most)
{
    const struct run *const r = o->r;
    double left = o->rest_top;
    uint32_t next = NO_DOC;
    size_t needed = 0;

    while (needed < o->rest_count && left * BOUND_MARGIN + most >= r->top.threshold)
        left -= o->rest[needed++].top;
    if (r->counts_all || left * BOUND_MARGIN + most >= r->top.threshold)
        return target;
    for (size_t i = 0; i < needed && next > target; i++) {
        const uint32_t doc = fihi_matcher_seek(o->rest[i].m, target);

        next = doc < next ? doc : next;
    }
    return next;
}

/* The first document not below target that all words of the writing have, and that can enter as far as bounds tell.
 * Leapfrog: i words stand on target; one that stands further on begins anew with the rarest. Only for the rarest are
 * bounds asked, a block at a time. A block that is weak is stepped over unread: by its last document, which the list's
 * head says. */
static uint32_t seek(struct other *o, uint32_t target)
{
    struct rewritten *const w = &o->written;
    struct term_scorer *const lead = &w->scorers[w->phrase.by_rarity[0]];

    for (uint32_t i = 0; target != NO_DOC && i < w->count;) {
        uint32_t doc, last = 0;

        if (i == 0) {
            const double most = lead_bound(o, lead, target, &last);

            if (is_weak(o->r, o->rest_top * BOUND_MARGIN + most)) {
                target = last >= NO_DOC - 1 ? NO_DOC : last + 1;
                continue;
            }
            doc = seek_needed(o, target, most);
            if (doc > target) {
                o->r->has_skipped = true;
                target = doc;
                continue;
            }
        }
        doc = fihi_scorer_seek(&o->scene, &w->scorers[w->phrase.by_rarity[i]], target);
        i = doc == target ? i + 1 : 0;
        target = doc;
    }
    return target;
}

/* The most that the writing can score in the document on which its words' lists stand. Side by side they cannot be more
 * often than the least frequent of them, in the title or in all. Both numbers are read without positions. Example: عبد
 * 5 times and الله 9 times, twice and once of them in the title: "عبد الله" is there at most 5 times, and once in the
 * title. */
static double most_of(struct other *o, uint32_t doc)
{
    uint32_t freq = UINT32_MAX, title = UINT32_MAX;
    struct term_score parts;

    for (uint32_t i = 0; i < o->written.count; i++) {
        struct cursor *const c = &o->written.scorers[i].postings;
        const uint32_t n = fihi_cursor_freq(c), m = fihi_cursor_title(c);

        /* The word that is there least limits how often they stand together. */
        freq = n < freq ? n : freq;
        title = m < title ? m : title;
    }
    return (double)fihi_scorer_word(&o->scene, o->written.word, doc, freq, title, &parts) * BOUND_MARGIN;
}

/* What the rest gives a document to which the writing adds `most` at most: false if it cannot enter, or lacks a word
 * that must be there. `left` is what the children not yet asked can add; it may fall a little below 0 by rounding. *sum
 * is exact on true. Example: threshold 7, the writing may add 2, and the rest 4, 2 and 0.5. After the first has brought
 * 3.5 there are 3.5 + 2.5 + 2 = 8 left to hope for; if the second brings nothing, 6, and the document is given up with
 * the third not asked. */
static bool add_rest(struct other *o, uint32_t doc, double most, double *sum)
{
    double left = o->rest_top;

    *sum = 0;
    for (size_t i = 0; i < o->rest_count; i++) {
        const struct beside *const b = &o->rest[i];

        if (is_weak(o->r, (*sum + (left > 0 ? left : 0)) * BOUND_MARGIN + most))
            return false;
        left -= b->top;
        if (fihi_matcher_seek(b->m, doc) == doc)
            *sum += fihi_matcher_score(b->m);
        else if (b->must)
            return false;
    }
    return !is_weak(o->r, *sum + most);
}

static int compare_docs(const void *x, const void *y)
{
    const uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return (a > b) - (a < b);
}

/* A document with all words of the writing: offered, if they stand so and it can enter. In the order of what it costs:
 * bounds and the rest of the query, then positions, then the look into what was offered, then the whole group's score.
 * The best of the writings counts, so the score is the group's and not this writing's. A document that is of several
 * writings is scored by all of them the first time, and found among `offered` the next. */
static int look_at(struct other *o, uint32_t doc)
{
    struct run *const r = o->r;
    struct offered *const before = o->offered;
    double rest;
    int rc = FIH_OK;

    if (!add_rest(o, doc, most_of(o, doc), &rest) ||
        (o->written.count > 1 && !fihi_phrase_holds(&o->written.phrase, doc)) ||
        (before->sorted && bsearch(&doc, before->docs, before->sorted, sizeof doc, compare_docs)) ||
        fihi_matcher_seek(o->whole, doc) != doc || !match_is_shown(r->plan, o->scene.number, doc, &rc, r->err))
        return rc;
    if (fihi_grow(&before->docs, &before->cap, before->count + 1, sizeof *before->docs) != 0)
        return fihi_fail_nomem(r->err);
    before->docs[before->count++] = doc;
    run_offer(r, (float)(rest + fihi_matcher_score(o->whole)), r->plan->view->bases[o->scene.number] + doc);
    r->total -= o->plain && fihi_matcher_seek(o->plain, doc) == doc;   /* it was counted */
    return FIH_OK;
}

/* What went wrong on the way. A matcher in trouble says NO_DOC, as if there were no more: so each is asked at the end.
 * `err` has the first thing that went wrong. */
static int status(const struct other *o)
{
    int rc = o->whole ? fihi_matcher_status(o->whole, o->r->err) : FIH_OK;

    for (size_t i = 0; i < o->rest_count && rc == 0; i++)
        rc = fihi_matcher_status(o->rest[i].m, o->r->err);
    if (rc == 0 && o->plain)
        rc = fihi_matcher_status(o->plain, o->r->err);
    if (rc == 0 && o->scene.rc != 0) {
        if (o->r->err)
            *o->r->err = o->scene.error;
        rc = o->scene.rc;
    }
    return rc;
}

/* FIH_E_NOTFOUND only means that the segment lacks a word of the writing. */
static int rank_other(struct other *o, size_t which)
{
    int rc = open_other(o, which);
    unsigned seen = 0;

    if (rc != 0 || o->is_hopeless)
        return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    for (uint32_t doc = 0; rc == 0 && (doc = seek(o, doc)) != NO_DOC; doc++) {
        rc = look_at(o, doc);
        if (rc == 0 && ++seen % 64 == 0)
            rc = fihi_deadline_check(&o->r->deadline, o->r->err);
    }
    return rc ? rc : status(o);
}

/* The other writings of a child of the root in a segment. Child 0 is what was asked itself. What this writing offered
 * is sorted in when it is done: the next one asks by a search in halves. */
static int rank_others(struct run *r, const struct plan_node *best, uint32_t segment, struct offered *offered)
{
    int rc = FIH_OK;

    for (size_t i = 1; i < best->count && rc == 0; i++) {
        struct other o = {.r = r, .offered = offered, .best = best};

        fihi_scene_begin(&o.scene, r->plan, segment, &r->deadline);
        rc = rank_other(&o, i);
        close_other(&o);
        if (offered->count > 1)
            qsort(offered->docs, offered->count, sizeof *offered->docs, compare_docs);
        offered->sorted = offered->count;
    }
    return rc;
}

/* ---- documents whose whole title is the query */

/* For bsearch(), too, which gets a document with any score. */
static int compare_titled(const void *x, const void *y)
{
    const struct scored *a = x, *b = y;

    return (a->doc > b->doc) - (a->doc < b->doc);
}

/* Numbers are of the segment here, keep_titled() makes them the view's. A score comes later, when it is sure that the
 * title is one. */
static int add_titled(void *ctx, uint32_t doc)
{
    struct run *const r = ctx;

    if (fihi_grow(&r->titled, &r->titled_cap, r->titled_count + 1, sizeof *r->titled) != 0)
        return fihi_fail_nomem(r->err);
    r->titled[r->titled_count++] = (struct scored){0, doc};
    return FIH_OK;
}

/* Of those with a title so long the ones with this title, which stand at the end of r->titled: ascending, each once.
 * Candidates came by length alone, unordered and perhaps twice (another writing of the same length).
 * fihi_titles_score() wants them ascending. Those kept overwrite what was looked at: kept never passes i. A title
 * scores above 0, so 0 says that it is another one. */
static int keep_titled(struct run *r, struct titles *titles, size_t first, uint32_t base)
{
    size_t kept = first;
    int rc = FIH_OK;

    if (r->titled_count - first > 1)
        qsort(r->titled + first, r->titled_count - first, sizeof *r->titled, compare_titled);
    for (size_t i = first; i < r->titled_count && rc == 0; i++) {
        const uint32_t doc = r->titled[i].doc;
        float title;

        if (kept > first && r->titled[kept - 1].doc == base + doc)
            continue;
        rc = fihi_titles_score(titles, doc, &title, r->err);
        if (title > 0)
            r->titled[kept++] = (struct scored){title, base + doc};
    }
    r->titled_count = kept;
    return rc;
}

/* Before anything is ranked: whether there are any decides how many must be kept, and what is told of the total.
 * Segments ascend, so r->titled does as a whole, and may be searched. Few documents have such a title; mostly none. */
int fihi_rank_find_titled(struct run *r)
{
    const struct view *const v = r->plan->view;
    int rc = FIH_OK;

    for (uint32_t s = 0; s < v->count && rc == 0 && r->plan->title_count; s++) {
        const size_t first = r->titled_count;
        struct titles *titles;
        struct scene scene;

        fihi_scene_begin(&scene, r->plan, s, &r->deadline);
        rc = fihi_titles_new(&titles, &scene, r->err);
        if (rc == 0 && titles && (rc = fihi_titles_find(titles, add_titled, r, &r->deadline, r->err)) == 0)
            rc = keep_titled(r, titles, first, v->bases[s]);
        fihi_titles_free(titles);
    }
    r->has_titles = r->titled_count > 0;
    return rc;
}

/* Those of a segment: offered with their words and title. *at goes on through r->titled from segment to segment. They
 * go to `offered`, so that no other writing of theirs offers them again. By the whole tree, for a document with such a
 * title may have its words in another writing. What the title adds is above all else (TITLE_WHOLE), so no bound is
 * asked for. */
static int rank_titled(struct run *r, uint32_t segment, size_t *at, struct offered *offered)
{
    const uint32_t base = r->plan->view->bases[segment], end = r->plan->view->bases[segment + 1];
    struct matcher *m = NULL, *plain = NULL;
    int rc;

    if (*at == r->titled_count || r->titled[*at].doc >= end)
        return FIH_OK;
    rc = fihi_matcher_new(&m, r->plan, r->plan->root, segment, &r->deadline, r->err);
    if (rc == 0 && r->plan->plain != r->plan->root)
        rc = fihi_matcher_new(&plain, r->plan, r->plan->plain, segment, &r->deadline, r->err);
    for (; rc == 0 && m && *at < r->titled_count && r->titled[*at].doc < end; ++*at) {
        const uint32_t doc = r->titled[*at].doc - base;

        if (fihi_matcher_seek(m, doc) != doc || !match_is_shown(r->plan, segment, doc, &rc, r->err))
            continue;
        run_offer(r, (float)(fihi_matcher_score(m) + (double)r->titled[*at].score), base + doc);
        r->total -= r->plan->plain == r->plan->root || (plain && fihi_matcher_seek(plain, doc) == doc);
        if (fihi_grow(&offered->docs, &offered->cap, offered->count + 1, sizeof *offered->docs) != 0)
            rc = fihi_fail_nomem(r->err);
        else
            offered->docs[offered->count++] = doc;
    }
    offered->sorted = offered->count;
    if (rc == 0 && m)
        rc = fihi_matcher_status(m, r->err);
    if (rc == 0 && plain)
        rc = fihi_matcher_status(plain, r->err);
    fihi_matcher_free(m);
    fihi_matcher_free(plain);
    return rc;
}

/* ---- the list */

/* By document, of one document the better score first: join() keeps the first. */
static int by_doc(const void *x, const void *y)
{
    const struct scored *a = x, *b = y;

    if (a->doc != b->doc)
        return a->doc < b->doc ? -1 : 1;
    return (a->score < b->score) - (a->score > b->score);
}

/* Both lists as one, a document once: with the better score. By its words alone one with such a title is none. The
 * lists may share documents: the ones with another writing that were good enough without it. At most twice as many as
 * one of them holds; the lesser scores go, and so do those that titled documents had without their titles. Example, k =
 * 3: {a 5, b 4, c 3} and {b 6, d 4} are {a 5, b 6, c 3, d 4} by document, and then b, a, d. */
static int join(struct top *to, const struct top *others, const struct run *r, size_t k)
{
    const size_t count = to->count + others->count;
    struct scored *const all = malloc((count + 1) * sizeof *all);
    size_t kept = 0;

    if (!all)
        return FIH_E_NOMEM;
    for (size_t i = 0; i < to->count; i++) {
        const bool is_titled = r->titled_count && bsearch(&to->best[i], r->titled, r->titled_count, sizeof *r->titled,
                                                          compare_titled);

        if (!is_titled)
            all[kept++] = to->best[i];
    }
    if (others->count)
        memcpy(all + kept, others->best, others->count * sizeof *all);
    const size_t n = kept + others->count;
    if (n > 1)
        qsort(all, n, sizeof *all, by_doc);
    kept = 0;
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || all[kept - 1].doc != all[i].doc)
            all[kept++] = all[i];
    to->count = kept < k ? kept : k;
    fihi_ranking_sort(all, kept, to->count);
    free(to->best);
    to->best = all;
    return FIH_OK;
}

/* `others` is a second list of its own: its threshold begins where the first one's ended, and rises by itself. Sharing
 * one heap would need its documents to be found and replaced in it. A copy of the run goes into the segments: totals
 * and the clock come back from it, the list does not. */
int fihi_rank_best(struct run *r, uint32_t k)
{
    const struct plan_node *const root = r->plan->root;
    struct offered offered = {.docs = NULL};
    struct run others = *r;
    size_t titled = 0;
    int rc = FIH_OK;

    if (fihi_top_begin(&others.top, r->top.k) != 0)
        return fihi_fail_nomem(r->err);
    /* So it need not be earned again. */
    others.top.threshold = r->top.threshold;
    for (uint32_t s = 0; s < r->plan->view->count && rc == 0; s++) {
        offered.sorted = offered.count = 0;
        rc = rank_titled(&others, s, &titled, &offered);
        for (size_t i = 0; i < root->count && rc == 0; i++)
            if (root->children[i]->is_best)
                rc = rank_others(&others, root->children[i], s, &offered);
    }
    fihi_top_finish(&others.top);
    if (rc == 0 && join(&r->top, &others.top, r, k) != FIH_OK)
        rc = fihi_fail_nomem(r->err);
    free(others.top.best);
    free(offered.docs);
    r->total = others.total;
    r->has_skipped |= others.has_skipped;
    r->deadline = others.deadline;
    return rc;
}
