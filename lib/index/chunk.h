/* index/chunk.h - some documents on their way: records in, terms and compressed blocks out.
 *
 * Layer: index. Analysing a chunk touches nothing but the chunk and the worker's own analyzer, so chunks can be
 * analysed by several threads while the writer takes them up in order: the index does not depend on how many.
 */
#ifndef FIHI_INDEX_CHUNK_H
#define FIHI_INDEX_CHUNK_H

#include "index/docs.h"
#include "index/schema.h"
#include "text/analyzer.h"

enum { CHUNK_TEXT = 1 << 20, CHUNK_DOCS = 4096 };

struct chunk_doc {
    size_t      record, record_bytes;  /* in raw */
    struct span title, body, cuts;     /* in raw */
    struct span starts;                /* in starts: what is added to the record when it is compressed */
    uint32_t    title_surfaces, surfaces; /* entries of the stream: the title's, and all but those of values */
    uint32_t    value_end;             /* of its values */
    int64_t     signature;             /* of the body (text/signature.h), or -1 */
};

/* A value of a schema's text. Its surface words stand in the stream behind its document's, value behind value. */
struct chunk_value {
    struct span text;                  /* in raw */
    unsigned    field;
    uint32_t    surfaces;
};

/* The surface words of a chunk that were not known when it was analysed, and their terms. */
struct growth {
    struct buf     surfaces, terms;    /* bytes, one behind the other */
    struct new_surface {
        uint32_t end;                  /* in `surfaces` */
        uint32_t result_end;           /* in `results` */
    }             *surface;
    size_t         surface_count, surface_cap;
    uint32_t      *term_ends;          /* in `terms` */
    size_t         term_count, term_cap;
    struct result *results;            /* of the surface words, their terms by number among these */
    size_t         result_count, result_cap;
};

struct chunk {
    /* in */
    struct buf        raw;             /* records, one behind the other */
    struct chunk_doc *docs;
    size_t            doc_count, doc_cap;
    struct chunk_value *values;        /* of all documents */
    size_t            value_count, value_cap;
    /* out */
    uint32_t         *stream;          /* the surface words of all documents: known ones, and with SURFACE_OWN those of
                                          `growth` */
    size_t            stream_count, stream_cap;
    struct buf        starts;          /* values of FIELD_STARTS */
    struct growth     growth;
    struct stored_block *blocks;
    size_t           *block_ends;      /* in compressed */
    size_t            block_count, block_cap, block_end_cap;
    struct buf        compressed;
    int               rc;
    fih_error         error;
    struct chunk     *next;
};

/* What a thread needs to analyse chunks. */
struct worker {
    struct analyzer *analyzer;
    ZSTD_CCtx       *zstd;
    struct buf       record;           /* one with its starts */
    struct buf       block;            /* records before they are compressed */
};

/* `known`: the surface words that need not be told of again, which may become more meanwhile. */
int fihi_worker_new(struct worker **out, const struct analyzer_choice *choice, const struct intern *known,
                    fih_error *err);
void fihi_worker_free(struct worker *w);
/* Note the values of the schema's texts in the record at `at`, the last one of `raw`; of a field that may have one, the
 * first. FIH_OK or FIH_E_NOMEM. */
int fihi_chunk_find_values(struct chunk *c, size_t at, const struct schema *schema);
/* Fills the chunk's out part; the result is also in chunk->rc and chunk->error. */
int fihi_chunk_run(struct worker *w, struct chunk *c);
void fihi_chunk_clear(struct chunk *c);
void fihi_chunk_free(struct chunk *c);

#endif
