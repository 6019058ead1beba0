/* fuzz_query.c - any bytes as a query: a tree or an error with a place in it; as plain words never an error. */
#include <stdlib.h>
#include <string.h>

#include "reach.h"
#include "search/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reach reach[] = {{"queries that are taken", 10, 0}, {NULL, 0, 0}};

/* Parentheses nest FIH_MAX_DEPTH deep, and each may hold an OR of ANDs. */
static void look(const struct node *n, size_t size, unsigned depth)
{
    if (n->at > size || n->len > size || (n->kind != NODE_GROUP && n->kind != NODE_NEAR && n->count > 0) ||
        n->reach > REACH_MOST || !(n->boost >= 0.01f && n->boost <= 100) || depth > 3 * (FIH_MAX_DEPTH + 1))
        abort();
    for (size_t i = 0; i < n->count; i++)
        look(n->children[i], size, depth + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fih_query *q;
    fih_error err = {0, 0, 0, ""};
    const int rc = fihi_query_parse(&q, (const char *)data, size, &err);

    reach[0].count += rc == FIH_OK;
    if (rc == FIH_OK)
        look(q->root, size, 0);
    else if (q || err.code != rc || err.pos > size || err.msg[0] == '\0')
        abort();
    fihi_query_free(q);
    if (fihi_query_plain(&q, (const char *)data, size, &err) != FIH_OK)
        abort();
    fihi_query_free(q);
    return 0;
}
