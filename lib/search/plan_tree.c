/* search/plan_tree.c - groups and their children: each node of the query becomes one or more of the plan.
 *
 * What a node becomes is said in the file of its kind; here is which kind goes where, and what the children of a group
 * mean together. Example: with match_all, (قهوة OR شاي) سكر is a group of two that may match, in a group of which both
 * children must. A filter leaves its group on the way and comes back around the words of it (plan_filter.c).
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "search/plan_part.h"

/* By recursion: a plan is hardly deeper than its query, whose depth is limited (node.c). */
void fihi_plan_node_free(struct plan_node *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->count; i++)
        fihi_plan_node_free(n->children[i]);
    free(n->children);
    free(n->text);
    free(n);
}

/* Children are allocated one by one: when the group's array moves, pointers to them stay good, and pointers into the
 * array do not. */
struct plan_node *fihi_plan_add(struct plan_node *group, enum plan_kind kind, enum occur occur)
{
    struct plan_node *n = calloc(1, sizeof *n);

    if (!n || fihi_grow(&group->children, &group->cap, group->count + 1, sizeof *group->children) != 0) {
        free(n);
        return NULL;
    }
    n->kind = kind;
    n->occur = occur;
    group->children[group->count++] = n;
    return n;
}

/* What the query says by title: or body: comes before the option. Here a field of the option is one of these two:
 * api_search.c knows no other. */
enum scope fihi_plan_scope(const struct planner *p, const struct node *n)
{
    if (n->scope != SCOPE_ANY)
        return n->scope;
    return !p->opts->field ? SCOPE_ANY : strcmp(p->opts->field, "title") == 0 ? SCOPE_TITLE : SCOPE_BODY;
}

/* Terms from `first` on are the node's. They are looked up before any node is made of them, because looking up adds
 * terms: other stems of the spelling, which then stand with their words. What the title of the whole query would be, is
 * noted on the way (plan_title.c). */
static int plan_words(struct planner *p, struct plan_node *group, const struct node *n)
{
    const uint32_t first = (uint32_t)p->plan->term_count;
    const bool must_all = p->opts->match_all || p->opts->min_match > 1;
    const enum scope scope = fihi_plan_scope(p, n);
    int rc = fihi_plan_words(p, scope, n, false);

    for (uint32_t i = first; i < p->plan->term_count && must_all; i++)
        p->plan->terms[i].is_stop &= !p->plan->terms[i].is_either;   /* one of the two is enough */
    if (rc == 0)
        rc = fihi_plan_weigh(p, first, ALL_READINGS);
    if (rc == 0 && p->may_be_title)
        rc = fihi_plan_title_words(p, first);
    return rc ? rc : fihi_plan_word_nodes(p, group, first, OCCUR_SHOULD, true);
}

/* Any word becomes every word; where there is but one, it is both, and any-word queries are faster. Groups inside have
 * done so for their own children already. Filters are no children by then. */
static void require_all(struct plan_node *group)
{
    if (group->count < 2)
        return;
    for (size_t i = 0; i < group->count; i++)
        if (group->children[i]->occur == OCCUR_SHOULD)
            group->children[i]->occur = OCCUR_MUST;
}

/* A group in a group; nothing, if it has no words. What is excluded stays so inside, whatever signs it has there: of
 * -(a -b) neither is anything that was asked for. */
static int plan_inner(struct planner *p, struct plan_node *group, const struct node *n)
{
    struct plan_node *g = fihi_plan_add(group, PLAN_GROUP, n->occur);
    const bool is_excluded = p->is_excluded;
    int rc;

    p->is_excluded |= n->occur == OCCUR_NOT;
    rc = g ? fihi_plan_group(p, g, n) : fihi_fail_nomem(p->err);
    p->is_excluded = is_excluded;
    if (rc == 0 && g->count == 0)
        fihi_plan_node_free(group->children[--group->count]);
    return rc;
}

/* What narrows the group it stands in, for it has no sign and is not one of several, goes to `filters`. A filter with a
 * sign, or beside OR, stays where it is: there it does not narrow the whole group. A boost is set for what is below,
 * and set back. A child may become none (punctuation), one or several nodes of the plan (the words of a text): only one
 * by itself can be a filter. */
static int plan_child(struct planner *p, struct plan_node *group, struct filters *filters, const struct node *parent,
                      const struct node *n)
{
    const float boost = p->boost;
    const size_t before = group->count;
    uint64_t fields;
    int rc;

    fihi_plan_boost(p, n->boost);
    if (n->kind == NODE_GROUP)
        rc = n->is_best ? fihi_plan_best(p, group, n) : plan_inner(p, group, n);
    else if (n->kind == NODE_DATE)
        rc = fihi_plan_date(p, group, n);
    /* =من, a stop word as it is written: stop words have no other forms, so it is planned as the word itself, below. */
    else if (n->kind == NODE_PATTERN && !fihi_asked_is_stop(&p->asked, n))
        rc = fihi_asked_is_bare(&p->asked, n) ? fihi_plan_bare(p, group, n) : fihi_plan_pattern(p, group, n);
    else if (n->kind == NODE_KEYWORD)
        rc = fihi_plan_keywords(p, group, n, FIELD_NO_SECTION);
    else if (n->kind == NODE_ALL)
        rc = fihi_plan_add(group, PLAN_ALL, n->occur) ? FIH_OK : fihi_fail_nomem(p->err);
    else if (node_is_field(n))
        rc = fihi_plan_field(p, group, n);
    else if (n->kind == NODE_WORDS && n->occur == OCCUR_SHOULD)
        rc = plan_words(p, group, n);
    else
        rc = fihi_plan_phrase(p, group, n);
    p->boost = boost;
    /* It leaves the group with its place in the array; fihi_filter_add() owns it now, also on an error. */
    if (rc == 0 && group->count == before + 1 && n->occur == OCCUR_SHOULD && !parent->is_or &&
        (fields = fihi_filter_fields(p->plan, group->children[before])) != 0) {
        group->count = before;
        rc = fihi_filter_add(p, filters, fields, group->children[before]);
    }
    return rc;
}

/* The least number of clauses without a sign: of the whole query only. Of two words three cannot be there: then both
 * must. */
static void require_some(struct planner *p, struct plan_node *group)
{
    uint32_t count = 0;

    for (size_t i = 0; i < group->count; i++)
        count += group->children[i]->occur == OCCUR_SHOULD;
    group->least = p->opts->min_match < count ? p->opts->min_match : count;
}

/* Nothing but what shall not be there, with a word or value of it at least: all documents but those are meant. */
static bool only_leaves_out(const struct plan_node *group, const struct node *n)
{
    size_t i = 0;

    while (i < n->count && n->children[i]->occur == OCCUR_NOT)
        i++;
    return i == n->count && group->count > 0;
}

/* The children, and then what they mean together. Stop words are known as such only when all children are planned, for
 * they are passed over beside other words. Then what must be there is said of those that are left. Filters come back at
 * the very end, when the words are one group that can be wrapped. Example: مصر tag:news سياسة has مصر and سياسة as its
 * children and tag:news in `filters`; at the end its children are tag:news and a group of the two words, both of which
 * must match. */
int fihi_plan_group(struct planner *p, struct plan_node *group, const struct node *n)
{
    struct filters filters = {NULL, 0, 0};
    int rc = FIH_OK;

    for (size_t i = 0; i < n->count && rc == 0; i++)
        rc = plan_child(p, group, &filters, n, n->children[i]);
    if (rc == 0) {
        /* Asked before stop words are dropped, for it is about all that was asked. */
        const bool is_quotation = group == p->plan->root && fihi_plan_asks_stop_words(p->plan, group, n);

        rc = fihi_plan_drop_stop_words(p, group);
        if (p->opts->match_all && !n->is_or)
            require_all(group);
        else if (group == p->plan->root && !n->is_or)
            require_some(p, group);
        if (rc == 0 && is_quotation)
            rc = fihi_plan_quotation(p, group);
    }
    if (rc == 0 && only_leaves_out(group, n))
        rc = fihi_plan_add(group, PLAN_ALL, OCCUR_SHOULD) ? FIH_OK : fihi_fail_nomem(p->err);
    if (rc == 0 && filters.count)
        rc = fihi_filters_apply(p, group, &filters);
    fihi_filters_free(&filters);
    return rc;
}
