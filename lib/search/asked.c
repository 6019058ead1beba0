/* search/asked.c - the leaves of a tree side by side.
 *
 * The leaves' texts are put into one, those that stand beside each other with a space between, all others on lines of
 * their own: the analyzer then sees a word's neighbours as in a document. In كتاب NOT من the two words are no
 * neighbours. Each leaf is found again by its node's address, which a tree never changes while it is planned.
 *
 * Nothing is analysed here but exact words: the text is only laid out, and each leaf is analysed when the plan comes to
 * it, from its own bytes on. So a query's text is read once, whatever the order in which leaves are planned.
 */
#include "search/asked.h"

#include <stdlib.h>

#include "base/fail.h"

void fihi_asked_free(struct asked *x)
{
    fihi_buf_free(&x->text);
    free(x->leaves);
}

/* What does not stand beside the word before it begins a new line. A pattern, and what is left out, is no neighbour
 * to anybody. */
static int add_leaf(struct asked *x, const struct node *n, bool is_excluded, fih_error *err)
{
    const bool is_beside =
        (n->kind == NODE_WORDS || n->kind == NODE_PHRASE) && n->occur != OCCUR_NOT && !is_excluded;
    const bool is_first = x->count == 0 || !x->leaves[x->count - 1].is_beside || !is_beside;

    if (fihi_grow(&x->leaves, &x->cap, x->count + 1, sizeof *x->leaves) != 0 ||
        fihi_buf_append(&x->text, is_first ? "\n" : " ", 1) != 0)
        return fihi_fail_nomem(err);
    x->leaves[x->count++] = (struct asked_leaf){.node = n, .at = x->text.len, .is_beside = is_beside};
    return fihi_buf_append(&x->text, n->text, n->len) == 0 ? FIH_OK : fihi_fail_nomem(err);
}

/* Other writings are read by themselves. */
static int add_node(struct asked *x, const struct node *n, bool is_excluded, fih_error *err)
{
    int rc = FIH_OK;

    /* They have no words. */
    if (node_is_filter(n))
        return FIH_OK;
    if (n->kind != NODE_GROUP && n->kind != NODE_NEAR)
        return add_leaf(x, n, is_excluded, err);
    /* Behind the first child of such a group stand the others ways to write it. */
    for (size_t i = 0; i < (n->is_best ? 1 : n->count) && rc == 0; i++)
        rc = add_node(x, n->children[i], is_excluded || (n->is_best && n->occur == OCCUR_NOT), err);
    return rc;
}

/* Is it a stop word, and the only word, or one that may be a stop word? Its terms are four: those of the noun, and the
 * stop word. */
static int look(struct asked_leaf *leaf, const struct asked *x, struct analyzer *a, fih_error *err)
{
    struct token tokens[4];
    size_t count, at;
    int rc;

    fihi_asked_begin(x, a, leaf->node, &at);
    rc = fihi_analyzer_next(a, tokens, 4, &count, err);
    if (rc == FIH_OK) {
        /* Tokens of one word end at the same byte. */
        const bool is_one = count == 1 || tokens[count - 1].end == tokens[0].end;

        leaf->is_stop = is_one && (tokens[0].flags & TOKEN_STOP);
        leaf->is_bare = is_one && token_is_second(tokens[count - 1].flags, tokens[0].flags);
    }
    return rc == FIH_DONE ? FIH_OK : rc;
}

int fihi_asked_add(struct asked *x, struct analyzer *a, const struct node *root, fih_error *err)
{
    int rc = add_node(x, root, false, err);

    for (size_t i = 0; i < x->count && rc == 0; i++)
        if (x->leaves[i].node->kind == NODE_PATTERN && x->leaves[i].node->pattern == PATTERN_EXACT)
            rc = look(&x->leaves[i], x, a, err);
    return rc;
}

/* A query has at most FIH_MAX_CLAUSES leaves; a search is over them, not over documents. */
static const struct asked_leaf *find(const struct asked *x, const struct node *n)
{
    for (size_t i = 0; i < x->count; i++)
        if (x->leaves[i].node == n)
            return &x->leaves[i];
    return NULL;
}

void fihi_asked_begin(const struct asked *x, struct analyzer *a, const struct node *n, size_t *at)
{
    const struct asked_leaf *const leaf = find(x, n);
    /* A node that was not taken in is read by itself. */
    const fih_str whole = {leaf ? (const char *)x->text.ptr : n->text, leaf ? x->text.len : n->len};

    *at = leaf ? leaf->at : 0;
    fihi_analyzer_begin_in(a, (const uint8_t *)whole.ptr + *at, n->len,
                           &(struct surroundings){.near = whole, .whole = {whole, {NULL, 0}}, .is_query = true});
}

bool fihi_asked_is_stop(const struct asked *x, const struct node *n)
{
    const struct asked_leaf *const leaf = n->kind == NODE_PATTERN ? find(x, n) : NULL;

    return leaf && leaf->is_stop;
}

bool fihi_asked_is_bare(const struct asked *x, const struct node *n)
{
    const struct asked_leaf *const leaf = n->kind == NODE_PATTERN ? find(x, n) : NULL;

    return leaf && leaf->is_bare;
}
