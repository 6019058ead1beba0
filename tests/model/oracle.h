/* oracle.h - the answer by definition: each document is looked at in turn, with the formula of fihrist.h. It knows
 * nothing of segments, lists or blocks. */
#ifndef MODEL_ORACLE_H
#define MODEL_ORACLE_H

#include "queries.h"

extern double *roots, *extras;   /* what the second pass adds */
extern size_t place_depth;       /* in how many of the best documents it counts where words stand */
extern double *scores;          /* of each document; negative: no match */
extern size_t match_count;
void evaluate(const struct query *q);

#endif
