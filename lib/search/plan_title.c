/* search/plan_title.c - the titles that would be the query.
 *
 * Someone who types a title wants that document first. The plan lists the words that such a title would have: those of
 * the query in their order, stop words too, and the same with neighbours or words in another writing. Which documents
 * have such a title, title.h finds out.
 *
 * With other writings A and B of parts of a query there are four titles: as asked, with A, with B, with both. Of three
 * writings the pairs are left out: five titles at most, not eight.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/plan_part.h"

#define TITLE_WHOLE 5.0f               /* times what its words weigh in a title: more than anything else can bring */

static bool is_word(const struct node *n)
{
    return n->kind == NODE_WORDS && n->occur == OCCUR_SHOULD && n->scope == SCOPE_ANY;
}

/* Plain words, words in another writing, and parentheses around such. Example: of فان (فيلم) the parentheses are part
 * of a page's title, which was pasted; they ask for nothing that the words alone would not. Of a word in another
 * writing what was asked must be plain as well. */
static bool are_words(const struct node *group)
{
    bool are = !group->is_or && group->scope == SCOPE_ANY;

    for (size_t i = 0; i < group->count && are; i++) {
        const struct node *const n = group->children[i];

        if (n->kind != NODE_GROUP)
            are = is_word(n);
        else if (n->is_best)
            are = n->occur == OCCUR_SHOULD && are_words(n->children[0]);
        else
            are = n->occur == OCCUR_SHOULD && n->boost == 1 && are_words(n);
    }
    return are;
}

/* Any sign, field, phrase or pattern says that something else was meant. Title words are counted by who plans them, so
 * the whole query must be known to be such before it is planned. */
bool fihi_plan_may_be_title(const struct planner *p, const struct node *root)
{
    return p->opts->title_weight > 0 && !p->opts->field && are_words(root);
}

/* Indices and not pointers are kept of them, for the array moves. */
static int add_word(struct plan *plan, struct title_word w, fih_error *err)
{
    const size_t count = plan->title_word_count + 1;

    if (fihi_grow(&plan->title_words, &plan->title_word_cap, count, sizeof *plan->title_words) != 0)
        return fihi_fail_nomem(err);
    plan->title_words[plan->title_word_count++] = w;
    return FIH_OK;
}

/* Terms of one position are readings of one word. In the order in which words are planned, before stop words are
 * dropped: a title has them. Words that a node splits into follow one another here, as they do in the title. */
int fihi_plan_title_words(struct planner *p, uint32_t first)
{
    const struct plan *const plan = p->plan;
    int rc = FIH_OK;

    for (uint32_t i = first, end; i < plan->term_count && rc == 0; i = end) {
        for (end = i + 1; end < plan->term_count && plan->terms[end].position == plan->terms[i].position; end++)
            ;
        rc = add_word(p->plan, (struct title_word){i, end, 0, false}, p->err);
    }
    return rc;
}

/* By the first reading, whatever reading stands in the title: a title counts the same in either. */
static void weigh(const struct planner *p, struct title_word *w)
{
    for (uint32_t i = w->first; i < w->end; i++) {
        const struct query_term *const t = &p->plan->terms[i];

        if (!t->is_variant && !t->is_form_only)
            w->weight = TITLE_WHOLE * t->letters_weight * t->idf * p->opts->title_weight;
    }
}

/* The query's words, but some of its neighbours or words in another writing: bits of the planner's others. A writing
 * counts as the words that it is for: its first word has their sum, the further ones 0. It is sure: nobody asked for
 * its form. If two writings are of the same words, the later one is taken. Example: of عبد الله خان with عبدالله for
 * its first two words the title's words are عبدالله, with the weight of two, and خان. */
static int add_title(struct planner *p, uint32_t count, unsigned others)
{
    struct plan *const plan = p->plan;
    const uint32_t first = (uint32_t)plan->title_word_count;
    int rc = FIH_OK;

    for (uint32_t i = 0; i < count && rc == 0;) {
        const struct title_other *other = NULL;
        float sum = 0;

        for (unsigned k = 0; k < p->title_other_count; k++)
            if (others >> k & 1 && p->title_others[k].first == i && p->title_others[k].end > i)
                other = &p->title_others[k];
        if (!other) {
            rc = add_word(plan, plan->title_words[i++], p->err);
            continue;
        }
        for (; i < other->end; i++)
            sum += plan->title_words[i].weight;
        for (uint32_t k = 0; k < other->term_count && rc == 0; k++)
            rc = add_word(plan, (struct title_word){other->term + k, other->term + k + 1, k ? 0 : sum, true}, p->err);
    }
    plan->titles[plan->title_count++] = (struct title){first, (uint32_t)plan->title_word_count - first};
    return rc;
}

/* Weights are known only now: other writings have changed document frequencies. title_most bounds what any title
 * brings: each is of the same sum at most. `count` is taken first: what add_title() appends are the words of other
 * titles, behind the query's own. */
int fihi_plan_make_titles(struct planner *p)
{
    struct plan *const plan = p->plan;
    const uint32_t count = (uint32_t)plan->title_word_count;
    const unsigned others = p->title_other_count, all = (1u << others) - 1;
    int rc = FIH_OK;

    if (!p->may_be_title || count == 0 || count > TITLE_WORDS)
        return FIH_OK;
    for (uint32_t i = 0; i < count; i++) {
        weigh(p, &plan->title_words[i]);
        plan->title_most += plan->title_words[i].weight;
    }
    rc = add_title(p, count, 0);
    for (unsigned k = 0; k < others && rc == 0; k++)
        rc = add_title(p, count, 1u << k);
    if (others > 1 && rc == 0)
        rc = add_title(p, count, all);
    return rc;
}
