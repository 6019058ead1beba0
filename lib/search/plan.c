/* search/plan.c - from the nodes of a query to those of a plan.
 *
 * Example: علاج السكري -أطفال date:2019. Two words become terms, each with its readings, looked up in all segments and
 * weighed; the third an excluded term; the date a filter, which is taken out of the tree and asked of documents that
 * could enter (plan_filter.c). Order matters in fihi_plan_new(): other writings change the query's tree before its
 * words are read; weights need document frequencies; filters are taken out when all groups are made; `plain` is a copy
 * of what is left.
 */
#include "search/plan.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "index/column.h"
#include "search/compound.h"
#include "search/plan_part.h"
#include "search/reread.h"
#include "search/sieve.h"
#include "search/when.h"

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

void fihi_plan_free(struct plan *p)
{
    if (!p)
        return;
    for (uint32_t i = 0; p->sieves && i < p->view->count; i++)
        fihi_sieve_free(p->sieves[i]);
    free(p->sieves);
    fihi_plan_node_free(p->filter);
    if (p->plain != p->root)
        fihi_plan_node_free(p->plain);
    fihi_plan_node_free(p->root);
    for (size_t i = 0; i < p->set_count; i++) {
        fihi_word_set_free(p->sets[i].words);
        free(p->sets[i].text);
        free(p->sets[i].expression);
    }
    free(p->sets);
    free(p->title_words);
    for (size_t i = 0; i < p->term_count; i++)
        fihi_term_free(&p->terms[i]);
    free(p->terms);
    fihi_buf_free(&p->passed);
    free(p);
}

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

enum scope fihi_plan_scope(const struct planner *p, const struct node *n)
{
    if (n->scope != SCOPE_ANY)
        return n->scope;
    return !p->opts->field ? SCOPE_ANY : strcmp(p->opts->field, "title") == 0 ? SCOPE_TITLE : SCOPE_BODY;
}

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

/* A stop word, or nothing but such; * says as little beside words. */
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

/* The words of a chain of distances: those of one operand stand side by side. */
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
 * alone is itself. */
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
 * enough. */
static int plan_phrase(struct planner *p, struct plan_node *group, const struct node *n)
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

/* The terms of a dropped node, and those that it counts for. */
static void mark_passed(struct planner *p, const struct plan_node *n)
{
    for (size_t i = 0; n->kind == PLAN_TERM && n->occur != OCCUR_NOT && i < p->plan->term_count; i++)
        if (i == n->term || p->plan->terms[i].repeats == n->term + 1)
            p->plan->terms[i].is_passed = !p->is_excluded;
}

/* Note the words that a dropped node asked for. */
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
 * first and by themselves; one that has nothing but stop words is then a stop word among the others. */
static int drop_stop_words(struct planner *p, struct plan_node *group)
{
    const struct plan *const plan = p->plan;
    int rc = FIH_OK;

    size_t kept = 0, others = 0;

    for (size_t i = 0; i < group->count; i++)
        others += group->children[i]->occur != OCCUR_NOT && !is_stop(plan, group->children[i]);
    for (size_t i = 0; i < group->count; i++) {
        struct plan_node *c = group->children[i];

        if (c->kind == PLAN_GROUP && !c->is_best && rc == 0)
            rc = drop_stop_words(p, c);
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

/* Any word becomes every word; where there is but one, it is both, and any-word queries are faster. Groups inside have
 * done so for their own children already. */
static void require_all(struct plan_node *group)
{
    if (group->count < 2)
        return;
    for (size_t i = 0; i < group->count; i++)
        if (group->children[i]->occur == OCCUR_SHOULD)
            group->children[i]->occur = OCCUR_MUST;
}

/* A group in a group; nothing, if it has no words. */
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

/* How rare are a pattern's words together? The dictionary says it: their documents added up, though one may have
 * several of them. Which documents these are, and so how many, is known of what is read only, and that may be a part.
 */
static float pattern_idf(const struct planner *p, uint64_t listed)
{
    const uint64_t all = view_collection(p->view);

    return fihi_plan_idf(p, listed < all ? listed : all);
}

/* A pattern's words as one. Their documents are collected now. */
static int plan_pattern(struct planner *p, struct plan_node *group, const struct node *n)
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

/* A span that was one when the query was made may be empty today. Then from is behind to, and nothing is found: no
 * error. */
static int plan_date(struct planner *p, struct plan_node *group, const struct node *n)
{
    struct plan_node *c = fihi_plan_add(group, PLAN_VALUES, n->occur);
    int32_t from = 0, to = -1;
    int rc;

    if (!c)
        return fihi_fail_nomem(p->err);
    if (node_is_any(n)) {
        from = INT32_MIN + 1;
        to = INT32_MAX;
        rc = FIH_OK;
    } else {
        rc = fihi_when_parse((fih_str){n->text, n->len}, p->opts->today, &from, &to, p->err);
    }
    c->field = FIELD_NO_DATE;
    c->low = rc ? 0 : from;
    c->high = rc ? -1 : to;
    return rc == FIH_E_QUERY ? FIH_OK : rc;
}

/* What bounds the group it stands in, for it has no sign and is not one of several, goes to `filters`. A filter with a
 * sign, or beside OR, stays where it is: there it does not bound the whole group. */
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
        rc = plan_date(p, group, n);
    else if (n->kind == NODE_PATTERN && !fihi_asked_is_stop(&p->asked, n))
        rc = plan_pattern(p, group, n);
    else if (n->kind == NODE_KEYWORD)
        rc = fihi_plan_keywords(p, group, n, FIELD_NO_SECTION);
    else if (n->kind == NODE_ALL)
        rc = fihi_plan_add(group, PLAN_ALL, n->occur) ? FIH_OK : fihi_fail_nomem(p->err);
    else if (n->kind == NODE_FIELD)
        rc = fihi_plan_field(p, group, n);
    else if (n->kind == NODE_WORDS && n->occur == OCCUR_SHOULD)
        rc = plan_words(p, group, n);
    else
        rc = plan_phrase(p, group, n);
    p->boost = boost;
    if (rc == 0 && group->count == before + 1 && n->occur == OCCUR_SHOULD && !parent->is_or &&
        (fields = fihi_filter_fields(p->plan, group->children[before])) != 0) {
        group->count = before;
        rc = fihi_filter_add(p, filters, fields, group->children[before]);
    }
    return rc;
}

/* The least number of clauses without a sign: of the whole query only. */
static void require_some(struct planner *p, struct plan_node *group)
{
    uint32_t count = 0;

    for (size_t i = 0; i < group->count; i++)
        count += group->children[i]->occur == OCCUR_SHOULD;
    group->least = p->opts->min_match < count ? p->opts->min_match : count;
}

/* Plain words, also such as have another writing. */
static bool are_plain(const struct node *n)
{
    bool are = n->occur == OCCUR_SHOULD && (n->is_best || (n->kind == NODE_WORDS && n->scope == SCOPE_ANY));

    for (size_t i = 0; n->is_best && are && i < n->children[0]->count; i++)
        are = are_plain(n->children[0]->children[i]);
    return are;
}

static size_t count_words(const struct plan *plan, const struct plan_node *n)
{
    size_t words = 0;

    if (n->kind == PLAN_TERM)
        return !plan->terms[n->term].is_variant;
    for (size_t i = 0; n->is_best && i < n->children[0]->count; i++)
        words += count_words(plan, n->children[0]->children[i]);
    return n->is_best ? words : 1;
}

/* Plain stop words, two or more, and nothing else. */
static bool asks_stop_words(const struct plan *plan, const struct plan_node *group, const struct node *n)
{
    size_t i = 0, words = 0, k = 0;

    while (i < n->count && are_plain(n->children[i]))
        i++;
    for (; k < group->count && i == n->count && is_stop(plan, group->children[k]); k++)
        words += count_words(plan, group->children[k]);
    return words > 1 && k == group->count;
}

/* A quotation of stop words finds its text first: whatever else they say is said by many. */
static int plan_quotation(struct planner *p, struct plan_node *group)
{
    const struct node words = {.kind = NODE_PHRASE, .text = (char *)p->asked.text.ptr, .len = p->asked.text.len};
    const float boost = p->boost;
    int rc;

    fihi_plan_boost(p, QUOTATION_BOOST);
    rc = plan_reading(p, group, &words, OCCUR_SHOULD, false);
    p->boost = boost;
    return rc;
}

/* The children, and then what they mean together. */
int fihi_plan_group(struct planner *p, struct plan_node *group, const struct node *n)
{
    struct filters filters = {NULL, 0, 0};
    int rc = FIH_OK;

    for (size_t i = 0; i < n->count && rc == 0; i++)
        rc = plan_child(p, group, &filters, n, n->children[i]);
    if (rc == 0) {
        const bool is_quotation = group == p->plan->root && asks_stop_words(p->plan, group, n);

        rc = drop_stop_words(p, group);
        if (p->opts->match_all && !n->is_or)
            require_all(group);
        else if (group == p->plan->root && !n->is_or)
            require_some(p, group);
        if (rc == 0 && is_quotation)
            rc = plan_quotation(p, group);
    }
    if (rc == 0 && filters.count)
        rc = fihi_filters_apply(p, group, &filters);
    fihi_filters_free(&filters);
    return rc;
}

/* Made when it is first asked: a segment that no word is in has none. */
static struct sieve *sieve_of(const struct plan *plan, uint32_t segment, int *rc, fih_error *err)
{
    struct sieve **const s = &plan->sieves[segment];

    if (!*s)
        *rc = fihi_sieve_new(s, plan, plan->filter, segment, err);
    return *s;
}

bool fihi_plan_passes(const struct plan *plan, uint32_t segment, uint32_t doc, int *rc, fih_error *err)
{
    struct sieve *const s = sieve_of(plan, segment, rc, err);

    return s && fihi_sieve_passes(s, doc, rc, err);
}

unsigned fihi_plan_passing(const struct plan *plan, uint32_t segment, const uint32_t *docs, unsigned n, bool *passes,
                           int *rc, fih_error *err)
{
    struct sieve *const s = sieve_of(plan, segment, rc, err);

    return s ? fihi_sieve_block(s, docs, n, passes, rc, err) : 0;
}

/* Stored impacts are saturations at other k1, b and mean lengths. Two saturations of one frequency are in a ratio
 * between the two ratios of the addends of their denominators (the mediant inequality): the larger bounds what a
 * search's can exceed the stored one by, the smaller what it falls short by. Example: stored with K = 0.45 + 0.45 len /
 * 100, searched with 0.6 + 0.3 len / 150: r1 = 0.75, r2 = 2.25. Whatever the length, a search's saturation is at most
 * 2.25 times the stored one and at least 0.75 times. */
static void set_ratios(struct plan *p, const struct view *v)
{
    p->floor_ratio = 1;
    for (unsigned f = 0; f < NORM_COUNT; f++) {
        p->bound_ratio[f] = 1;
        for (uint32_t i = 0; i < v->count; i++) {
            const float avg = v->segments[i]->stats.avg[f] > 0 ? v->segments[i]->stats.avg[f] : 1;
            const float fixed = p->fixed, slope = p->slope[f];
            const float r1 = fixed > 0 ? IMPACT_K1 * (1 - IMPACT_B) / fixed : INFINITY;
            const float r2 = slope > 0 ? IMPACT_K1 * IMPACT_B / avg / slope : INFINITY;
            const float most = r1 > r2 ? r1 : r2, least = r1 < r2 ? r1 : r2;

            p->bound_ratio[f] = most > p->bound_ratio[f] ? most : p->bound_ratio[f];
            if (least < p->floor_ratio)
                p->floor_ratio = least;
        }
    }
}

bool fihi_plan_is_word(const struct plan *plan, const struct plan_node *n)
{
    return n->kind == PLAN_TERM && n->occur != OCCUR_NOT && plan->terms[n->term].scope == SCOPE_ANY &&
           !plan->terms[n->term].is_form_only;
}

bool fihi_plan_has_places(const struct plan *plan, const struct plan_node *n)
{
    return fihi_plan_is_word(plan, n) ||
           (n->kind == PLAN_PHRASE && n->occur != OCCUR_NOT && plan->terms[n->term].scope == SCOPE_ANY);
}

/* Does it count anywhere in the query where words stand? */
static bool has_places(const struct plan *plan, const struct plan_node *n)
{
    bool has = fihi_plan_has_places(plan, n);

    for (size_t i = 0; n->kind == PLAN_GROUP && n->occur != OCCUR_NOT && i < n->count && !has; i++)
        has = has_places(plan, n->children[i]);
    return has;
}

/* Nothing but readings of one word, any of which will do, or the word again. */
static bool is_one_word(const struct plan *plan, const struct plan_node *const *words, size_t count)
{
    bool is = count > 0;

    for (size_t i = 0; i < count && is; i++) {
        const struct query_term *const t = &plan->terms[words[i]->term], *const first = &plan->terms[words[0]->term];

        is = words[i]->kind == PLAN_TERM && words[i]->occur != OCCUR_NOT && t->scope == SCOPE_ANY &&
             (t->word == first->word || is_same_key(&t->key, &first->key));
    }
    return is;
}

/* Is that all that a group asks for, or a phrase, beside filters and whatever groups it stands in? */
static bool asks_one_thing(const struct plan *plan, const struct plan_node *group)
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
        return asks_one_thing(plan, words[0]);
    if (count == 1 && words[0]->kind == PLAN_PHRASE)
        return true;
    return group->least <= 1 && is_one_word(plan, words, count);
}

/* Can a document match without one of the words in the group that have a root? All of them are there only if each is
 * required, or is the only one. If not, no document lacks one, and the second pass need not look for roots. */
static bool can_lack_root(const struct plan *plan, const struct plan_node *group, bool is_required)
{
    const struct plan_node *const *const children = (const struct plan_node *const *)group->children;
    const bool is_only = group->count == 1 || is_one_word(plan, children, group->count);

    for (size_t i = 0; i < group->count; i++) {
        const struct plan_node *c = group->children[i];
        const bool is_sure = is_required && (c->occur == OCCUR_MUST || is_only);

        if (fihi_plan_is_word(plan, c) && !is_sure && term_can_lack_root(&plan->terms[c->term]))
            return true;
        if (c->kind == PLAN_GROUP && c->occur != OCCUR_NOT && can_lack_root(plan, c, is_sure))
            return true;
    }
    return false;
}

static bool has_passed(const struct plan *plan)
{
    for (size_t i = 0; i < plan->term_count; i++)
        if (plan->terms[i].is_passed && plan->terms[i].scope == SCOPE_ANY)
            return true;
    return false;
}

/* The query is only read: the tree with other writings is a copy that ends here. On an error all of the plan is freed,
 * whatever part of it there is, and *out is NULL. */
int fihi_plan_new(struct plan **out, const struct view *v, struct analyzer *a, const struct fih_query *q,
                  const fih_search_opts *opts, fih_error *err)
{
    struct plan *plan = calloc(1, sizeof *plan);
    struct planner p = {.plan = plan,
                        .view = v,
                        .analyzer = a,
                        .opts = opts,
                        .err = err,
                        .boost = q->root->boost,
                        .deadline = fihi_deadline(opts)};
    struct fih_query *written = NULL;
    int rc;

    *out = NULL;
    if (!plan || !(plan->root = calloc(1, sizeof *plan->root))) {
        fihi_plan_free(plan);
        return fihi_fail_nomem(err);
    }
    plan->root->kind = PLAN_GROUP;
    plan->view = v;
    if (!(plan->sieves = calloc(v->count + (size_t)1, sizeof *plan->sieves))) {
        fihi_plan_free(plan);
        return fihi_fail_nomem(err);
    }
    plan->proximity = opts->proximity * opts->body_weight;
    plan->k1 = opts->k1;
    plan->b = opts->b;
    plan->fixed = plan->k1 * (1 - plan->b);
    for (unsigned f = 0; f < NORM_COUNT; f++) {
        plan->avg[f] = fihi_view_average(v, f);
        if (!(plan->avg[f] > 0))
            plan->avg[f] = 1;
        plan->slope[f] = plan->k1 * plan->b / plan->avg[f];
    }
    if ((rc = fihi_filter_dates(plan, opts, err)) == 0)
        rc = fihi_compounds_expand(&written, q, opts->min_match <= 1, v, a, err);
    const struct node *const root = written ? written->root : q->root;
    p.may_be_title = rc == 0 && fihi_plan_may_be_title(&p, root);
    if (rc == 0 && (rc = fihi_asked_add(&p.asked, a, root, err)) == 0)
        rc = fihi_plan_group(&p, plan->root, root);
    fihi_asked_free(&p.asked);
    fihi_query_free(written);
    if (rc == 0)
        rc = fihi_plan_make_titles(&p);
    if (rc == 0)
        plan->asks_one_thing = asks_one_thing(plan, plan->root);
    if (rc == 0 && (rc = fihi_filter_root(&p)) == 0)
        rc = fihi_plan_make_plain(plan, err);
    plan->asks_one_thing &= plan->plain == plan->root;
    plan->has_passed = has_passed(plan);
    if (rc == 0)
        plan->has_places = plan->proximity > 0 && has_places(plan, plan->plain);
    if (rc == 0)
        plan->has_lost_roots = opts->root_weight > 0 && can_lack_root(plan, plan->plain, true);
    set_ratios(plan, v);
    if (rc == 0 && q->has_except) {
        struct segment *s;

        if ((rc = fihi_view_locate(v, q->except, &s, &plan->except, err)) == 0)
            plan->except_in = s;
    }
    if (rc == 0)
        *out = plan;
    else
        fihi_plan_free(plan);
    return rc;
}
