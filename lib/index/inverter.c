/* index/inverter.c - the documents and the stream of surface words. What becomes of them is in invert.c.
 *
 * A document comes in two steps. When it is added, its id, source, date and fields are kept; some chunks later its
 * words come back from a worker. `taken` counts the documents that have both: chunks come in the order in which
 * documents were added, so the next chunk's words are those of document `taken` and the following.
 *
 * The stream is one number of four bytes for each word of text, in blocks. Everything that a word stands for (stems,
 * forms, positions) is kept once for each different word, in the term table.
 *
 * No document of the batch is ever taken out: a deleted one stays in the stream, is written, and has a bit in
 * `deleted`. Its words are in lists already, or with a worker.
 *
 * What a batch costs in memory, besides its vocabulary: 4 bytes for each word of text, 32 for each document and its id,
 * and some more for each keyword and each number of a field. The flush needs 16 bytes for each occurrence of a stem on
 * top, and of each thread 8 for each document; fihi_inverter_bytes() counts that in beforehand, so that the budget
 * holds at its worst moment, too. */
#include "index/inverter.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/fail.h"
#include "index/inverter_part.h"
#include "index/column.h"

/* Only surface words are looked up by workers while the writer adds to them; terms and keywords are the writer's
 * alone. */
int fihi_inverter_new(struct inverter **out, uint64_t vocabulary_bytes, fih_error *err)
{
    if (!(*out = calloc(1, sizeof **out)))
        return fihi_fail_nomem(err);
    (*out)->vocabulary_bytes = vocabulary_bytes;
    (*out)->words.surfaces.has_readers = true;
    return FIH_OK;
}

/* Given to every worker before its first chunk: it stays where it is until the inverter goes. */
const struct intern *fihi_inverter_surfaces(const struct inverter *b)
{
    return &b->words.surfaces;
}

/* The vocabulary is kept, and the counts in it set to 0: most words of the next batch are those of this one. */
void fihi_inverter_clear(struct inverter *b)
{
    for (size_t i = 0; i < b->stream_blocks; i++)
        free(b->stream[i]);
    free(b->stream);
    free(b->docs);
    fihi_buf_free(&b->ids);
    fihi_buf_free(&b->names);
    fihi_table_free(&b->id_table);
    free(b->deleted);
    /* Table by table, for what is kept stands in the same struct: the vocabulary. */
    free(b->sources);
    free(b->keywords);
    for (unsigned f = 0; f < FIELD_NO_END; f++)
        free(b->numbers[f].list);
    fihi_term_table_clear(&b->words, b->vocabulary_bytes);
    const struct inverter empty = {.words = b->words, .vocabulary_bytes = b->vocabulary_bytes};
    *b = empty;
}

/* No worker may look words up any more: the pool is closed before. */
void fihi_inverter_free(struct inverter *b)
{
    if (!b)
        return;
    fihi_inverter_clear(b);
    fihi_term_table_free(&b->words);
    free(b);
}

uint32_t fihi_inverter_doc_count(const struct inverter *b)
{
    return (uint32_t)b->doc_count;
}

/* Ids lie behind one another, without anything between, so that any byte may be in one. */
static fih_str id_of(const struct inverter *b, uint32_t doc)
{
    const uint64_t from = doc ? b->docs[doc - 1].id_end : 0;

    return (fih_str){(const char *)b->ids.ptr + from, (size_t)(b->docs[doc].id_end - from)};
}

/* The bitmap has a byte for each document that was added: fihi_inverter_add_doc() sees to that. */
static bool is_deleted(const struct inverter *b, uint32_t doc)
{
    return b->deleted[doc / 8] >> (doc % 8) & 1;
}

/* A deleted document with the same id may be in the same batch: a document that was added twice is there twice. The
 * hash finds candidates, and the bytes decide. */
int fihi_inverter_find(const struct inverter *b, uint32_t hash, fih_str id, uint32_t *doc)
{
    for (size_t at = hash; table_next(&b->id_table, hash, &at, doc);) {
        const fih_str other = id_of(b, *doc);

        if (!is_deleted(b, *doc) && other.len == id.len && memcmp(other.ptr, id.ptr, id.len) == 0)
            return FIH_OK;
    }
    return FIH_E_NOTFOUND;
}

/* Documents of a source mostly come together, so a run says it in 12 bytes for all of them. Names are compared and
 * not only hashes: two sources with one hash are two runs. Documents 0 to 9 of a.txt, 10 of b.txt and 11 of a.txt
 * are three runs.
 *
 * Nothing is looked up by source before the batch is written, but when one is deleted: then all runs are walked. */
static int add_source(struct inverter *b, fih_str source, uint32_t doc)
{
    const uint32_t hash = fihi_hash_name(source.ptr, source.len);
    struct inverter_source *s = b->source_count ? &b->sources[b->source_count - 1] : NULL;

    /* A document without source ends a run, for the next one is not behind its last. */
    if (s && s->run.hash == hash && s->run.first + s->run.count == doc && s->bytes == source.len &&
        memcmp(b->names.ptr + s->at, source.ptr, source.len) == 0) {
        s->run.count++;
        return FIH_OK;
    }
    if (fihi_grow(&b->sources, &b->source_cap, b->source_count + 1, sizeof *b->sources) != 0)
        return FIH_E_NOMEM;
    b->sources[b->source_count++] = (struct inverter_source){{hash, doc, 1}, b->names.len, (uint32_t)source.len};
    return fihi_buf_append(&b->names, source.ptr, source.len);
}

/* A term whose key begins with `head` bytes, in a document. Cut at a byte, not at a character: terms are compared,
 * never shown before they are whole. Of a keyword `position` means nothing and is 0. */
static int add_term(struct inverter *b, uint32_t doc, uint8_t key[TERM_KEY_MAX], size_t head, fih_str value,
                    uint32_t position)
{
    const size_t n = value.len < TERM_KEY_MAX - head ? value.len : TERM_KEY_MAX - head;
    uint32_t term;

    if (n)
        memcpy(key + head, value.ptr, n);
    /* Room for the row first or last does not matter: on an error the whole batch is dropped. */
    if (fihi_term_table_keyword(&b->words, key, head + n, &term) != 0 ||
        fihi_grow(&b->keywords, &b->keyword_cap, b->keyword_count + 1, sizeof *b->keywords) != 0)
        return FIH_E_NOMEM;
    b->keywords[b->keyword_count++] = (struct keyword){term, doc, position};
    return FIH_OK;
}

/* An empty value is none. */
static int add_keyword(struct inverter *b, uint32_t doc, unsigned field, fih_str value)
{
    uint8_t key[TERM_KEY_MAX];

    return value.len ? add_term(b, doc, key, keyword_head(key, field), value, 0) : FIH_OK;
}

/* Documents ascend, so the list of a field is in the order of its column already. Once for each document, so nothing
 * need be sorted for the column. */
static int add_number(struct inverter *b, uint32_t doc, unsigned field, unsigned kind, int64_t value)
{
    struct numbers *const n = &b->numbers[field];

    if (fihi_grow(&n->list, &n->cap, n->count + 1, sizeof *n->list) != 0)
        return FIH_E_NOMEM;
    n->kind = kind;
    n->list[n->count++] = (struct number){value, doc};
    b->number_count++;
    return FIH_OK;
}

/* Where a field may have one value, the first one that is one counts.
 * A value that is refused is still stored with the document; only the field does not have it. One that could not be
 * read does not take the place of the next one. `taken` has a bit for each of the at most 56 fields of a schema. */
static int add_values(struct inverter *b, const struct schema *schema, uint32_t doc, const fih_doc *d,
                      uint64_t *refused, fih_error *err)
{
    const unsigned address = fihi_schema_address(schema);
    uint64_t taken = 0;                        /* fields that have their one value, by number */
    int rc = address ? add_keyword(b, doc, address, d->url) : FIH_OK;

    for (size_t i = 0; i < d->extra_count && rc == 0; i++) {
        const unsigned field = fihi_schema_find(schema, d->extra[i].name), kind = fihi_schema_kind(schema, field);
        int64_t value = 0;

        if (field < FIELD_NO_OWN || field == address || d->extra[i].value.len == 0)
            continue;
        /* The first value that could be read has the place. The others are counted, and stored with the document all
         * the same. */
        if (taken >> (field - FIELD_NO_OWN) & 1) {
            ++*refused;
            continue;
        }
        if (kind_is_number(kind) && (rc = fihi_value_read(&value, kind, d->extra[i].value, err)) == FIH_E_NOTFOUND) {
            ++*refused;
            rc = FIH_OK;
            continue;
        }
        if (rc == 0 && kind != FIH_FIELD_TEXT) /* its words come with the chunk's */
            rc = kind_is_number(kind) ? add_number(b, doc, field, kind, value)
                                      : add_keyword(b, doc, field, d->extra[i].value);
        if (!(schema->fields[field - FIELD_NO_OWN].flags & SCHEMA_MANY))
            taken |= UINT64_C(1) << (field - FIELD_NO_OWN);
    }
    return rc;
}

/* Room in the table of ids is made before anything is changed. If something fails later, the batch is not whole, and
 * the writer rolls back.
 *
 * The document gets the next number, which it keeps in the segment: records, lengths, dates and lists all stand by
 * it. */
int fihi_inverter_add_doc(struct inverter *b, uint32_t hash, const fih_doc *d, int32_t date,
                          const struct schema *schema, uint64_t *refused, fih_error *err)
{
    const uint32_t doc = (uint32_t)b->doc_count;
    const size_t have = b->deleted_cap;
    int rc;

    if (fihi_table_room(&b->id_table) != 0)
        return fihi_fail_nomem(err);
    if (fihi_grow(&b->deleted, &b->deleted_cap, doc / 8 + 1, 1) != 0)
        return fihi_fail_nomem(err);
    /* From `have` on, for fihi_grow() does not clear: a bit that is not set must be 0. */
    memset(b->deleted + have, 0, b->deleted_cap - have);
    if (fihi_grow(&b->docs, &b->doc_cap, b->doc_count + 1, sizeof *b->docs) != 0 ||
        fihi_buf_append(&b->ids, d->id.ptr, d->id.len) != 0)
        return fihi_fail_nomem(err);
    /* The lengths are 0 until the document's chunk is taken. */
    b->docs[doc] = (struct inverter_doc){.hash = hash, .date = date, .id_end = b->ids.len};
    b->doc_count++;
    /* From here on the id is found: a document that comes with it again, in this batch too, deletes this one. */
    fihi_table_put(&b->id_table, hash, doc);
    if (d->source.len && add_source(b, d->source, doc) != 0)
        return fihi_fail_nomem(err);
    if ((rc = add_keyword(b, doc, FIELD_NO_SECTION, d->section)) == 0)
        rc = add_values(b, schema, doc, d, refused, err);
    return rc == FIH_E_NOMEM ? fihi_fail_nomem(err) : rc;
}

/* Twice is once: delete by id and by source may both reach a document. */
void fihi_inverter_delete(struct inverter *b, uint32_t doc)
{
    if (!is_deleted(b, doc)) {
        b->deleted[doc / 8] |= (uint8_t)(1u << doc % 8);
        b->deleted_count++;
    }
}

/* The runs stand in the order of their documents until the batch is written. So a run is found by halving, among as
 * many as there are changes of source. */
fih_str fihi_inverter_source(const struct inverter *b, uint32_t doc)
{
    size_t low = 0, high = b->source_count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        const struct inverter_source *s = &b->sources[mid];

        if (doc >= s->run.first && doc - s->run.first < s->run.count)
            return (fih_str){(const char *)b->names.ptr + s->at, s->bytes};
        if (doc < s->run.first)
            high = mid;
        else
            low = mid + 1;
    }
    return (fih_str){"", 0};
}

/* Over all runs: there are as many as changes of source, and this is asked seldom. */
uint64_t fihi_inverter_delete_source(struct inverter *b, fih_str source)
{
    const uint32_t hash = fihi_hash_name(source.ptr, source.len), before = b->deleted_count;

    for (size_t i = 0; i < b->source_count; i++) {
        const struct inverter_source *s = &b->sources[i];

        if (s->run.hash != hash || s->bytes != source.len || memcmp(b->names.ptr + s->at, source.ptr, source.len) != 0)
            continue;
        /* Counts what was not deleted before: fihi_inverter_delete() sees to that. */
        for (uint32_t d = s->run.first; d < s->run.first + s->run.count; d++)
            fihi_inverter_delete(b, d);
    }
    return b->deleted_count - before;
}

/* The bitmap may be shorter than the documents: it has grown by additions only, and what is behind it is 0. */
const uint8_t *fihi_inverter_deleted(const struct inverter *b, size_t *bytes, uint32_t *count)
{
    const size_t all = (b->doc_count + 7) / 8;

    *bytes = b->deleted_cap < all ? b->deleted_cap : all;
    *count = b->deleted_count;
    return b->deleted;
}

/* Blocks of a megabyte: doubling one array would need one and a half times the memory at its worst moment. A word is
 * written once and read once or twice, in order, so blocks cost it no more than one array would. */
static int append_stream(struct inverter *b, uint32_t entry)
{
    const size_t at = b->stream_count % STREAM_BLOCK;

    if (at == 0) {
        uint32_t *block = malloc(STREAM_BLOCK * sizeof *block);

        if (!block || fihi_grow(&b->stream, &b->stream_block_cap, b->stream_blocks + 1, sizeof *b->stream) != 0) {
            free(block);
            return FIH_E_NOMEM;
        }
        b->stream[b->stream_blocks++] = block;
    }
    /* Only the last block is written to; those before it are full. */
    b->stream[b->stream_blocks - 1][at] = entry;
    b->stream_count++;
    return FIH_OK;
}

/* The words of a document. Those ahead are on their way from memory, for memory is slow.
 * Two loops over a few words: the first one asks for each word's row in the term table, the second one uses it. A
 * row is anywhere in some megabytes, so each would be waited for by itself otherwise. */
static int take_doc(struct inverter *b, struct inverter_doc *d, const uint32_t *surfaces, uint32_t count,
                    uint32_t title)
{
    uint32_t ours[AHEAD];

    for (uint32_t k = 0; k < count; k += AHEAD) {
        const uint32_t n = count - k < AHEAD ? count - k : AHEAD;

        for (uint32_t i = 0; i < n; i++) {
            /* A word that the batch did not know when the chunk was analysed has been learned since: to_surface[] leads
             * to its number. */
            const uint32_t told = surfaces[k + i]; /* its number there, or the chunk's own */

            ours[i] = told & SURFACE_OWN ? b->words.to_surface[told & ~SURFACE_OWN] : told;
            __builtin_prefetch(&b->words.list[ours[i]], 1);
        }
        for (uint32_t i = 0; i < n; i++) {
            struct inverter_surface *s = &b->words.list[ours[i]];

            if (append_stream(b, ours[i]) != 0)
                return FIH_E_NOMEM;
            s->count++;
            /* Entries that the words will make: what the flush will need memory for is known before any is made. */
            b->entry_count += s->items;
            /* A surface word may be several words of text, at a position each, or none. */
            d->text_len += s->words;
            d->title_len += k + i < title ? s->words : 0;
        }
    }
    d->surfaces = count;
    return FIH_OK;
}

/* How far the texts of a document have come, by number of the field. */
struct text_lengths {
    uint32_t words, position;          /* so far; of the next word */
};

/* The words of a value, behind those of the field's values before. A gap is between values, so that no phrase and no
 * distance goes from one to the next; of a document of millions of values the last ones have none, or positions would
 * wrap. */
static int take_value(struct inverter *b, uint32_t doc, const struct chunk_value *v, const uint32_t *surfaces,
                      struct text_lengths *at)
{
    uint8_t key[TERM_KEY_MAX];
    const size_t head = word_head(key, v->field);
    const uint32_t gap = at->position < UINT32_MAX / 2 ? VALUE_GAP : 0;
    uint32_t next = at->words ? at->position + gap : 0, position = next;

    for (uint32_t k = 0; k < v->surfaces; k++) {
        const uint32_t told = surfaces[k];
        const uint32_t ours = told & SURFACE_OWN ? b->words.to_surface[told & ~SURFACE_OWN] : told;
        const struct inverter_surface s = b->words.list[ours];

        for (uint32_t i = 0; i < s.items; i++) {
            const uint32_t stem = b->words.items[s.first + i].stem;
            size_t n;
            const uint8_t *const term = intern_get(&b->words.terms, stem & ~ITEM_SAME, &n);

            /* ITEM_SAME: another reading of the same word, which shares its position. */
            if (!(stem & ITEM_SAME))
                position = next++;
            if (add_term(b, doc, key, head, (fih_str){(const char *)term, n}, position) != 0)
                return FIH_E_NOMEM;
        }
        at->words += s.words;
    }
    at->position = next;
    return FIH_OK;
}

/* The values of a document, whose surface words stand behind one another; then how long each of its texts is. */
static int take_values(struct inverter *b, uint32_t doc, const struct chunk_value *v, size_t count,
                       const uint32_t *surfaces)
{
    /* On the stack: 64 pairs of numbers, cleared for each document that has texts or not. */
    struct text_lengths at[FIELD_NO_END] = {{0, 0}};

    for (size_t i = 0; i < count; surfaces += v[i++].surfaces)
        if (take_value(b, doc, &v[i], surfaces, &at[v[i].field]) != 0)
            return FIH_E_NOMEM;
    /* A text without a word in the document has no length, and the document none in the column. */
    for (unsigned f = FIELD_NO_OWN; f < FIELD_NO_END && count; f++)
        if (at[f].words && add_number(b, doc, f, FIH_FIELD_TEXT, at[f].words) != 0)
            return FIH_E_NOMEM;
    return FIH_OK;
}

/* The stream's length stays below 2^32, so that counts of a surface word fit 32 bits. Words are learned before
 * documents are taken: the chunk's numbers for new words become the batch's. */
int fihi_inverter_take(struct inverter *b, const struct chunk *c, fih_error *err)
{
    const uint32_t *surfaces = c->stream;
    size_t value = 0;
    int rc;

    if (b->stream_count + c->stream_count > UINT32_MAX - 1)
        return fihi_fail(err, FIH_E_LIMIT, "too many words between two flushes");
    if ((rc = fihi_term_table_learn(&b->words, &c->growth)) != 0)
        return rc == FIH_E_NOMEM ? fihi_fail_nomem(err)
                                 : fihi_fail(err, rc, "too many different words between two flushes");
    /* Its words, then those of its values: stream and counts come from one chunk, so nothing is compared here. */
    for (size_t i = 0; i < c->doc_count; i++, b->taken++) {
        const struct chunk_doc *const d = &c->docs[i];
        const uint32_t *const values = surfaces + d->surfaces;

        for (surfaces = values; value < d->value_end; value++)
            surfaces += c->values[value].surfaces;
        const size_t first = i ? c->docs[i - 1].value_end : 0;
        const struct chunk_value *const of_doc = c->values ? c->values + first : NULL;

        if (take_doc(b, &b->docs[b->taken], values - d->surfaces, d->surfaces, d->title_surfaces) != 0 ||
            take_values(b, (uint32_t)b->taken, of_doc, d->value_end - first, values) != 0 ||
            (d->signature >= 0 && add_number(b, (uint32_t)b->taken, FIELD_NO_SIGNATURE, FIH_FIELD_INTEGER,
                                             d->signature) != 0))
            return fihi_fail_nomem(err);
    }
    return FIH_OK;
}

/* What is held now, and what a flush will need on top of it, for the flush comes when there is no more memory to
 * spare. Numbers count twice: arrays double as they grow.
 *
 * Called for each chunk, so nothing is walked: all that it adds up are counts and capacities. */
uint64_t fihi_inverter_bytes(const struct inverter *b, unsigned threads)
{
    return b->stream_count * 4 + fihi_term_table_bytes(&b->words) + fihi_inverter_invert_bytes(b, threads) +
           b->doc_cap * sizeof *b->docs + b->ids.cap + fihi_table_bytes(&b->id_table) + b->names.cap +
           b->source_cap * sizeof *b->sources + b->keyword_cap * sizeof *b->keywords +
           b->number_count * 2 * sizeof(struct number);
}

/* ---- flush */

struct id_hash {
    uint32_t hash, doc;
};

/* Then by document: rows with one hash ascend, and the index is the same however qsort() works. */
static int by_hash(const void *x, const void *y)
{
    const struct id_hash *a = x, *b = y;

    return a->hash != b->hash ? (a->hash < b->hash ? -1 : 1) : (a->doc > b->doc) - (a->doc < b->doc);
}

static int by_source(const void *x, const void *y)
{
    const struct inverter_source *a = x, *b = y;

    if (a->run.hash != b->run.hash)
        return a->run.hash < b->run.hash ? -1 : 1;
    return (a->run.first > b->run.first) - (a->run.first < b->run.first);
}

/* Documents first, because lists need the mean lengths. Hashes and sources are sorted as FORMAT.md says, for
 * halving. */
static int flush_docs(struct inverter *b, struct build *out, fih_error *err)
{
    /* 8 bytes each, for the moment: sorting rows of two numbers is faster than sorting documents by a look at their
     * hashes. */
    struct id_hash *hashes = malloc((b->doc_count + 1) * sizeof *hashes);
    int rc = hashes ? FIH_OK : fihi_fail_nomem(err);

    for (uint32_t i = 0; i < b->doc_count && rc == 0; i++) {
        const uint32_t lens[NORM_COUNT] = {b->docs[i].text_len, b->docs[i].title_len};

        rc = fihi_build_doc(out, id_of(b, i), lens, b->docs[i].date, err);
        hashes[i] = (struct id_hash){b->docs[i].hash, i};
    }
    if (rc == 0)
        qsort(hashes, b->doc_count, sizeof *hashes, by_hash);
    for (size_t i = 0; i < b->doc_count && rc == 0; i++)
        rc = fihi_build_id_hash(out, hashes[i].hash, hashes[i].doc, err);
    free(hashes);
    /* In place, for nobody asks for a document's source any more. */
    if (b->source_count)
        qsort(b->sources, b->source_count, sizeof *b->sources, by_source);
    for (size_t i = 0; i < b->source_count && rc == 0; i++)
        rc = fihi_build_source(out, &b->sources[i].run, err);
    return rc;
}

/* After an error, what was written belongs to a segment that nobody names; batch and builder are the caller's to
 * drop. */
int fihi_inverter_flush(struct inverter *b, struct build *out, struct pool *pool, int (*tick)(void *ctx), void *ctx,
                        fih_error *err)
{
    const int rc = flush_docs(b, out, err);

    if (rc != 0)
        return rc;
    fihi_build_averages(out);
    return fihi_inverter_invert(b, out, pool, tick, ctx, err);
}
