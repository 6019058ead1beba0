/* search/plan_pattern.c - a pattern as one word: its set of documents, and what that weighs.
 *
 * Example: مدرس* means all words of the dictionary that begin so. Their documents are collected while the plan is made
 * (expand.h), so that whatever matches and ranks later finds one set, and not a term for each.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "search/plan_part.h"
#include "search/reread.h"

/* How rare are a pattern's words together? The dictionary says it: their documents added up, though one may have
 * several of them. Which documents these are, and so how many, is known of what is read only, and that may be a part.
 */
static float pattern_idf(const struct planner *p, uint64_t listed)
{
    const uint64_t all = view_collection(p->view);

    return fihi_plan_idf(p, listed < all ? listed : all);
}

/* A pattern's words as one. Their documents are collected now. The set is counted in before it is filled, so that
 * fihi_plan_free() frees what there is of it. A pattern with vowels reads texts again (reread.h); its set is made of
 * all documents with its words, wherever these stand, and the texts tell. With statistics `listed` is the whole
 * collection's, or each piece would weigh the pattern by its own documents. */
int fihi_plan_pattern(struct planner *p, struct plan_node *group, const struct node *n)
{
    const enum scope scope = fihi_plan_scope(p, n);
    struct plan *plan = p->plan;
    struct plan_node *c;
    struct plan_set *s;
    struct pattern *pattern;
    int rc = fihi_pattern_new(&pattern, p->analyzer, n, p->err);

    if (rc != 0)
        return rc;
    if (fihi_grow(&plan->sets, &plan->set_cap, plan->set_count + 1, sizeof *plan->sets) != 0 ||
        !(c = fihi_plan_add(group, PLAN_SET, n->occur))) {
        fihi_pattern_free(pattern);
        return fihi_fail_nomem(p->err);
    }
    s = &plan->sets[plan->set_count];
    c->set = (uint32_t)plan->set_count++;
    *s = (struct plan_set){.text = strdup(n->text), .scope = scope, .pattern = n->pattern, .edits = n->reach};
    const fih_str expression = fihi_pattern_expression(pattern);
    s->is_form = fihi_pattern_is_form(pattern);
    s->expression = strndup(expression.ptr ? expression.ptr : "", expression.len);
    const struct written *const written = fihi_pattern_written(pattern);
    const bool in_title = scope == SCOPE_TITLE;
    rc = s->text && s->expression
             ? fihi_word_set_new(&s->words, pattern, in_title && !written, p->view, &p->deadline, p->err)
             : fihi_fail_nomem(p->err);
    if (rc == 0 && written)
        rc = fihi_reread(s->words, written, in_title, p->view, n->at, &p->deadline, p->err);
    if (rc == 0 && p->view->statistics)
        rc = fihi_pattern_listed(&s->words->listed, pattern, s->words->is_title, p->view->statistics, &p->deadline,
                                 p->err);
    if (rc == 0)
        s->weight = fihi_plan_letters(p, fihi_pattern_letters(pattern)) * pattern_idf(p, s->words->listed) *
                    p->opts->body_weight;
    fihi_pattern_free(pattern);
    return rc;
}
