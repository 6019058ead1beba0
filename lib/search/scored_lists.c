/* search/scored_lists.c - the lists of a query's words, with a bound for each of their blocks.
 *
 * All bounds of a list are computed when it is opened, into an array of floats: four bytes and a share a block become
 * one number that every later look is a single load. A list of a million documents has 8,000 blocks: some microseconds,
 * against milliseconds of what they save.
 *
 * One struct serves all segments of a search, one after the other: lists are opened again and keep their memory. Its
 * windows, 48 KB, are not cleared before the first one is needed, which a search for one word never does.
 *
 * `lists` has them in the order of the query's words, those of a word side by side; `order` is the callers' to sort, as
 * long as those of a word stay together.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/rank_part.h"

/* count: of the plan's terms, an upper limit, for words repeated have one list. */
int fihi_scored_lists_new(struct scored_lists **out, size_t count, fih_error *err)
{
    struct scored_lists *ls = malloc(sizeof *ls);

    *out = ls;
    if (ls) {
        /* What lies behind is set to 0 by rank_window(), once. */
        memset(ls, 0, offsetof(struct scored_lists, sums));
        ls->most = count;
        ls->lists = calloc(count + 1, sizeof *ls->lists);
        ls->order = calloc(count + 1, sizeof *ls->order);
    }
    if (ls && ls->lists && ls->order)
        return FIH_OK;
    fihi_scored_lists_free(ls);
    *out = NULL;
    return fihi_fail_nomem(err);
}

/* By `most`: lists that an earlier segment had open are closed, too. */
void fihi_scored_lists_free(struct scored_lists *ls)
{
    if (!ls)
        return;
    for (size_t i = 0; ls->lists && i < ls->most; i++) {
        fihi_scorer_close(&ls->lists[i].scorer);
        free(ls->lists[i].bounds);
    }
    free(ls->lists);
    free(ls->order);
    free(ls->blocks);
    free(ls->few);
    fihi_phrase_free(&ls->phrase);
    free(ls);
}

/* The bounds of all blocks at once: fihi_scorer_bound(), in loops without branches. The tail has one too, at
 * block_count: so n is one more. The array without the form first, then the greater of that and the one with it where
 * the form occurs. To the same floats as fihi_scorer_bound(), which single blocks are asked by; the rounding of the
 * last product is within the margins. Arrays lie behind one another in the list's head, n bytes each, so that a loop
 * reads four of them in step and can be vectorised. */
static void bound_blocks(struct scored_list *l)
{
    const struct term_scorer *const t = &l->scorer;
    const struct cursor *const c = &t->postings;
    const size_t n = (size_t)c->block_count + 1;
    const uint8_t *const stems = c->bounds + BOUND_STEM * n, *const roots = c->bounds + BOUND_ROOT * n;
    const uint8_t *const titles = c->bounds + BOUND_TITLE * n, *const bests = c->bounds + BOUND_BEST * n;
    const uint8_t *const shares = cursor_shares(c, t->form);

    for (size_t i = 0; i < n; i++)
        l->bounds[i] = bound_sum(t->without, bests[i], stems[i], roots[i], titles[i]);
    for (size_t i = 0; i < n && t->form != NO_FORM; i++) {
        const float share = (float)share_of_two(shares[i], t->form);
        const float with = bound_sum(t->with, bests[i], stems[i], roots[i], titles[i]) + t->share * share;

        l->bounds[i] = share > 0 && with > l->bounds[i] ? with : l->bounds[i];
    }
    for (size_t i = 0; i < n; i++)
        l->bounds[i] *= (float)BOUND_MARGIN * (float)BOUND_MARGIN;
}

/* The next list, a term's. Without full blocks a list has no arrays of bounds to walk over: its only block is the tail.
 * The margin once more, because a double becomes a float there, which may round down. */
static int open_list(struct scored_lists *ls, struct run *r, const struct query_term *term, size_t word)
{
    struct scored_list *const l = &ls->lists[ls->count];
    const struct cursor *const c = &l->scorer.postings;
    int rc = fihi_scorer_open(&l->scorer, &ls->scene, term, r->err);

    if (rc != 0)
        return rc;
    if (fihi_grow(&l->bounds, &l->bound_cap, c->block_count + 1u, sizeof *l->bounds) != 0)
        return fihi_fail_nomem(r->err);
    if (c->block_count)
        bound_blocks(l);
    else
        l->bounds[0] = (float)(fihi_scorer_bound(&l->scorer, 0) * BOUND_MARGIN);
    l->word = word;
    l->adds = false;
    l->asked = 0;
    l->top = 0;
    for (uint32_t i = 0; i <= c->block_count; i++)
        l->top = (double)l->bounds[i] > l->top ? (double)l->bounds[i] : l->top;
    ls->order[ls->count++] = l;
    ls->postings += c->at.df;
    return FIH_OK;
}

/* A word in its readings: FIH_E_NOTFOUND if none is there. A group that is no word's readings is of several words that
 * count as one here: what they bring is added up. Example: علي may be a name or a stop word: two lists, of which the
 * better one counts in each document. */
static int open_word(struct scored_lists *ls, struct run *r, const struct plan_node *n, size_t word)
{
    const size_t count = n->kind == PLAN_GROUP ? n->count : 1, had = ls->count;

    for (size_t i = 0; i < count; i++) {
        const struct plan_node *const c = n->kind == PLAN_GROUP ? n->children[i] : n;
        /* A reading that is not in the segment has no list, and the word has one less. */
        const int rc = open_list(ls, r, &r->plan->terms[c->term], word);

        if (rc != 0 && rc != FIH_E_NOTFOUND)
            return rc;
    }
    for (size_t i = had; i < ls->count; i++)
        ls->lists[i].adds = n->kind == PLAN_GROUP && !n->is_readings;
    return ls->count > had ? FIH_OK : FIH_E_NOTFOUND;
}

/* Lists from number `first` on are one word's: tell each what they are together. is_alone is of this segment: a word
 * whose other readings are not there has one list, and can lead. Documents in two of the lists are counted twice: it is
 * a measure of cost, and no document frequency. */
static void join_word(struct scored_lists *ls, size_t first)
{
    uint64_t df = 0;

    for (size_t i = first; i < ls->count; i++)
        df += ls->lists[i].scorer.postings.at.df;
    for (size_t i = first; i < ls->count; i++) {
        ls->lists[i].word_df = df;
        ls->lists[i].is_alone = ls->count == first + 1;
    }
}

/* *missing counts words, not lists. Where all must be there the caller gives up with one; where any is enough it does
 * not care. On an error some lists are open: they are closed with the struct, or opened anew. Words without a list in
 * the segment cost one look at their places. */
int fihi_scored_lists_open(struct scored_lists *ls, struct run *r, uint32_t segment, size_t *missing)
{
    const struct plan_node *const root = r->plan->plain, *const phrase = fihi_rank_phrase(r->plan);
    const size_t count = phrase ? phrase->term_count : root->count;
    int rc = FIH_OK;

    fihi_scene_begin(&ls->scene, r->plan, segment, &r->deadline);
    ls->count = 0;
    ls->postings = 0;
    *missing = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        const size_t had = ls->count;

        rc = phrase ? open_list(ls, r, &r->plan->terms[phrase->term + i], i) : open_word(ls, r, root->children[i], i);
        join_word(ls, had);
        *missing += rc == FIH_E_NOTFOUND;
        rc = rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    return rc;
}

/* What the document that a list stands on scores by it. A block of which many documents are asked for is scored as a
 * whole: that costs as much as some ten of them, with their forms and roots. A document by itself has each of its
 * numbers looked up among packed ones. Without a part for the root that is cheap enough to go on with. The score is the
 * same to the bit either way. */
static double score_of(struct scored_lists *ls, struct scored_list *l)
{
    enum { SINGLY = 8 };
    struct cursor *const c = &l->scorer.postings;
    struct term_score parts;

    /* In a row: another block begins the count anew. */
    l->asked = l->asked_in == c->block ? l->asked + 1 : 1;
    l->asked_in = c->block;
    if (l->asked > SINGLY && l->scorer.term->root_weight > 0 && fihi_scorer_block(&ls->scene, &l->scorer))
        return (double)l->scorer.scores[c->index];
    return (double)fihi_scorer_score(&ls->scene, &l->scorer, &parts);
}

/* A list that stands behind the document has not got it: lists are asked in ascending order, or set back before. 0 is a
 * score; -1 says that none has it. A word that is a group of words (a text field's beside the body's) is a sum, and
 * begins at what its first list brings. */
double fihi_scored_word(struct scored_lists *ls, uint32_t doc, size_t i, size_t end)
{
    double sum = -1;

    for (; i < end; i++) {
        struct scored_list *const l = ls->order[i];

        if (l->scorer.postings.doc > doc || !fihi_scorer_has(&ls->scene, &l->scorer, doc))
            continue;
        const double score = score_of(ls, l);

        if (l->adds && sum > 0)
            sum += score;
        else
            sum = score > sum ? score : sum;
    }
    return sum;
}

/* The lists are not moved. A list that stands behind the document brings nothing: it has not got it. */
double fihi_scored_word_peek(const struct scored_lists *ls, uint32_t doc, size_t i, size_t end)
{
    double most = 0;
    uint32_t last;

    for (; i < end; i++) {
        const struct scored_list *const l = ls->order[i];
        const double bound = l->scorer.postings.doc > doc ? 0 : fihi_scored_list_peek(l, doc, &last);

        most = l->adds ? most + bound : bound > most ? bound : most;
    }
    return most;
}

/* One load, where fihi_scorer_peek() computes the bound anew. */
double fihi_scored_list_peek(const struct scored_list *l, uint32_t target, uint32_t *last)
{
    return (double)l->bounds[fihi_cursor_peek(&l->scorer.postings, target, last)];
}

/* The list that is broken, or the first one: then the scene has noted something else, which stays. */
int fihi_scored_lists_broken(struct scored_lists *ls, struct run *r)
{
    const struct cursor *c = &ls->lists[0].scorer.postings;

    for (size_t i = 0; i < ls->count; i++)
        if (ls->lists[i].scorer.postings.is_broken)
            c = &ls->lists[i].scorer.postings;
    fihi_scene_broken(&ls->scene, c, "a posting list");
    if (r->err)
        *r->err = ls->scene.error;
    return ls->scene.rc;
}
