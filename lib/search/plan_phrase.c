/* search/plan_phrase.c - words that belong together: side by side, or at a distance from one another.
 *
 * Example: "وزارة الصحة" becomes one PLAN_PHRASE over two terms. They are looked up and weighed as words are, but for
 * their stems only, and each in its first reading: what follows what says more than which form it has. A phrase of one
 * word is that word. Where a word may be read in two ways, which changes how many words there are, the phrase is
 * planned twice, and either is enough.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "base/fail.h"
#include "search/plan_part.h"

/* The words of a chain of distances: those of one operand stand side by side. Example: "مجلس الأمن" NEAR/3 قرار makes
 * three terms: مجلس; الأمن with LINK_NEXT, which is 0; قرار with LINK_NEAR and a reach of 3. */
static int add_chain(struct planner *p, enum scope scope, const struct node *n, bool as_stop)
{
    const float boost = p->boost;
    int rc = FIH_OK;

    for (size_t i = 0; i < n->count && rc == 0; i++) {
        const struct node *c = n->children[i];
        const size_t first = p->plan->term_count;

        fihi_plan_boost(p, c->boost);
        rc = fihi_plan_words(p, scope, c, as_stop);
        p->boost = boost;
        if (p->plan->term_count > first) {
            p->plan->terms[first].link = c->link;
            p->plan->terms[first].reach = c->reach;
        }
    }
    return rc;
}

/* Words that belong together: a phrase, what a required or excluded word splits into, words near each other. A word
 * alone is itself. Readings other than the first are dropped while terms are weighed (plan_words.c), so the terms of a
 * phrase are its words, one by one. Where texts of the schema are looked in, the phrase and the same in each of them
 * are children of one group: what they score adds up. */
static int plan_reading(struct planner *p, struct plan_node *group, const struct node *n, enum occur occur,
                        bool as_stop)
{
    const uint32_t first = (uint32_t)p->plan->term_count;
    const enum scope scope = fihi_plan_scope(p, n);
    struct plan_node *outer = group, *c;
    uint32_t count;
    int rc = n->kind == NODE_NEAR ? add_chain(p, scope, n, as_stop) : fihi_plan_words(p, scope, n, as_stop);

    if (rc != 0 || (count = fihi_plan_word_count(p->plan, first)) == 0 ||
        (rc = fihi_plan_weigh(p, first, count > 1 ? IN_PHRASE : FIRST_READING)) != 0)
        return rc;
    for (uint32_t i = first; i < p->plan->term_count && n->kind == NODE_PATTERN; i++)
        p->plan->terms[i].is_stop = false;     /* =word asks for it whatever else is asked for */
    if (count == 1)
        return fihi_plan_word_nodes(p, group, first, occur, false);
    const bool has_texts = n->kind == NODE_PHRASE && scope == SCOPE_ANY && occur != OCCUR_NOT && fihi_plan_has_texts(p);
    if (has_texts && !(outer = fihi_plan_add(group, PLAN_GROUP, occur)))
        return fihi_fail_nomem(p->err);
    if (!(c = fihi_plan_add(outer, PLAN_PHRASE, has_texts ? OCCUR_SHOULD : occur)))
        return fihi_fail_nomem(p->err);
    c->term = first;
    c->term_count = count;
    c->slop = n->kind == NODE_PHRASE ? n->reach : 0;
    c->is_near = n->kind == NODE_NEAR;
    return has_texts ? fihi_plan_in_texts(p, outer, first, first + count) : FIH_OK;
}

/* Words in two ways, if one of them can be read in two. The first way moves into a group of both, of which either is
 * enough. Room is made before the first way moves: on an error each node is in one group, and freed once. Inside the
 * new group both ways may match, and that group has the occurrence that was asked for. */
int fihi_plan_phrase(struct planner *p, struct plan_node *group, const struct node *n)
{
    const size_t before = group->count;
    struct plan_node *both;
    int rc;

    p->has_either = false;
    rc = plan_reading(p, group, n, n->occur, false);
    if (rc != 0 || !p->has_either || group->count == before || group->children[before]->kind != PLAN_PHRASE)
        return rc;
    if (!(both = fihi_plan_add(group, PLAN_GROUP, n->occur)) ||
        fihi_grow(&both->children, &both->cap, 2, sizeof *both->children) != 0)
        return fihi_fail_nomem(p->err);
    both->children[both->count++] = group->children[before];
    both->children[0]->occur = OCCUR_SHOULD;
    group->children[before] = both;
    group->count--;
    return plan_reading(p, both, n, OCCUR_SHOULD, true);
}

/* A quotation of stop words finds its text first: whatever else they say is said by many. Example: من هو finds texts
 * that have it word by word before those that have both somewhere. The node is borrowed from the query's text, and gone
 * when the phrase is planned. */
int fihi_plan_quotation(struct planner *p, struct plan_node *group)
{
    const struct node words = {.kind = NODE_PHRASE, .text = (char *)p->asked.text.ptr, .len = p->asked.text.len};
    const float boost = p->boost;
    int rc;

    fihi_plan_boost(p, QUOTATION_BOOST);
    rc = plan_reading(p, group, &words, OCCUR_SHOULD, false);
    p->boost = boost;
    return rc;
}

/* Either is enough, as with a word that is read in two ways. The form finds no stop word, for those have none. */
int fihi_plan_bare(struct planner *p, struct plan_node *group, const struct node *n)
{
    struct plan_node *const both = fihi_plan_add(group, PLAN_GROUP, n->occur);
    struct node exact = *n;
    int rc;

    if (!both)
        return fihi_fail_nomem(p->err);
    exact.occur = OCCUR_SHOULD;
    rc = fihi_plan_pattern(p, both, &exact);
    return rc ? rc : plan_reading(p, both, n, OCCUR_SHOULD, true);
}
