/* api/api_plan.c - a plan as a program sees it: the tree of search/plan.h in public words.
 *
 * Nothing is computed: nodes are copied one by one, their texts borrowed from the plan, which stays. What the planner
 * took out of the tree to be faster (filters, spans of days) is put back beside it.
 *
 * Who asks: a program that asks another engine what the index would be asked (tools/opensearch makes queries of it). So
 * everything that a score is made of must be in it; what a program does not understand it can refuse by a node's kind.
 *
 * Memory: each node has a block of its own and an array for its children, all freed by one walk over the trees. On the
 * way, whoever gets NULL frees what he has: the only error here is that memory is out, so functions return the node and
 * no number.
 */
#include <stdlib.h>

#include "api/handles.h"
#include "base/fail.h"
#include "index/column.h"
#include "index/value.h"
#include "search/rescore.h"

/* A node with room for its children, which it owns. `node.children` and `children` are the same array, seen by a
 * program and by us. */
struct shown {
    fih_plan_node  node;               /* first: what a program has a pointer to */
    struct shown **children;
};

/* The trees point into `plan`, which is freed last. */
struct fih_plan {
    struct plan  *plan;
    struct shown *root, *titles, *passed;
    fih_plan_info info;
};

/* As deep as the plan's tree, which the parser has bounded; NULL is nothing. */
static void free_shown(struct shown *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->node.count; i++)
        free_shown(s->children[i]);
    free(s->children);
    free(s);
}

/* With room for so many children; NULL without memory. room + 1, for calloc() may answer NULL to 0. What is not set
 * stays 0 or NULL, which in the public struct means "none" throughout. */
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

/* Takes the child over; false if there is none, for want of memory. Room was asked for when the parent was made: no
 * child is one too many. */
static bool add(struct shown *to, struct shown *child)
{
    if (child)
        to->children[to->node.count++] = child;
    return child != NULL;
}

/* Ours may change their numbers; the public ones are what programs were compiled with. */
static int occur_of(enum occur o)
{
    return o == OCCUR_MUST ? FIH_MUST : o == OCCUR_NOT ? FIH_NOT : FIH_MAY;
}

/* NULL: title and body are searched together. */
static const char *field_of(enum scope scope)
{
    return scope == SCOPE_TITLE ? "title" : scope == SCOPE_BODY ? "body" : NULL;
}

/* Behind the byte of its level. Empty where a word has no form or no root. */
static fih_str key_text(const struct term_key *k)
{
    return k->count > 1 ? (fih_str){(const char *)k->bytes + 1, k->count - 1} : (fih_str){"", 0};
}

/* A word of a text of the schema has its field in its key. All that the formula of fihrist.h needs of a word: four
 * weights with the idf in them, and how it stands to the word before it in a phrase. `rarity` is letters times idf
 * without the field's weight, by which the second pass weighs places. */
static struct shown *show_word(const struct plan *p, const struct query_term *t, int occur)
{
    struct shown *s = new_shown(FIH_PLAN_WORD, occur, 0);

    if (!s)
        return NULL;
    s->node.field = field_of(t->scope);
    s->node.stem = key_text(&t->key);
    /* The key is a level, the field's number and the word. */
    if (t->scope == SCOPE_FIELD) {
        s->node.field = fihi_schema_name(&p->view->schema, t->key.bytes[1]);
        s->node.stem = (fih_str){(const char *)t->key.bytes + WORD_HEAD, t->key.count - WORD_HEAD};
    }
    /* Texts are borrowed from the plan's terms, which do not move any more. */
    s->node.form = key_text(&t->form);
    s->node.root = key_text(&t->root);
    s->node.is_form_only = t->is_form_only;
    s->node.weight = t->weight;
    s->node.form_weight = t->form_weight;
    s->node.root_weight = t->root_weight;
    s->node.title_weight = t->title_weight;
    /* Of the first word of a phrase it says nothing. */
    s->node.link = t->link == LINK_NEAR ? FIH_LINK_NEAR : t->link == LINK_THEN ? FIH_LINK_THEN : FIH_LINK_NEXT;
    s->node.reach = t->reach;
    /* Readings of one word have one position. */
    s->node.position = t->position;
    s->node.word = t->word;
    s->node.rarity = t->letters_weight * t->idf;
    s->node.has_writing = t->has_writing;
    return s;
}

/* A keyword is a term with a list too, but it only matches: no weights. */
static struct shown *show_term(const struct plan *p, const struct plan_node *n, int occur)
{
    const struct query_term *const t = &p->terms[n->term];
    struct shown *s;
    size_t head;

    /* SCOPE_SECTION is that of every keyword, the section among them. */
    if (t->scope != SCOPE_SECTION)
        return show_word(p, t, occur);
    if (!(s = new_shown(FIH_PLAN_KEYWORD, occur, 0)))
        return NULL;
    /* Only for how long the key's head is: a level, or a level and a field. */
    keyword_field(t->key.bytes, t->key.count, &head);
    s->node.field = fihi_schema_name(&p->view->schema, n->field);
    s->node.field_kind = FIH_FIELD_KEYWORD;
    /* Behind the head is the value as it was indexed. */
    s->node.text = (fih_str){(const char *)t->key.bytes + head, t->key.count - head};
    return s;
}

/* is_one: another writing of a word (عبد الله for عبدالله), which scores as a word that is there as often as the
 * phrase. */
static struct shown *show_phrase(const struct plan *p, const struct plan_node *n, int occur)
{
    struct shown *const s = new_shown(n->is_one ? FIH_PLAN_WRITING : FIH_PLAN_PHRASE, occur, n->term_count);

    for (uint32_t i = 0; s && i < n->term_count; i++)
        /* The words in their order, which `link` and `reach` are of. */
        if (!add(s, show_word(p, &p->terms[n->term + i], FIH_MUST))) {
            free_shown(s);
            return NULL;
        }
    if (!s)
        return NULL;
    /* All words of a phrase are in one field. */
    s->node.field = n->term_count ? s->children[0]->node.field : NULL;
    s->node.slop = n->slop;
    s->node.is_near = n->is_near;
    /* A plain phrase has no weight of its own: it scores as the sum of its words. */
    s->node.weight = n->is_one ? p->terms[n->word].weight : 0;
    s->node.title_weight = n->is_one ? p->terms[n->word].title_weight : 0;
    return s;
}

/* Integers, days and seconds are themselves; a number's bounds are ordered images of doubles, so the doubles are shown
 * beside them. */
static struct shown *show_values(const struct plan *p, unsigned field, int64_t low, int64_t high, int occur)
{
    struct shown *const s = new_shown(FIH_PLAN_VALUES, occur, 0);

    if (!s)
        return NULL;
    s->node.field = fihi_schema_name(&p->view->schema, field);
    s->node.field_kind = field == FIELD_NO_TITLE || field == FIELD_NO_BODY
                             ? FIH_FIELD_TEXT
                             : (int)fihi_schema_kind(&p->view->schema, field);
    s->node.low = low;
    s->node.high = high;
    if (s->node.field_kind == FIH_FIELD_NUMBER) {
        /* An open bound is NaN here; low and high say that it is open. */
        s->node.low_number = double_of_value(low);
        s->node.high_number = double_of_value(high);
    }
    return s;
}

/* The words that a pattern means in this index are not listed: another engine has its own dictionary, and gets the
 * expression. */
static struct shown *show_set(const struct plan *p, const struct plan_node *n, int occur)
{
    const struct plan_set *const set = &p->sets[n->set];
    struct shown *const s = new_shown(FIH_PLAN_PATTERN, occur, 0);

    if (!s)
        return NULL;
    s->node.field = field_of(set->scope);
    s->node.text = fih_str_of(set->text);
    /* Not a pattern of the query but the words of a root: both texts say which. */
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

/* One case for each kind of search/plan.h; `occur` is how the node stands in its parent. */
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
        /* No children, no words: every document. */
        return new_shown(FIH_PLAN_ALL, occur, 0);
    case PLAN_VALUES:
        if ((s = show_values(p, n->field, n->low, n->high, occur)) != NULL)
            /* What keywords begin with; their low and high are places in each segment's terms, and mean nothing to a
             * program. */
            s->node.text = (fih_str){n->text ? n->text : "", n->text_bytes};
        return s;
    default:
        /* Of readings and writings the best counts, of a group's children the sum. */
        if (!(s = new_shown(n->is_best || n->is_readings ? FIH_PLAN_BEST : FIH_PLAN_GROUP, occur, n->count)))
            return NULL;
        /* So many of the children that may match. */
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
 * Filters cost nothing in a score, so the planner keeps them apart (sieve.h); to a program they are conditions like
 * others. filters + 2: the tree and the span of days. */
static struct shown *show_root(const struct plan *p)
{
    /* The planner sets both, one of them as open (plan_filter.c). */
    const bool has_days = p->since != DATE_NONE || p->until != DATE_NONE;
    const size_t filters = p->filter ? p->filter->count : 0;
    struct shown *s;

    /* Nothing is beside it: one level less for the program. */
    if (!has_days && filters == 0)
        return show(p, p->root, FIH_MAY);
    if (!(s = new_shown(FIH_PLAN_GROUP, FIH_MAY, filters + 2)))
        return NULL;
    bool good = add(s, show(p, p->root, FIH_MUST));
    if (good && has_days)
        /* A span that is open in the plan's 32 bits is open in a program's 64. */
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

/* The readings of a word at one place of the title: any of them will do. */
static struct shown *show_place(const struct plan *p, const struct title_word *w)
{
    struct shown *const s = new_shown(FIH_PLAN_GROUP, FIH_MUST, w->end - w->first);

    for (uint32_t i = w->first; s && i < w->end; i++)
        if (!add(s, show_word(p, &p->terms[i], FIH_MAY))) {
            free_shown(s);
            return NULL;
        }
    /* Its weight counts once, whichever reading stands there. */
    if (s) {
        s->node.weight = w->weight;
        s->node.is_sure = w->is_sure;
    }
    return s;
}

/* Each title is a row of places, all of which must fit; of the titles the best counts. */
static struct shown *show_titles(const struct plan *p)
{
    struct shown *const s = new_shown(FIH_PLAN_BEST, FIH_MAY, p->title_count);
    bool good = s != NULL;

    /* At most TITLES_MOST (plan.h). */
    for (unsigned i = 0; good && i < p->title_count; i++) {
        const struct title *const t = &p->titles[i];

        /* Added at once, so that it is freed with `s` if one of its places fails. */
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

/* In their first readings, as the second pass takes them. Stop words that were passed over find nothing but count for
 * places where they stand between others. At most RESCORE_PASSED of them, as in the second pass. */
static struct shown *show_passed(const struct plan *p)
{
    struct shown *const s = new_shown(FIH_PLAN_GROUP, FIH_MAY, p->term_count);
    size_t room = RESCORE_PASSED;
    bool good = s != NULL;

    for (size_t i = 0; good && room > 0 && i < p->term_count; i++)
        /* Readings behind the first, and words that are found by their form alone, are not looked for between
         * others. */
        if (p->terms[i].is_passed && !p->terms[i].is_variant && !p->terms[i].is_form_only &&
            p->terms[i].scope == SCOPE_ANY) {
            /* In the query's order. */
            good = add(s, show_word(p, &p->terms[i], FIH_MAY));
            room--;
        }
    if (!good) {
        free_shown(s);
        return NULL;
    }
    return s;
}

/* The plan is the one that a search with these options would make, so the reader must live as long. */
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
    /* Trees only where the plan has something for them: NULL says "none" to a program. */
    if ((rc = fihi_make_plan(&p->plan, r, q, &o, err)) == 0 &&
        (!(p->root = show_root(p->plan)) || (p->plan->title_count && !(p->titles = show_titles(p->plan))) ||
         (p->plan->has_passed && !(p->passed = show_passed(p->plan)))))
        rc = fihi_fail_nomem(err);
    if (rc != 0) {
        fih_plan_free(p);
        return rc;
    }
    /* Numbers of the whole query: the formula's parameters, the collection's sizes, and how many hits get the second
     * pass. */
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
    /* Made once, with the plan. */
    return &p->info;
}

/* Also of one that was made in part. */
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
