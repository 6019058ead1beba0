/* search/plan_stop.c - stop words among the words of a query: which are passed over, and what is kept of them.
 *
 * Example: في البيت finds what البيت finds: the list of في, which nearly all documents are in, does not lead to any.
 * But where it stands beside البيت it counts in the second pass, so its term stays in the plan, as one that is_passed,
 * and its word in plan->passed, so that a program can tell. A query of nothing but stop words is asked as it is.
 */
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"
#include "search/plan_part.h"

/* A stop word, or nothing but such; * says as little beside words. Of a group all children; of one without any, too. Of
 * a group with writings what was asked. */
static bool is_stop(const struct plan *plan, const struct plan_node *n)
{
    size_t stops = 0;

    if (n->is_best)
        return is_stop(plan, n->children[0]);
    while (n->kind == PLAN_GROUP && stops < n->count && is_stop(plan, n->children[stops]))
        stops++;
    return n->kind == PLAN_GROUP ? stops == n->count
                                 : n->kind == PLAN_ALL || (n->kind == PLAN_TERM && plan->terms[n->term].is_stop);
}

/* The terms of a dropped node, and those that it counts for. The term stays when its node is freed: the second pass and
 * titles go by terms. Repetitions of a word have terms without nodes (plan_readings.c), and are passed over with it. */
static void mark_passed(struct planner *p, const struct plan_node *n)
{
    for (size_t i = 0; n->kind == PLAN_TERM && n->occur != OCCUR_NOT && i < p->plan->term_count; i++)
        if (i == n->term || p->plan->terms[i].repeats == n->term + 1)
            p->plan->terms[i].is_passed = !p->is_excluded;
}

/* Note the words that a dropped node asked for. In the order in which they are dropped, and each once: a walk over
 * those before, for they are few. Of a word in another writing what was asked counts, child 0. The bytes are those of
 * the query as it was asked, with all marks. */
static int pass_over(struct planner *p, const struct plan_node *n)
{
    const struct query_term *const t = n->kind == PLAN_TERM ? &p->plan->terms[n->term] : NULL;
    struct buf *const passed = &p->plan->passed;
    int rc = FIH_OK;

    mark_passed(p, n);
    for (size_t i = 0; i < (n->is_best ? 1 : n->count) && rc == 0; i++)
        rc = pass_over(p, n->children[i]);
    if (!t || p->is_excluded || t->is_variant || rc != 0)
        return rc;
    const char *const word = (const char *)p->asked.text.ptr + t->word_at;
    for (size_t at = 0; at < passed->len; at += strlen((const char *)passed->ptr + at) + 1)
        if (strlen((const char *)passed->ptr + at) == t->word_bytes &&
            memcmp(passed->ptr + at, word, t->word_bytes) == 0)
            return FIH_OK;
    return fihi_buf_append(passed, word, t->word_bytes) == 0 && fihi_buf_append(passed, "", 1) == 0
               ? FIH_OK
               : fihi_fail_nomem(p->err);
}

/* Stop words among plain words say nothing but what they stand beside, unless nothing else was said. Parentheses come
 * first and by themselves; one that has nothing but stop words is then a stop word among the others. Example: of (في
 * من) البيت the parentheses have nothing but stop words: none of them is passed over inside, and all of it outside. In
 * (في البيت) من the inner في goes, then من, beside a group that is no stop word. */
int fihi_plan_drop_stop_words(struct planner *p, struct plan_node *group)
{
    const struct plan *const plan = p->plan;
    int rc = FIH_OK;

    size_t kept = 0, others = 0;

    for (size_t i = 0; i < group->count; i++)
        others += group->children[i]->occur != OCCUR_NOT && !is_stop(plan, group->children[i]);
    for (size_t i = 0; i < group->count; i++) {
        struct plan_node *c = group->children[i];

        if (c->kind == PLAN_GROUP && !c->is_best && rc == 0)
            rc = fihi_plan_drop_stop_words(p, c);
        if (others && c->occur == OCCUR_SHOULD && is_stop(plan, c)) {
            rc = rc == 0 ? pass_over(p, c) : rc;
            fihi_plan_node_free(c);
        } else {
            group->children[kept++] = c;
        }
    }
    group->count = kept;
    return rc;
}

/* Plain words, also such as have another writing. A sign, a field or a phrase says that something else was meant than
 * the words. */
static bool are_plain(const struct node *n)
{
    bool are = n->occur == OCCUR_SHOULD && (n->is_best || (n->kind == NODE_WORDS && n->scope == SCOPE_ANY));

    for (size_t i = 0; n->is_best && are && i < n->children[0]->count; i++)
        are = are_plain(n->children[0]->children[i]);
    return are;
}

/* Readings do not count, nor do writings. What is no word by itself counts as one. */
static size_t count_words(const struct plan *plan, const struct plan_node *n)
{
    size_t words = 0;

    if (n->kind == PLAN_TERM)
        return !plan->terms[n->term].is_variant;
    for (size_t i = 0; n->is_best && i < n->children[0]->count; i++)
        words += count_words(plan, n->children[0]->children[i]);
    return n->is_best ? words : 1;
}

/* Plain stop words, two or more, and nothing else. One stop word by itself finds what it finds; a quotation of it would
 * say no more. */
bool fihi_plan_asks_stop_words(const struct plan *plan, const struct plan_node *group, const struct node *n)
{
    size_t i = 0, words = 0, k = 0;

    while (i < n->count && are_plain(n->children[i]))
        i++;
    for (; k < group->count && i == n->count && is_stop(plan, group->children[k]); k++)
        words += count_words(plan, group->children[k]);
    return words > 1 && k == group->count;
}
