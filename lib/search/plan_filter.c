/* search/plan_filter.c - what says only which documents may be found: keywords, spans of values.
 *
 * Example: مصر tag:news tag:sport date:2019 means مصر, and one of the two tags, and the date: filters of the same
 * fields are joined by OR, for whoever names two tags means either, those of different ones by AND.
 *
 * At the root, filters then leave the tree: words lead to documents, ranked as fast as without, and a document is asked
 * by the filters' columns when it could enter (sieve.h). Only where hardly any document passes is a filter the better
 * leader, for then most documents of the words would be scored in vain: a sample says so.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "index/schema.h"
#include "search/plan_part.h"
#include "search/sieve.h"
#include "search/when.h"

/* What was not handed over to a tree. Those that were are no longer in the list (fihi_filters_apply()). */
void fihi_filters_free(struct filters *f)
{
    for (size_t i = 0; i < f->count; i++)
        fihi_plan_node_free(f->list[i].any);
    free(f->list);
    *f = (struct filters){NULL, 0, 0};
}

/* One span of days narrows a whole query as the options do. plan->since and until rule out whole segments and are
 * compared with one number. Several spans are OR, which two numbers cannot say: then they stay a filter. Its ends are
 * cut to 32 bits, away from DATE_NONE, which would mean "no filter". The later beginning and the earlier end are taken,
 * for both must be kept. Of several such filters there is one: those of the same field are in one group. Only where
 * words are asked for besides: a query of a date alone is led by its column. */
static void narrow_dates(struct plan *plan, struct filters *f)
{
    for (size_t i = 0; i < f->count; i++) {
        struct plan_node *const any = f->list[i].any;
        const struct plan_node *const only = any->count == 1 ? any->children[0] : NULL;

        if (!only || only->kind != PLAN_VALUES || only->field != FIELD_NO_DATE)
            continue;
        const int64_t low = only->low > INT32_MIN + 1 ? only->low : INT32_MIN + 1;
        const int64_t high = only->high < INT32_MAX ? only->high : INT32_MAX;
        if (plan->since == DATE_NONE || low > plan->since)
            plan->since = (int32_t)low;
        if (plan->until == DATE_NONE || high < plan->until)
            plan->until = (int32_t)high;
        fihi_plan_node_free(any);
        /* The last one takes its place: filters have no order. */
        f->list[i] = f->list[--f->count];
        return;
    }
}

/* Before: the group has words alone. After: it has the words, wrapped in a group of their own so that OR and `least`
 * among them stay as they are, and each filter, as a MUST. A group of nothing but filters has no words to wrap, and
 * finds what they let pass. Filters of different fields are joined by AND because each becomes a MUST, those of one
 * field by OR because they are SHOULDs of one group. Room is made for all of them before the first is moved, so an
 * error leaves each where it is freed once. */
int fihi_filters_apply(struct planner *p, struct plan_node *group, struct filters *f)
{
    struct plan_node *words = NULL;
    bool asks = false;

    for (size_t i = 0; i < group->count; i++)
        asks |= group->children[i]->occur != OCCUR_NOT;
    if (asks && group == p->plan->root)
        narrow_dates(p->plan, f);
    if (f->count == 0)
        return FIH_OK;
    if (asks) {
        if (!(words = calloc(1, sizeof *words)))
            return fihi_fail_nomem(p->err);
        *words = *group;
        /* The words as a whole must match, as they had to before; what is `least` of them is in the copy. */
        words->occur = OCCUR_MUST;
        group->children = NULL;
        group->count = group->cap = group->least = 0;
    }
    if (fihi_grow(&group->children, &group->cap, group->count + f->count + 1, sizeof *group->children) != 0) {
        fihi_plan_node_free(words);
        return fihi_fail_nomem(p->err);
    }
    while (f->count) {
        struct plan_node *const any = f->list[--f->count].any;

        any->occur = OCCUR_MUST;
        group->children[group->count++] = any;
    }
    if (words)
        group->children[group->count++] = words;
    return FIH_OK;
}

/* Numbers of fields are below 64 (FIH_MAX_FIELDS), so a bit each fits. 0 as soon as one child finds words: then it is
 * no filter. A group mixes the bits of its children, so (tag:a OR date:2019) is a filter of both fields, and is joined
 * only with such. Excluded children say nothing of what a group finds; one with nothing else has no fields, and is
 * none. */
uint64_t fihi_filter_fields(const struct plan *plan, const struct plan_node *n)
{
    uint64_t fields = 0;

    if (n->kind == PLAN_VALUES)
        return UINT64_C(1) << n->field;
    if (n->kind != PLAN_GROUP)
        return n->kind == PLAN_TERM && plan->terms[n->term].scope == SCOPE_SECTION ? UINT64_C(1) << n->field : 0;
    for (size_t i = 0; i < n->count; i++)
        if (n->children[i]->occur != OCCUR_NOT) {
            const uint64_t child = fihi_filter_fields(plan, n->children[i]);

            if (!child)
                return 0;
            fields |= child;
        }
    return fields;
}

/* On an error the node is freed: it is no group's any more. Looked for by a walk: a query names few fields. */
int fihi_filter_add(struct planner *p, struct filters *f, uint64_t fields, struct plan_node *n)
{
    struct plan_node *any;
    size_t same = 0;

    while (same < f->count && f->list[same].fields != fields)
        same++;
    if (same == f->count) {
        if (fihi_grow(&f->list, &f->cap, f->count + 1, sizeof *f->list) != 0 ||
            !(any = calloc(1, sizeof *any))) {
            fihi_plan_node_free(n);
            return fihi_fail_nomem(p->err);
        }
        any->kind = PLAN_GROUP;
        f->list[f->count++] = (struct filter){fields, any};
    }
    any = f->list[same].any;
    if (fihi_grow(&any->children, &any->cap, any->count + 1, sizeof *any->children) != 0) {
        fihi_plan_node_free(n);
        return fihi_fail_nomem(p->err);
    }
    any->children[any->count++] = n;
    return FIH_OK;
}

/* ---- asking documents */

/* Made when it is first asked: a segment that no word is in has none. It stays with the plan, so it is made once for a
 * segment, however many documents are asked about. */
static struct sieve *sieve_of(const struct plan *plan, uint32_t segment, int *rc, fih_error *err)
{
    struct sieve **const s = &plan->sieves[segment];

    if (!*s)
        *rc = fihi_sieve_new(s, plan, plan->filter, segment, err);
    return *s;
}

/* Where no sieve could be made *rc tells, and nothing passes: an error must not let documents through. Sieves are
 * changed by being asked, for columns keep the chunk at hand: a plan is of one thread. */
bool fihi_plan_passes(const struct plan *plan, uint32_t segment, uint32_t doc, int *rc, fih_error *err)
{
    struct sieve *const s = sieve_of(plan, segment, rc, err);

    return s && fihi_sieve_passes(s, doc, rc, err);
}

/* In blocks where many are asked for anyway: each column is then read in a loop of its own (sieve.c). */
unsigned fihi_plan_passing(const struct plan *plan, uint32_t segment, const uint32_t *docs, unsigned n, bool *passes,
                           int *rc, fih_error *err)
{
    struct sieve *const s = sieve_of(plan, segment, rc, err);

    return s ? fihi_sieve_block(s, docs, n, passes, rc, err) : 0;
}

/* ---- the root's */

/* Is it nothing but filters, in what is excluded, too? fihi_filter_fields() does not look at what is excluded; a word
 * in there must keep the node in the tree. Example: -(tag:sport كرة) excludes documents by a word, too, so it stays
 * with the words. So both are asked, each of what the other does not see. */
static bool is_pure(const struct plan *plan, const struct plan_node *n)
{
    bool is = n->kind == PLAN_GROUP || fihi_filter_fields(plan, n) != 0;

    for (size_t i = 0; i < n->count && is; i++)
        is = is_pure(plan, n->children[i]);
    return is && fihi_filter_fields(plan, n) != 0;
}

/* Does a child of the root only say which documents not, or, where another one must match, which must? Beside words
 * that only may match, one that must stays: documents that pass it and have none of the words are hits. Example: in مصر
 * +tag:news a document with the tag and without مصر is a hit, with a score of 0: the tag stays. In +مصر +tag:news it
 * leaves. */
static bool is_movable(const struct plan *plan, const struct plan_node *n, bool has_other)
{
    return (n->occur == OCCUR_NOT || (n->occur == OCCUR_MUST && has_other)) && is_pure(plan, n);
}

/* A group of the root's filters, or NULL: they are its children no more. Counted first, so that memory is there before
 * anything is moved: an error leaves the tree whole. What is excluded leaves as it is: in the filter's group it still
 * says which documents not. What stays moves up and keeps its order. */
static int take_filters(struct planner *p, struct plan_node **filter)
{
    struct plan_node *const root = p->plan->root;
    bool has_words = false, has_must = false;
    size_t kept = 0;

    *filter = NULL;
    for (size_t i = 0; i < root->count; i++)
        if (!is_pure(p->plan, root->children[i])) {
            has_words |= root->children[i]->occur != OCCUR_NOT;
            has_must |= root->children[i]->occur == OCCUR_MUST;
        }
    for (size_t i = 0; i < root->count && has_words; i++)
        if (is_movable(p->plan, root->children[i], has_must))
            kept++;
    if (kept == 0)
        return FIH_OK;
    if (!(*filter = calloc(1, sizeof **filter)) ||
        !((*filter)->children = calloc(kept, sizeof *(*filter)->children))) {
        free(*filter);
        *filter = NULL;
        return fihi_fail_nomem(p->err);
    }
    (*filter)->kind = PLAN_GROUP;
    (*filter)->cap = kept;
    kept = 0;
    for (size_t i = 0; i < root->count; i++)
        if (is_movable(p->plan, root->children[i], has_must))
            (*filter)->children[(*filter)->count++] = root->children[i];
        else
            root->children[kept++] = root->children[i];
    root->count = kept;
    return FIH_OK;
}

/* How many of some documents, spread over the index, pass? Every step-th, of all segments: a few hundred looks into
 * columns. Deleted ones are not told apart; a share is all that is wanted. Example: of 10,000 documents those with the
 * numbers 20, 60, 100, …, 9,980: 250 of them. The sieves that it makes are used again by the search, if the filter
 * stays one. */
static int count_sample(struct planner *p, uint32_t *passed, uint32_t *seen)
{
    enum { SAMPLE = 256 };             /* of which four must pass: one in SELECTIVE */
    const struct view *const v = p->view;
    const uint64_t step = v->docs / SAMPLE + 1;
    uint32_t segment = 0;
    int rc = FIH_OK;

    *passed = *seen = 0;
    for (uint64_t doc = step / 2; doc < v->docs && rc == 0; doc += step) {
        while (doc >= v->bases[segment + 1])
            segment++;
        ++*seen;
        *passed += fihi_plan_passes(p->plan, segment, (uint32_t)doc - v->bases[segment], &rc, p->err);
    }
    return rc;
}

/* The root's only child that is a group takes its place: what was wrapped for the filters. Then the fast ways see a
 * root of plain words again (rank.c). A group of readings or of writings is one word, and no root: its children would
 * be taken for words. */
static void unwrap_root(struct plan *plan)
{
    struct plan_node *const root = plan->root, *only = root->count == 1 ? root->children[0] : NULL;

    if (!only || only->kind != PLAN_GROUP || only->is_best || only->is_readings || only->occur != OCCUR_MUST)
        return;
    only->occur = OCCUR_SHOULD;
    /* Its own occurrence means nothing at the root. The old root is freed without it. */
    plan->root = only;
    root->count = 0;
    fihi_plan_node_free(root);
}

/* So that a filter which lets few documents pass leads, and the words are looked up in these (match.c). What is
 * excluded leads nowhere. */
static void set_share(struct plan_node *n, uint32_t one_in)
{
    n->one_in = n->kind == PLAN_VALUES ? one_in : 0;
    for (size_t i = 0; i < n->count; i++)
        if (n->children[i]->occur != OCCUR_NOT)
            set_share(n->children[i], one_in);
}

/* What takes care of the filters is the tree again. Room is made first; sieves were made for the filter that is gone
 * now. Of 256 documents 2 passed: 256 / 3, one in 85. One is added because none may have passed. Its children are
 * moved, so only the group itself is freed. */
static int give_back(struct plan *plan, uint32_t one_in)
{
    struct plan_node *const root = plan->root, *const filter = plan->filter;

    set_share(filter, one_in);

    if (fihi_grow(&root->children, &root->cap, root->count + filter->count, sizeof *root->children) != 0)
        return FIH_E_NOMEM;
    while (filter->count)
        root->children[root->count++] = filter->children[--filter->count];
    for (uint32_t i = 0; i < plan->view->count; i++) {
        fihi_sieve_free(plan->sieves[i]);
        plan->sieves[i] = NULL;
    }
    fihi_plan_node_free(filter);
    plan->filter = NULL;
    return FIH_OK;
}

/* No more documents than this have the words that a node asks for. Of a phrase the rarest word has them all; of a group
 * all of its children together. UINT64_MAX says that it is not known: `*`, a span of values. Example: two words in 40
 * and 300 documents, and a phrase whose rarest word is in 20: 360 at most. */
static uint64_t most_docs(const struct plan *plan, const struct plan_node *n)
{
    uint64_t sum = 0, least = UINT64_MAX;

    for (uint32_t i = n->term; (n->kind == PLAN_TERM || n->kind == PLAN_PHRASE) && i < n->term + n->term_count; i++)
        least = plan->terms[i].df < least ? plan->terms[i].df : least;
    if (n->kind == PLAN_SET)
        return plan->sets[n->set].words->df;
    if (n->kind != PLAN_GROUP)
        return least;
    for (size_t i = 0; i < n->count; i++) {
        const uint64_t docs = n->children[i]->occur == OCCUR_NOT ? 0 : most_docs(plan, n->children[i]);

        if (docs == UINT64_MAX)
            return docs;
        sum += docs;
    }
    return sum;
}

/* Below this share of documents that pass, a filter leads: one in so many. In an index of fewer documents than that, a
 * sample says nothing, and either way is fast. */
enum { SELECTIVE = 64 };

/* In an index of 32,000 documents words lead anyway that are in 500 or fewer. With a sample of 250 a filter leads if at
 * most 3 pass. With no document at all nothing is sampled: 0 is not above 0. */
int fihi_filter_root(struct planner *p)
{
    struct plan *const plan = p->plan;
    uint32_t passed, seen;
    int rc = take_filters(p, &plan->filter);

    if (rc != 0 || !plan->filter)
        return rc;
    /* Words that are so rare lead in any case: nothing need be sampled. */
    if (most_docs(plan, plan->root) > p->view->docs / SELECTIVE) {
        if ((rc = count_sample(p, &passed, &seen)) != 0)
            return rc;
        if ((uint64_t)passed * SELECTIVE < seen && seen >= SELECTIVE)
            return give_back(plan, seen / (passed + 1)) == 0 ? FIH_OK : fihi_fail_nomem(p->err);
    }
    unwrap_root(plan);
    return FIH_OK;
}

/* FIH_E_USAGE in place of FIH_E_QUERY: it stands in the options, not in the query's text. */
static int read_day(fih_str text, int32_t today, int32_t *first, int32_t *last, fih_error *err)
{
    const int rc = fihi_when_time(text, today, first, last, err);

    return rc != FIH_E_QUERY ? rc
                             : fihi_fail(err, FIH_E_USAGE,
                                         "'%.*s' is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, a date with the "
                                         "name of its month, or yesterday",
                                         (int)(text.len < 60 ? text.len : 60), text.ptr);
}

/* Of a month or year, since means its first day, until its last. One of the two alone is open to the other side: both
 * are set, or none. In days, both ends in the span; since:2019-03 begins on the first day of March, until:2019-03 ends
 * on its last. */
int fihi_filter_dates(struct plan *p, const fih_search_opts *o, fih_error *err)
{
    int32_t unused;
    int rc = FIH_OK;

    p->since = p->until = DATE_NONE;
    if (o->since.len)
        rc = read_day(o->since, o->today, &p->since, &unused, err);
    if (rc == 0 && o->until.len)
        rc = read_day(o->until, o->today, &unused, &p->until, err);
    if (o->since.len && !o->until.len)
        p->until = INT32_MAX;
    if (o->until.len && !o->since.len)
        p->since = INT32_MIN + 1;
    return rc;
}
