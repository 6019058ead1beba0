/* index/docs.h - stored documents: records, and blocks of them.
 *
 * Layer: index. A record is a document's fields as bytes; a block has the records of some documents, each as one
 * byte a letter, compressed together (zstd); values hold some blocks. Formats: FORMAT.md, "Record", "Stored value".
 */
#ifndef FIHI_INDEX_DOCS_H
#define FIHI_INDEX_DOCS_H

#include <zstd.h>

#include "index/stage.h"
#include "text/clean.h"

/* Field codes of a record; 255 is followed by a name. FIELD_CUTS and FIELD_STARTS are ours: no fields of the document,
 * they have no name. */
enum field_code {
    FIELD_ID, FIELD_TITLE, FIELD_BODY, FIELD_DATE, FIELD_SECTION, FIELD_URL, FIELD_SOURCE, FIELD_KNOWN,
    FIELD_CUTS = FIELD_KNOWN, FIELD_STARTS,
    FIELD_NAMED = 255
};
extern const char *const fihi_field_names[FIELD_KNOWN];

/* Where a field's value lies in the buffer that the record was appended to. */
struct span {
    size_t at, len;
};

/* Append doc's record. Title and body are cleaned of ill-formed UTF-8, which *ill_formed counts. */
int fihi_record_append(struct buf *out, const fih_doc *doc, struct span spans[FIELD_KNOWN], uint64_t *ill_formed,
                       fih_error *err);

/* Append to the record at `record`, the last one in `out`, what is left out of its body. On an error it is as before.
 */
int fihi_record_cut(struct buf *out, size_t record, struct span body, const struct cuts *cuts, struct span *span,
                    fih_error *err);

/* Walk the value of FIELD_CUTS: FIH_OK and the next range of the body that is left out, FIH_DONE, FIH_E_CORRUPT. */
struct cut_scan {
    const uint8_t *p, *end;
    fih_str        body;
    size_t         at;
};
void fihi_cut_scan(struct cut_scan *s, fih_str cuts, fih_str body);
int fihi_cut_next(struct cut_scan *s, size_t *start, size_t *end);
/* FIH_OK or FIH_E_CORRUPT for all of it; it is never empty. */
int fihi_cut_check(fih_str cuts, fih_str body);

/* Words of the body from which its analysis may begin anew, every START_WORDS positions or a little more; only a body
 * of more than START_LEAST has any. */
enum { START_WORDS = 128, START_LEAST = 256 };
struct word_start {
    uint32_t position;                 /* of the word, from 0 in the body */
    size_t   at;                       /* its first byte there */
};
/* Append one that is behind `before` to the value of FIELD_STARTS. FIH_OK or FIH_E_NOMEM. */
int fihi_start_append(struct buf *value, const struct word_start *before, const struct word_start *start);
/* Append that value to the record at `record`, the last one in `out`; nothing if it is empty. FIH_OK or FIH_E_NOMEM. */
int fihi_record_start(struct buf *out, size_t record, fih_str starts);
/* How many bytes that adds. */
size_t fihi_record_start_bytes(size_t starts);
/* Walk the value; *start is zero before the first one. FIH_OK, FIH_DONE, FIH_E_CORRUPT. */
struct start_scan {
    const uint8_t *p, *end;
    fih_str        body;
};
void fihi_start_scan(struct start_scan *s, fih_str starts, fih_str body);
int fihi_start_next(struct start_scan *s, struct word_start *start);
/* FIH_OK or FIH_E_CORRUPT for all of it; it is never empty. */
int fihi_start_check(fih_str starts, fih_str body);

/* Walk a record: FIH_OK and the next field (name NULL-terminated only for known ones, empty for FIELD_CUTS and
 * FIELD_STARTS), FIH_DONE, FIH_E_CORRUPT; that also if the starts do not fit the body. */
struct record_scan {
    const uint8_t *p, *end;
    fih_str        body;
};
int fihi_record_scan(struct record_scan *s, const uint8_t *record, size_t bytes);
int fihi_record_next(struct record_scan *s, unsigned *code, fih_str *name, fih_str *value);

/* Append a record as it stands in a block. FIH_OK or FIH_E_NOMEM. */
int fihi_record_encode(struct buf *block, const uint8_t *record, size_t bytes);
/* The record of a block at *p, which moves behind it; *record is replaced. FIH_OK, FIH_E_NOMEM, FIH_E_CORRUPT. */
int fihi_record_decode(struct buf *record, const uint8_t **p, const uint8_t *end);
/* Pass over it. FIH_OK or FIH_E_CORRUPT. */
int fihi_record_skip(const uint8_t **p, const uint8_t *end);

/* ---- writing values */

/* One compressed block and what the value's table says of it. */
struct stored_block {
    uint32_t docs;
    uint32_t raw_bytes;
};

struct stored_writer {
    struct stage *stage;
    struct buf    table, blocks, index;
    uint32_t      next_doc, first_doc;       /* of the value under way */
};
int fihi_stored_add(struct stored_writer *w, const struct stored_block *b, const void *compressed, size_t bytes,
                    fih_error *err);
int fihi_stored_finish(struct stored_writer *w, fih_error *err);
void fihi_stored_writer_free(struct stored_writer *w);

/* Append the compressed form of a block's records to out. */
int fihi_stored_compress(ZSTD_CCtx *z, struct buf *out, const void *raw, size_t bytes, fih_error *err);

/* ---- reading a value */

struct stored_value {
    uint32_t       first_doc, docs, blocks;
    const uint8_t *table, *data;
    size_t         data_bytes;
    uint32_t       next, next_doc;           /* block, and its first document */
};
/* FIH_E_CORRUPT if its table does not hold: blocks of at least one document, as many together as the value has, whose
 * bytes follow one another to the value's end. */
int fihi_stored_parse(struct stored_value *v, const uint8_t *bytes, size_t n);
/* One block after the other; 0 and its first document, or FIH_DONE. */
int fihi_stored_next(struct stored_value *v, uint32_t *first_doc, struct stored_block *b, const uint8_t **compressed,
                     size_t *bytes);
/* The records of a block, as fihi_record_encode() left them, into out (replaced). */
int fihi_stored_expand(struct buf *out, const struct stored_block *b, const uint8_t *compressed, size_t bytes);

/* ---- ids: a value holds those of a run of documents */

struct ids_writer {
    struct stage *stage;
    struct buf    starts, bytes, last, index;    /* where blocks begin, their bytes; the id before; the ids index */
    uint32_t      next_doc, first_doc;
};
int fihi_ids_add(struct ids_writer *w, const void *id, size_t n, fih_error *err);
int fihi_ids_finish(struct ids_writer *w, fih_error *err);
void fihi_ids_writer_free(struct ids_writer *w);
int fihi_ids_parse(const uint8_t *value, size_t n, uint32_t *first_doc, uint32_t *count);
/* The id of document first_doc + i, i below the count; `id` is replaced. FIH_OK, FIH_E_NOMEM, FIH_E_CORRUPT. */
int fihi_ids_at(const uint8_t *value, size_t n, uint32_t i, struct buf *id);

#endif
