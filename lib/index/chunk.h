/* index/chunk.h - some documents on their way: records in, terms and compressed blocks out.
 *
 * Layer: index. Analysing a chunk touches nothing but the chunk and the worker's own analyzer, so chunks can be
 * analysed by several threads while the writer takes them up in order: the index does not depend on how many.
 */
#ifndef FIHI_INDEX_CHUNK_H
#define FIHI_INDEX_CHUNK_H

#include "index/docs.h"
#include "text/analyzer.h"

enum { CHUNK_TEXT = 1 << 20, CHUNK_DOCS = 4096 };

/* What an entry of the stream is besides a term's number. */
#define STREAM_SAME 0x80000000u        /* another term at the position of the one before */
#define STREAM_NORM 0x40000000u        /* the normalised word: for CHANNEL_NORM */
#define STREAM_ROOT 0x20000000u        /* the word's root: for CHANNEL_ROOT */
#define STREAM_TERM 0x1fffffffu        /* the number */

struct chunk_doc {
    size_t      record, record_bytes;  /* in raw */
    struct span title, body, cuts;     /* in raw */
    uint32_t    title_terms, terms;    /* entries of the stream: the title's, and all */
};

struct chunk {
    /* in */
    struct buf        raw;             /* records, one behind the other */
    struct chunk_doc *docs;
    size_t            doc_count, doc_cap;
    /* out */
    uint32_t         *stream;          /* numbers of this chunk's terms, | STREAM_… */
    size_t            stream_count, stream_cap;
    struct buf        terms;           /* bytes of the chunk's terms */
    uint32_t         *term_ends;
    size_t            term_count, term_cap;
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
    uint32_t        *stamps, *locals;  /* by the analyzer's term number: chunk that saw it last, and its number there */
    size_t           stamp_cap, local_cap;
    uint32_t         stamp;
    size_t           cache_bytes;      /* the analyzer may keep so much from chunk to chunk */
};

int fihi_worker_new(struct worker **out, const char *analyzer, fih_str lexicon, size_t cache_bytes, fih_error *err);
void fihi_worker_free(struct worker *w);
/* Fills the chunk's out part; the result is also in chunk->rc and chunk->error. */
int fihi_chunk_run(struct worker *w, struct chunk *c);
void fihi_chunk_clear(struct chunk *c);
void fihi_chunk_free(struct chunk *c);

#endif
