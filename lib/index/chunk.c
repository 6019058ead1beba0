/* index/chunk.c - analysing and compressing the documents of a chunk.
 *
 * A worker's part, in any thread: it touches nothing but the chunk and its own analyzer, and looks words up in the
 * batch's vocabulary without a lock. Out come numbers of surface words. A word that the batch knew at that moment
 * has its number there; one that it did not has a number of the chunk's own, marked SURFACE_OWN, and `growth` tells
 * what it is. So each word is analysed about once for each worker, and its terms cross from thread to thread once.
 *
 * A body is analysed without the ranges that are left out of it, as if they were not there. Positions run on over a
 * cut: of "one <br> two" with "<br>" left out, two has position 1.
 *
 * Records of 10, 15, 12 and 90 KiB of letters become three blocks: the first two together (the third would make it
 * more than 32 KiB), the third, and the fourth alone. The work of a chunk is in three passes, each over memory of its
 * own: words to numbers (analyze), new words and terms copied out (grow_…), records to compressed blocks (compress).
 * None of them waits for anybody.
 *
 * Say the batch knows كتاب as its word 7, and a chunk reads كتاب قلم كتاب. The stream is then 7, SURFACE_OWN | 0, 7,
 * and `growth` tells that the chunk's own word 0 is قلم and which terms it has. If the batch learns قلم meanwhile, from
 * another chunk, what this one tells of it is passed over when it is taken. */
#include "index/chunk.h"

#include <stdlib.h>

#include "base/fail.h"
#include "text/signature.h"

/* SURFACES: words asked for at a time, enough that the call costs nothing and few enough for the stream to grow
 * smoothly. OWN_BYTES: a table that one chunk full of new words has made large is given back, and not kept by each
 * worker for the others. */
enum {
    SURFACES = 256,
    OWN_BYTES = 1 << 18                /* memory that a worker keeps for each table of new words, from chunk to chunk */
};

/* The analyzer is made here and not shared: it keeps words and has a text under way. A compressor is kept for its
 * tables. */
int fihi_worker_new(struct worker **out, const struct analyzer_choice *choice, const struct intern *known,
                    fih_error *err)
{
    struct worker *w = calloc(1, sizeof *w);
    int rc = FIH_OK;

    *out = NULL;
    if (!w || !(w->zstd = ZSTD_createCCtx()))
        rc = fihi_fail_nomem(err);
    else
        rc = fihi_analyzer_choose(&w->analyzer, choice, err);
    if (rc != 0) {
        fihi_worker_free(w);
        return rc;
    }
    fihi_analyzer_know(w->analyzer, known);
    *out = w;
    return FIH_OK;
}

void fihi_worker_free(struct worker *w)
{
    if (!w)
        return;
    fihi_analyzer_free(w->analyzer);
    ZSTD_freeCCtx(w->zstd);
    fihi_buf_free(&w->record);
    fihi_buf_free(&w->block);
    free(w);
}

/* Up to `max` words of the text under way, behind those in the stream. Written straight into the stream; *count is
 * right also when it returns FIH_DONE or an error. */
static int next_surfaces(struct worker *w, struct chunk *c, size_t max, size_t *count, fih_error *err)
{
    int rc;

    /* Four bytes each. Room is made for all that may come, so that the analyzer writes where they stay. */
    if (fihi_grow(&c->stream, &c->stream_cap, c->stream_count + max, 4) != 0)
        return fihi_fail_nomem(err);
    rc = fihi_analyzer_next_surfaces(w->analyzer, c->stream + c->stream_count, max, count, err);
    c->stream_count += *count;
    return rc;
}

/* Borrowed until the chunk's records move, which they do only when the last record gets its starts. */
static fih_str bytes_of(const struct chunk *c, struct span text)
{
    return (fih_str){(const char *)c->raw.ptr + text.at, text.len};
}

/* A title, or a piece of a body: parts of what one writer wrote. A name is known by the words near it, in title and
 * body: so the analyzer is shown all of the document, and told what part of it is to be read. */
static void begin(struct worker *w, const struct chunk *c, const struct chunk_doc *d, struct span text)
{
    /* `near` and `whole` are borrowed: the record does not move before the whole chunk is analysed. */
    const struct surroundings in = {.near = bytes_of(c, text), .whole = {bytes_of(c, d->title), bytes_of(c, d->body)}};

    fihi_analyzer_begin_in(w->analyzer, c->raw.ptr + text.at, text.len, &in);
}

/* Titles are short, so they have no starts. */
static int analyze_title(struct worker *w, struct chunk *c, const struct chunk_doc *d, fih_error *err)
{
    size_t count;
    int rc;

    begin(w, c, d, d->title);
    while ((rc = next_surfaces(w, c, SURFACES, &count, err)) == FIH_OK)
        ;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* How far the analysis of a body has come, and the last of its starts. */
struct progress {
    uint32_t     position;
    struct word_start start;
};

/* A piece of a body. Words are taken one by one where a start is due, until there is
 * one from which the analyzer gives the same words. As many words as positions are wanted are asked for at once. A
 * word may have several positions, or none, so a start can come some positions later, never sooner.
 *
 * A body of 1,000 words, each with one position: at 0 no start is needed. 128 words are asked for at once, then one at
 * a time until the analyzer says that it could begin here anew: mostly at once, so starts lie at 128, 256 and so on. */
static int analyze_piece(struct worker *w, struct chunk *c, const struct chunk_doc *d, struct span text,
                         struct progress *p, fih_error *err)
{
    const size_t base = text.at - d->body.at;
    size_t count, at;
    int rc;

    begin(w, c, d, text);
    for (;;) {
        /* Not below 0: the last start was at a position that has been passed. */
        const uint32_t since = p->position - p->start.position;

        if ((rc = next_surfaces(w, c, since < START_WORDS ? START_WORDS - since : 1, &count, err)) != FIH_OK)
            return rc == FIH_DONE ? FIH_OK : rc;
        if (since >= START_WORDS && fihi_analyzer_is_fresh(w->analyzer, &at)) {
            const struct word_start start = {p->position, base + at};

            if (fihi_start_append(&c->starts, &p->start, &start) != 0)
                return fihi_fail_nomem(err);
            p->start = start;
        }
        /* By the analyzer and not by *count: a word may have been given several positions. */
        p->position += fihi_analyzer_positions(w->analyzer);
    }
}

/* The body without what is left out of it: as if that were not there, so positions run on. Cuts come from our own
 * cleaning, so those that do not fit would be an error of ours, and are told as one. The piece between two cuts is
 * analysed with what is near it in the whole document, so that a cut does not change names. */
static int analyze_body(struct worker *w, struct chunk *c, struct chunk_doc *d, fih_error *err)
{
    const char *raw = (const char *)c->raw.ptr;
    struct progress p = {0, {0, 0}};
    size_t at = 0, start, end;
    struct cut_scan s;
    int rc;

    /* The starts of all bodies of a chunk are in one buffer: this one's begin here. */
    d->starts.at = c->starts.len;
    fihi_cut_scan(&s, (fih_str){raw + d->cuts.at, d->cuts.len}, (fih_str){raw + d->body.at, d->body.len});
    while ((rc = fihi_cut_next(&s, &start, &end)) == FIH_OK) {
        if ((rc = analyze_piece(w, c, d, (struct span){d->body.at + at, start - at}, &p, err)) != 0)
            return rc;
        at = end;
    }
    if (rc != FIH_DONE)
        return fihi_fail(err, rc, "a document's cuts do not fit its body");
    rc = analyze_piece(w, c, d, (struct span){d->body.at + at, d->body.len - at}, &p, err);
    if (p.position <= START_LEAST)             /* read whole as fast */
        c->starts.len = d->starts.at;
    d->starts.len = c->starts.len - d->starts.at;
    return rc;
}

/* The body with its signature. Papers give a story titles of their own, so the title has no part in it.
 *
 * The signature is made on the way, of the words as they pass: the body is not read twice for it. */
static int sign_body(struct worker *w, struct chunk *c, struct chunk_doc *d, fih_error *err)
{
    struct signer signer = {.words = 0};
    int rc;

    fihi_analyzer_sign(w->analyzer, &signer);
    rc = analyze_body(w, c, d, err);
    fihi_analyzer_sign(w->analyzer, NULL);
    d->signature = fihi_signature(&signer);
    return rc;
}

/* The values of a document's texts, each by itself: an author says nothing of how the body is to be read. */
static int analyze_values(struct worker *w, struct chunk *c, size_t doc, fih_error *err)
{
    int rc;

    /* Values of all documents stand in one array, so a document's begin where the one's before end. */
    for (size_t i = doc ? c->docs[doc - 1].value_end : 0; i < c->docs[doc].value_end; i++) {
        struct chunk_value *const v = &c->values[i];
        const size_t start = c->stream_count;
        size_t count;

        fihi_analyzer_begin(w->analyzer, c->raw.ptr + v->text.at, v->text.len);
        while ((rc = next_surfaces(w, c, SURFACES, &count, err)) == FIH_OK)
            ;
        if (rc != FIH_DONE)
            return rc;
        /* At most as many as the text has bytes, which are fewer than 2^30 (FIH_MAX_TEXT). */
        v->surfaces = (uint32_t)(c->stream_count - start);
    }
    return FIH_OK;
}

/* The number of words of the title is kept apart, for that is all that says where the title ends. The order in the
 * stream is title, body, values; the inverter takes it apart by these three counts. */
static int analyze(struct worker *w, struct chunk *c, fih_error *err)
{
    int rc;

    for (size_t i = 0; i < c->doc_count; i++) {
        struct chunk_doc *d = &c->docs[i];
        const size_t start = c->stream_count;

        if ((rc = analyze_title(w, c, d, err)) != 0)
            return rc;
        d->title_surfaces = (uint32_t)(c->stream_count - start);
        if ((rc = sign_body(w, c, d, err)) != 0)
            return rc;
        d->surfaces = (uint32_t)(c->stream_count - start);
        if ((rc = analyze_values(w, c, i, err)) != 0)
            return rc;
    }
    return FIH_OK;
}

/* Copied, because the analyzer forgets its own words when it begins the next chunk. Only ends are noted, for the bytes
 * are one behind the other. */
static int grow_terms(const struct analyzer *a, struct growth *g)
{
    const uint32_t all = fihi_analyzer_term_count(a);

    if (fihi_grow(&g->term_ends, &g->term_cap, all, sizeof *g->term_ends) != 0)
        return FIH_E_NOMEM;
    for (uint32_t i = 0; i < all; i++) {
        const struct term_text t = fihi_analyzer_term(a, i);

        if (fihi_buf_append(&g->terms, t.ptr, t.len) != 0)
            return FIH_E_NOMEM;
        g->term_ends[g->term_count++] = (uint32_t)g->terms.len;
    }
    return FIH_OK;
}

/* Terms are told by their numbers among the chunk's own, so each is copied once for all words that have it. */
static int grow_surfaces(const struct analyzer *a, struct growth *g)
{
    const uint32_t all = fihi_analyzer_surface_count(a);

    if (fihi_grow(&g->surface, &g->surface_cap, all, sizeof *g->surface) != 0)
        return FIH_E_NOMEM;
    for (uint32_t i = 0; i < all; i++) {
        const struct term_text s = fihi_analyzer_surface_text(a, i);
        size_t n;
        const struct result *const r = fihi_analyzer_surface(a, i, &n);

        if (fihi_buf_append(&g->surfaces, s.ptr, s.len) != 0 ||
            fihi_grow(&g->results, &g->result_cap, g->result_count + n, sizeof *g->results) != 0)
            return FIH_E_NOMEM;
        /* memcpy() may not get NULL: a surface word without any term has no results. */
        if (n)
            memcpy(g->results + g->result_count, r, n * sizeof *r);
        g->result_count += n;
        g->surface[g->surface_count++] = (struct new_surface){(uint32_t)g->surfaces.len, (uint32_t)g->result_count};
    }
    return FIH_OK;
}

/* An empty text where there are none, for a buffer that nothing was put into has no pointer. */
static fih_str starts_of(const struct chunk *c, const struct chunk_doc *d)
{
    return (fih_str){d->starts.len ? (const char *)c->starts.ptr + d->starts.at : "", d->starts.len};
}

/* Kept up to a usual size: buffers that are freed and made for each chunk would cost more than they hold. */
static void shrink(struct buf *b, size_t keep)
{
    b->len = 0;
    if (b->cap > keep)
        fihi_buf_free(b);
}

/* The record of document i with its starts, behind those of the block. Starts are known only after the analysis, and
 * must stand in the record: so all but the last record are copied to be made longer, one after the other; the last
 * one has nothing behind it that would have to move. */
static int join_record(struct worker *w, struct chunk *c, size_t i)
{
    const struct chunk_doc *d = &c->docs[i];
    int rc;

    if (i + 1 == c->doc_count) {               /* where it is: it may be huge */
        rc = fihi_record_start(&c->raw, d->record, starts_of(c, d));
        return rc ? rc : fihi_record_encode(&w->block, c->raw.ptr + d->record, c->raw.len - d->record);
    }
    w->record.len = 0;
    if (fihi_buf_append(&w->record, c->raw.ptr + d->record, d->record_bytes) != 0 ||
        fihi_record_start(&w->record, 0, starts_of(c, d)) != 0)
        return FIH_E_NOMEM;
    return fihi_record_encode(&w->block, w->record.ptr, w->record.len);
}

/* Compress the first bytes of w->block, the records of so many documents, and leave what is behind them. What is
 * behind the bytes is the record that did not fit: the first one of the next block.
 *
 * The bytes behind are moved to the front and not left where they are: at most one record, and so the buffer stays
 * small. */
static int end_block(struct worker *w, struct chunk *c, size_t bytes, uint32_t docs, fih_error *err)
{
    int rc;

    if (fihi_grow(&c->blocks, &c->block_cap, c->block_count + 1, sizeof *c->blocks) != 0 ||
        fihi_grow(&c->block_ends, &c->block_end_cap, c->block_count + 1, sizeof *c->block_ends) != 0)
        return fihi_fail_nomem(err);
    /* *compressed grows by what zstd made; nothing of the block is needed after that. */
    if ((rc = fihi_stored_compress(w->zstd, &c->compressed, w->block.ptr, bytes, err)) != 0)
        return rc;
    c->blocks[c->block_count] = (struct stored_block){docs, (uint32_t)bytes};
    c->block_ends[c->block_count++] = c->compressed.len;
    w->block.len -= bytes;
    memmove(w->block.ptr, w->block.ptr + bytes, w->block.len);
    return FIH_OK;
}

/* A block ends before the record that would take it beyond STORED_BLOCK; one record alone may be larger. So the order
 * of the documents is that of the blocks, and a block's documents are neighbours. */
static int compress(struct worker *w, struct chunk *c, fih_error *err)
{
    uint32_t docs = 0;
    int rc;

    w->block.len = 0;
    for (size_t i = 0; i < c->doc_count; i++) {
        const size_t before = w->block.len;

        if (join_record(w, c, i) != 0)
            return fihi_fail_nomem(err);
        /* Known only when the record has been written as letters: then it is the one too many. */
        if (docs && w->block.len > STORED_BLOCK) {
            if ((rc = end_block(w, c, before, docs, err)) != 0)
                return rc;
            docs = 0;
        }
        docs++;
    }
    rc = docs ? end_block(w, c, w->block.len, docs, err) : FIH_OK;
    /* One huge document must not leave each worker with its memory. */
    shrink(&w->block, CHUNK_TEXT);
    return rc;
}

/* In the caller's thread, for the schema is the writer's. The inverter counts values that are too many. */
int fihi_chunk_find_values(struct chunk *c, size_t at, const struct schema *schema)
{
    uint64_t taken = 0;                        /* fields that have their one value, by number */
    struct record_scan scan;
    fih_str name, value;
    unsigned code;
    /* The record is the last one of `raw` and was made a moment ago, so the scan cannot find damage; it is checked all
     * the same. */
    int rc = fihi_record_scan(&scan, c->raw.ptr + at, c->raw.len - at);

    while (rc == FIH_OK && (rc = fihi_record_next(&scan, &code, &name, &value)) == FIH_OK) {
        const unsigned field = code == FIELD_NAMED && value.len ? fihi_schema_find(schema, name) : 0;
        const uint64_t bit = field >= FIELD_NO_OWN ? UINT64_C(1) << (field - FIELD_NO_OWN) : 0;

        if (!bit || taken & bit || fihi_schema_kind(schema, field) != FIH_FIELD_TEXT)
            continue;
        /* Of a field without SCHEMA_MANY only the first value counts. */
        if (!(schema->fields[field - FIELD_NO_OWN].flags & SCHEMA_MANY))
            taken |= bit;
        if (fihi_grow(&c->values, &c->value_cap, c->value_count + 1, sizeof *c->values) != 0)
            return FIH_E_NOMEM;
        c->values[c->value_count++] = (struct chunk_value){
            .text = {(size_t)((const uint8_t *)value.ptr - c->raw.ptr), value.len}, .field = field};
    }
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Errors stay in the chunk until it is taken: only the caller's thread has somewhere to report them. */
int fihi_chunk_run(struct worker *w, struct chunk *c)
{
    /* Each chunk numbers its own new words from 0, so those of the last one are forgotten. */
    fihi_analyzer_forget(w->analyzer, OWN_BYTES);
    c->rc = analyze(w, c, &c->error);
    /* Also when nothing was new: then both are empty. */
    if (c->rc == 0 && (grow_terms(w->analyzer, &c->growth) != 0 || grow_surfaces(w->analyzer, &c->growth) != 0))
        c->rc = fihi_fail_nomem(&c->error);
    if (c->rc == 0)
        c->rc = compress(w, c, &c->error);
    return c->rc;
}

/* Memory of a usual size stays, so that the next documents find room; docs and blocks are small beside it. Words and
 * values of the last chunk are passed by when their counts are 0: nothing is cleared. */
void fihi_chunk_clear(struct chunk *c)
{
    struct growth *g = &c->growth;

    c->doc_count = c->value_count = c->stream_count = c->block_count = 0;
    g->term_count = g->result_count = g->surface_count = 0;
    c->rc = 0;
    /* After a huge document its memory goes back. */
    shrink(&c->raw, 4 * CHUNK_TEXT);
    shrink(&g->terms, 4 * CHUNK_TEXT);
    shrink(&g->surfaces, 4 * CHUNK_TEXT);
    shrink(&c->starts, CHUNK_TEXT);
    shrink(&c->compressed, 4 * CHUNK_TEXT);
    if (c->stream_cap > CHUNK_TEXT) {
        free(c->stream);
        c->stream = NULL;
        c->stream_cap = 0;
    }
}

/* NULL, or a chunk that nobody works on. */
void fihi_chunk_free(struct chunk *c)
{
    if (!c)
        return;
    fihi_buf_free(&c->raw);
    fihi_buf_free(&c->starts);
    fihi_buf_free(&c->growth.terms);
    fihi_buf_free(&c->growth.surfaces);
    fihi_buf_free(&c->compressed);
    free(c->docs);
    free(c->values);
    free(c->stream);
    free(c->growth.term_ends);
    free(c->growth.results);
    free(c->growth.surface);
    free(c->blocks);
    free(c->block_ends);
    free(c);
}
