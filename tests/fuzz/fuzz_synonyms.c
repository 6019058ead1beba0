/* fuzz_synonyms.c - a query, a line feed, a file of synonyms: the query grows within its limits, whatever the file
 * holds. */
#include <stdlib.h>
#include <string.h>

#include "reach.h"
#include "search/synonyms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reach reach[] = {{"queries that grow", 2, 0}, {NULL, 0, 0}};

static size_t count(const struct node *n)
{
    size_t sum = 1;

    for (size_t i = 0; i < n->count; i++)
        sum += count(n->children[i]);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct analyzer *a;
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    const size_t query = end ? (size_t)(end - data) : 0;
    struct fih_synonyms *s = NULL;
    struct fih_query *q = NULL, *more = NULL;

    if (!end || query > 1000 || size > 20000 || (!a && fihi_analyzer_new(&a, "arabic", NULL) != FIH_OK))
        return 0;
    if (fihi_query_parse(&q, (const char *)data, query, NULL) == FIH_OK &&
        fihi_synonyms_new(&s, a, (fih_str){(const char *)end + 1, size - query - 1}, NULL) == FIH_OK &&
        fihi_synonyms_expand(&more, q, s, a, NULL) == FIH_OK && count(more->root) > 4u * FIH_MAX_CLAUSES)
        abort();
    reach[0].count += more && count(more->root) > count(q->root);
    fihi_query_free(more);
    fihi_synonyms_free(s);
    fihi_query_free(q);
    return 0;
}
