/* fuzz_trec.c - any bytes as judgements, run and queries (a NUL between them): figures from 0 to 1, or a fault with its
 * line. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "reach.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reach reach[] = {{"topics that are measured", 3, 0}, {NULL, 0, 0}};

static fih_str next_part(const uint8_t **data, size_t *size)
{
    const uint8_t *end = *size > 0 ? memchr(*data, 0, *size) : NULL;
    const fih_str part = { (const char *)*data, end ? (size_t)(end - *data) : *size };

    *size -= part.len + (end != NULL);
    *data += part.len + (end != NULL);
    return part;
}

static void need_fault(const struct trec_fault *fault)
{
    if (fault->line == 0 || fault->why.text[0] == '\0')
        abort();
}

static void measure(const struct trec_qrels *q, const uint32_t *topics, size_t count, const struct trec_run *r)
{
    struct eval_figures *each = calloc(count + 1, sizeof *each);

    if (!each || eval_run(each, q, topics, count, r) != 0)
        abort();
    for (size_t i = 0; i < count; i++)
        for (size_t m = 0; m < EVAL_MEASURES; m++)
            if (!(each[i].of[m] >= 0 && each[i].of[m] <= 1 + 1e-9))
                abort();
    reach[0].count += count;
    free(each);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const fih_str qrels = next_part(&data, &size), run = next_part(&data, &size), queries = next_part(&data, &size);
    struct trec_fault fault = { 0, { "" } };
    struct trec_qrels q = { NULL, NULL, 0 };
    struct trec_run r = { NULL, NULL };
    uint32_t *topics = NULL;
    size_t count = 0;

    if (trec_read_qrels(&q, qrels, &fault) != 0) {
        need_fault(&fault);
        goto out;
    }
    if (trec_read_run(&r, &q, run, &fault) != 0) {
        need_fault(&fault);
        goto out;
    }
    if (!(topics = calloc(q.topic_count + 1, sizeof *topics)))
        abort();
    if (trec_read_queries(topics, &count, &q, queries, &fault) != 0)
        need_fault(&fault);
    else
        measure(&q, topics, count, &r);
out:
    free(topics);
    trec_run_free(&r);
    trec_qrels_free(&q);
    return 0;
}
