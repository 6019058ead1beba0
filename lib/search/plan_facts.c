/* search/plan_facts.c - what is true of a plan as a whole, so that the second pass does no work for nothing.
 *
 * Example: كاتب date:2019 asks for one thing, and where that stands is looked up for fewer documents than of كاتب مصري
 * (rescore.h). Of +كاتب +مصري no document that matches lacks a word, so no roots of missing words are looked for.
 */
#include <stdbool.h>

#include "search/plan_part.h"

/* A stem that is found by its form only is another word's: it stands for that one's spelling, not for the word. */
bool fihi_plan_is_word(const struct plan *plan, const struct plan_node *n)
{
    return n->kind == PLAN_TERM && n->occur != OCCUR_NOT && plan->terms[n->term].scope == SCOPE_ANY &&
           !plan->terms[n->term].is_form_only;
}

/* All words of a phrase have one scope, so the first one tells. */
bool fihi_plan_has_places(const struct plan *plan, const struct plan_node *n)
{
    return fihi_plan_is_word(plan, n) ||
           (n->kind == PLAN_PHRASE && n->occur != OCCUR_NOT && plan->terms[n->term].scope == SCOPE_ANY);
}

/* Does it count anywhere in the query where words stand? */
bool fihi_plan_counts_places(const struct plan *plan, const struct plan_node *n)
{
    bool has = fihi_plan_has_places(plan, n);

    for (size_t i = 0; n->kind == PLAN_GROUP && n->occur != OCCUR_NOT && i < n->count && !has; i++)
        has = fihi_plan_counts_places(plan, n->children[i]);
    return has;
}

/* Nothing but readings of one word, any of which will do, or the word again. A word asked for again has terms with
 * numbers of their own, hence the comparison of keys. */
static bool is_one_word(const struct plan *plan, const struct plan_node *const *words, size_t count)
{
    bool is = count > 0;

    for (size_t i = 0; i < count && is; i++)
        is = words[i]->kind == PLAN_TERM && words[i]->occur != OCCUR_NOT;
    for (size_t i = 0; i < count && is; i++) {
        const struct query_term *const t = &plan->terms[words[i]->term], *const first = &plan->terms[words[0]->term];

        is = t->scope == SCOPE_ANY && (t->word == first->word || is_same_key(&t->key, &first->key));
    }
    return is;
}

/* Is that all that a group asks for, or a phrase, beside filters and whatever groups it stands in? A word has fewer
 * readings than eight; more children than that are taken for several things. A wrong "no" is safe: more documents have
 * a second pass, and none has less. */
bool fihi_plan_asks_one_thing(const struct plan *plan, const struct plan_node *group)
{
    const struct plan_node *words[8];
    size_t count = 0;

    for (size_t i = 0; i < group->count; i++) {
        const struct plan_node *const c = group->children[i];

        if (c->occur != OCCUR_NOT && fihi_filter_fields(plan, c) != 0)
            continue;
        if (count == sizeof words / sizeof *words)
            return false;
        words[count++] = c;
    }
    if (count == 1 && words[0]->kind == PLAN_GROUP && words[0]->occur != OCCUR_NOT)
        return fihi_plan_asks_one_thing(plan, words[0]);
    if (count == 1 && words[0]->kind == PLAN_PHRASE)
        return true;
    return group->least <= 1 && is_one_word(plan, words, count);
}

/* Can a document match without one of the words in the group that have a root? All of them are there only if each is
 * required, or is the only one. If not, no document lacks one, and the second pass need not look for roots. A group
 * below is required if all groups around it are, so the answer goes down with the walk. */
bool fihi_plan_can_lack_root(const struct plan *plan, const struct plan_node *group, bool is_required)
{
    const struct plan_node *const *const children = (const struct plan_node *const *)group->children;
    const bool is_only = group->count == 1 || is_one_word(plan, children, group->count);

    for (size_t i = 0; i < group->count; i++) {
        const struct plan_node *c = group->children[i];
        const bool is_sure = is_required && (c->occur == OCCUR_MUST || is_only);

        if (fihi_plan_is_word(plan, c) && !is_sure && term_can_lack_root(&plan->terms[c->term]))
            return true;
        if (c->kind == PLAN_GROUP && c->occur != OCCUR_NOT && fihi_plan_can_lack_root(plan, c, is_sure))
            return true;
    }
    return false;
}

/* In titles, bodies or texts by themselves neighbours do not count. */
bool fihi_plan_has_passed(const struct plan *plan)
{
    for (size_t i = 0; i < plan->term_count; i++)
        if (plan->terms[i].is_passed && plan->terms[i].scope == SCOPE_ANY)
            return true;
    return false;
}
