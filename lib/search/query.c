/* search/query.c - parsing.
 *
 *   query  = { clause }
 *   clause = [ "+" | "-" ] [ field ":" ] ( word | '"' text '"' )
 *
 * A sign counts only at the beginning of a clause and directly before what it works on; a field only by a known
 * name. Everything else belongs to a word.
 */
#include "search/query.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"

static void node_free(struct node *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->count; i++)
        node_free(n->children[i]);
    free(n->children);
    free(n->text);
    free(n);
}

static struct node *node_new(enum node_kind kind, const char *text, size_t len, size_t at)
{
    struct node *n = calloc(1, sizeof *n);

    if (n && !(n->text = malloc(len + 1))) {
        free(n);
        return NULL;
    }
    if (n) {
        n->kind = kind;
        n->at = at;
        n->len = len;
        if (len)
            memcpy(n->text, text, len);
        n->text[len] = '\0';
    }
    return n;
}

/* Takes the child over, also when it fails. */
static int node_add(struct node *group, struct node *child, fih_error *err)
{
    if (!child || fihi_grow(&group->children, &group->cap, group->count + 1, sizeof *group->children) != 0) {
        node_free(child);
        return fihi_fail_nomem(err);
    }
    group->children[group->count++] = child;
    return FIH_OK;
}

struct scan {
    const char *s;
    size_t      n, i;
};

/* Space, tab, line ends, and U+00A0: what a person may have pasted between words. Bytes of the width of the space. */
static size_t space_at(const struct scan *t, size_t i)
{
    const unsigned char c = (unsigned char)t->s[i];

    if (c <= ' ')
        return 1;
    return c == 0xC2 && i + 1 < t->n && (unsigned char)t->s[i + 1] == 0xA0 ? 2 : 0;
}

static enum scope field_at(struct scan *t)
{
    static const struct {
        const char *name;
        enum scope  scope;
    } fields[] = {{"title:", SCOPE_TITLE}, {"body:", SCOPE_BODY}, {"section:", SCOPE_SECTION}};

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const size_t len = strlen(fields[i].name);

        if (t->n - t->i >= len && memcmp(t->s + t->i, fields[i].name, len) == 0) {
            t->i += len;
            return fields[i].scope;
        }
    }
    return SCOPE_ANY;
}

static int clause(struct scan *t, struct node *group, fih_error *err)
{
    const size_t start = t->i;
    enum occur occur = OCCUR_SHOULD;
    enum scope scope;
    size_t from;
    int is_quoted = 0;
    struct node *n;

    if ((t->s[t->i] == '+' || t->s[t->i] == '-') && t->i + 1 < t->n && !space_at(t, t->i + 1))
        occur = t->s[t->i++] == '+' ? OCCUR_MUST : OCCUR_NOT;
    scope = field_at(t);
    if (scope != SCOPE_ANY && (t->i == t->n || space_at(t, t->i)))
        return fihi_fail_at(err, FIH_E_QUERY, start, "nothing stands behind the field at byte %zu: write %.*sword without a space",
                            start, (int)(t->i - start), t->s + start);
    from = t->i;
    if (t->s[t->i] == '"') {
        is_quoted = 1;
        from = ++t->i;
        while (t->i < t->n && t->s[t->i] != '"')
            t->i++;
        if (t->i == t->n)
            return fihi_fail_at(err, FIH_E_QUERY, from - 1, "the quotation mark at byte %zu is not closed", from - 1);
    } else {
        while (t->i < t->n && !space_at(t, t->i))
            t->i++;
    }
    n = node_new(scope == SCOPE_SECTION ? NODE_KEYWORD : is_quoted ? NODE_PHRASE : NODE_WORDS, t->s + from, t->i - from, start);
    if (n) {
        n->occur = occur;
        n->scope = scope;
    }
    t->i += (size_t)is_quoted;
    return node_add(group, n, err);
}

static int check_length(size_t n, fih_error *err)
{
    return n <= FIH_MAX_QUERY ? FIH_OK : fihi_fail(err, FIH_E_LIMIT, "a query of %zu bytes is too long: at most %u", n, FIH_MAX_QUERY);
}

static int start(struct fih_query **out, size_t n, fih_error *err)
{
    struct fih_query *q;
    int rc;

    *out = NULL;
    if ((rc = check_length(n, err)) != 0)
        return rc;
    if (!(q = calloc(1, sizeof *q)) || !(q->root = node_new(NODE_GROUP, NULL, 0, 0))) {
        free(q);
        return fihi_fail_nomem(err);
    }
    *out = q;
    return FIH_OK;
}

int fihi_query_parse(struct fih_query **out, const char *text, size_t n, fih_error *err)
{
    struct scan t = {text, n, 0};
    int rc = start(out, n, err);

    while (rc == 0 && t.i < t.n) {
        const size_t space = space_at(&t, t.i);

        if (space) {
            t.i += space;
            continue;
        }
        if ((*out)->root->count >= FIH_MAX_CLAUSES)
            rc = fihi_fail_at(err, FIH_E_LIMIT, t.i, "a query has at most %u words and phrases", FIH_MAX_CLAUSES);
        else
            rc = clause(&t, (*out)->root, err);
    }
    if (rc != 0) {
        fihi_query_free(*out);
        *out = NULL;
    }
    return rc;
}

int fihi_query_plain(struct fih_query **out, const char *text, size_t n, fih_error *err)
{
    int rc = start(out, n, err);

    if (rc == 0 && (rc = node_add((*out)->root, node_new(NODE_WORDS, text, n, 0), err)) != 0) {
        fihi_query_free(*out);
        *out = NULL;
    }
    return rc;
}

void fihi_query_free(struct fih_query *q)
{
    if (!q)
        return;
    node_free(q->root);
    free(q);
}
