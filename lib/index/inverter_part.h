/* index/inverter_part.h - what inverter.c and invert.c share.
 *
 * Layer: index.
 */
#ifndef FIHI_INDEX_INVERTER_PART_H
#define FIHI_INDEX_INVERTER_PART_H

#include "base/table.h"
#include "index/inverter.h"
#include "index/schema.h"
#include "index/term_table.h"

enum {
    STREAM_BLOCK = 1 << 18,            /* words a block: no copying while the stream grows */
    AHEAD = 16                         /* words that are on their way from memory together: some tens of nanoseconds of
                                          work, which is how long one takes to come */
};

struct inverter_doc {
    uint32_t surfaces;                 /* entries of the stream */
    uint32_t text_len, title_len;      /* words */
    uint32_t hash;
    int32_t  date;
    uint64_t id_end;
};

struct inverter_source {
    struct source_run run;
    uint64_t          at;              /* its name in names */
    uint32_t          bytes;
};

/* A document's keyword, or a word of one of its texts. */
struct keyword {
    uint32_t term, doc;
    uint32_t position;                 /* of a word */
};

/* The values of a field whose kind is a number, or the lengths of a text. */
struct numbers {
    struct number {
        int64_t  value;
        uint32_t doc;
    }       *list;                     /* documents ascend */
    size_t   count, cap;
    unsigned kind;
};

struct inverter {
    struct inverter_doc *docs;
    size_t            doc_count, doc_cap, taken;  /* taken: documents whose chunk was taken up */
    struct buf        ids, names;
    struct table      id_table;        /* of ids: documents */
    uint8_t          *deleted;         /* a bit for every document */
    size_t            deleted_cap;
    uint32_t          deleted_count;
    struct inverter_source *sources;
    size_t            source_count, source_cap;

    struct term_table      words;
    uint64_t          vocabulary_bytes;/* that it may take from segment to segment */
    uint32_t        **stream;          /* surface words, in blocks */
    size_t            stream_blocks, stream_block_cap;
    uint64_t          stream_count, entry_count;  /* entry_count: occurrences of stems that they make */
    struct keyword   *keywords;        /* of sections and a schema's keywords and texts; terms by number in
                                          words.keywords */
    size_t            keyword_count, keyword_cap;
    struct numbers    numbers[FIELD_NO_END];
    uint64_t          number_count;
};

/* All lists, and the rows that lead to them, to the builder. The stream is used up. */
int fihi_inverter_invert(struct inverter *b, struct build *out, struct pool *pool, int (*tick)(void *ctx), void *ctx,
                         fih_error *err);
/* Memory that it will need besides what the batch and its words have, with a pool of so many threads. */
uint64_t fihi_inverter_invert_bytes(const struct inverter *b, unsigned threads);

#endif
