/* search/reread.c - block by block through the stored documents, past those that have none of the set's.
 *
 * ==كِتابٌ: the index says which documents have كتاب, however it is written; which have it with these vowels only
 * their texts tell. The texts lie in compressed blocks of many documents, so the blocks are walked in order and those
 * without a document of the set are not expanded; each block is expanded once. The cost is a block's expanding and
 * one pass over the bytes of each of its wanted documents, which is why FIH_MAX_REREAD limits it.
 */
#include "search/reread.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/fail.h"
#include "index/docs.h"

/* One segment's. `freqs` has room for all of the set's documents there; fewer stay. */
struct reading {
    const struct written *asked;
    bool                  in_title;
    struct segment       *segment;
    struct set_segment   *set;
    struct deadline      *deadline;
    uint32_t              docs;        /* so many are left, with their frequencies */
    float                *freqs;       /* in the order of the documents */
    /* the greatest of them: it bounds scores */
    float                 most;
    struct buf            block, record;
    fih_error            *err;
};

/* The bytes from … to of a text, analysed by nobody: fihi_written_count() compares letters and vowels as they stand. */
static int count_in(const struct reading *r, fih_str text, size_t from, size_t to, uint32_t *sum)
{
    /* A word that lies across a cut is two words here, as it was when the document was indexed. */
    uint32_t count;
    const int rc = fihi_written_count(r->asked, (const uint8_t *)text.ptr + from, to - from, &count);

    *sum += count;
    return rc;
}

/* In the pieces between the cuts. Cuts are what was left out when the document was indexed (text/clean.c), such as
 * menus of a web page: a word that only stands there does not make a match. The last piece is from the last cut to the
 * end. */
static int count_in_body(const struct reading *r, fih_str body, fih_str cuts, uint32_t *sum)
{
    struct cut_scan scan;
    size_t at = 0, start, end;
    int rc;

    if (cuts.len == 0)
        return count_in(r, body, 0, body.len, sum);
    /* Cuts are from the disk and within the body, which fihi_cut_next() checks. */
    fihi_cut_scan(&scan, cuts, body);
    while ((rc = fihi_cut_next(&scan, &start, &end)) == FIH_OK) {
        if ((rc = count_in(r, body, at, start, sum)) != 0)
            return rc;
        at = end;
    }
    return rc == FIH_DONE ? count_in(r, body, at, body.len, sum) : rc;
}

/* Whose frequency it becomes: title and body together, as in the list of a stem. */
static int count_in_record(const struct reading *r, const uint8_t *record, size_t bytes, uint32_t *sum)
{
    fih_str name, value, title = {"", 0}, body = {"", 0}, cuts = {"", 0};
    /* Of fields that occur twice the last one counts; a writer stores each once. */
    struct record_scan scan;
    unsigned code;
    int rc;

    *sum = 0;
    /* Bytes are from the disk: each step is checked, and a record that does not end where it says is damage. */
    if (fihi_record_scan(&scan, record, bytes) != 0)
        return FIH_E_CORRUPT;
    while ((rc = fihi_record_next(&scan, &code, &name, &value)) == FIH_OK)
        if (code == FIELD_TITLE)
            title = value;
        else if (code == FIELD_BODY)
            body = value;
        else if (code == FIELD_CUTS)
            cuts = value;
    if (rc != FIH_DONE)
        return FIH_E_CORRUPT;
    rc = count_in(r, title, 0, title.len, sum);
    return rc != 0 || r->in_title ? rc : count_in_body(r, body, cuts, sum);
}

/* The set's documents of an expanded block, which begins with document `first`. r->docs goes through the documents in
 * order, as frequencies are stored: by rank. */
static int read_block(struct reading *r, uint32_t first, uint32_t docs)
{
    /* Decoding stops at `end`, whatever a record says of its length. */
    const uint8_t *p = r->block.ptr, *const end = p + r->block.len;

    for (uint32_t doc = first; doc - first < docs; doc++) {
        uint64_t *const bits = &r->set->bits[doc / 64], bit = UINT64_C(1) << doc % 64;
        uint32_t count = 0;
        /* Skipped records are not put together, only measured. */
        int rc = *bits & bit ? fihi_record_decode(&r->record, &p, end) : fihi_record_skip(&p, end);

        if (rc == 0 && *bits & bit)
            rc = count_in_record(r, r->record.ptr, r->record.len, &count);
        if (rc != 0)
            return rc == FIH_E_NOMEM ? fihi_fail_nomem(r->err)
                                     : fihi_segment_broken(r->segment, "its stored documents", r->err);
        if (count == 0) {
            /* Taken out while we walk: fihi_word_set_seek() only looks ahead. */
            *bits &= ~bit;
        } else {
            r->freqs[r->docs++] = (float)count;
            /* Above 2^24 a float is not exact any more; saturation has made such frequencies alike long before. */
            r->most = (float)count > r->most ? (float)count : r->most;
        }
    }
    return FIH_OK;
}

/* Values come one after the other, and so do the blocks in them: what is looked for only moves forward. */
static int read_value(struct reading *r, uint32_t number)
{
    const uint8_t *compressed;
    /* A value of KIND_STORED is some blocks; each says how many documents it has. */
    struct stored_value v;
    struct stored_block b;
    uint32_t first;
    size_t n;
    int rc = fihi_segment_stored(r->segment, number, &v, r->err);

    while (rc == 0 && fihi_stored_next(&v, &first, &b, &compressed, &n) == FIH_OK) {
        /* next - first does not wrap: seek() never goes back. */
        const uint32_t next = fihi_word_set_seek(r->set, first);

        if (next == NO_DOC || next - first >= b.docs)
            continue;
        if ((rc = fihi_stored_expand(&r->block, &b, compressed, n)) != 0)
            return rc == FIH_E_NOMEM ? fihi_fail_nomem(r->err)
                                     : fihi_segment_broken(r->segment, "its stored documents", r->err);
        /* The clock is looked at after each block, which is the longest step. */
        if ((rc = read_block(r, first, b.docs)) == 0)
            rc = fihi_deadline_check(r->deadline, r->err);
    }
    return rc;
}

/* Frequencies by rank, as fihi_word_set_new() leaves them. ranks[w] is how many documents stand before word w of the
 * bits, so that a document's frequency is found by one popcount. freqs changes its owner here, and is the set's to
 * free. Sets that had a number for every document (expand.c) become ranked ones, since fewer documents are left. */
static int settle(struct reading *r)
{
    struct set_segment *const s = r->set;
    const uint32_t words = r->segment->stats.docs / 64 + 1;

    free(s->freqs);
    s->freqs = r->freqs;
    r->freqs = NULL;
    s->docs = r->docs;
    s->most = r->most;
    if (!s->ranks && !(s->ranks = malloc(words * sizeof *s->ranks)))
        return fihi_fail_nomem(r->err);
    for (uint32_t w = 0, rank = 0; w < words; rank += (unsigned)__builtin_popcountll(s->bits[w++]))
        s->ranks[w] = rank;
    return FIH_OK;
}

/* The limit is checked before a byte is read. 100,000 documents of a few kilobytes each are some hundred megabytes of
 * text; a query that needs more should say more. */
int fihi_reread(struct word_set *set, const struct written *asked, bool in_title, const struct view *v, size_t at,
                struct deadline *deadline, fih_error *err)
{
    int rc = FIH_OK;

    if (set->df > FIH_MAX_REREAD)
        return fihi_fail_at(err, FIH_E_LIMIT, at,
                            "the word at byte %zu is in %llu documents, too many to read for its vowels: at most %u",
                            at, (unsigned long long)set->df, FIH_MAX_REREAD);
    set->df = 0;
    set->is_title = in_title;
    for (uint32_t i = 0; i < set->count && rc == 0; i++) {
        /* The set's segments are in the order of the view's. */
        struct segment *const s = v->segments[i];
        struct reading r = {.asked = asked, .in_title = in_title, .segment = s, .set = &set->segments[i],
                            .deadline = deadline, .err = err};

        /* One more than none, so that NULL means that memory is out. */
        if (!(r.freqs = malloc((set->segments[i].docs + 1u) * sizeof *r.freqs)))
            rc = fihi_fail_nomem(err);
        for (uint32_t k = 0; k < s->stats.counts[KIND_STORED] && rc == 0 && set->segments[i].docs; k++)
            rc = read_value(&r, k);
        if (rc == 0)
            rc = settle(&r);
        /* NULL if settle() has given them to the set. */
        free(r.freqs);
        /* Rooms are used again from block to block, and given back at the segment's end. */
        fihi_buf_free(&r.block);
        fihi_buf_free(&r.record);
        set->df += r.docs;
    }
    return rc;
}
