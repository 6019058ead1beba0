/* body.c - a query as the body of a search: what fih_plan_new() says that it asks for, in the words of the engines.
 *
 * A word is a bool: it must have the stem, and scores what stem, form, root and title bring, each a term of its field
 * with its weight as boost. What only says which documents (filters) stands where the engine scores nothing. A phrase
 * is a filter over the fields of places, beside its words.
 *
 *   كتاب  {"bool": {"must": [{"term": {"fihrist.stems": {"value": "كتاب", "boost": 1.9}}}],
 *                   "should": [{"term": {"fihrist.forms": {"value": "كتاب/كتاب", "boost": 2.1}}}, …]}}
 */
#include <stdlib.h>
#include <string.h>

#include "opensearch/opensearch.h"
#include "opensearch/body_part.h"

/* ---- small parts; each is new, and takes what it is given over. NULL stays NULL: memory is out. */

json_t *body_term_text(fih_str term)
{
    char *const room = malloc(3 * term.len + 1);
    json_t *text;

    if (!room)
        return NULL;
    text = json_stringn(room, term_write(room, term));
    free(room);
    return text;
}

static json_t *term_of(const char *field, json_t *text, float boost)
{
    return json_pack("{s:{s:{s:o,s:f}}}", "term", field, "value", text, "boost", (double)boost);
}

json_t *body_term(const char *field, fih_str term, float boost)
{
    return term_of(field, body_term_text(term), boost);
}

/* A form with its stem, one token. */
static json_t *form_term(const fih_plan_node *n, float boost)
{
    char *const room = malloc(3 * (n->form.len + n->stem.len) + 2);
    json_t *term;
    size_t at;

    if (!room)
        return NULL;
    at = term_write(room, n->form);
    room[at++] = '/';
    at += term_write(room + at, n->stem);
    term = term_of("fihrist.forms", json_stringn(room, at), boost);
    free(room);
    return term;
}

json_t *body_constant(json_t *filter, float boost)
{
    return json_pack("{s:{s:o,s:f}}", "constant_score", "filter", filter, "boost", (double)boost);
}

/* A query with only a filter is that filter, with its score as it comes. */
json_t *body_filtered(json_t *filter, json_t *scored)
{
    return json_pack("{s:{s:[o],s:[o]}}", "bool", "filter", filter, "must", scored);
}

json_t *body_any(json_t *queries)
{
    json_t *only;

    if (json_array_size(queries) != 1)
        return json_pack("{s:{s:o,s:i}}", "bool", "should", queries, "minimum_should_match", 1);
    only = json_incref(json_array_get(queries, 0));
    json_decref(queries);
    return only;
}

static json_t *best_of(json_t *queries)
{
    json_t *only;

    if (json_array_size(queries) != 1)
        return json_pack("{s:{s:o}}", "dis_max", "queries", queries);
    only = json_incref(json_array_get(queries, 0));
    json_decref(queries);
    return only;
}

static json_t *nothing(void)
{
    return json_pack("{s:{}}", "match_none");
}

/* ---- words */

static bool is_field(const fih_plan_node *n, const char *field)
{
    return n->field && strcmp(n->field, field) == 0;
}

/* A word without a root counts as its own root: one part, for both have the stem's frequency. */
json_t *body_word(const fih_plan_node *n, struct body_notes *notes)
{
    const bool has_root = n->root.len > 0;
    json_t *must, *should;

    if (n->is_form_only)
        return form_term(n, n->form_weight);
    if (is_field(n, "title"))
        return body_term("fihrist.title_stems", n->stem, n->weight);
    must = body_term("fihrist.stems", n->stem, n->weight + (has_root ? 0 : n->root_weight));
    if (is_field(n, "body")) {
        body_say(notes, "its occurrences in the title count as those in the body", n->stem);
        return body_filtered(body_in_body(n), must);
    }
    should = json_array();
    if (n->form_weight > 0)
        json_array_append_new(should, form_term(n, n->form_weight));
    if (has_root && n->root_weight > 0)
        json_array_append_new(should, body_term("fihrist.roots", n->root, n->root_weight));
    if (n->title_weight > 0)
        json_array_append_new(should, body_term("fihrist.title_stems", n->stem, n->title_weight));
    if (json_array_size(should) > 0)
        return json_pack("{s:{s:[o],s:o}}", "bool", "must", must, "should", should);
    json_decref(should);
    return must;
}

/* ---- groups */

/* Does it say which documents, and nothing of how good they are? */
static bool is_filter(const fih_plan_node *n)
{
    bool is = n->kind == FIH_PLAN_KEYWORD || n->kind == FIH_PLAN_VALUES || n->kind == FIH_PLAN_ALL ||
              ((n->kind == FIH_PLAN_GROUP || n->kind == FIH_PLAN_BEST) && n->count > 0);

    for (size_t i = 0; i < n->count && is; i++)
        is = n->children[i]->occur == FIH_NOT || is_filter(n->children[i]);
    return is;
}

static json_t *query(const fih_plan_node *n, struct body_notes *notes);

/* A child's place in its group. What cannot be expressed is left out, of those that must match as of others. */
static bool add_child(json_t *lists[4], const fih_plan_node *c, struct body_notes *notes)
{
    enum { MUST, FILTER, SHOULD, MUST_NOT };
    const bool was_less = notes->is_less;
    json_t *q;

    notes->is_less = false;
    q = query(c, notes);
    const bool is_left_out = !q && notes->is_less;
    notes->is_less |= was_less;
    if (!q)
        return is_left_out;
    if (c->occur == FIH_NOT)
        return json_array_append_new(lists[MUST_NOT], q) == 0;
    if (c->occur == FIH_MUST)
        return json_array_append_new(lists[is_filter(c) ? FILTER : MUST], q) == 0;
    return json_array_append_new(lists[SHOULD], is_filter(c) ? body_constant(q, 0) : q) == 0;
}

/* Empty lists are left out. One thing that may match, and nothing else, is that. */
static json_t *join(json_t *lists[4], uint32_t least)
{
    static const char *const names[] = { "must", "filter", "should", "must_not" };
    const bool has_must = json_array_size(lists[0]) + json_array_size(lists[1]) > 0;
    const size_t should = json_array_size(lists[2]);
    json_t *clauses, *only = NULL;

    if (!has_must && should == 0)
        return nothing();
    if (json_array_size(lists[3]) == 0 && json_array_size(lists[1]) == 0) {
        if (!has_must && should == 1)
            only = json_array_get(lists[2], 0);
        else if (should == 0 && json_array_size(lists[0]) == 1)
            only = json_array_get(lists[0], 0);
    }
    if (only)
        return json_incref(only);
    clauses = json_object();
    for (unsigned i = 0; i < 4; i++)
        if (json_array_size(lists[i]) > 0)
            json_object_set(clauses, names[i], lists[i]);
    if (should > 0 && least == 0 && !has_must)
        least = 1;
    if (should > 0)
        json_object_set_new(clauses, "minimum_should_match", json_integer(least < should ? least : (json_int_t)should));
    return json_pack("{s:o}", "bool", clauses);
}

/* NULL if memory is out, or if all that it asks for was left out. */
static json_t *group(const fih_plan_node *n, struct body_notes *notes)
{
    json_t *lists[4] = { json_array(), json_array(), json_array(), json_array() }, *q = NULL;
    const bool was_less = notes->is_less;
    bool good = true;

    notes->is_less = false;
    for (size_t i = 0; i < n->count && good; i++)
        good = add_child(lists, n->children[i], notes);
    const bool asks = json_array_size(lists[0]) + json_array_size(lists[1]) + json_array_size(lists[2]) > 0;
    if (good && (asks || !notes->is_less))
        q = n->kind == FIH_PLAN_BEST ? best_of(json_incref(lists[2])) : join(lists, n->least);
    notes->is_less |= was_less;
    for (unsigned i = 0; i < 4; i++)
        json_decref(lists[i]);
    return q;
}

/* ---- filters */

static json_t *end_of_range(const fih_plan_node *n, int64_t value, double number)
{
    char day[FIH_DATE_BYTES];

    if (n->field_kind == FIH_FIELD_NUMBER)
        return json_real(number);
    if (n->field_kind != FIH_FIELD_DATE)
        return json_integer(value);
    return value < INT32_MIN || value > INT32_MAX || fih_date_text(day, (int32_t)value, NULL) != FIH_OK
               ? NULL
               : json_string(day);
}

/* Days that cannot be written are before or behind all that can. */
static json_t *values(const fih_plan_node *n)
{
    json_t *range;

    if (n->text.len > 0)
        return json_pack("{s:{s:{s:o}}}", "prefix", n->field, "value", json_stringn(n->text.ptr, n->text.len));
    if (n->low > n->high)
        return nothing();
    range = json_object();
    if (n->field_kind != FIH_FIELD_KEYWORD && n->low > INT64_MIN + 1)
        json_object_set_new(range, "gte", end_of_range(n, n->low, n->low_number));
    if (n->field_kind != FIH_FIELD_KEYWORD && n->high < INT64_MAX)
        json_object_set_new(range, "lte", end_of_range(n, n->high, n->high_number));
    if (json_object_size(range) > 0)
        return json_pack("{s:{s:o}}", "range", n->field, range);
    json_decref(range);
    return json_pack("{s:{s:s}}", "exists", "field", n->field);
}

/* ---- all */

/* Texts of the schema do not go over as words. */
static bool is_of_text(const fih_plan_node *n)
{
    if (n->kind == FIH_PLAN_VALUES)
        return n->field_kind == FIH_FIELD_TEXT;
    return n->field && !is_field(n, "title") && !is_field(n, "body") &&
           (n->kind == FIH_PLAN_WORD || n->kind == FIH_PLAN_PHRASE || n->kind == FIH_PLAN_PATTERN);
}

static json_t *query(const fih_plan_node *n, struct body_notes *notes)
{
    if (is_of_text(n)) {
        body_say(notes, "left out: words of this field are not exported", fih_str_of(n->field));
        notes->is_less = true;
        return NULL;
    }
    switch (n->kind) {
    case FIH_PLAN_WORD:
        return body_word(n, notes);
    case FIH_PLAN_PHRASE:
    case FIH_PLAN_WRITING:
        return body_phrase(n, notes);
    case FIH_PLAN_PATTERN:
        return body_pattern(n, notes);
    case FIH_PLAN_KEYWORD:
        return json_pack("{s:{s:{s:o}}}", "term", n->field, "value", json_stringn(n->text.ptr, n->text.len));
    case FIH_PLAN_VALUES:
        return values(n);
    case FIH_PLAN_ALL:
        return json_pack("{s:{}}", "match_all");
    default:
        return group(n, notes);
    }
}

/* ---- titles that are the query */

/* One of the place's words stands there; its weight counts where the document has the form. */
static void add_form(json_t *should, float *sure, const fih_plan_node *place)
{
    json_t *const forms = json_array();
    bool is_sure = place->is_sure;

    for (size_t i = 0; i < place->count; i++) {
        is_sure |= place->children[i]->form.len == 0;
        if (place->children[i]->form.len > 0)
            json_array_append_new(forms, form_term(place->children[i], 1));
    }
    if (is_sure)
        *sure += place->weight;
    if (is_sure || !(place->weight > 0))
        json_decref(forms);
    else
        json_array_append_new(should, body_constant(body_any(forms), place->weight));
}

/* As long as the query, and its words one behind the other: so there is room for no other. */
static json_t *title(const fih_plan_node *n)
{
    json_t *const should = json_array(), *places = json_array(), *length;
    float sure = 0;

    for (size_t i = 0; i < n->count; i++) {
        const fih_plan_node *const place = n->children[i];
        json_t *const stems = json_array();

        for (size_t k = 0; k < place->count; k++)
            json_array_append_new(stems, body_match(place->children[k]));
        json_array_append_new(places, json_array_size(stems) == 1
                                          ? json_incref(json_array_get(stems, 0))
                                          : json_pack("{s:{s:O}}", "any_of", "intervals", stems));
        json_decref(stems);
        add_form(should, &sure, place);
    }
    if (sure > 0)
        json_array_append_new(should, body_constant(json_pack("{s:{}}", "match_all"), sure));
    length = json_pack("{s:{s:{s:i}}}", "term", "fihrist.title_length", "value", (int)n->count);
    return json_pack("{s:{s:[o,o],s:o}}", "bool", "filter", length,
                     json_pack("{s:{s:{s:{s:b,s:i,s:o}}}}", "intervals", "fihrist.title_words", "all_of", "ordered", 1,
                               "max_gaps", 0, "intervals", places),
                     "should", should);
}

json_t *body_query(const fih_plan_info *plan, struct body_notes *notes)
{
    json_t *const found = query(plan->root, notes), *titles;

    if (!found || !plan->titles || plan->titles->count == 0)
        return found && is_filter(plan->root) ? body_constant(found, 0) : found;
    titles = json_array();
    for (size_t i = 0; i < plan->titles->count; i++)
        json_array_append_new(titles, title(plan->titles->children[i]));
    return json_pack("{s:{s:[o],s:[o]}}", "bool", "must", found, "should", best_of(titles));
}
