/* search/rescore_places.c - where the words of a query stand in a document, and what that adds to its score.
 *
 * Example of nearness, weights 4 and 3: two words side by side bring 3 / 1, with one word between them 3 / 2, more than
 * 16 positions apart nothing. Each pair of words counts once, by its nearest occurrences, in the readings that bring
 * most. Formula: fihrist.h, fih_search().
 *
 * `stems` has the readings of a word side by side, so that word_end() finds where the next word begins.
 *
 * Cost: each stem of the query is sought in its list by skip entries, to at most 20 documents, and its positions are
 * unpacked there. All that follows are merges of ascending positions, in time that grows with how many there are.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "base/fail.h"
#include "search/rescore.h"
#include "search/rewritten.h"

/* A stem that is asked for: a reading of one of the query's words. */
struct stem {
    struct term_scorer scorer;
    bool               is_there;       /* in the segment; another writing of it may be */
    const uint32_t    *positions;
    uint32_t           count;
    uint32_t          *all;            /* with those of other writings */
};

/* Another writing, and of which of the stems: a bit each. */
struct other {
    struct rewritten written;
    uint32_t       of;
};

/* Of one segment; its lists stay open from document to document. */
struct place_scorer {
    struct scene scene;
    struct stem *stems;                /* those of one word side by side */
    size_t       count, most;          /* `most`: room for stems, and for what is passed over */
    const struct query_term *terms[RESCORE_STEMS];     /* stems of the query, in the segment or not */
    size_t       asked;
    struct stem *passed;               /* stop words that are ignored, but beside their neighbours; or NULL */
    size_t       passed_count;
    uint32_t     word;                 /* the last word that was looked at, and how many there were */
    size_t       words;
    struct other *others;              /* other writings of words */
    size_t       other_count, other_cap;
};

/* A word asked for again is the same word, in the segment or not: else a word that is not would be counted twice. By
 * key, for a word that was asked for again has another number. At most sixteen are compared. */
static bool is_repeat(const struct place_scorer *r, const struct query_term *t)
{
    for (size_t i = 0; i < r->asked; i++)
        if (is_same_key(&r->terms[i]->key, &t->key))
            return true;
    return false;
}

/* One that is not in the segment is near nothing, unless it is written otherwise. It is counted in `asked` all the
 * same: which sixteen stems count may not depend on the segment. Stems come word by word, so another number means
 * another word. Sixteen because most queries are shorter, and because pairs grow with the square: 16 words have 120 of
 * them. */
static int open_stem(struct place_scorer *r, const struct query_term *t, fih_error *err)
{
    int rc;

    if (r->asked == RESCORE_STEMS || is_repeat(r, t))
        return FIH_OK;
    r->words += r->asked == 0 || r->word != t->word;
    r->word = t->word;
    r->terms[r->asked++] = t;
    rc = fihi_scorer_open(&r->stems[r->count].scorer, &r->scene, t, err);
    r->stems[r->count].is_there = rc == FIH_OK;
    /* One that is only there in another writing keeps its place, with no list of its own. */
    r->count += rc == FIH_OK || (rc == FIH_E_NOTFOUND && t->has_writing);
    return rc == FIH_E_NOTFOUND ? FIH_OK : rc;
}

/* The words that the query has for certain, or may have, and those of its phrases. In the order of the query. What is
 * excluded has no places, nor have filters and patterns. A phrase of the query brings its words one by one, and
 * nearness to each other counts for them as for any. */
static int open_words(struct place_scorer *r, const struct plan_node *n, fih_error *err)
{
    const struct plan *const plan = r->scene.plan;
    int rc = FIH_OK;

    for (size_t i = 0; i < n->count && rc == 0; i++) {
        const struct plan_node *c = n->children[i];

        if (c->kind == PLAN_GROUP && c->occur != OCCUR_NOT)
            rc = open_words(r, c, err);
        for (uint32_t k = 0; fihi_plan_has_places(plan, c) && k < c->term_count && rc == 0; k++)
            rc = open_stem(r, &plan->terms[c->term + k], err);
    }
    return rc;
}

/* Stop words that the query lost (في, من): only whether they stand beside their neighbours counts. First readings only,
 * as in phrases. Each has a number of its own in the query, by which beside_score() knows its neighbours; in a segment
 * that lacks one there is nothing of it to be found. */
static int open_passed(struct place_scorer *r, fih_error *err)
{
    const struct plan *const plan = r->scene.plan;
    size_t asked = 0;
    int rc = FIH_OK;

    for (size_t i = 0; i < plan->term_count && r->passed && rc == 0 && asked < RESCORE_PASSED; i++) {
        const struct query_term *const t = &plan->terms[i];

        if (!t->is_passed || t->is_variant || t->is_form_only || t->scope != SCOPE_ANY)
            continue;
        asked++;
        rc = fihi_scorer_open(&r->passed[r->passed_count].scorer, &r->scene, t, err);
        r->passed[r->passed_count].is_there = rc == FIH_OK;
        r->passed_count += rc == FIH_OK;
        rc = rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    return rc;
}

/* The other writings of the words. Child 0 of such a group is what was asked, and may have groups of its own; from 1 on
 * they are writings. r->stems is complete by now: a bit of `of` is a stem's number, and there are at most 16. A writing
 * that the segment lacks is no error: the words have it nowhere here. */
static int open_others(struct place_scorer *r, const struct plan_node *n, fih_error *err)
{
    int rc = FIH_OK;

    for (size_t i = 0; i < n->count && n->occur != OCCUR_NOT && rc == 0; i++) {
        if (!n->is_best || i == 0) {
            rc = open_others(r, n->children[i], err);
            continue;
        }
        if (fihi_grow(&r->others, &r->other_cap, r->other_count + 1, sizeof *r->others) != 0)
            return fihi_fail_nomem(err);
        struct other *const o = &r->others[r->other_count];
        o->of = 0;
        if ((rc = fihi_rewritten_open(&o->written, &r->scene, n, i, err)) != 0)
            fihi_rewritten_close(&o->written);
        for (size_t k = 0; k < r->count && rc == 0; k++)
            o->of |= fihi_rewritten_is_of(&o->written, r->stems[k].scorer.term) ? 1u << k : 0;
        r->other_count += rc == FIH_OK;
        rc = rc == FIH_E_NOTFOUND ? FIH_OK : rc;
    }
    return rc;
}

/* Room for as many as there can be: each has the buffers of a list, 5 KB, and most queries are of few words. One more
 * than may be needed, so that neither is of 0 bytes. */
static int make_room(struct place_scorer *r, fih_error *err)
{
    enum { MOST = RESCORE_STEMS > RESCORE_PASSED ? RESCORE_STEMS : RESCORE_PASSED };
    const struct plan *const plan = r->scene.plan;

    r->most = plan->term_count < MOST ? plan->term_count : MOST;
    r->stems = calloc(r->most + 1, sizeof *r->stems);
    r->passed = plan->has_passed ? calloc(r->most + 1, sizeof *r->passed) : NULL;
    return r->stems && (r->passed || !plan->has_passed) ? FIH_OK : fihi_fail_nomem(err);
}

/* Not even the words' lists are opened for a plan in which places count nothing. *out stays NULL also where none of the
 * words is there: then all documents have 0. In this order, because bits of other writings are numbers of stems. Too
 * large for a stack. */
int fihi_place_scorer_new(struct place_scorer **out, const struct plan *plan, uint32_t segment, fih_error *err)
{
    struct place_scorer *r;
    int rc;

    *out = NULL;
    if (!plan->has_places)
        return FIH_OK;
    if (!(r = calloc(1, sizeof *r)))
        return fihi_fail_nomem(err);
    fihi_scene_begin(&r->scene, plan, segment, NULL);
    rc = make_room(r, err);
    if (rc == 0)
        rc = open_words(r, plan->plain, err);
    if (rc == 0 && plan->plain != plan->root)
        rc = open_others(r, plan->root, err);
    if (rc == 0 && r->count > 0)
        rc = open_passed(r, err);
    if (rc == 0 && r->count > 0)
        *out = r;
    else
        fihi_place_scorer_free(r);
    return rc;
}

/* All that room was made for, also what was never opened: closing zeros is no error. *all is of a stem with other
 * writings only. */
void fihi_place_scorer_free(struct place_scorer *r)
{
    if (!r)
        return;
    for (size_t i = 0; r->stems && i < r->most; i++) {
        fihi_scorer_close(&r->stems[i].scorer);
        free(r->stems[i].all);
    }
    for (size_t i = 0; r->passed && i < r->most; i++)
        fihi_scorer_close(&r->passed[i].scorer);
    free(r->stems);
    free(r->passed);
    for (size_t i = 0; i < r->other_count; i++)
        fihi_rewritten_close(&r->others[i].written);
    free(r->others);
    free(r);
}

/* A stem stands where another writing of it does, too: at each of its words. A merge of two ascending lists, each
 * position once. The cursor's positions are borrowed, so the result needs memory of its own, until the next document.
 * Example: a stem at 4 and 9, another writing of it at 4 and 12: 4, 9, 12. */
static int add_positions(struct stem *w, const struct rewritten *o, fih_error *err)
{
    uint32_t *const was = w->all, i = 0, k = 0, count = 0;

    w->all = malloc((w->count + (size_t)o->position_count + 1) * sizeof *w->all);
    if (!w->all) {
        free(was);
        return fihi_fail_nomem(err);
    }
    while (i < w->count || k < o->position_count) {
        /* Its own first where both stand at one position: the other one is then left out. */
        const bool is_own = k == o->position_count || (i < w->count && w->positions[i] <= o->positions[k]);
        const uint32_t at = is_own ? w->positions[i++] : o->positions[k++];

        if (count == 0 || w->all[count - 1] < at)
            w->all[count++] = at;
    }
    free(was);
    w->positions = w->all;
    w->count = count;
    return FIH_OK;
}

/* Of one of the stems, or behind them of what is passed over. The document may lack the stem: then there are none, and
 * that is no error. Documents without the stem cost a look at skip entries, or at the block that is unpacked. With
 * several writings each is merged into what came of those before it. `count` is 0 for those that are not there, and
 * then nothing looks at `positions`. */
static int find_positions(struct place_scorer *r, size_t stem, uint32_t doc, fih_error *err)
{
    struct stem *const w = stem < r->count ? &r->stems[stem] : &r->passed[stem - r->count];
    struct cursor *const c = &w->scorer.postings;
    int rc = FIH_OK;

    w->count = 0;
    if (w->is_there && fihi_cursor_seek(c, doc) == doc && !(w->positions = fihi_cursor_positions(c, &w->count)))
        return c->no_memory ? fihi_fail_nomem(err) : fihi_segment_broken(r->scene.segment, "positions", err);
    if (c->is_broken)
        return fihi_segment_list_broken(r->scene.segment, c, err);
    for (size_t i = 0; i < r->other_count && stem < r->count && rc == 0; i++)
        if (r->others[i].of >> stem & 1 && r->others[i].written.position_count)
            rc = add_positions(w, &r->others[i].written, err);
    return rc;
}

/* Are both stems in one that they are written as? عبد and الله where the text has عبدالله: they are as near as can be,
 * though they stand at one position. They are added to both stems, at one position, which nearest() takes for one word
 * of the text in two readings. So this is asked first. Bits are of 32 numbers, and there are 16 stems. */
static bool are_joined(const struct place_scorer *r, size_t a, size_t b)
{
    const uint32_t both = 1u << a | 1u << b;
    bool are = false;

    for (size_t i = 0; i < r->other_count; i++)
        are |= (r->others[i].of & both) == both && r->others[i].written.position_count > 0;
    return are;
}

/* `to` is behind `from`. */
static uint32_t lesser(uint32_t best, uint32_t from, uint32_t to)
{
    return to - from < best ? to - from : best;
}

/* The smallest distance of two stems, or RESCORE_REACH + 1. At one position they are readings of one word: that is
 * none. A merge: each step moves on the one that is behind, for only that can come nearer. Of equal positions both move
 * on, and each is compared with the other's next. 1 cannot be improved. Example: {3, 20} and {5, 21}: 3 and 5 are 2
 * apart, then 5 and 20 are 15, then 20 and 21 are 1, and it ends. The first word of a body is 17 positions behind the
 * last of its title (TITLE_GAP), so no pair is near across that. */
static uint32_t nearest(const struct stem *a, const struct stem *b)
{
    uint32_t best = RESCORE_REACH + 1;

    for (uint32_t i = 0, k = 0; i < a->count && k < b->count && best > 1;) {
        const uint32_t x = a->positions[i], y = b->positions[k];

        if (x < y) {
            best = lesser(best, x, y);
            i++;
        } else if (y < x) {
            best = lesser(best, y, x);
            k++;
        } else {
            /* The two are one word of the text. Each may still be near the next of the other. */
            if (++i < a->count)
                best = lesser(best, y, a->positions[i]);
            if (++k < b->count)
                best = lesser(best, x, b->positions[k]);
        }
    }
    return best;
}

/* Not the first pass's weight, which has the shares of form and root in it: how rare and how long the word is.
 * letters_weight has the boosts in it. */
static double weight_of(const struct stem *w)
{
    return (double)(w->scorer.term->letters_weight * w->scorer.term->idf);
}

/* Example: weights 4 and 3, two positions apart: 3 / 2. Of a sum of weights the rarer word would have most, whatever it
 * stands beside. apart is at least 1, so nothing is divided by 0. */
static double pair_score(const struct place_scorer *r, size_t a, size_t b)
{
    const double x = weight_of(&r->stems[a]), y = weight_of(&r->stems[b]);
    const uint32_t apart = are_joined(r, a, b) ? 1 : nearest(&r->stems[a], &r->stems[b]);

    /* The lesser weight: a rare word beside a frequent one says as much as two frequent ones. */
    return apart > RESCORE_REACH ? 0 : (x < y ? x : y) / apart;
}

/* Where the stems of the word end that begin at i. Readings of a word have its number, and stand together because the
 * plan sorts them so (sort_by_word()). Sums go from word to word by it. */
static size_t word_end(const struct place_scorer *r, size_t i)
{
    const uint32_t word = r->stems[i].scorer.term->word;

    while (i < r->count && r->stems[i].scorer.term->word == word)
        i++;
    return i;
}

/* Pairs of words: each in those of its readings that say most. Three words have three pairs; of a word with two
 * readings the better one counts in each pair, and not the same one in all of them. Pairs are of words: a < b, so each
 * is looked at once. */
static double near_score(const struct place_scorer *r)
{
    double sum = 0;

    for (size_t a = 0, a_end; a < r->count; a = a_end) {
        a_end = word_end(r, a);
        for (size_t b = a_end, b_end; b < r->count; b = b_end) {
            double best = 0;

            b_end = word_end(r, b);
            for (size_t i = a; i < a_end; i++)
                /* A reading that is not in the document is near nothing: no walk. */
                for (size_t k = b; k < b_end && r->stems[i].count; k++) {
                    const double score = r->stems[k].count ? pair_score(r, i, k) : 0;

                    best = score > best ? score : best;
                }
            sum += best;
        }
    }
    return sum;
}

/* A merge again, for a distance of exactly 1 and one order. Example: {3, 9} before {4, 20}: 3 and 4 are enough. */
static bool stands_before(const struct stem *a, const struct stem *b)
{
    for (uint32_t i = 0, k = 0; i < a->count && k < b->count;) {
        if (a->positions[i] + 1 == b->positions[k])
            return true;
        if (a->positions[i] < b->positions[k])
            i++;
        else
            k++;
    }
    return false;
}

/* A pair of which one word is passed over: b must follow a in the text as it does in the query. Their numbers must
 * follow one another: of "الحرب على العراق" only neighbours in the query are looked for, in this order. Example: of في
 * البيت a text with "في البيت" brings the weight of في, the lesser of the two; one with "البيت في" nothing. */
static double beside_score(const struct stem *a, const struct stem *b)
{
    const double x = weight_of(a), y = weight_of(b);

    if (a->scorer.term->word + 1 != b->scorer.term->word || !stands_before(a, b))
        return 0;
    return x < y ? x : y;
}

/* The same of all words that are passed over: with the words beside them, in those of their readings that say most, and
 * with each other. A pair of two words passed over counts once, for beside_score() wants the order of the query.
 * Neither takes part in windows and in how early words stand. Example: of علم من المريخ the second pass adds to
 * near_score() of علم and المريخ two pairs, علم من and من المريخ, where the text has them so. */
static double passed_score(const struct place_scorer *r)
{
    double sum = 0;

    for (size_t p = 0; p < r->passed_count; p++) {
        for (size_t i = 0, end; i < r->count; i = end) {
            double best = 0;

            for (end = word_end(r, i); i < end; i++) {
                const double before = beside_score(&r->stems[i], &r->passed[p]);
                const double behind = beside_score(&r->passed[p], &r->stems[i]);

                best = before > best ? before : best;
                best = behind > best ? behind : best;
            }
            sum += best;
        }
        for (size_t k = 0; k < r->passed_count; k++)
            sum += beside_score(&r->passed[p], &r->passed[k]);
    }
    return sum;
}

/* The weights of the words that stand in the window from a position on; at[] is the first of a stem's that is not
 * before. Of each word the best of its readings. No position is before `from`, so the difference does not wrap. The
 * window is [from, from + 50). */
static double window_score(const struct place_scorer *r, const uint32_t *at, uint32_t from)
{
    double sum = 0;

    for (size_t i = 0, end; i < r->count; i = end) {
        double best = 0;

        for (end = word_end(r, i); i < end; i++) {
            const struct stem *const s = &r->stems[i];
            const bool is_in = at[i] < s->count && s->positions[at[i]] - from < RESCORE_WINDOW;
            const double weight = is_in ? weight_of(s) : 0;

            best = weight > best ? weight : best;
        }
        sum += best;
    }
    return sum;
}

/* The weights of the words that stand anywhere: no window has more. The walk may end once a window has that, mostly
 * after a few positions. It costs as much as one window. Its order of additions is window_score()'s, so that a window
 * with all words, each in its best reading, has the very same sum. */
static double whole_score(const struct place_scorer *r)
{
    double sum = 0;

    for (size_t i = 0, end; i < r->count; i = end) {
        double best = 0;

        for (end = word_end(r, i); i < end; i++) {
            const double weight = r->stems[i].count ? weight_of(&r->stems[i]) : 0;

            best = weight > best ? weight : best;
        }
        sum += best;
    }
    return sum;
}

/* The greatest sum of the weights of different words in one window. Each position of each stem begins one: they are met
 * in order. A best window begins at an occurrence: if not, it could be moved up to its first one and lose nothing. at[]
 * are the first occurrences not before the window's beginning; the least of them begins the next one. So the cost is
 * the number of positions, times the stems. Example: stems at {0, 60}, {70} and {95}, of weight 1 each: from 0 the
 * window of 50 has one, from 60 it has all three, and the walk ends. Stems that have no position left take no part. */
static double best_window(const struct place_scorer *r)
{
    const double most = whole_score(r);
    uint32_t at[RESCORE_STEMS] = {0};
    double best = 0;

    for (;;) {
        size_t first = r->count;
        uint32_t from = 0;
        double sum;

        for (size_t i = 0; i < r->count; i++) {
            const struct stem *const s = &r->stems[i];

            if (at[i] < s->count && (first == r->count || s->positions[at[i]] < from)) {
                first = i;
                from = s->positions[at[i]];
            }
        }
        /* No occurrence is left, or no window can be better. */
        if (first == r->count || best >= most)
            return best;
        sum = window_score(r, at, from);
        best = sum > best ? sum : best;
        at[first]++;
    }
}

/* How early each word stands. In a short text all do, and it says little. A word at position 0 counts whole, at 25
 * half; in a text of 10 words all of it counts half. Example: a word of weight 2 first at 25 in a text of 90 words
 * brings 2 * 0.5 * 90 / 100 = 0.9. By the first position alone: where else a word stands says nothing more of how early
 * it is. */
static double early_score(const struct place_scorer *r, uint32_t len)
{
    double sum = 0;

    for (size_t i = 0, end; i < r->count; i = end) {
        double best = 0;

        for (end = word_end(r, i); i < end; i++) {
            const struct stem *const s = &r->stems[i];
            const double early = s->count ? RESCORE_EARLY / ((double)RESCORE_EARLY + s->positions[0]) : 0;

            best = weight_of(s) * early > best ? weight_of(s) * early : best;
        }
        sum += best;
    }
    return sum * ((double)len / ((double)len + RESCORE_SHORT));
}

/* Other writings first: find_positions() merges theirs in. Documents must ascend, for lists only go forward. Positions
 * are borrowed from the cursors until they move: all of them are found first, then nothing moves until the next
 * document. */
int fihi_place_scorer_add(struct place_scorer *r, uint32_t doc, struct place_score *out, fih_error *err)
{
    const double weight = (double)r->scene.plan->proximity;
    uint32_t len;
    int rc = FIH_OK;

    *out = (struct place_score){0, 0, 0};
    for (size_t i = 0; i < r->other_count && rc == 0; i++)
        rc = fihi_rewritten_look(&r->others[i].written, doc, err);
    for (size_t i = 0; i < r->count + r->passed_count && rc == 0; i++)
        rc = find_positions(r, i, doc, err);
    if (rc != 0)
        return rc;
    len = fihi_scene_length(&r->scene, NORM_TEXT, doc);
    if (r->scene.rc != 0) {
        if (err)
            *err = r->scene.error;
        return r->scene.rc;
    }
    /* All in doubles, and the sum is rounded to a float once, when it is added to the score. */
    out->near = weight * (near_score(r) + passed_score(r));
    /* Of one word a window says no more than that it is there. */
    out->window = r->words > 1 ? weight * RESCORE_WINDOW_WEIGHT * best_window(r) : 0;
    out->early = weight * RESCORE_EARLY_WEIGHT * early_score(r, len);
    return FIH_OK;
}

/* A scorer for each segment that has any of them, made when the first is met. best[] is cut into the documents of each
 * segment; those of a segment with none of the words are stepped over. The float that comes of the sum is what an
 * explanation shows, too. */
int fihi_rescore_places(struct scored *best, size_t n, const struct plan *plan, fih_error *err)
{
    const struct view *const v = plan->view;
    int rc = FIH_OK;

    for (uint32_t i = 0; i < v->count && n > 0 && rc == 0; i++) {
        struct place_scorer *r = NULL;
        struct place_score places;

        if (best->doc < v->bases[i + 1])
            rc = fihi_place_scorer_new(&r, plan, i, err);
        for (; n > 0 && rc == 0 && best->doc < v->bases[i + 1]; best++, n--)
            if (r && (rc = fihi_place_scorer_add(r, best->doc - v->bases[i], &places, err)) == 0)
                best->score = (float)((double)best->score + place_sum(&places));
        fihi_place_scorer_free(r);
    }
    return rc;
}
