/* index/statistics.c - reading a file of statistics.
 *
 * The terms lie in blocks of 64, front-coded, each with a checksum of its own that is verified whenever the block is
 * read: a look-up reads the first key of some blocks by halving, and one block whole. So opening a file of gigabytes
 * verifies its tables only, and costs what these are long. */
#include "index/statistics.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "index/dict.h"

static int broken(const char *what, fih_error *err)
{
    return fihi_fail(err, FIH_E_CORRUPT, "the file of statistics is damaged (%s): write it anew", what);
}

/* ---- opening */

/* A part of the file: FIH_E_CORRUPT if it is not all there. */
static bool take(const struct flat *f, uint64_t *at, uint64_t n, const uint8_t **out)
{
    if (n > f->count - *at)
        return false;
    *out = f->bytes + *at;
    *at += n;
    return true;
}

/* Sizes are compared with the file before they are multiplied: a count is no more than the bytes that there are. */
static int read_parts(struct statistics *s, fih_error *err)
{
    const uint8_t *const head = s->file.bytes, *text = NULL;
    const uint64_t size = s->file.count, blocks_bytes = get_u64(head + 72), text_bytes = get_u32(head + 88);
    uint64_t at = STATISTICS_HEAD;
    const uint8_t *blocks;

    s->docs = get_u64(head + 16);
    for (unsigned f = 0; f < NORM_COUNT; f++) {
        s->tokens[f] = get_u64(head + 24 + 16 * f);
        s->with[f] = get_u64(head + 32 + 16 * f);
        if (s->with[f] > s->docs || s->tokens[f] < s->with[f])
            return broken("its head", err);
    }
    s->terms = get_u64(head + 56);
    s->blocks = get_u64(head + 64);
    s->writings = get_u64(head + 80);
    if (s->blocks > size / 8 || s->writings > size / WRITING_ROW ||
        s->blocks != s->terms / STATISTICS_BLOCK + (s->terms % STATISTICS_BLOCK > 0) ||
        !take(&s->file, &at, blocks_bytes, &blocks) || !take(&s->file, &at, (s->blocks + 1) * 8, &s->offsets) ||
        !take(&s->file, &at, s->writings * WRITING_ROW, &s->writing_rows) ||
        !take(&s->file, &at, text_bytes, &text) || at != size)
        return broken("its head", err);
    if (XXH3_64bits(s->offsets, size - STATISTICS_HEAD - blocks_bytes) != get_u64(head + 96))
        return broken("its tables", err);
    for (uint64_t i = 0; i <= s->blocks; i++) {
        const uint64_t from = get_u64(s->offsets + 8 * i);

        if (from != (i ? from : 0) || from > blocks_bytes || (i && from < get_u64(s->offsets + 8 * (i - 1)) + 4) ||
            (i == s->blocks && from != blocks_bytes))
            return broken("its tables", err);
    }
    if (memchr(text, '\0', text_bytes))
        return broken("its tables", err);
    return (s->analyzer = strndup((const char *)text, text_bytes)) ? FIH_OK : fihi_fail_nomem(err);
}

int fihi_statistics_open(struct statistics **out, const char *path, fih_error *err)
{
    struct statistics *const s = calloc(1, sizeof *s);
    const uint8_t *head;
    int rc;

    *out = NULL;
    if (!s)
        return fihi_fail_nomem(err);
    if ((rc = fihi_flat_open(&s->file, path, err)) != 0)
        goto out;
    head = s->file.bytes;
    if (s->file.count < STATISTICS_HEAD || memcmp(head, STATISTICS_MAGIC, 8) != 0)
        rc = fihi_fail(err, FIH_E_NOTINDEX, "'%s' is no file of statistics", path);
    else if (get_u32(head + 8) != STATISTICS_VERSION)
        rc = fihi_fail(err, FIH_E_VERSION, "'%s' is of version %u, and this library reads %u: write it anew", path,
                       get_u32(head + 8), STATISTICS_VERSION);
    else if (XXH3_64bits(head, STATISTICS_HEAD - 8) != get_u64(head + STATISTICS_HEAD - 8))
        rc = broken("its head", err);
    else
        rc = read_parts(s, err);
    s->hash = rc == 0 ? get_u64(head + STATISTICS_HEAD - 8) : 0;
out:
    if (rc == 0)
        *out = s;
    else
        fihi_statistics_close(s);
    return rc;
}

void fihi_statistics_close(struct statistics *s)
{
    if (!s)
        return;
    fihi_flat_close(&s->file);
    free((void *)(uintptr_t)s->analyzer);
    free(s);
}

float fihi_statistics_average(const struct statistics *s, unsigned norm)
{
    const uint64_t n = norm == NORM_TEXT ? s->docs : s->with[norm];

    return n ? (float)((double)s->tokens[norm] / (double)n) : 1.0f;
}

/* ---- terms */

/* A block's bytes, verified. */
static int open_block(struct statistics_walk *w, uint64_t block, fih_error *err)
{
    const struct statistics *const s = w->of;
    const uint8_t *const at = s->file.bytes + STATISTICS_HEAD + get_u64(s->offsets + 8 * block);
    const uint8_t *const end = s->file.bytes + STATISTICS_HEAD + get_u64(s->offsets + 8 * (block + 1));

    if (get_u32(at) != (uint32_t)XXH3_64bits(at + 4, (size_t)(end - at) - 4))
        return broken("its terms", err);
    w->at = at + 4;
    w->end = end;
    w->block = block + 1;
    w->ordinal = block * STATISTICS_BLOCK;
    w->left = (unsigned)(s->terms - w->ordinal < STATISTICS_BLOCK ? s->terms - w->ordinal : STATISTICS_BLOCK);
    w->key_bytes = 0;
    return FIH_OK;
}

/* The rows are passed over: each is two numbers. */
static bool read_rows(struct statistics_walk *w)
{
    struct statistics_entry *const e = &w->entry;
    uint64_t n;

    if (!(w->at = get_varint(w->at, w->end, &e->rows)) || e->rows == 0 || e->rows > (uint64_t)(w->end - w->at) / 2)
        return false;
    e->at = w->at;
    for (uint64_t i = 0; i < 2 * e->rows && w->at; i++)
        w->at = get_varint(w->at, w->end, &n);
    e->end = w->at;
    return w->at != NULL;
}

static bool read_term(struct statistics_walk *w)
{
    uint8_t before[TERM_KEY_MAX];
    const size_t before_bytes = w->key_bytes;
    uint64_t shared, rest;

    memcpy(before, w->key, before_bytes);
    if (!(w->at = get_varint(w->at, w->end, &shared)) || !(w->at = get_varint(w->at, w->end, &rest)) ||
        shared > before_bytes || rest > TERM_KEY_MAX - shared || rest > (uint64_t)(w->end - w->at))
        return false;
    memcpy(w->key + shared, w->at, rest);
    w->at += rest;
    w->key_bytes = shared + rest;
    w->entry = (struct statistics_entry){0};
    if (w->key_bytes == 0 || (before_bytes && key_compare(w->key, w->key_bytes, before, before_bytes) <= 0) ||
        !(w->at = get_varint(w->at, w->end, &w->entry.df)) || w->entry.df > w->of->docs)
        return false;
    if (w->key[0] == LEVEL_WORD)               /* all of its occurrences */
        return (w->at = get_varint(w->at, w->end, &w->entry.title_df)) && w->entry.title_df >= w->entry.df;
    if (w->key[0] == LEVEL_STEM)
        return (w->at = get_varint(w->at, w->end, &w->entry.title_df)) && w->entry.title_df <= w->entry.df;
    return w->key[0] != LEVEL_FORM || read_rows(w);
}

int fihi_statistics_walk_next(struct statistics_walk *w, fih_error *err)
{
    int rc;

    if (w->left == 0) {
        if (w->block == w->of->blocks)
            return FIH_DONE;
        if ((rc = open_block(w, w->block, err)) != 0)
            return rc;
    }
    if (!read_term(w))
        return broken("its terms", err);
    w->left--;
    w->ordinal++;
    return FIH_OK;
}

/* The last block whose first key is not above; blocks there are. */
static int find_block(struct statistics_walk *w, const uint8_t *key, size_t bytes, uint64_t *block, fih_error *err)
{
    uint64_t low = 0, high = w->of->blocks;
    int rc;

    while (high - low > 1) {
        const uint64_t mid = low + (high - low) / 2;

        if ((rc = open_block(w, mid, err)) != 0 || (rc = fihi_statistics_walk_next(w, err)) != 0)
            return rc;
        if (key_compare(w->key, w->key_bytes, key, bytes) <= 0)
            low = mid;
        else
            high = mid;
    }
    *block = low;
    return FIH_OK;
}

int fihi_statistics_walk_from(struct statistics_walk *w, const struct statistics *s, const uint8_t *key, size_t bytes,
                              fih_error *err)
{
    uint64_t block;
    int rc;

    *w = (struct statistics_walk){.of = s};
    if (s->blocks == 0)
        return FIH_OK;
    rc = find_block(w, key, bytes, &block, err);
    return rc ? rc : open_block(w, block, err);
}

/* The walk stands on the key, or *has is false. */
static int find(struct statistics_walk *w, const struct statistics *s, const uint8_t *key, size_t bytes, bool *has,
                fih_error *err)
{
    int rc = fihi_statistics_walk_from(w, s, key, bytes, err), order = -1;

    *has = false;
    while (rc == 0 && order < 0 && w->left > 0 && (rc = fihi_statistics_walk_next(w, err)) == FIH_OK)
        order = key_compare(w->key, w->key_bytes, key, bytes);
    *has = rc == 0 && order == 0;
    return rc;
}

int fihi_statistics_find(const struct statistics *s, const uint8_t *key, size_t bytes, struct statistics_entry *e,
                         fih_error *err)
{
    struct statistics_walk w;
    bool has;
    const int rc = find(&w, s, key, bytes, &has, err);

    *e = has ? w.entry : (struct statistics_entry){0};
    return rc;
}

int fihi_statistics_ordinal(const struct statistics *s, const uint8_t *key, size_t bytes, uint64_t *ordinal,
                            fih_error *err)
{
    struct statistics_walk w;
    bool has;
    const int rc = find(&w, s, key, bytes, &has, err);

    *ordinal = has ? w.ordinal - 1 : UINT64_MAX;
    return rc;
}

int fihi_statistics_term(const struct statistics *s, uint64_t ordinal, uint8_t key[TERM_KEY_MAX], size_t *bytes,
                         fih_error *err)
{
    struct statistics_walk w = {.of = s};
    int rc;

    if (ordinal >= s->terms)
        return broken("its terms", err);
    if ((rc = open_block(&w, ordinal / STATISTICS_BLOCK, err)) != 0)
        return rc;
    while (rc == 0 && w.ordinal <= ordinal)
        rc = fihi_statistics_walk_next(&w, err);
    if (rc != 0)
        return rc;
    memcpy(key, w.key, w.key_bytes);
    *bytes = w.key_bytes;
    return FIH_OK;
}

/* The bytes were walked over when the entry was read. */
int fihi_statistics_row(const struct statistics *s, struct statistics_entry *e, struct statistics_row *row,
                        fih_error *err)
{
    uint64_t step = 0;

    if (e->rows == 0)
        return FIH_DONE;
    e->at = get_varint(e->at, e->end, &step);
    e->at = get_varint(e->at, e->end, &row->df);
    e->rows--;
    if (step > s->terms || e->stem > s->terms || row->df > s->docs)
        return broken("its terms", err);
    row->stem = e->stem += step;
    return FIH_OK;
}

/* ---- writings */

bool fihi_statistics_writing(const struct statistics *s, uint64_t hash, struct writing_row *row)
{
    uint64_t low = 0, high = s->writings;

    while (low < high) {
        const uint64_t mid = low + (high - low) / 2;
        const uint8_t *const at = s->writing_rows + WRITING_ROW * mid;

        *row = (struct writing_row){get_u64(at), get_u32(at + 8), get_u16(at + 12), get_u16(at + 14)};
        if (row->hash == hash)
            return true;
        if (row->hash < hash)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}
