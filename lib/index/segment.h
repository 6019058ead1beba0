/* index/segment.h - reading one segment of a snapshot.
 *
 * Layer: index. Values are fetched (and their checksum verified) when first used and remembered; any number of
 * threads may read a segment at once. Everything borrowed lives as long as the snapshot.
 */
#ifndef FIHI_INDEX_SEGMENT_H
#define FIHI_INDEX_SEGMENT_H

#include <stdbool.h>

#include "base/buf.h"
#include "index/dict.h"
#include "index/docs.h"
#include "index/list.h"
#include "index/manifest.h"

/* KIND_HEADER's payload (FORMAT.md, "Segment header"). Of an open segment these numbers agree with each other, and with
 * what the file has: the counts of values, and with them the documents, are no more than could lie there. */
struct segment_stats {
    uint32_t docs;
    uint32_t with[NORM_COUNT];         /* documents that have the field at all */
    uint64_t tokens[NORM_COUNT];       /* sum of the lengths */
    float    avg[NORM_COUNT];          /* what the stored impacts were made with */
    int32_t  date_min, date_max;       /* DATE_NONE both when no document has one */
    uint64_t terms, postings;
    uint32_t counts[KIND_COUNT];
    uint64_t bytes[KIND_COUNT];
};

enum { SEGMENT_HEADER_BYTES = 4 + 4 + 4 * 2 + 8 * 2 + 4 * 2 + 4 * 2 + 8 * 2 + KIND_COUNT * 12 };
void fihi_segment_stats_put(uint8_t out[SEGMENT_HEADER_BYTES], const struct segment_stats *s);

/* What a segment says of a field's column (FORMAT.md, "Columns"). */
struct column_row {
    uint8_t  field, kind;              /* FIELD_NO_…, enum fih_field_kind */
    uint32_t docs;                     /* that have a value */
    uint64_t values;                   /* all of theirs */
    int64_t  least, greatest;
    uint32_t first_term, terms;        /* of a keyword: the ordinal of its first term, and how many there are */
    uint64_t sum;                      /* of a text: of its lengths, the values */
};

struct slot;
struct segment {
    struct snap         *snap;
    uint32_t             id;
    struct segment_stats stats;
    struct slot         *slots[KIND_COUNT];
    struct {
        const uint8_t *key;
        size_t         bytes;
        uint32_t       first;          /* ordinal */
    } *dict_keys;                      /* first term of each dictionary value */
    const uint8_t       *stored_first, *ids_first;
    const uint8_t       *long_norms[NORM_COUNT];
    size_t               long_norm_count[NORM_COUNT];
    uint32_t             norm_chunks;  /* a field */
    struct column_row   *columns;      /* by ascending field; the dates are none of them */
    uint32_t             column_count;
    const uint8_t       *fields;       /* its numbers of fields by those of who reads it, borrowed; NULL: the same */
    uint8_t             *deleted;      /* a bit a document, or NULL */
    uint32_t             deleted_count;
};

/* As the manifest says of it; `deleted` bits are read from the store if there are any. */
int fihi_segment_open(struct segment **out, struct snap *snap, const struct manifest_segment *row, fih_error *err);
void fihi_segment_close(struct segment *s);
int fihi_segment_broken(const struct segment *s, const char *what, fih_error *err);
/* Why a cursor over one of its lists is broken: FIH_E_NOMEM or FIH_E_CORRUPT. */
int fihi_segment_list_broken(const struct segment *s, const struct cursor *c, fih_error *err);

int fihi_segment_value(struct segment *s, enum kind kind, uint32_t number, const uint8_t **bytes, size_t *n,
                       fih_error *err);

static inline int segment_is_deleted(const struct segment *s, uint32_t doc)
{
    return s->deleted && (s->deleted[doc / 8] >> (doc % 8) & 1);
}

/* The number that the segment has for a field of the reader's; 0: it has none. */
static inline unsigned segment_field(const struct segment *s, unsigned field)
{
    return s->fields ? s->fields[field] : field;
}

/* The term with this ordinal; its key in key[0 … *bytes). FIH_E_CORRUPT if there is none. */
int fihi_segment_term(struct segment *s, uint32_t ordinal, uint8_t key[TERM_KEY_MAX], size_t *bytes,
                      struct dict_entry *e, fih_error *err);
/* FIH_E_NOTFOUND without a message if the term is not there. A keyword's key has the reader's number of the field; keys
 * that are read from a segment have its own. Of an entry found here or by a walk, the documents are no
 * more than the segment's, and so is each of its list: cursors see to that. */
int fihi_segment_find(struct segment *s, const uint8_t *key, size_t bytes, struct dict_entry *e, fih_error *err);
int fihi_segment_list(struct segment *s, const struct dict_entry *e, struct list_place *at, fih_error *err);

/* The lengths of NORM_CHUNK documents: two bytes each. `field` is an enum norm. */
int fihi_segment_norms(struct segment *s, unsigned field, uint32_t chunk, const uint8_t **lens, fih_error *err);
/* The length behind NORM_LONG. */
uint32_t fihi_segment_long_norm(const struct segment *s, unsigned field, uint32_t doc);
int fihi_segment_length(struct segment *s, unsigned field, uint32_t doc, uint32_t *len, fih_error *err);

int fihi_segment_date(struct segment *s, uint32_t doc, int32_t *day, fih_error *err);
/* The id lies in `room`, which is replaced. */
int fihi_segment_id(struct segment *s, uint32_t doc, struct buf *room, fih_str *id, fih_error *err);
/* A document that is not deleted, by id and its hash. FIH_E_NOTFOUND without a message. */
int fihi_segment_find_id(struct segment *s, uint32_t hash, fih_str id, uint32_t *doc, fih_error *err);
/* A value of stored documents, which are the segment's. */
int fihi_segment_stored(struct segment *s, uint32_t number, struct stored_value *v, fih_error *err);
/* The record of a document; it lies in `raw`, which is replaced. */
int fihi_segment_record(struct segment *s, uint32_t doc, struct buf *raw, const uint8_t **record, size_t *bytes,
                        fih_error *err);
/* The source in the record of a document, empty if it has none; it lies in `raw`, which is replaced. */
int fihi_segment_source_of(struct segment *s, uint32_t doc, struct buf *raw, fih_str *source, fih_error *err);

/* The records of all documents that are not deleted, in order: each in turn lies in `raw`. Nonzero from
 * `each` stops and is returned. */
typedef int (*segment_each)(void *ctx, uint32_t doc, const uint8_t *record, size_t bytes, fih_error *err);
int fihi_segment_each_record(struct segment *s, struct buf *raw, segment_each each, void *ctx, fih_error *err);

/* Sources: entry i in order of the hashes. */
struct source_run {
    uint32_t hash, first, count;
};
uint32_t fihi_segment_source_count(const struct segment *s);
int fihi_segment_source(struct segment *s, uint32_t i, struct source_run *run, fih_error *err);
/* Ids in order of the hashes. */
int fihi_segment_id_hash(struct segment *s, uint32_t i, uint32_t *hash, uint32_t *doc, fih_error *err);
uint32_t fihi_hash_name(const void *bytes, size_t n);

/* All terms in order. */
struct term_walk {
    struct segment  *segment;
    uint32_t         value;
    bool             is_open;
    struct dict_scan scan;             /* key and entry of the present one */
};
/* Begin near the first key that is not below this one: the walk gives few below it first. */
int fihi_term_walk_from(struct term_walk *w, const uint8_t *key, size_t bytes, fih_error *err);
/* FIH_OK, FIH_DONE or an error. Zero-initialise and set `segment`. */
int fihi_term_walk_next(struct term_walk *w, fih_error *err);

#endif
