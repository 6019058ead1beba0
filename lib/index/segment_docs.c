/* index/segment_docs.c - what a segment has of a document: lengths, date, id, stored record, source.
 *
 * A document's number leads to its value by a division, where each value has equally many documents, or by halving over
 * an index of first documents. The index is not proved right: a wrong one leads to a value that says by itself that it
 * does not have the document, and that is damage. So each function here checks what a value says before it uses it, and
 * trusts only what segment.c has checked when the segment was opened: the numbers of documents and of values.
 *
 * The other way round, ids and sources lead to documents by hashes. They can collide, so a record or an id has the last
 * word.
 */
#include <stdbool.h>
#include <string.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "index/segment.h"

/* The size is compared each time, because the value may be any; after that, lengths of the chunk can be read without
 * checks. */
int fihi_segment_norms(struct segment *s, unsigned field, uint32_t chunk, const uint8_t **lens, fih_error *err)
{
    /* What is left behind the chunks before it: the last one may be shorter. */
    const uint32_t docs =
        s->stats.docs - chunk * NORM_CHUNK < NORM_CHUNK ? s->stats.docs - chunk * NORM_CHUNK : NORM_CHUNK;
    size_t n;
    const int rc = fihi_segment_value(s, KIND_NORMS, field * s->norm_chunks + chunk, lens, &n, err);

    return rc ? rc : n == 2 * (size_t)docs ? FIH_OK : fihi_segment_broken(s, "its lengths", err);
}

/* If the table lacks it, the length is the least that is long: a score that is a little wrong, which `check` finds. */
uint32_t fihi_segment_long_norm(const struct segment *s, unsigned field, uint32_t doc)
{
    const uint8_t *table = s->long_norms[field];
    size_t low = 0, high = s->long_norm_count[field];

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        /* Rows of 8 bytes, by ascending document. */
        if (get_u32(table + 8 * mid) < doc)
            low = mid + 1;
        else
            high = mid;
    }
    return low < s->long_norm_count[field] && get_u32(table + 8 * low) == doc ? get_u32(table + 8 * low + 4)
                                                                                : NORM_LONG;
}

/* For a document here and there. Who reads lengths of many takes a chunk of them (fihi_segment_norms()). */
int fihi_segment_length(struct segment *s, unsigned field, uint32_t doc, uint32_t *len, fih_error *err)
{
    const uint8_t *lens;
    int rc;

    /* Numbers of documents come from lists and other values of the disk, too. */
    if (doc >= s->stats.docs)
        return fihi_segment_broken(s, "a document number out of range", err);
    if ((rc = fihi_segment_norms(s, field, doc / NORM_CHUNK, &lens, err)) != 0)
        return rc;
    *len = get_u16(lens + 2 * (size_t)(doc % NORM_CHUNK));
    if (*len == NORM_LONG)
        /* Two bytes are enough for nearly all texts; longer ones have a row in a table. */
        *len = fihi_segment_long_norm(s, field, doc);
    return FIH_OK;
}

/* Days that no date can be are damage: calendars are computed from them. */
int fihi_segment_date(struct segment *s, uint32_t doc, int32_t *day, fih_error *err)
{
    const uint8_t *p;
    size_t n;
    const int rc = fihi_segment_value(s, KIND_DATES, doc / DATE_CHUNK, &p, &n, err);

    if (rc)
        return rc;
    /* The last value has fewer than DATE_CHUNK; what it has is looked at, not what it should have. */
    if (4 * (size_t)(doc % DATE_CHUNK) + 4 > n)
        return fihi_segment_broken(s, "its dates", err);
    /* Signed: there are days before 1970, and DATE_NONE. */
    *day = (int32_t)get_u32(p + 4 * (size_t)(doc % DATE_CHUNK));
    if (*day != DATE_NONE && (*day < DATE_FIRST || *day > DATE_LAST))
        return fihi_segment_broken(s, "its dates", err);
    return FIH_OK;
}

/* The value that holds a document: the last one whose first document is not above. Without any order in the numbers
 * some value comes out, and does not have the document. */
static uint32_t value_of(const uint8_t *first, uint32_t count, uint32_t doc)
{
    uint32_t low = 0, high = count;

    while (high - low > 1) {
        const uint32_t mid = low + (high - low) / 2;

        /* Read where they lie: the index is borrowed from the value. */
        if (get_u32(first + 4 * (size_t)mid) <= doc)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* `room` may be used for one id after another; it grows to the longest. The value says by itself which documents it
 * has: the index only led to it. */
int fihi_segment_id(struct segment *s, uint32_t doc, struct buf *room, fih_str *id, fih_error *err)
{
    const uint8_t *value;
    uint32_t first, count;
    size_t n;
    int rc;

    if ((rc = fihi_segment_value(s, KIND_IDS, value_of(s->ids_first, s->stats.counts[KIND_IDS], doc), &value, &n,
                                 err)) != 0)
        return rc;
    if (fihi_ids_parse(value, n, &first, &count) != 0 || doc < first || doc - first >= count)
        return fihi_segment_broken(s, "its ids", err);
    /* Ids are shortened by what they share with the one before, so those before are read as well. */
    if ((rc = fihi_ids_at(value, n, doc - first, room)) != 0)
        return rc == FIH_E_NOMEM ? fihi_fail_nomem(err) : fihi_segment_broken(s, "its ids", err);
    /* An empty id has no bytes, and still is no NULL. */
    *id = (fih_str){room->len ? (const char *)room->ptr : "", room->len};
    return FIH_OK;
}

/* The upper half, as FORMAT.md, "Conventions", has it: the numbers are on the disk. */
uint32_t fihi_hash_name(const void *bytes, size_t n)
{
    return (uint32_t)(XXH3_64bits(bytes, n) >> 32);
}

/* The document is checked here, because it is used to look up an id. */
int fihi_segment_id_hash(struct segment *s, uint32_t i, uint32_t *hash, uint32_t *doc, fih_error *err)
{
    const uint8_t *p;
    size_t n;
    const int rc = fihi_segment_value(s, KIND_ID_HASHES, i / HASH_CHUNK, &p, &n, err);

    if (rc)
        return rc;
    /* By the bytes that there are: the last value has fewer rows. */
    if (8 * (size_t)(i % HASH_CHUNK) + 8 > n)
        return fihi_segment_broken(s, "its table of ids", err);
    /* A hash and a document, 4 bytes each. */
    p += 8 * (size_t)(i % HASH_CHUNK);
    /* Rows are in no order of documents, so each may be any. */
    if (get_u32(p + 4) >= s->stats.docs)
        return fihi_segment_broken(s, "its table of ids", err);
    *hash = get_u32(p);
    *doc = get_u32(p + 4);
    return FIH_OK;
}

/* Each look is at one row, and rows of one place are in one value: a dozen looks, nearly all in memory that is near.
 * Hashes that are not spread evenly, as someone could choose them, cost a few steps more, for the steps double. Of a
 * million documents, the hash 0x40000000 is a quarter of the way, so at about row 250,000, and nearly always within
 * some hundreds of it (the deviation is at most 500). So the search goes away from there in steps of 64, 128, 256
 * rows until the hash is passed. */
int fihi_segment_find_id(struct segment *s, uint32_t hash, fih_str id, uint32_t *doc, fih_error *err)
{
    const uint32_t docs = s->stats.docs;
    uint32_t low = (uint32_t)((uint64_t)hash * docs >> 32), high = low, step = 64, h;
    struct buf room = {0};
    int rc;

    /* Hashes are spread evenly, so the place is known but for some hundreds: widen around it, then halve. */
    for (; low > 0; low = low > step ? low - step : 0, step *= 2) {
        if ((rc = fihi_segment_id_hash(s, low, &h, doc, err)) != 0)
            return rc;
        if (h < hash)
            break;
    }
    for (step = 64; high < docs; high = docs - high > step ? high + step : docs, step *= 2) {
        if ((rc = fihi_segment_id_hash(s, high, &h, doc, err)) != 0)
            return rc;
        if (h >= hash)
            break;
    }
    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;

        if ((rc = fihi_segment_id_hash(s, mid, &h, doc, err)) != 0)
            return rc;
        if (h < hash)
            low = mid + 1;
        else
            high = mid;
    }
    /* Rows with the hash follow one another: with 32 bits, one in most cases. */
    for (rc = FIH_E_NOTFOUND; low < s->stats.docs; low++) {
        fih_str other;
        int bad;

        if ((bad = fihi_segment_id_hash(s, low, &h, doc, err)) != 0) {
            rc = bad;
            break;
        }
        /* Behind the rows with the hash: none of them was it. */
        if (h != hash)
            break;
        /* A document of that id may be there, and deleted: another one with it may follow. */
        if (segment_is_deleted(s, *doc))
            continue;
        rc = fihi_segment_id(s, *doc, &room, &other, err);
        /* Else the hash is right and the id another one: 32 bits can collide. */
        if (rc != 0 || (other.len == id.len && memcmp(other.ptr, id.ptr, id.len) == 0))
            break;
        rc = FIH_E_NOTFOUND;
    }
    fihi_buf_free(&room);
    return rc;
}

/* The index and the value must say the same first document, and all of its documents must be the segment's. */
int fihi_segment_stored(struct segment *s, uint32_t number, struct stored_value *v, fih_error *err)
{
    const uint8_t *value;
    size_t n;
    const int rc = fihi_segment_value(s, KIND_STORED, number, &value, &n, err);

    if (rc != 0)
        return rc;
    return fihi_stored_parse(v, value, n) == 0 && v->first_doc == get_u32(s->stored_first + 4 * (size_t)number) &&
                   v->first_doc < s->stats.docs && v->docs <= s->stats.docs - v->first_doc
               ? FIH_OK
               : fihi_segment_broken(s, "its stored documents", err);
}

/* A block of 32 KiB is expanded for one record; the records before it are stepped over without undoing their
 * letters. */
int fihi_segment_record(struct segment *s, uint32_t doc, struct buf *raw, const uint8_t **record, size_t *bytes,
                        fih_error *err)
{
    const uint8_t *compressed, *p;
    struct stored_value v;
    struct stored_block b;
    struct buf block = {0};
    uint32_t first = 0;
    size_t n;
    int rc = fihi_segment_stored(s, value_of(s->stored_first, s->stats.counts[KIND_STORED], doc), &v, err);

    if (rc != 0)
        return rc;
    /* The table says of each block how many documents it has, so only the one with the document is expanded. */
    while (fihi_stored_next(&v, &first, &b, &compressed, &n) == FIH_OK) {
        /* The block of other documents: it is not expanded. */
        if (doc < first || doc - first >= b.docs)
            continue;
        rc = fihi_stored_expand(&block, &b, compressed, n);
        p = block.ptr;
        for (uint32_t k = first; k < doc && rc == 0; k++)
            rc = fihi_record_skip(&p, block.ptr + block.len);
        if (rc == 0)
            rc = fihi_record_decode(raw, &p, block.ptr + block.len);
        fihi_buf_free(&block);
        if (rc != 0)
            return rc == FIH_E_NOMEM ? fihi_fail_nomem(err) : fihi_segment_broken(s, "its stored documents", err);
        /* Lent from the caller's room, which the next record overwrites. */
        *record = raw->ptr;
        *bytes = raw->len;
        return FIH_OK;
    }
    return fihi_segment_broken(s, "its stored documents", err);
}

int fihi_segment_source_of(struct segment *s, uint32_t doc, struct buf *raw, fih_str *source, fih_error *err)
{
    struct record_scan scan;
    const uint8_t *record;
    fih_str name, value;
    unsigned code;
    size_t n;
    int rc = fihi_segment_record(s, doc, raw, &record, &n, err);

    /* Empty until it is found: a document may have no source. */
    *source = (fih_str){"", 0};
    if (rc != 0)
        return rc;
    if (fihi_record_scan(&scan, record, n) != 0)
        return fihi_segment_broken(s, "its stored documents", err);
    /* A record has few fields: one of them is found by walking. */
    while ((rc = fihi_record_next(&scan, &code, &name, &value)) == FIH_OK)
        if (code == FIELD_SOURCE) {
            *source = value;
            return FIH_OK;
        }
    /* Walked to its end without one: it has no source. */
    return rc == FIH_DONE ? FIH_OK : fihi_segment_broken(s, "its stored documents", err);
}

/* Errors of `each` are passed on as they are: it has described them. */
static int each_in_block(struct segment *s, const struct buf *block, struct buf *raw, uint32_t first, uint32_t docs,
                         segment_each each, void *ctx, fih_error *err)
{
    const uint8_t *p = block->ptr, *const end = p + block->len;
    int rc = FIH_OK;

    for (uint32_t doc = first; doc < first + docs && rc == 0; doc++) {
        const bool is_deleted = segment_is_deleted(s, doc);

        /* A deleted one is stepped over: its letters need not be undone. */
        rc = is_deleted ? fihi_record_skip(&p, end) : fihi_record_decode(raw, &p, end);
        if (rc != 0)
            return rc == FIH_E_NOMEM ? fihi_fail_nomem(err) : fihi_segment_broken(s, "its stored documents", err);
        if (!is_deleted)
            rc = each(ctx, doc, raw->ptr, raw->len, err);
    }
    return rc;
}

/* Block after block, so each is expanded once. */
int fihi_segment_each_record(struct segment *s, struct buf *raw, segment_each each, void *ctx, fih_error *err)
{
    const uint8_t *compressed;
    struct stored_value v;
    struct stored_block b;
    struct buf block = {0};
    uint32_t first, next = 0;                  /* no document may be left out */
    size_t n;
    int rc = FIH_OK;

    /* No value may leave a document out or give one twice: `next` is the one that must come. */
    for (uint32_t i = 0; i < s->stats.counts[KIND_STORED] && rc == 0; i++) {
        if ((rc = fihi_segment_stored(s, i, &v, err)) == 0 && v.first_doc != next)
            rc = fihi_segment_broken(s, "its stored documents", err);
        next += v.docs;
        while (rc == 0 && fihi_stored_next(&v, &first, &b, &compressed, &n) == FIH_OK) {
            /* The block's memory is used again for each. */
            if ((rc = fihi_stored_expand(&block, &b, compressed, n)) != 0)
                rc = rc == FIH_E_NOMEM ? fihi_fail_nomem(err) : fihi_segment_broken(s, "its stored documents", err);
            else
                rc = each_in_block(s, &block, raw, first, b.docs, each, ctx, err);
        }
    }
    fihi_buf_free(&block);
    /* The last value must end with the last document: a segment that has lost some is damaged. */
    return rc == 0 && next != s->stats.docs ? fihi_segment_broken(s, "its stored documents", err) : rc;
}

/* A run is checked here, since whoever asks walks over its documents. */
int fihi_segment_source(struct segment *s, uint32_t i, struct source_run *run, fih_error *err)
{
    const uint8_t *p;
    size_t n;
    const int rc = fihi_segment_value(s, KIND_SOURCES, i / SOURCE_CHUNK, &p, &n, err);

    if (rc)
        return rc;
    /* By the bytes that there are, as everywhere: the count came from the header. */
    if (12 * (size_t)(i % SOURCE_CHUNK) + 12 > n)
        return fihi_segment_broken(s, "its sources", err);
    /* A hash, a first document and how many, 4 bytes each. */
    p += 12 * (size_t)(i % SOURCE_CHUNK);
    run->hash = get_u32(p);
    run->first = get_u32(p + 4);
    run->count = get_u32(p + 8);
    if (run->first >= s->stats.docs || run->count > s->stats.docs - run->first)
        return fihi_segment_broken(s, "its sources", err);
    return FIH_OK;
}
