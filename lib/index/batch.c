/* index/batch.c - stream of forms, counting sort. */
#include "index/batch.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "base/table.h"
#include "index/words.h"

enum {
    STREAM_BLOCK = 1 << 18,            /* words a block: no copying while the stream grows */
    AHEAD = 16                         /* words that are on their way from memory together */
};

struct batch_doc {
    uint32_t forms;                    /* entries of the stream */
    uint32_t text_len, title_len;      /* words */
    uint32_t hash;
    int32_t  date;
    uint64_t id_end;
};

struct batch_source {
    struct source_run run;
    uint64_t          at;              /* its name in names */
    uint32_t          bytes;
};

struct posting {
    uint32_t doc, position;
};

struct keyword {
    uint32_t term, doc;
};

struct ranked {
    uint64_t       head;               /* the key's first eight bytes, to compare as a number */
    const uint8_t *key;
    uint32_t       term, bytes;
};

struct batch {
    struct batch_doc *docs;
    size_t            doc_count, doc_cap, taken;  /* taken: documents whose chunk was taken up */
    struct buf        ids, names;
    struct table      id_table;        /* of ids: documents */
    uint8_t          *deleted;         /* a bit for every document */
    size_t            deleted_cap;
    uint32_t          deleted_count;
    struct batch_source *sources;
    size_t            source_count, source_cap;


    struct words      words;
    uint32_t        **stream;          /* forms, in blocks */
    size_t            stream_blocks, stream_block_cap;
    uint64_t          stream_count, posting_count;
    struct keyword   *sections;
    size_t            section_count, section_cap;
};

int fihi_batch_new(struct batch **out, fih_error *err)
{
    *out = calloc(1, sizeof **out);
    return *out ? FIH_OK : fihi_fail_nomem(err);
}

void fihi_batch_clear(struct batch *b)
{
    struct words words = b->words;

    fihi_words_clear(&words);
    for (size_t i = 0; i < b->stream_blocks; i++)
        free(b->stream[i]);
    free(b->stream);
    free(b->docs);
    fihi_buf_free(&b->ids);
    fihi_buf_free(&b->names);
    fihi_table_free(&b->id_table);
    free(b->deleted);
    free(b->sources);
    free(b->sections);
    memset(b, 0, sizeof *b);
    b->words = words;
}

void fihi_batch_free(struct batch *b)
{
    if (!b)
        return;
    fihi_batch_clear(b);
    fihi_words_free(&b->words);
    free(b);
}

uint32_t fihi_batch_doc_count(const struct batch *b)
{
    return (uint32_t)b->doc_count;
}

static fih_str id_of(const struct batch *b, uint32_t doc)
{
    const uint64_t from = doc ? b->docs[doc - 1].id_end : 0;

    return (fih_str){(const char *)b->ids.ptr + from, (size_t)(b->docs[doc].id_end - from)};
}

static bool is_deleted(const struct batch *b, uint32_t doc)
{
    return b->deleted[doc / 8] >> (doc % 8) & 1;
}

int fihi_batch_find(const struct batch *b, uint32_t hash, fih_str id, uint32_t *doc)
{
    for (size_t at = hash; table_next(&b->id_table, hash, &at, doc);) {
        const fih_str other = id_of(b, *doc);

        if (!is_deleted(b, *doc) && other.len == id.len && memcmp(other.ptr, id.ptr, id.len) == 0)
            return FIH_OK;
    }
    return FIH_E_NOTFOUND;
}

static int add_source(struct batch *b, fih_str source, uint32_t doc)
{
    const uint32_t hash = fihi_hash_name(source.ptr, source.len);
    struct batch_source *s = b->source_count ? &b->sources[b->source_count - 1] : NULL;

    if (s && s->run.hash == hash && s->run.first + s->run.count == doc && s->bytes == source.len &&
        memcmp(b->names.ptr + s->at, source.ptr, source.len) == 0) {
        s->run.count++;
        return FIH_OK;
    }
    if (fihi_grow(&b->sources, &b->source_cap, b->source_count + 1, sizeof *b->sources) != 0)
        return FIH_E_NOMEM;
    b->sources[b->source_count++] = (struct batch_source){{hash, doc, 1}, b->names.len, (uint32_t)source.len};
    return fihi_buf_append(&b->names, source.ptr, source.len);
}

int fihi_batch_add_doc(struct batch *b, uint32_t hash, fih_str id, fih_str section, fih_str source, int32_t date,
                       fih_error *err)
{
    const uint32_t doc = (uint32_t)b->doc_count;
    const size_t have = b->deleted_cap;

    if (fihi_table_room(&b->id_table) != 0)
        return fihi_fail_nomem(err);
    if (fihi_grow(&b->deleted, &b->deleted_cap, doc / 8 + 1, 1) != 0)
        return fihi_fail_nomem(err);
    memset(b->deleted + have, 0, b->deleted_cap - have);
    if (fihi_grow(&b->docs, &b->doc_cap, b->doc_count + 1, sizeof *b->docs) != 0 ||
        fihi_buf_append(&b->ids, id.ptr, id.len) != 0)
        return fihi_fail_nomem(err);
    b->docs[doc] = (struct batch_doc){.hash = hash, .date = date, .id_end = b->ids.len};
    b->doc_count++;
    fihi_table_put(&b->id_table, hash, doc);
    if (source.len && add_source(b, source, doc) != 0)
        return fihi_fail_nomem(err);
    if (section.len) {
        uint32_t term;
        const size_t n = section.len < FIH_MAX_TERM ? section.len : FIH_MAX_TERM;

        if (fihi_words_intern(&b->words, CHANNEL_SECTION, (const uint8_t *)section.ptr, n, &term) != 0 ||
            fihi_grow(&b->sections, &b->section_cap, b->section_count + 1, sizeof *b->sections) != 0)
            return fihi_fail_nomem(err);
        b->sections[b->section_count++] = (struct keyword){term, doc};
    }
    return FIH_OK;
}

void fihi_batch_delete(struct batch *b, uint32_t doc)
{
    if (!is_deleted(b, doc)) {
        b->deleted[doc / 8] |= (uint8_t)(1u << doc % 8);
        b->deleted_count++;
    }
}

/* The runs stand in the order of their documents until the batch is written. */
fih_str fihi_batch_source(const struct batch *b, uint32_t doc)
{
    size_t low = 0, high = b->source_count;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        const struct batch_source *s = &b->sources[mid];

        if (doc >= s->run.first && doc - s->run.first < s->run.count)
            return (fih_str){(const char *)b->names.ptr + s->at, s->bytes};
        if (doc < s->run.first)
            high = mid;
        else
            low = mid + 1;
    }
    return (fih_str){"", 0};
}

uint64_t fihi_batch_delete_source(struct batch *b, fih_str source)
{
    const uint32_t hash = fihi_hash_name(source.ptr, source.len), before = b->deleted_count;

    for (size_t i = 0; i < b->source_count; i++) {
        const struct batch_source *s = &b->sources[i];

        if (s->run.hash != hash || s->bytes != source.len || memcmp(b->names.ptr + s->at, source.ptr, source.len) != 0)
            continue;
        for (uint32_t d = s->run.first; d < s->run.first + s->run.count; d++)
            fihi_batch_delete(b, d);
    }
    return b->deleted_count - before;
}

const uint8_t *fihi_batch_deleted(const struct batch *b, size_t *bytes, uint32_t *count)
{
    const size_t all = (b->doc_count + 7) / 8;

    *bytes = b->deleted_cap < all ? b->deleted_cap : all;
    *count = b->deleted_count;
    return b->deleted;
}

static int append_stream(struct batch *b, uint32_t entry)
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
    b->stream[b->stream_blocks - 1][at] = entry;
    b->stream_count++;
    return FIH_OK;
}

/* The words of a document, in two passes, for memory is slow: our numbers first, then what is counted by them. */
static int take_doc(struct batch *b, struct lane *l, struct batch_doc *d, const uint32_t *forms, uint32_t count,
                    uint32_t title)
{
    uint32_t ours[AHEAD];

    for (uint32_t k = 0; k < count; k += AHEAD) {
        const uint32_t n = count - k < AHEAD ? count - k : AHEAD;

        for (uint32_t i = 0; i < n; i++) {
            if (words_form(&b->words, l, forms[k + i], &ours[i]) != 0)
                return FIH_E_NOMEM;
            __builtin_prefetch(&b->words.forms[ours[i]], 1);
        }
        for (uint32_t i = 0; i < n; i++) {
            struct batch_form *f = &b->words.forms[ours[i]];
            const int in_title = k + i < title;

            if (append_stream(b, ours[i]) != 0)
                return FIH_E_NOMEM;
            f->count++;
            f->in_title |= (uint8_t)in_title;
            b->posting_count += f->items;
            d->text_len += f->words;
            d->title_len += in_title ? f->words : 0;
        }
    }
    d->forms = count;
    return FIH_OK;
}

int fihi_batch_take(struct batch *b, const struct chunk *c, fih_error *err)
{
    const uint32_t *forms = c->stream;
    struct lane *l;

    if (b->stream_count + c->stream_count > UINT32_MAX - 1)
        return fihi_fail(err, FIH_E_LIMIT, "too many words between two flushes");
    if (fihi_words_learn(&b->words, &c->growth, &l) != 0)
        return fihi_fail_nomem(err);
    for (size_t i = 0; i < c->doc_count; forms += c->docs[i++].forms)
        if (take_doc(b, l, &b->docs[b->taken++], forms, c->docs[i].forms, c->docs[i].title_forms) != 0)
            return fihi_fail_nomem(err);
    return FIH_OK;
}

uint64_t fihi_batch_bytes(const struct batch *b)
{
    return b->stream_count * 4 + b->posting_count * sizeof(struct posting) + fihi_words_bytes(&b->words) +
           b->words.term_count * (LEVELS * 12 + sizeof(struct ranked)) + b->doc_cap * sizeof *b->docs + b->ids.cap +
           fihi_table_bytes(&b->id_table) + b->names.cap + b->source_cap * sizeof *b->sources +
           b->section_cap * sizeof *b->sections;
}

void fihi_batch_averages(const struct batch *b, float avg[CHANNEL_COUNT])
{
    uint64_t text = 0, title = 0, titled = 0;

    for (size_t i = 0; i < b->doc_count; i++) {
        text += b->docs[i].text_len;
        title += b->docs[i].title_len;
        titled += b->docs[i].title_len > 0;
    }
    avg[CHANNEL_TEXT] = b->doc_count ? (float)((double)text / (double)b->doc_count) : 0;
    avg[CHANNEL_TITLE] = titled ? (float)((double)title / (double)titled) : 0;
}

/* ---- flush */

static int by_key(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;

    if (a->head != b->head)
        return a->head < b->head ? -1 : 1;
    return key_compare(a->key, a->bytes, b->key, b->bytes);
}

static struct ranked *rank_terms(const struct batch *b)
{
    struct ranked *r = malloc((b->words.term_count + 1) * sizeof *r);

    if (!r)
        return NULL;
    for (size_t i = 0; i < b->words.term_count; i++) {
        const uint8_t *key = b->words.keys.ptr + b->words.terms[i].at;
        const uint32_t bytes = b->words.terms[i].bytes;

        r[i] = (struct ranked){0, key, (uint32_t)i, bytes};
        for (unsigned k = 0; k < 8; k++)
            r[i].head = r[i].head << 8 | (k < bytes ? key[k] : 0);
    }
    qsort(r, b->words.term_count, sizeof *r, by_key);
    return r;
}

enum { MOVING = 64, MOVING_MOST = MOVING + UINT8_MAX };

/* A posting on its way to its list. */
struct moving {
    uint32_t       list;
    struct posting posting;
};

/* A handful of postings each to its place, without waiting for memory one by one. */
static void move(const struct moving *m, size_t n, struct posting *sorted, uint64_t *starts)
{
    uint64_t to[MOVING_MOST];

    for (size_t i = 0; i < n; i++) {
        to[i] = starts[m[i].list]++;
        __builtin_prefetch(&sorted[to[i]], 1);
    }
    for (size_t i = 0; i < n; i++)
        sorted[to[i]] = m[i].posting;
}

static uint32_t stream_at(const struct batch *b, uint64_t at)
{
    return b->stream[at / STREAM_BLOCK][at % STREAM_BLOCK];
}

/* Every word to its lists: starts[] is where the next posting of a list goes. */
static int scatter(struct batch *b, struct posting *sorted, uint64_t *starts, int (*tick)(void *), void *ctx)
{
    struct moving moving[MOVING_MOST];
    uint64_t at = 0;
    size_t n = 0;

    for (size_t doc = 0; doc < b->doc_count; doc++) {
        const struct batch_doc *d = &b->docs[doc];
        uint32_t position = UINT32_MAX, words = 0;

        for (uint32_t k = 0; k < d->forms; k++, at++) {
            const struct batch_form *f = &b->words.forms[stream_at(b, at)];

            if (at + AHEAD < b->stream_count)
                __builtin_prefetch(&b->words.forms[stream_at(b, at + AHEAD)]);
            for (uint32_t i = 0; i < f->items; i++) {
                const uint32_t item = b->words.items[f->first + i];

                if (!(item & ITEM_SAME)) {
                    position = words < d->title_len ? words : words + TITLE_GAP * (d->title_len > 0);
                    words++;
                }
                moving[n++] = (struct moving){item & ITEM_LIST, {(uint32_t)doc, position}};
                __builtin_prefetch(&starts[item & ITEM_LIST], 1);
            }
            if (n >= MOVING) {
                move(moving, n, sorted, starts);
                n = 0;
            }
            if (at % STREAM_BLOCK == STREAM_BLOCK - 1) {
                free(b->stream[at / STREAM_BLOCK]);    /* not needed again, and the sorted copy is large */
                b->stream[at / STREAM_BLOCK] = NULL;
            }
        }
        if (doc % 1024 == 0 && tick && tick(ctx))
            return FIH_E_CANCEL;
    }
    move(moving, n, sorted, starts);
    return FIH_OK;
}

/* Where each list's next posting goes, and how many it has. */
struct lists {
    uint64_t *starts;
    uint32_t *counts;
};

/* Also which terms have a stem in a title. Lists lie in the order of the dictionary, so that they are read in a row. */
static int lay_out(struct batch *b, const struct ranked *r, struct lists *l)
{
    const size_t all = b->words.term_count * LEVELS;
    uint64_t at = 0;

    if (!(l->starts = malloc((all + 1) * sizeof *l->starts)) || !(l->counts = calloc(all + 1, sizeof *l->counts)))
        return FIH_E_NOMEM;
    for (size_t k = 0; k < b->words.form_count; k++) {
        const struct batch_form *f = &b->words.forms[k];

        for (uint32_t i = 0; i < f->items; i++) {
            const uint32_t list = b->words.items[f->first + i] & ITEM_LIST;

            l->counts[list] += f->count;
            if (f->in_title && list % LEVELS == STEM)
                b->words.terms[list / LEVELS].in_title = 1;
        }
    }
    for (size_t level = 0; level < LEVELS; level++)
        for (size_t i = 0; i < b->words.term_count; i++) {
            const size_t list = (size_t)r[i].term * LEVELS + level;

            l->starts[list] = at;
            at += l->counts[list];
        }
    return FIH_OK;
}

struct positions {
    uint32_t *ptr;
    size_t    cap;
};

/* One term's postings in a channel, from those of its level, into the builder's list. */
static int make_list(const struct batch *b, const struct posting *p, uint64_t count, unsigned channel,
                     struct build *out, struct positions *room)
{
    const int in_title = channel == CHANNEL_TITLE;
    const bool has_positions = channel < CHANNEL_COUNT;

    fihi_list_start(&out->list);
    for (uint64_t i = 0; i < count;) {
        const uint32_t doc = p[i].doc;
        const struct batch_doc *d = &b->docs[doc];
        uint32_t freq = 0;

        for (uint32_t last = UINT32_MAX; i < count && p[i].doc == doc; i++) {
            /* Two forms of one word can share a term: one occurrence. */
            if ((in_title && p[i].position >= d->title_len) || p[i].position == last)
                continue;
            last = p[i].position;
            if (has_positions && fihi_grow(&room->ptr, &room->cap, freq + 1u, 4) != 0)
                return FIH_E_NOMEM;
            if (has_positions)
                room->ptr[freq] = last;
            freq++;
        }
        if (freq && fihi_list_add(&out->list, doc, freq, has_positions ? room->ptr : NULL,
                                  fihi_impact(freq, in_title ? d->title_len : d->text_len,
                                              out->stats.avg[length_channel(channel)])) != 0)
            return FIH_E_NOMEM;
    }
    return FIH_OK;
}

static int flush_channel(struct batch *b, const struct ranked *r, const struct posting *sorted,
                         const struct lists *lists, unsigned level, unsigned channel, struct build *out,
                         int (*tick)(void *), void *ctx, fih_error *err)
{
    struct positions room = {NULL, 0};
    uint8_t key[TERM_KEY_MAX];
    int rc = FIH_OK;

    for (size_t i = 0; i < b->words.term_count && rc == 0; i++) {
        const struct batch_term *t = &b->words.terms[r[i].term];
        const size_t list = (size_t)r[i].term * LEVELS + level;
        const uint32_t count = lists->counts[list];

        if (count == 0 || (channel == CHANNEL_TITLE && !t->in_title))
            continue;
        if (make_list(b, sorted + lists->starts[list] - count, count, channel, out, &room) != 0) {
            rc = fihi_fail_nomem(err);
            break;
        }
        memcpy(key, r[i].key, r[i].bytes);
        key[0] = (uint8_t)channel;
        rc = fihi_build_term(out, key, r[i].bytes, err);
        if (rc == 0 && i % 1024 == 0 && tick && tick(ctx))
            rc = fihi_fail(err, FIH_E_CANCEL, "cancelled");
    }
    free(room.ptr);
    return rc;
}

static int by_term(const void *x, const void *y)
{
    const struct keyword *a = x, *b = y;

    return a->term != b->term ? (a->term < b->term ? -1 : 1) : (a->doc > b->doc) - (a->doc < b->doc);
}

static int flush_sections(struct batch *b, const struct ranked *r, struct build *out, fih_error *err)
{
    int rc = FIH_OK;

    if (b->section_count)
        qsort(b->sections, b->section_count, sizeof *b->sections, by_term);
    for (size_t i = 0; i < b->words.term_count && rc == 0; i++) {
        size_t low = 0, high = b->section_count;

        if (r[i].key[0] != CHANNEL_SECTION)
            continue;
        while (low < high) {
            const size_t mid = low + (high - low) / 2;

            if (b->sections[mid].term < r[i].term)
                low = mid + 1;
            else
                high = mid;
        }
        fihi_list_start(&out->list);
        for (; low < b->section_count && b->sections[low].term == r[i].term; low++)
            if (fihi_list_add(&out->list, b->sections[low].doc, 1, NULL, 255) != 0)
                return fihi_fail_nomem(err);
        rc = fihi_build_term(out, r[i].key, r[i].bytes, err);
    }
    return rc;
}

static int by_hash(const void *x, const void *y)
{
    const struct posting *a = x, *b = y; /* hash, document */

    return a->doc != b->doc ? (a->doc < b->doc ? -1 : 1) : (a->position > b->position) - (a->position < b->position);
}

static int by_source(const void *x, const void *y)
{
    const struct batch_source *a = x, *b = y;

    if (a->run.hash != b->run.hash)
        return a->run.hash < b->run.hash ? -1 : 1;
    return (a->run.first > b->run.first) - (a->run.first < b->run.first);
}

static int flush_docs(struct batch *b, struct build *out, fih_error *err)
{
    struct posting *hashes = malloc((b->doc_count + 1) * sizeof *hashes);
    int rc = hashes ? FIH_OK : fihi_fail_nomem(err);

    for (uint32_t i = 0; i < b->doc_count && rc == 0; i++) {
        const uint32_t lens[CHANNEL_COUNT] = {b->docs[i].text_len, b->docs[i].title_len};

        rc = fihi_build_doc(out, id_of(b, i), lens, b->docs[i].date, err);
        hashes[i] = (struct posting){b->docs[i].hash, i};
    }
    if (rc == 0)
        qsort(hashes, b->doc_count, sizeof *hashes, by_hash);
    for (size_t i = 0; i < b->doc_count && rc == 0; i++)
        rc = fihi_build_id_hash(out, hashes[i].doc, hashes[i].position, err);
    free(hashes);
    if (b->source_count)
        qsort(b->sources, b->source_count, sizeof *b->sources, by_source);
    for (size_t i = 0; i < b->source_count && rc == 0; i++)
        rc = fihi_build_source(out, &b->sources[i].run, err);
    return rc;
}

int fihi_batch_flush(struct batch *b, struct build *out, int (*tick)(void *ctx), void *ctx, fih_error *err)
{
    struct ranked *r = rank_terms(b);
    struct posting *sorted = malloc((b->posting_count + 1) * sizeof *sorted);
    struct lists lists = {NULL, NULL};
    int rc;

    if (!r || !sorted || lay_out(b, r, &lists) != 0)
        rc = fihi_fail_nomem(err);
    else if ((rc = scatter(b, sorted, lists.starts, tick, ctx)) != 0)
        fihi_fail(err, rc, "cancelled");
    else if ((rc = flush_docs(b, out, err)) == 0 &&
             (rc = flush_channel(b, r, sorted, &lists, STEM, CHANNEL_TEXT, out, tick, ctx, err)) == 0 &&
             (rc = flush_channel(b, r, sorted, &lists, STEM, CHANNEL_TITLE, out, tick, ctx, err)) == 0 &&
             (rc = flush_sections(b, r, out, err)) == 0 &&
             (rc = flush_channel(b, r, sorted, &lists, NORM, CHANNEL_NORM, out, tick, ctx, err)) == 0)
        rc = flush_channel(b, r, sorted, &lists, ROOT, CHANNEL_ROOT, out, tick, ctx, err);
    free(r);
    free(sorted);
    free(lists.starts);
    free(lists.counts);
    return rc;
}
