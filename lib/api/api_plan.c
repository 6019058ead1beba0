/* api/api_plan.c - a plan as a program sees it: the tree of search/plan.h in public words.
 *
 * Nothing is computed: nodes are copied one by one, their texts borrowed from the plan, which stays. What the planner
 * took out of the tree to be faster (filters, spans of days) is put back beside it.
 */
#include <stdlib.h>

#include "api/handles.h"
#include "base/fail.h"
#include "index/column.h"
#include "index/value.h"
#include "search/rescore.h"

/* A node with room for its children, which it owns. */
struct shown {
    fih_plan_node  node;               /* first: what a program has a pointer to */
    struct shown **children;
};

struct fih_plan {
    struct plan  *plan;
    struct shown *root, *titles, *passed;
    fih_plan_info info;
};

static void free_shown(struct shown *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->node.count; i++)
        free_shown(s->children[i]);
    free(s->children);
    free(s);
}

/* With room for so many children; NULL without memory. */
static struct shown *new_shown(int kind, int occur, size_t room)
{
    struct shown *s = calloc(1, sizeof *s);

    if (!s || !(s->children = calloc(room + 1, sizeof(struct shown *)))) {
        free(s);
        return NULL;
    }
    s->node.kind = kind;
    s->node.occur = occur;
    s->node.children = (const fih_plan_node *const *)s->children;
    return s;
}

/* Takes the child over; false if there is none, for want of memory. */
static bool add(struct shown *to, struct shown *child)
{
    if (child)
        to->children[to->node.count++] = child;
    return child != NULL;
}

static int occur_of(enum occur o)
{
    return o == OCCUR_MUST ? FIH_MUST : o == OCCUR_NOT ? FIH_NOT : FIH_MAY;
}

static const char *field_of(enum scope scope)
{
    return scope == SCOPE_TITLE ? "title" : scope == SCOPE_BODY ? "body" : NULL;
}

/* Behind the byte of its level. */
static fih_str key_text(const struct term_key *k)
{
    return k->count > 1 ? (fih_str){(const char *)k->bytes + 1, k->count - 1} : (fih_str){"", 0};
}

/* A word of a text of the schema has its field in its key. */
static struct shown *show_word(const struct plan *p, const struct query_term *t, int occur)
{
    struct shown *s = new_shown(FIH_PLAN_WORD, occur, 0);

    if (!s)
        return NULL;
    s->node.field = field_of(t->scope);
    s->node.stem = key_text(&t->key);
    if (t->scope == SCOPE_FIELD) {
        s->node.field = fihi_schema_name(&p->view->schema, t->key.bytes[1]);
        s->node.stem = (fih_str){(const char *)t->key.bytes + WORD_HEAD, t->key.count - WORD_HEAD};
    }
    s->node.form = key_text(&t->form);
    s->node.root = key_text(&t->root);
    s->node.is_form_only = t->is_form_only;
    s->node.weight = t->weight;
    s->node.form_weight = t->form_weight;
    s->node.root_weight = t->root_weight;
    s->node.title_weight = t->title_weight;
    s->node.link = t->link == LINK_NEAR ? FIH_LINK_NEAR : t->link == LINK_THEN ? FIH_LINK_THEN : FIH_LINK_NEXT;
    s->node.reach = t->reach;
    s->node.position = t->position;
    s->node.word = t->word;
    s->node.rarity = t->letters_weight * t->idf;
    s->node.has_writing = t->has_writing;
    return s;
}

static struct shown *show_term(const struct plan *p, const struct plan_node *n, int occur)
{
    const struct query_term *const t = &p->terms[n->term];
    struct shown *s;
    size_t head;

    if (t->scope != SCOPE_SECTION)
        return show_word(p, t, occur);
    if (!(s = new_shown(FIH_PLAN_KEYWORD, occur, 0)))
        return NULL;
    keyword_field(t->key.bytes, t->key.count, &head);
    s->node.field = fihi_schema_name(&p->view->schema, n->field);
    s->node.field_kind = FIH_FIELD_KEYWORD;
    s->node.text = (fih_str){(const char *)t->key.bytes + head, t->key.count - head};
    return s;
}

static struct shown *show_phrase(const struct plan *p, const struct plan_node *n, int occur)
{
    struct shown *const s = new_shown(n->is_one ? FIH_PLAN_WRITING : FIH_PLAN_PHRASE, occur, n->term_count);

    for (uint32_t i = 0; s && i < n->term_count; i++)
        if (!add(s, show_word(p, &p->terms[n->term + i], FIH_MUST))) {
            free_shown(s);
            return NULL;
        }
    if (!s)
        return NULL;
    s->node.field = n->term_count ? s->children[0]->node.field : NULL;
    s->node.slop = n->slop;
    s->node.is_near = n->is_near;
    s->node.weight = n->is_one ? p->terms[n->word].weight : 0;
    s->node.title_weight = n->is_one ? p->terms[n->word].title_weight : 0;
    return s;
}

static struct shown *show_values(const struct plan *p, unsigned field, int64_t low, int64_t high, int occur)
{
    struct shown *const s = new_shown(FIH_PLAN_VALUES, occur, 0);

    if (!s)
        return NULL;
    s->node.field = fihi_schema_name(&p->view->schema, field);
    s->node.field_kind = (int)fihi_schema_kind(&p->view->schema, field);
    s->node.low = low;
    s->node.high = high;
    if (s->node.field_kind == FIH_FIELD_NUMBER) {
        s->node.low_number = double_of_value(low);
        s->node.high_number = double_of_value(high);
    }
    return s;
}

static struct shown *show_set(const struct plan *p, const struct plan_node *n, int occur)
{
    const struct plan_set *const set = &p->sets[n->set];
    struct shown *const s = new_shown(FIH_PLAN_PATTERN, occur, 0);

    if (!s)
        return NULL;
    s->node.field = field_of(set->scope);
    s->node.text = fih_str_of(set->text);
    if (set->is_root)
        s->node.root = s->node.text;
    s->node.pattern = set->pattern == PATTERN_FUZZY ? FIH_PATTERN_FUZZY
                      : set->pattern == PATTERN_REGEX ? FIH_PATTERN_REGEX
                      : set->pattern == PATTERN_EXACT ? FIH_PATTERN_EXACT
                      : set->pattern == PATTERN_WRITTEN ? FIH_PATTERN_WRITTEN
                                                        : FIH_PATTERN_WILDCARD;
    s->node.edits = set->edits;
    s->node.expression = fih_str_of(set->expression);
    s->node.is_form_pattern = set->is_form;
    s->node.weight = set->weight;
    return s;
}

static struct shown *show(const struct plan *p, const struct plan_node *n, int occur)
{
    struct shown *s;

    switch (n->kind) {
    case PLAN_TERM:
        return show_term(p, n, occur);
    case PLAN_PHRASE:
        return show_phrase(p, n, occur);
    case PLAN_SET:
        return show_set(p, n, occur);
    case PLAN_ALL:
        return new_shown(FIH_PLAN_ALL, occur, 0);
    case PLAN_VALUES:
        if ((s = show_values(p, n->field, n->low, n->high, occur)) != NULL)
            s->node.text = (fih_str){n->text ? n->text : "", n->text_bytes};
        return s;
    default:
        if (!(s = new_shown(n->is_best || n->is_readings ? FIH_PLAN_BEST : FIH_PLAN_GROUP, occur, n->count)))
            return NULL;
        s->node.least = n->least;
        for (size_t i = 0; i < n->count; i++)
            if (!add(s, show(p, n->children[i], occur_of(n->children[i]->occur)))) {
                free_shown(s);
                return NULL;
            }
        return s;
    }
}

/* What is found must match the tree, the span of days and what was taken out of the tree. Alone, the tree is the root.
 */
static struct shown *show_root(const struct plan *p)
{
    const bool has_days = p->since != DATE_NONE || p->until != DATE_NONE;
    const size_t filters = p->filter ? p->filter->count : 0;
    struct shown *s;

    if (!has_days && filters == 0)
        return show(p, p->root, FIH_MAY);
    if (!(s = new_shown(FIH_PLAN_GROUP, FIH_MAY, filters + 2)))
        return NULL;
    bool good = add(s, show(p, p->root, FIH_MUST));
    if (good && has_days)
        good = add(s, show_values(p, FIELD_NO_DATE, p->since <= INT32_MIN + 1 ? INT64_MIN + 1 : p->since,
                                  p->until == INT32_MAX ? INT64_MAX : p->until, FIH_MUST));
    for (size_t i = 0; i < filters && good; i++)
        good = add(s, show(p, p->filter->children[i], occur_of(p->filter->children[i]->occur)));
    if (!good) {
        free_shown(s);
        s = NULL;
    }
    return s;
}

static struct shown *show_place(const struct plan *p, const struct title_word *w)
{
    struct shown *const s = new_shown(FIH_PLAN_GROUP, FIH_MUST, w->end - w->first);

    for (uint32_t i = w->first; s && i < w->end; i++)
        if (!add(s, show_word(p, &p->terms[i], FIH_MAY))) {
            free_shown(s);
            return NULL;
        }
    if (s) {
        s->node.weight = w->weight;
        s->node.is_sure = w->is_sure;
    }
    return s;
}

static struct shown *show_titles(const struct plan *p)
{
    struct shown *const s = new_shown(FIH_PLAN_BEST, FIH_MAY, p->title_count);
    bool good = s != NULL;

    for (unsigned i = 0; good && i < p->title_count; i++) {
        const struct title *const t = &p->titles[i];

        if ((good = add(s, new_shown(FIH_PLAN_TITLE, FIH_MAY, t->count))))
            for (uint32_t k = 0; good && k < t->count; k++)
                good = add(s->children[i], show_place(p, &p->title_words[t->first + k]));
    }
    if (!good) {
        free_shown(s);
        return NULL;
    }
    return s;
}

/* In their first readings, as the second pass takes them. */
static struct shown *show_passed(const struct plan *p)
{
    struct shown *const s = new_shown(FIH_PLAN_GROUP, FIH_MAY, p->term_count);
    size_t room = RESCORE_PASSED;
    bool good = s != NULL;

    for (size_t i = 0; good && room > 0 && i < p->term_count; i++)
        if (p->terms[i].is_passed && !p->terms[i].is_variant && !p->terms[i].is_form_only &&
            p->terms[i].scope == SCOPE_ANY) {
            good = add(s, show_word(p, &p->terms[i], FIH_MAY));
            room--;
        }
    if (!good) {
        free_shown(s);
        return NULL;
    }
    return s;
}

int fih_plan_new(fih_plan **out, const fih_reader *r, const fih_query *q, const fih_search_opts *opts, fih_error *err)
{
    fih_search_opts o;
    fih_plan *p;
    int rc;

    *out = NULL;
    if ((rc = fihi_search_options(&o, r, opts, err)) != 0)
        return rc;
    if (!(p = calloc(1, sizeof *p)))
        return fihi_fail_nomem(err);
    if ((rc = fihi_make_plan(&p->plan, r, q, &o, err)) == 0 &&
        (!(p->root = show_root(p->plan)) || (p->plan->title_count && !(p->titles = show_titles(p->plan))) ||
         (p->plan->has_passed && !(p->passed = show_passed(p->plan)))))
        rc = fihi_fail_nomem(err);
    if (rc != 0) {
        fih_plan_free(p);
        return rc;
    }
    p->info = (fih_plan_info){.root = &p->root->node,
                              .titles = p->titles ? &p->titles->node : NULL,
                              .k1 = p->plan->k1,
                              .b = p->plan->b,
                              .avg = p->plan->avg[NORM_TEXT],
                              .avg_title = p->plan->avg[NORM_TITLE],
                              .docs = view_collection(r->view),
                              .root_depth = root_depth(p->plan),
                              .place_depth = places_depth(p->plan),
                              .places_weight = p->plan->proximity,
                              .passed = p->passed ? &p->passed->node : NULL};
    *out = p;
    return FIH_OK;
}

const fih_plan_info *fih_plan_get(const fih_plan *p)
{
    return &p->info;
}

void fih_plan_free(fih_plan *p)
{
    if (!p)
        return;
    free_shown(p->root);
    free_shown(p->titles);
    free_shown(p->passed);
    fihi_plan_free(p->plan);
    free(p);
}
