/* search/plan_field.c - fields and their values: NAME:VALUES becomes a node that says which documents.
 *
 * Which fields there are only the index knows, so the parser leaves NAME:VALUES as it is, and what it means is decided
 * here (of words that may be NAME:VALUES, by fihi_node_find_fields()): a keyword becomes a term with a list, a text
 * words or a phrase (plan_text.c), all else a span of values that is compared with the column. Mistakes are told with
 * their byte in the query and with what could have been written, because the sender sees nothing else of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "index/column.h"
#include "search/plan_part.h"
#include "search/values.h"
#include "search/when.h"

/* ---- what is wrong */

/* Some fields exist and cannot be searched: that is another answer than "there is none". 63 bytes of the name are
 * shown, so that a long one does not push the hint out of the message. Fields of the schema stand in the message, as
 * many as have room, for a name is often only misspelt. */
static int no_field(struct planner *p, const struct node *n, fih_str name)
{
    static const char *const stored[] = {"id", "source"};
    const int rc = fihi_schema_refuse_address(name, FIH_E_QUERY, n->at, p->err);
    char list[600];

    if (rc != 0)
        return rc;
    for (size_t i = 0; i < sizeof stored / sizeof *stored; i++)
        if (strlen(stored[i]) == name.len && memcmp(stored[i], name.ptr, name.len) == 0)
            return fihi_fail_at(p->err, FIH_E_QUERY, n->at, "the field %s at byte %zu is only stored, not searched",
                                stored[i], n->at);
    fihi_schema_list(&p->view->schema, list, sizeof list);
    return fihi_fail_at(p->err, FIH_E_QUERY, n->at,
                        "there is no field '%.*s' (byte %zu): the index has %s; with a space behind the colon it is a "
                        "word",
                        (int)(name.len < 63 ? name.len : 63), name.ptr, n->at, list);
}

/* examples is by kind of field, as enum fih_field_kind counts them; %s is the field's name. The name is put in by hand,
 * for a format that is no literal is one that no compiler checks; 70 bytes are kept free for one of full length. */
static int no_value(struct planner *p, const struct node *n, unsigned field, fih_str text)
{
    static const char *const examples[] = {"", "", "100, %s:100..250, %s:>250", "2.5, %s:1..2.5, %s:<=9",
                                           "2015-03, %s:2015..2017, %s:>2024",
                                           "2015-03-12, %s:>=2015-03-12T10:30, %s:yesterday"};
    const struct schema *const s = &p->view->schema;
    const char *const name = fihi_schema_name(s, field);
    const char *example = examples[fihi_schema_kind(s, field)];
    char shown[256];
    size_t at = 0;

    for (; *example && at + 70 < sizeof shown; example++)
        if (example[0] == '%' && example[1] == 's') {
            at += (size_t)snprintf(shown + at, sizeof shown - at, "%s", name);
            example++;
        } else {
            shown[at++] = *example;
        }
    shown[at] = '\0';
    return fihi_fail_at(p->err, FIH_E_QUERY, n->at, "'%.*s' at byte %zu is no value of the field %s: write %s:%s",
                        (int)(text.len < 60 ? text.len : 60), text.ptr, n->at, name, name, shown);
}

/* ---- nodes */

/* The value as it is, not analysed: a keyword is found by all of its bytes. One that no document has is no error: it
 * finds nothing, as a word would. Terms are counted before theirs is added, so `term` is its number. */
int fihi_plan_keyword(struct planner *p, struct plan_node *group, enum occur occur, unsigned field, fih_str value)
{
    const uint32_t term = (uint32_t)p->plan->term_count;
    struct plan_node *c;
    int rc = fihi_plan_keyword_term(p, field, value);

    if (rc != 0)
        return rc;
    if (!(c = fihi_plan_add(group, PLAN_TERM, occur)))
        return fihi_fail_nomem(p->err);
    c->term = term;
    c->term_count = 1;
    c->field = field;
    return FIH_OK;
}

/* Both ends are in it, as the column's numbers: days, seconds, integers, the bits of a fraction in their order
 * (value.h). Example: 2015 of a field of dates is 16,436 to 16,800. With low above high nothing is found, and that is
 * no error. */
static int add_values(struct planner *p, struct plan_node *group, enum occur occur, unsigned field, int64_t low,
                      int64_t high)
{
    struct plan_node *const c = fihi_plan_add(group, PLAN_VALUES, occur);

    if (!c)
        return fihi_fail_nomem(p->err);
    c->field = field;
    c->low = low;
    c->high = high;
    return FIH_OK;
}

/* Keywords that begin so. A span of places among the field's terms: which one differs from segment to segment, so the
 * beginning is kept (fihi_plan_values()). Of no bytes all of them begin so: any value. Up to INT64_MAX, but which
 * keywords that is, is known in a segment only. The text is copied: the query may be gone when the plan is used. The
 * place of INT64_MAX is never used with a text: fihi_plan_values() finds both ends. */
static int add_beginning(struct planner *p, struct plan_node *group, enum occur occur, unsigned field, fih_str text)
{
    const int rc = add_values(p, group, occur, field, 0, INT64_MAX);
    struct plan_node *const c = rc ? NULL : group->children[group->count - 1];

    if (rc != 0 || text.len == 0)
        return rc;
    if (!(c->text = malloc(text.len)))
        return fihi_fail_nomem(p->err);
    memcpy(c->text, text.ptr, text.len);
    c->text_bytes = text.len;
    return FIH_OK;
}

/* The asterisk is no part of the beginning; of one by itself no byte is left. */
int fihi_plan_keywords(struct planner *p, struct plan_node *group, const struct node *n, unsigned field)
{
    return node_is_beginning(n) ? add_beginning(p, group, n->occur, field, (fih_str){n->text, n->len - 1})
                                : fihi_plan_keyword(p, group, n->occur, field, (fih_str){n->text, n->len});
}

/* The kind decides before the text is read, for 2015 is a keyword, a number, a year or a word. A kind of 0 is that of
 * no field. FIH_E_QUERY without a message comes from where values are read, which knows neither the field nor where it
 * stands in the query: so no_value() tells. Days and times are seen from the day that the caller says, or tests would
 * depend on the clock. */
int fihi_plan_field(struct planner *p, struct plan_node *group, const struct node *n)
{
    const struct schema *const s = &p->view->schema;
    const fih_str name = {n->field, strlen(n->field)}, text = {n->text, n->len};
    const unsigned words = n->scope == SCOPE_TITLE ? FIELD_NO_TITLE : n->scope == SCOPE_BODY ? FIELD_NO_BODY : 0;
    const unsigned field = fihi_schema_find(s, name), kind = fihi_schema_kind(s, field);
    int64_t low, high;
    int rc;

    if (words)                                 /* any title, or body */
        return add_values(p, group, n->occur, words, 1, UINT32_MAX);
    if (field == 0)
        return no_field(p, n, name);
    if (n->is_text && kind != FIH_FIELD_TEXT)
        return fihi_fail_at(p->err, FIH_E_QUERY, n->at,
                            "the field %s has no words, for it is no text: for its values use fih_query_field()",
                            n->field);
    if (n->kind == NODE_NEAR && kind != FIH_FIELD_TEXT)
        return fihi_fail_at(p->err, FIH_E_QUERY, n->at,
                            "NEAR and THEN join words, which the field %s has not, for it is no text: see byte %zu",
                            n->field, n->at);
    if (kind == FIH_FIELD_KEYWORD)
        return fihi_plan_keywords(p, group, n, field);
    if (kind == FIH_FIELD_TEXT)                /* any value: any length */
        return node_is_any(n)
                   ? add_values(p, group, n->occur, field, 1, UINT32_MAX)
                   : fihi_plan_text(p, group, n, field);
    rc = fihi_values_read(&low, &high, kind, text, p->opts->today, p->err);
    return rc == FIH_E_QUERY ? no_value(p, n, field, text) : rc ? rc : add_values(p, group, n->occur, field, low, high);
}

/* A span that was one when the query was made may be empty today. Then from is behind to, and nothing is found: no
 * error. Example: date:2019 is 17,897 to 18,261, days since 1970-01-01. Any day begins one behind INT32_MIN, which is
 * DATE_NONE, the day of a document without one. */
int fihi_plan_date(struct planner *p, struct plan_node *group, const struct node *n)
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

/* For each segment anew, where a keyword's beginning is asked for. Terms that begin alike stand side by side, so they
 * are one span; an empty one comes out as low > high. Example: of a segment with the keywords ab, abc and b those that
 * begin with ab are the places 0 to 1; of one with b alone they are 0 to -1. A column without the field is no case: who
 * asks has opened it. */
int fihi_plan_values(const struct plan_node *n, const struct column *c, int64_t *low, int64_t *high, fih_error *err)
{
    const fih_str text = {n->text, n->text_bytes};
    uint32_t from, to;
    int rc;

    *low = n->low;
    *high = n->high;
    if (!n->text)
        return FIH_OK;
    rc = fihi_column_places(c, text, text, true, &from, &to, err);
    *low = from;
    *high = (int64_t)to - 1;
    return rc;
}
