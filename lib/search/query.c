/* search/query.c - the grammar of a query: what may stand where, and how it binds. The atoms are query_atom.c's.
 *
 *   query   = { either }                                     side by side: any may match
 *   either  = both { or both }                               or  = "OR"  | "||" | "_أو_"
 *   both    = near { and near }                              and = "AND" | "&&" | "_و_"
 *   near    = { not } clause { distance clause }             not = "NOT" | "_ليس_"
 *   clause  = [ "+" | "-" ] [ field ":" ] atom
 *   distance = ( "NEAR" | "THEN" | "_قرب_" | "_ثم_" ) "/" number
 *   atom    = ( word | '"' text '"' [ "~" number ] | "(" query ")" ) [ "^" number ]
 *
 * For " there may be other marks, which query_scan.c lists. A word that begins with # or @ and has a _ is a phrase.
 * A word with * or with ? inside, with ~ or ~2 behind, between slashes, or behind = is a pattern, as pattern.h has it.
 * In the field "date" a word or quotation is a span of days, as when.h has it. In any field but these, "title", "body"
 * and "section" a word or quotation says which values, as values.h has it.
 *
 * An operator counts only where it stands alone, a sign and a parenthesis only at the beginning of a clause. Everything
 * else belongs to a word. One pass with one look ahead; recursion is by parentheses only, and those are counted.
 *
 * There are few errors, for people paste texts: a lonely sign, a colon, a question mark or a parenthesis inside a word
 * is part of the word. Refused is only what was surely meant as an operator and cannot be one. An error has its byte; a
 * function's *out is the caller's to free even then, and what is handed over is freed by who took it. */
#include "search/query.h"

#include <stdbool.h>
#include <string.h>

#include "base/fail.h"
#include "search/query_part.h"
#include "search/values.h"

/* ---- operators */

/* Those with a distance last, as operator_at() relies on. */
enum operator { OP_NONE, OP_AND, OP_OR, OP_NOT, OP_NEAR, OP_THEN };

/* The Arabic ones stand between underscores, so that و and أو stay words. */
static const struct {
    const char   *name;
    enum operator op;
} operators[] = {
    {"AND", OP_AND}, {"&&", OP_AND}, {"_و_", OP_AND}, {"OR", OP_OR}, {"||", OP_OR}, {"_أو_", OP_OR}, {"_او_", OP_OR},
    /* _او_ as well: few type the hamza. */
    {"NOT", OP_NOT}, {"_ليس_", OP_NOT}, {"NEAR/", OP_NEAR}, {"_قرب_/", OP_NEAR}, {"THEN/", OP_THEN}, {"_ثم_/", OP_THEN},
};

/* The operator that stands here alone, and its length. A distance is a number behind its name. */
static enum operator operator_at(const struct scan *t, size_t *len, float *reach)
{
    /* Asked only where a clause may begin or end, so a dozen comparisons do. */
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        const size_t name = strlen(operators[i].name);
        size_t end = t->i + name;

        if (t->n - t->i < name || memcmp(t->s + t->i, operators[i].name, name) != 0 ||
            /* The distances are the last of the enum. */
            (operators[i].op >= OP_NEAR && !fihi_scan_number(t, &end, reach)))
            continue;
        *len = end - t->i;
        /* ANDROID is a word, but NOT(a b) is typed without a space, too. */
        if (fihi_scan_is_end(t, end) || t->s[end] == '(')
            return operators[i].op;
    }
    *len = 0;
    return OP_NONE;
}

/* Past the spaces, and past `wanted` and the spaces behind it if it stands there: at *at. *at and *len also change
 * where it is not there; they are read only for messages. */
static int take_operator(struct scan *t, enum operator wanted, size_t *at, size_t *len)
{
    float reach = 0;

    fihi_scan_skip(t);
    if (t->i == t->n || operator_at(t, len, &reach) != wanted)
        return 0;
    /* 0 of an operator without a distance: nobody asks for it then. */
    t->reach = (unsigned)reach;
    *at = t->i;
    t->i += *len;
    fihi_scan_skip(t);
    return 1;
}

/* As it was typed, with its distance. */
static int fail_lonely(const struct scan *t, size_t at, size_t len)
{
    return fihi_fail_at(
        t->err, FIH_E_QUERY, at,
        "the operator %.*s at byte %zu needs a word on each side: to search for it, put it in quotation marks",
        (int)len, t->s + at, at);
}

/* ---- clauses */

/* Any other name and colon is a field's, too: whether there is such a field is for the index to say. But a word of
 * another script than ours may have a colon behind it in any text: it is taken for a name where a quotation or
 * parenthesis follows, and else it is a word that may be one: *soft are its bytes. */
static enum scope named_at(struct scan *t, fih_str *name, size_t *soft)
{
    bool is_ascii;
    const size_t n = fihi_name_at(t->s + t->i, t->n - t->i, &is_ascii);

    /* "word: next" has nothing of its own behind the colon and is text. */
    if (n == 0 || fihi_scan_is_end(t, t->i + n + 1))
        return SCOPE_ANY;
    if (!is_ascii && t->s[t->i + n + 1] != '"' && t->s[t->i + n + 1] != '(') {
        *soft = n;
        return SCOPE_ANY;
    }
    /* Borrowed from the query's text, which lasts as long as the parser; a node copies it. */
    *name = (fih_str){t->s + t->i, n};
    t->i += n + 1;
    return SCOPE_FIELD;
}

/* t->i moves behind the colon if there is a field; "title:" is never a field of the index. */
static enum scope field_at(struct scan *t, fih_str *name, size_t *soft)
{
    static const struct {
        const char *name;
        enum scope  scope;
    } fields[] = {{"title:", SCOPE_TITLE}, {"body:", SCOPE_BODY}, {"section:", SCOPE_SECTION}, {"date:", SCOPE_DATE}};

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const size_t len = strlen(fields[i].name);

        if (t->n - t->i >= len && memcmp(t->s + t->i, fields[i].name, len) == 0) {
            t->i += len;
            return fields[i].scope;
        }
    }
    return named_at(t, name, soft);
}

/* A group of nothing but a group is that one: (a OR b) by itself ranks like the plain words. */
static void unwrap(struct node **group)
{
    struct node *const outer = *group, *const only = outer->count == 1 ? outer->children[0] : NULL;

    /* A sign or weight of its own would be written over by that of the parentheses. (Not !=, which compilers warn
     * of.) */
    if (only && only->kind == NODE_GROUP && only->occur == OCCUR_SHOULD && !(only->boost < 1 || only->boost > 1)) {
        outer->count = 0;
        fihi_node_free(outer);
        *group = only;
    }
}

static int query(struct scan *t, struct node *group);

/* What stands in parentheses; t->i is behind the first one. */
static int parentheses(struct scan *t, struct node **out, enum scope scope, fih_str name)
{
    const size_t open = t->i - 1;
    const enum scope outside = t->scope;
    const fih_str field = t->field;
    int rc;

    if (t->depth == FIH_MAX_DEPTH)
        return fihi_fail_at(t->err, FIH_E_LIMIT, open, "parentheses nest at most %u deep: see byte %zu", FIH_MAX_DEPTH,
                            open);
    /* Depth is counted, for this is the only recursion: a query of a million parentheses must not end the stack. */
    if (!(*out = fihi_node_new(NODE_GROUP, NULL, 0, open)))
        return fihi_fail_nomem(t->err);
    if (scope != SCOPE_ANY)
        t->scope = scope;
    t->field = name;
    t->depth++;
    /* What names no field of its own inside has that of the parentheses: title:(a b). See clause(). */
    rc = query(t, *out);
    t->depth--;
    t->scope = outside;
    t->field = field;
    if (rc == 0 && t->i == t->n)
        rc = fihi_fail_at(t->err, FIH_E_QUERY, open, "the parenthesis at byte %zu is not closed", open);
    if (rc == 0)
        unwrap(out);
    /* Past the closing one: query() stops only there or at the end. */
    t->i += rc == 0;
    return rc;
}

/* *out is the caller's to free, also on an error. */
static int clause(struct scan *t, struct node **out)
{
    const size_t start = t->i;
    size_t from, to, mark;
    enum occur occur = OCCUR_SHOULD;
    fih_str name = {NULL, 0};
    enum scope scope;
    size_t soft = 0;
    int rc;

    *out = NULL;
    /* Counted where each begins: it limits nodes, memory and the time of a search. */
    if (++t->clauses > FIH_MAX_CLAUSES)
        return fihi_fail_at(t->err, FIH_E_LIMIT, t->i, "a query has at most %u words, phrases and parentheses",
                            FIH_MAX_CLAUSES);
    /* With nothing behind it a sign is a word: 5 - 3 is typed so. */
    if ((t->s[t->i] == '+' || t->s[t->i] == '-') && !fihi_scan_is_end(t, t->i + 1))
        occur = t->s[t->i++] == '+' ? OCCUR_MUST : OCCUR_NOT;
    scope = field_at(t, &name, &soft);
    /* Only of the four names that are ours: any other with nothing behind its colon is text (named_at()). */
    if (scope != SCOPE_ANY && fihi_scan_is_end(t, t->i))
        return fihi_fail_at(t->err, FIH_E_QUERY, start,
                            "the field at byte %zu has no word after it: write %.*sword without a space", start,
                            (int)(t->i - start), t->s + start);
    if (scope == SCOPE_ANY) {
        scope = t->scope;
        name = t->field;
    }
    if (t->s[t->i] == '(') {
        t->i++;
        rc = parentheses(t, out, scope, name);
    } else if (fihi_scan_quotes(t, t->i, &from, &to, &mark)) {
        rc = fihi_query_quotation(t, out, scope, from, to, mark);
    } else {
        rc = fihi_query_word(t, out, scope, soft);
    }
    if (rc == 0) {
        /* Last, for parentheses may have been replaced by the group in them (unwrap()): what is said of the parentheses
         * counts. */
        (*out)->at = start;
        (*out)->occur = occur;
        (*out)->scope = scope;
        rc = (*out)->kind == NODE_DATE ? fihi_query_check_days(t, *out) : FIH_OK;
        if (scope == SCOPE_TITLE || scope == SCOPE_BODY)
            name = scope == SCOPE_TITLE ? FIH_STR("title") : FIH_STR("body");
        /* Here, because an atom does not know whether the field is named before it or before its parentheses. */
        if ((*out)->kind == NODE_FIELD && fihi_node_set_field(*out, name) != 0)
            rc = fihi_fail_nomem(t->err);
    }
    if (rc == 0)
        rc = fihi_query_boost(t, *out);
    return rc;
}

/* ---- groups */

/* Itself, or all that is in it. */
static int leaves_out(const struct node *n)
{
    size_t i = 0;

    if (n->occur == OCCUR_NOT)
        return 1;
    /* One child that is not left out is enough: by that the group finds documents. */
    while (n->kind == NODE_GROUP && i < n->count && n->children[i]->occur == OCCUR_NOT)
        i++;
    return n->kind == NODE_GROUP && n->count > 0 && i == n->count;
}

/* Takes the child over. A group that only leaves out, leaves out from the one it stands in: a AND (NOT b). */
static int join(struct node *group, struct node *child, fih_error *err)
{
    int rc = FIH_OK;

    if (child->occur == OCCUR_NOT || !leaves_out(child))
        return fihi_node_add(group, child, err);
    for (size_t i = 0; i < child->count; i++)
        /* All are handed over even after a failure, since each is freed by the one that takes it. */
        rc = fihi_node_add(group, child->children[i], err) ? FIH_E_NOMEM : rc;
    child->count = 0;
    fihi_node_free(child);
    return rc;
}

/* *n becomes a node of this kind with nothing in it yet; what it was is *first. */
static int wrap(struct scan *t, struct node **n, enum node_kind kind, struct node **first)
{
    *first = *n;
    if ((*n = fihi_node_new(kind, NULL, 0, (*first)->at)) != NULL)
        return FIH_OK;
    fihi_node_free(*first);
    return fihi_fail_nomem(t->err);
}

static bool is_called(const char *field, fih_str name)
{
    return strlen(field) == name.len && memcmp(field, name.ptr, name.len) == 0;
}

/* May it stand in a chain? Words of the chain's field may, and those that have theirs from the parentheses alone. */
static bool is_operand(const struct scan *t, const struct node *near, const struct node *n)
{
    /* A phrase with a distance of its own (~3) has no other one to what is beside it. */
    if (n->reach || n->occur == OCCUR_NOT)
        return false;
    if (n->kind == NODE_FIELD)
        return near->field && (strcmp(n->field, near->field) == 0 || is_called(n->field, t->field));
    return (n->kind == NODE_WORDS || n->kind == NODE_PHRASE) && (n->scope == near->scope || n->scope == t->scope);
}

/* Takes the operand over. All of them are in the first one's field; whether that is one of words is for the index to
 * say. */
static int add_near(struct scan *t, struct node *near, struct node *n)
{
    const int rc = !is_operand(t, near, n) ? fihi_node_refuse_near(n->at, t->err)
                   : near->field           ? fihi_node_put_in_field(n, near->field, t->err)
                                           : FIH_OK;

    if (rc == 0)
        return fihi_node_add(near, n, t->err);
    fihi_node_free(n);
    return rc;
}

/* The sign and field of the first are those of all. "+a NEAR/3 b" requires the nearness, not the word. */
static int begin_near(struct scan *t, struct node **out)
{
    struct node *first;
    const int rc = wrap(t, out, NODE_NEAR, &first);

    if (rc != 0)
        return rc;
    (*out)->occur = first->occur;
    (*out)->scope = first->scope;
    first->occur = OCCUR_SHOULD;
    if (first->kind == NODE_FIELD && first->scope == SCOPE_FIELD &&
        fihi_node_set_field(*out, (fih_str){first->field, strlen(first->field)}) != 0) {
        fihi_node_free(first);
        return fihi_fail_nomem(t->err);
    }
    return add_near(t, *out, first);
}

/* The operand behind a distance. */
static int next_near(struct scan *t, struct node *near, enum link link, unsigned reach)
{
    struct node *n;
    size_t len;
    float number;
    int rc;

    if (operator_at(t, &len, &number) != OP_NONE)
        return fail_lonely(t, t->i, len);
    if ((rc = clause(t, &n)) != 0) {
        fihi_node_free(n);
        return rc;
    }
    if ((rc = add_near(t, near, n)) == 0) {
        /* Only now: a node that was refused is gone. */
        n->link = link;
        n->reach = reach;
    }
    return rc;
}

/* One clause, or several with distances between them. *out is the caller's to free. */
static int nearness(struct scan *t, struct node **out)
{
    size_t at = 0, len = 0;
    int rc = clause(t, out);
    bool is_near = false;

    while (rc == 0) {
        const enum link link = take_operator(t, OP_NEAR, &at, &len)   ? LINK_NEAR
                               : take_operator(t, OP_THEN, &at, &len) ? LINK_THEN
                                                                      : LINK_NEXT;
        /* Kept, for the next operand may have operators of its own. */
        const unsigned reach = t->reach;

        /* No distance: what comes is another clause, and its caller's. */
        if (link == LINK_NEXT)
            break;
        if (fihi_scan_is_end(t, t->i))
            return fail_lonely(t, at, len);
        if ((rc = fihi_query_check_reach(t, (float)reach, at, 1)) == 0 && !is_near)
            rc = begin_near(t, out);
        is_near = true;
        if (rc == 0)
            rc = next_near(t, *out, link, reach);
    }
    return rc;
}

/* That, with the NOTs before it. Two NOTs are none. */
static int negation(struct scan *t, struct node **out)
{
    size_t at = t->i, len;
    float reach;
    int count = 0, rc;

    *out = NULL;
    for (; take_operator(t, OP_NOT, &at, &len); count++)
        ;
    if (fihi_scan_is_end(t, t->i))
        /* There was a NOT: who calls has seen that something stands here. */
        return fihi_fail_at(t->err, FIH_E_QUERY, at, "the operator %.*s at byte %zu needs a word after it", (int)len,
                            t->s + at, at);
    /* At the beginning, or behind another operator: nothing stands on the left of it. */
    if (operator_at(t, &len, &reach) != OP_NONE)
        return fail_lonely(t, t->i, len);
    rc = nearness(t, out);
    /* NOT -a is a: sign and operator say the same, and two of them are none. */
    if (rc == 0 && count % 2)
        (*out)->occur = (*out)->occur == OCCUR_NOT ? OCCUR_SHOULD : OCCUR_NOT;
    return rc;
}

/* Takes the operand over. What is joined by AND is all required, whatever its sign. */
static int add_operand(struct scan *t, struct node *group, struct node *operand)
{
    /* All documents without a word, or those with another: as good as all of them, which nobody means. */
    if (group->is_or && leaves_out(operand)) {
        const size_t at = operand->at;

        fihi_node_free(operand);
        return fihi_fail_at(
            t->err, FIH_E_QUERY, at,
            "the excluded clause at byte %zu cannot be an operand of OR: use AND NOT", at);
    }
    if (group->is_or)
        /* A sign has no meaning in an OR, in which any operand is enough. */
        operand->occur = OCCUR_SHOULD;
    else if (operand->occur != OCCUR_NOT)
        /* a AND -b: the sign is the stronger one. */
        operand->occur = OCCUR_MUST;
    return join(group, operand, t->err);
}

/* Operands with `op` between them: one alone is itself, several are a group. *out is the caller's to free. *out
 * becomes the group only at the first operator: a word alone gets no node around it. */
static int chain(struct scan *t, struct node **out, enum operator op, int (*operand)(struct scan *, struct node **))
{
    struct node *first, *next;
    size_t at, len;
    int rc = operand(t, out);
    bool is_group = false;

    while (rc == 0 && take_operator(t, op, &at, &len)) {
        /* A closing parenthesis is an end, too: (a OR). */
        if (fihi_scan_is_end(t, t->i))
            return fail_lonely(t, at, len);
        if (!is_group) {
            if ((rc = wrap(t, out, NODE_GROUP, &first)) != 0)
                return rc;
            (*out)->is_or = op == OP_OR;
            is_group = true;
            if ((rc = add_operand(t, *out, first)) != 0)
                return rc;
        }
        /* What failed is not the group's yet: it is freed here, and the group by the caller. */
        if ((rc = operand(t, &next)) != 0)
            fihi_node_free(next);
        else
            rc = add_operand(t, *out, next);
    }
    return rc;
}

static int both(struct scan *t, struct node **out)
{
    return chain(t, out, OP_AND, negation);
}

/* Up to the end, or the parenthesis that closes. Words side by side are the group's children, each by itself. */
static int query(struct scan *t, struct node *group)
{
    struct node *n;
    int rc = FIH_OK;

    for (fihi_scan_skip(t); rc == 0 && !fihi_scan_is_end(t, t->i); fihi_scan_skip(t)) {
        if ((rc = chain(t, &n, OP_OR, both)) != 0)
            fihi_node_free(n);
        else
            rc = join(group, n, t->err);
    }
    return rc;
}

/* err has the byte of what is wrong; *out is NULL then. */
int fihi_query_parse(struct fih_query **out, const char *text, size_t n, fih_error *err)
{
    struct scan t = {.s = text, .n = n, .err = err};
    int rc = fihi_query_new(out, n, err);

    if (rc == 0 && (rc = query(&t, (*out)->root)) != 0) {
        fihi_query_free(*out);
        *out = NULL;
    }
    if (rc == 0)
        /* (a b) as a whole is the query a b. */
        unwrap(&(*out)->root);
    return rc;
}
