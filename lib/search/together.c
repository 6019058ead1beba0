/* search/together.c - from the occurrences of one word to those of the next, and the way back from the last.
 *
 * Example: "مجلس الأمن" in a text that has مجلس at 4 and 9 and الأمن at 10. The first word's list is {4, 9}. Of the
 * second, 10 is reached from 9 (via 1) and stays. From the last word's occurrences the way goes back by `via`: 10, then
 * 9, and these two are shown; the مجلس at 4 is not.
 *
 * near.c answers the same question with yes or no from positions in the index; the steps (fihi_near_reach()) are the
 * same ones, so what is shown agrees with what was found.
 */
#include "search/together.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/near.h"

void fihi_together_free(struct together *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->words[i].seen);
    free(t->words);
    free(t->units);
}

/* The lists keep their memory: the next text mostly has as many. */
void fihi_together_forget(struct together *t)
{
    for (size_t i = 0; i < t->count; i++)
        t->words[i].count = 0;
}

/* The words of a text side by side; of each the first variant, as a query has them. A word that is a name or a stop
 * word, as its neighbours tell (علي, على), may be either in the text: it gets a second number (`other`). So the second
 * number is taken from a token that stands at the same position, which is otherwise passed over, as terms of levels
 * are. A word is known by the analyzer's number of its term: the text goes through the same analyzer, so equal terms
 * have equal numbers. */
static int add_words(struct together *t, struct analyzer *a, const struct asked *x, const struct node *n,
                     fih_error *err)
{
    struct token tokens[64];
    size_t count, at;
    int rc;

    fihi_asked_begin(x, a, n, &at);
    while ((rc = fihi_analyzer_next(a, tokens, 64, &count, err)) == FIH_OK)
        for (size_t i = 0; i < count; i++) {
            if (tokens[i].flags & TOKEN_EITHER && tokens[i].flags & TOKEN_STOP && t->count)
                t->words[t->count - 1].other = tokens[i].term;
            if (tokens[i].flags & (TOKEN_LEVEL | TOKEN_SAME_POSITION))
                continue;
            if (fihi_grow(&t->words, &t->cap, t->count + 1, sizeof *t->words) != 0)
                return fihi_fail_nomem(err);
            t->words[t->count++] =
                (struct chained){.term = tokens[i].term, .other = tokens[i].term, .letters = tokens[i].letters};
        }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Of a chain of distances the first word of each operand has the link to what is before it; within an operand words
 * stand side by side. Fewer than two words are given back: one word is shown wherever it stands. Example: مصر NEAR/5
 * "مجلس الأمن" has three words: مصر, مجلس with the link and 5, الأمن side by side with it. */
int fihi_together_add(struct together *t, struct analyzer *a, const struct asked *x, const struct node *n,
                      fih_error *err)
{
    const size_t first = t->count;
    int rc = n->kind == NODE_NEAR ? FIH_OK : add_words(t, a, x, n, err);

    for (size_t i = 0; n->kind == NODE_NEAR && i < n->count && rc == 0; i++) {
        const size_t before = t->count;

        if ((rc = add_words(t, a, x, n->children[i], err)) == 0 && t->count > before) {
            t->words[before].link = n->children[i]->link;
            t->words[before].reach = n->children[i]->reach;
        }
    }
    if (rc != 0)
        return rc;
    if (t->count - first < 2) {
        t->count = first;
        return FIH_OK;
    }
    if (fihi_grow(&t->units, &t->unit_cap, t->unit_count + 1, sizeof *t->units) != 0)
        return fihi_fail_nomem(err);
    t->units[t->unit_count++] =
        (struct unit){first, t->count - first, n->kind == NODE_PHRASE ? n->reach : 0};
    return FIH_OK;
}

/* One term may belong to several words of several units. Two terms of one word of the text at one position are one
 * occurrence. Positions ascend, which lead_on() relies on. The mark of the first is kept. Few words are asked for, so a
 * term is compared with each of them. */
int fihi_together_see(struct together *t, uint32_t term, uint32_t position, size_t mark, bool *is_wanted,
                      fih_error *err)
{
    for (size_t i = 0; i < t->count; i++) {
        struct chained *w = &t->words[i];

        if (!is_chained(w, term))
            continue;
        *is_wanted = true;
        if (w->count && w->seen[w->count - 1].position == position)
            continue;
        if (fihi_grow(&w->seen, &w->cap, w->count + 1, sizeof *w->seen) != 0)
            return fihi_fail_nomem(err);
        w->seen[w->count++] = (struct reached){position, position, mark, 0};
    }
    return FIH_OK;
}

/* Keep those of a word that the word before leads to; near.c's way, with the step that was taken. The list is cut in
 * place, and `via` is a number in the list of the word before after that was cut: so words must be gone through from
 * the first. Each list is walked once, for both ascend, and so do the ends of what reaches q. With slop the nearest
 * before q is taken: what has the shortest chain has most of the slop left. A word does not lead to itself, so one at q
 * is stepped over. */
static void lead_on(struct chained *w, const struct chained *before, unsigned slop)
{
    size_t k = 0, kept = 0;

    for (size_t j = 0; j < w->count; j++) {
        const uint32_t q = w->seen[j].position;
        uint32_t low, high;
        size_t i;

        fihi_near_reach(w->link, w->reach, slop, q, &low, &high);
        while (k < before->count && before->seen[k].position < low)
            k++;
        while (slop && k + 1 < before->count && before->seen[k + 1].position < q)
            k++;
        i = k < before->count && before->seen[k].position == q ? k + 1 : k;
        if (i >= before->count || before->seen[i].position > high)
            continue;
        w->seen[kept] = w->seen[j];
        w->seen[kept].from = before->seen[i].from;
        w->seen[kept++].via = i;
    }
    w->count = kept;
}

/* Several ways may lead through one occurrence: `each` is then called for it again. Lists of occurrences are used up by
 * this; fihi_together_forget() begins anew. Example with slop 2, "a b c" in a text that has a at 1, b at 3, c at 5: of
 * three words the difference is 4, of which 2 are words between: that is as much as there may be. */
void fihi_together_settle(struct together *t, void (*each)(void *ctx, size_t mark, size_t word), void *ctx)
{
    for (size_t u = 0; u < t->unit_count; u++) {
        const struct unit *unit = &t->units[u];
        struct chained *const words = t->words + unit->first, *const last = words + unit->count - 1;

        for (size_t i = 1; i < unit->count; i++)
            lead_on(&words[i], &words[i - 1], unit->slop);
        for (size_t i = 0; i < last->count; i++) {
            const struct reached *r = &last->seen[i];
            size_t word = unit->count - 1;

            /* In order, so the difference is at least count - 1: what is above are words between. */
            if (unit->slop && r->position - r->from - (unit->count - 1) > unit->slop)
                continue;
            for (;; r = &words[word].seen[r->via]) {
                each(ctx, r->mark, unit->first + word);
                if (word-- == 0)
                    break;
            }
        }
    }
}
