/* search/query.c - parsing.
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
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "search/query_scan.h"
#include "search/values.h"
#include "search/when.h"
#include "text/split.h"

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
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        const size_t name = strlen(operators[i].name);
        size_t end = t->i + name;

        if (t->n - t->i < name || memcmp(t->s + t->i, operators[i].name, name) != 0 ||
            /* The distances are the last of the enum. */
            (operators[i].op >= OP_NEAR && !fihi_scan_number(t, &end, reach)))
            continue;
        *len = end - t->i;
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

/* "^2" with nothing behind it; where it ends, or 0. */
static size_t boost_at(const struct scan *t, size_t i, float *boost)
{
    if (i >= t->n || t->s[i] != '^')
        return 0;
    i++;
    /* 2^10m is a word, not a weight. */
    return fihi_scan_number(t, &i, boost) && fihi_scan_is_end(t, i) ? i : 0;
}

static int take_boost(struct scan *t, struct node *n)
{
    float boost;
    const size_t end = boost_at(t, t->i, &boost);

    if (!end)
        return FIH_OK;
    /* A hundredth hardly counts, and a hundredfold drowns all other words already. */
    if (boost < 0.01f || boost > 100)
        return fihi_fail_at(t->err, FIH_E_QUERY, t->i, "the weight after ^ at byte %zu must be from 0.01 to 100", t->i);
    t->i = end;
    n->boost = boost;
    return FIH_OK;
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

/* Distances are numbers of words; a fraction is cut off later. */
static int check_reach(const struct scan *t, float reach, size_t at, unsigned least)
{
    if (reach >= (float)least && reach <= REACH_MOST)
        return FIH_OK;
    return fihi_fail_at(t->err, FIH_E_QUERY, at, "the distance at byte %zu must be a number of words from %u to %d", at,
                        least, REACH_MOST);
}

/* "~3" behind a phrase. Distances of a phrase begin with 0, which is what it is without one; between two operands of
 * NEAR they begin with 1. */
static int take_slop(struct scan *t, struct node *n)
{
    size_t end = t->i + 1;
    float reach, boost;
    int rc;

    if (t->i == t->n || t->s[t->i] != '~' || !fihi_scan_number(t, &end, &reach) ||
        !(fihi_scan_is_end(t, end) || boost_at(t, end, &boost)))
        return FIH_OK;
    if ((rc = check_reach(t, reach, t->i, 0)) != 0)
        return rc;
    t->i = end;
    n->reach = (unsigned)reach;
    return FIH_OK;
}

/* What kind of node a text is in a field. */
static enum node_kind kind_in(enum scope scope, enum node_kind plain)
{
    return scope == SCOPE_SECTION ? NODE_KEYWORD
           : scope == SCOPE_DATE  ? NODE_DATE
           : scope == SCOPE_FIELD ? NODE_FIELD
                                  : plain;
}

/* Does the text of a node mean days? Which ones is for the search to say: yesterday is not the same tomorrow. Today
 * is any day here; only whether it can be read counts. */
static int check_days(struct scan *t, const struct node *n)
{
    int32_t from, to;
    const int rc = node_is_any(n) ? FIH_OK : fihi_when_parse((fih_str){n->text, n->len}, fihi_when_today(), &from, &to,
                                                             t->err);

    if (rc != FIH_E_QUERY)
        return rc;
    return fihi_fail_at(
        t->err, FIH_E_QUERY, n->at,
        "'%.60s' at byte %zu is not a date: write date:2015-03, date:2015-03..2015-06, date:>2024, date:1446-09, "
        "date:أمس or date:\"كانون الثاني 2015\"",
        n->text, n->at);
}

/* The quotation whose text is at from … to; its marks have `mark` bytes. */
static int quotation(struct scan *t, struct node **out, enum scope scope, size_t from, size_t to, size_t mark)
{
    if (to == t->n)
        return fihi_fail_at(t->err, FIH_E_QUERY, t->i, "the quotation mark at byte %zu is not closed", t->i);
    *out = fihi_node_new(kind_in(scope, NODE_PHRASE), t->s + from, to - from, from);
    t->i = to + mark;
    if (!*out)
        return fihi_fail_nomem(t->err);
    (*out)->is_exact = node_is_filter(*out);
    return take_slop(t, *out);
}

/* The signs of the pattern are cut off its text, and text_at moves with them: an error inside an expression then points
 * to the byte that the user typed. */
static void be_pattern(struct node *n, enum pattern_kind kind, size_t drop_before, size_t drop_behind)
{
    n->kind = NODE_PATTERN;
    n->pattern = kind;
    n->text_at += drop_before;
    n->len -= drop_before + drop_behind;
    memmove(n->text, n->text + drop_before, n->len);
    n->text[n->len] = '\0';
}

/* "word~", "word~2": where the word ends, or 0. Three letters, or there is little to be near to. */
static size_t fuzzy_at(struct node *n, float *edits)
{
    const struct scan t = {.s = n->text, .n = n->len};
    const char *const mark = memchr(n->text, '~', n->len);
    size_t end = mark ? (size_t)(mark - n->text) + 1 : 0;

    *edits = 1;
    if (!mark || fihi_scan_letters(n->text, end - 1) < 3 || (end < n->len && !fihi_scan_number(&t, &end, edits)) ||
        end < n->len)
        return 0;
    return (size_t)(mark - n->text);
}

/* A ? at the end asks a question. من كتب هذا؟ is typed with ? as well. */
static bool has_wildcard(const struct node *n)
{
    size_t end = n->len;

    while (end > 0 && n->text[end - 1] == '?')
        end--;
    return memchr(n->text, '*', n->len) || memchr(n->text, '?', end);
}

/* A word may be a pattern. */
static int take_pattern(struct scan *t, struct node *n)
{
    float edits;
    size_t end;

    /* The order matters: inside slashes all signs are the expression's, == before =, and a ~ at the end before a *
     * inside. */
    if (n->len > 2 && n->text[0] == '/' && n->text[n->len - 1] == '/' && !memchr(n->text + 1, '/', n->len - 2)) {
        be_pattern(n, PATTERN_REGEX, 1, 1);
    } else if (n->len > 2 && n->text[0] == '=' && n->text[1] == '=' && fihi_scan_letters(n->text, n->len) > 0) {
        be_pattern(n, PATTERN_WRITTEN, 2, 0);
    } else if (n->len > 1 && n->text[0] == '=' && fihi_scan_letters(n->text, n->len) > 0) {
        be_pattern(n, PATTERN_EXACT, 1, 0);
    } else if ((end = fuzzy_at(n, &edits)) > 0) {
        /* The last test refuses 1.5. */
        if (edits < 1 || edits > 2 || edits > (float)(unsigned)edits)
            return fihi_fail_at(t->err, FIH_E_QUERY, n->at, "the edits after ~ at byte %zu must be 1 or 2", n->at);
        n->reach = (unsigned)edits;
        be_pattern(n, PATTERN_FUZZY, 0, n->len - end);
    } else if (has_wildcard(n) && fihi_scan_letters(n->text, n->len) > 0) {
        be_pattern(n, PATTERN_WILDCARD, 0, 0);
    }
    return FIH_OK;
}

/* Read as a pattern and thrown away, so that there is one place that says which signs make one. */
int fihi_query_is_pattern(bool *is, enum pattern_kind *kind, fih_str word, fih_error *err)
{
    struct node *const n = fihi_node_new(NODE_WORDS, word.ptr, word.len, 0);
    struct scan t = {.err = NULL};

    if (!n)
        return fihi_fail_nomem(err);
    *is = take_pattern(&t, n) != 0 || n->kind == NODE_PATTERN;
    *kind = n->pattern;
    fihi_node_free(n);
    return FIH_OK;
}

/* Behind an expression between slashes, in which parentheses and ^ are its own; `from` if there is none. */
static size_t behind_regex(const struct scan *t, size_t from)
{
    size_t i = from + 1;

    while (i < t->n && t->s[i] != '/' && !fihi_scan_space(t, i))
        i++;
    return t->s[from] == '/' && i < t->n && t->s[i] == '/' ? i + 1 : from;
}

/* A tag or an account of several words (#يوم_الأرض, @some_name) means them side by side. */
static bool is_tag(const struct node *n)
{
    return n->len > 1 && (n->text[0] == '#' || n->text[0] == '@') && memchr(n->text, '_', n->len);
}

/* Where the text from `from` on ends if its first word has spaces of its own, as 1 234, أ ف ب and J. K. do; else 0.
 * Only digits, Arabic letters, and Latin ones with a point begin such words. The splitter of texts is asked, so that
 * a query's word is the same as a document's. */
static size_t behind_spaced(const struct scan *t, size_t from)
{
    const uint8_t *const s = (const uint8_t *)t->s + from, first = from < t->n ? *s : 0;
    struct splitter splitter = {0};
    struct span word = {0, 0, 0, 0};

    if ((first < '0' || first > '9') && (first < 0xD8 || first > 0xDB) &&
        !((first | 0x20) >= 'a' && (first | 0x20) <= 'z' && from + 1 < t->n && s[1] == '.'))
        return 0;
    fihi_split_begin(&splitter, s, t->n - from);
    const int rc = fihi_split_next(&splitter, &word);
    fihi_split_free(&splitter);
    return rc == FIH_OK && word.start == 0 ? from + word.end : 0;
}

/* All up to a space; a parenthesis that the word itself opened, as in f(x), is its own. A ^ ends it only where a
 * weight follows to the end. */
static int word(struct scan *t, struct node **out, enum scope scope, size_t soft)
{
    const size_t from = t->i;
    size_t inner = 0, spaced;
    float boost;

    /* `from` is never looked at for ^ or a closing parenthesis: so each word has a byte at least, and the loop above
     * goes on. */
    t->i = behind_regex(t, from);
    /* Numbers of a field are values of their own: pages:(100 250). */
    const bool is_number = scope >= SCOPE_SECTION && fihi_scan_number(t, &(size_t){from}, &boost);
    if (t->i == from && !is_number && (spaced = behind_spaced(t, from)) > from && fihi_scan_has_space(t, from, spaced))
        t->i = spaced;
    for (; t->i < t->n && !fihi_scan_space(t, t->i) && (t->i == from || !boost_at(t, t->i, &boost)); t->i++) {
        if (t->s[t->i] == '(')
            inner++;
        else if (t->s[t->i] == ')' && inner)
            inner--;
        else if (fihi_scan_closes(t, t->i))
            break;
    }
    *out = fihi_node_new(kind_in(scope, NODE_WORDS), t->s + from, t->i - from, from);
    if (!*out)
        return fihi_fail_nomem(t->err);
    if ((*out)->kind == NODE_WORDS && is_tag(*out))
        (*out)->kind = NODE_PHRASE;
    (*out)->name = soft;
    if ((*out)->kind == NODE_WORDS && (*out)->len == 1 && *(*out)->text == '*')
        (*out)->kind = scope == SCOPE_ANY ? NODE_ALL : NODE_FIELD;     /* title:* is any title */
    return (*out)->kind == NODE_WORDS && !soft ? take_pattern(t, *out) : FIH_OK;
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
    if ((t->s[t->i] == '+' || t->s[t->i] == '-') && !fihi_scan_is_end(t, t->i + 1))
        occur = t->s[t->i++] == '+' ? OCCUR_MUST : OCCUR_NOT;
    scope = field_at(t, &name, &soft);
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
        rc = quotation(t, out, scope, from, to, mark);
    } else {
        rc = word(t, out, scope, soft);
    }
    if (rc == 0) {
        (*out)->at = start;
        (*out)->occur = occur;
        (*out)->scope = scope;
        rc = (*out)->kind == NODE_DATE ? check_days(t, *out) : FIH_OK;
        if (scope == SCOPE_TITLE || scope == SCOPE_BODY)
            name = scope == SCOPE_TITLE ? FIH_STR("title") : FIH_STR("body");
        if ((*out)->kind == NODE_FIELD && fihi_node_set_field(*out, name) != 0)
            rc = fihi_fail_nomem(t->err);
    }
    if (rc == 0)
        rc = take_boost(t, *out);
    return rc;
}

/* ---- groups */

/* Itself, or all that is in it. */
static int leaves_out(const struct node *n)
{
    size_t i = 0;

    if (n->occur == OCCUR_NOT)
        return 1;
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

        if (link == LINK_NEXT)
            break;
        if (fihi_scan_is_end(t, t->i))
            return fail_lonely(t, at, len);
        if ((rc = check_reach(t, (float)reach, at, 1)) == 0 && !is_near)
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
        return fihi_fail_at(t->err, FIH_E_QUERY, at, "the operator %.*s at byte %zu needs a word after it", (int)len,
                            t->s + at, at);
    if (operator_at(t, &len, &reach) != OP_NONE)
        return fail_lonely(t, t->i, len);
    rc = nearness(t, out);
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
        operand->occur = OCCUR_SHOULD;
    else if (operand->occur != OCCUR_NOT)
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
        unwrap(&(*out)->root);
    return rc;
}
