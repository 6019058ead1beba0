/* index/docs.c - records, stored values, ids.
 *
 * A record is stored as it came (but for ill-formed UTF-8), with no numbers that depend on the index: an index can
 * be made anew from its records alone. Records are joined into blocks before they are compressed, since zstd finds
 * repetition only in what it sees together; blocks of more than 32 KiB take a reader longer and save little
 * (FORMAT.md, "Alternatives weighed").
 *
 * Everything read here may be damaged: each length is compared with what is left before a pointer moves.
 *
 * Ids are front-coded like the keys of the dictionary, but in the order of the documents. Of a/1.txt, a/2.txt, b.txt
 * in one block:
 *
 *     0 7 "a/1.txt"    2 5 "2.txt"    0 5 "b.txt"
 *
 * Cuts and starts are differences, so most numbers take a byte. A body of 100 bytes with bytes 10 to 19 and 50 to 99
 * left out has the cuts 10 10, 30 50: ten kept and ten left out, then thirty kept and the rest left out.
 *
 * The record of a document with the id "c", the title "two" and the url "u", 11 bytes behind its length (FORMAT.md,
 * "Record"):
 *
 *     0b 00 00 00   00 01 63   01 03 74 77 6f   05 01 75
 *
 * A stored value's table, of the small index: 00 00 00 00 03 00 00 00 01 00 00 00 says that it begins with document 0
 * and has three documents in one block; 03 00 00 00 94 00 00 00 that the block has all three, in 148 bytes of letters,
 * and then four bytes where its compressed bytes end (FORMAT.md, "Stored value"). */
#include "index/docs.h"

#include <stdbool.h>
#include <zstd_errors.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "base/utf8.h"
#include "codec/letters.h"

const char *const fihi_field_names[FIELD_KNOWN] = {"id", "title", "body", "date", "section", "url", "source"};

/* The default of zstd. Level 6 saves a few hundredths of the bytes and takes two and a half times as long to
 * compress. */
enum { ZSTD_LEVEL = 3 };

/* ---- records: u32 bytes that follow, then fields: u8 code [varint name bytes, name] varint value bytes, value */

/* Room for the longest number is made first, so that it is written where it stays. 10 bytes, for a number of 64
 * bits. */
static int append_number(struct buf *b, uint64_t v)
{
    if (fihi_buf_reserve(b, VARINT_MAX) != 0)
        return FIH_E_NOMEM;
    b->len = (size_t)(put_varint(b->ptr + b->len, v) - b->ptr);
    return FIH_OK;
}

/* An empty field is not written: it cannot be told from one that is missing, and need not be. */
static int append_field(struct buf *out, unsigned code, const fih_str *name, fih_str value, struct span *span)
{
    const uint8_t byte = (uint8_t)code;

    if (span)
        *span = (struct span){0, 0};
    /* The span of a field that is not there is empty, and its place means nothing. */
    if (value.len == 0)
        return FIH_OK;
    if (fihi_buf_append(out, &byte, 1) != 0 ||
        (name && (append_number(out, name->len) != 0 || fihi_buf_append(out, name->ptr, name->len) != 0)) ||
        append_number(out, value.len) != 0)
        return FIH_E_NOMEM;
    if (span)
        *span = (struct span){out->len, value.len};
    return fihi_buf_append(out, value.ptr, value.len);
}

/* A text that is not UTF-8 is stored and indexed as its cleaned copy. The copy is made only if it is needed, which
 * is hardly ever. */
static int append_text(struct buf *out, unsigned code, fih_str text, struct span *span, uint64_t *ill_formed)
{
    struct buf clean = {0};
    int rc;

    if (text.len == 0 || fihi_utf8_valid((const uint8_t *)text.ptr, text.len) == text.len)
        return append_field(out, code, NULL, text, span);
    rc = fihi_utf8_clean(&clean, (const uint8_t *)text.ptr, text.len, ill_formed);
    if (rc == 0)
        rc = append_field(out, code, NULL, (fih_str){(const char *)clean.ptr, clean.len}, span);
    fihi_buf_free(&clean);
    return rc;
}

/* The spans are places in `out`, not pointers: it may move while it grows. The length is known last and put where
 * four zeros were kept for it. Lengths fit 32 bits, because the writer has refused documents beyond FIH_MAX_TEXT. */
int fihi_record_append(struct buf *out, const fih_doc *doc, struct span spans[FIELD_KNOWN], uint64_t *ill_formed,
                       fih_error *err)
{
    const fih_str values[FIELD_KNOWN] = {doc->id,      doc->title, doc->body,  doc->date,
                                         doc->section, doc->url,   doc->source};
    const size_t start = out->len;
    uint8_t four[4] = {0};
    int rc = fihi_buf_append(out, four, 4);

    for (unsigned i = 0; i < FIELD_KNOWN && rc == 0; i++)
        rc = i == FIELD_TITLE || i == FIELD_BODY ? append_text(out, i, values[i], &spans[i], ill_formed)
                                                 : append_field(out, i, NULL, values[i], &spans[i]);
    /* In the order in which they were given, and as often: lang=en and lang=ar are two fields. */
    for (size_t i = 0; i < doc->extra_count && rc == 0; i++)
        rc = append_field(out, FIELD_NAMED, &doc->extra[i].name, doc->extra[i].value, NULL);
    if (rc != 0) {
        out->len = start;
        return fihi_fail_nomem(err);
    }
    put_u32(out->ptr + start, (uint32_t)(out->len - start - 4));
    return FIH_OK;
}

/* ---- cuts: for each varint bytes kept before it, varint bytes left out */

/* Spaces of ASCII are enough: they are what lies between two lines that are left out. */
static bool is_blank(const uint8_t *s, size_t from, size_t to)
{
    while (from < to && (s[from] == ' ' || (s[from] >= '\t' && s[from] <= '\r')))
        from++;
    return from == to;
}

/* Cuts with nothing but space between them become one. FORMAT.md allows no cut without text before it but the first;
 * so they must be joined where only space was left.
 *
 * Of "ab<x> <y>cd" with <x> and <y> left out, the cuts from 2 to 5 and from 6 to 9 become one from 2 to 9: 02 07, and
 * the space between goes with them. */
static int append_cuts(struct buf *out, const uint8_t *body, const struct cuts *cuts)
{
    size_t at = 0;

    for (size_t i = 0, next; i < cuts->count; i = next) {
        const size_t start = cuts->cuts[i].start;
        size_t end = cuts->cuts[i].end;

        for (next = i + 1; next < cuts->count && is_blank(body, end, cuts->cuts[next].start); next++)
            end = cuts->cuts[next].end;
        if (append_number(out, start - at) != 0 || append_number(out, end - start) != 0)
            return FIH_E_NOMEM;
        at = end;
    }
    return FIH_OK;
}

/* The value is made aside, for `body` lies in `out` itself. The head of the record is corrected last: until then it is
 * whole without them. */
int fihi_record_cut(struct buf *out, size_t record, struct span body, const struct cuts *cuts, struct span *span,
                    fih_error *err)
{
    const size_t start = out->len;
    struct buf value = {0};
    int rc = append_cuts(&value, out->ptr + body.at, cuts);

    if (rc == 0)
        rc = append_field(out, FIELD_CUTS, NULL, (fih_str){(const char *)value.ptr, value.len}, span);
    fihi_buf_free(&value);
    if (rc != 0) {
        out->len = start;
        return fihi_fail_nomem(err);
    }
    /* The record is the last in `out`, so its length is what there is behind it. */
    put_u32(out->ptr + record, (uint32_t)(out->len - record - 4));
    return FIH_OK;
}

/* The body is needed for its limits: cuts alone do not say where it ends. */
void fihi_cut_scan(struct cut_scan *s, fih_str cuts, fih_str body)
{
    const char *const end = cuts.len ? cuts.ptr + cuts.len : cuts.ptr;

    *s = (struct cut_scan){(const uint8_t *)cuts.ptr, (const uint8_t *)end, body, 0};
}

/* A byte of the form 10xxxxxx continues a character. Any byte may be asked about, also in a text that is not
 * well-formed. */
static bool is_border(fih_str text, size_t at)
{
    return at == text.len || ((uint8_t)text.ptr[at] & 0xC0) != 0x80;
}

/* Nothing moves on an error. Compared as differences, since sums of what a file says may wrap. */
int fihi_cut_next(struct cut_scan *s, size_t *start, size_t *end)
{
    uint32_t kept, left_out;
    const uint8_t *p = s->p;

    if (p == s->end)
        return FIH_DONE;
    if (!(p = get_varint32(p, s->end, &kept)) || !(p = get_varint32(p, s->end, &left_out)) ||
        (kept == 0 && s->at > 0) || left_out == 0 || kept > s->body.len - s->at ||
        left_out > s->body.len - s->at - kept)
        return FIH_E_CORRUPT;
    *start = s->at + kept;
    *end = *start + left_out;
    if (!is_border(s->body, *start) || !is_border(s->body, *end))
        return FIH_E_CORRUPT;
    s->p = p;
    s->at = *end;
    return FIH_OK;
}

/* Used where all of it is verified. An empty value is damage: such a field would not have been written. */
int fihi_cut_check(fih_str cuts, fih_str body)
{
    struct cut_scan s;
    size_t start, end;
    int rc;

    fihi_cut_scan(&s, cuts, body);
    while ((rc = fihi_cut_next(&s, &start, &end)) == FIH_OK)
        ;
    return rc == FIH_DONE && cuts.len ? FIH_OK : FIH_E_CORRUPT;
}

/* ---- starts: for each varint positions since the one before, less START_WORDS; varint bytes since then */

/* `start` is START_WORDS positions behind `before` or more, so the difference is not negative.
 *
 * Words at the positions 128 and 258, at the bytes 682 and 1,322, are 00 aa 05 and 02 80 05: 0 and 2 more than 128
 * positions, 682 and 640 bytes (FORMAT.md, "Record"). */
int fihi_start_append(struct buf *value, const struct word_start *before, const struct word_start *start)
{
    const int rc = append_number(value, start->position - before->position - START_WORDS);

    return rc ? rc : append_number(value, start->at - before->at);
}

/* The code, the length, the value. What the writer adds to a document's size before it has its starts. */
size_t fihi_record_start_bytes(size_t starts)
{
    uint8_t number[VARINT_MAX];

    return starts ? 1 + (size_t)(put_varint(number, starts) - number) + starts : 0;
}

/* The head of the record is corrected, for it has grown. It is the last record of `out`, as in fihi_record_cut(). */
int fihi_record_start(struct buf *out, size_t record, fih_str starts)
{
    if (append_field(out, FIELD_STARTS, NULL, starts, NULL) != 0)
        return FIH_E_NOMEM;
    put_u32(out->ptr + record, (uint32_t)(out->len - record - 4));
    return FIH_OK;
}

void fihi_start_scan(struct start_scan *s, fih_str starts, fih_str body)
{
    const char *const end = starts.len ? starts.ptr + starts.len : starts.ptr;

    *s = (struct start_scan){(const uint8_t *)starts.ptr, (const uint8_t *)end, body};
}

/* Bytes are below the body's end: a start is a word's, and a word has a letter. The sum of positions is below 2^32;
 * behind the last of them START_WORDS alone may be too much, and nothing is taken from what is less. */
int fihi_start_next(struct start_scan *s, struct word_start *start)
{
    uint32_t positions, bytes;
    const uint8_t *p = s->p;

    if (p == s->end)
        return FIH_DONE;
    if (!(p = get_varint32(p, s->end, &positions)) || !(p = get_varint32(p, s->end, &bytes)) || bytes == 0 ||
        bytes >= s->body.len - start->at || !is_border(s->body, start->at + bytes) ||
        start->position > UINT32_MAX - START_WORDS || positions > UINT32_MAX - START_WORDS - start->position)
        return FIH_E_CORRUPT;
    start->position += positions + START_WORDS;
    start->at += bytes;
    s->p = p;
    return FIH_OK;
}

/* Here, too, an empty value is damage. */
int fihi_start_check(fih_str starts, fih_str body)
{
    struct word_start start = {0, 0};
    struct start_scan s;
    int rc;

    fihi_start_scan(&s, starts, body);
    while ((rc = fihi_start_next(&s, &start)) == FIH_OK)
        ;
    return rc == FIH_DONE && starts.len ? FIH_OK : FIH_E_CORRUPT;
}

/* There may be more bytes than the record has; nobody looks at them. Fields are compared with what is left when they
 * are walked. */
int fihi_record_scan(struct record_scan *s, const uint8_t *record, size_t bytes)
{
    if (bytes < 4 || get_u32(record) > bytes - 4)
        return FIH_E_CORRUPT;
    s->p = record + 4;
    s->end = s->p + get_u32(record);
    s->body = (fih_str){"", 0};
    return FIH_OK;
}

/* Starts are checked here, cuts when they are walked, by fihi_cut_next(). Starts that stand before the body fit
 * nothing. */
int fihi_record_next(struct record_scan *s, unsigned *code, fih_str *name, fih_str *value)
{
    uint32_t n;
    const uint8_t *p = s->p;

    if (p == s->end)
        return FIH_DONE;
    /* A field that is not known is damage and not passed over: there is no saying how long it is. */
    *code = *p++;
    if (*code < FIELD_KNOWN) {
        *name = (fih_str){fihi_field_names[*code], strlen(fihi_field_names[*code])};
    } else if (*code == FIELD_CUTS || *code == FIELD_STARTS) {
        *name = (fih_str){"", 0};
    } else {
        if (*code != FIELD_NAMED || !(p = get_varint32(p, s->end, &n)) || n > (size_t)(s->end - p))
            return FIH_E_CORRUPT;
        *name = (fih_str){(const char *)p, n};
        p += n;
    }
    if (!(p = get_varint32(p, s->end, &n)) || n > (size_t)(s->end - p))
        return FIH_E_CORRUPT;
    *value = (fih_str){(const char *)p, n};
    if (*code == FIELD_BODY)
        s->body = *value;
    /* Before whoever reads it can take any of them for a place in the body. */
    if (*code == FIELD_STARTS && fihi_start_check(*value, s->body) != 0)
        return FIH_E_CORRUPT;
    /* Behind the value, and only if all of it held: an error leaves the scan where it was. */
    s->p = p + n;
    return FIH_OK;
}

/* ---- records in a block: u32 bytes that follow, then the record's fields as letters */

/* The length in front is that of the letters, so a record can be passed over without undoing them.
 *
 * Document 2 of the small index has only letters below 80, so it has 15 bytes in its block as it has alone; كتب would
 * have three instead of six there. */
int fihi_record_encode(struct buf *block, const uint8_t *record, size_t bytes)
{
    const size_t start = block->len;
    const uint8_t four[4] = {0};

    if (fihi_buf_append(block, four, 4) != 0 || fihi_letters_append(block, record + 4, bytes - 4) != 0) {
        block->len = start;
        return FIH_E_NOMEM;
    }
    put_u32(block->ptr + start, (uint32_t)(block->len - start - 4));
    return FIH_OK;
}

/* *p does not move on an error. That is what looking for one document of a block does with those before it. */
int fihi_record_skip(const uint8_t **p, const uint8_t *end)
{
    if (end - *p < 4 || get_u32(*p) > (size_t)(end - *p) - 4)
        return FIH_E_CORRUPT;
    *p += 4 + (size_t)get_u32(*p);
    return FIH_OK;
}

/* Letters take up to three bytes each, so a block's 32 bits do not limit what comes out: it is compared again. */
int fihi_record_decode(struct buf *record, const uint8_t **p, const uint8_t *end)
{
    const uint8_t *const letters = *p + 4, four[4] = {0};
    int rc = fihi_record_skip(p, end);

    /* A block has at most 4 GiB by its table, and its text three times as much at the worst: more than the length in
     * front can say. */
    record->len = 0;
    if (rc != 0 || (rc = fihi_buf_append(record, four, 4)) != 0 ||
        (rc = fihi_letters_undo(record, letters, (size_t)(*p - letters))) != 0)
        return rc;
    /* The length in front has 32 bits. */
    if (record->len - 4 > UINT32_MAX)
        return FIH_E_CORRUPT;
    put_u32(record->ptr, (uint32_t)(record->len - 4));
    return FIH_OK;
}

/* ---- stored values: u32 first document, u32 documents, u32 blocks; for each block u32 documents, u32 raw
 * bytes, u32 end of its bytes; the blocks */

enum { STORED_HEAD = 12, STORED_ROW = 12 };

/* A block is never cut, so a value with a huge document may be larger than STORED_TARGET. An end is 32 bits, counted
 * from the first block, so a reader multiplies once and has any block. */
static int emit_stored(struct stored_writer *w, fih_error *err)
{
    struct buf out = {0};
    uint8_t head[STORED_HEAD], four[4];
    int rc;

    if (w->table.len == 0)
        return FIH_OK;
    put_u32(head, w->first_doc);
    put_u32(head + 4, w->next_doc - w->first_doc);
    put_u32(head + 8, (uint32_t)(w->table.len / STORED_ROW));
    /* The index of stored values grows by one number for each: it is what a reader halves to find a document's. */
    put_u32(four, w->first_doc);
    if (fihi_buf_append(&out, head, sizeof head) != 0 || fihi_buf_append(&out, w->table.ptr, w->table.len) != 0 ||
        fihi_buf_append(&out, w->blocks.ptr, w->blocks.len) != 0 || fihi_buf_append(&w->index, four, 4) != 0)
        rc = fihi_fail_nomem(err);
    else
        rc = fihi_stage_append(w->stage, KIND_STORED, out.ptr, out.len, err);
    fihi_buf_free(&out);
    w->table.len = w->blocks.len = 0;
    if (w->blocks.cap > (1u << 20))            /* one huge document should not stay with us */
        fihi_buf_free(&w->blocks);
    w->first_doc = w->next_doc;
    return rc;
}

/* The end of a block is written, not its length: a reader finds any block by two numbers of the table. */
int fihi_stored_add(struct stored_writer *w, const struct stored_block *b, const void *compressed, size_t bytes,
                    fih_error *err)
{
    uint8_t row[STORED_ROW];
    int rc;

    /* The row of this block counts, too: a value shall not be a page longer than its target. */
    if (w->blocks.len > 0 && STORED_HEAD + w->table.len + STORED_ROW + w->blocks.len + bytes > STORED_TARGET &&
        (rc = emit_stored(w, err)) != 0)
        return rc;
    put_u32(row, b->docs);
    put_u32(row + 4, b->raw_bytes);
    put_u32(row + 8, (uint32_t)(w->blocks.len + bytes));
    if (fihi_buf_append(&w->table, row, sizeof row) != 0 || fihi_buf_append(&w->blocks, compressed, bytes) != 0)
        return fihi_fail_nomem(err);
    w->next_doc += b->docs;
    return FIH_OK;
}

/* The last value is what was collected, however little; then the index over all of them. */
int fihi_stored_finish(struct stored_writer *w, fih_error *err)
{
    const int rc = emit_stored(w, err);

    /* w->index may be empty only for a segment without documents, which nobody writes. */
    return rc ? rc : fihi_stage_append(w->stage, KIND_STORED_INDEX, w->index.ptr, w->index.len, err);
}

void fihi_stored_writer_free(struct stored_writer *w)
{
    fihi_buf_free(&w->table);
    fihi_buf_free(&w->blocks);
    fihi_buf_free(&w->index);
}

/* ZSTD_compressBound() is what the worst input needs, so there is no second try. The context is the caller's, who keeps
 * it and its tables from block to block. */
int fihi_stored_compress(ZSTD_CCtx *z, struct buf *out, const void *raw, size_t bytes, fih_error *err)
{
    size_t n;

    if (fihi_buf_reserve(out, ZSTD_compressBound(bytes)) != 0)
        return fihi_fail_nomem(err);
    n = ZSTD_compressCCtx(z, out->ptr + out->len, out->cap - out->len, raw, bytes, ZSTD_LEVEL);
    if (ZSTD_isError(n))
        return fihi_fail(err, FIH_E_NOMEM, "cannot compress: %s", ZSTD_getErrorName(n));
    out->len += n;
    return FIH_OK;
}

/* Checked whole, once, so that fihi_stored_next() need check nothing: bytes ascend to the value's end, and documents
 * add up. */
int fihi_stored_parse(struct stored_value *v, const uint8_t *bytes, size_t n)
{
    /* Sums of 64 bits, for a value's counts are 32 bits each and anybody's. */
    uint64_t docs = 0;
    uint32_t end = 0;

    if (n < STORED_HEAD)
        return FIH_E_CORRUPT;
    v->first_doc = get_u32(bytes);
    v->docs = get_u32(bytes + 4);
    v->blocks = get_u32(bytes + 8);
    /* By division: the table of a value that claims too many blocks is not even looked at. */
    if (v->blocks > (n - STORED_HEAD) / STORED_ROW)
        return FIH_E_CORRUPT;
    v->table = bytes + STORED_HEAD;
    v->data = v->table + (size_t)v->blocks * STORED_ROW;
    v->data_bytes = n - (size_t)(v->data - bytes);
    v->next = 0;
    v->next_doc = v->first_doc;
    for (uint32_t i = 0; i < v->blocks; i++) {
        const uint8_t *row = v->table + (size_t)i * STORED_ROW;

        docs += get_u32(row);
        /* A block without documents would never be the one that is looked for, and a walk over blocks shall come to
         * its end. */
        if (get_u32(row) == 0 || get_u32(row + 8) < end)
            return FIH_E_CORRUPT;
        end = get_u32(row + 8);
    }
    return docs == v->docs && end == v->data_bytes ? FIH_OK : FIH_E_CORRUPT;
}

/* The table was checked by fihi_stored_parse(), so nothing can be wrong here. */
int fihi_stored_next(struct stored_value *v, uint32_t *first_doc, struct stored_block *b, const uint8_t **compressed,
                     size_t *bytes)
{
    const uint8_t *row = v->table + (size_t)v->next * STORED_ROW;
    uint32_t from;

    if (v->next == v->blocks)
        return FIH_DONE;
    from = v->next ? get_u32(row - 4) : 0; /* the end that the row before says */
    *b = (struct stored_block){get_u32(row), get_u32(row + 4)};
    *first_doc = v->next_doc;          /* counted up: the table has only numbers of documents */
    *compressed = v->data + from;
    *bytes = get_u32(row + 8) - from;
    v->next++;
    v->next_doc += b->docs;
    return FIH_OK;
}

/* More bytes than said are an error of zstd's, for it is given no more room; fewer are found by the comparison.
 *
 * zstd's own format is not ours to check: it reads whatever bytes these are, within the room that it is given. */
int fihi_stored_expand(struct buf *out, const struct stored_block *b, const uint8_t *compressed, size_t bytes)
{
    size_t n;

    /* zstd cannot do better than some thousandfold, and says itself how much it will be: a larger claim is no reason to
     * ask for memory. */
    if (b->raw_bytes / 65536 > bytes || ZSTD_getFrameContentSize(compressed, bytes) != b->raw_bytes)
        return FIH_E_CORRUPT;
    /* All of it at once, and never more than was said: zstd writes into this room alone. */
    out->len = 0;
    if (fihi_buf_reserve(out, b->raw_bytes ? b->raw_bytes : 1) != 0)
        return FIH_E_NOMEM;
    n = ZSTD_decompress(out->ptr, b->raw_bytes, compressed, bytes);
    if (ZSTD_isError(n) || n != b->raw_bytes)
        return ZSTD_getErrorCode(n) == ZSTD_error_memory_allocation ? FIH_E_NOMEM : FIH_E_CORRUPT;
    out->len = n;
    return FIH_OK;
}

/* ---- ids: u32 first document, u32 count; of each block of ID_BLOCK u32 where it begins; the blocks: for each id
 * varint bytes shared with the one before (none of a block's first), varint bytes that follow, those bytes */

/* Blocks of ids are not packed further: an id is looked at for each hit that is shown, alone. */
static int emit_ids(struct ids_writer *w, fih_error *err)
{
    struct buf out = {0};
    uint8_t head[8];
    int rc;

    if (w->next_doc == w->first_doc)
        return FIH_OK;
    put_u32(head, w->first_doc);
    put_u32(head + 4, w->next_doc - w->first_doc);
    if (fihi_buf_append(&out, head, 8) != 0 || fihi_buf_append(&out, w->starts.ptr, w->starts.len) != 0 ||
        fihi_buf_append(&out, w->bytes.ptr, w->bytes.len) != 0 || fihi_buf_append(&w->index, head, 4) != 0)
        rc = fihi_fail_nomem(err);
    else
        rc = fihi_stage_append(w->stage, KIND_IDS, out.ptr, out.len, err);
    fihi_buf_free(&out);
    w->starts.len = w->bytes.len = 0;
    w->first_doc = w->next_doc;
    return rc;
}

/* Ids made by programs begin alike (a path, an address, a number with zeros), so most of their bytes are saved. */
static size_t shared_bytes(const struct buf *a, const uint8_t *b, size_t n)
{
    const size_t most = a->len < n ? a->len : n;
    size_t i = 0;

    while (i < most && a->ptr[i] == b[i])
        i++;
    return i;
}

/* The first id of a block shares nothing, so a reader expands at most ID_BLOCK of them to have one. At most 15 are read
 * for nothing; with blocks of 128 ids it would be 127, for a few bytes less.
 *
 * The ids a, b, c of the small index share nothing, and are 00 01 61 00 01 62 00 01 63. */
int fihi_ids_add(struct ids_writer *w, const void *id, size_t n, fih_error *err)
{
    size_t shared;
    int rc;

    if (w->next_doc > w->first_doc && w->starts.len + w->bytes.len + n > IDS_TARGET && (rc = emit_ids(w, err)) != 0)
        return rc;
    /* Counted from the value's first document, as readers count. */
    if ((w->next_doc - w->first_doc) % ID_BLOCK == 0) {
        uint8_t four[4];

        put_u32(four, (uint32_t)w->bytes.len);
        if (fihi_buf_append(&w->starts, four, 4) != 0)
            return fihi_fail_nomem(err);
        w->last.len = 0;
    }
    shared = shared_bytes(&w->last, id, n);
    /* `last` is this id from now on, whole: the next one may share more with it than it shared with its own
     * neighbour. */
    w->last.len = 0;
    if (append_number(&w->bytes, shared) != 0 || append_number(&w->bytes, n - shared) != 0 ||
        fihi_buf_append(&w->bytes, (const uint8_t *)id + shared, n - shared) != 0 ||
        fihi_buf_append(&w->last, id, n) != 0)
        return fihi_fail_nomem(err);
    w->next_doc++;
    return FIH_OK;
}

/* As with stored values. */
int fihi_ids_finish(struct ids_writer *w, fih_error *err)
{
    const int rc = emit_ids(w, err);

    return rc ? rc : fihi_stage_append(w->stage, KIND_IDS_INDEX, w->index.ptr, w->index.len, err);
}

void fihi_ids_writer_free(struct ids_writer *w)
{
    fihi_buf_free(&w->starts);
    fihi_buf_free(&w->bytes);
    fihi_buf_free(&w->last);
    fihi_buf_free(&w->index);
}

/* By division and a rest, for count + 15 could wrap. */
static size_t id_blocks(uint32_t count)
{
    return count / ID_BLOCK + (count % ID_BLOCK != 0);
}

/* Only what fihi_ids_at() takes for granted. That the blocks begin where the table says is checked by who enters
 * one. */
int fihi_ids_parse(const uint8_t *value, size_t n, uint32_t *first_doc, uint32_t *count)
{
    if (n < 8 || id_blocks(get_u32(value + 4)) > (n - 8) / 4)
        return FIH_E_CORRUPT;
    *first_doc = get_u32(value);
    *count = get_u32(value + 4);
    return FIH_OK;
}

/* Every step can fail, and then `id` has what was read so far. FIH_MAX_ID limits what a lie can make it grow to. */
int fihi_ids_at(const uint8_t *value, size_t n, uint32_t i, struct buf *id)
{
    /* The caller has the count from fihi_ids_parse() and asks for an i below it, so both places lie within the
     * value. */
    const uint8_t *const blocks = value + 8 + 4 * id_blocks(get_u32(value + 4)), *const end = value + n;
    const uint32_t start = get_u32(value + 8 + 4 * (size_t)(i / ID_BLOCK));
    const uint8_t *p;

    /* `start` and not a pointer is compared: pointers past the end are not to be made. */
    if (start > (size_t)(end - blocks))
        return FIH_E_CORRUPT;
    p = blocks + start;
    id->len = 0;
    for (uint32_t k = 0; k <= i % ID_BLOCK; k++) {
        uint32_t shared, rest;

        if (!(p = get_varint32(p, end, &shared)) || !(p = get_varint32(p, end, &rest)) || shared > id->len ||
            rest > (size_t)(end - p) || rest > FIH_MAX_ID - shared)
            return FIH_E_CORRUPT;
        id->len = shared;
        if (fihi_buf_append(id, p, rest) != 0)
            return FIH_E_NOMEM;
        p += rest;
    }
    return FIH_OK;
}
