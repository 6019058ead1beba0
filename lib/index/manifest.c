/* index/manifest.c - reading and writing the root.
 *
 * The manifest is the only thing that a commit replaces: it names the segments, and what it does not name is not
 * there. So it is the one value whose loss would look like an empty index, and the one that says how to read all
 * others. Its numbers are checked against each other before anybody uses them; against what the file has, when
 * segments are opened (segment.c). */
#include "index/manifest.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/fail.h"
#include "index/format.h"
#include "store/keys.h"
#include "text/analyzer.h"
#include "text/tokenizer.h"

#define LEXICON "lexicon"
/* u32 major, minor; u64 generation; i64 time; u32 next segment, segments; f32 title, body weight; u64 notes, hash;
 * then per segment u32 id, docs, deleted, 0; u64 hash; then analyzer name and text, each u32 length and bytes; then the
 * schema (schema.c)
 *
 * A manifest of eight segments has less than a kilobyte, and the schema behind it. It is read at each opening and
 * written by each commit, so it holds nothing that grows with the documents.
 *
 * The row of a segment, as it stands in the small index of FORMAT.md after its second commit:
 *
 *     01 00 00 00   03 00 00 00   01 00 00 00   00 00 00 00   4c b0 9a 15 ec 38 2a 6e
 *
 * Number 1, three documents, of which one is deleted; and the hash of the bitmap, so that an old bitmap is not taken
 * for it. */
enum { HEAD = 56, ROW = 24 };

/* Zeroed, so that it may be freed again, and read into again. */
void fihi_manifest_free(struct manifest *m)
{
    free(m->segments);
    fihi_buf_free(&m->lexicon);
    memset(m, 0, sizeof *m);
}

/* One message for all: whoever reads it can do nothing but what it says. */
static int damaged(fih_error *err)
{
    return fihi_fail(err, FIH_E_CORRUPT, "the index is damaged: its manifest; restore a backup or rebuild it");
}

/* Takes NULL and gives it back, so that one check at the end is enough. A text that is longer than its place, which no
 * writer makes, is damage, and so is one that goes past the end: 4 is subtracted from what is left and not added to
 * what was read. */
static const uint8_t *get_text(const uint8_t *p, const uint8_t *end, char *out, size_t size)
{
    if (!p || end - p < 4 || get_u32(p) > (size_t)(end - p) - 4 || get_u32(p) >= size)
        return NULL;
    memcpy(out, p + 4, get_u32(p));
    out[get_u32(p)] = '\0';
    return p + 4 + get_u32(p);
}

/* Without a manifest there may be the transaction's number and nothing else: a manifest whose key is damaged would
 * look like an index that is new, and a writer would clear it. In the key space of the root, which has three keys at
 * most, so walking through it costs nothing. */
static int no_other(void *ctx, const uint8_t *key, size_t key_bytes, const uint8_t *payload, size_t bytes)
{
    (void)payload;
    return bytes == 8 && key_bytes == sizeof KEY_NUMBER - 1 && memcmp(key, KEY_NUMBER, key_bytes) == 0
               ? FIH_OK
               : fihi_fail(ctx, FIH_E_CORRUPT,
                           "the index is damaged: its manifest is missing; restore a backup or rebuild it");
}

/* The analyzer's text tells whether there is one. A value of its own, because it may have a megabyte and is written
 * once, while the manifest is written by each commit. Copied, for the snapshot may end before an analyzer is made of
 * it. */
static int read_lexicon(struct manifest *m, struct snap *snap, fih_error *err)
{
    const uint8_t *p;
    size_t n;
    int rc;

    /* ";" first: no name or hash before it contains one, so "lexicon=" is a part of its own. */
    if (!strstr(m->analyzer_text, ";lexicon="))
        return FIH_OK;
    rc = fihi_snap_get(snap, SPACE_META, LEXICON, sizeof LEXICON - 1, &p, &n, err);
    if (rc == FIH_E_NOTFOUND)
        return fihi_fail(err, FIH_E_CORRUPT,
                         "the index is damaged: its lexicon is missing; restore a backup or rebuild it");
    if (rc == 0 && fihi_buf_append(&m->lexicon, p, n) != 0)
        rc = fihi_fail_nomem(err);
    return rc;
}

static int by_number(const void *x, const void *y)
{
    const uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

    return (a > b) - (a < b);
}

/* Is each segment named once, by a number that was given away? One that is named twice would be opened twice, and the
 * next new one must not be written over one that there is. Sorted in a copy: the rows are in the order of the
 * documents. */
static int check_numbers(const struct manifest *m, fih_error *err)
{
    /* One more than there are: malloc(0) may answer NULL, and an index without segments has none. */
    uint32_t *ids = malloc((m->count + (size_t)1) * sizeof *ids);
    int holds = 1;

    if (!ids)
        return fihi_fail_nomem(err);
    for (uint32_t i = 0; i < m->count; i++)
        ids[i] = m->segments[i].id;
    qsort(ids, m->count, sizeof *ids, by_number);
    for (uint32_t i = 0; i < m->count; i++)
        /* next_segment is above all numbers that were ever given away, also of segments that were merged since. */
        holds &= ids[i] < m->next_segment && (i == 0 || ids[i] != ids[i - 1]);
    free(ids);
    return holds ? FIH_OK : damaged(err);
}

/* The number of documents is checked as they are added up, so the sum of 64 bits cannot wrap, and numbers of
 * documents fit 32 bits everywhere else. Weights are compared so that what is no number is refused. The last
 * generation is refused because the next commit adds 1. A segment has at least one document (FORMAT.md, "Key spaces"):
 * one of none would have no value of ids to be read. */
static int check_rows(const struct manifest *m, fih_error *err)
{
    uint64_t docs = 0;

    for (uint32_t i = 0; i < m->count; i++) {
        const struct manifest_segment *row = &m->segments[i];

        docs += row->docs;
        if (row->docs == 0 || row->deleted > row->docs || docs > FIH_MAX_DOCS)
            return damaged(err);
    }
    /* !(a >= 0) and not a < 0: a NaN is neither, and would make every score a NaN. */
    if (m->generation == 0 || m->generation == UINT64_MAX || !(m->title_weight >= 0 && m->title_weight <= 1e6f) ||
        !(m->body_weight >= 0 && m->body_weight <= 1e6f))
        return damaged(err);
    return check_numbers(m, err);
}

/* The major number is read before anything else: behind it, another format may have anything. A row for each segment
 * must lie within the value before memory is asked for them. Nothing may follow the schema. */
int fihi_manifest_read(struct manifest *m, struct snap *snap, fih_error *err)
{
    const uint8_t *p, *end;
    size_t n;
    int rc;

    memset(m, 0, sizeof *m);
    rc = fihi_snap_get(snap, SPACE_META, KEY_ROOT, sizeof KEY_ROOT - 1, &p, &n, err);
    /* Not there: is the index new, or its manifest lost? */
    if (rc == FIH_E_NOTFOUND && (rc = fihi_snap_each(snap, SPACE_META, NULL, 0, no_other, err, err)) == 0)
        rc = FIH_E_NOTFOUND;
    if (rc != 0)
        return rc;
    /* From here on `p` may not leave `end`: each of the readers below is given both. */
    end = p + n;
    if (n < 8)
        return damaged(err);
    if (get_u32(p) != FORMAT_MAJOR || get_u32(p + 4) < FORMAT_MINOR_LEAST)
        return fihi_fail(err, FIH_E_VERSION,
                         "the index '%s' has format %u.%u, and this version reads format %u.%u: it must be rebuilt",
                         fihi_snap_dir(snap), get_u32(p), get_u32(p + 4), (unsigned)FORMAT_MAJOR,
                         (unsigned)FORMAT_MINOR);
    /* By division, for a product could wrap. */
    if (n < HEAD || get_u32(p + 28) > (n - HEAD) / ROW)
        return damaged(err);
    m->generation = get_u64(p + 8);
    m->commit_time = (int64_t)get_u64(p + 16);
    m->next_segment = get_u32(p + 24);
    m->count = get_u32(p + 28);
    m->title_weight = get_f32(p + 32);
    m->body_weight = get_f32(p + 36);
    m->note_count = get_u64(p + 40);
    m->note_hash = get_u64(p + 48);
    if (!(m->segments = calloc(m->count + (size_t)1, sizeof *m->segments)))
        return fihi_fail_nomem(err);
    /* The fourth number of a row is 0 and room for later (FORMAT.md, "Manifest"): it is not looked at. */
    p += HEAD;
    for (uint32_t i = 0; i < m->count; i++, p += ROW) {
        m->segments[i].id = get_u32(p);
        m->segments[i].docs = get_u32(p + 4);
        m->segments[i].deleted = get_u32(p + 8);
        m->segments[i].delete_hash = get_u64(p + 16);
    }
    p = get_text(p, end, m->analyzer_name, sizeof m->analyzer_name);
    p = get_text(p, end, m->analyzer_text, sizeof m->analyzer_text);
    p = p ? fihi_schema_get(&m->schema, p, end) : NULL;
    /* All of the value is accounted for, or it is another format's: what is behind the schema would be lost by a
     * commit. */
    if ((rc = p == end ? check_rows(m, err) : damaged(err)) == 0)
        rc = read_lexicon(m, snap, err);
    if (rc != 0)
        fihi_manifest_free(m);
    return rc;
}

/* The text is compared whole: any difference in it may mean other terms, and a search that finds nothing says
 * nothing.
 *
 * A program's own tokenizer has no tables of ours to compare: its name and version are all that is known of it, and it
 * must be given again by whoever opens the index. */
static int own_analyzer(struct analyzer **out, const struct manifest *m, const fih_tokenizer *tokenizer,
                        const char *dir, fih_error *err)
{
    const bool is_own = strncmp(m->analyzer_name, TOKENIZER_PREFIX, strlen(TOKENIZER_PREFIX)) == 0;
    int rc;

    if (!tokenizer)
        return fihi_fail(err, FIH_E_ANALYZER,
                         "the index '%s' was made with a program's own tokenizer (%s): only with that it can be "
                         "searched or added to",
                         dir, m->analyzer_text);
    if ((rc = fihi_analyzer_new_own(out, tokenizer, err)) != 0 ||
        (is_own && strcmp(fihi_analyzer_text(*out), m->analyzer_text) == 0))
        return rc;
    rc = fihi_fail(err, FIH_E_ANALYZER,
                   "the index '%s' was made with another tokenizer (%s; here %s): it must be rebuilt", dir,
                   m->analyzer_text, fihi_analyzer_text(*out));
    fihi_analyzer_free(*out);
    *out = NULL;
    return rc;
}

/* *out is new. Asked only before words are made: documents are read and deleted, and segments merged, without it. */
int fihi_manifest_analyzer(struct analyzer **out, const struct manifest *m, const fih_tokenizer *tokenizer,
                           const char *dir, fih_error *err)
{
    const fih_str lexicon = {(const char *)m->lexicon.ptr, m->lexicon.len};
    int rc;

    *out = NULL;
    if (tokenizer || strncmp(m->analyzer_name, TOKENIZER_PREFIX, strlen(TOKENIZER_PREFIX)) == 0)
        return own_analyzer(out, m, tokenizer, dir, err);
    rc = fihi_analyzer_new_with(out, m->analyzer_name, lexicon, err);

    /* USAGE says that the name is none of ours; here the name is the index's and no mistake of the caller's. */
    if (rc == FIH_E_USAGE)
        return fihi_fail(err, FIH_E_ANALYZER,
                         "the index '%s' was made with the analyzer '%.60s', which this version does not know: it must "
                         "be rebuilt",
                         dir, m->analyzer_name);
    if (rc == 0 && strcmp(fihi_analyzer_text(*out), m->analyzer_text) != 0) {
        rc = fihi_fail(err, FIH_E_ANALYZER,
                       "the index '%s' was made with other versions of ICU, the stemmer or our tables (%s; here %s): "
                       "it must be rebuilt",
                       dir, m->analyzer_text, fihi_analyzer_text(*out));
        fihi_analyzer_free(*out);
        *out = NULL;
    }
    return rc;
}

static int put_text(struct buf *b, const char *s)
{
    uint8_t four[4];

    put_u32(four, (uint32_t)strlen(s));
    return fihi_buf_append(b, four, 4) != 0 || fihi_buf_append(b, s, strlen(s)) != 0 ? FIH_E_NOMEM : FIH_OK;
}

/* Written last in its transaction, when the hashes of bitmaps and notes are known. The lexicon goes with it, or is
 * removed, only when it is another; that there was none to remove is no error.
 *
 * The order does not matter within the transaction, for all of it is there after a crash or none of it. What matters is
 * that whatever the manifest names was committed before it, or is in the same transaction. */
int fihi_manifest_write(const struct manifest *m, struct change *c, fih_error *err)
{
    uint8_t head[HEAD], row[ROW];
    struct buf b = {0};
    int rc;

    put_u32(head, FORMAT_MAJOR);
    put_u32(head + 4, FORMAT_MINOR);
    put_u64(head + 8, m->generation);
    put_u64(head + 16, (uint64_t)m->commit_time);
    put_u32(head + 24, m->next_segment);
    put_u32(head + 28, m->count);
    put_f32(head + 32, m->title_weight);
    put_f32(head + 36, m->body_weight);
    put_u64(head + 40, m->note_count);
    put_u64(head + 48, m->note_hash);
    /* From here on rc alone says whether the bytes are all there; nothing is put before they are. */
    rc = fihi_buf_append(&b, head, HEAD);
    for (uint32_t i = 0; i < m->count && rc == 0; i++) {
        put_u32(row, m->segments[i].id);
        put_u32(row + 4, m->segments[i].docs);
        put_u32(row + 8, m->segments[i].deleted);
        put_u32(row + 12, 0);
        put_u64(row + 16, m->segments[i].delete_hash);
        rc = fihi_buf_append(&b, row, ROW);
    }
    if (rc != 0 || put_text(&b, m->analyzer_name) != 0 || put_text(&b, m->analyzer_text) != 0 ||
        fihi_schema_append(&m->schema, &b) != 0)
        rc = fihi_fail_nomem(err);
    else
        rc = fihi_change_put(c, SPACE_META, KEY_ROOT, sizeof KEY_ROOT - 1, b.ptr, b.len, err);
    if (rc == 0 && m->has_new_lexicon && m->lexicon.len)
        rc = fihi_change_put(c, SPACE_META, LEXICON, sizeof LEXICON - 1, m->lexicon.ptr, m->lexicon.len, err);
    else if (rc == 0 && m->has_new_lexicon &&
             (rc = fihi_change_delete(c, SPACE_META, LEXICON, sizeof LEXICON - 1, err)) == FIH_E_NOTFOUND)
        rc = FIH_OK;
    fihi_buf_free(&b);
    return rc;
}
