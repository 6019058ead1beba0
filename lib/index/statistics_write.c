/* index/statistics_write.c - the dictionaries of all segments as one file of statistics.
 *
 * Each level is one walk through all dictionaries at once. Stems come first: each segment's ordinals lead to the
 * numbers that the file gives them, by which the rows of forms name them.
 *
 * An example. Segment 0 has the stems a, c, segment 1 has b, c. The walk gives a, b, c, which get the numbers 0, 1, 2;
 * of segment 0 the ordinals 0, 1 are now 0, 2 in the file, of segment 1 they are 1, 2. A form whose rows lead to
 * ordinal 1 in both has one row in the file, to stem 2, with the documents of both.
 *
 * All of it is one pass over each dictionary for each level, with one block of 64 terms in memory. What grows with the
 * collection is small: 4 bytes for each stem of each segment, and 8 for each block's place. Blocks are written as they
 * come; tables and counts are known only then, so they stand behind, and the head is put in place at the end.
 *
 * Nothing here depends on which indexes the segments came from, or in what order a hash table gave them: the same view
 * makes the same bytes. */
#include "index/statistics.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/fail.h"
#include "index/statistics_word.h"
#include "index/view.h"

/* ---- a level of all segments */

/* Levels and fields are walked by their keys, of which only what stands behind the head is compared: a field may have
 * another number in each index. */
struct level_walk {
    struct level_source {
        struct term_walk walk;
        bool             has_term, is_at;      /* of the level; it stands on the least key */
        uint8_t          head[WORD_HEAD];
    }           *sources;
    uint32_t     count;
    enum level   level;
    size_t       head;                 /* bytes that are each segment's own: the level, and of words the field */
    uint8_t      key[TERM_KEY_MAX];    /* behind the head the same in all */
    size_t       key_bytes;
};

/* Keys that were lent end with it. */
void fihi_level_walk_free(struct level_walk *w)
{
    if (w)
        free(w->sources);
    free(w);
}

/* A walk begins at a block, which may have terms of levels before. Those are passed over here: at most the rest of one
 * block for each segment. */
static int step(struct level_walk *w, struct level_source *s, fih_error *err)
{
    int rc;

    do
        rc = fihi_term_walk_next(&s->walk, err);
    while (rc == FIH_OK && key_compare(s->walk.scan.key, s->walk.scan.key_bytes, s->head, w->head) < 0);
    /* Behind the level, or at the end: has_term is false, and the walk of this segment is not touched any more. */
    s->has_term = rc == FIH_OK && s->walk.scan.key_bytes >= w->head && memcmp(s->walk.scan.key, s->head, w->head) == 0;
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* The words of a text, or with field 0 all terms of the level. A segment of an index that has no such field takes no
 * part. */
static int new_walk(struct level_walk **out, const struct view *v, enum level level, unsigned field, fih_error *err)
{
    struct level_walk *const w = calloc(1, sizeof *w);
    int rc = FIH_OK;

    *out = NULL;
    /* One more, for calloc(0) may answer NULL. */
    if (!w || !(w->sources = calloc(v->count + (size_t)1, sizeof *w->sources))) {
        free(w);
        return fihi_fail_nomem(err);
    }
    w->level = level;
    w->head = field ? WORD_HEAD : 1;
    for (; w->count < v->count && rc == 0; w->count++) {
        struct level_source *const s = &w->sources[w->count];

        /* The walk borrows from the segment, which the view keeps open. */
        s->walk = (struct term_walk){.segment = v->segments[w->count]};
        s->head[0] = (uint8_t)level;
        s->head[1] = (uint8_t)(field ? segment_field(v->segments[w->count], field) : 0);
        if ((!field || s->head[1]) && (rc = fihi_term_walk_from(&s->walk, s->head, w->head, err)) == 0)
            rc = step(w, s, err);
    }
    if (rc == 0)
        *out = w;
    else
        fihi_level_walk_free(w);
    return rc;
}

int fihi_level_walk_new(struct level_walk **out, const struct view *v, enum level level, fih_error *err)
{
    return new_walk(out, v, level, 0, err);
}

/* Without the heads: the same word of a text has another second byte in an index that numbers its fields otherwise. */
static int compare(const struct level_walk *w, const struct level_source *s, const uint8_t *key, size_t bytes)
{
    return key_compare(s->walk.scan.key + w->head, s->walk.scan.key_bytes - w->head, key + w->head, bytes - w->head);
}

/* Those that stood on the last key move on; then the least is found by looking at all.
 *
 * Of s segments each step costs s comparisons. A heap would need the logarithm of it, but there are eight segments in
 * an index as a rule, and most common words stand in all of them. */
int fihi_level_walk_next(struct level_walk *w, const uint8_t **key, size_t *bytes, fih_error *err)
{
    const struct dict_scan *least = NULL;
    int rc = FIH_OK;

    for (uint32_t i = 0; i < w->count && rc == 0; i++)
        if (w->sources[i].is_at)
            rc = step(w, &w->sources[i], err);
    if (rc != 0)
        return rc;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct dict_scan *const s = &w->sources[i].walk.scan;

        if (w->sources[i].has_term && (!least || compare(w, &w->sources[i], least->key, least->key_bytes) < 0))
            least = s;
    }
    if (!least)
        return FIH_DONE;
    /* Copied, for the segment that it was borrowed from moves on at the next call. */
    memcpy(w->key, least->key, least->key_bytes);
    w->key_bytes = least->key_bytes;
    for (uint32_t i = 0; i < w->count; i++)
        w->sources[i].is_at = w->sources[i].has_term && compare(w, &w->sources[i], w->key, w->key_bytes) == 0;
    *key = w->key;
    *bytes = w->key_bytes;
    return FIH_OK;
}

/* ---- the file */

/* `rows` and `block` are used again for each term. */
struct statistics_writer {
    struct flat_writer  file;
    struct buf          block, offsets;
    uint8_t             last[TERM_KEY_MAX];
    size_t              last_bytes;
    unsigned            in_block;
    uint64_t            terms;
    struct stem_numbers {
        uint32_t *to;                  /* in the file, by the segment's */
        size_t    cap, count;
    }                  *numbers;       /* of each segment's stems */
    struct statistics_row *rows;       /* of the form at hand */
    size_t              row_cap;
    fih_error          *err;
};

/* Room for a number of 64 bits is on the stack, so a short one costs a copy of a byte. */
static int put_number(struct buf *b, uint64_t n, fih_error *err)
{
    uint8_t bytes[VARINT_MAX];
    const size_t count = (size_t)(put_varint(bytes, n) - bytes);

    return fihi_buf_append(b, bytes, count) ? fihi_fail_nomem(err) : FIH_OK;
}

/* Begins the next block, too: it has no key before its first one. */
static int close_block(struct statistics_writer *w)
{
    uint8_t at[8];
    int rc;

    if (w->in_block == 0)
        return FIH_OK;
    /* Places are counted behind the head, so they begin with 0. */
    put_u64(at, w->file.count - STATISTICS_HEAD);
    if (fihi_buf_append(&w->offsets, at, 8) != 0)
        return fihi_fail_nomem(w->err);
    /* The low 32 bits, in front of the bytes that they are made of: a reader needs no other table for them. */
    put_u32(at, (uint32_t)XXH3_64bits(w->block.ptr, w->block.len));
    if ((rc = fihi_flat_put(&w->file, at, 4, w->err)) == 0)
        rc = fihi_flat_put(&w->file, w->block.ptr, w->block.len, w->err);
    w->block.len = w->in_block = 0;
    w->last_bytes = 0;
    return rc;
}

/* The key of a term; the caller appends what is known of it. Front-coded as in dict.c, but for 64 terms: a look-up
 * reads a block whole in any case, to verify it. */
static int begin_term(struct statistics_writer *w, const uint8_t *key, size_t bytes)
{
    size_t shared = 0;
    int rc;

    /* Before the 65th: the last block is closed by write_all(). */
    if (w->in_block == STATISTICS_BLOCK && (rc = close_block(w)) != 0)
        return rc;
    while (shared < w->last_bytes && shared < bytes && w->last[shared] == key[shared])
        shared++;
    if ((rc = put_number(&w->block, shared, w->err)) != 0 ||
        (rc = put_number(&w->block, bytes - shared, w->err)) != 0)
        return rc;
    if (fihi_buf_append(&w->block, key + shared, bytes - shared) != 0)
        return fihi_fail_nomem(w->err);
    /* The whole key, for the next one. */
    memcpy(w->last, key, bytes);
    w->last_bytes = bytes;
    w->in_block++;
    w->terms++;
    return FIH_OK;
}

/* ---- levels */

/* A stem's number is remembered for the rows that will name it by the segment's. They come in the order of their
 * ordinals, so an array is enough. */
static int note_stem(struct statistics_writer *w, uint32_t segment, uint32_t ordinal, uint64_t number)
{
    struct stem_numbers *const n = &w->numbers[segment];

    /* A row names a stem by 32 bits in memory, though the file could say more. */
    if (number >= UINT32_MAX)
        return fihi_fail(w->err, FIH_E_LIMIT, "more stems than can be numbered");
    if (ordinal != n->count)                   /* they ascend from 0: the walk sees to that, but for damage */
        return fihi_fail(w->err, FIH_E_CORRUPT, "the stems of a segment are not in order: restore a backup or rebuild");
    if (fihi_grow(&n->to, &n->cap, n->count + 1, sizeof *n->to) != 0)
        return fihi_fail_nomem(w->err);
    n->to[n->count++] = (uint32_t)number;
    return FIH_OK;
}

/* Documents of the collection are the sum over its segments, as no document is in two. Deleted ones are counted, as a
 * search of one index counts them, too. */
static int put_counts(struct statistics_writer *w, const struct level_walk *l, const uint8_t *key, size_t bytes)
{
    /* The number that this term gets, if it gets one: begin_term() counts it. */
    const uint64_t number = w->terms;
    uint64_t df = 0, title_df = 0;
    int rc = begin_term(w, key, bytes);

    for (uint32_t i = 0; i < l->count && rc == 0; i++) {
        const struct dict_entry *const e = &l->sources[i].walk.scan.entry;

        /* Its scan stands on another term, later in the order. */
        if (!l->sources[i].is_at)
            continue;
        df += e->df;
        title_df += e->title_df;
        if (l->level == LEVEL_STEM)
            rc = note_stem(w, i, e->ordinal, number);
    }
    if (rc == 0)
        rc = put_number(&w->block, df, w->err);
    return rc == 0 && l->level == LEVEL_STEM ? put_number(&w->block, title_df, w->err) : rc;
}

/* For qsort(): by the file's numbers, so that the rows of two segments for one stem come side by side. */
static int by_stem(const void *x, const void *y)
{
    const struct statistics_row *a = x, *b = y;

    return (a->stem > b->stem) - (a->stem < b->stem);
}

/* The rows of a form in all segments, by the file's numbers of the stems. A row that leads to no stem of its segment is
 * damage, and no walk over it may go on. */
static int gather_rows(struct statistics_writer *w, const struct level_walk *l, size_t *count)
{
    *count = 0;
    for (uint32_t i = 0; i < l->count; i++) {
        struct dict_rows rows = fihi_dict_rows(&l->sources[i].walk.scan.entry);
        struct dict_row row;
        int rc = FIH_DONE;

        while (l->sources[i].is_at && (rc = fihi_dict_row_next(&rows, &row)) == FIH_OK) {
            if (row.stem >= w->numbers[i].count)
                break;
            if (fihi_grow(&w->rows, &w->row_cap, *count + 1, sizeof *w->rows) != 0)
                return fihi_fail_nomem(w->err);
            /* By a look into an array: the walk through the stems has been through all of this segment's. */
            w->rows[(*count)++] = (struct statistics_row){w->numbers[i].to[row.stem], row.df};
        }
        /* FIH_OK here means that a row was refused. */
        if (rc != FIH_DONE)
            return fihi_segment_broken(l->sources[i].walk.segment, "its dictionary", w->err);
    }
    return FIH_OK;
}

/* The documents of a form are the most of a row, as in the dictionary of a segment (FORMAT.md, "Dictionary"): a
 * document may have the form from two stems, and be in both rows. */
static int put_rows(struct statistics_writer *w, const struct level_walk *l, const uint8_t *key, size_t bytes)
{
    uint64_t most = 0, last = 0;
    size_t count, kept = 0;
    int rc = gather_rows(w, l, &count);

    /* A form without rows is nobody's: the merge of a segment drops it, too. */
    if (rc != 0 || count == 0)
        return rc;
    qsort(w->rows, count, sizeof *w->rows, by_stem);
    /* Equal stems, of several segments, become one row. */
    for (size_t i = 0; i < count; i++)
        if (kept > 0 && w->rows[kept - 1].stem == w->rows[i].stem)
            w->rows[kept - 1].df += w->rows[i].df;
        else
            w->rows[kept++] = w->rows[i];
    /* After the equal ones are one: the sum of one stem's documents over the segments is what the whole collection
     * has. */
    for (size_t i = 0; i < kept; i++)
        most = w->rows[i].df > most ? w->rows[i].df : most;
    if ((rc = begin_term(w, key, bytes)) != 0 || (rc = put_number(&w->block, most, w->err)) != 0)
        return rc;
    rc = put_number(&w->block, kept, w->err);
    /* The first is told as it is, the others by what they are above the one before: at least 1. */
    for (size_t i = 0; i < kept && rc == 0; last = w->rows[i++].stem)
        if ((rc = put_number(&w->block, w->rows[i].stem - last, w->err)) == 0)
            rc = put_number(&w->block, w->rows[i].df, w->err);
    return rc;
}

/* Forms need the numbers of stems, and so come behind them: which is the order of the keys as well. */
static int put_level(struct statistics_writer *w, const struct view *v, enum level level)
{
    struct level_walk *l;
    const uint8_t *key;
    size_t bytes;
    int rc = fihi_level_walk_new(&l, v, level, w->err);

    while (rc == 0 && (rc = fihi_level_walk_next(l, &key, &bytes, w->err)) == FIH_OK)
        rc = level == LEVEL_FORM ? put_rows(w, l, key, bytes) : put_counts(w, l, key, bytes);
    fihi_level_walk_free(l);
    /* DONE is the end of the walk, and here no more than the end of a level. */
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* ---- texts of the schema */

/* The words of one text: they have a key of the file's own, in which the field stands by a hash of its name, because
 * its number differs between indexes. A stem that does not fit behind that is left out (FORMAT.md, "Statistics"). */
static int put_word(struct statistics_writer *w, const struct level_walk *l, const char *name, const uint8_t *key,
                    size_t bytes)
{
    uint8_t own[TERM_KEY_MAX];
    const size_t n = statistics_word_key(own, name, key + WORD_HEAD, bytes - WORD_HEAD);
    uint64_t df = 0, occurrences = 0;
    int rc = n ? begin_term(w, own, n) : FIH_OK;

    /* Added up also where the word is left out: hardly ever, so no branch is worth it. */
    for (uint32_t i = 0; i < l->count; i++)
        if (l->sources[i].is_at) {
            df += l->sources[i].walk.scan.entry.df;
            occurrences += l->sources[i].walk.scan.entry.cf;
        }
    if (rc != 0 || n == 0)
        return rc;
    return (rc = put_number(&w->block, df, w->err)) != 0 ? rc : put_number(&w->block, occurrences, w->err);
}

/* The documents that have the text, and its words in all of them: before its words, without a stem. Sorted before them,
 * for it is their beginning. */
static int put_lengths(struct statistics_writer *w, const struct view *v, unsigned field)
{
    uint64_t docs, words;
    uint8_t own[TERM_KEY_MAX];
    /* No stem: of 0 bytes the pointer is not looked at. */
    const size_t n = statistics_word_key(own, fihi_schema_name(&v->schema, field), own, 0);
    int rc = fihi_view_text_lengths(v, field, &docs, &words, w->err);

    if (rc != 0 || (rc = begin_term(w, own, n)) != 0 || (rc = put_number(&w->block, docs, w->err)) != 0)
        return rc;
    return put_number(&w->block, words, w->err);
}

/* What is common to all words is asked of the view, which adds up the columns of the segments. */
static int put_text(struct statistics_writer *w, const struct view *v, unsigned field)
{
    struct level_walk *l = NULL;
    const uint8_t *key;
    size_t bytes;
    int rc = put_lengths(w, v, field);

    if (rc == 0)
        rc = new_walk(&l, v, LEVEL_WORD, field, w->err);
    while (rc == 0 && (rc = fihi_level_walk_next(l, &key, &bytes, w->err)) == FIH_OK)
        rc = put_word(w, l, fihi_schema_name(&v->schema, field), key, bytes);
    fihi_level_walk_free(l);
    return rc == FIH_DONE ? FIH_OK : rc;
}

/* Two texts with one key would have their words under each other's. Of 56 names two share the 32 bits in one of three
 * million schemas; but then a search would rank by the words of another field, and nobody would know. */
static int refuse_texts(const struct statistics_writer *w, const struct view *v, unsigned one, unsigned two)
{
    return fihi_fail(w->err, FIH_E_LIMIT,
                     "the fields '%s' and '%s' cannot be in one file of statistics, for their names have the same "
                     "hash: give one of them another name in a rebuild",
                     fihi_schema_name(&v->schema, one), fihi_schema_name(&v->schema, two));
}

/* In the order of the keys that they have in the file: the least that is above the last.
 *
 * Hashes are in no order of the fields, so each round looks at all of them: 56 at most, so some 3,000 looks. */
static int put_texts(struct statistics_writer *w, const struct view *v)
{
    uint8_t last[TERM_KEY_MAX] = {LEVEL_WORD}, key[TERM_KEY_MAX], least[TERM_KEY_MAX];
    bool is_first = true;

    for (;;) {
        unsigned next = 0;
        int rc;

        /* A view of several indexes has a schema with all of their fields, each with one number of its own. */
        for (unsigned f = FIELD_NO_OWN; f < FIELD_NO_OWN + v->schema.count; f++) {
            if (fihi_schema_kind(&v->schema, f) != FIH_FIELD_TEXT)
                /* Values of other kinds are no words: they have columns, and nothing here. */
                continue;
            statistics_word_key(key, fihi_schema_name(&v->schema, f), key, 0);
            if (next && memcmp(key, least, STATISTICS_WORD_HEAD) == 0)
                return refuse_texts(w, v, next, f);
            /* Above the last one written, and the least of those: as selection sort does it, without memory for an
             * order. */
            if ((is_first || memcmp(key, last, STATISTICS_WORD_HEAD) > 0) &&
                (!next || memcmp(key, least, STATISTICS_WORD_HEAD) < 0)) {
                memcpy(least, key, STATISTICS_WORD_HEAD);
                next = f;
            }
        }
        if (!next)
            return FIH_OK;
        if ((rc = put_text(w, v, next)) != 0)
            return rc;
        memcpy(last, least, STATISTICS_WORD_HEAD);
        is_first = false;
    }
}

/* ---- all of it */

/* The tables behind the blocks, and their hash.
 *
 * Together in w->offsets, for they lie side by side in the file, and the hash is made of all of them at once.
 *
 * Of three blocks of 900, 950 and 250 bytes the places are 0, 900, 1,850 and, for the end, 2,100: four numbers of eight
 * bytes. */
static int put_tables(struct statistics_writer *w, const struct writing_row *rows, size_t count, const char *analyzer,
                      uint64_t *hash)
{
    struct buf *const t = &w->offsets;
    uint8_t row[WRITING_ROW];

    /* The end of the last block: with it each block has a place where it begins and one where it ends. */
    put_u64(row, w->file.count - STATISTICS_HEAD);
    if (fihi_buf_append(t, row, 8) != 0)
        return fihi_fail_nomem(w->err);
    /* 16 bytes each, as FORMAT.md has them; the caller has them in the order of their hashes, by which a reader
     * halves. */
    for (size_t i = 0; i < count; i++) {
        put_u64(row, rows[i].hash);
        put_u32(row + 8, rows[i].docs);
        put_u16(row + 12, rows[i].looked);
        put_u16(row + 14, rows[i].found);
        if (fihi_buf_append(t, row, sizeof row) != 0)
            return fihi_fail_nomem(w->err);
    }
    /* Without a NUL: its length stands in the head. */
    if (fihi_buf_append(t, analyzer, strlen(analyzer)) != 0)
        return fihi_fail_nomem(w->err);
    *hash = XXH3_64bits(t->ptr, t->len);
    return fihi_flat_put(&w->file, t->ptr, t->len, w->err);
}

/* In the order of the bytes. Each part is whole before the next is begun, and on an error the file is thrown away. */
static int write_all(struct statistics_writer *w, const char *path, const struct view *v, const char *analyzer,
                     const struct writing_row *rows, size_t count)
{
    uint8_t head[STATISTICS_HEAD] = STATISTICS_MAGIC;
    uint64_t blocks_bytes, hash = 0;
    int rc;

    /* The head goes first for its room; its numbers are known at the end. */
    if ((rc = fihi_flat_begin(&w->file, path, w->err)) != 0 ||
        (rc = fihi_flat_put(&w->file, head, sizeof head, w->err)) != 0 ||
        (rc = put_level(w, v, LEVEL_STEM)) != 0 || (rc = put_level(w, v, LEVEL_FORM)) != 0 ||
        (rc = put_level(w, v, LEVEL_ROOT)) != 0 || (rc = put_texts(w, v)) != 0 || (rc = close_block(w)) != 0)
        return rc;
    blocks_bytes = w->file.count - STATISTICS_HEAD;
    put_u32(head + 8, STATISTICS_VERSION);
    put_u64(head + 16, v->docs);
    /* Of the texts and of the titles: sums and counts of which the means are made. */
    for (unsigned f = 0; f < NORM_COUNT; f++) {
        put_u64(head + 24 + 16 * f, v->tokens[f]);
        put_u64(head + 32 + 16 * f, v->with[f]);
    }
    /* Terms and blocks as they were counted on the way. */
    put_u64(head + 56, w->terms);
    put_u64(head + 64, w->offsets.len / 8);
    put_u64(head + 72, blocks_bytes);
    put_u64(head + 80, count);
    put_u32(head + 88, (uint32_t)strlen(analyzer));
    if ((rc = put_tables(w, rows, count, analyzer, &hash)) != 0)
        return rc;
    put_u64(head + 96, hash);
    /* The identity of the file: two that differ in anything but the bytes of a block differ here. */
    put_u64(head + 104, XXH3_64bits(head, STATISTICS_HEAD - 8));
    return fihi_flat_finish(&w->file, head, sizeof head, w->err);
}

int fihi_statistics_write(const char *path, const struct view *v, const char *analyzer, const struct writing_row *rows,
                          size_t count, fih_error *err)
{
    struct statistics_writer w = {.err = err};
    int rc;

    /* Room for each segment's numbers, which are grown when its stems come. */
    w.numbers = calloc(v->count + (size_t)1, sizeof *w.numbers);
    rc = w.numbers ? write_all(&w, path, v, analyzer, rows, count) : fihi_fail_nomem(err);
    /* If it was finished, nothing is left to remove. */
    fihi_flat_free(&w.file);
    fihi_buf_free(&w.block);
    fihi_buf_free(&w.offsets);
    for (uint32_t i = 0; w.numbers && i < v->count; i++)
        free(w.numbers[i].to);
    free(w.numbers);
    free(w.rows);
    return rc;
}
