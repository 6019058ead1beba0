/* search/rank_any.c - documents with any of some words, the k best of them.
 *
 * Windows of 4,096 documents; in each, the lists that alone could bring a document above the threshold are added up
 * over the window, and the others are asked only for documents that still may enter (MaxScore: Turtle & Flood, "Query
 * evaluation: strategies and optimizations", 1995; by windows as in Lucene's MaxScoreBulkScorer). Bounds per block of
 * postings: Ding & Suel, "Faster top-k document retrieval using block-max indexes" (2011).
 *
 * The idea of MaxScore with numbers: threshold 6.0; three words can bring at most 1.5, 2.5 and 5.0 in this window. 1.5
 * + 2.5 does not reach 6.0, so a document without the third word cannot enter, however good it is otherwise. The third
 * list is strong: its documents are scored. The first two are weak: they are asked, the better one first, for a
 * document that has 4.0 from the third, and not at all for one that has 1.9. As the threshold rises, more lists become
 * weak, and with one strong list left nothing needs adding up (rank_one.c).
 *
 * Invariants: `order` has the lists by what their word can bring in the window, ascending, those of one word side by
 * side; [0, weak) are the weak ones and weak_sum is no less than what they can add together; sums[] and seen[] are zero
 * between windows. Windows ascend, so documents do too, and <= the threshold may be passed over in a window; in
 * fihi_rank_finish(), which rank_one.c calls in another order, only what is below.
 *
 * A sum is exact whatever the order: addends are floats and the sum is a double with 29 bits to spare (match.h).
 */
#include <stdlib.h>

#include "base/fail.h"
#include "search/rank_part.h"

/* Below so many postings, all of them are added up sooner than bounds are compared. A window needs a bound of each list
 * for each of its blocks there: dearer than some thousand additions. */
enum { FEW_POSTINGS = 4096 };

/* The greatest bound of a list's blocks that reach into [from, to). It ends at the block that reaches the window's end,
 * or at the tail. Skip entries only: nothing is unpacked. */
static double bound_within(const struct scored_list *l, uint32_t from, uint32_t to)
{
    const struct cursor *const c = &l->scorer.postings;
    double most = 0;
    uint32_t last;

    if (c->doc == NO_DOC || c->doc >= to)
        return 0;
    for (uint32_t at = c->doc > from ? c->doc : from;; at = last + 1) {
        const double bound = fihi_scored_list_peek(l, at, &last);

        most = bound > most ? bound : most;
        if (last >= to - 1 || last >= NO_DOC - 1)
            return most;
    }
}

/* Add a list's scores over the window; of a word with several, what it brings more than those before it. The loop's
 * body has no look-up but of the window itself: 4,096 sums are 32 KB.
 *
 * Of a word with several lists sums[] has the best of them: of_word[] says how much of the sum is that already. With
 * 2.0 from the first reading and 3.0 from the second, 2.0 is added, then 1.0: exactly, for the difference of two floats
 * fits a double. */
static int add_window(struct run *r, struct scored_lists *ls, struct scored_list *l, uint32_t start, uint32_t end,
                      bool is_one_of_several)
{
    const bool is_form_only = l->scorer.term->is_form_only;
    const float *const scores = l->scorer.scores;
    struct cursor *const c = &l->scorer.postings;

    fihi_cursor_seek(c, start);
    while (c->doc < end) {
        unsigned i = c->index;

        if (!fihi_scorer_block(&ls->scene, &l->scorer))
            return fihi_scored_lists_broken(ls, r);
        for (; i < c->size && c->docs[i] < end; i++) {
            const uint32_t at = c->docs[i] - start;

            /* The stem is there in another spelling: for this term the document is no match at all, not one with 0. */
            if (is_form_only && !(scores[i] > 0))
                continue;
            ls->seen[at / 64] |= UINT64_C(1) << at % 64;
            if (!is_one_of_several) {
                ls->sums[at] += (double)scores[i];
            } else if (scores[i] > ls->of_word[at]) {
                ls->sums[at] += (double)scores[i] - (double)ls->of_word[at];
                ls->of_word[at] = scores[i];
            }
        }
        /* On the first document behind the window, or in the next block: the next window begins there. */
        cursor_step(c, i);
    }
    return c->is_broken ? fihi_scored_lists_broken(ls, r) : FIH_OK;
}

/* A word brings what its best reading does. By ls->lists, where the lists of a word are side by side from the start;
 * `order` is about to change. */
static void bound_words(struct scored_lists *ls)
{
    for (size_t i = 0, end; i < ls->count; i = end) {
        double most = 0;

        for (end = i; end < ls->count && ls->lists[end].word == ls->lists[i].word; end++)
            most = ls->lists[end].bound > most ? ls->lists[end].bound : most;
        for (size_t k = i; k < end; k++)
            ls->lists[k].word_bound = most;
    }
}

/* By bound, then by word: floats that are equal must not tear the lists of a word apart. */
static bool is_weaker(const struct scored_list *a, const struct scored_list *b)
{
    return a->word_bound < b->word_bound || (!(a->word_bound > b->word_bound) && a->word < b->word);
}

/* Sort words by bound; the first of them, with `*weak` lists, together cannot bring a document above the threshold. <=
 * limit: a document whose words add up to the threshold and no more would come behind those that have set it. */
static size_t split_words(struct scored_lists *ls, double limit, double *weak_sum)
{
    size_t weak = 0;

    *weak_sum = 0;
    bound_words(ls);
    for (size_t i = 1; i < ls->count; i++)
        for (size_t k = i; k > 0 && is_weaker(ls->order[k], ls->order[k - 1]); k--) {
            struct scored_list *const swap = ls->order[k];

            ls->order[k] = ls->order[k - 1];
            ls->order[k - 1] = swap;
        }
    while (weak < ls->count && *weak_sum + ls->order[weak]->word_bound <= limit) {
        *weak_sum += ls->order[weak]->word_bound;
        weak = scored_word_end(ls, weak);
    }
    return weak;
}

/* A weak word that is not much more frequent than the strong ones would be asked for most of their documents: adding it
 * up with them is cheaper. Twice as frequent: asked for, a document costs a seek and often a block unpacked for it
 * alone; added up, a posting costs some 2 ns. The sum of what is left may go below 0 by rounding: it is a bound of
 * nothing then. */
static size_t add_dense(struct scored_lists *ls, size_t weak, double *weak_sum)
{
    uint64_t strong = 0;

    for (size_t i = weak; i < ls->count; i++)
        strong += ls->order[i]->scorer.postings.at.df;
    while (weak > 0 && weak < ls->count && ls->order[weak - 1]->word_df <= 2 * strong) {
        weak = scored_word_begin(ls, weak);
        strong += ls->order[weak]->word_df;
        *weak_sum -= ls->order[weak]->word_bound;
    }
    *weak_sum = weak > 0 && *weak_sum > 0 ? *weak_sum : 0;
    return weak;
}

/* The strongest of the weak words first. `sum` is what the document has by now. weak_sum shrinks by each word's part
 * before the word is asked, so that sum + weak_sum is at any time the most that it can come to.
 *
 * Here < and not <=: rank_one.c comes with documents in the order of their blocks' bounds, and one with a smaller
 * number and the very score of the threshold would still enter. */
int fihi_rank_finish(struct run *r, struct scored_lists *ls, uint32_t doc, double sum, size_t weak, double weak_sum,
                     bool is_sieved)
{
    const uint32_t segment = ls->scene.number;
    int rc = FIH_OK;

    if (weak > 0 && sum + weak_sum < r->top.threshold) {
        r->has_skipped = true;
        return FIH_OK;
    }
    r->asked++;
    if (!is_sieved && !run_passes(r, segment, doc, &rc))       /* that costs less than a look into a list */
        return rc;
    r->passed++;
    for (size_t end = weak, i; end > 0; end = i) {
        i = scored_word_begin(ls, end);
        weak_sum -= ls->order[i]->word_bound;
        weak_sum = weak_sum > 0 ? weak_sum : 0;
        /* In this window the word has nothing to say: do not seek for it. */
        if (!(ls->order[i]->word_bound > 0))
            continue;
        /* The blocks' bounds are less than the lists', and looked up without unpacking them. */
        if (sum + weak_sum + fihi_scored_word_peek(ls, doc, i, end) < r->top.threshold) {
            r->has_skipped = true;
            return FIH_OK;
        }
        const double word = fihi_scored_word(ls, doc, i, end);

        sum += word > 0 ? word : 0;
        if (ls->scene.rc != 0)
            return fihi_scored_lists_broken(ls, r);
    }
    if (is_sieved ? match_is_live(r->plan, segment, doc, &rc, r->err) : run_is_live(r, segment, doc, &rc))
        run_offer(r, (float)sum, r->plan->view->bases[segment] + doc);
    return rc;
}

/* One list alone can bring a document above the threshold: its blocks are looked at one by one, without adding up, and
 * those whose bound does not reach are not even decoded. The bounds of the other lists are of this window, which makes
 * weak_sum smaller than it is over the whole list. On return the list stands behind the window, or where a block was
 * too weak before its end. */
static int rank_single(struct run *r, struct scored_lists *ls, uint32_t start, uint32_t end, size_t weak,
                       double weak_sum)
{
    struct scored_list *const l = ls->order[weak];
    const bool is_form_only = l->scorer.term->is_form_only;
    struct cursor *const c = &l->scorer.postings;
    const float *const scores = l->scorer.scores;
    uint32_t target = c->doc > start ? c->doc : start;
    int rc = FIH_OK;

    while (target < end && rc == 0) {
        uint32_t last;

        if (fihi_scored_list_peek(l, target, &last) + weak_sum <= r->top.threshold) {
            r->has_skipped = true;
            target = last + 1;
            continue;
        }
        if (fihi_cursor_seek(c, target) < end && c->doc <= last) {
            unsigned i = c->index;

            if (!fihi_scorer_block(&ls->scene, &l->scorer))
                return fihi_scored_lists_broken(ls, r);
            for (; i < c->size && c->docs[i] < end && rc == 0; i++)
                if ((double)scores[i] + weak_sum <= r->top.threshold)
                    r->has_skipped = true;
                else if (!is_form_only || scores[i] > 0)
                    rc = fihi_rank_finish(r, ls, c->docs[i], (double)scores[i], weak, weak_sum, false);
            if (rc == 0)
                cursor_step(c, i);
        }
        if (c->is_broken)
            return fihi_scored_lists_broken(ls, r);
        /* The block has been done with, or the list has no document in it from target on. */
        target = last >= NO_DOC - 1 ? end : last + 1;
    }
    return rc;
}

/* Several strong lists: add them up, then look at each document that any of them has, by a walk over the bits. A sum is
 * set back to 0 as it is read, so that the next window finds zeros without 32 KB being cleared. */
static int rank_window(struct run *r, struct scored_lists *ls, uint32_t start, uint32_t end, size_t weak,
                       double weak_sum)
{
    int rc = FIH_OK;

    if (!ls->has_window) {
        memset(ls->sums, 0, sizeof ls->sums);
        memset(ls->seen, 0, sizeof ls->seen);
        ls->has_window = true;
    }
    for (size_t i = weak, next; i < ls->count && rc == 0; i = next) {
        next = scored_word_end(ls, i);
        if (next > i + 1)
            memset(ls->of_word, 0, sizeof ls->of_word);
        for (size_t k = i; k < next && rc == 0; k++)
            rc = add_window(r, ls, ls->order[k], start, end, next > i + 1);
    }
    for (unsigned w = 0; w < WINDOW / 64 && rc == 0; w++)
        for (uint64_t bits = ls->seen[w]; bits && rc == 0; bits &= bits - 1) {
            const uint32_t at = w * 64 + (uint32_t)__builtin_ctzll(bits);
            const double sum = ls->sums[at];

            ls->sums[at] = 0;
            /* Before the document is asked for anything else: most end here. */
            if (sum + weak_sum <= r->top.threshold && !r->counts_all)
                r->has_skipped = true;
            else
                rc = fihi_rank_finish(r, ls, start + at, sum, weak, weak_sum, false);
        }
    memset(ls->seen, 0, sizeof ls->seen);
    if (rc != 0)                               /* the lists are used again */
        memset(ls->sums, 0, sizeof ls->sums);
    return rc;
}

/* A document scores at least so much of the weighted sum that lists store of their best ones. The stored sum was made
 * with fixed weights of stem, root and title, and the search has others: the greatest multiple of it that is within all
 * three is what can be relied on. */
static double floor_weight(const struct plan *p, const struct query_term *t)
{
    return (double)(best_multiple(t->weight, t->root_weight, t->title_weight) * p->floor_ratio * BEST_TOTAL);
}

/* k of a list's documents score at least so much by this word alone. Only where nothing stands between a list's
 * documents and the answer. A list's 20th, 100th and 1,000th best are stored (FORMAT.md, "Floors"): with k = 10 the
 * first of these is used, and the search begins with a threshold that it would have had to earn. The first that is not
 * less than k is the highest that holds. */
static void expect_floors(struct run *r, const struct scored_lists *ls)
{
    const struct segment *const s = ls->scene.segment;

    /* Any of these may take one of those documents away: then fewer than k would be left above the threshold. */
    if (s->deleted || r->after || r->plan->since != DATE_NONE || r->plan->filter || r->plan->except_in || r->counts_all)
        return;
    for (size_t i = 0; i < ls->count; i++)
        for (unsigned f = 0; f < FLOORS; f++) {
            const unsigned floor = fihi_cursor_floor(&ls->lists[i].scorer.postings, f);

            if (r->top.k > fihi_floor_docs[f] || floor == 0)
                continue;
            fihi_top_expect(&r->top, floor_weight(r->plan, ls->lists[i].scorer.term) * ((double)floor / 255));
            break;
        }
}

/* Is only one list left that is not weak, or nothing but one word's? Several lists are not looked at in any order while
 * others are asked for their documents, nor if all are counted: by windows that is cheaper. rank_one.c looks at blocks
 * by falling bound, from anywhere in the list to its end, so it is for the rest of the segment and not for a window. */
static bool is_one(const struct run *r, const struct scored_lists *ls, size_t weak)
{
    return weak + 1 == ls->count || (weak == 0 && !r->counts_all && scored_word_end(ls, 0) == ls->count);
}

/* Window by window, each from the first document that a strong list has: what lies between is not even looked at.
 * `from` only grows. */
int fihi_rank_any(struct run *r, struct scored_lists *ls, uint32_t segment)
{
    size_t missing;
    int rc = fihi_scored_lists_open(ls, r, segment, &missing);
    uint32_t from = 0;

    if (rc == 0)
        expect_floors(r, ls);
    while (rc == 0 && ls->count) {
        const double limit = r->counts_all ? -1 : r->top.threshold;
        const uint32_t docs = ls->scene.segment->stats.docs;
        uint32_t first = NO_DOC, start, end;
        size_t weak = 0;
        double weak_sum = 0;

        /* Lists that are weak over their whole length do not even say where the next window is. */
        for (size_t i = 0; i < ls->count; i++)
            ls->order[i]->bound = ls->order[i]->top;
        if (limit > 0)
            weak = split_words(ls, limit, &weak_sum);
        if (is_one(r, ls, weak)) {
            /* What only the weak lists have is never met: the total is no longer exact. */
            r->has_skipped |= weak > 0;
            return fihi_rank_one(r, ls, segment, from, weak, weak_sum);
        }
        for (size_t i = weak; i < ls->count; i++) {
            const uint32_t doc = fihi_cursor_seek(&ls->order[i]->scorer.postings, from);

            first = doc < first ? doc : first;
            if (ls->order[i]->scorer.postings.is_broken)
                rc = fihi_scored_lists_broken(ls, r);
        }
        if (weak)
            r->has_skipped = true;             /* what only weak lists hold is never seen */
        if (rc != 0 || first == NO_DOC)
            break;
        /* Windows lie at multiples of their size, so none crosses a chunk of lengths. */
        start = first & ~(uint32_t)(WINDOW - 1);
        end = docs - start < WINDOW ? docs : start + WINDOW;
        /* Now with what the lists can bring in this window only: mostly less, and then more of them are weak. */
        if (limit > 0 && ls->postings > FEW_POSTINGS) {
            for (size_t i = 0; i < ls->count; i++)
                ls->order[i]->bound = bound_within(ls->order[i], start, end);
            weak = add_dense(ls, split_words(ls, limit, &weak_sum), &weak_sum);
        }
        if (weak + 1 == ls->count && !r->counts_all) {
            rc = rank_single(r, ls, start, end, weak, weak_sum);
        } else if (weak < ls->count) {
            rc = rank_window(r, ls, start, end, weak, weak_sum);
        }
        from = end;
        if (rc == 0)
            rc = fihi_deadline_check(&r->deadline, r->err);
    }
    return rc;
}
