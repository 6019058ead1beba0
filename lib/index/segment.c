/* index/segment.c - a segment is opened, and its values are fetched once.
 *
 * Opening a segment reads its header, its small indexes and its deletions, and checks all numbers in them: against
 * the manifest, against each other, and against what the file has. A right checksum does not prove a number, since
 * anyone who can write the file can compute it. After that, counts and sizes are safe to make tables with, and every
 * other value is fetched, and its checksum verified, when it is first asked for.
 *
 * A value that was fetched stays where it is until the snapshot ends. So its place is remembered in a slot, without
 * a lock: threads that fetch the same value at once store the same two numbers.
 *
 * What a value says of itself is checked by whoever reads it: segment_docs.c what there is of a document,
 * segment_terms.c the dictionary and the lists.
 *
 * Opening costs a few look-ups, however large the segment is: the header, three indexes of some bytes for each value,
 * the columns' rows, the bitmap if there is one, and the tables of long lengths. A slot for each value takes 16
 * bytes. */
#include "index/segment.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "index/column.h"
#include "store/keys.h"
#include "store/store.h"

enum { HEADER_VERSION = 3 };           /* of the header's record */

/* The pointer is set last and with release order, so a thread that sees it sees the size too. */
struct slot {
    _Atomic(const uint8_t *) ptr;
    _Atomic size_t           bytes;    /* set before ptr */
};

/* One form of words for all damage, with the segment's number. */
int fihi_segment_broken(const struct segment *s, const char *what, fih_error *err)
{
    return fihi_fail(err, FIH_E_CORRUPT, "segment %u of the index '%s' is damaged: %s; restore a backup or rebuild it",
                     s->id, fihi_snap_dir(s->snap), what);
}

/* A cursor keeps flags and no message, for its functions return documents. */
int fihi_segment_list_broken(const struct segment *s, const struct cursor *c, fih_error *err)
{
    return c->no_memory ? fihi_fail_nomem(err) : fihi_segment_broken(s, "a posting list", err);
}

/* FORMAT.md, "Segment header", is the table of these bytes; stats_get() reads them back. */
void fihi_segment_stats_put(uint8_t out[SEGMENT_HEADER_BYTES], const struct segment_stats *s)
{
    uint8_t *p = out;

    put_u32(p, HEADER_VERSION), p += 4;
    put_u32(p, s->docs), p += 4;
    for (unsigned c = 0; c < NORM_COUNT; c++, p += 16) {
        put_u32(p, s->with[c]);
        put_u64(p + 4, s->tokens[c]);
        put_f32(p + 12, s->avg[c]);
    }
    put_u32(p, (uint32_t)s->date_min), p += 4;
    put_u32(p, (uint32_t)s->date_max), p += 4;
    put_u64(p, s->terms), p += 8;
    put_u64(p, s->postings), p += 8;
    for (unsigned k = 0; k < KIND_COUNT; k++, p += 12) {
        put_u32(p, s->counts[k]);
        put_u64(p + 4, s->bytes[k]);
    }
}

/* KIND_SOURCES values hold SOURCE_CHUNK entries of 12 bytes; the last one fewer. Checked by kinds_hold(), which
 * checks that it divides. */
static uint32_t source_count(const struct segment_stats *s)
{
    return (uint32_t)((s->bytes[KIND_SOURCES] - (uint64_t)VALUE_HEAD * s->counts[KIND_SOURCES]) / 12);
}

/* No number is judged here: that is check_stats(), which sees all of them. */
static int stats_get(struct segment_stats *s, const uint8_t *p, size_t n)
{
    /* Another version has other numbers at other places: nothing of it is read. */
    if (n != SEGMENT_HEADER_BYTES || get_u32(p) != HEADER_VERSION)
        return FIH_E_CORRUPT;
    p += 4;
    s->docs = get_u32(p), p += 4;
    for (unsigned c = 0; c < NORM_COUNT; c++, p += 16) {
        s->with[c] = get_u32(p);
        s->tokens[c] = get_u64(p + 4);
        s->avg[c] = get_f32(p + 12);
    }
    s->date_min = (int32_t)get_u32(p), p += 4;
    s->date_max = (int32_t)get_u32(p), p += 4;
    s->terms = get_u64(p), p += 8;
    s->postings = get_u64(p), p += 8;
    for (unsigned k = 0; k < KIND_COUNT; k++, p += 12) {
        s->counts[k] = get_u32(p);
        s->bytes[k] = get_u64(p + 4);
    }
    return FIH_OK;
}

/* Rounded up without an addition that could wrap. */
static uint32_t chunks_of(uint32_t docs, uint32_t chunk)
{
    return docs / chunk + (docs % chunk > 0);
}

/* Are there as many values, and bytes, of each kind as its rule says for so many documents? Frames are taken off the
 * bytes first, once it is known that there are as many. So a header cannot claim ten million documents for a file of
 * ten kilobytes: lengths alone are 4 bytes for each.
 *
 * Of a segment of one document the ids have 2 bytes at least, the lengths 4, the date 4 and the hash 8: none of these
 * rules can be met by a value that is not there, and of each value there is a frame of 16 bytes. */
static int kinds_hold(const struct segment_stats *s)
{
    /* Of the dictionary's index a row has three bytes at least: a length, a key's level, an ordinal. A document has
     * two lengths of two bytes, and at most two long ones of eight; its id has two numbers in front. Kinds without a
     * rule may have any number of values. */
    const struct {
        enum kind kind;
        uint32_t  counts;              /* UINT32_MAX: any number */
        uint64_t  least, most;         /* bytes without the frames */
    } rules[] = {
        {0, 0, 0, 0},
        {KIND_HEADER, 0, 0, 0},
        {KIND_DICT_INDEX, 1, UINT64_C(3) * s->counts[KIND_DICT], UINT64_MAX},
        {KIND_NORMS, NORM_COUNT * chunks_of(s->docs, NORM_CHUNK), UINT64_C(4) * s->docs, UINT64_C(4) * s->docs},
        {KIND_NORMS_LONG, NORM_COUNT, 0, UINT64_C(16) * s->docs},
        {KIND_DATES, chunks_of(s->docs, DATE_CHUNK), UINT64_C(4) * s->docs, UINT64_C(4) * s->docs},
        {KIND_STORED_INDEX, 1, UINT64_C(4) * s->counts[KIND_STORED], UINT64_C(4) * s->counts[KIND_STORED]},
        {KIND_IDS, UINT32_MAX, UINT64_C(2) * s->docs, UINT64_MAX},
        {KIND_IDS_INDEX, 1, UINT64_C(4) * s->counts[KIND_IDS], UINT64_C(4) * s->counts[KIND_IDS]},
        {KIND_ID_HASHES, chunks_of(s->docs, HASH_CHUNK), UINT64_C(8) * s->docs, UINT64_C(8) * s->docs},
        {KIND_SOURCES, UINT32_MAX, 0, UINT64_C(12) * s->docs},
        {KIND_COLUMN_INDEX, s->counts[KIND_COLUMNS] > 0, 0, UINT64_MAX},
    };
    /* A value has a document at least, so there are no more of them. */
    int holds = s->counts[KIND_STORED] <= s->docs && s->counts[KIND_IDS] <= s->docs;

    for (unsigned k = 0; k < KIND_COUNT; k++)
        /* Before anything is subtracted: no kind has fewer bytes than the frames of its values. */
        holds &= s->bytes[k] >= (uint64_t)VALUE_HEAD * s->counts[k];
    for (size_t i = 0; holds && i < sizeof rules / sizeof *rules; i++) {
        const uint32_t counts = s->counts[rules[i].kind];
        const uint64_t bytes = s->bytes[rules[i].kind] - (uint64_t)VALUE_HEAD * counts;

        holds = (rules[i].counts == UINT32_MAX || counts == rules[i].counts) && bytes >= rules[i].least &&
                bytes <= rules[i].most;
    }
    return holds && (s->bytes[KIND_SOURCES] - (uint64_t)VALUE_HEAD * s->counts[KIND_SOURCES]) % 12 == 0 &&
           s->counts[KIND_SOURCES] == chunks_of(source_count(s), SOURCE_CHUNK);
}

/* A mean that is no number, or negative, would make bounds that bound nothing. */
static int sums_hold(const struct segment_stats *s)
{
    const bool is_dated = s->date_min != DATE_NONE;
    int holds = is_dated ? s->date_min >= DATE_FIRST && s->date_min <= s->date_max && s->date_max <= DATE_LAST
                         : s->date_max == DATE_NONE;

    for (unsigned c = 0; c < NORM_COUNT; c++)
        /* A text has less than 2^32 words, so the sum of all is no more than that for each document, and fits 64
         * bits. */
        holds &= s->with[c] <= s->docs && s->tokens[c] <= (uint64_t)UINT32_MAX * s->docs && isfinite(s->avg[c]) &&
                 s->avg[c] >= 0;
    /* A term has its bytes in the dictionary: whoever makes a table of so many is not led to one without end. */
    return holds && s->terms <= UINT32_MAX && s->terms <= s->bytes[KIND_DICT];
}

/* Every number of a header is checked here, before anything is made of it: by the others, and all of them by what the
 * file has. The sums are compared with what LMDB counts for all segments together (fihi_snap_claim()), so that
 * several segments cannot claim the same bytes. */
static int check_stats(struct segment *s, const struct manifest_segment *row, fih_error *err)
{
    const struct segment_stats *t = &s->stats;
    uint64_t values = 1, bytes = 0;            /* the header is not among its own values */

    if (t->docs != row->docs)
        return fihi_segment_broken(s, "its header disagrees with the manifest", err);
    if (t->docs == 0 || t->docs > FIH_MAX_DOCS || row->deleted > t->docs || !kinds_hold(t) || !sums_hold(t))
        return fihi_segment_broken(s, "its header", err);
    for (unsigned k = 0; k < KIND_COUNT; k++)
        /* 17 sums of 64 bits may wrap, those of counts of 32 bits not. */
        if (__builtin_add_overflow(bytes, t->bytes[k], &bytes))
            return fihi_segment_broken(s, "its header", err);
        else
            values += t->counts[k];
    return fihi_snap_claim(s->snap, SPACE_SEGMENT, values, bytes) == 0
               ? FIH_OK
               : fihi_segment_broken(s, "its header has more values than there are", err);
}

/* The two loads may be of different threads' stores: both are the same, and the pointer's acquire makes the size be
 * there. */
int fihi_segment_value(struct segment *s, enum kind kind, uint32_t number, const uint8_t **bytes, size_t *n,
                       fih_error *err)
{
    struct slot *slot;
    uint8_t key[KEY_SEGMENT_BYTES];
    int rc;

    *bytes = NULL;
    *n = 0;
    /* Also what keeps a number from a damaged value of another kind within the array of slots. */
    if (number >= s->stats.counts[kind])
        return fihi_segment_broken(s, "a value is missing", err);
    /* Slots were made for all values that the header counts, so there is one. */
    slot = &s->slots[kind][number];
    if ((*bytes = atomic_load_explicit(&slot->ptr, memory_order_acquire))) {
        *n = atomic_load_explicit(&slot->bytes, memory_order_relaxed);
        return FIH_OK;
    }
    key_segment(key, s->id, kind, number);
    if ((rc = fihi_snap_get(s->snap, SPACE_SEGMENT, key, sizeof key, bytes, n, err)) != 0)
        /* The header says that it is there. */
        return rc == FIH_E_NOTFOUND ? fihi_segment_broken(s, "a value is missing", err) : rc;
    /* In this order: whoever sees the pointer must see the size. */
    atomic_store_explicit(&slot->bytes, *n, memory_order_relaxed); /* racing threads store the same */
    atomic_store_explicit(&slot->ptr, *bytes, memory_order_release);
    return FIH_OK;
}

/* Keys need no check of their order, which only lets nothing be found; ordinals do: a value has a term at least. */
static int load_dict_index(struct segment *s, fih_error *err)
{
    const uint8_t *p, *end;
    uint32_t len;
    size_t n;
    int rc;

    if ((rc = fihi_segment_value(s, KIND_DICT_INDEX, 0, &p, &n, err)) != 0)
        return rc;
    end = p + n;
    /* One more, for calloc(0) may answer NULL. The number of values was compared with the file's before. */
    if (!(s->dict_keys = calloc(s->stats.counts[KIND_DICT] + (size_t)1, sizeof *s->dict_keys)))
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < s->stats.counts[KIND_DICT]; i++) {
        /* `key` points into the value: it stays where it is, as long as the snapshot. */
        if (!(p = get_varint32(p, end, &len)) || len > (size_t)(end - p))
            return fihi_segment_broken(s, "the dictionary's index", err);
        s->dict_keys[i].key = p;
        s->dict_keys[i].bytes = len;
        if (!(p = get_varint32(p + len, end, &s->dict_keys[i].first)) || s->dict_keys[i].first >= s->stats.terms ||
            (i ? s->dict_keys[i].first <= s->dict_keys[i - 1].first : s->dict_keys[i].first != 0))
            return fihi_segment_broken(s, "the dictionary's index", err);
    }
    return FIH_OK;
}

/* Its first documents need no check: a wrong one leads to a value that does not have the document, and that is
 * noticed. */
static int load_index(struct segment *s, enum kind kind, enum kind of, const uint8_t **first, fih_error *err)
{
    size_t n;
    const int rc = fihi_segment_value(s, kind, 0, first, &n, err);

    return rc ? rc : n == 4 * (size_t)s->stats.counts[of] ? FIH_OK : fihi_segment_broken(s, "an index of values", err);
}

/* The hash is over all chunks, with those that are missing as zeros: a chunk of an older commit has a right
 * checksum, too. Bits behind the last document would be counted as deleted documents. */
static int load_deletes(struct segment *s, uint64_t want, fih_error *err)
{
    const uint32_t chunks = chunks_of(s->stats.docs, DELETE_CHUNK);
    uint32_t count = 0, beyond = 0;            /* ones, and those behind the last document */
    int rc;

    if (!(s->deleted = calloc(chunks, DELETE_CHUNK / 8)))
        return fihi_fail_nomem(err);
    /* A chunk of 8,192 bytes for 65,536 documents; only those with a deletion are there. */
    for (uint32_t i = 0; i < chunks; i++) {
        uint8_t key[KEY_DELETE_BYTES];
        const uint8_t *p;
        size_t n;

        key_delete(key, s->id, i);
        rc = fihi_snap_get(s->snap, SPACE_DELETE, key, sizeof key, &p, &n, err);
        if (rc == FIH_E_NOTFOUND)
            continue;                          /* none deleted there */
        if (rc != 0)
            return rc;
        if (n != DELETE_CHUNK / 8)
            return fihi_segment_broken(s, "its deletions", err);
        memcpy(s->deleted + (size_t)i * (DELETE_CHUNK / 8), p, n);
    }
    /* Ones are counted once, and the count is the manifest's: so are the deletions of another commit found. */
    for (size_t i = 0; i < (size_t)chunks * (DELETE_CHUNK / 8); i++)
        count += (uint32_t)__builtin_popcount(s->deleted[i]);
    for (size_t d = s->stats.docs; d < (size_t)chunks * DELETE_CHUNK; d++)
        beyond += s->deleted[d / 8] >> d % 8 & 1;
    if (beyond || count != s->deleted_count || XXH3_64bits(s->deleted, (size_t)chunks * (DELETE_CHUNK / 8)) != want)
        return fihi_segment_broken(s, "its deletions are not those of the last commit", err);
    return FIH_OK;
}

/* If it fails, all that was made is given back, and *out is NULL. */
int fihi_segment_open(struct segment **out, struct snap *snap, const struct manifest_segment *row, fih_error *err)
{
    struct segment *s = calloc(1, sizeof *s);
    uint8_t key[KEY_SEGMENT_BYTES];
    const uint8_t *p;
    size_t n;
    int rc;

    *out = NULL;
    if (!s)
        return fihi_fail_nomem(err);
    /* The number of deletions is the manifest's and not yet proved; load_deletes() counts them. */
    s->snap = snap;
    s->id = row->id;
    s->deleted_count = row->deleted;
    key_segment(key, row->id, KIND_HEADER, 0);
    if ((rc = fihi_snap_get(snap, SPACE_SEGMENT, key, sizeof key, &p, &n, err)) != 0) {
        if (rc == FIH_E_NOTFOUND)
            rc = fihi_segment_broken(s, "its header is missing", err);
        goto out;
    }
    if (stats_get(&s->stats, p, n) != 0) {
        rc = fihi_segment_broken(s, "its header", err);
        goto out;
    }
    if ((rc = check_stats(s, row, err)) != 0)
        goto out;
    /* Kept, because a field's lengths begin behind so many values of each field before it. */
    s->norm_chunks = chunks_of(s->stats.docs, NORM_CHUNK);
    /* After check_stats(), so that the file has as many values as slots are asked for. */
    for (unsigned k = 0; k < KIND_COUNT; k++)
        if (s->stats.counts[k] && !(s->slots[k] = calloc(s->stats.counts[k], sizeof **s->slots))) {
            rc = fihi_fail_nomem(err);
            goto out;
        }
    if ((rc = load_dict_index(s, err)) != 0 ||
        (rc = load_index(s, KIND_STORED_INDEX, KIND_STORED, &s->stored_first, err)) != 0 ||
        (rc = load_index(s, KIND_IDS_INDEX, KIND_IDS, &s->ids_first, err)) != 0 ||
        (rc = fihi_column_rows_load(s, err)) != 0 ||
        (row->deleted && (rc = load_deletes(s, row->delete_hash, err)) != 0))
        goto out;
    /* For each length of 65,535 and more, a document and its length: 8 bytes. Ascending is not checked: a wrong order
     * finds nothing, and then the least long length is taken. */
    for (unsigned c = 0; c < NORM_COUNT; c++) {
        if ((rc = fihi_segment_value(s, KIND_NORMS_LONG, c, &s->long_norms[c], &n, err)) != 0)
            goto out;
        s->long_norm_count[c] = n / 8;
    }
    *out = s;
    s = NULL;
out:
    fihi_segment_close(s);
    return rc;
}

/* Values are the snapshot's. A writer takes `deleted` out before, where the bitmap is its own. */
void fihi_segment_close(struct segment *s)
{
    if (!s)
        return;
    for (unsigned k = 0; k < KIND_COUNT; k++)
        /* The values that slots lead to are the snapshot's. */
        free(s->slots[k]);
    free(s->dict_keys);
    free(s->columns);
    free(s->deleted);
    free(s);
}

/* From the bytes of the header: the last value may have fewer rows than the others. */
uint32_t fihi_segment_source_count(const struct segment *s)
{
    return source_count(&s->stats);
}
