/* search/node.c - making and taking apart the tree of a query. */
#include "search/query.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fail.h"

void fihi_node_free(struct node *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->count; i++)
        fihi_node_free(n->children[i]);
    free(n->children);
    free(n->text);
    free(n);
}

struct node *fihi_node_new(enum node_kind kind, const char *text, size_t len, size_t at)
{
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

int fihi_node_add(struct node *group, struct node *child, fih_error *err)
{
    if (!child || fihi_grow(&group->children, &group->cap, group->count + 1, sizeof *group->children) != 0) {
        fihi_node_free(child);
        return fihi_fail_nomem(err);
    }
    group->children[group->count++] = child;
    return FIH_OK;
}
