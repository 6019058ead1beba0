/* search/node.c - making and taking apart the tree of a query.
 *
 * A node owns its text, its field's name and its children. The text has a zero behind it for who prints it, but its
 * length counts. Depth is limited where trees are made (query.c, compose.c), so that freeing may recurse.
 */
#include "search/query.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"

/* NULL is allowed, so that a caller may free what it did not get. Children go with their parent, whoever made them. */
void fihi_node_free(struct node *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->count; i++)
        fihi_node_free(n->children[i]);
    free(n->children);
    free(n->text);
    free(n->field);
    free(n);
}

/* name need not end with a zero. Called once for a node: an old name would be lost. */
int fihi_node_set_field(struct node *n, fih_str name)
{
    n->field = strndup(name.ptr, name.len);
    return n->field ? FIH_OK : FIH_E_NOMEM;
}

/* `at` is where messages point to, in bytes of the query; text_at is the same until a caller that cut something off
 * says otherwise. Memory for the text first: a node without text would be a trap for every reader of it. */
struct node *fihi_node_new(enum node_kind kind, const char *text, size_t len, size_t at)
{
    /* What is not set here is 0, which the enums of query.h are made for: OCCUR_SHOULD, SCOPE_ANY, LINK_NEXT. */
    struct node *n = calloc(1, sizeof *n);

    if (n && !(n->text = malloc(len + 1))) {
        free(n);
        return NULL;
    }
    if (n) {
        n->kind = kind;
        n->boost = 1;
        n->at = at;
        n->text_at = at;
        n->len = len;
        if (len)
            memcpy(n->text, text, len);
        n->text[len] = '\0';
    }
    return n;
}

/* Also for the parser, which sees names with a colon that are surely a field's; the others are only known to be one
 * when the index has been asked. */
int fihi_node_refuse_near(size_t at, fih_error *err)
{
    return fihi_fail_at(err, FIH_E_QUERY, at,
                        "NEAR and THEN need words or phrases of one field, without ~ and -: see byte %zu", at);
}

int fihi_node_put_in_field(struct node *n, const char *field, fih_error *err)
{
    char *const name = strdup(field);

    if (!name)
        return fihi_fail_nomem(err);
    free(n->field);
    n->field = name;
    n->is_exact |= n->kind == NODE_PHRASE;
    n->kind = NODE_FIELD;
    n->scope = SCOPE_FIELD;
    return FIH_OK;
}

/* n->name bytes of its text stand before a colon. قال:نعم in a text may be two words; only an index that has a field
 * قال makes a field of it. */
static bool is_named_field(const struct node *n, const struct schema *s)
{
    return n->name && fihi_schema_find(s, (fih_str){n->text, n->name}) != 0;
}

/* What a field is compared with is the text behind the colon, which is cut off as well: hence name + 1. */
static void cut_name(struct node *n)
{
    const size_t head = n->name + 1;

    n->name = 0;
    n->text_at += head;
    n->len -= head;
    memmove(n->text, n->text + head, n->len + 1);      /* the zero, too */
}

/* The field that the first word names is that of all; a further word may name it again, and no other. */
static int find_near_field(struct node *near, const struct schema *s, bool *any, fih_error *err)
{
    int rc = FIH_OK;

    for (size_t i = 0; i < near->count && rc == 0; i++) {
        struct node *const c = near->children[i];
        const bool is_named = is_named_field(c, s);

        if (is_named && i == 0 && !near->field) {
            if (fihi_node_set_field(near, (fih_str){c->text, c->name}) != 0)
                return fihi_fail_nomem(err);
            near->scope = SCOPE_FIELD;
            *any = true;
        }
        if (is_named && (!near->field || strlen(near->field) != c->name ||
                         memcmp(near->field, c->text, c->name) != 0))
            return fihi_node_refuse_near(c->at, err);
        if (is_named)
            cut_name(c);
        if (near->field)
            rc = fihi_node_put_in_field(c, near->field, err);
    }
    return rc;
}

/* In groups, and in distances, whose words are all of one field. Called with a copy of the query that belongs to one
 * search (compound.c, why.c), for a parsed query may be shared by threads and asked of several indexes, each with
 * fields of its own. */
int fihi_node_find_fields(struct node *n, const struct schema *s, bool *any, fih_error *err)
{
    int rc = FIH_OK;

    for (size_t i = 0; n->kind == NODE_GROUP && i < n->count && rc == 0; i++)
        rc = fihi_node_find_fields(n->children[i], s, any, err);
    if (n->kind == NODE_NEAR)
        return find_near_field(n, s, any, err);
    if (n->kind != NODE_WORDS || !is_named_field(n, s))
        return rc;
    if (fihi_node_set_field(n, (fih_str){n->text, n->name}) != 0)
        return fihi_fail_nomem(err);
    /* The node stays where it is, so that its parent need not know. */
    n->kind = NODE_FIELD;
    n->scope = SCOPE_FIELD;
    cut_name(n);
    *any = true;
    return FIH_OK;
}

/* NULL is taken for "no memory", so that fihi_node_new() may stand in the argument. Ownership moves here in any case,
 * so that a caller has one thing to do after an error: to return. */
int fihi_node_add(struct node *group, struct node *child, fih_error *err)
{
    /* The array doubles (base/buf.h), so a list of a thousand clauses is moved six times. */
    if (!child || fihi_grow(&group->children, &group->cap, group->count + 1, sizeof *group->children) != 0) {
        fihi_node_free(child);
        return fihi_fail_nomem(err);
    }
    group->children[group->count++] = child;
    return FIH_OK;
}

/* Before anything is made of it: the limit holds for all work that a text from outside can cause. */
static int check_length(size_t n, fih_error *err)
{
    return n <= FIH_MAX_QUERY
               ? FIH_OK
               : fihi_fail(err, FIH_E_LIMIT, "a query of %zu bytes is too long: at most %u", n, FIH_MAX_QUERY);
}

/* An empty group: it finds nothing until something is added. The text's length is asked for before the text is looked
 * at; it is not kept. */
int fihi_query_new(struct fih_query **out, size_t n, fih_error *err)
{
    struct fih_query *q;
    int rc;

    *out = NULL;
    if ((rc = check_length(n, err)) != 0)
        return rc;
    /* The root is a group even for one word: parser and programs add to it in the same way. */
    if (!(q = calloc(1, sizeof *q)) || !(q->root = fihi_node_new(NODE_GROUP, NULL, 0, 0))) {
        free(q);
        return fihi_fail_nomem(err);
    }
    *out = q;
    return FIH_OK;
}

/* Words without any operators: quotation marks, colons and signs in the text are separators like others. The node is
 * the root's only child and not the root, because whoever combines queries looks for clauses in the root. */
int fihi_query_plain(struct fih_query **out, const char *text, size_t n, fih_error *err)
{
    int rc = fihi_query_new(out, n, err);

    if (rc == 0 && (rc = fihi_node_add((*out)->root, fihi_node_new(NODE_WORDS, text, n, 0), err)) != 0) {
        fihi_query_free(*out);
        *out = NULL;
    }
    if (rc == 0)
        /* A sign that the text gets later, as a clause of another query, is one of the whole text and not of each
         * word. */
        (*out)->root->children[0]->is_plain = true;
    return rc;
}

/* NULL is nothing to free, here and above. */
void fihi_query_free(struct fih_query *q)
{
    if (!q)
        return;
    fihi_node_free(q->root);
    free(q);
}
