/* search/rank_all.c - documents with all of some words, or with a phrase, the k best of them.
 *
 * The rarest word that has one list leads, block by block: its scores are computed for a whole block, and the other
 * words are asked only for documents that could still enter, by the bounds of their blocks before any of these is
 * unpacked. A word with several readings is there if one of its lists has the document. Whether the words stand
 * together is looked at last, for documents whose score would enter.
 *
 * Example, k = 10, threshold 9.2: the lead's block holds 128 documents, its bound is 4.0, and the other two words can
 * add 3.0 and 2.0 at most anywhere. 4.0 + 5.0 is not more than 9.2: the block is stepped over from its skip entry, 128
 * documents for one comparison. With a bound of 4.5 its scores are computed at once; a document with 3.9 would have to
 * find more than 5.3 in the other lists, and 5.0 is all there is.
 *
 * Cost: the lead's blocks, and for the other lists a look at skip entries for each document that is left. Documents are
 * met in ascending order, so what equals the threshold may be passed over too (see rank.c).
 */
#include <stdlib.h>

#include "base/fail.h"
#include "search/rank_part.h"

/* Does a word stand before another? The lists of a word stay together. The second key keeps them together where two
 * words are equally rare, and makes the order of the lists the same on every machine. */
static bool is_rarer(const struct scored_list *a, const struct scored_list *b)
{
    return a->word_df != b->word_df ? a->word_df < b->word_df : a->word < b->word;
}

/* Its documents must be exactly its list's. A word with several lists would have to be merged first. */
static bool can_lead(const struct scored_list *l)
{
    return l->is_alone && !l->scorer.term->is_form_only;
}

/* By rarity, but the first can lead: rank.c looked that there is one. An insertion sort: a query has few lists, and
 * they are nearly in order. The lists before the lead move up by one and keep their order. */
static void order_by_rarity(struct scored_lists *ls)
{
    size_t lead = 0;

    for (size_t i = 1; i < ls->count; i++)
        for (size_t k = i; k > 0 && is_rarer(ls->order[k], ls->order[k - 1]); k--) {
            struct scored_list *const swap = ls->order[k];

            ls->order[k] = ls->order[k - 1];
            ls->order[k - 1] = swap;
        }
    while (lead + 1 < ls->count && !can_lead(ls->order[lead]))
        lead++;
    struct scored_list *const first = ls->order[lead];
    memmove(ls->order + 1, ls->order, lead * sizeof *ls->order);
    ls->order[0] = first;
}

/* The most that the word's lists from order[i] on can add to any document. */
static double word_top(const struct scored_lists *ls, size_t i)
{
    const size_t end = scored_word_end(ls, i);
    double top = 0;

    for (; i < end; i++) {
        const struct scored_list *const l = ls->order[i];

        top = l->adds ? top + l->top : l->top > top ? l->top : top;
    }
    return top;
}

/* The other words of a document that the first one scores: offered, if it has them all. `rest` is what all other words
 * can add at most. Each step first takes the word's share off, then puts in its place the bound of the one block that
 * could hold the document, and only if that is still enough looks into the block.
 *
 * Filters and dates come first: each is a look into a column, and needs no list. Deletions come last, for they are rare
 * and seldom decide; the phrase at the very end, for its positions are the dearest of all. */
static int finish_doc(struct run *r, struct scored_lists *ls, uint32_t doc, double sum, double rest, uint32_t base)
{
    int rc = FIH_OK;

    if (!run_passes(r, ls->scene.number, doc, &rc))
        return rc;
    for (size_t i = 1, next; i < ls->count; i = next) {
        double word;

        next = scored_word_end(ls, i);
        rest -= word_top(ls, i);
        /* A single list that has gone past the document: it has it not, and the peek would be of another block. */
        if (next == i + 1 && ls->order[i]->scorer.postings.doc > doc)
            return FIH_OK;
        if (!r->counts_all &&
            sum + (rest > 0 ? rest : 0) + fihi_scored_word_peek(ls, doc, i, next) <= r->top.threshold) {
            r->has_skipped = true;
            return FIH_OK;
        }
        word = fihi_scored_word(ls, doc, i, next);
        if (ls->scene.rc != 0)
            return fihi_scored_lists_broken(ls, r);
        if (word < 0)
            return FIH_OK;
        sum += word;
    }
    if (!run_is_live(r, ls->scene.number, doc, &rc))
        return rc;
    /* As float, as it would be offered: positions are not read for a document that could not stay. */
    if (ls->phrase.count && !r->counts_all && (double)(float)sum <= r->top.threshold) {
        r->has_skipped = true;
        return FIH_OK;
    }
    if (!ls->phrase.count || fihi_phrase_holds(&ls->phrase, doc))
        run_offer(r, (float)sum, base + doc);
    return ls->scene.rc ? fihi_scored_lists_broken(ls, r) : FIH_OK;
}

/* The phrase whose words the lists are, in their order, if they are one. Its cursors are borrowed from the lists, which
 * are opened anew for each segment: so the phrase is, too. ls->lists is in the order of the words, whatever ls->order
 * is. */
static int open_phrase(struct run *r, struct scored_lists *ls)
{
    const struct plan_node *const n = fihi_rank_phrase(r->plan);
    struct phrase *const p = &ls->phrase;

    fihi_phrase_free(p);
    *p = (struct phrase){.count = 0};
    if (!n)
        return FIH_OK;
    if (!(p->cursors = calloc(ls->count, sizeof *p->cursors)))
        return fihi_fail_nomem(r->err);
    for (size_t i = 0; i < ls->count; i++)
        p->cursors[i] = &ls->lists[i].scorer.postings;
    return fihi_phrase_begin(p, &ls->scene, n, r->err);
}

/* The lead's block, from where its list stands: the lead has been sought to this block, not to its beginning. With an
 * error the cursor stays where it is. */
static int rank_block(struct run *r, struct scored_lists *ls, uint32_t base, double rest)
{
    struct scored_list *const lead = ls->order[0];
    struct cursor *const c = &lead->scorer.postings;
    unsigned i = c->index;
    int rc = FIH_OK;

    if (!fihi_scorer_block(&ls->scene, &lead->scorer))
        return fihi_scored_lists_broken(ls, r);
    for (; i < c->size && rc == 0; i++) {
        const double score = (double)lead->scorer.scores[i];

        if (!r->counts_all && score + rest <= r->top.threshold) {
            r->has_skipped = true;
            continue;
        }
        cursor_step(c, i);                     /* a phrase reads positions where the list stands */
        rc = finish_doc(r, ls, c->docs[i], score, rest, base);
    }
    if (rc == 0)
        fihi_cursor_next_block(c);
    return rc;
}

/* A word that the segment has in no reading: no document of it matches. The lists are opened all the same until that is
 * known, for `missing` is counted there. */
int fihi_rank_all_words(struct run *r, struct scored_lists *ls, uint32_t segment)
{
    const uint32_t base = r->plan->view->bases[segment];
    struct cursor *c;
    size_t missing;
    double rest = 0;
    int rc = fihi_scored_lists_open(ls, r, segment, &missing);

    if (rc != 0 || missing > 0 || ls->count == 0 || (rc = open_phrase(r, ls)) != 0)
        return rc;
    order_by_rarity(ls);
    for (size_t i = 1; i < ls->count; i = scored_word_end(ls, i))
        rest += word_top(ls, i);
    c = &ls->order[0]->scorer.postings;
    while (rc == 0 && c->doc != NO_DOC) {
        uint32_t last;

        if (!r->counts_all && fihi_scored_list_peek(ls->order[0], c->doc, &last) + rest <= r->top.threshold) {
            r->has_skipped = true;
            /* The tail: fihi_cursor_peek() has no end for it, and one past it would be NO_DOC or wrap around. */
            if (last >= NO_DOC - 1)
                break;
            fihi_cursor_seek(c, last + 1);
        } else {
            rc = rank_block(r, ls, base, rest);
        }
        if (c->is_broken)
            rc = fihi_scored_lists_broken(ls, r);
        if (rc == 0)
            rc = fihi_deadline_check(&r->deadline, r->err);
    }
    return rc;
}
