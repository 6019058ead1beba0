/* search/rewritten.c - positions of other writings.
 *
 * Used by both passes: the first wants to know whether the writing stands in a document (rank_best.c), the second where
 * (rescore.c). A writing of one word goes through the phrase's code, too: its beginnings are then its positions.
 */
#include "search/rewritten.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/fail.h"

/* count includes the word that failed, so that closing is the same after any error. What points into it lies on the
 * heap, so the struct itself may move, as elements of growing arrays do (rescore.c). The segment may lack one of the
 * words: then it has no such writing, and FIH_E_NOTFOUND says so without a message. */
int fihi_rewritten_open(struct rewritten *w, struct scene *s, const struct plan_node *best, size_t which,
                        fih_error *err)
{
    const struct plan_node *const n = best->children[which];
    int rc = FIH_OK;

    *w = (struct rewritten){.scene = s, .asked = best->children[0], .writing = n, .word = &s->plan->terms[n->word]};
    if (!(w->scorers = calloc(n->term_count, sizeof *w->scorers)) ||
        !(w->phrase.cursors = calloc(n->term_count, sizeof *w->phrase.cursors)))
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < n->term_count && rc == 0; i++, w->count++) {
        w->phrase.cursors[i] = &w->scorers[i].postings;
        rc = fihi_scorer_open(&w->scorers[i], s, &s->plan->terms[n->term + i], err);
    }
    return rc ? rc : fihi_phrase_begin(&w->phrase, s, n, err);
}

void fihi_rewritten_close(struct rewritten *w)
{
    /* NULL after an error in opening, when nothing else was made. */
    for (uint32_t i = 0; w->scorers && i < w->count; i++)
        fihi_scorer_close(&w->scorers[i]);
    free(w->scorers);
    fihi_phrase_free(&w->phrase);
    free(w->positions);
}

/* The scene's error as a caller's. */
static int failed(const struct rewritten *w, fih_error *err)
{
    if (w->scene->rc != 0 && err)
        *err = w->scene->error;
    return w->scene->rc;
}

/* Words first, positions only if all are there. starts ascend and each gives its words' positions in a row, so
 * positions ascend, unless the writing overlaps itself; whoever merges them leaves out what comes again. */
int fihi_rewritten_look(struct rewritten *w, uint32_t doc, fih_error *err)
{
    const uint32_t *starts;
    uint32_t count;

    w->position_count = 0;
    for (uint32_t i = 0; i < w->count; i++)
        /* FIH_OK, where nothing went wrong: the document has not the writing. */
        if (!fihi_scorer_has(w->scene, &w->scorers[i], doc))
            return failed(w, err);
    if (!fihi_phrase_holds(&w->phrase, doc))
        return failed(w, err);
    /* Positions of the first word of each occurrence, from the phrase that holds. */
    starts = w->phrase.starts;
    count = w->phrase.start_count;
    if (fihi_grow(&w->positions, &w->cap, (size_t)count * w->count, sizeof *w->positions) != 0)
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < w->count; k++)
            w->positions[w->position_count++] = starts[i] + k;
    return FIH_OK;
}

/* Anywhere in what was asked, which is a group. Its first readings only: the writing stands for the word as it is
 * mostly read. Recursion is as deep as the plan, which compose.c and query.c have bounded. */
static bool is_asked(const struct plan *plan, const struct plan_node *n, const struct query_term *t)
{
    for (uint32_t i = 0; i < n->term_count; i++) {
        const struct query_term *const o = &plan->terms[n->term + i];

        if (!o->is_variant && !o->is_form_only && is_same_key(&o->key, &t->key))
            return true;
    }
    for (size_t i = 0; i < n->count; i++)
        if (is_asked(plan, n->children[i], t))
            return true;
    return false;
}

/* Asked by the second pass: where عبدالله stands, the words عبد and الله are taken to stand too. */
bool fihi_rewritten_is_of(const struct rewritten *w, const struct query_term *t)
{
    return t->has_writing && is_asked(w->scene->plan, w->asked, t);
}
