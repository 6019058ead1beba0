/* index/segment_terms.c - the dictionary of a segment: finding terms and their lists, and walking through all.
 *
 * Three steps: the value by its first key, which is in memory since the segment was opened; the block of 16 within
 * it by halving; then the terms of the block one by one. So a look-up touches one value of about 16 KiB, and a
 * term's list one more of the postings.
 *
 * In numbers: of 500 values 9 comparisons find the one, of a hundred blocks in it 7 more, and at most 16 terms are
 * scanned then. All of it is in the value that was verified at its first use, and in memory.
 *
 * "three" in FORMAT.md's small index: the only value begins with "one", which is not above, and has one block. Of that
 * "one" is read and passed over, then "three", which is equal. Its entry says 4 bytes of list and 2 of positions, and
 * the sums of those before it that they lie at 0 and at 1; the third key, "two", is never read. */
#include "base/fail.h"
#include "index/segment.h"

/* The dictionary value that would hold a key, from 1; 0 if the key is below all. Counted from 1, so that 0 has a
 * meaning; the value itself is the number before. */
static uint32_t dict_value_of(const struct segment *s, const uint8_t *key, size_t bytes)
{
    uint32_t low = 0, high = s->stats.counts[KIND_DICT];

    while (low < high) {                       /* values whose first key is not above */
        const uint32_t mid = low + (high - low) / 2;

        if (key_compare(s->dict_keys[mid].key, s->dict_keys[mid].bytes, key, bytes) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Begin to read a dictionary value; its ordinals are known from the index. A value does not say them itself. */
static int scan_value(struct segment *s, uint32_t number, struct dict_scan *scan, fih_error *err)
{
    const uint8_t *value;
    size_t n;
    /* Verified by its checksum at the first look, and remembered: later ones cost an array's look-up. */
    const int rc = fihi_segment_value(s, KIND_DICT, number, &value, &n, err);

    if (rc != 0)
        return rc;
    if (fihi_dict_scan(scan, value, n) != 0)
        return fihi_segment_broken(s, "its dictionary", err);
    /* So a term's ordinal follows from the value it is in and its place there. */
    scan->ordinal = s->dict_keys[number].first;
    return FIH_OK;
}

/* Tables by document or by ordinal are as long as the header says. A damaged count would have whoever walks the list,
 * or such a table, go past the end. */
static bool entry_holds(const struct segment *s, const struct dict_entry *e)
{
    return e->df <= s->stats.docs && e->ordinal < s->stats.terms;
}

/* A key of a field with the segment's number of it, in `own`; NULL if the segment has no such field. In a view of
 * several indexes a field has another number than in some of its segments: only keys with a field in them are
 * concerned. */
static const uint8_t *own_key(const struct segment *s, const uint8_t *key, size_t bytes, uint8_t own[TERM_KEY_MAX])
{
    /* `fields` is NULL where the numbers are the same, which is nearly always. */
    if (!s->fields || bytes < 2 || (key[0] != LEVEL_KEYWORD && key[0] != LEVEL_WORD))
        return key;
    if (bytes > TERM_KEY_MAX || key[1] >= FIELD_NO_END || !s->fields[key[1]])
        return NULL;
    memcpy(own, key, bytes);
    own[1] = s->fields[key[1]];
    return own;
}

/* The block ends the search by its own end, or by a key above: no other block can have the key. A scan may go on
 * into the next block, whose first key is above. */
int fihi_segment_find(struct segment *s, const uint8_t *key, size_t bytes, struct dict_entry *e, fih_error *err)
{
    uint8_t own[TERM_KEY_MAX];
    struct dict_scan scan;
    uint32_t low;
    int rc;

    if (!(key = own_key(s, key, bytes, own)) || (low = dict_value_of(s, key, bytes)) == 0)
        return FIH_E_NOTFOUND;
    if ((rc = scan_value(s, low - 1, &scan, err)) != 0)
        return rc;
    /* Of the first keys of the value's blocks; in the block itself keys are scanned one after the other. */
    if (fihi_dict_seek_block(&scan, key, bytes) != 0)
        return fihi_segment_broken(s, "its dictionary", err);
    while ((rc = fihi_dict_next(&scan)) == FIH_OK) {
        const int order = key_compare(scan.key, scan.key_bytes, key, bytes);

        if (order > 0)
            break;
        if (order == 0) {
            *e = scan.entry;
            return entry_holds(s, e) ? FIH_OK : fihi_segment_broken(s, "its dictionary", err);
        }
    }
    /* Below zero is damage; DONE, or a key above, is a term that the segment has not. */
    return rc < 0 ? fihi_segment_broken(s, "its dictionary", err) : FIH_E_NOTFOUND;
}

/* The last dictionary value whose first ordinal is not above. */
static uint32_t dict_value_at(const struct segment *s, uint32_t ordinal)
{
    uint32_t low = 0, high = s->stats.counts[KIND_DICT];

    /* Value 0 if the ordinal is below all, which is for fihi_dict_seek_ordinal() to refuse. */
    while (high - low > 1) {
        const uint32_t mid = low + (high - low) / 2;

        if (s->dict_keys[mid].first <= ordinal)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* The scan is placed at the block, and at most 16 entries are read. */
int fihi_segment_term(struct segment *s, uint32_t ordinal, uint8_t key[TERM_KEY_MAX], size_t *bytes,
                      struct dict_entry *e, fih_error *err)
{
    struct dict_scan scan;
    int rc;

    /* A row or a column leads to a term, so there should be one. */
    if (s->stats.counts[KIND_DICT] == 0)
        return fihi_segment_broken(s, "a term that is not there", err);
    if ((rc = scan_value(s, dict_value_at(s, ordinal), &scan, err)) != 0)
        return rc;
    if (fihi_dict_seek_ordinal(&scan, ordinal) != 0)
        return fihi_segment_broken(s, "a term that is not there", err);
    /* From the block's first term on: ordinals are counted, not stored. */
    do
        rc = fihi_dict_next(&scan);
    while (rc == FIH_OK && scan.entry.ordinal < ordinal);
    if (rc != FIH_OK || !entry_holds(s, &scan.entry))
        return fihi_segment_broken(s, rc < 0 ? "its dictionary" : "a term that is not there", err);
    memcpy(key, scan.key, scan.key_bytes);
    *bytes = scan.key_bytes;
    *e = scan.entry;
    return FIH_OK;
}

/* Places are sums of sizes that the dictionary says, so they may lie anywhere; here they are compared with the
 * value. An empty run has no value, and its place is never looked at. */
static int heap_bytes(struct segment *s, enum kind kind, struct place at, size_t bytes, const uint8_t **out,
                      fih_error *err)
{
    size_t n;
    int rc;

    *out = NULL;
    if (bytes == 0)
        return FIH_OK;
    if ((rc = fihi_segment_value(s, kind, at.number, out, &n, err)) != 0)
        return rc;
    /* By subtraction, for the sum of the two could wrap where size_t has 32 bits. */
    if (at.offset > n || bytes > n - at.offset)
        return fihi_segment_broken(s, "a posting list out of its value", err);
    *out += at.offset;
    return FIH_OK;
}

/* Of a single document no value is fetched but that of its positions, and the numbers are in the dictionary's own
 * value.
 *
 * What is in *at is borrowed from the snapshot. `docs` goes with it, for a cursor refuses documents that the segment
 * has not got.
 *
 * The postings of "three" are then at->bytes[0 … 4): 9c 9c 00 04, the two impacts, document 0 and document 1. */
int fihi_segment_list(struct segment *s, const struct dict_entry *e, struct list_place *at, fih_error *err)
{
    int rc;

    memset(at, 0, sizeof *at);
    /* Whoever comes from a row expects a stem. A row that leads to another row would be a circle. */
    if (e->row_count > 0)                      /* a row that leads to a normalised word, or to a root */
        return fihi_segment_broken(s, "a term without a list where there must be one", err);
    at->df = e->df;
    at->cf = e->cf;
    at->single = e->single;
    at->byte_count = e->doc_bytes;
    at->position_bytes = e->position_bytes;
    at->title_df = e->title_df;
    at->form_count = e->form_count;
    at->docs = s->stats.docs;
    if (e->df == 1)
        at->bytes = e->numbers;
    else if ((rc = heap_bytes(s, KIND_POSTINGS, e->docs, e->doc_bytes, &at->bytes, err)) != 0)
        return rc;
    return heap_bytes(s, KIND_POSITIONS, e->positions, e->position_bytes, &at->positions, err);
}

/* A key below all begins at the first value. Where it begins is a block, so that a walk over the terms of one level
 * does not read the levels before it. */
int fihi_term_walk_from(struct term_walk *w, const uint8_t *key, size_t bytes, fih_error *err)
{
    const uint32_t at = dict_value_of(w->segment, key, bytes);
    int rc;

    w->value = at > 0 ? at - 1 : 0;
    w->is_open = false;
    /* The first step opens value 0. */
    if (at == 0)
        return FIH_OK;
    if ((rc = scan_value(w->segment, w->value, &w->scan, err)) != 0)
        return rc;
    if (fihi_dict_seek_block(&w->scan, key, bytes) != 0)
        return fihi_segment_broken(w->segment, "its dictionary", err);
    w->is_open = true;
    return FIH_OK;
}

/* Keys ascend from value to value too: the scan goes on comparing with the one before. Ordinals go on as well. Else
 * a value could repeat the terms of another one, and a merge would meet a key twice. */
static int open_next(struct term_walk *w, fih_error *err)
{
    const size_t bytes = w->scan.key_bytes;
    const uint32_t next = w->scan.ordinal;
    const int rc = scan_value(w->segment, w->value, &w->scan, err);

    if (rc != 0)
        return rc;
    /* Back in its place: scan_value() has begun a new scan, which knows of no key before. */
    w->scan.key_bytes = bytes;
    w->is_open = true;
    return w->value == 0 || w->scan.ordinal == next ? FIH_OK : fihi_segment_broken(w->segment, "its dictionary", err);
}

/* A value without terms is passed over. No writer makes one, but nothing forbids it. */
int fihi_term_walk_next(struct term_walk *w, fih_error *err)
{
    for (;;) {
        int rc;

        if (w->is_open) {
            rc = fihi_dict_next(&w->scan);
            if (rc < 0 || (rc == FIH_OK && !entry_holds(w->segment, &w->scan.entry)))
                return fihi_segment_broken(w->segment, "its dictionary", err);
            if (rc == FIH_OK)
                return FIH_OK;
            w->is_open = false;
            w->value++;
        }
        if (w->value >= w->segment->stats.counts[KIND_DICT])
            return FIH_DONE;
        if ((rc = open_next(w, err)) != 0)
            return rc;
    }
}
