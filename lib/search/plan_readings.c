/* search/plan_readings.c - a word as nodes of the plan: its readings, and what else has its root.
 *
 * Example: with FIH_MATCH_BROAD كاتب becomes a group of which the best child counts: the term كاتب, and a set of the
 * documents with any other stem of the root كتب. One reading alone, and no such set, is a term without a group.
 *
 * The set is of little weight, so that a document with the word scores as it does without the set: as a rule the word
 * brings more. It is made now, as a pattern's is (expand.h): that costs the lists of all stems of the root.
 *
 * Example of a whole word: علي is a name, or على the stop word. With one text field in the schema the word becomes a
 * group that has_texts of two children: a group that is_readings, of two terms, and the word in that text. Scores of
 * the outer group's children are added up, of the inner one's the best counts.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/plan_part.h"

/* Of what a document has by a root alone, beside what its idf would make of the word. */
#define ROOT_HIT_WEIGHT 0.2f

/* The reading of the word at terms [first, end) that tells how rare its root is; NULL if it has none. */
static const struct query_term *root_reading(const struct plan *plan, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++)
        if (plan->terms[i].root.count && !plan->terms[i].is_stop)
            return &plan->terms[i];
    return NULL;
}

/* As a word's root weighs in a posting, but with a share of its own in place of root_weight: the document has nothing
 * else of the word. Letters and boost are in it. */
static float root_hit_weight(const struct planner *p, const struct query_term *t)
{
    return ROOT_HIT_WEIGHT * t->letters_weight * t->root_idf * p->opts->body_weight;
}

/* As the last of a word's readings: the documents that have another word of its root. A key is the level's byte and the
 * root's, of which only the root is shown. As in plan_pattern.c the set is counted in before it is filled. Documents of
 * the root's other stems, by all readings of the word together. */
static int add_root_set(struct planner *p, struct plan_node *readings, uint32_t first, uint32_t end)
{
    struct plan *const plan = p->plan;
    const struct query_term *const t = root_reading(plan, first, end);
    struct plan_node *c;
    struct plan_set *s;

    if (fihi_grow(&plan->sets, &plan->set_cap, plan->set_count + 1, sizeof *plan->sets) != 0 ||
        !(c = fihi_plan_add(readings, PLAN_SET, OCCUR_SHOULD)))
        return fihi_fail_nomem(p->err);
    c->set = (uint32_t)plan->set_count++;
    s = &plan->sets[c->set];
    *s = (struct plan_set){.text = strndup((const char *)t->root.bytes + 1, t->root.count - 1),
                           .is_root = true,
                           .weight = root_hit_weight(p, t)};
    if (!s->text)
        return fihi_fail_nomem(p->err);
    return fihi_word_set_roots(&s->words, &plan->terms[first], end - first, p->view, &p->deadline, p->err);
}

/* The set is always the last: add_root_set() comes behind the terms. */
static bool has_root_set(const struct plan_node *readings)
{
    return readings->count > 0 && readings->children[readings->count - 1]->kind == PLAN_SET;
}

/* Also by form: كاتب and الكاتب have one stem and weigh where each has its own form, so they are two words. */
static bool is_same(const struct query_term *a, const struct query_term *b)
{
    return a->scope == b->scope && a->is_form_only == b->is_form_only && is_same_key(&a->key, &b->key) &&
           is_same_key(&a->form, &b->form);
}

/* Are the terms in [first, end) those of a child of the group, reading for reading? A set of the root at the end is no
 * reading, and not compared. */
static bool is_repetition(const struct plan *plan, const struct plan_node *c, uint32_t first, uint32_t end)
{
    const struct plan_node *const only[] = {c}, *const *terms = only;
    size_t count = 1;

    if (c->is_readings) {
        terms = (const struct plan_node *const *)c->children;
        count = c->count - has_root_set(c);
    }
    if (c->occur != OCCUR_SHOULD || count != end - first)
        return false;
    for (size_t i = 0; i < count; i++)
        if (terms[i]->kind != PLAN_TERM || !is_same(&plan->terms[terms[i]->term], &plan->terms[first + i]))
            return false;
    return true;
}

/* A word asked for twice weighs twice; it is looked up once. Its second terms stay in the list, for titles and what
 * stands beside stop words go by them; no node leads to them. Example: كتاب علم كتاب has three words of terms and two
 * nodes; that of كتاب weighs twice, and its terms say `times` 2. Readings come in the same order both times, for the
 * same word is read in the same way. */
static bool is_repeated(struct planner *p, const struct plan_node *group, uint32_t first, uint32_t end)
{
    const struct query_term *const root = root_reading(p->plan, first, end);
    struct query_term *const terms = p->plan->terms;

    for (size_t i = 0; i < group->count; i++) {
        const struct plan_node *const outer = group->children[i], *const c = outer->has_texts ? outer->children[0]
                                                                                              : outer;

        if (outer->occur != OCCUR_SHOULD || !is_repetition(p->plan, c, first, end))
            continue;
        for (uint32_t k = first; k < end; k++) {
            const uint32_t before = c->is_readings ? c->children[k - first]->term : c->term;
            struct query_term *const o = &terms[before];

            o->weight += terms[k].weight;
            o->title_weight += terms[k].title_weight;
            o->form_weight += terms[k].form_weight;
            o->root_weight += terms[k].root_weight;
            o->times++;
            terms[k].repeats = before + 1;
        }
        if (outer->has_texts)
            fihi_plan_repeat_in_texts(p, outer, terms[first].letters_weight);
        if (root && c->is_readings && has_root_set(c))
            p->plan->sets[c->children[c->count - 1]->set].weight += root_hit_weight(p, root);
        return true;
    }
    return false;
}

/* A group of readings also where there is but one of them, and other words of its root; and a group around it, whose
 * scores add up, where words are looked for in texts of the schema. What has texts around it has its occurrence there,
 * and is a SHOULD inside: the word may be in any of them. Positions tell the words apart: readings of one stand at one
 * position, side by side. What is excluded is looked for in title and body only. */
int fihi_plan_word_nodes(struct planner *p, struct plan_node *group, uint32_t first, enum occur occur, bool is_plain)
{
    struct plan *const plan = p->plan;
    const bool has_texts = occur != OCCUR_NOT && fihi_plan_has_texts(p);
    const size_t all = plan->term_count;
    const bool is_broad = is_plain && p->opts->match == FIH_MATCH_BROAD && !p->is_excluded && !p->is_rewritten;
    int rc = FIH_OK;

    for (uint32_t i = first, end; i < all && rc == 0; i = end) {
        struct plan_node *outer = group, *into, *c;

        for (end = i + 1; end < all && plan->terms[end].position == plan->terms[i].position; end++)
            ;
        const bool has_root = is_broad && root_reading(plan, i, end);

        if (occur == OCCUR_SHOULD && is_repeated(p, group, i, end))
            continue;
        if (has_texts) {
            if (!(outer = fihi_plan_add(group, PLAN_GROUP, occur)))
                return fihi_fail_nomem(p->err);
            outer->has_texts = true;
        }
        into = outer;
        if (end > i + 1 || has_root) {
            if (!(into = fihi_plan_add(outer, PLAN_GROUP, outer == group ? occur : OCCUR_SHOULD)))
                return fihi_fail_nomem(p->err);
            into->is_readings = true;
        }
        for (uint32_t k = i; k < end; k++) {
            if (!(c = fihi_plan_add(into, PLAN_TERM, into == group ? occur : OCCUR_SHOULD)))
                return fihi_fail_nomem(p->err);
            c->term = k;
            c->term_count = 1;
        }
        if (has_root)
            rc = add_root_set(p, into, i, end);
        if (has_texts && rc == 0)
            rc = fihi_plan_in_texts(p, outer, i, end);
    }
    return rc;
}
