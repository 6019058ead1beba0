/* eval.h - how well ranked lists answer: four measures by trec_eval's definitions, and tests of a difference.
 *
 * Pure: grades in, figures out. A grade is the gain of a document; one that was not judged has 0, and negative
 * grades count as 0. Only a query with a relevant document can be measured.
 */
#ifndef FIHRIST_EVAL_H
#define FIHRIST_EVAL_H

#include <stddef.h>
#include <stdint.h>

#include "eval/trec.h"

/* nDCG@10: sum of grade / log2(rank + 1) over the ten best, divided by that of the best list possible. MRR@10: 1 / rank
 * of the first relevant document, 0 past ten. R@100: how much of what is relevant is among the hundred best. MAP: mean
 * of the precision at each relevant document, 0 for one that is not found. trec_eval calls them ndcg_cut_10, recip_rank
 * (of ten hits), recall_100 and map. */
enum { EVAL_NDCG10, EVAL_MRR10, EVAL_RECALL100, EVAL_MAP, EVAL_MEASURES };

struct eval_figures { double of[EVAL_MEASURES]; };

/* One ranked list. `ideal`: the positive grades of all that was judged, highest first; `relevant` of them, 1 or more.
 */
struct eval_figures eval_measure(const int32_t *grades, size_t n, const int32_t *ideal, size_t relevant);

/* The figures of `count` topics of a run, in the order of `topics`. -1 if memory is out. */
int eval_run(struct eval_figures *each, const struct trec_qrels *qrels, const uint32_t *topics, size_t count,
             const struct trec_run *run);

struct eval_figures eval_mean(const struct eval_figures *each, size_t count);

/* The same queries measured twice. Both p values are two-sided: how often chance alone would give a mean difference as
 * far from 0. 1 where nothing can be said: no differences, or (Student's) one query. */
struct eval_test {
    double difference;    /* mean of a - b */
    double p_randomised;  /* Fisher's randomisation test */
    double p_student;     /* Student's paired t-test */
    size_t wins, ties, losses; /* queries in which a is over, equal to and under b */
};

/* `differences` (a - b of each query) is overwritten. Equal differences give equal results: the seed is fixed. */
struct eval_test eval_compare(double *differences, size_t count);

#endif
