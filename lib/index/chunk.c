/* index/chunk.c - analysing and compressing the documents of a chunk. */
#include "index/chunk.h"

#include <stdlib.h>

#include "base/fail.h"

enum { SURFACES = 256 };

int fihi_worker_new(struct worker **out, unsigned number, const char *analyzer, fih_str lexicon, size_t cache_bytes,
                    fih_error *err)
{
    struct worker *w = calloc(1, sizeof *w);
    int rc = FIH_OK;

    *out = NULL;
    if (!w || !(w->zstd = ZSTD_createCCtx()))
        rc = fihi_fail_nomem(err);
    else
        rc = fihi_analyzer_new_with(&w->analyzer, analyzer, lexicon, err);
    if (rc != 0) {
        fihi_worker_free(w);
        return rc;
    }
    w->number = number;
    w->cache_bytes = cache_bytes;
    *out = w;
    return FIH_OK;
}

void fihi_worker_free(struct worker *w)
{
    if (!w)
        return;
    fihi_analyzer_free(w->analyzer);
    ZSTD_freeCCtx(w->zstd);
    free(w);
}

void fihi_worker_forget(struct worker *w)
{
    fihi_analyzer_reset(w->analyzer);
    w->surfaces = w->terms = 0;
}

static int analyze_text(struct worker *w, struct chunk *c, struct span text, fih_error *err)
{
    size_t count;
    int rc;

    fihi_analyzer_begin(w->analyzer, c->raw.ptr + text.at, text.len);
    do {
        if (fihi_grow(&c->stream, &c->stream_cap, c->stream_count + SURFACES, 4) != 0)
            return fihi_fail_nomem(err);
        rc = fihi_analyzer_next_surfaces(w->analyzer, c->stream + c->stream_count, SURFACES, &count, err);
        c->stream_count += count;
    } while (rc == FIH_OK);
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* The body without what is left out of it: as if that were not there, so positions run on. */
static int analyze_body(struct worker *w, struct chunk *c, const struct chunk_doc *d, fih_error *err)
{
    const char *raw = (const char *)c->raw.ptr;
    size_t at = 0, start, end;
    struct cut_scan s;
    int rc;

    fihi_cut_scan(&s, (fih_str){raw + d->cuts.at, d->cuts.len}, (fih_str){raw + d->body.at, d->body.len});
    while ((rc = fihi_cut_next(&s, &start, &end)) == FIH_OK) {
        if ((rc = analyze_text(w, c, (struct span){d->body.at + at, start - at}, err)) != 0)
            return rc;
        at = end;
    }
    return rc == FIH_DONE ? analyze_text(w, c, (struct span){d->body.at + at, d->body.len - at}, err)
                          : fihi_fail(err, rc, "a document's cuts do not fit its body");
}

static int analyze(struct worker *w, struct chunk *c, fih_error *err)
{
    int rc;

    for (size_t i = 0; i < c->doc_count; i++) {
        struct chunk_doc *d = &c->docs[i];
        const size_t start = c->stream_count;

        if ((rc = analyze_text(w, c, d->title, err)) != 0)
            return rc;
        d->title_surfaces = (uint32_t)(c->stream_count - start);
        if ((rc = analyze_body(w, c, d, err)) != 0)
            return rc;
        d->surfaces = (uint32_t)(c->stream_count - start);
    }
    return FIH_OK;
}

static int grow_terms(struct worker *w, struct growth *g)
{
    const uint32_t all = fihi_analyzer_term_count(w->analyzer);

    if (fihi_grow(&g->term_ends, &g->term_cap, all - w->terms, 4) != 0)
        return FIH_E_NOMEM;
    for (g->first_term = w->terms; w->terms < all; w->terms++) {
        const struct term_text t = fihi_analyzer_term(w->analyzer, w->terms);

        if (fihi_buf_append(&g->terms, t.ptr, t.len) != 0)
            return FIH_E_NOMEM;
        g->term_ends[g->term_count++] = (uint32_t)g->terms.len;
    }
    return FIH_OK;
}

static int grow_surfaces(struct worker *w, struct growth *g)
{
    const uint32_t all = fihi_analyzer_surface_count(w->analyzer);

    if (fihi_grow(&g->surface_ends, &g->surface_cap, all - w->surfaces, 4) != 0)
        return FIH_E_NOMEM;
    for (g->first_surface = w->surfaces; w->surfaces < all; w->surfaces++) {
        size_t n;
        const struct result *r = fihi_analyzer_surface(w->analyzer, w->surfaces, &n);

        if (fihi_grow(&g->results, &g->result_cap, g->result_count + n, sizeof *g->results) != 0)
            return FIH_E_NOMEM;
        if (n)
            memcpy(g->results + g->result_count, r, n * sizeof *r);
        g->surface_ends[g->surface_count++] = (uint32_t)(g->result_count += n);
    }
    return FIH_OK;
}

static int compress(struct worker *w, struct chunk *c, fih_error *err)
{
    for (size_t i = 0; i < c->doc_count;) {
        const size_t from = c->docs[i].record, first = i;
        size_t to = from;
        int rc;

        do {
            to = c->docs[i].record + c->docs[i].record_bytes;
            i++;
        } while (i < c->doc_count && to - from + c->docs[i].record_bytes <= STORED_BLOCK);
        if (fihi_grow(&c->blocks, &c->block_cap, c->block_count + 1, sizeof *c->blocks) != 0 ||
            fihi_grow(&c->block_ends, &c->block_end_cap, c->block_count + 1, sizeof *c->block_ends) != 0)
            return fihi_fail_nomem(err);
        if ((rc = fihi_stored_compress(w->zstd, &c->compressed, c->raw.ptr + from, to - from, err)) != 0)
            return rc;
        c->blocks[c->block_count] = (struct stored_block){(uint32_t)(i - first), (uint32_t)(to - from)};
        c->block_ends[c->block_count++] = c->compressed.len;
    }
    return FIH_OK;
}

int fihi_chunk_run(struct worker *w, struct chunk *c)
{
    /* Numbers stay from chunk to chunk, until they take too much. */
    if (fihi_analyzer_bytes(w->analyzer) > w->cache_bytes)
        fihi_worker_forget(w);
    c->growth.worker = w->number;
    c->rc = analyze(w, c, &c->error);
    if (c->rc == 0 && (grow_terms(w, &c->growth) != 0 || grow_surfaces(w, &c->growth) != 0))
        c->rc = fihi_fail_nomem(&c->error);
    if (c->rc == 0)
        c->rc = compress(w, c, &c->error);
    return c->rc;
}

static void shrink(struct buf *b, size_t keep)
{
    b->len = 0;
    if (b->cap > keep)
        fihi_buf_free(b);
}

void fihi_chunk_clear(struct chunk *c)
{
    struct growth *g = &c->growth;

    c->doc_count = c->stream_count = c->block_count = g->term_count = g->result_count = g->surface_count = 0;
    c->rc = 0;
    /* After a huge document its memory goes back. */
    shrink(&c->raw, 4 * CHUNK_TEXT);
    shrink(&g->terms, 4 * CHUNK_TEXT);
    shrink(&c->compressed, 4 * CHUNK_TEXT);
    if (c->stream_cap > CHUNK_TEXT) {
        free(c->stream);
        c->stream = NULL;
        c->stream_cap = 0;
    }
}

void fihi_chunk_free(struct chunk *c)
{
    if (!c)
        return;
    fihi_buf_free(&c->raw);
    fihi_buf_free(&c->growth.terms);
    fihi_buf_free(&c->compressed);
    free(c->docs);
    free(c->stream);
    free(c->growth.term_ends);
    free(c->growth.results);
    free(c->growth.surface_ends);
    free(c->blocks);
    free(c->block_ends);
    free(c);
}
