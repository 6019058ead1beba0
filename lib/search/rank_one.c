/* search/rank_one.c - documents of one word, the k best of them, when no other word can bring a document in.
 *
 * The blocks of its list are looked at in the order of their bounds: those with the best documents come first, so that
 * the threshold is near its end after the first few, and most blocks are never decoded, however long the list is. A
 * word with several readings has a list of each: one after the other, and a document in two of them is offered by the
 * one that brings it more, for that one counts.
 *
 * Example: a word in 1.2 million documents has some 9,400 blocks. Their bounds are an array of floats, computed in one
 * pass (scored_lists.c). The few blocks with the highest are looked at; by then the tenth best document scores more
 * than the bound of nearly all others, which stay packed.
 *
 * Cost: one pass over the bounds, and 128 scores for each block that is entered. Documents come in no order, so only
 * what is below the threshold may be passed over, never what equals it: a smaller number may still win.
 *
 * Invariants: no document is offered twice, neither by two lists of the word (is_of_another()) nor once by a short list
 * and once by its block (is_few()); lists may stand behind the document that is asked about, and stand_before() brings
 * them back.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/fail.h"
#include "index/column.h"
#include "search/rank_part.h"

/* Classes of bounds: within one, blocks keep their order. A finer order saves no block. An exact one would need a
 * comparison sort of thousands of numbers. */
enum { CLASSES = 64 };

/* Class 0 has the highest bounds. above * step is less than CLASSES, for sort_blocks() takes a thousandth off the step:
 * without that, rounding could give the list's top a class before the first. */
static unsigned class_of(float above, float step)
{
    return CLASSES - 1 - (unsigned)(above * step);
}

/* Blocks that may have a document for the answer, by falling class of their bounds, into ls->blocks; how many. One pass
 * counts the blocks of each class, one puts them at their places. A counting sort. Bounds 9, 3, 8, 5 with a threshold
 * of 4, and classes [8, 9] and [4, 8): counts are 2 and 1, ends begin as 0 and 2, and the blocks come out as 0, 2, 3;
 * block 1 is not among them. Equal classes keep their order, which is that of the list: reading goes forward.
 *
 * Blocks before `first` have been done with by windows. `threshold` is what the word must bring by itself, with what
 * others can add already taken off. */
static uint32_t sort_blocks(struct scored_lists *ls, const struct scored_list *l, uint32_t first, uint32_t n,
                            double threshold)
{
    const float limit = threshold > 0 ? (float)threshold : 0;
    /* The addend only avoids a division by 0, where the list's top is the threshold. */
    const float step = 0.999f * CLASSES / ((float)l->top - limit + 1e-30f);
    uint32_t ends[CLASSES] = {0}, at = 0;

    for (uint32_t i = first; i < n; i++)
        /* >= and not >: see above. Rounding the threshold to float cannot lose a block, the margin of its bound is
         * wider. */
        if (l->bounds[i] >= limit)
            ends[class_of(l->bounds[i] - limit, step)]++;
    for (unsigned k = 0; k < CLASSES; k++) {
        const uint32_t count = ends[k];

        ends[k] = at;
        at += count;
    }
    for (uint32_t i = first; i < n; i++)
        if (l->bounds[i] >= limit)
            ls->blocks[ends[class_of(l->bounds[i] - limit, step)]++] = i;
    return at;
}

/* A list stands before or on a document, wherever it stood: documents come in no order here. A cursor only goes
 * forward, so a list that has gone too far is set back: to the beginning of its block, if the document is in it or
 * before all of it that is left, otherwise into the block that could hold it. What was unpacked of the same block stays
 * unpacked. */
static void stand_before(struct scored_list *l, uint32_t doc)
{
    struct cursor *const c = &l->scorer.postings;

    if (c->doc <= doc || c->is_broken)
        return;
    if (c->block_count == 0)                   /* all that there is, is decoded */
        c->doc = c->docs[c->index = 0];
    else if (c->doc == NO_DOC || c->docs[0] > doc)
        fihi_cursor_enter(c, fihi_cursor_find(c, doc));
    else
        c->doc = c->docs[c->index = 0];
}

/* ---- short lists
 *
 * The documents of weak lists without full blocks are few. Scored first and whole, they need not be thought of again:
 * what these lists could add would make every bound so much higher. */

static int by_doc(const void *x, const void *y)
{
    const uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return (a > b) - (a < b);
}

/* Has one of the word's lists, order[i ... end), a full block? */
static bool is_long(const struct scored_lists *ls, size_t i, size_t end)
{
    bool is = false;

    for (; i < end && !is; i++)
        is = ls->order[i]->scorer.postings.block_count > 0;
    return is;
}

/* The weak words whose lists have no full blocks behind the others of them; how many lists the others have, and what
 * these words add. The lists of a word stay together. In place: lists before `kept` stay in their order, so the ones
 * with higher bounds still come last, as fihi_rank_finish() wants them. */
static size_t split_short(struct scored_lists *ls, size_t weak, double *weak_sum)
{
    size_t kept = 0;

    *weak_sum = 0;
    for (size_t i = 0, end; i < weak; i = end) {
        end = scored_word_end(ls, i);
        if (!is_long(ls, i, end))
            continue;
        *weak_sum += ls->order[i]->word_bound;
        for (size_t k = i; k < end; k++, kept++) {
            struct scored_list *const l = ls->order[k];

            memmove(ls->order + kept + 1, ls->order + kept, (k - kept) * sizeof *ls->order);
            ls->order[kept] = l;
        }
    }
    return kept;
}

/* Their documents, into ls->few, ascending. A list without full blocks is one tail, unpacked since it was opened:
 * c->docs has all of it. At most 127 documents a list. A document may be there several times. */
static int collect_few(struct run *r, struct scored_lists *ls, size_t kept, size_t weak)
{
    ls->few_count = 0;
    for (size_t i = kept; i < weak; i++) {
        const struct cursor *const c = &ls->order[i]->scorer.postings;

        if (fihi_grow(&ls->few, &ls->few_cap, ls->few_count + c->size, sizeof *ls->few) != 0)
            return fihi_fail_nomem(r->err);
        for (unsigned k = c->index; c->doc != NO_DOC && k < c->size; k++)
            ls->few[ls->few_count++] = c->docs[k];
    }
    if (ls->few_count > 1)
        qsort(ls->few, ls->few_count, sizeof *ls->few, by_doc);
    return FIH_OK;
}

/* Has the document been scored with the short lists? */
static bool is_few(const struct scored_lists *ls, uint32_t doc)
{
    return ls->few_count && bsearch(&doc, ls->few, ls->few_count, sizeof doc, by_doc);
}

/* Those without the strong word cannot enter. All weak words are asked here, the long ones too, so the score is final.
 * Before `from` everything has been done with by windows. */
static int rank_few(struct run *r, struct scored_lists *ls, uint32_t from, size_t weak, double weak_sum)
{
    int rc = FIH_OK;

    for (size_t i = 0; i < ls->few_count && rc == 0; i++) {
        const uint32_t doc = ls->few[i];

        if (doc < from || (i > 0 && doc == ls->few[i - 1]))
            continue;
        const double score = fihi_scored_word(ls, doc, weak, ls->count);

        if (score >= 0)
            rc = fihi_rank_finish(r, ls, doc, score, weak, weak_sum, false);
    }
    return ls->scene.rc ? fihi_scored_lists_broken(ls, r) : rc;
}

/* ---- blocks */

/* The word's lists, and the weak ones that have not been done with. */
struct one {
    struct run          *r;
    struct scored_lists *ls;
    uint32_t             base, from;
    size_t               weak;         /* in ls->order, before the word's */
    double               weak_sum;
    struct scored_list **lists;
    size_t               count;
    struct column        dates;        /* where the plan has some */
};

/* Does another list of the word bring the document more, or as much and comes first? So exactly one of the lists offers
 * it: of equal ones the first, and the same one as in rank_any.c counts, for the best is the best. The bound is asked
 * first: mostly it tells without a block unpacked. */
static bool is_of_another(struct one *o, size_t which, uint32_t doc, double score)
{
    struct scene *const s = &o->ls->scene;
    struct term_score parts;
    uint32_t last;

    for (size_t i = 0; i < o->count; i++) {
        struct scored_list *const l = o->lists[i];

        if (i == which)
            continue;
        stand_before(l, doc);
        if (l->scorer.postings.doc > doc || fihi_scored_list_peek(l, doc, &last) < score ||
            !fihi_scorer_has(s, &l->scorer, doc))
            continue;
        const double other = (double)fihi_scorer_score(s, &l->scorer, &parts);

        if (other > score || (i < which && other >= score))
            return true;
    }
    return false;
}

/* Is the score too low to enter, whatever the weak words bring? In a collection of short texts many documents have the
 * same score: what equals the threshold enters by its number alone, and without weak words that is known here. */
static inline bool is_low(struct one *o, double score, uint32_t doc)
{
    const struct run *const r = o->r;
    const double most = score + o->weak_sum;
    const bool is = (most < r->top.threshold || (o->weak == 0 && most <= r->top.threshold &&
                                                 !top_takes_equal(&r->top, o->base + doc))) && !r->counts_all;

    o->r->has_skipped |= is;
    return is;
}

/* A document of the block that the list stands in, whose score is not too low. Documents before `from` are in the first
 * block only. */
static int rank_doc(struct one *o, size_t which, uint32_t doc, double score, bool is_sieved)
{
    struct scored_lists *const ls = o->ls;

    if (doc < o->from || is_few(ls, doc) || is_of_another(o, which, doc, score))
        return FIH_OK;
    /* They are asked for documents in no order: each must stand before this one. */
    for (size_t k = 0; k < o->weak; k++)
        stand_before(ls->order[k], doc);
    return fihi_rank_finish(o->r, ls, doc, score, o->weak, o->weak_sum, is_sieved);
}

/* Few of a block's documents, those that pass: each has its numbers looked up among packed ones. The score is that of
 * the block, to the bit. */
static int rank_some(struct one *o, size_t which, const bool *passes)
{
    struct scored_lists *const ls = o->ls;
    struct term_scorer *const t = &o->lists[which]->scorer;
    const unsigned size = t->postings.size;
    struct term_score parts;
    int rc = FIH_OK;

    for (unsigned i = 0; i < size && rc == 0; i++) {
        double score;

        if (!passes[i])
            continue;
        cursor_step(&t->postings, i);
        if (fihi_scorer_has(&ls->scene, t, t->postings.docs[i]) &&
            !is_low(o, score = (double)fihi_scorer_score(&ls->scene, t, &parts), t->postings.docs[i]))
            rc = rank_doc(o, which, t->postings.docs[i], score, true);
    }
    return rc;
}

/* Where few documents pass the filter the threshold stays low, nearly all of a block could enter, and each would be
 * scored and then asked about. There the filter comes first, for all of the block at once, and most blocks keep their
 * numbers packed. Where so many pass that a block is unpacked all the same, that pays only if much of it would be asked
 * about. If all are counted all are asked. Which way it is has no part in what is found. */
static bool is_filter_first(const struct run *r)
{
    enum { FEW_TRIED = 64, FEW = 16, SOME_TRIED = 512, SOME = 6 };     /* asked about; one in so many passes */

    return (r->plan->filter || r->plan->since != DATE_NONE) &&
           (r->counts_all || (r->asked >= FEW_TRIED && r->passed * FEW < r->asked) ||
            (r->asked >= SOME_TRIED && r->passed * SOME < r->asked && r->asked * 4 > r->looked));
}

/* Which documents of a block pass the filter and the dates; how many. */
static unsigned filter_block(struct one *o, const struct cursor *c, bool *passes, int *rc)
{
    struct run *const r = o->r;
    bool in_time[POSTING_BLOCK];
    unsigned left = c->size;

    if (r->plan->filter)
        left = fihi_plan_passing(r->plan, o->ls->scene.number, c->docs, c->size, passes, rc, r->err);
    else
        memset(passes, true, c->size * sizeof *passes);
    if (*rc == 0 && r->plan->since != DATE_NONE) {
        fihi_column_test(&o->dates, c->docs, c->size, r->plan->since, r->plan->until, in_time, rc, r->err);
        left = 0;
        for (unsigned i = 0; i < c->size && *rc == 0; i++)
            left += passes[i] &= in_time[i];
    }
    r->asked += c->size;
    r->passed += left;
    return left;
}

/* The block that the list stands in, all of it. */
static int rank_block(struct one *o, size_t which)
{
    enum { SINGLY = 8 };                       /* documents: more are scored sooner with all of the block */
    struct scored_lists *const ls = o->ls;
    struct scored_list *const l = o->lists[which];
    const bool is_form_only = l->scorer.term->is_form_only, is_sieved = is_filter_first(o->r);
    const float *const scores = l->scorer.scores;
    const struct cursor *const c = &l->scorer.postings;
    bool passes[POSTING_BLOCK];
    unsigned left = c->size;
    int rc = FIH_OK;

    if (is_sieved)
        left = filter_block(o, c, passes, &rc);
    o->r->looked += c->size;
    if (rc != 0 || left == 0)
        return rc;
    if (is_sieved && left <= SINGLY)
        rc = rank_some(o, which, passes);
    else if (!fihi_scorer_block(&ls->scene, &l->scorer))
        rc = fihi_scored_lists_broken(ls, o->r);
    else
        for (unsigned i = 0; i < c->size && rc == 0; i++)
            if (!is_low(o, (double)scores[i], c->docs[i]) && (!is_sieved || passes[i]) &&
                (!is_form_only || scores[i] > 0))
                rc = rank_doc(o, which, c->docs[i], (double)scores[i], is_sieved);
    return ls->scene.rc ? fihi_scored_lists_broken(ls, o->r) : rc;
}

/* Once the blocks are sorted, those that come later are compared once more: the threshold has risen since. Nothing ends
 * the loop early, because within a class bounds are in no order. */
static int rank_blocks(struct one *o, size_t which)
{
    struct run *const r = o->r;
    struct scored_lists *const ls = o->ls;
    struct scored_list *const l = o->lists[which];
    struct cursor *const c = &l->scorer.postings;
    /* The tail counts as a block if it has any document. */
    const uint32_t n = c->block_count + (c->at.df % POSTING_BLOCK > 0);
    const uint32_t first = o->from ? fihi_cursor_find(c, o->from) : 0;
    int rc = FIH_OK;

    if (fihi_grow(&ls->blocks, &ls->block_cap, n, sizeof *ls->blocks) != 0)
        return fihi_fail_nomem(r->err);
    const uint32_t count = sort_blocks(ls, l, first, n, r->counts_all ? 0 : r->top.threshold - o->weak_sum);
    r->has_skipped |= count < n - first;
    for (uint32_t i = 0; i < count && rc == 0; i++) {
        if ((double)l->bounds[ls->blocks[i]] + o->weak_sum < r->top.threshold && !r->counts_all) {
            r->has_skipped = true;
            continue;
        }
        if (fihi_cursor_enter(c, ls->blocks[i]) == NO_DOC)
            rc = fihi_scored_lists_broken(ls, r);
        else
            rc = rank_block(o, which);
        if (rc == 0 && i % 64 == 63)
            rc = fihi_deadline_check(&r->deadline, r->err);
    }
    return rc;
}

/* The last thing that is done in a segment: lists are left wherever they are, and opened anew for the next one. */
int fihi_rank_one(struct run *r, struct scored_lists *ls, uint32_t segment, uint32_t from, size_t weak, double weak_sum)
{
    struct one o = {.r = r, .ls = ls, .base = r->plan->view->bases[segment], .from = from, .lists = ls->order + weak,
                    .count = ls->count - weak};
    int rc;

    /* A segment that the plan's dates leave has dates: rank.c passes over the others. */
    if (r->plan->since != DATE_NONE)
        fihi_column_open(&o.dates, ls->scene.segment, FIELD_NO_DATE);
    o.weak = split_short(ls, weak, &o.weak_sum);
    rc = collect_few(r, ls, o.weak, weak);
    if (rc == 0)
        rc = rank_few(r, ls, from, weak, weak_sum);
    for (size_t i = 0; i < o.count && rc == 0; i++) {
        stand_before(o.lists[i], from);
        rc = o.lists[i]->scorer.postings.block_count ? rank_blocks(&o, i) : rank_block(&o, i);
    }
    return rc;
}
