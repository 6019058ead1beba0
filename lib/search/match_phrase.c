/* search/match_phrase.c - words that follow one another, or stand near each other.
 *
 * A phrase scores as the sum of its words, in any document where they stand together: positions only say whether it
 * matches, and its frequency does not count. Another writing of a word (is_one) is the exception: it stands in for a
 * word, so it scores as one that is there as often as the phrase is.
 *
 * The lists of the words lead to documents that have them all; positions are read for these only (phrase.h).
 *
 * Example: "رأس المال", with رأس in 300 documents of the segment and المال in 2,000: the list of رأس leads, the other
 * one is sought to each of its documents, and positions are unpacked only where both are.
 */
#include <stdlib.h>

#include "base/fail.h"
#include "search/match_part.h"
#include "search/phrase.h"

struct phrase_matcher {
    struct matcher      m;
    struct term_scorer *scorers;       /* of its words, in their order */
    uint32_t            count;
    struct phrase       phrase;
    const struct query_term *word;     /* what it scores as, or NULL: as its words */
};

/* The first document not below target that all words have; the rarest leads. The way of match.c, over lists instead of
 * matchers: by_rarity, so that the longest is asked for the fewest documents. Each list stands on `doc`, up to number
 * i: one that stands further on makes the first one seek again, from there. */
static uint32_t seek_all(struct phrase_matcher *p, uint32_t doc)
{
    for (uint32_t i = 0; i < p->count && doc != NO_DOC;) {
        const uint32_t other = fihi_scorer_seek(p->m.scene, &p->scorers[p->phrase.by_rarity[i]], doc);

        i = other == doc || i == 0 ? i + 1 : 0;
        doc = other;
    }
    return doc;
}

/* Frequent words side by side in few documents may go on for long: the clock is looked at. Only what holds is told of,
 * so a caller never sees a document that has just the words. After an error, or out of time, there are no more:
 * scene->rc says which it was. */
static uint32_t seek(struct matcher *m, uint32_t target)
{
    struct phrase_matcher *const p = (struct phrase_matcher *)m;

    for (;;) {
        const uint32_t doc = seek_all(p, target);

        if (doc == NO_DOC || fihi_phrase_holds(&p->phrase, doc))
            return doc;
        if (m->scene->rc != 0 || fihi_scene_is_over(m->scene))
            return NO_DOC;
        target = doc + 1;
    }
}

/* Within its scope nothing else was looked for. So what was counted are occurrences in that scope, and the title's
 * among them. How often the phrase stands there takes the place of a frequency; form and root it has none of its own
 * (plan_best.c). */
static double score_word(struct phrase_matcher *p, struct term_score *parts)
{
    uint32_t in_title;
    const uint32_t count = fihi_phrase_count(&p->phrase, p->m.doc, &in_title);

    return (double)fihi_scorer_word(p->m.scene, p->word, p->m.doc, count, in_title, parts);
}

/* In the order of the words, and added up in a double: the sum is that of rank_all.c, to the bit. */
static double score(struct matcher *m)
{
    struct phrase_matcher *const p = (struct phrase_matcher *)m;
    struct term_score parts;
    double sum = 0;

    if (p->word)
        return score_word(p, &parts);
    for (uint32_t i = 0; i < p->count; i++)
        sum += (double)fihi_scorer_score(m->scene, &p->scorers[i], &parts);
    return sum;
}

/* Cursors that stand behind the target already give the bound of the block they are in, which is right: they have no
 * document between. Each lowers *until to the end of its own block, so that all blocks are the same ones from target to
 * there. */
static double bound(struct matcher *m, uint32_t target, uint32_t *until)
{
    struct phrase_matcher *const p = (struct phrase_matcher *)m;
    double sum = 0;

    if (p->word)
        return m->top;
    for (uint32_t i = 0; i < p->count; i++)
        sum += fihi_scorer_peek(&p->scorers[i], target, until);
    return sum;
}

static void tell(struct matcher *m, const struct match_teller *t)
{
    struct phrase_matcher *const p = (struct phrase_matcher *)m;
    struct term_score parts;

    if (p->word) {
        score_word(p, &parts);
        t->term(t->ctx, p->word, &parts);
        return;
    }
    for (uint32_t i = 0; i < p->count; i++) {
        fihi_scorer_score(m->scene, &p->scorers[i], &parts);
        t->term(t->ctx, p->scorers[i].term, &parts);
    }
}

/* Also of one that was made in part: what was never opened is zeros. */
static void free_it(struct matcher *m)
{
    struct phrase_matcher *const p = (struct phrase_matcher *)m;

    for (uint32_t i = 0; p->scorers && i < p->count; i++)
        fihi_scorer_close(&p->scorers[i]);
    free(p->scorers);
    fihi_phrase_free(&p->phrase);
    free(p);
}

static const struct match_kind phrase_kind = {seek, score, bound, tell, free_it};

/* One word that is not in the segment, and the phrase is not either: FIH_E_NOTFOUND. p->count includes the one that
 * failed, so that it is closed. The top is the sum of those of the words, as of a group: the phrase brings what its
 * words bring. */
static int open_words(struct phrase_matcher *p, const struct plan_node *n, fih_error *err)
{
    const struct scene *const s = p->m.scene;
    int rc = FIH_OK;

    for (uint32_t i = 0; i < n->term_count && rc == 0; i++, p->count++) {
        struct term_scorer *const t = &p->scorers[i];

        p->phrase.cursors[i] = &t->postings;
        rc = fihi_scorer_open(t, s, &s->plan->terms[n->term + i], err);
        if (rc == 0)
            p->m.top += fihi_scorer_top(t);
    }
    return rc ? rc : fihi_phrase_begin(&p->phrase, p->m.scene, n, err);
}

/* What it costs is the rarest list. A segment without one of the words has no matcher, and that is no error: *out stays
 * NULL. */
int fihi_match_phrase(struct matcher **out, struct scene *s, const struct plan_node *n, fih_error *err)
{
    struct phrase_matcher *p = (struct phrase_matcher *)fihi_match_make(&phrase_kind, s, sizeof *p);
    int rc;

    if (!p || !(p->scorers = calloc(n->term_count, sizeof *p->scorers)) ||
        !(p->phrase.cursors = calloc(n->term_count, sizeof *p->phrase.cursors)))
        rc = fihi_fail_nomem(err);
    else
        rc = open_words(p, n, err);
    if (rc != 0) {
        if (p)
            free_it(&p->m);
        return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    p->m.cost = p->scorers[p->phrase.by_rarity[0]].postings.at.df;
    if (n->is_one) {
        p->word = &s->plan->terms[n->word];
        /* Saturations are below 1, so the weights themselves are a bound; its word has no list that could say less. */
        p->m.top = ((double)p->word->weight + (double)p->word->title_weight) * BOUND_MARGIN;
    }
    *out = &p->m;
    return FIH_OK;
}
