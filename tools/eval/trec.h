/* trec.h - TREC's files in memory: judgements (qrels), ranked lists (runs) and the ids of queries.
 *
 * Pure: bytes in, sorted arrays out. Whoever calls reads the files and prints the faults. Ids are borrowed from the
 * text, which must outlive what was read from it. Like trec_eval, a file in which something stands twice is refused.
 */
#ifndef FIHRIST_TREC_H
#define FIHRIST_TREC_H

#include <stddef.h>
#include <stdint.h>

#include "fihrist.h"
#include "read/input.h"

#define TREC_MAX_BYTES (1u << 30)     /* of one file: so lines and queries fit 32 bits */

/* What is wrong with a text, and in which line; line 0: nothing of the text, memory is out. */
struct trec_fault {
    uint32_t   line;
    struct why why;
};

struct trec_judgement {
    fih_str  query, doc;
    int32_t  grade;                   /* over 0: relevant */
    uint32_t line;
};

/* A query that has a relevant document. */
struct trec_topic {
    fih_str                      id;
    const struct trec_judgement *judged; /* by doc, ascending bytes */
    size_t                       judged_count;
    size_t                       relevant;
};

struct trec_qrels {
    struct trec_judgement *items;
    struct trec_topic     *topics;    /* by id, ascending bytes */
    size_t                 topic_count;
};

struct trec_hit {
    uint32_t topic, line;
    double   score;
    fih_str  doc;
};

/* The hits of topic t are items[starts[t]] to items[starts[t + 1] - 1], best first: by score, equal scores by
 * document id, highest bytes first (trec_eval's order, which favours no engine). The column of ranks is not looked at.
 */
struct trec_run {
    struct trec_hit *items;
    size_t          *starts;          /* topic_count + 1 */
};

/* All three: 0, or -1 with the fault. What they fill is to be freed even then; zero it beforehand.
 * Lines "query iteration document grade". */
int trec_read_qrels(struct trec_qrels *out, fih_str text, struct trec_fault *fault);
/* Lines "query Q0 document rank score tag". Hits of queries without a relevant document are passed over. */
int trec_read_run(struct trec_run *out, const struct trec_qrels *qrels, fih_str text, struct trec_fault *fault);
/* Lines "id<TAB>text": the numbers of those topics that are asked, in the order of the text; `asked` has room for
 * topic_count. */
int trec_read_queries(uint32_t *asked, size_t *count, const struct trec_qrels *qrels, fih_str text,
                      struct trec_fault *fault);

/* The grade of a document; 0 if it was not judged. */
int32_t trec_grade(const struct trec_topic *t, fih_str doc);

void trec_qrels_free(struct trec_qrels *q);
void trec_run_free(struct trec_run *r);

#endif
