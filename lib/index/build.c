/* index/build.c - laying a segment into values.
 *
 * The caller gives documents in order, then terms in order with their lists, then columns. Most of it is written as
 * soon as a value is full, in hidden transactions (stage.c); in memory are one value of each kind under way, the
 * lengths of titles and what indexes have to say. The header comes last: it has the counts of all others, and
 * without it nobody reads the segment.
 *
 * The order of the values on the disk is that of their becoming full, not of their kinds: of a segment of a million
 * documents the first are stored blocks and lengths, while the lists of the same documents are still being made. A
 * crash at any point leaves values of a segment that no manifest names, which the next writer removes.
 *
 * The segment of FORMAT.md's small index has 20 values beside its header: two of lengths, two of long lengths, four of
 * columns and one of each other kind. */
#include "index/build.h"

#include "base/bytes.h"
#include "base/fail.h"

/* Nothing is written yet, so whoever finds nothing to write has nothing to take back. The writers of kinds get the
 * stage by pointer, so a build must stay where it is. */
void fihi_build_begin(struct build *b, struct store *store, uint32_t segment)
{
    memset(b, 0, sizeof *b);
    fihi_stage_begin(&b->stage, store, segment);
    b->docs = (struct heap){.stage = &b->stage, .kind = KIND_POSTINGS};
    b->positions = (struct heap){.stage = &b->stage, .kind = KIND_POSITIONS};
    b->dict.stage = &b->stage;
    b->stored.stage = &b->stage;
    b->ids.stage = &b->stage;
    b->stats.date_min = b->stats.date_max = DATE_NONE;
}

/* The mean of titles is of documents that have one: many sets of texts have none, or few, and a mean near 0 would
 * make each title a long one. The list's writer and the columns get what they need here, once. The sums are divided in
 * doubles: a million texts of some thousand words are more than the 24 bits of a float can count one by one. */
void fihi_build_averages(struct build *b)
{
    struct segment_stats *const s = &b->stats;
    const uint64_t titled = s->with[NORM_TITLE];

    s->avg[NORM_TEXT] = s->docs ? (float)((double)s->tokens[NORM_TEXT] / (double)s->docs) : 0;
    s->avg[NORM_TITLE] = titled ? (float)((double)s->tokens[NORM_TITLE] / (double)titled) : 0;
    b->list.avg_text = s->avg[NORM_TEXT];
    b->list.avg_title = s->avg[NORM_TITLE];
    b->list.segment_docs = s->docs;
    b->columns.stage = &b->stage;
    b->columns.docs = s->docs;
}

/* An empty buffer is no value, so kinds with nothing have 0 values. The buffer keeps its memory: it is filled again
 * with the next chunk of documents. */
static int flush_buf(struct build *b, struct buf *from, enum kind kind, fih_error *err)
{
    const int rc = from->len ? fihi_stage_append(&b->stage, kind, from->ptr, from->len, err) : FIH_OK;

    from->len = 0;
    return rc;
}

/* 65,535 says "look in the table of long ones", so that length itself stands there, too. Values of texts are
 * numbered first; those of titles must wait until the number of chunks is known. A text of so many words is a book, so
 * that table is short; four bytes for every document would take twice the room for all of them. */
static int add_norm(struct build *b, unsigned norm, uint32_t doc, uint32_t len, fih_error *err)
{
    struct buf *norms = norm == 0 ? &b->norms : &b->title_norms;
    uint8_t two[2], eight[8];
    int rc;

    put_u16(two, len < NORM_LONG ? (uint16_t)len : (uint16_t)NORM_LONG);
    put_u32(eight, doc);
    put_u32(eight + 4, len);
    if (fihi_buf_append(norms, two, 2) != 0 ||
        (len >= NORM_LONG && fihi_buf_append(&b->long_norms[norm], eight, 8) != 0))
        return fihi_fail_nomem(err);
    b->stats.tokens[norm] += len;
    b->stats.with[norm] += len > 0;
    /* NORM_CHUNK lengths of two bytes are 128 KiB. Only texts: the numbers of the titles' values begin at the count of
     * chunks. */
    if (norm == 0 && norms->len == 2 * NORM_CHUNK && (rc = flush_buf(b, norms, KIND_NORMS, err)) != 0)
        return rc;
    return FIH_OK;
}

/* The document's number is the count of those before. Chunks of lengths and dates are written when they are full, so
 * that little waits in memory. The first and last day are found on the way, for a reader passes over a whole segment by
 * them. */
int fihi_build_doc(struct build *b, fih_str id, const uint32_t lens[NORM_COUNT], int32_t date, fih_error *err)
{
    const uint32_t doc = b->stats.docs++;
    /* The count is raised first, so that whatever fails leaves a build that can only be thrown away: nobody goes on
     * with it. */
    uint8_t four[4];
    int rc;

    for (unsigned c = 0; c < NORM_COUNT; c++)
        if ((rc = add_norm(b, c, doc, lens[c], err)) != 0)
            return rc;
    put_u32(four, (uint32_t)date);
    if (fihi_buf_append(&b->dates, four, 4) != 0)
        return fihi_fail_nomem(err);
    if (b->dates.len == 4 * DATE_CHUNK && (rc = flush_buf(b, &b->dates, KIND_DATES, err)) != 0)
        return rc;
    if (date != DATE_NONE) {
        if (b->stats.date_min == DATE_NONE || date < b->stats.date_min)
            b->stats.date_min = date;
        if (b->stats.date_max == DATE_NONE || date > b->stats.date_max)
            b->stats.date_max = date;
    }
    return fihi_ids_add(&b->ids, id.ptr, id.len, err);
}

/* The caller's document is no mistake: what is too long is the list of one word in one segment, so smaller ones would
 * do. */
static int fail_list(int rc, fih_error *err)
{
    return rc == FIH_E_NOMEM ? fihi_fail_nomem(err) : fihi_fail(err, rc, "a posting list is too long");
}

/* Told with FIH_E_LIMIT if the list exceeds what the format can say. Positions are borrowed for the call only. */
int fihi_build_posting(struct build *b, const struct posting *p, const uint32_t *positions,
                       const struct posting_lengths *len, fih_error *err)
{
    const int rc = fihi_list_add(&b->list, p, positions, len);

    return rc ? fail_list(rc, err) : FIH_OK;
}

/* Only a list of several documents goes to the heap; one of a single document is in the dictionary. The heap tells
 * the place, which the dictionary writes at the head of a block. */
int fihi_build_list(struct build *b, const uint8_t *key, size_t bytes, const struct build_list *l, fih_error *err)
{
    struct dict_entry e = {.form_count = l->form_count,
                           .df = l->df,
                           .cf = l->cf,
                           .title_df = l->title_df,
                           .single = l->single,
                           .doc_bytes = (uint32_t)l->byte_count,
                           .position_bytes = (uint32_t)l->position_count,
                           .numbers = l->df == 1 ? l->bytes : NULL};       /* they stand in the dictionary */
    int rc;

    /* Positions go to a heap whatever the number of documents: only what a posting says fits the dictionary. */
    if ((rc = fihi_heap_add(&b->docs, l->bytes, l->df == 1 ? 0 : l->byte_count, &e.docs, err)) != 0 ||
        (rc = fihi_heap_add(&b->positions, l->positions, l->position_count, &e.positions, err)) != 0)
        return rc;
    b->stats.postings += l->df;
    return fihi_dict_add(&b->dict, key, bytes, &e, err);
}

/* A merge may come with a list whose documents are all gone: then the term is gone, too. Of a dictionary of a million
 * terms that would be a row for each word that was only in deleted documents. */
int fihi_build_term(struct build *b, const uint8_t *key, size_t bytes, uint32_t form_count, fih_error *err)
{
    struct list_writer *const l = &b->list;
    int rc;

    if (l->df == 0)
        return FIH_OK;
    if ((rc = fihi_list_finish(l)) != 0)
        return fail_list(rc, err);
    return fihi_build_list(b, key, bytes,
                           &(struct build_list){.df = l->df,
                                                .title_df = l->title_df,
                                                .form_count = form_count,
                                                .single = l->docs[0],
                                                .cf = l->cf,
                                                .bytes = l->out.ptr,
                                                .positions = l->positions.ptr,
                                                .byte_count = l->out.len,
                                                .position_count = l->positions.len},
                           err);
}

/* In the order of the hashes, which the caller has sorted or merged. 16,384 rows of 8 bytes are a value of 128 KiB, so
 * that looking for an id reads one of these and not all. */
int fihi_build_id_hash(struct build *b, uint32_t hash, uint32_t doc, fih_error *err)
{
    uint8_t eight[8];

    put_u32(eight, hash);
    put_u32(eight + 4, doc);
    if (fihi_buf_append(&b->hashes, eight, 8) != 0)
        return fihi_fail_nomem(err);
    return b->hashes.len == 8 * HASH_CHUNK ? flush_buf(b, &b->hashes, KIND_ID_HASHES, err) : FIH_OK;
}

/* Likewise; there may be none. 12 bytes for each run of documents with one source, however long the run is. */
int fihi_build_source(struct build *b, const struct source_run *run, fih_error *err)
{
    uint8_t row[12];

    put_u32(row, run->hash);
    put_u32(row + 4, run->first);
    put_u32(row + 8, run->count);
    if (fihi_buf_append(&b->sources, row, 12) != 0)
        return fihi_fail_nomem(err);
    return b->sources.len == 12 * SOURCE_CHUNK ? flush_buf(b, &b->sources, KIND_SOURCES, err) : FIH_OK;
}

/* The table of long lengths is written even if it is empty: a reader finds it without asking. */
static int finish_norms(struct build *b, fih_error *err)
{
    int rc = flush_buf(b, &b->norms, KIND_NORMS, err);

    /* Waited until here, for their numbers follow those of the texts: with c chunks, c to 2 c - 1 (FORMAT.md,
     * "Lengths"). */
    for (size_t at = 0; rc == 0 && at < b->title_norms.len; at += 2 * NORM_CHUNK) {
        const size_t left = b->title_norms.len - at;

        rc = fihi_stage_append(&b->stage, KIND_NORMS, b->title_norms.ptr + at,
                               left < 2 * NORM_CHUNK ? left : 2 * NORM_CHUNK, err);
    }
    for (unsigned c = 0; c < NORM_COUNT && rc == 0; c++)
        rc = fihi_stage_put(&b->stage, KIND_NORMS_LONG, c, b->long_norms[c].ptr, b->long_norms[c].len, err);
    return rc;
}

/* Counts and bytes are the stage's at that moment, so that the header's own are 0, as FORMAT.md says. */
int fihi_build_finish(struct build *b, fih_error *err)
{
    uint8_t header[SEGMENT_HEADER_BYTES];
    int rc;

    /* The header is put alone and last, in the transaction that has whatever is left: with it the segment is
     * complete. */
    if ((rc = fihi_dict_finish(&b->dict, err)) != 0 || (rc = fihi_heap_finish(&b->docs, err)) != 0 ||
        (rc = fihi_heap_finish(&b->positions, err)) != 0 || (rc = finish_norms(b, err)) != 0 ||
        (rc = flush_buf(b, &b->dates, KIND_DATES, err)) != 0 || (rc = fihi_columns_finish(&b->columns, err)) != 0 ||
        (rc = flush_buf(b, &b->hashes, KIND_ID_HASHES, err)) != 0 ||
        (rc = flush_buf(b, &b->sources, KIND_SOURCES, err)) != 0 || (rc = fihi_stored_finish(&b->stored, err)) != 0 ||
        (rc = fihi_ids_finish(&b->ids, err)) != 0)
        return rc;
    /* 64 bits, of which the dictionary has seen to it that 32 are enough. */
    b->stats.terms = b->dict.terms;
    memcpy(b->stats.counts, b->stage.counts, sizeof b->stats.counts);
    memcpy(b->stats.bytes, b->stage.bytes, sizeof b->stats.bytes);
    fihi_segment_stats_put(header, &b->stats);
    if ((rc = fihi_stage_put(&b->stage, KIND_HEADER, 0, header, sizeof header, err)) != 0)
        return rc;
    return fihi_stage_commit(&b->stage, err);
}

/* Also after success, when the stage has nothing left to abort. What was committed before stays in the file until
 * the next writer removes it, if no manifest names it. */
void fihi_build_free(struct build *b)
{
    fihi_stage_abort(&b->stage);
    fihi_buf_free(&b->docs.value);
    fihi_buf_free(&b->positions.value);
    fihi_dict_writer_free(&b->dict);
    fihi_list_writer_free(&b->list);
    fihi_stored_writer_free(&b->stored);
    fihi_ids_writer_free(&b->ids);
    for (unsigned c = 0; c < NORM_COUNT; c++)
        fihi_buf_free(&b->long_norms[c]);
    fihi_buf_free(&b->norms);
    fihi_buf_free(&b->dates);
    fihi_buf_free(&b->hashes);
    fihi_buf_free(&b->sources);
    fihi_buf_free(&b->title_norms);
    fihi_column_writer_free(&b->columns);
}
