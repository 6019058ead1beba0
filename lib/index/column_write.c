/* index/column_write.c - chunks of columns.
 *
 * The values of a chunk wait until it is full: width, base and whether documents have several values are known only
 * then. `ends` has for each document where its values end; documents that were not told of are filled in with the
 * end of those before, so they have none.
 *
 * Of a keyword, documents 0 to 3 with the values {2}, {}, {0, 5}, {1}: values are 2, 0, 5, 1 and ends 1, 1, 3, 4.
 * One of them has two, so the chunk has `starts` 0, 1, 1, 3, 4, and the values in one byte each. Without the third
 * document's second value it would have only a code for each, 3, 0, 1, 2: 1 more than the value less the least.
 *
 * The bytes of that chunk: a head of 16, five places of four, and four codes of one.
 *
 *     01 01 00 00   04 00 00 00   00 00 00 00 00 00 00 00
 *     00 00 00 00   01 00 00 00   01 00 00 00   03 00 00 00   04 00 00 00
 *     02 00 05 01 */
#include "index/column_write.h"

#include <stdlib.h>

#include "base/fail.h"
#include "index/column.h"

/* The table of ends is made for the first column and kept for all. */
int fihi_column_begin(struct column_writer *w, unsigned field, unsigned kind, fih_error *err)
{
    if (!w->ends && !(w->ends = malloc(COLUMN_CHUNK * sizeof *w->ends)))
        return fihi_fail_nomem(err);
    w->row = (struct column_row){
        .field = (uint8_t)field, .kind = (uint8_t)kind, .least = INT64_MAX, .greatest = INT64_MIN};
    w->next = w->told = 0;
    w->value_count = 0;
    return FIH_OK;
}

/* Behind fihi_column_begin(), which begins without terms. The terms of a keyword are in the dictionary by then, so
 * their first ordinal is known. */
void fihi_column_terms(struct column_writer *w, uint32_t first, uint32_t count)
{
    w->row.first_term = first;
    w->row.terms = count;
}

/* Powers of two only: a reader takes any of them with one load. Three bytes would save a quarter of some columns, and
 * cost two loads and a shift for each value. */
static unsigned width_of(uint64_t most)
{
    return most == 0 ? 0 : most <= UINT8_MAX ? 1 : most <= UINT16_MAX ? 2 : most <= UINT32_MAX ? 4 : 8;
}

/* Little-endian by hand: the widths are powers of two, but the places are not aligned to them. */
static void put_code(uint8_t *p, unsigned width, uint64_t code)
{
    for (unsigned i = 0; i < width; i++, code >>= 8)
        p[i] = (uint8_t)code;
}

/* Documents that were not told of have no values. `count` is in documents of the chunk. */
static void tell_until(struct column_writer *w, uint32_t count)
{
    while (w->told < count)
        w->ends[w->told++] = (uint32_t)w->value_count;
}

/* Without several values, a document's only one is where the document before ended. With the values {2}, {}, {0}, {1}
 * the ends are 1, 1, 2, 3: document 1 begins where 0 ends, and ends there, so it has none and its code is 0. */
static int append_codes(struct column_writer *w, unsigned width, int64_t base, bool is_many, uint32_t docs)
{
    const size_t count = is_many ? w->value_count : docs;
    uint8_t *p;

    /* All of the room at once, so that the loop below only writes. */
    if (fihi_buf_reserve(&w->out, count * width) != 0)
        return FIH_E_NOMEM;
    p = w->out.ptr + w->out.len;
    w->out.len += count * width;
    for (size_t i = 0; i < count; i++, p += width) {
        const size_t at = is_many || i == 0 ? i : w->ends[i - 1];

        put_code(p, width, !is_many && w->ends[i] == at ? 0 : (uint64_t)w->values[at] - (uint64_t)base + !is_many);
    }
    return FIH_OK;
}

/* The difference and 1 cannot wrap: the lowest number is no value (VALUE_NONE). With several values there is no
 * base: they are places of terms, which begin at 0. */
static int write_chunk(struct column_writer *w, fih_error *err)
{
    const uint32_t docs = w->docs - w->next < COLUMN_CHUNK ? w->docs - w->next : COLUMN_CHUNK;
    int64_t least = INT64_MAX, greatest = INT64_MIN, base;
    uint8_t head[16] = {0}, four[4] = {0};
    bool is_many = false;
    unsigned width;
    int rc;

    /* All documents of the chunk have an end now, also those behind the last one that has a value. */
    tell_until(w, docs);
    for (size_t i = 0; i < w->value_count; i++) {
        least = w->values[i] < least ? w->values[i] : least;
        greatest = w->values[i] > greatest ? w->values[i] : greatest;
    }
    for (uint32_t i = 0; i < docs && !is_many; i++)
        is_many = w->ends[i] - (i ? w->ends[i - 1] : 0) > 1;
    base = is_many || w->value_count == 0 ? 0 : least;
    width = w->value_count == 0 ? 0 : width_of((uint64_t)greatest - (uint64_t)base + !is_many);
    /* Does not happen, for a document's values differ, so that one of two is above 0; codes of no bytes would say that
     * it has as many values as anybody likes. */
    if (is_many && width == 0)
        width = 1;
    head[0] = (uint8_t)width;
    head[1] = is_many;
    put_u32(head + 4, docs);
    put_u64(head + 8, (uint64_t)base);
    w->out.len = 0;
    rc = fihi_buf_append(&w->out, head, sizeof head);
    if (is_many && rc == 0 && (rc = fihi_buf_append(&w->out, four, 4)) == 0)
        for (uint32_t i = 0; i < docs && rc == 0; i++) {
            put_u32(four, w->ends[i]);
            rc = fihi_buf_append(&w->out, four, 4);
        }
    if (rc != 0 || append_codes(w, width, base, is_many, docs) != 0)
        return fihi_fail_nomem(err);
    w->next += docs;
    w->told = 0;
    w->value_count = 0;
    return fihi_stage_append(w->stage, KIND_COLUMNS, w->out.ptr, w->out.len, err);
}

/* Chunks in which no document has a value are written as well, since a chunk is found by its number; each takes 16
 * bytes. Values of a document come one after the other, in ascending order, each once: the caller has sorted them. */
int fihi_column_add(struct column_writer *w, uint32_t doc, int64_t value, fih_error *err)
{
    int rc;

    while (doc - w->next >= COLUMN_CHUNK)
        if ((rc = write_chunk(w, err)) != 0)
            return rc;
    if (w->value_count >= UINT32_MAX - 1)
        return fihi_fail(err, FIH_E_LIMIT, "documents with too many values of a field");
    if (fihi_grow(&w->values, &w->value_cap, w->value_count + 1, sizeof *w->values) != 0)
        return fihi_fail_nomem(err);
    /* The documents before this one are closed; this one is the next to be told of, or it was told of already. */
    tell_until(w, doc - w->next);
    w->row.docs += w->told == doc - w->next;
    w->values[w->value_count++] = value;
    if (w->told == doc - w->next)
        w->told++;
    w->ends[doc - w->next] = (uint32_t)w->value_count;
    w->row.values++;
    /* Words of a text: the sum of all lengths is what a mean is made of, without reading the column. */
    w->row.sum += w->row.kind == FIH_FIELD_TEXT ? (uint64_t)value : 0;
    w->row.least = value < w->row.least ? value : w->row.least;
    w->row.greatest = value > w->row.greatest ? value : w->row.greatest;
    return FIH_OK;
}

/* What was collected for one without values is forgotten by the next begin; no chunk of it was written, for the
 * first value is what makes one. A column of one value in a million documents is 31 chunks, of which 30 have 16
 * bytes. */
int fihi_column_end(struct column_writer *w, fih_error *err)
{
    uint8_t bytes[COLUMN_ROW_BYTES];
    int rc;

    if (w->row.values == 0)
        return FIH_OK;
    while (w->next < w->docs)
        if ((rc = write_chunk(w, err)) != 0)
            return rc;
    fihi_column_row_put(bytes, &w->row);
    return fihi_buf_append(&w->index, bytes, sizeof bytes) == 0 ? FIH_OK : fihi_fail_nomem(err);
}

/* No index at all if there is no column: FORMAT.md wants it missing then. Then a segment whose schema has fields, and
 * no document a value of one, reads as one of a schema without. */
int fihi_columns_finish(struct column_writer *w, fih_error *err)
{
    return w->index.len ? fihi_stage_put(w->stage, KIND_COLUMN_INDEX, 0, w->index.ptr, w->index.len, err) : FIH_OK;
}

void fihi_column_writer_free(struct column_writer *w)
{
    fihi_buf_free(&w->index);
    fihi_buf_free(&w->out);
    free(w->values);
    free(w->ends);
}
