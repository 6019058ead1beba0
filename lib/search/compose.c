/* search/compose.c - nodes made and copied.
 *
 * A program's query needs no quoting and no parser: a text of any signs is a text. Queries are immutable and copied
 * when they become part of another, so a caller may free or reuse each of them in any order.
 *
 * The rules are the parser's (query.c), so that both lead to the same trees and a plan need not know which it has: a
 * text of title, body or any field is one node, words of a text of the index are a node each, and depth and number of
 * clauses have the same limits.
 */
#include "search/compose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "text/split.h"

/* A query with one child, which it takes over. `child` is freed on an error; NULL for a query of nothing. Every query
 * that a program composes begins here. Its root is a group that nobody wrote, as the parser's is. */
static int begin(struct fih_query **out, struct node *child, fih_error *err)
{
    struct fih_query *q = calloc(1, sizeof *q);

    *out = NULL;
    /* free(NULL) is fine; `child` is somebody's until it is added. */
    if (!q || !(q->root = fihi_node_new(NODE_GROUP, NULL, 0, 0))) {
        fihi_node_free(child);
        free(q);
        return fihi_fail_nomem(err);
    }
    if (child && fihi_node_add(q->root, child, err) != FIH_OK) {
        fihi_query_free(q);
        return FIH_E_NOMEM;
    }
    *out = q;
    return FIH_OK;
}

/* "date" is not among them: days have a function of their own. NULL means any of them, as a typed word without a field
 * does. A name that is not here is one of the index, or none. */
static int scope_named(const char *field, enum scope *scope)
{
    static const char *const names[] = {"", "title", "body", "section"};   /* enum scope */

    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(field ? field : "", names[i]) == 0) {
            *scope = (enum scope)i;
            return 1;
        }
    return 0;
}

/* ---- words of a text of the index: which texts it has, the search knows */

/* Every index has these, and no words of them. To ask for words in them is a mistake of the program, which can be told
 * at once; for other names the index decides when the search is made. */
static bool has_no_words(const char *field)
{
    static const char *const names[] = {"section", "date", "id", "url", "source"};
    size_t i = 0;

    while (i < sizeof names / sizeof *names && strcmp(field, names[i]) != 0)
        i++;
    return i < sizeof names / sizeof *names;
}

/* What has no words is refused for each builder of words; which texts an index has, the search knows. */
static int check_words(const char *field, fih_error *err)
{
    return !field || !has_no_words(field)
               ? FIH_OK
               : fihi_fail(err, FIH_E_USAGE,
                           "'%s' has no words, which stand in title, body and texts of the index: for values use "
                           "fih_query_field()",
                           field);
}

/* Takes nothing over but makes its own node, which `group` owns. is_exact: signs in the text are none; is_text: the
 * plan refuses a field that has values and no words. */
static int add_in_text(struct node *group, const char *field, fih_str text, unsigned reach, fih_error *err)
{
    struct node *const n = fihi_node_new(NODE_FIELD, text.ptr, text.len, 0);

    if (!n || fihi_node_set_field(n, (fih_str){field, strlen(field)}) != 0) {
        fihi_node_free(n);
        return fihi_fail_nomem(err);
    }
    n->scope = SCOPE_FIELD;
    /* The scope says that the field is not one of title and body, so the plan asks the schema what it is. */
    n->is_exact = n->is_text = true;
    n->reach = reach;
    return fihi_node_add(group, n, err);
}

/* As field:(one two) is read, but that signs are none: several words in one node would be a phrase. The splitter of
 * texts says what a word is, so "10:30" is cut here as it was when it was indexed. Its limit counts what the text has,
 * which is up to 1 MiB from outside: without it one call could make half a million nodes. */
static int add_words(struct node *group, const char *field, fih_str text, fih_error *err)
{
    struct splitter splitter = {0};
    struct span word;
    int rc = FIH_OK;

    fihi_split_begin(&splitter, (const uint8_t *)text.ptr, text.len);
    while (rc == FIH_OK && (rc = fihi_split_next(&splitter, &word)) == FIH_OK)
        rc = group->count == FIH_MAX_CLAUSES
                 ? fihi_fail(err, FIH_E_LIMIT, "a query has at most %u words of a field", FIH_MAX_CLAUSES)
                 : add_in_text(group, field, (fih_str){text.ptr + word.start, word.end - word.start}, 0, err);
    fihi_split_free(&splitter);
    return rc == FIH_DONE ? FIH_OK : rc == FIH_E_NOMEM ? fihi_fail_nomem(err) : rc;
}

/* On an error *out is NULL, and all that was made is freed. */
static int compose_in_text(struct fih_query **out, enum node_kind kind, const char *field, fih_str text, unsigned reach,
                           fih_error *err)
{
    int rc = begin(out, NULL, err);

    if (rc == 0)
        rc = kind == NODE_PHRASE ? add_in_text((*out)->root, field, text, reach, err)
                                 : add_words((*out)->root, field, text, err);
    if (rc != 0) {
        fihi_query_free(*out);
        *out = NULL;
    }
    return rc;
}

/* The length is checked before any byte of the text is copied. What is wrong with a field's name is said in the words
 * of the interface, for a program's author reads it. */
int fihi_compose_leaf(struct fih_query **out, enum node_kind kind, const char *field, fih_str text, unsigned reach,
                      fih_error *err)
{
    enum scope scope = SCOPE_ANY;
    struct node *n;

    *out = NULL;
    if (text.len > FIH_MAX_QUERY)
        return fihi_fail(err, FIH_E_LIMIT, "a query of %zu bytes is too long: at most %u", text.len, FIH_MAX_QUERY);
    const bool is_known = scope_named(field, &scope);
    /* A section is asked for as a keyword, by its own function. */
    if (kind != NODE_KEYWORD && check_words(field, err) != 0)
        return FIH_E_USAGE;
    /* The parser has the same limit, so what a program asks can also be typed. */
    if (reach > REACH_MOST)
        return fihi_fail(err, FIH_E_LIMIT, "at most %d other words may stand between those of a phrase", REACH_MOST);
    if (!is_known)
        return compose_in_text(out, kind, field, text, reach, err);
    if (!(n = fihi_node_new(kind, text.ptr, text.len, 0)))
        return fihi_fail_nomem(err);
    n->scope = scope;
    n->reach = reach;
    n->is_exact = kind == NODE_KEYWORD;
    n->is_plain = kind == NODE_WORDS;
    return begin(out, n, err);
}

/* As the parser makes it: in a text of the index the chain and its operands have the name of the field. */
static int add_operand(struct node *near, fih_str text, enum link link, unsigned reach, fih_error *err)
{
    struct node *const n = fihi_node_new(NODE_PHRASE, text.ptr, text.len, 0);

    if (n && near->field && fihi_node_put_in_field(n, near->field, err) != 0) {
        fihi_node_free(n);
        return FIH_E_NOMEM;
    }
    if (n) {
        n->scope = near->scope;
        n->link = near->count ? link : LINK_NEXT;
        n->reach = near->count ? reach : 0;
    }
    return fihi_node_add(near, n, err);
}

int fihi_compose_near(struct fih_query **out, const char *field, const fih_str *texts, size_t count, unsigned reach,
                      bool is_ordered, fih_error *err)
{
    enum scope scope = SCOPE_ANY;
    const bool is_known = scope_named(field, &scope);
    struct node *near;
    size_t bytes = 0;
    int rc = check_words(field, err);

    *out = NULL;
    for (size_t i = 0; i < count && bytes <= FIH_MAX_QUERY; i++)
        bytes = texts[i].len <= FIH_MAX_QUERY ? bytes + texts[i].len : texts[i].len;
    if (rc == 0 && (reach < 1 || reach > REACH_MOST))
        rc = fihi_fail(err, FIH_E_LIMIT, "the distance between words is from 1 to %d", REACH_MOST);
    if (rc == 0 && (count > FIH_MAX_CLAUSES || bytes > FIH_MAX_QUERY))
        rc = fihi_fail(err, FIH_E_LIMIT, "at most %u texts may be near each other, of %u bytes together",
                       FIH_MAX_CLAUSES, FIH_MAX_QUERY);
    if (rc != 0)
        return rc;
    if (!(near = fihi_node_new(NODE_NEAR, NULL, 0, 0)))
        return fihi_fail_nomem(err);
    near->scope = is_known ? scope : SCOPE_FIELD;
    if (!is_known && fihi_node_set_field(near, (fih_str){field, strlen(field)}) != 0)
        rc = fihi_fail_nomem(err);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = add_operand(near, texts[i], is_ordered ? LINK_THEN : LINK_NEAR, reach, err);
    if (rc == 0)
        return begin(out, near, err);
    fihi_node_free(near);
    return rc;
}

/* The text and not the days: today is when the search is, not when the query was made. It is not parsed here: whether
 * the text is a span at all the plan finds out, with the words of that day. */
int fihi_compose_dates(struct fih_query **out, fih_str span, fih_error *err)
{
    struct node *n = fihi_node_new(NODE_DATE, span.ptr, span.len, 0);

    *out = NULL;
    if (!n)
        return fihi_fail_nomem(err);
    n->scope = SCOPE_DATE;
    return begin(out, n, err);
}

/* `field` comes from a program and may be NULL: said so, instead of a crash. The name is not compared with any schema,
 * as no index is known here. */
int fihi_compose_field(struct fih_query **out, const char *field, fih_str text, bool is_exact, fih_error *err)
{
    enum scope scope = SCOPE_ANY;
    struct node *n;

    *out = NULL;
    if (text.len > FIH_MAX_QUERY)
        return fihi_fail(err, FIH_E_LIMIT, "a query of %zu bytes is too long: at most %u", text.len, FIH_MAX_QUERY);
    if (scope_named(field, &scope) && (scope == SCOPE_TITLE || scope == SCOPE_BODY) &&
        (is_exact || text.len != 1 || *text.ptr != '*'))
        return fihi_fail(err, FIH_E_USAGE, "'%s' has words and no values: use fih_query_words() or fih_query_phrase()",
                         field);
    if (!field || !(n = fihi_node_new(NODE_FIELD, text.ptr, text.len, 0)))
        return field ? fihi_fail_nomem(err) : fihi_fail(err, FIH_E_USAGE, "a filter needs the name of its field");
    n->scope = scope == SCOPE_TITLE || scope == SCOPE_BODY ? scope : SCOPE_FIELD;
    /* false: >5 and 1..3 in the text are spans, as in a typed query. */
    n->is_exact = is_exact;
    if (fihi_node_set_field(n, (fih_str){field, strlen(field)}) != 0) {
        fihi_node_free(n);
        return fihi_fail_nomem(err);
    }
    return begin(out, n, err);
}

/* NULL without memory, or past a limit where clauses are counted: *rc tells. Depth is checked before it recurses:
 * programs can put groups into groups without end. Parentheses that nest as deep as they may hold an OR of ANDs each,
 * so nodes nest deeper. What was parsed is within the limits, and so is a copy. `clauses` counts leaves, over all parts
 * of a group; NULL where nothing is checked. So recursion is at most 3 · 65 levels deep. */
static struct node *copy(const struct node *n, unsigned depth, unsigned *clauses, int *rc, fih_error *err)
{
    struct node *c;

    if (clauses && (depth > 3 * (FIH_MAX_DEPTH + 1) || (n->count == 0 && ++*clauses > FIH_MAX_CLAUSES))) {
        *rc = fihi_fail(err, FIH_E_LIMIT, "a query has at most %u clauses, which nest at most %u deep", FIH_MAX_CLAUSES,
                        FIH_MAX_DEPTH);
        return NULL;
    }
    if (!(c = fihi_node_new(n->kind, n->text, n->len, n->at))) {
        *rc = fihi_fail_nomem(err);
        return NULL;
    }
    c->occur = n->occur;
    c->scope = n->scope;
    c->is_or = n->is_or;
    /* Neither the parser nor a program makes such a group, only compound.c; a copy has it all the same. */
    c->is_best = n->is_best;
    c->docs = n->docs;
    /* Field by field: a struct copy would share text and children. */
    c->boost = n->boost;
    c->reach = n->reach;
    c->pattern = n->pattern;
    c->text_at = n->text_at;
    c->is_exact = n->is_exact;
    c->is_plain = n->is_plain;
    c->is_text = n->is_text;
    c->name = n->name;
    if (n->field && fihi_node_set_field(c, (fih_str){n->field, strlen(n->field)}) != 0) {
        fihi_node_free(c);
        *rc = fihi_fail_nomem(err);
        return NULL;
    }
    c->link = n->link;
    for (size_t i = 0; i < n->count; i++) {
        struct node *const child = copy(n->children[i], depth + 1, clauses, rc, err);

        /* `child` belongs to nobody only while fihi_node_add() runs, which frees it on an error. */
        if (!child || (*rc = fihi_node_add(c, child, err)) != 0) {
            fihi_node_free(c);
            return NULL;
        }
    }
    return c;
}

/* For compound.c, synonyms.c and why.c, which change the tree of a query that other threads may be searching with. */
int fihi_query_copy(struct fih_query **out, const struct fih_query *q, fih_error *err)
{
    struct fih_query *c = calloc(1, sizeof *c);
    int rc = FIH_OK;

    *out = NULL;
    if (!c)
        return fihi_fail_nomem(err);
    /* What was within the limits once is so again. */
    if (!(c->root = copy(q->root, 0, NULL, &rc, err))) {
        free(c);
        return rc;
    }
    c->except = q->except;
    c->has_except = q->has_except;
    *out = c;
    return FIH_OK;
}

/* A typed word with a sign that splits into several is a phrase (+COVID-19); a plain text of several is none. Is it a
 * text whose words are any of several, and has it two? Two look-ups are enough to know, so a text of a megabyte costs
 * no more than one of two words. */
static bool has_any_words(const struct node *n)
{
    struct splitter splitter = {0};
    struct span word;
    bool has = n->kind == NODE_WORDS && n->is_plain;

    fihi_split_begin(&splitter, (const uint8_t *)n->text, n->len);
    /* Only two, for the question is one or more. */
    for (int i = 0; i < 2 && has; i++)
        has = fihi_split_next(&splitter, &word) != FIH_DONE;   /* without memory a group is safe, if needless */
    fihi_split_free(&splitter);
    return has;
}

/* The root's only child is the clause itself; several stay together. The clause's query is only read: it stays the
 * program's. Weights multiply, so that a group of weight 2 with a word of weight 3 counts it six times. */
static int add_clause(struct fih_query *q, const fih_clause *clause, unsigned *clauses, fih_error *err)
{
    const struct node *root = clause->query->root;
    /* A query of one word gets no group around it, so (a) and a score alike. One that must or must not match keeps
     * its group, else its sign would be lost in the clause's; so do plain words that get one. */
    const bool is_one = root->count == 1 && root->children[0]->occur == OCCUR_SHOULD &&
                        (clause->occur == FIH_MAY || !has_any_words(root->children[0]));
    const struct node *from = is_one ? root->children[0] : root;
    /* 0 is what a struct that was zeroed has, and means 1. == between floats is a warning. */
    const float boost = fpclassify(clause->boost) == FP_ZERO ? 1 : clause->boost;
    int rc = FIH_OK;
    struct node *n;

    if (clause->occur < FIH_MAY || clause->occur > FIH_NOT || !(boost >= 0.01f && boost <= 100))
        return fihi_fail(err, FIH_E_USAGE, "a clause needs FIH_MAY, FIH_MUST or FIH_NOT, and a boost from 0.01 to 100");
    if (!(n = copy(from, 1, clauses, &rc, err)))
        return rc;
    /* The numbers of FIH_MAY, FIH_MUST and FIH_NOT are those of enum occur, in this order. */
    n->occur = (enum occur)clause->occur;
    /* The parser's bounds are of each weight by itself; products may go beyond them, by groups in groups. */
    n->boost *= boost;
    return fihi_node_add(q->root, n, err);
}

/* The i-th of an array whose elements are as large as the first says, in a program with an older or newer header. That
 * is how fih_clause may grow: what a program compiled with an older header does not have is 0, and what a newer one has
 * behind our last member is not looked at. A size of 0, or one too small for the members of the first release, is an
 * array that was not begun from FIH_CLAUSE. */
static int read_clause(fih_clause *out, const fih_clause *clauses, size_t i, fih_error *err)
{
    const size_t size = clauses->size;

    memset(out, 0, sizeof *out);
    if (size >= offsetof(fih_clause, boost) + sizeof clauses->boost)
        memcpy(out, (const char *)clauses + i * size, size < sizeof *out ? size : sizeof *out);
    return out->size == size && size ? FIH_OK
                                     : fihi_fail(err, FIH_E_USAGE, "a clause's size is not set: start from FIH_CLAUSE");
}

/* Without clauses it is a query that finds nothing. Clauses of clauses count together, against FIH_MAX_CLAUSES as in a
 * typed query. */
int fihi_compose_group(struct fih_query **out, const fih_clause *clauses, size_t n, fih_error *err)
{
    unsigned count = 0;
    int rc = begin(out, NULL, err);

    for (size_t i = 0; i < n && rc == 0; i++) {
        fih_clause clause;

        /* Each is read into one of our own size, so that the code above needs no test of sizes. */
        if ((rc = read_clause(&clause, clauses, i, err)) == 0)
            rc = add_clause(*out, &clause, &count, err);
    }
    if (rc != 0) {
        fihi_query_free(*out);
        *out = NULL;
    }
    return rc;
}
