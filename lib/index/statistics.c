/* index/statistics.c - reading a file of statistics.
 *
 * The terms lie in blocks of 64, front-coded, each with a checksum of its own that is verified whenever the block is
 * read: a look-up reads the first key of some blocks by halving, and one block whole. So opening a file of gigabytes
 * verifies its tables only, and costs what these are long.
 *
 * An example of a look-up: a million terms are 15,625 blocks, so 14 are opened for their first key and one is walked,
 * 15 checksums in all. That is done for the words of a query and what they may be read as, not for documents, and the
 * blocks that were read lie in the kernel's memory for the next query.
 *
 * A file may come from anybody: each number is compared with what is there before it is used, and damage is an error of
 * the call that meets it. It must not be changed in place while it is open, for it is mapped (flat.h).
 *
 * A stem "kalb" that is the first of its block, in 3 documents of which one has it in the title, is 00 05 00 6b 61 6c
 * 62 03 01; its form "kalb" behind it, shown by one row to stem 0 in 3 documents, is 00 05 03 6b 61 6c 62 03 01 00
 * 03. */
#include "index/statistics.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "base/fail.h"
#include "index/dict.h"

/* Which part is damaged is for us to know; the remedy is the same for all, as the file holds nothing that cannot be
 * made anew from the indexes. */
static int broken(const char *what, fih_error *err)
{
    return fihi_fail(err, FIH_E_CORRUPT, "the file of statistics is damaged (%s): write it anew", what);
}

/* ---- opening */

/* A part of the file: FIH_E_CORRUPT if it is not all there. *at is never beyond the file, so the difference does not
 * wrap, whatever n is. */
static bool take(const struct flat *f, uint64_t *at, uint64_t n, const uint8_t **out)
{
    if (n > f->count - *at)
        return false;
    *out = f->bytes + *at;
    *at += n;
    return true;
}

/* Sizes are compared with the file before they are multiplied: a count is no more than the bytes that there are. What
 * is read afterwards needs no look at the file's size any more. */
static int read_parts(struct statistics *s, fih_error *err)
{
    const uint8_t *const head = s->file.bytes, *text = NULL;
    const uint64_t size = s->file.count, blocks_bytes = get_u64(head + 72), text_bytes = get_u32(head + 88);
    uint64_t at = STATISTICS_HEAD;
    const uint8_t *blocks;

    /* For the text and for the titles, as an index counts them: documents that are deleted are among them. */
    s->docs = get_u64(head + 16);
    for (unsigned f = 0; f < NORM_COUNT; f++) {
        s->tokens[f] = get_u64(head + 24 + 16 * f);
        s->with[f] = get_u64(head + 32 + 16 * f);
        /* Whoever has a text has a word of it at least, so there are no fewer words than documents with words. */
        if (s->with[f] > s->docs || s->tokens[f] < s->with[f])
            return broken("its head", err);
    }
    s->terms = get_u64(head + 56);
    s->blocks = get_u64(head + 64);
    s->writings = get_u64(head + 80);
    /* By division, before anything is multiplied. That the number of blocks follows from that of the terms is what lets
     * a term's block be found by dividing. */
    if (s->blocks > size / 8 || s->writings > size / WRITING_ROW ||
        s->blocks != s->terms / STATISTICS_BLOCK + (s->terms % STATISTICS_BLOCK > 0) ||
        !take(&s->file, &at, blocks_bytes, &blocks) || !take(&s->file, &at, (s->blocks + 1) * 8, &s->offsets) ||
        !take(&s->file, &at, s->writings * WRITING_ROW, &s->writing_rows) ||
        !take(&s->file, &at, text_bytes, &text) || at != size)
        return broken("its head", err);
    /* The tables are hashed whole and once: places of blocks, writings, the analyzer's text. */
    if (XXH3_64bits(s->offsets, size - STATISTICS_HEAD - blocks_bytes) != get_u64(head + 96))
        return broken("its tables", err);
    for (uint64_t i = 0; i <= s->blocks; i++) {
        const uint64_t from = get_u64(s->offsets + 8 * i);

        /* The first block begins at 0, each has the four bytes of its checksum at least, and the last place is the end
         * of all. */
        if (from != (i ? from : 0) || from > blocks_bytes || (i && from < get_u64(s->offsets + 8 * (i - 1)) + 4) ||
            (i == s->blocks && from != blocks_bytes))
            return broken("its tables", err);
    }
    /* A NUL in it would hide what follows from whoever compares it by strcmp(). */
    if (memchr(text, '\0', text_bytes))
        return broken("its tables", err);
    return (s->analyzer = strndup((const char *)text, text_bytes)) ? FIH_OK : fihi_fail_nomem(err);
}

/* Costs a hash over the tables: 8 bytes for each 64 terms, and 16 for each writing. No term is read. */
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
    /* Is it ours at all, is it of our version, is it whole: in this order, so that a foreign file is not called
     * damaged. */
    if (s->file.count < STATISTICS_HEAD || memcmp(head, STATISTICS_MAGIC, 8) != 0)
        rc = fihi_fail(err, FIH_E_NOTINDEX, "'%s' is no file of statistics", path);
    else if (get_u32(head + 8) != STATISTICS_VERSION)
        rc = fihi_fail(err, FIH_E_VERSION, "'%s' is of version %u, and this library reads %u: write it anew", path,
                       get_u32(head + 8), STATISTICS_VERSION);
    else if (XXH3_64bits(head, STATISTICS_HEAD - 8) != get_u64(head + STATISTICS_HEAD - 8))
        rc = broken("its head", err);
    else
        rc = read_parts(s, err);
    /* The head ends with a hash of all before it, and has the tables' hash among that: so it names the file. The blocks
     * are verified by hashes of their own. */
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
    /* The cast takes the const away with which everybody else sees it. */
    free((void *)(uintptr_t)s->analyzer);
    free(s);
}

/* As fihi_view_average(): the mean of texts is of all documents, that of titles of those that have one. 1 where there
 * are none, for lengths are divided by it. */
float fihi_statistics_average(const struct statistics *s, unsigned norm)
{
    const uint64_t n = norm == NORM_TEXT ? s->docs : s->with[norm];

    return n ? (float)((double)s->tokens[norm] / (double)n) : 1.0f;
}

/* ---- terms */

/* A block's bytes, verified. 32 bits of a hash see nearly every bit that has fallen over; against whoever makes a file
 * on purpose no checksum helps, and so all that is read behind it is checked as well. */
static int open_block(struct statistics_walk *w, uint64_t block, fih_error *err)
{
    const struct statistics *const s = w->of;
    const uint8_t *const at = s->file.bytes + STATISTICS_HEAD + get_u64(s->offsets + 8 * block);
    const uint8_t *const end = s->file.bytes + STATISTICS_HEAD + get_u64(s->offsets + 8 * (block + 1));

    if (get_u32(at) != (uint32_t)XXH3_64bits(at + 4, (size_t)(end - at) - 4))
        return broken("its terms", err);
    /* 1 more than the block at hand: the one that comes next. */
    w->at = at + 4;
    w->end = end;
    w->block = block + 1;
    w->ordinal = block * STATISTICS_BLOCK;
    /* The last block has what is left; all others are full. */
    w->left = (unsigned)(s->terms - w->ordinal < STATISTICS_BLOCK ? s->terms - w->ordinal : STATISTICS_BLOCK);
    /* No key before: so the first one of a block may share nothing with it. */
    w->key_bytes = 0;
    return FIH_OK;
}

/* The rows are passed over: each is two numbers. Walked once here, so that fihi_statistics_row() need not test its
 * bytes again. */
static bool read_rows(struct statistics_walk *w)
{
    struct statistics_entry *const e = &w->entry;
    uint64_t n;

    /* A row has two bytes at least: a count that lies is refused before anything is done so often. */
    if (!(w->at = get_varint(w->at, w->end, &e->rows)) || e->rows == 0 || e->rows > (uint64_t)(w->end - w->at) / 2)
        return false;
    e->at = w->at;
    for (uint64_t i = 0; i < 2 * e->rows && w->at; i++)
        w->at = get_varint(w->at, w->end, &n);
    e->end = w->at;
    return w->at != NULL;
}

/* A length, a key that does not ascend, more documents than there are: whatever does not hold is damage. */
static bool read_term(struct statistics_walk *w)
{
    uint8_t before[TERM_KEY_MAX];
    const size_t before_bytes = w->key_bytes;
    uint64_t shared, rest;

    /* Kept for the comparison, for the new key is written over it. */
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
    /* Of a root only its documents are stored. */
    return w->key[0] != LEVEL_FORM || read_rows(w);
}

/* Goes into the next block by itself; before the first one `left` is 0 and `block` the one to begin with. */
int fihi_statistics_walk_next(struct statistics_walk *w, fih_error *err)
{
    int rc;

    if (w->left == 0) {
        if (w->block == w->of->blocks)
            return FIH_DONE;
        if ((rc = open_block(w, w->block, err)) != 0)
            return rc;
    }
    /* Behind the block's last term nothing follows: it would be nobody's. */
    if (!read_term(w) || (w->left == 1 && w->at != w->end))
        return broken("its terms", err);
    w->left--;
    w->ordinal++;
    return FIH_OK;
}

/* The last block whose first key is not above; blocks there are. A block's first key is whole, so no block before it is
 * needed. */
static int find_block(struct statistics_walk *w, const uint8_t *key, size_t bytes, uint64_t *block, fih_error *err)
{
    uint64_t low = 0, high = w->of->blocks;
    int rc;

    while (high - low > 1) {
        const uint64_t mid = low + (high - low) / 2;

        /* Costs a block's hash for each halving; keeping all first keys in memory would cost every process as much as
         * the file. */
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

/* *w is made anew. Without any term it stands at the end: the next step says FIH_DONE. */
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

/* The walk stands on the key, or *has is false. A term stands in one block only, so the walk ends with that, or with
 * the first key that is not below. */
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

/* That nobody has the term is an answer and no error. */
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

    /* The walk counts the term that comes next, hence the 1. */
    *ordinal = has ? w.ordinal - 1 : UINT64_MAX;
    return rc;
}

/* By a number that a row of a form has for its stem: its block is found by dividing, and 64 terms at most are read. */
int fihi_statistics_term(const struct statistics *s, uint64_t ordinal, uint8_t key[TERM_KEY_MAX], size_t *bytes,
                         fih_error *err)
{
    struct statistics_walk w = {.of = s};
    int rc;

    /* The number is the file's own word, so it is compared first. */
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
    /* Each is compared before they are added, so that the sum cannot wrap. */
    if (step > s->terms || e->stem > s->terms || row->df > s->docs)
        return broken("its terms", err);
    row->stem = e->stem += step;
    return FIH_OK;
}

/* ---- writings */

/* Rows ascend by their hash, so ten million of them take 24 looks. In a file that only claims so, one is found or not,
 * but no look falls outside of the rows. */
bool fihi_statistics_writing(const struct statistics *s, uint64_t hash, struct writing_row *row)
{
    uint64_t low = 0, high = s->writings;

    while (low < high) {
        const uint64_t mid = low + (high - low) / 2;
        const uint8_t *const at = s->writing_rows + WRITING_ROW * mid;

        /* Copied out at each look: a row is 16 bytes. */
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
