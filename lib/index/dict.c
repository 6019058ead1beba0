/* index/dict.c - front-coded blocks of terms.
 *
 * Neighbours in a sorted dictionary begin alike, so a key says how many bytes it shares with the one before, and
 * then only the others: behind the level, كتاب, كتابا, كتابات are كتاب, "9 bytes shared, then ا", "11 shared, then
 * ت". That is read from the first key on, so a block of 16 begins with a whole one, and blocks are found by halving
 * (Witten, Moffat & Bell, "Managing Gigabytes", 4.1; longer blocks would save little, FORMAT.md, "Alternatives
 * weighed").
 *
 * An entry says how long its list is, not where: lists follow one another in the order of the dictionary, so the
 * head of a block says where its first one lies, and the places of the others are added up (heap_place()). Ordinals
 * are counted likewise, for every block but a value's last has 16 terms.
 *
 * A form's entry is as short as can be: 00 05 03 6b 61 6c 62 00 00 03 says that 0 bytes are shared and 5 follow,
 * level 3 and "kalb"; then that its stem's ordinal is 0 more than that of the form before (of a block's first form,
 * than 0), and it is the only one; that it is form 0 of that stem's list, in 3 documents.
 *
 * The first terms of FORMAT.md's small index, in a block that begins with four zeros (the first list would be at 0 in
 * value 0 of the postings, its positions at 0 in value 0 of those):
 *
 *     00 04 00 6f 6e 65    01 00 01 02 02 00 01 02
 *     01 05 74 68 72 65 65    02 00 04 02 00
 *     02 02 77 6f    02 02 09 04 04
 *
 * "one" is in one document, 0, whose numbers are the two bytes 02 00, and has one byte of positions. "three" shares the
 * level's byte with it; it is in two documents, and its list has 4 bytes: at 0, for the one before has none there. Its
 * positions are at 1, behind that one byte. "two" shares two bytes; its list has 9 bytes, at 4, and its positions 4
 * bytes, at 3. */
#include "index/dict.h"

#include "base/bytes.h"
#include "base/fail.h"

/* A value: u32 count of blocks, u32 offset of each from the first block on, the blocks. The buffers keep their
 * memory for the next value. As a value is 16 KiB, its offsets are below 2^32 by far. */
static int emit(struct dict_writer *w, fih_error *err)
{
    struct buf out = {0};
    uint8_t four[4];
    int rc;

    if (w->value.len == 0)
        return FIH_OK;
    put_u32(four, (uint32_t)(w->offsets.len / 4));
    if (fihi_buf_append(&out, four, 4) != 0 || fihi_buf_append(&out, w->offsets.ptr, w->offsets.len) != 0 ||
        fihi_buf_append(&out, w->value.ptr, w->value.len) != 0)
        rc = fihi_fail_nomem(err);
    else
        rc = fihi_stage_append(w->stage, KIND_DICT, out.ptr, out.len, err);
    fihi_buf_free(&out);
    w->value.len = w->offsets.len = 0;
    w->in_block = 0;
    return rc;
}

/* A list; what it takes behind the key. Numbers that cannot be 0 are stored less what they are at least. A list of
 * one document is here in whole: most words of a text are rare, and these need no look at the postings. `bytes` has
 * room for six varints, however the branches go.
 *
 * Behind its key, "kalb" in three documents takes the six bytes 03 04 09 0c 03 00, and has a list; "kilab", once and in
 * the title of one document, takes 01 00 0f 02 02 00 01 02, of which 02 00 are what its only posting says (FORMAT.md,
 * "Dictionary"). */
static int put_list(struct buf *b, uint8_t level, const struct dict_entry *e)
{
    uint8_t bytes[6 * VARINT_MAX], *p = bytes;
    const bool has_numbers = e->df == 1 && e->doc_bytes > 0;

    p = put_varint(p, e->df);
    p = put_varint(p, e->cf - e->df);
    p = put_varint(p, e->df == 1 ? (uint64_t)e->single << 1 | has_numbers : e->doc_bytes);
    if (has_numbers) {
        p = put_varint(p, e->doc_bytes);
        if (fihi_buf_append(b, bytes, (size_t)(p - bytes)) != 0 || fihi_buf_append(b, e->numbers, e->doc_bytes) != 0)
            return FIH_E_NOMEM;
        p = bytes;
    }
    p = put_varint(p, e->position_bytes);
    if (level == LEVEL_STEM) {
        p = put_varint(p, (uint64_t)e->title_df << 1 | (e->form_count > 1));
        if (e->form_count > 1)
            p = put_varint(p, e->form_count - 2);
    }
    return fihi_buf_append(b, bytes, (size_t)(p - bytes));
}

/* 0, -1, 1, -2, 2 as 0, 1, 2, 3, 4: small numbers of either sign stay small. */
static uint64_t zigzag(int64_t v)
{
    return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}

static int64_t unzigzag(uint64_t v)
{
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/* The head of a normalised word: nearly always one row, whose stem lies near that of the word before. Forms and
 * stems are both in the order of their bytes and begin alike: كتابة has the stem كتاب, and the next word's stem is
 * that or one near it, before or behind. The next stem being 3 before costs as little as one 3 behind. */
static uint8_t *put_form_head(uint8_t *p, struct dict_writer *w, const struct dict_row *first, uint32_t count)
{
    p = put_varint(p, zigzag((int64_t)first->stem - w->last_stem) << 1 | (count > 1));
    w->last_stem = first->stem;
    return count > 1 ? put_varint(p, count - 2) : p;
}

/* Each round appends what the one before has made, so that the head and the first row go in one piece. A root's rows
 * have the ordinals of its stems and no more; a form's also say which form of the stem's list it is, and in how many
 * documents. */
static int put_rows(struct dict_writer *w, uint8_t level, uint32_t df, const struct dict_row *rows, uint32_t count)
{
    uint8_t bytes[3 * VARINT_MAX], *p = bytes;

    if (level == LEVEL_FORM)
        p = put_form_head(p, w, rows, count);
    else
        p = put_varint(put_varint(put_varint(p, df), count - 1), rows->stem);
    for (uint32_t i = 0; i < count; i++) {
        if (fihi_buf_append(&w->value, bytes, (size_t)(p - bytes)) != 0)
            return FIH_E_NOMEM;
        p = bytes;
        if (i > 0)
            /* Less 1, for stems ascend: the row behind stem 7 is that of 8 at least, and that is 0. */
            p = put_varint(p, rows[i].stem - rows[i - 1].stem - 1);
        if (level == LEVEL_FORM)
            p = put_varint(put_varint(p, rows[i].form), rows[i].df);
    }
    return fihi_buf_append(&w->value, bytes, (size_t)(p - bytes));
}

/* A value's first key is for the index. A block says where its first list lies; one of rows has none. Shared bytes
 * and stems are counted from nothing again, so that reading can begin here. */
static int open_block(struct dict_writer *w, const uint8_t *key, size_t bytes, const struct dict_entry *e)
{
    static const struct dict_entry none;
    uint8_t head[4 + 4 * VARINT_MAX], *p;

    if (!e)
        e = &none;
    if (w->value.len == 0) {
        p = put_varint(head, bytes);
        if (fihi_buf_append(&w->index, head, (size_t)(p - head)) != 0 || fihi_buf_append(&w->index, key, bytes) != 0)
            return FIH_E_NOMEM;
        p = put_varint(head, w->terms);
        if (fihi_buf_append(&w->index, head, (size_t)(p - head)) != 0)
            return FIH_E_NOMEM;
    }
    /* Of the first block 0: places are counted from the first block, so that they do not depend on how many there
     * are. */
    put_u32(head, (uint32_t)w->value.len);
    if (fihi_buf_append(&w->offsets, head, 4) != 0)
        return FIH_E_NOMEM;
    p = put_varint(head, e->docs.number);
    p = put_varint(p, e->docs.offset);
    p = put_varint(p, e->positions.number);
    p = put_varint(p, e->positions.offset);
    w->last_bytes = 0;
    w->last_stem = 0;
    return fihi_buf_append(&w->value, head, (size_t)(p - head));
}

/* The key, in a new block when one is full. `e` is NULL of rows. A value ends only with a full block, so that blocks
 * can be found by ordinals; or where lists follow rows (keywords behind roots): a block begun by rows says nothing
 * of lists, so the first list must begin one, and the short block before it must be the last of its value. `terms`
 * stays below 2^32 here, so ordinals fit everywhere else. */
static int add_key(struct dict_writer *w, const uint8_t *key, size_t bytes, const struct dict_entry *e, fih_error *err)
{
    uint8_t head[2 * VARINT_MAX], *p;
    size_t common = 0;
    int rc;

    if (w->terms >= UINT32_MAX)
        return fihi_fail(err, FIH_E_LIMIT, "a segment has more terms than can be numbered");
    if (w->in_block == DICT_BLOCK || (e && w->is_in_rows)) {
        /* Looked at between blocks, so a value is a block longer at most: DICT_TARGET leaves room for that in four
         * pages. */
        const bool is_full = w->value.len + w->offsets.len >= DICT_TARGET;

        w->in_block = 0;
        if ((is_full || (e && w->is_in_rows)) && (rc = emit(w, err)) != 0)
            return rc;
    }
    w->is_in_rows = !e;
    if (w->in_block == 0 && open_block(w, key, bytes, e) != 0)
        return fihi_fail_nomem(err);
    /* In bytes, not in characters: a key is never shown before it is whole. */
    while (common < bytes && common < w->last_bytes && key[common] == w->last[common])
        common++;
    p = put_varint(head, common);
    p = put_varint(p, bytes - common);
    if (fihi_buf_append(&w->value, head, (size_t)(p - head)) != 0 ||
        fihi_buf_append(&w->value, key + common, bytes - common) != 0)
        return fihi_fail_nomem(err);
    /* The whole key and not its end, for the next one may share more than this one did. */
    memcpy(w->last, key, bytes);
    w->last_bytes = bytes;
    w->in_block++;
    w->terms++;
    return FIH_OK;
}

/* `e` is borrowed. The list is in its heap already: the dictionary only says how long it is. */
int fihi_dict_add(struct dict_writer *w, const uint8_t *key, size_t bytes, const struct dict_entry *e, fih_error *err)
{
    const int rc = add_key(w, key, bytes, e, err);

    return rc ? rc : put_list(&w->value, key[0], e) == 0 ? FIH_OK : fihi_fail_nomem(err);
}

/* Here for rows of forms and roots alike; `df` is of a root only. */
int fihi_dict_add_rows(struct dict_writer *w, const uint8_t *key, size_t bytes, uint32_t df,
                       const struct dict_row *rows, uint32_t count, fih_error *err)
{
    const int rc = add_key(w, key, bytes, NULL, err);

    return rc ? rc : put_rows(w, key[0], df, rows, count) == 0 ? FIH_OK : fihi_fail_nomem(err);
}

/* An index without a key is written, too, where no document has a word: a reader finds it without asking. That it is
 * written last tells a reader nothing: the header counts the values. */
int fihi_dict_finish(struct dict_writer *w, fih_error *err)
{
    const int rc = emit(w, err);

    return rc ? rc : fihi_stage_append(w->stage, KIND_DICT_INDEX, w->index.ptr, w->index.len, err);
}

void fihi_dict_writer_free(struct dict_writer *w)
{
    fihi_buf_free(&w->value);
    fihi_buf_free(&w->offsets);
    fihi_buf_free(&w->index);
}

/* Up to `key` everything is zero; the key itself is memory that need not be cleared. */
int fihi_dict_scan(struct dict_scan *s, const uint8_t *value, size_t bytes)
{
    memset(s, 0, offsetof(struct dict_scan, key));
    s->key_bytes = 0;
    s->ordinal = 0;
    if (bytes < 4)
        return FIH_E_CORRUPT;
    s->value = value;
    s->bytes = bytes;
    s->blocks = get_u32(value);
    s->end = value + bytes;
    if (s->blocks > (bytes - 4) / 4)
        return FIH_E_CORRUPT;
    return FIH_OK;
}

/* Only that it lies within the value is checked: whatever is there is read as terms, and those are checked.
 *
 * The numbers of blocks come from the value's head, so a block outside of the table is never asked for:
 * fihi_dict_next() ends at `blocks`, and what halves stays between 0 and it. */
static const uint8_t *block_start(const struct dict_scan *s, uint32_t block)
{
    const size_t base = 4 + 4 * (size_t)s->blocks, at = get_u32(s->value + 4 + 4 * (size_t)block);

    return at < s->bytes - base ? s->value + base + at : NULL;
}

/* Sixteen terms are expected; the last block of a value may end sooner, and fihi_dict_next() sees that by its bytes. */
static int enter_block(struct dict_scan *s)
{
    const uint8_t *p = block_start(s, s->block);

    if (!p || !(p = get_varint32(p, s->end, &s->docs.number)) || !(p = get_varint32(p, s->end, &s->docs.offset)) ||
        !(p = get_varint32(p, s->end, &s->positions.number)) || !(p = get_varint32(p, s->end, &s->positions.offset)))
        return FIH_E_CORRUPT;
    s->p = p;
    s->block++;
    /* As many as a block has at the most: the bytes say whether there are fewer. */
    s->left = DICT_BLOCK;
    s->last_stem = 0;
    return FIH_OK;
}

/* ---- what stands behind a key: NULL if it breaks the format */

/* The lists of a block follow each other, so only their sizes are told. The sums of places may be anything that the
 * bytes make them: whoever fetches a list checks it against the value there. */
static const uint8_t *read_list(struct dict_scan *s, const uint8_t *p)
{
    struct dict_entry *e = &s->entry;
    const uint8_t *const end = s->end;
    uint64_t more, where;

    if (!(p = get_varint32(p, end, &e->df)) || e->df == 0 || !(p = get_varint(p, end, &more)) ||
        more > UINT64_MAX - e->df || !(p = get_varint(p, end, &where)))
        /* Occurrences are at least as many as documents; their sum fits 64 bits. */
        return NULL;
    e->cf = e->df + more;
    if (e->df > 1) {
        /* Below 2^32, so that sums of a place and a size cannot wrap. */
        if (where > UINT32_MAX)
            return NULL;
        e->doc_bytes = (uint32_t)where;
    } else {
        /* Numbers of a single document lie here, so they must end here, too. */
        if (where >> 1 > UINT32_MAX || (where & 1 && (!(p = get_varint32(p, end, &e->doc_bytes)) ||
                                                      e->doc_bytes == 0 || e->doc_bytes > (size_t)(end - p))))
            return NULL;
        e->single = (uint32_t)(where >> 1);
        e->numbers = where & 1 ? p : NULL;
        p += e->doc_bytes;
    }
    if (!(p = get_varint32(p, end, &e->position_bytes)))
        return NULL;
    /* Both heaps follow the writer's rule: with the sizes of the lists before, the place of this one comes out the
     * same. */
    e->docs = heap_place(s->docs, e->df > 1 ? e->doc_bytes : 0);
    e->positions = heap_place(s->positions, e->position_bytes);
    s->docs = e->docs;
    s->docs.offset += e->df > 1 ? e->doc_bytes : 0;
    s->positions = e->positions;
    s->positions.offset += e->position_bytes;
    return p;
}

/* What a stem's list has beyond a section's. Titles are among the documents, so they are no more. A second form is
 * told of by one bit, for most lists have one. */
static const uint8_t *read_stem(struct dict_scan *s, const uint8_t *p)
{
    struct dict_entry *e = &s->entry;
    uint64_t v;
    uint32_t more;

    /* v >> 1 are documents with the word in the title, which are no more than all: below 2^32 by that. */
    if (!(p = read_list(s, p)) || !(p = get_varint(p, s->end, &v)) || v >> 1 > e->df)
        return NULL;
    e->title_df = (uint32_t)(v >> 1);
    if (v & 1) {
        if (!(p = get_varint32(p, s->end, &more)) || more > UINT32_MAX - 2)
            return NULL;
        e->form_count = more + 2;
    }
    return p;
}

/* The difference is signed and may be anything that 64 bits hold: it is checked before it is added. No count of
 * documents is stored: read_rows() takes the most of a row. */
static const uint8_t *read_form_head(struct dict_scan *s, const uint8_t *p)
{
    struct dict_entry *e = &s->entry;
    uint32_t more = 0;
    uint64_t v;
    int64_t first;

    /* v has at most 34 bits: a signed difference of two ordinals and a bit. */
    if (!(p = get_varint(p, s->end, &v)) || v >> 2 > UINT32_MAX ||
        (v & 1 && (!(p = get_varint32(p, s->end, &more)) || more > UINT32_MAX - 2)))
        return NULL;
    first = s->last_stem + unzigzag(v >> 1);
    if (first < 0 || first > UINT32_MAX)
        return NULL;
    s->last_stem = e->rows_base = (uint32_t)first;
    e->row_count = v & 1 ? more + 2 : 1;
    e->has_forms = true;
    return p;
}

/* A root has a row at least, and its own count of documents, which its rows do not say. */
static const uint8_t *read_root_head(struct dict_scan *s, const uint8_t *p)
{
    struct dict_entry *e = &s->entry;
    uint32_t more;

    if (!(p = get_varint32(p, s->end, &e->df)) || e->df == 0 || !(p = get_varint32(p, s->end, &more)) ||
        more == UINT32_MAX || !(p = get_varint32(p, s->end, &e->rows_base)))
        return NULL;
    e->row_count = more + 1;
    return p;
}

/* Rows are walked once here, so that whoever walks them later finds nothing wrong. Stems stand before them. A row's
 * stem has a lower ordinal than the term, which also keeps a row from leading to itself.
 *
 * However many rows a damaged count claims, each but a root's first takes a byte at least, so the walk ends with the
 * value. */
static const uint8_t *read_rows(struct dict_scan *s, const uint8_t *p)
{
    struct dict_entry *e = &s->entry;
    struct dict_row row = {0, 0, 0};
    struct dict_rows rows;
    int rc;

    e->rows = p;
    e->rows_end = s->end;
    rows = fihi_dict_rows(e);
    while ((rc = fihi_dict_row_next(&rows, &row)) == FIH_OK)
        if (row.df > e->df)
            e->df = row.df;
    e->rows_end = rows.p;
    return rc == FIH_DONE && row.stem < s->ordinal ? rows.p : NULL;
}

/* A copy, so the scan may move on; the bytes are the value's. */
struct dict_rows fihi_dict_rows(const struct dict_entry *e)
{
    return (struct dict_rows){e->rows, e->rows_end, e->row_count, e->rows_base, true, e->has_forms};
}

/* Steps are one less than the difference, for stems ascend; a sum that would wrap is damage. */
int fihi_dict_row_next(struct dict_rows *r, struct dict_row *row)
{
    uint32_t step;

    if (r->left == 0)
        return FIH_DONE;
    if (!r->is_first) {
        /* step + 1 and the base together are at most 2^32 - 1, so no ordinal wraps. */
        if (!(r->p = get_varint32(r->p, r->end, &step)) || step >= UINT32_MAX - r->base)
            return FIH_E_CORRUPT;
        r->base += step + 1;
    }
    *row = (struct dict_row){r->base, 0, 0};
    if (r->has_forms && (!(r->p = get_varint32(r->p, r->end, &row->form)) ||
                         !(r->p = get_varint32(r->p, r->end, &row->df)) || row->df == 0))
        return FIH_E_CORRUPT;
    r->is_first = false;
    r->left--;
    return FIH_OK;
}

/* A key with another level is damage: the numbers of levels that older formats had are not used again. What an entry
 * does not have, such as rows of a stem, is 0. */
static const uint8_t *read_entry(struct dict_scan *s, const uint8_t *p)
{
    s->entry = (struct dict_entry){.ordinal = s->ordinal, .form_count = 1};
    switch (s->key[0]) {
    case LEVEL_STEM:
        return read_stem(s, p);
    case LEVEL_SECTION:
    case LEVEL_KEYWORD:
    case LEVEL_WORD:
        return read_list(s, p);
    case LEVEL_FORM:
        return (p = read_form_head(s, p)) ? read_rows(s, p) : NULL;
    case LEVEL_ROOT:
        return (p = read_root_head(s, p)) ? read_rows(s, p) : NULL;
    default:
        return NULL;
    }
}

/* The key, and what stands behind it. The first key of a block is compared with the last of the block before, if
 * there was one: of a scan that has just been placed, key_bytes is 0 and everything is above it. Within a block one
 * byte decides: the first that is not shared must be above the other's, unless that key has ended. */
static const uint8_t *read_key(struct dict_scan *s, bool is_first)
{
    uint32_t common, suffix;
    const uint8_t *p;
    bool ascends;

    if (!(p = get_varint32(s->p, s->end, &common)) || !(p = get_varint32(p, s->end, &suffix)) ||
        common > (is_first ? 0 : s->key_bytes) || suffix == 0 || suffix > TERM_KEY_MAX - common ||
        suffix > (size_t)(s->end - p))
        return NULL;
    /* A key that is equal does not ascend: no term is there twice. */
    ascends = is_first ? key_compare(s->key, s->key_bytes, p, suffix) < 0
                       : common == s->key_bytes || p[0] > s->key[common];
    if (!ascends)
        return NULL;
    /* Behind the bytes that are shared, which are there from the key before. */
    memcpy(s->key + common, p, suffix);
    s->key_bytes = common + suffix;
    return p + suffix;
}

/* An error ends the scan: its key may be half of the next one's. s->p moves only when all of a term was right. */
int fihi_dict_next(struct dict_scan *s)
{
    const uint8_t *p;
    bool is_first = false;

    /* Only the last block may be short: its bytes end, then. The ordinals of all others are known by that. */
    if (s->left == 0 || s->p == s->end) {
        if (s->block == s->blocks)
            return FIH_DONE;
        if (s->left > 0 || enter_block(s) != 0)
            return FIH_E_CORRUPT;
        is_first = true;
    }
    if (!(p = read_key(s, is_first)) || !(p = read_entry(s, p)))
        return FIH_E_CORRUPT;
    s->p = p;
    s->left--;
    s->ordinal++;
    return FIH_OK;
}

/* Stand before a block of the value whose first ordinal is `first`. No key is known any more, so the next one is
 * compared with nothing. */
static void stand_before(struct dict_scan *s, uint32_t first, uint32_t block)
{
    s->block = block;
    s->left = 0;
    s->key_bytes = 0;
    s->p = NULL;
    s->ordinal = first + DICT_BLOCK * block;
}

/* Every block but the last is full, so it is found by dividing. Nothing is scanned, and the block need not even hold:
 * fihi_dict_next() looks at it. */
int fihi_dict_seek_ordinal(struct dict_scan *s, uint32_t ordinal)
{
    const uint32_t first = s->ordinal;

    /* Below `first`, or behind the last block: whoever asked had the ordinal from a row, and so from the disk. */
    if (ordinal < first || (ordinal - first) / DICT_BLOCK >= s->blocks)
        return FIH_E_CORRUPT;
    stand_before(s, first, (ordinal - first) / DICT_BLOCK);
    return FIH_OK;
}

/* The first key of a block: whole, for it shares nothing with the one before. NULL if the block breaks the format. Read
 * where it stands, for halving looks at some blocks and wants one. */
static const uint8_t *first_key(const struct dict_scan *s, uint32_t block, uint32_t *bytes)
{
    const uint8_t *p = block_start(s, block);
    uint32_t passed;

    for (unsigned i = 0; i < 4 && p; i++)      /* places of its first list and positions */
        p = get_varint32(p, s->end, &passed);
    /* A key that claims to share bytes with one before the block is damage. */
    if (!p || !(p = get_varint32(p, s->end, &passed)) || passed != 0 || !(p = get_varint32(p, s->end, bytes)) ||
        *bytes == 0 || *bytes > TERM_KEY_MAX || *bytes > (size_t)(s->end - p))
        return NULL;
    return p;
}

/* If the key is below all, the first block is the answer, and the scan finds nothing there. A hundred blocks are halved
 * in seven steps, and then at most 16 terms are scanned. */
int fihi_dict_seek_block(struct dict_scan *s, const uint8_t *key, size_t bytes)
{
    uint32_t low = 0, high = s->blocks;

    while (high - low > 1) {                   /* the last block whose first key is not above */
        const uint32_t mid = low + (high - low) / 2;
        uint32_t n;
        const uint8_t *const first = first_key(s, mid, &n);

        if (!first)
            return FIH_E_CORRUPT;
        if (key_compare(first, n, key, bytes) <= 0)
            low = mid;
        else
            high = mid;
    }
    stand_before(s, s->ordinal, low);
    return FIH_OK;
}
